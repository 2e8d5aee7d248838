"""Published cases of health: hlt01 (AirQ+), hlt02 (healthiar), hlt05 (GEMM of Burnett et al.)."""

import numpy as np
import pytest

from lantian.equations import (
    attributable_fraction,
    avoided_cases,
    gemm_risk,
    impact_fraction,
    joint_fraction,
    relative_risk,
)

GEMM = {
    "IHD": (0.2969, 0.01787, 1.9, 12.0, 40.2),
    "Stroke": (0.272, 0.07697, 6.2, 16.7, 23.7),
    "COPD": (0.251, 0.06762, 6.5, 2.5, 32.0),
    "LC": (0.2942, 0.06147, 6.2, 9.3, 29.8),
    "LRI": (0.4468, 0.11735, 6.4, 5.7, 8.4),
    "NCD+LRI": (0.143, 0.01807, 1.6, 15.5, 36.8),
}
"""theta, its standard error, alpha, mu, nu; adults from 25 on."""


def test_copd_of_switzerland_by_airqplus() -> None:
    """Case hlt01: 3502 cases (1353-5474), 11.39 %, 41 of 100,000."""
    risk = relative_risk(8.85, [1.369, 1.124, 1.664], 5)
    fraction = attributable_fraction(risk)
    assert fraction == pytest.approx([0.1139, 0.044, 0.178], abs=5e-4)
    cases = fraction * 357.27 * 8606096 / 1e5
    assert cases == pytest.approx([3502, 1353, 5474], abs=1)
    assert cases / 8606096 * 1e5 == pytest.approx([41, 16, 64], abs=0.5)


@pytest.mark.parametrize(
    ("shape", "risk", "exposure", "expected"),
    [
        ("linear", 1.1, 10, 1.05),
        ("linear", 1.1, 15, 1.1),
        ("linear", 1.1, 0, 1.0),
        ("log-linear", 1.08, 20, 1.1224),
        ("log-linear", 1.08, 15, 1.08),
    ],
)
def test_shapes(shape: str, risk: float, exposure: float, expected: float) -> None:
    found = relative_risk(exposure, risk, 5, shape)  # type: ignore[arg-type]
    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("shape", "expected"), [("linear-log", 0.927071), ("log-log", 0.936215963)]
)
def test_cases_of_logarithmic_shapes(shape: str, expected: float) -> None:
    risk = relative_risk(20, 1.08, 5, shape)  # type: ignore[arg-type]
    assert 10 * attributable_fraction(risk) == pytest.approx(expected, abs=5e-7)


def test_two_pollutants_added_and_multiplied() -> None:
    fractions = [
        attributable_fraction(relative_risk(8.1, 1.063, 0)),
        attributable_fraction(relative_risk(10.9, 1.031, 0)),
    ]
    assert 1000 * np.sum(fractions) == pytest.approx(81, abs=0.5)
    assert 1000 * joint_fraction(fractions) == pytest.approx(79, abs=0.5)


def test_two_scenarios_as_difference_and_as_impact_fraction() -> None:
    before, after = (relative_risk(x, [1.118, 1.06, 1.179], 5) for x in (8.85, 6))
    assert avoided_cases(25000, before, after) == pytest.approx([774, 409, 1127], abs=0.5)
    assert 25000 * impact_fraction(before, after) == pytest.approx([782, 412, 1146], abs=0.5)


@pytest.mark.parametrize(
    ("cause", "pm25", "expected"),
    [
        ("IHD", 2.4, (1.0, 1.0, 1.0)),
        ("IHD", 25, (1.536202, 1.460337, 1.616009)),
        ("IHD", 150, (3.501319, 3.020152, 4.059144)),
        ("Stroke", 15, (1.147802, 1.063316, 1.239)),
        ("Stroke", 75, (1.880972, 1.324951, 2.67033)),
        ("COPD", 5, (1.0432, 1.020162, 1.066759)),
        ("COPD", 50, (1.533346, 1.223536, 1.921602)),
        ("LC", 10, (1.121135, 1.069847, 1.174881)),
        ("LC", 100, (2.199671, 1.592777, 3.037809)),
        ("LRI", 35, (2.172616, 1.457166, 3.239342)),
        ("LRI", 0, (1.0, 1.0, 1.0)),
        ("NCD+LRI", 35, (1.308554, 1.224237, 1.398678)),
        ("NCD+LRI", 75, (1.572589, 1.405786, 1.759185)),
        ("NCD+LRI", 150, (1.879718, 1.607709, 2.197749)),
    ],
)
def test_gemm(cause: str, pm25: float, expected: tuple[float, float, float]) -> None:
    theta, error, alpha, mu, nu = GEMM[cause]
    band = theta + 1.96 * error * np.array([0.0, -1.0, 1.0])
    assert gemm_risk(pm25, band, alpha, mu, nu) == pytest.approx(expected, rel=1e-5)
