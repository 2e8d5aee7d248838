"""Emission of a pollutant: of all sources or some, in all of the region or some areas, or months.

Measures are taken to act evenly over the areas of a source (see :mod:`lantian.core.areas`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lantian.core.areas import Areas
from lantian.core.ordered import ordered_total
from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly
from lantian.core.system import Array, Index, Sources
from lantian.indicators.contract import Context, Declared, Fitted, Indicator, Row, Subject
from lantian.indicators.part_year import shares_asked
from lantian.inventory.months import in_season
from lantian.inventory.patterns import fits
from lantian.language import Message, message
from lantian.vocabulary import POLLUTANTS, Pollutant

EMISSION = "t/a"


@dataclass(frozen=True)
class Counted:
    """Which part of which source counts for a target.

    Attributes
    ----------
    sources
        Positions of the sources that count.
    share
        Part of each that does [1], dims (counted source,).
    """

    sources: Index
    share: Array

    def total(self, emission: Array) -> Array:
        """Return the sum of what counts.

        Parameters
        ----------
        emission
            Of one pollutant [t/a], dims (source, year, sample).

        Returns
        -------
        Array
            [t/a], dims (year, sample).
        """
        own = emission[self.sources] * self.share[:, None, None]
        return ordered_total(own)


def counted(sources: Sources, areas: Areas | None, subject: Subject) -> Counted:
    """Return what counts for a target on some sectors and areas.

    Parameters
    ----------
    sources
        Source axis.
    areas
        Where the sources are; None if the region is not divided.
    subject
        Names sectors, sources and areas that are known.

    Returns
    -------
    Counted
        All of every source where the subject names none.
    """
    if subject.sources is None and subject.sectors is None:
        chosen = np.arange(len(sources))
    else:
        named = zip(sources.id, sources.sector, strict=True)
        chosen = np.array([k for k, own in enumerate(named) if _counts(*own, subject)], np.int64)
    if subject.areas is None or areas is None:
        return Counted(chosen, np.ones(len(chosen)))
    return Counted(chosen, areas.inside(subject.areas)[chosen])


def _counts(source: str, sector: str, subject: Subject) -> bool:
    """Tell whether a source is one of those that a target names."""
    named = subject.sources is None or any(fits(own, source, sector) for own in subject.sources)
    return named and (subject.sectors is None or sector in subject.sectors)


@dataclass(frozen=True, kw_only=True)
class EmissionFitted(Fitted):
    """Emissions need no calibration: they are what the projection says.

    Attributes
    ----------
    sources, areas
        What targets choose from.
    seasons
        Part of every source's year in each season that targets ask for [1], dims (source,).
    """

    sources: Sources
    areas: Areas | None
    seasons: Mapping[str, Array]

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the emission that counts [t/a], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        pollutant = POLLUTANTS.index(str(subject.pollutant))
        what = counted(self.sources, self.areas, subject)
        if subject.season is None:
            return what.total(projection.emission[:, pollutant])
        share, months = self.seasons[subject.season], in_season(subject.season)
        return what.total(projection.within(share, months, pollutant))

    def told(self, projection: Projection, subject: Subject, year: int) -> Message | None:
        """Return of how many sources it is assumed where they are, for a target on areas.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if subject.areas is None or self.areas is None:
            return None
        emission = projection.at(year).emission[:, POLLUTANTS.index(str(subject.pollutant))]
        chosen = counted(self.sources, self.areas, subject).sources
        emitting = chosen[(emission[chosen] != 0.0).any(axis=(1, 2))]
        assumed = int(np.isin(emitting, self.areas.assumed).sum())
        if not assumed:
            return None
        return message(
            "the part in these areas is assumed of {n} of {all} sources",
            n=assumed,
            all=len(emitting),
        )

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the emission; it has no constant.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        what = counted(self.sources, self.areas, subject)
        weight = np.zeros((len(self.sources), len(POLLUTANTS), 1))
        weight[what.sources, POLLUTANTS.index(str(subject.pollutant)), 0] = what.share
        if subject.season is None:
            return [Row(weight, np.zeros(1))]
        own = weight * self.seasons[subject.season][:, None, None]
        return [Row(own, np.zeros(1), monthly=Monthly(in_season(subject.season), weight))]


@dataclass(frozen=True, kw_only=True)
class EmissionDeclared(Declared):
    """Emissions take no numbers of their own."""

    sources: Sources
    areas: Areas | None
    seasons: Mapping[str, Array]

    def fit(self, theta: Array, baseline: Projection) -> EmissionFitted:
        """Return the indicator; it is the same for all columns.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return EmissionFitted(sources=self.sources, areas=self.areas, seasons=self.seasons)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the pollutant of the subject."""
        return () if subject.pollutant is None else (subject.pollutant,)


class Emission(Indicator):
    """Annual emission of a pollutant."""

    def declare(self, context: Context) -> EmissionDeclared:
        """Return the axes that targets choose from.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        return EmissionDeclared(
            choices={"pollutant": POLLUTANTS},
            sources=context.sources,
            areas=context.areas,
            seasons=shares_asked(context, self.id),
        )


INDICATOR = Emission(
    id="emission",
    unit=EMISSION,
    order=0,
    harmful=True,
    takes=("pollutant", "sectors", "areas", "sources", "season"),
    needs=("pollutant",),
)
