"""The measure catalogue as a whole: its tables read, checked against each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lantian.core import finance
from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.measures.contract import (
    AVOIDED,
    AppliesRow,
    ControlRow,
    CostRow,
    MeasureRow,
    ReachRow,
)
from lantian.parameters import QuantityTable, locate, read_quantities, read_table
from lantian.parameters.units import UnitError
from lantian.vocabulary import POLLUTANTS


@dataclass(frozen=True)
class Money:
    """How money is counted: the currency, the year of prices and the discount rate [1/a].

    ``index`` holds the price level by year; a cost of another year is carried over with it.
    """

    currency: str
    price_year: int
    discount_rate: float
    index: Mapping[int, float]


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


@dataclass(frozen=True)
class Catalogue:
    """All measures with their arcs, reach, costs and controls."""

    measures: tuple[MeasureRow, ...]
    applies: tuple[AppliesRow, ...]
    reach: QuantityTable[ReachRow]
    costs: QuantityTable[CostRow]
    controls: QuantityTable[ControlRow]

    def order(self) -> dict[str, int]:
        """Return the position of each measure."""
        return {row.measure: i for i, row in enumerate(self.measures)}

    def reach_of(self, measure: str, source: str) -> ReachRow | None:
        """Return the reach of a measure on a source: its own row, or that of all sources.

        Parameters
        ----------
        measure, source
            Ids.

        Returns
        -------
        ReachRow or None
            None where the table has neither row.
        """
        for name in (source, ""):
            row = self.reach.find(measure=measure, source=name, parameter="reach")
            if row is not None:
                return row
        return None

    def kept(self, control: str) -> list[float]:
        """Return the share of each pollutant that a control leaves [1], dims (pollutant,).

        ``1 - efficiency * rule effectiveness``; 1 for a pollutant without an efficiency.
        """
        ruled = self.controls.value(
            "", control=control, pollutant="", parameter="rule_effectiveness"
        )
        kept = []
        for pollutant in POLLUTANTS:
            row = self.controls.find(control=control, pollutant=pollutant, parameter="efficiency")
            kept.append(1.0 if row is None else 1.0 - self.controls.in_unit(row, "") * ruled)
        return kept

    def unit_cost(self, measure: str, source: str, unit: str, money: Money) -> UnitCost | None:
        """Return the annual cost of moving one unit, or None where it is unknown.

        ``capital * CRF(discount rate, life) + fixed + variable - savings`` (method, section 5),
        in prices of ``money.price_year``.

        Parameters
        ----------
        measure, source
            Ids; rows of the source itself come before those of all sources.
        unit
            Activity unit of the source.
        money
            Currency, price year, price index and discount rate.

        Returns
        -------
        UnitCost or None
            Parts [currency per activity unit and year], the transfer [currency per activity unit].
            NaN where a row's unit or price year does not fit, which is noted in the problems of the
            cost table.

        References
        ----------
        US EPA, Air Pollution Control Cost Manual, 7th ed., section 1 chapter 2 (capital recovery).
        """
        rows = [r for r in self.costs.rows if r.measure == measure and r.source in ("", source)]
        own = {(r.item, r.transfer) for r in rows if r.source == source}
        rows = [r for r in rows if r.source == source or (r.item, r.transfer) not in own]
        paid = {
            r.item: self._price(r, unit, money)
            for r in rows
            if r.transfer == "no" and r.item != "life"
        }
        transfer = sum(self._price(r, unit, money) for r in rows if r.transfer == "yes")
        if not paid:
            return None
        life = next((r for r in rows if r.item == "life"), None)
        capital = paid.get("capital", 0.0)
        if capital and life is None:
            place = next(r.place for r in rows if r.item == "capital")
            self.costs.problems.add(place, message("capital without a 'life' row."))
            return None
        if capital and life is not None:
            years = self.costs.in_unit(life, "a")
            capital *= float(finance.capital_recovery_factor(money.discount_rate, years))
        return UnitCost(
            capital,
            paid.get("fixed", 0.0),
            paid.get("variable", 0.0),
            paid.get("savings", 0.0),
            transfer,
        )

    def _price(self, row: CostRow, unit: str, money: Money) -> float:
        recurring = "" if row.item == "capital" or row.transfer == "yes" else "/a"
        try:
            value = row.to(f"{money.currency}/({unit}){recurring}")
        except UnitError as error:
            self.costs.problems.add(row.place, message("{text}.", text=error.args[0]))
            return float("nan")
        year = row.currency_year or money.price_year
        if year == money.price_year:
            return value
        missing = [y for y in (year, money.price_year) if y not in money.index]
        if missing:
            self.costs.problems.add(
                row.place, message("the price index has no year {year}.", year=missing[0])
            )
            return float("nan")
        return value * money.index[money.price_year] / money.index[year]


def read_catalogue(inputs: Path, root: Path, problems: Problems) -> Catalogue:
    """Read ``inputs/measures`` and ``inputs/controls.csv`` and check that they fit together.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.

    Returns
    -------
    Catalogue
        Without the faulty rows.
    """
    folder = inputs / "measures"

    told = len(problems.found)
    catalogue = Catalogue(
        tuple(read_table(locate(folder, "catalogue"), MeasureRow, problems, root)),
        tuple(read_table(locate(folder, "applies"), AppliesRow, problems, root)),
        read_quantities(locate(folder, "reach"), ReachRow, problems, root),
        read_quantities(locate(folder, "costs"), CostRow, problems, root),
        read_quantities(locate(inputs, "controls"), ControlRow, problems, root),
    )
    if len(problems.found) == told:  # a row left out would be missed everywhere
        check_catalogue(catalogue, problems)
    return catalogue


def check_catalogue(catalogue: Catalogue, problems: Problems) -> None:
    """Note names that do not exist, measures without arcs and costs that contradict.

    Parameters
    ----------
    catalogue
        All tables, read without a fault.
    problems
        Receives every fault found.
    """
    names = [m.measure for m in catalogue.measures]
    for row in catalogue.measures:
        if names.count(row.measure) > 1:
            problems.add(row.place, message("measure '{name}' twice.", name=row.measure))
        _check_costs(row, catalogue, problems)
    others: list[AppliesRow | ReachRow | CostRow] = [
        *catalogue.applies,
        *catalogue.reach.rows,
        *catalogue.costs.rows,
    ]
    for other in others:
        if other.measure not in names:
            problems.add(
                other.place,
                message("'{name}' is not in the measure catalogue.", name=other.measure),
                fix=closest(other.measure, names),
            )
    _check_arcs(catalogue, problems)
    _check_shares(catalogue, problems)


def _check_shares(catalogue: Catalogue, problems: Problems) -> None:
    """Note shares that cannot be, such as a per cent value whose unit is 1.

    An efficiency may be negative: some controls raise a pollutant.
    """
    rows: list[ReachRow | ControlRow] = [*catalogue.reach.rows, *catalogue.controls.rows]
    for row in rows:
        if row.parameter == "conversion":
            continue
        try:
            share = row.to("")
        except UnitError as error:
            problems.add(row.place, message("{text}.", text=error.args[0]))
            continue
        if share > 1 or (share < 0 and row.parameter != "efficiency"):
            said = (
                message("{name} {value} is above 1.", name=row.parameter, value=f"{share:g}")
                if row.parameter == "efficiency"
                else message(
                    "{name} {value} is not between 0 and 1.", name=row.parameter, value=f"{share:g}"
                )
            )
            problems.add(row.place, said, fix=message("Write a percentage with the unit %."))


def _check_costs(row: MeasureRow, catalogue: Catalogue, problems: Problems) -> None:
    paid = [c for c in catalogue.costs.rows if c.measure == row.measure and c.transfer == "no"]
    if row.cost == "known" and not paid:
        problems.add(
            row.place,
            message("'{name}' has no cost row.", name=row.measure),
            fix=message("A measure without a cost is never free: write 'unknown'."),
        )
    if row.cost == "unknown" and paid:
        problems.add(
            paid[0].place, message("'{name}' is said to be of unknown cost.", name=row.measure)
        )


def _check_arcs(catalogue: Catalogue, problems: Problems) -> None:
    kinds = {m.measure: m.kind for m in catalogue.measures}
    controls = {c.control for c in catalogue.controls.rows}
    for row in catalogue.applies:
        kind = kinds.get(row.measure)
        needed, known = (
            ("control", controls) if kind in ("control", "compliance") else ("to_technology", None)
        )
        given = getattr(row, needed)
        if kind and not given:
            problems.add(
                row.place,
                message("a measure of kind '{kind}' needs '{column}'.", kind=kind, column=needed),
            )
        elif known is not None and kind and given not in known:
            problems.add(
                row.place,
                message("'{name}' is not a control.", name=given),
                fix=closest(given, known),
            )
        if kind == "activity" and row.to_technology not in ("", AVOIDED) and not row.to_source:
            problems.add(
                row.place,
                message("activity goes to '{avoided}' or needs 'to_source'.", avoided=AVOIDED),
            )
    for measure in catalogue.measures:
        _check_reached(measure, catalogue, problems)


def _check_reached(measure: MeasureRow, catalogue: Catalogue, problems: Problems) -> None:
    sources = {r.source for r in catalogue.applies if r.measure == measure.measure}
    if not sources:
        problems.add(
            measure.place,
            message("'{name}' applies to nothing.", name=measure.measure),
            fix=message("Add rows to applies.csv."),
        )
    paid = {
        c.source
        for c in catalogue.costs.rows
        if c.measure == measure.measure and c.transfer == "no" and c.item != "life"
    }
    for source in sorted(sources):
        if measure.cost == "known" and paid and not paid & {"", source}:
            problems.add(
                measure.place,
                message(
                    "'{name}' has no cost on source '{source}'.",
                    name=measure.measure,
                    source=source,
                ),
            )
        if catalogue.reach_of(measure.measure, source) is None:
            problems.add(
                measure.place,
                message(
                    "'{name}' has no reach on source '{source}'.",
                    name=measure.measure,
                    source=source,
                ),
            )


def find_measure(
    name: str, known: Iterable[MeasureRow], place: Place, problems: Problems
) -> MeasureRow | None:
    """Return a measure by name; note a problem with the closest match if there is none.

    Parameters
    ----------
    name
        Id as written.
    known
        Rows of the catalogue.
    place
        Where the name is written.
    problems
        Receives the fault.

    Returns
    -------
    MeasureRow or None
        None if there is none of that name.
    """
    rows = {row.measure: row for row in known}
    if name not in rows:
        problems.add(
            place,
            message("'{name}' is not in the measure catalogue.", name=name),
            fix=closest(name, rows),
        )
    return rows.get(name)
