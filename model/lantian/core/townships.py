"""A rule for the townships of a district: each better than before, and none far above the mean.

The mean is the plain mean of all units, whatever their size. A unit keeps the second part by its
level (not above the mean by more than its group's allowance) or by its improvement (above the
average rate). *The average rate* can be read as the mean of the rates or as the rate of the means.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum
from lantian.core.system import Array

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class TownshipCheck:
    """The rule held against the concentrations of all units, dims (unit, ...) unless told.

    Attributes
    ----------
    falls
        Whether a unit is below the year before.
    rate
        Improvement as a share of the concentration before [1].
    mean_rate, rate_of_means
        The two readings of the average rate [1], dims (...).
    above
        After, above the mean of all units and the allowance [ug/m3].
    """

    falls: Flags
    rate: Array
    mean_rate: Array
    rate_of_means: Array
    above: Array

    @property
    def level(self) -> Flags:
        """Whether a unit keeps the level."""
        return np.asarray(self.above <= 0)

    @property
    def improves(self) -> Flags:
        """Whether its rate is above the mean of the rates."""
        return np.asarray(self.rate > self.mean_rate)

    @property
    def improves_by_means(self) -> Flags:
        """Whether its rate is above the rate of the means."""
        return np.asarray(self.rate > self.rate_of_means)

    @property
    def met(self) -> Flags:
        """Whether a unit falls, and keeps its level or improves more than the average."""
        return np.asarray(self.falls & (self.level | self.improves))


def check_townships(
    before: Array, after: Array, allowance: Array, lower: Array | None = None
) -> TownshipCheck:
    """Hold the rule against concentrations.

    Parameters
    ----------
    before, after
        Of the year before and of the year [ug/m3], dims (unit, ...).
    allowance
        What a unit may be above the mean [ug/m3], dims (unit, ...).
    lower
        Largest concentrations that count as below the year before [ug/m3], dims (unit, ...); None:
        whatever is lower.

    Returns
    -------
    TownshipCheck
        Both readings of the average rate.
    """
    rate = 1.0 - after / before
    mean_before, mean = _mean(before), _mean(after)
    falls = after < before if lower is None else after <= lower
    return TownshipCheck(
        falls, rate, _mean(rate), 1.0 - mean / mean_before, after - mean - allowance
    )


def _mean(values: Array) -> Array:
    return np.asarray(ordered_sum(values) / len(values))
