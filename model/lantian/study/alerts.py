"""Alert days of a study: daily emissions of the month, and the cheapest lists for its levels."""

from calendar import monthrange
from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array, emission_by_source
from lantian.errors import InputError, Place, Problem
from lantian.inventory.months import daily
from lantian.language import message
from lantian.optimise.analyses.alerts import AlertLists, AlertProblem, cheapest_lists
from lantian.plan.read_alert import AlertPlan
from lantian.study.model import Study
from lantian.tolerances import ACCEPTED
from lantian.vocabulary import POLLUTANTS

SEEN = 0.01
"""Least part of a cut [1] that is told as a reason."""
DAYS = 365
"""Days of a year [1]."""


@dataclass(frozen=True)
class AlertAnswer:
    """What may be ordered on an alert day, and what it comes to.

    Attributes
    ----------
    plan
        What the scenario asks for.
    problem, lists
        Actions, demands and the cheapest lists.
    by_source
        What is emitted in a day of the month [t/d], dims (source, pollutant asked for).
    yearly
        Total of the year over 365 days [t/d], dims (pollutant,).
    """

    plan: AlertPlan
    problem: AlertProblem
    lists: AlertLists
    by_source: Array
    yearly: Array

    @property
    def listed(self) -> Array:
        """What all actions are about, whatever their reach [t/d], dims (pollutant,)."""
        return np.asarray(self.problem.daily.sum(axis=1))

    @property
    def protected(self) -> Array:
        """What protected sources emit [t/d], dims (pollutant,)."""
        return np.asarray(self.by_source[self.plan.protected].sum(axis=0))

    def binding(self, level: int, pollutant: int) -> list[int]:
        """Return the actions at their reach that cut a pollutant, the largest cut first.

        Parameters
        ----------
        level, pollutant
            Positions.

        Returns
        -------
        list of int
            Without those whose cut is not seen beside that of all.
        """
        share, usable = self.lists.share[level], self.problem.usable[level]
        cut = share * self.problem.daily[pollutant]
        bound = (share >= usable - ACCEPTED) & (cut > SEEN * cut.sum())
        return [a for a in np.argsort(-cut, kind="stable").tolist() if bound[a]]


def answer_alert(study: Study) -> AlertAnswer:
    """Return the cheapest lists of a study's alert.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    AlertAnswer
        With what is lacking where a demand is out of reach.

    Raises
    ------
    InputError
        If the scenario has no alert.
    NoSolutionError
        See :func:`lantian.optimise.analyses.alerts.cheapest_lists`.
    """
    plan = study.alert
    if plan is None:
        place = Place(study.read.document.file)
        what = message("the scenario has no part 'alert'.")
        fix = message(
            "Add month, protected and actions with their costs a day; see scenarios/README.md."
        )
        raise InputError([Problem(place, what, fix=fix)])
    asked = plan.asked
    emission = _emission(study, plan)
    days = monthrange(study.system.years[plan.year], asked.month)[1]
    by_source = daily(emission, plan.shares, days)
    problem = AlertProblem(
        daily=by_source[plan.source].T * plan.part,
        cost=plan.cost[:, 0],
        reach=plan.reach,
        total=by_source.sum(axis=0),
        demand=np.array([[asked.demand(p, k) for p in asked.pollutants] for k in asked.levels]),
        before=plan.before,
    )
    return AlertAnswer(
        plan, problem, cheapest_lists(problem), by_source, emission.sum(axis=0) / DAYS
    )


def _emission(study: Study, plan: AlertPlan) -> Array:
    """Return what the case emits in the year [t/a], dims (source, pollutant asked for)."""
    system, y = study.system, plan.year
    activity = system.baseline if plan.asked.case == "baseline" else study.applied.activity
    emission = emission_by_source(system, activity[:, y : y + 1], year=y)[..., 0]
    return emission[:, [POLLUTANTS.index(p) for p in plan.asked.pollutants]]
