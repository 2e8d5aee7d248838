import pytest

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    outside_bands,
    read,
    sectors,
    tongzhou,
)
from lantian.errors import Problems
from lantian.inventory.contract import SectorInputs
from lantian.inventory.tabulated import FactorRow

SECTOR = sectors()["open-burning"]


def _straw(amount: float, pollutants: tuple[str, ...]) -> SectorInputs:
    rows = [
        number(FactorRow, 10.6, "g/kg", source="straw", technology="open-field", pollutant=p)
        for p in pollutants
    ]
    return inputs_of(
        SECTOR, activity("straw", "open-field", "t", amount, amount), {"open-burning": rows}, {}
    )


def test_by_hand() -> None:
    inputs = _straw(2000, SECTOR.pollutants)
    # 2000 t x 10.6 g/kg = 21.2 t
    assert emission(at_central(SECTOR, inputs), "PM2.5", 2015) == pytest.approx(21.2)
    assert inputs.problems.found == []


@pytest.mark.parametrize(("technology", "tonnes"), [("straw-stove", 53.0), ("wood-stove", 53.0)])
def test_stoves_at_home(technology: str, tonnes: float) -> None:
    rows = read(ROOT / "inputs" / "factors", "open-burning", FactorRow, Problems())
    given = activity("home-biomass", technology, "t", 10_000, 10_000)
    inputs = inputs_of(SECTOR, given, {"open-burning": rows}, {})
    block = at_central(SECTOR, inputs)
    assert inputs.problems.found == []
    assert not outside_bands(SECTOR, block)
    assert emission(block, "VOC", 2017) == pytest.approx(tonnes)  # 5.3 g/kg
    sizes = [emission(block, p, 2017) for p in ("PM2.5", "PM10", "TSP")]
    assert sizes == sorted(sizes)


def test_zero_activity_is_zero_emission() -> None:
    block = at_central(SECTOR, _straw(0, SECTOR.pollutants))
    assert all(emission(block, p, 2017) == 0 for p in SECTOR.pollutants)


def test_missing_factor_is_a_problem() -> None:
    inputs = _straw(2000, SECTOR.pollutants[1:])
    at_central(SECTOR, inputs)
    assert any(SECTOR.pollutants[0] in p.text() for p in inputs.problems.found)


def test_tongzhou() -> None:
    inputs = tongzhou(SECTOR)
    block = at_central(SECTOR, inputs)
    assert inputs.problems.found == []
    assert outside_bands(SECTOR, block) == []
    for year in (2015, 2017):
        fine, coarse, all_sizes = (emission(block, p, year) for p in ("PM2.5", "PM10", "TSP"))
        assert 1 < fine < coarse < all_sizes < 300
