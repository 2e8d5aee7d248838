"""Run a sector on the tables of a region or on a few rows of one's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from lantian.errors import Problems
from lantian.inventory.contract import (
    ActivityRow,
    ParameterRow,
    Sector,
    SectorInputs,
    SectorModel,
    every_year,
)
from lantian.inventory.layers import Layers, find_layers
from lantian.inventory.region import DatedRow, counted
from lantian.inventory.sectors.on_road import SECTOR as ON_ROAD
from lantian.inventory.sources import read_sectors
from lantian.parameters import ONE, QuantityRow, QuantityTable, Space, locate, read_table
from lantian.parameters.series import of_year
from lantian.parameters.space import Array, Given, constant
from lantian.vocabulary import POLLUTANTS, Pollutant

ROOT = Path(__file__).parents[2]
YEARS = (2015, 2017, 2018, 2019, 2020)
BASE_YEAR = 2017
NUDGE = 1e-3
"""What is added to a number, in its own unit, to see what rests on it."""

Q = TypeVar("Q", bound=QuantityRow)
Tables = Mapping[str, Sequence[QuantityRow]]


@cache
def sectors() -> Mapping[str, Sector]:
    """All sectors by id, with the sources of the project's table."""
    problems = Problems()
    found = read_sectors(ROOT / "inputs", ROOT, problems)
    assert not problems.found
    return {sector.id: sector for sector in found}


def read(folder: Path, name: str, row: type[Q], problems: Problems) -> list[Q]:
    return read_table(locate(folder, name), row, problems, ROOT)


def inputs_of(
    sector: Sector,
    activity: Sequence[ActivityRow],
    factors: Tables,
    region: Tables,
    parameters: Sequence[ParameterRow] = (),
    years: tuple[int, ...] = YEARS,
    base_year: int = BASE_YEAR,
) -> SectorInputs:
    """Tables of one parameter vector, with drivers that stand still."""
    problems, space = Problems(), Space()

    def tables(given: Tables) -> dict[str, QuantityTable[QuantityRow]]:
        return {name: QuantityTable(name, rows, problems, space) for name, rows in given.items()}

    return SectorInputs(
        sector=sector,
        years=years,
        base_year=base_year,
        activity=QuantityTable(sector.id, activity, problems, space),
        factors=tables(factors),
        region=tables(region),
        parameters=QuantityTable("region", parameters, problems, space),
        drivers={s.driver: constant(ONE, len(years)) for s in sector.sources},
        problems=problems,
    )


def of_region(
    sector: Sector,
    name: str,
    years: tuple[int, ...] = YEARS,
    base_year: int = BASE_YEAR,
    parameters: Sequence[ParameterRow] | None = None,
) -> SectorInputs:
    """Inputs of a region with drivers that stand still; its own parameters if none are given."""
    problems = Problems()
    layers = find_layers(ROOT / "inputs", name, ROOT, problems, Space())
    if parameters is None:
        parameters = of_year(layers.read("region", DatedRow), ParameterRow, base_year).rows
    rows = layers.read(f"activity/{sector.id}", ActivityRow, optional=bool(sector.main_table))
    given = inputs_of(
        sector,
        counted(rows, base_year).rows,
        {
            n: read(ROOT / "inputs" / "factors", n, r, problems)
            for n, r in sector.factor_tables.items()
        },
        {n: layers.read(n, r).rows for n, r in sector.region_tables.items()},
        parameters,
        years,
        base_year,
    )
    given.problems.found.extend(problems.found)
    return _with_vehicles(layers, given) if sector.id == "dust" else given


def _with_vehicles(layers: Layers, given: SectorInputs) -> SectorInputs:
    """Inputs of road dust with the tables of the vehicles that it follows."""
    space, problems = given.activity.space, given.problems
    tables = {**ON_ROAD.region_tables, **ON_ROAD.optional_tables}
    region = {
        name: QuantityTable(name, layers.read(name, row, optional=True).rows, problems, space)
        for name, row in tables.items()
    }
    drivers = {s.driver: constant(ONE, len(given.years)) for s in ON_ROAD.sources}
    return with_traffic(replace(given, region=region, drivers={**given.drivers, **drivers}))


def with_traffic(given: SectorInputs) -> SectorInputs:
    """Inputs of road dust with the kilometres that their own tables of vehicles tell."""
    assert ON_ROAD.traffic is not None
    return replace(given, traffic=ON_ROAD.traffic(replace(given, sector=ON_ROAD)))


def tongzhou(sector: Sector, parameters: Sequence[ParameterRow] = ()) -> SectorInputs:
    """Inputs of Tongzhou with drivers that stand still and the parameters given."""
    return of_region(sector, "tongzhou", parameters=parameters)


def with_rows(inputs: SectorInputs, table: str, rows: Sequence[QuantityRow]) -> SectorInputs:
    """Return inputs with other rows in one of their factor tables."""
    new = QuantityTable(table, rows, inputs.problems, inputs.factors[table].space)
    return replace(inputs, factors={**inputs.factors, table: new})


@dataclass(frozen=True)
class Central:
    """What a sector gives at central values, every pollutant on the pollutant axis.

    ``activity`` has dims (state, year), ``emission_factor`` (state, pollutant, year) and
    ``recent`` (state, since, year).
    """

    source: tuple[str, ...]
    technology: tuple[str, ...]
    controls: tuple[tuple[str, ...], ...]
    activity: Array
    emission_factor: Array
    recent: Array


def at_central(sector: Sector, inputs: SectorInputs) -> Central:
    """Declare a sector and evaluate it at central values."""
    return central(sector.declare(inputs), inputs)


def central(model: SectorModel, inputs: SectorInputs) -> Central:
    """Evaluate what a sector declared at central values."""
    block = model.block(inputs.activity.space.central(), every_year(len(inputs.years)))
    states, years = len(model.states), len(inputs.years)
    factor = np.zeros((states, len(POLLUTANTS), years))
    factor[:, model.pollutants] = block.factor[model.states.of_kind(model.kinds), ..., 0]
    recent = np.zeros((states, years, years)) if block.recent is None else block.recent[..., 0]
    names = model.states
    return Central(
        names.source, names.technology, names.controls, block.activity[..., 0], factor, recent
    )


def behind(inputs: SectorInputs, result: Callable[[Array], Array]) -> list[Given]:
    """Rows on which an array rests, its last axis the sample: it moves if they do, from 0 too."""
    space = inputs.activity.space
    theta = space.central()
    moved = np.repeat(theta, len(space.given), axis=1)
    first = len(space) - len(space.given)
    moved[np.arange(first, len(space)), np.arange(len(space.given))] += NUDGE
    changed = (result(moved) != result(theta)).reshape(-1, len(space.given)).any(axis=0)
    return [space.given[i] for i in np.flatnonzero(changed)]


def of_state(model: SectorModel, theta: Array, state: int, pollutant: Pollutant) -> Array:
    """Activity and factor of a state in every year, dims (2, year, sample)."""
    block = model.block(theta, every_year(len(YEARS)))
    kind = model.states.of_kind(model.kinds)[state]
    p = model.pollutants.tolist().index(POLLUTANTS.index(pollutant))
    return np.stack(np.broadcast_arrays(block.activity[state], block.factor[kind, p]))


def number(row: type[Q], value: float, unit: str, **keys: object) -> Q:
    """One row of a table, published and without a range."""
    return row.model_validate(
        {
            "value": value,
            "unit": unit,
            "low": value,
            "high": value,
            "basis": "published",
            "source_key": "test",
            **keys,
        }
    )


def activity(source: str, technology: str, unit: str, *amounts: float) -> list[ActivityRow]:
    """Rows of 2015 and 2017."""
    return [
        number(ActivityRow, a, unit, source=source, technology=technology, year=y)
        for y, a in zip((2015, 2017), amounts, strict=True)
    ]


def emission(block: Central, pollutant: Pollutant, year: int, source: str = "") -> float:
    """Emission [t] before controls, of one source or of all."""
    y = YEARS.index(year)
    chosen = [s for s, name in enumerate(block.source) if not source or name == source]
    factor = block.emission_factor[chosen, POLLUTANTS.index(pollutant), y]
    return float(block.activity[chosen, y] @ factor)


def outside_bands(sector: Sector, block: Central) -> list[str]:
    """Non-zero factors outside the plausible band of their source, or without a band."""
    found = []
    for s, source in enumerate(block.source):
        for pollutant in sector.pollutants:
            factors = block.emission_factor[s, POLLUTANTS.index(pollutant)]
            low, high = sector.source(source).bands.get(pollutant, (0.0, 0.0))
            if np.any((factors != 0) & ((factors < low) | (factors > high))):
                found.append(f"{source} / {block.technology[s]} / {pollutant}")
    return found
