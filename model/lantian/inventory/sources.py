"""Sources and technologies that stand in tables, so that one is added without Python.

``inputs/sectors/sources.csv`` holds them with a line per technology, ``inputs/sectors/bands.csv``
the plausible bands of their factors. Sectors whose sources have equations of their own (fleets,
animals, boilers) declare these in their file instead.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from lantian.errors import Problems, closest
from lantian.inventory.contract import Sector, Source
from lantian.inventory.sectors import registered
from lantian.language import NOTHING, Message, message
from lantian.parameters import KnownUnit, Names, Row, locate, read_table
from lantian.parameters.rows import CellError
from lantian.parameters.units import UnitError, factor
from lantian.vocabulary import Group, Pollutant

FOLDER = "sectors"
"""Folder of these tables in ``inputs/``."""

SAME_THROUGHOUT = ("unit", "group", "driver")
"""Columns in which all lines of a source agree."""

Bands = Mapping[Pollutant, tuple[float, float]]
Fault = tuple[str, Message, Message]
"""What was found, and what would be right or how to mend it."""


class TechnologyRow(Row):
    """A line of ``sources.csv``: a technology of a source, and what holds for the source."""

    sector: str = Field(min_length=1)
    source: str = Field(min_length=1)
    technology: str = Field(min_length=1)
    unit: KnownUnit
    group: Group
    driver: str = Field(min_length=1)
    note: str = ""


class BandRow(Row):
    """A line of ``bands.csv``: where a factor of a source that is not 0 plausibly lies."""

    source: str = Field(min_length=1)
    pollutant: Pollutant
    low: float = Field(ge=0.0, allow_inf_nan=False)
    high: float = Field(ge=0.0, allow_inf_nan=False)
    unit: KnownUnit
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise CellError(
                "low", message("low {low:g} is above high {high:g}", low=self.low, high=self.high)
            )
        return self


class NotCoveredRow(Row):
    """A line of ``not_covered.csv``: what no inventory here counts, or not every one.

    ``counted_in``, ``counted_as``: the sector, or the source, that counts it where a region has
    that; both blank: none does.
    """

    unique = ("missing",)
    missing: str = Field(min_length=1)
    pollutants: str
    counted_in: Annotated[str, Names("sector")] = ""
    counted_as: Annotated[str, Names("source")] = ""
    reason_en: str = Field(min_length=1)
    reason_zh: str = Field(min_length=1)


def read_not_covered(
    inputs: Path, root: Path, present: Collection[str], problems: Problems
) -> tuple[NotCoveredRow, ...]:
    """Return what an inventory leaves out, so that its totals are too low by it.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    root
        Places are told relative to this folder.
    present
        Sectors and sources that the region has.
    problems
        Receives what is wrong with the table.
    """
    path = locate(inputs / FOLDER, "not_covered")
    rows = read_table(path, NotCoveredRow, problems, root, optional=True)
    return tuple(row for row in rows if {row.counted_in, row.counted_as}.isdisjoint(present))


def read_sectors(inputs: Path, root: Path, problems: Problems) -> tuple[Sector, ...]:
    """Return all sectors with their sources.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    root
        Places are told relative to this folder.
    problems
        Receives what is wrong with the tables of sources and bands.

    Returns
    -------
    tuple of Sector
        As registered; sectors without sources in their file have those of the table, in its order.
    """
    folder = inputs / FOLDER
    rows = read_table(locate(folder, "sources"), TechnologyRow, problems, root)
    bands = read_table(locate(folder, "bands"), BandRow, problems, root, optional=True)
    sectors = registered()
    _check_sources(rows, sectors, problems)
    tabled = {row.source: row for row in reversed(rows)}
    plausible = _bands(bands, tabled, sectors, problems)
    return tuple(
        sector if sector.sources else replace(sector, sources=_sources(sector, rows, plausible))
        for sector in sectors
    )


def _sources(
    sector: Sector, rows: Sequence[TechnologyRow], bands: Mapping[str, Bands]
) -> tuple[Source, ...]:
    technologies: dict[str, list[TechnologyRow]] = {}
    for row in rows:
        if row.sector == sector.id:
            technologies.setdefault(row.source, []).append(row)
    return tuple(
        Source(
            name,
            lines[0].unit,
            tuple(line.technology for line in lines),
            lines[0].group,
            lines[0].driver,
            bands.get(name, {}),
        )
        for name, lines in technologies.items()
    )


def _check_sources(
    rows: Sequence[TechnologyRow], sectors: Sequence[Sector], problems: Problems
) -> None:
    """Hold lines of sources against the sectors, and against the lines before them."""
    by_id = {sector.id: sector for sector in sectors}
    owner = {s.id: sector.id for sector in sectors for s in sector.sources}
    first: dict[str, TechnologyRow] = {}
    line: dict[tuple[str, str], TechnologyRow] = {}
    for row in rows:
        faults = list(_sector_faults(row, by_id))
        if not faults:  # what a sound line says is what the lines after it are held against
            same = line.setdefault((row.source, row.technology), row)
            faults += _owner_faults(row, owner.setdefault(row.source, row.sector))
            faults += _repeated_faults(row, first.setdefault(row.source, row), same)
        for column, found, mended in faults:
            problems.add(row.place.cell(column), found, mended)


def _sector_faults(row: TechnologyRow, sectors: Mapping[str, Sector]) -> Iterable[Fault]:
    sector = sectors.get(row.sector)
    if sector is None:
        yield (
            "sector",
            message("'{name}' is not a sector.", name=row.sector),
            closest(row.sector, sectors),
        )
    elif sector.sources:
        yield (
            "sector",
            message(
                "the sources of sector '{sector}' have equations of their own.", sector=sector.id
            ),
            message("They stand in its file, not in this table."),
        )
    elif sector.units and row.unit not in sector.units:
        yield (
            "unit",
            message(
                "sector '{sector}' has no equation for activity in '{unit}'.",
                sector=sector.id,
                unit=row.unit,
            ),
            message("Expected: {names}.", names=", ".join(sector.units)),
        )


def _owner_faults(row: TechnologyRow, owner: str) -> Iterable[Fault]:
    if row.sector != owner:
        yield (
            "source",
            message(
                "source '{source}' belongs to sector '{sector}'.", source=row.source, sector=owner
            ),
            message("Give one of the two another name."),
        )


def _repeated_faults(
    row: TechnologyRow, first: TechnologyRow, same: TechnologyRow
) -> Iterable[Fault]:
    if row is not same:
        yield (
            "source",
            message("the same keys as in line {line}.", line=same.place.line),
            message("Keep one of the two rows."),
        )
    for column in SAME_THROUGHOUT:
        here, there = getattr(row, column), getattr(first, column)
        if here != there:
            yield (
                column,
                message(
                    "'{column}' of source '{source}' is '{here}' here, '{there}' in line {line}.",
                    column=column,
                    source=row.source,
                    here=here,
                    there=there,
                    line=first.place.line,
                ),
                message("All lines of a source have the same."),
            )


def _bands(
    rows: Sequence[BandRow],
    tabled: Mapping[str, TechnologyRow],
    sectors: Sequence[Sector],
    problems: Problems,
) -> Mapping[str, Bands]:
    """Return the bands of each source [t/source unit], and note what is wrong with them."""
    emitted = {sector.id: sector.pollutants for sector in sectors}
    line: dict[tuple[str, str], BandRow] = {}
    bands: dict[str, dict[Pollutant, tuple[float, float]]] = {}
    for row in rows:
        source = tabled.get(row.source)
        same = line.setdefault((row.source, row.pollutant), row)
        faults = list(_band_faults(row, same, source, tabled, emitted))
        for column, found, mended in faults:
            problems.add(row.place.cell(column), found, mended)
        if source is not None and not faults:
            k = factor(row.unit, f"t/({source.unit})")
            bands.setdefault(row.source, {})[row.pollutant] = (row.low * k, row.high * k)
    return bands


def _band_faults(
    row: BandRow,
    same: BandRow,
    source: TechnologyRow | None,
    tabled: Mapping[str, TechnologyRow],
    emitted: Mapping[str, Sequence[Pollutant]],
) -> Iterable[Fault]:
    if row is not same:
        yield (
            "source",
            message("the same keys as in line {line}.", line=same.place.line),
            message("Keep one of the two rows."),
        )
    if source is None:
        yield (
            "source",
            message("'{name}' is not a source of the table of sources.", name=row.source),
            closest(row.source, tabled),
        )
        return
    if row.pollutant not in emitted.get(source.sector, (row.pollutant,)):
        yield (
            "pollutant",
            message(
                "sector '{sector}' does not emit {pollutant}.",
                sector=source.sector,
                pollutant=row.pollutant,
            ),
            NOTHING,
        )
    try:
        factor(row.unit, f"t/({source.unit})")
    except UnitError as error:
        yield "unit", message("{text}.", text=error.args[0]), NOTHING
