"""The numbers of the five plans' runs stay what they are.

``<plan>.json`` holds the summary of the run. After a change that is meant to change numbers:
``pytest tests/golden --update-golden``, then read the difference before committing it.
"""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from integration.workbench import Finished
from lantian.cli.terminal import levels_table, readings_table

FOLDER = Path(__file__).parent
RELATIVE, ABSOLUTE = 1e-6, 1e-6
PLANS = ("tongzhou-2020", "mentougou-2020", "shijiazhuang-2019", "tongzhou-2021", "xincheng-2024")
WHOLE = ("tongzhou-2020",)
"""Plans whose least-cost answers are held too."""
VOLATILE = ("version", "reprojection_gap", "notes")
"""Keys whose values are no result, or sentences about what other keys hold."""
OPTIMISED = (
    "least_cost",
    "match_plan",
    "max_feasible",
    "shadow_price",
    "shadow_price_unit",
    "solver",
)
"""Keys of what the optimiser answers."""


def kept(data: Any, without: tuple[str, ...] = VOLATILE) -> Any:
    """Return the summary without some keys."""
    if isinstance(data, dict):
        return {key: kept(value, without) for key, value in data.items() if key not in without}
    return [kept(item, without) for item in data] if isinstance(data, list) else data


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield where two summaries differ by more than rounding."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in old or key not in new:
                yield f"{path}.{key}: only in the {'golden file' if key in old else 'run'}"
            else:
                yield from differences(old[key], new[key], f"{path}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{i}]")
    elif is_number(old) and is_number(new):
        if not math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            yield f"{path}: {old} -> {new}"
    elif old != new:
        yield f"{path}: {old!r} -> {new!r}"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("plan", PLANS)
def test_numbers_are_those_of_the_golden_file(
    plan: str, run_plan: Callable[[str], Finished], update_golden: bool
) -> None:
    new = kept(run_plan(plan).summary, VOLATILE if plan in WHOLE else VOLATILE + OPTIMISED)
    path = FOLDER / f"{plan}.json"
    if update_golden:
        path.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    old = json.loads(path.read_text(encoding="utf-8"))
    assert list(differences(old, new)) == []


def test_differences_are_seen() -> None:
    old = {"a": [1.0, {"b": True}], "c": 1e9}
    assert list(differences(old, {"a": [1.0 + 1e-9, {"b": True}], "c": 1e9 + 1})) == []
    assert list(differences(old, {"a": [1.1, {"b": False}], "d": 1})) == [
        ".a[0]: 1.0 -> 1.1",
        ".a[1].b: True -> False",
        ".c: only in the golden file",
        ".d: only in the run",
    ]


# --- both readings are in the summary and on the terminal ----------------------------------------


@pytest.mark.parametrize("plan", PLANS)
def test_every_computed_target_is_answered_in_every_reading(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    for target in run_plan(plan).summary["targets"]:
        readings = {"baseline", "plan", "plan_strict", "plan_printed"}
        if target["computed"]:
            assert readings <= set(target["met"]), target["id"]
            values = target["value"]
            assert values["plan"] <= values["plan_strict"] + ABSOLUTE, target["id"]
            assert values["plan"] <= values["plan_printed"] + ABSOLUTE, target["id"]
            for case, met in target["met"].items():
                over = values[case] - target["limit"]
                assert met == (over <= RELATIVE * abs(target["limit"])), (target["id"], case)


@pytest.mark.parametrize("plan", PLANS)
def test_terminal_shows_all_readings_and_what_is_not_computed(
    plan: str, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan(plan)
    for heading in ("all commitments", "binding only", "printed levels only"):
        assert heading in run.answer.out
    assert "of an independent estimate" in run.answer.out
    left = [t for t in run.summary["targets"] if not t["computed"]]
    assert run.answer.out.count("not computed") == len(left)
    assert left, "every plan targets something that another indicator will bring"


# --- printed levels as reached -------------------------------------------------------------------

REACHED = {
    "tongzhou-2020": {"wet-sweeping-92": (92, "%"), "exit-120-firms": (120, "firm")},
    "mentougou-2020": {"wet-sweeping-92": (92, "%"), "mine-land-48-ha": (48, "ha")},
    "shijiazhuang-2019": {"rural-homes": (349_400, "household"), "cement-capacity": (2.6, "Mt")},
    "tongzhou-2021": {"zev-new-sanitation": (70, "%"), "nine-firms": (9, "firm")},
    "xincheng-2024": {"trucks-324": (324, "vehicle"), "clean-muck-trucks": (80, "%")},
}


@pytest.mark.parametrize("plan", PLANS)
def test_printed_levels_are_told_as_reached(plan: str, run_plan: Callable[[str], Finished]) -> None:
    run = run_plan(plan)
    levels = {level["commitment"]: level for level in run.summary["levels"]}
    for name, (value, unit) in REACHED[plan].items():
        level = levels[name]
        assert (level["printed"], level["unit"]) == (value, unit)
        assert level["lowest"] == pytest.approx(value)
        assert level["highest"] == pytest.approx(value)
    assert "Printed levels as reached in" in run.answer.out
    assert run.answer.out.count("✗") >= sum(
        level["lowest"] < level["printed"] - ABSOLUTE
        for level in levels.values()
        if (level["printed"], level["unit"]) != (100.0, "%")
    )


def text_of(table: Any) -> str:
    out = Console(width=100)
    with out.capture() as captured:
        out.print(table)
    return captured.get()


def test_levels_are_marked_met_or_short_unless_they_say_all() -> None:
    level = {"measure": "m", "clause": ["p-2020-007"], "unit": "%", "highest": 90.0}
    levels = [
        {**level, "printed": 92.0, "lowest": 90.0},
        {**level, "printed": 90.0, "lowest": 90.0},
        {**level, "printed": 100.0, "lowest": 85.0},
        {**level, "printed": 100.0, "lowest": 100.0, "highest": 100.0},
    ]
    table = levels_table({"years": [2020], "levels": levels}, "en", lambda name: name.upper())
    rows = [" ".join(line.split()) for line in text_of(table).splitlines()[-3:]]
    assert rows == ["M 007 92 % 90 ✗", "M 007 90 % 90 ✓", "M 007 100 % 85-90"]


def test_readings_of_a_plan_without_some_credit_do_not_claim_all() -> None:
    cases = dict.fromkeys(("plan", "plan_strict", "plan_printed"), 5.0)
    for values, headings in (
        (cases, ["all commitments"]),
        ({"plan_full": 4.0, **cases}, ["all commitments", "credited commitments"]),
    ):
        met = dict.fromkeys(values, True)
        target = {"id": "t", "computed": True, "unit": "", "limit": 6.0, "value": values}
        shown = text_of(readings_table({"targets": [{**target, "met": met}]}, "en", str))
        found = [name for name in ("all commitments", "credited commitments") if name in shown]
        assert found == headings
        assert shown.count("✓") == len(values)
