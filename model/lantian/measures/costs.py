"""What a measure costs per unit of activity and year, from its rows and the prices behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lantian.core import finance
from lantian.core.system import COST_PARTS, Array, Index, sum_by
from lantian.errors import Place, Problems
from lantian.language import NOTHING, message
from lantian.measures.contract import (
    Carrier,
    CostRow,
    EnergyPriceRow,
    ReplacementRow,
    VehiclePriceRow,
)
from lantian.parameters import (
    MISSING,
    NOT_NEGATIVE,
    ONE,
    CalendarYear,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    units,
)
from lantian.parameters.money import Exchange
from lantian.parameters.series import fill
from lantian.parameters.space import constant, join
from lantian.parameters.units import UnitError


class PriceRow(QuantityRow):
    """A line of ``inputs/prices.csv``: the price level of a year [index]."""

    plausible = declared({"": NOT_NEGATIVE})
    year: CalendarYear


@dataclass(frozen=True)
class Money:
    """How money is counted.

    Attributes
    ----------
    currency
        Such as ``yuan``.
    price_year
        Year of prices.
    discount_rate
        [1/a], dims ().
    index
        Price level by year; a cost of another year is carried over with it.
    year
        Year whose energy and vehicles are bought; None: the year of prices.
    rates
        What one unit of another currency is worth [currency].
    place
        Where the year of prices is written.
    """

    currency: str
    price_year: int
    discount_rate: Numbers
    index: QuantityTable[PriceRow]
    year: int | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    place: Place | None = None

    @property
    def exchange(self) -> Exchange:
        """Rates into the currency."""
        return Exchange(self.currency, self.rates)

    def taken(self, table: QuantityTable[Any], row: QuantityRow, unit: str) -> Numbers:
        """Return the number of a row of money, dims (), taken into the parameter vector.

        Parameters
        ----------
        table
            Its problems receive a unit that does not fit, or a rate that is missing.
        row
            A row of the table, in any currency.
        unit
            Unit wanted, in the currency that is counted in.

        Returns
        -------
        Numbers
            Of shape ().
        """
        try:
            return table.space.number(row, self.exchange.factor(row.unit, unit))
        except UnitError as error:
            table.problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
            return constant(MISSING)

    @property
    def buying_year(self) -> int:
        """Year whose energy and vehicles are bought."""
        return self.price_year if self.year is None else self.year


UNIT_OF: Mapping[Carrier, str] = {
    "electricity": "kWh",
    "electricity-home": "kWh",
    "diesel": "l",
    "petrol": "l",
    "gas": "m3",
    "gas-home": "m3",
    "coal": "t",
    "coal-home": "t",
    "heat": "GJ",
}
"""What each carrier of energy is counted in."""

PER_TONNE = "per-tonne"
"""Item of a cost that is paid per tonne removed."""

PART_OF = {"energy-used": "variable", "energy-saved": "savings"}
"""The part of a unit cost to which an item adds, where it is not called like it."""


def no_rows() -> QuantityTable[Any]:
    """Return a table without rows."""
    return QuantityTable("", (), Problems())


@dataclass(frozen=True)
class CostTables:
    """The tables that unit costs are made of.

    Attributes
    ----------
    costs
        ``costs.csv``: money, lives and amounts of energy.
    energy, vehicles
        Prices by year.
    replacements
        What measures buy in the place of something else.
    """

    costs: QuantityTable[CostRow]
    energy: QuantityTable[EnergyPriceRow] = field(default_factory=no_rows)
    vehicles: QuantityTable[VehiclePriceRow] = field(default_factory=no_rows)
    replacements: QuantityTable[ReplacementRow] = field(default_factory=no_rows)


@dataclass(frozen=True)
class Scales:
    """What costs grow with beside the activity that is moved.

    Attributes
    ----------
    size
        Size of the plants of a source, such as ``70 MW``.
    activity
        (measure, source) -> unit of the activity in which the costs are written, how many of them
        one unit of the source is, and what that is divided by; where it is not the source's own.
    removed
        (measure, source) -> numbers whose product is what one unit moved removes of the pollutant
        that is paid for [t/unit], with nothing else at work.
    whole
        Whether a unit of activity is the whole plant, whatever its size.
    """

    size: Mapping[str, str] = field(default_factory=dict)
    activity: Mapping[tuple[str, str], tuple[str, Numbers, Numbers]] = field(default_factory=dict)
    removed: Mapping[tuple[str, str], tuple[Numbers, ...]] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True)
class CostNumbers:
    """Unit costs of the groups: rows, each of a part of a group's cost.

    Attributes
    ----------
    groups
        Length of the group axis.
    entry
        ``part * groups + group`` of each row, ascending; parts as in
        :data:`~lantian.core.system.COST_PARTS`.
    amount
        The row's money [currency per unit, per year but for capital and transfer], or its energy
        [kWh, l, m3, t or GJ per unit and year], dims (row,).
    price
        What the amount is paid with: 1 for money, the price of energy, dims (row,).
    level, written
        Price level of the year of prices and of the row's year, dims (row,); 1 where they are one.
    given_up
        Positions of the rows that are prices of what is given up, and taken off.
    age, life_given_up
        Age at which it is given up, and its life [a], dims (given up,).
    scaled
        Positions of the rows that are multiplied by further numbers.
    times, over
        By these, and divided by these, one after the other, dims (factor, scaled).
    life
        Life of what the capital buys [a], dims (group,); 1 where there is no capital.
    rate
        Discount rate [1/a], dims ().
    unknown
        Groups without any cost.
    """

    groups: int
    entry: Index
    amount: Numbers
    price: Numbers
    level: Numbers
    written: Numbers
    given_up: Index
    age: Numbers
    life_given_up: Numbers
    scaled: Index
    times: Numbers
    over: Numbers
    life: Numbers
    rate: Numbers
    unknown: Index

    def __call__(self, theta: Array) -> Array:
        """Return the parts of each group's unit cost [currency per unit and year].

        ``capital * CRF(discount rate, life) + fixed + variable - savings`` (method, section 3), in
        prices of one year. Energy is an amount times its price; the capital of a vehicle or machine
        is its price less what the one given up is worth.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            Dims (part, group, sample); NaN where unknown, the transfer per unit.

        References
        ----------
        US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2 (capital recovery).
        """
        amount = self.amount(theta) * self.price(theta)
        paid = finance.at_price_level(amount, self.level(theta), self.written(theta))
        left = finance.worth_left(self.life_given_up(theta), self.age(theta))
        paid[self.given_up] *= -left
        if len(self.scaled):
            paid[self.scaled] *= (self.times(theta) / self.over(theta)).prod(axis=0)
        parts = sum_by(paid, self.entry, len(COST_PARTS) * self.groups)
        cost = parts.reshape(len(COST_PARTS), self.groups, theta.shape[1])
        rate, life = self.rate(theta), self.life(theta)
        cost[CAPITAL] = finance.annualised_cost(cost[CAPITAL], rate, life)
        cost[:, self.unknown] = np.nan
        return cost


CAPITAL = COST_PARTS.index("capital")


@dataclass(frozen=True)
class UnitCost:
    """Parts of the annual cost of one activity unit [currency per unit and year]."""

    capital: float
    fixed: float
    variable: float
    savings: float
    transfer: float

    @property
    def total(self) -> float:
        """Cost to society: transfers are left out, savings count negative."""
        return self.capital + self.fixed + self.variable - self.savings


def cost_rows(rows: Sequence[CostRow], measure: str, source: str) -> list[CostRow]:
    """Return the cost rows of a measure on a source: its own, else those of all sources.

    Parameters
    ----------
    rows
        Rows of ``costs.csv``.
    measure, source
        Ids.

    Returns
    -------
    list of CostRow
        At most one per item and carrier that is paid; any number of transfers.
    """
    found = [r for r in rows if r.measure == measure and r.source in ("", source)]
    own = {(r.item, r.carrier, r.transfer) for r in found if r.source == source}
    return [r for r in found if r.source == source or (r.item, r.carrier, r.transfer) not in own]


def declare_costs(
    tables: CostTables,
    groups: Sequence[tuple[str, str]],
    units: Sequence[str],
    money: Money,
    scales: Scales | None = None,
) -> CostNumbers:
    """Gather the cost rows of groups.

    Parameters
    ----------
    tables
        Their problems receive units and price years that do not fit, prices that are missing, and
        capital without a life.
    groups
        Measure and source of each group.
    units
        Activity unit of each group's source.
    money
        Currency, year of prices, price index and discount rate.
    scales
        What costs grow with beside the activity.

    Returns
    -------
    CostNumbers
        In the order of the groups.
    """
    by_measure: dict[str, list[CostRow]] = {}
    for row in tables.costs.rows:
        by_measure.setdefault(row.measure, []).append(row)
    teller = _Teller(tables, money, scales or Scales())
    entries: list[_Entry] = []
    lives, unknown = [], []
    for g, ((measure, source), unit) in enumerate(zip(groups, units, strict=True)):
        rows = cost_rows(by_measure.get(measure, []), measure, source)
        bought = next(iter(tables.replacements.select(measure=measure, source=source)), None)
        life = teller.life(rows, bought)
        own = [teller.paid(r, g, source, unit) for r in rows if r.item != "life"]
        if bought is not None:
            own += teller.replaced(bought, g, unit, life)
        if not any(COST_PARTS[e.part] != "transfer" for e in own):
            unknown.append(g)
        entries += own
        lives.append(life)
    entries.sort(key=lambda e: (e.part, e.group))
    given_up = [i for i, e in enumerate(entries) if e.given_up is not None]
    sold = [e.given_up for e in entries if e.given_up is not None]
    scaled = [i for i, e in enumerate(entries) if e.scale]
    return CostNumbers(
        groups=len(groups),
        entry=np.array([e.part * len(groups) + e.group for e in entries], dtype=np.int64),
        amount=_joined([e.amount for e in entries]),
        price=_joined([e.price for e in entries]),
        level=_joined([e.level[0] for e in entries]),
        written=_joined([e.level[1] for e in entries]),
        given_up=np.array(given_up, dtype=np.int64),
        age=_joined([age for age, _ in sold]),
        life_given_up=_joined([life for _, life in sold]),
        scaled=np.array(scaled, dtype=np.int64),
        times=_padded([[times for times, _ in entries[i].scale] for i in scaled]),
        over=_padded([[over for _, over in entries[i].scale] for i in scaled]),
        life=_joined(lives),
        rate=money.discount_rate,
        unknown=np.array(unknown, dtype=np.int64),
    )


@dataclass(frozen=True)
class _Entry:
    """A row of unit costs while they are gathered.

    ``given_up``: age and life of what is sold; ``scale``: what it is multiplied and divided by.
    """

    part: int
    group: int
    amount: Numbers
    price: Numbers
    level: tuple[Numbers, Numbers]
    given_up: tuple[Numbers, Numbers] | None = None
    scale: tuple[tuple[Numbers, Numbers], ...] = ()


def _padded(rows: Sequence[Sequence[Numbers]]) -> Numbers:
    """Return numbers of rows as columns, dims (most of any row, row); 1 fills up."""
    most = max(map(len, rows), default=0)
    full = [[*row, *[constant(ONE)] * (most - len(row))] for row in rows]
    return join(
        [
            constant(ONE, 0, len(rows)),
            *(_joined(column)[None] for column in zip(*full, strict=True)),
        ]
    )


def _joined(single: Sequence[Numbers]) -> Numbers:
    return join([constant(ONE, 0), *(n[None] for n in single)])


@dataclass(frozen=True)
class _Teller:
    """Takes the numbers of cost rows from their tables."""

    tables: CostTables
    money: Money
    scales: Scales
    _prices: dict[tuple[str, ...], Numbers] = field(default_factory=dict)

    def life(self, rows: Sequence[CostRow], bought: ReplacementRow | None) -> Numbers:
        """Return the life of what the capital buys, 1 where there is none."""
        table = self.tables.costs
        row = next((r for r in rows if r.item == "life"), None)
        spent = [r for r in rows if r.item == "capital" and r.transfer == "no"]
        if row is not None:
            return table.taken(row, "a") if spent or bought else constant(ONE)
        places = [r.place for r in spent if r.value] + ([bought.place] if bought else [])
        if places:
            table.problems.add(places[0], message("capital without a 'life' row."))
        return constant(ONE)

    def paid(self, row: CostRow, group: int, source: str, unit: str) -> _Entry:
        """Return a row of money, or of energy at its price, with what it grows with."""
        own = self.scales.activity.get((row.measure, source))
        scale: list[tuple[Numbers, Numbers]]
        if row.item == PER_TONNE:
            entry, scale = self._tonnes(row, group), self._removed(row, source)
        elif own is None:
            entry, scale = self._paid(row, group, unit), []
        else:
            entry, scale = self._paid(row, group, own[0]), [own[1:]]
        return replace(entry, scale=(*scale, *self._grown(row, source)))

    def _tonnes(self, row: CostRow, group: int) -> _Entry:
        """Return a cost per tonne."""
        amount = self.money.taken(self.tables.costs, row, f"{self.money.currency}/t")
        level = self._level(
            row.currency_year or self.money.price_year, row.place.cell("currency_year")
        )
        return _Entry(COST_PARTS.index("variable"), group, amount, constant(ONE), level)

    def _removed(self, row: CostRow, source: str) -> list[tuple[Numbers, Numbers]]:
        """Return the tonnes that a cost per tonne is paid for."""
        factors = self.scales.removed.get((row.measure, source))
        if factors is None:
            self.tables.costs.problems.add(
                row.place.cell("unit"),
                message(
                    "a cost per tonne needs a source whose tonnes per unit do not change with the"
                    " years: one of a finished inventory."
                ),
                fix=message("Write the cost per unit of activity."),
            )
        return [(number, constant(ONE)) for number in factors or ()]

    def _grown(self, row: CostRow, source: str) -> list[tuple[Numbers, Numbers]]:
        """Return by how much a row is dearer or cheaper at the size of the source's plants."""
        if not row.at_size or row.exponent is None:
            return []
        size = self.scales.size.get(source)
        if size is None:
            self.tables.costs.problems.add(
                row.place.cell("at_size"),
                message(
                    "the cost depends on a size, and source '{source}' has none.", source=source
                ),
                fix=message("Write the size of its plants."),
            )
            return []
        try:
            (own, unit), (at, other) = map(units.parse_quantity, (size, row.at_size))
            ratio = units.convert(own, unit, other) / at
        except UnitError as error:
            self.tables.costs.problems.add(
                row.place.cell("at_size"), message("{text}.", text=error.args[0])
            )
            return []
        exponent = row.exponent if self.scales.whole else row.exponent - 1.0
        grown = float(finance.cost_at_size(1.0, ratio, exponent))
        return [(Numbers(np.asarray(ONE), np.asarray(grown)), constant(ONE))]

    def _paid(self, row: CostRow, group: int, unit: str) -> _Entry:
        """Return a row of money, or of energy at its price."""
        table, currency = self.tables.costs, self.money.currency
        item = PART_OF.get(row.item, row.item)
        part = COST_PARTS.index("transfer" if row.transfer == "yes" else item)
        if row.carrier:
            counted = UNIT_OF[row.carrier]
            amount = table.taken(row, f"{counted}/({unit})/a")
            price = self._price(
                self.tables.energy, f"{currency}/{counted}", row.place, carrier=row.carrier
            )
            level = self._level(self.money.buying_year, row.place)
            return _Entry(part, group, amount, price, level)
        recurring = "" if row.item == "capital" or row.transfer == "yes" else "/a"
        amount = self.money.taken(table, row, f"{currency}/({unit}){recurring}")
        level = self._level(
            row.currency_year or self.money.price_year, row.place.cell("currency_year")
        )
        return _Entry(part, group, amount, constant(ONE), level)

    def replaced(self, row: ReplacementRow, group: int, unit: str, life: Numbers) -> list[_Entry]:
        """Return what is bought and, unless it is scrapped, what is given up."""
        level = self._level(self.money.buying_year, row.place)
        age = self.tables.replacements.taken(row, "a")
        found = []
        for technology, given_up in ((row.bought, None), (row.instead_of, (age, life))):
            if technology:
                price = self._price(
                    self.tables.vehicles,
                    f"{self.money.currency}/({unit})",
                    row.place,
                    vehicle=row.vehicle,
                    technology=technology,
                )
                found.append(_Entry(CAPITAL, group, constant(ONE), price, level, given_up))
        return found

    def _price(
        self,
        table: QuantityTable[EnergyPriceRow] | QuantityTable[VehiclePriceRow],
        unit: str,
        place: Place,
        **keys: str,
    ) -> Numbers:
        """Return a price of the buying year: between two years a share of each, else the nearest.

        It is looked up once, so that a fault is told once.
        """
        known = (table.file, unit, *keys.values())
        if known not in self._prices:
            self._prices[known] = self._found(table, unit, place, **keys)
        return self._prices[known]

    def _found(
        self,
        table: QuantityTable[EnergyPriceRow] | QuantityTable[VehiclePriceRow],
        unit: str,
        place: Place,
        **keys: str,
    ) -> Numbers:
        rows: list[EnergyPriceRow | VehiclePriceRow] = [*table.select(**keys)]
        rows.sort(key=lambda r: r.year)
        if not rows:
            table.problems.add(
                place, message("'{name}' has no price.", name=", ".join(keys.values()))
            )
            return constant(MISSING)
        years = [r.year for r in rows]
        filling = fill(years, [max(self.money.buying_year, years[0])])
        assert filling is not None  # never before the first year
        known = [self.money.taken(table, r, unit) for r in rows]
        return filling.numbers(known)[0]

    def _level(self, year: int, place: Place) -> tuple[Numbers, Numbers]:
        """Return the price level that money of a year is carried to, and that of the year."""
        if year == self.money.price_year:
            return constant(ONE), constant(ONE)
        wanted = (self.money.price_year, year)
        levels = [self.money.index.find(year=y) for y in wanted]
        for level, asked in zip(levels, wanted, strict=True):
            if level is None:
                self._note_no_level(asked, place)
                return constant(ONE), constant(ONE)
        to, written = (
            self.money.index.taken(level, level.unit) for level in levels if level is not None
        )
        return to, written

    def _note_no_level(self, year: int, place: Place) -> None:
        """Note a year without a price level; that of the prices is one fault for all costs."""
        problems, known = self.tables.costs.problems, [row.year for row in self.money.index.rows]
        if self.money.index.lacks_lines_of(year=str(year)):
            return  # which is told of the line
        if year != self.money.price_year or self.money.place is None or not known:
            problems.add(place, message("the price index has no year {year}.", year=year))
            return
        problems.add(
            self.money.place,
            message("the price index has no year {year}.", year=year),
            NOTHING
            if min(known) < year < max(known)
            else message("Expected {first} to {last}.", first=min(known), last=max(known)),
            message("Write what prices rise by after that, such as 'inflation: 2 %'.")
            if year > max(known)
            else message("Add its row to {file}.", file=self.money.index.file)
            if year > min(known)
            else NOTHING,
        )


def check_lives(table: QuantityTable[CostRow], problems: Problems) -> None:
    """Note lives that are not positive.

    Parameters
    ----------
    table
        ``costs.csv``.
    problems
        Receives every fault found.
    """
    for row in table.rows:
        if row.item == "life" and row.value <= 0:
            problems.add(
                row.place.cell("value"),
                message("a life of {life} is not positive.", life=row.value),
            )
