"""How different a mix could be for the same cost, or for a little more.

For each measure on each source the least and most uptake over all mixes that meet the limits at a
cost of at most ``(1 + allowance) x`` the least. Narrow ranges are decisions the cost settles; wide
ones are the planner's to make. Beside the ranges whole plans are told, each complete and within the
allowance, as different from each other as can be.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantian.core.rounds import ratio
from lantian.core.system import Array, System
from lantian.names import of_ids
from lantian.optimise.analyses.sensitivity import relaxed, scaled_point
from lantian.optimise.problem.coefficients import LeastCost, make_rows
from lantian.optimise.problem.program import pack, row_of
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.solve.highs import Options, Session, balanced
from lantian.optimise.solve.parallel import processors
from lantian.tolerances import ROUNDING, UNSEEN
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


PLANS = 20
"""Whole plans that are told, the optimum among them."""
RANDOM = 40
"""Directions that are drawn besides those of sectors and measures."""
ALIKE = 0.02
"""Mean difference of the shares of all measures [1] below which two plans are one."""
IN_USE = UNSEEN
"""Share of what a group can move [1] from which on it is used."""
NOTABLE = 0.1
"""Share of what a group can move [1] from which on more of it is worth a word."""


@dataclass(frozen=True)
class WholePlan:
    """A complete mix that meets the limits at a cost within the allowance.

    Attributes
    ----------
    uptake
        Of every group [activity unit], dims (group,).
    share
        The same as parts of what each group can move [1].
    cost
        [currency/a].
    """

    uptake: Array
    share: Array
    cost: float


@dataclass(frozen=True)
class WholePlans:
    """Plans as different as can be within an allowance; the first is the optimum.

    Attributes
    ----------
    allowance
        Excess over the least cost [1].
    plans
        Each verified by the residuals of its own optimum, as the least cost is.
    must, never
        Groups that every mix within the allowance uses, and that none does, dims (group,).
    possible
        Groups that can move anything, dims (group,).
    """

    allowance: float
    plans: tuple[WholePlan, ...]
    must: NDArray[np.bool_]
    never: NDArray[np.bool_]
    possible: NDArray[np.bool_]

    def without(self, system: System, k: int) -> list[str]:
        """Return the measures that a plan has on no source and the optimum has on some."""
        optimum, own = self.plans[0].share, self.plans[k].share
        kept = set(system.groups.measure[own > IN_USE].tolist())
        dropped = ~np.isin(system.groups.measure, [*kept])
        return _named(system, np.where((optimum > IN_USE) & dropped, optimum, 0.0))

    def more(self, system: System, k: int) -> list[str]:
        """Return the measures that a plan takes notably more of than the optimum on a source."""
        more = self.plans[k].share - self.plans[0].share
        return _named(system, np.where(more > NOTABLE, more, 0.0))


def _named(system: System, weight: Array) -> list[str]:
    """Return the measures of the groups that have a weight, the largest first."""
    order = np.argsort(-weight, kind="stable")
    found = (system.measures[system.groups.measure[g]] for g in order if weight[g] > 0.0)
    return list(dict.fromkeys(found))


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
        search.allow(allowance)
        low, high = search.ranges()
        least.append(low)
        most.append(high)
    return UptakeRanges(
        tuple(allowances), search.uptake, np.array(least), np.array(most), search.session.solves
    )


class _Search:
    """Mixes within an allowance, each found by primal simplex from the cheapest.

    That one stays feasible whatever is asked for, so that a solve is a few pivots where the ends
    of one group are asked for, and the same ones whatever was solved before.
    """

    def __init__(self, problem: LeastCost, answer: LeastCostResult, options: Options) -> None:
        used = np.flatnonzero(problem.variables.cost)
        self.size = float(np.abs(problem.variables.cost) @ np.abs(answer.uptake))
        row = make_rows(
            of_ids([FAMILY]), np.zeros(len(used), dtype=np.int64), used,
            problem.variables.cost[used], -np.inf, answer.cost,
        )  # fmt: skip
        self.cost = float(problem.variables.cost @ answer.uptake)
        self.problem = replace(problem, extra={**problem.extra, FAMILY: row})
        self.program, self.options = pack(self.problem), options
        self.session = self._opened()
        reach = self.problem.reach
        self.count = len(reach)
        self.group = np.zeros(len(problem.variables), dtype=np.int64)
        self.group[reach.column] = reach.row
        self.floor, self.ceiling = self._bounds()
        self.uptake = self._totals(scaled_point(self.problem, self.program, answer.uptake))
        self.least, self.most = self.uptake.copy(), self.uptake.copy()
        # None where no move costs anything.
        self._row = row_of(self.problem, self.program, FAMILY, 0)

    def allow(self, allowance: float) -> None:
        """Let mixes cost so much more than the least, a larger part than before."""
        upper = self.program.row_upper.copy()
        if self._row is not None:
            excess = allowance * abs(self.cost) + ROUNDING * self.size
            upper[self._row] = (self.cost + excess) / self.program.row_scale[self._row]
        self.session.set_rows(self.program.row_lower, upper)
        self.session.set_cost(self.program.cost)
        self.session.solve()
        self._start = self.session.basis()

    def ranges(self) -> tuple[Array, Array]:
        """Widen the ranges known so far to those of the allowance."""
        floor, ceiling = self.floor, self.ceiling
        room = ROUNDING * np.maximum(ceiling - floor, np.finfo(float).tiny)
        # A larger allowance only widens: what is known of the smaller one is the start.
        for g in np.unique(self.group[self.program.moves]).tolist():
            if self.least[g] > floor[g] + room[g]:
                self._ask(g, 1.0)
            if self.most[g] < ceiling[g] - room[g]:
                self._ask(g, -1.0)
        return self.least.copy(), self.most.copy()

    def _opened(self) -> Session:
        session = Session(self.program, self.options)
        session.as_given()
        return session

    def plan(self, x: Array) -> WholePlan:
        """Return a point of the program as a plan."""
        uptake, ceiling = self._totals(x), self.ceiling
        share = ratio(uptake, ceiling, 0.0)
        n = len(self.program.moves)
        taken = x[:n] * self.program.column_scale[:n]
        cost = float(self.problem.variables.cost[self.program.moves] @ taken)
        return WholePlan(uptake, np.clip(share, 0.0, 1.0), cost)

    def towards(self, weights: Sequence[Array], workers: int) -> list[WholePlan]:
        """Return the plans with the least weighted uptake within the last allowance.

        Parameters
        ----------
        weights
            On the groups, each dims (group,).
        workers
            Threads, each with a solver of its own.
        """
        found: list[Any] = [None] * len(weights)

        def solve(worker: int) -> Session:
            session = self._opened()
            session.set_rows(self.program.row_lower, self.session.row_upper)
            for k in range(worker, len(weights), workers):
                found[k] = self.plan(self._least(session, weights[k]))
            return session

        with ThreadPoolExecutor(workers) as pool:
            for session in pool.map(solve, range(workers)):
                self.session.add(session)
        for plan in found:
            self._met(plan.uptake)
        return found

    def _least(self, session: Session, weight: Array) -> Array:
        """Return the point with the least weighted uptake; the row of the allowance stays."""
        cost = np.zeros_like(self.program.cost)
        n = len(self.program.moves)
        cost[:n] = weight[self.group[self.program.moves]] * self.program.column_scale[:n]
        session.set_cost(balanced(cost))
        session.forget()
        session.start_from(self._start)
        return session.solve(primal=True).x

    def _ask(self, group: int, sign: float) -> None:
        weight = np.where(np.arange(self.count) == group, sign, 0.0)
        self._met(self._totals(self._least(self.session, weight)))

    def _met(self, uptake: Array) -> None:
        """Keep in mind what a mix has of each group."""
        np.minimum(self.least, uptake, out=self.least)
        np.maximum(self.most, uptake, out=self.most)

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


def whole_plans(
    problem: LeastCost,
    answer: LeastCostResult,
    families: Sequence[Sequence[int]],
    allowances: Sequence[float],
    options: Options | None = None,
    workers: int | None = None,
    random: int = RANDOM,
) -> list[WholePlans]:
    """Return complete plans that differ as much as can be within each of some allowances.

    Each direction is an optimum of its own: as little, or as much, as can be of the groups of one
    family together (a measure, a sector), or of a random weighing of all groups. Of all plans met
    on the way those are kept, one after the other, that are furthest from all that are kept
    (maximin).

    Parameters
    ----------
    problem, answer
        The blocks that were solved, and their optimum.
    families
        Groups that belong together, by measure and by sector.
    allowances
        Excess over the least cost, relative to its size, in rising order [1].
    options
        Solver settings.
    workers
        Threads; as many as there are processors by default.
    random
        Directions that are drawn besides those of the families.

    Returns
    -------
    list of WholePlans
        At most :data:`PLANS` each; the same bytes whatever the workers.
    """
    search = _Search(relaxed(problem, answer), answer, options or Options())
    ceiling = search.ceiling
    directions = list(_directions(families, ceiling, random))
    optimum = search.plan(scaled_point(search.problem, search.program, answer.uptake))
    room, possible, told = IN_USE * ceiling, ceiling > 0.0, []
    for allowance in allowances:
        search.allow(allowance)
        met = [optimum, *search.towards(directions, workers or processors())]
        least, most = search.ranges()
        must, never = (least > room) & possible, (most <= room) & possible
        told.append(WholePlans(allowance, _spread(met), must, never, possible))
    return told


def _directions(families: Sequence[Sequence[int]], ceiling: Array, random: int) -> Iterator[Array]:
    """Yield weights on the groups [1 per activity unit], dims (group,)."""
    worth = ratio(np.ones_like(ceiling), ceiling, 0.0)
    for own in families:
        one = np.zeros_like(worth)
        one[list(own)] = worth[list(own)]
        if one.any():
            yield one
            yield -one
    rng = np.random.default_rng(len(ceiling))
    for _ in range(random):
        yield rng.normal(size=len(worth)) * worth


def _spread(met: Sequence[WholePlan]) -> tuple[WholePlan, ...]:
    """Return the first plan and those that are furthest from all before them."""
    shares = np.array([plan.share for plan in met])
    kept, far = [0], np.abs(shares - shares[0]).mean(axis=1)
    # What most plans leave alone would make all of them alike.
    open_to_choice = float((np.ptp(shares, axis=0) > IN_USE).mean())
    while open_to_choice and len(kept) < PLANS and far.max() > ALIKE * open_to_choice:
        kept.append(int(far.argmax()))
        far = np.minimum(far, np.abs(shares - shares[kept[-1]]).mean(axis=1))
    return tuple(met[k] for k in kept)
