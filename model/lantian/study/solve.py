"""A study -> results: cases projected, optimised and attributed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lantian.core.commitments import (
    Commitments,
    apply_commitments,
    held_by_reach,
    reached_levels,
)
from lantian.core.credits import Credits, measure_credits
from lantian.core.system import Array, System
from lantian.errors import InputError, Problem
from lantian.language import message
from lantian.measures.costs import UnitCost
from lantian.optimise.analyses.apart import STEEP, Apart, answer_apart
from lantian.optimise.analyses.attribution import MixCredits, mix_credits
from lantian.optimise.analyses.curve import CostCurve, marginal_cost_curve
from lantian.optimise.analyses.frontier import Bend, bend_of
from lantian.optimise.analyses.ways_of_choosing import Compared, compare_ways
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import unknown_groups
from lantian.optimise.procedure.tiers import TierAnswer, headline
from lantian.optimise.status import InfeasibleError, UnboundedError
from lantian.plan.commitments import read_as
from lantian.plan.targets import as_rows
from lantian.study.model import CaseResult, Results, Study, make_bridge, make_case
from lantian.study.problems import (
    ask,
    least_cost_problem,
    reached_targets,
    solve_tiers,
    target_years,
    targets_by_year,
    to_blame,
)
from lantian.study.stages import Stage, silent
from lantian.vocabulary import POLLUTANTS, Case, Pollutant, Reading, Way

CURVE_POLLUTANTS: tuple[Pollutant, ...] = ("NOx", "VOC", "PM2.5")
"""Pollutants whose marginal cost curve every run draws: those that plans promise to cut."""


def solve(study: Study, stage: Stage = silent, *, curves: bool = True) -> Results:
    """Project the cases, optimise and attribute.

    Parameters
    ----------
    study
        As :func:`lantian.study.load.load` returns it.
    stage
        Opened around each stage of the work, with its name.
    curves
        Whether to follow the marginal cost curves too, a fifth of the work of a plan.

    Returns
    -------
    Results
        Cases, answers, attribution.

    Raises
    ------
    NoSolutionError
        See :func:`lantian.optimise.procedure.least_cost.least_cost`.

    Examples
    --------
    >>> import lantian as lt
    >>> results = lt.solve(lt.load("my-district/scenarios/my-district.yaml"))
    >>> results.out_of_reach
    False
    """
    system, scenario = study.system, study.scenario
    everything = tuple(range(len(system.years)))
    last = len(system.years) - 1
    with stage(message("projecting baseline and plan")):
        nothing = np.zeros((len(system.moves), len(system.years)))
        applied = study.applied
        cases: dict[Case, CaseResult] = {"baseline": make_case(system, nothing, everything)}
        readings: dict[Reading, CaseResult] = {}
        if len(study.commitments):
            cases["plan"] = make_case(system, applied.moved, everything, dated=True)
            readings = {name: _reading(study, name, everything) for name in study.readings}
    with stage(message("finding the least-cost mix")):
        tiers = _optimise(study)
        apart = _apart(study, tiers)
        optimum = _of_headline(tiers)
        match = _match(study, cases["plan"]) if "plan" in cases else {}
        cases |= _solved_cases(system, optimum, match)
    with stage(message("comparing ways of choosing")):
        compared = _compare(study, tiers, match)
    with stage(message("attributing the reductions")):
        credit = _credits(system, study.commitments, last)
        end = _end_of_bridge(cases, last)
        bridge = make_bridge(system, cases, end, system.years.index(scenario.base_year), last)
        followed = _curves(study, last) if curves else {}
    levels = reached_levels(system, study.commitments, applied)
    at_end, applied_at_end = study.commitments, applied
    if study.commitments.has_dates:
        at_end = study.commitments.at_year_end()
        applied_at_end = apply_commitments(system, at_end)
    return Results(
        cases=cases,
        readings=readings,
        levels=levels,
        last_levels=reached_levels(system, at_end, applied_at_end),
        at_reach=held_by_reach(system, at_end, applied_at_end),
        targets=tuple(study.targets),
        unit_costs=_unit_costs(study),
        tiers=tiers,
        apart=apart,
        match=match,
        credits=credit,
        bridge=bridge,
        curves=followed,
        crowded=applied.shared,
        priced=_all_priced(study, cases),
        mix_credits=_mix_credits(system, optimum, last),
        compared=compared,
    )


def solved_mixes(study: Study) -> dict[Case, CaseResult]:
    """Return the mixes of an ordinary run alone: for the targets, and for what the plan reaches.

    Parameters
    ----------
    study
        As :func:`lantian.study.load.load` returns it.

    Returns
    -------
    dict
        As in the cases of :func:`solve`.

    Raises
    ------
    NoSolutionError
        As :func:`solve` does.
    """
    every, match = tuple(range(len(study.system.years))), {}
    optimum = _of_headline(_optimise(study))
    if len(study.commitments):
        match = _match(study, make_case(study.system, study.applied.moved, every, dated=True))
    return _solved_cases(study.system, optimum, match)


def _of_headline(tiers: tuple[TierAnswer, ...]) -> dict[int, LeastCostResult]:
    return dict(headline(tiers).answers) if tiers else {}


def _solved_cases(
    system: System, optimum: dict[int, LeastCostResult], match: dict[int, LeastCostResult]
) -> dict[Case, CaseResult]:
    solved: dict[Case, dict[int, LeastCostResult]] = {
        "least_cost": optimum,
        "match_plan": match,
    }
    return {name: _solved_case(system, found) for name, found in solved.items() if found}


def _reading(study: Study, reading: Reading, years: tuple[int, ...]) -> CaseResult:
    commitments = read_as(study.all_commitments, study.scenario, reading)
    moved = apply_commitments(study.system, commitments).moved
    return make_case(study.system, moved, years, dated=reading != "plan_year_end")


def _credits(system: System, commitments: Commitments, year: int) -> Credits | None:
    return measure_credits(system, commitments, year) if len(commitments) else None


def _mix_credits(
    system: System, optimum: dict[int, LeastCostResult], year: int
) -> MixCredits | None:
    return mix_credits(system, year, optimum[year].uptake) if year in optimum else None


def _compare(
    study: Study,
    tiers: tuple[TierAnswer, ...],
    match: dict[int, LeastCostResult],
) -> dict[int, tuple[Compared, ...]]:
    """Compare the solved mixes with ranked lists, for every year with targets."""
    found = {}
    for year, targets in reached_targets(study, tiers).items():
        problem = least_cost_problem(study, year, targets)
        solved: dict[Way, Array] = {"least_cost": headline(tiers).answers[year].uptake}
        if len(study.commitments):
            solved = {
                "plan": study.applied.moved[:, year],
                "match_plan": match[year].uptake,
                **solved,
            }
        found[year] = compare_ways(
            study.system,
            year,
            targets,
            problem=problem,
            solved=solved,
            closed=study.question.closed,
        )
    return found


def _optimise(study: Study) -> tuple[TierAnswer, ...]:
    """Solve for the targets, tier by tier."""
    try:
        return solve_tiers(study)
    except (InfeasibleError, UnboundedError) as error:
        raise InputError([Problem(to_blame(study, error), error.message)]) from error


def _apart(study: Study, tiers: tuple[TierAnswer, ...]) -> tuple[Apart, ...]:
    """Answer each target out of reach for itself."""
    alone = {y: replace(rows, branches=None) for y, rows in targets_by_year(study).items()}

    def bend(year: int, rows: Targets, target: int) -> Bend:
        return bend_of(least_cost_problem(study, year, rows), target, STEEP)

    exact = None if study.question.coupling is None else ask(study)
    return answer_apart(ask(study, study.question.margin), alone, tiers, bend, exact)


def _match(study: Study, plan: CaseResult) -> dict[int, LeastCostResult]:
    """Solve every target year for the plan's result, to the last tonne.

    Asked for is what the plan reaches by measures that the mix may choose: where those without a
    price, or with one of open sign, are left out of the mix, what they reach is left out too.
    """
    unpriced = () if study.question.hold else unknown_groups(study.system)
    case = _plan_without(study, plan, (*unpriced, *study.question.closed))
    return ask(study)({y: _reached(study, case, y) for y in target_years(study)})


def _plan_without(study: Study, plan: CaseResult, groups: Sequence[int]) -> CaseResult:
    """Return the plan without its commitments on some groups: others take what these took."""
    kept = study.commitments.where(~np.isin(study.commitments.group, groups))
    if len(kept) == len(study.commitments):
        return plan
    return make_case(study.system, apply_commitments(study.system, kept).moved, plan.years, True)


def _all_priced(study: Study, cases: Mapping[Case, CaseResult]) -> dict[Case, CaseResult]:
    """Return the plan and each mix without what has no price, where they have any of it."""
    system, unpriced = study.system, unknown_groups(study.system)
    found: dict[Case, CaseResult] = {}
    for name, case in cases.items():
        own = np.isin(system.moves.group, unpriced)
        if not case.uptake[own].any():
            continue
        uptake = np.where(own[:, None], 0.0, case.uptake)
        found[name] = (
            _plan_without(study, case, unpriced)
            if name == "plan"
            else make_case(system, uptake, case.years)
        )
    return found


def _reached(study: Study, plan: CaseResult, year: int) -> Targets:
    """Return what the plan reaches of each target of a year, as limits."""
    targets = [p for p in study.targets if p.weight is not None and p.year == year]
    case = study.projection(plan)
    values = np.array([p.judge(case)[0] for p in targets])
    return as_rows(study.targets, year, values)


def _solved_case(system: System, answers: dict[int, LeastCostResult]) -> CaseResult:
    uptake = np.zeros((len(system.moves), len(system.years)))
    for year, answer in answers.items():
        uptake[:, year] = answer.uptake
    return make_case(system, uptake, tuple(answers))


def _unit_costs(study: Study) -> tuple[UnitCost | None, ...]:
    """Return the parts of each group's unit cost, None where it is unknown."""
    parts = study.compiled.costs(study.space.central())[..., 0]
    return tuple(None if np.isnan(own).all() else UnitCost(*own.tolist()) for own in parts.T)


def _end_of_bridge(cases: Mapping[Case, CaseResult], last: int) -> Case:
    """Return the case that the way from the base year leads to: the plan, if there is one."""
    if "plan" in cases:
        return "plan"
    solved = cases.get("least_cost")
    return "baseline" if solved is None or last not in solved.years else "least_cost"


def _curves(study: Study, year: int) -> dict[str, CostCurve]:
    """Return the marginal cost curve of each pollutant that plans or this one promise to cut."""
    system = study.system
    asked = {t.pollutant for t in study.scenario.targets if t.indicator == "emission"}
    emitted = [
        p
        for n, p in enumerate(POLLUTANTS)
        if (p in CURVE_POLLUTANTS or p in asked) and system.factor[:, n, year].any()
    ]
    weight = np.zeros((len(emitted), len(system.sources), len(POLLUTANTS)))
    for t, pollutant in enumerate(emitted):
        weight[t, :, POLLUTANTS.index(pollutant)] = 1.0
    rows = Targets(
        tuple(emitted),
        weight,
        np.zeros(len(emitted)),
        np.full(len(emitted), np.inf),
        ("t/a",) * len(emitted),
    )
    return {
        name: marginal_cost_curve(system, year, rows, target=t, closed=study.question.closed)
        for t, name in enumerate(emitted)
    }
