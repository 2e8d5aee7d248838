import numpy as np
import pytest

from inventory.tabulated_case import (
    YEARS,
    Central,
    activity,
    at_central,
    inputs_of,
    number,
    outside_bands,
    tongzhou,
    with_rows,
)
from inventory.tabulated_case import emission as emission_of
from lantian.inventory.contract import SectorInputs
from lantian.inventory.sectors.coal_gas import (
    SECTOR,
    NewHeatingRow,
    ParameterRow,
    emission,
    nox_at_limit,
    pm_mass_balance,
    so2_mass_balance,
)
from lantian.inventory.tabulated import FactorRow


def _parameters(technology: str, source: str, **terms: tuple[float, str]) -> list[ParameterRow]:
    return [
        number(
            ParameterRow,
            value,
            unit,
            source=source,
            technology=technology,
            parameter=name.replace("_", "-"),
        )
        for name, (value, unit) in terms.items()
    ]


def _factors(source: str, technology: str, unit: str, skip: tuple[str, ...]) -> list[FactorRow]:
    return [
        number(FactorRow, 1, unit, source=source, technology=technology, pollutant=p)
        for p in SECTOR.pollutants
        if p not in skip
    ]


def _heaters(amount: float, sold: float = 0, gas: str = "m3/household") -> SectorInputs:
    keys = {"source": "gas-heater", "technology": "nox-grade-5"}
    return inputs_of(
        SECTOR,
        activity("gas-heater", "nox-grade-5", "household", amount, amount),
        {
            "coal-gas": _factors("gas-heater", "nox-grade-5", "g/m3", ("NOx",)),
            "combustion": _parameters(
                "nox-grade-5",
                "gas-heater",
                heating_value=(10, "kWh/m3"),
                nox_limit=(70, "mg/kWh"),
                share_of_limit=(0.5, "1"),
            ),
        },
        {
            "fuel-use": _parameters("nox-grade-5", "gas-heater", gas_use=(1000, gas)),
            "new-heating": [number(NewHeatingRow, sold, "household", **keys, year=2018)],
        },
    )


def _boiler() -> SectorInputs:
    return inputs_of(
        SECTOR,
        activity("coal-boiler", "automatic-grate", "t", 1000, 0),
        {
            "coal-gas": _factors(
                "coal-boiler", "automatic-grate", "kg/t", ("SO2", "PM2.5", "PM10", "TSP")
            ),
            "combustion": _parameters(
                "automatic-grate",
                "coal-boiler",
                sulphur_released=(0.85, "1"),
                fly_ash=(0.15, "1"),
                pm25_share=(0.07, "1"),
                pm10_share=(0.2, "1"),
            ),
        },
        {
            "fuel-use": _parameters(
                "automatic-grate", "coal-boiler", sulphur=(0.5, "%"), ash=(20, "%")
            ),
            "new-heating": [],
        },
    )


def _block(inputs: SectorInputs) -> Central:
    block = at_central(SECTOR, inputs)
    assert inputs.problems.found == []
    return block


def test_sulphur_balance_by_hand() -> None:
    # 1 t x 2 x 0.005 x (1 - 0.15) = 0.0085 t, the 8.5 kg/t of the shared equations
    assert so2_mass_balance(1, 0.005, 0.15) == pytest.approx(0.0085)


def test_ash_balance_by_hand() -> None:
    # 1 t x 0.20 x (1 - 0.85) x 0.07 = 0.0021 t, the 2.1 kg/t of the shared equations
    assert pm_mass_balance(1, 0.20, 0.85, 0.07) == pytest.approx(0.0021)


def test_limit_times_flue_gas_by_hand() -> None:
    # 30e-9 t/m3 x 10 m3/m3 x 0.9 = 2.7e-7 t/m3, that is 0.27 g per m3 of gas
    assert nox_at_limit(30e-9, 10, 0.9) == pytest.approx(2.7e-7)


def test_kernels_take_arrays() -> None:
    np.testing.assert_allclose(emission([1, 2], [3, 4]), [3, 8])
    np.testing.assert_allclose(so2_mass_balance([1, 2], 0.01, [0, 1]), [0.02, 0])


def test_boiler_uses_both_balances() -> None:
    block = _block(_boiler())
    # 1000 t of coal: 8.5 t SO2, 2.1 t PM2.5, 1000 x 0.2 x 0.15 x 0.2 = 6 t PM10, 30 t TSP
    for pollutant, expected in (("SO2", 8.5), ("PM2.5", 2.1), ("PM10", 6), ("TSP", 30), ("CO", 1)):
        assert emission_of(block, pollutant, 2015) == pytest.approx(expected)
    assert emission_of(block, "SO2", 2017) == 0


def test_heater_keeps_its_grade() -> None:
    block = _block(_heaters(100))
    # 100 homes x 1000 m3 x 10 kWh/m3 x 70 mg/kWh x 0.5 = 35 kg; CO 100 x 1000 x 1 g = 100 kg
    assert emission_of(block, "NOx", 2017) == pytest.approx(0.035)
    assert emission_of(block, "CO", 2017) == pytest.approx(0.1)


def test_recent_adds_up_since_each_year() -> None:
    recent = _block(_heaters(100, sold=30)).recent[0]
    first, last = YEARS.index(2018), YEARS.index(2020)
    assert recent[first].tolist() == [0, 0, 30, 60, 90]
    assert recent[last].tolist() == [0, 0, 0, 0, 30]
    assert recent[0, : YEARS.index(2017) + 1].tolist() == [0, 0]


def test_recent_never_exceeds_the_stock() -> None:
    recent = _block(_heaters(100, sold=60)).recent[0]
    assert recent[YEARS.index(2018)].tolist() == [0, 0, 60, 100, 100]


def test_zero_activity_is_zero_emission() -> None:
    block = _block(_heaters(0, sold=10))
    assert not np.any(block.emission_factor * block.activity[:, np.newaxis, :])
    assert not np.any(block.recent)


def test_missing_parameter_is_a_problem() -> None:
    inputs = _heaters(100)
    kept = [r for r in inputs.factors["combustion"].rows if r.parameter != "nox-limit"]
    inputs = with_rows(inputs, "combustion", kept)
    at_central(SECTOR, inputs)
    assert any("nox-limit" in p.text() for p in inputs.problems.found)


def test_wrong_unit_is_a_problem() -> None:
    inputs = _heaters(100, gas="m3")
    at_central(SECTOR, inputs)
    assert inputs.problems.found


def test_new_units_need_a_state() -> None:
    inputs = _heaters(100)
    stray = number(
        NewHeatingRow, 5, "household", source="gas-heater", technology="nox-grade-2", year=2018
    )
    inputs.region["new-heating"].rows.append(stray)
    at_central(SECTOR, inputs)
    assert any("nox-grade-2" in p.text() for p in inputs.problems.found)


def test_tongzhou() -> None:
    block = _block(tongzhou(SECTOR))
    assert outside_bands(SECTOR, block) == []
    # 18,400 t PM2.5 of Beijing's rural coal (2014-2016) x 5-15 % for Tongzhou
    assert 900 < emission_of(block, "PM2.5", 2015, "home-coal") < 2800
    # Beijing's bituminous bulk coal gave more than 290,000 t CO in 2014
    assert 14e3 < emission_of(block, "CO", 2015, "home-coal") < 44e3
    assert 100 < emission_of(block, "NOx", 2017, "gas-boiler") < 500


def test_tongzhou_is_coal_free_from_2018() -> None:
    block = _block(tongzhou(SECTOR))
    coal = [s for s, name in enumerate(block.source) if name in ("home-coal", "coal-boiler")]
    totals = block.activity[coal].sum(axis=0)
    assert totals[0] > 3 * totals[1] > 0
    assert totals[2:].tolist() == [0, 0, 0]
