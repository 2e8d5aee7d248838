"""The folders of a region: its own, and those of the regions that it extends.

A table of a region is laid over that of the region it extends: a row takes the place of the one
with the same keys, rows with other keys come on top. Rows that differ in the year alone are one
series, which is replaced as a whole: years of two places do not mix. What differs is all that a
district has to write down.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, create_model

from lantian.errors import Place, Problems, closest
from lantian.inventory.plausible import check_jumps
from lantian.language import message
from lantian.parameters import (
    QuantityRow,
    QuantityTable,
    Row,
    Space,
    locate,
    read_quantities,
    read_table,
    shown_path,
)
from lantian.parameters.reader import has_lines
from lantian.parameters.series import series_columns, series_key

Q = TypeVar("Q", bound=QuantityRow)
R = TypeVar("R", bound=Row)

EXTENDS = "extends"
"""Table of one row that names the region whose numbers hold where this one has none."""
ACTIVITY = "activity"
"""Folder of a region with one table per sector."""
WITHOUT = "without"
"""Folder of tables of keys (all but the year): rows of other regions that do not hold here."""
NO_REGIONS = (ACTIVITY, WITHOUT)
"""Folders inside a region that are no districts of it."""
TABLES = ("*.csv", "*.xlsx")
MAP = "townships.geojson"
"""Polygons of townships, in the folder of a region."""


class ExtendsRow(Row):
    """The line of ``extends.csv``: the region whose numbers hold where this one has none."""

    region: str = Field(min_length=1)
    note: str = ""


@dataclass(frozen=True)
class Layers:
    """The folders of a region, its own first, then that of the region it extends, and so on.

    Attributes
    ----------
    folders
        Each extends the next one.
    root
        Places are told relative to this folder.
    problems
        Receives what is wrong with the tables.
    space
        Receives the numbers that are taken from them.
    """

    folders: tuple[Path, ...]
    root: Path
    problems: Problems
    space: Space

    @property
    def own(self) -> Path:
        """The folder of the region itself."""
        return self.folders[0]

    def place(self, name: str) -> Place:
        """Return where the region's own table stands, or would stand."""
        return Place(shown_path(locate(self.own, name), self.root))

    def _nearest(self, name: str) -> str:
        """Return the file of a table that is nearest to the region; its own if none has it."""
        paths = [locate(folder, name) for folder in self.folders]
        return shown_path(next((p for p in paths if p.exists()), paths[0]), self.root)

    def has(self, name: str) -> bool:
        """Tell whether any of the folders has a table."""
        return any(locate(folder, name).exists() for folder in self.folders)

    def has_lines(self, name: str, own: bool = False) -> bool:
        """Tell whether any of the folders has a table with more than its header.

        Parameters
        ----------
        name
            Path of the table below a region's folder, without suffix.
        own
            Whether the region's own folder alone counts.
        """
        paths = [locate(folder, name) for folder in (self.folders[:1] if own else self.folders)]
        return any(has_lines(path) for path in paths if path.exists())

    def files(self) -> Iterator[Path]:
        """Yield every table of all folders."""
        for folder in self.folders:
            for part in (folder, folder / ACTIVITY, folder / WITHOUT, folder / WITHOUT / ACTIVITY):
                for pattern in TABLES:
                    yield from part.glob(pattern)
            yield from folder.glob(MAP)

    def read(self, name: str, row: type[Q], optional: bool = False) -> QuantityTable[Q]:
        """Read a table, the region's own rows laid over those of the regions it extends.

        Parameters
        ----------
        name
            Path of the table below a region's folder, without suffix: ``activity/dust``.
        row
            Model of a line; its key columns say which row takes whose place.
        optional
            Whether no folder need have it.

        Returns
        -------
        QuantityTable
            Rows of the furthest folder first, each folder's in the order of its file.
        """
        holder: dict[tuple[Any, ...], Path] = {}
        rows: list[tuple[Path, Q]] = []
        lost: list[Mapping[str, str]] = []
        for folder in reversed(self.folders):
            self._take_away(holder, folder, name, row)
            may_miss = optional or folder != self.own or self.has(name)
            path = locate(folder, name)
            table = read_quantities(path, row, self.problems, self.root, may_miss, self.space)
            holder |= {series_key(own): folder for own in table.rows}
            rows += [(folder, own) for own in table.rows]
            lost += table.lost
        kept = [own for folder, own in rows if holder.get(series_key(own)) == folder]
        found = QuantityTable(self._nearest(name), kept, self.problems, self.space, lost)
        check_jumps(found)
        return found

    def rows(self, name: str, row: type[R]) -> list[R]:
        """Return the rows of a table as the nearest folder has it; none if no folder does.

        Parameters
        ----------
        name
            Path of the table below a region's folder, without suffix.
        row
            Model of a line.

        Returns
        -------
        list
            Those of one place: a series of days is not mixed from two.
        """
        paths = [locate(folder, name) for folder in self.folders]
        path = next((p for p in paths if p.exists()), None)
        return [] if path is None else read_table(path, row, self.problems, self.root)

    def _take_away(
        self, holder: dict[tuple[Any, ...], Path], folder: Path, name: str, row: type[Q]
    ) -> None:
        """Take out, in place, the series that a folder does without."""
        path = locate(folder / WITHOUT, name)
        for keys in read_table(path, _keys_of(row), self.problems, self.root, optional=True):
            key = tuple(getattr(keys, column) for column in series_columns(row))
            if holder.pop(key, None) is None:
                self.problems.add(
                    keys.place,
                    message("no region that this one extends has a row with these keys."),
                    fix=message("Copy the keys of the row that does not hold here."),
                )


@cache
def _keys_of(row: type[QuantityRow]) -> type[Row]:
    """Return the model of a line that holds nothing but the keys of a series."""
    fields = {name: row.model_fields[name] for name in series_columns(row)}
    columns: dict[str, Any] = {name: (field.annotation, field) for name, field in fields.items()}
    return create_model(f"{row.__name__}Keys", __base__=Row, **columns)


def find_layers(
    inputs: Path, name: str, root: Path, problems: Problems, space: Space | None = None
) -> Layers:
    """Find the folder of a region and those of the regions it extends.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    name
        Name of the region's folder, with those above it where several have the same name:
        ``tongzhou`` or ``beijing/tongzhou``.
    root
        Places are told relative to this folder.
    problems
        Receives unknown regions and circles; passed on to the layers.
    space
        Passed on to the layers; a new one if None.

    Returns
    -------
    Layers
        At least the region's own folder.

    Raises
    ------
    InputError
        If one of the regions does not exist, or one extends itself.
    """
    told = len(problems.found)
    place = Place(shown_path(inputs / "regions" / name, root))
    known = _region_folders(inputs / "regions")
    folders: list[Path] = []
    while name:
        folder = _folder_of(name, known, place, problems)
        if folder in folders:
            problems.add(place, message("region '{name}' extends itself.", name=name))
        problems.stop_if_any(beyond=told)
        folders.append(folder)
        name, place = _extended(folder, root, problems)
        problems.stop_if_any(beyond=told)
    return Layers(tuple(folders), root, problems, Space() if space is None else space)


def _region_folders(regions: Path) -> dict[str, Path]:
    """Return every region's folder by its path below ``regions``."""
    folders = sorted(p for p in regions.rglob("*") if p.is_dir())
    named = {p.relative_to(regions): p for p in folders}
    return {
        path.as_posix(): folder
        for path, folder in named.items()
        if not any(part in NO_REGIONS or part.startswith(".") for part in path.parts)
    }


def _folder_of(name: str, known: Mapping[str, Path], place: Place, problems: Problems) -> Path:
    """Return the folder of a region by its path, or by its last part where that is enough."""
    paths = [name] if name in known else [p for p in known if p.rpartition("/")[2] == name]
    if len(paths) > 1:
        problems.add(
            place,
            message("several regions are called '{name}'.", name=name),
            message("Expected one of {names}.", names=", ".join(paths)),
        )
    elif not paths:
        problems.add(
            place,
            message("there is no region '{name}'.", name=name),
            fix=closest(name, [*known, *(p.rpartition("/")[2] for p in known)]),
        )
    return known[paths[0]] if paths else Path()


def _extended(folder: Path, root: Path, problems: Problems) -> tuple[str, Place]:
    """Return the name of the region that a folder extends and where it stands, blank if none."""
    path = locate(folder, EXTENDS)
    rows = read_table(path, ExtendsRow, problems, root, optional=True)
    if len(rows) > 1:
        problems.add(
            rows[1].place,
            message("a region extends one other region at most."),
            fix=message("Let the other one extend the second."),
        )
    return (
        (rows[0].region, rows[0].place.cell("region"))
        if rows
        else ("", Place(shown_path(path, root)))
    )


def check_names(layers: Layers, tables: Iterable[str], sectors: Iterable[str]) -> None:
    """Note tables that nothing reads: a misspelt name would leave its numbers out of the run.

    Parameters
    ----------
    layers
        Folders of a region; its problems receives what is wrong.
    tables
        Names of the tables that are read in a region's folder.
    sectors
        Names of the tables that are read in its folder ``activity``.
    """
    known = {"": {EXTENDS, *tables}, ACTIVITY: set(sectors)}
    for path in layers.files():
        here = known[ACTIVITY if path.parent.name == ACTIVITY else ""]
        if path.stem not in here:
            layers.problems.add(
                Place(shown_path(path, layers.root)),
                message("no table of a region is called '{name}'.", name=path.stem),
                message("Expected one of {names}.", names=", ".join(sorted(here))),
                closest(path.stem, here),
            )
