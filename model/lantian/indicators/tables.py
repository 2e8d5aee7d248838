"""Tables that indicators share: ``air.csv``, ``response.csv``; and that of the top-down check."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import field_validator, model_validator

from lantian.core.system import Array
from lantian.errors import Place
from lantian.indicators import registered
from lantian.indicators.contract import Context
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    Band,
    CalendarYear,
    Names,
    QuantityRow,
    QuantityTable,
    declared,
    or_none,
)
from lantian.parameters.rows import CellError, check_listed
from lantian.parameters.series import OfYear, of_year
from lantian.parameters.units import LARGEST
from lantian.vocabulary import Group, Pollutant

REGIONAL = "regional"
"""Name of the part of a concentration or level that the region cannot change."""

CITY = "city"
"""Name of the part of a concentration that the rest of a district's city makes."""

STANDARD = "standard"
"""State of air at 273 K, in which concentrations were published until August 2018."""

CONCENTRATION = "ug/m3"
SHARE_TOLERANCE = 1e-6
"""How far shares that must add up to 1 may miss it: they are typed decimals."""

CONCENTRATIONS = ("pm25", "pm25-index", "pm10", "no2", "so2")
"""What is observed in ug/m3 and has a state; ``pm25-index`` is PM2.5 of the air around."""

Height = Literal["ground", "stove", "low-stack", "high-stack", "dust"]
HEIGHTS: tuple[Height, ...] = get_args(Height)
"""Heights at which primary particles are released; dust is what settles again near by."""


class AirRow(QuantityRow):
    """A line of ``air.csv``: what was observed (or assumed) of an indicator in a year.

    A concentration says in which ``state`` of the air it was published: ``standard`` (273 K, until
    August 2018) or ``actual``. Means of different state are never held against each other.
    """

    besides: ClassVar[tuple[str, ...]] = ("state",)
    told_by = "indicator"
    plausible = declared(
        {
            "pm25": (Band("ug/m3", 0.5, 1000.0),),
            "pm10": (Band("ug/m3", 0.5, 2000.0),),
            "no2": (Band("ug/m3", 0.2, 500.0),),
            "so2": (Band("ug/m3", 0.2, 1000.0),),
            "heavy-pollution-days": or_none(Band("day", 0.5, 366.0)),
            "good-days": or_none(Band("day", 0.5, 366.0)),
            "dustfall": (Band("t/(km2*month)", 0.1, 300.0),),
            "pm25-index": (Band("ug/m3", 0.5, 1000.0),),
            "o3-8h-p90": (Band("ug/m3", 5.0, 1000.0),),
            "co-p95": (Band("mg/m3", 0.02, 50.0),),
        }
    )
    indicator: str
    year: CalendarYear
    state: Literal["", "standard", "actual"] = ""

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        return check_listed(name, [*(i.id for i in registered()), *CONCENTRATIONS])

    @classmethod
    def bands(cls, kind: str) -> tuple[Band, ...]:
        """Return where an observation may lie: in the unit of its indicator, if it has one."""
        own = next((i for i in registered() if i.id == kind and not i.any_unit), None)
        of_unit = NOT_NEGATIVE if own is None else (Band(own.unit, 0.0, LARGEST),)
        return cls.plausible.get(kind, of_unit)

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if (self.indicator in CONCENTRATIONS) != bool(self.state):
            raise CellError(
                "state",
                message(
                    "a concentration, and nothing else, says its state: 'standard' (273 K, until"
                    " August 2018) or 'actual'"
                ),
            )
        return self


def has_years(air: QuantityTable[AirRow], indicator: str, years: Sequence[int]) -> bool:
    """Tell whether an indicator was observed, or assumed, in each of some years."""
    return all(air.find(indicator=indicator, year=year) for year in years)


class ResponseRow(QuantityRow):
    """A line of ``response.csv``.

    Of PM2.5: ``ground-slope`` of primary particles; ``relative-slope`` of a ``height`` or of a gas
    per that; ``released``, the share of a ``group`` (or of one ``source`` in its place) released
    at a ``height``; ``city-slope`` and ``city-emission`` of the rest of the city by ``pollutant``;
    ``regional-change`` of the part from outside from the year before, and ``weather``, by ``year``;
    ``state-factor``, mean at the actual state per mean at 273 K. Of dustfall:
    ``dustfall-background-share`` and ``dustfall-background-change`` by ``year``. Of other levels:
    ``background-share`` of those that follow the emission of one ``pollutant`` [1];
    ``ozone-change`` per year [1]; ``weather-of-days``, from the year of the daily table with the
    fewest days (-1) over their mean (0) to that with the most (1); ``good-days-bias`` and
    ``heavy-days-bias`` of scaled days [day]; ``road-silt`` of main roads [g/m2] and its
    ``silt-share`` of all that is swept up [1]. The others may have a ``year`` as well: that of the
    base year counts.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "ground-slope": (Band("ug/m3/(kt/a)", 0.05, 100.0),),
            # Nitrate and ammonium can grow where their precursor falls.
            "relative-slope": or_none(Band("", 0.0005, 20.0), Band("", -0.2, -0.0005)),
            "city-slope": (Band("ug/m3/(kt/a)", -0.2, 10.0),),
            "city-emission": (Band("kt/a", 0.5, 5000.0),),
            "ozone-change": (Band("", -0.3, 0.3),),
            "weather-of-days": (Band("", -1.0, 1.0),),
            "good-days-bias": (Band("day", -200.0, 200.0),),
            "heavy-days-bias": (Band("day", -200.0, 200.0),),
            "road-silt": (Band("g/m2", 0.02, 50.0),),
            "released": or_none(Band("", 0.01, 1.0)),
            "regional-change": (Band("", -0.5, 0.5),),
            "weather": (Band("", -0.5, 0.5),),
            "state-factor": (Band("", 0.8, 1.1),),
            "dustfall-background-share": or_none(Band("", 0.005, 1.0)),
            "dustfall-background-change": (Band("", -0.5, 0.5),),
            "background-share": or_none(Band("", 0.005, 1.0)),
            "silt-share": (Band("", 0.005, 1.0),),
        }
    )
    parameter: Literal[
        "ground-slope",
        "relative-slope",
        "released",
        "city-slope",
        "city-emission",
        "regional-change",
        "weather",
        "state-factor",
        "dustfall-background-share",
        "dustfall-background-change",
        "background-share",
        "ozone-change",
        "weather-of-days",
        "good-days-bias",
        "heavy-days-bias",
        "road-silt",
        "silt-share",
    ]
    group: Literal["", Group] = ""
    source: Annotated[str, Names("source")] = ""
    height: Literal["", Height] = ""
    pollutant: Literal["", Pollutant] = ""
    year: CalendarYear | None = None


class TopdownRow(QuantityRow):
    """A line of ``topdown.csv``: an independent estimate of an emission.

    A blank ``sector`` stands for all sectors; ``without`` names one that the estimate leaves out.
    """

    plausible = declared(
        {
            "": or_none(Band("t/a", 0.01, 10000000000.0)),
        }
    )
    sector: Annotated[str, Names("sector")] = ""
    without: Annotated[str, Names("sector")] = ""
    pollutant: Pollutant
    year: CalendarYear

    def holds(self, sector: str) -> bool:
        """Tell whether an estimate counts a sector."""
        return self.sector in ("", sector) and sector != self.without


GRID = "grid_factors"
"""Name of the table of CO2 of electricity."""


class GridRow(QuantityRow):
    """A line of ``grid_factors.csv``: CO2 of a kilowatt hour in a year."""

    plausible = declared({"": (Band("kg/kWh", 0.005, 3.0),)})
    year: CalendarYear


class WeatherRow(QuantityRow):
    """A line of ``weather.csv``: what the weather of a year does to an annual mean.

    ``spread``: standard deviation of the effect of any year, as a share of the mean at normal
    weather. ``effect``: that of a known year. No line corrects a result; samples vary by them.
    """

    told_by = "parameter"
    plausible = declared({"spread": (Band("", 0.003, 0.5),), "effect": (Band("", -0.5, 0.5),)})
    indicator: str
    parameter: Literal["spread", "effect"]
    year: CalendarYear | None = None

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        return check_listed(name, [i.id for i in registered()])

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.parameter == "effect") != (self.year is not None):
            raise CellError("year", message("an effect has a year, the spread is of any year"))
        return self


EVERY: dict[str, Any] = {"group": "", "source": "", "height": "", "pollutant": ""}
"""Keys of a number of the response that holds for all that is emitted."""
YEARLY = "regional-change"
BACKGROUND_CHANGE = "dustfall-background-change"
EVERY_YEAR = (YEARLY, "weather", BACKGROUND_CHANGE)
"""Parameters of the response that have a number for every projected year."""


def response_of(context: Context) -> OfYear[ResponseRow]:
    """Return ``response.csv`` as it stands in the base year, the same for every indicator.

    Parameters
    ----------
    context
        Its tables have the response.

    Returns
    -------
    OfYear
        Rows without a year, and the yearly ones as they are.
    """
    if "response" not in context.dated:
        table = context.tables.read("response", ResponseRow)
        context.dated["response"] = of_base_year(table, context.base_year)
    return context.dated["response"]


def of_base_year(table: QuantityTable[ResponseRow], base_year: int) -> OfYear[ResponseRow]:
    """Return a response as it stands in the base year.

    Parameters
    ----------
    table
        Rows with and without a year.
    base_year
        The year whose shares and weights hold for the run.

    Returns
    -------
    OfYear
        Rows without a year, and the yearly ones as they are.
    """
    yearly = [row for row in table.rows if row.parameter in EVERY_YEAR]
    rest = [row for row in table.rows if row.parameter not in EVERY_YEAR]
    dated = table.of(rest)
    return of_year(dated, ResponseRow, base_year, also=yearly)


def check_sums(
    shares: Array, parameter: str, owners: Sequence[tuple[str, str]], table: OfYear[ResponseRow]
) -> None:
    """Note shares that do not add up to 1, once at the first row of those that belong together.

    Parameters
    ----------
    shares
        Central values [1], dims (set, member).
    parameter
        Parameter of the rows.
    owners
        Group and source of the rows of a set; sets of the same rows may stand there several times.
    table
        Its problems receives the faults.
    """
    totals = dict(zip(owners, shares.sum(axis=1).tolist(), strict=True))
    for (group, source), total in totals.items():
        if abs(total - 1.0) > SHARE_TOLERANCE:
            rows = table.select(parameter=parameter, group=group, source=source)
            table.problems.add(
                rows[0].place.cell("value") if rows else Place(table.file),
                message(
                    "the rows {parameter} {group} add up to {total}, not to 1.",
                    parameter=parameter,
                    group=source or group,
                    total=f"{total:g}",
                ),
            )
