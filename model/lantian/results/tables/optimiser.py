"""Answers of the optimiser: prices, how they came about, whole units, other ways of choosing."""

from collections.abc import Iterator

import numpy as np

from lantian.core.system import System
from lantian.names import move_name
from lantian.optimise.procedure.answer import LeastCostResult, TargetResult
from lantian.results.contract import COMPARATORS, PRICES, RESIDUAL_OF, SOLVES, WHOLE_UNITS
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.vocabulary import Case


def _answers(run: Run) -> Iterator[tuple[Case, int, LeastCostResult]]:
    """Yield case, calendar year and answer of every mix."""
    results, years = run.results, run.study.system.years
    yield from (("least_cost", years[y], answer) for y, answer in results.optimum.items())
    yield from (("match_plan", years[y], answer) for y, answer in results.match.items())


@builds(PRICES)
def prices(run: Run) -> Data:
    """Shadow prices of the targets in the least-cost mix; what an excess is and costs."""
    rows = []
    for case, year, answer in _answers(run):
        if case != "least_cost":
            continue
        told = answer.diagnosis
        relaxed = np.zeros(len(answer.targets)) if told is None else told.excess
        rows += [
            _price(run.study.system, target, by, year, f"{answer.currency}/a")
            for target, by in zip(answer.targets, relaxed.tolist(), strict=True)
        ]
    return rows


def _price(
    system: System, target: TargetResult, relaxed_by: float, year: int, unit: str
) -> dict[str, object]:
    return {
        "target": target.id,
        "year": year,
        "shadow_price": target.shadow_price,
        "unit": target.price_unit,
        "binding": target.binding,
        "marginal_measure": "; ".join(move_name(system, m).text() for m in target.marginal),
        "relaxed_by": relaxed_by,
        "excess": target.excess,
        "excess_unit": target.unit,
        "excess_price": target.excess_price if np.isfinite(target.excess_price) else None,
        "excess_cost": target.excess_cost,
        "cost_unit": unit,
    }


@builds(SOLVES)
def solves(run: Run) -> Data:
    """How each mix came about: cost, bound, residuals, number of solves."""
    return [{"case": case, "year": year, **_solve(answer)} for case, year, answer in _answers(run)]


def _solve(answer: LeastCostResult) -> dict[str, object]:
    whole, proven = answer.whole, np.isfinite(answer.proof.bound)
    return {
        "cost": answer.cost,
        "penalty": answer.penalty,
        "linear_bound": None if whole is None else whole.linear_cost,
        "whole_cost": None if whole is None else whole.cost,
        "of_all_years": whole is not None and whole.of_all_years,
        "unit": f"{answer.currency}/a",
        "proven_bound": answer.proof.bound if proven else None,
        "proof_gap": answer.proof.gap if proven else None,
        "gap": None if whole is None else whole.gap,
        "unproven": None if whole is None else whole.unproven,
        "relaxed": answer.diagnosis is not None,
        "joint_share": answer.joint_share,
        "several_optima": answer.several_optima,
        "solves": answer.solves,
        "cold_restarts": answer.restarts,
        "iterations": answer.iterations,
        **{f"{kind}_residual": getattr(answer.worst, kind) for kind in RESIDUAL_OF},
        "reprojection_gap": answer.reprojection_gap,
    }


@builds(WHOLE_UNITS)
def whole_units(run: Run) -> Data:
    """Numbers of units of the measures that come whole."""
    system = run.study.system
    measure, source = system.groups.measure, system.groups.source
    return [
        {
            "case": case,
            "year": year,
            "measure": system.measures[measure[units.group]],
            "source": system.sources.id[source[units.group]],
            "number": units.number,
            "unit_size": units.size,
            "unit": system.sources.unit[source[units.group]],
        }
        for case, year, answer in _answers(run)
        if answer.whole is not None
        for units in answer.whole.units
    ]


@builds(COMPARATORS)
def comparators(run: Run) -> Data:
    """Ways of choosing measures: cost, least cost for the same result, targets."""
    study, results = run.study, run.results
    targets = {resolved.target.id: resolved for resolved in results.targets}
    return [
        {
            "rule": one.way,
            "aimed_at": "" if one.aimed_at is None else results.optimum[y].targets[one.aimed_at].id,
            "year": study.system.years[y],
            "cost": one.cost,
            "least_cost_for_same": one.least,
            "excess": one.excess,
            "unit": f"{study.money.currency}/a",
            "target": target.id,
            "value": value,
            "limit": targets[target.id].limit,
            "target_unit": targets[target.id].unit,
            "met": met,
        }
        for y, compared in results.compared.items()
        for one in compared
        for target, value, met in zip(
            results.optimum[y].targets, one.value.tolist(), one.met.tolist(), strict=True
        )
    ]
