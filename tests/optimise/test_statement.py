"""What is said of targets out of reach: what binds, and only that."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.cli.terminal.notes import of_target, others
from lantian.core.system import System
from lantian.language import Listed, Message, message
from lantian.names import IdName, TargetName
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import BindingLimit, Diagnosis, LeastCostResult
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.procedure.statement import (
    BEYOND,
    HOLDS,
    UNMATCHED,
    by_kind,
    cause_of,
    explain,
    explain_budget,
    explain_target,
    holders,
)
from lantian.vocabulary import BUDGETS, FAMILIES, TECHNOLOGY, Cause, Family
from optimise.conftest import small_system, total_targets

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


def two_filters(cost: tuple[float, float] = (10.0, 30.0), factor: float = 1.0) -> System:
    """Two sources of 10 t; 4 t of the first and 5 t of the second can go."""
    return small_system(
        [10.0, 10.0],
        [[factor, 1.0]] * 2,
        [(g, g, -1, c) for g, c in enumerate(cost)],
        [0.4, 0.5],
    )


def said(system: System, targets: Targets, outside: float = 0.0, margin: float = 0.0) -> list[str]:
    answer = least_cost(system, 0, targets, margin=margin)
    return [note.text() for note in explain(answer, system, {"NOx-total": outside})]


def beyond_all(best: float, limit: float) -> str:
    return (
        f"Target 'NOx-total' is out of reach: every measure together brings {best:g} t, the limit"
        f" is {limit:g} t."
    )


FIRST, SECOND = "reach of measure-1 @ source-1", "reach of measure-0 @ source-0"


def holds(*limits: str) -> str:
    return f"What holds 'NOx-total' back: {'; '.join(limits)}."


def test_a_target_out_of_reach_is_told_with_what_holds_it_and_by_how_much() -> None:
    assert said(two_filters(), total_targets(two_filters(), [8.0])) == [
        beyond_all(11, 8),
        holds(FIRST, SECOND),
        "Relaxed: target 'NOx-total' by 3 t.",
    ]
    # a tenth of the 9 t that are possible is not bought
    assert said(two_filters(), total_targets(two_filters(), [8.0]), margin=0.1)[-1] == (
        "Relaxed: target 'NOx-total' by 3.9 t; the last 10% of what is possible are not bought."
    )


@pytest.mark.parametrize(
    ("outside", "limit", "held"),
    [
        (9.0, 8.0, ()),  # whatever is done here is not enough
        (9.0, 9.0, ("what no measure moves", FIRST)),
        (4.5, 9.0, (FIRST, SECOND)),  # half of the limit is not most of it
    ],
)
def test_what_comes_from_outside_is_told_apart(
    outside: float, limit: float, held: tuple[str, ...]
) -> None:
    system = two_filters()
    first, *rest, last = said(system, total_targets(system, [limit], outside), outside)
    assert first.startswith(f"'NOx-total': {outside:g} t stay whatever the measures do")
    # 20 t of its own, of which 9 can go
    needed = (20 + outside - limit) / 20
    assert first.endswith(f"{needed:.0%} of these would have to go, 45% can.")
    assert last == f"Relaxed: target 'NOx-total' by {11 + outside - limit:g} t."
    assert rest == ([beyond_all(11 + outside, limit), holds(*held)] if held else [])


def at_its_best(system: System, constant: float = 0.0) -> list[str]:
    answer = least_cost(system, 0, total_targets(system, [8.0], constant))
    best = answer.targets[0].max_feasible
    return [note.text() for note in explain_target(answer, 0, best, system, {})]


def test_a_target_that_nothing_lowers_is_told_as_that() -> None:
    none = "Target 'NOx-total' is out of reach: no measure acts on it."
    assert at_its_best(two_filters(factor=0.0), 10.0) == [none]
    unpriced = two_filters(cost=(np.nan, np.nan))
    assert at_its_best(unpriced) == [
        "Target 'NOx-total' is out of reach: no measure of known cost acts on it.",
        "Measures without a price are left out, though they act on 'NOx-total': measure-0;"
        " measure-1.",
    ]
    assert at_its_best(two_filters(cost=(np.nan, 1.0))) == [
        beyond_all(15, 8),
        "Measures without a price are left out, though they act on 'NOx-total': measure-0.",
        holds(FIRST),
    ]


def one_or_the_other(limits: list[float]) -> list[str]:
    """10 units emit 1 t of NOx and of VOC; each can be rid of one of the two."""
    system = small_system(
        [10.0, 0.0, 0.0],
        [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]],
        [(0, 0, 1, 1.0), (1, 0, 2, 1.0)],
        [1.0, 1.0],
        [0, 0, 0],
    )
    return said(system, total_targets(system, limits))


def test_how_far_targets_come_at_once_is_told_of_several() -> None:
    # 6 t of both would have to go, of which 10 units allow 5
    assert one_or_the_other([4.0, 4.0])[0] == (
        "Each target can be reached, but not all at once: at most 83.3% of the needed reductions."
    )
    assert one_or_the_other([4.0, 6.0]) == []
    assert not any("at once" in text for text in one_or_the_other([-1.0, 10.0]))


def test_what_else_is_told_of_a_mix() -> None:
    equal = two_filters(cost=(10.0, 10.0))
    answer = least_cost(equal, 0, total_targets(equal, [18.0]))
    assert [note.text() for note in explain(replace(answer, given_up=(1,)), equal)] == [
        "Several mixes cost the same; the one shown is chosen by the measures' names.",
        "What stood the year before cannot all be kept: measure-1 @ source-1.",
    ]
    system = two_filters()
    soft = replace(total_targets(system, [8.0]), price=np.array([20.0]))
    # 4 t are cheaper than their price; 8 t of excess at 20
    assert said(system, soft) == [
        "Soft target 'NOx-total' is exceeded by 8 t: meeting it would cost more than its price, at"
        " which the excess counts 160 yuan/a."
    ]


def held_by(*families: Family) -> LeastCostResult:
    """A target that can be reached for itself and is held by limits of some families."""
    system = two_filters()
    answer = least_cost(system, 0, total_targets(system, [8.0]))
    none = np.zeros(1)
    limits = tuple(limit(family, 1.0) for family in families)
    return replace(answer, diagnosis=Diagnosis((), none, none, 0.0, {0: limits}))


@pytest.mark.parametrize(
    ("families", "cause"),
    [
        (("reach", "bounds", "build-up", "budget"), "budget"),
        (("reach", "bounds", "build-up"), "pace"),
        (("reach", "bounds"), "limits"),
        (("reach", "states"), "targets"),
        ((), "targets"),
    ],
)
def test_the_nearest_cause_is_the_one_that_is_told(
    families: tuple[Family, ...], cause: Cause
) -> None:
    found = held_by(*families)
    assert cause_of(found, 0, 0.0) == cause
    assert cause_of(found, 0, 8.0) == cause
    assert cause_of(found, 0, 8.1) == "background"
    beyond_all = replace(found, diagnosis=replace(found.diagnosis, alone=(0,)))  # type: ignore[type-var]
    assert cause_of(beyond_all, 0, 0.0) == ("measures" if cause == "targets" else cause)
