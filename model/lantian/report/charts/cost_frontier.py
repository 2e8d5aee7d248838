"""Least cost as a function of a target, with its kinks; one line per level of a second target."""

from dataclasses import replace

import numpy as np

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    base_line,
    intervals,
    numbers_below,
    numbers_left,
    room_for_numbers,
    rules_up,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.chart import Chart, Page
from lantian.report.frames import Asked, Row, distinct, pick, rows_of
from lantian.report.keys import Dot, Entry, Stroke, draw_key
from lantian.report.lettering import Floats
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import FRONTIER
from lantian.results.frame import Frame, make_frame
from lantian.vocabulary import OF_TARGET

_TALL = 3.0
_MOST_DOTS = 80
_LONG = 1e5  # a value from which numbers on the axis are shortened
_EDGE, _ROOM = 0.02, 0.05  # parts of a range left free at the ends of an axis
_SHADED = 0.25  # opacity of what lies between a curve and its bound
_DASH = (4.0, 2.0)
_SHADES = ("#9fc3dd", "#6fa3c8", "#3f7fb0", "#235c8a", "#123b5d")
_MIDDLE = 2  # the shade of a single curve
_AXIS = Text("{name} [{unit}], falling to the right", "{name} [{unit}]，向右降低")
_COST = Text("least annual net cost [{unit}]", "最低年净成本 [{unit}]")
_LIMIT = Text("Limit of the scenario", "情景限值")
_CURVE = Text("Least cost of each limit", "各限值的最低成本")
_LEVEL = Text("{name} ≤ {value} {unit}", "{name} ≤ {value} {unit}")
_FREE = Text("other targets not asked for", "不要求其他目标")
_HELD = Text("other targets held at their limits", "其他目标保持在限值")
_EXACT = Text("every kink is found", "已求出全部折点")
_BOUNDED = Text(
    "the true cost lies at most 1 % below the lines, within the shaded bounds",
    "真实成本比折线至多低1%，其下界以阴影表示",
)

DRAWN = replace(FRONTIER, name="cost-frontier")


def frame(asked: Asked) -> Frame:
    """Return kinks per curve and the points of plan and least cost."""
    rows = asked.rows("frontier")
    moved = [row for row in rows if row.kind == "kink" and row.order]
    pick(moved, Text("the target cannot be moved", "目标值无法变动"))
    return make_frame(DRAWN, [row._asdict() for row in rows])


def draw(page: Page, drawn: Frame) -> float:
    """Draw one line per level of the second target, bounds, the limit and the known mixes."""
    rows, words = rows_of(drawn), page.words
    kinks = [row for row in rows if row.kind == "kink"]
    said = words.say(_HELD if rows[0].others == "held" else _FREE)
    top = page.write(said, page.top, style.SMALL, style.GREY) + 0.05
    top = draw_key(page, _key(rows, words), top) + 0.1
    across, up = _limits(rows, kinks)
    scale = _scale(rows, words)
    ticks = ticks_within(*up, intervals(_TALL))
    names = [scale.say(place) for place in ticks.places]
    left = page.left + room_for_numbers(names, marked=True) + 0.16
    free = page.bottom - top - BELOW
    tall = free if page.layout.fixed else min(_TALL, free)
    panel = page.panel(left, top, page.right - left - 0.15, tall, across, up)
    rules_up(panel, ticks.places)
    for number, colour in _shades(kinks).items():
        own = [row for row in kinks if row.curve == number]
        _draw_curve(panel, sorted(own, key=lambda row: row.order), colour)
    _draw_marks(panel, rows, kinks, words)
    base_line(panel)
    side_line(panel)
    numbers_left(panel, ticks.places, names, marked=True)
    title_left(panel, words.say(_COST, unit=scale.unit), page.left + 0.04)
    places = ticks_within(*panel.across, 6 if panel.width > _TALL else 3).places
    say = words.amount if max(row.value for row in kinks) < _LONG else words.compact
    return numbers_below(panel, places, [say(place) for place in places], _axis_name(rows, words))


def _limits(rows: list[Row], kinks: list[Row]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of both axes; the target falls to the right."""
    value = np.array([row.value for row in kinks])
    costs = [*(row.cost for row in rows), *(row.bound_cost for row in kinks)]
    cost = np.array([c for c in costs if c == c])
    spare, room = _EDGE * np.ptp(value), _ROOM * (np.ptp(cost) or 1.0)
    across = float(value.max() + spare), float(value.min() - spare)
    return across, (float(cost.min() - room), float(cost.max() + room))


def _shades(kinks: list[Row]) -> dict[int, str]:
    """Return the colour of each curve, darker for a tighter second target."""
    slices = sorted(distinct(kinks, "curve"))
    if len(slices) == 1:
        return {slices[0]: _SHADES[_MIDDLE]}
    last = len(slices) - 1
    return {n: _SHADES[k * (len(_SHADES) - 1) // last] for k, n in enumerate(slices)}


def _key(rows: list[Row], words: Words) -> list[Entry]:
    kinks = [row for row in rows if row.kind == "kink"]
    entries: list[Entry] = [
        Stroke(_curve_name(next(r for r in kinks if r.curve == n), words), colour, 1.4)
        for n, colour in _shades(kinks).items()
    ]
    if _limit_shown(kinks) is not None:
        entries.append(Stroke(words.say(_LIMIT), style.MISSED, 1.0, _DASH))
    known = distinct(rows, "kind")
    return entries + [_dot(case, words) for case in ("plan", "least_cost") if case in known]


def _dot(case: str, words: Words) -> Dot:
    form, colour = style.CASE_MARKERS[case], style.CASE_COLOURS[case]
    return Dot(words.case(case), form, 6, colour, style.WHITE, 0.6)


def _curve_name(first: Row, words: Words) -> str:
    if not first.against or first.against_limit != first.against_limit:
        return words.say(_CURVE)
    return words.say(
        _LEVEL,
        name=_name(first.against, words),
        value=words.amount(first.against_limit),
        unit=words.unit(first.against_unit),
    )


def _limit_shown(kinks: list[Row]) -> float | None:
    """Return the limit of the scenario where it lies on the axis."""
    limit, values = kinks[0].limit, [row.value for row in kinks]
    return limit if min(values) <= limit <= max(values) else None


def _draw_curve(panel: Panel, part: list[Row], colour: str) -> None:
    value = np.array([row.value for row in part])
    cost = np.array([row.cost for row in part])
    if any(row.gap > 0 for row in part):
        low = _bounds(part, value, cost)
        panel.area(np.r_[value, low[::-1, 0]], np.r_[cost, low[::-1, 1]], colour, _SHADED)
    panel.line(value, cost, colour, 1.4)
    if len(part) <= _MOST_DOTS:
        panel.dots(value, cost, "o", 2, colour)


def _bounds(part: list[Row], value: Floats, cost: Floats) -> Floats:
    """Return the corners below which no mix can lie, with the kinks between them."""
    low = np.empty((2 * len(part) - 1, 2))
    low[0::2] = np.column_stack([value, cost])
    low[1::2] = [(row.bound_value, row.bound_cost) for row in part[1:]]
    return low


def _draw_marks(panel: Panel, rows: list[Row], kinks: list[Row], words: Words) -> None:
    limit = _limit_shown(kinks)
    if limit is not None:
        panel.line((limit, limit), panel.up, style.MISSED, 1.0, _DASH)
    for case in ("plan", "least_cost"):
        for row in rows:
            inside = min(panel.across) <= row.value <= max(panel.across)
            if row.kind == case and inside:
                _dot(case, words).draw(panel, row.value, row.cost)


def _axis_name(rows: list[Row], words: Words) -> str:
    unit = words.unit(rows[0].target_unit)
    return words.say(_AXIS, name=_name(rows[0].target, words), unit=unit)


def _scale(rows: list[Row], words: Words) -> Scale:
    return words.scale([max(abs(row.cost) for row in rows)], rows[0].unit, money=True)


def _name(key: str, words: Words) -> str:
    known = words.labels.keys() & {key, OF_TARGET + key}
    return words.target(key) if known else words.pollutant(key)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the target, the ends of the loosest curve, its method and precision."""
    rows = rows_of(drawn)
    kinks = [row for row in rows if row.kind == "kink"]
    loosest = min(row.curve for row in kinks)
    part = sorted((row for row in kinks if row.curve == loosest), key=lambda row: row.order)
    first, last = part[0], part[-1]
    scale = _scale(rows, words)
    known = [row for row in rows if row.kind in ("plan", "least_cost")]
    mixes = [
        words.say(
            _MIX, name=words.case(row.kind), cost=scale.short(row.cost),
            value=words.amount(row.value),
        )
        for row in known
    ]  # fmt: skip
    return {
        "name": _name(first.target, words),
        "unit": words.unit(first.target_unit),
        "money": scale.unit,
        "from": words.amount(first.value),
        "to": words.amount(last.value),
        "low": scale.short(first.cost),
        "high": scale.short(last.cost),
        "n": str(len(kinks)),
        "curves": str(len(distinct(kinks, "curve"))),
        "others": words.say(_HELD if first.others == "held" else _FREE),
        "precision": words.say(
            _EXACT if all(row.precision == "exact" for row in kinks) else _BOUNDED
        ),
        "mixes": words.say(_MIXES, values=words.phrases(mixes)) if mixes else "",
        "year": str(first.year),
    }


_MIX = Text("{name} {cost} at {value}", "{name}{cost}（{value}）")
_MIXES = Text(" For comparison: {values}.", "对照：{values}。")

CHART = Chart(
    id="cost-frontier",
    rank=57,
    reads=("frontier",),
    title=Text("Least cost of every limit on {name}, {year}", "{year}年{name}最低控制成本曲线"),
    caption=Text(
        "Least cost with all measures at hand, {curves} curve(s) with {n} points; with {name} "
        "falling from {from} to {to} {unit} the first costs {low} to {high} {money}. Its slope is "
        "the shadow price.{mixes} Method: integrated linear programme, {others}; {precision}.",
        "在全部措施中求得的最低成本，共{curves}条曲线、{n}个点；{name}由{from}降至{to}{unit}，"
        "首条曲线的成本由{low}升至{high}{money}。曲线斜率即影子价格。{mixes}"
        "方法：综合线性规划，{others}；{precision}。",
    ),
    alt=Text(
        "Convex curve of cost against {name}, {others}: {low} to {high} {money} from {from} to "
        "{to} {unit}.{mixes}",
        "成本随{name}变化的凸曲线（{others}）：由{from}至{to}{unit}，成本由{low}至{high}{money}。{mixes}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
