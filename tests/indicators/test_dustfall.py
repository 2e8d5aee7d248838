"""The linear dustfall response."""

import numpy as np
import pytest

from indicators.case import SOURCES, YEARS, context, declared, projected
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators import find
from lantian.indicators.contract import Subject
from lantian.indicators.dustfall import DustfallDeclared, DustfallFitted, calibrate_dustfall
from lantian.vocabulary import POLLUTANTS

TSP, SITE = POLLUTANTS.index("TSP"), SOURCES.group.index("dust")


def fitted(level: float, share: float, emission: float) -> DustfallFitted:
    background, slope = calibrate_dustfall(*(np.array([x]) for x in (level, share, emission)))
    return DustfallFitted(
        dust=np.array([SITE]),
        sources=len(SOURCES),
        years=YEARS,
        background=np.repeat(background[None], len(YEARS), axis=0),
        slope=slope,
    )


def case(*tonnes: float) -> Projection:
    """TSP of the site in some years [t/a]; all else is 999 and should not matter."""
    emission = np.full((len(SOURCES), len(POLLUTANTS), len(tonnes), 1), 999.0)
    emission[SITE, TSP, :, 0] = tonnes
    return Projection(YEARS[: len(tonnes)], emission, np.zeros((0, len(tonnes), 1)))


def level(of: DustfallFitted, *tonnes: float) -> Array:
    return of.value(case(*tonnes), Subject())[:, 0]


def test_level_by_hand() -> None:
    # 7.5 with 30 % background: b = 2.25, s = 5.25 / 10500 t = 0.0005.
    response = fitted(7.5, 0.3, 10500.0)
    assert response.background[0] == pytest.approx(2.25)
    assert response.slope == pytest.approx(0.0005)
    assert level(response, 10500.0, 6000.0, 0.0) == pytest.approx([7.5, 5.25, 2.25])


def test_a_30_percent_target_needs_more_than_30_percent_less_dust() -> None:
    # 0.7 * 7.5 = 5.25 needs 6000 t of 10500 t: a cut of 43 % = 0.3 / (1 - 0.3).
    response = fitted(7.5, 0.3, 10500.0)
    assert level(response, 10500.0 * 0.7)[0] > 0.7 * 7.5
    assert level(response, 10500.0 * (1 - 0.3 / 0.7))[0] == pytest.approx(0.7 * 7.5)


def test_parts_add_up() -> None:
    response, tonnes = fitted(7.5, 0.3, 10500.0), (10500.0, 4000.0)
    parts = response.parts(case(*tonnes))
    assert parts.component == ("total", "dust", "regional")
    np.testing.assert_allclose(parts.value[1:].sum(axis=0)[:, 0], level(response, *tonnes))
    np.testing.assert_allclose(parts.value[0, :, 0], level(response, *tonnes))


def declared_here() -> tuple[DustfallDeclared, Array]:
    at = context()
    found = declared(find("dustfall"), at)
    assert isinstance(found, DustfallDeclared)
    return found, at.space.central()


@pytest.mark.parametrize(
    ("share", "tonnes", "said"),
    [
        (-0.1, 1.0, "background share -0.1 is not between 0 and 1."),
        (1.1, 1.0, "background share 1.1 is not between 0 and 1."),
        (0.3, 0.0, "no dust emission in the base year for the dustfall to follow."),
    ],
)
def test_impossible_numbers_are_refused(share: float, tonnes: float, said: str) -> None:
    found, theta = declared_here()
    theta[found.background_share.slot, 0] = share / found.background_share.factor
    problems = context().problems
    baseline = case(*[tonnes] * len(YEARS))
    found.check(theta, baseline, problems)
    assert [(p.place.file, p.found.text()) for p in problems.found] == [("response.csv", said)]
    assert found.fit(theta, baseline).impossible.tolist() == [True]


def test_the_base_year_is_reproduced_in_every_column() -> None:
    found, theta = declared_here()
    columns = np.repeat(theta, 3, axis=1)
    columns[found.level.slot] = [7.0, 7.5, 8.0]
    baseline = projected(3, seed=1)
    value = found.fit(columns, baseline).value(baseline, Subject())
    assert value[YEARS.index(2017)] == pytest.approx([7.0, 7.5, 8.0])


def test_the_background_follows_its_path_after_the_base_year() -> None:
    # -16 % a year after 2017; before it the background of the base year holds
    own, theta = declared_here()
    background = own.fit(theta, projected(1, seed=1)).background[:, 0]
    assert background == pytest.approx(background[1] * np.array([1, 1, 0.84, 0.84**2, 0.84**3]))
