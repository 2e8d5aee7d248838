"""Sums whose bytes do not depend on how many columns are summed at once.

``numpy.sum``, ``reduceat`` and ``@`` choose their order of addition by the shape of the arrays, so
that a block of one column differs in the last digit from the same column in a wider block. These
add term by term, from the first to the last. So does ``add.reduce`` where its inner loop runs over
something else than the terms, and it calls no function for each of them.
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
    if isinstance(terms, np.ndarray) and len(terms):
        if _terms_lie_apart(terms):
            return np.asarray(np.add.reduce(terms, axis=0))
        if terms[0].size <= NARROW:
            return np.array(np.add.accumulate(terms, axis=0)[-1])
    following = iter(terms)
    total = np.array(next(following))
    for term in following:
        total += term
    return total


def _terms_lie_apart(terms: Array) -> bool:
    """Tell whether a term's own numbers lie closer together than the terms: they are added first.

    The inner loop of ``add.reduce`` is along the axis of the smallest stride.
    """
    within = [s for s, n in zip(terms.strides[1:], terms.shape[1:], strict=True) if n > 1]
    return bool(within) and 0 < min(within) < terms.strides[0]


def ordered_total(values: Array) -> Array:
    """Return the sum along the first axis, added one after the other.

    Parameters
    ----------
    values
        Any number of terms, dims (term, ...).

    Returns
    -------
    Array
        Dims (...), in the unit of ``values``; 0 where there is no term.
    """
    return ordered_sum(values) + 0.0 if len(values) else np.zeros(values.shape[1:])


@dataclass(frozen=True)
class Sum:
    """Sums of rows by label; prepared once, it serves any number of arrays.

    Attributes
    ----------
    label
        Label of each row, 0 to ``n - 1`` in any order, dims (row,).
    n
        Number of labels.
    row
        Positions of the rows among those of the arrays, if these have more, dims (row,).
    """

    label: Index
    n: int
    row: Index | None = None

    def __call__(self, values: Array) -> Array:
        """Return the sum of each label's rows, added in the order in which they stand.

        Parameters
        ----------
        values
            Anything that adds up, dims (row, ...).

        Returns
        -------
        Array
            Dims (label, ...), in the unit of ``values``; 0 where a label has no row. Where every
            label has just one row, it is a view or a copy of them.
        """
        if self._single is not None:
            return values if self._in_order else values[self._single]
        columns = prod(values.shape[1:])
        flat = values.reshape(len(values), columns)
        total = self._narrow(flat) if columns <= NARROW else self._matrix(len(values)) @ flat
        return np.asarray(total).reshape(self.n, *values.shape[1:])

    @cached_property
    def _single(self) -> Index | None:
        """The one row of each label; None where a label has another number of them."""
        if len(self.label) != self.n or len(np.unique(self.label)) != self.n:
            return None
        order = np.argsort(self.label)
        return order if self.row is None else self.row[order]

    @cached_property
    def _in_order(self) -> bool:
        return self.row is None and np.array_equal(self.label, np.arange(self.n))

    def _narrow(self, values: Array) -> Array:
        chosen = values if self.row is None else values[self.row]
        total = np.empty((self.n, values.shape[1]))
        for column, of_column in zip(total.T, chosen.T, strict=True):
            column[:] = np.bincount(self.label, of_column, self.n)
        return total

    def _matrix(self, rows: int) -> Any:
        """Return ones in the row of each label: their product adds in the same order."""
        found = self._matrices.get(rows)
        if found is None:
            from scipy.sparse import csr_array

            order = np.argsort(self.label, kind="stable")
            first = np.searchsorted(self.label[order], np.arange(self.n + 1))
            column = order if self.row is None else self.row[order]
            ones = np.ones(len(order))
            found = self._matrices[rows] = csr_array((ones, column, first), shape=(self.n, rows))
        return found

    @cached_property
    def _matrices(self) -> dict[int, Any]:
        return {}
