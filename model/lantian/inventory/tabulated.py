"""Equation shared by sectors whose emission is an activity times a tabulated factor."""

from lantian.inventory.contract import (
    Sector,
    SectorBlock,
    SectorInputs,
    Use,
    activity_states,
    factor_array,
    no_vintages,
    pollutant_index,
)
from lantian.parameters import QuantityRow
from lantian.vocabulary import Pollutant


class FactorRow(QuantityRow):
    """A line of a factor table: emission per activity unit of a source before its control."""

    source: str
    technology: str
    pollutant: Pollutant


def tabulated(sector: Sector, inputs: SectorInputs, table: str) -> SectorBlock:
    """Return the states of a sector with ``E = A * EF``, EF the same in all years.

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
    SectorBlock
        Factors [t/activity unit] before the control, which the measures apply.

    References
    ----------
    T/CSES 144-2024, equation 2: ``E = A * EF * (1 - eta)``, without the removal eta.
    """
    states = activity_states(sector, inputs)
    factors = inputs.factors[table]
    names = list(zip(states.source, states.technology, strict=True))
    ef = factor_array(len(names), len(inputs.years))
    uses = list(states.uses)
    for source, technology in dict.fromkeys(names):
        members = tuple(s for s, name in enumerate(names) if name == (source, technology))
        unit = f"t/({sector.source(source).unit})"
        for pollutant, p in zip(sector.pollutants, pollutant_index(sector.pollutants), strict=True):
            row = factors.row(source=source, technology=technology, pollutant=pollutant)
            if row is not None:
                ef[list(members), p, :] = factors.in_unit(row, unit)
                uses.append(Use(row, members, (pollutant,)))
    return SectorBlock(
        states.source,
        states.technology,
        states.control,
        states.activity,
        ef,
        no_vintages(len(names), len(inputs.years)),
        tuple(uses),
    )
