"""The inventory against independent estimates, as a ratio with the ranges of both."""

import math
from collections.abc import Sequence

from lantian.report import style
from lantian.report.axes import BELOW, base_line, names_left, numbers_below
from lantian.report.chart import MORE, Chart, Page, declare, fit_names
from lantian.report.frames import Asked, Row, pick, pollutant_order, rows_of
from lantian.report.keys import Dot, Entry, draw_key
from lantian.report.lettering import width
from lantian.report.words import Scale, Text, Words, figures
from lantian.results.contract import TOPDOWN
from lantian.results.frame import Frame, make_frame

_ROW, _LEAST = 0.2, 0.135
_FURTHEST = 3.2  # powers of two from the middle of the axis to its ends
_AXIS = Text("inventory as a multiple of the estimate", "清单量与独立估算之比")
_DOT = Text("Inventory over estimate, with the estimate's range", "清单量/估算值（线段为估算范围）")
_OUT = Text("Outside it", "超出范围")
_INSIDE = "inside"
_WITHOUT = Text("{p}, {sector} without {less}, {year}", "{year}年{sector}（不含{less}）{p}")
_ALL = "all"
_WHOLE = Text("all sectors", "全部行业")
_LINE = Text("{p}, {sector}, {year}", "{year}年{sector}{p}")

DRAWN = declare(
    "topdown-check",
    Text("Inventory and independent estimates", "清单与独立估算对照"),
    ("sector", "without", "pollutant", "year", "source_key"),
    *(column for column in TOPDOWN.columns if column.name != "note"),
)


def frame(asked: Asked) -> Frame:
    """Return the comparisons whose estimate is above nought, by pollutant and year."""
    rows = [row for row in asked.rows("topdown") if row.topdown > 0 and row.inventory > 0]
    none = Text("no independent estimate to compare with", "没有可对照的独立估算")
    order = pollutant_order(row.pollutant for row in pick(rows, none))
    rows.sort(
        key=lambda row: (order.index(row.pollutant), row.sector != _ALL, row.sector, row.year)
    )
    return make_frame(DRAWN, [{n: getattr(row, n) for n in DRAWN.names} for row in rows])


def draw(page: Page, drawn: Frame) -> float:
    """Draw a line for each estimate: the ratio and what its range makes of it."""
    rows, words = rows_of(drawn), page.words
    dots = [_dot("", met) for met in (True, False)]
    entries: list[Entry] = [_dot(words.say(_DOT), True), _dot(words.say(_OUT), False)]
    page.top = draw_key(page, entries, page.top) + 0.06
    least = max(_LEAST, fit_names(page, (_name(row, words) for row in rows), share=0.44).height)
    below, every = page.below(len(rows), least, BELOW), len(rows)
    rows = rows[: page.most_rows(least, below)]
    names = fit_names(page, (_name(row, words) for row in rows), share=0.44)
    tall = page.rows(len(rows), max(_ROW, least), least, below)
    said = [_said(row, words) for row in rows]
    room = max(map(width, said)) * style.TINY / style.POINTS + 0.08
    ends = _limits(rows)
    panel = page.panel(
        names.room, page.top, page.right - room - names.room, tall * len(rows), ends,
        (len(rows) - 0.5, -0.5),
    )  # fmt: skip
    panel.line((0, 0), panel.up, style.GREY, 0.8)
    for n, row in enumerate(rows):
        low, high = (_place(row.inventory / end, ends) for end in (row.high, row.low))
        panel.strokes(low, n, high, n, style.GREY, 0.9)
        dots[row.stands != _INSIDE].draw(panel, _place(row.ratio, ends), n)
        panel.label(said[n], panel.across[1], n, style.TINY, style.GREY, shift=(5, 0))
    names_left(panel, range(len(rows)), names)
    base_line(panel)
    places = range(math.ceil(ends[0]), math.floor(ends[1]) + 1)
    end = numbers_below(panel, places, [_multiple(n) for n in places], words.say(_AXIS))
    return page.write_rest(MORE, every - len(rows), end)


def _dot(name: str, within: bool) -> Dot:
    colour = style.CASE_COLOURS["plan"] if within else style.MISSED
    return Dot(name, "o" if within else "D", 5, colour, style.WHITE)


def _place(ratio: float, ends: tuple[float, float]) -> float:
    """Return where a ratio stands, in powers of two; at the end of the axis if beyond."""
    return min(max(math.log2(ratio) if ratio > 0 else ends[0], ends[0]), ends[1])


def _limits(rows: Sequence[Row]) -> tuple[float, float]:
    ratios = [math.log2(row.ratio) for row in rows]
    low = max(min(*ratios, -1.0) - 1.2, -_FURTHEST)
    return low, min(max(*ratios, 1.0) + 1.2, _FURTHEST)


def _multiple(power: int) -> str:
    return figures(2.0**power) if power >= 0 else f"1/{2**-power}"


def _name(row: Row, words: Words) -> str:
    sector = words.say(_WHOLE) if row.sector == _ALL else words.name(row.sector)
    told = {"p": words.pollutant(row.pollutant), "sector": sector, "year": str(row.year)}
    if isinstance(row.without, str) and row.without:
        return words.say(_WITHOUT, less=words.name(row.without), **told)
    return words.say(_LINE, **told)


def _said(row: Row, words: Words) -> str:
    scale: Scale = words.scale([row.inventory, row.topdown], row.unit)
    return f"{scale.short(row.inventory)} : {scale.short(row.topdown)} {scale.unit}"


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many estimates agree, and those that do not."""
    rows = rows_of(drawn)
    beyond = [row for row in rows if row.stands != _INSIDE]
    said = [f"{_name(row, words)} {figures(row.ratio)}" for row in beyond]
    return {
        "n": str(len(rows)),
        "within": str(len(rows) - len(beyond)),
        "beyond": words.say(_BEYOND, values=words.phrases(said)) if said else "",
    }


_BEYOND = Text(" Outside: {values}.", "超出者：{values}。")

CHART = Chart(
    id="topdown-check",
    rank=8,
    reads=("topdown",),
    title=Text("The inventory against independent estimates", "清单与独立估算对照"),
    caption=Text(
        "Emission of the inventory as a multiple of {n} independent estimates, with the range of "
        "each estimate; at the right inventory and estimate. {within} of {n} lie in the range of "
        "their estimate.{beyond}",
        "清单排放量与{n}项独立估算之比及估算范围，右侧为清单量与估算值。其中{within}项在估算范围之内。{beyond}",
    ),
    alt=Text(
        "Dot plot of {n} ratios of inventory to estimate around 1; {within} lie in the range of "
        "their estimate.{beyond}",
        "清单量与估算值之比的点图，共{n}项，{within}项在估算范围之内。{beyond}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
