"""Tables that indicators share: ``air.csv``, ``response.csv``; and that of the top-down check."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import field_validator, model_validator

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

STATISTICS = ("pm10", "no2", "so2", "heavy-pollution-days", "good-days")
"""What may be observed besides the indicators that are computed."""


class AirRow(QuantityRow):
    """A line of ``air.csv``: what was observed (or assumed) of an indicator in a year."""

    indicator: str
    year: int

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

    parameter: Literal[
        "local-share", "group-share", "weight", "regional-change", "dustfall-background-share"
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


class WeatherRow(QuantityRow):
    """A line of ``weather.csv``: what the weather of a year does to an annual mean.

    ``spread``: standard deviation of the effect of any year, as a share of the mean at normal
    weather. ``effect``: that of a known year. No line corrects a result; samples vary by them.
    """

    indicator: str
    parameter: Literal["spread", "effect"]
    year: int | None = None

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        return check_listed(name, [i.id for i in registered()])

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.parameter == "effect") != (self.year is not None):
            raise ValueError(message("an effect has a year, the spread is of any year"))
        return self


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
