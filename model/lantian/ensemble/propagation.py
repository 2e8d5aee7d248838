"""Error propagation (IPCC 2006, volume 1, chapter 3, approach 1), key categories and grades.

A cross-check of the samples that needs none of their machinery: uncertainties of activity and
factor of each category add as squares, those of one category are independent of the others'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum
from lantian.core.system import Array

KEY = 0.95
"""Part of the total, or of the trend, that key categories make up together [1]."""
GRADES: tuple[tuple[str, float], ...] = (
    ("A", 0.20),
    ("B", 0.40),
    ("C", 1.25),
    ("D", 2.00),
)
"""Largest half-width of the 95 % range [1] of each grade; beyond is E, an order of magnitude. The
letters are those of the EMEP/EEA guidebook, whose spans overlap; the bounds between them are this
program's own, near the middles of the spans as they are remembered."""


@dataclass(frozen=True)
class Propagated:
    """Uncertainties of categories, halves of 95 % ranges, dims (category,).

    Attributes
    ----------
    combined
        Of the category's emission, as a share of it [1].
    in_total
        What it adds to that of the total, as a share of the total [1].
    type_a, type_b
        Sensitivities of the trend: to an error in both years, and in the last year alone [1].
    trend
        What it adds to that of the trend [1].
    total, of_trend
        Uncertainty of the total in the last year, and of the trend [1].
    """

    combined: Array
    in_total: Array
    type_a: Array
    type_b: Array
    trend_factor: Array
    trend_activity: Array
    trend: Array
    total: float
    of_trend: float


def propagate(
    first: Array, last: Array, activity: Array, factor: Array, totals: tuple[float, float]
) -> Propagated:
    """Propagate the uncertainties of activity and factor of every category.

    Parameters
    ----------
    first, last
        Emission of each category in both years [any unit], dims (category,).
    activity, factor
        Half of the 95 % range of either, as a share [1], dims (category,).
    totals
        Emission of all categories in both years [the same unit]; they may hold others as well.

    Returns
    -------
    Propagated
        Activity errors of both years are independent, factor errors are the same.
    """
    before, after = totals
    combined = np.sqrt(activity**2 + factor**2)
    in_total = combined * last / after
    type_b = last / before
    type_a = type_b - first * after / before**2
    by_factor, by_activity = type_a * factor, type_b * activity * np.sqrt(2.0)
    trend = np.sqrt(by_factor**2 + by_activity**2)
    return Propagated(
        combined,
        in_total,
        type_a,
        type_b,
        by_factor,
        by_activity,
        trend,
        float(np.sqrt(ordered_sum(in_total**2))),
        float(np.sqrt(ordered_sum(trend**2))),
    )


def key_categories(weight: Array) -> NDArray[np.bool_]:
    """Return which categories together make up 95 % of something, the largest first.

    Parameters
    ----------
    weight
        Level, or contribution to the trend, of each category, dims (category,).

    Returns
    -------
    numpy.ndarray
        Truth values, dims (category,).
    """
    size = np.abs(weight)
    order = np.argsort(-size, kind="stable")
    before = np.cumsum(size[order]) - size[order]
    found = np.zeros(len(weight), dtype=bool)
    found[order] = (before < KEY * size.sum()) & (size[order] > 0.0)
    return found


def grade(half: float) -> str:
    """Return the grade of an uncertainty.

    Parameters
    ----------
    half
        Half of the 95 % range as a share of the emission [1].

    Returns
    -------
    str
        ``A`` to ``E``.
    """
    return next((name for name, most in GRADES if half <= most), "E")


def half_range(values: Array, centre: Array, chosen: Sequence[float]) -> Array:
    """Return half of the distance between two percentiles of samples, as a share of the centre.

    Parameters
    ----------
    values
        dims (category, sample).
    centre
        dims (category,).
    chosen
        Both probabilities.

    Returns
    -------
    Array
        [1], dims (category,); 0 where the centre is.
    """
    low, high = np.quantile(values, chosen, axis=1)
    width = (high - low) / 2.0
    share: Array = np.divide(width, centre, out=np.zeros_like(width), where=centre > 0.0)
    return share
