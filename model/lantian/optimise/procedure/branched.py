"""Least cost with targets of several rows and choices: a mixed-integer program, then a linear one.

The linear targets come first: what they reach is kept. Of the further rows as much is asked as is
possible beside them: HiGHS finds the smallest sum of their excesses, then the cheapest choices for
it. With the choices held the rows are linear, and the linear procedure runs again, so that the mix
is checked, priced and explained like any other.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import BranchRows, LeastCost, Rows
from lantian.optimise.problem.program import Matrix, Program, pack, power_of_two
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import answer_problem
from lantian.optimise.solve.highs import OPTIMAL, Options, failure, load
from lantian.tolerances import TOUCHING
from lantian.vocabulary import Interface


def least_cost_branched(
    problem: LeastCost,
    branches: BranchRows,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Return the cheapest mix that keeps rows with choices, as far as they can be kept.

    Parameters
    ----------
    problem, branches
        Blocks of one year, and the further rows on the same moves.
    options, currency, margin, interface
        As for :func:`lantian.optimise.procedure.least_cost.least_cost`. Choices are always found
        by HiGHS itself.

    Returns
    -------
    LeastCostResult
        Its diagnosis is that of the linear targets.

    Raises
    ------
    NoSolutionError
        As :func:`lantian.optimise.procedure.least_cost.least_cost`.
    """
    settings = options or Options()
    linear = answer_problem(problem, settings, currency, margin, interface)
    held = _kept(problem, linear)
    search = _Search(pack(held), branches, settings)
    excess = search.smallest_excess()
    choice = search.cheapest(excess)
    rows = search.rows(choice, excess)
    fixed = replace(held, extra={**held.extra, "branches": rows})
    answer = answer_problem(fixed, settings, currency, margin, interface)
    targets = tuple(
        replace(t, max_feasible=before.max_feasible)
        for t, before in zip(answer.targets, linear.targets, strict=True)
    )
    return replace(
        answer, targets=targets, diagnosis=linear.diagnosis, joint_share=linear.joint_share
    )


def _kept(problem: LeastCost, linear: LeastCostResult) -> LeastCost:
    """Return the problem with the limits that its targets reached."""
    if linear.diagnosis is None:
        return problem
    unit = pack(problem).excess_unit
    room = linear.diagnosis.excess + TOUCHING * unit * (linear.diagnosis.excess > 0)
    return replace(problem, targets=replace(problem.targets, upper=problem.targets.upper + room))


@dataclass(frozen=True)
class _Search:
    """The scaled program with 0/1 columns, and an excess per further row."""

    program: Program
    branches: BranchRows
    options: Options

    @property
    def _scale(self) -> Array:
        """Size of each row [unit of its target], dims (row,)."""
        rows = self.branches.rows
        most = np.zeros(len(rows))
        np.maximum.at(most, rows.row, np.abs(rows.value) * self._column_scale(rows.column))
        limit = np.where(np.isfinite(rows.upper), rows.upper, rows.lower)
        return power_of_two(np.maximum(most, np.abs(limit)))

    def _column_scale(self, column: Any) -> Array:
        scale = np.zeros(int(self._places.shape[0]))
        scale[self.program.moves] = self.program.column_scale[: len(self.program.moves)]
        return np.asarray(scale[column])

    @property
    def _places(self) -> Array:
        """Column of the program of each move; -1 for those that can do nothing."""
        most = max(self.program.moves.max(initial=0), self.branches.rows.column.max(initial=0))
        found = np.full(int(most) + 1, -1.0)
        found[self.program.moves] = np.arange(len(self.program.moves))
        return found

    def smallest_excess(self) -> Array:
        """Return the smallest excess of the rows, in their scale, dims (row,)."""
        x = self._solve(np.zeros_like(self.program.cost), 1.0, np.inf)
        excess = x[-len(self.branches.rows) :]
        return np.where(excess > TOUCHING, excess, 0.0)

    def cheapest(self, excess: Array) -> Array:
        """Return the choices of the cheapest mix for an excess, dims (binary,)."""
        room = excess + TOUCHING * (excess > 0)
        x = self._solve(self.program.cost, 0.0, room)
        first = len(self.program.cost)
        return np.round(x[first : first + len(self.branches.binaries)])

    def rows(self, choice: Array, excess: Array) -> Rows:
        """Return the rows with the choices held."""
        own, scale = self.branches.rows, self._scale
        held = self.branches.choice @ choice
        room = np.where(excess > 0, excess + 2 * TOUCHING, 0.0) * scale
        return replace(own, lower=own.lower - held - room, upper=own.upper - held + room)

    def _solve(self, cost: Array, price: float, most: Array | float) -> Array:
        """Return the optimum for a cost of the mix, a price and a limit of excess."""
        program, rows, k = self.program, self.branches.rows, len(self.branches.binaries)
        (m, n), own, scale = program.matrix.shape, len(rows), self._scale
        place = self._places[rows.column].astype(np.int64)
        live = place >= 0
        which, binary = np.nonzero(self.branches.choice)
        sign = np.where(np.isfinite(rows.upper), -1.0, 1.0)
        row = np.r_[program.matrix.row, m + rows.row[live], m + which, m + np.arange(own)]
        column = np.r_[program.matrix.column, place[live], n + binary, n + k + np.arange(own)]
        effect = rows.value[live] * program.column_scale[place[live]] / scale[rows.row[live]]
        chosen = self.branches.choice[which, binary] / scale[which]
        value = np.r_[program.matrix.value, effect, chosen, sign]
        order = np.lexsort((column, row))
        whole = replace(
            program,
            cost=np.r_[cost, np.zeros(k), np.full(own, price)],
            lower=np.r_[program.lower, np.zeros(k + own)],
            upper=np.r_[program.upper, np.ones(k), np.broadcast_to(most, own)],
            matrix=Matrix(row[order], column[order], value[order], (m + own, n + k + own)),
            row_lower=np.r_[program.row_lower, rows.lower / scale],
            row_upper=np.r_[program.row_upper, rows.upper / scale],
            column_scale=np.r_[program.column_scale, np.ones(k + own)],
            row_scale=np.r_[program.row_scale, scale],
        )
        solver: Any = load(whole, self.options, integer=np.arange(n, n + k))
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        if status != OPTIMAL:
            raise failure(status, self.options)
        return np.asarray(solver.getSolution().col_value)
