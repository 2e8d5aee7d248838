"""Targets on some months of a year: by hand, as rows of the mix, and months make up the year."""

from calendar import monthrange
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from indicators.case import (
    BASE_YEAR,
    SOURCES,
    YEARS,
    context,
    declared,
    drawn,
    place_of,
    projected,
)
from lantian.indicators import find
from lantian.indicators.contract import Asked, Context, Fitted, Subject, Surroundings
from lantian.inventory.months import MONTHS, YearShapes, even_shares, in_season

BASE = YEARS.index(BASE_YEAR)
BASELINE = projected(1, seed=5)
MEANS = ("pm25", "pm10", "so2", "no2")
EACH_MONTH = tuple(str(month) for month in range(1, MONTHS + 1))
DAYS = np.array([monthrange(2019, month)[1] for month in range(1, MONTHS + 1)])
HEATED = "stove"


def shapes() -> YearShapes:
    """The stove burns from November to March, the others alike all year."""
    shares = even_shares(len(SOURCES))
    shares[SOURCES.id.index(HEATED)] = in_season("11-3") / 5
    return YearShapes(shares, {})


def asking(name: str, *seasons: str, known: bool = True, **subject: Any) -> Context:
    """The small region with targets on some seasons of an indicator."""
    wanted = [Asked(Subject(season=s, **subject), place_of(name)) for s in seasons]
    at = replace(context(), asked={name: wanted}, surroundings=Surroundings(in_step=False))
    return replace(at, shapes=shapes()) if known else at


def fitted(name: str, *seasons: str, columns: int = 1, **subject: Any) -> Fitted:
    at = asking(name, *seasons, **subject)
    theta = at.space.central
    own = declared(find(name), at)
    return own.fit(theta() if columns == 1 else drawn(at.space, columns, 3), BASELINE)


def of(own: Fitted, season: str | None, case: Any = BASELINE, **subject: Any) -> Any:
    return own.value(case, Subject(season=season, **subject))


@pytest.mark.parametrize("name", MEANS)
def test_months_make_up_the_year_in_every_case(name: str) -> None:
    own, case = fitted(name, *EACH_MONTH, columns=4), projected(4, seed=8)
    assert not own.impossible.all()
    months = np.array([of(own, month, case) for month in EACH_MONTH])
    whole = np.tensordot(DAYS / DAYS.sum(), months, axes=1)
    np.testing.assert_allclose(whole, of(own, None, case), rtol=1e-9)


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize("season", ["6-9", "11-3", "4"])
def test_the_row_of_a_season_is_its_value(name: str, season: str) -> None:
    own, case = fitted(name, season, columns=3), projected(3, seed=8)
    value = of(own, season, case)
    for y, year in enumerate(YEARS):
        (row,) = own.rows(Subject(season=season), year) or ()
        told = row.constant + (row.weight * case.emission[:, :, y]).sum(axis=(0, 1))
        np.testing.assert_allclose(told, value[y], rtol=1e-9)


def test_winter_is_dirtier_and_falls_with_what_heats() -> None:
    own = fitted("pm25", "11-3", "6-9")
    assert of(own, "11-3")[BASE, 0] > of(own, None)[BASE, 0] > of(own, "6-9")[BASE, 0]
    emission = BASELINE.emission.copy()
    emission[SOURCES.id.index(HEATED)] *= 0.5
    less = replace(BASELINE, emission=emission)
    fell = {s: float((of(own, s) - of(own, s, less))[BASE, 0]) for s in ("11-3", "6-9", None)}
    assert fell["6-9"] == pytest.approx(0.0, abs=1e-9)
    # all of it falls into five months of 151 days
    assert fell["11-3"] == pytest.approx(fell[None] * 365 / 151)


def test_emission_of_months_adds_up_to_the_year() -> None:
    own = fitted("emission", *EACH_MONTH, pollutant="NOx")
    each = [of(own, month, pollutant="NOx") for month in EACH_MONTH]
    np.testing.assert_allclose(sum(each), of(own, None, pollutant="NOx"), rtol=1e-12)
    heat = partial(of, own, pollutant="NOx", sources=(HEATED,))
    assert heat("6")[BASE, 0] == 0.0
    assert heat("1")[BASE, 0] == pytest.approx(heat(None)[BASE, 0] / 5)
    (row,) = own.rows(Subject(season="1", pollutant="NOx"), 2020) or ()
    last = YEARS.index(2020)
    assert (row.weight * BASELINE.emission[:, :, last]).sum() == pytest.approx(each[0][last, 0])


def test_days_of_seasons_add_up_to_those_of_the_year() -> None:
    for name in ("good-days", "heavy-pollution-days"):
        own = fitted(name, "12-2", "3-5", "6-8", "9-11")
        # without the range of the weather and the bias, which are of whole years
        assert isinstance(own.turn, np.ndarray)  # type: ignore[attr-defined]
        plain = replace(own, turn=np.zeros(1), bias=np.zeros(1))  # type: ignore[type-var]
        each = [of(plain, season)[BASE, 0] for season in ("12-2", "3-5", "6-8", "9-11")]
        # days of a season without a value count as the others of it
        assert sum(each) == pytest.approx(of(plain, None)[BASE, 0], abs=1.0)
    winter = fitted("heavy-pollution-days", "11-3")
    assert of(winter, "11-3")[BASE, 0] > 0.5 * of(winter, None)[BASE, 0]


def test_ozone_of_summer_is_above_that_of_the_year() -> None:
    own = fitted("o3-8h-p90", "6-9", "12-2")
    assert of(own, "6-9")[BASE, 0] > of(own, None)[BASE, 0] > of(own, "12-2")[BASE, 0]
    assert own.rows(Subject(season="6-9"), 2020) is None


def test_dustfall_of_some_months_is_the_worst_of_them() -> None:
    own = fitted("dustfall-worst-month", "6-9", "4")
    assert of(own, "4")[BASE, 0] == of(own, None)[BASE, 0] > of(own, "6-9")[BASE, 0]
    assert len(own.rows(Subject(season="6-9"), 2020) or ()) == 4


@pytest.mark.parametrize("name", ["emission", "pm25", "no2", "o3-8h-p90"])
def test_what_is_missing_is_told_where_a_season_is_asked_for(name: str) -> None:
    at = asking(name, "6-9", known=False)
    find(name).declare(at)
    (problem,) = at.problems.found
    assert "season" in str(problem.place)
    assert problem.found.text() == "nothing tells the months of the sources here."


def test_without_days_a_mean_has_no_seasons() -> None:
    at = asking("pm25", "6-9")
    kept = {name: table for name, table in at.tables.tables.items() if name != "daily"}  # type: ignore[attr-defined]
    at = replace(at, tables=type(at.tables)(kept))  # type: ignore[call-arg]
    find("pm25").declare(at)
    (problem,) = at.problems.found
    assert problem.found.text() == "nothing tells the days of a year here."
