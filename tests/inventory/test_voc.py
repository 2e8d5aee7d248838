"""Sector voc: activity times tabulated factor."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    behind,
    emission,
    inputs_of,
    number,
    of_region,
    of_state,
    outside_bands,
    read,
    sectors,
    tongzhou,
)
from lantian.errors import Problems
from lantian.inventory.sectors.voc import COATINGS, TABLE, CoatingRow
from lantian.inventory.tabulated import FactorRow
from lantian.vocabulary import POLLUTANTS

SECTOR = sectors()["voc"]
ELSEWHERE = {"metal-coating", "asphalt", "sewage-works"}
"""Sources that Tongzhou has not."""
SHIPPED = read(ROOT / "inputs" / "factors", TABLE, FactorRow, Problems())


def factor(source: str, technology: str, value: float, unit: str) -> FactorRow:
    return number(FactorRow, value, unit, source=source, technology=technology, pollutant="VOC")


def test_ink_of_the_published_table():
    # T/CSES 144-2024 table E.8: solvent ink 600 g/kg, soy ink 14 g/kg.
    # 100 t * 0.600 + 250 t * 0.014 = 60 + 3.5 = 63.5 t
    given = inputs_of(
        SECTOR,
        activity("printing", "solvent", "t", 80, 100)
        + activity("printing", "vegetable-oil", "t", 0, 250),
        {
            COATINGS: [],
            TABLE: [
                factor("printing", "solvent", 600, "g/kg"),
                factor("printing", "vegetable-oil", 14, "g/kg"),
            ],
        },
        {},
    )
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "VOC", 2017) == pytest.approx(63.5)
    assert emission(block, "VOC", 2015) == pytest.approx(48.0)


def test_shops_of_the_published_survey():
    # Beijing 2023: 0.07 t a year in a shop of class I; 300 shops -> 21 t
    given = inputs_of(
        SECTOR,
        activity("car-repair-small", "solvent-paint", "shop", 300, 300),
        {COATINGS: [], TABLE: [factor("car-repair-small", "solvent-paint", 0.07, "t/shop")]},
        {},
    )
    assert emission(at_central(SECTOR, given), "VOC", 2017) == pytest.approx(21.0)


def test_activity_in_another_unit_of_the_same_kind():
    given = inputs_of(
        SECTOR,
        activity("household-products", "ordinary", "wan_person", 1, 2),
        {COATINGS: [], TABLE: [factor("household-products", "ordinary", 0.5, "kg/person")]},
        {},
    )
    assert emission(at_central(SECTOR, given), "VOC", 2017) == pytest.approx(10.0)  # 20000 * 0.5 kg


@pytest.mark.parametrize(
    ("source", "technology", "unit", "amount", "tonnes"),
    [
        ("asphalt", "hot-mix", "t", 100_000, 3.0),  # 0.03 kg/t
        ("asphalt", "cutback", "t", 100, 40.698),  # 813.96 lb per 2,000 lb
        ("pesticides", "as-sold", "t", 2990, 757.0),  # Beijing in 2020, as its source prints both
        ("sewage-works", "open-tanks", "m3", 1e8, 10.2),  # 0.85 lb per million gallons of 3.785 l
    ],
)
def test_sources_of_inventories_elsewhere(source, technology, unit, amount, tonnes):
    rows = {TABLE: SHIPPED, COATINGS: []}
    given = inputs_of(SECTOR, activity(source, technology, unit, amount, amount), rows, {})
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert emission(block, "VOC", 2017) == pytest.approx(tonnes, rel=2e-3)


def test_no_activity_no_emission():
    given = inputs_of(
        SECTOR,
        activity("printing", "solvent", "t", 0, 0),
        {COATINGS: [], TABLE: [factor("printing", "solvent", 600, "kg/t")]},
        {},
    )
    block = at_central(SECTOR, given)
    assert emission(block, "VOC", 2020) == 0.0
    assert block.emission_factor.shape == (1, len(POLLUTANTS), 5)


def test_a_missing_factor_is_a_problem_that_names_its_keys():
    given = inputs_of(
        SECTOR,
        activity("furniture", "solvent", "t", 1, 1)
        + activity("furniture", "water-based", "t", 1, 1),
        {COATINGS: [], TABLE: [factor("furniture", "solvent", 600, "kg/t")]},
        {},
    )
    at_central(SECTOR, given)
    (problem,) = given.problems.found
    assert "furniture" in problem.text()
    assert "water-based" in problem.text()


def test_a_factor_of_the_wrong_kind_is_a_problem():
    given = inputs_of(
        SECTOR,
        activity("furniture", "solvent", "t", 1, 1),
        {COATINGS: [], TABLE: [factor("furniture", "solvent", 600, "kg/shop")]},
        {},
    )
    at_central(SECTOR, given)
    assert len(given.problems.found) == 1


def test_every_emission_rests_on_its_factor_and_its_activity():
    given = tongzhou(SECTOR)
    model = SECTOR.declare(given)
    for s in range(len(model.states)):
        rows = behind(given, lambda theta, s=s: of_state(model, theta, s, "VOC"))
        assert sum(isinstance(row, FactorRow) for row in rows) == 1
        assert {row.source for row in rows} == {model.states.source[s]}
        assert len(rows) in (3, 4)  # two or three years of activity and the factor


def test_tongzhou_is_complete_and_plausible():
    given = tongzhou(SECTOR)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert np.isfinite(block.emission_factor).all()
    assert {*block.source} == {s.id for s in SECTOR.sources} - ELSEWHERE
    # top-down total of all sectors: 20 kt within a factor of 2; solvents and petrol are below it
    assert 4000 < emission(block, "VOC", 2017) < 15000
    assert emission(block, "VOC", 2017) < emission(block, "VOC", 2015)


def test_cleaner_technologies_emit_less():
    block = at_central(SECTOR, tongzhou(SECTOR))
    per = {
        (s, t): f
        for s, t, f in zip(
            block.source, block.technology, block.emission_factor[:, 1, 0], strict=True
        )
    }
    several = (s for s in SECTOR.sources if len(s.technologies) > 1)
    for source in (s for s in several if s.id not in ELSEWHERE):
        first, *_, last = (per[source.id, t] for t in source.technologies)
        assert last < first, source.id


def coating(**values: tuple[float, str]) -> list[CoatingRow]:
    return [
        number(CoatingRow, value, unit, source="metal-coating", technology="solvent",
               parameter=parameter.replace("_", "-"))
        for parameter, (value, unit) in values.items()
    ]  # fmt: skip


BALANCE = {
    "voc_content": (4.0, "lb/gallon"),
    "density": (10.0, "lb/gallon"),
    "thinner": (0.2, "t/t"),
    "retained": (5.0, "percent"),
}


def balanced(rows, unit="t", factors=()):
    return inputs_of(
        SECTOR,
        activity("metal-coating", "solvent", unit, 0, 100),
        {TABLE: factors, COATINGS: rows},
        {},
    )


def test_a_coating_by_its_balance():
    # 4 of 10 lb a gallon and a fifth of thinner: (0.4 + 0.2) * 0.95 = 0.57; 100 t -> 57 t
    given = balanced(coating(**BALANCE))
    assert emission(at_central(SECTOR, given), "VOC", 2017) == pytest.approx(57.0)
    assert not given.problems.found


def test_a_balance_without_a_density_is_a_problem():
    given = balanced(coating(**{k: v for k, v in BALANCE.items() if k != "density"}))
    SECTOR.declare(given)
    assert "density" in given.problems.found[0].text()


def test_a_balance_beside_a_factor_is_a_problem():
    factors = [factor("metal-coating", "solvent", 500, "g/kg")]
    given = balanced(coating(**BALANCE), factors=factors)
    SECTOR.declare(given)
    assert "a factor in 'voc' as well" in given.problems.found[0].text()


def test_coatings_of_the_tables_are_plausible():
    region = of_region(SECTOR, "north-city", years=(2025,), base_year=2025)
    block = at_central(SECTOR, region)
    assert not region.problems.found
    assert not outside_bands(SECTOR, block)
    factors = {
        technology: float(block.emission_factor[i, POLLUTANTS.index("VOC"), 0])
        for i, (source, technology) in enumerate(zip(block.source, block.technology, strict=True))
        if source == "metal-coating"
    }
    # (0.48/1.2 + 0.15) * 0.97 and (0.12/1.25 + 0.01) * 0.97
    assert factors == pytest.approx({"solvent": 0.5335, "water-based": 0.10282})
