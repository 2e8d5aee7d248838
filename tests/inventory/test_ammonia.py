import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.tabulated_case import (
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    outside_bands,
    tongzhou,
)
from lantian.inventory.contract import SectorInputs, every_year
from lantian.inventory.sectors.ammonia import (
    EXCRETA,
    FERTILISERS,
    SECTOR,
    FertiliserRow,
    FertilisingRow,
    chain_efficiency,
    fertiliser_emission,
    rate_factor,
    tan_excreted,
    tan_losses,
)

PIG = ([1.148, 0.254], [[0.185, 0.038, 0.40], [0.185, 0.046, 0.81]])
"""TAN of urine and faeces [kg/head] and the guide's shares lost per stage."""

share = st.floats(0.0, 1.0)


def _urea(rate: float, amount: float = 1000) -> SectorInputs:
    return inputs_of(
        SECTOR,
        [
            *activity("urea", "surface", "t", amount, amount),
            *activity("urea", "deep", "t", amount, amount),
        ],
        {
            "livestock": [],
            "people-ammonia": [],
            "fertiliser": [
                number(FertiliserRow, 5, "%", source="urea", parameter="factor"),
                number(FertiliserRow, 195, "kg/ha", parameter="high-rate"),
                number(FertiliserRow, 1.18, "1", parameter="high-rate-factor"),
                number(FertiliserRow, 0.32, "1", parameter="deep-factor"),
            ],
        },
        {"fertilising": [number(FertilisingRow, rate, "kg/ha", parameter="nitrogen-rate")]},
    )


def test_tan_by_hand() -> None:
    # Layer: 365 d x 0.12 kg/d x 1.63 % x 70 % = 0.49976 kg
    assert tan_excreted(365, 0.12, 0.0163, 0.70) == pytest.approx(0.49976, rel=1e-4)


def test_each_stage_receives_what_is_left() -> None:
    # 1 kg: housing 0.2, storage 0.1 of 0.8 = 0.08, field 0.5 of 0.72 = 0.36; times 1.214
    np.testing.assert_allclose(tan_losses([1.0], [[0.2, 0.1, 0.5]]), [[0.2428, 0.09712, 0.43704]])


@given(st.floats(0.0, 1e3), share, share, share)
def test_no_more_nitrogen_is_lost_than_excreted(tan: float, a: float, b: float, c: float) -> None:
    lost = tan_losses([tan], [[a, b, c]]).sum() / 1.214
    assert lost == pytest.approx(tan * (1 - (1 - a) * (1 - b) * (1 - c)), rel=1e-9, abs=1e-12)


def test_injection_acts_on_the_field_only() -> None:
    # Pig, 80 % less on the field: field 0.3600 + 0.1600 of 0.8246 in all, 0.8 x 0.630 = 0.504
    assert chain_efficiency(*PIG, [0, 0, 0.8]) == pytest.approx(0.504, abs=2e-3)


def test_a_cover_passes_nitrogen_on_to_the_field() -> None:
    # Storage is 0.0451 of 0.8246 in all: 30 % off it would be 1.64 %, were nothing lost later
    covered = chain_efficiency(*PIG, [0, 0.3, 0])
    assert 0 < covered < 0.0164
    assert covered == pytest.approx(0.0087, abs=5e-4)


def test_the_same_cut_at_all_stages_is_less_than_the_cut() -> None:
    assert 0 < chain_efficiency(*PIG, [0.3, 0.3, 0.3]) < 0.3
    assert chain_efficiency(*PIG, [1, 1, 1]) == pytest.approx(1)
    assert chain_efficiency(*PIG, [0, 0, 0]) == pytest.approx(0)


def test_fertiliser_by_hand() -> None:
    # 1000 t x 2.51 % x 1.18 x 0.32 = 9.478 t
    assert fertiliser_emission(1000, 0.0251, 1.18, 0.32) == pytest.approx(9.478, rel=1e-3)
    assert rate_factor(196, 195, 1.18) == 1.18
    assert rate_factor(195, 195, 1.18) == 1.0


@pytest.mark.parametrize(("rate", "expected"), [(300, 77.88), (100, 66.0)])
def test_method_and_rate_of_dressing(rate: float, expected: float) -> None:
    inputs = _urea(rate)
    # 1000 t x 5 % x (1 + 0.32) = 66 t, times 1.18 above 195 kg N/ha
    assert emission(at_central(SECTOR, inputs), "NH3", 2017) == pytest.approx(expected)
    assert inputs.problems.found == []


def test_each_sample_is_dressed_by_its_own_rate() -> None:
    inputs = _urea(300)
    model = SECTOR.declare(inputs)
    space = inputs.activity.space
    theta = np.repeat(space.central(), 3, axis=1)
    theta[space.slot(inputs.region["fertilising"].rows[0])] = [100, 195, 196]
    surface = model.factors(theta, every_year(1))[0, 0, 0]
    assert surface == pytest.approx([0.05, 0.05, 0.059])  # 5 %, times 1.18 above 195 kg N/ha


def test_zero_activity_is_zero_emission() -> None:
    assert emission(at_central(SECTOR, _urea(300, amount=0)), "NH3", 2017) == 0


def test_missing_row_is_a_problem() -> None:
    inputs = inputs_of(
        SECTOR,
        activity("pig", "intensive", "head", 1, 1),
        {"livestock": [], "people-ammonia": [], "fertiliser": []},
        {"fertilising": []},
    )
    at_central(SECTOR, inputs)
    texts = [p.text() for p in inputs.problems.found]
    assert any("'days'" in text for text in texts)
    assert any("'spreading'" in text for text in texts)


def test_only_ammonia_is_emitted() -> None:
    block = at_central(SECTOR, tongzhou(SECTOR))
    assert emission(block, "NH3", 2015) > 0
    assert emission(block, "NOx", 2015) == 0


def test_tongzhou() -> None:
    inputs = tongzhou(SECTOR)
    block = at_central(SECTOR, inputs)
    assert inputs.problems.found == []
    assert outside_bands(SECTOR, block) == []
    assert {*EXCRETA, *FERTILISERS, "rural-population"} == set(block.source)
    # Beijing's livestock gave 44,300 t in 2012 and fell since; a district has some percent of it
    livestock = sum(emission(block, "NH3", 2015, animal) for animal in EXCRETA)
    assert 800 < livestock < 6000
    # Fertilisers of Tianjin gave 3.27 t/km2 in 2014; Tongzhou has 906 km2, part of it fields
    assert 150 < sum(emission(block, "NH3", 2017, f) for f in FERTILISERS) < 3000
