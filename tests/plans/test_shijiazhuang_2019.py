"""The Shijiazhuang plan as encoded: complete, with the printed numbers, and without the traps."""

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lantian.core.commitments import Uptake
from lantian.core.system import emission_by_source
from lantian.parameters import units
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Study, make_case
from lantian.vocabulary import POLLUTANTS, Pollutant

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "shijiazhuang-2019.yaml"
REGION = ROOT / "inputs" / "regions" / "shijiazhuang"

LISTED_WITHOUT_COMMITMENT = {
    "005": "in-baseline",  # no new capacity: a state rule, held by the drivers
    "024": "in-baseline",  # no new small boilers: nothing grows in the baseline
    "031": "in-baseline",  # China VI dates
    "066": "in-baseline",  # waste is treated already
    "032": "no-own-effect",  # lanes are only studied
    "046": "weaker-part",  # encouraged beside what 045 binds
    "067": "no-source",  # fireworks
    "103": "alert-days-only",  # transport response on days of an alert
}
"""Rows with an emission effect that no commitment or target encodes, and why."""

PRINTED_UNITS = {
    "万吨": 1e4,
    "万千瓦": 1e7,
    "万户": 1e4,
    "家": 1.0,
    "亩": 1.0,
    "辆": 1.0,
    "%": 0.01,
}
"""What a printed unit is in t, W, household, firm, mu, vehicle, 1."""
BASE_UNIT = {
    "万吨": "t",
    "万千瓦": "W",
    "万户": "household",
    "家": "firm",
    "亩": "mu",
    "辆": "vehicle",
    "%": "",
}


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    with (REGION / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def activity(study: Study, values: np.ndarray, source: str, *technologies: str) -> float:
    """Activity of 2019 in some technologies of a source [source unit]."""
    system = study.system
    s = system.sources.id.index(source)
    chosen = [
        i
        for i in range(len(system.states))
        if system.states.source[i] == s
        and (not technologies or system.states.technology[i] in technologies)
    ]
    return float(values[chosen, -1].sum())


# --- completeness --------------------------------------------------------------------------------


def test_every_row_of_the_plan_has_a_fate(ledger: dict[str, LedgerRow]) -> None:
    assert [*ledger] == [f"{n:03d}" for n in range(1, 110)]


def test_every_row_with_an_effect_is_encoded_or_excused(not_encoded: dict[str, str]) -> None:
    assert not_encoded == LISTED_WITHOUT_COMMITMENT


# --- printed numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clause", "printed"),
    [
        ("cement-capacity", "007", "260万吨"),
        ("iron-capacity", "008", "48万吨"),
        ("coke-capacity", "009", "50万吨"),
        ("power-capacity", "010", "2.8万千瓦"),
        ("eight-relocations", "013", "8家"),
        ("rural-homes", "015", "34.94万户"),
        ("built-up-heat-90", "018", "90%"),
        ("heavy-monitors", "038", "50%"),
        ("nev-4000", "050", "4000辆"),
        ("zev-bus", "051", "80%"),
        ("mine-scars", "057", "4172亩"),
        ("city-roads-90", "061", "90%"),
        ("county-towns-85", "061", "85%"),
        ("county-main-95", "061", "95%"),
        ("restaurants-95", "086", "95%"),
    ],
)
def test_level_is_the_printed_number(
    name: str,
    clause: str,
    printed: str,
    commitments: dict[str, Commitment],
    ledger: dict[str, LedgerRow],
) -> None:
    # Cells hold 34.94万户 as [=349,400 households] beside a task without the number.
    quantity = ledger[clause].quantity.replace("349,400 households", "34.94万户")
    assert printed in quantity
    commitment = commitments[name]
    assert f"shijiazhuang-2019-{clause}" in commitment.clause
    number, unit = re.fullmatch(r"([\d.]+)(\D+)", printed).groups()  # type: ignore[union-attr]
    assert commitment.level.to(BASE_UNIT[unit]) == pytest.approx(
        float(number) * PRINTED_UNITS[unit]
    )


def test_all_means_all(commitments: dict[str, Commitment]) -> None:
    for name in (
        "large-coal-boilers",
        "gas-desulphurised",
        "class-a-and-b",
        "stockyards",
        "plants-enclosed",
        "six-controls",
        "spray-booths",
        "gasifiers",
    ):
        assert commitments[name].level.to("") == 1.0
        assert commitments[name].credit == "printed"


def test_printed_levels_are_reached(study: Study, uptake: Uptake) -> None:
    base, plan = study.system.baseline, uptake.activity
    for source, lost in (("cement-old", 2.6e6), ("iron-old", 0.48e6), ("power-old", 28.0)):
        fallen = activity(study, base, source) - activity(study, plan, source)
        assert fallen == pytest.approx(lost)
    converted = activity(study, plan, "rural-home", "clean-heating") - activity(
        study, base, "rural-home", "clean-heating"
    )
    assert converted == pytest.approx(349400)
    heat = activity(study, plan, "town-heating", "clean-heat")
    assert heat / activity(study, plan, "town-heating") == pytest.approx(0.90)


def test_bindingness_is_that_of_a_clause(study: Study, ledger: dict[str, LedgerRow]) -> None:
    for item in (*study.scenario.commitments, *study.scenario.targets):
        words = {ledger[clause[-3:]].bindingness.split("+")[0] for clause in item.clause}
        assert item.bindingness in words, item.id


# --- targets -------------------------------------------------------------------------------------


def test_pm25_is_one_goal_in_two_forms(
    targets: dict[str, Target], study: Study, ledger: dict[str, LedgerRow]
) -> None:
    assert ledger["002"].quantity == "下降7%; 67微克/立方米"
    assert [t.id for t in targets.values() if t.indicator_id == "pm25"] == ["pm25-mean"]
    target = targets["pm25-mean"]
    assert target.at_most is not None
    assert target.at_most.to("ug/m3") == 67
    observed = next(
        float(r["value"]) for r in table("air") if (r["indicator"], r["year"]) == ("pm25", "2018")
    )
    assert observed * (1 - 0.07) == pytest.approx(67, abs=0.5)  # 72 * 0.93 = 66.96
    assert study.scenario.base_year == 2018


def test_composite_index_is_one_goal_in_two_forms(
    targets: dict[str, Target], ledger: dict[str, LedgerRow]
) -> None:
    assert ledger["003"].quantity == "下降9%; 6.85"
    cut, level = targets["composite-index"], targets["composite-level"]
    assert {cut.indicator_id, level.indicator_id} == {"composite-index"}
    assert cut.reduce_by is not None
    assert cut.reduce_by.to("") == pytest.approx(0.09)
    assert cut.relative_to == 2018
    assert level.at_most is not None
    assert level.at_most.to("") == 6.85
    assert level.at_most.to("") / (1 - cut.reduce_by.to("")) == pytest.approx(7.53, abs=0.005)
    assert (cut.year, cut.bindingness) == (level.year, level.bindingness)


def test_good_days_are_a_level_and_no_cut(targets: dict[str, Target]) -> None:
    days = targets["good-days"]
    assert days.indicator == "good-day-ratio"
    assert days.at_least is not None
    assert days.at_least.to("%") == pytest.approx(44.7)
    assert days.at_least.to("") * 365 == pytest.approx(163, abs=0.5)
    assert days.relative_to is None


def test_lead_of_an_alert_is_no_cut(targets: dict[str, Target]) -> None:
    assert {name for name, t in targets.items() if not t.computed} == {"alert-lead"}
    assert targets["alert-lead"].reason


# --- traps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["power-old", "iron-old", "coke-old", "cement-old"])
def test_capacity_is_not_output(name: str) -> None:
    row = next(r for r in table("region") if r["parameter"] == f"output-per-{name}")
    assert float(row["low"]) < float(row["value"]) < float(row["high"])
    if row["unit"] == "1":
        assert 0.0 < float(row["value"]) < 1.0
    else:  # a MW that never stops burns 8760 h x 0.45 t/MWh
        assert float(row["high"]) < 8760 * 0.45


def test_same_tonnes_are_not_cut_twice(study: Study, uptake: Uptake) -> None:
    """The printed coal cut is met by homes and plants and has no activity of its own."""
    clause = "shijiazhuang-2019-028"
    meeting = [c for c in study.scenario.commitments if clause in c.clause]
    assert {c.id for c in meeting} == {"power-capacity", "coal-power-saving", "rural-homes"}
    assert all(set(c.clause) != {clause} for c in meeting)
    per_home = next(
        float(r["value"])
        for r in table("fuel-use")
        if (r["source"], r["technology"]) == ("rural-home", "bulk-coal")
    )
    assert 349400 * per_home > 500_000  # t of coal, without power plants
    assert (uptake.activity >= -1e-6).all()


def test_rounds_are_activity_then_fuel_then_control(study: Study) -> None:
    system = study.system
    rounds = {}
    for measure, source, number in zip(
        system.groups.measure, system.groups.source, system.groups.round, strict=True
    ):
        rounds[system.measures[measure], system.sources.id[source]] = int(number)
    assert rounds["rural-clean-heating", "rural-home"] < rounds["clean-coal-quality", "rural-home"]
    assert (
        rounds["energy-intensity-control", "power-coal"]
        < rounds["coal-power-deep-treatment", "power-coal"]
    )
    assert (
        rounds["steel-ultra-low", "coke-oven-gas"]
        < rounds["coal-gas-desulphurisation", "coke-oven-gas"]
    )
    assert (
        rounds["coal-boiler-ultra-low", "coal-boiler-large"]
        < rounds["permit-and-metering-compliance", "coal-boiler-large"]
    )


def test_limits_differ_by_plant() -> None:
    def factor(folder: str, source: str, technology: str, pollutant: str) -> float:
        path = ROOT / "inputs" / "factors" / f"{folder}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            row = next(
                r
                for r in csv.DictReader(stream)
                if (r["source"], r["technology"], r["pollutant"]) == (source, technology, pollutant)
            )
        return units.convert(float(row["value"]), row["unit"], "kg/t")

    # coke 130 mg/m3 x 1500 m3 x 0.8, sinter 50 x 3000 x 0.8, boilers 50 and 80 x 10000 x 0.8
    heavy = "heavy-industry"
    assert factor(heavy, "coking", "ultra-low", "NOx") == pytest.approx(0.156)
    assert factor(heavy, "sinter", "ultra-low", "NOx") == pytest.approx(0.12)
    boilers = "coal-boiler-large"
    assert factor("coal-gas", boilers, "other-boiler-ultra-low", "NOx") == pytest.approx(0.4)
    assert factor("coal-gas", boilers, "grate-heating-ultra-low", "NOx") == pytest.approx(0.64)
    # 35 mg/m3 x 3000 and 10000 m3 x 0.7; coke 30 x 1500 x 0.7 + 0.03 of gas leaks
    assert factor(heavy, "sinter", "ultra-low", "SO2") == pytest.approx(0.0735)
    assert factor("coal-gas", boilers, "other-boiler-ultra-low", "SO2") == pytest.approx(0.245)
    assert factor(heavy, "coking", "ultra-low", "SO2") == pytest.approx(0.0615)


def test_thirty_milligrams_hold_for_new_gas_boilers_only(
    commitments: dict[str, Commitment],
) -> None:
    assert commitments["gas-boilers-new"].of == "new"
    assert commitments["gas-boilers-new"].credit == "printed"
    assert commitments["gas-boilers-in-use"].credit == "parametric"
    assert commitments["gas-boilers-in-use"].level.to("") < 1.0


def test_shares_are_of_what_the_plan_says(commitments: dict[str, Commitment]) -> None:
    assert commitments["zev-bus"].of == "new"  # not of the fleet
    assert commitments["heavy-monitors"].of == "available"  # of eligible trucks
    assert commitments["heavy-monitors"].bindingness == "conditional"
    assert commitments["rural-homes"].bindingness == "best_effort"
    assert commitments["hdd-checks"].credit == "enabling"  # checks are not cuts
    assert commitments["straw-97"].credit == "parametric"  # 97 % used is not 3 % burned
    assert commitments["urban-steel-switch"].level.to("") == 0.0


def test_class_a_is_first_in_line(study: Study, uptake: Uptake) -> None:
    """All of classes A and B get treatment, class C none of that commitment."""
    system = study.system
    for source in ("pharmaceutical", "chemical"):
        s = system.sources.id.index(source)
        for i in range(len(system.states)):
            if (
                system.states.source[i] == s
                and system.states.technology[i] != "class-c"
                and not any(c.startswith("voc-deep") for c in system.states.controls[i])
            ):
                assert uptake.activity[i, -1] == pytest.approx(0.0, abs=1.0)


def test_no_alert_cut_is_in_this_plan(targets: dict[str, Target]) -> None:
    assert not [t for t in targets.values() if t.indicator_id == "alert-cut"]


# --- totals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pollutant", "low", "high"),
    [
        ("NOx", 60e3, 200e3),
        ("SO2", 15e3, 90e3),
        ("VOC", 60e3, 250e3),
        ("PM2.5", 20e3, 90e3),
        ("NH3", 35e3, 130e3),
    ],
)
def test_totals_are_plausible(pollutant: Pollutant, low: float, high: float, study: Study) -> None:
    """10.9 million people and heavy industry; order of Hebei's totals by share of people."""
    assert low < study.baseline[:, POLLUTANTS.index(pollutant), 0].sum() < high


def test_plan_never_raises_a_total(study: Study, uptake: Uptake) -> None:
    after = emission_by_source(study.system, uptake.activity)
    assert (after.sum(axis=0) <= study.baseline.sum(axis=0) + 1e-6).all()


def test_response_returns_the_base_year_and_the_plan_lowers_it(
    study: Study, uptake: Uptake
) -> None:
    resolved = next(p for p in study.targets if p.target.id == "pm25-mean")
    before, after = (
        study.projection(make_case(study.system, moved, (0, 1)))
        for moved in (np.zeros_like(uptake.moved), uptake.moved)
    )
    assert resolved.fitted is not None
    of_2018 = resolved.fitted.value(before, resolved.target.subject)[0, 0]
    assert of_2018 == pytest.approx(72.0, abs=0.05)
    assert 45 < resolved.judge(after)[0] < resolved.judge(before)[0] < 73


def test_only_medium_and_heavy_trucks_are_retired(commitments: dict[str, Commitment]) -> None:
    """Clause 10 names 中型和重型柴油货车; early scrapping of others is only encouraged."""
    assert set(commitments["china3-trucks"].sources or ()) == {
        "medium-truck",
        "heavy-truck",
        "heavy-truck-public",
    }
