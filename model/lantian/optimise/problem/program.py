"""The scaled linear program handed to the solver, and the way back to original units.

Columns are the moves that can do anything, then one *share* (the part of every target's needed
reduction that is asked for: 1 in ordinary solves), then one *excess* per target (0 in ordinary
solves, but free at its price where the target is soft). With these two extras every question of
the procedure is a change of cost and bounds of one program: nothing is ever rebuilt and each solve
starts from the last basis.

Scales are powers of two, so that scaling adds no rounding error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index
from lantian.optimise.problem.coefficients import LeastCost, Rows
from lantian.tolerances import DROPPED, NOTHING
from lantian.vocabulary import Family

BOX = 1.25
"""Bound put on moves that have none, in capacities: it never binds (reach allows one capacity),
but a box on every column gives the dual simplex a feasible start for any cost."""

SMALL_NEED = 1e-3
"""Least unit of excess [1, relative to the value], so that tiny needs do not rule relaxation."""


@dataclass(frozen=True)
class Matrix:
    """A sparse matrix in coordinates, sorted by row and then by column."""

    row: Index
    column: Index
    value: Array
    shape: tuple[int, int]

    def times(self, x: Array) -> Array:
        """Return ``A x``."""
        return np.asarray(
            np.bincount(self.row, self.value * x[self.column], minlength=self.shape[0]), float
        )

    def of_row(self, row: int) -> Array:
        """Return one row in full, dims (column,)."""
        entries, found = self.row == row, np.zeros(self.shape[1])
        found[self.column[entries]] = self.value[entries]
        return found

    def sums(self, x: Array) -> tuple[Array, Array]:
        """Return ``A x`` and the size of the terms that were summed, ``|A| |x|``."""
        terms, (rows, first) = self.value * x[self.column], self.filled
        total, size = np.zeros(self.shape[0]), np.zeros(self.shape[0])
        if len(rows):
            total[rows] = np.add.reduceat(terms, first)
            size[rows] = np.add.reduceat(np.abs(terms, out=terms), first)
        return total, size

    def transposed_sums(self, y: Array) -> tuple[Array, Array]:
        """Return ``A' y`` and ``|A'| |y|``."""
        terms, n = self.value * y[self.row], self.shape[1]
        total = np.bincount(self.column, terms, minlength=n)
        size = np.bincount(self.column, np.abs(terms, out=terms), minlength=n)
        return np.asarray(total, float), np.asarray(size, float)

    @cached_property
    def filled(self) -> tuple[Index, Index]:
        """Rows that have entries, and where these begin."""
        if not len(self.row):
            return self.row, self.row
        first = np.append(0, np.flatnonzero(self.row[1:] != self.row[:-1]) + 1)
        return self.row[first], first

    def starts(self) -> Index:
        """Return where each row begins among the entries, and the end; dims (row + 1,).

        Raises
        ------
        ValueError
            If the entries are not sorted by row: the solver would get another matrix.
        """
        if (self.row[1:] < self.row[:-1]).any():
            raise ValueError("matrix entries must be sorted by row")
        return np.searchsorted(self.row, np.arange(self.shape[0] + 1))


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
    firm
        Whether it is 0 in all of them.
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
    firm: NDArray[np.bool_]


def row_of(problem: LeastCost, program: Program, family: Family, position: int) -> int | None:
    """Return the program's row of a family's row; None if it was left out.

    Parameters
    ----------
    problem, program
        What was packed, and its program.
    family, position
        The row among those of the problem.
    """
    names = list(problem.families)
    sizes = [len(rows) for rows in problem.families.values()]
    full = sum(sizes[: names.index(family)]) + position
    found = np.flatnonzero(program.rows == full)
    return int(found[0]) if len(found) else None


def power_of_two(values: Array) -> Array:
    """Return the power of two just above each value; 1 where it is zero or not finite."""
    usable = np.isfinite(values) & (values > 0)
    exponent = np.frexp(np.where(usable, values, 0.5))[1]
    return np.asarray(np.ldexp(1.0, exponent))


@dataclass(frozen=True)
class Frame:
    """Rows, columns and scales that many problems share, whatever their numbers.

    A basis of one of them is then a basis of all.

    Attributes
    ----------
    live
        Moves that have a column, dims (move,).
    used
        Rows of the stacked families that are kept, dims (row,).
    column_scale, row_scale, cost_scale
        As those of the :class:`Program`.
    """

    live: NDArray[np.bool_]
    used: NDArray[np.bool_]
    column_scale: Array
    row_scale: Array
    cost_scale: float


def frame_of(problems: Sequence[LeastCost]) -> Frame:
    """Return what some problems have in common, and all that lie between them.

    Parameters
    ----------
    problems
        Of one structure; scales are those of the first.

    Returns
    -------
    Frame
        With every move and row that any of them needs.
    """
    live = np.logical_or.reduce([_live(problem) for problem in problems])
    n = int(live.sum())
    used = np.logical_or.reduce([_used(p, _parts(p, live)) for p in problems])
    capacity = np.max([problem.variables.capacity[live] for problem in problems], axis=0)
    extras = np.ones(1 + len(problems[0].targets))
    columns = np.r_[power_of_two(capacity), extras]
    _, row_scale = _scaled(_stacked(_parts(problems[0], live), used), columns)
    cost = problems[0].variables.cost[live] * columns[:n]
    return Frame(live, used, columns, row_scale, _typical(cost))


def fits(problem: LeastCost, frame: Frame) -> bool:
    """Tell whether a frame has every column that a problem needs."""
    return not (_live(problem) & ~frame.live).any()


def _live(problem: LeastCost) -> NDArray[np.bool_]:
    # Three of ten moves of a real plan start from package states that never hold anything.
    variables = problem.variables
    return np.asarray((variables.lower != 0) | (variables.upper != 0))


def _parts(problem: LeastCost, live: NDArray[np.bool_]) -> list[Matrix]:
    """Return the entries of each family; behind the moves stand the share and the excesses."""
    n, n_targets = int(live.sum()), len(problem.targets)
    need = needed_reduction(problem)
    parts = [_of_moves(rows, live, n + 1 + n_targets) for rows in problem.families.values()]
    parts[-1] = _with_extras(parts[-1], n, need, _excess_unit(problem, need))
    return parts


def _used(problem: LeastCost, parts: Sequence[Matrix]) -> NDArray[np.bool_]:
    """Return the rows that have entries, or that nothing would break."""
    low, high = _limits(problem)
    filled = np.concatenate([np.bincount(p.row, minlength=p.shape[0]) > 0 for p in parts])
    return np.asarray(filled | (low > 0) | (high < 0))


def _limits(problem: LeastCost) -> tuple[Array, Array]:
    families = list(problem.families.values())
    return (
        np.concatenate([rows.lower for rows in families]),
        np.concatenate([rows.upper for rows in families]),
    )


def pack(problem: LeastCost, frame: Frame | None = None) -> Program:
    """Return the scaled program of a least-cost problem; moves held at zero are left out.

    Parameters
    ----------
    problem
        Coefficient blocks.
    frame
        Rows, columns and scales that are given; those of the problem itself by default.

    Returns
    -------
    Program
        Ready for the solver.
    """
    variables, (low, high) = problem.variables, _limits(problem)
    n_targets = len(problem.targets)
    live = _live(problem) if frame is None else frame.live
    moves = np.flatnonzero(live)
    n = len(moves)
    share, excess = n, np.arange(n + 1, n + 1 + n_targets)
    unit = _excess_unit(problem, needed_reduction(problem))
    parts = _parts(problem, live)
    used = _used(problem, parts) if frame is None else frame.used
    rows = np.flatnonzero(used)
    m = len(rows)
    target = np.arange(m - n_targets, m)
    scale = np.r_[power_of_two(variables.capacity[moves]), np.ones(1 + n_targets)]
    if frame is not None:
        scale = frame.column_scale
    matrix, row_scale = _scaled(
        _stacked(parts, used), scale, None if frame is None else frame.row_scale
    )
    # A target above its limit: effect + need * share - excess <= 0; below it: <= the room left.
    upper_row = high[rows]
    # A firm limit is asked for in full whatever the share.
    upper_row[target] = np.where(
        problem.firm, upper_row[target], np.maximum(upper_row[target], 0.0)
    )
    soft = np.isfinite(problem.price)
    penalty = np.where(soft, np.where(soft, problem.price, 0.0) * unit, 0.0)
    cost = np.r_[variables.cost[moves] * scale[:n], 0.0, penalty]
    cost_scale = _typical(cost) if frame is None else frame.cost_scale
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
        firm=problem.firm,
    )


def with_moves(program: Program, kept: NDArray[np.bool_]) -> Program:
    """Return a program without some of its moves, and without the rows that only those had.

    Parameters
    ----------
    program
        Of parts that do not see one another.
    kept
        Moves that stay, all of some parts; dims (move of the program,).

    Returns
    -------
    Program
        In the same units.
    """
    matrix, n = program.matrix, len(program.moves)
    columns = np.append(kept, np.ones(len(program.cost) - n, dtype=bool))
    entries = columns[matrix.column]
    rows = np.zeros(matrix.shape[0], dtype=bool)
    rows[matrix.row[entries]] = True
    row, column = np.cumsum(rows) - 1, np.cumsum(columns) - 1
    return replace(
        program,
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        matrix=Matrix(
            row[matrix.row[entries]],
            column[matrix.column[entries]],
            matrix.value[entries],
            (int(rows.sum()), int(columns.sum())),
        ),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        moves=program.moves[kept],
        rows=program.rows[rows],
        column_scale=program.column_scale[columns],
        row_scale=program.row_scale[rows],
        share=int(column[program.share]),
        excess=column[program.excess],
        target=row[program.target],
    )


def needed_reduction(problem: LeastCost) -> Array:
    """Return what may be asked of each target in parts [target unit].

    0 where it is met but for rounding, and where its limit is firm.
    """
    room = np.where(problem.firm, np.inf, problem.targets.upper)
    return np.where(-room > NOTHING * np.abs(problem.base), np.maximum(-room, 0.0), 0.0)


def _excess_unit(problem: LeastCost, need: Array) -> Array:
    limit = np.where(np.isfinite(problem.targets.upper), problem.base + problem.targets.upper, 0.0)
    size = np.maximum(np.abs(problem.base), np.abs(limit))
    least = SMALL_NEED * np.where(size > 0, size, 1.0)
    return np.maximum(need, least)


def _of_moves(rows: Rows, live: NDArray[np.bool_], n: int) -> Matrix:
    """Return a family's entries of the live columns, in a matrix of n columns."""
    row, column, value, place = rows.row, rows.column, rows.value, np.cumsum(live) - 1
    if not live.all():
        kept = np.flatnonzero(live[column])
        row, column, value = row[kept], place[column[kept]], value[kept]
    return Matrix(row, column, value, (len(rows), n))


def _with_extras(targets: Matrix, share: int, need: Array, unit: Array) -> Matrix:
    """Put at the end of each target's row its share and its excess."""
    row = np.arange(len(need))
    ends = np.searchsorted(targets.row, row, side="right")
    column = np.stack([np.full_like(row, share), share + 1 + row], axis=1)
    return Matrix(
        _woven(targets.row, np.stack([row, row], axis=1), ends),
        _woven(targets.column, column, ends),
        _woven(targets.value, np.stack([need, -unit], axis=1), ends),
        targets.shape,
    )


def _woven(own: NDArray[Any], more: NDArray[Any], ends: Index) -> NDArray[Any]:
    """Put each row of ``more`` behind the piece of ``own`` that ends where ``ends`` says."""
    # Not np.insert: among the many entries of a few rows it takes ten times as long.
    pieces = zip(np.split(own, ends)[:-1], more, strict=True)
    return np.concatenate([own[:0], *(part for pair in pieces for part in pair)])


def _stacked(parts: Sequence[Matrix], used: NDArray[np.bool_]) -> Matrix:
    """Return families below one another, without the rows that are not used."""
    places = np.split(np.cumsum(used) - 1, np.cumsum([p.shape[0] for p in parts])[:-1])
    return Matrix(
        np.concatenate([place[p.row] for p, place in zip(parts, places, strict=True)]),
        np.concatenate([p.column for p in parts]),
        np.concatenate([p.value for p in parts]),
        (int(used.sum()), parts[0].shape[1]),
    )


def _scaled(
    matrix: Matrix, column_scale: Array, row_scale: Array | None = None
) -> tuple[Matrix, Array]:
    """Return the matrix with columns scaled and each row's largest entry near 1; row scales."""
    value = matrix.value * column_scale[matrix.column]
    scale = _row_scale(matrix, value) if row_scale is None else row_scale
    value /= scale[matrix.row]
    seen = np.abs(value) > DROPPED
    if seen.all():
        return Matrix(matrix.row, matrix.column, value, matrix.shape), scale
    return Matrix(matrix.row[seen], matrix.column[seen], value[seen], matrix.shape), scale


def _row_scale(matrix: Matrix, value: Array) -> Array:
    rows, first = matrix.filled
    largest = np.zeros(matrix.shape[0])
    if len(rows):
        largest[rows] = np.maximum.reduceat(np.abs(value), first)
    return power_of_two(largest)


def _typical(cost: Array) -> float:
    """Power of two near the geometric mean of the costs that are not zero."""
    size = np.abs(cost[cost != 0])
    if not size.size:
        return 1.0
    # Scaled costs of a real plan span five orders of magnitude: their middle is brought to 1.
    return float(power_of_two(np.exp(np.mean(np.log(size)))[None])[0])
