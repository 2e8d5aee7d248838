"""Targets out of reach: by how much, what binds, and the cheapest relaxation."""

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program
from lantian.optimise.procedure.answer import BindingLimit, Diagnosis
from lantian.optimise.procedure.reachability import Alone, binding_limits
from lantian.optimise.solve.highs import Vertex
from lantian.optimise.solve.live import Live
from lantian.optimise.status import InfeasibleError
from lantian.tolerances import ROUNDING, TOUCHING
from lantian.vocabulary import BUDGETS


def relax_targets(live: Live, alone: Alone, joint: Vertex | None, margin: float) -> Diagnosis:
    """Return the cheapest relaxation of the limits; the session keeps it for what follows.

    Parameters
    ----------
    live
        The problem.
    alone, joint
        What :mod:`lantian.optimise.procedure.reachability` found.
    margin
        Share of the possible reduction that is not asked for [1]; none where a budget binds.

    Returns
    -------
    Diagnosis
        Gap, excess and the limits that bind.
    """
    program = live.program
    over = alone.lowest - live.limits() > ROUNDING * program.excess_unit
    missed = [t for t in alone.vertices if program.hard[t] and over[t]]
    binding: dict[int | None, tuple[BindingLimit, ...]] = {
        t: binding_limits(alone.live, alone.vertices[t], t) for t in missed
    }
    if not missed and joint is not None:
        binding[None] = binding_limits(live, joint, None)
    if any(limit.family in BUDGETS for limits in binding.values() for limit in limits):
        margin = 0.0  # what is bought last is bounded by the budget already
    gap = _smallest_excess(live)
    excess = with_margin(live.problem, program, gap, margin)
    live.hold_excess(excess)
    try:
        live.session.solve()
    except InfeasibleError:
        # At the very edge of the feasible set rounding can leave nothing.
        live.hold_excess(excess + TOUCHING)
    unit = program.excess_unit
    wanting = np.flatnonzero(program.hard & over).tolist()
    left_out = {t: _unpriced(live.problem, t) for t in wanting}
    return Diagnosis(tuple(missed), gap * unit, excess * unit, margin, binding, left_out)


def _unpriced(problem: LeastCost, target: int) -> tuple[int, ...]:
    """Return the moves without a price that would lower a target if they were offered."""
    variables, rows = problem.variables, problem.targets
    own = (rows.row == target) & (rows.value < 0)
    helps = np.isin(np.arange(len(variables)), rows.column[own])
    room = variables.upper < variables.capacity
    return tuple(np.flatnonzero(helps & variables.fixed & room).tolist())


def with_margin(problem: LeastCost, program: Program, gap: Array, margin: float) -> Array:
    """Return the excess that leaves the last part of what is possible unasked for.

    Parameters
    ----------
    problem, program
        Blocks, and the program in whose units of excess all is.
    gap
        Smallest excess of each target, dims (target,).
    margin
        Share of the possible reduction that is not asked for [1].

    Returns
    -------
    Array
        dims (target,); 0 where nothing is missed.
    """
    possible = -problem.targets.upper / program.excess_unit - gap
    return np.asarray(gap + np.where(gap > 0, margin * np.maximum(possible, 0.0), 0.0))


def _smallest_excess(live: Live) -> Array:
    """Excess of each hard target in the program's units: the smallest sum, of these the cheapest.

    Dims (target,).
    """
    program, session = live.program, live.session
    live.reset()
    upper, cost = program.upper.copy(), np.zeros_like(program.cost)
    upper[program.excess[~program.firm]] = np.inf
    cost[program.excess] = np.where(program.hard, 1.0, 0.0)
    session.set_columns(program.lower, upper)
    session.set_cost(cost)
    session.restrict_to_optima(session.solve())
    # The smallest sum can be shared out in many ways: of these the cheapest mix decides.
    session.set_cost(program.cost)
    excess = session.solve(primal=True).x[program.excess]
    return np.where(program.hard & (excess > TOUCHING), excess, 0.0)
