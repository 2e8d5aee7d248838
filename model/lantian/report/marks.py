"""The few marks charts are made of; one artist for many boxes, because that is what is fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from lantian.report import style
from lantian.report.chart import Page
from lantian.report.words import Scale, Words, width, wrap

Floats = NDArray[np.float64]

_KEY_LINE = 0.27
_KEY_BOX = 0.1


def boxes(
    axes: Axes,
    left: ArrayLike,
    bottom: ArrayLike,
    width: ArrayLike,
    height: ArrayLike,
    colours: Sequence[str],
    edge: str | Sequence[str] = "#ffffff",
    line: float = 0.4,
) -> None:
    """Draw rectangles [data units] as one artist.

    Parameters
    ----------
    axes
        Where to draw.
    left, bottom, width, height
        Corner and size of each [data units].
    colours
        Of the areas.
    edge, line
        Colour and width [pt] of the edges.
    """
    x0, y0, dx, dy = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (left, bottom, width, height))
    )
    corners_x = np.stack([x0, x0 + dx, x0 + dx, x0], axis=-1)
    corners_y = np.stack([y0, y0, y0 + dy, y0 + dy], axis=-1)
    corners = np.stack([corners_x, corners_y], axis=-1)
    axes.add_collection(
        PolyCollection(
            list(corners.reshape(-1, corners_x.shape[-1], corners.shape[-1])),
            facecolors=colours,
            edgecolors=edge,
            linewidths=line,
            zorder=2,
        ),
        autolim=False,
    )


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
    axes: Axes, places: Sequence[float], values: Floats, colours: Sequence[str], width: float
) -> None:
    """Draw stacked columns.

    Parameters
    ----------
    axes
        Where to draw.
    places
        Middle of each column [data units].
    values
        Heights [data units], dims (layer, column); only those above 0 are drawn.
    colours
        Of the layers.
    width
        Of a column [data units].
    """
    tops = np.cumsum(values, axis=0)
    filled = values > 0
    layer, column = np.nonzero(filled)
    x = np.asarray(places, dtype=np.float64)[column] - width / 2
    tints = [colours[int(i)] for i in layer]
    boxes(axes, x, (tops - values)[filled], width, values[filled], tints)


def value_axis(axes: Axes, top: float, scale: Scale) -> None:
    """Set a value axis from nought with few ticks, pale rules and numbers in one unit.

    Parameters
    ----------
    axes
        Where to draw.
    top
        Largest value shown [unit of the table].
    scale
        Unit of the numbers.
    """
    top = top if top > 0 else 1.0
    ticks = np.asarray(MaxNLocator(_TICKS, steps=_STEPS).tick_values(0, top), dtype=np.float64)
    ticks = ticks[ticks <= top * (1 + _NEAR)]
    axes.set_ylim(0, max(top * (1 + _HEADROOM), float(ticks[-1])))
    axes.set_yticks(ticks, [scale.say(tick) for tick in ticks])
    axes.grid(axis="y", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    style.bare(axes, "bottom")


_HEADROOM = 0.06  # part of the axis free above the highest column
_NEAR = 0.2  # part of the axis that may be free to reach a round number
_TICKS = 5
_STEPS = (1, 2, 2.5, 5, 10)


def number_ticks(words: Words, top: float) -> FuncFormatter:
    """Return tick labels of one axis in full, or shortened when it reaches large numbers.

    Parameters
    ----------
    words
        Language of the reader.
    top
        Largest value shown.

    Returns
    -------
    FuncFormatter
        For the major ticks.
    """
    say = words.amount if top < _LONG else words.compact
    return FuncFormatter(lambda value, _: say(value))


_LONG = 1e5


def amount_axis(axis: Axis, scale: Scale) -> None:
    """Set few round ticks with numbers in one unit.

    Parameters
    ----------
    axis
        Axis of values.
    scale
        Unit of the numbers.
    """
    axis.set_major_locator(MaxNLocator(_TICKS, steps=_STEPS))
    axis.set_major_formatter(FuncFormatter(lambda value, _: scale.say(value)))


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
    axes = page.axes(left, top, page.width - left, line * len(entries))
    axes.set(xlim=(0, page.width - left), ylim=(line * len(entries), 0))
    axes.set_axis_off()
    middle = (np.arange(len(entries)) + 1 / 2) * line
    boxes(axes, 0, middle - _KEY_BOX / 2, _KEY_BOX, _KEY_BOX, list(entries.values()), "#8a8a8a")
    room = (page.width - left - _KEY_BOX * 1.6 - style.MARGIN) * style.POINTS / style.SMALL
    for y, name in zip(middle, entries, strict=True):
        axes.text(_KEY_BOX * 1.6, y, wrap(name, room), size=style.SMALL, va="center")


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
    axes = page.axes(left, top, page.width - left, _KEY_LINE)
    axes.set(xlim=(0, page.width - left), ylim=(0, _KEY_LINE))
    axes.set_axis_off()
    em = style.SMALL / style.POINTS
    sizes = [_KEY_BOX * 1.6 + (width(name) + 1.4) * em for name in entries]
    starts = np.concatenate([[0.0], np.cumsum(sizes)[:-1]])
    y = _KEY_LINE / 2
    boxes(axes, starts, y - _KEY_BOX / 2, _KEY_BOX, _KEY_BOX, list(entries.values()), "#8a8a8a")
    for x, name in zip(starts, entries, strict=True):
        axes.text(x + _KEY_BOX * 1.6, y, name, size=style.SMALL, va="center_baseline")


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
        Middle of each column [data units]; the first at 0.
    """
    places: list[float] = []
    for place, (year, _) in enumerate(pairs):
        new = place > 0 and pairs[place - 1][0] != year
        places.append(places[-1] + 1 + gap * new if place else 0.0)
    return places


_LEAST_HALF = 2.2  # half the width of an axis in columns; a lone column stays slim


def year_axis(
    axes: Axes, pairs: Sequence[tuple[int, str]], places: Sequence[float], words: Words
) -> None:
    """Name the columns: the case under each, the year under its group.

    Parameters
    ----------
    axes
        Where to draw.
    pairs
        (year, case) of each column.
    places
        Middle of each column [data units].
    words
        Language of the reader.
    """
    middle = (places[0] + places[-1]) / 2
    half = max((places[-1] - places[0]) / 2 + 0.75, _LEAST_HALF)
    axes.set_xlim(middle - half, middle + half)
    axes.set_xticks([])
    for year in sorted({year for year, _ in pairs}):
        here = [x for x, (y, _) in zip(places, pairs, strict=True) if y == year]
        axes.annotate(
            str(year),
            ((here[0] + here[-1]) / 2, 0),
            (0, -12 if len({case for _, case in pairs}) > 1 else -4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="top",
            size=style.SMALL,
        )
    if len({case for _, case in pairs}) > 1:
        for x, (_, case) in zip(places, pairs, strict=True):
            axes.annotate(
                words.letter(case),
                (x, 0),
                (0, -3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                va="top",
                size=style.TINY,
                color=style.GREY,
            )
