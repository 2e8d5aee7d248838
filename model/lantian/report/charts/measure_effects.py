"""Which measure cuts what: its share of the whole cut of each pollutant, as a table of shades."""

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.colors import LinearSegmentedColormap, to_hex

from lantian.report import style
from lantian.report.axes import names_left
from lantian.report.chart import Chart, Page, amount, declare, fit_names, share
from lantian.report.frames import Asked, Row, distinct, pick, pollutant_order, rows_of
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, MEASURE, POLLUTANT, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_ROW, _LEAST = 0.19, 0.14
_HEADS = 0.2
_SHOWN = 30
_TRACE = 0.005  # share that is shown as an empty cell
_MATTERS = 0.02  # share of a cut from which a measure is listed
_WIDEST = 0.6  # of a cell [inch]
_SHADES = LinearSegmentedColormap.from_list("cut", ["#ffffff", "#b7dcc8", "#3d8f6b", "#0f4d3a"])
_FULL = 0.5  # share that has the darkest shade
_RISE = "#f3c9c4"

DRAWN = declare(
    "measure-effects",
    Text("Part of each measure in the cut of each pollutant", "各措施占各污染物减排量的比例"),
    ("measure", "pollutant"),
    YEAR,
    replace(CASE, words=("plan", "least_cost")),
    MEASURE,
    POLLUTANT,
    amount("credit", "cut, independent of any order", "减排量"),
    share("share", "its part of the cut by all measures", "占全部减排量的比例"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the part of each measure in each cut of the plan, or of the least-cost mix."""
    rows = asked.rows("credits")
    case = "plan" if any(row.case == "plan" for row in rows) else "least_cost"
    year = max(row.year for row in rows)
    none = Text("no measure cuts anything", "没有措施产生减排")
    rows = [r for r in rows if (r.case, r.year) == (case, year) and r.credit]
    rows = pick(rows, none)
    whole: dict[str, float] = {}
    for row in rows:
        whole[row.pollutant] = whole.get(row.pollutant, 0.0) + row.credit
    names = [name for name in DRAWN.names if name != "share"]
    cells = [
        {name: getattr(row, name) for name in names} | {"share": row.credit / whole[row.pollutant]}
        for row in rows
        if whole[row.pollutant] > 0
    ]
    return make_frame(DRAWN, pick(cells, none))


def draw(page: Page, drawn: Frame) -> float:
    """Draw one coloured cell per measure and pollutant, the weightiest measures first."""
    rows, words = rows_of(drawn), page.words
    pollutants = pollutant_order(distinct(rows, "pollutant"))
    ranked = _ranked(rows)
    note = 0.2
    said = fit_names(page, (words.name(m) for m in ranked), share=_share(page)).height
    least = max(_LEAST, said)
    shown = ranked[: page.most_rows(least, _HEADS + note)]
    names = fit_names(page, (words.name(m) for m in shown), share=_share(page))
    tall = page.rows(len(shown), max(_ROW, names.height), least, _HEADS + note)
    room = page.right - names.room
    wide = min(room, _WIDEST * len(pollutants))
    panel = page.panel(
        names.room, page.top + _HEADS, wide, tall * len(shown), (0, len(pollutants)),
        (len(shown), 0),
    )  # fmt: skip
    _heads(panel, [words.pollutant(p) for p in pollutants])
    names_left(panel, [n + 0.5 for n in range(len(shown))], names)
    for row in rows:
        if row.measure in shown and abs(row.share) >= _TRACE:
            _cell(panel, pollutants.index(row.pollutant), shown.index(row.measure), row)
    more = len(distinct(rows, "measure")) - len(shown)
    return page.write_rest(_MORE, more, panel.bottom)


def _share(page: Page) -> float:
    return 0.42 if page.layout.name != "column" else 0.4


def _ranked(rows: list[Row]) -> list[str]:
    """Return the measures by their largest part in a cut, those that matter and no more."""
    largest: dict[str, float] = {}
    for row in rows:
        largest[row.measure] = max(largest.get(row.measure, 0.0), abs(row.share))
    ranked = sorted(largest, key=lambda measure: -largest[measure])
    matter = [measure for measure in ranked if largest[measure] >= _MATTERS]
    return (matter or ranked)[:_SHOWN]


def _heads(panel: Panel, names: Sequence[str]) -> None:
    room = panel.width / len(names) * style.POINTS
    size = min(style.SMALL, 0.94 * room / max(map(width, names)))
    for x, name in enumerate(names):
        panel.label(name, x + 0.5, 0, size, side="middle", level="bottom", shift=(0, -2))


def _cell(panel: Panel, x: int, y: int, row: Row) -> None:
    rises = row.share < 0
    tint = _RISE if rises else to_hex(_SHADES(min(row.share / _FULL, 1.0)))
    panel.boxes(x, y, 1, 1, [tint])
    text = f"{row.share:.0%}".replace("-", "−")
    room = panel.width / (panel.across[1] - panel.across[0]) * style.POINTS
    size = min(style.TINY, 0.96 * room / width(text))
    panel.label(text, x + 0.5, y + 0.5, size, style.ink_on(tint), "middle")


_MORE = Text(
    "{n} more measures each have a smaller part in every cut.",
    "另有{n}项措施在各项减排中占比更小。",
)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the case, and the weightiest measure of each pollutant."""
    rows = rows_of(drawn)
    largest = []
    for pollutant in pollutant_order(distinct(rows, "pollutant")):
        top = max((r for r in rows if r.pollutant == pollutant), key=lambda row: row.share)
        name = words.name(top.measure)
        largest.append(f"{words.pollutant(pollutant)} {name} {top.share:.0%}")
    return {
        "year": str(rows[0].year),
        "case": words.case(rows[0].case),
        "n": str(len(distinct(rows, "measure"))),
        "largest": words.phrases(largest),
    }


CHART = Chart(
    id="measure-effects",
    rank=42,
    reads=("credits",),
    title=Text("Which measure cuts what in {year}: {case}", "{year}年各项措施的减排贡献：{case}"),
    caption=Text(
        "Part of each measure in the whole cut of each pollutant by the measures of the case "
        "{case}, whatever their order; empty cells are below 0.5%, red ones add to the emission. "
        "Largest: {largest}.",
        "“{case}”情景中各项措施占每种污染物全部减排量的比例（与次序无关）；空格不足0.5%，红色为增排。"
        "最大的是：{largest}。",
    ),
    alt=Text(
        "Table of measures by pollutants, darker for a larger part of the cut ({n} measures). "
        "Largest of each: {largest}.",
        "措施与污染物对照表（{n}项措施），颜色越深占减排量比例越高。各污染物最大者：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
