"""What a scenario sets in the place of numbers of tables, and where each then comes from."""

from pathlib import Path
from typing import Any

import pytest

from lantian.errors import Place, Problems
from lantian.parameters import Band, QuantityRow, declared, read_quantities
from lantian.parameters.changes import (
    SLIP,
    Amount,
    Change,
    Changes,
    ImpossibleError,
    Selection,
    Sort,
)
from lantian.parameters.reader import QuantityTable
from lantian.parameters.space import CONSTANTS, ScenarioNumber, Space

KEYS = "source,pollutant,year,value,unit,low,high,basis,source_key"
LINES = (
    "truck,NOx,2017,5,t,4,6,published,key",
    "truck,NOx,2019,8,t,7,9,published,key",
    "truck,CO,2017,20,t,15,30,published,key",
    "bus,NOx,2017,2,t,1,3,published,key",
)
HERE = Place("case.yaml", 9)


class AmountRow(QuantityRow):
    """A number by source, pollutant and year."""

    source: str
    pollutant: str
    year: int


def change(**how: float) -> Change:
    return Change(Selection("inventory", {"source": "truck"}), HERE, **how)  # type: ignore[arg-type]


@pytest.fixture
def table(tmp_path: Path) -> QuantityTable[AmountRow]:
    path = tmp_path / "inventory.csv"
    path.write_text("\n".join([KEYS, *LINES]), encoding="utf-8")
    problems = Problems()
    found = read_quantities(path, AmountRow, problems, tmp_path)
    problems.stop_if_any()
    return found


def taken(table: QuantityTable[AmountRow], changes: Changes) -> Space:
    space = Space(changes=changes)
    for row in table.rows:
        space.slot(row)
    return space


def test_a_number_comes_from_the_last_change_or_from_its_table(
    table: QuantityTable[AmountRow],
) -> None:
    later = Place("case.yaml", 10)
    both = [change(times=2.0), Change(Selection("inventory", {"year": 2017}), later, times=3.0)]
    changes = Changes(both, own=2)
    assert taken(table, changes).central()[len(CONSTANTS) :, 0].tolist() == [30, 16, 120, 6]
    assert [changes.place_of(row) for row in table.rows[:2]] == [later, HERE]
    assert taken(table, Changes()).changes.place_of(table.rows[0]) == table.rows[0].place


def test_changes_of_a_variant_act_on_what_the_scenario_sets(
    table: QuantityTable[AmountRow],
) -> None:
    changes = Changes(
        [
            change(times=2.0),
            Change(change().selection, HERE, plus=1.0, unit="kt"),
            change(times=10),
        ],
        1,
        [(1,), (1, 2)],
    )
    found = taken(table, changes).variants()[len(CONSTANTS) :]
    assert found.tolist() == [[1010, 10100], [1016, 10160], [1040, 10400], [2, 2]]


def test_later_changes_find_numbers_that_were_taken_since(
    table: QuantityTable[AmountRow],
) -> None:
    space = taken(table, Changes())
    what_if = Changes([change(times=2.0)], 0, [(0,)])
    assert space.changed(what_if)[len(CONSTANTS) :, 0].tolist() == [10, 16, 40, 2]
    assert space.changed(Changes([], 0, [()]))[len(CONSTANTS) :, 0].tolist() == [5, 8, 20, 2]
    other = table.rows[0].model_copy().at(Place("inventory.csv", 9))
    space.slot(other)
    assert space.changed(what_if)[len(CONSTANTS) :, 0].tolist() == [10, 16, 40, 2, 10]
    assert what_if.found == {0}


def test_one_value_for_things_that_differ_is_noted_by_what_they_differ_in(
    table: QuantityTable[AmountRow],
) -> None:
    changes = Changes([Change(change().selection, HERE, to=3.0, unit="t")], own=1)
    assert taken(table, changes).central()[len(CONSTANTS) :, 0].tolist() == [3, 3, 3, 2]
    assert {k: list(v) for k, v in changes.cells[0].items()} == {
        "source": ["truck"],
        "pollutant": ["NOx", "CO"],
    }
    assert changes.spread(0) == {"pollutant": ["NOx", "CO"]}
    assert changes.sorts == {0: {Sort("AmountRow", "", ""): "inventory"}}
    assert changes.steps == {0: 3}


def test_growth_goes_on_from_its_year_and_ends_with_the_rows(
    table: QuantityTable[AmountRow],
) -> None:
    changes = Changes([change(growth=0.1, since=2017)], own=1)
    assert taken(table, changes).central()[len(CONSTANTS) :, 0] == pytest.approx(
        [5, 8 * 1.21, 20, 2]
    )
    assert changes.stands_still(0, 2018) == 2017  # those of CO
    assert changes.stands_still(0, 2017) is None


@pytest.mark.parametrize(
    ("before", "how", "after"),
    [
        (("10", "9", "11", "t"), {"plus": -10.0, "unit": "t"}, (0, -1, 1)),
        (("10", "9", "11", "t"), {"plus": -10.1, "unit": "t"}, "-0.1 cannot be negative"),
        (("10", "-9", "11", "t"), {"plus": -10.1, "unit": "t"}, (-0.1, -19.1, 0.9)),
        (("10", "9", "11", "degC"), {"plus": -10.1, "unit": "degC"}, (-0.1, -1.1, 0.9)),
        (("80", "70", "90", "%"), {"times": 1.25, "of_shares": True}, (100, 87.5, 100)),
        (("80", "70", "90", "%"), {"times": 1.26, "of_shares": True}, "100.8 % is not between"),
        (("80", "70", "90", "%"), {"times": 1.26}, (100.8, 88.2, 113.4)),
        (("0.8", "0.7", "0.9", ""), {"to": 100.0, "unit": "%", "of_shares": True}, (1, 1, 1)),
        (("2", "1", "3", "t"), {"to": 5000.0, "unit": "kg"}, (5, 5, 5)),
    ],
)
def test_what_becomes_of_a_number_and_what_cannot(
    before: tuple[str, ...], how: dict[str, Any], after: tuple[float, ...] | str
) -> None:
    value, low, high, unit = before
    given = {"source": "truck", "pollutant": "NOx", "year": 2017, "basis": "published"}
    amounts = {"value": value, "low": low, "high": high, "unit": unit or "1"}
    row = AmountRow.model_validate({**given, **amounts, "source_key": "key"})
    amount = Amount(row.value, row.low, row.high)
    if isinstance(after, tuple):
        assert change(**how).amount(row, amount) == pytest.approx(after)
    else:
        with pytest.raises(ImpossibleError, match=after):
            change(**how).amount(row, amount)


@pytest.mark.parametrize(("most", "shares"), [(1.0, True), (1.5, False)])
def test_a_share_that_no_table_has_above_all_stays_below(most: float, shares: bool) -> None:
    class ShareRow(AmountRow):
        plausible = declared({"": (Band("", 0.0, most),)})

    given = {"source": "truck", "pollutant": "NOx", "year": 2017, "basis": "published"}
    amounts = {"value": 80, "low": 70, "high": 90, "unit": "%"}
    row = ShareRow.model_validate({**given, **amounts, "source_key": "key"})
    found = change(times=1.2).amount(row, Amount(80.0, 70.0, 90.0))
    assert found == pytest.approx((96.0, 84.0, 100.0 if shares else 108.0))
    with pytest.raises(ImpossibleError, match="100 %" if shares else "plausible"):
        change(times=2.0).amount(row, Amount(80.0, 70.0, 90.0))


def test_columns_by_which_numbers_are_told_apart(table: QuantityTable[AmountRow]) -> None:
    level = ScenarioNumber(("level", "a"), 0.5, "1", HERE, 0.4, 0.6)
    every = [*table.rows, level]
    assert Selection("inventory", {}).columns_known(every) == ["source", "pollutant", "year"]
    assert Selection("scenario", {}).columns_known(every) == ["kind", "id", "year"]
    assert change().selection.known(every) == {"source": ["truck", "bus"]}
    assert change().selection.years_known(every) == [2017, 2019]


@pytest.mark.parametrize(
    ("times", "slipped"), [(SLIP, None), (SLIP * 1.01, SLIP * 1.01), (0.9 / SLIP, SLIP / 0.9)]
)
def test_a_change_by_more_than_a_hundred_is_asked_whichever_way(
    table: QuantityTable[AmountRow], times: float, slipped: float | None
) -> None:
    changes = Changes(
        [change(times=times), change(growth=200.0, since=2017), change(times=1.0)], own=3
    )
    assert changes.slipped(0) is None  # it is about nothing yet
    taken(table, changes)
    found = [changes.slipped(i) for i in range(3)]
    assert found == [None if slipped is None else pytest.approx(slipped), None, None]
