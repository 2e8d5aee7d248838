"""The guide's corrections of exhaust and evaporation, as weighted sums of the numbers it prints.

What is printed for bands of a condition has weight 1 where the band holds the condition and 0
elsewhere; what is printed for points has two weights, on straight lines between the points; the
climate's weights are the periods of the year that fall into each pair of bands. So nothing is
chosen by looking at a number, and any number of samples is corrected at once.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar

import numpy as np
from pydantic import Field, model_validator

from lantian.core.ordered import ordered_sum
from lantian.errors import Place
from lantian.inventory.contract import Array, Index
from lantian.inventory.sectors.on_road.vehicles import (
    GUIDE_FUELS,
    STANDARDS,
    Vehicle,
)
from lantian.language import message
from lantian.parameters import (
    MISSING,
    ONE,
    Band,
    CalendarYear,
    GoesWith,
    Number,
    Numbers,
    QuantityRow,
    QuantityTable,
    declared,
    listed,
)
from lantian.parameters.rows import CellError
from lantian.parameters.space import constant, stack

HEAT_THRESHOLD = 24.0
"""Temperature [degC] above which the guide prints humidity corrections of their own."""

CORRECTED_FUELS = ("gasoline", "diesel")
"""Fuels for which the guide prints corrections; others keep their base factor."""
CLIMATE_GROUPS: Mapping[str, Mapping[str, str]] = {
    "gasoline": {
        **dict.fromkeys(("mini-car", "small-car", "taxi", "mini-truck", "light-truck"), "light"),
        **dict.fromkeys(("motorcycle", "moped"), "motorcycle"),
    },
    "diesel": {"small-car": "small", "light-truck": "light"},
}
"""Fuel and vehicle class -> column of the guide's tables of temperature, humidity and altitude; all
others are ``heavy``, as diesel minibuses are in the published examples."""
CLIMATE_COLUMNS = ("small", "light", "heavy", "motorcycle")
"""Names of these columns."""
DETERIORATION_GROUPS = {"mini-car": "car", "small-car": "car", "taxi": "taxi"}
"""Vehicle class -> group of the deterioration table; all other petrol vehicles are ``other``."""
DETERIORATING = ("CO", "HC", "NOx")
"""Pollutants of petrol vehicles whose deterioration the guide prints."""

K = TypeVar("K", bound=Hashable)


class CorrectionRow(QuantityRow):
    """A correction [1] of ``vehicle_corrections.csv``; blank keys hold for all.

    ``at_least <= x`` or ``above < x``, and ``x < below`` or ``x <= at_most``, bound the condition,
    as the guide prints them; between ``point`` rows it is interpolated; ``year`` belongs to
    deterioration. Bands of the same keys follow one another without a gap. A pollutant without
    any row of a climate correction has none.
    """

    plausible = declared(
        {
            "": (Band("", 0.1, 10.0),),
        }
    )
    goes_with = declared(
        {
            "point": GoesWith("correction", ("load",)),
            "year": GoesWith("correction", ("deterioration",)),
        }
    )
    correction: Literal[
        "speed", "load", "altitude", "temperature", "humidity", "heat-humidity", "sulphur",
        "deterioration",
    ]  # fmt: skip
    vehicle_group: Annotated[
        str, listed(("", *CLIMATE_COLUMNS, *DETERIORATION_GROUPS.values(), "other"))
    ] = ""
    fuel: Annotated[str, listed(GUIDE_FUELS)]
    standard: Annotated[str, listed(("", *STANDARDS))] = ""
    pollutant: Literal["CO", "HC", "NOx", "PM2.5", "PM10"]
    point: Annotated[Number | None, Field(ge=0.0, le=1.0)] = None
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    year: CalendarYear | None = None

    @model_validator(mode="after")
    def _has_one_end_each(self) -> Self:
        if self.at_least is not None and self.above is not None:
            raise CellError("above", message("at_least and above exclude one another"))
        if self.below is not None and self.at_most is not None:
            raise CellError("at_most", message("below and at_most exclude one another"))
        if not self.begin < self.end:
            column = "below" if self.at_most is None else "at_most"
            raise CellError(column, message("a band ends above where it begins"))
        return self

    @property
    def begin(self) -> float:
        """Least condition for which the band holds."""
        if self.above is not None:
            return just_above(self.above)
        return -math.inf if self.at_least is None else self.at_least

    @property
    def end(self) -> float:
        """Least condition above the band."""
        if self.at_most is not None:
            return just_above(self.at_most)
        return math.inf if self.below is None else self.below


Rows = Sequence[CorrectionRow]
CorrectionKey = tuple[str, str, str, str]
"""Vehicle group, fuel, standard and pollutant; blank where a correction does not depend on one."""


@dataclass(frozen=True)
class Conditions:
    """What the corrections depend on, the sample axis last.

    Attributes
    ----------
    temperature, humidity
        Of each period of the year [degC], [1], dims (period, sample).
    altitude, load
        [m], mean load of diesel trucks [1], dims (sample,).
    share, speed
        Share of the kilometres on a road [1] and speed there [km/h], of all who drive alike, dims
        (pattern, road, sample).
    gasoline_sulphur, diesel_sulphur
        [ppm], dims (sample,).
    """

    temperature: Array
    humidity: Array
    altitude: Array
    share: Array
    speed: Array
    load: Array
    gasoline_sulphur: Array
    diesel_sulphur: Array

    @property
    def mean_speed(self) -> Array:
        """Kilometres per hour of driving [km/h], dims (pattern, sample)."""
        return np.asarray(1.0 / ordered_sum(np.moveaxis(self.share / self.speed, 1, 0)))

    def sulphur(self, fuel: str) -> Array:
        """Return the sulphur of a fuel [ppm], dims (sample,)."""
        return self.gasoline_sulphur if fuel == "gasoline" else self.diesel_sulphur


@dataclass(frozen=True)
class PrintedCorrections:
    """The correction table, grouped by its text keys for quick look-up."""

    table: QuantityTable[QuantityRow]
    rows: Mapping[tuple[str, CorrectionKey], Rows]

    def of(self, kind: str, key: CorrectionKey) -> Rows:
        """Return the rows of some keys, possibly none.

        Parameters
        ----------
        kind
            Name of the correction, for instance ``speed``.
        key
            Keys of the rows.

        Returns
        -------
        sequence of CorrectionRow
            In the order of the table.
        """
        return self.rows.get((kind, key), ())

    def required(self, kind: str, key: CorrectionKey) -> Rows:
        """Return the rows of some keys as :meth:`of`; none is a problem."""
        rows = self.of(kind, key)
        if not rows:
            _, fuel, standard, pollutant = key
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

    def numbers(self, rows: Iterable[CorrectionRow | None], otherwise: int = ONE) -> Numbers:
        """Return the numbers of some rows, dims (row,) [1].

        Parameters
        ----------
        rows
            Rows of the table.
        otherwise
            Slot that stands for a row that is None.

        Returns
        -------
        Numbers
            One for each row.
        """
        none = constant(otherwise)
        taken = [none if row is None else self.table.taken(row, "1") for row in rows]
        slots = [int(one.slot) for one in taken]
        factors = [float(one.factor) for one in taken]
        return Numbers(np.array(slots, dtype=np.int64), np.array(factors, dtype=float))


BANDED = ("speed", "altitude", "temperature", "humidity", "heat-humidity", "sulphur")
"""Corrections printed for bands; those of the load are printed for points."""


def group_corrections(table: QuantityTable[QuantityRow]) -> PrintedCorrections:
    """Group the rows of the correction table by their text keys."""
    rows: dict[tuple[str, CorrectionKey], list[CorrectionRow]] = defaultdict(list)
    for r in table.rows:
        if isinstance(r, CorrectionRow):
            rows[r.correction, (r.vehicle_group, r.fuel, r.standard, r.pollutant)].append(r)
    for (kind, _), of in rows.items():
        if kind in BANDED:
            _check_bands(table, of)
    return PrintedCorrections(table, rows)


def _check_bands(table: QuantityTable[QuantityRow], rows: Rows) -> None:
    """Note bands of the same keys that leave a gap or overlap: one of them holds everywhere."""
    ordered = sorted(rows, key=lambda row: row.begin)
    for lower, upper in pairwise(ordered):
        if lower.end != upper.begin:
            _note_bands(table, upper, lower.end, overlap=lower.end > upper.begin)
    if ordered[0].begin != -math.inf:
        _note_bands(table, ordered[0], -math.inf)
    if ordered[-1].end != math.inf:
        _note_bands(table, ordered[-1], ordered[-1].end)


def _note_bands(
    table: QuantityTable[QuantityRow], row: CorrectionRow, at: float, overlap: bool = False
) -> None:
    words = {
        "kind": row.correction,
        "fuel": row.fuel,
        "pollutant": row.pollutant,
        "at": "-" if math.isinf(at) else f"{at:g}",
    }
    said = (
        message("bands of '{kind}' for {fuel} {pollutant} overlap below {at}.", **words)
        if overlap
        else message("bands of '{kind}' for {fuel} {pollutant} leave a gap at {at}.", **words)
    )
    ends = ("below", "at_most") if at == row.end else ("at_least", "above")
    column = next((name for name in ends if getattr(row, name) is not None), ends[0])
    table.problems.add(
        row.place.cell(column),
        said,
        fix=message(
            "Let each band begin where the one before it ends: at_least after below, above after "
            "at_most; the first and the last are open."
        ),
    )


def band_weights(edges: Array, x: Array) -> Array:
    """Return 1 for the band that holds a condition and 0 for all others.

    Parameters
    ----------
    edges
        Where each band but the first begins, ascending, dims (edge,); an edge belongs to the band
        above it.
    x
        Condition, any shape.

    Returns
    -------
    Array
        Dims (edge + 1, *shape of the condition).
    """
    bands = np.arange(len(edges) + 1).reshape(-1, *(1,) * x.ndim)
    return np.asarray((np.searchsorted(edges, x, side="right") == bands).astype(float))


def line_weights(points: Array, x: Array) -> Array:
    """Return the weights of straight lines between points, constant beyond their ends.

    Parameters
    ----------
    points
        Where values are known, ascending, dims (point,).
    x
        Condition, dims (sample,).

    Returns
    -------
    Array
        Dims (point, sample): two weights of each sample differ from 0, and they add up to 1.
    """
    if len(points) == 1:
        return np.ones((1, len(x)))
    left = np.clip(np.searchsorted(points, x, side="right") - 1, 0, len(points) - 2)
    share = np.clip((x - points[left]) / (points[left + 1] - points[left]), 0.0, 1.0)
    at = np.arange(len(points))[:, None]
    return np.asarray((at == left) * (1.0 - share) + (at == left + 1) * share)


def weighted(weights: Array, values: Array) -> Array:
    """Return the sum over bands or points of weight x value, dims (key, ..., sample).

    Parameters
    ----------
    weights
        Dims (band, ..., sample).
    values
        Dims (band, key, ..., sample).

    Returns
    -------
    Array
        In the unit of the values.
    """
    return ordered_sum(w * v for w, v in zip(weights, values, strict=True))


@dataclass(frozen=True)
class Bands:
    """Corrections that hold between edges of a condition.

    Attributes
    ----------
    edges
        As in :func:`band_weights`.
    value
        Correction [1], dims (edge + 1, key).
    """

    edges: Array
    value: Numbers

    def __call__(self, theta: Array, x: Array) -> Array:
        """Return the correction of each key at a condition [1], dims (key, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        x
            Condition, dims (sample,).

        Returns
        -------
        Array
            1 outside all bands that are printed.
        """
        return weighted(band_weights(self.edges, x), self.value(theta))


def declare_bands(
    printed: PrintedCorrections, rows: Sequence[Rows], edges: Iterable[float] = ()
) -> Bands:
    """Declare corrections that hold between edges of a condition.

    Parameters
    ----------
    printed
        Takes the numbers.
    rows
        Rows of each key, possibly none.
    edges
        Further places where a band has to begin.

    Returns
    -------
    Bands
        On the edges of all keys together.
    """
    begins = {*edges, *(x for of in rows for row in of for x in (row.begin, row.end))}
    lowest = [-math.inf, *sorted(x for x in begins if math.isfinite(x))]
    chosen = [[next((r for r in of if r.begin <= x < r.end), None) for of in rows] for x in lowest]
    return Bands(np.array(lowest[1:]), stack([printed.numbers(band) for band in chosen]))


def just_above(x: float) -> float:
    """Return the next number above: a band that begins there does not hold ``x`` itself."""
    return math.nextafter(x, math.inf)


@dataclass(frozen=True)
class Lines:
    """Corrections on straight lines between printed points of a condition.

    Attributes
    ----------
    parts
        Points, dims (point,), and corrections [1], dims (point, key), of all keys that are printed
        for the same points.
    order
        Position of each key when those of all parts are put behind one another.
    """

    parts: tuple[tuple[Array, Numbers], ...]
    order: Index

    def __call__(self, theta: Array, x: Array) -> Array:
        """Return the correction of each key at a condition [1], dims (key, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        x
            Condition, dims (sample,).

        Returns
        -------
        Array
            Constant beyond the first and the last point.
        """
        rows = [weighted(line_weights(at, x), value(theta)) for at, value in self.parts]
        return np.concatenate([np.empty((0, theta.shape[1])), *rows])[self.order]


def declare_lines(printed: PrintedCorrections, rows: Sequence[Rows]) -> Lines:
    """Declare corrections on straight lines between points.

    Parameters
    ----------
    printed
        Takes the numbers.
    rows
        Rows of each key; those without a point are none of this kind.

    Returns
    -------
    Lines
        NaN for a key without any point.
    """
    same: dict[tuple[float, ...], list[int]] = defaultdict(list)
    ordered = [sorted((r.point, r) for r in of if r.point is not None) for of in rows]
    for key, of in enumerate(ordered):
        same[tuple(point for point, _ in of)].append(key)
    parts = [
        (
            np.array(points),
            stack([printed.numbers(ordered[k][i][1] for k in keys) for i in range(len(points))]),
        )
        if points
        else (np.zeros(1), constant(MISSING, 1, len(keys)))
        for points, keys in same.items()
    ]
    order = np.argsort([k for keys in same.values() for k in keys])
    return Lines(tuple(parts), order)


@dataclass(frozen=True)
class Climate:
    """Altitude x mean over the year of temperature x humidity correction.

    Attributes
    ----------
    temperature, humidity, heat_humidity, altitude
        Corrections of the same keys; both of humidity have the same edges.
    hot
        Whether ``heat_humidity`` comes on top of ``humidity`` in each band of the temperature.

    References
    ----------
    .. [1] MEP 2014 on-road guide, section on corrections of base factors.
    """

    temperature: Bands
    humidity: Bands
    heat_humidity: Bands
    altitude: Bands
    hot: tuple[bool, ...]

    def __call__(self, theta: Array, conditions: Conditions) -> Array:
        """Return the correction of each key [1], dims (key, sample).

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        conditions
            Temperature and humidity of each period of the year, altitude.

        Returns
        -------
        Array
            Product [1].
        """
        warmth = band_weights(self.temperature.edges, conditions.temperature)
        damp = band_weights(self.humidity.edges, conditions.humidity)
        humidity = self.humidity.value(theta)
        dry_or_wet = (humidity, humidity * self.heat_humidity.value(theta))
        # Periods are counted in whole numbers, which add up exactly in any order.
        year = ordered_sum(
            value * weighted((band * damp).sum(axis=1), dry_or_wet[hot])
            for band, hot, value in zip(
                warmth, self.hot, self.temperature.value(theta), strict=True
            )
        )
        return np.asarray(
            self.altitude(theta, conditions.altitude) * year / len(conditions.humidity)
        )


def climate_key(vehicle: Vehicle, pollutant: str) -> CorrectionKey:
    """Return the keys of a vehicle's climate corrections: one column for all pollutants."""
    group = CLIMATE_GROUPS[vehicle.fuel].get(vehicle.vehicle_class, "heavy")
    return group, vehicle.fuel, "", pollutant


def declare_climate(printed: PrintedCorrections, keys: Sequence[CorrectionKey]) -> Climate:
    """Declare the climate correction of some keys.

    Parameters
    ----------
    printed
        Takes the numbers.
    keys
        As :func:`climate_key` gives them.

    Returns
    -------
    Climate
        Without correction where the guide prints none.
    """
    temperature, humidity, heat, altitude = (
        [printed.of(kind, key) for key in keys]
        for kind in ("temperature", "humidity", "heat-humidity", "altitude")
    )
    warm = declare_bands(printed, temperature, edges=(just_above(HEAT_THRESHOLD),))
    edges = {x for of in (*humidity, *heat) for row in of for x in (row.begin, row.end)}
    return Climate(
        warm,
        declare_bands(printed, humidity, edges),
        declare_bands(printed, heat, edges),
        declare_bands(printed, altitude),
        (False, *(bool(edge > HEAT_THRESHOLD) for edge in warm.edges)),
    )


@dataclass(frozen=True)
class Corrections:
    """Corrections of exhaust factors, each looked up once for all vehicles that share it.

    Attributes
    ----------
    sulphur
        Bands of each fuel, whose keys put behind one another are those of ``speed``.
    speed
        Bands of fuel, standard and pollutant.
    load
        Lines of each pollutant of diesel trucks.
    climate
        Of vehicle group, fuel and pollutant.
    pattern_of
        Position of each vehicle among the patterns of driving, dims (vehicle,).
    fuel_of, load_of, climate_of
        Position of each vehicle and pollutant among the keys of ``speed``, ``load`` and
        ``climate``, dims (vehicle, pollutant); -1 where there is no such correction.
    """

    sulphur: Mapping[str, Bands]
    speed: Bands
    load: Lines
    climate: Climate
    pattern_of: Index
    fuel_of: Index
    load_of: Index
    climate_of: Index

    def __call__(self, theta: Array, conditions: Conditions) -> Array:
        """Return the product of all corrections but the deterioration [1].

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        conditions
            Speed, load, sulphur, weather and altitude.

        Returns
        -------
        Array
            Dims (vehicle, pollutant, sample).

        References
        ----------
        .. [1] MEP 2014 on-road guide, section on corrections of base factors.
        """
        sulphur = [bands(theta, conditions.sulphur(f)) for f, bands in self.sulphur.items()]
        of_fuel = np.concatenate(sulphur)[:, None] * self._of_speed(theta, conditions)
        load = self.load(theta, conditions.load)
        climate = self.climate(theta, conditions)
        return np.asarray(
            _or_one(of_fuel)[self.fuel_of, self.pattern_of[:, None]]
            * _or_one(load)[self.load_of]
            * _or_one(climate)[self.climate_of]
        )

    def _of_speed(self, theta: Array, conditions: Conditions) -> Array:
        """Return the mean correction over the roads [1], dims (key, pattern, sample)."""
        held = band_weights(self.speed.edges, conditions.speed) * conditions.share
        driven = ordered_sum(np.moveaxis(held, 2, 0))
        return weighted(driven[:, None], self.speed.value(theta)[:, :, None])


def _or_one(values: Array) -> Array:
    """Return the values with ones at position -1: no correction."""
    return np.concatenate([values, np.ones((1, *values.shape[1:]))])


def declare_corrections(
    printed: PrintedCorrections,
    vehicles: Sequence[Vehicle],
    pollutants: Sequence[str],
    patterns: Sequence[int] | None = None,
) -> Corrections:
    """Declare the corrections of exhaust factors.

    China VI is the corrected China V factor times a ratio, so it takes the rows of China V. Fuels
    other than petrol and diesel have no corrections in the guide.

    Parameters
    ----------
    printed
        The guide's corrections; its problems receives what is missing.
    vehicles
        At least one of petrol or diesel.
    pollutants
        Names in the guide.
    patterns
        Position of each vehicle among the patterns of driving; all are the first if None.

    Returns
    -------
    Corrections
        Dims (vehicle, pollutant).
    """
    pairs = [(v, p) for v in vehicles for p in pollutants]
    of_fuel = {(v, p): ("", v.fuel, v.printed, p) for v, p in pairs if v.fuel in CORRECTED_FUELS}
    of_climate = {(v, p): climate_key(v, p) for v, p in of_fuel}
    of_load = {(v, p): ("", "diesel", "", p) for v, p in of_fuel if _is_diesel_truck(v)}
    by_fuel = {
        fuel: list(dict.fromkeys(key for key in of_fuel.values() if key[1] == fuel))
        for fuel in CORRECTED_FUELS
    }
    keys = [key for same in by_fuel.values() for key in same]
    load, climate = (list(dict.fromkeys(of.values())) for of in (of_load, of_climate))

    def positions(
        known: Sequence[CorrectionKey], of: Mapping[tuple[Vehicle, str], CorrectionKey]
    ) -> Index:
        at = {key: i for i, key in enumerate(known)}
        found = [at[of[pair]] if pair in of else -1 for pair in pairs]
        return np.array(found, dtype=np.int64).reshape(len(vehicles), len(pollutants))

    return Corrections(
        {
            fuel: declare_bands(printed, [printed.required("sulphur", key) for key in same])
            for fuel, same in by_fuel.items()
        },
        load=declare_lines(printed, [printed.required("load", key) for key in load]),
        speed=declare_bands(printed, [printed.required("speed", key) for key in keys]),
        climate=declare_climate(printed, climate),
        pattern_of=np.array(patterns or [0] * len(vehicles), dtype=np.int64),
        fuel_of=positions(keys, of_fuel),
        load_of=positions(load, of_load),
        climate_of=positions(climate, of_climate),
    )


def _is_diesel_truck(vehicle: Vehicle) -> bool:
    return vehicle.fuel == "diesel" and vehicle.vehicle_class.endswith("truck")


def declare_deterioration(
    printed: PrintedCorrections,
    vehicles: Sequence[Vehicle],
    pollutants: Sequence[str],
    years: Sequence[int],
) -> Numbers:
    """Declare the deterioration of petrol vehicles [1], dims (vehicle, pollutant, year).

    The guide prints it for CO, HC and NOx and up to its last inventory year, which also holds for
    all years after it; the first one holds for all years before.

    Parameters
    ----------
    printed
        The guide's corrections; its problems receives what is missing.
    vehicles
        Class, fuel and standard.
    pollutants
        Names in the guide.
    years
        Years of the inventory.

    Returns
    -------
    Numbers
        1 where the guide prints none.

    References
    ----------
    .. [1] MEP 2014 on-road guide, section on corrections of base factors.
    """
    result = constant(ONE, len(vehicles), len(pollutants), len(years))
    worn: dict[CorrectionKey, list[tuple[int, int]]] = defaultdict(list)
    for v, vehicle in enumerate(vehicles):
        for p, pollutant in enumerate(pollutants):
            if vehicle.fuel == "gasoline" and pollutant in DETERIORATING:
                group = DETERIORATION_GROUPS.get(vehicle.vehicle_class, "other")
                worn[group, "gasoline", vehicle.printed, pollutant].append((v, p))
    for key, pairs in worn.items():
        rows = sorted(printed.required("deterioration", key), key=lambda r: r.year or 0)
        if rows:
            numbers = printed.numbers(_of_year(rows, year) for year in years)
            for pair in pairs:
                result.slot[pair], result.factor[pair] = numbers.slot, numbers.factor
    return result


def _of_year(rows: Rows, year: int) -> CorrectionRow:
    """Return the row of the latest printed year that has passed, or else the first."""
    return next((r for r in reversed(rows) if (r.year or 0) <= year), rows[0])
