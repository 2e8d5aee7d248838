"""The table of days that counts are made from: ``daily.csv`` of a region, or of one it extends."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lantian.core.system import Array, Index
from lantian.errors import Problems
from lantian.indicators.contract import Context
from lantian.inventory.months import OF_MONTH, SEASONS, months_of_season
from lantian.language import message
from lantian.parameters import Row
from lantian.standards.aqi import percentile
from lantian.standards.tables import SIX, Standard

DAILY = "daily"
Level = Field(ge=0.0, allow_inf_nan=False)
"""Of a day; each column has a bound of its own, a few times the highest that was ever told."""


class DailyRow(Row):
    """A line of ``daily.csv``: the air of a day; blank where it was not measured.

    ``pm25``, ``pm10``, ``so2``, ``no2`` [ug/m3] and ``co`` [mg/m3] are means of the day, ``o3``
    the largest 8-hour mean [ug/m3]; ``sand_dust`` marks a day of sand-dust.
    """

    date: date
    pm25: Annotated[float | None, Level, Field(le=3000.0)] = None
    pm10: Annotated[float | None, Level, Field(le=20000.0)] = None
    so2: Annotated[float | None, Level, Field(le=5000.0)] = None
    no2: Annotated[float | None, Level, Field(le=1000.0)] = None
    co: Annotated[float | None, Level, Field(le=100.0)] = None
    o3: Annotated[float | None, Level, Field(le=1500.0)] = None
    sand_dust: bool = False
    source_key: str = Field(min_length=1)

    @property
    def levels(self) -> tuple[float | None, ...]:
        """The six, in the order of ``SIX``."""
        return self.pm25, self.pm10, self.so2, self.no2, self.co, self.o3


@dataclass(frozen=True)
class WeatherYear:
    """The days of one year, as multiples of the year's own level.

    Attributes
    ----------
    year
        Calendar year.
    relative
        Concentration over the mean of the year, over its percentile for CO and ozone [1], dims
        (pollutant, day); NaN where it was not measured.
    sand_dust
        Which days were of sand-dust, dims (day,).
    month
        Position of the month that each day is in, dims (day,).
    """

    year: int
    relative: Array
    sand_dust: NDArray[np.bool_]
    month: Index

    def kept(self, sand: bool) -> "WeatherYear":
        """Return the year with its days of sand-dust, or without them."""
        return self if sand else self._without

    @cached_property
    def _without(self) -> "WeatherYear":
        return self._only(~self.sand_dust)

    def _only(self, days: NDArray[np.bool_]) -> "WeatherYear":
        return WeatherYear(
            self.year, self.relative[:, days], self.sand_dust[days], self.month[days]
        )

    def in_months(self, months: Index) -> "WeatherYear":
        """Return the days of some months.

        Parameters
        ----------
        months
            Their positions, dims (month,).
        """
        key = tuple(months.tolist())
        if key not in self._of_months:
            self._of_months[key] = self._only(np.isin(self.month, months))
        return self._of_months[key]

    @cached_property
    def _of_months(self) -> "dict[tuple[int, ...], WeatherYear]":
        """Years that were asked for in part, so that what they know is found once."""
        return {}

    @cached_property
    def by_season(self) -> "tuple[WeatherYear, ...]":
        """The days of each season."""
        season = OF_MONTH[self.month]
        return tuple(self._only(season == s) for s in range(len(SEASONS)))

    @cached_property
    def part(self) -> Array:
        """What the days of each season make up of the year's level [1], dims (pollutant, season).

        The parts of a mean add up to 1.
        """
        sums = [np.nansum(own.relative, axis=1) for own in self.by_season]
        known = (~np.isnan(self.relative)).sum(axis=1)[:, None]
        return np.asarray(np.stack(sums, axis=1) / known)

    @cached_property
    def by_gaps(self) -> tuple[Array, Array]:
        """Days on which all six were measured, and the others, dims (pollutant, day)."""
        gaps = np.isnan(self.relative).any(axis=0)
        return self.relative[:, ~gaps], self.relative[:, gaps]


def days_in(year: int, season: str = "") -> int:
    """Return the number of days of a calendar year, or of a season of it."""
    return sum(monthrange(year, month)[1] for month in months_of_season(season))


def weather_years(context: Context, standard: Standard) -> tuple[WeatherYear, ...]:
    """Return the years of the daily table; none without one.

    Parameters
    ----------
    context
        Its tables have the days; its problems receives days that stand twice and years with gaps
        beyond what the standard allows.
    standard
        Says how many days make a mean, and which percentiles are told.

    Returns
    -------
    tuple
        Ascending.
    """
    if DAILY not in context.shared:
        before = context.faults()
        context.shared[DAILY] = _read(context, standard)
        if context.faults() > before:
            context.faulty.append(DAILY)
    elif DAILY in context.faulty:  # told already: whoever asks is not told that there is none
        context.faulty.append(DAILY)
    found: tuple[WeatherYear, ...] = context.shared[DAILY]
    return found


def _read(context: Context, standard: Standard) -> tuple[WeatherYear, ...]:
    rows = context.tables.rows(DAILY, DailyRow)
    _check_once(rows, context.problems)
    years = sorted({row.date.year for row in rows})
    told = len(context.problems.found)
    own = {year: [row for row in rows if row.date.year == year] for year in years}
    for year, days in own.items():
        _check_gaps(year, days, standard, context.problems)
    if len(context.problems.found) > told:
        return ()
    return tuple(_year(year, days, standard) for year, days in own.items())


def _check_once(rows: Sequence[DailyRow], problems: Problems) -> None:
    seen: set[date] = set()
    for row in rows:
        if row.date in seen:
            problems.add(
                row.place.cell("date"),
                message("{day} stands here for the second time.", day=row.date.isoformat()),
                message("Expected one row per day."),
                message("Take out one of the two."),
            )
        seen.add(row.date)


def _check_gaps(
    year: int, days: Sequence[DailyRow], standard: Standard, problems: Problems
) -> None:
    """Note pollutants that were measured on fewer days than make a mean of the year."""
    least = int(standard.number("valid-days", "year") or 0)
    for p, pollutant in enumerate(SIX):
        known = sum(day.levels[p] is not None for day in days)
        if known < least:
            problems.add(
                days[0].place,
                message(
                    "{year} has {n} days of {pollutant}.", year=year, n=known, pollutant=pollutant
                ),
                message("Expected {least} or more of a year.", least=least),
                message("Fill the gaps from the stations, or leave the year out of the table."),
            )


def _year(year: int, days: Sequence[DailyRow], standard: Standard) -> WeatherYear:
    given = np.array([day.levels for day in days], dtype=float).T
    level = [
        np.nanmean(own) if told is None else percentile(own, told)
        for own, told in zip(given, _percentiles(standard), strict=True)
    ]
    sand = np.array([day.sand_dust for day in days])
    month = np.array([day.date.month - 1 for day in days])
    return WeatherYear(year, given / np.array(level)[:, None], sand, month)


def _percentiles(standard: Standard) -> list[float | None]:
    """Return the percentile by which each of the six is told; None for the mean."""
    return [standard.number("percentile", p) if p in ("CO", "O3") else None for p in SIX]
