"""A finished inventory in the place of a region: its tables -> sectors and measures.

Many bureaus hold tonnes per source, not activity and factors. Each source then is one slice of
activity whose factor is its emission. A measure that removes a share is a control on that slice;
one that removes a stated amount owns a slice of that emission, which it moves from before to
after. Shares on one source multiply, amounts add; a source has the one or the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Self, TypeVar, cast

import numpy as np
from pydantic import Field, model_validator

from lantian.core.system import sum_by
from lantian.errors import Place, Problems, closest
from lantian.indicators.receptors import (
    TRANSFER,
    TransferNumber,
    TransferRow,
    check_transfer,
    transfer_table,
)
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
from lantian.language import message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import AppliesRow, ControlRow, CostRow, MeasureRow, ReachRow
from lantian.names import ids_in_one
from lantian.parameters import (
    ZERO,
    Numbers,
    OwnRow,
    QuantityRow,
    QuantityTable,
    Space,
    check_range,
    range_or_default,
    read_table,
    shown_path,
    units,
)
from lantian.parameters.space import constant
from lantian.parameters.units import UnitError
from lantian.tolerances import ROUNDING
from lantian.vocabulary import POLLUTANTS, Pollutant

Q = TypeVar("Q", bound=QuantityRow)

SLICE = "slice"
REST = "as-is"


class FinishedRow(OwnRow):
    """A line of the inventory: the yearly emission of a source."""

    source: str = Field(min_length=1)
    pollutant: Pollutant
    value: float
    unit: str = Field(min_length=1)
    sector: str = "inventory"
    area: str = ""
    year: int | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        return self


class EmissionRow(QuantityRow):
    """The number of a line of the inventory, with its range."""

    source: str
    pollutant: Pollutant


class ReductionRow(QuantityRow):
    """The amount that a line of the measures removes, with its range."""

    measure: str
    source: str
    pollutant: Pollutant


class FinishedMeasureRow(OwnRow):
    """A line of the measures: what one measure takes from one pollutant of one source.

    ``reduction`` is a share (unit %) of what the treated part emits, or the amount removed in
    full use; ``cost_per_year`` is the cost of full use (on 100 % of the source), blank if unknown;
    ``reach`` is the largest share of full use.
    """

    measure: str = Field(min_length=1)
    source: str = Field(min_length=1)
    pollutant: Pollutant
    reduction: float
    unit: str = Field(min_length=1)
    reach: str = "100 %"
    cost_per_year: float | None = None
    cost_unit: str = ""
    group: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.reduction, self.low, self.high, self.basis)
        if self.cost_per_year is not None and not self.cost_unit:
            raise ValueError(message("cost_per_year needs a cost_unit"))
        return self


@dataclass(frozen=True)
class FinishedInventory:
    """Sectors with their states, the measures as a catalogue, and further tables.

    ``tables`` are those that indicators read, by name; ``areas`` is empty where the column is
    blank.
    """

    models: tuple[tuple[Sector, SectorModel], ...]
    catalogue: Catalogue
    spread_by_default: int
    tables: Mapping[str, QuantityTable[TransferNumber]] = field(default_factory=dict)
    areas: tuple[AreaRow, ...] = ()


@dataclass(frozen=True)
class _Measure:
    """Rows of one measure on one source, converted: shares as fractions, amounts in t."""

    id: str
    source: str
    group: str
    is_share: bool
    reduction: dict[Pollutant, float]
    reach: float
    cost: float | None
    rows: tuple[FinishedMeasureRow, ...]


def read_finished(
    inventory: Path,
    measures: Path,
    years: tuple[int, ...],
    base_year: int,
    currency: str,
    root: Path,
    problems: Problems,
    space: Space,
    transfer: Path | None = None,
) -> FinishedInventory:
    """Read the tables and build states and catalogue.

    Parameters
    ----------
    inventory, measures
        Tables of :class:`FinishedRow` and of :class:`FinishedMeasureRow`.
    years
        Calendar years of the model.
    base_year
        Year of lines without one; later years without a line of their own repeat its value.
    currency
        Costs are converted to it.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.
    space
        Receives the numbers that are taken.
    transfer
        Table of :class:`~lantian.indicators.receptors.TransferRow`; None: concentrations are not
        asked for.

    Returns
    -------
    FinishedInventory
        Activity in slices, factors in t per slice.

    Raises
    ------
    InputError
        If a table cannot be read or the tables contradict each other. A source whose measures
        remove more than it emits is only noted in ``problems``.
    """
    told = len(problems.found)
    rows = read_table(inventory, FinishedRow, problems, root)
    incomplete = len(problems.found) > told
    lines = read_table(measures, FinishedMeasureRow, problems, root)
    read = len(problems.found)
    reached = None if transfer is None else read_table(transfer, TransferRow, problems, root)
    gaps = len(problems.found) > read
    if incomplete:  # a source that cannot be read is not one that measures misspell
        problems.stop_if_any()
    known = {row.source for row in rows}
    parsed = [m for m in _measures(lines, currency, problems) if _has_source(m, known, problems)]
    _check_mixed(parsed, problems)
    emission = _emission(rows, years, base_year, problems)
    emitted = {(row.source, row.pollutant) for row in rows}
    _check_emitted(parsed, emitted, problems)
    if reached is not None and not gaps:  # a row that cannot be read is not one that is missing
        check_transfer(reached, emitted, problems)
    areas = _areas(rows, problems)
    _check_sectors(rows, problems)
    problems.stop_if_any(beyond=told)
    sectors = list(dict.fromkeys(row.sector for row in rows))
    models = []
    for name in sectors:
        own = list(dict.fromkeys(r.source for r in rows if r.sector == name))
        with space.owned_by(name):
            models.append(_model(name, own, parsed, emission, years, base_year, space))
    _check_removed(parsed, models, space, problems)
    file = shown_path(measures, root)
    numbers: list[FinishedRow | FinishedMeasureRow | TransferRow] = [*rows, *lines]
    numbers += reached or []
    return FinishedInventory(
        tuple(models),
        _catalogue(parsed, file, currency, problems, space),
        sum(r.low is None or r.high is None for r in numbers),
        _beside(transfer, reached, root, problems, space),
        areas,
    )


def _beside(
    transfer: Path | None,
    rows: Sequence[TransferRow] | None,
    root: Path,
    problems: Problems,
    space: Space,
) -> dict[str, QuantityTable[TransferNumber]]:
    """Return the tables that indicators read, by name."""
    if transfer is None or rows is None:
        return {}
    return {TRANSFER: transfer_table(rows, shown_path(transfer, root), problems, space)}


def _measures(
    lines: Sequence[FinishedMeasureRow], currency: str, problems: Problems
) -> list[_Measure]:
    pairs = list(dict.fromkeys((r.measure, r.source) for r in lines))
    return [
        m
        for m in (
            _measure([r for r in lines if (r.measure, r.source) == pair], currency, problems)
            for pair in pairs
        )
        if m is not None
    ]


def _measure(rows: list[FinishedMeasureRow], currency: str, problems: Problems) -> _Measure | None:
    first = rows[0]
    for row in rows[1:]:
        for column in ("reach", "cost_per_year", "cost_unit", "group"):
            if getattr(row, column) != getattr(first, column):
                problems.add(
                    row.place,
                    message(
                        "'{column}' differs from line {line}.", column=column, line=first.place.line
                    ),
                )
    before = len(problems.found)
    is_share = _is_share(first.unit)
    reduction: dict[Pollutant, float] = {}
    for row in rows:
        if _is_share(row.unit) != is_share:
            problems.add(row.place, message("a measure removes shares or amounts, not both."))
            continue
        value = _convert(row.reduction, row.unit, "" if is_share else "t", row.place, problems)
        if row.pollutant in reduction:
            problems.add(row.place, message("pollutant '{name}' twice.", name=row.pollutant))
        if value < 0 or (is_share and value > 1):
            problems.add(
                row.place,
                message(
                    "reduction {value} {unit} is impossible.",
                    value=f"{row.reduction:g}",
                    unit=row.unit,
                ),
            )
        reduction[row.pollutant] = value
    reach = _reach(first, problems)
    cost = (
        None
        if first.cost_per_year is None
        else _convert(first.cost_per_year, first.cost_unit, currency, first.place, problems)
    )
    if len(problems.found) > before:
        return None
    return _Measure(
        first.measure, first.source, first.group, is_share, reduction, reach, cost, tuple(rows)
    )


def _is_share(unit: str) -> bool:
    try:
        units.factor(unit, "")
    except UnitError:
        return False
    return True


def _convert(value: float, unit: str, to: str, place: Place, problems: Problems) -> float:
    try:
        return units.convert(value, unit, to)
    except UnitError as error:
        problems.add(place, message("{text}.", text=error.args[0]))
        return float("nan")


def _reach(row: FinishedMeasureRow, problems: Problems) -> float:
    try:
        value, unit = units.parse_quantity(row.reach)
        share = units.convert(value, unit, "")
    except UnitError as error:
        problems.add(
            row.place,
            message("reach: {text}.", text=error.args[0]),
            fix=message("Write for instance '90 %'."),
        )
        return float("nan")
    if not 0 < share <= 1:
        problems.add(
            row.place, message("reach {reach} is not above 0 % and up to 100 %.", reach=row.reach)
        )
    return share


def _has_source(measure: _Measure, known: set[str], problems: Problems) -> bool:
    if measure.source not in known:
        problems.add(
            measure.rows[0].place,
            message("'{name}' is not a source of the inventory.", name=measure.source),
            fix=closest(measure.source, known),
        )
    return measure.source in known


def _check_mixed(measures: Sequence[_Measure], problems: Problems) -> None:
    for source in dict.fromkeys(m.source for m in measures):
        own = [m for m in measures if m.source == source]
        odd = [m for m in own if m.is_share != own[0].is_share]
        if odd:
            problems.add(
                odd[0].rows[0].place,
                message(
                    "source '{source}' has measures that remove shares and others that remove"
                    " amounts.",
                    source=source,
                ),
                fix=message("Use one of the two for a source."),
            )
        for m in own:
            if m.group and not m.is_share:
                problems.add(m.rows[0].place, message("exclusive groups need reductions in %."))


def _check_emitted(
    measures: Sequence[_Measure], emitted: set[tuple[str, Pollutant]], problems: Problems
) -> None:
    for measure in measures:
        for row in measure.rows:
            if (row.source, row.pollutant) not in emitted:
                problems.add(
                    row.place,
                    message(
                        "source '{source}' emits no {pollutant}.",
                        source=row.source,
                        pollutant=row.pollutant,
                    ),
                )


def _check_sectors(rows: Sequence[FinishedRow], problems: Problems) -> None:
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


_Emission = dict[tuple[str, Pollutant, int], FinishedRow]
"""Row by source, pollutant and year."""


def _emission(
    rows: Sequence[FinishedRow], years: tuple[int, ...], base_year: int, problems: Problems
) -> _Emission:
    """Return the rows by source, pollutant and year; note what is twice, missing or negative."""
    result: _Emission = {}
    for row in rows:
        key = (row.source, row.pollutant, base_year if row.year is None else row.year)
        if result.setdefault(key, row) is not row:
            problems.add(
                row.place,
                message(
                    "source '{source}', pollutant '{pollutant}' twice.",
                    source=row.source,
                    pollutant=row.pollutant,
                ),
            )
        _convert(row.value, row.unit.removesuffix("/a"), "t", row.place, problems)
        if row.value < 0:
            problems.add(row.place, message("an emission cannot be {value}.", value=row.value))
    for source, pollutant in {(s, p): None for s, p, _ in result}:
        first = next(r for r in rows if (r.source, r.pollutant) == (source, pollutant))
        for year in years:
            if year <= base_year and (source, pollutant, year) not in result:
                problems.add(
                    first.place,
                    message(
                        "no value of the year {year} for source '{source}',"
                        " pollutant '{pollutant}'.",
                        year=year,
                        source=source,
                        pollutant=pollutant,
                    ),
                )
    return result


@dataclass(frozen=True, kw_only=True)
class FinishedModel(SectorModel):
    """Sources of a finished inventory: one slice each, and a slice per amount measure.

    Attributes
    ----------
    emission
        Emission of each source [t/a], dims (source, pollutant, year).
    taken
        What each amount measure removes in full use [t/a], dims (measure, pollutant).
    source_of
        Source of each state [state].
    measure_of
        Amount measure of each state that is before or after one, -1 for what is left as it is.
    measured
        Source of each amount measure [measure]; ascending.
    slices
        Slices in use [state].
    """

    emission: Numbers
    taken: Numbers
    source_of: Index
    measure_of: Index
    measured: Index
    slices: Array

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the slices in use, dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            1, or 0 after a measure that nobody has taken yet.
        """
        shape = (len(self.slices), len(window.years), theta.shape[1])
        return np.broadcast_to(self.slices[:, None, None], shape).copy()

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
        rest = np.maximum(self.left(theta, window), 0.0)
        factor = rest[self.source_of]
        before = np.flatnonzero((self.measure_of >= 0) & (self.slices > 0))
        after = np.flatnonzero(self.slices == 0)
        factor[before] = taken[self.measure_of[before]]
        factor[after] = 0.0
        return factor

    def left(self, theta: Array, window: Window) -> Array:
        """Return what no amount measure removes [t/a], dims (source, pollutant, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Negative where measures remove more than there is.
        """
        total = self.emission[:, :, window.years](theta)
        taken = sum_by(self.taken(theta), self.measured, len(total))
        return np.asarray(total - taken[:, :, None])


def _model(
    name: str,
    sources: list[str],
    measures: Sequence[_Measure],
    emission: _Emission,
    years: tuple[int, ...],
    base_year: int,
    space: Space,
) -> tuple[Sector, FinishedModel]:
    """Return a sector and its states: each source as it is, and two per amount measure."""
    own = [m for s in sources for m in measures if m.source == s and not m.is_share]
    states: list[tuple[str, str, int, float]] = []
    for source in sources:
        states.append((source, REST, -1, 1.0))
        for i, m in enumerate(own):
            if m.source == source:
                states += [(source, f"before {m.id}", i, 1.0), (source, f"after {m.id}", i, 0.0)]
    model = FinishedModel(
        states=StateNames(
            tuple(s[0] for s in states), tuple(s[1] for s in states), ((),) * len(states)
        ),
        pollutants=np.arange(len(POLLUTANTS)),
        emission=_tonnes(sources, emission, years, base_year, space),
        taken=_removed(own, space),
        source_of=np.array([sources.index(s[0]) for s in states], dtype=np.int64),
        measure_of=np.array([s[2] for s in states], dtype=np.int64),
        measured=np.array([sources.index(m.source) for m in own], dtype=np.int64),
        slices=np.array([s[3] for s in states]),
    )
    return _sector(name, sources, [(s[0], s[1]) for s in states]), model


def _tonnes(
    sources: Sequence[str],
    emission: _Emission,
    years: tuple[int, ...],
    base_year: int,
    space: Space,
) -> Numbers:
    """Return the emissions [t/a], dims (source, pollutant, year); later years stay as the base."""
    found = constant(ZERO, len(sources), len(POLLUTANTS), len(years))
    numbers: dict[int, EmissionRow] = {}
    for (s, source), (p, pollutant), (y, year) in product(
        enumerate(sources), enumerate(POLLUTANTS), enumerate(years)
    ):
        row = emission.get((source, pollutant, year))
        if row is None and year > base_year:
            row = emission.get((source, pollutant, base_year))
        if row is not None:
            number = numbers.setdefault(id(row), _as_quantity(row))
            found.slot[s, p, y] = space.slot(number)
            found.factor[s, p, y] = units.factor(row.unit.removesuffix("/a"), "t")
    return found


def _removed(measures: Sequence[_Measure], space: Space) -> Numbers:
    """Return what amount measures remove in full use [t/a], dims (measure, pollutant)."""
    found = constant(ZERO, len(measures), len(POLLUTANTS))
    for m, measure in enumerate(measures):
        for row in measure.rows:
            at = m, POLLUTANTS.index(row.pollutant)
            found.slot[at] = space.slot(_as_reduction(row))
            found.factor[at] = units.factor(row.unit, "t")
    return found


def _check_removed(
    measures: Sequence[_Measure],
    models: Sequence[tuple[Sector, FinishedModel]],
    space: Space,
    problems: Problems,
) -> None:
    """Note sources whose amount measures remove more than there is."""
    theta = space.central()
    for sector, model in models:
        window = every_year(model.emission.shape[2])
        left, total = model.left(theta, window), model.emission(theta)
        for s, source in enumerate(sector.sources):
            if (left[s] < -ROUNDING * total[s]).any():
                first = next(m for m in measures if m.source == source.id and not m.is_share)
                problems.add(
                    first.rows[0].place,
                    message(
                        "the measures on '{source}' remove more than it emits.", source=source.id
                    ),
                )


def _as_quantity(row: FinishedRow) -> EmissionRow:
    """Return the row's number with the default range where it has none of its own."""
    low, high = range_or_default(row.value, row.low, row.high)
    return EmissionRow(
        source=row.source,
        pollutant=row.pollutant,
        value=row.value,
        unit=row.unit,
        low=low,
        high=high,
        basis=row.basis,
        source_key=row.source_key,
        note=row.note,
    ).at(row.place)


def _as_reduction(row: FinishedMeasureRow) -> ReductionRow:
    """Return the amount that a line removes, with the default range where it has none."""
    low, high = range_or_default(row.reduction, row.low, row.high)
    return ReductionRow(
        measure=row.measure,
        source=row.source,
        pollutant=row.pollutant,
        value=row.reduction,
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


def _catalogue(
    measures: Sequence[_Measure], file: str, currency: str, problems: Problems, space: Space
) -> Catalogue:
    rows: dict[str, list[Any]] = {
        k: [] for k in ("measures", "applies", "reach", "costs", "controls")
    }
    for m in measures:
        _add_measure(m, currency, rows)
    unique = {row.measure: row for row in reversed(rows["measures"])}
    order = dict.fromkeys(m.id for m in measures)
    return Catalogue(
        tuple(unique[name] for name in order),
        tuple(rows["applies"]),
        QuantityTable(file, rows["reach"], problems, space),
        QuantityTable(file, rows["costs"], problems, space),
        QuantityTable(file, rows["controls"], problems, space),
    )


def _add_measure(m: _Measure, currency: str, rows: dict[str, list[Any]]) -> None:
    """Write a measure as rows of the catalogue's tables."""
    place = m.rows[0].place
    cited = {"basis": m.rows[0].basis, "source_key": m.rows[0].source_key}
    own = {"measure": m.id, "source": m.source}
    rows["measures"].append(_measure_row(m).at(place))
    rows["applies"].append(_applies_row(m).at(place))
    reach = _exact(ReachRow, m.reach, "1", cited, **own, parameter="reach")
    rows["reach"].append(reach.at(place))
    if m.cost is not None:
        cost = _exact(CostRow, m.cost, f"{currency}/{SLICE}/a", cited, **own, item="variable")
        rows["costs"].append(cost.at(place))
    if m.is_share:
        rows["controls"] += [row.at(place) for row in _control_rows(m, cited)]


def _measure_row(m: _Measure) -> MeasureRow:
    return MeasureRow(
        measure=m.id,
        kind="control" if m.is_share else "shift",
        acts_on="stock",
        sector="",
        cost="unpriced" if m.cost is None else "priced",
        source_key=m.rows[0].source_key,
    )


def _applies_row(m: _Measure) -> AppliesRow:
    if m.is_share:
        return AppliesRow(measure=m.id, source=m.source, control=_control(m), group=m.group)
    return AppliesRow(
        measure=m.id,
        source=m.source,
        from_technology=f"before {m.id}",
        to_technology=f"after {m.id}",
    )


def _control_rows(m: _Measure, cited: dict[str, Any]) -> list[ControlRow]:
    """Return the shares that a measure removes, as efficiencies of a control that always works."""
    own = {"control": _control(m)}
    return [
        _exact(ControlRow, 1.0, "1", cited, **own, parameter="rule_effectiveness"),
        *(_efficiency(row, own) for row in m.rows),
    ]


def _efficiency(row: FinishedMeasureRow, own: dict[str, Any]) -> ControlRow:
    """Return the share that a line removes, within its range and no more than all."""
    ends = range_or_default(row.reduction, row.low, row.high)
    low, high = (min(units.convert(end, row.unit, ""), 1.0) for end in ends)
    share = units.convert(row.reduction, row.unit, "")
    cited = {"basis": row.basis, "source_key": row.source_key, "low": low, "high": high}
    keys = {**own, "pollutant": row.pollutant, "parameter": "efficiency"}
    return _exact(ControlRow, share, "1", cited, **keys)


def _control(m: _Measure) -> str:
    return ids_in_one((m.id, m.source), " on ")


def _exact(model: type[Q], value: float, unit: str, cited: dict[str, Any], **keys: Any) -> Q:
    """Return a row whose range is the value itself unless ``cited`` holds its ends."""
    blank: dict[str, Any] = {
        name: field.default
        for name, field in model.model_fields.items()
        if name not in keys and not field.is_required()
    }
    own = {"value": value, "unit": unit, "low": value, "high": value}
    return cast(Q, model.model_construct(**{**blank, **own, **cited, **keys}))
