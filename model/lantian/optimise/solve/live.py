"""One least-cost problem with its scaled program, alive in the solver."""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program
from lantian.optimise.solve.highs import Session
from lantian.optimise.status import numerical_trouble
from lantian.tolerances import TOUCHING


@dataclass
class Live:
    """A problem on which one question after another is asked; each leaves it ready for the next."""

    problem: LeastCost
    program: Program
    session: Session

    def limits(self) -> Array:
        """Largest value of each target that is asked for [target unit]."""
        return self.problem.base + self.problem.targets.upper

    def tolerance(self) -> Array:
        """Excess over a limit that is rounding [target unit]; the relaxed program uses up one."""
        program = self.program
        return 2 * TOUCHING * np.maximum(program.row_scale[program.target], program.excess_unit)

    def effect_as_cost(self, t: int) -> Array:
        """Cost of the columns that makes a target the objective, scaled."""
        cost = self.program.matrix.of_row(self.program.target[t])
        cost[len(self.program.moves) :] = 0.0
        return cost

    def reset(self) -> None:
        """Put all limits as the problem has them."""
        self.session.set_rows(self.program.row_lower, self.program.row_upper)
        self.session.set_columns(self.program.lower, self.program.upper)

    def hold_excess(self, excess: Array) -> None:
        """Let the hard targets exceed their limits by this much, in the program's units."""
        program = self.program
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[program.excess[program.hard]] = excess[program.hard]
        upper[program.excess[program.hard]] = excess[program.hard]
        self.session.set_columns(lower, upper)
        self.session.set_rows(program.row_lower, program.row_upper)

    def require_kept(self, value: Array) -> None:
        """Refuse an answer that breaks a hard limit.

        Raises
        ------
        NumericalError
            With the largest excess.
        """
        over = np.where(self.program.hard, value - self.limits(), -np.inf)
        if (over > self.tolerance()).any():
            raise numerical_trouble("Optimal", float(over.max()))
