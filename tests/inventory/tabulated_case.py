"""Run a sector on the tables of Tongzhou or on a few rows of one's own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from lantian.errors import Problems
from lantian.inventory.contract import ActivityRow, Sector, SectorBlock, SectorInputs
from lantian.parameters import QuantityRow, QuantityTable, locate, read_table
from lantian.vocabulary import POLLUTANTS, Pollutant

ROOT = Path(__file__).parents[2]
REGION = ROOT / "inputs" / "regions" / "tongzhou"
YEARS = (2015, 2017, 2018, 2019, 2020)

Q = TypeVar("Q", bound=QuantityRow)
Tables = Mapping[str, Sequence[QuantityRow]]


def read(folder: Path, name: str, row: type[Q], problems: Problems) -> list[Q]:
    return read_table(locate(folder, name), row, problems, ROOT)


def inputs_of(
    sector: Sector, activity: Sequence[ActivityRow], factors: Tables, region: Tables
) -> SectorInputs:
    problems = Problems()

    def tables(given: Tables) -> dict[str, QuantityTable[QuantityRow]]:
        return {name: QuantityTable(name, rows, problems) for name, rows in given.items()}

    return SectorInputs(
        years=YEARS,
        base_year=2017,
        activity=QuantityTable(sector.id, activity, problems),
        factors=tables(factors),
        region=tables(region),
        parameters=QuantityTable("region", [], problems),
        drivers={s.driver: np.ones(len(YEARS)) for s in sector.sources},
        problems=problems,
    )


def tongzhou(sector: Sector) -> SectorInputs:
    """Inputs of Tongzhou with drivers that stand still."""
    problems = Problems()
    given = inputs_of(
        sector,
        read(REGION / "activity", sector.id, ActivityRow, problems),
        {
            n: read(ROOT / "inputs" / "factors", n, r, problems)
            for n, r in sector.factor_tables.items()
        },
        {n: read(REGION, n, r, problems) for n, r in sector.region_tables.items()},
    )
    given.problems.found.extend(problems.found)
    return given


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


def emission(block: SectorBlock, pollutant: Pollutant, year: int, source: str = "") -> float:
    """Emission [t] before controls, of one source or of all."""
    y = YEARS.index(year)
    chosen = [s for s, name in enumerate(block.source) if not source or name == source]
    factor = block.emission_factor[chosen, POLLUTANTS.index(pollutant), y]
    return float(block.activity[chosen, y] @ factor)


def outside_bands(sector: Sector, block: SectorBlock) -> list[str]:
    """Non-zero factors outside the plausible band of their source, or without a band."""
    found = []
    for s, source in enumerate(block.source):
        for pollutant in sector.pollutants:
            factors = block.emission_factor[s, POLLUTANTS.index(pollutant)]
            low, high = sector.source(source).bands.get(pollutant, (0.0, 0.0))
            if np.any((factors != 0) & ((factors < low) | (factors > high))):
                found.append(f"{source} / {block.technology[s]} / {pollutant}")
    return found
