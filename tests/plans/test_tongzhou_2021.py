"""The Tongzhou plan of 2021, air part: complete, printed numbers, no effect counted twice."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from lantian.core.commitments import apply_commitments
from lantian.core.system import Array, emission_by_source
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.load import load
from lantian.study.model import Study
from lantian.tolerances import NOTHING
from lantian.vocabulary import POLLUTANTS

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "tongzhou-2021.yaml"
TOWNSHIPS = ROOT / "inputs" / "regions" / "beijing" / "tongzhou" / "townships.csv"

LISTED_WITHOUT_COMMITMENT = {
    "028": "in-baseline",  # China VI(B) goes on
    "040": "in-baseline",  # coal-free goes on
    "046": "weaker-part",  # pilots beside the rates of 049
    "075": "no-source",  # area of the fireworks restriction
    "076": "alert-days-only",  # fireworks on alert days: no yearly amount
}
"""Rows with an emission effect that no commitment or target encodes, and why."""


def test_every_row_of_the_plan_has_a_fate(ledger: dict[str, LedgerRow]) -> None:
    assert [*ledger] == [f"{n:03d}" for n in range(1, 86)]
    tasks = {r.clause_no for r in ledger.values() if r.clause_no.isdigit()}
    assert tasks == {str(n) for n in range(1, 57)}


def test_water_and_soil_stay_outside(ledger: dict[str, LedgerRow]) -> None:
    assert [ledger[n].reason for n in ("084", "085")] == ["outside-air"] * 2


def test_every_row_with_an_effect_is_encoded_or_excused(not_encoded: dict[str, str]) -> None:
    assert not_encoded == LISTED_WITHOUT_COMMITMENT


@pytest.mark.parametrize(
    ("name", "clause", "number", "unit", "printed"),
    [
        ("zev-new-sanitation", "019", 70, "%", "70%"),
        ("nine-firms", "048", 9, "firm", "9家"),
        ("zev-new-bus", "011", 100, "%", "全部"),
        ("zev-new-postal", "021", 100, "%", "全部"),
        ("zev-new-official", "023", 100, "%", "基本"),
    ],
)
def test_commitment_has_the_printed_number(
    name: str,
    clause: str,
    number: float,
    unit: str,
    printed: str,
    commitments: dict[str, Commitment],
    ledger: dict[str, LedgerRow],
) -> None:
    commitment = commitments[name]
    assert (commitment.level.value, commitment.level.unit) == (number, unit)
    assert commitment.credit == "printed"
    assert f"tongzhou-2021-{clause}" in commitment.clause
    assert printed in ledger[clause].quantity


def test_dustfall_is_a_monthly_level(
    targets: dict[str, Target], ledger: dict[str, LedgerRow]
) -> None:
    target = targets["dustfall-level"]
    assert target.at_most is not None
    assert (target.at_most.value, target.at_most.unit) == (5.1, "t/(km2*month)")
    assert "5.1吨/平方公里·月" in ledger["056"].quantity


def test_township_allowances_are_not_concentrations(
    targets: dict[str, Target], study: Study
) -> None:
    """2, 3 and 4 ug/m3 lie above the mean of the townships, with an OR: not PM2.5 as such."""
    groups = [targets[f"township-group-{n}"] for n in (1, 2, 3, 4)]
    assert {t.indicator for t in groups} == {"township-rule"}
    assert {str(t.at_most) for t in groups} == {"100 %"}
    assert all("OR" in t.note for t in groups)
    with TOWNSHIPS.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["parameter"] == "allowance"]
    above = {row["group"]: (float(row["value"]), row["unit"]) for row in rows}
    assert [above[str(t.receptor)] for t in groups] == [(n, "ug/m3") for n in (0, 2, 3, 4)]
    asked = {resolved.target.id for resolved in study.targets if resolved.asked}
    assert {t.id for t in groups} <= asked  # by rows with a choice per unit


def test_groups_are_of_14_4_3_and_1_units() -> None:
    with TOWNSHIPS.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["parameter"] == "pm25"]
    sizes = Counter(row["group"] for row in rows)
    assert sizes == {"group-1": 14, "group-2": 4, "group-3": 3, "group-4": 1}


def test_city_values_are_not_invented(targets: dict[str, Target]) -> None:
    assert not [t for t in targets.values() if t.indicator_id in ("emission", "alert-cut")]
    for name in ("voc-city-value", "nox-city-value", "energy-per-gdp"):
        assert targets[name].reason
        assert not targets[name].computed


def test_a_fall_without_a_number_is_a_step_below_the_year_before(
    targets: dict[str, Target], study: Study
) -> None:
    falls = {name for name, t in targets.items() if t.falls}
    assert falls == {"pm25-falls", "heavy-days"}
    for resolved in study.targets:
        if resolved.target.id in falls:
            assert resolved.target.relative_to == 2020
            assert resolved.target.bindingness == "best_effort"
            assert resolved.base_value is not None
            assert resolved.limit is not None
            printed, next_lower = round(resolved.base_value), round(resolved.limit)
            assert next_lower == printed - 1, resolved.target.id  # ug/m3, days


@pytest.mark.parametrize(
    ("name", "trap"),
    [("coating-limits", "SAMPLING"), ("residue-6-g", "TOTAL"), ("site-exits-clean", "EACH")],
)
def test_numbers_that_are_no_levels(
    name: str, trap: str, commitments: dict[str, Commitment]
) -> None:
    """10 % sampling, 6 g/m2 of total dust and 100 m each side do not turn into cuts."""
    assert commitments[name].credit == "parametric"
    assert trap in commitments[name].note


def test_new_vehicles_are_a_flow(commitments: dict[str, Commitment]) -> None:
    assert all(c.of == "new" for n, c in commitments.items() if n.startswith("zev-new-"))
    assert commitments["permit-trucks-electric"].of == "total"


def test_base_is_what_the_former_plan_leaves(study: Study) -> None:
    """State by state, controls included; but for what is counted since, or anew."""
    former = load(SCENARIO.with_name("tongzhou-2020.yaml"))
    left = by_state(
        former, apply_commitments(former.system, former.commitments.at_year_end()).activity[:, -1]
    )
    start = by_state(study, study.system.baseline[:, 0])
    anew = {"car", "official-car", "bare-farmland", "ritual-paper"}
    totals: Counter[str] = Counter()
    for name, amount in left.items():
        totals[name[0]] += amount
    held = {name[0] for name, amount in start.items() if amount > 0}
    assert held - {name[0] for name, amount in left.items() if amount > 0} == anew - {"car"}
    for name in start.keys() | left.keys():
        if name[0] not in anew:
            amount = left.get(name, 0.0)
            amount = amount if amount > NOTHING * totals[name[0]] else 0.0  # that is rounding
            assert start.get(name, 0.0) == pytest.approx(amount, rel=1e-12, abs=1e-9)
    assert max(len(name[2]) for name, amount in start.items() if amount > 0) == 4


def test_cars_are_counted_anew_and_of_the_age_they_were(study: Study) -> None:
    former = load(SCENARIO.with_name("tongzhou-2020.yaml"))
    left = by_state(
        former, apply_commitments(former.system, former.commitments.at_year_end()).activity[:, -1]
    )
    start = by_state(study, study.system.baseline[:, 0])
    cars = {name: amount for name, amount in left.items() if name[0] == "car"}
    assert sum(cars.values()) == pytest.approx(392_400)
    for name, amount in cars.items():
        assert start.get(name, 0.0) == pytest.approx(amount * 389_900 / 392_400, abs=1e-9)
    official = sum(amount for name, amount in start.items() if name[0] == "official-car")
    assert official == pytest.approx(2_500)


def by_state(study: Study, amount: Array) -> dict[tuple[str, str, tuple[str, ...]], float]:
    sources, states = study.system.sources, study.system.states
    names = zip(
        (sources.id[s] for s in states.source), states.technology, states.controls, strict=True
    )
    return dict(zip(names, amount.tolist(), strict=True))


def test_coal_is_gone_and_gives_nothing(study: Study) -> None:
    coal = study.system.sources.id.index("home-coal")
    assert study.baseline[coal].max() == 0


def test_permit_trucks_were_electric_before(study: Study) -> None:
    """Upkeep of a level already reached is no new cut."""
    system = study.system
    moved = apply_commitments(system, study.commitments)
    trucks = system.sources.id.index("light-truck-permit")
    gain = study.baseline[trucks] - emission_by_source(system, moved.activity)[trucks]
    nox = POLLUTANTS.index("NOx")
    assert gain[nox, 0] == pytest.approx(0)
    assert study.baseline[trucks, nox, 0] < 1


def test_one_year_changes_little(study: Study) -> None:
    moved = apply_commitments(study.system, study.commitments)
    after = emission_by_source(study.system, moved.activity).sum(axis=0)[:, -1]
    without = study.baseline.sum(axis=0)[:, -1]
    for pollutant in ("NOx", "VOC", "PM2.5", "TSP"):
        p = POLLUTANTS.index(pollutant)  # type: ignore[arg-type]
        assert 0.90 * without[p] < after[p] <= without[p]
