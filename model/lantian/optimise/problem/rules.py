"""The planner's own limits beside the targets, as labelled row families: one function each.

Both back ends read the rows without knowing what kind they are. All rows are linear in the uptake;
*share* means uptake over eligible activity (:func:`lantian.core.system.eligible_activity`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lantian.core.system import Array, Index, System, eligible_activity, emission_by_source, sum_by
from lantian.names import IdName, JointName, Name, group_name, listed
from lantian.optimise.problem.coefficients import Rows, make_rows

DOCUMENTATION = {
    "budget": "Annual cost of all moves <= budget [currency/a]",
    "bounds": "at least <= uptake of a measure <= at most [activity unit]",
    "exclusive": "Shares of reach of measures that exclude each other sum to 1 at most, per source",
    "requires": "Share of a measure <= ratio * share of what it needs",
    "resources": "Amount of a shared resource that the measures use <= what there is of it",
    "equity": "Cost borne by a sector or area <= share * cost of all; savings do not count",
    "guard": "Relative cut of VOC >= ratio * relative cut of NOx",
    "build-up": "What is built in a year: nothing is given up before its time, no more than the"
    " ramp is added [activity unit]",
    "total-budget": "Annual costs of all years <= budget [currency]",
    "new-units": "Measures on the new units of a state take no more than there are [activity unit]",
    "own": "The user's own constraints",
    "whole": "Uptake of a measure that comes in whole units [activity unit]",
}
"""What each family says, for the algebraic model."""


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
class Rules:
    """The planner's own limits on one system; the defaults limit nothing.

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


NO_RULES = Rules()
"""Limits nothing."""


def rule_rows(rules: Rules, system: System, year: int) -> dict[str, Rows]:
    """Return the families of one year, without those that are empty.

    Parameters
    ----------
    rules
        The planner's own limits.
    system
        States, moves and their coefficients.
    year
        Position of the year.

    Returns
    -------
    dict
        Rows by the names of :data:`DOCUMENTATION`.
    """
    found = {
        "budget": budget_rows(rules, system),
        "bounds": bound_rows(rules, system, year),
        "exclusive": exclusive_rows(rules, system, year),
        "requires": requirement_rows(rules, system, year),
        "resources": resource_rows(rules, system),
        "equity": equity_rows(rules, system),
        "guard": guard_rows(rules, system, year),
    }
    return {name: rows for name, rows in found.items() if len(rows)}


def budget_rows(rules: Rules, system: System) -> Rows:
    """Return the row that holds costs net of savings within the budget.

    Moves of unknown cost do not count.

    Parameters
    ----------
    rules
        Budget [currency/a].
    system
        Moves with their unit costs.

    Returns
    -------
    Rows
        One row, none without a budget.
    """
    if not np.isfinite(rules.budget):
        return _from_dense([], [], system)
    return _from_dense([IdName("budget")], [known_cost(system)], system, upper=[rules.budget])


def bound_rows(rules: Rules, system: System, year: int) -> Rows:
    """Return least and most uptake: of each group for shares, of all together for amounts.

    Parameters
    ----------
    rules
        Bounds.
    system
        Groups and their eligible activity.
    year
        Position of the year.

    Returns
    -------
    Rows
        One row [activity unit] per group of a share and per amount.
    """
    eligible = eligible_activity(system)[:, year]
    names: list[Name] = []
    weights, least, most = [], [], []
    for bound in rules.bounds:
        for chosen in ([g] for g in bound.groups) if bound.is_share else [bound.groups]:
            size = float(eligible[chosen].sum()) if bound.is_share else 1.0
            alone = group_name(system, chosen[0])
            names.append(alone if bound.is_share else IdName(bound.measure))
            weights.append(_of_groups(system, np.asarray(chosen)))
            least.append(bound.least * size if bound.least > 0 else -np.inf)
            most.append(bound.most * size if np.isfinite(bound.most) else np.inf)
    return _from_dense(names, weights, system, least, most)


def exclusive_rows(rules: Rules, system: System, year: int) -> Rows:
    """Return the rows of measures that exclude each other on one source.

    Their shares of reach sum to 1 at most.

    Parameters
    ----------
    rules
        Lists of groups.
    system
        Groups, their reach and eligible activity.
    year
        Position of the year.

    Returns
    -------
    Rows
        One row [1] per list of which at least two groups have anything to act on.
    """
    room = system.groups.reach * eligible_activity(system)[:, year]
    names, weights = [], []
    for groups in rules.exclusive:
        used = groups[room[groups] > 0]
        if len(used) > 1:
            names.append(_joint_name(system, used, "excludes"))
            weights.append(sum(_of_groups(system, np.array([g])) / room[g] for g in used))
    return _from_dense(names, weights, system, upper=[1.0] * len(names))


def requirement_rows(rules: Rules, system: System, year: int) -> Rows:
    """Return the rows that hold a share at most ``ratio`` times the share of what it needs.

    Parameters
    ----------
    rules
        Requirements.
    system
        Groups and their eligible activity.
    year
        Position of the year.

    Returns
    -------
    Rows
        One row [1] per group that needs another and has anything to act on.
    """
    eligible = eligible_activity(system)[:, year]
    names, weights = [], []
    for rule in rules.requires:
        there = float(eligible[rule.needed].sum())
        lead = _of_groups(system, rule.needed) * (rule.ratio / there if there > 0 else 0.0)
        for g in rule.groups[eligible[rule.groups] > 0]:
            names.append(_joint_name(system, np.r_[g, rule.needed], "needs"))
            weights.append(_of_groups(system, np.array([g])) / eligible[g] - lead)
    return _from_dense(names, weights, system, upper=[0.0] * len(names))


def resource_rows(rules: Rules, system: System) -> Rows:
    """Return the rows that hold the use of each resource within what there is.

    Parameters
    ----------
    rules
        Resources: use per activity unit of their groups, and how much there is [resource unit].
    system
        Moves and their groups.

    Returns
    -------
    Rows
        One row [resource unit] per resource.
    """
    names, weights = [], []
    for resource in rules.resources:
        per_unit = np.zeros(len(system.groups))
        per_unit[resource.groups] = resource.use
        names.append(IdName(resource.id))
        weights.append(per_unit[system.moves.group])
    return _from_dense(names, weights, system, upper=[r.available for r in rules.resources])


def equity_rows(rules: Rules, system: System) -> Rows:
    """Return the rows that hold the cost each bearer pays at most a share of all.

    Bearers are sectors or areas. Moves that save money do not count.

    Parameters
    ----------
    rules
        Largest share [1] of each set of bearers, and their parts of the sources.
    system
        Moves with their unit costs.

    Returns
    -------
    Rows
        One row [currency/a] per sector or area with a cost; none without a share.
    """
    cost = np.maximum(known_cost(system), 0.0)
    source = system.groups.source[system.moves.group]
    names, weights = [], []
    for equity in rules.equity:
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


def guard_rows(rules: Rules, system: System, year: int) -> Rows:
    """Return the row that holds the relative cut of VOC at least ``guard`` times that of NOx.

    Parameters
    ----------
    rules
        Least ratio [1].
    system
        Moves and factors.
    year
        Position of the year.

    Returns
    -------
    Rows
        One row [1]; none without a guard.
    """
    if rules.guard is None:
        return _from_dense([], [], system)
    voc, nox = (relative_cut(system, year, name) for name in ("VOC", "NOx"))
    return _from_dense([IdName("VOC:NOx")], [rules.guard * nox - voc], system, upper=[0.0])


def known_cost(system: System) -> Array:
    """Return the cost per unit moved, 0 where unknown, dims (move,)."""
    return np.nan_to_num(system.moves.unit_cost, nan=0.0)


def relative_cut(system: System, year: int, pollutant: str) -> Array:
    """Return the share of a pollutant's baseline that one unit moved takes away.

    Parameters
    ----------
    system
        Moves, factors and baseline.
    year
        Position of the year.
    pollutant
        Name on the pollutant axis.

    Returns
    -------
    Array
        Share [1 per activity unit], dims (move,); 0 where the baseline is 0.
    """
    p, moves = system.pollutants.index(pollutant), system.moves
    factor = np.append(system.factor[:, p, year], 0.0)  # nowhere, the last, emits nothing
    cut = factor[moves.origin] - moves.conversion * factor[moves.target]
    total = emission_by_source(system, system.baseline[:, [year]], year)[:, p].sum()
    return cut / total if total > 0 else np.zeros_like(cut)


def group_totals(system: System, uptake: Array) -> Array:
    """Return the uptake of each group.

    Parameters
    ----------
    system
        Groups of the moves.
    uptake
        Activity moved [activity unit], dims (move, ...).

    Returns
    -------
    Array
        Sums [activity unit], dims (group, ...).
    """
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
