"""Ways of choosing on the same data."""

import numpy as np
import pytest

from lantian.optimise.analyses.ranking import ranked_by_average_cost
from lantian.optimise.analyses.ways_of_choosing import (
    compare_rankings,
    compare_ways,
    ranked_in_turn,
)
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.procedure.least_cost import least_cost
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def test_ranking_loses_where_measures_share_activity() -> None:
    """10 t: a filter cuts 0.4 a unit at 10 (25 a t), renewal 0.9 at 30 (33 a t); 8 t to cut.

    Ranked: the filter on all 10 units; renewal finds nothing left: 4 t for 100, missed. Least: a
    mix of 1/5 filters and 4/5 renewed: 0.4 f + 0.9 r = 8, f + r = 10 -> f = 2, r = 8: 260.
    """
    system = small_system(
        [10.0, 0.0, 0.0],
        [[1.0], [0.6], [0.1]],
        [(0, 0, 1, 10.0), (1, 0, 2, 30.0)],
        [1.0, 1.0],
        source=[0, 0, 0],
    )
    targets = total_targets(system, [2.0])
    problem = build_least_cost(system, 0, targets)
    best = least_cost(system, 0, targets)
    found = {
        c.way: c
        for c in compare_ways(
            system, 0, targets, problem=problem, solved={"least_cost": best.uptake}
        )
    }
    assert found["least_cost"].cost == pytest.approx(260.0)
    assert found["least_cost"].excess == 0.0
    ranked = found["ranked_in_turn"]
    assert (ranked.cost, bool(ranked.met[0])) == (pytest.approx(100.0), False)
    largest = found["largest_reduction"]
    assert largest.cost == pytest.approx(300.0)
    assert largest.aimed_at == 0
    assert bool(largest.met[0])
    assert found["maximum"].cost == pytest.approx(300.0)


def test_a_list_of_measures_alone_does_not_see_what_is_left() -> None:
    """10 t in 10 units. Alone a costs 10 a t (5 of 10 t), b 12 a t (9 of 10 t); 9.2 t to cut.

    The list takes a, then b of the 5 t left: 9.5 t at most, and 50 + 108 x 4.2 / 4.5 = 150.8 for
    9.2 t. Least: b on all units for 108, then a on 0.2 / 0.05 = 4 units for 20.
    """
    system = small_system(
        [10.0, 0.0, 0.0, 0.0],
        [[1.0], [0.5], [0.1], [0.05]],
        [(0, 0, 1, 5.0), (0, 2, 3, 5.0), (1, 0, 2, 10.8), (1, 1, 3, 10.8)],
        [1.0, 1.0],
        source=[0, 0, 0, 0],
    )
    targets = total_targets(system, [0.8])
    problem = build_least_cost(system, 0, targets)
    best = least_cost(system, 0, targets)
    found = {
        c.way: c
        for c in compare_ways(
            system, 0, targets, problem=problem, solved={"least_cost": best.uptake}
        )
    }
    assert found["ranked_alone"].cost == pytest.approx(50 + 108 * 4.2 / 4.5)
    assert found["least_cost"].cost == pytest.approx(128.0)
    assert found["ranked_alone"].excess == pytest.approx(50 + 108 * 4.2 / 4.5 - 128)


@pytest.mark.parametrize("seed", range(5))
def test_no_way_of_choosing_beats_the_least_cost_of_its_result(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.6))
    problem = build_least_cost(system, 0, targets)
    best = least_cost(system, 0, targets)
    every = (
        *compare_ways(system, 0, targets, problem=problem, solved={"least_cost": best.uptake}),
        *compare_rankings(system, 0, targets, problem),
    )
    for one in every:
        assert one.excess >= 0
        again = least_cost(system, 0, total_targets(system, list(one.value * (1 + 1e-9))))
        assert one.least == pytest.approx(again.cost, rel=1e-5, abs=1e-3)
        if one.met.all():
            assert one.cost >= best.cost * (1 - 1e-7)
    maximum = next(c for c in every if c.way == "maximum")
    base = problem.base
    for one in every:
        assert (one.value / base).sum() >= (maximum.value / base).sum() - 1e-9


def test_one_target_in_turn_is_the_plain_ranking() -> None:
    system = random_system(2)
    limits = reachable_limits(system, 0.6)
    targets = total_targets(system, limits[:1])
    ours = ranked_in_turn(system, 0, build_least_cost(system, 0, targets))
    theirs = ranked_by_average_cost(system, 0, targets, 0).uptake
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-9)


def test_targets_that_need_nothing_have_no_ranking() -> None:
    system = random_system(0)
    targets = total_targets(system, [1e12, 1e12])
    problem = build_least_cost(system, 0, targets)
    assert compare_rankings(system, 0, targets, problem) == ()
    rules = [c.way for c in compare_ways(system, 0, targets, problem=problem, solved={})]
    assert rules == ["ranked_in_turn", "ranked_alone", "maximum"]
