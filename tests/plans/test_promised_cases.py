"""Cases of the five plans that were wrong once and are held here by name."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from lantian.indicators.contract import CENTRAL, TOTAL
from lantian.study.load import load
from lantian.study.model import make_case

ROOT = Path(__file__).parents[2]


@cache
def _scenario(plan: str) -> Any:
    return YAML(typ="safe").load(ROOT / "scenarios" / f"{plan}.yaml")


def _plan_of(clause: str) -> str:
    return clause.rpartition("-")[0]


def _ledger(clause: str) -> dict[str, str]:
    path = ROOT / "inputs" / "plans" / _plan_of(clause) / "clauses.csv"
    with path.open(encoding="utf-8") as file:
        return next(row for row in csv.DictReader(file) if row["row_id"] == clause)


@pytest.mark.parametrize(
    "clause",
    [
        "mentougou-2020-044",
        "shijiazhuang-2019-015",
        "shijiazhuang-2019-046",
        "tongzhou-2021-046",
        "tongzhou-2021-072",
        "tongzhou-2021-079",
    ],
)
def test_a_weaker_clause_is_no_binding_commitment(clause: str) -> None:
    own = [c for c in _scenario(_plan_of(clause))["commitments"] if clause in c["clause"]]
    assert "binding" not in _ledger(clause)["bindingness"]
    assert all(c["bindingness"] != "binding" for c in own), clause


def test_old_machines_are_ordered_out_and_only_electric_and_stage_iv_encouraged() -> None:
    clause = "mentougou-2020-027"
    own = {
        c["measure"]: c["bindingness"]
        for c in _scenario("mentougou-2020")["commitments"]
        if clause in c["clause"]
    }
    assert own == {"nrmm-retire-old": "binding", "nrmm-stage4-or-electric": "encouraged"}
    assert _ledger(clause)["bindingness"] == "binding+encouraged"


@pytest.mark.parametrize(
    ("commitment", "clause", "month"),
    [
        ("inspection-maintenance", "mentougou-2020-037", "2018-12"),
        ("cleaning-standard-kept", "mentougou-2020-047", "2018-09"),
        ("inspection-maintenance", "tongzhou-2020-038", "2018-12"),
        ("cleaning-standard-kept", "tongzhou-2020-048", "2018-09"),
    ],
)
def test_no_ramp_goes_past_a_printed_month(commitment: str, clause: str, month: str) -> None:
    every = _scenario(_plan_of(clause))["commitments"]
    (own,) = [c for c in every if c["id"] == commitment]
    assert clause in own["clause"]
    assert str(own["by"]) == month == _ledger(clause)["deadline"]


@pytest.mark.parametrize(
    ("plan", "clause", "computed"),
    [
        ("tongzhou-2021", "034", False),  # energy per GDP
        ("tongzhou-2021", "041", False),  # VOC, value of the city
        ("tongzhou-2021", "055", False),  # NOx, value of the city
        ("tongzhou-2021", "071", True),  # residue on roads
        ("xincheng-2024", "008", True),  # coal
        ("mentougou-2020", "067", False),  # park
        ("mentougou-2020", "074", True),  # coal
        ("shijiazhuang-2019", "099", False),  # lead time of alerts
    ],
)
def test_a_target_that_was_absent_is_listed(plan: str, clause: str, computed: bool) -> None:
    (own,) = [t for t in _scenario(plan)["targets"] if f"{plan}-{clause}" in t["clause"]]
    other = own["indicator"] if isinstance(own["indicator"], dict) else {}
    assert ("other" not in other) == computed
    assert computed or other["reason"].strip()


def test_the_hindcast_of_tongzhou_is_within_three_micrograms() -> None:
    """PM2.5 of 2015, 2018-2020, 2022 and 2023 with the air around as it was observed."""
    study = load(ROOT / "scenarios" / "tongzhou-hindcast.yaml")
    years = study.system.years
    plan = make_case(study.system, study.applied.moved, tuple(range(len(years))))
    parts = study.indicators["pm25"].fitted.parts(study.projection(plan))
    assert parts is not None
    total = parts.value[parts.component.index(TOTAL)][..., CENTRAL]
    own = study.indicators["pm25"]
    error = [
        total[years.index(row.year)] - own.declared.in_common(row, own.indicator.unit)
        for row in study.observed
        if row.indicator == "pm25" and row.year in (2015, 2018, 2019, 2020, 2022, 2023)
    ]
    assert len(error) == 6
    rms = np.sqrt(np.mean(np.square(error)))
    assert rms < 3.0
    page = " ".join((ROOT / "docs" / "verdicts.md").read_text("utf-8").split())
    assert f"is {rms:.2f} ug/m3 off" in page
    assert f"errors {', '.join(f'{e:+.1f}' for e in error)})" in page
