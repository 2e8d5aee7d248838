"""Dustfall month by month, and the dust that lies on roads."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.case import BASE_YEAR, SOURCES, YEARS, context, projected, rows_of
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators.contract import Fitted, Subject
from lantian.indicators.parts import declared_part
from lantian.inventory.months import YearShapes, in_season
from lantian.vocabulary import POLLUTANTS

BASELINE, BASE = projected(1, seed=5), YEARS.index(BASE_YEAR)
TSP = POLLUTANTS.index("TSP")


def fitted(name: str) -> Fitted:
    at = context()
    own = declared_part(name, at)
    at.problems.stop_if_any()
    assert own is not None
    return own.fit(at.space.central(), BASELINE)


def cut(factor: float) -> Projection:
    emission = BASELINE.emission.copy()
    emission[SOURCES.group.index("dust"), TSP] *= factor
    return replace(BASELINE, emission=emission)


def test_april_is_the_worst_month_and_storms_may_be_left_out() -> None:
    # 7.5 with 30 % background: local 5.25, background 2.25 x 1.7 in April; 35 % of it are storms.
    own = fitted("dustfall-worst-month")
    assert own.value(BASELINE, Subject())[BASE, 0] == pytest.approx(5.25 + 2.25 * 1.7)
    without = own.value(BASELINE, Subject(sand_dust="without"))[BASE, 0]
    assert without == pytest.approx(5.25 + 2.25 * 1.7 * 0.65)  # still April
    told = own.told(BASELINE, Subject(), BASE_YEAR)
    assert told is not None
    assert told.text() == (
        "month 4 is the worst; the mean of the months is 7.5;"
        " local dust even over the year, as no table tells its months"
    )
    rows = own.rows(Subject(), BASE_YEAR)
    assert rows is not None
    assert len(rows) == 12


def of_shape(shares: Array) -> Fitted:
    """Dustfall where the sources emit in these months, dims (source, month)."""
    at = replace(context(), shapes=YearShapes(shares, {}))
    own = declared_part("dustfall-worst-month", at)
    assert own is not None
    return own.fit(at.space.central(), BASELINE)


def test_dust_of_summer_falls_in_summer() -> None:
    # 5.25 of local dust are 63 t/km2 a year, all of it in four months
    own = of_shape(np.tile(in_season("6-9") / 4, (len(SOURCES), 1)))
    assert own.value(BASELINE, Subject())[BASE, 0] == pytest.approx(5.25 * 3 + 2.25 * 1.1)
    assert own.value(BASELINE, Subject(season="11-3"))[BASE, 0] == pytest.approx(2.25 * 1.4)
    told = own.told(BASELINE, Subject(), BASE_YEAR)
    assert told is not None
    assert told.text().startswith("month 6 is the worst; the mean of the months is 7.5;")
    assert told.text().endswith("local dust by the months of its sources")


@given(weight=st.lists(st.lists(st.sampled_from([0.0, 1.0, 4.0]), min_size=12, max_size=12)
       .filter(any), min_size=len(SOURCES), max_size=len(SOURCES)))  # fmt: skip
def test_months_have_the_mean_of_the_year_and_rows_are_what_they_say(
    weight: list[list[float]],
) -> None:
    shares = np.array([np.array(own) / sum(own) for own in weight])
    own, case = of_shape(shares), cut(0.6)
    months = np.array([own.value(case, Subject(season=str(m))) for m in range(1, 13)])
    annual = fitted("dustfall").value(case, Subject())
    np.testing.assert_allclose(months.mean(axis=0), annual, rtol=1e-12)
    rows = own.rows(Subject(), YEARS[-1])
    assert rows is not None
    told = [row.constant + (row.weight * case.emission[:, :, -1]).sum(axis=(0, 1)) for row in rows]
    np.testing.assert_allclose(told, months[:, -1], rtol=1e-12)


def test_months_whose_mean_is_not_one_are_told() -> None:
    months = rows_of("dustfall_months")
    months[3] = months[3].model_copy(update={"value": 2.9, "high": 3.0})
    given = {name: rows_of(name) for name in ("air", "response")}
    at = context({**given, "dustfall_months": months})
    own = declared_part("dustfall-worst-month", at)
    assert own is not None
    own.check(at.space.central(), BASELINE, at.problems)
    assert [p.found.text() for p in at.problems.found] == [
        "the factors of the twelve months have a mean of 1.1."
    ]


def test_residue_goes_with_the_silt_that_cleaning_leaves() -> None:
    own = fitted("road-residue")
    assert own.value(BASELINE, Subject())[BASE, 0] == pytest.approx(0.535 / 0.1)
    # AP-42: half the silt is 0.5^0.91 of the dust, so that dust stands for half the residue.
    half = own.value(cut(0.5**0.91), Subject())
    np.testing.assert_allclose(half[:, 0], 0.535 / 0.1 / 2)
    assert own.rows(Subject(), BASE_YEAR) is None
