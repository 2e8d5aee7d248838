"""Emissions of a case for some years and any number of samples, the sample axis last.

Factors are never written out per state. What a state emits is its activity, times what its package
of controls leaves, times the factor of its kind (source and technology): activity is weighted and
summed over the states of a kind first, and only then multiplied by the kind's factor.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum
from lantian.core.rounds import Columns, Rounds
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
        own = slice(self.year(year), self.year(year) + 1)
        return Projection((year,), self.emission[:, :, own], self.activity[:, own])


@dataclass(frozen=True)
class Contraction:
    """How states add up to kinds and kinds to sources; found once per structure.

    Attributes
    ----------
    by_kind, by_source
        Sums of states by kind, and of kinds by source.
    """

    by_kind: Sum
    by_source: Sum


def contraction(structure: Structure) -> Contraction:
    """Return how the states of a structure add up.

    Parameters
    ----------
    structure
        All states of one kind are of one source.

    Returns
    -------
    Contraction
        Positions only.
    """
    kinds = int(structure.kind.max(initial=-1)) + 1
    source = np.zeros(kinds, dtype=np.int64)
    source[structure.kind] = structure.states.source
    return Contraction(Sum(structure.kind, kinds), Sum(source, len(structure.sources)))


def emission(
    structure: Structure,
    adds: Contraction,
    values: Values,
    activity: Array,
    wanted: NDArray[np.bool_] | None = None,
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
    wanted
        Which pollutants are wanted in which years, dims (pollutant, year); all by default.

    Returns
    -------
    Array
        [t/a], dims (source, pollutant, year, sample); 0 where it is not wanted.
    """
    pollutants, years = values.factor.shape[1], activity.shape[1]
    wanted = np.ones((pollutants, years), dtype=bool) if wanted is None else wanted
    total = np.zeros((adds.by_source.n, pollutants, *activity.shape[1:]))
    for p in np.flatnonzero(wanted.any(axis=1)):
        factor = values.factor[:, p]
        if not factor.any():
            continue
        chosen = slice(None) if wanted[p].all() else np.flatnonzero(wanted[p])
        factor = factor[:, chosen] if factor.shape[1] > 1 else factor
        weighted = activity[:, chosen] * values.kept[structure.package, p][:, None]
        by_kind = adds.by_kind(weighted)
        by_kind *= factor
        total[:, p, chosen] = adds.by_source(by_kind)
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
    """Commitments of a plan as :func:`plan_columns` takes them.

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


def plan_columns(
    structure: Structure, values: Values, plan: PlanNumbers, baseline: Array
) -> Columns:
    """Return what a plan's commitments act on, whatever their levels.

    Parameters
    ----------
    structure, values
        The system, of the years of ``baseline``.
    plan
        Its commitments.
    baseline
        Activity without the plan [source unit], dims (state, year, sample).

    Returns
    -------
    Columns
        Years and samples are one axis of columns; all levels are 0.
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
    return Columns(
        baseline=baseline.reshape(-1, columns),
        level=np.zeros((len(plan.group), columns)),
        limit=limit.reshape(-1, columns),
        reach=reach,
        recent=recent.reshape(-1, columns),
        conversion=conversion,
    )


def at_level(columns: Columns, level: Array) -> Columns:
    """Return the columns with levels.

    Parameters
    ----------
    columns
        As :func:`plan_columns` gives them.
    level
        Share, or amount [source unit], dims (commitment, year, sample).

    Returns
    -------
    Columns
        Ready for :func:`~lantian.core.rounds.apply_rounds`.
    """
    return replace(columns, level=level.reshape(columns.level.shape))
