"""Numbers of a region against each other: what is asked back, and from where on it is refused."""

from collections.abc import Sequence
from typing import Any

import pytest

from lantian.errors import Place, Problems
from lantian.inventory.plausible import (
    ASKED_BACK,
    BETWEEN_MONTHS,
    FEWEST_ALIKE,
    IMPOSSIBLE,
    PER_HEAD,
    TYPED_SHARES,
    check_jumps,
    check_months,
    check_parts,
    check_per_head,
    doubt_jumps,
    doubt_odd,
)
from lantian.parameters import OwnRow, QuantityRow, QuantityTable

JUST = 1.001
"""Factor that leads just beyond a bound."""


class Amount(QuantityRow):
    """A number of a source in a year or a month."""

    source: str = "a"
    year: int | None = None
    month: int = 1


class Own(OwnRow):
    """A number of a table beside a scenario."""

    value: float
    unit: str


def row(value: float, unit: str = "t", line: int = 2, **keys: Any) -> Amount:
    given = {"value": value, "low": value, "high": value, "unit": unit, **keys}
    sourced = {"basis": "published", "source_key": "x"}
    return Amount.model_validate({**given, **sourced}).at(Place("t.csv", line))


def lines(problems: Problems) -> tuple[list[int], list[int]]:
    """Return the lines of faults, and those of doubts."""
    return [p.place.line for p in problems.found], [p.place.line for p in problems.warnings]


JUMPS: list[tuple[Sequence[tuple[float, str]], tuple[list[int], list[int]]]] = [
    ([(1.0, "t"), (ASKED_BACK, "t")], ([], [])),
    ([(1.0, "t"), (ASKED_BACK * JUST, "t")], ([], [3])),
    ([(ASKED_BACK * JUST, "t"), (1.0, "t")], ([], [3])),
    ([(1.0, "t"), (-ASKED_BACK * JUST, "t")], ([], [3])),
    ([(1.0, "t"), (IMPOSSIBLE / JUST, "t")], ([], [3])),
    ([(1.0, "t"), (IMPOSSIBLE, "t")], ([3], [])),
    ([(1.0, "t"), (IMPOSSIBLE, "kg")], ([], [])),
    ([(1.0, "t"), (1.0, "km")], ([], [])),
    ([(1.0, "t"), (0.0, "t"), (ASKED_BACK, "t")], ([], [])),
    ([(1.0, "t"), (0.0, "t"), (ASKED_BACK * JUST, "t")], ([], [4])),
]


@pytest.mark.parametrize(("series", "told"), JUMPS)
def test_years_of_a_series_differ_by_so_much(
    series: Sequence[tuple[float, str]], told: tuple[list[int], list[int]]
) -> None:
    rows = [row(*own, line=2 + i, year=2015 + i) for i, own in enumerate(series)]
    problems = Problems()
    check_jumps(QuantityTable("t.csv", rows, problems))
    assert lines(problems) == told


def test_a_row_of_all_years_is_no_part_of_a_series_and_other_sources_make_another() -> None:
    problems = Problems()
    rows = [row(1.0, year=2015), row(1e9), row(1e9, year=2016, source="b")]
    check_jumps(QuantityTable("t.csv", rows, problems))
    assert lines(problems) == ([], [])


def test_a_jump_is_told_with_both_lines() -> None:
    problems = Problems()
    check_jumps(
        QuantityTable("t.csv", [row(30.0, year=2015), row(1.0, line=3, year=2016)], problems)
    )
    assert [p.text() for p in problems.warnings] == [
        "t.csv:3  value\n  1 t is 30 times more or less than in line 2. Check the unit; where it is"
        " true, add a row of a year in between."
    ]


def test_a_plant_may_close() -> None:
    problems = Problems()
    given = {"unit": "t", "basis": "derived", "source_key": "x"}
    rows = [
        Own.model_validate({"value": value, **given}).at(Place("t.csv", line))
        for line, value in ((2, 1.0), (3, IMPOSSIBLE * 9), (4, 0.0))
    ]
    doubt_jumps(rows, problems)
    assert lines(problems) == ([], [3])


def odd(*values: float, last: str = "t") -> list[int]:
    """Return the lines that are asked of numbers of one kind, the last in a unit of its own."""
    problems, units = Problems(), [*["t"] * (len(values) - 1), last]
    rows = [row(v, u, line=i) for i, (v, u) in enumerate(zip(values, units, strict=True), start=2)]
    doubt_odd((("NOx", own) for own in rows), 10.0, problems)
    return lines(problems)[1]


def test_one_of_many_of_a_kind_that_is_far_from_all_others_is_asked() -> None:
    assert FEWEST_ALIKE == 3
    assert odd(1, 2, 3, 30) == []
    assert odd(1, 2, 3, 30.1) == [5]
    assert odd(2, -30.1, 1, 3) == [3]
    assert odd(0.1, 1, 2, 3) == []
    assert odd(0.099, 1, 2, 3) == [2]
    assert odd(1, 2, 30.1) == []  # too few to say so
    assert odd(1, 2, 0, 30.1) == []  # nothing is no number of them
    assert odd(1, 2, 3, 30_100, last="kg") == [5]
    assert odd(1, 2, 3, 3_000, last="kg") == []
    assert odd(1, 2, 3, 1e9, last="km") == []


def test_kinds_are_not_held_against_each_other() -> None:
    problems = Problems()
    rows = [("NOx", row(v)) for v in (1, 2, 3)] + [("CO", row(99.0))]
    doubt_odd(rows, 10.0, problems)
    assert lines(problems) == ([], [])


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((), 0),
        ((0.5, 0.5), 0),
        ((0.5, 0.5 + TYPED_SHARES / JUST), 0),
        ((0.5, 0.5 + TYPED_SHARES * JUST), 1),
        ((0.5, 0.5 - TYPED_SHARES / JUST), 0),
        ((0.5, 0.5 - TYPED_SHARES * JUST), 1),
    ],
)
def test_shares_of_a_whole_make_it_up(shares: Sequence[float], told: int) -> None:
    problems = Problems()
    check_parts([row(share, "1") for share in shares], problems)
    assert lines(problems) == ([], [2] * told)


@pytest.mark.parametrize("unit", PER_HEAD)
def test_amounts_per_head_are_refused_beyond_the_bound(unit: str) -> None:
    people = [row(100.0, "person"), row(1.0, "千人", year=2018)]
    for times, told in ((1.0, []), (JUST, [2])):
        problems = Problems()
        check_per_head([row(1000.0 * PER_HEAD[unit] * times, unit)], people, problems)
        assert lines(problems) == (told, [])
    problems = Problems()
    check_per_head([row(1e12, unit)], [], problems)
    assert lines(problems) == ([], [])


def months(*degrees: float, first: int = 1) -> list[int]:
    problems = Problems()
    rows = [row(d, "degC", line=i, month=i) for i, d in enumerate(degrees, start=first)]
    check_months(rows, problems)
    return lines(problems)[1]


def test_a_month_is_near_one_of_the_months_beside_it() -> None:
    year = [-4, 0, 7, 15, 21, 25, 27, 26, 21, 14, 5, -2]
    assert months(*year) == []
    assert months(-4, 0, 7, 15, 21, -25, *year[6:]) == [6]
    assert months(34, *year[1:]) == [1]  # December and February stand beside January
    assert months(*year[:11], 42) == [12]
    assert months(0, BETWEEN_MONTHS, first=5) == []
    assert months(0, BETWEEN_MONTHS * JUST, first=5) == [5, 6]
    assert months(0, first=5) == []
    assert months(0, 99, 0, first=5) == [5, 6, 7]
