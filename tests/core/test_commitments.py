"""How a plan's levels become uptake: each mode by hand, and what no plan may ever do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.core.commitments import Mode, apply_commitments, held_by_reach, reached_levels
from lantian.core.system import (
    NOWHERE,
    Array,
    Index,
    System,
    eligible_activity,
    emission_by_source,
    sum_by,
)
from lantian.names import state_names
from lantian.optimise.problem.coefficients import Targets, build_least_cost
from lantian.vocabulary import POLLUTANTS
from support.build import (
    Level,
    build,
    carry,
    close,
    commitments_of,
    comply,
    controls,
    equip,
    last_year,
    measure,
    plan,
    shift,
    total,
    uptake_of,
)
from support.random_plans import Case, cases

TRUCKS = {"truck / old": 60.0, "truck / new": 40.0}
TRUCK_FACTORS = {"truck / old": 2.0, "truck / new": 0.5}


def trucks(reach: float = 1.0, old: float = 60.0, new: float = 40.0) -> System:
    return build(
        {"truck / old": old, "truck / new": new},
        TRUCK_FACTORS,
        [shift("renew", "truck", "old", "new", reach=reach)],
    )


def test_a_share_of_what_is_available_moves_that_share() -> None:
    system = trucks()
    done = plan(system, {"renew": 0.25})
    # 25 % of 60 old trucks = 15 move; emission 45 * 2 + 55 * 0.5 = 117.5 t
    assert last_year(system, done.activity) == {"truck / old": 45.0, "truck / new": 55.0}
    assert total(system, done.activity).tolist() == [140.0, 117.5, 117.5]


def test_a_final_share_moves_only_what_is_lacking() -> None:
    system = trucks()
    # 70 % of 100 trucks = 70 new; 40 are there already, so 30 move.
    assert last_year(system, plan(system, {"renew": ("total", 0.7)}).activity) == pytest.approx(
        {"truck / old": 30.0, "truck / new": 70.0}
    )


@pytest.mark.parametrize("level", [0.0, 0.2, 0.4])
def test_upkeep_of_a_share_that_is_reached_gives_no_new_cut(level: float) -> None:
    system = trucks()
    assert plan(system, {"renew": ("total", level)}).moved.tolist() == [[0.0, 0.0, 0.0]]


def test_a_final_share_counts_what_earlier_rounds_took_away() -> None:
    # 50 % of the 100 trucks end first: 30 old, 20 new. 80 % of those 50 = 40, so 20 more move.
    system = build(
        TRUCKS, TRUCK_FACTORS, [shift("renew", "truck", "old", "new"), close("end", "truck")]
    )
    done = plan(system, {"end": 0.5, "renew": ("total", 0.8)})
    assert last_year(system, done.activity) == pytest.approx(
        {"truck / old": 10.0, "truck / new": 40.0}
    )


def test_a_final_share_of_a_control_counts_units_that_have_it() -> None:
    # 30 of 100 shops have the filter. 50 % in the end: 20 of the 70 others get it.
    system = build(
        {"shop / any": 70.0, "shop / any / filter": 30.0},
        {"shop / any": 1.0},
        [equip("fit", "shop", "filter")],
        controls({"filter": 0.9}),
    )
    done = plan(system, {"fit": ("total", 0.5)})
    # 50 * 1 + 50 * 0.1 = 55 t
    assert last_year(system, done.activity) == pytest.approx(
        {"shop / any": 50.0, "shop / any / filter": 50.0}
    )
    assert total(system, done.activity)[-1] == pytest.approx(55.0)


def test_a_share_is_reached_whatever_others_of_its_round_take() -> None:
    # 100 firms: 20 % leave, 50 close; both are counted of the 100, so 20 leave and not 20 of 50.
    system = build(
        {"firm / any": 100.0},
        {"firm / any": 1.0},
        [close("leave", "firm"), close("end", "firm")],
    )
    levels = {"leave": 0.2, "end": ("amount", 50.0)}
    commitments = commitments_of(system, levels)
    reached = reached_levels(system, commitments, apply_commitments(system, commitments))
    by_name = dict(zip((system.measures[m] for m in system.groups.measure), reached, strict=True))
    assert by_name["leave"][-1] == pytest.approx(0.2)
    assert by_name["end"][-1] == pytest.approx(50.0)


def test_commitments_that_compete_are_judged_by_the_state_that_is_reached() -> None:
    # 80 % and 70 % of the same firms are 150 %: each gets two thirds of what it wants, and all go.
    system = build(
        {"firm / any": 100.0},
        {"firm / any": 1.0},
        [close("leave", "firm"), close("end", "firm")],
    )
    commitments = commitments_of(system, {"leave": 0.8, "end": 0.7})
    done = apply_commitments(system, commitments)
    assert sorted(done.moved[:, -1]) == pytest.approx([70 / 1.5, 80 / 1.5])
    assert sorted(reached_levels(system, commitments, done)[:, -1]) == pytest.approx([0.7, 0.8])


@pytest.mark.parametrize("other", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("mode", ["share", "amount"])
def test_what_others_did_counts_up_to_the_level(other: float, mode: str) -> None:
    """Half of the firms, or 50, are to leave while others are closed; reach allows only 20 %."""
    system = build(
        {"firm / any": 100.0},
        {"firm / any": 1.0},
        [close("leave", "firm", reach=0.2), close("end", "firm")],
    )
    level: Level = 0.5 if mode == "share" else ("amount", 50.0)
    commitments = commitments_of(system, {"leave": level, "end": other})
    done = apply_commitments(system, commitments)
    left = float(done.activity[:, -1].sum())
    by_name = dict(
        zip(
            (system.measures[system.groups.measure[g]] for g in commitments.group),
            reached_levels(system, commitments, done)[:, -1],
            strict=True,
        )
    )
    gone = (100.0 - left) / 100.0
    expected = min(0.5, gone)
    assert by_name["leave"] == pytest.approx(expected if mode == "share" else 100 * expected)
    assert by_name["end"] == pytest.approx(other)


@pytest.mark.parametrize("mode", ["share", "amount"])
@pytest.mark.parametrize("end", ["gas", "clean-coal"])
def test_only_what_leads_to_the_same_counts(end: str, mode: str) -> None:
    """60 of 100 are to go to gas, 20 can; half of all go elsewhere, or there by another way."""
    system = build(
        {"truck / coal": 100.0, "truck / gas": 0.0, "truck / clean-coal": 0.0},
        {"truck / coal": 1.0, "truck / gas": 0.1, "truck / clean-coal": 0.5},
        [shift("pipe", "truck", "coal", "gas", reach=0.2), shift("other", "truck", "coal", end)],
    )
    level: Level = 0.6 if mode == "share" else ("amount", 60.0)
    commitments = commitments_of(system, {"pipe": level, "other": 0.5})
    done = apply_commitments(system, commitments)
    by_name = dict(
        zip(
            (system.measures[system.groups.measure[g]] for g in commitments.group),
            reached_levels(system, commitments, done)[:, -1],
            strict=True,
        )
    )
    piped = last_year(system, done.activity)["truck / gas"] / 100.0
    expected = min(0.6, piped)
    assert by_name["pipe"] == pytest.approx(expected if mode == "share" else 100 * expected)


def test_an_amount_moves_that_many_units() -> None:
    system = trucks()
    assert plan(system, {"renew": ("amount", 12.0)}).moved.tolist() == [[0.0, 12.0, 12.0]]


def test_an_amount_beyond_what_there_is_moves_all() -> None:
    system = trucks()
    assert last_year(system, plan(system, {"renew": ("amount", 500.0)}).activity) == {
        "truck / new": 100.0
    }


def test_an_amount_is_shared_over_from_states_in_proportion() -> None:
    # 30 trucks of 60 old and 30 mid: 20 old, 10 mid.
    system = build(
        {"truck / old": 60.0, "truck / mid": 30.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / mid": 1.0, "truck / new": 0.5},
        [shift("renew", "truck", "old mid", "new")],
    )
    assert last_year(system, plan(system, {"renew": ("amount", 30.0)}).activity) == pytest.approx(
        {"truck / old": 40.0, "truck / mid": 20.0, "truck / new": 30.0}
    )


def test_an_amount_is_shared_over_the_sources_of_one_commitment() -> None:
    # 20 firms of 30 scattered ones and 10 plants: 15 and 5, not 20 on each source.
    system = build(
        {"firm / any": 30.0, "plant / any": 10.0},
        {"firm / any": 1.0, "plant / any": 1.0},
        [close("end", "firm plant")],
    )
    assert last_year(system, plan(system, {"end": ("amount", 20.0)}).activity) == pytest.approx(
        {"firm / any": 15.0, "plant / any": 5.0}
    )


def test_amounts_of_two_commitments_are_not_pooled() -> None:
    system = build(
        {"firm / any": 30.0, "plant / any": 10.0},
        {"firm / any": 1.0, "plant / any": 1.0},
        [close("end-firms", "firm"), close("end-plants", "plant")],
    )
    done = plan(system, {"end-firms": ("amount", 4.0), "end-plants": ("amount", 3.0)})
    assert last_year(system, done.activity) == {"firm / any": 26.0, "plant / any": 7.0}


def new_trucks(sold: float) -> np.ndarray:
    """recent[f, y]: as many are sold in each of 2017, 2018, 2019 and none retires."""
    return np.array([[sold * max(y - f + 1, 0) for y in range(3)] for f in range(3)])


@pytest.mark.parametrize(("since", "moved"), [(1, [0.0, 2.5, 5.0]), (2, [0.0, 0.0, 2.5])])
def test_a_level_on_new_units_acts_on_sales_since_it_began(since: int, moved: list[float]) -> None:
    # 5 of 60 old trucks are sold a year; half of them from 2018: 2.5 in 2018, 5 in 2019;
    # from 2019: 2.5 in 2019. On the stock the same level would move 30.
    system = build(
        TRUCKS,
        TRUCK_FACTORS,
        [shift("buy", "truck", "old", "new", acts_on="new")],
        recent={"truck / old": new_trucks(5.0)},
    )
    assert plan(system, {"buy": ("new", 0.5, since)}).moved[0].tolist() == moved


def test_new_units_that_another_measure_ended_cannot_be_bought_otherwise() -> None:
    # 95 % of 60 end first: 3 are left, fewer than the 10 sold since 2018.
    system = build(
        TRUCKS,
        TRUCK_FACTORS,
        [close("end", "truck"), shift("buy", "truck", "old", "new", acts_on="new")],
        recent={"truck / old": new_trucks(5.0)},
    )
    assert uptake_of(system, plan(system, {"end": 0.95, "buy": ("new", 1.0)}).moved)["buy"] == (
        pytest.approx(3.0)
    )


def test_reach_holds_for_the_new_units_of_every_from_state() -> None:
    # 10 old and 10 mid trucks were sold since 2018, the reach is half of each. Where all old ones
    # end first, it is still 5 of the mid ones, not 10.
    system = build(
        {"truck / old": 60.0, "truck / mid": 60.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / mid": 1.0, "truck / new": 0.5},
        [
            measure(
                "end",
                "activity",
                [{"source": "truck", "from_technology": "old", "to_technology": "avoided"}],
            ),
            shift("buy", "truck", "old mid", "new", acts_on="new", reach=0.5),
        ],
        recent={"truck / old": new_trucks(5.0), "truck / mid": new_trucks(5.0)},
    )
    assert uptake_of(system, plan(system, {"buy": ("new", 1.0)}).moved)["buy"] == 10.0
    assert uptake_of(system, plan(system, {"end": 1.0, "buy": ("new", 1.0)}).moved)["buy"] == 5.0


@pytest.mark.parametrize("level", [0.8, ("amount", 55.0), ("total", 1.0)])
def test_reach_caps_every_mode(level: object) -> None:
    # Reach 30 % of 60 old trucks: never more than 18.
    system = trucks(reach=0.3)
    assert plan(system, {"renew": level}).moved[0, -1] == pytest.approx(18.0)  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("level", "reach", "held"),
    [(0.8, 0.3, True), (("total", 1.0), 0.3, True), (("amount", 55.0), 0.3, True),
     (0.2, 0.3, False), (("amount", 17.0), 0.3, False), (1.0, 1.0, False)],
)  # fmt: skip
def test_what_reach_holds_is_known(level: Level, reach: float, held: bool) -> None:
    system = trucks(reach=reach)
    commitments = commitments_of(system, {"renew": level})
    found = held_by_reach(system, commitments, apply_commitments(system, commitments))
    assert found[:, -1].tolist() == [held]


def test_reach_is_a_share_of_the_baseline_not_of_what_others_left() -> None:
    # Half of 60 end; 18 (30 % of 60) of the 30 left are still within reach.
    system = build(
        TRUCKS,
        TRUCK_FACTORS,
        [close("end", "truck"), shift("renew", "truck", "old", "new", reach=0.3)],
    )
    assert uptake_of(system, plan(system, {"end": 0.5, "renew": 1.0}).moved)["renew"] == (
        pytest.approx(18.0)
    )


def test_what_a_shift_brought_is_within_reach_of_a_control_there() -> None:
    # No new truck at first: 60 are renewed, all of them then get a filter that only fits new ones.
    system = build(
        {"truck / old": 60.0, "truck / new": 0.0},
        TRUCK_FACTORS,
        [shift("renew", "truck", "old", "new"), equip("fit", "truck", "filter")],
        controls({"filter": 0.5}),
    )
    done = plan(system, {"renew": 1.0, "fit": 1.0})
    assert last_year(system, done.activity) == {"truck / new / filter": 60.0}


def rivals(reach: float = 1.0) -> System:
    return build(
        {"truck / old": 60.0, "truck / mid": 0.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / mid": 1.0, "truck / new": 0.5},
        [shift("scrap", "truck", "old", "mid", reach=reach), shift("renew", "truck", "old", "new")],
    )


def test_shifts_that_compete_share_in_proportion() -> None:
    # 80 % and 40 % of 60 = 48 + 24 = 72 > 60; times 60 / 72: 40 and 20. Nothing is left.
    system = rivals()
    done = plan(system, {"scrap": 0.8, "renew": 0.4})
    assert last_year(system, done.activity) == pytest.approx(
        {"truck / mid": 40.0, "truck / new": 20.0}
    )
    assert [state_names(system).keys[s] for s in done.shared] == ["truck / old"]


def test_shifts_that_fit_side_by_side_are_not_scaled() -> None:
    system = rivals()
    done = plan(system, {"scrap": 0.5, "renew": 0.5})
    assert uptake_of(system, done.moved) == {"scrap": 30.0, "renew": 30.0}
    assert done.shared.tolist() == []


def test_reach_is_applied_before_sharing() -> None:
    # scrap reaches 6 of 60; 6 + 60 = 66 > 60: 60 / 66 of each.
    moved = uptake_of(rivals(0.1), plan(rivals(0.1), {"scrap": 1.0, "renew": 1.0}).moved)
    assert moved == pytest.approx({"scrap": 60 / 11, "renew": 600 / 11})


def test_shifts_of_one_round_do_not_feed_one_another() -> None:
    # old -> mid and mid -> new, both in full: the 60 old end as mid, the 30 mid as new.
    system = build(
        {"truck / old": 60.0, "truck / mid": 30.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / mid": 1.0, "truck / new": 0.5},
        [shift("scrap", "truck", "old", "mid"), shift("renew", "truck", "mid", "new")],
    )
    assert last_year(system, plan(system, {"scrap": 1.0, "renew": 1.0}).activity) == {
        "truck / mid": 60.0,
        "truck / new": 30.0,
    }


def stacked() -> System:
    return build(
        {"shop / any": 100.0},
        {"shop / any": {"NOx": 1.0, "VOC": 2.0}},
        [equip("fit-a", "shop", "a"), equip("fit-b", "shop", "b"), equip("fit-c", "shop", "c")],
        controls({"a": 0.5, "b": {"NOx": 0.2, "VOC": 0.9}, "c": 0.3}, ruled=0.8),
    )


def test_stacked_controls_multiply() -> None:
    # Efficiency x rule effectiveness: NOx 0.4, 0.16, 0.24; VOC 0.72 by b only.
    # Each on its own share at random of the others: (1 - 0.4 * 0.5)(1 - 0.16 * 0.25)(1 - 0.24)
    system = stacked()
    done = plan(system, {"fit-a": 0.5, "fit-b": 0.25, "fit-c": 1.0}).activity
    assert total(system, done)[-1] == pytest.approx(100 * 0.8 * 0.96 * 0.76, rel=1e-14)
    assert total(system, done, "VOC")[-1] == pytest.approx(200 * (1 - 0.72 * 0.25), rel=1e-14)


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
@settings(max_examples=80, deadline=None)
def test_stacked_controls_multiply_at_any_level(levels: list[float]) -> None:
    system = stacked()
    done = plan(system, dict(zip(("fit-a", "fit-b", "fit-c"), levels, strict=True))).activity
    left = np.prod([1 - e * 0.8 * x for e, x in zip((0.5, 0.2, 0.3), levels, strict=True)])
    assert total(system, done)[-1] == pytest.approx(100 * left, rel=1e-12)


def test_controls_of_one_group_exclude_one_another() -> None:
    # 70 % and 60 % of 100 shops: 130 > 100, so 53.8 and 46.2; none has both.
    system = build(
        {"shop / any": 100.0},
        {"shop / any": 1.0},
        [equip("fit-a", "shop", "a", group="x"), equip("fit-b", "shop", "b", group="x")],
        controls({"a": 0.5, "b": 0.8}),
    )
    done = plan(system, {"fit-a": 0.7, "fit-b": 0.6})
    assert last_year(system, done.activity) == pytest.approx(
        {"shop / any / a": 700 / 13, "shop / any / b": 600 / 13}
    )
    assert not [s for s in state_names(system).keys if "a / b" in s]


def test_compliance_takes_the_place_of_the_control_it_replaces() -> None:
    # 40 of 100 shops have a filter that is poorly run; half of the 70 that have one after 30 more
    # were fitted run it well: 30 / 35 / 35. NOx: 30 * 1 + 35 * 0.7 + 35 * 0.2 = 61.5 t
    system = build(
        {"shop / any": 60.0, "shop / any / poor": 40.0},
        {"shop / any": 1.0},
        [equip("fit", "shop", "poor"), comply("upkeep", "shop", "well", replaces="poor")],
        controls({"poor": 0.3, "well": 0.8}),
    )
    done = plan(system, {"fit": ("amount", 30.0), "upkeep": 0.5})
    assert last_year(system, done.activity) == pytest.approx(
        {"shop / any": 30.0, "shop / any / poor": 35.0, "shop / any / well": 35.0}
    )
    assert total(system, done.activity)[-1] == pytest.approx(61.5)


def freight(reach: float = 1.0) -> System:
    return build(
        {"truck / old": 100.0, "train / line": 500.0},
        {"truck / old": 2.0, "train / line": 0.01},
        [carry("to-rail", "truck / old", "train / line", 20.0, reach=reach)],
    )


def test_activity_that_goes_to_another_source_is_converted() -> None:
    # 25 of 100 trucks carry 20 t each by rail: 500 + 500 t; 75 * 2 + 1000 * 0.01 = 160 t
    system = freight()
    done = plan(system, {"to-rail": 0.25})
    assert last_year(system, done.activity) == {"truck / old": 75.0, "train / line": 1000.0}
    assert total(system, done.activity)[-1] == pytest.approx(160.0)


def test_commitments_out_of_the_plan_years_move_nothing() -> None:
    done = plan(freight(), {"to-rail": 1.0})
    assert done.moved[0].tolist() == [0.0, 100.0, 100.0]


def test_columns_and_switches_give_the_same_as_separate_plans() -> None:
    system = rivals()
    both = commitments_of(system, {"scrap": 0.8, "renew": 0.4})
    active = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    found = apply_commitments(system, both, np.array([2, 2, 2]), active).activity
    wanted = [
        plan(system, levels).activity[:, 2]
        for levels in (  # type: ignore[arg-type]
            {"scrap": 0.8},
            {"renew": 0.4},
            {"scrap": 0.8, "renew": 0.4},
        )
    ]
    assert found.T.tolist() == [w.tolist() for w in wanted]


# --- what no plan may ever do -----------------------------------------------------------------


def scale_of(system: System) -> float:
    return 1.0 + float(system.baseline.sum())


def balance(system: System, moved: Array) -> Array:
    """Activity of each source after avoided and converted activity, dims (source, year)."""
    moves = system.moves
    result = sum_by(system.baseline, system.states.source, len(system.sources))
    for m in range(len(moves)):
        here = system.states.source[moves.origin[m]]
        result[here] -= moved[m]
        if moves.target[m] != NOWHERE:
            result[system.states.source[moves.target[m]]] += moves.conversion[m] * moved[m]
    return result


@given(cases())
@settings(max_examples=80, deadline=None)
def test_states_add_up_to_the_activity_and_none_is_negative(case: Case) -> None:
    system = case.system
    done = apply_commitments(system, case.commitments)
    tolerance = 1e-12 * scale_of(system)
    held = sum_by(done.activity, system.states.source, len(system.sources))
    assert np.abs(held - balance(system, done.moved)).max() <= tolerance
    assert done.activity.min() >= -tolerance
    assert done.moved.min(initial=0.0) >= 0.0


@given(cases())
@settings(max_examples=80, deadline=None)
def test_shifts_and_controls_keep_the_activity_of_a_source(case: Case) -> None:
    system = case.system
    inside = {m: v for m, v in case.levels.items() if m not in ("fewer-trucks", "to-rail", "end")}
    done = plan(system, inside)
    before = sum_by(system.baseline, system.states.source, len(system.sources))
    after = sum_by(done.activity, system.states.source, len(system.sources))
    assert after == pytest.approx(before, rel=1e-12, abs=1e-12)


@given(cases())
@settings(max_examples=80, deadline=None)
def test_a_plan_is_feasible_for_the_least_cost_problem(case: Case) -> None:
    """The plan obeys the states, the reach and the bounds within which the optimiser chooses."""
    system = case.system
    nothing = Targets(
        (), np.zeros((0, len(system.sources), len(POLLUTANTS))), np.zeros(0), np.zeros(0), ()
    )
    moved = apply_commitments(system, case.commitments).moved
    tolerance = 1e-12 * scale_of(system)
    for year in range(system.start, len(system.years)):
        u = moved[:, year]
        problem = build_least_cost(system, year, nothing)
        assert (problem.states.times(u) >= problem.states.lower - tolerance).all()
        assert (problem.reach.times(u) <= problem.reach.upper + tolerance).all()
        assert (u <= problem.variables.upper + tolerance).all()


@given(cases())
@settings(max_examples=80, deadline=None)
def test_reach_times_the_eligible_baseline_bounds_every_measure(case: Case) -> None:
    system = case.system
    moved = apply_commitments(system, case.commitments).moved
    by_group = sum_by(moved, system.moves.group, len(system.groups))
    limit = system.groups.reach[:, None] * eligible_activity(system)
    assert (by_group <= limit + 1e-12 * scale_of(system)).all()


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_numbering_of_commitments_changes_nothing_bit_for_bit(case: Case, random: object) -> None:
    names = list(case.levels)
    random.shuffle(names)  # type: ignore[attr-defined]
    first = apply_commitments(case.system, case.commitments)
    second = plan(case.system, {name: case.levels[name] for name in names})
    assert first.moved.tobytes() == second.moved.tobytes()
    assert first.activity.tobytes() == second.activity.tobytes()


@given(cases())
@settings(max_examples=80, deadline=None)
def test_zero_levels_are_the_baseline_bit_for_bit(case: Case) -> None:
    system, p = case.system, case.commitments
    done = apply_commitments(system, replace(p, level=0.0 * p.level))
    assert done.activity.tobytes() == system.baseline.tobytes()
    assert emission_by_source(system, done.activity).tobytes() == (
        emission_by_source(system, system.baseline).tobytes()
    )


@given(cases(most=1), st.floats(0.0, 1.0))
@settings(max_examples=80, deadline=None)
def test_more_of_a_measure_moves_more_and_never_raises_what_it_lowers(
    case: Case, part: float
) -> None:
    system, p = case.system, case.commitments
    less = apply_commitments(system, replace(p, level=part * p.level))
    more = apply_commitments(system, p)
    tolerance = 1e-12 * scale_of(system)
    assert (less.moved <= more.moved + tolerance).all()
    lowered = _lowered(system, np.arange(len(system.moves)))
    gain = _emission(system, less.activity) - _emission(system, more.activity)
    assert (gain[lowered] >= -tolerance * 10).all()


CONTROLS = ("fit-weak", "fit-good", "run-well", "fit-tight")


@given(cases((*CONTROLS, "end", "fewer-trucks"), full_reach=True), st.floats(0.0, 1.0), st.data())
@settings(max_examples=80, deadline=None)
def test_beside_others_more_of_a_measure_never_raises_what_it_lowers(
    case: Case, part: float, data: st.DataObject
) -> None:
    """Holds where measures stack and none competes: shares only, no amounts, no scarce reach."""
    levels = {m: v for m, v in case.levels.items() if v[0] != "amount"}  # type: ignore[index]
    if not levels:
        return
    name = data.draw(st.sampled_from(sorted(levels)))
    mode, value, *_ = levels[name]  # type: ignore[misc]
    system = case.system
    less = plan(system, {**levels, name: (mode, part * value)}).activity
    more = plan(system, levels).activity
    gain = _emission(system, less) - _emission(system, more)
    assert gain.min() >= -1e-11 * scale_of(system)


def _emission(system: System, activity: Array) -> Array:
    return np.asarray(emission_by_source(system, activity).sum(axis=0))


def _lowered(system: System, moves: Index) -> Index:
    """Pollutants that every one of these moves lowers or leaves alone."""
    after = np.where(
        (system.moves.target != NOWHERE)[:, None],
        system.moves.conversion[:, None] * system.factor[system.moves.target, :, -1],
        0.0,
    )
    effect = after - system.factor[system.moves.origin, :, -1]
    return np.flatnonzero((effect[moves] <= 0).all(axis=0))


def test_modes_are_numbered_as_the_arrays_hold_them() -> None:
    assert [m.name for m in sorted(Mode)] == ["AVAILABLE", "TOTAL", "NEW", "AMOUNT"]
