"""Distributions: their ends, their means, and that nothing is clipped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.errors import Place
from lantian.parameters.changes import Amount
from lantian.parameters.distributions import (
    COVERAGE,
    FAMILIES,
    LISTING,
    WIDEST,
    Distribution,
    check_distribution,
    default_distributions,
    quantiles,
    read_distribution,
)
from lantian.parameters.space import ScenarioNumber, Taken
from lantian.vocabulary import BASES, Basis

LEVELS = (np.arange(200_000) + 0.5)[None] / 200_000
FROM_RANGE = [f for f in FAMILIES if f not in (*LISTING, "fixed")]


def number(
    low: float, value: float, high: float, unit: str = "t", basis: Basis = "derived"
) -> Taken:
    given = ScenarioNumber(("x",), value, unit, Place("x"), low, high, basis)
    return Taken(given, "", Amount(value, low, high))


@pytest.mark.parametrize("family", FROM_RANGE)
def test_the_mean_is_the_central_value_and_that_of_the_draws(family: str) -> None:
    own = quantiles([Distribution(family)], [number(50.0, 100.0, 170.0)])  # type: ignore[arg-type]
    expected = 110.0 if family == "uniform" else 100.0
    assert own.means()[0] == pytest.approx(expected, rel=1e-9)
    assert own(LEVELS).mean() == pytest.approx(expected, rel=2e-5)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("family", ["normal", "lognormal"])
def test_the_ends_hold_what_the_basis_says(family: str, basis: Basis) -> None:
    own = quantiles(
        [Distribution(family)],  # type: ignore[arg-type]
        [number(50.0, 100.0, 170.0, basis=basis)],
    )
    out = (1.0 - COVERAGE[basis]) / 2.0
    assert own(np.array([[out, 1.0 - out]]))[0] == pytest.approx([50.0, 170.0], rel=1e-12)


@given(
    st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1e-3, 1e3), st.sampled_from(["t", "1", "a"])
)
def test_defaults_keep_every_mean_that_is_not_at_an_end(
    a: float, place: float, width: float, unit: str
) -> None:
    """Whatever the range: drawn in order, within the physical bounds, with the central mean."""
    low, high = a * width, a * width + width
    value = low + place * width
    taken = number(low, value, high, unit)
    own = default_distributions([taken])
    q = quantiles(own, [taken])
    drawn = q(np.linspace(0.001, 0.999, 301)[None])[0]
    assert (np.diff(drawn) >= 0.0).all()
    assert (drawn >= 0.0).all()
    if 0.02 < place < 0.98:
        assert q.means()[0] == pytest.approx(value, rel=1e-4)
    if unit == "1" and high <= 1.0:
        assert drawn.max() <= high


def test_values_of_their_own() -> None:
    own = read_distribution("discrete 20:0.25 10:0.75")
    q = quantiles([own], [number(0.0, 1.0, 2.0)])
    assert q.means()[0] == 12.5
    assert q(np.array([[0.0, 0.74, 0.76, 1.0]])).tolist() == [[10.0, 10.0, 20.0, 20.0]]
    seen = quantiles([read_distribution("empirical 3 1 2 2")], [number(0.0, 1.0, 2.0)])
    assert seen(LEVELS).mean() == pytest.approx(2.0, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gamma", "no distribution"),
        ("Log-Normal", "it is written 'lognormal'"),
        ("uniform 1 2", "takes its range"),
        ("discrete 1:0.5", "two values"),
        ("discrete 1:0.5 2:0.6", "add up to 1"),
        ("discrete 1:-1 2:2", "is above 0"),
        ("", "no distribution"),
        ("empirical one two", "not a finite number"),
        ("empirical 1 inf", "not a finite number"),
    ],
)
def test_what_is_no_distribution_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_distribution(text)


@pytest.mark.parametrize(
    ("text", "taken", "told"),
    [
        ("lognormal", number(0.0, 1.0, 2.0), "above 0"),
        ("normal", number(0.1, 0.5, 0.9, "1"), "a share"),
        ("discrete 1990:0.5 2000:0.5", number(1995.0, 1996.0, 1999.0, "a"), "outside the range"),
        ("empirical -1 3", number(1.0, 2.0, 3.0), "below 0"),
        ("empirical 0.5 1.1", number(0.1, 0.5, 0.9, "1"), "more than all of it"),
        ("discrete 50:0.5 101:0.5", number(10.0, 50.0, 90.0, "%"), "a share from 0 to 100"),
    ],
)
def test_what_a_number_cannot_have_is_refused(text: str, taken: Taken, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_distribution(read_distribution(text), taken)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("lognormal", number(0.1, 1.0, 2.0)),
        ("discrete 1995:0.5 1999:0.5", number(1995.0, 1996.0, 1999.0, "a")),
        ("empirical 0 3", number(1.0, 2.0, 3.0)),
        ("empirical -1 3", number(-1.0, 2.0, 3.0)),
        ("empirical 0 1", number(0.1, 0.5, 0.9, "1")),
        ("discrete 0:0.5 100:0.5", number(10.0, 50.0, 90.0, "%")),
        ("beta", number(0.1, 0.5, 0.9, "1")),
    ],
)
def test_what_a_number_can_just_have_is_taken(text: str, taken: Taken) -> None:
    check_distribution(read_distribution(text), taken)


@pytest.mark.parametrize(
    ("taken", "family"),
    [
        (number(1.0, 1.0, 1.0), "fixed"),
        (number(0.0, 1.0, 2.0), "triangular"),
        (number(-2.0, -1.0, 0.0), "triangular"),
        (number(-1.0, 1.0, 2.0), "normal"),
        (number(0.1, 0.5, 0.9, "1"), "triangular"),
        (number(2015.0, 2016.0, 2017.0, "a"), "triangular"),
        (number(1.0, 0.4 * WIDEST, WIDEST), "lognormal"),
        (number(1.0, 0.4 * WIDEST, WIDEST * 1.01), "triangular"),
    ],
)
def test_the_family_follows_from_unit_and_range(taken: Taken, family: str) -> None:
    assert [one.family for one in default_distributions([taken])] == [family]


def test_a_number_without_a_range_is_drawn_as_it_is() -> None:
    own = quantiles([Distribution("fixed")], [number(3.0, 3.0, 3.0)])
    assert own.means().tolist() == [3.0]
    assert own(LEVELS[:, :5]).tolist() == [[3.0] * 5]


@pytest.mark.parametrize(
    ("family", "ends", "level", "expected"),
    [
        # mode 3 x 100 - 50 - 170 = 80; F(80) = 30 / 120 = 1/4
        ("triangular", (50.0, 100.0, 170.0), 0.25, 80.0),
        ("triangular", (50.0, 100.0, 170.0), 1 / 16, 50.0 + 15.0),  # sqrt(120 x 30 / 16)
        ("triangular", (50.0, 100.0, 170.0), 11 / 12, 140.0),  # sqrt(120 x 90 / 12) = 30
        ("uniform", (50.0, 100.0, 170.0), 0.25, 80.0),
        ("power", (0.0, 1.0, 4.0), 7 / 8, 2.0),  # 1 - (1/8)^(1/3) of 4
        ("power", (0.0, 3.0, 4.0), 1 / 8, 2.0),
        ("beta", (10.0, 20.0, 30.0), 0.5, 20.0),
        # shapes 3 and 3: F(x) = x^3 (10 - 15 x + 6 x^2), at x = 1/4
        ("beta", (10.0, 20.0, 30.0), 0.103515625, 15.0),
        ("normal", (80.0, 100.0, 120.0), 0.5, 100.0),
    ],
)
def test_quantiles_by_hand(
    family: str, ends: tuple[float, float, float], level: float, expected: float
) -> None:
    own = quantiles([Distribution(family)], [number(*ends)])  # type: ignore[arg-type]
    found = own(np.array([[level]]))[0, 0]
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("family", ["triangular", "uniform", "power", "beta"])
def test_nothing_is_drawn_beyond_the_ends(family: str) -> None:
    own = quantiles([Distribution(family)], [number(50.0, 100.0, 170.0)])  # type: ignore[arg-type]
    assert own(np.array([[0.0, 1.0]]))[0] == pytest.approx([50.0, 170.0], rel=1e-12)
