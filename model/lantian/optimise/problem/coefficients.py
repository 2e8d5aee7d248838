"""The least-cost problem of one year as labelled coefficient blocks.

    min  cost . u
    s.t. states    a_base + N u >= 0                    nothing is moved twice
         reach     sum of a group's moves <= reach * eligible activity
         targets   base + effect . u <= limit
         lower <= u <= upper

Both back ends (Pyomo, arrays into HiGHS) read these blocks and nothing else, so they cannot differ
in what they solve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lantian.core.rounds import ratio
from lantian.core.seasonal import Monthly, Shift
from lantian.core.system import (
    NOWHERE,
    Array,
    Index,
    System,
    eligible_activity,
    rounding_of,
)
from lantian.names import Names, group_names, move_names, of_ids, state_names
from lantian.optimise.problem.branches import Branches
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Family


def price_unit(currency: str, unit: str) -> str:
    """Return the unit of a shadow price: currency per year over the target's unit.

    The years cancel for emissions: yuan per t, but yuan per year and ug/m3.

    Parameters
    ----------
    currency
        Such as ``yuan``.
    unit
        Of the target, such as ``t/a``.

    Returns
    -------
    str
        Such as ``yuan/t`` or ``yuan/a/(ug/m3)``.
    """
    return (
        f"{currency}/{unit.removesuffix('/a')}"
        if unit.endswith("/a")
        else (f"{currency}/a/({unit})")
    )


@dataclass(frozen=True)
class Targets:
    """Upper limits on weighted sums of emissions, and of the activity of states.

    Attributes
    ----------
    ids
        Name of each target.
    weight
        [target unit per t], dims (target, source, pollutant).
    constant
        The part that no emission moves [target unit].
    limit
        Largest value allowed [target unit]; infinite or NaN if the target is only watched.
    unit
        Unit of each target.
    price
        What an excess costs [currency per year and target unit], dims (target,); infinite where
        the limit is hard, as all are if None.
    enforced
        Whether the mix must keep to the limit, dims (target,); targets that are not are only
        judged. All are if None.
    firm
        Whether the limit stays as it is where others turn out to be out of reach, dims (target,):
        those of an earlier tier, which are known to be within reach. None are if None.
    branches
        Further rows that are not one upper limit; None if there are none.
    activity
        [target unit per source unit], dims (target, state); None if no state counts by itself.
    monthly
        What an emission in some months counts, of targets about these; empty if there are none.
    """

    ids: tuple[str, ...]
    weight: Array
    constant: Array
    limit: Array
    unit: tuple[str, ...]
    price: Array | None = None
    enforced: NDArray[np.bool_] | None = None
    firm: NDArray[np.bool_] | None = None
    branches: Branches | None = None
    activity: Array | None = None
    monthly: tuple[Monthly | None, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def one(self, target: int) -> "Targets":
        """Return one of them by itself, with its limit and price."""
        k = slice(target, target + 1)
        return Targets(
            self.ids[k],
            self.weight[k],
            self.constant[k],
            self.limit[k],
            self.unit[k],
            None if self.price is None else self.price[k],
            activity=None if self.activity is None else self.activity[k],
            monthly=self.monthly[k],
        )


@dataclass(frozen=True)
class Variables:
    """The columns: one per move.

    Attributes
    ----------
    names
        Measure and both ends of each move.
    cost
        [currency per activity unit and year]; 0 where unknown, such moves are ``fixed``.
    lower, upper
        Bounds [activity unit].
    fixed
        Moves of unknown cost, held at their committed uptake.
    capacity
        The most a move could carry if it were alone [activity unit]; only used for scaling.
    """

    names: Names
    cost: Array
    lower: Array
    upper: Array
    fixed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    capacity: Array

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True)
class Rows:
    """One family of constraints, ``lower <= A u <= upper``; A in coordinates sorted by row."""

    names: Names
    row: Index
    column: Index
    value: Array
    lower: Array
    upper: Array

    def __len__(self) -> int:
        return len(self.lower)

    def times(self, u: Array) -> Array:
        """Return ``A u`` [row]."""
        return np.asarray(
            np.bincount(self.row, self.value * u[self.column], minlength=len(self)), float
        )


@dataclass(frozen=True)
class BranchRows:
    """Further rows of targets on the moves of a year, as in :class:`Branches`.

    Attributes
    ----------
    rows
        Effects of the moves, with limits relative to the value without any.
    binaries
        Names of the 0/1 variables.
    choice
        Their coefficients [target unit], dims (row, binary).
    """

    rows: Rows
    binaries: tuple[str, ...]
    choice: Array


@dataclass(frozen=True)
class LeastCost:
    """Coefficient blocks of one year, or of several coupled years.

    Attributes
    ----------
    targets
        Its bounds are relative to ``base``: ``effect . u <= limit - base``.
    target_ids
        Id of each target.
    base
        Value of each target without any move [target unit].
    limit
        Largest value each target promises [target unit], whether the mix must keep to it or not.
    price
        What an excess costs [currency per year and target unit]; infinite for hard limits.
    firm
        Limits that are never relaxed, dims (target,).
    extra
        The planner's limits, by family.
    branches
        Further rows of targets, which are no family as long as their choices are open.
    """

    variables: Variables
    states: Rows
    reach: Rows
    targets: Rows
    target_ids: tuple[str, ...]
    base: Array
    unit: tuple[str, ...]
    limit: Array
    price: Array
    firm: NDArray[np.bool_]
    extra: Mapping[Family, Rows] = field(default_factory=dict)
    branches: BranchRows | None = None

    @property
    def families(self) -> dict[Family, Rows]:
        """The row families in the order in which they are stacked; targets are last."""
        return {"states": self.states, "reach": self.reach, **self.extra, "targets": self.targets}


def build_least_cost(
    system: System,
    year: int,
    targets: Targets,
    *,
    committed: Array | None = None,
    floor: Array | None = None,
    extra: Mapping[Family, Rows] | None = None,
    closed: Index | None = None,
) -> LeastCost:
    """Return the coefficient blocks of one year.

    Parameters
    ----------
    system
        Its moves become columns; the states they leave, groups and targets become rows.
    year
        Position of the year whose activity and factors count.
    targets
        What is to be reached in that year.
    committed
        Uptake at which moves of unknown cost are held [activity unit], dims (move,); 0 if None.
    floor
        Least uptake of the other moves [activity unit], dims (move,); free if None.
    extra
        Further limits by family, see :mod:`lantian.optimise.problem.planner_limits`.
    closed
        Positions of groups that are not offered: they take no more than ``floor``.

    Raises
    ------
    ValueError
        If an array has the wrong shape or holds a number that is not finite.
    """
    n = len(system.moves)
    held = np.zeros(n) if committed is None else np.asarray(committed, float)
    least = np.zeros(n) if floor is None else np.asarray(floor, float)
    _require(system, year, targets, {"committed": held, "floor": least})
    limit = system.groups.reach * eligible_activity(system)[:, year]
    rows, base = _target_rows(system, year, targets)
    offered = np.ones(len(system.groups), np.bool_)
    offered[[] if closed is None else closed] = False
    return LeastCost(
        _variables(system, year, limit, held, least, offered),
        _state_rows(system, year),
        _reach_rows(system, limit),
        rows,
        targets.ids,
        base,
        targets.unit,
        np.where(np.isnan(targets.limit), np.inf, targets.limit),
        np.full(len(targets), np.inf) if targets.price is None else targets.price,
        np.zeros(len(targets), np.bool_) if targets.firm is None else targets.firm,
        _new_unit_rows(system, year)
        | _follower_rows(system, year)
        | ({} if extra is None else dict(extra)),
        _branch_rows(system, year, targets.branches),
    )


def target_values(
    targets: Targets, emission: Array, activity: Array, shifts: Sequence[Shift] = ()
) -> Array:
    """Return the value of each target [target unit] for emissions [t] (source, pollutant).

    Parameters
    ----------
    targets
        Weights and constants, dims (target, source, pollutant) and (target,).
    emission
        Of one year [t], dims (source, pollutant).
    activity
        Of one year [source unit], dims (state,).
    shifts
        What is emitted in other months than by the year of the sources, of the same year.

    Returns
    -------
    Array
        [target unit], dims (target,).
    """
    counted = 0.0 if targets.activity is None else targets.activity @ activity
    found = targets.constant + np.einsum("tsp,sp->t", targets.weight, emission) + counted
    for t, own in enumerate(targets.monthly):
        if own is not None:
            found[t] += sum(
                float((own.yearly[s.sources] * s.within(own.months)[:, :, 0, 0]).sum())
                for s in shifts
            )
    return np.asarray(found)


def _variables(
    system: System,
    year: int,
    limit: Array,
    held: Array,
    least: Array,
    offered: NDArray[np.bool_],
) -> Variables:
    moves, cost = system.moves, system.moves.cost(year)
    unknown = np.isnan(cost)
    new_only = system.groups.new_only[moves.group]
    recent = system.recent[moves.origin, system.start, year]
    upper = np.where(new_only, system.groups.reach[moves.group] * recent, np.inf)
    capacity = np.minimum(limit[moves.group], upper)
    # A move of unknown cost is no choice: without a price the program would take it for free.
    idle = ~(_possible(system, year, capacity) & offered[moves.group])
    upper = np.where(unknown, held, np.where(idle, np.maximum(least, 0.0), upper))
    lower = np.where(unknown, held, least)
    # A plan that buys all that can be bought may lie above it by rounding.
    upper = np.where(lower > upper * (1 + ROUNDING), upper, np.maximum(lower, upper))
    return Variables(
        names=move_names(system),
        cost=np.where(unknown, 0.0, cost),
        lower=lower,
        upper=upper,
        fixed=unknown,
        capacity=np.maximum(capacity, np.where(unknown, held, least)),
    )


def _possible(
    system: System, year: int, capacity: Array
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a move can carry anything: some reach, and activity that can get to its origin.

    Most package states hold nothing and never will; leaving them out shrinks the problem.
    """
    moves, activity, owner = system.moves, system.baseline[:, year], system.states.source
    least = rounding_of(system, activity)[owner]
    filled = np.append(activity > least, False)
    enough = capacity > least[moves.origin]
    while True:
        possible = enough & filled[moves.origin]
        into = moves.target[possible & (moves.target != NOWHERE)]
        if filled[into].all():
            return np.asarray(possible)
        filled[into] = True


@dataclass(frozen=True)
class _Layout:
    """Where the coefficients of a family stand, whatever they are.

    ``kept`` are positions of what has a row, ``arriving`` of the moves that fill it; ``order``
    sorts coefficients by ``row`` and ``column``.
    """

    kept: Index
    arriving: Index
    order: Index
    row: Index
    column: Index


def _layout(kept: Index, arriving: Index, row: Index, column: Index) -> _Layout:
    order = _sorting(row, column)
    return _Layout(kept, arriving, order, row[order], column[order])


def _leaving(system: System) -> _Layout:
    moves = system.moves
    leaving = np.bincount(moves.origin, minlength=len(system.states)) > 0
    position = np.append(np.cumsum(leaving) - 1, NOWHERE)
    arriving = np.flatnonzero((moves.target != NOWHERE) & np.append(leaving, False)[moves.target])
    row = np.r_[position[moves.origin], position[moves.target[arriving]]]
    column = np.r_[np.arange(len(moves)), arriving]
    return _layout(np.flatnonzero(leaving), arriving, row, column)


def _state_rows(system: System, year: int) -> Rows:
    own, conversion = system.once("states", _leaving), system.moves.conversion
    value = np.concatenate([-np.ones(len(conversion)), conversion[own.arriving]])[own.order]
    return Rows(
        state_names(system).chosen(own.kept),
        own.row,
        own.column,
        value,
        -system.baseline[own.kept, year],
        np.full(len(own.kept), np.inf),
    )


def _sharing(system: System) -> _Layout:
    none, every = np.zeros(0, np.int64), np.arange(len(system.moves))
    return _layout(np.arange(len(system.groups)), none, system.moves.group, every)


def _reach_rows(system: System, limit: Array) -> Rows:
    own = system.once("reach", _sharing)
    one = np.ones(len(own.column))
    least = np.full(len(limit), -np.inf)
    return Rows(group_names(system), own.row, own.column, one, least, limit.astype(float))


def _new_unit_rows(system: System, year: int) -> dict[Family, Rows]:
    """Return what several measures on the new units of one state may take together, if any do."""
    moves = system.moves
    new = np.flatnonzero(system.groups.new_only[moves.group])
    rivals = np.bincount(moves.origin[new], minlength=len(system.states)) > 1
    kept, column = np.flatnonzero(rivals), new[rivals[moves.origin[new]]]
    if not kept.size:
        return {}
    # One measure alone is held by its upper bound; rivals for one state's units need a row.
    row = np.searchsorted(kept, moves.origin[column])
    rows = make_rows(
        state_names(system).chosen(kept),
        row,
        column,
        np.ones(len(column)),
        -np.inf,
        system.recent[kept, system.start, year],
    )
    return {"new-units": rows}


def follower_shares(system: System, year: int) -> Array:
    """Return what each move that follows ends per unit that its leader ends.

    Parameters
    ----------
    system
        Its followers.
    year
        Position of the year.

    Returns
    -------
    Array
        What is there over what the leader can act on [source unit per source unit], dims
        (follower,); 0 without a leader.
    """
    followers = system.followers
    lead = np.append(eligible_activity(system)[:, year], 0.0)[followers.group]
    held = system.baseline[system.moves.origin[followers.move], year]
    return ratio(held, lead, 0.0)


def _follower_rows(system: System, year: int) -> dict[Family, Rows]:
    """Return the rows that hold what follows another source to the share that ends there."""
    followers, moves = system.followers, system.moves
    if not len(followers):
        return {}
    share = follower_shares(system, year)
    tied, led = np.nonzero((moves.group == followers.group[:, None]) & (share > 0)[:, None])
    return {
        "follows": make_rows(
            move_names(system).chosen(followers.move),
            np.r_[np.arange(len(followers)), tied],
            np.r_[followers.move, led],
            np.r_[np.ones(len(followers)), -share[tied]],
            0.0,
            0.0,
        )
    }


def _target_rows(system: System, year: int, targets: Targets) -> tuple[Rows, Array]:
    """Return the effects of the moves within limits relative to the value without any, and that.

    Most targets see few sources, so only states of these, and moves from or to them, are looked at.
    """
    factor, baseline = system.factor[:, :, year], system.baseline[:, year]
    source = system.states.source
    base = targets.constant.astype(float)
    value = np.zeros(len(source) + 1)
    counted = _sources_seen(system, targets)
    parts, kind = system.once(
        ("targets", counted.shape, counted.tobytes()), lambda own: _parts_of(own, counted)
    )
    # Filled in place: at this size fresh memory costs more than arithmetic.
    most = sum(len(parts[k][1]) for k in kind)
    column, entry, end = np.empty(most, np.int64), np.empty(most), [0]
    for t, weight in enumerate(targets.weight):
        state, move, origin, target = parts[kind[t]]
        value[:] = 0.0
        value[state] = np.einsum("sp,sp->s", weight[source[state]], factor[state])
        if targets.activity is not None:
            value[state] += targets.activity[t, state]
        base[t] += value[state] @ baseline[state]
        effect = system.moves.conversion[move] * value[target] - value[origin]
        if targets.monthly and (monthly := targets.monthly[t]) is not None:
            value[state] = np.einsum("sp,sp->s", monthly.yearly[source[state]], factor[state])
            whole = system.moves.conversion[move] * value[target] - value[origin]
            effect = _within_season(system, monthly, move, effect, whole)
        kept = np.flatnonzero(effect)
        own = slice(end[-1], end[-1] + len(kept))
        column[own], entry[own] = move[kept], effect[kept]
        end.append(own.stop)
    room = np.where(np.isnan(targets.limit), np.inf, targets.limit) - base
    if targets.enforced is not None:
        room = np.where(targets.enforced, room, np.inf)
    row = np.repeat(np.arange(len(targets)), np.diff(end))
    column, entry = column[: end[-1]], entry[: end[-1]]
    least = np.full(len(targets), -np.inf)
    return Rows(of_ids(targets.ids), row, column, entry, least, room), base


def _within_season(
    system: System, monthly: Monthly, move: Index, by_source: Array, whole: Array
) -> Array:
    """Return the effects of moves in some months, dims (move,).

    Parameters
    ----------
    system
        Knows the groups with a season of their own.
    monthly
        Which months count.
    move
        Positions of the moves.
    by_source, whole
        Effect by the months of the sources, and if all of it fell into the months that count.
    """
    if system.seasonal is None:
        return by_source
    part = system.seasonal.parts(len(system.groups), monthly.months)[system.moves.group[move]]
    return np.where(np.isnan(part), by_source, np.nan_to_num(part) * whole)


def _sources_seen(system: System, targets: Targets) -> NDArray[np.bool_]:
    """Return which sources each target looks at, dims (target, source)."""
    seen: NDArray[np.bool_] = np.asarray(targets.weight.any(axis=2))
    for t, monthly in enumerate(targets.monthly):
        if monthly is not None:
            seen[t] |= monthly.yearly.any(axis=1)
    if targets.activity is not None:
        row, state = np.nonzero(targets.activity)
        seen[row, system.states.source[state]] = True
    return seen


def _branch_rows(system: System, year: int, branches: Branches | None) -> BranchRows | None:
    """Return further rows of targets on the moves of a year, if there are any."""
    if branches is None:
        return None
    n = len(branches)
    ids = tuple(f"{name}-{k + 1}" for k, name in enumerate(branches.target))
    watched = Targets(
        ids,
        branches.weight,
        np.zeros(n),
        np.full(n, np.inf),
        ("",) * n,
        activity=branches.activity,
        monthly=branches.monthly,
    )
    rows, base = _target_rows(system, year, watched)
    limited = replace(rows, lower=branches.lower - base, upper=branches.upper - base)
    return BranchRows(limited, branches.binaries, branches.choice)


def _parts_of(
    system: System, counted: NDArray[np.bool_]
) -> tuple[list[tuple[Index, Index, Index, Index]], Index]:
    """Return the parts of the system that targets look at, and which of them each one does."""
    masks, kind = np.unique(counted, axis=0, return_inverse=True)
    return [_part_of(system, counts) for counts in masks], kind


def _part_of(system: System, counts: NDArray[np.bool_]) -> tuple[Index, Index, Index, Index]:
    """Return the states of some sources, and moves from or to them with both ends."""
    moves, inside = system.moves, np.append(counts[system.states.source], False)
    move = np.flatnonzero(inside[moves.origin] | inside[moves.target])
    return np.flatnonzero(inside), move, moves.origin[move], moves.target[move]


def make_rows(
    names: Names,
    row: Index,
    column: Index,
    value: Array,
    lower: Array | float,
    upper: Array | float,
) -> Rows:
    """Return a family of rows, its coefficients sorted by row and column.

    Parameters
    ----------
    names
        Of the rows.
    row, column
        Position of each coefficient, dims (entry,).
    value
        The coefficients [unit of the row per unit of the column], dims (entry,).
    lower, upper
        Limits [unit of the row], dims (row,), or one for all rows.

    Returns
    -------
    Rows
        Its limits as arrays, dims (row,).
    """
    order = _sorting(row, column)
    bounds = (np.broadcast_to(b, len(names)).astype(float) for b in (lower, upper))
    return Rows(names, row[order], column[order], value[order], *bounds)


def _sorting(row: Index, column: Index) -> Index:
    """Return the order by row and then by column."""
    return np.argsort(row * (column.max(initial=0) + 1) + column, kind="stable")


def _require(system: System, year: int, targets: Targets, uptake: dict[str, Array]) -> None:
    n, shape = len(system.moves), (len(targets), len(system.sources), len(system.pollutants))
    if targets.weight.shape != shape:
        raise ValueError(f"target weights have shape {targets.weight.shape}, expected {shape}")
    moves_cost = system.moves.cost(year)
    numbers = {
        "baseline activity": system.baseline[:, year],
        "emission factors": system.factor[:, :, year],
        "conversions": system.moves.conversion,
        "reach": system.groups.reach,
        "target weights": targets.weight,
        "target constants": targets.constant,
        "target activity": np.zeros(0) if targets.activity is None else targets.activity,
        "costs": moves_cost[~np.isnan(moves_cost)],
        **uptake,
    }
    for name, values in numbers.items():
        if not np.isfinite(values).all():
            raise ValueError(f"{name} must be finite numbers")
    for name, values in uptake.items():
        if values.shape != (n,):
            raise ValueError(f"{name} has shape {values.shape}, expected {(n,)}")
