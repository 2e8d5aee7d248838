"""What no number of a kind can be is refused in a table: 0 where there is some, ends below 0."""

from collections.abc import Iterator
from typing import Any

import pytest

from lantian.inventory.contract import ActivityRow
from lantian.measures.contract import ControlRow, CostRow
from lantian.parameters import Band, QuantityRow, declared
from lantian.parameters.rows import ANY, CellError, check_band, check_low
from lantian.parameters.units import is_like
from lantian.study import load

assert load  # declares the rows of all tables


def kinds() -> Iterator[tuple[str, str, tuple[Band, ...]]]:
    """Yield each kind of number that has bands: model, kind and bands."""
    left = [QuantityRow]
    while left:
        row = left.pop()
        left += [one for one in row.__subclasses__() if one.__module__.startswith("lantian")]
        yield from ((row.__name__, kind, bands) for kind, bands in row.plausible.items() if bands)


KINDS = {f"{row} {kind}".strip(): bands for row, kind, bands in kinds()}


def counted(band: Band, bands: tuple[Band, ...]) -> tuple[str, list[Band]]:
    """Return a unit for which a band counts, with all that count for it."""
    units = [unit for unit in ("s", "K") if not any(is_like(unit, b.unit) for b in bands)]
    if band.unit == ANY:
        return units[0], [b for b in bands if b.unit == ANY]
    return band.unit, [b for b in bands if b.unit != ANY and is_like(b.unit, band.unit)]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_at_all_is_refused_where_there_is_some(kind: str) -> None:
    for band in KINDS[kind]:
        unit, alike = counted(band, KINDS[kind])
        check_band(0.0, unit, KINDS[kind])  # a scenario may say so
        if any(b.low <= 0.0 <= b.high for b in alike):
            check_band(0.0, unit, KINDS[kind], set_by_hand=False)
        else:
            with pytest.raises(CellError, match="plausible"):
                check_band(0.0, unit, KINDS[kind], set_by_hand=False)


@pytest.mark.parametrize("kind", KINDS)
def test_no_range_reaches_below_what_can_be(kind: str) -> None:
    for band in KINDS[kind]:
        unit, alike = counted(band, KINDS[kind])
        if all(b.low >= 0.0 for b in alike):
            with pytest.raises(CellError) as error:
                check_low(-1.0, unit, KINDS[kind])
            assert error.value.column == "low"
        else:
            check_low(-1.0, unit, KINDS[kind])


def test_a_cost_may_turn_out_a_saving_and_a_control_may_raise_a_pollutant() -> None:
    assert CostRow.may_gain
    check_band(-0.2, "1", ControlRow.bands("efficiency"))
    with pytest.raises(CellError):
        check_band(-1.2, "1", ControlRow.bands("efficiency"))


@pytest.mark.parametrize(("value", "unit"), [(900.0, "%"), (1.5, "1"), (-1.0, "%"), (-3.0, "t")])
def test_a_share_of_an_activity_is_at_most_all(value: float, unit: str) -> None:
    with pytest.raises(CellError):
        check_band(value, unit, ActivityRow.bands(""))


class CutRow(QuantityRow):
    """A number of tonnes between 1 and 100, by kind."""

    told_by = "kind"
    plausible = declared({"": (Band("t", 1.0, 100.0), Band("%", 1.0, 100.0)), "any": ()})
    kind: str = ""


class SavingRow(CutRow):
    """The same, of which the range may reach below 0."""

    may_gain = True


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"value": 1, "low": 0}, ""),
        ({"value": 1, "low": -0.1}, "low"),
        ({"value": 100, "unit": "t"}, ""),
        ({"value": 100.1, "unit": "t"}, "value"),
        ({"value": 0.9, "unit": "t"}, "value"),
        ({"value": 1000, "unit": "kg"}, ""),
        ({"value": 999, "unit": "kg"}, "value"),
        ({"value": 1.1, "unit": "1"}, "value"),  # of 100 %
        ({"value": 0, "unit": "t"}, "value"),
        ({"value": 5, "unit": "km"}, "unit"),
        ({"value": -5, "low": -9, "unit": "km", "kind": "any"}, ""),
        ({"value": 5, "source_key": "assumption"}, "basis"),
    ],
)
def test_a_row_holds_its_number_against_the_bands_of_its_kind(
    cells: dict[str, Any], column: str
) -> None:
    given = {"unit": "t", "low": 0, "high": 1e4, "basis": "published", "source_key": "x", **cells}
    for model in (CutRow, SavingRow):
        row = model.model_validate(given)
        if column in ("", "low" if model is SavingRow else ""):
            row.check()
            continue
        with pytest.raises(CellError) as error:
            row.check()
        assert error.value.column == column
