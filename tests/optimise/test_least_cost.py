"""The least-cost procedure: a case worked by hand, then what must hold for every system."""

import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lantian.core.system import System, shift_activity
from lantian.names import GroupName, StateName
from lantian.optimise.problem.coefficients import Targets, build_least_cost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import Interface, least_cost, reprojection_gap
from lantian.optimise.procedure.statement import explain
from lantian.optimise.solve import highs
from lantian.optimise.status import InfeasibleError, TimeLimitError
from optimise.conftest import (
    NOWHERE,
    baseline_total,
    random_system,
    reachable_limits,
    small_system,
    total_targets,
)

SEEDS = range(8)
ROOT = Path(__file__).parents[2]


def two_sources() -> System:
    """A: 100 units at 2 t, clean 0.5 t, 300 yuan, reach 0.6. B: 50 at 4 t, clean 1 t, 900 yuan.

    A costs 300 / 1.5 = 200 yuan/t, B 900 / 3 = 300 yuan/t; the baseline is 200 + 200 = 400 t.
    """
    return small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )


def solve_two(limit: float) -> LeastCostResult:
    system = two_sources()
    return least_cost(system, 0, total_targets(system, [limit]))


def test_worked_by_hand() -> None:
    # Wanted: 400 - 280 = 120 t. All of A: 0.6 * 100 = 60 units, 60 * 1.5 = 90 t, 18,000 yuan.
    # The other 30 t from B: 30 / 3 = 10 units, 9,000 yuan. Together 27,000 yuan; one more t
    # comes from B at 300 yuan. Largest possible: 90 + 50 * 3 = 240 t, leaving 160 t.
    result = solve_two(280)
    (target,) = result.targets
    np.testing.assert_allclose(result.uptake, [60, 10], rtol=1e-12)
    assert result.cost == pytest.approx(27000, rel=1e-12)
    assert target.max_feasible == pytest.approx(160, rel=1e-12)
    assert (target.baseline, target.limit) == (400, 280)
    assert target.met
    assert target.binding
    assert target.shadow_price == pytest.approx(300, rel=1e-12)
    assert target.price_unit == "yuan/a/(t)"  # the target of this system is in t, not in t/a
    assert target.marginal == (1,)
    # One more unit of A's reach saves 1.5 t of B: 1.5 * 300 - 300 = 150 yuan.
    assert result.duals["reach"][0] == pytest.approx(-150, rel=1e-12)
    # 240 t can be had, 120 are needed.
    assert result.joint_share == pytest.approx(2, rel=1e-12)
    assert result.exit_code == 0
    assert not result.several_optima


def test_a_kink_has_two_prices() -> None:
    # At 400 - 90 = 310 t the last t came from A (200 yuan), the next comes from B (300 yuan).
    (target,) = solve_two(310).targets
    assert target.price_looser == pytest.approx(200)
    assert target.price_tighter == pytest.approx(300)
    assert target.shadow_price == target.price_tighter


def test_the_last_tonne_has_no_price_beyond() -> None:
    (target,) = solve_two(160).targets
    assert target.met
    assert target.price_tighter == np.inf
    assert target.shadow_price == target.price_looser == pytest.approx(300)


def test_a_limit_that_does_not_bind_has_no_price() -> None:
    result = solve_two(500)
    assert result.cost == 0
    assert not result.uptake.any()
    assert result.joint_share == np.inf
    assert result.targets[0].shadow_price == 0
    assert not result.targets[0].binding


def test_a_target_out_of_reach_is_explained() -> None:
    result = solve_two(100)
    diagnosis = result.diagnosis
    assert diagnosis is not None
    assert result.exit_code == 3
    assert diagnosis.alone == (0,)
    # 160 t are possible: 60 t above the limit; of the 300 t needed 240 can be had.
    assert diagnosis.excess == pytest.approx([60])
    assert result.joint_share == pytest.approx(240 / 300)
    assert not result.targets[0].met
    np.testing.assert_allclose(result.uptake, [60, 50], rtol=1e-9)
    # One more unit of A's reach would bring 1.5 t, all of it (60 units) 90 t.
    (reach,) = [b for b in diagnosis.binding[0] if b.name == GroupName("measure-0", "source-0")]
    assert (reach.family, reach.gain, reach.worth) == ("reach", 1.5, pytest.approx(90))
    said = " ".join(m.text() for m in explain(result, two_sources()))
    assert "out of reach" in said
    assert "measure-0 @ source-0" in said


def test_targets_that_exclude_each_other_are_explained() -> None:
    # 10 units; clean in NOx or clean in VOC, not both: each target needs 8 of them.
    system = small_system(
        activity=[10, 0, 0],
        factor=[[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]],
        moves=[(0, 0, 1, 5.0), (1, 0, 2, 7.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 0],
    )
    result = least_cost(system, 0, total_targets(system, [2.0, 2.0]))
    diagnosis = result.diagnosis
    assert diagnosis is not None
    assert diagnosis.alone == ()
    # Five units each: 5 of 8 t of both. 16 t are wanted, 10 possible: 6 in excess.
    assert result.joint_share == pytest.approx(5 / 8)
    assert diagnosis.excess.sum() == pytest.approx(6)
    # The cheapest relaxation gives up the dear measure: 8 units NOx, 2 units VOC.
    np.testing.assert_allclose(result.uptake, [8, 2], rtol=1e-9)
    assert [b.name for b in diagnosis.binding[None]] == [StateName("source-0", "state-0", ())]
    assert "not all at once" in explain(result, system)[0].text()


def test_unknown_cost_is_never_chosen_but_may_be_committed() -> None:
    system = two_sources()
    cost = system.moves.unit_cost.copy()
    cost[0] = np.nan
    system = replace(system, moves=replace(system.moves, unit_cost=cost))
    targets = total_targets(system, [310.0])
    free = least_cost(system, 0, targets)
    assert free.uptake[0] == 0
    assert free.uptake[1] == pytest.approx(30)
    assert free.unknown_cost == (0,)
    held = least_cost(system, 0, targets, committed=np.array([40.0, 0.0]))
    # 40 units of A bring 60 t, B brings the other 30 t; only B's cost is known.
    np.testing.assert_allclose(held.uptake, [40, 10], rtol=1e-12)
    assert held.cost == pytest.approx(9000)


def test_plan_as_floor() -> None:
    system = two_sources()
    result = least_cost(system, 0, total_targets(system, [310.0]), floor=np.array([0.0, 20.0]))
    # B is held at 20 units (60 t); the other 30 t come from 20 units of A.
    np.testing.assert_allclose(result.uptake, [20, 20], rtol=1e-12)


def test_commitments_that_break_a_limit_are_named() -> None:
    system = two_sources()
    with pytest.raises(InfeasibleError, match="measure-0 @ source-0"):
        least_cost(system, 0, total_targets(system, [310.0]), floor=np.array([70.0, 0.0]))


def test_measures_on_new_units_are_limited_per_state() -> None:
    system = two_sources()
    recent = np.array([[[30.0]], [[0.0]], [[50.0]], [[0.0]]])
    groups = replace(system.groups, new_only=np.array([True, False]))
    system = replace(system, groups=groups, recent=recent)
    result = least_cost(system, 0, total_targets(system, [300.0]))
    # Reach 0.6 of 30 new units: 18 units, 27 t; B brings the other 73 t.
    np.testing.assert_allclose(result.uptake, [18, 73 / 3], rtol=1e-12)


def test_equal_mixes_are_said_and_chosen_by_name() -> None:
    system = small_system(
        activity=[10, 0, 10, 0],
        factor=[[1.0], [0.0], [1.0], [0.0]],
        moves=[(0, 0, 1, 5.0), (1, 2, 3, 5.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 1, 1],
    )
    result = least_cost(system, 0, total_targets(system, [10.0]))
    assert result.several_optima
    assert sorted(result.uptake) == pytest.approx([0, 10])
    assert "Several mixes" in explain(result, system)[0].text()


def test_two_paths_to_one_state_are_one_mix() -> None:
    # Controls A and B at the same price whatever the order: all 10 units end with both.
    system = small_system(
        activity=[10, 0, 0, 0],
        factor=[[8.0], [4.0], [4.0], [2.0]],
        moves=[(0, 0, 1, 1.0), (0, 2, 3, 1.0), (1, 0, 2, 1.0), (1, 1, 3, 1.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 0, 0],
    )
    # The eligible activity counts every from-state, also the empty ones.
    result = least_cost(system, 0, total_targets(system, [20.0]))
    assert result.cost == pytest.approx(20)
    assert not result.several_optima


def test_avoided_activity_and_moves_between_sources() -> None:
    # 10 t*km by road at 3 t become 10 * 0.5 on rail at 1 t: 2.5 t less each; avoided: 3 t less.
    system = small_system(
        activity=[10, 0],
        factor=[[3.0], [1.0]],
        moves=[(0, 0, 1, 10.0), (1, 0, NOWHERE, 30.0)],
        reach=[0.5, 1.0],
        conversion=[0.5, 1.0],
    )
    result = least_cost(system, 0, total_targets(system, [14.5]))
    # Rail: 5 * 2.5 = 12.5 t, 50 yuan; avoided: 3 t, one unit, 30 yuan.
    np.testing.assert_allclose(result.uptake, [5, 1], rtol=1e-12)
    assert result.reprojection_gap < 1e-15


@pytest.mark.parametrize("limits", [[], [300.0]])
def test_nothing_to_choose_from(limits: list[float]) -> None:
    system = small_system([100.0], [[2.0]], [(0, 0, NOWHERE, 1.0)], [0.0])
    result = least_cost(system, 0, total_targets(system, limits))
    assert not result.uptake.any()
    assert result.exit_code == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_projection_agrees_and_nothing_goes_negative(seed: int) -> None:
    system = random_system(seed, unknown=0.2)
    result = least_cost(system, 0, total_targets(system, reachable_limits(system, 0.8)))
    after = shift_activity(system.moves, system.baseline, result.uptake[:, None])
    assert result.reprojection_gap <= 1e-9
    assert after.min() >= -1e-9 * system.baseline.max()
    assert all(t.met for t in result.targets)
    assert result.residuals.largest < 1e-9
    assert not result.uptake[np.isnan(system.moves.unit_cost)].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_shadow_prices_are_finite_differences(seed: int) -> None:
    system = random_system(seed)
    limits = np.array(reachable_limits(system, 0.7))
    result = least_cost(system, 0, total_targets(system, limits))
    for t, target in enumerate(result.targets):
        step = 1e-5 * limits[t] * np.eye(len(limits))[t]
        tighter, looser = (
            least_cost(system, 0, total_targets(system, limits + s)).cost for s in (-step, step)
        )
        size = step.sum()
        expected = ((tighter - result.cost) / size, (result.cost - looser) / size)
        found = target.price_tighter, target.price_looser
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-5 * abs(result.cost) / limits[t])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_marginal_move_changes_with_the_limit(seed: int) -> None:
    system = random_system(seed)
    limits = np.array(reachable_limits(system, 0.7))
    result = least_cost(system, 0, total_targets(system, limits))
    for t, target in enumerate(result.targets):
        if target.binding:
            tighter = limits - 1e-6 * limits[t] * np.eye(len(limits))[t]
            moved = least_cost(system, 0, total_targets(system, tighter)).uptake - result.uptake
            assert target.marginal
            assert abs(moved[target.marginal[0]]) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_tightening_never_lowers_cost_and_the_curve_is_convex(seed: int) -> None:
    system = random_system(seed)
    costs = [
        least_cost(system, 0, total_targets(system, reachable_limits(system, share))).cost
        for share in np.linspace(0, 1, 6)
    ]
    size = 1e-9 * max(map(abs, costs))
    assert np.diff(costs).min() >= -size
    assert np.diff(costs, 2).min() >= -size


def test_no_enumerated_mix_is_cheaper() -> None:
    system = small_system(
        activity=[4, 0, 0, 3, 0],
        factor=[[5.0, 1.0], [2.0, 1.0], [1.0, 0.2], [4.0, 3.0], [3.0, 0.5]],
        moves=[(0, 0, 1, 4.0), (1, 0, 2, 9.0), (1, 1, 2, 6.0), (2, 3, 4, 5.0)],
        reach=[0.75, 0.5, 1.0],
        source=[0, 0, 0, 1, 1],
    )
    targets = total_targets(system, [22.0, 9.0])
    problem = build_least_cost(system, 0, targets)
    result = least_cost(system, 0, targets)
    cheapest = np.inf
    for mix in itertools.product(*(np.linspace(0, 4, 17),) * 4):
        uptake = np.array(mix)
        inside = all(
            (rows.times(uptake) >= rows.lower - 1e-12).all()
            and (rows.times(uptake) <= rows.upper + 1e-12).all()
            for rows in problem.families.values()
        )
        if inside:
            cheapest = min(cheapest, float(system.moves.unit_cost @ uptake))
    assert np.isfinite(cheapest)
    assert result.cost <= cheapest + 1e-9
    # The grid comes close, so the bound is not empty.
    assert result.cost >= 0.8 * cheapest


def permuted(system: System, seed: int) -> tuple[System, np.ndarray]:
    """Groups and the moves within them in another order; and where each move came from."""
    moves, groups = system.moves, system.groups
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(groups))
    place = np.argsort(order)
    shuffled = rng.permutation(len(moves))
    shuffled = shuffled[np.argsort(place[moves.group[shuffled]], kind="stable")]
    new_moves = replace(
        moves,
        origin=moves.origin[shuffled],
        target=moves.target[shuffled],
        conversion=moves.conversion[shuffled],
        group=place[moves.group[shuffled]],
        unit_cost=moves.unit_cost[shuffled],
    )
    new_groups = replace(
        groups,
        **{
            name: getattr(groups, name)[order]
            for name in ("measure", "source", "reach", "round", "new_only")
        },
    )
    return replace(system, moves=new_moves, groups=new_groups), shuffled


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_moves_changes_nothing(seed: int) -> None:
    system = random_system(seed)
    limits = reachable_limits(system, 0.8)
    other, shuffled = permuted(system, seed)
    first = least_cost(system, 0, total_targets(system, limits))
    second = least_cost(other, 0, total_targets(other, limits))
    assert second.cost == pytest.approx(first.cost, rel=1e-9)
    size = first.uptake.max()
    np.testing.assert_allclose(second.uptake, first.uptake[shuffled], atol=1e-7 * size)
    for a, b in zip(first.targets, second.targets, strict=True):
        assert a.shadow_price == pytest.approx(b.shadow_price, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_units_of_activity_and_money_change_nothing(seed: int) -> None:
    system = random_system(seed)
    limits = reachable_limits(system, 0.8)
    thousand = 1000.0  # units per kilo-unit
    moves = replace(system.moves, unit_cost=system.moves.unit_cost * thousand / 1e4)
    other = replace(
        system,
        moves=moves,
        baseline=system.baseline / thousand,
        factor=system.factor * thousand,
    )
    first = least_cost(system, 0, total_targets(system, limits))
    second = least_cost(other, 0, total_targets(other, limits))
    assert second.cost * 1e4 == pytest.approx(first.cost, rel=1e-9)
    size = first.uptake.max()
    np.testing.assert_allclose(second.uptake * thousand, first.uptake, atol=1e-7 * size)


@pytest.mark.parametrize("seed", SEEDS)
def test_zero_reach_equals_absence(seed: int) -> None:
    system = random_system(seed)
    gone = seed % len(system.groups)
    reach = system.groups.reach.copy()
    reach[gone] = 0.0
    barred = replace(system, groups=replace(system.groups, reach=reach))
    kept = system.moves.group != gone
    moves = replace(
        system.moves,
        **{
            name: getattr(system.moves, name)[kept]
            for name in ("origin", "target", "conversion", "group", "unit_cost")
        },
    )
    limits = reachable_limits(barred, 0.8)
    first = least_cost(barred, 0, total_targets(barred, limits))
    absent = replace(system, moves=moves)
    second = least_cost(absent, 0, total_targets(absent, limits))
    assert not first.uptake[~kept].any()
    assert second.cost == pytest.approx(first.cost, rel=1e-9)
    size = first.uptake.max()
    np.testing.assert_allclose(first.uptake[kept], second.uptake, atol=1e-7 * size)


@pytest.mark.parametrize("seed", SEEDS)
def test_beyond_reach_is_always_diagnosed(seed: int) -> None:
    system = random_system(seed)
    best = np.array([t.max_feasible for t in least_cost(system, 0, no_limits(system)).targets])
    result = least_cost(system, 0, total_targets(system, list(0.9 * best)))
    assert result.diagnosis is not None
    assert result.exit_code == 3
    assert len(result.diagnosis.alone) == len(best)
    assert (result.diagnosis.excess >= 0.1 * best * (1 - 1e-9)).all()
    assert all(result.diagnosis.binding.values())


def no_limits(system: System) -> Targets:
    return total_targets(system, list(baseline_total(system)))


def test_time_limit_has_its_own_error() -> None:
    system = random_system(0)
    with pytest.raises(TimeLimitError, match="time limit"):
        least_cost(system, 0, no_limits(system), options=highs.Options(time_limit=0.0))


def test_numbers_that_are_not_finite_are_refused() -> None:
    system = two_sources()
    system = replace(system, baseline=system.baseline * np.nan)
    with pytest.raises(ValueError, match="baseline activity"):
        least_cost(system, 0, total_targets(system, [1.0]))


def test_solver_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    solve_two(280)
    assert capfd.readouterr() == ("", "")


def test_needs_neither_scipy_nor_pyomo() -> None:
    code = """
import sys
sys.path.insert(0, "tests")
from optimise.conftest import small_system, total_targets
from lantian.optimise.procedure.least_cost import least_cost
system = small_system([9.0], [[2.0]], [(0, 0, -1, 1.0)], [1.0])
least_cost(system, 0, total_targets(system, [10.0]))
print([m for m in ("scipy", "pyomo", "pandas", "xarray") if m in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_measures_on_new_units_share_them() -> None:
    # 100 units, 30 of them new. Two measures on new units: to 0 t, and to 0.5 t per unit. Each
    # alone may take all 30, together no more than 30: 100 t - 30 * 1 t = 70 t is the least.
    system = small_system(
        [100, 0, 0],
        [[1.0], [0.0], [0.5]],
        [(0, 0, 1, 10.0), (1, 0, 2, 5.0)],
        [1.0, 1.0],
        source=[0, 0, 0],
    )
    recent = np.zeros((3, 1, 1))
    recent[0] = 30.0
    system = replace(
        system, recent=recent, groups=replace(system.groups, new_only=np.array([True, True]))
    )
    targets = Targets(("nox",), np.ones((1, 1, 1)), np.zeros(1), np.array([80.0]), ("t/a",))
    result = least_cost(system, 0, targets)
    assert result.targets[0].max_feasible == pytest.approx(70.0)
    # 20 t are wanted and every tonne costs 10 yuan, however it is cut.
    assert result.cost == pytest.approx(200.0)
    assert result.uptake.sum() <= 30.0 + 1e-9


@pytest.mark.parametrize("interface", ["highs", "pyomo"])
@pytest.mark.parametrize("small", [1e-5, 1e-9, 1e-17])
def test_a_source_of_next_to_nothing_beside_a_large_one(small: float, interface: Interface) -> None:
    # 1e5 units at 3 t; half of them to 2.5 t at 100 yuan: 5e4 units. The small source has its own.
    system = small_system(
        [1e5, 0, small, 0],
        [[3.0], [2.0], [1.0], [0.0]],
        [(0, 0, 1, 100.0), (1, 2, 3, 450.0), (2, 2, NOWHERE, 10.0)],
        [1.0, 1.0, 0.5],
        source=[0, 0, 1, 1],
    )
    result = least_cost(system, 0, total_targets(system, [2.5e5]), interface=interface)
    assert result.cost == pytest.approx(5e6)
    assert result.targets[0].shadow_price == pytest.approx(100.0)


def test_a_limit_on_activity_is_kept_at_least_cost() -> None:
    """At most 3 of 10 vehicles stay as they are; the cheaper of two ways out goes first."""
    system = small_system(
        activity=[10.0, 0.0],
        factor=[[1.0], [0.5]],
        moves=[(0, 0, 1, 4.0), (1, 0, NOWHERE, 9.0)],
        reach=[0.5, 1.0],
        source=[0, 0],
        group_source=[0, 0],
    )
    limited = Targets(
        ("old",),
        np.zeros((1, 1, 1)),
        np.zeros(1),
        np.array([3.0]),
        ("vehicle",),
        activity=np.array([[1.0, 0.0]]),
    )
    answer = least_cost(system, 0, limited)
    assert answer.uptake == pytest.approx([5.0, 2.0])
    assert answer.cost == pytest.approx(5 * 4.0 + 2 * 9.0)
    (old,) = answer.targets
    assert (old.baseline, old.value) == pytest.approx((10.0, 3.0))
    assert old.shadow_price == pytest.approx(9.0)
    assert reprojection_gap(system, 0, limited, answer.uptake, np.array([3.0])) == pytest.approx(0)
