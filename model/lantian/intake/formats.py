"""Formats of which a real public file was read; docs/import.md tells which, and where it stands."""

import re
from dataclasses import dataclass

from lantian.intake.mapping import FormatName, Names, Table, ValueColumn
from lantian.intake.sheets import Grid, letters

FLAGS = frozenset({"NA", "NE", "NO", "NR", "IE", "C"})
"""Notation keys in the place of a number: not applicable, estimated, occurring, relevant; included
elsewhere; confidential."""


@dataclass(frozen=True)
class Format:
    """A format that is known by its first lines.

    Attributes
    ----------
    mark
        Pattern of a comment that only files of this format have.
    columns
        Heading of the column of each role; several for the levels of a source.
    value
        Heading of the number.
    unit
        Of all numbers, as far as no column says.
    add_up
        Whether one source may have several rows of a pollutant.
    """

    name: FormatName
    mark: str
    columns: dict[str, tuple[str, ...]]
    value: str
    unit: str = ""
    add_up: bool = False


FORMATS = (
    Format(
        "emep-webdab",
        r"#\s*Format:\s*ISO2;YEAR;SECTOR;POLLUTANT;UNIT;NUMBER/FLAG",
        {
            "area": ("ISO2",),
            "year": ("YEAR",),
            "source": ("SECTOR",),
            "pollutant": ("POLLUTANT",),
            "unit": ("UNIT",),
        },
        "NUMBER/FLAG",
    ),
    Format(
        "smoke-ff10",
        r"#\s*FORMAT[=\s]+FF10_(NON)?(POINT|ROAD)|#\s*FORMAT[=\s]+FF10_ONROAD",
        {
            "area": ("region_cd",),
            "year": ("calc_year",),
            "source": ("facility_id", "scc"),
            "pollutant": ("poll",),
        },
        "ann_value",
        unit="short_ton",
        add_up=True,
    ),
)


def known_format(grid: Grid) -> tuple[Format, int] | None:
    """Return the format of a file and the line of its headings; None if it is none of ours."""
    comments = [line for line, cells in grid.lines.items() if cells and cells[0].startswith("#")]
    for known in FORMATS:
        marks = [n for n in comments if re.match(known.mark, _whole(grid, n), re.IGNORECASE)]
        if marks:
            line = next((n for n in grid.lines if known.value in headings(grid, n)), 0)
            return (known, line) if line else None
    return None


def _whole(grid: Grid, line: int) -> str:
    return ";".join(grid.lines[line])


def headings(grid: Grid, line: int) -> list[str]:
    """Return the headings of a line, which may itself be a comment."""
    return [re.sub(r"^#\s*(Format:\s*)?", "", cell.strip()) for cell in grid.lines[line]]


def table_of(known: Format, grid: Grid, line: int) -> Table:
    """Return how a file of a format is read."""
    found = headings(grid, line)
    at = {
        role: [letters(found.index(h) + 1) for h in names if h in found]
        for role, names in known.columns.items()
    }
    single = {role: (places or [""])[0] for role, places in at.items() if role != "source"}
    unit = "" if "unit" in known.columns else known.unit
    column = found.index(known.value) + 1
    value = ValueColumn(
        column=letters(column), heading=grid.cell(line, column), pollutant=None, unit=unit
    )
    names = Names(source=tuple(at["source"]), **single)
    return Table(header=str(line), names=names, values=(value,))


def file_year(grid: Grid) -> int | None:
    """Return the year that the comments of a file give: ``#YEAR=2010``."""
    whole = "\n".join(
        _whole(grid, n) for n, cells in grid.lines.items() if cells[0].startswith("#")
    )
    found = set(re.findall(r"(?m)^#\s*YEAR[=\s]+(\d{4})\b", whole, re.IGNORECASE))
    return int(found.pop()) if len(found) == 1 else None
