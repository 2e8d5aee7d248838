"""The linear PM2.5 response: hand-worked numbers, calibration, refusals."""

import numpy as np
import pytest

from lantian.indicators.pm25 import (
    CalibrationError,
    Pm25Response,
    calibrate_pm25,
    local_contribution,
)

YEARS = (2015, 2017, 2018, 2019)
# Two groups (mobile, dust), two precursors (PM2.5, NOx), four years [t/a].
EMISSION = np.array(
    [
        [[300.0, 200.0, 150.0, 100.0], [12000.0, 10000.0, 9000.0, 8000.0]],
        [[1500.0, 1000.0, 800.0, 600.0], [0.0, 0.0, 0.0, 0.0]],
    ]
)


def calibrated(**changes) -> Pm25Response:
    given = {
        "groups": ("mobile", "dust"),
        "pollutants": ("PM2.5", "NOx"),
        "years": YEARS,
        "base_year": 2017,
        "observed": {2015: 92.5, 2017: 67.0},
        "local_share": 0.3,
        "group_share": np.array([0.75, 0.25]),
        "weight": np.array([[0.4, 0.6], [1.0, 0.0]]),
        "regional_change": {2018: -0.1, 2019: -0.1},
        "emission": EMISSION,
    }
    return calibrate_pm25(**(given | changes))


def test_local_contribution_by_hand():
    # 67 * 0.3 = 20.1; mobile 0.75 -> 15.075, of it 0.4 primary = 6.03 and 0.6 NOx = 9.045.
    parts = local_contribution(67.0, 0.3, np.array([0.75, 0.25]), np.array([[0.4, 0.6], [1.0, 0]]))
    np.testing.assert_allclose(parts, [[6.03, 9.045], [5.025, 0.0]])


def test_observed_years_are_reproduced():
    response = calibrated()
    assert response.concentration(EMISSION)[:2] == pytest.approx([92.5, 67.0], abs=1e-12)


def test_projection_by_hand():
    # 2017: regional 67 - 20.1 = 46.9. 2018: regional 42.21; mobile primary 6.03 * 150/200 = 4.5225,
    # NOx 9.045 * 0.9 = 8.1405, dust 5.025 * 0.8 = 4.02 -> 58.893.
    response = calibrated()
    assert response.regional[1:3] == pytest.approx([46.9, 42.21])
    assert response.concentration(EMISSION)[2] == pytest.approx(58.893)


def test_regional_part_of_the_reference_year_is_the_residual():
    # 2015: 6.03 * 1.5 + 9.045 * 1.2 + 5.025 * 1.5 = 27.4365; 92.5 - 27.4365 = 65.0635.
    assert calibrated().regional[0] == pytest.approx(65.0635)


def test_contributions_add_up_and_name_the_regional_part():
    response = calibrated()
    parts = response.contributions(EMISSION)
    assert response.contribution_names() == ("mobile", "dust", "regional")
    np.testing.assert_allclose(parts.sum(axis=0), response.concentration(EMISSION))


def test_coefficients_are_the_slope_of_the_concentration():
    response = calibrated()
    step = np.zeros_like(EMISSION)
    step[0, 1, 3] = 1.0
    rise = response.concentration(EMISSION + step) - response.concentration(EMISSION)
    assert rise == pytest.approx([0, 0, 0, response.coefficients()[0, 1]], abs=1e-12)
    assert response.coefficients()[0, 1] == pytest.approx(9.045 / 10000)
    assert response.coefficients()[1, 1] == 0.0


@pytest.mark.parametrize("share", [0.15, 0.45])
def test_every_local_share_reproduces_the_observations(share):
    response = calibrated(local_share=share)
    assert response.concentration(EMISSION)[:2] == pytest.approx([92.5, 67.0], abs=1e-12)
    assert response.local.sum() == pytest.approx(67 * share)


def test_a_weight_without_base_emission_is_refused_by_name():
    with pytest.raises(CalibrationError, match="dust NOx"):
        calibrated(weight=np.array([[0.4, 0.6], [0.9, 0.1]]))


def test_shares_that_miss_one_are_refused():
    with pytest.raises(CalibrationError, match=r"group shares add up to 0\.95"):
        calibrated(group_share=np.array([0.75, 0.2]))
    with pytest.raises(CalibrationError, match=r"'mobile' add up to 1\.1"):
        calibrated(weight=np.array([[0.5, 0.6], [1.0, 0.0]]))


def test_a_missing_observation_or_change_is_refused():
    with pytest.raises(CalibrationError, match="2015"):
        calibrated(observed={2017: 67.0})
    with pytest.raises(CalibrationError, match="2019"):
        calibrated(regional_change={2018: -0.1})


def test_a_local_part_above_the_observation_is_refused():
    with pytest.raises(CalibrationError, match="2015"):
        calibrated(emission=EMISSION * np.array([10.0, 1.0, 1.0, 1.0]))
