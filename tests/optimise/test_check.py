"""The proof of optimality: each condition violated by a known amount."""

import numpy as np
import pytest

from lantian.core.system import Array
from lantian.optimise.problem.program import Matrix
from lantian.optimise.solve.check import Residuals, excludes_all, residuals

ONE = Matrix(np.array([0, 0]), np.array([0, 1]), np.array([1.0, 1.0]), (1, 2))
"""x + y"""


def checked(
    x: tuple[float, float],
    price: float,
    cost: tuple[float, float] = (1.0, 3.0),
    upper: tuple[float, float] = (4.0, np.inf),
    least: float = 6.0,
    most: float = np.inf,
) -> Residuals:
    """min x + 3 y with x at most 4 and x + y at least 6: 4 and 2 at the price 3."""
    return residuals(
        np.array(cost),
        (np.zeros(2), np.array(upper)),
        ONE,
        (np.array([least]), np.array([most])),
        np.array(x),
        np.array([price]),
    )


def test_an_optimum_violates_nothing() -> None:
    assert checked((4.0, 2.0), 3.0) == Residuals(0.0, 0.0, 0.0, 0.0)
    # the other way round: max x with x + y at most 3
    most = checked((3.0, 0.0), -1.0, (-1.0, 0.0), (4.0, 4.0), -np.inf, 3.0)
    assert most == Residuals(0.0, 0.0, 0.0, 0.0)


def test_what_lies_outside_is_told_by_its_size() -> None:
    # x half above its bound, of 4.5; the row 1 below its limit, of 5
    assert checked((4.5, 1.5), 3.0).primal == pytest.approx(0.5 / 4.5)
    assert checked((4.0, 1.0), 3.0).primal == pytest.approx(1.0 / 5.0)
    assert checked((-0.5, 6.5), 3.0).primal == pytest.approx(0.5)  # of 1 at least
    assert checked((4.0, 2.0), 3.0, most=5.0).primal == pytest.approx(1.0 / 6.0)


def test_a_price_on_a_side_without_a_bound_is_an_error_of_sign() -> None:
    # At the price 4 y would earn 1 of the 3 + 4 that were summed, without end.
    found = checked((4.0, 2.0), 4.0)
    assert found.dual == pytest.approx(1.0 / 7.0)
    # A price of the wrong sign on the row, which has no upper limit: 1 of 1.
    assert checked((0.0, 6.0), -1.0).dual == pytest.approx(1.0)


def test_a_price_on_a_bound_that_is_not_reached_is_told_by_the_distance() -> None:
    # At the price 2 y costs 1 of 5 and stands 2 of 2 above nothing.
    found = checked((4.0, 2.0), 2.0)
    assert found.complementarity == pytest.approx(1.0 / 5.0)
    # costs 10; the prices make 2 x 6 - 1 x 4 = 8 of it; 10 were summed
    assert found.gap == pytest.approx((10.0 - 8.0) / 10.0)
    # The row lies 1 of 7 above its limit at the price 3 of 3.
    assert checked((4.0, 3.0), 3.0).complementarity == pytest.approx(1.0 / 7.0)


def test_the_worst_of_two_is_taken_condition_by_condition() -> None:
    one, other = Residuals(1.0, 2.0, 3.0, 4.0), Residuals(4.0, 3.0, 2.0, 1.0)
    assert one.with_(other) == other.with_(one) == Residuals(4.0, 3.0, 3.0, 4.0)
    for k in range(4):
        values = [0.5] * 4
        values[k] = 0.75
        assert Residuals(*values).largest == 0.75
        values[k] = np.nan
        assert np.isnan(Residuals(*values).largest)


def excluded(least: float, most: float, ray: float, lower: Array | None = None) -> bool:
    """Whether x + y between two limits is proven impossible for x and y from 0 to 2."""
    low = np.zeros(2) if lower is None else lower
    limits = (np.array([least]), np.array([most]))
    return excludes_all((low, np.full(2, 2.0)), ONE, limits, np.array([ray]))


def test_prices_prove_that_nothing_is_feasible_and_no_more() -> None:
    for ray in (1.0, -1.0, 1e-6, -7.0):
        assert excluded(5.0, np.inf, ray)
        assert excluded(-np.inf, -1.0, ray)
        assert not excluded(4.0, np.inf, ray)
        assert not excluded(-np.inf, 0.0, ray)
        assert not excluded(4.0 + 1e-9, np.inf, ray)
    assert not excluded(5.0, np.inf, 0.0)
    assert not excluded(-np.inf, -1.0, 1.0, np.array([0.0, -np.inf]))
    assert excluded(5.0, np.inf, 1.0, np.array([0.0, -np.inf]))
