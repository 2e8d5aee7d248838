import pytest

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    emission,
    inputs_of,
    outside_bands,
    read,
    sectors,
)
from lantian.errors import Problems
from lantian.inventory.tabulated import FactorRow

SECTOR = sectors()["homes"]
ROWS = {"homes": read(ROOT / "inputs" / "factors", "homes", FactorRow, Problems())}


@pytest.mark.parametrize(
    ("source", "technology", "unit", "amount", "pollutant", "tonnes"),
    [
        # 183 t x 0.74 and 770 t x 0.81 of 3.659 million people: 135 and 624 t, geometric mean 290 t
        ("home-cooking", "kitchen", "person", 3.659e6, "PM2.5", 290.0),
        # the landfills of China in 2016 as the source of the factors prints them
        ("landfill", "sanitary", "t", 118.7e6, "VOC", 185_117.1),
        ("landfill", "sanitary", "t", 118.7e6, "TSP", 54.94),
        ("landfill", "sanitary", "t", 118.7e6, "PM2.5", 3.92),
    ],
)
def test_inventories_that_the_factors_come_from(
    source: str, technology: str, unit: str, amount: float, pollutant: str, tonnes: float
) -> None:
    given = inputs_of(SECTOR, activity(source, technology, unit, amount, amount), ROWS, {})
    block = at_central(SECTOR, given)
    assert given.problems.found == []
    assert not outside_bands(SECTOR, block)
    assert emission(block, pollutant, 2017) == pytest.approx(tonnes, rel=0.02)
    sizes = [emission(block, p, 2017) for p in ("PM2.5", "PM10", "TSP")]
    assert sizes == sorted(sizes)
