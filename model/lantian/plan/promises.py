"""Targets of a scenario as linear rows: each with its own base year."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian import units
from lantian.core.system import Array, Sources
from lantian.errors import Problems, closest
from lantian.language import message
from lantian.optimise.coefficients import Targets
from lantian.response.assembly import Response, dustfall_weight, pm25_weight
from lantian.scenario.model import Target
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import POLLUTANTS

EMISSION, CONCENTRATION, DUSTFALL = "t/a", "ug/m3", "t/(km2*month)"


@dataclass(frozen=True)
class Promise:
    """A target with what it takes to judge it.

    ``value(y) = constant[y] + sum(weight * emission[:, :, y])``; both in ``unit``. ``weight`` is
    None for an indicator that is not computed.

    Attributes
    ----------
    base_year, base_value
        What a cut is relative to; None for a level.
    limit
        Largest value that keeps the promise.
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
        """Return the indicator [``unit``] for emissions dims (source, pollutant, year)."""
        if self.weight is None:
            return float("nan")
        return float(self.constant[year] + (self.weight * emission[:, :, year]).sum())


UNITS = {"emission": EMISSION, "pm25": CONCENTRATION, "dustfall": DUSTFALL}
"""Unit in which an indicator is judged."""


def check_units(read: ReadScenario, problems: Problems) -> None:
    """Note targets whose unit does not fit their indicator; needs no table to be read."""
    for i, target in enumerate(read.scenario.targets):
        if target.computed:
            _limit_of(i, target, UNITS[target.indicator], 0.0, read, problems)


def read_promises(
    read: ReadScenario,
    sources: Sources,
    years: tuple[int, ...],
    baseline: Array,
    response: Response | None,
    problems: Problems,
) -> list[Promise]:
    """Turn the scenario's targets into promises.

    Parameters
    ----------
    baseline
        Emissions without the plan [t/a], dims (source, pollutant, year); holds the base years.
    response
        Of the region; None for a finished inventory, which has no PM2.5 or dustfall.
    """
    promises = []
    for i, target in enumerate(read.scenario.targets):
        if not _has_years(target, years):
            continue  # noted when the scenario was read
        promise = _promise(i, target, read, sources, years, baseline, response, problems)
        if promise is not None:
            promises.append(promise)
    return promises


def _has_years(target: Target, years: tuple[int, ...]) -> bool:
    base = target.relative_to if target.computed else None
    return target.year in years and (not isinstance(base, int) or base in years)


def _promise(
    i: int,
    target: Target,
    read: ReadScenario,
    sources: Sources,
    years: tuple[int, ...],
    baseline: Array,
    response: Response | None,
    problems: Problems,
) -> Promise | None:
    nothing = np.zeros(len(years))
    year = years.index(target.year)
    if not target.computed:
        return Promise(target, "", None, nothing, year, None, None, float("nan"))
    row = _row(i, target, read, sources, response, len(years), problems)
    if row is None:
        return None
    unit, weight, constant = row
    blank = Promise(target, unit, weight, constant, year, None, None, float("nan"))
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
    price = _price(i, target, unit, read, problems)
    return Promise(target, unit, weight, constant, year, base, value, limit, price)


def _row(
    i: int,
    target: Target,
    read: ReadScenario,
    sources: Sources,
    response: Response | None,
    years: int,
    problems: Problems,
) -> tuple[str, Array, Array] | None:
    """Return unit, weight [unit per t] and constant [unit] of a computed indicator."""
    if target.indicator == "emission":
        weight = np.zeros((len(sources), len(POLLUTANTS)))
        chosen = _chosen(i, target, read, sources, problems)
        if chosen is None:
            return None
        weight[chosen, POLLUTANTS.index(str(target.pollutant))] = 1.0
        return EMISSION, weight, np.zeros(years)
    if response is None:
        if read.scenario.finished is not None:  # a region without one has told why
            problems.add(
                read.place("targets", i, "indicator"),
                message(
                    "a finished inventory has no response for '{indicator}'.",
                    indicator=target.indicator,
                ),
            )
        return None
    if target.indicator == "pm25":
        central = response.pm25["central"]
        return CONCENTRATION, pm25_weight(sources, central), central.regional
    background = np.full(years, response.dustfall.background)
    return DUSTFALL, dustfall_weight(sources, response.dustfall), background


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


def pollutant_weights(promises: Sequence[Promise], emission: Array) -> Array:
    """Return how much each pollutant matters to the targets; sums to their number.

    Every computed target counts once, spread over the pollutants as they make up its value in
    the baseline: a total of NOx is all NOx, a mean of PM2.5 is what the response makes of it.

    Parameters
    ----------
    emission
        Baseline emission [t/a], dims (source, pollutant, year).

    Returns
    -------
    Array
        Dims (pollutant,).
    """
    total = np.zeros(emission.shape[1])
    for promise in promises:
        if promise.weight is None:
            continue
        part = np.abs(promise.weight * emission[:, :, promise.year]).sum(axis=0)
        if part.sum() > 0:
            total += part / part.sum()
    return total


def as_rows(
    promises: list[Promise], year: int, limit: Array | None = None, strict: bool = False
) -> Targets:
    """Return the promises of a year as rows for the optimiser.

    Parameters
    ----------
    year
        Position of the year; promises of other years are left out.
    limit
        Other limits in the place of the promised ones, e.g. what a plan reaches; they are hard.
    strict
        Whether only binding promises are asked for; the others are judged.
    """
    rows = [p for p in promises if p.weight is not None and p.year == year]
    if not rows:
        shape = (0, *next((p.weight.shape for p in promises if p.weight is not None), (0, 0)))
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
