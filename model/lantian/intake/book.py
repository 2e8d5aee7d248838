"""``lantian import``: a book is looked at, its mapping proposed or applied, a project written."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lantian.errors import Place, Problem, Problems, closest, in_order
from lantian.intake.mapping import (
    Mapping,
    check_mapping,
    check_year,
    mapping_path,
    read_mapping,
    write_mapping,
)
from lantian.intake.measure_rows import MeasureRow, read_measures
from lantian.intake.project import Cut, Written, write_project
from lantian.intake.propose import propose
from lantian.intake.rows import InventoryRow, read_emissions
from lantian.intake.sheets import Grid, open_book
from lantian.language import message
from lantian.scenario.nodes import Document


@dataclass(frozen=True)
class Proposed:
    """A mapping that was written beside its book, and what was guessed."""

    path: Path
    text: str
    guesses: tuple[Problem, ...]
    asked: tuple[Problem, ...]
    """What the book does not say and the mapping must, before it is read."""


@dataclass(frozen=True)
class Imported:
    """What was written, the rows read, and what a reader must know of them."""

    written: Written
    rows: tuple[InventoryRow, ...]
    measures: int
    notes: tuple[Problem, ...]


def propose_mapping(book: Path, sheets: Sequence[str]) -> Proposed:
    """Guess how a book is read and keep that beside it.

    Parameters
    ----------
    book
        The file.
    sheets
        Names of the sheets to look at; all that are seen if empty.

    Returns
    -------
    Proposed
        Nothing else is written.

    Raises
    ------
    InputError
        If the book cannot be read, or holds no inventory.
    """
    problems = Problems()
    grids = open_book(book, book.name, problems, sheets)
    problems.stop_if_any()
    mapping = propose(grids, book.name, problems)
    problems.stop_if_any()
    assert mapping is not None  # or there would be a problem
    path = mapping_path(book)
    text = write_mapping(mapping, path)
    return Proposed(path, text, tuple(in_order(problems.warnings)), _asked(path, grids))


def _asked(path: Path, grids: Sequence[Grid]) -> tuple[Problem, ...]:
    """Return what a mapping that was proposed leaves open."""
    problems = Problems()
    read = read_mapping(path, path.parent, problems)
    assert read is not None  # it was written just now
    _check(*read, {grid.sheet: grid for grid in grids}, problems)
    return tuple(problems.found)


def _check(
    mapping: Mapping, document: Document, grids: dict[str, Grid], problems: Problems
) -> None:
    """Hold a mapping against its sheets."""
    for part, table in (("inventory", mapping.inventory), ("measures", mapping.measures)):
        if table is not None and table.sheet in grids:
            check_mapping(table, part, grids[table.sheet], document, problems)
        elif table is not None:
            problems.add(
                document.place((part, "sheet")),
                message("there is no sheet '{name}'.", name=table.sheet),
                message("Expected one of {names}.", names=", ".join(map(repr, grids))),
                closest(table.sheet, grids),
            )
    check_year(mapping, document, problems)


def import_book(book: Path, folder: Path, name: str, cuts: Sequence[Cut]) -> Imported:
    """Read a book by its mapping and write a project that runs.

    Parameters
    ----------
    book
        The file; its mapping stands beside it.
    folder
        Of the project.
    name
        Of the scenario.
    cuts
        Targets of the scenario, where it is new.

    Returns
    -------
    Imported
        What was written.

    Raises
    ------
    InputError
        All that is wrong with mapping and book, at once; nothing was written.
    """
    problems = Problems()
    path = mapping_path(book)
    read = read_mapping(path, path.parent, problems)
    problems.stop_if_any()
    assert read is not None  # or there would be a problem
    mapping, document = read
    grids = {grid.sheet: grid for grid in open_book(book, book.name, problems, _sheets(mapping))}
    problems.stop_if_any()
    _check(mapping, document, grids, problems)
    problems.stop_if_any()
    rows = read_emissions(mapping, grids[mapping.inventory.sheet], problems)
    measures = _measures(mapping, grids, rows, problems)
    _check_cuts(cuts, {row.pollutant for row in rows}, problems)
    if not rows:
        problems.add(grids[mapping.inventory.sheet].place(0), message("no emission was found."))
    problems.stop_if_any()
    written = write_project(folder, name, book.name, rows, measures, cuts)
    return Imported(
        written, tuple(rows), len({m.measure for m in measures}), tuple(in_order(problems.warnings))
    )


def _sheets(mapping: Mapping) -> list[str]:
    """Return the sheets that are read; none where a table does not say which: all are looked at."""
    tables = (mapping.inventory, mapping.measures)
    named = [table.sheet for table in tables if table is not None]
    return named if all(named) else []


def _check_cuts(cuts: Sequence[Cut], found: Collection[str], problems: Problems) -> None:
    """Note targets on what the book does not have, and several on one pollutant."""
    often = Counter(cut.pollutant for cut in cuts)
    for pollutant, n in often.items():
        if n > 1:
            problems.add(Place(CUT), message("{pollutant} is given twice.", pollutant=pollutant))
        if found and pollutant not in found:
            problems.add(
                Place(CUT),
                message("the book has no {pollutant}.", pollutant=pollutant),
                message("Expected one of {names}.", names=", ".join(sorted(found))),
            )


CUT = "--cut"
"""Where targets of an import are written."""


def _measures(
    mapping: Mapping, grids: dict[str, Grid], rows: list[InventoryRow], problems: Problems
) -> list[MeasureRow]:
    if mapping.measures is None:
        return []
    return read_measures(mapping.measures, grids[mapping.measures.sheet], rows, problems)
