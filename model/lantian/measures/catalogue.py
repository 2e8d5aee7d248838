"""The measure catalogue as a whole: its tables read, checked against each other."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lantian.core.system import Array
from lantian.errors import Place, Problems, closest
from lantian.inventory.plausible import COSTS, doubt_odd
from lantian.language import message
from lantian.measures.contract import (
    AVOIDED,
    AppliesRow,
    ControlRow,
    CostCheckRow,
    CostRow,
    EnergyPriceRow,
    MeasureRow,
    ReachRow,
    ReplacementRow,
    VehiclePriceRow,
)
from lantian.measures.costs import CostTables, check_lives, no_rows
from lantian.measures.odd_costs import doubt_lines_of_costs
from lantian.parameters import (
    ZERO,
    Numbers,
    QuantityTable,
    Space,
    column,
    locate,
    read_quantities,
    read_table,
)
from lantian.parameters.space import constant, join
from lantian.parameters.units import UnitError
from lantian.vocabulary import POLLUTANTS


@dataclass(frozen=True)
class Catalogue:
    """All measures with their arcs, reach, costs and controls, and the prices behind the costs.

    ``own_controls`` are those of a bureau's own measures, in the order of their lines.
    """

    measures: tuple[MeasureRow, ...]
    applies: tuple[AppliesRow, ...]
    reach: QuantityTable[ReachRow]
    costs: QuantityTable[CostRow]
    controls: QuantityTable[ControlRow]
    energy: QuantityTable[EnergyPriceRow] = field(default_factory=no_rows)
    vehicles: QuantityTable[VehiclePriceRow] = field(default_factory=no_rows)
    replacements: QuantityTable[ReplacementRow] = field(default_factory=no_rows)
    checks: QuantityTable[CostCheckRow] = field(default_factory=no_rows)
    own_controls: tuple[str, ...] = ()

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

    @property
    def cost_tables(self) -> CostTables:
        """The tables that unit costs are made of."""
        return CostTables(self.costs, self.energy, self.vehicles, self.replacements)

    def in_order(self, controls: Collection[str]) -> list[str]:
        """Return controls in an order in which the names of own measures have no part.

        Parameters
        ----------
        controls
            Names, each once.

        Returns
        -------
        list of str
            Those of ``controls.csv`` by name, then those of own measures as their lines follow.
        """
        ours = sorted(name for name in controls if name not in self.own_controls)
        return ours + [name for name in self.own_controls if name in controls]

    def declare_controls(self, names: Sequence[str]) -> "ControlNumbers":
        """Gather what some controls remove.

        Parameters
        ----------
        names
            Controls of ``controls.csv``.

        Returns
        -------
        ControlNumbers
            In the order of the names; one that removes nothing comes last.
        """
        efficiency = self.controls.numbers(
            "",
            missing=ZERO,
            control=column([*names, ""]),
            pollutant=POLLUTANTS,
            parameter="efficiency",
        )
        ruled = self.controls.numbers(
            "", control=list(names), pollutant="", parameter="rule_effectiveness"
        )
        return ControlNumbers(efficiency, join([ruled, constant(ZERO, 1)]))


@dataclass(frozen=True)
class ControlNumbers:
    """What controls remove: efficiency, and how well rules are kept.

    Attributes
    ----------
    efficiency
        Removal while the control works [1], dims (control, pollutant); 0 without a row.
    effectiveness
        Share of time and sites where it does [1], dims (control,).
    """

    efficiency: Numbers
    effectiveness: Numbers

    def kept(self, theta: Array) -> Array:
        """Return the share of each pollutant that a control leaves.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Array
            ``1 - efficiency * rule effectiveness`` [1], dims (control, pollutant, sample).
        """
        return 1.0 - self.efficiency(theta) * self.effectiveness(theta)[:, None]


def read_catalogue(inputs: Path, root: Path, problems: Problems, space: Space) -> Catalogue:
    """Read ``inputs/measures`` and ``inputs/controls.csv`` and check that they fit together.

    Parameters
    ----------
    inputs
        Folder of all inputs.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.
    space
        Receives the numbers that are taken.

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
        read_quantities(locate(folder, "reach"), ReachRow, problems, root, space=space),
        read_quantities(locate(folder, "costs"), CostRow, problems, root, space=space),
        read_quantities(locate(inputs, "controls"), ControlRow, problems, root, space=space),
        read_quantities(
            locate(inputs, "energy_prices"), EnergyPriceRow, problems, root, space=space
        ),
        read_quantities(
            locate(folder, "vehicle_prices"), VehiclePriceRow, problems, root, space=space
        ),
        read_quantities(
            locate(folder, "replacements"), ReplacementRow, problems, root, space=space
        ),
        read_quantities(locate(folder, "cost_checks"), CostCheckRow, problems, root),
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
            problems.add(
                row.place.cell("measure"), message("measure '{name}' twice.", name=row.measure)
            )
        _check_costs(row, catalogue, problems)
    others: list[AppliesRow | ReachRow | CostRow | ReplacementRow | CostCheckRow] = [
        *catalogue.applies,
        *catalogue.reach.rows,
        *catalogue.costs.rows,
        *catalogue.replacements.rows,
        *catalogue.checks.rows,
    ]
    for other in others:
        if other.measure not in names:
            problems.add(
                other.place.cell("measure"),
                message("'{name}' is not in the measure catalogue.", name=other.measure),
                fix=closest(other.measure, names),
            )
    _check_energy(catalogue, problems)
    _check_replacements(catalogue, problems)
    _check_published(catalogue, problems)
    _check_arcs(catalogue, problems)
    _check_shares(catalogue, problems)
    _warn_of_raising(catalogue.controls.rows, problems)
    doubt_odd(((row.item, row) for row in catalogue.costs.rows), COSTS, problems)
    doubt_lines_of_costs(catalogue.costs.rows, problems)
    check_lives(catalogue.costs, problems)


def _warn_of_raising(rows: Sequence[ControlRow], problems: Problems) -> None:
    """Warn of controls that raise a pollutant: perhaps a slip of the sign."""
    for row in rows:
        if row.parameter == "efficiency" and row.value < 0:
            problems.warn(
                row.place.cell("value"),
                message(
                    "control '{control}' raises {pollutant}: its efficiency is {value:g} {unit}.",
                    control=row.control,
                    pollutant=row.pollutant,
                    value=row.value,
                    unit=row.unit,
                ),
            )


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
            problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
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
    paid = _paid(row.measure, catalogue)
    if row.cost != "unpriced" and not paid:
        problems.add(
            row.place.cell("cost"),
            message("'{name}' has no cost row.", name=row.measure),
            fix=message("A measure without a cost is never free: write 'unpriced'."),
        )
    if row.cost == "unpriced" and paid:
        problems.add(
            paid[0].place.cell("measure"),
            message("'{name}' is said to be unpriced.", name=row.measure),
        )
    if row.cost == "unpriced" and row.sign_open == "yes":
        problems.add(
            row.place.cell("sign_open"),
            message("'{name}' has no price whose sign could be open.", name=row.measure),
        )
    if row.cost == "rule" and row.kind in ("activity", "shift"):
        problems.add(
            row.place.cell("cost"),
            message("the rule '{name}' moves activity of its own.", name=row.measure),
            fix=message("Write 'priced' with what that costs, or 'unpriced'."),
        )


def _paid(measure: str, catalogue: Catalogue) -> list[CostRow | ReplacementRow]:
    """Return what makes up the cost of a measure to society."""
    rows = [
        r
        for r in catalogue.costs.select(measure=measure)
        if r.transfer == "no" and r.item != "life"
    ]
    return [*rows, *catalogue.replacements.select(measure=measure)]


def _check_energy(catalogue: Catalogue, problems: Problems) -> None:
    """Note amounts of energy without a carrier, and a carrier where money stands."""
    for row in catalogue.costs.rows:
        if row.item.startswith("energy-") != bool(row.carrier):
            problems.add(
                row.place.cell("carrier"),
                message("'{item}' and carrier '{name}'.", item=row.item, name=row.carrier),
                fix=message("Name the carrier of energy used or saved, and of nothing else."),
            )


def _check_replacements(catalogue: Catalogue, problems: Problems) -> None:
    """Note purchases that no arc leads to, and capital that is counted twice."""
    leads: dict[tuple[str, str], dict[str, None]] = {}
    for arc in catalogue.applies:
        leads.setdefault((arc.measure, arc.source), {})[arc.to_technology] = None
    for row in catalogue.replacements.rows:
        reached = leads.get((row.measure, row.source), {})
        if not any(t == row.bought or t.startswith(f"{row.bought}-") for t in reached):
            problems.add(
                row.place.cell("bought"),
                message(
                    "'{measure}' does not lead to '{technology}' on '{source}'.",
                    measure=row.measure,
                    technology=row.bought,
                    source=row.source,
                ),
                fix=closest(row.bought, reached),
            )
        twice = [
            c
            for c in catalogue.costs.select(measure=row.measure, item="capital", transfer="no")
            if c.source in ("", row.source)
        ]
        for capital in twice:
            problems.add(
                capital.place.cell("item"),
                message(
                    "capital of '{measure}' here and in the replacements.", measure=row.measure
                ),
            )


def _check_published(catalogue: Catalogue, problems: Problems) -> None:
    """Note published costs that are not money per tonne."""
    for row in catalogue.checks.rows:
        try:
            row.to("yuan/t")
        except UnitError as error:
            problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))


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
                row.place.cell("kind"),
                message("a measure of kind '{kind}' needs '{column}'.", kind=kind, column=needed),
            )
        elif known is not None and kind and given not in known:
            problems.add(
                row.place.cell("control"),
                message("'{name}' is not a control.", name=given),
                fix=closest(given, known),
            )
        if kind == "activity" and row.to_technology not in ("", AVOIDED) and not row.to_source:
            problems.add(
                row.place.cell("to_technology"),
                message("activity goes to '{avoided}' or needs 'to_source'.", avoided=AVOIDED),
            )
    sources: dict[str, set[str]] = {}
    for row in catalogue.applies:
        sources.setdefault(row.measure, set()).add(row.source)
    for measure in catalogue.measures:
        _check_reached(measure, sources.get(measure.measure, set()), catalogue, problems)


def _check_reached(
    measure: MeasureRow, sources: set[str], catalogue: Catalogue, problems: Problems
) -> None:
    """Note a measure without sources, and those of its sources without cost or reach."""
    if not sources:
        problems.add(
            measure.place.cell("measure"),
            message("'{name}' applies to nothing.", name=measure.measure),
            fix=message("Add rows to applies.csv."),
        )
    paid = {c.source for c in _paid(measure.measure, catalogue)}
    for source in sorted(sources):
        if measure.cost != "unpriced" and paid and not paid & {"", source}:
            problems.add(
                measure.place.cell("measure"),
                message(
                    "'{name}' has no cost on source '{source}'.",
                    name=measure.measure,
                    source=source,
                ),
            )
        if catalogue.reach_of(measure.measure, source) is None:
            problems.add(
                measure.place.cell("measure"),
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
