"""How the inventory stands to an independent estimate."""

import pytest

from lantian.results.tables.checks import stands


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
