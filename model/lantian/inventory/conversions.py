"""Other units of the same thing: what one unit of a source's activity is in boilers, tonnes, ...

A clause may count in another unit than the inventory: boilers by steam tonnes where the activity is
coal, lorries where it is freight. Rows of ``conversions.csv`` of a region say how much one is.
"""

from typing import Annotated

from lantian.parameters import (
    NOT_NEGATIVE,
    KnownUnit,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    units,
)

CONVERSIONS = "conversions"
"""Name of the table."""


class ConversionRow(QuantityRow):
    """A line of ``conversions.csv``: ``counted_in`` per unit of a source's activity.

    A blank ``technology`` stands for all that have no line of their own.
    """

    plausible = declared({"": NOT_NEGATIVE})
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")] = ""
    counted_in: KnownUnit


def conversion(
    table: QuantityTable[ConversionRow], source: str, technology: str, own: str, unit: str
) -> Numbers | None:
    """Return how many of a unit one unit of a state's activity is.

    Parameters
    ----------
    table
        The conversions of the region.
    source, technology
        Of the state.
    own
        Unit of the source's activity.
    unit
        Unit that is asked for.

    Returns
    -------
    Numbers or None
        [``unit`` per ``own``], dims (); None where no row says it.
    """
    row = conversion_row(table, source, technology, unit)
    return None if row is None else table.taken(row, f"({unit})/({own})")


def conversion_row(
    table: QuantityTable[ConversionRow], source: str, technology: str, unit: str
) -> ConversionRow | None:
    """Return the row that says how many of a unit one unit of a state's activity is.

    Parameters
    ----------
    table
        The conversions of the region.
    source, technology
        Of the state.
    unit
        Unit that is asked for.

    Returns
    -------
    ConversionRow or None
        That of the technology, else that of the source; None where no row says it.
    """
    fitting = [
        row
        for row in table.rows
        if row.source == source
        and row.technology in (technology, "")
        and units.is_like(row.counted_in, unit)
    ]
    return max(fitting, key=lambda row: bool(row.technology), default=None)
