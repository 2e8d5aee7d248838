"""Futures and grids of a scenario: what becomes of targets, totals and cost."""

from collections.abc import Iterator
from typing import Any

from lantian.ensemble.swings import COST
from lantian.ensemble.variants import Evaluated, evaluate_variants
from lantian.results.contract import PER_YEAR, VARIANTS
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.results.tables.targets import is_met
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS


@builds(VARIANTS)
def variants(run: Run) -> Data | None:
    """Targets, totals and cost of every variant under each case and reading."""
    found = evaluate_variants(run.study)
    return None if found is None else table_of(run.study, found)


def table_of(study: Study, found: Evaluated) -> Data:
    """Return the rows of every variant under each case and reading.

    Parameters
    ----------
    study, found
        What was evaluated, and what it came to.

    Returns
    -------
    list of dict
        As :data:`~lantian.results.contract.VARIANTS` declares.
    """
    return [
        {"variant": variant.name, "case": case, **row}
        for v, variant in enumerate(found.variants)
        for c, case in enumerate(found.cases)
        for row in rows_of_variant(study, found, c, v)
    ]


def rows_of_variant(study: Study, found: Evaluated, c: int, v: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of one case of one variant.

    Parameters
    ----------
    study, found
        What was evaluated, and what it came to.
    c, v
        Positions of the case and of the variant.

    Yields
    ------
    dict
        Targets, totals of what is emitted, and the cost.
    """
    got, last = found.outcomes, study.system.years[-1]
    for t, target in enumerate(study.targets):
        if target.computed:
            value, limit = float(got.value[c, t, v]), float(got.limit[c, t, v])
            yield {
                "what": "target",
                "outcome": target.target.id,
                "year": target.target.year,
                "value": value,
                "unit": target.unit,
                "limit": limit,
                "met": is_met(limit, value, target.bound),
            }
    no_target = {"year": last, "limit": None, "met": None}
    for p, pollutant in enumerate(POLLUTANTS):
        if total := float(got.total[c, p, v]):
            row = {"what": "emission", "outcome": pollutant, "value": total, "unit": PER_YEAR}
            yield row | no_target
    paid = {"value": float(got.cost[c, v]), "unit": f"{study.money.currency}/a"}
    yield {"what": "cost", "outcome": COST, **paid, **no_target}
