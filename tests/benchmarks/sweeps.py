"""Fifty levels of a target, and the whole curve with its bound."""

from dataclasses import replace

import numpy as np

from lantian.core.system import Array
from lantian.optimise.coefficients import LeastCost
from lantian.optimise.frontier import Frontier, cost_frontier
from lantian.optimise.highs import Options, Session
from lantian.optimise.program import Program

OPTIONS = Options()
LEVELS = 50
SOLVES = 8
"""Solves after which the curve may stop at its bound of 1 %."""
UNTIL = 0.9
"""Share of the possible reduction [1] over which grid and curve go."""


def opened(problem: LeastCost) -> LeastCost:
    """Return the problem without a limit on its first target."""
    upper = problem.targets.upper.copy()
    upper[0] = np.inf
    return replace(problem, targets=replace(problem.targets, upper=upper))


def cold(program: Program) -> float:
    """One solve from nothing."""
    return Session(program, OPTIONS).solve().objective


def grid(program: Program, limits: Array) -> list[float]:
    """Solve at every limit of the first target, tighter and tighter, from the last basis.

    The program is that of the opened problem.
    """
    session = Session(program, OPTIONS)
    upper, found = program.row_upper.copy(), []
    for limit in limits:
        upper = upper.copy()
        upper[program.target[0]] = limit / program.row_scale[program.target[0]]
        session.set_rows(program.row_lower, upper)
        found.append(session.solve().objective * program.cost_scale)
    return found


def curve(problem: LeastCost) -> Frontier:
    """Return the curve of the first target, other targets held, within 1 %."""
    return cost_frontier(problem, 0, OPTIONS, solves=SOLVES, until=UNTIL)


def limits_of(found: Frontier) -> Array:
    """Return the grid between the ends of a curve, relative to the value without any move."""
    first, last = found.kinks[0].value, found.kinks[-1].value
    return np.linspace(first, last, LEVELS) - found.base
