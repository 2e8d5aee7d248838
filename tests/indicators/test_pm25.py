"""The linear PM2.5 response: hand-worked numbers, calibration, refusals."""

from typing import Any

import numpy as np
import pytest

from indicators.case import SOURCES, YEARS, context, declared, projected
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators import find
from lantian.indicators.contract import Subject
from lantian.indicators.groups import PRECURSORS
from lantian.indicators.pm25 import (
    Pm25Declared,
    Pm25Response,
    calibrate_pm25,
    local_contribution,
)
from lantian.vocabulary import GROUPS, POLLUTANTS

MODEL = (2015, 2017, 2018, 2019)
# Two groups (mobile, dust), two precursors (PM2.5, NOx), four years [t/a].
EMISSION = np.array(
    [
        [[300.0, 200.0, 150.0, 100.0], [12000.0, 10000.0, 9000.0, 8000.0]],
        [[1500.0, 1000.0, 800.0, 600.0], [0.0, 0.0, 0.0, 0.0]],
    ]
)[..., None]


def column(*values: Any) -> Array:
    return np.array(values, dtype=float)[..., None]


def calibrated(**changes: Any) -> Pm25Response:
    given = {
        "years": MODEL,
        "base_year": 2017,
        "later": (2018, 2019),
        "observed": column(92.5, 67.0),
        "local_share": np.array([0.3]),
        "group_share": column(0.75, 0.25),
        "weight": column([0.4, 0.6], [1.0, 0.0]),
        "regional_change": column(-0.1, -0.1),
        "emission": EMISSION,
    }
    return calibrate_pm25(**(given | changes))


def mean(response: Pm25Response, emission: Array = EMISSION) -> Array:
    return response.concentration(emission, MODEL)[:, 0]


def test_local_contribution_by_hand() -> None:
    # 67 * 0.3 = 20.1; mobile 0.75 -> 15.075, of it 0.4 primary = 6.03 and 0.6 NOx = 9.045.
    parts = local_contribution(
        np.array([67.0]), np.array([0.3]), column(0.75, 0.25), column([0.4, 0.6], [1.0, 0.0])
    )
    np.testing.assert_allclose(parts[..., 0], [[6.03, 9.045], [5.025, 0.0]])


def test_shares_are_scaled_to_a_sum_of_one() -> None:
    # a column in which the group shares are drawn as 0.9 and 0.3: 0.75 and 0.25 of their sum
    drawn = calibrated(group_share=column(0.9, 0.3), weight=column([0.2, 0.3], [2.0, 0.0]))
    np.testing.assert_allclose(drawn.local, calibrated().local, rtol=1e-15)


def test_observed_years_are_reproduced() -> None:
    assert mean(calibrated())[:2] == pytest.approx([92.5, 67.0], abs=1e-12)


def test_projection_by_hand() -> None:
    # 2017: regional 67 - 20.1 = 46.9. 2018: regional 42.21; mobile primary 6.03 * 150/200 = 4.5225,
    # NOx 9.045 * 0.9 = 8.1405, dust 5.025 * 0.8 = 4.02 -> 58.893.
    response = calibrated()
    assert response.regional[1:3, 0] == pytest.approx([46.9, 42.21])
    assert mean(response)[2] == pytest.approx(58.893)


def test_regional_part_of_the_reference_year_is_the_residual() -> None:
    # 2015: 6.03 * 1.5 + 9.045 * 1.2 + 5.025 * 1.5 = 27.4365; 92.5 - 27.4365 = 65.0635.
    assert calibrated().regional[0, 0] == pytest.approx(65.0635)


def test_contributions_add_up_the_regional_part_last() -> None:
    response = calibrated()
    parts = response.contributions(EMISSION, MODEL)[..., 0]
    np.testing.assert_allclose(parts.sum(axis=0), mean(response))
    np.testing.assert_array_equal(parts[-1], response.regional[:, 0])


def test_slopes_are_those_of_the_concentration() -> None:
    response = calibrated()
    step = np.zeros_like(EMISSION)
    step[0, 1, 3] = 1.0
    rise = mean(response, EMISSION + step) - mean(response)
    assert rise == pytest.approx([0, 0, 0, response.slope[0, 1, 0]], abs=1e-12)
    assert response.slope[0, 1, 0] == pytest.approx(9.045 / 10000)
    assert response.slope[1, 1, 0] == 0.0


def test_every_local_share_reproduces_the_observations() -> None:
    response = calibrated(local_share=np.array([0.15, 0.3, 0.45]))
    found = response.concentration(EMISSION, MODEL)
    assert found[:2] == pytest.approx(np.tile([[92.5], [67.0]], 3), abs=1e-12)
    assert response.local.sum(axis=(0, 1)) == pytest.approx(67 * np.array([0.15, 0.3, 0.45]))


# --- at the door ---------------------------------------------------------------------------------


def own() -> tuple[Pm25Declared, Array]:
    at = context()
    found = declared(find("pm25"), at)
    assert isinstance(found, Pm25Declared)
    return found, at.space.central()


def faults(found: Pm25Declared, theta: Array, baseline: Projection) -> list[str]:
    at = context()
    found.check(theta, baseline, at.problems)
    assert all(p.place.file == "response.csv" for p in at.problems.found)
    return [p.found.text() for p in at.problems.found]


def test_a_sound_response_has_no_faults() -> None:
    found, theta = own()
    baseline = projected(1, seed=1)
    assert faults(found, theta, baseline) == []
    assert not found.fit(theta, baseline).impossible.any()


def test_a_weight_without_base_emission_is_refused_by_name() -> None:
    found, theta = own()
    baseline = projected(1, seed=1)
    dust = SOURCES.group.index("dust")
    baseline.emission[dust, POLLUTANTS.index("PM2.5"), YEARS.index(2017)] = 0.0
    assert faults(found, theta, baseline) == [
        "no emission in the base year to respond to: dust PM2.5; give the weight to another"
        " precursor or group in the table."
    ]


def test_a_local_part_above_the_observation_is_refused() -> None:
    found, theta = own()
    baseline = projected(1, seed=1)
    baseline.emission[:, :, YEARS.index(2015)] *= 10.0
    (told,) = faults(found, theta, baseline)
    assert told.startswith("the local part of 2015 (")
    assert told.endswith(
        "exceeds the observed 92.5 ug/m3: lower local-share or check the emissions."
    )


def test_a_column_that_cannot_be_is_counted_and_not_raised() -> None:
    # local shares of 30 % and of 140 % of what was observed; in the base year that is all the same
    found, theta = own()
    two = np.repeat(theta, 2, axis=1)
    two[found.local_share.slot, 1] = 140.0 if two[found.local_share.slot, 0] > 1 else 1.4
    assert found.fit(two, projected(1, seed=1)).impossible.tolist() == [False, True]


def test_slopes_of_sources_are_those_of_their_groups() -> None:
    found, theta = own()
    fitted = found.fit(theta, projected(1, seed=1))
    (row,) = fitted.rows(Subject(), 2020)
    for s, group in enumerate(SOURCES.group):
        for p, name in enumerate(PRECURSORS):
            expected = fitted.response.slope[GROUPS.index(group), p]
            assert row.weight[s, POLLUTANTS.index(name)].tolist() == expected.tolist()
    others = [POLLUTANTS.index(p) for p in POLLUTANTS if p not in PRECURSORS]
    assert not row.weight[:, others].any()
    assert row.constant.tolist() == fitted.response.regional[YEARS.index(2020)].tolist()


def test_years_after_the_base_follow_the_path_whatever_years_are_projected() -> None:
    found, theta = own()
    whole = found.fit(theta, projected(1, seed=1)).response
    case = projected(1, seed=1)
    chosen = [YEARS.index(2017), YEARS.index(2020)]
    few = Projection((2017, 2020), case.emission[:, :, chosen], case.activity[:, chosen])
    part = found.fit(theta, few).response
    np.testing.assert_array_equal(part.regional, whole.regional[chosen])
