"""Lists of groups and states instead of a table of both."""

import numpy as np

from lantian.core.system import Pairs, distinct_pairs
from support.pairs import no_pairs


def test_pairs_are_sorted_and_each_once() -> None:
    pairs = distinct_pairs(np.array([1, 0, 1, 1]), np.array([2, 3, 0, 2]), 4)
    assert pairs.group.tolist() == [0, 1, 1]
    assert pairs.state.tolist() == [3, 0, 2]


def test_amount_is_the_sum_over_each_groups_states() -> None:
    pairs = Pairs(np.array([0, 1, 1]), np.array([3, 0, 2]))
    activity = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [8.0, 80.0]])
    assert pairs.amount(activity, 3).tolist() == [[8.0, 80.0], [5.0, 50.0], [0.0, 0.0]]
    assert no_pairs().amount(activity, 2).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_pairs_without_others() -> None:
    pairs = Pairs(np.array([0, 1, 1]), np.array([3, 0, 2]))
    left = pairs.without(Pairs(np.array([1, 2]), np.array([0, 3])), 4)
    assert list(zip(left.group.tolist(), left.state.tolist(), strict=True)) == [(0, 3), (1, 2)]
    assert len(pairs.without(no_pairs(), 4)) == 3
