"""Targets of a scenario as linear rows: each with its own base year."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.areas import Areas
from lantian.core.system import Array, Sources
from lantian.errors import Problems, closest
from lantian.indicators.assembly import Response, dustfall_weight, pm25_weight
from lantian.indicators.receptors import Transfer
from lantian.indicators.tables import CONCENTRATION, DUSTFALL
from lantian.language import message
from lantian.optimise.problem.coefficients import Targets
from lantian.parameters import units
from lantian.plan.areas import check_area_names, check_no_areas
from lantian.scenario.model import Target
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import POLLUTANTS

EMISSION = "t/a"
SLIP = 100.0
"""A limit this many times the baseline [1] asks for nothing: its unit is wrong."""


@dataclass(frozen=True)
class ResolvedTarget:
    """A target with what it takes to judge it.

    ``value(y) = constant[y] + sum(weight * emission[:, :, y])``; both in ``unit``. ``weight`` is
    None for an indicator that is not computed.

    Attributes
    ----------
    base_year, base_value
        What a cut is relative to; None for a level.
    limit
        Largest value that keeps the target.
    price
        What an excess costs in the least-cost problem [currency per year and unit]; infinite for
        a hard target.
    """

    target: Target
    unit: str
    weight: Array | None
    constant: Array
    year: int
    base_year: int | None
    base_value: float | None
    limit: float
    price: float = float("inf")

    def value(self, emission: Array, year: int) -> float:
        """Return the indicator of a year.

        Parameters
        ----------
        emission
            Emission [t/a], dims (source, pollutant, year).
        year
            Position of the year.

        Returns
        -------
        float
            Value [``unit``]; NaN for an indicator that is not computed.
        """
        if self.weight is None:
            return float("nan")
        return float(self.constant[year] + (self.weight * emission[:, :, year]).sum())


UNITS = {
    "emission": EMISSION,
    "pm25": CONCENTRATION,
    "dustfall": DUSTFALL,
    "concentration": CONCENTRATION,
}
"""Unit in which an indicator is judged."""


def check_units(read: ReadScenario, problems: Problems) -> None:
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
            _limit_of(i, target, UNITS[target.indicator], 0.0, read, problems)


def resolve_targets(
    read: ReadScenario,
    sources: Sources,
    years: tuple[int, ...],
    baseline: Array,
    response: Response | None,
    problems: Problems,
    transfer: Transfer | None = None,
    areas: Areas | None = None,
) -> list[ResolvedTarget]:
    """Turn the scenario's targets into rows that can be judged.

    Parameters
    ----------
    read
        The scenario.
    sources
        Source axis of ``baseline``.
    years
        Years of the model, ascending.
    baseline
        Emissions without the plan [t/a], dims (source, pollutant, year); holds the base years.
    response
        Of the region; None for a finished inventory, which has no PM2.5 or dustfall.
    transfer
        What sources add at receptors; None without a table of it.
    areas
        Where the sources are; None if the region is not divided.
    problems
        Receives every fault found.

    Returns
    -------
    list of ResolvedTarget
        In the order of the targets, without those that are faulty.
    """
    targets = []
    for i, target in enumerate(read.scenario.targets):
        if not _has_years(target, years):
            continue  # noted when the scenario was read
        resolved = _resolved(
            i, target, read, sources, years, baseline, response, problems, transfer, areas
        )
        if resolved is not None:
            targets.append(resolved)
    return targets


def _has_years(target: Target, years: tuple[int, ...]) -> bool:
    base = target.relative_to if target.computed else None
    return target.year in years and (not isinstance(base, int) or base in years)


def _resolved(
    i: int,
    target: Target,
    read: ReadScenario,
    sources: Sources,
    years: tuple[int, ...],
    baseline: Array,
    response: Response | None,
    problems: Problems,
    transfer: Transfer | None,
    areas: Areas | None,
) -> ResolvedTarget | None:
    nothing = np.zeros(len(years))
    year = years.index(target.year)
    if not target.computed:
        return ResolvedTarget(target, "", None, nothing, year, None, None, float("nan"))
    row = _row(i, target, read, sources, response, len(years), problems, transfer, areas)
    if row is None:
        return None
    unit, weight, constant = row
    blank = ResolvedTarget(target, unit, weight, constant, year, None, None, float("nan"))
    base = (
        None
        if target.relative_to is None
        else (target.year if target.relative_to == "baseline" else target.relative_to)
    )
    value = None if base is None else blank.value(baseline, years.index(base))
    if target.indicator == "emission" and not blank.value(baseline, year):
        problems.add(
            read.place("targets", i, "pollutant"),
            message("nothing emits {pollutant} here.", pollutant=target.pollutant),
        )
    limit = _limit_of(i, target, unit, value, read, problems)
    if limit is None:
        return None
    _check_size(i, target, limit, blank.value(baseline, year), read, problems)
    price = _price(i, target, unit, read, problems)
    return ResolvedTarget(target, unit, weight, constant, year, base, value, limit, price)


Row = tuple[str, Array, Array]
"""Unit, weight [unit per t], dims (source, pollutant), and constant [unit], dims (year,)."""


def _row(
    i: int,
    target: Target,
    read: ReadScenario,
    sources: Sources,
    response: Response | None,
    years: int,
    problems: Problems,
    transfer: Transfer | None,
    areas: Areas | None,
) -> Row | None:
    """Return the row of a computed indicator; None and a problem where it has none."""
    if target.indicator == "emission":
        weight = np.zeros((len(sources), len(POLLUTANTS)))
        inside = _in_areas(i, target, read, sources, areas, problems)
        chosen = _chosen(i, target, read, sources, problems)
        if inside is None or chosen is None:
            return None
        weight[chosen, POLLUTANTS.index(str(target.pollutant))] = inside[chosen]
        return EMISSION, weight, np.zeros(years)
    if target.indicator == "concentration":
        return _concentration(i, target, read, years, problems, transfer)
    if response is not None:
        return response_row(target.indicator, sources, response, years)
    if read.scenario.finished is not None:  # a region without one has told why
        problems.add(
            read.place("targets", i, "indicator"),
            message(
                "a finished inventory has no response for '{indicator}'.",
                indicator=target.indicator,
            ),
        )
    return None


def response_row(indicator: str, sources: Sources, response: Response, years: int) -> Row:
    """Return the row of ``pm25`` or ``dustfall`` in a region.

    Parameters
    ----------
    indicator
        ``pm25``; any other is the dustfall.
    sources
        Source axis.
    response
        Of the region.
    years
        Length of the year axis.

    Returns
    -------
    Row
        Its constant is the regional part, or the background.
    """
    if indicator == "pm25":
        central = response.pm25["central"]
        return CONCENTRATION, pm25_weight(sources, central), central.regional
    background = np.full(years, response.dustfall.background)
    return DUSTFALL, dustfall_weight(sources, response.dustfall), background


def receptor_row(receptor: str, transfer: Transfer, years: int) -> Row:
    """Return the row of the concentration at a receptor; its background stays.

    Parameters
    ----------
    receptor
        Name of the receptor.
    transfer
        What sources add at receptors.
    years
        Length of the year axis.

    Returns
    -------
    Row
        Weight [ug/m3 per t/a] and constant [ug/m3], with central coefficients.
    """
    r = transfer.receptors.index(receptor)
    background = np.full(years, transfer.background["central"][r])
    return CONCENTRATION, transfer.weight["central"][r], background


def _concentration(
    i: int,
    target: Target,
    read: ReadScenario,
    years: int,
    problems: Problems,
    transfer: Transfer | None,
) -> Row | None:
    if transfer is None:
        problems.add(
            read.place("targets", i, "indicator"),
            message("a concentration needs a finished inventory with a transfer table."),
            fix=message("Name the table under 'finished' as 'transfer'."),
        )
        return None
    receptor = str(target.receptor)
    if receptor not in transfer.receptors:
        problems.add(
            read.place("targets", i, "receptor"),
            message("'{name}' is not a receptor of the transfer table.", name=receptor),
            fix=closest(receptor, transfer.receptors),
        )
        return None
    return receptor_row(receptor, transfer, years)


def _chosen(
    i: int, target: Target, read: ReadScenario, sources: Sources, problems: Problems
) -> list[int] | None:
    """Return the sources a target counts; None, and a problem, if it names no sector of ours."""
    unknown = [(n, s) for n, s in enumerate(target.sectors or ()) if s not in sources.sector]
    for n, name in unknown:
        problems.add(
            read.place("targets", i, "sectors", n),
            message("'{name}' is not a sector.", name=name),
            fix=closest(name, set(sources.sector)),
        )
    if unknown:
        return None
    return [
        s
        for s, sector in enumerate(sources.sector)
        if target.sectors is None or sector in target.sectors
    ]


def _in_areas(
    i: int,
    target: Target,
    read: ReadScenario,
    sources: Sources,
    areas: Areas | None,
    problems: Problems,
) -> Array | None:
    """Return the share of each source that counts [1], dims (source,); None with a problem."""
    if target.areas is None:
        return np.ones(len(sources))
    place = ("targets", i, "areas")
    if check_no_areas(read, areas, problems, *place) or areas is None:
        return None
    known = check_area_names(target.areas, read, areas, problems, *place)
    return areas.inside(target.areas) if known else None


def _price(i: int, target: Target, unit: str, read: ReadScenario, problems: Problems) -> float:
    if target.price is None:
        return float("inf")
    try:
        return target.price.to(f"{read.scenario.economics.currency}/a/({unit})")
    except units.UnitError as error:
        problems.add(read.place("targets", i, "price"), message("{text}.", text=error.args[0]))
        return float("inf")


def _limit_of(
    i: int,
    target: Target,
    unit: str,
    base_value: float | None,
    read: ReadScenario,
    problems: Problems,
) -> float | None:
    try:
        return _limit(target, unit, base_value)
    except units.UnitError as error:
        key = "at_most" if target.at_most is not None else "reduce_by"
        problems.add(read.place("targets", i, key), message("{text}.", text=error.args[0]))
        return None


def _limit(target: Target, unit: str, base_value: float | None) -> float:
    if target.at_most is not None:
        return target.at_most.to(unit)
    assert target.reduce_by is not None  # the model of a target has checked both
    assert base_value is not None
    try:
        share = target.reduce_by.to("")
    except units.UnitError:
        return base_value - target.reduce_by.to(unit.removesuffix("/a"))
    return (1.0 - share) * base_value


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

    Every computed target counts once, spread over the pollutants as they make up its value in
    the baseline: a total of NOx is all NOx, a mean of PM2.5 is what the response makes of it.

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
    targets: list[ResolvedTarget], year: int, limit: Array | None = None, strict: bool = False
) -> Targets:
    """Return the targets of a year as rows for the optimiser.

    Parameters
    ----------
    targets
        Targets in the unit of their indicator; those that are not computed are left out.
    year
        Position of the year; targets of other years are left out.
    limit
        Other limits in the place of the promised ones [unit of each], e.g. what a plan reaches,
        dims (target,); they are hard.
    strict
        Whether only binding targets are asked for; the others are judged.

    Returns
    -------
    Targets
        One row per target of that year, possibly none.
    """
    rows = [p for p in targets if p.weight is not None and p.year == year]
    if not rows:
        shape = (0, *next((p.weight.shape for p in targets if p.weight is not None), (0, 0)))
        return Targets((), np.zeros(shape), np.zeros(0), np.zeros(0), ())
    own = limit is None
    return Targets(
        tuple(p.target.id for p in rows),
        np.array([p.weight for p in rows]),
        np.array([p.constant[year] for p in rows]),
        np.array([p.limit for p in rows]) if limit is None else limit,
        tuple(p.unit for p in rows),
        np.array([p.price if own else np.inf for p in rows]),
        np.array([not strict or p.target.bindingness == "binding" for p in rows]),
    )
