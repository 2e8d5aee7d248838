"""A plan's commitments on the groups of a system, and the uptake that follows from them."""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from lantian.core.rounds import Columns, Rounds, apply_rounds, plan_rounds, ratio
from lantian.core.system import (
    NOWHERE,
    Array,
    Index,
    System,
    distinct_pairs,
    eligible_activity,
    sum_by,
)
from lantian.tolerances import UNSEEN


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
    progress, pace
        Part of what the level moves that is moved over the year, and at its end [1], dims
        (commitment, year): less than 1 where a date lies within the year or after it.
    """

    group: Index
    commitment: Index
    mode: Index
    level: Array
    since: Index
    progress: Array
    pace: Array

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
            self.progress[kept],
            self.pace[kept],
        )

    @property
    def has_dates(self) -> bool:
        """Whether any year ends at another pace than it had on the mean."""
        return not np.array_equal(self.progress, self.pace)

    def at_year_end(self) -> "Commitments":
        """Return the commitments as if each year were as it is at its end."""
        return replace(self, progress=self.pace)


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
    rounds = rounds_of(system, commitments)
    limit = (system.groups.reach[:, None] * eligible_activity(system))[commitments.group]
    origin = system.moves.origin[rounds.new]
    found = apply_rounds(
        rounds,
        Columns(
            baseline=system.baseline[:, columns],
            level=commitments.level[:, columns] * (1.0 if active is None else active),
            limit=limit[:, columns],
            reach=system.groups.reach[commitments.group, None],
            progress=commitments.progress[:, columns],
            recent=system.recent[origin, commitments.since[rounds.owner_of_new]][:, columns],
            conversion=system.moves.conversion[:, None],
        ),
    )
    return Uptake(found.moved, found.activity, found.available, found.shared)


def rounds_of(system: System, commitments: Commitments) -> Rounds:
    """Return what each round of a plan touches.

    Parameters
    ----------
    system
        States, moves and groups.
    commitments
        The plan's commitments, group by group.

    Returns
    -------
    Rounds
        Positions only.
    """
    moves, groups = system.moves, system.groups
    return plan_rounds(
        origin=moves.origin,
        target=moves.target,
        group_of_move=moves.group,
        round_of_group=groups.round,
        new_only=groups.new_only,
        reached=groups.reached,
        group=commitments.group,
        commitment=commitments.commitment,
        is_total=commitments.mode == Mode.TOTAL,
        is_amount=commitments.mode == Mode.AMOUNT,
    )


def reached_levels(system: System, commitments: Commitments, uptake: Uptake) -> Array:
    """Return the level each commitment reached, dims (commitment, year), as its mode counts it.

    A share of what was available to it (what others of its round took included), the final share
    of the whole, a share of the new units, or an amount [source unit]; NaN where there was nothing
    to act on. It is judged by the state that is reached: where others did what a commitment then
    could not do, what is not left to be done counts for it as well, up to the level it asks for.

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
    alike = _brought_alike(system, uptake.moved)[chosen] - moved
    done = _done_by_any(commitments, moved, new, left, uptake.available, alike)
    shares = (
        ratio(done, uptake.available, np.nan),
        ratio(held, held + left, np.nan),
        ratio(done, new, np.nan),
        done,
    )
    return np.choose(commitments.mode[:, None], shares)


def held_by_reach(system: System, commitments: Commitments, uptake: Uptake) -> NDArray[np.bool_]:
    """Return whether a commitment takes all that the reach of its measure allows.

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
        True where more could not be done however high the level, dims (commitment, year); never
        where a measure reaches all.
    """
    groups, chosen = system.groups, commitments.group
    moved = sum_by(uptake.moved, system.moves.group, len(groups))[chosen]
    reach = groups.reach[chosen, None]
    most = reach * eligible_activity(system)[chosen]
    return np.asarray((reach < 1.0) & (most > 0) & (moved >= most * (1.0 - UNSEEN)))


def group_uptake(system: System, year: int, moved: Array) -> tuple[Array, Array]:
    """Return what each group takes in a year, and which part that is of what it can act on.

    Parameters
    ----------
    system
        States, moves and their coefficients.
    year
        Position of the year.
    moved
        Activity that takes each move in that year [source unit], dims (move,).

    Returns
    -------
    tuple of Array
        [source unit] and [1], both dims (group,); 0 of nothing.
    """
    amount = sum_by(moved[:, None], system.moves.group, len(system.groups))[:, 0]
    return amount, ratio(amount, eligible_activity(system)[:, year], 0.0)


def _brought_alike(system: System, moved: Array) -> Array:
    """Return what any group brings to where a group leads [source unit], dims (group, year).

    That are the states that have what the group gives, or an end where the group ends activity:
    clean coal in a home is no clean heating, though both take the bulk coal away.
    """
    moves, groups, states = system.moves, system.groups, len(system.states)
    ends = moves.target == NOWHERE
    to = np.where(ends, states + system.states.source[moves.origin], moves.target)
    places = states + len(system.sources)
    leads = distinct_pairs(
        np.concatenate([groups.reached.group, moves.group[ends]]),
        np.concatenate([groups.reached.state, to[ends]]),
        places,
    )
    return leads.amount(sum_by(moved, to, places), len(groups))


def _done_by_any(
    commitments: Commitments,
    moved: Array,
    new: Array,
    left: Array,
    available: Array,
    alike: Array,
) -> Array:
    """Return what each commitment moved, and what others did of the rest that it asks for.

    All [source unit], dims (commitment, year). Nothing is counted that may still stand as it was:
    all that is left could be part of what the commitment is about; nor more than others brought to
    where it leads.
    """
    is_amount = (commitments.mode == Mode.AMOUNT)[:, None]
    about = np.where((commitments.mode == Mode.NEW)[:, None], new, available)
    others = np.minimum(about - left - moved, alike).clip(min=0.0)
    short = np.where(is_amount, 0.0, commitments.level * about - moved).clip(min=0.0)
    # An amount is one for all its sources together: what is lacking is shared by what others did.
    n = commitments.commitment.max(initial=-1) + 1
    total, rest = (
        sum_by(a, commitments.commitment, n)[commitments.commitment] for a in (moved, others)
    )
    lacking = (commitments.level - total).clip(min=0.0) * ratio(others, rest, 0.0)
    return np.asarray(moved + np.minimum(others, np.where(is_amount, lacking, short)))
