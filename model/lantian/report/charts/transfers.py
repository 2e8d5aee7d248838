"""Subsidies and other transfers: who is paid how much, once, beside what the measures cost."""

from dataclasses import replace

from lantian.report import style
from lantian.report.axes import (
    amounts_below,
    base_line,
    intervals,
    names_left,
    rules_across,
    side_line,
    ticks_within,
)
from lantian.report.bars import Sizes, case_swatches, draw_bar, fit_lines
from lantian.report.chart import MORE, Chart, Page, amount, declare
from lantian.report.frames import Asked, case_rank, distinct, pick, rows_of, sums
from lantian.report.keys import draw_key
from lantian.report.lettering import width
from lantian.report.words import Text, Words
from lantian.results.contract import CASE, COSTS, MEASURE, SECTOR, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "least_cost")
_SIZES = Sizes(bar=0.12, least=0.092, between=0.07, gap=0.03)
_SHOWN = 15
_AXIS = Text("transfer, paid once [{unit}]", "转移支付（一次性） [{unit}]")

DRAWN = declare(
    "transfers",
    Text("Transfers by measure and case", "各项措施转移支付"),
    ("measure", "case"),
    YEAR,
    SECTOR,
    MEASURE,
    replace(CASE, words=_CASES),
    amount("transfer", "subsidy, paid once for what is in use", "转移支付", "transfer_unit"),
    COSTS.column("transfer_unit"),
)


def frame(asked: Asked) -> Frame:
    """Return the transfers of each measure in the target year, the largest first."""
    rows = [row for row in asked.rows("costs") if row.case in _CASES and row.transfer]
    rows = [row for row in rows if row.transfer == row.transfer]
    rows = pick(rows, Text("no measure in use is paid a transfer", "在用措施均无转移支付"))
    year = max(row.year for row in rows)
    rows = [row for row in rows if row.year == year]
    found = sums(rows, ("measure", "case"), "transfer")
    sectors = {row.measure: row.sector for row in rows}
    largest: dict[str, float] = {}
    for (measure, _), value in found.items():
        largest[measure] = max(largest.get(measure, 0.0), abs(value))
    cells = [
        {
            "year": year,
            "sector": sectors[measure],
            "measure": measure,
            "case": case,
            "transfer": value,
            "transfer_unit": rows[0].transfer_unit,
        }
        for (measure, case), value in sorted(
            found.items(), key=lambda i: (-largest[i[0][0]], i[0][0], case_rank(i[0][1]))
        )
    ]
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw the transfers of each measure under plan and least cost."""
    rows, words = rows_of(drawn), page.words
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    page.top = draw_key(page, case_swatches(cases, words), page.top) + 0.05
    every = distinct(rows, "measure")
    lines = fit_lines(page, every, words.name, len(cases), _SIZES, share=0.42, most=_SHOWN)
    measures, names = lines.shown, lines.names
    paid = {(row.measure, row.case): row.transfer for row in rows}
    high = max(paid.values())
    scale = words.scale([high], rows[0].transfer_unit, money=True)
    room = max(width(scale.short(value)) for value in paid.values()) * style.TINY / style.POINTS
    panel = page.panel(
        names.room, page.top, page.right - room - 0.08 - names.room, lines.tall * len(measures),
        (min(0.0, *paid.values()), high or 1.0), (len(measures) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(*panel.across, intervals(panel.width / 2)).places)
    for n, measure in enumerate(measures):
        for k, case in enumerate(cases):
            value = paid.get((measure, case), 0.0)
            y = draw_bar(panel, n, (k, len(cases)), (0, value), style.CASE_COLOURS[case])
            panel.label(scale.short(value), max(value, 0.0), y, style.TINY, shift=(3, 0))
    side_line(panel, 0.0)
    names_left(panel, range(len(measures)), names)
    base_line(panel)
    end = amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    return page.write_rest(MORE, len(every) - len(measures), end)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the transfers of each case and the largest ones."""
    rows = rows_of(drawn)
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    totals = sums(rows, ("case",), "transfer")
    scale = words.scale([max(totals.values())], rows[0].transfer_unit, money=True)
    said = [f"{words.case(c)} {scale.short(totals[c,])}{words.gap}{scale.unit}" for c in cases]
    largest = [f"{words.name(row.measure)} {scale.short(row.transfer)}" for row in rows[:1]]
    return {
        "year": str(rows[0].year),
        "totals": words.join(said),
        "cases": words.join(words.case(case) for case in cases),
        "largest": words.join(largest),
        "unit": scale.unit,
        "n": str(len(distinct(rows, "measure"))),
    }


CHART = Chart(
    id="transfers",
    rank=59,
    reads=("costs",),
    title=Text("Subsidies and other transfers by {year}", "截至{year}年补贴等转移支付"),
    caption=Text(
        "Transfers paid once for what is in use, by measure ({n}): {totals}. They move money "
        "between those who pay and are no cost to all together. Largest: {largest}.",
        "在用措施的一次性转移支付（{n}项）：{totals}。转移支付只改变由谁承担，不计入总成本。最大的是：{largest}。",
    ),
    alt=Text(
        "Bars of transfers for {n} measures ({cases}). Totals: {totals}. Largest "
        "[{unit}]: {largest}.",
        "{n}项措施的转移支付条形图（{cases}）。合计：{totals}。最大（{unit}）：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
