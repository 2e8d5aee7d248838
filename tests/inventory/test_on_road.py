"""On-road sector: corrections and kernels by hand, and the fleet of Tongzhou."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.inventory.contract import ActivityRow, ParameterRow, SectorInputs
from lantian.inventory.layers import find_layers
from lantian.inventory.region import DatedRow, DriverRow
from lantian.inventory.sectors.on_road import (
    FLEETS,
    SECTOR,
    Conditions,
    CorrectionRow,
    Vehicle,
    build,
    climate_correction,
    correction,
    deterioration,
    evaporation,
    group_corrections,
    sulphur_dioxide,
)
from lantian.parameters import QuantityTable, read_table
from lantian.parameters.series import of_year
from lantian.vocabulary import POLLUTANTS

ROOT = Path(__file__).parents[2]
YEARS = (2015, 2017, 2018, 2019, 2020)
TODAY = Conditions(
    (15.0,), (0.5,), altitude=20.0, speed=30.0, load=0.5, gasoline_sulphur=10.0, diesel_sulphur=10.0
)
HEAVY_3 = Vehicle("heavy-truck", "diesel", "III")


def _table(path, row, problems):
    return QuantityTable(path.name, read_table(path, row, problems, ROOT), problems)


def _tongzhou():
    problems = Problems()
    layers = find_layers(ROOT / "inputs", "tongzhou", ROOT, problems)
    index = {(r.driver, r.year): r.value for r in layers.read("drivers", DriverRow).rows}
    names = {s.driver for s in SECTOR.sources}
    return SectorInputs(
        years=YEARS,
        base_year=2017,
        activity=QuantityTable[ActivityRow]("on-road.csv", [], problems),
        factors={
            name: _table(ROOT / "inputs" / "factors" / f"{name}.csv", row, problems)
            for name, row in SECTOR.factor_tables.items()
        },
        region={name: layers.read(name, row) for name, row in SECTOR.region_tables.items()},
        parameters=of_year(layers.read("region", DatedRow), ParameterRow, 2017),
        drivers={name: np.array([index[name, y] for y in YEARS]) for name in names},
        problems=problems,
    )


@pytest.fixture(scope="module")
def inputs():
    return _tongzhou()


@pytest.fixture(scope="module")
def block(inputs):
    return build(inputs)


@pytest.fixture(scope="module")
def corrections(inputs):
    return group_corrections(inputs.factors["vehicle_corrections"])


def _emission(block, pollutant):
    return (block.activity * block.emission_factor[:, POLLUTANTS.index(pollutant)]).sum(axis=0)


def _states(block, source, *technologies):
    return [
        i
        for i, (s, t) in enumerate(zip(block.source, block.technology, strict=True))
        if s == source and (not technologies or t in technologies)
    ]


def _row(**given):
    keys = {
        "fuel": "diesel",
        "pollutant": "NOx",
        "low": given["value"],
        "high": given["value"],
        "unit": "1",
        "basis": "derived",
        "source_key": "test",
    }
    return CorrectionRow(**{**keys, **given})


def test_10_ppm_diesel_of_china_iii(corrections):
    # Guide, sulphur table: NOx 0.93, PM2.5 0.80; everything else at the reference state.
    assert correction(corrections, HEAVY_3, "NOx", TODAY) == pytest.approx(0.93)
    assert correction(corrections, HEAVY_3, "PM2.5", TODAY) == pytest.approx(0.80)


def test_load_and_speed_multiply_with_sulphur(corrections):
    # load 60 %: NOx 1.09; 30-40 km/h: 0.93; 10 ppm: 0.93
    loaded = dataclasses.replace(TODAY, load=0.6, speed=35.0)
    assert correction(corrections, HEAVY_3, "NOx", loaded) == pytest.approx(1.09 * 0.93 * 0.93)
    bus = Vehicle("transit-bus", "diesel", "III")
    assert correction(corrections, bus, "NOx", loaded) == pytest.approx(0.93 * 0.93)


def test_load_is_interpolated_between_the_printed_points(corrections):
    # half way between 50 % (1.00) and 60 % (1.09)
    half = dataclasses.replace(TODAY, load=0.55, diesel_sulphur=350.0)
    assert correction(corrections, HEAVY_3, "NOx", half) == pytest.approx(1.045)


def test_climate_is_the_mean_over_the_periods(corrections):
    # below 10 C: PM2.5 1.7; 15 C: 1; above 25 C: 0.74 -> mean 1.14667
    year = dataclasses.replace(TODAY, temperature=(0.0, 15.0, 28.0), humidity=(0.5,) * 3)
    assert climate_correction(corrections, HEAVY_3, "PM2.5", year) == pytest.approx(3.44 / 3)
    # NOx 28 C humid: 1.15 x 0.88; 15 C dry: 1.04
    humid = dataclasses.replace(TODAY, temperature=(15.0, 28.0), humidity=(0.4, 0.7))
    assert climate_correction(corrections, HEAVY_3, "NOx", humid) == pytest.approx(
        (1.04 + 1.15 * 0.88) / 2
    )


def test_deterioration_is_for_petrol_only_and_holds_after_its_last_year(corrections):
    car = Vehicle("mini-car", "gasoline", "III")
    assert deterioration(corrections, car, "NOx", 2017).value == pytest.approx(1.47)
    last = deterioration(corrections, car, "NOx", 2018)
    assert deterioration(corrections, car, "NOx", 2030) is last
    first = deterioration(corrections, car, "NOx", 2010)
    assert first is deterioration(corrections, car, "NOx", 2015)
    assert first.value < last.value
    assert deterioration(corrections, HEAVY_3, "NOx", 2017) is None
    assert deterioration(corrections, car, "PM2.5", 2017) is None


def test_a_missing_correction_is_a_problem():
    problems = Problems()
    rows = [_row(correction="sulphur", standard="III", point=10.0, value=0.93)]
    table = group_corrections(QuantityTable("corrections.csv", rows, problems))
    found = correction(table, HEAVY_3, "NOx", TODAY)
    assert np.isnan(found)
    assert "load" in problems.found[0].text()


def test_evaporation_by_hand():
    # 11.6 g/h x 9000 km / 30 km/h + 2 g/d x 365 d = 3480 + 730 g
    assert evaporation(11.6, 2.0, 9000.0, 30.0) == pytest.approx(4210.0)


def test_sulphur_mass_balance_by_hand():
    # 240 g/km of diesel at 10 ppm: 240 x 1e-5 x 64/32 = 0.0048 g SO2/km
    assert sulphur_dioxide(240.0, 1e-5) == pytest.approx(0.0048)


def test_tongzhou_builds_without_problems(inputs, block):
    assert not inputs.problems.found
    assert np.isfinite(block.emission_factor).all()
    assert set(block.source) == set(FLEETS)


def test_states_begin_with_the_standard_of_the_oldest_vehicles(block):
    # oldest: cars of 1999 (China I), taxis of 2006 (III), vans of the post of 2004 (II), buses of
    # 2007 (III)
    def of(source):
        return [t for s, t in zip(block.source, block.technology, strict=True) if s == source]

    i_to_vi = [f"gasoline-{s}" for s in ("I", "II", "III", "IV", "V", "VI")]
    assert of("car") == [*i_to_vi, "battery"]
    assert of("taxi") == [*i_to_vi[2:], "battery"]
    assert of("postal-van") == [*i_to_vi[1:], "battery"]
    assert of("bus-other") == [
        *(f"{fuel}-{s}" for fuel in ("diesel", "gas") for s in ("III", "IV", "V", "VI")),
        "battery",
    ]


def _with_old_vehicles(oldest, **dates):
    """Tongzhou with vehicles down to a year, and dates of further standards for every rule."""
    inputs = _tongzhou()
    known = inputs.region["standard_dates"].rows
    first = {r.rule: r for r in reversed(known)}
    given = {(r.rule, r.standard) for r in known}
    added = [
        row.model_copy(update={"standard": standard, "value": date})
        for rule, row in first.items()
        for standard, date in dates.items()
        if (rule, standard) not in given
    ]
    fleet = [
        r.model_copy(update={"value": oldest})
        if r.parameter == "oldest" and r.fuel != "battery"
        else r
        for r in inputs.region["fleet"].rows
    ]
    inputs.region["standard_dates"] = QuantityTable(
        "standard_dates.csv", [*known, *added], inputs.problems
    )
    inputs.region["fleet"] = QuantityTable("fleet.csv", fleet, inputs.problems)
    return inputs


def test_every_standard_can_occur_where_dates_and_oldest_vehicles_lead_to_it():
    inputs = _with_old_vehicles(1990.0, I=1994.0, II=1997.0)
    block = build(inputs)
    assert not inputs.problems.found
    declared = [(s.id, t) for s in SECTOR.sources for t in s.technologies]
    assert list(zip(block.source, block.technology, strict=True)) == declared
    assert np.isfinite(block.emission_factor).all()
    old = _states(block, "heavy-truck", "diesel-0", "diesel-I", "diesel-II")
    assert len(old) == 3
    assert (block.activity[old, 0] > 0.0).all()
    # guide, heavy diesel trucks, NOx: 13.823 g/km before I and 7.934 of III; at 10 ppm sulphur
    # 0.98 and 0.93, all else alike
    nox = block.emission_factor[:, POLLUTANTS.index("NOx"), 0]
    three = _states(block, "heavy-truck", "diesel-III")[0]
    assert nox[old[0]] / nox[three] == pytest.approx(13.823 * 0.98 / (7.934 * 0.93))
    test_factors_lie_in_their_bands(block)


def test_what_was_sold_before_china_i_needs_no_date():
    # cars: China I from 1999, so those of 1997 and 1998 are before it; coaches: II from 1992
    inputs = _with_old_vehicles(1997.0, I=1990.0, II=1992.0)
    block = build(inputs)
    assert not inputs.problems.found
    assert block.activity[_states(block, "car", "gasoline-0")[0], 0] > 0.0
    assert not _states(block, "coach", "diesel-0", "diesel-I")


def test_a_gap_in_the_dates_is_a_problem():
    inputs = _with_old_vehicles(1997.0, I=1990.0)
    build(inputs)
    said = [p.text() for p in inputs.problems.found]
    assert any("rule 'diesel', standard 'II'" in text for text in said), said


def test_factors_lie_in_their_bands(block):
    for i, name in enumerate(block.source):
        for pollutant, (low, high) in SECTOR.source(name).bands.items():
            factor = block.emission_factor[i, POLLUTANTS.index(pollutant)]
            used = factor[factor > 0.0]
            assert ((used >= low) & (used <= high)).all(), (name, block.technology[i], pollutant)


def test_stock_follows_table_and_driver(inputs, block):
    car = block.activity[_states(block, "car")].sum(axis=0)
    stock = [
        inputs.region["fleet"].value("vehicle", source="car", parameter="stock", fuel="", year=y)
        for y in (2015, 2017)
    ]
    assert car[:2] == pytest.approx(stock)
    assert car[2:] == pytest.approx(stock[1] * inputs.drivers["car-stock"][2:])


def test_old_standards_only_shrink_after_the_base_year(block):
    old = [
        i
        for i, t in enumerate(block.technology)
        if t.endswith(("-III", "-IV")) and block.source[i] != "motorcycle"
    ]
    assert (np.diff(block.activity[old][:, 1:], axis=1) <= 1e-9).all()


def test_china_vi_arrives_on_the_printed_dates(block):
    bus = block.activity[_states(block, "bus-other", "diesel-VI", "gas-VI")].sum(axis=0)
    truck = block.activity[_states(block, "heavy-truck", "diesel-VI")].sum(axis=0)
    assert not bus[:3].any()
    assert bus[3] > 0.0
    assert not truck[:4].any()
    assert truck[4] > 0.0


def test_recent_is_part_of_the_stock(block):
    assert (block.recent <= block.activity[:, None, :] + 1e-6).all()
    # Pre-VI diesel trucks sold since 2020 are none: all sales of that year are China VI.
    heavy_5 = _states(block, "heavy-truck", "diesel-V")[0]
    assert block.recent[heavy_5, 4, 4] == 0.0
    assert block.recent[heavy_5, 2, 4] > 0.0


def test_battery_vehicles_emit_wear_only(block):
    battery = block.emission_factor[_states(block, "car", "battery")[0], :, 1]
    emitted = {p for p, f in zip(POLLUTANTS, battery, strict=True) if f > 0.0}
    assert emitted == {"PM2.5", "PM10", "TSP"}


def test_heavy_truck_factor_by_hand(inputs, block):
    # 7.934 g/km x sulphur 0.93 x speed 30-40 km/h 0.93 x load 50 % 1 x climate x km in the district
    fleet = inputs.region["fleet"]
    km = fleet.value(
        "km/a", source="heavy-truck", parameter="mileage", fuel="", year=None
    ) * fleet.value("1", source="heavy-truck", parameter="district-share", fuel="", year=None)
    climate = inputs.region["climate"]
    months = range(1, 13)
    now = dataclasses.replace(
        TODAY,
        temperature=tuple(climate.value("degC", month=m, parameter="temperature") for m in months),
        humidity=tuple(climate.value("1", month=m, parameter="humidity") for m in months),
    )
    table = group_corrections(inputs.factors["vehicle_corrections"])
    expected = 7.934 * 0.93 * 0.93 * climate_correction(table, HEAVY_3, "NOx", now) * km * 1e-6
    found = block.emission_factor[_states(block, "heavy-truck", "diesel-III")[0], 0]
    assert found == pytest.approx(np.full(len(YEARS), expected))


def test_totals_of_tongzhou_are_plausible(block):
    # Langfang's urban area, next door, had 2.2 kt NOx in 2014; the national mean is 18 kg/vehicle.
    nox = _emission(block, "NOx")
    assert 4500.0 < nox[1] < 14000.0
    assert nox[4] < nox[1] < nox[0]
    assert 1000.0 < _emission(block, "VOC")[1] < 8000.0
    assert 100.0 < _emission(block, "PM2.5")[1] < 800.0


def test_no_vehicles_no_emission(inputs):
    none = [
        r.model_copy(update={"value": 0.0, "low": 0.0}) if r.parameter == "stock" else r
        for r in inputs.region["fleet"].rows
    ]
    problems = Problems()
    empty = dataclasses.replace(
        inputs,
        region={**inputs.region, "fleet": QuantityTable("fleet.csv", none, problems)},
        problems=problems,
    )
    block = build(empty)
    assert not block.activity.any()
    assert not _emission(block, "NOx").any()


@pytest.mark.parametrize(
    ("table", "keys", "said"),
    [
        (
            "vehicle_base_factors",
            {"vehicle_class": "taxi", "standard": "IV", "pollutant": "NOx"},
            "taxi",
        ),
        ("vehicle_china6_ratios", {"group": "diesel-bus", "pollutant": "NOx"}, "diesel-bus"),
        (
            "vehicle_parameters",
            {"parameter": "tyre-wear", "group": "car", "pollutant": "PM10"},
            "tyre-wear",
        ),
        ("fleet", {"source": "coach", "parameter": "mileage"}, "coach"),
        ("fleet_sales", {"source": "coach", "parameter": "sales"}, "coach"),
        ("standard_dates", {"rule": "diesel", "standard": "V"}, "diesel"),
    ],
)
def test_a_missing_row_is_a_problem(table, keys, said):
    inputs = _tongzhou()
    tables = inputs.factors if table in inputs.factors else inputs.region
    kept = [r for r in tables[table].rows if any(getattr(r, k) != v for k, v in keys.items())]
    tables[table] = QuantityTable(table, kept, inputs.problems)
    with np.errstate(all="ignore"):
        build(inputs)
    assert any(said in p.text() for p in inputs.problems.found)


def test_vehicles_older_than_the_first_standard_are_a_problem():
    inputs = _tongzhou()
    rows = [
        r.model_copy(update={"value": 2010.0}) if (r.rule, r.standard) == ("diesel", "III") else r
        for r in inputs.region["standard_dates"].rows
    ]
    inputs.region["standard_dates"] = QuantityTable("standard_dates.csv", rows, inputs.problems)
    build(inputs)
    assert any("older than the first date of 'diesel'" in p.text() for p in inputs.problems.found)


def test_uses_name_states_that_emit(block):
    total = block.emission_factor.mean(axis=2)
    for use in block.uses:
        if len(use.pollutants) == 1:
            p = POLLUTANTS.index(use.pollutants[0])
            assert all(total[s, p] > 0.0 for s in use.states)
