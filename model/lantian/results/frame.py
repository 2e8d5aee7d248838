"""Columns that agree with the declaration of their table, to and from CSV."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lantian.results.contract import Column, Table

if TYPE_CHECKING:
    import pandas as pd

ENCODING = "utf-8-sig"
"""With a byte-order mark, so that Excel shows Chinese; reading takes both."""

QUOTE = "'"
FORMULA = re.compile(rf"{QUOTE}*[=+\-@\t\r]")
"""How a text begins that a spreadsheet takes for a formula, or that is a text made safe."""

Cells = NDArray[Any]
Data = Mapping[str, Any] | Iterable[Mapping[str, Any]]
"""Columns by name (a single value stands for all rows), or rows."""


class DisagreementError(ValueError):
    """Data do not agree with the declaration of their table."""

    def __init__(self, table: Table, what: str) -> None:
        super().__init__(f"{table.name}.csv: {what}")


def no_formula(cell: Any) -> Any:
    """Return a cell such that no spreadsheet computes it: a text like ``=1+1`` gets a quote.

    Parameters
    ----------
    cell
        Of any kind.

    Returns
    -------
    Any
        Numbers as they are; :func:`as_meant` takes the quote off a text.
    """
    return QUOTE + cell if isinstance(cell, str) and FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """Return a text as it was before :func:`no_formula`."""
    return cell[1:] if cell.startswith(QUOTE) and FORMULA.match(cell) else cell


@dataclass(frozen=True, eq=False)
class Frame:
    """A declared table and its cells.

    Blank cells are NaN among numbers, empty among texts and ids, None among whole numbers, years
    and truth values.

    Attributes
    ----------
    table
        Declaration.
    columns
        Cells by column, in the order of the declaration; those of single years last.
    """

    table: Table
    columns: Mapping[str, Cells]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Cells:
        self.table.column(name)
        return self.columns[name]

    def __repr__(self) -> str:
        return f"<Frame {self.table.name}: {len(self)} rows>"

    def at(self, rows: Cells) -> "Frame":
        """Return some rows, by position or by a truth value for each.

        Parameters
        ----------
        rows
            Positions, or one truth value per row.

        Returns
        -------
        Frame
            These rows.
        """
        return Frame(self.table, {name: cells[rows] for name, cells in self.columns.items()})

    def first(self, rows: int) -> "Frame":
        """Return the first rows, at most so many."""
        return Frame(self.table, {name: cells[:rows] for name, cells in self.columns.items()})

    def cells(self, name: str) -> list[Any]:
        """Return a column as plain Python values; a blank number is None."""
        values = self[name].tolist()
        if self.columns[name].dtype.kind == "f":
            return [None if v != v else v for v in values]
        return list(values)

    def records(self, *names: str) -> list[dict[str, Any]]:
        """Return rows as dicts.

        Parameters
        ----------
        names
            Columns to keep; all if none is named.

        Returns
        -------
        list of dict
            Plain Python values; a blank number is None.
        """
        chosen = names or tuple(self.columns)
        return [
            dict(zip(chosen, row, strict=True))
            for row in zip(*(self.cells(name) for name in chosen), strict=True)
        ]

    def write(self, path: Path) -> None:
        """Write the table as CSV."""
        with path.open("w", encoding=ENCODING, newline="") as stream:
            self._write(stream)

    def text(self) -> str:
        """Return the table as CSV text, without a byte-order mark."""
        stream = io.StringIO()
        self._write(stream)
        return stream.getvalue()

    def _write(self, stream: Any) -> None:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(zip(*(self._written(name) for name in self.columns), strict=True))

    def _written(self, name: str) -> list[Any]:
        """Return the cells of a column as a spreadsheet may have them."""
        if self.table.column(name).kind in ("text", "id"):
            return [no_formula(cell) for cell in self.cells(name)]
        return self.cells(name)

    def pandas(self) -> "pd.DataFrame":
        """Return the table as a DataFrame, with the types that :func:`read_frame` gives."""
        import pandas as pd

        return pd.DataFrame(
            {
                name: pd.array(self._known(name), dtype=pandas_type(self.table.column(name)))
                for name in self.columns
            }
        )

    def _known(self, name: str) -> Any:
        cells = self.columns[name]
        if self.table.column(name).kind in ("text", "id"):
            return [cell or None for cell in cells.tolist()]
        return cells


def make_frame(table: Table, data: Data) -> Frame:
    """Return data as a frame, or refuse them.

    Parameters
    ----------
    table
        Declaration.
    data
        Columns by name, a single value standing for all rows; or rows as dicts.

    Returns
    -------
    Frame
        Its columns in the order of the declaration.

    Raises
    ------
    DisagreementError
        If a column is missing, not declared or of another kind, or two rows have the same key.
    """
    given = data if isinstance(data, Mapping) else _columns_of(table, list(data))
    declared = _declared(table, given)
    rows = max((len(v) for v in given.values() if not _is_single(v)), default=0)
    columns = {
        column.name: _checked(table, column, given[column.name], rows) for column in declared
    }
    frame = Frame(table, columns)
    _check_key(frame)
    return frame


def _columns_of(table: Table, rows: list[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows as columns; a row that lacks a cell, or has one too many, is refused."""
    names = set(rows[0]) if rows else set(table.names)
    for row in rows:
        if row.keys() != names:
            raise DisagreementError(table, f"rows differ in {sorted(row.keys() ^ names)}")
    return {name: [row[name] for row in rows] for name in names}


def _declared(table: Table, given: Mapping[str, Any]) -> list[Column]:
    """Return the declarations of the columns given, in order."""
    years = sorted(set(given) - set(table.names)) if table.yearly is not None else []
    names = [*table.names, *years]
    wrong = set(given) ^ set(names)
    if wrong or not all(year.isdigit() for year in years):
        raise DisagreementError(table, f"missing or not declared: {sorted(wrong or years)}")
    return [table.column(name) for name in names]


def _is_single(values: Any) -> bool:
    return isinstance(values, str | bool | int | float | np.generic) or values is None


def _checked(table: Table, column: Column, values: Any, rows: int) -> Cells:
    """Return the cells of a column, or refuse them."""
    if _is_single(values):
        values = [values] * rows
    if len(values) != rows:
        raise DisagreementError(table, f"{column.name}: {len(values)} cells for {rows} rows")
    cells = _numbers(table, column, values) if column.kind == "number" else _others(column, values)
    if cells is None:
        raise DisagreementError(table, f"{column.name}: not of kind {column.kind}")
    if column.blank is None and (is_blank(column, cells)).any():
        raise DisagreementError(table, f"{column.name}: blank, and it never should be")
    if column.words and not column.separator:
        unknown = set(cells.tolist()) - {*column.words, ""}
        if unknown:
            raise DisagreementError(table, f"{column.name}: unknown words {sorted(unknown)}")
    return cells


def is_blank(column: Column, cells: Cells) -> NDArray[np.bool_]:
    """Return which cells of a column are blank.

    Parameters
    ----------
    column
        Declaration.
    cells
        As a :class:`Frame` holds them.

    Returns
    -------
    Array
        One truth value per row.
    """
    if column.kind == "number":
        return np.isnan(cells)
    if cells.dtype != object:
        return np.zeros(len(cells), bool)
    blank = "" if column.kind in ("text", "id") else None
    return np.array([cell == blank for cell in cells.tolist()], bool)


def _numbers(table: Table, column: Column, values: Any) -> Cells | None:
    try:
        cells = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        return None
    if column.infinite is None and np.isinf(cells).any():
        raise DisagreementError(table, f"{column.name}: infinite, and it never should be")
    return cells


def _others(column: Column, values: Any) -> Cells | None:
    """Return texts, whole numbers or truth values; None if the values are something else."""
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    if column.kind in ("text", "id"):
        return _texts(array)
    types = {bool} if column.kind == "truth" else {int}
    dtype: Any = np.bool_ if column.kind == "truth" else np.int64
    if array.dtype == dtype:
        return array
    plain = [v.item() if isinstance(v, np.generic) else v for v in array.tolist()]
    found = set(map(type, plain))
    if found <= types:
        return np.array(plain, dtype=dtype)
    return np.array(plain, dtype=object) if found <= {*types, type(None)} else None


def _texts(array: Cells) -> Cells | None:
    cells = ["" if v is None else v for v in array.tolist()]
    if not set(map(type, cells)) <= {str}:
        return None
    result = np.empty(len(cells), dtype=object)
    result[:] = cells
    return result


def _check_key(frame: Frame) -> None:
    """Refuse two rows with the same key."""
    keys = list(zip(*(frame.columns[k].tolist() for k in frame.table.key), strict=True))
    if len(set(keys)) < len(keys):
        twice = next(key for n, key in enumerate(keys) if key in set(keys[:n]))
        raise DisagreementError(frame.table, f"two rows of {twice}")


_TYPES = {"text": "str", "id": "str", "number": "float64"}
_FULL = {"whole": "int64", "year": "int64", "truth": "bool"}
_WITH_BLANKS = {"whole": "Int64", "year": "Int64", "truth": "boolean"}


def pandas_type(column: Column) -> str:
    """Return the type that a column has in a DataFrame."""
    kinds = _FULL if column.blank is None else _WITH_BLANKS
    return _TYPES.get(column.kind) or kinds[column.kind]


def read_frame(table: Table, path: Path) -> "pd.DataFrame":
    """Read a table as its declaration says; columns that are not declared are left out.

    Parameters
    ----------
    table
        Declaration.
    path
        CSV file in UTF-8, with or without a byte-order mark.

    Returns
    -------
    DataFrame
        Blank cells are missing.

    Raises
    ------
    DisagreementError
        If a declared column is missing or holds something else than declared.
    """
    import pandas as pd

    with path.open(encoding=ENCODING, newline="") as stream:
        header = next(csv.reader(stream), [])
    missing = [name for name in table.names if name not in header]
    if missing:
        raise DisagreementError(table, f"no column {', '.join(missing)}")
    years = [name for name in header if table.yearly is not None and name.isdigit()]
    types = {name: pandas_type(table.column(name)) for name in (*table.names, *years)}
    try:
        found = pd.read_csv(
            path,
            encoding=ENCODING,
            usecols=list(types),
            dtype=types,
            keep_default_na=False,
            na_values=[""],
        )[list(types)]
    except ValueError as error:
        raise DisagreementError(table, str(error)) from error
    for name in (name for name in types if types[name] == "str"):
        if found[name].str.startswith(QUOTE).any():
            found[name] = found[name].map(as_meant, na_action="ignore")
    return found
