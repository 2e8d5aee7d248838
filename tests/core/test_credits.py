"""Credits of measures: hand-worked, and the properties that define the Shapley value."""

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from lantian.core.commitments import apply_commitments
from lantian.core.credits import Credits, measure_credits, shapley_values
from lantian.core.system import Array, System, emission_by_source
from support.build import (
    Level,
    build,
    carry,
    close,
    commitments_of,
    controls,
    equip,
    plan,
    shift,
    total,
)
from support.random_plans import Case, cases

NOX = 0
LAST = 2


def credits_of(system: System, levels: Mapping[str, Level]) -> Credits:
    return measure_credits(system, commitments_of(system, levels), LAST)


def nox(system: System, values: Array, found: Credits) -> dict[str, float]:
    names = [system.measures[m] for m in found.measure]
    return dict(zip(names, values[:, NOX].tolist(), strict=True))


def two_filters(first: str = "fit-a", second: str = "fit-b") -> System:
    known = {"fit-a": equip("fit-a", "shop", "a"), "fit-b": equip("fit-b", "shop", "b")}
    return build(
        {"shop / any": 100.0},
        {"shop / any": 1.0},
        [known[first], known[second]],
        controls({"a": 0.5, "b": 0.4}),
    )


def test_two_stacked_filters_by_hand() -> None:
    # Baseline 100; a alone 50, b alone 60, both 100 * 0.5 * 0.6 = 30.
    # alone: 50, 40; last in: 60 - 30 = 30, 50 - 30 = 20; Shapley: (50+30)/2 = 40, (40+20)/2 = 30.
    system = two_filters()
    found = credits_of(system, {"fit-a": 1.0, "fit-b": 1.0})
    assert nox(system, found.alone, found) == pytest.approx({"fit-a": 50.0, "fit-b": 40.0})
    assert nox(system, found.last_in, found) == pytest.approx({"fit-a": 30.0, "fit-b": 20.0})
    assert nox(system, found.credit, found) == pytest.approx({"fit-a": 40.0, "fit-b": 30.0})


def test_a_shift_and_a_filter_on_what_it_replaces_by_hand() -> None:
    # 100 old trucks of 2 t; half become new (0.5 t, no filter fits), 80 % of the old left get a
    # filter that removes half. Baseline 200. shift alone 100 + 25 = 125, saves 75.
    # filter alone: 200 - 80 * 2 * 0.5 = 120, saves 80. Both: 25 + 50 * 2 - 40 = 85, saves 115.
    # last in: shift 120 - 85 = 35, filter 125 - 85 = 40. Shapley: 55 and 60.
    system = build(
        {"truck / old": 100.0, "truck / new": 0.0},
        {"truck / old": 2.0, "truck / new": 0.5},
        [shift("renew", "truck", "old", "new"), equip("fit", "truck", "f", "old")],
        controls({"f": 0.5}),
    )
    found = credits_of(system, {"renew": 0.5, "fit": 0.8})
    assert nox(system, found.last_in, found) == pytest.approx({"renew": 35.0, "fit": 40.0})
    assert nox(system, found.credit, found) == pytest.approx({"renew": 55.0, "fit": 60.0})


def test_measures_on_sources_apart_are_credited_with_what_they_do_alone() -> None:
    system = build(
        {"shop / any": 100.0, "firm / any": 10.0},
        {"shop / any": 1.0, "firm / any": 3.0},
        [equip("fit", "shop", "a"), close("end", "firm")],
        controls({"a": 0.5}),
    )
    found = credits_of(system, {"fit": 1.0, "end": 0.2})
    for values in (found.alone, found.last_in, found.credit):
        assert nox(system, values, found) == pytest.approx({"fit": 50.0, "end": 6.0})


def test_sources_linked_by_a_move_are_judged_together() -> None:
    # 10 trucks of 4 t, 20 t by rail of 0.5 t: 50 t. The trucks go to rail as 10 * 2 = 20 t more:
    # 40 * 0.5 = 20. Half of the trains get a filter of 50 %: 10 * 0.25 = 2.5 saved alone, 5 with
    # twice the trains. Shapley: rail (30 + 32.5) / 2 = 31.25, filter (2.5 + 5) / 2 = 3.75.
    system = build(
        {"truck / old": 10.0, "train / line": 20.0},
        {"truck / old": 4.0, "train / line": 0.5},
        [carry("to-rail", "truck / old", "train / line", 2.0), equip("fit", "train", "f")],
        controls({"f": 0.5}),
    )
    found = credits_of(system, {"to-rail": 1.0, "fit": 0.5})
    assert nox(system, found.alone, found) == pytest.approx({"to-rail": 30.0, "fit": 2.5})
    assert nox(system, found.credit, found) == pytest.approx({"to-rail": 31.25, "fit": 3.75})


def test_an_amount_shared_over_sources_is_credited_once() -> None:
    # 20 units of 30 firms and 10 plants end: 15 firms of 1 t and 5 plants of 2 t = 25 t.
    system = build(
        {"firm / any": 30.0, "plant / any": 10.0},
        {"firm / any": 1.0, "plant / any": 2.0},
        [close("end", "firm plant")],
    )
    found = credits_of(system, {"end": ("amount", 20.0)})
    assert nox(system, found.alone, found) == pytest.approx({"end": 25.0})
    assert nox(system, found.credit, found) == pytest.approx({"end": 25.0})


def test_a_final_share_is_credited_with_what_it_lacks() -> None:
    # Of 100 trucks 40 are new: 70 % are 30 more, each 1.5 t less. The firms stand apart.
    system = build(
        {"firm / any": 10.0, "truck / old": 60.0, "truck / new": 40.0},
        {"firm / any": 3.0, "truck / old": 2.0, "truck / new": 0.5},
        [close("end", "firm"), shift("renew", "truck", "old", "new")],
    )
    found = credits_of(system, {"end": 0.5, "renew": ("total", 0.7)})
    for values in (found.alone, found.last_in, found.credit):
        assert nox(system, values, found) == pytest.approx({"end": 15.0, "renew": 45.0})


def test_the_value_of_a_game_by_hand() -> None:
    # Worth of {}, {0}, {1}, {0, 1}: 0, 10, 4, 20; the second column is a sum without synergy.
    value = np.array([[0.0, 0.0], [10.0, 1.0], [4.0, 2.0], [20.0, 3.0]])
    assert shapley_values(value, 2).tolist() == [[13.0, 1.0], [7.0, 2.0]]
    # Three of whom any two are worth 6 and all 9: 3 each
    three = np.array([0.0, 0.0, 0.0, 6.0, 0.0, 6.0, 6.0, 9.0])
    assert shapley_values(three, 3) == pytest.approx([3.0, 3.0, 3.0])
    # the first alone is worth 3 more: to it goes all of that
    assert shapley_values(three + 3.0 * (np.arange(8) & 1), 3) == pytest.approx([6.0, 3.0, 3.0])


def test_a_measure_that_raises_a_pollutant_has_a_negative_credit() -> None:
    system = build(
        {"truck / old": 10.0, "truck / new": 0.0},
        {"truck / old": {"NOx": 1.0, "NH3": 0.1}, "truck / new": {"NOx": 0.2, "NH3": 0.4}},
        [shift("renew", "truck", "old", "new")],
    )
    found = credits_of(system, {"renew": 1.0})
    nh3 = system.pollutants.index("NH3")
    assert found.credit[0, [NOX, nh3]] == pytest.approx([8.0, -3.0])


def test_the_order_of_the_catalogue_does_not_matter_where_controls_stack() -> None:
    first, second = two_filters(), two_filters("fit-b", "fit-a")
    levels: dict[str, Level] = {"fit-a": 0.7, "fit-b": 0.9}
    one, two = credits_of(first, levels), credits_of(second, levels)
    assert nox(first, one.credit, one) == pytest.approx(nox(second, two.credit, two), rel=1e-12)


def _scale(system: System) -> float:
    return 1.0 + float(np.abs(total(system, system.baseline)).max())


@given(cases())
@settings(max_examples=80, deadline=None)
def test_credits_add_up_to_baseline_minus_plan(case: Case) -> None:
    system, commitments = case.system, case.commitments
    done = apply_commitments(system, commitments).activity
    saved = emission_by_source(system, system.baseline) - emission_by_source(system, done)
    found = measure_credits(system, commitments, LAST).credit.sum(axis=0)
    assert np.abs(found - saved[:, :, LAST].sum(axis=0)).max() <= 1e-11 * 10 * _scale(system)


@given(cases(most=3))
@settings(max_examples=80, deadline=None)
def test_credits_are_the_mean_over_all_orders_of_arrival(case: Case) -> None:
    """The definition itself, on the whole system and without splitting it into parts."""
    system = case.system
    names = [system.measures[m] for m in measure_credits(system, case.commitments, LAST).measure]

    def left(chosen: tuple[str, ...]) -> float:
        return float(total(system, plan(system, {n: case.levels[n] for n in chosen}).activity)[-1])

    orders = list(permutations(names))
    mean = dict.fromkeys(names, 0.0)
    for order in orders:
        for n, name in enumerate(order):
            mean[name] += (left(order[:n]) - left(order[: n + 1])) / len(orders)
    found = measure_credits(system, case.commitments, LAST)
    assert nox(system, found.credit, found) == pytest.approx(mean, abs=1e-11 * 10 * _scale(system))


@given(cases(most=4))
@settings(max_examples=80, deadline=None)
def test_alone_and_last_in_are_two_plans_apart(case: Case) -> None:
    system, levels = case.system, case.levels
    found = measure_credits(system, case.commitments, LAST)
    everything = total(system, plan(system, levels).activity)[-1]
    nothing = total(system, system.baseline)[-1]
    for m, measure in enumerate(found.measure):
        name = system.measures[measure]
        only = total(system, plan(system, {name: levels[name]}).activity)[-1]
        rest = total(system, plan(system, {n: v for n, v in levels.items() if n != name}).activity)[
            -1
        ]
        tolerance = 1e-11 * 10 * _scale(system)
        assert found.alone[m, NOX] == pytest.approx(nothing - only, abs=tolerance)
        assert found.last_in[m, NOX] == pytest.approx(rest - everything, abs=tolerance)
