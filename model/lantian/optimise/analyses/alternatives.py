"""How different a mix could be for the same cost, or for a little more.

For each measure on each source the least and most uptake over all mixes that meet the limits at a
cost of at most ``(1 + allowance) x`` the least. Narrow ranges are decisions the cost settles; wide
ones are the planner's to make.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array
from lantian.names import of_ids
from lantian.optimise.analyses.sensitivity import relaxed, scaled_point
from lantian.optimise.problem.coefficients import LeastCost, make_rows
from lantian.optimise.problem.program import pack
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.solve.highs import Options, Session
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Family

ALLOWANCES = (0.0, 0.01, 0.05)
"""Excess over the least cost [1] for which ranges are shown."""
FAMILY: Family = "allowance"
"""Of the row that limits the cost."""


@dataclass(frozen=True)
class UptakeRanges:
    """Least and most uptake of every group [activity unit], dims (allowance, group).

    ``solves`` tells how many programs it took.
    """

    allowance: tuple[float, ...]
    uptake: Array
    least: Array
    most: Array
    solves: int


def uptake_ranges(
    problem: LeastCost,
    answer: LeastCostResult,
    allowances: Sequence[float] = ALLOWANCES,
    options: Options | None = None,
) -> UptakeRanges:
    """Return the range of each group's uptake over all (nearly) optimal mixes.

    Every mix found on the way is kept in mind: a group already seen at the end of its own bounds
    is not asked again, which saves most of the solves.

    Parameters
    ----------
    problem, answer
        The blocks that were solved, and their optimum.
    allowances
        Excess over the least cost, relative to its size, in rising order [1].
    options
        Solver settings.

    Returns
    -------
    UptakeRanges
        [activity unit], dims (allowance, group).
    """
    search = _Search(relaxed(problem, answer), answer, options or Options())
    least, most = [], []
    for allowance in allowances:
        low, high = search.ranges(allowance)
        least.append(low)
        most.append(high)
    return UptakeRanges(
        tuple(allowances), search.uptake, np.array(least), np.array(most), search.session.solves
    )


class _Search:
    def __init__(self, problem: LeastCost, answer: LeastCostResult, options: Options) -> None:
        used = np.flatnonzero(problem.variables.cost)
        self.size = float(np.abs(problem.variables.cost) @ np.abs(answer.uptake))
        row = make_rows(
            of_ids([FAMILY]), np.zeros(len(used), dtype=np.int64), used,
            problem.variables.cost[used], -np.inf, answer.cost,
        )  # fmt: skip
        self.cost = float(problem.variables.cost @ answer.uptake)
        self.problem = replace(problem, extra={**problem.extra, FAMILY: row})
        self.program = pack(self.problem)
        self.session = Session(self.program, options)
        reach = self.problem.reach
        self.count = len(reach)
        self.group = np.zeros(len(problem.variables), dtype=np.int64)
        self.group[reach.column] = reach.row
        self.uptake = self._totals(scaled_point(self.problem, self.program, answer.uptake))
        self.least, self.most = self.uptake.copy(), self.uptake.copy()
        self._row = self._allowance_row()

    def ranges(self, allowance: float) -> tuple[Array, Array]:
        """Widen the ranges known so far to those of a larger allowance."""
        upper = self.program.row_upper.copy()
        if self._row is not None:
            excess = allowance * abs(self.cost) + ROUNDING * self.size
            upper[self._row] = (self.cost + excess) / self.program.row_scale[self._row]
        self.session.set_rows(self.program.row_lower, upper)
        floor, ceiling = self._bounds()
        room = ROUNDING * np.maximum(ceiling - floor, np.finfo(float).tiny)
        # A larger allowance only widens: what is known of the smaller one is the start.
        for g in np.unique(self.group[self.program.moves]).tolist():
            if self.least[g] > floor[g] + room[g]:
                self._ask(g, 1.0)
            if self.most[g] < ceiling[g] - room[g]:
                self._ask(g, -1.0)
        return self.least.copy(), self.most.copy()

    def _ask(self, group: int, sign: float) -> None:
        n = len(self.program.moves)
        own = self.group[self.program.moves] == group
        cost = np.zeros_like(self.program.cost)
        cost[:n] = np.where(own, sign * self.program.column_scale[:n], 0.0)
        self.session.set_cost(cost / np.abs(cost).max())
        found = self._totals(self.session.solve().x)
        np.minimum(self.least, found, out=self.least)
        np.maximum(self.most, found, out=self.most)

    def _totals(self, x: Array) -> Array:
        """Uptake of each group [activity unit]; columns that are left out stand at zero."""
        n = len(self.program.moves)
        uptake = x[:n] * self.program.column_scale[:n]
        return self._by_group(uptake)

    def _by_group(self, values: Array) -> Array:
        group = self.group[self.program.moves]
        return np.asarray(np.bincount(group, values, minlength=self.count), float)

    def _bounds(self) -> tuple[Array, Array]:
        """Least and most that a group's own limits allow."""
        variables, moves = self.problem.variables, self.program.moves
        most = np.minimum(variables.upper, variables.capacity)
        floor, ceiling = self._by_group(variables.lower[moves]), self._by_group(most[moves])
        return floor, np.minimum(ceiling, self.problem.reach.upper)

    def _allowance_row(self) -> int | None:
        """Return the program's row of the allowance; None if no move costs anything."""
        families = self.problem.families
        full = 0
        for name, rows in families.items():
            if name == FAMILY:
                break
            full += len(rows)
        found = int(np.searchsorted(self.program.rows, full))
        kept = found < len(self.program.rows) and self.program.rows[found] == full
        return found if kept else None
