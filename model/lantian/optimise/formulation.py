"""The least-cost problem as a Pyomo model: the readable form, from the same coefficient blocks.

Use it to look at the problem (:func:`write_lp`) and to check the array back end; Pyomo is imported
only when a model is built.
"""

from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.optimise.coefficients import LeastCost, Rows
from lantian.optimise.highs import Options, Solution
from lantian.optimise.status import infeasible, numerical_trouble, time_limit, unbounded


def build_model(problem: LeastCost) -> Any:
    """Return the problem as a Pyomo ``ConcreteModel`` in original units.

    Components: sets ``MOVES``, ``STATES``, ``GROUPS``, ``TARGETS`` (original ids), variable
    ``uptake``, objective ``cost``, constraints ``states``, ``reach``, ``targets``.
    """
    import pyomo.environ as pyo

    model = pyo.ConcreteModel(name="least_cost", doc="Cheapest mix of measures of one year")
    variables = problem.variables
    model.MOVES = pyo.Set(initialize=variables.names, ordered=True, doc="Moves of activity")
    bounds = {
        name: (float(low), float(high) if np.isfinite(high) else None)
        for name, low, high in zip(variables.names, variables.lower, variables.upper, strict=True)
    }
    model.uptake = pyo.Var(
        model.MOVES,
        bounds=lambda _, name: bounds[name],
        doc="Activity moved [activity unit of the from-source]; unknown costs are held fixed",
    )
    _add_cost(model, problem)
    _add_states(model, problem)
    _add_reach(model, problem)
    _add_targets(model, problem)
    model.dual = pyo.Suffix(direction=pyo.Suffix.IMPORT, doc="Row prices")
    model.rc = pyo.Suffix(direction=pyo.Suffix.IMPORT, doc="Reduced costs")
    return model


def write_lp(model: Any, path: Path) -> None:
    """Write a model as ``.lp`` text with the names of its components."""
    from pyomo.opt import ProblemFormat

    model.write(str(path), format=ProblemFormat.cpxlp, io_options={"symbolic_solver_labels": True})


def solve_model(model: Any, problem: LeastCost, options: Options | None = None) -> Solution:
    """Solve a model with Pyomo's HiGHS interface and read it back.

    Parameters
    ----------
    model
        As built by :func:`build_model`; constraints may have been added to it.
    problem
        The blocks it was built from.

    Raises
    ------
    NoSolutionError
        InfeasibleError, UnboundedError, TimeLimitError or NumericalError.
    """
    from pyomo.contrib.solver.common.factory import SolverFactory

    settings = options or Options()
    solver = SolverFactory("highs")
    result = solver.solve(
        model,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
        time_limit=settings.time_limit,
        threads=1,
        solver_options={
            "presolve": "on" if settings.presolve else "off",
            "solver": "simplex",
            "primal_feasibility_tolerance": settings.tolerance,
            "dual_feasibility_tolerance": settings.tolerance,
        },
    )
    _require_optimal(result, settings)
    loader = result.solution_loader
    value, dual, reduced = loader.get_vars(), loader.get_duals(), loader.get_reduced_costs()
    columns = list(model.uptake.values())
    uptake = np.array([value[v] for v in columns])
    return Solution(
        uptake=uptake,
        objective=float(problem.variables.cost @ uptake),
        duals={
            name: _prices(getattr(model, name), rows, dual)
            for name, rows in problem.families.items()
        },
        reduced_cost=np.array([reduced[v] for v in columns]),
        status="optimal",
        iterations=0,
    )


def _add_cost(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    columns = list(model.uptake.values())
    used = np.flatnonzero(problem.variables.cost)
    model.cost = pyo.Objective(
        expr=_sum(columns, used, problem.variables.cost[used]),
        sense=pyo.minimize,
        doc="Annual cost of all moves of known cost [currency/a]",
    )


def _add_states(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    rows = problem.states
    model.STATES = pyo.Set(
        initialize=rows.names, ordered=True, doc="States that activity can leave"
    )
    model.states = pyo.Constraint(
        model.STATES,
        rule=_rules(model, rows),
        doc="N u >= -a_base: no more activity leaves a state than is there or arrives",
    )


def _add_reach(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    rows = problem.reach
    model.GROUPS = pyo.Set(initialize=rows.names, ordered=True, doc="A measure on a source")
    model.reach = pyo.Constraint(
        model.GROUPS,
        rule=_rules(model, rows),
        doc="Sum of a measure's moves on a source <= reach * eligible activity",
    )


def _add_targets(model: Any, problem: LeastCost) -> None:
    import pyomo.environ as pyo

    rows = problem.targets
    model.TARGETS = pyo.Set(initialize=rows.names, ordered=True, doc="Limits to be met")
    model.targets = pyo.Constraint(
        model.TARGETS,
        rule=_rules(model, rows),
        doc="Effect of all moves <= limit - value without moves [target unit]",
    )


def _rules(model: Any, rows: Rows) -> Any:
    """Rule that looks a row up by its name; rows without limit or terms are skipped."""
    import pyomo.environ as pyo

    columns = list(model.uptake.values())
    start = np.searchsorted(rows.row, np.arange(len(rows) + 1))
    position = {name: r for r, name in enumerate(rows.names)}

    def rule(_: Any, name: str) -> Any:
        r = position[name]
        low, high = float(rows.lower[r]), float(rows.upper[r])
        span = slice(start[r], start[r + 1])
        if not np.isfinite(low) and not np.isfinite(high):
            return pyo.Constraint.Skip
        if start[r] == start[r + 1]:
            return pyo.Constraint.Feasible if low <= 0 <= high else pyo.Constraint.Infeasible
        body = _sum(columns, rows.column[span], rows.value[span])
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


def _prices(component: Any, rows: Rows, dual: Any) -> Array:
    """Prices of a family; 0 for rows that were skipped."""
    return np.array([dual[component[n]] if n in component else 0.0 for n in rows.names])


def _require_optimal(result: Any, options: Options) -> None:
    reason = result.termination_condition.name
    if reason == "convergenceCriteriaSatisfied":
        return
    if reason in ("provenInfeasible", "locallyInfeasible"):
        raise infeasible()
    if reason in ("unbounded", "infeasibleOrUnbounded"):
        raise unbounded()
    if reason == "maxTimeLimit":
        raise time_limit(options.time_limit)
    raise numerical_trouble(reason, np.nan)
