"""What the results rest on: the share of emission and reduction by basis of the numbers."""

from collections.abc import Sequence

from lantian.report import style
from lantian.report.axes import base_line, headline, names_left, numbers_below
from lantian.report.chart import Chart, Page, declare, fit_names, share, word
from lantian.report.frames import Asked, Row, distinct, pick, pollutant_order, rows_of
from lantian.report.keys import draw_key, swatches
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.results.contract import BASIS, POLLUTANT, YEAR
from lantian.results.frame import Frame, make_frame
from lantian.vocabulary import BASES

_WHAT: dict[str, Text] = {
    "activity": Text("Activity, {year}", "{year}年活动水平"),
    "factor": Text("Emission factor, {year}", "{year}年排放因子"),
    "emission": Text("Emission (weakest), {year}", "{year}年排放量（取最弱）"),
    "reduction": Text("Reduction by the plan, {year}", "{year}年方案减排量"),
}
_ROW, _LEAST = 0.25, 0.14
_GAP, _TOP, _FEET = 0.36, 0.26, 0.28  # inch
_EDGE = "#8a8a8a"

DRAWN = declare(
    "basis-of-numbers",
    Text("Share of emission by what its numbers rest on", "按数据来源等级划分的排放占比"),
    ("what", "pollutant", "basis"),
    word("what", "what is judged", "对象", tuple(_WHAT)),
    YEAR,
    POLLUTANT,
    BASIS,
    share("share", "its part of the total", "占比"),
)


def frame(asked: Asked) -> Frame:
    """Return shares by pollutant and basis: activity, factor and emission of the base year."""
    rows = asked.rows("basis")
    none = Text("no basis of baseline or plan", "没有数据来源构成")
    first = asked.base_year()
    base = [row for row in rows if row.case == "baseline" and row.year == first]
    last = max(row.year for row in rows)
    plan = [row for row in rows if (row.case, row.what, row.year) == ("plan", "reduction", last)]
    shown = [row for what in _WHAT for row in base if row.what == what]
    if {row.what for row in shown} <= {"emission"}:
        shown += plan
    cells = [{name: getattr(row, name) for name in DRAWN.names} for row in pick(shown, none)]
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw one panel each for activity, factor and emission, or emission and reduction."""
    rows, words = rows_of(drawn), page.words
    pollutants = pollutant_order(distinct(rows, "pollutant"))
    used = {row.basis for row in rows if row.share > 0}
    colours = {words.basis(basis): style.BASIS_COLOURS[basis] for basis in BASES if basis in used}
    page.top = draw_key(page, swatches(colours), page.top)
    panels = distinct(rows, "what")
    names = fit_names(page, (words.pollutant(p) for p in pollutants), style.NORMAL)
    beside = len(panels) if page.layout.name != "column" else 1
    lines = -(-len(panels) // beside)
    wide = (page.right - names.room - _GAP * (beside - 1) - 0.12) / beside
    free = (page.bottom - page.top) / lines - _TOP - _FEET
    usual = _ROW if page.layout.name != "column" else 0.17
    row = max(min(usual * (1.6 if page.layout.fixed else 1.0), free / len(pollutants)), _LEAST)
    for place, what in enumerate(panels):
        left = names.room + (place % beside) * (wide + _GAP)
        top = page.top + (place // beside) * (_TOP + row * len(pollutants) + _FEET) + _TOP
        own = [r for r in rows if r.what == what]
        panel = page.panel(
            left, top, wide, row * len(pollutants), (0, 1), (len(pollutants) - 0.5, -0.5)
        )  # fmt: skip
        _draw_shares(panel, own, pollutants)
        if place % beside == 0:
            names_left(panel, range(len(pollutants)), names, style.NORMAL)
        headline(panel, words.say(_WHAT[what], year=str(own[0].year)))
    return page.top + lines * (_TOP + row * len(pollutants) + _FEET)


def _draw_shares(panel: Panel, rows: list[Row], pollutants: Sequence[str]) -> None:
    for line, pollutant in enumerate(pollutants):
        left = 0.0
        own = [row for row in rows if row.pollutant == pollutant]
        for row in sorted(own, key=lambda row: BASES.index(row.basis)):
            if row.share > 0:
                _part(panel, line, left, row)
                left += row.share
    base_line(panel)
    numbers_below(panel, (0, 0.5, 1), ("0%", "50%", "100%"))


def _part(panel: Panel, line: int, left: float, row: Row) -> None:
    """Draw a part of a bar, with its share where there is room for it."""
    tint = style.BASIS_COLOURS[row.basis]
    panel.boxes(left, line - 0.39, row.share, 0.78, [tint], _EDGE, 0.3)
    text = f"{row.share:.0%}"
    if width(text) * style.TINY / style.POINTS < row.share * panel.width * 0.95:
        ink = style.ink_on(tint)
        panel.label(text, left + row.share / 2, line, style.TINY, ink, "middle")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the assumed share of each pollutant's emission, activity and factor."""
    rows = rows_of(drawn)
    said = []
    for what in distinct(rows, "what"):
        weak = {
            row.pollutant: row.share for row in rows if (row.what, row.basis) == (what, "assumed")
        }
        year = next(row.year for row in rows if row.what == what)
        values = [f"{words.pollutant(p)} {weak[p]:.0%}" for p in pollutant_order(weak)]
        name = words.say(_WHAT[what], year=str(year))
        said.append(words.say(_OF, name=name, values=words.join(values)))
    return {"assumed": words.phrases(said), "year": str(min(row.year for row in rows))}


_OF = Text("{name}: {values}", "{name}：{values}")

CHART = Chart(
    id="basis-of-numbers",
    rank=90,
    reads=("basis",),
    title=Text("What the numbers rest on", "计算结果的数据来源构成"),
    caption=Text(
        "Share of the emission of {year} by what its numbers rest on: measured, published, "
        "derived by a stated method, or assumed with a range. An emission is as firm as the "
        "weaker of its activity and its factor. Assumed: {assumed}.",
        "{year}年排放量所依据数据的构成：实测、已发布、按说明的方法推算、假设（给出范围）。排放量的可靠程度"
        "取活动水平与排放因子中较弱者。属假设的比例：{assumed}。",
    ),
    alt=Text(
        "Bars to 100 per cent by pollutant, dark for firm and light for weak numbers. Part that "
        "rests on assumptions: {assumed}.",
        "按污染物的百分比条形图，深色为可靠数据，浅色为薄弱数据。属假设的比例：{assumed}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
