"""Least cost as a function of a target, with its kinks; one line per level of a second target."""

import numpy as np
import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page
from lantian.report.frames import RunTables, pick
from lantian.report.lettering import wrap
from lantian.report.marks import (
    base_line,
    numbers_below,
    numbers_left,
    rules_up,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words

_LEFT, _RIGHT, _TALL = 0.85, 1.75, 3.3
_KEY_LINE, _KEY_ROOM = 0.27, 0.2
_MOST_DOTS = 80
_LONG = 1e5  # a value from which numbers on the axis are shortened
_EDGE, _ROOM = 0.02, 0.05  # parts of a range left free at the ends of an axis
_SHADED = 0.25  # opacity of what lies between a curve and its bound
_DASH = (4.0, 2.0)
_SHADES = ("#9fc3dd", "#6fa3c8", "#3f7fb0", "#235c8a", "#123b5d")
_MIDDLE = 2  # the shade of a single curve
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
    kinks = rows[rows["kind"] == "kink"]
    panel = _panel(page, rows, kinks)
    ticks = ticks_within(*panel.up)
    rules_up(panel, ticks.places)
    entries = _curves(panel, kinks, page.words) + _marks(panel, rows, page.words)
    scale = _scale(rows, page.words)
    base_line(panel)
    side_line(panel)
    numbers_left(panel, ticks.places, [scale.say(place) for place in ticks.places], marked=True)
    title_left(panel, page.words.say(_COST, unit=scale.unit), _LEFT - 0.2)
    places = ticks_within(*panel.across, 6).places
    say = page.words.amount if kinks["value"].max() < _LONG else page.words.compact
    numbers_below(panel, places, [say(place) for place in places], _axis_name(rows, page.words))
    _key(page, panel, entries)


def _panel(page: Page, rows: pd.DataFrame, kinks: pd.DataFrame) -> Panel:
    value = kinks["value"].to_numpy(np.float64)
    cost = pd.concat([rows["cost"], kinks["bound_cost"]]).dropna().to_numpy(np.float64)
    spare = _EDGE * np.ptp(value)
    room = _ROOM * (np.ptp(cost) or 1.0)
    return page.panel(
        _LEFT, style.HEAD + 0.1, page.width - _LEFT - _RIGHT, _TALL,
        (value.max() + spare, value.min() - spare), (cost.min() - room, cost.max() + room),
    )  # fmt: skip


def _axis_name(rows: pd.DataFrame, words: Words) -> str:
    first = rows.iloc[0]
    unit = words.unit(str(first["target_unit"]))
    return words.say(_AXIS, name=_name(str(first["target"]), words), unit=unit)


Entry = tuple[str, str, str]
"""Name, form and colour of a line or mark in the key."""


def _curves(panel: Panel, kinks: pd.DataFrame, words: Words) -> list[Entry]:
    slices = sorted(set(kinks["slice"]))
    entries = []
    for k, number in enumerate(slices):
        part = kinks[kinks["slice"] == number].sort_values("order")
        shade = k * (len(_SHADES) - 1) // (len(slices) - 1) if len(slices) > 1 else _MIDDLE
        _curve(panel, part, _SHADES[shade])
        entries.append((_curve_name(part.iloc[0], words), "line", _SHADES[shade]))
    return entries


def _curve(panel: Panel, part: pd.DataFrame, colour: str) -> None:
    value, cost = part["value"].to_numpy(np.float64), part["cost"].to_numpy(np.float64)
    if (part["gap"] > 0).any():
        corner = part[["bound_value", "bound_cost"]].to_numpy(np.float64)[1:]
        low = np.empty((2 * len(corner) + 1, 2))
        low[0::2] = np.column_stack([value, cost])
        low[1::2] = corner
        panel.area(np.r_[value, low[::-1, 0]], np.r_[cost, low[::-1, 1]], colour, _SHADED)
    panel.line(value, cost, colour, 1.4)
    if len(part) <= _MOST_DOTS:
        panel.dots(value, cost, "o", 2, colour)


def _curve_name(first: pd.Series, words: Words) -> str:
    if not first["against"] or np.isnan(first["against_limit"]):
        return words.case("least_cost")
    return words.say(
        _LEVEL,
        name=_name(str(first["against"]), words),
        value=words.amount(float(first["against_limit"])),
        unit=words.unit(str(first["against_unit"])),
    )


def _marks(panel: Panel, rows: pd.DataFrame, words: Words) -> list[Entry]:
    entries: list[Entry] = []
    limit = float(rows["limit"].iloc[0])
    kinks = rows.loc[rows["kind"] == "kink", "value"]
    if kinks.min() <= limit <= kinks.max():
        panel.line((limit, limit), panel.up, style.GREY, 0.8, _DASH)
        entries.append((words.say(_LIMIT), "dashes", style.GREY))
    for case in ("plan", "least_cost"):
        own = rows[rows["kind"] == case]
        if len(own):
            form, colour = style.CASE_MARKERS[case], style.CASE_COLOURS[case]
            panel.dots(own["value"], own["cost"], form, 6, colour, style.WHITE, 0.6)
            entries.append((words.case(case), form, colour))
    return entries


def _key(page: Page, panel: Panel, entries: list[Entry]) -> None:
    """Name lines and marks at the right."""
    left, tall = panel.right + 0.08, _KEY_LINE * len(entries)
    here = page.panel(left, panel.top, 1.0, tall, (0, 1.0), (tall, 0))
    room = (page.width - left - _KEY_ROOM - style.MARGIN) * style.POINTS / style.SMALL
    for n, (name, form, colour) in enumerate(entries):
        y = (n + 0.5) * _KEY_LINE
        if form in ("line", "dashes"):
            dash = _DASH if form == "dashes" else ()
            here.line((0, 0.14), (y, y), colour, 1.4 if form == "line" else 0.8, dash)
        else:
            here.dots(0.07, y, form, 6, colour, style.WHITE, 0.6)
        here.label(wrap(name, room, 3), _KEY_ROOM, y, style.SMALL)


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
