"""Questions that are answered on request only: cost curves, ranges, reasons, alternatives."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lantian.core.system import Array
from lantian.indicators.available import axes
from lantian.indicators.contract import CENTRAL, Row
from lantian.language import Message, message
from lantian.measures.cost_check import beside_published, compare_costs, disagreements
from lantian.optimise.analyses.alternatives import (
    RANDOM,
    UptakeRanges,
    WholePlans,
    uptake_ranges,
    whole_plans,
)
from lantian.optimise.analyses.curve import marginal_cost_curve
from lantian.optimise.analyses.explain import Explanation, explain_measure
from lantian.optimise.analyses.frontier import SOLVES, Frontier, cost_frontier, frontier_of_curve
from lantian.optimise.analyses.sensitivity import CostRange, LimitRange, Sensitivity
from lantian.optimise.analyses.ways_of_choosing import Compared, compare_rankings
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import answer_problem
from lantian.optimise.status import InfeasibleError
from lantian.plan.targets import as_rows, simple_row
from lantian.study.model import CostSurface, Slice, Study
from lantian.study.problems import (
    least_cost_problem,
    reached_targets,
    solve_tiers,
    target_years,
)
from lantian.study.stages import Stage, silent
from lantian.tolerances import LOOSENED

LEVELS = 5
"""Levels of the second target for which a curve is drawn."""


class NoAxisError(Exception):
    """What a curve was asked for is no target, pollutant or indicator of the scenario.

    ``known`` lists what there is.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name, self.known = name, known
        super().__init__(name)


def solved_problem(study: Study, year: int) -> tuple[LeastCost, LeastCostResult]:
    """Return the blocks of one target year and their optimum, without whole units.

    Raises
    ------
    NoSolutionError
        See :func:`lantian.optimise.procedure.least_cost.least_cost`.
    """
    targets = reached_targets(study, solve_tiers(study))[year]
    problem = least_cost_problem(study, year, targets)
    question = study.question
    return problem, answer_problem(problem, currency=study.money.currency, margin=question.margin)


def cost_warnings(study: Study, each: bool = False) -> list[Message]:
    """Return how many of our costs per tonne lie inside what others have published.

    Parameters
    ----------
    study
        The scenario put together.
    each
        Tell those that lie outside, one by one.
    """
    last, rows = len(study.system.years) - 1, study.catalogue.checks.rows
    compared = compare_costs(study.system, last, rows, study.money)
    told = beside_published(compared)
    listed = disagreements(compared, study.money.currency) if each else []
    return [*listed, *([] if told is None else [told])]


def explain_choice(
    study: Study, problem: LeastCost, answer: LeastCostResult, year: int, measure: str
) -> tuple[Explanation, ...]:
    """Return why a measure is in the mix of :func:`solved_problem` or out, once per source."""
    closed = study.question.closed
    return explain_measure(study.system, year, problem, answer, measure, closed)


def mix_ranges(
    problem: LeastCost, answer: LeastCostResult
) -> tuple[list[CostRange], list[LimitRange]]:
    """Return over which costs of the measures in the mix, and which limits, the mix stays.

    Costs of measures that are not in the mix and cannot enter it are left out.

    Parameters
    ----------
    problem, answer
        Of :func:`solved_problem`.

    Returns
    -------
    list of CostRange
        Ranges of unit costs [currency per activity unit].
    list of LimitRange
        Ranges of the targets' limits [unit of each], in their order.
    """
    near = Sensitivity(problem, answer)
    groups = np.unique(problem.reach.row)
    costs = [near.cost_range(int(g)) for g in groups]
    limits = [near.limit_range(k, target.shadow_price) for k, target in enumerate(answer.targets)]
    return [c for c in costs if np.isfinite(c.low) or np.isfinite(c.high)], limits


def near_optimal(problem: LeastCost, answer: LeastCostResult) -> UptakeRanges:
    """Return the range of each uptake over all optima and over mixes a little dearer."""
    return uptake_ranges(problem, answer)


def whole_alternatives(
    study: Study,
    problem: LeastCost,
    answer: LeastCostResult,
    allowances: Sequence[float],
    random: int = RANDOM,
) -> list[WholePlans]:
    """Return complete plans that differ as much as can be within allowances of the cost [1].

    Parameters
    ----------
    study, problem, answer
        As :func:`solved_problem` gives them.
    allowances
        In rising order [1].
    random
        Directions that are drawn besides those of measures and sectors.
    """
    groups, sources = study.system.groups, study.system.sources
    sector = np.array(sources.sector)[groups.source]
    by_measure = [np.flatnonzero(groups.measure == m) for m in np.unique(groups.measure)]
    by_sector = [np.flatnonzero(sector == s) for s in dict.fromkeys(sector.tolist())]
    families = [own.tolist() for own in (*by_sector, *by_measure)]
    return whole_plans(problem, answer, families, allowances, random=random)


def alternatives_within(study: Study, allowances: Sequence[float]) -> list[WholePlans]:
    """Return whole plans of the last year with targets, within each of some allowances [1].

    Raises
    ------
    InfeasibleError
        If the scenario has no target that is computed.
    """
    problem, answer = solved_problem(study, require_mixes(study))
    return whole_alternatives(study, problem, answer, allowances)


def rankings(study: Study, year: int) -> tuple[Compared, ...]:
    """Return what ranked lists give for each target of a year alone: two per target to be cut."""
    targets = reached_targets(study, solve_tiers(study))[year]
    problem = least_cost_problem(study, year, targets)
    return compare_rankings(study.system, year, targets, problem, closed=study.question.closed)


def cost_surface(
    study: Study,
    target: str,
    against: str | None = None,
    held: bool = False,
    solves: int = SOLVES,
    levels: int = LEVELS,
    stage: Stage = silent,
) -> CostSurface:
    """Return the least cost as a function of one target, or of two.

    Parameters
    ----------
    study
        Its targets and indicators are what a curve can be about.
    target, against
        Id of a target, a pollutant, an indicator or a receptor.
    held
        Whether the other targets of the scenario are held, relaxed where they are out of reach.
    solves
        How many solves each curve may take to find every kink.
    levels
        Number of levels of the second target, from what the first alone brings to the least.
    stage
        Is told of each curve.

    Returns
    -------
    CostSurface
        One curve, or one per level of the second target [currency/a].

    Raises
    ------
    NoAxisError
        If there is no such target.
    SameAxesError
        If both are one.
    NoSolutionError
        If the limits that are held contradict each other.
    """
    year = max(target_years(study), default=len(study.system.years) - 1)
    names = [target] if against is None else [target, against]
    rows = [_axis(study, name, year) for name in names]
    axes = _joined(rows)
    if against is not None and _are_one(axes):
        raise SameAxesError(target, against)
    limit, free = axes.limit, replace(axes, limit=np.full(len(axes), np.inf))
    answer = solved_problem(study, year)[1] if target_years(study) else None
    asked = _joined([free, *_others(study, names, year, answer)]) if held else free
    problem = least_cost_problem(study, year, asked)
    if against is None:
        with stage(TRACING):
            slices = [Slice(_alone(study, problem, free, year, solves), np.inf)]
    else:
        slices = _slices(problem, solves, levels, stage)
    return CostSurface(axes, year, held, limit, tuple(slices), _mixes(study, axes, year, answer))


def not_held(study: Study, axes: Targets, year: int) -> list[str]:
    """Return the ids of the scenario's targets of a year that a curve is not about.

    Parameters
    ----------
    study
        Its targets.
    axes
        What the curve is about.
    year
        Position of the year.
    """
    if not target_years(study):
        return []
    rows = as_rows(study.targets, year)
    return [
        name
        for k, name in enumerate(rows.ids)
        if name not in axes.ids and not _is_among(rows.one(k), axes)
    ]


def _is_among(row: Targets, axes: Targets) -> bool:
    """Tell whether one of some axes is the same sum of emissions and states."""
    return any(_are_one(_joined([row, axes.one(k)])) for k in range(len(axes)))


class SameAxesError(ValueError):
    """A curve of something against itself."""


def _are_one(axes: Targets) -> bool:
    """Tell whether two axes are the same sum of emissions and states."""
    own = (axes.weight,) if axes.activity is None else (axes.weight, axes.activity)
    return all(np.array_equal(part[0], part[1]) for part in own)


TRACING = message("tracing the curve")
"""Stage of the work, once for each level of a second target."""


def _slices(problem: LeastCost, solves: int, levels: int, stage: Stage) -> list[Slice]:
    """Curves of the first target at equal steps of the second, from loosest to tightest."""
    second = cost_frontier(problem, 1, solves=1, bound=np.inf)
    loose, tight = second.kinks[0].value, second.kinks[-1].value
    found = []
    for k in range(levels):
        level = loose + (tight - loose) * k / max(levels - 1, 1)
        upper = problem.targets.upper.copy()
        # The tightest level is the edge of what is possible: rounding must not rule it out.
        slack = LOOSENED * (loose - tight)
        upper[1] = level + slack - problem.base[1]
        held = replace(problem, targets=replace(problem.targets, upper=upper))
        with stage(TRACING):
            found.append(Slice(cost_frontier(held, 0, solves=solves), level))
    return found


def _alone(study: Study, problem: LeastCost, axes: Targets, year: int, solves: int) -> Frontier:
    """The curve of one target; in independent parts where nothing else couples the measures."""
    variables = problem.variables
    start = np.where(variables.fixed, variables.lower, 0.0)
    # Measures share new units within one state, and what follows another source is in its part.
    coupled = set(problem.extra) - {"new-units", "follows"} or len(problem.targets) > 1
    if coupled or not np.array_equal(variables.lower, start):
        return cost_frontier(problem, 0, solves=solves)
    curve = marginal_cost_curve(
        study.system, year, axes, target=0, committed=variables.lower, closed=study.question.closed
    )
    base = float(problem.base[0] + problem.targets.times(start)[0])
    return frontier_of_curve(curve, axes.ids[0], base)


def _mixes(
    study: Study, axes: Targets, year: int, answer: LeastCostResult | None
) -> dict[str, tuple[float, Array]]:
    """Cost and values of plan and least cost on the axes of a curve."""
    uptake = {}
    if len(study.commitments):
        uptake["plan"] = study.applied.moved[:, year]
    if answer is not None:
        uptake["least_cost"] = answer.uptake
    problem = least_cost_problem(study, year, replace(axes, limit=np.full(len(axes), np.inf)))
    known = ~problem.variables.fixed
    return {
        case: (
            float(problem.variables.cost[known] @ u[known]),
            problem.base + problem.targets.times(u),
        )
        for case, u in uptake.items()
    }


def _others(
    study: Study, names: list[str], year: int, answer: LeastCostResult | None
) -> list[Targets]:
    """The scenario's other targets of the year that the headline reaches."""
    if answer is None:
        return []
    rows = reached_targets(study, solve_tiers(study))[year]
    enforced = np.ones(len(rows), bool) if rows.enforced is None else rows.enforced
    kept = [k for k, name in enumerate(rows.ids) if name not in names and enforced[k]]
    return [rows.one(k) for k in kept]


def _axis(study: Study, name: str, year: int) -> Targets:
    rows = as_rows(study.targets, year) if target_years(study) else None
    if rows is not None and name in rows.ids:
        return rows.one(rows.ids.index(name))
    known = _linear_axes(study, year)
    found = next((axis for axis in known if axis.lower() == name.lower()), None)
    if found is None:
        raise NoAxisError(name, (*(() if rows is None else rows.ids), *known))
    row, unit = known[found]
    return _free(found, row.weight[None, ..., CENTRAL], float(row.constant[CENTRAL]), unit)


def _linear_axes(study: Study, year: int) -> dict[str, tuple[Row, str]]:
    """Return row and unit of every indicator that is one straight line, by the axis's name."""
    calendar = study.system.years[year]
    every = {
        name: (simple_row(own.fitted.rows(subject, calendar)), own.indicator.unit_of(subject))
        for name, (own, subject) in axes(study.indicators).items()
    }
    return {name: (row, unit) for name, (row, unit) in every.items() if row is not None}


def _free(name: str, weight: Array, constant: float, unit: str) -> Targets:
    return Targets((name,), weight, np.array([constant]), np.array([np.inf]), (unit,))


def _joined(parts: list[Targets]) -> Targets:
    return Targets(
        tuple(i for p in parts for i in p.ids),
        np.concatenate([p.weight for p in parts]),
        np.concatenate([p.constant for p in parts]),
        np.concatenate([p.limit for p in parts]),
        tuple(u for p in parts for u in p.unit),
        np.concatenate([np.full(len(p), np.inf) if p.price is None else p.price for p in parts]),
        activity=_joined_activity(parts),
        monthly=tuple(m for p in parts for m in p.monthly or (None,) * len(p)),
    )


def _joined_activity(parts: list[Targets]) -> Array | None:
    """Return what states count in each target; None if none does by itself."""
    wide = next((p.activity for p in parts if p.activity is not None), None)
    if wide is None:
        return None
    nothing = np.zeros((1, wide.shape[1]))
    own = [np.repeat(nothing, len(p), 0) if p.activity is None else p.activity for p in parts]
    return np.concatenate(own)


def require_mixes(study: Study) -> int:
    """Return the year whose mix is asked about: the last with targets.

    Raises
    ------
    InfeasibleError
        If the scenario has no target that is computed.
    """
    years = target_years(study)
    if not years:
        raise InfeasibleError(message("The scenario has no target that is computed."))
    return max(years)
