"""Every target on one axis: base, baseline, plan and least cost relative to the limit."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick
from lantian.report.words import Text, Words, figures, wrap

_CASES = ("baseline", "plan", "least_cost")
_ROW = 0.42
_LEFT, _RIGHT = 2.15, 1.5
_LIMIT = 100.0
_BASE = Text("Base year", "基准年")
_NOT_COMPUTED = Text("not computed", "未计算")
_BOUND = Text("limit: {bound}", "限值：{bound}")
_LIMIT_NAME = Text("Limit = 100%", "限值＝100%")


def frame(run: RunTables) -> pd.DataFrame:
    """Return one row per target and case; position is per cent of the limit."""
    rows = run.table("targets")
    rows = rows[rows["case"].isin(_CASES)]
    rows = rows[rows["year"] == rows.groupby("target")["year"].transform("max")]
    rows = pick(rows, Text("no target for these cases", "没有可显示的目标"))
    order = {target: place for place, target in enumerate(dict.fromkeys(rows["target"]))}
    met = rows["met"].astype(str).str.lower().map({"true": True, "false": False})
    rows = rows.assign(
        computed=rows["value"].notna() & rows["limit"].notna(),
        reached=met,
        rank=rows["target"].map(order),
        position=_LIMIT * rows["value"] / rows["limit"],
        base_position=_LIMIT * rows["base_value"] / rows["limit"],
    )
    empty = ~rows.groupby("target")["computed"].transform("any")
    return in_case_order(rows.assign(empty=empty), "empty", "rank").drop(columns="rank")


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw one line per target, marks on it, and the verdict per case at the right."""
    targets = list(dict.fromkeys(rows["target"]))
    axes = page.axes(_LEFT, style.HEAD + 0.25, page.width - _LEFT - _RIGHT, _ROW * len(targets))
    _marks(axes, rows, targets, page.words)
    for y, target in enumerate(targets):
        _line(axes, y, rows[rows["target"] == target], page.words)
    _heads(axes, rows, page.words)
    axes.set_ylim(len(targets) - 0.45, -0.55)
    axes.set_yticks([])
    axes.set_xlabel(page.words.say(Text("per cent of the limit", "相当于限值的百分比（%）")))
    axes.grid(axis="x", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    style.bare(axes, "bottom")


def _marks(axes: Axes, rows: pd.DataFrame, targets: list[str], words: Words) -> None:
    places = rows["target"].map({target: y for y, target in enumerate(targets)})
    known = rows[rows["computed"]]
    spots = [*known["position"], *known["base_position"].dropna(), _LIMIT]
    span = max(spots) - min(spots)
    axes.set_xlim(min(spots) - 0.08 * span, max(spots) + 0.08 * span)
    axes.hlines(range(len(targets)), *axes.get_xlim(), color=style.RULE, linewidth=0.6)
    axes.axvline(_LIMIT, color=style.MISSED, linewidth=1.0)
    base = rows["base_position"].notna() & (rows["case"] == "baseline")
    axes.plot(
        rows.loc[base, "base_position"], places[base], "o", mfc="#ffffff", mec=style.GREY,
        ms=5, label=words.say(_BASE),
    )  # fmt: skip
    for case in _CASES:
        here = rows["computed"] & (rows["case"] == case)
        if here.any():
            axes.plot(
                rows.loc[here, "position"], places[here], style.CASE_MARKERS[case],
                color=style.CASE_COLOURS[case], mec="#ffffff", mew=0.5,
                ms=8.0 if case == "plan" else 5.5, label=words.case(case), clip_on=False,
            )  # fmt: skip
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncol=4, frameon=False, fontsize=style.SMALL,
        handletextpad=0.1, columnspacing=0.9, borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip


def _line(axes: Axes, y: float, rows: pd.DataFrame, words: Words) -> None:
    first = rows.iloc[0]
    grey = bool(first["empty"])
    side = axes.get_yaxis_transform()
    name = wrap(words.name(str(first["target"])), (_LEFT - 0.2) * 72 / style.NORMAL, 1)
    colour = style.GREY if grey else style.INK
    shift = 0.0 if grey else 0.16
    axes.text(-0.03, y - shift, name, transform=side, ha="right", va="center", color=colour)
    if grey:
        axes.text(
            1.07,
            y,
            words.say(_NOT_COMPUTED),
            transform=side,
            va="center",
            color=colour,
            size=style.SMALL,
        )
        return
    axes.text(
        -0.03, y + 0.2, _below(first, words), transform=side, ha="right", va="center",
        color=style.GREY, size=style.TINY,
    )  # fmt: skip
    for place, case in enumerate(_CASES):
        for verdict in rows[rows["case"] == case].itertuples():
            _verdict(axes, _column(place), y, verdict)


def _column(place: int) -> float:
    return 1.12 + place * 0.185


def _verdict(axes: Axes, x: float, y: float, row: Any) -> None:
    side = axes.get_yaxis_transform()
    sign, colour = ("✓", style.MET) if row.reached else ("×", style.MISSED)
    if not isinstance(row.reached, bool):
        sign, colour = "–", style.GREY
    chance = "" if np.isnan(row.probability) else f" {row.probability:.0%}"
    for text, shift, size, ink in (
        (sign + chance, -0.16, style.NORMAL, colour),
        (figures(row.value), 0.2, style.TINY, style.GREY),
    ):
        axes.text(
            x, y + shift, text, transform=side, ha="center", va="center", color=ink, size=size
        )


def _below(row: pd.Series, words: Words) -> str:
    bound = f"{figures(row['limit'])} {words.unit(str(row['unit']))}"
    limit = words.say(_BOUND, bound=bound)
    if pd.isna(row["base_value"]) or pd.isna(row["base_year"]):
        return limit
    base = Text("{year}: {value}", "{year}年：{value}")
    said = words.say(base, year=str(int(row["base_year"])), value=figures(row["base_value"]))
    return f"{said}  {limit}"


def _heads(axes: Axes, rows: pd.DataFrame, words: Words) -> None:
    for place, case in enumerate(_CASES):
        if case in set(rows["case"]):
            axes.annotate(
                words.case(case).replace(" ", "\n"), (_column(place), 1), (0, 1),
                xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom",
                size=style.TINY, color=style.GREY,
            )  # fmt: skip
    axes.annotate(
        words.say(_LIMIT_NAME), (_LIMIT, 0), (2, 2), xycoords=("data", "axes fraction"),
        textcoords="offset points", size=style.TINY, color=style.MISSED,
    )  # fmt: skip


def height(rows: pd.DataFrame) -> float:
    """Return the height for one line per target [inch]."""
    return style.HEAD + 0.25 + _ROW * rows["target"].nunique() + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return which targets each case meets and misses, and which are not computed."""

    def named(case: str, reached: bool) -> str:
        here = rows[(rows["case"] == case) & (rows["reached"] == reached)]
        return words.join([words.name(t) for t in here["target"]])

    grey = dict.fromkeys(rows.loc[rows["empty"], "target"])
    return {
        "year": str(int(rows["year"].max())),
        "met": named("plan", True),
        "missed": named("plan", False),
        "missed_baseline": named("baseline", False),
        "grey": words.join([words.name(t) for t in grey]),
    }


CHART = Chart(
    id="targets-at-a-glance",
    rank=30,
    title=Text(
        "Targets for {year}: where baseline, plan and least cost stand",
        "{year}年各项目标：基准、方案与最低成本情景的达标情况",
    ),
    caption=Text(
        "Each target as per cent of its limit. The plan meets: {met}; misses: {missed}. The "
        "baseline misses: {missed_baseline}. Not computed: {grey}. A per cent beside a "
        "verdict is the probability of meeting the target.",
        "各目标值以限值为100%表示。方案情景达到：{met}；未达到：{missed}。基准情景未达到：{missed_baseline}。"
        "未计算：{grey}。判定旁的百分数为达标概率。",
    ),
    alt=Text(
        "Dot plot, one line per target, limit at 100 per cent. Plan meets: {met}; misses: "
        "{missed}. Not computed: {grey}.",
        "点图，每项目标一行，限值位于100%处。方案达到：{met}；未达到：{missed}。未计算：{grey}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
