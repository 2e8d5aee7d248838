"""Prices and rates of a scenario that no market has: told, and not refused."""

from collections.abc import Iterator

from lantian.errors import Problems
from lantian.language import message
from lantian.parameters.units import UnitError
from lantian.scenario.model import Quantity, Scenario
from lantian.scenario.nodes import Document, Path_
from lantian.vocabulary import YUAN

WORTH = {
    YUAN: 1.0,
    **{"USD": 7.0, "EUR": 8.0, "GBP": 9.0, "CHF": 8.0, "AUD": 4.7, "CAD": 5.2, "SGD": 5.3},
    **{"HKD": 0.9, "TWD": 0.23, "JPY": 0.055, "KRW": 0.0053, "INR": 0.085, "RUB": 0.08},
}
"""What money is worth [yuan], recalled: good for an order of magnitude."""
TIMES = 10.0
"""Factor from :data:`WORTH` above which it is asked whether a rate is so."""
CARBON = (1.0, 20_000.0)
"""Price [yuan/t] that some market or study has for a tonne of CO2, by judgement."""
SHORTFALL = (10.0, 10_000_000.0)
"""Price [yuan/t] that somebody would pay for a tonne too much of an air pollutant, by judgement."""


def doubt_prices(scenario: Scenario, document: Document, problems: Problems) -> None:
    """Warn of rates, of prices of CO2 and of prices of tonnes that no market has.

    Parameters
    ----------
    scenario
        Prices in currencies of which the worth is not known here pass.
    document
        Places of its parts.
    problems
        Receives the doubts.
    """
    for path, quantity, (low, high) in (*_rates(scenario), *_prices(scenario)):
        value = _in_yuan(scenario, quantity)
        if value and not low <= value <= high:
            known = WORTH[scenario.economics.currency]
            problems.warn(
                document.place(path),
                message(
                    "{quantity} is not plausible: {low} to {high}.",
                    quantity=quantity,
                    low=f"{low / known:.2g}",
                    high=f"{high / known:.2g} {scenario.economics.currency}",
                ),
                fix=message("Check the unit."),
            )


_Doubtful = tuple[Path_, Quantity, tuple[float, float]]


def _rates(scenario: Scenario) -> Iterator[_Doubtful]:
    for name, rate in scenario.economics.rates.items():
        worth = WORTH.get(name)
        if worth is not None:
            yield ("economics", "rates", name), rate, (worth / TIMES, worth * TIMES)


def _prices(scenario: Scenario) -> Iterator[_Doubtful]:
    given = scenario.economics.carbon_price
    for year, price in given.items() if isinstance(given, dict) else ():
        yield ("economics", "carbon_price", year), price, CARBON
    if isinstance(given, Quantity):
        yield ("economics", "carbon_price"), given, CARBON
    for i, target in enumerate(scenario.targets):
        if target.price is not None and target.indicator == "emission":
            band = CARBON if target.pollutant == "CO2" else SHORTFALL
            yield ("targets", i, "price"), target.price, band


def _in_yuan(scenario: Scenario, quantity: Quantity) -> float:
    """Return an amount of money, or of money per tonne [yuan]; 0 where nobody knows."""
    economics = scenario.economics
    for per in ("", "/t"):
        try:
            each = economics.exchange.factor(quantity.unit, f"{economics.currency}{per}")
        except UnitError:
            continue
        return quantity.value * each * WORTH.get(economics.currency, 0.0)
    return 0.0
