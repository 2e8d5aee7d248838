"""Formats of which a real public file was read; docs/import.md tells which, and where it stands."""

import re
from dataclasses import dataclass

from lantian.intake import words
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
        Pattern of a line that only files of this format begin with.
    columns
        Heading of the column of each role; several for the levels of a source.
    value
        Heading of the number; blank where each year has a column.
    unit, unit_said
        Of all numbers, as far as no column says; pattern of the line that says it.
    pollutant_said
        Pattern of the line that says the pollutant of all numbers.
    add_up
        Whether one source may have several rows of a pollutant.
    """

    name: FormatName
    mark: str
    columns: dict[str, tuple[str, ...]]
    value: str = ""
    unit: str = ""
    unit_said: str = ""
    pollutant_said: str = ""
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
    Format(
        "edgar-country",
        r"Release:\s*EDGARv",
        {"area": ("ISO_CODE",), "source": ("sector",), "pollutant": ("substance",)},
        unit_said=r"\bin (\w+) \w+ / year",
    ),
    Format(
        "gains-emf30",
        r"EMF30 sectors",
        {"area": ("Region",), "source": ("EMF30 kt",)},
        unit_said=r"Unit:\s*(\w+)",
        pollutant_said=r"Pollutant:\s*(\S+)",
    ),
)
FIRST_LINES = 60
"""Lines that may come before the headings of a named format."""


def known_format(grid: Grid) -> tuple[Format, int] | None:
    """Return the format of a file and the line of its headings; None if it is none of ours."""
    above = [n for n in sorted(grid.lines) if n <= FIRST_LINES]
    for known in FORMATS:
        if any(re.match(known.mark, _whole(grid, n), re.IGNORECASE) for n in above):
            line = next((n for n in above if _has_headings(known, grid, n)), 0)
            return (known, line) if line else None
    return None


def _has_headings(known: Format, grid: Grid, line: int) -> bool:
    wanted = (
        {known.value} if known.value else {name for own in known.columns.values() for name in own}
    )
    return wanted <= set(headings(grid, line))


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
    said = _said(known.pollutant_said, grid, line)
    named = words.pollutant_of(said)
    columns = [n for n, text in enumerate(found, start=1) if _is_value(known, text)]
    values = tuple(
        ValueColumn(
            column=letters(column),
            heading=grid.cell(line, column),
            year=None if known.value else int(found[column - 1]),
            unit="" if known.unit_said else unit,
        )
        for column in columns
    )
    return Table(
        header=str(line),
        names=Names(source=tuple(at["source"]), **single),
        values=values,
        unit=words.unit_of(_said(known.unit_said, grid, line)),
        pollutant=None if named is None else named.pollutant,
    )


def _is_value(known: Format, heading: str) -> bool:
    return heading == known.value if known.value else words.YEAR.fullmatch(heading) is not None


def _said(pattern: str, grid: Grid, line: int) -> str:
    """Return what a line above the headings says, or a blank."""
    texts = [_whole(grid, n) for n in sorted(grid.lines) if n < line] if pattern else []
    found = (re.search(pattern, text) for text in texts)
    return next((match[1] for match in found if match), "")


def file_year(grid: Grid) -> int | None:
    """Return the year that the comments of a file give: ``#YEAR=2010``."""
    whole = "\n".join(
        _whole(grid, n) for n, cells in grid.lines.items() if cells[:1] and cells[0].startswith("#")
    )
    found = set(re.findall(r"(?m)^#\s*YEAR[=\s]+(\d{4})\b", whole, re.IGNORECASE))
    return int(found.pop()) if len(found) == 1 else None
