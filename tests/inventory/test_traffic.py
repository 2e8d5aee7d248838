"""One traffic for exhaust and road dust: by hand, in a region, when lorries leave the road."""

from dataclasses import replace

import numpy as np
import pytest

from inventory.tabulated_case import of_region, sectors
from lantian.core.system import emission_by_source
from lantian.inventory.contract import every_year
from lantian.inventory.sectors.dust import PAVED
from lantian.inventory.sectors.on_road import SECTOR as ON_ROAD
from lantian.inventory.sectors.on_road.traffic import RoadTraffic
from lantian.inventory.sectors.on_road.vehicles import FLEETS
from lantian.measures.contract import AVOIDED, CostRow
from lantian.optimise.analyses.curve import marginal_cost_curve
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.least_cost import least_cost
from lantian.vocabulary import POLLUTANTS
from support.build import build, controls, equip, measure, plan, row

DUST = sectors()["dust"]
APART = ("heavy-truck-transit", "light-truck", "medium-truck")


@pytest.fixture(scope="module")
def given():
    return of_region(DUST, "tongzhou")


@pytest.fixture(scope="module")
def traffic(given):
    assert isinstance(given.traffic, RoadTraffic)
    return given.traffic


def test_roads_carry_the_kilometres_of_the_vehicles(given, traffic):
    model, theta = DUST.declare(given), given.activity.space.central()
    assert not given.problems.found
    years = every_year(len(given.years))
    dust = model.activities(theta, years)[..., 0]
    roads = np.array([s in traffic.roads for s in model.states.source])
    driven = traffic.kilometres(theta, years.years)[..., 0]
    fleet = traffic.stock(theta) * (traffic.mileage(theta) * traffic.inside(theta))[:, None]
    assert dust[roads].sum(axis=0) == pytest.approx(driven.sum(axis=(0, 1)), rel=1e-12)
    assert driven.sum(axis=1) == pytest.approx(fleet[..., 0], rel=1e-12)
    assert 4e9 < driven[:, :, 1].sum() < 6e9


def test_a_lorry_has_the_part_of_the_dust_that_it_weighs(given, traffic):
    model, theta = DUST.declare(given), given.activity.space.central()
    dust = model.activities(theta, every_year(len(given.years)))[:, 1, 0]
    driven = traffic.kilometres(theta, np.array([1]))[:, :, 0, 0]
    weight, road = traffic.weight(theta)[:, 0], traffic.roads.index("road-highway")
    mean = (driven[:, road] @ weight) / driven[:, road].sum()
    for name in APART:
        states = [
            i
            for i, pair in enumerate(zip(model.states.source, model.states.technology, strict=True))
            if pair == ("road-highway", name)
        ]
        v = list(FLEETS).index(name)
        assert dust[states].sum() == pytest.approx(driven[v, road] * weight[v] / mean)
        # 88 % of the national and provincial roads are swept, whoever drives there
        assert dust[states].max() / dust[states].sum() == pytest.approx(0.88)


def test_more_vehicles_raise_more_dust(given, traffic):
    model, theta = DUST.declare(given), given.activity.space.central()
    more = theta.copy()
    more[traffic.stock.slots] *= 1.1
    years = every_year(len(given.years))
    before, after = (model.activities(t, years) for t in (theta, more))
    roads = [s in traffic.roads for s in model.states.source]
    assert after[roads] == pytest.approx(1.1 * before[roads])
    assert (after[~np.array(roads)] == before[~np.array(roads)]).all()


def test_speeds_are_numbers_of_the_lists_and_samples(given, traffic):
    space = given.activity.space
    slots = traffic.driving.speed.slots
    assert {space.number_of(s).given.key()[2] for s in slots} == {"speed"}
    assert all(space.number_of(s).amount.low < space.number_of(s).amount.high for s in slots)


def test_what_a_measure_takes_off_the_road_can_leave_it():
    # Every source of vehicles that the catalogue lets end has its kilometres apart on paved roads.
    roads = [s for s in DUST.sources if PAVED in s.technologies]
    assert all(set(APART) <= set(road.technologies) for road in roads)
    assert set(APART) <= {s.id for s in ON_ROAD.sources}


# --- what follows in plan, mix and curve ----------------------------------------------------------


def _system(reach=0.5):
    """60 lorries with half of the dust of a road, a third of which is swept already."""
    rail = measure(
        "rail",
        "activity",
        [
            {"source": "truck", "to_technology": AVOIDED},
            {"source": "road", "from_technology": "truck", "to_technology": AVOIDED},
        ],
        reach=reach,
        cost=10.0,
    )
    paid, free = rail.costs[0], {"measure": "rail", "source": "road", "item": "variable"}
    rail = replace(rail, costs=(paid, row(CostRow, 0.0, "yuan/(vehicle*km)/a", **free)))
    return build(
        states={
            "truck / diesel": 60.0,
            "road / paved": 200.0,
            "road / paved / broom": 100.0,
            "road / truck": 200.0,
            "road / truck / broom": 100.0,
        },
        factors={
            "truck / diesel": {"NOx": 1.0},
            "road / paved": {"PM2.5": 0.1},
            "road / truck": {"PM2.5": 0.1},
        },
        measures=[rail, equip("sweeping", "road", "broom", reach=0.8, cost=0.5)],
        efficiency=controls({"broom": {"PM2.5": 0.5}}),
    )


def _dust_limit(system, limit):
    weight = np.zeros((1, len(system.sources), len(POLLUTANTS)))
    weight[0, :, POLLUTANTS.index("PM2.5")] = 1.0
    return Targets(("dust",), weight, np.zeros(1), np.array([limit]), ("t",))


def test_a_plan_that_ends_trucking_ends_its_dust():
    system = _system()
    after = plan(system, {"rail": 0.3}).activity
    dust = emission_by_source(system, after)[:, POLLUTANTS.index("PM2.5"), -1].sum()
    # 300 km, of which 100 swept: 25 t with lorries and 25 t without; 30 % of the former go
    assert dust == pytest.approx(50.0 - 0.3 * 25.0)


@pytest.mark.parametrize("limit", [49.0, 40.0, 32.0, 27.0])
def test_the_mix_ends_dust_and_trucking_together(limit):
    system = _system()
    result = least_cost(system, 1, _dust_limit(system, limit))
    followers = system.followers
    assert len(followers) == 2
    rail = system.moves.group == followers.group[0]
    share = result.uptake[rail].sum() / 60.0
    held = system.baseline[system.moves.origin[followers.move], 1]
    assert result.uptake[followers.move] == pytest.approx(share * held)
    after = emission_by_source(system, system.baseline[:, [1]], 1).sum(axis=0)
    assert after[POLLUTANTS.index("PM2.5"), 0] == pytest.approx(50.0)
    assert result.targets[0].value == pytest.approx(limit)


def test_the_curve_pays_for_the_trucking_that_ends():
    # 25 t of dust leave with 60 lorries at 10 yuan: 24 yuan/t as far as half of them; sweeping
    # 80 % of 400 km, 0.05 t each at 0.5 yuan: 10 yuan/t.
    system = _system()
    curve = marginal_cost_curve(system, 1, _dust_limit(system, 0.0))
    for limit in (45.0, 30.0):
        cost = least_cost(system, 1, _dust_limit(system, limit)).cost
        assert curve.cost(50.0 - limit) == pytest.approx(cost, rel=1e-9)
    alone = marginal_cost_curve(system, 1, _dust_limit(system, 0.0), method="alone")
    assert {round(s.unit_cost, 9): round(s.width, 9) for s in alone.steps} == {
        24.0: 12.5,
        10.0: 16.0,
    }
