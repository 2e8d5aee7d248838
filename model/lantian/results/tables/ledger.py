"""Commitments and clauses of the plan."""

from lantian.results.contract import CLAUSES, LEVELS
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(LEVELS)
def levels(run: Run) -> Data:
    """Level of each commitment per source, as pledged, over the year and at its end."""
    study, system, commitments = run.study, run.study.system, run.study.commitments
    rows: list[dict[str, object]] = []
    for k, (g, c) in enumerate(zip(commitments.group, commitments.commitment, strict=True)):
        commitment = study.scenario.commitments[c]
        source = system.groups.source[g]
        rows += [
            {
                "commitment": commitment.id,
                "measure": commitment.measure,
                "source": system.sources.id[source],
                "clause": " ".join(commitment.clause),
                "year": system.years[y],
                "from": str(commitment.begin),
                "by": str(commitment.deadline or ""),
                "season": commitment.season or "",
                "of": commitment.of or "amount",
                "pledged": commitments.level[k, y],
                "reached": run.results.levels[k, y],
                "year_end": run.results.last_levels[k, y],
                "reach": system.groups.reach[g],
                "held_by_reach": run.results.held_short(k, y, commitments.level[k, y]),
                "unit": "1" if commitment.is_share else system.sources.unit[source],
                "bindingness": commitment.bindingness,
                "credit": commitment.credit,
            }
            for y in range(system.start, len(system.years))
        ]
    return rows


@builds(CLAUSES)
def clauses(run: Run) -> Data:
    """Every clause of the plan with its fate."""
    return [row.model_dump() for row in run.study.ledger]
