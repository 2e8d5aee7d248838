"""Ozone over NOx and VOC, and where the cases lie on it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.indicators.contract import CENTRAL, Subject
from lantian.indicators.ozone import INDICATOR, OzoneFitted
from lantian.results.contract import ISOPLETH
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds

STEPS = 24
"""Intervals of the grid along each side."""
LEAST, BEYOND = 1.2, 1.1
"""Least length of a side, and what lies beyond the furthest case [1]."""


@builds(ISOPLETH)
def isopleth(run: Run) -> Data | None:
    """The surface as a grid, and the cases of the last year."""
    own = run.study.indicators.get(INDICATOR.id)
    if own is None or not isinstance(own.fitted, OzoneFitted) or own.fitted.coefficients is None:
        return None
    cases = list(_cases(run, own.fitted))
    furthest = max(max(row["nox"], row["voc"]) for row in cases)
    side = np.linspace(0.0, max(LEAST, BEYOND * furthest), STEPS + 1)
    return [*_grid(run, own.fitted, own.fitted.coefficients, side), *cases]


def _cases(run: Run, fitted: OzoneFitted) -> Iterator[dict[str, Any]]:
    """Yield where each case that has the last year lies."""
    last = len(run.study.system.years) - 1
    year = run.study.system.years[last]
    for name, case in run.results.cases.items():
        if last in case.years:
            projection = run.study.projection(case).at(year)
            nox, voc = (float(ratio[0, CENTRAL]) for ratio in fitted.ratios(projection))
            value = float(fitted.value(projection, Subject())[0, CENTRAL])
            yield _row(name, year, nox, voc, value)


def _grid(
    run: Run, fitted: OzoneFitted, coefficients: Array, side: Array
) -> Iterator[dict[str, Any]]:
    """Yield the surface at the path of the last year."""
    year = run.study.system.years[-1]
    level = float(fitted.path[fitted.years.index(year), CENTRAL])
    nox, voc = (part.ravel()[:, None] for part in np.meshgrid(side, side))
    part = fitted.per_base(coefficients[:, [CENTRAL]], nox, voc)
    for n, v, value in zip(nox[:, 0], voc[:, 0], level * part[:, 0], strict=True):
        yield _row(None, year, float(n), float(v), float(value))


def _row(case: str | None, year: int, nox: float, voc: float, value: float) -> dict[str, Any]:
    place = {"case": case, "year": year, "nox": nox, "voc": voc}
    return {**place, "value": value, "unit": INDICATOR.unit}
