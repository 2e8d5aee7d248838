r"""Energy that a region draws, and where it comes from: power, gas, oil, coal, biomass, heat.

.. math:: bought(y) = other(y) + \sum_{drawing} d_s a_s(y) - \sum_{supplying} g_s a_s(y)

Each state draws or supplies so much for a unit of its activity (``energy_use.csv``), so that what a
measure electrifies draws where it stands, and what a plant no longer makes is bought. ``other`` is
all else: the consumption of the base year less what the states drew then, on the driver
``power-use`` (``gas-use``, ...); where no consumption is told there is nothing else. What is drawn
is what is supplied by construction; what is bought may be negative, and then it is sold.

CO2 of bought power is what is bought times the factor of the grid in the year; it is emitted
elsewhere and in no emission of the region.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.errors import Place, Problems
from lantian.indicators.amounts import activity_row
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.tables import GRID, GridRow
from lantian.inventory.region import DriverRow
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    SHARE,
    Band,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
)
from lantian.parameters.series import by_series, fill
from lantian.parameters.space import ONE, ZERO, constant, join
from lantian.vocabulary import Pollutant

TABLE = "energy_use"
Carrier = Literal["power", "gas", "oil", "biomass", "heat", "coal"]
POWER: Carrier = "power"
UNITS: Mapping[Carrier, str] = {
    "power": "kWh",
    "gas": "m3",
    "oil": "t",
    "biomass": "t",
    "heat": "GJ",
    "coal": "t",
}
DRAWS, SUPPLIES, CONSUMPTION, CONTENT = "draws", "supplies", "consumption", "content"
PRIMARY, NON_FOSSIL = "primary", "non-fossil"
BALANCED = (DRAWS, SUPPLIES, CONSUMPTION)
"""Parameters that are part of a balance; the others say what its units count."""
OTHER = "other-use"
OWN_PLANTS = "own-supply"


class EnergyUseRow(QuantityRow):
    """A line of ``energy_use.csv``: energy of a carrier for a unit of a source's activity.

    ``draws`` and ``supplies`` of a source by technology (which may hold ``*``); ``consumption`` of
    the whole region in the base year and ``content``, the energy that a unit of the carrier holds,
    with source and technology blank. A blank carrier is power, of which ``primary`` is the fuel
    that statistics count for it and ``non-fossil`` a part of what is bought.
    """

    told_by = "parameter"
    plausible = declared(
        {"": NOT_NEGATIVE, "primary": (Band("MJ/kWh", 3.0, 15.0),), "non-fossil": SHARE}
    )
    parameter: Literal["draws", "supplies", "consumption", "content", "primary", "non-fossil"]
    source: Annotated[str, Names("source")] = ""
    technology: Annotated[str, Names("technology", pattern=True)] = ""
    carrier: Literal["", "power", "gas", "oil", "biomass", "heat", "coal"] = ""


def driver_of(carrier: Carrier) -> str:
    """Return the driver that all other use of a carrier follows: ``power-use``."""
    return f"{carrier}-use"


@dataclass(frozen=True, kw_only=True)
class BalanceFitted(Fitted):
    """Power of each state and of all else.

    Attributes
    ----------
    years
        Of ``other``.
    weight
        Energy drawn, negative where supplied [unit/source unit], dims (state, sample).
    sector
        Name of the part that a state belongs to, and the states of each.
    other
        Energy of all else [unit], dims (year, sample).
    per
        What a unit of energy counts, dims (year, sample).
    sources
        Length of the source axis.
    """

    years: tuple[int, ...]
    weight: Array
    sector: Mapping[str, Index]
    other: Array
    per: Array
    sources: int

    def _per(self, projection: Projection) -> Array:
        return self.per[[self.years.index(y) for y in projection.years]]

    def _other(self, projection: Projection) -> Array:
        at = [self.years.index(y) for y in projection.years]
        return np.asarray(self.other[at] * self.per[at])

    def _of(self, projection: Projection, states: Index) -> Array:
        """Return what some states count, dims (year, sample)."""
        own = ordered_sum(projection.activity[states] * self.weight[states][:, None])
        return np.asarray(own * self._per(projection))

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return what is bought, dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return np.asarray(
            self._other(projection) + sum(self._of(projection, own) for own in self.sector.values())
        )

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of what is bought: a sum over states.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        y = self.years.index(year)
        return [activity_row(self.sources, self.weight * self.per[y], self.other[y] * self.per[y])]

    def parts(self, projection: Projection) -> Parts:
        """Return what is bought, what draws by sector and, negative, what own plants supply.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        bought, other = self.value(projection, Subject()), self._other(projection)
        named = {name: self._of(projection, own) for name, own in self.sector.items()}
        arrays = np.broadcast_arrays(bought, *named.values(), other)
        return Parts((TOTAL, *named, OTHER), np.array(arrays))


@dataclass(frozen=True, kw_only=True)
class BalanceDeclared(Declared):
    """Numbers of the balance: of states (state,), driver and per (year,).

    ``consumption`` is None where nothing else draws the carrier.
    """

    years: tuple[int, ...]
    base: int
    unit: str
    draws: Numbers
    supplies: Numbers
    sector: Mapping[str, Index]
    consumption: Numbers | None
    driver: Numbers
    per: Numbers
    sources: int
    place: Place

    def fit(self, theta: Array, baseline: Projection) -> BalanceFitted:
        """Take all else from the base year: consumption less what states drew.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        draws, level = self.draws(theta), self.driver(theta)
        rest = self._rest(theta, draws, baseline)
        return BalanceFitted(
            years=self.years,
            weight=draws - self.supplies(theta),
            sector=self.sector,
            other=rest * level / level[self.base],
            per=self.per(theta),
            sources=self.sources,
            impossible=np.asarray(rest < 0.0).reshape(-1),
        )

    def _rest(self, theta: Array, draws: Array, baseline: Projection) -> Array:
        """Return what nothing that is listed draws in the base year, dims (sample,)."""
        if self.consumption is None:
            return np.zeros(1)
        year = baseline.year(self.years[self.base])
        drawn = ordered_sum(baseline.activity[:, year] * draws)
        return np.asarray(self.consumption(theta) - drawn)

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a consumption below what the states are said to draw.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        fitted = self.fit(theta, baseline)
        if self.consumption is not None and fitted.impossible.any():
            drawn = float(self.consumption(theta)[0] - fitted.other[self.base, 0])
            problems.add(
                self.place,
                message(
                    "in {year} all use {all:.4g} {unit} of it, and what is listed {listed:.4g}.",
                    year=self.years[self.base],
                    unit=self.unit,
                    all=float(self.consumption(theta)[0]),
                    listed=drawn,
                ),
                fix=message("Check both: the consumption of the region holds what is listed."),
            )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: energy is counted, whatever it emits."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Balance(Indicator):
    """What a region buys of a carrier.

    Attributes
    ----------
    carrier
        Of the rows that count.
    grid
        Whether it counts by the CO2 of the grid.
    """

    carrier: Carrier
    grid: bool = False

    def declare(self, context: Context) -> BalanceDeclared | None:
        """Take what states draw and supply, and the consumption of the base year.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        declared = self.taken(context)
        if declared is not None and not self.grid:
            _check_sources(_rows_of(self.carrier, context), context)
        return declared

    def taken(self, context: Context) -> BalanceDeclared | None:
        """Take the numbers and look at no name, which is done once for each carrier.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        whole_table = context.tables.read(TABLE, EnergyUseRow)
        rows = _rows_of(self.carrier, context)
        whole = next((r for r in rows if r.parameter == CONSUMPTION), None)
        driver = constant(ONE, len(context.years)) if whole is None else _driver(self, context)
        per = _grid(context) if self.grid else constant(ONE, len(context.years))
        if not rows or driver is None or per is None:
            return None
        if whole is None and self.carrier == POWER:
            return None  # what else draws power is most of it
        unit = UNITS[self.carrier]
        consumption = None if whole is None else whole_table.taken(whole, unit)
        return BalanceDeclared(
            years=context.years,
            base=context.years.index(context.base_year),
            unit=unit,
            draws=_by_state(whole_table, rows, context, DRAWS, unit),
            supplies=_by_state(whole_table, rows, context, SUPPLIES, unit),
            sector=_sectors(rows, context),
            consumption=consumption,
            driver=driver,
            per=per,
            sources=len(context.sources),
            place=rows[0].place if whole is None else whole.place,
            ranged=np.unique(
                np.concatenate([n.slots for n in (consumption, driver, per) if n is not None])
            ),
        )


def _rows_of(carrier: Carrier, context: Context) -> list[EnergyUseRow]:
    table = context.tables.read(TABLE, EnergyUseRow)
    return [r for r in table.rows if (r.carrier or POWER) == carrier and r.parameter in BALANCED]


def supplying(context: Context) -> NDArray[np.bool_]:
    """Tell which states supply some carrier, dims (state,): what they draw is no final use.

    Parameters
    ----------
    context
        Tables and axes.
    """
    return _named(context.tables.read(TABLE, EnergyUseRow).rows, SUPPLIES, context)


def drawing(context: Context) -> NDArray[np.bool_]:
    """Tell which states draw some carrier other than power, dims (state,).

    Parameters
    ----------
    context
        Tables and axes.
    """
    rows = context.tables.read(TABLE, EnergyUseRow).rows
    return _named([row for row in rows if row.carrier not in ("", POWER)], DRAWS, context)


def _named(rows: Sequence[EnergyUseRow], parameter: str, context: Context) -> NDArray[np.bool_]:
    """Tell which states some row is about, dims (state,)."""
    return np.array(
        [
            _row_of(rows, parameter, context.sources.id[s], technology) is not None
            for s, technology in zip(context.states.source, context.states.technology, strict=True)
        ],
        dtype=bool,
    )


def _driver(own: Balance, context: Context) -> Numbers | None:
    name = driver_of(own.carrier)
    drivers = context.tables.read("drivers", DriverRow)
    rows = by_series(drivers.select(driver=name)).get((name,), [])
    filling = fill([row.year for row in rows], context.years)
    return None if filling is None else filling.numbers([drivers.taken(r, "") for r in rows])


def _grid(context: Context) -> Numbers | None:
    """Return the CO2 of bought power [t/kWh], dims (year,); None where no row begins in time."""
    table = context.tables.read(GRID, GridRow)
    rows = sorted(table.rows, key=lambda row: row.year)
    filling = fill([row.year for row in rows], context.years)
    return None if filling is None else filling.numbers([table.taken(r, "t/kWh") for r in rows])


def _row_of(
    rows: Iterable[EnergyUseRow], parameter: str, source: str, technology: str
) -> EnergyUseRow | None:
    """Return the row that fits a state best: the longest technology, one without ``*`` first."""
    fitting = [
        row
        for row in rows
        if row.parameter == parameter
        and row.source == source
        and (not row.technology or fnmatchcase(technology, row.technology))
    ]
    return max(fitting, key=lambda r: ("*" not in r.technology, len(r.technology)), default=None)


def _by_state(
    table: QuantityTable[EnergyUseRow],
    rows: Sequence[EnergyUseRow],
    context: Context,
    parameter: str,
    unit: str,
) -> Numbers:
    """Return the energy of a unit of each state [unit/source unit], dims (state,)."""
    found = []
    for s, technology in zip(context.states.source, context.states.technology, strict=True):
        source, own = context.sources.id[s], context.sources.unit[s]
        row = _row_of(rows, parameter, source, technology)
        found.append(constant(ZERO) if row is None else table.taken(row, f"{unit}/({own})"))
    return join([number[None] for number in found])


def _sectors(rows: Sequence[EnergyUseRow], context: Context) -> dict[str, Index]:
    """Return the states that supply, and by sector those that draw."""
    names = []
    for s, technology in zip(context.states.source, context.states.technology, strict=True):
        source = context.sources.id[s]
        if _row_of(rows, SUPPLIES, source, technology) is not None:
            names.append(OWN_PLANTS)
        elif _row_of(rows, DRAWS, source, technology) is not None:
            names.append(context.sources.sector[s])
        else:
            names.append("")
    return {name: np.flatnonzero(np.array(names) == name) for name in dict.fromkeys(names) if name}


def _check_sources(rows: Iterable[EnergyUseRow], context: Context) -> None:
    """Note rows of sources that the region does not have."""
    for row in rows:
        if row.parameter != CONSUMPTION and row.source not in context.sources.id:
            context.problems.add(
                row.place.cell("source"),
                message("'{name}' is not a source of the inventory.", name=row.source),
            )


INDICATOR = Balance(
    id="bought-power",
    unit=UNITS[POWER],
    order=40,
    carrier=POWER,
    counted=True,
    requires={TABLE: EnergyUseRow, "drivers": DriverRow},
    asks_for=message("what draws and supplies power"),
    remedy=message(
        "A region has it in energy_use.csv, with its consumption and the driver 'power-use'."
    ),
)
