"""The cut of a day that an alert's actions reach together."""

import numpy as np
import pytest

from indicators.case import CUTS, YEARS, context, declared, projected
from lantian.core.projection import Projection
from lantian.indicators import find
from lantian.indicators.contract import Subject
from lantian.vocabulary import ALERT_LEVELS, POLLUTANTS, AlertLevel

OWN = [POLLUTANTS.index(p) for p in CUTS.pollutants]
YEAR = YEARS[-1]


def shares(case: Projection, level: int) -> dict[str, float]:
    """Cut of each pollutant, added up by hand."""
    found = {}
    for p, name in zip(OWN, CUTS.pollutants, strict=True):
        daily = CUTS.weight * case.emission[:, p, 0, 0]
        found[name] = float((CUTS.reach[level] * daily).sum() / daily.sum())
    return found


def cut(case: Projection, level: AlertLevel) -> tuple[float, str]:
    own = declared(find("alert-cut"), context())
    fitted, subject = own.fit(np.zeros((0, 1)), case), Subject(alert_level=level)
    told = fitted.told(case, subject, YEAR)
    assert told is not None
    return float(fitted.value(case, subject)[0, 0]), told.text()


def test_the_pollutant_that_falls_least_decides() -> None:
    case = projected(1, 5).at(YEAR)
    value, told = cut(case, "yellow")
    each = shares(case, 0)
    assert value == pytest.approx(min(each.values()))
    assert told == f"all listed actions, 1/{YEAR}; {min(each, key=each.__getitem__)} falls least"


def test_half_as_much_asked_counts_twice_and_nothing_asked_not_at_all() -> None:
    case = projected(1, 5).at(YEAR)
    orange, red = shares(case, 1), shares(case, 2)
    assert cut(case, "orange")[0] == pytest.approx(
        min(orange["SO2"], orange["NOx"], orange["PM10"], orange["VOC"] * 4 / 3)
    )
    case.emission[-1, POLLUTANTS.index("PM10")] = 1e9  # of the source that is cut least
    assert shares(case, 2)["PM10"] < min(red.values())
    assert cut(case, "red")[0] == pytest.approx(min(red["SO2"], red["NOx"], red["VOC"] * 1.5))


def test_what_nothing_emits_counts_as_gone() -> None:
    case = projected(1, 5).at(YEAR)
    case.emission[:, POLLUTANTS.index("SO2")] = 0.0
    each = shares(projected(1, 5).at(YEAR), 0)
    assert cut(case, "yellow")[0] == pytest.approx(min(v for p, v in each.items() if p != "SO2"))
    case.emission[:] = 0.0
    assert [cut(case, level)[0] for level in ALERT_LEVELS[:1]] == [1.0]
