"""Emissions of a case for some years and any number of samples, the sample axis last.

Factors are never written out per state. What a state emits is its activity, times what its package
of controls leaves, times the factor of its kind (source and technology): activity is weighted and
summed over the states of a kind first, and only then multiplied by the kind's factor.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum, ordered_total
from lantian.core.rounds import Columns, Rounds
from lantian.core.seasonal import NO_SHIFTS, Shifts
from lantian.core.system import Array, Factors, Index, Structure, Values, sum_by

Made = TypeVar("Made")


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
    shifts
        What measures with a season of their own change in other months than their sources emit in.
    """

    years: tuple[int, ...]
    emission: Array
    activity: Array
    shifts: Shifts = field(default=NO_SHIFTS, compare=False)
    _found: dict[Hashable, tuple[object, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, what: Hashable, of: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return what is made of this case and of some objects, made once.

        Parameters
        ----------
        what
            Its name.
        of
            All that it is made of besides the case; told apart by identity.
        make
            Makes it.

        Returns
        -------
        Anything
            The same for all who ask.
        """
        key = (what, *map(id, of))
        if key not in self._found:
            self._found[key] = of, make()  # what stands in ``of`` lives as long as its identity
        found: Made = self._found[key][1]
        return found

    def year(self, year: int) -> int:
        """Return the position of a calendar year."""
        return self.years.index(year)

    def at(self, year: int) -> "Projection":
        """Return the case in one calendar year, as a view of it."""
        return self.once(year, (), lambda: self._view(year))

    def _view(self, year: int) -> "Projection":
        own = slice(self.year(year), self.year(year) + 1)
        return Projection(
            (year,), self.emission[:, :, own], self.activity[:, own], self.shifts.of_years(own)
        )

    def within(self, share: Array, months: Array, pollutant: int) -> Array:
        """Return what is emitted of a pollutant in some months [t], dims (source, year, sample).

        Parameters
        ----------
        share
            Part of every source's year that is in them [1], dims (source,).
        months
            1 for those that count, dims (month,).
        pollutant
            Its position.
        """
        found: Array = share[:, None, None] * self.emission[:, pollutant]
        for shift in self.shifts.found:
            found[shift.sources] += shift.within(months)[:, pollutant]
        return found

    def by_month(self, sources: Index, shares: Array, pollutant: int) -> Array:
        """Return what some sources together emit of a pollutant in each month [t].

        Parameters
        ----------
        sources
            Positions of those that count.
        shares
            Part of the year of each of them that is in each month [1], dims (counted source,
            month).
        pollutant
            Its position.

        Returns
        -------
        Array
            Dims (month, year, sample).
        """
        each = shares.T[..., None, None] * self.emission[sources, pollutant]
        found = np.stack([ordered_total(month) for month in each])
        for shift in self.shifts.found:
            found = found + shift.by_month(sources, pollutant)
        return found


@dataclass(frozen=True)
class PollutantSum:
    """How what states emit of one pollutant adds up to kinds.

    Attributes
    ----------
    plain
        Sum over the states whose package leaves all of it.
    treated, package
        Positions of the other states that emit it, and the package of each.
    rest
        Sum over these.
    """

    plain: Sum
    treated: Index
    package: Index
    rest: Sum


@dataclass(frozen=True)
class Contraction:
    """How states add up to kinds and kinds to sources; found once per structure.

    Attributes
    ----------
    by_kind
        Of each pollutant.
    by_source
        Sum of kinds by source.
    kinds
        Which of all kinds, and so of all factors, these are; all of them if None.
    """

    by_kind: tuple[PollutantSum, ...]
    by_source: Sum
    kinds: Index | None = None


def contraction(
    structure: Structure,
    states: Index,
    held: NDArray[np.bool_] | None = None,
    sources: Index | None = None,
) -> Contraction:
    """Return how some states of a structure add up.

    Parameters
    ----------
    structure
        Its kinds, and what packages can remove.
    states
        Positions of the states that activity will be given of, in that order.
    held
        Which of them can hold any, dims (given state,); all by default.
    sources
        The sources that are told, if these states are of few: no others' factors are looked at.

    Returns
    -------
    Contraction
        Positions only.
    """
    kind, package = structure.kind[states], structure.package[states]
    kinds, pollutants = structure.emits.shape
    source = np.zeros(kinds, dtype=np.int64)
    source[structure.kind] = structure.states.source
    own, told = None, len(structure.sources)
    if sources is not None:
        own, kind = np.unique(kind, return_inverse=True)
        kinds, told = len(own), len(sources)
        order = np.argsort(sources)
        source = order[np.searchsorted(sources, source[own], sorter=order)]
    known: dict[tuple[bytes, bytes], PollutantSum] = {}
    found = []
    for p in range(pollutants):
        emits = structure.emits[structure.kind[states], p]
        emits = emits if held is None else emits & held
        removes = structure.removes[package, p]
        same = emits.tobytes(), removes.tobytes()
        if same not in known:
            plain, treated = np.flatnonzero(emits & ~removes), np.flatnonzero(emits & removes)
            known[same] = PollutantSum(
                Sum(kind[plain], kinds, plain),
                treated,
                package[treated],
                Sum(kind[treated], kinds),
            )
        found.append(known[same])
    return Contraction(tuple(found), Sum(source, told), own)


def emission(
    adds: Contraction, values: Values, activity: Array, wanted: NDArray[np.bool_]
) -> Array:
    """Return emissions by source.

    Parameters
    ----------
    adds
        Of the states of ``activity``.
    values
        Factors and what packages leave, of the years of ``activity``.
    activity
        Activity [source unit], dims (state, year, sample).
    wanted
        Which pollutants are wanted in which years, dims (pollutant, year).

    Returns
    -------
    Array
        [t/a], dims (source, pollutant, year, sample); 0 where it is not wanted.
    """
    factors = values.factors
    if adds.kinds is not None:
        factors = tuple(_of_kinds(factors, adds.kinds))
    samples = max(a.shape[-1] for a in (activity, values.kept, *(f.value for f in factors)))
    total = np.zeros((adds.by_source.n, len(wanted), activity.shape[1], samples))
    for p in np.flatnonzero(wanted.any(axis=1)).tolist():
        every = bool(wanted[p].all())
        years = slice(None) if every else np.flatnonzero(wanted[p])
        held, own = activity if every else activity[:, years], adds.by_kind[p]
        by_kind = own.plain(held)
        if len(own.treated):
            by_kind = by_kind + own.rest(held[own.treated] * values.kept[own.package, p][:, None])
        emitted = _times_factor(by_kind, factors, p, years)
        if emitted is not None:
            total[:, p, years] = adds.by_source(emitted)
    return total


def _of_kinds(factors: Sequence[Factors], kinds: Index) -> Iterator[Factors]:
    """Yield the factors of some kinds, at their positions among these."""
    for own in factors:
        first, beyond = np.searchsorted(kinds, [own.kinds.start, own.kinds.stop]).tolist()
        if first < beyond:
            value = own.value[kinds[first:beyond] - own.kinds.start]
            yield Factors(slice(first, beyond), own.pollutants, value)


def _times_factor(
    by_kind: Array, factors: Sequence[Factors], pollutant: int, years: slice | Index
) -> Array | None:
    """Return what kinds emit of a pollutant [t/a]; None where there is nothing of it.

    ``by_kind`` is 0 for the kinds that do not emit it.
    """
    each = ((own, own.pollutants.tolist()) for own in factors)
    found = [(own, known.index(pollutant)) for own, known in each if pollutant in known]
    if not found:
        return None
    samples = max(by_kind.shape[-1], *(own.value.shape[-1] for own, _ in found))
    emitted = np.zeros((*by_kind.shape[:-1], samples))
    for own, at in found:
        factor = own.value[:, at]
        factor = factor[:, years] if factor.shape[1] > 1 else factor
        np.multiply(by_kind[own.kinds], factor, out=emitted[own.kinds])
    return emitted


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
    """Commitments of a plan as :func:`plan_base` takes them.

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


@dataclass(frozen=True)
class PlanBase:
    """What a plan's commitments act on, whatever their levels; samples as many or one.

    Attributes
    ----------
    baseline
        Activity without the plan [source unit], dims (state, year, sample).
    limit
        Reach times eligible activity [source unit], dims (commitment, year, sample).
    reach
        Of each commitment's group [1], dims (commitment, 1, sample).
    recent
        Units that are new since the commitment began [source unit], dims (new move, year, sample).
    conversion
        To-units per from-unit, dims (move, 1, sample).
    """

    baseline: Array
    limit: Array
    reach: Array
    recent: Array
    conversion: Array


def plan_base(structure: Structure, values: Values, plan: PlanNumbers, baseline: Array) -> PlanBase:
    """Return what a plan's commitments act on.

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
    PlanBase
        The same for all readings of the plan.
    """
    limit = values.reach[:, None] * eligible(structure, values, plan.start, baseline)
    new = plan.rounds.new
    since = plan.since[plan.rounds.owner_of_new]
    return PlanBase(
        baseline,
        limit[plan.group],
        values.reach[plan.group, None],
        recent_of(structure, values, structure.arcs.origin[new], since),
        values.conversion[:, None],
    )


def at_level(base: PlanBase, level: Array, progress: Array) -> Columns:
    """Return columns for :func:`~lantian.core.rounds.apply_rounds`.

    Parameters
    ----------
    base
        As :func:`plan_base` gives it.
    level
        Share, or amount [source unit], dims (commitment, year, sample).
    progress
        Part of it that is moved [1], dims (commitment, year).

    Returns
    -------
    Columns
        Years and samples are one axis of columns, the samples running fastest.
    """
    arrays = (base.baseline, base.limit, base.reach, base.recent, base.conversion, level)
    years, samples = base.baseline.shape[1], max(array.shape[2] for array in arrays)

    def flat(array: Array) -> Array:
        wide = np.broadcast_to(array, (len(array), years, samples))
        return wide.reshape(len(array), years * samples)

    return Columns(
        baseline=flat(base.baseline),
        level=flat(level),
        limit=flat(base.limit),
        reach=flat(base.reach),
        progress=flat(progress[..., None]),
        recent=flat(base.recent),
        conversion=flat(base.conversion),
    )
