"""How a run stands to what was observed, and its inventory to an independent estimate."""

import numpy as np
import pytest

from integration.workbench import Finished
from lantian.ensemble.outcomes import ask, projections
from lantian.indicators.available import fit_all
from lantian.indicators.contract import Subject
from lantian.indicators.tables import AirRow
from lantian.parameters.space import CONSTANTS
from lantian.results.tables.checks import stands
from support.columns import study_of


def test_every_observed_indicator_of_the_years_is_held_against_the_run(tongzhou: Finished) -> None:
    """The index of the air around moves the part from outside and is no result."""
    observed, held = tongzhou.table("observed"), tongzhou.table("hindcast")
    years = set(tongzhou.table("emissions")["year"])
    own = observed[observed["year"].isin(years) & (observed["indicator"] != "pm25-index")]
    expected = set(zip(own["indicator"], own["year"], strict=True))
    assert set(zip(held["indicator"], held["year"], strict=True)) == expected
    assert len({name for name, _ in expected}) >= 7


def test_what_is_held_out_has_no_part_in_the_calibration(tongzhou: Finished) -> None:
    """With another observation of a year the model says the same of it, unless it is fitted."""
    study, held = study_of("tongzhou-2020"), tongzhou.table("hindcast")
    slots = {
        (row.indicator, row.year): slot
        for slot in range(len(CONSTANTS), len(study.space))
        if isinstance(row := study.space.number_of(slot).given, AirRow)
    }
    known = [row for row in held.itertuples() if (row.indicator, row.year) in slots]
    theta = np.repeat(study.space.central(), 1 + len(known), axis=1)
    for k, row in enumerate(known, start=1):
        theta[slots[row.indicator, row.year], k] *= 1.01
    declared = {row.indicator: study.indicators[row.indicator].declared for row in known}
    inquiry = ask(study, ("baseline",), years=study.system.years)
    _, projected, _ = projections(inquiry, theta)
    fitted = fit_all(declared, theta, projected["baseline"])
    moved = set()
    for k, row in enumerate(known, start=1):
        value = fitted[row.indicator].value(projected["baseline"].at(row.year), Subject())[0]
        moved |= {(row.indicator, row.year)} if value[k] != value[0] else set()
    told = held.loc[held["fitted"]]
    assert moved == set(zip(told["indicator"], told["year"], strict=True))
    assert len(moved) < len(held)


def test_an_observation_has_its_place_among_the_samples(tongzhou: Finished) -> None:
    held = tongzhou.table("hindcast")
    inside = held["observed"].between(held["sampled_low"], held["sampled_high"])
    assert (inside == held["below"].between(0.02, 0.98)).all()
    assert held.loc[held["fitted"], "below"].between(0.2, 0.8).all()


@pytest.mark.parametrize(
    ("value", "own", "found"),
    [
        (10.0, (5.0, 30.0), "inside"),
        (5.0, (5.0, 5.0), "inside"),  # ends belong to it
        (20.0, (20.0, 20.0), "inside"),
        (30.0, (15.0, 60.0), "overlapping"),  # above
        (3.0, (1.0, 6.0), "overlapping"),  # below
        (30.0, (25.0, 60.0), "apart"),
        (3.0, (1.0, 4.0), "apart"),
    ],
)
def test_a_value_stands_to_a_range_on_both_sides(
    value: float, own: tuple[float, float], found: str
) -> None:
    assert stands(value, own, (5.0, 20.0)) == found
