"""Where vehicles drive and how fast: one table for their exhaust and for the dust of the roads.

A region gives shares of the kilometres of its vehicles by road, and speeds. Without such a table
all vehicles drive at the mean speed of the region, and road dust does not follow them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.errors import Place, Problems
from lantian.inventory.contract import Array, Index, SectorInputs
from lantian.inventory.plausible import check_parts
from lantian.inventory.sectors.on_road.fleet import (
    Remaining,
    declare_remaining,
    declare_stock,
    numbers_of_sources,
)
from lantian.inventory.sectors.on_road.vehicles import FLEETS, group_of
from lantian.language import message
from lantian.parameters import (
    MISSING,
    ONE,
    SHARE,
    ZERO,
    Band,
    Names,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    listed,
    units,
)
from lantian.parameters.space import constant, stack
from lantian.vocabulary import VehicleGroup

TABLE = "traffic"
"""Name of the table."""


class TrafficRow(QuantityRow):
    """A number of ``traffic.csv``: where vehicles drive, how fast, and what they weigh.

    ``vehicles`` is a source, a group of sources, or blank for all; the most special row holds.
    Shares of the kilometres inside the region are relative: those of a source are scaled to 1.
    """

    told_by = "parameter"
    plausible = declared(
        {
            "share": SHARE,
            "speed": (Band("km/h", 2.0, 150.0),),
            "weight": (Band("t", 0.1, 60.0),),
        }
    )
    vehicles: Annotated[str, listed(("", *get_args(VehicleGroup), *FLEETS))] = ""
    road: Annotated[str, Names("source")] = ""
    parameter: Literal["share", "speed", "weight"]


Rows = Mapping[tuple[str, str, str], TrafficRow]


@dataclass(frozen=True)
class Driving:
    """Roads that vehicles take and their speeds there, for all who drive alike.

    Attributes
    ----------
    share
        Relative share of the kilometres [1], dims (pattern, road).
    speed
        [km/h], dims (pattern, road).
    pattern_of
        Pattern of each source, dims (source,).
    """

    share: Numbers
    speed: Numbers
    pattern_of: Index

    def __call__(self, theta: Array) -> tuple[Array, Array]:
        """Return shares that add up to 1 and speeds, both dims (pattern, road, sample)."""
        return normalised(self.share(theta)), self.speed(theta)


def normalised(share: Array) -> Array:
    """Return relative shares scaled to a sum of 1 over the second axis.

    Parameters
    ----------
    share
        Dims (of whom, part, ...).

    Returns
    -------
    Array
        In the shape of the shares.
    """
    return np.asarray(share / ordered_sum(np.moveaxis(share, 1, 0))[:, None])


@dataclass(frozen=True)
class RoadTraffic:
    """Kilometres of the vehicles of a region by road.

    Attributes
    ----------
    roads
        Sources that stand for a class of roads.
    driving
        Who takes which road.
    weight
        Mean weight of the vehicles of a source [t], dims (source,).
    stock, level, start
        Vehicles, and the level of their driver in the year and in that of the stock, dims (source,
        year).
    mileage, inside
        [km/a] and the share of it in the region [1], dims (source,).
    remaining
        What of the vehicles no other sector counts; None where that is all.
    """

    roads: tuple[str, ...]
    driving: Driving
    weight: Numbers
    stock: Numbers
    level: Numbers
    start: Numbers
    mileage: Numbers
    inside: Numbers
    remaining: Remaining | None

    @property
    def vehicles(self) -> tuple[str, ...]:
        """Sources of vehicles."""
        return tuple(FLEETS)

    def kilometres(self, theta: Array, years: Index) -> Array:
        """Return the kilometres of all vehicles in some years.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        years
            Positions of the years.

        Returns
        -------
        Array
            [vehicle km/a], dims (source, road, year, sample).
        """
        share, _ = self.driving(theta)
        growth = self.level[:, years](theta) / self.start[:, years](theta)
        driven = (self.mileage(theta) * self.inside(theta))[:, None]
        every = self.stock[:, years](theta) * growth * driven
        if self.remaining is not None:
            every *= self.remaining(theta)[:, None]
        return np.asarray(share[self.driving.pattern_of][:, :, None] * every[:, None])


def declare_driving(inputs: SectorInputs) -> tuple[tuple[str, ...], Driving]:
    """Declare where and how fast the vehicles of a region drive.

    Parameters
    ----------
    inputs
        With the table of the region, or its mean speed where there is none.

    Returns
    -------
    tuple of str
        Roads; a single blank one where the region has no table.
    Driving
        In the order of the sources.
    """
    table = inputs.region[TABLE]
    rows = traffic_rows(table)
    _check_shares(rows.values(), inputs.problems)
    roads = tuple(dict.fromkeys(road for _, road, name in rows if name == "share" and road))
    if not roads:
        same = np.zeros(len(FLEETS), dtype=np.int64)
        speed = inputs.parameters.numbers("km/h", parameter="mean-speed")
        return ("",), Driving(constant(ONE, 1, 1), speed[None, None], same)
    shares = stack([_shares(source, roads, table, rows) for source in FLEETS])
    speeds = stack([_speeds(source, roads, table, rows) for source in FLEETS])
    keys = [(*a.tolist(), *b.tolist()) for a, b in zip(shares.slot, speeds.slot, strict=True)]
    patterns = list(dict.fromkeys(keys))
    first = [keys.index(key) for key in patterns]
    pattern_of = np.array([patterns.index(key) for key in keys], dtype=np.int64)
    return roads, Driving(shares[first], speeds[first], pattern_of)


def _check_shares(rows: Iterable[TrafficRow], problems: Problems) -> None:
    """Hold the typed shares of the roads against a whole, for all who have some."""
    of_whom: dict[str, list[TrafficRow]] = {}
    for row in rows:
        if row.parameter == "share" and units.is_like(row.unit, ""):
            of_whom.setdefault(row.vehicles, []).append(row)
    for shares in of_whom.values():
        check_parts(shares, problems)


def driving_of(inputs: SectorInputs) -> Driving:
    """Return where vehicles drive: as the region's traffic has it, or as its tables say."""
    if isinstance(inputs.traffic, RoadTraffic):
        return inputs.traffic.driving
    return declare_driving(inputs)[1]


def traffic_rows(table: QuantityTable[QuantityRow]) -> Rows:
    """Return the rows of the table by vehicles, road and parameter."""
    return {
        (row.vehicles, row.road, row.parameter): row
        for row in table.rows
        if isinstance(row, TrafficRow)
    }


def _names(source: str) -> tuple[str, str, str]:
    """Return by what names a source is found, the most special one first."""
    return source, group_of(source), ""


def _shares(
    source: str, roads: Sequence[str], table: QuantityTable[QuantityRow], rows: Rows
) -> Numbers:
    """Return the shares of a source, all of one name: a road without a row is not taken."""
    for name in _names(source):
        own = [rows.get((name, road, "share")) for road in roads]
        if any(row is not None for row in own):
            return stack([constant(ZERO) if r is None else table.taken(r, "1") for r in own])
    _note(table, source, "share")
    return constant(MISSING, len(roads))


def _speeds(
    source: str, roads: Sequence[str], table: QuantityTable[QuantityRow], rows: Rows
) -> Numbers:
    return stack([_special(source, road, "speed", "km/h", table, rows) for road in roads])


def _special(
    source: str,
    road: str,
    parameter: str,
    unit: str,
    table: QuantityTable[QuantityRow],
    rows: Rows,
) -> Numbers:
    """Return the number of a source on a road from the most special row; none is a problem."""
    for key in ((name, at, parameter) for at in (road, "") for name in _names(source)):
        if key in rows:
            return table.taken(rows[key], unit)
    _note(table, source, parameter)
    return constant(MISSING)


def _note(table: QuantityTable[QuantityRow], source: str, parameter: str) -> None:
    table.problems.add(
        Place(table.file),
        message(
            "no row '{parameter}' for the vehicles '{source}'.", parameter=parameter, source=source
        ),
        fix=message(
            "Add one with blank 'vehicles', which holds for all that have none of their own."
        ),
    )


def declare_traffic(inputs: SectorInputs) -> RoadTraffic | None:
    """Declare the kilometres of the vehicles of a region by road.

    Parameters
    ----------
    inputs
        Fleet and traffic of the region.

    Returns
    -------
    RoadTraffic or None
        None where the region does not say who drives where.
    """
    table = inputs.region[TABLE]
    rows = traffic_rows(table)
    roads, driving = declare_driving(inputs)
    if roads == ("",):
        return None
    weights = [_special(source, "", "weight", "t", table, rows) for source in FLEETS]
    return RoadTraffic(
        roads,
        driving,
        stack(weights),
        *declare_stock(inputs),
        numbers_of_sources(inputs, "mileage", "km/a"),
        numbers_of_sources(inputs, "district-share", "1"),
        declare_remaining(inputs),
    )
