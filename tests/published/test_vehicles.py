"""Published cases of the on-road sector."""

import csv
from pathlib import Path

import pytest

from lantian.errors import Problems
from lantian.inventory.sectors.on_road import (
    BaseFactorRow,
    Conditions,
    CorrectionRow,
    Vehicle,
    base_factor,
    correction,
    fuel_emission,
    group_corrections,
)
from lantian.parameters import QuantityTable, read_table

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
REFERENCE = Conditions(
    (15.0,),
    (0.5,),
    altitude=1000.0,
    speed=30.0,
    load=0.5,
    gasoline_sulphur=50.0,
    diesel_sulphur=350.0,
)


def _table(name, row, problems):
    path = ROOT / "inputs" / "factors" / f"{name}.csv"
    return QuantityTable(path.name, read_table(path, row, problems, ROOT), problems)


def test_veh01_base_factors_of_the_guide():
    """610 base factors that VEIN's test-ef_china.R expects at the reference state, exactly."""
    problems = Problems()
    base = _table("vehicle_base_factors", BaseFactorRow, problems)
    corrections = group_corrections(_table("vehicle_corrections", CorrectionRow, problems))
    with CASE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for r in rows:
        standard = "0" if r["standard"] == "PRE" else r["standard"]
        vehicle = Vehicle(CLASSES[r["vehicle_class"], r["type"]], FUELS[r["fuel"]], standard)
        found = base_factor(base, vehicle, r["pollutant"])
        corrected = found.to("g/km") * correction(corrections, vehicle, r["pollutant"], REFERENCE)
        if corrected != float(r["ef_g_per_km"]):
            wrong.append((r, corrected))
    assert len(rows) == 610
    assert not wrong
    assert not problems.found


@pytest.mark.parametrize(
    ("factor", "expected"), [(19.4, 194.0), (8.89, 88.9), (2.34, 23.4), (2.39, 23.9)]
)
def test_veh04_diesel_by_fuel(factor, expected):
    """NPI manual for combustion engines 3.0 (2008), example 3: 10 kL diesel x kg/kL."""
    assert fuel_emission(10.0, factor) == pytest.approx(expected, rel=1e-9)
