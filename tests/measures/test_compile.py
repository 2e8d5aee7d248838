"""How tables become states and moves: what is created, what is not, and what it costs."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import NOWHERE, System, eligible_activity
from lantian.errors import Problems
from lantian.inventory.contract import StateNames
from lantian.measures.compile import compile_system
from lantian.measures.contract import AVOIDED, CostRow, ReachRow
from lantian.names import state_names
from lantian.parameters import Space
from lantian.vocabulary import POLLUTANTS
from support.build import (
    START,
    YEARS,
    Lines,
    block_of,
    build,
    carry,
    catalogue_of,
    close,
    comply,
    controls,
    equip,
    last_year,
    measure,
    money_of,
    plan,
    row,
    shift,
)

NOX = POLLUTANTS.index("NOx")
SHOP = {"shop / any": 100.0}
PLAIN = {"shop / any": 1.0}


def arcs(system: System) -> set[tuple[str, str, str]]:
    """(measure, from, to) of every move."""
    names = [*state_names(system).keys, AVOIDED]
    moves = system.moves
    return {
        (system.measures[system.groups.measure[g]], names[o], names[t])
        for g, o, t in zip(moves.group, moves.origin, moves.target, strict=True)
    }


def factor(system: System, state: str) -> float:
    return float(system.factor[state_names(system).keys.index(state), NOX, -1])


def problems_of(
    measures: list[Lines],
    efficiency: dict[str, float] | None = None,
    states: dict[str, float] | None = None,
    factors: dict[str, float] | None = None,
) -> list[str]:
    problems, space = Problems(), Space()
    catalogue = catalogue_of(measures, controls(efficiency or {}), problems, space)
    models = [block_of(states or SHOP, factors or PLAIN)]
    compile_system(
        models, catalogue, money_of(space), years=YEARS, start=START, space=space, problems=problems
    )
    return [
        " ".join(t for t in (p.found.text(), p.expected.text(), p.fix.text()) if t)
        for p in problems.found
    ]


def test_stackable_controls_make_all_packages_and_factors_multiply() -> None:
    system = build(
        SHOP,
        PLAIN,
        [equip("fit-a", "shop", "a"), equip("fit-b", "shop", "b")],
        controls({"a": 0.5, "b": 0.25}, ruled=0.8),
    )
    # 1 - 0.5 * 0.8 = 0.6; 1 - 0.25 * 0.8 = 0.8; both 0.48
    assert {n: factor(system, n) for n in state_names(system).keys} == pytest.approx(
        {
            "shop / any": 1.0,
            "shop / any / a": 0.6,
            "shop / any / b": 0.8,
            "shop / any / a / b": 0.48,
        }
    )
    assert arcs(system) == {
        ("fit-a", "shop / any", "shop / any / a"),
        ("fit-a", "shop / any / b", "shop / any / a / b"),
        ("fit-b", "shop / any", "shop / any / b"),
        ("fit-b", "shop / any / a", "shop / any / a / b"),
    }


def test_a_control_is_not_put_on_a_technology_it_does_not_fit() -> None:
    system = build(
        {"truck / old": 1.0, "truck / new": 1.0},
        {"truck / old": 2.0, "truck / new": 1.0},
        [equip("fit", "truck", "f", "old")],
        controls({"f": 0.5}),
    )
    assert arcs(system) == {("fit", "truck / old", "truck / old / f")}


def test_controls_of_one_group_never_meet_also_if_one_was_there_before() -> None:
    system = build(
        {"shop / any": 1.0, "shop / any / a": 1.0},
        PLAIN,
        [
            equip("fit-a", "shop", "a", group="g"),
            equip("fit-b", "shop", "b", group="g"),
            equip("fit-c", "shop", "c"),
        ],
        controls({"a": 0.5, "b": 0.5, "c": 0.5}),
    )
    assert all(not {"a", "b"} <= set(c) for c in system.states.controls)
    assert ("a", "c") in system.states.controls


def test_a_shift_keeps_controls_that_fit_and_drops_the_others() -> None:
    system = build(
        {"truck / old": 10.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / new": 1.0},
        [
            shift("renew", "truck", "old", "new"),
            equip("on-all", "truck", "all"),
            equip("on-old", "truck", "soot", "old"),
        ],
        controls({"all": 0.5, "soot": 0.5}),
    )
    moved = {(a, b) for m, a, b in arcs(system) if m == "renew"}
    assert moved == {
        ("truck / old", "truck / new"),
        ("truck / old / all", "truck / new / all"),
        ("truck / old / soot", "truck / new"),
        ("truck / old / all / soot", "truck / new / all"),
    }


def test_a_better_run_control_takes_the_place_of_the_other() -> None:
    system = build(
        {"shop / any": 6.0, "shop / any / poor": 4.0},
        PLAIN,
        [equip("fit", "shop", "poor"), comply("upkeep", "shop", "well", "poor")],
        controls({"poor": 0.3, "well": 0.8}),
    )
    assert arcs(system) == {
        ("fit", "shop / any", "shop / any / poor"),
        ("upkeep", "shop / any / poor", "shop / any / well"),
    }


def test_what_was_replaced_is_never_added_again() -> None:
    """Else the same device would count twice: 0.7 * 0.2 in the place of 0.2."""
    system = build(
        {"shop / any": 6.0},
        PLAIN,
        [
            equip("fit", "shop", "poor"),
            comply("upkeep", "shop", "fair", "poor"),
            comply("metering", "shop", "well", "fair"),
        ],
        controls({"poor": 0.3, "fair": 0.5, "well": 0.8}),
    )
    assert set(system.states.controls) == {(), ("poor",), ("fair",), ("well",)}


def test_activity_that_ends_leaves_from_every_package() -> None:
    system = build(
        SHOP, PLAIN, [close("end", "shop"), equip("fit", "shop", "a")], controls({"a": 0.5})
    )
    assert {a for a in arcs(system) if a[0] == "end"} == {
        ("end", "shop / any", AVOIDED),
        ("end", "shop / any / a", AVOIDED),
    }
    ends = system.moves.target == NOWHERE
    assert ends.sum() == 2


def test_activity_of_another_source_arrives_without_its_old_controls() -> None:
    system = build(
        {"truck / old": 10.0, "train / line": 1.0},
        {"truck / old": 2.0, "train / line": 1.0},
        [carry("to-rail", "truck / old", "train / line", 12.0), equip("fit", "truck", "f")],
        controls({"f": 0.5}),
    )
    assert {a[1:] for a in arcs(system) if a[0] == "to-rail"} == {
        ("truck / old", "train / line"),
        ("truck / old / f", "train / line"),
    }
    assert set(system.moves.conversion[system.moves.group == 0]) == {12.0}


def test_a_technology_named_as_the_goal_on_another_source_is_still_eligible() -> None:
    # Trucks on line haul ("line") go to the train's "line": all 10 are eligible, not 0.
    system = build(
        {"truck / line": 10.0, "train / line": 1.0},
        {"truck / line": 2.0, "train / line": 0.1},
        [carry("to-rail", "truck / line", "train / line", 12.0)],
    )
    assert eligible_activity(system)[0].tolist() == [10.0, 10.0, 10.0]
    assert last_year(system, plan(system, {"to-rail": 1.0}).activity) == {"train / line": 121.0}


def test_eligible_activity_leaves_out_what_has_it_already() -> None:
    system = build(
        {"shop / any": 70.0, "shop / any / a": 30.0, "shop / any / b": 5.0},
        PLAIN,
        [equip("fit-a", "shop", "a"), equip("fit-b", "shop", "b")],
        controls({"a": 0.5, "b": 0.5}),
    )
    # a: 70 + 5 without it; b: 70 + 30
    assert eligible_activity(system)[:, 0].tolist() == [75.0, 100.0]


def test_measures_on_new_units_are_eligible_for_sales_since_the_plan_began() -> None:
    sold = np.array([[5.0 * max(y - f + 1, 0) for y in range(3)] for f in range(3)])
    system = build(
        {"truck / old": 60.0, "truck / new": 40.0},
        {"truck / old": 2.0, "truck / new": 1.0},
        [shift("buy", "truck", "old", "new", acts_on="new")],
        recent={"truck / old": sold},
    )
    assert eligible_activity(system)[0].tolist() == [0.0, 5.0, 10.0]


def test_rounds_are_activity_shifts_controls_in_order_then_compliance() -> None:
    lines = [
        comply("upkeep", "shop", "well", "a"),
        equip("fit-b", "shop", "b"),
        shift("water", "shop", "any", "clean"),
        equip("fit-a", "shop", "a"),
        equip("fit-x", "shop", "x", group="g"),
        equip("fit-y", "shop", "y", group="g"),
        close("end", "shop"),
        shift("powder", "shop", "any", "clean"),
    ]
    system = build(
        {"shop / any": 1.0, "shop / clean": 0.0},
        {"shop / any": 1.0, "shop / clean": 0.1},
        lines,
        controls(dict.fromkeys(["a", "b", "x", "y", "well"], 0.5)),
    )
    found = {
        system.measures[m]: int(r)
        for m, r in zip(system.groups.measure, system.groups.round, strict=True)
    }
    assert found == {
        "end": 0,
        "water": 1,
        "powder": 1,
        "fit-b": 2,
        "fit-a": 3,
        "fit-x": 4,
        "fit-y": 4,
        "upkeep": 5,
    }


def test_only_states_that_activity_can_reach_are_made() -> None:
    system = build(
        {"shop / any": 1.0, "shop / old": 0.0},
        {"shop / any": 1.0, "shop / old": 2.0},
        [equip("fit", "shop", "a")],
        controls({"a": 0.5}),
    )
    assert state_names(system).keys == ("shop / any", "shop / any / a", "shop / old")


def test_reach_of_a_source_goes_before_that_of_the_measure() -> None:
    both = close("end", "firm plant", reach=0.8)
    own = row(ReachRow, 25.0, "%", measure="end", source="plant", parameter="reach")
    both = Lines(both.measure, both.applies, (*both.reach, own), both.costs)
    states = {"firm / any": 1.0, "plant / any": 1.0}
    system = build(states, states, [both])
    assert system.groups.reach.tolist() == [0.8, 0.25]


def test_a_measure_of_unknown_cost_has_no_number_as_its_cost() -> None:
    system = build(SHOP, PLAIN, [close("end", "shop", cost=None)])
    assert np.isnan(system.moves.unit_cost).all()


def test_costs_in_other_units_of_activity_and_money_are_converted() -> None:
    # 2 wan yuan per wan vehicles and year = 2 yuan per vehicle and year
    lines = shift("renew", "truck", "old", "new")
    cost = row(CostRow, 2.0, "万元/万辆/a", measure="renew", source="truck", item="variable")
    system = build(
        {"truck / old": 1.0, "truck / new": 1.0},
        {"truck / old": 2.0, "truck / new": 1.0},
        [Lines(lines.measure, lines.applies, lines.reach, (cost,))],
    )
    assert system.moves.unit_cost.tolist() == pytest.approx([2.0])


def test_unknown_names_are_told_with_the_closest_one() -> None:
    lines = [equip("fit", "shops", "a", cost=None), shift("swap", "shop", "ani", "any")]
    found = problems_of(lines, {"a": 0.5})
    assert found[0] == "'shops' is not a source. Did you mean 'shop'?"
    assert found[1].startswith("'ani' is not a technology of source 'shop'.")


def test_a_goal_without_an_activity_row_is_a_problem() -> None:
    states = {"truck / old": 1.0, "truck / new": 1.0}
    problems = Problems()
    sector, block = block_of(states, {"truck / old": 1.0, "truck / new": 1.0})
    names = block.states
    partial = replace(
        block,
        states=StateNames(names.source[:1], names.technology[:1], names.controls[:1]),
        amount=block.amount[:1],
        factor=block.factor[:1],
        new=block.new[:1],
    )
    space = Space()
    catalogue = catalogue_of([shift("renew", "truck", "old", "new")], space=space)
    compile_system(
        [(sector, partial)],
        catalogue,
        money_of(space),
        years=YEARS,
        start=START,
        space=space,
        problems=problems,
    )
    assert [p.found.text() for p in problems.found] == [
        "no activity row for technology 'new' of source 'truck'."
    ]


def test_a_measure_that_leads_to_two_places_is_a_problem() -> None:
    lines = measure(
        "renew",
        "shift",
        [{"source": "truck", "from_technology": "old", "to_technology": t} for t in ("mid", "new")],
    )
    states = {f"truck / {t}": 1.0 for t in ("old", "mid", "new")}
    found = problems_of([lines], states=states, factors=dict.fromkeys(states, 1.0))
    assert found == ["'renew' leads from 'old' to two places."]


def test_a_move_between_sources_needs_a_conversion() -> None:
    lines = carry("to-rail", "truck / old", "train / line", 1.0)
    bare = Lines(lines.measure, lines.applies, lines.reach[:1], lines.costs)
    states = {"truck / old": 1.0, "train / line": 1.0}
    found = problems_of([bare], states=states, factors=dict.fromkeys(states, 1.0))
    assert found == [
        "no row for measure 'to-rail', source 'truck', parameter 'conversion'. Add the row."
    ]
