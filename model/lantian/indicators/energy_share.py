"""A part of the energy of a region as a share of it, by the energy that carriers hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.rounds import ratio
from lantian.core.system import Array, Index
from lantian.errors import Problems
from lantian.indicators.amounts import activity_row
from lantian.indicators.contract import Context, Declared, Fitted, Row, Subject
from lantian.indicators.energy_balance import (
    CONTENT,
    POWER,
    TABLE,
    UNITS,
    Balance,
    BalanceDeclared,
    BalanceFitted,
    Carrier,
    EnergyUseRow,
)
from lantian.parameters import Numbers, units
from lantian.parameters.space import ONE, constant
from lantian.vocabulary import Pollutant

ENERGY = "GJ"
BALANCES = {c: Balance(id=f"bought-{c}", unit=UNITS[c], order=0, carrier=c) for c in UNITS}
"""What a region draws of each carrier less what it supplies."""


@dataclass(frozen=True)
class Drawn:
    """Energy [GJ]: of a unit of each state, and of all else.

    ``by_state`` has dims (state, sample), ``other`` (year, sample).
    """

    by_state: Array
    other: Array

    def of(self, projection: Projection, at: list[int]) -> Array:
        """Return it in the years of a projection, dims (year, sample)."""
        own = ordered_sum(projection.activity * self.by_state[:, None])
        return np.asarray(own + self.other[at])


def together(drawn: Iterable[Drawn]) -> Drawn:
    """Return the energy of several carriers as one."""
    each = tuple(drawn)
    return Drawn(
        np.asarray(sum(own.by_state for own in each)), np.asarray(sum(own.other for own in each))
    )


@dataclass(frozen=True, kw_only=True)
class ShareFitted(Fitted):
    """A part of energy, and all of it.

    Attributes
    ----------
    years
        Of the numbers.
    part, whole
        Energy that is held against the whole, and the whole.
    planned, before
        Years of the baseline, and the whole in them [GJ], dims (year, sample).
    sources
        Length of the source axis.
    """

    years: tuple[int, ...]
    planned: tuple[int, ...]
    part: Drawn
    whole: Drawn
    before: Array
    sources: int

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the share [1], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        at = [self.years.index(y) for y in projection.years]
        return ratio(self.part.of(projection, at), self.whole.of(projection, at), np.nan)

    def rows_within(self, subject: Subject, year: int, limit: Array) -> list[Row]:
        """Return the row that holds where the share keeps the limit, and only there.

        Parameters
        ----------
        subject, year, limit
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        y, before = self.years.index(year), self.before[self.planned.index(year)]
        weight = (self.part.by_state - limit * self.whole.by_state) / before
        given = (self.part.other[y] - limit * self.whole.other[y]) / before
        return [activity_row(self.sources, weight, given + limit)]

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the share as long as the whole is that of the baseline.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.rows_within(subject, year, np.zeros(1))


@dataclass(frozen=True, kw_only=True)
class ShareDeclared(Declared):
    """The balance of each carrier, and what a unit of it counts [GJ]."""

    balances: Mapping[Carrier, BalanceDeclared]
    content: Mapping[Carrier, Numbers]

    def drawn(self, theta: Array, balances: Mapping[Carrier, BalanceFitted]) -> tuple[Drawn, Drawn]:
        """Return the part that is asked for, and the whole.

        Parameters
        ----------
        theta
            As in :class:`~lantian.indicators.contract.Declared`.
        balances
            With all else of every carrier as in the base year.
        """
        raise NotImplementedError

    def fit(self, theta: Array, baseline: Projection) -> ShareFitted:
        """Take all else of every carrier from the base year.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        fitted = {c: own.fit(theta, baseline) for c, own in self.balances.items()}
        part, whole = self.drawn(theta, fitted)
        power = fitted[POWER]
        told = np.broadcast_arrays(*(own.impossible for own in fitted.values()))
        return ShareFitted(
            years=power.years,
            planned=baseline.years,
            part=part,
            whole=whole,
            before=whole.of(baseline, [power.years.index(y) for y in baseline.years]),
            sources=power.sources,
            impossible=np.any(told, axis=0),
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Leave it to the balances, which are checked each by itself."""

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: energy is counted, whatever it emits."""
        return ()


def balances_of(context: Context) -> dict[Carrier, BalanceDeclared]:
    """Return the balance of each carrier that the region has one of."""
    found = {c: own.taken(context) for c, own in BALANCES.items()}
    return {c: own for c, own in found.items() if own is not None}


def ranged_of(balances: Mapping[Carrier, BalanceDeclared], numbers: Iterable[Numbers]) -> Index:
    """Return the slots of balances and of numbers beside them."""
    slots = [own.ranged for own in balances.values()] + [own.slots for own in numbers]
    return np.unique(np.concatenate(slots))


def content_of(carrier: Carrier, context: Context) -> Numbers | None:
    """Return the energy of a unit of a carrier.

    Parameters
    ----------
    carrier
        Of the balance.
    context
        Tables.

    Returns
    -------
    Numbers or None
        [GJ per unit]; None where the table does not tell. That of power and heat is the unit's own.
    """
    if units.is_like(UNITS[carrier], ENERGY):
        return constant(ONE).times(units.factor(UNITS[carrier], ENERGY))
    table = context.tables.read(TABLE, EnergyUseRow)
    rows = [r for r in table.rows if r.parameter == CONTENT and r.carrier == carrier]
    return table.taken(rows[0], f"{ENERGY}/({UNITS[carrier]})") if rows else None
