"""The linear system of states and moves that projection and optimisation share.

    activity = baseline + N @ uptake     N: -1 at a move's from-state, +conversion at its to-state
    emission = factor * activity

Everything here is an array over flat axes: state, move, group, pollutant, year. A *group* is one
measure on one source; its moves share the measure's reach there.

A :class:`Structure` says what there is, :class:`Values` hold the numbers of some years for any
number of samples (the last axis), and a :class:`System` is both for one sample and all years: what
the optimiser and the tables of a run work on.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum
from lantian.core.seasonal import Layer, SeasonalGroups, Shift
from lantian.tolerances import NOTHING

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Made = TypeVar("Made")

NOWHERE = -1
"""To-state of activity that is avoided."""


@dataclass(frozen=True)
class Sources:
    """The source axis: parallel tuples, in the order of sectors and their declarations."""

    id: tuple[str, ...]
    sector: tuple[str, ...]
    unit: tuple[str, ...]
    group: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class States:
    """The state axis, sorted by source.

    ``source`` [state] are positions on the source axis; ``controls`` holds the sorted package of
    each state.
    """

    source: Index
    technology: tuple[str, ...]
    controls: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.technology)


@dataclass(frozen=True)
class Arcs:
    """Where moves lead, parallel to the move axis, sorted by group.

    Attributes
    ----------
    origin, target
        State positions [move]; ``target`` is :data:`NOWHERE` where activity is avoided.
    group
        Position on the group axis [move].
    """

    origin: Index
    target: Index
    group: Index

    def __len__(self) -> int:
        return len(self.origin)


@dataclass(frozen=True)
class Moves:
    """The move axis with its numbers, sorted by group.

    Attributes
    ----------
    origin, target, group
        As :class:`Arcs`.
    conversion
        To-units per from-unit [move]; 1 within a source.
    unit_cost
        Annual cost [currency per activity unit moved and year]; NaN where unknown.
    share
        Part of its group's unit cost that a move has [1]: less than 1 where a cost per tonne is
        paid for what measures before it have left.
    charge
        What a price on an emission adds to the unit cost [currency per activity unit and year],
        dims (move, year); None without such a price.
    """

    origin: Index
    target: Index
    conversion: Array
    group: Index
    unit_cost: Array
    share: Array
    charge: Array | None = None

    def __len__(self) -> int:
        return len(self.origin)

    def cost(self, year: int) -> Array:
        """Return the unit cost of a year with what is charged, NaN where unknown, dims (move,)."""
        return self.unit_cost if self.charge is None else self.unit_cost + self.charge[:, year]


@dataclass(frozen=True)
class Charged:
    """Moves whose cost is one per tonne removed.

    Attributes
    ----------
    move
        Positions of the moves, dims (charged,).
    pollutant
        Position of the pollutant whose tonnes are paid for, dims (charged,).
    """

    move: Index
    pollutant: Index

    def __len__(self) -> int:
        return len(self.move)


def nothing_charged() -> Charged:
    """Return that no cost is one per tonne."""
    return Charged(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Pairs:
    """Pairs of a group and a state, sorted by group, each once.

    Few of all possible pairs occur, so they are listed instead of marked in a table.
    """

    group: Index
    state: Index

    def __len__(self) -> int:
        return len(self.group)

    def amount(self, activity: Array, groups: int) -> Array:
        """Return each group's sum over its states, dims (group, ...), of what states hold.

        Parameters
        ----------
        activity
            What each state holds, dims (state, ...).
        groups
            Number of groups.

        Returns
        -------
        Array
            Dims (group, ...), in the unit of ``activity``; 0 for a group without states.
        """
        return sum_by(activity[self.state], self.group, groups)

    def without(self, other: "Pairs", states: int) -> "Pairs":
        """Return the pairs that are not among some others.

        Parameters
        ----------
        other
            Pairs to leave out.
        states
            Number of states.

        Returns
        -------
        Pairs
            The rest, in the order they had.
        """
        own, theirs = (p.group * states + p.state for p in (self, other))
        kept = ~np.isin(own, theirs)
        return Pairs(self.group[kept], self.state[kept])


def distinct_pairs(group: Index, state: Index, states: int) -> Pairs:
    """Return pairs sorted and each once.

    Parameters
    ----------
    group, state
        Positions of both ends of each pair, dims (pair,).
    states
        Number of states.

    Returns
    -------
    Pairs
        By group, then by state.
    """
    return Pairs(*np.divmod(np.unique(group * states + state), max(states, 1)))


@dataclass(frozen=True)
class Families:
    """The group axis without its numbers: what each measure does on each source.

    Attributes
    ----------
    measure, source, round, new_only, reached
        As :class:`Groups`.
    """

    measure: Index
    source: Index
    round: Index
    new_only: NDArray[np.bool_]
    reached: Pairs

    def __len__(self) -> int:
        return len(self.measure)


@dataclass(frozen=True)
class Groups:
    """The group axis: a measure on a source.

    Attributes
    ----------
    measure, source
        Positions on the measure and source axes [group].
    reach
        Largest share of the eligible activity [group].
    round
        Order in which commitments act [group]: all groups of one round act together.
    new_only
        Whether the measure acts on new and replaced units only [group].
    reached
        Groups with the states that already have what the group gives, for levels that are final
        shares.
    """

    measure: Index
    source: Index
    reach: Array
    round: Index
    new_only: NDArray[np.bool_]
    reached: Pairs

    def __len__(self) -> int:
        return len(self.measure)


class Shared:
    """What systems of the same states and moves have in common."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[tuple[Any, ...], Any]] = {}

    def once(self, system: "System", what: Hashable, make: Callable[["System"], Made]) -> Made:
        """Return what depends on states and moves alone, as :meth:`System.once`.

        Parameters
        ----------
        system
            Whose states and moves count: of others nothing is taken.
        what, make
            As there.
        """
        moves, groups = system.moves, system.groups
        own = (moves.origin, moves.target, moves.group, system.states, groups.reached)
        known = self._found.get(what)
        if known is None or any(a is not b for a, b in zip(known[0], own, strict=True)):
            known = self._found[what] = own, make(system)
        found: Made = known[1]
        return found


@dataclass(frozen=True)
class System:
    """States, moves and their coefficients.

    Attributes
    ----------
    years, pollutants, measures
        Labels of the axes.
    baseline
        Activity without the plan [source unit], dims (state, year).
    factor
        Emission factor after the state's controls [t/source unit], dims (state, pollutant, year).
    recent
        ``recent[s, f, y]``: baseline activity in year y of units new since year f.
    start
        Position of the first year in which measures can act.
    shared
        Where what depends on states and moves alone is kept for other systems of the same ones.
    seasonal
        Groups that act in other months than their sources emit in; None where none does.
    """

    years: tuple[int, ...]
    start: int
    pollutants: tuple[str, ...]
    measures: tuple[str, ...]
    sources: Sources
    states: States
    moves: Moves
    groups: Groups
    baseline: Array
    factor: Array
    recent: Array
    shared: "Shared | None" = field(default=None, repr=False, compare=False)
    seasonal: SeasonalGroups | None = field(default=None, repr=False, compare=False)

    @cached_property
    def eligible(self) -> Array:
        """What :func:`eligible_activity` returns, computed once."""
        return _eligible(self)

    @cached_property
    def followers(self) -> "Followers":
        """What :func:`following_moves` returns, computed once."""
        return following_moves(self)

    @cached_property
    def texts(self) -> dict[str, tuple[str, ...]]:
        """Names along its axes, as whoever writes them leaves them here for the next reader."""
        return {}

    def year_index(self, year: int) -> int:
        """Return the position of a year."""
        return self.years.index(year)

    def once(self, what: Hashable, make: Callable[["System"], Made]) -> Made:
        """Return what depends on states and moves alone, not on numbers.

        Parameters
        ----------
        what
            Its name.
        make
            Finds it.

        Returns
        -------
        Anything
            Found once for all systems of one structure.
        """
        return make(self) if self.shared is None else self.shared.once(self, what, make)


@dataclass(frozen=True)
class Followers:
    """Moves that are no choice of their own: activity that ends with that of another source.

    What a source causes elsewhere is a technology there that is named after it: the dust that
    lorries raise on a road. Where a measure ends the one it ends the same share of the other.

    Attributes
    ----------
    move
        Positions of these moves, dims (follower,).
    group
        Position of the group that each of them follows, of the same measure on the source that its
        technology is named after; -1 where the measure does not act there, dims (follower,).
    """

    move: Index
    group: Index

    def __len__(self) -> int:
        return len(self.move)


def following_moves(system: System) -> Followers:
    """Return the moves that follow those of another source.

    Parameters
    ----------
    system
        Its technologies and sources are looked at.

    Returns
    -------
    Followers
        In the order of the moves.
    """
    source = positions(system.sources.id)
    origin, groups = system.moves.origin, system.groups
    named = np.array([source.get(t, -1) for t in system.states.technology], dtype=np.int64)
    move = np.flatnonzero((named[origin] >= 0) & (system.moves.target == NOWHERE))
    pairs = zip(groups.measure.tolist(), groups.source.tolist(), strict=True)
    group_of = {pair: g for g, pair in enumerate(pairs)}
    measure = groups.measure[system.moves.group[move]]
    asked = zip(measure.tolist(), named[origin[move]].tolist(), strict=True)
    return Followers(move, np.array([group_of.get(pair, -1) for pair in asked], dtype=np.int64))


@dataclass(frozen=True)
class Structure:
    """What there is, apart from every number.

    Attributes
    ----------
    years, start, pollutants, measures, sources, states
        As :class:`System`.
    arcs, families
        Moves and groups without their numbers.
    base
        Position on the state axis of each state that the inventory declares [base].
    idle
        Positions in ``base`` of states that hold nothing whatever the numbers; no move starts
        there.
    vintage
        Position on the state axis of each state whose new units are known [vintage].
    kind
        Row of ``Values.factor`` of each state [state].
    package
        Row of ``packages`` of each state [state].
    packages
        Positions of the controls of each package, dims (package, depth); the last control, which
        removes nothing, fills up.
    emits, removes
        Which kinds can emit a pollutant, dims (kind, pollutant), and which packages can remove it,
        dims (package, pollutant).
    charged
        Moves whose cost is one per tonne removed.
    seasonal
        As :class:`System`.
    """

    years: tuple[int, ...]
    start: int
    pollutants: tuple[str, ...]
    measures: tuple[str, ...]
    sources: Sources
    states: States
    arcs: Arcs
    families: Families
    base: Index
    idle: Index
    vintage: Index
    kind: Index
    package: Index
    packages: Index
    emits: NDArray[np.bool_]
    removes: NDArray[np.bool_]
    charged: Charged = field(default_factory=nothing_charged)
    seasonal: SeasonalGroups | None = None

    @cached_property
    def shared(self) -> Shared:
        """What systems of this structure have in common."""
        return Shared()

    @cached_property
    def lacking(self) -> Pairs:
        """As :func:`lacking_states`, computed once."""
        return lacking_states(self.states, self.arcs, self.families.reached)


@dataclass(frozen=True)
class Factors:
    """Emission factors before the control of kinds behind one another, the sample axis last.

    Attributes
    ----------
    kinds
        Their positions on the axis of kinds.
    pollutants
        Positions of the pollutants of ``value``; of others nothing is emitted.
    value
        [t/source unit], dims (kind, pollutant, year or 1, sample).
    """

    kinds: slice
    pollutants: Index
    value: Array


@dataclass(frozen=True)
class Values:
    """Numbers of a structure for some years, the sample axis last.

    Attributes
    ----------
    activity
        Baseline activity of the base states [source unit], dims (base, year, sample).
    factors
        Of all kinds, those of each sector together.
    recent
        ``recent[v, f, y]``: baseline activity in year y of units new since year f [source unit],
        dims (vintage, since, year, sample).
    kept
        Share of each pollutant that a package leaves [1], dims (package, pollutant, sample).
    reach
        Largest share of the eligible activity [1], dims (group, sample).
    conversion
        To-units per from-unit, dims (move, sample).
    cost
        Parts of the annual unit cost as in :data:`COST_PARTS` [currency per unit and year], dims
        (part, group, sample); NaN where unknown.
    """

    activity: Array
    factors: tuple[Factors, ...]
    recent: Array
    kept: Array
    reach: Array
    conversion: Array
    cost: Array


COST_PARTS = ("capital", "fixed", "variable", "savings", "transfer")
"""Parts of a unit cost. Savings count negative; a transfer is money that changes hands, reported
and no cost to society."""


def unit_cost(cost: Array) -> Array:
    """Return the cost to society [currency per unit and year] from its parts.

    Parameters
    ----------
    cost
        Dims (part, ...), parts as in :data:`COST_PARTS`.

    Returns
    -------
    Array
        Dims (...): ``capital + fixed + variable - savings``.
    """
    capital, fixed, variable, savings, _ = cost
    return np.asarray(capital + fixed + variable - savings)


def cost_shares(structure: Structure, kept: Array) -> Array:
    """Return the part of its group's unit cost that each move has.

    Parameters
    ----------
    structure
        Its ``charged`` moves are paid for by the tonne.
    kept
        Share of each pollutant that a package leaves [1], dims (package, pollutant, sample).

    Returns
    -------
    Array
        1, or what the controls at its from-state leave of the pollutant that is paid for [1], dims
        (move, sample).
    """
    charged, arcs = structure.charged, structure.arcs
    share = np.ones((len(arcs), kept.shape[-1]))
    package = structure.package[arcs.origin[charged.move]]
    share[charged.move] = kept[package, charged.pollutant]
    return share


def paid_units(group: Index, groups: int, share: Array, moved: Array) -> Array:
    """Return the units of each group at its full unit cost.

    Parameters
    ----------
    group
        Of each move, dims (move,).
    groups
        Number of groups.
    share
        As :func:`cost_shares`, dims (move, 1 or k).
    moved
        [source unit], dims (move, k).

    Returns
    -------
    Array
        What, times the unit cost of a group, is its cost [source unit], dims (group, k).
    """
    return sum_by(moved * share, group, groups)


def system_of(
    structure: Structure, values: Values, sample: int = 0, years: Index | None = None
) -> System:
    """Return the system of one sample.

    Parameters
    ----------
    structure
        States, moves and groups.
    values
        Numbers of these years, units being new since each of them.
    sample
        Position of the sample.
    years
        Positions of the years, the first one of measures among them; all by default.

    Returns
    -------
    System
        Factors after the states' controls.
    """
    at = np.arange(len(structure.years)) if years is None else years
    states, n = len(structure.states), len(at)
    baseline, recent = np.zeros((states, n)), np.zeros((states, n, n))
    baseline[structure.base] = values.activity[..., sample]
    # Without vintages there is nothing in it, and that does not depend on the sample.
    recent[structure.vintage] = values.recent[..., min(sample, values.recent.shape[-1] - 1)]
    kept = values.kept[structure.package, :, sample]
    before = np.zeros((*structure.emits.shape, n))
    for own in values.factors:
        before[own.kinds, own.pollutants] = own.value[..., sample]
    factor = before[structure.kind] * kept[:, :, None]
    arcs, families = structure.arcs, structure.families
    cost = unit_cost(values.cost[..., sample])
    share = cost_shares(structure, values.kept[..., [sample]])[:, 0]
    return System(
        tuple(structure.years[y] for y in at.tolist()),
        int(np.searchsorted(at, structure.start)),
        structure.pollutants,
        structure.measures,
        structure.sources,
        structure.states,
        Moves(
            arcs.origin,
            arcs.target,
            values.conversion[:, sample],
            arcs.group,
            cost[arcs.group] * share,
            share,
        ),
        Groups(
            families.measure,
            families.source,
            values.reach[:, sample],
            families.round,
            families.new_only,
            families.reached,
        ),
        baseline,
        factor,
        recent,
        structure.shared,
        structure.seasonal,
    )


def charged(system: System, moved: Array, year: int) -> Array:
    """Return what each group pays for a priced emission, negative where it emits less.

    Parameters
    ----------
    system
        Its moves know what is charged.
    moved
        Activity moved in the year [unit of the from-source], dims (move,).
    year
        Position of the year.

    Returns
    -------
    Array
        [currency/a], dims (group,); 0 without such a price.
    """
    moves = system.moves
    if moves.charge is None:
        return np.zeros(len(system.groups))
    return sum_by(moves.charge[:, year] * moved, moves.group, len(system.groups))


def shift_activity(moves: Moves, activity: Array, uptake: Array) -> Array:
    """Return ``activity + N @ uptake``.

    Parameters
    ----------
    moves
        The moves; only ``origin``, ``target`` and ``conversion`` are used.
    activity
        Activity [source unit], dims (state, ...).
    uptake
        Activity moved [unit of the from-source], dims (move, ...).

    Returns
    -------
    Array
        New array; equal to ``activity`` bit for bit where nothing is moved.
    """
    result = activity.copy()
    inside = moves.target != NOWHERE
    target, conversion = moves.target[inside], moves.conversion[inside]
    columns = int(np.prod(uptake.shape[1:]))
    held, moved = result.reshape(len(result), columns), uptake.reshape(len(uptake), columns)
    # Column by column: NumPy adds at positions several times as fast along one axis as along two.
    for k in range(columns):
        np.subtract.at(held[:, k], moves.origin, moved[:, k])
        np.add.at(held[:, k], target, conversion * moved[inside, k])
    return result


def emission_by_source(system: System, activity: Array, year: int | None = None) -> Array:
    """Return emissions [t/a].

    Parameters
    ----------
    system
        Its factors and the source of each state are used.
    activity
        Activity [source unit], dims (state, year), or (state, k) for any k when ``year`` is given.
    year
        Position of the year whose factors are used for every column; all years if None.

    Returns
    -------
    Array
        Emission [t/a], dims (source, pollutant, year) or (source, pollutant, k).
    """
    if year is None:
        by_state = system.factor * activity[:, None, :]
    else:
        by_state = system.factor[:, :, year, None] * activity[:, None, :]
    return sum_by(by_state, system.states.source, len(system.sources))


def shifts_of(
    system: System, moved: Array, groups: SeasonalGroups | None = None
) -> tuple[Shift, ...]:
    """Return what a case changes in other months than its sources emit in, as one sample.

    Parameters
    ----------
    system
        Its moves and factors are used.
    moved
        Of a case [source unit], dims (move, year).
    groups
        Groups with months of their own; by default those of the system.
    """
    seasonal = system.seasonal if groups is None else groups
    if seasonal is None:
        return ()

    def emitted(layer: Layer, activity: Array) -> Array:
        by_state = system.factor[layer.states] * activity[:, None, :, 0]
        source = system.states.source[layer.states]
        return sum_by(by_state, source, len(system.sources))[layer.sources, ..., None]

    own, moves = np.nan_to_num(moved)[..., None], system.moves
    return seasonal.shifts(moves, moves.conversion[:, None], own, emitted)


def sum_by(values: Array, labels: Index, n: int) -> Array:
    """Sum the first axis by label.

    Parameters
    ----------
    values
        Anything that adds up, dims (item, ...).
    labels
        Label of each item, 0 to ``n - 1``, in any order, dims (item,).
    n
        Number of labels.

    Returns
    -------
    Array
        Sums, dims (label, ...); 0 where a label has no item.
    """
    return Sum(labels, n)(values)


def eligible_activity(system: System) -> Array:
    """Return the activity a group could move at most if its reach were 1, dims (group, year).

    The baseline in all states of the technologies the group starts from, whatever their controls,
    that do not yet have what it gives: what other measures put there first counts as well. For
    measures on new units only those that came into use since the first year of the plan.
    """
    return system.eligible


def rounding_of(system: System, activity: Array) -> Array:
    """Return what is rounding in each source [source unit], dims (source, ...).

    Parameters
    ----------
    system
        Knows the source of each state.
    activity
        What all states hold [source unit], dims (state, ...).

    Returns
    -------
    Array
        :data:`~lantian.tolerances.NOTHING` of the source's activity.
    """
    total = sum_by(np.abs(activity), system.states.source, len(system.sources))
    return np.asarray(NOTHING * total)


def lacking_states(states: States, moves: "Arcs | Moves", reached: Pairs) -> Pairs:
    """Return each group with the states that it could act on but for their controls.

    Parameters
    ----------
    states
        Source and technology of each state.
    moves
        Their from-states and groups are used.
    reached
        Groups with the states that already have what the group gives.

    Returns
    -------
    Pairs
        All states of the technologies that a group starts from, whatever their controls, that do
        not yet have what it gives.
    """
    code = positions(tuple(dict.fromkeys(states.technology)))
    technology = np.array([code[t] for t in states.technology], dtype=np.int64)
    _, kind = np.unique(states.source * (len(code) + 1) + technology, return_inverse=True)
    pairs = _states_of(moves.group, kind[moves.origin], kind)
    return pairs.without(reached, len(states))


def _eligible(system: "System") -> Array:
    lacking, add = system.once("eligible", _lacking)
    group, state = lacking.group, lacking.state
    held = np.where(
        system.groups.new_only[group, None],
        system.recent[state, system.start],
        system.baseline[state],
    )
    return add(held)


def _lacking(system: System) -> tuple[Pairs, Sum]:
    found = lacking_states(system.states, system.moves, system.groups.reached)
    return found, Sum(found.group, len(system.groups))


def _states_of(group: Index, kind: Index, kind_of_state: Index) -> Pairs:
    """Return each group with all states of the kinds that it starts from.

    The work grows with the pairs, not with groups times states.
    """
    by_kind = np.argsort(kind_of_state, kind="stable")
    count = np.bincount(kind_of_state)
    first = np.cumsum(count) - count
    group, kind = np.divmod(np.unique(group * len(count) + kind), max(len(count), 1))
    size = count[kind]
    offset = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return Pairs(np.repeat(group, size), by_kind[np.repeat(first[kind], size) + offset])


def positions(names: Sequence[str]) -> dict[str, int]:
    """Return the position of each name."""
    return {name: i for i, name in enumerate(names)}
