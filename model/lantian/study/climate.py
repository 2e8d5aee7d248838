"""CO2 of the electricity that measures use and save, at the grid's factor of the year."""

import numpy as np

from lantian.core.system import Array, sum_by
from lantian.study.carbon import KG_PER_T, power_of
from lantian.study.model import CaseResult, Study


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
    power = uptake * power_of(system, study.catalogue, study.space.central())
    by_measure = sum_by(power, system.groups.measure, len(system.measures))
    return np.asarray(by_measure * study.grid[year] / KG_PER_T)
