"""What sources follow after their last own year: levels, ranges, names with wildcards."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from lantian.errors import Place, Problems
from lantian.inventory.growth import GrowthRow, growth_of_sources
from lantian.inventory.patterns import fits, nearest_pattern
from lantian.inventory.totals import TotalRow, reference_total
from lantian.parameters import QuantityTable, Space

SECTORS = {"kiln-1": "industry", "kiln-2": "industry", "car": "transport"}
YEARS = (2015, 2016, 2017)


def row(line: int, source: str, year: int, value: float, **more: Any) -> GrowthRow:
    given = {"source": source, "year": year, "value": value, **more}
    return GrowthRow.model_validate(given).at(Place("growth.csv", line))


def levels(*rows: GrowthRow) -> tuple[dict[str, list[list[float]]], list[str]]:
    """Return value, low and high of the level of each source, dims (end, year), and faults."""
    problems, space = Problems(), Space()
    found = growth_of_sources(rows, SECTORS, YEARS, problems, space)
    low, high = space.ends()
    ends = (space.central(), low, high)
    told = {s: [own(theta)[:, 0].tolist() for theta in ends] for s, own in found.items()}
    return told, [p.text() for p in problems.found]


def test_the_range_of_a_level_is_that_of_its_change() -> None:
    """From 10 to 20, +10 within 30 %: 17 to 23; the first is what all others are held against."""
    found, told = levels(row(2, "car", 2015, 10.0), row(3, "car", 2017, 20.0))
    assert told == []
    assert list(found) == ["car"]
    np.testing.assert_allclose(found["car"], [[10, 15, 20], [10, 13.5, 17], [10, 16.5, 23]])


def test_a_range_of_ones_own_and_another_unit() -> None:
    found, told = levels(
        row(3, "car", 2017, 20e3, unit="kg", low=15e3, high=30e3),
        row(2, "car", 2014, 10.0, unit="t"),
    )
    assert told == []
    np.testing.assert_allclose(np.array(found["car"])[:, 2], [20, 15, 30])


def test_the_most_special_name_counts() -> None:
    rows = [row(2, "*", 2015, 1.0), row(3, "industry/*", 2015, 2.0), row(4, "kiln-2", 2015, 3.0)]
    found, _ = levels(*rows)
    assert {source: own[0][0] for source, own in found.items()} == {
        **{"kiln-1": 2.0, "kiln-2": 3.0, "car": 1.0}
    }


FAULTS: list[tuple[Sequence[GrowthRow], str]] = [
    (
        [row(2, "car", 2015, 1.0), row(3, "car", 2015, 2.0)],
        "growth.csv:3  year\n  'car' has 2015 twice.",
    ),
    (
        [row(2, "car", 2015, 1.0), row(3, "car", 2016, 2.0, unit="km")],
        "growth.csv:3  unit\n  'km' is not a unit of the same kind as '1'.",
    ),
    (
        [row(2, "car", 2016, 1.0)],
        "growth.csv:2  year\n  growth 'car' begins in 2016, and the run in 2015."
        " Add a row of 2015 or earlier.",
    ),
    (
        [row(2, "kiln-3", 2015, 1.0)],
        "growth.csv:2  source\n  'kiln-3' is not a source of the inventory. Did you mean 'kiln-2'?",
    ),
]


@pytest.mark.parametrize(("rows", "said"), FAULTS)
def test_levels_that_cannot_be_followed(rows: Sequence[GrowthRow], said: str) -> None:
    assert levels(*rows) == ({}, [said])


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("kiln-1", ["kiln-1"]),
        ("industry/kiln-1", ["kiln-1"]),
        ("kiln-*", ["kiln-1", "kiln-2"]),
        ("industry/*", ["kiln-1", "kiln-2"]),
        ("*/car", ["car"]),
        ("*", ["kiln-1", "kiln-2", "car"]),
        ("kiln", []),
        ("kiln-?", []),  # only * stands for other signs
        ("Car", []),
        ("transport/kiln-1", []),
    ],
)
def test_a_pattern_names_sources(pattern: str, named: list[str]) -> None:
    assert [s for s, sector in SECTORS.items() if fits(pattern, s, sector)] == named


def test_the_pattern_without_a_wildcard_or_else_the_longest_says_most() -> None:
    assert (
        nearest_pattern(["*", "kiln-*", "industry/*", "car"], "kiln-1", "industry") == "industry/*"
    )
    assert nearest_pattern(["industry/*", "kiln-1"], "kiln-1", "industry") == "kiln-1"
    assert nearest_pattern(["car"], "kiln-1", "industry") is None


def test_a_total_is_known_where_all_of_its_sectors_are() -> None:
    given = {"low": 1, "high": 9, "basis": "published", "source_key": "x", "pollutant": "NOx"}
    cells = [("", 2013, 5, "kt"), ("dust", 2013, 3, "t"), ("voc", 2013, 4, "t/a")]
    rows = [
        TotalRow.model_validate(
            {**given, "sector": sector, "year": year, "value": value, "unit": unit}
        ).at(Place("totals.csv", line))
        for line, (sector, year, value, unit) in enumerate(cells, start=2)
    ]
    table = QuantityTable("totals.csv", rows, Problems(), Space())

    def total(*sectors: str, pollutant: str = "NOx", year: int = 2013) -> float | None:
        found = reference_total(table, pollutant, year, sectors or None)
        return None if found is None else float(found(table.space.central())[0])

    assert total() == 5000
    assert total("dust", "voc") == 7
    assert total("dust", "dust") == 3
    assert total("dust", "industry") is None
    assert total(year=2014) is None
    assert total(pollutant="SO2") is None
