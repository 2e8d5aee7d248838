"""What the sources of a finished inventory follow after their last own year."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from lantian.errors import Problems
from lantian.inventory.patterns import nearest_pattern, note_unmatched
from lantian.inventory.plausible import doubt_jumps
from lantian.language import message
from lantian.parameters import (
    CalendarYear,
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    Space,
    check_range,
    range_or_default,
    units,
)
from lantian.parameters.series import fill
from lantian.parameters.units import UnitError

GROWTH = "drivers"
"""Part of the model that numbers of the growth table belong to."""


class GrowthRow(OwnRow):
    """A line of the growth table: the level that sources follow after their last own row.

    ``source`` is a source, or a pattern such as ``industry/*``; only ratios between years count.
    """

    source: str = Field(min_length=1)
    year: CalendarYear
    value: Annotated[Number, Field(gt=0)]
    unit: str = "1"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        return self


class LevelRow(QuantityRow):
    """The number of a line of the growth table, with its range."""

    source: str
    year: int


def growth_of_sources(
    levels: Sequence[GrowthRow],
    sector_of: Mapping[str, str],
    years: tuple[int, ...],
    problems: Problems,
    space: Space,
) -> dict[str, Numbers]:
    """Return the level that each source follows.

    Parameters
    ----------
    levels
        Lines of the growth table.
    sector_of
        Source -> its sector.
    years
        Years of the run.
    problems
        Receives every fault found.
    space
        Receives the numbers.

    Returns
    -------
    dict
        Source -> level [any unit], dims (year,); sources that follow none are missing.
    """
    patterns: dict[str, list[GrowthRow]] = {}
    for row in levels:
        patterns.setdefault(row.source, []).append(row)
    found = {}
    for pattern, own in patterns.items():
        known = note_unmatched(pattern, sector_of, own[0].place.cell("source"), problems)
        level = _levels(pattern, own, years, problems, space) if known else None
        if level is not None:
            found[pattern] = level
    named = {s: nearest_pattern(found, s, sector) for s, sector in sector_of.items()}
    return {source: found[name] for source, name in named.items() if name is not None}


def _levels(
    pattern: str, rows: list[GrowthRow], years: tuple[int, ...], problems: Problems, space: Space
) -> Numbers | None:
    """Return a level in all years of the run, dims (year,); None if its rows cannot be used."""
    told = len(problems.found)
    rows.sort(key=lambda row: row.year)
    for row, following in pairwise(rows):
        if row.year == following.year:
            problems.add(
                following.place.cell("year"),
                message("'{name}' has {year} twice.", name=pattern, year=row.year),
            )
    doubt_jumps(rows, problems)
    factors = [_level_factor(row, rows[0].unit, problems) for row in rows]
    filling = fill([row.year for row in rows], years)
    if filling is None:
        problems.add(
            rows[0].place.cell("year"),
            message(
                "growth '{name}' begins in {first}, and the run in {year}.",
                name=pattern,
                first=rows[0].year,
                year=years[0],
            ),
            fix=message("Add a row of {year} or earlier.", year=years[0]),
        )
    if filling is None or len(problems.found) > told:
        return None
    known = zip(rows, factors, strict=True)
    return filling.numbers(
        [space.number(_as_level(row, rows[0].value / factor), factor) for row, factor in known]
    )


def _level_factor(row: GrowthRow, unit: str, problems: Problems) -> float:
    try:
        return units.factor(row.unit, unit)
    except UnitError as error:
        problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
        return 1.0


def _as_level(row: GrowthRow, first: float) -> LevelRow:
    """Return the row's number; without a range of its own what has one is the change so far."""
    change = row.value - first
    low, high = sorted(
        range_or_default(change, None, None)
        if row.low is None or row.high is None
        else (row.low - first, row.high - first)
    )
    return LevelRow.model_construct(
        source=row.source,
        year=row.year,
        value=row.value,
        unit=row.unit,
        low=first + low,
        high=first + high,
        basis=row.basis,
        source_key=row.source_key,
        note=row.note,
    ).at(row.place)
