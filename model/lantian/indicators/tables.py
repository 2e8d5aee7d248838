"""Tables that indicators share: ``air.csv``, ``response.csv``; and that of the top-down check."""

from collections.abc import Sequence
from typing import Literal

from pydantic import field_validator

from lantian.core.system import Array
from lantian.errors import Place
from lantian.indicators import registered
from lantian.indicators.contract import Context
from lantian.language import message
from lantian.parameters import (
    NOT_NEGATIVE,
    SHARE,
    Band,
    CalendarYear,
    QuantityRow,
    QuantityTable,
    declared,
)
from lantian.parameters.rows import check_listed
from lantian.parameters.series import OfYear, of_year
from lantian.vocabulary import Group, Pollutant

REGIONAL = "regional"
"""Name of the part of a concentration or level that the region cannot change."""

CONCENTRATION = "ug/m3"
SHARE_TOLERANCE = 1e-6
"""How far shares that must add up to 1 may miss it: they are typed decimals."""

STATISTICS = ("pm10", "no2", "so2", "heavy-pollution-days", "good-days")
"""What may be observed besides the indicators that are computed."""


class AirRow(QuantityRow):
    """A line of ``air.csv``: what was observed (or assumed) of an indicator in a year."""

    told_by = "indicator"
    plausible = declared(
        {
            "pm25": (Band("ug/m3", 0.5, 1000.0),),
            "pm10": (Band("ug/m3", 0.5, 2000.0),),
            "no2": (Band("ug/m3", 0.2, 500.0),),
            "so2": (Band("ug/m3", 0.2, 1000.0),),
            "heavy-pollution-days": (Band("day", 0.5, 366.0),),
            "good-days": (Band("day", 0.5, 366.0),),
            "dustfall": (Band("t/(km2*month)", 0.1, 300.0),),
            "": NOT_NEGATIVE,
        }
    )
    indicator: str
    year: CalendarYear

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        return check_listed(name, [*(i.id for i in registered()), *STATISTICS])


class ResponseRow(QuantityRow):
    """A line of ``response.csv``.

    ``local-share`` of PM2.5 [1]; ``group-share`` of the local part by ``group``; ``weight`` of a
    ``pollutant`` within a group; ``regional-change`` of the regional part from the year before,
    by ``year``; ``dustfall-background-share`` [1]. The others may have a ``year`` as well: that of
    the base year counts.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "local-share": (Band("", 0.005, 1.0),),
            "group-share": SHARE,
            "weight": SHARE,
            "regional-change": (Band("", -0.5, 0.5),),
            "dustfall-background-share": (Band("", 0.005, 1.0),),
        }
    )
    parameter: Literal[
        "local-share", "group-share", "weight", "regional-change", "dustfall-background-share"
    ]
    group: Literal["", Group] = ""
    pollutant: Pollutant | Literal[""] = ""
    year: CalendarYear | None = None


class TopdownRow(QuantityRow):
    """A line of ``topdown.csv``: an independent estimate of an emission.

    A blank ``sector`` stands for all sectors.
    """

    plausible = declared(
        {
            "": (Band("t/a", 0.01, 10000000000.0),),
        }
    )
    sector: str = ""
    pollutant: Pollutant
    year: CalendarYear


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
