"""Measures that come whole: by hand, against enumeration, and the gap to the linear bound."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System, eligible_activity
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.problem.planner_limits import group_totals
from lantian.optimise.procedure.answer import LeastCostResult, UnitCount
from lantian.optimise.procedure.statement import explain
from lantian.optimise.procedure.whole import WholeGroups, count_units, least_cost_whole
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def two_sources() -> System:
    """As in test_least_cost: A 200 yuan/t, at most 90 t; B 300 yuan/t, at most 150 t; 400 t."""
    return small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )


def solve(
    limit: list[float],
    group: list[int],
    size: list[float],
    system: System | None = None,
    margin: float = 0.0,
    interface: str = "highs",
) -> LeastCostResult:
    system = two_sources() if system is None else system
    problem = build_least_cost(system, 0, total_targets(system, limit))
    counters = count_units(WholeGroups(np.array(group), np.array(size, float)), system, 0)
    return least_cost_whole(problem, counters, margin=margin, interface=interface)  # type: ignore[arg-type]


def test_all_or_nothing() -> None:
    # 120 t are needed. B whole brings 150 t for 45,000; without B only 90 t: B must be whole.
    result = solve([280.0], [1], [np.nan])
    np.testing.assert_allclose(result.uptake, [0, 50], atol=1e-9)
    assert result.whole.linear_cost == pytest.approx(27_000)
    assert result.whole.cost == pytest.approx(45_000)
    assert result.whole.gap == pytest.approx(1 - 27 / 45)
    assert result.whole.unproven < 1e-9
    assert result.whole.units == (UnitCount(1, 1, 50.0),)
    assert any("whole units" in m.text() for m in explain(result, two_sources()))


def test_units_of_an_amount() -> None:
    # B in lots of 8 units (24 t, 7,200 yuan): one lot leaves 96 t > 90; two lots and 48 of A.
    result = solve([280.0], [1], [8.0])
    np.testing.assert_allclose(result.uptake, [48, 16], rtol=1e-9)
    assert result.cost == pytest.approx(48 * 300 + 16 * 900)


def test_units_of_a_share() -> None:
    # B in fifths of its 50 units, A as one likes: one lot (30 t) and all 60 units of A.
    system = two_sources()
    problem = build_least_cost(system, 0, total_targets(system, [280.0]))
    for share, expected in ((0.2, [60, 10]), (0.3, [50, 15]), (np.nan, [0, 50])):
        whole = WholeGroups(np.array([1]), np.array([np.nan]), np.array([share]))
        found = least_cost_whole(problem, count_units(whole, system, 0))
        np.testing.assert_allclose(found.uptake, expected, rtol=1e-9, atol=1e-9)


def test_whole_where_the_linear_mix_is_whole() -> None:
    result = solve([310.0], [0], [np.nan])
    assert result.whole.gap == pytest.approx(0, abs=1e-9)
    assert result.whole.cost == pytest.approx(18_000)


def test_within_reach_but_not_in_whole_units() -> None:
    # 230 t can be had (90 + 140); in lots of 40 B stops at 120 t: 210 t, 20 t are missed.
    result = solve([170.0], [1], [40.0])
    assert result.exit_code == 3
    assert result.diagnosis.gap == pytest.approx([20])
    assert result.targets[0].max_feasible == pytest.approx(160)
    np.testing.assert_allclose(result.uptake, [60, 40], rtol=1e-6)


def test_out_of_reach_with_a_margin() -> None:
    result = solve([100.0], [1], [10.0], margin=0.1)
    # 160 t are possible, in lots of 10 as well; a tenth of 240 t is not bought: 184 t.
    assert result.diagnosis.alone == (0,)
    assert result.diagnosis.excess == pytest.approx([84], rel=1e-6)
    assert result.uptake[1] / 10 == pytest.approx(round(result.uptake[1] / 10), abs=1e-6)
    assert result.targets[0].value <= 184 + 1e-4


@pytest.mark.parametrize("seed", range(5))
def test_no_enumeration_is_cheaper(seed: int) -> None:
    system = random_system(seed, n_sources=2, n_technologies=2, n_shifts=1)
    limits = reachable_limits(system, 0.6)
    chosen = np.flatnonzero(system.groups.reach > 0)[:4]
    result = solve(limits, list(chosen), [np.nan] * len(chosen), system)
    room = (system.groups.reach * eligible_activity(system)[:, 0])[chosen]
    best = np.inf
    for mix in itertools.product((0.0, 1.0), repeat=len(chosen)):
        best = min(best, _held(system, limits, chosen, np.array(mix) * room))
    if result.diagnosis is None:
        assert result.cost == pytest.approx(best, rel=1e-6)
        assert result.whole.linear_cost <= best * (1 + 1e-9)
    else:
        assert best == np.inf
    totals = group_totals(system, result.uptake)[chosen] / room
    np.testing.assert_allclose(totals, np.round(totals), atol=1e-6)


def _held(system: System, limits: list[float], chosen: np.ndarray, amount: np.ndarray) -> float:
    from lantian.optimise.problem.planner_limits import Bound, PlannerLimits, planner_rows
    from lantian.optimise.procedure.least_cost import answer_problem
    from lantian.optimise.status import InfeasibleError

    bounds = tuple(
        Bound(str(g), np.array([g]), a * (1 - 1e-12), a, False)
        for g, a in zip(chosen, amount, strict=True)
    )
    problem = build_least_cost(
        system,
        0,
        total_targets(system, limits),
        extra=planner_rows(PlannerLimits(bounds=bounds), system, 0),
    )
    try:
        answer = answer_problem(problem)
    except InfeasibleError:
        return np.inf
    return answer.cost if answer.diagnosis is None else np.inf


def test_the_same_every_time_and_by_either_road() -> None:
    system = random_system(3)
    limits = reachable_limits(system, 0.6)
    runs = [
        solve(limits, [0, 1, 2], [np.nan] * 3, system, interface=i)
        for i in ("highs", "highs", "pyomo")
    ]
    for other in runs[1:]:
        np.testing.assert_allclose(other.uptake, runs[0].uptake, atol=1e-7 * runs[0].uptake.max())


def test_scaling_activity_changes_nothing() -> None:
    system = random_system(2)
    limits = reachable_limits(system, 0.6)
    kilo = replace(
        system,
        baseline=system.baseline / 1e3,
        factor=system.factor * 1e3,
        moves=replace(system.moves, unit_cost=system.moves.unit_cost * 1e3),
    )
    a, b = (solve(limits, [0, 3], [np.nan] * 2, s) for s in (system, kilo))
    assert a.cost == pytest.approx(b.cost, rel=1e-7)
    assert [u.number for u in a.whole.units] == [u.number for u in b.whole.units]
