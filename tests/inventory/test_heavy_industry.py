"""Sector heavy-industry: stacks from limits, capacity against output, regions without it."""

from collections.abc import Sequence

import pytest

from inventory.tabulated_case import (
    activity,
    at_central,
    behind,
    emission,
    inputs_of,
    number,
    of_state,
    sectors,
)
from lantian.inventory.contract import ActivityRow, ParameterRow, SectorInputs
from lantian.inventory.sectors.heavy_industry import CAPACITY, TABLE, at_limit
from lantian.inventory.tabulated import FactorRow

SECTOR = sectors()["heavy-industry"]


def factors(source: str, technology: str, unit: str, **values: float) -> list[FactorRow]:
    every = dict.fromkeys(SECTOR.pollutants, 0.0) | values
    return [
        number(FactorRow, v, unit, source=source, technology=technology, pollutant=p)
        for p, v in every.items()
    ]


def case(
    rows: Sequence[ActivityRow], table: Sequence[FactorRow], *parameters: ParameterRow
) -> SectorInputs:
    return inputs_of(SECTOR, rows, {TABLE: table}, {}, parameters)


def test_stack_at_its_limit_by_hand():
    # coke oven: 130 mg/m3 * 1500 m3/t * 0.8 = 156000 mg/t = 0.156 kg/t
    assert at_limit(130, 1500, 0.8) == pytest.approx(0.156)
    # boiler: 80 and 50 mg/m3 differ as their limits do
    assert at_limit(80, 10000, 0.8) / at_limit(50, 10000, 0.8) == pytest.approx(1.6)
    assert at_limit(0, 3000, 0.8) == 0.0


def test_output_by_hand():
    # 2 Mt sinter * 0.12 kg NOx/t = 240 t
    given = case(
        activity("sinter", "ultra-low", "Mt", 0, 2),
        factors("sinter", "ultra-low", "kg/t", NOx=0.12),
    )
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "NOx", 2017) == pytest.approx(240.0)
    assert emission(block, "NOx", 2015) == 0.0


def test_capacity_emits_what_it_makes():
    # 2.6 Mt of cement capacity * 0.5 made * 0.4 kg NOx per t made = 520 t, not 1040 t
    output = number(ParameterRow, 0.5, "1", parameter="output-per-cement-old")
    given = case(
        activity("cement-old", "old-line", "t", 2.6e6, 2.6e6),
        factors("cement-old", "old-line", "kg/t", NOx=0.4),
        output,
    )
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "NOx", 2017) == pytest.approx(520.0)
    model = SECTOR.declare(given)
    assert output in behind(given, lambda theta: of_state(model, theta, 0, "NOx"))


def test_power_capacity_burns_coal():
    # 28 MW * 4200 h * 0.45 t/MWh = 52920 t coal; * 0.5 kg NOx/t = 26.46 t
    output = number(ParameterRow, 4200 * 0.45, "t/MW", parameter="output-per-power-old")
    given = case(
        activity("power-old", "small-unit", "MW", 0, 28),
        factors("power-old", "small-unit", "kg/t", NOx=0.5),
        output,
    )
    assert emission(at_central(SECTOR, given), "NOx", 2017) == pytest.approx(26.46)


@pytest.mark.parametrize("source", CAPACITY)
def test_capacity_without_its_output_is_a_problem(source: str):
    technology = SECTOR.source(source).technologies[0]
    given = case(
        activity(source, technology, SECTOR.source(source).unit, 1, 1),
        factors(source, technology, "kg/t"),
    )
    at_central(SECTOR, given)
    assert f"output-per-{source}" in given.problems.found[0].text()


def test_each_missing_pollutant_is_a_problem():
    given = case(
        activity("clinker", "before-retrofit", "t", 1, 1),
        factors("clinker", "before-retrofit", "kg/t")[:-2],
    )
    at_central(SECTOR, given)
    assert len(given.problems.found) == 2
