"""A price on CO2: what each measure pays, or is spared, by what it does to the emission."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import NOWHERE, Array, Index, System
from lantian.errors import Problems
from lantian.language import message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import CostRow
from lantian.measures.costs import Money, cost_rows
from lantian.parameters import Numbers, ScenarioNumber, Space
from lantian.parameters.series import fill
from lantian.parameters.space import ZERO, constant, stack
from lantian.parameters.units import UnitError
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import POLLUTANTS

CO2 = POLLUTANTS.index("CO2")
KG_PER_T = 1000.0
"""[kg/t]."""
ELECTRICITY = ("electricity", "electricity-home")
"""Carriers that are drawn from the grid."""
SIGN = {"energy-used": 1.0, "energy-saved": -1.0}
"""Of an amount of energy, by the item of its row."""
NAME = "carbon_price"
"""What the price is called in a scenario, and among its numbers."""


@dataclass(frozen=True)
class Carbon:
    """A price on CO2.

    Attributes
    ----------
    price
        [currency/t], dims (year,).
    elsewhere
        What a unit of each group makes the grid emit [t CO2/unit], dims (group, year); 0 where the
        region has no grid factor.
    """

    price: Numbers
    elsewhere: Array

    def charge(self, system: System, theta: Array, years: Index) -> Array:
        """Return what is charged for a unit moved [currency/unit and year], dims (move, year).

        Parameters
        ----------
        system
            Its factors at both ends of a move count.
        theta
            Values of all slots, dims (slot, 1).
        years
            Positions of the system's years among those of the price.
        """
        return np.asarray(self.price(theta)[years, 0] * self.more(system, years))

    def more(self, system: System, years: Index) -> Array:
        """Return what a unit moved emits more of CO2 [t/unit and year], dims (move, year)."""
        moves, factor = system.moves, system.factor[:, CO2]
        after = np.where(
            (moves.target != NOWHERE)[:, None],
            moves.conversion[:, None] * factor[moves.target],
            0.0,
        )
        grid = self.elsewhere[moves.group][:, years]
        return np.asarray(after - factor[moves.origin] + grid)


def with_charge(
    system: System, carbon: Carbon | None, theta: Array, years: Index | None = None
) -> System:
    """Return the system with what its moves are charged for CO2.

    Parameters
    ----------
    system
        At the same numbers.
    carbon
        The price; None: nothing is charged.
    theta
        Values of all slots, dims (slot, 1).
    years
        Positions of the system's years among those of the price; all by default.

    Returns
    -------
    System
        The same where there is no price.
    """
    if carbon is None:
        return system
    own = np.arange(len(system.years)) if years is None else years
    return replace(system, moves=replace(system.moves, charge=carbon.charge(system, theta, own)))


def read_carbon(
    read: ReadScenario,
    system: System,
    catalogue: Catalogue,
    *,
    money: Money,
    grid: Array | None,
    space: Space,
    problems: Problems,
) -> Carbon | None:
    """Return the price on CO2 that a scenario sets, and what it is paid for.

    Parameters
    ----------
    read
        The scenario.
    system, catalogue
        Groups, and the energy that a unit of each uses and saves.
    money
        What the price is counted in.
    grid
        CO2 of electricity [kg/kWh], dims (year,).
    space
        Receives the numbers.
    problems
        Receives units that are no price of a tonne.

    Returns
    -------
    Carbon or None
        None where the scenario has no price.
    """
    if read.scenario.economics.carbon_price is None:
        return None
    elsewhere = np.zeros((len(system.groups), len(system.years)))
    if grid is not None:
        elsewhere = power_of(system, catalogue, space.central())[:, None] * grid / KG_PER_T
    return Carbon(_prices(read, money, system.years, space, problems), elsewhere)


def check_paid(
    read: ReadScenario, system: System, carbon: Carbon | None, problems: Problems
) -> None:
    """Warn of a price that changes no cost: no measure changes CO2 that is known here.

    Parameters
    ----------
    read
        The scenario.
    system
        With what its moves are charged.
    carbon
        The price; None: there is none.
    problems
        Receives the doubt, at the price.
    """
    if carbon is not None and not np.any(system.moves.charge):
        problems.warn(
            read.place("economics", NAME),
            message("the price has no effect: no measure here changes CO2 that is known."),
            fix=message("Add the CO2 of the sources, or leave the price out."),
        )


def _prices(
    read: ReadScenario, money: Money, years: Sequence[int], space: Space, problems: Problems
) -> Numbers:
    """Return the price of each year [currency/t]; nothing is paid before the first that has one."""
    dated = read.scenario.economics.carbon_prices(years[0])
    place = read.place("economics", NAME)
    known = []
    for year, price in sorted(dated.items()):
        number = ScenarioNumber(
            (NAME, "", str(year)), price.value, price.unit, place, low=price.value, high=price.value
        )
        try:
            factor = money.exchange.factor(price.unit, f"{money.currency}/t")
        except UnitError as error:
            problems.add(place, message("{text}.", text=error.args[0]))
            factor = 0.0
        known.append(space.number(number, factor))
    free = sum(year < min(dated) for year in years)
    paid = fill(sorted(dated), years[free:])
    later = [] if paid is None else [paid.numbers(known)[y] for y in range(len(years) - free)]
    return stack([constant(ZERO)] * free + later)


def power_of(system: System, catalogue: Catalogue, theta: Array) -> Array:
    """Return the electricity of a unit of each group, less what it saves [kWh/a], dims (group,).

    Parameters
    ----------
    system
        Its groups.
    catalogue
        Its cost rows hold the amounts of energy.
    theta
        Values of all slots, dims (slot, 1).
    """
    by_measure: dict[str, list[CostRow]] = {}
    for row in catalogue.costs.rows:
        by_measure.setdefault(row.measure, []).append(row)
    found = np.zeros(len(system.groups))
    for g, (m, s) in enumerate(zip(system.groups.measure, system.groups.source, strict=True)):
        name, source, unit = system.measures[m], system.sources.id[s], system.sources.unit[s]
        for row in cost_rows(by_measure.get(name, []), name, source):
            if row.carrier in ELECTRICITY and row.item in SIGN:
                amount = catalogue.costs.taken(row, f"kWh/({unit})/a")(theta)
                found[g] += SIGN[row.item] * float(amount[0])
    return found
