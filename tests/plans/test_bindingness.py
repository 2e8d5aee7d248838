"""A commitment that binds stands for no clause that only encourages or aims."""

import csv
from pathlib import Path

import pytest
from ruamel.yaml import YAML

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
