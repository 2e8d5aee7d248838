"""Restaurants by size and state of their purifier, and open-air barbecue."""

from typing import Annotated, Literal

from lantian.inventory.contract import Array, Sector, SectorInputs
from lantian.inventory.equations import Equation, EquationModel, Kinds, equation_model
from lantian.parameters import Band, Names, QuantityRow, declared
from lantian.vocabulary import Pollutant

CONCENTRATION = "catering-concentration"
EXHAUST = "catering-exhaust"


class ConcentrationRow(QuantityRow):
    """A line of ``catering-concentration.csv``: exhaust concentration as let out."""

    plausible = declared(
        {
            "": (Band("mg/m3", 0.01, 2000.0),),
        }
    )
    technology: Annotated[str, Names("technology")]
    pollutant: Pollutant


class ExhaustRow(QuantityRow):
    """A line of ``catering-exhaust.csv``: flow [m3/h] and hours per year [h] of an outlet."""

    told_by = "parameter"
    plausible = declared(
        {
            "flow": (Band("m3/h", 20.0, 1000000.0),),
            "hours": (Band("h", 10.0, 8784.0),),
        }
    )
    source: Annotated[str, Names("source")]
    parameter: Literal["flow", "hours"]


def exhaust_emission(concentration: Array, flow: Array, hours: Array) -> Array:
    """Return the emission of an outlet in a year by the exhaust-volume method.

    Parameters
    ----------
    concentration
        Of the exhaust as let out [t/m3].
    flow
        Exhaust flow of an outlet while cooking [m3/h].
    hours
        Cooking hours in a year [h].

    Returns
    -------
    Array
        Emission of an outlet [t].

    References
    ----------
    T/CSES 144-2024, equation 1: ``E = C * Q * T``, there in mg/m3, m3/h and h times 1e-6.
    """
    return concentration * flow * hours


def _outlets(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    exhaust = inputs.region[EXHAUST]
    terms = {
        "flow": exhaust.numbers("m3/h", source=kinds.source, parameter="flow"),
        "hours": exhaust.numbers("h", source=kinds.source, parameter="hours"),
        "concentration": inputs.factors[CONCENTRATION].numbers(
            "t/m3", technology=kinds.technology, pollutant=SECTOR.pollutants
        ),
    }
    return [Equation(SECTOR.pollutants, exhaust_emission, terms)]


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare outlets and emission per outlet; concentrations already include the purifier."""
    return equation_model(inputs, lambda *_: _outlets)


SECTOR = Sector(
    id="catering",
    guideline="T/CSES 144-2024, Technical guide for city emission inventories, equation 1",
    sources=(),
    pollutants=("VOC", "PM2.5", "PM10", "TSP"),
    factor_tables={CONCENTRATION: ConcentrationRow},
    region_tables={EXHAUST: ExhaustRow},
    declare=declare,
)
