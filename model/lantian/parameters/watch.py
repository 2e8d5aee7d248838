"""Which numbers a function takes, found by watching the parameter vector while it is read."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Slots = NDArray[np.bool_]
"""Whether each slot is meant, dims (slot,)."""


class _Watched:
    """Stands for a parameter vector and notes which of its slots are read."""

    def __init__(self, theta: Array) -> None:
        self._theta = theta
        self.read: Slots = np.zeros(len(theta), dtype=bool)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._theta.shape

    def __getitem__(self, slot: Any) -> Any:
        self.read[slot] = True
        return self._theta[slot]


def slots_read(function: Callable[[Array], object], theta: Array) -> Slots:
    """Return which slots a function of the parameter vector reads.

    What is read depends on the structure alone, not on values, so that one column tells it for all.

    Parameters
    ----------
    function
        Takes numbers out of the vector by calling :class:`~lantian.parameters.space.Numbers`.
    theta
        Any column, dims (slot, 1).

    Returns
    -------
    numpy.ndarray
        Truth values, dims (slot,).
    """
    watched = _Watched(theta)
    function(cast(Array, watched))
    return watched.read
