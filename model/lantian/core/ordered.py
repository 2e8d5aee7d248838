"""Sums whose bytes do not depend on how many columns are summed at once.

``numpy.sum``, ``reduceat`` and ``@`` choose their order of addition by the shape of the arrays, so
that a block of one column differs in the last digit from the same column in a wider block. These
add term by term, from the first to the last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

NARROW = 24
"""Columns up to which adding them one by one is worth not importing sparse matrices, which takes
0.1 s."""


def ordered_sum(terms: Iterable[Array]) -> Array:
    """Return the sum of arrays of one shape, added one after the other.

    Parameters
    ----------
    terms
        At least one; of an array, those along its first axis.

    Returns
    -------
    Array
        In the shape of one term.
    """
    following = iter(terms)
    total = np.array(next(following))
    for term in following:
        total += term
    return total


@dataclass(frozen=True)
class Sum:
    """Sums of rows by label; prepared once, it serves any number of arrays.

    Attributes
    ----------
    label
        Label of each row, 0 to ``n - 1`` in any order, dims (row,).
    n
        Number of labels.
    """

    label: Index
    n: int

    def __call__(self, values: Array) -> Array:
        """Return the sum of each label's rows, added in the order in which they stand.

        Parameters
        ----------
        values
            Anything that adds up, dims (row, ...).

        Returns
        -------
        Array
            Dims (label, ...), in the unit of ``values``; 0 where a label has no row.
        """
        columns = prod(values.shape[1:])
        flat = values.reshape(len(values), columns)
        total = self._narrow(flat) if columns <= NARROW else self._matrix @ flat
        return np.asarray(total).reshape(self.n, *values.shape[1:])

    def _narrow(self, values: Array) -> Array:
        total = np.empty((self.n, values.shape[1]))
        for column, of_column in zip(total.T, values.T, strict=True):
            column[:] = np.bincount(self.label, of_column, self.n)
        return total

    @cached_property
    def _matrix(self) -> Any:
        """Ones in the row of each label: their product with an array adds in the same order."""
        from scipy.sparse import csr_array

        order = np.argsort(self.label, kind="stable")
        first = np.searchsorted(self.label[order], np.arange(self.n + 1))
        return csr_array((np.ones(len(order)), order, first), shape=(self.n, len(order)))
