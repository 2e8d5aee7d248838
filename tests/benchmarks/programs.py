"""The same least-cost problem through every interface; each returns its optimal cost."""

from typing import Any

import numpy as np

from lantian.core.system import System
from lantian.optimise.problem.coefficients import LeastCost, Targets, build_least_cost
from lantian.optimise.problem.program import Program, pack
from lantian.optimise.solve.formulation import build_model
from lantian.optimise.solve.highs import Options, Session, load, unpack
from support.models import solve_model

OPTIONS = Options()


def lantian(problem: LeastCost) -> float:
    """Our way: scale, hand over, solve, check, and back to original units."""
    program = pack(problem)
    return unpack(problem, program, Session(program, OPTIONS).solve()).objective


def from_system(system: System, targets: Targets) -> float:
    """The default path: coefficient blocks from the system, and all that follows."""
    return lantian(build_least_cost(system, 0, targets))


def bare(program: Program) -> float:
    """HiGHS alone on arrays that are ready: hand over, solve, read."""
    solver = load(program, OPTIONS)
    solver.run()
    answer = solver.getSolution()
    x = np.asarray(answer.col_value)
    assert len(answer.row_dual) == len(program.row_lower)
    return float(program.cost @ x) * program.cost_scale


def bare_default(program: Program) -> float:
    """As :func:`bare`, with presolve, as HiGHS comes."""
    solver = load(program, Options(presolve=True))
    solver.run()
    return float(solver.getInfo().objective_function_value) * program.cost_scale


def pyomo(problem: LeastCost) -> float:
    """The algebraic model with its named components."""
    return solve_model(build_model(problem), problem, OPTIONS).objective


def linopy(problem: LeastCost) -> float:
    """Labelled arrays of linopy, handed to HiGHS without a file."""
    model = linopy_model(problem)
    model.solve(solver_name="highs", io_api="direct", output_flag=False, presolve="off")
    return float(model.objective.value)


def linopy_model(problem: LeastCost) -> Any:
    """Return the problem as people write it for linopy.

    Sums over entries grouped by row; target rows, which nearly every move enters, as products.
    """
    import pandas as pd
    import xarray as xr
    from linopy import Model

    variables, model = problem.variables, Model()
    moves = pd.RangeIndex(len(variables), name="move")
    uptake = model.add_variables(variables.lower, variables.upper, coords=[moves], name="uptake")
    for family, rows in problem.families.items():
        if family == "targets":
            dense = np.zeros((len(rows), len(variables)))
            dense[rows.row, rows.column] = rows.value
            matrix = xr.DataArray(dense, dims=("row", "move"), coords={"move": moves})
            sums, kept = (matrix * uptake).sum("move"), pd.RangeIndex(len(rows), name="row")
        else:
            column = xr.DataArray(rows.column, dims="entry")
            row = xr.DataArray(rows.row, dims="entry", name="row")
            value = xr.DataArray(rows.value, dims="entry")
            sums = (value * uptake.isel(move=column)).groupby(row).sum()
            kept = sums.indexes["row"]
        for name, limit, sign in (("least", rows.lower, ">="), ("most", rows.upper, "<=")):
            bound = pd.Series(limit[kept], index=kept)
            if np.isfinite(bound).all():
                model.add_constraints(sums, sign, bound.to_xarray(), name=f"{family}-{name}")
    cost = xr.DataArray(variables.cost, dims="move", coords={"move": moves})
    model.add_objective((cost * uptake).sum())
    return model
