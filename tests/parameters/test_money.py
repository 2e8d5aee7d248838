"""Money in any currency of ISO 4217, at the rates that a scenario states."""

import pytest

from lantian.parameters import units
from lantian.parameters.money import Exchange, currency_name
from lantian.parameters.units import UnitError
from lantian.vocabulary import CURRENCIES

EXCHANGE = Exchange("yuan", {"EUR": 7.8, "USD": 7.0, "JPY": 0.05})


@pytest.mark.parametrize(
    ("unit", "to", "factor"),
    [
        ("EUR", "yuan", 7.8),
        ("EUR/t", "yuan/t", 7.8),
        ("kg*USD/t", "kg*yuan/t", 7.0),
        ("JPY/kg", "yuan/t", 50.0),
        ("欧元/t", "yuan/t", 7.8),
        ("万元/a", "yuan/a", 1e4),
    ],
)
def test_rates(unit: str, to: str, factor: float) -> None:
    assert EXCHANGE.factor(unit, to) == pytest.approx(factor)


def test_yuan_into_another_currency() -> None:
    assert Exchange("EUR", {"yuan": 0.125}).factor("亿元/a", "EUR/a") == pytest.approx(1.25e7)


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_currency_is_a_unit_and_needs_a_rate(code: str) -> None:
    assert units.money_of(code) == currency_name(code) == code
    with pytest.raises(UnitError, match=f"money in {code} needs a rate"):
        Exchange("yuan").factor(f"{code}/t", "yuan/t")


@pytest.mark.parametrize("word", ["t", "percent", "source", "MW", "nothing"])
def test_other_units_are_no_money(word: str) -> None:
    assert units.money_of(word) is None


def test_names() -> None:
    assert currency_name("CNY") == "yuan"
    with pytest.raises(ValueError, match="no currency of ISO 4217"):
        currency_name("XYZ")
