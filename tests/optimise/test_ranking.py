"""Ranking rules against the least-cost mix, on systems where the answers are worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System
from lantian.optimise.analyses.ranking import (
    NONE,
    Taking,
    by_average_cost,
    effect_on,
    largest_reduction_per_source,
    ranked_by_average_cost,
    ranked_by_largest_reduction,
)
from lantian.optimise.analyses.ways_of_choosing import ranked_in_turn
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.procedure.least_cost import least_cost
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def counter_example() -> System:
    """Filter (1 t, 100 yuan per unit) or rebuild (3 t, 450 yuan): one excludes the other.

    Source 0 has 10 units at 3 t, source 1 20 units at 1 t that can be closed for 1,000 yuan each.
    """
    return small_system(
        activity=[10, 0, 0, 20],
        factor=[[3.0], [2.0], [0.0], [1.0]],
        moves=[(0, 0, 1, 100.0), (1, 0, 2, 450.0), (2, 3, -1, 1000.0)],
        reach=[1.0, 1.0, 1.0],
        source=[0, 0, 0, 1],
    )


def test_ranked_by_average_cost_loses_to_least_cost() -> None:
    # Wanted: 30 of 50 t. Per t: filter 100, rebuild 150, closing 1,000 yuan.
    # Ranked: filters on all 10 units, 10 t for 1,000; nothing is left to rebuild, so 20 closings
    # at 1,000: 21,000 yuan. Least cost: 10 rebuilt, 30 t for 4,500 yuan.
    system = counter_example()
    targets = total_targets(system, [20.0])
    ranked = ranked_by_average_cost(system, 0, targets, 0)
    best = least_cost(system, 0, targets)
    np.testing.assert_allclose(ranked.uptake, [10, 0, 20])
    assert ranked.met.all()
    assert ranked.cost == pytest.approx(21000)
    np.testing.assert_allclose(best.uptake, [0, 10, 0], atol=1e-12)
    assert best.cost == pytest.approx(4500)


def test_largest_reduction_takes_one_measure_per_source() -> None:
    system = counter_example()
    ranked = ranked_by_largest_reduction(system, 0, total_targets(system, [20.0]), 0)
    # Rebuild everything and close everything, needed or not: 4,500 + 20,000 yuan.
    np.testing.assert_allclose(ranked.uptake, [0, 10, 20])
    assert ranked.value == pytest.approx([0])
    assert ranked.cost == pytest.approx(24500)


@pytest.mark.parametrize("seed", range(6))
def test_a_ranked_mix_is_feasible_and_never_cheaper(seed: int) -> None:
    system = random_system(seed, n_pollutants=1)
    targets = total_targets(system, reachable_limits(system, 0.5))
    best = least_cost(system, 0, targets)
    for rule in (ranked_by_average_cost, ranked_by_largest_reduction):
        ranked = rule(system, 0, targets, 0)
        assert (ranked.uptake >= 0).all()
        if ranked.met.all():
            assert ranked.cost >= best.cost - 1e-9 * abs(best.cost)


def test_of_equal_reductions_the_cheaper_is_taken() -> None:
    chosen = largest_reduction_per_source(
        emissions=[100.0, 50.0],
        applicable=[[True, False], [True, False]],
        efficiency=[0.5, 0.5],
        cost_per_tonne=[9.0, 7.0],
    )
    assert chosen.measure.tolist() == [1, NONE]
    assert chosen.tonnes.tolist() == [50.0, 0.0]
    assert chosen.cost.tolist() == [350.0, 0.0]


def test_lists_share_the_new_units_of_a_state() -> None:
    # 100 units, 30 of them new; two measures on new units, each on 70 % of them, 21 units. Per t:
    # to half for 4 yuan, 8 yuan/t; to nothing for 10 yuan/t. Halved first: 21; then 9, not 21.
    system = small_system(
        [100, 0, 0],
        [[1.0], [0.0], [0.5]],
        [(0, 0, 1, 10.0), (1, 0, 2, 4.0)],
        [0.7, 0.7],
        source=[0, 0, 0],
    )
    recent = np.zeros((3, 1, 1))
    recent[0] = 30.0
    new = replace(system.groups, new_only=np.array([True, True]))
    system = replace(system, recent=recent, groups=new)
    targets = total_targets(system, [50.0])
    ranked = ranked_by_average_cost(system, 0, targets, 0)
    assert ranked.uptake == pytest.approx([9.0, 21.0])
    in_turn = ranked_in_turn(system, 0, build_least_cost(system, 0, targets))
    np.testing.assert_array_equal(in_turn, ranked.uptake)


def test_largest_reductions_by_hand() -> None:
    found = largest_reduction_per_source(
        emissions=[100.0, 50.0, 10.0],
        applicable=[[True, True, False], [True, False, False], [True, True, True]],
        efficiency=[0.5, 0.9, 0.0],
        cost_per_tonne=[9.0, 8.0, 1.0],
        rule_effectiveness=[1.0, 0.5, 1.0],
        rule_penetration=[0.8, 1.0, 1.0],
        price_index=[2.0, 1.5, 1.0],
    )
    # 0.4 at 18 and 0.45 at 12; what removes nothing is no measure
    assert found.measure.tolist() == [1, 0, NONE]
    assert found.reduction == pytest.approx([0.45, 0.4, 0.0])
    assert found.tonnes == pytest.approx([45.0, 20.0, 0.0])
    assert found.cost == pytest.approx([540.0, 360.0, 0.0])


def test_a_list_takes_what_is_left_move_by_move() -> None:
    """10 old units of 4 t and 4 new ones of 2 t; of the old 8 may change, 3 of them do in any case.

    21 t more are wanted. Closing new units costs 1 per t, and reaches the 4 that there were: 8 t.
    Renewing old ones costs 2 per t, and reaches 5 more: 10 t. Closing old ones has no reach left.
    """
    system = small_system(
        [10.0, 4.0],
        [[4.0], [2.0]],
        [(0, 0, 1, 4.0), (1, 1, -1, 2.0), (0, 0, -1, 100.0)],
        [0.8, 1.0],
        source=[0, 0],
    )
    system = replace(system, states=replace(system.states, technology=("a", "b")))
    problem = build_least_cost(
        system, 0, total_targets(system, [20.0]), floor=np.array([3.0, 0.0, 0.0])
    )
    effect = effect_on(problem, 0)
    assert effect.tolist() == [-2.0, -2.0, -4.0]
    order = by_average_cost(problem, effect)
    assert order.tolist() == [1, 0, 2]
    mix = Taking(system, 0, problem)
    assert mix.uptake.tolist() == [3.0, 0.0, 0.0]
    assert mix.take(order, effect, 21.0) == [1, 0]
    assert mix.uptake == pytest.approx([8.0, 4.0, 0.0])
    assert mix.take(order, effect, 0.0) == []
    assert mix.take(order, effect, 99.0) == []
