"""Townships under the rule that a plan gives them, in every case and year."""

from collections.abc import Iterator
from typing import Any

from lantian.core.townships import check_townships
from lantian.indicators.contract import CENTRAL
from lantian.indicators.tables import CONCENTRATION
from lantian.indicators.townships import INDICATOR, TownshipsFitted
from lantian.results.contract import OUTLINES, TOWNSHIPS
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(TOWNSHIPS)
def townships(run: Run) -> Data | None:
    """Each unit's level, change and both readings of the rule; the base year is what it began."""
    own = run.study.indicators.get(INDICATOR.id)
    if own is None or not isinstance(own.fitted, TownshipsFitted):
        return None
    return list(_rows(run, own.fitted))


@builds(OUTLINES)
def township_outlines(run: Run) -> Data | None:
    """Corners of every ring, in their order."""
    rings = run.study.outlines
    if not rings:
        return None
    return [
        {
            "township": ring.township,
            "ring": n,
            "point": k,
            "hole": ring.hole,
            "longitude": east,
            "latitude": north,
        }
        for n, ring in enumerate(rings)
        for k, (east, north) in enumerate(ring.points.tolist())
    ]


def _rows(run: Run, fitted: TownshipsFitted) -> Iterator[dict[str, Any]]:
    study = run.study
    before, allowance = fitted.before[:, CENTRAL], fitted.allowance[:, CENTRAL]
    for name, case in run.results.cases.items():
        level = fitted.concentrations(study.projection(case))[..., CENTRAL]
        for y in case.years:
            if study.system.years[y] <= study.scenario.base_year:
                continue
            lower = fitted.lower(study.system.years[y])[:, CENTRAL]
            check = check_townships(before, level[:, y], allowance, lower)
            for u, township in enumerate(fitted.names):
                yield {
                    "case": name,
                    "year": study.system.years[y],
                    "township": township,
                    "group": fitted.groups[u],
                    "before": float(before[u]),
                    "value": float(level[u, y]),
                    "rate": float(check.rate[u]),
                    "mean_rate": float(check.mean_rate),
                    "rate_of_means": float(check.rate_of_means),
                    "above": float(check.above[u]),
                    "falls": bool(check.falls[u]),
                    "level": bool(check.level[u]),
                    "improves": bool(check.improves[u]),
                    "improves_by_means": bool(check.improves_by_means[u]),
                    "met": bool(check.met[u]),
                    "unit": CONCENTRATION,
                }
