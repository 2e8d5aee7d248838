"""Targets of a scenario as limits on indicators: at the door, for the optimiser, for any sample."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.system import Array, Sources
from lantian.errors import Place, Problems, closest
from lantian.indicators import find
from lantian.indicators.available import Available
from lantian.indicators.contract import CENTRAL, Declared, Fitted, Row
from lantian.language import message
from lantian.optimise.problem.coefficients import Targets
from lantian.parameters import units
from lantian.plan.areas import check_area_names, check_no_areas
from lantian.scenario.model import Target
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import POLLUTANTS, Bindingness

SLIP = 100.0
"""A limit this many times the baseline [1] asks for nothing: its unit is wrong."""


@dataclass(frozen=True)
class Bound:
    """How a limit follows from the base value: ``share * base + level``.

    Attributes
    ----------
    share
        Of the base value [1]; 0 for a level.
    level
        [unit of the target].
    """

    share: float
    level: float

    def limit(self, base: Array) -> Array:
        """Return the limit, dims as ``base`` [unit of the target]."""
        return self.share * base + self.level


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
    base: Array = field(default_factory=lambda: np.full(1, np.nan))
    base_value: float | None = None
    limit: float = float("nan")
    price: float = float("inf")

    @property
    def computed(self) -> bool:
        """Whether there is a value."""
        return self.fitted is not None

    @cached_property
    def row(self) -> Row | None:
        """The one row that stands for it in the optimiser, if it is as simple as that."""
        return simple_row(self.rows)

    @property
    def weight(self) -> Array | None:
        """[unit per t/a], dims (source, pollutant); None if the optimiser is not asked for it."""
        return None if self.row is None else self.row.weight[..., CENTRAL]

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


def base_values(
    targets: Sequence[ResolvedTarget], fitted: Mapping[str, Fitted], baseline: Projection
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

    Returns
    -------
    list of Array
        One per target [its unit], dims (sample,) or (place, sample); NaN for levels.
    """
    return [
        np.full(1, np.nan)
        if t.base_year is None or t.fitted is None
        else _value(t, fitted[t.target.indicator_id], baseline, t.base_year)
        for t in targets
    ]


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
    worst = (places[2] - places[0]).argmin(axis=0)[None]
    value, base, limit = (np.take_along_axis(a, worst, axis=0)[0] for a in places)
    return value, base, limit


def _value(target: ResolvedTarget, fitted: Fitted, projection: Projection, year: int) -> Array:
    """Return the indicator of a calendar year, dims (sample,) or (place, sample)."""
    value: Array = fitted.value(projection.at(year), target.target.subject)[0]
    return value


def check_targets(read: ReadScenario, problems: Problems) -> None:
    """Note targets whose unit does not fit their indicator; needs no table to be read.

    Parameters
    ----------
    read
        The scenario.
    problems
        Receives every fault found.
    """
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            _bound_of(i, target, _unit(target), read, problems)


def indicators_asked(read: ReadScenario) -> dict[str, Place]:
    """Return where the scenario first asks for each indicator that is computed, by its id."""
    found: dict[str, Place] = {}
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            found.setdefault(target.indicator_id, read.place("targets", i, "indicator"))
    return found


def pollutants_asked(
    targets: Sequence[ResolvedTarget], declared: Mapping[str, Declared]
) -> list[int]:
    """Return the positions of the pollutants that targets rest on; others need no projection.

    Parameters
    ----------
    targets
        Computed or not.
    declared
        Their indicators by id.

    Returns
    -------
    list of int
        Ascending.
    """
    names = {
        pollutant
        for t in targets
        if t.computed
        for pollutant in declared[t.target.indicator_id].pollutants(t.target.subject)
    }
    return sorted(POLLUTANTS.index(name) for name in names)


def resolve_targets(
    read: ReadScenario,
    sources: Sources,
    available: Mapping[str, Available],
    baseline: Projection,
    problems: Problems,
    areas: Areas | None = None,
) -> list[ResolvedTarget]:
    """Turn the scenario's targets into what can be judged, and asked of the optimiser.

    Parameters
    ----------
    read
        The scenario.
    sources
        Source axis of the emissions.
    available
        Indicators by id; a target on one that is missing is left out, as that is told already.
    baseline
        Without the plan, in all years of the model.
    problems
        Receives every fault found.
    areas
        Where the sources are; None if the region is not divided.

    Returns
    -------
    list of ResolvedTarget
        In the order of the targets, without those that are faulty.
    """
    found = []
    for i, target in enumerate(read.scenario.targets):
        if not _has_years(target, baseline.years):
            continue  # noted when the scenario was read
        if not target.computed:
            year = baseline.year(target.year)
            found.append(ResolvedTarget(target=target, unit="", year=year))
        elif target.indicator_id in available:
            own = available[target.indicator_id]
            if _check_subject(i, target, own, read, sources, areas, problems):
                resolved = _resolved(i, target, own, read, baseline, problems)
                found += [] if resolved is None else [resolved]
    return found


def _has_years(target: Target, years: tuple[int, ...]) -> bool:
    base = target.relative_to if target.computed else None
    return target.year in years and (not isinstance(base, int) or base in years)


def _unit(target: Target) -> str:
    return find(target.indicator_id).unit_of(target.subject)


def _base_year(target: Target) -> int | None:
    return target.year if target.relative_to == "baseline" else target.relative_to


def _resolved(
    i: int,
    target: Target,
    own: Available,
    read: ReadScenario,
    baseline: Projection,
    problems: Problems,
) -> ResolvedTarget | None:
    """Return a computed target on a subject that is known."""
    unit = _unit(target)
    bound = _bound_of(i, target, unit, read, problems)
    if bound is None:
        return None
    rows = own.fitted.rows(target.subject, target.year)
    blank = ResolvedTarget(
        target=target,
        unit=unit,
        year=baseline.year(target.year),
        fitted=own.fitted,
        rows=None if rows is None else tuple(rows),
        bound=bound,
        base_year=_base_year(target),
        price=_price(i, target, unit, read, problems),
    )
    (base,) = base_values([blank], {target.indicator_id: own.fitted}, baseline)
    based = replace(blank, base=base)
    value, base_value, limit = based.judge(baseline)
    values = {target.year: value}
    if blank.base_year is not None:
        values.setdefault(blank.base_year, base_value)
    _check_value(i, target, values, own, read, problems)
    _check_size(i, target, limit, value, read, problems)
    return replace(based, limit=limit, base_value=None if blank.base_year is None else base_value)


def _bound_of(
    i: int, target: Target, unit: str, read: ReadScenario, problems: Problems
) -> Bound | None:
    try:
        return _bound(target, unit)
    except units.UnitError as error:
        key = "at_most" if target.at_most is not None else "reduce_by"
        problems.add(read.place("targets", i, key), message("{text}.", text=error.args[0]))
        return None


def _bound(target: Target, unit: str) -> Bound:
    if target.at_most is not None:
        return Bound(0.0, target.at_most.to(unit))
    assert target.reduce_by is not None  # the model of a target has checked both
    try:
        return Bound(1.0 - target.reduce_by.to(""), 0.0)
    except units.UnitError:
        return Bound(1.0, -target.reduce_by.to(unit.removesuffix("/a")))


def _price(i: int, target: Target, unit: str, read: ReadScenario, problems: Problems) -> float:
    if target.price is None:
        return float("inf")
    try:
        return target.price.to(f"{read.scenario.economics.currency}/a/({unit})")
    except units.UnitError as error:
        problems.add(read.place("targets", i, "price"), message("{text}.", text=error.args[0]))
        return float("inf")


def _check_subject(
    i: int,
    target: Target,
    own: Available,
    read: ReadScenario,
    sources: Sources,
    areas: Areas | None,
    problems: Problems,
) -> bool:
    """Note parameters that name nothing here; return whether all are known."""
    before = len(problems.found)
    for n, name in enumerate(target.sectors or ()):
        if name not in sources.sector:
            problems.add(
                read.place("targets", i, "sectors", n),
                message("'{name}' is not a sector.", name=name),
                fix=closest(name, set(sources.sector)),
            )
    if target.areas is not None:
        place = ("targets", i, "areas")
        if not check_no_areas(read, areas, problems, *place) and areas is not None:
            check_area_names(target.areas, read, areas, problems, *place)
    for key, known in own.declared.choices.items():
        given = getattr(target, key)
        if given not in known:
            problems.add(
                read.place("targets", i, key),
                message("'{name}' is not a {parameter} here.", name=given, parameter=message(key)),
                fix=closest(given, known),
            )
    return len(problems.found) == before


def _check_value(
    i: int,
    target: Target,
    values: Mapping[int, float],
    own: Available,
    read: ReadScenario,
    problems: Problems,
) -> None:
    """Note a target on a pollutant that nothing emits, and years in which there is no value."""
    if target.pollutant is not None and not values[target.year]:
        problems.add(
            read.place("targets", i, "pollutant"),
            message("nothing emits {pollutant} here.", pollutant=target.pollutant),
        )
    unknown = [year for year, value in values.items() if np.isnan(value)]
    if unknown:
        problems.add(
            read.place("targets", i, "year"),
            message(
                "'{indicator}' asks for {what} of {years}.",
                indicator=own.indicator.id,
                what=own.indicator.asks_for,
                years=", ".join(map(str, unknown)),
            ),
        )


def _check_size(
    i: int, target: Target, limit: float, value: float, read: ReadScenario, problems: Problems
) -> None:
    """Note a level so far above the baseline that its unit must have slipped."""
    if target.at_most is not None and 0 < value * SLIP <= limit:
        problems.add(
            read.place("targets", i, "at_most"),
            message(
                "{level} is {ratio:.3g} times what there is without the plan.",
                level=target.at_most,
                ratio=limit / value,
            ),
            fix=message("Check the unit."),
        )


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
    if not rows:
        shape = (0, *next((t.weight.shape for t in targets if t.weight is not None), (0, 0)))
        return Targets((), np.zeros(shape), np.zeros(0), np.zeros(0), ())
    own = limit is None
    return Targets(
        tuple(t.target.id for t in rows),
        np.array([t.weight for t in rows]),
        np.array([t.constant for t in rows]),
        np.array([t.limit for t in rows]) if limit is None else limit,
        tuple(t.unit for t in rows),
        np.array([t.price if own else np.inf for t in rows]),
        np.array([t.target.bindingness not in watched for t in rows]),
    )
