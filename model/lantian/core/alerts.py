"""What may be stopped in a day of a pollution alert, as shares of what each source emits."""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.vocabulary import AlertLevel, Pollutant


def usable_reach(reach: Array) -> Array:
    """Return the reach that no higher level takes back [1].

    Parameters
    ----------
    reach
        Largest share of each action [1], dims (level, action), the lowest level first. What is
        ordered at a level is ordered at every higher one too, so none may exceed what those allow.

    Returns
    -------
    Array
        Dims as ``reach``.
    """
    return np.asarray(np.minimum.accumulate(reach[::-1])[::-1])


@dataclass(frozen=True)
class DailyCuts:
    """All that an alert's actions reach together, whatever it costs.

    Attributes
    ----------
    levels
        Those that are asked for, the lowest first.
    pollutants
        Each must fall by itself.
    month
        Month of the day, 1 to 12.
    weight
        Share of a source's year that is emitted in the month [1], dims (source,).
    reach
        Share of a source that its actions stop together [1], dims (level, source).
    factor
        What the share of a pollutant counts for [1], dims (level, pollutant): 1, another where
        another cut is asked of it, 0 where none is.
    """

    levels: tuple[AlertLevel, ...]
    pollutants: tuple[Pollutant, ...]
    month: int
    weight: Array
    reach: Array
    factor: Array
