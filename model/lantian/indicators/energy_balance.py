r"""Power that a region draws, and where it comes from.

.. math:: bought(y) = other(y) + \sum_{drawing} d_s a_s(y) - \sum_{supplying} g_s a_s(y)

Each state draws or supplies so much for a unit of its activity (``energy_use.csv``), so that what a
measure electrifies draws where it stands, and what a plant no longer makes is bought. ``other`` is
all else: the consumption of the base year less what the states drew then, on the driver
``power-use``. Power drawn is power supplied by construction; what is bought may be negative, and
then it is sold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

import numpy as np

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
from lantian.inventory.region import DriverRow
from lantian.language import message
from lantian.parameters import NOT_NEGATIVE, Names, Numbers, QuantityRow, QuantityTable, declared
from lantian.parameters.series import by_series, fill
from lantian.parameters.space import ZERO, constant, join
from lantian.vocabulary import Pollutant

TABLE = "energy_use"
DRIVER = "power-use"
UNIT = "kWh"
DRAWS, SUPPLIES, CONSUMPTION = "draws", "supplies", "consumption"
OTHER = "other-use"
OWN_PLANTS = "own-supply"


class EnergyUseRow(QuantityRow):
    """A line of ``energy_use.csv``: power for a unit of a source's activity.

    ``draws`` and ``supplies`` of a source by technology (which may hold ``*``); ``consumption`` of
    the whole region in the base year, with source and technology blank.
    """

    told_by = "parameter"
    plausible = declared({"": NOT_NEGATIVE})
    parameter: Literal["draws", "supplies", "consumption"]
    source: Annotated[str, Names("source")] = ""
    technology: Annotated[str, Names("technology", pattern=True)] = ""


@dataclass(frozen=True, kw_only=True)
class BalanceFitted(Fitted):
    """Power of each state and of all else.

    Attributes
    ----------
    years
        Of ``other``.
    weight
        Power drawn, negative where supplied [kWh/source unit], dims (state, sample).
    sector
        Name of the part that a state belongs to, and the states of each.
    other
        Power of all else [kWh], dims (year, sample).
    sources
        Length of the source axis.
    """

    years: tuple[int, ...]
    weight: Array
    sector: Mapping[str, Index]
    other: Array
    sources: int

    def _other(self, projection: Projection) -> Array:
        return self.other[[self.years.index(y) for y in projection.years]]

    def _of(self, projection: Projection, states: Index) -> Array:
        """Return the power of some states [kWh], dims (year, sample)."""
        return ordered_sum(projection.activity[states] * self.weight[states][:, None])

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the power that is bought [kWh], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return np.asarray(
            self._other(projection) + sum(self._of(projection, own) for own in self.sector.values())
        )

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the power bought: a sum over states.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return [activity_row(self.sources, self.weight, self.other[self.years.index(year)])]

    def parts(self, projection: Projection) -> Parts:
        """Return what is bought, what draws by sector and, negative, what own plants supply [kWh].

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
    """Numbers of the balance: of states (state,), consumption (), driver (year,)."""

    years: tuple[int, ...]
    base: int
    draws: Numbers
    supplies: Numbers
    sector: Mapping[str, Index]
    consumption: Numbers
    driver: Numbers
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
        year = baseline.year(self.years[self.base])
        drawn = ordered_sum(baseline.activity[:, year] * draws)
        rest = self.consumption(theta) - drawn
        return BalanceFitted(
            years=self.years,
            weight=draws - self.supplies(theta),
            sector=self.sector,
            other=rest * level / level[self.base],
            sources=self.sources,
            impossible=np.asarray(rest < 0.0).reshape(-1),
        )

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a consumption below what the states are said to draw.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        fitted = self.fit(theta, baseline)
        if fitted.impossible.any():
            drawn = float(self.consumption(theta)[0] - fitted.other[self.base, 0])
            problems.add(
                self.place,
                message(
                    "in {year} all use {all:.4g} kWh of power, and what is listed {listed:.4g}.",
                    year=self.years[self.base],
                    all=float(self.consumption(theta)[0]),
                    listed=drawn,
                ),
                fix=message("Check both: the consumption of the region holds what is listed."),
            )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return none: power is counted, whatever it emits."""
        return ()


class Balance(Indicator):
    """Power bought by a region."""

    def declare(self, context: Context) -> BalanceDeclared | None:
        """Take what states draw and supply, and the consumption of the base year.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        table = context.tables.read(TABLE, EnergyUseRow)
        driver = _driver(context)
        whole = next((r for r in table.rows if r.parameter == CONSUMPTION), None)
        if whole is None or driver is None:
            return None
        _check_sources(table, context)
        return BalanceDeclared(
            years=context.years,
            base=context.years.index(context.base_year),
            draws=_by_state(table, context, DRAWS),
            supplies=_by_state(table, context, SUPPLIES),
            sector=_sectors(table, context),
            consumption=table.taken(whole, UNIT),
            driver=driver,
            sources=len(context.sources),
            place=whole.place,
            ranged=np.unique(np.concatenate([table.taken(whole, UNIT).slots, driver.slots])),
        )


def _driver(context: Context) -> Numbers | None:
    drivers = context.tables.read("drivers", DriverRow)
    rows = by_series(drivers.select(driver=DRIVER)).get((DRIVER,), [])
    filling = fill([row.year for row in rows], context.years)
    return None if filling is None else filling.numbers([drivers.taken(r, "") for r in rows])


def _row_of(
    table: QuantityTable[EnergyUseRow], parameter: str, source: str, technology: str
) -> EnergyUseRow | None:
    """Return the row that fits a state best: the longest technology, one without ``*`` first."""
    fitting = [
        row
        for row in table.rows
        if row.parameter == parameter
        and row.source == source
        and (not row.technology or fnmatchcase(technology, row.technology))
    ]
    return max(fitting, key=lambda r: ("*" not in r.technology, len(r.technology)), default=None)


def _by_state(table: QuantityTable[EnergyUseRow], context: Context, parameter: str) -> Numbers:
    """Return the power of a unit of each state [kWh/source unit], dims (state,)."""
    found = []
    for s, technology in zip(context.states.source, context.states.technology, strict=True):
        source, own = context.sources.id[s], context.sources.unit[s]
        row = _row_of(table, parameter, source, technology)
        found.append(constant(ZERO) if row is None else table.taken(row, f"{UNIT}/({own})"))
    return join([number[None] for number in found])


def _sectors(table: QuantityTable[EnergyUseRow], context: Context) -> dict[str, Index]:
    """Return the states that supply, and by sector those that draw."""
    names = []
    for s, technology in zip(context.states.source, context.states.technology, strict=True):
        source = context.sources.id[s]
        if _row_of(table, SUPPLIES, source, technology) is not None:
            names.append(OWN_PLANTS)
        elif _row_of(table, DRAWS, source, technology) is not None:
            names.append(context.sources.sector[s])
        else:
            names.append("")
    return {name: np.flatnonzero(np.array(names) == name) for name in dict.fromkeys(names) if name}


def _check_sources(table: QuantityTable[EnergyUseRow], context: Context) -> None:
    """Note rows of sources that the region does not have."""
    for row in table.rows:
        if row.parameter != CONSUMPTION and row.source not in context.sources.id:
            context.problems.add(
                row.place,
                message("'{name}' is not a source of the inventory.", name=row.source),
            )


INDICATOR = Balance(
    id="bought-power",
    unit=UNIT,
    order=40,
    counted=True,
    requires={TABLE: EnergyUseRow, "drivers": DriverRow},
    asks_for=message("what draws and supplies power"),
    remedy=message(
        "A region has it in energy_use.csv, with its consumption and the driver 'power-use'."
    ),
)
