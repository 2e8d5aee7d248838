"""Years without an inventory: what is known of them, and what to write where nothing is."""

from pathlib import Path

import pytest

from lantian.errors import Place, Problems
from lantian.indicators.tables import AirRow
from lantian.inventory.totals import TotalRow
from lantian.parameters import QuantityTable, Space
from lantian.plan.references import References, check_references, told_by_targets
from support.scenarios import sound, target, text_of

NUMBER = {"basis": "published", "source_key": "x", "note": ""}


def known(problems: Problems) -> References:
    """Totals of NOx and a mean of PM2.5 in 2013."""
    total = {"sector": "", "pollutant": "NOx", "year": 2013, "value": 50, "unit": "t"}
    mean = {"indicator": "pm25", "year": 2013, "value": 80, "unit": "ug/m3", "state": "standard"}
    rows = (
        TotalRow.model_validate({**total, "low": 40, "high": 60, **NUMBER}).at(Place("totals", 2)),
        AirRow.model_validate({**mean, "low": 70, "high": 90, **NUMBER}).at(Place("air", 2)),
    )
    space = Space()
    return References(
        QuantityTable("totals.csv", rows[:1], problems, space),  # type: ignore[arg-type]
        QuantityTable("air.csv", rows[1:], problems, space),  # type: ignore[arg-type]
    )


CUT = {"reduce_by": "10 %", "relative_to": "2013"}
PM25 = {"indicator": "pm25", "pollutant": ""}
INVENTORY = {"reduce_by": "10 %", "relative_to": "2017"}


@pytest.mark.parametrize(
    ("keys", "remedy"),
    [
        (CUT, ""),
        (INVENTORY, ""),
        ({"reduce_by": "10 %", "relative_to": "baseline"}, ""),
        ({"at_most": "5 t/a"}, ""),
        ({**CUT, "pollutant": "SO2"}, "table totals"),
        ({**CUT, "sources": "[a]"}, "as 'was: 120 t'"),
        ({**CUT, "areas": "[a]"}, "as 'was: 120 t'"),
        ({**CUT, "season": "6-9"}, "table totals"),
        ({**CUT, "sources": "[a]", "was": "5 t"}, ""),
        ({**CUT, **PM25}, ""),
        ({**CUT, **PM25, "state": "standard"}, ""),
        ({**CUT, **PM25, "state": "actual"}, "table air"),
        ({**CUT, **PM25, "relative_to": "2014"}, "table air"),
    ],
)
def test_a_year_of_which_nothing_is_known_is_told_with_what_to_write(
    tmp_path: Path, keys: dict[str, str], remedy: str
) -> None:
    problems = Problems()
    check_references(sound(tmp_path, text_of([], [target("t", **keys)])), known(problems), problems)
    found = [p.text() for p in problems.found]
    assert len(found) == bool(remedy)
    for text in found:
        assert text.startswith("case.yaml:8:")
        assert "targets[0].relative_to\n  the run has no inventory of 201" in text
        assert remedy in text


@pytest.mark.parametrize(
    ("keys", "amount", "said"),
    [
        ({**CUT, "was": "5 kt/a"}, (5000, 5000, 5000), ""),
        ({**CUT, "was": "{value: 5 kt/a, low: 4000 t/a, high: 6 kt/a}"}, (5000, 4000, 6000), ""),
        ({**CUT, "was": "5 kt"}, (5000, 5000, 5000), ""),
        ({**CUT, "was": "5 km"}, None, "'km' is not a unit of the same kind as"),
        ({**INVENTORY, "was": "5 t/a"}, None, "the run has an inventory of 2017. Take this away"),
        (CUT, None, ""),
    ],
)
def test_what_a_target_says_of_an_earlier_year_is_a_number_with_a_range(
    tmp_path: Path, keys: dict[str, str], amount: tuple[float, ...] | None, said: str
) -> None:
    read, space, problems = sound(tmp_path, text_of([], [target("t", **keys)])), Space(), Problems()
    found = told_by_targets(read, space, problems)
    assert [said in p.text() for p in problems.found] == [True] * bool(said)
    assert set(found) == ({"t"} if amount else set())
    if amount:
        low, high = space.ends()
        value = (found["t"].numbers(theta)[0, 0] for theta in (space.central(), low, high))
        assert tuple(value) == pytest.approx(amount)
