"""The least-cost procedure: what can be reached, what it costs at least, and why.

1. Largest reduction of each target alone, then of all together.
2. If that is not enough: by how much, which limits bind, the cheapest relaxation.
3. Least cost; ties broken by name, the same way on every machine.
4. The answer goes back through the projection and must give the same target values.
5. Shadow prices on both sides of each limit, with the measure that moves at the margin.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lantian.core.seasonal import Shift
from lantian.core.system import Array, System, emission_by_source, shift_activity, shifts_of
from lantian.optimise.problem.coefficients import (
    LeastCost,
    Rows,
    Targets,
    build_least_cost,
    target_values,
)
from lantian.optimise.problem.contradictions import require_consistent
from lantian.optimise.problem.program import Program, pack
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.prices import target_results
from lantian.optimise.procedure.reachability import (
    Bare,
    reach_alone,
    reach_together,
    without_limits,
)
from lantian.optimise.procedure.relaxation import relax_targets
from lantian.optimise.procedure.ties import cheapest_mix
from lantian.optimise.solve.highs import Options, Session
from lantian.optimise.solve.live import Live
from lantian.optimise.solve.proof import prove
from lantian.optimise.solve.solved import as_solved
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Family, Interface


def least_cost(
    system: System,
    year: int,
    targets: Targets,
    *,
    committed: Array | None = None,
    floor: Array | None = None,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    extra: Mapping[Family, Rows] | None = None,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Return the cheapest mix of measures that meets the targets of one year.

    Parameters
    ----------
    system, year, targets, committed, floor
        As for :func:`lantian.optimise.problem.coefficients.build_least_cost`.
    options
        Solver settings.
    currency
        Of the costs; names the unit of the shadow prices.
    margin
        Where targets are out of reach: share of the possible reduction that is not asked for [1].
    extra
        Further limits by family, see :mod:`lantian.optimise.problem.planner_limits`.
    interface
        ``highs``: arrays straight into the solver; ``pyomo``: through the algebraic model.

    Raises
    ------
    NoSolutionError
        If the committed levels contradict the measures' limits, cost can fall without limit, the
        solver runs out of time or its answer cannot be verified. A target out of reach is no
        error: see ``diagnosis``.
    """
    problem = build_least_cost(system, year, targets, committed=committed, floor=floor, extra=extra)
    require_consistent(system, problem)
    answer = answer_problem(problem, options, currency, margin, interface)
    value = problem.base + problem.targets.times(answer.uptake)
    return replace(
        answer,
        reprojection_gap=reprojection_gap(system, year, targets, answer.uptake, value),
        unknown_cost=unknown_groups(system),
    )


def answer_problem(
    problem: LeastCost,
    options: Options | None = None,
    currency: str = "yuan",
    margin: float = 0.0,
    interface: Interface = "highs",
) -> LeastCostResult:
    """Ask all questions of one problem; what needs the system itself is left for the caller.

    Parameters
    ----------
    problem, options, currency, margin, interface
        As for :func:`least_cost`.
    """
    program, chosen = pack(problem), options or Options()

    def open_program(problem: LeastCost, program: Program) -> Session:
        return open_session(problem, program, chosen, interface)

    session = open_program(problem, program)
    live = Live(problem, program, session)
    alone = reach_alone(Bare(without_limits(problem), open_program, (interface, chosen)))
    session.add(alone.live.session)
    share, joint = reach_together(live, alone)
    reached = share >= 1 - ROUNDING
    if reached:
        live.reset()
        session.forget()  # the cheapest mix is nearer to no mix than to the most that can be done
    # From here on the session holds the limits of the mix: those asked for, or the relaxed ones.
    diagnosis = None if reached else relax_targets(live, alone, joint, margin)
    solution, final, several = cheapest_mix(live)
    value = problem.base + problem.targets.times(solution.uptake)
    rows = target_results(live, currency, alone.lowest, value, final)
    if reached:
        live.require_kept(value)
    known = ~problem.variables.fixed
    solved = as_solved(problem, session)
    assert session.worst is not None  # there was at least one solve
    return LeastCostResult(
        uptake=solution.uptake,
        cost=float(problem.variables.cost[known] @ solution.uptake[known]),
        targets=rows,
        joint_share=share,
        several_optima=several,
        reprojection_gap=0.0,
        diagnosis=diagnosis,
        unknown_cost=(),
        duals=solution.duals,
        reduced_cost=solution.reduced_cost,
        residuals=solution.residuals or final.residuals,
        iterations=session.iterations,
        restarts=session.restarts,
        solves=session.solves,
        worst=session.worst,
        solved=solved,
        proof=prove(solved.program, final.x, final.price),
        currency=currency,
    )


def open_session(
    problem: LeastCost, program: Program, options: Options, interface: Interface
) -> Session:
    """Return a live program on the back end asked for.

    Parameters
    ----------
    problem
        Coefficient blocks; they name the parts of the algebraic model.
    program
        ``problem``, scaled.
    options
        Of the solver.
    interface
        ``highs``: arrays straight into the solver; ``pyomo``: through an algebraic model.

    Returns
    -------
    Session
        Not solved yet.
    """
    if interface == "highs":
        return Session(program, options)
    # Imported here: the usual way needs no Pyomo.
    from lantian.optimise.solve.formulation import ModelSession

    return ModelSession(program, options, problem)


def reprojection_gap(
    system: System, year: int, targets: Targets, uptake: Array, value: Array
) -> float:
    """Return the largest difference between ``value`` and the targets of the projection.

    The program sees coefficients, the projection activity and factors: both must agree.

    Parameters
    ----------
    system, year, targets
        What the values were computed for.
    uptake
        [activity unit], dims (move,).
    value
        Target values claimed for it [target unit], dims (target,).

    Returns
    -------
    float
        Relative to the larger of the values with and without the mix [1].
    """
    before = system.baseline[:, [year]]
    after = shift_activity(system.moves, before, uptake[:, None])
    shifts = _shifts(system, year, targets, uptake)
    projected, size = (
        target_values(targets, emission_by_source(system, a, year)[:, :, 0], a[:, 0], own)
        for a, own in ((after, shifts), (before, ()))
    )
    size = np.maximum(np.maximum(np.abs(size), np.abs(projected)), np.finfo(float).tiny)
    return float(np.max(np.abs(projected - value) / size, initial=0.0))


def _shifts(system: System, year: int, targets: Targets, uptake: Array) -> tuple[Shift, ...]:
    """Return what a mix changes in other months than its sources emit in, where targets ask."""
    if not any(targets.monthly):
        return ()
    moved = np.zeros((len(uptake), len(system.years)))
    moved[:, year] = uptake
    one_year = slice(year, year + 1)
    return tuple(shift.of_years(one_year) for shift in shifts_of(system, moved))


def unknown_groups(system: System) -> tuple[int, ...]:
    """Return the positions of the groups whose cost is unknown."""
    unknown = system.moves.group[np.isnan(system.moves.unit_cost)]
    return tuple(np.unique(unknown).tolist())
