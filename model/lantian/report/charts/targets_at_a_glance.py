"""Every target on one axis: base, baseline, plan and least cost relative to the limit.

The plan's strict reading (binding commitments only) is a hollow frame, around the plan's mark where
both agree.
"""

from typing import Any

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, in_case_order, pick
from lantian.report.lettering import wrap
from lantian.report.marks import (
    Sign,
    base_line,
    numbers_below,
    rules_across,
    sign_row,
    sign_row_length,
    ticks_within,
)
from lantian.report.paper import Panel
from lantian.report.words import Text, Words, figures, like

_STRICT = "plan_strict"
_CASES = ("baseline", "plan", _STRICT, "least_cost")
_ROW = 0.42
_EMPTY_ROW = 0.55  # height of a line without values, as part of one with them
_NAME_GAP, _NONE_GAP = 4.5, 10.0  # from the plot area [point]
_GAP = 0.47  # between the verdicts of two cases [inch]
_LEFT, _FREE = 2.15, 0.09
_SIZES = {"plan": 7.0, _STRICT: 9.5}  # of marks [point]
_SIZE = 5.5
_BASE_SIZE = 5.0
_TICKS = 6
_SIGNS_UP = 0.25  # row of the key above the plot area [inch]
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
    panel = page.panel(
        _LEFT, style.HEAD + 0.25, width, _ROW * total, _limits(rows), (total - 0.45, -0.55)
    )
    columns = {case: width + (place + 0.6) * _GAP for place, case in enumerate(cases)}
    ticks = ticks_within(*panel.across, _TICKS)
    rules_across(panel, ticks.places)
    _marks(page, panel, rows, places)
    for row in rows.drop_duplicates("target").itertuples():
        _name(panel, places[str(row.target)], row, page.words)
    for row in rows[~rows["empty"]].itertuples():
        _verdict(panel, columns[str(row.case)], places[str(row.target)], row)
    _heads(panel, columns, page.words)
    base_line(panel)
    name = page.words.say(Text("per cent of the limit", "相当于限值的百分比（%）"))
    numbers_below(panel, ticks.places, [figures(place) for place in ticks.places], name)


def _places(rows: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Return where the lines stand, those without values closer, and the room they take."""
    places: dict[str, float] = {}
    below = 0.0
    for target, empty in rows.groupby("target", sort=False)["empty"].first().items():
        size = _EMPTY_ROW if empty else 1.0
        places[str(target)] = below + size / 2 - 0.5
        below += size
    return places, below


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    base = rows.loc[_with_base(rows), "base_position"]
    spots = [*rows.loc[rows["computed"], "position"], *base, _LIMIT]
    span = max(spots) - min(spots) or _LIMIT
    return min(spots) - 0.08 * span, max(spots) + 0.08 * span


def _marks(page: Page, panel: Panel, rows: pd.DataFrame, places: dict[str, float]) -> None:
    y = rows["target"].map(places)
    levels = list(places.values())
    panel.strokes(panel.across[0], levels, panel.across[1], levels, style.RULE, 0.6)
    panel.line((_LIMIT, _LIMIT), panel.up, style.MISSED, 1.0)
    signs: dict[str, Sign] = {}
    base = _with_base(rows)
    if base.any():
        sign = Sign(page.words.say(_BASE), "o", _BASE_SIZE, style.WHITE, style.GREY, 1.0)
        signs["base"] = sign
        _dots(panel, rows.loc[base, "base_position"], y[base], sign)
    for case in (_STRICT, *_CASES):  # the frame of the strict reading lies below the other marks
        here = rows["computed"] & (rows["case"] == case)
        if here.any() and case not in signs:
            signs[case] = _sign(case, page.words)
            _dots(panel, rows.loc[here, "position"], y[here], signs[case])
    ordered = [signs[name] for name in ("base", *_CASES) if name in signs]
    if rows["computed"].any():
        left = panel.right - sign_row_length(ordered) - 0.05
        sign_row(page, left, panel.top - _SIGNS_UP, ordered)


def _dots(panel: Panel, x: "pd.Series[float]", y: "pd.Series[float]", sign: Sign) -> None:
    panel.dots(x, y, sign.form, sign.size, sign.fill, sign.edge, sign.line)


def _sign(case: str, words: Words) -> Sign:
    """Return the mark of a case: a white edge keeps neighbours apart, the strict one is hollow."""
    name, form, size = words.case(case), style.CASE_MARKERS[case], _SIZES.get(case, _SIZE)
    colour = style.CASE_COLOURS[case]
    if case == _STRICT:
        return Sign(name, form, size, None, colour, 1.0)
    return Sign(name, form, size, colour, style.WHITE, 0.5)


def _with_base(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return which rows carry the base year: the baseline's, unless it is the same year."""
    other = rows["base_position"].notna() & (rows["base_year"] != rows["year"])
    return other & (rows["case"] == "baseline")


def _name(panel: Panel, y: float, row: Any, words: Words) -> None:
    """Write the name of a target left of its line, with its limit or that it has no value."""
    left, gap = panel.across[0], (-_NAME_GAP, 0.0)
    name = wrap(words.name(str(row.target)), (_LEFT - 0.2) * style.POINTS / style.NORMAL, 1)
    if row.empty:
        panel.label(name, left, y, colour=style.GREY, side="right", shift=gap)
        none = words.say(_NOT_COMPUTED)
        panel.label(none, panel.across[1], y, style.SMALL, style.GREY, shift=(_NONE_GAP, 0))
        return
    panel.label(name, left, y - 0.16, side="right", shift=gap)
    panel.label(_below(row, words), left, y + 0.2, style.TINY, style.GREY, side="right", shift=gap)


def _verdict(panel: Panel, x: float, y: float, row: Any) -> None:
    sign, colour = ("✓", style.MET) if row.reached else ("×", style.MISSED)
    if not isinstance(row.reached, bool):
        sign, colour = "–", style.GREY
    chance = "" if np.isnan(row.probability) else f" {row.probability:.0%}"
    for text, shift, size, ink in (
        (sign + chance, -0.16, style.NORMAL, colour),
        (like(row.value, row.limit), 0.2, style.TINY, style.GREY),
    ):
        panel.label(
            text, panel.across[0], y + shift, size, ink, side="middle", shift=(_right(x), 0)
        )


def _right(inch: float) -> float:
    return inch * style.POINTS


def _below(row: Any, words: Words) -> str:
    bound = f"{figures(row.limit)} {words.unit(str(row.unit))}"
    limit = words.say(_BOUND, bound=bound)
    if pd.isna(row.base_value) or pd.isna(row.base_year):
        return limit
    base = Text("{year}: {value}", "{year}年：{value}")
    value = like(row.base_value, row.limit)
    return f"{words.say(base, year=str(int(row.base_year)), value=value)}  {limit}"


def _heads(panel: Panel, columns: dict[str, float], words: Words) -> None:
    low, high = panel.across
    for case, x in columns.items():
        head = words.case(case).replace(" ", "\n")
        panel.label(
            head, low, panel.up[1], style.TINY, style.GREY, side="middle", level="bottom",
            shift=(_right(x), -3),
        )  # fmt: skip
    left = low + _FAR * (high - low) < _LIMIT
    panel.label(
        words.say(_LIMIT_NAME), _LIMIT, panel.up[0], style.TINY, style.MISSED,
        side="right" if left else "left", level="bottom", shift=(-2 if left else 2, -2),
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
