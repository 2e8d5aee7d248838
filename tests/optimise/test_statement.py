"""What is said of targets out of reach: what binds, and only that."""

import pytest

from lantian.cli.terminal.notes import of_target, others
from lantian.language import Listed, Message, message
from lantian.names import IdName, TargetName
from lantian.optimise.procedure.answer import BindingLimit
from lantian.optimise.procedure.statement import (
    BEYOND,
    HOLDS,
    UNMATCHED,
    by_kind,
    explain_budget,
    holders,
)
from lantian.vocabulary import BUDGETS, FAMILIES, TECHNOLOGY, Family

PLANNED = [family for family in FAMILIES if family not in (*TECHNOLOGY, *BUDGETS)]


def limit(family: Family, worth: float) -> BindingLimit:
    return BindingLimit(family, IdName(f"{family} {worth:g}"), 1.0, worth)


def named(*limits: BindingLimit) -> list[str]:
    return [one.family for one in holders(by_kind(limits))]


@pytest.mark.parametrize("family", PLANNED)
def test_what_the_planner_sets_is_named_alone(family: Family) -> None:
    found = named(limit("states", 90.0), limit("reach", 80.0), limit(family, 1.0))
    assert found == [family]


def test_money_is_named_before_other_limits_of_the_planner() -> None:
    assert named(limit("bounds", 9.0), limit("budget", 2.0)) == ["budget", "bounds"]


def test_what_measures_can_do_is_named_before_what_there_is() -> None:
    assert named(limit("states", 90.0), limit("reach", 80.0)) == ["reach"]
    assert named(limit("states", 90.0)) == ["states"]


def test_what_is_slight_beside_another_is_not_named() -> None:
    assert named(limit("reach", 90.0), limit("reach", 4.0)) == ["reach"]


def beyond(target: str) -> list[Message]:
    names = {
        "target": Listed([TargetName(target)]),
        "unit": message("t"),
        "limit": 3.0,
        "best": 4.0,
    }
    return [
        message(BEYOND["limits"], **names),
        message(HOLDS, target=names["target"], limits=Listed(["washing"])),
        message(UNMATCHED, **names, year=2020, value=4.0),
    ]


def test_the_screen_tells_what_binds_beside_the_best_that_can_be_done() -> None:
    told = [*beyond("dust"), *beyond("nox")]
    assert of_target(told, "dust", "en", str) == [
        "More is kept by limits of the optimise part",
        "Held by: washing",
    ]


@pytest.mark.parametrize(
    ("targets", "said"), [(("dust",), "'dust' in 2020"), (("dust", "nox"), "2 targets")]
)
def test_what_is_behind_the_plan_is_told_in_one_line(targets: tuple[str, ...], said: str) -> None:
    told = [note for target in targets for note in beyond(target)]
    (line,) = others(told, targets)
    assert said in line.text()


def test_a_plan_that_costs_more_than_the_budget_is_told_as_that() -> None:
    (told,) = explain_budget(213e6, 200e6, 2030, "yuan")
    assert told.text() == (
        "The plan as written costs 213 million yuan/a net in 2030, 13 million more than the budget."
    )
    assert explain_budget(200e6, 200e6, 2030, "yuan") == []
    assert explain_budget(200e6, float("inf"), 2030, "yuan") == []
