"""The answer to the question: tiers, what is out of reach, the mix, and what has no price."""

from collections.abc import Iterator

import numpy as np

from lantian.core.system import (
    Array,
    charged,
    eligible_activity,
    paid_units,
    rounding_of,
    sum_by,
)
from lantian.optimise.analyses.apart import Apart
from lantian.optimise.problem.coefficients import price_unit
from lantian.optimise.problem.planner_limits import known_cost
from lantian.optimise.procedure.statement import by_kind, cause_of
from lantian.optimise.procedure.tiers import TierAnswer
from lantian.results.contract import MIX, OUT_OF_REACH, TIERS_TABLE, UNPRICED
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, stacked
from lantian.results.tables.credits import emitted_pollutants
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult
from lantian.tolerances import UNSEEN


@builds(TIERS_TABLE)
def tiers(run: Run) -> Data:
    """Targets tier by tier, with the cost up to each and what it adds."""
    rows: list[dict[str, object]] = []
    before: TierAnswer | None = None
    for tier in run.results.tiers:
        for y in tier.answers.keys() & tier.asked.keys():
            money = _money_of(run, tier, before, y)
            rows += [money | told for told in _targets_of(tier, y)]
        before = tier
    return rows


def _money_of(run: Run, tier: TierAnswer, before: TierAnswer | None, y: int) -> dict[str, object]:
    study, cost = run.study, tier.cost(y)
    gross, saved = gross_and_saved(run, tier.answers[y].uptake, y)
    return {
        "year": study.system.years[y],
        "tier": tier.tier,
        "cost": cost,
        "spent": gross,
        "saved": saved,
        "added": cost - (0.0 if before is None else before.cost(y)),
        "unit": f"{study.money.currency}/a",
    }


def _targets_of(tier: TierAnswer, y: int) -> Iterator[dict[str, object]]:
    """Yield the targets that a tier asks for; one line without any if there is none."""
    own = np.flatnonzero(tier.asked[y]).tolist()
    for t in own:
        name = tier.answers[y].targets[t].id
        yield {"target": name, "asked": True, "reached": bool(tier.reached[y][t])}
    if not own:
        yield {"target": "", "asked": False, "reached": True}


def gross_and_saved(run: Run, uptake: Array, y: int) -> tuple[float, float]:
    """Return what measures of a mix cost that cost on the whole, and what the others save.

    Parameters
    ----------
    run
        Study and results.
    uptake
        [activity unit], dims (move,).
    y
        Position of the year.

    Returns
    -------
    tuple
        Both positive [currency/a]; measures without a price are in neither.
    """
    system = run.study.system
    own = known_cost(system, y) * uptake
    cost = sum_by(own, system.groups.measure[system.moves.group], len(system.measures))
    return float(cost[cost > 0].sum()), abs(float(cost[cost < 0].sum()))


@builds(OUT_OF_REACH)
def out_of_reach(run: Run) -> Data:
    """Targets that no mix reaches: the best that can be done, its cost, the knee, what holds it."""
    return [_apart(run, apart) for apart in run.results.apart]


def _apart(run: Run, apart: Apart) -> dict[str, object]:
    study, answer, knee = run.study, apart.answer, apart.knee
    target = answer.targets[apart.target]
    held = by_kind(answer.held_by(apart.target))
    outside = study.outside(apart.year)[target.id]
    return {
        "year": study.system.years[apart.year],
        "target": target.id,
        "tier": apart.tier,
        "cause": cause_of(answer, apart.target, outside),
        "limit": target.limit,
        "outside": outside,
        "baseline": target.baseline,
        "best": apart.best,
        "value": target.value,
        "unit": target.unit,
        "margin": apart.margin,
        "cost": answer.cost,
        "knee_value": None if knee is None else knee.value,
        "knee_cost": None if knee is None else knee.cost,
        "cost_unit": f"{study.money.currency}/a",
        "mean_cost": None if knee is None else knee.mean,
        "price_unit": price_unit(study.money.currency, target.unit),
        "held_by": "; ".join(limit.name.text() for limit in held),
    }


@builds(MIX)
def mix(run: Run) -> Data:
    """What each mix takes of each measure, its cost, and what the plan takes of it."""
    parts = [
        _mix_of(run, name, case.uptake[:, y], y)
        for name, case in run.results.cases.items()
        if name in ("least_cost", "match_plan")
        for y in case.years
    ]
    parts += [_best_of(run, apart) for apart in run.results.apart]
    return stacked(parts) if parts else []


def _best_of(run: Run, apart: Apart) -> dict[str, Cells | str | int]:
    """Return the best that can be done for a target out of reach, as within a budget."""
    answer = apart.answer
    name = answer.targets[apart.target].id
    return _mix_of(run, "least_cost", answer.uptake, apart.year, name)


def _mix_of(
    run: Run, name: str, uptake: Array, y: int, best_for: str = ""
) -> dict[str, Cells | str | int]:
    """Return the measures in use in one mix and year, one row per measure and source.

    A mix for a target out of reach is the best that can be done for it.
    """
    system, groups = run.study.system, run.study.system.groups
    least = rounding_of(system, system.baseline)[groups.source][:, y]
    amount, plan = (
        np.where(np.abs(own) > least, own, 0.0) for own in (_taken(run, uptake), _planned(run, y))
    )
    eligible, used = eligible_activity(system)[:, y], np.flatnonzero(amount)
    unit_cost = np.array(
        [np.nan if cost is None else cost.total for cost in run.results.unit_costs], np.float64
    )
    cost = unit_cost * _paid(run, uptake) + charged(system, uptake, y)
    source = groups.source[used]
    who = {row.measure: row.decides for row in run.study.catalogue.measures}
    deciders = tuple(who[name] for name in system.measures)
    return {
        "case": name,
        "best_for": best_for,
        "year": system.years[y],
        "measure": as_cells(system.measures)[groups.measure[used]],
        "source": as_cells(system.sources.id)[source],
        "amount": amount[used],
        "unit": as_cells(system.sources.unit)[source],
        "share": np.divide(amount, eligible, out=np.zeros(len(groups)), where=eligible > 0)[used],
        "cost": cost[used],
        "cost_unit": f"{run.study.money.currency}/a",
        "decides": as_cells(deciders)[groups.measure[used]],
        "no_regret": (cost <= 0)[used],
        "in_plan": (plan > 0)[used],
        "plan_amount": plan[used],
    }


def _taken(run: Run, uptake: Array) -> Array:
    """Return what a mix takes of each group [unit of the source]."""
    system = run.study.system
    return sum_by(uptake[:, None], system.moves.group, len(system.groups))[:, 0]


def _paid(run: Run, uptake: Array) -> Array:
    """Return what a mix pays the full unit cost of each group for [unit of the source]."""
    system, moves = run.study.system, run.study.system.moves
    return paid_units(moves.group, len(system.groups), moves.share, uptake)


def _planned(run: Run, y: int) -> Array:
    plan = run.results.cases.get("plan")
    return (
        np.zeros(len(run.study.system.groups)) if plan is None else _taken(run, plan.uptake[:, y])
    )


@builds(UNPRICED)
def unpriced(run: Run) -> Data:
    """Share of the cut of each case that has no price, by pollutant, where anything is cut."""
    cases, priced = run.results.cases, run.results.priced
    return [
        row
        for name, case in cases.items()
        if name != "baseline"
        for row in _unpriced(run, name, case, priced.get(name, case))
    ]


def _unpriced(
    run: Run, name: str, case: CaseResult, priced: CaseResult
) -> Iterator[dict[str, object]]:
    system, before = run.study.system, run.results.cases["baseline"].emission.sum(axis=0)
    emission, without = (c.emission.sum(axis=0) for c in (case, priced))
    for y in case.years:
        for p in emitted_pollutants(system):
            cut = before[p, y] - emission[p, y]
            if cut > UNSEEN * before[p, y]:
                yield {
                    "case": name,
                    "year": system.years[y],
                    "pollutant": system.pollutants[p],
                    "share": (without[p, y] - emission[p, y]) / cut,
                }
