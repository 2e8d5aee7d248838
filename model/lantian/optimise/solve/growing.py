"""A live program that grows: what is known of a solution stays a start for the next."""

from dataclasses import replace

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.program import Matrix
from lantian.optimise.solve.highs import Session, require_good


class Growing(Session):
    """A session whose program can get further columns, and rows that limit them from above."""

    @property
    def added(self) -> int:
        """How many rows were added."""
        return len(self.row_upper) - self._first

    def __post_init__(self) -> None:
        super().__post_init__()
        self._first = len(self.row_upper)

    def add_column(self, lower: float) -> int:
        """Add a column without a cost and without an upper bound; return its position.

        Parameters
        ----------
        lower
            Its lower bound.

        Raises
        ------
        RuntimeError
            If HiGHS refuses it.
        """
        none = np.zeros(0)
        require_good(self._solver.addCol(0.0, lower, np.inf, 0, none.astype(np.int32), none))
        program, matrix = self.program, self.program.matrix
        n = len(program.cost)
        self.program = replace(
            program,
            cost=np.append(program.cost, 0.0),
            lower=np.append(program.lower, lower),
            upper=np.append(program.upper, np.inf),
            matrix=replace(matrix, shape=(matrix.shape[0], n + 1)),
            column_scale=np.append(program.column_scale, 1.0),
        )
        self.cost, self.lower = np.append(self.cost, 0.0), np.append(self.lower, lower)
        self.upper = np.append(self.upper, np.inf)
        self._columns = np.arange(n + 1, dtype=np.int32)
        return n

    def at_least(self, column: int) -> float:
        """Return the least value of a column."""
        self.set_cost((np.arange(len(self.cost)) == column).astype(float))
        return self.solve().objective

    def hold(self, column: int, upper: float) -> None:
        """Let a column be no larger from now on."""
        every = self.upper.copy()
        every[column] = upper
        self.set_columns(self.lower, every)

    def add_row(self, coefficients: Array) -> None:
        """Add a row without a limit.

        Parameters
        ----------
        coefficients
            Of all columns, scaled, dims (column,).

        Raises
        ------
        RuntimeError
            If HiGHS refuses it.
        """
        program, matrix = self.program, self.program.matrix
        column = np.flatnonzero(coefficients)
        value, m = coefficients[column], matrix.shape[0]
        status = self._solver.addRow(-np.inf, np.inf, len(column), column.astype(np.int32), value)
        require_good(status)
        self.program = replace(
            program,
            matrix=Matrix(
                np.append(matrix.row, np.full(len(column), m)),
                np.append(matrix.column, column),
                np.append(matrix.value, value),
                (m + 1, matrix.shape[1]),
            ),
            rows=np.append(program.rows, -1),
            row_scale=np.append(program.row_scale, 1.0),
        )
        self.row_lower = np.append(self.row_lower, -np.inf)
        self.row_upper = np.append(self.row_upper, np.inf)
        self._rows = np.arange(m + 1, dtype=np.int32)

    def limit_added(self, upper: Array) -> None:
        """Set the limits of the rows that were added.

        Parameters
        ----------
        upper
            Scaled, infinite where there is none, dims (added row,).
        """
        self.set_rows(self.row_lower, np.append(self.row_upper[: self._first], upper))
