"""What runs say of the same thing: the first is the reference, the others are held to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from lantian.comparison.opened import Run
from lantian.report.frames import Row
from lantian.tolerances import ROUNDING

Key = tuple[Any, ...]
Read = Callable[[Run], Mapping[Key, Row]]
"""Gives what a run says, by what it is about."""


@dataclass(frozen=True)
class Amount:
    """A sum over rows, with the cell that those of one row have."""

    value: float


@dataclass(frozen=True)
class Side:
    """What the reference and another run say of the same thing.

    Attributes
    ----------
    key
        What it is about.
    run
        Label of the other run.
    reference, other
        What they say; None where a run says nothing of it.
    """

    key: Key
    run: str
    reference: Row | None
    other: Row | None

    def both(self, column: str) -> list[Any]:
        """Return a cell of the reference and of the other run, None where there is no row."""
        rows = (self.reference, self.other)
        return [None if row is None else getattr(row, column) for row in rows]

    def either(self, column: str) -> Any:
        """Return a cell that is the same for both, from whichever has a row."""
        return getattr(self.reference if self.reference is not None else self.other, column)


def sides(runs: Sequence[Run], read: Read) -> Iterator[Side]:
    """Hold what each run says against what the first says.

    Parameters
    ----------
    runs
        At least two; the first is the reference.
    read
        Gives what a run says.

    Yields
    ------
    Side
        Run by run, in the order of the reference; what only the other run has comes last.
    """
    first = read(runs[0])
    for run in runs[1:]:
        found = read(run)
        for at in dict.fromkeys((*first, *found)):
            yield Side(at, run.label, first.get(at), found.get(at))


def _every(row: Row) -> bool:
    return True


def rows_of(table: str, *columns: str, where: Callable[[Row], bool] = _every) -> Read:
    """Return a reader of the rows of a table by some of their cells.

    Parameters
    ----------
    table
        Name of a declared table; a run without it says nothing.
    columns
        Whose cells tell its rows apart.
    where
        Which rows count.
    """

    def read(run: Run) -> dict[Key, Row]:
        rows = filter(where, run.rows(table))
        return {tuple(getattr(row, c) for c in columns): row for row in rows}

    return read


def sums_of(table: str, value: str, *columns: str) -> Read:
    """Return a reader of the sums of a column, by some cells; what is blank is not in them.

    Parameters
    ----------
    table
        Name of a declared table; a run without it says nothing.
    value
        Column that is summed.
    columns
        Whose cells are what a sum is about.
    """

    def read(run: Run) -> dict[Key, Amount]:
        found: dict[Key, float] = {}
        for row in run.rows(table):
            at, more = tuple(getattr(row, c) for c in columns), getattr(row, value)
            if more == more:
                found[at] = found.get(at, 0.0) + more
        return {at: Amount(total) for at, total in found.items()}

    return read


def same(one: Any, other: Any) -> bool:
    """Tell whether two cells agree; numbers that were computed in another order do."""
    if isinstance(one, float) and isinstance(other, float):
        if not (isfinite(one) and isfinite(other)):
            return one == other or (one != one and other != other)
        return abs(one - other) <= ROUNDING * max(abs(one), abs(other))
    return bool(one == other)


def difference(one: float, other: float) -> float:
    """Return by how much the other is more; NaN where either is missing."""
    return 0.0 if same(float(one), float(other)) else other - one


def change(one: float, other: float) -> float:
    """Return the difference as a part of the first [1]; NaN where there is none to speak of."""
    return difference(one, other) / abs(one) if one else float("nan")
