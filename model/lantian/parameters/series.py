"""One rule for numbers that carry a year: straight lines between the rows, the last one holds on.

Before its first row a series has no number. Years without a row of their own are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Problems
from lantian.language import Message, message
from lantian.parameters import units
from lantian.parameters.reader import QuantityTable
from lantian.parameters.rows import QuantityRow
from lantian.parameters.space import Numbers, stack
from lantian.vocabulary import weakest

Q = TypeVar("Q", bound=QuantityRow)

YEAR = "year"
"""Key column that makes rows a series: rows that differ in nothing else belong together."""


@dataclass(frozen=True)
class Filling:
    """Which known years a wanted year is made from: ``(1 - weight) * earlier + weight * later``.

    Attributes
    ----------
    earlier, later
        Positions among the known years, dims (wanted year,); the same where one row is enough.
    weight
        Share of the later one [1], dims (wanted year,).
    filled
        Wanted years without a row of their own.
    """

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    weight: NDArray[np.float64]
    filled: tuple[int, ...]

    @property
    def used(self) -> set[int]:
        """Positions of the known years that some wanted year is made from."""
        return {*self.earlier.tolist(), *self.later[self.weight > 0.0].tolist()}

    def of(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the numbers of the wanted years from those of the known years.

        Parameters
        ----------
        numbers
            Dims (known year,) [any unit].

        Returns
        -------
        Array
            Dims (wanted year,), in the same unit; bit for bit a row's own where it has one.
        """
        between = (1.0 - self.weight) * numbers[self.earlier] + self.weight * numbers[self.later]
        return np.asarray(np.where(self.weight > 0.0, between, numbers[self.earlier]))

    def numbers(self, known: Sequence[Numbers]) -> Numbers:
        """Return the numbers of the wanted years, each a share of one or two of the known.

        Parameters
        ----------
        known
            One number per known year, dims ().

        Returns
        -------
        Numbers
            Dims (wanted year,); as :meth:`of`.
        """
        first = stack([known[k] for k in self.earlier])
        if not self.weight.any():
            return first
        second = stack([known[k] for k in self.later])
        later = Numbers(second.slot, second.factor * self.weight)
        return Numbers(first.slot, first.factor * (1.0 - self.weight), later)


def fill(known: Sequence[int], wanted: Sequence[int]) -> Filling | None:
    """Return what a series has in the years wanted; None if one of them is before its first.

    Parameters
    ----------
    known
        Years with a row, ascending.
    wanted
        Years for which a number is needed.

    Returns
    -------
    Filling or None
        On straight lines between the known years, the last of which holds for all later ones.
    """
    if not known or min(wanted, default=known[0]) < known[0]:
        return None
    have, years = np.array(known, dtype=np.int64), np.array(wanted, dtype=np.int64)
    earlier = np.searchsorted(have, years, side="right") - 1
    later = np.searchsorted(have, years, side="left").clip(max=len(have) - 1)
    span = have[later] - have[earlier]
    weight = np.divide(years - have[earlier], span, out=np.zeros(len(years)), where=span > 0)
    return Filling(earlier, later, weight, tuple(y for y in wanted if y not in known))


@cache
def series_columns(model: type[QuantityRow]) -> tuple[str, ...]:
    """Return the names of the key columns that the rows of one series share."""
    return tuple(name for name in model.keys() if name != YEAR)  # noqa: SIM118


def series_key(row: QuantityRow) -> tuple[Any, ...]:
    """Return what the rows of one series share: all keys but the year."""
    return tuple(getattr(row, name) for name in series_columns(type(row)))


def by_series(rows: Iterable[Q]) -> dict[tuple[Any, ...], list[Q]]:
    """Sort rows into series, each ascending by year; rows without a year come first.

    Parameters
    ----------
    rows
        Rows of one table.

    Returns
    -------
    dict
        Key of the series -> its rows, in the order in which the series begin.
    """
    found: dict[tuple[Any, ...], list[Q]] = {}
    for row in rows:
        found.setdefault(series_key(row), []).append(row)
    for own in found.values():
        own.sort(key=lambda row: getattr(row, YEAR, None) or 0)
    return found


class OfYear(QuantityTable[Q]):
    """A table of dated numbers as it stands in one year; remembers which were asked for."""

    def __init__(self, dated: QuantityTable[Q], rows: Iterable[Q], filled: set[Any]) -> None:
        super().__init__(dated.file, rows, dated.problems, dated.space, dated.lost)
        self._filled = filled
        self._asked: set[Any] = set()

    def find(self, **keys: Any) -> Q | None:
        """Return the row with exactly these keys, or None."""
        row = super().find(**keys)
        if row is not None:
            self._asked.add(row.key())
        return row

    @property
    def filled(self) -> list[str]:
        """Numbers that were asked for and have no row of the year, in the order of the table."""
        used = self._asked & self._filled
        return [_name(row.key()) for row in self.rows if row.key() in used]


def _name(key: tuple[Any, ...]) -> str:
    return " / ".join(str(part) for part in key if part not in ("", None))


def filled_numbers(table: OfYear[Any], year: int) -> list[Message]:
    """Return what a reader must know of numbers that have no row of a year of their own.

    Parameters
    ----------
    table
        The numbers as they stand in that year.
    year
        The year.

    Returns
    -------
    list
        One message at most.
    """
    if not table.filled:
        return []
    return [
        message(
            "numbers of {file} without a row of {year}, which follow from their other years: "
            "{names}.",
            file=table.file,
            year=year,
            names=", ".join(table.filled),
        )
    ]


def of_year(
    table: QuantityTable[Any], model: type[Q], year: int, also: Iterable[Q] = ()
) -> OfYear[Q]:
    """Return the numbers of one year.

    Parameters
    ----------
    table
        Rows with a year, which make a series, and without one, which hold for all years. Its
        problems receives series that have both.
    model
        Model of the rows of the result; its ``year``, if it has one, is left blank.
    year
        The year wanted.
    also
        Further rows, which stay as they are.

    Returns
    -------
    OfYear
        One row per series; none for a series that begins later.
    """
    rows: list[Q] = []
    filled: set[Any] = set()
    for series in by_series(table.rows).values():
        years = [getattr(row, YEAR) for row in series]
        if None in years and len(years) > 1:
            table.problems.add(
                series[-1].place.cell("year"),
                message("a row of one year beside a row for all years."),
                fix=message("Give each row its year, or keep the one for all years."),
            )
        own = series[0] if None in years else _between(series, years, year, table.problems)
        if own is not None:
            rows.append(_undated(own, model))
            filled |= set() if year in years or None in years else {rows[-1].key()}
    return OfYear(table, [*rows, *also], filled)


def _between(series: Sequence[Q], years: Sequence[int], year: int, problems: Problems) -> Q | None:
    """Return the row of a year, made of two where it lies between them; None before the first."""
    filling = fill(years, (year,))
    if filling is None:
        return None
    first, second = series[int(filling.earlier[0])], series[int(filling.later[0])]
    if first is second:
        return first
    try:
        ranges = [(r.to(first.unit), *r.range(first.unit)) for r in series]
    except units.UnitError as error:
        problems.add(second.place.cell("unit"), message("{text}.", text=error.args[0]))
        return first
    value, low, high = (float(filling.of(column)[0]) for column in np.array(ranges).T)
    basis = weakest([first.basis, second.basis])
    mixed: Q = first.model_copy(update={"value": value, "low": low, "high": high, "basis": basis})
    return mixed


def _undated(row: QuantityRow, model: type[Q]) -> Q:
    """Return a row without its year, as a row of another model."""
    fields = {name: getattr(row, name) for name in model.model_fields if name != YEAR}
    return cast(Q, model.model_construct(**fields)).at(row.place)
