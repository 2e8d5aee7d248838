"""The linear dustfall response."""

import numpy as np
import pytest

from lantian.indicators.dustfall import calibrate_dustfall
from lantian.indicators.pm25 import CalibrationError


def test_level_by_hand():
    # 7.5 with 30 % background: b = 2.25, s = 5.25 / 10500 t = 0.0005.
    response = calibrate_dustfall(7.5, 0.3, 10500.0)
    assert response.background == pytest.approx(2.25)
    assert response.coefficients() == pytest.approx(0.0005)
    assert response.level(np.array([10500.0, 6000.0, 0.0])) == pytest.approx([7.5, 5.25, 2.25])


def test_a_30_percent_target_needs_more_than_30_percent_less_dust():
    # 0.7 * 7.5 = 5.25 needs 6000 t of 10500 t: a cut of 43 % = 0.3 / (1 - 0.3).
    response = calibrate_dustfall(7.5, 0.3, 10500.0)
    assert response.level(np.array([10500.0 * 0.7]))[0] > 0.7 * 7.5
    assert response.level(np.array([10500.0 * (1 - 0.3 / 0.7)]))[0] == pytest.approx(0.7 * 7.5)


def test_contributions_add_up():
    response = calibrate_dustfall(7.5, 0.3, 10500.0)
    emission = np.array([10500.0, 4000.0])
    np.testing.assert_allclose(
        response.contributions(emission).sum(axis=0), response.level(emission)
    )


@pytest.mark.parametrize(("share", "emission"), [(-0.1, 1.0), (1.1, 1.0), (0.3, 0.0)])
def test_impossible_numbers_are_refused(share, emission):
    with pytest.raises(CalibrationError):
        calibrate_dustfall(7.5, share, emission)
