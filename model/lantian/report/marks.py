"""What many charts have in common: stacked columns, axes, keys and where panels stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lantian.report import style
from lantian.report.chart import Page
from lantian.report.lettering import Floats, width, wrap
from lantian.report.paper import Panel
from lantian.report.words import Scale, Words

_KEY_LINE = 0.27
_KEY_BOX = 0.1
_FRAME = "#8a8a8a"  # edge of a box in a key
_AXIS, _TICK, _RULE = 0.6, 0.5, 0.5  # widths of lines [point]
_TICK_LENGTH, _TICK_GAP, _TITLE_GAP = 2.0, 3.5, 4.0  # point


def columns_of(
    rows: pd.DataFrame, layer: str, layers: Sequence[str]
) -> tuple[list[tuple[int, str]], Floats]:
    """Return the columns of a stack and what stands in them.

    Parameters
    ----------
    rows
        With columns ``year``, ``case``, ``value`` and ``layer``'s.
    layer
        Column whose values are stacked.
    layers
        Those to show, from the bottom.

    Returns
    -------
    list of tuple
        (year, case) of each column, as they come.
    Floats
        Values, dims (layer, column); 0 where there is no row.
    """
    names = [(int(y), str(c)) for y, c in zip(rows["year"], rows["case"], strict=True)]
    pairs = list(dict.fromkeys(names))
    column = {pair: place for place, pair in enumerate(pairs)}
    row = {name: place for place, name in enumerate(layers)}
    values = np.zeros((len(layers), len(pairs)))
    for name, pair, value in zip(rows[layer], names, rows["value"], strict=True):
        if name in row:
            values[row[name], column[pair]] += value
    return pairs, values


def stacks(
    panel: Panel, places: Sequence[float], values: Floats, colours: Sequence[str], width: float
) -> None:
    """Draw stacked columns.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Middle of each column [values across].
    values
        Heights [values up], dims (layer, column); only those above 0 are drawn.
    colours
        Of the layers.
    width
        Of a column [values across].
    """
    tops = np.cumsum(values, axis=0)
    filled = values > 0
    layer, column = np.nonzero(filled)
    x = np.asarray(places, dtype=np.float64)[column] - width / 2
    tints = [colours[int(i)] for i in layer]
    panel.boxes(x, (tops - values)[filled], width, values[filled], tints)


@dataclass(frozen=True)
class Ticks:
    """Round places on an axis, and the limits of the axis they belong to."""

    places: Floats
    limits: tuple[float, float]


def column_ticks(top: float) -> Ticks:
    """Return ticks from nought to the first round number above the highest column.

    Parameters
    ----------
    top
        Largest value shown.

    Returns
    -------
    Ticks
        With a little room above the highest column.
    """
    top = top if top > 0 else 1.0
    places = _round_places(0, top)
    places = places[places <= top * (1 + _NEAR)]
    return Ticks(places, (0.0, max(top * (1 + _HEADROOM), float(places[-1]))))


def ticks_within(low: float, high: float, most: int = 5) -> Ticks:
    """Return the round places between two limits, which may be given from high to low.

    Parameters
    ----------
    low, high
        Limits of the axis.
    most
        Most intervals.

    Returns
    -------
    Ticks
        With these limits.
    """
    places = _round_places(min(low, high), max(low, high), most)
    inside = (places >= min(low, high)) & (places <= max(low, high))
    return Ticks(places[inside], (low, high))


_HEADROOM = 0.06  # part of the axis free above the highest column
_NEAR = 0.2  # part of the axis that may be free to reach a round number
_TICKS = 5
_STEPS = (1, 2, 2.5, 5, 10)


def _round_places(low: float, high: float, most: int = _TICKS) -> Floats:
    return np.asarray(MaxNLocator(most, steps=_STEPS).tick_values(low, high), dtype=np.float64)


def rules_up(panel: Panel, places: ArrayLike) -> None:
    """Draw pale rules across a panel at the ticks of its upright axis; before what it shows."""
    left, right = panel.across
    panel.strokes(left, places, right, places, style.RULE, _RULE)


def rules_across(panel: Panel, places: ArrayLike) -> None:
    """Draw pale rules up a panel at the ticks of its lower axis; before what it shows."""
    low, high = panel.up
    panel.strokes(places, low, places, high, style.RULE, _RULE)


def base_line(panel: Panel) -> None:
    """Draw the line along the bottom of a panel."""
    low = panel.up[0]
    panel.line(panel.across, (low, low), style.GREY, _AXIS)


def side_line(panel: Panel) -> None:
    """Draw the line along the left of a panel."""
    left = panel.across[0]
    panel.line((left, left), panel.up, style.GREY, _AXIS)


def numbers_left(
    panel: Panel, places: ArrayLike, names: Sequence[str], marked: bool = False
) -> None:
    """Write the numbers of an upright axis.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Where each number stands [values up].
    names
        The numbers as they are printed.
    marked
        Whether each has a short stroke.
    """
    gap = _TICK_GAP + (_TICK_LENGTH if marked else 0.0)
    spots, left = np.asarray(places, np.float64), panel.across[0]
    for y, name in zip(spots, names, strict=True):
        panel.label(name, left, y, style.SMALL, side="right", shift=(-gap, 0))
    if marked:
        out = left - _TICK_LENGTH / style.POINTS * _per_inch(panel.across, panel.width)
        panel.strokes(out, spots, left, spots, style.GREY, _TICK)


def numbers_below(panel: Panel, places: ArrayLike, names: Sequence[str], title: str = "") -> None:
    """Write the numbers of a lower axis, each with a short stroke, and its title below them.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Where each number stands [values across].
    names
        The numbers as they are printed.
    title
        What they are, with the unit.
    """
    spots, low = np.asarray(places, np.float64), panel.up[0]
    out = low - _TICK_LENGTH / style.POINTS * _per_inch(panel.up, panel.height)
    panel.strokes(spots, out, spots, low, style.GREY, _TICK)
    down = _TICK_LENGTH + _TICK_GAP
    for x, name in zip(spots, names, strict=True):
        panel.label(name, x, low, style.SMALL, side="middle", level="top", shift=(0, down))
    if title:
        middle = sum(panel.across) / 2
        down += style.SMALL + _TITLE_GAP
        panel.label(title, middle, low, style.SMALL, side="middle", level="top", shift=(0, down))


def _per_inch(limits: tuple[float, float], length: float) -> float:
    return (limits[1] - limits[0]) / length


def amounts_below(panel: Panel, scale: Scale, title: str = "", most: int = _TICKS) -> None:
    """Write few round numbers in one unit below a panel, and what they are.

    Parameters
    ----------
    panel
        Where to draw.
    scale
        Unit of the numbers.
    title
        What they are.
    most
        Most intervals.
    """
    places = ticks_within(*panel.across, most).places
    numbers_below(panel, places, [scale.say(place) for place in places], title)


def title_left(panel: Panel, text: str, room: float) -> None:
    """Write what an upright axis shows, upwards along it.

    Parameters
    ----------
    panel
        Where to draw.
    text
        Quantity and unit.
    room
        Left of the panel [inch].
    """
    panel.paper.write(
        text, panel.left - room, panel.top + panel.height / 2, style.SMALL, side="middle",
        level="middle", turned=True,
    )  # fmt: skip


def names_left(
    panel: Panel, places: ArrayLike, names: Sequence[str], size: float = style.SMALL
) -> None:
    """Write the names of lines or bars left of a panel.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Where each stands [values up].
    names
        The names; a long one has two lines.
    size
        Of the letters [point].
    """
    for place, name in zip(np.asarray(places, np.float64), names, strict=True):
        panel.label(name, panel.across[0], place, size, side="right", shift=(-_TICK_GAP, 0))


def headline(panel: Panel, text: str) -> None:
    """Write what a panel shows above its upper left corner."""
    panel.label(text, panel.across[0], panel.up[1], level="bottom", shift=(0, -_TITLE_GAP + 1))


def stacked_panel(
    page: Page,
    corner: tuple[float, float],
    size: tuple[float, float],
    rows: pd.DataFrame,
    layer: str,
    colours: Mapping[str, str],
    scale: Scale,
    name: str,
) -> None:
    """Draw stacked columns by year and case with axes and a name.

    Parameters
    ----------
    page
        Where to draw.
    corner, size
        Upper left corner and size of the panel [inch].
    rows
        With columns ``year``, ``case``, ``value`` and ``layer``'s.
    layer
        Column whose values are stacked.
    colours
        Layer -> colour, from the bottom.
    scale
        Unit of the numbers.
    name
        What the panel shows.
    """
    pairs, values = columns_of(rows, layer, list(colours))
    places = column_places(pairs)
    ticks = column_ticks(float(values.sum(axis=0).max()))
    panel = page.panel(*corner, *size, year_limits(places), ticks.limits)
    rules_up(panel, ticks.places)
    stacks(panel, places, values, list(colours.values()), _COLUMN)
    base_line(panel)
    numbers_left(panel, ticks.places, [scale.say(place) for place in ticks.places])
    year_axis(panel, pairs, places, page.words)
    headline(panel, name)


_COLUMN = 0.86  # width of a column, from one to the next being 1


@dataclass(frozen=True)
class Grid:
    """Where panels and their key stand [inch]."""

    corners: list[tuple[float, float]]
    panel: tuple[float, float]
    key: tuple[float, float]
    height: float


def grid(count: int) -> Grid:
    """Return places for one to four panels: the key at the right, or in the fourth place."""
    top = style.HEAD + style.SUBTITLE + 0.2
    wide, step = _GRIDS[count]
    corners = [(_GRID_LEFT + n % 2 * step, top + n // 2 * _DOWN) for n in range(count)]
    right = _GRID_LEFT + (step if count == 1 else 2 * step) - 0.22
    key = (_GRID_LEFT + step, top + _DOWN) if count == _WITH_HOLE else (right, top)
    height = top + _DOWN * (1 + (count > 2)) - _BETWEEN + style.FOOT + 0.05
    return Grid(corners, (wide, _TALL), key, height)


_GRID_LEFT, _TALL, _DOWN, _BETWEEN = 0.52, 1.5, 2.05, 0.2
_WITH_HOLE = 3  # number of panels that leaves room for the key among them
_GRIDS = {1: (4.1, 4.5), 2: (2.05, 2.45), 3: (2.5, 2.98), 4: (2.05, 2.45)}


def key(
    page: Page, left: float, top: float, entries: Mapping[str, str], line: float = _KEY_LINE
) -> None:
    """Draw a column of colour boxes with names, first entry on top.

    Parameters
    ----------
    page
        Where to draw.
    left, top
        Upper left corner [inch].
    entries
        Name -> colour.
    line
        Height of an entry [inch].
    """
    tall = line * len(entries)
    panel = page.panel(left, top, 1.0, tall, (0, 1), (tall, 0))
    middle = (np.arange(len(entries)) + 1 / 2) * line
    edge = _KEY_BOX
    panel.boxes(0, middle - edge / 2, edge, edge, list(entries.values()), _FRAME)
    room = (page.width - left - edge * 1.6 - style.MARGIN) * style.POINTS / style.SMALL
    for y, name in zip(middle, entries, strict=True):
        panel.label(wrap(name, room), edge * 1.6, y, style.SMALL)


def key_row(page: Page, left: float, top: float, entries: Mapping[str, str]) -> None:
    """Draw a row of colour boxes with names.

    Parameters
    ----------
    page
        Where to draw.
    left, top
        Upper left corner [inch].
    entries
        Name -> colour.
    """
    panel = page.panel(left, top, 1.0, _KEY_LINE, (0, 1), (_KEY_LINE, 0))
    em = style.SMALL / style.POINTS
    sizes = [_KEY_BOX * 1.6 + (width(name) + 1.4) * em for name in entries]
    starts = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    y = _KEY_LINE / 2
    panel.boxes(starts, y - _KEY_BOX / 2, _KEY_BOX, _KEY_BOX, list(entries.values()), _FRAME)
    for x, name in zip(starts, entries, strict=True):
        panel.label(name, x + _KEY_BOX * 1.6, y, style.SMALL)


@dataclass(frozen=True)
class Sign:
    """A mark in a key: what :meth:`Panel.dots` draws, and its name."""

    name: str
    form: str
    size: float
    fill: str | None
    edge: str | None = None
    line: float = 0.5


def sign_row(page: Page, left: float, top: float, signs: Sequence[Sign]) -> float:
    """Draw a row of marks with names.

    Parameters
    ----------
    page
        Where to draw.
    left, top
        Upper left corner [inch].
    signs
        From left to right.

    Returns
    -------
    float
        Where the row ends [inch].
    """
    em = style.SMALL / style.POINTS
    panel = page.panel(0, top, page.width, _KEY_LINE, (0, page.width), (_KEY_LINE, 0))
    x, y = left, _KEY_LINE / 2
    for sign in signs:
        panel.dots(x + em / 2, y, sign.form, sign.size, sign.fill, sign.edge, sign.line)
        panel.label(sign.name, x + _SIGN_ROOM * em, y, style.SMALL)
        x += (_SIGN_ROOM + width(sign.name) + _SIGN_GAP) * em
    return x - _SIGN_GAP * em


def sign_row_length(signs: Sequence[Sign]) -> float:
    """Return how long a row of marks with names is [inch]."""
    names = sum(width(sign.name) for sign in signs)
    ems = names + _SIGN_ROOM * len(signs) + _SIGN_GAP * (len(signs) - 1)
    return ems * style.SMALL / style.POINTS


_SIGN_ROOM, _SIGN_GAP = 1.5, 1.2  # em


def label_room(names: Sequence[str], most: float) -> float:
    """Return the room the longest of some names needs left of an axis.

    Parameters
    ----------
    names
        Labels, each on one line.
    most
        Most that they may take [inch].

    Returns
    -------
    float
        Room with the gap to the axis [inch].
    """
    longest = max((width(name) for name in names), default=0.0)
    return min(most, longest * style.SMALL / style.POINTS) + _LABEL_PAD


_LABEL_PAD = 0.24  # inch: the margin and the gap to the axis


def column_places(pairs: Sequence[tuple[int, str]], gap: float = 0.7) -> list[float]:
    """Return where columns stand: cases of one year side by side, years apart.

    Parameters
    ----------
    pairs
        (year, case) of each column, cases of one year together.
    gap
        Room between years, in columns.

    Returns
    -------
    list of float
        Middle of each column [values across]; the first at 0.
    """
    places: list[float] = []
    for place, (year, _) in enumerate(pairs):
        new = place > 0 and pairs[place - 1][0] != year
        places.append(places[-1] + 1 + gap * new if place else 0.0)
    return places


_LEAST_HALF = 2.2  # half the width of an axis in columns; a lone column stays slim


def year_axis(
    panel: Panel, pairs: Sequence[tuple[int, str]], places: Sequence[float], words: Words
) -> None:
    """Name the columns: the case under each, the year under its group.

    Parameters
    ----------
    panel
        Where to draw.
    pairs
        (year, case) of each column.
    places
        Middle of each column [values across].
    words
        Language of the reader.
    """
    several = len({case for _, case in pairs}) > 1
    for year in sorted({year for year, _ in pairs}):
        here = [x for x, (y, _) in zip(places, pairs, strict=True) if y == year]
        panel.label(
            str(year), (here[0] + here[-1]) / 2, 0, style.SMALL, side="middle", level="top",
            shift=(0, 12 if several else 4),
        )  # fmt: skip
    if several:
        for x, (_, case) in zip(places, pairs, strict=True):
            panel.label(
                words.letter(case), x, 0, style.TINY, style.GREY, side="middle", level="top",
                shift=(0, 3),
            )  # fmt: skip


def year_limits(places: Sequence[float]) -> tuple[float, float]:
    """Return the limits of an axis of columns; a lone column stays slim."""
    middle = (places[0] + places[-1]) / 2
    half = max((places[-1] - places[0]) / 2 + 0.75, _LEAST_HALF)
    return middle - half, middle + half
