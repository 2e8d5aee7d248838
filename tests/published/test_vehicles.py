"""Published cases of the on-road sector."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.inventory.sectors.on_road.corrections import (
    Conditions,
    CorrectionRow,
    declare_corrections,
    declare_deterioration,
    group_corrections,
)
from lantian.inventory.sectors.on_road.factors import (
    BaseFactorRow,
    declare_base_factors,
    fuel_emission,
)
from lantian.inventory.sectors.on_road.vehicles import Vehicle
from lantian.parameters import Space, read_quantities

ROOT = Path(__file__).parents[2]
CASE = Path(__file__).parent / "data" / "veh01_ef_china_base.csv"
CLASSES = {
    ("PV", "Mini"): "mini-car",
    ("PV", "Small"): "small-car",
    ("PV", "Medium"): "medium-bus",
    ("PV", "Mediumbus"): "medium-bus",
    ("PV", "Large"): "large-coach",
    ("PV", "Largebus"): "large-coach",
    ("PV", "Taxi"): "taxi",
    ("PV", "Bus"): "transit-bus",
    ("PV", "Motorcycles"): "motorcycle",
    ("PV", "Moped"): "moped",
    ("PV", "3-Wheel"): "three-wheeler",
    ("Trucks", "Mini"): "mini-truck",
    ("Trucks", "Light"): "light-truck",
    ("Trucks", "Medium"): "medium-truck",
    ("Trucks", "Heavy"): "heavy-truck",
    ("Trucks", "Low Speed"): "low-speed-truck",
}
FUELS = {"G": "gasoline", "D": "diesel"}
CORRECTED = json.loads(
    (CASE.parent / "veh02_ef_china_corrections.json").read_text(encoding="utf-8")
)["inputs"]["scenarios"]
REFERENCE = Conditions(
    temperature=np.array([[15.0]]),
    humidity=np.array([[0.5]]),
    altitude=np.array([1000.0]),
    share=np.array([[[1.0]]]),
    speed=np.array([[[30.0]]]),
    load=np.array([0.5]),
    gasoline_sulphur=np.array([50.0]),
    diesel_sulphur=np.array([350.0]),
)


def _key(row):
    standard = "0" if row["standard"] == "PRE" else row["standard"]
    return Vehicle(CLASSES[row["vehicle_class"], row["type"]], FUELS[row["fuel"]], standard)


@pytest.fixture(scope="module")
def guide():
    """Base factors and corrections as the program comes with them."""
    problems, space = Problems(), Space()

    def table(name, row):
        path = ROOT / "inputs" / "factors" / f"{name}.csv"
        return read_quantities(path, row, problems, ROOT, space=space)

    corrections = group_corrections(table("vehicle_corrections", CorrectionRow))
    return table("vehicle_base_factors", BaseFactorRow), corrections


def test_veh01_base_factors_of_the_guide(guide):
    """610 base factors that VEIN's test-ef_china.R expects at the reference state, exactly."""
    base, printed = guide
    space, problems = base.space, base.problems
    with CASE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for pollutant in {r["pollutant"] for r in rows}:
        same = [r for r in rows if r["pollutant"] == pollutant]
        vehicles = [_key(r) for r in same]
        factors = declare_base_factors(base, vehicles, [pollutant])
        corrections = declare_corrections(printed, vehicles, [pollutant])
        theta = space.central()
        found = (factors(theta) * corrections(theta, REFERENCE))[:, 0, 0]
        wrong += [(r, f) for r, f in zip(same, found, strict=True) if f != float(r["ef_g_per_km"])]
    assert len(rows) == 610
    assert not wrong
    assert not problems.found


def _conditions(case):
    return Conditions(
        temperature=np.array([[case["temperature"]]]),
        humidity=np.array([[case["humidity"]]]),
        altitude=np.array([float(case["altitude"])]),
        share=np.array([[[1.0]]]),
        speed=np.array([[[float(case["speed"])]]]),
        load=np.array([0.5]),
        gasoline_sulphur=np.array([float(case["sulphur"])]),
        diesel_sulphur=np.array([float(case["sulphur"])]),
    )


@pytest.mark.parametrize("case", CORRECTED, ids=lambda c: "-".join(str(v) for v in c.values()))
def test_veh02_corrected_factors_of_the_guide(guide, case):
    """19 factors that VEIN's test-ef_china.R expects, rounded there, with six corrections each."""
    _, printed = guide
    vehicle, pollutant = _key({**case, "vehicle_class": "PV"}), case["pollutant"]
    worn = case["deterioration_year"]
    corrections = declare_corrections(printed, [vehicle], [pollutant])
    aged = declare_deterioration(printed, [vehicle], [pollutant], [worn or 2016])
    theta = printed.table.space.central()
    found = case["base"] * corrections(theta, _conditions(case))[0, 0, 0]
    if worn:
        found *= aged(theta)[0, 0, 0, 0]
    assert found == pytest.approx(case["unrounded_here"], abs=1e-3)
    assert round(found) == case["published_integer"]


def test_veh02_is_complete():
    assert len(CORRECTED) == 19


@pytest.mark.parametrize(
    ("factor", "expected"), [(19.4, 194.0), (8.89, 88.9), (2.34, 23.4), (2.39, 23.9)]
)
def test_veh04_diesel_by_fuel(factor, expected):
    """NPI manual for combustion engines 3.0 (2008), example 3: 10 kL diesel x kg/kL."""
    assert fuel_emission(10.0, factor) == pytest.approx(expected, rel=1e-9)
