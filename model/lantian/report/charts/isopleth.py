"""Ozone over NOx and VOC as lines of one level, with the cases on it."""

from dataclasses import replace

import numpy as np
from contourpy import contour_generator

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    base_line,
    numbers_below,
    numbers_left,
    room_for_numbers,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.chart import Chart, Page, amount, declare, share
from lantian.report.frames import Asked, Row, case_rank, pick, rows_of
from lantian.report.keys import Dot, Entry, Stroke, draw_key
from lantian.report.lettering import Floats
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("baseline", "plan", "least_cost")
_TALL = 3.2
_ABOVE = 0.03  # part of the axis above which a line bears its number
_MOST = 8  # lines of one level
_LINE, _MARK, _BASE_MARK = "#3f7fb0", 6.5, 5.0
_NOX = Text("NOx emission over that of the base year", "NOx排放与基准年之比")
_VOC = Text("VOC emission over that of the base year", "VOCs排放与基准年之比")
_BASE = Text("emissions of the base year", "基准年排放")
_LEVEL = Text("Ozone [{unit}]", "臭氧 [{unit}]")
_AT = Text("{case} {value}", "{case}{value}")

DRAWN = declare(
    "isopleth",
    Text("Ozone over NOx and VOC", "臭氧随NOx和VOCs排放的变化"),
    ("case", "nox", "voc"),
    replace(CASE, words=_CASES, blank=Text("a point of the surface", "曲面上的点")),
    YEAR,
    share("nox", "NOx over that of the base year", "NOx排放与基准年之比"),
    share("voc", "VOC over that of the base year", "VOCs排放与基准年之比"),
    amount("value", "90th percentile of ozone", "臭氧第90百分位数"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the surface, and the main cases on it."""
    rows = asked.rows("isopleth")
    none = Text("no case lies on the surface", "没有情景落在曲面上")
    cases = pick([row for row in rows if row.case in _CASES], none)
    cases.sort(key=lambda row: case_rank(row.case))
    names = DRAWN.names
    kept = [*(row for row in rows if not row.case), *cases]
    return make_frame(DRAWN, [{name: getattr(row, name) for name in names} for row in kept])


def draw(page: Page, drawn: Frame) -> float:
    """Draw lines of one level, and a mark for each case."""
    surface, cases, words = *_split(drawn), page.words
    top = draw_key(page, _key(cases, words), page.top) + 0.12
    side = max(row.nox for row in surface)
    places = ticks_within(0.0, side).places
    names = [f"{place:g}" for place in places]
    left = page.left + room_for_numbers(names, marked=True) + 0.16
    free = page.bottom - top - BELOW
    tall = free if page.layout.fixed else min(_TALL, free)
    wide = min(page.right - left - 0.1, tall * 1.5)
    panel = page.panel(left, top, wide, tall, (0.0, side), (0.0, side))
    _lines(panel, *_grid(surface))
    base_line(panel)
    side_line(panel)
    panel.dots(1.0, 1.0, "o", _BASE_MARK, style.WHITE, style.INK, 1.0)
    for row in cases:
        form, fill = style.CASE_MARKERS[row.case], style.CASE_COLOURS[row.case]
        panel.dots(row.nox, row.voc, form, _MARK, fill, style.WHITE)
    numbers_left(panel, places, names, marked=True)
    title_left(panel, words.say(_VOC), page.left + 0.04)
    return numbers_below(panel, places, names, words.say(_NOX))


def _split(drawn: Frame) -> tuple[list[Row], list[Row]]:
    rows = rows_of(drawn)
    return [row for row in rows if not row.case], [row for row in rows if row.case]


def _grid(surface: list[Row]) -> tuple[Floats, Floats]:
    """Return the places along each side and the levels, dims (voc, nox)."""
    side = np.array(sorted({row.nox for row in surface}))
    at = {place: n for n, place in enumerate(side.tolist())}
    level = np.full((len(side), len(side)), np.nan)
    for row in surface:
        level[at[row.voc], at[row.nox]] = row.value
    return side, level


def _lines(panel: Panel, side: Floats, level: Floats) -> None:
    """Draw lines of one level, each with its number where it leaves the middle."""
    found = contour_generator(side, side, level)
    for value in ticks_within(float(np.nanmin(level)), float(np.nanmax(level)), _MOST).places:
        for line in found.lines(float(value)):
            points = np.asarray(line)
            panel.line(points[:, 0], points[:, 1], _LINE, 0.9)
            x, y = points[len(points) // 2]
            if len(points) > len(side) // 2 and y > _ABOVE * panel.up[1]:
                panel.label(f"{value:g}", x, y, style.TINY, style.GREY, "middle", halo=True)


def _key(cases: list[Row], words: Words) -> list[Entry]:
    level = Stroke(words.say(_LEVEL, unit=words.unit(cases[0].unit)), _LINE, 0.9)
    marks = [
        Dot(words.case(row.case), style.CASE_MARKERS[row.case], _MARK,
            style.CASE_COLOURS[row.case], style.WHITE)
        for row in cases
    ]  # fmt: skip
    return [level, Dot(words.say(_BASE), "o", _BASE_MARK, style.WHITE, style.INK, 1.0), *marks]


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the year, and the level of each case."""
    _, cases = _split(drawn)
    scale = words.scale([max(row.value for row in cases)], cases[0].unit)
    each = [
        words.say(_AT, case=words.case(row.case), value=scale.short(row.value)) for row in cases
    ]
    return {"year": str(cases[0].year), "unit": scale.unit, "each": words.phrases(each)}


CHART = Chart(
    id="isopleth",
    rank=19,
    reads=("isopleth",),
    title=Text("Ozone over NOx and VOC, {year}", "{year}年臭氧随NOx和VOCs排放的变化"),
    caption=Text(
        "90th percentile of 8-hour ozone of {year} [{unit}] over the emissions of NOx and VOC, by "
        "the surface that the region gives; the cases lie where their emissions are: {each}. "
        "Where a line runs up to the right, less NOx alone raises ozone.",
        "{year}年臭氧8小时第90百分位数（{unit}）随NOx和VOCs排放的变化，由地区给出的曲面计算；各情景位于其排放处：{each}。"
        "等值线向右上方延伸处，仅减NOx会使臭氧升高。",
    ),
    alt=Text(
        "Lines of one level of ozone [{unit}] over NOx and VOC emissions, with cases: {each}.",
        "臭氧（{unit}）随NOx和VOCs排放变化的等值线图，各情景：{each}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
