"""What happens close to an optimum: one more unit of a measure, and how far limits and costs reach.

Everything here is asked of the program itself, not read from the last basis: where several limits
meet in one point (they often do: "all of it" and "as far as reach goes") a basis tells only a part
of the range. Directions from the optimum that break no limit form a cone; the cheapest direction
in which a measure does one unit more or less tells by how much its cost may change before the mix
does. The mixes that stay optimal at a price form a face; its ends are the ends of the price.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program, pack, row_of
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.solve.highs import Options, Session
from lantian.optimise.status import InfeasibleError
from lantian.tolerances import ROUNDING, TOUCHING


@dataclass(frozen=True)
class Step:
    """Cheapest way to use one unit more (or less) of a measure on a source.

    Attributes
    ----------
    cost
        Change of the cost of the whole mix [currency per activity unit]; the price of the limit,
        with a minus sign, where reach is exceeded.
    change
        Change of the uptake of every move, dims (move,).
    """

    cost: float
    change: Array


@dataclass(frozen=True)
class CostRange:
    """How far the unit cost of a measure on a source may move while the mix stays.

    Attributes
    ----------
    group
        Position of the group.
    cost
        Of one unit in the mix [currency per activity unit]; that of its cheapest use if unused.
    low, high
        [currency per activity unit]; infinite where no change of cost matters.
    """

    group: int
    uptake: float
    cost: float
    low: float
    high: float


@dataclass(frozen=True)
class LimitRange:
    """Between which values of a target's limit its price holds.

    Attributes
    ----------
    target
        Position of the target.
    price
        What one more unit of the limit saves [currency per target unit].
    low, limit, high
        [target unit]; at a kink the limit is one of the ends.
    """

    target: int
    price: float
    low: float
    limit: float
    high: float


class Sensitivity:
    """The surroundings of a solved mix, kept for many questions.

    Parameters
    ----------
    problem
        The blocks that were solved.
    answer
        Their optimum; where targets are out of reach it belongs to the relaxed limits, and so do
        all answers here.
    """

    def __init__(
        self, problem: LeastCost, answer: LeastCostResult, options: Options | None = None
    ) -> None:
        self.problem = relaxed(problem, answer)
        self.program = pack(self.problem)
        self.session = Session(self.program, options or Options())
        self.uptake = answer.uptake
        self.x = scaled_point(self.problem, self.program, answer.uptake)
        self.activity = self.program.matrix.times(self.x)
        self._bounds = (
            self.session.lower, self.session.upper, self.session.row_lower, self.session.row_upper
        )  # fmt: skip

    def used(self, groups: Index) -> NDArray[np.bool_]:
        """Return whether each group of the problem takes part in the mix."""
        total = self.problem.reach.times(self.uptake)
        size = self.problem.reach.times(self.problem.variables.capacity)
        return np.asarray((np.abs(total) > ROUNDING * size)[groups])

    def at_reach(self, group: int) -> bool:
        """Return whether a group is at its reach."""
        row = row_of(self.problem, self.program, "reach", group)
        return row is not None and bool(
            self.program.row_upper[row] - self.activity[row] <= TOUCHING
        )

    def more(self, group: int) -> Step | None:
        """Return the cheapest way to one unit more; None if nothing is left to act on.

        A group at its reach is let beyond it: the cost, negative, is what more reach is worth.
        """
        return self._forced(group, 1.0)

    def less(self, group: int) -> Step | None:
        """Return the cheapest way to one unit less; None if it must not fall."""
        return self._forced(group, -1.0)

    def cost_range(self, group: int) -> CostRange:
        """Return between which unit costs of a group the mix stays as it is."""
        own = self.problem.reach.column[self.problem.reach.row == group]
        amount = self.uptake[own]
        used = bool(self.used(np.array([group]))[0])
        # Below the lower end more of it would be used, above the upper end less.
        less = self.less(group) if used else None
        more = None if used and self.at_reach(group) else self.more(group)
        weight = amount if used or more is None else np.maximum(more.change[own], 0.0)
        cost = self.problem.variables.cost[own]
        unit = float(weight @ cost / weight.sum()) if weight.sum() > 0 else np.nan
        return CostRange(
            group,
            float(amount.sum()),
            unit,
            -np.inf if more is None else unit - max(more.cost, 0.0),
            np.inf if less is None else unit + max(less.cost, 0.0),
        )

    def limit_range(self, target: int, price: float) -> LimitRange:
        """Return between which values of a target's limit its price holds.

        Parameters
        ----------
        target
            Its position.
        price
            What one more unit of the limit saves; not negative [currency per target unit].

        Returns
        -------
        LimitRange
            Ends in the unit of the target; without a price, from where the mix stands to infinity.
        """
        rows, base = self.problem.targets, float(self.problem.base[target])
        row = row_of(self.problem, self.program, "targets", target)
        limit = float(rows.upper[target]) + base
        if row is None or price <= 0:
            at = float(rows.times(self.uptake)[target]) + base
            return LimitRange(target, 0.0, at, limit, np.inf)
        low, high = self._face(row, price)
        unit = float(self.program.row_scale[row])
        shift = limit - unit * float(self.program.row_upper[row])
        return LimitRange(target, price, low * unit + shift, limit, high * unit + shift)

    def _face(self, row: int, price: float) -> tuple[float, float]:
        """Least and most of a row [scaled] over all mixes that are optimal at its price."""
        session, program = self.session, self.program
        own = program.matrix.of_row(row)
        scaled = price * float(program.row_scale[row]) / program.cost_scale
        self._restore()
        # The limit becomes a price: all mixes that are optimal at it lie between two limits.
        upper = session.row_upper.copy()
        upper[row] = np.inf
        session.set_rows(session.row_lower, upper)
        session.set_cost(program.cost + scaled * own)
        session.restrict_to_optima(session.solve())
        ends = []
        for sign in (1.0, -1.0):
            session.set_cost(sign * own)
            ends.append(sign * session.solve().objective)
        self._restore()
        return ends[0], ends[1]

    def _forced(self, group: int, step: float) -> Step | None:
        row = row_of(self.problem, self.program, "reach", group)
        if row is None:
            return None
        self.session.set_cost(self.program.cost)
        self.session.open_cone(self.x, self.activity)
        lower, upper = self.session.row_lower.copy(), self.session.row_upper.copy()
        # Scaled so that the step has the size of one unit of the row.
        lower[row] = upper[row] = step
        self.session.set_rows(lower, upper)
        try:
            vertex = self.session.solve()
        except InfeasibleError:
            return None
        finally:
            self._restore()
        unit = float(self.program.row_scale[row])
        change = np.zeros(len(self.problem.variables))
        n = len(self.program.moves)
        change[self.program.moves] = vertex.x[:n] * self.program.column_scale[:n] / unit
        return Step(vertex.objective * self.program.cost_scale / unit, change)

    def _restore(self) -> None:
        self.session.set_columns(*self._bounds[:2])
        self.session.set_rows(*self._bounds[2:])


def relaxed(problem: LeastCost, answer: LeastCostResult) -> LeastCost:
    """Return the problem with the limits that an answer kept: relaxed if they are out of reach.

    Parameters
    ----------
    problem
        The blocks that were solved.
    answer
        Their optimum.

    Returns
    -------
    LeastCost
        The same blocks, with limits that the answer keeps.
    """
    if answer.diagnosis is None:
        return problem
    value = problem.targets.times(answer.uptake)
    upper = problem.targets.upper + answer.diagnosis.excess
    over = np.where(answer.diagnosis.excess > 0, np.maximum(upper, value), upper)
    return replace(problem, targets=replace(problem.targets, upper=over))


def scaled_point(problem: LeastCost, program: Program, uptake: Array) -> Array:
    """Return the point of the program that belongs to an uptake.

    Parameters
    ----------
    problem
        The blocks of the program.
    program
        Their scaled form.
    uptake
        Activity moved [activity unit], dims (move,).

    Returns
    -------
    Array
        Scaled columns of the program, shares at 1 and excesses as large as the targets need.
    """
    n = len(program.moves)
    x = np.zeros_like(program.cost)
    x[:n] = uptake[program.moves] / program.column_scale[:n]
    x[program.share] = 1.0
    over = program.matrix.times(x)[program.target] - program.row_upper[program.target]
    over *= program.row_scale[program.target] / program.excess_unit
    soft = ~program.hard & np.isfinite(over)
    x[program.excess[soft]] = np.maximum(over[soft], 0.0)
    return x
