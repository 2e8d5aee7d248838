"""A region's folder of tables -> the states of every sector."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lantian.errors import Place, Problems, closest
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import (
    ActivityRow,
    Block,
    Elsewhere,
    NoStates,
    ParameterRow,
    Sector,
    SectorInputs,
    SectorModel,
    Start,
    Traffic,
    Window,
    every_year,
)
from lantian.inventory.layers import ACTIVITY, Layers, check_names, find_layers
from lantian.inventory.plausible import check_per_head
from lantian.inventory.sources import read_sectors
from lantian.language import Listed, Message, message
from lantian.parameters import (
    MISSING,
    NOT_NEGATIVE,
    CalendarYear,
    Numbers,
    QuantityRow,
    QuantityTable,
    Space,
    declared,
    locate,
    read_quantities,
)
from lantian.parameters.series import by_series, fill, filled_numbers, of_year
from lantian.parameters.space import constant
from lantian.vocabulary import POLLUTANTS

NO_TABLE = "sectors without a table in this region emit nothing: {names}."
COUNTED_LATER = (
    "sources that are counted only after {year} are not part of this inventory: {names}."
)
"""What is told of a region that leaves something out."""


class DatedRow(ParameterRow):
    """A line of ``region.csv``; a blank year holds for all years."""

    year: CalendarYear | None = None


class DriverRow(QuantityRow):
    """A line of ``drivers.csv``: the level of a driver in a year [any unit; only ratios count]."""

    plausible = declared(
        {
            "": NOT_NEGATIVE,
        }
    )
    driver: str
    year: CalendarYear


@dataclass(frozen=True)
class Region:
    """The states of all sectors of a region, in the order of the sectors.

    ``areas`` is empty where the region is not divided; ``warnings`` tell what was filled in.
    """

    layers: Layers
    models: tuple[tuple[Sector, SectorModel], ...]
    parameters: QuantityTable[ParameterRow]
    areas: tuple[AreaRow, ...] = ()
    warnings: tuple[Message, ...] = ()


NO_STARTS: Mapping[str, Start] = MappingProxyType({})


def read_region(
    inputs: Path,
    name: str,
    years: tuple[int, ...],
    *,
    base_year: int,
    root: Path,
    problems: Problems,
    space: Space,
    others: Iterable[str] = (),
    starts: Mapping[str, Start] = NO_STARTS,
) -> Region:
    """Read a region's tables and ``inputs/factors`` and declare every sector.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    name
        Name of the region: see :func:`~lantian.inventory.layers.find_layers`.
    years, base_year
        Years of the model, ascending, and the last one with activity rows of its own.
    root
        Places are told relative to this folder.
    problems
        Receives every problem; implausible numbers alone do not raise here.
    space
        Receives the numbers that are taken.
    others
        Names of tables in its folder that are read elsewhere.
    starts
        What another scenario leaves to each sector, if this one starts from it.

    Returns
    -------
    Region
        States of all sectors.

    Raises
    ------
    InputError
        If there is no such region, or a table cannot be read; sectors whose own tables are sound
        are declared all the same, so that their problems are told with the rest.
    """
    told = len(problems.found)
    layers = find_layers(inputs, name, root, problems, space)
    sectors = read_sectors(inputs, root, problems)
    _check_names(layers, sectors, others)
    dated = layers.read("region", DatedRow)
    parameters = of_year(dated, ParameterRow, base_year)
    areas = layers.read("areas", AreaRow, optional=True)
    filled: dict[tuple[int, ...], list[str]] = {}
    held: dict[int, list[str]] = {}
    with space.owned_by("drivers"):
        drivers = drivers_of(layers.read("drivers", DriverRow), years, filled, held)
    shared_fault = len(problems.found) > told
    tables: dict[str, SectorInputs] = {}
    sound: list[Sector] = []
    for sector in (s for s in sectors if layers.has_lines(_main_table(s))):
        before = len(problems.found)
        given = _sector_inputs(
            layers,
            inputs / "factors",
            sector,
            years=years,
            base_year=base_year,
            parameters=parameters,
            drivers=drivers,
        )
        tables[sector.id] = replace(given, start=starts.get(sector.id))
        _check_own_names(given, problems)
        if len(problems.found) == before:
            sound.append(sector)
        check_per_head(_amounts(given), dated.select(parameter=POPULATION), problems)
    _doubt_unread(layers, sectors, tables, problems)
    missing_driver = len(problems.found)
    _check_drivers(sectors, tables, drivers, layers.place("drivers"), problems)
    if shared_fault or len(problems.found) > missing_driver:
        problems.stop_if_any()
    if any(s.traffic is not None and s.id in tables and s not in sound for s in sectors):
        # What is wrong with the vehicles is told; what follows them cannot be judged.
        sound = [s for s in sound if not _follows_traffic(s)]
    models, traffic = _declared(sound, tables, space)
    problems.stop_if_any(beyond=told)
    window = every_year(len(years))
    for sector, model in models:
        check_block(sector, model, space, window, problems)
    warnings = (
        *_absent_sectors(sectors, tables),
        *_late_sources(layers, tables, base_year),
        *_without_traffic(sound, traffic),
        *filled_numbers(parameters, base_year),
        *_filled_drivers(filled, len(drivers)),
        *_held_drivers(held, base_year, years[-1], len(drivers)),
    )
    return Region(layers, _with_absent(sectors, models), parameters, tuple(areas.rows), warnings)


def _declared(
    sectors: Sequence[Sector], tables: Mapping[str, SectorInputs], space: Space
) -> tuple[list[tuple[Sector, SectorModel]], Traffic | None]:
    """Declare sectors; what drives where is declared first, and comes with them."""
    counted = _elsewhere(sectors, tables, space)
    tables = {name: replace(given, elsewhere=counted) for name, given in tables.items()}
    traffic, models = _traffic(sectors, tables, space), []
    for sector in sectors:
        with space.owned_by(sector.id):
            models.append((sector, sector.declare(replace(tables[sector.id], traffic=traffic))))
    return models, traffic


def _elsewhere(
    sectors: Sequence[Sector], tables: Mapping[str, SectorInputs], space: Space
) -> Elsewhere | None:
    """Return the kilometres of the fleet that a sector counts as something else."""
    for sector in sectors:
        if sector.elsewhere is not None:
            with space.owned_by(sector.id):
                return sector.elsewhere(tables[sector.id])
    return None


def _traffic(
    sectors: Sequence[Sector], tables: Mapping[str, SectorInputs], space: Space
) -> Traffic | None:
    """Return the kilometres by road, where a sector of the region tells them."""
    for sector in sectors:
        if sector.traffic is not None:
            # Also those that are at fault: it is told, and their roads are roads.
            _check_roads([given.sector for given in tables.values()], tables[sector.id])
            with space.owned_by(sector.id):
                return sector.traffic(tables[sector.id])
    return None


def _follows_traffic(sector: Sector) -> bool:
    return any(source.unit == KILOMETRES for source in sector.sources)


def _check_roads(sectors: Sequence[Sector], given: SectorInputs) -> None:
    """Note roads that no sector counts the dust of."""
    known = [o.id for s in sectors for o in s.sources if o.unit == KILOMETRES]
    for row in (row for name in given.sector.optional_tables for row in given.region[name].rows):
        road = getattr(row, "road", "")
        if road and road not in known:
            given.problems.add(
                row.place.cell("road"),
                message("'{name}' is no road.", name=road),
                fix=closest(road, known),
            )


def _without_traffic(sectors: Sequence[Sector], traffic: Traffic | None) -> list[Message]:
    """Tell that exhaust and road dust do not share one traffic, where both are counted."""
    moving = any(s.traffic is not None for s in sectors)
    dusty = any(_follows_traffic(s) for s in sectors)
    if traffic is not None or not (moving and dusty):
        return []
    return [
        message(
            "without a table 'traffic' all vehicles drive at one speed, and road dust does not "
            "follow the vehicles."
        )
    ]


def _doubt_unread(
    layers: Layers, sectors: Sequence[Sector], read: Collection[str], problems: Problems
) -> None:
    """Warn of a region's own tables that are not read, as the table of their sector is missing."""
    present = [s for s in sectors if s.id in read]
    used = {name for s in present for name in (*s.region_tables, *s.optional_tables)}
    for sector in (s for s in sectors if s.id not in read):
        main = _main_table(sector)
        for name in {*sector.region_tables, *sector.optional_tables} - {*used, main}:
            if layers.has_lines(name, own=True):
                problems.warn(
                    layers.place(name),
                    message(
                        "nothing is read from it: the region has no rows in '{name}'.", name=main
                    ),
                )


def _check_own_names(given: SectorInputs, problems: Problems) -> None:
    """Note rows of a sector's factors and further tables on a source or technology it has not."""
    sources = {source.id for source in given.sector.sources}
    technologies = {t for source in given.sector.sources for t in source.technologies}
    known = {"source": sources, "technology": technologies}
    tables = [*given.factors.values(), *given.region.values()]
    for row in (row for table in tables for row in table.rows):
        for column, names in known.items():
            name = getattr(row, column, "")
            if name and name not in names:
                problems.add(
                    row.place.cell(column),
                    message(
                        "'{name}' is not a {column} of sector '{sector}'.",
                        name=name,
                        column=column,
                        sector=given.sector.id,
                    ),
                    fix=closest(name, names),
                )


KILOMETRES = "vehicle*km"
"""Unit of sources that follow the traffic."""
POPULATION = "population"
"""Parameter of ``region.csv``: inhabitants."""
STOCK = "stock"
"""Parameter of a fleet: vehicles."""


def _amounts(given: SectorInputs) -> list[QuantityRow]:
    """Return activity and stocks of a sector's sources."""
    stocks = [
        row
        for table in given.region.values()
        for row in table.rows
        if getattr(row, "parameter", "") == STOCK
    ]
    return [*given.activity.rows, *stocks]


def _main_table(sector: Sector) -> str:
    """Return the table without which a region has none of a sector."""
    return sector.main_table or f"{ACTIVITY}/{sector.id}"


def _with_absent(
    sectors: Sequence[Sector],
    models: Sequence[tuple[Sector, SectorModel]],
) -> tuple[tuple[Sector, SectorModel], ...]:
    """Return all sectors in their order; those without a table are known and emit nothing."""
    known = {sector.id: model for sector, model in models}
    return tuple((sector, known.get(sector.id, NoStates())) for sector in sectors)


def _absent_sectors(sectors: Sequence[Sector], tables: Mapping[str, SectorInputs]) -> list[Message]:
    absent = [s.id for s in sectors if s.id not in tables and not s.another_way]
    if not absent:
        return []
    return [message(NO_TABLE, names=Listed(absent))]


def counted(table: QuantityTable[ActivityRow], base_year: int) -> QuantityTable[ActivityRow]:
    """Return the rows of sources that are counted in the base year or before.

    Parameters
    ----------
    table
        Activity of a sector.
    base_year
        Last year of the inventory. What is counted only later is not part of it.

    Returns
    -------
    QuantityTable
        All rows of these sources.
    """
    known = {row.source for row in table.rows if row.year <= base_year}
    rows = [row for row in table.rows if row.source in known]
    return table.of(rows)


def _late_sources(
    layers: Layers, tables: Mapping[str, SectorInputs], base_year: int
) -> list[Message]:
    """Tell which sources have rows of later years only."""
    late = {
        row.source
        for name in tables
        for row in layers.read(f"{ACTIVITY}/{name}", ActivityRow, optional=True).rows
    } - {row.source for given in tables.values() for row in given.activity.rows}
    if not late:
        return []
    return [message(COUNTED_LATER, year=base_year, names=Listed(sorted(late)))]


def _check_names(layers: Layers, sectors: Sequence[Sector], others: Iterable[str]) -> None:
    own = {name for s in sectors for name in (*s.region_tables, *s.optional_tables)}
    tables = {"region", "areas", "drivers", *others, *own}
    check_names(layers, tables, {s.id for s in sectors if not s.main_table})


def _sector_inputs(
    layers: Layers,
    shared: Path,
    sector: Sector,
    *,
    years: tuple[int, ...],
    base_year: int,
    parameters: QuantityTable[ParameterRow],
    drivers: Mapping[str, Numbers],
) -> SectorInputs:
    factors, own, problems = sector.factor_tables, sector.region_tables, layers.problems
    optional = sector.optional_tables
    rows = layers.read(f"{ACTIVITY}/{sector.id}", ActivityRow, bool(sector.main_table))
    return SectorInputs(
        sector,
        years,
        base_year,
        counted(rows, base_year),
        {
            name: read_quantities(
                locate(shared, name), row, problems, layers.root, space=layers.space
            )
            for name, row in factors.items()
        },
        {name: layers.read(name, row) for name, row in own.items()}
        | {name: layers.read(name, row, optional=True) for name, row in optional.items()},
        parameters,
        drivers,
        problems,
    )


def drivers_of(
    table: QuantityTable[DriverRow],
    years: tuple[int, ...],
    filled: dict[tuple[int, ...], list[str]],
    held: dict[int, list[str]],
) -> dict[str, Numbers]:
    """Return the level of every driver.

    Parameters
    ----------
    table
        ``drivers.csv``.
    years
        Years of the run.
    filled
        Receives the drivers by the years between their rows for which they have none.
    held
        Receives the drivers that end before the run does, by the year of their last row.

    Returns
    -------
    dict
        Driver -> its level [unit of its first row], dims (year,).
    """
    result = {}
    for (name,), rows in by_series(table.rows).items():
        filling = fill([row.year for row in rows], years)
        if filling is None:
            if not table.lacks_lines_of(driver=name):
                _note_late(name, rows[0], years, table.problems)
            result[name] = constant(MISSING, len(years))
            continue
        result[name] = filling.numbers([table.taken(row, rows[0].unit) for row in rows])
        levels = result[name](table.space.central())
        if not (np.isnan(levels).any() or (levels > 0).all()):
            table.problems.add(
                rows[0].place.cell("value"),
                message("driver '{name}' must be positive in every year.", name=name),
            )
        last = rows[-1].year
        between = tuple(year for year in filling.filled if year < last)
        if between:
            filled.setdefault(between, []).append(name)
        if last < years[-1]:
            held.setdefault(last, []).append(name)
    return result


def _note_late(name: str, first: DriverRow, years: tuple[int, ...], problems: Problems) -> None:
    problems.add(
        first.place.cell("year"),
        message(
            "driver '{name}' begins in {first}, and the run in {year}.",
            name=name,
            first=first.year,
            year=years[0],
        ),
        fix=message("Add a row of {year} or earlier.", year=years[0]),
    )


def _filled_drivers(filled: Mapping[tuple[int, ...], list[str]], all_of: int) -> list[Message]:
    return [
        message(
            "drivers without rows of {years}, which follow from their other years: {names}.",
            years=_span(years),
            names=_few(names, all_of),
        )
        for years, names in filled.items()
    ]


def _span(years: Sequence[int]) -> str:
    """Return years as text, those that follow each other by their first and last."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}-{years[-1]}"
    return ", ".join(map(str, years))


FEW = 8
"""Names that a line has room for; of more their number is told, and their table has them."""


def _few(names: Sequence[str], all_of: int) -> str | Message:
    if len(names) <= FEW:
        return ", ".join(names)
    return message("{n} of {all}", n=len(names), all=all_of)


def _held_drivers(
    held: Mapping[int, Sequence[str]], base_year: int, last_year: int, all_of: int
) -> list[Message]:
    """Tell once which drivers stay as they are, and which stop before the inventory is reached."""
    return [
        message(
            "drivers without rows after {last}, before the base year {base}: what follows them is"
            " as in {last}; add rows: {names}.",
            last=last,
            base=base_year,
            names=_few(names, all_of),
        )
        if last < base_year
        else message(
            "drivers without rows after {last}, which stay as they are then until {end}: {names}.",
            last=last,
            end=last_year,
            names=_few(names, all_of),
        )
        for last, names in sorted(held.items())
    ]


def _check_drivers(
    sectors: Sequence[Sector],
    tables: Mapping[str, SectorInputs],
    drivers: Mapping[str, Numbers],
    place: Place,
    problems: Problems,
) -> None:
    """Note drivers that are missing; a source without any row needs none.

    A sector without an activity table has states of all its sources.
    """
    for sector in (s for s in sectors if s.id in tables):
        used = {row.source for row in tables[sector.id].activity.rows}
        for source in sector.sources:
            needed = source.id in used or bool(sector.main_table)
            if needed and source.driver not in drivers:
                problems.add(
                    place,
                    message(
                        "no driver '{driver}', which source '{source}' follows.",
                        driver=source.driver,
                        source=source.id,
                    ),
                    fix=closest(source.driver, drivers),
                )


def check_block(
    sector: Sector, model: SectorModel, space: Space, window: Window, problems: Problems
) -> None:
    """Note negative or missing numbers and factors outside the plausible bands of a sector.

    Judged are the central values: samples may lie beyond the bands where ranges do.

    Parameters
    ----------
    sector
        Its sources hold the bands [t/source unit].
    model
        What the sector declared.
    space
        Holds the numbers.
    window
        All years of the model.
    problems
        Receives what is wrong, at the row of the factor where there is one.
    """
    theta, place = space.central(), Place(f"sector {sector.id}")
    with np.errstate(divide="ignore", invalid="ignore"):  # what is no number is told
        block = model.block(theta, window)
    if _is_undone(block).any() and _tell_zeros(sector, model, space, window, problems):
        return
    activity, factor = block.activity[..., 0], block.factor[..., 0]
    kind_of = model.states.of_kind(model.kinds)
    for s, k in enumerate(kind_of):
        source, technology = model.kinds[k]
        name = f"{source} / {technology}"
        if not np.isfinite(activity[s]).all() or not np.isfinite(factor[k]).all():
            problems.add(place, message("'{name}' is not a number.", name=name))
            continue
        if (activity[s] < 0).any() or (factor[k] < 0).any():
            problems.add(place, message("'{name}' is negative.", name=name))
        for pollutant, (low, high) in sector.source(source).bands.items():
            p = model.pollutants.tolist().index(POLLUTANTS.index(pollutant))
            values = factor[k, p]
            outside = values[(values != 0) & ((values < low) | (values > high))]
            if len(outside):
                problems.add(
                    _factor_place(model, space, window, k, p) or place,
                    message(
                        "{pollutant} of '{name}' is {value} t per {unit}.",
                        pollutant=pollutant,
                        name=name,
                        value=f"{outside[0]:.4g}",
                        unit=sector.source(source).unit,
                    ),
                    message("Plausible: {low} to {high}.", low=f"{low:g}", high=f"{high:g}"),
                    message("Check the unit of its factor (a slip of 1000 is common)."),
                )


def _is_undone(block: Block) -> NDArray[np.bool_]:
    """Tell in which samples something is not a number, dims (sample,)."""
    parts = (block.activity, block.factor)
    return np.asarray(
        sum((~np.isfinite(p)).reshape(-1, p.shape[-1]).sum(axis=0) for p in parts), dtype=bool
    )


def _tell_zeros(
    sector: Sector, model: SectorModel, space: Space, window: Window, problems: Problems
) -> bool:
    """Note each number whose 0 alone leaves a sector no numbers; tell whether there is one.

    What a scenario sets to 0 is told where it does.
    """
    theta = space.central()
    first = len(theta) - len(space.given)
    zeros = first + np.flatnonzero(theta[first:, 0] == 0.0)
    moved = np.repeat(theta, len(zeros) + 1, axis=1)  # all but one are something, in the last all
    moved[zeros] = NUDGE
    moved[zeros, np.arange(len(zeros))] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        undone = _is_undone(model.block(moved, window))
    at_fault = undone[:-1] & ~undone[-1]
    for slot in zeros[at_fault].tolist():
        number = space.given[slot - first]
        problems.add(
            space.changes.place_of(number),
            message(
                "where this is 0, sector '{sector}' cannot be computed.",
                sector=sector.id,
            ),
        )
    return bool(at_fault.any())


NUDGE = 1e-3
"""Relative change of a number by which it is found out what rests on it."""


def _factor_place(
    model: SectorModel, space: Space, window: Window, kind: int, pollutant: int
) -> Place | None:
    """Return the row that a factor rests on: the first that names a pollutant, or the first."""
    theta = space.central()
    first = len(theta) - len(space.given)
    moved = np.repeat(theta, len(space.given), axis=1)
    moved[np.arange(first, len(theta)), np.arange(len(space.given))] *= 1.0 + NUDGE
    factor = model.factors(moved, window)[kind, pollutant]
    central = model.factors(theta, window)[kind, pollutant]
    rests = [space.given[i] for i in np.flatnonzero((factor != central).any(axis=0))]
    named = [number for number in rests if hasattr(number, "pollutant")]
    return next((number.place.cell("value") for number in (*named, *rests)), None)
