"""A finished inventory: tonnes per source and year -> sectors and states.

Many bureaus hold tonnes per source, not activity and factors. Each source then is one slice of
activity whose factor is its emission. What a measure removes as a stated amount is a slice of its
own, a :class:`Portion`, which moves from before to after.

Years follow the rule of every table, :func:`~lantian.parameters.series.fill`: straight lines
between the rows of a source and pollutant, the last one holds on, before the first there is no
number.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from lantian.core.system import sum_by
from lantian.errors import Problems
from lantian.inventory.areas import AreaRow
from lantian.inventory.contract import (
    Array,
    Index,
    Sector,
    SectorInputs,
    SectorModel,
    Source,
    StateNames,
    Window,
    every_year,
)
from lantian.inventory.patterns import nearest_pattern, note_unmatched
from lantian.language import Message, message
from lantian.parameters import (
    ONE,
    ZERO,
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    Space,
    check_range,
    check_size,
    range_or_default,
    read_table,
    units,
)
from lantian.parameters.series import Filling, fill
from lantian.parameters.space import constant, join, stack
from lantian.parameters.totals import Summand, check_totals
from lantian.parameters.units import UnitError
from lantian.tolerances import ROUNDING
from lantian.vocabulary import POLLUTANTS, Pollutant

SLICE = "slice"
"""Unit of the activity of a source: 1 is all of it."""
GROWTH = "drivers"
"""Part of the model that numbers of the growth table belong to."""
REST = "as-is"
"""Technology of what no stated amount is taken from."""


class FinishedRow(OwnRow):
    """A line of the inventory: the yearly emission of a source."""

    source: str = Field(min_length=1)
    pollutant: Pollutant
    value: Number
    unit: str = Field(min_length=1)
    sector: str = "inventory"
    area: str = ""
    year: int | None = None
    size: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        if self.size:
            check_size(self.size)
        return self

    @property
    def tonnes(self) -> float:
        """What the row's numbers are multiplied by to be in t a year.

        Raises
        ------
        UnitError
            If the unit measures something else.
        """
        return units.per_year(self.unit, "t")

    @property
    def is_mass(self) -> bool:
        """Whether the unit can be read as tonnes."""
        try:
            return self.tonnes > 0
        except UnitError:
            return False


class GrowthRow(OwnRow):
    """A line of the growth table: the level that sources follow after their last own row.

    ``source`` is a source, or a pattern such as ``industry/*``; only ratios between years count.
    """

    source: str = Field(min_length=1)
    year: int
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


class EmissionRow(QuantityRow):
    """The number of a line of the inventory, with its range."""

    source: str
    pollutant: Pollutant
    year: int | None


Emitter = tuple[str, Pollutant]
"""A source and a pollutant that it emits: what the rows of one series share."""


@dataclass(frozen=True)
class Series:
    """The emission of a source and pollutant over the years.

    Attributes
    ----------
    rows
        Ascending by year.
    known
        Their years.
    filling
        What the years of the run are made from.
    """

    rows: tuple[FinishedRow, ...]
    known: tuple[int, ...]
    filling: Filling


@dataclass(frozen=True)
class Emissions:
    """What a finished inventory says, checked.

    Attributes
    ----------
    rows
        All lines.
    years
        Years of the run.
    series
        By source and pollutant, in the order of the table.
    areas
        The one area of each source; none where the column is blank.
    growth
        Level that a source follows [any unit], dims (year,); sources that follow none are missing.
    base_year
        Last year with numbers of its own.
    """

    rows: tuple[FinishedRow, ...]
    years: tuple[int, ...]
    series: Mapping[Emitter, Series]
    areas: tuple[AreaRow, ...]
    growth: Mapping[str, Numbers]
    base_year: int

    @property
    def base(self) -> int:
        """Position of the base year."""
        return self.years.index(self.base_year)

    @property
    def sizes(self) -> dict[str, str]:
        """Size of the plants of a source, where the table has one."""
        return {row.source: row.size for row in self.rows if row.size}

    def is_constant(self, emitter: Emitter) -> bool:
        """Tell whether a source emits the same of a pollutant in every year."""
        return len(self.series[emitter].filling.used) == 1 and emitter[0] not in self.growth

    @property
    def emitters(self) -> set[Emitter]:
        """Each source with each pollutant that it emits."""
        return {(row.source, row.pollutant) for row in self.rows}

    @property
    def sectors(self) -> dict[str, list[str]]:
        """Sectors with their sources, both in the order of the table."""
        found: dict[str, list[str]] = {}
        for source, sector in self.sector_of.items():
            found.setdefault(sector, []).append(source)
        return found

    @property
    def sector_of(self) -> dict[str, str]:
        """Sector of each source, in the order of the table."""
        return {row.source: row.sector for row in self.rows}


@dataclass(frozen=True)
class Portion:
    """A part of a source that one measure takes away as a stated amount.

    Attributes
    ----------
    measure, source
        Ids.
    taken
        Amount in full use [t/a], dims (pollutant,); below 0 what the measure adds.
    """

    measure: str
    source: str
    taken: Numbers

    @property
    def before(self) -> str:
        """Technology of the part while nobody takes it."""
        return f"before {self.measure}"

    @property
    def after(self) -> str:
        """Technology of the part once it is taken."""
        return f"after {self.measure}"


def read_emissions(
    path: Path,
    years: tuple[int, ...],
    base_year: int,
    root: Path,
    problems: Problems,
    space: Space,
    growth: Path | None = None,
) -> Emissions:
    """Read the table of a finished inventory and check it.

    Parameters
    ----------
    path
        A table of :class:`FinishedRow`.
    years
        Years of the run.
    base_year
        Year of lines without one.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found, and as warnings rows of years that the run does not use.
    space
        Receives the numbers of growth.
    growth
        A table of :class:`GrowthRow`; None: sources stay as their last row has them.

    Returns
    -------
    Emissions
        Without the series that are faulty.

    Raises
    ------
    InputError
        If a line cannot be read: its source is not one that measures misspell.
    """
    told = len(problems.found)
    rows = tuple(read_table(path, FinishedRow, problems, root))
    levels = [] if growth is None else read_table(growth, GrowthRow, problems, root)
    problems.stop_if_any(beyond=told)
    _check_sectors(rows, problems)
    _check_totals(rows, problems)
    _check_sizes(rows, problems)
    areas = _areas(rows, problems)
    series = _series(rows, years, base_year, problems)
    with space.owned_by(GROWTH):
        grown = _growth(levels, rows, years, problems, space)
    return Emissions(rows, years, series, areas, grown, base_year)


def _growth(
    levels: Sequence[GrowthRow],
    rows: Sequence[FinishedRow],
    years: tuple[int, ...],
    problems: Problems,
    space: Space,
) -> dict[str, Numbers]:
    """Return the level that each source follows, dims (year,)."""
    patterns: dict[str, list[GrowthRow]] = {}
    for row in levels:
        patterns.setdefault(row.source, []).append(row)
    sources = {row.source: row.sector for row in rows}
    found = {}
    for pattern, own in patterns.items():
        known = note_unmatched(pattern, sources, own[0].place, problems)
        level = _levels(pattern, own, years, problems, space) if known else None
        if level is not None:
            found[pattern] = level
    named = {s: nearest_pattern(found, s, sector) for s, sector in sources.items()}
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
                following.place,
                message("'{name}' has {year} twice.", name=pattern, year=row.year),
            )
    factors = [_level_factor(row, rows[0].unit, problems) for row in rows]
    filling = fill([row.year for row in rows], years)
    if filling is None:
        problems.add(
            rows[0].place,
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
        problems.add(row.place, message("{text}.", text=error.args[0]))
        return 1.0


def _check_sizes(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note sources with two sizes."""
    first: dict[str, FinishedRow] = {}
    for row in (row for row in rows if row.size):
        if first.setdefault(row.source, row).size != row.size:
            problems.add(
                row.place,
                message(
                    "source '{source}' has the size {size} in line {line}.",
                    source=row.source,
                    size=first[row.source].size,
                    line=first[row.source].place.line,
                ),
            )


def _check_sectors(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note sources that stand in two sectors."""
    sector: dict[str, str] = {}
    for row in rows:
        if sector.setdefault(row.source, row.sector) != row.sector:
            problems.add(
                row.place,
                message(
                    "source '{source}' is in sector '{sector}' above.",
                    source=row.source,
                    sector=sector[row.source],
                ),
            )


def _check_totals(rows: Sequence[FinishedRow], problems: Problems) -> None:
    """Note rows that are sums of others; those whose unit cannot be read are told elsewhere."""
    check_totals(
        (
            Summand(
                (row.source, row.sector),
                (row.pollutant, row.year),
                row.value * row.tonnes,
                row.note,
                row.place,
            )
            for row in rows
            if row.is_mass
        ),
        problems,
    )


def _areas(rows: Sequence[FinishedRow], problems: Problems) -> tuple[AreaRow, ...]:
    """Return the one area of each source as rows of an area table; none if all are blank."""
    if not any(row.area for row in rows):
        return ()
    found: dict[str, AreaRow] = {}
    exact = {"value": 100.0, "unit": "%", "low": 100.0, "high": 100.0, "basis": "derived"}
    for row in rows:
        if not row.area:
            problems.add(
                row.place,
                message("source '{source}' has no area, but others have.", source=row.source),
                fix=message("Give each source its area, or leave all blank."),
            )
            continue
        own = AreaRow(area=row.area, source=row.source, source_key=row.source_key, **exact)
        first = found.setdefault(row.source, own.at(row.place))
        if first.area != row.area:
            problems.add(
                row.place,
                message(
                    "source '{source}' is in area '{area}' above.",
                    source=row.source,
                    area=first.area,
                ),
                fix=message("Split a source that is in several areas."),
            )
    return tuple(found.values())


def _series(
    rows: Sequence[FinishedRow], years: tuple[int, ...], base_year: int, problems: Problems
) -> dict[Emitter, Series]:
    """Sort the rows into series; note what cannot be, and warn of rows that nothing uses."""
    sorted_rows: dict[Emitter, dict[int, FinishedRow]] = {}
    for row in rows:
        _check_value(row, problems)
        own = sorted_rows.setdefault((row.source, row.pollutant), {})
        if own.setdefault(base_year if row.year is None else row.year, row) is not row:
            problems.add(
                row.place,
                message(
                    "source '{source}', pollutant '{pollutant}' twice.",
                    source=row.source,
                    pollutant=row.pollutant,
                ),
            )
    found = {}
    for emitter, own in sorted_rows.items():
        known = tuple(sorted(own))
        filling = fill(known, years)
        if filling is None:
            _note_late(emitter, own[known[0]], known[0], years, problems)
            continue
        found[emitter] = Series(tuple(own[year] for year in known), known, filling)
        _warn_of_unused(found[emitter], problems)
    return found


def _check_value(row: FinishedRow, problems: Problems) -> None:
    try:
        row.tonnes  # noqa: B018 - asking is the check
    except UnitError as error:
        problems.add(row.place, message("{text}.", text=error.args[0]))
    if row.value < 0:
        problems.add(row.place, message("an emission cannot be {value}.", value=row.value))


def _note_late(
    emitter: Emitter, row: FinishedRow, first: int, years: tuple[int, ...], problems: Problems
) -> None:
    problems.add(
        row.place,
        message(
            "source '{source}', pollutant '{pollutant}' begins in {first}; the run needs {years}.",
            source=emitter[0],
            pollutant=emitter[1],
            first=first,
            years=", ".join(str(year) for year in years if year < first),
        ),
        fix=message(
            "Add a row of {year} or earlier; 0 t only if nothing was emitted.", year=years[0]
        ),
    )


def _warn_of_unused(series: Series, problems: Problems) -> None:
    """Warn once of the rows of a series that no year of the run is made from."""
    unused = [k for k in range(len(series.rows)) if k not in series.filling.used]
    if unused:
        first = series.rows[unused[0]]
        problems.warn(
            first.place,
            message(
                "rows of {years} of source '{source}', pollutant '{pollutant}' lie outside the run"
                " and are not used.",
                years=", ".join(str(series.known[k]) for k in unused),
                source=first.source,
                pollutant=first.pollutant,
            ),
        )


def filled_years(emissions: Emissions, file: str) -> list[Message]:
    """Return which years follow from others, one message per set of years.

    Parameters
    ----------
    emissions
        With their series.
    file
        Name of the table as it is shown.

    Returns
    -------
    list
        Sources of which only one year is given are told apart: they stay as they are.
    """
    alike: dict[tuple[bool, bool, tuple[int, ...]], list[str]] = {}
    for (source, pollutant), series in emissions.series.items():
        years = series.filling.filled
        if years:
            kind = (len(series.rows) == 1, source in emissions.growth, years)
            alike.setdefault(kind, []).append(f"{source} {pollutant}")
    return [_filled(file, names, *kind) for kind, names in alike.items()]


def _filled(
    file: str, names: Sequence[str], single: bool, grows: bool, years: Sequence[int]
) -> Message:
    given = {
        "file": file,
        "years": ", ".join(map(str, years)),
        "names": ", ".join(names[:FEW]) + (", ..." if len(names) > FEW else ""),
        "n": len(names),
    }
    if grows:
        return message(
            "{file} has no row of {years} for {n} series; these years lie on straight lines between"
            " the rows, and follow the growth table after the last one: {names}.",
            **given,
        )
    if single:
        return message(
            "{file} has one year of {n} series, which stay as they are in {years}: {names}.",
            **given,
        )
    return message(
        "{file} has no row of {years} for {n} series; these years lie on straight lines between"
        " the rows, or stay as the last one: {names}.",
        **given,
    )


FEW = 10
"""Series that are named in one message."""


@dataclass(frozen=True, kw_only=True)
class FinishedModel(SectorModel):
    """Sources of a finished inventory: one slice each, and a slice per portion.

    Attributes
    ----------
    emission
        Emission of each source [t/a], dims (source, pollutant, year).
    taken
        What each portion takes away in full use [t/a], dims (portion, pollutant); below 0 what it
        adds.
    source_of
        Source of each state [state].
    portion_of
        Portion of each state that is before or after one, -1 for what is left as it is.
    portioned
        Source of each portion [portion]; ascending.
    slices
        Slices in use in the base year [state].
    growth
        Level that each source follows [any unit], dims (source, year); 1 where it follows none.
    since
        Position of the year from which a source follows it, dims (source, pollutant).
    carrier
        Pollutant whose tonnes the slices of a source follow, -1 where they follow its growth
        [source]: its tonnes per slice are then the same in all years.
    base
        Position of the base year.
    """

    emission: Numbers
    taken: Numbers
    source_of: Index
    portion_of: Index
    portioned: Index
    slices: Array
    growth: Numbers
    since: Index
    carrier: Index
    base: int

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the slices in use, dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            1 in the base year, or 0 after a measure that nobody has taken yet. What no portion is
            taken from grows.
        """
        shape = (len(self.slices), len(window.years), theta.shape[1])
        slices = np.broadcast_to(self.slices[:, None, None], shape).copy()
        rest = self.portion_of < 0
        slices[rest] *= self.scale(theta)[self.source_of[rest]][:, window.years]
        return slices

    def factors(self, theta: Array, window: Window) -> Array:
        """Return tonnes per slice: what measures remove, and the rest of each source.

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            [t/slice], dims (state, pollutant, year, sample).
        """
        taken = self.taken(theta)[:, :, None]
        scale = self.scale(theta)[:, None, window.years]
        rest = np.maximum(self.left(theta, window), 0.0)
        factor = (rest / scale)[self.source_of]
        before = np.flatnonzero((self.portion_of >= 0) & (self.slices > 0))
        after = np.flatnonzero(self.slices == 0)
        factor[before] = np.maximum(taken[self.portion_of[before]], 0.0)
        factor[after] = np.maximum(-taken[self.portion_of[after]], 0.0)
        return factor

    def left(self, theta: Array, window: Window) -> Array:
        """Return what no portion takes away [t/a], dims (source, pollutant, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Negative where measures remove more than there is.
        """
        total = self.emitted(theta)[:, :, window.years]
        taken = sum_by(np.maximum(self.taken(theta), 0.0), self.portioned, len(total))
        return np.asarray(total - taken[:, :, None])

    def emitted(self, theta: Array) -> Array:
        """Return what the sources emit [t/a], dims (source, pollutant, year, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            After its last own row a source follows its growth.
        """
        level, total = self.growth(theta), self.emission(theta)
        years = np.arange(total.shape[2])
        since = np.minimum(years, self.since[:, :, None])
        return np.asarray(
            total * level[:, None] / level[np.arange(len(level))[:, None, None], since]
        )

    def scale(self, theta: Array) -> Array:
        """Return the slices of each source; in the base year there is one.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            As much as what they follow [slice], dims (source, year, sample).
        """
        level = self.growth(theta)
        carried = np.flatnonzero(self.carrier >= 0)
        level[carried] = self.emitted(theta)[carried, self.carrier[carried]]
        base = level[:, [self.base]]
        return np.divide(level, base, out=np.ones_like(level), where=(base > 0) & (level > 0))


def declare_sectors(
    emissions: Emissions,
    portions: Sequence[Portion],
    space: Space,
    carriers: Mapping[str, Pollutant] | None = None,
) -> list[tuple[Sector, FinishedModel]]:
    """Return the sectors of a finished inventory with their states.

    Parameters
    ----------
    emissions
        What the sources emit.
    portions
        What measures take from them as stated amounts.
    space
        Receives the numbers that are taken.
    carriers
        Pollutant whose tonnes the slices of a source follow; their growth where none is named.

    Returns
    -------
    list
        Each source as it is, and two states per portion.
    """
    found = []
    for name, sources in emissions.sectors.items():
        own = [p for source in sources for p in portions if p.source == source]
        with space.owned_by(name):
            found.append(_model(name, sources, own, emissions, space, carriers or {}))
    return found


def _model(
    name: str,
    sources: list[str],
    portions: Sequence[Portion],
    emissions: Emissions,
    space: Space,
    carriers: Mapping[str, Pollutant],
) -> tuple[Sector, FinishedModel]:
    level = constant(ONE, len(emissions.years))
    states: list[tuple[str, str, int, float]] = []
    for source in sources:
        states.append((source, REST, -1, 1.0))
        for i, portion in enumerate(portions):
            if portion.source == source:
                states += [(source, portion.before, i, 1.0), (source, portion.after, i, 0.0)]
    model = FinishedModel(
        states=StateNames(
            tuple(s[0] for s in states), tuple(s[1] for s in states), ((),) * len(states)
        ),
        pollutants=np.arange(len(POLLUTANTS)),
        emission=_tonnes(sources, emissions, space),
        taken=join([constant(ZERO, 0, len(POLLUTANTS)), *(p.taken[None] for p in portions)]),
        source_of=np.array([sources.index(s[0]) for s in states], dtype=np.int64),
        portion_of=np.array([s[2] for s in states], dtype=np.int64),
        portioned=np.array([sources.index(p.source) for p in portions], dtype=np.int64),
        slices=np.array([s[3] for s in states]),
        growth=stack([emissions.growth.get(s, level) for s in sources]),
        since=np.array([[_since(emissions, s, p) for p in POLLUTANTS] for s in sources]),
        carrier=np.array([_position(carriers.get(s)) for s in sources], dtype=np.int64),
        base=emissions.base,
    )
    return _sector(name, sources, [(s[0], s[1]) for s in states]), model


def _since(emissions: Emissions, source: str, pollutant: Pollutant) -> int:
    """Return the position of the year from which a source follows its growth."""
    series = emissions.series.get((source, pollutant))
    last = emissions.base_year if series is None else series.known[-1]
    return min(bisect_left(emissions.years, last), len(emissions.years) - 1)


def _position(pollutant: Pollutant | None) -> int:
    return -1 if pollutant is None else POLLUTANTS.index(pollutant)


def _tonnes(sources: Sequence[str], emissions: Emissions, space: Space) -> Numbers:
    """Return the emissions [t/a], dims (source, pollutant, year)."""
    nothing = constant(ZERO, len(emissions.years))
    found = []
    for source in sources:
        for pollutant in POLLUTANTS:
            series = emissions.series.get((source, pollutant))
            found.append(nothing if series is None else _of_series(series, space))
    return _shaped(join([row[None] for row in found]), len(sources), len(POLLUTANTS))


def _of_series(series: Series, space: Space) -> Numbers:
    """Return the emission of a source and pollutant [t/a], dims (year,)."""
    used = series.filling.used
    known = [
        space.number(_as_quantity(row), row.tonnes) if k in used else constant(ZERO)
        for k, row in enumerate(series.rows)
    ]
    return series.filling.numbers(known)


def _shaped(numbers: Numbers, *shape: int) -> Numbers:
    """Return numbers with their first axis split in two."""
    other = None if numbers.other is None else _shaped(numbers.other, *shape)
    years = numbers.shape[1:]
    return Numbers(
        numbers.slot.reshape(*shape, *years), numbers.factor.reshape(*shape, *years), other
    )


def emitted_per_slice(
    models: Iterable[tuple[Sector, FinishedModel]],
) -> dict[Emitter, Numbers]:
    """Return what sources emit in the base year [t/slice], each dims ()."""
    return {
        (source.id, pollutant): model.emission[s, p, model.base]
        for sector, model in models
        for s, source in enumerate(sector.sources)
        for p, pollutant in enumerate(POLLUTANTS)
    }


def overdrawn(models: Iterable[tuple[Sector, FinishedModel]], space: Space) -> list[str]:
    """Return the sources whose portions take away more than there is, in the central values."""
    theta, found = space.central(), []
    for sector, model in models:
        window = every_year(model.emission.shape[2])
        left, total = model.left(theta, window), model.emitted(theta)
        lacking = np.unique(np.argwhere(left < -ROUNDING * total)[:, 0])
        found += [sector.sources[s].id for s in lacking.tolist()]
    return found


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


def _as_quantity(row: FinishedRow) -> EmissionRow:
    """Return the row's number with the default range where it has none of its own."""
    low, high = range_or_default(row.value, row.low, row.high)
    return EmissionRow.model_construct(
        source=row.source,
        pollutant=row.pollutant,
        year=row.year,
        value=row.value,
        unit=row.unit,
        low=low,
        high=high,
        basis=row.basis,
        source_key=row.source_key,
        note=row.note,
    ).at(row.place)


def _sector(name: str, sources: Sequence[str], labels: Sequence[tuple[str, str]]) -> Sector:
    def declare(inputs: SectorInputs) -> SectorModel:
        raise NotImplementedError("a finished inventory is declared from its own table")

    return Sector(
        name,
        "finished inventory",
        tuple(
            Source(s, SLICE, tuple(t for own, t in labels if own == s), "other", "constant")
            for s in sources
        ),
        POLLUTANTS,
        {},
        declare,
    )
