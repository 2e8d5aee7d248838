"""Activity of the states."""

import numpy as np

from lantian.core.system import rounding_of
from lantian.names import ids_in_one
from lantian.results.contract import ACTIVITY
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, stacked
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult, Study


@builds(ACTIVITY)
def activity(run: Run) -> Data:
    """Activity of every case; states that never hold any are left out."""
    return stacked([_of_case(run.study, *named) for named in run.results.cases.items()])


def _of_case(study: Study, name: str, case: CaseResult) -> dict[str, Cells | str]:
    system = study.system
    least = rounding_of(system, case.activity)[system.states.source]
    used = np.flatnonzero((np.abs(case.activity) > least).any(axis=1))
    state = np.tile(used, len(case.years))
    source = system.states.source[state]
    return {
        "case": name,
        "sector": as_cells(system.sources.sector)[source],
        "source": as_cells(system.sources.id)[source],
        "technology": as_cells(system.states.technology)[state],
        "control": as_cells([ids_in_one(package, "+") for package in system.states.controls])[
            state
        ],
        "year": np.repeat([system.years[y] for y in case.years], len(used)),
        "value": case.activity[used][:, list(case.years)].T.ravel(),
        "unit": as_cells(system.sources.unit)[source],
    }
