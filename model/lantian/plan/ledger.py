"""The clause ledger of a plan: every clause, and what became of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lantian.errors import Place, Problems, closest
from lantian.language import NOTHING, Message, message
from lantian.parameters import Row, listed, read_table, shown_path
from lantian.parameters.rows import check_listed
from lantian.scenario.model import Commitment
from lantian.scenario.reader import ReadScenario
from lantian.vocabulary import BINDINGNESS

Reason = Literal[
    "",
    "governance",
    "monitoring-without-number",
    "level-not-printed",
    "outside-air",
    "in-baseline",
    "listed-target",
    "after-the-plan",
    "no-own-effect",
    "no-source",
    "alert-days-only",
    "weaker-part",
    "no-measure",
]
"""Why a clause is not modelled.

``no-own-effect``: what it prints (chargers, stations, sampling, days of forecast) emits nothing
less by itself. ``no-source``: what it limits (fireworks) is of no source of the inventory.
``no-measure``: it has an effect of its own, and no measure of the catalogue does what it asks
for. ``alert-days-only``: it holds on days of an alert and is no cut of a year. ``weaker-part``: it
encourages or tries out a part of what another clause binds, and prints no level of its own.
"""


CLAUSE_SECTORS = (
    "governance", "target", "energy", "coal", "industry", "vehicles", "nonroad", "dust",
    "monitoring", "emergency", "voc", "burning/fireworks", "catering", "ammonia",
)  # fmt: skip
"""Parts of a plan that a clause can belong to."""


def _kinds(written: str) -> str:
    """Return what a clause is, one kind or several joined by a plus, if all are known."""
    for kind in written.split("+"):
        check_listed(kind, BINDINGNESS)
    return written


class LedgerRow(Row):
    """A line of ``inputs/plans/<plan>/clauses.csv``.

    ``modelable``: yes, the level can be read from the plan; parametric, the
    analyst supplies it; enabling, it only raises how well rules are kept; no, governance.
    ``baseline_year``, ``deadline`` and ``lead_department`` are as the plan prints them, blank where
    it does not: a deadline ``2019-10`` is by the end of that month, ``from 2018-09`` begins then.
    ``commitments`` are ids of the scenario, separated by spaces.
    """

    row_id: str = Field(min_length=1)
    clause_no: str
    part: str = ""
    document_line: Annotated[int, Field(ge=1)]
    sector: Annotated[str, listed(CLAUSE_SECTORS)]
    modelable: Literal["yes", "parametric", "enabling", "no"]
    bindingness: Annotated[str, AfterValidator(_kinds)]
    gist_en: str
    gist_zh: str
    quantity: str = ""
    baseline_year: str = ""
    deadline: str = ""
    lead_department: str = ""
    fate: Literal["modelled", "not_modelled"]
    commitments: str = ""
    reason: Reason = ""

    @property
    def commitment_ids(self) -> tuple[str, ...]:
        """Ids of the commitments that encode the clause."""
        return tuple(self.commitments.split())


def read_ledger(path: Path, root: Path, problems: Problems) -> list[LedgerRow]:
    """Read the ledger of a plan.

    Parameters
    ----------
    path
        The table of clauses.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found.

    Returns
    -------
    list of LedgerRow
        One per clause, in the order of the file.
    """
    told = len(problems.found)
    ledger = read_table(path, LedgerRow, problems, root)
    if not ledger and len(problems.found) == told:
        problems.add(
            Place(shown_path(path, root)),
            message("the ledger has no clause."),
            fix=message("List the plan's clauses, or leave 'plan' out of the scenario."),
        )
    return ledger


def check_ledger(
    ledger: list[LedgerRow],
    read: ReadScenario,
    place: Place,
    problems: Problems,
    lost: Sequence[Mapping[str, str]] = (),
) -> None:
    """Hold ledger and scenario together.

    Every commitment and target names clauses that exist; every clause is either modelled by
    commitments that exist and name it, or gives the reason why not.

    Parameters
    ----------
    ledger
        Clauses of the plan; nothing is checked if there are none.
    read
        The scenario.
    place
        Where the ledger stands.
    problems
        Receives every fault found.
    lost
        Cells of lines that could not be read, which is told of them: their clauses are there.
    """
    rows: dict[str, LedgerRow] = {}
    for row in ledger:
        if rows.setdefault(row.row_id, row) is not row:
            problems.add(row.place.cell("row_id"), message("id '{id}' twice.", id=row.row_id))
    if not rows:
        return
    commitments = {c.id: c for c in read.scenario.commitments}
    if _is_of_another_plan(ledger, read, problems):
        return
    clauses = {
        "commitments": [c.clause for c in read.scenario.commitments],
        "targets": [t.clause for t in read.scenario.targets],
    }
    for part, named in clauses.items():
        for i, own in enumerate(named):
            for n, clause in enumerate(own):
                if clause not in rows and not _is_lost(clause, lost):
                    problems.add(
                        read.place(part, i, "clause", n),
                        message("'{clause}' is not in {ledger}.", clause=clause, ledger=place.file),
                        fix=closest(clause, rows),
                    )
    for row in ledger:
        _check_row(row, commitments, read.left_out, read.dropped, problems)
    for i, commitment in enumerate(read.scenario.commitments):
        for clause in commitment.clause:
            if clause in rows and commitment.id not in rows[clause].commitment_ids:
                problems.add(
                    read.place("commitments", i, "clause"),
                    message(
                        "the ledger does not list '{id}' under clause '{clause}'.",
                        id=commitment.id,
                        clause=clause,
                    ),
                )


def _is_lost(clause: str, lost: Iterable[Mapping[str, str]]) -> bool:
    """Tell whether a line that could not be read may be that of a clause."""
    return any(line.get("row_id", "").strip() in ("", clause) for line in lost)


FEW_ALIEN = 5
"""Commitments that a ledger may name and the scenario lacks before it is another plan's."""


def _is_of_another_plan(ledger: list[LedgerRow], read: ReadScenario, problems: Problems) -> bool:
    """Tell once that most of what a ledger names is not in the scenario: then nothing else fits."""
    named = {name for row in ledger for name in row.commitment_ids}
    known = {c.id for c in read.scenario.commitments} | read.left_out | set(read.dropped)
    alien = len(named - known)
    if alien < FEW_ALIEN or 2 * alien <= len(named):
        return False
    problems.add(
        read.place("plan"),
        message(
            "the ledger of '{plan}' is of another plan: of the {n} commitments that it names"
            " {alien} are not of the scenario.",
            plan=read.scenario.plan,
            n=len(named),
            alien=alien,
        ),
        fix=message(
            "Delete 'plan:', or name a ledger of your own, inputs/plans/PLAN/clauses.csv:"
            " inputs/README.md, section 8."
        ),
    )
    return True


def _check_row(
    row: LedgerRow,
    commitments: Mapping[str, Commitment],
    unread: frozenset[str],
    dropped: Mapping[str, Place],
    problems: Problems,
) -> None:
    if (row.fate == "modelled") != bool(row.commitment_ids):
        problems.add(
            row.place.cell("fate"),
            message("a clause is modelled by commitments, or not modelled."),
            fix=NOTHING
            if row.commitment_ids
            else message(
                "One that a target alone is about is not_modelled, with the reason listed-target."
            ),
        )
    if (row.fate == "modelled") == bool(row.reason):
        problems.add(
            row.place.cell("fate"),
            message("a clause that is not modelled needs a reason, and only such a clause."),
        )
    for name in row.commitment_ids:
        if name in dropped:
            problems.add(
                dropped[name],
                message(
                    "'{id}' is in the ledger of the plan, under clause '{clause}'.",
                    id=name,
                    clause=row.row_id,
                ),
                fix=message(
                    "To drop it, write 'plan:' with nothing behind it: the ledger is then not held"
                    " against the scenario."
                ),
            )
        elif name not in commitments and name not in unread:
            problems.add(
                row.place.cell("commitments"),
                message("'{id}' is not a commitment of the scenario.", id=name),
                fix=_joined(name, commitments) or closest(name, commitments),
            )


BETWEEN_IDS = re.compile(r"[;；,，、/|+&]+")
"""What people write between ids where the ledger has a blank."""


def _joined(written: str, known: Mapping[str, Commitment]) -> Message | None:
    """Return how several ids are written, if this is some that something else stands between."""
    ids = [part for part in BETWEEN_IDS.split(written) if part]
    if not set(ids) & set(known):
        return None
    return message("Ids stand apart by blanks: '{ids}'.", ids=" ".join(ids))
