"""What is refused before a solver sees it, each with its own message."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import NOWHERE
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.problem.contradictions import earning_loop, mandatory_cost, require_budget
from lantian.optimise.problem.planner_limits import Bound, PlannerLimits, planner_rows
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.status import InfeasibleError, UnboundedError
from optimise.conftest import random_system, small_system, total_targets


def circle(there: float, back: float):
    return small_system(
        activity=[10, 10, 5],
        factor=[[2.0], [1.0], [1.0]],
        moves=[(0, 0, 1, there), (1, 1, 0, back), (2, 2, NOWHERE, -3.0)],
        reach=[1.0, 1.0, 1.0],
        source=[0, 0, 1],
    )


def _loop(system):
    return earning_loop(system, system.moves.cost(0))


def test_a_loop_that_earns_is_named() -> None:
    system = circle(5.0, -6.0)
    with pytest.raises(UnboundedError, match="measure-0; measure-1") as error:
        least_cost(system, 0, total_targets(system, [20.0]))
    assert "首尾" in error.value.message.text("zh")


@pytest.mark.parametrize(("there", "back"), [(5.0, -5.0), (5.0, -4.0), (-1.0, 2.0)])
def test_a_loop_that_does_not_is_none(there: float, back: float) -> None:
    assert not _loop(circle(there, back)).size


def test_savings_without_a_loop_are_fine() -> None:
    assert not any(_loop(random_system(seed)).size for seed in range(10))


def test_a_loop_without_reach_is_none() -> None:
    system = circle(5.0, -6.0)
    closed = replace(system, groups=replace(system.groups, reach=np.array([1.0, 0.0, 1.0])))
    assert not _loop(closed).size


def test_a_long_loop_is_found() -> None:
    n = 40
    system = small_system(
        activity=[1.0] * n,
        factor=[[1.0]] * n,
        moves=[(k, k, (k + 1) % n, 1.0 if k else -n) for k in range(n)],
        reach=[1.0] * n,
        source=[0] * n,
    )
    assert len(_loop(system)) == n


def test_crossed_limits_are_named() -> None:
    system = circle(5.0, 5.0)
    bound = Bound("measure-0", np.array([0]), 0.8, 0.3, True)
    rows = planner_rows(PlannerLimits(bounds=(bound,)), system, 0)
    with pytest.raises(InfeasibleError, match="contradict each other: measure-0 @"):
        least_cost(system, 0, total_targets(system, [20.0]), extra=rows)


def test_costs_that_are_infinite_are_refused() -> None:
    system = circle(np.inf, 1.0)
    with pytest.raises(ValueError, match="costs"):
        least_cost(system, 0, total_targets(system, [20.0]))


def test_a_budget_below_what_must_be_done_is_refused() -> None:
    system = circle(5.0, 5.0)
    least = Bound("measure-0", np.array([0]), 0.5, np.inf, True)
    rows = planner_rows(PlannerLimits(budget=5.0, bounds=(least,)), system, 0)
    problem = build_least_cost(system, 0, total_targets(system, [20.0]), extra=rows)
    # 5 units at 5 yuan; the third measure may save 5 * 3 yuan.
    assert mandatory_cost(problem) == pytest.approx(5 * 5 - 5 * 3)
    with pytest.raises(InfeasibleError, match="below the cost"):
        require_budget(problem, "yuan")
    paid = planner_rows(PlannerLimits(budget=10.0, bounds=(least,)), system, 0)
    enough = build_least_cost(system, 0, total_targets(system, [20.0]), extra=paid)
    require_budget(enough, "yuan")
    assert least_cost(system, 0, total_targets(system, [30.0]), extra=paid).cost == (
        pytest.approx(10.0)
    )


@pytest.mark.parametrize(("back", "earns"), [(-2.4, False), (-2.6, True)])
def test_a_loop_counts_in_units_of_where_it_began(back: float, earns: bool) -> None:
    """One lorry's freight is 20 t by rail: there for 50, back for 2.5 a tonne at most."""
    system = small_system(
        [10.0, 200.0],
        [[2.0], [0.1]],
        [(0, 0, 1, 50.0), (1, 1, 0, back)],
        [1.0, 1.0],
        conversion=[20.0, 0.05],
    )
    assert sorted(_loop(system).tolist()) == ([0, 1] if earns else [])


def test_the_earner_of_a_loop_is_blamed_and_costs_that_are_not_known_close_none() -> None:
    with pytest.raises(UnboundedError) as error:
        least_cost(circle(-6.0, 5.0), 0, total_targets(circle(-6.0, 5.0), [20.0]))
    assert error.value.measure == "measure-0"
    assert not _loop(circle(np.nan, -6.0)).size
