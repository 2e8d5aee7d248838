"""A region's folder of tables -> the states of every sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.sectors import registered
from lantian.sectors.areas import AreaRow
from lantian.sectors.contract import (
    ActivityRow,
    Array,
    ParameterRow,
    Sector,
    SectorBlock,
    SectorInputs,
)
from lantian.tables import QuantityRow, QuantityTable, locate, read_quantities, shown_path
from lantian.vocabulary import POLLUTANTS


class DriverRow(QuantityRow):
    """A line of ``drivers.csv``: the level of a driver in a year [any unit; only ratios count]."""

    driver: str
    year: int


@dataclass(frozen=True)
class Region:
    """The states of all sectors of a region, in the order of the sectors.

    ``areas`` is empty where the region is not divided.
    """

    name: str
    blocks: tuple[tuple[Sector, SectorBlock], ...]
    parameters: QuantityTable[ParameterRow]
    areas: tuple[AreaRow, ...] = ()


def read_region(
    inputs: Path,
    name: str,
    years: tuple[int, ...],
    base_year: int,
    root: Path,
    problems: Problems,
) -> Region:
    """Read ``inputs/regions/<name>`` and ``inputs/factors`` and build every sector.

    Raises
    ------
    InputError
        If there is no such region, or a table cannot be read; sectors whose own tables are sound
        are built all the same, so that their problems are told with the rest.
    """
    told = len(problems.found)
    folder = inputs / "regions" / name
    if not folder.is_dir():
        known = [p.name for p in (inputs / "regions").iterdir() if p.is_dir()]
        problems.add(
            Place(shown_path(folder, root)),
            message("there is no region '{name}'.", name=name),
            fix=closest(name, known),
        )
        problems.stop_if_any(beyond=told)
    parameters = read_quantities(locate(folder, "region"), ParameterRow, problems, root)
    areas = read_quantities(locate(folder, "areas"), AreaRow, problems, root, optional=True)
    drivers = _drivers(
        read_quantities(locate(folder, "drivers"), DriverRow, problems, root),
        years,
        base_year,
        problems,
    )
    shared_fault = len(problems.found) > told
    tables: dict[str, SectorInputs] = {}
    sound: list[Sector] = []
    for sector in registered():
        before = len(problems.found)
        tables[sector.id] = SectorInputs(
            years,
            base_year,
            read_quantities(locate(folder / "activity", sector.id), ActivityRow, problems, root),
            {
                t: read_quantities(locate(inputs / "factors", t), row, problems, root)
                for t, row in sector.factor_tables.items()
            },
            {
                t: read_quantities(locate(folder, t), row, problems, root)
                for t, row in sector.region_tables.items()
            },
            parameters,
            drivers,
            problems,
        )
        if len(problems.found) == before:
            sound.append(sector)
    missing_driver = len(problems.found)
    _check_drivers(tables, drivers, Place(shown_path(folder / "drivers.csv", root)), problems)
    if shared_fault or len(problems.found) > missing_driver:
        problems.stop_if_any()
    blocks = tuple((sector, sector.build(tables[sector.id])) for sector in sound)
    problems.stop_if_any(beyond=told)
    for sector, block in blocks:
        check_block(sector, block, years, problems)
    return Region(name, blocks, parameters, tuple(areas.rows))


def _drivers(
    table: QuantityTable[DriverRow], years: tuple[int, ...], base_year: int, problems: Problems
) -> dict[str, Array]:
    """Return the index of every driver, 1 in the base year, dims (year,)."""
    result = {}
    for name in dict.fromkeys(row.driver for row in table.rows):
        series = np.array(
            [table.value(table.select(driver=name)[0].unit, driver=name, year=y) for y in years]
        )
        base = series[years.index(base_year)]
        if not (np.isnan(series).any() or (series > 0).all()):
            problems.add(
                table.select(driver=name)[0].place,
                message("driver '{name}' must be positive in every year.", name=name),
            )
        result[name] = series / base
    return result


def _check_drivers(
    tables: Mapping[str, SectorInputs],
    drivers: Mapping[str, Array],
    place: Place,
    problems: Problems,
) -> None:
    """Note drivers that are missing; a source without any row needs none.

    Sectors with tables of their own may have states without activity rows: theirs are all needed.
    """
    for sector in registered():
        used = {row.source for row in tables[sector.id].activity.rows}
        for source in sector.sources:
            needed = source.id in used or (not used and bool(sector.region_tables))
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
    sector: Sector, block: SectorBlock, years: tuple[int, ...], problems: Problems
) -> None:
    """Note negative or missing numbers and factors outside the plausible bands of a sector."""
    place = Place(f"sector {sector.id}")
    for s, (source, technology) in enumerate(zip(block.source, block.technology, strict=True)):
        name = f"{source} / {technology}"
        activity, factor = block.activity[s], block.emission_factor[s]
        if not np.isfinite(activity).all() or not np.isfinite(factor).all():
            problems.add(place, message("'{name}' is not a number.", name=name))
            continue
        if (activity < 0).any() or (factor < 0).any():
            problems.add(place, message("'{name}' is negative.", name=name))
        for pollutant, (low, high) in sector.source(source).bands.items():
            values = factor[POLLUTANTS.index(pollutant)]
            outside = values[(values != 0) & ((values < low) | (values > high))]
            if len(outside):
                problems.add(
                    _factor_place(block, s, pollutant) or place,
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


def _factor_place(block: SectorBlock, state: int, pollutant: str) -> Place | None:
    """Return the row that a factor rests on, if just one number stands out as its own."""
    rows = [
        use.row
        for use in block.uses
        if state in use.states
        and pollutant in use.pollutants
        and not isinstance(use.row, ActivityRow)
    ]
    return rows[0].place if rows else None
