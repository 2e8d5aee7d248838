"""On-road sector: corrections and kernels by hand, the fleet of Tongzhou, and samples of it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.errors import Problems
from lantian.inventory.contract import (
    ActivityRow,
    BeyondRangesError,
    ParameterRow,
    SectorInputs,
    Window,
    every_year,
)
from lantian.inventory.layers import find_layers
from lantian.inventory.region import DatedRow, DriverRow
from lantian.inventory.sectors.on_road import SECTOR, declare
from lantian.inventory.sectors.on_road.corrections import (
    BANDED,
    Conditions,
    CorrectionRow,
    band_weights,
    climate_key,
    declare_climate,
    declare_corrections,
    declare_deterioration,
    declare_lines,
    group_corrections,
    line_weights,
)
from lantian.inventory.sectors.on_road.factors import evaporation, sulphur_dioxide
from lantian.inventory.sectors.on_road.vehicles import FLEETS, GUIDE_CLASSES, Vehicle
from lantian.parameters import QuantityTable, Space, read_table
from lantian.parameters.series import of_year
from lantian.vocabulary import POLLUTANTS

ROOT = Path(__file__).parents[2]
YEARS = (2015, 2017, 2018, 2019, 2020)
TODAY = Conditions(
    *([[15.0]], [[0.5]]),
    altitude=20.0,
    share=[[1.0]],
    speed=[[30.0]],
    load=0.5,
    gasoline_sulphur=10.0,
    diesel_sulphur=10.0,
)
SHAPES = {"temperature": (-1, 1), "humidity": (-1, 1), "share": (1, -1, 1), "speed": (1, -1, 1)}
"""Dims of conditions beside (sample,): one pattern of driving, one sample."""
HEAVY_3 = Vehicle("heavy-truck", "diesel", "III")


def _today(**changes):
    """Conditions of one sample: those of TODAY but for some; a tuple is one value per period."""
    given = {**vars(TODAY), **changes}
    columns = {
        name: np.array(value, dtype=float).reshape(SHAPES.get(name, -1))
        for name, value in given.items()
    }
    return Conditions(**columns)


def _inputs(read=lambda name, rows: rows):
    """Inputs of Tongzhou, whose tables share one space; ``read`` may change the rows of a table."""
    problems, space = Problems(), Space()
    layers = find_layers(ROOT / "inputs", "tongzhou", ROOT, problems, space)

    def table(path, row):
        rows = read(path.stem, read_table(path, row, problems, ROOT))
        return QuantityTable(path.name, rows, problems, space)

    def local(name, row):
        found = layers.read(name, row)
        return QuantityTable(found.file, read(name, found.rows), problems, space)

    drivers = local("drivers", DriverRow)
    return SectorInputs(
        sector=SECTOR,
        years=YEARS,
        base_year=2017,
        activity=QuantityTable[ActivityRow]("on-road.csv", [], problems, space),
        factors={
            name: table(ROOT / "inputs" / "factors" / f"{name}.csv", row)
            for name, row in SECTOR.factor_tables.items()
        },
        region={
            name: local(name, row)
            for name, row in {**SECTOR.region_tables, **SECTOR.optional_tables}.items()
        },
        parameters=of_year(local("region", DatedRow), ParameterRow, 2017),
        drivers={
            name: drivers.numbers("1", driver=name, year=YEARS)
            for name in {s.driver for s in SECTOR.sources}
        },
        problems=problems,
    )


def _tongzhou():
    return _inputs()


def _changed(inputs, table, rows):
    """Put other rows in place of those of a table of the region."""
    inputs.region[table] = QuantityTable(f"{table}.csv", rows, inputs.problems, _space(inputs))


def _space(inputs):
    return inputs.activity.space


def _fixed(row, value):
    return row.model_copy(update={"value": value, "low": value, "high": value})


def _block(inputs, model):
    """Names and central values of all years, with factors of all pollutants."""
    block = model.block(_space(inputs).central(), every_year(len(YEARS)))
    factor = np.zeros((len(model.states), len(POLLUTANTS), len(YEARS)))
    factor[:, model.pollutants] = block.factor[..., 0]
    return SimpleNamespace(
        source=model.states.source,
        technology=model.states.technology,
        activity=block.activity[..., 0],
        emission_factor=factor,
        recent=block.recent[..., 0],
    )


def build(inputs):
    return _block(inputs, declare(inputs))


@pytest.fixture(scope="module")
def inputs():
    return _tongzhou()


@pytest.fixture(scope="module")
def model(inputs):
    return declare(inputs)


@pytest.fixture(scope="module")
def block(inputs, model):
    return _block(inputs, model)


@pytest.fixture(scope="module")
def printed(inputs):
    return group_corrections(inputs.factors["vehicle_corrections"])


def correction(printed, vehicle, pollutant, conditions):
    corrections = declare_corrections(printed, [vehicle], [pollutant])
    return float(corrections(printed.table.space.central(), conditions)[0, 0, 0])


def climate_correction(printed, vehicle, pollutant, conditions):
    climate = declare_climate(printed, [climate_key(vehicle, pollutant)])
    return float(climate(printed.table.space.central(), conditions)[0, 0])


def deterioration(printed, vehicle, pollutant, *years):
    numbers = declare_deterioration(printed, [vehicle], [pollutant], years)
    return numbers(printed.table.space.central())[0, 0, :, 0]


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


def test_10_ppm_diesel_of_china_iii(printed):
    # Guide, sulphur table: NOx 0.93, PM2.5 0.80; everything else at the reference state.
    assert correction(printed, HEAVY_3, "NOx", _today()) == pytest.approx(0.93)
    assert correction(printed, HEAVY_3, "PM2.5", _today()) == pytest.approx(0.80)


def test_load_and_speed_multiply_with_sulphur(printed):
    # load 60 %: NOx 1.09; 30-40 km/h: 0.93; 10 ppm: 0.93
    loaded = _today(load=0.6, speed=35.0)
    assert correction(printed, HEAVY_3, "NOx", loaded) == pytest.approx(1.09 * 0.93 * 0.93)
    bus = Vehicle("transit-bus", "diesel", "III")
    assert correction(printed, bus, "NOx", loaded) == pytest.approx(0.93 * 0.93)


def test_load_is_interpolated_between_the_printed_points(printed):
    # half way between 50 % (1.00) and 60 % (1.09)
    half = _today(load=0.55, diesel_sulphur=350.0)
    assert correction(printed, HEAVY_3, "NOx", half) == pytest.approx(1.045)


def test_climate_is_the_mean_over_the_periods(printed):
    # below 10 C: PM2.5 1.7; 15 C: 1; above 25 C: 0.74 -> mean 1.14667
    year = _today(temperature=(0.0, 15.0, 28.0), humidity=(0.5,) * 3)
    assert climate_correction(printed, HEAVY_3, "PM2.5", year) == pytest.approx(3.44 / 3)
    # NOx 28 C humid: 1.15 x 0.94 x 0.88; 15 C dry: 1.04
    humid = _today(temperature=(15.0, 28.0), humidity=(0.4, 0.7))
    assert climate_correction(printed, HEAVY_3, "NOx", humid) == pytest.approx(
        (1.04 + 1.15 * 0.94 * 0.88) / 2
    )


def test_deterioration_is_for_petrol_only_and_holds_after_its_last_year(printed):
    car = Vehicle("mini-car", "gasoline", "III")
    assert deterioration(printed, car, "NOx", 2017) == pytest.approx(1.47)
    numbers = declare_deterioration(printed, [car], ["NOx"], (2018, 2030, 2010, 2015))
    last, later, before, first = numbers.slot[0, 0]
    assert later == last
    assert before == first
    found = deterioration(printed, car, "NOx", 2015, 2018)
    assert found[0] < found[1]
    assert deterioration(printed, HEAVY_3, "NOx", 2017) == 1.0
    assert deterioration(printed, car, "PM2.5", 2017) == 1.0


def test_a_missing_correction_is_a_problem():
    problems = Problems()
    rows = [_row(correction="sulphur", standard="III", value=0.93)]
    table = group_corrections(QuantityTable("corrections.csv", rows, problems))
    found = correction(table, HEAVY_3, "NOx", _today())
    assert np.isnan(found)
    assert "load" in problems.found[0].text()


def test_bands_are_closed_on_the_side_the_guide_prints(printed):
    # guide, petrol CO: 20-30 km/h 1.26, 30-40 km/h 0.79, 40-80 km/h 0.39; 30 km/h is the speed of
    # the base factors
    car = Vehicle("mini-car", "gasoline", "III")
    at = {v: correction(printed, car, "CO", _today(speed=v)) for v in (20, 29, 30, 31, 40, 80)}
    assert at[29] / at[30] == pytest.approx(1.26)
    assert at[31] / at[30] == pytest.approx(0.79)
    assert at[40] / at[30] == pytest.approx(0.39)
    assert (at[20], at[80]) == (at[29], at[40])
    # "< 10 C", "> 25 C", "> 1500 m" and "<= 50 ppm" as printed
    ends = _today(temperature=(10.0, 25.0), humidity=(0.5, 0.5), altitude=1500.0)
    assert climate_correction(printed, car, "CO", ends) == 1.0
    assert climate_correction(printed, car, "CO", _today(altitude=1501.0)) == 1.58
    up_to_50 = [correction(printed, HEAVY_3, "NOx", _today(diesel_sulphur=s)) for s in (11, 50, 51)]
    assert up_to_50 == [0.93, 0.93, 1.0]


def test_humidity_of_heat_comes_on_top_above_24_degrees(printed):
    # petrol NOx, humid: 0.92 at any temperature, and 0.87 above 24 C; 0.5 is the humidity of the
    # base factors
    car = Vehicle("mini-car", "gasoline", "III")

    def at(t, h):
        return climate_correction(printed, car, "NOx", _today(temperature=(t,), humidity=(h,)))

    assert at(24.0, 0.7) == pytest.approx(0.92)
    assert at(24.1, 0.7) == pytest.approx(0.92 * 0.87)
    assert at(24.0, 0.5) == at(24.1, 0.5) == 1.0


def test_every_pollutant_of_a_vehicle_takes_the_same_column(printed):
    found = {
        (fuel, pollutant): {
            climate_key(Vehicle(name, fuel, "III"), pollutant)[0] for name in GUIDE_CLASSES
        }
        for fuel in ("gasoline", "diesel")
        for pollutant in ("CO", "HC", "NOx")
    }
    for (fuel, pollutant), groups in found.items():
        for kind in ("altitude", "temperature"):
            assert all(printed.of(kind, (g, fuel, "", pollutant)) for g in groups)
    small = Vehicle("small-car", "diesel", "III")
    high = _today(altitude=2000.0)
    of = {p: climate_correction(printed, small, p, high) for p in ("CO", "HC", "NOx")}
    assert of == {"CO": 1.2, "HC": 1.32, "NOx": 1.35}


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ([{"below": 10.0}, {"above": 10.0}], "leave a gap at 10"),
        ([{"at_most": 10.0}, {"at_least": 10.0}], "overlap below 10"),
        ([{"below": 10.0}, {"at_least": 10.0, "at_most": 25.0}], "leave a gap at 25"),
        (
            [{"below": 10.0}, {"at_least": 10.0, "below": 20.0}, {"at_least": 20.0, "below": 30.0}],
            "leave a gap at 30",
        ),
        ([{"at_least": 10.0}], "leave a gap at -"),
        ([{"below": 25.0}, {"at_least": 10.0, "below": 20.0}, {"at_least": 20.0}], "overlap"),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused(bands, said):
    problems = Problems()
    rows = [_row(correction="temperature", value=1.1, vehicle_group="light", **b) for b in bands]
    group_corrections(QuantityTable("corrections.csv", rows, problems))
    assert said in problems.found[0].text()


ENDS = ("at_least", "above", "below", "at_most")


def banded():
    """Return a group of bands of each shape of the guide's table: how many, and how they end."""
    path = ROOT / "inputs" / "factors" / "vehicle_corrections.csv"
    rows = read_table(path, CorrectionRow, Problems(), ROOT)
    groups, shapes = {}, {}
    for row in rows:
        if row.correction in BANDED:
            key = (row.correction, row.vehicle_group, row.fuel, row.standard, row.pollutant)
            groups.setdefault(key, []).append(row)
    for key, of in groups.items():
        shapes.setdefault((key[0], *[tuple(getattr(r, end) for end in ENDS) for r in of]), of)
    return list(shapes.values())


def bands_told(rows):
    problems = Problems()
    group_corrections(QuantityTable("corrections.csv", rows, problems))
    return problems.found


@pytest.mark.parametrize("rows", banded(), ids=lambda rows: f"{rows[0].correction} {len(rows)}")
def test_every_band_that_is_left_out_or_moved_is_told_at_a_bound(rows):
    assert not bands_told(rows)
    for i, row in enumerate(rows):
        others = [*rows[:i], *rows[i + 1 :]]
        if others:
            assert bands_told(others)
        for end in ENDS:
            if (bound := getattr(row, end)) is not None:
                for moved in (bound + 5.0, bound - 5.0, bound * 10.0 + 1.0):
                    told = bands_told([*others, row.model_copy(update={end: moved}).at(row.place)])
                    assert told, (row, end)
                    assert {p.place.path for p in told} <= set(ENDS)


@pytest.mark.parametrize(
    "ends",
    [{"at_least": 1.0, "above": 1.0}, {"below": 1.0, "at_most": 1.0}, {"above": 3.0, "below": 3.0}],
)
def test_a_band_has_one_end_on_each_side(ends):
    with pytest.raises(ValueError, match=r"exclude one another|ends above"):
        _row(correction="speed", value=1.1, **ends)


def test_weights_of_bands_and_lines_by_hand():
    found = band_weights(np.array([10.0, 25.0]), np.array([9.0, 10.0, 24.0, 25.0]))
    assert found.T.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]
    # half way from 10 to 50; constant beyond both ends
    found = line_weights(np.array([10.0, 50.0, 150.0]), np.array([30.0, 5.0, 50.0, 900.0]))
    assert found.T.tolist() == [[0.5, 0.5, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_corrections_may_be_printed_for_points_of_their_own():
    rows = [
        [_row(correction="load", pollutant="CO", point=p, value=v) for p, v in points]
        for points in (((0.0, 1.0), (1.0, 3.0)), ((0.5, 7.0),), ((1.0, 2.0), (0.0, 1.0)))
    ]
    table = QuantityTable("corrections.csv", [r for of in rows for r in of][:3], Problems())
    lines = declare_lines(group_corrections(table), rows)
    assert lines(table.space.central(), np.array([0.25]))[:, 0].tolist() == [1.5, 7.0, 1.25]


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
        states = [s for s in _states(block, source) if block.activity[s].any()]
        return [block.technology[s] for s in states]

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
        _fixed(row, date).model_copy(update={"standard": standard})
        for rule, row in first.items()
        for standard, date in dates.items()
        if (rule, standard) not in given
    ]
    fleet = [
        _fixed(r, oldest) if r.parameter == "oldest" and r.fuel != "battery" else r
        for r in inputs.region["fleet"].rows
    ]
    _changed(inputs, "standard_dates", [*known, *added])
    _changed(inputs, "fleet", fleet)
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
    # 0.98 and 0.93, all else alike but what roads show of III
    nox = block.emission_factor[:, POLLUTANTS.index("NOx"), 0]
    three = _states(block, "heavy-truck", "diesel-III")[0]
    assert nox[old[0]] / nox[three] == pytest.approx(13.823 * 0.98 / (7.934 * 0.93 * 1.24))
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
    level = inputs.drivers["car-stock"](_space(inputs).central())[:, 0]
    assert level[1] == 1.0
    assert car[2:] == pytest.approx(stock[1] * level[2:])


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
    # 7.934 g/km x 1.24 on the road x sulphur 0.93 x speed x load 50 % 1 x climate x km in the
    # district; speed: below 30 km/h 1.08, 30-40 km/h 0.93, 40-80 km/h 0.74
    fleet = inputs.region["fleet"]
    km = fleet.value(
        "km/a", source="heavy-truck", parameter="mileage", fuel="", year=None
    ) * fleet.value("1", source="heavy-truck", parameter="district-share", fuel="", year=None)
    climate = inputs.region["climate"]
    months = range(1, 13)
    now = _today(
        temperature=tuple(climate.value("degC", month=m, parameter="temperature") for m in months),
        humidity=tuple(climate.value("1", month=m, parameter="humidity") for m in months),
    )
    table = group_corrections(inputs.factors["vehicle_corrections"])
    traffic = inputs.region["traffic"]
    share = {
        road: traffic.value("1", vehicles="truck", road=f"road-{road}", parameter="share")
        for road in ("expressway", "trunk", "secondary", "branch", "highway", "county", "township")
    }
    slow, town = share["branch"], share["secondary"] + share["township"]
    whole = sum(share.values())
    speed = (1.08 * slow + 0.93 * town + 0.74 * (whole - slow - town)) / whole
    expected = (
        7.934 * 1.24 * 0.93 * speed * climate_correction(table, HEAVY_3, "NOx", now) * km * 1e-6
    )
    found = block.emission_factor[_states(block, "heavy-truck", "diesel-III")[0], 0]
    assert found == pytest.approx(np.full(len(YEARS), expected))


def test_no_row_of_road_ratios_leaves_the_factor_of_the_guide(block):
    inputs = _tongzhou()
    rows = [r for r in inputs.factors["vehicle_road_ratios"].rows if r.standard != "V"]
    inputs.factors["vehicle_road_ratios"] = QuantityTable(
        "r", rows, inputs.problems, _space(inputs)
    )
    guide, nox = build(inputs).emission_factor[:, 0], block.emission_factor[:, 0]
    said: dict[str, set[float]] = {}
    for technology, own, printed in zip(block.technology, nox[:, 1], guide[:, 1], strict=True):
        said.setdefault(technology, set()).add(round(own / printed, 9) if printed else 1.0)
    assert said["diesel-V"] == {1.27, 1.19}  # trucks, buses
    assert all(said[other] == {1.0} for other in said if other != "diesel-V")


def test_totals_of_tongzhou_are_plausible(block):
    # Langfang's urban area, next door, had 2.2 kt NOx in 2014; the national mean is 18 kg/vehicle.
    nox = _emission(block, "NOx")
    assert 4000.0 < nox[1] < 14000.0
    assert nox[4] < nox[1] < nox[0]
    assert 1000.0 < _emission(block, "VOC")[1] < 8000.0
    assert 100.0 < _emission(block, "PM2.5")[1] < 800.0


def test_no_vehicles_no_emission():
    inputs = _tongzhou()
    none = [_fixed(r, 0.0) if r.parameter == "stock" else r for r in inputs.region["fleet"].rows]
    _changed(inputs, "fleet", none)
    block = build(inputs)
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
    tables[table] = QuantityTable(table, kept, inputs.problems, _space(inputs))
    declare(inputs)
    assert any(said in p.text() for p in inputs.problems.found)


def test_vehicles_older_than_the_first_standard_are_a_problem():
    inputs = _tongzhou()
    rows = [
        _fixed(r, 2010.0) if (r.rule, r.standard) == ("diesel", "III") else r
        for r in inputs.region["standard_dates"].rows
    ]
    _changed(inputs, "standard_dates", rows)
    declare(inputs)
    assert any("older than the first date of 'diesel'" in p.text() for p in inputs.problems.found)


def _drawn(space, samples, seed):
    """Numbers anywhere inside their ranges, dims (slot, sample)."""
    low, high = space.ends()
    return low + (high - low) * np.random.default_rng(seed).random((len(space), samples))


WINDOWS = (every_year(len(YEARS)), Window(np.array([1, 4]), np.array([3, 4])))


@pytest.mark.parametrize("window", WINDOWS, ids=("all years", "base and target year"))
@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 9))
def test_a_sample_is_the_same_alone_and_beside_others(inputs, model, window, seed, samples):
    theta = _drawn(_space(inputs), samples, seed)
    together = model.block(theta, window)
    for width in (1, 2, 4):
        parts = [
            model.block(np.ascontiguousarray(theta[:, k : k + width]), window)
            for k in range(0, samples, width)
        ]
        for name in ("activity", "factor", "recent"):
            joined = np.concatenate([getattr(part, name) for part in parts], axis=-1)
            assert joined.tobytes() == getattr(together, name).tobytes(), (name, width)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_no_sample_loses_a_vehicle(inputs, model, seed):
    theta = _drawn(_space(inputs), 20, seed)
    block = model.block(theta, every_year(len(YEARS)))
    assert np.isfinite(block.factor).all()
    assert (block.activity >= 0.0).all()
    assert (block.recent <= block.activity[:, None] * (1.0 + 1e-12)).all()
    source = np.array(model.states.source)
    stock = inputs.region["fleet"].numbers(
        "vehicle", source=list(FLEETS), parameter="stock", fuel="", year=2017
    )(theta)
    for s, name in enumerate(FLEETS):
        driver = inputs.drivers[SECTOR.source(name).driver](theta)
        expected = stock[s] * driver[1:] / driver[1]
        assert block.activity[source == name, 1:].sum(axis=0) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("ranges", ["kept", "none"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sample_is_what_its_numbers_in_the_tables_give(inputs, model, ranges, seed):
    space = _space(inputs)
    theta = _drawn(space, 1, seed)
    value = {
        g.place: float(v) for g, v in zip(space.given, theta[-len(space.given) :, 0], strict=True)
    }

    def written(_, rows):
        return [_written(row, value[row.place]) if row.place in value else row for row in rows]

    def _written(row, number):
        if ranges == "none":
            return _fixed(row, number)
        return row.model_copy(update={"value": number})

    other = _inputs(written)
    anew, window = declare(other), every_year(len(YEARS))
    expected, found = anew.block(_space(other).central(), window), model.block(theta, window)
    names = list(zip(model.states.source, model.states.technology, strict=True))
    of = list(zip(anew.states.source, anew.states.technology, strict=True))
    at = [names.index(name) for name in of]
    for name in ("activity", "factor", "recent"):
        both = getattr(found, name)[at], getattr(expected, name)
        np.testing.assert_allclose(*both, rtol=1e-12, atol=1e-12 * np.abs(both[1]).max())
    assert not np.delete(found.activity, at, axis=0).any()
    assert len(at) == len(names) or ranges == "none"


def test_a_number_outside_its_range_is_not_taken_for_a_smaller_fleet(inputs, model):
    theta = _space(inputs).central()
    theta[model.fleet.oldest.slot[0]] = 1990.0
    with pytest.raises(BeyondRangesError, match="outside their ranges"):
        model.block(theta, every_year(len(YEARS)))
