"""What the indicators of the cases are made of: contributions, backgrounds, what sources add."""

from collections.abc import Iterator

import numpy as np

from lantian.core.system import Array
from lantian.indicators.available import Available
from lantian.indicators.contract import CENTRAL, Parts
from lantian.results.contract import CONCENTRATIONS, INDICATORS
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, stacked
from lantian.results.tables.registry import Run, builds


@builds(INDICATORS)
def indicators(run: Run) -> Data:
    """Each indicator of the region by what it is made of, with the range of its response."""
    return _table(run, at_receptors=False) or ()


@builds(CONCENTRATIONS)
def concentrations(run: Run) -> Data | None:
    """The same at each receptor.

    Its basis is that of coefficients and background, whatever the emissions rest on.
    """
    return _table(run, at_receptors=True)


def _table(run: Run, at_receptors: bool) -> Data | None:
    """Return the rows of the indicators that have receptors, or of those that have none."""
    found = [_columns(*each, at_receptors) for each in _parts(run, at_receptors)]
    return stacked(found) if found else None


def _parts(run: Run, at_receptors: bool) -> Iterator[tuple[str, int, int, Available, Parts]]:
    """Yield name of the case, year, its position, indicator and parts, year by year."""
    for name, own, parts in run.parts:
        if bool(parts.receptor) == at_receptors:
            for y in run.results.cases[name].years:
                yield name, run.study.system.years[y], y, own, parts


def _columns(
    case: str, year: int, y: int, own: Available, parts: Parts, at_receptors: bool
) -> dict[str, object]:
    """Return the columns of one case, year and indicator."""
    place: dict[str, object] = {"indicator": own.indicator.id}
    if at_receptors:
        place = {"receptor": as_cells(parts.receptor), "basis": as_cells(parts.basis)}
    return {
        "case": case,
        "year": year,
        **place,
        "component": as_cells(parts.component),
        **_values(parts.value[:, y], bool(len(own.declared.ranged))),
        "unit": own.indicator.unit,
    }


def _values(values: Array, has_range: bool) -> dict[str, Cells]:
    """Return central values and the ends of their range; blank ends where none is known."""
    blank = np.full(len(values), np.nan)
    return {
        "value": values[:, CENTRAL],
        "low": values.min(axis=1) if has_range else blank,
        "high": values.max(axis=1) if has_range else blank,
    }
