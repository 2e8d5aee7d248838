"""Factors of vehicles: exhaust, wear, evaporation, fuel and ammonia, per vehicle and year.

``EF = base x corrections x deterioration x ratio of China VI`` [1]_ for exhaust; wear of tyres and
brakes and evaporation of petrol come on top, SO2 and CO2 follow the fuel that is used.

References
----------
.. [1] MEP 2014. Technical guide for on-road vehicle emission inventories (trial), announcement
   no. 92, annex 3.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import Field

from lantian.inventory.contract import Array, Index, SectorInputs
from lantian.inventory.plausible import check_months
from lantian.inventory.sectors.on_road.corrections import (
    CORRECTED_FUELS,
    Climate,
    Conditions,
    Corrections,
    PrintedCorrections,
    climate_key,
    declare_climate,
    declare_corrections,
    declare_deterioration,
    group_corrections,
)
from lantian.inventory.sectors.on_road.fleet import numbers_of_sources
from lantian.inventory.sectors.on_road.traffic import Driving, driving_of
from lantian.inventory.sectors.on_road.vehicles import (
    AFTER_PRINTED,
    ENGINE_FUELS,
    GUIDE_CLASSES,
    GUIDE_FUELS,
    RATIO_GROUPS,
    STANDARDS,
    WEAR_GROUPS,
    Group,
    Vehicle,
)
from lantian.parameters import (
    ONE,
    Band,
    Numbers,
    QuantityRow,
    QuantityTable,
    column,
    declared,
    listed,
)
from lantian.parameters.space import constant, stack
from lantian.vocabulary import POLLUTANTS, Pollutant

DAYS_PER_YEAR = 365.0
"""Days of parking in a year [d/a], as the guide counts."""
SO2_PER_SULPHUR = 2.0
"""Mass of SO2 per mass of sulphur [g/g], ratio of the molar masses 64/32."""
TONNE_PER_GRAM = 1e-6
"""[t/g]."""

EXHAUST: Mapping[Pollutant, str] = {
    "CO": "CO",
    "VOC": "HC",
    "NOx": "NOx",
    "PM2.5": "PM2.5",
    "PM10": "PM10",
    "TSP": "PM10",
}
"""Pollutant -> its name in the guide; exhaust particles are all below 10 um."""
GUIDE = tuple(dict.fromkeys(EXHAUST.values()))
"""Pollutants of the guide."""
WEAR: tuple[Pollutant, ...] = ("PM2.5", "PM10", "TSP")
FUEL: tuple[Pollutant, ...] = ("SO2", "NH3", "CO2")
"""Pollutants whose factors follow the fuel."""
EMITTED: tuple[Pollutant, ...] = tuple(p for p in POLLUTANTS if p in {*EXHAUST, *WEAR, *FUEL})
"""Pollutants of vehicles: the order of the pollutant axis of :class:`Factors`."""
EVAPORATION = ("evaporative-running", "evaporative-parked")
"""Names in the guide of both parts of evaporation."""
EVAPORATES_AS = "HC"
"""Pollutant whose climate corrections hold for evaporation."""

K = TypeVar("K", bound=Hashable)


class BaseFactorRow(QuantityRow):
    """A base factor [g/km] of ``vehicle_base_factors.csv``."""

    plausible = declared(
        {
            "": (Band("g/km", 0.0001, 500.0),),
        }
    )
    vehicle_class: Annotated[str, listed(GUIDE_CLASSES)]
    fuel: Annotated[str, listed(GUIDE_FUELS)]
    standard: Annotated[str, listed(STANDARDS)]
    pollutant: Literal["CO", "HC", "NOx", "PM2.5", "PM10"]


class RatioRow(QuantityRow):
    """A ratio [1] of China VI to China V of ``vehicle_china6_ratios.csv``."""

    plausible = declared(
        {
            "": (Band("", 0.005, 50.0),),
        }
    )
    group: Annotated[str, listed(RATIO_GROUPS)]
    pollutant: Annotated[str, listed((*GUIDE, *FUEL))]


class RoadRatioRow(QuantityRow):
    """A ratio [1] of what roads show to what the guide prints, of ``vehicle_road_ratios.csv``."""

    plausible = declared(
        {
            "": (Band("", 0.05, 20.0),),
        }
    )
    group: Annotated[str, listed(RATIO_GROUPS)]
    standard: Annotated[str, listed(STANDARDS)]
    pollutant: Literal["CO", "HC", "NOx", "PM2.5", "PM10"]


class VehicleParameterRow(QuantityRow):
    """A further factor of ``vehicle_parameters.csv``: wear, ammonia, fuel, evaporation."""

    told_by = "parameter"
    plausible = declared(
        {
            "ammonia": (Band("mg/km", 0.2, 500.0),),
            "brake-wear": (Band("mg/km", 0.1, 500.0),),
            "tyre-wear": (Band("mg/km", 0.1, 500.0),),
            "carbon-dioxide": (Band("kg/kg", 0.3, 5.0),),
            "evaporative-china6": (Band("", 0.02, 1.0),),
            "evaporative-parked": (Band("g/d", 0.05, 100.0),),
            "evaporative-running": (Band("g/h", 0.2, 300.0),),
            "fuel-use": (Band("g/km", 2.0, 3000.0),),
            "gas-sulphur": (Band("ppm", 0.5, 2000.0),),
            "voc-share": (Band("", 0.01, 1.0),),
        }
    )
    parameter: Literal[
        "ammonia", "brake-wear", "tyre-wear", "carbon-dioxide", "evaporative-china6",
        "evaporative-parked", "evaporative-running", "fuel-use", "gas-sulphur", "voc-share",
    ]  # fmt: skip
    group: Annotated[str, listed(("", *WEAR_GROUPS))] = ""
    fuel: Annotated[str, listed(("", *ENGINE_FUELS))] = ""
    pollutant: Literal["", Pollutant] = ""


class ClimateRow(QuantityRow):
    """Temperature [degC] or relative humidity [1] of a month."""

    told_by = "parameter"
    plausible = declared(
        {
            "temperature": (Band("degC", -60.0, 60.0),),
            "humidity": (Band("", 0.02, 1.0),),
        }
    )
    month: Annotated[int, Field(ge=1, le=12)]
    parameter: Literal["temperature", "humidity"]


def fuel_emission(fuel: Array, factor: Array) -> Array:
    """Return emission by fuel used: amount of fuel x emission per amount of fuel.

    Parameters
    ----------
    fuel
        Fuel used [any unit].
    factor
        Emission per fuel.

    Returns
    -------
    Array
        Emission, in the product of both units.

    References
    ----------
    .. [1] Australia National Pollutant Inventory 2008. Emission estimation technique manual for
       combustion engines, version 3.0, equation of section 3.
    """
    return fuel * factor


def sulphur_dioxide(fuel_use: Array, sulphur: Array) -> Array:
    """Return the SO2 factor [g/km] of fuel use [g/km] and sulphur [g/g] by mass balance.

    Parameters
    ----------
    fuel_use
        Fuel used [g/km].
    sulphur
        Mass share of sulphur in the fuel [g/g].

    Returns
    -------
    Array
        SO2 [g/km]: all sulphur becomes SO2.
    """
    return fuel_emission(fuel_use, SO2_PER_SULPHUR * sulphur)


def evaporation(running: Array, parked: Array, mileage: Array, speed: Array) -> Array:
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
    Array
        Evaporation [g/a].

    References
    ----------
    .. [1] MEP 2014 on-road guide: ``EF1 * VKT / V + EF2 * 365``.
    """
    return running * mileage / speed + parked * DAYS_PER_YEAR


@dataclass(frozen=True)
class ConditionNumbers:
    """Numbers behind :class:`Conditions`, of the same names, and where vehicles drive."""

    temperature: Numbers
    humidity: Numbers
    altitude: Numbers
    driving: Driving
    load: Numbers
    gasoline_sulphur: Numbers
    diesel_sulphur: Numbers

    def __call__(self, theta: Array) -> Conditions:
        """Return the conditions for every column of a parameter vector."""
        numbers = {name: own for name, own in vars(self).items() if name != "driving"}
        share, speed = self.driving(theta)
        found = {name: own(theta) for name, own in numbers.items()}
        return Conditions(**found, share=share, speed=speed)


@dataclass(frozen=True)
class Category:
    """Vehicles of the same factor per kilometre.

    Attributes
    ----------
    vehicle
        Class, fuel and standard; a battery vehicle has a fuel only.
    wear
        Group of wear, ammonia and fuel use.
    ratio
        Group of the ratios of China VI.
    pattern
        Of roads and speeds.
    """

    vehicle: Vehicle
    wear: str
    ratio: str
    pattern: int


def category(group: Group, standard: str, driving: Driving) -> Category:
    """Return the category of a group's vehicles of one standard."""
    power = group.power
    vehicle = Vehicle(power.vehicle_class, power.fuel, standard)
    return Category(vehicle, power.wear, power.ratio, int(driving.pattern_of[group.owner]))


@dataclass(frozen=True)
class Exhaust:
    """Numbers behind the exhaust of categories with an engine.

    Attributes
    ----------
    base, ratio, on_road, share
        Base factor [g/km], ratio of China VI to China V [1], of what is measured on roads to the
        guide [1] and share of a pollutant in what the guide has [1], dims (category, guide
        pollutant).
    deterioration
        [1], dims (category, guide pollutant, year).
    corrections
        All others.
    """

    base: Numbers
    ratio: Numbers
    on_road: Numbers
    share: Numbers
    deterioration: Numbers
    corrections: Corrections

    def __call__(self, theta: Array, conditions: Conditions, years: Index) -> Array:
        """Return exhaust [g/km], dims (category, guide pollutant, year, sample)."""
        corrected = self.base(theta) * self.corrections(theta, conditions)
        corrected *= self.ratio(theta)
        corrected *= self.on_road(theta)
        corrected *= self.share(theta)
        return np.asarray(corrected[:, :, None] * self.deterioration[:, :, years](theta))


@dataclass(frozen=True)
class Fuel:
    """Numbers behind SO2, NH3 and CO2 of categories with an engine, dims (category,).

    Attributes
    ----------
    use
        Fuel use [g/km].
    sulphur, carbon_dioxide
        Sulphur in the fuel and CO2 from it [g/g].
    ammonia, ratio
        NH3 [g/km] up to China V, and the ratio of the category to that [1].
    """

    use: Numbers
    sulphur: Numbers
    carbon_dioxide: Numbers
    ammonia: Numbers
    ratio: Numbers

    def __call__(self, theta: Array) -> dict[Pollutant, Array]:
        """Return the factors [g/km] of each pollutant, dims (category, sample)."""
        use = self.use(theta)
        return {
            "SO2": sulphur_dioxide(use, self.sulphur(theta)),
            "NH3": self.ammonia(theta) * self.ratio(theta),
            "CO2": fuel_emission(use, self.carbon_dioxide(theta)),
        }


@dataclass(frozen=True)
class Evaporation:
    """Numbers behind the evaporation of petrol states.

    Attributes
    ----------
    running, parked
        While driving [g/h] and while parked [g/d], dims ().
    ratio
        Ratio of China VI to older vehicles [1], dims (petrol state,).
    climate
        Of each group of petrol vehicles.
    state
        Position of each petrol state, dims (petrol state,).
    climate_of
        Group of each petrol state, dims (petrol state,).
    pattern_of
        Pattern of driving of each petrol state, dims (petrol state,).
    """

    running: Numbers
    parked: Numbers
    ratio: Numbers
    climate: Climate
    state: Index
    climate_of: Index
    pattern_of: Index

    def __call__(self, theta: Array, conditions: Conditions, mileage: Array) -> Array:
        """Return the evaporation [g/a] for mileages [km/a], both dims (petrol state, sample)."""
        climate = self.climate(theta, conditions)[self.climate_of]
        running, parked = climate * self.running(theta), climate * self.parked(theta)
        speed = conditions.mean_speed[self.pattern_of]
        grams = evaporation(running, parked, mileage, speed)
        return np.asarray(grams * self.ratio(theta))


@dataclass(frozen=True)
class Factors:
    """Numbers behind the factor of each state.

    Attributes
    ----------
    conditions
        What the corrections depend on.
    exhaust, fuel
        Of the categories with an engine, which are the first ones.
    wear
        Wear of tyres and of brakes [g/km], dims (part, wear group, wear pollutant).
    evaporation
        Of petrol states.
    mileage, inside
        Mileage [km/a] and the share of it in the area [1], dims (source,).
    wear_of
        Wear group of each category.
    category_of, source_of
        Category and source of each state; those of a source are behind one another.
    """

    conditions: ConditionNumbers
    exhaust: Exhaust
    fuel: Fuel
    wear: Numbers
    evaporation: Evaporation
    mileage: Numbers
    inside: Numbers
    wear_of: Index
    category_of: Index
    source_of: Index

    def __call__(self, theta: Array, years: Index) -> Array:
        """Return the factors [t/vehicle] of some years.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        years
            Positions of the years.

        Returns
        -------
        Array
            Dims (state, pollutant of :data:`EMITTED`, year, sample).
        """
        conditions = self.conditions(theta)
        per_km = self.per_kilometre(theta, conditions, years)
        mileage = self.mileage(theta) * self.inside(theta)
        tonnes = mileage * TONNE_PER_GRAM
        result = np.empty((len(self.category_of), *per_km.shape[1:]))
        for state, (of, source) in enumerate(zip(self.category_of, self.source_of, strict=True)):
            np.multiply(per_km[of], tonnes[source], out=result[state])
        petrol = self.evaporation.state
        evaporated = self.evaporation(theta, conditions, mileage[self.source_of[petrol]])
        result[petrol, EMITTED.index("VOC")] += evaporated[:, None] * TONNE_PER_GRAM
        return result

    def per_kilometre(self, theta: Array, conditions: Conditions, years: Index) -> Array:
        """Return exhaust and wear [g/km] by category.

        Parameters
        ----------
        theta, years
            As :meth:`__call__`.
        conditions
            What the corrections depend on.

        Returns
        -------
        Array
            Dims (category, pollutant of :data:`EMITTED`, year, sample).
        """
        exhaust, fuel = self.exhaust(theta, conditions, years), self.fuel(theta)
        tyres, brakes = self.wear(theta)
        worn = (tyres + brakes)[self.wear_of]
        engines = len(exhaust)
        result = np.zeros((len(worn), len(EMITTED), *exhaust.shape[2:]))
        for pollutant, printed in EXHAUST.items():
            result[:engines, EMITTED.index(pollutant)] = exhaust[:, GUIDE.index(printed)]
        for pollutant, grams in fuel.items():
            result[:engines, EMITTED.index(pollutant)] = grams[:, None]
        for w, pollutant in enumerate(WEAR):
            result[:, EMITTED.index(pollutant)] += worn[:, w, None]
        return result


def declare_factors(inputs: SectorInputs, states: Sequence[tuple[Group, str]]) -> Factors:
    """Declare the factors of states.

    Parameters
    ----------
    inputs
        Factor tables, climate, mileage and the region's parameters.
    states
        Group and standard of each state; blank for battery vehicles.

    Returns
    -------
    Factors
        Numbers are taken once for all states that share them.
    """
    driving = driving_of(inputs)
    of_state = [category(group, standard, driving) for group, standard in states]
    engines = list(dict.fromkeys(c for c in of_state if c.vehicle.vehicle_class))
    categories = [*engines, *dict.fromkeys(c for c in of_state if not c.vehicle.vehicle_class)]
    at = {c: i for i, c in enumerate(categories)}
    printed = group_corrections(inputs.factors["vehicle_corrections"])
    groups, wear_of = distinct([c.wear for c in categories])
    return Factors(
        conditions=declare_conditions(inputs, driving),
        exhaust=_exhaust(inputs, engines, printed),
        fuel=_fuel(inputs, engines),
        wear=_wear(inputs, groups),
        evaporation=_evaporation(inputs, of_state, printed),
        mileage=numbers_of_sources(inputs, "mileage", "km/a"),
        inside=numbers_of_sources(inputs, "district-share", "1"),
        wear_of=wear_of,
        category_of=np.array([at[c] for c in of_state], dtype=np.int64),
        source_of=np.array([group.owner for group, _ in states], dtype=np.int64),
    )


def distinct(items: Sequence[K]) -> tuple[list[K], Index]:
    """Return items each once, in the order they first occur, and the position of each of them."""
    found = {item: i for i, item in enumerate(dict.fromkeys(items))}
    return list(found), np.array([found[item] for item in items], dtype=np.int64)


def declare_conditions(inputs: SectorInputs, driving: Driving) -> ConditionNumbers:
    """Declare what the corrections depend on.

    Parameters
    ----------
    inputs
        Climate of the months that the region gives, and its parameters.
    driving
        Roads and speeds of its vehicles.

    Returns
    -------
    ConditionNumbers
        Of all years alike.
    """
    climate, region = inputs.region["climate"], inputs.parameters
    rows = [row for row in climate.rows if isinstance(row, ClimateRow)]
    check_months((row for row in rows if row.parameter == "temperature"), inputs.problems)
    months = sorted({row.month for row in rows})
    return ConditionNumbers(
        temperature=climate.numbers("degC", month=months, parameter="temperature"),
        humidity=climate.numbers("1", month=months, parameter="humidity"),
        altitude=region.numbers("m", parameter="altitude"),
        driving=driving,
        load=region.numbers("1", parameter="load-factor"),
        gasoline_sulphur=region.numbers("ppm", parameter="gasoline-sulphur"),
        diesel_sulphur=region.numbers("ppm", parameter="diesel-sulphur"),
    )


def declare_base_factors(
    table: QuantityTable[QuantityRow], vehicles: Sequence[Vehicle], pollutants: Sequence[str]
) -> Numbers:
    """Declare the guide's base factors [g/km], dims (vehicle, pollutant).

    The guide ends with China V, which therefore stands in for China VI.

    Parameters
    ----------
    table
        The guide's base factors; its problems receives what is missing.
    vehicles
        Class, fuel and standard.
    pollutants
        Names in the guide.

    Returns
    -------
    Numbers
        [g/km].
    """
    return table.numbers(
        "g/km",
        vehicle_class=column([v.vehicle_class for v in vehicles]),
        fuel=column([v.fuel for v in vehicles]),
        standard=column([v.printed for v in vehicles]),
        pollutant=pollutants,
    )


def _exhaust(
    inputs: SectorInputs, engines: Sequence[Category], printed: PrintedCorrections
) -> Exhaust:
    vehicles = [c.vehicle for c in engines]
    share = constant(ONE, len(engines), len(GUIDE))
    of_fuel = _of_fuel(inputs, engines, "voc-share", "1", "VOC")
    share.slot[:, GUIDE.index("HC")] = of_fuel.slot
    share.factor[:, GUIDE.index("HC")] = of_fuel.factor
    return Exhaust(
        declare_base_factors(inputs.factors["vehicle_base_factors"], vehicles, GUIDE),
        _ratios(inputs, engines, GUIDE),
        _road_ratios(inputs, engines),
        share,
        declare_deterioration(printed, vehicles, GUIDE, inputs.years),
        declare_corrections(printed, vehicles, GUIDE, [c.pattern for c in engines]),
    )


def _ratios(
    inputs: SectorInputs, engines: Sequence[Category], pollutants: Sequence[str]
) -> Numbers:
    """Return the ratio of each category to the one whose factor is printed: 1 up to China V."""
    result = constant(ONE, len(engines), len(pollutants))
    groups, at = distinct([c.ratio for c in engines])
    after = np.array([c.vehicle.standard == AFTER_PRINTED for c in engines])
    table = inputs.factors["vehicle_china6_ratios"]
    numbers = table.numbers("1", group=column(groups), pollutant=pollutants)
    result.slot[after], result.factor[after] = numbers.slot[at[after]], numbers.factor[at[after]]
    return result


def _road_ratios(inputs: SectorInputs, engines: Sequence[Category]) -> Numbers:
    """Return what is measured on roads over the guide's factor; 1 where no row says so much."""
    return inputs.factors["vehicle_road_ratios"].numbers(
        "1",
        missing=ONE,
        group=column([c.ratio for c in engines]),
        standard=column([c.vehicle.standard for c in engines]),
        pollutant=GUIDE,
    )


def _parameter(inputs: SectorInputs, parameter: str, unit: str, **keys: Any) -> Numbers:
    named = {"group": "", "fuel": "", "pollutant": "", **keys}
    return inputs.factors["vehicle_parameters"].numbers(unit, parameter=parameter, **named)


def _of_fuel(
    inputs: SectorInputs, engines: Sequence[Category], parameter: str, unit: str, pollutant: str
) -> Numbers:
    """Return a parameter of the fuel of each category, dims (category,)."""
    fuels, at = distinct([c.vehicle.fuel for c in engines])
    return _parameter(inputs, parameter, unit, fuel=fuels, pollutant=pollutant)[at]


def _of_engine(
    inputs: SectorInputs, engines: Sequence[Category], parameter: str, pollutant: str
) -> Numbers:
    """Return a parameter [g/km] of the group and fuel of each category, dims (category,)."""
    pairs, at = distinct([(c.wear, c.vehicle.fuel) for c in engines])
    group, fuel = zip(*pairs, strict=True)
    return _parameter(inputs, parameter, "g/km", group=group, fuel=fuel, pollutant=pollutant)[at]


def _fuel(inputs: SectorInputs, engines: Sequence[Category]) -> Fuel:
    fuels, at = distinct([c.vehicle.fuel for c in engines])
    return Fuel(
        use=_of_engine(inputs, engines, "fuel-use", ""),
        sulphur=stack([_sulphur(inputs, fuel) for fuel in fuels])[at],
        carbon_dioxide=_of_fuel(inputs, engines, "carbon-dioxide", "1", "CO2"),
        ammonia=_of_engine(inputs, engines, "ammonia", "NH3"),
        ratio=_ratios(inputs, engines, ("NH3",))[:, 0],
    )


def _sulphur(inputs: SectorInputs, fuel: str) -> Numbers:
    """Return the sulphur of a fuel [g/g]; that of petrol and diesel is the region's."""
    if fuel in CORRECTED_FUELS:
        return inputs.parameters.numbers("1", parameter=f"{fuel}-sulphur")
    return _parameter(inputs, "gas-sulphur", "1", fuel=fuel, pollutant="SO2")


def _wear(inputs: SectorInputs, groups: Sequence[str]) -> Numbers:
    parts = ("tyre-wear", "brake-wear")
    return stack(
        [_parameter(inputs, part, "g/km", group=column(groups), pollutant=WEAR) for part in parts]
    )


def _evaporation(
    inputs: SectorInputs, of_state: Sequence[Category], printed: PrintedCorrections
) -> Evaporation:
    petrol = [s for s, own in enumerate(of_state) if own.vehicle.fuel == "gasoline"]
    of = {"fuel": "gasoline", "pollutant": "VOC"}
    running, parked = EVAPORATION
    ratio = constant(ONE, len(petrol))
    after = np.array([of_state[s].vehicle.standard == AFTER_PRINTED for s in petrol])
    china6 = _parameter(inputs, "evaporative-china6", "1", **of)
    ratio.slot[after], ratio.factor[after] = china6.slot, china6.factor
    keys, climate_of = distinct([climate_key(of_state[s].vehicle, EVAPORATES_AS) for s in petrol])
    return Evaporation(
        _parameter(inputs, running, "g/h", **of),
        _parameter(inputs, parked, "g/d", **of),
        ratio,
        declare_climate(printed, keys),
        np.array(petrol, dtype=np.int64),
        climate_of,
        np.array([of_state[s].pattern for s in petrol], dtype=np.int64),
    )
