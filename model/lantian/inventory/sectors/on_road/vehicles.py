"""Which vehicles there are: sources, the fuels they run on, and where their numbers are found."""

from collections.abc import Mapping
from dataclasses import dataclass

from lantian.vocabulary import VehicleGroup

PRE_I = "0"
"""Name of what was sold before China I, as the guide's tables have it."""
STANDARDS = (PRE_I, "I", "II", "III", "IV", "V", "VI")
"""Standards, oldest first. A region has those its dates and its oldest vehicles lead to."""
LAST_PRINTED = "V"
"""The guide ends with this standard, whose rows therefore stand in for those of the next."""
AFTER_PRINTED = "VI"
"""The next: a ratio to the last printed one."""


@dataclass(frozen=True)
class Vehicle:
    """What a factor of the guide belongs to."""

    vehicle_class: str
    fuel: str
    standard: str

    @property
    def printed(self) -> str:
        """The standard whose rows hold: China V for China VI."""
        return LAST_PRINTED if self.standard == AFTER_PRINTED else self.standard


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
        return tuple(self.standard_of)

    @property
    def standard_of(self) -> Mapping[str, str]:
        """Standard of each technology; blank where there are no standards."""
        return {f"{self.fuel}-{s}": s for s in self.standards} or {self.fuel: ""}


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

_GROUPS: Mapping[str, VehicleGroup] = {
    "car": "car",
    "taxi": "car",
    "official-car": "car",
    "medium-bus": "bus",
    "coach": "bus",
    "bus-subcentre": "bus",
    "bus-other": "bus",
    "postal-van": "service",
    "express-van": "service",
    "sanitation-light": "service",
    "sanitation-heavy": "service",
    "motorcycle": "motorcycle",
}


def group_of(source: str) -> VehicleGroup:
    """Return the kind of vehicles that a source is."""
    return _GROUPS.get(source, "truck")


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


def driver_of(source: str) -> str:
    """Return the driver that a source's stock follows after the base year."""
    return _DRIVERS.get(source, "freight-stock")


@dataclass(frozen=True)
class Group:
    """All vehicles of one source and fuel.

    Attributes
    ----------
    owner
        Position of the source.
    source
        Its id.
    power
        The fuel.
    """

    owner: int
    source: str
    power: Power


GROUPS = tuple(
    Group(i, source, power) for i, (source, powers) in enumerate(FLEETS.items()) for power in powers
)
"""All groups, those of a source behind one another."""

ENGINE_FUELS = tuple(dict.fromkeys(g.power.fuel for g in GROUPS if g.power.standards))
"""Fuels that burn."""
WEAR_GROUPS = tuple(dict.fromkeys(group.power.wear for group in GROUPS))
RATIO_GROUPS = tuple(dict.fromkeys(group.power.ratio for group in GROUPS if group.power.ratio))
RULE_NAMES = tuple(dict.fromkeys(group.power.rule for group in GROUPS if group.power.rule))
"""Whose standards begin together."""

GUIDE_CLASSES = (
    "mini-car", "small-car", "taxi", "medium-bus", "large-coach", "transit-bus", "mini-truck",
    "light-truck", "medium-truck", "heavy-truck", "three-wheeler", "low-speed-truck", "moped",
    "motorcycle",
)  # fmt: skip
"""Vehicle classes of the guide, whether a source of ours takes their factors or not."""
GUIDE_FUELS = ("gasoline", "diesel", "gas", "cng", "gasoline-hybrid", "diesel-hybrid")
"""Fuels of the guide."""
