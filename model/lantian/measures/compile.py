"""Sector blocks and measure catalogue -> the system of states and moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import (
    NOWHERE,
    Array,
    Groups,
    Moves,
    Sources,
    States,
    System,
    distinct_pairs,
)
from lantian.errors import Problems, closest
from lantian.inventory.contract import Sector, SectorBlock
from lantian.language import message
from lantian.measures import activity, compliance, control, shift
from lantian.measures.catalogue import Catalogue, Money
from lantian.measures.contract import AVOIDED, AppliesRow, MeasureRow
from lantian.measures.states import Rules, StateKey
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


def compile_system(
    blocks: Sequence[tuple[Sector, SectorBlock]],
    catalogue: Catalogue,
    money: Money,
    years: tuple[int, ...],
    start: int,
    problems: Problems,
) -> System:
    """Put states and moves together.

    Only states that some activity can reach are kept, and of the packages only those that change
    an emission.

    Parameters
    ----------
    blocks
        Sectors in their order with the states they built.
    catalogue
        Measures with their arcs, reach, costs and controls.
    money
        Currency, price year, price index and discount rate of the unit costs.
    years
        Years of the model, ascending.
    start
        Position of the first year in which measures can act.
    problems
        Receives what does not fit.

    Returns
    -------
    System
        Baseline [source unit], factors after controls [t/source unit] and unit costs [currency per
        activity unit and year], dims as in :class:`~lantian.core.system.System`.
    """
    base = _base_states(blocks)
    rules = _rules(catalogue)
    rows = _rows_by_source(blocks, catalogue, problems)
    found, arcs = _expand(base, rows, rules, {m.measure: m for m in catalogue.measures}, problems)
    sources = _sources(blocks)
    keys = sorted(found, key=_state_order(blocks))
    position = {key: i for i, key in enumerate(keys)}
    baseline, recent, factor = _arrays(keys, blocks, catalogue, len(years))
    states = States(
        np.array([sources.id.index(k.source) for k in keys], dtype=np.int64),
        tuple(k.technology for k in keys),
        tuple(tuple(sorted(k.controls)) for k in keys),
    )
    moves, groups = _moves(arcs, position, sources, catalogue, money, rules, keys)
    return System(
        years,
        start,
        POLLUTANTS,
        tuple(m.measure for m in catalogue.measures),
        sources,
        states,
        moves,
        groups,
        baseline,
        factor,
        recent,
    )


def _key(block: SectorBlock, s: int) -> StateKey:
    controls = frozenset([block.control[s]] if block.control[s] else [])
    return StateKey(block.source[s], block.technology[s], controls)


def _base_states(blocks: Sequence[tuple[Sector, SectorBlock]]) -> dict[StateKey, bool]:
    """Return the states that sectors declare, and whether there is any activity in them."""
    return {
        _key(block, s): bool(block.activity[s].any())
        for _, block in blocks
        for s in range(len(block.source))
    }


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
    blocks: Sequence[tuple[Sector, SectorBlock]], catalogue: Catalogue, problems: Problems
) -> dict[str, list[AppliesRow]]:
    """Sort the applies-rows by source; note names that the sectors do not know."""
    technologies = {s.id: s.technologies for sector, _ in blocks for s in sector.sources}
    result: dict[str, list[AppliesRow]] = {name: [] for name in technologies}
    for row in catalogue.applies:
        if row.source not in technologies:
            problems.add(
                row.place,
                message("'{name}' is not a source.", name=row.source),
                fix=closest(row.source, technologies),
            )
            continue
        result[row.source].append(row)
        target = row.to_source or row.source
        for name, source in ((row.from_technology, row.source), (row.to_technology, target)):
            known = (*technologies.get(source, ()), "", AVOIDED)
            if name not in known:
                problems.add(
                    row.place,
                    message(
                        "'{name}' is not a technology of source '{source}'.",
                        name=name,
                        source=source,
                    ),
                    fix=closest(name, known),
                )
    return result


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
            arc = _Arc(row.measure, key, None if isinstance(target, str) else target, row)
            first = arcs.setdefault((row.measure, key), arc)
            if first.target != arc.target:
                problems.add(
                    row.place,
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
        row.place,
        message(
            "no activity row for technology '{technology}' of source '{source}'.",
            technology=target.technology,
            source=target.source,
        ),
        fix=message("Add it to the region's activity table, with 0 if there is none yet."),
    )
    return False


def _sources(blocks: Sequence[tuple[Sector, SectorBlock]]) -> Sources:
    pairs = [(sector.id, s) for sector, _ in blocks for s in sector.sources]
    return Sources(
        tuple(s.id for _, s in pairs),
        tuple(sector for sector, _ in pairs),
        tuple(s.unit for _, s in pairs),
        tuple(s.group for _, s in pairs),
    )


def _state_order(
    blocks: Sequence[tuple[Sector, SectorBlock]],
) -> Callable[[StateKey], tuple[int, int, int, list[str]]]:
    sources = [s for sector, _ in blocks for s in sector.sources]
    rank = {s.id: i for i, s in enumerate(sources)}

    def order(key: StateKey) -> tuple[int, int, int, list[str]]:
        i = rank[key.source]
        technology = sources[i].technologies.index(key.technology)
        return i, technology, len(key.controls), sorted(key.controls)

    return order


def _arrays(
    keys: Sequence[StateKey],
    blocks: Sequence[tuple[Sector, SectorBlock]],
    catalogue: Catalogue,
    years: int,
) -> tuple[Array, Array, Array]:
    baseline = np.zeros((len(keys), years))
    recent = np.zeros((len(keys), years, years))
    factor = np.zeros((len(keys), len(POLLUTANTS), years))
    position = {key: i for i, key in enumerate(keys)}
    uncontrolled: dict[tuple[str, str], Array] = {}
    for _, block in blocks:
        for s in range(len(block.source)):
            i = position[_key(block, s)]
            baseline[i], recent[i] = block.activity[s], block.recent[s]
            uncontrolled[block.source[s], block.technology[s]] = block.emission_factor[s]
    names = sorted({c for key in keys for c in key.controls})
    kept = {name: np.array(catalogue.kept(name)) for name in names}
    for i, key in enumerate(keys):
        package = np.ones(len(POLLUTANTS))
        for name in sorted(key.controls):
            package = package * kept[name]
        factor[i] = uncontrolled[key.source, key.technology] * package[:, None]
    return baseline, recent, factor


def _moves(
    arcs: Sequence[_Arc],
    position: Mapping[StateKey, int],
    sources: Sources,
    catalogue: Catalogue,
    money: Money,
    rules: Rules,
    keys: Sequence[StateKey],
) -> tuple[Moves, Groups]:
    order = catalogue.order()
    arcs = sorted(
        arcs,
        key=lambda a: (order[a.measure], sources.id.index(a.origin.source), position[a.origin]),
    )
    names = list(dict.fromkeys((a.measure, a.origin.source) for a in arcs))
    group_of = {name: g for g, name in enumerate(names)}
    group = np.array([group_of[a.measure, a.origin.source] for a in arcs], dtype=np.int64)
    cost = np.array([_cost(m, s, sources, catalogue, money) for m, s in names])
    moves = Moves(
        np.array([position[a.origin] for a in arcs], dtype=np.int64),
        np.array(
            [NOWHERE if a.target is None else position[a.target] for a in arcs], dtype=np.int64
        ),
        np.array([_conversion(a, sources, catalogue) for a in arcs]),
        group,
        cost[group] if len(arcs) else np.zeros(0),
    )
    return moves, _groups(names, arcs, catalogue, sources, rules, keys)


def _cost(measure: str, source: str, sources: Sources, catalogue: Catalogue, money: Money) -> float:
    unit = sources.unit[sources.id.index(source)]
    cost = catalogue.unit_cost(measure, source, unit, money)
    return float("nan") if cost is None else cost.total


def _conversion(arc: _Arc, sources: Sources, catalogue: Catalogue) -> float:
    if arc.target is None or arc.target.source == arc.origin.source:
        return 1.0
    unit = dict(zip(sources.id, sources.unit, strict=True))
    return catalogue.reach.value(
        f"({unit[arc.target.source]})/({unit[arc.origin.source]})",
        measure=arc.measure,
        source=arc.origin.source,
        parameter="conversion",
    )


def _groups(
    names: Sequence[tuple[str, str]],
    arcs: Sequence[_Arc],
    catalogue: Catalogue,
    sources: Sources,
    rules: Rules,
    keys: Sequence[StateKey],
) -> Groups:
    order = catalogue.order()
    measures = {m.measure: m for m in catalogue.measures}
    rows: dict[tuple[str, str], list[AppliesRow]] = {}
    for arc in arcs:
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
    reach = []
    for measure, source in names:
        row = catalogue.reach_of(measure, source)
        reach.append(float("nan") if row is None else catalogue.reach.in_unit(row, ""))
    return Groups(
        np.array([order[m] for m, _ in names], dtype=np.int64),
        np.array([sources.id.index(s) for _, s in names], dtype=np.int64),
        np.array(reach, dtype=float),
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
