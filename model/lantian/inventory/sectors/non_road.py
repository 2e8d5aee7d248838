"""Exhaust of non-road mobile machinery: building and farm machines."""

import numpy as np

from lantian.inventory.contract import (
    ActivityStates,
    Array,
    Sector,
    SectorBlock,
    SectorInputs,
    Source,
    Use,
    activity_states,
    factor_array,
    no_vintages,
)
from lantian.parameters import QuantityRow, QuantityTable, units
from lantian.vocabulary import POLLUTANTS, Pollutant

TABULATED: tuple[Pollutant, ...] = ("NOx", "VOC", "PM2.5", "PM10", "TSP", "CO")
FROM_FUEL: tuple[Pollutant, ...] = ("SO2", "CO2")

POWER_CLASSES = ((75.0, "below-75"), (130.0, "75-130"), (float("inf"), "from-130"))
"""Upper end of power [kW] -> class; the classes of GB 20891-2014."""
SO2_PER_SULPHUR = 2.0
"""Mass of SO2 from burning a mass of sulphur [1]: molar masses 64 to 32."""


def power_class(power: float) -> str:
    """Return the engine class of a rated power [kW].

    References
    ----------
    GB 20891-2014, limits for diesel engines of non-road mobile machinery.
    """
    return next(name for end, name in POWER_CLASSES if power < end)


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

    source: str
    parameter: str


class StageRow(QuantityRow):
    """A line of ``non_road_stage.csv``: emission per engine work by power class and stage."""

    power_class: str
    technology: str
    pollutant: Pollutant


class FuelRow(QuantityRow):
    """A line of ``non_road_fuel.csv``: fuel use of a stage, carbon dioxide of the fuel."""

    technology: str
    parameter: str


Found = tuple[float, tuple[QuantityRow, ...]]
"""A number and the rows that it rests on."""


def _look_up(table: QuantityTable[QuantityRow], unit: str, **keys: str) -> Found:
    row = table.row(**keys)
    return (float("nan"), ()) if row is None else (table.in_unit(row, unit), (row,))


def _per_work(inputs: SectorInputs, engine: str, technology: str, pollutant: Pollutant) -> Found:
    """Emission of a stage [g/kWh]."""
    if pollutant in TABULATED:
        return _look_up(
            inputs.factors["non_road_stage"],
            "g/kWh",
            power_class=engine,
            technology=technology,
            pollutant=pollutant,
        )
    fuel = inputs.factors["non_road_fuel"]
    used, rows = _look_up(fuel, "g/kWh", technology=technology, parameter="fuel-use")
    if pollutant == "SO2":
        sulphur, more = _look_up(inputs.parameters, "", parameter="diesel-sulphur")
        return float(sulphur_dioxide(used, sulphur)), rows + more
    carbon, more = _look_up(fuel, "g/g", technology=technology, parameter="carbon-dioxide")
    return used * carbon, rows + more


def build(inputs: SectorInputs) -> SectorBlock:
    """Return states and factors of non-road machines."""
    states = activity_states(SECTOR, inputs)
    count = len(states.source)
    ef = factor_array(count, len(inputs.years))
    uses = list(states.uses)
    for source in dict.fromkeys(states.source):
        uses += _fill(inputs, states, source, ef)
    return SectorBlock(
        states.source,
        states.technology,
        states.control,
        states.activity,
        ef,
        no_vintages(count, len(inputs.years)),
        tuple(uses),
    )


def _fill(inputs: SectorInputs, states: ActivityStates, source: str, ef: Array) -> list[Use]:
    """Write the factors of one kind of machine into ``ef``."""
    table = inputs.factors["non_road_use"]
    power, power_rows = _look_up(table, "kW", source=source, parameter="power")
    load, load_rows = _look_up(table, "", source=source, parameter="load-factor")
    hours, hour_rows = _look_up(table, "hour", source=source, parameter="hours")
    uses: list[Use] = []
    if not np.isfinite(power):
        return uses
    of_machine = power_rows + load_rows + hour_rows
    members = [s for s, name in enumerate(states.source) if name == source]
    for technology in dict.fromkeys(states.technology[s] for s in members):
        same = tuple(s for s in members if states.technology[s] == technology)
        uses += [Use(row, same, SECTOR.pollutants) for row in of_machine]
        for pollutant in SECTOR.pollutants:
            factor, rows = _per_work(inputs, power_class(power), technology, pollutant)
            grams = machine_emission(power, load, hours, factor)
            ef[np.array(same), POLLUTANTS.index(pollutant), :] = grams * units.factor("g", "t")
            uses += [Use(row, same, (pollutant,)) for row in rows]
    return uses


_STAGES = ("unlabelled", "stage-0", "stage-I", "stage-II", "stage-III", "stage-IV")
_BAND: dict[Pollutant, tuple[float, float]] = {
    "NOx": (1e-3, 5.0),
    "VOC": (1e-4, 1.0),
    "PM2.5": (1e-5, 0.5),
    "PM10": (1e-5, 0.5),
    "TSP": (1e-5, 0.5),
    "SO2": (1e-6, 1e-2),
    "CO": (5e-4, 5.0),
    "CO2": (0.3, 300.0),
}

SECTOR = Sector(
    id="non-road",
    guideline=(
        "Technical guideline for the emission inventory of non-road mobile sources (trial), MEP "
        "2014; stages of GB 20891-2014"
    ),
    sources=(
        *(
            Source(name, "machine", (*_STAGES, "electric"), "mobile", "construction", _BAND)
            for name in ("excavator", "loader", "bulldozer-roller", "forklift", "crane")
        ),
        *(
            Source(name, "machine", _STAGES, "mobile", "farm-machinery", _BAND)
            for name in ("tractor", "harvester")
        ),
    ),
    pollutants=(*TABULATED, *FROM_FUEL),
    factor_tables={
        "non_road_use": UseRow,
        "non_road_stage": StageRow,
        "non_road_fuel": FuelRow,
    },
    build=build,
)
