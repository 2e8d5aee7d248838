"""Targets of a scenario -> targets that can be judged; note those that do not fit."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.system import Array, Sources
from lantian.errors import Place, Problems, closest
from lantian.indicators import find
from lantian.indicators.available import Available
from lantian.indicators.contract import Asked, Sense
from lantian.indicators.health import EXPOSURE
from lantian.inventory.patterns import note_unmatched
from lantian.inventory.totals import Reference
from lantian.language import message
from lantian.parameters import units
from lantian.plan.areas import check_area_names, check_no_areas
from lantian.plan.references import References, without_inventory
from lantian.plan.targets import Bound, ResolvedTarget, base_values, rows_of
from lantian.plan.wholes import check_wholes
from lantian.scenario.model import A_YEAR, FORMS, Quantity, Target
from lantian.scenario.reader import ReadScenario
from lantian.standards.printing import printed_step
from lantian.standards.tables import Standard
from lantian.tolerances import HAIR

SLIP = 100.0
"""A limit this many times the baseline [1] asks for nothing: its unit is wrong."""


def check_targets(read: ReadScenario, problems: Problems, standard: Standard | None = None) -> None:
    """Note targets whose unit does not fit their indicator; needs no table to be read.

    Parameters
    ----------
    read
        The scenario.
    problems
        Receives every fault found.
    standard
        The one that the scenario is judged by; knows what bulletins print.
    """
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            _bound_of(i, target, _unit(target), read, problems, standard)


def indicators_asked(read: ReadScenario) -> dict[str, Place]:
    """Return where the scenario first asks for each indicator that is computed, by its id."""
    found: dict[str, Place] = {}
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            found.setdefault(target.indicator_id, read.place("targets", i, "indicator"))
    if read.scenario.health is not None:
        found.setdefault(EXPOSURE, read.place("health"))
    return found


def targets_asked(read: ReadScenario) -> dict[str, list[Asked]]:
    """Return the targets on each indicator that is computed, by its id, with their places."""
    found: dict[str, list[Asked]] = {}
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            place = partial(read.place, "targets", i)
            found.setdefault(target.indicator_id, []).append(Asked(target.subject, place))
    return found


def _nothing() -> Array:
    return np.zeros((0, 1))


def resolve_targets(
    read: ReadScenario,
    sources: Sources,
    available: Mapping[str, Available],
    *,
    baseline: Projection,
    problems: Problems,
    areas: Areas | None = None,
    standard: Standard | None = None,
    references: References | None = None,
    theta: Callable[[], Array] = _nothing,
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
    standard
        The one that the scenario is judged by; knows what bulletins print.
    references
        What is known of years without an inventory; None where nothing is.
    theta
        Gives the central values of all slots, dims (slot, 1), for what is known of these years.

    Returns
    -------
    list of ResolvedTarget
        In the order of the targets, without those that are faulty.
    """
    found: list[tuple[int, ResolvedTarget]] = []
    for i, target in enumerate(read.scenario.targets):
        if target.year not in baseline.years:
            continue  # noted when the scenario was read
        known = _reference(target, baseline.years, references)
        if known is None and without_inventory(target, baseline.years):
            continue  # noted when the tables were read
        if not target.computed:
            year = baseline.year(target.year)
            found.append((i, ResolvedTarget(target=target, unit="", year=year)))
        elif target.indicator_id in available:
            own = available[target.indicator_id]
            if _check_subject(
                i, target, own, read=read, sources=sources, areas=areas, problems=problems
            ):
                blank = _blank(
                    i,
                    target,
                    own,
                    read=read,
                    baseline=baseline,
                    problems=problems,
                    standard=standard,
                )
                if blank is not None:
                    based = replace(blank, reference=known)
                    judged = _based(
                        i,
                        based,
                        own,
                        read=read,
                        baseline=baseline,
                        theta=theta(),
                        problems=problems,
                    )
                    found.append((i, judged))
    check_wholes(found, read, problems)
    return [target for _, target in found]


def _reference(
    target: Target, years: tuple[int, ...], references: References | None
) -> Reference | None:
    """Return what is known of the year of a cut, where the run has no inventory of it."""
    if references is None or not without_inventory(target, years):
        return None
    return references.of(target)


def _unit(target: Target) -> str:
    return find(target.indicator_id).unit_of(target.subject)


def _base_year(target: Target) -> int | None:
    same = target.relative_to == "baseline" or target.projects is not None
    return target.year if same else target.relative_to  # type: ignore[return-value]


def _blank(
    i: int,
    target: Target,
    own: Available,
    *,
    read: ReadScenario,
    baseline: Projection,
    problems: Problems,
    standard: Standard | None,
) -> ResolvedTarget | None:
    """Return a computed target on a subject that is known, without what it is relative to."""
    unit = _unit(target)
    bound = _bound_of(i, target, unit, read, problems, standard)
    if bound is None:
        return None
    return ResolvedTarget(
        target=target,
        unit=unit,
        year=baseline.year(target.year),
        fitted=own.fitted,
        bound=bound,
        base_year=_base_year(target),
        price=_price(i, target, unit, read, problems),
    )


def _based(
    i: int,
    blank: ResolvedTarget,
    own: Available,
    *,
    read: ReadScenario,
    baseline: Projection,
    theta: Array,
    problems: Problems,
) -> ResolvedTarget:
    """Return a target with the value that it is relative to, and its limit."""
    target = blank.target
    (base,) = base_values([blank], {target.indicator_id: own.fitted}, baseline, theta)
    based = replace(blank, base=base)
    value, base_value, limit = based.judge(baseline)
    values = {target.year: value}
    if blank.base_year is not None:
        values.setdefault(blank.base_year, base_value)
    _check_value(i, target, values, own, read, problems)
    _check_size(i, target, limit, value, read, problems)
    based = replace(based, limit=limit, base_value=None if blank.base_year is None else base_value)
    return replace(based, rows=rows_of(target, own.fitted, np.array([limit])))


def _bound_of(
    i: int,
    target: Target,
    unit: str,
    read: ReadScenario,
    problems: Problems,
    standard: Standard | None,
) -> Bound | None:
    if target.falls:
        return _falling(i, target, unit, read, problems, standard)
    try:
        return _bound(target, unit)
    except units.UnitError as error:
        key = next(k for k in FORMS if getattr(target, k) is not None)
        problems.add(read.place("targets", i, key), message("{text}.", text=error.args[0]))
        return None


def _falling(
    i: int,
    target: Target,
    unit: str,
    read: ReadScenario,
    problems: Problems,
    standard: Standard | None,
) -> Bound | None:
    """Return the bound of what must print lower than before; note what is never printed."""
    name = target.indicator_id
    if find(name).counted:
        return Bound(1.0 - HAIR, 0.0)  # no bulletin rounds it: lower is lower
    step = printed_step(standard, name, unit, target.year)
    if step is not None:
        return Bound(1.0, 0.0, step=step)
    problems.add(
        read.place("targets", i, "falls"),
        message("it is not known to how many digits '{indicator}' is printed.", indicator=name),
        message("Expected a row printed-step of it in inputs/standards/rules.csv."),
        message("Write what must go, such as 'reduce_by: 1 t/a'."),
    )
    return None


def _bound(target: Target, unit: str) -> Bound:
    if target.at_most is not None:
        return Bound(0.0, target.at_most.to(unit))
    if target.at_least is not None:
        return Bound(0.0, target.at_least.to(unit), "at_least")
    if target.projects is not None:
        return Bound(1.0, -sum(_change(cut, unit)[1] for cut in target.projects.values()))
    for key, sign, sense in CHANGES:
        change: Quantity | None = getattr(target, key)
        if change is not None:
            if units.is_like(change.unit, A_YEAR):
                return Bound((1.0 + sign * change.to(A_YEAR)) ** _years_of(target), 0.0, sense)
            share, amount = _change(change, unit)
            return Bound(1.0 + sign * share, sign * amount, sense)
    raise AssertionError("the model of a target has checked its forms")


def _years_of(target: Target) -> int:
    """Return how many years a rate a year counts."""
    if not isinstance(target.relative_to, int):
        raise units.UnitError(message("a rate a year needs relative_to a year"))
    years = target.year - target.relative_to
    if years <= 0:
        raise units.UnitError(
            message(
                "a rate a year needs years: {year} is not after {before}",
                year=target.year,
                before=target.relative_to,
            )
        )
    return years


CHANGES: tuple[tuple[str, float, Sense], ...] = (
    ("reduce_by", -1.0, "at_most"),
    ("rise_by", 1.0, "at_least"),
    ("rise_within", 1.0, "at_most"),
)
"""Forms that are counted from another value: their sign, and the side on which the limit lies."""


def _change(change: Quantity, unit: str) -> tuple[float, float]:
    """Return a change as a share [1] and as an amount [unit], one of which is 0."""
    try:
        return change.to(""), 0.0
    except units.UnitError:
        amount = unit.removesuffix("/a")
        read = units.factor if amount == unit else units.per_year
        return 0.0, change.value * read(change.unit, amount)


def _price(i: int, target: Target, unit: str, read: ReadScenario, problems: Problems) -> float:
    if target.price is None:
        return float("inf")
    try:
        economics, wanted = read.scenario.economics, target.price
        return wanted.value * economics.exchange.factor(
            wanted.unit, f"{economics.currency}/a/({unit})"
        )
    except units.UnitError as error:
        problems.add(read.place("targets", i, "price"), message("{text}.", text=error.args[0]))
        return float("inf")


def _check_subject(
    i: int,
    target: Target,
    own: Available,
    *,
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
    sector_of = dict(zip(sources.id, sources.sector, strict=True))
    for n, name in enumerate(target.sources or ()):
        note_unmatched(name, sector_of, read.place("targets", i, "sources", n), problems)
    if target.areas is not None:
        place = ("targets", i, "areas")
        if not check_no_areas(read, areas, problems, *place) and areas is not None:
            check_area_names(target.areas, read, areas, problems, *place)
    for key, known in own.declared.choices.items():
        given = getattr(target, key)
        if given is not None and given not in known:
            why = message("'{name}' is not a {parameter} here.", name=given, parameter=message(key))
            found, fix = own.declared.closed.get((key, given), (why, closest(given, known)))
            problems.add(read.place("targets", i, key), found, fix=fix)
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
    """Note a level so far above the baseline that its unit must have slipped, and a cut of more.

    A cut of more than there is leaves a limit below 0.
    """
    if target.reduce_by is not None and limit < 0:
        problems.add(
            read.place("targets", i, "reduce_by"),
            message("{cut} is more than there is to be cut.", cut=target.reduce_by),
            fix=message("Check the unit."),
        )
    earlier = target.earlier
    ends = () if earlier is None or not value else (limit / value, value / limit if limit else 0)
    if max(ends, default=0.0) >= SLIP:
        problems.add(
            read.place("targets", i, "was"),
            message(
                "it asks for {limit:.3g} where there is {value:.3g} without the plan.",
                limit=limit,
                value=value,
            ),
            fix=message("Check the unit."),
        )
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
