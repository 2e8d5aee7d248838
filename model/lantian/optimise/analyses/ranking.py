"""How measures are picked today, on the same system, to compare with the least-cost mix.

*Ranked by average cost*: cheapest yuan per t of one pollutant first, until its limit is met.
*Largest reduction per source*: each source gets the measure that removes most (the rule of the
US EPA's Control Strategy Tool). Neither sees that measures share activity, serve several targets
or are cheaper in another order; the difference to the least-cost mix is what that costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lantian.core.rounds import ratio
from lantian.core.system import NOWHERE, Array, Index, System, shift_activity, sum_by
from lantian.optimise.problem.coefficients import LeastCost, Targets, build_least_cost
from lantian.tolerances import LOOSENED

NONE = -1
"""No measure."""


@dataclass(frozen=True)
class Ranked:
    """A mix picked by a rule.

    Attributes
    ----------
    uptake
        [activity unit], dims (move,).
    cost
        [currency/a].
    value
        Of each target [target unit], dims (target,).
    met
        Whether each target is met, dims (target,).
    order
        Positions of the moves taken, in order.
    """

    uptake: Array
    cost: float
    value: Array
    met: np.ndarray[tuple[int], np.dtype[np.bool_]]
    order: tuple[int, ...]


@dataclass(frozen=True)
class Selection:
    """Largest reduction per source; ``measure`` is :data:`NONE` where none applies.

    Attributes
    ----------
    reduction
        Share removed [1], dims (source,).
    tonnes
        Removed [t], dims (source,).
    cost
        [currency], dims (source,).
    """

    measure: Index
    reduction: Array
    tonnes: Array
    cost: Array


def largest_reduction_per_source(
    emissions: ArrayLike,
    applicable: ArrayLike,
    efficiency: ArrayLike,
    *,
    cost_per_tonne: ArrayLike,
    rule_effectiveness: ArrayLike = 1.0,
    rule_penetration: ArrayLike = 1.0,
    price_index: ArrayLike = 1.0,
) -> Selection:
    """Give every source the applicable measure with the largest reduction.

    Parameters
    ----------
    emissions
        Of the pollutant aimed at [t], dims (source,).
    applicable
        Whether a measure applies, dims (measure, source).
    efficiency, rule_effectiveness, rule_penetration
        Shares [1], dims (measure,); their product is the reduction.
    cost_per_tonne
        [currency of the measure's cost year per t], dims (measure,).
    price_index
        Price level of the wanted year over that of the measure's, dims (measure,).

    Returns
    -------
    Selection
        Of equal reductions the cheaper is taken, then the first.

    References
    ----------
    US EPA, Control Strategy Tool, strategy type "maximum emissions reduction".
    """
    tonnes = np.asarray(emissions, float)
    usable = np.asarray(applicable, bool)
    removed = np.asarray(efficiency, float) * rule_effectiveness * np.asarray(rule_penetration)
    price = np.asarray(cost_per_tonne, float) * np.asarray(price_index, float)
    order = np.lexsort((price, -removed))
    applies = usable[order] & (removed[order] > 0)[:, None]
    chosen = np.where(applies.any(axis=0), order[applies.argmax(axis=0)], NONE)
    has = chosen != NONE
    reduction = np.where(has, removed[chosen], 0.0)
    cut = tonnes * reduction
    return Selection(chosen, reduction, cut, np.where(has, price[chosen], 0.0) * cut)


def ranked_by_average_cost(
    system: System,
    year: int,
    targets: Targets,
    target: int,
    committed: Array | None = None,
    closed: Sequence[int] = (),
) -> Ranked:
    """Take moves by cost per reduction of one target until its limit is met or nothing is left.

    Parameters
    ----------
    system, year, targets, committed
        As for :func:`lantian.optimise.problem.coefficients.build_least_cost`.
    target
        Position of the target that ranks the moves.
    closed
        Positions of groups that are not offered.

    Returns
    -------
    Ranked
        The mix, its cost [currency/a] and what it reaches [target unit].
    """
    shut = np.asarray(closed, np.int64)
    problem = build_least_cost(system, year, targets, committed=committed, closed=shut)
    effect = effect_on(problem, target)
    wanted = float(-problem.targets.upper[target]) if len(targets) else 0.0
    return _take(system, year, problem, by_average_cost(problem, effect), effect, wanted)


def ranked_by_largest_reduction(
    system: System,
    year: int,
    targets: Targets,
    target: int,
    committed: Array | None = None,
    closed: Sequence[int] = (),
) -> Ranked:
    """Give each source the one measure that reduces one target most, at full reach, uncosted.

    Parameters
    ----------
    system, year, targets, target, committed, closed
        As for :func:`ranked_by_average_cost`.

    Returns
    -------
    Ranked
        The mix, its cost [currency/a] and what it reaches [target unit].
    """
    shut = np.asarray(closed, np.int64)
    problem = build_least_cost(system, year, targets, committed=committed, closed=shut)
    effect = effect_on(problem, target)
    moves, groups = system.moves, system.groups
    usable = ~problem.variables.fixed & (problem.variables.upper > 0)
    useful = np.flatnonzero((effect < 0) & usable)
    # Reductions are judged measure by measure on the untouched source, as the rule does.
    useful = useful[np.argsort(effect[useful], kind="stable")]
    total = np.zeros(len(groups))
    for g in np.unique(moves.group[useful]):
        own = useful[moves.group[useful] == g]
        total[g] = -effect[own] @ _take(system, year, problem, own, effect, np.inf).uptake[own]
    best = np.full(len(system.sources), NONE)
    for g in np.argsort(-total, kind="stable"):
        if total[g] > 0 and best[groups.source[g]] == NONE:
            best[groups.source[g]] = g
    order = useful[np.isin(moves.group[useful], best)]
    return _take(system, year, problem, order, effect, np.inf)


def effect_on(problem: LeastCost, target: int) -> Array:
    """Return the change of one target per unit of each move, dims (move,).

    In [target unit per activity unit]; below 0 where the move reduces the target.
    """
    rows = problem.targets
    own = rows.row == target
    effect = np.zeros(len(problem.variables))
    effect[rows.column[own]] = rows.value[own]
    return effect


def by_average_cost(problem: LeastCost, effect: Array) -> Index:
    """Return the moves that reduce a target, by cost per reduction; of equal ones by name.

    Parameters
    ----------
    problem
        Costs [currency per activity unit and year] and bounds of the moves.
    effect
        As :func:`effect_on` gives it, dims (move,).

    Returns
    -------
    Index
        Positions of moves, cheapest first; moves that are fixed or may take nothing are left out.
    """
    variables = problem.variables
    useful = np.flatnonzero((effect < 0) & ~variables.fixed & (variables.upper > 0))
    average = variables.cost[useful] / -effect[useful]
    texts = variables.names.texts
    names = np.array([texts[move] for move in useful], dtype=str)
    return np.asarray(useful[np.lexsort((names, average))])


def by_cost_alone(system: System, year: int, problem: LeastCost, effect: Array) -> Index:
    """Return the moves that reduce a target as lists of measures rank them.

    A measure on a source has one place, by its cost per reduction on the untouched source; that it
    removes less of what others have left is not seen.

    Parameters
    ----------
    system, year
        What the problem was built from.
    problem
        Costs [currency per activity unit and year] and bounds of the moves.
    effect
        As :func:`effect_on` gives it, dims (move,).

    Returns
    -------
    Index
        Positions of moves, those of the cheapest measure first.
    """
    order, moves = by_average_cost(problem, effect), system.moves
    held = system.baseline[moves.origin[order], year]
    group, n = moves.group[order], len(system.groups)
    activity = np.where(sum_by(held, group, n)[group] > 0, held, 1.0)
    cost = sum_by(activity * problem.variables.cost[order], group, n)
    cut = sum_by(activity * -effect[order], group, n)
    alone = ratio(cost, cut, 0.0)[group]
    return np.asarray(order[np.lexsort((np.arange(len(order)), group, alone))])


class Taking:
    """A mix built move by move: what is taken, and the activity, reach and new units left.

    Attributes
    ----------
    uptake
        [activity unit], dims (move,); starts at what is held or the least that is asked for.
    """

    def __init__(self, system: System, year: int, problem: LeastCost) -> None:
        self.moves, self.variables = system.moves, problem.variables
        self.uptake = uptake = problem.variables.lower.copy()
        self.new = system.groups.new_only[system.moves.group]
        taken = np.bincount(system.moves.origin, uptake * self.new, minlength=len(system.states))
        self._fresh = system.recent[:, system.start, year] - taken
        self._left = shift_activity(system.moves, system.baseline[:, year], uptake)
        self._room = problem.reach.upper - problem.reach.times(uptake)

    def take(self, order: Index, effect: Array, missing: float) -> list[int]:
        """Take moves in the order given until nothing is missing; return those taken.

        Parameters
        ----------
        order
            Positions of the moves, first to last.
        effect
            Change of the target per unit of each move [target unit], dims (move,).
        missing
            Reduction that is wanted [target unit].

        Returns
        -------
        list
            Positions of moves, in the order taken.
        """
        taken = []
        for m in order.tolist():
            if missing <= 0:
                break
            amount = min(self._most(m), missing / -effect[m])
            if amount > 0:
                self._move(m, amount)
                missing += effect[m] * amount
                taken.append(m)
        return taken

    def _most(self, m: int) -> float:
        origin, group = self.moves.origin[m], self.moves.group[m]
        room = self.variables.upper[m] - self.uptake[m]
        most = min(self._left[origin], self._room[group], room)
        return float(min(most, self._fresh[origin]) if self.new[m] else most)

    def _move(self, m: int, amount: float) -> None:
        origin, to = self.moves.origin[m], self.moves.target[m]
        self.uptake[m] += amount
        self._left[origin] -= amount
        self._fresh[origin] -= amount * self.new[m]
        self._room[self.moves.group[m]] -= amount
        if to != NOWHERE:
            self._left[to] += self.moves.conversion[m] * amount


def _take(
    system: System, year: int, problem: LeastCost, order: Index, effect: Array, wanted: float
) -> Ranked:
    """Take moves in the order given, each as far as what is left and the wanted cut allow."""
    mix = Taking(system, year, problem)
    taken = mix.take(order, effect, wanted + float(effect @ mix.uptake))
    value = problem.base + problem.targets.times(mix.uptake)
    limit = problem.base + problem.targets.upper
    slack = LOOSENED * np.maximum(np.abs(limit), np.abs(problem.base))
    cost = float(problem.variables.cost @ mix.uptake)
    return Ranked(mix.uptake, cost, value, np.asarray(value <= limit + slack), tuple(taken))
