"""Ledger and scenario are held together, both ways."""

from pathlib import Path

import pytest

from lantian.errors import Place, Problems
from lantian.plan.ledger import LedgerRow, check_ledger
from support.scenarios import commitment, sound, target, text_of

LEDGER = Place("clauses.csv")


def line(row_id: str, commitments: str = "", reason: str = "", fate: str = "") -> LedgerRow:
    return LedgerRow.model_validate(
        {
            "row_id": row_id,
            "clause_no": "1",
            "document_line": 1,
            "sector": "dust",
            "modelable": "yes",
            "bindingness": "binding",
            "gist_en": "g",
            "gist_zh": "g",
            "fate": fate or ("modelled" if commitments else "not_modelled"),
            "commitments": commitments,
            "reason": reason,
        }
    ).at(Place("clauses.csv", 2))


def told(
    folder: Path,
    ledger: list[LedgerRow],
    *lines: str,
    targets: list[str] | None = None,
) -> list[str]:
    problems = Problems()
    check_ledger(ledger, sound(folder, text_of(list(lines), targets)), LEDGER, problems)
    return [p.text() for p in problems.found]


def test_a_ledger_that_fits_is_silent(tmp_path: Path) -> None:
    ledger = [line("c-1", "a b"), line("c-2", reason="governance")]
    aims = [target("t", clause="[c-2]", at_most="5 t/a")]
    assert told(tmp_path, ledger, commitment("a", "m"), commitment("b", "n"), targets=aims) == []


def test_a_clause_stands_once_in_the_ledger(tmp_path: Path) -> None:
    twice = [line("c-1", reason="governance"), line("c-1", reason="governance")]
    assert told(tmp_path, twice) == ["clauses.csv:2  row_id\n  id 'c-1' twice."]


def test_clauses_of_commitments_and_targets_must_exist(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        [line("c-1", "a")],
        commitment("a", "m", clause="[c-1, c-11]"),
        targets=[target("t", clause="[x]", at_most="5 t/a")],
    )
    assert [f.split("  ", 1)[1] for f in found] == [
        "commitments[0].clause[1]\n  'c-11' is not in clauses.csv. Did you mean 'c-1'?",
        "targets[0].clause[0]\n  'x' is not in clauses.csv.",
    ]


@pytest.mark.parametrize("between", [";", "; ", "；", ",", "、", " / ", "+"])
def test_ids_that_something_stands_between_are_told_as_such(tmp_path: Path, between: str) -> None:
    made = [commitment("a", "m"), commitment("b", "n")]
    found = told(tmp_path, [line("c-1", f"a{between}b")], *made)
    said = [text for text in found if "is not a commitment" in text]
    assert said
    assert all("stand apart by blanks: 'a" in s or s.endswith("scenario.") for s in said)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (line("c-2", "b"), ["'b' is not a commitment of the scenario."]),
        (line("c-2"), ["a clause that is not modelled needs a reason, and only such a clause."]),
        (
            line("c-2", "a", "governance"),
            ["a clause that is not modelled needs a reason, and only such a clause."],
        ),
        (
            line("c-2", fate="modelled"),
            [
                "a clause is modelled by commitments, or not modelled. One that a target alone is"
                " about is not_modelled, with the reason listed-target."
            ],
        ),
        (
            line("c-2", "a", "governance", "not_modelled"),
            ["a clause is modelled by commitments, or not modelled."],
        ),
    ],
)
def test_every_clause_has_one_fate(tmp_path: Path, row: LedgerRow, said: list[str]) -> None:
    found = told(
        tmp_path,
        [line("c-1", "a"), row],
        commitment("a", "m", clause="[c-1, c-2]")
        if "a" in row.commitments
        else commitment("a", "m"),
    )
    assert [f.split("\n  ")[1] for f in found] == said


def test_the_ledger_lists_the_commitments_that_name_a_clause(tmp_path: Path) -> None:
    found = told(tmp_path, [line("c-1", "a")], commitment("a", "m"), commitment("b", "n"))
    assert [f.split("\n  ")[1] for f in found] == [
        "the ledger does not list 'b' under clause 'c-1'."
    ]


@pytest.mark.parametrize(("own", "alien", "once"), [(1, 4, False), (6, 6, False), (1, 6, True)])
def test_the_ledger_of_another_plan_is_told_once(
    own: int, alien: int, once: bool, tmp_path: Path
) -> None:
    names = [f"a{i}" for i in range(own)]
    ledger = [line(f"c-{name}", name) for name in names + [f"b{i}" for i in range(alien)]]
    made = [commitment(name, f"m{name}", clause=f"[c-{name}]") for name in names]
    found = told(tmp_path, ledger, *made)
    if once:
        assert len(found) == 1
        assert f"of the {own + alien} commitments that it names {alien} are not" in found[0]
        assert "Delete 'plan:'" in found[0]
    else:
        assert len(found) == alien


@pytest.mark.parametrize(("lost", "n"), [([], 1), ([{"row_id": "b"}], 0), ([{"row_id": ""}], 0)])
def test_a_clause_of_a_line_that_cannot_be_read_is_not_missing(
    lost: list[dict[str, str]], n: int, tmp_path: Path
) -> None:
    problems = Problems()
    read = sound(tmp_path, text_of([commitment("c", "m", clause="[a, b]")]))
    check_ledger([line("a", "c")], read, LEDGER, problems, lost)
    assert len(problems.found) == n
