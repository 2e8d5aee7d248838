"""The national plan of 2023 as a ledger, and how much of it the template says as it is printed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from lantian.plan.ledger import LedgerRow
from lantian.scenario.model import Commitment, Target
from lantian.study.model import Study
from plans.quantities import printed, says_all

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "template-2026-2030.yaml"
PAGE = ROOT / "docs" / "clauses.md"

ROUGHLY = {
    "009": "new works: the share that is cleaner, not the way their goods go",
    "015": "equipment that leaves is counted as firms of ordinary manufacturing",
    "017": "clusters are firms that rise to a better grade",
    "023": "renewable power of the region, not the share of all energy",
    "072": "straw that is not burned counts as used",
}
"""Rows of which the scenario says less, or something near, and why."""

NOT_SAID = {
    "016": "no-source",
    "097": "weaker-part",
}
"""Rows with an effect that no commitment or computed target says as they are printed."""

SAID_OTHERWISE = ("in-baseline", "alert-days-only")
"""Reasons of rows that drivers and dates, or the part ``alert``, say."""

LEAST = 0.85
"""Share of the rows with an effect that must be said as printed."""


def with_effect(ledger: Mapping[str, LedgerRow]) -> dict[str, LedgerRow]:
    return {n: row for n, row in ledger.items() if row.modelable in ("yes", "parametric")}


def test_rows_are_numbered_and_follow_the_text(ledger: dict[str, LedgerRow]) -> None:
    assert list(ledger) == [f"{n:03d}" for n in range(1, len(ledger) + 1)]
    clauses = [row.document_line for row in ledger.values()]
    assert clauses == sorted(clauses)
    assert set(clauses) == set(range(1, 40))  # thirty-nine numbered clauses, each entered


def test_every_row_with_an_effect_is_said_or_excused(study: Study) -> None:
    aimed = {clause for target in study.scenario.targets for clause in target.clause}
    for row in study.ledger:
        assert row.commitment_ids or row.reason, row.row_id
        assert (row.reason == "listed-target") == (row.row_id in aimed and not row.commitments)


def test_levels_called_printed_are_in_print(
    study: Study, ledger: dict[str, LedgerRow], commitments: dict[str, Commitment]
) -> None:
    """A number of the clause, or all where the clause says all."""
    for item in commitments.values():
        if item.credit == "printed":
            quantities = [ledger[c.rpartition("-")[2]].quantity for c in item.clause]
            numbers = {n.value for q in quantities for n in printed(q)}
            is_all = item.level.value == 100 and any(map(says_all, quantities))
            assert is_all or item.level.value in numbers, item.id


def test_levels_that_are_not_printed_are_a_range(commitments: dict[str, Commitment]) -> None:
    """A blank for the local number: the template's own lies inside an open range."""
    for item in commitments.values():
        if item.credit != "printed":
            assert item.low is not None, item.id
            assert item.high is not None, item.id
            assert item.low.value < item.level.value <= item.high.value, item.id


def test_numbers_of_targets_are_in_print(
    ledger: dict[str, LedgerRow], targets: dict[str, Target]
) -> None:
    for item in targets.values():
        limit = item.at_most or item.at_least or item.reduce_by or item.rise_by
        if limit is not None:
            quantities = [ledger[c.rpartition("-")[2]].quantity for c in item.clause]
            assert limit.value in {n.value for q in quantities for n in printed(q)}, item.id


def share_as_printed(ledger: Mapping[str, LedgerRow]) -> float:
    effective = with_effect(ledger)
    said = [n for n in effective if n not in ROUGHLY and n not in NOT_SAID]
    return len(said) / len(effective)


def test_most_of_what_has_an_effect_is_said_as_printed(ledger: dict[str, LedgerRow]) -> None:
    effective = with_effect(ledger)
    assert set(ROUGHLY) | set(NOT_SAID) <= set(effective)
    assert not set(ROUGHLY) & set(NOT_SAID)
    assert share_as_printed(ledger) >= LEAST


def test_what_is_not_said_is_no_commitment(
    ledger: dict[str, LedgerRow], targets: dict[str, Target]
) -> None:
    computed = {c.rpartition("-")[2] for t in targets.values() if t.computed for c in t.clause}
    for number, row in with_effect(ledger).items():
        said = bool(row.commitment_ids) or number in computed or row.reason in SAID_OTHERWISE
        if number in NOT_SAID:
            assert number not in computed, number
        else:
            assert said, number


def test_the_page_tells_the_share(ledger: dict[str, LedgerRow]) -> None:
    effective = with_effect(ledger)
    as_printed = round(share_as_printed(ledger) * len(effective))
    told = f"{len(effective)} rows with an effect: {as_printed} as printed"
    assert told in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [*ROUGHLY, *NOT_SAID])
def test_the_page_lists_what_is_not_as_printed(number: str) -> None:
    assert f"-{number}" in PAGE.read_text(encoding="utf-8")
