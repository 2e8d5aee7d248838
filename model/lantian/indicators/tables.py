"""Tables that indicators share: ``air.csv``, ``response.csv``; and that of the top-down check."""

from collections.abc import Sequence
from typing import Literal

from pydantic import field_validator

from lantian.core.system import Array
from lantian.errors import Place
from lantian.indicators import registered
from lantian.indicators.contract import Context
from lantian.language import message
from lantian.parameters import QuantityRow, QuantityTable
from lantian.parameters.rows import check_listed
from lantian.parameters.series import OfYear, of_year
from lantian.vocabulary import Group, Pollutant

REGIONAL = "regional"
"""Name of the part of a concentration or level that the region cannot change."""

CONCENTRATION = "ug/m3"
SHARE_TOLERANCE = 1e-6
"""How far shares that must add up to 1 may miss it: they are typed decimals."""


class AirRow(QuantityRow):
    """A line of ``air.csv``: what was observed (or assumed) of an indicator in a year."""

    indicator: str
    year: int

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        return check_listed(name, [i.id for i in registered()])


def has_years(air: QuantityTable[AirRow], indicator: str, years: Sequence[int]) -> bool:
    """Tell whether an indicator was observed, or assumed, in each of some years."""
    return all(air.find(indicator=indicator, year=year) for year in years)


class ResponseRow(QuantityRow):
    """A line of ``response.csv``.

    ``local-share`` of PM2.5 [1]; ``group-share`` of the local part by ``group``; ``weight`` of a
    ``pollutant`` within a group; ``regional-change`` of the regional part from the year before,
    by ``year``; ``dustfall-background-share`` [1]; ``background-share`` of the levels that follow
    the emission of one ``pollutant`` [1]; ``ozone-change`` per year [1]; ``weather-of-days``, from
    the year of the daily table with the fewest days (-1) over their mean (0) to that with the most
    (1); ``good-days-bias`` and ``heavy-days-bias`` of scaled days [day]; ``road-silt`` of main
    roads [g/m2] and its ``silt-share`` of all that is swept up [1]. The others may have a
    ``year`` as well: that of the base year counts.
    """

    parameter: Literal[
        "local-share",
        "group-share",
        "weight",
        "regional-change",
        "dustfall-background-share",
        "background-share",
        "ozone-change",
        "weather-of-days",
        "good-days-bias",
        "heavy-days-bias",
        "road-silt",
        "silt-share",
    ]
    group: Literal["", Group] = ""
    pollutant: Pollutant | Literal[""] = ""
    year: int | None = None


class TopdownRow(QuantityRow):
    """A line of ``topdown.csv``: an independent estimate of an emission.

    A blank ``sector`` stands for all sectors.
    """

    sector: str = ""
    pollutant: Pollutant
    year: int


YEARLY = "regional-change"
"""Parameter of the response that has a number for every projected year."""


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
    yearly = [row for row in table.rows if row.parameter == YEARLY]
    rest = [row for row in table.rows if row.parameter != YEARLY]
    dated = QuantityTable(table.file, rest, table.problems, table.space)
    return of_year(dated, ResponseRow, base_year, also=yearly)


def check_sums(
    shares: Array, parameter: str, labels: Sequence[str], table: OfYear[ResponseRow]
) -> None:
    """Note shares that do not add up to 1.

    Parameters
    ----------
    shares
        Central values [1], dims (set, member).
    parameter
        Parameter of the rows.
    labels
        What tells the sets apart, dims (set,).
    table
        Its problems receives the faults.
    """
    for label, total in zip(labels, shares.sum(axis=1).tolist(), strict=True):
        if abs(total - 1.0) > SHARE_TOLERANCE:  # a missing row is noted already: NaN
            table.problems.add(
                Place(table.file),
                message(
                    "the rows {parameter} {group} add up to {total}, not to 1.",
                    parameter=parameter,
                    group=label,
                    total=f"{total:g}",
                ),
            )
