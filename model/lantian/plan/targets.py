"""Targets as limits on indicators: judged for any sample, and asked of the optimiser."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly
from lantian.core.system import Array
from lantian.indicators.contract import CENTRAL, Fitted, Row, Sense
from lantian.inventory.totals import Reference
from lantian.language import Message
from lantian.optimise.problem.branches import Branches
from lantian.optimise.problem.coefficients import Targets
from lantian.scenario.model import Target
from lantian.standards.printing import lower_in_print
from lantian.vocabulary import TIER_OF, Bindingness


@dataclass(frozen=True)
class Bound:
    """How a limit follows from the base value: ``share * base + level``.

    Attributes
    ----------
    share
        Of the base value [1]; 0 for a level.
    level
        [unit of the target].
    sense
        Side on which the limit lies.
    step
        Smallest difference that is printed [unit of the target], for what must fall: the value
        must print lower than the base value; None elsewhere.
    """

    share: float
    level: float
    sense: Sense = "at_most"
    step: float | None = None

    def limit(self, base: Array) -> Array:
        """Return the limit, dims as ``base`` [unit of the target]."""
        if self.step is None:
            return self.share * base + self.level
        return lower_in_print(base, self.step)

    @property
    def side(self) -> float:
        """Sign that makes the limit one from above."""
        return 1.0 if self.sense == "at_most" else -1.0

    def room(self, value: Any, limit: Any) -> Any:
        """Return by how much a value keeps a limit; negative where it misses it."""
        return limit - value if self.sense == "at_most" else value - limit


@dataclass(frozen=True)
class Judged:
    """Targets under a projection, dims (target, sample); NaN where one is not computed.

    Attributes
    ----------
    value
        What is reached [unit of the target]; of a target on several places that of the place that
        misses its limit most, or is nearest to it.
    base, limit
        What a cut is relative to (NaN for a level), and the largest value that keeps the target.
    """

    value: Array
    base: Array
    limit: Array


@dataclass(frozen=True, kw_only=True)
class ResolvedTarget:
    """A target with what it takes to judge it.

    In the optimiser ``constant + sum(weight * emission)`` is at most ``limit``; all three in
    ``unit``.

    Attributes
    ----------
    year
        Position of its year.
    fitted
        Its indicator at central values; None for one that is not computed.
    rows
        What the optimiser is asked to keep; None where it is judged after the solve.
    bound
        How the limit follows from the base value.
    base_year
        Year that a cut is relative to; None for a level.
    reference
        What is known of that year without an inventory of it; None where the model has the year.
    base
        Value in that year without the plan, dims (sample,) or (place, sample).
    base_value, limit
        At central values; of a target on several places, of the one that is nearest to its limit
        without the plan.
    price
        What an excess costs in the least-cost problem [currency per year and unit]; infinite for
        a hard target.
    """

    target: Target
    unit: str
    year: int
    fitted: Fitted | None = None
    rows: tuple[Row, ...] | None = None
    bound: Bound = Bound(0.0, float("nan"))
    base_year: int | None = None
    reference: Reference | None = None
    base: Array = field(default_factory=lambda: np.full(1, np.nan))
    base_value: float | None = None
    limit: float = float("nan")
    price: float = float("inf")

    @property
    def computed(self) -> bool:
        """Whether there is a value."""
        return self.fitted is not None

    @property
    def scale(self) -> float | None:
        """What 1 of its unit is at the actual state of the air [1]; None where it has no value."""
        return None if self.fitted is None else self.fitted.scale(self.target.subject)

    @property
    def has_branches(self) -> bool:
        """Whether it is rows of the optimiser, but not one upper limit."""
        return bool(self.rows) and self.row is None

    @property
    def asked(self) -> bool:
        """Whether the optimiser is asked for it; otherwise it is judged after the solve."""
        return bool(self.rows)

    def told(self, projection: Projection) -> Message | None:
        """Return what must be read beside its value under a case; None where nothing must."""
        if self.fitted is None or self.target.year not in projection.years:
            return None
        return self.fitted.told(projection, self.target.subject, self.target.year)

    @cached_property
    def row(self) -> Row | None:
        """The one row that stands for it in the optimiser, if it is as simple as that."""
        return simple_row(self.rows) if self.bound.sense == "at_most" else None

    @property
    def weight(self) -> Array | None:
        """[unit per t/a], dims (source, pollutant); None if the optimiser is not asked for it."""
        return None if self.row is None else self.row.weight[..., CENTRAL]

    @property
    def activity(self) -> Array | None:
        """[unit per source unit], dims (state,); None if no state counts by itself."""
        return None if self.row is None else _of_states(self.row)

    @property
    def monthly(self) -> Monthly | None:
        """What an emission counts in some months; None of a target about the year."""
        row = self.row
        return None if row is None or row.monthly is None else row.monthly.of_sample(CENTRAL)

    @property
    def constant(self) -> float:
        """What no emission moves [unit]; NaN if the optimiser is not asked for it."""
        return float("nan") if self.row is None else float(self.row.constant[CENTRAL])

    def judge(self, projection: Projection) -> tuple[float, float, float]:
        """Return value, base value and limit under a projection, at central values.

        Parameters
        ----------
        projection
            One sample of a case that has the target's year.

        Returns
        -------
        tuple of float
            [``unit``]; NaN as in :class:`Judged`.
        """
        fitted = {} if self.fitted is None else {self.target.indicator_id: self.fitted}
        found = judge_targets([self], fitted, [self.base], projection)
        value, base, limit = (float(a[0, CENTRAL]) for a in (found.value, found.base, found.limit))
        return value, base, limit


def simple_row(rows: Sequence[Row] | None) -> Row | None:
    """Return the row of a target that is one upper limit on emissions; None if it is not.

    Parameters
    ----------
    rows
        What an indicator asks of the optimiser.

    Returns
    -------
    Row or None
        Without 0/1 variables, and with the target's own limit.
    """
    if rows is None or len(rows) != 1:
        return None
    row = rows[0]
    simple = row.sense == "at_most" and row.limit is None and not row.binary
    return row if simple else None


def rows_of(target: Target, fitted: Fitted, limit: Array) -> tuple[Row, ...] | None:
    """Return what the optimiser is asked to keep; None where it is judged after the solve.

    Parameters
    ----------
    target
        As the scenario has it.
    fitted
        Its indicator.
    limit
        [unit of the target], dims (sample,).

    Returns
    -------
    tuple or None
        Rows that all must hold.
    """
    rows = fitted.rows_within(target.subject, target.year, limit)
    return None if rows is None else tuple(rows)


def base_values(
    targets: Sequence[ResolvedTarget],
    fitted: Mapping[str, Fitted],
    baseline: Projection,
    theta: Array,
) -> list[Array]:
    """Return what the cuts are relative to.

    Parameters
    ----------
    targets
        Computed or not.
    fitted
        Indicators by id, in the samples of the baseline.
    baseline
        Without the plan, in the base years of the targets.
    theta
        Values of all slots, dims (slot, sample): of what is known without an inventory.

    Returns
    -------
    list of Array
        One per target [its unit], dims (sample,) or (place, sample); NaN for levels.
    """
    return [
        _base_value(t, fitted[t.target.indicator_id], baseline, theta)
        if t.fitted is not None
        else np.full(1, np.nan)
        for t in targets
    ]


def _base_value(
    target: ResolvedTarget, fitted: Fitted, baseline: Projection, theta: Array
) -> Array:
    """Return what a cut is relative to, dims (sample,) or (place, sample); NaN for a level."""
    if target.base_year is None:
        return np.full(1, np.nan)
    if target.reference is not None:
        return target.reference(theta)
    return _value(target, fitted, baseline, target.base_year)


def judge_targets(
    targets: Sequence[ResolvedTarget],
    fitted: Mapping[str, Fitted],
    base: Sequence[Array],
    projection: Projection,
) -> Judged:
    """Return values and limits of all targets under a projection, for all its samples.

    Parameters
    ----------
    targets
        Computed or not.
    fitted
        Indicators by id, in the samples of the projection.
    base
        As :func:`base_values` gives it.
    projection
        Any case, in the years of the targets.

    Returns
    -------
    Judged
        Arrays, dims (target, sample).
    """
    samples = projection.emission.shape[-1]
    found = [
        (np.full(1, np.nan),) * 3
        if t.fitted is None
        else _judged(t, fitted[t.target.indicator_id], own, projection)
        for t, own in zip(targets, base, strict=True)
    ]
    width = max([samples, *(len(a) for arrays in found for a in arrays)])
    stacked = [
        np.array([np.broadcast_to(a, width) for a in column]).reshape(len(targets), width)
        for column in (zip(*found, strict=True) if found else ((), (), ()))
    ]
    return Judged(*stacked)


def _judged(
    target: ResolvedTarget, fitted: Fitted, base: Array, projection: Projection
) -> tuple[Array, Array, Array]:
    """Return value, base value and limit of one target, dims (sample,)."""
    value = _value(target, fitted, projection, target.target.year)
    limit = target.bound.limit(np.zeros(1) if target.base_year is None else base)
    if value.ndim == 1:
        return value, base, limit
    places = np.broadcast_arrays(value, base, limit)
    worst = target.bound.room(places[0], places[2]).argmin(axis=0)[None]
    value, base, limit = (np.take_along_axis(a, worst, axis=0)[0] for a in places)
    return value, base, limit


def _value(target: ResolvedTarget, fitted: Fitted, projection: Projection, year: int) -> Array:
    """Return the indicator of a calendar year, dims (sample,) or (place, sample)."""
    value: Array = fitted.value(projection.at(year), target.target.subject)[0]
    return value


def pollutant_weights(targets: Sequence[ResolvedTarget], emission: Array) -> Array:
    """Return how much each pollutant matters to the targets; sums to their number.

    Every target that the optimiser is asked for counts once, spread over the pollutants as they
    make up its value in the baseline: a total of NOx is all NOx, a mean of PM2.5 is what the
    response makes of it.

    Parameters
    ----------
    targets
        Targets in the unit of their indicator.
    emission
        Baseline emission [t/a], dims (source, pollutant, year).

    Returns
    -------
    Array
        Weight [1], dims (pollutant,).
    """
    total = np.zeros(emission.shape[1])
    for resolved in targets:
        if resolved.weight is None:
            continue
        part = np.abs(resolved.weight * emission[:, :, resolved.year]).sum(axis=0)
        if part.sum() > 0:
            total += part / part.sum()
    return total


def as_rows(
    targets: Sequence[ResolvedTarget],
    year: int,
    limit: Array | None = None,
    watched: Collection[Bindingness] = (),
) -> Targets:
    """Return the targets of a year as rows for the optimiser.

    Parameters
    ----------
    targets
        Targets in the unit of their indicator; those that the optimiser is not asked for are left
        out.
    year
        Position of the year; targets of other years are left out.
    limit
        Other limits in the place of the promised ones [unit of each], e.g. what a plan reaches,
        dims (target,); they are hard.
    watched
        Targets that bind like this are judged and not asked for.

    Returns
    -------
    Targets
        One row per target of that year, possibly none.
    """
    rows = [t for t in targets if t.weight is not None and t.year == year]
    own = limit is None
    further = [t for t in targets if t.year == year and not _is_watched(t, watched)]
    branches = _branches([t for t in further if t.has_branches]) if own else None
    if not rows:
        shape = (0, *next((t.rows[0].weight.shape[:2] for t in targets if t.rows), (0, 0)))
        none = np.zeros(0)
        return Targets((), np.zeros(shape), none, none, (), branches=branches)
    return Targets(
        tuple(t.target.id for t in rows),
        np.array([t.weight for t in rows]),
        np.array([t.constant for t in rows]),
        np.array([t.limit for t in rows]) if limit is None else limit,
        tuple(t.unit for t in rows),
        np.array([t.price if own else np.inf for t in rows]),
        np.array([not _is_watched(t, watched) for t in rows]),
        branches=branches,
        activity=stacked_activity([t.activity for t in rows]),
        monthly=tuple(t.monthly for t in rows),
    )


def _is_watched(resolved: ResolvedTarget, watched: Collection[Bindingness]) -> bool:
    """Tell whether a target is judged only, by its words or by how it would be asked for."""
    return not {resolved.target.bindingness, resolved.target.asked_as}.isdisjoint(watched)


def stacked_activity(rows: Sequence[Array | None]) -> Array | None:
    """Return what states count in each row; None if none does by itself.

    Parameters
    ----------
    rows
        [unit of the row per source unit], each dims (state,) or None.

    Returns
    -------
    Array or None
        dims (row, state).
    """
    wide = next((row for row in rows if row is not None), None)
    if wide is None:
        return None
    return np.array([np.zeros(len(wide)) if row is None else row for row in rows])


def _branches(targets: Sequence[ResolvedTarget]) -> Branches | None:
    """Return the rows of targets that are not one upper limit; None if there are none."""
    if not targets:
        return None
    pairs = [(t, row) for t in targets for row in t.rows or ()]
    names = tuple(dict.fromkeys(f"{t.target.id} {b}" for t, row in pairs for b in row.binary))
    choice = np.zeros((len(pairs), len(names)))
    for r, (t, row) in enumerate(pairs):
        for name, factor in row.binary.items():
            choice[r, names.index(f"{t.target.id} {name}")] = factor[CENTRAL]
    limits = [_limits_of(t, row) for t, row in pairs]
    return Branches(
        tuple(t.target.id for t, _ in pairs),
        tuple(TIER_OF[t.target.asked_as] for t, _ in pairs),
        np.array([row.weight[..., CENTRAL] for _, row in pairs]),
        np.array([low for low, _ in limits]),
        np.array([high for _, high in limits]),
        names,
        choice,
        stacked_activity(
            [None if r.activity is None else r.activity[:, CENTRAL] for _, r in pairs]
        ),
        tuple(None if r.monthly is None else r.monthly.of_sample(CENTRAL) for _, r in pairs),
    )


def _of_states(row: Row) -> Array | None:
    """Return what states count in a row at central values, dims (state,)."""
    return None if row.activity is None else row.activity[:, CENTRAL]


def _limits_of(target: ResolvedTarget, row: Row) -> tuple[float, float]:
    """Return the lower and the upper limit of a row, less its constant."""
    own = row.limit is not None
    sense = row.sense if own or row.sense == "at_least" else target.bound.sense
    limit = float(row.limit[CENTRAL]) if row.limit is not None else target.limit
    limit -= float(row.constant[CENTRAL])
    return (limit, np.inf) if sense == "at_least" else (-np.inf, limit)
