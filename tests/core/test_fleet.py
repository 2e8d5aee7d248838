"""Cohort kernels: hand-worked numbers and properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lantian.core.fleet import (
    Cells,
    age_structure,
    conditional_survival,
    cumulative_hazard,
    standard_shares,
    survival,
    turn_over,
)
from lantian.core.ordered import ordered_sum

SOURCES, VINTAGES, YEARS = 2, 6, 2
vehicles = st.floats(0.0, 1e5)
shares = st.floats(0.0, 1.0)


def weibull(age, mean_life, shape):
    """Cumulative hazard with a sample axis of length 1."""
    age, mean_life, shape = (np.asarray(x)[..., None] for x in (age, mean_life, shape))
    return cumulative_hazard(age, mean_life, shape)


def test_shape_1_is_exponential_with_the_mean_life():
    # Weibull with shape 1: Gamma(2) = 1, so S(a) = exp(-a / 10); S(5) = 0.60653
    found = survival(weibull([0.0, 5.0, -1.0], 10.0, 1.0))
    assert found[:, 0] == pytest.approx([1.0, math.exp(-0.5), 1.0])


def test_survival_has_the_stated_mean_life():
    # The mean of a life span is the area under its survival curve.
    age = np.linspace(0.0, 60.0, 60_001)
    area = np.trapezoid(survival(weibull(age, 12.8, 4.5))[:, 0], age)
    assert area == pytest.approx(12.8, rel=1e-6)


def test_steps_of_conditional_survival_multiply_to_survival():
    hazard = weibull(np.arange(8.0), 9.0, 5.0)
    steps = conditional_survival(hazard)
    assert np.prod(steps) == pytest.approx(float(survival(hazard)[7, 0]))


def test_a_start_in_mid_year_splits_the_sales_of_that_year():
    # V until the end of June 2019, VI from July: 2019 is half and half.
    begin, end = np.array([2013.0, 2019.5]), np.array([2019.5, np.inf])
    vintages = np.array([2012.0, 2018.0, 2019.0, 2020.0])
    found = standard_shares(begin[:, None, None], end[:, None, None], vintages[:, None])
    assert found[..., 0] == pytest.approx(np.array([[0, 1, 0.5, 0], [0, 0, 0.5, 1]]))


def test_what_was_always_in_force_covers_all_older_sales():
    found = standard_shares(np.array(-np.inf), np.array(2006.5), np.array([1990.0, 2006.0, 2007.0]))
    assert found == pytest.approx([1.0, 0.5, 0.0])


def test_age_structure_by_hand():
    # weights 1 : 3 of 100 vehicles; none at all where all weights are 0
    weight = np.array([[[1.0, 0.0]], [[3.0, 0.0]]])
    found = age_structure(np.array([[100.0, 100.0]]), weight)
    assert found[:, 0, 0] == pytest.approx([25.0, 75.0])
    assert not found[..., 1].any()


def test_turnover_by_hand():
    # 80 + 20 vehicles; half of the old and all of the young live on: 40 + 20 = 60.
    # A stock of 110 needs 50 new ones; 10 % of them go to the second group.
    fleet = np.array([80.0, 20.0]).reshape(2, 1, 1)
    keep = np.array([0.5, 1.0]).reshape(1, 2, 1, 1)
    (found,) = turn_over(fleet, keep, np.array([[[110.0]]]))
    cells = Cells(2, np.array([0, 0, 0, 1]), np.zeros(4, dtype=int), np.array([0, 1, 2, 4]))
    share = np.array([1.0, 1.0, 0.9, 0.1])[:, None]
    since = cells.sold_since(found, share, np.array([0, 1, 2]))[..., 0]
    by_vintage = (since - np.vstack([since[1:], [[0.0, 0.0]]])).T
    assert by_vintage == pytest.approx(np.array([[40.0, 20.0, 45.0], [0.0, 0.0, 5.0]]))


def test_a_shrinking_stock_sells_nothing_and_is_still_met():
    fleet = np.array([80.0, 20.0]).reshape(2, 1, 1)
    (found,) = turn_over(fleet, np.ones((1, 2, 1, 1)), np.array([[[50.0]]]))
    assert found[:, 0, 0] == pytest.approx([40.0, 10.0, 0.0])


@settings(max_examples=40)
@given(
    arrays(float, (VINTAGES - YEARS, SOURCES, 1), elements=vehicles),
    arrays(float, (YEARS, VINTAGES, SOURCES, 1), elements=shares),
    arrays(float, (YEARS, SOURCES, 1), elements=vehicles),
)
def test_turnover_meets_the_stock_and_vintages_never_grow(fleet, keep, stock):
    kept = [k[: len(fleet) + t] for t, k in enumerate(keep)]
    before = fleet
    for found, wanted in zip(turn_over(fleet, kept, stock), stock, strict=True):
        assert len(found) == len(before) + 1
        assert found.sum(axis=0) == pytest.approx(wanted, rel=1e-9, abs=1e-6)
        assert (found >= 0.0).all()
        assert (found[:-1] <= before + 1e-9 * (1.0 + before)).all()
        before = found


@settings(max_examples=40)
@given(arrays(float, (3, VINTAGES, SOURCES, 1), elements=vehicles))
def test_recent_vehicles_are_part_of_the_stock_and_grow_with_the_span(fleet):
    vintages, years = np.arange(2015, 2021), np.array([2018, 2019, 2020])
    fleet = fleet * (vintages[:, None, None] <= years[:, None, None, None])
    # each source is one state: the cell of a vintage and state is all there is of both
    state = np.tile(np.arange(SOURCES), VINTAGES)
    cells = Cells(SOURCES, state, state, np.arange(0, len(state) + 1, SOURCES))
    since = years - vintages[0]
    found = np.stack([cells.sold_since(f, np.ones((len(state), 1)), since) for f in fleet])
    assert (found <= fleet.sum(axis=1)[:, None] + 1e-6).all()
    assert found[2, 0] == pytest.approx(fleet[2, 3:].sum(axis=0))
    assert (found[2, 0] >= found[2, 1]).all()
    assert not found[:2, 2].any()


@settings(max_examples=40)
@given(arrays(float, (11, 3, 5), elements=st.floats(-1e5, 1e5)))
def test_an_ordered_sum_is_the_same_for_any_number_of_columns(terms):
    together = ordered_sum(terms)
    for k in range(terms.shape[2]):
        alone = ordered_sum(np.ascontiguousarray(terms[..., k : k + 1]))
        assert alone.tobytes() == together[..., k : k + 1].tobytes()
    assert together == pytest.approx(terms.sum(axis=0), abs=1e-6)
