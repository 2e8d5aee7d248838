"""The Mentougou plan as encoded: complete, the printed numbers, and without the known traps."""

import re
from pathlib import Path

import pytest

from lantian.core.commitments import apply_commitments
from lantian.core.system import emission_by_source
from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS

SCENARIO = Path(__file__).parents[2] / "scenarios" / "mentougou-2020.yaml"

LISTED_WITHOUT_COMMITMENT = {
    "030": "in-baseline",
    "031": "in-baseline",
    "077": "in-baseline",
    "099": "alert-days-only",
}
"""Rows with an emission effect that no commitment or target encodes, and why."""

UNIT_IN_CHINESE = {"ha": "公顷", "firm": "家", "%": "%", "ug/m3": "微克/立方米"}


def test_every_row_of_the_plan_has_a_fate(ledger: dict[str, LedgerRow]) -> None:
    assert [*ledger] == [f"{n:03d}" for n in range(1, 119)]


def test_every_row_with_an_effect_is_encoded_or_excused(not_encoded: dict[str, str]) -> None:
    assert not_encoded == LISTED_WITHOUT_COMMITMENT


@pytest.mark.parametrize(
    ("name", "clause", "number", "unit"),
    [
        ("nox-total", "003", 30, "%"),
        ("voc-total", "004", 30, "%"),
        ("heavy-days", "005", 25, "%"),
        ("pm25-mean", "006", 49, "ug/m3"),
        ("transport-nox", "007", 30, "%"),
        ("dustfall-cut", "038", 30, "%"),
        ("alert-yellow", "098", 10, "%"),
        ("alert-orange", "098", 20, "%"),
        ("alert-red", "098", 30, "%"),
    ],
)
def test_target_has_the_printed_number(
    name: str,
    clause: str,
    number: float,
    unit: str,
    targets: dict[str, Target],
    ledger: dict[str, LedgerRow],
) -> None:
    target = targets[name]
    quantity = target.at_most or target.at_least or target.reduce_by
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (number, unit)
    assert target.clause == (f"mentougou-2020-{clause}",)
    assert f"{number}{UNIT_IN_CHINESE[unit]}" in ledger[clause].quantity


@pytest.mark.parametrize(
    ("name", "clause", "number", "unit"),
    [
        ("wet-sweeping-92", "049", 92, "%"),
        ("mine-land-48-ha", "056", 48, "ha"),
        ("exit-4-firms", "063", 4, "firm"),
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
    assert f"{number}{UNIT_IN_CHINESE[unit]}" in ledger[clause].quantity


def test_numbers_that_only_keep_rules_are_not_levels(
    commitments: dict[str, Commitment], ledger: dict[str, LedgerRow]
) -> None:
    """28,000 checks and 150 visits a year are checks, not cuts (README section 6, trap 6)."""
    assert "2.8万辆次" in ledger["020"].quantity
    assert "150家" in ledger["086"].quantity
    assert commitments["hdd-inspection"].credit == "enabling"
    assert commitments["booth-treatment-all-shops"].level.value == 100


def test_base_years_differ_by_target(targets: dict[str, Target]) -> None:
    years = {name: t.relative_to for name, t in targets.items()}
    assert years == {
        "nox-total": 2015,
        "voc-total": 2015,
        "heavy-days": 2015,
        "dustfall-cut": 2017,
        "transport-nox": 2017,
        "transport-voc": 2017,
        "transport-pm25": 2017,
        "pm25-mean": None,
        "park-total": None,
        "coal-solved": 2017,
        "alert-yellow": None,
        "alert-orange": None,
        "alert-red": None,
    }


def test_what_has_no_number_is_listed_with_the_reason(targets: dict[str, Target]) -> None:
    told = {name: t.reason for name, t in targets.items() if t.reason}
    assert [*told] == ["park-total"]
    assert not any(targets[name].computed for name in told)


def test_soft_words_stay_soft(targets: dict[str, Target]) -> None:
    assert targets["pm25-mean"].bindingness == "approx"
    assert targets["transport-nox"].bindingness == "best_effort"
    assert targets["alert-red"].bindingness == "approx"


def test_tongzhou_numbers_are_not_copied(commitments: dict[str, Commitment]) -> None:
    """Machine zone in key areas only, monitors a pilot, no sub-centre, four firms, six sectors."""
    zone = commitments["machine-zone-key-areas"]
    assert zone.credit == "parametric"
    assert zone.level.to("") < 1
    assert zone.from_year == 2020
    assert commitments["site-monitoring-and-penalties"].credit == "enabling"
    assert not {"zev-stock-subcentre-bus", "core-area-no-spraying", "exit-120-firms"} & {
        *commitments
    }


def test_flow_is_not_stock(commitments: dict[str, Commitment]) -> None:
    new = {name for name, c in commitments.items() if c.of == "new"}
    assert {n for n in commitments if n.startswith("zev-new-")} <= new
    assert commitments["zev-stock-permitted-light-trucks"].of == "total"


def test_coal_is_left_after_the_plan(study: Study, commitments: dict[str, Commitment]) -> None:
    """Five villages are converted; the others burn quality coal only, they are not coal-free."""
    system = study.system
    moved = apply_commitments(system, study.commitments)
    home = system.sources.id.index("home-coal")
    coal = {
        technology: moved.activity[s, -1]
        for s, technology in enumerate(system.states.technology)
        if system.states.source[s] == home
    }
    assert coal["bulk-coal"] == pytest.approx(0, abs=1e-6)
    assert coal["clean-coal"] > 50_000
    villages, homes, coal_per_home, lived_in = 5, 15_500 / 46, 2.73, 0.8
    level = commitments["villages-5-clean-heating"].level
    assert level.unit == "t"
    assert level.value == pytest.approx(villages * homes * coal_per_home * lived_in, rel=0.01)


def test_mine_restoration_is_an_area(study: Study) -> None:
    system = study.system
    moved = apply_commitments(system, study.commitments)
    restored = sum(
        moved.activity[s, -1]
        for s, controls in enumerate(system.states.controls)
        if "mine-restored" in controls
    )
    assert restored == pytest.approx(48e4)  # m2


def test_totals_are_plausible(study: Study) -> None:
    """0.3 million people on 1455 km2: a fifth of Tongzhou, more coal, less solvent."""
    total = study.baseline.sum(axis=0)
    base = study.scenario.years.index(2017)
    expected = {
        "NOx": (900, 3500),
        "VOC": (1000, 5000),
        "PM2.5": (400, 1800),
        "SO2": (80, 500),
        "NH3": (80, 600),
    }
    for pollutant, (low, high) in expected.items():
        assert low < total[POLLUTANTS.index(pollutant), base] < high  # type: ignore[arg-type]


def test_plan_never_raises_a_total(study: Study) -> None:
    moved = apply_commitments(study.system, study.commitments)
    after = emission_by_source(study.system, moved.activity)
    assert (after.sum(axis=0) <= study.baseline.sum(axis=0) + 1e-6).all()


def test_response_returns_the_base_year(study: Study) -> None:
    (row,) = (r for r in study.observed if (r.indicator, r.year) == ("pm25", 2017))
    assert row.low <= 57.4 <= row.high
    assert row.basis == "derived"


def test_clause_numbers_are_those_of_this_document(ledger: dict[str, LedgerRow]) -> None:
    """One clause more than Tongzhou: the rural grid is (21), coatings move to (22)."""
    assert ledger["081"].clause_no == "（二十一）"
    assert ledger["083"].clause_no == "（二十二）"
    numbered = re.compile("（[一二三四五六七八九十]+）")
    numbers = {r.clause_no for r in ledger.values() if numbered.fullmatch(r.clause_no)}
    assert len(numbers) == 34  # of 36: (1) and (2) stand under chapter one
