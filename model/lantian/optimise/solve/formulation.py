"""The least-cost problem as a Pyomo model: the readable form, from the same coefficient blocks.

Use it to look at the problem, to add constraints and to check the array back end; Pyomo is imported
only when a model is built.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np

from lantian.core.system import Array, Index
from lantian.optimise.problem.coefficients import LeastCost, Rows
from lantian.optimise.problem.families import DOCUMENTATION
from lantian.optimise.problem.program import Program
from lantian.optimise.solve.highs import OPTIMAL, Options, Session
from lantian.vocabulary import Family

INDEX: Mapping[Family, str] = {"reach": "GROUPS"}
"""Index sets that are not called as their family."""


def build_model(problem: LeastCost) -> Any:
    """Return the problem as a Pyomo ``ConcreteModel`` in original units.

    Components: sets ``MOVES``, ``STATES``, ``GROUPS``, ``TARGETS`` (original ids), variables
    ``uptake`` and (of soft targets) ``excess``, objective ``cost``, constraints ``states``,
    ``reach``, ``targets``, and one per family of the planner's limits (``budget``, ``bounds``,
    ``exclusive``, ``requires``, ``equity``, ``guard``, ``user``, ``build_up``).
    """
    import pyomo.environ as pyo

    model = pyo.ConcreteModel(name="least_cost", doc="Cheapest mix of measures of one year")
    variables = problem.variables
    keys = variables.names.keys
    model.MOVES = pyo.Set(initialize=keys, doc="Moves of activity")
    bounds = {
        name: (float(low), float(high) if np.isfinite(high) else None)
        for name, low, high in zip(keys, variables.lower, variables.upper, strict=True)
    }
    model.uptake = pyo.Var(
        model.MOVES,
        bounds=lambda _, name: bounds[name],
        doc="Activity moved [activity unit of the from-source]; unknown costs are held fixed",
    )
    _add_excess(model, problem)
    _add_cost(model, problem)
    for family in problem.families:
        _add_family(model, problem, family)
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT, doc="Row prices")
    model.rc = pyo.Suffix(direction=pyo.Suffix.IMPORT, doc="Reduced costs")
    return model


def _add_cost(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    columns = list(model.uptake.values())
    used = np.flatnonzero(problem.variables.cost)
    penalty = sum(
        problem.price[t] * model.excess[name]
        for t, name in enumerate(problem.target_ids)
        if name in model.excess
    )
    model.cost = pyo.Objective(
        expr=_sum(columns, used, problem.variables.cost[used]) + penalty,
        sense=pyo.minimize,
        doc="Annual cost of all moves of known cost, and the price of excess [currency/a]",
    )


def _add_excess(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    names = [n for n, p in zip(problem.target_ids, problem.price, strict=True) if np.isfinite(p)]
    model.SOFT = pyo.Set(initialize=names, doc="Targets with a price")
    model.excess = pyo.Var(
        model.SOFT, within=pyo.NonNegativeReals, doc="What a soft target is missed by [target unit]"
    )


def _add_family(model: Any, problem: LeastCost, family: Family) -> None:
    """Add a family of limits, indexed and documented."""
    import pyomo.environ as pyo

    name, rows = component_name(family), problem.families[family]
    index = pyo.Set(initialize=rows.names.keys, doc=f"Rows of {name}")
    excess = model.excess if family == "targets" else ()
    model.add_component(INDEX.get(family, name.upper()), index)
    model.add_component(
        name, pyo.Constraint(index, rule=_rules(model, rows, excess), doc=DOCUMENTATION[family])
    )


def component_name(family: Family) -> str:
    """Return the name of a family's component in the model."""
    return family.replace("-", "_")


def _rules(model: Any, rows: Rows, excess: Any) -> Any:
    """Rule that looks a row up by its name; rows without limit or terms are skipped."""
    import pyomo.environ as pyo

    columns = list(model.uptake.values())
    start = np.searchsorted(rows.row, np.arange(len(rows) + 1))
    position = {name: r for r, name in enumerate(rows.names.keys)}

    def rule(_: Any, name: str) -> Any:
        r = position[name]
        low, high = float(rows.lower[r]), float(rows.upper[r])
        span = slice(start[r], start[r + 1])
        if not np.isfinite(low) and not np.isfinite(high):
            return pyo.Constraint.Skip
        soft = name in excess
        if start[r] == start[r + 1] and not soft:
            return pyo.Constraint.Feasible if low <= 0 <= high else pyo.Constraint.Infeasible
        body = _sum(columns, rows.column[span], rows.value[span])
        if soft:
            body = body - excess[name]
        return pyo.inequality(
            low if np.isfinite(low) else None, body, high if np.isfinite(high) else None
        )

    return rule


def _sum(columns: list[Any], which: Any, coefficients: Array) -> Any:
    from pyomo.core.expr.numeric_expr import LinearExpression

    return LinearExpression(
        constant=0.0,
        linear_coefs=[float(c) for c in coefficients],
        linear_vars=[columns[k] for k in which],
    )


class ModelSession(Session):
    """A session that goes through the algebraic model: slower, to read and to cross-check.

    The same questions as :class:`~lantian.optimise.solve.highs.Session` are asked of a Pyomo model
    of the scaled program: variables ``uptake`` (by move), ``share``, ``excess`` (by target) and,
    per family, ``<family>_value``, which the constraint ``<family>`` ties to the uptake; limits are
    bounds of these. Every answer passes the same check.
    """

    STATUS: ClassVar[dict[str, str]] = {
        "convergenceCriteriaSatisfied": OPTIMAL,
        "provenInfeasible": "Infeasible",
        "locallyInfeasible": "Infeasible",
        "unbounded": "Unbounded",
        "infeasibleOrUnbounded": "Unbounded",
        "maxTimeLimit": "Time limit reached",
    }

    def __init__(self, program: Program, options: Options, problem: LeastCost) -> None:
        self.problem = problem
        super().__init__(program, options)

    def set_cost(self, cost: Array) -> None:
        """Replace the cost of all columns.

        Parameters
        ----------
        cost
            Scaled cost, dims (column,).
        """
        self.cost = cost
        used = np.flatnonzero(cost)
        self._model.cost.set_value(_sum(self._x, used, cost[used]))

    def set_columns(self, lower: Array, upper: Array) -> None:
        """Replace the bounds of all columns.

        Parameters
        ----------
        lower, upper
            Scaled bounds, dims (column,).
        """
        self.lower, self.upper = lower, upper
        _set_bounds(self._x, lower, upper)

    def set_rows(self, lower: Array, upper: Array) -> None:
        """Replace the limits of all rows.

        Parameters
        ----------
        lower, upper
            Scaled limits, dims (row,).
        """
        self.row_lower, self.row_upper = lower, upper
        _set_bounds(self._y, lower, upper)

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replace the limits of one row.

        Parameters
        ----------
        row
            Its position in the program.
        lower, upper
            Scaled limits.
        """
        low, high = self.row_lower.copy(), self.row_upper.copy()
        low[row], high[row] = lower, upper
        self.set_rows(low, high)

    def forget(self) -> None:
        """Start the next solve from nothing."""
        from pyomo.contrib.solver.common.factory import SolverFactory

        self._engine = SolverFactory("highs")

    def _open(self) -> None:
        import pyomo.environ as pyo

        self._model = pyo.ConcreteModel(name="scaled_program", doc="Least cost, scaled")
        self._presolve = self.options.presolve
        self._add_columns()
        self._add_rows()
        self._model.cost = pyo.Objective(expr=0.0, sense=pyo.minimize, doc="Scaled cost")
        self.forget()
        self.set_cost(self.cost)
        self.set_columns(self.lower, self.upper)
        self.set_rows(self.row_lower, self.row_upper)

    def _add_columns(self) -> None:
        import pyomo.environ as pyo

        model, problem = self._model, self.problem
        keys = problem.variables.names.keys
        names = [keys[m] for m in self.program.moves]
        model.MOVES = pyo.Set(initialize=names, doc="Moves that can do anything")
        model.TARGETS = pyo.Set(initialize=problem.target_ids, doc="Targets")
        model.uptake = pyo.Var(model.MOVES, doc="Activity moved, in parts of the column's scale")
        model.share = pyo.Var(doc="Share of every needed reduction that is asked for")
        model.excess = pyo.Var(model.TARGETS, doc="Excess of a target, in needed reductions")
        self._x = [*model.uptake.values(), model.share, *model.excess.values()]

    def _add_rows(self) -> None:
        import pyomo.environ as pyo

        model, matrix = self._model, self.program.matrix
        column, value = matrix.column, matrix.value
        start = matrix.starts()
        self._y, self._ties = [], []
        first, position = 0, 0
        for family, rows in self.problem.families.items():
            last = first + len(rows)
            kept = self.program.rows[(self.program.rows >= first) & (self.program.rows < last)]
            names = [rows.names.keys[r - first] for r in kept]
            spans = {
                name: slice(start[position + k], start[position + k + 1])
                for k, name in enumerate(names)
            }
            label = component_name(family)
            level = pyo.Var(names, doc=f"Value of each row of {label}, scaled")
            model.add_component(f"{label}_value", level)
            tie = pyo.Constraint(
                names,
                doc=f"Scaled rows of {label}",
                rule=_tie(self._x, column, value, spans, level),
            )
            model.add_component(label, tie)
            self._y += [level[name] for name in names]
            self._ties += [tie[name] for name in names]
            first, position = last, position + len(names)

    def _set_presolve(self, on: bool) -> None:
        self._presolve = on

    @contextmanager
    def _by(self, strategy: int) -> Iterator[None]:
        """Leave the way to the solver: it starts from nothing each time."""
        yield

    def basis(self) -> Any:
        """Return nothing: the model keeps no basis."""
        return None

    def start_from(self, basis: Any) -> None:
        """Start from nothing, as always.

        Parameters
        ----------
        basis
            Not used.
        """

    def _dual_ray(self) -> None:
        """Return nothing: what the solver proved does not come through the model."""

    def _run(self) -> tuple[str, Array, Array, int]:
        result = self._engine.solve(
            self._model,
            load_solutions=False,
            raise_exception_on_nonoptimal_result=False,
            time_limit=self.options.time_limit,
            threads=1,
            solver_options={
                "presolve": "on" if self._presolve else "off",
                "solver": "simplex",
                "primal_feasibility_tolerance": self.options.tolerance,
                "dual_feasibility_tolerance": self.options.tolerance,
            },
        )
        reason = result.termination_condition.name
        status = self.STATUS.get(reason, reason)
        if status != OPTIMAL:
            return status, np.zeros(0), np.zeros(0), 0
        value, dual = result.solution_loader.get_vars(), result.solution_loader.get_duals()
        # A variable that no row and no cost mentions stands at the bound next to nothing.
        idle = np.clip(0.0, self.lower, self.upper)
        x = np.array([value.get(v, at) for v, at in zip(self._x, idle.tolist(), strict=True)])
        return status, x, np.array([dual[c] for c in self._ties]), 0


def _tie(
    columns: list[Any], column: Index, value: Array, spans: dict[str, slice], level: Any
) -> Any:
    """Rule: the sum of a row equals its value."""

    def rule(_: Any, name: str) -> Any:
        span = spans[name]
        return _sum(columns, column[span], value[span]) - level[name] == 0.0

    return rule


def _set_bounds(variables: list[Any], lower: Array, upper: Array) -> None:
    for variable, low, high in zip(variables, lower.tolist(), upper.tolist(), strict=True):
        variable.setlb(low if np.isfinite(low) else None)
        variable.setub(high if np.isfinite(high) else None)
