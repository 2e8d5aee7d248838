"""The way to each limit: inventory, then each case by year, with ranges and what was observed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lantian.report import style
from lantian.report.axes import (
    base_line,
    headline,
    intervals,
    limit_above,
    numbers_below,
    numbers_left,
    room_for_numbers,
    rules_up,
    ticks_from_nought,
)
from lantian.report.chart import Chart, Page, amount, declare, word
from lantian.report.frames import (
    Asked,
    Ends,
    Row,
    case_rank,
    distinct,
    leading_pollutants,
    limits_of_totals,
    pick,
    pollutant_order,
    rows_of,
    sampled_ranges,
    sums,
)
from lantian.report.keys import Dot, Entry, Stroke, Swatch, draw_key
from lantian.report.lettering import width
from lantian.report.paper import Panel
from lantian.report.state import SCALE, limit_at_state, limits_of, printed_scale, said_of_state
from lantian.report.words import Scale, Text, Words, figures
from lantian.results.contract import CASE, UNIT, YEAR
from lantian.results.frame import Frame, make_frame
from lantian.vocabulary import POLLUTANTS, TIER_OF

_CASES = ("baseline", "plan", "least_cost")
_PANELS = 6  # what a slide has room for
_INDICATORS, _POLLUTANTS = 4, 3  # of them, at most
_TOTAL = "total"
_ACROSS = {"page": 2, "column": 1, "slide": 3}
_TALL = {"page": 1.55, "column": 1.1}
_HEAD, _FEET, _BESIDE = 0.22, 0.24, 0.2  # inch
_LINE = 0.13  # inch, by which a name stands higher where the limit does not fit beside it
_FAN, _CORE = 0.16, 0.22  # opacity of the whole range, and of what its middle adds
_OBSERVED = Text("Observed", "监测值")
_LIMIT_KEY = Text("Limit", "限值")
_RANGE = Text("Range", "范围")
_OUTER, _INNER = Text("95 % range of {case}", "{case}95 %范围"), Text("50 % range", "50 %范围")
_NO_FAN = Text("it is not sampled", "未抽样")
_LIMIT = Text("limit {year}: {value}", "{year}年限值：{value}")
_NO_CASE = Text("it is observed, or a limit", "监测值或限值")
_NO_RANGE = Text("no range is known", "范围未知")

DRAWN = declare(
    "trajectory",
    Text("Values by year and case, observations and limits", "分年度、分情景数值、监测值与限值"),
    ("item", "what", "case", "year"),
    replace(UNIT, name="item", means=Text("pollutant or indicator", "污染物或指标")),
    word("what", "modelled, observed or a limit", "类别", ("model", "observed", "limit")),
    replace(CASE, words=_CASES, blank=_NO_CASE),
    YEAR,
    amount("value", "emission or indicator", "数值"),
    amount("low", "lower end of its range", "下限", blank=_NO_RANGE),
    amount("high", "upper end of its range", "上限", blank=_NO_RANGE),
    amount("lower", "lower end of the middle half of the samples", "50 %范围下限", blank=_NO_FAN),
    amount("upper", "upper end of the middle half of the samples", "50 %范围上限", blank=_NO_FAN),
    SCALE,
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return emissions and indicators by year and case, with observations and limits."""
    means = _means(asked)
    room = _PANELS - len({cell["item"] for cell in means})
    cells = [*_emissions(asked, min(room, _POLLUTANTS)), *means]
    years = {cell["year"] for cell in cells}
    none = Text("the run has one year only", "运行结果只有一个年份")
    return make_frame(DRAWN, pick(cells if len(years) > 1 else [], none))


def _emissions(asked: Asked, most: int) -> list[dict[str, object]]:
    rows = [row for row in asked.some("emissions") if row.case in _CASES and row.value]
    shown = leading_pollutants(asked, distinct(rows, "pollutant"), most)
    limits = limits_of_totals(asked) if rows else {}
    order = pollutant_order(distinct(rows, "pollutant"))
    found = sums(rows, ("pollutant", "case", "year", "unit"))
    keys = [key for key in found if key[0] in shown]
    keys.sort(key=lambda key: (order.index(key[0]), case_rank(key[1]), key[2]))
    fans = sampled_ranges(asked)
    cells = [
        _cell(p, "model", c, year, found[p, c, year, u], u, fans.get((p, c, year)))
        for p, c, year, u in keys
    ]
    unit = rows[0].unit if rows else ""
    return cells + [
        _cell(p, "limit", "", year, value, unit)
        for p in shown
        for year, value in limits.get(p, {}).items()
    ]


def _means(asked: Asked) -> list[dict[str, object]]:
    """Return the totals of the indicators that the plan is judged by, or else the first ones."""
    rows = [
        row for row in asked.some("indicators") if row.component == _TOTAL and row.case in _CASES
    ]
    order = sorted(distinct(rows, "indicator"), key=lambda name: _rank(asked, name))
    judged = [name for name in order if limits_of(asked, name)]
    shown = (judged or order)[:_INDICATORS]
    return [cell for name in shown for cell in _course_of(asked, name, rows)]


def _rank(asked: Asked, name: str) -> int:
    """Return how strictly a target binds the indicator; what has none comes last."""
    own = [r for r in asked.some("targets") if r.indicator == name and r.limit == r.limit]
    return min((TIER_OF[row.bindingness] for row in own), default=len(TIER_OF))


def _course_of(asked: Asked, name: str, rows: list[Row]) -> list[dict[str, object]]:
    scale = printed_scale(asked, name)
    fans = sampled_ranges(asked)
    cells = [
        _cell(
            name, "model", r.case, r.year, r.value / scale, r.unit,
            fans.get((name, r.case, r.year), Ends(r.low, r.high)).over(scale),
        )
        for r in rows if r.indicator == name
    ]  # fmt: skip
    seen = [row for row in asked.some("hindcast") if row.indicator == name]
    cells += [_cell(name, "observed", "", r.year, r.observed / scale, r.unit) for r in seen]
    limits = limits_of(asked, name)
    cells += [_cell(name, "limit", "", y, r.limit, r.unit) for y, r in limits.items()]
    return [cell | {"scale": scale} for cell in cells]


def _cell(
    item: str,
    what: str,
    case: str,
    year: int,
    value: float,
    unit: str,
    ends: Ends | None = None,
) -> dict[str, object]:
    return {
        "item": item, "what": what, "case": case, "year": year, "value": value, "unit": unit,
        "scale": 1.0, **vars(ends or Ends()),
    }  # fmt: skip


@dataclass(frozen=True)
class _Course:
    """One panel: lines by case, limits and observations by year.

    ``told`` is the last limit as it is written above the panel; blank where there is none.
    """

    name: str
    told: str
    scale: Scale
    lines: Mapping[str, Sequence[Row]]
    limits: Mapping[int, float]
    observed: Mapping[int, float] = field(default_factory=dict)

    @property
    def top(self) -> float:
        """Return the largest value shown."""
        ends = [r.high if r.high == r.high else r.value for own in self.lines.values() for r in own]
        return float(max([*ends, *self.limits.values(), *self.observed.values()]))


def draw(page: Page, drawn: Frame) -> float:
    """Draw a panel for each pollutant and each indicator."""
    rows, words = rows_of(drawn), page.words
    courses = [_course(rows, item, words) for item in distinct(rows, "item")]
    top = draw_key(page, _key(rows, words), page.top) + 0.05
    grid = _grid(page, courses, top, 0.0)
    if any(_head_width(course) > grid.wide for course in courses):
        grid = _grid(page, courses, top, _LINE)
    shown = sorted({row.year for row in rows})
    for n, course in enumerate(courses):
        left, down = grid.corner(n)
        ticks = ticks_from_nought(course.top, most=intervals(grid.tall))
        years = (shown[0] - 0.4, shown[-1] + 0.4)
        panel = page.panel(left, down, grid.wide, grid.tall, years, ticks.limits)
        rules_up(panel, ticks.places)
        numbers_left(panel, ticks.places, [course.scale.say(v) for v in ticks.places])
        _draw_course(panel, course, grid.raised)
        base_line(panel)
        numbers_below(panel, shown, [str(year) for year in shown])
    return grid.corner(len(courses) + grid.across - 1)[1] - grid.head


@dataclass(frozen=True)
class _Grid:
    """Where the panels stand [inch]."""

    left: float
    top: float
    across: int
    wide: float
    tall: float
    gutter: float
    raised: float

    @property
    def head(self) -> float:
        """Return the room above a panel."""
        return _HEAD + self.raised

    def corner(self, n: int) -> tuple[float, float]:
        """Return the upper left corner of a panel."""
        line, place = divmod(n, self.across)
        left = self.left + place * (self.wide + self.gutter + _BESIDE) + self.gutter
        return left, self.top + line * (self.head + self.tall + _FEET) + self.head


def _grid(page: Page, courses: Sequence[_Course], top: float, raised: float) -> _Grid:
    """Return the places of the panels, their names raised by so much."""
    across = min(_ACROSS[page.layout.name], len(courses))
    across = -(-len(courses) // -(-len(courses) // across))  # lines of equal length
    lines = -(-len(courses) // across)
    tall = (page.bottom - top) / lines - _HEAD - raised - _FEET
    if not page.layout.fixed:
        tall = min(tall, _TALL[page.layout.name] * (1.4 if lines == 1 else 1.0))
    gutter = max(_gutter(course, tall) for course in courses)
    wide = (page.right - page.left - 0.1) / across - gutter - _BESIDE / 2
    return _Grid(page.left, top, across, wide, tall, gutter, raised)


def _head_width(course: _Course) -> float:
    """Return how wide name and limit are side by side [inch]."""
    told = width(course.told) + 1.0
    return (width(course.name) * style.NORMAL + told * style.SMALL) / style.POINTS


def _course(rows: list[Row], item: str, words: Words) -> _Course:
    own = [row for row in rows if row.item == item]
    model = [row for row in own if row.what == "model"]
    scale = words.scale([max(row.value for row in model)], own[0].unit)
    name = _name(item, words)
    limits = {row.year: row.value for row in own if row.what == "limit"}
    told = [words.say(_LIMIT, year=str(y), value=scale.say(v)) for y, v in limits.items()][-1:]
    return _Course(
        f"{name} [{scale.unit}]" if scale.unit else name,
        "".join(limit_at_state(limit, own, words) for limit in told),
        scale,
        {case: [r for r in model if r.case == case] for case in distinct(model, "case")},
        limits,
        {row.year: row.value for row in own if row.what == "observed"},
    )


def _name(item: str, words: Words) -> str:
    """Return the name of a pollutant or an indicator."""
    return words.pollutant(item) if item in POLLUTANTS else words.name(item)


def _gutter(course: _Course, tall: float) -> float:
    places = ticks_from_nought(course.top, most=intervals(tall)).places
    return room_for_numbers([course.scale.say(place) for place in places])


def _draw_course(panel: Panel, course: _Course, raised: float) -> None:
    _draw_fan(panel, course)
    for case, own in course.lines.items():
        own = sorted(own, key=lambda row: row.year)
        years = np.array([row.year for row in own])
        values = np.array([row.value for row in own])
        panel.line(years, values, style.CASE_COLOURS[case], 1.3)
        form, size = style.CASE_MARKERS[case], 4.5 if case != "least_cost" else 5.5
        panel.dots(years, values, form, size, style.CASE_COLOURS[case], style.WHITE, 0.5)
    for year, value in course.limits.items():
        panel.strokes(year - 0.35, value, year + 0.35, value, style.MISSED, 1.6)
    for year, value in course.observed.items():
        panel.dots(year, value, "o", 5, None, style.MISSED, 1.1)
    headline(panel, course.name, raised)
    if course.told:
        limit_above(panel, course.told)


def _draw_fan(panel: Panel, course: _Course) -> None:
    """Draw the range of one case through the years, and that of a mix in its year."""
    shown = _fan_case(course.lines)
    for case, own in course.lines.items():
        wide = sorted((row for row in own if row.low < row.high), key=lambda row: row.year)
        colour = style.CASE_COLOURS[case]
        if case == shown:
            _area(panel, [(row.year, row.low, row.high) for row in wide], colour, _FAN)
            core = [(r.year, r.lower, r.upper) for r in wide if r.lower < r.upper]
            _area(panel, core, colour, _CORE)
        elif case == "least_cost":
            for row in wide:
                panel.strokes(row.year, row.low, row.year, row.high, colour, 1.0)


def _fan_case(cases: Iterable[str]) -> str:
    """Return the case whose range is drawn: two on each other could not be told apart."""
    return "plan" if "plan" in set(cases) else "baseline"


def _area(panel: Panel, ends: Sequence[tuple[int, float, float]], colour: str, ink: float) -> None:
    if len(ends) > 1:
        years, low, high = zip(*ends, strict=True)
        panel.area([*years, *years[::-1]], [*low, *high[::-1]], colour, ink)


def _key(rows: list[Row], words: Words) -> list[Entry]:
    found = {row.case for row in rows}
    entries: list[Entry] = [
        Dot(words.case(case), style.CASE_MARKERS[case], 5, style.CASE_COLOURS[case], style.WHITE)
        for case in _CASES
        if case in found
    ]
    case = _fan_case(found)
    own = [row for row in rows if row.case == case]
    if any(row.lower < row.upper for row in own):
        outer = words.say(_OUTER, case=words.case(case))
        colour = style.CASE_COLOURS[case]
        entries.append(Swatch(outer, style.tint(colour, _FAN)))
        entries.append(Swatch(words.say(_INNER), style.tint(colour, _FAN + _CORE)))
    elif any(row.low < row.high for row in own):
        entries.append(Swatch(words.say(_RANGE), style.tint(style.CASE_COLOURS[case], _FAN)))
    whats = {row.what for row in rows}
    if "observed" in whats:
        entries.append(Dot(words.say(_OBSERVED), "o", 5, None, style.MISSED, 1.1))
    if "limit" in whats:
        entries.append(Stroke(words.say(_LIMIT_KEY), style.MISSED, 1.6))
    return entries


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return from where to where each case goes, and the limits."""
    rows = rows_of(drawn)
    model = [row for row in rows if row.what == "model"]
    first, last = min(row.year for row in model), max(row.year for row in model)
    items = distinct(rows, "item")
    names = {item: _name(item, words) for item in items}
    return {
        "years": words.years(first, last),
        "items": words.join(names.values()),
        "fan": _said_of_fan(rows, words),
        "state": said_of_state(rows, words),
        "courses": words.phrases(
            words.say(_OF, name=names[item], values=_said(rows, item, words)) for item in items
        ),
    }


def _said(rows: list[Row], item: str, words: Words) -> str:
    """Return first value, last value of each case, and limits of an item."""
    own = [row for row in rows if row.item == item]
    model = sorted((row for row in own if row.what == "model"), key=lambda row: row.year)
    last = model[-1].year
    said = [f"{figures(model[0].value)} ({model[0].year})"]
    said += [
        f"{words.in_year(words.case(row.case), last)} {figures(row.value)}"
        for row in sorted(model, key=lambda row: case_rank(row.case))
        if row.year == last
    ]
    said += [
        words.say(_LIMIT, year=str(row.year), value=figures(row.value))
        for row in own
        if row.what == "limit"
    ]
    return words.join(said)


def _said_of_fan(rows: list[Row], words: Words) -> str:
    """Return whose range is shaded, and what else is drawn of ranges; blank without any."""
    case = _fan_case(row.case for row in rows)
    if not any(row.low < row.high for row in rows if row.case == case):
        return ""
    return words.say(_SHADED, case=words.case(case))


_SHADED = Text(
    " Shaded: range of {case}, its middle half darker; an upright line is that of a solved mix.",
    "阴影为{case}的范围，颜色较深者为中间一半；竖线为所求组合的范围。",
)
_OF = Text("{name}: {values}", "{name}：{values}")

CHART = Chart(
    id="trajectory",
    rank=15,
    reads=("emissions", "targets", "indicators", "hindcast", "courses"),
    title=Text("The way to the limits, {years}", "{years}年变化轨迹与限值"),
    caption=Text(
        "Emissions and indicators by year and case, a limit in its year where one is set: "
        "{courses}.{fan}{state}",
        "各情景分年度排放量与指标值，有限值者标于其年份：{courses}。{fan}{state}",
    ),
    alt=Text(
        "Lines by year for {items}, one panel each. {courses}.",
        "{items}的分年度折线图，每项一幅。{courses}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
