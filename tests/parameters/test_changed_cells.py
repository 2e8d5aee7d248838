"""One changed cell per column of every table of the project: told in its cell, or harmless.

The changes follow from what the tables declare of their columns, so that a new table, column or
kind of number is tried without further ado.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from lantian.errors import Problems
from lantian.parameters import QuantityRow, Row
from lantian.parameters.reader import FREE, read_table
from lantian.parameters.rows import ANY, Band
from support.tables import FILES, INPUTS, model_of, takes_some_words

COUNTED = ("year", "currency_year", "first_year", "month", "sub_index")
"""Whole numbers that cannot be of any size."""
ANOTHER_KIND = ("kg*mile", "USD*h")
"""Units that measure nothing of a table."""


@cache
def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Change:
    """A line of a table with other cells, and the cells at one of which that is told."""

    line: dict[str, str]
    at: tuple[str, ...]


def numbers(line: dict[str, str], bands: tuple[Band, ...]) -> Iterator[Change]:
    """Yield the line with numbers beyond the ends of its bands, and of another kind."""
    for band in bands:
        unit = line["unit"] if band.unit == ANY else band.unit or "1"
        for value in beyond(band):
            if not any(o.low <= value <= o.high for o in bands if o.unit == band.unit):
                own = {"value": repr(value), "low": repr(value), "high": repr(value)}
                yield Change({**line, **own, "unit": unit, "basis": "derived"}, ("value",))
    if bands and all(band.unit != ANY for band in bands):
        yield from (Change({**line, "unit": unit}, ("unit",)) for unit in ANOTHER_KIND)


def beyond(band: Band) -> Iterator[float]:
    """Yield a number below and one above a band."""
    yield band.low / 10 if band.low > 0 else band.low * 10 or -1.0
    if band.unit != ANY:
        yield band.high * 10 if band.high > 0 else band.high / 10


def kinds_of(annotation: Any) -> set[Any]:
    """Return the types of a column's cells, blank or not."""
    options = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else [annotation]
    return {get_args(one)[0] if get_origin(one) is Annotated else one for one in options}


def changes(line: dict[str, str], model: type[Row]) -> Iterator[Change]:
    """Yield a sound line with one cell changed in each way that its column does not allow."""
    for column, field in model.model_fields.items():
        if column not in line:
            continue
        if field.is_required():
            yield Change({**line, column: ""}, (column,))
        kinds = kinds_of(field.annotation)
        if kinds & {int, float, bool, date}:
            yield Change({**line, column: "about two"}, (column,))
            yield Change({**line, column: "1e999"}, (column,))
        if column in COUNTED:
            yield Change({**line, column: "9999"}, (column,))
        if column == "unit":
            for unit in ("ton", "kg/tt", "%%"):
                yield Change({**line, column: unit}, (column,))
        if takes_some_words(field):
            yield Change({**line, column: "no-such-word"}, (column,))
    for column, (told_by, kinds) in model.goes_with.items():
        if line[told_by] in kinds:
            yield Change({**line, column: ""}, (column,))
            yield Change({**line, column: "-1"}, (column,))
        else:
            yield Change({**line, column: filled(model, column)}, (column,))
    if "basis" in line:
        yield Change({**line, "basis": "guessed"}, ("basis",))
        yield Change({**line, "basis": "published", "source_key": "assumption"}, ("basis",))
    if issubclass(model, QuantityRow):
        kind = line[model.told_by] if model.told_by else ""
        yield from numbers(line, model.bands(kind))


def filled(model: type[Row], column: str) -> str:
    """Return what may stand in a column."""
    words = [w for one in get_args(model.model_fields[column].annotation) for w in get_args(one)]
    return next((word for word in words if isinstance(word, str) and word), "2017")


def told(path: Path, lines: list[dict[str, str]], model: type[Row]) -> list[tuple[int, str]]:
    """Return line and column of every problem of a table of some lines."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    problems = Problems()
    read_table(path, model, problems, path.parent)
    return [(p.place.line, p.place.path) for p in problems.found]


def samples(path: Path, model: type[Row]) -> list[dict[str, str]]:
    """Return the first line of each kind of number of a table."""
    first: dict[str, dict[str, str]] = {}
    for line in lines_of(path):
        first.setdefault(line[model.told_by] if model.told_by else "", line)
    return list(first.values())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(INPUTS).as_posix())
def test_a_changed_cell_is_told_in_its_cell(path: Path, tmp_path: Path) -> None:
    model = model_of(path)
    for line in samples(path, model):
        assert told(tmp_path / "t.csv", [line], model) == []
        tried = [c for c in changes(line, model) if c.line != line]
        where = told(tmp_path / "t.csv", [line, *(c.line for c in tried)], model)
        assert len(where) == len(set(where)), "a cell is told twice"
        for n, change in enumerate(tried, start=3):
            assert {column for at, column in where if at == n} & set(change.at), change


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(INPUTS).as_posix())
def test_an_id_in_other_letters_is_told(path: Path, tmp_path: Path) -> None:
    model = model_of(path)
    ids = [n for n, field in model.model_fields.items() if field.annotation is str]
    line = lines_of(path)[0]
    for column in (c for c in ids if c not in (*FREE, "pollutant") and line.get(c)):
        other = {**line, column: line[column].swapcase()}
        if other != line:
            assert (3, column) in told(tmp_path / "t.csv", [line, other], model), column
