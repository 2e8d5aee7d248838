"""The six concentrations that the indices of air quality are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators.contract import Context, Declared, Fitted, Subject
from lantian.indicators.ozone import OzoneFitted
from lantian.indicators.parts import declared_part, fit_once
from lantian.standards.tables import SIX, Measured
from lantian.vocabulary import POLLUTANTS, Pollutant

INDICATOR_OF: dict[Measured, str] = {
    "PM2.5": "pm25",
    "PM10": "pm10",
    "SO2": "so2",
    "NO2": "no2",
    "CO": "co-p95",
    "O3": "o3-8h-p90",
}
"""Id of the indicator of each: annual means, and percentiles of CO and ozone."""


def declared_six(context: Context) -> tuple[Declared, ...] | None:
    """Return the indicators of the six, in the order of ``SIX``; None if one is missing."""
    found = [declared_part(INDICATOR_OF[p], context) for p in SIX]
    own = tuple(d for d in found if d is not None)
    return own if len(own) == len(SIX) else None


@dataclass(frozen=True)
class Six:
    """The six, calibrated.

    Attributes
    ----------
    fitted
        In the order of ``SIX``.
    """

    fitted: tuple[Fitted, ...]

    def levels(self, projection: Projection) -> Array:
        """Return the six levels, each in its unit, dims (pollutant, year, sample)."""
        return projection.once("levels", (self,), lambda: self._levels(projection))

    def _levels(self, projection: Projection) -> Array:
        each = [own.value(projection, Subject()) for own in self.fitted]
        return np.array(np.broadcast_arrays(*each))

    @property
    def ozone(self) -> Fitted:
        """The indicator of ozone, which no straight line links to emissions."""
        return self.fitted[SIX.index("O3")]

    def given_ozone(self, year: int) -> Array | None:
        """Return the level of ozone that no emission moves, dims (sample,); None on an isopleth."""
        ozone = self.ozone
        if not isinstance(ozone, OzoneFitted) or ozone.coefficients is not None:
            return None
        return np.asarray(ozone.path[ozone.years.index(year)])

    @property
    def impossible(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Columns in which one of the six is impossible, dims (sample,)."""
        flags = np.broadcast_arrays(*(own.impossible for own in self.fitted))
        return np.asarray(np.logical_or.reduce(flags))


def fit_six(declared: Sequence[Declared], theta: Array, baseline: Projection) -> Six:
    """Calibrate the six for some columns of the parameter vector, once for all who ask."""
    each = tuple(fit_once(own, theta, baseline) for own in declared)
    return baseline.once("six", each, lambda: Six(each))


def pollutants_of(declared: Sequence[Declared]) -> tuple[Pollutant, ...]:
    """Return every pollutant that one of the six rests on."""
    asked = {p for own in declared for p in own.pollutants(Subject())}
    return tuple(p for p in POLLUTANTS if p in asked)


def ranged_slots(declared: Sequence[Declared]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the slots at whose ends the range of what is made of the six is told."""
    return np.unique(np.concatenate([own.ranged for own in declared]))
