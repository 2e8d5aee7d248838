"""The response of a region: its tables, calibrated on the baseline's emissions."""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array, Sources
from lantian.errors import Place, Problems
from lantian.indicators.dustfall import DustfallResponse, calibrate_dustfall
from lantian.indicators.pm25 import (
    PRECURSORS,
    VARIANTS,
    CalibrationError,
    Pm25Response,
    Variant,
    calibrate_pm25,
)
from lantian.indicators.tables import (
    AirRow,
    ResponseRow,
    TopdownRow,
    of_base_year,
    read_response,
)
from lantian.inventory.layers import Layers
from lantian.language import Message, message
from lantian.parameters import QuantityTable
from lantian.parameters.series import filled_numbers
from lantian.vocabulary import GROUPS, POLLUTANTS

DUST_GROUP = "dust"
"""Source group whose TSP the dustfall follows."""


@dataclass(frozen=True)
class Response:
    """Calibrated responses of a region.

    Attributes
    ----------
    pm25
        One response per variant: low, central and high local share.
    dustfall
        Central response.
    air
        What was observed.
    topdown
        Independent estimates of the emissions.
    warnings
        What was filled in.
    """

    pm25: dict[Variant, Pm25Response]
    dustfall: DustfallResponse
    air: QuantityTable[AirRow]
    topdown: QuantityTable[TopdownRow]
    warnings: tuple[Message, ...] = ()


def read_response_of(
    layers: Layers,
    sources: Sources,
    emission: Array,
    years: tuple[int, ...],
    base_year: int,
    problems: Problems,
) -> Response | None:
    """Read ``air.csv``, ``response.csv`` and ``topdown.csv`` of a region and calibrate.

    Parameters
    ----------
    layers
        The region's folders.
    sources
        Source axis of ``emission``.
    emission
        Baseline emissions [t/a], dims (source, pollutant, year).
    years, base_year
        Years of the model, and the one whose observation the response reproduces.
    problems
        Receives what is missing or does not fit.

    Returns
    -------
    Response or None
        None when a table has problems; they are noted.
    """
    air = layers.read("air", AirRow)
    dated = layers.read("response", ResponseRow)
    topdown = layers.read("topdown", TopdownRow)
    before = len(problems.found)
    response = of_base_year(dated, base_year)
    grouped = by_group(sources, emission)
    pm25 = {}
    try:
        for variant in VARIANTS:
            numbers = read_response(air, response, years, base_year, problems, variant)
            if len(problems.found) > before:
                return None
            pm25[variant] = calibrate_pm25(
                groups=GROUPS,
                years=years,
                base_year=base_year,
                observed=numbers.observed,
                local_share=numbers.local_share,
                group_share=numbers.group_share,
                weight=numbers.weight,
                regional_change=numbers.regional_change,
                emission=grouped,
            )
        base = dust_emission(sources, emission)[years.index(base_year)]
        dustfall = calibrate_dustfall(
            numbers.dustfall_base, numbers.dustfall_background_share, float(base)
        )
    except CalibrationError as error:
        problems.add(Place(response.file), message("{text}.", text=error.args[0]))
        return None
    return Response(pm25, dustfall, air, topdown, tuple(filled_numbers(response, base_year)))


def by_group(sources: Sources, emission: Array) -> Array:
    """Sum emissions over source groups: dims (group, precursor, ...).

    Parameters
    ----------
    sources
        Source axis; the group of each is used.
    emission
        Emission [t/a], dims (source, pollutant, ...).

    Returns
    -------
    Array
        Emission [t/a], dims (group, precursor, ...), in the order of
        :data:`~lantian.vocabulary.GROUPS` and :data:`~lantian.indicators.pm25.PRECURSORS`.
    """
    chosen = emission[:, [POLLUTANTS.index(p) for p in PRECURSORS]]
    group = np.array([GROUPS.index(g) for g in sources.group], dtype=np.int64)
    total = np.zeros((len(GROUPS), *chosen.shape[1:]))
    np.add.at(total, group, chosen)
    return total


def dust_emission(sources: Sources, emission: Array) -> Array:
    """Return the TSP of the dust sources [t/a], dims (...,).

    Parameters
    ----------
    sources
        Source axis; the group of each is used.
    emission
        Emission [t/a], dims (source, pollutant, ...).

    Returns
    -------
    Array
        TSP [t/a], dims (...).
    """
    is_dust = np.array([g == DUST_GROUP for g in sources.group])
    return np.asarray(emission[is_dust, POLLUTANTS.index("TSP")].sum(axis=0))


def pm25_weight(sources: Sources, response: Pm25Response) -> Array:
    """Return the slope of PM2.5 for every source and pollutant.

    Parameters
    ----------
    sources
        Source axis; the group of each is used.
    response
        Calibrated response.

    Returns
    -------
    Array
        Slope [ug/m3 per t/a], dims (source, pollutant); 0 for pollutants that form no PM2.5.
    """
    weight = np.zeros((len(sources), len(POLLUTANTS)))
    slope = response.coefficients()
    columns = [POLLUTANTS.index(p) for p in response.pollutants]
    for s, group in enumerate(sources.group):
        weight[s, columns] = slope[response.groups.index(group)]
    return weight


def dustfall_weight(sources: Sources, response: DustfallResponse) -> Array:
    """Return the slope of dustfall for every source and pollutant.

    Parameters
    ----------
    sources
        Source axis; the group of each is used.
    response
        Calibrated response.

    Returns
    -------
    Array
        Slope [t/(km2 month) per t/a], dims (source, pollutant); 0 but for TSP of dust sources.
    """
    weight = np.zeros((len(sources), len(POLLUTANTS)))
    is_dust = [s for s, g in enumerate(sources.group) if g == DUST_GROUP]
    weight[is_dust, POLLUTANTS.index("TSP")] = response.coefficients()
    return weight
