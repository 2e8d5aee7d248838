"""Measures on their sources: uptake, level and cost."""

from collections.abc import Mapping

import numpy as np

from lantian.core.system import charged, eligible_activity, paid_units, sum_by
from lantian.results.contract import MEASURES
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, stacked
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult, Study


@builds(MEASURES)
def measures(run: Run) -> Data:
    """Uptake, level, reach, cost and clause of each measure on each source, by case and year."""
    system, cases = run.study.system, run.results.cases
    committed = _committed(run.study)
    parts = [
        _of_year(run, name, case, y, committed)
        for name, case in cases.items()
        for y in case.years
        if y >= system.start or len(system.years) == 1
    ]
    return stacked(parts) if parts else []


def _of_year(
    run: Run, name: str, case: CaseResult, y: int, committed: Mapping[int, tuple[str, str]]
) -> dict[str, Cells | str | int]:
    """Return the rows of one case and year, one per group."""
    system, groups = run.study.system, run.study.system.groups
    eligible = eligible_activity(system)[:, y]
    moves, moved = system.moves, case.uptake[:, y]
    uptake = sum_by(moved, moves.group, len(groups))
    paid = paid_units(moves.group, len(groups), moves.share, moved)
    unit_cost = [np.nan if cost is None else cost.total for cost in run.results.unit_costs]
    told = [committed.get(g, ("", "")) for g in range(len(groups))]
    return {
        "measure": as_cells(system.measures)[groups.measure],
        "source": as_cells(system.sources.id)[groups.source],
        "sector": as_cells(system.sources.sector)[groups.source],
        "case": name,
        "year": system.years[y],
        "uptake": uptake,
        "uptake_unit": as_cells(system.sources.unit)[groups.source],
        "level": np.divide(uptake, eligible, out=np.zeros(len(groups)), where=eligible > 0),
        "reach": groups.reach,
        "cost_yuan": np.array(unit_cost, np.float64) * paid + charged(system, moved, y),
        "clause": as_cells([clause for clause, _ in told]),
        "bindingness": as_cells([bindingness for _, bindingness in told]),
    }


def _committed(study: Study) -> dict[int, tuple[str, str]]:
    """Return clauses and bindingness by group."""
    commitments = study.scenario.commitments
    return {
        int(g): (" ".join(commitments[c].clause), commitments[c].bindingness)
        for g, c in zip(study.commitments.group, study.commitments.commitment, strict=True)
    }
