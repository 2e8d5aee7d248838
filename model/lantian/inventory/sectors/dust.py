"""Fugitive dust of building sites, paved roads, bare land and sand or gravel yards.

Exhaust, tyre and brake wear belong to the road sector; dust of concrete plants to industry.
"""

from typing import Literal

from lantian.inventory.contract import Array, Sector, SectorInputs
from lantian.inventory.equations import Equation, EquationModel, Follows, Kinds, equation_model
from lantian.parameters import Band, Numbers, QuantityRow, declared, units
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
    """
    rain = 1.0 - wet_days / (RAIN_WEIGHT * DAYS)
    return k * silt**SILT_EXPONENT * weight**WEIGHT_EXPONENT * rain


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
    source: str
    technology: str
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


_FOLLOWS: dict[str, Follows] = {
    "m2*month": _sites,
    "vehicle*km": _roads,
    "m2": _bare,
    "t": _yards,
}
"""The equation of a source follows from what its activity counts."""


def declare(inputs: SectorInputs) -> EquationModel:
    """Declare activity and factors of the dust sources."""
    return equation_model(inputs, lambda source, _: _FOLLOWS[inputs.sector.source(source).unit])


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
