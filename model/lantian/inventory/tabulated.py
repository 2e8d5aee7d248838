"""Equation shared by sectors whose emission is an activity times a tabulated factor."""

from dataclasses import dataclass

from lantian.inventory.contract import (
    Array,
    Kind,
    Sector,
    SectorInputs,
    SectorModel,
    Window,
    declare_activity,
    pollutant_index,
)
from lantian.parameters import Numbers, QuantityRow, QuantityTable, column
from lantian.vocabulary import Pollutant


class FactorRow(QuantityRow):
    """A line of a factor table: emission per activity unit of a source before its control."""

    source: str
    technology: str
    pollutant: Pollutant


@dataclass(frozen=True, kw_only=True)
class TabulatedModel(SectorModel):
    """A sector with ``E = A * EF``, EF the same in all years.

    Attributes
    ----------
    factor
        EF [t/activity unit] before the control, dims (kind, pollutant).
    """

    factor: Numbers

    def factors(self, theta: Array, window: Window) -> Array:
        """Return EF, dims (kind, pollutant, 1, sample) [t/activity unit].

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            The same for all years.
        """
        return self.factor(theta)[:, :, None]


def tabulated(sector: Sector, inputs: SectorInputs, table: str) -> TabulatedModel:
    """Declare a sector with ``E = A * EF``, EF the same in all years.

    Parameters
    ----------
    sector
        Its sources set the unit of every factor: t per activity unit.
    inputs
        Tables of the region; every (source, technology) of the activity needs a factor for each
        pollutant of the sector, and a missing one is noted in ``inputs.problems``.
    table
        Name of the factor table, a :class:`FactorRow` per line.

    Returns
    -------
    TabulatedModel
        Factors [t/activity unit] before the control, which the measures apply.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``, without the removal eta.
    """
    states, activity = declare_activity(sector, inputs)
    return TabulatedModel(
        states=states,
        pollutants=pollutant_index(sector.pollutants),
        activity=activity,
        factor=tabulated_factors(sector, states.kinds, inputs.factors[table]),
    )


def tabulated_factors(
    sector: Sector, kinds: tuple[Kind, ...], table: QuantityTable[QuantityRow]
) -> Numbers:
    """Return the factors of some kinds from a table of :class:`FactorRow`.

    Parameters
    ----------
    sector
        Its sources set the unit of every factor, its pollutants the second axis.
    kinds
        Pairs of source and technology.
    table
        The factor table; a missing row is noted in its problems.

    Returns
    -------
    Numbers
        Factors [t/activity unit], dims (kind, pollutant).
    """
    return table.numbers(
        column([f"t/({sector.source(source).unit})" for source, _ in kinds]),
        source=column([source for source, _ in kinds]),
        technology=column([technology for _, technology in kinds]),
        pollutant=sector.pollutants,
    )
