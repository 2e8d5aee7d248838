"""Sector industry: firms and concrete plants."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    outside_bands,
    sectors,
    tongzhou,
)
from lantian.inventory.sectors.industry import TABLE
from lantian.inventory.tabulated import FactorRow

SECTOR = sectors()["industry"]


def factors(source: str, technology: str, unit: str, **values: float) -> list[FactorRow]:
    every = dict.fromkeys(SECTOR.pollutants, 0.0) | values
    return [
        number(FactorRow, v, unit, source=source, technology=technology, pollutant=p)
        for p, v in every.items()
    ]


def test_firms_by_hand():
    # 560 firms * 2 t VOC = 1120 t; * 0.15 t NOx = 84 t
    given = inputs_of(
        SECTOR,
        activity("general-manufacturing", "average", "firm", 900, 560),
        {TABLE: factors("general-manufacturing", "average", "t/firm", VOC=2.0, NOx=0.15)},
        {},
    )
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "VOC", 2017) == pytest.approx(1120.0)
    assert emission(block, "NOx", 2017) == pytest.approx(84.0)
    assert emission(block, "CO", 2017) == 0.0


def test_concrete_piles_of_the_published_survey():
    # Beijing: piles lose 1.13 kg PM2.5 per ha and day; 1 ha for 250000 m3 a year:
    # 1.13 * 365 / 250000 = 0.0016498 kg/m3; a million m3 -> 1.6498 t
    per_m3 = 1.13 * 365 / 250000
    given = inputs_of(
        SECTOR,
        activity("concrete-plant", "open", "wan_m3", 100, 100),
        {TABLE: factors("concrete-plant", "open", "kg/m3", **{"PM2.5": per_m3})},
        {},
    )
    assert emission(at_central(SECTOR, given), "PM2.5", 2017) == pytest.approx(1.6498, rel=1e-4)


def test_each_missing_pollutant_is_a_problem():
    given = inputs_of(
        SECTOR,
        activity("scattered-firm", "uncontrolled", "firm", 0, 0),
        {TABLE: factors("scattered-firm", "uncontrolled", "t/firm")[:-2]},
        {},
    )
    at_central(SECTOR, given)
    assert len(given.problems.found) == 2


def test_a_missing_reference_year_is_a_problem():
    given = inputs_of(
        SECTOR,
        activity("scattered-firm", "uncontrolled", "firm", 5, 5)[1:],
        {TABLE: factors("scattered-firm", "uncontrolled", "t/firm")},
        {},
    )
    at_central(SECTOR, given)
    assert "2015" in given.problems.found[0].text()


def test_no_activity_no_emission():
    given = inputs_of(
        SECTOR,
        activity("scattered-firm", "uncontrolled", "firm", 0, 0),
        {TABLE: factors("scattered-firm", "uncontrolled", "t/firm", VOC=1.0)},
        {},
    )
    assert emission(at_central(SECTOR, given), "VOC", 2017) == 0.0


def test_tongzhou_is_complete_and_plausible():
    given = tongzhou(SECTOR)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert np.isfinite(block.emission_factor).all()
    for year in (2015, 2017):
        assert 300 < emission(block, "VOC", year) < 5000
        assert 100 < emission(block, "PM2.5", year) < 1000  # below the top-down 2.9-3.8 kt
        assert (
            emission(block, "PM2.5", year)
            < emission(block, "PM10", year)
            < emission(block, "TSP", year)
        )
    assert emission(block, "NOx", 2017) < 1000


def test_enclosing_a_concrete_plant_cuts_coarse_dust_most():
    block = at_central(SECTOR, tongzhou(SECTOR))
    state = {
        t: s
        for s, (name, t) in enumerate(zip(block.source, block.technology, strict=True))
        if name == "concrete-plant"
    }
    left = (
        block.emission_factor[state["enclosed"], [2, 3, 4], 0]
        / block.emission_factor[state["open"], [2, 3, 4], 0]
    )  # PM2.5, PM10, TSP
    assert 0.05 < left[2] < left[1] < left[0] < 0.4
