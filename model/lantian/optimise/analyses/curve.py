"""The marginal cost curve of one target: exact, or the simple list of measures one by one.

Method ``integrated``: the least cost as a function of the reduction is convex and piecewise
linear. Without a common target the program falls apart into independent parts (mostly one per
source), so the whole curve is the parts' curves sorted by slope. Each part's kinks are found by
bisection on slopes: a chord is exact if no point lies below it. All parts are asked at once, each
at its own price, in one solve of the kept program.

Method ``alone``: each measure on the baseline, as if there were no other. The sum of its widths
can exceed what is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lantian.core.rounds import ratio
from lantian.core.system import NOWHERE, Array, Index, System, sum_by
from lantian.optimise.problem.coefficients import LeastCost, Targets, build_least_cost
from lantian.optimise.problem.program import Program, pack, with_moves
from lantian.optimise.solve.highs import Options, Session
from lantian.tolerances import ROUNDING

Method = Literal["integrated", "alone"]


@dataclass(frozen=True)
class Step:
    """One stretch of constant unit cost.

    Attributes
    ----------
    group
        Position of the group that brings most of the reduction in this stretch.
    width
        Reduction [target unit].
    unit_cost
        [currency per target unit]; negative where the measure saves money.
    replaced
        Positions of the groups of that part whose uptake falls in this stretch.
    """

    group: int
    width: float
    unit_cost: float
    replaced: tuple[int, ...] = ()


@dataclass(frozen=True)
class CostCurve:
    """Steps in rising order of unit cost, the method, and the measures left out: cost unknown."""

    method: Method
    unit: str
    steps: tuple[Step, ...]
    unknown_cost: tuple[int, ...]

    def cost(self, reduction: float) -> float:
        """Return the cost of a reduction [currency/a]; infinite beyond the last step."""
        width = np.array([s.width for s in self.steps])
        price = np.array([s.unit_cost for s in self.steps])
        if reduction > width.sum() * (1 + ROUNDING):
            return np.inf
        before = np.cumsum(width) - width
        return float(price @ np.clip(reduction - before, 0.0, width))


NARROWED = 0.7
"""Share of the columns [1] below which those still asked for get a program of their own."""


@dataclass(frozen=True)
class _Point:
    """A vertex of one part: reduction [target unit], cost [currency/a], uptake of its moves."""

    reduction: float
    cost: float
    uptake: Array


def marginal_cost_curve(
    system: System,
    year: int,
    targets: Targets,
    *,
    target: int = 0,
    committed: Array | None = None,
    method: Method = "integrated",
    options: Options | None = None,
    closed: Sequence[int] = (),
) -> CostCurve:
    """Return the marginal cost curve of one target, from the baseline to its maximum.

    Parameters
    ----------
    system, year, targets, committed
        As for :func:`lantian.optimise.problem.coefficients.build_least_cost`; limits are ignored.
    target
        Position of the target whose reduction is swept.
    method
        ``integrated`` or ``alone``, see the module.
    options
        Solver settings.
    closed
        Positions of groups that are not offered.

    Returns
    -------
    CostCurve
        Steps with their width [target unit] and unit cost [currency/a per target unit], in rising
        order of cost.
    """
    only = replace(targets.one(target), limit=np.array([np.inf]), price=None)
    shut = np.asarray(closed, np.int64)
    problem = build_least_cost(system, year, only, committed=committed, closed=shut)
    rows = problem.targets
    cut = np.zeros(len(system.moves))
    cut[rows.column] = -rows.value
    if method == "alone":
        steps = _alone(system, problem, cut)
    else:
        steps = _integrated(system, problem, cut, options or Options())
    steps.sort(key=lambda s: (s.unit_cost, _ids(system, s.group)))
    unknown = np.unique(system.groups.measure[system.moves.group[problem.variables.fixed]])
    return CostCurve(method, only.unit[0], tuple(steps), tuple(unknown.tolist()))


def independent_parts(system: System) -> Index:
    """Return the part of each move: parts share no state and no group. Dims (move,).

    What follows another source is in the part of that.
    """
    moves, followers = system.moves, system.followers
    led = followers.group >= 0
    follows, leads = moves.group[followers.move[led]], followers.group[led]
    state = np.arange(len(system.states))
    group = np.full(len(system.groups), len(state))
    inside = moves.target != NOWHERE
    while True:
        before = state.copy()
        np.minimum.at(group, moves.group, state[moves.origin])
        np.minimum.at(group, moves.group[inside], state[moves.target[inside]])
        np.minimum.at(group, follows, group[leads])
        np.minimum.at(group, leads, group[follows])
        np.minimum.at(state, moves.origin, group[moves.group])
        np.minimum.at(state, moves.target[inside], group[moves.group[inside]])
        if np.array_equal(state, before):
            return np.asarray(state[moves.origin], dtype=np.int64)


def _alone(system: System, problem: LeastCost, cut: Array) -> list[Step]:
    """Each group over its from-states that hold activity, as far as its reach goes."""
    moves, variables = system.moves, problem.variables
    cut = _with_followers(problem, cut)
    usable = (cut > 0) & ~variables.fixed & (variables.capacity > 0)
    stock = np.zeros(len(system.states))
    stock[np.unique(problem.states.row)] = 0.0
    state = np.unique(moves.origin)
    stock[state] = np.maximum(-problem.states.lower, 0.0)
    amount = np.where(usable, np.minimum(stock[moves.origin], variables.upper), 0.0)
    total = sum_by(amount, moves.group, len(system.groups))
    share = np.minimum(1.0, ratio(problem.reach.upper, total))
    amount *= share[moves.group]
    width = sum_by(amount * cut, moves.group, len(system.groups))
    cost = sum_by(amount * variables.cost, moves.group, len(system.groups))
    return [
        Step(int(g), float(width[g]), float(cost[g] / width[g])) for g in np.flatnonzero(width > 0)
    ]


def _with_followers(problem: LeastCost, cut: Array) -> Array:
    """Return what each move cuts with all that follows it, which cuts nothing by itself."""
    rows = problem.extra.get("follows")
    if rows is None:
        return cut
    lead = rows.value < 0
    follower = np.zeros(len(rows), dtype=np.int64)
    follower[rows.row[~lead]] = rows.column[~lead]
    result = cut.copy()
    result[follower] = 0.0
    np.add.at(result, rows.column[lead], -rows.value[lead] * cut[follower[rows.row[lead]]])
    return result


def _integrated(system: System, problem: LeastCost, cut: Array, options: Options) -> list[Step]:
    program = pack(problem)
    if not cut[program.moves].any():
        return []
    sweep = _Sweep(problem, program, Session(program, options), cut, independent_parts(system))
    steps = []
    for left, right, moves in sweep.segments():
        change = right.uptake - left.uptake
        width = right.reduction - left.reduction
        unit_cost = (right.cost - left.cost) / width
        steps.append(_step(system, moves, change, cut[moves], width, unit_cost))
    return steps


def _step(
    system: System, moves: Index, change: Array, cut: Array, width: float, unit_cost: float
) -> Step:
    groups, position = np.unique(system.moves.group[moves], return_inverse=True)
    brought = np.bincount(position, change * cut)
    net = np.bincount(position, change)
    leading = int(groups[brought.argmax()])
    falling = groups[net < -ROUNDING * np.abs(net).max()]
    return Step(leading, width, unit_cost, tuple(falling.tolist()))


def _ids(system: System, group: int) -> tuple[str, str]:
    """Return measure and source of a group: their order is that of steps of one unit cost."""
    groups = system.groups
    return system.measures[groups.measure[group]], system.sources.id[groups.source[group]]


class _Sweep:
    """Bisection on slopes, all parts at once."""

    def __init__(
        self, problem: LeastCost, program: Program, session: Session, cut: Array, part: Index
    ) -> None:
        self.program, self.session = program, session
        names, self.part = np.unique(part[program.moves], return_inverse=True)
        self.count = len(names)
        self.members = self._members()
        self.moves = [program.moves[members] for members in self.members]
        scale = program.column_scale[: len(program.moves)]
        self.cut = cut[program.moves] * scale
        self.cost = problem.variables.cost[program.moves] * scale

    def segments(self) -> list[tuple[_Point, _Point, Index]]:
        """Return all stretches between neighbouring kinks, with the moves of their part."""
        start, end = self._start(), self._end()
        open_chords = [
            [(a, b)] if b.reduction > a.reduction else [] for a, b in zip(start, end, strict=True)
        ]
        done = []
        while any(open_chords):
            # Parts do not see one another: one solve answers a question of each of them.
            asked = {k: chords.pop() for k, chords in enumerate(open_chords) if chords}
            self._narrow(list(asked))
            found = self._solve({k: _slope(a, b) for k, (a, b) in asked.items()})
            for k, (a, b) in asked.items():
                middle = found[k]
                if _below(a, b, middle):
                    open_chords[k] += [(a, middle), (middle, b)]
                else:
                    done.append((a, b, self.moves[k]))
        return done

    def _members(self) -> list[Index]:
        """Return the columns of each part."""
        order = np.argsort(self.part, kind="stable")
        sizes = np.bincount(self.part, minlength=self.count)
        return np.split(order, np.cumsum(sizes)[:-1])

    def _narrow(self, parts: Sequence[int]) -> None:
        """Go on with the columns of some parts, where others are most of them.

        What is done costs time in every solve; a new session must begin from nothing.
        """
        kept = np.isin(self.part, parts)
        if kept.mean() > NARROWED:
            return
        self.program = with_moves(self.program, kept)
        self.session = Session(self.program, self.session.options)
        self.part, self.cut, self.cost = self.part[kept], self.cut[kept], self.cost[kept]
        self.members = self._members()

    def _start(self) -> list[_Point]:
        x = self.program.lower[: len(self.program.moves)]
        return self._points(x)

    def _end(self) -> list[_Point]:
        """Largest reduction, and of all such mixes the cheapest."""
        session = self.session
        with session.limits_kept():
            session.set_cost(self._balanced(-self.cut))
            session.restrict_to_optima(session.solve())
            session.set_cost(self._balanced(self.cost))
            return self._points(session.solve().x)

    def _solve(self, price: dict[int, float]) -> dict[int, _Point]:
        """Cheapest vertex of each part when a unit of reduction earns the part's price.

        Parts without a question cost nothing and stay where they are.
        """
        prices, asked = np.zeros(self.count), np.zeros(self.count)
        prices[list(price)], asked[list(price)] = list(price.values()), 1.0
        cost = asked[self.part] * (self.cost - prices[self.part] * self.cut)
        self.session.set_cost(self._balanced(cost))
        begun = self.session.solves > 0
        found = self._points(self.session.solve(primal=begun).x, list(price))
        return dict(zip(price, found, strict=True))

    def _points(self, x: Array, parts: Sequence[int] | None = None) -> list[_Point]:
        """Return where some parts stand, all by default."""
        x = x[: len(self.program.moves)]
        reduction = np.bincount(self.part, self.cut * x, minlength=self.count)
        cost = np.bincount(self.part, self.cost * x, minlength=self.count)
        uptake = x * self.program.column_scale[: len(x)]
        return [
            _Point(float(reduction[k]), float(cost[k]), uptake[self.members[k]])
            for k in (range(self.count) if parts is None else parts)
        ]

    def _balanced(self, cost: Array) -> Array:
        """Bring the costs of every part to the same size: parts do not see one another."""
        size = np.zeros(self.count)
        np.maximum.at(size, self.part, np.abs(cost))
        own = ratio(cost, size[self.part], 0.0)
        return np.concatenate([own, np.zeros(len(self.program.cost) - len(cost))])


def _slope(a: _Point, b: _Point) -> float:
    return (b.cost - a.cost) / (b.reduction - a.reduction)


def _below(a: _Point, b: _Point, middle: _Point) -> bool:
    """Whether a point between two others lies below their chord by more than rounding."""
    if not a.reduction < middle.reduction < b.reduction:
        return False
    chord = a.cost + _slope(a, b) * (middle.reduction - a.reduction)
    return chord - middle.cost > ROUNDING * (abs(a.cost) + abs(b.cost) + abs(middle.cost))
