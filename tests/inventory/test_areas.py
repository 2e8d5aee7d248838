"""The table of areas: shares per source, the blank source, and what cannot be."""

import numpy as np
import pytest

from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.system import Sources
from lantian.errors import Place, Problems
from lantian.indicators.contract import Subject
from lantian.indicators.emission import EmissionDeclared
from lantian.inventory.areas import AreaRow, area_shares
from lantian.vocabulary import POLLUTANTS

SOURCES = Sources(("car", "site", "stove"), ("a", "b", "b"), ("vehicle", "m2", "t"), ("other",) * 3)


def rows(*lines: tuple[str, str, float]) -> list[AreaRow]:
    own = {"unit": "%", "low": 0, "high": 200, "basis": "assumed", "source_key": "assumption"}
    return [
        AreaRow.model_validate({**own, "area": a, "source": s, "value": v, "low": min(v, 0)}).at(
            Place("areas.csv", line)
        )
        for line, (a, s, v) in enumerate(lines, start=2)
    ]


def read(*lines: tuple[str, str, float]) -> tuple[Areas | None, list[str]]:
    problems = Problems()
    areas = area_shares(rows(*lines), SOURCES, problems)
    return areas, [p.text() for p in problems.found]


def test_a_blank_source_stands_for_all_without_rows_of_their_own() -> None:
    areas, told = read(("n", "car", 70), ("s", "car", 30), ("n", "", 20), ("s", "", 80))
    assert told == []
    assert areas is not None
    assert areas.names == ("n", "s")
    np.testing.assert_allclose(areas.share, [[0.7, 0.2, 0.2], [0.3, 0.8, 0.8]])


def test_an_area_without_a_row_of_a_source_has_none_of_it() -> None:
    areas, told = read(("n", "car", 100), ("n", "", 20), ("s", "", 80))
    assert told == []
    assert areas is not None
    assert areas.share[:, 0].tolist() == [1.0, 0.0]


def test_shares_that_miss_100_by_typing_are_scaled_to_it() -> None:
    areas, told = read(*((name, "", 33.3) for name in "nst"))
    assert told == []
    assert areas is not None
    np.testing.assert_allclose(areas.share, 1 / 3)
    emission = np.array([[3.0], [6.0], [9.0]])
    np.testing.assert_allclose(areas.split(emission).sum(axis=0), emission)
    np.testing.assert_allclose(areas.inside(("n", "t")), 2 / 3)


def test_beside_a_target_on_areas_stands_of_how_many_sources_its_part_is_assumed() -> None:
    """The car does not emit; of the site all shares are derived, of the stove one is assumed."""
    lines = rows(("n", "car", 100), *(("n", own, 20) for own in ("site", "stove")))
    lines += rows(*(("s", own, 80) for own in ("site", "stove")))
    derived = [
        row if row.source != "site" else row.model_copy(update={"basis": "derived"})
        for row in lines
    ]
    areas = area_shares(derived, SOURCES, Problems())
    assert areas is not None
    assert areas.assumed == (0, 2)
    emission = np.zeros((3, len(POLLUTANTS), 1, 1))
    emission[1:, POLLUTANTS.index("NOx")] = 5.0
    case = Projection((2020,), emission, np.zeros((0, 1, 1)))
    own = EmissionDeclared(sources=SOURCES, areas=areas, seasons={}).fit(np.zeros((0, 1)), case)
    told = own.told(case, Subject(pollutant="NOx", areas=("s",)), 2020)
    assert told is not None
    assert told.values == {"n": 1, "all": 2}
    assert own.told(case, Subject(pollutant="NOx"), 2020) is None
    site = Subject(pollutant="NOx", areas=("s",), sources=("site",))
    assert own.told(case, site, 2020) is None


def test_no_rows_are_no_areas() -> None:
    assert read() == (None, [])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            [("n", "car", 70), ("s", "car", 20), ("n", "", 100)],
            "areas.csv:2  value\n  the shares of source 'car' add up to 90.0%, not to 100 %.",
        ),
        (
            [("n", "", 70), ("s", "", 40)],
            "areas.csv:2  value\n  the shares of all other sources add up to 110.0%, not to 100 %.",
        ),
        (
            [("n", "", 100), ("n", "sites", 100)],
            "areas.csv:3  source\n  'sites' is not a source. Did you mean 'site'?",
        ),
        (
            [("n", "car", 100), ("n", "site", 100)],
            "areas.csv:2  source\n  source 'stove' has no share in any area."
            " Add its rows, or rows with a blank source for all others.",
        ),
        ([("n", "", 110), ("s", "", -10)], "areas.csv:3  value\n  a share cannot be negative."),
    ],
)
def test_faults(lines: list[tuple[str, str, float]], said: str) -> None:
    assert read(*lines)[1] == [said]


def amounts(*lines: tuple[str, str, str, float, str]) -> list[AreaRow]:
    """Rows of area, sector, source, amount and unit."""
    made = rows(*((area, source, value) for area, _, source, value, _ in lines))
    return [
        row.model_copy(update={"sector": sector, "unit": unit})
        for row, (_, sector, _, _, unit) in zip(made, lines, strict=True)
    ]


def test_amounts_of_what_a_source_goes_with_are_proxies_and_sectors_have_rows() -> None:
    problems = Problems()
    land = [("n", "", "", 3.0, "km2"), ("s", "", "", 150.0, "ha"), ("t", "", "", 1.5, "km2")]
    people = [("n", "b", "", 150.0, "person"), ("s", "b", "", 50.0, "person")]
    areas = area_shares(amounts(*land, *people), SOURCES, problems)
    assert not problems.found
    assert areas is not None
    np.testing.assert_allclose(areas.share[:, 0], [0.5, 0.25, 0.25])
    np.testing.assert_allclose(areas.share[:, 1:], [[0.75] * 2, [0.25] * 2, [0.0] * 2])


def test_units_that_are_mixed_and_amounts_of_nothing_are_told() -> None:
    problems = Problems()
    given = amounts(
        ("n", "", "", 3.0, "km2"),
        ("s", "", "", 40.0, "%"),
        ("n", "b", "", 0.0, "person"),
    )
    area_shares(given, SOURCES, problems)
    assert [(p.place.line, p.found.text()) for p in problems.found] == [
        (3, "'%' is not a unit of the same kind as 'km2'."),
        (4, "the amounts of 'b' add up to nothing."),
    ]
