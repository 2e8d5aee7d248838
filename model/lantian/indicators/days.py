r"""Counts of days by their air quality, from a table of days scaled with the annual levels.

.. math:: c_{p,d}(y) = c_{p,d}(w) \, C_p(y) / C_p(w), \qquad AQI_d = \max_p IAQI_p(c_{p,d})

for every day *d* of every year *w* of the table: the weather of each is one way the target year may
turn out. The count is the share of its valid days that qualify, times the days of the target year:
the mean over the years of the table; its range has the fewest and the most of them and the bias
that scaling has shown (good days of Beijing 21 too few to 5 too many, heavy days 9 too many to 4
too few). Each pollutant is scaled by its own level, where the months of the sources are known by
that of the season (:mod:`lantian.indicators.seasons`); ozone by a path that no plan changes, which
is told beside every count, as most days that are not good are days of ozone in late years. Counts
are steps in emissions: they are judged after the solve.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array, Index
from lantian.indicators.composite import SIX_ASKED, SIX_REMEDY
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Fitted,
    Indicator,
    Parts,
    SandDust,
    Subject,
)
from lantian.indicators.daily import DAILY, WeatherYear, days_in, weather_years
from lantian.indicators.part_year import months_of
from lantian.indicators.seasons import Seasons, fit_seasons, parts_of_seasons
from lantian.indicators.six import (
    INDICATOR_OF,
    Six,
    declared_six,
    fit_six,
    pollutants_of,
    ranged_slots,
)
from lantian.indicators.tables import EVERY, AirRow, ResponseRow, response_of
from lantian.inventory.months import YearParts
from lantian.language import Message, message
from lantian.parameters import Numbers
from lantian.parameters.series import OfYear
from lantian.parameters.space import ZERO, constant
from lantian.standards import aqi
from lantian.standards.tables import SIX, Standard
from lantian.vocabulary import Pollutant

WEATHER = "weather-of-days"
"""Parameter of the response: from the fewest days (-1) to the most (1) of the table's years."""
NONE_MARKED = (
    message("no day of the table of days is marked as one of sand-dust."),
    message("Write yes in the column sand_dust of daily.csv for each of these days."),
)
"""Why days of sand-dust cannot be left out, and how they can."""
CORRECTION = "day-correction"
"""Name of the part of a count that weather and bias make up, not a pollutant."""
Flags = NDArray[np.bool_]
Scaled = list[tuple[WeatherYear, Array]]
"""Days with the levels that they are scaled by, dims (pollutant, year, sample)."""
Thresholds = Callable[[Standard, int], Array]
"""Concentration of each of the six that a day must exceed to be out, in a calendar year."""


def at_index(standard: Standard, index: float) -> Array:
    """Return the concentrations above which the index of a day is above a value.

    Parameters
    ----------
    standard
        Its break points.
    index
        [1].

    Returns
    -------
    Array
        Each in the unit of its pollutant, dims (pollutant of ``SIX``,).
    """
    scales = [standard.scales[pair] for pair in aqi.DAILY]
    return np.array([np.interp(index, s.sub_index, s.concentration) for s in scales])


def of_rule(name: str) -> Thresholds:
    """Return the concentrations that belong to the AQI of a rule of the standard."""
    return lambda standard, year: at_index(standard, standard.number(name) or np.nan)


def of_limits(standard: Standard, year: int) -> Array:
    """Return the limits of a day, class 2, as they hold in a year."""
    limits = [standard.limit(*pair, year) for pair in aqi.DAILY]
    return np.array([np.nan if limit is None else limit for limit in limits])


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Which days are counted.

    Attributes
    ----------
    thresholds
        What a day must exceed in one of the six.
    above
        Whether the days that exceed it are counted, or those that do not.
    share
        Whether the share of the valid days is told, or their number in a year.
    bias
        Parameter of the response: what scaling has been wrong by [day].
    """

    thresholds: Thresholds
    above: bool
    share: bool
    bias: str


FEW = 4
"""Columns in which all days are looked at: to find out which need not be takes longer."""


def days_above(relative: Array, edges: Array, levels: Array) -> NDArray[np.int64]:
    """Return the number of days on which one of the six is above its edge, dims (sample,).

    A day and a pollutant meet at one level of the year. Only days whose meeting point lies among
    the levels that are asked for are looked at one by one.

    Parameters
    ----------
    relative
        Days as multiples of the year's level [1], dims (pollutant, day), without gaps.
    edges
        Largest concentrations that are not above, dims (pollutant,); NaN where there is none.
    levels
        Of the year, dims (pollutant, sample).
    """
    if levels.shape[1] <= FEW:
        return np.asarray(_exceeds(relative, edges, levels).sum(axis=0))
    # Years that a case was not solved for have no level.
    least, most = (end.reduce(levels, axis=1)[:, None] for end in (np.fmin, np.fmax))
    with np.errstate(divide="ignore"):
        meeting = edges[:, None] / relative
    always = (meeting < least).any(axis=0)
    is_open = (meeting < most) & ~always
    days = np.flatnonzero(is_open.any(axis=0))
    over = np.zeros((len(days), levels.shape[1]), dtype=bool)
    for level, own, met in zip(levels, is_open[:, days], meeting[:, days], strict=True):
        over[own] |= level > met[own, None]
    return np.asarray(always.sum() + over.sum(axis=0))


def _exceeds(relative: Array, edges: Array, levels: Array) -> Flags:
    """Tell which days are above an edge in one of the six, dims (day, sample)."""
    with np.errstate(divide="ignore"):
        meeting = edges[:, None] / relative
    # What was not measured is above nothing.
    return np.asarray((levels[:, None] > meeting[..., None]).any(axis=0))


def _stretches(edges: Sequence[Array]) -> list[tuple[int, int]]:
    """Return where years with the same edges begin and end: they are counted together."""
    new = [n for n in range(1, len(edges)) if not np.array_equal(edges[n - 1], edges[n], True)]
    return list(pairwise([0, *new, len(edges)]))


def _within(scaled: Scaled, months: Index) -> Scaled:
    """Return the days of some months, with their levels."""
    return [(own.in_months(months), levels) for own, levels in scaled]


@dataclass(frozen=True, kw_only=True)
class DaysFitted(Fitted):
    """A count with the six levels calibrated, the sample axis last.

    Attributes
    ----------
    kind, standard, weather
        Which days count, by which rules, and the years they are taken from.
    six
        Levels of the target years.
    seasons
        How they move by season; None where that is not known.
    turn
        From the fewest (-1) to the most (1) days that the years of the table give, dims (sample,).
    bias
        Added to the count [day], dims (sample,).
    """

    kind: Kind
    standard: Standard
    weather: tuple[WeatherYear, ...]
    six: Six
    seasons: Seasons | None
    turn: Array
    bias: Array

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the count [day] or the share [1], dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        sand, own = self._keeps(subject.sand_dust), list(self._scaled(projection))
        season = subject.season or ""
        if season:
            own = [_within(scaled, months_of(season)) for scaled in own]
        edges = [self._edges(self.kind.thresholds(self.standard, y)) for y in projection.years]
        found = []
        for first, last in _stretches(edges):
            years = projection.years[first:last]
            part = own, slice(first, last), years, edges[first]
            found.append(self._share(*part, sand, season))
        return np.concatenate(found)

    def _keeps(self, given: SandDust | None) -> bool:
        """Tell whether days of sand-dust count."""
        kept = self.standard.number("keeps-sand-dust", "days")
        return kept != 0.0 if given is None else given == "with"

    def _scaled(self, projection: Projection) -> Iterator[Scaled]:
        """Yield the days of each year of the table with the levels that they are scaled by.

        Days of a season stand together where seasons move apart, else those of the year.
        """
        if self.seasons is None:
            levels = self.six.levels(projection)
            for own in self.weather:
                yield [(own, levels)]
        else:
            six = self.seasons.levels(projection)
            for own in self.weather:
                yield list(zip(own.by_season, six.of_seasons(own.part), strict=True))

    def _share(
        self,
        scaled: Sequence[Scaled],
        at: slice,
        years: Sequence[int],
        edges: Array,
        sand: bool,
        season: str,
    ) -> Array:
        """Return count or share of years with the same edges, dims (year, sample)."""
        shares = np.array([self._of_weather(own, at, edges, sand) for own in scaled])
        middle, turn = shares.sum(axis=0) / len(shares), self.turn
        low, high = middle - shares.min(axis=0), shares.max(axis=0) - middle
        whole, days = (np.array([[days_in(y, own)] for y in years]) for own in ("", season))
        turned = middle + turn * np.where(turn < 0.0, low, high) + self.bias / whole
        return np.asarray(turned.clip(0.0, 1.0) * (1.0 if self.kind.share else days))

    def _of_weather(self, scaled: Scaled, at: slice, edges: Array, sand: bool) -> Array:
        """Return the share of a year of the table's valid days that count, dims (year, sample)."""
        each = [self._above(own.kept(sand), levels[:, at], edges) for own, levels in scaled]
        over, valid = (ordered_sum(np.broadcast_arrays(*part)) for part in zip(*each, strict=True))
        return np.asarray((over if self.kind.above else valid - over) / valid)

    def _above(self, own: WeatherYear, levels: Array, edges: Array) -> tuple[Array, Array]:
        """Return the number of days above an edge, and of valid days, dims (year, sample)."""
        whole, gaps = own.by_gaps
        wide = levels.reshape(len(levels), -1)
        over, valid = days_above(whole, edges, wide), np.full(wide.shape[1], whole.shape[1])
        if gaps.size:
            known = self._valid(gaps, wide)
            over = over + (_exceeds(gaps, edges, wide) & known).sum(axis=0)
            valid = valid + known.sum(axis=0)
        shape = levels.shape[1:]
        return np.asarray(over.reshape(shape)), np.asarray(valid.reshape(shape))

    def _edges(self, limits: Array) -> Array:
        """Return the largest concentrations that print as no more than the limits."""
        scales = [self.standard.scales[pair] for pair in aqi.DAILY]
        return np.array(
            [
                aqi.edge(limit, scale.decimals)
                for limit, scale in zip(limits.tolist(), scales, strict=True)
            ]
        )

    def _valid(self, relative: Array, levels: Array) -> Flags:
        """Tell which days have an index, dims (day, sample)."""
        valid = np.zeros((relative.shape[1], levels.shape[-1]), dtype=bool)
        gaps = np.isnan(relative).any(axis=0)
        valid[~gaps] = True
        least = self.standard.number("missing-pollutant")
        if least is not None:
            edges = self._edges(at_index(self.standard, least))
            valid[gaps] = _exceeds(relative[:, gaps], edges, levels)
        return valid

    def told(self, projection: Projection, subject: Subject, year: int) -> Message:
        """Return which days were scaled, and what ozone they take as given.

        Parameters
        ----------
        projection, subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return message(
            "days of {years} scaled {how}, sand-dust {kept}; {path}",
            years=", ".join(str(own.year) for own in self.weather),
            how=message("by year" if self.seasons is None else "by season"),
            kept=message(self._sand(subject)),
            path=self.six.ozone.told(projection, subject, year),
        )

    def _sand(self, subject: Subject) -> str:
        """Return what becomes of the days of sand-dust; a table need not mark any."""
        if not any(own.sand_dust.any() for own in self.weather):
            return "kept, as no day is marked as such"
        return "kept" if self._keeps(subject.sand_dust) else "left out"

    def parts(self, projection: Projection) -> Parts:
        """Return the count, of heavy days by the primary pollutant, and what weather and bias add.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        total = self.value(projection, Subject())
        if not self.kind.above:
            return Parts((TOTAL,), total[None])
        own = list(self._scaled(projection))
        each = [self._by_primary(own, y, year) for y, year in enumerate(projection.years)]
        primary = np.stack(each, axis=1)
        names = tuple(INDICATOR_OF[p] for p in SIX)
        rest = total - primary.sum(axis=0)
        return Parts((TOTAL, *names, CORRECTION), np.concatenate([[total], primary, [rest]]))

    def _by_primary(self, scaled: Sequence[Scaled], y: int, year: int) -> Array:
        """Return the count of one year by primary pollutant, dims (pollutant, sample)."""
        sand = self._keeps(None)
        edges = self._edges(self.kind.thresholds(self.standard, year))
        found = []
        for own in scaled:
            each = [self._primary(o.kept(sand), levels[:, y], edges) for o, levels in own]
            over, valid = (sum(part) for part in zip(*each, strict=True))
            found.append(over / valid)
        scale = 1.0 if self.kind.share else days_in(year)
        return np.asarray(sum(found) / len(found) * scale)

    def _primary(self, own: WeatherYear, levels: Array, edges: Array) -> tuple[Array, Array]:
        """Return the days above an edge by primary pollutant, and the number of valid days.

        Dims (pollutant, sample) and (sample,).
        """
        kept = own.relative
        valid = self._valid(kept, levels)
        over = _exceeds(kept, edges, levels) & valid
        some = over.any(axis=1)
        each = aqi.daily_sub_indices(self.standard, kept[:, some, None] * levels[:, None])
        share = aqi.primary_pollutants(self.standard, each)
        return np.asarray((share * over[some]).sum(axis=1)), np.asarray(valid.sum(axis=0))


@dataclass(frozen=True, kw_only=True)
class DaysDeclared(Declared):
    """The six with their numbers, the days, and the numbers of the range.

    Attributes
    ----------
    kind, standard, weather
        As in :class:`DaysFitted`.
    six
        In the order of ``SIX``.
    base_year, parts
        Year from which seasons move apart, and the share of every source's year in each [1], dims
        (season, source); None where no table says.
    turn, bias
        As in :class:`DaysFitted`, dims ().
    """

    kind: Kind = field(repr=False)
    standard: Standard
    weather: tuple[WeatherYear, ...]
    six: tuple[Declared, ...]
    base_year: int
    parts: YearParts | None = field(repr=False)
    turn: Numbers
    bias: Numbers

    def fit(self, theta: Array, baseline: Projection) -> DaysFitted:
        """Calibrate the six on the baseline.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        six = fit_six(self.six, theta, baseline)
        return DaysFitted(
            kind=self.kind,
            standard=self.standard,
            weather=self.weather,
            six=six,
            seasons=baseline.once(
                "seasons",  # of the region whose six these are
                (six,),
                lambda: fit_seasons(six, baseline, self.base_year, self.parts),
            ),
            turn=self.turn(theta),
            bias=self.bias(theta),
            impossible=six.impossible,
        )

    def under(self, standard: Standard) -> "DaysDeclared":
        """Return the count by the break points and limits of another standard.

        Parameters
        ----------
        standard
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        return replace(self, standard=standard)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return what the six rest on."""
        return pollutants_of(self.six)


@dataclass(frozen=True, kw_only=True)
class Days(Indicator):
    """A count of days.

    Attributes
    ----------
    kind
        Which days are counted.
    """

    kind: Kind

    def declare(self, context: Context) -> DaysDeclared | None:
        """Take the six, the days and the numbers of the range.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        standard, six = context.standards.get(context.standard), declared_six(context)
        if standard is None or six is None:
            return None
        weather = weather_years(context, standard)
        if not weather:
            return None
        response = response_of(context)
        turn, bias = _number(response, WEATHER, "1"), _number(response, self.kind.bias, "day")
        sand = any(own.sand_dust.any() for own in weather)
        return DaysDeclared(
            kind=self.kind,
            standard=standard,
            weather=weather,
            six=six,
            base_year=context.base_year,
            parts=parts_of_seasons(context.shapes),
            turn=turn,
            bias=bias,
            choices={"sand_dust": ("with", "without") if sand else ("with",)},
            closed={} if sand else {("sand_dust", "without"): NONE_MARKED},
            ranged=np.unique(np.r_[ranged_slots(six), turn.slots, bias.slots]),
        )


def _number(response: OfYear[ResponseRow], parameter: str, unit: str) -> Numbers:
    """Return a number of the response; zero where the region has none."""
    keys: dict[str, Any] = {**EVERY, "parameter": parameter, "year": None}
    return response.numbers(unit, **keys) if response.find(**keys) else constant(ZERO)


def days_indicator(name: str, order: int, unit: str, kind: Kind) -> Days:
    """Return the declaration of a count of days.

    Parameters
    ----------
    name, order, unit
        As in :class:`~lantian.indicators.contract.Indicator`.
    kind
        Which days are counted.

    Returns
    -------
    Days
        The same tables are asked for by all.
    """
    return Days(
        id=name,
        unit=unit,
        order=order,
        harmful=kind.above,
        wished=not kind.above,
        part=unit == "1",
        takes=("sand_dust", "season"),
        requires={"air": AirRow, "response": ResponseRow},
        beside=(DAILY,),
        asks_for=SIX_ASKED,
        remedy=SIX_REMEDY,
        kind=kind,
    )
