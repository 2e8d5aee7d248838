"""Sector voc: activity times tabulated factor."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    activity,
    at_central,
    behind,
    emission,
    inputs_of,
    number,
    of_state,
    outside_bands,
    sectors,
    tongzhou,
)
from lantian.inventory.sectors.voc import TABLE
from lantian.inventory.tabulated import FactorRow
from lantian.vocabulary import POLLUTANTS

SECTOR = sectors()["voc"]


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
            TABLE: [
                factor("printing", "solvent", 600, "g/kg"),
                factor("printing", "vegetable-oil", 14, "g/kg"),
            ]
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
        {TABLE: [factor("car-repair-small", "solvent-paint", 0.07, "t/shop")]},
        {},
    )
    assert emission(at_central(SECTOR, given), "VOC", 2017) == pytest.approx(21.0)


def test_activity_in_another_unit_of_the_same_kind():
    given = inputs_of(
        SECTOR,
        activity("household-products", "ordinary", "wan_person", 1, 2),
        {TABLE: [factor("household-products", "ordinary", 0.5, "kg/person")]},
        {},
    )
    assert emission(at_central(SECTOR, given), "VOC", 2017) == pytest.approx(10.0)  # 20000 * 0.5 kg


def test_no_activity_no_emission():
    given = inputs_of(
        SECTOR,
        activity("printing", "solvent", "t", 0, 0),
        {TABLE: [factor("printing", "solvent", 600, "kg/t")]},
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
        {TABLE: [factor("furniture", "solvent", 600, "kg/t")]},
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
        {TABLE: [factor("furniture", "solvent", 600, "kg/shop")]},
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
        assert len(rows) == 3  # two years of activity and the factor


def test_tongzhou_is_complete_and_plausible():
    given = tongzhou(SECTOR)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert np.isfinite(block.emission_factor).all()
    assert {*block.source} == {s.id for s in SECTOR.sources}
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
    for source in SECTOR.sources:
        first, *_, last = (per[source.id, t] for t in source.technologies)
        assert last < first, source.id
