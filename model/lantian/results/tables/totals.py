"""Totals that are known, and what was brought to them."""

from collections.abc import Iterator

import numpy as np

from lantian.inventory.contract import every_year
from lantian.results.contract import HARMONISED, KNOWN_TOTALS, PER_YEAR
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.study.harmonised import brought_totals
from lantian.study.model import Study
from lantian.study.totals import Beside


@builds(KNOWN_TOTALS)
def known_totals(run: Run) -> Data | None:
    """Totals beside the inventory of their year."""
    study = run.study
    if not study.totals:
        return None
    return [_total(study, own) for own in study.totals]


def _total(study: Study, own: Beside) -> dict[str, object]:
    row = own.row
    low, high = row.ends
    known = own.has_inventory
    relative = (t for t in study.targets if t.reference is not None and row in t.reference.rows)
    return {
        "sector": row.sector or "all",
        "pollutant": row.pollutant,
        "year": row.year,
        "total": row.tonnes,
        "low": low,
        "high": high,
        "inventory": own.inventory,
        "least": own.low,
        "most": own.high,
        "ratio": own.inventory / row.tonnes,
        "inside": own.inside if known else None,
        "brought": (row.sector, row.pollutant, row.year) in brought_totals(study.scenario),
        "targets": " ".join(t.target.id for t in relative),
        "unit": PER_YEAR,
        "basis": row.basis,
        "source_key": row.source_key,
    }


@builds(HARMONISED)
def harmonised(run: Run) -> Data | None:
    """What every source emits before and after it is brought to a total."""
    if not run.study.compiled.harmonised:
        return None
    return list(_changed(run.study))


def _changed(study: Study) -> Iterator[dict[str, object]]:
    system, compiled = study.system, study.compiled
    scale = compiled.scale(study.space.central(), every_year(len(system.years)))
    assert scale is not None
    for group in compiled.harmonised:
        factor = scale[group.sectors[0], group.pollutant, :, 0]
        for s in group.sources.tolist():
            after = study.baseline[s, group.pollutant]
            for y in np.flatnonzero(after):
                yield {
                    "sector": system.sources.sector[s],
                    "source": system.sources.id[s],
                    "pollutant": system.pollutants[group.pollutant],
                    "year": system.years[y],
                    "before": float(after[y] / factor[y]),
                    "after": float(after[y]),
                    "ratio": float(factor[y]),
                    "unit": PER_YEAR,
                    "method": group.method,
                }
