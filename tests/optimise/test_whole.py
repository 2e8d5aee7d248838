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
from lantian.optimise.procedure.whole import (
    NONE,
    WholeGroups,
    beside,
    count_units,
    least_cost_whole,
)
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
    assert [m.text() for m in explain(result, two_sources())] == [
        "In whole units: 45,000 yuan/a; the linear bound is 27,000 yuan/a, 40 % less."
    ]


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


def test_what_is_met_has_no_gap_beside_what_is_missed() -> None:
    """A lot of 5 units cuts 5 t of both: of 8 t of NOx 3 are missed, none of 5 t of VOC."""
    system = small_system([9.0], [[1.0, 1.0]], [(0, 0, -1, 10.0)], [1.0])
    found = solve([1.0, 4.0], [0], [5.0], system)
    assert found.uptake == pytest.approx([5.0])
    assert found.diagnosis is not None
    assert found.diagnosis.gap.tolist() == [pytest.approx(3.0), 0.0]
    assert [t.met for t in found.targets] == [False, True]


def test_counters_by_hand() -> None:
    """A holds 60 of its 100 units, B all of its 50."""
    system = two_sources()

    def counted(size: float, share: float | None = None) -> tuple[list[float], list[float]]:
        given = None if share is None else np.full(2, share)
        found = count_units(WholeGroups(np.array([1, 0]), np.full(2, size), given), system, 0)
        assert found.place.tolist() == [1, 0]
        return found.size.tolist(), found.most.tolist()

    assert counted(25.0) == ([25.0, 25.0], [2.0, 2.0])
    assert counted(20.0 / 3.0)[1] == [7.0, 9.0]  # 60 are nine of these but for rounding
    assert counted(np.nan) == ([50.0, 60.0], [1.0, 1.0])
    assert counted(np.nan, 0.25) == ([12.5, 25.0], [4.0, 2.0])
    assert counted(np.nan, np.nan) == ([50.0, 60.0], [1.0, 1.0])
    assert counted(0.0)[1] == [0.0, 0.0]


def test_counters_of_years_stand_side_by_side() -> None:
    system = two_sources()
    one = count_units(WholeGroups(np.array([1]), np.array([20.0])), system, 0)
    both = beside([one, one], [2020, 2021])
    assert both.place.tolist() == [NONE, 0, NONE, 1]
    assert both.size.tolist() == [20.0, 20.0]
    assert both.most.tolist() == [2.0, 2.0]
    assert list(both.units(np.array([2.0, 1.0]))) == [
        UnitCount(1, 2, 20.0, 2020),
        UnitCount(1, 1, 20.0, 2021),
    ]
    assert list(one.units(np.array([2.0]))) == [UnitCount(1, 2, 20.0)]
    rows = both.rows(np.array([2.0, 0.0]))
    assert (rows.row.tolist(), rows.column.tolist(), rows.value.tolist()) == (
        [0, 1],
        [1, 3],
        [1.0, 1.0],
    )
    assert rows.lower == pytest.approx([40.0, 0.0], abs=1e-9)
    assert (rows.lower < [40.0, 0.0]).all()
    assert (rows.upper > [40.0, 0.0]).all()
    assert rows.upper == pytest.approx([40.0, 0.0], abs=1e-9)
