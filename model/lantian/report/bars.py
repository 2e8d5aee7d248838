"""Bars of several kinds beside one another in each of several lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from lantian.report import style
from lantian.report.axes import BELOW
from lantian.report.chart import Names, Page, fit_names
from lantian.report.keys import Swatch
from lantian.report.paper import Panel
from lantian.report.words import Words

WHOLE = 0.86
"""Part of a line that its bars take."""
_CASING = 2.4  # width of the white edge of whiskers [point]
_FILLED = 0.92  # part of its place that a bar takes


@dataclass(frozen=True)
class Sizes:
    """How high lines of bars are [inch].

    Attributes
    ----------
    bar, least
        A bar where there is room, and the lowest that can be read.
    between
        What is left between lines where there is room.
    gap
        The least that is left.
    """

    bar: float
    least: float
    between: float
    gap: float


@dataclass(frozen=True)
class Lines:
    """Lines of a chart that have room on the page.

    Attributes
    ----------
    shown
        What they are of.
    names
        As the reader sees them.
    tall
        Height of each [inch].
    """

    shown: list[str]
    names: Names
    tall: float


def fit_lines(
    page: Page,
    every: Sequence[str],
    name: Callable[[str], str],
    bars: int,
    sizes: Sizes,
    *,
    share: float = 0.36,
    below: float = BELOW,
    most: int | None = None,
) -> Lines:
    """Return the first lines, as many as the page has room for.

    Parameters
    ----------
    page
        Where they will stand.
    every
        What lines could be of.
    name
        Gives the display name of one.
    bars, sizes
        How many bars each has, and how high they are.
    share
        Most part of the sheet's width that the names take.
    below
        What is left free under the lines [inch].
    most
        Lines at most; as many as there is room for by default.
    """
    tallest = fit_names(page, map(name, every), share=share).height
    least = max(bars * sizes.least + sizes.gap, tallest)
    below = page.below(len(every), least, below)
    fits = page.most_rows(least, below)
    shown = list(every[: fits if most is None else min(most, fits)])
    names = fit_names(page, map(name, shown), share=share)
    usual = max(bars * sizes.bar + sizes.between, least)
    return Lines(shown, names, page.rows(len(shown), usual, least, below))


def case_swatches(cases: Sequence[str], words: Words) -> list[Swatch]:
    """Return the key of cases: each in its colour."""
    return [Swatch(words.case(case), style.CASE_COLOURS[case]) for case in cases]


def casing(panel: Panel, low: ArrayLike, y: ArrayLike, high: ArrayLike) -> None:
    """Draw the white edge of whiskers, which are then seen on dark bars too.

    Parameters
    ----------
    panel
        Where to draw.
    low, high
        Their ends.
    y
        Where they lie.
    """
    panel.strokes(low, y, high, y, style.WHITE, _CASING)


def draw_bar(
    panel: Panel,
    line: int,
    place: tuple[int, int],
    ends: tuple[float, float],
    colour: str,
    whole: float = WHOLE,
) -> float:
    """Draw one bar of a line; return where its middle is.

    Parameters
    ----------
    panel
        Where to draw, a line up for each.
    line
        Position of the line.
    place
        Which bar of the line it is, of how many.
    ends
        Where it begins, and how long it is.
    colour
        Of it.
    whole
        Part of the line that its bars take.
    """
    k, n = place
    pitch = whole / n
    y = line + (k - (n - 1) / 2) * pitch
    panel.boxes(ends[0], y - pitch * _FILLED / 2, ends[1], pitch * _FILLED, [colour])
    return y
