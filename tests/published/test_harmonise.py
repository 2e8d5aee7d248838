"""Projections brought to the total of their base year, against published values.

Golden values and identities of the tests of aneris (GitHub iiasa/aneris, commit c5dbeb6070f7:
tests/test_data, tests/test_harmonize.py), evaluated in the case ``hrm01``.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from lantian.equations import harmonise

CASE = json.loads((Path(__file__).parent / "data" / "hrm01_harmonise_methods.json").read_text())
OURS = {
    "constant_offset": "offset",
    "constant_ratio": "ratio",
    "reduce_offset": "converging-offset",
    "reduce_ratio": "converging-ratio",
    "linear_interpolate": "interpolate",
}
UNIT = [(series, method) for series, own in CASE["expected"]["unit"].items() for method in own]


@pytest.mark.parametrize("pollutant", ["BC", "Sulfur"])
def test_golden_values(pollutant: str) -> None:
    given, expected = CASE["inputs"]["golden"], CASE["expected"]["golden"][pollutant]
    model = given["model"][pollutant]
    years = [int(year) for year in model]
    total = given["history"][pollutant]
    found = harmonise(years, [*model.values()], total, 2005, "converging-ratio", 2080)
    assert found == pytest.approx([*expected.values()], rel=1e-6)


@pytest.mark.parametrize(("series", "name"), UNIT)
def test_every_method(series: str, name: str) -> None:
    expected = CASE["expected"]["unit"][series][name]
    given = CASE["inputs"]["unit"]["model"][series]
    total = CASE["inputs"]["unit"]["history_2015"][series]
    years = [int(year) for year in given]
    stem, _, end = name.rpartition("_")
    method, until = (OURS[stem], int(end)) if end.isdigit() else (OURS[name], None)
    found = harmonise(years, [*given.values()], total, 2015, method, until)  # type: ignore[arg-type]
    at = [years.index(int(year)) for year in expected]
    assert found[at] == pytest.approx([*expected.values()], rel=1e-6)


def test_a_budget_keeps_the_sum_and_bends_least() -> None:
    years = np.array([2020, 2021, 2022, 2024, 2028])
    model = np.array([10.0, 9.0, 9.5, 8.0, 5.0])
    found = harmonise(years.tolist(), model, 12.0, 2020, "budget")
    assert found[0] == pytest.approx(12.0)
    assert np.trapezoid(found, years) == pytest.approx(np.trapezoid(model, years))

    def bent(path: np.ndarray) -> float:
        return float((((np.diff(path) - np.diff(model)) / np.diff(years)) ** 2).sum())

    rng = np.random.default_rng(1)
    for _ in range(20):  # other paths of the same beginning and the same sum
        weight = np.concatenate([[0.0], rng.normal(size=4)])
        weight[-1] -= np.trapezoid(weight, years) / (0.5 * (years[-1] - years[-2]))
        assert bent(found + 0.1 * weight) > bent(found)


def test_years_before_are_corrected_alike_and_columns_apart() -> None:
    model = np.array([[8.0, 1.0], [10.0, 2.0], [12.0, 4.0]])
    found = harmonise([2015, 2020, 2025], model, [5.0, 4.0], 2020, "converging-ratio", 2030)
    assert found == pytest.approx(np.array([[4.0, 2.0], [5.0, 4.0], [9.0, 6.0]]))


@pytest.mark.parametrize("method", ["ratio", "interpolate"])
def test_what_is_nothing_in_the_projection_or_known_to_be_nothing(method: str) -> None:
    model = np.array([[4.0, 0.0, 3.0], [2.0, 0.0, 0.0], [1.0, 0.0, 6.0]])
    found = harmonise([2015, 2020, 2025], model, [0.0, 5.0, 5.0], 2020, method, 2025)  # type: ignore[arg-type]
    # before the base year as it was where nothing is projected in that year
    assert found[0].tolist() == [0.0, 0.0, 3.0]
    after = [0.0, 0.0, 6.0] if method == "ratio" else [1.0, 0.0, 6.0]
    assert found[2].tolist() == after


@pytest.mark.parametrize("method", ["converging-ratio", "converging-offset", "interpolate"])
def test_an_end_is_needed(method: str) -> None:
    with pytest.raises(ValueError, match="needs a year after 2020"):
        harmonise([2020, 2025], [1.0, 2.0], 3.0, 2020, method, 2020)  # type: ignore[arg-type]


def test_interpolation_and_budget_need_years() -> None:
    with pytest.raises(ValueError, match="projection of 2030"):
        harmonise([2020, 2025], [1.0, 2.0], 3.0, 2020, "interpolate", 2030)
    with pytest.raises(ValueError, match="after 2020"):
        harmonise([2020], [1.0], 3.0, 2020, "budget")
