"""The least cost as a function of one limit, with all other limits held: exact, or with its bound.

The curve is convex and piecewise linear. Its kinks are found by bisection on slopes: the program is
asked for the cheapest mix when a unit of reduction earns the slope of a chord; if no mix lies below
the chord, the chord is the curve. Every answer also gives a line that the curve cannot cross, so
what is not yet known is bounded at any time. Once the search has spent its solves, it only tightens
the bound: it asks for the cost at limits between the points, as many in each stretch as the bound
needs there, for one limit follows from the next in a few steps
(:mod:`lantian.optimise.analyses.sweep`).

Where nothing couples the measures but the swept target, the curve is the sum of independent parts
and :func:`lantian.optimise.analyses.curve.marginal_cost_curve` has every kink at once; see
:func:`frontier_of_curve`.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Literal

import numpy as np

from lantian.core.system import Array
from lantian.optimise.analyses.curve import CostCurve
from lantian.optimise.analyses.sweep import Level, Side, Sweep, at_once
from lantian.optimise.problem.coefficients import LeastCost
from lantian.optimise.problem.program import Program
from lantian.optimise.solve.highs import Options, Vertex, balanced, unscaled_uptake
from lantian.tolerances import ROUNDING

Precision = Literal["exact", "bounded"]

BOUND = 0.01
"""Guaranteed error of the cost [1] that is good enough once the solves are spent."""
FLOOR = 0.1
"""Costs below this share of the curve's whole rise [1] are bounded in terms of it."""
SOLVES = 60
"""Solves after which a bounded curve will do."""
PARTS = 5
"""Most parts into which a stretch is cut at once: what follows depends on what they show."""


@dataclass(frozen=True)
class Kink:
    """A vertex of the curve; of a bounded curve also a point between two.

    Attributes
    ----------
    value
        Of the swept target [target unit].
    cost
        [currency/a].
    values
        Of all targets of the problem [target unit], dims (target,).
    uptake
        [activity unit], dims (move,).
    """

    value: float
    cost: float
    values: Array
    uptake: Array


@dataclass(frozen=True)
class Frontier:
    """Kinks from the cheapest mix to the lowest value that is possible.

    Attributes
    ----------
    kinks
        In falling order of value.
    price
        Cost of one more unit of reduction between neighbouring kinks, dims (kink - 1,): the slope
        of the chord, which is the shadow price where the stretch is exact.
    gap
        By how much the true cost can lie below the chord [currency/a], dims (kink - 1,); 0 where
        the stretch is exact.
    bound
        Corner of the bound below each stretch: value and cost, dims (kink - 1, 2).
    base
        Value without any move [target unit].
    """

    target: str
    unit: str
    base: float
    kinks: tuple[Kink, ...]
    price: Array
    gap: Array
    bound: Array
    solves: int

    @property
    def precision(self) -> Precision:
        """Whether every kink was found."""
        return "bounded" if self.gap.any() else "exact"

    @property
    def can_change(self) -> bool:
        """Whether any mix brings the target to another value."""
        return self.kinks[-1].value != self.base or self.kinks[0].value != self.base

    def cost(self, limit: float) -> float:
        """Return the cost at a limit [currency/a], an upper bound; infinite where impossible."""
        value = np.array([k.value for k in self.kinks])
        cost = np.array([k.cost for k in self.kinks])
        if limit < value[-1]:
            return np.inf
        return float(np.interp(limit, value[::-1], cost[::-1]))

    def prices(self, limit: float) -> tuple[float, float]:
        """Return what loosening saves and tightening costs per unit; they differ at a kink."""
        value = np.array([k.value for k in self.kinks])
        near = ROUNDING * max(abs(value[0]), abs(value[-1]))
        before = np.flatnonzero(value[:-1] > limit + near)
        after = np.flatnonzero(value[1:] < limit - near)
        looser = float(self.price[before[-1]]) if before.size else 0.0
        tighter = float(self.price[after[0]]) if after.size else np.inf
        return looser, tighter


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Between two kinks: reductions rise from a to b; slopes are known not to cut the curve."""

    a: Kink
    b: Kink
    at_a: float
    at_b: float

    @property
    def slope(self) -> float:
        return (self.b.cost - self.a.cost) / (self.a.value - self.b.value)

    def corner(self) -> tuple[float, float]:
        """Return where the bounds from both ends meet: value and cost."""
        if not self.gap() or not np.isfinite(self.at_b):
            reduction = self.a.value - self.b.value
            return self.b.value, self.b.cost - (self.slope - self.at_a) * reduction * (
                self.gap() > 0
            )
        reduction = self.gap() / (self.slope - self.at_a)
        return self.a.value - reduction, self.a.cost + self.at_a * reduction

    def limits(self, ratio: float) -> list[float]:
        """Return values at which to solve, for a gap that is ``ratio`` times what it may be.

        A chord's distance falls with the square of its width. One solve does most where the
        bounds meet.
        """
        parts = min(ceil(sqrt(ratio)), PARTS)
        if parts <= 2 and np.isfinite(self.at_b):
            return [self.corner()[0]]
        width = self.a.value - self.b.value
        return [self.a.value - width * k / parts for k in range(1, parts)]

    def at(self, middle: Kink, price: float) -> "tuple[_Stretch, _Stretch]":
        """Return the parts on both sides of a point whose bound has the slope ``price``."""
        first = _Stretch(self.a, middle, self.at_a, price)
        return first, _Stretch(middle, self.b, price, self.at_b)

    def gap(self) -> float:
        """Return the largest distance of the chord to the bounds from both ends [currency/a]."""
        left, right = self.slope - self.at_a, self.at_b - self.slope
        width = self.a.value - self.b.value
        if left <= ROUNDING * abs(self.slope) or right <= ROUNDING * abs(self.slope):
            return 0.0
        if not np.isfinite(right):
            return float(left * width)
        return float(width * left * right / (left + right))


def cost_frontier(
    problem: LeastCost,
    target: int,
    options: Options | None = None,
    solves: int = SOLVES,
    bound: float = BOUND,
    end: float | None = None,
) -> Frontier:
    """Return the least cost of every value of one target, all other limits held.

    Parameters
    ----------
    problem
        Its limit of the swept target is ignored.
    target
        Position of the target.
    options
        Solver settings.
    solves
        How many solves may be spent on finding every kink.
    bound
        Guaranteed error [1, of the cost above the cheapest mix] at which the search stops after
        that.
    end
        Value at which the curve ends [target unit]; the lowest that is possible if None. The last
        part before that is often steep without end and takes many solves to bound.

    Returns
    -------
    Frontier
        Kinks from the cheapest mix on [target unit], [currency/a].

    Raises
    ------
    NoSolutionError
        If the other limits or the end cannot be held, or an answer cannot be verified.
    """
    return _Search(Sweep(problem, target, options)).run(solves, bound, end)


def frontier_of_curve(curve: CostCurve, target: str, base: float, held: float = 0.0) -> Frontier:
    """Return the marginal cost curve of one target as a frontier; it has every kink.

    Parameters
    ----------
    curve
        Of method ``integrated``.
    target
        Id of the target.
    base
        Value where the curve begins [target unit].
    held
        Cost of the mix where it begins [currency/a].

    Returns
    -------
    Frontier
        Kinks from the cheapest mix on [target unit], [currency/a].
    """
    steps = [s for s in curve.steps if s.width > 0]
    # What saves money is done in any case: the curve begins at the cheapest mix.
    free = [s for s in steps if s.unit_cost <= 0]
    paid = [s for s in steps if s.unit_cost > 0]
    value = base - sum(s.width for s in free)
    cost = held + sum(s.width * s.unit_cost for s in free)
    nothing = np.zeros(0)
    kinks = [Kink(value, cost, np.array([value]), nothing)]
    price: list[float] = []
    for step in paid:
        value, cost = value - step.width, cost + step.width * step.unit_cost
        kink = Kink(value, cost, np.array([value]), nothing)
        if price and abs(step.unit_cost - price[-1]) <= ROUNDING * abs(price[-1]):
            kinks[-1] = kink
            continue
        kinks.append(kink)
        price.append(step.unit_cost)
    return Frontier(
        target,
        curve.unit,
        base,
        tuple(kinks),
        np.array(price),
        np.zeros(len(price)),
        _ends(kinks),
        0,
    )


def _ends(kinks: list[Kink]) -> Array:
    return np.array([(k.value, k.cost) for k in kinks[1:]]).reshape(-1, 2)


@dataclass(frozen=True)
class Bend:
    """Both ends of a cost curve, and where it becomes steep.

    Attributes
    ----------
    first, last
        The cheapest mix, and the cheapest of those with the lowest value; the same kink where the
        curve has no stretch.
    knee
        Last kink before the first stretch that is as steep as was asked; ``last`` if there is none.
    mean
        Cost of a unit of reduction over the whole curve [currency/a per target unit]; 0 without a
        stretch.
    """

    first: Kink
    last: Kink
    knee: Kink
    mean: float


def bend_of(problem: LeastCost, target: int, steep: float, options: Options | None = None) -> Bend:
    """Return where the cost curve of a target becomes steep: exactly, without its other kinks.

    Parameters
    ----------
    problem
        Its limit of the swept target is ignored.
    target
        Position of the target.
    steep
        Multiple of the mean cost of a unit of reduction [1] from which on a stretch is steep.
    options
        Solver settings.

    Returns
    -------
    Bend
        Ends and knee [target unit], [currency/a].

    Raises
    ------
    NoSolutionError
        If the other limits cannot be held, or an answer cannot be verified.
    """
    return _Search(Sweep(problem, target, options)).bend(steep)


class _Search:
    """Bisection on slopes over one live program, then on limits over two."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep, self.problem, self.target = sweep, sweep.problem, sweep.target
        self.program = sweep.program
        self.cut = _cut(self.program, self.target)
        """Reduction of the target per unit of each column [target unit, scaled as its row]."""

    def bend(self, steep: float) -> Bend:
        """Return both ends and the knee: the mix that is cheapest if reductions earn its slope."""
        first, (last, _) = at_once(self._start, lambda: self._end(None))
        if not _apart(first, last):
            return Bend(first, first, first, 0.0)
        mean = (last.cost - first.cost) / (first.value - last.value)
        # Of equally good mixes the one with the least reduction: a stretch of this very slope is
        # steep already.
        knee = self._lexicographic(self.sweep.loose, self._earning(steep * mean), self.cut)
        return Bend(first, last, knee if knee.value > last.value else last, mean)

    def run(self, solves: int, bound: float, end: float | None) -> Frontier:
        start, (last, steepest) = at_once(self._start, lambda: self._end(end))
        if not _apart(start, last):
            return self._frontier([], start)
        whole = _Stretch(start, last, 0.0, steepest)
        known, waiting = self._bisect(whole, solves)
        while wide := [s for s in waiting if _ratio(s, whole) > bound]:
            parts = [*self._tighten(wide, whole, bound)]
            known += [s for s in waiting if _ratio(s, whole) <= bound]
            # What a point inside no longer divides is as narrow as rounding.
            known += [s for s in wide if s in parts]
            waiting = [s for s in parts if s not in wide]
        return self._frontier([*known, *waiting], start)

    def _bisect(self, whole: _Stretch, solves: int) -> tuple[list[_Stretch], list[_Stretch]]:
        """Split by slope, widest first: exact stretches, and what is left when all is spent."""
        waiting = [(-_ratio(whole, whole), -whole.a.value, whole)]
        known: list[_Stretch] = []
        while waiting and self.sweep.solves < solves:
            for part in self._split(heapq.heappop(waiting)[2]):
                if part.gap() > 0:
                    # Of equal ones the cheapest.
                    heapq.heappush(waiting, (-_ratio(part, whole), -part.a.value, part))
                else:
                    known.append(part)
        return known, [s for *_, s in waiting]

    def _tighten(self, wide: list[_Stretch], whole: _Stretch, bound: float) -> Iterator[_Stretch]:
        """Cut stretches at limits."""
        asked = {s.a.value: s.limits(_ratio(s, whole) / bound) for s in wide}
        levels = self.sweep.at([v for limits in asked.values() for v in limits])
        points = {level.limit: self._point(level) for level in levels}
        for rest in wide:
            for limit in asked[rest.a.value]:
                kink, price = points[limit]
                if rest.b.value < kink.value < rest.a.value:
                    done, rest = rest.at(kink, price)
                    yield done
            yield rest

    def _point(self, level: Level) -> tuple[Kink, float]:
        return self._kink(level.vertex), level.price

    def _split(self, s: _Stretch) -> tuple[_Stretch, ...]:
        """Ask for the mix farthest below the chord; none: the chord is the curve."""
        slope = s.slope
        middle = self._cheapest(slope)
        inside = s.b.value < middle.value < s.a.value
        chord = s.a.cost + slope * (s.a.value - middle.value)
        size = abs(s.a.cost) + abs(s.b.cost) + abs(middle.cost)
        if not inside or chord - middle.cost <= ROUNDING * size:
            return (replace(s, at_a=slope, at_b=slope),)
        return s.at(middle, slope)

    def _start(self) -> Kink:
        """Cheapest mix, and of these the one with the lowest value."""
        return self._lexicographic(self.sweep.loose, self.program.cost, -self.cut)

    def _end(self, value: float | None) -> tuple[Kink, float]:
        """Cheapest mix at a value, or at the lowest that is possible, and the price there."""
        sweep = self.sweep
        if value is None:
            return self._lexicographic(sweep.tight, -self.cut, self.program.cost), np.inf
        return self._point(sweep.solve(sweep.tight, [value])[0])

    def _lexicographic(self, side: Side, first: Array, second: Array) -> Kink:
        session = side.session
        bounds = session.lower, session.upper, session.row_lower, session.row_upper
        session.set_cost(first)
        best = session.solve()
        if first is self.program.cost:
            side.bases[np.inf] = session.basis()
        session.restrict_to_optima(best)
        session.set_cost(balanced(second))
        vertex = session.solve(primal=True)
        session.set_columns(*bounds[:2])
        session.set_rows(*bounds[2:])
        return self._kink(vertex)

    def _cheapest(self, slope: float) -> Kink:
        session = self.sweep.loose.session
        session.set_cost(self._earning(slope))
        return self._kink(session.solve(primal=True))

    def _earning(self, slope: float) -> Array:
        """Return the cost of the columns when a unit of reduction earns a slope, balanced."""
        scaled = slope * self.sweep.unit / self.program.cost_scale
        return balanced(self.program.cost - scaled * self.cut)

    def _kink(self, vertex: Vertex) -> Kink:
        uptake = unscaled_uptake(self.problem, self.program, vertex.x)
        values = self.problem.base + self.problem.targets.times(uptake)
        # Soft targets: what their excess costs belongs to the cost that is minimised.
        cost = float(self.program.cost @ vertex.x) * self.program.cost_scale
        return Kink(float(values[self.target]), cost, values, uptake)

    def _frontier(self, stretches: list[_Stretch], start: Kink) -> Frontier:
        stretches.sort(key=lambda s: -s.a.value)
        merged = _merged(stretches)
        kinks = (start, *(s.b for s in merged))
        return Frontier(
            self.problem.target_ids[self.target],
            self.problem.unit[self.target],
            float(self.problem.base[self.target]),
            kinks,
            np.array([s.slope for s in merged]),
            np.array([s.gap() for s in merged]),
            np.array([s.corner() for s in merged]).reshape(-1, 2),
            self.sweep.solves,
        )


def _apart(start: Kink, last: Kink) -> bool:
    """Whether the values of both ends differ by more than rounding."""
    return start.value - last.value > ROUNDING * max(abs(start.value), abs(last.value))


def _ratio(s: _Stretch, whole: _Stretch) -> float:
    """Return the gap of a stretch relative to its cost above the cheapest mix."""
    rise = whole.b.cost - whole.a.cost
    size = max(s.a.cost - whole.a.cost, FLOOR * rise)
    return s.gap() / size if size > 0 else 0.0


def _merged(stretches: list[_Stretch]) -> list[_Stretch]:
    """Put exact neighbours of one slope together."""
    done: list[_Stretch] = []
    for s in stretches:
        last = done[-1] if done else None
        if (
            last is not None
            and s.gap() == 0
            and last.gap() == 0
            and abs(s.slope - last.slope) <= ROUNDING * abs(s.slope)
        ):
            done[-1] = replace(s, a=last.a, at_a=last.at_a)
        else:
            done.append(s)
    return done


def _cut(program: Program, target: int) -> Array:
    cut = -program.matrix.of_row(program.target[target])
    cut[len(program.moves) :] = 0.0
    return cut
