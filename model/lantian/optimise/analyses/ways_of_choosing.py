"""Ways of choosing measures, side by side on the same data: the plan, least cost, ranked lists.

Every mix is compared with the cheapest one that reaches the same values of all targets: the
difference is what the way of choosing costs, whatever it reaches.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index, System
from lantian.optimise.analyses.ranking import (
    Taking,
    by_average_cost,
    by_cost_alone,
    effect_on,
    ranked_by_average_cost,
    ranked_by_largest_reduction,
)
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.problem.program import Program, needed_reduction, pack
from lantian.optimise.solve.highs import Options, Session, balanced, unpack
from lantian.optimise.status import NoSolutionError
from lantian.tolerances import ACCEPTED, SAME_COST
from lantian.vocabulary import Way


@dataclass(frozen=True)
class Compared:
    """One way of choosing.

    Attributes
    ----------
    aimed_at
        Position of the target that a ranking is made for; None for ways that see all of them.
    uptake
        [activity unit], dims (move,).
    cost
        Of the moves of known cost [currency/a].
    value
        Of each target [target unit], dims (target,).
    met
        dims (target,).
    least
        Least cost of reaching the same values of all targets [currency/a]; NaN if the mix breaks
        one of the planner's limits.
    """

    way: Way
    aimed_at: int | None
    uptake: Array
    cost: float
    value: Array
    met: NDArray[np.bool_]
    least: float

    @property
    def excess(self) -> float:
        """What this way of choosing costs more than need be [currency/a]."""
        return self.cost - self.least


def compare_ways(
    system: System,
    year: int,
    targets: Targets,
    *,
    problem: LeastCost,
    solved: Mapping[Way, Array],
    options: Options | None = None,
    closed: Sequence[int] = (),
) -> tuple[Compared, ...]:
    """Return the mixes already known, and those of the ways of choosing that see all targets.

    Parameters
    ----------
    system, year, targets
        What the problem was built from.
    problem
        Its blocks.
    solved
        Uptake of mixes already known, dims (move,): plan, least cost, match of the plan.
    options
        Solver settings.
    closed
        Positions of groups that no way is offered.

    Returns
    -------
    tuple of Compared
        The known mixes first.
    """
    compare = _Comparison(problem, options or Options())
    found = [compare.mix(way, None, uptake) for way, uptake in solved.items()]
    found.append(compare.mix("ranked_in_turn", None, ranked_in_turn(system, year, problem)))
    alone = ranked_in_turn(system, year, problem, partial(by_cost_alone, system, year))
    found.append(compare.mix("ranked_alone", None, alone))
    neediest = _neediest(problem)
    if neediest is not None:
        ranked = ranked_by_largest_reduction(
            system, year, targets, neediest, problem.variables.lower, closed
        )
        found.append(compare.mix("largest_reduction", neediest, ranked.uptake))
    found.append(compare.mix("maximum", None, compare.maximum()))
    return tuple(found)


def compare_rankings(
    system: System,
    year: int,
    targets: Targets,
    problem: LeastCost,
    options: Options | None = None,
    closed: Sequence[int] = (),
) -> tuple[Compared, ...]:
    """Return both rankings for every target that needs a cut, each aimed at that target alone.

    By average cost, then by largest reduction; arguments as for :func:`compare_ways`.
    """
    compare = _Comparison(problem, options or Options())
    held, found = problem.variables.lower, []
    for t in np.flatnonzero(needed_reduction(problem) > 0).tolist():
        average = ranked_by_average_cost(system, year, targets, t, held, closed)
        largest = ranked_by_largest_reduction(system, year, targets, t, held, closed)
        found.append(compare.mix("ranked_average", t, average.uptake))
        found.append(compare.mix("largest_reduction", t, largest.uptake))
    return tuple(found)


def ranked_in_turn(
    system: System,
    year: int,
    problem: LeastCost,
    order: Callable[[LeastCost, Array], Index] = by_average_cost,
) -> Array:
    """Return the mix of lists made target after target.

    Each list goes on from what the lists before it took, until its target is met or nothing is
    left. The first begins with what the problem holds at least.

    Parameters
    ----------
    system, year
        What the problem was built from.
    problem
        Its blocks.
    order
        Takes the problem and the effect of its moves on a target, and gives the moves of a list,
        first to last.

    Returns
    -------
    Array
        [activity unit], dims (move,).
    """
    mix = Taking(system, year, problem)
    for t in np.flatnonzero(np.isfinite(problem.targets.upper)).tolist():
        effect = effect_on(problem, t)
        missing = float(effect @ mix.uptake - problem.targets.upper[t])
        mix.take(order(problem, effect), effect, missing)
    return mix.uptake


def _neediest(problem: LeastCost) -> int | None:
    """Return the target that needs the largest cut relative to its value; None if none does."""
    need = needed_reduction(problem)
    if not (need > 0).any():
        return None
    base = np.abs(problem.base)
    return int(np.argmax(need / np.where(base > 0, base, 1.0)))


class _Comparison:
    """One live program that answers what the same result costs at least."""

    def __init__(self, problem: LeastCost, options: Options) -> None:
        self.problem = problem
        loose = np.full(len(problem.targets), np.inf)
        self.open = replace(problem, targets=replace(problem.targets, upper=loose))
        self.program: Program = pack(self.open)
        self.session = Session(self.program, options)

    def mix(self, way: Way, aimed_at: int | None, uptake: Array) -> Compared:
        """Return a mix with its values and what the same values cost at least."""
        problem = self.problem
        known = ~problem.variables.fixed
        value = problem.base + problem.targets.times(uptake)
        limit = problem.limit
        slack = ACCEPTED * np.maximum(np.abs(limit), np.abs(problem.base))
        met = np.asarray(value <= limit + slack)
        cost = float(problem.variables.cost[known] @ uptake[known])
        least = self._least(value)
        # Limits are let loose by rounding, so the same mix may be found a little cheaper.
        if abs(cost - least) <= SAME_COST * abs(cost):
            least = cost
        return Compared(way, aimed_at, uptake, cost, value, met, least)

    def maximum(self) -> Array:
        """Return the largest sum of relative cuts of all targets, of such mixes the cheapest."""
        program, session = self.program, self.session
        cost = np.zeros_like(program.cost)
        size = np.abs(self.problem.base)
        n = len(program.moves)
        for t in range(len(self.problem.targets)):
            effect = effect_on(self.problem, t)[program.moves] * program.column_scale[:n]
            cost[:n] += effect / (size[t] if size[t] > 0 else 1.0)
        self._limit(None)
        session.set_cost(balanced(cost))
        session.restrict_to_optima(session.solve())
        session.set_cost(program.cost)
        uptake = unpack(self.open, program, session.solve()).uptake
        session.set_columns(program.lower, program.upper)
        return uptake

    def _least(self, value: Array) -> float:
        self._limit(value)
        self.session.set_cost(self.program.cost)
        try:
            vertex = self.session.solve()
        except NoSolutionError:
            return np.nan
        return vertex.objective * self.program.cost_scale

    def _limit(self, value: Array | None) -> None:
        """Ask for these values of the targets, or for none."""
        program = self.program
        upper = program.row_upper.copy()
        if value is not None:
            size = np.maximum(np.abs(value), np.abs(self.problem.base))
            room = value - self.problem.base + ACCEPTED * size
            upper[program.target] = room / program.row_scale[program.target]
        self.session.set_rows(program.row_lower, upper)
