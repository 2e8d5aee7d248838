"""A small region with every table that an indicator may ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.alerts import DailyCuts
from lantian.core.areas import Areas
from lantian.core.projection import Projection
from lantian.core.system import Array, Sources, States
from lantian.errors import Place, Problems
from lantian.indicators import find
from lantian.indicators.available import GivenTables
from lantian.indicators.composite_rank import PlaceRow
from lantian.indicators.contract import (
    Asked,
    Context,
    Declared,
    Indicator,
    R,
    Subject,
    Surroundings,
)
from lantian.indicators.dustfall_month import MonthRow
from lantian.indicators.energy_balance import EnergyUseRow
from lantian.indicators.receptors import TransferNumber
from lantian.indicators.selection import PlaceOf, Selection
from lantian.indicators.tables import AirRow, GridRow, ResponseRow, TopdownRow
from lantian.indicators.townships import TownshipRow
from lantian.inventory.conversions import ConversionRow
from lantian.inventory.layers import find_layers
from lantian.inventory.region import DriverRow
from lantian.parameters import QuantityRow, QuantityTable, Space
from lantian.standards.tables import Standard, StandardId, read_standards
from lantian.vocabulary import ALERT_LEVELS, GROUPS, POLLUTANTS

ROOT = Path(__file__).parents[2]
YEARS, BASE_YEAR = (2015, 2017, 2018, 2019, 2020), 2017
SOURCES = Sources(
    ("car", "road-trunk", "kiln", "canteen", "stove", "field", "truck"),
    ("on-road", "dust", "industry", "catering", "coal-gas", "ammonia", "on-road"),
    ("vehicle", "m2", "t", "outlet", "t", "ha", "vehicle"),
    (*GROUPS, "mobile"),
)
"""One per group of the response, and a second mobile one at the end."""
STATES = States(
    np.array([0, 0, 2, 4, 6, 6]),
    ("gasoline", "battery", "coal", "coal", "diesel", "battery"),
    ((), (), ("filter",), (), ("dpf",), ()),
)
"""Cars of two kinds, a kiln, a stove, lorries of two kinds."""
AREAS = Areas(("north", "south"), np.array([np.linspace(0.1, 0.9, 7), np.linspace(0.9, 0.1, 7)]))
GDP = {2015: 60e9, 2017: 75e9, 2020: 100e9}
"""Product of the small region [yuan]."""
CUTS = DailyCuts(
    ALERT_LEVELS,
    ("SO2", "NOx", "PM10", "VOC"),
    1,
    np.linspace(0.05, 0.2, len(SOURCES)),
    np.outer([0.1, 0.3, 0.5], np.linspace(1.0, 0.4, len(SOURCES))),
    np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 4 / 3], [1.0, 1.0, 0.0, 1.5]]),
)
"""Half as much is asked of VOC at the higher levels, and nothing of particles at the highest."""
ALONE = Surroundings(in_step=False)
TRANSFER = {("school", "car", "NOx"): 0.02, ("school", "kiln", "TSP"): 0.01,
            ("town", "kiln", "TSP"): 0.03}  # fmt: skip
BACKGROUND = {"school": 10.0, "town": 8.0}


def row(model: type[QuantityRow], value: float, unit: str, **keys: Any) -> Any:
    """A row with a range of a fifth either way, at a place of its own."""
    ends = sorted((0.8 * value, 1.2 * value))
    given = {"value": value, "unit": unit, "low": ends[0], "high": ends[1], **keys}
    made = model.model_validate({**given, "basis": "assumed", "source_key": "test"})
    return made.at(Place(f"{model.__name__}.csv", 2))


def rows_of(table: str) -> list[Any]:
    """The rows of a table of the small region; air and response are Tongzhou's."""
    if table == "drivers":
        power = {2015: 1.0, 2017: 1.1, 2020: 1.3}
        return [
            *(row(DriverRow, v, "yuan", driver="gdp", year=y) for y, v in GDP.items()),
            *(row(DriverRow, v, "1", driver="power-use", year=y) for y, v in power.items()),
            *(row(DriverRow, v, "1", driver="gas-use", year=y) for y, v in power.items()),
        ]
    if table == "transfer":
        keys = [
            {"receptor": r, "source": s, "pollutant": p, "value": v, "unit": "ug/m3/(t/a)"}
            for (r, s, p), v in TRANSFER.items()
        ] + [
            {"receptor": r, "source": "", "pollutant": "", "value": v, "unit": "ug/m3"}
            for r, v in BACKGROUND.items()
        ]
        return [row(TransferNumber, k.pop("value"), k.pop("unit"), **k) for k in keys]  # type: ignore[arg-type]
    models = {
        "dustfall_months": MonthRow,
        "air": AirRow,
        "response": ResponseRow,
        "topdown": TopdownRow,
    }
    if table == "other_places":
        places = {"a": 5.0, "b": 6.0, "c": 9.0}
        return [
            row(PlaceRow, v, "1", place_name=n, year=y) for n, v in places.items() for y in YEARS
        ]
    if table == "conversions":
        freight = {"source": "truck", "counted_in": "t*km"}
        return [
            row(ConversionRow, 5e5, "t*km/vehicle", **freight),
            row(ConversionRow, 2e5, "t*km/vehicle", technology="battery", **freight),
        ]
    if table == "energy_use":
        return [
            row(EnergyUseRow, 5e9, "kWh", parameter="consumption"),
            row(EnergyUseRow, 2e3, "kWh/vehicle", parameter="draws", source="car",
                technology="battery"),
            row(EnergyUseRow, 5e2, "kWh/t", parameter="supplies", source="kiln"),
            row(EnergyUseRow, 5e8, "m3", parameter="consumption", carrier="gas"),
            row(EnergyUseRow, 90.0, "m3/t", parameter="draws", source="kiln", carrier="gas"),
            row(EnergyUseRow, 0.7, "t/vehicle", parameter="draws", source="car", carrier="oil"),
            row(EnergyUseRow, 0.1, "t/t", parameter="draws", source="stove", carrier="biomass"),
            row(EnergyUseRow, 0.9, "t/t", parameter="draws", source="stove", carrier="coal"),
            row(EnergyUseRow, 2.0, "GJ/t", parameter="supplies", source="kiln", carrier="heat"),
            row(EnergyUseRow, 36.0, "MJ/m3", parameter="content", carrier="gas"),
            row(EnergyUseRow, 43.0, "GJ/t", parameter="content", carrier="oil"),
            row(EnergyUseRow, 21.0, "GJ/t", parameter="content", carrier="coal"),
            row(EnergyUseRow, 15.0, "GJ/t", parameter="content", carrier="biomass"),
            row(EnergyUseRow, 8.8, "MJ/kWh", parameter="primary"),
            row(EnergyUseRow, 0.3, "1", parameter="non-fossil"),
        ]  # fmt: skip
    if table == "grid_factors":
        return [row(GridRow, v, "kg/kWh", year=y) for y, v in ((2015, 0.8), (2020, 0.5))]
    if table == "daily":
        return []  # which has no numbers with a range
    if table == "townships":
        return list(TOWNSHIPS)
    return list(_of_tongzhou(table, models[table]))


@cache
def _of_tongzhou(table: str, model: type[QuantityRow]) -> tuple[QuantityRow, ...]:
    problems = Problems()
    layers = find_layers(ROOT / "inputs", "tongzhou", ROOT, problems, Space())
    found = layers.read(table, model).rows
    problems.stop_if_any()
    return tuple(found)


@cache
def _days_of_tongzhou(table: str, model: type[R]) -> tuple[R, ...]:
    found = find_layers(ROOT / "inputs", "tongzhou", ROOT, Problems(), Space())
    return tuple(found.rows(table, model))


@cache
def _standards() -> Mapping[StandardId, Standard]:
    problems = Problems()
    found = read_standards(ROOT / "inputs", ROOT, problems)
    problems.stop_if_any()
    return found


TOWNSHIPS = [
    row(TownshipRow, 60, "ug/m3", parameter="pm25", township="a", group="g1", year=BASE_YEAR),
    row(TownshipRow, 70, "ug/m3", parameter="pm25", township="b", group="g2", year=BASE_YEAR),
    row(TownshipRow, 6, "t/(km2*month)", parameter="dustfall", township="a", year=BASE_YEAR),
    row(TownshipRow, 8, "t/(km2*month)", parameter="dustfall", township="b", year=BASE_YEAR),
    row(TownshipRow, 0, "ug/m3", parameter="allowance", group="g1"),
    row(TownshipRow, 3, "ug/m3", parameter="allowance", group="g2"),
    row(TownshipRow, 1.2, "1", parameter="kernel", township="a", source_group="dust"),
    row(TownshipRow, 0.8, "1", parameter="kernel", township="b", source_group="dust"),
]
"""Two townships in two groups; dust acts more in the first."""
TABLES = (
    "air",
    "response",
    "drivers",
    "transfer",
    "daily",
    "other_places",
    "dustfall_months",
    "townships",
    "conversions",
    "energy_use",
    "grid_factors",
)
COAL = Selection(sources=("kiln", "stove"), technologies=("coal",))
ELECTRIC = Selection(sectors=("on-road",), technologies=("batt*",))
FREIGHT = Selection(sources=("truck",))
GDP_ALONE = Selection(driver="gdp")
ASKED = {
    "activity": (Subject(activity=COAL, unit="kt"), Subject(activity=FREIGHT, unit="t*km")),
    "activity-share": (
        Subject(activity=ELECTRIC),
        Subject(activity=ELECTRIC, areas=("north",)),
        Subject(
            activity=Selection(driver="gdp", less=Selection(driver="gdp")),
            of=Selection(driver="gdp"),
        ),
    ),
    "activity-ratio": (
        Subject(activity=COAL, per=Selection(driver="gdp"), unit="t/wan_yuan"),
        Subject(activity=FREIGHT, per=Selection(sources=("car",)), unit="t*km/vehicle"),
    ),
}
"""What targets on activity ask for, by indicator."""


class Given(GivenTables):
    """Those tables, and the days of Tongzhou beside them."""

    def rows(self, name: str, row: type[R]) -> list[R]:
        return list(_days_of_tongzhou(name, row)) if name in self.tables else []


def context(
    tables: dict[str, Sequence[QuantityRow]] | None = None, years: tuple[int, ...] = YEARS
) -> Context:
    """What an indicator declares itself from; all tables unless some are given, and an alert."""
    problems, space = Problems(), Space()
    given = {name: rows_of(name) for name in TABLES} if tables is None else tables
    known = {
        name: QuantityTable(f"{name}.csv", rows, problems, space) for name, rows in given.items()
    }
    places, standards = Given(known), dict(_standards())
    asking = ASKED if tables is None else {}
    asked = {name: [Asked(s, place_of(name)) for s in own] for name, own in asking.items()}
    return Context(
        years,
        BASE_YEAR,
        SOURCES,
        AREAS,
        places,
        space,
        problems,
        ALONE,
        standards,
        alert=CUTS if tables is None else None,
        states=STATES,
        asked=asked,
    )


def place_of(name: str) -> PlaceOf:
    """Where a target on an indicator stands, as if it were a file of its own."""
    return lambda *path: Place("plan.yaml", 1, path=".".join([name, *map(str, path)]))


def declared(indicator: Indicator, at: Context) -> Declared:
    """What an indicator declares, without a fault."""
    found = indicator.declare(at)
    at.problems.stop_if_any()
    assert found is not None
    return found


def subjects(indicator: Indicator, own: Declared) -> list[Subject]:
    """As much as a target may be about: every choice, whole and in parts where it takes parts."""
    if indicator.id in ASKED:
        return list(ASKED[indicator.id])
    found = [Subject()]
    for key in indicator.needs:
        found = [replace(s, **{key: c}) for s in found for c in own.choices[key]]
    if "sectors" in indicator.takes:
        found.append(replace(found[0], sectors=("on-road", "dust")))
    if "areas" in indicator.takes:
        found.append(replace(found[0], areas=("north",)))
    return found


def drawn(space: Space, columns: int, seed: int) -> Array:
    """Numbers anywhere in their ranges, dims (slot, column)."""
    low, high = space.ends()
    return low + (high - low) * np.random.default_rng(seed).random((len(space), columns))


def projected(columns: int, seed: int, years: tuple[int, ...] = YEARS) -> Projection:
    """A case with emissions of every pollutant, and with activity of every state."""
    random = np.random.default_rng(seed)
    shape = (len(SOURCES), len(POLLUTANTS), len(years), columns)
    return Projection(
        years,
        random.uniform(50.0, 150.0, shape),
        random.uniform(1.0, 2.0, (len(STATES), *shape[2:])),
    )


def columns_of(case: Projection, own: slice) -> Projection:
    return Projection(case.years, case.emission[..., own], case.activity[..., own])


def pm25() -> Indicator:
    return find("pm25")
