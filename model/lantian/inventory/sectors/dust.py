"""Fugitive dust of building sites, roads, bare land, earthworks and sand or gravel yards.

Exhaust, tyre and brake wear belong to the road sector; dust of concrete plants to industry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum, ordered_sum
from lantian.core.rounds import ratio
from lantian.errors import Place, Problems, closest
from lantian.inventory.contract import (
    ActivityNumbers,
    ActivityRow,
    Array,
    Index,
    Sector,
    SectorInputs,
    StateNames,
    Traffic,
    Window,
    declare_activity,
    pollutant_index,
)
from lantian.inventory.dust_equations import (
    PARTICLES,
    EquationRow,
    Operation,
    Term,
    dust_equation,
    misfit,
    tonnes_per_unit,
)
from lantian.inventory.dust_equations import TABLE as EQUATIONS
from lantian.inventory.equations import (
    Equation,
    EquationModel,
    Follows,
    Kinds,
    declare_equations,
)
from lantian.inventory.plausible import TYPED_SHARES
from lantian.language import message
from lantian.parameters import Band, Names, Numbers, QuantityRow, declared, units
from lantian.vocabulary import Pollutant

PAVED = "paved"
"""Technology of all roads: that of kilometres that no vehicles have to themselves."""
OPERATIONS = "dust_operations"
"""Table of what equations act on a source, and how much of each."""
_CLIMATE: Mapping[Term, str] = {
    "wind": "mean-wind-speed",
    "wet-days": "wet-days",
    "windy-time": "windy-time",
}
"""Terms that the region tells, and its parameters."""


def site_dust(whole_site: float | Array, share: float | Array) -> float | Array:
    """Return the dust factor of a building site for a particle size.

    Parameters
    ----------
    whole_site
        TSP of a site without any control [t/(m2 month)].
    share
        Share of the particle size in TSP, r [1].

    Returns
    -------
    float or Array
        Factor of the particle size [t/(m2 month)].

    References
    ----------
    Technical guideline for the emission inventory of fugitive dust (trial), MEP 2014:
    ``W = 2.69e-4 r A T (1 - eta)``.
    """
    return whole_site * share


def bare_land(erosion: float | Array, share: float | Array) -> float | Array:
    """Return the dust that wind takes from open ground for a particle size.

    Parameters
    ----------
    erosion
        TSP of a year [t/m2].
    share
        Share of the particle size in TSP [1].

    Returns
    -------
    float or Array
        Dust of a year [t/m2].

    References
    ----------
    Technical guideline for the emission inventory of fugitive dust (trial), MEP 2014.
    """
    return erosion * share


class SizeRow(QuantityRow):
    """A line of ``dust_size.csv``: the share of a particle size in the dust of a process."""

    plausible = declared(
        {
            "": (Band("", 0.002, 2.0),),
        }
    )
    process: str
    pollutant: Pollutant


class ProcessRow(QuantityRow):
    """A line of ``dust_process.csv``: a parameter of how a source's dust arises."""

    told_by = "parameter"
    plausible = declared(
        {
            "drop-height": (Band("m", 0.1, 200.0),),
            "evaporation": (Band("mm/hour", 0.01, 5.0),),
            "fleet-weight": (Band("t", 0.3, 600.0),),
            "interval": (Band("hour", 0.05, 1000.0),),
            "moisture": (Band("", 0.001, 0.6),),
            "passes": (Band("vehicle/hour", 0.1, 10000.0),),
            "silt": (
                Band("g/m2", 0.01, 500.0),
                Band("", 0.001, 1.0),
            ),
            "speed": (Band("km/h", 1.0, 150.0),),
            "water-laid": (Band("liter/m2", 0.01, 50.0),),
            "whole-site": (Band("t/(m2*month)", 5e-06, 0.01),),
            "wind-erosion": (Band("g/m2", 0.3, 10000.0),),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    parameter: Literal[
        "drop-height", "evaporation", "fleet-weight", "interval", "moisture", "passes", "silt",
        "speed", "water-laid", "whole-site", "wind-erosion",
    ]  # fmt: skip


class OperationRow(QuantityRow):
    """A line of ``dust_operations.csv``: how much of an equation a unit of a source takes.

    ``left_by`` names the equation of the share that is left of it, such as that of watering.
    """

    plausible = declared(
        {
            "": (
                Band("", 0.01, 1000.0),
                Band("hour/t", 0.0001, 1.0),
                Band("hour/m3", 0.0001, 1.0),
                Band("m2/t", 0.0005, 5.0),
                Band("t/m3", 0.1, 10.0),
                Band("vehicle*km/t", 0.0001, 100.0),
                Band("vehicle*km/m3", 0.0001, 100.0),
            ),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    operation: str
    left_by: str = ""


def _size(inputs: SectorInputs, process: str, unit: str) -> Numbers:
    """Take what a process gives of each particle size, dims (pollutant,)."""
    return inputs.factors["dust_size"].numbers(unit, process=process, pollutant=PARTICLES)


def _process(inputs: SectorInputs, kinds: Kinds, parameter: str, unit: str) -> Numbers:
    """Take a parameter of how the dust of each kind arises, dims (kind, 1)."""
    return kinds.numbers(inputs.factors["dust_process"], unit, parameter=parameter)


def _sites(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    terms = {
        "whole_site": _process(inputs, kinds, "whole-site", "t/(m2*month)"),
        "share": _size(inputs, "building-site", ""),
    }
    return [Equation(PARTICLES, site_dust, terms)]


def _bare(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    terms = {
        "erosion": _process(inputs, kinds, "wind-erosion", "t/m2"),
        "share": _size(inputs, "bare-land", ""),
    }
    return [Equation(PARTICLES, bare_land, terms)]


KILOMETRES = "vehicle*km"
"""What the activity of a road counts."""
_FOLLOWS: Mapping[str, Follows] = {"m2*month": _sites, "m2": _bare}
"""The equation of ground follows from what its activity counts; all else has operations."""


def _by_operations(inputs: SectorInputs, kinds: Kinds, technology: str) -> list[Equation]:
    """Declare kinds that take the operations of a technology: the sum of what each raises."""
    kinds = replace(kinds, technology=technology)
    source = kinds.source[0, 0]
    unit = inputs.sector.source(source).unit
    operations: list[tuple[Operation, str]] = []
    terms: dict[str, Numbers] = {}
    for row in _operations_of(inputs, source, technology):
        operation = _operation(inputs, row, unit)
        if operation is None:
            continue
        amount = f"amount of {row.operation}"
        operations.append((operation, amount))
        for equation in (operation.equation, operation.left_by):
            if equation is not None:
                terms |= equation.terms(lambda term, own: _term(inputs, kinds, term, own))
        terms[amount] = inputs.factors[OPERATIONS].numbers(
            row.unit,
            source=kinds.source,
            technology=kinds.technology,
            operation=row.operation,
            left_by=row.left_by,
        )
    if not operations:
        return []

    def raised(**given: Array) -> Array:
        return sum(
            (operation(given, given[amount]) for operation, amount in operations[1:]),
            start=operations[0][0](given, given[operations[0][1]]),
        )

    return [Equation(PARTICLES, raised, terms)]


def _operations_of(inputs: SectorInputs, source: str, technology: str) -> list[OperationRow]:
    rows = [row for row in inputs.factors[OPERATIONS].rows if isinstance(row, OperationRow)]
    return [row for row in rows if (row.source, row.technology) == (source, technology)]


def _equations(inputs: SectorInputs) -> list[str]:
    rows = [row for row in inputs.factors[EQUATIONS].rows if isinstance(row, EquationRow)]
    return list(dict.fromkeys(row.equation for row in rows))


def _check_operations(inputs: SectorInputs) -> None:
    """Note every equation that a row names and the table has not, also of sources not here."""
    known = _equations(inputs)
    for row in inputs.factors[OPERATIONS].rows:
        for name in (getattr(row, column) for column in ("operation", "left_by")):
            if name and name not in known:
                inputs.problems.add(
                    row.place.cell("operation"),
                    message("'{name}' is no equation of '{table}'.", name=name, table=EQUATIONS),
                    fix=closest(name, known),
                )


def _no_operation(inputs: SectorInputs, source: str, technology: str) -> None:
    inputs.problems.add(
        Place(inputs.factors[OPERATIONS].file),
        message(
            "no operation of '{source}', '{technology}'.", source=source, technology=technology
        ),
        fix=message("Add a row that names an equation of '{table}'.", table=EQUATIONS),
    )


def _operation(inputs: SectorInputs, row: OperationRow, unit: str) -> Operation | None:
    """Return an operation of sources with a unit; None, and a problem noted, if it cannot be."""
    table = inputs.factors[EQUATIONS]
    if any(
        name not in _equations(inputs) for name in (row.operation, row.left_by or row.operation)
    ):
        return None  # told of all rows at once
    equation = dust_equation(table, row.operation)
    left_by = dust_equation(table, row.left_by) if row.left_by else None
    if equation is None or (row.left_by and left_by is None):
        return None
    tonnes = tonnes_per_unit(row, equation.unit, unit)
    if tonnes is None:
        misfit(inputs.factors[OPERATIONS], row, equation.unit, unit)
        return None
    return Operation(equation, left_by, tonnes)


def _term(inputs: SectorInputs, kinds: Kinds, term: Term, unit: str) -> Numbers:
    """Take what an equation asks for: of the region, or of how the dust of each kind arises."""
    if term in _CLIMATE:
        return inputs.parameters.numbers(unit, parameter=_CLIMATE[term])
    return _process(inputs, kinds, term, unit)


@dataclass(frozen=True)
class Followed:
    """Which vehicles' kilometres each state of a road has.

    Attributes
    ----------
    traffic
        Kilometres by road.
    state
        Positions of the states of roads, dims (road state,).
    road
        Position of the road of each of them among those of the traffic, dims (road state,).
    vehicles
        Position of the vehicles whose dust a state holds, -1 for all that no state of the road
        has to itself, dims (road state,).
    apart
        Vehicles that some state has to itself, dims (vehicles,).
    shared
        States of the same road and vehicles have the same label, dims (road state,).
    begun
        Whether a state begins with what another scenario left, dims (road state,): its kilometres
        grow with those of the vehicles. What lorries that
        left the road weighed beyond the mean is in them, and in no mean of those that are left.
    base
        Position of the base year.
    """

    traffic: Traffic
    state: Index
    road: Index
    vehicles: Index
    apart: Index
    shared: Index
    begun: NDArray[np.bool_]
    base: int

    def __call__(self, theta: Array, years: Index, share: Array, base_share: Array) -> Array:
        """Return the kilometres of each state of a road [vehicle km/a].

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        years
            Positions of the years.
        share
            Relative shares of what is cleaned alike, dims (road state, year, sample); up to the
            base year the kilometres of a state that begins with what was left.
        base_share
            The same in the base year, dims (road state, 1, sample).

        Returns
        -------
        Array
            Dims (road state, year, sample).
        """
        driven = self._by_vehicles(theta, years)[self.vehicles, self.road]
        whole = self._whole(share)
        if self.begun.any():
            at_base = self._by_vehicles(theta, np.array([self.base]))[self.vehicles, self.road]
            growth = ratio(driven, np.broadcast_to(at_base, driven.shape), 0.0)
            carried = self._whole(base_share) * growth
            carried = np.where((years > self.base)[:, None], carried, whole)
            driven = np.where(self.begun[:, None, None], carried, driven)
        return np.asarray(driven * ratio(share, whole, 0.0))

    def _whole(self, share: Array) -> Array:
        """Return the sum of what is cleaned alike, for each of its states."""
        return Sum(self.shared, int(self.shared.max()) + 1)(share)[self.shared]

    def _by_vehicles(self, theta: Array, years: Index) -> Array:
        """Return kilometres by whose dust they are, dims (vehicles and rest, road, year, sample).

        Dust grows with the weight of the mean vehicle of a road, so what a lorry raises is its
        kilometres times its weight over the mean: its part of the road's dust.
        """
        driven = self.traffic.kilometres(theta, years)
        heavy = driven * self.traffic.weight(theta)[:, None, None]
        total, weighed = ordered_sum(driven), ordered_sum(heavy)
        mean = ratio(weighed, total, 1.0)
        equal = heavy / mean
        rest = total - ordered_sum(equal[self.apart]) if len(self.apart) else total
        return np.concatenate([equal, np.maximum(rest, 0.0)[None]])


@dataclass(frozen=True, kw_only=True)
class DustModel(EquationModel):
    """Dust sources, of which roads follow the traffic where the region tells it.

    Attributes
    ----------
    followed
        None where roads have kilometres of their own.
    """

    followed: Followed | None = None

    def activities(self, theta: Array, window: Window) -> Array:
        """Return the baseline activity [source unit], dims (state, year, sample).

        Parameters
        ----------
        theta, window
            As :meth:`SectorModel.block`.

        Returns
        -------
        Array
            Of roads the kilometres of the vehicles there.
        """
        found = super().activities(theta, window)
        if self.followed is not None:
            own = self.followed.state
            base = Window(np.array([self.followed.base]), window.since)
            base_share = super().activities(theta, base)[own]
            found[own] = self.followed(theta, window.years, found[own], base_share)
        return found


def declare(inputs: SectorInputs) -> DustModel:
    """Declare activity and factors of the dust sources."""
    states, activity, followed = _activity(inputs)
    _check_operations(inputs)

    found: dict[tuple[object, ...], Follows] = {}

    def follows(source: str, technology: str) -> Follows:
        unit = inputs.sector.source(source).unit
        if unit in _FOLLOWS:
            return _FOLLOWS[unit]
        taken = _operations_of(inputs, source, technology)
        if not taken and unit == KILOMETRES:  # whose kilometres they are does not matter
            taken, technology = _operations_of(inputs, source, PAVED), PAVED
        if not taken:
            _no_operation(inputs, source, technology)
        key = (unit, technology, *((row.operation, row.left_by, row.unit) for row in taken))
        return found.setdefault(key, partial(_by_operations, technology=technology))

    return DustModel(
        states=states,
        pollutants=pollutant_index(inputs.sector.pollutants),
        activity=activity,
        equations=declare_equations(inputs, states.kinds, follows),
        followed=followed,
    )


def _activity(inputs: SectorInputs) -> tuple[StateNames, ActivityNumbers, Followed | None]:
    """Return states and activity; of roads that follow the traffic, shares of the kilometres."""
    traffic = inputs.traffic
    if traffic is None:
        return *declare_activity(_by_kilometres(inputs)), None
    states, shares = declare_activity(_by_share(inputs, traffic))
    states, activity = _vehicles_apart(states, shares, inputs, traffic)
    own = [i for i, source in enumerate(states.source) if source in traffic.roads]
    if not own:
        return states, activity, None
    kinds = [(states.source[i], states.technology[i]) for i in own]
    labels = list(dict.fromkeys(kinds))
    of = [traffic.vehicles.index(t) if t in traffic.vehicles else -1 for _, t in kinds]
    followed = Followed(
        traffic,
        np.array(own, dtype=np.int64),
        np.array([traffic.roads.index(road) for road, _ in kinds], dtype=np.int64),
        np.array(of, dtype=np.int64),
        np.unique([v for v in of if v >= 0]).astype(np.int64),
        np.array([labels.index(kind) for kind in kinds], dtype=np.int64),
        np.isin([states.source[i] for i in own], [*_begun(inputs)]),
        inputs.years.index(inputs.base_year),
    )
    return states, activity, followed


def _by_kilometres(inputs: SectorInputs) -> SectorInputs:
    """Return inputs without rows that are shares of kilometres nobody tells, which are noted."""
    table, kept = inputs.activity, []
    roads = {s.id for s in inputs.sector.sources if s.unit == KILOMETRES}
    for row in table.rows:
        if row.source in roads and units.is_like(row.unit, ""):
            inputs.problems.add(
                row.place.cell("unit"),
                message("'{road}' has a share of kilometres that no table tells.", road=row.source),
                fix=message("Add the tables 'fleet' and 'traffic', or give kilometres a year."),
            )
        else:
            kept.append(row)
    rows = table.of(kept)
    return replace(inputs, activity=rows)


def _by_share(inputs: SectorInputs, traffic: Traffic) -> SectorInputs:
    """Return inputs whose rows of roads are shares of the kilometres there."""
    sources = tuple(
        replace(s, unit="") if s.id in traffic.roads else s for s in inputs.sector.sources
    )
    table, kept = inputs.activity, []
    for row in table.rows:
        if row.source in traffic.roads and not units.is_like(row.unit, ""):
            inputs.problems.add(
                row.place.cell("unit"),
                message("kilometres of '{road}' follow from table 'traffic'.", road=row.source),
                fix=message("Give the share of them that is cleaned this way, in %."),
            )
        else:
            kept.append(row)
    check_shares([row for row in kept if row.source in traffic.roads], inputs.problems)
    for road in set(traffic.roads) - {row.source for row in table.rows}:
        inputs.problems.add(
            Place(table.file),
            message("no row of '{road}', which table 'traffic' has.", road=road),
            fix=message("Give the share of its kilometres that is cleaned each way, in %."),
        )
    return replace(
        inputs,
        sector=replace(inputs.sector, sources=sources),
        activity=table.of(kept),
    )


def check_shares(rows: Sequence[ActivityRow], problems: Problems) -> None:
    """Warn of shares of the kilometres of a road and year that are more than all of them.

    Parameters
    ----------
    rows
        Shares [1] by source, technology, control and year.
    problems
        Receives the doubts.
    """
    by_year: dict[tuple[str, int], list[ActivityRow]] = {}
    for row in rows:
        by_year.setdefault((row.source, row.year), []).append(row)
    for same in by_year.values():
        total = sum(row.to("") for row in same)
        if total > 1.0 + TYPED_SHARES:
            problems.warn(
                same[0].place.cell("value"),
                message(
                    "the shares of '{road}' in {year} add up to {total:.3g} %.",
                    road=same[0].source,
                    year=same[0].year,
                    total=100.0 * total,
                ),
                fix=message("They are scaled to 1: check that none is missing or slipped."),
            )


def _begun(inputs: SectorInputs) -> frozenset[str]:
    """Return the sources that begin with what another scenario left."""
    return frozenset() if inputs.start is None else frozenset(inputs.start.total)


def _vehicles_apart(
    states: StateNames, shares: ActivityNumbers, inputs: SectorInputs, traffic: Traffic
) -> tuple[StateNames, ActivityNumbers]:
    """Return states of roads once more for each kind of vehicles that can leave them.

    All vehicles of a road drive on what is cleaned alike, so the shares are those of its rows.
    """
    left = _begun(inputs)
    names: list[tuple[str, str, tuple[str, ...], int]] = []
    for source in inputs.sector.sources:
        own = [i for i, name in enumerate(states.source) if name == source.id]
        names += [(source.id, states.technology[i], states.controls[i], i) for i in own]
        if source.id in traffic.roads and source.id not in left:
            apart = [t for t in source.technologies if t in traffic.vehicles]
            names += [(source.id, t, states.controls[i], i) for t in apart for i in own]
    at = np.array([i for *_, i in names], dtype=np.int64)
    return (
        StateNames(
            tuple(source for source, *_ in names),
            tuple(technology for _, technology, *_ in names),
            tuple(controls for *_, controls, _ in names),
        ),
        ActivityNumbers(shares.row[at], shares.level[at], shares.start[at]),
    )


SECTOR = Sector(
    id="dust",
    guideline=(
        "Technical guideline for the emission inventory of fugitive dust (trial), MEP 2014; "
        "US EPA AP-42 11.9, 13.2.1, 13.2.2 and 13.2.4; Mojave Desert AQMD mineral handling guidance"
    ),
    sources=(),
    pollutants=PARTICLES,
    factor_tables={
        "dust_size": SizeRow,
        "dust_process": ProcessRow,
        EQUATIONS: EquationRow,
        OPERATIONS: OperationRow,
    },
    declare=declare,
    units=("m2*month", KILOMETRES, "m2", "t", "m3"),
)
