"""The Xincheng plan as encoded: complete, the printed numbers, and without the known traps."""

import re
from pathlib import Path

import pytest

from lantian.core.commitments import Uptake, reached_levels
from lantian.core.system import emission_by_source
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS, Pollutant

SCENARIO = Path(__file__).parents[2] / "scenarios" / "xincheng-2024.yaml"

LISTED_WITHOUT_COMMITMENT = {
    "014": "after-the-plan",  # firms leave by the end of 2027
    "017": "in-baseline",
    "018": "in-baseline",
    "052": "after-the-plan",  # grades by the end of 2025
    "066": "in-baseline",  # fireworks are banned already
    "068": "in-baseline",
}
"""Rows with an emission effect that no commitment or target encodes, and why."""

UNIT_IN_CHINESE = {
    "%": "%",
    "ug/m3": "微克/立方米",
    "vehicle": "辆",
    "machine": "辆",
    "t/(km2*month)": "吨/月·平方公里",
    "day": "天",
}


def _amount_reached(study: Study, uptake: Uptake, name: str) -> float:
    """Return what a commitment on an amount moves in the last year, over all its sources."""
    ids = [c.id for c in study.scenario.commitments]
    own = study.commitments.commitment == ids.index(name)
    return float(reached_levels(study.system, study.commitments, uptake)[own, -1].sum())


def _activity(study: Study, uptake: Uptake, source: str) -> dict[str, float]:
    system = study.system
    found: dict[str, float] = {}
    for s, technology in enumerate(system.states.technology):
        if system.sources.id[_source_of(study, s)] == source:
            found[technology] = found.get(technology, 0.0) + float(uptake.activity[s, -1])
    return found


def _source_of(study: Study, state: int) -> int:
    return int(study.system.states.source[state])


def test_every_row_of_the_plan_has_a_fate(ledger: dict[str, LedgerRow]) -> None:
    assert [*ledger] == [f"{n:03d}" for n in range(1, 91)]


def test_every_row_with_an_effect_is_encoded_or_excused(not_encoded: dict[str, str]) -> None:
    assert not_encoded == LISTED_WITHOUT_COMMITMENT


@pytest.mark.parametrize(
    ("name", "clause", "number", "unit"),
    [
        ("new-delivery-vehicles", "022", 90, "%"),
        ("trucks-324", "024", 324, "vehicle"),
        ("machines-19", "025", 19, "machine"),
        ("clean-muck-trucks", "026", 80, "%"),
        ("new-official-cars", "027", 80, "%"),
        ("machine-sweeping-90", "035", 90, "%"),
        ("prefabricated-35", "039", 35, "%"),
    ],
)
def test_commitment_has_the_printed_number(
    name: str,
    clause: str,
    number: float,
    unit: str,
    commitments: dict[str, Commitment],
    ledger: dict[str, LedgerRow],
) -> None:
    commitment = commitments[name]
    assert (commitment.level.value, commitment.level.unit) == (number, unit)
    assert commitment.credit == "printed"
    assert commitment.clause == (f"xincheng-2024-{clause}",)
    assert f"{number}{UNIT_IN_CHINESE[unit]}" in ledger[clause].quantity


@pytest.mark.parametrize(
    ("name", "clause", "number", "unit"),
    [
        ("pm25-mean", "003", 44.5, "ug/m3"),
        ("heavy-days", "005", 7, "day"),
        ("dustfall-level", "034", 5, "t/(km2*month)"),
    ],
)
def test_target_is_the_printed_level(
    name: str,
    clause: str,
    number: float,
    unit: str,
    targets: dict[str, Target],
    ledger: dict[str, LedgerRow],
) -> None:
    target = targets[name]
    assert target.at_most is not None
    assert (target.at_most.value, target.at_most.unit) == (number, unit)
    assert target.relative_to is None
    assert target.year == 2024
    assert f"{number:g}{UNIT_IN_CHINESE[unit]}" in ledger[clause].quantity


def test_good_days_are_a_count_of_a_leap_year(
    targets: dict[str, Target], ledger: dict[str, LedgerRow]
) -> None:
    """Not fewer than 253 good days, of 366."""
    days = targets["good-days"].at_least
    assert days is not None
    assert (days.value, days.unit) == (253, "day")
    assert "253天" in ledger["004"].quantity


def test_a_rank_among_others_is_not_computed_and_days_are_not_asked_of_the_mix(
    targets: dict[str, Target], study: Study
) -> None:
    assert {n for n, t in targets.items() if not t.computed} == {"index-rank"}
    rank, index = targets["index-rank"], targets["index-falls"]
    assert "45 others" in rank.reason
    assert rank.bindingness == index.bindingness == "best_effort"
    assert (index.indicator, index.falls, index.relative_to) == ("composite-index", True, 2023)
    judged_only = {t.target.id for t in study.targets if t.computed and not t.asked}
    assert judged_only == {"good-days", "heavy-days"}


def test_every_month_is_a_softer_target_beside_the_mean_of_the_months(
    targets: dict[str, Target],
) -> None:
    mean, month = targets["dustfall-level"], targets["dustfall-months"]
    assert mean.at_most == month.at_most
    assert (mean.indicator, month.indicator) == ("dustfall", "dustfall-worst-month")
    assert (mean.bindingness, month.bindingness) == ("binding", "best_effort")


def test_trucks_are_counted_and_the_dismantling_rate_is_no_cut(
    study: Study, uptake: Uptake, ledger: dict[str, LedgerRow]
) -> None:
    assert "60%" in ledger["024"].quantity
    assert _amount_reached(study, uptake, "trucks-324") == pytest.approx(324)
    assert _amount_reached(study, uptake, "machines-19") == pytest.approx(19)
    of_60 = [
        c.id
        for c in study.scenario.commitments
        if "xincheng-2024-024" in c.clause and c.level.unit == "%"
    ]
    assert of_60 == []


def test_retired_trucks_are_replaced_by_china_vi(study: Study, uptake: Uptake) -> None:
    """China V is no longer sold in 2024: its number must not grow."""
    system = study.system
    for source in ("light-truck", "heavy-truck"):
        own = [
            s
            for s in range(len(system.states))
            if system.sources.id[_source_of(study, s)] == source
            and system.states.technology[s] == "diesel-V"
        ]
        assert uptake.activity[own, -1].sum() <= system.baseline[own, -1].sum() + 1e-9


def test_muck_trucks_are_a_stock(
    study: Study, uptake: Uptake, commitments: dict[str, Commitment]
) -> None:
    """80 % of the FLEET is battery or China VI; fewer were before."""
    assert commitments["clean-muck-trucks"].of == "total"
    after = _activity(study, uptake, "muck-truck")
    share = (after["battery"] + after["diesel-VI"]) / sum(after.values())
    assert share == pytest.approx(0.8)
    assert after["diesel-VI"] > after["battery"] > 0


def test_flow_is_not_stock(commitments: dict[str, Commitment]) -> None:
    assert {n for n, c in commitments.items() if c.of == "new"} == {
        "new-delivery-vehicles",
        "new-official-cars",
        "clean-heat-new-buildings",
    }


def test_clean_energy_is_wider_than_battery(
    study: Study, uptake: Uptake, commitments: dict[str, Commitment]
) -> None:
    """The clauses allow gas and hybrids: battery vehicles must not grow by them."""
    for name in ("new-delivery-vehicles", "new-official-cars"):
        assert not commitments[name].measure.startswith("zev-new-light")
    system = study.system
    for source in ("express-van", "official-car"):
        own = [
            s
            for s in range(len(system.states))
            if system.sources.id[_source_of(study, s)] == source
            and system.states.technology[s] == "battery"
        ]
        assert uptake.activity[own, -1].sum() == pytest.approx(system.baseline[own, -1].sum())


def test_later_deadlines_stay_out(
    study: Study, ledger: dict[str, LedgerRow], commitments: dict[str, Commitment]
) -> None:
    assert study.scenario.years == (2023, 2024)
    assert {c.by_year for c in commitments.values()} == {2024}
    for clause, year in (("014", "2027"), ("052", "2025")):
        row = ledger[clause]
        assert row.fate == "not_modelled"
        assert year in row.gist_en


def test_gas_boilers_keep_30_existing_ones_included(
    study: Study,
    uptake: Uptake,
    commitments: dict[str, Commitment],
    ledger: dict[str, LedgerRow],
) -> None:
    assert "30毫克/立方米" in ledger["049"].quantity
    commitment = commitments["gas-boilers-30"]
    assert (commitment.level.to(""), commitment.of) == (1.0, "total")
    gas = _activity(study, uptake, "gas-boiler")
    assert gas["nox-30"] / sum(gas.values()) > 0.95  # reach leaves the smallest boilers


def test_no_coal_no_farming_no_scattered_firms(study: Study) -> None:
    system = study.system
    for source in (
        "home-coal",
        "straw",
        "pig",
        "urea",
        "rural-population",
        "scattered-firm",
        "concrete-plant",
    ):
        own = [
            s
            for s in range(len(system.states))
            if system.sources.id[_source_of(study, s)] == source
        ]
        assert system.baseline[own].sum() == 0, source


def test_purifiers_are_baseline(study: Study) -> None:
    """Clause 12 (3): purifiers are everywhere, so nobody gets a first one from the plan."""
    states = study.system.states
    none = [
        s
        for s in range(len(states))
        if study.system.sources.id[_source_of(study, s)].startswith("restaurant")
        and states.technology[s] == "none"
    ]
    assert study.system.baseline[none].sum() == 0


def test_checks_are_not_cuts(commitments: dict[str, Commitment]) -> None:
    """200 checks a month, full sampling and full on-line coverage are no shares of emission."""
    for name in (
        "road-checks",
        "car-repair-campaign",
        "fuel-quality",
        "large-restaurants-on-line",
        "gate-systems",
    ):
        assert commitments[name].credit == "enabling"
        assert commitments[name].level.to("") < 1


def test_prefabricated_share_lags_behind_new_floor_area(study: Study, uptake: Uptake) -> None:
    sites = _activity(study, uptake, "construction-site")
    share = sites["prefabricated-works"] / (sites["prefabricated-works"] + sites["building-works"])
    assert 0.28 < share < 0.40


def test_totals_are_plausible(study: Study) -> None:
    """0.64 million people on 30 km2: cars, sites, kitchens and gas, hardly any SO2 or NH3."""
    expected: dict[Pollutant, tuple[float, float]] = {
        "NOx": (200, 1200),
        "VOC": (1200, 5000),
        "PM2.5": (250, 1200),
        "TSP": (2000, 10000),
        "SO2": (2, 60),
        "NH3": (10, 120),
    }
    total = study.baseline.sum(axis=0)
    for pollutant, (low, high) in expected.items():
        assert low < total[POLLUTANTS.index(pollutant), 0] < high


def test_plan_never_raises_a_total(study: Study, uptake: Uptake) -> None:
    after = emission_by_source(study.system, uptake.activity)
    assert (after.sum(axis=0) <= study.baseline.sum(axis=0) + 1e-6).all()


def test_air_of_the_base_year_is_an_assumption_with_its_reasoning(study: Study) -> None:
    """41 x 57/52 x 63/57: three published means bring the city, the district is taken as it."""
    (row,) = (r for r in study.observed if (r.indicator, r.year) == ("pm25", 2023))
    assert row.basis == "assumed"
    assert row.value == pytest.approx(41 * 57 / 52 * 63 / 57, abs=0.05)


def test_clause_numbers_are_those_of_this_document(ledger: dict[str, LedgerRow]) -> None:
    assert all(re.match(r"^[一二三四五]", row.clause_no) for row in ledger.values())
    assert ledger["034"].clause_no == "三(二)7.(1)"


def test_nobody_buys_a_standard_that_is_no_longer_sold(study: Study) -> None:
    # China VI is on sale since 2021: what a measure of 2024 replaces a vehicle by is VI or battery
    system = study.system
    arrives = system.moves.target >= 0
    moved, shifted = system.moves.target[arrives], system.moves.origin[arrives]
    bought = {
        system.states.technology[t]
        for f, t in zip(shifted, moved, strict=True)
        if system.states.technology[f] != system.states.technology[t]
    }
    standards = {name for name in bought if name.partition("-")[0] in ("diesel", "gasoline", "gas")}
    assert {name.partition("-")[2] for name in standards} == {"VI"}
