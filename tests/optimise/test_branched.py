"""Targets of several rows, limits from below and choices: by hand, and against enumeration."""

import itertools
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System
from lantian.names import of_ids
from lantian.optimise.problem.branches import Branches
from lantian.optimise.problem.coefficients import Targets, build_least_cost, make_rows
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.branched import _kept
from lantian.optimise.procedure.least_cost import answer_problem
from lantian.optimise.procedure.question import NO_QUESTION, answer_question
from lantian.optimise.procedure.tiers import answer_tiers
from lantian.optimise.status import InfeasibleError
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

MOST = 1000.0


def two_sources() -> System:
    """A 200 yuan/t, at most 90 of 200 t; B 300 yuan/t, at most 150 of 200 t."""
    return small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )


def branches(
    weight: list[list[float]],
    upper: list[float],
    choice: list[list[float]] | None = None,
    lower: list[float] | None = None,
    tier: int = 0,
) -> Branches:
    """Rows on the emissions of the sources."""
    n, made = len(weight), np.array(choice if choice else [[]] * len(weight), dtype=float)
    return Branches(
        ("further",) * n,
        (tier,) * n,
        np.array(weight, dtype=float)[..., None],
        np.full(n, -np.inf) if lower is None else np.array(lower),
        np.array(upper),
        tuple(f"z{k}" for k in range(made.shape[1])),
        made,
    )


def solve(limit: float, further: Branches, system: System | None = None) -> LeastCostResult:
    system = system or two_sources()
    targets = replace(total_targets(system, [limit]), branches=further)
    uptake = np.zeros((len(system.moves), len(system.years)))
    return answer_question(NO_QUESTION, system, {0: targets}, uptake)[0]


def test_every_row_of_a_target_holds() -> None:
    # 120 t in all, of which B must bring 60 t to keep its own row.
    result = solve(280.0, branches([[0, 1], [1, 0]], [140.0, 190.0]))
    np.testing.assert_allclose(result.uptake, [40, 20], rtol=1e-6)
    assert result.cost == pytest.approx(40 * 300 + 20 * 900)


def test_a_limit_from_below_holds() -> None:
    # A may not go below 150 t: 50 t of A, 70 t of B.
    result = solve(280.0, branches([[1, 0]], [np.inf], lower=[150.0]))
    np.testing.assert_allclose(result.uptake, [50 / 1.5, 70 / 3], rtol=1e-6)


@pytest.mark.parametrize(("second", "expected"), [(100.0, [60, 10]), (130.0, [0, 70 / 3])])
def test_the_cheaper_side_of_an_or_is_taken(second: float, expected: list[float]) -> None:
    # All at 280 t for 27,000 yuan, or B alone at its limit for 30,000 or 21,000.
    either = branches([[1, 1], [0, 1]], [280.0, second + MOST], [[-MOST], [MOST]])
    result = solve(400.0, either)
    np.testing.assert_allclose(result.uptake, expected, rtol=1e-6, atol=1e-6)


def test_what_no_mix_reaches_is_approached_and_linear_targets_come_first() -> None:
    result = solve(370.0, branches([[0, 1]], [20.0]))
    np.testing.assert_allclose(result.uptake, [0, 50], atol=1e-6)
    assert result.targets[0].met
    beyond = solve(100.0, branches([[1, 0]], [np.inf], lower=[195.0]))
    np.testing.assert_allclose(beyond.uptake, [60, 50], rtol=1e-6)
    assert not beyond.targets[0].met


def test_rows_of_a_later_tier_add_nothing_to_earlier_ones() -> None:
    system = two_sources()
    targets = {
        0: replace(total_targets(system, [280.0]), branches=branches([[0, 1]], [140.0], tier=2))
    }
    uptake = np.zeros((len(system.moves), len(system.years)))

    def ask(rows):  # type: ignore[no-untyped-def]
        return answer_question(NO_QUESTION, system, rows, uptake)

    first, last = answer_tiers(ask, targets, {0: [0]})
    np.testing.assert_allclose(first.answers[0].uptake, [60, 10], rtol=1e-6)
    np.testing.assert_allclose(last.answers[0].uptake, [40, 20], rtol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_choices_are_the_best_of_all(seed: int) -> None:
    random, system = np.random.default_rng(seed), random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.5))
    n, names = 4, tuple("abcd")
    weight = random.uniform(0, 1, (n, *targets.weight.shape[1:]))
    watched = Targets(names, weight, np.zeros(n), np.full(n, np.inf), ("",) * n)
    problem, values = (build_least_cost(system, 0, rows) for rows in (targets, watched))
    limit = values.base * random.uniform(0.7, 0.9, n)
    big = 10 * float(values.base.max())
    choice = big * np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]])
    upper = limit + big * np.array([0, 1, 0, 1])
    further = Branches(names, (0,) * n, weight, np.full(n, -np.inf), upper, ("y", "z"), choice)
    uptake = np.zeros((len(system.moves), len(system.years)))
    found = answer_question(NO_QUESTION, system, {0: replace(targets, branches=further)}, uptake)[0]
    costs = []
    for chosen in itertools.product((0, 1), repeat=2):
        own, room = values.targets, upper - choice @ np.array(chosen) - values.base
        rows = make_rows(of_ids(names), own.row, own.column, own.value, -np.inf, room)
        with suppress(InfeasibleError):
            answer = answer_problem(replace(problem, extra={"user": rows}))
            costs += [answer.cost] if answer.diagnosis is None else []
    value = values.base + values.targets.times(found.uptake)
    kept = value <= limit * (1 + 1e-6)
    assert bool(costs) == bool((kept[::2] | kept[1::2]).all())
    if costs:
        assert found.cost == pytest.approx(min(costs), rel=1e-5, abs=1e-3)


def test_limits_that_were_relaxed_are_held_where_they_were_reached() -> None:
    system = two_sources()
    problem = build_least_cost(system, 0, total_targets(system, [100.0]))
    linear = answer_problem(problem)
    # 240 t can go, 300 would have to
    upper = _kept(problem, linear).targets.upper - problem.targets.upper
    assert upper == pytest.approx([60.0])
    assert upper[0] > 60.0
    within = build_least_cost(system, 0, total_targets(system, [200.0]))
    assert _kept(within, answer_problem(within)) is within
