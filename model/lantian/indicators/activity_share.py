"""Share of an activity in a whole: rail in freight, electric in the stock, straw used in straw.

Linear wherever both are: with the limit ``L`` known, ``part / whole <= L`` is
``part - L whole <= 0``. The row is told as a share of the whole that there is without the plan, so
that its price is one per share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.projection import Projection
from lantian.core.rounds import ratio
from lantian.core.system import Array
from lantian.errors import Problems
from lantian.indicators.amounts import (
    Amount,
    AmountNumbers,
    activity_row,
    declared_amount,
    own_unit,
)
from lantian.indicators.contract import (
    CENTRAL,
    Asked,
    Context,
    Declared,
    Fitted,
    Indicator,
    Row,
    Subject,
)
from lantian.indicators.selection import Selection
from lantian.inventory.conversions import CONVERSIONS
from lantian.language import message
from lantian.vocabulary import Pollutant


@dataclass(frozen=True)
class Quotient:
    """An amount over another one.

    Attributes
    ----------
    part, whole
        Both in samples of the same numbers.
    before
        The whole without the plan [unit of the whole], dims (year, sample).
    """

    part: Amount
    whole: Amount
    before: Array


@dataclass(frozen=True, kw_only=True)
class QuotientFitted(Fitted):
    """Quotients of amounts of activity.

    Attributes
    ----------
    quotients
        By subject.
    years
        Years of what there is without the plan.
    sources, states
        Lengths of these axes.
    """

    quotients: Mapping[Subject, Quotient]
    years: tuple[int, ...]
    sources: int
    states: int

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the quotient [unit of the target], dims (year, sample); NaN over nothing.

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = self.quotients[subject]
        part, whole = np.broadcast_arrays(own.part.of(projection), own.whole.of(projection))
        return ratio(part, whole, np.nan)

    def rows_within(self, subject: Subject, year: int, limit: Array) -> list[Row]:
        """Return the row that holds where the quotient keeps the limit, and only there.

        Parameters
        ----------
        subject, year, limit
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        own = self.quotients[subject]
        before = own.before[self.years.index(year)]
        part, whole = own.part.on_states(self.states), own.whole.on_states(self.states)
        given = own.part.given_in(year) - limit * own.whole.given_in(year)
        weight = (part - limit * whole) / before
        return [activity_row(self.sources, weight, given / before + limit)]

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the quotient as long as the whole is that of the baseline.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.rows_within(subject, year, np.zeros(1))


@dataclass(frozen=True, kw_only=True)
class QuotientDeclared(Declared):
    """Part and whole of each target, with the numbers of conversions and drivers.

    Attributes
    ----------
    pairs
        By subject.
    places
        Where each target stands.
    sources, states
        Lengths of these axes.
    """

    pairs: Mapping[Subject, tuple[AmountNumbers, AmountNumbers]]
    places: Mapping[Subject, Asked]
    sources: int
    states: int

    def fit(self, theta: Array, baseline: Projection) -> QuotientFitted:
        """Return the quotients; activity needs no calibration.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        found = {}
        for subject, (part, whole) in self.pairs.items():
            own = whole(theta)
            found[subject] = Quotient(part(theta), own, own.of(baseline))
        return QuotientFitted(
            quotients=found, years=baseline.years, sources=self.sources, states=self.states
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a whole of which there is nothing.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        for subject, (_, whole) in self.pairs.items():
            before = whole(theta).of(baseline)[:, CENTRAL]
            none = [str(y) for y, w in zip(baseline.years, before, strict=True) if not w > 0]
            if none:
                problems.add(
                    self.places[subject].place(),
                    message("there is nothing to be a share of in {years}.", years=", ".join(none)),
                )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: activity is counted, whatever it emits."""
        return ()


@dataclass(frozen=True)
class Sides:
    """Part and whole of a target as they are to be counted.

    Attributes
    ----------
    key, whole
        Parameter where the whole is written, and the whole.
    unit_of_part, unit_of_whole
        In which each is counted.
    """

    key: str
    whole: Selection
    unit_of_part: str
    unit_of_whole: str


def declared_quotients(
    context: Context, wanted: Sequence[tuple[Asked, Sides]]
) -> QuotientDeclared | None:
    """Return the quotients that targets ask for; None if none is complete.

    Parameters
    ----------
    context
        Tables and axes.
    wanted
        Targets with their sides.

    Returns
    -------
    QuotientDeclared or None
        Without targets that name what is unknown, which is noted.
    """
    pairs, places = {}, {}
    for asked, sides in wanted:
        counted = asked.subject.activity
        if counted is None:
            continue  # noted when the scenario was read
        part = declared_amount(context, asked, "activity", counted, sides.unit_of_part)
        whole = declared_amount(context, asked, sides.key, sides.whole, sides.unit_of_whole)
        if part is not None and whole is not None:
            pairs[asked.subject], places[asked.subject] = (part, whole), asked
    if not pairs:
        return None
    slots = [own.slots for pair in pairs.values() for own in pair]
    return QuotientDeclared(
        pairs=pairs,
        places=places,
        sources=len(context.sources),
        states=len(context.states),
        ranged=np.unique(np.concatenate(slots)),
    )


class Share(Indicator):
    """Part of an activity in a whole of the same unit."""

    def declare(self, context: Context) -> QuotientDeclared | None:
        """Take what the targets count.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        wanted = [(a, self._sides(context, a)) for a in context.asked.get(self.id, ())]
        return declared_quotients(context, [(a, s) for a, s in wanted if s is not None])

    def _sides(self, context: Context, asked: Asked) -> Sides | None:
        """Return both sides; None if nothing is chosen, which is noted."""
        counted, whole = asked.subject.activity, asked.subject.of
        if counted is None:
            return None
        unit = asked.subject.unit or own_unit(context, counted, asked.of("activity"))
        if unit is None:
            return None
        if whole is None:
            return Sides("activity", counted.whole(), unit, unit)
        return Sides("of", whole, unit, unit)


INDICATOR = Share(
    id="activity-share",
    unit="1",
    order=31,
    takes=("activity", "of", "areas", "unit"),
    needs=("activity",),
    counted=True,
    part=True,
    beside=(CONVERSIONS,),
)
