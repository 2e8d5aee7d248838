"""User constraints: a small Python file that adds them to the algebraic model.

    def add(model, data):
        import pyomo.environ as pyo
        trucks = data.moves("retire-china3-diesel-trucks")
        model.few_trucks = pyo.Constraint(expr=sum(model.uptake[m] for m in trucks) <= 500)

What was added is read back as rows of the family ``user``, so the answer is checked, explained and
reported like any other.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from runpy import run_path
from traceback import extract_tb
from typing import Any

import numpy as np

from lantian.core.system import System
from lantian.errors import InputError, Place, Problem
from lantian.language import NOTHING, Message, message
from lantian.names import IdName, Name, listed
from lantian.optimise.problem.coefficients import LeastCost, Rows, make_rows

OPEN = (-np.inf, np.inf)
"""Limits that are none."""
LARGEST = 1e15
"""Largest coefficient or limit that a solver can be given."""

Add = Callable[[Any, "UserData"], None]
"""``add(model, data)``: puts constraints on the model."""


@dataclass(frozen=True)
class UserData:
    """What a user's file may look at.

    Attributes
    ----------
    year
        Calendar year of the model.
    """

    system: System
    year: int
    problem: LeastCost

    def moves(self, measure: str, source: str | None = None) -> list[str]:
        """Return the keys of ``model.uptake`` of a measure, on one source if it is named.

        Parameters
        ----------
        measure
            Id of the measure.
        source
            Id of the source; all sources if None.

        Returns
        -------
        list of str
            Empty if the measure does not act there.
        """
        system = self.system
        keys = self.problem.variables.names.keys
        return [
            keys[m]
            for m, g in enumerate(system.moves.group)
            if system.measures[system.groups.measure[g]] == measure
            and source in (None, system.sources.id[system.groups.source[g]])
        ]

    def cost(self, move: str) -> float:
        """Return the cost of a move [currency per activity unit and year]."""
        variables = self.problem.variables
        return float(variables.cost[variables.names.keys.index(move)])


@dataclass(frozen=True)
class UserFile:
    """A user's file, whose ``add(model, data)`` is called when there is something to solve.

    Attributes
    ----------
    path
        The file; it is not run before it is needed.
    shown
        Its name in messages.
    """

    path: Path
    shown: str

    def __call__(self, model: Any, data: UserData) -> None:
        """Put the user's constraints on the model.

        Parameters
        ----------
        model, data
            As the user's function receives them.

        Raises
        ------
        InputError
            If the file cannot be run, or its function fails.
        """
        add = self._told("the file cannot be run: {error}.", lambda: run_path(str(self.path)))[
            "add"
        ]
        self._told("add(model, data) failed: {error}.", lambda: add(model, data))

    def _told(self, template: str, call: Callable[[], Any]) -> Any:
        """Return what a call returns; whatever it raises, or that it exits, is a problem."""
        try:
            return call()
        except (Exception, SystemExit) as error:
            said = f"{type(error).__name__}: {error}".rstrip(": ")
            raise InputError(
                [Problem(self._place(error), message(template, error=said))]
            ) from error

    def _place(self, error: BaseException) -> Place:
        """Return the line of the file that was at work."""
        if isinstance(error, SyntaxError):
            return Place(self.shown, error.lineno or 0, error.offset or 0)
        frames = extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == str(self.path)]
        return Place(self.shown, (lines or [0])[-1] or 0)


def read_user_constraints(path: Path, shown: str) -> UserFile:
    """Return a user's file, looked at but not run.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    UserFile
        To be called when there is a model.

    Raises
    ------
    InputError
        If it is no Python, or makes nothing of the name ``add``.
    """
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError) as error:  # ValueError: a zero byte
        said = f"{type(error).__name__}: {getattr(error, 'msg', error)}"
        place = Place(shown, getattr(error, "lineno", 0) or 0, getattr(error, "offset", 0) or 0)
        raise InputError(
            [Problem(place, message("the file cannot be run: {error}.", error=said))]
        ) from error
    if "add" not in _made(tree):
        raise InputError(
            [Problem(Place(shown), message("the file has no function 'add(model, data)'."))]
        )
    return UserFile(path, shown)


def _made(tree: ast.Module) -> set[str]:
    """Return the names that the top level of a file makes."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def with_user_rows(problem: LeastCost, system: System, year: int, add: Add) -> LeastCost:
    """Return the problem with the rows that a user's function adds.

    Parameters
    ----------
    problem
        Blocks of one year.
    system, year
        What they were built from: the function may look at it.
    add
        Function ``add(model, data)`` of the user's file: the Pyomo model and an :class:`UserData`.

    Returns
    -------
    LeastCost
        With the family ``user``, or unchanged if nothing was added.

    Raises
    ------
    InputError
        If the function fails, or a constraint is not linear in the uptake with sane numbers.
    """
    from lantian.optimise.solve.formulation import build_model

    model = build_model(problem)
    before = {id(c) for c in model.component_objects()}
    bounds = _bounds(model)
    add(model, UserData(system, system.years[year], problem))
    if _bounds(model) != bounds:
        raise _fault(
            "uptake",
            message("bounds and fixed values of the uptake are not read."),
            message("Write them as constraints."),
        )
    rows = _added_rows(model, before)
    return replace(problem, extra={**problem.extra, "user": rows}) if len(rows) else problem


def _bounds(model: Any) -> list[tuple[float | None, float | None, bool]]:
    return [(v.lb, v.ub, v.fixed) for v in model.uptake.values()]


def _fault(place: str, found: Message, fix: Message = NOTHING) -> InputError:
    return InputError([Problem(Place(place), found, fix=fix)])


def _added_rows(model: Any, before: set[int]) -> Rows:
    import pyomo.environ as pyo
    from pyomo.repn import generate_standard_repn

    position = {id(v): k for k, v in enumerate(model.uptake.values())}
    names: list[Name] = []
    row, column, value, lower, upper = [], [], [], [], []
    for constraint in model.component_data_objects(pyo.Constraint, active=True):
        if id(constraint.parent_component()) in before:
            continue
        body = generate_standard_repn(constraint.body)
        own = [position.get(id(v)) for v in body.linear_vars]
        if not body.is_linear() or None in own:
            raise _fault(constraint.name, message("a constraint must be linear in the uptake."))
        row += [len(names)] * len(own)
        column += own
        value += [float(c) for c in body.linear_coefs]
        low, high = pyo.value(constraint.lower), pyo.value(constraint.upper)
        lower.append(-np.inf if low is None else low - float(body.constant))
        upper.append(np.inf if high is None else high - float(body.constant))
        numbers = [
            *map(float, body.linear_coefs),
            *(v for v in (lower[-1], upper[-1]) if v not in OPEN),
        ]
        if not all(abs(n) <= LARGEST for n in numbers):  # NaN is not either
            raise _fault(
                constraint.name,
                message("a coefficient or limit is no number, or beyond {most:g}.", most=LARGEST),
            )
        names.append(IdName(constraint.name))
    return make_rows(
        listed(names),
        np.array(row, dtype=np.int64),
        np.array(column, dtype=np.int64),
        np.array(value, float),
        np.array(lower, float),
        np.array(upper, float),
    )
