"""Vehicles by source, fuel and standard: age structure up to the base year, turnover after it.

Vehicles of a source retire alike. So the fleet is carried on by source and year of sale, and only
then divided by fuel and standard, in shares that do not change with age.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.fleet import (
    age_structure,
    conditional_survival,
    cumulative_hazard,
    standard_shares,
    survival,
    turn_over,
)
from lantian.core.ordered import Sum, ordered_sum
from lantian.core.rounds import ratio
from lantian.errors import Place
from lantian.inventory.contract import (
    Array,
    BeyondRangesError,
    Elsewhere,
    Index,
    SectorInputs,
    Window,
)
from lantian.inventory.sectors.on_road.cells import (
    RULES,
    Cohorts,
    Grid,
    Support,
    find_cells,
    find_cohorts,
)
from lantian.inventory.sectors.on_road.vehicles import (
    FLEETS,
    GROUPS,
    RULE_NAMES,
    STANDARDS,
    Group,
    driver_of,
)
from lantian.language import message
from lantian.parameters import (
    MISSING,
    SHARE,
    ZERO,
    Band,
    CalendarYear,
    GoesWith,
    Numbers,
    QuantityRow,
    QuantityTable,
    column,
    declared,
    listed,
    or_none,
)
from lantian.parameters.space import constant, stack

LOST_VEHICLES = 1e-6
"""Vehicles without a standard [vehicle] above which the table of dates is at fault."""
ALWAYS, NEVER = -math.inf, math.inf
"""Dates [a] of what was in force before any vehicle was sold, and of what never will be."""
STANDARDS_OF = {g.power.rule: g.power.standards for g in GROUPS}
"""Standards of each rule."""
FUELS = tuple(dict.fromkeys(group.power.fuel for group in GROUPS))
"""What vehicles run on."""


class FleetRow(QuantityRow):
    """A number of one source's fleet of ``fleet.csv``."""

    told_by = "parameter"
    plausible = declared(
        {
            "stock": or_none(Band("vehicle", 0.1, 100000000.0)),
            "mileage": (Band("km/a", 500.0, 500000.0),),
            # Above 1 where visitors drive more inside than the own fleet outside.
            "district-share": (Band("", 0.001, 2.0),),
            "mean-life": (Band("a", 1.0, 60.0),),
            "shape": (Band("", 0.3, 50.0),),
            "oldest": (Band("a", 1950.0, 2150.0),),
        }
    )
    goes_with = declared({"year": GoesWith("parameter", ("stock",))})
    steady = ("stock",)
    source: Annotated[str, listed(tuple(FLEETS))]
    parameter: Literal["stock", "mileage", "district-share", "mean-life", "shape", "oldest"]
    fuel: Annotated[str, listed(("", *FUELS))] = ""
    year: CalendarYear | None = None


class SalesRow(QuantityRow):
    """Relative ``sales`` or fuel ``share`` [1] of a year; straight lines in between."""

    told_by = "parameter"
    plausible = declared(
        {
            "sales": or_none(Band("", 0.01, 50.0)),
            "share": SHARE,
        }
    )
    source: Annotated[str, listed(tuple(FLEETS))]
    parameter: Literal["sales", "share"]
    fuel: Annotated[str, listed(("", *FUELS))] = ""
    year: CalendarYear


class DateRow(QuantityRow):
    """When a standard begins for new vehicles [a]: 2019.5 is July 2019."""

    plausible = declared(
        {
            "": (Band("a", 1950.0, 2150.0),),
        }
    )
    rule: Annotated[str, listed(RULE_NAMES)]
    standard: Annotated[str, listed(STANDARDS)]


@dataclass(frozen=True)
class Series:
    """Straight lines between the years of a table, constant beyond its ends.

    Attributes
    ----------
    value
        Numbers of the table, dims (knot,).
    left, right
        The knots on both sides of each year, dims (year,).
    share
        Weight of the right one [1], dims (year,).
    """

    value: Numbers
    left: Index
    right: Index
    share: Array

    def __call__(self, theta: Array) -> Array:
        """Return the values, dims (year, sample)."""
        knots = self.value(theta)
        result, right = knots[self.left], knots[self.right]
        result *= 1.0 - self.share[:, None]
        right *= self.share[:, None]
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
class Remaining:
    """Share of the vehicles of each source whose kilometres no other sector counts.

    Attributes
    ----------
    elsewhere
        What is counted elsewhere.
    stock, mileage, inside
        Vehicles of the base year, [km/a] and the share of it in the region [1], dims (source,).
    """

    elsewhere: Elsewhere
    stock: Numbers
    mileage: Numbers
    inside: Numbers

    def __call__(self, theta: Array) -> Array:
        """Return the share [1], dims (source, sample)."""
        driven, taken = self.kilometres(theta)
        return np.clip(1.0 - ratio(taken, driven, 0.0), 0.0, 1.0)

    def kilometres(self, theta: Array) -> tuple[Array, Array]:
        """Return what the fleet drives, and what of it counts elsewhere [vehicle km/a]."""
        driven = self.stock(theta) * self.mileage(theta) * self.inside(theta)
        owner = np.array([list(FLEETS).index(v) for v in self.elsewhere.vehicles], np.int64)
        return driven, Sum(owner, len(FLEETS))(self.elsewhere.kilometres(theta))


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
        First year of sale in the fleet of the base year [a], dims (group,); counts as the nearest
        whole year.
    cohorts
        Of which years of sale there are vehicles.
    sales, share
        Relative sales of each cohort, and relative share of each group in them.
    dates
        When standards begin.
    support
        What the cohorts and cells were made for.
    grid
        The cells.
    remaining
        What of each source no other sector counts; None where that is all.
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
    cohorts: Cohorts
    sales: Series
    share: Series
    dates: Dates
    support: Support
    grid: Grid
    remaining: Remaining | None

    def __call__(self, theta: Array, window: Window) -> tuple[Array, Array]:
        """Return the vehicles of each state, all and new ones.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        window
            Years that are asked for.

        Returns
        -------
        Array
            Vehicles at the end of each year, dims (state, year, sample).
        Array
            Those sold since a year, dims (state, since, year, sample); 0 where that is later.
        """
        of_cell, kept = self._shares(theta)
        since = np.array([0, *(self._sold(y) - 1 for y in window.since)])
        fleets = self._fleets(theta, kept, window.years)
        result = np.empty((len(since), self.grid.cells.states, len(fleets), theta.shape[1]))
        for y, fleet in enumerate(fleets):
            held = self._held(of_cell, int(window.years[y]))
            result[:, :, y] = self.grid.cells.sold_since(fleet, held, since)
        return result[0], np.moveaxis(result[1:], 0, 1)

    def by_cell(self, theta: Array, year: int) -> Array:
        """Return the vehicles of each cell in a year.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        year
            Position of the year.

        Returns
        -------
        Array
            Vehicles, dims (cell, sample); cells of later vintages are left out.
        """
        of_cell, kept = self._shares(theta)
        (fleet,) = self._fleets(theta, kept, np.array([year]))
        sold = slice(self.grid.cells.first[len(fleet)])
        vintage = self.grid.spans[2, self.grid.span][sold]
        return np.asarray(
            fleet[vintage, self.grid.cells.source[sold]] * self._held(of_cell, year)[sold]
        )

    def _held(self, of_cell: Array, year: int) -> Array:
        """Return what each cell has of its cohort in a year [1], dims (cell, sample)."""
        return of_cell

    def _known(self, year: int, stock: Array, weight: Array) -> Array:
        """Return the vehicles of a year up to the base year, dims (vintage, source, sample)."""
        return age_structure(stock, weight)

    def corners(self, support: Array) -> Array:
        """Return columns in which every state holds vehicles that can hold any.

        The vehicles of a standard need its own date to be early and that of the next one late. Old
        ones need an early oldest vintage, and to live long; new ones a fleet that grows after the
        base year, whose vehicles retire soon.

        Parameters
        ----------
        support
            Central values, low and high ends, dims (slot, 3).

        Returns
        -------
        Array
            dims (slot, corner): for old and for new vehicles of every standard.
        """
        _, low, high = support.T
        standards = self.dates.number.shape[1]
        old = np.repeat(high[:, None], standards, axis=1)
        for numbers in (self.oldest, self.shape, self.level[:, : self.base + 1]):
            old[numbers.slots] = low[numbers.slots, None]
        for standard in range(standards):
            begun = self.dates.number[:, : standard + 1].slots
            old[begun, standard] = low[begun]
        new = old.copy()
        new[self.mean_life.slots] = low[self.mean_life.slots, None]
        return np.concatenate([old, new], axis=1)

    def sold_early(self, theta: Array) -> Array:
        """Return vehicles sold before the first date of their rule, dims (state, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            Vehicles of all years, which count under the first standard for want of a better one.
        """
        rule, _, vintage = self.grid.spans[:, self.grid.span]
        early = np.clip(self.dates.first[rule] - self.vintages[vintage], 0.0, 1.0)
        of_cell, kept = self._shares(theta)
        of_cell *= early[:, None]
        fleets = self._fleets(theta, kept, np.arange(len(self.years)))
        every = np.zeros(1, dtype=np.int64)
        return ordered_sum(self.grid.cells.sold_since(f, of_cell, every)[0] for f in fleets)

    def _shares(self, theta: Array) -> tuple[Array, Array]:
        """Return what each cell has of its cohort, and what fuels still allow of each cohort [1].

        Dims (cell, sample) and (cohort, sample).
        """
        oldest, begin = np.rint(self.oldest(theta)), self.dates(theta)
        if not self.support.holds(oldest, begin):  # vehicles would be lost without a word
            raise BeyondRangesError("dates or oldest vintages outside their ranges")
        share = self.share(theta)
        sold = self.cohorts.total(share)
        share *= self._allowed(oldest)
        kept = self.cohorts.total(share)
        of_cell = self._standards(begin)
        of_cell *= share[self.grid.of_group]
        of_cell *= _ratio(np.ones(()), kept, empty=0.0)[self.grid.cohort]
        return of_cell, _ratio(kept, sold, empty=math.nan)

    def _allowed(self, oldest: Array) -> NDArray[np.bool_]:
        """Tell which shares of groups are of vintages in use, dims (share, sample).

        What is sold after the base year always is.
        """
        vintage, group, _ = self.cohorts.of_group
        year = self.vintages[vintage, None]
        return np.asarray((year >= oldest[group]) | (year > self.years[self.base]))

    def _standards(self, begin: Array) -> Array:
        """Return the share of a year's sales that each cell holds [1], dims (cell, sample)."""
        rule, standard, vintage = self.grid.spans
        end = begin[rule, standard + 1]
        shares = standard_shares(begin[rule, standard], end, self.vintages[vintage, None])
        return np.asarray(shares[self.grid.span])

    def _fleets(self, theta: Array, kept: Array, years: Index) -> list[Array]:
        """Return the vehicles of each source in some years, dims (vintage, source, sample) each.

        ``kept`` is the share of a cohort whose fuel still allows it.
        """
        age = np.arange(len(self.vintages), dtype=float)
        hazard = cumulative_hazard(age[:, None, None], self.mean_life(theta), self.shape(theta))
        weight, alive = np.zeros(hazard.shape), survival(hazard)
        weight[self.cohorts.vintage, self.cohorts.source] = self.sales(theta) * kept
        stock = self.stock(theta) * (self.level(theta) / self.start(theta))
        if self.remaining is not None:
            stock *= self.remaining(theta)[:, None]
        found: dict[int, Array] = {}
        for y in {self.base, *years[years <= self.base].tolist()}:
            sold = self._sold(y)
            found[y] = self._known(y, stock[:, y], weight[:sold] * alive[:sold][::-1])
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
    oldest = table.numbers(
        "a",
        source=[g.source for g in GROUPS],
        parameter="oldest",
        fuel=[g.power.fuel for g in GROUPS],
        year=None,
    )
    _doubt_ends(inputs)
    dates = _dates(inputs)
    support = _support(oldest, dates, inputs)
    earliest = min(*support.oldest, inputs.years[0], *_years_left(inputs))
    vintages = np.arange(earliest, inputs.years[-1] + 1.0)
    cohorts = find_cohorts(support.oldest, vintages, inputs.base_year)
    states, grid = find_cells(support, cohorts, vintages, inputs.base_year)
    stock, level, start = declare_stock(inputs)
    fleet = Fleet(
        years=np.array(inputs.years, dtype=float),
        base=inputs.years.index(inputs.base_year),
        vintages=vintages,
        stock=stock,
        level=level,
        start=start,
        mean_life=numbers_of_sources(inputs, "mean-life", "a"),
        shape=numbers_of_sources(inputs, "shape", "1"),
        oldest=oldest,
        cohorts=cohorts,
        sales=_series(
            inputs, [(s, "sales", "") for s in FLEETS], vintages, cohorts.vintage, cohorts.source
        ),
        share=_series(
            inputs,
            [(g.source, "share", g.power.fuel) for g in GROUPS],
            vintages,
            *cohorts.of_group[:2],
        ),
        dates=dates,
        support=support,
        grid=grid,
        remaining=declare_remaining(inputs),
    )
    _note_more_than_all(fleet.remaining, inputs)
    _note_lost(fleet, states, inputs)
    return states, fleet


def numbers_of_sources(inputs: SectorInputs, parameter: str, unit: str) -> Numbers:
    """Return a number of ``fleet.csv`` that holds for all fuels and years, dims (source,).

    Parameters
    ----------
    inputs
        Tables of the region.
    parameter, unit
        Name of the number, and the unit wanted.

    Returns
    -------
    Numbers
        In the order of sources.
    """
    return inputs.region["fleet"].numbers(
        unit, source=list(FLEETS), parameter=parameter, fuel="", year=None
    )


def _years_left(inputs: SectorInputs) -> list[int]:
    """Return the years of sale of vehicles that another scenario left."""
    return [] if inputs.start is None else [int(y) for s in inputs.start.sold for y in s.year]


def declare_stock(inputs: SectorInputs) -> tuple[Numbers, Numbers, Numbers]:
    """Declare the vehicles of each source and the driver that they follow after the base year.

    Parameters
    ----------
    inputs
        Tables of the region.

    Returns
    -------
    tuple of Numbers
        Vehicles of the year or else of the base year, the level of the driver in the year and in
        that one, dims (source, year).
    """
    at_base = [inputs.years.index(min(y, inputs.base_year)) for y in inputs.years]
    level = stack([inputs.drivers[driver_of(source)] for source in FLEETS])
    return _stock(inputs)[:, at_base], level, level[:, at_base]


def declare_remaining(inputs: SectorInputs) -> Remaining | None:
    """Declare what of the fleet no other sector counts.

    Parameters
    ----------
    inputs
        Tables of the region.

    Returns
    -------
    Remaining or None
        None where no other sector counts any of it.
    """
    if inputs.elsewhere is None:
        return None
    return Remaining(
        inputs.elsewhere,
        _stock(inputs)[:, -1],
        numbers_of_sources(inputs, "mileage", "km/a"),
        numbers_of_sources(inputs, "district-share", "1"),
    )


def _note_more_than_all(remaining: Remaining | None, inputs: SectorInputs) -> None:
    """Note vehicles that drive more elsewhere than the fleet drives in all, at central values."""
    if remaining is None:
        return
    driven, taken = remaining.kilometres(inputs.region["fleet"].space.central())
    own = remaining.elsewhere
    for vehicles, place in dict(zip(own.vehicles, own.places, strict=True)).items():
        at = list(FLEETS).index(vehicles)
        if driven[at, 0] < taken[at, 0] < np.inf:  # what is no number is told by its own sector
            inputs.problems.add(
                place,
                message(
                    "trucks of freight drive {taken:.3g} vehicle km a year, and '{vehicles}' of"
                    " fleet.csv {driven:.3g} in all.",
                    taken=taken[at, 0],
                    driven=driven[at, 0],
                    vehicles=vehicles,
                ),
                fix=message("Check both; or lower the share of them that fleet.csv holds too."),
            )


def _stock(inputs: SectorInputs) -> Numbers:
    """Return the vehicles of each source [vehicle] in each year up to the base year."""
    table, known = inputs.region["fleet"], [y for y in inputs.years if y <= inputs.base_year]
    total = {} if inputs.start is None else inputs.start.total
    rows = [source for source in FLEETS if source not in total]
    counted = table.numbers("vehicle", source=column(rows), parameter="stock", fuel="", year=known)
    return stack([total[s] if s in total else counted[rows.index(s)] for s in FLEETS])


def _series(
    inputs: SectorInputs,
    names: Sequence[tuple[str, str, str]],
    vintages: Array,
    vintage: Index,
    series: Index,
) -> Series:
    """Return values of series, named by source, parameter and fuel, in some years of sale.

    ``vintage`` and ``series`` are the positions of each value. A series without a row is a problem.
    """
    table = inputs.region["fleet_sales"]
    rows: dict[tuple[str, str, str], list[SalesRow]] = defaultdict(list)
    for row in table.rows:
        if isinstance(row, SalesRow):
            rows[row.source, row.parameter, row.fuel].append(row)
    values: list[Numbers] = []
    knots = np.empty((len(names), len(vintages)))
    last = np.empty(len(names), dtype=np.int64)
    for i, name in enumerate(names):
        own = sorted(rows[name], key=lambda r: r.year)
        if not own:
            table.note_missing(**dict(zip(("source", "parameter", "fuel"), name, strict=True)))
        first, last[i] = len(values), len(values) + max(len(own), 1) - 1
        values += [table.taken(row, "1") for row in own] or [constant(MISSING)]
        years = [float(r.year) for r in own] or [0.0]
        knots[i] = np.interp(vintages, years, np.arange(first, last[i] + 1.0))
    at = knots[series, vintage]
    left = at.astype(np.int64)
    return Series(stack(values), left, np.minimum(left + 1, last[series]), at - left)


def _doubt_ends(inputs: SectorInputs) -> None:
    """Warn, once, of vehicles whose sales end before the base year: what is sold has changed."""
    ends: dict[str, SalesRow] = {}
    fuels: dict[str, set[str]] = defaultdict(set)
    for row in inputs.region["fleet_sales"].rows:
        if isinstance(row, SalesRow) and row.parameter == "share":
            known = ends.setdefault(row.source, row)
            ends[row.source] = row if row.year >= known.year else known
            fuels[row.source].add(row.fuel)
    fleet = [row for row in inputs.region["fleet"].rows if isinstance(row, FleetRow)]
    held = {row.source for row in fleet if row.parameter == "stock" and row.value > 0.0}
    open_to_choice = held & {source for source, own in fuels.items() if len(own) > 1}
    early = [r for r in ends.values() if r.year < inputs.base_year and r.source in open_to_choice]
    if early:
        inputs.problems.warn(
            early[0].place.cell("year"),
            message(
                "what new vehicles run on is told until {year} only, and the base year is {base}:"
                " {names}. Later sales are as the last that are told.",
                year=max(row.year for row in early),
                base=inputs.base_year,
                names=", ".join(row.source for row in early),
            ),
            fix=message(
                "Add rows of later years; inputs/vehicle_market.csv has those of the country."
            ),
        )


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
    dates = Dates(number, fixed, first_date)
    _check_order(table, inputs)
    return dates


def _check_order(table: QuantityTable[QuantityRow], inputs: SectorInputs) -> None:
    """Note standards that would begin before the ones that come before them."""
    rows = {(r.rule, r.standard): r for r in table.rows if isinstance(r, DateRow)}
    for rule in RULES:
        dated = [rows[rule, name] for name in STANDARDS_OF[rule] if (rule, name) in rows]
        for before, after in pairwise(dated):
            if after.to("a") < before.to("a"):
                inputs.problems.add(
                    after.place.cell("value"),
                    message(
                        "standard {standard} of '{rule}' begins in {year:g}, before {before} in"
                        " {earlier:g}.",
                        standard=after.standard,
                        rule=rule,
                        year=after.to("a"),
                        before=before.standard,
                        earlier=before.to("a"),
                    ),
                    fix=message("Mend one of the two dates; a standard that never held has none."),
                )


def _support(oldest: Numbers, dates: Dates, inputs: SectorInputs) -> Support:
    theta = inputs.region["fleet"].space.support()
    earliest = np.fmin.reduce(np.rint(oldest(theta)), axis=1)
    begin = dates(theta)
    return Support(
        # A row that is missing is told; the base year does until then.
        np.where(np.isnan(earliest), inputs.base_year, earliest),
        np.fmin.reduce(begin, axis=2),
        np.fmax.reduce(begin, axis=2),
    )


def _note_lost(fleet: Fleet, states: Sequence[tuple[Group, str]], inputs: SectorInputs) -> None:
    """Note vehicles [vehicle] sold before the first date, judged by the central values."""
    early = fleet.sold_early(inputs.region["fleet"].space.central())[:, 0]
    for group, _ in dict.fromkeys(
        states[s] for s in np.flatnonzero(early > LOST_VEHICLES).tolist()
    ):
        named = {"source": group.source, "fuel": group.power.fuel, "rule": group.power.rule}
        inputs.problems.add(
            Place(inputs.region["standard_dates"].file),
            message(
                "'{source}': {fuel} vehicles are older than the first date of '{rule}'.", **named
            ),
            fix=message(
                "Add the date of the standard before it, or raise 'oldest' of '{source}' "
                "{fuel} in fleet.csv.",
                source=group.source,
                fuel=group.power.fuel,
            ),
        )
