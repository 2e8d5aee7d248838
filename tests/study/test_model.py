"""Projections, reductions of single moves and the bridge from the base year to the plan."""

import numpy as np
import pytest
from hypothesis import given, settings

from lantian.core.commitments import apply_commitments
from lantian.study.model import make_bridge, make_case, reduction_by_move
from support.build import build, carry, controls, equip, plan, shift
from support.random_plans import Case, cases

NOX, LAST = 0, 2


@given(cases())
@settings(max_examples=50, deadline=None)
def test_reductions_of_all_moves_add_up_to_baseline_minus_plan(case: Case) -> None:
    system = case.system
    moved = apply_commitments(system, case.commitments).moved
    everything = tuple(range(len(system.years)))
    before = make_case(system, np.zeros_like(moved), everything)
    after = make_case(system, moved, everything)
    saved = (before.emission - after.emission)[:, :, LAST].sum(axis=0)
    scale = 1.0 + float(system.baseline.sum())
    assert np.abs(reduction_by_move(system, moved, LAST).sum(axis=0) - saved).max() <= 1e-10 * scale


@given(cases())
@settings(max_examples=50, deadline=None)
def test_a_case_without_uptake_is_the_baseline_bit_for_bit(case: Case) -> None:
    system = case.system
    found = make_case(system, np.zeros((len(system.moves), 3)), (0, 1, 2))
    assert found.activity.tobytes() == system.baseline.tobytes()


@given(cases())
@settings(max_examples=50, deadline=None)
def test_the_plan_projected_again_is_what_its_rounds_gave(case: Case) -> None:
    done = apply_commitments(case.system, case.commitments)
    again = make_case(case.system, done.moved, (0, 1, 2))
    assert np.abs(again.activity - done.activity).max() <= (
        1e-12 * (1.0 + float(case.system.baseline.sum()))
    )


def test_years_a_case_does_not_have_are_blank_not_zero() -> None:
    system = build(
        {"shop / any": 5.0}, {"shop / any": 2.0}, [equip("fit", "shop", "f")], controls({"f": 0.5})
    )
    found = make_case(system, np.zeros((len(system.moves), 3)), (2,))
    assert np.isnan(found.emission[0, NOX, :2]).all()
    assert found.emission[0, NOX, 2] == 10.0


def test_reduction_of_a_move_counts_what_it_adds_elsewhere() -> None:
    # 10 trucks of 2 t leave, 10 * 20 t arrive at 0.01 t each: 20 - 2 = 18
    system = build(
        {"truck / old": 10.0, "train / line": 0.0},
        {"truck / old": 2.0, "train / line": 0.01},
        [carry("to-rail", "truck / old", "train / line", 20.0)],
    )
    moved = plan(system, {"to-rail": 1.0}).moved
    assert reduction_by_move(system, moved, LAST)[:, NOX].tolist() == pytest.approx([18.0])


def test_growth_and_turnover_by_hand() -> None:
    # 2017: 80 old * 2 + 20 new * 0.5 = 170. 2019: 120 trucks, 60 old, 60 new = 150.
    # growth: 20 % of 170 = 34; turnover: 150 - 170 - 34 = -54; half of the old go: 150 - 45 = 105
    system = build(
        {"truck / old": [80.0, 70.0, 60.0], "truck / new": [20.0, 40.0, 60.0]},
        {"truck / old": 2.0, "truck / new": 0.5},
        [shift("renew", "truck", "old", "new")],
    )
    before = make_case(system, np.zeros((1, 3)), (0, 1, 2))
    after = make_case(system, plan(system, {"renew": 0.5}).moved, (0, 1, 2))
    bridge = make_bridge(system, {"baseline": before, "plan": after}, "plan", 0, LAST)
    found = [x[NOX] for x in (bridge.base, bridge.growth, bridge.turnover, bridge.final)]
    assert found == pytest.approx([170.0, 34.0, -54.0, 105.0])


@given(cases())
@settings(max_examples=50, deadline=None)
def test_base_growth_and_turnover_are_the_baseline_of_the_last_year(case: Case) -> None:
    system = case.system
    before = make_case(system, np.zeros((len(system.moves), 3)), (0, 1, 2))
    bridge = make_bridge(system, {"baseline": before}, "baseline", 0, LAST)
    whole = bridge.base + bridge.growth + bridge.turnover
    assert whole == pytest.approx(bridge.final, abs=1e-11 * (1.0 + float(system.baseline.sum())))
