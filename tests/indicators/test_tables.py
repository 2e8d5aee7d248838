"""The response's tables: Tongzhou's own, and what is said about faulty ones."""

from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.indicators.pm25 import PRECURSORS, VARIANTS, calibrate_pm25
from lantian.indicators.tables import AirRow, ResponseRow, TopdownRow, read_response
from lantian.inventory.layers import find_layers
from lantian.parameters import QuantityTable, Space
from lantian.vocabulary import GROUPS

ROOT = Path(__file__).parents[2]
YEARS = (2015, 2017, 2018, 2019, 2020)


def table(name, row, problems):
    layers = find_layers(ROOT / "inputs", "tongzhou", ROOT, problems, Space())
    return QuantityTable(f"{name}.csv", layers.read(name, row).rows, problems)


@pytest.fixture
def problems() -> Problems:
    return Problems()


@pytest.fixture
def air(problems):
    return table("air", AirRow, problems)


@pytest.fixture
def response(problems):
    return table("response", ResponseRow, problems)


def test_tongzhou_is_read_without_problems(air, response, problems):
    numbers = read_response(air, response, YEARS, 2017, problems)
    table("topdown", TopdownRow, problems)
    assert problems.found == []
    assert numbers.observed == {2015: 92.5, 2017: 67.0}
    assert numbers.regional_change == {2018: -0.06, 2019: -0.06, 2020: -0.06}
    np.testing.assert_allclose(numbers.weight.sum(axis=1), 1.0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_reproduces_the_observations(variant, air, response, problems):
    numbers = read_response(air, response, YEARS, 2017, problems, variant)
    emission = np.full((len(GROUPS), len(PRECURSORS), len(YEARS)), 100.0)
    emission[:, :, 0] = 120.0
    built = calibrate_pm25(
        groups=GROUPS,
        years=YEARS,
        base_year=2017,
        observed=numbers.observed,
        local_share=numbers.local_share,
        group_share=numbers.group_share,
        weight=numbers.weight,
        regional_change=numbers.regional_change,
        emission=emission,
    )
    assert built.concentration(emission)[:2] == pytest.approx([92.5, 67.0])


def test_variants_take_the_ends_of_the_local_share(air, response, problems):
    shares = [read_response(air, response, YEARS, 2017, problems, v).local_share for v in VARIANTS]
    assert shares == [0.15, 0.3, 0.45]


def test_a_missing_weight_is_a_problem_with_its_keys(air, response, problems):
    rows = [r for r in response.rows if (r.group, r.pollutant) != ("coal", "SO2")]
    read_response(air, QuantityTable("response.csv", rows, problems), YEARS, 2017, problems)
    assert len(problems.found) == 1
    assert "group 'coal', pollutant 'SO2'" in problems.found[0].text()


def test_group_shares_that_miss_one_are_a_problem(air, response, problems):
    rows = [
        r.model_copy(update={"value": 0.0})
        if (r.parameter, r.group) == ("group-share", "coal")
        else r
        for r in response.rows
    ]
    read_response(air, QuantityTable("response.csv", rows, problems), YEARS, 2017, problems)
    assert "add up to 0.97" in problems.found[0].text()


def test_a_year_without_observation_is_a_problem(air, response, problems):
    read_response(air, response, (2016, 2017, 2018), 2017, problems)
    assert "indicator 'pm25', year '2016'" in problems.found[0].text()
