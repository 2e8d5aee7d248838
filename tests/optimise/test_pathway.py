"""Years coupled: cases worked by hand, one year as the special case, and what always holds."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import Array, System, eligible_activity
from lantian.optimise.problem.coefficients import Targets, build_least_cost
from lantian.optimise.problem.planner_limits import Bound, PlannerLimits, group_totals
from lantian.optimise.procedure.answer import LeastCostResult, UnitCount
from lantian.optimise.procedure.least_cost import answer_problem, least_cost
from lantian.optimise.procedure.pathway import (
    Coupling,
    discount_factors,
    least_cost_pathway,
)
from lantian.optimise.procedure.question import Question, blocks_of, faults
from lantian.optimise.procedure.statement import explain
from lantian.optimise.procedure.whole import WholeGroups, count_units, least_cost_whole
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

SEEDS = range(5)
YEARS = (2018, 2019, 2020)


def over_years(system: System, growth: tuple[float, ...] = (1.0, 1.0, 1.0)) -> System:
    """The same system in three years, with the baseline growing."""
    n = len(growth)
    return replace(
        system,
        years=YEARS[:n],
        baseline=system.baseline * np.array(growth),
        factor=np.repeat(system.factor, n, axis=2),
        recent=np.zeros((len(system.states), n, n)),
    )


def one_source(growth: tuple[float, ...] = (1.0, 1.0, 1.0)) -> System:
    """100 units at 2 t that become clean (0.5 t) for 300 yuan a year, up to 60 %."""
    return over_years(
        small_system(
            activity=[100, 0],
            factor=[[2.0], [0.5]],
            moves=[(0, 0, 1, 300.0)],
            reach=[0.6],
            source=[0, 0],
        ),
        growth,
    )


def coupling(system: System, **more: object) -> Coupling:
    given = {
        "ramp": 1.0,
        "foresight": "perfect",
        "rate": 0.0,
        "life": np.full(len(system.groups), np.inf),
        **more,
    }
    return Coupling(**given)  # type: ignore[arg-type]


def solve(
    system: System,
    limits: dict[int, list[float]],
    interface: str = "highs",
    margin: float = 0.0,
    price: Array | None = None,
    whole: WholeGroups | None = None,
    **more: object,
) -> list[LeastCostResult]:
    none = total_targets(system, [])
    targets = {
        y: total_targets(system, limits[y]) if y in limits else none
        for y in range(len(system.years))
    }
    targets = {
        y: replace(t, ids=tuple(f"{i}-{y}" for i in t.ids), price=price if len(t) else None)
        for y, t in targets.items()
    }
    found = least_cost_pathway(
        system,
        range(len(system.years)),
        targets,
        coupling=coupling(system, **more),
        block=lambda y: build_least_cost(system, y, targets[y]),
        interface=interface,
        margin=margin,
        whole=whole,
    )  # type: ignore[arg-type]
    return list(found.values())


def test_a_slow_ramp_starts_early() -> None:
    # 200 t; 125 in 2020 need 50 units. At most 20 a year: 10, 30, 50.
    answers = solve(one_source(), {2: [125.0]}, ramp=0.2)
    assert [a.uptake[0] for a in answers] == pytest.approx([10, 30, 50])
    assert [a.cost for a in answers] == pytest.approx([3000, 9000, 15000])
    (target,) = answers[2].targets
    # One t less needs 2/3 of a unit more, in all three years: 3 * 200 yuan.
    assert target.shadow_price == pytest.approx(600)
    assert target.max_feasible == pytest.approx(200 - 60 * 1.5)
    assert answers[0].targets == ()


def test_a_fast_ramp_waits() -> None:
    answers = solve(one_source(), {2: [125.0]})
    assert [a.uptake[0] for a in answers] == pytest.approx([0, 0, 50])


def test_what_stands_is_kept() -> None:
    # 125 t in 2018 need 50 units; nothing is asked for later, but they stand.
    answers = solve(one_source(), {0: [125.0]})
    assert [a.uptake[0] for a in answers] == pytest.approx([50, 50, 50])


def test_nothing_stands_longer_than_its_life() -> None:
    answers = solve(one_source(), {0: [125.0]}, life=np.array([2.0]))
    assert [a.uptake[0] for a in answers] == pytest.approx([50, 50, 0])


def test_what_is_replaced_at_its_end_counts_as_built() -> None:
    # 50 units in 2018 end before 2020, when as many may be built again.
    answers = solve(one_source(), {0: [125.0], 2: [125.0]}, ramp=0.5, life=np.array([2.0]))
    assert answers[2].uptake[0] == pytest.approx(50)
    answers = solve(one_source(), {0: [140.0], 2: [125.0]}, ramp=0.4, life=np.array([2.0]))
    # 40 in 2018, at least 10 more in 2019 (which stand in 2020), 40 again in 2020.
    assert [a.uptake[0] for a in answers] == pytest.approx([40, 50, 50])


def test_equipment_leaves_with_its_activity() -> None:
    # The activity halves after 2018: of 50 units 25 stay, and they must.
    answers = solve(one_source((1.0, 0.5, 0.5)), {0: [125.0]})
    assert [a.uptake[0] for a in answers] == pytest.approx([50, 25, 25])


def test_foresight_meets_what_is_missed_without() -> None:
    seeing = solve(one_source(), {2: [125.0]}, ramp=0.2)
    blind = solve(one_source(), {2: [125.0]}, ramp=0.2, foresight="myopic")
    assert seeing[2].exit_code == 0
    assert blind[2].exit_code == 3
    # Year by year nothing is built before 2020: 20 units then, 170 t.
    assert [a.uptake[0] for a in blind] == pytest.approx([0, 0, 20])
    assert blind[2].diagnosis.gap == pytest.approx([45])


def test_discounting_weighs_early_cost() -> None:
    assert discount_factors([2018, 2019, 2020], 0.25) == pytest.approx([1, 0.8, 0.64])
    answers = solve(one_source(), {2: [125.0]}, ramp=0.2, rate=0.25)
    # In money of 2020: 200 * (1 + 0.8 + 0.64) / 0.64 yuan per t.
    assert answers[2].targets[0].shadow_price == pytest.approx(200 * 2.44 / 0.64)


def test_targets_in_several_years() -> None:
    answers = solve(one_source(), {0: [185.0], 1: [170.0], 2: [155.0]})
    assert [a.uptake[0] for a in answers] == pytest.approx([10, 20, 30])
    assert all(t.met for a in answers for t in a.targets)


def test_the_penalty_of_a_soft_target_is_that_of_its_year() -> None:
    # 200 t; cleaning costs 200 yuan/t, an excess 100 yuan/t: none is cleaned, 150 t too much in
    # each year. Discounted at 10 % the later excess weighs less, but is told in its own money.
    limits = {1: [50.0], 2: [50.0]}
    answers = solve(one_source(), limits, rate=0.1, price=np.array([100.0]))
    assert [a.penalty for a in answers] == pytest.approx([0.0, 15000.0, 15000.0])
    assert [t.excess_price for a in answers for t in a.targets] == pytest.approx([100.0, 100.0])


def test_a_total_budget() -> None:
    answers = solve(one_source(), {2: [125.0]}, ramp=0.2, budget=24_000.0)
    # 27,000 yuan would be needed; 24,000 keep 80 units for a year.
    stand = [a.uptake[0] for a in answers]
    assert sum(stand) == pytest.approx(80)
    assert answers[2].exit_code == 3
    assert "total-budget" in {b.family for b in answers[2].diagnosis.binding[0]}


def test_a_total_budget_without_foresight_runs_out() -> None:
    answers = solve(
        one_source(), {0: [170.0], 1: [155.0], 2: [125.0]}, foresight="myopic", budget=24_000.0
    )
    # 20 and 30 units cost 15,000; the other 9,000 keep 30.
    assert [a.uptake[0] for a in answers] == pytest.approx([20, 30, 30])
    assert answers[2].exit_code == 3


def whole_path(size: float, **more: object) -> list[LeastCostResult]:
    whole = WholeGroups(np.array([0]), np.array([size]))
    return solve(one_source(), {2: [125.0]}, ramp=0.2, whole=whole, **more)


def test_whole_units_stand_in_every_year() -> None:
    # 50 units are needed in the third year, 20 a year can be built: 10, 30, 50 for 27,000 yuan in
    # all. In lots of 20: 20, 40, 60 for 36,000 yuan.
    answers = whole_path(20.0)
    assert [a.uptake[0] for a in answers] == pytest.approx([20, 40, 60])
    assert [a.whole.units for a in answers] == [(UnitCount(0, n, 20.0),) for n in (1, 2, 3)]
    for answer in answers:
        assert answer.whole.of_all_years
        assert answer.whole.linear_cost == pytest.approx(27_000)
        assert answer.whole.cost == pytest.approx(36_000)
        assert answer.whole.gap == pytest.approx(0.25)
    assert [m.text() for m in explain(answers[0], one_source())] == [
        "In whole units, all years together and discounted: 36,000 yuan; the linear bound is"
        " 27,000 yuan, 25 % less."
    ]


def test_whole_units_too_large_for_the_ramp_miss_the_target() -> None:
    # One lot of 15 a year at most: 45 in the third year bring 67.5 t of the 75 t that are needed.
    answers = whole_path(15.0)
    assert answers[2].uptake[0] == pytest.approx(45)
    assert answers[2].diagnosis.gap == pytest.approx([7.5])
    assert answers[0].diagnosis is None


def test_whole_units_without_foresight() -> None:
    # Nothing is asked for before the third year; then one lot of 20 is all that can be built.
    answers = whole_path(20.0, foresight="myopic")
    assert [a.uptake[0] for a in answers] == pytest.approx([0, 0, 20])
    assert answers[2].whole.units == (UnitCount(0, 1, 20.0),)
    assert not answers[2].whole.of_all_years


@pytest.mark.parametrize("seed", SEEDS)
def test_whole_units_in_one_year_are_the_special_case(seed: int) -> None:
    system = random_system(seed)
    limits = reachable_limits(system, 0.6)
    whole = WholeGroups(np.array([0, 2]), np.full(2, np.nan))
    (coupled,) = solve(system, {0: limits}, whole=whole)
    problem = build_least_cost(system, 0, total_targets(system, limits))
    alone = least_cost_whole(problem, count_units(whole, system, 0))
    assert coupled.cost == pytest.approx(alone.cost, rel=1e-9)
    assert coupled.whole.units == alone.whole.units


@pytest.mark.parametrize("seed", SEEDS)
def test_one_year_is_the_special_case(seed: int) -> None:
    system = random_system(seed)
    base = np.einsum("spy,sy->py", system.factor, system.baseline)[:, 0]
    limits = list(0.8 * base)
    alone = least_cost(system, 0, total_targets(system, limits), margin=0.05)
    for foresight in ("perfect", "myopic"):
        (coupled,) = solve(system, {0: limits}, foresight=foresight, margin=0.05)
        np.testing.assert_allclose(coupled.uptake, alone.uptake, atol=1e-7 * alone.uptake.max())
        assert coupled.cost == pytest.approx(alone.cost, rel=1e-9)
        for a, b in zip(alone.targets, coupled.targets, strict=True):
            assert b.shadow_price == pytest.approx(a.shadow_price, rel=1e-6)
        assert (coupled.diagnosis is None) == (alone.diagnosis is None)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("foresight", ["perfect", "myopic"])
def test_build_up_holds_in_every_year(seed: int, foresight: str) -> None:
    system = over_years(random_system(seed), (1.0, 0.9, 1.1))
    best = [t.max_feasible for t in least_cost(system, 2, total_targets(system, [0, 0])).targets]
    base = np.einsum("spy,sy->py", system.factor, system.baseline)[:, 2]
    limits = list(base - 0.5 * (base - np.array(best)))
    answers = solve(system, {2: limits}, foresight=foresight, ramp=0.3, margin=0.05)
    stands = np.array([group_totals(system, a.uptake) for a in answers]).T
    eligible = eligible_activity(system)
    before = np.c_[np.zeros(len(stands)), stands[:, :-1]]
    ratio = np.c_[np.ones(len(stands)), np.minimum(eligible[:, 1:] / eligible[:, :-1], 1.0)]
    built = stands - ratio * before
    assert (built <= 0.3 * eligible * (1 + 1e-7)).all()
    if not any(a.given_up for a in answers):
        assert (built >= -1e-7 * eligible).all()
    assert max(a.reprojection_gap for a in answers) < 1e-9
    assert max(a.worst.largest for a in answers) < 1e-8


@pytest.mark.parametrize("seed", SEEDS)
def test_coupling_never_makes_it_cheaper(seed: int) -> None:
    system = over_years(random_system(seed))
    base = np.einsum("spy,sy->py", system.factor, system.baseline)[:, 0]
    best = np.array(
        [t.max_feasible for t in least_cost(system, 0, total_targets(system, [0, 0])).targets]
    )
    limits = list(base - 0.3 * (base - best))
    free = least_cost(system, 2, total_targets(system, limits))
    cheapest = [least_cost(system, y, total_targets(system, list(base))).cost for y in (0, 1)]
    answers = solve(system, {2: limits}, ramp=0.5, margin=0.05)
    if answers[2].diagnosis is None and free.diagnosis is None:
        total = sum(a.cost for a in answers)
        assert total >= sum(cheapest) + free.cost - 1e-6 * abs(total)


def test_both_back_ends_agree_on_a_pathway() -> None:
    arrays = solve(one_source(), {0: [190.0], 2: [125.0]}, ramp=0.2, rate=0.08)
    model = solve(one_source(), {0: [190.0], 2: [125.0]}, ramp=0.2, rate=0.08, interface="pyomo")
    for a, b in zip(arrays, model, strict=True):
        np.testing.assert_allclose(b.uptake, a.uptake, atol=1e-9)
        assert [t.shadow_price for t in b.targets] == pytest.approx(
            [t.shadow_price for t in a.targets], rel=1e-9
        )


def test_the_stack_of_blocks_is_one_problem() -> None:
    system = one_source()
    limits: list[Targets] = [
        total_targets(system, [190.0]),
        total_targets(system, []),
        total_targets(system, [125.0]),
    ]
    limits[2] = replace(limits[2], ids=("last",))
    answers = least_cost_pathway(
        system,
        range(3),
        dict(enumerate(limits)),
        coupling=coupling(system, ramp=0.2, rate=0.08),
        block=lambda y: build_least_cost(system, y, limits[y]),
    )
    problem = answers[0].solved.problem
    assert len(problem.variables) == 3
    assert problem.target_ids == ("NOx-total", "last")
    assert len(problem.extra["build-up"]) == 3
    answer = answer_problem(problem)
    assert answer.cost == pytest.approx(300 * (10 + 30 / 1.08 + 50 / 1.08**2))


def two_sources() -> System:
    """The source of before, and 10 units of 1 t of VOC of which half can end for 50 yuan each."""
    return over_years(
        small_system(
            activity=[100, 0, 10],
            factor=[[2.0, 0.0], [0.5, 0.0], [0.0, 1.0]],
            moves=[(0, 0, 1, 300.0), (1, 2, -1, 50.0)],
            reach=[0.6, 0.5],
            source=[0, 0, 1],
        )
    )


def test_every_year_has_its_own_part_of_the_answer_in_its_own_money() -> None:
    answers = solve(two_sources(), {1: [185.0, 8.0], 2: [155.0]}, rate=0.25)
    assert [a.uptake.tolist() for a in answers] == [
        [0.0, 0.0],
        pytest.approx([10.0, 2.0]),
        pytest.approx([30.0, 2.0]),
    ]
    assert [a.cost for a in answers] == pytest.approx([0.0, 3100.0, 9100.0])
    # What is built for 2019 stands in 2020 as well, where it spares what would be built then: NOx
    # costs its own 200 yuan/t, VOC 50 and the discounted 50 of the year after.
    assert [[t.shadow_price for t in a.targets] for a in answers] == [
        [],
        pytest.approx([200.0, 50.0 + 40.0]),
        pytest.approx([200.0]),
    ]
    for answer in answers:
        prices = [t.shadow_price for t in answer.targets]
        assert answer.duals["targets"] == pytest.approx([-p for p in prices])
        assert [len(answer.duals[f]) for f in ("states", "reach")] == [2, 2]
        for target in answer.targets:
            assert target.price_looser == pytest.approx(target.shadow_price)
            assert target.price_tighter == pytest.approx(target.shadow_price)
            assert set(target.marginal) <= {0, 1}
    # One more that ends in 2018 stands in 2019 and 2020, but 2 of 2019 need not be built then.
    assert answers[2].reduced_cost == pytest.approx([0.0, 0.0])
    assert [a.solves > 0 for a in answers] == [True, False, False]
    assert [a.iterations > 0 for a in answers] == [True, False, False]
    assert all(a.proof.of_all_years for a in answers)


def test_each_year_tells_what_is_out_of_reach_in_it() -> None:
    # 60 units at most: 110 t of NOx; 5 units: 5 t of VOC. What is unpriced is told by year too.
    system = two_sources()
    answers = solve(system, {0: [185.0, 4.0], 1: [150.0], 2: [100.0, 6.0]})
    first, second, third = (a.diagnosis for a in answers)
    assert first is not None
    assert second is None
    assert third is not None
    assert (first.alone, third.alone) == ((1,), (0,))
    assert first.gap == pytest.approx([0.0, 1.0])
    assert third.excess == pytest.approx([10.0, 0.0])
    assert list(first.binding) == [1]
    assert list(third.binding) == [0]
    assert [limit.name.text() for limit in third.binding[0]] == ["measure-0 @ source-0"]
    cost = np.array([np.nan, 50.0])
    unpriced = replace(system, moves=replace(system.moves, unit_cost=cost))
    answers = solve(unpriced, {0: [200.0, 4.0], 2: [100.0, 6.0]})
    assert answers[0].diagnosis is not None
    assert answers[2].diagnosis is not None
    assert answers[0].diagnosis.unpriced == {1: ()}
    assert answers[2].diagnosis.unpriced == {0: (0,)}


def along(system: System, foresight: str, **held: Array) -> list[LeastCostResult]:
    """The path of a plan that is held or a floor, dims (move, year), with a limit in 2018."""
    targets = {y: total_targets(system, [125.0] if y == 0 else []) for y in range(3)}
    found = least_cost_pathway(
        system,
        range(3),
        targets,
        coupling=coupling(system, foresight=foresight, ramp=0.55),
        block=lambda y: build_least_cost(
            system, y, targets[y], **{name: own[:, y] for name, own in held.items()}
        ),
    )
    return list(found.values())


def test_what_cannot_be_kept_is_given_up_and_told() -> None:
    """50 units are clean in 2018; from 2019 on 80 of the 100 end as the plan says."""
    system = over_years(
        small_system(
            activity=[100, 0],
            factor=[[2.0], [0.5]],
            moves=[(0, 0, 1, 300.0), (1, 0, -1, np.nan)],
            reach=[0.6, 1.0],
            source=[0, 0],
        )
    )
    committed = np.array([[0.0, 0.0, 0.0], [0.0, 80.0, 80.0]])
    answers = along(system, "myopic", committed=committed)
    assert [a.uptake.tolist() for a in answers] == [
        pytest.approx([50.0, 0.0]),
        pytest.approx([0.0, 80.0]),
        pytest.approx([0.0, 80.0]),
    ]
    assert [a.given_up for a in answers] == [(), (0,), ()]


@pytest.mark.parametrize("foresight", ["perfect", "myopic"])
def test_a_plan_as_a_floor_may_build_faster_and_give_up(foresight: str) -> None:
    # 55 a year can be built; the plan has 58, and keeps 10 of them.
    answers = along(one_source(), foresight, floor=np.array([[58.0, 10.0, 30.0]]))
    assert [a.uptake[0] for a in answers] == pytest.approx([58.0, 10.0, 30.0])
    assert all(a.given_up == () for a in answers)


def test_a_budget_of_all_years_counts_money_of_each_year() -> None:
    # 50 units in 2020 cost 15,000; discounted at 25 % that would be 9,600.
    enough = solve(one_source(), {2: [125.0]}, rate=0.25, budget=15_000.0)
    assert enough[2].targets[0].met
    short = solve(one_source(), {2: [125.0]}, rate=0.25, budget=14_999.0)
    assert not short[2].targets[0].met


def test_targets_of_a_year_that_exclude_each_other_are_told_however_little_they_miss() -> None:
    """10 units can be rid of NOx or of VOC; 5.2 t of both are too many by 0.4."""
    system = over_years(
        small_system(
            [10.0, 0.0, 0.0],
            [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]],
            [(0, 0, 1, 1.0), (1, 0, 2, 1.0)],
            [1.0, 1.0],
            [0, 0, 0],
        )
    )
    answers = solve(system, {1: [4.8, 4.8]})
    assert [a.diagnosis is None for a in answers] == [True, False, True]
    found = answers[1].diagnosis
    assert found is not None
    assert (found.alone, list(found.binding)) == ((), [None])
    assert found.gap.sum() == pytest.approx(0.4)


def plain(foresight: bool, *bounds: Bound, total: float = np.inf, floor: bool = False) -> list[str]:
    """What is seen without a solver of a question about 2020; the plan has 10, 20 and 30 units."""
    system = one_source()
    question = Question(
        limits=PlannerLimits(bounds=bounds),
        coupling=coupling(system, budget=total) if foresight else None,
        floor=floor,
    )
    targets = {2: total_targets(system, [125.0])}
    committed = np.array([[10.0, 20.0, 30.0]])
    return [error.message.text()[:31] for error in faults(question, system, targets, committed)]


def test_faults_that_are_plain_to_see_are_told_once() -> None:
    crossed = Bound("a", np.array([0]), 0.4, 0.3, True)
    assert plain(False) == plain(True) == []
    assert plain(False, crossed) == ["At least and at most contradict"]
    # in the last year alone, as there is time to build up
    assert plain(True, crossed) == ["At least and at most contradict"]
    # 60 units at 300 yuan
    assert plain(True, floor=True, total=18_000.0) == []
    assert plain(True, floor=True, total=17_999.0) == ["The budget of 17,999 yuan is be"]
    assert plain(True, crossed, floor=True, total=1.0) == ["At least and at most contradict"]
    least = Bound("a", np.array([0]), 0.5, np.inf, True)
    assert plain(True, least, total=15_000.0) == []
    assert plain(True, least, total=14_999.0) == ["The budget of 14,999 yuan is be"]


def test_what_is_held_floored_and_closed_reaches_the_blocks() -> None:
    system = replace(one_source(), moves=replace(one_source().moves, unit_cost=np.array([np.nan])))
    none, committed = total_targets(system, []), np.array([25.0])

    def bounds(**more: object) -> tuple[float, float]:
        variables = blocks_of(Question(**more), system, 2, none, committed).variables  # type: ignore[arg-type]
        return float(variables.lower[0]), float(variables.upper[0])

    assert bounds() == (0.0, 0.0)
    assert bounds(hold=True) == (25.0, 25.0)
    system = one_source()
    assert bounds() == bounds(hold=True) == (0.0, np.inf)
    assert bounds(floor=True) == (25.0, np.inf)
    assert bounds(floor=True, closed=[0]) == (25.0, 25.0)
    assert bounds(closed=[0]) == (0.0, 0.0)
