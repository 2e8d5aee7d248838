"""Whole plans that cost little more than the least: what each does without, and its measures."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.names import ids_in_one
from lantian.optimise.analyses.alternatives import IN_USE, WholePlans
from lantian.results.contract import ALTERNATIVE_MEASURES, ALTERNATIVES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(ALTERNATIVES)
def alternatives(run: Run) -> Data | None:
    """Cost of every plan, and by which measures it differs from the least cost."""
    system, least = run.study.system, [own.plans[0].cost for own in run.alternatives]
    return [
        {
            "within": own.allowance,
            "plan": k,
            "cost": plan.cost,
            "more": plan.cost - base,
            "without": ids_in_one(own.without(system, k), " ") or None,
            "with_more": ids_in_one(own.more(system, k), " ") or None,
        }
        for own, base in zip(run.alternatives, least, strict=True)
        for k, plan in enumerate(own.plans)
    ] or None


@builds(ALTERNATIVE_MEASURES)
def measures(run: Run) -> Data | None:
    """Measures of every plan."""
    return [row for own in run.alternatives for row in _rows(run, own)] or None


def _rows(run: Run, own: WholePlans) -> Iterator[dict[str, Any]]:
    system = run.study.system
    groups, sources = system.groups, system.sources
    role = np.where(own.must, "must", np.where(own.never, "never", "free"))
    for k, plan in enumerate(own.plans):
        told = own.possible if k == 0 else plan.share > IN_USE
        for g in np.flatnonzero(told).tolist():
            source = int(groups.source[g])
            yield {
                "within": own.allowance,
                "plan": k,
                "measure": system.measures[groups.measure[g]],
                "source": sources.id[source],
                "uptake": float(plan.uptake[g]),
                "unit": sources.unit[source],
                "share": float(plan.share[g]),
                "role": str(role[g]),
            }
