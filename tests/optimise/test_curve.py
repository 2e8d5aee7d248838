"""The marginal cost curve: by hand, and against the least-cost problem itself."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.optimise.analyses import curve as analysis
from lantian.optimise.analyses.curve import (
    CostCurve,
    Method,
    Step,
    independent_parts,
    marginal_cost_curve,
)
from lantian.optimise.procedure.least_cost import least_cost
from optimise.conftest import baseline_total, random_system, small_system, total_targets


def test_by_hand_with_a_measure_that_is_replaced() -> None:
    # 10 units at 3 t: filter 1 t for 100 yuan, rebuild 3 t for 450 yuan, one or the other.
    # First all filtered: 10 t at 100. Then filters give way to rebuilding: 20 t more for
    # 4,500 - 1,000 = 3,500 yuan, 175 yuan/t.
    system = small_system(
        activity=[10, 0, 0],
        factor=[[3.0], [2.0], [0.0]],
        moves=[(0, 0, 1, 100.0), (1, 0, 2, 450.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 0],
    )
    curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]))
    assert curve.method == "integrated"
    assert [(s.group, s.replaced) for s in curve.steps] == [
        (0, ()),
        (1, (0,)),
    ]
    assert [s.width for s in curve.steps] == pytest.approx([10, 20])
    assert [s.unit_cost for s in curve.steps] == pytest.approx([100, 175])
    # Filter: 10 t at 100 yuan; rebuild: 30 t at 150 yuan. Together more than the 30 t there are.
    alone = marginal_cost_curve(system, 0, total_targets(system, [0.0]), method="alone")
    assert alone.method == "alone"
    assert [(s.width, s.unit_cost) for s in alone.steps] == [(10, 100), (30, 150)]


@pytest.mark.parametrize("seed", range(6))
def test_the_curve_is_the_least_cost(seed: int) -> None:
    system = random_system(seed)
    base = baseline_total(system)[0]
    curve = marginal_cost_curve(system, 0, total_targets(system, [base]))
    prices = [s.unit_cost for s in curve.steps]
    total = sum(s.width for s in curve.steps)
    assert prices == sorted(prices)
    for share in (0.3, 0.6, 0.95):
        result = least_cost(system, 0, total_targets(system, [base - share * total]))
        assert base - result.targets[0].max_feasible == pytest.approx(total, rel=1e-9)
        if result.targets[0].binding:
            assert curve.cost(share * total) == pytest.approx(result.cost, rel=1e-8)
            assert min(prices, key=lambda p: abs(p - result.targets[0].shadow_price)) == (
                pytest.approx(result.targets[0].shadow_price, rel=1e-7)
            )
    assert curve.cost(1.01 * total) == np.inf


@pytest.mark.parametrize("seed", range(3))
def test_programs_of_few_parts_give_the_same_curve(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = random_system(seed, n_sources=12)
    found = []
    for share in (0.0, 0.999):  # never, and whenever a part is done
        monkeypatch.setattr(analysis, "NARROWED", share)
        found.append(marginal_cost_curve(system, 0, total_targets(system, [0.0])).steps)
    one, other = found
    assert len(one) > 30
    for name in ("width", "unit_cost"):
        expected = pytest.approx([getattr(s, name) for s in one], rel=1e-9)
        assert [getattr(s, name) for s in other] == expected


def test_unknown_costs_are_left_out_and_listed() -> None:
    system = small_system(
        [5.0, 5.0], [[1.0], [1.0]], [(0, 0, -1, np.nan), (1, 1, -1, 3.0)], [1.0, 1.0]
    )
    for method in ("integrated", "alone"):
        curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]), method=method)
        assert [s.group for s in curve.steps] == [1]
        assert curve.unknown_cost == (0,)


@pytest.mark.parametrize("method", ["integrated", "alone"])
def test_what_is_not_offered_is_in_no_step(method: Method) -> None:
    system = small_system(
        [5.0, 5.0], [[1.0], [1.0]], [(0, 0, -1, -9.0), (1, 1, -1, 3.0)], [1.0, 1.0]
    )
    curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]), method=method, closed=[0])
    assert [(s.group, s.width) for s in curve.steps] == [(1, 5.0)]
    assert curve.unknown_cost == ()


def test_a_measure_that_saves_money_comes_first() -> None:
    system = small_system(
        [5.0, 5.0], [[1.0], [1.0]], [(0, 0, -1, 3.0), (1, 1, -1, -2.0)], [1.0, 1.0]
    )
    curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]))
    assert [s.unit_cost for s in curve.steps] == pytest.approx([-2.0, 3.0])


@pytest.mark.parametrize("residue", [1e-17, 5e-324, -1e-17])
@pytest.mark.parametrize("method", ["integrated", "alone"])
def test_activity_that_is_rounding_has_no_step(residue: float, method: Method) -> None:
    # 1,000 units from 3 t to 2 t at 100 yuan; what rounding left in other states is nothing.
    system = small_system(
        activity=[1e3, residue, residue, 0],
        factor=[[3.0], [2.0], [1.0], [0.0]],
        moves=[(0, 0, 1, 100.0), (1, 1, 2, 450.0), (2, 2, 3, 10.0)],
        reach=[1.0, 1.0, 0.5],
        source=[0, 0, 0, 0],
    )
    curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]), method=method)
    assert [(s.group, s.width) for s in curve.steps] == [(0, pytest.approx(1e3))]


def test_no_measure_no_steps() -> None:
    system = small_system([5.0], [[1.0]], [(0, 0, -1, 3.0)], [0.0])
    for method in ("integrated", "alone"):
        assert not marginal_cost_curve(system, 0, total_targets(system, [0.0]), method=method).steps


def test_parts_follow_moves_between_sources() -> None:
    system = random_system(0)
    parts = independent_parts(system)
    owner = system.states.source[system.moves.origin]
    assert len(np.unique(parts)) == len(system.sources)
    assert all(len(np.unique(parts[owner == s])) == 1 for s in range(len(system.sources)))
    target = system.moves.target.copy()
    target[0] = len(system.states) - 1
    joined = replace(system, moves=replace(system.moves, target=target))
    assert len(np.unique(independent_parts(joined))) == len(system.sources) - 1


def test_what_follows_a_move_counts_with_it() -> None:
    """10 lorries of 2 t at 30 each; the 5 t of dust of their road end with them for nothing."""
    system = small_system(
        [10.0, 100.0],
        [[2.0], [0.05]],
        [(0, 0, -1, 30.0), (1, 1, -1, 0.0)],
        [0.5, 1.0],
    )
    states = replace(system.states, technology=("any", "source-0"))
    groups = replace(system.groups, measure=np.array([0, 0]))
    road = replace(system, states=states, groups=groups)
    for method in ("integrated", "alone"):
        curve = marginal_cost_curve(road, 0, total_targets(road, [0.0]), method=method)
        # 5 lorries: 10 t and half of the road's 5 t for 150 yuan
        assert [s.group for s in curve.steps] == [0]
        assert [(s.width, s.unit_cost) for s in curve.steps] == [pytest.approx((12.5, 12.0))]


def test_the_cost_of_a_reduction_adds_the_cheapest_steps() -> None:
    curve = CostCurve("alone", "t", (Step(0, 10.0, 1.0), Step(1, 20.0, 5.0)), ())
    found = [curve.cost(r) for r in (0.0, 5.0, 10.0, 15.0, 30.0, 30.0 * (1 + 1e-10), 30.1)]
    assert found == pytest.approx([0.0, 5.0, 10.0, 35.0, 110.0, 110.0, np.inf])


def test_a_measure_alone_is_spread_over_what_it_starts_from() -> None:
    """10 units of 2 t at 30 each and 20 of 1 t at 60: half of both is all that is reached."""
    system = small_system(
        [10.0, 20.0, 5.0],
        [[2.0], [1.0], [1.0]],
        [(0, 0, -1, 30.0), (0, 1, -1, 60.0), (1, 2, -1, 7.0)],
        [0.5, 1.0],
        source=[0, 0, 1],
    )
    curve = marginal_cost_curve(system, 0, total_targets(system, [0.0]), method="alone")
    # 5 x 2 + 10 t for 150 + 600 yuan
    assert [(s.group, s.width, s.unit_cost) for s in curve.steps] == [
        (1, 5.0, 7.0),
        (0, pytest.approx(20.0), pytest.approx(37.5)),
    ]
