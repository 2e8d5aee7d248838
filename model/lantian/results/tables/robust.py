"""Mixes that hold when numbers differ: what they cost, and what is always chosen."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.core.commitments import group_uptake
from lantian.ensemble.regret import regrets
from lantian.ensemble.robust import RobustMix
from lantian.ensemble.sampled import spread_of, wilson
from lantian.results.contract import CHOSEN, OPTIMA, REGRETS, ROBUST, ROBUST_MIXES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.tolerances import UNSEEN


@builds(ROBUST)
def robust(run: Run) -> Data | None:
    """Cost and checked probabilities of every robust mix."""
    if not run.robust:
        return None
    least = run.results.optimum[max(run.results.optimum)].cost
    return [
        {
            "asked": own.asked,
            "target": target,
            "probability": probability,
            **_interval(probability, own.samples),
            "within_reach": own.within_reach,
            "cost": own.cost,
            **dict(zip(("cost_low", "cost_median", "cost_high"), own.costs.lines, strict=True)),
            "error": own.costs.error,
            "settled": own.costs.settled,
            "more": own.cost - least,
        }
        for own in run.robust
        for target, probability in (*own.checked.items(), ("", own.jointly))
    ]


def _interval(share: float, samples: int, prefix: str = "") -> dict[str, float]:
    """Return the ends of the 95 % interval of a part of some samples [1]."""
    return dict(zip((f"{prefix}low", f"{prefix}high"), wilson(share, samples), strict=True))


@builds(ROBUST_MIXES)
def mixes(run: Run) -> Data | None:
    """Measures of every robust mix."""
    return [row for own in run.robust for row in _mix(run, own)] if run.robust else None


def _mix(run: Run, own: RobustMix) -> Iterator[dict[str, Any]]:
    system, year = run.study.system, max(own.uptake)
    groups, sources = system.groups, system.sources
    amount, share = group_uptake(system, year, own.uptake[year])
    for g in np.flatnonzero(share > UNSEEN).tolist():
        source = int(groups.source[g])
        yield {
            "asked": own.asked,
            "measure": system.measures[groups.measure[g]],
            "source": sources.id[source],
            "uptake": float(amount[g]),
            "unit": sources.unit[source],
            "share": float(share[g]),
        }


@builds(CHOSEN)
def chosen(run: Run) -> Data | None:
    """How often each measure is in the optimum of a random set of numbers."""
    if run.optima is None:
        return None
    names = ("measure", "frequency", "median", "low", "high", "central", "error", "settled")
    n = len(run.optima.cost)
    return [
        {name: getattr(own, name) for name in names} | _interval(own.frequency, n, "frequency_")
        for own in run.optima.chosen
    ]


@builds(OPTIMA)
def optima(run: Run) -> Data | None:
    """Distribution of the least cost over random sets of numbers."""
    found = run.optima
    if found is None or not len(found.cost):
        return None
    spread = spread_of(found.cost)
    return [
        {
            "samples": len(found.cost),
            "without": found.unsolved,
            "all_met": found.all_met,
            **_interval(found.all_met, len(found.cost), "all_met_"),
            "low": spread.low,
            "median": spread.median,
            "high": spread.high,
            "error": spread.error,
            "settled": spread.settled,
            "central": run.results.optimum[max(run.results.optimum)].cost,
        }
    ]


@builds(REGRETS)
def regretted(run: Run) -> Data | None:
    """Mixes of all futures and the one to regret least, judged in every future."""
    futures = [*run.study.scenario.futures]
    if run.study.scenario.robust is None or not futures or not run.results.tiers:
        return None
    return [
        {
            "rank": rank,
            "best_in": own.future or "",
            "in_future": name,
            "cost": float(own.cost[v]),
            "regret": float(own.regret[v]),
            "excess": float(own.excess[v]),
        }
        for rank, own in enumerate(regrets(run.study), start=1)
        for v, name in enumerate(futures)
    ]
