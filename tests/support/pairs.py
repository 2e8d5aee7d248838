"""Pairs of groups and states for small systems."""

import numpy as np

from lantian.core.system import Pairs


def no_pairs() -> Pairs:
    """Return an empty list of pairs."""
    return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
