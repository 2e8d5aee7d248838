"""Finance: limits and identities the published numbers do not cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.core import finance


def test_a_rate_of_zero_repays_in_equal_parts() -> None:
    assert finance.capital_recovery_factor(0.0, 8) == 1 / 8


@given(st.floats(1e-12, 1e-7), st.integers(1, 50))
def test_factor_is_continuous_at_zero(rate: float, years: int) -> None:
    assert finance.capital_recovery_factor(rate, years) == pytest.approx(1 / years, rel=1e-5)


def test_annualised_cost_by_hand() -> None:
    # 1000 over 2 years at 10 %: CRF = 0.1 * 1.21 / 0.21 = 0.576190...; 576.19 + 30 + 5 - 11
    cost = finance.annualised_cost(1000, 0.10, 2, fixed=30, variable=5, savings=11)
    assert cost == pytest.approx(0.121 / 0.21 * 1000 + 24, rel=1e-14)


def test_money_grows_and_shrinks_by_hand() -> None:
    # 100 for two years at 10 %: 121; 10 at the end of each: 11 + 10
    assert finance.future_value(0.1, 2, 0.0, 100.0) == pytest.approx(121.0)
    assert finance.future_value(0.1, 2, 10.0) == pytest.approx(21.0)
    assert finance.present_value(0.1, 2, 0.0, 121.0) == pytest.approx(-100.0)
    assert finance.present_value(0.1, 2, 12.1) == pytest.approx(-21.0)  # 12.1 / 1.1 + 12.1 / 1.21
    assert finance.nper(0.0, 25.0, 100.0) == 4.0


def test_what_a_used_thing_is_worth_falls_by_twice_the_straight_rate() -> None:
    assert finance.worth_left(10.0, [0, 1, 2]) == pytest.approx([1.0, 0.8, 0.64])
    assert finance.worth_left([1.0, 2.0], 1.0).tolist() == [0.0, 0.0]


def test_cost_of_another_size_by_hand() -> None:
    assert finance.cost_at_size(10.0, 8.0, [1.0, 2 / 3]) == pytest.approx([80.0, 40.0])


def test_annualised_cost_takes_arrays() -> None:
    costs = finance.annualised_cost([100.0, 100.0], [0.0, 0.05], [10, 1])
    np.testing.assert_allclose(costs, [10.0, 105.0], rtol=1e-14)


@given(st.floats(0.001, 0.3), st.integers(1, 40), st.floats(1, 1e6))
def test_payments_are_worth_what_they_pay_off(rate: float, years: int, present: float) -> None:
    paid = finance.payment(rate, years, present)
    assert finance.npv(rate, [0.0] + [paid] * years) == pytest.approx(present, rel=1e-10)
    assert finance.nper(rate, paid, present) == pytest.approx(years, rel=1e-8)


@given(st.floats(-0.3, 0.8))
def test_irr_is_the_rate_of_a_single_payment(rate: float) -> None:
    assert finance.irr([-100, 0, 100 * (1 + rate) ** 2]) == pytest.approx(rate, abs=1e-12)


@given(st.floats(-0.2, 0.5), st.integers(1, 40))
def test_irr_is_the_rate_that_a_payment_was_computed_at(rate: float, years: int) -> None:
    flows = [-1000.0] + [finance.payment(rate, years, 1000.0)] * years
    assert finance.irr(flows) == pytest.approx(rate, abs=1e-10)


def test_irr_is_the_one_nearest_to_zero() -> None:
    # -100 (1 - 1.1 / x) (1 - 1.3 / x) with x = 1 + rate; -100 (1 - 0.95 / x) (1 - 1.3 / x)
    assert finance.irr([-100, 240, -143]) == pytest.approx(0.1, abs=1e-10)
    assert finance.irr([-100, 225, -123.5]) == pytest.approx(-0.05, abs=1e-10)


@pytest.mark.parametrize("flows", [[1, 2, 3], [-1, -1], [0, 0], [1, -1, 1]])
def test_irr_says_when_there_is_none(flows: list[float]) -> None:
    with pytest.raises(ValueError, match="no rate"):
        finance.irr(flows)


def test_a_debt_that_grows_is_never_paid_off() -> None:
    with pytest.raises(ValueError, match="never paid off"):
        finance.nper(0.1, 10, 100)


@pytest.mark.parametrize(("rate", "years"), [(0.05, 0), (-1.0, 5)])
def test_impossible_lives_and_rates_are_refused(rate: float, years: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        finance.capital_recovery_factor(rate, years)


def test_price_conversion_and_its_inverse() -> None:
    index = {2015: 100.0, 2017: 104.0}
    assert finance.convert_price(50.0, index, 2015, 2017) == 52.0
    assert finance.convert_price(52.0, index, 2017, 2015) == 50.0
