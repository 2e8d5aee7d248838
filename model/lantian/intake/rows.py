"""Sheets -> rows of a finished inventory, by a mapping; all that is left out or taken for something
is told with its cell."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.intake import words
from lantian.intake.formats import FLAGS
from lantian.intake.mapping import Mapping, Table, ValueColumn
from lantian.intake.sheets import Grid, column_of
from lantian.language import Listed, Message, message
from lantian.names import ids_in_one
from lantian.parameters.opening import UNREAD
from lantian.parameters.totals import PART_OF_ABOVE, is_part
from lantian.tolerances import ROUNDING
from lantian.vocabulary import POLLUTANTS, Pollutant

LEVEL = "/"
"""Between the levels of a source's name."""
MOST_SUMMED = 3000
"""Rows among which sums of others are looked for."""
AGREES = 1e-3
"""Share by which a printed total may differ from the sum of its parts: they are rounded."""


@dataclass(frozen=True)
class Line:
    """A line of a sheet: the names it has and the cells of its numbers.

    ``levels`` are its names as they stand, the outermost first; blank behind the last it has.
    """

    grid: Grid
    at: int
    sector: str
    source: str
    area: str
    pollutant: str = ""
    levels: tuple[str, ...] = ()

    def place(self, column: int = 0) -> Place:
        """Return where the line stands, or a cell of it."""
        return self.grid.place(self.at, column)


@dataclass(frozen=True)
class Emission:
    """A yearly emission [t/a] of a source, and its cell."""

    line: Line
    pollutant: Pollutant
    year: int | None
    value: float
    half: float
    """Half a unit of the last digit that the cell shows [t/a]."""
    place: Place


@dataclass(frozen=True)
class InventoryRow:
    """A row of the finished inventory."""

    source: str
    pollutant: Pollutant
    value: float
    sector: str
    area: str
    year: int
    place: Place


@dataclass(frozen=True)
class Read:
    """What a sheet says of emissions.

    Attributes
    ----------
    rows
        Of the finished inventory.
    faulty
        Sources with a cell that was refused: nobody knows what else they emit.
    lacks_names
        Whether a name could not be read: nobody knows which other sources there are.
    """

    rows: tuple[InventoryRow, ...]
    faulty: frozenset[str] = frozenset()
    lacks_names: bool = False


# --- lines -------------------------------------------------------------------------------------


def read_lines(table: Table, grid: Grid, problems: Problems) -> list[Line]:
    """Return the lines below the headings that may hold numbers; notes at the end are told.

    Parameters
    ----------
    table
        How the sheet is read.
    grid
        The sheet.
    problems
        Receives what was left out.

    Returns
    -------
    list of Line
        Names that stand once for several lines are written to each of them.
    """
    found: list[Line] = []
    above: list[str] = []
    section = ""
    for at in sorted(n for n in grid.lines if n > table.header_lines[-1]):
        texts = [cell for cell in grid.lines[at] if cell]
        if words.FOOTER.match(words.plain(texts[0]) if texts else ""):
            _tell_footer(grid, at, problems)
            break
        if not _is_wanted(table, grid, at) or not _is_named(table, grid, at):
            continue
        if _is_section(table, grid, at):
            section = "" if texts[0] == UNREAD else texts[0]
            continue
        levels = _levels(table, grid, at, above)
        above = above if any(map(words.is_total, levels)) else levels
        line = _line(table, grid, at, levels, section)
        if line.source:
            found.append(line)
            _doubt_names(table, line, problems)
        else:
            _check_nameless(table, line, problems)
    return found


NO_NAME = re.compile(r"true|false|nan|-[\d.,]+|\d*[.,]\d+|\d{4}-\d\d-\d\d.*", re.IGNORECASE)
"""Cells that hold something else than a name; a whole number may be one."""


def _doubt_names(table: Table, line: Line, problems: Problems) -> None:
    """Warn of names that look like a number, a date or a truth: a cell that slipped."""
    for column in (*table.names.source, table.names.measure):
        text = line.grid.cell(line.at, column_of(column)) if column else ""
        if NO_NAME.fullmatch(text):
            problems.warn(
                line.place(column_of(column)),
                message("'{text}' is read as a name.", text=text),
                fix=message("Check the cell."),
            )


def _check_nameless(table: Table, line: Line, problems: Problems) -> None:
    """Note what stands in a column of numbers with no name beside it."""
    for column in table.values:
        at = column_of(column.column)
        if words.number_of(line.grid.cell(line.at, at)) is not None:
            problems.add(
                line.place(at),
                message("this number has no source beside it."),
                fix=message("Write its name, or take the line out of the sheet."),
            )
            return


def _tell_footer(grid: Grid, at: int, problems: Problems) -> None:
    problems.warn(
        grid.place(at, 1),
        message("notes begin here; nothing is read below."),
    )


def _is_wanted(table: Table, grid: Grid, at: int) -> bool:
    return all(grid.cell(at, column_of(c)) == text for c, text in table.only.items())


def _is_named(table: Table, grid: Grid, at: int) -> bool:
    """Tell whether all names of a line can be read; what cannot was told."""
    return all(grid.cell(at, column_of(c)) != UNREAD for c in table.names.columns)


def _is_section(table: Table, grid: Grid, at: int) -> bool:
    """Tell whether a line is a heading between others, such as ``一、固定燃烧源``."""
    texts = {cell for cell in grid.lines[at] if cell}
    if table.names.sector or len(texts) != 1 or words.is_total(next(iter(texts))):
        return False
    wide = any(s.top == s.bottom == at and s.right > s.left + 1 for s in grid.spans)
    return wide or words.SECTION.match(next(iter(texts))) is not None


def _levels(table: Table, grid: Grid, at: int, above: Sequence[str]) -> list[str]:
    """Return sector and levels of the source; outer ones that are blank are those above."""
    columns = [c for c in (table.names.sector, *table.names.source) if c]
    own = [grid.cell(at, column_of(c)) for c in columns]
    first = next((i for i, text in enumerate(own) if text), len(own))
    if first == len(own):
        return [""] * len(own)
    return [*(above[:first] if len(above) == len(own) else own[:first]), *own[first:]]


def _line(table: Table, grid: Grid, at: int, levels: Sequence[str], section: str) -> Line:
    sector = levels[0] if table.names.sector else section
    parts = levels[1:] if table.names.sector else levels
    name = LEVEL.join(dict.fromkeys(part for part in parts if part))
    area = grid.cell(at, column_of(table.names.area)) if table.names.area else ""
    long = table.names.pollutant
    pollutant = grid.cell(at, column_of(long)) if long else ""
    return Line(grid, at, sector, name or sector, area, pollutant, tuple(levels))


# --- emissions ---------------------------------------------------------------------------------


def read_emissions(mapping: Mapping, grid: Grid, problems: Problems) -> Read:
    """Return what a sheet says of emissions.

    Parameters
    ----------
    mapping
        How the book is read.
    grid
        Its sheet of emissions.
    problems
        Receives cells that cannot be read; in its warnings what was left out, and totals that are
        not the sum of their parts.

    Returns
    -------
    Read
        Rows in the order of the sheet.
    """
    table = mapping.inventory
    lines = read_lines(table, grid, problems)
    found = list(_emissions(mapping, grid, lines, problems))
    if not mapping.format:  # where flags stand in the place of numbers, they are told
        _tell_empty(table, lines, problems)
    refused = grid.refused(problems)
    found = _without_totals(table, lines, found, refused, problems)
    found = _of_year(mapping, found, grid, problems)
    faulty = [line for line in lines if line.at in {at for at, _ in refused}]
    ids = _ids([*{e.line.at: e.line for e in found}.values(), *faulty])
    rows = _named(found, ids)
    rows = _added_up(rows, problems) if mapping.add_up else _each_once(rows, problems)
    names = {column_of(c) for c in table.names.columns}
    return Read(
        tuple(rows),
        frozenset(ids[line.at] for line in faulty),
        any(column in names for _, column in refused),
    )


def _emissions(
    mapping: Mapping, grid: Grid, lines: Sequence[Line], problems: Problems
) -> Iterator[Emission]:
    table, skipped = mapping.inventory, Counter[str]()
    first: dict[str, Place] = {}
    for line in lines:
        for column in table.values:
            place = line.place(column_of(column.column))
            value = _number(line, column, mapping, skipped, first, problems)
            if value is None:
                continue
            given = column.pollutant or table.pollutant
            pollutant = given or pollutant_of(table, line, skipped, first)
            unit = unit_of(table, column, line, problems)
            if pollutant is None or not unit:
                continue
            if value < 0:
                problems.add(place, message("an emission below zero: {value:g}.", value=value))
            elif not words.measures_mass(unit):
                problems.add(place, message("'{unit}' is no unit of an emission.", unit=unit))
            else:
                year = _year(mapping, column, line, problems)
                half = words.half_a_digit(line.grid.cell(line.at, column_of(column.column)))
                amounts = words.tonnes(value, unit), words.tonnes(half, unit)
                yield Emission(line, pollutant, year, *amounts, place)
    _tell_skipped(skipped, first, problems)


def _tell_empty(table: Table, lines: Sequence[Line], problems: Problems) -> None:
    """Tell the sources that have no number in any column that is read."""
    own: dict[tuple[str, str, tuple[str, ...], str], list[Line]] = defaultdict(list)
    outer: set[tuple[str, ...]] = set()
    for line in lines:
        own[line.area, line.sector, line.levels, line.source].append(line)
        outer |= {_filled(line)[:n] for n in range(1, len(_filled(line)))}
    for same in own.values():
        first = same[0]
        told = _is_named_total(table, first) or first.source in table.leave_out
        if not told and _filled(first) not in outer and not any(_says(table, one) for one in same):
            problems.warn(
                first.place(),
                message(
                    "source '{name}' has no number in the columns that are read, and is left out.",
                    name=first.source,
                ),
            )


def _says(table: Table, line: Line) -> bool:
    """Tell whether a line has anything in its columns of numbers."""
    cells = (line.grid.cell(line.at, column_of(column.column)) for column in table.values)
    return any(cell == UNREAD or words.number_of(cell) is not None for cell in cells)


def _number(
    line: Line,
    column: ValueColumn,
    mapping: Mapping,
    skipped: Counter[str],
    first: dict[str, Place],
    problems: Problems,
) -> float | None:
    """Return the number of a cell; None where there is none, or a problem was noted."""
    at = column_of(column.column)
    text, place = line.grid.cell(line.at, at), line.place(at)
    if mapping.format and text.upper() in FLAGS:
        _skip(text.upper(), place, skipped, first)
        return None
    value = words.number_of(text)
    if isinstance(value, Message):
        problems.add(place, value, fix=_hint(text))
        return None
    if text == UNREAD:
        return None
    if value is None:
        _skip(text or BLANK, place, skipped, first)
        return None
    span = line.grid.tall(line.at, at)
    if span is not None:
        if line.at == span.top:
            problems.add(
                place,
                message(
                    "one number for the lines {first} to {last}.", first=span.top, last=span.bottom
                ),
                fix=message("Split it, or make one line of them."),
            )
        return None
    return value


BLANK = "blank"
"""What blank cells are counted as."""
OTHER_POLLUTANT = "other pollutant: "
"""What numbers of a pollutant that is not ours are counted as, before its name."""


def _hint(text: str) -> Message:
    """Return what may be meant by a cell that is no number."""
    if text.endswith("%"):
        return message("A share is no emission; leave the column out of the mapping.")
    return message("Write a number, or nothing; if the whole line is no source: leave_out.")


def _skip(what: str, place: Place, skipped: Counter[str], first: dict[str, Place]) -> None:
    skipped[what] += 1
    first.setdefault(what, place)


def _tell_skipped(skipped: Counter[str], first: dict[str, Place], problems: Problems) -> None:
    for what, n in skipped.items():
        problems.warn(first[what], _skipped(what, n))


def _skipped(what: str, n: int) -> Message:
    if what == BLANK:
        return message("{n} blank cells give no emission, the first here.", n=n)
    if what.startswith(OTHER_POLLUTANT):
        name = what.removeprefix(OTHER_POLLUTANT)
        return message("{n} numbers are of '{name}', a pollutant not known here.", n=n, name=name)
    return message("{n} cells with '{what}' give no emission, the first here.", n=n, what=what)


def pollutant_of(
    table: Table, line: Line, skipped: Counter[str], first: dict[str, Place]
) -> Pollutant | None:
    """Return the pollutant that a line names; None of one that is not known here.

    Parameters
    ----------
    table
        How the sheet is read.
    line
        A line of it.
    skipped, first
        Receive what is left out: how often, and where for the first time.
    """
    at = column_of(table.names.pollutant) if table.names.pollutant else 0
    text = line.grid.cell(line.at, at) if at else ""
    word = text.rpartition("__")[2]  # a mode of FF10 before the pollutant: EXH__NOX
    named = words.pollutant_of(words.split_unit(word)[0])
    if named is None:
        _skip(OTHER_POLLUTANT + text, line.place(at), skipped, first)
        return None
    return named.pollutant


def unit_of(table: Table, column: ValueColumn, line: Line, problems: Problems) -> str:
    """Return the unit of a number, of its line, its column or the whole table; blank if none.

    Parameters
    ----------
    table
        How the sheet is read.
    column
        Where the number stands.
    line
        A line of the sheet.
    problems
        Receives a word that is no unit.
    """
    if table.names.unit and not column.unit:
        at = column_of(table.names.unit)
        text = line.grid.cell(line.at, at)
        unit = words.unit_of(text) if text else words.unit_of(table.unit)
        if not unit:
            problems.add(
                line.place(at),
                message("'{unit}' is no unit of an emission.", unit=text),
                fix=message("A 'ton' is t (1,000 kg) or short_ton (2,000 lb)."),
            )
        return unit
    return words.unit_of(column.unit or table.unit)


def _year(mapping: Mapping, column: ValueColumn, line: Line, problems: Problems) -> int | None:
    names = mapping.inventory.names
    if column.year is not None or not names.year:
        return column.year or mapping.year
    text = line.grid.cell(line.at, column_of(names.year))
    year = words.year_of(text)
    if year is None and text:
        place = line.place(column_of(names.year))
        problems.add(place, message("{value} is no year.", value=repr(text)))
    return year or mapping.year


def _of_year(
    mapping: Mapping, found: list[Emission], grid: Grid, problems: Problems
) -> list[Emission]:
    """Return the emissions of the year that is taken; the others are told."""
    years = sorted({e.year for e in found if e.year is not None})
    if not years and found:
        problems.add(
            grid.place(0),
            message("nothing says the year of the emissions."),
            fix=message("Write year: and the year of the book into the mapping."),
        )
        return []
    wanted = mapping.year if mapping.year is not None else (years or [0])[-1]
    others = [year for year in years if year != wanted]
    if others:
        problems.warn(
            grid.place(0),
            message(
                "the year {year} is taken, not: {others}.",
                year=wanted,
                others=", ".join(map(str, others)),
            ),
        )
    return [replace(e, year=wanted) for e in found if e.year in (wanted, None)]


# --- sums of others ----------------------------------------------------------------------------


def _without_totals(
    table: Table,
    lines: Sequence[Line],
    found: list[Emission],
    refused: set[tuple[int, int]],
    problems: Problems,
) -> list[Emission]:
    """Return the emissions of lines that are no sums of others; those are told, and checked.

    Nothing is added up of pollutants of which a cell was refused.
    """
    unsure = _pollutants_of(table, lines, refused)
    printed = _printed(found, unsure)
    values = printed.values
    named = [line for line in lines if _is_named_total(table, line)]
    parts = [line for line in lines if _is_named_part(table, line)]
    _note_parts(parts, problems)
    left = {line.at for line in [*named, *parts]} | {
        line.at for line in lines if line.source in table.leave_out
    }
    counted = [line for line in lines if line.at in values and line.at not in left]
    heads = _heads(table, counted, [e for e in found if e.pollutant not in unsure], problems)
    counted = [line for line in counted if line not in heads]
    sums = [] if table.names.pollutant else _sums(counted, values)
    sums = [*heads, *(line for line in sums if line.source not in table.keep)]
    for line in sums:
        problems.warn(
            line.place(),
            message("'{name}' is the sum of other lines and is left out.", name=line.source),
            fix=message("If it is a source: keep: ['{name}'] in the mapping.", name=line.source),
        )
    out = left | {line.at for line in sums}
    _check_totals(table, lines, {line.at for line in named}, out, printed, problems)
    return [e for e in found if e.line.at not in out]


def _pollutants_of(
    table: Table, lines: Sequence[Line], refused: set[tuple[int, int]]
) -> set[Pollutant]:
    """Return the pollutants of cells that were refused; all, where a cell does not tell its own."""
    columns = {column_of(column.column): column for column in table.values}
    found: set[Pollutant] = set()
    for at, column in refused:
        given = columns[column].pollutant or table.pollutant if column in columns else None
        line = next((line for line in lines if line.at == at), None)
        if given is None and line is not None and table.names.pollutant and column in columns:
            given = pollutant_of(table, line, Counter(), {})
        found |= set(POLLUTANTS) if given is None else {given}
    return found


def _heads(
    table: Table, lines: Sequence[Line], found: Sequence[Emission], problems: Problems
) -> list[Line]:
    """Return the lines that lack the inner levels which others of the same outer ones have.

    Such a line is the sum of these; where its numbers say otherwise that is a problem.
    """
    below: dict[tuple[str, str, tuple[str, ...]], list[Line]] = defaultdict(list)
    for line in lines:
        filled = _filled(line)
        for n in range(1, len(filled)):
            below[line.area, line.pollutant, filled[:n]].append(line)
    kept = [line for line in lines if line.source not in table.keep]
    heads = [line for line in kept if (line.area, line.pollutant, _filled(line)) in below]
    values: dict[int, dict[tuple[str, int | None], float]] = defaultdict(dict)
    for emission in found:
        values[emission.line.at][emission.pollutant, emission.year] = emission.value
    for head in heads:
        inner = below[head.area, head.pollutant, _filled(head)]
        parts = [values[line.at] for line in inner if line not in heads]
        _check_head(head, values[head.at], parts, problems)
    return heads


def _filled(line: Line) -> tuple[str, ...]:
    return tuple(name for name in line.levels if name)


def _check_head(
    head: Line,
    own: dict[tuple[str, int | None], float],
    parts: Sequence[dict[tuple[str, int | None], float]],
    problems: Problems,
) -> None:
    for key, value in own.items():
        total = sum(part.get(key, 0.0) for part in parts)
        if not np.isclose(total, value, rtol=AGREES, atol=ROUNDING):
            problems.add(
                head.place(),
                message(
                    "'{name}' has {value} t, and the lines that are parts of it {total} t.",
                    name=head.source,
                    value=shown(value),
                    total=shown(total),
                ),
                fix=message(
                    "If it is their total: leave_out: ['{name}'] in the mapping; if it is a source"
                    " beside them: keep.",
                    name=head.source,
                ),
            )
            return


def _is_named_total(table: Table, line: Line) -> bool:
    parts = {*line.source.split(LEVEL), line.source, line.sector}
    return any(map(words.is_total, parts)) and not parts & set(table.keep)


def _is_named_part(table: Table, line: Line) -> bool:
    """Tell whether a line says that it is a part of the line above it, and nobody decided."""
    names = {line.source, line.sector, line.area, *line.source.split(LEVEL)}
    return any(map(is_part, names)) and not names & {*table.keep, *table.leave_out}


def _note_parts(parts: Sequence[Line], problems: Problems) -> None:
    """Note lines that are parts of those above them, each name once."""
    for line in {line.source: line for line in reversed(parts)}.values():
        problems.add(
            line.place(),
            message(PART_OF_ABOVE, name=line.source),
            fix=message(
                "In the mapping: leave_out: ['{name}'], and the names of further parts below it;"
                " or leave_out the line above and keep: ['{name}'].",
                name=line.source,
            ),
        )


@dataclass(frozen=True)
class _Printed:
    """Emissions of each line [t/a], half a unit of their last digits, and which there are.

    All have dims (pollutant,).
    """

    values: dict[int, Array]
    halves: dict[int, Array]
    given: dict[int, NDArray[np.bool_]]


def _printed(found: Sequence[Emission], unsure: Collection[Pollutant]) -> _Printed:
    """Return the emissions of each line; of several years the last."""
    values: dict[int, Array] = defaultdict(lambda: np.zeros(len(POLLUTANTS)))
    halves: dict[int, Array] = defaultdict(lambda: np.zeros(len(POLLUTANTS)))
    given: dict[int, NDArray[np.bool_]] = defaultdict(lambda: np.zeros(len(POLLUTANTS), bool))
    for emission in found:
        at = POLLUTANTS.index(emission.pollutant)
        given[emission.line.at][at] = emission.pollutant not in unsure
        values[emission.line.at][at] = emission.value
        halves[emission.line.at][at] = emission.half
    return _Printed(values, halves, given)


def _sums(lines: Sequence[Line], values: dict[int, Array]) -> list[Line]:
    """Return the lines that are the sum of at least two lines right above, or right below."""
    if len(lines) > MOST_SUMMED:
        return []
    above = _sums_of_last(lines, values)
    rest = [line for line in lines if line not in above]
    return above + _sums_of_last(rest[::-1], values)


def _sums_of_last(lines: Sequence[Line], values: dict[int, Array]) -> list[Line]:
    """Return the lines that are, in two pollutants or more, the sum of the last lines before."""
    found: list[Line] = []
    kept = np.empty((0, len(POLLUTANTS)))
    for line in lines:
        own = values[line.at]
        totals = np.cumsum(kept[::-1], axis=0)[1:]
        alike = np.isclose(totals, own, rtol=AGREES / 10, atol=0.0).all(axis=1)
        if np.count_nonzero(own) > 1 and alike.any():
            found.append(line)
        else:
            kept = np.vstack([kept, own])
    return found


def _check_totals(
    table: Table,
    lines: Sequence[Line],
    named: set[int],
    out: set[int],
    printed: _Printed,
    problems: Problems,
) -> None:
    """Tell the named totals, and those that are not the sum of what is read.

    A line without a number is a part of its section too, of nothing.
    """
    whole = [line.at for line in lines if line.at not in out]
    closing = [line.at for line in lines if line.at in named]
    for line in [line for line in lines if line.at in named]:
        problems.warn(
            line.place(), message("'{name}' is a total and is left out.", name=line.source)
        )
        if line.at in printed.values and line.source not in table.leave_out:
            _check_total(line, _candidates(line.at, whole, closing, printed), printed, problems)


FAR = 10.0
"""How many times its lines a total may be, or they the total, before one of them must be wrong."""


@dataclass(frozen=True)
class _Candidates:
    """Sums that a total may be of: of the lines right above, right below, or all.

    Attributes
    ----------
    sums, rounded
        Of each run of lines [t/a], and what their last digits may make, dims (run, pollutant).
    sections
        Sums of what a reader would take first: all above or below, up to the next total or to the
        end, and all, dims (section, pollutant).
    """

    sums: Array
    rounded: Array
    sections: Array


def _candidates(
    at: int, whole: Sequence[int], closing: Sequence[int], printed: _Printed
) -> _Candidates:
    above = [n for n in whole if n < at][::-1]
    below = [n for n in whole if n > at]
    before = max((n for n in closing if n < at), default=0)
    behind = min((n for n in closing if n > at), default=max(printed.values) + 1)
    near = [n for n in above if n > before], [n for n in below if n < behind]
    nothing = np.zeros((1, len(POLLUTANTS)))
    runs = [parts for parts in (above, below, [*above, *below]) if parts]
    value, half = printed.values, printed.halves
    empty = [] if near[0] else [nothing]  # a section without any line
    sums = [np.cumsum([value.get(n, nothing[0]) for n in parts], axis=0) for parts in runs]
    rounded = [
        np.sqrt(np.cumsum([half.get(n, nothing[0]) ** 2 for n in parts], axis=0)) for parts in runs
    ]
    sections = [sum(value.get(n, nothing[0]) for n in parts) for parts in (*near, *runs) if parts]
    return _Candidates(
        np.concatenate([*sums, *empty, np.empty((0, len(POLLUTANTS)))]),
        np.concatenate([*rounded, *empty, np.empty((0, len(POLLUTANTS)))]),
        np.array(sections).reshape(-1, len(POLLUTANTS)),
    )


def _check_total(
    line: Line, candidates: _Candidates, printed: _Printed, problems: Problems
) -> None:
    """Tell where a total differs from the nearest sum of lines by more than rounding."""
    own = printed.values[line.at]
    sums, off = _nearest_sum(line, candidates, printed)
    far = off & _is_far(own, sums)
    agreed = printed.given[line.at] & ~off & (candidates.sections > 0).any(axis=0)
    if not agreed.any():  # nothing tells which lines it is of
        far &= _is_far(own, candidates.sections).all(axis=0)
    parts = [
        message(
            "{pollutant} {own} t here, {sum} t in the lines",
            pollutant=POLLUTANTS[p],
            own=shown(own[p]),
            sum=shown(sums[p]),
        )
        for p in np.flatnonzero(off)
    ]
    if not parts:
        return
    tell = problems.add if far.any() else problems.warn
    tell(
        line.place(),
        message(
            "'{name}' is not the sum of the lines that it closes: {parts}.",
            name=line.source,
            parts=Listed(parts),
        ),
        fix=message(
            "One of them is in another unit, or a line is missing; if all is right:"
            " leave_out: ['{name}'] in the mapping.",
            name=line.source,
        )
        if far.any()
        else message("Look for a line that is missing, twice, or in another unit."),
    )


def _is_far(own: Array, sums: Array) -> NDArray[np.bool_]:
    """Tell where a total and a sum, neither of them 0, are far apart."""
    return np.asarray((own > 0) & (sums > 0) & ((own > FAR * sums) | (sums > FAR * own)))


def _nearest_sum(
    line: Line, candidates: _Candidates, printed: _Printed
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the sum of lines that agrees with a total in most pollutants, and where it does not.

    What the total leaves blank it does not tell; dims (pollutant,).
    """
    own, half = printed.values[line.at], printed.halves[line.at]
    sums, rounded = candidates.sums, candidates.rounded + half
    if not len(sums):
        return np.zeros_like(own), own > 0
    apart = np.abs(sums - own) * printed.given[line.at]
    off = apart > np.maximum(rounded * (1 + AGREES) + ROUNDING, AGREES * np.abs(own))
    ranked = list(zip(off.sum(axis=1), apart.sum(axis=1), strict=True))
    best = min(range(len(ranked)), key=ranked.__getitem__)
    return sums[best], off[best]


def shown(tonnes: float) -> str:
    """Return an amount [t] as a reader writes it: 4,122,920 and not 4.12292e+06."""
    return f"{tonnes:,.0f}" if abs(tonnes) >= MANY else f"{tonnes:,.10g}"


MANY = 1e6
"""Amount [t] from which parts of a tonne are not shown."""


# --- ids ---------------------------------------------------------------------------------------


def _named(found: Sequence[Emission], ids: dict[int, str]) -> list[InventoryRow]:
    """Return rows with ids that no two sources share: with sector and area where need be."""
    return [
        InventoryRow(
            ids[e.line.at], e.pollutant, e.value, e.line.sector, e.line.area, e.year or 0, e.place
        )
        for e in found
    ]


def _ids(lines: Sequence[Line]) -> dict[int, str]:
    """Return the id of the source of each line."""
    sectors, areas = defaultdict(set), defaultdict(set)
    for line in lines:
        sectors[line.source].add(line.sector)
        areas[line.sector, line.source].add(line.area)
    return {
        line.at: ids_in_one(
            tuple(
                part
                for part, needed in (
                    (line.area, len(areas[line.sector, line.source]) > 1),
                    (line.sector, len(sectors[line.source]) > 1),
                    (line.source, True),
                )
                if needed and part
            ),
            LEVEL if LEVEL not in line.source else " / ",
        )
        for line in lines
    }


_Key = tuple[str, Pollutant, int]


def _each_once(rows: Sequence[InventoryRow], problems: Problems) -> list[InventoryRow]:
    """Return the rows; one whose source, pollutant and year were there before is a problem."""
    first: dict[_Key, InventoryRow] = {}
    for row in rows:
        before = first.setdefault((row.source, row.pollutant, row.year), row)
        if before is not row:
            problems.add(
                row.place,
                message(
                    "source '{source}' has {pollutant} twice, before in {cell}.",
                    source=row.source,
                    pollutant=row.pollutant,
                    cell=before.place.path,
                ),
                fix=message(
                    "Give them different names, or add_up: true in the mapping to have them added."
                ),
            )
    return list(first.values())


def _added_up(rows: Sequence[InventoryRow], problems: Problems) -> list[InventoryRow]:
    """Return the rows, those of one source, pollutant and year added."""
    found: dict[_Key, InventoryRow] = {}
    for row in rows:
        key = row.source, row.pollutant, row.year
        before = found.get(key)
        found[key] = row if before is None else replace(before, value=before.value + row.value)
    if len(found) < len(rows):
        problems.warn(
            rows[0].place,
            message(
                "{n} rows were added to others of the same source and pollutant.",
                n=len(rows) - len(found),
            ),
        )
    return list(found.values())
