"""Stacked columns by year and case, to the scale of time, in panels side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lantian.report import style
from lantian.report.axes import (
    base_line,
    headline,
    limit_above,
    numbers_left,
    room_for_numbers,
    rules_up,
    thinning,
    ticks_from_nought,
)
from lantian.report.chart import Page
from lantian.report.frames import Row, case_rank
from lantian.report.lettering import PITCH, Floats, width, wrap
from lantian.report.paper import Panel, Side
from lantian.report.words import Scale, Text, Words

HEAD = 0.2
"""Room above a panel for its headline [inch]."""

FEET = 0.34
"""Room below a panel for letters and years [inch]."""

_FILLED = 0.86  # part of a year's room that its columns take
_WIDEST = 0.32  # inch, of a column
_LEAST = 0.088  # inch, of a column that has room for its total
_LETTER = 0.075  # inch, of a column that has room for a letter
_LIMIT_LINE, _LIMIT_DASH = 1.2, (3.0, 1.5)  # point
_AROUND = 0.35  # how far the line of a limit goes beyond the columns of its year [columns]
_LEFT_OF: Side = "left"
_RIGHT_OF: Side = "right"
_FROM_LEFT = Text("In each year from left: {cases}", "每年自左至右：{cases}")


@dataclass(frozen=True)
class Stack:
    """One panel of stacked columns.

    Attributes
    ----------
    name
        What it shows, with the unit.
    rows
        With columns ``year``, ``case``, ``value`` and that of the layers.
    scale
        Unit of the numbers.
    limits
        Year -> limit.
    limit_name
        How the limits are said above the panel.
    ranges
        (year, case) -> ends of the range of the whole.
    observed
        Year -> what was observed.
    """

    name: str
    rows: Sequence[Row]
    scale: Scale
    limits: Mapping[int, float]
    limit_name: str = ""
    ranges: Mapping[tuple[int, str], tuple[float, float]] = field(default_factory=dict)
    observed: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Slots:
    """Where columns stand: those of one year side by side, years to the scale of time.

    Attributes
    ----------
    pairs
        (year, case) of each column.
    places
        Middle of each [years].
    width
        Of a column [years].
    limits
        Ends of the axis [years].
    """

    pairs: list[tuple[int, str]]
    places: Floats
    width: float
    limits: tuple[float, float]

    def of_year(self, year: int) -> tuple[float, float]:
        """Return the left edge of the first and the right edge of the last column of a year."""
        here = [x for x, (y, _) in zip(self.places, self.pairs, strict=True) if y == year]
        return min(here) - self.width / 2, max(here) + self.width / 2


def years_shown(pairs: Iterable[tuple[int, str]], length: float) -> list[int]:
    """Return the years whose columns can be read on an axis.

    Parameters
    ----------
    pairs
        (year, case) of each column.
    length
        Of the axis [inch].

    Returns
    -------
    list of int
        All, or those of which there are several columns or one of each kind, and each so many.
    """
    found = sorted(set(pairs))
    years = sorted({year for year, _ in found})
    last_of = {case: year for year, case in found}
    kept = {years[0], *last_of.values()}
    for step in range(1, len(years) + 1):
        shown = sorted({*years[::-1][::step], *kept})
        here = slots([pair for pair in found if pair[0] in shown], length)
        if inches(here, length) >= _LEAST:
            return shown
    return sorted(kept)


def inches(here: Slots, length: float) -> float:
    """Return how wide a column is on an axis of a length [inch]."""
    return here.width / (here.limits[1] - here.limits[0]) * length


def slots(pairs: Iterable[tuple[int, str]], length: float) -> Slots:
    """Return where columns stand on an axis.

    Parameters
    ----------
    pairs
        (year, case) of each column.
    length
        Of the axis [inch].

    Returns
    -------
    Slots
        Cases in the order of the vocabulary.
    """
    found = sorted(set(pairs), key=lambda pair: (pair[0], case_rank(pair[1])))
    years = sorted({year for year, _ in found})
    most = max(sum(y == year for y, _ in found) for year in years)
    gap = float(min(np.diff(years), default=1))
    span = years[-1] - years[0] + gap
    wide = min(gap * _FILLED / most, _WIDEST * span / length)
    places = []
    for year in years:
        own = [case for y, case in found if y == year]
        places += [year + (n - (len(own) - 1) / 2) * wide for n in range(len(own))]
    return Slots(found, np.array(places), wide, (years[0] - gap / 2, years[-1] + gap / 2))


def draw_stacks(
    page: Page, top: float, stacks: Sequence[Stack], layer: str, colours: Mapping[str, str]
) -> float:
    """Draw panels of stacked columns with totals, limits and axes.

    Parameters
    ----------
    page
        Where to draw.
    top
        Where the first row of panels begins [inch].
    stacks
        The panels.
    layer
        Column of the rows whose values are stacked.
    colours
        Layer -> colour, from the bottom.

    Returns
    -------
    float
        Where the last row ends [inch].
    """
    across = _across(page, len(stacks))
    gutter = max(_gutter(stack) for stack in stacks)
    wide = (page.right - page.left) / across - gutter - _BESIDE
    here = [_slots_of(stack, wide) for stack in stacks]
    lettered = all(inches(h, wide) >= _LETTER for h in here)
    top = _explain(page, top, {case for h in here for _, case in h.pairs}, lettered)
    head = HEAD + max(_more_head(stack, wide) for stack in stacks)
    lines = -(-len(stacks) // across)
    free = (page.bottom - top) / lines - head - FEET
    tall = free if page.layout.fixed else min(_tall(page, len(stacks)), free)
    for n, stack in enumerate(stacks):
        left = page.left + (n % across) * (wide + gutter + _BESIDE) + gutter
        down = top + (n // across) * (head + tall + FEET) + head
        _draw_stack(page, (left, down, wide, tall), stack, here[n], layer, colours)
    return top + lines * (head + tall + FEET)


def _explain(page: Page, top: float, cases: set[str], lettered: bool) -> float:
    """Say what the columns of a year are, unless there is one; return where the text ends."""
    if len(cases) < 2:
        return top
    names = page.words.join(page.words.case(case) for case in sorted(cases, key=case_rank))
    said = page.words.letters(cases) if lettered else page.words.say(_FROM_LEFT, cases=names)
    return page.write(said, top, style.SMALL, style.GREY) + 0.04


def _slots_of(stack: Stack, wide: float) -> Slots:
    pairs = list(_totals(stack.rows))
    years = set(years_shown(pairs, wide))
    return slots((pair for pair in pairs if pair[0] in years), wide)


def _more_head(stack: Stack, wide: float) -> float:
    """Return what name and limit of a panel take beyond one line [inch]."""
    lines = _wrapped(stack, wide).count("\n") * style.NORMAL * PITCH / style.POINTS
    return lines + _limit_line(stack, wide)


def _wrapped(stack: Stack, wide: float) -> str:
    return wrap(stack.name, wide * style.POINTS / style.NORMAL)


def _limit_line(stack: Stack, wide: float) -> float:
    """Return the height of a line for the limit where it does not fit beside the name [inch]."""
    last = _wrapped(stack, wide).split("\n")[-1]
    ends = width(last) * style.NORMAL + width(stack.limit_name) * style.SMALL
    fits = ends + style.NORMAL < wide * style.POINTS
    return 0.0 if fits or not stack.limit_name else _SECOND_LINE


_SECOND_LINE = 0.12  # inch


_BESIDE = 0.12  # inch between the panels of a row


def _across(page: Page, count: int) -> int:
    """Return how many panels stand side by side."""
    if page.layout.name == "column":
        return 1
    return min(count, 4 if page.layout.fixed else 2)


def _tall(page: Page, count: int) -> float:
    """Return how tall panels are where nothing else tells [inch]."""
    if page.layout.name == "column":
        return 0.85 if count > 1 else 1.6
    return 1.5 if count > 1 else 2.2


def _gutter(stack: Stack) -> float:
    top = max(_totals(stack.rows).values(), default=1.0)
    names = [stack.scale.say(place) for place in ticks_from_nought(top).places]
    return room_for_numbers(names)


def _totals(rows: Iterable[Row]) -> dict[tuple[int, str], float]:
    found: dict[tuple[int, str], float] = {}
    for row in rows:
        found[row.year, row.case] = found.get((row.year, row.case), 0.0) + row.value
    return found


def _draw_stack(
    page: Page,
    place: tuple[float, float, float, float],
    stack: Stack,
    here: Slots,
    layer: str,
    colours: Mapping[str, str],
) -> None:
    wide, tall = place[2:]
    totals = _totals(stack.rows)
    said = [stack.scale.say(totals[pair]) for pair in here.pairs]
    longest = max(map(width, said)) * style.TINY / style.POINTS
    turned = longest > inches(here, wide)
    headroom = ((longest if turned else style.TINY / style.POINTS) + 0.06) / tall
    ends = [high for _, high in stack.ranges.values()]
    top = max([*totals.values(), *stack.limits.values(), *stack.observed.values(), *ends])
    ticks = ticks_from_nought(top, min(headroom, 0.4))
    panel = page.panel(*place, here.limits, ticks.limits)
    rules_up(panel, ticks.places)
    values = _matrix(stack.rows, layer, list(colours), here.pairs)
    _boxes(panel, here, values, list(colours.values()))
    _limits(panel, here, stack)
    _ranges(panel, here, stack.ranges)
    base_line(panel)
    numbers_left(panel, ticks.places, [stack.scale.say(place) for place in ticks.places])
    name_columns(panel, here, page.words)
    if inches(here, wide) > style.TINY / style.POINTS:
        tops = [stack.ranges.get(pair, (0.0, totals[pair]))[1] for pair in here.pairs]
        _say_totals(panel, here, tops, said, turned)
    _observed(panel, here, stack)
    headline(panel, _wrapped(stack, wide), _limit_line(stack, wide))


def _matrix(
    rows: Iterable[Row], layer: str, layers: Sequence[str], pairs: Sequence[tuple[int, str]]
) -> Floats:
    """Return the values of a stack, dims (layer, column)."""
    row_of = {name: n for n, name in enumerate(layers)}
    column_of = {pair: n for n, pair in enumerate(pairs)}
    values = np.zeros((len(layers), len(pairs)))
    for row in rows:
        pair = (row.year, row.case)
        if pair in column_of:
            values[row_of[getattr(row, layer)], column_of[pair]] += row.value
    return values


def _boxes(panel: Panel, here: Slots, values: Floats, colours: Sequence[str]) -> None:
    """Draw the layers above nought upwards, those below downwards."""
    up, down = np.maximum(values, 0), np.minimum(values, 0)
    base = np.where(values > 0, np.cumsum(up, axis=0) - up, np.cumsum(down, axis=0) - down)
    layer, column = np.nonzero(values)
    x = here.places[column] - here.width / 2
    tints = [colours[int(n)] for n in layer]
    panel.boxes(x, base[layer, column], here.width, values[layer, column], tints)


def _ranges(
    panel: Panel, here: Slots, ranges: Mapping[tuple[int, str], tuple[float, float]]
) -> None:
    """Draw the range of the whole on each column that has one."""
    for x, pair in zip(here.places, here.pairs, strict=True):
        if pair in ranges:
            low, high = ranges[pair]
            panel.strokes(x, low, x, high, style.INK, 0.9)
            panel.dots([x, x], [low, high], "_", 4, None, style.INK, 0.9)


def _observed(panel: Panel, here: Slots, stack: Stack) -> None:
    """Set what was observed beside the columns of its year."""
    for year, value in stack.observed.items():
        if year not in {y for y, _ in here.pairs}:
            continue
        left, right = here.of_year(year)
        said = stack.scale.say(value)
        fits = float(panel.x(left)) - width(said) * style.TINY / style.POINTS - 0.08 > panel.left
        at, side, gap = (left, _RIGHT_OF, -4.0) if fits else (right, _LEFT_OF, 4.0)
        panel.dots(at, value, "o", 5, style.WHITE, style.MISSED, 1.3)
        panel.label(said, at, value, style.TINY, style.MISSED, side, shift=(gap, 0), halo=True)


def _limits(panel: Panel, here: Slots, stack: Stack) -> None:
    """Mark each limit over the columns of its year, and say the last one."""
    for year, value in stack.limits.items():
        if year in {y for y, _ in here.pairs}:
            left, right = here.of_year(year)
            spare = _AROUND * here.width
            ends = max(left - spare, panel.across[0]), min(right + spare, panel.across[1])
            panel.line(ends, (value, value), style.MISSED, _LIMIT_LINE, _LIMIT_DASH)
    if stack.limit_name:
        limit_above(panel, stack.limit_name)


def name_columns(panel: Panel, here: Slots, words: Words) -> None:
    """Write the letter of its case under each column and the year under those of one year.

    Parameters
    ----------
    panel
        Where to draw.
    here
        Where the columns stand.
    words
        Language of the reader.
    """
    several = len({case for _, case in here.pairs}) > 1
    years = sorted({year for year, _ in here.pairs})
    step = thinning(panel.x(np.array(years, np.float64)), [str(y) for y in years], style.SMALL)
    for year in years[::-1][::step]:
        panel.label(
            str(year), sum(here.of_year(year)) / 2, panel.up[0], style.SMALL, side="middle",
            level="top", shift=(0, 12 if several else 4),
        )  # fmt: skip
    per_column = here.width / (panel.across[1] - panel.across[0]) * panel.width
    if several and per_column >= _LETTER:
        for x, (_, case) in zip(here.places, here.pairs, strict=True):
            panel.label(
                words.letter(case), float(x), panel.up[0], style.TINY, style.GREY, side="middle",
                level="top", shift=(0, 3),
            )  # fmt: skip


def _say_totals(
    panel: Panel, here: Slots, tops: Sequence[float], said: Sequence[str], turned: bool
) -> None:
    for x, total, text in zip(here.places, tops, said, strict=True):
        if turned:
            across, down = float(panel.x(x)), float(panel.y(total)) - 0.03
            panel.paper.write(
                text, across, down, style.TINY, style.INK, "left", "middle", turned=True, halo=True
            )
        else:
            panel.label(text, float(x), total, style.TINY, side="middle", level="bottom",
                        shift=(0, -1), halo=True)  # fmt: skip
