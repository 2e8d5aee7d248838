"""Fleets that begin as another scenario left them: years of sale, fuels and standards included.

What a plan scrapped or bought is not what sales and survival alone would leave, so vehicles that
are there at the start keep the composition they come with; what is sold later follows the region's
tables. All of a year of sale retires alike, as in every fleet.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lantian.inventory.contract import Array, Kind, Sold, Start
from lantian.inventory.sectors.on_road.cells import Cell, Grid, find_cells
from lantian.inventory.sectors.on_road.fleet import Fleet
from lantian.inventory.sectors.on_road.vehicles import FLEETS, GROUPS, Group

POSITION: dict[Kind, tuple[int, int]] = {
    (group.source, technology): (g, k)
    for g, group in enumerate(GROUPS)
    for k, technology in enumerate(group.power.technologies)
}
"""Source and technology -> position of the group, and of the standard among its own."""


@dataclass(frozen=True)
class CarriedFleet(Fleet):
    """Fleets of which some begin as they were left.

    Attributes
    ----------
    carried
        Which sources do, dims (source,).
    structure
        Share of each vintage in the vehicles of its source [1], in each year up to the base year,
        dims (year, vintage, source).
    part
        Share of each cell in its cohort [1], dims (year, cell).
    old
        Which cells belong to a source that was left, and to a year of sale up to the base year,
        dims (cell,).
    """

    carried: NDArray[np.bool_]
    structure: Array
    part: Array
    old: NDArray[np.bool_]

    def _held(self, of_cell: Array, year: int) -> Array:
        """Return what each cell has of its cohort in a year [1], dims (cell, sample)."""
        left = self.part[min(year, self.base)]
        return np.where(self.old[:, None], left[:, None], of_cell)

    def _known(self, year: int, stock: Array, weight: Array) -> Array:
        """Return the vehicles of a year up to the base year, dims (vintage, source, sample)."""
        fleet = super()._known(year, stock, weight)
        left = self.structure[year, : len(fleet), self.carried]
        fleet[:, self.carried] = left.T[..., None] * stock[self.carried]
        return fleet


def carry_on(fleet: Fleet, start: Start) -> tuple[list[tuple[Group, str]], CarriedFleet]:
    """Let a fleet begin as another scenario left it.

    Parameters
    ----------
    fleet
        As the tables of the region would have it.
    start
        What was left, with years of sale.

    Returns
    -------
    list
        Group and standard of each state, as :func:`~.fleet.declare_fleet`.
    CarriedFleet
        The same numbers; vehicles of the base year with the composition they come with.
    """
    first, vintages = int(fleet.vintages[0]), len(fleet.vintages)
    left = [_cells(sold, first) for sold in start.sold]
    held = frozenset(cell for of_year in left for cell, amount in of_year.items() if amount > 0.0)
    states, grid = find_cells(
        fleet.support, fleet.cohorts, fleet.vintages, int(fleet.years[fleet.base]), held
    )
    amount = np.array([_by_cell(of_year, grid) for of_year in left])
    vintage, source = grid.spans[2, grid.span], grid.cells.source
    cohort = np.zeros((len(left), vintages, len(FLEETS)))
    for y, of_year in enumerate(amount):
        np.add.at(cohort[y], (vintage, source), of_year)
    whole = cohort.sum(axis=1, keepdims=True)
    carried = whole[-1, 0] > 0.0
    own = {field.name: getattr(fleet, field.name) for field in fields(fleet)}
    return states, CarriedFleet(
        **{**own, "grid": grid},
        carried=carried,
        structure=_share(cohort, whole),
        part=_share(amount, cohort[:, vintage, source]),
        old=carried[source] & (vintage <= int(fleet.years[fleet.base]) - first),
    )


def _cells(sold: Sold, first: int) -> dict[Cell, float]:
    """Return vehicles by vintage, group and standard."""
    parts = zip(sold.kind, sold.year.tolist(), sold.amount.tolist(), strict=True)
    return {(year - first, *POSITION[kind]): amount for kind, year, amount in parts}


def _by_cell(left: dict[Cell, float], grid: Grid) -> Array:
    """Return the vehicles of each cell, dims (cell,)."""
    _, standard, vintage = grid.spans[:, grid.span]
    cells = zip(vintage.tolist(), grid.group.tolist(), standard.tolist(), strict=True)
    return np.array([left.get(cell, 0.0) for cell in cells])


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
