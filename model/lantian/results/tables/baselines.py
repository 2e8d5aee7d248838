"""Further worlds without the plan: where they lead, and what the plan takes off each."""

from collections.abc import Iterator
from typing import Any

from lantian.ensemble.variants import evaluate_baselines
from lantian.results.contract import BASELINES
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.results.tables.variants import rows_of_variant
from lantian.vocabulary import POLLUTANTS


@builds(BASELINES)
def baselines(run: Run) -> Data | None:
    """Targets and totals of every baseline that the scenario names, beside those of its plan."""
    found = evaluate_baselines(run.study)
    if found is None:
        return None
    plan = dict(_under_plan(run))
    return [
        {"baseline": world.name, **row, **_beside(row["value"], plan.get(_about(row)))}
        for v, world in enumerate(found.variants)
        for row in rows_of_variant(run.study, found, 0, v)
        if row["what"] != "cost"
    ]


def _about(row: dict[str, Any]) -> tuple[str, str]:
    return row["what"], row["outcome"]


def _beside(value: float, plan: float | None) -> dict[str, float | None]:
    return {"plan": plan, "taken_off": None if plan is None else value - plan}


def _under_plan(run: Run) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield what the plan comes to: each target, and the totals of the last year [t/a]."""
    case = run.results.cases.get("plan")
    if case is None:
        return
    projected = run.study.projection(case)
    for target in run.study.targets:
        if target.computed:
            yield ("target", target.target.id), float(target.judge(projected)[0])
    for pollutant, total in zip(POLLUTANTS, case.emission[:, :, -1].sum(axis=0), strict=True):
        yield ("emission", pollutant), float(total)
