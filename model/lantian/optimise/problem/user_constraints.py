"""User constraints: a small Python file that adds them to the algebraic model.

    def add(model, data):
        import pyomo.environ as pyo
        trucks = data.moves("retire-china3-diesel-trucks")
        model.few_trucks = pyo.Constraint(expr=sum(model.uptake[m] for m in trucks) <= 500)

What was added is read back as rows of the family ``user``, so the answer is checked, explained and
reported like any other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np

from lantian.core.system import System
from lantian.errors import InputError, Place, Problem
from lantian.language import message
from lantian.names import IdName, Name, listed
from lantian.optimise.problem.coefficients import LeastCost, Rows, make_rows

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


def read_user_constraints(path: Path) -> Add:
    """Return the function ``add`` of a file.

    Raises
    ------
    InputError
        If the file cannot be run or has no such function.
    """
    try:
        add = run_path(str(path)).get("add")
    except Exception as error:  # whatever a user's file may raise
        raise InputError(
            [
                Problem(
                    Place(path.name),
                    message(
                        "the file cannot be run: {error}.", error=f"{type(error).__name__}: {error}"
                    ),
                )
            ]
        ) from error
    if not callable(add):
        raise InputError(
            [Problem(Place(path.name), message("the file has no function 'add(model, data)'."))]
        )
    return add  # type: ignore[no-any-return]


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
        If the function fails, or a constraint is not linear in the uptake.
    """
    from lantian.optimise.solve.formulation import build_model

    model = build_model(problem)
    before = {id(c) for c in model.component_objects()}
    place = Place(getattr(getattr(add, "__code__", None), "co_filename", "") or "add")
    try:
        add(model, UserData(system, system.years[year], problem))
        rows = _added_rows(model, before)
    except InputError:
        raise
    except Exception as error:  # whatever a user's function may raise
        raise InputError(
            [
                Problem(
                    place,
                    message(
                        "add(model, data) failed: {error}.",
                        error=f"{type(error).__name__}: {error}",
                    ),
                )
            ]
        ) from error
    return replace(problem, extra={**problem.extra, "user": rows}) if len(rows) else problem


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
        columns = [position.get(id(v)) for v in body.linear_vars]
        if not body.is_linear() or None in columns:
            raise InputError(
                [
                    Problem(
                        Place(constraint.name),
                        message("a constraint must be linear in the uptake."),
                    )
                ]
            )
        row += [len(names)] * len(columns)
        column += columns
        value += [float(c) for c in body.linear_coefs]
        low, high = pyo.value(constraint.lower), pyo.value(constraint.upper)
        lower.append(-np.inf if low is None else low - float(body.constant))
        upper.append(np.inf if high is None else high - float(body.constant))
        names.append(IdName(constraint.name))
    return make_rows(
        listed(names),
        np.array(row, dtype=np.int64),
        np.array(column, dtype=np.int64),
        np.array(value, float),
        np.array(lower, float),
        np.array(upper, float),
    )
