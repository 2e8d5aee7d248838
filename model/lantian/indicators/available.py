"""The indicators of a study: those whose tables are there, calibrated on its baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators import registered
from lantian.indicators.contract import (
    Context,
    Declared,
    Fitted,
    Indicator,
    Q,
    R,
    Subject,
    span,
)
from lantian.indicators.parts import declared_part, fit_once
from lantian.language import message
from lantian.parameters import QuantityTable, Space


@dataclass(frozen=True)
class Available:
    """An indicator that a study can compute.

    Attributes
    ----------
    indicator
        Its declaration.
    declared
        Its numbers, for any other columns of the parameter vector.
    fitted
        Calibrated in the columns of :func:`~lantian.indicators.contract.span`: at central values,
        and with what its range is told for at the low and at the high ends.
    """

    indicator: Indicator
    declared: Declared
    fitted: Fitted


@dataclass(frozen=True)
class GivenTables:
    """Tables that come with a finished inventory; it has no others."""

    tables: Mapping[str, QuantityTable[Any]]

    def has(self, name: str) -> bool:
        """Tell whether a table of that name came with it."""
        return name in self.tables

    def read(self, name: str, row: type[Q]) -> QuantityTable[Q]:
        """Return a table that came with it."""
        return self.tables[name]

    def rows(self, name: str, row: type[R]) -> list[R]:
        """Return nothing: a finished inventory comes with numbers only."""
        return []


def declare_indicators(context: Context, asked: Mapping[str, Place]) -> dict[str, Declared]:
    """Declare every indicator whose tables are there; note those that are asked for and are not.

    Parameters
    ----------
    context
        Tables and axes.
    asked
        Where the scenario asks for an indicator, by its id.

    Returns
    -------
    dict
        By id, without those whose tables have faults.
    """
    found: dict[str, Declared] = {}
    with context.space.owned_by("indicators"):
        for indicator in registered():
            declared = _declared(indicator, context, asked.get(indicator.id))
            if declared is not None:
                found[indicator.id] = declared
    return found


def _declared(indicator: Indicator, context: Context, place: Place | None) -> Declared | None:
    before, problems = context.faults(), context.problems
    declared = declared_part(indicator.id, context)
    if context.faults() > before:
        return None
    if declared is not None and place is not None and declared.unsaid is not None:
        said, remedy = declared.unsaid
        problems.add(place, said, fix=remedy)
    if declared is None and place is not None:
        problems.add(
            place,
            message(
                "'{indicator}' asks for {what}.", indicator=indicator.id, what=indicator.asks_for
            ),
            fix=indicator.remedy,
        )
    return declared


def fit_indicators(
    declared: Mapping[str, Declared], space: Space, baseline: Projection, problems: Problems
) -> dict[str, Available]:
    """Calibrate indicators at central values and at the ends of their ranges.

    Parameters
    ----------
    declared
        By id.
    space
        Holds the numbers.
    baseline
        Without the plan, in all years of the model.
    problems
        Receives what is impossible at central values.

    Returns
    -------
    dict
        By id, without those that are impossible.
    """
    found = {}
    for indicator in registered():
        own = declared.get(indicator.id)
        if own is None:
            continue
        before = len(problems.found)
        own.check(space.central(), baseline, problems)
        if len(problems.found) == before:
            fitted = own.fit(span(space, own.ranged), baseline)
            found[indicator.id] = Available(indicator, own, fitted)
    return found


def fit_all(
    declared: Mapping[str, Declared], theta: Array, baseline: Projection
) -> dict[str, Fitted]:
    """Calibrate indicators for some columns of the parameter vector.

    Parameters
    ----------
    declared
        By id.
    theta
        Values of all slots, dims (slot, sample).
    baseline
        In as many samples; its years are those that will be asked about.

    Returns
    -------
    dict
        By id.
    """
    return {name: fit_once(own, theta, baseline) for name, own in declared.items()}


def axes(indicators: Mapping[str, Available]) -> dict[str, tuple[Available, Subject]]:
    """Return what a cost curve can be about, by name.

    Parameters
    ----------
    indicators
        Of a study.

    Returns
    -------
    dict
        An indicator as a whole by its id; one that needs a parameter by what this may be: a
        pollutant, a receptor.
    """
    found: dict[str, tuple[Available, Subject]] = {}
    for name, own in indicators.items():
        needs = own.indicator.needs
        if not needs:
            found[name] = own, Subject()
        elif len(needs) == 1:
            for choice in own.declared.choices.get(needs[0], ()):
                parameter: dict[str, Any] = {needs[0]: choice}
                found[choice] = own, Subject(**parameter)
    return found
