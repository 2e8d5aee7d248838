"""CO2 per unit of GDP: one file, rows of a driver."""

import numpy as np
import pytest

from indicators.case import SOURCES, YEARS, context, declared, row
from lantian.core.projection import Projection
from lantian.indicators import find
from lantian.indicators.co2_intensity import IntensityDeclared
from lantian.indicators.contract import Subject
from lantian.inventory.region import DriverRow
from lantian.vocabulary import POLLUTANTS

CO2 = POLLUTANTS.index("CO2")


def case(tonnes: float) -> Projection:
    """So much CO2 of the kiln in every year [t/a]; other pollutants are 999 everywhere."""
    emission = np.full((len(SOURCES), len(POLLUTANTS), len(YEARS), 1), 999.0)
    emission[:, CO2] = 0.0
    emission[SOURCES.id.index("kiln"), CO2] = tonnes
    return Projection(YEARS, emission, np.zeros((0, len(YEARS), 1)))


def test_tonnes_over_product_by_hand() -> None:
    # 6 Mt over 75 billion yuan of 2017 = 7.5 million times 10^4 yuan: 0.8 t per 10^4 yuan
    at = context()
    own = declared(find("co2-intensity"), at)
    value = own.fit(at.space.central(), case(6e6)).value(case(6e6), Subject())[:, 0]
    assert value[YEARS.index(2017)] == pytest.approx(0.8)
    assert value[YEARS.index(2020)] == pytest.approx(0.6)


def test_product_between_its_rows_lies_on_a_straight_line() -> None:
    # 2018 is a third of the way from 75 to 100 billion
    at = context()
    own = declared(find("co2-intensity"), at)
    assert isinstance(own, IntensityDeclared)
    assert own.product(at.space.central())[:, 0] == pytest.approx(
        [6e6, 7.5e6, 250e9 / 3 / 1e4, 275e9 / 3 / 1e4, 10e6]
    )


def test_product_may_be_written_in_any_unit_of_money() -> None:
    rows = [row(DriverRow, 750.0, "亿元", driver="gdp", year=2015)]
    at = context({"drivers": rows})
    own = declared(find("co2-intensity"), at)
    assert isinstance(own, IntensityDeclared)
    assert own.product(at.space.central())[:, 0] == pytest.approx([7.5e6] * len(YEARS))


def test_other_drivers_are_not_the_product() -> None:
    at = context({"drivers": [row(DriverRow, 1.0, "1", driver="population", year=2015)]})
    assert find("co2-intensity").declare(at) is None
