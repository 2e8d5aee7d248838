"""Targets on activity: sums, shares and ratios over sources and states."""

from dataclasses import replace

import numpy as np
import pytest

from indicators.case import (
    ASKED,
    COAL,
    STATES,
    YEARS,
    context,
    declared,
    drawn,
    place_of,
    projected,
)
from lantian.core.projection import Projection
from lantian.indicators import find
from lantian.indicators.available import declare_indicators
from lantian.indicators.contract import CENTRAL, Asked, Fitted, Subject
from lantian.indicators.selection import Selection

HELD = np.array([800.0, 200.0, 3e3, 1e3, 60.0, 40.0])
"""Cars with petrol and battery, kiln, stove, lorries with diesel and battery."""


def case(held: np.ndarray = HELD) -> Projection:
    emission = np.full((7, 1, len(YEARS), 1), np.nan)
    return Projection(YEARS, emission, np.repeat(held[:, None, None], len(YEARS), axis=1))


def fitted(name: str) -> Fitted:
    at = context()
    return declared(find(name), at).fit(at.space.central(), case())


def replace_less(name: str) -> Selection:
    """All cars less some source."""
    return Selection(sources=("car",), less=Selection(sources=(name,)))


def value(name: str, subject: Subject, year: int = 2020) -> float:
    return float(fitted(name).value(case(), subject)[YEARS.index(year), CENTRAL])


def test_sums_shares_and_ratios_by_hand() -> None:
    coal, freight = ASKED["activity"]
    assert value("activity", coal) == pytest.approx(4.0)  # 3 + 1 kt
    assert value("activity", freight) == pytest.approx(60 * 5e5 + 40 * 2e5)  # own row of battery
    share, north, none = ASKED["activity-share"]
    assert value("activity-share", share) == pytest.approx(240 / 1100)
    # Areas: a tenth of the cars and 0.9 of the lorries are in the north.
    assert value("activity-share", north) == pytest.approx((20 + 36) / (100 + 90))
    assert value("activity-share", none) == 0.0  # a driver less itself, in itself
    per_gdp, per_car = ASKED["activity-ratio"]
    assert value("activity-ratio", per_gdp, 2015) == pytest.approx(4e3 / 6e6)
    assert value("activity-ratio", per_car) == pytest.approx((60 * 5e5 + 40 * 2e5) / 1000)


@pytest.mark.parametrize("name", ["activity-share", "activity-ratio"])
def test_a_row_keeps_its_limit_where_the_quotient_does(name: str) -> None:
    at = context()
    own = declared(find(name), at)
    theta = drawn(at.space, 40, seed=3)
    found, other = own.fit(theta, projected(40, seed=4)), projected(40, seed=5)
    for subject in ASKED[name]:
        quotient = found.value(other, subject)
        for y, year in enumerate(YEARS):
            limit = float(np.median(quotient[y]))
            (row,) = found.rows_within(subject, year, np.array([limit])) or ()
            assert row.activity is not None
            told = row.constant + (row.activity * other.activity[:, y]).sum(axis=0)
            agree = (told <= limit + 1e-12) == (quotient[y] <= limit + 1e-12)
            assert agree.all()


NOT_HERE = Selection(sources=("truck",), technologies=("diesel",), without=("dpf",))


@pytest.mark.parametrize(
    ("name", "subject", "told"),
    [
        (
            "activity",
            Subject(activity=Selection(sources=("kilm",)), unit="t"),
            "activity.activity.sources.0\n  'kilm' is not a source of the inventory."
            " Did you mean 'kiln'?",
        ),
        (
            "activity",
            Subject(activity=Selection(sources=("car",), technologies=("batery",)), unit="vehicle"),
            "activity.activity.technologies.0\n  none of the sources that are chosen has 'batery'."
            " Expected one of battery, gasoline. Did you mean 'battery'?",
        ),
        (
            "activity",
            Subject(activity=Selection(sources=("kiln",)), unit="vehicle"),
            "activity.activity\n  source 'kiln' is counted in t, and no row of conversions.csv"
            " turns that into vehicle.",
        ),
        (
            "activity-ratio",
            Subject(activity=COAL, per=Selection(driver="gpd"), unit="t/yuan"),
            "activity-ratio.per.driver\n  there is no driver 'gpd'. Did you mean 'gdp'?",
        ),
        (
            "activity",
            Subject(activity=Selection(driver="gdp"), areas=("north",), unit="yuan"),
            "activity.activity.driver\n  a driver is of the whole region: it has no areas.",
        ),
        (
            "activity",
            Subject(activity=replace_less("lory"), unit="vehicle"),
            "activity.activity.less.sources.0\n  'lory' is not a source of the inventory.",
        ),
        (
            "activity",
            Subject(activity=NOT_HERE, unit="vehicle"),
            "activity.activity\n  no state is all of this at once.",
        ),
    ],
)
def test_what_fits_nothing_is_told_where_it_stands(name: str, subject: Subject, told: str) -> None:
    at = replace(context(), asked={name: [Asked(subject, place_of(name))]})
    assert name not in declare_indicators(at, {name: place_of(name)()})
    (problem,) = at.problems.found
    assert problem.text() == f"plan.yaml:1  {told}"


def test_a_control_and_its_absence_choose_states() -> None:
    with_filter = Selection(sources=("truck",), controls=("dpf",))
    without = Selection(sources=("truck",), without=("dpf",))
    for selection, expected in ((with_filter, 60.0), (without, 40.0)):
        subject = Subject(activity=selection, unit="vehicle")
        at = replace(context(), asked={"activity": [Asked(subject, place_of("activity"))]})
        own = declared(find("activity"), at).fit(at.space.central(), case())
        assert own.value(case(), subject)[0, 0] == expected


def test_numbers_are_taken_only_where_a_target_asks() -> None:
    at = replace(context(), asked={})
    for name in ("activity", "activity-share", "activity-ratio"):
        assert find(name).declare(at) is None
    assert at.space.given == []


def test_a_share_of_nothing_is_told() -> None:
    at = context()
    own = declared(find("activity-share"), at)
    own.check(at.space.central(), case(np.zeros(len(STATES))), at.problems)
    assert {p.found.text() for p in at.problems.found} == {
        f"there is nothing to be a share of in {', '.join(map(str, YEARS))}."
    }
