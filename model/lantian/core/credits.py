"""Who gets the credit: contributions of measures to the plan's reduction (method, section 7)."""

from dataclasses import dataclass, replace
from math import factorial

import numpy as np

from lantian.core.commitments import Commitments, Mode, apply_commitments
from lantian.core.system import (
    NOWHERE,
    Array,
    Groups,
    Index,
    Moves,
    Pairs,
    States,
    System,
    emission_by_source,
)


@dataclass(frozen=True)
class Credits:
    """Reductions [t] per measure that is pledged, dims (measure, pollutant).

    ``alone``: only that measure on the baseline; ``last_in``: what is lost if it is left out;
    ``credit``: Shapley value, independent of any order; the credits of all measures add up to
    baseline minus plan.
    """

    measure: Index
    alone: Array
    last_in: Array
    credit: Array


def measure_credits(system: System, commitments: Commitments, year: int) -> Credits:
    """Attribute the plan's reduction in one year to its measures.

    Parameters
    ----------
    system
        States, moves and their coefficients.
    commitments
        The plan's commitments, group by group.
    year
        Position of the year.

    Returns
    -------
    Credits
        Reductions [t/a], dims (measure, pollutant), of the measures that are pledged.

    Notes
    -----
    Sources that no move and no shared amount links do not influence one another, so the Shapley
    value [1]_ is summed over such components, each over the subsets of the few measures that act
    there. It is exact.

    References
    ----------
    .. [1] L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II,
       1953.
    """
    measure_of_commitment = system.groups.measure[commitments.group]
    measures = np.unique(measure_of_commitment)
    is_own = measure_of_commitment[:, None] == measures[None, :]
    n = len(measures)
    total = _totals(
        system,
        commitments,
        year,
        np.hstack(
            [np.zeros((len(commitments), 1)), np.ones((len(commitments), 1)), is_own, ~is_own]
        ).astype(float),
    )
    none, all_ = total[:, :1], total[:, 1:2]
    alone = (none - total[:, 2 : 2 + n]).T
    last_in = (total[:, 2 + n :] - all_).T
    return Credits(measures, alone, last_in, _shapley(system, commitments, year, measures))


def _totals(system: System, commitments: Commitments, year: int, active: Array) -> Array:
    columns = np.full(active.shape[1], year)
    activity = apply_commitments(system, commitments, columns, active).activity
    return np.asarray(emission_by_source(system, activity, year).sum(axis=0))


def _shapley(system: System, commitments: Commitments, year: int, measures: Index) -> Array:
    component = _components(system, commitments)
    component_of_commitment = component[system.groups.source[commitments.group]]
    credit = np.zeros((len(measures), len(system.pollutants)))
    for label in np.unique(component_of_commitment):
        inside = component_of_commitment == label
        part, kept = _restrict(system, np.flatnonzero(component == label))
        own = commitments.where(inside)
        own = replace(own, group=kept[own.group])
        players = np.unique(part.groups.measure[own.group])
        emitted = _subset_values(part, own, year, players)
        credit[np.searchsorted(measures, players)] += shapley_values(-emitted.T, len(players))
    return credit


def _subset_values(part: System, commitments: Commitments, year: int, players: Index) -> Array:
    """Return emissions under every subset of players, dims (pollutant, subset)."""
    player_of_commitment = np.searchsorted(players, part.groups.measure[commitments.group])
    subsets = np.arange(2 ** len(players))
    active = (subsets[None, :] >> player_of_commitment[:, None]) & 1
    return _totals(part, commitments, year, active.astype(float))


def shapley_values(value: Array, players: int) -> Array:
    """Return the Shapley value of each player.

    Parameters
    ----------
    value
        What each subset of the players is worth together, dims (subset, ...): bit j of the position
        of a subset tells whether it holds player j.
    players
        How many there are.

    Returns
    -------
    Array
        In the unit of ``value``, dims (player, ...).

    References
    ----------
    L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, 1953.
    """
    subsets, n = np.arange(2**players), players
    size = np.array([int(s).bit_count() for s in subsets])
    weight = np.array([factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)])
    result = np.empty((n, *value.shape[1:]))
    for j in range(n):
        without = subsets[(subsets >> j) & 1 == 0]
        result[j] = weight[size[without]] @ (value[without | (1 << j)] - value[without])
    return result


def _components(system: System, commitments: Commitments) -> Index:
    """Label sources so that those linked by a move or by one amount have the same label."""
    inside = system.moves.target != NOWHERE
    start = system.states.source[system.moves.origin[inside]]
    end = system.states.source[system.moves.target[inside]]
    amounts = np.flatnonzero(commitments.mode == Mode.AMOUNT)
    _, first, owner = np.unique(
        commitments.commitment[amounts], return_index=True, return_inverse=True
    )
    source = system.groups.source[commitments.group[amounts]]
    links = np.stack([np.r_[start, source[first][owner]], np.r_[end, source]], axis=1)
    label = np.arange(len(system.sources))
    for a, b in np.unique(links[links[:, 0] != links[:, 1]], axis=0):
        label[label == label[b]] = label[a]
    return label


def _restrict(system: System, sources: Index) -> tuple[System, Index]:
    """Return the part of a system on some sources, and the new position of each group."""
    states = np.flatnonzero(np.isin(system.states.source, sources))
    groups = np.flatnonzero(np.isin(system.groups.source, sources))
    moves = np.flatnonzero(np.isin(system.moves.group, groups))
    to_state = np.full(len(system.states) + 1, NOWHERE)
    to_state[states] = np.arange(len(states))
    to_group = np.full(len(system.groups), -1)
    to_group[groups] = np.arange(len(groups))
    old, g = system.moves, system.groups
    part = System(
        system.years,
        system.start,
        system.pollutants,
        system.measures,
        system.sources,
        States(
            system.states.source[states],
            tuple(system.states.technology[s] for s in states),
            tuple(system.states.controls[s] for s in states),
        ),
        Moves(
            to_state[old.origin[moves]],
            to_state[old.target[moves]],
            old.conversion[moves],
            to_group[old.group[moves]],
            old.unit_cost[moves],
            old.share[moves],
            None if old.charge is None else old.charge[moves],
        ),
        Groups(
            g.measure[groups],
            g.source[groups],
            g.reach[groups],
            g.round[groups],
            g.new_only[groups],
            _part(g.reached, to_group, to_state),
        ),
        system.baseline[states],
        system.factor[states],
        system.recent[states],
    )
    return part, to_group


def _part(pairs: Pairs, to_group: Index, to_state: Index) -> Pairs:
    """Return the pairs of which both sides are kept, at their new positions."""
    group, state = to_group[pairs.group], to_state[pairs.state]
    kept = (group >= 0) & (state >= 0)
    return Pairs(group[kept], state[kept])
