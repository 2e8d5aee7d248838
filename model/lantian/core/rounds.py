"""Commitments turned into uptake, for any number of columns at once (method, section 2).

A plan's commitments act in rounds: activity changes, technology shifts, add-on controls,
compliance. Within a round all act on the same activity and share what they compete for in
proportion, so the order of lines in a scenario never matters. Which moves, commitments and states
a round touches depends on the structure alone: :func:`plan_rounds` finds that out once, and
:func:`apply_rounds` runs over columns (years, samples, subsets of a plan).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum
from lantian.core.system import NOWHERE, Array, Index, Pairs
from lantian.tolerances import ROUNDING


@dataclass(frozen=True)
class Columns:
    """Numbers that commitments act on, one column per year, sample or subset of the plan.

    Attributes
    ----------
    baseline
        Activity without the plan [source unit], dims (state, column).
    level
        Share, or amount [source unit], dims (commitment, column).
    limit
        Reach times eligible activity of each commitment's group [source unit], same dims.
    reach
        Reach of each commitment's group [1], dims (commitment, column or 1).
    progress
        Part of what level and reach allow that is moved [1], dims (commitment, column).
    recent
        Units of the from-state that are new since the commitment began [source unit], dims (new
        move, column), for :attr:`Rounds.new`.
    conversion
        To-units per from-unit, dims (move, column or 1).
    """

    baseline: Array
    level: Array
    limit: Array
    reach: Array
    progress: Array
    recent: Array
    conversion: Array


@dataclass(frozen=True)
class Round:
    """What acts together: positions are among the moves, commitments and states of the round.

    Attributes
    ----------
    move
        Position of each move on the move axis.
    acting
        Positions of the commitments on the commitment axis.
    state
        From-states on the state axis, each once.
    new, new_row
        Moves that take new units only, and their rows in :attr:`Columns.recent`.
    supplies
        An order in which those of one from-state stand together, as they share its new units, and
        where the states begin in it.
    is_new
        Whether each acting commitment acts on new units.
    total, held, by_total
        Acting commitments whose level is a final share, the states that have what they give, and
        the sum over these.
    amount, whole
        Acting commitments whose level is an amount, and the sum over those that share one.
    target, arriving
        To-states on the state axis, each once, and the moves that lead there.
    by_owner, by_origin, by_target, by_supply
        Sums over moves: their labels are the positions of each move's commitment in ``acting``, of
        its from-state in ``state`` and of its to-state in ``target``.
    """

    move: Index
    acting: Index
    state: Index
    new: Index
    new_row: Index
    supplies: tuple[Index, Index]
    is_new: NDArray[np.bool_]
    total: Index
    held: Index
    by_total: Sum
    amount: Index
    whole: Sum
    target: Index
    arriving: Index
    by_owner: Sum
    by_origin: Sum
    by_target: Sum
    by_supply: Sum


@dataclass(frozen=True)
class Rounds:
    """All rounds of a plan, in their order.

    Attributes
    ----------
    moves, commitments
        Lengths of the axes.
    new
        Moves that take new units only, in the order of the rows of :attr:`Columns.recent`.
    owner_of_new
        Commitment of each of them.
    """

    rounds: tuple[Round, ...]
    moves: int
    commitments: int
    new: Index
    owner_of_new: Index


@dataclass(frozen=True)
class Applied:
    """What rounds made of columns: dims (move, column), (state, column), (commitment, column).

    ``available`` is what each commitment could draw on when its round came; ``shared`` are the
    states for which commitments competed and were scaled down.
    """

    moved: Array
    activity: Array
    available: Array
    shared: Index


def plan_rounds(
    *,
    origin: Index,
    target: Index,
    group_of_move: Index,
    round_of_group: Index,
    new_only: NDArray[np.bool_],
    reached: Pairs,
    group: Index,
    commitment: Index,
    is_total: NDArray[np.bool_],
    is_amount: NDArray[np.bool_],
) -> Rounds:
    """Find out what each round touches.

    Parameters
    ----------
    origin, target, group_of_move
        From-state, to-state and group of each move.
    round_of_group, new_only, reached
        As in :class:`~lantian.core.system.Groups`.
    group, commitment
        As in :class:`~lantian.core.commitments.Commitments`.
    is_total, is_amount
        Whether a level is a final share, or an amount, dims (commitment,).

    Returns
    -------
    Rounds
        Positions only; no number is looked at.
    """
    owner = _positions(group, len(round_of_group))[group_of_move]
    new = np.flatnonzero((owner >= 0) & new_only[group_of_move])
    row_of_new = _positions(new, len(origin))
    found = []
    for number in np.unique(round_of_group[group]):
        move = np.flatnonzero((owner >= 0) & (round_of_group[group_of_move] == number))
        acting, by_owner = _grouped(owner[move])
        arriving = np.flatnonzero(target[move] != NOWHERE)
        state, by_origin = _grouped(origin[move])
        end, by_target = _grouped(target[move][arriving])
        total, amount = np.flatnonzero(is_total[acting]), np.flatnonzero(is_amount[acting])
        held, label = _held(reached, group[acting[total]])
        taken = np.flatnonzero(row_of_new[move] >= 0)
        _, by_supply = _grouped(by_origin.label[taken])
        _, whole = _grouped(commitment[acting[amount]])
        found.append(
            Round(
                move=move,
                acting=acting,
                state=state,
                new=taken,
                new_row=row_of_new[move[taken]],
                supplies=_in_stretches(by_supply.label, by_supply.n),
                is_new=new_only[group[acting]],
                total=total,
                held=held,
                by_total=Sum(label, len(total)),
                amount=amount,
                whole=whole,
                target=end,
                arriving=arriving,
                by_owner=by_owner,
                by_origin=by_origin,
                by_target=by_target,
                by_supply=by_supply,
            )
        )
    return Rounds(tuple(found), len(origin), len(group), new, owner[new])


def _positions(chosen: Index, n: int) -> Index:
    """Return the position of each of ``n`` things among those chosen, -1 if it is none."""
    found = np.full(n, -1)
    found[chosen] = np.arange(len(chosen))
    return found


def _grouped(names: Index) -> tuple[Index, Sum]:
    """Return what occurs among names, ascending, and the sums of the rows of each."""
    every, label = np.unique(names, return_inverse=True)
    return every, Sum(label, len(every))


def _held(reached: Pairs, groups: Index) -> tuple[Index, Index]:
    """Return the states that some groups reach, and for each the position of its group."""
    first = np.searchsorted(reached.group, groups)
    beyond = np.searchsorted(reached.group, groups, side="right")
    label = np.repeat(np.arange(len(groups)), beyond - first)
    before = np.searchsorted(label, np.arange(len(groups)))
    within = np.arange(len(label)) - before[label]
    return reached.state[first[label] + within], label


def _in_stretches(label: Index, count: int) -> tuple[Index, Index]:
    """Return an order that puts equal labels side by side, and where each stretch begins."""
    together = np.argsort(label, kind="stable")
    return together, np.searchsorted(label[together], np.arange(count))


def apply_rounds(rounds: Rounds, columns: Columns, uptake: bool = True) -> Applied:
    """Turn commitments into uptake, column by column.

    Parameters
    ----------
    rounds
        What each round touches.
    columns
        Activity, levels, reach, new units and conversions.
    uptake
        Whether what is moved and what was available is wanted too, not just the activity.

    Returns
    -------
    Applied
        Activity [source unit]; uptake [unit of the from-source], of no rows if not wanted.
    """
    n = columns.baseline.shape[1]
    activity = columns.baseline.copy()
    moved = np.zeros((rounds.moves if uptake else 0, n))
    available = np.zeros((rounds.commitments if uptake else 0, n))
    shared: list[Index] = [np.array([], np.int64)]
    for one in rounds.rounds:
        amount, pool, crowded = _uptake(one, columns, activity)
        activity[one.state] -= one.by_origin(amount)
        if len(one.target):
            arriving = one.move[one.arriving]
            gained = amount[one.arriving] * columns.conversion[arriving]
            activity[one.target] += one.by_target(gained)
        if uptake:
            moved[one.move], available[one.acting] = amount, pool
        shared.append(crowded)
    return Applied(moved, activity, available, np.unique(np.concatenate(shared)))


def _uptake(one: Round, columns: Columns, activity: Array) -> tuple[Array, Array, Index]:
    """Return one round's uptake by move, what each commitment could draw on, crowded states.

    A state is crowded where commitments want more of it than there is and share it.
    """
    held = activity[one.state]
    available = np.maximum(held, 0.0)[one.by_origin.label]
    recent = columns.recent[one.new_row]
    available[one.new] = np.minimum(available[one.new], recent)
    pool = one.by_owner(available)
    fraction = _fraction(one, columns.level[one.acting], pool, activity)
    np.minimum(fraction, ratio(columns.limit[one.acting], pool), out=fraction)
    # New units are bought state by state: the reach holds for each, as in the least-cost problem.
    reach = columns.reach[one.acting[one.is_new]]
    fraction[one.is_new] = np.minimum(fraction[one.is_new], reach)
    fraction *= columns.progress[one.acting]
    wanted = fraction[one.by_owner.label] * available
    if len(one.new):
        _share_new_units(one, recent, wanted)
    if len(one.state) == len(one.move):  # no two commitments want the same
        return wanted, pool, one.state[:0]
    demand = one.by_origin(wanted)
    scale = np.minimum(ratio(held, demand), 1.0)
    crowded = one.state[(scale < 1.0 - ROUNDING).any(axis=1)]
    return wanted * scale[one.by_origin.label], pool, crowded


def _share_new_units(one: Round, recent: Array, wanted: Array) -> None:
    """Scale down, in place, what commitments on the new units of one state want together."""
    order, first = one.supplies
    supply = np.maximum.reduceat(recent[order], first, axis=0)
    scale = np.minimum(ratio(supply, one.by_supply(wanted[one.new])), 1.0)
    wanted[one.new] *= scale[one.by_supply.label]


def _fraction(one: Round, level: Array, pool: Array, activity: Array) -> Array:
    """Return the share of the pool that each commitment moves, dims (acting, column)."""
    fraction = level.copy()
    if len(one.total):
        reached = one.by_total(activity[one.held])
        own = pool[one.total]
        lacking = level[one.total] * (reached + own) - reached
        fraction[one.total] = np.clip(ratio(lacking, own, 0.0), 0.0, 1.0)
    if len(one.amount):
        own = pool[one.amount]
        whole = one.whole(own)[one.whole.label]
        fraction[one.amount] = np.minimum(ratio(level[one.amount], whole, 0.0), 1.0)
    return fraction


def ratio(above: Array, below: Array, empty: float = np.inf) -> Array:
    """Return ``above / below``, ``empty`` where below is not positive.

    Parameters
    ----------
    above, below
        Arrays that broadcast to the shape of ``below``.
    empty
        What stands where there is nothing to divide by.

    Returns
    -------
    Array
        In the shape of ``below``.
    """
    result = np.full(below.shape, empty)
    with np.errstate(over="ignore"):  # next to nothing below is as good as nothing: infinite
        np.divide(above, below, out=result, where=below > 0)
    return result
