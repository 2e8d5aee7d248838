"""Measures that a bureau brings along with its finished inventory -> rows of the catalogue.

A measure that removes a share is a control on its source; one that removes a stated amount moves a
portion of the emission from before to after. Shares on one source multiply, amounts add; a source
has the one or the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Self, TypeVar, cast

from pydantic import Field, model_validator

from lantian.errors import Place, Problems
from lantian.inventory.finished import SOURCE_UNIT, Portion
from lantian.inventory.patterns import note_unmatched
from lantian.inventory.tonnes import Emissions, Emitter
from lantian.language import message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import AppliesRow, ControlRow, CostRow, MeasureRow, ReachRow
from lantian.measures.costs import Scales
from lantian.names import ids_in_one
from lantian.parameters import (
    ZERO,
    CalendarYear,
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    QuantityTable,
    Space,
    check_range,
    check_size,
    range_or_default,
    units,
)
from lantian.parameters.money import Exchange
from lantian.parameters.rows import CellError
from lantian.parameters.space import constant
from lantian.parameters.units import UnitError
from lantian.vocabulary import POLLUTANTS, Pollutant

Q = TypeVar("Q", bound=QuantityRow)


class ReductionRow(QuantityRow):
    """The amount that a line of the measures removes, with its range."""

    measure: str
    source: str
    pollutant: Pollutant


class OwnMeasureRow(OwnRow):
    """A line of the measures: what one measure takes from one pollutant of one source.

    ``reduction`` is a share (unit %) of what the treated part emits, or the amount removed in
    full use; below 0 where the measure raises this pollutant. ``cost_per_year`` is the cost of full
    use (on 100 % of the source), ``cost_per_tonne`` that of each tonne of the row's pollutant that
    the measure removes; with neither the cost is unknown. ``reach`` is the largest share of full
    use. ``source`` may be a pattern such as ``industry/*``.
    """

    ranged = "reduction"
    measure: str = Field(min_length=1)
    source: str = Field(min_length=1)
    pollutant: Pollutant
    reduction: Number
    unit: str = Field(min_length=1)
    reach: str = "100 %"
    cost_per_year: Number | None = None
    cost_per_tonne: Number | None = None
    cost_unit: str = ""
    cost_year: CalendarYear | None = None
    at_size: str = ""
    exponent: Number | None = None
    group: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.reduction, self.low, self.high, self.basis)
        if self.cost_per_year is not None and not self.cost_unit:
            raise CellError("cost_unit", message("cost_per_year needs a cost_unit"))
        if self.cost_per_tonne is not None and not self.cost_unit:
            raise CellError("cost_unit", message("cost_per_tonne needs a cost_unit"))
        if self.cost_per_tonne is not None and self.cost_per_year is not None:
            said = message("give cost_per_year or cost_per_tonne, not both")
            raise CellError("cost_per_tonne", said)
        if bool(self.at_size) != (self.exponent is not None):
            raise CellError("at_size", message("at_size and exponent go together"))
        if self.at_size:
            check_size(self.at_size, "at_size")
        return self


@dataclass(frozen=True)
class OwnMeasure:
    """Rows of one measure on one source, converted: shares as fractions, amounts in t."""

    id: str
    source: str
    group: str
    is_share: bool
    reach: float
    cost: float | None
    rows: tuple[OwnMeasureRow, ...]

    @property
    def charged(self) -> OwnMeasureRow | None:
        """The row whose tonnes are paid for; None where the cost is one per year, or unknown."""
        return next((row for row in self.rows if row.cost_per_tonne is not None), None)

    @property
    def place(self) -> Place:
        """Place of the first row."""
        return self.rows[0].place


def own_measures(
    lines: Sequence[OwnMeasureRow],
    emissions: Emissions,
    exchange: Exchange,
    problems: Problems,
) -> list[OwnMeasure]:
    """Gather the lines of each measure on each source, and check them.

    Parameters
    ----------
    lines
        The table.
    emissions
        Sources of the inventory with what they emit.
    exchange
        Currency that costs are converted to, and the rates of others.
    problems
        Receives every fault found.

    Returns
    -------
    list
        Without those that are faulty.
    """
    unread = emissions.unread or {}
    sources = {**unread, **emissions.sector_of}
    of_sources = Problems() if emissions.unread is None else problems
    pairs: dict[tuple[str, str], list[OwnMeasureRow]] = {}
    for row in lines:
        for one in _on_each_source(row, sources, of_sources):
            pairs.setdefault((one.measure, one.source), []).append(one)
    found = [_measure(rows, exchange, problems) for rows in pairs.values()]
    known = [m for m in found if m is not None]
    _check_mixed(known, problems)
    _check_emitted([m for m in known if m.source not in unread], emissions, of_sources)
    _warn_of_fractions(lines, problems)
    _warn_of_gains(lines, problems)
    return known


FAR_BELOW = 20.0
"""How many times a reduction below 1 % the others must mostly be for it to be odd."""
PERCENT = ("%", "percent")
"""How a reduction in per cent is written."""


def _warn_of_fractions(lines: Sequence[OwnMeasureRow], problems: Problems) -> None:
    """Warn where no reduction in per cent is above 1: they look like fractions."""
    rows = [row for row in lines if row.unit in PERCENT and row.reduction]
    above = [row.reduction for row in rows if row.reduction > 1.0]
    usual = median(above) if above else 0.0
    for row in rows:
        if 0.0 < row.reduction < 1.0 and row.reduction * FAR_BELOW <= usual:
            _warn_of_little(row, "reduction", row.reduction, problems)
    if rows and all(abs(row.reduction) <= 1.0 for row in rows):
        problems.warn(
            rows[0].place.cell("reduction"),
            message(
                "no reduction in % of this table is above 1; the first is {value} %.",
                value=f"{rows[0].reduction:g}",
            ),
            fix=message(
                "If {percent} % is meant, write it so, or write the unit 1.",
                percent=f"{rows[0].reduction * 100:g}",
            ),
        )


def _warn_of_gains(lines: Sequence[OwnMeasureRow], problems: Problems) -> None:
    """Warn of costs below 0: a cheapest mix takes such a measure whatever is promised."""
    seen: set[tuple[str, str]] = set()
    for row in lines:
        for column in ("cost_per_year", "cost_per_tonne"):
            cost = getattr(row, column)
            if cost is not None and cost < 0.0 and (row.measure, row.source) not in seen:
                seen.add((row.measure, row.source))
                problems.warn(
                    row.place.cell(column),
                    message(
                        "'{measure}' costs {cost} {unit}: it earns more than it costs.",
                        measure=row.measure,
                        cost=f"{cost:,.10g}",
                        unit=row.cost_unit,
                    ),
                    fix=message("Check the sign: every cheapest mix takes it."),
                )


def _warn_of_little(row: OwnMeasureRow, column: str, percent: float, problems: Problems) -> None:
    """Warn of a share below 1 %: it looks like a fraction."""
    problems.warn(
        row.place.cell(column),
        message("{quantity} is less than one in a hundred.", quantity=f"{percent:g} %"),
        fix=message("Did you mean {meant:g} %?", meant=percent * 100),
    )


def _on_each_source(
    row: OwnMeasureRow, sources: Mapping[str, str], problems: Problems
) -> list[OwnMeasureRow]:
    """Return a row once for each source that it names."""
    found = note_unmatched(row.source, sources, row.place.cell("source"), problems)
    return [
        row if source == row.source else row.model_copy(update={"source": source}).at(row.place)
        for source in found
    ]


def _measure(
    rows: list[OwnMeasureRow], exchange: Exchange, problems: Problems
) -> OwnMeasure | None:
    first, before = rows[0], len(problems.found)
    _check_alike(rows, problems)
    is_share = _is_share(first.unit)
    _check_reductions(rows, is_share, problems)
    reach = _reach(first, problems)
    cost = _cost(rows, exchange, problems)
    if len(problems.found) > before:
        return None
    return OwnMeasure(first.measure, first.source, first.group, is_share, reach, cost, tuple(rows))


def _cost(rows: Sequence[OwnMeasureRow], exchange: Exchange, problems: Problems) -> float | None:
    """Return the cost of full use [currency/a], or of a tonne [currency/t]; None if unknown."""
    charged = [row for row in rows if row.cost_per_tonne is not None]
    for row in charged[1:]:
        problems.add(
            row.place.cell("cost_per_tonne"),
            message("'cost_per_tonne' stands in line {line} already.", line=charged[0].place.line),
            fix=message("Charge the whole cost to one pollutant."),
        )
    for row in charged:
        if row.cost_per_tonne is not None:
            return _money(row.cost_per_tonne, row, "/t", exchange, problems)
    first = rows[0]
    if first.cost_per_year is None:
        return None
    return _money(first.cost_per_year, first, "/a", exchange, problems)


def _money(
    value: float, row: OwnMeasureRow, per: str, exchange: Exchange, problems: Problems
) -> float:
    """Return a cost [currency per year, or per t]; a yearly one may be written as a sum."""
    timed = any(row.cost_unit.endswith(f"/{a}") for a in ("a", "yr", "year", "年"))
    yearly = "/a" if per == "/a" and not timed else ""
    try:
        return value * exchange.factor(f"{row.cost_unit}{yearly}", f"{exchange.currency}{per}")
    except UnitError as error:
        told = error.args[0] if units.is_known(row.cost_unit) else units.unknown(row.cost_unit)
        problems.add(row.place.cell("cost_unit"), message("{text}.", text=told))
        return float("nan")


ALIKE = ("reach", "cost_per_year", "cost_unit", "cost_year", "at_size", "exponent", "group")
"""Columns that are the same in all rows of a measure and source."""
ALIKE_BUT_FOR_TONNES = ("reach", "group")
"""These where a cost per tonne stands in one of the rows only."""


def _check_alike(rows: Sequence[OwnMeasureRow], problems: Problems) -> None:
    """Note rows of one measure and source that differ in what belongs to all of them."""
    first = rows[0]
    by_tonne = any(row.cost_per_tonne is not None for row in rows)
    for row in rows[1:]:
        for column in ALIKE_BUT_FOR_TONNES if by_tonne else ALIKE:
            if getattr(row, column) != getattr(first, column):
                problems.add(
                    row.place.cell(column),
                    message(
                        "'{column}' differs from line {line}.", column=column, line=first.place.line
                    ),
                )


def _check_reductions(rows: Sequence[OwnMeasureRow], is_share: bool, problems: Problems) -> None:
    """Note reductions that cannot be, or do not fit the others of their measure and source."""
    seen: set[Pollutant] = set()
    for row in rows:
        if _is_share(row.unit) != is_share:
            problems.add(
                row.place.cell("unit"), message("a measure removes shares or amounts, not both.")
            )
            continue
        value = _reduction(row, is_share, problems)
        if row.pollutant in seen:
            problems.add(
                row.place.cell("pollutant"),
                message("pollutant '{name}' twice.", name=row.pollutant),
            )
        seen.add(row.pollutant)
        if is_share and value > 1:
            _note_impossible(row, problems)
    if not any(row.reduction > 0 for row in rows):
        _note_impossible(min(rows, key=lambda row: row.reduction), problems)


def _note_impossible(row: OwnMeasureRow, problems: Problems) -> None:
    value = {"value": f"{row.reduction:g}", "unit": row.unit}
    if row.reduction > 0:
        problems.add(
            row.place.cell("reduction"), message("reduction {value} {unit} is impossible.", **value)
        )
        return
    problems.add(
        row.place.cell("reduction"),
        message(
            "'{measure}' lowers nothing on '{source}': its reduction is {value} {unit}.",
            measure=row.measure,
            source=row.source,
            **value,
        ),
        fix=message(
            "A reduction below 0 raises a pollutant; it stands beside one above 0 of the same"
            " measure and source."
        ),
    )


def _is_share(unit: str) -> bool:
    return units.is_like(unit, "")


def _reduction(row: OwnMeasureRow, is_share: bool, problems: Problems) -> float:
    """Return what a line removes: a share [1] or an amount [t/a]."""
    try:
        k = units.factor(row.unit, "") if is_share else units.per_year(row.unit, "t")
        return row.reduction * k
    except UnitError as error:
        problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
        return float("nan")


LEAST_REACH = 0.01
"""Share [1] of a source below which a reach may be a fraction that was written as per cent."""


def _reach(row: OwnMeasureRow, problems: Problems) -> float:
    try:
        value, unit = units.parse_quantity(row.reach)
        share = units.convert(value, unit, "")
    except UnitError as error:
        problems.add(
            row.place.cell("reach"),
            message("reach: {text}.", text=error.args[0]),
            fix=message("Write for instance '90 %'."),
        )
        return float("nan")
    if 0 < share < LEAST_REACH:
        _warn_of_little(row, "reach", share * 100, problems)
    if not 0 < share <= 1:
        problems.add(
            row.place.cell("reach"),
            message("reach {reach} is not above 0 % and up to 100 %.", reach=row.reach),
        )
    return share


def _check_mixed(measures: Sequence[OwnMeasure], problems: Problems) -> None:
    by_source: dict[str, list[OwnMeasure]] = {}
    for measure in measures:
        by_source.setdefault(measure.source, []).append(measure)
    for source, own in by_source.items():
        odd = [m for m in own if m.is_share != own[0].is_share]
        if odd:
            problems.add(
                odd[0].place.cell("unit"),
                message(
                    "source '{source}' has measures that remove shares and others that remove"
                    " amounts.",
                    source=source,
                ),
                fix=message("Use one of the two for a source."),
            )
        for m in own:
            if m.group and not m.is_share:
                problems.add(
                    m.place.cell("group"), message("exclusive groups need reductions in %.")
                )


def _check_emitted(
    measures: Sequence[OwnMeasure], emissions: Emissions, problems: Problems
) -> None:
    """Note cuts and shares of what is not emitted; an amount may be added to nothing."""
    emitted = emissions.emitters
    for measure in measures:
        for row in measure.rows:
            adds = row.reduction < 0 and not measure.is_share
            if (row.source, row.pollutant) not in emitted and not adds:
                problems.add(
                    row.place.cell("pollutant"),
                    message(
                        "source '{source}' emits no {pollutant}.",
                        source=row.source,
                        pollutant=row.pollutant,
                    ),
                )


def portions(measures: Iterable[OwnMeasure], emissions: Emissions, space: Space) -> list[Portion]:
    """Return what measures remove as stated amounts.

    Parameters
    ----------
    measures
        Those that remove shares are passed over.
    emissions
        Know the sector of each source.
    space
        Receives the amounts, as numbers of these sectors.
    """
    found = []
    for m in (m for m in measures if not m.is_share):
        with space.owned_by(emissions.sector_of[m.source]):
            found.append(Portion(m.id, m.source, _taken(m, space)))
    return found


def _taken(measure: OwnMeasure, space: Space) -> Numbers:
    """Return what a measure removes in full use [t/a], dims (pollutant,)."""
    found = constant(ZERO, len(POLLUTANTS))
    for row in measure.rows:
        at = POLLUTANTS.index(row.pollutant)
        found.slot[at] = space.slot(_amount(row))
        found.factor[at] = units.per_year(row.unit, "t")
    return found


def note_overdrawn(
    measures: Iterable[OwnMeasure], sources: Iterable[str], problems: Problems
) -> None:
    """Note sources from which measures remove more than they emit, at the first of these."""
    first: Mapping[str, OwnMeasure] = {
        m.source: m for m in reversed([m for m in measures if not m.is_share])
    }
    for source in sources:
        problems.add(
            first[source].place.cell("reduction"),
            message("the measures on '{source}' remove more than it emits.", source=source),
        )


def _amount(row: OwnMeasureRow) -> ReductionRow:
    keys = {"measure": row.measure, "source": row.source, "pollutant": row.pollutant}
    return row.as_quantity(ReductionRow, row.reduction, row.unit, **keys)


def carriers(
    measures: Iterable[OwnMeasure], emissions: Emissions, problems: Problems
) -> dict[str, Pollutant]:
    """Return the pollutant whose tonnes the slices of a source must follow, where costs need it.

    Parameters
    ----------
    measures
        Those whose cost is one per tonne need its tonnes per slice to be the same in all years.
    emissions
        What the sources emit.
    problems
        Receives sources where that cannot be.

    Returns
    -------
    dict
        By source; none where the emission is the same in all years anyway.
    """
    found: dict[str, Pollutant] = {}
    for measure in measures:
        row = measure.charged
        if row is None or not measure.is_share:
            continue
        emitter = (measure.source, row.pollutant)
        if emitter not in emissions.series or emissions.is_constant(emitter):
            continue
        if any(number.value <= 0 for number in emissions.series[emitter].rows):
            problems.add(
                row.place,
                message(
                    "a cost per tonne needs tonnes of {pollutant} from '{source}' in every year.",
                    pollutant=row.pollutant,
                    source=row.source,
                ),
                fix=message("Write cost_per_year, the cost of full use."),
            )
        elif found.setdefault(measure.source, row.pollutant) != row.pollutant:
            problems.add(
                row.place,
                message(
                    "costs per tonne of two pollutants of '{source}', which change from year to"
                    " year: {first} and {second}.",
                    source=row.source,
                    first=found[measure.source],
                    second=row.pollutant,
                ),
                fix=message("Charge them to one pollutant, or write cost_per_year."),
            )
    return found


@dataclass(frozen=True)
class OwnCatalogue:
    """Measures as a catalogue, and what their costs grow with."""

    catalogue: Catalogue
    scales: Scales


def own_catalogue(
    measures: Sequence[OwnMeasure],
    parts: Iterable[Portion],
    emitted: Mapping[Emitter, Numbers],
    *,
    sizes: Mapping[str, str],
    file: str,
    currency: str,
    problems: Problems,
    space: Space,
) -> OwnCatalogue:
    """Write measures as a catalogue.

    Parameters
    ----------
    measures
        Each on one source.
    parts
        What some of them remove as stated amounts.
    emitted
        What a source emits per slice [t/slice], of the pollutants that are paid for.
    sizes
        Size of the plants of a source.
    file
        Name of their table as it is shown.
    currency
        Of their costs.
    problems
        Passed on to the tables.
    space
        Receives the numbers that are taken.

    Returns
    -------
    OwnCatalogue
        Measures in the order of the table.
    """
    rows: dict[str, list[Any]] = {
        k: [] for k in ("measures", "applies", "reach", "costs", "controls")
    }
    for m in measures:
        _add_measure(m, currency, rows)
    unique: dict[str, MeasureRow] = {}
    for row in rows["measures"]:
        unique.setdefault(row.measure, row)
    catalogue = Catalogue(
        tuple(unique.values()),
        tuple(rows["applies"]),
        QuantityTable(file, rows["reach"], problems, space),
        QuantityTable(file, rows["costs"], problems, space),
        QuantityTable(file, rows["controls"], problems, space),
        own_controls=tuple(dict.fromkeys(row.control for row in rows["controls"])),
    )
    taken = {(p.measure, p.source): p.taken for p in parts}
    removed = {
        (m.id, m.source): _removed(m, row.pollutant, catalogue, taken, emitted)
        for m in measures
        if (row := m.charged) is not None
    }
    return OwnCatalogue(catalogue, Scales(sizes, {}, removed, whole=True))


def _removed(
    m: OwnMeasure,
    pollutant: Pollutant,
    catalogue: Catalogue,
    taken: Mapping[tuple[str, str], Numbers],
    emitted: Mapping[Emitter, Numbers],
) -> tuple[Numbers, ...]:
    """Return numbers whose product is what a measure alone removes in full use [t/slice]."""
    if not m.is_share:
        return (taken[m.id, m.source][POLLUTANTS.index(pollutant)],)
    controls = catalogue.declare_controls([_control(m)])
    share = controls.efficiency[0, POLLUTANTS.index(pollutant)]
    return emitted[m.source, pollutant], share, controls.effectiveness[0]


def _add_measure(m: OwnMeasure, currency: str, rows: dict[str, list[Any]]) -> None:
    """Write a measure as rows of the catalogue's tables."""
    cited = {"basis": m.rows[0].basis, "source_key": m.rows[0].source_key}
    own = {"measure": m.id, "source": m.source}
    rows["measures"].append(_measure_row(m).at(m.place))
    rows["applies"].append(_applies_row(m).at(m.place))
    reach = _exact(ReachRow, m.reach, "1", cited, **own, parameter="reach")
    rows["reach"].append(reach.at(m.place))
    if m.cost is not None:
        rows["costs"].append(_cost_row(m, m.cost, currency, cited).at(m.place))
    if m.is_share:
        rows["controls"] += [row.at(m.place) for row in _control_rows(m, cited)]


def _cost_row(m: OwnMeasure, cost: float, currency: str, cited: dict[str, Any]) -> CostRow:
    paid = m.charged or m.rows[0]
    kind: dict[str, Any] = (
        {"item": "variable"}
        if m.charged is None
        else {"item": "per-tonne", "pollutant": paid.pollutant}
    )
    unit = f"{currency}/{SOURCE_UNIT}/a" if m.charged is None else f"{currency}/t"
    also = {"currency_year": paid.cost_year, "at_size": paid.at_size, "exponent": paid.exponent}
    return _exact(CostRow, cost, unit, cited, measure=m.id, source=m.source, **kind, **also)


def _measure_row(m: OwnMeasure) -> MeasureRow:
    return MeasureRow(
        measure=m.id,
        kind="control" if m.is_share else "shift",
        acts_on="stock",
        sector="",
        cost="unpriced" if m.cost is None else "priced",
        source_key=m.rows[0].source_key,
    )


def _applies_row(m: OwnMeasure) -> AppliesRow:
    if m.is_share:
        return AppliesRow(measure=m.id, source=m.source, control=_control(m), group=m.group)
    portion = Portion(m.id, m.source, constant(ZERO))
    return AppliesRow(
        measure=m.id,
        source=m.source,
        from_technology=portion.before,
        to_technology=portion.after,
    )


def _control_rows(m: OwnMeasure, cited: dict[str, Any]) -> list[ControlRow]:
    """Return the shares that a measure removes, as efficiencies of a control that always works."""
    own = {"control": _control(m)}
    return [
        _exact(ControlRow, 1.0, "1", cited, **own, parameter="rule_effectiveness"),
        *(_efficiency(row, own) for row in m.rows),
    ]


def _efficiency(row: OwnMeasureRow, own: dict[str, Any]) -> ControlRow:
    """Return the share that a line removes, within its range and no more than all."""
    ends = sorted(range_or_default(row.reduction, row.low, row.high))
    low, high = (min(units.convert(end, row.unit, ""), 1.0) for end in ends)
    share = units.convert(row.reduction, row.unit, "")
    cited = {"basis": row.basis, "source_key": row.source_key, "low": low, "high": high}
    keys = {**own, "pollutant": row.pollutant, "parameter": "efficiency"}
    return _exact(ControlRow, share, "1", cited, **keys)


def _control(m: OwnMeasure) -> str:
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
