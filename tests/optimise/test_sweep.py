"""Costs at given limits: those of single solves, in order, proven, whatever the basis was."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lantian.optimise.analyses.frontier import cost_frontier
from lantian.optimise.analyses.sweep import Sweep, costs_at
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.problem.program import Matrix, pack
from lantian.optimise.solve.highs import Options, Session, solve
from lantian.optimise.status import InfeasibleError
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def two_filters() -> list[tuple[int, int, int, float]]:
    """On 10 t each: 4 t at 10 per t, 5 t at 30 per t."""
    return [(0, 0, -1, 10.0), (1, 1, -1, 30.0)]


def test_costs_and_prices_by_hand() -> None:
    system = small_system([10.0, 10.0], [[1.0], [1.0]], two_filters(), [0.4, 0.5])
    problem = build_least_cost(system, 0, total_targets(system, [3.0]))
    found = costs_at(problem, 0, [12.0, 25.0, 18.0])
    assert [level.limit for level in found] == [25.0, 18.0, 12.0]
    assert [level.cost for level in found] == pytest.approx([0.0, 20.0, 160.0])
    assert [level.price for level in found] == pytest.approx([0.0, 10.0, 30.0])


@pytest.mark.parametrize("seed", range(4))
def test_levels_are_those_of_single_solves(seed: int) -> None:
    system = random_system(seed)
    held = reachable_limits(system, 0.5)[1]
    problem = build_least_cost(system, 0, total_targets(system, [np.inf, held]))
    whole = cost_frontier(problem, 0, solves=0, bound=np.inf)
    limits = np.linspace(whole.kinks[0].value, whole.kinks[-1].value, 9)[:-1]
    sweep = Sweep(problem, 0)
    # The second time it goes on from the bases of the first, to limits between them.
    for asked in (limits[::2], limits):
        for level in sweep.at(asked):
            upper = problem.targets.upper.copy()
            upper[0] = level.limit - problem.base[0]
            alone = solve(replace(problem, targets=replace(problem.targets, upper=upper)))
            assert level.cost == pytest.approx(alone.objective, rel=1e-9)
            assert level.vertex.residuals.largest < 1e-8


def test_the_same_answers_every_time() -> None:
    system = random_system(1)
    problem = build_least_cost(system, 0, total_targets(system, [np.inf, np.inf]))
    whole = cost_frontier(problem, 0, solves=0, bound=np.inf)
    limits = np.linspace(whole.kinks[0].value, whole.kinks[-1].value, 20)[:-1]
    first, second = (costs_at(problem, 0, limits) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.vertex.x, b.vertex.x)


def test_a_limit_out_of_reach_is_said() -> None:
    system = small_system([10.0, 10.0], [[1.0], [1.0]], two_filters(), [0.4, 0.5])
    problem = build_least_cost(system, 0, total_targets(system, [3.0]))
    with pytest.raises(InfeasibleError):
        costs_at(problem, 0, [12.0, 10.0])


def test_a_wrong_warm_answer_is_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A basis that makes the solver call a wrong point optimal: the check must catch it."""
    system = random_system(0)
    problem = build_least_cost(system, 0, total_targets(system, [np.inf, np.inf]))
    whole = cost_frontier(problem, 0, solves=0, bound=np.inf)
    limits = np.linspace(whole.kinks[0].value, whole.kinks[-1].value, 5)[:-1]
    right = [level.cost for level in costs_at(problem, 0, limits)]
    true_run: Callable[[Session], tuple] = Session._run
    calls = []

    def lying(session: Session) -> tuple:
        status, x, price, count = true_run(session)
        calls.append(0)
        return status, x * (1.001 if len(calls) % 2 else 1.0), price, count

    monkeypatch.setattr(Session, "_run", lying)
    sweep = Sweep(problem, 0)
    found = [level.cost for level in sweep.solve(sweep.loose, [float(v) for v in limits])]
    assert found == pytest.approx(right, rel=1e-9)
    assert sweep.loose.session.restarts >= 1


def test_the_time_limit_is_that_of_one_solve() -> None:
    """HiGHS adds up the time of all solves of an object."""
    system = random_system(0)
    problem = build_least_cost(system, 0, total_targets(system, reachable_limits(system, 0.5)))
    session = Session(pack(problem), Options(time_limit=100.0))
    session.solve()
    spent = session._solver.getRunTime()
    assert spent > 0
    session.solve()
    assert session._solver.getOptionValue("time_limit")[1] >= 100.0 + spent


def test_entries_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="sorted by row"):
        Matrix(np.array([1, 0]), np.array([0, 0]), np.ones(2), (2, 1)).starts()
