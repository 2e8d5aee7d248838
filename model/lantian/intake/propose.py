"""Guesses how a book is to be read: which sheet, which lines are headings, what columns hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lantian.errors import Place, Problems
from lantian.intake import words
from lantian.intake.formats import Format, file_year, known_format, table_of
from lantian.intake.mapping import Mapping, Names, Table, ValueColumn, heading
from lantian.intake.sheets import Grid, column_of, letters
from lantian.language import message
from lantian.vocabulary import Pollutant

SEARCHED = 60
"""Lines in which headings are looked for."""
DEEPEST = 4
"""Lines that headings may take."""
TEXT_ROLES = ("measure", "sector", "area", "pollutant", "unit", "year", "group")
"""Roles of columns of which a table has one at most."""


@dataclass(frozen=True)
class _Column:
    """A column, and what its headings say."""

    at: int
    heading: str
    role: str
    pollutant: Pollutant | None
    unit: str
    year: int | None
    is_unclear: bool = False
    """Whether it names particles of which nobody can tell the pollutant."""


@dataclass(frozen=True)
class _Found:
    """A sheet with headings."""

    grid: Grid
    header: range
    columns: tuple[_Column, ...]

    def of(self, role: str) -> list[_Column]:
        return [column for column in self.columns if column.role == role]


def propose(grids: Sequence[Grid], book: str, problems: Problems) -> Mapping | None:
    """Guess how a book is read; each guess is told as a warning at its cell.

    Parameters
    ----------
    grids
        Its sheets.
    book
        Its file name.
    problems
        Receives the guesses, and what is lacking.

    Returns
    -------
    Mapping or None
        None if no sheet looks like an inventory.
    """
    for grid in grids:
        known = known_format(grid)
        if known is not None:
            return _of_format(known, grid, book, problems)
    found = [f for f in map(_read_headings, grids) if f is not None]
    measures = next((f for f in found if f.of("measure") and f.of("reduction")), None)
    others = [f for f in found if f is not measures and f.of("value")]
    if not others:
        problems.add(
            (grids[0] if grids else Grid(book, "", {})).place(0),
            message("no table of emissions was found."),
            message(
                "Expected headings: a source (排放源), and pollutants or an emission (排放量)."
            ),
        )
        return None
    chosen = max(others, key=lambda f: len(f.of("value")) * len(f.grid.lines))
    _tell_unread(grids, chosen, measures, problems)
    return Mapping(
        book=book,
        year=_year(chosen, book, problems),
        inventory=_inventory(chosen, book, problems),
        measures=None if measures is None else _measures(measures, problems),
    )


def _of_format(known: tuple[Format, int], grid: Grid, book: str, problems: Problems) -> Mapping:
    format_, line = known
    problems.warn(
        grid.place(line), message("this is a file of the format {name}.", name=format_.name)
    )
    return Mapping(
        book=book,
        format=format_.name,
        year=file_year(grid),
        add_up=format_.add_up,
        inventory=table_of(format_, grid, line),
    )


def _tell_unread(
    grids: Sequence[Grid], chosen: _Found, measures: _Found | None, problems: Problems
) -> None:
    read = [f.grid for f in (chosen, measures) if f is not None]
    unread = [grid.sheet for grid in grids if grid not in read]
    if unread:
        problems.warn(
            chosen.grid.place(0),
            message(
                "only the sheet '{name}' is read, not: {others}.",
                name=", ".join(grid.sheet for grid in read),
                others=", ".join(unread),
            ),
        )


def _read_headings(grid: Grid) -> _Found | None:
    """Return a sheet with the lines of its headings; None if none are there."""
    for line in [n for n in sorted(grid.lines) if n <= SEARCHED]:
        if not _is_title(grid, line) and len(_meanings(grid, line)) > 1:
            header = range(line, _last_heading(grid, line) + 1)
            columns = tuple(_column(grid, header, at) for at in range(1, grid.width + 1))
            return _Found(grid, header, columns)
    return None


def _is_title(grid: Grid, line: int) -> bool:
    """Tell whether all that a line says is one text."""
    return len({cell for cell in grid.lines[line] if cell}) < 2


def _meanings(grid: Grid, line: int) -> list[str]:
    """Return the cells of a line that are headings, each once."""
    texts = dict.fromkeys(cell for cell in grid.lines[line] if cell)
    return [text for text in texts if _means_something(text)]


def _means_something(text: str) -> bool:
    name, unit = words.split_unit(text)
    if len(text) > 40 or _is_number(text):
        return False
    named = words.role_of(name) or words.pollutant_of(name) or words.is_unclear(name)
    return bool(named or (unit and not name))


def _is_number(text: str) -> bool:
    return isinstance(words.number_of(text), float) and not words.YEAR.fullmatch(text)


def _last_heading(grid: Grid, first: int) -> int:
    """Return the last line of headings that begin in a line."""
    last = max(
        [s.bottom for s in grid.spans if s.top == first and s.bottom < first + DEEPEST] or [first]
    )
    while last + 1 < first + DEEPEST and _goes_on(grid, last + 1):
        last += 1
    return last


def _goes_on(grid: Grid, line: int) -> bool:
    """Tell whether a line belongs to the headings above it."""
    texts = [cell for cell in grid.lines.get(line, []) if cell]
    if not texts or any(map(_is_number, texts)):
        return False
    years = sum(words.YEAR.fullmatch(text.rstrip("年")) is not None for text in texts)
    units = sum(bool(words.split_unit(t)[1]) and not words.split_unit(t)[0] for t in texts)
    named = sum(words.pollutant_of(words.split_unit(t)[0]) is not None for t in texts)
    return max(years, units, named) > 1


def _column(grid: Grid, header: range, at: int) -> _Column:
    """Return what the headings of a column say, the lower ones first."""
    parts = list(dict.fromkeys(t for n in header if (t := grid.cell(n, at))))[::-1]
    split = [words.split_unit(part) for part in parts]
    named = [found for name, _ in split if (found := words.pollutant_of(name)) is not None]
    roles = [role for name, _ in split if (role := words.role_of(name))]
    unit = next((unit for _, unit in split if unit), "")
    year = next((y for part in parts if (y := _year_heading(part)) is not None), None)
    pollutant = named[0].pollutant if named else None
    if year is None and named:
        year = words.year_of(" ".join(parts))
    unclear = pollutant is None and any(words.is_unclear(name) for name, _ in split)
    role = _role(" ".join(parts), roles, pollutant, unit, year)
    if unclear and not role and not words.OTHER_AMOUNTS.search(words.plain(" ".join(parts))):
        role = "value" if unit != "%" and not words.is_money(unit) else ""
    return _Column(at, heading(grid, header, at), role, pollutant, unit, year, unclear)


def _year_heading(text: str) -> int | None:
    found = re.fullmatch(r"(?:[yY]_)?(\d{4})\s*年?", text.strip())
    return int(found[1]) if found and words.YEAR.fullmatch(found[1]) else None


def _role(
    whole: str, roles: Sequence[str], pollutant: Pollutant | None, unit: str, year: int | None
) -> str:
    """Return what a column holds: a role, ``value`` or ``reduction`` for numbers, or a blank."""
    bare = words.plain(whole)
    if any(words.is_total(part) for part in whole.split(" ")):
        return "total"
    if pollutant is not None:
        if words.is_money(unit):
            return "unit_cost" if words.is_per_tonne(unit) else ""
        if words.REDUCTIONS.search(bare):
            return "reduction"
        return "" if words.OTHER_AMOUNTS.search(bare) or unit == "%" else "value"
    role = roles[0] if roles else ""
    if role in ("cost", "unit_cost") and unit:
        return "unit_cost" if words.is_per_tonne(unit) else "cost"
    if not role and year is not None:
        return "value"
    return "" if role == "value" and unit == "%" else role


def _inventory(found: _Found, book: str, problems: Problems) -> Table:
    """Return how an inventory is read, and tell what was taken for what."""
    values = found.of("value")
    if any(column.pollutant for column in values) and not found.of("pollutant"):
        values = [column for column in values if column.pollutant or column.is_unclear]
    for column in values:
        _tell_loose(found, column, problems)
    names = _names(found)
    _tell_skipped(found, {column.at for column in values}, names, problems)
    said = _units_above(found, values, problems)
    if _contradict(_said_above(found, values)[1], values):  # to be answered in the mapping
        values = [replace(column, unit="") for column in values]
    return Table(
        sheet=found.grid.sheet,
        header=_span(found.header),
        names=names,
        values=tuple(_value(column, said) for column in values),
        pollutant=_pollutant_above(found, values, book, problems),
        unit=said.unit,
    )


def _measures(found: _Found, problems: Problems) -> Table:
    """Return how a table of measures is read."""
    paid = next((role for role in COSTS if found.of(role)), "")
    single = {
        role: _value(found.of(role)[0]) for role in ("reach", paid) if role and found.of(role)
    }
    read = {column.at for column in found.of("reduction")}
    read |= {found.of(role)[0].at for role in single}
    names = _names(found)
    _tell_skipped(found, read, names, problems)
    _tell_cost(found, paid, problems)
    return Table(
        sheet=found.grid.sheet,
        header=_span(found.header),
        names=names,
        values=tuple(map(_value, found.of("reduction"))),
        cost_of="programme" if "cost" in single else "",
        **single,
    )


COSTS = ("cost", "unit_cost")
"""Roles of columns of costs; of several the first is read."""


def _tell_cost(found: _Found, paid: str, problems: Problems) -> None:
    """Tell what a column of costs is taken for, or that there is none."""
    if not paid:
        problems.warn(
            found.grid.place(found.header[-1]),
            message("no column of costs is read: none of these measures can be chosen."),
            fix=message("Expected a heading such as 年成本（万元） or 单位成本（元/吨）."),
        )
    elif paid == "cost" and found.of("reach"):
        column = found.of(paid)[0]
        problems.warn(
            found.grid.place(found.header[-1], column.at),
            message(
                "'{heading}' is taken for what is paid a year at the reach of each measure.",
                heading=column.heading,
            ),
            fix=message(
                "If it is the cost of its use on all of the source: cost_of: whole source."
            ),
        )


def _span(lines: range) -> str:
    return f"{lines[0]}-{lines[-1]}" if len(lines) > 1 else str(lines[0])


def _value(column: _Column, said: words.Units = words.NO_UNITS) -> ValueColumn:
    """Return how a column is read; ``said`` are units that a title gives to pollutants."""
    own = next((unit for pollutant, unit in said.of if pollutant == column.pollutant), "")
    return ValueColumn(
        column=letters(column.at),
        heading=column.heading,
        pollutant=column.pollutant,
        unit=column.unit or own,
        year=column.year,
    )


def _names(found: _Found) -> Names:
    """Return the columns of text: of several sectors the first, the others are levels."""
    sectors, sources = found.of("sector"), found.of("source")
    if not sources and sectors:
        sources = sectors[-1:]
        sectors = sectors[:-1]
    elif sectors and sources[0].at < sectors[0].at < sources[-1].at:  # levels as they stand
        sectors, sources = [], sorted([*sectors, *sources], key=lambda column: column.at)
    levels = [*sectors[1:], *sources]
    if not sectors and len(levels) > 1:
        sectors, levels = levels[:1], levels[1:]
    named = {role: letters(found.of(role)[0].at) for role in TEXT_ROLES if found.of(role)}
    named["sector"] = letters(sectors[0].at) if sectors else ""
    return Names(source=tuple(letters(c.at) for c in levels), **named)


def _tell_loose(found: _Found, column: _Column, problems: Problems) -> None:
    named = words.pollutant_of(words.split_unit(column.heading)[0])
    if named is not None and named.word in words.LOOSE_WORDS:
        problems.warn(
            found.grid.place(found.header[-1], column.at),
            message(
                "'{heading}' is taken for {pollutant} (a guess).",
                heading=column.heading,
                pollutant=named.pollutant,
            ),
        )


def _tell_skipped(found: _Found, read: set[int], names: Names, problems: Problems) -> None:
    """Tell the columns that are not read although they have a heading, or numbers."""
    seen = read | {column_of(letter) for letter in names.columns}
    for column in found.columns:
        if column.at in seen or column.role == "number":
            continue
        place = found.grid.place(found.header[-1], column.at)
        if column.heading:
            problems.warn(place, message("column '{heading}' is not read.", heading=column.heading))
        elif _has_numbers(found, column.at):
            problems.warn(place, message("a column of numbers without a heading is not read."))


def _has_numbers(found: _Found, at: int) -> bool:
    below = (found.grid.cell(n, at) for n in found.grid.lines if n > found.header[-1])
    return any(map(_is_number, below))


def _above(found: _Found) -> Iterator[tuple[int, str]]:
    """Yield what stands above the headings, and in them."""
    for line in sorted(found.grid.lines):
        if line <= found.header[-1]:
            yield from ((line, text) for text in dict.fromkeys(found.grid.lines[line]) if text)


def _units_above(found: _Found, values: Sequence[_Column], problems: Problems) -> words.Units:
    """Return the units that a line above the table gives to columns that have none."""
    line, said = _said_above(found, values)
    place, own = found.grid.place(line), [column for column in values if column.unit]
    for column in own if said.unit else ():
        _tell_own_unit(found, column, said, problems)
    if found.of("unit"):
        _tell_column_of_units(found, said, problems)
        return words.NO_UNITS
    if said.unit and len(own) < len(values):
        _tell_title(place, said, problems)
        return said
    return words.NO_UNITS


def _said_above(found: _Found, values: Sequence[_Column]) -> tuple[int, words.Units]:
    """Return what a title, or a heading of numbers, says of units, and its line."""
    at = {column.at for column in values}
    for line in (n for n in sorted(found.grid.lines) if n <= found.header[-1]):
        for i, text in enumerate(found.grid.lines[line], start=1):
            said = words.unit_in_title(text)
            of_these = line < found.header[0] or i in at or words.said_of_units(text)
            if said.unit and of_these and _can_be_given(said, values):
                return line, said
    return 0, words.NO_UNITS


def _unit_given(said: words.Units, column: _Column) -> str:
    """Return the unit that a title gives to a column."""
    return dict(said.of).get(column.pollutant, said.unit) if column.pollutant else said.unit


def _contradict(said: words.Units, values: Sequence[_Column]) -> bool:
    """Tell whether all columns have units, and none of them that of the title: one is wrong."""
    return bool(said.unit) and not any(
        not column.unit or words.agree(column.unit, _unit_given(said, column)) for column in values
    )


def _tell_own_unit(found: _Found, column: _Column, said: words.Units, problems: Problems) -> None:
    unit = _unit_given(said, column)
    if not words.agree(column.unit, unit):
        problems.warn(
            found.grid.place(found.header[-1], column.at),
            message(
                "'{heading}' is in '{own}' by its heading, in '{unit}' by the title.",
                heading=column.heading,
                own=column.unit,
                unit=unit,
            ),
        )


def _tell_column_of_units(found: _Found, said: words.Units, problems: Problems) -> None:
    """Tell where a column of units nowhere has the unit that the title gives."""
    at = found.of("unit")[0].at
    cells = {found.grid.cell(n, at) for n in found.grid.lines if n > found.header[-1]} - {""}
    if said.unit and not any(words.agree(words.unit_of(cell), said.unit) for cell in cells):
        problems.warn(
            found.grid.place(found.header[-1], at),
            message(
                "the unit stands in this column, and is nowhere '{unit}', as the title says.",
                unit=said.unit,
            ),
        )


def _can_be_given(said: words.Units, values: Sequence[_Column]) -> bool:
    """Tell whether units of single pollutants each have their column."""
    return not said.of or all(column.pollutant for column in values)


def _tell_title(place: Place, said: words.Units, problems: Problems) -> None:
    unit = message("'{unit}' is taken from the title for columns without a unit.", unit=said.unit)
    problems.warn(place, unit)
    for pollutant, own in said.of:
        told = "'{unit}' is taken from the title for {pollutant}."
        problems.warn(place, message(told, unit=own, pollutant=pollutant))


def _pollutant_above(
    found: _Found, values: Sequence[_Column], book: str, problems: Problems
) -> Pollutant | None:
    """Return the pollutant that a title, the sheet or the book gives to columns that name none."""
    if found.of("pollutant") or any(column.pollutant for column in values):
        return None
    titles = [(line, text) for line, text in _above(found) if line < found.header[0]]
    for line, text in (*titles, (0, found.grid.sheet), (0, book)):
        parts = re.split(r"[\s_:：,，;()（）\-]+|\.(?!\d)", text)
        named = [own for part in parts if part and (own := words.pollutant_of(part)) is not None]
        if len({own.pollutant for own in named}) == 1:
            problems.warn(
                found.grid.place(line),
                message(
                    "{pollutant} is taken from '{text}' for columns that name no pollutant.",
                    pollutant=named[0].pollutant,
                    text=text,
                ),
            )
            return named[0].pollutant
    return None


def _year(found: _Found, book: str, problems: Problems) -> int | None:
    """Return the year of the emissions: of the last column, a title, the sheet or the book."""
    columns = [c.year for c in found.of("value") if c.year is not None]
    if columns:
        return max(columns)
    if found.of("year"):
        return _last_year(found)
    titles = [t for line, t in _above(found) if line < found.header[0]]
    for text in (*titles, found.grid.sheet, book):
        year = words.year_of(text)
        if year is not None:
            problems.warn(
                found.grid.place(0),
                message("the year {year} is taken from '{text}'.", year=year, text=text),
            )
            return year
    return None


def _last_year(found: _Found) -> int | None:
    """Return the latest year that the column of years has."""
    column = found.of("year")[0].at
    years = [
        year
        for line, cells in found.grid.lines.items()
        if line > found.header[-1]
        and column <= len(cells)
        and (year := _year_heading(cells[column - 1])) is not None
    ]
    return max(years, default=None)
