"""Marginal cost curve: width is reduction, height is yuan per tonne; one figure per pollutant.

Steps that follow one another are merged where that changes the curve least, until they can be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.report import style
from lantian.report.axes import (
    BELOW,
    amounts_below,
    base_line,
    intervals,
    numbers_left,
    room_for_numbers,
    rules_up,
    side_line,
    ticks_within,
    title_left,
)
from lantian.report.chart import Chart, Page, amount, count, declare
from lantian.report.frames import (
    Asked,
    Row,
    distinct,
    limits_of_totals,
    pick,
    pollutant_order,
    rows_of,
    sums,
)
from lantian.report.keys import draw_key, swatches
from lantian.report.lettering import PITCH, width, wrap
from lantian.report.paper import Panel
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import MEASURE, POLLUTANT, SECTOR, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_STEPS = 30  # after merging
_NAMED = 12
_TALL = 2.7
_SEEN = 0.9  # part of the reduction whose steps are drawn in full
_CAP = 1.25  # height of the axis, the highest of these steps or of a mark being 1
_BELOW_NOUGHT = 0.35  # the same for steps below nought, at most
_WIDE, _HIGH = 9.0, 7.0  # room a number takes [point]
_NEXT = 16.0  # steps of one number nearer than this are numbered once [point]
_CLEAR = 0.21  # above the plot area, for numbers of steps that reach its top [inch]
_STRIP = 0.54  # above the plot area, for the names of marks [inch]
_LINE = 0.155  # of the list of measures [inch]
_NUMBER = 0.3  # room for colour and number in the list [inch]
_MARKS = ("plan", "limit", "knee")
_MARK_NAMES = {
    "plan": Text("plan", "方案"),
    "limit": Text("limit", "限值"),
    "knee": Text("knee", "拐点"),
}
_METHODS = {
    "integrated": Text(
        "least cost of each further tonne with all measures at hand",
        "在全部措施中按最低成本逐吨增加减排量",
    ),
    "alone": Text("each measure on its own against the baseline", "各项措施单独与基准情景比较"),
}
_REDUCTION = Text("reduction [{unit}]", "累计减排量 [{unit}]")
_IN_YEAR = Text(" in {year}", "{year}年")
_COST = Text("cost [{unit}]", "单位减排成本 [{unit}]")
_BEYOND = Text("cut off: {values}", "超出纵轴：{values}")
_UP_TO = Text("up to {value}", "最高{value}")
_DOWN_TO = Text("down to {value}", "最低{value}")
_NO_LEAST_COST = Text("the run has no least-cost case", "运行结果无最低成本情景")
_NO_PLAN = Text("the run has no plan", "运行结果无方案")
_NO_LIMIT = Text("the pollutant has no limit, or the baseline keeps it", "无限值或基准情景已达限值")

DRAWN = declare(
    "marginal-cost",
    Text("Steps of the marginal cost curve, merged", "合并后的边际减排成本台阶"),
    ("pollutant", "left"),
    replace(YEAR, blank=_NO_LEAST_COST),
    POLLUTANT,
    amount("left", "reduction before the step", "台阶起点"),
    amount("reduction", "reduction of the step", "减排量"),
    amount("unit_cost", "mean cost of the step", "平均单位成本", "cost_unit"),
    amount("dearest", "cost of its dearest part", "最高单位成本", "cost_unit"),
    MEASURE,
    SECTOR,
    count("merged", "steps of the curve that it is made of", "合并的台阶数"),
    amount("plan", "reduction of the plan", "方案减排量", blank=_NO_PLAN),
    amount("limit", "reduction that the limit asks for", "限值要求的减排量", blank=_NO_LIMIT),
    amount("knee", "reduction beyond which costs rise steeply", "成本急升点"),
    UNIT,
    replace(UNIT, name="cost_unit"),
    replace(UNIT, name="method", means=Text("how the curve was made", "方法")),
)


def frame(asked: Asked) -> Frame:
    """Return steps in the order of the curve, merged to be read, and what is marked on it."""
    rows = [r for r in asked.rows("macc") if r.reduction > 0 and r.unit_cost == r.unit_cost]
    rows = pick(rows, Text("no step with a known cost", "没有成本已知的减排步骤"))
    year = _year(asked)
    sectors = {row.measure: row.sector for row in asked.some("measures")}
    cells: list[dict[str, object]] = []
    for pollutant in pollutant_order(distinct(rows, "pollutant")):
        own = sorted((r for r in rows if r.pollutant == pollutant), key=lambda row: row.order)
        steps = _merged([_Step.of(row) for row in own])
        marks = {"knee": _knee(steps), **_marks(asked, pollutant, year)}
        left = 0.0
        for step in steps:
            cells.append(
                {
                    "year": year,
                    "pollutant": pollutant,
                    "left": left,
                    "reduction": step.reduction,
                    "unit_cost": step.cost,
                    "dearest": step.dearest,
                    "measure": step.measure,
                    "sector": sectors.get(step.measure, "inventory"),
                    "merged": step.count,
                    **{name: marks.get(name) for name in _MARKS},
                    "unit": "t/a",
                    "cost_unit": own[0].unit,
                    "method": own[0].method,
                }
            )
            left += step.reduction
    return make_frame(DRAWN, cells)


def _year(asked: Asked) -> int | None:
    """Return the year in which measures were compared: that of the least-cost case."""
    years = [row.year for row in asked.some("measures") if row.case == "least_cost"]
    return max(years, default=None)


def _marks(asked: Asked, pollutant: str, year: int | None) -> dict[str, float]:
    """Return by how much the plan cuts a pollutant, and what its limit asks for [t/a]."""
    own = [r for r in asked.some("emissions") if r.pollutant == pollutant and r.year == year]
    totals = sums(own, ("case",))
    before = totals.get(("baseline",))
    if before is None:
        return {}
    found = {}
    if ("plan",) in totals:
        found["plan"] = before - totals["plan",]
    limit = limits_of_totals(asked).get(pollutant, {}).get(year or 0)
    if limit is not None and limit < before:
        found["limit"] = before - limit
    return found


@dataclass(frozen=True)
class _Step:
    """One step of the curve, or several that follow one another."""

    reduction: float
    cost: float
    dearest: float
    shares: tuple[tuple[str, float], ...]
    count: int = 1

    @classmethod
    def of(cls, row: Row) -> "_Step":
        """Return the step of a row."""
        shares = ((row.measure, row.reduction),)
        return cls(row.reduction, row.unit_cost, row.unit_cost, shares)

    @property
    def measure(self) -> str:
        """Return the measure that cuts most in it."""
        whole: dict[str, float] = {}
        for name, part in self.shares:
            whole[name] = whole.get(name, 0.0) + part
        return max(whole, key=lambda name: whole[name])

    def joined(self, other: "_Step") -> "_Step":
        """Return both as one step of their mean cost."""
        reduction = self.reduction + other.reduction
        paid = self.reduction * self.cost + other.reduction * other.cost
        dearest = max(self.dearest, other.dearest)
        shares = self.shares + other.shares
        return _Step(reduction, paid / reduction, dearest, shares, self.count + other.count)

    def moved(self, other: "_Step") -> float:
        """Return by how much the curve changes where both are joined: an area [yuan/a]."""
        both = self.reduction + other.reduction
        return 2 * self.reduction * other.reduction / both * abs(self.cost - other.cost)


def _merged(steps: Sequence[_Step]) -> list[_Step]:
    """Return no more steps than can be read: neighbours are joined where that changes least."""
    found = list(steps)
    for n in range(len(found) - 1, 0, -1):
        if found[n].measure == found[n - 1].measure and found[n].cost == found[n - 1].cost:
            found[n - 1 : n + 1] = [found[n - 1].joined(found[n])]
    changes = [found[n].moved(found[n + 1]) for n in range(len(found) - 1)]
    while len(found) > _STEPS:
        n = int(np.argmin(changes))
        found[n : n + 2] = [found[n].joined(found[n + 1])]
        del changes[n]
        for k in (n - 1, n):
            if 0 <= k < len(changes):
                changes[k] = found[k].moved(found[k + 1])
    return found


def _knee(steps: Sequence[_Step]) -> float:
    """Return the reduction at which the curve is furthest below a straight line to its end.

    Of the part that is drawn in full, so that the last and dearest tonnes do not decide.
    """
    ends = np.cumsum([step.reduction for step in steps])
    costs = np.array([step.cost for step in steps])
    seen = ends <= max(_SEEN * ends[-1], ends[0])
    x, y = ends[seen] / ends[seen][-1], costs[seen]
    span = float(np.ptp(y)) or 1.0
    return float(ends[seen][int(np.argmax(x - (y - y.min()) / span))])


def draw(page: Page, drawn: Frame) -> float:
    """Draw the steps, number the widest and list them, with a key of the sectors."""
    rows, words = rows_of(drawn), page.words
    sectors = style.sector_order(distinct(rows, "sector"))
    colours = page.tints(sectors)
    top = draw_key(page, swatches({words.name(s): colours[s] for s in sectors}), page.top)
    numbers = _numbered(rows)
    beside = page.layout.name != "column"
    listed = _list_height(page, numbers, beside)
    scale = _unit(rows, words)
    limits = _limits(rows)
    ticks = ticks_within(*limits, intervals(_TALL))
    names = [scale.say(place) for place in ticks.places]
    left = page.left + room_for_numbers(names, marked=True) + 0.16
    right = page.right - (_list_width(page) + 0.15 if beside else 0.08)
    marks = _STRIP
    free = page.bottom - top - marks - BELOW - (0.0 if beside else listed)
    tall = free if page.layout.fixed else min(_TALL, free)
    total = sum(row.reduction for row in rows)
    ends = [total, *(v for v in (rows[0].plan, rows[0].limit) if v == v)]
    panel = page.panel(left, top + marks, right - left, tall, (0, max(ends) * 1.01), limits)
    rules_up(panel, ticks.places)
    _draw_steps(panel, rows, colours)
    panel.line(panel.across, (0, 0), style.GREY, 0.6)
    base_line(panel)
    side_line(panel)
    numbers_left(panel, ticks.places, names, marked=True)
    title_left(panel, words.say(_COST, unit=scale.unit), page.left + 0.04)
    tonnes = words.scale([total], rows[0].unit)
    end = amounts_below(panel, tonnes, words.say(_REDUCTION, unit=tonnes.unit))
    _number(panel, rows, numbers)
    _draw_marks(panel, rows[0], words, _beyond(panel, rows, scale, words))
    if beside:
        _list(page, numbers, colours, rows, (right + 0.15, top + 0.06))
        return max(end, top + 0.06 + listed)
    return _list(page, numbers, colours, rows, (page.left, end + 0.08))


def _numbered(rows: list[Row]) -> dict[str, int]:
    """Return the numbers of the measures with the widest steps, in the order of the curve."""
    wide = sorted(rows, key=lambda row: -row.reduction)[:_NAMED]
    return {
        measure: n + 1
        for n, measure in enumerate(distinct([row for row in rows if row in wide], "measure"))
    }


def _limits(rows: list[Row]) -> tuple[float, float]:
    """Return the ends of the cost axis: what the last tonnes cost does not stretch it."""
    total = sum(row.reduction for row in rows)
    marks = [v for v in (rows[0].plan, rows[0].limit) if v == v]
    upto = max([_SEEN * total, *(mark for mark in marks if mark < total)])
    seen = [row.unit_cost for row in rows if row.left < upto * _NEARLY]
    high, low = max([*seen, 0.0]), min(row.unit_cost for row in rows)
    top = high * _CAP if high > 0 else -low * _BELOW_NOUGHT
    return max(low * _CAP, -top * _BELOW_NOUGHT) if low < 0 else 0.0, top


_NEARLY = 0.999  # a step that begins at a mark lies beyond it


def _unit(rows: list[Row], words: Words) -> Scale:
    return words.scale([max(map(abs, _limits(rows)))], rows[0].cost_unit)


def _draw_steps(panel: Panel, rows: list[Row], colours: Mapping[str, str]) -> None:
    """Draw the steps, those beyond the axis cut off; narrow ones have no white edge."""
    tops = np.clip([row.unit_cost for row in rows], *panel.up)
    wide = np.array([row.reduction for row in rows])
    inches = wide / (panel.across[1] - panel.across[0]) * panel.width
    tints = [colours[row.sector] for row in rows]
    seen = inches * style.POINTS > _EDGED
    edges = [style.WHITE if n else t for n, t in zip(seen, tints, strict=True)]
    panel.boxes([row.left for row in rows], 0, wide, tops, tints, edges, 0.25)


_EDGED = 2.5  # width from which a step has a white edge [point]


def _beyond(panel: Panel, rows: list[Row], scale: Scale, words: Words) -> str:
    """Return what the steps cost that go beyond the axis; nothing where none does."""
    low, high = panel.up
    costs = [row.unit_cost for row in rows]
    said = []
    if max(costs) > high:
        said.append(words.say(_UP_TO, value=scale.short(max(row.dearest for row in rows))))
    if min(costs) < low:
        said.append(words.say(_DOWN_TO, value=scale.short(min(costs))))
    return words.say(_BEYOND, values=words.join(said)) if said else ""


def _number(panel: Panel, rows: list[Row], numbers: Mapping[str, int]) -> None:
    """Number the steps; a number that would touch another one moves away from the step."""
    taken: list[tuple[float, float]] = []
    seen: dict[int, float] = {}
    low, high = panel.up
    for row in rows:
        number = numbers.get(row.measure, 0)
        top = min(max(row.unit_cost, low), high)
        start, end = (
            float(panel.x(v)) * style.POINTS for v in (row.left, row.left + row.reduction)
        )
        x = max((start + end) / 2, panel.left * style.POINTS + _WIDE / 2)
        y = float(panel.y(top)) * style.POINTS
        if not number or end - start < _WIDE / 3 or x - seen.get(number, -_NEXT) < _NEXT:
            continue
        away = -1 if top >= 0 else 1
        lift = 2.0
        while any(abs(x - a) < _WIDE and abs(y + away * lift - b) < _HIGH for a, b in taken):
            lift += 1.0
        if lift > _HIGH:
            continue
        seen[number] = x
        taken.append((x, y + away * lift))
        panel.paper.write(
            str(number), x / style.POINTS, (y + away * lift) / style.POINTS, style.TINY,
            side="middle", level="bottom" if away < 0 else "top",
        )  # fmt: skip


def _draw_marks(panel: Panel, first: Row, words: Words, beyond: str) -> None:
    """Mark the reduction of the plan, of the limit and of the knee, names above where they fit."""
    found = [(getattr(first, name), name) for name in _MARKS]
    texts: list[tuple[str, float, str]] = []
    for x, name in sorted((x, name) for x, name in found if x == x and x > 0):
        colour = _MARK_COLOURS[name]
        panel.line((x, x), panel.up, colour, 1.0, () if name == "plan" else (4, 2))
        texts.append((words.say(_MARK_NAMES[name]), float(panel.x(x)), colour))
    if beyond:
        texts.append((beyond, panel.right, style.GREY))
    em = style.SMALL / style.POINTS
    placed: list[tuple[float, float, int]] = []
    for text, x, colour in texts:
        half = width(text) * em / 2
        at = max(min(x, panel.right - half), panel.left + half)
        line = next(
            n for n in range(len(texts))
            if all(abs(at - a) > half + h + 0.04 or n != m for a, h, m in placed)
        )  # fmt: skip
        placed.append((at, half, line))
        up = panel.top - _CLEAR - line * em * PITCH
        panel.paper.write(text, at, up, style.SMALL, colour, "middle", "bottom")


_MARK_COLOURS = {
    "plan": style.CASE_COLOURS["plan"],
    "limit": style.MISSED,
    "knee": style.GREY,
}


def _list_width(page: Page) -> float:
    return (page.right - page.left) * (0.34 if page.layout.name != "column" else 1.0)


def _list_height(page: Page, numbers: Mapping[str, int], beside: bool) -> float:
    return sum(_lines(page, measure) for measure in numbers) + 0.08


def _lines(page: Page, measure: str) -> float:
    said = wrap(page.words.name(measure), _list_room(page))
    return _LINE + said.count("\n") * style.SMALL * PITCH / style.POINTS


def _list_room(page: Page) -> float:
    return (_list_width(page) - _NUMBER) * style.POINTS / style.SMALL


def _list(
    page: Page,
    numbers: Mapping[str, int],
    colours: Mapping[str, str],
    rows: list[Row],
    corner: tuple[float, float],
) -> float:
    """List the numbered measures; return where the list ends."""
    left, y = corner
    sector = {row.measure: row.sector for row in rows}
    panel = page.panel(0, 0, page.width, 1.0, (0, page.width), (1.0, 0))
    for measure, number in numbers.items():
        middle = y + _LINE / 2
        panel.boxes(left, middle - 0.05, 0.1, 0.1, [colours[sector[measure]]], "#8a8a8a")
        panel.label(str(number), left + 0.24, middle, style.SMALL, side="right")
        said = wrap(page.words.name(measure), _list_room(page))
        page.paper.write(said, left + _NUMBER, y + 0.022, style.SMALL, level="top")
        y += _lines(page, measure)
    return y


def _method(name: str, words: Words) -> str:
    return words.say(_METHODS[name]) if name in _METHODS else words.given(name)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return pollutant, whole reduction, method, the marks and the ends of the curve."""
    rows = rows_of(drawn)
    first, last = rows[0], rows[-1]
    cost = {
        name: next((row.unit_cost for row in rows if row.left + row.reduction >= x), float("nan"))
        for name, x in ((name, getattr(first, name)) for name in _MARKS)
    }
    marked = [
        words.say(
            _MARK,
            name=words.say(_MARK_NAMES[name]),
            at=words.amount(round(getattr(first, name), 2)),
            cost=_price(cost[name], first.cost_unit, words),
        )
        for name in _MARKS
        if getattr(first, name) == getattr(first, name) and getattr(first, name) > 0
    ]
    return {
        "p": words.pollutant(first.pollutant),
        "total": words.amount(round(sum(row.reduction for row in rows), 2)),
        "method": _method(first.method, words),
        "n": str(len(rows)),
        "all": str(sum(row.merged for row in rows)),
        "cheap": words.name(first.measure),
        "low": _price(first.unit_cost, first.cost_unit, words),
        "dear": words.name(last.measure),
        "high": _price(last.unit_cost, first.cost_unit, words),
        "marks": words.phrases(marked),
        "year": "" if first.year is None else words.say(_IN_YEAR, year=str(first.year)),
    }


def _price(value: float, unit: str, words: Words) -> str:
    """Return a cost per tonne in the multiple of its unit that fits it."""
    if value != value:
        return "–"
    scale = words.scale([value], unit)
    return f"{scale.short(value)}{words.gap}{scale.unit}"


_MARK = Text("{name} at {at} t/a ({cost})", "{name}{at}吨/年（{cost}）")

CHART = Chart(
    id="marginal-cost",
    rank=50,
    reads=("macc", "measures", "emissions", "targets"),
    title=Text("What the next tonne of {p} costs{year}", "{year}{p}边际减排成本曲线"),
    caption=Text(
        "{all} steps merged into {n}, together {total} t/a of {p}, from {cheap} ({low}) to "
        "{dear} ({high}). Width: reduction; height: mean cost per tonne; numbers name the "
        "measure that cuts most in a wide step, colour its sector. Negative costs save money. "
        "Marked, with the cost of the step there: {marks}. Method: {method}.",
        "共{all}步，合并为{n}步，合计减排{p} {total}吨/年，由“{cheap}”（{low}）"
        "至“{dear}”（{high}）。宽度为减排量，高度为平均单位减排成本；较宽台阶标出其中减排最多的措施，"
        "颜色表示所属行业。成本为负表示节省。标线（括号内为该处成本）：{marks}。方法：{method}。",
    ),
    alt=Text(
        "Step curve of {p}: {total} t/a in {n} steps, from {low} to {high}. Marked: {marks}.",
        "{p}边际减排成本阶梯曲线：{n}步合计{total}吨/年，单位成本由{low}至{high}。标线：{marks}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
    split="pollutant",
)
