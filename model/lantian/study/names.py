"""Names in tables that lead nowhere: a row that nobody reads changes nothing, and nobody knows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import filter as filter_names
from pathlib import Path, PurePosixPath

from lantian.errors import Problems, closest
from lantian.indicators.co2_intensity import GDP
from lantian.indicators.energy_balance import UNITS as CARRIERS
from lantian.indicators.energy_balance import driver_of
from lantian.inventory.contract import Sector
from lantian.inventory.layers import ACTIVITY, Layers
from lantian.inventory.region import DatedRow, DriverRow
from lantian.language import Message, message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import AVOIDED
from lantian.parameters import QuantityRow, Row, Space
from lantian.parameters.opening import LARGEST_TABLE, read_file
from lantian.parameters.reader import CSV
from lantian.parameters.rows import Kind, naming
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import without_kind

OUTPUT_PER = "output-per-"
"""Parameters of a region that carry the id of a source."""


@dataclass(frozen=True)
class Vocabulary:
    """What tables may name.

    Attributes
    ----------
    ids
        By kind of thing.
    technologies
        Of each source.
    """

    ids: Mapping[Kind, Collection[str]]
    technologies: Mapping[str, Collection[str]]

    def of(self, kind: Kind, row: Row) -> Collection[str]:
        """Return what a column of a line may name: of its own source, if it names one."""
        own = self.technologies.get(getattr(row, "source", ""), ())
        return own if own and kind == "technology" else self.ids[kind]


def vocabulary(sectors: Sequence[Sector], catalogue: Catalogue) -> Vocabulary:
    """Return what tables may name, by the kind of thing.

    Parameters
    ----------
    sectors
        All sectors with their sources.
    catalogue
        All tables of measures.

    Returns
    -------
    Vocabulary
        Ids of each kind, and the technologies of each source.
    """
    of_source = {source.id: source.technologies for s in sectors for source in s.sources}
    return Vocabulary(
        {
            "sector": {sector.id for sector in sectors},
            "source": {*of_source},
            "technology": {AVOIDED, *(t for every in of_source.values() for t in every)},
            "control": {row.control for row in catalogue.controls.rows},
            "measure": {row.measure for row in catalogue.measures},
            "vehicle": {row.vehicle for row in catalogue.vehicles.rows},
        },
        of_source,
    )


def check_names_of_measures(catalogue: Catalogue, known: Vocabulary, problems: Problems) -> None:
    """Note sources, sectors and controls in the tables of measures that do not exist.

    Parameters
    ----------
    catalogue
        All tables of measures.
    known
        What may be named.
    problems
        Receives the faults.
    """
    tables = (catalogue.reach, catalogue.costs, catalogue.replacements, catalogue.checks)
    rows = [row for table in tables for row in table.rows]
    check_names([*rows, *catalogue.measures, *catalogue.applies], known, problems)


def check_names(rows: Iterable[Row], known: Vocabulary, problems: Problems) -> None:
    """Note names of things that there are not, in the columns that are declared to name some.

    Parameters
    ----------
    rows
        Lines of any tables; of cells of which something was told already nothing more is.
    known
        What may be named; a blank stands for all.
    problems
        Receives the faults.
    """
    told = {problem.place for problem in problems.found}
    for row in rows:
        for column, named in naming(type(row)).items():
            name, names = getattr(row, column), known.of(named.kind, row)
            if not name or name in names or (named.pattern and filter_names(names, name)):
                continue
            cell = row.place.cell(column)
            if cell not in told and row.place not in told:
                problems.add(
                    cell,
                    message("'{name}' is not a known {column}.", name=name, column=named.kind),
                    fix=closest(name, names),
                )


def doubt_controls(catalogue: Catalogue, regions: Path, problems: Problems) -> None:
    """Warn of controls that no measure brings and that no region has in place.

    Parameters
    ----------
    catalogue
        All tables of measures.
    regions
        Folder of all regions: what one of them does not have another may.
    problems
        Receives the doubts.
    """
    brought = {name for row in catalogue.applies for name in (row.control, row.replaces)}
    left = {row.control for row in catalogue.controls.rows} - brought
    if not left:
        return
    for path in sorted(regions.rglob(f"{ACTIVITY}/*{CSV}")):
        content = read_file(path, path.name, LARGEST_TABLE, Problems()) or b""
        left -= {name for name in left if name.encode() in content}
    known = {row.control for row in catalogue.controls.rows} - left
    _doubt([r for r in catalogue.controls.rows if r.control in left], "control", known, problems)


def doubt_labels(read: ReadScenario, known: Collection[str], problems: Problems) -> None:
    """Warn of labels that a scenario gives to ids which nothing has.

    Parameters
    ----------
    read
        The scenario.
    known
        Every id.
    problems
        Receives the doubts.
    """
    for name in read.scenario.labels:
        if without_kind(name) not in (*known, *read.left_out):
            problems.warn(
                read.place("labels", name),
                message("nothing is called '{name}' here.", name=name),
                fix=closest(name, known),
            )


def doubt_purchases(catalogue: Catalogue, problems: Problems) -> None:
    """Warn of prices of vehicles, or of kinds of them, that no measure buys or sells.

    Parameters
    ----------
    catalogue
        All tables of measures.
    problems
        Receives the doubts.
    """
    bought = catalogue.replacements.rows
    traded = {name for row in bought for name in (row.bought, row.instead_of)}
    _doubt(catalogue.vehicles.rows, "vehicle", {row.vehicle for row in bought}, problems)
    _doubt(catalogue.vehicles.rows, "technology", traded, problems)


def check_names_of_region(
    layers: Layers, sectors: Sequence[Sector], asked: Collection[str], problems: Problems
) -> None:
    """Warn of drivers and parameters of a region that nothing follows.

    Parameters
    ----------
    layers
        Tables of the region.
    sectors
        All sectors with their sources.
    asked
        Drivers that the scenario asks for by name.
    problems
        Receives the doubts.
    """
    followed = {source.driver for sector in sectors for source in sector.sources}
    drivers = {*followed, *asked, GDP, *map(driver_of, CARRIERS)}
    _doubt(layers.read("drivers", DriverRow).rows, "driver", drivers, problems)
    sources = {source.id for sector in sectors for source in sector.sources}
    parameters = {*DatedRow.plausible, *(f"{OUTPUT_PER}{source}" for source in sources)} - {""}
    _doubt(layers.read("region", DatedRow).rows, "parameter", parameters, problems)


def _doubt(
    rows: Iterable[QuantityRow], column: str, known: Collection[str], problems: Problems
) -> None:
    for name, row in {getattr(row, column): row for row in reversed(list(rows))}.items():
        if name not in known:
            problems.warn(
                row.place.cell(column),
                message("nothing uses {column} '{name}'.", column=column, name=name),
                fix=closest(name, known),
            )


def rows_unused(space: Space) -> list[Message]:
    """Return of each table of the region which rows are read and not used, a message each.

    Only of tables of which some rows are used: others hold what results are held against, or what
    another question asks for. Shared libraries hold more than one region needs.

    Parameters
    ----------
    space
        Numbers that are used, and tables that were read.

    Returns
    -------
    list
        None where every row is used.
    """
    used = {number.place for number in space.given}
    total = Counter(place.file for place in space.rows if _is_of_region(place.file))
    unused: dict[str, list[int]] = {file: [] for file in sorted(total)}
    for place in space.rows:
        if place.file in unused and place not in used:
            unused[place.file].append(place.line)
    return [
        message(
            "rows of {file} that take no part in this run: {n} of {all}, {lines}.",
            file=file,
            n=len(lines),
            all=total[file],
            lines=_lines(sorted(lines)),
        )
        for file, lines in unused.items()
        if 0 < len(lines) < total[file]
    ]


def _lines(lines: Sequence[int]) -> Message:
    """Return lines of a file, those that follow each other as from and to."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    named = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs[:MOST_LINES])
    if len(runs) > MOST_LINES:
        left = sum(b - a + 1 for a, b in runs[MOST_LINES:])
        return message("lines {lines} and {n} more", lines=named, n=left)
    return message("line {line}" if len(lines) == 1 else "lines {lines}", line=named, lines=named)


MOST_LINES = 8
"""Stretches of lines of a file that are named."""


def _is_of_region(file: str) -> bool:
    return PurePosixPath(file).parts[:2] == ("inputs", "regions")
