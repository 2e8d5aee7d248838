"""Ammonia from livestock, fertilisers and people.

Livestock follows the flow of total ammoniacal nitrogen (TAN) from the housing through storage to
the field: each stage loses a share of what reaches it.
"""

from functools import partial
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.core.ordered import ordered_sum
from lantian.inventory.contract import Array, Sector, SectorInputs, Source
from lantian.inventory.equations import Equation, EquationModel, Follows, Kinds, equation_model
from lantian.inventory.tabulated import FactorRow, tabulated_equation
from lantian.parameters import ONE, Band, Names, Numbers, QuantityRow, declared
from lantian.parameters.space import constant
from lantian.vocabulary import Pollutant

NH3: tuple[Pollutant, ...] = ("NH3",)

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

    told_by = "parameter"
    plausible = declared(
        {
            "days": (Band("d", 1.0, 366.0),),
            "method-spread": (Band("", 0.1, 10.0),),
            "mass": (Band("kg/(head*d)", 0.005, 300.0),),
            "nitrogen": (Band("", 0.0002, 0.2),),
            "tan": (Band("", 0.005, 1.0),),
            "housing": (Band("", 0.001, 1.0),),
            "storage": (Band("", 0.001, 1.0),),
            "spreading": (Band("", 0.005, 1.0),),
        }
    )
    source: Annotated[str, Names("source")]
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

    told_by = "parameter"
    plausible = declared(
        {
            "factor": (Band("", 0.0002, 0.7),),
            "high-rate": (Band("kg/ha", 5.0, 3000.0),),
            "high-rate-factor": (Band("", 0.1, 10.0),),
            "deep-factor": (Band("", 0.01, 1.0),),
        }
    )
    source: Annotated[str, Names("source")] = ""
    parameter: Literal["factor", "high-rate", "high-rate-factor", "deep-factor"]


class FertilisingRow(QuantityRow):
    """A line of ``fertilising.csv``: how the region's fields are dressed."""

    plausible = declared(
        {
            "": (Band("kg/ha", 1.0, 3000.0),),
        }
    )
    parameter: Literal["nitrogen-rate"]


def places_emission(
    places: ArrayLike,
    months: ArrayLike,
    factor: ArrayLike,
    manure: ArrayLike = 0.0,
    manure_factor: ArrayLike = 0.0,
) -> Array:
    """Return the release of stock places and of manure stored on site.

    Parameters
    ----------
    places, months
        Places in use and for how many months of the year, dims (part of the year, ...).
    factor
        Release per place and year [kg].
    manure, manure_factor
        Manure stored [t] and its release [kg/t].

    Returns
    -------
    numpy.ndarray
        NH3 [kg], in the shape of one part of the year.

    References
    ----------
    Natural Resources Wales, pollution inventory reporting of poultry and pig farms.
    """
    kept = np.asarray(places, dtype=float) * np.asarray(months, dtype=float) / MONTHS_PER_YEAR
    stored = np.asarray(manure, dtype=float) * np.asarray(manure_factor, dtype=float)
    released: Array = ordered_sum(kept * np.asarray(factor, dtype=float)) + stored
    return released


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
        Ammoniacal nitrogen excreted [kg/head], dims (excreta, ...).
    shares
        Share lost of what reaches the stage [1], dims (excreta, stage, ...).

    Returns
    -------
    numpy.ndarray
        NH3 [kg/head], dims (excreta, stage, ...).

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


def chain_efficiency(tan: ArrayLike, shares: ArrayLike, stage_efficiency: ArrayLike) -> Array:
    """Return the share of the whole chain's ammonia that a measure at single stages removes [1].

    Nitrogen kept at one stage reaches the next one and is partly lost there, so the result is
    smaller than the efficiency at the stage.

    Parameters
    ----------
    tan, shares
        As in :func:`tan_losses`.
    stage_efficiency
        Part of the stage's loss that the measure removes [1], dims (stage, ...).

    Returns
    -------
    numpy.ndarray
        Share [1], dims (...).
    """
    lost = np.asarray(shares, dtype=float)
    reduced = lost * (1 - np.asarray(stage_efficiency, dtype=float))[np.newaxis, :]
    return 1 - chain_loss(tan, reduced) / chain_loss(tan, lost)


def chain_loss(tan: ArrayLike, shares: ArrayLike) -> Array:
    """Return the NH3 that the whole chain loses.

    Parameters
    ----------
    tan, shares
        As in :func:`tan_losses`.

    Returns
    -------
    numpy.ndarray
        NH3 [kg/head], dims (...).
    """
    losses = tan_losses(tan, shares)
    return ordered_sum(losses.reshape(-1, *losses.shape[2:]))


def rate_factor(rate: ArrayLike, high_rate: ArrayLike, factor: ArrayLike) -> Array:
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
    numpy.ndarray
        Correction [1].

    References
    ----------
    MEP technical guide for the ammonia inventory (2014): 1.18 above 195 kg N/ha.
    """
    return np.where(np.asarray(rate) > np.asarray(high_rate), factor, 1.0)


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


def _head(spread: Array, shares: Array, **excretion: Array) -> Array:
    """Return the NH3 of a head [t/head]; terms have dims (excreta, kind, 1, ...)."""
    losses = chain_loss(tan_excreted(**excretion), shares)
    return losses * spread


def _livestock(excreta: tuple[str, ...], inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    """Declare the flow of animals with the same excreta; excreta and stage are the first axes."""
    table, source = inputs.factors["livestock"], kinds.source
    of_part = np.array(excreta, dtype=object).reshape(-1, 1, 1)
    of_stage = np.array(STAGES, dtype=object).reshape(-1, 1, 1)

    def part(parameter: str, unit: str = "1") -> Numbers:
        return table.numbers(unit, source=source, excreta=of_part, parameter=parameter)

    terms = {
        "days": table.numbers("d", source=source, excreta="", parameter="days"),
        "mass": part("mass", "t/(head*d)"),
        "nitrogen": part("nitrogen"),
        "tan": part("tan"),
        "shares": table.numbers("1", source=source, excreta=of_part[:, None], parameter=of_stage),
        "spread": table.numbers("1", source=source, excreta="", parameter="method-spread"),
    }
    return [Equation(NH3, _head, terms)]


_ANIMALS = {excreta: partial(_livestock, excreta) for excreta in EXCRETA.values()}


def _product(rate: Array, high_rate: Array, heavy: Array, method: Array, base: Array) -> Array:
    """Return the NH3 of a tonne of product [t/t]."""
    return fertiliser_emission(1.0, base, rate_factor(rate, high_rate, heavy), method)


def _fertilisers(method: str, inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    table = inputs.factors["fertiliser"]
    terms = {
        "high_rate": table.numbers("kg/ha", source="", parameter="high-rate"),
        "rate": inputs.region["fertilising"].numbers("kg/ha", parameter="nitrogen-rate"),
        "heavy": table.numbers("1", source="", parameter="high-rate-factor"),
        "method": table.numbers("1", source="", parameter="deep-factor")
        if method == "deep"
        else constant(ONE),
        "base": table.numbers("t/t", source=kinds.source, parameter="factor"),
    }
    return [Equation(NH3, _product, terms)]


_METHODS = {method: partial(_fertilisers, method) for method in ("surface", "deep")}


def _people(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    return [tabulated_equation(inputs, kinds, "people-ammonia", NH3)]


def _follows(source: str, technology: str) -> Follows:
    if source in EXCRETA:
        return _ANIMALS[EXCRETA[source]]
    return _METHODS[technology] if source in FERTILISERS else _people


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare the states of livestock, fertilisers and people.

    References
    ----------
    MEP technical guide for the ammonia inventory (2014).
    """
    return equation_model(inputs, _follows)


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
        _animal("sheep", 5e-5, 3e-2),
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
    pollutants=NH3,
    factor_tables={
        "livestock": LivestockRow,
        "fertiliser": FertiliserRow,
        "people-ammonia": FactorRow,
    },
    region_tables={"fertilising": FertilisingRow},
    declare=declare,
)
