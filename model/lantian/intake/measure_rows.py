"""A sheet of measures -> rows of the measures of a finished inventory, by a mapping."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lantian.errors import Place, Problems, closest
from lantian.intake import words
from lantian.intake.mapping import Table, ValueColumn
from lantian.intake.rows import (
    LEVEL,
    Line,
    Read,
    pollutant_of,
    read_lines,
    unit_of,
)
from lantian.intake.sheets import Grid, column_of
from lantian.language import Message, message
from lantian.parameters.opening import UNREAD
from lantian.vocabulary import POLLUTANTS, Pollutant


@dataclass(frozen=True)
class MeasureRow:
    """A row of the measures of a finished inventory; ``cost`` is None where it is unknown.

    It is that of a tonne where ``is_per_tonne``, and of a year of use on all of the source
    otherwise.
    """

    measure: str
    source: str
    pollutant: Pollutant
    reduction: float
    unit: str
    reach: str
    cost: float | None
    cost_unit: str
    group: str
    place: Place
    is_per_tonne: bool = False


def read_measures(
    table: Table, grid: Grid, inventory: Read, problems: Problems
) -> list[MeasureRow]:
    """Return the rows of the measures.

    Parameters
    ----------
    table
        How the sheet is read.
    grid
        Its sheet of measures.
    inventory
        What the measures act on.
    problems
        Receives cells that cannot be read, sources that the inventory lacks.

    Returns
    -------
    list of MeasureRow
        In the order of the sheet.
    """
    emitted: dict[str, set[Pollutant]] = defaultdict(set)
    for row in inventory.rows:
        emitted[row.source].add(row.pollutant)
    emitted |= {source: set(POLLUTANTS) for source in inventory.faulty}  # it may be any
    unknown = Problems() if inventory.lacks_names else problems
    found: list[MeasureRow] = []
    for own in _named(table, _continued(table, grid, problems), emitted, (unknown, problems)):
        found += _measure_rows(table, own, emitted[own.source], problems)
    _refuse_twice(found, problems)
    found = _charged_once(table, found, problems)
    refused = {at for at, _ in grid.refused(problems)}
    _tell_without_cost([row for row in found if row.place.line not in refused], problems)
    return found


@dataclass(frozen=True)
class _Named:
    """A line of the sheet with the measure it is of and the source of the inventory."""

    line: Line
    measure: str
    source: str


def _named(
    table: Table,
    grid: Grid,
    emitted: dict[str, set[Pollutant]],
    receivers: tuple[Problems, Problems],
) -> list[_Named]:
    """Return the lines that name a measure and a source; what a measure has once is in each.

    The first of the receivers is told of sources that there are not, the second all else.
    """
    unknown, problems = receivers
    found: list[_Named] = []
    for line in read_lines(table, grid, problems):
        name = grid.cell(line.at, column_of(table.names.measure)) if table.names.measure else ""
        source = _source(table, line, emitted, unknown)
        if not name:
            at = column_of(table.names.measure) if table.names.measure else 0
            problems.add(line.place(at), message("a measure has no name."))
        elif source:
            found.append(_Named(line, name, source))
    told = _told_once(table, grid, found, problems)
    return [replace(own, line=replace(own.line, grid=told)) for own in found]


def _told_once(table: Table, grid: Grid, named: Sequence[_Named], problems: Problems) -> Grid:
    """Return a sheet where reach, yearly cost and group stand in all lines of a measure and source.

    They are of the measure, not of a pollutant: a blank is what another of its lines says (told),
    and two different ones are a problem.
    """
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for own in named:
        pairs[own.measure, own.source].append(own.line.at)
    lines = dict(grid.lines)
    for (measure, source), same in pairs.items():
        for column in _single(table):
            is_text = table.names.group != "" and column == column_of(table.names.group)
            cells = {at: grid.cell(at, column) for at in same}
            sound = [at for at in same if is_text or not _is_faulty(cells[at])]  # others are told
            given = [at for at in sound if not _is_blank(cells[at])]
            for at in given[1:]:
                if _value(grid, at, column) != _value(grid, given[0], column):
                    _refuse_other(grid, (at, given[0]), column, (measure, source), problems)
            for at in [at for at in sound if given and at not in given]:
                lines[at] = _filled_in(lines[at], column, grid.cell(given[0], column))
                _tell_filled(grid, at, given[0], column, problems)
    return replace(grid, lines=lines)


def _is_faulty(text: str) -> bool:
    """Tell whether a cell that is to hold a number holds something else."""
    word = text.removesuffix("%")
    return not words.is_unknown(text) and isinstance(words.number_of(word), Message)


def _is_blank(text: str) -> bool:
    return words.is_unknown(text) or words.number_of(text) is None


def _single(table: Table) -> list[int]:
    """Return the columns of what a measure has once on a source."""
    values = [column_of(c.column) for c in (table.reach, table.cost) if c is not None]
    return [*values, *([column_of(table.names.group)] if table.names.group else [])]


def _value(grid: Grid, at: int, column: int) -> object:
    """Return what a cell says, the same for 80%, 80.0 % and 80 %."""
    text = grid.cell(at, column)
    value = words.number_of(text.removesuffix("%"))
    return text if value is None or isinstance(value, Message) else (value, text.endswith("%"))


def _filled_in(cells: Sequence[str], column: int, text: str) -> list[str]:
    longer = [*cells, *[""] * (column - len(cells))]
    longer[column - 1] = text
    return longer


def _tell_filled(grid: Grid, at: int, given: int, column: int, problems: Problems) -> None:
    problems.warn(
        grid.place(at, column),
        message(
            "no number here; {text} of line {line} is taken, once for the same measure on the same"
            " source (a guess).",
            text=grid.cell(given, column),
            line=given,
        ),
        fix=message("If it is another measure, give it a name of its own."),
    )


def _refuse_other(
    grid: Grid, ats: tuple[int, int], column: int, of: tuple[str, str], problems: Problems
) -> None:
    """Note that two lines of one measure and source differ in what it has once."""
    at, first = ats
    problems.add(
        grid.place(at, column),
        message(
            "'{measure}' on '{source}' has {text} here and {other} in line {line}.",
            measure=of[0],
            source=of[1],
            text=grid.cell(at, column),
            other=grid.cell(first, column),
            line=first,
        ),
        message("Expected one for all pollutants of a measure on a source."),
        message("Write it in one line only, or give the measures names of their own."),
    )


def _refuse_twice(rows: Sequence[MeasureRow], problems: Problems) -> None:
    """Note that a measure takes the same pollutant from the same source in two lines."""
    first: dict[tuple[str, str, str], MeasureRow] = {}
    for row in rows:
        before = first.setdefault((row.measure, row.source, row.pollutant), row)
        if before is not row:
            problems.add(
                row.place,
                message(
                    "'{measure}' takes {pollutant} from '{source}' in line {line} already.",
                    measure=row.measure,
                    pollutant=row.pollutant,
                    source=row.source,
                    line=before.place.line,
                ),
            )


def _charged_once(table: Table, rows: Sequence[MeasureRow], problems: Problems) -> list[MeasureRow]:
    """Return the rows; the cost of a tonne stands in the one whose pollutant it is of."""
    if table.unit_cost is None:
        return list(rows)
    own: dict[tuple[str, str], list[MeasureRow]] = defaultdict(list)
    for row in rows:
        own[row.measure, row.source].append(row)
    wanted = table.unit_cost.pollutant
    for same in own.values():
        paid = [row for row in same if row.cost is not None and wanted in (None, row.pollutant)]
        if len(paid) > 1:
            problems.add(
                paid[1].place,
                message(
                    "the cost of a tonne of '{name}' stands at {pollutants}: of which one is it?",
                    name=paid[1].measure,
                    pollutants=", ".join(row.pollutant for row in paid),
                ),
                fix=message("Write pollutant: and one of them beside unit_cost in the mapping."),
            )
    return [
        row if wanted in (None, row.pollutant) else replace(row, cost=None, cost_unit="")
        for row in rows
    ]


def _tell_without_cost(rows: Sequence[MeasureRow], problems: Problems) -> None:
    """Tell measures that no least cost can choose."""
    paid = {row.measure for row in rows if row.cost is not None}
    free = list(dict.fromkeys(row.measure for row in rows if row.measure not in paid))
    if free:
        first = next(row for row in rows if row.measure == free[0])
        problems.warn(
            first.place,
            message(
                "1 measure has no cost, and is never part of a cheapest mix: {names}."
                if len(free) == 1
                else "{n} measures have no cost, and are never part of a cheapest mix: {names}.",
                n=len(free),
                names=", ".join(free[:NAMED]) + (", ..." if len(free) > NAMED else ""),
            ),
        )


NAMED = 10
"""Measures that are named in one message."""


def _continued(table: Table, grid: Grid, problems: Problems) -> Grid:
    """Return a sheet where lines that name no measure and no source have those above them.

    With them come reach, cost and group, where the line has none: they are told once of a measure.
    """
    names = table.names
    heads = [column_of(c) for c in (names.measure, names.sector, *names.source) if c]
    single = [column_of(c.column) for c in (table.reach, table.cost) if c is not None]
    taken = [*heads, *single, *([column_of(names.group)] if names.group else [])]
    lines, above = dict(grid.lines), 0
    for at in sorted(n for n in grid.lines if n > table.header_lines[-1]):
        if any(grid.cell(at, column) for column in heads):
            above = at
        elif above and any(grid.cell(at, column_of(v.column)) for v in table.values):
            lines[at] = _filled_down(grid, at, above, taken)
            problems.warn(
                grid.place(at),
                message("goes on with the measure of line {line} (a guess).", line=above),
                fix=message("If it is another one, write its name and its source into the line."),
            )
    return replace(grid, lines=lines)


def _filled_down(grid: Grid, at: int, above: int, columns: Sequence[int]) -> list[str]:
    """Return the cells of a line, those that are blank in some columns from another one."""
    cells = [grid.cell(at, column) for column in range(1, grid.width + 1)]
    for column in columns:
        cells[column - 1] = cells[column - 1] or grid.cell(above, column)
    return cells


def _source(
    table: Table, line: Line, emitted: dict[str, set[Pollutant]], problems: Problems
) -> str:
    """Return the source of the inventory that a line of the measures names."""
    alike = [s for s in emitted if s == line.source]
    alike = alike or [s for s in emitted if s == f"{line.sector}{LEVEL}{line.source}"]
    alike = alike or [s for s in emitted if s.rpartition(LEVEL)[2] == line.source]
    if len(alike) == 1:
        return alike[0]
    place = line.place(column_of(table.names.source[-1]) if table.names.source else 0)
    if alike:
        problems.add(
            place,
            message("several sources of the inventory are called '{name}'.", name=line.source),
            message("Expected one of {names}.", names=", ".join(alike)),
        )
    else:
        problems.add(
            place,
            message("'{name}' is not a source of the inventory.", name=line.source),
            fix=closest(line.source, emitted),
        )
    return ""


def _measure_rows(
    table: Table, own: _Named, emitted: set[Pollutant], problems: Problems
) -> Iterator[MeasureRow]:
    line, name, source = own.line, own.measure, own.source
    reach = _reach(table.reach, line, problems)
    by_tonne = table.unit_cost is not None
    cost, cost_unit = _cost(table.unit_cost or table.cost, line, problems)
    cost = None if cost is None else cost / _use(table, reach)
    group = line.grid.cell(line.at, column_of(table.names.group)) if table.names.group else ""
    if not any(line.grid.cell(line.at, column_of(column.column)) for column in table.values):
        problems.warn(
            line.place(column_of(table.values[0].column)),
            message("measure '{name}' has no reduction and is left out.", name=name),
        )
    for column in table.values:
        place = line.place(column_of(column.column))
        given = _share_or_amount(table, column, line, problems)
        if given is None:
            continue
        pollutant = column.pollutant or pollutant_of(table, line, Counter(), {})
        if pollutant is None:
            _note_pollutant(table, line, place, problems)
        elif pollutant not in emitted:
            problems.add(
                place,
                message(
                    "source '{source}' emits no {pollutant}.", source=source, pollutant=pollutant
                ),
            )
        else:
            yield MeasureRow(
                name, source, pollutant, *given, reach, cost, cost_unit, group, place, by_tonne
            )


def _use(table: Table, reach: str) -> float:
    """Return the share of a source that the cost of a year is of: all of it, or the reach."""
    share = float(reach.removesuffix(" %")) / 100 if reach else 1.0
    return share if table.cost_of == "programme" and share > 0 else 1.0


def _note_pollutant(table: Table, line: Line, place: Place, problems: Problems) -> None:
    """Note that a number of a measure is of no pollutant, or of one that nobody knows here."""
    at = column_of(table.names.pollutant) if table.names.pollutant else 0
    text = line.grid.cell(line.at, at) if at else ""
    if not text:
        problems.add(place, message("nothing says the pollutant of this number."))
        return
    problems.add(
        line.place(at),
        message("'{text}' is no pollutant that is known here.", text=text),
        message("Expected one of {names}.", names=", ".join(POLLUTANTS)),
        closest(text, POLLUTANTS),
    )


def _share_or_amount(
    table: Table, column: ValueColumn, line: Line, problems: Problems
) -> tuple[float, str] | None:
    """Return what a measure removes: a share in %, or an amount in t."""
    at = column_of(column.column)
    text, place = line.grid.cell(line.at, at), line.place(at)
    is_share = text.endswith("%")
    value = words.number_of(text.removesuffix("%"))
    if isinstance(value, Message):
        problems.add(place, value)
        return None
    if value is None:
        return None
    if not is_share and column.unit == OF_ONE:
        return _percent_of_one(value, text, column, place, problems), "%"
    unit = "%" if is_share else unit_of(table, column, line, problems)
    if not unit:
        told = message("nothing says whether this is a share or an amount.")
        problems.add(place, told, fix=_as_share(text, value, column))
        return None
    if unit == "%":
        if not is_share:
            _check_percent(value, text, column, place, problems)
        return value, "%"
    if not words.measures_mass(unit):
        problems.add(place, message("'{unit}' is neither a share nor an amount.", unit=unit))
        return None
    return words.tonnes(value, unit), "t"


OF_ONE = "1"
"""Unit of a column whose numbers are shares of one: 0.6 is 60 %."""


def _percent_of_one(
    value: float, text: str, column: ValueColumn, place: Place, problems: Problems
) -> float:
    """Return a share of one in %; above 1 it is none."""
    if abs(value) > 1:
        problems.add(
            place,
            message(
                "{text} under '{heading}' is no share of one.", text=text, heading=column.heading
            ),
            fix=message("Write what is meant into the cell, with the sign %."),
        )
    return 100 * value


def _check_percent(
    value: float, text: str, column: ValueColumn, place: Place, problems: Problems
) -> None:
    """Note a number up to 1 in a column in %: 0.6 may be 0.6 % or 60 %."""
    if 0 < abs(value) <= 1:
        problems.add(
            place,
            message(
                "{text} under '{heading}' may be {text} % or {share} %.",
                text=text,
                heading=column.heading,
                share=f"{100 * value:.10g}",
            ),
            fix=message(
                "Write what is meant into the cell, with the sign %; if the whole column is of such"
                " shares, write unit: '{unit}' beside it in the mapping.",
                unit=OF_ONE,
            ),
        )


def _as_share(text: str, value: float, column: ValueColumn) -> Message:
    """Return what a number of a column without a unit is, if it is a share."""
    if not 0 < value <= 100:
        return message("Write the unit of the amount into the heading.")
    share = f"{100 * value if value <= 1 else value:.10g} %"
    return message(
        "If {text} under '{heading}' is the share {share}, write {share} into the cell; if the"
        " whole column is of such shares, write unit: '{unit}' beside it in the mapping.",
        unit=OF_ONE if value <= 1 else "%",
        text=text,
        heading=column.heading,
        share=share,
    )


def _reach(column: ValueColumn | None, line: Line, problems: Problems) -> str:
    """Return the largest share a measure can be used on, blank if nothing says it."""
    if column is None:
        return ""
    at = column_of(column.column)
    text = line.grid.cell(line.at, at)
    value = words.number_of(text.removesuffix("%"))
    if isinstance(value, Message):
        problems.add(line.place(at), value)
        return ""
    if value is None:
        return ""
    if not text.endswith("%") and column.unit == OF_ONE:
        value = _percent_of_one(value, text, column, line.place(at), problems)
    elif not text.endswith("%") and column.unit == "%":
        _check_percent(value, text, column, line.place(at), problems)
    elif not text.endswith("%"):
        problems.add(
            line.place(at),
            message("{value} is a share without %.", value=repr(text)),
            fix=_as_share(text, value, column),
        )
    return f"{value:.12g} %"


def _cost(column: ValueColumn | None, line: Line, problems: Problems) -> tuple[float | None, str]:
    """Return the yearly cost of full use and its unit; None if it is unknown."""
    if column is None:
        return None, ""
    at = column_of(column.column)
    text = line.grid.cell(line.at, at)
    value = None if words.is_unknown(text) else words.number_of(text)
    if isinstance(value, Message):
        problems.add(line.place(at), value, fix=message("If it is not known, leave it empty."))
        return None, ""
    if value is None and text and text != UNREAD:
        problems.warn(
            line.place(at),
            message("'{text}' is read as a cost that is not known, not as 0.", text=text),
        )
    if value == 0:
        problems.warn(
            line.place(at),
            message("a measure that costs nothing."),
            fix=message("If its cost is not known, leave the cell empty."),
        )
    unit = words.unit_of(column.unit).removesuffix("/a")
    return value, unit if value is not None else ""
