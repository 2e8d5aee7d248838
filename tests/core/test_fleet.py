"""Cohort kernels: hand-worked numbers and properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lantian.core.fleet import (
    age_structure,
    conditional_survival,
    recent_vehicles,
    standard_shares,
    survival,
    turn_over,
)

GROUPS, VINTAGES, YEARS = 3, 6, 2
OWNER = np.array([0, 0, 1], dtype=np.intp)
vehicles = st.floats(0.0, 1e5)
shares = st.floats(0.0, 1.0)


def test_shape_1_is_exponential_with_the_mean_life():
    # Weibull with shape 1: Gamma(2) = 1, so S(a) = exp(-a / 10); S(5) = 0.60653
    found = survival(np.array([0.0, 5.0, -1.0]), np.array(10.0), np.array(1.0))
    assert found == pytest.approx([1.0, math.exp(-0.5), 1.0])


def test_survival_has_the_stated_mean_life():
    # The mean of a life span is the area under its survival curve.
    age = np.linspace(0.0, 60.0, 60_001)
    area = np.trapezoid(survival(age, np.array(12.8), np.array(4.5)), age)
    assert area == pytest.approx(12.8, rel=1e-6)


def test_steps_of_conditional_survival_multiply_to_survival():
    life, shape = np.array(9.0), np.array(5.0)
    steps = conditional_survival(np.arange(1.0, 8.0), life, shape)
    assert np.prod(steps) == pytest.approx(float(survival(np.array(7.0), life, shape)))


def test_a_start_in_mid_year_splits_the_sales_of_that_year():
    # V until the end of June 2019, VI from July: 2019 is half and half.
    found = standard_shares(np.array([2013.0, 2019.5]), np.array([2012.0, 2018.0, 2019.0, 2020.0]))
    assert found == pytest.approx(np.array([[0, 1, 0.5, 0], [0, 0, 0.5, 1]]))


def test_age_structure_by_hand():
    # weights 1 : 3 of 100 vehicles
    assert age_structure(100.0, np.array([[1.0, 3.0]])) == pytest.approx(np.array([[25.0, 75.0]]))
    assert not age_structure(100.0, np.zeros((1, 2))).any()


def test_turnover_by_hand():
    # 80 + 20 vehicles; half of the old and all of the young live on: 40 + 20 = 60.
    # A stock of 110 needs 50 new ones; 10 % of them go to the second group.
    fleet = np.array([[80.0, 20.0, 0.0], [0.0, 0.0, 0.0]])
    keep = np.array([[[0.5], [1.0], [1.0]]] * 2)
    found = turn_over(
        fleet, keep, np.array([[110.0]]), np.array([[0.9], [0.1]]), np.array([0, 0], dtype=np.intp)
    )
    assert found[:, :, 0] == pytest.approx(np.array([[40.0, 20.0, 45.0], [0.0, 0.0, 5.0]]))


def test_a_shrinking_stock_sells_nothing_and_is_still_met():
    fleet = np.array([[80.0, 20.0, 0.0]])
    found = turn_over(
        fleet, np.ones((1, 3, 1)), np.array([[50.0]]), np.ones((1, 1)), np.array([0], dtype=np.intp)
    )
    assert found[0, :, 0] == pytest.approx([40.0, 10.0, 0.0])


@settings(max_examples=40)
@given(
    arrays(float, (GROUPS, VINTAGES - YEARS), elements=vehicles),
    arrays(float, (GROUPS, VINTAGES, YEARS), elements=shares),
    arrays(float, (2, YEARS), elements=vehicles),
    shares,
)
def test_turnover_meets_the_stock_and_vintages_never_grow(old, keep, stock, first):
    fleet = np.pad(old, ((0, 0), (0, YEARS)))
    split = np.array([[first] * YEARS, [1.0 - first] * YEARS, [1.0] * YEARS])
    found = turn_over(fleet, keep, stock, split, OWNER)
    by_source = np.stack([found[i == OWNER].sum(axis=(0, 1)) for i in (0, 1)])
    assert by_source == pytest.approx(stock, rel=1e-9, abs=1e-6)
    assert (found >= 0.0).all()
    path = np.concatenate([fleet[:, :, None], found], axis=2)
    grown = np.diff(path, axis=2) > 1e-9 * (1.0 + path[:, :, :-1])
    for t in range(YEARS):
        assert not np.delete(grown[:, :, t], VINTAGES - YEARS + t, axis=1).any()


@settings(max_examples=40)
@given(arrays(float, (2, VINTAGES, 3), elements=vehicles))
def test_recent_vehicles_are_part_of_the_stock_and_grow_with_the_span(fleet):
    vintages = np.arange(2015.0, 2021.0)
    years = np.array([2018.0, 2019.0, 2020.0])
    fleet = fleet * (vintages[None, :, None] <= years)
    found = recent_vehicles(fleet, vintages, years)
    assert (found <= fleet.sum(axis=1)[:, None, :] + 1e-6).all()
    assert found[:, 0, 2] == pytest.approx(fleet[:, 3:, 2].sum(axis=1))
    assert (found[:, 0, 2] >= found[:, 1, 2]).all()
    assert not found[:, 2, :2].any()
