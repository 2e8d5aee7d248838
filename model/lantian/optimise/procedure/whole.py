"""Measures that come whole: a mixed-integer program, its linear bound and the gap.

The linear program comes first: it says what is possible and what it costs at least. Then HiGHS
chooses the numbers of units, and with these held the linear procedure runs again, so that the
whole-unit mix is checked, priced and explained like any other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lantian.core.rounds import ratio
from lantian.core.system import Array, Index, System, eligible_activity
from lantian.names import Names, group_names, joined
from lantian.optimise.problem.coefficients import LeastCost, Rows, make_rows
from lantian.optimise.problem.program import Matrix, Program, pack, power_of_two
from lantian.optimise.procedure.answer import Diagnosis, LeastCostResult, UnitCount, WholeMix
from lantian.optimise.procedure.least_cost import answer_problem
from lantian.optimise.procedure.relaxation import with_margin
from lantian.optimise.solve.highs import OPTIMAL, Options, failure, load
from lantian.optimise.solve.solved import Solved
from lantian.optimise.status import InfeasibleError
from lantian.tolerances import NOTHING, TOUCHING, WHOLE
from lantian.vocabulary import Interface

NONE = -1
"""No counter."""


@dataclass(frozen=True)
class WholeGroups:
    """Groups that come in whole units.

    Attributes
    ----------
    group
        Positions on the group axis.
    size
        Of a unit [activity unit]; NaN: see ``share``.
    share
        Of a unit [1, of the eligible activity], where ``size`` is NaN; NaN: all of the reach or
        nothing, also if absent.
    """

    group: Index
    size: Array
    share: Array | None = None

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True)
class Counters:
    """Numbers of units as columns beside those of a problem, one per group and year.

    Attributes
    ----------
    group
        Position of each counter's group, dims (counter,).
    place
        Counter of each column of the problem; :data:`NONE` where it has none, dims (column,).
    size
        Of a unit [activity unit], dims (counter,).
    most
        Number of units that the reach holds, dims (counter,).
    names
        Of the groups.
    year
        Calendar year of each counter where years stand side by side; None where there is one.
    """

    group: Index
    place: Index
    size: Array
    most: Array
    names: Names
    year: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.group)

    def units(self, count: Array) -> Iterator[UnitCount]:
        """Yield what a number of units of each counter comes to."""
        for k, (group, number, size) in enumerate(zip(self.group, count, self.size, strict=True)):
            year = None if self.year is None else self.year[k]
            yield UnitCount(int(group), int(number), float(size), year)

    def rows(self, count: Array) -> Rows:
        """Return the rows that hold the uptake at a number of units."""
        own = np.flatnonzero(self.place != NONE)
        amount = count * self.size
        # Counts times sizes are rounded: an equation would contradict reach where it is exhausted.
        slack = NOTHING * np.maximum(amount, 1.0)
        return make_rows(
            self.names,
            self.place[own],
            own,
            np.ones(len(own)),
            amount - slack,
            amount + slack,
        )


def count_units(whole: WholeGroups, system: System, year: int) -> Counters:
    """Return the counters of the groups that come whole: unit sizes and how many units reach holds.

    Parameters
    ----------
    whole
        Groups that come in whole units, and their sizes.
    system, year
        Whose reach and eligible activity say how many units there can be.
    """
    reach, eligible = system.groups.reach[whole.group], eligible_activity(system)[whole.group, year]
    room = reach * eligible
    share = reach if whole.share is None else np.where(np.isnan(whole.share), reach, whole.share)
    size = np.where(np.isnan(whole.size), share * eligible, whole.size)
    most = np.floor(ratio(room, size, 0.0) + WHOLE)
    place = np.full(len(system.groups), NONE)
    place[whole.group] = np.arange(len(whole))
    names = group_names(system).chosen(whole.group)
    return Counters(whole.group, place[system.moves.group], size, most, names)


def beside(parts: Sequence[Counters], years: Sequence[int]) -> Counters:
    """Return the counters of problems that stand side by side, one per calendar year.

    Parameters
    ----------
    parts
        Counters of each problem.
    years
        Calendar year of each problem.

    Returns
    -------
    Counters
        Those of the parts one after the other; so are the columns of ``place``.
    """
    first = np.cumsum([0, *(len(p) for p in parts)])[:-1]
    dated = list(zip(parts, years, strict=True))
    return Counters(
        np.concatenate([p.group for p in parts]),
        np.concatenate(
            [
                np.where(p.place == NONE, NONE, p.place + f)
                for p, f in zip(parts, first, strict=True)
            ]
        ),
        np.concatenate([p.size for p in parts]),
        np.concatenate([p.most for p in parts]),
        joined([p.names.in_year(year) for p, year in dated]),
        tuple(year for p, year in dated for _ in range(len(p))),
    )


def least_cost_whole(
    problem: LeastCost,
    counters: Counters,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Return the cheapest mix in which some measures come in whole units.

    Parameters
    ----------
    problem, counters
        Blocks of one year, or of several side by side, and what is counted in them.
    options, currency, margin, interface
        As for :func:`lantian.optimise.procedure.least_cost.least_cost`. The numbers of units are
        always found by HiGHS itself.

    Returns
    -------
    LeastCostResult
        With ``whole``: the bound of the linear program, the numbers of units and the gap.

    Raises
    ------
    NoSolutionError
        As :func:`lantian.optimise.procedure.least_cost.least_cost`.
    """
    settings = options or Options()
    linear = answer_problem(problem, settings, currency, margin, interface)
    margin = margin if linear.diagnosis is None else linear.diagnosis.margin
    search = _Search(problem, counters, settings)
    gap, excess, count, bound = search.best(linear.diagnosis is not None, margin)
    told = _told(linear, gap * search.unit, excess * search.unit, margin) if gap.any() else None
    room = (excess + 2 * TOUCHING * (gap > 0)) * search.unit
    held = replace(
        problem,
        targets=replace(problem.targets, upper=problem.targets.upper + room),
        extra={**problem.extra, "whole": counters.rows(count)},
    )
    answer = answer_problem(held, settings, currency, margin, interface)
    targets = tuple(
        replace(t, max_feasible=before.max_feasible)
        for t, before in zip(answer.targets, linear.targets, strict=True)
    )
    return replace(
        answer,
        targets=targets,
        diagnosis=told or answer.diagnosis,
        solved=search.solved(excess, gap),
        proof=linear.proof,
        whole=_mix(linear, answer, bound, counters, count),
        joint_share=linear.joint_share,
    )


def _mix(
    linear: LeastCostResult,
    answer: LeastCostResult,
    bound: float,
    counters: Counters,
    count: Array,
) -> WholeMix:
    """Costs of the mix in whole units against its two bounds, and the numbers of units."""
    found, least = answer.cost + answer.penalty, linear.cost + linear.penalty
    size = max(abs(found), abs(least), np.finfo(float).tiny)
    return WholeMix(
        least,
        found,
        max(found - least, 0.0) / size,
        max(found - bound, 0.0) / size,
        tuple(counters.units(count)),
    )


def _told(linear: LeastCostResult, gap: Array, excess: Array, margin: float) -> Diagnosis:
    before = linear.diagnosis
    if before is None:
        return Diagnosis((), gap, excess, margin, {})
    return replace(before, gap=gap, excess=excess, margin=margin)


class _Search:
    """The scaled program with a counter per group that comes whole."""

    def __init__(self, problem: LeastCost, counters: Counters, options: Options) -> None:
        self.problem, self.counters, self.options = problem, counters, options
        self.program = pack(problem)
        self.unit = self.program.excess_unit

    def solved(self, excess: Array, gap: Array) -> Solved:
        """Return the program of the cheapest mix for an excess of the targets."""
        program = self._cheapest(excess + TOUCHING * (gap > 0))
        return Solved(self.problem, program, self.counters.names)

    def best(self, out_of_reach: bool, margin: float) -> tuple[Array, Array, Array, float]:
        """Return gap and excess of each target, the numbers of units and the bound of the cost."""
        nothing = np.zeros(len(self.problem.targets))
        if not out_of_reach:
            try:
                return nothing, nothing, *self.cheapest(nothing)
            except InfeasibleError:
                pass  # within reach, but not in whole units
        # The gap in whole units is larger than the linear one: it is sought anew.
        gap = self.smallest_excess()
        excess = with_margin(self.problem, self.program, gap, margin)
        return gap, excess, *self.cheapest(excess + TOUCHING * (gap > 0))

    def cheapest(self, excess: Array) -> tuple[Array, float]:
        """Return the numbers of units of the cheapest mix, and the proven bound of its cost."""
        x, bound = self._solve(self._cheapest(excess))
        return np.round(x[len(self.program.cost) :]), bound * self.program.cost_scale

    def _cheapest(self, excess: Array) -> Program:
        """Return the program whose hard targets may exceed their limits by this much."""
        program, hard = self.program, self.program.hard
        upper = program.upper.copy()
        upper[program.excess[hard]] = excess[hard]
        return self._with_counters(program.cost, upper)

    def smallest_excess(self) -> Array:
        """Return the smallest excess of the hard targets, in the program's units of it."""
        program = self.program
        upper, cost = program.upper.copy(), np.zeros_like(program.cost)
        upper[program.excess[~program.firm]] = np.inf
        cost[program.excess] = np.where(program.hard, 1.0, 0.0)
        x, _ = self._solve(self._with_counters(cost, upper))
        excess = np.where(program.hard, x[program.excess], 0.0)
        return np.where(excess > TOUCHING, excess, 0.0)

    def _solve(self, whole: Program) -> tuple[Array, float]:
        """Return the optimum of a program whose last columns are whole numbers, and its bound."""
        n = len(whole.cost)
        solver: Any = load(whole, self.options, integer=np.arange(n - len(self.counters), n))
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        if status != OPTIMAL:
            raise failure(status, self.options)
        x = np.asarray(solver.getSolution().col_value)
        return x, float(solver.getInfo().mip_dual_bound)

    def _with_counters(self, cost: Array, upper: Array) -> Program:
        """Append the counters, and one row for each: its moves less its units are nothing."""
        program, matrix, counters = self.program, self.program.matrix, self.counters
        (m, n), k = matrix.shape, len(counters)
        place = counters.place[program.moves]
        own = np.flatnonzero(place != NONE)
        scale = power_of_two(counters.size)
        row = np.r_[matrix.row, m + place[own], m + np.arange(k)]
        column = np.r_[matrix.column, own, n + np.arange(k)]
        value = np.r_[
            matrix.value, program.column_scale[own] / scale[place[own]], -counters.size / scale
        ]
        order = np.lexsort((column, row))
        return replace(
            program,
            cost=np.r_[cost, np.zeros(k)],
            lower=np.r_[program.lower, np.zeros(k)],
            upper=np.r_[upper, counters.most],
            matrix=Matrix(row[order], column[order], value[order], (m + k, n + k)),
            row_lower=np.r_[program.row_lower, np.zeros(k)],
            row_upper=np.r_[program.row_upper, np.zeros(k)],
            column_scale=np.r_[program.column_scale, np.ones(k)],
            row_scale=np.r_[program.row_scale, scale],
        )
