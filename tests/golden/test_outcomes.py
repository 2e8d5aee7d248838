"""Every promise of the five plans on the outcome has a value, or a reason why it has none.

``outcomes.csv`` lists the 44 as the plans print them; ``docs/outcomes.md`` is made of the golden
summaries: ``pytest tests/golden --update-golden``.
"""

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from integration.workbench import REPOSITORY

FOLDER = Path(__file__).parent
TABLE = REPOSITORY / "docs" / "outcomes.md"
HEAD = """# What the five plans promise of the outcome

Made from the golden summaries by `tests/golden/test_outcomes.py`; one row per promise as printed,
one line per target that encodes it. *Observed* is what was measured in the target year, in the
state of the air in which the indicator is told, with the model's own value in brackets. Values rest
mostly on assumed inputs (README, limits).

{counts}

| plan | promise | limit | no plan | plan as written | observed | how checked |
|---|---|---|---|---|---|---|
"""
TOLD = """
Cases std-g1 to g8 and cna01 to cna06 are in `tests/published` (air quality), `tests/indicators`
(townships, days, dustfall, PM2.5) and `tests/optimise` (alerts); the hindcast is
`tables/hindcast.csv` of each run.
"""


@cache
def summary(plan: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{plan}.json").read_text(encoding="utf-8"))
    return found


def promises() -> list[dict[str, str]]:
    with (FOLDER / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def targets_of(promise: dict[str, str]) -> Iterator[dict[str, Any]]:
    own = {t["id"]: t for t in summary(promise["plan"])["targets"]}
    yield from (own[name] for name in promise["targets"].split())


def cells(plan: str, target: dict[str, Any]) -> tuple[str, str, str, str]:
    """Limit, both values with their verdict, and what was observed; or the reason."""
    if not target["computed"]:
        return target["reason"], "", "", ""
    unit = "" if target["unit"] == "1" else f" {target['unit']}"
    marks = {True: "met", False: "missed"}
    told = (f"{target['value'][c]:.4g} {marks[target['met'][c]]}" for c in ("baseline", "plan"))
    seen = [
        f"{row['observed']:.3g} ({row['value']:.3g})"
        for row in summary(plan)["hindcast"]
        if (row["indicator"], row["year"]) == (target["indicator"], target["year"])
    ]
    return f"{target['limit']:.4g}{unit}", *told, "".join(seen)  # type: ignore[return-value]


def lines() -> Iterator[str]:
    for promise in promises():
        for n, target in enumerate(targets_of(promise)):
            what = f"{promise['number']}: {promise['promise']}" if n == 0 else ""
            *told, seen = cells(promise["plan"], target)
            beside = (seen or promise["observed"], promise["checked"]) if n == 0 else (seen, "")
            row = (promise["plan"] if n == 0 else "", what, *told, *beside)
            yield f"| {' | '.join(row)} |"


def counts() -> str:
    """How many promises have a value, and how many only a reason."""
    own = [[t["computed"] for t in targets_of(p)] for p in promises()]
    some = sum(any(computed) for computed in own)
    return f"Of {len(own)} promises {some} have a value, {len(own) - some} a stated reason."


def test_all_44_promises_have_a_value_or_a_reason() -> None:
    listed = promises()
    assert len({(row["plan"], row["number"]) for row in listed}) == len(listed) == 44
    for promise in listed:
        assert promise["checked"]
        for target in targets_of(promise):
            if target["computed"]:
                assert all(v is not None for v in target["value"].values()), target["id"]
            else:
                assert target["reason"], target["id"]


def test_every_target_of_the_plans_is_one_of_them() -> None:
    listed = {(row["plan"], name) for row in promises() for name in row["targets"].split()}
    own = {(p, t["id"]) for p in {p for p, _ in listed} for t in summary(p)["targets"]}
    assert listed == own


def test_the_table_of_the_docs_is_that_of_the_runs(update_golden: bool) -> None:
    text = HEAD.format(counts=counts()) + "".join(f"{line}\n" for line in lines()) + TOLD
    if update_golden:
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == text
