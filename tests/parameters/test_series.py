"""Numbers that carry a year: straight lines between the rows, the last one holds on."""

import numpy as np
import pytest

from lantian.errors import Place, Problems
from lantian.parameters import QuantityRow, QuantityTable
from lantian.parameters.series import fill, filled_numbers, of_year
from lantian.parameters.space import Numbers


class Plain(QuantityRow):
    parameter: str


class Dated(Plain):
    year: int | None = None


def row(parameter: str, year: int | None, value: float, unit: str = "t", **more: object) -> Dated:
    given = {
        "parameter": parameter,
        "year": year,
        "value": value,
        "unit": unit,
        "low": value - 1,
        "high": value + 2,
        "basis": "published",
        "source_key": "test",
        **more,
    }
    return Dated.model_validate(given).at(Place("region.csv", int(value)))


def single(slot: int, factor: float) -> Numbers:
    return Numbers(np.asarray(slot), np.asarray(factor))


def table(*rows: Dated) -> QuantityTable[Dated]:
    return QuantityTable("region.csv", rows, Problems())


@pytest.mark.parametrize(
    ("known", "wanted", "expected", "filled"),
    [
        ((2015, 2017), (2015, 2017), [1, 2], ()),
        ((2015, 2017), (2016, 2020), [1.5, 2], (2016, 2020)),
        ((2015, 2019), (2016, 2018), [1.25, 1.75], (2016, 2018)),
        ((2015,), (2015, 2016), [1, 1], (2016,)),
    ],
)
def test_between_rows_on_a_line_and_after_them_level(
    known: tuple[int, ...],
    wanted: tuple[int, ...],
    expected: list[float],
    filled: tuple[int, ...],
) -> None:
    filling = fill(known, wanted)
    assert filling is not None
    numbers = np.arange(1.0, len(known) + 1)
    np.testing.assert_allclose(filling.of(numbers), expected, rtol=1e-15)
    assert filling.filled == filled


@pytest.mark.parametrize("known", [(), (2016,), (2016, 2020)])
def test_a_series_has_nothing_before_its_first_row(known: tuple[int, ...]) -> None:
    assert fill(known, (2015, 2016)) is None


def test_a_row_of_the_year_is_taken_bit_for_bit() -> None:
    filling = fill((2015, 2016, 2017), (2016,))
    assert filling is not None
    assert filling.of(np.array([np.inf, 0.1, np.nan])).tolist() == [0.1]


def test_a_table_in_one_year() -> None:
    dated = table(row("area", None, 7), row("people", 2015, 10), row("people", 2017, 20))
    found = of_year(dated, Plain, 2017)
    assert [(r.parameter, r.value, str(r.place)) for r in found.rows] == [
        ("area", 7, "region.csv:7"),
        ("people", 20, "region.csv:20"),
    ]
    assert found.value("t", parameter="people") == 20
    assert filled_numbers(found, 2017) == []
    assert [r.parameter for r in of_year(dated, Plain, 2014).rows] == ["area"]


def test_numbers_between_two_rows_have_their_range_and_weaker_basis() -> None:
    later = row("people", 2019, 20e3, "kg", low=0, high=40e3, basis="assumed")
    (found,) = of_year(table(row("people", 2015, 10), later), Plain, 2016).rows
    assert (found.value, found.low, found.high) == pytest.approx((12.5, 6.75, 19))
    assert (found.unit, found.basis, str(found.place)) == ("t", "assumed", "region.csv:10")


def test_only_what_is_asked_for_is_told_as_filled() -> None:
    dated = table(row("people", 2015, 10), row("cars", 2015, 20), row("area", None, 7))
    found = of_year(dated, Plain, 2017)
    assert filled_numbers(found, 2017) == []
    assert found.find(parameter="cars") is not None
    assert found.find(parameter="area") is not None
    assert found.find(parameter="buses") is None
    (told,) = filled_numbers(found, 2017)
    assert told.text() == (
        "numbers of region.csv without a row of 2017, which follow from their other years: cars."
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            (row("people", None, 10), row("people", 2015, 20)),
            "region.csv:20  year\n  a row of one year beside a row for all years. Give each row its"
            " year, or keep the one for all years.",
        ),
        (
            (row("people", 2015, 10), row("people", 2019, 20, "km")),
            "region.csv:20  unit\n  'km' is not a unit of the same kind as 't'.",
        ),
    ],
)
def test_rows_that_do_not_go_together_are_told(rows: tuple[Dated, ...], expected: str) -> None:
    dated = table(*rows)
    of_year(dated, Plain, 2017)
    assert [p.text() for p in dated.problems.found] == [expected]


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_year_between_is_its_share_of_both_numbers(share: float) -> None:
    """As numbers of the parameter vector as well, each in its own unit."""
    filling = fill((2015, 2019), (2015, round(2015 + 4 * share), 2019))
    assert filling is not None
    found = filling.numbers([single(2, 10.0), single(3, 1.0)])
    theta = np.array([[0.0], [1.0], [3.0], [7.0]])
    expected = [30.0, (1 - share) * 30.0 + share * 7.0, 7.0]
    np.testing.assert_allclose(found(theta)[:, 0], expected, rtol=1e-15)
