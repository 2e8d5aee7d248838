"""Ranges of uptake over optimal and nearly optimal mixes."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import sum_by
from lantian.optimise.analyses.alternatives import (
    FAMILY,
    PLANS,
    WholePlan,
    WholePlans,
    uptake_ranges,
    whole_plans,
)
from lantian.optimise.problem.coefficients import build_least_cost, make_rows
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.solve.highs import solve
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def test_two_equal_measures_share_as_they_like() -> None:
    """8 t to cut, two measures on 10 t each at 10 per t, a third at 11."""
    system = small_system(
        [10.0] * 3,
        [[1.0]] * 3,
        [(k, k, -1, c) for k, c in enumerate((10.0, 10.0, 11.0))],
        [1.0] * 3,
    )
    targets = total_targets(system, [22.0])
    found = uptake_ranges(
        build_least_cost(system, 0, targets), least_cost(system, 0, targets), (0.0, 0.05, 0.2)
    )
    np.testing.assert_allclose(found.least, 0.0, atol=1e-6)
    np.testing.assert_allclose(found.most[:, 0], [8.0, 8.4, 9.6], rtol=1e-6)
    # Each unit of the third costs 1 more; 5 % of 80 buys 4 of them.
    np.testing.assert_allclose(found.most[:, 2], [0.0, 4.0, 96 / 11], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_ranges_are_those_of_every_single_solve(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.5))
    problem, answer = build_least_cost(system, 0, targets), least_cost(system, 0, targets)
    found = uptake_ranges(problem, answer, (0.01,))
    cost = problem.variables.cost
    used = np.flatnonzero(cost)
    limit = make_rows(
        (FAMILY,),
        np.zeros(len(used), dtype=np.int64),
        used,
        cost[used],
        -np.inf,
        answer.cost + 0.01 * abs(answer.cost),
    )
    for group in range(len(system.groups)):
        own = (system.moves.group == group).astype(float)
        for sign, told in ((1.0, found.least[0, group]), (-1.0, found.most[0, group])):
            variables = problem.variables.__class__(
                **{**vars(problem.variables), "cost": sign * own}
            )
            alone = problem.__class__(
                **{**vars(problem), "variables": variables, "extra": {FAMILY: limit}}
            )
            size = float(own @ problem.variables.capacity)
            assert sign * solve(alone).objective == pytest.approx(told, abs=1e-6 * size)


def test_ranges_grow_with_the_allowance_and_hold_the_mix() -> None:
    system = random_system(5)
    targets = total_targets(system, reachable_limits(system, 0.5))
    problem, answer = build_least_cost(system, 0, targets), least_cost(system, 0, targets)
    found = uptake_ranges(problem, answer)
    mix = sum_by(answer.uptake, system.moves.group, len(system.groups))
    np.testing.assert_allclose(found.uptake, mix, rtol=1e-9, atol=1e-9)
    slack = 1e-9 * found.most[-1]
    assert (found.least <= mix + slack).all()
    assert (found.most >= mix - slack).all()
    assert (np.diff(found.least, axis=0) <= slack).all()
    assert (np.diff(found.most, axis=0) >= -slack).all()
    assert found.solves < 2 * 3 * len(system.groups)


def test_planted_plans_are_found_and_each_is_whole() -> None:
    """8 t to cut, three measures on 10 t each at 10 per t: each of them can do it alone."""
    system = small_system([10.0] * 3, [[1.0]] * 3, [(k, k, -1, 10.0) for k in range(3)], [1.0] * 3)
    targets = total_targets(system, [22.0])
    problem, answer = build_least_cost(system, 0, targets), least_cost(system, 0, targets)
    (found,) = whole_plans(problem, answer, [[0], [1], [2]], (0.01,))
    assert not found.must.any()
    assert not found.never.any()
    for k in range(3):  # a plan of this measure alone, and one without it
        assert any(p.share[k] > 0.79 for p in found.plans)
        assert any(p.share[k] < 1e-6 for p in found.plans)
    for plan in found.plans:
        assert plan.uptake.sum() >= 8.0 - 1e-9
        assert plan.cost <= 80.0 * 1.01 + 1e-6


def test_what_every_plan_takes_and_what_none_does() -> None:
    """8 of 10 t to cut: only the first does it without another cost; the second is not offered."""
    system = small_system(
        [10.0] * 3,
        [[1.0]] * 3,
        [(k, k, -1, c) for k, c in enumerate((10.0, 10.0, 99.0))],
        [1, 0, 1],
    )
    targets = total_targets(system, [22.0])
    problem, answer = build_least_cost(system, 0, targets), least_cost(system, 0, targets)
    exact, wide = whole_plans(problem, answer, [[0], [1], [2]], (0.0, 9.0))
    assert [exact.must.tolist(), exact.never.tolist(), exact.possible.tolist()] == [
        [True, False, False],
        [False, False, True],
        [True, False, True],
    ]
    assert len(exact.plans) == 1
    assert not wide.must.any()
    assert not wide.never.any()
    assert len(wide.plans) > 1
    assert wide.plans[0].share == pytest.approx([0.8, 0.0, 0.0])
    assert wide.plans[0].cost == pytest.approx(80.0)


def test_what_a_plan_does_without_and_has_more_of() -> None:
    """The second measure stands on two sources: it is left out only where it is on neither."""
    system = small_system([1.0] * 4, [[1.0]] * 4, [(k, k, -1, 1.0) for k in range(4)], [1.0] * 4)
    system = replace(system, groups=replace(system.groups, measure=np.array([0, 1, 1, 2])))

    def plans(*shares: list[float]) -> WholePlans:
        told = tuple(WholePlan(np.array(s), np.array(s), 0.0) for s in shares)
        every = np.ones(4, np.bool_)
        return WholePlans(0.05, told, every, every, every)

    found = plans([0.5, 0.9, 0.3, 0.0], [0.0, 0.0, 0.41, 0.2], [0.61, 0.0, 0.0, 0.0], [0.0] * 4)
    assert [found.without(system, k) for k in range(4)] == [
        [],
        ["measure-0"],
        ["measure-1"],
        ["measure-1", "measure-0"],
    ]
    assert [found.more(system, k) for k in range(4)] == [
        [],
        ["measure-2", "measure-1"],
        ["measure-0"],
        [],
    ]


@pytest.mark.parametrize("seed", range(3))
def test_whole_plans_differ_and_keep_every_limit(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.5))
    problem, answer = build_least_cost(system, 0, targets), least_cost(system, 0, targets)
    families = [[g] for g in range(len(system.groups))]
    (found,) = whole_plans(problem, answer, families, (0.05,))
    (_, same) = whole_plans(problem, answer, families, (0.01, 0.05), workers=1)
    assert [plan.uptake.tobytes() for plan in same.plans] == [
        plan.uptake.tobytes() for plan in found.plans
    ]
    assert 1 <= len(found.plans) <= PLANS
    shares = np.array([plan.share for plan in found.plans])
    assert len(np.unique(shares.round(6), axis=0)) == len(shares)
    spans = uptake_ranges(problem, answer, (0.05,))
    for plan in found.plans:
        assert plan.cost <= answer.cost + 0.05 * abs(answer.cost) * (1.0 + 1e-6) + 1e-6
        assert (plan.uptake >= spans.least[0] - 1e-6 * (1 + spans.most[0])).all()
        assert (plan.uptake <= spans.most[0] + 1e-6 * (1 + spans.most[0])).all()
    used = shares > 1e-6
    assert used[:, found.must].all()
    assert not used[:, found.never].any()
