"""Runs side by side: what plan and least cost come to in each."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    amounts_below,
    base_line,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.bars import Sizes, case_swatches, draw_bar, fit_lines
from lantian.report.chart import Chart, Page, amount, declare
from lantian.report.frames import Asked, Row, case_rank, distinct, pick, rows_of
from lantian.report.keys import draw_key
from lantian.report.lettering import width
from lantian.report.runs_beside import MORE, PLACE, RUN, runs_of
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "match_plan", "least_cost")
_SIZES = Sizes(bar=0.14, least=0.092, between=0.1, gap=0.05)
_TOLD = 8  # runs whose costs are told in words
_AXIS = Text("annual net cost [{unit}]", "年净成本 [{unit}]")

DRAWN = declare(
    "compared-costs",
    Text("Annual net cost of each case in each run", "各运行结果分情景年净成本"),
    ("run", "case"),
    RUN,
    PLACE,
    replace(CASE, words=_CASES),
    YEAR,
    amount("cost", "annual net cost of the measures whose cost is known", "成本已知措施的年净成本"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return the cost of each case in the last year of each run, in the first one's currency."""
    runs = runs_of(asked)
    rows = [row for row in asked.rows("compared_costs") if row.case in _CASES]
    rows = pick(rows, Text("no cost of plan or least cost", "没有方案或最低成本情景的成本"))
    found: dict[tuple[str, str], tuple[int, float, str]] = {}
    for row in rows:
        for run, cost in ((runs.first, row.reference_value), (row.run, row.value)):
            year = found.get((run, row.case), (0, 0.0, ""))[0]
            if cost == cost and row.year >= year:
                found[run, row.case] = row.year, cost, row.unit
    unit = next((u for (run, _), (_, _, u) in found.items() if run == runs.first), rows[0].unit)
    cells = [
        {
            "run": run,
            "place": runs.place(run),
            "case": case,
            "year": year,
            "cost": cost,
            "unit": own,
        }
        for (run, case), (year, cost, own) in found.items()
        if own == unit
    ]
    cells.sort(key=lambda cell: (runs.names.index(str(cell["run"])), case_rank(str(cell["case"]))))
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw the cases of each run under each other."""
    rows, words = rows_of(drawn), page.words
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    page.top = draw_key(page, case_swatches(cases, words), page.top) + 0.05
    every = distinct(rows, "run")
    lines = fit_lines(page, every, str, len(cases), _SIZES, below=BELOW + 0.15)
    shown, names = lines.shown, lines.names
    rows = [row for row in rows if row.run in shown]
    scale = words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)
    room = max(width(scale.short(row.cost)) for row in rows) * style.TINY / style.POINTS + 0.08
    low, high = min(0.0, *(r.cost for r in rows)), max(0.0, *(r.cost for r in rows)) or 1.0
    panel = page.panel(
        names.room, page.top, page.right - room - names.room, lines.tall * len(shown), (low, high),
        (len(shown) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(low, high, intervals(panel.width / 2)).places)
    for row in rows:
        place, colour = (cases.index(row.case), len(cases)), style.CASE_COLOURS[row.case]
        y = draw_bar(panel, shown.index(row.run), place, (0, row.cost), colour)
        panel.label(scale.short(row.cost), max(row.cost, 0.0), y, style.TINY, shift=(3, 0))
    side_line(panel, 0.0)
    names_left(panel, range(len(shown)), names)
    base_line(panel)
    end = amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    return page.write_rest(MORE, len(every) - len(shown), end)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the costs of the first runs."""
    rows = rows_of(drawn)
    scale = words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)
    every = distinct(rows, "run")

    def told(run: str) -> str:
        own: list[Row] = [row for row in rows if row.run == run]
        costs = words.join(f"{words.case(row.case)} {scale.short(row.cost)}" for row in own)
        return words.say(_OF, run=run, costs=costs)

    return {
        "n": str(len(every)),
        "unit": scale.unit,
        "costs": words.phrases(told(run) for run in every[:_TOLD]),
    }


_OF = Text("{run}: {costs}", "{run}：{costs}")

CHART = Chart(
    id="compared-costs",
    rank=30,
    place="comparison",
    reads=("compared_costs", "compared_runs"),
    title=Text("What the runs cost", "各运行结果的年净成本"),
    caption=Text(
        "Annualised cost less savings [{unit}] in the last year of each run; measures without a "
        "known cost are in no sum. {costs}.",
        "各运行结果末年的年净成本（{unit}），成本未知的措施不计入。{costs}。",
    ),
    alt=Text(
        "Bars of annual net cost [{unit}] for {n} runs, by case. {costs}.",
        "{n}个运行结果分情景年净成本条形图（{unit}）。{costs}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
