"""Axes of a plot area: round numbers, rules, names of rows, titles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lantian.report import style
from lantian.report.chart import Names
from lantian.report.lettering import Floats, width, wrap
from lantian.report.paper import Panel
from lantian.report.words import Scale

BELOW = 0.36
"""Room that numbers and title of a lower axis take below a panel [inch]."""

_AXIS, _TICK, _RULE = 0.6, 0.5, 0.5  # widths of lines [point]
_LENGTH, _GAP, _TITLE_GAP = 2.0, 3.5, 4.0  # of ticks and from them to numbers and title [point]
_HEAD_GAP = 3.0  # from a panel to its headline [point]
_STEPS = (1, 2, 2.5, 5, 10)
_APART = 0.25  # inch of an axis for each interval, at least
_MOST = 5  # intervals of an axis
_BETWEEN = 0.5  # em between two numbers


@dataclass(frozen=True)
class Ticks:
    """Round places on an axis, and the limits of the axis they belong to."""

    places: Floats
    limits: tuple[float, float]


def ticks_from_nought(top: float, headroom: float = 0.06, most: int = _MOST) -> Ticks:
    """Return ticks from nought to about the largest value.

    Parameters
    ----------
    top
        Largest value shown.
    headroom
        Part of the axis that stays free above it.
    most
        Most intervals.

    Returns
    -------
    Ticks
        The axis ends at a round number where one is near.
    """
    top = top if top > 0 else 1.0
    places = _round_places(0, top, most)
    places = places[places <= top * (1 + _NEAR)]
    return Ticks(places, (0.0, max(top / (1 - headroom), float(places[-1]))))


_NEAR = 0.2  # part of the axis that may be free to reach a round number


def ticks_within(low: float, high: float, most: int = _MOST) -> Ticks:
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


def _round_places(low: float, high: float, most: int) -> Floats:
    return np.asarray(MaxNLocator(most, steps=_STEPS).tick_values(low, high), dtype=np.float64)


def intervals(length: float) -> int:
    """Return how many intervals an axis of a length has [inch]."""
    return max(2, min(_MOST, int(length / _APART)))


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


def side_line(panel: Panel, at: float | None = None) -> None:
    """Draw an upright line along the left of a panel, or at a value across it."""
    x = panel.across[0] if at is None else at
    panel.line((x, x), panel.up, style.GREY, _AXIS)


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
    gap = _GAP + (_LENGTH if marked else 0.0)
    spots, left = np.asarray(places, np.float64), panel.across[0]
    for y, name in zip(spots, names, strict=True):
        panel.label(name, left, y, style.SMALL, side="right", shift=(-gap, 0))
    if marked:
        out = left - _LENGTH / style.POINTS * _per_inch(panel.across, panel.width)
        panel.strokes(out, spots, left, spots, style.GREY, _TICK)


def room_for_numbers(names: Sequence[str], marked: bool = False) -> float:
    """Return the room that the numbers of an upright axis need left of it [inch].

    Parameters
    ----------
    names
        The numbers as they are printed.
    marked
        Whether each has a short stroke.

    Returns
    -------
    float
        Without the margin of the sheet.
    """
    gap = _GAP + (_LENGTH if marked else 0.0)
    return (max(map(width, names), default=0.0) * style.SMALL + gap) / style.POINTS


def numbers_below(panel: Panel, places: ArrayLike, names: Sequence[str], title: str = "") -> float:
    """Write the numbers of a lower axis, each with a short stroke, and its title below them.

    Numbers that would touch are thinned out from the last one.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Where each number stands [values across].
    names
        The numbers as they are printed.
    title
        What they are, with the unit; in lines where it is long.

    Returns
    -------
    float
        Where the texts end [inch].
    """
    spots, low = np.asarray(places, np.float64), panel.up[0]
    out = low - _LENGTH / style.POINTS * _per_inch(panel.up, panel.height)
    panel.strokes(spots, out, spots, low, style.GREY, _TICK)
    down = _LENGTH + _GAP
    step = thinning(panel.x(spots), names, style.SMALL)
    for x, name in list(zip(spots, names, strict=True))[::-1][::step]:
        panel.label(name, float(x), low, style.SMALL, side="middle", level="top", shift=(0, down))
    down += style.SMALL * style.LINE
    if title:
        down += _TITLE_GAP - 1
        said = wrap(title, _room_below(panel) * style.POINTS / style.SMALL)
        middle = sum(panel.across) / 2
        panel.label(said, middle, low, style.SMALL, side="middle", level="top", shift=(0, down))
        down += style.SMALL * (style.LINE + 1.18 * said.count("\n"))
    return panel.bottom + down / style.POINTS


def _room_below(panel: Panel) -> float:
    """Return the width for a title in the middle below a panel, which a narrow one may exceed."""
    middle = panel.left + panel.width / 2
    room = 2 * (min(middle, panel.paper.width - middle) - style.MARGIN)
    return max(panel.width, min(room, _TITLE_ROOM))


_TITLE_ROOM = 2.2  # inch


def thinning(places: Floats, names: Sequence[str], size: float) -> int:
    """Return of how many names one is written so that none touch.

    Parameters
    ----------
    places
        Where the middle of each name would be [inch].
    names
        The names.
    size
        Of the letters [point].

    Returns
    -------
    int
        1 where all are written.
    """
    em = size / style.POINTS
    order = np.argsort(places)
    spots = places[order]
    widths = np.array([width(names[int(n)]) + _BETWEEN for n in order]) * em
    for step in range(1, len(names)):
        x, wide = spots[::-1][::step], widths[::-1][::step]
        if (x[:-1] - x[1:] >= (wide[:-1] + wide[1:]) / 2).all():
            return step
    return max(len(names), 1)


def _per_inch(limits: tuple[float, float], length: float) -> float:
    return (limits[1] - limits[0]) / length


def amounts_below(panel: Panel, scale: Scale, title: str = "") -> float:
    """Write few round numbers in one unit below a panel, and what they are.

    Parameters
    ----------
    panel
        Where to draw.
    scale
        Unit of the numbers.
    title
        What they are.

    Returns
    -------
    float
        Where the texts end [inch].
    """
    places = ticks_within(*panel.across, intervals(panel.width / 2)).places
    return numbers_below(panel, places, [scale.say(place) for place in places], title)


def title_left(panel: Panel, text: str, middle: float) -> None:
    """Write what an upright axis shows, upwards along it.

    Parameters
    ----------
    panel
        Where to draw.
    text
        Quantity and unit; in lines where it is long.
    middle
        Where its last line is, from the left edge of the sheet [inch].
    """
    said = wrap(text, panel.height * style.POINTS / style.SMALL)
    panel.paper.write(
        said, middle, panel.top + panel.height / 2, style.SMALL, side="middle", level="middle",
        turned=True,
    )  # fmt: skip


def names_left(
    panel: Panel, places: ArrayLike, names: Names, size: float = style.SMALL,
    colour: str = style.INK,
) -> None:  # fmt: skip
    """Write the names of lines or bars left of a panel.

    Parameters
    ----------
    panel
        Where to draw.
    places
        Where each stands [values up].
    names
        The names in lines.
    size, colour
        Of the letters.
    """
    for place, text in zip(np.asarray(places, np.float64), names.texts, strict=True):
        panel.label(text, panel.across[0], place, size, colour, "right", shift=(-_GAP, 0))


def headline(panel: Panel, text: str, up: float = 0.0) -> None:
    """Write what a panel shows above its upper left corner, further up by so much [inch]."""
    gap = -_HEAD_GAP - up * style.POINTS
    panel.label(text, panel.across[0], panel.up[1], level="bottom", shift=(0, gap))


def limit_above(panel: Panel, text: str) -> None:
    """Write the limit that a panel marks above its upper right corner."""
    panel.label(
        text, panel.across[1], panel.up[1], style.SMALL, style.MISSED, "right", "bottom",
        shift=(0, -_HEAD_GAP),
    )  # fmt: skip
