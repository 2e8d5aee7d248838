"""What a measure costs per unit of activity and year, from the rows of ``costs.csv``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core import finance
from lantian.core.system import COST_PARTS, Array, Index, sum_by
from lantian.errors import Problems
from lantian.language import message
from lantian.measures.contract import CostRow
from lantian.parameters import ONE, Numbers, QuantityRow, QuantityTable
from lantian.parameters.space import constant, join


class PriceRow(QuantityRow):
    """A line of ``inputs/prices.csv``: the price level of a year [index]."""

    year: int


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
    """

    currency: str
    price_year: int
    discount_rate: Numbers
    index: QuantityTable[PriceRow]


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
        The row's number [currency per unit, per year but for capital and transfer], dims (row,).
    level, written
        Price level of the year of prices and of the row's year, dims (row,); 1 where they are one.
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
    level: Numbers
    written: Numbers
    life: Numbers
    rate: Numbers
    unknown: Index

    def __call__(self, theta: Array) -> Array:
        """Return the parts of each group's unit cost [currency per unit and year].

        ``capital * CRF(discount rate, life) + fixed + variable - savings`` (method, section 3), in
        prices of one year.

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
        paid = self.amount(theta) * self.level(theta) / self.written(theta)
        parts = sum_by(paid, self.entry, len(COST_PARTS) * self.groups)
        cost = parts.reshape(len(COST_PARTS), self.groups, theta.shape[1])
        cost[CAPITAL] *= finance.capital_recovery_factor(self.rate(theta), self.life(theta))
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
        At most one per item that is paid; any number of transfers.
    """
    found = [r for r in rows if r.measure == measure and r.source in ("", source)]
    own = {(r.item, r.transfer) for r in found if r.source == source}
    return [r for r in found if r.source == source or (r.item, r.transfer) not in own]


def declare_costs(
    table: QuantityTable[CostRow],
    groups: Sequence[tuple[str, str]],
    units: Sequence[str],
    money: Money,
) -> CostNumbers:
    """Gather the cost rows of groups.

    Parameters
    ----------
    table
        ``costs.csv``; its problems receives units and price years that do not fit, and capital
        without a life.
    groups
        Measure and source of each group.
    units
        Activity unit of each group's source.
    money
        Currency, year of prices, price index and discount rate.

    Returns
    -------
    CostNumbers
        In the order of the groups.
    """
    by_measure: dict[str, list[CostRow]] = {}
    for row in table.rows:
        by_measure.setdefault(row.measure, []).append(row)
    entries: list[tuple[int, tuple[Numbers, Numbers, Numbers]]] = []
    lives, unknown = [], []
    for g, ((measure, source), unit) in enumerate(zip(groups, units, strict=True)):
        rows = cost_rows(by_measure.get(measure, []), measure, source)
        priced = [r for r in rows if r.item != "life"]
        life = next((r for r in rows if r.item == "life"), None)
        capital = next((r for r in priced if r.item == "capital" and r.transfer == "no"), None)
        lives.append(table.taken(life, "a") if capital and life else constant(ONE))
        if capital is not None and capital.value and life is None:
            table.problems.add(capital.place, message("capital without a 'life' row."))
        if not any(r.transfer == "no" for r in priced):
            unknown.append(g)
        entries += [(_part(r) * len(groups) + g, _price(table, r, unit, money)) for r in priced]
    entries.sort(key=lambda e: e[0])
    return CostNumbers(
        len(groups),
        np.array([e[0] for e in entries], dtype=np.int64),
        _joined([prices[0] for _, prices in entries]),
        _joined([prices[1] for _, prices in entries]),
        _joined([prices[2] for _, prices in entries]),
        _joined(lives),
        money.discount_rate,
        np.array(unknown, dtype=np.int64),
    )


def _part(row: CostRow) -> int:
    return COST_PARTS.index("transfer" if row.transfer == "yes" else row.item)


def _joined(single: Sequence[Numbers]) -> Numbers:
    return join([constant(ONE, 0), *(n[None] for n in single)])


def _price(
    table: QuantityTable[CostRow], row: CostRow, unit: str, money: Money
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a row's number, the price level it is carried to, and that of its own year."""
    recurring = "" if row.item == "capital" or row.transfer == "yes" else "/a"
    number = table.taken(row, f"{money.currency}/({unit}){recurring}")
    year = row.currency_year or money.price_year
    if year == money.price_year:
        return number, constant(ONE), constant(ONE)
    levels = [money.index.find(year=y) for y in (money.price_year, year)]
    for level, wanted in zip(levels, (money.price_year, year), strict=True):
        if level is None:
            table.problems.add(
                row.place, message("the price index has no year {year}.", year=wanted)
            )
            return number, constant(ONE), constant(ONE)
    to, written = (money.index.taken(level, level.unit) for level in levels if level is not None)
    return number, to, written


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
            problems.add(row.place, message("a life of {life} is not positive.", life=row.value))
