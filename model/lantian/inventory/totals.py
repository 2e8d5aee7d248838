"""Totals of emissions that are known of a year, with or without an inventory of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from lantian.core.ordered import ordered_sum
from lantian.core.system import Array
from lantian.parameters import (
    Band,
    CalendarYear,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    or_none,
    units,
)
from lantian.parameters.space import stack
from lantian.vocabulary import Pollutant

TOTALS = "totals"
"""Name of the table."""


class TotalRow(QuantityRow):
    """A line of ``totals.csv``: what all sources, or those of a sector, emitted in a year.

    A blank ``sector`` stands for all. Yearbooks print ``万吨``, and mean a year.
    """

    plausible = declared({"": or_none(Band("t/a", 0.01, 1e10), Band("t", 0.01, 1e10))})
    sector: Annotated[str, Names("sector")] = ""
    pollutant: Pollutant
    year: CalendarYear

    @property
    def tonnes(self) -> float:
        """The total [t/a]."""
        return self.value * units.per_year(self.unit, "t")

    @property
    def ends(self) -> tuple[float, float]:
        """Its range [t/a]."""
        each = units.per_year(self.unit, "t")
        return self.low * each, self.high * each


@dataclass(frozen=True)
class Reference:
    """A value that is known of a year.

    Attributes
    ----------
    numbers
        What it is the sum of, dims (number,).
    rows
        Where they stand.
    """

    numbers: Numbers
    rows: tuple[QuantityRow, ...]

    def __call__(self, theta: Array) -> Array:
        """Return the value for every column of a parameter vector, dims (sample,)."""
        return ordered_sum(self.numbers(theta))


def reference_total(
    table: QuantityTable[TotalRow],
    pollutant: str | None,
    year: int,
    sectors: Sequence[str] | None = None,
) -> Reference | None:
    """Return the total of a pollutant in a year; None where the table does not tell it.

    Parameters
    ----------
    table
        Totals of a region.
    pollutant, year
        Which one.
    sectors
        Those that count; all by default.

    Returns
    -------
    Reference or None
        [t/a].
    """
    names = dict.fromkeys(("",) if sectors is None else sectors)
    rows = [table.find(sector=name, pollutant=pollutant, year=year) for name in names]
    found = tuple(row for row in rows if row is not None)
    if len(found) < len(names):
        return None
    return Reference(
        stack([table.space.number(r, units.per_year(r.unit, "t")) for r in found]), found
    )
