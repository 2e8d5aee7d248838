"""Amount of an activity: coal burnt, boilers below a size, freight by rail, vehicles of a kind."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators.amounts import Amount, AmountNumbers, activity_row, declared_amount
from lantian.indicators.contract import Context, Declared, Fitted, Indicator, Row, Subject
from lantian.inventory.conversions import CONVERSIONS
from lantian.vocabulary import Pollutant


@dataclass(frozen=True, kw_only=True)
class ActivityFitted(Fitted):
    """What each target counts.

    Attributes
    ----------
    amounts
        By subject.
    sources, states
        Lengths of these axes.
    """

    amounts: Mapping[Subject, Amount]
    sources: int
    states: int

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the amount [unit of the target], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.amounts[subject].of(projection)

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the amount: it is a sum over states.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        amount = self.amounts[subject]
        return [activity_row(self.sources, amount.on_states(self.states), amount.given_in(year))]


@dataclass(frozen=True, kw_only=True)
class ActivityDeclared(Declared):
    """What each target counts, with the numbers of conversions and drivers."""

    amounts: Mapping[Subject, AmountNumbers]
    sources: int
    states: int

    def fit(self, theta: Array, baseline: Projection) -> ActivityFitted:
        """Return the amounts; activity needs no calibration.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        amounts = {subject: numbers(theta) for subject, numbers in self.amounts.items()}
        return ActivityFitted(amounts=amounts, sources=self.sources, states=self.states)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: activity is counted, whatever it emits."""
        return ()


class Activity(Indicator):
    """Sum of the activity of some states."""

    def declare(self, context: Context) -> ActivityDeclared | None:
        """Take what the targets count.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        amounts = {}
        for asked in context.asked.get(self.id, ()):
            counted, unit = asked.subject.activity, self.unit_of(asked.subject)
            if counted is None:
                continue  # noted when the scenario was read
            found = declared_amount(context, asked, "activity", counted, unit)
            if found is not None:
                amounts[asked.subject] = found
        if not amounts:
            return None
        return ActivityDeclared(
            amounts=amounts,
            sources=len(context.sources),
            states=len(context.states),
            ranged=np.unique(np.concatenate([own.slots for own in amounts.values()])),
        )


INDICATOR = Activity(
    id="activity",
    unit="1",
    order=30,
    takes=("activity", "areas", "unit"),
    needs=("activity",),
    any_unit=True,
    counted=True,
    beside=(CONVERSIONS,),
)
