"""Sector dust: building sites, paved roads, bare land, yards."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    ROOT,
    activity,
    at_central,
    behind,
    emission,
    inputs_of,
    number,
    of_state,
    outside_bands,
    read,
    sectors,
    tongzhou,
)
from lantian.errors import Place, Problems
from lantian.inventory.contract import ActivityRow, ParameterRow
from lantian.inventory.dust_equations import TABLE, EquationRow
from lantian.inventory.sectors.dust import (
    OPERATIONS,
    OperationRow,
    ProcessRow,
    SizeRow,
    check_shares,
    site_dust,
)
from lantian.vocabulary import POLLUTANTS

SECTOR = sectors()["dust"]

CLIMATE = [
    number(ParameterRow, 73, "day", parameter="wet-days"),
    number(ParameterRow, 5, "mile/hour", parameter="mean-wind-speed"),
    number(ParameterRow, 7.5, "percent", parameter="windy-time"),
]

FAN_2016 = {  # g PM2.5/(vehicle km), Fan et al. 2016; highway: mean of national and provincial
    "road-expressway": 0.10,
    "road-trunk": 0.09,
    "road-secondary": 0.11,
    "road-branch": 0.19,
    "road-highway": 0.445,
    "road-county": 0.41,
    "road-township": 0.65,
}


def sizes(process, unit, tsp, pm10, pm25):
    return [
        number(SizeRow, v, unit, process=process, pollutant=p)
        for p, v in (("TSP", tsp), ("PM10", pm10), ("PM2.5", pm25))
    ]


def process(source, technology, parameter, value, unit):
    return number(
        ProcessRow, value, unit, source=source, technology=technology, parameter=parameter
    )


def shipped(name, row):
    problems = Problems()
    found = read(ROOT / "inputs" / "factors", name, row, problems)
    assert not problems.found
    return found


EQUATIONS, ACTING = shipped(TABLE, EquationRow), shipped(OPERATIONS, OperationRow)


def operation(source, technology, name, amount, unit, left_by=""):
    return number(
        OperationRow, amount, unit, source=source, technology=technology, operation=name,
        left_by=left_by,
    )  # fmt: skip


def case(rows, process_rows, size_rows=(), climate=CLIMATE, acting=ACTING, equations=EQUATIONS):
    tables = {
        "dust_size": size_rows, "dust_process": process_rows, TABLE: equations, OPERATIONS: acting,
    }  # fmt: skip
    return inputs_of(SECTOR, rows, tables, {}, climate)


def in_tongzhou():
    return tongzhou(SECTOR, CLIMATE)


def test_site_by_hand():
    # 100000 m2 * 9 month * 2.69e-4 t/(m2 month) = 242.1 t TSP; * 0.49 = 118.629; * 0.10 = 24.21
    given = case(
        activity("construction-site", "building-works", "m2*month", 0, 9e5),
        [process("construction-site", "building-works", "whole-site", 2.69e-4, "t/(m2*month)")],
        sizes("building-site", "1", 1, 0.49, 0.10),
    )
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "TSP", 2017) == pytest.approx(242.1)
    assert emission(block, "PM10", 2017) == pytest.approx(118.629)
    assert emission(block, "PM2.5", 2017) == pytest.approx(24.21)
    assert emission(block, "TSP", 2015) == 0.0
    assert emission(block, "NOx", 2017) == 0.0


def test_published_building_sites_of_the_beijing_plain():
    # Zhang et al. 2019, year 2017: TSP 395 kt, PM10 194 kt, PM2.5 40 kt; the guide's shares of
    # the size classes give the second and the third from the first.
    assert site_dust(395.0, 0.49) == pytest.approx(194.0, rel=0.005)
    assert site_dust(395.0, 0.10) == pytest.approx(40.0, rel=0.02)


ROAD = [
    process("road-trunk", "paved", "silt", 1.0, "g/m2"),
    process("road-trunk", "paved", "fleet-weight", 2.0, "t"),
]


def test_a_road_by_hand():
    # 3.23 * 1^0.91 * (2 t = 2.204623 short tons)^1.02 * (1 - 73/1460)
    #   = 3.23 * 2.239758 * 0.95 = 6.872697 g/vkm; 1e9 vkm
    given = case(activity("road-trunk", "paved", "vehicle*km", 0, 1e9), ROAD)
    assert emission(at_central(SECTOR, given), "TSP", 2017) == pytest.approx(6872.695, rel=1e-6)
    assert not given.problems.found


def test_a_third_less_silt_cuts_road_dust_by_28_percent():
    # 0.7^0.91 = 0.72284
    less = [process("road-trunk", "paved", "silt", 0.7, "g/m2"), ROAD[1]]
    rows = activity("road-trunk", "paved", "vehicle*km", 0, 1e9)
    found = [emission(at_central(SECTOR, case(rows, own)), "PM2.5", 2017) for own in (less, ROAD)]
    assert found[0] / found[1] == pytest.approx(0.72284, rel=1e-4)


def test_a_road_takes_the_edition_of_its_row():
    # 1997: 0.016 lb/mile (1/2)^0.65 (2.204623/3)^1.5 = 0.016 * 281.849 * 0.637280 * 0.629978
    of_1997 = [operation("road-trunk", "paved", "paved-1997", 1, "1")]
    rows = activity("road-trunk", "paved", "vehicle*km", 0, 1e6)
    found = at_central(SECTOR, case(rows, ROAD, acting=of_1997))
    assert emission(found, "PM10", 2017) == pytest.approx(1.81047, rel=1e-4)


def test_yard_by_hand():
    # two drops at 2.2 m/s and 2 %: 2 * 0.0016*0.74 kg/t = 2.368e-6 t/t
    # dozer: 2.76*0.74*1^1.5/2^1.4 = 0.773932 lb/h = 3.510498e-4 t/h; 0.01 h/t -> 3.510498e-6
    # pile: 1.7*(1/1.5)*(292/235)*(7.5/15)*365/2000 = 0.128500 ton/acre
    #       * 907.18474 kg / 4046.8564 m2 = 2.880628e-5 t/m2; 0.1 m2/t -> 2.880628e-6
    given = case(
        activity("sand-yard", "open-yard", "t", 0, 1e6),
        [
            process("sand-yard", "open-yard", name, value, "percent")
            for name, value in (("silt", 1), ("moisture", 2))
        ],
        climate=[*CLIMATE[:1], number(ParameterRow, 2.2, "m/s", parameter="mean-wind-speed"),
                 *CLIMATE[2:]],
        acting=[
            operation("sand-yard", "open-yard", "transfer", 2, "1"),
            operation("sand-yard", "open-yard", "bulldozing", 0.01, "hour/t"),
            operation("sand-yard", "open-yard", "pile-wind", 0.1, "m2/t"),
        ],
    )  # fmt: skip
    expected = 2.368 + 3.510498 + 2.880628
    assert emission(at_central(SECTOR, given), "TSP", 2017) == pytest.approx(expected, rel=1e-4)
    assert not given.problems.found


UNPAVED = shipped("dust_process", ProcessRow)


def test_watering_leaves_a_share_of_what_a_road_without_surface_raises():
    # 0.8 * 0.3 mm/h * 20 vehicles/h * 4 h / 1 l/m2 = 19.2 % is left
    rows = [
        *activity("road-unpaved", "dry", "vehicle*km", 0, 1e6),
        *activity("road-unpaved", "watered", "vehicle*km", 0, 1e6),
    ]
    given = case(rows, UNPAVED)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    dry, watered = block.emission_factor[:, :, 0][:, POLLUTANTS.index("PM10")]
    # 1.5 lb/mile (8/12)^0.9 (12 t = 13.2277 short tons / 3)^0.45 * 0.8 of the days * 281.849 g/km
    assert dry == pytest.approx(1.5 * 0.694254 * 1.949637 * 0.8 * 281.849e-6, rel=1e-4)
    assert watered / dry == pytest.approx(0.192)


def test_a_road_open_to_the_public_takes_speed_and_moisture_in_place_of_weight():
    # 1.8 lb/mile (8/12) (40/48.2803)^0.5 (0.5/0.5)^0.2 - 0.00047 = 1.09179; 0.8 of the days
    given = case(activity("road-unpaved", "public", "vehicle*km", 0, 1e6), UNPAVED)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert emission(block, "PM10", 2017) == pytest.approx(1.09179 * 0.8 * 281.849, rel=1e-4)
    without = [row for row in UNPAVED if (row.technology, row.parameter) != ("public", "speed")]
    given = case(activity("road-unpaved", "public", "vehicle*km", 0, 1e6), without)
    at_central(SECTOR, given)
    (problem,) = given.problems.found
    assert "speed" in problem.text()


def test_no_more_is_left_than_there_was():
    rare = [
        process("road-unpaved", "watered", "interval", 100, "hour")
        if (row.technology, row.parameter) == ("watered", "interval")
        else row
        for row in UNPAVED
    ]
    rows = [
        *activity("road-unpaved", "dry", "vehicle*km", 0, 1e6),
        *activity("road-unpaved", "watered", "vehicle*km", 0, 1e6),
    ]
    block = at_central(SECTOR, case(rows, rare))
    assert block.emission_factor[0] == pytest.approx(block.emission_factor[1])


@pytest.mark.parametrize("technology", ["machines", "scraper", "dragline"])
def test_earthworks_of_the_tables_are_complete_and_plausible(technology):
    given = case(activity("earthworks", technology, "m3", 0, 1e6), UNPAVED)
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    sizes_ = [emission(block, p, 2017) for p in ("TSP", "PM10", "PM2.5")]
    assert sizes_ == sorted(sizes_, reverse=True)
    assert sizes_[-1] > 0.0


@pytest.mark.parametrize(
    ("acting", "said"),
    [
        ([], "no operation of 'road-trunk'"),
        ([operation("road-trunk", "paved", "paved-1897", 1, "1")], "paved-1897"),
        ([operation("road-trunk", "paved", "transfer", 4, "1")], "is no dust per vehicle*km"),
        (
            [operation("road-trunk", "paved", "paved-2011", 1, "hour/t")],
            "is no dust per vehicle*km",
        ),
        ([operation("road-trunk", "paved", "paved-2011", 1, "1", "rain")], "rain"),
    ],
)
def test_an_operation_that_cannot_be_is_a_problem(acting, said):
    given = case(activity("road-trunk", "paved", "vehicle*km", 0, 1e9), ROAD, acting=acting)
    block = at_central(SECTOR, given)
    assert any(said in problem.text() for problem in given.problems.found)
    assert np.isnan(block.emission_factor).any()


def test_a_term_without_its_exponent_is_a_problem():
    lame = [
        r for r in EQUATIONS if (r.equation, r.term, r.part) != ("paved-2011", "silt", "exponent")
    ]
    given = case(activity("road-trunk", "paved", "vehicle*km", 0, 1e9), ROAD, equations=lame)
    SECTOR.declare(given)
    assert any("'silt'" in problem.text() for problem in given.problems.found)


def test_bare_land_by_hand():
    # 1 km2 * 79 g/m2 = 79 t TSP, a tenth of it PM2.5
    given = case(
        activity("bare-land", "open-ground", "m2", 0, 1e6),
        [process("bare-land", "open-ground", "wind-erosion", 79, "g/m2")],
        sizes("bare-land", "1", 1, 0.5, 0.1),
    )
    block = at_central(SECTOR, given)
    assert emission(block, "TSP", 2017) == pytest.approx(79.0)
    assert emission(block, "PM2.5", 2017) == pytest.approx(7.9)


@pytest.mark.parametrize("missing", ["size", "process", "climate"])
def test_a_missing_row_is_a_problem(missing):
    no_size = [row for row in EQUATIONS if row.key() != ("paved-2011", "PM2.5", "", "factor")]
    given = case(
        activity("road-trunk", "paved", "vehicle*km", 0, 1e9),
        ROAD[:-1] if missing == "process" else ROAD,
        climate=CLIMATE[1:] if missing == "climate" else CLIMATE,
        equations=no_size if missing == "size" else EQUATIONS,
    )
    block = at_central(SECTOR, given)
    wanted = {"size": "PM2.5", "process": "fleet-weight", "climate": "wet-days"}[missing]
    assert wanted in given.problems.found[0].text()
    assert np.isnan(block.emission_factor).any()


def test_every_number_behind_a_factor_is_named():
    given = in_tongzhou()
    model = SECTOR.declare(given)
    state = model.states.source.index("road-county")
    rests_on = behind(given, lambda theta: of_state(model, theta, state, "PM2.5")[1])
    named = {row.key() for row in rests_on}
    of_the_equation = {key for key in named if key[0] == "paved-2011"}
    assert ("paved-2011", "PM2.5", "", "factor") in of_the_equation
    assert ("paved-2011", "PM10", "", "factor") not in of_the_equation
    own = {key[-1] for key in named - of_the_equation}
    assert own == {"silt", "fleet-weight", "wet-days", ""}  # blank: how much of the equation


def test_tongzhou_is_complete_and_plausible():
    given = in_tongzhou()
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    roads = {
        f"road-{name}"
        for name in ("expressway", "trunk", "secondary", "branch", "highway", "county", "township")
    }
    # other sources of the sector belong to other regions
    assert roads | {"construction-site", "demolition-site", "bare-land", "sand-yard"} == set(
        block.source
    )
    # before controls: TSP 20-80 kt, PM2.5 2-6 kt, and the size classes in order
    assert 20e3 < emission(block, "TSP", 2017) < 80e3
    assert 1.5e3 < emission(block, "PM2.5", 2017) < 6e3
    tsp, pm10, pm25 = (
        block.emission_factor[:, POLLUTANTS.index(p)] for p in ("TSP", "PM10", "PM2.5")
    )
    assert (tsp > pm10).all()
    assert (pm10 > pm25).all()
    # the sub-centre was built mostly after 2015
    sites = [emission(block, "TSP", y, "construction-site") for y in (2015, 2017)]
    assert sites[0] < sites[1]


def test_tongzhou_roads_lie_at_or_above_the_published_factors():
    # Fan et al. measured roads as cleaned in 2013-2015: without that cleaning a factor is higher,
    # by up to a fifth (65 % of urban roads washed, 34 % less at a rule effectiveness of 0.8).
    block = at_central(SECTOR, in_tongzhou())
    for road, published in FAN_2016.items():
        state = block.source.index(road)
        factor = block.emission_factor[state, POLLUTANTS.index("PM2.5"), 0] * 1e6
        assert 0.999 < factor / published < 1.25, road


def test_tongzhou_road_dust_against_the_published_total_of_the_city():
    # 13565 t PM2.5 in 2013-2015 (Fan et al. 2016): the district holds 6.4 % of the people and
    # 5.5 % of the area, but all of it plain (about a seventh of the city's plain).
    block = at_central(SECTOR, in_tongzhou())
    roads = sum(emission(block, "PM2.5", 2015, road) for road in FAN_2016)
    assert 0.055 < roads / 13565 < 0.15


def test_paved_road_factors_are_those_of_ap42():
    k = {
        row.pollutant: row.to("g/(vehicle*km)")
        for row in EQUATIONS
        if (row.equation, row.part) == ("paved-2011", "factor")
    }
    assert k == {"TSP": 3.23, "PM10": 0.62, "PM2.5": 0.15}


@pytest.mark.parametrize(("last", "told"), [(5.0, 0), (6.0, 0), (20.0, 1), (95.0, 1)])
def test_shares_of_a_road_that_are_more_than_all_of_it_are_told(last: float, told: int) -> None:
    exact = {"low": 0.0, "high": 100.0, "basis": "assumed", "source_key": "assumption"}
    rows = [
        ActivityRow(
            source="road", technology="paved", control=control, year=year, value=value, unit="%",
            **exact,
        ).at(Place("dust.csv", 2))
        for control, year, value in (("swept", 2017, 95.0), ("", 2017, last), ("", 2018, 100.0))
    ]  # fmt: skip
    problems = Problems()
    check_shares(rows, problems)
    assert len(problems.warnings) == told
