"""The least cost as a function of one limit, with all other limits held: exact, or with its bound.

The curve is convex and piecewise linear. Its kinks are found by bisection on slopes: the program is
asked for the cheapest mix when a unit of reduction earns the slope of a chord; if no mix lies below
the chord, the chord is the curve. Every answer also gives a line that the curve cannot cross, so
what is not yet known is bounded at any time: the search stops when every kink is found, or, once it
has spent its solves, as soon as the bound is tight enough. One live program answers all questions.

Where nothing couples the measures but the swept target, the curve is the sum of independent parts
and :func:`lantian.optimise.curve.marginal_cost_curve` has every kink at once; see
:func:`frontier_of_curve`.
"""

import heapq
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lantian.core.system import Array
from lantian.optimise.coefficients import LeastCost
from lantian.optimise.curve import CostCurve
from lantian.optimise.highs import Options, Session, Vertex, unpack
from lantian.optimise.program import Program, pack

Precision = Literal["exact", "bounded"]

BELOW = 1e-9
"""How far below a chord a mix must lie to be a kink [1, relative to the chord's costs]."""
SAME_SLOPE = 1e-9
"""Relative difference of two slopes that is rounding."""
BOUND = 0.01
"""Guaranteed error of the cost [1] that is good enough once the solves are spent."""
FLOOR = 0.1
"""Costs below this share of the curve's whole rise [1] are bounded in terms of it."""
SOLVES = 60
"""Solves after which a bounded curve will do."""


@dataclass(frozen=True)
class Kink:
    """A vertex of the curve.

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
        near = SAME_SLOPE * max(abs(value[0]), abs(value[-1]))
        before = np.flatnonzero(value[:-1] > limit + near)
        after = np.flatnonzero(value[1:] < limit - near)
        looser = float(self.price[before[-1]]) if before.size else 0.0
        tighter = float(self.price[after[0]]) if after.size else np.inf
        return looser, tighter


@dataclass(frozen=True)
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

    def gap(self) -> float:
        """Return the largest distance of the chord to the bounds from both ends [currency/a]."""
        left, right = self.slope - self.at_a, self.at_b - self.slope
        width = self.a.value - self.b.value
        if left <= SAME_SLOPE * abs(self.slope) or right <= SAME_SLOPE * abs(self.slope):
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
    until: float = 1.0,
) -> Frontier:
    """Return the least cost of every value of one target, all other limits held.

    Parameters
    ----------
    problem
        Its limit of the swept target is ignored.
    target
        Position of the target.
    solves
        How many solves may be spent on finding every kink.
    bound
        Guaranteed error [1, of the cost above the cheapest mix] at which the search stops after
        that.
    until
        Share of the possible reduction [1] at which the curve ends. The last part before the
        maximum is often steep without end and takes many solves to bound.

    Raises
    ------
    NoSolutionError
        If the other limits cannot be held, or an answer cannot be verified.
    """
    search = _Search(_without_limit(problem, target), target, options or Options())
    return search.run(solves, bound, until)


def frontier_of_curve(curve: CostCurve, target: str, base: float, held: float = 0.0) -> Frontier:
    """Return the marginal cost curve of one target as a frontier; it has every kink.

    Parameters
    ----------
    curve
        Of method ``integrated``.
    base
        Value where the curve begins [target unit].
    held
        Cost of the mix where it begins [currency/a].
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
        if price and abs(step.unit_cost - price[-1]) <= SAME_SLOPE * abs(price[-1]):
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


def _without_limit(problem: LeastCost, target: int) -> LeastCost:
    upper = problem.targets.upper.copy()
    upper[target] = np.inf
    return replace(problem, targets=replace(problem.targets, upper=upper))


class _Search:
    """Bisection on slopes over one live program."""

    def __init__(self, problem: LeastCost, target: int, options: Options) -> None:
        self.problem, self.target = problem, target
        self.program = pack(problem)
        self.session = Session(self.program, options)
        self.cut = _cut(self.program, target)
        """Reduction of the target per unit of each column [target unit, scaled as its row]."""
        self.unit = float(self.program.row_scale[self.program.target[target]])

    def run(self, solves: int, bound: float, until: float) -> Frontier:
        start, end = self._start(), self._end(until >= 1)
        if not start.value - end.value > BELOW * max(abs(start.value), abs(end.value)):
            return self._frontier([], start)
        steepest = np.inf
        if until < 1:
            end, steepest = self._limited(start.value + until * (end.value - start.value))
        first = _Stretch(start, end, 0.0, steepest)
        rise = end.cost - start.cost
        waiting = [self._entry(first, start.cost, rise)]
        known: list[_Stretch] = []
        while waiting:
            if self.session.solves >= solves and -waiting[0][0] <= bound:
                break
            stretch = heapq.heappop(waiting)[2]
            parts = self._split(stretch)
            for part in parts:
                if part.gap() > 0:
                    heapq.heappush(waiting, self._entry(part, start.cost, rise))
                else:
                    known.append(part)
        return self._frontier([*known, *(w[2] for w in waiting)], start)

    def _entry(self, s: _Stretch, lowest: float, rise: float) -> tuple[float, float, _Stretch]:
        """Widest relative gap first; of equal ones the cheapest."""
        size = max(s.a.cost - lowest, FLOOR * rise)
        return -s.gap() / size if size > 0 else 0.0, -s.a.value, s

    def _split(self, s: _Stretch) -> list[_Stretch]:
        """Ask for the mix farthest below the chord; none: the chord is the curve."""
        slope = s.slope
        middle = self._cheapest(slope)
        inside = s.b.value < middle.value < s.a.value
        chord = s.a.cost + slope * (s.a.value - middle.value)
        size = abs(s.a.cost) + abs(s.b.cost) + abs(middle.cost)
        if not inside or chord - middle.cost <= BELOW * size:
            return [replace(s, at_a=slope, at_b=slope)]
        return [_Stretch(s.a, middle, s.at_a, slope), _Stretch(middle, s.b, slope, s.at_b)]

    def _start(self) -> Kink:
        """Cheapest mix, and of these the one with the lowest value."""
        return self._lexicographic(self.program.cost, -self.cut)

    def _end(self, cheapest: bool) -> Kink:
        """Lowest value, and of these, if that matters, the cheapest mix."""
        if cheapest:
            return self._lexicographic(-self.cut, self.program.cost)
        self.session.set_cost(_balanced(-self.cut))
        return self._kink(self.session.solve())

    def _limited(self, limit: float) -> tuple[Kink, float]:
        """Cheapest mix at a limit, and the price there."""
        session, program = self.session, self.program
        row, before = int(program.target[self.target]), session.row_upper
        upper = before.copy()
        upper[row] = (limit - self.problem.base[self.target]) / self.unit
        session.set_rows(session.row_lower, upper)
        session.set_cost(program.cost)
        vertex = session.solve()
        session.set_rows(session.row_lower, before)
        price = -float(vertex.price[row]) * program.cost_scale / self.unit
        return self._kink(vertex), price

    def _lexicographic(self, first: Array, second: Array) -> Kink:
        session = self.session
        bounds = session.lower, session.upper, session.row_lower, session.row_upper
        session.set_cost(first)
        session.restrict_to_optima(session.solve())
        session.set_cost(_balanced(second))
        vertex = session.solve()
        session.set_columns(*bounds[:2])
        session.set_rows(*bounds[2:])
        return self._kink(vertex)

    def _cheapest(self, slope: float) -> Kink:
        scaled = slope * self.unit / self.program.cost_scale
        self.session.set_cost(_balanced(self.program.cost - scaled * self.cut))
        return self._kink(self.session.solve())

    def _kink(self, vertex: Vertex) -> Kink:
        uptake = unpack(self.problem, self.program, vertex).uptake
        values = self.problem.base + self.problem.targets.times(uptake)
        # Soft targets: what their excess costs belongs to the cost that is minimised.
        cost = float(self.program.cost @ vertex.x) * self.program.cost_scale
        return Kink(float(values[self.target]), cost, values, uptake)

    def _frontier(self, stretches: list[_Stretch], start: Kink) -> Frontier:
        stretches.sort(key=lambda s: -s.a.value)
        merged = _merged(stretches)
        kinks = (start, *(s.b for s in merged))
        return Frontier(
            self.problem.targets.names[self.target],
            self.problem.unit[self.target],
            float(self.problem.base[self.target]),
            kinks,
            np.array([s.slope for s in merged]),
            np.array([s.gap() for s in merged]),
            np.array([s.corner() for s in merged]).reshape(-1, 2),
            self.session.solves,
        )


def _merged(stretches: list[_Stretch]) -> list[_Stretch]:
    """Put exact neighbours of one slope together."""
    done: list[_Stretch] = []
    for s in stretches:
        last = done[-1] if done else None
        if (
            last is not None
            and s.gap() == 0
            and last.gap() == 0
            and abs(s.slope - last.slope) <= SAME_SLOPE * abs(s.slope)
        ):
            done[-1] = replace(s, a=last.a, at_a=last.at_a)
        else:
            done.append(s)
    return done


def _cut(program: Program, target: int) -> Array:
    entries = program.matrix.row == program.target[target]
    cut = np.zeros_like(program.cost)
    cut[program.matrix.column[entries]] = -program.matrix.value[entries]
    cut[len(program.moves) :] = 0.0
    return cut


def _balanced(cost: Array) -> Array:
    """Bring the largest cost to 1, so that the solver's tolerance means the same at every slope."""
    size = np.abs(cost).max(initial=0.0)
    return cost / size if size > 0 else cost
