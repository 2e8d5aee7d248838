"""Cost curves: every kink, convex, the slope is the shadow price, the bound holds."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.optimise.analyses.curve import CostCurve, Step, marginal_cost_curve
from lantian.optimise.analyses.frontier import (
    Frontier,
    Kink,
    _merged,
    _ratio,
    _Stretch,
    bend_of,
    cost_frontier,
    frontier_of_curve,
)
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.status import InfeasibleError
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

OPEN = [np.inf, np.inf]
SEEDS = range(4)


def frontier(seed: int, limits: list[float] = OPEN, **more: float) -> Frontier:
    system = random_system(seed)
    problem = build_least_cost(system, 0, total_targets(system, limits))
    return cost_frontier(problem, 0, **{"solves": 10_000, **more})  # type: ignore[arg-type]


def test_three_kinks_by_hand() -> None:
    """Two filters on 10 t: 4 t at 10 per t first, then 5 t at 30 per t; the rest cannot be cut."""
    system = small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [0.4, 0.5]
    )
    found = cost_frontier(build_least_cost(system, 0, total_targets(system, [np.inf])), 0)
    assert found.precision == "exact"
    assert [k.value for k in found.kinks] == pytest.approx([20.0, 16.0, 11.0])
    assert [k.cost for k in found.kinks] == pytest.approx([0.0, 40.0, 190.0])
    assert found.price == pytest.approx([10.0, 30.0])
    assert found.cost(12.0) == pytest.approx(160.0)
    assert found.cost(10.9) == np.inf
    assert found.prices(16.0) == pytest.approx((10.0, 30.0))


@pytest.mark.parametrize("steep", [0.5, 1.0, 2.0, 1e6])
@pytest.mark.parametrize("seed", SEEDS)
def test_bend_is_the_kink_before_the_first_steep_stretch(seed: int, steep: float) -> None:
    system = random_system(seed)
    problem = build_least_cost(system, 0, total_targets(system, OPEN))
    bend, curve = bend_of(problem, 0, steep), frontier(seed)
    first, last = curve.kinks[0], curve.kinks[-1]
    mean = (last.cost - first.cost) / (first.value - last.value)
    stretches = np.flatnonzero(curve.price >= steep * mean)
    knee = curve.kinks[stretches[0]] if len(stretches) else last
    assert bend.mean == pytest.approx(mean, rel=1e-9)
    for ours, theirs in ((bend.first, first), (bend.last, last), (bend.knee, knee)):
        assert (ours.value, ours.cost) == pytest.approx((theirs.value, theirs.cost), rel=1e-9)


def test_a_stretch_of_the_very_slope_is_steep() -> None:
    """Mean (4 x 10 + 5 x 30) / 9: asked for as a multiple that gives 30 to the last digit."""
    system = small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [0.4, 0.5]
    )
    problem = build_least_cost(system, 0, total_targets(system, [np.inf]))
    assert bend_of(problem, 0, 30.0 * 9.0 / 190.0).knee.value == pytest.approx(16.0)
    assert bend_of(problem, 0, 1.5).knee.value == pytest.approx(11.0)


def test_a_point_has_no_bend() -> None:
    system = small_system([10.0], [[1.0]], [(0, 0, -1, -1.0)], [0.4])
    bend = bend_of(build_least_cost(system, 0, total_targets(system, [np.inf])), 0, 2.0)
    assert (bend.first.value, bend.last.value, bend.mean) == (6.0, 6.0, 0.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_kinks_are_those_of_the_independent_parts(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, OPEN)
    base = build_least_cost(system, 0, targets).base[0]
    parts = frontier_of_curve(marginal_cost_curve(system, 0, targets, target=0), "t", base)
    whole = frontier(seed)
    assert len(whole.kinks) == len(parts.kinks)
    for attribute in ("value", "cost"):
        ours, theirs = ([getattr(k, attribute) for k in f.kinks] for f in (whole, parts))
        np.testing.assert_allclose(ours, theirs, rtol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_is_convex(seed: int) -> None:
    system = random_system(seed)
    held = reachable_limits(system, 0.5)[1]
    found = frontier(seed, [np.inf, held])
    assert found.precision == "exact"
    assert (np.diff(found.price) > 0).all()
    assert all(k.values[1] <= held * (1 + 1e-9) for k in found.kinks)


@pytest.mark.parametrize("seed", SEEDS)
def test_slope_is_the_shadow_price(seed: int) -> None:
    system = random_system(seed)
    held = reachable_limits(system, 0.5)[1]
    found = frontier(seed, [np.inf, held])
    values = [k.value for k in found.kinks]
    for k in range(0, len(found.price), 5):
        limit = (values[k] + values[k + 1]) / 2
        answer = least_cost(system, 0, total_targets(system, [limit, held]))
        assert answer.cost == pytest.approx(found.cost(limit), rel=1e-8)
        assert answer.targets[0].shadow_price == pytest.approx(found.price[k], rel=1e-6)
    k = len(values) // 2
    answer = least_cost(system, 0, total_targets(system, [values[k], held]))
    looser, tighter = found.prices(values[k])
    assert answer.targets[0].price_looser == pytest.approx(looser, rel=1e-6)
    assert answer.targets[0].price_tighter == pytest.approx(tighter, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_holds(seed: int) -> None:
    exact, rough = frontier(seed), frontier(seed, solves=5, bound=0.05)
    assert rough.precision == "bounded"
    assert rough.solves < exact.solves
    cheapest, rise = exact.kinks[0].cost, exact.kinks[-1].cost - exact.kinks[0].cost
    for limit in np.linspace(exact.kinks[0].value, exact.kinks[-1].value, 101)[:-1]:
        true, told = exact.cost(limit), rough.cost(limit)
        stretch = np.searchsorted([-k.value for k in rough.kinks[1:]], -limit)
        assert -1e-9 * rise <= told - true <= rough.gap[stretch] + 1e-9 * rise
        assert told - true <= 0.05 * max(told - cheapest, 0.11 * rise)


def test_a_curve_can_end_before_the_maximum() -> None:
    whole = frontier(2)
    first, last = whole.kinks[0].value, whole.kinks[-1].value
    end = first + 0.7 * (last - first)
    part = frontier(2, end=end)
    assert part.precision == "exact"
    assert part.kinks[-1].value == pytest.approx(end)
    for limit in np.linspace(first, end, 31)[:-1]:
        assert part.cost(limit) == pytest.approx(whole.cost(limit), rel=1e-8)


def test_corners_lie_below_the_curve() -> None:
    exact, rough = frontier(1), frontier(1, solves=5, bound=0.1)
    for value, cost in rough.bound:
        assert cost <= exact.cost(max(value, exact.kinks[-1].value)) * (1 + 1e-9)


def test_soft_targets_pay_for_their_excess() -> None:
    system = random_system(0)
    limits = reachable_limits(system, 0.5)
    targets = total_targets(system, [np.inf, limits[1]])
    hard = cost_frontier(build_least_cost(system, 0, targets), 0, solves=500)
    soft = replace(targets, price=np.array([np.inf, 1.0]))
    cheap = cost_frontier(build_least_cost(system, 0, soft), 0, solves=500)
    assert cheap.kinks[0].cost < hard.kinks[0].cost


def test_limits_that_cannot_be_held_are_said() -> None:
    with pytest.raises(InfeasibleError):
        frontier(0, [np.inf, 0.0])


def test_a_target_nothing_moves_is_one_point() -> None:
    system = small_system([10.0], [[1.0, 0.0]], [(0, 0, -1, 10.0)], [0.4])
    problem = build_least_cost(system, 0, total_targets(system, OPEN))
    found = cost_frontier(problem, 1)
    assert (len(found.kinks), len(found.price), found.precision) == (1, 0, "exact")


def kink(value: float, cost: float) -> Kink:
    return Kink(value, cost, np.array([value]), np.zeros(0))


def stretch(at_a: float, at_b: float) -> _Stretch:
    """From 10 to 6 for 40: the chord has the slope 10."""
    return _Stretch(kink(10.0, 0.0), kink(6.0, 40.0), at_a, at_b)


def test_a_stretch_lies_between_its_chord_and_the_bounds_from_both_ends() -> None:
    # 4 from the left and 22 from the right meet 8/3 from a: 32/3, where the chord has 80/3.
    both = stretch(4.0, 22.0)
    assert both.slope == 10.0
    assert both.gap() == pytest.approx(16.0)
    assert both.corner() == pytest.approx((10.0 - 8 / 3, 32 / 3))
    # Nothing is known of what comes after b: the bound is the line from a.
    left = stretch(4.0, np.inf)
    assert left.gap() == pytest.approx(24.0)
    assert left.corner() == pytest.approx((6.0, 16.0))
    for exact in (stretch(10.0, 22.0), stretch(4.0, 10.0), stretch(10.0, np.inf)):
        assert exact.gap() == 0.0
        assert exact.corner() == pytest.approx((6.0, 40.0))


def test_a_wide_stretch_is_cut_into_as_many_parts_as_its_gap_needs() -> None:
    both, left = stretch(4.0, 22.0), stretch(4.0, np.inf)
    # One cut does most where the bounds meet; n parts make a gap of 1 / n^2.
    assert both.limits(4.0) == pytest.approx([10.0 - 8 / 3])
    assert both.limits(1.5) == pytest.approx([10.0 - 8 / 3])
    assert both.limits(4.1) == pytest.approx([10.0 - 4 / 3, 10.0 - 8 / 3])
    assert left.limits(4.0) == pytest.approx([8.0])
    assert left.limits(1e9) == pytest.approx([9.2, 8.4, 7.6, 6.8])
    first, second = both.at(kink(8.0, 12.0), 9.0)
    assert (first.a, first.b.value, first.at_a, first.at_b) == (both.a, 8.0, 4.0, 9.0)
    assert (second.a.value, second.b, second.at_a, second.at_b) == (8.0, both.b, 9.0, 22.0)


def test_a_gap_counts_by_what_the_mix_costs_there() -> None:
    whole = stretch(4.0, 22.0)
    assert _ratio(whole, whole) == pytest.approx(16.0 / 4.0)  # a tenth of the whole rise
    later = _Stretch(kink(8.0, 12.0), kink(6.0, 40.0), 9.0, 22.0)
    assert _ratio(later, whole) == pytest.approx(later.gap() / 12.0)
    assert _ratio(whole, _Stretch(kink(10.0, 5.0), kink(6.0, 5.0), 0.0, 0.0)) == 0.0


def test_exact_neighbours_of_one_slope_are_one() -> None:
    a, b, c, d = kink(10.0, 0.0), kink(8.0, 20.0), kink(7.0, 30.0), kink(6.0, 41.0)
    first, second = _Stretch(a, b, 9.0, 10.0), _Stretch(b, c, 10.0, 10.0)
    third, wide = _Stretch(c, d, 11.0, 11.0), _Stretch(b, c, 9.0, 12.0)
    assert [(s.a, s.b, s.at_a) for s in _merged([first, second, third])] == [
        (a, c, 9.0),
        (c, d, 11.0),
    ]
    assert len(_merged([first, wide, third])) == 3
    nearly = _Stretch(b, kink(7.0, 30.0 + 1e-12), 10.0, 10.0)
    assert len(_merged([first, nearly])) == 1
    assert len(_merged([wide, replace(first, a=c, b=kink(6.0, 40.0))])) == 2


def test_a_curve_of_steps_begins_at_the_cheapest_mix_and_puts_equal_prices_together() -> None:
    steps = [
        Step(group, width, price)
        for group, width, price in (
            (0, 2.0, -5.0), (1, 0.0, -4.0), (2, 1.0, 0.0), (3, 3.0, 10.0), (4, 1.0, 10.0),
            (5, 4.0, 30.0),
        )
    ]  # fmt: skip
    found = frontier_of_curve(CostCurve("integrated", "t/a", tuple(steps), ()), "t", 20.0, 7.0)
    assert [(k.value, k.cost) for k in found.kinks] == [(17.0, -3.0), (13.0, 37.0), (9.0, 157.0)]
    assert found.price.tolist() == [10.0, 30.0]
    assert found.gap.tolist() == [0.0, 0.0]
    assert found.bound.tolist() == [[13.0, 37.0], [9.0, 157.0]]
    assert (found.precision, found.solves, found.can_change) == ("exact", 0, True)
    # at the kinks, between them, and beyond both ends
    assert [found.cost(v) for v in (17.0, 15.0, 13.0, 9.0, 30.0, 8.9)] == pytest.approx(
        [-3.0, 17.0, 37.0, 157.0, -3.0, np.inf]
    )
    assert found.prices(13.0) == (10.0, 30.0)
    assert found.prices(15.0) == (10.0, 10.0)
    assert found.prices(17.0) == (0.0, 10.0)
    assert found.prices(9.0) == (30.0, np.inf)


def test_a_curve_without_steps_is_a_point() -> None:
    found = frontier_of_curve(CostCurve("integrated", "t/a", (), ()), "t", 20.0)
    assert [(k.value, k.cost) for k in found.kinks] == [(20.0, 0.0)]
    assert not found.can_change
    free = (Step(0, 2.0, -5.0),)
    saving = frontier_of_curve(CostCurve("integrated", "t/a", free, ()), "t", 20.0)
    assert [(k.value, k.cost) for k in saving.kinks] == [(18.0, -10.0)]
    assert saving.can_change
