r"""Dustfall as a linear response to the district's coarse dust.

.. math:: D(y) = b(y) + s \, E_{TSP}(y)

The background *b* (dust from outside and from the ground) is a share of the base year's level and
follows a stated path after it: dustfall of the whole region fell in the years of these plans. The
slope *s* follows from the base year: ``s = (D(base) - b(base)) / E_TSP(base)``. No published slope
or background was found for Chinese districts, so both are assumptions with a range. A
dust-storm spring changes the level by more than most plans do; the response leaves that out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lantian.core.ordered import ordered_total
from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.errors import Place, Problems
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.tables import (
    BACKGROUND_CHANGE,
    EVERY,
    REGIONAL,
    AirRow,
    ResponseRow,
    response_of,
)
from lantian.language import message
from lantian.parameters import Numbers, QuantityTable
from lantian.vocabulary import POLLUTANTS, Pollutant

DUST_GROUP = "dust"
"""Source group whose TSP the dustfall follows."""
TSP = POLLUTANTS.index("TSP")
BACKGROUND_SHARE = "dustfall-background-share"
UNIT = "t/(km2*month)"


@dataclass(frozen=True, kw_only=True)
class DustfallFitted(Fitted):
    """A calibrated dustfall response, the sample axis last.

    Attributes
    ----------
    dust
        Positions of the dust sources among ``sources`` sources.
    years
        Years of ``background``.
    background
        Part that does not follow local dust [t/(km2 month)], dims (year, sample).
    slope
        Dustfall per emission [t/(km2 month) per t/a of TSP], dims (sample,).
    """

    dust: Index
    sources: int
    years: tuple[int, ...]
    background: Array
    slope: Array

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the dustfall ``D(y) = b + s * E_TSP(y)`` [t/(km2 month)], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return self.outside(projection.years) + self.slope * tsp_of(projection, self.dust)

    def outside(self, years: Sequence[int]) -> Array:
        """Return the part that does not follow local dust in some years, dims (year, sample)."""
        return self.background[[self.years.index(y) for y in years]]

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the dustfall; its constant is the background.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        weight = np.zeros((self.sources, len(POLLUTANTS), len(self.slope)))
        weight[self.dust, TSP] = self.slope
        return [Row(weight, self.background[self.years.index(year)])]

    def parts(self, projection: Projection) -> Parts:
        """Return the dustfall, its local part and the background [t/(km2 month)].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        local = self.slope * tsp_of(projection, self.dust)
        background = np.broadcast_to(self.outside(projection.years), local.shape)
        value = np.stack([background + local, local, background])
        return Parts((TOTAL, DUST_GROUP, REGIONAL), value)


def tsp_of(projection: Projection, dust: Index) -> Array:
    """Return the TSP of the dust sources [t/a], dims (year, sample).

    Parameters
    ----------
    projection
        Emission of one case.
    dust
        Positions of the dust sources.

    Returns
    -------
    Array
        0 without dust sources.
    """
    emission = projection.emission[dust, TSP]
    return ordered_total(emission)


def calibrate_dustfall(level: Array, background_share: Array, emission: Array) -> tuple[Array, ...]:
    """Return background and slope that give the level of the base year.

    Parameters
    ----------
    level
        Dustfall of the base year [t/(km2 month)], dims (sample,).
    background_share
        Share of it that local dust does not cause [1], dims (sample,).
    emission
        TSP of the dust sources in the base year [t/a], dims (sample,).

    Returns
    -------
    background
        ``b = level * share`` [t/(km2 month)], dims (sample,).
    slope
        ``s = (level - b) / emission`` [t/(km2 month) per t/a]; 0 where nothing is emitted.
    """
    background = level * background_share
    local, emission = np.broadcast_arrays(level - background, emission)
    return background, np.divide(local, emission, out=np.zeros(local.shape), where=emission > 0.0)


@dataclass(frozen=True, kw_only=True)
class DustfallDeclared(Declared):
    """Numbers of the response.

    Attributes
    ----------
    dust
        Positions of the dust sources among ``sources`` sources.
    base_year
        Year of the level.
    level
        Dustfall of the base year [t/(km2 month)], dims ().
    background_share
        Share of it that local dust does not cause [1], dims ().
    later
        Years of the model after the base year.
    change
        Change of the background from the year before [1], dims (later year,).
    table
        Where faults of the calibration are told.
    """

    dust: Index
    sources: int
    base_year: int
    level: Numbers
    background_share: Numbers
    later: tuple[int, ...]
    change: Numbers
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> DustfallFitted:
        """Calibrate on the baseline, whose base year is reproduced.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        emission, share = self._base_emission(baseline), self.background_share(theta)
        background, slope = calibrate_dustfall(self.level(theta), share, emission)
        return DustfallFitted(
            dust=self.dust,
            sources=self.sources,
            years=baseline.years,
            background=background * self._path(theta, baseline.years),
            slope=slope,
            impossible=(share < 0.0) | (share > 1.0) | (emission <= 0.0),
        )

    def _path(self, theta: Array, years: tuple[int, ...]) -> Array:
        """Return the background per that of the base year, which holds before it."""
        steps = np.multiply.accumulate(1.0 + self.change(theta))
        path = np.concatenate([np.ones((1, theta.shape[-1])), steps])
        return path[[0 if y <= self.base_year else 1 + self.later.index(y) for y in years]]

    def _base_emission(self, baseline: Projection) -> Array:
        return np.asarray(tsp_of(baseline, self.dust)[baseline.year(self.base_year)])

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a share that is none, and a district without dust.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        share = float(self.background_share(theta)[0])
        if not 0.0 <= share <= 1.0:
            problems.add(
                Place(self.table),
                message("background share {share:g} is not between 0 and 1.", share=share),
            )
        elif self._base_emission(baseline)[0] <= 0.0:
            problems.add(
                Place(self.table),
                message("no dust emission in the base year for the dustfall to follow."),
            )

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the coarse dust."""
        return (POLLUTANTS[TSP],)


class Dustfall(Indicator):
    """Annual mean of the monthly dustfall."""

    def declare(self, context: Context) -> DustfallDeclared | None:
        """Take the level of the base year and the share of the background.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response = response_of(context)
        if not any(row.parameter == BACKGROUND_SHARE for row in response.rows):
            return None
        air: QuantityTable[AirRow] = context.tables.read("air", AirRow)
        groups = context.sources.group
        later = tuple(y for y in context.years if y > context.base_year)
        level = air.numbers(UNIT, indicator=self.id, year=context.base_year)
        share = response.numbers("1", **EVERY, parameter=BACKGROUND_SHARE, year=None)
        change = response.numbers("1", **EVERY, parameter=BACKGROUND_CHANGE, year=later)
        return DustfallDeclared(
            dust=np.array([s for s, g in enumerate(groups) if g == DUST_GROUP], dtype=np.int64),
            sources=len(context.sources),
            base_year=context.base_year,
            level=level,
            background_share=share,
            later=later,
            change=change,
            ranged=np.unique(np.concatenate([n.slots for n in (level, share, change)])),
            table=response.file,
        )


INDICATOR = Dustfall(
    id="dustfall",
    unit=UNIT,
    order=2,
    harmful=True,
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=message("a level and a background"),
    remedy=message("A region has it in air.csv and response.csv; a finished inventory has none."),
)
