"""A commitment binds and is due as the clauses say that it stands for."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lantian.scenario.model import Target
from lantian.vocabulary import HEADLINE, TIER_OF, TIERS
from plans.quantities import OURS

ROOT = Path(__file__).parents[2]
PLANS = ("tongzhou-2020", "mentougou-2020", "shijiazhuang-2019", "xincheng-2024", "tongzhou-2021")
WEAK = {"encouraged", "best_effort", "conditional"}


@pytest.mark.parametrize("plan", PLANS)
def test_no_clause_of_a_binding_commitment_only_encourages(plan: str) -> None:
    scenario = YAML(typ="safe").load(ROOT / "scenarios" / f"{plan}.yaml")
    with (ROOT / "inputs" / "plans" / plan / "clauses.csv").open(encoding="utf-8") as file:
        says = {row["row_id"]: set(row["bindingness"].split("+")) for row in csv.DictReader(file)}
    binding = [c for c in scenario["commitments"] if c["bindingness"] == "binding"]
    weaker = {(c["id"], k) for c in binding for k in c["clause"] if says[k] <= WEAK}
    assert binding
    assert weaker == set()


STRENGTH = ("yes", "parametric", "enabling", "no")
"""How far a clause says how much: the first prints the level."""


def _ledger(plan: str) -> dict[str, dict[str, str]]:
    with (ROOT / "inputs" / "plans" / plan / "clauses.csv").open(encoding="utf-8") as file:
        return {row["row_id"]: row for row in csv.DictReader(file)}


def _scenario(plan: str) -> Any:
    return YAML(typ="safe").load(ROOT / "scenarios" / f"{plan}.yaml")


@pytest.mark.parametrize("plan", PLANS)
def test_a_commitment_binds_like_a_clause_that_says_how_much(plan: str) -> None:
    ledger = _ledger(plan)
    for commitment in _scenario(plan)["commitments"]:
        own = [ledger[clause] for clause in commitment["clause"]]
        first = min(STRENGTH.index(row["modelable"]) for row in own)
        says = {
            word
            for row in own
            if STRENGTH.index(row["modelable"]) == first
            for word in row["bindingness"].split("+")
        }
        assert commitment["bindingness"] in says, commitment["id"]


LONGER_AT_WORK = {"hdd-inspection", "stockyards"}
"""Commitments beside whose clause of a month (data systems, cameras) another, which says how much,
runs to the end of the plan."""


@pytest.mark.parametrize("plan", PLANS)
def test_dates_stand_as_the_plan_prints_them(plan: str) -> None:
    """A commitment whose clauses are due in a month is due in one of these months."""
    ledger, checked = _ledger(plan), 0
    for commitment in _scenario(plan)["commitments"]:
        months = {
            found
            for clause in commitment["clause"]
            for found in re.findall(
                r"(?<!from )(?<!before )\b(\d{4}-\d{2})\b", ledger[clause]["deadline"]
            )
        }
        if months and commitment["id"] not in LONGER_AT_WORK:
            checked += 1
            assert str(commitment["by"]) in months, commitment["id"]
    assert checked


NUMBER = re.compile(r"\d+(?:\.\d+)?")
IN_WORDS = {"xincheng-2024": {"coal-zero-growth": "零增长"}}
"""Numbers that a clause prints as a word."""


@pytest.mark.parametrize("plan", PLANS)
def test_no_number_of_ours_drives_the_headline(plan: str) -> None:
    """A limit of a target that binds is printed; one that is read from words says so."""
    ledger = _ledger(plan)
    for target in map(Target.model_validate, _scenario(plan)["targets"]):
        limit = target.at_most or target.at_least or target.reduce_by or target.rise_within
        is_rule = str(target.indicator).startswith("township-")  # 100 % is all, in words
        if TIERS[TIER_OF[target.asked_as]] not in HEADLINE or limit is None or is_rule:
            continue
        says = "".join(OURS.sub("", ledger[clause]["quantity"]) for clause in target.clause)
        word = IN_WORDS.get(plan, {}).get(target.id)
        assert f"{limit.value:g}" in NUMBER.findall(says) or (word and word in says), target.id
