"""What a user's file adds, read back row by row; what it may look at; what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from lantian.core.system import System
from lantian.errors import InputError, Place
from lantian.optimise.problem.coefficients import LeastCost, build_least_cost
from lantian.optimise.problem.user_constraints import (
    LARGEST,
    Add,
    UserData,
    read_user_constraints,
    with_user_rows,
)
from lantian.optimise.procedure.least_cost import answer_problem
from optimise.conftest import small_system, total_targets


def two_filters() -> System:
    """Two sources of 10 t: 4 t can go at 10 per t, 5 t at 30; the second has two moves."""
    return small_system(
        [10.0, 10.0, 0.0],
        [[1.0], [1.0], [0.5]],
        [(0, 0, -1, 10.0), (1, 1, -1, 30.0), (1, 1, 2, 20.0)],
        [0.4, 0.5],
        source=[0, 1, 1],
    )


def added(add: Add) -> LeastCost:
    system = two_filters()
    problem = build_least_cost(system, 0, total_targets(system, [14.0]))
    return with_user_rows(problem, system, 0, add)


def test_rows_are_those_that_were_written() -> None:
    def add(model: Any, data: UserData) -> None:
        first, second, third = model.uptake.values()
        model.few = pyo.Constraint(expr=2 * first + third + 1 <= 4)
        model.many = pyo.Constraint(expr=(1, second - first, 3))
        model.off = pyo.Constraint(expr=first <= 1)
        model.off.deactivate()
        model.each = pyo.Constraint([0, 1], rule=lambda m, k: (first, second)[k] >= k)

    rows = added(add).extra["user"]
    found = np.zeros((len(rows), 3))
    found[rows.row, rows.column] = rows.value
    assert rows.names.keys == ("few", "many", "each[0]", "each[1]")
    assert found.tolist() == [[2.0, 0.0, 1.0], [-1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    assert rows.lower.tolist() == [-np.inf, 1.0, 0.0, 1.0]
    assert rows.upper.tolist() == [3.0, 3.0, np.inf, np.inf]


def test_the_mix_keeps_to_what_was_added() -> None:
    def add(model: Any, data: UserData) -> None:
        own = data.moves("measure-0")
        model.none = pyo.Constraint(expr=sum(model.uptake[m] for m in own) <= 1)

    assert answer_problem(added(add)).uptake[0] == pytest.approx(1.0)


def test_a_file_that_adds_nothing_changes_nothing() -> None:
    assert "user" not in added(lambda model, data: None).extra


def test_moves_are_found_by_measure_and_source() -> None:
    seen: list[Any] = []

    def add(model: Any, data: UserData) -> None:
        seen.append((data.year, data.moves("measure-1"), list(model.uptake)))
        seen.append([data.moves("measure-1", s) for s in ("source-1", "source-0")])
        seen.append(data.moves("measure-9"))
        seen.append([data.cost(move) for move in model.uptake])

    added(add)
    year, own, keys = seen[0]
    assert (year, own) == (2020, keys[1:])
    assert seen[1:] == [[keys[1:], []], [], [10.0, 30.0, 20.0]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m, u: setattr(m, "c", pyo.Constraint(expr=u**2 <= 1)), "linear in the uptake"),
        (lambda m, u: setattr(m, "c", pyo.Constraint(expr=m.other + u <= 1)), "linear in the"),
        (lambda m, u: setattr(m, "c", pyo.Constraint(expr=2e15 * u <= 1)), "beyond 1e"),
        (lambda m, u: setattr(m, "c", pyo.Constraint(expr=u >= -2e15)), "beyond 1e"),
        (lambda m, u: setattr(m, "c", pyo.Constraint(expr=u <= 2e15)), "beyond 1e"),
        (lambda m, u: u.setub(1.0), "bounds and fixed values"),
        (lambda m, u: u.setlb(1.0), "bounds and fixed values"),
        (lambda m, u: u.fix(1.0), "bounds and fixed values"),
    ],
)
def test_what_is_no_row_is_refused(change: Any, said: str) -> None:
    def add(model: Any, data: UserData) -> None:
        model.other = pyo.Var()
        change(model, next(iter(model.uptake.values())))

    with pytest.raises(InputError, match=said):
        added(add)


def test_numbers_up_to_the_largest_are_taken() -> None:
    def add(model: Any, data: UserData) -> None:
        first = next(iter(model.uptake.values()))
        model.c = pyo.Constraint(expr=(-LARGEST, LARGEST * first, LARGEST))

    rows = added(add).extra["user"]
    assert (rows.lower.tolist(), rows.value.tolist(), rows.upper.tolist()) == (
        [-LARGEST],
        [LARGEST],
        [LARGEST],
    )


def place_of(tmp_path: Path, code: bytes) -> tuple[Place, str]:
    path = tmp_path / "own.py"
    path.write_bytes(code)
    with pytest.raises(InputError) as told:
        read_user_constraints(path, "own.py")(None, None)  # type: ignore[arg-type]
    (problem,) = told.value.problems
    return problem.place, str(told.value)


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        (b"x = 1\ndef add(model, data:\n", 2, "SyntaxError"),
        (b"x = '\x00'\n", 0, "cannot be run"),
        (b"def other(model, data):\n    pass\n", 0, "no function"),
        (b"def add(model, data):\n    pass\n\nboom\n", 4, "cannot be run: NameError"),
        (b"def add(model, data):\n    x = 1\n    raise OSError\n", 3, "failed: OSError."),
        (b"import sys\ndef add(model, data):\n    sys.exit(3)\n", 3, "failed: SystemExit: 3"),
        (b"def add(model, data):\n    exec('a b')\n", 1, "failed: SyntaxError"),
    ],
)
def test_what_fails_is_told_at_its_line(tmp_path: Path, code: bytes, line: int, said: str) -> None:
    place, text = place_of(tmp_path, code)
    assert said in text
    assert (place.line or 0) == line
    # where a line cannot be read the column is told as well
    assert bool(place.column) == ("SyntaxError" in said)


@pytest.mark.parametrize(
    "code", ["def add(m, d): pass", "class add: pass", "from operator import add", "add = print",
             "import os as add", "if True:\n    add = print"],
)  # fmt: skip
def test_whatever_makes_the_name_will_do(tmp_path: Path, code: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(code, encoding="utf-8")
    assert read_user_constraints(path, "own.py").shown == "own.py"
