"""Ranges and reasons: as published, and as solving again tells."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System
from lantian.names import of_ids
from lantian.optimise.analyses.explain import explain_measure
from lantian.optimise.analyses.sensitivity import Sensitivity
from lantian.optimise.problem.coefficients import (
    LeastCost,
    Rows,
    Targets,
    build_least_cost,
    make_rows,
)
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import least_cost
from lantian.vocabulary import Family
from optimise.conftest import random_system, reachable_limits, small_system, total_targets
from optimise.test_known_problems import nori_and_leets

REQUIRED_RANGES = [
    (52.519999999999996, 74.29714285714286),
    (148.3103448275862, 170.453125),
    (103.30804387568556, 127.04166666666667),
]
"""Reductions between which the basis stays; derived from the published optimum and checked by
solving again just inside and outside (verification case lp01)."""
COST_RANGES = [
    (-np.inf, 8.336210968249803),
    (9.333038363437614, 10.429446287318179),
    (4.988540031397173, 7.381632653061212),
    (-np.inf, 7.816085017055891),
    (10.955361642309631, 13.975225225225227),
    (-np.inf, 9.04416163736552),
]


def solved(system: System, targets: Targets) -> tuple[LeastCost, LeastCostResult]:
    return build_least_cost(system, 0, targets), least_cost(system, 0, targets)


def with_cost(system: System, group: int, change: float) -> System:
    cost = system.moves.unit_cost + np.where(system.moves.group == group, change, 0.0)
    return replace(system, moves=replace(system.moves, unit_cost=cost))


def test_published_cost_ranges() -> None:
    system, targets = nori_and_leets()
    near = Sensitivity(*solved(system, targets))
    for group, (low, high) in enumerate(COST_RANGES):
        found = near.cost_range(group)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9)


def test_published_limit_ranges() -> None:
    system, targets = nori_and_leets()
    problem, answer = solved(system, targets)
    near = Sensitivity(problem, answer)
    for t, (low, high) in enumerate(REQUIRED_RANGES):
        found = near.limit_range(t, answer.targets[t].shadow_price)
        cuts = problem.base[t] - found.high, problem.base[t] - found.low
        assert cuts == pytest.approx((low, high), rel=1e-9)
        assert found.low < found.limit < found.high


@pytest.mark.parametrize("seed", range(4))
def test_mix_stays_inside_the_cost_range_and_leaves_it_outside(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.6))
    problem, answer = solved(system, targets)
    near = Sensitivity(problem, answer)
    checked = 0
    for group in range(len(system.groups)):
        found = near.cost_range(group)
        for end, sign in ((found.low, 1.0), (found.high, -1.0)):
            room = (end - found.cost) * -sign
            if not np.isfinite(end) or room < 1e-6 * abs(found.cost):
                continue
            inside, outside = (
                least_cost(with_cost(system, group, -sign * f * room), 0, targets).uptake
                for f in (0.99, 1.01)
            )
            own = system.moves.group == group
            assert inside[own].sum() == pytest.approx(found.uptake, rel=1e-6, abs=1e-6)
            moved = sign * (outside[own].sum() - found.uptake)
            assert moved > 1e-9 * problem.variables.capacity[own].max()
            checked += 1
    assert checked > 4


@pytest.mark.parametrize("seed", range(4))
def test_price_holds_inside_the_limit_range_and_changes_outside(seed: int) -> None:
    system = random_system(seed)
    limits = reachable_limits(system, 0.6)
    targets = total_targets(system, limits)
    problem, answer = solved(system, targets)
    near = Sensitivity(problem, answer)
    for t, target in enumerate(answer.targets):
        if not target.binding:
            assert near.limit_range(t, 0.0).price == 0.0
            continue
        found = near.limit_range(t, target.shadow_price)
        for end in (found.low, found.high):
            for share, same in ((0.9, True), (1.1, False)):
                moved = list(limits)
                moved[t] = limits[t] + share * (end - limits[t])
                if abs(end - limits[t]) < 1e-6 * abs(limits[t]):
                    continue
                again = least_cost(system, 0, total_targets(system, moved))
                if again.diagnosis is None:
                    price = again.targets[t].shadow_price
                    assert (price == pytest.approx(target.shadow_price, rel=1e-6)) == same


def test_degenerate_optimum_has_its_full_range() -> None:
    """Reach and activity end together: a basis alone would tell a range of one side."""
    system = small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [1.0, 1.0]
    )
    near = Sensitivity(*solved(system, total_targets(system, [10.0])))
    assert (near.cost_range(0).low, near.cost_range(0).high) == (-np.inf, pytest.approx(30.0))
    out = near.cost_range(1)
    assert (out.low, out.high) == (pytest.approx(10.0), np.inf)


def rivals() -> tuple[System, Targets]:
    """Two ways to clean one stock of 10 t, at 10 and 15 per t; a third acts on other 10 t at 40."""
    system = small_system(
        [10.0, 0.0, 10.0],
        [[1.0], [0.5], [1.0]],
        [(0, 0, 1, 10.0), (1, 0, 1, 15.0), (2, 2, -1, 40.0)],
        [0.6, 1.0, 1.0],
        source=[0, 0, 1],
    )
    return system, total_targets(system, [14.0])


def test_reasons_by_hand() -> None:
    """6 units cut by the first, 4 by the second, which is 5 t; 1 t by the third at 40 a t."""
    system, targets = rivals()
    problem, answer = solved(system, targets)
    assert answer.cost == pytest.approx(6 * 10 + 4 * 15 + 1 * 40)
    first, second, third = (
        explain_measure(system, 0, problem, answer, m)[0] for m in system.measures
    )
    assert (first.place, second.place, third.place) == ("full", "partly", "partly")
    assert first.worth[0].effect == pytest.approx(0.5)
    assert first.worth[0].worth == pytest.approx(20.0)
    assert first.reach_worth == pytest.approx(5.0)
    assert first.dearer == pytest.approx(5.0)
    assert [g for g, _ in first.steps_in] == [1]
    assert second.cheaper == pytest.approx(5.0)
    assert second.dearer == pytest.approx(5.0)
    assert [g for g, _ in second.rivals] == [0]
    assert second.exhausted == (0,)
    assert third.cheaper == pytest.approx(10.0)
    assert third.dearer is None, "the other two are used up"


def test_a_measure_out_of_the_mix_says_what_would_let_it_in() -> None:
    system, _ = rivals()
    problem, answer = solved(system, total_targets(system, [18.0]))
    third = explain_measure(system, 0, problem, answer, "measure-2")[0]
    assert (third.place, third.uptake) == ("out", 0.0)
    assert third.cheaper == pytest.approx(40.0 - 20.0)
    assert [g for g, _ in third.gives_way] == [0]
    cheap = least_cost(with_cost(system, 2, -20.1), 0, total_targets(system, [18.0]))
    assert cheap.uptake[2] > 0


def test_unknown_cost_and_nothing_to_act_on_are_said() -> None:
    system, _ = rivals()
    cost = np.array([10.0, np.nan, 40.0])
    baseline = np.array([[10.0], [0.0], [0.0]])
    changed = replace(system, baseline=baseline, moves=replace(system.moves, unit_cost=cost))
    problem, answer = solved(changed, total_targets(changed, [8.0]))
    places = [explain_measure(changed, 0, problem, answer, m)[0].place for m in system.measures]
    assert places == ["partly", "held", "empty"]


def test_answers_out_of_reach_belong_to_the_relaxed_limits() -> None:
    system, _ = rivals()
    problem, answer = solved(system, total_targets(system, [1.0]))
    assert answer.diagnosis is not None
    found = explain_measure(system, 0, problem, answer, "measure-2")[0]
    assert found.place == "full"
    assert found.dearer is None


def test_every_field_of_a_reason_by_hand() -> None:
    """One more of the second lets go one of the first, one more of the third two of the second."""
    system, targets = rivals()
    problem, answer = solved(system, targets)
    first, second, third = (
        explain_measure(system, 0, problem, answer, m)[0] for m in system.measures
    )
    assert [(r.group, r.unit, r.uptake, r.most, r.cost) for r in (first, second, third)] == [
        (0, "unit", pytest.approx(6.0), 6.0, 10.0),
        (1, "unit", pytest.approx(4.0), 10.0, 15.0),
        (2, "unit", pytest.approx(1.0), 10.0, 40.0),
    ]
    assert [r.gives_way for r in (first, second, third)] == [
        (),
        ((0, pytest.approx(-1.0)),),
        ((1, pytest.approx(-2.0)),),
    ]
    assert [r.steps_in for r in (first, second, third)] == [
        ((1, pytest.approx(1.0)),),
        ((2, pytest.approx(0.5)),),
        (),
    ]
    assert [r.rivals for r in (first, second, third)] == [
        ((1, pytest.approx(4.0)),),
        ((0, pytest.approx(6.0)),),
        (),
    ]
    assert [r.exhausted for r in (first, second, third)] == [(0,), (0,), ()]
    assert [r.held_by for r in (first, second, third)] == [(), (), ()]
    assert (first.cheaper, second.reach_worth, third.reach_worth) == (None, 0.0, 0.0)
    (worth,) = third.worth
    assert (worth.target, worth.unit, worth.effect) == (0, "t", pytest.approx(1.0))
    assert (worth.price, worth.price_unit) == (pytest.approx(40.0), "yuan/a/(t)")
    closed = explain_measure(system, 0, problem, answer, "measure-2", closed=[2])[0]
    assert (closed.place, closed.cheaper, closed.dearer) == ("closed", None, None)
    assert closed.gives_way == closed.steps_in == ()


def test_ranges_of_costs_and_limits_by_hand() -> None:
    system, targets = rivals()
    near = Sensitivity(*solved(system, targets))
    costs = [near.cost_range(g) for g in range(3)]
    assert [(c.group, c.uptake, c.cost, c.low, c.high) for c in costs] == [
        (0, pytest.approx(6.0), 10.0, -np.inf, pytest.approx(15.0)),
        (1, pytest.approx(4.0), 15.0, pytest.approx(10.0), pytest.approx(20.0)),
        (2, pytest.approx(1.0), 40.0, pytest.approx(30.0), np.inf),
    ]
    # The third alone follows the limit: from 15 t, where it ends, to 5 t, where all of it is used.
    limit = near.limit_range(0, 40.0)
    assert (limit.low, limit.limit, limit.high) == pytest.approx((5.0, 14.0, 15.0))
    assert (limit.target, limit.price) == (0, 40.0)
    watched = near.limit_range(0, 0.0)
    assert (watched.low, watched.limit, watched.high) == (pytest.approx(14.0), 14.0, np.inf)
    assert [near.at_reach(g) for g in range(3)] == [True, False, False]
    assert near.used(np.array([2, 0])).tolist() == [True, True]


@pytest.mark.parametrize(("sign", "most"), [(1.0, 4.0), (-1.0, 4.0), (1.0, 9.0)])
def test_a_limit_of_the_planner_that_holds_a_measure_is_named(sign: float, most: float) -> None:
    """4 of the second at most, written from above or from below; 9 leave room."""
    system, targets = rivals()
    low, high = (-np.inf, most) if sign > 0 else (-most, np.inf)
    one = np.ones(1, np.int64)
    rows: dict[Family, Rows] = {
        "bounds": make_rows(of_ids(["cap"]), 0 * one, one, sign * np.ones(1), low, high)
    }
    problem = build_least_cost(system, 0, targets, extra=rows)
    answer = least_cost(system, 0, targets, extra=rows)
    found = [explain_measure(system, 0, problem, answer, m)[0] for m in system.measures]
    assert [[n.text() for n in r.held_by] for r in found] == [[], ["cap"] * (most < 9.0), []]


def test_worths_are_told_by_their_size() -> None:
    """Each unit takes 1 t of NOx at 10 and 3 t of VOC at 5 more, which is asked for as well."""
    system = small_system(
        [10.0, 10.0, 10.0],
        [[1.0, 3.0], [1.0, 0.0], [0.0, 1.0]],
        [(0, 0, -1, 25.0), (1, 1, -1, 10.0), (2, 2, -1, 5.0)],
        [1.0, 1.0, 1.0],
    )
    targets = total_targets(system, [5.0, 5.0])
    problem, answer = solved(system, targets)
    assert [t.shadow_price for t in answer.targets] == pytest.approx([10.0, 5.0])
    first = explain_measure(system, 0, problem, answer, "measure-0")[0]
    assert [(w.target, w.effect, w.worth) for w in first.worth] == [
        (1, 3.0, pytest.approx(15.0)),
        (0, 1.0, pytest.approx(10.0)),
    ]
