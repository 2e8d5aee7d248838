"""The scaled linear program handed to the solver, and the way back to original units.

Columns are the moves that can do anything, then one *share* (the part of every target's needed
reduction that is asked for: 1 in ordinary solves), then one *excess* per target (0 in ordinary
solves, but free at its price where the target is soft). With these two extras every question of
the procedure is a change of cost and bounds of one program: nothing is ever rebuilt and each solve
starts from the last basis.

Scales are powers of two, so that scaling adds no rounding error.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index
from lantian.optimise.coefficients import LeastCost, Rows

BOX = 1.25
"""Bound put on moves that have none, in capacities: it never binds (reach allows one capacity),
but a box on every column gives the dual simplex a feasible start for any cost."""

ROUNDING = 1e-12
"""Distance to a limit [1, relative to the value] that is rounding."""
DROPPED = 1e-9
"""Scaled coefficient [1] up to which an entry is left out. HiGHS drops such entries in silence;
the program must not hold what the solver does not see, or its answers would fail our check."""
SMALL_NEED = 1e-3
"""Least unit of excess [1, relative to the value], so that tiny needs do not rule relaxation."""


@dataclass(frozen=True)
class Matrix:
    """A sparse matrix in coordinates."""

    row: Index
    column: Index
    value: Array
    shape: tuple[int, int]

    def times(self, x: Array) -> Array:
        """Return ``A x``."""
        return np.asarray(
            np.bincount(self.row, self.value * x[self.column], minlength=self.shape[0]), float
        )

    def transposed_times(self, y: Array) -> Array:
        """Return ``A' y``."""
        return np.asarray(
            np.bincount(self.column, self.value * y[self.row], minlength=self.shape[1]), float
        )

    def magnitude(self) -> "Matrix":
        """Return ``|A|``."""
        return Matrix(self.row, self.column, np.abs(self.value), self.shape)


@dataclass(frozen=True)
class Program:
    """``min cost . x``, bounds on x and on ``matrix x``, in scaled units.

    Attributes
    ----------
    moves, rows
        Positions of the kept moves, and of the kept rows in the stacked families.
    column_scale, row_scale, cost_scale
        ``u = column_scale * x``; rows and cost were divided by theirs.
    share, excess
        Positions of the extra columns.
    target
        Position of each target's row.
    excess_unit
        Excess of a target per unit of its column [target unit]: the reduction it needs, or a
        thousandth of its value if that is more.
    hard
        Whether a target's excess is 0 in ordinary solves.
    """

    cost: Array
    lower: Array
    upper: Array
    matrix: Matrix
    row_lower: Array
    row_upper: Array
    moves: Index
    rows: Index
    column_scale: Array
    row_scale: Array
    cost_scale: float
    share: int
    excess: Index
    target: Index
    excess_unit: Array
    hard: NDArray[np.bool_]


def power_of_two(values: Array) -> Array:
    """Return the power of two just above each value; 1 where it is zero or not finite."""
    usable = np.isfinite(values) & (values > 0)
    exponent = np.frexp(np.where(usable, values, 0.5))[1]
    return np.asarray(np.ldexp(1.0, exponent))


def stack(families: dict[str, Rows], n: int) -> tuple[Matrix, Array, Array]:
    """Return all families below one another: matrix, lower and upper limits."""
    rows = list(families.values())
    offsets = np.cumsum([0, *(len(r) for r in rows)])
    matrix = Matrix(
        np.concatenate([r.row + o for r, o in zip(rows, offsets[:-1], strict=True)]),
        np.concatenate([r.column for r in rows]),
        np.concatenate([r.value for r in rows]),
        (int(offsets[-1]), n),
    )
    return matrix, np.concatenate([r.lower for r in rows]), np.concatenate([r.upper for r in rows])


def pack(problem: LeastCost) -> Program:
    """Return the scaled program of a least-cost problem; moves held at zero are left out."""
    variables = problem.variables
    full, low, high = stack(problem.families, len(variables))
    n_targets = len(problem.targets)
    live = (variables.lower != 0) | (variables.upper != 0)
    used = np.bincount(full.row[live[full.column]], minlength=full.shape[0]) > 0
    used |= (low > 0) | (high < 0)
    used[full.shape[0] - n_targets :] = True
    moves, rows = np.flatnonzero(live), np.flatnonzero(used)
    n, m = len(moves), len(rows)
    target = np.arange(m - n_targets, m)
    share, excess = n, np.arange(n + 1, n + 1 + n_targets)
    need = needed_reduction(problem)
    unit = _excess_unit(problem, need)
    scale = np.r_[power_of_two(variables.capacity[moves]), np.ones(1 + n_targets)]
    matrix = _matrix(full, live, used, need, unit)
    row_scale = _row_scale(matrix, scale)
    matrix = _scaled(matrix, scale, row_scale)
    # A target above its limit: effect + need * share - excess <= 0; below it: <= the room left.
    upper_row = high[rows]
    upper_row[target] = np.maximum(upper_row[target], 0.0)
    soft = np.isfinite(problem.price)
    penalty = np.where(soft, np.where(soft, problem.price, 0.0) * unit, 0.0)
    cost = np.r_[variables.cost[moves] * scale[:n], 0.0, penalty]
    cost_scale = _typical(cost)
    boxed = np.minimum(variables.upper[moves], BOX * variables.capacity[moves])
    return Program(
        cost=cost / cost_scale,
        lower=np.r_[variables.lower[moves] / scale[:n], 1.0, np.zeros(n_targets)],
        upper=np.r_[boxed / scale[:n], 1.0, np.where(soft, np.inf, 0.0)],
        matrix=matrix,
        row_lower=low[rows] / row_scale,
        row_upper=upper_row / row_scale,
        moves=moves,
        rows=rows,
        column_scale=scale,
        row_scale=row_scale,
        cost_scale=cost_scale,
        share=share,
        excess=excess,
        target=target,
        excess_unit=unit,
        hard=~soft,
    )


def needed_reduction(problem: LeastCost) -> Array:
    """Return what each target needs [target unit]; 0 where it is met but for rounding."""
    room = problem.targets.upper
    return np.where(-room > ROUNDING * np.abs(problem.base), np.maximum(-room, 0.0), 0.0)


def _excess_unit(problem: LeastCost, need: Array) -> Array:
    limit = np.where(np.isfinite(problem.targets.upper), problem.base + problem.targets.upper, 0.0)
    size = np.maximum(np.abs(problem.base), np.abs(limit))
    least = SMALL_NEED * np.where(size > 0, size, 1.0)
    return np.maximum(need, least)


def _matrix(
    full: Matrix, live: NDArray[np.bool_], used: NDArray[np.bool_], need: Array, unit: Array
) -> Matrix:
    """Kept rows and columns, with the share and excess columns, sorted by column."""
    n, m, n_targets = int(live.sum()), int(used.sum()), len(need)
    kept = live[full.column]
    target = np.arange(m - n_targets, m)
    row = np.r_[(np.cumsum(used) - 1)[full.row[kept]], target, target]
    column = np.r_[
        (np.cumsum(live) - 1)[full.column[kept]],
        np.full(n_targets, n),
        np.arange(n + 1, n + 1 + n_targets),
    ]
    value = np.r_[full.value[kept], need, -unit]
    order = np.lexsort((row, column))
    return Matrix(row[order], column[order], value[order], (m, n + 1 + n_targets))


def _scaled(matrix: Matrix, column_scale: Array, row_scale: Array) -> Matrix:
    value = matrix.value * column_scale[matrix.column] / row_scale[matrix.row]
    kept = np.abs(value) > DROPPED
    return Matrix(matrix.row[kept], matrix.column[kept], value[kept], matrix.shape)


def _row_scale(matrix: Matrix, scale: Array) -> Array:
    largest = np.zeros(matrix.shape[0])
    np.maximum.at(largest, matrix.row, np.abs(matrix.value) * scale[matrix.column])
    return power_of_two(largest)


def _typical(cost: Array) -> float:
    """Power of two near the geometric mean of the costs that are not zero."""
    size = np.abs(cost[cost != 0])
    if not size.size:
        return 1.0
    return float(power_of_two(np.exp(np.mean(np.log(size)))[None])[0])
