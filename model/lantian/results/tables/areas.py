"""Emissions and costs of the areas of a region."""

import numpy as np

from lantian.core.areas import Areas
from lantian.core.system import Array
from lantian.results.contract import AREA_COSTS, AREA_EMISSIONS, COSTS, EMISSIONS
from lantian.results.frame import Cells, Data, Frame
from lantian.results.tables.axes import as_cells, summed
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study


@builds(AREA_EMISSIONS)
def area_emissions(run: Run) -> Data | None:
    """Emissions of each area and sector; they add up to those of the region."""
    if run.study.areas is None:
        return None
    emitted = run.table(EMISSIONS)
    rows, area, part = _by_area(run.study.areas, run.study, emitted)
    names = ("case", "sector", "pollutant", "year", "unit")
    keys, total = summed(emitted["value"][rows] * part, [area, *(emitted[n][rows] for n in names)])
    return dict(zip(("area", *names), keys, strict=True)) | {"value": total}


@builds(AREA_COSTS)
def area_costs(run: Run) -> Data | None:
    """Annual cost of each area; ``borne`` only adds up measures that cost something."""
    if run.study.areas is None:
        return None
    every = run.table(COSTS)
    paid = every.at(every["known"])
    rows, area, part = _by_area(run.study.areas, run.study, paid)
    names = ("case", "year", "unit")
    cost, by = paid["cost_yuan"][rows], [area, *(paid[name][rows] for name in names)]
    keys, net = summed(cost * part, by)
    _, borne = summed(np.maximum(cost, 0.0) * part, by)
    columns = dict(zip(("area", *names), keys, strict=True))
    return columns | {"cost": net, "borne": borne, "share": _shares(columns, borne)}


def _shares(columns: dict[str, Cells], borne: Array) -> Array:
    """Return each area's part of what all areas bear in a case and year; 0 of nothing."""
    at = list(zip(columns["case"].tolist(), columns["year"].tolist(), strict=True))
    total = dict.fromkeys(at, 0.0)
    for key, amount in zip(at, borne.tolist(), strict=True):
        total[key] += amount
    whole = np.array([total[key] for key in at])
    return np.asarray(np.divide(borne, whole, out=np.zeros(len(borne)), where=whole > 0))


def _by_area(areas: Areas, study: Study, frame: Frame) -> tuple[Cells, Cells, Array]:
    """Return row, area and part of the amount, for each row and each area its source is in."""
    at = {source: s for s, source in enumerate(study.system.sources.id)}
    source = np.array([at[s] for s in frame["source"].tolist()], np.int64)
    share = areas.share[:, source].T
    rows, area = np.nonzero(share > 0)
    return rows, as_cells(areas.names)[area], share[rows, area]
