"""Every target on one axis: base, baseline, plan and least cost relative to the limit.

The plan's strict reading (binding commitments only) is a hollow frame, around the plan's mark where
both agree.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick
from lantian.report.words import Text, Words, figures, like, wrap

_STRICT = "plan_strict"
_CASES = ("baseline", "plan", _STRICT, "least_cost")
_ROW = 0.42
_EMPTY_ROW = 0.55  # height of a line without values, as part of one with them
_GAP = 0.47  # between the verdicts of two cases [inch]
_LEFT, _FREE = 2.15, 0.09
_SIZES = {"plan": 7.0, _STRICT: 9.5}  # of marks [point]
_SIZE = 5.5
_BELOW = 1.9  # lines and marks lie at 2
_LIMIT = 100.0
_BASE = Text("Base year", "基准年")
_FAR = 0.7  # part of the axis from which the limit's name stands to its left
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
    """Draw one line per target, marks on it, and the verdict per case at the right.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    places, total = _places(rows)
    cases = [case for case in _CASES if case in set(rows["case"])]
    width = page.width - _LEFT - _GAP * len(cases) - _FREE
    axes = page.axes(_LEFT, style.HEAD + 0.25, width, _ROW * total)
    columns = {case: 1 + (place + 0.6) * _GAP / width for place, case in enumerate(cases)}
    _marks(axes, rows, places, page.words)
    for target, y in places.items():
        _line(axes, y, rows[rows["target"] == target], columns, page.words)
    _heads(axes, columns, page.words)
    axes.set_ylim(total - 0.45, -0.55)
    axes.set_yticks([])
    axes.set_xlabel(page.words.say(Text("per cent of the limit", "相当于限值的百分比（%）")))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: figures(value)))
    axes.grid(axis="x", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    style.bare(axes, "bottom")


def _places(rows: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Return where the lines stand, those without values closer, and the room they take."""
    places: dict[str, float] = {}
    below = 0.0
    for target, empty in rows.groupby("target", sort=False)["empty"].first().items():
        size = _EMPTY_ROW if empty else 1.0
        places[str(target)] = below + size / 2 - 0.5
        below += size
    return places, below


def _marks(axes: Axes, rows: pd.DataFrame, places: dict[str, float], words: Words) -> None:
    y = rows["target"].map(places)
    known = rows[rows["computed"]]
    base = _with_base(rows)
    spots = [*known["position"], *rows.loc[base, "base_position"], _LIMIT]
    span = max(spots) - min(spots) or _LIMIT
    axes.set_xlim(min(spots) - 0.08 * span, max(spots) + 0.08 * span)
    axes.hlines(list(places.values()), *axes.get_xlim(), color=style.RULE, linewidth=0.6)
    axes.axvline(_LIMIT, color=style.MISSED, linewidth=1.0)
    if base.any():
        axes.plot(
            rows.loc[base, "base_position"], y[base], "o", mfc="#ffffff", mec=style.GREY,
            ms=5, label=words.say(_BASE),
        )  # fmt: skip
    for case in _CASES:
        here = rows["computed"] & (rows["case"] == case)
        if here.any():
            axes.plot(
                rows.loc[here, "position"], y[here], style.CASE_MARKERS[case],
                ms=_SIZES.get(case, _SIZE), label=words.case(case), clip_on=False,
                **_look(case),
            )  # fmt: skip
    if len(known):
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1.0), ncol=5, frameon=False,
            fontsize=style.SMALL, handletextpad=0.3, columnspacing=0.9, borderaxespad=0.5,
            borderpad=0.0,
        )  # fmt: skip


def _look(case: str) -> dict[str, Any]:
    """Return colours of a mark: a white edge keeps neighbours apart, the strict one is hollow."""
    colour = style.CASE_COLOURS[case]
    if case == _STRICT:
        return {"color": "none", "mec": colour, "mew": 1.0, "zorder": _BELOW}
    return {"color": colour, "mec": "#ffffff", "mew": 0.5}


def _with_base(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return which rows carry the base year: the baseline's, unless it is the same year."""
    other = rows["base_position"].notna() & (rows["base_year"] != rows["year"])
    return other & (rows["case"] == "baseline")


def _line(
    axes: Axes, y: float, rows: pd.DataFrame, columns: dict[str, float], words: Words
) -> None:
    first = rows.iloc[0]
    grey = bool(first["empty"])
    side = axes.get_yaxis_transform()
    name = wrap(words.name(str(first["target"])), (_LEFT - 0.2) * style.POINTS / style.NORMAL, 1)
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
    for case, x in columns.items():
        for verdict in rows[rows["case"] == case].itertuples():
            _verdict(axes, x, y, verdict)


def _verdict(axes: Axes, x: float, y: float, row: Any) -> None:
    side = axes.get_yaxis_transform()
    sign, colour = ("✓", style.MET) if row.reached else ("×", style.MISSED)
    if not isinstance(row.reached, bool):
        sign, colour = "–", style.GREY
    chance = "" if np.isnan(row.probability) else f" {row.probability:.0%}"
    for text, shift, size, ink in (
        (sign + chance, -0.16, style.NORMAL, colour),
        (like(row.value, row.limit), 0.2, style.TINY, style.GREY),
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
    value = like(row["base_value"], row["limit"])
    return f"{words.say(base, year=str(int(row['base_year'])), value=value)}  {limit}"


def _heads(axes: Axes, columns: dict[str, float], words: Words) -> None:
    for case, x in columns.items():
        axes.annotate(
            words.case(case).replace(" ", "\n"), (x, 1), (0, 3),
            xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom",
            size=style.TINY, color=style.GREY,
        )  # fmt: skip
    low, high = axes.get_xlim()
    left = low + _FAR * (high - low) < _LIMIT
    axes.annotate(
        words.say(_LIMIT_NAME), (_LIMIT, 0), (-2 if left else 2, 2),
        xycoords=("data", "axes fraction"), textcoords="offset points", size=style.TINY,
        color=style.MISSED, ha="right" if left else "left",
    )  # fmt: skip


def height(rows: pd.DataFrame) -> float:
    """Return the height for one line per target [inch]."""
    return style.HEAD + 0.25 + _ROW * _places(rows)[1] + 0.45 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return which targets each case meets and misses, and which are not computed.

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

    def named(case: str, reached: bool) -> str:
        here = rows[(rows["case"] == case) & (rows["reached"] == reached)]
        return words.join([words.name(t) for t in here["target"]])

    grey = dict.fromkeys(rows.loc[rows["empty"], "target"])
    judged = [c for c in _CASES if c in set(rows.loc[rows["computed"], "case"])]
    if all(named(_STRICT, met) == named("plan", met) for met in (True, False)):
        judged = [c for c in judged if c != _STRICT]
    verdicts = [
        words.say(_VERDICT, case=words.case(c), met=named(c, True), missed=named(c, False))
        for c in judged
    ]
    return {
        "year": str(int(rows["year"].max())),
        "verdicts": "".join(verdicts),
        "grey": words.say(_GREY, names=words.join(words.name(t) for t in grey)) if grey else "",
        "chance": words.say(_CHANCE) if rows["probability"].notna().any() else "",
    }


_VERDICT = Text(" {case} meets: {met}; misses: {missed}.", "{case}：达到{met}；未达到{missed}。")
_GREY = Text(" Not computed: {names}.", "未计算：{names}。")
_CHANCE = Text(
    " A per cent beside a verdict is the probability of meeting the target.",
    "判定旁的百分数为达标概率。",
)

CHART = Chart(
    id="targets-at-a-glance",
    rank=30,
    title=Text("How far the targets for {year} are met", "{year}年各项目标达标情况"),
    caption=Text(
        "Each target as per cent of its limit.{verdicts}{grey}{chance}",
        "各目标值以限值为100%表示。{verdicts}{grey}{chance}",
    ),
    alt=Text(
        "Dot plot, one line per target, limit at 100 per cent.{verdicts}{grey}",
        "点图，每项目标一行，限值位于100%处。{verdicts}{grey}",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
