"""Tonnes per source and year as a table has them: read, checked, and filled to the years of a run.

Years follow the rule of every table, :func:`~lantian.parameters.series.fill`: straight lines
between the rows of a source and pollutant, the last one holds on, before the first there is no
number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from lantian.errors import Place, Problems
from lantian.inventory.areas import AreaRow
from lantian.inventory.growth import GROWTH, GrowthRow, growth_of_sources
from lantian.inventory.plausible import SOURCES, doubt_jumps, doubt_odd
from lantian.language import Message, message
from lantian.parameters import (
    CalendarYear,
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    Space,
    check_range,
    check_size,
    read_table,
    units,
)
from lantian.parameters.reader import shown_path, unread_lines
from lantian.parameters.series import Filling, fill
from lantian.parameters.totals import Summand, check_totals
from lantian.parameters.units import UnitError
from lantian.vocabulary import Pollutant


class FinishedRow(OwnRow):
    """A line of the inventory: the yearly emission of a source."""

    source: str = Field(min_length=1)
    pollutant: Pollutant
    value: Number
    unit: str = Field(min_length=1)
    sector: str = "inventory"
    area: str = ""
    year: CalendarYear | None = None
    size: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        if self.size:
            check_size(self.size, "size")
        return self

    @property
    def tonnes(self) -> float:
        """What the row's numbers are multiplied by to be in t a year.

        Raises
        ------
        UnitError
            If the unit measures something else.
        """
        return units.per_year(self.unit, "t")

    @property
    def is_mass(self) -> bool:
        """Whether the unit can be read as tonnes."""
        try:
            return self.tonnes > 0
        except UnitError:
            return False


class EmissionRow(QuantityRow):
    """The number of a line of the inventory, with its range."""

    source: str
    pollutant: Pollutant
    year: int | None


Emitter = tuple[str, Pollutant]
"""A source and a pollutant that it emits: what the rows of one series share."""


@dataclass(frozen=True)
class Series:
    """The emission of a source and pollutant over the years.

    Attributes
    ----------
    rows
        Ascending by year.
    known
        Their years.
    filling
        What the years of the run are made from.
    """

    rows: tuple[FinishedRow, ...]
    known: tuple[int, ...]
    filling: Filling


@dataclass(frozen=True)
class Emissions:
    """What a finished inventory says, checked.

    Attributes
    ----------
    rows
        All lines.
    years
        Years of the run.
    series
        By source and pollutant, in the order of the table.
    areas
        The one area of each source; none where the column is blank.
    growth
        Level that a source follows [any unit], dims (year,); sources that follow none are missing.
    base_year
        Last year with numbers of its own.
    unread
        Sources of lines that are faulty, with their sectors: what names them is not wrong. None
        where nobody knows which they are.
    """

    rows: tuple[FinishedRow, ...]
    years: tuple[int, ...]
    series: Mapping[Emitter, Series]
    areas: tuple[AreaRow, ...]
    growth: Mapping[str, Numbers]
    base_year: int
    unread: Mapping[str, str] | None

    @property
    def base(self) -> int:
        """Position of the base year."""
        return self.years.index(self.base_year)

    @property
    def sizes(self) -> dict[str, str]:
        """Size of the plants of a source, where the table has one."""
        return {row.source: row.size for row in self.rows if row.size}

    def is_constant(self, emitter: Emitter) -> bool:
        """Tell whether a source emits the same of a pollutant in every year."""
        return len(self.series[emitter].filling.used) == 1 and emitter[0] not in self.growth

    @property
    def emitters(self) -> set[Emitter]:
        """Each source with each pollutant that it emits."""
        return {(row.source, row.pollutant) for row in self.rows}

    @property
    def sectors(self) -> dict[str, list[str]]:
        """Sectors with their sources, both in the order of the table."""
        found: dict[str, list[str]] = {}
        for source, sector in self.sector_of.items():
            found.setdefault(sector, []).append(source)
        return found

    @property
    def sector_of(self) -> dict[str, str]:
        """Sector of each source, in the order of the table."""
        return {row.source: row.sector for row in self.rows}


def read_emissions(
    path: Path,
    years: tuple[int, ...],
    base_year: int,
    root: Path,
    problems: Problems,
    space: Space,
    growth: Path | None = None,
) -> Emissions:
    """Read the table of a finished inventory and check it.

    Parameters
    ----------
    path
        A table of :class:`FinishedRow`.
    years
        Years of the run.
    base_year
        Year of lines without one.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found, and as warnings rows of years that the run does not use.
    space
        Receives the numbers of growth.
    growth
        A table of :class:`GrowthRow`; None: sources stay as their last row has them.

    Returns
    -------
    Emissions
        Without the series that are faulty.
    """
    told = len(problems.found)
    rows = tuple(read_table(path, FinishedRow, problems, root))
    unread = _unread(path, rows, root) if len(problems.found) > told else {}
    if not rows and unread == {}:
        problems.add(
            Place(shown_path(path, root), 2),
            message("the table has no rows."),
            message("Expected the emissions of the sources, a line for each pollutant."),
        )
        unread = None  # whatever the other tables name
    levels = [] if growth is None else read_table(growth, GrowthRow, problems, root)
    _check_sectors(rows, problems)
    _check_totals(rows, problems)
    doubt_odd(
        ((f"{row.pollutant} {row.year or base_year}", row) for row in rows), SOURCES, problems
    )
    _check_sizes(rows, problems)
    areas = _areas(rows, problems)
    series = _series(rows, years, base_year, problems)
    with space.owned_by(GROWTH):
        grown = growth_of_sources(
            levels,
            {**(unread or {}), **{row.source: row.sector for row in rows}},
            years,
            Problems() if unread is None else problems,
            space,
        )
    return Emissions(rows, years, series, areas, grown, base_year, unread)


def _unread(path: Path, rows: Sequence[FinishedRow], root: Path) -> dict[str, str] | None:
    """Return the sources of lines that are faulty, with their sectors; None if one has no name."""
    lost = unread_lines(path, rows, root)
    if lost is None or not all(line.get("source") for line in lost):
        return None
    return {line["source"]: line.get("sector", "") for line in lost}


def _check_sizes(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note sources with two sizes."""
    first: dict[str, FinishedRow] = {}
    for row in (row for row in rows if row.size):
        if first.setdefault(row.source, row).size != row.size:
            problems.add(
                row.place.cell("size"),
                message(
                    "source '{source}' has the size {size} in line {line}.",
                    source=row.source,
                    size=first[row.source].size,
                    line=first[row.source].place.line,
                ),
            )


def _check_sectors(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note sources that stand in two sectors."""
    sector: dict[str, str] = {}
    for row in rows:
        if sector.setdefault(row.source, row.sector) != row.sector:
            problems.add(
                row.place.cell("sector"),
                message(
                    "source '{source}' is in sector '{sector}' above.",
                    source=row.source,
                    sector=sector[row.source],
                ),
            )


def _check_totals(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note rows that are sums of others; those whose unit cannot be read are told elsewhere."""
    check_totals(
        (
            Summand(
                (row.source, row.sector, row.area),
                (row.pollutant, row.year),
                row.value * row.tonnes,
                row.note,
                row.place,
            )
            for row in rows
            if row.is_mass
        ),
        problems,
    )


def _areas(rows: Sequence[FinishedRow], problems: Problems) -> tuple[AreaRow, ...]:
    """Return the one area of each source as rows of an area table; none if all are blank."""
    if not any(row.area for row in rows):
        return ()
    found: dict[str, AreaRow] = {}
    exact = {"value": 100.0, "unit": "%", "low": 100.0, "high": 100.0, "basis": "derived"}
    for row in rows:
        if not row.area:
            problems.add(
                row.place.cell("area"),
                message("source '{source}' has no area, but others have.", source=row.source),
                fix=message("Give each source its area, or leave all blank."),
            )
            continue
        own = AreaRow(area=row.area, source=row.source, source_key=row.source_key, **exact)
        first = found.setdefault(row.source, own.at(row.place))
        if first.area != row.area:
            problems.add(
                row.place.cell("area"),
                message(
                    "source '{source}' is in area '{area}' above.",
                    source=row.source,
                    area=first.area,
                ),
                fix=message("Split a source that is in several areas."),
            )
    return tuple(found.values())


def _series(
    rows: Sequence[FinishedRow], years: tuple[int, ...], base_year: int, problems: Problems
) -> dict[Emitter, Series]:
    """Sort the rows into series; note what cannot be, and warn of rows that nothing uses."""
    sorted_rows: dict[Emitter, dict[int, FinishedRow]] = {}
    for row in rows:
        _check_value(row, problems)
        own = sorted_rows.setdefault((row.source, row.pollutant), {})
        if own.setdefault(base_year if row.year is None else row.year, row) is not row:
            problems.add(
                row.place.cell("source"),
                message(
                    "source '{source}', pollutant '{pollutant}' twice.",
                    source=row.source,
                    pollutant=row.pollutant,
                ),
            )
    found = {}
    for emitter, own in sorted_rows.items():
        known = tuple(sorted(own))
        doubt_jumps([own[year] for year in known], problems)
        filling = fill(known, years)
        if filling is None:
            _note_late(emitter, own[known[0]], known[0], years, problems)
            continue
        found[emitter] = Series(tuple(own[year] for year in known), known, filling)
        _warn_of_unused(found[emitter], problems)
    return found


def _check_value(row: FinishedRow, problems: Problems) -> None:
    try:
        row.tonnes  # noqa: B018 - asking is the check
    except UnitError as error:
        problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
    for column, value in (("value", row.value), ("low", row.low or 0.0)):
        if value < 0:
            place = row.place.cell(column)
            problems.add(place, message("an emission cannot be {value}.", value=value))
            return


def _note_late(
    emitter: Emitter, row: FinishedRow, first: int, years: tuple[int, ...], problems: Problems
) -> None:
    problems.add(
        row.place.cell("year"),
        message(
            "source '{source}', pollutant '{pollutant}' begins in {first}; the run needs {years}.",
            source=emitter[0],
            pollutant=emitter[1],
            first=first,
            years=", ".join(str(year) for year in years if year < first),
        ),
        fix=message(
            "Add a row of {year} or earlier; 0 t only if nothing was emitted.", year=years[0]
        ),
    )


def _warn_of_unused(series: Series, problems: Problems) -> None:
    """Warn once of the rows of a series that no year of the run is made from."""
    unused = [k for k in range(len(series.rows)) if k not in series.filling.used]
    if unused:
        first = series.rows[unused[0]]
        problems.warn(
            first.place.cell("year"),
            message(
                "rows of {years} of source '{source}', pollutant '{pollutant}' lie outside the run"
                " and are not used.",
                years=", ".join(str(series.known[k]) for k in unused),
                source=first.source,
                pollutant=first.pollutant,
            ),
        )


def filled_years(emissions: Emissions, file: str) -> list[Message]:
    """Return which years follow from others, one message per set of years.

    Parameters
    ----------
    emissions
        With their series.
    file
        Name of the table as it is shown.

    Returns
    -------
    list
        Sources of which only one year is given are told apart: they stay as they are.
    """
    alike: dict[tuple[bool, bool, tuple[int, ...]], list[str]] = {}
    for (source, pollutant), series in emissions.series.items():
        years = series.filling.filled
        if years:
            kind = (len(series.rows) == 1, source in emissions.growth, years)
            alike.setdefault(kind, []).append(f"{source} {pollutant}")
    return [_filled(file, names, *kind) for kind, names in alike.items()]


def _filled(
    file: str, names: Sequence[str], single: bool, grows: bool, years: Sequence[int]
) -> Message:
    given = {
        "file": file,
        "years": ", ".join(map(str, years)),
        "names": ", ".join(names[:FEW]) + (", ..." if len(names) > FEW else ""),
        "n": len(names),
    }
    if grows:
        return message(
            "{file} has no row of {years} for {n} series; these years lie on straight lines between"
            " the rows, and follow the growth table after the last one: {names}.",
            **given,
        )
    if single:
        return message(
            "{file} has one year of {n} series, which stay as they are in {years}: {names}.",
            **given,
        )
    return message(
        "{file} has no row of {years} for {n} series; these years lie on straight lines between"
        " the rows, or stay as the last one: {names}.",
        **given,
    )


FEW = 10
"""Series that are named in one message."""
