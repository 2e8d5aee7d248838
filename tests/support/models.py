"""The algebraic model solved by Pyomo's own interface, to hold our back ends against."""

from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost, Rows
from lantian.optimise.solve.formulation import component_name
from lantian.optimise.solve.highs import Options, Solution
from lantian.optimise.status import infeasible, numerical_trouble, time_limit, unbounded


def solve_model(model: Any, problem: LeastCost, options: Options | None = None) -> Solution:
    """Solve a model with Pyomo's HiGHS interface and read it back.

    Parameters
    ----------
    model
        As built by :func:`build_model`; constraints may have been added to it.
    problem
        The blocks it was built from.
    options
        Time limit, tolerance and presolve; the defaults if None.

    Returns
    -------
    Solution
        Uptake [activity unit], dims (move,), prices by family of rows, reduced costs.

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
            name: _prices(getattr(model, component_name(name)), rows, dual)
            for name, rows in problem.families.items()
        },
        reduced_cost=np.array([reduced[v] for v in columns]),
        status="optimal",
        iterations=0,
    )


def _prices(component: Any, rows: Rows, dual: Any) -> Array:
    """Prices of a family; 0 for rows that were skipped."""
    return np.array([dual[component[n]] if n in component else 0.0 for n in rows.names.keys])


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
