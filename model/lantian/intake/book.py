"""``lantian import``: a book is looked at, its mapping proposed or applied, a project written."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lantian.errors import Place, Problem, Problems, closest, in_order
from lantian.intake.as_run import check_as_run
from lantian.intake.mapping import (
    Mapping,
    check_mapping,
    check_year,
    mapping_path,
    mapping_text,
    read_mapping,
    write_mapping,
)
from lantian.intake.measure_rows import MeasureRow, read_measures
from lantian.intake.project import Cut, Written, write_project
from lantian.intake.propose import propose
from lantian.intake.rows import InventoryRow, Read, read_emissions
from lantian.intake.sheets import Grid, open_book
from lantian.language import message
from lantian.scenario.nodes import Document, parse_yaml


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
    problems, told = Problems(), Problems()
    grids = open_book(book, book.name, problems, sheets)
    if not grids:
        problems.stop_if_any()
    mapping = propose([grid.without_refused() for grid in grids], book.name, told)
    problems.warnings += told.warnings
    if mapping is not None and problems.found:
        _read_on(mapping, grids, problems)
    problems.stop_if_any()  # of a book with cells that cannot be read nobody knows what it lacks
    told.stop_if_any()
    assert mapping is not None  # or there would be a problem
    path = mapping_path(book)
    text = write_mapping(mapping, path)
    return Proposed(path, text, tuple(in_order(problems.warnings)), _asked(path, grids))


def _read_on(mapping: Mapping, grids: Sequence[Grid], problems: Problems) -> None:
    """Note what else is wrong with a book of which some cells cannot be read."""
    sheets = {grid.sheet: grid for grid in grids}
    name = mapping_path(Path(mapping.book)).name
    asked = Problems()
    _check(mapping, parse_yaml(mapping_text(mapping), name, asked), sheets, asked)
    if not asked.found:
        _read(mapping, sheets, problems)


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
    read_as = read_mapping(path, path.parent, problems)
    problems.stop_if_any()
    assert read_as is not None  # or there would be a problem
    mapping, document = read_as
    grids = {grid.sheet: grid for grid in open_book(book, book.name, problems, _sheets(mapping))}
    if not grids.keys() >= set(_sheets(mapping)):
        problems.stop_if_any()
    told = len(problems.found)
    _check(mapping, document, grids, problems)
    problems.stop_if_any(beyond=told)
    read, measures = _read(mapping, grids, problems)
    rows = read.rows
    if not read.faulty:
        _check_cuts(cuts, {row.pollutant for row in rows}, problems)
    if not (rows or problems.found):
        problems.add(grids[mapping.inventory.sheet].place(0), message("no emission was found."))
    problems.stop_if_any()
    written = write_project(folder, name, book.name, rows, measures, cuts)
    return Imported(
        written, rows, len({m.measure for m in measures}), tuple(in_order(problems.warnings))
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


def _read(
    mapping: Mapping, grids: dict[str, Grid], problems: Problems
) -> tuple[Read, list[MeasureRow]]:
    """Return what the sheets say; all that a run would refuse of it is noted at its cell."""
    emissions, own = grids[mapping.inventory.sheet], mapping.measures
    sheets = [emissions, *([] if own is None else [grids[own.sheet]])]
    if any(
        line <= table.header_lines[-1]
        for table, grid in zip((mapping.inventory, own), sheets, strict=False)
        if table is not None
        for line, _ in grid.refused(problems)
    ):
        problems.stop_if_any()  # without its heading a column cannot be read
    read = read_emissions(mapping, emissions, problems)
    measures = [] if own is None else read_measures(own, sheets[1], read, problems)
    check_as_run(mapping, sheets, read.rows, measures, problems)
    return read, measures
