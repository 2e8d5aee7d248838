"""One question about many problems of one pattern, such as the samples of an ensemble.

All of them share rows, columns and scales and differ in numbers only. Each is solved from nothing:
measured on the plans, neither the basis of the central problem nor that of the sample before saves
a step where all numbers differ. So no answer depends on the one before: the same ones come out in
any order and in any number of threads. Only the cheapest mix and what it meets are told; reasons
and prices are those of :mod:`lantian.optimise.procedure.least_cost`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Frame, Program, fits, frame_of, pack
from lantian.optimise.solve.highs import Options, Session, Vertex, unscaled_uptake
from lantian.optimise.status import NoSolutionError
from lantian.tolerances import TOUCHING

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Cheapest:
    """The cheapest mix for what can be reached, tier by tier.

    Attributes
    ----------
    uptake
        [activity unit], dims (move,).
    cost
        [currency/a].
    reached
        Targets that are asked for and met, dims (target,).
    """

    uptake: Array
    cost: float
    reached: Truth


@dataclass(frozen=True)
class Pattern:
    """What problems share.

    Attributes
    ----------
    frame
        Rows, columns and scales.
    first
        Program of the first problem.
    tier
        Of each target, dims (target,).
    asked
        Targets that are asked for, dims (target,).
    options
        Of the solver.
    """

    frame: Frame
    first: Program
    tier: NDArray[np.int64]
    asked: Truth
    options: Options


def pattern_of(
    problems: Sequence[LeastCost],
    tier: NDArray[np.int64],
    asked: Truth,
    options: Options | None = None,
) -> Pattern:
    """Return the pattern of problems that lie between some given ones.

    Parameters
    ----------
    problems
        The one to start from, and others that have all rows and columns that may be needed.
    tier
        Of each target: lower ones come first.
    asked
        Targets that are asked for; the limits of all others are left alone.
    options
        Solver settings.

    Returns
    -------
    Pattern
        With the scales of the first problem.
    """
    chosen, frame = options or Options(), frame_of(problems)
    return Pattern(frame, pack(problems[0], frame), tier, asked, chosen)


class Solver:
    """Answers one problem after another; for one thread."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self._session = Session(pattern.first, pattern.options)

    def answer(self, problem: LeastCost) -> Cheapest:
        """Return the cheapest mix of a problem.

        Parameters
        ----------
        problem
            Of the structure of the pattern.

        Returns
        -------
        Cheapest
            Every vertex is checked as those of a single answer are.

        Raises
        ------
        NoSolutionError
            If no mix keeps to the limits even without targets.
        """
        program, session = self._open(problem)
        wanted = self.pattern.asked
        vertex = _attempt(session)
        if vertex is None:
            wanted = _reached(session, program, self.pattern)
            session.forget()  # the cheapest mix is nearer to no mix than to the most
            vertex = _cheapest(session, program, wanted)
        uptake = unscaled_uptake(problem, program, vertex.x)
        known = ~problem.variables.fixed
        cost = float(problem.variables.cost[known] @ uptake[known])
        return Cheapest(uptake, cost, wanted)

    def _open(self, problem: LeastCost) -> tuple[Program, Session]:
        """Return a program in the solver, which nothing is left in of the one before."""
        if not fits(problem, self.pattern.frame):
            program = pack(problem)
            return program, Session(program, self.pattern.options)
        program = pack(problem, self.pattern.frame)
        self._session.take(program)
        return program, self._session


def _attempt(session: Session) -> Vertex | None:
    """Return the cheapest mix that meets all targets; None if the solver sees none at once."""
    try:
        return session.solve_once()
    except NoSolutionError:
        return None


def _cheapest(session: Session, program: Program, wanted: Truth) -> Vertex:
    """Return the cheapest mix that meets targets which are within reach."""
    _ask(session, program, wanted)
    session.set_cost(program.cost)
    try:
        return session.solve()
    except NoSolutionError:
        # At the very edge of the feasible set rounding can leave nothing.
        _ask(session, program, wanted, TOUCHING)
        return session.solve()


def _ask(session: Session, program: Program, wanted: Truth, excess: float = 0.0) -> None:
    """Ask for some targets, whose excess is at most as much [1, in parts of its unit]."""
    upper = program.upper.copy()
    upper[program.excess[program.hard]] = excess
    session.set_columns(program.lower, upper)
    rows = program.row_upper.copy()
    rows[program.target[~wanted]] = np.inf
    session.set_rows(program.row_lower, rows)


def _reached(session: Session, program: Program, pattern: Pattern) -> Truth:
    """Return the targets that are within reach, those of earlier tiers first."""
    reached = np.zeros(len(pattern.asked), np.bool_)
    for tier in np.unique(pattern.tier[pattern.asked]).tolist():
        wanted = reached | (pattern.asked & (pattern.tier == tier))
        missed = _missed(session, program, wanted, reached)
        reached = wanted & ~missed
        # Of those that are missed together none is left out that the others leave room for.
        for target in np.flatnonzero(missed).tolist() if missed.sum() > 1 else []:
            trial = reached.copy()
            trial[target] = True
            if not _missed(session, program, trial, reached)[target]:
                reached = trial
    return reached


def _missed(session: Session, program: Program, wanted: Truth, firm: Truth) -> Truth:
    """Return the targets that exceed their limits where the sum of excesses is smallest.

    Of the ways to share out the smallest sum the cheapest one is taken.
    """
    _ask(session, program, wanted)
    upper, cost = session.upper.copy(), np.zeros_like(program.cost)
    upper[program.excess[~firm]] = np.inf
    upper[program.excess[firm & program.hard]] = TOUCHING
    cost[program.excess] = np.where(program.hard, 1.0, 0.0)
    session.set_columns(program.lower, upper)
    session.set_cost(cost)
    session.restrict_to_optima(session.solve())
    session.set_cost(program.cost)
    excess = session.solve(primal=True).x[program.excess]
    return np.asarray(wanted & program.hard & (excess > 2.0 * TOUCHING))
