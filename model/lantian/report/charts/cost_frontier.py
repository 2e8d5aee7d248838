"""Least cost as a function of a target, with its kinks; one line per level of a second target."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.marks import amount_axis, number_ticks
from lantian.report.words import Scale, Text, Words

_LEFT, _RIGHT, _TALL = 0.85, 1.75, 3.3
_MOST_DOTS = 80
_SHADES = ("#9fc3dd", "#6fa3c8", "#3f7fb0", "#235c8a", "#123b5d")
_AXIS = Text("{name} [{unit}], falling to the right", "{name} [{unit}]，向右降低")
_COST = Text("least cost [{unit}]", "最低成本 [{unit}]")
_LIMIT = Text("target", "目标")
_LEVEL = Text("{name} ≤ {value} {unit}", "{name} ≤ {value} {unit}")
_FREE = Text("other targets not asked for", "不要求其他目标")
_HELD = Text("other targets held", "其他目标保持不变")
_EXACT = Text("every kink is found", "已求出全部折点")
_BOUNDED = Text(
    "the true cost lies at most 1 % below the lines, within the shaded bounds",
    "真实成本比折线至多低1%，其下界以阴影表示",
)


def frame(run: RunTables) -> pd.DataFrame:
    """Return kinks per curve and the points of plan and least cost."""
    rows = run.table("frontier")
    kinks = rows[rows["kind"] == "kink"]
    pick(kinks[kinks["order"] > 0], Text("the target cannot be moved", "目标值无法变动"))
    return rows.assign(against=rows["against"].astype(object).fillna(""))


def draw(page: Page, rows: pd.DataFrame) -> None:
    """Draw one line per slice, its bounds, the promised limit and the known mixes.

    Parameters
    ----------
    page
        Where to draw, and the words of its reader.
    rows
        The chart's table, as its frame function gives it.
    """
    axes = page.axes(_LEFT, style.HEAD + 0.1, page.width - _LEFT - _RIGHT, _TALL)
    kinks = rows[rows["kind"] == "kink"]
    slices = sorted(set(kinks["slice"]))
    for k, number in enumerate(slices):
        part = kinks[kinks["slice"] == number].sort_values("order")
        place = (
            len(_SHADES) // 2
            if len(slices) == 1
            else k * (len(_SHADES) - 1) // max(len(slices) - 1, 1)
        )
        _curve(axes, part, _SHADES[place], page.words)
    _marks(axes, rows, page.words)
    value = kinks["value"].to_numpy(np.float64)
    axes.set_xlim(value.max() + 0.02 * np.ptp(value), value.min() - 0.02 * np.ptp(value))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(number_ticks(page.words, value.max()))
    scale = _scale(rows, page.words)
    amount_axis(axes.yaxis, scale)
    first = rows.iloc[0]
    axes.set_xlabel(
        page.words.say(
            _AXIS,
            name=_name(str(first["target"]), page.words),
            unit=page.words.unit(str(first["target_unit"])),
        )
    )
    axes.set_ylabel(page.words.say(_COST, unit=scale.unit))
    axes.grid(axis="y", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    style.bare(axes, "bottom", "left")
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.02, 1.0),
        frameon=False,
        fontsize=style.SMALL,
        borderaxespad=0.0,
        handlelength=1.4,
    )


def _curve(axes: Axes, part: pd.DataFrame, colour: str, words: Words) -> None:
    value, cost = part["value"].to_numpy(np.float64), part["cost"].to_numpy(np.float64)
    first = part.iloc[0]
    name = words.case("least_cost")
    if first["against"] and not np.isnan(first["against_limit"]):
        name = words.say(
            _LEVEL,
            name=_name(str(first["against"]), words),
            value=words.amount(float(first["against_limit"])),
            unit=words.unit(str(first["against_unit"])),
        )
    axes.plot(value, cost, color=colour, linewidth=1.4, label=name, zorder=3)
    if len(part) <= _MOST_DOTS:
        axes.plot(value, cost, ".", color=colour, markersize=3.5, zorder=3)
    if (part["gap"] > 0).any():
        corner = part[["bound_value", "bound_cost"]].to_numpy(np.float64)[1:]
        low = np.empty((2 * len(corner) + 1, 2))
        low[0::2] = np.column_stack([value, cost])
        low[1::2] = corner
        axes.fill(
            np.r_[value, low[::-1, 0]],
            np.r_[cost, low[::-1, 1]],
            color=colour,
            alpha=0.25,
            linewidth=0,
        )


def _marks(axes: Axes, rows: pd.DataFrame, words: Words) -> None:
    for case in ("plan", "least_cost"):
        own = rows[rows["kind"] == case]
        if len(own):
            axes.plot(
                own["value"],
                own["cost"],
                style.CASE_MARKERS[case],
                color=style.CASE_COLOURS[case],
                ms=6,
                mec="#ffffff",
                mew=0.6,
                zorder=4,
                label=words.case(case),
                linestyle="none",
                clip_on=False,
            )
    limit = rows["limit"].iloc[0]
    kinks = rows.loc[rows["kind"] == "kink", "value"]
    if kinks.min() <= limit <= kinks.max():
        axes.axvline(
            limit, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), label=words.say(_LIMIT)
        )


def _scale(rows: pd.DataFrame, words: Words) -> Scale:
    return words.scale([float(rows["cost"].abs().max())], str(rows["unit"].iloc[0]), money=True)


def _name(key: str, words: Words) -> str:
    return words.name(key) if key in words.labels else words.pollutant(key)


def height(rows: pd.DataFrame) -> float:
    """Return the height of plot, axis names and foot [inch]."""
    return style.HEAD + 0.1 + _TALL + 0.5 + style.FOOT


def facts(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the target, the ends of the loosest curve, its method and precision.

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
    kinks = rows[rows["kind"] == "kink"]
    part = kinks[kinks["slice"] == kinks["slice"].min()].sort_values("order")
    first, last = part.iloc[0], part.iloc[-1]
    scale = _scale(rows, words)
    exact = (kinks["precision"] == "exact").all()
    return {
        "name": _name(str(first["target"]), words),
        "unit": words.unit(str(first["target_unit"])),
        "money": scale.unit,
        "from": words.amount(float(first["value"])),
        "to": words.amount(float(last["value"])),
        "low": scale.short(float(first["cost"])),
        "high": scale.short(float(last["cost"])),
        "n": str(len(kinks)),
        "curves": str(kinks["slice"].nunique()),
        "others": words.say(_HELD if first["others"] == "held" else _FREE),
        "precision": words.say(_EXACT if exact else _BOUNDED),
        "year": str(int(first["year"])),
    }


CHART = Chart(
    id="cost-frontier",
    rank=57,
    title=Text("Least cost of every limit on {name}, {year}", "{year}年{name}最低控制成本曲线"),
    caption=Text(
        "Least cost with all measures at hand, {curves} curve(s) with {n} points; from {from} to "
        "{to} {unit} the first costs {low} to {high} {money}. Its slope is the shadow price. "
        "Method: integrated linear programme, {others}; {precision}.",
        "在全部措施中求得的最低成本，共{curves}条曲线、{n}个点；{name}由{from}降至{to}{unit}，"
        "首条曲线的成本由{low}升至{high}{money}。曲线斜率即影子价格。方法：综合线性规划，{others}；{precision}。",
    ),
    alt=Text(
        "Convex curve of cost against {name}: {low} to {high} {money} from {from} to {to} {unit}.",
        "成本随{name}变化的凸曲线：由{from}至{to}{unit}，成本由{low}至{high}{money}。",
    ),
    frame=frame,
    draw=draw,
    height=height,
    facts=facts,
)
