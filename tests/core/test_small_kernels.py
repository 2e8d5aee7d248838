"""Kernels of a few lines, by hand and at their boundaries."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.alerts import usable_reach
from lantian.core.areas import Areas
from lantian.core.commitments import group_uptake
from lantian.core.projection import Projection
from lantian.core.risk import (
    attributable_fraction,
    avoided_cases,
    gemm_risk,
    impact_fraction,
    joint_fraction,
    relative_risk,
    straight_risk,
)
from lantian.core.rounds import ratio
from lantian.core.seasonal import Shift, Shifts
from lantian.core.system import charged, nothing_charged, shifts_of
from lantian.core.townships import check_townships
from support.build import build, close, plan

AREAS = Areas(("north", "south"), np.array([[0.25, 1.0], [0.75, 0.0]]))


def test_what_falls_on_areas_is_split_by_their_shares() -> None:
    by_source = np.array([[4.0, 8.0], [10.0, 20.0]])  # (source, pollutant)
    assert AREAS.split(by_source).tolist() == [[[1.0, 2.0], [10.0, 20.0]], [[3.0, 6.0], [0.0, 0.0]]]
    assert AREAS.inside(("south",)).tolist() == [0.75, 0.0]
    assert AREAS.inside(("north", "south")).tolist() == [1.0, 1.0]
    assert AREAS.inside(()).tolist() == [0.0, 0.0]


def test_no_lower_level_of_an_alert_reaches_further_than_a_higher_one() -> None:
    reach = np.array([[0.5, 0.1], [0.3, 0.2], [0.4, 0.9]])  # (level, action)
    assert usable_reach(reach).tolist() == [[0.3, 0.1], [0.3, 0.2], [0.4, 0.9]]


def test_a_rule_for_townships_at_its_boundaries() -> None:
    # Rates 0, 1/2 and 1/4 with their mean 1/4; means 40/3 and 28/3, by 3/10 less.
    before, after = np.array([8.0, 16.0, 16.0]), np.array([8.0, 8.0, 12.0])
    found = check_townships(before, after, np.zeros(3))
    assert found.falls.tolist() == [False, True, True]
    assert found.rate.tolist() == [0.0, 0.5, 0.25]
    assert found.mean_rate == 0.25
    assert found.rate_of_means == pytest.approx(0.3)
    assert found.above == pytest.approx([-4 / 3, -4 / 3, 8 / 3])
    assert found.level.tolist() == [True, True, False]
    assert found.improves.tolist() == found.improves_by_means.tolist() == [False, True, False]
    assert found.met.tolist() == [False, True, False]
    at_the_edge = check_townships(before, after, found.above)
    assert at_the_edge.above.tolist() == [0.0] * 3
    assert at_the_edge.met.tolist() == [False, True, True]
    lower = np.array([8.0, 7.9, 12.0])
    assert check_townships(before, after, np.zeros(3), lower).falls.tolist() == [True, False, True]


def test_no_unit_improves_more_than_all_alike() -> None:
    found = check_townships(np.array([8.0, 4.0]), np.array([4.0, 2.0]), np.zeros(2))
    assert not found.improves.any()
    assert not found.improves_by_means.any()
    assert found.met.tolist() == [False, True]


def test_a_group_takes_an_amount_and_a_part_of_what_it_can_act_on() -> None:
    system = build(
        {"firm / any": [10.0, 20.0, 30.0], "shop / any": 5.0},
        {"firm / any": 1.0, "shop / any": 1.0},
        [close("end", "firm"), close("stop", "shop")],
    )
    moved = plan(system, {"end": 0.2}).moved
    amount, part = group_uptake(system, 2, moved[:, 2])
    assert amount.tolist() == [6.0, 0.0]
    assert part.tolist() == pytest.approx([0.2, 0.0])


def test_a_price_on_emissions_is_paid_by_what_is_moved() -> None:
    system = build(
        {"firm / any": 10.0}, {"firm / any": 1.0}, [close("end", "firm"), close("stop", "firm")]
    )
    moved = np.array([2.0, 3.0])
    assert charged(system, moved, 1).tolist() == [0.0, 0.0]
    charge = np.array([[1.0, -5.0, 0.0], [1.0, 7.0, 0.0]])
    priced = replace(system, moves=replace(system.moves, charge=charge))
    assert charged(priced, moved, 1).tolist() == [-10.0, 21.0]
    assert (priced.moves.cost(1) - system.moves.cost(1)).tolist() == [-5.0, 7.0]
    assert len(nothing_charged()) == 0
    assert shifts_of(system, np.zeros((2, 3))) == ()


def test_a_quotient_is_told_where_nothing_stands_below() -> None:
    above, below = np.array([1.0, 1.0, 0.0, 4.0]), np.array([0.0, -1.0, 0.0, 2.0])
    assert ratio(above, below).tolist() == [np.inf, np.inf, np.inf, 2.0]
    assert ratio(above, below, 0.5).tolist() == [0.5, 0.5, 0.5, 2.0]
    assert ratio(np.array([1e300]), np.array([5e-324])).tolist() == [np.inf]


def two_years() -> Projection:
    """Two sources, two pollutants, two years; the second source's change falls into month 1."""
    shift = Shift(np.array([1]), np.array([[[0.5, -0.5]]]), np.arange(4.0).reshape(1, 2, 2, 1))
    emission = np.arange(8.0).reshape(2, 2, 2, 1)
    activity = np.arange(4.0).reshape(2, 2, 1)
    return Projection((2020, 2025), emission, activity, Shifts(lambda: (shift,)))


def test_one_year_of_a_projection_is_a_view_of_it() -> None:
    case = two_years()
    assert case.year(2025) == 1
    one = case.at(2025)
    assert one.years == (2025,)
    assert one.emission[:, :, 0].tolist() == case.emission[:, :, 1].tolist()
    assert one.activity[:, 0].tolist() == case.activity[:, 1].tolist()
    share, months = np.array([0.5, 0.25]), np.array([1.0, 0.0])
    whole = case.within(share, months, 1)
    # second source: 0.25 of 6 and 7, and half of the change of 2 and 3
    assert whole[:, :, 0].tolist() == [[1.0, 1.5], [2.5, 3.25]]
    assert one.within(share, months, 1)[:, :, 0].tolist() == [[1.5], [3.25]]


def test_months_of_some_sources_add_up_to_their_years() -> None:
    case = two_years()
    shares = np.array([[0.5, 0.5], [0.25, 0.75]])
    found = case.by_month(np.array([0, 1]), shares, 0)
    # first month: half of 0 and 1, a quarter of 4 and 5, and half of the change of 0 and 1
    assert found[:, :, 0].tolist() == [[1.0, 2.25], [3.0, 3.75]]
    assert found.sum(axis=0).tolist() == case.emission[:, 0].sum(axis=0).tolist()
    assert case.by_month(np.array([0]), shares[:1], 0)[:, :, 0].tolist() == [[0.0, 0.5], [0.0, 0.5]]


def test_risks_by_hand() -> None:
    assert relative_risk([0.0, 5.0, 15.0, 25.0], 1.2, 5.0, "linear") == pytest.approx(
        [1.0, 1.0, 1.2, 1.4]
    )
    assert relative_risk([4.0, 15.0, 25.0], 1.2, 5.0) == pytest.approx([1.0, 1.2, 1.44])
    # ln(x + 1) from ln 5 at the cutoff to ln 15 ten above; 44 / 4: ln 9 is twice ln 3
    for shape, far in (("linear-log", 1.4), ("log-log", 1.44)):
        found = relative_risk([4.0, 14.0, 44.0], 1.2, 4.0, shape)  # type: ignore[arg-type]
        assert found == pytest.approx([1.0, 1.2, far])
    # z = 4.2 - 2.4 = alpha = mu: exp(theta ln 2 / 2)
    assert gemm_risk([1.0, 4.2], 0.5, 1.8, 1.8, 7.0) == pytest.approx([1.0, 2**0.25])
    assert straight_risk([10.0, 10.1], 0.01, 10.0) == pytest.approx(
        [np.exp(0.1), np.nan], nan_ok=True
    )


def test_cases_of_risks_by_hand() -> None:
    assert attributable_fraction([1.0, 1.25]) == pytest.approx([0.0, 0.2])
    assert joint_fraction([[0.5, 0.0], [0.2, 0.3]]) == pytest.approx([0.6, 0.3])
    assert avoided_cases(100.0, 2.0, 1.25) == pytest.approx(30.0)  # 50 less 20
    assert impact_fraction(2.0, 1.25) == pytest.approx(0.375)
