"""What is wrong with a least-cost problem before any solver sees it, each with its own message."""

from collections.abc import Sequence

import numpy as np

from lantian.core.system import NOWHERE, Array, Index, System
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.status import at_odds, budget_too_small, money_pump
from lantian.tolerances import ROUNDING

SHOWN = 10
"""Names listed in one message."""


def require_consistent(system: System, problem: LeastCost) -> None:
    """Refuse limits that contradict each other by themselves, and loops that earn money.

    Parameters
    ----------
    system
        Moves, with their conversions and unit costs.
    problem
        Blocks of one year.

    Raises
    ------
    NoSolutionError
        InfeasibleError or UnboundedError, naming the measures.
    """
    variables = problem.variables
    crossed = np.flatnonzero(variables.lower > variables.upper)
    if crossed.size:
        raise at_odds([variables.names[m] for m in crossed[:SHOWN]])
    for name, rows in problem.extra.items():
        crossed = np.flatnonzero(rows.lower > rows.upper)
        if crossed.size:
            raise at_odds([rows.names[r] for r in crossed[:SHOWN]], name)
    cost = np.where(variables.fixed, np.nan, variables.cost)
    loop = earning_loop(system, cost)
    if loop.size:
        names = [system.measures[g] for g in system.groups.measure[system.moves.group[loop]]]
        earner = names[int(cost[loop].argmin())]
        raise money_pump(list(dict.fromkeys(names)), earner)


def earning_loop(system: System, cost: Array) -> Index:
    """Return the moves of a loop whose costs sum to less than nothing; empty if there is none.

    Going round such a loop would earn money for ever without changing anything. Only moves of
    known cost and some reach count.

    Parameters
    ----------
    system
        Moves, with their conversions and reach.
    cost
        Per unit moved, NaN where unknown, dims (move,).
    """
    moves, groups = system.moves, system.groups
    usable = np.flatnonzero(
        ~np.isnan(cost) & (groups.reach[moves.group] > 0) & (moves.target != NOWHERE)
    )
    # Cheapest way on from each state, improved step by step; what still improves after as many
    # steps as there are states goes round in circles.
    value = np.zeros(len(system.states))
    best = np.full(len(system.states), NOWHERE)
    size = np.abs(cost[usable]).max(initial=0.0)
    for _ in range(len(system.states) + 1):
        gain = cost[usable] + moves.conversion[usable] * value[moves.target[usable]]
        better = gain < value[moves.origin[usable]] - ROUNDING * size
        if not better.any():
            break
        np.minimum.at(value, moves.origin[usable[better]], gain[better])
        chosen = better & (gain == value[moves.origin[usable]])
        best[moves.origin[usable[chosen]]] = usable[chosen]
        loop = _circle(moves.target, best)
        if loop.size:
            return loop
    return np.zeros(0, dtype=np.int64)


def _circle(target: Index, best: Index) -> Index:
    """Return the moves of a circle in the chosen ways on, if there is one."""
    end = len(best)
    onward = np.append(np.where(best == NOWHERE, end, target[best]), end)
    jump = onward
    for _ in range(int(end).bit_length()):
        jump = jump[jump]
    stuck = np.flatnonzero(jump[:end] != end)
    if not stuck.size:
        return np.zeros(0, dtype=np.int64)
    state, found = int(jump[stuck[0]]), []
    while best[state] not in found:
        found.append(int(best[state]))
        state = int(onward[state])
    return np.array(found, dtype=np.int64)


def require_budget(problem: LeastCost, currency: str) -> None:
    """Refuse a budget that cannot pay for what must be done anyway.

    Parameters
    ----------
    problem
        Blocks of one year; nothing is checked without a budget.
    currency
        For the message.

    Raises
    ------
    NoSolutionError
        InfeasibleError with both amounts.
    """
    rows = problem.extra.get("budget")
    if rows is None:
        return
    budget, mandatory = float(rows.upper[0]), mandatory_cost(problem)
    if mandatory > budget + ROUNDING * abs(budget):
        raise budget_too_small(budget, mandatory, f"{currency}/a")


def require_total_budget(blocks: Sequence[LeastCost], budget: float, currency: str) -> None:
    """Refuse a budget of all years that cannot pay for what must be done in them anyway.

    Parameters
    ----------
    blocks
        The problem of each year.
    budget
        Of all years together [currency].
    currency
        Name of the money.

    Raises
    ------
    NoSolutionError
        InfeasibleError with both amounts.
    """
    mandatory = sum(mandatory_cost(block) for block in blocks)
    if mandatory > budget + ROUNDING * abs(budget):
        raise budget_too_small(budget, mandatory, currency, "total-budget")


def mandatory_cost(problem: LeastCost) -> float:
    """Return what the held and least uptakes cost at least [currency/a].

    All that could be saved elsewhere is taken off: nothing is refused that might be paid for.
    """
    variables, bounds = problem.variables, problem.extra.get("bounds")
    # A lower bound of the cost: savings as if there were no other limit, and each group that must
    # be used at its cheapest move.
    room = np.maximum(np.minimum(variables.upper, variables.capacity) - variables.lower, 0.0)
    cost = float(variables.cost @ variables.lower + np.minimum(variables.cost, 0.0) @ room)
    taken = np.zeros(len(variables), dtype=bool)
    for r in np.flatnonzero(bounds.lower > 0) if bounds is not None else ():
        own = bounds.column[bounds.row == r]  # type: ignore[union-attr]
        lacking = bounds.lower[r] - variables.lower[own].sum()  # type: ignore[union-attr]
        if lacking > 0 and not taken[own].any():
            cost += lacking * max(float(variables.cost[own].min()), 0.0)
        taken[own] = True
    return cost
