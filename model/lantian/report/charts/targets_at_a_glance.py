"""Every target on one axis: base, baseline, plan and least cost relative to the limit.

The plan's strict reading (binding commitments only) is a hollow frame, around the plan's mark where
both agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lantian.report import style
from lantian.report.axes import BELOW, base_line, numbers_below, rules_across, ticks_within
from lantian.report.chart import Chart, Page, amount, declare, share, truth, word
from lantian.report.frames import Asked, Row, case_rank, distinct, pick, rows_of
from lantian.report.keys import Dot, Entry, Stroke, draw_key
from lantian.report.lettering import PITCH, wrap
from lantian.report.paper import Panel
from lantian.report.words import Text, Words, chance_text, figures, like
from lantian.results.contract import CASE, TARGET, TARGETS, UNIT, YEAR
from lantian.results.frame import Frame, make_frame

_STRICT = "plan_strict"
_CASES = ("baseline", "plan", _STRICT, "least_cost")
_ROW, _LEAST = 0.42, 0.3
_HEADS = 0.24  # for the names of the columns of verdicts [inch]
_GAPS = {(False, False): 0.47, (False, True): 0.56, (True, False): 0.39}
"""From one column of verdicts to the next [inch]; names above their lines, lines dense."""

_SIZES = {"plan": 7.0, _STRICT: 9.5}  # of marks [point]
_SIZE, _BASE_SIZE = 5.5, 5.0
_LIMIT = 1.0
_WHISKERS = {"plan": -0.13, "least_cost": 0.13}  # by how much of a line they stand off it
_SPAN = 0.2  # of the limit, that the axis shows at least
_MOST = 3.0  # limits, that the axis shows at most: one target far off must not crowd the others
_EDGE = 0.08  # part of the axis free at its ends
_WIDE = 2.0  # inch, of an axis with many numbers
_NAMES = 0.34  # part of a page that names take
_BASE = Text("Base year", "基准年")
_RANGE = Text("95 % range", "95 %范围")
_LIMIT_NAME = Text("Limit", "限值")
_AXIS = Text("per cent of the limit", "相当于限值的百分比（%）")
_BOUND = Text("limit: {bound}", "限值：{bound}")
_AT_LEAST = Text("at least: {bound}", "下限：{bound}")
_BASE_VALUE = Text("{year}: {value}", "{year}年：{value}")
_HIDDEN = Text("{n} more targets are in the table.", "另有{n}项目标见数据表。")
_NOT_COMPUTED = Text("Not computed: {names}.", "未计算：{names}。")
_LIMIT_OF_NOTHING = Text(
    "The limit is 0, so there is no share of it: {names}.", "限值为零，无相对值：{names}。"
)
_BEYOND = Text(
    "Beyond {most}%, marks stand at the end of the axis: {names}.",
    "超过{most}%的标记画在坐标轴末端：{names}。",
)
_SENSES = ("at_most", "at_least")
_TARGET = TARGETS.column
_NO_BASE = Text("the limit does not depend on a base year", "限值与基准年无关")
_NO_RANGE = Text("no range is known", "范围未知")
_NO_VALUE = Text("the indicator of the target is not computed", "该目标的指标未计算")

DRAWN = declare(
    "targets-at-a-glance",
    Text("Targets relative to their limits", "各目标值与限值之比"),
    ("target", "case"),
    TARGET,
    replace(CASE, words=_CASES),
    YEAR,
    _TARGET("indicator"),
    _TARGET("base_year"),
    amount("base_value", "value in the base year", "基准年数值", blank=_NO_BASE),
    amount("limit", "bound of what keeps it", "限值", blank=_NO_VALUE),
    word("sense", "side of the limit that keeps it", "达标方向", _SENSES, blank=_NO_VALUE),
    amount("value", "value reached", "数值", blank=_NO_VALUE),
    amount("low", "lower end of its range", "下限", blank=_NO_RANGE),
    amount("high", "upper end of its range", "上限", blank=_NO_RANGE),
    replace(UNIT, blank=_NO_VALUE),
    truth("met", "whether the value keeps the limit", "是否达到", blank=_NO_VALUE),
    share("probability", "probability that it is met", "达标概率", _TARGET("probability").blank),
)


def frame(asked: Asked) -> Frame:
    """Return one row per target and case, in the last year that each target is about."""
    rows = [row for row in asked.rows("targets") if row.case in _CASES]
    last = {
        name: max(r.year for r in rows if r.target == name) for name in distinct(rows, "target")
    }
    rows = [row for row in rows if row.year == last[row.target]]
    rows = pick(rows, Text("no target for these cases", "没有可显示的目标"))
    ranges = _ranges(asked)
    rows.sort(key=lambda row: (list(last).index(row.target), case_rank(row.case)))
    senses = {name: _sense([r for r in rows if r.target == name]) for name in last}
    plain = [c.name for c in DRAWN.columns if c.name not in ("low", "high", "sense")]
    cells = []
    for row in rows:
        low, high = ranges.get((row.target, row.case), (None, None))
        more = {"low": low, "high": high, "sense": senses[row.target]}
        cells.append({name: getattr(row, name) for name in plain} | more)
    return make_frame(DRAWN, cells)


def _sense(rows: list[Row]) -> str:
    """Return which side of its limit keeps a target: the margin is what is left of it."""
    known = [(row.limit - row.value, row.margin) for row in rows if row.margin == row.margin]
    if not known:
        return ""
    return "at_least" if any(below * left < 0.0 for below, left in known) else "at_most"


def _ranges(asked: Asked) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the 95 % range of targets over the samples; without these that of the response."""
    whole = {
        (row.indicator, row.case, row.year): (row.low, row.high)
        for row in asked.some("indicators")
        if row.component == "total" and row.low < row.high
    }
    found = {
        (row.target, row.case): _by(whole[row.indicator, row.case, row.year], row.scale)
        for row in asked.rows("targets")
        if (row.indicator, row.case, row.year) in whole
    }
    limit = {(row.target, row.case): row.limit for row in asked.rows("targets")}
    for row in asked.some("probabilities"):
        size = limit.get((row.target, row.case), float("nan"))
        if row.part_low < row.part_high and size == size:
            found[row.target, row.case] = (row.part_low * size, row.part_high * size)
    return found


def _by(ends: tuple[float, float], scale: float) -> tuple[float, float]:
    """Return the range of an indicator in the state of the air in which a target prints it."""
    scale = scale if scale == scale else 1.0
    return ends[0] / scale, ends[1] / scale


@dataclass(frozen=True)
class _Form:
    """How lines are set: names left of them or above, texts in two lines or, dense, in one."""

    above: bool
    dense: bool
    size: float
    gap: float
    room: float


@dataclass(frozen=True)
class _Line:
    """A target: its name, what stands below it, and its rows."""

    name: str
    below: str
    rows: list[Row]
    y: float


def draw(page: Page, drawn: Frame) -> float:
    """Draw one line per target, marks on it, and the verdict per case at the right."""
    rows, words = rows_of(drawn), page.words
    computed = [row for row in rows if _known(row)]
    names = _names(rows, words)
    note = words.gap.join((*_left_out(rows, computed, names, words), *_far(computed, names, words)))
    end = page.top
    if computed:
        page.top = draw_key(page, _key(computed, words), page.top) + 0.06
        end, hidden = _lines(page, computed, names, page.lines(note))
        if hidden:
            note = f"{words.say(_HIDDEN, n=str(hidden))}{words.gap}{note}"
    return page.write(note, end + 0.08, style.SMALL, style.GREY) if note else end


def _known(row: Row) -> bool:
    return bool(row.value == row.value and row.limit == row.limit and row.limit)


def _left_out(
    rows: list[Row], drawn: list[Row], names: Mapping[str, str], words: Words
) -> list[str]:
    """Return what is said of targets that have no line: without a value, or with a limit of 0."""
    left = [t for t in distinct(rows, "target") if t not in distinct(drawn, "target")]
    nothing = [t for t in left if any(row.limit == 0.0 for row in rows if row.target == t)]
    without = [t for t in left if t not in nothing]
    return [
        words.say(text, names=words.phrases([names[t] for t in some]))
        for text, some in ((_NOT_COMPUTED, without), (_LIMIT_OF_NOTHING, nothing))
        if some
    ]


def _far(rows: list[Row], names: Mapping[str, str], words: Words) -> list[str]:
    """Return what is said of targets of which a mark would lie beyond the axis."""
    far = [row for row in rows if row.value / row.limit > _MOST or _base(row) > _MOST]
    if not far:
        return []
    named = words.phrases([names[target] for target in distinct(far, "target")])
    return [words.say(_BEYOND, most=figures(100 * _MOST), names=named)]


def _base(row: Row) -> float:
    """Return the value of the base year by the limit; 0 where it has no mark."""
    return float(row.base_value / row.limit) if _has_base(row) else 0.0


def _names(rows: list[Row], words: Words) -> dict[str, str]:
    """Return the names of the targets; two of the same name get their years or ids."""
    names = {row.target: words.target(row.target) for row in rows}
    years = {row.target: words.in_year(names[row.target], row.year) for row in rows}
    same = {t for t in names if list(names.values()).count(names[t]) > 1}
    names |= {target: years[target] for target in same}
    same = {t for t in names if list(names.values()).count(names[t]) > 1}
    return names | {target: f"{names[target]} ({target})" for target in same}


def _key(rows: list[Row], words: Words) -> list[Entry]:
    entries: list[Entry] = [Stroke(words.say(_LIMIT_NAME), style.MISSED, 1.0, upright=True)]
    if any(_has_base(row) for row in rows):
        entries.append(_base_dot(words))
    entries += [_dot(case, words) for case in _CASES if case in distinct(rows, "case")]
    if any(row.low == row.low and row.case in _WHISKERS for row in rows):
        entries.append(Stroke(words.say(_RANGE), style.GREY, 1.0))
    return entries


def _base_dot(words: Words) -> Dot:
    return Dot(words.say(_BASE), "o", _BASE_SIZE, style.WHITE, style.GREY, 1.0)


def _dot(case: str, words: Words) -> Dot:
    """Return the mark of a case: a white edge keeps neighbours apart, the strict one is hollow."""
    name, form, size = words.case(case), style.CASE_MARKERS[case], _SIZES.get(case, _SIZE)
    colour = style.CASE_COLOURS[case]
    if case == _STRICT:
        return Dot(name, form, size, None, colour, 1.0)
    return Dot(name, form, size, colour, style.WHITE, 0.5)


def _has_base(row: Row) -> bool:
    """Return whether a row tells a base year that is not the year of the target itself."""
    return row.base_value == row.base_value and row.base_year not in (None, row.year)


def _lines(page: Page, rows: list[Row], names: Mapping[str, str], notes: int) -> tuple[float, int]:
    """Draw the lines of all targets that there is room for.

    Returns
    -------
    float
        Where their axis ends [inch].
    int
        How many targets there is no room for.
    """
    below = BELOW + notes * style.SMALL * PITCH / style.POINTS + 0.06
    page.top += _HEADS
    targets = distinct(rows, "target")
    form = _form(page, False)
    least = _least(form, names, targets)
    if page.most_rows(least, below) < len(targets) and page.layout.fixed:
        form = _form(page, True)
        least = _least(form, names, targets)
    shown = targets[: page.most_rows(least, below)]
    rows = [row for row in rows if row.target in shown]
    tall = page.rows(len(shown), max(least, _ROW if not form.dense else least), least, below)
    return _panel(page, form, rows, names, tall), len(targets) - len(shown)


def _form(page: Page, dense: bool) -> _Form:
    above = page.layout.name == "column"
    size = style.SMALL if above or dense else style.NORMAL
    room = page.right - page.left if above else _NAMES * page.width - 0.1
    return _Form(above, dense, size, _GAPS[above, dense], room * style.POINTS / size)


def _least(form: _Form, names: Mapping[str, str], targets: Sequence[str]) -> float:
    """Return the least height of a line [inch]."""
    most = max(wrap(names[t], form.room).count("\n") + 1 for t in targets)
    texts = most * form.size * PITCH + (0.0 if form.dense else style.TINY * (PITCH + 0.3))
    least = texts / style.POINTS
    return least + 0.2 if form.above else max(_LEAST, least) if not form.dense else least + 0.02


def _panel(
    page: Page, form: _Form, rows: list[Row], names: Mapping[str, str], tall: float
) -> float:
    words, targets = page.words, distinct(rows, "target")
    cases = [case for case in _CASES if case in distinct(rows, "case")]
    left = page.left if form.above else page.left + _NAMES * page.width
    panel = page.panel(
        left, page.top, page.right - left - form.gap * len(cases), tall * len(targets),
        _limits(rows), (len(targets) - 0.5, -0.5),
    )  # fmt: skip
    columns = {case: panel.right + (n + 0.5) * form.gap for n, case in enumerate(cases)}
    ticks = ticks_within(*panel.across, 6 if panel.width > _WIDE else 3)
    rules_across(panel, ticks.places)
    panel.line((_LIMIT, _LIMIT), panel.up, style.MISSED, 1.0)
    lines = []
    for n, target in enumerate(targets):
        own = [row for row in rows if row.target == target]
        text, y = wrap(names[target], form.room), n + (0.28 if form.above else 0.0)
        lines.append(_Line(text, _below(own[0], words), own, y))
    _marks(panel, lines, words)
    for line in lines:
        (_name_above if form.above else _name_left)(panel, line, form)
        for row in line.rows:
            _verdict(panel, (columns[row.case], line.y), row, words, form.dense)
    _heads(panel, columns, form.gap, words)
    base_line(panel)
    places = [figures(100 * place) for place in ticks.places]
    return numbers_below(panel, ticks.places, places, words.say(_AXIS))


def _limits(rows: list[Row]) -> tuple[float, float]:
    """Return the ends of the axis, as parts of the limits: no less than a least span."""
    own = [row for row in rows if row.case in _WHISKERS]
    ends = [row.value for row in rows], [row.low for row in own], [row.high for row in own]
    of = (rows, own, own)
    spots = [
        v / r.limit
        for part, whose in zip(ends, of, strict=True)
        for v, r in zip(part, whose, strict=True)
        if v == v
    ]
    spots += [row.base_value / row.limit for row in rows if _has_base(row)]
    spots = [min(spot, _MOST) for spot in spots]
    low, high = min(*spots, _LIMIT), max(*spots, _LIMIT)
    spare = max(_SPAN - (high - low), 0.0) / 2
    low, high = low - spare, high + spare
    return low - _EDGE * (high - low), high + _EDGE * (high - low)


def _marks(panel: Panel, lines: Sequence[_Line], words: Words) -> None:
    """Draw the marks of all lines, those of the strict reading below the others."""
    levels = [line.y for line in lines]
    panel.strokes(panel.across[0], levels, panel.across[1], levels, style.RULE, 0.6)
    spots = [(row, line.y) for line in lines for row in line.rows]
    for row, y in spots:
        if row.low == row.low and row.case in _WHISKERS:
            _whisker(panel, row, y + _WHISKERS[row.case])
    bases = {(min(_base(row), _MOST), y) for row, y in spots if _has_base(row)}
    for x, y in sorted(bases):
        _base_dot(words).draw(panel, x, y)
    for case in (_STRICT, "baseline", "plan", "least_cost"):
        for row, y in spots:
            if row.case == case:
                _dot(case, words).draw(panel, min(row.value / row.limit, _MOST), y)


def _whisker(panel: Panel, row: Row, y: float) -> None:
    """Draw the range of a case, beside the line where that of another has room too."""
    low, high, colour = row.low / row.limit, row.high / row.limit, style.CASE_COLOURS[row.case]
    if low >= _MOST:
        return
    panel.strokes(low, y, min(high, _MOST), y, colour, 0.9)
    ends = [end for end in (low, high) if end <= _MOST]
    panel.dots(ends, [y] * len(ends), "|", 3.5, None, colour, 0.9)


def _name_above(panel: Panel, line: _Line, form: _Form) -> None:
    """Write name and numbers of a target above its line."""
    down = float(panel.y(int(line.y) - 0.5)) + 0.03
    panel.paper.write(line.name, panel.left, down, form.size, level="top", halo=True)
    down += form.size * PITCH * (line.name.count("\n") + 1) / style.POINTS
    panel.paper.write(line.below, panel.left, down, style.TINY, style.GREY, level="top", halo=True)


def _name_left(panel: Panel, line: _Line, form: _Form) -> None:
    """Write name and numbers of a target left of its line; the name alone where it is dense."""
    left = panel.across[0]
    up = 0.0 if form.dense else style.TINY * PITCH / 2 + 0.5
    panel.label(line.name, left, line.y, form.size, side="right", shift=(-4.5, -up))
    if not form.dense:
        down = form.size * PITCH * (line.name.count("\n") + 1) / 2 + 0.5
        panel.label(line.below, left, line.y, style.TINY, style.GREY, "right", shift=(-4.5, down))


def _verdict(panel: Panel, place: tuple[float, float], row: Row, words: Words, dense: bool) -> None:
    """Write whether a target is met, and the value: below that, or after it where it is dense."""
    sign, colour = ("✓", style.MET) if row.met else ("×", style.MISSED)
    chance = "" if row.probability != row.probability else f" {chance_text(row.probability)}"
    size = words.scale_of_limit(row.limit, row.unit).size
    x, middle = place[0], float(panel.y(place[1]))
    value = like(row.value / size, row.limit / size)
    if dense:
        panel.paper.write(sign, x - 0.2, middle, style.SMALL, colour, "middle", "middle")
        panel.paper.write(value, x + 0.22, middle, style.TINY, style.GREY, "right", "middle")
        return
    panel.paper.write(sign + chance, x, middle - 0.065, style.NORMAL, colour, "middle", "middle")
    panel.paper.write(value, x, middle + 0.075, style.TINY, style.GREY, "middle", "middle")


def _below(row: Row, words: Words) -> str:
    scale = words.scale_of_limit(row.limit, row.unit)
    bound = f"{scale.say(row.limit)} {scale.unit}".strip()
    limit = words.say(_AT_LEAST if row.sense == "at_least" else _BOUND, bound=bound)
    if not _has_base(row):
        return limit
    value = like(row.base_value / scale.size, row.limit / scale.size)
    return f"{words.say(_BASE_VALUE, year=str(row.base_year), value=value)}  {limit}"


def _heads(panel: Panel, columns: Mapping[str, float], gap: float, words: Words) -> None:
    room = (gap - 0.03) * style.POINTS / style.TINY
    for case, x in columns.items():
        head = wrap(words.case(case), room)
        panel.paper.write(head, x, panel.top - 0.04, style.TINY, style.GREY, "middle", "bottom")


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return which targets each case meets and misses, and which are not computed."""
    rows = rows_of(drawn)
    names = _names(rows, words)
    computed = [row for row in rows if _known(row)]
    empty = [t for t in distinct(rows, "target") if t not in distinct(computed, "target")]

    def named(case: str, met: bool) -> list[str]:
        return [names[row.target] for row in computed if row.case == case and row.met is met]

    judged = [case for case in _CASES if case in distinct(computed, "case")]
    if all(named(_STRICT, met) == named("plan", met) for met in (True, False)):
        judged = [case for case in judged if case != _STRICT]
    verdicts = [
        words.say(
            _VERDICT,
            case=words.case(case),
            n=str(len(named(case, True))),
            all=str(len(named(case, True)) + len(named(case, False))),
            missed=words.phrases(named(case, False)),
        )
        for case in judged
    ]
    grey = words.say(_NOT_COMPUTED, names=words.phrases(names[t] for t in empty)) if empty else ""
    return {
        "years": words.years(min(r.year for r in rows), max(r.year for r in rows)),
        "verdicts": "".join(verdicts),
        "grey": f"{words.gap}{grey}" if grey else "",
        "far": "".join(f"{words.gap}{said}" for said in _far(computed, names, words)),
        "least": words.say(_MET_RIGHT) if any(r.sense == "at_least" for r in rows) else "",
        "chance": words.say(_CHANCE) if any(r.probability == r.probability for r in rows) else "",
        "ranges": words.say(_WITH_RANGE) if any(row.low == row.low for row in rows) else "",
    }


_VERDICT = Text(
    " {case}: {n} of {all} met; missed: {missed}.", "{case}：{all}项中达到{n}项，未达到：{missed}。"
)
_MET_RIGHT = Text(
    " One with a lower bound (at least) is met right of it.", "有下限要求者位于右侧为达标。"
)
_CHANCE = Text(
    " A per cent beside a verdict is the probability of meeting the target.",
    "判定旁的百分数为达标概率。",
)
_WITH_RANGE = Text(
    " Thin bars show the 95 % range of the value by its limit.",
    "细横线为数值与限值之比的95 %范围。",
)

CHART = Chart(
    id="targets-at-a-glance",
    rank=30,
    reads=("targets", "indicators", "probabilities"),
    title=Text("How far the targets for {years} are met", "{years}年各项目标达标情况"),
    caption=Text(
        "Each target as per cent of its limit; left of the limit it is met.{least}{verdicts}{grey}"
        "{far}{ranges}{chance}",
        "各目标值以限值为100%表示，位于限值左侧为达标。{least}{verdicts}{grey}{far}{ranges}{chance}",
    ),
    alt=Text(
        "Dot plot, one line per target, limit at 100 per cent.{verdicts}{grey}",
        "点图，每项目标一行，限值位于100%处。{verdicts}{grey}",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
