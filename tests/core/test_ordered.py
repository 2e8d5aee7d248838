"""Sums by label: the same bytes for any number of columns, added in the order of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.core.ordered import NARROW, Sum, ordered_sum, ordered_total


@given(st.lists(st.integers(0, 6), max_size=60), st.integers(0, 2**32 - 1))
def test_each_column_is_the_same_in_any_company(labels: list[int], seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(size=(len(labels), NARROW + 9))
    adds = Sum(np.array(labels, dtype=np.int64), 7)
    together = adds(values)
    for k in range(values.shape[1]):
        assert adds(values[:, k]).tobytes() == together[:, k].tobytes()
    assert adds(values[:, :5]).tobytes() == together[:, :5].tobytes()


def test_rows_are_added_one_after_the_other() -> None:
    values = np.random.default_rng(3).lognormal(size=(50, 40))
    one_label = Sum(np.zeros(50, dtype=np.int64), 1)
    assert one_label(values)[0].tobytes() == ordered_sum(values).tobytes()
    assert one_label(values[:, 0])[0] == sum(values[:, 0].tolist())


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_few_and_many_columns_are_added_alike(terms: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(terms, 2, NARROW))
    together = ordered_total(values)
    for k in range(NARROW):
        assert ordered_total(values[:, :, k]).tobytes() == together[:, k].tobytes()
    assert ordered_total(np.full((2, 1), -0.0)).tobytes() == np.zeros(1).tobytes()


@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=4),
    st.permutations(range(4)),
    st.integers(0, 2**32 - 1),
)
def test_terms_are_added_alike_however_they_lie_in_memory(
    shape: list[int], order: list[int], seed: int
) -> None:
    """Of axes in any order, reversed or broadcast: byte for byte what a loop over terms adds."""
    rng = np.random.default_rng(seed)
    lying = rng.lognormal(size=shape) * rng.choice([-1.0, 1.0], size=shape)
    lying = lying.transpose([axis for axis in order if axis < len(shape)])
    wide = np.broadcast_to(lying[..., :1], (*lying.shape[:-1], 40))
    for values in (lying, lying[::-1], lying[..., ::-1], wide):
        total = values[0].copy()
        for term in values[1:]:
            total += term
        assert ordered_sum(values).tobytes() == total.tobytes()


@pytest.mark.parametrize("columns", [2, NARROW + 1])
def test_labels_without_a_row_and_further_axes(columns: int) -> None:
    values = np.arange(3.0 * 2 * columns).reshape(3, 2, columns)
    found = Sum(np.array([3, 0, 3]), 5)(values)
    assert found.shape == (5, 2, columns)
    np.testing.assert_array_equal(found[3], values[0] + values[2])
    np.testing.assert_array_equal(found[[1, 2, 4]], 0.0)
