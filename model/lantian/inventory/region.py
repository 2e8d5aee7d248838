"""A region's folder of tables -> the states of every sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from lantian.errors import Place, Problems, closest
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import (
    ActivityRow,
    ParameterRow,
    Sector,
    SectorInputs,
    SectorModel,
    Window,
    every_year,
)
from lantian.inventory.sectors import registered
from lantian.language import message
from lantian.parameters import (
    Numbers,
    QuantityRow,
    QuantityTable,
    Space,
    locate,
    read_quantities,
    shown_path,
)
from lantian.vocabulary import POLLUTANTS

Q = TypeVar("Q", bound=QuantityRow)


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
    models: tuple[tuple[Sector, SectorModel], ...]
    parameters: QuantityTable[ParameterRow]
    areas: tuple[AreaRow, ...] = ()


@dataclass(frozen=True)
class _Folders:
    """Where the tables of a region lie, and where to note what is wrong with them."""

    inputs: Path
    region: Path
    root: Path
    problems: Problems
    space: Space

    def read(
        self, folder: Path, name: str, row: type[Q], optional: bool = False
    ) -> QuantityTable[Q]:
        return read_quantities(
            locate(folder, name), row, self.problems, self.root, optional, self.space
        )


def read_region(
    inputs: Path,
    name: str,
    years: tuple[int, ...],
    base_year: int,
    root: Path,
    problems: Problems,
    space: Space,
) -> Region:
    """Read ``inputs/regions/<name>`` and ``inputs/factors`` and declare every sector.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    name
        Name of the region's folder.
    years, base_year
        Years of the model, ascending, and the last one with activity rows of its own.
    root
        Places are told relative to this folder.
    problems
        Receives every problem; implausible numbers alone do not raise here.
    space
        Receives the numbers that are taken.

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
    at = _Folders(inputs, inputs / "regions" / name, root, problems, space)
    _require_region(at, name)
    parameters = at.read(at.region, "region", ParameterRow)
    areas = at.read(at.region, "areas", AreaRow, optional=True)
    drivers = _drivers(at.read(at.region, "drivers", DriverRow), years)
    shared_fault = len(problems.found) > told
    tables: dict[str, SectorInputs] = {}
    sound: list[Sector] = []
    for sector in registered():
        before = len(problems.found)
        tables[sector.id] = _sector_inputs(at, sector, years, base_year, parameters, drivers)
        if len(problems.found) == before:
            sound.append(sector)
    missing_driver = len(problems.found)
    _check_drivers(tables, drivers, Place(shown_path(at.region / "drivers.csv", root)), problems)
    if shared_fault or len(problems.found) > missing_driver:
        problems.stop_if_any()
    models = []
    for sector in sound:
        with space.owned_by(sector.id):
            models.append((sector, sector.declare(tables[sector.id])))
    problems.stop_if_any(beyond=told)
    window = every_year(len(years))
    for sector, model in models:
        check_block(sector, model, space, window, problems)
    return Region(name, tuple(models), parameters, tuple(areas.rows))


def _require_region(at: _Folders, name: str) -> None:
    if not at.region.is_dir():
        known = [p.name for p in (at.inputs / "regions").iterdir() if p.is_dir()]
        told = len(at.problems.found)
        at.problems.add(
            Place(shown_path(at.region, at.root)),
            message("there is no region '{name}'.", name=name),
            fix=closest(name, known),
        )
        at.problems.stop_if_any(beyond=told)


def _sector_inputs(
    at: _Folders,
    sector: Sector,
    years: tuple[int, ...],
    base_year: int,
    parameters: QuantityTable[ParameterRow],
    drivers: Mapping[str, Numbers],
) -> SectorInputs:
    factors, own = sector.factor_tables, sector.region_tables
    return SectorInputs(
        years,
        base_year,
        at.read(at.region / "activity", sector.id, ActivityRow),
        {table: at.read(at.inputs / "factors", table, row) for table, row in factors.items()},
        {table: at.read(at.region, table, row) for table, row in own.items()},
        parameters,
        drivers,
        at.problems,
    )


def _drivers(table: QuantityTable[DriverRow], years: tuple[int, ...]) -> dict[str, Numbers]:
    """Return the level of every driver [its own unit], dims (year,)."""
    result = {}
    for name in dict.fromkeys(row.driver for row in table.rows):
        first = table.select(driver=name)[0]
        result[name] = table.numbers(first.unit, driver=name, year=years)
        levels = result[name](table.space.central())
        if not (np.isnan(levels).any() or (levels > 0).all()):
            table.problems.add(
                first.place, message("driver '{name}' must be positive in every year.", name=name)
            )
    return result


def _check_drivers(
    tables: Mapping[str, SectorInputs],
    drivers: Mapping[str, Numbers],
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
    theta = space.central()
    block, place = model.block(theta, window), Place(f"sector {sector.id}")
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
    return next((number.place for number in (*named, *rests)), None)
