"""Limits from below and what must fall: on which side they lie, and to which digit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.plan.targets import Bound
from lantian.results.tables.targets import is_met

AT_LEAST = Bound(0.0, 253.0, "at_least")
NO_RISE = Bound(1.0, 0.0)


@pytest.mark.parametrize(("value", "met"), [(252.9, False), (253.0, True), (260.0, True)])
def test_at_least_is_met_from_its_level_on(value: float, met: bool) -> None:
    limit = float(AT_LEAST.limit(np.zeros(1))[0])
    assert is_met(limit, value, AT_LEAST) is met
    assert AT_LEAST.room(value, limit) == pytest.approx(value - 253.0)


@pytest.mark.parametrize(
    ("step", "base", "value", "met"),
    [
        (1.0, 72.0, 71.4, True),  # prints 71
        (1.0, 72.0, 71.6, False),  # prints 72, as before
        (1.0, 72.4, 71.5001, False),  # 72.4 prints 72
        (0.1, 44.5, 44.4, True),
        (0.1, 44.5, 44.46, False),
        (0.01, 5.03, 5.03, False),  # no change is no fall
    ],
)
def test_what_falls_prints_lower(step: float, base: float, value: float, met: bool) -> None:
    falls = Bound(1.0, 0.0, step=step)
    assert is_met(float(falls.limit(np.array([base]))[0]), value, falls) is met


@given(st.integers(1, 900), st.sampled_from([1.0, 0.1, 0.01]), st.integers(-5, 5))
def test_a_fall_is_one_printed_step_for_any_level(n: int, step: float, steps: int) -> None:
    falls, base = Bound(1.0, 0.0, step=step), n * step
    value = (n + steps) * step
    assert is_met(float(falls.limit(np.array([base]))[0]), value, falls) is (steps < 0)


def test_a_cut_of_nothing_is_no_rise() -> None:
    limit = float(NO_RISE.limit(np.array([40.0]))[0])
    assert [is_met(limit, value, NO_RISE) for value in (39.0, 40.0, 40.1)] == [True, True, False]
