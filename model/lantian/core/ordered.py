"""Sums whose bytes do not depend on how many columns are summed at once.

``numpy.sum`` and ``@`` choose their order of addition by the shape of the arrays, so that a block
of one column differs in the last digit from the same column in a wider block. These do not.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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
