"""Tables of the response (``air.csv``, ``response.csv``) and of the top-down check."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Place, Problems
from lantian.indicators.pm25 import PRECURSORS, Variant
from lantian.language import message
from lantian.parameters import QuantityRow, QuantityTable
from lantian.parameters.series import OfYear, of_year
from lantian.vocabulary import GROUPS, Group, Pollutant

Array = NDArray[np.float64]

CONCENTRATION = "ug/m3"
DUSTFALL = "t/(km2*month)"
SHARE_TOLERANCE = 1e-6
"""How far shares that must add up to 1 may miss it: they are typed decimals."""


class AirRow(QuantityRow):
    """A line of ``air.csv``: what was observed (or assumed) in a year."""

    indicator: Literal[
        "pm25", "pm10", "no2", "so2", "dustfall", "heavy-pollution-days", "good-days"
    ]
    year: int


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


@dataclass(frozen=True)
class ResponseNumbers:
    """What :func:`~lantian.indicators.pm25.calibrate_pm25` and the dustfall need, as arrays.

    Attributes
    ----------
    observed
        Annual mean PM2.5 [ug/m3] by year.
    local_share, group_share, weight, regional_change
        As :func:`~lantian.indicators.pm25.calibrate_pm25`; groups and precursors in the order of
        :data:`~lantian.vocabulary.GROUPS` and :data:`~lantian.indicators.pm25.PRECURSORS`.
    dustfall_base
        Dustfall of the base year [t/(km2 month)].
    dustfall_background_share
        As :func:`~lantian.indicators.dustfall.calibrate_dustfall`.
    """

    observed: dict[int, float]
    local_share: float
    group_share: Array
    weight: Array
    regional_change: dict[int, float]
    dustfall_base: float
    dustfall_background_share: float


YEARLY = "regional-change"
"""Parameter of the response that has a number for every projected year."""


def of_base_year(table: QuantityTable[ResponseRow], base_year: int) -> OfYear[ResponseRow]:
    """Return ``response.csv`` as it stands in the base year, which the response reproduces.

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
    rest = QuantityTable(
        table.file, [row for row in table.rows if row.parameter != YEARLY], table.problems
    )
    return of_year(rest, ResponseRow, base_year, also=yearly)


def read_response(
    air: QuantityTable[AirRow],
    response: QuantityTable[ResponseRow],
    years: tuple[int, ...],
    base_year: int,
    problems: Problems,
    variant: Variant = "central",
) -> ResponseNumbers:
    """Gather the numbers of the response from its tables.

    Parameters
    ----------
    air, response
        ``air.csv`` and ``response.csv`` of the region.
    years, base_year
        Years of the model; PM2.5 is needed for the base year and each earlier one.
    problems
        Receives missing rows and shares that do not add up.
    variant
        ``low`` and ``high`` take that end of the local share: how far the place depends on its
        own emissions is by far the least certain of these numbers. Shares of groups and
        precursors stay central, as each set must add up to 1.

    Returns
    -------
    ResponseNumbers
        NaN where a row is missing, which is noted.
    """
    shares = np.array([_share(response, parameter="group-share", group=g) for g in GROUPS])
    weight = np.array([[_weight(response, g, p) for p in PRECURSORS] for g in GROUPS])
    _check_sum(shares, "group-share", "", response, problems)
    for group, row in zip(GROUPS, weight, strict=True):
        _check_sum(row, "weight", group, response, problems)
    return ResponseNumbers(
        observed={
            y: air.value(CONCENTRATION, indicator="pm25", year=y) for y in years if y <= base_year
        },
        local_share=_local_share(response, variant),
        group_share=shares,
        weight=weight,
        regional_change={
            y: _share(response, parameter="regional-change", year=y) for y in years if y > base_year
        },
        dustfall_base=air.value(DUSTFALL, indicator="dustfall", year=base_year),
        dustfall_background_share=_share(response, parameter="dustfall-background-share"),
    )


def _share(
    table: QuantityTable[ResponseRow], *, parameter: str, group: str = "", year: int | None = None
) -> float:
    return table.value("1", parameter=parameter, group=group, pollutant="", year=year)


def _weight(table: QuantityTable[ResponseRow], group: str, pollutant: Pollutant) -> float:
    return table.value("1", parameter="weight", group=group, pollutant=pollutant, year=None)


def _local_share(table: QuantityTable[ResponseRow], variant: Variant) -> float:
    central = _share(table, parameter="local-share")
    row = table.find(parameter="local-share", group="", pollutant="", year=None)
    if row is None or np.isnan(central) or variant == "central":
        return central
    low, high = row.range("1")
    return low if variant == "low" else high


def _check_sum(
    shares: Array,
    parameter: str,
    group: str,
    table: QuantityTable[ResponseRow],
    problems: Problems,
) -> None:
    total = float(shares.sum())
    if np.isnan(total) or abs(total - 1.0) <= SHARE_TOLERANCE:
        return
    problems.add(
        Place(table.file),
        message(
            "the rows {parameter} {group} add up to {total}, not to 1.",
            parameter=parameter,
            group=group,
            total=f"{total:g}",
        ),
    )
