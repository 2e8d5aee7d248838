r"""PM2.5 annual mean as a sum of three parts with different owners.

.. math:: C(y) = (1 + m_y) \, \bigl( C_{out}(y) + C_{city}(y) + \sum_{i,j} s_{ij} E_{ij}(y) \bigr)

- **Own.** The region's sources *i* with precursor *j* at physical slopes ``s`` [ug/m3 per t/a]: one
  slope for primary particles released at the ground, times a factor for each height of release, or
  for each gas. Apportionment studies calibrate nothing: their shares of a city's mean hold natural
  and secondary particles that a tonne of one district does not make.
- **Rest of the city.** Of a district only, where it is said to move *in step* with the plan: each
  precursor falls by the share by which the district's own falls. Otherwise it is part of:
- **Outside.** What remains of the observation in the base year. It follows an observed index of
  the air around where there is one, and after the base year a stated path (or the index, in a
  hindcast).

``m`` is the weather of a year, 0 with a range: it is never corrected for.

Where straight lines are known to fail:

- **Nitrate.** In NOx-rich winter air less NOx can mean more nitrate; beyond cuts of 30-50 % it
  means much less. The slopes are those of small cuts, which never overstate; their low end is
  negative.
- **Ammonia** does little while it is in excess and more once it becomes scarce.
- **Deep cuts.** The effect of a tonne grows as emissions approach zero.
- **Place.** Where in a region its emissions and stations stand moves its slope by a factor of two.

Means are of air at its actual state. Until August 2018 they were published at 273 K; what is
observed, and targets, carry their state, and are converted here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array, Sources
from lantian.errors import Place, Problems
from lantian.indicators.contract import (
    TOTAL,
    Context,
    Declared,
    Indicator,
    Owners,
    Parts,
    Row,
    Subject,
)
from lantian.indicators.groups import COLUMNS, PRECURSORS, Grouping, grouping
from lantian.indicators.part_year import PartYear, SeasonalFitted, parts_of_year
from lantian.indicators.tables import (
    CITY,
    CONCENTRATION,
    EVERY,
    HEIGHTS,
    REGIONAL,
    STANDARD,
    YEARLY,
    AirRow,
    ResponseRow,
    check_sums,
    response_of,
)
from lantian.inventory.months import YearParts
from lantian.language import message
from lantian.parameters import Numbers, QuantityRow, QuantityTable, column
from lantian.parameters.series import OfYear
from lantian.parameters.space import ZERO
from lantian.vocabulary import GROUPS, POLLUTANTS, Pollutant

GROUND = "ground-slope"
INDEX = "pm25-index"
"""What was observed around: its ratio between two years moves the part from outside."""
SLOPE = "ug/m3/(t/a)"
WIDE = 10.0
"""Ratio of two slopes of primary particles in one region beyond which a row must give a reason."""
GASES: tuple[Pollutant, ...] = PRECURSORS[1:]
UNSAID = (
    message("the rest of the city makes part of this mean, and nothing is said of it."),
    message("Write 'air: in_step: true' if it cuts as the district does, else false."),
)


@dataclass(frozen=True)
class Reading:
    """The parts of the mean when the rest of the city moves in step, or when it does not.

    Attributes
    ----------
    own, city
        What a tonne adds itself, and what the rest of the city adds when it moves in step
        [ug/m3 per t/a], dims (source, precursor, sample).
    outside
        Part that neither moves [ug/m3], dims (year, sample).
    """

    own: Array
    city: Array
    outside: Array


@dataclass(frozen=True, kw_only=True)
class Pm25Fitted(SeasonalFitted):
    """The response of a region whose base year is reproduced.

    Attributes
    ----------
    groups
        Which source is in which group.
    years
        Years of ``outside`` and ``weather``.
    stated, other
        The reading that the scenario states, and the other one; None where a region is no part of
        a city.
    in_step
        Whether in the stated reading the rest of the city moves in step.
    weather
        What the weather of the year adds to the mean [1], dims (year, sample).
    state_factor
        Mean of air at its actual state per mean of the same air at 273 K [1], dims (sample,).
    """

    groups: Grouping
    years: tuple[int, ...]
    stated: Reading
    other: Reading | None
    in_step: bool
    weather: Array
    state_factor: Array

    def value(self, projection: Projection, subject: Subject) -> Array:
        """Return the annual mean [ug/m3] in the state asked for, dims (year, sample).

        Parameters
        ----------
        projection, subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if subject.season is not None and self.parts_of_year is not None:
            level = self.parts_of_year.level(self, projection, subject.season)
        else:
            own, city, outside = self._parts_of(self.stated, projection)
            level = own + city + outside
        return np.asarray(level / self._state(subject))

    def scale(self, subject: Subject) -> float:
        """Return the mean at its actual state per mean in the state of the target.

        Parameters
        ----------
        subject
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        return float(self._state(subject)[0])

    def rows(self, subject: Subject, year: int) -> list[Row]:
        """Return the row of the mean; its constant is the part from outside.

        Parameters
        ----------
        subject, year
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        if subject.season is not None and self.parts_of_year is not None:
            row = self.parts_of_year.row(self, year, subject.season)
            return [row.scaled(1.0 / self._state(subject))]
        slope, y = self.stated.own + self.stated.city, self.years.index(year)
        scale = (1.0 + self.weather[y]) / self._state(subject)
        weight = np.zeros((len(slope), len(POLLUTANTS), slope.shape[-1]))
        weight[:, COLUMNS] = slope * scale
        return [Row(weight, self.stated.outside[y] * scale)]

    def by_season(self, projection: Projection, parts: YearParts) -> Array:
        """Return what each season's emissions make of the mean, those of a city in step included.

        Parameters
        ----------
        projection, parts
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        slope, scale = self.stated.own + self.stated.city, 1.0 + self.weather[self._at(projection)]
        caused = _caused(slope, projection) * scale
        found = []
        for share, months in zip(parts.shares, parts.months, strict=True):
            own = share[:, None, None] * caused
            for shift in projection.shifts.found:
                own[shift.sources] += _of(slope[shift.sources], shift.within(months)) * scale
            found.append(ordered_sum(own))
        return np.array(found)

    def parts(self, projection: Projection) -> Parts:
        """Return the mean, what each group, the rest of the city and the outside add [ug/m3].

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        scale = 1.0 + self.weather[self._at(projection)]
        groups = self.groups.add(_caused(self.stated.own, projection)) * scale
        own, city, outside = self._parts_of(self.stated, projection)
        value = np.concatenate([(own + city + outside)[None], groups, city[None], outside[None]])
        return Parts((TOTAL, *GROUPS, CITY, REGIONAL), value)

    def owners(self, projection: Projection) -> tuple[Owners, ...]:
        """Return what the region, the rest of its city and the outside make of the mean.

        Parameters
        ----------
        projection
            As in :class:`~lantian.indicators.contract.Fitted`.
        """
        found = [Owners(self.in_step, *self._parts_of(self.stated, projection))]
        if self.other is not None:
            found.append(Owners(not self.in_step, *self._parts_of(self.other, projection)))
        return tuple(found)

    def _parts_of(self, reading: Reading, projection: Projection) -> tuple[Array, Array, Array]:
        """Return the three parts [ug/m3], dims (year, sample)."""
        at = self._at(projection)
        scale = 1.0 + self.weather[at]
        own, city = (ordered_sum(_caused(s, projection)) for s in (reading.own, reading.city))
        return own * scale, city * scale, reading.outside[at] * scale

    def _at(self, projection: Projection) -> list[int]:
        return [self.years.index(y) for y in projection.years]

    def _state(self, subject: Subject) -> Array:
        """Return the mean at its actual state per mean in the state asked for, dims (sample,)."""
        return self.state_factor if subject.state == STANDARD else np.ones(1)


def _caused(slope: Array, projection: Projection) -> Array:
    """Return what each source adds [ug/m3], dims (source, year, sample)."""
    return _of(slope, projection.emission)


def _of(slope: Array, emission: Array) -> Array:
    """Return what emissions of all pollutants add [ug/m3], dims (source, year, sample)."""
    return ordered_sum((slope[:, :, None] * emission[:, COLUMNS]).swapaxes(0, 1))


def city_slopes(part: Array, weight: Array, base_emission: Array) -> Array:
    """Return what a tonne of the district stands for while the rest of the city moves in step.

    Parameters
    ----------
    part
        What the rest of the city makes of the mean in the base year [ug/m3],
        dims (precursor, sample).
    weight
        How much a tonne of a source counts among those of its precursor [any unit],
        dims (source, precursor, sample).
    base_emission
        Emission of the base year [t/a], dims (source, precursor, sample).

    Returns
    -------
    Array
        [ug/m3 per t/a], dims as ``weight``; 0 for a precursor that the district does not emit.
    """
    counted = ordered_sum(weight * base_emission)
    each = np.divide(part, counted, out=np.zeros(counted.shape), where=counted > 0.0)
    return np.asarray(weight * each)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Annual means as they were published.

    Attributes
    ----------
    number
        [ug/m3], dims (year,).
    standard
        1 where it was published at 273 K, else 0, dims (year,).
    """

    number: Numbers
    standard: Array

    def actual(self, theta: Array, state_factor: Array) -> Array:
        """Return the means of air at its actual state [ug/m3], dims (year, sample)."""
        factor = 1.0 + self.standard[:, None] * (state_factor - 1.0)
        return np.asarray(self.number(theta) * factor)


@dataclass(frozen=True, kw_only=True)
class Pm25Declared(Declared):
    """Numbers of the response.

    Attributes
    ----------
    groups
        Which source is in which group.
    base_year, past, later
        Year that is reproduced; the years of the model before it (itself included), and after it.
    observed
        Means of the years that must be reproduced, dims (year,).
    index
        Means of the air around, of the past years, and of the later ones too in a hindcast; None
        where there is none.
    ground
        Slope of primary particles released at the ground [ug/m3 per t/a], dims ().
    height
        Slope of primary particles of each height per that of the ground [1], dims (height,).
    released
        Share of a source's primary particles released at each height [1], scaled to a sum of 1,
        dims (source, height).
    gas
        Slope of each gas per that of primary particles at the ground [1], dims (gas,).
    city
        Slope [ug/m3 per t/a] and emission [t/a] of the rest of the city, dims (precursor,); None
        of a region that is no part of one.
    in_step
        Whether the rest of the city moves in step in the reading of the scenario.
    regional_change
        Change of the part from outside from the year before [1], dims (later year,); None where
        the index moves it.
    weather
        [1], dims (later year,).
    state_factor
        As in :class:`Pm25Fitted`, dims ().
    state_factor_central
        Its central value, for what was observed.
    seasons
        Those that targets ask for.
    table
        Where faults are told.
    """

    groups: Grouping
    base_year: int
    past: tuple[int, ...]
    later: tuple[int, ...]
    observed: Observed
    index: Observed | None
    ground: Numbers
    height: Numbers
    released: Numbers
    gas: Numbers
    city: tuple[Numbers, Numbers] | None
    in_step: bool
    regional_change: Numbers | None
    weather: Numbers
    state_factor: Numbers
    state_factor_central: float
    seasons: Mapping[str, PartYear] = field(repr=False)
    table: str = field(repr=False)

    def fit(self, theta: Array, baseline: Projection) -> Pm25Fitted:
        """Find the part from outside that reproduces the base year.

        Parameters
        ----------
        theta, baseline
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        stated = self._reading(theta, baseline, self.in_step)
        other = None if self.city is None else self._reading(theta, baseline, not self.in_step)
        m = self.weather(theta)
        m = np.concatenate([np.zeros((len(self.past), *m.shape[1:])), m])
        fitted = Pm25Fitted(
            groups=self.groups,
            years=baseline.years,
            stated=stated,
            other=other,
            in_step=self.in_step,
            weather=m[self._at(baseline)],
            state_factor=self.state_factor(theta),
            impossible=np.asarray((stated.outside < 0.0).any(axis=0)),
        )
        return fitted.with_parts(self.seasons, baseline, self.base_year)

    def _at(self, baseline: Projection) -> list[int]:
        """Return where the years of a projection stand among those of the model."""
        return [(self.past + self.later).index(y) for y in baseline.years]

    def _weight(self, theta: Array) -> Array:
        """Return the slope of each source and precursor per that of ground-level particles."""
        released = self.released(theta)
        of_height = ordered_sum((released * self.height(theta)).swapaxes(0, 1))
        primary = (of_height / ordered_sum(released.swapaxes(0, 1)))[:, None]
        gas = self.gas(theta)[None]
        wide = (len(primary), gas.shape[1], primary.shape[-1])
        return np.concatenate([primary, np.broadcast_to(gas, wide)], axis=1)

    def _reading(self, theta: Array, baseline: Projection, in_step: bool) -> Reading:
        weight = self._weight(theta)
        own = weight * self.ground(theta)
        base = baseline.emission[:, COLUMNS, baseline.year(self.base_year)]
        city = np.zeros(own.shape)
        if in_step and self.city is not None:
            slope, emission = self.city
            # a gas counts by its tonnes alone, whatever the sign of its slope
            counts = np.concatenate([weight[:, :1], np.ones_like(weight[:, 1:])], axis=1)
            city = city_slopes(slope(theta) * emission(theta), counts, base)
        local = ordered_sum(ordered_sum(((own + city) * base).swapaxes(0, 1)))
        seen = self.observed.actual(theta, self.state_factor(theta))
        outside = (seen[-1] - local) * self._path(theta)
        return Reading(own, city, outside[self._at(baseline)])

    def _path(self, theta: Array) -> Array:
        """Return the part from outside per that of the base year, of all years of the model."""
        base = len(self.past) - 1
        path = np.ones((len(self.past), theta.shape[-1]))
        if self.index is not None:
            index = self.index.actual(theta, self.state_factor(theta))
            path = index / index[base]
        if self.regional_change is None:
            return path
        steps = 1.0 + self.regional_change(theta)
        return np.concatenate([path, np.multiply.accumulate(steps)])

    def check(self, theta: Array, baseline: Projection, problems: Problems) -> None:
        """Note own and city parts that are more than was observed.

        Parameters
        ----------
        theta, baseline, problems
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        if self.seasons:
            self.fit(theta, baseline).check_parts(problems)
        outside = self._reading(theta, baseline, self.in_step).outside
        y = baseline.year(self.base_year)
        if outside[y, 0] < 0.0:
            seen = float(self.observed.actual(theta, self.state_factor(theta))[-1, 0])
            problems.add(
                Place(self.table),
                message(
                    "what the region and its city make of {year} ({local:.1f} ug/m3) exceeds the"
                    " observed {observed:.1f} ug/m3: lower the slopes or check the emissions.",
                    year=self.base_year,
                    local=seen - outside[y, 0],
                    observed=seen,
                ),
            )

    def in_common(self, row: QuantityRow, unit: str) -> float:
        """Return an observed mean of air at its actual state.

        Parameters
        ----------
        row, unit
            As in :class:`~lantian.indicators.contract.Declared`.
        """
        standard = isinstance(row, AirRow) and row.state == STANDARD
        return row.to(unit) * (self.state_factor_central if standard else 1.0)

    def pollutants(self, subject: Subject) -> tuple[Pollutant, ...]:
        """Return the precursors."""
        return PRECURSORS


class Pm25(Indicator):
    """Annual mean of PM2.5."""

    def declare(self, context: Context) -> Pm25Declared | None:
        """Take observations, slopes, the rest of the city and the path of the outside.

        Parameters
        ----------
        context
            As in :class:`~lantian.indicators.contract.Indicator`.
        """
        response = response_of(context)
        if not any(row.parameter == GROUND for row in response.rows):
            return None
        air: QuantityTable[AirRow] = context.tables.read("air", AirRow)
        past = tuple(y for y in context.years if y <= context.base_year)
        later = tuple(y for y in context.years if y > context.base_year)
        central = context.space.central
        owners = _owners(response, context.sources)
        released, city = _released(response, owners), _city(response, context)
        height = _numbers(response, "relative-slope", height=HEIGHTS, pollutant="PM2.5")
        state_factor = _numbers(response, "state-factor")
        own = Pm25Declared(
            groups=grouping(context.sources),
            base_year=context.base_year,
            past=past,
            later=later,
            observed=_observed(air, self.id, past[-1:]),
            index=_index(air, context, past, later),
            ground=_numbers(response, GROUND, unit=SLOPE),
            height=height,
            released=released,
            gas=_numbers(response, "relative-slope", pollutant=GASES),
            city=city,
            unsaid=None if city is None or context.surroundings.in_step is not None else UNSAID,
            in_step=bool(context.surroundings.in_step),
            regional_change=None
            if context.surroundings.observed
            else _numbers(response, YEARLY, year=later),
            weather=_numbers(response, "weather", year=later),
            state_factor=state_factor,
            state_factor_central=float(state_factor(central())[0]),
            seasons=parts_of_year(context, self.id, "PM2.5"),
            table=response.file,
        )
        check_sums(released(central())[..., 0], "released", owners, response)
        _check_spread(response, height(central())[:, 0])
        return replace(own, ranged=np.unique(np.concatenate([n.slots for n in _all(own)])))


def _all(own: Pm25Declared) -> list[Numbers]:
    """Return the numbers at whose ends the range of the mean is told: all of the response."""
    found = [own.ground, own.height, own.released, own.gas, own.weather, own.state_factor]
    found += [] if own.regional_change is None else [own.regional_change]
    return found + list(own.city or ())


def _owners(response: OfYear[ResponseRow], sources: Sources) -> list[tuple[str, str]]:
    """Return whose shares of heights a source has: those of its group, or its own."""
    named = {row.source for row in response.rows if row.parameter == "released"}
    pairs = zip(sources.group, sources.id, strict=True)
    return [("", source) if source in named else (group, "") for group, source in pairs]


def _released(response: OfYear[ResponseRow], owners: list[tuple[str, str]]) -> Numbers:
    """Return the shares of heights of every source."""
    group, own = zip(*owners, strict=True)
    return response.numbers(
        "1",
        missing=ZERO,
        parameter="released",
        group=column(group),
        source=column(own),
        height=HEIGHTS,
        pollutant="",
        year=None,
    )


def _city(response: OfYear[ResponseRow], context: Context) -> tuple[Numbers, Numbers] | None:
    """Return slopes and emissions of the rest of the city; None if there is no such row."""
    if not any(row.parameter == "city-emission" for row in response.rows):
        if context.surroundings.in_step:
            context.problems.add(
                Place(response.file),
                message("in_step needs the emissions of the rest of the city: rows city-emission."),
            )
        return None
    slope = _numbers(response, "city-slope", unit=SLOPE, pollutant=PRECURSORS)
    return slope, _numbers(response, "city-emission", unit="t/a", pollutant=PRECURSORS)


def _observed(table: QuantityTable[AirRow], indicator: str, years: tuple[int, ...]) -> Observed:
    rows = [table.find(indicator=indicator, year=year) for year in years]
    standard = np.array([row is not None and row.state == STANDARD for row in rows], np.float64)
    number = table.numbers(CONCENTRATION, indicator=indicator, year=years)
    return Observed(number=number, standard=standard)


def _index(
    table: QuantityTable[AirRow], context: Context, past: tuple[int, ...], later: tuple[int, ...]
) -> Observed | None:
    """Return the index of the air around of the years that follow it; None if none need it."""
    observed = context.surroundings.observed
    years = past + later if observed else past
    return _observed(table, INDEX, years) if len(past) > 1 or observed else None


def _check_spread(response: OfYear[ResponseRow], height: Array) -> None:
    """Note heights whose slopes lie further apart than :data:`WIDE` without a reason."""
    for h, name in enumerate(HEIGHTS):
        own = {"parameter": "relative-slope", "height": name, "pollutant": "PM2.5"}
        row = response.find(**(EVERY | own), year=None)
        if row is not None and not row.note and height[h] * WIDE < height.max():
            response.problems.add(
                row.place.cell("value"),
                message(
                    "this slope is less than a tenth of the largest one of the region; give the"
                    " reason in 'note'."
                ),
            )


def _numbers(
    table: OfYear[ResponseRow], parameter: str, unit: str = "1", **keys: object
) -> Numbers:
    return table.numbers(unit, parameter=parameter, **(EVERY | {"year": None} | keys))


INDICATOR = Pm25(
    id="pm25",
    unit=CONCENTRATION,
    order=1,
    harmful=True,
    takes=("state", "season"),
    requires={"air": AirRow, "response": ResponseRow},
    asks_for=message("a response of the region to its emissions"),
    remedy=message("A region has it in air.csv and response.csv; a finished inventory has none."),
)
