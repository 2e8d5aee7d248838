"""Read CSV and Excel tables into checked rows, with every problem and its line."""

import csv
import io
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args
from unicodedata import normalize

import numpy as np
from pydantic import BaseModel, ValidationError

from lantian.errors import Place, Problem, Problems, closest
from lantian.language import NOTHING, Message, message
from lantian.parameters import units, workbook
from lantian.parameters.opening import (
    LARGEST_TABLE,
    UNREAD,
    check_signs,
    exists,
    plain_text,
    read_file,
    real,
    repeated,
)
from lantian.parameters.rows import CellError, QuantityRow, Row
from lantian.parameters.space import MISSING, Numbers, Space
from lantian.parameters.units import WITH_COMMAS, half_width
from lantian.parameters.workbook import Line, read_workbook
from lantian.vocabulary import OTHER_POLLUTANTS, POLLUTANTS, pollutant_meant

R = TypeVar("R", bound=Row)
Q = TypeVar("Q", bound=QuantityRow)
Q_co = TypeVar("Q_co", bound=QuantityRow, covariant=True)

CSV = ".csv"
SUFFIXES = (CSV, *workbook.SUFFIXES)
LONGEST_CELL = 32_767
"""Signs in a cell, as in Excel."""
YEAR = "year"
"""Key column by which the rows of a series follow one another."""


def locate(folder: Path, name: str) -> Path:
    """Return the file that holds a table: ``name.csv`` or ``name.xlsx``, the CSV if neither is.

    Parameters
    ----------
    folder
        Folder of the table.
    name
        Its name without suffix.

    Returns
    -------
    Path
        May not exist.
    """
    for suffix in SUFFIXES:
        path = folder / f"{name}{suffix}"
        if exists(path):
            return path
    return folder / f"{name}{CSV}"


def read_table(
    path: Path, row: type[R], problems: Problems, root: Path, optional: bool = False
) -> list[R]:
    """Read a table of one row model.

    Parameters
    ----------
    path
        A ``.csv`` (UTF-8), ``.xlsx`` or ``.xlsm`` file (its first visible sheet).
    row
        Model of a line; columns must be its fields, in any order.
    problems
        Receives every fault found; faulty lines are left out of the result.
    root
        Places are told relative to this folder.
    optional
        Whether the file may be missing.

    Returns
    -------
    list
        One row model per sound line, in the order of the file.
    """
    shown = shown_path(path, root)
    _check_one_file(path, root, problems)
    if not exists(path):
        if not optional:
            problems.add(
                Place(shown),
                message("this table is missing."),
                message("Expected columns: {columns}.", columns=", ".join(row.model_fields)),
            )
        return []
    content = read_file(path, shown, LARGEST_TABLE, problems)
    if content is None:
        return []
    rows, faults, warnings = _parse_table(path.suffix.lower(), content, row, shown)
    problems.found += faults
    problems.warnings += warnings
    if "source_key" in row.model_fields:
        _check_sources(rows, root, problems)
    return list(rows)


def unread_lines(path: Path, rows: Sequence[Row], root: Path) -> list[dict[str, str]] | None:
    """Return the cells, by column, of the lines of a table that were too faulty to be rows.

    Parameters
    ----------
    path
        The table, which was read before.
    rows
        Its sound rows.
    root
        As it was read with.

    Returns
    -------
    list of dict or None
        None where nothing can be known of them.
    """
    told, shown = Problems(), shown_path(path, root)
    content = read_file(path, shown, LARGEST_TABLE, told) if exists(path) else None
    raw = None if content is None else _raw_lines(path.suffix.lower(), content, shown, told)
    if not raw:
        return None
    sound = {row.place.line for row in rows}
    (_, head), *body = raw
    names = [name.strip() for name in head]
    return [
        {name: plain_text(cell) for name, cell in zip(names, cells, strict=False) if cell != UNREAD}
        for line, cells in body
        if line not in sound
    ]


def has_lines(path: Path) -> bool:
    """Tell whether a table has more than its header; of one that cannot be read that is told later.

    Parameters
    ----------
    path
        A file that is there.
    """
    told, suffix = Problems(), path.suffix.lower()
    content = read_file(path, path.name, LARGEST_TABLE, told)
    if content is None:
        return True
    if suffix == CSV:
        return sum(bool(line.strip(b", ")) for line in content.splitlines()) > 1
    raw = _raw_lines(suffix, content, path.name, told)
    return raw is None or len(raw) > 1


def _check_one_file(path: Path, root: Path, problems: Problems) -> None:
    """Note a table of the project's inputs that stands in two files: which one counts?"""
    if not path.is_relative_to(root / "inputs") or not path.parent.is_dir():
        return
    alike = [path.with_suffix(suffix) for suffix in SUFFIXES]
    others = [other for other in alike if other != path and exists(other)]
    if others and exists(path):
        problems.add(
            Place(shown_path(path, root)),
            message("the same table stands in {other}.", other=shown_path(others[0], root)),
            fix=message("Keep one of the two files."),
        )


@lru_cache(maxsize=512)
def _parse_table(
    suffix: str, content: bytes, row: type[R], shown: str
) -> tuple[tuple[R, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the sound rows of a table, its faults and warnings; once per process and content."""
    problems = Problems()
    raw = _raw_lines(suffix, content, shown, problems)
    lines = None if raw is None else [_sound_line(*line, shown, problems) for line in raw]
    rows: list[R | None] = []
    if lines is not None:
        head, *body = lines or [(1, [])]
        if head is not None and _check_header(head[1], row, shown, problems):
            names = tuple(name.strip() for name in head[1])
            rows = [_parse(*line, names, row, shown, problems) for line in body if line]
    sound = tuple(r for r in rows if r is not None)
    _check_spelling(sound, row, problems)
    _check_unique(sound, row, problems)
    return sound, tuple(problems.found), tuple(problems.warnings)


FREE = (
    *("citation", "url", "accessed_via", "note", "gist_en", "gist_zh", "quantity", "en", "zh"),
    *("part", "clause_no", "unit", "cost_unit", "reach", "bindingness"),
)
"""Columns of text that tells nothing apart."""


def _check_spelling(rows: Sequence[Row], row: type[Row], problems: Problems) -> None:
    """Note names of a column that look alike and are not: A and a, half and full width.

    Of several ways of writing one the commonest is taken for the right one, or the first.
    """
    names = [n for n, field in row.model_fields.items() if field.annotation is str]
    for column in (name for name in names if name not in FREE):
        written: dict[str, dict[str, list[Row]]] = {}
        for own in rows:
            name = getattr(own, column)
            alike = written.setdefault(normalize("NFKC", name).casefold(), {})
            alike.setdefault(name, []).append(own)
        for ways in (found for found in written.values() if len(found) > 1):
            right = max(ways, key=lambda name: len(ways[name]))
            for name, own in ((n, one) for n, every in ways.items() for one in every if n != right):
                problems.add(
                    own.place.cell(column),
                    message(
                        "'{name}' differs from '{other}' in line {line} in case or width alone.",
                        name=name,
                        other=right,
                        line=ways[right][0].place.line,
                    ),
                    fix=message("Write both alike, or give one of them another name."),
                )


def _check_unique(rows: Sequence[Row], row: type[Row], problems: Problems) -> None:
    """Note lines that only one of can hold, where the model of a line says which those are."""
    first: dict[tuple[Any, ...], Row] = {}
    for own in rows if row.unique else ():
        other = first.setdefault(tuple(getattr(own, name) for name in row.unique), own)
        if other is not own:
            problems.add(
                own.place.cell(row.unique[0]),
                message("the same keys as in line {line}.", line=other.place.line),
                fix=message("Keep one of the two rows."),
            )


class SourceRow(Row):
    """A line of ``inputs/sources.csv``: where numbers come from."""

    unique = ("key",)
    key: str
    citation: str
    url: str = ""
    accessed_via: str = ""
    note: str = ""


BORROWED = "borrowed-"
"""Begins the source key of a number that was taken over; the name of the other region follows.

Such a key needs no row in the table of sources: a new region leaves that as it is, and with it all
runs that were made before.
"""


def borrowed_source(key: str) -> SourceRow | None:
    """Return what is cited where a number stands in for one's own; None for any other key.

    Parameters
    ----------
    key
        Source key of a number.
    """
    if not key.startswith(BORROWED):
        return None
    other = key.removeprefix(BORROWED)
    return SourceRow(key=key, citation=f"Stands in for a number of one's own: that of {other}")


def _check_sources(rows: Iterable[Any], root: Path, problems: Problems) -> None:
    """Note keys that are not in the project's table of sources."""
    path = locate(root / "inputs", "sources")
    if not exists(path):
        return
    known = read_sources(path, path.stat().st_mtime_ns)
    for row in rows:
        if row.source_key not in known and borrowed_source(row.source_key) is None:
            problems.add(
                row.place.cell("source_key"),
                message("source '{key}' is not in inputs/sources.csv.", key=row.source_key),
                fix=closest(row.source_key, known),
            )


@lru_cache(maxsize=8)
def read_sources(path: Path, changed: int) -> dict[str, SourceRow]:
    """Return the rows of a table of sources by their key.

    Parameters
    ----------
    path
        ``inputs/sources.csv`` or ``.xlsx``.
    changed
        Time of its last change, which makes an edited file a new one.

    Returns
    -------
    dict
        In the order of the table.

    Raises
    ------
    InputError
        If the table is faulty.
    """
    problems = Problems()
    found = {row.key: row for row in read_table(path, SourceRow, problems, path.parent.parent)}
    problems.stop_if_any()
    return found


def shown_path(path: Path, root: Path) -> str:
    """Return the path as it is shown to a user: relative to the project if inside it.

    Parameters
    ----------
    path
        Path of a file.
    root
        Folder of the project.

    Returns
    -------
    str
        With forward slashes.
    """
    if path.is_absolute() and ".." not in path.parts and path.is_relative_to(root):
        return path.relative_to(root).as_posix()  # as most are: no disk is asked
    project = real(root)
    for inside in _written_and_real(path):
        if inside.is_relative_to(project):
            return inside.relative_to(project).as_posix()
    return path.as_posix()


def _written_and_real(path: Path) -> Iterator[Path]:
    """Yield a path as it is written, then with the links of its folder followed, then with all."""
    written = Path(os.path.abspath(path))
    yield written
    yield real(written.parent) / written.name
    yield real(path)


def _raw_lines(suffix: str, content: bytes, shown: str, problems: Problems) -> list[Line] | None:
    """Return the lines of a table that are not blank, their cells as text; None if it has none."""
    if suffix in workbook.SUFFIXES:
        return read_workbook(content, shown, problems)
    if suffix == workbook.OLD:
        problems.add(
            Place(shown),
            message("this is the format of Excel before 2007."),
            fix=message("Open it in Excel and save it as .xlsx."),
        )
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add(
            Place(shown),
            message("the file is not UTF-8."),
            fix=message("In Excel: save as 'CSV UTF-8'."),
        )
        return None
    return list(_csv_lines(text, shown, problems))


def _csv_lines(text: str, shown: str, problems: Problems) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(
            Place(shown, start),
            message("the table cannot be read from here on: {why}.", why=message(str(error))),
            fix=message("Check the quotes: each opening one needs a closing one."),
        )


def _sound_line(line: int, cells: Sequence[str], shown: str, problems: Problems) -> Line | None:
    """Return a line with invisible signs folded; None if a cell of it is no text of a table."""
    whole = "".join(cells)
    if whole.isascii() and whole.isprintable() and len(whole) <= LONGEST_CELL:
        return line, list(cells)  # nearly all are
    texts = [plain_text(cell) for cell in cells]
    before = len(problems.found)
    for at, text in enumerate(texts, start=1):
        if len(text) > LONGEST_CELL:
            problems.add(Place(shown, line, at), message("a cell of {n} signs.", n=len(text)))
        else:
            check_signs(text, Place(shown, line, at), problems)
    faulty = len(problems.found) > before or UNREAD in texts
    return None if faulty else (line, texts)


SEPARATORS = {";": message("semicolons"), "|": message("bars"), " ": message("tabs or blanks")}
"""What other programs put between cells; tabs are read as blanks."""


def _separator(header: str, fields: Collection[str]) -> Message | None:
    """Return what stands between the columns in a header of one cell, where that is no comma."""
    for sign, name in SEPARATORS.items():
        known = [part for part in header.split(sign) if part.strip() in fields]
        if len(known) > 1:
            return name
    return None


def _check_header(header: Sequence[str], row: type[Row], shown: str, problems: Problems) -> bool:
    names = [name.strip() for name in header]
    fields = row.model_fields
    before = len(problems.found)
    if len(names) == 1 and (sign := _separator(names[0], fields)):
        problems.add(
            Place(shown, 1),
            message("its columns are separated by {sign}.", sign=sign),
            message("Expected commas."),
            message("In Excel: save as 'CSV UTF-8', or as .xlsx."),
        )
        return False
    wide = [n for n in names if n not in fields and pollutant_meant(n) in POLLUTANTS]
    if wide and {"pollutant", "value"} <= fields.keys():
        problems.add(
            Place(shown, 1, names.index(wide[0]) + 1),
            message("columns by pollutant ({names}): here each number has its own row.",
                    names=", ".join(wide)),
            fix=message("'lantian import {file}' turns such a table into this form.", file=shown),
        )  # fmt: skip
        return False
    for i, name in enumerate(names):
        if name not in fields:
            problems.add(
                Place(shown, 1, i + 1),
                message("unknown column '{name}'.", name=name),
                message("Expected: {columns}.", columns=", ".join(fields)),
                closest(name, fields),
            )
        elif name in names[:i]:
            problems.add(Place(shown, 1, i + 1), message("column '{name}' twice.", name=name))
    for name, field in fields.items():
        if field.is_required() and name not in names:
            missing = message("column '{name}' is missing.", name=name)
            problems.add(Place(shown, 1, len(names) + 1), missing)
    return len(problems.found) == before


def _parse(
    line: int,
    cells: Sequence[str],
    header: tuple[str, ...],
    row: type[R],
    shown: str,
    problems: Problems,
) -> R | None:
    if len(cells) > len(header):
        problems.add(
            Place(shown, line, len(header) + 1),
            message("{n} cells in a table of {m} columns.", n=len(cells), m=len(header)),
            fix=message("A text that holds a comma needs quotes.")
            if shown.endswith(CSV)
            else message("Clear what stands beside the table, or write it into a column of it."),
        )
        return None
    named = {name: cell for name, cell in zip(header, cells, strict=False) if cell.strip()}
    if "pollutant" in named:
        named["pollutant"] = pollutant_meant(named["pollutant"])
    if named.get("unit", "").strip() == "%":
        named |= {name: _without_percent(named[name]) for name in SAME_UNIT & named.keys()}

    place = Place(shown, line, header=header)
    try:
        _refuse_gaps(named, numeric_columns(row))
        sound = row.model_validate(named).at(place)
        sound.check_given()
        sound.check()
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0]) if fault["loc"] else _column_of(fault)
            problems.add(place.cell(column), fault_message(fault), fix=fault_fix(fault))
        return None
    except CellError as error:
        problems.add(place.cell(error.column), message("{text}.", text=error.args[0]))
        return None
    for column, doubt in sound.doubts():
        problems.warn(place.cell(column), doubt, fix=message("Check the unit."))
    return sound


GAPS = re.compile(r"[+-]?\d+(?:_\d+)+(?:\.\d*)?")
"""A number as programs write it and nobody else: perhaps a slip of the pen."""


@cache
def numeric_columns(row: type[BaseModel]) -> frozenset[str]:
    """Return the columns of a table that hold numbers."""
    kinds = {name: {f.annotation, *get_args(f.annotation)} for name, f in row.model_fields.items()}
    return frozenset(name for name, found in kinds.items() if found & {float, int})


def _refuse_gaps(named: Mapping[str, str], columns: Collection[str]) -> None:
    for column in columns & named.keys():
        if GAPS.fullmatch(named[column].strip()):
            raise CellError(column, message("'{text}' is not a number", text=named[column]))


def _column_of(fault: Any) -> str:
    """Return the column of a fault of a whole row that stands in one of its cells, or a blank."""
    return str(getattr(fault.get("ctx", {}).get("error"), "column", ""))


SAME_UNIT = {"value", "reduction", "low", "high"}
"""Columns whose numbers are in the unit of the column ``unit``."""


def _without_percent(cell: str) -> str:
    """Return the number of a cell that repeats the % of its unit, as Excel formats may do."""
    return cell.strip().removesuffix("%")


IS_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
FAULTS = {
    "invalid_key": "a key is a word.",
    "missing": "this is missing. Fill it in.",
    "extra_forbidden": "unknown key.",
    "float_parsing": "{value} is not a number.",
    "float_type": "{value} is not a number.",
    "finite_number": "{value} is not a finite number.",
    "int_parsing": "{value} is not a whole number.",
    "int_parsing_size": "{value} is not a whole number.",
    "int_type": "{value} is not a whole number.",
    "int_from_float": "{value} is not a whole number.",
    "cell_type": "one word or one number belongs here, not {value}.",
    "string_type": "a text belongs here, not {value}.",
    "tuple_type": "a list belongs here, not {value}.",
    "dict_type": "keys with values belong here, not {value}.",
    "model_type": "keys with values belong here, not {value}.",
    "literal_error": "{value} is not one of {expected}.",
    "date_from_datetime_parsing": "{value} is not a date, such as 2015-01-31.",
    "date_parsing": "{value} is not a date, such as 2015-01-31.",
    "bool_parsing": "{value} is neither true nor false.",
    "bool_type": "{value} is neither true nor false.",
    "greater_than": "{value} is not above {gt}.",
    "greater_than_equal": "{value} is below {ge}.",
    "less_than_equal": "{value} is above {le}.",
    "string_pattern_mismatch": "{value} does not have the form {pattern}.",
    "string_too_long": "{value} has more than {max_length} signs.",
    "too_short": "at least {min_length} must be given.",
}
"""What pydantic calls a fault, and what we say."""


def fault_message(fault: Any) -> Message:
    """Turn one of pydantic's faults into a message of ours."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if value is None and kind != "invalid_key":
        return message(FAULTS["missing"])
    if kind == "value_error":
        return message("{text}.", text=context["error"].args[0])
    template = FAULTS["missing"] if value == "" else FAULTS.get(kind, "{value}: {text}.")
    expected = context.get("expected", "").replace(" or ", ", ").replace("'', ", "")
    named = {**context, "expected": expected}
    return message(template, value=repeated(value), text=fault["msg"], **named)


def fault_fix(fault: Any) -> Message:
    """Return the word that was meant, where only some words are allowed and one is near."""
    if not isinstance(fault["input"], str):
        return NOTHING
    if fault["type"] in ("float_parsing", "int_parsing"):
        return _number_meant(fault["input"])
    if fault["type"] != "literal_error":
        return NOTHING
    if fault["input"] in OTHER_POLLUTANTS:
        return NOTHING
    return closest(fault["input"], re.findall(r"'([^']+)'", fault["ctx"]["expected"]))


def _number_meant(text: str) -> Message:
    """Return how a number is written that has commas, or signs of double width."""
    plain = half_width(text).strip()
    meant = plain.replace(",", "") if WITH_COMMAS.fullmatch(plain) else plain
    if meant == text.strip() or not IS_NUMBER.fullmatch(meant):
        return NOTHING
    return message("Write {meant}.", meant=meant)


def _may_be(line: Mapping[str, str], keys: Mapping[str, str]) -> bool:
    """Tell whether a lost line was meant to have some keys: one of them may be what is faulty."""
    return sum(line.get(name, "").strip() != key for name, key in keys.items()) <= 1


def no_row(**keys: Any) -> Message:
    """Return that a table lacks a row.

    Parameters
    ----------
    keys
        What its columns would hold.
    """
    wanted = ", ".join(f"{name} '{key}'" for name, key in keys.items())
    return message("no row for {wanted}.", wanted=wanted)


class QuantityTable(Generic[Q_co]):
    """Rows of numbers found by their keys; a missing or ambiguous row is noted as a problem.

    Numbers are taken with :meth:`numbers`, which gives them their slots in ``space``. ``lost`` are
    the cells of lines that were too faulty to be rows, which is told of them: they are not missing.
    """

    def __init__(
        self,
        file: str,
        rows: Iterable[Q_co],
        problems: Problems,
        space: Space | None = None,
        lost: Iterable[Mapping[str, str]] = (),
    ) -> None:
        self.file = file
        self.rows = list(rows)
        self.lost = tuple(lost)
        self.problems = problems
        self.space = Space() if space is None else space
        self._index: dict[tuple[Any, ...], Q_co] = {}
        self._groups: dict[tuple[str, ...], dict[tuple[Any, ...], list[Q_co]]] = {}
        self.space.rows |= {row.place: row for row in self.rows}
        for row in self.rows:
            first = self._index.setdefault(row.key(), row)
            if first is not row:
                problems.add(
                    row.place.cell(next(iter(row.keys()), "")),
                    message("the same keys as in line {line}.", line=first.place.line),
                    fix=message("Keep one of the two rows."),
                )

    def of(self, rows: Iterable[Q]) -> "QuantityTable[Q]":
        """Return a table of other rows that stands in the same file."""
        return QuantityTable(self.file, rows, self.problems, self.space, self.lost)

    def find(self, **keys: Any) -> Q_co | None:
        """Return the row with exactly these keys (all key columns must be given), or None."""
        names = self.rows[0].keys() if self.rows else ()
        return self._index.get(tuple(keys[name] for name in names)) if names else None

    def row(self, **keys: Any) -> Q_co | None:
        """Return the row with these keys; note a problem if there is none."""
        row = self.find(**keys)
        if row is None and not self._ends_early(keys):
            self.note_missing(**keys)
        return row

    def note_missing(self, **keys: Any) -> None:
        """Note that there is no row with these keys, unless that is a line that was lost."""
        texts = {name: "" if key is None else str(key) for name, key in keys.items()}
        if any(_may_be(line, texts) for line in self.lost):
            return
        self.problems.add(
            Place(self.file),
            no_row(**texts),
            fix=message("Add the row; write 0 if there is none.")
            if "pollutant" in keys and keys["pollutant"] and "parameter" not in keys
            else message("Add the row."),
        )

    def lacks_lines_of(self, **keys: str) -> bool:
        """Tell whether a line was lost that may be one of some keys; a blank may be any of them."""
        return any(
            all(line.get(name, "").strip() in ("", key) for name, key in keys.items())
            for line in self.lost
        )

    def _ends_early(self, keys: Mapping[str, Any]) -> bool:
        """Note, once per series, that the year that is wanted comes after its last row."""
        wanted = keys.get(YEAR)
        others = {name: key for name, key in keys.items() if name != YEAR}
        series = self.select(**others) if isinstance(wanted, int) else []
        dated = [(year, row) for row in series if (year := getattr(row, YEAR)) is not None]
        if wanted is None or not dated:
            return False
        end, last = max(dated, key=lambda one: one[0])
        if end >= wanted:
            return False
        named = ", ".join(
            f"{name} '{key}'" for name, key in others.items() if key not in ("", None)
        )
        self.problems.add(
            last.place,
            message(
                "the rows of {wanted} end in {year}, and the run goes on: the last_year of the"
                " scenario is later.",
                wanted=named,
                year=end,
            ),
            fix=message("Add rows of the later years, or give the scenario an earlier last_year."),
        )
        return True

    def numbers(
        self, unit: str | Sequence[str], missing: int | None = None, **keys: Any
    ) -> Numbers:
        """Return numbers by their keys, and take them into the parameter vector.

        Parameters
        ----------
        unit
            Unit wanted, or one for each element.
        missing
            :data:`~lantian.parameters.space.ZERO` or :data:`~lantian.parameters.space.ONE` where
            no row says so much; a missing row is a problem if None.
        keys
            Value of every key column: one for all, or an array of them. Arrays broadcast as in
            NumPy: keys of shape (source, 1) and (pollutant,) give numbers (source, pollutant).

        Returns
        -------
        Numbers
            In ``unit``, in the shape to which the keys broadcast.
        """
        units_of, *given = np.broadcast_arrays(*(_objects(v) for v in (unit, *keys.values())))
        slot, factor = np.empty(units_of.shape, dtype=np.int64), np.ones(units_of.shape)
        for at in np.ndindex(units_of.shape):
            wanted = {name: values[at] for name, values in zip(keys, given, strict=True)}
            row = self.find(**wanted) if missing is not None else self.row(**wanted)
            if row is None:
                slot[at] = MISSING if missing is None else missing
            else:
                slot[at] = self.space.slot(row)
                factor[at] = self._factor(row, str(units_of[at]))
        return Numbers(slot, factor)

    def taken(self, row: QuantityRow, unit: str) -> Numbers:
        """Return the number of a row of this table, dims (), taken into the parameter vector.

        Parameters
        ----------
        row
            A row of this table.
        unit
            Unit wanted; blank for a plain number.

        Returns
        -------
        Numbers
            Of shape ().
        """
        return self.space.number(row, self._factor(row, unit))

    def _factor(self, row: QuantityRow, unit: str) -> float:
        """Return from a row's unit to another; NaN and a problem if it does not fit."""
        try:
            return units.factor(row.unit, unit)
        except units.UnitError as error:
            self.problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
            return float("nan")

    def value(self, unit: str, **keys: Any) -> float:
        """Return the number in ``unit``; NaN and a problem if the row is missing or misfits.

        Parameters
        ----------
        unit
            Unit wanted; blank for a plain number.
        keys
            Value of every key column.

        Returns
        -------
        float
            Number [``unit``].
        """
        row = self.row(**keys)
        return float("nan") if row is None else self.in_unit(row, unit)

    def in_unit(self, row: QuantityRow, unit: str) -> float:
        """Return the number of a row in ``unit``; NaN and a problem if its unit does not fit.

        Parameters
        ----------
        row
            A row of this table.
        unit
            Unit wanted; blank for a plain number.

        Returns
        -------
        float
            Number [``unit``].
        """
        return row.value * self._factor(row, unit)

    def select(self, **keys: Any) -> list[Q_co]:
        """Return all rows that agree with the keys given."""
        names = tuple(keys)
        if names not in self._groups:
            groups: dict[tuple[Any, ...], list[Q_co]] = {}
            for row in self.rows:
                groups.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
            self._groups[names] = groups
        return [*self._groups[names].get(tuple(keys.values()), ())]


def column(keys: Sequence[Any]) -> Any:
    """Return keys as a column: those of another key run along the next axis.

    Parameters
    ----------
    keys
        One key per row.

    Returns
    -------
    numpy.ndarray
        Of objects, dims (key, 1).
    """
    return np.asarray(keys, dtype=object).reshape(-1, 1)


def _objects(given: Any) -> Any:
    """Return a key or an array of keys as an array of objects; a text is one key."""
    if isinstance(given, str) or given is None or np.isscalar(given):
        single = np.empty((), dtype=object)
        single[()] = given
        return single
    return np.asarray(given, dtype=object)


def read_quantities(
    path: Path,
    row: type[Q],
    problems: Problems,
    root: Path,
    optional: bool = False,
    space: Space | None = None,
) -> QuantityTable[Q]:
    """Read a table of numbers that are found by their keys; as :func:`read_table`.

    Parameters
    ----------
    path, row, problems, root, optional
        As :func:`read_table`; two rows of the same keys are a fault as well.
    space
        Where numbers that are taken get their slots; one of its own if None.

    Returns
    -------
    QuantityTable
        Empty if the table cannot be read.
    """
    before = len(problems.found)
    rows = read_table(path, row, problems, root, optional)
    faulty = len(problems.found) > before
    lost = (unread_lines(path, rows, root) if faulty else None) or ()
    return QuantityTable(shown_path(path, root), rows, problems, space, lost)
