"""On-road vehicles: stock x mileage in the area x factor, with cohort turnover of every fleet.

``E = P * VKT * EF`` with ``EF = base x speed x temperature x humidity x altitude x sulphur x load
x deterioration`` [1]_. Wear of tyres and brakes and evaporation of petrol come on top. Battery
vehicles have no exhaust; the power plants that charge them are another sector's.

References
----------
.. [1] MEP 2014. Technical guide for on-road vehicle emission inventories (trial), announcement
   no. 92, annex 3.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from lantian.core.fleet import (
    Index,
    age_structure,
    conditional_survival,
    recent_vehicles,
    standard_shares,
    survival,
    turn_over,
)
from lantian.errors import Place
from lantian.inventory.contract import (
    ActivityRow,
    Array,
    Sector,
    SectorBlock,
    SectorInputs,
    Source,
    Use,
    factor_array,
)
from lantian.language import message
from lantian.parameters import QuantityRow, QuantityTable
from lantian.vocabulary import POLLUTANTS, Pollutant

REFERENCE_SPEED = 30.0
"""Speed of the base factors [km/h], guide section on base factors."""
REFERENCE_HUMIDITY = 0.5
"""Relative humidity of the base factors [1], same place."""
HEAT_THRESHOLD = 24.0
"""Temperature [degC] above which the guide prints humidity corrections of their own."""
DAYS_PER_YEAR = 365.0
"""Days of parking in a year [d/a], as the guide counts."""
SO2_PER_SULPHUR = 2.0
"""Mass of SO2 per mass of sulphur [g/g], ratio of the molar masses 64/32."""
TONNE_PER_GRAM = 1e-6
"""[t/g]."""
LOST_VEHICLES = 1e-6
"""Vehicles without a standard [vehicle] above which the table of dates is at fault."""

CORRECTED_FUELS = ("gasoline", "diesel")
"""Fuels for which the guide prints corrections; others keep their base factor."""
DETERIORATION_GROUPS = {"mini-car": "car", "small-car": "car", "taxi": "taxi"}
"""Vehicle class -> group of the deterioration table; all other petrol vehicles are ``other``."""
EXHAUST: Mapping[str, tuple[Pollutant, ...]] = {
    "CO": ("CO",),
    "HC": ("VOC",),
    "NOx": ("NOx",),
    "PM2.5": ("PM2.5",),
    "PM10": ("PM10", "TSP"),
}
"""Pollutant of the guide -> pollutants it stands for; exhaust particles are all below 10 um."""
WEAR: tuple[Pollutant, ...] = ("PM2.5", "PM10", "TSP")


class BaseFactorRow(QuantityRow):
    """A base factor [g/km] of ``vehicle_base_factors.csv``."""

    vehicle_class: str
    fuel: str
    standard: str
    pollutant: Literal["CO", "HC", "NOx", "PM2.5", "PM10"]


class CorrectionRow(QuantityRow):
    """A correction [1] of ``vehicle_corrections.csv``; blank keys hold for all.

    ``above <= x < below`` bounds the condition; between ``point`` rows it is interpolated;
    ``year`` belongs to deterioration. The guide prints climate corrections only where they differ
    from 1, so no row of that kind means no correction.
    """

    correction: str
    vehicle_class: str = ""
    fuel: str
    standard: str = ""
    pollutant: str
    point: float | None = None
    above: float = -math.inf
    below: float = math.inf
    year: int | None = None


class RatioRow(QuantityRow):
    """A ratio [1] of China VI to China V of ``vehicle_china6_ratios.csv``."""

    group: str
    pollutant: str


class ParameterRow(QuantityRow):
    """A further factor of ``vehicle_parameters.csv``: wear, ammonia, fuel, evaporation."""

    parameter: str
    group: str = ""
    fuel: str = ""
    pollutant: str = ""


class FleetRow(QuantityRow):
    """A number of one source's fleet of ``fleet.csv``."""

    source: str
    parameter: Literal["stock", "mileage", "district-share", "mean-life", "shape", "oldest"]
    fuel: str = ""
    year: int | None = None


class SalesRow(QuantityRow):
    """Relative ``sales`` or fuel ``share`` [1] of a year; straight lines in between."""

    source: str
    parameter: Literal["sales", "share"]
    fuel: str = ""
    year: int


class DateRow(QuantityRow):
    """When a standard begins for new vehicles [a]: 2019.5 is July 2019."""

    rule: str
    standard: str


class ClimateRow(QuantityRow):
    """Temperature [degC] or relative humidity [1] of a month."""

    month: int
    parameter: Literal["temperature", "humidity"]


@dataclass(frozen=True)
class Vehicle:
    """What a factor of the guide belongs to."""

    vehicle_class: str
    fuel: str
    standard: str


@dataclass(frozen=True)
class Conditions:
    """What the corrections depend on.

    Attributes
    ----------
    temperature, humidity
        Of each period of the year [degC], [1]; their corrections are averaged.
    altitude, speed, load
        [m], [km/h], mean load of diesel trucks [1].
    gasoline_sulphur, diesel_sulphur
        [ppm].
    year
        Inventory year of the deterioration; None for vehicles as new.
    """

    temperature: tuple[float, ...]
    humidity: tuple[float, ...]
    altitude: float
    speed: float
    load: float
    gasoline_sulphur: float
    diesel_sulphur: float
    year: int | None = None


@dataclass(frozen=True)
class Power:
    """One fuel of a source: where its factors and dates are found.

    ``wear`` is the group of wear, ammonia and fuel use; ``ratio`` the group of China VI ratios;
    ``rule`` the dates of standards. A battery vehicle has neither class nor standards.
    """

    fuel: str
    wear: str
    vehicle_class: str = ""
    ratio: str = ""
    rule: str = ""
    standards: tuple[str, ...] = ()

    @property
    def technologies(self) -> tuple[str, ...]:
        """Ids of the technologies of this fuel."""
        return tuple(f"{self.fuel}-{s}" for s in self.standards) or (self.fuel,)


PRE_I = "0"
"""Name of what was sold before China I, as the guide's tables have it."""
STANDARDS = (PRE_I, "I", "II", "III", "IV", "V", "VI")
"""Standards, oldest first. A region has those its dates and its oldest vehicles lead to."""


def _gasoline(vehicle_class: str, wear: str) -> Power:
    return Power("gasoline", wear, vehicle_class, "light-gasoline", "light-gasoline", STANDARDS)


def _diesel(vehicle_class: str, wear: str, rule: str = "diesel") -> Power:
    ratio = "diesel-bus" if wear == "bus" else "diesel-truck"
    return Power("diesel", wear, vehicle_class, ratio, rule, STANDARDS)


def _gas(wear: str) -> Power:
    # The guide prints gas factors for buses only; heavy sanitation trucks use the same engines.
    return Power("gas", wear, "transit-bus", "heavy-gas", "heavy-gas", STANDARDS)


_LIGHT_TRUCK = (
    _gasoline("light-truck", "light"),
    _diesel("light-truck", "light"),
    Power("battery", "light"),
)
_HEAVY_TRUCK = (_diesel("heavy-truck", "heavy"), Power("battery", "heavy"))
_BUS = (_diesel("transit-bus", "bus", "heavy-diesel-public"), _gas("bus"), Power("battery", "bus"))

# Cars take the factors of mini cars: the guide has one class for mini and small cars, and the
# "small" rows of the transcription repeat those of medium buses.
FLEETS: Mapping[str, tuple[Power, ...]] = {
    "car": (_gasoline("mini-car", "car"), Power("battery", "car")),
    "taxi": (_gasoline("taxi", "car"), Power("battery", "car")),
    "medium-bus": (
        _gasoline("medium-bus", "light"),
        _diesel("medium-bus", "light"),
        Power("battery", "light"),
    ),
    "coach": (_diesel("large-coach", "bus"), Power("battery", "bus")),
    "bus-subcentre": _BUS,
    "bus-other": _BUS,
    "light-truck": _LIGHT_TRUCK,
    "light-truck-permit": _LIGHT_TRUCK,
    "light-truck-public": _LIGHT_TRUCK,
    "medium-truck": (_diesel("medium-truck", "heavy"), Power("battery", "heavy")),
    "heavy-truck": _HEAVY_TRUCK,
    "heavy-truck-public": _HEAVY_TRUCK,
    "heavy-truck-transit": (_diesel("heavy-truck", "heavy", "national-diesel"),),
    "postal-van": (_gasoline("light-truck", "light"), Power("battery", "light")),
    "express-van": _LIGHT_TRUCK,
    "sanitation-light": (
        _gasoline("light-truck", "light"),
        _diesel("light-truck", "light", "heavy-diesel-public"),
        Power("battery", "light"),
    ),
    "sanitation-heavy": (
        _diesel("heavy-truck", "heavy", "heavy-diesel-public"),
        _gas("heavy"),
        Power("battery", "heavy"),
    ),
    "motorcycle": (
        Power(
            "gasoline",
            "motorcycle",
            "motorcycle",
            "light-gasoline",
            "motorcycle",
            STANDARDS[:4],
        ),
    ),
    "muck-truck": _HEAVY_TRUCK,
    "official-car": (_gasoline("mini-car", "car"), Power("battery", "car")),
}
"""Fuels of each source, in the order of technologies."""

_LIGHT_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (1e-5, 0.5),
    "VOC": (1e-4, 0.5),
    "PM2.5": (1e-6, 0.06),
    "PM10": (1e-6, 0.06),
    "TSP": (1e-6, 0.06),
    "SO2": (1e-6, 1e-3),
    "NH3": (5e-7, 0.02),
    "CO": (1e-3, 5.0),
    "CO2": (0.05, 100.0),
}
_HEAVY_BANDS: Mapping[Pollutant, tuple[float, float]] = {
    "NOx": (1e-3, 3.0),
    "VOC": (1e-5, 0.5),
    "PM2.5": (1e-5, 0.2),
    "PM10": (1e-5, 0.2),
    "TSP": (1e-5, 0.2),
    "SO2": (1e-5, 0.02),
    "NH3": (1e-5, 0.03),
    "CO": (1e-3, 2.0),
    "CO2": (1.0, 500.0),
}


def base_factor(table: QuantityTable[Any], vehicle: Vehicle, pollutant: str) -> QuantityRow | None:
    """Return the row of the guide's base factor [g/km], None and a problem if there is none.

    The guide ends with China V, which therefore stands in for China VI.

    Parameters
    ----------
    table
        The guide's base factors.
    vehicle
        Class, fuel and standard.
    pollutant
        Name in the guide.

    Returns
    -------
    QuantityRow or None
        Its number is in [g/km].
    """
    return table.row(
        vehicle_class=vehicle.vehicle_class,
        fuel=vehicle.fuel,
        standard=printed_standard(vehicle),
        pollutant=pollutant,
    )


def printed_standard(vehicle: Vehicle) -> str:
    """Return the standard whose rows hold for a vehicle: China V for China VI."""
    return "V" if vehicle.standard == "VI" else vehicle.standard


CorrectionKey = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Corrections:
    """The correction table, grouped by its text keys for quick look-up."""

    table: QuantityTable[Any]
    rows: Mapping[CorrectionKey, Sequence[CorrectionRow]]

    def of(
        self, kind: str, vehicle_class: str, fuel: str, standard: str, pollutant: str
    ) -> Sequence[CorrectionRow]:
        """Return the rows of these keys, possibly none.

        Parameters
        ----------
        kind
            Name of the correction, for instance ``speed``.
        vehicle_class, fuel, standard, pollutant
            Keys of the rows; blank where a correction does not depend on one.

        Returns
        -------
        sequence of CorrectionRow
            In the order of the table.
        """
        return self.rows.get((kind, vehicle_class, fuel, standard, pollutant), ())

    def required(
        self, kind: str, vehicle_class: str, fuel: str, standard: str, pollutant: str
    ) -> Sequence[CorrectionRow]:
        """Return the rows of these keys; none is a problem.

        Parameters
        ----------
        kind
            Name of the correction, for instance ``speed``.
        vehicle_class, fuel, standard, pollutant
            As :meth:`of`.

        Returns
        -------
        sequence of CorrectionRow
            In the order of the table.
        """
        rows = self.of(kind, vehicle_class, fuel, standard, pollutant)
        if not rows:
            self.table.problems.add(
                Place(self.table.file),
                message(
                    "no correction '{kind}' for {fuel} {standard} {pollutant}.",
                    kind=kind,
                    fuel=fuel,
                    standard=standard,
                    pollutant=pollutant,
                ),
            )
        return rows


def group_corrections(table: QuantityTable[Any]) -> Corrections:
    """Group the rows of the correction table by their text keys."""
    rows: dict[CorrectionKey, list[CorrectionRow]] = defaultdict(list)
    for r in table.rows:
        rows[r.correction, r.vehicle_class, r.fuel, r.standard, r.pollutant].append(r)
    return Corrections(table, rows)


def correction(
    table: Corrections, vehicle: Vehicle, pollutant: str, conditions: Conditions
) -> float:
    """Return the product of all corrections of an exhaust factor [1].

    China VI is the corrected China V factor times a ratio, so it takes the rows of China V.
    Fuels other than petrol and diesel have no corrections in the guide.

    Parameters
    ----------
    table
        The guide's corrections; its problems receives what is missing.
    vehicle
        Class, fuel and standard.
    pollutant
        Name in the guide.
    conditions
        Speed, load, sulphur, weather, altitude and year.

    Returns
    -------
    float
        Product [1].

    References
    ----------
    .. [1] MEP 2014 on-road guide, section on corrections of base factors.
    """
    if vehicle.fuel not in CORRECTED_FUELS:
        return 1.0
    keys = ("", vehicle.fuel, printed_standard(vehicle), pollutant)
    sulphur = (
        conditions.gasoline_sulphur if vehicle.fuel == "gasoline" else conditions.diesel_sulphur
    )
    factor = _at(table.required("sulphur", *keys), sulphur)
    if conditions.speed != REFERENCE_SPEED:
        factor *= _within(table.required("speed", *keys), conditions.speed)
    if vehicle.fuel == "diesel" and vehicle.vehicle_class.endswith("truck"):
        load = table.required("load", "", "diesel", "", pollutant)
        factor *= _at(load, conditions.load)
    worn = deterioration(table, vehicle, pollutant, conditions.year)
    return (
        factor
        * climate_correction(table, vehicle, pollutant, conditions)
        * (1.0 if worn is None else worn.value)
    )


def deterioration(
    table: Corrections, vehicle: Vehicle, pollutant: str, year: int | None
) -> CorrectionRow | None:
    """Return the deterioration row of a petrol vehicle in a year, None where there is none.

    The guide prints them for CO, HC and NOx and up to its last inventory year, which also holds
    for all years after it.

    Parameters
    ----------
    table
        The guide's corrections; its problems receives what is missing.
    vehicle
        Class, fuel and standard.
    pollutant
        Name in the guide.
    year
        Year of the inventory; None for no deterioration.

    Returns
    -------
    CorrectionRow or None
        Row of the latest printed year up to ``year``; of the first printed year if all are later.
        None also where the table has no row, which is noted.

    References
    ----------
    .. [1] MEP 2014 on-road guide, section on corrections of base factors.
    """
    if vehicle.fuel != "gasoline" or pollutant not in ("CO", "HC", "NOx") or year is None:
        return None
    group = DETERIORATION_GROUPS.get(vehicle.vehicle_class, "other")
    rows = table.required("deterioration", group, "gasoline", printed_standard(vehicle), pollutant)
    printed = sorted(rows, key=lambda r: r.year or 0)
    passed = [r for r in printed if (r.year or 0) <= year]
    return next(iter(passed[-1:] or printed[:1]), None)


def climate_correction(
    table: Corrections, vehicle: Vehicle, pollutant: str, conditions: Conditions
) -> float:
    """Return altitude x mean over the year of temperature x humidity correction [1].

    Parameters
    ----------
    table
        The guide's corrections.
    vehicle
        Class and fuel.
    pollutant
        Name in the guide.
    conditions
        Temperature and humidity of each period of the year, altitude.

    Returns
    -------
    float
        Product [1].

    References
    ----------
    .. [1] MEP 2014 on-road guide, section on corrections of base factors.
    """
    keys = (vehicle.vehicle_class, vehicle.fuel, "", pollutant)
    cold_and_hot = table.of("temperature", *keys)
    year = [
        _within(cold_and_hot, t)
        * (
            1.0
            if h == REFERENCE_HUMIDITY
            else _within(table.of("heat-humidity" if t > HEAT_THRESHOLD else "humidity", *keys), h)
        )
        for t, h in zip(conditions.temperature, conditions.humidity, strict=True)
    ]
    return _within(table.of("altitude", *keys), conditions.altitude) * float(np.mean(year))


def _within(rows: Sequence[CorrectionRow], x: float) -> float:
    """Value of the row whose band holds x; 1 outside all bands."""
    return next((r.value for r in rows if r.above <= x < r.below), 1.0)


def _at(rows: Sequence[CorrectionRow], x: float) -> float:
    """Value at x on straight lines between the points of the rows."""
    points = sorted((r.point, r.value) for r in rows if r.point is not None)
    if not points:
        return math.nan
    return float(np.interp(x, [p for p, _ in points], [value for _, value in points]))


def fuel_emission(fuel: float, factor: float) -> float:
    """Return emission by fuel used: amount of fuel x emission per amount of fuel.

    Parameters
    ----------
    fuel
        Fuel used [any unit].
    factor
        Emission per fuel.

    Returns
    -------
    float
        Emission, in the product of both units.

    References
    ----------
    .. [1] Australia National Pollutant Inventory 2008. Emission estimation technique manual for
       combustion engines, version 3.0, equation of section 3.
    """
    return fuel * factor


def sulphur_dioxide(fuel_use: float, sulphur: float) -> float:
    """Return the SO2 factor [g/km] of fuel use [g/km] and sulphur [g/g] by mass balance.

    Parameters
    ----------
    fuel_use
        Fuel used [g/km].
    sulphur
        Mass share of sulphur in the fuel [g/g].

    Returns
    -------
    float
        SO2 [g/km]: all sulphur becomes SO2.
    """
    return fuel_emission(fuel_use, SO2_PER_SULPHUR * sulphur)


def evaporation(running: float, parked: float, mileage: float, speed: float) -> float:
    """Return the evaporation of one petrol vehicle [g/a].

    Parameters
    ----------
    running
        While driving [g/h].
    parked
        While parked [g/d].
    mileage, speed
        [km/a] and [km/h].

    Returns
    -------
    float
        Evaporation [g/a].

    References
    ----------
    .. [1] MEP 2014 on-road guide: ``EF1 * VKT / V + EF2 * 365``.
    """
    return running * mileage / speed + parked * DAYS_PER_YEAR


@dataclass(frozen=True)
class _Group:
    """All vehicles of one source and fuel."""

    owner: int
    source: str
    power: Power


GROUPS = tuple(
    _Group(i, source, power)
    for i, (source, powers) in enumerate(FLEETS.items())
    for power in powers
)


def build(inputs: SectorInputs) -> SectorBlock:
    """Turn the tables of a region into vehicles and factors per state."""
    vintages = _vintages(inputs)
    fleet = _fleets(inputs, vintages)
    by_state, states = _split_by_standard(inputs, fleet, vintages)
    years = np.array(inputs.years, dtype=float)
    factors, uses = _factors(inputs, states)
    return SectorBlock(
        source=tuple(g.source for g, _ in states),
        technology=tuple(f"{g.power.fuel}-{s}" if s else g.power.fuel for g, s in states),
        control=("",) * len(states),
        activity=by_state.sum(axis=1),
        emission_factor=factors,
        recent=recent_vehicles(by_state, vintages, years),
        uses=(*uses, *_fleet_uses(inputs, states)),
    )


def _vintages(inputs: SectorInputs) -> Array:
    fleet = inputs.region["fleet"]
    oldest = [fleet.in_unit(r, "a") for r in fleet.select(parameter="oldest")]
    return np.arange(min(oldest, default=inputs.base_year), inputs.years[-1] + 1.0)


def _number(
    inputs: SectorInputs,
    source: str,
    parameter: str,
    unit: str,
    fuel: str = "",
    year: int | None = None,
) -> float:
    return inputs.region["fleet"].value(
        unit, source=source, parameter=parameter, fuel=fuel, year=year
    )


def _stocks(inputs: SectorInputs) -> Array:
    """Vehicles of each source and model year; drivers carry them on after the base year."""
    stock = np.empty((len(FLEETS), len(inputs.years)))
    for i, source in enumerate(FLEETS):
        index = inputs.drivers[SECTOR.source(source).driver]
        for y, year in enumerate(inputs.years):
            known = min(year, inputs.base_year)
            growth = index[y] / index[inputs.years.index(known)]
            stock[i, y] = growth * _number(inputs, source, "stock", "vehicle", year=known)
    return stock


def _series(inputs: SectorInputs, source: str, parameter: str, fuel: str, at: Array) -> Array:
    """Straight lines between the years of a sales table, constant beyond its ends."""
    table = inputs.region["fleet_sales"]
    rows = [
        r
        for r in table.select(source=source, parameter=parameter, fuel=fuel)
        if isinstance(r, SalesRow)
    ]
    rows.sort(key=lambda r: r.year)
    if not rows:
        inputs.problems.add(
            Place(table.file),
            message(
                "no row for {source} {parameter} {fuel}.",
                source=source,
                parameter=parameter,
                fuel=fuel,
            ),
        )
        return np.full_like(at, np.nan)
    values = [table.in_unit(r, "1") for r in rows]
    return np.asarray(np.interp(at, [r.year for r in rows], values))


def _fleets(inputs: SectorInputs, vintages: Array) -> Array:
    """Vehicles by group, vintage and model year."""
    owner = np.array([g.owner for g in GROUPS], dtype=np.intp)
    life, shape = (
        np.array([_number(inputs, s, p, u) for s in FLEETS])[owner, None]
        for p, u in (("mean-life", "a"), ("shape", "1"))
    )
    oldest = np.array([_number(inputs, g.source, "oldest", "a", g.power.fuel) for g in GROUPS])
    sales = np.array([_series(inputs, s, "sales", "", vintages) for s in FLEETS])[owner]
    split = _normalised(
        np.array([_series(inputs, g.source, "share", g.power.fuel, vintages) for g in GROUPS]),
        owner,
    )
    stock = _stocks(inputs)
    known = [y for y in inputs.years if y <= inputs.base_year]
    result = np.zeros((len(GROUPS), len(vintages), len(inputs.years)))
    for y, year in enumerate(known):
        weight = sales * split * survival(year - vintages[None, :], life, shape)
        weight = weight * ((vintages[None, :] >= oldest[:, None]) & (vintages <= year))
        for i in range(len(FLEETS)):
            result[owner == i, :, y] = age_structure(stock[i, y], weight[owner == i])
    later = np.array(inputs.years[len(known) :], dtype=float)
    if len(later):
        keep = conditional_survival(
            later[None, None, :] - vintages[None, :, None], life[..., None], shape[..., None]
        )
        result[:, :, len(known) :] = turn_over(
            result[:, :, len(known) - 1],
            keep,
            stock[:, len(known) :],
            split[:, -len(later) :],
            owner,
        )
    return result


def _normalised(split: Array, owner: Index) -> Array:
    """Shares of fuels that add up to 1 in every source and vintage."""
    total = np.zeros((len(FLEETS), split.shape[1]))
    np.add.at(total, owner, split)
    return np.asarray(split / total[owner])


def _split_by_standard(
    inputs: SectorInputs, fleet: Array, vintages: Array
) -> tuple[Array, list[tuple[_Group, str]]]:
    """Vehicles by state, vintage and model year, and the group and standard of each state.

    The states of a group begin with the standard of its oldest vehicles: what no vehicle of a
    region can have is no state there.
    """
    parts, states = [], []
    for g, group in enumerate(GROUPS):
        if not group.power.standards:
            parts.append(fleet[g][None])
            states.append((group, ""))
            continue
        share = standard_shares(_starts(inputs, group.power), vintages)
        _note_lost(inputs, group, fleet[g].sum(axis=1) * (1.0 - share.sum(axis=0)))
        oldest = _number(inputs, group.source, "oldest", "a", group.power.fuel)
        first = int(np.argmax(share[:, vintages >= oldest].any(axis=1)))
        parts.append(share[first:, :, None] * fleet[g])
        states += [(group, s) for s in group.power.standards[first:]]
    return np.concatenate(parts), states


def _starts(inputs: SectorInputs, power: Power) -> Array:
    """When each standard begins [a], dims (standard,).

    A region gives the dates from any standard on. Those before it were never in force: they begin
    when it does. Only what was sold before China I needs no date.
    """
    dates = inputs.region["standard_dates"]
    dated = {r.standard for r in dates.select(rule=power.rule) if isinstance(r, DateRow)}
    names = power.standards[1:]
    first = next((i for i, s in enumerate(names) if s in dated), len(names) - 1)
    starts = [dates.value("a", rule=power.rule, standard=s) for s in names[first:]]
    before = starts[:1] * first
    return np.array([starts[0] if first else -math.inf, *before, *starts])


def _note_lost(inputs: SectorInputs, group: _Group, lost: Array) -> None:
    """Note vehicles [vehicle] sold before the first date, which have no standard."""
    if lost.max() > LOST_VEHICLES:
        inputs.problems.add(
            Place(inputs.region["standard_dates"].file),
            message(
                "'{source}': {fuel} vehicles are older than the first date of '{rule}'.",
                source=group.source,
                fuel=group.power.fuel,
                rule=group.power.rule,
            ),
            fix=message(
                "Add the date of the standard before it, or raise 'oldest' of '{source}' "
                "{fuel} in fleet.csv.",
                source=group.source,
                fuel=group.power.fuel,
            ),
        )


class _Terms:
    """Grams per vehicle and year by term, and which rows each number came from."""

    def __init__(self, inputs: SectorInputs, states: int) -> None:
        self.inputs = inputs
        self.grams = {
            term: factor_array(states, len(inputs.years))
            for term in ("exhaust", "wear", "evaporation")
        }
        self.rows: list[tuple[str, QuantityRow, int, Pollutant]] = []

    def add(
        self,
        term: str,
        s: int,
        pollutant: Pollutant,
        grams: Array | float,
        rows: Sequence[QuantityRow | None],
    ) -> None:
        self.grams[term][s, POLLUTANTS.index(pollutant)] += grams
        self.rows += [(term, r, s, pollutant) for r in rows if r is not None]

    def row(self, table: str, **keys: str) -> QuantityRow | None:
        return self.inputs.factors[table].row(**keys)

    def parameter(
        self, parameter: str, unit: str, group: str = "", fuel: str = "", pollutant: str = ""
    ) -> tuple[float, QuantityRow | None]:
        row = self.row(
            "vehicle_parameters", parameter=parameter, group=group, fuel=fuel, pollutant=pollutant
        )
        table = self.inputs.factors["vehicle_parameters"]
        return (math.nan if row is None else table.in_unit(row, unit)), row

    def total(self) -> Array:
        return sum(self.grams.values(), start=np.zeros(()))

    def uses(self) -> list[Use]:
        """Return the rows of the larger term of each factor.

        Only there is the emission about proportional to the row.
        """
        total = self.total().mean(axis=2)
        found: dict[tuple[int, Pollutant], tuple[QuantityRow, list[int]]] = {}
        for term, row, s, pollutant in self.rows:
            p = POLLUTANTS.index(pollutant)
            if self.grams[term][s, p].mean() >= total[s, p] / 2 > 0.0:
                found.setdefault((id(row), pollutant), (row, []))[1].append(s)
        return [
            Use(row, tuple(dict.fromkeys(s)), (pollutant,))
            for (_, pollutant), (row, s) in found.items()
        ]


def _factors(inputs: SectorInputs, states: Sequence[tuple[_Group, str]]) -> tuple[Array, list[Use]]:
    """Factors [t/vehicle] per state, pollutant and year, and the rows behind them."""
    terms = _Terms(inputs, len(states))
    corrections = group_corrections(inputs.factors["vehicle_corrections"])
    conditions = [_conditions(inputs, year) for year in inputs.years]
    for s, (group, standard) in enumerate(states):
        power = group.power
        mileage = _number(inputs, group.source, "mileage", "km/a") * _number(
            inputs, group.source, "district-share", "1"
        )
        for pollutant in WEAR:
            for kind in ("tyre-wear", "brake-wear"):
                value, row = terms.parameter(kind, "g/km", power.wear, "", pollutant)
                terms.add("wear", s, pollutant, value * mileage, [row])
        if power.vehicle_class:
            vehicle = Vehicle(power.vehicle_class, power.fuel, standard)
            _add_exhaust(terms, corrections, s, power, vehicle, mileage, conditions)
            _add_fuel_and_ammonia(terms, s, power, standard, mileage)
        if power.fuel == "gasoline":
            _add_evaporation(terms, corrections, s, vehicle, mileage, conditions[0])
    return terms.total() * TONNE_PER_GRAM, terms.uses()


def _conditions(inputs: SectorInputs, year: int) -> Conditions:
    climate, region = inputs.region["climate"], inputs.parameters
    months = sorted({r.month for r in climate.rows if isinstance(r, ClimateRow)})
    temperature, humidity = (
        tuple(climate.value(unit, month=m, parameter=p) for m in months)
        for p, unit in (("temperature", "degC"), ("humidity", "1"))
    )
    return Conditions(
        temperature,
        humidity,
        altitude=region.value("m", parameter="altitude"),
        speed=region.value("km/h", parameter="mean-speed"),
        load=region.value("1", parameter="load-factor"),
        gasoline_sulphur=region.value("ppm", parameter="gasoline-sulphur"),
        diesel_sulphur=region.value("ppm", parameter="diesel-sulphur"),
        year=year,
    )


def _china6(
    terms: _Terms, power: Power, standard: str, pollutant: str
) -> tuple[float, QuantityRow | None]:
    """Ratio of this standard to the one whose factor is printed: 1 up to China V."""
    if standard != "VI":
        return 1.0, None
    row = terms.row("vehicle_china6_ratios", group=power.ratio, pollutant=pollutant)
    return (math.nan if row is None else row.value), row


def _add_exhaust(
    terms: _Terms,
    corrections: Corrections,
    s: int,
    power: Power,
    vehicle: Vehicle,
    mileage: float,
    conditions: Sequence[Conditions],
) -> None:
    for guide, pollutants in EXHAUST.items():
        base = base_factor(terms.inputs.factors["vehicle_base_factors"], vehicle, guide)
        ratio, ratio_row = _china6(terms, power, vehicle.standard, guide)
        share, share_row = (
            terms.parameter("voc-share", "1", "", power.fuel, "VOC")
            if guide == "HC"
            else (1.0, None)
        )
        worn = deterioration(corrections, vehicle, guide, terms.inputs.base_year)
        # Only deterioration differs between the years of a run.
        fresh = correction(corrections, vehicle, guide, replace(conditions[0], year=None))
        aged = [deterioration(corrections, vehicle, guide, c.year) for c in conditions]
        corrected = fresh * np.array([1.0 if row is None else row.value for row in aged])
        grams = (math.nan if base is None else base.to("g/km")) * ratio * share * corrected
        for pollutant in pollutants:
            terms.add("exhaust", s, pollutant, grams * mileage, [base, ratio_row, share_row, worn])


def _add_fuel_and_ammonia(
    terms: _Terms, s: int, power: Power, standard: str, mileage: float
) -> None:
    used, used_row = terms.parameter("fuel-use", "g/km", power.wear, power.fuel)
    carbon, carbon_row = terms.parameter("carbon-dioxide", "1", "", power.fuel, "CO2")
    sulphur, sulphur_row = _sulphur(terms, power.fuel)
    ammonia, ammonia_row = terms.parameter("ammonia", "g/km", power.wear, power.fuel, "NH3")
    ratio, ratio_row = _china6(terms, power, standard, "NH3")
    terms.add("exhaust", s, "CO2", fuel_emission(used, carbon) * mileage, [used_row, carbon_row])
    terms.add(
        "exhaust", s, "SO2", sulphur_dioxide(used, sulphur) * mileage, [used_row, sulphur_row]
    )
    terms.add("exhaust", s, "NH3", ammonia * ratio * mileage, [ammonia_row, ratio_row])


def _sulphur(terms: _Terms, fuel: str) -> tuple[float, QuantityRow | None]:
    """Sulphur of a fuel [g/g]; that of petrol and diesel is a parameter of the region."""
    if fuel not in CORRECTED_FUELS:
        return terms.parameter("gas-sulphur", "1", "", fuel, "SO2")
    region = terms.inputs.parameters
    row = region.row(parameter=f"{fuel}-sulphur")
    return (math.nan if row is None else region.in_unit(row, "1")), row


def _add_evaporation(
    terms: _Terms,
    corrections: Corrections,
    s: int,
    vehicle: Vehicle,
    mileage: float,
    conditions: Conditions,
) -> None:
    running, running_row = terms.parameter("evaporative-running", "g/h", "", "gasoline", "VOC")
    parked, parked_row = terms.parameter("evaporative-parked", "g/d", "", "gasoline", "VOC")
    china6, china6_row = (
        terms.parameter("evaporative-china6", "1", "", "gasoline", "VOC")
        if vehicle.standard == "VI"
        else (1.0, None)
    )
    grams = evaporation(
        running * climate_correction(corrections, vehicle, "evaporative-running", conditions),
        parked * climate_correction(corrections, vehicle, "evaporative-parked", conditions),
        mileage,
        conditions.speed,
    )
    driving = evaporation(running, 0.0, mileage, conditions.speed)
    larger = running_row if driving >= parked * DAYS_PER_YEAR else parked_row
    terms.add("evaporation", s, "VOC", grams * china6, [larger, china6_row])


def _fleet_uses(inputs: SectorInputs, states: Sequence[tuple[_Group, str]]) -> list[Use]:
    """All emission of a source is proportional to its stock and its mileage in the area."""
    of_source = {
        source: tuple(s for s, (g, _) in enumerate(states) if g.source == source)
        for source in FLEETS
    }
    fleet = inputs.region["fleet"]
    uses = [
        Use(row, of_source[source])
        for source in FLEETS
        for parameter in ("mileage", "district-share")
        for row in fleet.select(source=source, parameter=parameter)
    ]
    stocks = [r for r in fleet.select(parameter="stock") if isinstance(r, FleetRow)]
    return uses + [
        Use(_as_activity(r), of_source[r.source]) for r in stocks if r.source in of_source
    ]


def _as_activity(row: FleetRow) -> ActivityRow:
    """Show a stock as what it is to the rest of the model: the activity of its source."""
    number = {name: getattr(row, name) for name in QuantityRow.model_fields}
    return ActivityRow(source=row.source, technology="", year=row.year or 0, **number).at(row.place)


_DRIVERS = {
    "car": "car-stock",
    "taxi": "public-transport",
    "medium-bus": "public-transport",
    "coach": "public-transport",
    "bus-subcentre": "public-transport",
    "bus-other": "public-transport",
    "heavy-truck-transit": "transit-freight",
    "postal-van": "service-fleet",
    "express-van": "service-fleet",
    "sanitation-light": "service-fleet",
    "sanitation-heavy": "service-fleet",
    "motorcycle": "motorcycle-stock",
    "official-car": "service-fleet",
}


def _source(name: str) -> Source:
    light = FLEETS[name][0].wear in ("car", "light", "motorcycle")
    return Source(
        id=name,
        unit="vehicle",
        technologies=tuple(t for power in FLEETS[name] for t in power.technologies),
        group="mobile",
        driver=_DRIVERS.get(name, "freight-stock"),
        bands=_LIGHT_BANDS if light else _HEAVY_BANDS,
    )


SECTOR = Sector(
    id="on-road",
    guideline="MEP 2014, Technical guide for on-road vehicle emission inventories (trial), "
    "announcement no. 92, annex 3",
    sources=tuple(_source(name) for name in FLEETS),
    pollutants=POLLUTANTS,
    factor_tables={
        "vehicle_base_factors": BaseFactorRow,
        "vehicle_corrections": CorrectionRow,
        "vehicle_china6_ratios": RatioRow,
        "vehicle_parameters": ParameterRow,
    },
    region_tables={
        "fleet": FleetRow,
        "fleet_sales": SalesRow,
        "standard_dates": DateRow,
        "climate": ClimateRow,
    },
    build=build,
)
