"""Vehicles by source, fuel and standard: age structure up to the base year, turnover after it.

A *cell* is the vehicles of one state that were sold in one year. Which cells can hold vehicles
follows from the ranges of dates and of the oldest vintages, so that the cells are the same for
every sample; one that a sample does not allow is empty in it.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.fleet import (
    Cells,
    age_structure,
    conditional_survival,
    cumulative_hazard,
    standard_shares,
    survival,
    turn_over,
)
from lantian.errors import Place
from lantian.inventory.contract import Array, Index, SectorInputs, Window, every_year
from lantian.inventory.sectors.on_road.vehicles import FLEETS, GROUPS, STANDARDS, Group, driver_of
from lantian.language import message
from lantian.parameters import MISSING, ZERO, Numbers, QuantityRow, column
from lantian.parameters.space import constant, stack

LOST_VEHICLES = 1e-6
"""Vehicles without a standard [vehicle] above which the table of dates is at fault."""
ALWAYS, NEVER = -math.inf, math.inf
"""Dates [a] of what was in force before any vehicle was sold, and of what never will be."""

OWNER = np.array([g.owner for g in GROUPS], dtype=np.int64)
"""Source of each group."""
FIRST_GROUP = np.flatnonzero(np.diff(OWNER, prepend=-1))
"""First group of each source."""
RULES = tuple(dict.fromkeys(g.power.rule for g in GROUPS))
"""Rules of dates. The blank one of battery vehicles has a single standard, always in force."""
RULE_OF = np.array([RULES.index(g.power.rule) for g in GROUPS], dtype=np.int64)
"""Rule of each group."""
STANDARDS_OF = {g.power.rule: g.power.standards for g in GROUPS}
"""Standards of each rule."""


class FleetRow(QuantityRow):
    """A number of one source's fleet of ``fleet.csv``."""

    source: str
    parameter: Literal["stock", "mileage", "district-share", "mean-life", "shape", "oldest"]
    fuel: str = ""
    year: int | None = None


class SalesRow(QuantityRow):
    """Relative ``sales`` or fuel ``share`` [1] of a year; straight lines in between."""

    source: str
    parameter: Literal["sales", "share"]
    fuel: str = ""
    year: int


class DateRow(QuantityRow):
    """When a standard begins for new vehicles [a]: 2019.5 is July 2019."""

    rule: str
    standard: str


@dataclass(frozen=True)
class Series:
    """Straight lines between the years of a table, constant beyond its ends.

    Attributes
    ----------
    value
        Numbers of the table, dims (knot,).
    left, right
        The knots on both sides of each vintage, dims (vintage, series).
    share
        Weight of the right one [1], same dims.
    """

    value: Numbers
    left: Index
    right: Index
    share: Array

    def __call__(self, theta: Array) -> Array:
        """Return the series, dims (vintage, series, sample)."""
        knots = self.value(theta)
        result, right = knots[self.left], knots[self.right]
        result *= 1.0 - self.share[..., None]
        right *= self.share[..., None]
        result += right
        return result


@dataclass(frozen=True)
class Dates:
    """When standards begin under each rule.

    Attributes
    ----------
    number
        Dates [a], dims (rule, standard).
    fixed
        The date where it is none of these numbers, NaN elsewhere. The first standard with a date
        covers all older vehicles, so its own date does not count. Those before it and those that a
        rule does not have are never in force.
    first
        Central value of that first date [a], dims (rule,); minus infinity where what was sold
        before it is a standard of its own.
    """

    number: Numbers
    fixed: Array
    first: Array

    def __call__(self, theta: Array) -> Array:
        """Return when standards begin [a], ascending, dims (rule, standard, sample).

        A standard whose date lies after that of the next one is skipped.
        """
        begin = np.where(np.isnan(self.fixed)[..., None], self.number(theta), self.fixed[..., None])
        return np.asarray(np.maximum.accumulate(begin, axis=1))


@dataclass(frozen=True)
class Support:
    """Ends of what cells depend on, for numbers anywhere inside their ranges.

    Attributes
    ----------
    oldest
        Earliest year of sale of each group [a], dims (group,).
    earliest, latest
        Ends of the date of each standard [a], dims (rule, standard).
    """

    oldest: Array
    earliest: Array
    latest: Array

    def holds(self, oldest: Array, begin: Array) -> bool:
        """Tell whether the years of sale and dates of all samples lie inside."""
        return not (
            (oldest < self.oldest[:, None]).any()
            or (begin < self.earliest[..., None] - HOURS).any()
            or (begin > self.latest[..., None] + HOURS).any()
        )


HOURS = 1e-3
"""Years by which a date may lie beyond its range [a]: less than half a day sells no vehicle."""


@dataclass(frozen=True)
class Grid:
    """Where each cell finds its numbers.

    Attributes
    ----------
    cells
        States and vintages of the cells.
    vintage, group
        Position of the vintage and group of each cell, dims (cell,).
    spans
        Rule, standard and vintage, each combination once, dims (3, span).
    span
        Combination of each cell, dims (cell,).
    """

    cells: Cells
    vintage: Index
    group: Index
    spans: Index
    span: Index


@dataclass(frozen=True)
class Fleet:
    """Numbers behind the vehicles of each state, and the cells that can hold them.

    Attributes
    ----------
    years
        Years of the model [a]; those after the base year without a gap.
    base
        Position of the base year among them.
    vintages
        Years of sale [a] without a gap, up to the last year of the model.
    stock, level, start
        Vehicles at the end of a year or else of the base year, and the level of the driver in the
        year and in that one, dims (source, year).
    mean_life, shape
        Of the survival curve [a], [1], dims (source,).
    oldest
        First year of sale in the fleet of the base year [a], dims (group,).
    sales, share
        Relative sales of each source, and relative share of each group in them.
    dates
        When standards begin.
    support
        What the cells were made for.
    grid
        The cells.
    """

    years: Array
    base: int
    vintages: Array
    stock: Numbers
    level: Numbers
    start: Numbers
    mean_life: Numbers
    shape: Numbers
    oldest: Numbers
    sales: Series
    share: Series
    dates: Dates
    support: Support
    grid: Grid

    def __call__(self, theta: Array, years: Index) -> list[Array]:
        """Return the vehicles of each cell in some years.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        years
            Positions of the years.

        Returns
        -------
        list of Array
            One for each year asked for, dims (cell, sample).
        """
        oldest, begin = np.rint(self.oldest(theta)), self.dates(theta)
        # Beyond them vehicles would be lost without a word.
        assert self.support.holds(oldest, begin), "dates or oldest vintages outside their ranges"
        share = self.share(theta)
        sold = np.add.reduceat(share, FIRST_GROUP, axis=1)
        share *= self._allowed(oldest)
        kept = np.add.reduceat(share, FIRST_GROUP, axis=1)
        part = self._standards(begin)
        part *= share[self.grid.vintage, self.grid.group]
        per_kept = _ratio(np.ones(()), kept, empty=0.0)
        fleets = self._fleets(theta, _ratio(kept, sold, empty=math.nan), years)
        return [self._by_cell(fleet * per_kept[: len(fleet)]) * part for fleet in fleets]

    def _allowed(self, oldest: Array) -> NDArray[np.bool_]:
        """Tell which vintages of each group are in use, dims (vintage, group, sample).

        What is sold after the base year always is.
        """
        vintage = self.vintages[:, None, None]
        return np.asarray((vintage >= oldest) | (vintage > self.years[self.base]))

    def _standards(self, begin: Array) -> Array:
        """Return the share of a year's sales that each cell holds [1], dims (cell, sample)."""
        rule, standard, vintage = self.grid.spans
        end = begin[rule, standard + 1]
        shares = standard_shares(begin[rule, standard], end, self.vintages[vintage, None])
        return np.asarray(shares[self.grid.span])

    def _by_cell(self, fleet: Array) -> Array:
        """Return what the source and vintage of each cell hold, dims (cell, sample)."""
        full = np.zeros((len(self.vintages), *fleet.shape[1:]))
        full[: len(fleet)] = fleet
        return np.asarray(full[self.grid.vintage, OWNER[self.grid.group]])

    def _fleets(self, theta: Array, kept: Array, years: Index) -> list[Array]:
        """Return the vehicles of each source in some years, dims (vintage, source, sample) each.

        ``kept`` is the share of a vintage's sales whose fuel still allows it.
        """
        age = np.arange(len(self.vintages), dtype=float)
        hazard = cumulative_hazard(age[:, None, None], self.mean_life(theta), self.shape(theta))
        weight, alive = self.sales(theta) * kept, survival(hazard)
        stock = self.stock(theta) * (self.level(theta) / self.start(theta))
        found: dict[int, Array] = {}
        for y in {self.base, *years[years <= self.base].tolist()}:
            sold = self._sold(y)
            found[y] = age_structure(stock[:, y], weight[:sold] * alive[:sold][::-1])
        later = range(self.base + 1, max(years, default=0) + 1)
        keep = conditional_survival(hazard)
        aged = turn_over(
            found[self.base],
            (keep[: self._sold(y) - 1][::-1] for y in later),
            (stock[:, y] for y in later),
        )
        found |= zip(later, aged, strict=True)
        return [found[y] for y in years]

    def _sold(self, year: int) -> int:
        """Return how many vintages have been sold by the end of a year, given as its position."""
        return int(self.years[year] - self.vintages[0]) + 1

    def recent(self, vehicles: Sequence[Array], window: Window) -> Array:
        """Return the vehicles that came into use since a year, as in ``Block.recent``.

        Parameters
        ----------
        vehicles
            Vehicles by cell in each year of the window.
        window
            Years that are asked for.

        Returns
        -------
        Array
            Dims (state, since, year, sample); 0 where ``since`` is after the year.
        """
        cells = self.grid.cells
        columns = vehicles[0].shape[1] if len(vehicles) else 0
        result = np.zeros((cells.states, len(window.since), len(window.years), columns))
        for f, since in enumerate(window.since):
            for y, year in enumerate(window.years):
                if since <= year:
                    result[:, f, y] = cells.sold_since(self.years[since], vehicles[y])
        return result


def _ratio(above: Array, below: Array, empty: float) -> Array:
    """Return above / below, and a number of its own where nothing is below."""
    return np.divide(above, below, out=np.full_like(below, empty), where=below != 0.0)


def declare_fleet(inputs: SectorInputs) -> tuple[list[tuple[Group, str]], Fleet]:
    """Declare the vehicles of a region.

    Parameters
    ----------
    inputs
        Tables of stocks, sales and dates; problems receives what is missing, and vehicles that are
        older than any standard.

    Returns
    -------
    list
        Group and standard of each state; the standard of battery vehicles is blank.
    Fleet
        Numbers behind them.
    """
    table = inputs.region["fleet"]
    sources = list(FLEETS)
    groups, fuels = [g.source for g in GROUPS], [g.power.fuel for g in GROUPS]
    oldest = table.numbers("a", source=groups, parameter="oldest", fuel=fuels, year=None)
    dates = _dates(inputs)
    support = _support(oldest, dates, inputs)
    vintages = np.arange(min(*support.oldest, inputs.years[0]), inputs.years[-1] + 1.0)
    states, grid = _grid(support, vintages, inputs.base_year)
    at_base = [min(y, inputs.base_year) for y in inputs.years]
    level = stack([inputs.drivers[driver_of(source)] for source in sources])
    mean_life, shape = (
        table.numbers(unit, source=sources, parameter=parameter, fuel="", year=None)
        for parameter, unit in (("mean-life", "a"), ("shape", "1"))
    )
    fleet = Fleet(
        years=np.array(inputs.years, dtype=float),
        base=inputs.years.index(inputs.base_year),
        vintages=vintages,
        stock=_stock(inputs)[:, [inputs.years.index(y) for y in at_base]],
        level=level,
        start=level[:, [inputs.years.index(y) for y in at_base]],
        mean_life=mean_life,
        shape=shape,
        oldest=oldest,
        sales=_series(inputs, [(s, "sales", "") for s in sources], vintages),
        share=_series(
            inputs, list(zip(groups, ["share"] * len(groups), fuels, strict=True)), vintages
        ),
        dates=dates,
        support=support,
        grid=grid,
    )
    _note_lost(fleet, states, inputs)
    return states, fleet


def _stock(inputs: SectorInputs) -> Numbers:
    """Return the vehicles of each source [vehicle] in each year up to the base year."""
    known = [y for y in inputs.years if y <= inputs.base_year]
    return inputs.region["fleet"].numbers(
        "vehicle", source=column(list(FLEETS)), parameter="stock", fuel="", year=known
    )


def _series(inputs: SectorInputs, names: Sequence[tuple[str, str, str]], vintages: Array) -> Series:
    """Return series by source, parameter and fuel; one without a row is a problem."""
    table = inputs.region["fleet_sales"]
    rows: dict[tuple[str, str, str], list[SalesRow]] = defaultdict(list)
    for row in table.rows:
        if isinstance(row, SalesRow):
            rows[row.source, row.parameter, row.fuel].append(row)
    values: list[Numbers] = []
    lefts, rights, shares = [], [], []
    for name in names:
        knots = sorted(rows[name], key=lambda r: r.year)
        if not knots:
            source, parameter, fuel = name
            inputs.problems.add(
                Place(table.file),
                message(
                    "no row for {source} {parameter} {fuel}.",
                    source=source,
                    parameter=parameter,
                    fuel=fuel,
                ),
            )
        first, last = len(values), len(values) + max(len(knots), 1) - 1
        values += [table.taken(row, "1") for row in knots] or [constant(MISSING)]
        at = np.interp(
            vintages, [float(r.year) for r in knots] or [0.0], np.arange(first, last + 1.0)
        )
        left = at.astype(np.int64)
        lefts.append(left)
        rights.append(np.minimum(left + 1, last))
        shares.append(at - left)
    return Series(stack(values), *(np.stack(x, axis=1) for x in (lefts, rights, shares)))


def _dates(inputs: SectorInputs) -> Dates:
    """Return the dates of all rules, each from the first standard of which a region tells one.

    Those before that were never in force. Only what was sold before China I needs no date.
    """
    table = inputs.region["standard_dates"]
    dated = {(r.rule, r.standard) for r in table.rows if isinstance(r, DateRow)}
    number = constant(ZERO, len(RULES), len(STANDARDS) + 1)
    fixed = np.full(number.shape, NEVER)
    first_date = np.full(len(RULES), ALWAYS)
    fixed[:, 0] = ALWAYS
    for r, rule in enumerate(RULES):
        names = STANDARDS_OF[rule]
        if not names:
            continue
        first = next((i for i in range(1, len(names)) if (rule, names[i]) in dated), len(names) - 1)
        told = slice(first if first == 1 else first + 1, len(names))
        if first > 1:
            fixed[r, : first + 1] = ALWAYS
            first_date[r] = table.value("a", rule=rule, standard=names[first])
        part = table.numbers("a", rule=rule, standard=names[told])
        number.slot[r, told], number.factor[r, told] = part.slot, part.factor
        fixed[r, told] = math.nan
    return Dates(number, fixed, first_date)


def _support(oldest: Numbers, dates: Dates, inputs: SectorInputs) -> Support:
    theta = inputs.region["fleet"].space.support()
    earliest = np.fmin.reduce(np.rint(oldest(theta)), axis=1)
    begin = dates(theta)
    return Support(
        np.where(np.isnan(earliest), inputs.base_year, earliest),
        np.fmin.reduce(begin, axis=2),
        np.fmax.reduce(begin, axis=2),
    )


def _grid(
    support: Support, vintages: Array, base_year: int
) -> tuple[list[tuple[Group, str]], Grid]:
    """Return the states, and the vintages of each that can hold vehicles.

    The states of a group begin with the standard of its oldest vehicles: what no vehicle of a
    region can have is no state there.
    """
    states: list[tuple[Group, str]] = []
    found = []
    for g, group in enumerate(GROUPS):
        earliest, latest = support.earliest[RULE_OF[g]], support.latest[RULE_OF[g]]
        used = (vintages >= support.oldest[g]) | (vintages > base_year)
        names = group.power.standards or ("",)
        over = latest[1 : len(names) + 1] <= vintages[used][0]
        for k in range(int(over.sum()), len(names)):
            sold = used & (vintages + 1.0 > earliest[k]) & (vintages < latest[k + 1])
            found += [(len(states), v, g, k) for v in np.flatnonzero(sold)]
            states.append((group, names[k]))
    state, vintage, of_group, standard = np.array(found, dtype=np.int64).T
    spans, span = np.unique([RULE_OF[of_group], standard, vintage], axis=1, return_inverse=True)
    cells = Cells(state, vintages[vintage], len(states))
    return states, Grid(cells, vintage, of_group, spans, span)


def _note_lost(fleet: Fleet, states: Sequence[tuple[Group, str]], inputs: SectorInputs) -> None:
    """Note vehicles sold before the first date: today's numbers give them no standard."""
    cells, group = fleet.grid.cells, fleet.grid.group
    first = fleet.dates.first[RULE_OF[group]]
    early = np.clip(first - cells.vintage, 0.0, 1.0)[:, None]
    theta = inputs.region["fleet"].space.central()
    vehicles = sum(fleet(theta, every_year(len(fleet.years)).years))
    for g in np.unique(group[(vehicles * early).max(axis=1) > LOST_VEHICLES]):
        source, power = GROUPS[g].source, GROUPS[g].power
        inputs.problems.add(
            Place(inputs.region["standard_dates"].file),
            message(
                "'{source}': {fuel} vehicles are older than the first date of '{rule}'.",
                source=source,
                fuel=power.fuel,
                rule=power.rule,
            ),
            fix=message(
                "Add the date of the standard before it, or raise 'oldest' of '{source}' "
                "{fuel} in fleet.csv.",
                source=source,
                fuel=power.fuel,
            ),
        )
