"""Ammonia from livestock, fertilisers and people.

Livestock follows the flow of total ammoniacal nitrogen (TAN) from the housing through storage to
the field: each stage loses a share of what reaches it.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.inventory.contract import (
    Array,
    Sector,
    SectorBlock,
    SectorInputs,
    Source,
    Use,
    activity_states,
    factor_array,
    no_vintages,
    pollutant_index,
)
from lantian.inventory.tabulated import FactorRow
from lantian.parameters import QuantityRow, QuantityTable
from lantian.vocabulary import Pollutant

NH3_PER_NITROGEN = 1.214
"""Mass of NH3 per mass of N [1], as printed in the guide (17/14)."""

MONTHS_PER_YEAR = 12
"""Months of a year [1], for stock that changes in the year."""

STAGES = ("housing", "storage", "spreading")
"""Where manure loses ammonia, in the order in which it gets there."""

EXCRETA: dict[str, tuple[str, ...]] = {
    "pig": ("urine", "faeces"),
    "dairy-cow": ("urine", "faeces"),
    "beef-cattle": ("urine", "faeces"),
    "sheep": ("urine", "faeces"),
    "layer": ("faeces",),
    "broiler": ("faeces",),
}
"""What each animal excretes; poultry excretes no urine of its own."""

FERTILISERS = ("urea", "ammonium-bicarbonate", "compound-fertiliser")


class LivestockRow(QuantityRow):
    """A line of ``livestock.csv``: a term of the TAN flow of an animal.

    ``days`` (kept per year or per life) and ``method-spread`` have a blank ``excreta``.
    ``method-spread`` is a factor around 1 that carries how far the flow lies from totals per head
    that were published elsewhere.
    """

    source: str
    excreta: Literal["urine", "faeces", ""] = ""
    parameter: Literal[
        "days",
        "method-spread",
        "mass",
        "nitrogen",
        "tan",
        "housing",
        "storage",
        "spreading",
    ]


class FertiliserRow(QuantityRow):
    """A line of ``fertiliser.csv``; a blank ``source`` holds for every fertiliser."""

    source: str = ""
    parameter: Literal["factor", "high-rate", "high-rate-factor", "deep-factor"]


class FertilisingRow(QuantityRow):
    """A line of ``fertilising.csv``: how the region's fields are dressed."""

    parameter: Literal["nitrogen-rate"]


def places_emission(
    places: ArrayLike,
    months: ArrayLike,
    factor: ArrayLike,
    manure: ArrayLike = 0.0,
    manure_factor: ArrayLike = 0.0,
) -> float:
    """Return the release of stock places and of manure stored on site.

    Parameters
    ----------
    places, months
        Places in use and for how many months of the year; one element per part of the year.
    factor
        Release per place and year [kg].
    manure, manure_factor
        Manure stored [t] and its release [kg/t].

    Returns
    -------
    float
        NH3 [kg].

    References
    ----------
    Natural Resources Wales, pollution inventory reporting of poultry and pig farms.
    """
    kept = np.asarray(places, dtype=float) * np.asarray(months, dtype=float) / MONTHS_PER_YEAR
    stored = np.asarray(manure, dtype=float) * np.asarray(manure_factor, dtype=float)
    return float(np.sum(kept * np.asarray(factor, dtype=float)) + np.sum(stored))


def tan_excreted(days: ArrayLike, mass: ArrayLike, nitrogen: ArrayLike, tan: ArrayLike) -> Array:
    """Return the ammoniacal nitrogen that an animal excretes [kg/head].

    Parameters
    ----------
    days
        Days kept [d].
    mass
        Urine or faeces [kg/(head*d)].
    nitrogen
        Nitrogen in it [share of mass].
    tan
        Ammoniacal part of that nitrogen [share].

    Returns
    -------
    Array
        Ammoniacal nitrogen [kg/head], in the shape to which the arguments broadcast.

    References
    ----------
    MEP technical guide for the ammonia inventory (2014), as cited by Liao and Chen 2017.
    """
    amount: Array = np.asarray(days, dtype=float) * np.asarray(mass, dtype=float)
    share: Array = np.asarray(nitrogen, dtype=float) * np.asarray(tan, dtype=float)
    return np.multiply(amount, share)


def tan_losses(tan: ArrayLike, shares: ArrayLike) -> Array:
    """Return the NH3 that each stage loses; a stage receives what the one before did not lose.

    Parameters
    ----------
    tan
        Ammoniacal nitrogen excreted [kg/head], dims (excreta,).
    shares
        Share lost of what reaches the stage [1], dims (excreta, stage).

    Returns
    -------
    numpy.ndarray
        NH3 [kg/head], dims (excreta, stage).

    References
    ----------
    MEP technical guide for the ammonia inventory (2014): ``E = sum(A_TAN * EF * 1.214)``.
    """
    lost = np.asarray(shares, dtype=float)
    reaching = np.cumprod(
        np.concatenate([np.ones_like(lost[:, :1]), 1 - lost[:, :-1]], axis=1), axis=1
    )
    nitrogen: Array = np.asarray(tan, dtype=float)[:, np.newaxis] * reaching * lost
    return NH3_PER_NITROGEN * nitrogen


def chain_efficiency(tan: ArrayLike, shares: ArrayLike, stage_efficiency: ArrayLike) -> float:
    """Return the share of the whole chain's ammonia that a measure at single stages removes [1].

    Nitrogen kept at one stage reaches the next one and is partly lost there, so the result is
    smaller than the efficiency at the stage.

    Parameters
    ----------
    tan, shares
        As in :func:`tan_losses`.
    stage_efficiency
        Part of the stage's loss that the measure removes [1], dims (stage,).

    Returns
    -------
    float
        Share [1].
    """
    lost = np.asarray(shares, dtype=float)
    reduced = lost * (1 - np.asarray(stage_efficiency, dtype=float))[np.newaxis, :]
    return float(1 - tan_losses(tan, reduced).sum() / tan_losses(tan, lost).sum())


def rate_factor(rate: float, high_rate: float, factor: float) -> float:
    """Return the correction for heavy dressing: ``factor`` above ``high_rate``, else 1.

    Parameters
    ----------
    rate
        Nitrogen spread on the field [kg/ha].
    high_rate
        Rate above which it counts as heavy [kg/ha].
    factor
        Correction above it [1].

    Returns
    -------
    float
        Correction [1].

    References
    ----------
    MEP technical guide for the ammonia inventory (2014): 1.18 above 195 kg N/ha.
    """
    return factor if rate > high_rate else 1.0


def fertiliser_emission(
    product: ArrayLike, factor: ArrayLike, rate: ArrayLike, method: ArrayLike
) -> Array:
    """Return the NH3 of a fertiliser [t].

    Parameters
    ----------
    product
        Fertiliser spread [t of product].
    factor
        NH3 per mass of product [1].
    rate, method
        Corrections for the rate of dressing and for how it is applied [1].

    Returns
    -------
    Array
        NH3 [t], in the shape to which the arguments broadcast.

    References
    ----------
    MEP technical guide for the ammonia inventory (2014), as cited by Sun et al. 2016.
    """
    corrected: Array = np.asarray(rate, dtype=float) * np.asarray(method, dtype=float)
    base: Array = np.asarray(product, dtype=float) * np.asarray(factor, dtype=float)
    return np.multiply(base, corrected)


class _Rows:
    """Fetches numbers of one table and remembers the rows."""

    def __init__(self, table: QuantityTable[QuantityRow]) -> None:
        self.table = table
        self.rows: list[QuantityRow] = []

    def value(self, unit: str, **keys: str) -> float:
        row = self.table.row(**keys)
        if row is None:
            return float("nan")
        self.rows.append(row)
        return self.table.in_unit(row, unit)


def _livestock(inputs: SectorInputs, source: str) -> tuple[float, list[QuantityRow]]:
    """Return the NH3 of a head [t/head] and the rows that it is proportional to.

    The terms of the flow act on one part of it only; ``method-spread`` carries their range.
    """
    rows, scale = _Rows(inputs.factors["livestock"]), _Rows(inputs.factors["livestock"])
    excreta = EXCRETA[source]

    def column(parameter: str, unit: str = "1") -> list[float]:
        return [rows.value(unit, source=source, excreta=e, parameter=parameter) for e in excreta]

    days = scale.value("d", source=source, excreta="", parameter="days")
    tan = tan_excreted(days, column("mass", "t/(head*d)"), column("nitrogen"), column("tan"))
    losses = tan_losses(tan, np.column_stack([column(stage) for stage in STAGES]))
    spread = scale.value("1", source=source, excreta="", parameter="method-spread")
    return float(losses.sum()) * spread, scale.rows


def _fertiliser(
    inputs: SectorInputs, source: str, technology: str
) -> tuple[float, list[QuantityRow]]:
    """Return the NH3 of a tonne of product [t/t] and the rows that it is proportional to.

    The rate of dressing only switches a factor; the range of that factor reaches down to 1.
    """
    rows = _Rows(inputs.factors["fertiliser"])
    high_rate = inputs.factors["fertiliser"].value("kg/ha", source="", parameter="high-rate")
    correction = rate_factor(
        inputs.region["fertilising"].value("kg/ha", parameter="nitrogen-rate"),
        high_rate,
        rows.value("1", source="", parameter="high-rate-factor"),
    )
    deep = technology == "deep"
    method = rows.value("1", source="", parameter="deep-factor") if deep else 1.0
    base = rows.value("t/t", source=source, parameter="factor")
    return float(fertiliser_emission(1, base, correction, method)), rows.rows


def _people(inputs: SectorInputs, source: str, technology: str) -> tuple[float, list[QuantityRow]]:
    rows = _Rows(inputs.factors["people-ammonia"])
    value = rows.value("t/person", source=source, technology=technology, pollutant="NH3")
    return value, rows.rows


def build(inputs: SectorInputs) -> SectorBlock:
    """Return the states of livestock, fertilisers and people.

    References
    ----------
    MEP technical guide for the ammonia inventory (2014).
    """
    states = activity_states(SECTOR, inputs)
    names = list(zip(states.source, states.technology, strict=True))
    ef = factor_array(len(names), len(inputs.years))
    uses = list(states.uses)
    for name in dict.fromkeys(names):
        members = tuple(s for s, other in enumerate(names) if other == name)
        if name[0] in EXCRETA:
            factor, rows = _livestock(inputs, name[0])
        elif name[0] in FERTILISERS:
            factor, rows = _fertiliser(inputs, *name)
        else:
            factor, rows = _people(inputs, *name)
        ef[list(members), pollutant_index(["NH3"])[0], :] = factor
        uses += [Use(row, members, ("NH3",)) for row in rows]
    return SectorBlock(
        states.source,
        states.technology,
        states.control,
        states.activity,
        ef,
        no_vintages(len(names), len(inputs.years)),
        tuple(uses),
    )


def _animal(name: str, low: float, high: float) -> Source:
    bands: dict[Pollutant, tuple[float, float]] = {"NH3": (low, high)}
    return Source(name, "head", ("intensive",), "other", "livestock", bands)


def _fertiliser_source(name: str, low: float, high: float) -> Source:
    bands: dict[Pollutant, tuple[float, float]] = {"NH3": (low, high)}
    return Source(name, "t", ("surface", "deep"), "other", "cropland", bands)


SECTOR = Sector(
    id="ammonia",
    guideline="MEP technical guide for the ammonia inventory (2014), as cited by Liao and Chen "
    "2017 and Sun et al. 2016",
    sources=(
        _animal("pig", 2e-4, 2e-2),
        _animal("layer", 4e-5, 3e-3),
        _animal("broiler", 1e-5, 1e-3),
        _animal("dairy-cow", 4e-3, 0.3),
        _animal("beef-cattle", 3e-3, 0.2),
        _animal("sheep", 2e-4, 3e-2),
        _fertiliser_source("urea", 2e-3, 0.3),
        _fertiliser_source("ammonium-bicarbonate", 2e-3, 0.2),
        _fertiliser_source("compound-fertiliser", 1e-4, 0.05),
        Source(
            "rural-population",
            "person",
            ("no-sewer",),
            "other",
            "rural-households",
            {"NH3": (5e-5, 5e-3)},
        ),
    ),
    pollutants=("NH3",),
    factor_tables={
        "livestock": LivestockRow,
        "fertiliser": FertiliserRow,
        "people-ammonia": FactorRow,
    },
    region_tables={"fertilising": FertilisingRow},
    build=build,
)
