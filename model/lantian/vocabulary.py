"""The closed lists every table, scenario and result is checked against."""

from collections.abc import Mapping
from typing import Literal, get_args
from unicodedata import normalize

Pollutant = Literal[
    "NOx", "VOC", "PM2.5", "PM10", "TSP", "SO2", "NH3", "CO", "CO2", "BC", "CH4", "N2O"
]
POLLUTANTS: tuple[Pollutant, ...] = get_args(Pollutant)
"""Order of the pollutant axis in every array, table and chart."""

WRITTEN_AS: Mapping[str, Pollutant] = {
    **{"nox": "NOx", "氮氧化物": "NOx"},
    **{"voc": "VOC", "vocs": "VOC", "nmvoc": "VOC", "nmvocs": "VOC", "挥发性有机物": "VOC"},
    **{"pm25": "PM2.5", "pm2.5": "PM2.5", "细颗粒物": "PM2.5"},
    **{"pm10": "PM10", "可吸入颗粒物": "PM10"},
    **{"tsp": "TSP", "总悬浮颗粒物": "TSP"},
    **{"so2": "SO2", "二氧化硫": "SO2", "nh3": "NH3", "氨": "NH3", "氨气": "NH3"},
    **{"co": "CO", "一氧化碳": "CO", "co2": "CO2", "二氧化碳": "CO2"},
    **{"bc": "BC", "黑碳": "BC", "ch4": "CH4", "甲烷": "CH4"},
    **{"n2o": "N2O", "氧化亚氮": "N2O"},
}
"""Other ways of writing a pollutant, in small letters. SOx, PM, HC, OC, EC and NO2 are others."""

OTHER_POLLUTANTS = (
    "SOx", "NO", "NO2", "HC", "THC", "NMHC", "OC", "EC", "TC", "PM", "PM1", "PMC", "O3", "OX",
    "SO3", "SO4", "N2", "HCl", "HF", "H2S", "Hg", "Pb", "Cd", "As", "HFC", "SF6", "GHG",
)  # fmt: skip
"""What others count and we do not: near in writing, and another thing."""


def pollutant_meant(written: str) -> str:
    """Return the pollutant that is meant by a name, or the name itself if it is none of ours.

    Parameters
    ----------
    written
        As people write it: ``nox``, ``VOCs``, ``氮氧化物``, ``SO₂``.

    Returns
    -------
    str
        One of :data:`POLLUTANTS`, or what was written.
    """
    plain = normalize("NFKC", written).strip().casefold()
    return WRITTEN_AS.get(plain, written)


Group = Literal["mobile", "dust", "industry", "living", "coal", "other"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""Source groups of the PM2.5 response, in the order of tables and charts."""

Basis = Literal["measured", "published", "derived", "assumed"]
BASES: tuple[Basis, ...] = get_args(Basis)
"""What a number rests on, from the firmest to the weakest."""

CALENDAR = (1950, 2150)
"""First and last year that is one of our calendar, and no number of years."""

Bindingness = Literal["binding", "approx", "best_effort", "encouraged", "delegated", "conditional"]
BINDINGNESS: tuple[Bindingness, ...] = get_args(Bindingness)

TIER_OF: dict[Bindingness, int] = {
    "binding": 0,
    "approx": 1,
    "best_effort": 2,
    "encouraged": 2,
    "delegated": 2,
    "conditional": 2,
}
"""Order in which targets are asked for, by how much they bind: binding ones, then approximate ones,
then all that a plan wishes for."""

Tier = Literal["binding", "approx", "best_effort"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""In the order in which they are asked for."""
HEADLINE: tuple[Tier, ...] = ("binding", "approx")
"""Tiers whose cost is the answer, and whose targets must be within reach."""

Case = Literal["baseline", "plan", "least_cost", "match_plan"]
CASES: tuple[Case, ...] = get_args(Case)
"""baseline: no plan; plan: as written; least_cost: cheapest mix for the targets;
match_plan: cheapest mix that reaches what the plan reaches."""

Reading = Literal["plan_full", "plan_strict", "plan_printed", "plan_year_end"]
READINGS: tuple[Reading, ...] = get_args(Reading)
"""Other readings of a plan. plan_full: all commitments, where the scenario's ``credit`` leaves
some out of the plan; plan_strict: binding ones only; plan_printed: only levels that the plan
prints, none that the analyst supplies; plan_year_end: the plan as if each year ran as it ends,
where commitments have dates within a year."""

Way = Literal[
    "plan", "least_cost", "match_plan", "ranked_in_turn", "ranked_alone", "ranked_average",
    "largest_reduction", "maximum",
]  # fmt: skip
WAYS: tuple[Way, ...] = get_args(Way)
"""Ways of choosing measures. ranked_in_turn: cheapest average cost first, target after target;
ranked_alone: the same with one place for each measure, by its cost per tonne when used alone;
ranked_average: by average cost for one target only; largest_reduction: on each source the measure
that cuts one target most; maximum: all that can be done, at least cost."""

Family = Literal[
    "states", "reach", "new-units", "follows", "budget", "bounds", "exclusive", "requires",
    "resources", "equity", "guard", "user", "build-up", "total-budget", "whole", "allowance",
    "branches", "targets",
]  # fmt: skip
FAMILIES: tuple[Family, ...] = get_args(Family)
"""Families of limits of the least-cost problem; what each says stands in
``optimise/problem/families.py``."""

BUDGETS: tuple[Family, ...] = ("budget", "total-budget")
"""Limits on money."""
TECHNOLOGY: tuple[Family, ...] = ("states", "reach", "new-units", "follows")
"""Limits of what there is and of what measures can do; the other families are the planner's."""

Interface = Literal["highs", "pyomo"]
"""How the least-cost problem is handed to the solver: as arrays, or as an algebraic model."""

Foresight = Literal["perfect", "myopic"]
"""Whether the years of a pathway are solved all at once, or one after the other."""

Credit = Literal["printed", "parametric", "enabling"]
"""Who sets a commitment's level: the plan prints it; the analyst supplies it; it only raises how
well rules are kept (and the analyst says by how much)."""

MeasureKind = Literal["activity", "shift", "control", "compliance"]
MEASURE_KINDS: tuple[MeasureKind, ...] = get_args(MeasureKind)
"""In the order in which a plan's commitments act (method, section 4)."""

VehicleGroup = Literal["truck", "bus", "car", "service", "motorcycle"]
VEHICLE_GROUPS: tuple[VehicleGroup, ...] = get_args(VehicleGroup)
"""Kinds of road vehicles, as a reader counts them."""

AlertLevel = Literal["yellow", "orange", "red"]
ALERT_LEVELS: tuple[AlertLevel, ...] = get_args(AlertLevel)
"""Levels of a pollution alert, each contained in the next."""

Grade = Literal["A", "B", "C", "D"]
GRADES: tuple[Grade, ...] = get_args(Grade)
"""Performance grades of firms; A is exempt from stops, C and D stop first."""

YUAN = "yuan"
"""The renminbi, CNY in ISO 4217."""
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLP COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: tuple[str, ...] = tuple(_CODES.split())
"""Currencies of ISO 4217 beside :data:`YUAN`: those in circulation."""

Harmonising = Literal[
    "ratio", "offset", "converging-ratio", "converging-offset", "interpolate", "budget"
]
HARMONISING: tuple[Harmonising, ...] = get_args(Harmonising)
CONVERGING: tuple[Harmonising, ...] = ("converging-ratio", "converging-offset", "interpolate")
"""Those that end in a stated year at the projection itself."""

Cause = Literal["background", "budget", "pace", "limits", "targets", "measures"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""What puts a target out of reach: what no emission moves, money, how fast can be built, other
limits of the scenario, the other targets, or all that measures can do."""

Decides = Literal["nation", "city", "district"]
DECIDES: tuple[Decides, ...] = get_args(Decides)
"""Who can order a measure."""

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


OF_TARGET, OF_COMMITMENT = "target:", "commitment:"
"""Begin the keys by which the display names of targets and commitments are found. Scenarios choose
their ids, which may be those of a sector or measure as well."""


def without_kind(key: str) -> str:
    """Return the id of a key that says what it is of."""
    return key.removeprefix(OF_TARGET).removeprefix(OF_COMMITMENT)


def weakest(bases: list[Basis]) -> Basis:
    """Return the weakest basis of several: a product is as firm as its weakest factor."""
    return max(bases, key=BASES.index)
