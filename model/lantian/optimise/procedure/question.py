"""What a scenario asks of the optimiser, and the one place that answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array, System
from lantian.optimise.problem.coefficients import LeastCost, Targets, build_least_cost
from lantian.optimise.problem.contradictions import (
    require_budget,
    require_consistent,
    require_total_budget,
)
from lantian.optimise.problem.planner_limits import NO_LIMITS, PlannerLimits, planner_rows
from lantian.optimise.problem.user_constraints import Add, with_user_rows
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.branched import least_cost_branched
from lantian.optimise.procedure.least_cost import (
    answer_problem,
    reprojection_gap,
    unknown_groups,
)
from lantian.optimise.procedure.pathway import Coupling, least_cost_pathway
from lantian.optimise.procedure.whole import WholeGroups, count_units, least_cost_whole
from lantian.optimise.solve.highs import Options
from lantian.optimise.status import NoSolutionError
from lantian.vocabulary import Interface


@dataclass(frozen=True)
class Question:
    """A least-cost question without its targets.

    Attributes
    ----------
    limits
        The planner's limits.
    coupling
        How years hang together; None: every target year stands alone.
    whole
        Groups that come in whole units.
    user_constraints
        Adds the constraints of the user's file.
    floor
        Whether the plan is a lower bound.
    hold
        Whether measures without a price stay at the plan's level; otherwise they are left out.
    closed
        Positions of groups that no mix is offered: nobody can say whether they cost or save money.
    """

    limits: PlannerLimits = NO_LIMITS
    coupling: Coupling | None = None
    whole: WholeGroups | None = None
    user_constraints: Add | None = None
    interface: Interface = "highs"
    margin: float = 0.0
    floor: bool = False
    hold: bool = False
    closed: Sequence[int] = ()


NO_QUESTION = Question()
"""Least cost on a blank sheet, nothing else asked for."""


def answer_question(
    question: Question,
    system: System,
    targets: Mapping[int, Targets],
    committed: Array,
    currency: str = "yuan",
    options: Options | None = None,
) -> dict[int, LeastCostResult]:
    """Return the cheapest mix of every year that is asked for.

    Parameters
    ----------
    question
        Everything but the targets.
    system
        What the mixes are made of.
    targets
        By year position.
    committed
        Uptake of the plan [activity unit], dims (move, year): measures of unknown cost are held at
        it, and the plan may be a floor.
    currency
        For messages and prices.
    options
        Solver settings.

    Returns
    -------
    dict
        By year position: the years with targets, or all projection years of a pathway.

    Raises
    ------
    NoSolutionError
        See :func:`lantian.optimise.procedure.least_cost.least_cost`.
    """
    if question.coupling is not None and targets:
        years = range(system.start, len(system.years))
        every = {y: targets.get(y) or _no_targets(system) for y in years}
        return least_cost_pathway(
            system,
            years,
            every,
            coupling=question.coupling,
            block=lambda y: block(question, system, y, every[y], committed[:, y], currency),
            options=options,
            currency=currency,
            margin=question.margin,
            interface=question.interface,
            whole=question.whole,
        )
    return {
        y: _answer_year(
            question,
            system,
            y,
            targets=rows,
            committed=committed[:, y],
            currency=currency,
            options=options,
        )
        for y, rows in sorted(targets.items())
    }


def block(
    question: Question,
    system: System,
    year: int,
    targets: Targets,
    committed: Array,
    currency: str = "yuan",
) -> LeastCost:
    """Return the coefficient blocks of one year with all limits that were asked for.

    Parameters
    ----------
    question, system, year, targets
        Everything but the targets; what it is about; position of a year and what it must reach.
    committed
        Uptake of the plan [activity unit], dims (move,).
    currency
        For messages.

    Returns
    -------
    LeastCost
        Blocks of the year, the planner's limits among the extra families.

    Raises
    ------
    NoSolutionError
        If limits contradict each other by themselves, a loop of moves earns money, or the budget
        does not pay for what must be done.
    InputError
        If the user's function fails or is not linear.
    """
    problem = blocks_of(question, system, year, targets, committed)
    require_consistent(system, problem)
    require_budget(problem, currency)
    return problem


def blocks_of(
    question: Question, system: System, year: int, targets: Targets, committed: Array
) -> LeastCost:
    """Return the blocks of :func:`block` without looking for contradictions in them.

    Parameters
    ----------
    question, system, year, targets, committed
        As there.
    """
    limits = question.limits
    if question.coupling is not None and year < len(system.years) - 1:
        # There is time to build up to the least uptake until the last year.
        limits = replace(limits, bounds=tuple(replace(b, least=0.0) for b in limits.bounds))
    problem = build_least_cost(
        system,
        year,
        targets,
        committed=committed if question.hold else None,
        floor=committed if question.floor else None,
        extra=planner_rows(limits, system, year),
        closed=np.asarray(question.closed, np.int64),
    )
    if question.user_constraints is not None:
        problem = with_user_rows(problem, system, year, question.user_constraints)
    return problem


def faults(
    question: Question,
    system: System,
    targets: Mapping[int, Targets],
    committed: Array,
    currency: str = "yuan",
) -> list[NoSolutionError]:
    """Return what no solver is needed to see: contradictory limits, budgets that are too small.

    Parameters
    ----------
    question, system, targets, committed, currency
        As for :func:`answer_question`.

    Returns
    -------
    list of NoSolutionError
        Each text once; empty if nothing is plain to see.
    """
    question = replace(
        question, user_constraints=None
    )  # a user's file is run when there is something to solve
    found: dict[str, NoSolutionError] = {}
    blocks = []
    coupling = question.coupling
    coupled = coupling is not None and targets
    for y in range(system.start, len(system.years)) if coupled else sorted(targets):
        asked = targets.get(y) or _no_targets(system)
        try:
            blocks.append(block(question, system, y, asked, committed[:, y], currency))
        except NoSolutionError as error:
            found[str(error)] = error
    if coupled and coupling is not None and not found:
        try:
            require_total_budget(blocks, coupling.budget, currency)
        except NoSolutionError as error:
            found[str(error)] = error
    return list(found.values())


def _answer_year(
    question: Question,
    system: System,
    year: int,
    *,
    targets: Targets,
    committed: Array,
    currency: str,
    options: Options | None,
) -> LeastCostResult:
    problem = block(question, system, year, targets, committed, currency)
    if question.whole is not None:
        counters = count_units(question.whole, system, year)
        answer = least_cost_whole(
            problem, counters, options, currency, question.margin, question.interface
        )
    elif problem.branches is not None:
        answer = least_cost_branched(
            problem, problem.branches, options, currency, question.margin, question.interface
        )
    else:
        answer = answer_problem(problem, options, currency, question.margin, question.interface)
    value = problem.base + problem.targets.times(answer.uptake)
    return replace(
        answer,
        reprojection_gap=reprojection_gap(system, year, targets, answer.uptake, value),
        unknown_cost=unknown_groups(system),
    )


def _no_targets(system: System) -> Targets:
    shape = (0, len(system.sources), len(system.pollutants))
    return Targets((), np.zeros(shape), np.zeros(0), np.zeros(0), ())
