"""What a run would refuse of tables that are to be written, told at the cells they come from."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lantian.errors import InputError, Place, Problem, Problems
from lantian.intake.mapping import Mapping
from lantian.intake.measure_rows import MeasureRow
from lantian.intake.project import INVENTORY, MEASURES, write_tables
from lantian.intake.rows import InventoryRow
from lantian.intake.sheets import Grid, column_of
from lantian.parameters import Space
from lantian.parameters.money import Exchange
from lantian.study.finished import FinishedTables, read_finished
from lantian.vocabulary import YUAN


def check_as_run(
    mapping: Mapping,
    sheets: Sequence[Grid],
    inventory: Sequence[InventoryRow],
    measures: Sequence[MeasureRow],
    problems: Problems,
) -> None:
    """Read rows as a run reads them, and note all that it tells of them at cells of the book.

    Rows beside a cell that was refused are left out, with all of their measure on the source.

    Parameters
    ----------
    mapping
        How the book is read.
    sheets
        That of the emissions and, if there is one, that of the measures.
    inventory, measures
        What was read.
    problems
        Has what was told of the cells, and receives the rest.
    """
    refused = {at for at, _ in sheets[-1].refused(problems)} if measures else set()
    faulty = {(row.measure, row.source) for row in measures if row.place.line in refused}
    whole = [row for row in measures if (row.measure, row.source) not in faulty]
    if not inventory:
        return
    lacking = _stand_ins(inventory, whole)
    told = _told(mapping.book, [*inventory, *lacking], whole)
    doubts = [] if lacking else told.warnings
    for given, kept in ((told.found, problems.found), (doubts, problems.warnings)):
        for problem in given:
            place = _cell(problem.place, mapping, sheets, inventory, whole)
            if place is not None:
                kept.append(Problem(place, problem.found, problem.expected, problem.fix))


def _stand_ins(
    inventory: Sequence[InventoryRow], measures: Sequence[MeasureRow]
) -> list[InventoryRow]:
    """Return rows in the place of those that measures act on and that were refused."""
    known = {row.source: row for row in inventory}
    emitted = {(row.source, row.pollutant) for row in inventory}
    wanted = dict.fromkeys((row.source, row.pollutant) for row in measures)
    return [
        replace(known.get(source, inventory[0]), source=source, pollutant=pollutant, value=PLENTY)
        for source, pollutant in wanted
        if (source, pollutant) not in emitted
    ]


PLENTY = 1e12
"""Emission [t] that no measure takes more than."""


def _told(book: str, inventory: Sequence[InventoryRow], measures: Sequence[MeasureRow]) -> Problems:
    """Return what a run tells of the tables."""
    found, year = Problems(), inventory[0].year
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write_tables(root, book, inventory, measures)
        with suppress(InputError):  # all of it stands among the problems
            read_finished(
                FinishedTables(root / INVENTORY, root / MEASURES),
                (year,),
                year,
                exchange=Exchange(YUAN),
                root=root,
                problems=found,
                space=Space(),
            )
    return found


def _cell(
    place: Place,
    mapping: Mapping,
    sheets: Sequence[Grid],
    inventory: Sequence[InventoryRow],
    measures: Sequence[MeasureRow],
) -> Place | None:
    """Return the cell of the book that a cell of a table comes from.

    None of what no cell says: rates of money stand in the scenario.
    """
    rows: Sequence[InventoryRow | MeasureRow] = inventory if place.file == INVENTORY else measures
    if not 0 <= place.line - 2 < len(rows) or place.path == "cost_unit":
        return None
    row = rows[place.line - 2]
    table = mapping.inventory if place.file == INVENTORY else mapping.measures
    assert table is not None  # or it would have no rows
    names = table.names
    given = {"reach": table.reach, "cost_per_year": table.cost, "cost_per_tonne": table.unit_cost}
    letters = {column: value.column for column, value in given.items() if value is not None}
    letters |= {"sector": names.sector, "area": names.area, "group": names.group}
    letters |= {"measure": names.measure, "source": (names.source or ("",))[-1]}
    letter = letters.get(place.path, "")
    grid = sheets[0] if place.file == INVENTORY else sheets[-1]
    return grid.place(row.place.line, column_of(letter)) if letter else row.place
