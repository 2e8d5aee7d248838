"""What plan and least-cost mix cost a year, by sector, and where something has no known cost."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

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
from lantian.report.bars import case_swatches, casing
from lantian.report.chart import Chart, Page, amount, count, declare, fit_names
from lantian.report.frames import Asked, Row, case_rank, distinct, pick, rows_of, sums
from lantian.report.keys import Entry, Stroke, Swatch, draw_key
from lantian.report.lettering import Floats, width
from lantian.report.paper import Panel
from lantian.report.words import MATCHED, Scale, Text, Words
from lantian.results.contract import CASE, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_CASES = ("plan", "match_plan", "least_cost")
_BAR, _LEAST = 0.14, 0.092  # height of a bar [inch]
_BETWEEN = 0.1  # sectors [inch]
_FILLED = 0.92
_TAG = 0.22  # length of the hatched piece for what has no known cost [inch]
_COST = Text("annual net cost [{unit}]", "年净成本 [{unit}]")
_TOTAL = Text("Total", "合计")
_OTHERS = Text("Other sectors ({n})", "其他行业（{n}个）")
_PRICED = Text("{value} + {n} unpriced", "{value}，另{n}项无价")
_ENDS = Text("95 % range of the total", "合计的95 %范围")
_NO_RANGE = Text("no samples were drawn", "未抽样")
_HATCHED = Text("has measures without a known cost", "含成本未知的措施")

DRAWN = declare(
    "cost-by-sector",
    Text("Annual net cost by sector and case", "分行业、分情景年净成本"),
    ("sector", "case"),
    YEAR,
    SECTOR,
    replace(CASE, words=_CASES),
    amount("cost", "annual net cost of the measures whose cost is known", "成本已知措施的年净成本"),
    count("priced", "measures in use whose cost is known", "成本已知的在用措施数"),
    count("unpriced", "measures in use whose cost is not known", "成本未知的在用措施数"),
    amount(
        "total_low",
        "lower end of the 95 % range of what the case costs in all",
        "全情景成本下限",
        blank=_NO_RANGE,
    ),
    amount(
        "total_high",
        "upper end of the 95 % range of what the case costs in all",
        "全情景成本上限",
        blank=_NO_RANGE,
    ),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return known cost by sector and case in the target year, and how much has no price."""
    rows = [row for row in asked.rows("costs") if row.case in _CASES]
    rows = pick(rows, Text("no cost of plan or least cost", "没有方案或最低成本情景的成本"))
    year = max(row.year for row in rows)
    rows = [row for row in rows if row.year == year]
    found = sums((row for row in rows if row.known), ("sector", "case"), "cost_yuan")
    named: dict[tuple[str, str], dict[str, bool]] = {}
    for row in rows:
        known = named.setdefault((row.sector, row.case), {})
        known[row.measure] = known.get(row.measure, True) and row.known
    order = style.sector_order(distinct(rows, "sector"))
    ranges = {
        row.case: (row.low, row.high)
        for row in asked.some("ranges")
        if (row.what, row.year) == ("cost", year)
    }
    none = (float("nan"), float("nan"))
    cells = [
        {
            "year": year,
            "sector": sector,
            "case": case,
            "cost": found.get((sector, case), 0.0),
            "priced": sum(known.values()),
            "unpriced": len(known) - sum(known.values()),
            **dict(zip(("total_low", "total_high"), ranges.get(case, none), strict=True)),
            "unit": rows[0].unit,
        }
        for (sector, case), known in sorted(
            named.items(), key=lambda item: (order.index(item[0][0]), case_rank(item[0][1]))
        )
    ]
    return make_frame(DRAWN, cells)


def draw(page: Page, drawn: Frame) -> float:
    """Draw the cases of each sector under each other, the total first."""
    rows, words = rows_of(drawn), page.words
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    sectors = distinct(rows, "sector")
    values, unpriced = _matrices(rows, sectors, cases)
    ends = {r.case: (r.total_low, r.total_high) for r in rows if r.total_low < r.total_high}
    page.top = draw_key(page, _key(cases, unpriced, bool(ends), words), page.top) + 0.04
    named = [words.say(_TOTAL), *(words.name(sector) for sector in sectors)]
    names = fit_names(page, named, share=0.34)
    usual = len(cases) * _BAR + _BETWEEN
    least = max(len(cases) * _LEAST + _BETWEEN / 2, names.height)
    shown = page.most_rows(least, BELOW)
    if shown < len(named):
        named, values, unpriced = _pooled(named, values, unpriced, shown, words)
        names = fit_names(page, named, share=0.34)
    row = page.rows(len(named), max(usual, names.height), least, BELOW)
    scale = words.scale([float(np.abs(values).max())], rows[0].unit, money=True)
    said = [[_say(v, int(n), scale, words) for v, n in zip(*pair, strict=True)]
            for pair in zip(values, unpriced, strict=True)]  # fmt: skip
    longest = max(width(text) for line in said for text in line) * style.TINY / style.POINTS
    spots = [0.0, *values.ravel().tolist(), *(end for pair in ends.values() for end in pair)]
    low, high = min(spots), max(spots) or 1.0
    right = page.right - longest - _TAG - 0.06
    panel = page.panel(
        names.room, page.top, right - names.room, row * len(named), (low * 1.05, high),
        (len(named) - 0.5, -0.5),
    )  # fmt: skip
    rules_across(panel, ticks_within(*panel.across, intervals(panel.width / 2)).places)
    panel.line(panel.across, (0.5, 0.5), style.GREY, 0.4)
    pitch = (row - min(_BETWEEN, row - len(cases) * _LEAST)) / row / len(cases)
    lines = np.arange(len(named), dtype=np.float64)
    for n, case in enumerate(cases):
        y = lines + (n - (len(cases) - 1) / 2) * pitch
        cells = values[:, n], unpriced[:, n]
        _bars(panel, cells, y, pitch * _FILLED, case)
        tips = _tips(panel, *cells)
        if case in ends:
            casing(panel, ends[case][0], y[0], ends[case][1])
            panel.strokes(ends[case][0], y[0], ends[case][1], y[0], style.INK, 0.9)
            tips[0] = max(tips[0], ends[case][1])
        for place, tip, line in zip(y, tips, said, strict=True):
            panel.label(line[n], float(tip), float(place), style.TINY, shift=(3, 0))
    side_line(panel, 0.0)
    names_left(panel, range(len(named)), names)
    base_line(panel)
    return amounts_below(panel, scale, words.say(_COST, unit=scale.unit))


def _matrices(
    rows: list[Row], sectors: Sequence[str], cases: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return cost and number of unpriced measures, dims (total and sectors, case)."""
    values, unpriced = np.zeros((2, len(sectors) + 1, len(cases)))
    for row in rows:
        at = sectors.index(row.sector) + 1, cases.index(row.case)
        values[at], unpriced[at] = row.cost, row.unpriced
    values[0], unpriced[0] = values.sum(axis=0), unpriced.sum(axis=0)
    return values, unpriced


def _pooled(
    named: Sequence[str], values: Floats, unpriced: Floats, most: int, words: Words
) -> tuple[list[str], Floats, Floats]:
    """Return the total, the sectors that cost most, and the rest as one line."""
    by_cost = np.argsort(-np.abs(values[1:]).max(axis=1), kind="stable") + 1
    kept, rest = sorted(by_cost[: most - 2]), by_cost[most - 2 :]
    lines = [0, *(int(n) for n in kept)]
    others = words.say(_OTHERS, n=str(len(rest)))
    costs, missing = (
        np.vstack([part[lines], part[rest].sum(axis=0)]) for part in (values, unpriced)
    )
    return [*(named[n] for n in lines), others], costs, missing


def _key(cases: Sequence[str], unpriced: Floats, ranged: bool, words: Words) -> list[Entry]:
    entries: list[Entry] = [*case_swatches(cases, words)]
    if ranged:
        entries.append(Stroke(words.say(_ENDS), style.INK, 0.9))
    if unpriced.any():
        entries.append(Swatch(words.say(_HATCHED), style.GREY, hatched=True))
    return entries


def _bars(panel: Panel, cells: tuple[Floats, Floats], y: Floats, tall: float, case: str) -> None:
    """Draw the bars of a case; a hatched piece follows where something has no known cost."""
    values, unpriced = cells
    panel.boxes(0, y - tall / 2, values, tall, [style.CASE_COLOURS[case]])
    piece = _piece(panel)
    for place, value, more in zip(y, values, unpriced, strict=True):
        if more:
            panel.hatch(max(value, 0.0), place - tall / 2, piece, tall, style.CASE_COLOURS[case])


def _piece(panel: Panel) -> float:
    """Return how long a hatched piece is, in the unit of the axis."""
    return _TAG * (panel.across[1] - panel.across[0]) / panel.width


def _tips(panel: Panel, values: Floats, unpriced: Floats) -> Floats:
    """Return where the bars of a case end, hatched pieces included."""
    return np.maximum(values, 0.0) + np.where(unpriced > 0, _piece(panel), 0.0)


def _say(value: float, unpriced: int, scale: Scale, words: Words) -> str:
    said = scale.short(value)
    return words.say(_PRICED, value=said, n=str(unpriced)) if unpriced else said


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return totals by case, their largest sector, and how much has no known cost."""
    rows = rows_of(drawn)
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    totals = {case: sum(row.cost for row in rows if row.case == case) for case in cases}
    scale = words.scale([max(map(abs, totals.values()))], rows[0].unit, money=True)
    said = [
        f"{words.case(case)} {scale.short(totals[case])}{words.gap}{scale.unit}" for case in cases
    ]
    largest = []
    for case in cases:
        top = max((row for row in rows if row.case == case), key=lambda row: row.cost)
        part = f"{words.name(top.sector)} {scale.short(top.cost)}"
        largest.append(words.say(_LARGEST, case=words.case(case), part=part))
    unpriced = {case: sum(r.unpriced for r in rows if r.case == case) for case in cases}
    missing = [f"{words.case(case)} {n}" for case, n in unpriced.items() if n]
    return {
        "year": str(rows[0].year),
        "totals": words.join(said),
        "largest": words.phrases(largest),
        "unknown": words.say(_UNKNOWN, values=words.join(missing)) if missing else "",
        "compare": words.say(_COMPARE) if "plan" in cases else "",
        "matched": words.say(MATCHED) if "match_plan" in cases else "",
        "cases": words.join(words.case(case) for case in cases),
        "unit": scale.unit,
    }


_LARGEST = Text("{case}: {part}", "{case}：{part}")
_UNKNOWN = Text(
    " Measures in use without a known cost, hatched and not in the sums (counted once per sector):"
    " {values}.",
    "成本未知、以斜线表示且未计入合计的在用措施数（按行业计）：{values}。",
)
_COMPARE = Text(
    " Least cost meets the binding targets and those worded as “about” that are within reach, and"
    " can cost more than a plan that misses some.",
    "最低成本情景满足可达的约束性和“左右”类目标，方案未达到部分目标时，其成本可能高于方案。",
)

CHART = Chart(
    id="cost-by-sector",
    rank=55,
    reads=("costs", "ranges"),
    title=Text("What it costs by sector in {year}", "{year}年分行业年净成本"),
    caption=Text(
        "Annualised cost by sector: {totals}. Capital, fixed and variable cost less savings; "
        "transfers such as subsidies are not counted. The line is the 95 % range of a total, where "
        "samples were drawn.{unknown}{compare}{matched}",
        "分行业年净成本：{totals}。含投资、固定与可变成本并扣除节省，不计补贴等转移支付。"
        "细线为抽样所得合计的95%范围。"
        "{unknown}{compare}{matched}",
    ),
    alt=Text(
        "Bars of annual net cost by sector for {cases}. Totals: {totals}. Largest sector "
        "[{unit}]: {largest}.{unknown}",
        "分行业年净成本条形图（{cases}）。合计：{totals}。最大行业（{unit}）：{largest}。{unknown}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
