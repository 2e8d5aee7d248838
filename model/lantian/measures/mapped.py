"""Measures of the catalogue on the sources of a finished inventory.

A source is said to be one of the catalogue's, so that efficiencies, reach and unit costs are taken
over. Costs are scaled by its activity: stated, or found from its tonnes and an emission factor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from pydantic import Field, model_validator

from lantian.errors import Problems, closest
from lantian.inventory.contract import Source
from lantian.inventory.finished import REST
from lantian.inventory.patterns import nearest_pattern, note_unmatched
from lantian.inventory.tonnes import Emissions, Emitter
from lantian.language import Message, message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import AVOIDED, AppliesRow, CostRow, ReachRow
from lantian.measures.costs import Scales, cost_rows
from lantian.measures.own import OwnCatalogue
from lantian.parameters import (
    ONE,
    Number,
    Numbers,
    OwnRow,
    QuantityRow,
    QuantityTable,
    Space,
    check_range,
    units,
)
from lantian.parameters.space import constant
from lantian.parameters.units import UnitError
from lantian.vocabulary import Pollutant

Q = TypeVar("Q", bound=QuantityRow)


class MappingRow(OwnRow):
    """A line of the mapping: what a source, or a pattern such as ``industry/*``, is with us.

    ``value`` is the activity of the source (``50000 t``), or with a ``pollutant`` the emission
    factor (``3 kg/t``) by which its tonnes become activity.
    """

    source: str = Field(min_length=1)
    catalogue_source: str = Field(min_length=1)
    technology: str = ""
    pollutant: Pollutant | None = None
    value: Number = Field(gt=0)
    unit: str = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        check_range(self.value, self.low, self.high, self.basis)
        return self


class ScaleRow(QuantityRow):
    """The number of a line of the mapping, with its range."""

    source: str
    catalogue_source: str


@dataclass(frozen=True)
class _Mapped:
    """A source of the inventory as one of the catalogue's; ``scale`` as in :class:`Scales`."""

    id: str
    row: MappingRow
    scale: tuple[str, Numbers, Numbers]


def with_catalogue(
    own: OwnCatalogue,
    rows: Sequence[MappingRow],
    emissions: Emissions,
    *,
    emitted: Mapping[Emitter, Numbers],
    sources: Mapping[str, Source],
    catalogue: Catalogue,
    problems: Problems,
    space: Space,
) -> tuple[OwnCatalogue, list[Message]]:
    """Add the measures of the catalogue to those that a bureau brings along.

    Parameters
    ----------
    own
        Measures of the bureau.
    rows
        What its sources are.
    emissions
        What they emit.
    emitted
        The same per slice [t/slice].
    sources
        Sources of the catalogue by id.
    catalogue
        Its measures.
    problems
        Receives every fault found.
    space
        Receives the numbers that are taken.

    Returns
    -------
    OwnCatalogue
        Of both.
    list
        Which measures could not be taken over.
    """
    mapped = _mapped(rows, emissions, emitted, sources, problems, space)
    _check_ids(own.catalogue, catalogue, problems)
    applies, scales, left_out = _arcs_taken(mapped, catalogue, emissions)
    reach: list[ReachRow] = []
    costs: list[CostRow] = []
    for measure, source in scales:
        ours = next(one.row.catalogue_source for one in mapped if one.id == source)
        found = catalogue.reach_of(measure, ours)
        reach += [] if found is None else [_on(found, source)]
        costs += [_on(row, source) for row in cost_rows(catalogue.costs.rows, measure, ours)]
    used = {row.measure for row in applies}
    controls = {row.control for row in applies}
    told = _left_out([name for name in left_out if name not in used])
    base = own.catalogue
    joined = Catalogue(
        (*base.measures, *(row for row in catalogue.measures if row.measure in used)),
        (*base.applies, *applies),
        _joined(base.reach, reach, catalogue.reach),
        _joined(base.costs, costs, catalogue.costs),
        _joined(
            base.controls,
            [row for row in catalogue.controls.rows if row.control in controls],
            catalogue.controls,
        ),
        catalogue.energy,
        catalogue.vehicles,
        own_controls=base.own_controls,
    )
    return OwnCatalogue(
        joined, Scales(own.scales.size, scales, own.scales.removed, whole=True)
    ), told


def _arcs_taken(
    mapped: Sequence[_Mapped], catalogue: Catalogue, emissions: Emissions
) -> tuple[list[AppliesRow], dict[tuple[str, str], tuple[str, Numbers, Numbers]], list[str]]:
    """Return what measures of the catalogue do to a bureau's sources, and those left out.

    With the scale of each measure on each source.
    """
    kinds = {row.measure: row for row in catalogue.measures}
    applies: list[AppliesRow] = []
    scales: dict[tuple[str, str], tuple[str, Numbers, Numbers]] = {}
    left_out: dict[str, None] = {}
    for one in mapped:
        ours = one.row.catalogue_source
        for arc in (r for r in catalogue.applies if r.source == ours and r.measure in kinds):
            if arc.from_technology not in ("", one.row.technology):
                continue
            taken = _taken(arc, one.id, kinds[arc.measure].acts_on == "new")
            if taken is None:
                left_out[arc.measure] = None
            elif taken not in applies and _acts(taken, one.id, catalogue, emissions):
                applies.append(taken.at(arc.place))
                scales[arc.measure, one.id] = one.scale
    return applies, scales, list(left_out)


def _mapped(
    rows: Sequence[MappingRow],
    emissions: Emissions,
    emitted: Mapping[Emitter, Numbers],
    sources: Mapping[str, Source],
    problems: Problems,
    space: Space,
) -> list[_Mapped]:
    """Return each source that a row names, with how its activity is found."""
    by_pattern: dict[str, MappingRow] = {}
    for row in rows:
        if by_pattern.setdefault(row.source, row) is not row:
            problems.add(
                row.place.cell("source"), message("'{name}' stands twice.", name=row.source)
            )
        _check_row(row, emissions, sources, problems)
    named = {
        source: nearest_pattern(by_pattern, source, sector)
        for source, sector in emissions.sector_of.items()
    }
    numbers = {name: _scale(row) for name, row in by_pattern.items()}
    found = []
    for source, name in named.items():
        if name is None or by_pattern[name].catalogue_source not in sources:
            continue
        row, number = by_pattern[name], numbers[name]
        unit = sources[row.catalogue_source].unit
        try:
            if row.pollutant is None:
                scale = space.number(number, units.factor(row.unit, unit)), constant(ONE)
            else:
                factor = units.factor(row.unit, f"t/({unit})")
                scale = emitted[source, row.pollutant], space.number(number, factor)
        except UnitError as error:
            problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
            continue
        found.append(_Mapped(source, row, (unit, *scale)))
    return found


def _check_row(
    row: MappingRow, emissions: Emissions, sources: Mapping[str, Source], problems: Problems
) -> None:
    own = note_unmatched(row.source, emissions.sector_of, row.place.cell("source"), problems)
    ours = sources.get(row.catalogue_source)
    if ours is None:
        problems.add(
            row.place.cell("catalogue_source"),
            message("'{name}' is not a source of the catalogue.", name=row.catalogue_source),
            fix=closest(row.catalogue_source, sources),
        )
    elif row.technology and row.technology not in ours.technologies:
        problems.add(
            row.place.cell("technology"),
            message(
                "'{name}' is not a technology of source '{source}'.",
                name=row.technology,
                source=ours.id,
            ),
            fix=closest(row.technology, ours.technologies),
        )
    if row.pollutant is None and len(own) > 1:
        problems.add(
            row.place.cell("source"),
            message("an activity is that of one source; '{name}' names several.", name=row.source),
            fix=message("Write an emission factor and its pollutant."),
        )
    for source in own:
        if row.pollutant and (source, row.pollutant) not in emissions.series:
            problems.add(
                row.place.cell("pollutant"),
                message(
                    "source '{source}' emits no {pollutant}.",
                    source=source,
                    pollutant=row.pollutant,
                ),
            )


def _check_ids(own: Catalogue, catalogue: Catalogue, problems: Problems) -> None:
    """Note measures of the bureau that are called like one of the catalogue."""
    known = {row.measure for row in catalogue.measures}
    for row in (row for row in own.measures if row.measure in known):
        problems.add(
            row.place.cell("measure"),
            message("the catalogue has a measure '{name}' too.", name=row.measure),
            fix=message("Give yours another name."),
        )


def _taken(arc: AppliesRow, source: str, new_only: bool) -> AppliesRow | None:
    """Return an arc as it stands on a source of tonnes; None if tonnes say too little for it.

    What goes to another technology needs the emission factors of both; what acts on new units
    needs to know them; what replaces a control needs to know who has it.
    """
    if new_only or arc.replaces:
        return None
    if arc.control:
        return AppliesRow(measure=arc.measure, source=source, control=arc.control, group=arc.group)
    if arc.to_technology == AVOIDED and not arc.to_source:
        return AppliesRow(
            measure=arc.measure, source=source, from_technology=REST, to_technology=AVOIDED
        )
    return None


def _acts(arc: AppliesRow, source: str, catalogue: Catalogue, emissions: Emissions) -> bool:
    """Tell whether an arc changes anything that the source emits."""
    touched = {
        row.pollutant
        for row in catalogue.controls.rows
        if row.control == arc.control and row.parameter == "efficiency"
    }
    emitted = {pollutant for name, pollutant in emissions.series if name == source}
    return not arc.control or bool(touched & emitted)


def _left_out(names: Sequence[str]) -> list[Message]:
    if not names:
        return []
    return [
        message(
            "measures of the catalogue that tonnes alone say too little for, and which are not"
            " offered: {names}.",
            names=", ".join(names),
        )
    ]


def _on(row: Q, source: str) -> Q:
    """Return a row of the catalogue for one source of the inventory."""
    return row.model_copy(update={"source": source}).at(row.place)


def _joined(
    own: QuantityTable[Q], more: Sequence[Q], catalogue: QuantityTable[Q]
) -> QuantityTable[Q]:
    return own.of([*own.rows, *more])


def _scale(row: MappingRow) -> ScaleRow:
    keys = {"source": row.source, "catalogue_source": row.catalogue_source}
    return row.as_quantity(ScaleRow, row.value, row.unit, **keys)
