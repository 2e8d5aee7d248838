"""Cost per tonne removed, measure by measure, beside what others have published."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lantian.core.system import NOWHERE, Array, Index, System
from lantian.language import Listed, Message, message
from lantian.measures.contract import CostCheckRow
from lantian.measures.costs import Money
from lantian.vocabulary import Pollutant


@dataclass(frozen=True)
class CostComparison:
    """A published cost per tonne and ours, in the money of the price year.

    Attributes
    ----------
    row
        The published figure, as its table has it.
    ours
        Our cost per tonne [currency/t], NaN where the measure removes nothing of the pollutant
        here or has no price.
    low, central, high
        The published figure [currency/t].
    """

    row: CostCheckRow
    ours: float
    low: float
    central: float
    high: float

    @property
    def agrees(self) -> bool:
        """Whether ours lies inside the published range."""
        return self.low <= self.ours <= self.high

    @property
    def ratio(self) -> float:
        """Ours over the published one [1]; NaN where either is missing or 0."""
        return self.ours / self.central if self.central else float("nan")


def cost_per_tonne(
    system: System, year: int, measure: str, pollutant: Pollutant, source: str = ""
) -> float:
    """Return what a measure costs per tonne removed, used alone as far as it reaches.

    Each move counts with the activity that the baseline has where it starts; where the baseline
    has none of it, as where a measure improves on another, all moves count alike. The whole cost
    is charged to this pollutant.

    Parameters
    ----------
    system
        States and moves of a region.
    year
        Position of the year.
    measure, pollutant
        Ids.
    source
        Id of one source; blank for all of the measure's together.

    Returns
    -------
    float
        Cost per tonne [currency/t]. NaN where the measure does not act here, has no price or
        removes nothing of the pollutant.
    """
    moves = _moves_of(system, measure, source)
    amount = _amounts(system, year, moves)
    p = system.pollutants.index(pollutant)
    removed = float(amount @ _cut(system, year, moves)[:, p])
    cost = float(amount @ system.moves.unit_cost[moves])
    return cost / removed if removed > 0 else float("nan")


def removed_per_unit(system: System, year: int, group: int, pollutant: str) -> float:
    """Return what one unit moved by a measure removes of a pollutant, with nothing else at work.

    Parameters
    ----------
    system
        States and moves.
    year
        Position of the year.
    group
        Position of the measure on its source.
    pollutant
        Id.

    Returns
    -------
    float
        [t/source unit]; the moves count as in :func:`cost_per_tonne`.
    """
    moves = np.flatnonzero(system.moves.group == group)
    amount = _amounts(system, year, moves)
    removed = float(amount @ _cut(system, year, moves)[:, system.pollutants.index(pollutant)])
    return removed / float(amount.sum())


def compare_costs(
    system: System, year: int, rows: Iterable[CostCheckRow], money: Money
) -> tuple[CostComparison, ...]:
    """Hold our costs per tonne against published ones.

    Parameters
    ----------
    system
        States and moves of a region.
    year
        Position of the year.
    rows
        Published costs per tonne.
    money
        Currency, price year and price index.

    Returns
    -------
    tuple of CostComparison
        One per row, in their order; NaN where the price index lacks a year.
    """
    return tuple(_compare(system, year, row, money) for row in rows)


FOREIGN = ("USA",)
"""Regions of published figures whose prices and wages are not those of China."""


def beside_published(compared: Iterable[CostComparison]) -> Message | None:
    """Return how many of our costs lie inside published ranges, figures of China by themselves.

    Parameters
    ----------
    compared
        Our costs per tonne and the published ones.

    Returns
    -------
    Message or None
        None where nothing can be compared.
    """
    known = [one for one in compared if np.isfinite((one.ours, one.low, one.high)).all()]
    own = [one for one in known if one.row.region not in FOREIGN]
    other = [one for one in known if one.row.region in FOREIGN]
    if not known:
        return None
    return message(
        "costs per tonne inside what others published: {inside} of {own} of China, {near} of"
        " {other} of other countries, where prices differ; 'lantian check --costs' lists the rest.",
        inside=sum(one.agrees for one in own),
        own=len(own),
        near=sum(one.agrees for one in other),
        other=len(other),
    )


def disagreements(compared: Iterable[CostComparison], currency: str) -> list[Message]:
    """Return what is told of our costs that lie outside the published ranges.

    Parameters
    ----------
    compared
        Our costs per tonne and the published ones.
    currency
        Of both.
    """
    return [
        message(
            "{place}: '{measure}' costs {ours:,.0f} {unit} of {pollutant} here; published are "
            "{low:,.0f} to {high:,.0f} ({region}).",
            place=str(one.row.place),
            measure=Listed([one.row.measure]),
            ours=one.ours,
            unit=message(f"{currency}/t"),
            pollutant=one.row.pollutant,
            low=one.low,
            high=one.high,
            region=one.row.region,
        )
        for one in compared
        if np.isfinite((one.ours, one.low, one.high)).all() and not one.agrees
    ]


def _compare(system: System, year: int, row: CostCheckRow, money: Money) -> CostComparison:
    unit = f"{money.currency}/t"
    level = _level(money, row.currency_year) * money.exchange.factor(row.unit, unit)
    return CostComparison(
        row,
        cost_per_tonne(system, year, row.measure, row.pollutant, row.source),
        row.low * level,
        row.value * level,
        row.high * level,
    )


def _level(money: Money, year: int) -> float:
    """Return the price level of the price year against that of a year; NaN without an index."""
    if year == money.price_year:
        return 1.0
    to, written = (money.index.find(year=y) for y in (money.price_year, year))
    return float("nan") if to is None or written is None else to.value / written.value


def _moves_of(system: System, measure: str, source: str) -> Index:
    """Return the positions of a measure's moves, on one source or on all."""
    groups, sources = system.groups, system.sources
    wanted = np.array(
        [
            system.measures[m] == measure and source in ("", sources.id[s])
            for m, s in zip(groups.measure, groups.source, strict=True)
        ],
        dtype=bool,
    )
    return np.flatnonzero(wanted[system.moves.group])


def _amounts(system: System, year: int, moves: Index) -> Array:
    """Return the weight of each move: the activity it can take, or 1 if none can take any."""
    reach = system.groups.reach[system.moves.group[moves]]
    amount = system.baseline[system.moves.origin[moves], year] * reach
    return amount if amount.any() else np.ones(len(moves))


def _cut(system: System, year: int, moves: Index) -> Array:
    """Return what one unit moved removes [t per activity unit], dims (move, pollutant)."""
    target = system.moves.target[moves]
    factor = system.factor[:, :, year]
    after = np.where(target == NOWHERE, 0.0, system.moves.conversion[moves])
    removed: Array = factor[system.moves.origin[moves]] - after[:, None] * factor[target]
    return removed
