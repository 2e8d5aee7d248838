r"""The air quality index of HJ 633, the composite index and the rank, from concentrations.

.. math:: IAQI = \lceil (I_{hi} - I_{lo}) / (B_{hi} - B_{lo}) (c - B_{lo}) + I_{lo} \rceil

The index of a day is its largest sub-index. The composite index adds what each pollutant is of its
limit. Concentrations may have any dims; the pollutant axis, where there is one, comes first.
"""

import math
from collections.abc import Sequence

import numpy as np

from lantian.core.system import Array
from lantian.standards.tables import SIX, Standard
from lantian.tolerances import ROUNDING

DAILY: tuple[tuple[str, str], ...] = tuple((p, "8h" if p == "O3" else "day") for p in SIX)
"""What the index of a day is made of. HJ 633-2012 has the largest hour of ozone as well, which no
table of days gives."""

UNIFORM = "year"
OF_INDEX = {"CO": "day", "O3": "8h"}
"""Averaging of the limit that the composite index divides by; of the year for the others."""


def rounded(values: Array, decimals: int | None) -> Array:
    """Return values rounded half to even; as they are where there is no such rule."""
    return values if decimals is None else np.round(values, decimals)


def edge(limit: float, decimals: int | None) -> float:
    """Return the largest concentration that is not above a limit as it is printed.

    Parameters
    ----------
    limit
        In the unit of the pollutant; NaN where there is none.
    decimals
        To which a value is rounded first, half to even; None if it is not.

    Returns
    -------
    float
        Half a step above the limit, or just below that where the half is rounded up.
    """
    limit *= 1.0 + ROUNDING
    if decimals is None or np.isnan(limit):
        return limit
    step = 10.0**-decimals
    whole = math.floor(limit / step)
    half = (whole + 0.5) * step
    return half if whole % 2 == 0 else math.nextafter(half, 0.0)


def sub_index(
    standard: Standard, pollutant: str, averaging: str, concentration: Array | float
) -> Array:
    """Return the sub-index of concentrations.

    Parameters
    ----------
    standard
        Its break points, and whether it rounds before.
    pollutant, averaging
        What was measured.
    concentration
        In the unit of the pollutant, any dims; NaN where it is missing.

    Returns
    -------
    Array
        Whole numbers up to 500; NaN where it is missing or the standard gives none.
    """
    scale = standard.scales[pollutant, averaging]
    value = rounded(np.asarray(concentration, dtype=float), scale.decimals)
    exact = np.interp(value, scale.concentration, scale.sub_index)
    found = np.where(value > scale.concentration[-1], scale.top, np.ceil(exact * (1.0 - ROUNDING)))
    return np.asarray(np.where(np.isnan(value), np.nan, found))


def daily_sub_indices(standard: Standard, concentration: Array) -> Array:
    """Return the sub-indices of days, dims (pollutant of :data:`DAILY`, ...)."""
    pairs = zip(DAILY, concentration, strict=True)
    return np.array([sub_index(standard, *name, value) for name, value in pairs])


def index_of_days(standard: Standard, sub_indices: Array) -> Array:
    """Return the index of days: the largest sub-index.

    Parameters
    ----------
    standard
        Says which days count although a pollutant is missing.
    sub_indices
        dims (pollutant, ...).

    Returns
    -------
    Array
        NaN for a day that does not count.
    """
    known = np.where(np.isnan(sub_indices), -np.inf, sub_indices).max(axis=0)
    least = standard.number("missing-pollutant")
    counts = ~np.isnan(sub_indices).any(axis=0)
    if least is not None:
        counts = counts | (known > least)
    return np.asarray(np.where(counts, known, np.nan))


def primary_pollutants(standard: Standard, sub_indices: Array) -> Array:
    """Return the part that each pollutant has in being the primary one of a day.

    Parameters
    ----------
    standard
        Says above which index a day has one.
    sub_indices
        dims (pollutant, ...).

    Returns
    -------
    Array
        Share [1], dims as ``sub_indices``: 1 for the largest sub-index, shared evenly where
        several are as large; 0 for days that have no primary pollutant.
    """
    index = index_of_days(standard, sub_indices)
    first = (sub_indices == index) & (index > (standard.number("primary") or 0.0))
    number = first.sum(axis=0)
    return np.asarray(first / np.maximum(number, 1))


def percentile(values: Array, percent: float) -> Array:
    """Return a percentile over the first axis by the rule of HJ 663: ``k = 1 + (n - 1) p``.

    Parameters
    ----------
    values
        dims (day, ...); NaN where a day is missing.
    percent
        [%].

    Returns
    -------
    Array
        On straight lines between the ordered values, dims (...).
    """
    return np.asarray(np.nanpercentile(values, percent, axis=0))


def index_weights(standard: Standard, year: int) -> Array:
    """Return what a unit of each pollutant adds to the composite index.

    Parameters
    ----------
    standard
        Its limits of class 2 and its weights.
    year
        Calendar year.

    Returns
    -------
    Array
        [1 per unit of the pollutant], dims (pollutant of :data:`SIX`,).
    """
    limits = [standard.limit(p, OF_INDEX.get(p, UNIFORM), year) for p in SIX]
    weights = [standard.number("weight", p) for p in SIX]
    return np.array([(w or 0.0) / s if s else np.nan for w, s in zip(weights, limits, strict=True)])


def ranks(values: Sequence[float], step: float) -> list[int]:
    """Return the rank of each value, the smallest first; what prints alike shares a rank.

    Parameters
    ----------
    values
        One per place.
    step
        Smallest difference that is printed, in the unit of the values.

    Returns
    -------
    list of int
        1, 1, 3 where the first two are printed as the same.
    """
    printed = np.round(np.asarray(values, dtype=float) / step)
    return [int((printed < own).sum()) + 1 for own in printed]
