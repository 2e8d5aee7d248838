"""Totals that are known: read, and held against each other and the inventory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.ordered import ordered_total
from lantian.core.projection import contraction, emission
from lantian.core.system import Array, Sources
from lantian.errors import InputError, Problems
from lantian.indicators.tables import AirRow
from lantian.inventory.contract import Window
from lantian.inventory.layers import find_layers
from lantian.inventory.totals import TOTALS, TotalRow
from lantian.language import message
from lantian.measures.compile import Compiled
from lantian.parameters import QuantityTable, Space, read_quantities
from lantian.parameters.distributions import default_distributions, quantiles
from lantian.parameters.opening import check_there
from lantian.parameters.space import CONSTANTS
from lantian.plan.references import References, told_by_targets
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import POLLUTANTS

AIR = "air"
DRAWN = 100
"""Random sets of numbers by which the range of an inventory is told."""
SEED = 13
"""Of these sets: the same tables are always told the same."""


def read_references(read: ReadScenario, space: Space, problems: Problems) -> References:
    """Read what is known of years, with or without an inventory of them.

    Parameters
    ----------
    read
        The scenario; its region, or its finished inventory, has the tables.
    space
        Holds every number that is taken.
    problems
        Receives what is wrong with the totals.

    Returns
    -------
    References
        Empty where there are no tables, or no such region: the inventory tells that.
    """
    scenario, told = read.scenario, told_by_targets(read, space, problems)
    totals = QuantityTable[TotalRow](TOTALS, [], problems, space)
    observed = QuantityTable[AirRow](AIR, [], problems, space)
    if scenario.finished is not None:
        own = scenario.finished.totals
        if own is not None:
            path, place = read.path.parent / own, read.place("finished", TOTALS)
            if check_there(path, own, place, problems):
                totals = read_quantities(path, TotalRow, problems, read.root, space=space)
        return References(totals, observed, told)
    told_elsewhere, inputs = Problems(), read.root / "inputs"
    try:
        layers = find_layers(inputs, str(scenario.region), read.root, told_elsewhere, space)
    except InputError:
        return References(totals, observed, told)
    totals = replace(layers, problems=problems).read(TOTALS, TotalRow, optional=True)
    return References(totals, layers.read(AIR, AirRow, optional=True), told)


def check_totals(totals: QuantityTable[TotalRow], problems: Problems) -> None:
    """Note totals of sectors that are more than that of all.

    Parameters
    ----------
    totals
        Of the region, or of the finished inventory.
    problems
        Receives every fault found.
    """
    for whole in (row for row in totals.rows if not row.sector):
        parts = [r for r in totals.rows if r.sector and _of(r) == _of(whole)]
        least, most = sum(r.ends[0] for r in parts), whole.ends[1]
        if least > most:
            problems.add(
                whole.place.cell("value"),
                message(
                    "its sectors emit at least {parts} t of {pollutant} in {year}, and all together"
                    " at most {whole} t.",
                    parts=shown(least),
                    whole=shown(most),
                    pollutant=whole.pollutant,
                    year=whole.year,
                ),
                fix=message("Check units and ranges of the totals of that year."),
            )


def shown(tonnes: float) -> str:
    """Return an emission to four digits, as a reader writes it."""
    return f"{float(f'{tonnes:.4g}'):.12g}"


def _of(row: TotalRow) -> tuple[str, int]:
    return row.pollutant, row.year


@dataclass(frozen=True)
class Beside:
    """A total beside the inventory of its year.

    Attributes
    ----------
    row
        The total.
    inventory, low, high
        What the inventory says before it is brought to any total, and its range [t/a]; NaN where
        there is no inventory of the year, or nothing of the sector in it.
    """

    row: TotalRow
    inventory: float
    low: float
    high: float

    @property
    def has_inventory(self) -> bool:
        """Whether there is an inventory of the year."""
        return not np.isnan(self.inventory)

    @property
    def inside(self) -> bool:
        """Whether the inventory lies within the range of the total."""
        low, high = self.row.ends
        return low <= self.inventory <= high

    @property
    def apart(self) -> bool:
        """Whether the two ranges have nothing in common."""
        low, high = self.row.ends
        return self.high < low or high < self.low


def beside_inventory(
    totals: QuantityTable[TotalRow], compiled: Compiled, space: Space, last: int
) -> tuple[Beside, ...]:
    """Return the totals beside the inventory of their years.

    Parameters
    ----------
    totals
        Of the region.
    compiled
        The system.
    space
        Its numbers with their ranges.
    last
        Last year of inventories: a projection is none.

    Returns
    -------
    tuple of Beside
        In the order of the table.
    """
    structure = compiled.structure
    rows = [r for r in totals.rows if r.year in structure.years and r.year <= last]
    if not rows:
        return tuple(_alone(row) for row in totals.rows)
    years = np.unique([structure.years.index(row.year) for row in rows])
    window = Window(years, years[:1])
    values = replace(compiled, harmonised=()).values(_columns(space), window)
    adds = contraction(structure, structure.base)
    wanted = np.zeros((len(POLLUTANTS), len(years)), dtype=bool)
    wanted[[POLLUTANTS.index(row.pollutant) for row in rows]] = True
    emitted = emission(adds, values, values.activity, wanted)
    at = [structure.years[y] for y in years]
    return tuple(_beside(totals.rows, emitted, structure.sources, at))


def _alone(row: TotalRow) -> Beside:
    """Return a total of a year, or of a sector, without an inventory."""
    return Beside(row, np.nan, np.nan, np.nan)


def _beside(
    rows: list[TotalRow], emitted: Array, sources: Sources, years: list[int]
) -> Iterator[Beside]:
    for row in rows:
        own = [s for s, name in enumerate(sources.sector) if row.sector in ("", name)]
        if row.year not in years or not own:
            yield _alone(row)
            continue
        p, y = POLLUTANTS.index(row.pollutant), years.index(row.year)
        total = ordered_total(emitted[own, p, y])
        yield Beside(row, float(total[0]), float(total.min()), float(total.max()))


def _columns(space: Space) -> Array:
    """Return the central values, and behind them random sets of all numbers, dims (slot, set)."""
    central = space.central()
    numbers = [space.number_of(slot) for slot in range(len(CONSTANTS), len(space))]
    theta = np.repeat(central, 1 + DRAWN, axis=1)
    level = np.random.default_rng(SEED).random((len(numbers), DRAWN))
    theta[len(CONSTANTS) :, 1:] = quantiles(default_distributions(numbers), numbers)(level)
    return theta


def check_beside(
    found: Collection[Beside], brought: Collection[tuple[str, str, int]], problems: Problems
) -> None:
    """Note totals that contradict the inventory beyond both ranges, and doubt those beyond theirs.

    Parameters
    ----------
    found
        Totals beside the inventory.
    brought
        Sector (blank for all), pollutant and year of totals that the scenario brings the inventory
        to: what differs is then wanted.
    problems
        Receives faults and doubts, at the total.
    """
    for own in found:
        row = own.row
        if not own.has_inventory or own.inside or (row.sector, row.pollutant, row.year) in brought:
            continue
        tell = problems.add if own.apart else problems.warn
        low, high = row.ends
        tell(
            row.place.cell("value"),
            message(
                "the inventory has {inventory} t of {pollutant} in {year} ({least} to {most}), this"
                " total {total} t ({low} to {high}).",
                inventory=shown(own.inventory),
                pollutant=row.pollutant,
                year=row.year,
                least=shown(own.low),
                most=shown(own.high),
                total=shown(row.tonnes),
                low=shown(low),
                high=shown(high),
            ),
            fix=message(
                "Check the units of both; or bring the inventory to its totals ('harmonise' of the"
                " scenario)."
            ),
        )
