r"""Share by which a day's emissions fall when all that an alert lists is ordered.

.. math:: c_l = \min_p f_{l,p} \frac{\sum_s r_{l,s} w_s E_{p,s}}{\sum_s w_s E_{p,s}}

It is the most that the list reaches at a level, of the pollutant that falls least; the cheapest
list that does what is asked is found apart from the year's plan. A plan of the year changes both
sums, so a target on it is judged after the solve.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.alerts import DailyCuts
from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.rounds import ratio
from lantian.core.system import Array
from lantian.indicators.contract import Context, Declared, Fitted, Indicator, Subject
from lantian.language import Message, message
from lantian.vocabulary import POLLUTANTS, Pollutant


@dataclass(frozen=True, kw_only=True)
class AlertCutFitted(Fitted):
    """What is listed, as a share of the day's total."""

    cuts: DailyCuts

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the share of the pollutant that falls least [1], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return np.asarray(self._shares(projection, subject).min(axis=0))

    def _shares(self, projection: Projection, subject: Subject) -> Array:
        """Return the share of each pollutant that is asked for [1], dims (pollutant, year, sample).

        What nothing emits needs no cut, and counts as gone.
        """
        level = self._level(subject)
        own = [POLLUTANTS.index(p) for p in self._asked(subject)]
        daily = self.cuts.weight[:, None, None, None] * projection.emission[:, own]
        total = ordered_sum(daily)
        cut = ordered_sum(self.cuts.reach[level][:, None, None, None] * daily)
        share = ratio(cut, total, 1.0)
        factor = self.cuts.factor[level]
        return np.asarray(share * factor[factor > 0.0][:, None, None])

    def _level(self, subject: Subject) -> int:
        """Return the position of the level; the highest where none is named."""
        levels = self.cuts.levels
        return len(levels) - 1 if subject.alert_level is None else levels.index(subject.alert_level)

    def _asked(self, subject: Subject) -> tuple[Pollutant, ...]:
        factor = self.cuts.factor[self._level(subject)]
        return tuple(p for p, f in zip(self.cuts.pollutants, factor, strict=True) if f > 0.0)

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return which pollutant falls least, and on which day.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        least = int(self._shares(projection.at(year), subject)[:, 0, 0].argmin())
        return message(
            "all listed actions, {month}/{year}; {pollutant} falls least",
            month=self.cuts.month,
            year=year,
            pollutant=self._asked(subject)[least],
        )


@dataclass(frozen=True, kw_only=True)
class AlertCutDeclared(Declared):
    """What is listed: shares of the scenario, without numbers of the tables."""

    cuts: DailyCuts

    def fit(self, theta: Array, baseline: Projection) -> AlertCutFitted:
        """Return the shares; nothing is calibrated.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return AlertCutFitted(cuts=self.cuts)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return those that must fall."""
        return self.cuts.pollutants


class AlertCut(Indicator):
    """Cut of a day's emissions under an alert."""

    def declare(self, context: Context) -> AlertCutDeclared | None:
        """Take what the scenario lists.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        cuts = context.alert
        if cuts is None:
            return None
        return AlertCutDeclared(cuts=cuts, choices={"alert_level": cuts.levels})


INDICATOR = AlertCut(
    id="alert-cut",
    unit="1",
    part=True,
    order=20,
    wished=True,
    takes=("alert_level",),
    needs=("alert_level",),
    asks_for=message("a part 'alert' of the scenario"),
    remedy=message(
        "Add month, protected and actions with their costs a day; see scenarios/README.md."
    ),
)
