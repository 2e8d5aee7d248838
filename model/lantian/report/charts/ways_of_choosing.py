"""What other ways of choosing measures cost, beside the least cost for the very same result."""

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.lettering import Floats, wrap
from lantian.report.marks import amounts_below, base_line, key_row, names_left
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words

_LEFT, _RIGHT = 2.35, 0.95
_ROW, _KEY = 0.44, 0.3
_NEED, _EXCESS = "#3f7fb0", "#e08b2c"
_ORDER = (
    "plan",
    "ranked_in_turn",
    "ranked_average",
    "largest_reduction",
    "match_plan",
    "least_cost",
    "maximum",
)
_NAMES = {
    "plan": Text("Plan as written", "方案原文"),
    "match_plan": Text("Plan's effect at least cost", "同效最低成本"),
    "least_cost": Text("Least cost for the targets", "达标最低成本"),
    "ranked_in_turn": Text(
        "Ranked by average cost, target after target", "按平均成本排序，逐个目标选取"
    ),
    "ranked_average": Text("Ranked by average cost for {name}", "按平均成本排序（{name}）"),
    "largest_reduction": Text("Largest cut of {name} at each source", "各源{name}减排最大的措施"),
    "maximum": Text("Everything", "全部措施"),
}
_SAME = Text("least cost of the same result", "达到同样效果的最低成本")
_MORE = Text("paid beyond that", "多付的成本")
_AXIS = Text("cost [{unit}]", "年化成本 [{unit}]")
_MET = Text("{met} of {all} met", "达标{met}/{all}")
_SHARE = 0.005
"""Part of a cost that is shown as nothing."""


def frame(run: RunTables) -> pd.DataFrame:
    """Return one row per way of choosing: cost [yuan/a], least for the same, targets met."""
    rows = run.table("comparators")
    rows = rows[rows["year"] == rows["year"].max()]
    rows = rows.assign(
        met=rows["met"].astype(str).str.lower() == "true",
        aimed_at=rows["aimed_at"].astype(object).fillna(""),
    )
    keys = ["rule", "aimed_at", "year", "cost", "least_cost_for_same", "unit"]
    found = rows.groupby(keys, as_index=False, sort=False, dropna=False).agg(
        met=("met", "sum"), all=("met", "size")
    )
    found = pick(
        found[found["cost"].abs() > 0],
        Text("no way of choosing costs anything", "各选取方式均无成本"),
    )
    rank = found["rule"].map({rule: place for place, rule in enumerate(_ORDER)})
    return (
        found.assign(rank=rank)
        .sort_values("rank", kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw the least cost of the same result and, after it, what was paid beyond it.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    words, n = page.words, len(rows)
    key_row(page, _LEFT, style.HEAD, {words.say(_SAME): _NEED, words.say(_MORE): _EXCESS})
    cost = rows["cost"].to_numpy(np.float64)
    need = rows["least_cost_for_same"].to_numpy(np.float64)
    need = np.where(np.isnan(need), cost, np.minimum(need, cost))
    y = np.arange(n)
    start = np.where(need < 0, np.minimum(cost, 0.0), need)
    low, high = min(need.min(), 0.0), max(cost.max(), 0.0)
    panel = page.panel(
        _LEFT, style.HEAD + _KEY, page.width - _LEFT - _RIGHT, _ROW * n,
        (low * 1.02, high * 1.02 if high > 0 else 1.0), (n - 0.5, -0.5),
    )  # fmt: skip
    panel.boxes(np.minimum(need, 0), y - 0.3, np.abs(need), 0.6, [_NEED])
    panel.boxes(start, y - 0.3, cost - start, 0.6, [_EXCESS])
    panel.line((0, 0), panel.up, style.GREY, 0.6)
    room = (_LEFT - 0.2) * style.POINTS / style.NORMAL
    names = [wrap(_name(r, words), room) for r in rows.to_dict("records")]
    names_left(panel, y, names, style.NORMAL)
    scale = _scale(rows, words)
    base_line(panel)
    amounts_below(panel, scale, words.say(_AXIS, unit=scale.unit))
    _tell(panel, rows, cost, need, words)


def _scale(rows: pd.DataFrame, words: Words) -> Scale:
    return words.scale([float(rows["cost"].abs().max())], str(rows["unit"].iloc[0]), money=True)


def _tell(panel: Panel, rows: pd.DataFrame, cost: Floats, need: Floats, words: Words) -> None:
    """Write the excess and how many targets are met after each bar."""
    scale = _scale(rows, words)
    for k, row in enumerate(rows.to_dict("records")):
        more = cost[k] - need[k]
        share = more > _SHARE * abs(cost[k])
        text = f"+{scale.short(float(more))}\n" if share else ""
        text += words.say(_MET, met=str(int(row["met"])), all=str(int(row["all"])))
        panel.label(text, max(cost[k], need[k], 0.0), k, style.SMALL, shift=(4, 0))


def _name(row: Mapping[Hashable, object], words: Words) -> str:
    aimed = str(row["aimed_at"])
    return words.say(_NAMES[str(row["rule"])], name=words.name(aimed) if aimed else "")


def height(rows: pd.DataFrame) -> float:
    """Return the height of bars, key, axis and foot [inch]."""
    return style.HEAD + _KEY + _ROW * len(rows) + 0.5 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the dearest excess, and year and unit.

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
    excess = (rows["cost"] - rows["least_cost_for_same"]).fillna(0.0)
    worst, scale = rows.iloc[int(excess.to_numpy().argmax())], _scale(rows, words)
    return {
        "year": str(int(worst["year"])),
        "worst": _name(worst.to_dict(), words),
        "excess": scale.short(float(excess.max())),
        "cost": scale.short(float(worst["cost"])),
        "unit": scale.unit,
        "n": str(len(rows)),
    }


CHART = Chart(
    id="ways-of-choosing",
    rank=56,
    title=Text("What ways of choosing measures cost, {year}", "{year}年不同措施选取方式的成本"),
    caption=Text(
        "{n} ways of choosing on the same data. Blue: what the same values of all targets cost at "
        "least; orange: what the way of choosing costs beyond that. Most is lost with {worst}: "
        "{excess} of {cost} {unit}.",
        "同一数据下的{n}种选取方式。蓝色：达到同样目标值的最低成本；橙色：该选取方式多付的成本。"
        "多付最多的是“{worst}”：{cost}{unit}中的{excess}。",
    ),
    alt=Text(
        "Bars of cost for {n} ways of choosing; the largest excess is {excess} {unit} ({worst}).",
        "{n}种选取方式的成本条形图；多付最多为{excess}{unit}（{worst}）。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
