"""How a run stands to what was observed, and its inventory to an independent estimate."""

import pytest

from integration.workbench import Finished
from lantian.results.tables.checks import stands


def test_every_observed_indicator_of_the_years_is_held_against_the_run(tongzhou: Finished) -> None:
    """The index of the air around moves the part from outside and is no result."""
    observed, held = tongzhou.table("observed"), tongzhou.table("hindcast")
    years = set(tongzhou.table("emissions")["year"])
    own = observed[observed["year"].isin(years) & (observed["indicator"] != "pm25-index")]
    expected = set(zip(own["indicator"], own["year"], strict=True))
    assert set(zip(held["indicator"], held["year"], strict=True)) == expected
    assert len({name for name, _ in expected}) >= 7


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
