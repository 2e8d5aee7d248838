"""Sectors and measure catalogue -> the system of states and moves, structure apart from numbers."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from lantian.core.projection import contraction, emission
from lantian.core.system import (
    NOWHERE,
    Arcs,
    Array,
    Charged,
    Factors,
    Families,
    Index,
    Sources,
    States,
    Structure,
    System,
    Values,
    distinct_pairs,
    system_of,
)
from lantian.errors import Problems, closest
from lantian.inventory.contract import Block, Sector, SectorModel, Window, every_year
from lantian.inventory.months import even_shares, in_season
from lantian.language import message
from lantian.measures import activity, compliance, control, shift
from lantian.measures.catalogue import Catalogue, ControlNumbers
from lantian.measures.contract import AVOIDED, AppliesRow, MeasureRow
from lantian.measures.costs import PER_TONNE, CostNumbers, Money, Scales, cost_rows, declare_costs
from lantian.measures.depth import within_depth
from lantian.measures.harmonised import Harmonised, wanted_of
from lantian.measures.states import Rules, StateKey
from lantian.parameters import MISSING, ONE, ZERO, Numbers, Space
from lantian.parameters.space import constant, join
from lantian.vocabulary import MEASURE_KINDS, POLLUTANTS, MeasureKind

Step = Callable[[StateKey, AppliesRow, Rules], StateKey | str | None]

STEPS: Mapping[MeasureKind, Step] = {
    "activity": activity.step,
    "shift": shift.step,
    "control": control.step,
    "compliance": compliance.step,
}


@dataclass(frozen=True)
class _Arc:
    """A move while the system is being put together."""

    measure: str
    origin: StateKey
    target: StateKey | None
    row: AppliesRow


T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Parts(Generic[T]):
    """Something for each part of the values of a system.

    Attributes
    ----------
    amounts, factors
        For activity and new units, and for the factors, of each sector.
    controls, reach, conversion, costs
        For these of all measures.
    scale
        For what brings emissions to totals that are known.
    """

    amounts: tuple[T, ...]
    factors: tuple[T, ...]
    controls: T
    reach: T
    conversion: T
    scale: T
    costs: T

    def __iter__(self) -> Iterator[T]:
        yield from (*self.amounts, *self.factors)
        yield from (self.controls, self.reach, self.conversion, self.scale, self.costs)

    def map(self, function: Callable[..., U], *others: "Parts[Any]") -> "Parts[U]":
        """Return what a function makes of each part, and of the same parts of others.

        Parameters
        ----------
        function
            Takes one thing of this and of each of the others.
        others
            Of as many sectors.

        Returns
        -------
        Parts
            Of what it returns.
        """
        made = [function(*own) for own in zip(self, *others, strict=True)]
        n = len(self.amounts)
        return Parts(tuple(made[:n]), tuple(made[n : 2 * n]), *made[2 * n :])


@dataclass(frozen=True)
class Compiled:
    """A system as structure and as the numbers that fill it.

    Attributes
    ----------
    structure
        States, moves and groups.
    models
        What the sectors declared, in the order of the sectors.
    controls
        What each control removes, in the order of ``structure.packages``.
    reach, conversion
        Of each group [1], and of each move [to-units per from-unit].
    costs
        Unit costs of each group.
    harmonised
        Sources that are brought to totals which are known.
    """

    structure: Structure
    models: tuple[SectorModel, ...]
    controls: ControlNumbers
    reach: Numbers
    conversion: Numbers
    costs: CostNumbers
    harmonised: tuple[Harmonised, ...] = ()

    def values(self, theta: Array, window: Window) -> Values:
        """Return the numbers of the system for some columns of the parameter vector.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        window
            Years that are asked for.

        Returns
        -------
        Values
            Dims as there.
        """
        return self.values_of(self.functions(window).map(lambda _: theta), window)

    def functions(self, window: Window) -> "Parts[Callable[[Array], Any]]":
        """Return what makes each part of the values from columns of the parameter vector."""
        return Parts(
            tuple(partial(model.amounts, window=window) for model in self.models),
            tuple(partial(model.factors, window=window) for model in self.models),
            self._kept,
            self.reach,
            self.conversion,
            partial(self.scale, window=window),
            self.costs,
        )

    def values_of(self, columns: "Parts[Array]", window: Window) -> Values:
        """Return the values of columns of which some parts may need only one.

        Parameters
        ----------
        columns
            For each part as many columns as it has different ones, dims (slot, sample).
        window
            Years that are asked for.

        Returns
        -------
        Values
            A part that was given one column has one sample.
        """
        found = self.functions(window).map(lambda make, own: make(own), columns)
        recent = [new for _, new in found.amounts if new is not None]
        return Values(
            activity=_joined([held for held, _ in found.amounts], (0, len(window.years), 1)),
            factors=self._factors(found.factors, found.scale),
            recent=_joined(recent, (0, len(window.since), len(window.years), 1)),
            kept=found.controls,
            reach=found.reach,
            conversion=found.conversion,
            cost=found.costs,
        )

    def system(self, theta: Array) -> System:
        """Return the system of one column of the parameter vector, in all years.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, 1).

        Returns
        -------
        System
            What the optimiser and the tables of a run work on.
        """
        years = len(self.structure.years)
        return system_of(self.structure, self.values(theta, every_year(years)))

    def scale(self, theta: Array, window: Window) -> Array | None:
        """Return what brings each sector's emissions to totals that are known.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        window
            Years that are asked for.

        Returns
        -------
        Array or None
            Factor [1], dims (sector, pollutant, year, sample); None where none is brought to any.
        """
        if not self.harmonised:
            return None
        paths = self.paths(theta)
        shape = (len(self.models), len(POLLUTANTS), len(window.years), paths[0].shape[-1])
        found = np.ones(shape)
        for group, path in zip(self.harmonised, paths, strict=True):
            scale = group.scale(self.structure.years, path, theta)[window.years]
            found[group.sectors, group.pollutant] = scale
        return found

    def paths(self, theta: Array) -> list[Array]:
        """Return what each of :attr:`harmonised` emits before it is brought to its total.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        list of Array
            [t/a], dims (year, sample), as :meth:`Harmonised.scale` takes them.
        """
        structure, groups = self.structure, self.harmonised
        wanted = wanted_of(groups, len(structure.years))
        years = np.flatnonzero(wanted.any(axis=0))
        window = Window(years, years[:1])
        none = np.zeros((0, 1))
        values = Values(
            activity=_joined(
                [m.amounts(theta, window)[0] for m in self.models], (0, len(years), 1)
            ),
            factors=self._factors([m.factors(theta, window) for m in self.models]),
            recent=none,
            kept=self._kept(theta),
            reach=none,
            conversion=none,
            cost=none,
        )
        adds = contraction(structure, structure.base)
        emitted = emission(adds, values, values.activity, wanted[:, years])
        at = {year: k for k, year in enumerate(years.tolist())}
        return [
            own[[at[y if group.needs_path else group.base] for y in range(len(structure.years))]]
            for group, own in ((group, group.own(emitted)) for group in groups)
        ]

    def _factors(self, values: Sequence[Array], scale: Array | None = None) -> tuple[Factors, ...]:
        """Return the factors of all sectors, each where its kinds stand."""
        last = np.cumsum([0, *(len(m.kinds) for m in self.models)]).tolist()
        brought = {int(s) for group in self.harmonised for s in group.sectors}
        return tuple(
            Factors(
                slice(*own),
                model.pollutants,
                value if scale is None or i not in brought else value * scale[i, model.pollutants],
            )
            for i, (own, model, value) in enumerate(
                zip(pairwise(last), self.models, values, strict=True)
            )
        )

    def _kept(self, theta: Array) -> Array:
        """Return what each package leaves: the product over its controls, one after another."""
        kept = self.controls.kept(theta)
        packages = self.structure.packages
        product = np.ones((len(packages), *kept.shape[1:]))
        for layer in packages.T:
            product *= kept[layer]
        return product


def _joined(parts: Sequence[Array], none: tuple[int, ...]) -> Array:
    """Return arrays behind one another on their first axis, samples as many as any of them has."""
    samples = max((part.shape[-1] for part in parts), default=1)
    wide = (np.broadcast_to(part, (*part.shape[:-1], samples)) for part in parts)
    return np.concatenate([np.zeros((*none[:-1], samples)), *wide])


def compile_system(
    models: Sequence[tuple[Sector, SectorModel]],
    catalogue: Catalogue,
    money: Money,
    *,
    years: tuple[int, ...],
    start: int,
    space: Space,
    problems: Problems,
    committed: Collection[str] = (),
    scales: Scales | None = None,
    shares: Array | None = None,
) -> Compiled:
    """Put states and moves together.

    Only states that some activity can reach are kept: activity in the central values, with all
    numbers at their low or high ends, or in a corner between these that a sector names.

    Parameters
    ----------
    models
        Sectors in their order with what they declared.
    catalogue
        Measures with their arcs, reach, costs and controls.
    money
        Currency, price year, price index and discount rate of the unit costs.
    years
        Years of the model, ascending.
    start
        Position of the first year in which measures can act.
    space
        Holds the numbers of the sectors.
    problems
        Receives what does not fit.
    committed
        Ids of measures that a plan commits.
    scales
        What costs grow with beside the activity.
    shares
        Share of each source's year in each month [1], dims (source, month), for measures with a
        season; every day is alike by default.

    Returns
    -------
    Compiled
        Structure, and the numbers that fill it.
    """
    blocks = _blocks(models, space, len(years))
    base = _base_states(models, blocks, space.support(), every_year(len(years)))
    rules = _rules(catalogue)
    asked = _rows_by_source(models, catalogue, problems)
    bought = _bought(models, asked, space.central(), years[start])
    rows = within_depth(bought, committed, problems)
    found, arcs = _expand(base, rows, rules, {m.measure: m for m in catalogue.measures}, problems)
    sources = sources_of(models)
    keys = sorted(found, key=_state_order(models))
    position = {key: i for i, key in enumerate(keys)}
    moves = _arcs(arcs, position, sources, catalogue)
    controls = catalogue.in_order({c for key in keys for c in key.controls})
    declared, (package, packages) = catalogue.declare_controls(controls), _packages(keys, controls)
    structure = Structure(
        years,
        start,
        POLLUTANTS,
        tuple(m.measure for m in catalogue.measures),
        sources,
        _states(keys, sources),
        moves.axis,
        _families(moves, catalogue, sources, rules, keys),
        np.array([position[key] for key in base], dtype=np.int64),
        np.flatnonzero([not active for active in base.values()]),
        _vintages(models, blocks, position),
        _kinds(keys, models),
        package,
        packages,
        _emits(models),
        np.asarray((~declared.efficiency.is_slot(ZERO))[packages].any(axis=1)),
        _charged(moves, catalogue),
    )
    units = [sources.unit[sources.id.index(source)] for _, source in moves.groups]
    return Compiled(
        structure,
        tuple(model for _, model in models),
        declared,
        _reach(moves.groups, catalogue, sources, shares),
        _conversion(moves.arcs, sources, catalogue),
        declare_costs(catalogue.cost_tables, moves.groups, units, money, scales),
    )


def _blocks(models: Sequence[tuple[Sector, SectorModel]], space: Space, years: int) -> list[Block]:
    """Return the arrays of every sector at central values, low and high ends."""
    theta, window = space.support(), every_year(years)
    return [model.block(theta, window) for _, model in models]


def _keys(model: SectorModel) -> list[StateKey]:
    names = model.states
    return [
        StateKey(source, technology, frozenset(controls))
        for source, technology, controls in zip(
            names.source, names.technology, names.controls, strict=True
        )
    ]


def _base_states(
    models: Sequence[tuple[Sector, SectorModel]],
    blocks: Sequence[Block],
    support: Array,
    window: Window,
) -> dict[StateKey, bool]:
    """Return the states that sectors declare, and whether there can be any activity in them."""
    found: dict[StateKey, bool] = {}
    for (_, model), block in zip(models, blocks, strict=True):
        columns, corners = [block.activity], model.corners(support)
        if corners.shape[1]:
            columns.append(model.activities(corners, window))
        active = np.asarray(np.concatenate(columns, axis=2).any(axis=(1, 2)))
        found |= dict(zip(_keys(model), active.tolist(), strict=True))
    return found


def _vintages(
    models: Sequence[tuple[Sector, SectorModel]],
    blocks: Sequence[Block],
    position: Mapping[StateKey, int],
) -> Index:
    """Return the positions of the states whose sectors know what is new in them."""
    keys = [
        key
        for (_, model), block in zip(models, blocks, strict=True)
        if block.recent is not None
        for key in _keys(model)
    ]
    return np.array([position[key] for key in keys], dtype=np.int64)


def _kinds(keys: Sequence[StateKey], models: Sequence[tuple[Sector, SectorModel]]) -> Index:
    """Return the row of each state among the factors before the control of all sectors."""
    kinds = [kind for _, model in models for kind in model.kinds]
    row = {kind: k for k, kind in enumerate(kinds)}
    return np.array([row[key.source, key.technology] for key in keys], dtype=np.int64)


def _emits(models: Sequence[tuple[Sector, SectorModel]]) -> NDArray[np.bool_]:
    """Return which kinds can emit a pollutant, dims (kind, pollutant)."""
    emits = np.zeros((sum(len(model.kinds) for _, model in models), len(POLLUTANTS)), dtype=bool)
    first = 0
    for _, model in models:
        last = first + len(model.kinds)
        emits[first:last, model.pollutants] = True
        first = last
    return emits


def _packages(keys: Sequence[StateKey], controls: Sequence[str]) -> tuple[Index, Index]:
    """Return the package of each state, and the controls of each package, sorted by name."""
    packages = list(dict.fromkeys(tuple(sorted(key.controls)) for key in keys))
    number = {package: i for i, package in enumerate(packages)}
    depth = max(map(len, packages), default=0)
    padded = [
        [*(controls.index(c) for c in package), *[len(controls)] * (depth - len(package))]
        for package in packages
    ]
    return (
        np.array([number[tuple(sorted(key.controls))] for key in keys], dtype=np.int64),
        np.array(padded, dtype=np.int64).reshape(len(packages), depth),
    )


def _states(keys: Sequence[StateKey], sources: Sources) -> States:
    return States(
        np.array([sources.id.index(k.source) for k in keys], dtype=np.int64),
        tuple(k.technology for k in keys),
        tuple(tuple(sorted(k.controls)) for k in keys),
    )


def _rules(catalogue: Catalogue) -> Rules:
    fits: dict[tuple[str, str], set[str]] = {}
    everywhere: set[tuple[str, str]] = set()
    exclusive: dict[tuple[str, str], str] = {}
    for row in catalogue.applies:
        if row.control:
            key = (row.source, row.control)
            exclusive[key] = row.group
            fits.setdefault(key, set()).add(row.from_technology)
            if not row.from_technology:
                everywhere.add(key)
    return Rules(
        {k: frozenset() if k in everywhere else frozenset(v) for k, v in fits.items()},
        exclusive,
        _replacements(catalogue.applies),
    )


def _replacements(rows: Sequence[AppliesRow]) -> dict[tuple[str, str], frozenset[str]]:
    """Return what takes the place of each control of a source, through any number of steps."""
    result: dict[tuple[str, str], frozenset[str]] = {}
    steps = [(row.source, row.replaces, row.control) for row in rows if row.replaces]
    for _ in steps:  # as many passes as steps reach the end of any chain
        for source, old, new in steps:
            after = result.get((source, new), frozenset()) | {new}
            result[source, old] = result.get((source, old), frozenset()) | after
    return result


def _rows_by_source(
    models: Sequence[tuple[Sector, SectorModel]], catalogue: Catalogue, problems: Problems
) -> dict[str, list[AppliesRow]]:
    """Sort the applies-rows by source; note names that the sectors do not know.

    Activity cannot move to a source of a sector that the region does not count: such rows are no
    offer there.
    """
    technologies = {s.id: s.technologies for sector, _ in models for s in sector.sources}
    counted = {s.id for sector, model in models if len(model.states) for s in sector.sources}
    result: dict[str, list[AppliesRow]] = {name: [] for name in technologies}
    for row in catalogue.applies:
        if row.source not in technologies:
            problems.add(
                row.place.cell("source"),
                message("'{name}' is not a source.", name=row.source),
                fix=closest(row.source, technologies),
            )
            continue
        if not row.to_source or row.to_source in counted or row.to_source not in technologies:
            result[row.source].append(row)
        target = row.to_source or row.source
        ends = ("from_technology", row.source), ("to_technology", target)
        for column, source in ends:
            name = getattr(row, column)
            known = (*technologies.get(source, ()), "", AVOIDED)
            if name not in known:
                problems.add(
                    row.place.cell(column),
                    message(
                        "'{name}' is not a technology of source '{source}'.",
                        name=name,
                        source=source,
                    ),
                    fix=closest(name, known),
                )
    return result


def _bought(
    models: Sequence[tuple[Sector, SectorModel]],
    rows: Mapping[str, Sequence[AppliesRow]],
    theta: Array,
    year: int,
) -> dict[str, list[AppliesRow]]:
    """Let replacements follow the market: what is no longer sold cannot be bought.

    A row names the lowest standard that is bought. Once another is on sale in the first year in
    which measures act, it is that one.
    """
    model_of = {s.id: model for sector, model in models for s in sector.sources}
    found: dict[str, list[AppliesRow]] = {}
    for source, own in rows.items():
        found[source] = []
        for row in own:
            target = row.to_source or source
            name = row.to_technology
            if name not in ("", AVOIDED) and target in model_of:
                name = model_of[target].on_sale(theta, target, name, year)
            same = name == row.to_technology
            found[source].append(
                row if same else row.model_copy(update={"to_technology": name}).at(row.place)
            )
    return found


def _expand(
    base: Mapping[StateKey, bool],
    rows: Mapping[str, Sequence[AppliesRow]],
    rules: Rules,
    measures: Mapping[str, MeasureRow],
    problems: Problems,
) -> tuple[set[StateKey], list[_Arc]]:
    """Follow every measure from every state that has activity, as far as it leads."""
    seen = {key for key, active in base.items() if active}
    declared = {(key.source, key.technology) for key in base}
    names = {key.source for key in base}
    arcs: dict[tuple[str, StateKey], _Arc] = {}
    queue = sorted(seen, key=repr)
    while queue:
        key = queue.pop()
        for row in rows.get(key.source, ()):
            if row.measure not in measures:
                continue
            target = STEPS[measures[row.measure].kind](key, row, rules)
            if target is None or not _is_declared(target, declared, row, problems):
                continue
            if target == AVOIDED and key.technology in names and key not in base:
                continue  # it ends with its source, before any measure has acted
            arc = _Arc(row.measure, key, None if isinstance(target, str) else target, row)
            first = arcs.setdefault((row.measure, key), arc)
            if first.target != arc.target:
                problems.add(
                    row.place.cell("to_technology"),
                    message(
                        "'{measure}' leads from '{technology}' to two places.",
                        measure=row.measure,
                        technology=key.technology,
                    ),
                )
            if isinstance(target, StateKey) and target not in seen:
                seen.add(target)
                queue.append(target)
    return seen | set(base), list(arcs.values())


def _is_declared(
    target: StateKey | str, declared: set[tuple[str, str]], row: AppliesRow, problems: Problems
) -> bool:
    if isinstance(target, str) or (target.source, target.technology) in declared:
        return True
    problems.add(
        row.place.cell("to_technology"),
        message(
            "no activity row for technology '{technology}' of source '{source}'.",
            technology=target.technology,
            source=target.source,
        ),
        fix=message("Add it to the region's activity table, with 0 if there is none yet."),
    )
    return False


def sources_of(models: Sequence[tuple[Sector, SectorModel]]) -> Sources:
    """Return the source axis.

    Parameters
    ----------
    models
        Sectors in their order with what they declared.

    Returns
    -------
    Sources
        In the order of sectors and their declarations.
    """
    pairs = [(sector.id, s) for sector, _ in models for s in sector.sources]
    return Sources(
        tuple(s.id for _, s in pairs),
        tuple(sector for sector, _ in pairs),
        tuple(s.unit for _, s in pairs),
        tuple(s.group for _, s in pairs),
    )


def _state_order(
    models: Sequence[tuple[Sector, SectorModel]],
) -> Callable[[StateKey], tuple[int, int, int, list[str]]]:
    sources = [s for sector, _ in models for s in sector.sources]
    rank = {s.id: i for i, s in enumerate(sources)}

    def order(key: StateKey) -> tuple[int, int, int, list[str]]:
        i = rank[key.source]
        technology = sources[i].technologies.index(key.technology)
        return i, technology, len(key.controls), sorted(key.controls)

    return order


@dataclass(frozen=True)
class _Moves:
    """Moves while the system is being put together: arcs in order, and names of their groups."""

    arcs: tuple[_Arc, ...]
    groups: tuple[tuple[str, str], ...]
    axis: Arcs


def _arcs(
    arcs: Sequence[_Arc],
    position: Mapping[StateKey, int],
    sources: Sources,
    catalogue: Catalogue,
) -> _Moves:
    order = catalogue.order()
    arcs = sorted(
        arcs,
        key=lambda a: (order[a.measure], sources.id.index(a.origin.source), position[a.origin]),
    )
    names = tuple(dict.fromkeys((a.measure, a.origin.source) for a in arcs))
    group_of = {name: g for g, name in enumerate(names)}
    axis = Arcs(
        np.array([position[a.origin] for a in arcs], dtype=np.int64),
        np.array(
            [NOWHERE if a.target is None else position[a.target] for a in arcs], dtype=np.int64
        ),
        np.array([group_of[a.measure, a.origin.source] for a in arcs], dtype=np.int64),
    )
    return _Moves(tuple(arcs), names, axis)


def _conversion(arcs: Sequence[_Arc], sources: Sources, catalogue: Catalogue) -> Numbers:
    """Return the to-units per from-unit of each move; 1 within a source."""
    unit = dict(zip(sources.id, sources.unit, strict=True))
    found = constant(ONE, len(arcs))
    for m, arc in enumerate(arcs):
        if arc.target is not None and arc.target.source != arc.origin.source:
            one = catalogue.reach.numbers(
                f"({unit[arc.target.source]})/({unit[arc.origin.source]})",
                measure=arc.measure,
                source=arc.origin.source,
                parameter="conversion",
            )
            found.slot[m], found.factor[m] = one.slot, one.factor
    return found


def _charged(moves: _Moves, catalogue: Catalogue) -> Charged:
    """Return the moves whose cost is one per tonne; such a cost stands alone."""
    rows = [row for row in catalogue.costs.rows if row.item == PER_TONNE]
    paid = [next(iter(cost_rows(rows, *name)), None) for name in moves.groups]
    pairs = [
        (m, POLLUTANTS.index(row.pollutant))
        for m, g in enumerate(moves.axis.group.tolist())
        if (row := paid[g]) is not None and row.pollutant
    ]
    return Charged(*np.array(pairs, dtype=np.int64).reshape(-1, 2).T)


def _reach(
    groups: Sequence[tuple[str, str]],
    catalogue: Catalogue,
    sources: Sources,
    shares: Array | None,
) -> Numbers:
    """Return the reach of each group; a missing one is noted when the catalogue is checked.

    Of a measure with a season the reach is a share of what is done in it.
    """
    rows = [catalogue.reach_of(measure, source) for measure, source in groups]
    found = [constant(MISSING) if row is None else catalogue.reach.taken(row, "") for row in rows]
    season = {m.measure: m.season for m in catalogue.measures if m.season}
    shares = even_shares(len(sources)) if shares is None else shares
    for i, (measure, source) in enumerate(groups):
        if measure in season:
            part = shares[sources.id.index(source)] @ in_season(season[measure])
            found[i] = found[i].times(float(part))
    return join([constant(ONE, 0), *(number[None] for number in found)])


def _families(
    moves: _Moves,
    catalogue: Catalogue,
    sources: Sources,
    rules: Rules,
    keys: Sequence[StateKey],
) -> Families:
    order = catalogue.order()
    measures = {m.measure: m for m in catalogue.measures}
    names = moves.groups
    rows: dict[tuple[str, str], list[AppliesRow]] = {}
    for arc in moves.arcs:
        known = rows.setdefault((arc.measure, arc.origin.source), [])
        if arc.row not in known:
            known.append(arc.row)
    own: dict[str, list[int]] = {}
    for i, key in enumerate(keys):
        own.setdefault(key.source, []).append(i)
    reached = [
        (g, i)
        for g, name in enumerate(names)
        for i in own[name[1]]
        if _has(keys[i], rows[name], rules)
    ]
    group, state = np.array(reached, dtype=np.int64).reshape(-1, 2).T
    return Families(
        np.array([order[m] for m, _ in names], dtype=np.int64),
        np.array([sources.id.index(s) for _, s in names], dtype=np.int64),
        _rounds(names, rows, measures, order),
        np.array([measures[m].acts_on == "new" for m, _ in names], dtype=bool),
        distinct_pairs(group, state, len(keys)),
    )


def _has(key: StateKey, rows: Sequence[AppliesRow], rules: Rules) -> bool:
    """Tell whether a state of the source already has what a group's rows give.

    A control that has been replaced by a better-run one is there still. What goes to another
    source is given nothing here, even if a technology there has a namesake.
    """
    return any(
        rules.holds(key, r.control)
        if r.control
        else r.to_technology == key.technology and r.to_source in ("", key.source)
        for r in rows
    )


def _rounds(
    names: Sequence[tuple[str, str]],
    rows: Mapping[tuple[str, str], Sequence[AppliesRow]],
    measures: Mapping[str, MeasureRow],
    order: Mapping[str, int],
) -> np.ndarray:
    """Number the rounds: activity, shifts, then each control or exclusive group on its own.

    Controls stack, so each acts on what all earlier ones left or equipped, in catalogue order;
    those that exclude one another share.
    """

    def rank(name: tuple[str, str]) -> tuple[int, int]:
        kind = MEASURE_KINDS.index(measures[name[0]].kind)
        if kind <= MEASURE_KINDS.index("shift"):
            return kind, 0
        group = rows[name][0].group
        rivals = [
            order[n[0]] for n in names if group and n[1] == name[1] and rows[n][0].group == group
        ]
        return kind, min(rivals, default=order[name[0]])

    ranks = [rank(name) for name in names]
    number = {r: i for i, r in enumerate(sorted(set(ranks)))}
    return np.array([number[r] for r in ranks], dtype=np.int64)
