"""The ``alert`` part of a scenario -> what the lists are made from, or problems with places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.alerts import DailyCuts, usable_reach
from lantian.core.system import Array, Index, Sources
from lantian.errors import Problems, closest
from lantian.inventory.months import YearShapes
from lantian.language import NOTHING, message
from lantian.parameters import units
from lantian.scenario.model import Alert, AlertAction, Quantity
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import ROUNDING

PLACE = "alert"
PARTICLES = ("PM10", "PM2.5", "TSP")
"""Sizes that particles may be counted by."""
EXEMPT = "A"
"""Grade of firms that are not ordered to stop."""


@dataclass(frozen=True)
class AlertPlan:
    """The alert of a scenario, held against its sources.

    Attributes
    ----------
    asked
        The part of the scenario.
    source
        Source of each action, dims (action,).
    part
        Part of the source that each action is about [1], dims (action,).
    reach
        Largest share of that part [1], dims (level, action).
    cost
        Of a day in full, and the ends of its range [currency/d], dims (action, 3).
    protected
        Sources that are never stopped, dims (source,).
    year
        Position of the year of the alert.
    shares
        Share of the year in the month [1], dims (source,).
    has_profiles
        Whether the region says how its sources are spread over the year.
    """

    asked: Alert
    source: Index
    part: Array
    reach: Array
    cost: Array
    protected: NDArray[np.bool_]
    year: int
    shares: Array
    has_profiles: bool

    @property
    def cuts(self) -> DailyCuts:
        """What all actions reach together."""
        asked, usable = self.asked, usable_reach(self.reach) * self.part
        reach = np.zeros((len(asked.levels), len(self.protected)))
        np.add.at(reach.T, self.source, usable.T)
        factor = [[asked.weight(p, k) for p in asked.pollutants] for k in asked.levels]
        return DailyCuts(
            asked.levels, asked.pollutants, asked.month, self.shares, reach, np.array(factor)
        )

    @property
    def before(self) -> tuple[tuple[int, int], ...]:
        """Pairs of actions on one source: the first is the better graded, never cut deeper."""
        graded = [
            (k, a.grade) for k, a in enumerate(self.asked.actions) if a.grade not in (None, EXEMPT)
        ]
        return tuple(
            (i, j)
            for i, better in graded
            for j, worse in graded
            if self.source[i] == self.source[j] and str(better) < str(worse)
        )


def read_alert(
    read: ReadScenario,
    sources: Sources,
    shapes: YearShapes,
    emitted: Mapping[str, float],
    problems: Problems,
) -> AlertPlan | None:
    """Return the alert of a scenario; note what names nothing or cannot be. None without one.

    To be trusted only if no problem was noted.

    Parameters
    ----------
    read
        The scenario.
    sources
        Source axis of the system.
    shapes
        Shares of each source's year.
    emitted
        What all sources emit without the plan [t], by pollutant.
    problems
        Receives every fault found, and as a warning what nothing emits.
    """
    asked = read.scenario.alert
    if asked is None:
        return None
    _check_emitted(asked, read, emitted, problems)
    _check_names(asked, read, sources, problems)
    _check_parts(asked, read, problems)
    _check_reach(asked, read, problems)
    position = {name: s for s, name in enumerate(sources.id)}
    return AlertPlan(
        asked,
        np.array([position.get(a.source, 0) for a in asked.actions], dtype=np.int64),
        np.array([a.part.to("") for a in asked.actions]),
        np.array([[_reach(a, level) for a in asked.actions] for level in asked.levels]),
        _costs(asked, read, problems),
        np.isin(sources.id, asked.protected),
        _year(asked, read, problems),
        shapes.shares[:, asked.month - 1],
        shapes.known,
    )


def _check_emitted(
    asked: Alert, read: ReadScenario, emitted: Mapping[str, float], problems: Problems
) -> None:
    """Note particles that the inventory has in another size only; warn of what it has none of.

    A cut of nothing would look as if it were reached.
    """
    for pollutant in asked.pollutants:
        if emitted.get(pollutant, 0.0) > 0.0:
            continue
        others = [p for p in PARTICLES if p != pollutant and emitted.get(p, 0.0) > 0.0]
        if pollutant == asked.particles and others:
            problems.add(
                read.place(PLACE, "particles"),
                message("nothing emits {pollutant} here.", pollutant=pollutant),
                fix=message("Write 'particles: {other}'.", other=others[0]),
            )
            continue
        problems.warn(
            read.place(PLACE),
            message(
                "nothing emits {pollutant} here: no cut of it is asked for, and none is in the"
                " lists.",
                pollutant=pollutant,
            ),
            fix=message("Add its emissions to the inventory."),
        )


def _reach(action: AlertAction, level: str) -> float:
    """Return the largest share of an action at a level [1]; firms of grade A are exempt."""
    given = {str(k): share for k, share in action.reach.items()}.get(level)
    return 0.0 if given is None or action.grade == EXEMPT else given.to("")


def _check_names(asked: Alert, read: ReadScenario, sources: Sources, problems: Problems) -> None:
    named: list[tuple[str, tuple[str | int, ...]]]
    named = [(a.source, (PLACE, "actions", k, "source")) for k, a in enumerate(asked.actions)]
    named += [(name, (PLACE, "protected", k)) for k, name in enumerate(asked.protected)]
    for name, path in named:
        if name not in sources.id:
            problems.add(
                read.place(*path),
                message("'{name}' is not a source.", name=name),
                fix=closest(name, sources.id),
            )
    for k, action in enumerate(asked.actions):
        if action.source in asked.protected:
            problems.add(
                read.place(PLACE, "actions", k),
                message(
                    "source '{name}' is protected, and an action is on it.", name=action.source
                ),
                fix=message("Leave it out of one of the two lists."),
            )


def _check_parts(asked: Alert, read: ReadScenario, problems: Problems) -> None:
    """Note names that several actions have, and sources of which more than all is taken."""
    taken = dict.fromkeys((action.source for action in asked.actions), 0.0)
    count = Counter(action.name for action in asked.actions)
    for k, action in enumerate(asked.actions):
        if count[action.name] > 1:
            problems.add(
                read.place(PLACE, "actions", k),
                message("several actions are called '{name}'.", name=action.name),
                fix=message("Give each action on the source an id of its own."),
            )
        taken[action.source] += action.part.to("")
        if taken[action.source] > 1 + ROUNDING:
            problems.add(
                read.place(PLACE, "actions", k),
                message(
                    "the actions on source '{source}' take {total:.0%} of it.",
                    source=action.source,
                    total=taken[action.source],
                ),
                message("Expected 100 % at most."),
            )


def _check_reach(asked: Alert, read: ReadScenario, problems: Problems) -> None:
    """Note lists of which nothing can be ordered at any level."""
    if not any(_reach(a, level) > 0 for a in asked.actions for level in asked.levels):
        problems.add(
            read.place(PLACE, "actions"),
            message("no action can be ordered: grade A is exempt, and a reach of 0 % is none."),
            fix=message("Add an action of another grade, or of none."),
        )


def _costs(asked: Alert, read: ReadScenario, problems: Problems) -> Array:
    """Return the costs of a day, central, low and high [currency/d], dims (action, 3)."""
    wanted = f"{read.scenario.economics.currency}/d"
    found = np.full((len(asked.actions), 3), np.nan)
    for k, action in enumerate(asked.actions):
        for column, name in enumerate(("cost", "low", "high")):
            given: Quantity = getattr(action, name) or action.cost
            try:
                found[k, column] = given.to(wanted)
            except units.UnitError as error:
                problems.add(
                    read.place(PLACE, "actions", k, name if getattr(action, name) else "cost"),
                    message("{text}.", text=error.args[0]),
                    fix=message("Write the cost of a day: 8 万元/d."),
                )
                break
    return found


def _year(asked: Alert, read: ReadScenario, problems: Problems) -> int:
    """Return the position of the year of the alert."""
    years = read.scenario.years
    if asked.year is not None and asked.year not in years:
        problems.add(
            read.place(PLACE, "year"),
            message("{year} is not a year of the scenario.", year=asked.year),
            message("Expected one of {names}.", names=", ".join(map(str, years))),
            NOTHING,
        )
        return len(years) - 1
    return len(years) - 1 if asked.year is None else years.index(asked.year)
