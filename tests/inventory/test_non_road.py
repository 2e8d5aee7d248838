"""Sector non-road: building and farm machines."""

import numpy as np
import pytest

from inventory.tabulated_case import (
    activity,
    at_central,
    emission,
    inputs_of,
    number,
    outside_bands,
    sectors,
    tongzhou,
)
from lantian.inventory.contract import ParameterRow, every_year
from lantian.inventory.sectors.non_road import (
    POWER_CLASSES,
    TABULATED,
    FuelRow,
    StageRow,
    UseRow,
    machine_emission,
    power_class,
    sulphur_dioxide,
)
from lantian.vocabulary import POLLUTANTS

SECTOR = sectors()["non-road"]

SULPHUR = [number(ParameterRow, 10, "ppm", parameter="diesel-sulphur")]
CHENGDU_2018 = {"NOx": 16738.0, "CO": 11231.0, "VOC": 2898.0, "TSP": 845.0}  # Xie et al. 2019 [t]


def case(stage_rows, sulphur=SULPHUR, power=(100, 100)):
    use = [
        number(UseRow, value, unit, source="excavator", parameter=name)
        for name, value, unit in (
            ("power", 100, "kW"),
            ("load-factor", 0.4, "1"),
            ("hours", 1000, "hour"),
        )
    ]
    use[0] = use[0].model_copy(update=dict(zip(("low", "high"), power, strict=True)))
    fuel = [
        number(FuelRow, value, unit, technology="stage-II", parameter=name)
        for name, value, unit in (("fuel-use", 230, "g/kWh"), ("carbon-dioxide", 3.15, "g/g"))
    ]
    return inputs_of(
        SECTOR,
        activity("excavator", "stage-II", "machine", 0, 50),
        {"non_road_use": use, "non_road_stage": stage_rows, "non_road_fuel": fuel},
        {},
        sulphur,
    )


def stage(power_class="75-130", **values):
    every = dict.fromkeys(TABULATED, 0.0) | values
    return [
        number(StageRow, v, "g/kWh", power_class=power_class, technology="stage-II", pollutant=p)
        for p, v in every.items()
    ]


def in_tongzhou():
    return tongzhou(SECTOR, SULPHUR)


def test_machine_by_hand():
    # 100 kW * 0.4 * 1000 h = 40000 kWh; * 6 g/kWh = 240 kg
    assert machine_emission(100.0, 0.4, 1000.0, 6.0) == pytest.approx(240e3)


def test_sulphur_dioxide_by_hand():
    # 2 * 230 g/kWh * 10e-6 = 0.0046 g/kWh
    assert sulphur_dioxide(230.0, 10e-6) == pytest.approx(0.0046)


def test_power_classes_of_the_standard():
    classes = power_class([37.0, 74.9, 75.0, 129.0, 130.0, 500.0])
    assert [POWER_CLASSES[c] for c in classes] == [
        "below-75",
        "below-75",
        "75-130",
        "75-130",
        "from-130",
        "from-130",
    ]


def test_sector_by_hand():
    # 50 machines * 40000 kWh = 2 GWh: NOx 6 g/kWh -> 12 t; CO2 230*3.15 g/kWh -> 1449 t;
    # SO2 0.0046 g/kWh -> 0.0092 t
    given = case(stage(NOx=6.0))
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert emission(block, "NOx", 2017) == pytest.approx(12.0)
    assert emission(block, "CO2", 2017) == pytest.approx(1449.0)
    assert emission(block, "SO2", 2017) == pytest.approx(0.0092)
    assert emission(block, "NOx", 2015) == 0.0
    assert emission(block, "NH3", 2017) == 0.0


def test_each_missing_row_is_a_problem():
    given = case(stage()[:-2])
    at_central(SECTOR, given)
    assert len(given.problems.found) == 2


def test_each_sample_has_the_factors_of_its_own_class():
    # 0.4 * 1000 h: 60 kW 24000 kWh * 8 g = 192 kg, 100 kW 40000 * 6 = 240 kg, 130 kW 52000 * 5
    # g = 260 kg of NOx
    rows = [*stage("below-75", NOx=8), *stage(NOx=6), *stage("from-130", NOx=5)]
    given = case(rows, power=(60, 130))
    model = SECTOR.declare(given)
    assert not given.problems.found
    space = given.activity.space
    theta = np.repeat(space.central(), 3, axis=1)
    theta[space.slot(given.factors["non_road_use"].rows[0])] = [60, 100, 130]
    factor = model.factors(theta, every_year(1))[0, TABULATED.index("NOx"), 0]
    assert factor == pytest.approx([0.192, 0.240, 0.260])


@pytest.mark.parametrize(("power", "wanted"), [((75, 129), ""), ((60, 129), "below-75")])
def test_classes_within_the_range_of_power_need_rows(power, wanted):
    given = case(stage(), power=power)
    SECTOR.declare(given)
    told = [p.text() for p in given.problems.found]
    assert len(told) == (len(TABULATED) if wanted else 0)
    assert all(wanted in text for text in told)


def test_missing_sulphur_is_a_problem():
    given = case(stage(), sulphur=[])
    block = at_central(SECTOR, given)
    assert "diesel-sulphur" in given.problems.found[0].text()
    assert np.isnan(block.emission_factor[0, POLLUTANTS.index("SO2")]).all()


def test_tongzhou_is_complete_and_plausible():
    given = in_tongzhou()
    block = at_central(SECTOR, given)
    assert not given.problems.found
    assert not outside_bands(SECTOR, block)
    assert {s.id for s in SECTOR.sources} == set(block.source)
    assert 500 < emission(block, "NOx", 2017) < 4500
    assert 30 < emission(block, "PM2.5", 2017) < 300


def test_electric_machines_emit_nothing():
    block = at_central(SECTOR, in_tongzhou())
    electric = [s for s, name in enumerate(block.technology) if name == "electric"]
    assert electric
    assert not block.emission_factor[electric].any()
    assert block.activity[electric].any()


def test_later_stages_emit_less():
    block = at_central(SECTOR, in_tongzhou())
    for source in dict.fromkeys(block.source):
        factors = np.array(
            [
                block.emission_factor[s, [POLLUTANTS.index(p) for p in ("NOx", "PM2.5")], 0]
                for s, name in enumerate(block.source)
                if name == source and block.technology[s].startswith("stage")
            ]
        )
        assert (np.diff(factors, axis=0) < 0).all(), source


def test_mix_of_pollutants_against_chengdu():
    # Xie et al. 2019 per NOx: CO 0.671, HC 0.173, PM 0.050
    block = at_central(SECTOR, in_tongzhou())
    works = ("excavator", "loader", "bulldozer-roller", "forklift", "crane")
    ours = {p: sum(emission(block, p, 2017, s) for s in works) for p in CHENGDU_2018}
    for pollutant, total in CHENGDU_2018.items():
        ratio = (ours[pollutant] / ours["NOx"]) / (total / CHENGDU_2018["NOx"])
        assert 0.65 < ratio < 1.5, pollutant
    # excavators lead: 59-62 % of each pollutant in Chengdu
    assert 0.5 < emission(block, "NOx", 2017, "excavator") / ours["NOx"] < 0.7


def test_old_machines_leave_without_the_plan():
    block = at_central(SECTOR, in_tongzhou())
    old = [s for s, name in enumerate(block.technology) if name in ("unlabelled", "stage-0")]
    counts = block.activity[old].sum(axis=0)[1:]
    assert (np.diff(counts) < 0).all()
