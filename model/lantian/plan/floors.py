"""Limits on what runs, held against what no measure can change: told before anything is solved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import NOWHERE, Array, System
from lantian.errors import Problems
from lantian.indicators import find
from lantian.indicators.contract import CENTRAL
from lantian.language import Message, message
from lantian.optimise.problem.planner_limits import Bound
from lantian.plan.targets import ResolvedTarget
from lantian.scenario.model import FORMS
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import ROUNDING

SHOWN = 3
"""States that a message names."""
GIVEN = "other-use"
"""What no state is, such as all other use of power."""


@dataclass(frozen=True)
class _Limit:
    """A limit on activity, with the sign of all turned where it is one from below.

    Attributes
    ----------
    side
        1 of a limit from above, -1 of one from below.
    weight
        What a unit of each state counts, dims (state,).
    activity
        What each state holds without the plan [source unit], dims (state,).
    given
        What no measure changes.
    most
        The limit.
    """

    side: float
    weight: Array
    activity: Array
    given: float
    most: float

    def is_below(self, floor: float) -> bool:
        """Tell whether a value that cannot be gone below is above the limit."""
        size = max(abs(self.most), float(np.abs(self.weight) @ self.activity), abs(self.given))
        return floor > self.most + ROUNDING * size


def check_floors(
    targets: Iterable[ResolvedTarget],
    system: System,
    bounds: Sequence[Bound],
    read: ReadScenario,
    problems: Problems,
) -> None:
    """Note limits on activity that no measure could keep, and doubt those beyond all reach.

    A limit that would be kept if measures reached further is a finding about the plan, which a run
    tells; one below what must run whatever they do is a slip of the input.

    Parameters
    ----------
    targets
        Resolved.
    system
        States and moves without the plan.
    bounds
        The planner's own, which may forbid measures.
    read
        The scenario.
    problems
        Receives faults and doubts, at the limit.
    """
    position = {target.id: i for i, target in enumerate(read.scenario.targets)}
    reach = _reach(system, bounds)
    for own in targets:
        limit = _limit(own, system)
        if limit is None:
            continue
        key = next(k for k in FORMS if getattr(own.target, k) is not None)
        place = read.place("targets", position[own.target.id], key)
        own_reach = reach if own.year >= system.start else np.zeros_like(reach)
        kept = _kept(limit, system, own_reach > 0)
        least = limit.given + float(kept.sum())
        within = _within_reach(limit, system, own_reach, own.year)
        if limit.is_below(least):
            fix = message("Check the limit and its unit, or add measures that act there.")
            problems.add(place, _told(own, limit, least, kept, system), fix=fix)
        elif limit.is_below(within):
            found = _beyond_reach(own, limit, within)
            problems.warn(place, found, fix=message("The run tells how near the best mix comes."))


def _limit(target: ResolvedTarget, system: System) -> _Limit | None:
    """Return the limit of a target that is about activity alone; None of any other."""
    side, row = target.bound.side, next(iter(target.rows or ()), None)
    if row is None or row.activity is None or row.weight.any() or target.target.falls:
        return None
    weight = side * row.activity[:, CENTRAL]
    activity = system.baseline[:, target.year]
    return _Limit(side, weight, activity, side * float(row.constant[CENTRAL]), side * target.limit)


def _reach(system: System, bounds: Sequence[Bound]) -> Array:
    """Return the reach of each group [1], 0 where the planner forbids it, dims (group,)."""
    reach = system.groups.reach.copy()
    for bound in bounds:
        if bound.most <= 0:
            reach[bound.groups] = 0.0
    return reach


def _gain(system: System, best: Array) -> Array:
    """Return what a unit of each move comes to count where it leads to, dims (move,)."""
    moves = system.moves
    return np.where(moves.target == NOWHERE, 0.0, moves.conversion * best[moves.target])


def _kept(limit: _Limit, system: System, reaches: NDArray[np.bool_]) -> Array:
    """Return what each state counts at least if measures took all that they act on, dims (state,).

    A unit goes on from state to state for as long as it comes to count less.
    """
    usable = reaches[system.moves.group]
    origin, best = system.moves.origin[usable], limit.weight.copy()
    for _ in range(len(system.states)):
        before = best.copy()
        np.minimum.at(best, origin, _gain(system, before)[usable])
        if np.array_equal(best, before):
            break
    return np.asarray(best * limit.activity)


def _within_reach(limit: _Limit, system: System, reach: Array, year: int) -> float:
    """Return a value that no mix goes below: every measure takes its reach where that helps most.

    Measures that stand in each other's way are counted in full, so a mix may well not come so far.
    """
    change = _gain(system, limit.weight) - limit.weight[system.moves.origin]
    helps = np.zeros(len(system.groups))
    np.minimum.at(helps, system.moves.group, change)
    most = reach * system.eligible[:, year]
    return limit.given + float(limit.weight @ limit.activity + helps @ most)


def _told(
    target: ResolvedTarget, limit: _Limit, least: float, kept: Array, system: System
) -> Message:
    """Return that a limit cannot be kept, and of what most is left."""
    asked, value = _shown(target, target.limit), _shown(target, limit.side * least)
    if limit.side < 0:
        return message(
            "it asks for {limit} at least, and no measure leads to more than {value}.",
            limit=asked,
            value=value,
        )
    states = system.states
    parts = {
        f"{system.sources.id[states.source[s]]} {states.technology[s]}": kept[s]
        for s in np.flatnonzero(kept > 0).tolist()
    } | ({GIVEN: limit.given} if limit.given > 0 else {})
    largest = sorted(parts, key=lambda name: -parts[name])[:SHOWN]
    return message(
        "it allows {limit}, and {value} is left whatever measures do: {names}.",
        limit=asked,
        value=value,
        names=", ".join(largest) or "-",
    )


def _beyond_reach(target: ResolvedTarget, limit: _Limit, within: float) -> Message:
    """Return that a limit is beyond what all measures reach together."""
    return message(
        "it asks for {limit}, and all measures together reach {value} at best.",
        limit=_shown(target, target.limit),
        value=_shown(target, limit.side * within),
    )


def _shown(target: ResolvedTarget, value: float) -> str:
    """Return a value as it is written: shares in percent."""
    if find(target.target.indicator_id).part:
        return f"{100.0 * value:.4g} %"
    return f"{value:.4g} {target.unit}".removesuffix(" 1")
