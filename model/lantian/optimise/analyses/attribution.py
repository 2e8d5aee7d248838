"""Who gets the credit in a solved mix (method, section 7).

A mix is not a list of commitments: it says how much goes through every move. What a subset of its
measures would do alone is defined here as follows.

1. Every move of the subset keeps its uptake. Where its from-state now gets less than leaves it,
   because a measure outside the subset would have filled it, all moves out of that state shrink in
   proportion.
2. What a measure on a source lost in this way it takes from the other from-states it acts on, in
   proportion to the activity left there, each move within its own limit. So a filter that the mix
   puts on renewed trucks is put on the old ones when nobody renews them.
3. Step 2 goes through the measures in order until nothing changes any more.

All measures together lose nothing and give the mix itself, so credits add up exactly to baseline
minus mix. Parts of the system that share no state and no reach do not influence one another; the
Shapley value is summed over them, exact over all subsets where few measures act, and otherwise the
mean over random orders drawn from a fixed seed, with its standard error.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.credits import Credits, shapley_values
from lantian.core.rounds import ratio
from lantian.core.system import NOWHERE, Array, Index, System
from lantian.optimise.analyses.curve import independent_parts
from lantian.tolerances import NOTHING

Flags = NDArray[np.bool_]

MOST_EXACT = 10
"""Measures in one part up to which every subset is evaluated."""
ORDERS = 200
"""Random orders drawn where there are more."""
SEED = 20180927
"""Of the random orders; any fixed number does."""


@dataclass(frozen=True)
class MixCredits:
    """Credits of a mix; ``error`` is the standard error of ``credit`` [t], 0 where it is exact."""

    credits: Credits
    error: Array


@dataclass(frozen=True)
class _Part:
    """The moves in use of one independent part, renumbered.

    ``origin``, ``target`` count its own states, of which the last stands for nowhere; ``group``
    and ``player`` its groups and measures.
    """

    origin: Index
    target: Index
    conversion: Array
    uptake: Array
    group: Index
    player: Index
    most: Array
    activity: Array
    factor: Array
    measures: Index


def mix_credits(system: System, year: int, uptake: Array) -> MixCredits:
    """Attribute the reduction of a mix to its measures.

    Parameters
    ----------
    system, year
        Whose states, moves and limits say what a part of the mix would do alone.
    uptake
        Of the mix [activity unit], dims (move,).

    Returns
    -------
    MixCredits
        Reductions [t/a], dims (measure, pollutant), of the measures in use, with the standard error
        of the credits that are sampled.

    References
    ----------
    L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, 1953.
    """
    measure = system.groups.measure[system.moves.group]
    used = uptake > 0
    measures = np.unique(measure[used])
    shape = (len(measures), len(system.pollutants))
    alone, last_in, credit, variance = (np.zeros(shape) for _ in range(4))
    part = independent_parts(system)
    limit = _limits(system, year)
    for label in np.unique(part[used]):
        own = _part(system, year, uptake, limit, np.flatnonzero(part == label), used)
        at = np.searchsorted(measures, own.measures)
        first, last, shapley, spread = _credits(own)
        alone[at] += first
        last_in[at] += last
        credit[at] += shapley
        variance[at] += spread
    return MixCredits(Credits(measures, alone, last_in, credit), np.sqrt(variance))


def _limits(system: System, year: int) -> Array:
    """Most that each move can carry of itself: new and replaced units where it acts on these."""
    moves, groups = system.moves, system.groups
    recent = groups.reach[moves.group] * system.recent[moves.origin, system.start, year]
    return np.where(groups.new_only[moves.group], recent, np.inf)


def _part(
    system: System, year: int, uptake: Array, limit: Array, moves: Index, used: Flags
) -> _Part:
    system_moves = system.moves
    # Moves a measure of the mix could also use belong to the part: step 2 needs them.
    groups = np.unique(system_moves.group[moves[used[moves]]])
    moves = moves[np.isin(system_moves.group[moves], groups)]
    inside = system_moves.target[moves] != NOWHERE
    states = np.unique(np.r_[system_moves.origin[moves], system_moves.target[moves][inside]])
    target = np.full(len(moves), len(states))
    target[inside] = np.searchsorted(states, system_moves.target[moves][inside])
    measure = system.groups.measure[system_moves.group[moves]]
    measures, player = np.unique(measure, return_inverse=True)
    zero = np.zeros((1, len(system.pollutants)))
    return _Part(
        np.searchsorted(states, system_moves.origin[moves]), target,
        np.where(inside, system_moves.conversion[moves], 0.0), uptake[moves],
        np.searchsorted(groups, system_moves.group[moves]), player, limit[moves],
        np.r_[system.baseline[states, year], 0.0],
        np.concatenate([system.factor[states, :, year], zero]), measures,
    )  # fmt: skip


def _credits(part: _Part) -> tuple[Array, Array, Array, Array]:
    """Return alone, last-in, Shapley value and its variance, dims (player, pollutant)."""
    n = len(part.measures)
    if n <= MOST_EXACT:
        subsets = np.arange(2**n)
        value = _reductions(part, (subsets[None, :] >> np.arange(n)[:, None]) & 1)
        singles = 1 << np.arange(n)
        whole = value[-1]
        return (
            value[singles],
            whole - value[-1 - singles],
            shapley_values(value, n),
            np.zeros((n, 1)),
        )
    active = np.hstack([np.eye(n, dtype=int), 1 - np.eye(n, dtype=int), np.ones((n, 1), int)])
    value = _reductions(part, active)
    mean, variance = _sampled(part, n)
    return value[:n], value[-1] - value[n : 2 * n], mean, variance


def _sampled(part: _Part, n: int) -> tuple[Array, Array]:
    """Return the mean gain over random orders and the variance of that mean."""
    stream = np.random.default_rng(SEED)
    gains = np.empty((ORDERS, n, part.factor.shape[1]))
    for k in range(ORDERS):
        order = stream.permutation(n)
        active = np.zeros((n, n + 1), dtype=int)
        for place, player in enumerate(order):
            active[player, place + 1 :] = 1
        gains[k, order] = np.diff(_reductions(part, active), axis=0)
    return gains.mean(axis=0), gains.var(axis=0, ddof=1) / ORDERS


def _reductions(part: _Part, active: Index) -> Array:
    """Return the reduction [t] under each subset of players, dims (subset, pollutant)."""
    wanted = part.uptake[:, None] * active[part.player]
    moved = _fed(part, wanted)
    # Uptake of an LP can be off by rounding: what is missing by that much is not missing.
    lacking = np.where(wanted - moved > NOTHING * wanted, wanted - moved, 0.0)
    activity = _shift(part, np.repeat(part.activity[:, None], active.shape[1], axis=1), moved)
    if lacking.any():
        activity = _elsewhere(part, active[part.player] > 0, moved, lacking, activity)
    return (part.activity[:, None] - activity).T @ part.factor


def _fed(part: _Part, wanted: Array) -> Array:
    """Shrink what leaves a state to what is there or arrives; dims (move, subset)."""
    states = len(part.activity)
    leaving = np.zeros((states, wanted.shape[1]))
    np.add.at(leaving, part.origin, wanted)
    moved = wanted
    for _ in range(states):
        there = np.repeat(part.activity[:, None], wanted.shape[1], axis=1)
        np.add.at(there, part.target, part.conversion[:, None] * moved)
        share = np.minimum(1.0, ratio(there, leaving))
        share = np.where(share > 1 - NOTHING, 1.0, share)
        before, moved = moved, wanted * share[part.origin]
        if np.array_equal(before, moved):
            break
    return moved


def _elsewhere(part: _Part, active: Flags, moved: Array, lacking: Array, activity: Array) -> Array:
    """Let each group take what it lacks from its other from-states; return the activity."""
    groups = [np.flatnonzero(part.group == g) for g in range(int(part.group.max()) + 1)]
    missing = np.array([lacking[own].sum(axis=0) for own in groups])
    for _ in range(len(groups)):
        before = missing.copy()
        for g in np.flatnonzero(missing.any(axis=1)):
            own = groups[g]
            room = np.where(active[own], part.most[own, None] - moved[own], 0.0)
            there = np.clip(activity[part.origin[own]], 0.0, None)
            there = np.where(room > 0, there, 0.0)
            total = there.sum(axis=0)
            share = np.minimum(1.0, ratio(missing[g], total))
            extra = np.minimum(there * share, np.maximum(room, 0.0))
            moved[own] += extra
            missing[g] -= extra.sum(axis=0)
            np.subtract.at(activity, part.origin[own], extra)
            np.add.at(activity, part.target[own], part.conversion[own, None] * extra)
        if np.array_equal(before, missing):
            break
    return activity


def _shift(part: _Part, activity: Array, moved: Array) -> Array:
    np.subtract.at(activity, part.origin, moved)
    np.add.at(activity, part.target, part.conversion[:, None] * moved)
    return activity
