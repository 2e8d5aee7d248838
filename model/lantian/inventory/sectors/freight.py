"""Freight by mode, and the machines of stations, ports and airports.

Freight is counted where it arises: the tonnes, or containers, of works, mines, ports and the city.
Its technologies are the ways to carry it, so that what leaves the road is carried by another mode
and no tonne is lost. A tonne on the road emits what its truck does on the kilometres inside the
region, exhaust and the dust of the road; on rail and water what locomotive and ship do.

The trucks of this freight are counted here. Where ``fleet.csv`` holds them as well, rows such as
``in-heavy-truck`` of ``hauls.csv`` take their kilometres out there, and so out of the traffic and
its road dust.
"""

from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike

from lantian.core.ordered import ordered_total
from lantian.errors import Problems
from lantian.inventory.contract import (
    Array,
    Elsewhere,
    Sector,
    SectorInputs,
    declare_activity,
)
from lantian.inventory.dust_equations import (
    PARTICLES,
    PAVED_ROAD,
    RAIN,
    EquationRow,
    Term,
    dust_equation,
)
from lantian.inventory.dust_equations import TABLE as EQUATIONS
from lantian.inventory.equations import Equation, EquationModel, Follows, Kinds, equation_model
from lantian.inventory.hauls import HAULS, IN_FLEET, ROAD, HaulRow, mode_of
from lantian.inventory.tabulated import FactorRow, tabulated_equation
from lantian.parameters import Band, Names, Numbers, QuantityRow, column, declared, or_none, units
from lantian.parameters.space import stack
from lantian.vocabulary import Pollutant

TRUCKS, MODES, SERVICES = "freight_trucks", "freight_modes", "freight_services"
PER_KILOMETRE = "g/(vehicle*km)"

EMITTED: tuple[Pollutant, ...] = (
    "NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2",
)  # fmt: skip
GASES: tuple[Pollutant, ...] = tuple(p for p in EMITTED if p not in PARTICLES)


def truck_kilometres(distance: ArrayLike, load: ArrayLike, loaded_share: ArrayLike) -> Array:
    """Return what trucks drive to carry a unit of freight, empty runs with it.

    Parameters
    ----------
    distance
        Way of the freight inside the region [km].
    load
        Freight on a loaded truck [unit/vehicle].
    loaded_share
        Share of the kilometres that are driven loaded [1].

    Returns
    -------
    numpy.ndarray
        [vehicle km/unit].
    """
    carried = np.asarray(load, dtype=float) * np.asarray(loaded_share, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):  # a load of nothing is told later
        kilometres: Array = np.asarray(distance, dtype=float) / carried
    return kilometres


class CarriedRow(QuantityRow):
    """A line of ``freight_modes.csv`` or ``freight_trucks.csv``.

    Emission of a way to carry freight: of a tonne kilometre, or of a truck's kilometre.
    """

    plausible = declared(
        {
            "": or_none(
                Band("g/(t*km)", 0.00001, 500.0),
                Band("g/(vehicle*km)", 0.0001, 3000.0),
            ),
        }
    )
    technology: Annotated[str, Names("technology")]
    pollutant: Pollutant


def _hauled(inputs: SectorInputs, kinds: Kinds, parameter: str, unit: Any) -> Numbers:
    """Take a parameter of the ways of each kind's freight, dims (kind, 1)."""
    mode = column([mode_of(t) for t in kinds.technology[:, 0]])
    table = inputs.region[HAULS]
    return table.numbers(unit, source=kinds.source, mode=mode, parameter=parameter)


def _per_unit(inputs: SectorInputs, kinds: Kinds, unit: str) -> Any:
    """Return a unit of something per unit of each kind's freight, or the other way round."""
    units_of = [inputs.sector.source(source).unit for source in kinds.source[:, 0]]
    return column([unit.format(own) for own in units_of])


def _exhaust(exhaust: Array, distance: Array, load: Array, loaded_share: Array) -> Array:
    """Return the exhaust of the trucks of a unit of freight [t/unit]."""
    driven = truck_kilometres(distance, load, loaded_share)
    return np.asarray(driven * exhaust * units.factor("g", "t"))


def _exhaust_and_dust(
    exhaust: Array,
    distance: Array,
    load: Array,
    loaded_share: Array,
    raised: Array,
) -> Array:
    """Return the particles that the trucks of a unit of freight emit and raise [t/unit]."""
    return _exhaust(exhaust + raised, distance, load, loaded_share)


def _raising(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    """Declare exhaust and road dust of the particles of trucks."""
    equation = dust_equation(inputs.factors[EQUATIONS], PAVED_ROAD)
    if equation is None:
        return []
    grams = units.factor(equation.unit, PER_KILOMETRE)

    def term(name: Term, unit: str) -> Numbers:
        if name == RAIN:
            return inputs.parameters.numbers(unit, parameter=RAIN)
        return _hauled(inputs, kinds, "weight" if name == "fleet-weight" else name, unit)

    def kernel(**given: Array) -> Array:
        own = {name: given[name] for name in ("exhaust", "distance", "load", "loaded_share")}
        return _exhaust_and_dust(**own, raised=equation(given) * grams)

    exhaust = inputs.factors[TRUCKS].numbers(
        PER_KILOMETRE, technology=kinds.technology, pollutant=PARTICLES
    )
    terms = {"exhaust": exhaust, **_driven(inputs, kinds), **equation.terms(term)}
    return [Equation(PARTICLES, kernel, terms)]


def _driven(inputs: SectorInputs, kinds: Kinds) -> dict[str, Numbers]:
    return {
        "distance": _hauled(inputs, kinds, "distance", "km"),
        "load": _hauled(inputs, kinds, "load", _per_unit(inputs, kinds, "({})/vehicle")),
        "loaded_share": _hauled(inputs, kinds, "loaded-share", ""),
    }


def _trucks(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    gases = inputs.factors[TRUCKS].numbers(
        PER_KILOMETRE, technology=kinds.technology, pollutant=GASES
    )
    terms = {"exhaust": gases, **_driven(inputs, kinds)}
    return [Equation(GASES, _exhaust, terms), *_raising(inputs, kinds)]


def _carried(emission: Array, distance: Array, mass: Array | float = 1.0) -> Array:
    """Return what locomotive or ship emit for a unit of freight [t/unit], ``mass`` [t/unit]."""
    return np.asarray(emission * distance * mass * units.factor("g", "t"))


def _other_modes(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    table = inputs.factors[MODES]
    terms = {
        "emission": table.numbers("g/(t*km)", technology=kinds.technology, pollutant=EMITTED),
        "distance": _hauled(inputs, kinds, "distance", "km"),
    }
    return [Equation(EMITTED, _carried, terms)]


def _other_modes_of_containers(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    (weighed,) = _other_modes(inputs, kinds)
    mass = _hauled(inputs, kinds, "mass", _per_unit(inputs, kinds, "t/({})"))
    return [Equation(EMITTED, _carried, {**weighed.terms, "mass": mass})]


def _services(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    return [tabulated_equation(inputs, kinds, SERVICES, EMITTED)]


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare freight by mode, and services whose factors stand in a table of their own.

    References
    ----------
    US EPA AP-42, section 13.2.1 (2011), for the dust; exhaust as in the tables.
    """
    serving = {getattr(row, "source", "") for row in inputs.factors[SERVICES].rows}

    def follows(source: str, technology: str) -> Follows:
        if source in serving:
            return _services
        if mode_of(technology) == ROAD:
            return _trucks
        weighed = inputs.sector.source(source).unit == "t"
        return _other_modes if weighed else _other_modes_of_containers

    return equation_model(inputs, follows)


def elsewhere(inputs: SectorInputs) -> Elsewhere | None:
    """Declare the kilometres of trucks that the fleet of the region holds as well.

    Parameters
    ----------
    inputs
        Tables of the sector.

    Returns
    -------
    Elsewhere or None
        None where no row says so.
    """
    table = inputs.region[HAULS]
    rows = [r for r in table.rows if isinstance(r, HaulRow) and r.parameter in IN_FLEET]
    if not rows:
        return None
    apart = replace(inputs, problems=Problems())  # what is wrong with them is told when declared
    states, activity = declare_activity(apart)
    kinds = zip(states.source, states.technology, strict=True)
    by_truck = [source if mode_of(t) == ROAD else "" for source, t in kinds]
    names = [row.source for row in rows]
    counted = np.array([[s == name for s in by_truck] for name in names])
    base = np.array([inputs.years.index(inputs.base_year)])
    share = stack([table.taken(row, "1") for row in rows])
    units_of = [f"({inputs.sector.source(name).unit})/vehicle" for name in names]
    distance, load, loaded = (
        table.numbers(unit, source=names, mode=ROAD, parameter=parameter)
        for unit, parameter in (("km", "distance"), (units_of, "load"), ("", "loaded-share"))
    )

    def kilometres(theta: Array) -> Array:
        moved = activity(theta, base)[:, 0]
        carried = np.array([ordered_total(moved[own]) for own in counted])
        per_unit = truck_kilometres(distance(theta), load(theta), loaded(theta))
        return np.asarray(carried * per_unit * share(theta))

    return Elsewhere(
        tuple(IN_FLEET[row.parameter] for row in rows),
        tuple(row.place for row in rows),
        kilometres,
    )


SECTOR = Sector(
    id="freight",
    guideline="Technical guideline for the emission inventory of non-road mobile sources (trial), "
    "MEP 2014; US EPA AP-42 13.2.1 (2011) for the dust of trucks",
    sources=(),
    pollutants=EMITTED,
    factor_tables={
        TRUCKS: CarriedRow,
        MODES: CarriedRow,
        SERVICES: FactorRow,
        EQUATIONS: EquationRow,
    },
    region_tables={HAULS: HaulRow},
    elsewhere=elsewhere,
    declare=declare,
)
