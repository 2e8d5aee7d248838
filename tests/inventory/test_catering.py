"""Sector catering: exhaust concentration times exhaust volume."""

import numpy as np
import pytest
from hypothesis import given, strategies

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
from lantian.inventory.contract import ActivityRow, SectorInputs
from lantian.inventory.sectors.catering import (
    CONCENTRATION,
    EXHAUST,
    ConcentrationRow,
    ExhaustRow,
    exhaust_emission,
)

SECTOR = sectors()["catering"]


def exhaust(source: str, flow: float, hours: float) -> list[ExhaustRow]:
    return [
        number(ExhaustRow, flow, "m3/h", source=source, parameter="flow"),
        number(ExhaustRow, hours, "h", source=source, parameter="hours"),
    ]


def concentrations(technology: str, **values: float) -> list[ConcentrationRow]:
    every = dict.fromkeys(SECTOR.pollutants, 0.0) | values
    return [
        number(ConcentrationRow, v, "mg/m3", technology=technology, pollutant=p)
        for p, v in every.items()
    ]


def small(outlets: float, **values: float) -> SectorInputs:
    return inputs_of(
        SECTOR,
        activity("restaurant-small", "none", "outlet", outlets, outlets),
        {CONCENTRATION: concentrations("none", **values)},
        {EXHAUST: exhaust("restaurant-small", 4000, 2100)},
    )


def test_an_outlet_by_hand():
    # 6.6 mg/m3 (41 Beijing restaurants) * 4000 m3/h * 2100 h = 55.44 kg
    one = exhaust_emission(np.array([6.6e-9]), np.array([4000.0]), np.array([2100.0]))
    assert one == pytest.approx(0.05544)


def test_the_published_totals_imply_one_exhaust_volume():
    # Beijing 2014: PM 6127 t at 9.25 mg/m3 is 6.62e11 m3, NMHC 9436 t at 12.72 is 7.42e11 m3:
    # within 12 %, so one volume of 7.0e11 m3 serves both
    volume = np.array([7.0e11])
    one = np.ones(1)
    assert exhaust_emission(9.25e-9 * one, volume, one) == pytest.approx(6127, rel=0.07)
    assert exhaust_emission(12.72e-9 * one, volume, one) == pytest.approx(9436, rel=0.07)


@given(strategies.floats(0, 1e-6), strategies.floats(0, 1e5), strategies.floats(0, 8760))
def test_emission_is_proportional_to_each_part(concentration, flow, hours):
    parts = [np.array([x]) for x in (concentration, flow, hours)]
    whole = exhaust_emission(*parts)
    for i in range(3):
        doubled = [2 * p if i == j else p for j, p in enumerate(parts)]
        assert exhaust_emission(*doubled) == pytest.approx(2 * whole)


def test_outlets_add_up():
    block = at_central(SECTOR, small(1000, VOC=10.9, TSP=6.6))
    assert emission(block, "TSP", 2017) == pytest.approx(55.44)
    assert emission(block, "VOC", 2017) == pytest.approx(91.56)  # 10.9e-9 * 8.4e6 * 1000
    assert emission(block, "PM2.5", 2017) == 0.0


def test_no_outlets_no_emission():
    assert emission(at_central(SECTOR, small(0, VOC=10.9)), "VOC", 2017) == 0.0


@pytest.mark.parametrize("missing", ["flow", "concentration"])
def test_a_missing_row_is_a_problem(missing: str):
    rows: list[ActivityRow] = activity("restaurant-small", "none", "outlet", 1, 1)
    given = inputs_of(
        SECTOR,
        rows,
        {CONCENTRATION: concentrations("none")[missing == "concentration" :]},
        {EXHAUST: exhaust("restaurant-small", 4000, 2100)[missing == "flow" :]},
    )
    at_central(SECTOR, given)
    (problem,) = given.problems.found
    assert ("flow" if missing == "flow" else "VOC") in problem.text()


def test_tongzhou_agrees_with_its_share_of_the_published_city_total():
    given = tongzhou(SECTOR)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    # city 2014: PM 6127 t, NMHC 9436 t; residents of the district 6.4 % -> 392 t and 604 t
    grills = {p: emission(block, p, 2015, "barbecue") for p in ("TSP", "VOC")}
    assert emission(block, "TSP", 2015) - grills["TSP"] == pytest.approx(0.064 * 6127, rel=0.1)
    assert emission(block, "VOC", 2015) - grills["VOC"] == pytest.approx(0.064 * 9436, rel=0.1)
    assert emission(block, "PM2.5", 2017) < emission(block, "PM2.5", 2015)


def test_better_purifiers_emit_less():
    block = at_central(SECTOR, tongzhou(SECTOR))
    members = [block.source.index("restaurant-large") + i for i in range(4)]
    assert [block.technology[s] for s in members] == [
        "none",
        "poorly-kept",
        "standard",
        "high-efficiency",
    ]
    assert (np.diff(block.emission_factor[members, 1:5, 0], axis=0) < 0).all()
