"""Uptake of moves under a plan's commitments (method, section 4).

A *commitment* is a commitment on one group. Commitments act in rounds: activity changes, technology
shifts, add-on controls, compliance. Within a round all act on the same activity and share what
they compete for in proportion, so the order of lines in a scenario never matters.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import (
    Array,
    Index,
    System,
    distinct_pairs,
    eligible_activity,
    shift_activity,
    sum_by,
)
from lantian.tolerances import ROUNDING


class Mode(IntEnum):
    """What a level is a share of, or that it is an amount."""

    AVAILABLE = 0
    TOTAL = 1
    NEW = 2
    AMOUNT = 3


@dataclass(frozen=True)
class Commitments:
    """Arrays over the commitment axis, sorted by group.

    Attributes
    ----------
    group
        Position on the group axis [commitment], each at most once.
    commitment
        Position of the plan's commitment it belongs to [commitment]; those of one share its amount.
    mode
        A :class:`Mode` per commitment.
    level
        Share, or amount [source unit], dims (commitment, year).
    since
        Position of the year since which units count as new [commitment].
    """

    group: Index
    commitment: Index
    mode: Index
    level: Array
    since: Index

    def __len__(self) -> int:
        return len(self.group)

    def where(self, kept: NDArray[np.bool_]) -> "Commitments":
        """Return the commitments for which ``kept`` [commitment] is true."""
        return Commitments(
            self.group[kept],
            self.commitment[kept],
            self.mode[kept],
            self.level[kept],
            self.since[kept],
        )


@dataclass(frozen=True)
class Uptake:
    """Result of applying commitments: dims (move, column) and (state, column).

    ``available`` is what each commitment could draw on when its round came, dims (commitment,
    column); ``shared`` are the states for which commitments competed and were scaled down.
    """

    moved: Array
    activity: Array
    available: Array
    shared: Index


def apply_commitments(
    system: System,
    commitments: Commitments,
    columns: Index | None = None,
    active: Array | None = None,
) -> Uptake:
    """Turn commitments into uptake.

    Parameters
    ----------
    system
        States, moves and their coefficients.
    commitments
        The plan's commitments, group by group.
    columns
        Year position of each column of the result; all years by default.
    active
        1 where a commitment acts, 0 where not, dims (commitment, column); all act by default. Lets
        many subsets of a plan be evaluated at once.

    Returns
    -------
    Uptake
        Activity moved [unit of the from-source], dims (move, column), and resulting activity
        [source unit], dims (state, column).
    """
    columns = np.arange(len(system.years)) if columns is None else columns
    level = commitments.level[:, columns] * (1.0 if active is None else active)
    limit = (system.groups.reach[:, None] * eligible_activity(system))[:, columns]
    activity = system.baseline[:, columns]
    moved = np.zeros((len(system.moves), len(columns)))
    available = np.zeros((len(commitments), len(columns)))
    commitment_of_group = np.full(len(system.groups), -1)
    commitment_of_group[commitments.group] = np.arange(len(commitments))
    commitment_of_move = commitment_of_group[system.moves.group]
    round_of_move = system.groups.round[system.moves.group]
    shared: list[Index] = []
    for number in np.unique(system.groups.round[commitments.group]):
        moves = np.flatnonzero((round_of_move == number) & (commitment_of_move >= 0))
        uptake, pool, crowded = _round(
            system, commitments, commitment_of_move[moves], moves, activity, level, limit, columns
        )
        moved[moves] = uptake
        available += pool
        shared.append(crowded)
        activity = _shift(system, moves, activity, uptake)
    crowded = np.unique(np.concatenate([*shared, np.array([], int)]))
    return Uptake(moved, activity, available, crowded)


def reached_levels(system: System, commitments: Commitments, uptake: Uptake) -> Array:
    """Return the level each commitment reached, dims (commitment, year), as its mode counts it.

    A share of what was available to it (what others of its round take included), the final share
    of the whole, a share of the new units, or an amount [source unit]; NaN where there was nothing
    to act on.

    Parameters
    ----------
    system
        States, moves and their coefficients.
    commitments
        The plan's commitments, group by group.
    uptake
        What :func:`apply_commitments` made of them in all years.

    Returns
    -------
    Array
        Level [1] or [source unit], dims (commitment, year).
    """
    moves, groups = system.moves, system.groups
    chosen = commitments.group
    moved = sum_by(uptake.moved, moves.group, len(groups))[chosen]
    starts = distinct_pairs(moves.group, moves.origin, len(system.states))
    lacking = starts.without(groups.reached, len(system.states))
    left = lacking.amount(uptake.activity, len(groups))[chosen]
    held = groups.reached.amount(uptake.activity, len(groups))[chosen]
    new = np.zeros_like(moved)
    for since in np.unique(commitments.since):
        own = commitments.since == since
        new[own] = starts.amount(system.recent[:, since], len(groups))[chosen[own]]
    shares = (
        _ratio(moved, uptake.available, np.nan),
        _ratio(held, held + left, np.nan),
        _ratio(moved, new, np.nan),
        moved,
    )
    return np.choose(commitments.mode[:, None], shares)


def _shift(system: System, chosen: Index, activity: Array, uptake: Array) -> Array:
    moves = system.moves
    part = type(moves)(
        moves.origin[chosen],
        moves.target[chosen],
        moves.conversion[chosen],
        moves.group[chosen],
        moves.unit_cost[chosen],
    )
    return shift_activity(part, activity, uptake)


def _round(
    system: System,
    commitments: Commitments,
    owner: Index,
    moves: Index,
    activity: Array,
    level: Array,
    limit: Array,
    columns: Index,
) -> tuple[Array, Array, Index]:
    """Return one round's uptake by move, what each commitment could draw on, and crowded states.

    A state is crowded where commitments want more of it than there is and share it.
    """
    origin = system.moves.origin[moves]
    available = _available(system, commitments, owner, origin, activity, columns)
    pool = np.zeros_like(level)
    np.add.at(pool, owner, available)
    acting = np.zeros(len(commitments), dtype=bool)
    acting[owner] = True
    fraction = _fraction(system, commitments, acting, pool, activity, level)
    limit_of_commitment = limit[commitments.group]
    fraction = np.minimum(fraction, _ratio(limit_of_commitment, pool))
    new = system.groups.new_only[commitments.group]
    # New units are bought state by state: the reach holds for each, as in the least-cost problem.
    fraction[new] = np.minimum(fraction[new], system.groups.reach[commitments.group[new], None])
    wanted = fraction[owner] * available
    _share_new_units(system, commitments, owner, origin, wanted, columns)
    demand = np.zeros_like(activity)
    np.add.at(demand, origin, wanted)
    scale = np.minimum(_ratio(activity, demand), 1.0)
    crowded = np.flatnonzero((scale < 1.0 - ROUNDING).any(axis=1))
    return wanted * scale[origin], pool, crowded


def _share_new_units(
    system: System,
    commitments: Commitments,
    owner: Index,
    origin: Index,
    wanted: Array,
    columns: Index,
) -> None:
    """Scale down, in place, what commitments on the new units of one state want together."""
    new = system.groups.new_only[commitments.group][owner]
    if not new.any():
        return
    state = origin[new]
    supply, demand = np.zeros((2, len(system.states), len(columns)))
    np.maximum.at(supply, state, system.recent[state, commitments.since[owner[new]]][:, columns])
    np.add.at(demand, state, wanted[new])
    wanted[new] *= np.minimum(_ratio(supply, demand), 1.0)[state]


def _available(
    system: System,
    commitments: Commitments,
    owner: Index,
    origin: Index,
    activity: Array,
    columns: Index,
) -> Array:
    """Return what each move may draw on: its from-state, or only the new units in it."""
    available = np.maximum(activity[origin], 0.0)
    new = system.groups.new_only[commitments.group][owner]
    if new.any():
        recent = system.recent[origin[new], commitments.since[owner[new]]][:, columns]
        available[new] = np.minimum(available[new], recent)
    return available


def _fraction(
    system: System,
    commitments: Commitments,
    acting: NDArray[np.bool_],
    pool: Array,
    activity: Array,
    level: Array,
) -> Array:
    """Return the share of the pool that each acting commitment moves, dims (commitment, column)."""
    fraction = level.copy()
    total = acting & (commitments.mode == Mode.TOTAL)
    if total.any():
        held = system.groups.reached.amount(activity, len(system.groups))
        reached = held[commitments.group[total]]
        lacking = level[total] * (reached + pool[total]) - reached
        fraction[total] = np.clip(_ratio(lacking, pool[total], 0.0), 0.0, 1.0)
    amount = acting & (commitments.mode == Mode.AMOUNT)
    if amount.any():
        names, owner = np.unique(commitments.commitment[amount], return_inverse=True)
        whole = np.zeros((len(names), pool.shape[1]))
        np.add.at(whole, owner, pool[amount])
        fraction[amount] = np.minimum(_ratio(level[amount], whole[owner], 0.0), 1.0)
    return fraction


def _ratio(above: Array, below: Array, empty: float = np.inf) -> Array:
    """Return above / below, ``empty`` where below is not positive."""
    result = np.full(below.shape, empty)
    with np.errstate(over="ignore"):  # next to nothing below is as good as nothing: infinite
        np.divide(above, below, out=result, where=below > 0)
    return result
