"""Fugitive dust of building sites, paved roads, bare land and sand or gravel yards.

Exhaust, tyre and brake wear belong to the road sector; dust of concrete plants to industry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import Sum, ordered_sum
from lantian.core.rounds import ratio
from lantian.errors import Place
from lantian.inventory.contract import (
    ActivityNumbers,
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
from lantian.inventory.equations import (
    Equation,
    EquationModel,
    Follows,
    Kinds,
    declare_equations,
)
from lantian.language import message
from lantian.parameters import Band, Names, Numbers, QuantityRow, QuantityTable, declared, units
from lantian.vocabulary import Pollutant

PARTICLES: tuple[Pollutant, ...] = ("PM2.5", "PM10", "TSP")

DAYS = 365.0
"""N of AP-42 13.2.1 for a yearly mean [day]."""
SILT_EXPONENT, WEIGHT_EXPONENT = 0.91, 1.02
"""Exponents of AP-42 13.2.1 (2011) on silt loading and on fleet weight [1]."""
RAIN_WEIGHT = 4.0
"""AP-42 13.2.1: a wet day spares a quarter of a day's dust [1]."""

DOZING, DOZING_SILT, DOZING_MOISTURE = 2.76, 1.5, 1.4
"""Bulldozing: coefficient [lb/h] and exponents on silt and moisture (MDAQMD guidance)."""
TRANSFER, TRANSFER_WIND, TRANSFER_MOISTURE = 0.0032, 1.3, 1.4
"""Transfer: coefficient [lb/ton] and exponents on wind and moisture (AP-42 13.2.4)."""
REFERENCE_WIND, REFERENCE_MOISTURE = 5.0, 2.0
"""Transfer: wind [mile/h] and moisture [%] at which the coefficient holds (AP-42 13.2.4)."""
PAVED = "paved"
"""Technology of all roads: that of kilometres that no vehicles have to themselves."""
PILE = 1.7
"""Stockpile erosion at the reference values below [lb/(acre day)] (MDAQMD guidance)."""
PILE_SILT, PILE_DRY_DAYS, PILE_WINDY = 1.5, 235.0, 15.0
"""Reference silt [%], dry days of the year [day] and share of windy time [%] of PILE."""
POUNDS_PER_TON = 2000.0
"""Pounds in a short ton [lb]."""


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


def paved_road(
    k: float | Array, silt: float | Array, weight: float | Array, wet_days: float | Array
) -> float | Array:
    """Return the dust a vehicle raises on a paved road.

    Parameters
    ----------
    k
        Factor of the particle size [g/(vehicle km)].
    silt
        Dust finer than 75 um on the road [g/m2].
    weight
        Mean weight of the vehicles [t].
    wet_days
        Days of the year with measurable rain [day].

    Returns
    -------
    float or Array
        Dust [g/(vehicle km)].

    References
    ----------
    US EPA AP-42, section 13.2.1 (2011): ``E = k sL^0.91 W^1.02 (1 - P / 4N)``.

    Notes
    -----
    AP-42 weighs in short tons. The silt of ``dust_process.csv`` was found by the same equation with
    metric tonnes, so their product is what was published; with silt measured on a road take
    :func:`road_dust`, which is 10 % higher.
    """
    rain = 1.0 - wet_days / (RAIN_WEIGHT * DAYS)
    return k * silt**SILT_EXPONENT * weight**WEIGHT_EXPONENT * rain


@dataclass(frozen=True)
class RoadEdition:
    """An edition of the AP-42 equation for the dust of roads: its exponents and units.

    Attributes
    ----------
    silt, weight, moisture
        Reference value and exponent: silt loading [g/m2] or silt content [%], mean weight
        [short ton], surface moisture [%]; an exponent of 0 leaves a term out.
    unit
        Unit of the factor of a particle size, and so of what comes out.
    """

    silt: tuple[float, float]
    weight: tuple[float, float]
    moisture: tuple[float, float]
    unit: str


ROAD_EDITIONS: Mapping[str, RoadEdition] = {
    "paved-2011": RoadEdition((1.0, 0.91), (1.0, 1.02), (1.0, 0.0), "g/(vehicle*km)"),
    "paved-1997": RoadEdition((2.0, 0.65), (3.0, 1.5), (1.0, 0.0), "lb/(vehicle*mile)"),
    "unpaved-1998-tsp": RoadEdition((12.0, 0.8), (3.0, 0.5), (0.2, -0.4), "lb/(vehicle*mile)"),
    "unpaved-1998-fine": RoadEdition((12.0, 0.8), (3.0, 0.4), (0.2, -0.3), "lb/(vehicle*mile)"),
}
"""AP-42 13.2.1 of 1997 and 2011; 13.2.2 of 1998 for TSP, and for PM10 and PM2.5 (MDAQMD)."""


def road_dust(
    edition: str,
    k: float | Array,
    silt: float | Array,
    weight: float | Array,
    moisture: float | Array = 1.0,
) -> float | Array:
    """Return the dust a vehicle raises on a road by an edition of AP-42, from metric tonnes.

    Parameters
    ----------
    edition
        One of :data:`ROAD_EDITIONS`.
    k
        Factor of the particle size [unit of the edition].
    silt
        Silt loading [g/m2] of a paved road, silt content [%] of an unpaved one.
    weight
        Mean weight of the vehicles [t]; the equations count in short tons.
    moisture
        Of the surface of an unpaved road [%].

    Returns
    -------
    float or Array
        Dust of dry days [g/(vehicle km)].

    References
    ----------
    US EPA AP-42, sections 13.2.1 (1997, 2011) and 13.2.2 (1998), the older two as printed by Mojave
    Desert AQMD, Emissions inventory guidance, mineral handling and processing industries, J and K.
    """
    own = ROAD_EDITIONS[edition]
    product = k * units.factor(own.unit, "g/(vehicle*km)")
    short_tons = weight * units.factor("t", "short_ton")
    terms = ((silt, own.silt), (short_tons, own.weight), (moisture, own.moisture))
    for value, (reference, exponent) in terms:
        product = product * (value / reference) ** exponent
    return product


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


def bulldozing(k: float | Array, silt: float | Array, moisture: float | Array) -> float | Array:
    """Return the dust of a machine that pushes or stacks loose material.

    Parameters
    ----------
    k
        Factor of the particle size [1].
    silt, moisture
        Silt and water in the material [%].

    Returns
    -------
    float or Array
        Dust [lb/h].

    References
    ----------
    Mojave Desert AQMD, Emissions inventory guidance, mineral handling and processing
    industries: ``2.76 k s^1.5 / M^1.4``.
    """
    return DOZING * k * silt**DOZING_SILT / moisture**DOZING_MOISTURE


def transfer(k: float | Array, wind: float | Array, moisture: float | Array) -> float | Array:
    """Return the dust of dropping a ton of material once.

    Parameters
    ----------
    k
        Factor of the particle size [1].
    wind
        Mean wind speed [mile/h].
    moisture
        Water in the material [%].

    Returns
    -------
    float or Array
        Dust [lb/short ton].

    References
    ----------
    US EPA AP-42, section 13.2.4: ``0.0032 k (U/5)^1.3 / (M/2)^1.4``. The Chinese dust guideline
    has the same equation in metric form, ``0.0016 k (u/2.2)^1.3 / (M/2)^1.4`` [kg/t].
    """
    airy = (wind / REFERENCE_WIND) ** TRANSFER_WIND
    return TRANSFER * k * airy / (moisture / REFERENCE_MOISTURE) ** TRANSFER_MOISTURE


def stockpile(
    k: float | Array, silt: float | Array, wet_days: float | Array, windy_time: float | Array
) -> float | Array:
    """Return the dust that wind takes from an open pile in a year.

    Parameters
    ----------
    k
        Factor J of the particle size [1].
    silt
        Silt in the material [%].
    wet_days
        Days of the year with measurable rain [day].
    windy_time
        Share of time with a wind above 12 mile/h [%].

    Returns
    -------
    float or Array
        Dust of a year [short ton/acre].

    References
    ----------
    Mojave Desert AQMD, Emissions inventory guidance, mineral handling and processing
    industries: ``J 1.7 (s/1.5) ((365-P)/235) (I/15) 365/2000``.
    """
    dry = (DAYS - wet_days) / PILE_DRY_DAYS
    daily = k * PILE * (silt / PILE_SILT) * dry * (windy_time / PILE_WINDY)
    return daily * DAYS / POUNDS_PER_TON


class SizeRow(QuantityRow):
    """A line of ``dust_size.csv``: what a process gives of a particle size.

    Multipliers of an equation may be somewhat above 1: they are no shares of it.
    """

    plausible = declared(
        {
            "": (
                Band("", 0.002, 2.0),
                Band("g/(vehicle*km)", 0.003, 100.0),
            ),
        }
    )
    process: str
    pollutant: Pollutant


class ProcessRow(QuantityRow):
    """A line of ``dust_process.csv``: a parameter of how a source's dust arises."""

    told_by = "parameter"
    plausible = declared(
        {
            "dozer-time": (Band("hour/t", 0.0001, 1.0),),
            "drops": (Band("", 0.5, 50.0),),
            "fleet-weight": (Band("t", 0.3, 60.0),),
            "moisture": (Band("", 0.001, 0.6),),
            "pile-area": (Band("m2/t", 0.0005, 5.0),),
            "silt": (
                Band("g/m2", 0.01, 500.0),
                Band("", 0.001, 1.0),
            ),
            "whole-site": (Band("t/(m2*month)", 5e-06, 0.01),),
            "wind-erosion": (Band("g/m2", 0.3, 10000.0),),
        }
    )
    source: Annotated[str, Names("source")]
    technology: Annotated[str, Names("technology")]
    parameter: Literal[
        "dozer-time", "drops", "fleet-weight", "moisture", "pile-area", "silt", "whole-site",
        "wind-erosion",
    ]  # fmt: skip


def yard(
    handling: float | Array,
    silt: float | Array,
    moisture: float | Array,
    wind: float | Array,
    drops: float | Array,
    dozer_time: float | Array,
    erosion: float | Array,
    wet_days: float | Array,
    windy_time: float | Array,
    pile_area: float | Array,
) -> float | Array:
    """Return the dust of drops, machine work and wind for each tonne that passes through a yard.

    Parameters
    ----------
    handling, erosion
        Factors of the particle size for handling and for open piles [1].
    silt, moisture, wind, wet_days, windy_time
        As :func:`transfer` and :func:`stockpile`.
    drops
        How often the material is dropped [1].
    dozer_time, pile_area
        Work of machines [h/t] and open pile [m2/t] for a tonne.

    Returns
    -------
    float or Array
        Dust [t/t].
    """
    dropped = transfer(handling, wind, moisture) * units.factor("lb/short_ton", "t/t")
    pushed = bulldozing(handling, silt, moisture) * units.factor("lb/hour", "t/hour")
    blown = stockpile(erosion, silt, wet_days, windy_time) * units.factor("short_ton/acre", "t/m2")
    return dropped * drops + pushed * dozer_time + blown * pile_area


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


def _paved_road_tonnes(**terms: Array) -> float | Array:
    return paved_road(**terms) * units.factor("g", "t")


def _roads(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    kinds = replace(kinds, technology=PAVED)  # whose kilometres they are does not matter
    terms = {
        "k": _size(inputs, "paved-road", "g/(vehicle*km)"),
        "silt": _process(inputs, kinds, "silt", "g/m2"),
        "weight": _process(inputs, kinds, "fleet-weight", "t"),
        "wet_days": inputs.parameters.numbers("day", parameter="wet-days"),
    }
    return [Equation(PARTICLES, _paved_road_tonnes, terms)]


def _bare(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    terms = {
        "erosion": _process(inputs, kinds, "wind-erosion", "t/m2"),
        "share": _size(inputs, "bare-land", ""),
    }
    return [Equation(PARTICLES, bare_land, terms)]


def _yards(inputs: SectorInputs, kinds: Kinds) -> list[Equation]:
    terms = {
        "handling": _size(inputs, "handling", ""),
        "silt": _process(inputs, kinds, "silt", "percent"),
        "moisture": _process(inputs, kinds, "moisture", "percent"),
        "wind": inputs.parameters.numbers("mile/hour", parameter="mean-wind-speed"),
        "erosion": _size(inputs, "pile-erosion", ""),
        "wet_days": inputs.parameters.numbers("day", parameter="wet-days"),
        "windy_time": inputs.parameters.numbers("percent", parameter="windy-time"),
        "drops": _process(inputs, kinds, "drops", ""),
        "dozer_time": _process(inputs, kinds, "dozer-time", "hour/t"),
        "pile_area": _process(inputs, kinds, "pile-area", "m2/t"),
    }
    return [Equation(PARTICLES, yard, terms)]


KILOMETRES = "vehicle*km"
"""What the activity of a road counts."""
_FOLLOWS: dict[str, Follows] = {
    "m2*month": _sites,
    KILOMETRES: _roads,
    "m2": _bare,
    "t": _yards,
}
"""The equation of a source follows from what its activity counts."""


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

    def follows(source: str, _: str) -> Follows:
        return _FOLLOWS[inputs.sector.source(source).unit]

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
                row.place,
                message("'{road}' has a share of kilometres that no table tells.", road=row.source),
                fix=message("Add the tables 'fleet' and 'traffic', or give kilometres a year."),
            )
        else:
            kept.append(row)
    rows = QuantityTable(table.file, kept, table.problems, table.space)
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
                row.place,
                message("kilometres of '{road}' follow from table 'traffic'.", road=row.source),
                fix=message("Give the share of them that is cleaned this way, in %."),
            )
        else:
            kept.append(row)
    for road in set(traffic.roads) - {row.source for row in table.rows}:
        inputs.problems.add(
            Place(table.file),
            message("no row of '{road}', which table 'traffic' has.", road=road),
            fix=message("Give the share of its kilometres that is cleaned each way, in %."),
        )
    return replace(
        inputs,
        sector=replace(inputs.sector, sources=sources),
        activity=QuantityTable(table.file, kept, table.problems, table.space),
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
        "US EPA AP-42 13.2.1 and 13.2.4; Mojave Desert AQMD mineral handling guidance"
    ),
    sources=(),
    pollutants=PARTICLES,
    factor_tables={"dust_size": SizeRow, "dust_process": ProcessRow},
    declare=declare,
    units=tuple(_FOLLOWS),
)
