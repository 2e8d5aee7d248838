"""What can be reached: each target alone, then all together; what stands in the way."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.names import Name
from lantian.optimise.problem.program import needed_reduction
from lantian.optimise.procedure.answer import MOST_SHARE, BindingLimit
from lantian.optimise.solve.highs import Vertex, split_prices, unpack
from lantian.optimise.solve.live import Live
from lantian.optimise.status import (
    InfeasibleError,
    NoSolutionError,
    contradictory,
    ruled_out,
)
from lantian.tolerances import MINOR, TOUCHING
from lantian.vocabulary import Family

SHOWN = 10
"""Limits listed per target."""


def reach_alone(live: Live) -> tuple[Array, dict[int, Vertex], dict[int, Any]]:
    """Return the lowest value of each target alone [target unit], the vertices there, their bases.

    Targets that no move changes have no vertex.

    Raises
    ------
    NoSolutionError
        InfeasibleError, with what is in the way, if there is no mix even without targets.
    """
    problem, program, session = live.problem, live.program, live.session
    lowest = problem.base.copy()
    vertices, bases = {}, {}
    live.reset(targets=False)
    held = problem.targets.times(problem.variables.lower)
    for t in range(len(problem.targets)):
        cost = live.effect_as_cost(t)
        if not cost.any():
            lowest[t] += held[t]
            continue
        session.set_cost(cost)
        vertex = _first_solve(live)
        bases[t] = session.basis()
        uptake = unpack(problem, program, vertex).uptake
        lowest[t] += problem.targets.times(uptake)[t]
        vertices[t] = vertex
    return lowest, vertices, bases


def reach_together(
    live: Live, best: Array, bases: Mapping[int, Any]
) -> tuple[float, Vertex | None]:
    """Return the largest share of all needed reductions at once, and the vertex where it ends.

    The share is infinite if nothing is needed, NaN if the targets cannot be asked for together.

    Parameters
    ----------
    live
        A live problem; its joint share is left free, and the objective.
    best
        Lowest value of each target alone [target unit], dims (target,).
    bases
        Where each of them is: the solver starts where the target that allows the smallest share
        alone is lowest, which is near the answer.

    Returns
    -------
    tuple
        Share [1], at most :data:`~lantian.optimise.procedure.answer.MOST_SHARE` where anything is
        needed, and the vertex; None where the share is NaN.

    Raises
    ------
    NoSolutionError
        If the solve ends without an answer for another reason than being infeasible.
    """
    program, session = live.program, live.session
    need = needed_reduction(live.problem)
    needed = (need > 0) & program.hard
    live.reset(targets=True)
    # No target can be had to a larger share together than alone: a bound that keeps the program
    # finite and starts the solver near the answer.
    alone = (live.problem.base - best)[needed] / need[needed]
    most = max(float(np.min(alone, initial=MOST_SHARE)), 0.0)
    tightest = int(np.flatnonzero(needed)[alone.argmin()]) if needed.any() else None
    if tightest in bases:
        session.start_from(bases[tightest])
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[program.share] = 0.0
    upper[program.share] = most if needed.any() else 1.0
    session.set_columns(lower, upper)
    cost = np.zeros_like(program.cost)
    cost[program.share] = -1.0
    session.set_cost(cost)
    try:
        vertex = _first_solve(live, targets=True)
    except InfeasibleError:
        return np.nan, None
    return (float(vertex.x[program.share]) if needed.any() else np.inf), vertex


def binding_limits(live: Live, vertex: Vertex, t: int | None) -> tuple[BindingLimit, ...]:
    """Return the limits with a price where a target ends, or the joint share, worthiest first.

    Parameters
    ----------
    live
        The problem and its program.
    vertex
        Where the target is lowest, or the joint share largest.
    t
        Position of the target; None: the joint share.

    Returns
    -------
    tuple
        At most :data:`SHOWN` limits, none of them on a target.
    """
    problem, program = live.problem, live.program
    scale = 1.0 if t is None else program.row_scale[program.target[t]]
    prices = split_prices(problem, program, vertex.price * scale / program.cost_scale)
    found = []
    for family, rows in problem.families.items():
        if family == "targets":
            continue
        size = np.abs(np.where(np.isfinite(rows.upper), rows.upper, rows.lower))
        gain = np.abs(prices[family])
        # What is relative to other uptake has no size of its own.
        worth = gain * np.where(size > 0, size, 1.0)
        floor = MINOR * worth.max(initial=0.0)
        found += [
            BindingLimit(family, rows.names[r], float(gain[r]), float(worth[r]))
            for r in np.flatnonzero(worth > floor).tolist()
        ]
    return tuple(sorted(found, key=lambda limit: (-limit.worth, limit.name.text())))[:SHOWN]


def _first_solve(live: Live, targets: bool = False) -> Vertex:
    try:
        return live.session.solve(primal=True)
    except InfeasibleError as error:
        rows = [] if targets else _contradictions(live)
        if rows:
            raise contradictory(rows) from None
        families = {} if targets else _in_the_way(live)
        if not families:
            raise error from None
        raise ruled_out(families) from None


def _in_the_way(live: Live) -> dict[Family, Sequence[Name]]:
    """Names of the planner's limits, by family, without which there would be a mix."""
    session, program = live.session, live.program
    lower, upper = session.row_lower, session.row_upper
    found: dict[Family, Sequence[Name]] = {}
    first = 0
    for family, rows in live.problem.families.items():
        # Families that do not help when they are taken off one at a time are not named.
        last = first + len(rows)
        own = (program.rows >= first) & (program.rows < last)
        first = last
        if family not in live.problem.extra:
            continue
        session.set_rows(np.where(own, -np.inf, lower), np.where(own, np.inf, upper))
        try:
            session.solve()
        except NoSolutionError:
            continue
        found[family] = rows.names[:SHOWN]
    session.set_rows(lower, upper)
    return found


def _contradictions(live: Live) -> list[Name]:
    """Names of the limits that the fixed and least uptakes break by themselves."""
    variables = live.problem.variables
    crossed = np.flatnonzero(variables.lower > variables.upper)[:SHOWN].tolist()
    found = [variables.names[m] for m in crossed]
    for rows in (live.problem.states, live.problem.reach):  # the rest may need more uptake
        held = rows.times(variables.lower)
        size = np.maximum(np.abs(held), np.finfo(float).tiny)
        broken = np.maximum(rows.lower - held, held - rows.upper) > TOUCHING * size
        found += [rows.names[r] for r in np.flatnonzero(broken)[:SHOWN].tolist()]
    return found
