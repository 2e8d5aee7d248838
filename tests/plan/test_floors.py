"""Limits on what runs that no mix can keep: told at the door, and only where that is so."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lantian.core.system import NOWHERE, System, eligible_activity
from lantian.errors import Problems
from lantian.indicators.amounts import activity_row
from lantian.optimise.problem.planner_limits import Bound as Held
from lantian.plan.floors import check_floors
from lantian.plan.targets import Bound, ResolvedTarget
from support.build import build, carry, close, shift
from support.random_plans import Case, cases
from support.scenarios import sound, target, text_of

LAST = 2
LIMITS = {
    "at_most": target("cap", indicator="activity", pollutant="", activity="{sources: [truck]}",
                      at_most="1 vehicle"),
    "at_least": target("cap", indicator="activity", pollutant="", activity="{sources: [truck]}",
                       at_least="1 vehicle"),
}  # fmt: skip


def told(
    folder: Path,
    system: System,
    weight: np.ndarray[Any, Any],
    limit: float,
    sense: str = "at_most",
    given_too: float = 0.0,
    bounds: tuple[Held, ...] = (),
) -> Problems:
    """What is told of a limit on what states hold, in the last year."""
    read, problems = sound(folder, text_of([], [LIMITS[sense]])), Problems()
    row = activity_row(len(system.sources), weight[:, None], np.array([given_too]))
    own = ResolvedTarget(
        target=read.scenario.targets[0],
        unit="vehicle",
        year=LAST,
        rows=(row,),
        bound=Bound(0.0, limit, sense),  # type: ignore[arg-type]
        limit=limit,
    )
    check_floors([own], system, bounds, read, problems)
    return problems


def freight(reach: float = 0.5) -> System:
    """60 old lorries that can go by rail or become new, 40 new ones, and 40 plants that stay."""
    return build(
        {"truck / old": 60.0, "truck / new": 40.0, "train / line": 0.0, "plant / coal": 40.0},
        {"truck / old": 1.0, "truck / new": 0.1, "train / line": 0.01, "plant / coal": 1.0},
        [
            shift("renew", "truck", "old", "new", reach=reach),
            carry("to-rail", "truck / old", "train / line", 12.0, reach=0.25),
        ],
    )


def of(system: System, *named: str) -> np.ndarray[Any, Any]:
    """1 for the states of some sources or technologies."""
    states = system.states
    return np.array(
        [
            float(t in named or system.sources.id[s] in named)
            for s, t in zip(states.source, states.technology, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("named", "limit", "sense", "expected"),
    [
        (("plant",), 40.0, "at_most", ""),
        (("plant",), 39.0, "at_most", "39 vehicle, and 40 vehicle is left whatever measures do"),
        (("new",), 39.0, "at_most", "truck new"),
        (("old",), 0.0, "at_most", "?0 vehicle, and all measures together reach 15 vehicle"),
        (("old",), 15.0, "at_most", ""),
        (("new",), 101.0, "at_least", "no measure leads to more than 100 vehicle"),
        (("new",), 80.0, "at_least", "?80 vehicle, and all measures together reach 70 vehicle"),
        (("line",), 700.0, "at_least", "?all measures together reach 180 vehicle"),
    ],
)
def test_floors_by_hand(
    tmp_path: Path, named: tuple[str, ...], limit: float, sense: str, expected: str
) -> None:
    system = freight()
    found = told(tmp_path, system, of(system, *named), limit, sense)
    faults, doubts = ([p.text() for p in own] for own in (found.found, found.warnings))
    if not expected:
        assert (faults, doubts) == ([], [])
    elif expected.startswith("?"):
        assert not faults
        assert expected[1:] in doubts[0]
    else:
        assert expected in faults[0]
        assert "case.yaml:8:" in faults[0]
        assert f"targets[0].{sense}" in faults[0]


def test_what_no_state_is_counts_and_is_named(tmp_path: Path) -> None:
    system = freight()
    found = told(tmp_path, system, of(system, "old"), 5.0, given_too=7.0)
    assert "7 vehicle is left whatever measures do: other-use." in found.found[0].text()


def test_a_measure_that_the_planner_forbids_takes_nothing(tmp_path: Path) -> None:
    system, group = (
        build({"plant / coal": 40.0}, {"plant / coal": 1.0}, [close("out", "plant")]),
        np.array([0]),
    )
    assert not told(tmp_path, system, of(system, "plant"), 1.0).found
    held = (Held("out", group, 0.0, 0.0, is_share=True),)
    assert told(tmp_path, system, of(system, "plant"), 1.0, bounds=held).found


def least_of_all(
    system: System, weight: np.ndarray[Any, Any], reach: np.ndarray[Any, Any]
) -> float:
    """The least that a mix can hold of weighted states in the last year, by linear programming."""
    moves, n = system.moves, len(system.moves)
    change = np.zeros((len(system.states), n))
    change[moves.origin, np.arange(n)] -= 1.0
    inside = moves.target != NOWHERE
    np.add.at(change, (moves.target[inside], np.flatnonzero(inside)), moves.conversion[inside])
    of_group = np.zeros((len(system.groups), n))
    of_group[moves.group, np.arange(n)] = 1.0
    most = reach * eligible_activity(system)[:, LAST]
    before = system.baseline[:, LAST]
    if not n:
        return float(weight @ before)
    found = linprog(
        weight @ change, A_ub=np.vstack([of_group, -change]), b_ub=np.concatenate([most, before])
    )
    return float(weight @ before + found.fun)


@settings(max_examples=25)
@given(case=cases(most=4), data=st.data())
def test_what_is_told_holds_for_every_mix(
    tmp_path_factory: pytest.TempPathFactory, case: Case, data: st.DataObject
) -> None:
    system, folder = case.system, tmp_path_factory.mktemp("floors")
    weight = np.array([data.draw(st.sampled_from([0.0, 1.0])) for _ in system.states.technology])
    least = least_of_all(system, weight, system.groups.reach)
    beyond = 1e-6 * max(float(weight @ system.baseline[:, LAST]), 1.0)
    kept = told(folder, system, weight, least + beyond)
    assert (kept.found, kept.warnings) == ([], [])
    in_full = least_of_all(system, weight, (system.groups.reach > 0).astype(float))
    assert told(folder, system, weight, in_full + beyond).found == []
