"""What plan and least-cost mix cost a year, by sector."""

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick
from lantian.report.lettering import Floats, wrap
from lantian.report.marks import (
    amounts_below,
    base_line,
    key_row,
    names_left,
    rules_across,
    ticks_within,
)
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words

_CASES = ("plan", "match_plan", "least_cost")
_GROUP = {1: 0.26, 2: 0.36, 3: 0.44}  # height of a sector by the number of its bars [inch]
_FILLED = 0.84
_KEY = 0.3
_LEFT, _RIGHT = 1.6, 0.6
_COST = Text("cost [{unit}]", "年化成本 [{unit}]")
_TOTAL = Text("Total", "合计")
_UNKNOWN_TRUE = "true"
_UNKNOWN = Text(
    " {n} measures have no known cost and are not in the sums.", "另有{n}项措施成本未知，未计入。"
)
_COMPARE = Text(
    " Least cost aims at every computed target and can cost more than a plan that misses some.",
    "最低成本情景以全部可计算目标为约束，方案未达到部分目标时，其成本可能高于方案。",
)


def frame(run: RunTables) -> pd.DataFrame:
    """Return known cost [yuan/a] by sector and case in the target year, and what has no cost."""
    rows = run.table("costs")
    rows = rows[rows["case"].isin(_CASES)]
    rows = pick(rows, Text("no cost of plan or least cost", "没有方案或最低成本情景的成本"))
    rows = rows[rows["year"] == rows["year"].max()]
    known = rows["known"].astype(str).str.lower() == _UNKNOWN_TRUE
    rows = rows.assign(
        unknown=rows["measure"].where(~known),
        cost_yuan=rows["cost_yuan"].where(known, 0.0).fillna(0.0),
    )
    if "unit" not in rows:
        rows = rows.assign(unit="yuan/a")
    keys = ["sector", "case", "year", "unit"]
    groups = rows.groupby(keys, as_index=False)
    sums = groups.agg(cost_yuan=("cost_yuan", "sum"), unknown=("unknown", "nunique"))
    return in_case_order(sums, "sector")


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw the cases of each sector under each other, the total first.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    wide = rows.pivot_table(index="sector", columns="case", values="cost_yuan", aggfunc="sum")
    wide = wide.reindex(style.sector_order(set(rows["sector"])))
    cases = [case for case in _CASES if case in wide.columns]
    values = wide[cases].fillna(0.0).to_numpy(np.float64)
    values = np.vstack([values.sum(axis=0), values])
    key_row(page, _LEFT, style.HEAD, {page.words.case(c): style.CASE_COLOURS[c] for c in cases})
    panel = page.panel(
        _LEFT, style.HEAD + _KEY, page.width - _LEFT - _RIGHT, _tall(rows), _limits(values),
        (len(values) - 0.5, -0.5),
    )  # fmt: skip
    scale = _scale(values, rows, page.words)
    rules_across(panel, ticks_within(*panel.across).places)
    panel.line(panel.across, (0.5, 0.5), style.RULE, 0.6)
    _bars(panel, values, cases, scale)
    panel.line((0, 0), panel.up, style.GREY, 0.6)
    room = (_LEFT - 0.2) * style.POINTS / style.NORMAL
    names = [page.words.say(_TOTAL), *(wrap(page.words.name(str(s)), room) for s in wide.index)]
    names_left(panel, np.arange(len(names)), names, style.NORMAL)
    base_line(panel)
    amounts_below(panel, scale, page.words.say(_COST, unit=scale.unit))


def _scale(values: Floats, rows: pd.DataFrame, words: Words) -> Scale:
    return words.scale([float(np.abs(values).max())], str(rows["unit"].iloc[0]), money=True)


def _bars(panel: Panel, values: Floats, cases: list[str], scale: Scale) -> None:
    share = _FILLED / len(cases)
    for place, case in enumerate(cases):
        y = np.arange(len(values)) + (place - (len(cases) - 1) / 2) * share
        tint = [style.CASE_COLOURS[case]]
        panel.boxes(0, y - share * 0.46, values[:, place], share * 0.92, tint)
        for spot, value in zip(y, values[:, place], strict=True):
            panel.label(scale.short(value), max(value, 0.0), spot, style.TINY, shift=(3, 0))


def _limits(values: Floats) -> tuple[float, float]:
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    return low * 1.05, (high or 1.0) * 1.02


def height(rows: pd.DataFrame) -> float:
    """Return the height for the total and every sector [inch]."""
    return style.HEAD + _KEY + _tall(rows) + 0.45 + style.FOOT


def _tall(rows: pd.DataFrame) -> float:
    return _GROUP[rows["case"].nunique()] * (1 + rows["sector"].nunique())


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return totals by case and how many measures of the plan have no known cost.

    Parameters
    ----------
    rows
        As for :func:`draw`.
    words
        Language of the reader.

    Returns
    -------
    dict
        Name in the braces of title, caption and alternative text -> text.
    """
    sums = rows.groupby("case")[["cost_yuan", "unknown"]].sum()
    cases = [case for case in _CASES if case in sums.index]
    scale = _scale(sums["cost_yuan"].to_numpy(np.float64), rows, words)
    gap = "" if words.language == "zh" else " "
    said = [f"{words.case(c)} {scale.short(sums['cost_yuan'][c])}{gap}{scale.unit}" for c in cases]
    unknown = int(sums["unknown"].max())
    return {
        "year": str(int(rows["year"].iloc[0])),
        "totals": words.join(said),
        "unknown": words.say(_UNKNOWN, n=str(unknown)) if unknown else "",
        "compare": words.say(_COMPARE) if "plan" in cases else "",
        "cases": words.join([words.case(case) for case in cases]),
    }


CHART = Chart(
    id="cost-by-sector",
    rank=55,
    title=Text("What it costs by sector in {year}", "{year}年分行业年化成本"),
    caption=Text(
        "Annualised cost by sector: {totals}. Capital, fixed and variable cost less savings; "
        "transfers such as subsidies are not counted.{unknown}{compare}",
        "分行业年化成本：{totals}。含投资、固定与可变成本并扣除节省，不计补贴等转移支付。"
        "{unknown}{compare}",
    ),
    alt=Text(
        "Bars of cost by sector for {cases}. Totals: {totals}.",
        "分行业成本条形图（{cases}）。合计：{totals}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
