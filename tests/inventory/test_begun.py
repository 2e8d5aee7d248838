"""Sectors that begin with what another scenario left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from inventory.tabulated_case import activity, inputs_of, number, sectors
from lantian.errors import Place
from lantian.inventory.contract import (
    ActivityRow,
    Array,
    Start,
    StateNames,
    declare_activity,
)
from lantian.parameters import ScenarioNumber, Space
from lantian.parameters.space import stack

YEARS = (2015, 2017)
Left = Mapping[tuple[str, ...], tuple[float, float]]
"""Controls -> activity in both years."""


def start(space: Space, left: Left, total: float = 1.0) -> Start:
    """What is left of restaurants without purifier; there are ``total`` times as many of them."""
    amount = np.array([*left.values()])
    numbers = [
        ScenarioNumber(("starts_from", str(y)), value * total, "outlet", Place("?"), 0.0, 1e9)
        for y, value in zip(YEARS, amount.sum(axis=0).tolist(), strict=True)
    ]
    names = StateNames(("restaurant-small",) * len(left), ("none",) * len(left), tuple(left))
    totals = {"restaurant-small": stack([space.number(n) for n in numbers])}
    return Start(YEARS, names, amount, totals)


def declared(
    rows: Sequence[ActivityRow], left: Left, total: float = 1.0, own: bool = False
) -> tuple[StateNames, Array, list[str]]:
    """States, their activity by year, and what is said; ``own``: restaurants are counted anew."""
    inputs = inputs_of(sectors()["catering"], rows, {}, {})
    begun = start(inputs.activity.space, left, total)
    inputs = replace(inputs, start=replace(begun, total={}) if own else begun)
    names, numbers = declare_activity(inputs)
    found = numbers(inputs.activity.space.central(), np.arange(len(inputs.years)))[..., 0]
    return names, found, [p.found.text() for p in inputs.problems.found]


LEFT: Left = {(): (10.0, 6.0), ("hood",): (0.0, 3.0), ("hood", "filter"): (0.0, 1.0)}


def test_states_begin_with_their_packages_and_follow_the_driver() -> None:
    names, found, told = declared([], LEFT)
    assert told == []
    assert names.controls == ((), ("hood",), ("hood", "filter"))
    np.testing.assert_allclose(found[:, 0], [10, 0, 0])
    np.testing.assert_allclose(found[:, 1:], np.array([[6.0], [3.0], [1.0]]).repeat(4, axis=1))


def test_a_total_is_divided_as_it_was_left() -> None:
    _, found, _ = declared([], LEFT, total=3.0)
    np.testing.assert_allclose(found[:, 1], [18, 9, 3])


def test_rows_up_to_the_base_year_name_states_and_later_ones_hold() -> None:
    rows = [
        *activity("restaurant-small", "standard", "outlet", 5, 5),
        number(ActivityRow, 2, "outlet", source="restaurant-small", technology="none", year=2019),
    ]
    names, found, told = declared(rows, {(): (10.0, 6.0)})
    assert told == []
    assert dict(zip(names.technology, found.tolist(), strict=True)) == {
        "none": [10, 6, 6, 2, 2],
        "standard": [0, 0, 0, 0, 0],
    }


def test_a_source_without_a_total_begins_with_its_rows() -> None:
    rows = activity("restaurant-small", "none", "outlet", 5, 7)
    names, found, told = declared(rows, LEFT, own=True)
    assert told == []
    assert names.controls == ((),)
    assert found.tolist() == [[5, 7, 7, 7, 7]]


def test_another_source_still_needs_its_rows() -> None:
    rows = activity("barbecue", "open-air", "outlet", 5, 7)[1:]
    _, _, told = declared(rows, LEFT)
    assert told == ["no row of the year 2015 for 'barbecue / open-air'."]


@pytest.mark.parametrize(("state", "year", "expected"), [(0, 2015, 10), (1, 2017, 3)])
def test_a_part_is_a_share_of_the_total(state: int, year: int, expected: float) -> None:
    space = Space()
    part = start(space, LEFT, 2.0).part(state, year)
    assert part(space.central())[0] == pytest.approx(2 * expected)
