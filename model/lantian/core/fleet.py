"""Cohort arithmetic of vehicle fleets: survival, standards by year of sale, turnover.

Pure functions of arrays whose last axis is the sample. A *vintage* is a year of sale. The vehicles
of a source retire alike, whatever they run on, so a fleet has dims (vintage, source, sample); which
share of a vintage runs on what, and under which standard, does not change with age. Only
:func:`turn_over` is a recurrence.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def cumulative_hazard(age: Array, mean_life: Array, shape: Array) -> Array:
    """Return the cumulative hazard of a Weibull life span at an age.

    Parameters
    ----------
    age
        Age [a]; negative ages (not sold yet) have no hazard behind them.
    mean_life
        Mean life span [a].
    shape
        Weibull shape [1]; the larger, the closer all vehicles retire to the mean life.

    Returns
    -------
    Array
        ``(age / scale) ** shape`` [1] with ``scale = mean_life / Gamma(1 + 1/shape)``, in the shape
        to which the arguments broadcast.

    References
    ----------
    .. [1] Hao, Wang, Ouyang, Cheng 2011. Vehicle survival patterns in China. Science China
       Technological Sciences 54, 625-629.
    """
    # Gamma of the standard library: there are few fleets, and importing scipy.special takes longer
    # than all the rest of the projection.
    gamma = np.vectorize(math.gamma, otypes=[np.float64])
    scale = mean_life / gamma(1.0 + 1.0 / np.asarray(shape))
    return np.asarray((np.maximum(age, 0.0) / scale) ** shape)


def survival(hazard: Array) -> Array:
    """Return the share of vehicles still in use [1].

    Parameters
    ----------
    hazard
        Cumulative hazard [1] at their age.

    Returns
    -------
    Array
        In the shape of ``hazard``.
    """
    return np.asarray(np.exp(-hazard))


def conditional_survival(hazard: Array) -> Array:
    """Return the share of vehicles that live through a year [1].

    ``survival(age) / survival(age - 1)``, taken in logarithms so that very old vintages give 0 and
    not 0/0.

    Parameters
    ----------
    hazard
        Cumulative hazard [1] at ages of 0, 1, 2 ... years, ages along the first axis.

    Returns
    -------
    Array
        For vehicles now of the ages 1, 2 ...: one row less than ``hazard``.
    """
    return np.asarray(np.exp(hazard[:-1] - hazard[1:]))


def standard_shares(begin: Array, end: Array, vintages: Array) -> Array:
    """Return which share of a year's sales falls under a standard.

    Parameters
    ----------
    begin, end
        When the standard and the one after it begin, as years with their fraction [a] (2019.5 is
        July 2019); infinite where there is none before or after.
    vintages
        Years of sale [a].

    Returns
    -------
    Array
        Shares [1], in the shape to which the arguments broadcast. A date within a year splits that
        year's sales in proportion to time.
    """
    in_force = np.clip(vintages + 1.0 - begin, 0.0, 1.0)
    return np.asarray(in_force - np.clip(vintages + 1.0 - end, 0.0, 1.0))


def age_structure(stock: Array, weight: Array) -> Array:
    """Spread a stock [vehicle] over vintages in proportion to a weight.

    The weight is sales x survival to the year of the stock, without those no longer allowed. All
    weights 0 give an empty fleet.

    Parameters
    ----------
    stock
        Vehicles of each source [vehicle], dims (source, sample).
    weight
        Weight of each vintage [any unit; only ratios count], dims (vintage, source, sample).

    Returns
    -------
    Array
        Vehicles, in the shape of ``weight``; they add up to ``stock`` unless all weights are 0.
    """
    total = ordered_sum(weight)
    of_one = np.divide(stock, total, out=np.zeros_like(total), where=total != 0.0)
    return np.asarray(weight * of_one)


def turn_over(fleet: Array, keep: Iterable[Array], stock: Iterable[Array]) -> Iterator[Array]:
    """Let a fleet age year by year, with sales that fill the gap to a given stock.

    Parameters
    ----------
    fleet
        Vehicles at the end of the base year, dims (vintage, source, sample).
    keep
        For each year, the share of vehicles that live through it, for the vintages sold before it,
        dims (vintage, source, sample).
    stock
        For each year, the vehicles of each source at its end, dims (source, sample).

    Yields
    ------
    Array
        Vehicles at the end of each year, dims as ``fleet``, with one vintage more every year: the
        year itself. Where a stock falls faster than vehicles retire, nothing is sold and the
        surplus of all vintages leaves alike, so that the stock is always met.
    """
    now = fleet
    for kept, wanted in zip(keep, stock, strict=True):
        before, now = now, np.empty((len(now) + 1, *now.shape[1:]))
        alive = np.multiply(before, kept, out=now[:-1])
        survivors = ordered_sum(alive)
        stay = np.divide(wanted, survivors, out=np.ones_like(survivors), where=survivors > wanted)
        alive *= stay
        now[-1] = np.maximum(wanted - survivors, 0.0)
        yield now


@dataclass(frozen=True)
class Cells:
    """Cells of a fleet: the vehicles of one state that were sold in one year.

    Attributes
    ----------
    states
        Number of states.
    state, source
        State and source of each cell, sorted by vintage, dims (cell,); of one vintage a state has
        at most one cell.
    first
        Position of the first cell of each vintage, and the number of cells, dims (vintage + 1,).
    """

    states: int
    state: Index
    source: Index
    first: Index

    def sold_since(self, fleet: Array, share: Array, since: Index) -> Array:
        """Return the vehicles of each state that were sold in a year or after it.

        Parameters
        ----------
        fleet
            Vehicles, dims (vintage, source, sample); the last vintages may be left out.
        share
            Share of each cell in the vehicles of its source and vintage [1], dims (cell, sample).
        since
            Positions of the first vintages that count, dims (since,).

        Returns
        -------
        Array
            Vehicles, dims (since, state, sample).
        """
        result = np.zeros((len(since), self.states, fleet.shape[-1]))
        total = np.zeros(result.shape[1:])
        for v in reversed(range(len(fleet))):
            of_vintage = slice(self.first[v], self.first[v + 1])
            total[self.state[of_vintage]] += fleet[v, self.source[of_vintage]] * share[of_vintage]
            result[since == v] = total
        return result
