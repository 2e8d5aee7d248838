r"""Means of some months of a year: a season that a target is about, such as June to September.

.. math::
   C_s(y) = \bigl( r_s C(b) - k E_s(b) / t_s \bigr) \frac{B(y)}{B(b)} + k E_s(y) / t_s

with what the emissions *E* of the year cause of its mean (:math:`k E`), of which the season's
sources emit the part :math:`E_s`, the part *t* of the year's days in the season, the ratio *r* of
the season's mean to that of the year in the table of days, the outside part *B* of the year's mean
and the base year *b*. The months of a year, each with its days, make up the year. Straight lines,
so that they are limits of the mix. A source has the months of its profile; what a measure with a
season of its own changes is in the months of that season (:mod:`lantian.core.seasonal`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly
from lantian.core.system import Array, Index
from lantian.errors import Place, Problems
from lantian.indicators.contract import Context, Fitted, Row, Subject
from lantian.indicators.daily import WeatherYear, weather_years
from lantian.inventory.months import (
    MONTHS,
    YearParts,
    even_shares,
    in_season,
    months_of_season,
)
from lantian.language import message
from lantian.standards.aqi import percentile
from lantian.standards.tables import SIX, Measured

DAYS = even_shares(1)[0]
"""Part of the days of a year that are in each month [1], dims (month,)."""


@dataclass(frozen=True)
class PartYear:
    """Some months of a year.

    Attributes
    ----------
    ratio
        Mean of these months over that of the year, in the years of the table of days [1].
    months
        1 for them, dims (month,).
    shares
        Part of every source's year that is in them [1], dims (source,).
    days
        Part of the year's days that is in them [1].
    place
        Where a target asks for them.
    """

    ratio: float
    months: Array
    shares: Array
    days: float
    place: Place


@dataclass(frozen=True)
class PartYears:
    """Seasons of a mean whose base year is reproduced.

    Attributes
    ----------
    parts
        By season, as targets write it.
    outside
        Part of the mean of the base year that emissions here do not cause [unit of the mean],
        dims (sample,).
    begun
        The same of each season; below 0 where emissions here would cause more than was observed.
    """

    parts: Mapping[str, PartYear]
    outside: Array
    begun: Mapping[str, Array]

    @property
    def impossible(self) -> NDArray[np.bool_]:
        """Columns in which emissions here cause more of a season than was observed."""
        none = np.zeros(self.outside.shape, dtype=bool)
        flags = [none, *(begun < 0.0 for begun in self.begun.values())]
        return np.asarray(np.logical_or.reduce(flags))

    def check(self, problems: Problems) -> None:
        """Note seasons of which emissions here cause more than was observed.

        Parameters
        ----------
        problems
            Receives the faults.
        """
        for season, begun in self.begun.items():
            if begun[0] < 0.0:
                problems.add(
                    self.parts[season].place,
                    message("emissions here cause more of these months than was observed."),
                    fix=message(
                        "Mend months of the sources (source_profiles.csv) or the slopes of"
                        " response.csv."
                    ),
                )

    def level(self, own: Fitted, projection: Projection, season: str) -> Array:
        """Return the mean of a season [unit of the mean], dims (year, sample).

        Parameters
        ----------
        own
            Gives the mean of the year.
        projection
            Any case.
        season
            One of those that targets ask for.
        """
        part = self.parts[season]
        year, inside = _caused(own, projection, part)
        outside = own.value(projection, Subject()) - year
        return np.asarray(self._outside(season, outside) + inside / part.days)

    def row(self, own: Fitted, year: int, season: str) -> Row:
        """Return the row of a season.

        Parameters
        ----------
        own
            Gives the row of the year.
        year
            Calendar year.
        season
            One of those that targets ask for.
        """
        part = self.parts[season]
        (annual,) = own.rows(Subject(), year) or ()
        yearly = annual.weight / part.days
        weight = yearly * part.shares[:, None, None]
        constant = self._outside(season, annual.constant)
        return Row(weight, constant, monthly=Monthly(part.months, yearly))

    def _outside(self, season: str, outside: Array) -> Array:
        """Return what a season has from outside, as the part of the year moves."""
        known = self.outside > 0.0
        path = np.divide(outside, self.outside, out=np.ones_like(outside), where=known)
        return np.asarray(self.begun[season] * path)


@dataclass(frozen=True, kw_only=True)
class SeasonalFitted(Fitted):
    """A mean of the year of which targets may ask for seasons.

    Attributes
    ----------
    parts_of_year
        Its seasons; None where no target asks for one.
    """

    parts_of_year: PartYears | None = None

    def with_parts(
        self, parts: Mapping[str, PartYear], baseline: Projection, base_year: int
    ) -> Self:
        """Return the mean with seasons whose base year is reproduced.

        Parameters
        ----------
        parts
            By season; without any the mean stays as it is.
        baseline
            Holds the base year.
        base_year
            Calendar year.
        """
        if not parts:
            return self
        start = baseline.at(base_year)
        value = self.value(start, Subject())[0]
        outside, begun = value, {}
        for season, part in parts.items():
            year, inside = (caused[0] for caused in _caused(self, start, part))
            outside = value - year
            begun[season] = part.ratio * value - inside / part.days
        found = PartYears(parts, outside, begun)
        return replace(self, parts_of_year=found, impossible=self.impossible | found.impossible)

    def check_parts(self, problems: Problems) -> None:
        """Note seasons of which emissions here cause more than was observed.

        Parameters
        ----------
        problems
            Receives the faults.
        """
        if self.parts_of_year is not None:
            self.parts_of_year.check(problems)


def _caused(own: Fitted, projection: Projection, part: PartYear) -> tuple[Array, Array]:
    """Return what emissions of the year, and of a season, cause of the mean of the year."""
    shares, months = (np.stack([np.ones_like(a), a]) for a in (part.shares, part.months))
    found = own.by_season(projection, YearParts(shares, months))
    assert found is not None
    return found[0], found[1]


def parts_of_year(context: Context, indicator: str, pollutant: Measured) -> Mapping[str, PartYear]:
    """Return the seasons that targets ask for; note what is missing for them.

    Parameters
    ----------
    context
        Targets, days and months of the sources.
    indicator, pollutant
        A mean of the year, and what it is of.
    """
    found = {}
    for season, years, place in _asked(context, indicator):
        months = months_of(season)
        own = [_monthly(year, SIX.index(pollutant)) for year in years]
        means = np.mean([each / (DAYS @ each) for each in own], axis=0)
        days = float(DAYS[months].sum())
        shares = context.shapes.shares[:, months].sum(axis=1)
        ratio = float(DAYS[months] @ means[months] / days)
        found[season] = PartYear(ratio, in_season(season), shares, days, place)
    return found


def percentiles_of_parts(
    context: Context, indicator: str, pollutant: Measured, percent: float
) -> Mapping[str, float]:
    """Return a percentile of each season asked for over that of the year [1]; note what is missing.

    Parameters
    ----------
    context, indicator, pollutant
        As in :func:`parts_of_year`.
    percent
        [%].
    """
    found = {}
    for season, years, _ in _asked(context, indicator):
        parts = [year.in_months(months_of(season)) for year in years]
        each = [percentile(part.relative[SIX.index(pollutant)], percent) for part in parts]
        found[season] = float(np.mean(each))
    return found


def shares_asked(context: Context, indicator: str) -> Mapping[str, Array]:
    """Return the part of every source's year in each season asked for; note missing months.

    Parameters
    ----------
    context
        Targets and months of the sources.
    indicator
        Id.
    """
    found = {}
    for asked in context.asked.get(indicator, ()):
        season = asked.subject.season
        if season is None:
            continue
        if context.shapes.known:
            found[season] = context.shapes.shares @ in_season(season)
        else:
            context.problems.add(
                asked.of("season")(),
                message("nothing tells the months of the sources here."),
                fix=message(
                    "Add monthly_profiles.csv and source_profiles.csv to the region's folder."
                ),
            )
    return found


def _asked(
    context: Context, indicator: str
) -> Iterator[tuple[str, tuple[WeatherYear, ...], Place]]:
    """Yield each season asked for with the years of the table of days; note what is missing."""
    seasons = shares_asked(context, indicator)
    standard = context.standards.get(context.standard)
    years = () if standard is None or not seasons else weather_years(context, standard)
    for asked in context.asked.get(indicator, ()):
        season, place = asked.subject.season, asked.of("season")
        if season is None or season not in seasons:
            continue
        if years:
            yield season, years, place()
        else:
            context.problems.add(
                place(),
                message("nothing tells the days of a year here."),
                fix=message("Add daily.csv to the region's folder."),
            )


def months_of(season: str) -> Index:
    """Return the positions of the months of a season, dims (month,)."""
    return np.array(months_of_season(season)) - 1


def _monthly(year: WeatherYear, pollutant: int) -> Array:
    """Return the mean of each month over that of the year [1], dims (month,)."""
    each = [year.in_months(np.array([m])).relative[pollutant] for m in range(MONTHS)]
    return np.array([np.nanmean(own) for own in each])
