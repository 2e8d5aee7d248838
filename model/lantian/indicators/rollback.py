r"""Concentrations that follow the emission of one pollutant, above a part that comes from outside.

.. math:: C(y) = B(y) + k \, E(y), \qquad k = (1 - b) \, C(base) / E(base)

The share *b* of what comes from outside and from the ground is a number of the region. Up to the
base year the outside part is what remains of the observation; after it, it takes the same path as
that of PM2.5, for want of one of its own. Height of release, distance and chemistry are not in it:
NO2 follows NOx, though where ozone is short it falls less than NOx does; PM10 follows primary PM10,
though a part of it is formed in the air. For the 95th percentile of CO the whole distribution is
taken to scale with the mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.errors import Place, Problems
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Indicator,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.part_year import PartYear, SeasonalFitted, parts_of_year
from lantian.indicators.tables import EVERY, REGIONAL, YEARLY, AirRow, has_years, response_of
from lantian.inventory.months import YearParts
from lantian.language import message
from lantian.parameters import Numbers
from lantian.standards.tables import Measured
from lantian.vocabulary import POLLUTANTS, Pollutant

LOCAL = "local"
"""Name of the part that the region's own emissions cause."""
SHARE = "background-share"
"""Parameter of the response: part of the base year's level that comes from outside [1]."""


@dataclass(frozen=True, kw_only=True)
class RollbackFitted(SeasonalFitted):
    """A calibrated straight line, the sample axis last.

    Attributes
    ----------
    pollutant
        Position of what is emitted.
    sources
        Length of the source axis.
    years
        Years of ``outside``.
    outside
        Part that no emission here moves [unit of the indicator], dims (year, sample).
    slope
        What a ton adds [unit of the indicator per t/a], dims (sample,).
    is_mean
        Whether it is a mean of the year, not a percentile.
    """

    pollutant: int
    sources: int
    years: tuple[int, ...]
    outside: Array
    slope: Array
    is_mean: bool

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the level [unit of the indicator], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if subject.season is not None and self.parts_of_year is not None:
            return self.parts_of_year.level(self, projection, subject.season)
        return self._outside(projection) + self._local(projection)

    def _outside(self, projection: Projection) -> Array:
        return np.asarray(self.outside[[self.years.index(y) for y in projection.years]])

    def _local(self, projection: Projection) -> Array:
        return np.asarray(self.slope * ordered_sum(projection.emission[:, self.pollutant]))

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the level; its constant comes from outside.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if subject.season is not None and self.parts_of_year is not None:
            return [self.parts_of_year.row(self, year, subject.season)]
        weight = np.zeros((self.sources, len(POLLUTANTS), len(self.slope)))
        weight[:, self.pollutant] = self.slope
        return [Row(weight, self.outside[self.years.index(year)])]

    def by_season(self, projection: Projection, parts: YearParts) -> Array | None:
        """Return what each season's emissions make of a mean; None of a percentile.

        Parameters
        ----------
        projection, parts
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if not self.is_mean:
            return None
        pairs = zip(parts.shares, parts.months, strict=True)
        each = [ordered_sum(projection.within(*pair, self.pollutant)) for pair in pairs]
        return np.asarray(self.slope * np.array(each))

    def parts(self, projection: Projection) -> Parts:
        """Return the level, the local and the outside part [unit of the indicator].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        local = self._local(projection)
        outside = np.broadcast_to(self._outside(projection), local.shape)
        return Parts((TOTAL, LOCAL, REGIONAL), np.stack([local + outside, local, outside]))


@dataclass(frozen=True, kw_only=True)
class RollbackDeclared(Declared):
    """Numbers of the line.

    Attributes
    ----------
    pollutant, sources
        As in :class:`RollbackFitted`.
    base_year
        Year of the share.
    past, later
        Years of the model up to the base year, and after it.
    observed
        [unit of the indicator], dims (past year,).
    share
        Part of the base year's level that comes from outside [1], dims ().
    change
        Of the outside part from the year before [1], dims (later year,).
    is_mean
        As in :class:`RollbackFitted`.
    seasons
        Those that targets ask for.
    table
        Where faults of the calibration are told.
    """

    pollutant: int
    sources: int
    base_year: int
    past: tuple[int, ...]
    later: tuple[int, ...]
    observed: Numbers
    share: Numbers
    change: Numbers
    is_mean: bool
    seasons: Mapping[str, PartYear] = field(repr=False)
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> RollbackFitted:
        """Calibrate on the baseline: years with an observation are reproduced.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        emission = ordered_sum(baseline.emission[:, self.pollutant])
        past = [y for y in baseline.years if y <= self.base_year]
        observed = self.observed[[self.past.index(y) for y in past]](theta)
        base, share = baseline.year(self.base_year), self.share(theta)
        local, emitted = np.broadcast_arrays((1.0 - share) * observed[base], emission[base])
        slope = np.divide(local, emitted, out=np.zeros(local.shape), where=emitted > 0.0)
        outside = observed - slope * emission[: len(past)]
        steps = np.broadcast_to(1.0 + self.change(theta), (len(self.later), *outside.shape[1:]))
        path = np.multiply.accumulate(np.concatenate([outside[[base]], steps]))
        after = path[[1 + self.later.index(y) for y in baseline.years[len(past) :]]]
        fitted = RollbackFitted(
            pollutant=self.pollutant,
            sources=self.sources,
            years=baseline.years,
            outside=np.concatenate([outside, after]),
            slope=slope,
            is_mean=self.is_mean,
            impossible=(share < 0.0) | (share > 1.0) | (emission[base] <= 0.0),
        )
        return fitted.with_parts(self.seasons, baseline, self.base_year)

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note a share that is none, an observation below zero, and a level that nothing causes.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        if self.seasons:
            self.fit(theta, baseline).check_parts(problems)
        share, place = float(self.share(theta)[0]), Place(self.table)
        name = POLLUTANTS[self.pollutant]
        if not 0.0 <= share <= 1.0:
            problems.add(
                place,
                message(
                    "background share {share:g} of {name} is not between 0 and 1.",
                    share=share,
                    name=name,
                ),
            )
        base = baseline.emission[:, self.pollutant, baseline.year(self.base_year)]
        if base.sum() <= 0.0:
            problems.add(
                place,
                message("no {name} is emitted in the base year for a level to follow.", name=name),
            )

    def reproduces(self, year: int) -> bool:
        """Tell whether a year is one up to the base year.

        Parameters
        ----------
        year
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return year in self.past

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return what it follows."""
        return (POLLUTANTS[self.pollutant],)


@dataclass(frozen=True, kw_only=True)
class Rollback(Indicator):
    """A level that follows the emission of one pollutant.

    Attributes
    ----------
    follows
        What is emitted.
    measured
        Its column of the table of days, of a mean of the year; None of a percentile.
    """

    follows: Pollutant
    measured: Measured | None = None

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean of the year, not a percentile."""
        return self.measured is not None

    def declare(self, context: Context) -> RollbackDeclared | None:
        """Take observations, the share from outside and its path.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response = response_of(context)
        own: dict[str, Any] = {"parameter": SHARE, "pollutant": self.follows}
        air = context.tables.read("air", AirRow)
        past = tuple(y for y in context.years if y <= context.base_year)
        later = tuple(y for y in context.years if y > context.base_year)
        path = all(response.find(**EVERY, parameter=YEARLY, year=y) for y in later)
        if not (response.select(**own) and has_years(air, self.id, past) and path):
            return None
        share = response.numbers("1", **(EVERY | own), year=None)
        return RollbackDeclared(
            pollutant=POLLUTANTS.index(self.follows),
            sources=len(context.sources),
            base_year=context.base_year,
            past=past,
            later=later,
            observed=air.numbers(self.unit, indicator=self.id, year=past),
            share=share,
            change=response.numbers("1", **EVERY, parameter=YEARLY, year=later),
            is_mean=self.is_mean,
            seasons=parts_of_year(context, self.id, self.measured) if self.measured else {},
            table=response.file,
            ranged=share.slots,
        )


REMEDY = message(
    "A region has it in air.csv and as 'background-share' in response.csv; a finished inventory has"
    " none."
)
ASKS_FOR = message(
    "observed levels of every year of the model up to the base year, and the share that comes from"
    " outside"
)
