"""Tables that indicators share: what is said about faulty ones."""

import pytest
from pydantic import ValidationError

from indicators.case import context, row, rows_of
from lantian.indicators import find
from lantian.indicators.tables import CONCENTRATIONS, AirRow


def test_a_unit_that_misfits_is_a_problem_of_its_row() -> None:
    rows = [
        r.model_copy(update={"unit": "t/a"}).at(r.place) if (r.year) == 2017 else r
        for r in rows_of("air")
        if r.indicator == "pm25"
    ]
    index = [r for r in rows_of("air") if r.indicator == "pm25-index"]
    at = context({"air": rows + index, "response": rows_of("response")})
    find("pm25").declare(at)
    (only,) = (p.text() for p in at.problems.found)
    assert only.endswith("'t/a' is not a unit of the same kind as 'ug/m3'.")
    assert "air.csv:" in only


def test_observations_are_of_indicators_and_known_statistics() -> None:
    for name in ("pm25", "co2-intensity", "good-days"):
        state = "actual" if name in CONCENTRATIONS else ""
        assert row(AirRow, 1.0, "1", indicator=name, year=2017, state=state).indicator == name
    with pytest.raises(ValidationError) as error:
        row(AirRow, 1.0, "1", indicator="pm52", year=2017)
    (fault,) = error.value.errors()
    assert fault["type"] == "literal_error"
    assert "'pm25'" in fault["ctx"]["expected"]
