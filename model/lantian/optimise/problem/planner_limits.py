"""The planner's limits beside the targets, as labelled row families: one function each.

Both back ends read the rows without knowing of what family they are. All rows are linear in the
uptake; *share* means uptake over eligible activity
(:func:`lantian.core.system.eligible_activity`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lantian.core.system import Array, Index, System, eligible_activity, emission_by_source, sum_by
from lantian.names import IdName, JointName, Name, group_name, listed
from lantian.optimise.problem.coefficients import Rows, make_rows
from lantian.vocabulary import Family


@dataclass(frozen=True)
class Bound:
    """Least and most uptake of a measure; ``is_share``: per group, of the eligible activity.

    An amount holds for all groups together, in the unit of their sources.
    """

    measure: str
    groups: Index
    least: float
    most: float
    is_share: bool


@dataclass(frozen=True)
class Requirement:
    """Groups whose share is at most ``ratio`` times the share of the groups they need."""

    groups: Index
    needed: Index
    ratio: float


@dataclass(frozen=True)
class Resource:
    """Something of which there is only so much a year, and what draws on it.

    Attributes
    ----------
    available
        [unit of the resource].
    groups, use
        Which groups draw on it, and how much per unit of activity moved [unit of the resource per
        activity unit], dims (use,).
    """

    id: str
    available: float
    groups: Index
    use: Array


@dataclass(frozen=True)
class Equity:
    """How much of the cost any one of several bearers carries at most.

    Attributes
    ----------
    bearers
        Who they are: sectors, or areas.
    part
        What of each source's cost falls on whom [1], dims (bearer, source).
    most
        Largest share of all cost [1].
    """

    bearers: tuple[str, ...]
    part: Array
    most: float


@dataclass(frozen=True)
class PlannerLimits:
    """The planner's limits on one system; the defaults limit nothing.

    Attributes
    ----------
    budget
        [currency/a].
    exclusive
        Lists of groups on one source of which the shares of reach sum to 1 at most.
    resources
        What the measures share.
    equity
        Largest shares of the cost, per sector and per area.
    guard
        Least ratio of the relative cut of VOC to that of NOx [1].
    """

    budget: float = np.inf
    bounds: tuple[Bound, ...] = ()
    exclusive: tuple[Index, ...] = ()
    requires: tuple[Requirement, ...] = ()
    equity: tuple[Equity, ...] = ()
    guard: float | None = None
    resources: tuple[Resource, ...] = ()


NO_LIMITS = PlannerLimits()
"""A planner who limits nothing."""


def planner_rows(limits: PlannerLimits, system: System, year: int) -> dict[Family, Rows]:
    """Return the planner's limits as rows by family, without families that limit nothing.

    Parameters
    ----------
    limits
        By positions of groups on ``system``.
    system
        What the limits are about.
    year
        Position of the year: shares are of its eligible activity, cuts of its emissions.
    """
    found: dict[Family, Rows] = {
        "budget": budget_rows(limits, system, year),
        "bounds": bound_rows(limits, system, year),
        "exclusive": exclusive_rows(limits, system, year),
        "requires": requirement_rows(limits, system, year),
        "resources": resource_rows(limits, system),
        "equity": equity_rows(limits, system, year),
        "guard": guard_rows(limits, system, year),
    }
    return {name: rows for name, rows in found.items() if len(rows)}


def budget_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return the row that holds costs net of savings within the budget [currency/a].

    There is none without a budget; moves of unknown cost do not count.
    """
    if not np.isfinite(limits.budget):
        return _from_dense([], [], system)
    cost = known_cost(system, year)
    return _from_dense([IdName("budget")], [cost], system, upper=[limits.budget])


def bound_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return least and most uptake: one row per group for shares, one for all together for amounts.

    Shares are turned into amounts of the year's eligible activity [activity unit].
    """
    eligible = eligible_activity(system)[:, year]
    names: list[Name] = []
    weights, least, most = [], [], []
    for bound in limits.bounds:
        for chosen in ([g] for g in bound.groups) if bound.is_share else [bound.groups]:
            size = float(eligible[chosen].sum()) if bound.is_share else 1.0
            alone = group_name(system, chosen[0])
            names.append(alone if bound.is_share else IdName(bound.measure))
            weights.append(_of_groups(system, np.asarray(chosen)))
            least.append(bound.least * size if bound.least > 0 else -np.inf)
            most.append(bound.most * size if np.isfinite(bound.most) else np.inf)
    return _from_dense(names, weights, system, least, most)


def exclusive_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return the rows that hold the shares of reach of rivals on one source to a sum of 1 [1].

    There is a row only where at least two of them have anything to act on.
    """
    room = system.groups.reach * eligible_activity(system)[:, year]
    names, weights = [], []
    for groups in limits.exclusive:
        used = groups[room[groups] > 0]
        if len(used) > 1:
            names.append(_joint_name(system, used, "excludes"))
            weights.append(sum(_of_groups(system, np.array([g])) / room[g] for g in used))
    return _from_dense(names, weights, system, upper=[1.0] * len(names))


def requirement_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return the rows that hold a share at most ``ratio`` times the share of what it needs [1].

    There is one per group that needs another and has anything to act on.
    """
    eligible = eligible_activity(system)[:, year]
    names, weights = [], []
    for requirement in limits.requires:
        there = float(eligible[requirement.needed].sum())
        lead = _of_groups(system, requirement.needed) * (
            requirement.ratio / there if there > 0 else 0.0
        )
        for g in requirement.groups[eligible[requirement.groups] > 0]:
            names.append(_joint_name(system, np.r_[g, requirement.needed], "needs"))
            weights.append(_of_groups(system, np.array([g])) / eligible[g] - lead)
    return _from_dense(names, weights, system, upper=[0.0] * len(names))


def resource_rows(limits: PlannerLimits, system: System) -> Rows:
    """Return the rows that hold the use of each resource within what there is [resource unit]."""
    names, weights = [], []
    for resource in limits.resources:
        per_unit = np.zeros(len(system.groups))
        per_unit[resource.groups] = resource.use
        names.append(IdName(resource.id))
        weights.append(per_unit[system.moves.group])
    return _from_dense(names, weights, system, upper=[r.available for r in limits.resources])


def equity_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return the rows that hold what each sector or area pays to a share of all costs [currency/a].

    Moves that save money do not count, nor do bearers that no measure costs anything.
    """
    cost = np.maximum(known_cost(system, year), 0.0)
    source = system.groups.source[system.moves.group]
    names, weights = [], []
    for equity in limits.equity:
        for bearer, part in zip(equity.bearers, equity.part[:, source], strict=True):
            if (part * cost).any():
                names.append(IdName(bearer))
                weights.append((part - equity.most) * cost)
    return _from_dense(names, weights, system, upper=[0.0] * len(names))


def sector_parts(system: System) -> tuple[tuple[str, ...], Array]:
    """Return the sectors and which source is in which [1], dims (sector, source)."""
    names = tuple(dict.fromkeys(system.sources.sector))
    own = np.array(system.sources.sector) == np.array(names)[:, None]
    return names, own.astype(float)


def guard_rows(limits: PlannerLimits, system: System, year: int) -> Rows:
    """Return the row that holds the relative cut of VOC to a multiple of that of NOx [1]."""
    if limits.guard is None:
        return _from_dense([], [], system)
    voc, nox = (relative_cut(system, year, name) for name in ("VOC", "NOx"))
    return _from_dense([IdName("VOC:NOx")], [limits.guard * nox - voc], system, upper=[0.0])


def known_cost(system: System, year: int) -> Array:
    """Return the cost per unit moved in a year, 0 where unknown, dims (move,)."""
    return np.nan_to_num(system.moves.cost(year), nan=0.0)


def relative_cut(system: System, year: int, pollutant: str) -> Array:
    """Return the share of a pollutant's baseline that one unit moved takes away, dims (move,).

    In [1 per activity unit]; 0 where the baseline is 0. Where a move adds, it is below 0.
    """
    p, moves = system.pollutants.index(pollutant), system.moves
    factor = np.append(system.factor[:, p, year], 0.0)  # nowhere, the last, emits nothing
    cut = factor[moves.origin] - moves.conversion * factor[moves.target]
    total = emission_by_source(system, system.baseline[:, [year]], year)[:, p].sum()
    return cut / total if total > 0 else np.zeros_like(cut)


def group_totals(system: System, uptake: Array) -> Array:
    """Return the uptake of each group [activity unit], dims (group, ...): the sum of its moves."""
    return sum_by(uptake, system.moves.group, len(system.groups))


def _joint_name(system: System, groups: Index, relation: Literal["excludes", "needs"]) -> JointName:
    """Return the name of what ties groups together, on the source of the first of them."""
    measures = dict.fromkeys(system.measures[m] for m in system.groups.measure[groups])
    source = system.sources.id[system.groups.source[groups[0]]]
    return JointName(tuple(measures), source, relation)


def _of_groups(system: System, groups: Index) -> Array:
    return np.isin(system.moves.group, groups).astype(float)


def _from_dense(
    names: Sequence[Name],
    weights: Iterable[Array],
    system: System,
    lower: list[float] | None = None,
    upper: list[float] | None = None,
) -> Rows:
    dense = np.array([*weights]).reshape(len(names), len(system.moves))
    row, column = np.nonzero(dense)
    low = np.full(len(names), -np.inf) if lower is None else np.array(lower, float)
    high = np.full(len(names), np.inf) if upper is None else np.array(upper, float)
    return make_rows(listed(names), row, column, dense[row, column], low, high)
