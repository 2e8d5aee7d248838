"""Amounts of activity that targets count: sums over states in one unit, and drivers.

A source is counted in its own unit, or through a row of ``conversions.csv`` in another one: boilers
of t of coal in steam tonnes, trucks in tonne kilometres. Freight has tonne kilometres by its ways.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.errors import Problems, closest
from lantian.indicators.contract import Asked, Context, Q, Row
from lantian.indicators.selection import PlaceOf, Selection, chosen_states
from lantian.inventory.conversions import CONVERSIONS, ConversionRow, conversion
from lantian.inventory.hauls import haul, mode_of
from lantian.inventory.region import DriverRow
from lantian.language import message
from lantian.parameters import Numbers, QuantityTable, units
from lantian.parameters.series import by_series, fill
from lantian.parameters.space import ONE, constant, join
from lantian.vocabulary import POLLUTANTS

DRIVERS = "drivers"
"""Table of the drivers of a region."""


@dataclass(frozen=True)
class Amount:
    """A sum over states, calibrated; the sample axis last.

    Attributes
    ----------
    years
        Of ``given``.
    states
        Positions of the states that count, dims (counted,); one may stand there twice.
    weight
        What a unit of each counts [unit of the amount per source unit], dims (counted, sample).
    given
        What no measure changes [unit of the amount], dims (year, sample).
    """

    years: tuple[int, ...]
    states: Index
    weight: Array
    given: Array

    def of(self, projection: Projection) -> Array:
        """Return the amount in every year of a projection, dims (year, sample)."""
        counted = projection.activity[self.states] * self.weight[:, None]
        own = [self.years.index(y) for y in projection.years]
        return ordered_sum([self.given[own] + np.zeros((1, counted.shape[-1])), *counted])

    def on_states(self, n: int) -> Array:
        """Return the weight of every state, dims (state, sample)."""
        found = np.zeros((n, self.weight.shape[-1]))
        np.add.at(found, self.states, self.weight)
        return found

    def given_in(self, year: int) -> Array:
        """Return what no measure changes in a calendar year, dims (sample,)."""
        return np.asarray(self.given[self.years.index(year)])


@dataclass(frozen=True)
class AmountNumbers:
    """An :class:`Amount` with the numbers it is made of.

    Attributes
    ----------
    years, states
        As :class:`Amount`.
    share
        Part of each state that counts, negative where it is taken off [1], dims (counted,).
    unit, mass
        Their product is the unit of the amount per source unit, dims (counted,); the second is 1
        but for tonne kilometres of containers.
    drivers
        Sign and series of each driver [unit of the amount], dims (year,).
    """

    years: tuple[int, ...]
    states: Index
    share: Array
    unit: Numbers
    mass: Numbers
    drivers: tuple[tuple[float, Numbers], ...] = ()

    def __call__(self, theta: Array) -> Amount:
        """Return it for some columns of the parameter vector."""
        given = np.zeros((len(self.years), 1))
        for sign, series in self.drivers:
            given = given + sign * series(theta)
        counts = self.unit(theta) * self.mass(theta)
        return Amount(self.years, self.states, counts * self.share[:, None], given)

    @property
    def slots(self) -> Index:
        """Slots of its numbers that can vary."""
        parts = [self.unit.slots, self.mass.slots, *(series.slots for _, series in self.drivers)]
        found = np.unique(np.concatenate(parts))
        return found[found > ONE]


def _table(context: Context, name: str, row: type[Q]) -> QuantityTable[Q] | None:
    """Return a table, read once so that each number has one slot; None if there is none."""
    if name not in context.shared:
        there = context.tables.has(name)
        context.shared[name] = context.tables.read(name, row) if there else None
    found: QuantityTable[Q] | None = context.shared[name]
    return found


@dataclass
class _Reader:
    """Takes what one target asks for from the tables."""

    context: Context
    asked: Asked
    unit: str
    parts: list[tuple[Index, Array, Numbers, Numbers]] = field(default_factory=list)
    drivers: list[tuple[float, Numbers]] = field(default_factory=list)

    def add(self, selection: Selection, sign: float, place: PlaceOf) -> None:
        """Add what a selection chooses, and take off what it takes off."""
        if selection.driver is not None:
            self._add_driver(selection.driver, sign, place)
        else:
            self._add_states(selection, sign, place)
        if selection.less is not None:
            self.add(selection.less, -sign, lambda *path: place("less", *path))

    def _add_states(self, selection: Selection, sign: float, place: PlaceOf) -> None:
        at = self.context
        told = len(at.problems.found)
        states = chosen_states(selection, at.sources, at.states, place, at.problems)
        if not len(states):
            if len(at.problems.found) == told:
                at.problems.add(place(), message("no state is all of this at once."))
            return
        owner, areas = at.states.source[states], self.asked.subject.areas
        share = np.full(len(states), sign)
        if areas is not None and at.areas is not None:
            share = share * at.areas.inside(areas)[owner]
        counts = [self._unit(int(state), place) for state in states]
        unit, mass = (join([own[None] for own in side]) for side in zip(*counts, strict=True))
        self.parts.append((states, share, unit, mass))

    def _unit(self, state: int, place: PlaceOf) -> tuple[Numbers, Numbers]:
        """Return how much a unit of a state counts, as a product, each dims ().

        One that cannot be counted is noted.
        """
        at = self.context
        source, technology = int(at.states.source[state]), at.states.technology[state]
        name, own = at.sources.id[source], at.sources.unit[source]
        if units.is_like(own, self.unit):
            return Numbers(np.asarray(ONE), np.asarray(units.factor(own, self.unit))), constant(ONE)
        table = _table(at, CONVERSIONS, ConversionRow)
        found = None if table is None else conversion(table, name, technology, own, self.unit)
        if found is None:
            carried = self._carried(name, technology, own)
            if carried is not None:
                return carried
            at.problems.add(
                place(),
                message(
                    "source '{source}' is counted in {own}, and no row of conversions.csv turns"
                    " that into {unit}.",
                    source=name,
                    own=own,
                    unit=self.unit,
                ),
            )
            return constant(ONE), constant(ONE)
        return found, constant(ONE)

    def _carried(self, source: str, technology: str, own: str) -> tuple[Numbers, Numbers] | None:
        """Return way and mass of freight whose tonne kilometres count; None if it is none."""
        space, per = self.context.space, f"({self.unit})/({own})"
        way = haul(space.given, source, "distance", mode_of(technology))
        if way is None:
            return None
        if units.is_like(per, way.unit):
            return space.number(way, units.factor(way.unit, per)), constant(ONE)
        mass = haul(space.given, source, "mass")
        if mass is None or not units.is_like(f"({per})/km", mass.unit):
            return None
        kilometres = space.number(way, units.factor(way.unit, "km"))
        return kilometres, space.number(mass, units.factor(mass.unit, f"({per})/km"))

    def _add_driver(self, driver: str, sign: float, place: PlaceOf) -> None:
        at, told = self.context, place("driver")
        if self.asked.subject.areas is not None:
            at.problems.add(told, message("a driver is of the whole region: it has no areas."))
        table = _table(at, DRIVERS, DriverRow)
        series = by_series(() if table is None else table.rows)
        if table is None or (driver,) not in series:
            _note_no_driver(driver, [str(name) for (name,) in series], place, at.problems)
            return
        own = series[driver,]
        filling = fill([row.year for row in own], at.years)
        if filling is None:
            at.problems.add(
                own[0].place,
                message(
                    "driver '{name}' begins in {first}, and the run in {year}.",
                    name=driver,
                    first=own[0].year,
                    year=at.years[0],
                ),
            )
            return
        numbers = filling.numbers([table.taken(row, self.unit) for row in own])
        self.drivers.append((sign, numbers))


def declared_amount(
    context: Context, asked: Asked, key: str, selection: Selection, unit: str
) -> AmountNumbers | None:
    """Return an amount with its numbers; None where something of it is unknown, which is noted.

    Parameters
    ----------
    context
        Tables and axes.
    asked
        The target that asks.
    key
        Parameter of it where the selection is written.
    selection
        What is counted.
    unit
        In which it is counted.

    Returns
    -------
    AmountNumbers or None
        Of the selection less what it takes off.
    """
    told = len(context.problems.found)
    reader = _Reader(context, asked, unit)
    reader.add(selection, 1.0, asked.of(key))
    if len(context.problems.found) > told:
        return None
    none = (np.zeros(0, np.int64), np.zeros(0), constant(ONE, 0), constant(ONE, 0))
    states, share, numbers, mass = zip(*(reader.parts or [none]), strict=True)
    return AmountNumbers(
        context.years,
        np.concatenate(states),
        np.concatenate(share),
        join(list(numbers)),
        join(list(mass)),
        tuple(reader.drivers),
    )


def own_unit(context: Context, selection: Selection, place: PlaceOf) -> str | None:
    """Return the unit of the first source that a selection chooses; None if it chooses none.

    Parameters
    ----------
    context
        Tables and axes.
    selection
        What is counted; of a driver it is the unit of its first row.
    place
        Where a part of it is written.
    """
    if selection.driver is not None:
        return _driver_unit(context, selection.driver, place)
    states = chosen_states(selection, context.sources, context.states, place, context.problems)
    return context.sources.unit[context.states.source[states[0]]] if len(states) else None


def _driver_unit(context: Context, driver: str, place: PlaceOf) -> str | None:
    table = _table(context, DRIVERS, DriverRow)
    known = {} if table is None else {row.driver: row.unit for row in reversed(table.rows)}
    if driver not in known:
        _note_no_driver(driver, known, place, context.problems)
    return known.get(driver)


def _note_no_driver(
    driver: str, known: Collection[str], place: PlaceOf, problems: Problems
) -> None:
    problems.add(
        place("driver"),
        message("there is no driver '{name}'.", name=driver),
        fix=closest(driver, known),
    )


def activity_row(sources: int, weight: Array, given: Array) -> Row:
    """Return a row of the optimiser on activity alone.

    Parameters
    ----------
    sources
        Length of the source axis.
    weight
        [unit of the row per source unit], dims (state, sample).
    given
        What no activity moves [unit of the row], dims (sample,).

    Returns
    -------
    Row
        No emission matters to it.
    """
    return Row(np.zeros((sources, len(POLLUTANTS), 1)), given, activity=weight)
