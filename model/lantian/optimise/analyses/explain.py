"""Why a measure is in the least-cost mix, or out: what it costs, what it serves, what holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lantian.core.system import Array, Index, System, eligible_activity, sum_by
from lantian.names import Name
from lantian.optimise.analyses.sensitivity import Sensitivity, Step
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.tolerances import TOUCHING, UNSEEN

Place = Literal["out", "partly", "full", "held", "empty", "closed"]
"""Not used; used up to a point; used as far as it goes; held (cost unknown); nothing to act on; not
offered, as it may cost or save money."""
SHOWN = 5
"""Measures named as alternatives."""


@dataclass(frozen=True)
class Worth:
    """What one unit of a measure does for one target.

    Attributes
    ----------
    target
        Position of the target.
    unit
        Of the target.
    effect
        Reduction per unit [target unit per activity unit]; negative where it adds.
    price, price_unit
        Shadow price of the target and its unit.
    """

    target: int
    unit: str
    effect: float
    price: float
    price_unit: str

    @property
    def worth(self) -> float:
        """Effect times price [currency per activity unit]."""
        return self.effect * self.price


@dataclass(frozen=True)
class Explanation:
    """One measure on one source in the least-cost mix.

    Attributes
    ----------
    group
        Position of the group.
    unit
        Of the activity.
    uptake, most
        In the mix, and as far as reach goes [activity unit].
    cost
        Of one unit [currency per activity unit and year]; NaN where unknown.
    worth
        What a unit does for every target it touches, largest first.
    cheaper
        By how much a unit must become cheaper before more of it is used [currency per activity
        unit]; None where no more is possible.
    dearer
        By how much it may become dearer before less of it is used; None where it must not fall,
        or is not used.
    reach_worth
        What one more unit of reach saves; 0 unless reach binds.
    exhausted
        Positions of the states it starts from that hold nothing any more.
    held_by
        The planner's limits (budget, shared resources, ...) that are used up and let no more
        of it be used by itself.
    gives_way, steps_in
        Positions of the groups that fall if there is one unit more of this one, and that rise if
        there is one less, with their change [activity unit per unit].
    rivals
        Positions of the groups in the mix that act on the same states, with their uptake [activity
        unit].
    """

    group: int
    unit: str
    place: Place
    uptake: float
    most: float
    cost: float
    worth: tuple[Worth, ...]
    cheaper: float | None
    dearer: float | None
    reach_worth: float
    exhausted: tuple[int, ...]
    held_by: tuple[Name, ...]
    gives_way: tuple[tuple[int, float], ...]
    steps_in: tuple[tuple[int, float], ...]
    rivals: tuple[tuple[int, float], ...]


def explain_measure(
    system: System,
    year: int,
    problem: LeastCost,
    answer: LeastCostResult,
    measure: str,
    closed: Sequence[int] = (),
) -> tuple[Explanation, ...]:
    """Return one explanation per source on which a measure acts.

    Parameters
    ----------
    system, year
        What the problem was built from.
    problem, answer
        The blocks that were solved, and their optimum.
    measure
        Id of the measure.
    closed
        Positions of groups that no mix is offered.

    Returns
    -------
    tuple of Explanation
        In the order of the groups; empty if the measure acts nowhere.
    """
    near = Sensitivity(problem, answer)
    own = np.flatnonzero(np.array(system.measures)[system.groups.measure] == measure)
    return tuple(_explain(system, year, near, answer, int(g), g in closed) for g in own)


def _explain(
    system: System,
    year: int,
    near: Sensitivity,
    answer: LeastCostResult,
    group: int,
    is_closed: bool,
) -> Explanation:
    moves = np.flatnonzero(system.moves.group == group)
    source = int(system.groups.source[group])
    most = float(system.groups.reach[group] * eligible_activity(system)[group, year])
    place = "closed" if is_closed else _place(near, group, moves)
    more = less = None
    if place in ("out", "partly", "full"):
        more = near.more(group)
        less = None if place == "out" else near.less(group)
    weight = _weights(near, moves, more)
    at_reach = near.at_reach(group)
    return Explanation(
        group,
        system.sources.unit[source],
        place,
        float(answer.uptake[moves].sum()),
        most,
        float(weight @ system.moves.cost(year)[moves]),
        _worths(near.problem, answer, moves, weight),
        None if more is None or at_reach else max(more.cost, 0.0),
        None if less is None else max(less.cost, 0.0),
        -more.cost if at_reach and more is not None and more.cost < 0 else 0.0,
        _exhausted(system, near, moves, weight),
        _held_by(near, moves, weight),
        _others(system, group, more, -1.0) if not at_reach else (),
        _others(system, group, less, 1.0),
        _rivals(system, near, group, moves),
    )


def _place(near: Sensitivity, group: int, moves: Index) -> Place:
    variables = near.problem.variables
    if variables.fixed[moves].all():
        return "held"
    if not np.isin(moves, near.program.moves).any():
        return "empty"
    if not near.used(np.array([group]))[0]:
        return "out"
    return "full" if near.at_reach(group) else "partly"


def _weights(near: Sensitivity, moves: Index, more: Step | None) -> Array:
    """Share of each move in one unit: as used, or as it would be used first."""
    amount = np.maximum(near.uptake[moves], 0.0)
    if not amount.any() and more is not None:
        amount = np.maximum(more.change[moves], 0.0)
    if not amount.any():
        amount = np.ones(len(moves))
    return np.asarray(amount / amount.sum())


def _worths(
    problem: LeastCost, answer: LeastCostResult, moves: Index, weight: Array
) -> tuple[Worth, ...]:
    rows, share = problem.targets, np.zeros(len(problem.variables))
    share[moves] = weight
    effect = -rows.times(share)
    found = [
        Worth(k, t.unit, float(effect[k]), t.shadow_price, t.price_unit)
        for k, t in enumerate(answer.targets)
        if effect[k]
    ]
    ids = [t.id for t in answer.targets]
    return tuple(sorted(found, key=lambda w: (-abs(w.worth), ids[w.target])))


def _exhausted(system: System, near: Sensitivity, moves: Index, weight: Array) -> tuple[int, ...]:
    """From-states of the moves in use that the mix leaves empty although they held activity."""
    states = near.problem.states
    left = states.times(near.uptake) - states.lower
    out = np.zeros(len(states))
    leaving = states.value < 0
    np.add.at(out, states.row[leaving], np.abs(near.uptake[states.column[leaving]]))
    empty = (out > 0) & (left <= TOUCHING * out)
    # Every move has its one negative coefficient in the row of the state that it leaves.
    left_by = np.zeros(len(system.moves), dtype=np.int64)
    left_by[states.column[leaving]] = states.row[leaving]
    used = moves[weight > 0]
    origin = system.moves.origin[used[empty[left_by[used]]]]
    return tuple(dict.fromkeys(origin.tolist()))


def _held_by(near: Sensitivity, moves: Index, weight: Array) -> tuple[Name, ...]:
    """Own limits that the mix touches and that one unit more of the moves would break."""
    unit = np.zeros(len(near.problem.variables))
    unit[moves] = weight
    found: list[Name] = []
    for rows in near.problem.extra.values():
        used, more = rows.times(near.uptake), rows.times(unit)
        size = replace(rows, value=np.abs(rows.value)).times(np.abs(near.uptake))
        room = np.where(more > 0, rows.upper - used, np.where(more < 0, used - rows.lower, np.inf))
        found += [rows.names[r] for r in np.flatnonzero(room <= TOUCHING * np.maximum(size, 1.0))]
    return tuple(found)


def _others(
    system: System, group: int, step: Step | None, sign: float
) -> tuple[tuple[int, float], ...]:
    """Other groups whose uptake changes in one direction, largest change first."""
    if step is None:
        return ()
    change = sum_by(step.change, system.moves.group, len(system.groups))
    change[group] = 0.0
    return _largest(change, sign, max(float(np.abs(change).max(initial=0.0)), 1.0))


def _rivals(
    system: System, near: Sensitivity, group: int, moves: Index
) -> tuple[tuple[int, float], ...]:
    """Other groups in the mix with moves out of the same states."""
    shared = np.isin(system.moves.origin, system.moves.origin[moves])
    total = sum_by(np.where(shared, near.uptake, 0.0), system.moves.group, len(system.groups))
    total[group] = 0.0
    return _largest(total, 1.0, float(total.max(initial=0.0)))


def _largest(amount: Array, sign: float, size: float) -> tuple[tuple[int, float], ...]:
    """Return the groups with the largest amounts of one sign, with these."""
    chosen = np.flatnonzero(sign * amount > UNSEEN * size)
    ordered = chosen[np.argsort(-np.abs(amount[chosen]), kind="stable")][:SHOWN]
    return tuple((int(g), float(amount[g])) for g in ordered)
