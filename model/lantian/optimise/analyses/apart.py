"""Targets out of reach, each answered for itself: the best that can be done and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.optimise.analyses.frontier import Bend
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.tiers import Ask, TierAnswer, rows_of
from lantian.vocabulary import Tier

STEEP = 10.0
"""Multiples of the mean cost of a reduction [1] from which on its last part is dear."""


@dataclass(frozen=True)
class Knee:
    """Where a cost curve bends: from here on a further unit costs many times the mean.

    ``value`` in the target's unit, ``cost`` [currency/a] of the mix there; ``mean`` is the mean
    cost of a unit of reduction over the whole curve.
    """

    value: float
    cost: float
    mean: float


@dataclass(frozen=True)
class Apart:
    """A target out of reach, answered for itself on top of what is reached.

    Attributes
    ----------
    year, target
        Position of the year, and among its rows.
    tier
        Of the target.
    best
        Lowest value that is possible beside what is reached [target unit].
    answer
        The cheapest mix that comes as near as ``margin`` leaves of the reduction that is possible.
    margin
        Share of that reduction that is not asked for [1].
    knee
        None where the curve has no stretch, or years hang together.
    """

    year: int
    target: int
    tier: Tier
    best: float
    answer: LeastCostResult
    margin: float
    knee: Knee | None


def answer_apart(
    ask: Ask,
    targets: Mapping[int, Targets],
    tiers: Sequence[TierAnswer],
    bend: Callable[[int, Targets, int], Bend],
    to_the_last: Ask | None = None,
) -> tuple[Apart, ...]:
    """Answer every target out of reach for itself.

    Parameters
    ----------
    ask
        Solves for some rows; may leave a margin of what is possible unasked for.
    targets
        All rows by year position.
    tiers
        What each tier reaches.
    bend
        Gives the ends of the cost curve of a target of a year beside the rows that are enforced,
        and where it becomes :data:`STEEP` times as steep as its mean.
    to_the_last
        Solves for some rows and leaves nothing unasked for, where years hang together: the curve of
        one year by itself then knows neither what can be built until then nor what is left to pay.

    Returns
    -------
    tuple of Apart
        In the order of the tiers.
    """
    found = []
    for own in tiers:
        for y in targets:
            for t in np.flatnonzero(own.out_of_reach(y)).tolist():
                wanted = {z: own.reached[z].copy() for z in targets}
                wanted[y][t] = True
                rows = rows_of(targets, wanted, own.reached)
                answer = ask(rows)[y]
                if to_the_last is None:
                    free = rows_of({y: targets[y]}, {y: own.reached[y]}, own.reached)[y]
                    curve = bend(y, free, t)
                    best, knee = curve.last.value, knee_of(curve)
                else:
                    best, knee = to_the_last(rows)[y].targets[t].value, None
                told = answer.diagnosis
                left = 0.0 if told is None else told.margin
                found.append(Apart(y, t, own.tier, best, answer, left, knee))
    return tuple(found)


def knee_of(curve: Bend) -> Knee | None:
    """Return where a further unit begins to cost :data:`STEEP` times the mean; None for a point.

    Parameters
    ----------
    curve
        Its ends and where it becomes that steep: at the end of the curve if nowhere.
    """
    if curve.first.value <= curve.last.value:
        return None
    return Knee(curve.knee.value, curve.knee.cost, curve.mean)
