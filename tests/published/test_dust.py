"""Mineral handling: the printed factor tables of the Mojave Desert air district (case dst01)."""

import pytest

from lantian.inventory.sectors.dust import bulldozing, road_dust, stockpile, transfer
from lantian.parameters import units

K = {"TSP": 0.74, "PM10": 0.36, "PM2.5": 0.11}
J = {"TSP": 1.0, "PM10": 0.5, "PM2.5": 0.2}
WET_DAYS = 20.0


@pytest.mark.parametrize(
    ("size", "silt", "moisture", "printed"),
    [
        ("TSP", 10, 1, 64.5864),
        ("TSP", 30, 0.5, 885.6552),
        ("PM10", 10, 2, 11.9061),
        ("PM2.5", 5, 1, 3.3944),
        ("TSP", 0.5, 0.25, 5.029),
        ("TSP", 70, 2.5, 331.6438),
    ],
)
def test_bulldozing(size, silt, moisture, printed):
    assert bulldozing(K[size], silt, moisture) == pytest.approx(printed, abs=6e-4)


@pytest.mark.parametrize(
    ("size", "wind", "moisture", "printed"),
    [
        ("TSP", 5, 0.25, 0.0435),
        ("TSP", 7.5, 0.25, 0.0737),
        ("TSP", 10, 0.25, 0.1072),
        ("TSP", 12.5, 0.25, 0.1432),
        ("TSP", 15, 0.25, 0.1815),
        ("TSP", 20, 0.25, 0.2639),
        ("TSP", 25, 0.25, 0.3527),
        ("TSP", 5, 1, 0.0062),
        ("TSP", 7.5, 1, 0.0106),
        ("TSP", 10, 1, 0.0154),
        ("TSP", 12.5, 1, 0.0206),
        ("TSP", 15, 1, 0.0261),
        ("TSP", 20, 1, 0.0379),
        ("TSP", 25, 1, 0.0506),
        ("TSP", 5, 2.5, 0.0017),
        ("TSP", 25, 2.5, 0.014),
        ("PM10", 5, 0.5, 0.008),
        ("PM10", 7.5, 0.5, 0.0136),
        ("PM10", 10, 0.5, 0.0198),
        ("PM10", 12.5, 0.5, 0.0264),
        ("PM10", 15, 0.5, 0.0335),
        ("PM10", 20, 0.5, 0.0486),
        ("PM10", 25, 0.5, 0.065),
        ("PM2.5", 15, 1, 0.0039),
    ],
)
def test_transfer(size, wind, moisture, printed):
    assert transfer(K[size], wind, moisture) == pytest.approx(printed, abs=6e-5)


@pytest.mark.parametrize(
    ("size", "windy", "silt", "printed"),
    [
        ("TSP", 5, 0.5, 0.051),
        ("TSP", 5, 1, 0.101),
        ("TSP", 5, 5, 0.506),
        ("TSP", 5, 10, 1.012),
        ("TSP", 5, 15, 1.518),
        ("TSP", 5, 20, 2.024),
        ("TSP", 5, 25, 2.53),
        ("TSP", 5, 30, 3.036),
        ("TSP", 10, 10, 2.024),
        ("TSP", 10, 30, 6.073),
        ("TSP", 15, 15, 4.555),
        ("TSP", 20, 20, 8.097),
        ("TSP", 20, 30, 12.146),
    ],
)
def test_stockpile(size, windy, silt, printed):
    assert stockpile(J[size], silt, WET_DAYS, windy) == pytest.approx(printed, abs=6e-4)


@pytest.mark.parametrize(("size", "printed"), [("TSP", 8.1), ("PM10", 4.05), ("PM2.5", 1.62)])
def test_stockpile_defaults(size, printed):
    # The default share of windy time is printed as 13.3 and reproduces with 13 1/3.
    assert stockpile(J[size], 30, WET_DAYS, 40 / 3) == pytest.approx(printed, abs=6e-3)


PER_MILE = units.factor("lb/(vehicle*mile)", "g/(vehicle*km)")
SHORT_TON = units.factor("short_ton", "t")


@pytest.mark.parametrize(
    ("k", "silt", "weight", "printed"),
    [
        (0.082, 0.4, 10.0, 0.18),
        (0.082, 1.0, 100.0, 10.06),
        (0.082, 5.0, 2.5, 0.11),
        (0.082, 25.0, 50.0, 28.81),
        (0.082, 100.0, 25.0, 25.08),
        (0.082, 200.0, 100.0, 314.87),
        (0.016, 10.0, 50.0, 3.10),
        (0.016, 150.0, 15.0, 2.96),
        (0.004, 100.0, 50.0, 3.461),
        (0.004, 1.5, 25.0, 0.080),
    ],
)
def test_paved_roads_of_the_edition_of_1997(k, silt, weight, printed):
    """MDAQMD guidance, J, tables 3 to 5: AP-42 13.2.1 of October 1997, tons are short tons."""
    found = road_dust("paved-1997", k, silt, weight * SHORT_TON) / PER_MILE
    assert found == pytest.approx(printed, abs=6e-3)


@pytest.mark.parametrize(
    ("edition", "k", "printed"),
    [
        ("unpaved-1998-tsp", 10.0, (9.33, 12.04, 17.03, 24.08, 38.08, 53.85, 65.96, 76.16)),
        ("unpaved-1998-fine", 2.6, (2.43, 2.97, 3.93, 5.18, 7.47, 9.86, 11.60, 13.01)),
        ("unpaved-1998-fine", 0.38, (0.35, 0.43, 0.57, 0.76, 1.09, 1.44, 1.69, 1.90)),
    ],
)
def test_unpaved_roads_of_the_edition_of_1998(edition, k, printed):
    """MDAQMD guidance, K, table 1: silt 11 %, moisture 0.2 %, 3 to 200 short tons."""
    weights = (3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 150.0, 200.0)
    found = [road_dust(edition, k, 11.0, w * SHORT_TON, 0.2) / PER_MILE for w in weights]
    assert found == pytest.approx(printed, abs=6e-3)


def test_the_edition_of_2011_weighs_in_short_tons():
    # 0.62 g/km x 0.5^0.91 x (2 t = 2.2046 short tons)^1.02
    assert road_dust("paved-2011", 0.62, 0.5, 2.0) == pytest.approx(
        0.62 * 0.5**0.91 * 2.2046**1.02, rel=1e-4
    )
