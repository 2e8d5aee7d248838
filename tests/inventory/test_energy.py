"""Sector energy: what is supplied, times a factor; the ladder of fuels and routes."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    of_region,
    sectors,
)
from lantian.inventory.sectors.energy import TABLE
from lantian.inventory.tabulated import FactorRow
from lantian.vocabulary import POLLUTANTS

SECTOR = sectors()["energy"]


def test_heat_by_hand() -> None:
    # 5 PJ of heat * 0.05 kg NOx/GJ = 250 t
    rows = [
        number(FactorRow, 0.05 if p == "NOx" else 0.0, "kg/GJ", source="boiler",
               technology="coal-10-35", pollutant=p)
        for p in SECTOR.pollutants
    ]  # fmt: skip
    given = inputs_of(SECTOR, activity("boiler", "coal-10-35", "GJ", 5e6, 5e6), {TABLE: rows}, {})
    assert emission(at_central(SECTOR, given), "NOx", 2017) == pytest.approx(250.0)
    assert not given.problems.found


def test_cleaner_fuels_and_routes_are_cleaner() -> None:
    given = of_region(SECTOR, "north-city", years=(2025, 2030), base_year=2025)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    of = {
        kind: dict(zip(POLLUTANTS, own[:, 0], strict=True))
        for kind, own in zip(
            zip(block.source, block.technology, strict=True), block.emission_factor, strict=True
        )
    }
    ladders = {
        "boiler": ("coal-to-10", "coal-10-35", "coal-above-35", "coal-ultra-low", "heat-pump"),
        "power-plant": ("coal-small", "coal-ultra-low", "bought"),
        "steel": ("long-before", "long-ultra-low", "electric-furnace"),
    }
    for source, ladder in ladders.items():
        for pollutant in ("NOx", "PM2.5", "SO2"):
            factors = [of[source, technology][pollutant] for technology in ladder]
            assert (np.diff(factors) < 0).all(), (source, pollutant)
