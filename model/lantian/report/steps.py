"""Bars one below the other, each beginning where the last one ended: from a whole to a whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.report import style
from lantian.report.lettering import Floats
from lantian.report.paper import Panel

CUT = 0.45
"""Part of the longest bar beyond which the axis may begin above nought."""
_HALF = 0.34  # half the height of a bar, of its row
_LARGE = 100.0  # from here on a decimal says nothing
_BELOW, _ABOVE = 0.35, 0.02  # parts of what is shown that are free at the ends of the axis


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, and where it begins and ends.

    Attributes
    ----------
    step, name
        What it stands for, as a word and for the reader.
    value
        The whole, or what changes it.
    start, end
        Where it begins and ends.
    whole
        Whether it stands for a whole and not for a change.
    """

    step: str
    name: str
    value: float
    start: float
    end: float
    whole: bool


def placed(parts: Sequence[tuple[str, str, float]], wholes: Collection[str]) -> list[Bar]:
    """Return bars, each beginning where the last one ended.

    Parameters
    ----------
    parts
        Step, name and value of each.
    wholes
        Steps that are wholes.

    Returns
    -------
    list of Bar
        Those of wholes begin at nought.
    """
    bars: list[Bar] = []
    level = 0.0
    for step, name, value in parts:
        start = 0.0 if step in wholes else level
        level = start + value
        bars.append(Bar(step, name, value, start, level, step in wholes))
    return bars


def limits_of_bars(bars: Sequence[Bar], more: Sequence[float] = ()) -> tuple[float, float]:
    """Return where the axis begins and ends: at nought, or below the lowest step if that is far.

    Parameters
    ----------
    bars
        What is shown.
    more
        Further places that the axis holds.

    Returns
    -------
    tuple of float
        Lower and upper end.
    """
    ends = np.array([*(bar.end for bar in bars), *more])
    lowest, highest = float(ends.min()), float(ends.max())
    floor = lowest - (highest - lowest) * _BELOW if lowest > CUT * highest else 0.0
    floor = max(floor, 0.0) if lowest >= 0 else lowest
    return floor, highest + (highest - floor) * _ABOVE


def draw_bars(
    panel: Panel, bars: Sequence[Bar], floor: float, colours: Sequence[str], digits: int
) -> None:
    """Draw bars with their numbers, one in each row.

    Parameters
    ----------
    panel
        Where to draw, a row up for each.
    bars
        From top to bottom.
    floor
        Where the axis begins.
    colours
        Of each.
    digits
        Decimals of the numbers.
    """
    start = np.array([floor if bar.whole else bar.start for bar in bars])
    end = np.array([bar.end for bar in bars])
    y = np.arange(len(bars), dtype=np.float64)
    panel.strokes(end[:-1], y[:-1] - _HALF, end[:-1], y[:-1] + 1 + _HALF, style.GREY, 0.5)
    panel.boxes(np.minimum(start, end), y - _HALF, np.abs(end - start), 2 * _HALF, colours)
    for n, bar in enumerate(bars):
        said = f"{bar.value:,.{digits}f}" if bar.whole else signed(bar.value, digits)
        panel.label(said, max(start[n], end[n]), n, style.SMALL, shift=(3, 0), halo=True)
    if floor > 0:
        _break(panel, y[[bar.whole for bar in bars]], floor)


def digits_of(changes: Sequence[float]) -> int:
    """Return how many decimals changes need: none, or one or two when they are small."""
    largest = max(map(abs, changes), default=_LARGE)
    return 0 if largest >= _LARGE else 1 if largest >= 1 else 2


def signed(value: float, digits: int) -> str:
    """Return a change with its sign; nought when it rounds to nought."""
    text = f"{value:+,.{digits}f}".replace("-", "−")
    return text if any(sign in "123456789" for sign in text) else "0"


def _break(panel: Panel, y: Floats, floor: float) -> None:
    """Cut the whole bars with a white stroke: their axis does not begin at nought."""
    span = panel.across[1] - floor
    x, d = floor + span * 0.03, span * 0.008
    panel.strokes(x - d, y + 0.45, x + d, y - 0.45, style.WHITE, 2.2)
