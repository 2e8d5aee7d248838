"""Which states activity leaves and comes to: without the plan at the left, with it at the right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lantian.report import style
from lantian.report.chart import Chart, Page, amount, declare
from lantian.report.frames import (
    Asked,
    Row,
    distinct,
    leading_pollutants,
    pick,
    rows_of,
    sums,
)
from lantian.report.keys import draw_key, swatches
from lantian.report.lettering import PITCH, wrap
from lantian.report.paper import BOX, CLOSE, CURVE, MOVE, TO
from lantian.report.words import Scale, Text, Words
from lantian.results.contract import CASE, SOURCE, UNIT, YEAR, Column
from lantian.results.frame import Frame, make_frame

State = tuple[str, str]
"""Technology and package of controls."""

_BEFORE, _AFTER = "baseline", ("plan", "least_cost")
_OTHER: State = ("other-states", "")
_ELSEWHERE: State = ("no-state", "")
_LAST = {_OTHER: 1, _ELSEWHERE: 2}
_NAMES = {
    _OTHER[0]: Text("other states", "其他状态"),
    _ELSEWHERE[0]: Text("elsewhere or none", "其他排放源或取消"),
}
_STATES = 5
"""States of a source that are told apart; the others are taken together."""
_LOOKED_AT = 20
"""Sources of which is asked whether their activity changes its state."""
_SOURCES = {"page": 6, "column": 4, "slide": 4}
_LEAST = 0.01
"""Part of the activity of a source [1] from which a change is worth a panel."""
_STAYS, _MOVES = Text("stays in its state", "状态不变"), Text("changes its state", "状态改变")
_REST = Text("{n} more sources are in the table.", "另有{n}个排放源见数据表。")
_NOTE = 0.15  # of the line that says so [inch]
_STAYING, _MOVING = "#c8cdd3", style.CASE_COLOURS["plan"]
_HEAD, _BESIDE, _BELOW = 0.24, 0.22, 0.12  # inch
_TALL = 1.5  # of a panel where there is room [inch]
_LABELS = 0.33  # part of a panel's width for the names at one side
_NODE, _GAP, _AIR = 0.05, 0.025, 0.05  # inch
_RIBBON = 0.75  # opacity
_RIBBON_CODES = (MOVE, CURVE, CURVE, CURVE, TO, CURVE, CURVE, CURVE, CLOSE)


def _state_column(name: str, en: str, zh: str) -> Column:
    return replace(SOURCE, name=name, means=Text(en, zh), blank=Text("nothing", "无"))


DRAWN = declare(
    "activity-flow",
    Text("Activity by state without and with the plan", "无方案与有方案时各状态间的活动水平"),
    ("source", "from_technology", "from_control", "to_technology", "to_control"),
    YEAR,
    replace(CASE, words=_AFTER),
    SOURCE,
    _state_column("from_technology", "technology without the plan", "无方案时的技术"),
    _state_column("from_control", "controls without the plan", "无方案时的控制措施"),
    _state_column("to_technology", "technology with it", "有方案时的技术"),
    _state_column("to_control", "controls with it", "有方案时的控制措施"),
    amount("value", "activity", "活动水平"),
    UNIT,
)


def frame(asked: Asked) -> Frame:
    """Return what goes from state to state in the sources that change most."""
    rows = asked.rows("activity")
    found = [case for case in _AFTER if any(row.case == case for row in rows)]
    none = Text("no case beside the baseline", "没有基准情景以外的情景")
    case = pick(found, none)[0]
    year = max(row.year for row in rows if row.case == case)
    rows = [row for row in rows if row.year == year and row.case in (_BEFORE, case)]
    cells = [
        cell
        for source in _order(asked, rows, case, year)
        for cell in _flows_of([row for row in rows if row.source == source], case)
    ]
    none = Text("no source changes its state", "没有排放源的状态发生改变")
    return make_frame(DRAWN, pick(cells, none))


def _order(asked: Asked, rows: Sequence[Row], case: str, year: int) -> list[str]:
    """Return the sources by how much their emissions change, those without any by their own."""
    emitted = [r for r in asked.some("emissions") if r.year == year and r.case in (_BEFORE, case)]
    leading = leading_pollutants(asked, distinct(emitted, "pollutant"))
    by_source = sums(emitted, ("source", "pollutant", "case"))
    whole = sums(emitted, ("pollutant", "case"))

    def weight(source: str) -> float:
        changes = (
            abs(by_source.get((source, p, _BEFORE), 0.0) - by_source.get((source, p, case), 0.0))
            / (whole.get((p, _BEFORE)) or 1.0)
            for p in leading
        )
        return max(changes, default=0.0)

    return sorted(distinct(rows, "source"), key=lambda source: -weight(source))[:_LOOKED_AT]


def _flows_of(rows: Sequence[Row], case: str) -> list[dict[str, object]]:
    """Return what goes from state to state in one source; nothing where hardly any does."""
    held = _pooled(rows, case)
    before, after = (sum(own[k] for own in held.values()) for k in (0, 1))
    flows = {(state, state): min(own) for state, own in held.items() if min(own) > 0.0}
    lost = {state: own[0] - own[1] for state, own in held.items() if own[0] > own[1]}
    won = {state: own[1] - own[0] for state, own in held.items() if own[1] > own[0]}
    (lost if after > before else won)[_ELSEWHERE] = abs(after - before)
    moved = sum(lost.values())
    if moved < _LEAST * max(before, after) or not before:
        return []
    for left, off in lost.items():
        flows |= {(left, right): off * on / moved for right, on in won.items()}
    least = 1e-3 * _LEAST * before
    return [
        {
            "year": rows[0].year,
            "case": case,
            "source": rows[0].source,
            "from_technology": left[0],
            "from_control": left[1],
            "to_technology": right[0],
            "to_control": right[1],
            "value": value,
            "unit": rows[0].unit,
        }
        for (left, right), value in flows.items()
        if value > least
    ]


def _pooled(rows: Sequence[Row], case: str) -> dict[State, tuple[float, float]]:
    """Return what each state holds without and with the plan; the least of them together."""
    found = sums(rows, ("technology", "control", "case"))
    states = list(dict.fromkeys((technology, control) for technology, control, _ in found))
    held = {s: (found.get((*s, _BEFORE), 0.0), found.get((*s, case), 0.0)) for s in states}
    ranked = sorted(held, key=lambda s: -(max(held[s]) + 2 * abs(held[s][0] - held[s][1])))
    kept = {state: own for state, own in held.items() if state in ranked[:_STATES]}
    rest = [held[state] for state in ranked[_STATES:] if max(held[state]) > 0.0]
    if rest:
        kept[_OTHER] = (sum(own[0] for own in rest), sum(own[1] for own in rest))
    return kept


@dataclass(frozen=True)
class _Node:
    """A state at one side: where it begins and ends, and what it is called [inch]."""

    top: float
    bottom: float
    name: str
    label: float


def draw(page: Page, drawn: Frame) -> float:
    """Draw a panel for each source, those that change most first."""
    rows, words = rows_of(drawn), page.words
    colours = {words.say(_STAYS): _STAYING, words.say(_MOVES): _MOVING}
    top = draw_key(page, swatches(colours), page.top) + 0.08
    every = distinct(rows, "source")
    sources = every[: _SOURCES[page.layout.name]]
    across = 1 if page.layout.name == "column" else min(len(sources), 2)
    lines = -(-len(sources) // across)
    note = _NOTE if len(sources) < len(every) else 0.0
    tall = (page.bottom - top - note) / lines - _HEAD - _BELOW
    tall = tall if page.layout.fixed else min(tall, _TALL)
    wide = (page.right - page.left - _BESIDE * (across - 1)) / across
    for n, source in enumerate(sources):
        line, place = divmod(n, across)
        own = [row for row in rows if row.source == source]
        left = page.left + place * (wide + _BESIDE)
        down = top + line * (_HEAD + tall + _BELOW)
        scale = words.scale([sum(row.value for row in own)], own[0].unit)
        head = f"{words.name(source)} [{scale.unit}]"
        page.write(head, down, style.SMALL, left=left, right=left + wide)
        _draw_flows(page, own, (left, down + _HEAD, wide, tall), scale)
    end = top + lines * (_HEAD + tall + _BELOW) - _BELOW
    return page.write_rest(_REST, len(every) - len(sources), end)


def _draw_flows(
    page: Page, rows: Sequence[Row], box: tuple[float, float, float, float], scale: Scale
) -> None:
    """Draw the states of a source at both sides and what goes between them."""
    left, top, wide, tall = box
    room = _LABELS * wide
    sides = [_held(rows, (f"{end}_technology", f"{end}_control")) for end in ("from", "to")]
    inch = min((tall - _GAP * (len(side) - 1)) / sum(side.values()) for side in sides)
    before, after = (_nodes(page.words, side, scale, inch, (top, tall), room) for side in sides)
    x0, x1 = left + room + _NODE, left + wide - room - _NODE
    ends = [{state: node.top for state, node in nodes.items()} for nodes in (before, after)]
    order = [list(side) for side in sides]
    for row in sorted(rows, key=lambda r: (order[0].index(_from(r)), order[1].index(_to(r)))):
        here, there, tall_ = ends[0][_from(row)], ends[1][_to(row)], row.value * inch
        colour = _STAYING if _from(row) == _to(row) else _MOVING
        _ribbon(page, (x0, here), (x1, there), tall_, colour)
        ends[0][_from(row)] += tall_
        ends[1][_to(row)] += tall_
    for nodes, x, side in ((before, x0 - _NODE, "right"), (after, x1, "left")):
        for node in nodes.values():
            y, end = node.top, node.bottom
            corners = [(x, y), (x + _NODE, y), (x + _NODE, end), (x, end), (x, y)]
            page.paper.path(corners, BOX, style.INK)
            at = x - _AIR if side == "right" else x + _NODE + _AIR
            page.paper.write(
                node.name, at, node.label, style.TINY, style.INK,
                "right" if side == "right" else "left", "middle",
            )  # fmt: skip


def _from(row: Row) -> State:
    return row.from_technology, row.from_control or ""


def _to(row: Row) -> State:
    return row.to_technology, row.to_control or ""


def _held(rows: Iterable[Row], columns: tuple[str, str]) -> dict[State, float]:
    """Return what each state holds at one side; what has no state of its own comes last."""
    found = {(t, c or ""): value for (t, c), value in sums(rows, columns).items()}
    return dict(sorted(found.items(), key=lambda item: _LAST.get(item[0], 0)))


def _nodes(
    words: Words,
    side: Mapping[State, float],
    scale: Scale,
    inch: float,
    box: tuple[float, float],
    room: float,
) -> dict[State, _Node]:
    """Return the states of one side from above, their names apart from each other."""
    em = style.TINY / style.POINTS
    names = [
        wrap(f"{_name(state, words)} {scale.short(value)}", (room - _AIR) / em)
        for state, value in side.items()
    ]
    tops, y = [], box[0]
    for value in side.values():
        tops.append(y)
        y += value * inch + _GAP
    centres = [top + value * inch / 2 for top, value in zip(tops, side.values(), strict=True)]
    high = [(name.count("\n") + 1) * PITCH * em for name in names]
    for n in sorted(range(len(names)), key=lambda n: tops[n] - centres[n], reverse=True):
        if sum(high) > box[1]:  # the smallest have no room for a name
            names[n], high[n] = "", 0.0
    labels = _apart(centres, high, box[0], box[0] + box[1])
    return {
        state: _Node(top, top + value * inch, name, label)
        for (state, value), top, name, label in zip(side.items(), tops, names, labels, strict=True)
    }


def _apart(
    centres: Sequence[float], high: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Return the middles of texts near where they belong, none on another [inch]."""
    placed: list[float] = []
    end = top
    for centre, tall in zip(centres, high, strict=True):
        placed.append(max(centre, end + tall / 2))
        end = placed[-1] + tall / 2
    start = bottom
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], start - high[n] / 2)
        start = placed[n] - high[n] / 2
    return placed


def _name(state: State, words: Words) -> str:
    if state[0] in _NAMES:
        return words.say(_NAMES[state[0]])
    parts = [part for part in (state[0], *state[1].split("+")) if part and part != "none"]
    return words.join(map(words.name, parts))


def _ribbon(
    page: Page, start: tuple[float, float], end: tuple[float, float], tall: float, colour: str
) -> None:
    """Fill what goes from one side to the other, bent between them."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + tall), (middle, y1 + tall), (middle, y0 + tall), (x0, y0 + tall), (x0, y0),
    ]  # fmt: skip
    page.paper.path(points, _RIBBON_CODES, colour, alpha=_RIBBON)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return the sources and what changes its state most in each."""
    rows = rows_of(drawn)
    sources = distinct(rows, "source")[: _SOURCES["page"]]
    own = [[row for row in rows if row.source == source] for source in sources]
    return {
        "year": str(rows[0].year),
        "case": words.case(rows[0].case),
        "n": str(len(sources)),
        "sources": words.join(map(words.name, sources)),
        "largest": words.phrases(_largest(part, words) for part in own[:3]),
    }


def _largest(rows: Sequence[Row], words: Words) -> str:
    """Return the largest change in a source, as a share of its activity."""
    row = max((r for r in rows if _from(r) != _to(r)), key=lambda r: r.value)
    whole = sum(r.value for r in rows)
    ends = (_name(state, words) for state in (_from(row), _to(row)))
    return words.say(_CHANGE, name=words.name(row.source), ends=" → ".join(ends),
                     share=f"{row.value / whole:.0%}")  # fmt: skip


_CHANGE = Text("{name}: {ends} {share}", "{name}：{ends} {share}")

CHART = Chart(
    id="activity-flow",
    rank=61,
    reads=("activity", "emissions", "targets"),
    title=Text(
        "What changes its state in {year}: {case}", "{year}年活动水平在各状态间的转移：{case}"
    ),
    caption=Text(
        "Activity of the {n} sources whose emissions change most, by state: in the baseline at the "
        "left, in the case {case} at the right; each source in its own unit. Where several states "
        "lose and several gain, each gains in proportion. Largest change: {largest}.",
        "排放变化最大的{n}个排放源各状态的活动水平：左为基准情景，右为“{case}”情景；各排放源单位不同。"
        "若有多种状态减少、多种增加，则按比例分配。变化最大的：{largest}。",
    ),
    alt=Text(
        "Flow diagrams from the states of the baseline to those of {case}, one panel for each of "
        "{n} sources ({sources}). Largest change: {largest}.",
        "流向图，由基准情景各状态流向“{case}”情景各状态，{n}个排放源各一幅（{sources}）。变化最大的：{largest}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
