"""The linear system of states and moves that projection and optimisation share.

    activity = baseline + N @ uptake     N: -1 at a move's from-state, +conversion at its to-state
    emission = factor * activity

Everything here is an array over flat axes: state, move, group, pollutant, year. A *group* is one
measure on one source; its moves share the measure's reach there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

NOWHERE = -1
"""To-state of activity that is avoided."""


@dataclass(frozen=True)
class Sources:
    """The source axis: parallel tuples, in the order of sectors and their declarations."""

    id: tuple[str, ...]
    sector: tuple[str, ...]
    unit: tuple[str, ...]
    group: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class States:
    """The state axis, sorted by source.

    ``source`` [state] are positions on the source axis; ``controls`` holds the sorted package of
    each state.
    """

    source: Index
    technology: tuple[str, ...]
    controls: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.technology)


@dataclass(frozen=True)
class Moves:
    """The move axis, sorted by group.

    Attributes
    ----------
    origin, target
        State positions [move]; ``target`` is :data:`NOWHERE` where activity is avoided.
    conversion
        To-units per from-unit [move]; 1 within a source.
    group
        Position on the group axis [move].
    unit_cost
        Annual cost [currency per activity unit moved and year]; NaN where unknown.
    """

    origin: Index
    target: Index
    conversion: Array
    group: Index
    unit_cost: Array

    def __len__(self) -> int:
        return len(self.origin)


@dataclass(frozen=True)
class Pairs:
    """Pairs of a group and a state, sorted by group, each once.

    Few of all possible pairs occur, so they are listed instead of marked in a table.
    """

    group: Index
    state: Index

    def __len__(self) -> int:
        return len(self.group)

    def amount(self, activity: Array, groups: int) -> Array:
        """Return each group's sum over its states, dims (group, ...), of what states hold.

        Parameters
        ----------
        activity
            What each state holds, dims (state, ...).
        groups
            Number of groups.

        Returns
        -------
        Array
            Dims (group, ...), in the unit of ``activity``; 0 for a group without states.
        """
        return sum_by(activity[self.state], self.group, groups)

    def without(self, other: "Pairs", states: int) -> "Pairs":
        """Return the pairs that are not among some others.

        Parameters
        ----------
        other
            Pairs to leave out.
        states
            Number of states.

        Returns
        -------
        Pairs
            The rest, in the order they had.
        """
        own, theirs = (p.group * states + p.state for p in (self, other))
        kept = ~np.isin(own, theirs)
        return Pairs(self.group[kept], self.state[kept])


def no_pairs() -> Pairs:
    """Return an empty list of pairs."""
    return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))


def distinct_pairs(group: Index, state: Index, states: int) -> Pairs:
    """Return pairs sorted and each once.

    Parameters
    ----------
    group, state
        Positions of both ends of each pair, dims (pair,).
    states
        Number of states.

    Returns
    -------
    Pairs
        By group, then by state.
    """
    return Pairs(*np.divmod(np.unique(group * states + state), max(states, 1)))


@dataclass(frozen=True)
class Groups:
    """The group axis: a measure on a source.

    Attributes
    ----------
    measure, source
        Positions on the measure and source axes [group].
    reach
        Largest share of the eligible activity [group].
    round
        Order in which commitments act [group]: all groups of one round act together.
    new_only
        Whether the measure acts on new and replaced units only [group].
    reached
        Groups with the states that already have what the group gives, for levels that are final
        shares.
    """

    measure: Index
    source: Index
    reach: Array
    round: Index
    new_only: NDArray[np.bool_]
    reached: Pairs

    def __len__(self) -> int:
        return len(self.measure)


@dataclass(frozen=True)
class System:
    """States, moves and their coefficients.

    Attributes
    ----------
    years, pollutants, measures
        Labels of the axes.
    baseline
        Activity without the plan [source unit], dims (state, year).
    factor
        Emission factor after the state's controls [t/source unit], dims (state, pollutant, year).
    recent
        ``recent[s, f, y]``: baseline activity in year y of units new since year f.
    start
        Position of the first year in which measures can act.
    """

    years: tuple[int, ...]
    start: int
    pollutants: tuple[str, ...]
    measures: tuple[str, ...]
    sources: Sources
    states: States
    moves: Moves
    groups: Groups
    baseline: Array
    factor: Array
    recent: Array

    @cached_property
    def eligible(self) -> Array:
        """What :func:`eligible_activity` returns, computed once."""
        return _eligible(self)

    def year_index(self, year: int) -> int:
        """Return the position of a year."""
        return self.years.index(year)


def shift_activity(moves: Moves, activity: Array, uptake: Array) -> Array:
    """Return ``activity + N @ uptake``.

    Parameters
    ----------
    moves
        The moves; only ``origin``, ``target`` and ``conversion`` are used.
    activity
        Activity [source unit], dims (state, ...).
    uptake
        Activity moved [unit of the from-source], dims (move, ...).

    Returns
    -------
    Array
        New array; equal to ``activity`` bit for bit where nothing is moved.
    """
    result = activity.copy()
    inside = moves.target != NOWHERE
    target, conversion = moves.target[inside], moves.conversion[inside]
    columns = int(np.prod(uptake.shape[1:]))
    held, moved = result.reshape(len(result), columns), uptake.reshape(len(uptake), columns)
    # Column by column: NumPy adds at positions several times as fast along one axis as along two.
    for k in range(columns):
        np.subtract.at(held[:, k], moves.origin, moved[:, k])
        np.add.at(held[:, k], target, conversion * moved[inside, k])
    return result


def emission_by_source(system: System, activity: Array, year: int | None = None) -> Array:
    """Return emissions [t/a].

    Parameters
    ----------
    system
        Its factors and the source of each state are used.
    activity
        Activity [source unit], dims (state, year), or (state, k) for any k when ``year`` is given.
    year
        Position of the year whose factors are used for every column; all years if None.

    Returns
    -------
    Array
        Emission [t/a], dims (source, pollutant, year) or (source, pollutant, k).
    """
    if year is None:
        by_state = system.factor * activity[:, None, :]
    else:
        by_state = system.factor[:, :, year, None] * activity[:, None, :]
    return sum_by(by_state, system.states.source, len(system.sources))


def sum_by(values: Array, labels: Index, n: int) -> Array:
    """Sum the first axis by label.

    Parameters
    ----------
    values
        Anything that adds up, dims (item, ...).
    labels
        Label of each item, 0 to ``n - 1``, dims (item,); must be sorted.
    n
        Number of labels.

    Returns
    -------
    Array
        Sums, dims (label, ...); 0 where a label has no item.
    """
    total = np.zeros((n, *values.shape[1:]))
    if len(labels):
        starts = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1]])
        total[labels[starts]] = np.add.reduceat(values, starts, axis=0)
    return total


def eligible_activity(system: System) -> Array:
    """Return the activity a group could move at most if its reach were 1, dims (group, year).

    The baseline in all states of the technologies the group starts from, whatever their controls,
    that do not yet have what it gives: what other measures put there first counts as well. For
    measures on new units only those that came into use since the first year of the plan.
    """
    return system.eligible


def _eligible(system: "System") -> Array:
    moves, groups = system.moves, system.groups
    code = positions(tuple(dict.fromkeys(system.states.technology)))
    technology = np.array([code[t] for t in system.states.technology], dtype=np.int64)
    _, kind = np.unique(system.states.source * (len(code) + 1) + technology, return_inverse=True)
    pairs = _states_of(moves.group, kind[moves.origin], kind)
    lacking = pairs.without(groups.reached, len(system.states))
    group, state = lacking.group, lacking.state
    held = np.where(
        groups.new_only[group, None], system.recent[state, system.start], system.baseline[state]
    )
    return sum_by(held, group, len(groups))


def _states_of(group: Index, kind: Index, kind_of_state: Index) -> Pairs:
    """Return each group with all states of the kinds that it starts from.

    The work grows with the pairs, not with groups times states.
    """
    by_kind = np.argsort(kind_of_state, kind="stable")
    count = np.bincount(kind_of_state)
    first = np.cumsum(count) - count
    group, kind = np.divmod(np.unique(group * len(count) + kind), max(len(count), 1))
    size = count[kind]
    offset = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return Pairs(np.repeat(group, size), by_kind[np.repeat(first[kind], size) + offset])


def positions(names: Sequence[str]) -> dict[str, int]:
    """Return the position of each name."""
    return {name: i for i, name in enumerate(names)}
