"""Numbers of a scenario that are hardly meant: told, and not refused.

Keys declare where their numbers mostly lie (:class:`~lantian.scenario.model.Usual`); ends of ranges
are held against what they are the range of, prices against markets.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from lantian.errors import Problems
from lantian.language import message
from lantian.parameters import units
from lantian.parameters.rows import doubtful_ends
from lantian.parameters.units import UnitError
from lantian.scenario.model import Quantity, Scenario, Usual
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
SHORTFALL = (100.0, 10_000_000.0)
"""Price [yuan/t] that somebody would pay for a tonne too much of an air pollutant, by judgement."""


def worth_of(scenario: Scenario) -> float:
    """Return what the money of a scenario is worth [yuan]; 0 where nobody knows.

    Parameters
    ----------
    scenario
        Its economics name the currency.
    """
    return WORTH.get(scenario.economics.currency, 0.0)


FEW = 0.01
"""Share [1] below which a number may be a fraction that was written as per cent."""


def doubt_numbers(scenario: Scenario, document: Document, problems: Problems) -> None:
    """Warn of numbers that are hardly meant.

    Parameters
    ----------
    scenario
        As it was read.
    document
        Places of its parts.
    problems
        Receives the doubts.
    """
    found = [*_unusual(scenario, (), None), *_few(scenario)]
    for path, quantity, usual in {one[0]: one for one in found}.values():
        _tell(path, quantity, usual, document, problems)
    for path, quantity, (low, high) in (*_rates(scenario), *_prices(scenario)):
        value = _in_yuan(scenario, quantity)
        if value and not low <= value <= high:
            known = WORTH[scenario.economics.currency]
            _tell_band(
                (path, quantity),
                (f"{low / known:.2g}", f"{high / known:.2g} {scenario.economics.currency}"),
                document,
                problems,
            )
    _doubt_ranges(scenario, document, problems)


_Unusual = tuple[Path_, Quantity, Usual]


def _unusual(part: Any, path: Path_, usual: Usual | None) -> Iterator[_Unusual]:
    """Yield the numbers of a part that are outside of what their keys declare."""
    if isinstance(part, Quantity):
        if usual is not None and _is_outside(part, usual):
            yield path, part, usual
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            own = next((one for one in field.metadata if isinstance(one, Usual)), None)
            yield from _unusual(getattr(part, name), (*path, field.alias or name), own)
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _unusual(value, (*path, key), usual)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for i, value in enumerate(part):
            yield from _unusual(value, (*path, i), usual)


def _is_outside(quantity: Quantity, usual: Usual) -> bool:
    if not quantity.value:
        return not usual.may_be_none
    if not units.is_like(quantity.unit, usual.unit):
        return False
    return not usual.low <= abs(quantity.to(usual.unit)) <= usual.high


SOME_OF_ALL = Usual(FEW, 1.0)


def _few(scenario: Scenario) -> Iterator[_Unusual]:
    """Yield levels below 1 % if none is larger, and such steps after the first of a schedule."""
    levels = [c.level for c in scenario.commitments]
    for i, commitment in enumerate(scenario.commitments):
        if all(_is_few(level) for level in levels):
            yield ("commitments", i, "level"), commitment.level, SOME_OF_ALL
        steps = list((commitment.schedule or {}).items())[1:]  # a plan may begin with little
        for year, step in steps:
            if _is_few(step):
                yield ("commitments", i, "schedule", year), step, SOME_OF_ALL


def _is_few(quantity: Quantity) -> bool:
    return quantity.unit == "%" and 0.0 < quantity.value < FEW * 100


def _tell(
    path: Path_, quantity: Quantity, usual: Usual, document: Document, problems: Problems
) -> None:
    """Tell of an unusual number; of a share below 1 %, what may be meant."""
    if not quantity.value:
        problems.warn(
            document.place(path),
            message("{quantity} is nothing at all.", quantity=quantity),
            fix=message("Write the number that is meant, or leave this out."),
        )
        return
    if _is_few(quantity):
        problems.warn(
            document.place(path),
            message("{quantity} is less than one in a hundred.", quantity=quantity),
            fix=message("Did you mean {meant:g} %?", meant=quantity.value * 100),
        )
        return
    each = units.factor(usual.unit, quantity.unit)
    ends = (f"{usual.low * each:.3g}", f"{usual.high * each:.3g} {quantity.unit}")
    _tell_band((path, quantity), ends, document, problems)


def _tell_band(
    found: tuple[Path_, Quantity], ends: tuple[str, str], document: Document, problems: Problems
) -> None:
    path, quantity = found
    problems.warn(
        document.place(path),
        message(
            "{quantity} is not plausible: {low} to {high}.",
            quantity=quantity,
            low=ends[0],
            high=ends[1],
        ),
        fix=message("Check the unit."),
    )


def _doubt_ranges(scenario: Scenario, document: Document, problems: Problems) -> None:
    """Warn of ends of ranges that are far from what they are the range of."""
    for path, (value, low, high) in _ranges(scenario):
        ends = (low.to(value.unit), high.to(value.unit))
        for end, said in doubtful_ends(value.value, *ends):
            problems.warn(document.place((*path, end)), said, fix=message("Check the unit."))


def _ranges(scenario: Scenario) -> Iterator[tuple[Path_, tuple[Quantity, Quantity, Quantity]]]:
    """Yield levels and costs of days that have a range, with their paths."""
    given: Any
    for i, given in enumerate(scenario.commitments):
        if given.low is not None and given.high is not None:
            yield ("commitments", i), (given.level, given.low, given.high)
    for i, given in enumerate(() if scenario.alert is None else scenario.alert.actions):
        if given.low is not None and given.high is not None:
            yield ("alert", "actions", i), (given.cost, given.low, given.high)


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
        return quantity.value * each * worth_of(scenario)
    return 0.0
