"""Limits and targets held against the system: what limits nothing, and what leaves next to nothing.

A budget is held against what all measures together cost, a resource against what they all take, a
limit against what there is without the plan. What is a thousand times off is told, and not refused.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array, System, eligible_activity, sum_by
from lantian.errors import Problems
from lantian.language import Message, message
from lantian.optimise.problem.planner_limits import Resource, known_cost
from lantian.optimise.procedure.question import Question
from lantian.plan.targets import ResolvedTarget
from lantian.scenario.nodes import Path_
from lantian.scenario.reader import ReadScenario

WIDE = 30.0
"""How many times what all measures cost or take a limit may be before that is asked back."""
NARROW = 1.0 / 200.0
"""Share [1] of what all measures cost or take below which a limit is asked back."""
LITTLE, MUCH = 1e-3, 200.0
"""Part [1] of a resource that one measure takes in full use, beyond which that is asked back."""
FAR = 100.0
"""How many times a limit that is not 0 there may be without the plan before that is asked back."""


def doubt_question(
    read: ReadScenario, system: System, question: Question, problems: Problems
) -> None:
    """Warn of budgets and resources that limit nothing, or leave next to nothing.

    Parameters
    ----------
    read
        The scenario.
    system
        At central values.
    question
        What its ``optimise`` part asks for.
    problems
        Receives the doubts.
    """
    years = range(system.start, len(system.years))
    costs = [_full_cost(system, year) for year in years]
    total = np.inf if question.coupling is None else question.coupling.budget
    for key, budget, cost in (
        ("budget", question.limits.budget, max(costs)),
        ("total_budget", total, sum(costs)),
    ):
        for said in _far(budget, cost) if np.isfinite(budget) else ():
            problems.warn(read.place("optimise", key), said, fix=message("Check the unit."))
    full = _full_use(system)
    for i, resource in enumerate(question.limits.resources):
        taken = _taken(i, resource, full, read, system)
        _doubt_resource(i, resource, taken, read, problems)


def _full_use(system: System) -> Array:
    """Return how far each group can act in the year in which that is most, dims (group,)."""
    there = eligible_activity(system)[:, system.start :].max(axis=1, initial=0.0)
    return np.asarray(system.groups.reach * there)


def _full_cost(system: System, year: int) -> float:
    """Return what all measures that cost anything cost in full use in a year [currency/a]."""
    there = system.groups.reach * eligible_activity(system)[:, year]
    moves, price = system.moves, known_cost(system, year)
    among = np.maximum(sum_by(np.ones(len(moves)), moves.group, len(system.groups)), 1.0)
    each = sum_by(price, moves.group, len(system.groups)) / among
    return float(np.maximum(each, 0.0) @ there)


def _far(limit: float, full: float) -> Iterator[Message]:
    """Yield what is odd about a limit beside what there would be without it."""
    if full > 0.0 and limit > WIDE * full:
        yield message(
            "it limits nothing: all measures together come to 1/{times} of it.",
            times=f"{limit / full:.0f}",
        )
    elif 0.0 < limit < NARROW * full:
        yield message(
            "it leaves next to nothing: all measures together come to {times} times as much.",
            times=f"{full / limit:.0f}",
        )


def _doubt_resource(
    i: int, resource: Resource, taken: Sequence[float], read: ReadScenario, problems: Problems
) -> None:
    """Warn of a resource that limits nothing, or of uses that are far from it."""
    path = ("optimise", "resources", i)
    odd = [k for k, own in enumerate(taken) if _is_odd(own, resource.available)]
    if len(odd) < len(taken):
        for k in odd:
            _tell_use(read, (*path, "uses", k, "amount"), taken[k] / resource.available, problems)
    if not odd or len(odd) == len(taken):
        for said in _far(resource.available, sum(taken)):
            problems.warn(read.place(*path, "at_most"), said, fix=message("Check the unit."))


def _is_odd(taken: float, available: float) -> bool:
    return available > 0.0 and not (taken == 0.0 or LITTLE <= taken / available <= MUCH)


def _tell_use(read: ReadScenario, path: Path_, share: float, problems: Problems) -> None:
    problems.warn(
        read.place(*path),
        message("in full use it takes {times:.2g} times all there is.", times=share),
        fix=message("Check the unit."),
    )


def _taken(
    i: int, resource: Resource, full: Array, read: ReadScenario, system: System
) -> list[float]:
    """Return what each use of a resource takes of it in full use [unit of the resource]."""
    measure = [system.measures[m] for m in system.groups.measure[resource.groups]]
    source = [system.sources.id[s] for s in system.groups.source[resource.groups]]
    each = (resource.use * full[resource.groups]).tolist()
    return [
        sum(
            own
            for own, m, s in zip(each, measure, source, strict=True)
            if m == use.measure and use.source in (None, s)
        )
        for use in read.scenario.optimise.resources[i].uses
    ]


def doubt_targets(
    read: ReadScenario,
    targets: Sequence[ResolvedTarget],
    baseline: Projection,
    problems: Problems,
) -> None:
    """Warn of limits from above that are next to nothing beside what there is without the plan.

    Parameters
    ----------
    read
        The scenario.
    targets
        In its order.
    baseline
        Without the plan.
    problems
        Receives the doubts.
    """
    position = {target.id: i for i, target in enumerate(read.scenario.targets)}
    for own in targets:
        if own.target.at_most is None or own.fitted is None or not own.limit > 0.0:
            continue
        value, _, _ = own.judge(baseline)
        if value > FAR * own.limit:
            problems.warn(
                read.place("targets", position[own.target.id], "at_most"),
                message(
                    "without the plan there is {times} times as much.",
                    times=f"{value / own.limit:.0f}",
                ),
                fix=message("Check the unit."),
            )
