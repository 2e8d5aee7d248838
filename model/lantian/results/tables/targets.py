"""Targets under every case and reading."""

from lantian.core.projection import Projection
from lantian.plan.targets import Bound, ResolvedTarget
from lantian.results.contract import TARGETS
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult
from lantian.tolerances import ROUNDING


@builds(TARGETS)
def targets(run: Run) -> Data:
    """Base, limit and value of each target; met, or missed by how much."""
    results = run.results
    cases: list[tuple[str, CaseResult]] = [*results.cases.items(), *results.readings.items()]
    projected = {name: run.study.projection(case) for name, case in cases}
    return [
        _row(resolved, name, projected[name]) | {"probability": chance(run, t, name)}
        for t, resolved in enumerate(results.targets)
        for name, case in cases
        if resolved.year in case.years
    ]


def _row(resolved: ResolvedTarget, name: str, case: Projection) -> dict[str, object]:
    """Return one target under one case or reading."""
    target = resolved.target
    value, base, limit = resolved.judge(case)
    return {
        "target": target.id,
        "indicator": target.indicator_id,
        "pollutant": target.pollutant or "",
        "areas": " ".join(target.areas or ()),
        "receptor": target.receptor,
        "season": target.season or "",
        "clause": " ".join(target.clause),
        "case": name,
        "year": target.year,
        "base_year": resolved.base_year,
        "base_value": None if resolved.base_year is None else base,
        "limit": limit,
        "value": value,
        "unit": resolved.unit,
        "scale": resolved.scale,
        "met": is_met(limit, value, resolved.bound) if resolved.computed else None,
        "margin": resolved.bound.room(value, limit),
        "bindingness": target.bindingness,
    }


def chance(run: Run, target: int, case: str) -> float | None:
    """Return the probability that a target is met; None where no samples were drawn.

    Parameters
    ----------
    run
        Study and results.
    target
        Its position.
    case
        Case of the run, or reading of the plan.

    Returns
    -------
    float or None
        [1]; None also where it is not computed.
    """
    found = run.sampled
    if found is None or not run.study.targets[target].computed:
        return None
    at = [str(name) for name in found.cases].index(case)
    return float(found.met[at, target].mean())


def is_met(limit: float, value: float, bound: Bound) -> bool:
    """Tell whether a value keeps a limit, rounding aside.

    Parameters
    ----------
    limit
        Value that just keeps the target.
    value
        What is reached, in the same unit.
    bound
        Says on which side the limit lies.

    Returns
    -------
    bool
        True up to a relative excess of rounding size.
    """
    return bool(bound.room(value, limit) >= -ROUNDING * max(abs(limit), abs(value)))
