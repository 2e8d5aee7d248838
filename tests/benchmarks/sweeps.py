"""Fifty levels of a target, and the whole curve with its bound."""

import numpy as np

from lantian.core.system import Array
from lantian.optimise.analyses.frontier import Frontier, cost_frontier
from lantian.optimise.analyses.sweep import costs_at
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program
from lantian.optimise.solve.highs import Options, Session

OPTIONS = Options()
LEVELS = 50
UNTIL = 0.9
"""Share of what the first target asks for [1] at which grid and curve end."""


def cold(program: Program) -> float:
    """One solve from nothing."""
    return Session(program, OPTIONS).solve().objective


def limits_of(problem: LeastCost) -> Array:
    """Return levels between the cheapest mix and near the most that is possible."""
    found = cost_frontier(problem, 0, OPTIONS, solves=0, bound=np.inf)
    first, last = found.kinks[0].value, found.kinks[-1].value
    return np.linspace(first, first + UNTIL * (last - first), LEVELS)


def grid(problem: LeastCost, limits: Array) -> list[float]:
    """Return the cost at every limit of the first target."""
    return [level.cost for level in costs_at(problem, 0, limits, OPTIONS)]


def curve(problem: LeastCost, limits: Array) -> Frontier:
    """Return the curve of the first target over the same stretch, within 1 %."""
    return cost_frontier(problem, 0, OPTIONS, solves=0, end=float(limits[-1]))
