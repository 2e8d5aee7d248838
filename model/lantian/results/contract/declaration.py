"""How a table of a run and its columns are declared."""

from dataclasses import dataclass, replace
from typing import Literal

from lantian.language import Text

Kind = Literal["text", "id", "whole", "number", "truth", "year"]
"""What the cells of a column are; an id is looked up among the display names."""

Place = Literal["run", "curve", "program", "screen", "comparison", "ensemble"]
"""Who writes a table: ``lantian run``, ``lantian frontier``, ``--save-lp``, ``lantian inventory``
to the screen, ``lantian compare``, or ``lantian ensemble``."""

PER_YEAR = "t/a"
MONEY = "currency"
"""Stands for the currency of the scenario, which the summary of the run names."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    means
        What a cell says.
    unit
        Of the numbers, where it is the same for all rows; ``1`` for a share or a count.
    unit_in
        Name of the column that holds the unit, where it differs.
    labels
        What the ids are ids of: ``sector``, ``measure``, ``case`` ...
    words
        The closed list that the cells are taken from; empty where there is none.
    separator
        Between the entries, where a cell lists several.
    blank
        When a cell is blank; None: never.
    infinite
        When a number is infinite; None: never.
    """

    name: str
    kind: Kind
    means: Text
    unit: str = ""
    unit_in: str = ""
    labels: str = ""
    words: tuple[str, ...] = ()
    separator: str = ""
    blank: Text | None = None
    infinite: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind in ("number", "whole")) != bool(self.unit or self.unit_in):
            raise ValueError(f"column {self.name}: numbers, and only numbers, have a unit")
        if self.unit and self.unit_in:
            raise ValueError(f"column {self.name}: one unit, or a column with the units")
        if (self.kind == "id") != bool(self.labels):
            raise ValueError(f"column {self.name}: ids, and only ids, have labels")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its columns in the order in which they are written.

    Attributes
    ----------
    title
        Its name for a reader.
    means
        What it holds.
    key
        Columns that tell its rows apart.
    absent
        When the table is not written; None: it always is, if only with its header.
    yearly
        The numbers that follow ``columns``, one column per year named by it; None: none do.
    place
        Who writes it.
    """

    name: str
    title: Text
    means: Text
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    absent: Text | None = None
    yearly: Column | None = None
    place: Place = "run"

    def __post_init__(self) -> None:
        names = self.names
        if len(set(names)) < len(names):
            raise ValueError(f"table {self.name}: a column is declared twice")
        asked = {*self.key, *(c.unit_in for c in self.columns if c.unit_in)}
        if not asked <= set(names):
            raise ValueError(f"table {self.name}: no column {', '.join(asked - set(names))}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, without those of single years."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the declaration of a column.

        Raises
        ------
        LookupError
            If the table has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        if self.yearly is not None and name.isdigit():
            return replace(self.yearly, name=name)
        raise LookupError(f"{self.name}.csv has no column {name!r}")
