"""Dust by the rows of ``dust_equations.csv``, against tables that agencies printed by them."""

from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Problems
from lantian.inventory.dust_equations import PARTICLES, TABLE, EquationRow, dust_equation
from lantian.parameters import Space, read_quantities, units
from lantian.parameters.space import ONE, constant

FACTORS = Path(__file__).parents[2] / "inputs" / "factors"
DRY_DAYS_BUT_20 = (20.0, "day")


@pytest.fixture(scope="module")
def raised():
    """What an equation gives in a unit, for values with units of their own."""
    problems, space = Problems(), Space()
    table = read_quantities(FACTORS / f"{TABLE}.csv", EquationRow, problems, FACTORS, space=space)
    found = {name: dust_equation(table, name) for name in {row.equation for row in table.rows}}
    assert not problems.found

    def by(name, size, unit, **given):
        def take(term, wanted):
            value, own = given.pop(term.replace("-", "_"))
            return constant(ONE).times(units.convert(value, own, wanted))

        equation, theta = found[name], space.central()
        terms = {key: numbers(theta) for key, numbers in equation.terms(take).items()}
        assert not given
        sizes = np.broadcast_to(equation(terms), (len(PARTICLES), 1))
        factor = units.factor(equation.unit, unit)
        return float(sizes[PARTICLES.index(size), 0] * factor)

    return by


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
def test_bulldozing(raised, size, silt, moisture, printed):
    found = raised(
        "bulldozing", size, "lb/hour", silt=(silt, "percent"), moisture=(moisture, "percent")
    )
    assert found == pytest.approx(printed, abs=6e-4)


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
def test_transfer(raised, size, wind, moisture, printed):
    given = {"wind": (wind, "mile/hour"), "moisture": (moisture, "percent")}
    assert raised("transfer-us", size, "lb/short_ton", **given) == pytest.approx(printed, abs=6e-5)


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
def test_stockpile(raised, size, windy, silt, printed):
    found = _pile(raised, size, silt, windy)
    assert found == pytest.approx(printed, abs=6e-4)


def _pile(raised, size, silt, windy):
    return raised(
        "pile-wind", size, "short_ton/acre", silt=(silt, "percent"), windy_time=(windy, "percent"),
        wet_days=DRY_DAYS_BUT_20,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "printed"), [("TSP", 8.1), ("PM10", 4.05), ("PM2.5", 1.62)])
def test_stockpile_defaults(raised, size, printed):
    # The default share of windy time is printed as 13.3 and reproduces with 13 1/3.
    assert _pile(raised, size, 30, 40 / 3) == pytest.approx(printed, abs=6e-3)


@pytest.mark.parametrize(
    ("size", "silt", "weight", "printed"),
    [
        ("TSP", 0.4, 10.0, 0.18),
        ("TSP", 1.0, 100.0, 10.06),
        ("TSP", 5.0, 2.5, 0.11),
        ("TSP", 25.0, 50.0, 28.81),
        ("TSP", 100.0, 25.0, 25.08),
        ("TSP", 200.0, 100.0, 314.87),
        ("PM10", 10.0, 50.0, 3.10),
        ("PM10", 150.0, 15.0, 2.96),
        ("PM2.5", 100.0, 50.0, 3.461),
        ("PM2.5", 1.5, 25.0, 0.080),
    ],
)
def test_paved_roads_of_the_edition_of_1997(raised, size, silt, weight, printed):
    """MDAQMD guidance, J, tables 3 to 5: AP-42 13.2.1 of October 1997, tons are short tons."""
    given = {"silt": (silt, "g/m2"), "fleet_weight": (weight, "short_ton")}
    found = raised("paved-1997", size, "lb/(vehicle*mile)", **given)
    assert found == pytest.approx(printed, abs=6e-3)


@pytest.mark.parametrize(
    ("size", "printed"),
    [
        ("TSP", (9.33, 12.04, 17.03, 24.08, 38.08, 53.85, 65.96, 76.16)),
        ("PM10", (2.43, 2.97, 3.93, 5.18, 7.47, 9.86, 11.60, 13.01)),
        ("PM2.5", (0.35, 0.43, 0.57, 0.76, 1.09, 1.44, 1.69, 1.90)),
    ],
)
def test_unpaved_roads_of_the_edition_of_1998(raised, size, printed):
    """MDAQMD guidance, K, table 1: silt 11 %, moisture 0.2 %, 3 to 200 short tons."""
    weights = (3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 150.0, 200.0)
    ground = {"silt": (11.0, "percent"), "moisture": (0.2, "percent")}
    found = [
        raised("unpaved-1998", size, "lb/(vehicle*mile)", fleet_weight=(w, "short_ton"), **ground)
        for w in weights
    ]
    assert found == pytest.approx(printed, abs=6e-3)


def test_the_edition_of_2011_weighs_in_short_tons(raised):
    # 0.62 g/km x 0.5^0.91 x (2 t = 2.2046 short tons)^1.02
    given = {"silt": (0.5, "g/m2"), "fleet_weight": (2.0, "t"), "wet_days": (0.0, "day")}
    found = raised("paved-2011", "PM10", "g/(vehicle*km)", **given)
    assert found == pytest.approx(0.62 * 0.5**0.91 * 2.2046**1.02, rel=1e-4)


def test_drops_in_metric_units_give_two_per_cent_more(raised):
    # 2.2 m/s is printed where 5 mile/h are 2.235 m/s: (2.2352/2.2)^1.3 = 1.0209
    wind = {"wind": (2.2, "m/s"), "moisture": (2.0, "percent")}
    metric, us = (raised(name, "TSP", "kg/t", **wind) for name in ("transfer", "transfer-us"))
    assert metric == pytest.approx(0.0016 * 0.74)
    assert metric / us == pytest.approx(1.0209, abs=1e-4)


def test_a_dragline_as_a_worked_sheet_prints_it(raised):
    # nizar-2009-mining: 12 m, 2 %; its PM10 coefficient is rounded to 0.0022
    given = {"drop_height": (12.0, "m"), "moisture": (2.0, "percent")}
    assert raised("digging-dragline", "TSP", "kg/m3", **given) == pytest.approx(
        0.057484162, rel=1e-4
    )
    assert raised("digging-dragline", "PM10", "kg/m3", **given) == pytest.approx(
        0.010175144, rel=0.015
    )


PRINTED = 0.5001
"""Half of the last printed digit."""


@pytest.mark.parametrize(
    ("weight", "wet", "printed"),
    [
        (10.7, 70.0, {"TSP": 1630, "PM10": 466, "PM2.5": 47}),
        (9.9, 70.0, {"TSP": 1570, "PM10": 449, "PM2.5": 45}),
        (21.4, 70.0, {"TSP": 2226, "PM10": 636, "PM2.5": 64}),
        (11.4, 70.0, {"TSP": 1674, "PM10": 478, "PM2.5": 48}),
        (4.3, 70.0, {"TSP": 1084, "PM10": 310, "PM2.5": 31}),
    ],
)
def test_haul_roads_of_an_environmental_assessment(raised, weight, wet, printed):
    """parronal-dust, tables 3-36 and 3-45: AP-42 13.2.2 (2006), equation 1a, silt 8.5 %.

    Weights are divided by 2.7 t there, which stands for the 3 short tons (2.72 t) of the equation,
    and printed to 0.1 t, of which the factor takes the power 0.45.
    """
    tons, rounded = 3.0 * weight / 2.7, 0.45 * 0.05 / weight
    given = {"silt": (8.5, "percent"), "wet_days": (wet, "day")}
    for size, factor in printed.items():
        found = raised(
            "unpaved-2006", size, "g/(vehicle*km)", fleet_weight=(tons, "short_ton"), **given
        )
        assert found == pytest.approx(factor, abs=PRINTED + rounded * factor)


@pytest.mark.parametrize(
    ("silt", "printed"), [(0.2, (5.9, 1.1, 0.3)), (0.06, (2.0, 0.4, 0.1)), (0.03, (1.1, 0.2, 0.0))]
)
def test_paved_roads_of_an_environmental_assessment(raised, silt, printed):
    """parronal-dust, table 3-34: AP-42 13.2.1 (2011), 8 tons, 70 wet days."""
    given = {"silt": (silt, "g/m2"), "fleet_weight": (8.0, "short_ton"), "wet_days": (70.0, "day")}
    for size, factor in zip(("TSP", "PM10", "PM2.5"), printed, strict=True):
        found = raised("paved-2011", size, "g/(vehicle*km)", **given)
        assert found == pytest.approx(factor, abs=0.1 * PRINTED)


@pytest.mark.parametrize(
    ("equation", "unit", "given", "printed", "digit"),
    [
        (
            "bulldozing-overburden",
            "kg/hour",
            {"silt": (8.5, "percent"), "moisture": (6.5, "percent")},
            {"TSP": 2.98, "PM10": 0.61, "PM2.5": 0.31},
            0.01,
        ),
        (
            "grading",
            "kg/(vehicle*km)",
            {"speed": (11.4, "km/hour")},
            {"TSP": 1.49, "PM10": 0.44, "PM2.5": 0.05},
            0.01,
        ),
        (
            "transfer",
            "kg/t",
            {"wind": (4.3, "m/s"), "moisture": (6.5, "percent")},
            {"TSP": 0.00054, "PM10": 0.00026, "PM2.5": 0.00004},
            1e-5,
        ),
    ],
)
def test_earthworks_of_an_environmental_assessment(raised, equation, unit, given, printed, digit):
    """parronal-dust, tables 3-38 to 3-40: AP-42 11.9 (1998) and 13.2.4 (2006), metric."""
    for size, factor in printed.items():
        found = raised(equation, size, unit, **given)
        assert found == pytest.approx(factor, abs=digit * PRINTED)


@pytest.mark.parametrize(
    ("size", "silt", "speed", "moisture", "expected"),
    [  # silt and moisture in %, speed in km/h; 281.849 g/km are a lb/mile
        # 0.18 (4.1/12) (47/48.2803)^0.5 (0.5/1.8)^0.2 - 0.00036 = 0.0466055 lb/mile
        ("PM2.5", 4.1, 47.0, 1.8, 13.1357),
        # 1.8 (6/12) (63/48.2803)^0.5 (0.5/0.7)^0.2 - 0.00047 = 0.960704 lb/mile
        ("PM10", 6.0, 63.0, 0.7, 270.78),
        # at the references the factor is left, less exhaust, brakes and tyres: 6.0 - 0.00047
        ("TSP", 12.0, 48.28032, 0.5, 1690.96),
        # 6.0 (2/12) (24.14016/48.28032)^0.3 (0.5/5)^0.3 - 0.00047 = 0.406621
        ("TSP", 2.0, 24.14016, 5.0, 114.61),
    ],
)
def test_roads_open_to_the_public_go_by_speed_and_moisture(
    raised, size, silt, speed, moisture, expected
):
    """The first two are the examples of the public function that the numbers were read from."""
    given = {"silt": (silt, "percent"), "speed": (speed, "km/h"), "moisture": (moisture, "percent")}
    dry, wet = (
        raised("unpaved-public-2006", size, "g/(vehicle*km)", wet_days=(days, "day"), **given)
        for days in (0.0, 73.0)
    )
    assert dry == pytest.approx(expected, rel=2e-4)
    assert wet == pytest.approx(0.8 * dry)


def test_what_is_no_dust_leaves_no_less_than_none(raised):
    given = {"silt": (1e-3, "percent"), "speed": (1.0, "km/h"), "moisture": (13.0, "percent")}
    own = {**given, "wet_days": (0.0, "day")}
    assert raised("unpaved-public-2006", "PM2.5", "g/(vehicle*km)", **own) == 0.0


def test_roads_without_a_surface_of_2006_rest_on_wet_days(raised):
    # 1.5 (8.5/12)^0.9 (3/3)^0.45 = 1.0998 lb per vehicle mile; 73 wet days leave four fifths
    given = {"silt": (8.5, "percent"), "fleet_weight": (3.0, "short_ton")}
    dry, wet = (
        raised("unpaved-2006", "PM10", "lb/(vehicle*mile)", wet_days=(d, "day"), **given)
        for d in (0.0, 73.0)
    )
    assert dry == pytest.approx(1.0998, abs=1e-4)
    assert wet == pytest.approx(0.8 * dry)
