"""Exhaust of non-road mobile machinery: building and farm machines."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lantian.inventory.contract import Array, Index, Sector, SectorInputs
from lantian.inventory.equations import Equation, EquationModel, Kinds, equation_model
from lantian.parameters import (
    MISSING,
    Band,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    column,
    declared,
    or_none,
    units,
)
from lantian.vocabulary import Pollutant

TABULATED: tuple[Pollutant, ...] = ("NOx", "VOC", "PM2.5", "PM10", "TSP", "CO")
FROM_FUEL: tuple[Pollutant, ...] = ("SO2", "CO2")

POWER_CLASSES = ("below-75", "75-130", "from-130")
"""Engine classes of GB 20891-2014, by rated power [kW]."""
CLASS_ENDS = (75.0, 130.0)
"""Power [kW] from which the second and the third class begin (GB 20891-2014)."""
SO2_PER_SULPHUR = 2.0
"""Mass of SO2 from burning a mass of sulphur [1]: molar masses 64 to 32."""


def power_class(power: ArrayLike) -> Index:
    """Return the engine class of a rated power.

    Parameters
    ----------
    power
        Rated power [kW].

    Returns
    -------
    Index
        Positions in :data:`POWER_CLASSES`, in the shape of ``power``.

    References
    ----------
    GB 20891-2014, limits for diesel engines of non-road mobile machinery.
    """
    return np.asarray(np.searchsorted(CLASS_ENDS, power, side="right"))


def machine_emission(
    power: float | Array, load: float | Array, hours: float | Array, factor: float | Array
) -> float | Array:
    """Return what a machine emits in a year.

    Parameters
    ----------
    power
        Rated power W [kW].
    load
        Mean share of rated power in use LF [1].
    hours
        Running time of a year HR [h].
    factor
        Emission per work of the engine EF [g/kWh].

    Returns
    -------
    float or Array
        Emission of a year [g].

    References
    ----------
    Technical guideline for the emission inventory of non-road mobile sources (trial), MEP 2014:
    ``E = P W LF HR EF``, here for one machine (P = 1).
    """
    return power * load * hours * factor


def sulphur_dioxide(fuel_use: float | Array, sulphur: float | Array) -> float | Array:
    """Return the SO2 of an engine: all sulphur of the fuel is burnt to SO2.

    Parameters
    ----------
    fuel_use
        Diesel used for the work [g/kWh].
    sulphur
        Mass share of sulphur in the diesel [1].

    Returns
    -------
    float or Array
        SO2 [g/kWh].

    References
    ----------
    Technical guideline for the emission inventory of non-road mobile sources (trial), MEP 2014.
    """
    return SO2_PER_SULPHUR * fuel_use * sulphur


class UseRow(QuantityRow):
    """A line of ``non_road_use.csv``: power, load or hours of a kind of machine."""

    told_by = "parameter"
    plausible = declared(
        {
            "power": (Band("kW", 0.5, 5000.0),),
            "load-factor": (Band("", 0.02, 1.0),),
            "hours": (Band("hour", 3.0, 8784.0),),
        }
    )
    source: Annotated[str, Names("source")]
    parameter: Literal["power", "load-factor", "hours"]


class StageRow(QuantityRow):
    """A line of ``non_road_stage.csv``: emission per engine work by power class and stage."""

    plausible = declared(
        {
            "": or_none(Band("g/kWh", 0.0003, 200.0)),
        }
    )
    power_class: str
    technology: Annotated[str, Names("technology")]
    pollutant: Pollutant


class FuelRow(QuantityRow):
    """A line of ``non_road_fuel.csv``: fuel use of a stage, carbon dioxide of the fuel."""

    told_by = "parameter"
    plausible = declared(
        {
            "fuel-use": or_none(Band("g/kWh", 20.0, 2000.0)),
            "carbon-dioxide": or_none(Band("g/g", 0.3, 5.0)),
        }
    )
    technology: Annotated[str, Names("technology")]
    parameter: Literal["fuel-use", "carbon-dioxide"]


def _of_class(by_class: Array, power: Array, load: Array, hours: Array) -> Array:
    """Return the emission of a machine [t] from factors by class, dims (kind, pollutant, class)."""
    factor = np.take_along_axis(by_class, power_class(power)[:, :, None], axis=2)[:, :, 0]
    return np.asarray(machine_emission(power, load, hours, factor)) * units.factor("g", "t")


def _sulphur(power: Array, load: Array, hours: Array, fuel_use: Array, sulphur: Array) -> Array:
    """Return the SO2 of a machine [t]."""
    per_work = sulphur_dioxide(fuel_use, sulphur)
    return np.asarray(machine_emission(power, load, hours, per_work)) * units.factor("g", "t")


def _carbon(power: Array, load: Array, hours: Array, fuel_use: Array, carbon: Array) -> Array:
    """Return the CO2 of a machine [t] from that of its fuel, ``carbon`` [g/g]."""
    per_work = fuel_use * carbon
    return np.asarray(machine_emission(power, load, hours, per_work)) * units.factor("g", "t")


def _machines(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    use, fuel = inputs.factors["non_road_use"], inputs.factors["non_road_fuel"]
    work = {
        "power": use.numbers("kW", source=kinds.source, parameter="power"),
        "load": use.numbers("", source=kinds.source, parameter="load-factor"),
        "hours": use.numbers("hour", source=kinds.source, parameter="hours"),
    }
    burnt = fuel.numbers("g/kWh", technology=kinds.technology, parameter="fuel-use")
    sulphur = inputs.parameters.numbers("", parameter="diesel-sulphur")
    carbon = fuel.numbers("g/g", technology=kinds.technology, parameter="carbon-dioxide")
    by_class = _by_class(inputs.factors["non_road_stage"], kinds, work["power"])
    return [
        Equation(TABULATED, _of_class, {**work, "by_class": by_class}),
        Equation(("SO2",), _sulphur, {**work, "fuel_use": burnt, "sulphur": sulphur}),
        Equation(("CO2",), _carbon, {**work, "fuel_use": burnt, "carbon": carbon}),
    ]


def _by_class(table: QuantityTable[QuantityRow], kinds: Kinds, power: Numbers) -> Numbers:
    """Take the factors of all power classes [g/kWh], dims (kind, pollutant, class).

    Only classes that the range of a machine's power reaches need rows.
    """
    for k, engine in np.argwhere(_reached(power(table.space.support())[:, 0])):
        table.numbers(
            "g/kWh",
            power_class=POWER_CLASSES[engine],
            technology=kinds.technology[k],
            pollutant=TABULATED,
        )
    return table.numbers(
        "g/kWh",
        missing=MISSING,
        power_class=POWER_CLASSES,
        technology=kinds.technology[:, :, None],
        pollutant=column(TABULATED),
    )


def _reached(power: Array) -> NDArray[np.bool_]:
    """Return which classes lie between the ends of power, dims (kind, end) -> (kind, class).

    None where a row of the power is missing: that row is what the user is told of.
    """
    engine, classes = power_class(power), np.arange(len(POWER_CLASSES))
    from_lowest = engine.min(axis=1, keepdims=True) <= classes
    to_highest = classes <= engine.max(axis=1, keepdims=True)
    known = np.isfinite(power).all(axis=1, keepdims=True)
    return np.asarray(from_lowest & to_highest & known)


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare activity and factors of non-road machines."""
    return equation_model(inputs, lambda *_: _machines)


SECTOR = Sector(
    id="non-road",
    guideline=(
        "Technical guideline for the emission inventory of non-road mobile sources (trial), MEP "
        "2014; stages of GB 20891-2014"
    ),
    sources=(),
    pollutants=(*TABULATED, *FROM_FUEL),
    factor_tables={
        "non_road_use": UseRow,
        "non_road_stage": StageRow,
        "non_road_fuel": FuelRow,
    },
    declare=declare,
)
