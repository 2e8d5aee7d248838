"""The planner's limits: each family worked by hand, then what must hold for any of them."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System, eligible_activity
from lantian.names import IdName
from lantian.optimise.analyses.explain import explain_measure
from lantian.optimise.problem.coefficients import Rows, Targets, build_least_cost
from lantian.optimise.problem.families import DOCUMENTATION
from lantian.optimise.problem.planner_limits import (
    Bound,
    Equity,
    PlannerLimits,
    Requirement,
    Resource,
    group_totals,
    planner_rows,
    relative_cut,
    sector_parts,
)
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import answer_problem, least_cost
from lantian.optimise.solve import formulation, highs
from lantian.optimise.status import InfeasibleError
from lantian.vocabulary import FAMILIES
from optimise.conftest import random_system, reachable_limits, small_system, total_targets
from support.build import build, controls, equip, shift
from support.models import solve_model

SEEDS = range(6)


def two_sources() -> System:
    """As in test_least_cost: A 200 yuan/t, at most 90 t; B 300 yuan/t, at most 150 t; 400 t."""
    system = small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )
    sources = replace(system.sources, sector=("first", "second"))
    return replace(system, sources=sources)


def solve(
    limits: PlannerLimits, limit: float = 280.0, system: System | None = None, margin: float = 0.0
) -> LeastCostResult:
    system = two_sources() if system is None else system
    return least_cost(
        system,
        0,
        total_targets(system, [limit]),
        margin=margin,
        extra=planner_rows(limits, system, 0),
    )


def dense(rows: Rows, columns: int) -> list[list[float]]:
    found = np.zeros((len(rows), columns))
    np.add.at(found, (rows.row, rows.column), rows.value)
    return found.tolist()


def groups(*which: int) -> np.ndarray:
    return np.array(which, dtype=np.int64)


def test_budget_holds_and_the_target_becomes_out_of_reach() -> None:
    # 27,000 yuan would be needed; with 20,000 A is used up (18,000) and B gives 2000/300 t.
    result = solve(PlannerLimits(budget=20_000.0))
    assert result.exit_code == 3
    assert result.cost == pytest.approx(20_000)
    assert result.targets[0].value == pytest.approx(400 - 90 - 2000 / 300)
    (budget,) = [b for b in result.diagnosis.binding[0] if b.family == "budget"]
    # One yuan more brings 1/300 t; twice the budget, at that price, 66.7 t.
    assert budget.gain == pytest.approx(1 / 300)
    assert budget.worth == pytest.approx(20_000 / 300)
    assert solve(PlannerLimits(budget=27_000.0)).exit_code == 0


def test_a_share_is_held_per_group_and_an_amount_over_all() -> None:
    least = PlannerLimits(bounds=(Bound("b", groups(1), 0.5, np.inf, True),))
    # B at 25 units brings 75 t; A the other 45 t with 30 units.
    np.testing.assert_allclose(solve(least).uptake, [30, 25])
    most = PlannerLimits(bounds=(Bound("a", groups(0), 0.0, 0.2, True),))
    # A at 20 units brings 30 t; B the other 90 t with 30 units.
    np.testing.assert_allclose(solve(most).uptake, [20, 30])
    together = PlannerLimits(bounds=(Bound("ab", groups(0, 1), 0.0, 60.0, False),))
    # a + b = 60, 1.5 a + 3 b = 120: 20 of B, 40 of A.
    np.testing.assert_allclose(solve(together).uptake, [40, 20])


@pytest.mark.parametrize("unit", [1.0, 1e-7])
def test_a_bound_of_nothing_is_named_where_it_binds(unit: float) -> None:
    """However small the unit of what it forbids: 90 t of A in 60 units, or in 6e8."""
    system = small_system(
        activity=[100 / unit, 0, 50, 0],
        factor=[[2.0 * unit], [0.5 * unit], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0 * unit), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )
    none = PlannerLimits(bounds=(Bound("a", groups(0), 0.0, 0.0, True),))
    result = solve(none, limit=200.0, system=system)
    assert result.targets[0].value == pytest.approx(250.0)
    held = result.diagnosis.binding[0]
    # A would bring 90 t, 150 t are all that B has.
    assert {b.family: b.worth for b in held}["bounds"] == pytest.approx(90.0)


def test_exclusive_measures_share_a_source() -> None:
    # Both act on the same 10 units; half of one's reach leaves half of the other's.
    system = small_system(
        activity=[10, 0, 10, 0],
        factor=[[4.0], [3.0], [4.0], [0.0]],
        moves=[(0, 0, 1, 1.0), (1, 2, 3, 100.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 0, 0],
    )
    # Free: 10 t from the first and 10 t (2.5 units) from the second. Exclusive: a + b = 10 at
    # most, a + 4 b = 20: 10 / 3 of the second.
    free = solve(PlannerLimits(), 60.0, system)
    np.testing.assert_allclose(free.uptake, [10, 2.5])
    bound = solve(PlannerLimits(exclusive=(groups(0, 1),)), 60.0, system)
    np.testing.assert_allclose(bound.uptake, [20 / 3, 10 / 3])


def test_a_measure_waits_for_what_it_needs() -> None:
    # A may go no further than half the share of B: a / 100 <= 0.5 b / 50, so a <= b.
    result = solve(PlannerLimits(requires=(Requirement(groups(0), groups(1), 0.5),)))
    # 1.5 a + 3 b = 120 with a = b.
    np.testing.assert_allclose(result.uptake, [120 / 4.5] * 2)


def gas(available: float) -> PlannerLimits:
    """A takes 0.5 kt of gas per unit moved, B 0.25 kt."""
    return PlannerLimits(
        resources=(Resource("gas", available, groups(0, 1), np.array([0.5, 0.25])),)
    )


def test_measures_share_a_resource() -> None:
    # 0.5 a + 0.25 b <= 20 and 1.5 a + 3 b = 120: both 80 / 3; without the limit 60 and 10.
    np.testing.assert_allclose(solve(gas(20.0)).uptake, [80 / 3, 80 / 3])
    np.testing.assert_allclose(solve(gas(32.5)).uptake, [60, 10])


def test_a_resource_has_a_price() -> None:
    # One kt more lets 8/3 units of A take the place of 4/3 of B: 800 - 1200 yuan.
    system = two_sources()
    problem = build_least_cost(
        system, 0, total_targets(system, [280.0]), extra=planner_rows(gas(20.0), system, 0)
    )
    assert abs(highs.solve(problem).duals["resources"]) == pytest.approx([400.0])
    assert solve(gas(19.0)).cost - solve(gas(20.0)).cost == pytest.approx(400.0)


@pytest.mark.parametrize(("available", "limits"), [(20.0, (IdName("gas"),)), (40.0, ())])
def test_a_measure_names_the_resource_that_holds_it(
    available: float, limits: tuple[IdName, ...]
) -> None:
    system = two_sources()
    extra = planner_rows(gas(available), system, 0)
    problem = build_least_cost(system, 0, total_targets(system, [280.0]), extra=extra)
    answer = answer_problem(problem)
    for measure in system.measures:
        (found,) = explain_measure(system, 0, problem, answer, measure)
        assert found.held_by == limits


def test_too_little_of_a_resource_is_told() -> None:
    # 5 kt: B alone, 20 units, 60 t of the 120; one kt more would bring 12 t.
    result = solve(gas(5.0))
    assert result.exit_code == 3
    np.testing.assert_allclose(result.uptake, [0, 20], atol=1e-9)
    (limit,) = [b for b in result.diagnosis.binding[0] if b.family == "resources"]
    assert (limit.name, limit.gain) == (IdName("gas"), pytest.approx(12.0))


def test_no_sector_bears_more_than_its_share() -> None:
    # A costs 18,000 of 27,000. At most 60 %: 300 a <= 0.6 (300 a + 900 b), so a <= 4.5 b.
    result = solve(PlannerLimits(equity=(Equity(*sector_parts(two_sources()), 0.6),)))
    a, b = result.uptake
    assert a == pytest.approx(4.5 * b)
    assert 1.5 * a + 3 * b == pytest.approx(120)


def test_no_area_bears_more_than_its_share() -> None:
    # North holds a quarter of the first source and all of the second; it bears 75 a + 900 b of
    # 300 a + 900 b, 50 % of it at most: 75 a >= 450 b, a >= 6 b. Alone a is 60, b 10: just so.
    # 40 %: 45 a >= 540 b, a >= 12 b with 1.5 a + 3 b = 120: b = 40/7, but a is 60 at most.
    part = np.array([[0.25, 1.0], [0.75, 0.0]])
    loose, tight = (
        solve(PlannerLimits(equity=(Equity(("north", "south"), part, most),)))
        for most in (0.8, 0.6)
    )
    np.testing.assert_allclose(loose.uptake, [60, 10])  # south: 13,500 of 27,000
    # South bears 225 a of 300 a + 900 b, 40 % at most: 105 a <= 360 b, a <= 24/7 b.
    strict = solve(PlannerLimits(equity=(Equity(("south",), part[1:], 0.4),)))
    a, b = strict.uptake
    assert a == pytest.approx(24 / 7 * b)
    assert 1.5 * a + 3 * b == pytest.approx(120)
    assert strict.cost > tight.cost == pytest.approx(27_000)


def test_the_guard_keeps_voc_in_step_with_nox() -> None:
    # 10 units: the first measure takes NOx, the second VOC.
    system = small_system(
        activity=[10, 0, 20, 0],
        factor=[[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]],
        moves=[(0, 0, 1, 5.0), (1, 2, 3, 7.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 1, 1],
    )
    targets = total_targets(system, [6.0, 20.0])
    rows = planner_rows(PlannerLimits(guard=0.5), system, 0)
    # NOx falls by 40 %, so VOC must by 20 %: 4 of 20 t.
    result = least_cost(system, 0, targets, extra=rows)
    np.testing.assert_allclose(result.uptake, [4, 4])


def soft(system: System, limit: float, price: float) -> Targets:
    return replace(total_targets(system, [limit]), price=np.array([price]))


@pytest.mark.parametrize(
    ("price", "over", "shadow"),
    [
        (250.0, 30.0, 250.0),  # dearer than A (200), cheaper than B (300): B's 30 t are left undone
        (350.0, 0.0, 300.0),  # dearer than both: as if it were hard
        (100.0, 120.0, 100.0),  # cheaper than both: nothing is done
    ],
)
def test_a_soft_target_has_a_price(price: float, over: float, shadow: float) -> None:
    system = two_sources()
    result = least_cost(system, 0, soft(system, 280.0, price))
    assert result.targets[0].value == pytest.approx(280 + over)
    assert result.penalty == pytest.approx(price * over, abs=1e-6)
    assert result.targets[0].met == (over == 0)
    assert result.targets[0].shadow_price == pytest.approx(shadow)
    assert result.exit_code == 0
    assert result.reprojection_gap < 1e-12


def test_a_soft_target_is_never_out_of_reach() -> None:
    system = two_sources()
    result = least_cost(system, 0, soft(system, 0.0, 1e4))
    # All there is: 160 t remain.
    assert result.diagnosis is None
    assert result.penalty == pytest.approx(160 * 1e4)


def test_a_target_not_asked_for_is_judged() -> None:
    system = two_sources()
    targets = replace(total_targets(system, [280.0]), enforced=np.array([False]))
    result = least_cost(system, 0, targets)
    assert not result.uptake.any()
    assert (result.targets[0].limit, result.targets[0].met) == (280.0, False)
    assert result.diagnosis is None


def test_rules_that_leave_nothing_are_named() -> None:
    limits = PlannerLimits(budget=10_000.0, bounds=(Bound("b", groups(1), 1.0, np.inf, True),))
    with pytest.raises(InfeasibleError, match=r"budget \(budget\); bounds"):
        solve(limits)


def test_keys_of_rows_are_unique() -> None:
    twice = (Bound("b", groups(1), 0.1, np.inf, True), Bound("b", groups(1), 0.0, 0.9, True))
    names = planner_rows(PlannerLimits(bounds=twice), two_sources(), 0)["bounds"].names
    assert names[0] == names[1]
    assert names.keys == ("measure-1 @ source-1", "measure-1 @ source-1 (2)")


def random_limits(system: System, seed: int) -> PlannerLimits:
    rng = np.random.default_rng(seed)
    n = len(system.groups)
    source = system.groups.source
    pairs = [np.flatnonzero(source == s)[:2] for s in np.unique(source)]
    return PlannerLimits(
        budget=1e9,
        bounds=(Bound("x", groups(int(rng.integers(n))), 0.0, float(rng.uniform(0.1, 0.9)), True),),
        exclusive=tuple(p for p in pairs[:1] if len(p) > 1),
        requires=(Requirement(groups(0), groups(n - 1), float(rng.uniform(0.5, 2))),),
        equity=(Equity(*sector_parts(system), 1.0),),
        guard=float(rng.uniform(0, 0.5)),
        resources=(Resource("x", 1e6, groups(0, n - 1), rng.uniform(0, 2, 2)),),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_both_back_ends_read_the_rules_alike(seed: int) -> None:
    system = random_system(seed)
    targets = replace(
        total_targets(system, reachable_limits(system, 0.5)), price=np.array([np.inf, 1e7])
    )
    rows = planner_rows(random_limits(system, seed), system, 0)
    assert len(rows) >= 6
    arrays = least_cost(system, 0, targets, extra=rows)
    model = least_cost(system, 0, targets, extra=rows, interface="pyomo")
    assert model.cost == pytest.approx(arrays.cost, rel=1e-9)
    np.testing.assert_allclose(model.uptake, arrays.uptake, atol=1e-7 * arrays.uptake.max())
    for a, b in zip(arrays.targets, model.targets, strict=True):
        assert b.shadow_price == pytest.approx(a.shadow_price, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_readable_model_has_the_rules(seed: int) -> None:
    system = random_system(seed)
    targets = replace(
        total_targets(system, reachable_limits(system, 0.5)), price=np.array([1e7, np.inf])
    )
    rows = planner_rows(random_limits(system, seed), system, 0)
    blocks = build_least_cost(system, 0, targets, extra=rows)
    model = formulation.build_model(blocks)
    for family in rows:
        component = getattr(model, formulation.component_name(family))
        assert component.doc
    direct = highs.solve(blocks)
    read = solve_model(model, blocks)
    assert read.objective == pytest.approx(direct.objective, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_never_makes_it_cheaper(seed: int) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.5))
    free = least_cost(system, 0, targets)
    for name, rows in planner_rows(random_limits(system, seed), system, 0).items():
        bound = least_cost(system, 0, targets, extra={name: rows})
        kept = rows.times(bound.uptake) <= rows.upper + 1e-7 * np.maximum(abs(rows.upper), 1.0)
        assert kept.all(), name
        if bound.diagnosis is None:
            assert bound.cost >= free.cost - 1e-9 * abs(free.cost), name


def test_eligible_activity_counts_each_state_of_a_technology_once() -> None:
    # 60 old trucks, 20 of them with a filter: "renew" starts from both, "clean" adds the filter.
    system = build(
        states={"truck / old": 40, "truck / old / filter": 20, "truck / new": 0},
        factors={"truck / old": 3.0, "truck / new": 1.0},
        measures=[
            shift("renew", "truck", "old", "new", reach=0.5),
            equip("clean", "truck", "filter", "old", reach=0.5),
        ],
        efficiency=controls({"filter": 0.5}),
    )
    eligible = dict(
        zip(
            [system.measures[m] for m in system.groups.measure],
            eligible_activity(system)[:, -1],
            strict=True,
        )
    )
    # The filter is only lacking on 40.
    assert eligible == {"renew": 60.0, "clean": 40.0}
    none = least_cost(system, 2, _all_of(system))
    totals = group_totals(system, none.uptake)
    assert (totals <= np.array([30.0, 20.0]) + 1e-9).all()


def _all_of(system: System) -> Targets:
    weight = np.zeros((1, len(system.sources), len(system.pollutants)))
    weight[0, :, system.pollutants.index("NOx")] = 1.0
    return Targets(("nox",), weight, np.zeros(1), np.zeros(1), ("t/a",))


def test_every_family_of_limits_is_documented() -> None:
    assert set(DOCUMENTATION) == set(FAMILIES)


def test_every_row_by_hand() -> None:
    """A may take 60 of 100 units and B all of its 50; C, of unknown cost, acts on these as well."""
    system = small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0, 0.0], [0.5, 0.0], [4.0, 1.0], [1.0, 3.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0), (2, 2, -1, np.nan)],
        reach=[0.6, 1.0, 0.5],
        source=[0, 0, 1, 1],
    )
    system = replace(system, sources=replace(system.sources, sector=("first", "second")))
    limits = PlannerLimits(
        budget=5.0,
        bounds=(
            Bound("a", groups(0, 1), 0.1, 0.5, True),
            Bound("b", groups(0, 2), 0.0, 7.0, False),
            Bound("c", groups(1), 3.0, np.inf, False),
        ),
        exclusive=(groups(1, 2),),
        requires=(Requirement(groups(0, 2), groups(1), 0.5),),
        equity=(Equity(*sector_parts(system), 0.75),),
        guard=0.5,
        resources=(Resource("gas", 4.0, groups(2, 0), np.array([0.5, 0.25])),),
    )
    found = {
        family: (rows.names.keys, dense(rows, 3), rows.lower.tolist(), rows.upper.tolist())
        for family, rows in planner_rows(limits, system, 0).items()
    }
    inf = np.inf
    assert found["budget"] == (("budget",), [[300.0, 900.0, 0.0]], [-inf], [5.0])
    assert found["bounds"] == (
        ("measure-0 @ source-0", "measure-1 @ source-1", "b", "c"),
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
        [10.0, 5.0, -inf, 3.0],
        [50.0, 25.0, 7.0, inf],
    )
    # reach: 60, 50 and 25 units
    assert found["exclusive"][1:] == ([[0.0, 0.02, 0.04]], [-inf], [1.0])
    assert found["requires"][1:] == (
        [[0.01, -0.01, 0.0], [0.0, -0.01, 0.02]],
        [-inf] * 2,
        [0.0] * 2,
    )
    assert found["equity"] == (
        ("first", "second"),
        [[75.0, -675.0, 0.0], [-225.0, 225.0, 0.0]],
        [-inf] * 2,
        [0.0] * 2,
    )
    assert found["resources"] == (("gas",), [[0.25, 0.0, 0.5]], [-inf], [4.0])
    # NOx 400: 1.5, 3 and 4 less; VOC 50: B brings 2 more, C takes 1: 0.5 NOx cut - VOC cut
    assert found["guard"][1] == [pytest.approx([0.75 / 400, 1.5 / 400 + 2 / 50, 2 / 400 - 1 / 50])]
    assert found["guard"][2:] == ([-inf], [0.0])
    assert not planner_rows(PlannerLimits(), system, 0)


def test_rules_about_what_holds_nothing_ask_for_nothing() -> None:
    """Nothing is there that the second measure could act on."""
    system = small_system([10.0, 0.0], [[0.0]] * 2, [(0, 0, -1, -1.0), (1, 1, -1, 2.0)], [1.0, 1.0])
    system = replace(system, pollutants=("NOx",))
    limits = PlannerLimits(
        exclusive=(groups(0, 1),),
        requires=(Requirement(groups(0), groups(1), 2.0), Requirement(groups(1), groups(0), 2.0)),
        equity=(Equity(("all",), np.ones((1, 2)), 0.5), Equity(("one",), np.eye(2)[:1], 0.5)),
    )
    found = planner_rows(limits, system, 0)
    assert "exclusive" not in found
    # What needs something that is not there may take nothing.
    assert dense(found["requires"], 2) == [[0.1, 0.0]]
    assert found["equity"].names.keys == ("all",)
    assert dense(found["equity"], 2) == [[0.0, 1.0]]
    assert relative_cut(system, 0, "NOx").tolist() == [0.0, 0.0]
