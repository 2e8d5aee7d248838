"""What can be reached: each target alone, then all together; what stands in the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.names import Name
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program, needed_reduction, pack
from lantian.optimise.procedure.answer import MOST_SHARE, BindingLimit
from lantian.optimise.solve.highs import Session, Vertex, split_prices, unpack
from lantian.optimise.solve.live import Live
from lantian.optimise.status import (
    InfeasibleError,
    NoSolutionError,
    contradictory,
    ruled_out,
)
from lantian.tolerances import MINOR, TOUCHING
from lantian.vocabulary import TECHNOLOGY, Family

SHOWN = 10
"""Limits listed per target."""


@dataclass(frozen=True)
class Alone:
    """How far each target can go if no other is asked for.

    Attributes
    ----------
    live
        The problem without limits on targets, with its program, as it was solved.
    lowest
        Lowest value of each target [target unit], dims (target,).
    vertices, bases
        Where that is, by target; targets that no move changes have none.
    """

    live: Live
    lowest: Array
    vertices: Mapping[int, Vertex]
    bases: Mapping[int, Any]


@dataclass(frozen=True, eq=False)
class Bare:
    """A problem without limits on its targets: the same, whatever is asked of them.

    Attributes
    ----------
    problem
        Its blocks.
    open_program
        Makes a session of a problem and its program.
    way
        What else tells such sessions apart: interface and options.
    """

    problem: LeastCost
    open_program: Callable[[LeastCost, Program], Session]
    way: Any

    @cached_property
    def program(self) -> Program:
        """The problem, scaled."""
        return pack(self.problem)

    @cached_property
    def content(self) -> bytes:
        """Digest of all that an answer depends on."""
        program, problem = self.program, self.problem
        digest = sha256(repr((self.way, program.matrix.shape)).encode())
        for values in (
            *(program.matrix.row, program.matrix.column, program.matrix.value),
            *(program.lower, program.upper, program.row_lower, program.row_upper),
            *(program.moves, program.rows, program.column_scale, program.row_scale),
            *(problem.variables.lower, problem.variables.upper, problem.base),
        ):
            digest.update(values.tobytes())
        return digest.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bare) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)


def without_limits(problem: LeastCost) -> LeastCost:
    """Return a problem that asks nothing of its targets."""
    n = len(problem.targets)
    free = replace(problem.targets, upper=np.full(n, np.inf))
    return replace(problem, targets=free, price=np.full(n, np.inf), firm=np.zeros(n, np.bool_))


@lru_cache(maxsize=4)
def reach_alone(bare: Bare) -> Alone:
    """Return how far each target can go alone: solved once for all that is asked of a year.

    Parameters
    ----------
    bare
        The problem without limits on its targets.

    Raises
    ------
    NoSolutionError
        InfeasibleError, with what is in the way, if there is no mix even without targets.
    """
    problem, program = bare.problem, bare.program
    session = bare.open_program(problem, program)
    live = Live(problem, program, session)
    lowest = problem.base.copy()
    vertices, bases = {}, {}
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
    return Alone(live, lowest, vertices, bases)


def reach_together(live: Live, alone: Alone) -> tuple[float, Vertex | None]:
    """Return the largest share of all needed reductions at once, and the vertex where it ends.

    The share is infinite if nothing is needed, NaN if the targets cannot be asked for together.

    Parameters
    ----------
    live
        A live problem; its joint share is left free, and the objective.
    alone
        How far each target can go: the solver starts where the one that allows the smallest share
        is lowest, which is near the answer.

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
    live.reset()
    # No target can be had to a larger share together than alone: a bound that keeps the program
    # finite and starts the solver near the answer.
    shares = (live.problem.base - alone.lowest)[needed] / need[needed]
    most = max(float(np.min(shares, initial=MOST_SHARE)), 0.0)
    tightest = int(np.flatnonzero(needed)[shares.argmin()]) if needed.any() else None
    if tightest is not None and tightest in alone.bases:
        session.start_from(alone.bases[tightest])
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
        # What is relative to other uptake has no size of its own; a limit of the planner's at 0 is
        # as large as what it forbids.
        if family not in TECHNOLOGY:
            forbids = replace(rows, value=np.abs(rows.value)).times(problem.variables.capacity)
            size = np.where(size > 0, size, forbids)
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
