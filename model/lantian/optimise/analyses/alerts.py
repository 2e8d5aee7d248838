"""The cheapest lists of daily stops and cuts for the levels of a pollution alert.

What an action does in a day is given; asked is which share of each is ordered at each level, so
that every pollutant falls by at least the level's share of the daily total. Levels stand inside
one another: what is ordered at a level is ordered at every higher one as well. One by one the
cheapest lists are not nested, so all levels are one linear program; the sum of their costs is
least. What cannot be reached is known before the solve, since actions do not hinder one another:
the demand is then the most there is, and the rest is told.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.alerts import usable_reach
from lantian.core.system import Array
from lantian.optimise.problem.program import Matrix, Program
from lantian.optimise.solve.highs import Session, balanced
from lantian.optimise.status import numerical_trouble
from lantian.tolerances import ACCEPTED, ROUNDING


@dataclass(frozen=True)
class AlertProblem:
    """Actions and demands of an alert.

    Attributes
    ----------
    daily
        What each action takes away in a day when it is ordered in full [t/d], dims (pollutant,
        action).
    cost
        Of a day in full [currency/d], dims (action,).
    reach
        Largest share of each action that may be ordered [1], dims (level, action), the lowest
        level first.
    total
        Daily total that the demands are shares of [t/d], dims (pollutant,).
    demand
        Share of the total by which a pollutant is to fall [1], dims (level, pollutant).
    before
        Pairs of actions: the first is ordered for no larger part of its reach than the second.
    """

    daily: Array
    cost: Array
    reach: Array
    total: Array
    demand: Array
    before: tuple[tuple[int, int], ...] = ()

    @property
    def usable(self) -> Array:
        """Reach that a higher level does not take back [1], dims (level, action)."""
        return usable_reach(self.reach)

    @property
    def most(self) -> Array:
        """What all actions take away together [t/d], dims (level, pollutant)."""
        return np.asarray(self.usable @ self.daily.T)

    @property
    def wanted(self) -> Array:
        """What is to be taken away [t/d], dims (level, pollutant)."""
        return np.asarray(self.demand * self.total)


@dataclass(frozen=True)
class AlertLists:
    """What is ordered at each level.

    Attributes
    ----------
    share
        Of each action [1], dims (level, action).
    cut
        What is taken away [t/d], dims (level, pollutant).
    short
        What is lacking to the demand [t/d], dims (level, pollutant).
    cost
        [currency/d], dims (level,).
    """

    share: Array
    cut: Array
    short: Array
    cost: Array

    @property
    def reached(self) -> bool:
        """Whether every demand is met."""
        return not bool(self.short.any())


def cheapest_lists(problem: AlertProblem) -> AlertLists:
    """Return the nested lists of least total cost.

    Parameters
    ----------
    problem
        Actions and demands.

    Returns
    -------
    AlertLists
        Where a demand is out of reach, as much of it as there is.

    Raises
    ------
    NoSolutionError
        If the solver gives up, or its answer does not hold.
    """
    share = _solved(problem)
    cut = share @ problem.daily.T
    short = problem.wanted - problem.most
    short[short <= ROUNDING * problem.wanted] = 0.0
    _check(problem, share, cut, short)
    return AlertLists(share, cut, short, share @ problem.cost)


def _solved(problem: AlertProblem) -> Array:
    """Return the share of each action, dims (level, action)."""
    levels, actions = problem.reach.shape
    if not actions:
        return np.zeros((levels, 0))
    answer = Session(_program(problem)).solve().x
    share = np.clip(answer.reshape(levels, actions), 0.0, problem.usable)
    return np.maximum.accumulate(np.where(share <= ROUNDING, 0.0, share))


def _program(problem: AlertProblem) -> Program:
    """Return the linear program, costs and rows scaled to about 1; it has no target to exceed."""
    rows, limits = _rows(problem)
    row, column = np.nonzero(rows)
    none, every = np.zeros(0, dtype=np.int64), np.arange(rows.shape[1])
    return Program(
        cost=np.tile(balanced(problem.cost), len(problem.reach)),
        lower=np.zeros(rows.shape[1]),
        upper=problem.usable.ravel(),
        matrix=Matrix(row, column, rows[row, column], (len(rows), rows.shape[1])),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=limits,
        moves=every,
        rows=np.arange(len(rows)),
        column_scale=np.ones(rows.shape[1]),
        row_scale=np.ones(len(rows)),
        cost_scale=1.0,
        share=-1,
        excess=none,
        target=none,
        excess_unit=np.zeros(0),
        hard=np.zeros(0, dtype=bool),
        firm=np.zeros(0, dtype=bool),
    )


def _rows(problem: AlertProblem) -> tuple[Array, Array]:
    """Return ``rows . share <= limits``: demands, nesting, and the order of grades."""
    levels, actions = problem.reach.shape
    scale = np.where(problem.total > 0, problem.total, 1.0)
    demand = np.minimum(problem.wanted, problem.most) / scale
    blocks = [np.kron(np.eye(levels), -problem.daily / scale[:, None])]
    limits = [-demand.ravel()]
    lower, upper = np.eye(levels)[:-1], np.eye(levels)[1:]
    blocks.append(np.kron(lower - upper, np.eye(actions)))
    limits.append(np.zeros((levels - 1) * actions))
    for level in range(levels):
        for first, second in problem.before:
            row = np.zeros((levels, actions))
            row[level, first] = problem.usable[level, second]
            row[level, second] = -problem.usable[level, first]
            blocks.append(row.reshape(1, -1))
            limits.append(np.zeros(1))
    return np.concatenate(blocks), np.concatenate(limits)


def _check(problem: AlertProblem, share: Array, cut: Array, short: Array) -> None:
    """Hold the answer against the demands; the bounds and the nesting hold by construction."""
    lacking = (problem.wanted - short - cut) / np.where(problem.total > 0, problem.total, 1.0)
    worst = float(max(lacking.max(initial=0.0), (share - problem.usable).max(initial=0.0)))
    if worst > ACCEPTED:
        raise numerical_trouble("Optimal", worst)
