"""Marginal cost curves of single pollutants."""

from lantian.results.contract import MACC
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds


@builds(MACC)
def macc(run: Run) -> Data:
    """Steps of each curve in rising order of unit cost."""
    system, unit = run.study.system, f"{run.study.money.currency}/t"
    measure, source = system.groups.measure, system.groups.source
    return [
        {
            "pollutant": pollutant,
            "order": i,
            "measure": system.measures[measure[step.group]],
            "source": system.sources.id[source[step.group]],
            "reduction": step.width,
            "unit_cost": step.unit_cost,
            "unit": unit,
            "method": found.method,
        }
        for pollutant, found in run.results.curves.items()
        for i, step in enumerate(found.steps)
    ]
