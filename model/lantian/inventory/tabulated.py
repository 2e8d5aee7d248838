"""Equation shared by sectors whose emission is an activity times a tabulated factor."""

from collections.abc import Sequence
from typing import Annotated

from lantian.inventory.contract import Array, SectorInputs
from lantian.inventory.equations import Equation, EquationModel, Kinds, equation_model
from lantian.parameters import NOT_NEGATIVE, Names, QuantityRow, column, declared
from lantian.vocabulary import Pollutant


class FactorRow(QuantityRow):
    """A line of a factor table: emission per activity unit of a source before its control."""

    plausible = declared(
        {
            "": NOT_NEGATIVE,
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    pollutant: Pollutant


def tabulated(inputs: SectorInputs, table: str) -> EquationModel:
    """Declare a sector with ``E = A * EF``, EF the same in all years.

    Parameters
    ----------
    inputs
        Tables of the region; every (source, technology) of the activity needs a factor for each
        pollutant of the sector [t per activity unit], and a missing one is noted in
        ``inputs.problems``.
    table
        Name of the factor table, a :class:`FactorRow` per line.

    Returns
    -------
    EquationModel
        Factors [t/activity unit] before the control, which the measures apply.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``, without the removal eta.
    """

    def factors(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
        return [tabulated_equation(inputs, kinds, table, inputs.sector.pollutants)]

    return equation_model(inputs, lambda *_: factors)


def tabulated_equation(
    inputs: SectorInputs, kinds: Kinds, table: str, pollutants: Sequence[Pollutant]
) -> Equation:
    """Return the factors of some kinds as they stand in a table of :class:`FactorRow`.

    Parameters
    ----------
    inputs
        Tables of the sector, whose sources set the unit of every factor.
    kinds
        Source and technology of the factors.
    table
        Name of the factor table; a missing row is noted in ``inputs.problems``.
    pollutants
        Those whose factors are tabulated.

    Returns
    -------
    Equation
        Factors [t/activity unit].
    """
    of_source = [inputs.sector.source(source).unit for source in kinds.source[:, 0]]
    units = column([f"t/({unit})" for unit in of_source])
    factor = kinds.numbers(inputs.factors[table], units, pollutant=pollutants)
    return Equation(tuple(pollutants), as_it_stands, {"factor": factor})


def as_it_stands(factor: Array) -> Array:
    """Return a factor that needs no equation."""
    return factor
