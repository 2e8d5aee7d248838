"""Freight by mode: what a tonne emits on each way, by hand, and what is missing is told."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    of_region,
    read,
    sectors,
)
from lantian.errors import Problems
from lantian.inventory.contract import Elsewhere, ParameterRow, SectorInputs
from lantian.inventory.dust_equations import PARTICLES, TABLE, EquationRow
from lantian.inventory.hauls import HAULS, HaulRow, mode_of
from lantian.inventory.sectors.freight import (
    EMITTED,
    MODES,
    SERVICES,
    TRUCKS,
    CarriedRow,
    elsewhere,
    truck_kilometres,
)
from lantian.inventory.sectors.on_road import SECTOR as ON_ROAD
from lantian.inventory.sectors.on_road.fleet import declare_fleet, declare_remaining
from lantian.inventory.sectors.on_road.vehicles import FLEETS
from lantian.inventory.tabulated import FactorRow

SECTOR = sectors()["freight"]
SILT, WEIGHT, WET_DAYS = 0.6, 31.0, 70.0
K = {"PM2.5": 0.15, "PM10": 0.62, "TSP": 3.23}


def hauls(source: str, unit: str, *less: tuple[str, str]) -> list[HaulRow]:
    """60 km of road with 30 units a truck, half of it loaded; 80 km of rail; 10 t a container."""
    given = {
        ("road", "distance"): (60.0, "km"),
        ("road", "load"): (30.0 if unit == "t" else 2.0, f"{unit}/vehicle"),
        ("road", "loaded-share"): (0.5, "1"),
        ("road", "weight"): (WEIGHT, "t"),
        ("road", "silt"): (SILT, "g/m2"),
        ("rail", "distance"): (80.0, "km"),
        ("rail", "mass"): (10.0, "t/TEU"),
    }
    return [
        number(HaulRow, value, own, source=source, mode=mode, parameter=parameter)
        for (mode, parameter), (value, own) in given.items()
        if (mode, parameter) not in less
    ]


def carried(technology: str, unit: str, **values: float) -> list[CarriedRow]:
    every = dict.fromkeys(EMITTED, 0.0) | values
    return [
        number(CarriedRow, v, unit, technology=technology, pollutant=p) for p, v in every.items()
    ]


def one_way(
    source: str, technology: str, unit: str, amount: float, hauled: Sequence[HaulRow]
) -> SectorInputs:
    """Freight of one source by one technology: a truck with 4 g of NOx, 0.1 g of PM2.5 and rail
    with 0.15 g of NOx."""
    return inputs_of(
        SECTOR,
        activity(source, technology, unit, amount, amount),
        {
            TRUCKS: carried("road-diesel-VI", "g/(vehicle*km)", NOx=4.0, **{"PM2.5": 0.1}),
            MODES: carried("rail-diesel", "g/(t*km)", NOx=0.15),
            SERVICES: [
                number(FactorRow, 11.0 if p == "NOx" else 0.0, "g/kWh", source="ship-berth",
                       technology="auxiliary-engine", pollutant=p)
                for p in EMITTED
            ],
            TABLE: read(ROOT / "inputs" / "factors", TABLE, EquationRow, Problems()),
        },
        {HAULS: hauled},
        [number(ParameterRow, WET_DAYS, "day", parameter="wet-days")],
    )  # fmt: skip


def emitted(given: SectorInputs, pollutant: str) -> float:
    block = at_central(SECTOR, given)
    assert not given.problems.found
    return emission(block, pollutant, 2017)  # type: ignore[arg-type]


def test_a_tonne_on_the_road_by_hand() -> None:
    # 60 km / (30 t * 0.5) = 4 vehicle km a tonne; 4 g -> 16 g; 10^6 t -> 16 t
    given = one_way("freight-works", "road-diesel-VI", "t", 1e6, hauls("freight-works", "t"))
    assert emitted(given, "NOx") == pytest.approx(16.0)


def test_trucks_raise_dust_beside_their_exhaust() -> None:
    given = one_way("freight-works", "road-diesel-VI", "t", 1e6, hauls("freight-works", "t"))
    short_tons = WEIGHT / 0.90718474
    road = SILT**0.91 * short_tons**1.02 * (1 - WET_DAYS / 1460)  # AP-42 13.2.1 of 2011
    raised = {p: k * road for p, k in K.items()}
    assert emitted(given, "PM2.5") == pytest.approx(4.0 * (0.1 + raised["PM2.5"]))
    assert emitted(given, "TSP") == pytest.approx(4.0 * raised["TSP"])


def test_a_tonne_on_rail_by_hand() -> None:
    # 80 km * 0.15 g = 12 g a tonne; 10^6 t -> 12 t, and no dust
    given = one_way("freight-works", "rail-diesel", "t", 1e6, hauls("freight-works", "t"))
    assert emitted(given, "NOx") == pytest.approx(12.0)
    assert emitted(given, "PM10") == 0.0


def test_containers_by_hand() -> None:
    # road: 60 km / (2 TEU * 0.5) = 60 vehicle km; 4 g -> 240 g; 10^4 TEU -> 2.4 t
    road = one_way(
        "freight-containers", "road-diesel-VI", "TEU", 1e4, hauls("freight-containers", "TEU")
    )
    assert emitted(road, "NOx") == pytest.approx(2.4)
    # rail: 10 t * 80 km * 0.15 g = 120 g; 10^4 TEU (a wan_TEU) -> 1.2 t
    rail = one_way(
        "freight-containers", "rail-diesel", "wan_TEU", 1.0, hauls("freight-containers", "TEU")
    )
    assert emitted(rail, "NOx") == pytest.approx(1.2)


def test_a_ship_at_berth_by_hand() -> None:
    # 2 GWh * 11 g/kWh = 22 t
    given = one_way("ship-berth", "auxiliary-engine", "kWh", 2e6, hauls("freight-works", "t"))
    assert emitted(given, "NOx") == pytest.approx(22.0)


@pytest.mark.parametrize(
    ("source", "technology", "unit", "lacks"),
    [
        ("freight-works", "road-diesel-VI", "t", ("road", "load")),
        ("freight-works", "road-diesel-VI", "t", ("road", "silt")),
        ("freight-works", "rail-diesel", "t", ("rail", "distance")),
        ("freight-containers", "rail-diesel", "TEU", ("rail", "mass")),
    ],
)
def test_what_a_way_lacks_is_a_problem(
    source: str, technology: str, unit: str, lacks: tuple[str, str]
) -> None:
    given = one_way(source, technology, unit, 1.0, hauls(source, unit, lacks))
    SECTOR.declare(given)
    assert any(lacks[1] in str(problem) for problem in given.problems.found)


def held_by_the_fleet(share: float, tonnes: float) -> SectorInputs:
    own = number(HaulRow, share, "1", source="freight-works", mode="road",
                 parameter="in-heavy-truck")  # fmt: skip
    return one_way(
        "freight-works", "road-diesel-VI", "t", tonnes, [*hauls("freight-works", "t"), own]
    )


def counted_as_freight(share: float, tonnes: float) -> Elsewhere:
    """What trucks of freight drive, at central values."""
    given = held_by_the_fleet(share, tonnes)
    found = elsewhere(given)
    assert found is not None
    own = found.kilometres(given.activity.space.central())
    return Elsewhere(found.vehicles, found.places, lambda _: own)


@pytest.fixture(scope="module")
def fleet() -> SectorInputs:
    given = of_region(ON_ROAD, "north-city", (2025,), 2025)
    declare_fleet(given)
    assert not given.problems.found
    return given


@given(share=st.floats(0.0, 1.0), tonnes=st.floats(0.0, 1e8))
def test_a_kilometre_counts_as_freight_or_in_the_fleet_and_never_twice(
    fleet: SectorInputs, share: float, tonnes: float
) -> None:
    """What freight drives of the fleet and what is left of it is what the fleet drives."""
    at, freight = [*FLEETS].index("heavy-truck"), counted_as_freight(share, tonnes)
    own = freight.kilometres(np.zeros(0))
    assert own == pytest.approx(np.array([[share * tonnes * 60.0 / (30.0 * 0.5)]]))
    less = declare_remaining(replace(fleet, elsewhere=freight))
    assert declare_remaining(fleet) is None
    assert less is not None
    theta = fleet.region["fleet"].space.central()
    driven, taken = less.kilometres(theta)
    left = driven * less(theta)
    assert taken[at] == pytest.approx(own[0])
    assert left[at] + own[0] == pytest.approx(np.maximum(driven[at], own[0]))
    others = np.arange(len(FLEETS)) != at
    assert (left[others] == driven[others]).all()


def test_trucks_of_freight_that_drive_more_than_the_fleet_are_told_at_their_row() -> None:
    given = of_region(ON_ROAD, "north-city", (2025,), 2025)
    declare_fleet(replace(given, elsewhere=counted_as_freight(1.0, 1e9)))
    (told,) = (p.text() for p in given.problems.found)
    assert "trucks of freight drive 4,000,000,000 vehicle km a year, and 'heavy-truck'" in told


@given(distance=st.floats(1.0, 500.0), load=st.floats(1.0, 50.0), loaded=st.floats(0.2, 1.0))
def test_tonne_kilometres_are_loads_times_loaded_kilometres(
    distance: float, load: float, loaded: float
) -> None:
    driven = float(truck_kilometres(distance, load, loaded))
    assert driven * loaded * load == pytest.approx(distance)
    assert driven >= distance / load


def test_the_synthetic_city_is_complete_and_clean_ways_are_cleaner() -> None:
    given = of_region(SECTOR, "north-city", years=(2025, 2030), base_year=2025)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert np.isfinite(block.emission_factor).all()
    factor = dict(
        zip(zip(block.source, block.technology, strict=True), block.emission_factor, strict=True)
    )
    for (source, technology), own in factor.items():
        if mode_of(technology) == "road" and (source, "rail-electric") in factor:
            assert (factor[source, "rail-electric"] <= own).all()
    works = [factor["freight-works", f"road-{t}"][0, 0] for t in ("diesel-V", "diesel-VI")]
    assert works[0] > works[1] > factor["freight-works", "road-new-energy"][0, 0] == 0.0
    assert set(PARTICLES) == set(K)
