"""CO2 of the electricity that measures use and save, at the grid's factor of the year."""

import numpy as np

from lantian.core.system import Array, sum_by
from lantian.measures.contract import CostRow
from lantian.measures.costs import cost_rows
from lantian.study.model import CaseResult, Study

KG_PER_T = 1000.0
"""[kg/t]."""
ELECTRICITY = ("electricity", "electricity-home")
"""Carriers that are drawn from the grid."""
SIGN = {"energy-used": 1.0, "energy-saved": -1.0}
"""Of an amount of energy, by the item of its row."""


def grid_emission(study: Study, case: CaseResult, year: int) -> Array | None:
    """Return what more electricity emits elsewhere [t CO2/a], dims (measure,).

    Parameters
    ----------
    study
        The scenario put together.
    case
        Its uptakes are used.
    year
        Position of the year.

    Returns
    -------
    Array or None
        Negative where electricity is saved; None where the region has no grid factor.
    """
    if study.grid is None:
        return None
    system = study.system
    uptake = sum_by(case.uptake[:, year], system.moves.group, len(system.groups))
    power = uptake * _power(study)
    by_measure = sum_by(power, system.groups.measure, len(system.measures))
    return np.asarray(by_measure * study.grid[year] / KG_PER_T)


def _power(study: Study) -> Array:
    """Return the electricity of a unit of each group, less what it saves [kWh/a], dims (group,)."""
    system = study.system
    theta, by_measure = study.space.central(), _rows_of_measures(study)
    found = np.zeros(len(system.groups))
    for g, (m, s) in enumerate(zip(system.groups.measure, system.groups.source, strict=True)):
        name, source, unit = system.measures[m], system.sources.id[s], system.sources.unit[s]
        for row in cost_rows(by_measure.get(name, []), name, source):
            if row.carrier in ELECTRICITY and row.item in SIGN:
                amount = study.catalogue.costs.taken(row, f"kWh/({unit})/a")(theta)
                found[g] += SIGN[row.item] * float(amount[0])
    return found


def _rows_of_measures(study: Study) -> dict[str, list[CostRow]]:
    found: dict[str, list[CostRow]] = {}
    for row in study.catalogue.costs.rows:
        found.setdefault(row.measure, []).append(row)
    return found
