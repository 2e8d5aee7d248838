r"""Levels of the seasons, where what the region emits falls more in one season than in another.

.. math::
   C_s(y) = C(y) - L(y) + L(b) (1 + d_s), \qquad
   d_s = \frac{e_s(y)}{e_s(b)} - 1 + g \left| \frac{e_s(y)}{e_s(b)} - 1 \right|

is what the days of season *s* are scaled by. *L* is the part of the level that the region's
emissions cause, :math:`e_s` what they cause of it by what they emit in the season, *b* the base
year, and *g* makes the mean of the year what it is: :math:`L(b) \sum_s m_s (1 + d_s) = L(y)` with
the part :math:`m_s` of the mean that the days of the season make up in the table. The days keep the
shape that they have, the local part of each season follows the emissions of that season, and a
season whose emissions stay keeps its days. Where all sources fall alike all days are scaled alike.
A source has the months of its profile, and what a measure with a season of its own changes those of
the season (:mod:`lantian.core.seasonal`); the part from outside changes alike all year.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.indicators.contract import Fitted, Subject
from lantian.indicators.six import Six
from lantian.inventory.months import MONTHS, SEASONS, YearParts, YearShapes, parts_of


def parts_of_seasons(shapes: YearShapes) -> YearParts | None:
    """Return the seasons of the year of the sources; None where no table says.

    Parameters
    ----------
    shapes
        Months of the sources.

    Returns
    -------
    YearParts or None
        In the order of :data:`~lantian.inventory.months.SEASONS`.
    """
    if not shapes.known:
        return None
    months = np.array([[float(m + 1 in own) for m in range(MONTHS)] for own in SEASONS])
    return parts_of(shapes, months)


@dataclass(frozen=True)
class Seasonal:
    """What local emissions make of the level of a pollutant, in the year and by season.

    Attributes
    ----------
    outside, local
        Part of the year's level that emissions here do not cause, and that which they do [unit of
        the pollutant], dims (year, sample).
    before
        The latter in the base year, dims (1, sample).
    change
        Of what the emissions of a season cause, from the base year [1], dims (season, year,
        sample).
    """

    outside: Array
    local: Array
    before: Array
    change: Array

    def of_seasons(self, part: Array) -> Array:
        """Return the level by which the days of each season are scaled.

        Parameters
        ----------
        part
            Of the year's mean that each season's days make up [1], dims (season,).

        Returns
        -------
        Array
            [unit of the pollutant], dims (season, year, sample).
        """
        weight = part[:, None, None]
        moved = ordered_sum(weight * np.abs(self.change))
        missing = self.local - self.before * (1.0 + ordered_sum(weight * self.change))
        lacking = np.divide(missing, moved, out=np.zeros_like(missing), where=moved > 0.0)
        own = self.before * (1.0 + self.change) + lacking * np.abs(self.change)
        return np.asarray(np.maximum(self.outside + own, 0.0))


@dataclass(frozen=True)
class SixLevels:
    """The six levels of a case, and what local emissions make of them by season.

    Attributes
    ----------
    of_year
        Each in its unit, dims (pollutant, year, sample).
    seasonal
        In the same order; None for what is no mean: its days are scaled by the level of the year.
    """

    of_year: Array
    seasonal: tuple[Seasonal | None, ...]

    def of_seasons(self, part: Array) -> Array:
        """Return the levels by which the days of each season are scaled.

        Parameters
        ----------
        part
            Of the year's level that each season's days make up [1], dims (pollutant, season).

        Returns
        -------
        Array
            Each in its unit, dims (season, pollutant, year, sample).
        """
        wide = (len(SEASONS), *self.of_year.shape[1:])
        each = [
            np.broadcast_to(level if own is None else own.of_seasons(days), wide)
            for level, own, days in zip(self.of_year, self.seasonal, part, strict=True)
        ]
        return np.stack(each, axis=1)


@dataclass(frozen=True)
class Seasons:
    """How the six move by season.

    Attributes
    ----------
    six
        Calibrated.
    parts
        As :func:`parts_of_seasons` gives them.
    before
        What the emissions of each season cause in the base year, of each of the six [its unit],
        dims (season, 1, sample); None for what is no mean.
    """

    six: Six
    parts: YearParts
    before: tuple[Array | None, ...]

    def levels(self, projection: Projection) -> SixLevels:
        """Return the six levels of a case, found once for all counts of its days."""
        return projection.once("levels by season", (self,), lambda: self._levels(projection))

    def _levels(self, projection: Projection) -> SixLevels:
        pairs = zip(self.six.fitted, self.before, strict=True)
        seasonal = tuple(self._one(own, before, projection) for own, before in pairs)
        return SixLevels(self.six.levels(projection), seasonal)

    def _one(self, own: Fitted, before: Array | None, projection: Projection) -> Seasonal | None:
        after = own.by_season(projection, self.parts)
        if before is None or after is None:
            return None
        local, start = ordered_sum(after), ordered_sum(before)
        wide = np.broadcast_shapes(before.shape, after.shape)
        # A season in which nothing here causes anything has nothing that could change.
        known = np.broadcast_to(before > 0.0, wide)
        ratio = np.divide(after, before, out=np.ones(wide), where=known)
        return Seasonal(own.value(projection, Subject()) - local, local, start, ratio - 1.0)


def fit_seasons(
    six: Six, baseline: Projection, base_year: int, parts: YearParts | None
) -> Seasons | None:
    """Return how the six move by season; None where no table tells the months of the sources.

    Parameters
    ----------
    six
        Calibrated levels.
    baseline
        Holds the base year.
    base_year
        Calendar year.
    parts
        As :func:`parts_of_seasons` gives them.
    """
    if parts is None:
        return None
    start = baseline.at(base_year)
    return Seasons(six, parts, tuple(own.by_season(start, parts) for own in six.fitted))
