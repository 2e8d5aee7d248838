"""A live program that rows are added to: what is known of a solution stays a start for the next."""

from dataclasses import replace

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.program import Matrix
from lantian.optimise.solve.highs import Session, require_good


class Growing(Session):
    """A session whose program can get further rows, limits from above on its columns."""

    @property
    def added(self) -> int:
        """How many rows were added."""
        return len(self.row_upper) - self._first

    def __post_init__(self) -> None:
        super().__post_init__()
        self._first = len(self.row_upper)

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
