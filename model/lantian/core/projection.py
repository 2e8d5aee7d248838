"""Emissions of a case for some years and any number of samples, the sample axis last.

Factors are never written out per state. What a state emits is its activity, times what its package
of controls leaves, times the factor of its kind (source and technology): activity is weighted and
summed over the states of a kind first, and only then multiplied by the kind's factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.rounds import Applied, Columns, Rounds, apply_rounds
from lantian.core.system import Array, Index, Structure, Values, sum_by


@dataclass(frozen=True)
class Projection:
    """One case in some years.

    Attributes
    ----------
    years
        Calendar years along the year axis.
    emission
        [t/a], dims (source, pollutant, year, sample).
    activity
        Activity of every state [source unit], dims (state, year, sample).
    """

    years: tuple[int, ...]
    emission: Array
    activity: Array

    def year(self, year: int) -> int:
        """Return the position of a calendar year."""
        return self.years.index(year)

    def at(self, year: int) -> "Projection":
        """Return the case in one calendar year, as a view of it."""
        y = self.year(year)
        return Projection((year,), self.emission[:, :, [y]], self.activity[:, [y]])


@dataclass(frozen=True)
class Contraction:
    """How states add up to kinds and kinds to sources; found once per structure.

    Attributes
    ----------
    run
        Label of each state: states of one kind stand behind one another [state].
    kind, source
        Kind and source of each run [run]; sources ascend.
    sources
        Length of the source axis.
    """

    run: Index
    kind: Index
    source: Index
    sources: int


def contraction(structure: Structure) -> Contraction:
    """Return how the states of a structure add up.

    Parameters
    ----------
    structure
        Its states are sorted by source and technology.

    Returns
    -------
    Contraction
        Positions only.
    """
    kind = structure.kind
    new = np.r_[True, kind[1:] != kind[:-1]] if len(kind) else np.zeros(0, bool)
    first = np.flatnonzero(new)
    return Contraction(
        np.cumsum(new) - 1,
        kind[first],
        structure.states.source[first],
        len(structure.sources),
    )


def emission(
    structure: Structure,
    adds: Contraction,
    values: Values,
    activity: Array,
    pollutants: Sequence[int] | None = None,
) -> Array:
    """Return emissions by source.

    Parameters
    ----------
    structure
        Kinds and packages of the states.
    adds
        Of that structure.
    values
        Factors and what packages leave, of the years of ``activity``.
    activity
        Activity of every state [source unit], dims (state, year, sample).
    pollutants
        Positions of the pollutants wanted; the others stay 0. All by default.

    Returns
    -------
    Array
        [t/a], dims (source, pollutant, year, sample).
    """
    shape = activity.shape[1:]
    total = np.zeros((adds.sources, values.factor.shape[1], *shape))
    kept = values.kept
    for p in range(values.factor.shape[1]) if pollutants is None else pollutants:
        if not values.factor[:, p].any():
            continue
        weighted = activity * kept[structure.package, p][:, None]
        by_kind = sum_by(weighted, adds.run, len(adds.kind))
        by_kind *= values.factor[adds.kind, p]
        total[:, p] = sum_by(by_kind, adds.source, adds.sources)
    return total


def baseline_activity(structure: Structure, values: Values) -> Array:
    """Return the activity of every state without the plan, dims (state, year, sample).

    Parameters
    ----------
    structure
        Knows which states the inventory declares.
    values
        Their activity [source unit].

    Returns
    -------
    Array
        [source unit]; 0 in the states that only measures lead to.
    """
    activity = np.zeros((len(structure.states), *values.activity.shape[1:]))
    activity[structure.base] = values.activity
    return activity


def eligible(structure: Structure, values: Values, start: int, baseline: Array) -> Array:
    """Return the activity each group could move at most if its reach were 1.

    Parameters
    ----------
    structure
        Groups and the states they could act on.
    values
        New units, of the years of ``baseline``.
    start
        Position among the years since which units count as new, of the plan's first year.
    baseline
        Activity without the plan [source unit], dims (state, year, sample).

    Returns
    -------
    Array
        [source unit], dims (group, year, sample).
    """
    pairs, families = structure.lacking, structure.families
    held = baseline[pairs.state]
    new = np.flatnonzero(families.new_only[pairs.group])
    if len(new):
        held[new] = recent_of(structure, values, pairs.state[new], start)
    return sum_by(held, pairs.group, len(families))


def recent_of(structure: Structure, values: Values, states: Index, since: Index | int) -> Array:
    """Return the units of states that are new since some years.

    Parameters
    ----------
    structure
        Knows which states have vintages.
    values
        New units by state, first year and year.
    states
        Positions on the state axis.
    since
        Positions of the first years on the axis of ``values.recent``; one for all, or one each.

    Returns
    -------
    Array
        [source unit], dims (states, year, sample); 0 for states without vintages.
    """
    row = np.full(len(structure.states), -1)
    row[structure.vintage] = np.arange(len(structure.vintage))
    known = row[states] >= 0
    shape = (len(states), *values.recent.shape[2:])
    found = np.zeros(shape)
    first = np.broadcast_to(since, states.shape)
    found[known] = values.recent[row[states[known]], first[known]]
    return found


@dataclass(frozen=True)
class PlanNumbers:
    """Commitments of a plan as :func:`apply_plan` takes them.

    Attributes
    ----------
    rounds
        What each round touches.
    group, since
        Group of each commitment, and position on the axis of ``values.recent`` of the year since
        which units count as new [commitment].
    start
        The same position for the first year of the plan.
    """

    rounds: Rounds
    group: Index
    since: Index
    start: int


def apply_plan(
    structure: Structure,
    values: Values,
    plan: PlanNumbers,
    level: Array,
    baseline: Array,
    uptake: bool = False,
) -> Applied:
    """Apply a plan's commitments in every year and sample.

    Parameters
    ----------
    structure, values
        The system, of the years of ``baseline``.
    plan
        Its commitments.
    level
        Share, or amount [source unit], dims (commitment, year, sample).
    baseline
        Activity without the plan [source unit], dims (state, year, sample).
    uptake
        Whether what is moved is wanted too.

    Returns
    -------
    Applied
        Its arrays have the years and samples as one axis of columns.
    """
    years, samples = baseline.shape[1:]
    columns = years * samples
    limit = (values.reach[:, None] * eligible(structure, values, plan.start, baseline))[plan.group]
    new = plan.rounds.new
    recent = recent_of(
        structure, values, structure.arcs.origin[new], plan.since[plan.rounds.owner_of_new]
    )
    reach, conversion = (
        np.broadcast_to(numbers[:, None], (len(numbers), years, samples)).reshape(-1, columns)
        for numbers in (values.reach[plan.group], values.conversion)
    )
    return apply_rounds(
        plan.rounds,
        Columns(
            baseline.reshape(-1, columns),
            level.reshape(-1, columns),
            limit.reshape(-1, columns),
            reach,
            recent.reshape(-1, columns),
            conversion,
        ),
        uptake,
    )
