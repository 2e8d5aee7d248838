"""Map of the townships by their level of PM2.5, from the polygons that the user gives."""

from dataclasses import replace

import numpy as np

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, count, declare, truth
from lantian.report.charts.townships import frame as levels
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Entry, Stroke, Swatch, draw_key
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.results.contract import AREA, CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "least_cost", "baseline")
_SHADES = ("#edf3f8", "#c8dcec", "#94bddc", "#5a96c3", "#2b6a9e")
_EDGE, _MISSED = "#7a8794", "#b5312a"
_TALL = 4.2
_CLASS = Text("{low} to {high}", "{low}—{high}")
_OUTLINED = Text("misses the rule", "未达到规则")

DRAWN = declare(
    "township-map",
    Text("Map of PM2.5 of townships", "街道乡镇细颗粒物浓度分布"),
    ("township", "ring", "point"),
    replace(CASE, words=_CASES),
    YEAR,
    replace(AREA, name="township", means=Text("township or subdistrict", "街道乡镇")),
    count("ring", "number of the closed line", "环的序号"),
    count("point", "number of the corner", "顶点序号"),
    truth("hole", "encloses what is not of it", "是否为孔洞"),
    amount("east", "kilometres east of the western end", "距西端距离", "length"),
    amount("north", "kilometres north of the southern end", "距南端距离", "length"),
    replace(UNIT, name="length"),
    amount("value", "level", "浓度"),
    truth("met", "falls, and keeps level or rate", "是否达标"),
    UNIT,
)
_DEGREE = 111.2
"""Kilometres of a degree of latitude."""


def frame(asked: Asked) -> Frame:
    """Return the outlines in kilometres with the level of each township."""
    outlines = pick(asked.rows("township_outlines"), Text("no township has a polygon", "无边界"))
    of_each = {row.township: row for row in rows_of(levels(asked))}
    kept = [row for row in outlines if row.township in of_each]
    west, south = (min(getattr(r, n) for r in kept) for n in ("longitude", "latitude"))
    middle = np.radians(np.mean([row.latitude for row in kept]))
    cells = []
    for row in kept:
        own = of_each[row.township]
        cells.append(
            {name: getattr(own, name) for name in ("case", "year", "value", "met", "unit")}
            | {name: getattr(row, name) for name in ("township", "ring", "point", "hole")}
            | {
                "east": (row.longitude - west) * _DEGREE * float(np.cos(middle)),
                "north": (row.latitude - south) * _DEGREE,
                "length": "km",
            }
        )
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw each township in the shade of its level; what misses the rule has a red outline."""
    rows, words = rows_of(drawn), page.words
    edges = _edges(rows)
    top = draw_key(page, _key(rows, edges, words), page.top) + 0.1
    east, north = max(row.east for row in rows), max(row.north for row in rows)
    free = page.bottom - top - 0.1
    tall = free if page.layout.fixed else min(_TALL, free)
    scale = min((page.right - page.left) / east, tall / north)
    left = page.left + (page.right - page.left - east * scale) / 2
    panel = page.panel(left, top, east * scale, north * scale, (0.0, east), (0.0, north))
    rings = [[r for r in rows if r.ring == n] for n in distinct(rows, "ring")]
    for ring in sorted(rings, key=lambda ring: (bool(ring[0].hole), not ring[0].met)):
        _ring(panel, ring, edges)
    for ring in rings:
        _name(panel, ring, words)
    return float(top + north * scale)


def _ring(panel: Panel, ring: list[Row], edges: list[float]) -> None:
    x, y = [row.east for row in ring], [row.north for row in ring]
    row = ring[0]
    panel.area(x, y, style.WHITE if row.hole else _SHADES[_class(row.value, edges)])
    panel.line(x, y, _EDGE if row.met else _MISSED, 0.5 if row.met else 1.2)


def _name(panel: Panel, ring: list[Row], words: Words) -> None:
    """Write the name of a township where it fits between its sides."""
    west, east = (end(row.east for row in ring) for end in (min, max))
    name = words.name(ring[0].township)
    room = (panel.x(east) - panel.x(west)).item() * style.POINTS
    if not ring[0].hole and width(name) * style.TINY < room:
        x, y = (west + east) / 2, (min(r.north for r in ring) + max(r.north for r in ring)) / 2
        panel.label(name, x, y, style.TINY, side="middle", halo=True)


def _edges(rows: list[Row]) -> list[float]:
    """Return the ends of the classes of levels; one class where all are alike."""
    low, high = (end(row.value for row in rows) for end in (min, max))
    number = len(_SHADES) if high > low else 1
    return [float(edge) for edge in np.linspace(low, high, number + 1)]


def _class(value: float, edges: list[float]) -> int:
    return min(int(np.searchsorted(edges[1:-1], value, side="left")), len(_SHADES) - 1)


def _key(rows: list[Row], edges: list[float], words: Words) -> list[Entry]:
    scale = words.scale([edges[-1]], rows[0].unit)
    entries: list[Entry] = [
        Swatch(words.say(_CLASS, low=f"{low:.1f}", high=f"{high:.1f} {scale.unit}"), shade)
        for low, high, shade in zip(edges[:-1], edges[1:], _SHADES, strict=False)
    ]
    missed = not all(row.met for row in rows)
    return [*entries, Stroke(words.say(_OUTLINED), _MISSED, 1.2)] if missed else entries


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return case and year, and the ends of the levels."""
    rows = rows_of(drawn)
    low, high = (end(rows, key=lambda row: row.value) for end in (min, max))
    scale = words.scale([high.value], high.unit)
    return {
        "case": words.case(high.case),
        "year": str(high.year),
        "n": str(len(distinct(rows, "township"))),
        "unit": scale.unit,
        "highest": f"{words.name(high.township)} {scale.short(high.value)}",
        "lowest": f"{words.name(low.township)} {scale.short(low.value)}",
    }


CHART = Chart(
    id="township-map",
    rank=17,
    reads=("townships", "township_outlines"),
    title=Text("Map of PM2.5 of townships, {year}", "{year}年街道乡镇细颗粒物浓度分布"),
    caption=Text(
        "Annual mean of PM2.5 [{unit}] of {n} townships in {year} ({case}), from the region's "
        "polygons: highest {highest}, lowest {lowest}. A red outline misses the rule. North is up.",
        "{year}年（{case}）{n}个街道乡镇细颗粒物年均浓度（{unit}），边界由地区给出：最高{highest}，最低{lowest}。"
        "红色边界为未达到规则，上方为北。",
    ),
    alt=Text(
        "Map of {n} townships shaded by PM2.5 [{unit}], {year}, {case}; highest {highest}, lowest "
        "{lowest}.",
        "{n}个街道乡镇细颗粒物（{unit}）分布图，{year}年，{case}；最高{highest}，最低{lowest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
