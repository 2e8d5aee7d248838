"""What of a file is not as a run writes it: the first cell that differs, and how many do.

Two runs of the same inputs are equal to the byte, so a run made again tells every number that was
edited in the first. Without that, a table is held to its declaration and, where the arrays say the
same thing, to them.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lantian.language import Listed, Message, message
from lantian.names import StateName
from lantian.results.contract import tables_of
from lantian.results.frame import ENCODING
from lantian.store.run import ARRAYS
from lantian.store.written import digest

Row = list[str]
Cells = tuple[tuple[str, str, str], ...]
"""Where a cell stands, what it is in the one file and in the other."""


def differing(one: Path, other: Path, names: Sequence[str]) -> dict[str, Message]:
    """Return what differs between files of two runs of the same inputs.

    Parameters
    ----------
    one, other
        Folders of runs.
    names
        Of the files, relative to either.

    Returns
    -------
    dict
        Name -> what differs; a file that is equal to the byte is left out.
    """
    told = {name: _between(one / name, other / name) for name in names}
    return {name: said for name, said in told.items() if said is not None}


def _between(one: Path, other: Path) -> Message | None:
    there = [path.is_file() for path in (one, other)]
    if not all(there):
        return message("only one of the two has it.") if any(there) else None
    if digest(one) == digest(other):
        return None
    try:
        return READERS[one.suffix](one, other)
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        return message("it cannot be read.")


def _tables(one: Path, other: Path) -> Message | None:
    """Return what differs between two tables."""
    (head, *rows), (other_head, *other_rows) = _lines(one), _lines(other)
    if head != other_head:
        return _columns(head, other_head)
    if len(rows) != len(other_rows):
        at = _first_line(rows, other_rows)
        return message(
            "{n} rows, and {m} in the run made again; the first that differs is line {line}.",
            n=len(rows),
            m=len(other_rows),
            line=at,
        )
    found = [*_differing_cells(head, rows, other_rows)]
    return _cells(found, len(head) * len(rows)) if found or rows == other_rows else None


def _lines(path: Path) -> list[Row]:
    with path.open(encoding=ENCODING, newline="") as stream:
        return [*csv.reader(stream)] or [[]]


def _first_line(rows: Sequence[Row], others: Sequence[Row]) -> int:
    """Return the line of the first row that is another, the header being line 1."""
    alike = zip(rows, others, strict=False)
    same = next((i for i, (row, other) in enumerate(alike) if row != other), None)
    return 2 + (min(len(rows), len(others)) if same is None else same)


def _differing_cells(
    head: Row, rows: Sequence[Row], others: Sequence[Row]
) -> Iterator[tuple[str, str, str]]:
    for line, (row, other) in enumerate(zip(rows, others, strict=True), start=2):
        if row != other:
            padded = (cells + [""] * (len(head) - len(cells)) for cells in (row, other))
            for name, a, b in zip(head, *padded, strict=False):
                if a != b and not (name == PLACE and _file(a) == _file(b)):
                    yield f"{line}:{head.index(name) + 1} {name}", a, b


PLACE = "place"
"""Column with the file, line and column of a number."""


def _file(place: str) -> str:
    """Return a place without the folder of its file: a run reads the copy in its own."""
    return place.rpartition("/")[2]


def _summaries(one: Path, other: Path) -> Message | None:
    """Return what differs between two texts of JSON."""
    a, b = (dict(leaves(json.loads(path.read_text(encoding="utf-8")))) for path in (one, other))
    found = [
        (at, a.get(at, ""), b.get(at, ""))
        for at in dict.fromkeys((*a, *b))
        if a.get(at) != b.get(at)
    ]
    return _cells(found, len(a))


def _arrays(one: Path, other: Path) -> Message | None:
    """Return what differs between the arrays of two runs."""
    import numpy as np

    from lantian.results.dataset import read_dataset

    a, b = read_dataset(one), read_dataset(other)
    found, cells = [], 0
    for name in a.data_vars:
        mine, theirs = a[name].values, b[name].values
        cells += mine.size
        if mine.shape != theirs.shape:
            found.append((str(name), str(mine.shape), str(theirs.shape)))
            continue
        unlike = ~((mine == theirs) | ((mine != mine) & (theirs != theirs)))
        for at in np.argwhere(unlike).tolist():
            labels = (str(a[d].values[i]) for d, i in zip(a[name].dims, at, strict=True))
            values = (repr(array[tuple(at)].item()) for array in (mine, theirs))
            found.append((f"{name}[{', '.join(labels)}]", *values))  # type: ignore[arg-type]
    return _cells(found, cells)


READERS: dict[str, Callable[[Path, Path], Message | None]] = {
    ".csv": _tables,
    ".json": _summaries,
    ".nc": _arrays,
}


def _cells(found: Sequence[tuple[str, str, str]], of: int) -> Message:
    """Return how many cells differ, which is the first, and how far the numbers are apart."""
    if not found:
        return message("the cells are equal, the bytes are not.")
    where, one, other = found[0]
    values: dict[str, Any] = {"n": len(found), "of": of, "where": where,
                              "one": one, "other": other}  # fmt: skip
    apart = [by for _, a, b in found if (by := _apart(a, b)) is not None]
    if len(apart) < len(found):
        return message(
            "{n} of {of} cells differ; the first at {where}: '{one}' here, '{other}' in the run"
            " made again.",
            **values,
        )
    return message(
        "{n} of {of} cells differ, by {by} of their value at most; the first at {where}: {one}"
        " here, {other} in the run made again.",
        **values,
        by=f"{max(apart):.2g}",
    )


def _apart(one: str, other: str) -> float | None:
    """Return how far two numbers are apart, beside the larger; None of what is no number."""
    try:
        a, b = float(one), float(other)
    except ValueError:
        return None
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def _columns(found: Sequence[str], expected: Sequence[str]) -> Message:
    more = [name for name in found if name not in expected]
    lacking = [name for name in expected if name not in found]
    return message(
        "columns too many: {more}; columns missing: {lacking}.",
        more=Listed(more) or message("none"),
        lacking=Listed(lacking) or message("none"),
    )


def suspected(path: Path) -> Message | None:
    """Return what is wrong with a file that was changed, as far as its run itself can tell.

    Parameters
    ----------
    path
        Of a file in the folder of a run, or in its ``tables``.

    Returns
    -------
    Message or None
        None where only another run of the same inputs could tell.
    """
    try:
        if path.suffix == ".csv":
            return _against_declaration(path) or _against_arrays(path)
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        if path.name == ARRAYS:
            from lantian.results.dataset import read_dataset

            read_dataset(path)
    except (OSError, ValueError, KeyError, RecursionError, csv.Error):
        return message("it cannot be read: cut off, or not of its kind.")
    return None


def _against_declaration(path: Path) -> Message | None:
    """Return where a table has other columns, or a row another number of cells."""
    declared = {table.name: table for table in tables_of("run")}.get(path.stem)
    if declared is None:
        return None
    head, *rows = _lines(path)
    years = [name for name in head if declared.yearly is not None and name.isdigit()]
    if {*head} != {*declared.names, *years}:
        return _columns(head, [*declared.names, *years])
    for line, row in enumerate(rows, start=2):
        if len(row) != len(head):
            return message(
                "line {line} has {n} cells, and the header {m}.", line=line, n=len(row), m=len(head)
            )
    return _repeated(declared.key, head, rows)


def _repeated(key: Sequence[str], head: Row, rows: Sequence[Row]) -> Message | None:
    """Return the first row of which there is one with the same key before it."""
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        own = tuple(row[head.index(name)] for name in key)
        if own in seen:
            return message("line {line} says again what line {first} is about.",
                           line=line, first=seen[own])  # fmt: skip
        seen[own] = line
    return None


ALONG = {
    "emissions": ("emission", ("case", "source", "pollutant", "year")),
    "activity": ("activity", ("case", "state", "year")),
}
"""Tables that say what an array says -> the array, and its dimensions."""


def _against_arrays(path: Path) -> Message | None:
    """Return the first row of a table whose number is another than that of the arrays."""
    arrays = path.parent.parent / ARRAYS
    if path.stem not in ALONG or not arrays.is_file():
        return None
    from lantian.results.dataset import read_dataset

    name, dims = ALONG[path.stem]
    array = read_dataset(arrays)[name].transpose(*dims)
    places = [{str(label): i for i, label in enumerate(array[d].values.tolist())} for d in dims]
    head, *rows = _lines(path)
    for line, row in enumerate(rows, start=2):
        cells = dict(zip(head, row, strict=True))
        at = tuple(p.get(_label(d, cells), -1) for p, d in zip(places, dims, strict=True))
        held = float("nan") if -1 in at else float(array.values[at])
        if float(cells["value"]) != held:
            return message(
                "line {line}, value: {found} here, {held} in results.nc.",
                line=line,
                found=cells["value"],
                held=repr(held),
            )
    return None


def _label(dimension: str, cells: Mapping[str, str]) -> str:
    """Return the label along a dimension that a row is about."""
    if dimension != "state":
        return cells[dimension]
    controls = tuple(filter(None, cells["control"].split("+")))
    return StateName(cells["source"], cells["technology"], controls).text()


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each value of a tree of YAML or JSON.

    Parameters
    ----------
    node
        Of any depth; entries of a list go by their id, or by their number from 0.
    path
        Of the node itself.

    Yields
    ------
    tuple of str
        Path with dots, and value.
    """
    if not isinstance(node, dict | list):
        yield path, str(node)
        return
    for name, below in node.items() if isinstance(node, dict) else _items(node):
        yield from leaves(below, f"{path}.{name}" if path else str(name))


def _items(entries: list[Any]) -> Iterable[tuple[Any, Any]]:
    for number, entry in enumerate(entries):
        has_id = isinstance(entry, dict) and "id" in entry
        yield (entry["id"] if has_id else number), entry
