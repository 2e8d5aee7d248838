"""The response's tables: Tongzhou's own, and what is said about faulty ones."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from indicators.case import YEARS, context, declared, projected, row, rows_of
from lantian.indicators import find
from lantian.indicators.contract import HIGH, LOW, Context, Subject, span
from lantian.indicators.pm25 import Pm25Declared
from lantian.indicators.tables import AirRow


def response(at: Context | None = None) -> Pm25Declared:
    found = declared(find("pm25"), at or context())
    assert isinstance(found, Pm25Declared)
    return found


def told(**tables: Any) -> list[str]:
    at = context({name: tables.get(name, rows_of(name)) for name in ("air", "response")})
    find("pm25").declare(at)
    return [p.text() for p in at.problems.found]


def test_tongzhou_is_read_without_problems() -> None:
    at = context()
    own = response(at)
    theta = at.space.central()
    assert rows_of("topdown")
    assert dict(zip(own.past, own.observed(theta)[:, 0].tolist(), strict=True)) == {
        2015: 92.5,
        2017: 67.0,
    }
    changes = own.regional_change(theta)[:, 0].tolist()
    assert dict(zip(own.later, changes, strict=True)) == pytest.approx(
        {2018: -0.06, 2019: -0.06, 2020: -0.06}
    )
    np.testing.assert_allclose(own.weight(theta).sum(axis=1), 1.0)


def test_both_ends_of_the_local_share_reproduce_the_observations() -> None:
    at = context()
    own, baseline = response(at), projected(1, seed=1)
    fitted = own.fit(span(at.space, own.ranged), baseline)
    value = fitted.value(baseline, Subject())
    assert value[:2] == pytest.approx(np.tile([[92.5], [67.0]], 3))


def test_the_range_takes_the_ends_of_the_local_share_and_nothing_else() -> None:
    at = context()
    own = response(at)
    theta = span(at.space, own.ranged)
    assert own.local_share(theta).tolist() == pytest.approx([0.3, 0.15, 0.45])
    moved = (theta[:, [LOW, HIGH]] != theta[:, :1]).any(axis=1) & ~np.isnan(theta[:, 0])
    assert np.flatnonzero(moved).tolist() == [int(own.local_share.slot)]


def test_a_missing_weight_is_a_problem_with_its_keys() -> None:
    rows = [r for r in rows_of("response") if (r.group, r.pollutant) != ("coal", "SO2")]
    (only,) = told(response=rows)
    assert "group 'coal', pollutant 'SO2'" in only


def test_group_shares_that_miss_one_are_a_problem() -> None:
    rows = [
        r.model_copy(update={"value": 0.0}).at(r.place)
        if (r.parameter, r.group) == ("group-share", "coal")
        else r
        for r in rows_of("response")
    ]
    (only,) = told(response=rows)
    assert "add up to 0.97" in only


def test_weights_that_miss_one_are_a_problem_of_their_group() -> None:
    rows = [
        r.model_copy(update={"value": r.value * 1.5}).at(r.place)
        if (r.parameter, r.group) == ("weight", "mobile")
        else r
        for r in rows_of("response")
    ]
    (only,) = told(response=rows)
    assert "the rows weight mobile add up to 1.5, not to 1." in only


def test_a_year_without_observation_is_a_problem() -> None:
    at = context(years=(2016, *YEARS[1:]))
    find("pm25").declare(at)
    assert "indicator 'pm25', year '2016'" in at.problems.found[0].text()


def test_a_year_without_a_change_of_the_regional_part_is_a_problem() -> None:
    rows = [r for r in rows_of("response") if (r.parameter, r.year) != ("regional-change", 2019)]
    (only,) = told(response=rows)
    assert "parameter 'regional-change', group '', pollutant '', year '2019'" in only


def test_a_unit_that_misfits_is_a_problem_of_its_row() -> None:
    rows = [
        r.model_copy(update={"unit": "t/a"}).at(r.place) if (r.year) == 2017 else r
        for r in rows_of("air")
        if r.indicator == "pm25"
    ]
    (only,) = told(air=rows)
    assert only.endswith("'t/a' is not a unit of the same kind as 'ug/m3'.")
    assert "air.csv:" in only


def test_observations_are_of_indicators_and_known_statistics() -> None:
    for name in ("pm25", "co2-intensity", "good-days"):
        assert row(AirRow, 1.0, "1", indicator=name, year=2017).indicator == name
    with pytest.raises(ValidationError) as error:
        row(AirRow, 1.0, "1", indicator="pm52", year=2017)
    (fault,) = error.value.errors()
    assert fault["type"] == "literal_error"
    assert "'pm25'" in fault["ctx"]["expected"]
