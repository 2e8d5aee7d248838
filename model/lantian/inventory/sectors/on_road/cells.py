"""Which vehicles there can be: years of sale of sources and groups, and standards at that time.

A *cohort* is what one source has of one year of sale, a *cell* the vehicles of one state sold in
one year. Which of them can hold vehicles follows from the ranges of dates and of the oldest
vintages, so that they are the same for every sample; what a sample does not allow is empty in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lantian.core.fleet import Cells
from lantian.inventory.contract import Array, Index
from lantian.inventory.sectors.on_road.vehicles import GROUPS, Group

OWNER = np.array([g.owner for g in GROUPS], dtype=np.int64)
"""Source of each group."""
FIRST_GROUP = np.flatnonzero(np.diff(OWNER, prepend=-1))
"""First group of each source."""
RULES = tuple(dict.fromkeys(g.power.rule for g in GROUPS))
"""Rules of dates. The blank one of battery vehicles has a single standard, always in force."""
RULE_OF = np.array([RULES.index(g.power.rule) for g in GROUPS], dtype=np.int64)
"""Rule of each group."""
HOURS = 1e-3
"""Years by which a date may lie beyond its range [a]: less than half a day sells no vehicle."""


@dataclass(frozen=True)
class Support:
    """Ends of what cells depend on, for numbers anywhere inside their ranges.

    Attributes
    ----------
    oldest
        Earliest year of sale of each group [a], dims (group,).
    earliest, latest
        Ends of the date of each standard [a], dims (rule, standard).
    """

    oldest: Array
    earliest: Array
    latest: Array

    def holds(self, oldest: Array, begin: Array) -> bool:
        """Tell whether the years of sale and dates of all samples lie inside."""
        return not (
            (oldest < self.oldest[:, None]).any()
            or (begin < self.earliest[..., None] - HOURS).any()
            or (begin > self.latest[..., None] + HOURS).any()
        )


@dataclass(frozen=True)
class Cohorts:
    """Which sources and groups have sales of which year, as far as they can be in a fleet.

    Attributes
    ----------
    vintage, source
        Positions of the year of sale and the source of each cohort, dims (cohort,).
    of_group
        Position of the vintage, group and cohort of each share of a group in a cohort, dims
        (3, share): first the first group of each cohort, then all second groups, and so on.
    first
        Where those of first, second ... groups begin, and the number of shares.
    """

    vintage: Index
    source: Index
    of_group: Index
    first: tuple[int, ...]

    def total(self, share: Array) -> Array:
        """Return the sum over the groups of each cohort, dims (cohort, sample)."""
        result = np.zeros((len(self.vintage), share.shape[1]))
        for begin, end in pairwise(self.first):
            result[self.of_group[2, begin:end]] += share[begin:end]
        return result


@dataclass(frozen=True)
class Grid:
    """The cells, and where each finds its numbers.

    Attributes
    ----------
    cells
        States and sources of the cells.
    group
        Group of each cell, dims (cell,).
    of_group, cohort
        Share of a group, and its cohort, of each cell, dims (cell,).
    span
        Position among ``spans`` of each cell, dims (cell,).
    spans
        Rule, standard and vintage, each combination once, dims (3, span).
    """

    cells: Cells
    group: Index
    of_group: Index
    cohort: Index
    span: Index
    spans: Index


def find_cohorts(oldest: Array, vintages: Array, base_year: int) -> Cohorts:
    """Return the years of sale that can be in the fleet of each source.

    Parameters
    ----------
    oldest
        Earliest year of sale of each group in the fleet of the base year [a], dims (group,).
    vintages
        Years of sale [a].
    base_year
        All sales after it are in the fleet.

    Returns
    -------
    Cohorts
        Sorted by vintage, then by source.
    """
    earliest = np.minimum.reduceat(oldest, FIRST_GROUP)
    year = vintages[:, None]
    vintage, source = np.nonzero((year >= earliest) | (year > base_year))
    groups = np.bincount(OWNER)
    ranks = []
    for rank in range(groups.max()):
        cohort = np.flatnonzero(groups[source] > rank)
        ranks.append(np.stack([vintage[cohort], FIRST_GROUP[source[cohort]] + rank, cohort]))
    first = np.cumsum([0, *(r.shape[1] for r in ranks)])
    return Cohorts(vintage, source, np.concatenate(ranks, axis=1), tuple(first.tolist()))


Cell = tuple[int, int, int]
"""Positions of the vintage, the group and the standard of a cell."""


def find_cells(
    support: Support,
    cohorts: Cohorts,
    vintages: Array,
    base_year: int,
    held: Collection[Cell] = (),
) -> tuple[list[tuple[Group, str]], Grid]:
    """Return the states, and the years of sale that each can hold vehicles of.

    The states of a group begin with the standard of its oldest vehicles: what no vehicle of a
    region can have is no state there.

    Parameters
    ----------
    support
        Ends of dates and oldest vintages.
    cohorts
        Where cells find their shares.
    vintages, base_year
        As :func:`find_cohorts`.
    held
        Further cells that hold vehicles, whatever the dates say.

    Returns
    -------
    list
        Group and standard of each state; the standard of battery vehicles is blank.
    Grid
        Cells, sorted by vintage.
    """
    states: list[tuple[Group, str]] = []
    found: list[tuple[int, int, int, int]] = []
    for g, group in enumerate(GROUPS):
        earliest, latest = support.earliest[RULE_OF[g]], support.latest[RULE_OF[g]]
        used = (vintages >= support.oldest[g]) | (vintages > base_year)
        names = group.power.standards or ("",)
        over = latest[1 : len(names) + 1] <= vintages[used][0]
        more = {k: [v for v, of, of_k in held if (of, of_k) == (g, k)] for k in range(len(names))}
        for k in range(len(names)):
            if k < over.sum() and not more[k]:
                continue
            sold = used & (vintages + 1.0 > earliest[k]) & (vintages < latest[k + 1])
            sold[more[k]] = True
            found += [(int(v), len(states), g, k) for v in np.flatnonzero(sold)]
            states.append((group, names[k]))
    return states, _grid(sorted(found), cohorts, len(states), len(vintages))


def _grid(
    found: Sequence[tuple[int, int, int, int]], cohorts: Cohorts, states: int, vintages: int
) -> Grid:
    """Return cells given as vintage, state, group and standard."""
    vintage, state, group, standard = np.array(found, dtype=np.int64).T
    at = np.zeros((vintages, len(GROUPS)), dtype=np.int64)
    at[cohorts.of_group[0], cohorts.of_group[1]] = np.arange(cohorts.of_group.shape[1])
    of_group = at[vintage, group]
    spans, span = np.unique([RULE_OF[group], standard, vintage], axis=1, return_inverse=True)
    return Grid(
        Cells(states, state, OWNER[group], np.searchsorted(vintage, np.arange(vintages + 1))),
        group,
        of_group,
        cohorts.of_group[2, of_group],
        span,
        spans,
    )
