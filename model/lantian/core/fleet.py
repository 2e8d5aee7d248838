"""Cohort arithmetic of vehicle fleets: survival, standards by year of sale, turnover.

Pure functions of arrays. A *vintage* is a year of sale; a *group* is all vehicles of one source
and fuel. Only the year axis of :func:`turn_over` is a recurrence.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


def survival(age: Array, mean_life: Array, shape: Array) -> Array:
    """Return the share of vehicles still in use at an age, a Weibull curve.

    Parameters
    ----------
    age
        Age [a]; negative ages (not sold yet) survive.
    mean_life
        Mean life span [a].
    shape
        Weibull shape [1]; the larger, the closer all vehicles retire to the mean life.

    Returns
    -------
    Array
        Share [1]: ``exp(-(age / scale) ** shape)`` with ``scale = mean_life / Gamma(1 + 1/shape)``.

    References
    ----------
    .. [1] Hao, Wang, Ouyang, Cheng 2011. Vehicle survival patterns in China. Science China
       Technological Sciences 54, 625-629.
    """
    scale = _scale(mean_life, shape)
    return np.asarray(np.exp(-((np.maximum(age, 0.0) / scale) ** shape)))


def _scale(mean_life: Array, shape: Array) -> Array:
    """Return the scale [a] of the Weibull curve with a mean life [a] and a shape [1]."""
    # Of the standard library: there are few fleets, and importing scipy.special takes longer than
    # all the rest of the projection.
    gamma = np.vectorize(math.gamma, otypes=[np.float64])
    return np.asarray(mean_life / gamma(1.0 + 1.0 / np.asarray(shape)))


def conditional_survival(age: Array, mean_life: Array, shape: Array) -> Array:
    """Return the share of vehicles of an age a year ago plus one that lived through that year.

    ``survival(age) / survival(age - 1)`` [1] for vehicles now ``age`` [a] old, taken in logarithms
    so that very old vintages give 0 and not 0/0.

    Parameters
    ----------
    age
        Age now [a].
    mean_life
        Mean life span [a].
    shape
        Weibull shape [1].

    Returns
    -------
    Array
        Share [1], in the shape to which the arguments broadcast; 1 for ages of 0 or less.

    References
    ----------
    The curve of :func:`survival`.
    """
    scale = _scale(mean_life, shape)
    now = (np.maximum(age, 0.0) / scale) ** shape
    before = (np.maximum(age - 1.0, 0.0) / scale) ** shape
    return np.asarray(np.exp(before - now))


def standard_shares(starts: Array, vintages: Array) -> Array:
    """Return which share of a year's sales falls under which standard.

    Parameters
    ----------
    starts
        When each standard begins, as a year with its fraction [a] (2019.5 is July 2019),
        ascending, dims (standard,).
    vintages
        Years of sale [a], dims (vintage,).

    Returns
    -------
    Array
        Shares [1], dims (standard, vintage). A start within a year splits that year's sales in
        proportion to time. Sales before the first start have no standard: their shares are 0.
    """
    in_force = np.clip(vintages[None, :] + 1.0 - starts[:, None], 0.0, 1.0)
    return in_force - np.vstack([in_force[1:], np.zeros_like(vintages)[None, :]])


def age_structure(stock: float, weight: Array) -> Array:
    """Spread a stock [vehicle] over groups and vintages in proportion to a weight.

    The weight is sales x share of the fuel x survival to the year of the stock, and 0 for vintages
    no longer allowed. All weights 0 give an empty fleet.

    Parameters
    ----------
    stock
        Vehicles of one source [vehicle].
    weight
        Weight of each group and vintage [any unit; only ratios count].

    Returns
    -------
    Array
        Vehicles, in the shape of ``weight``; they add up to ``stock`` unless all weights are 0.
    """
    total = weight.sum()
    return stock * weight / total if total > 0.0 else np.zeros_like(weight)


def turn_over(fleet: Array, keep: Array, stock: Array, split: Array, owner: Index) -> Array:
    """Let a fleet age year by year, with sales that fill the gap to a given stock.

    Parameters
    ----------
    fleet
        Vehicles at the end of the base year, dims (group, vintage).
    keep
        Share of vehicles that live through year ``t``, dims (group, vintage, t).
    stock
        Vehicles of each source at the end of year ``t``, dims (source, t).
    split
        Share of each group in its source's sales of year ``t``, dims (group, t); sums to 1 per
        source.
    owner
        Source of each group, dims (group,).

    Returns
    -------
    Array
        Vehicles, dims (group, vintage, t); the last ``t`` vintages are the years ``t``
        themselves. Where a stock falls faster than vehicles retire, nothing is sold and the
        surplus of all vintages leaves alike, so that the stock is always met.
    """
    steps = stock.shape[1]
    first = fleet.shape[1] - steps
    result = np.empty((*fleet.shape, steps))
    now = fleet
    for t in range(steps):
        alive = now * keep[:, :, t]
        survivors = np.bincount(owner, alive.sum(axis=1), minlength=len(stock))
        stay = np.ones(len(stock))
        np.divide(stock[:, t], survivors, out=stay, where=survivors > stock[:, t])
        sales = np.maximum(stock[:, t] - survivors, 0.0)
        now = alive * stay[owner, None]
        now[:, first + t] += split[:, t] * sales[owner]
        result[:, :, t] = now
    return result


def recent_vehicles(vehicles: Array, vintages: Array, years: Array) -> Array:
    """Return the vehicles of year ``y`` that were sold in the years ``f..y``.

    Parameters
    ----------
    vehicles
        Vehicles by vintage, dims (state, vintage, year).
    vintages, years
        The years [a] of both axes, ascending.

    Returns
    -------
    Array
        Vehicles, dims (state, year f, year y); 0 where ``f`` is after ``y``.
    """
    sold_since = (vintages[None, :] >= years[:, None]).astype(float)
    chosen = np.einsum("fv,svy->sfy", sold_since, vehicles)
    return np.asarray(chosen * (years[:, None] <= years[None, :]))
