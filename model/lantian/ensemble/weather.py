"""The weather of a year as a random variable: what a plan does is one thing, luck another.

An annual mean is ``C (1 + m)`` with ``C`` its value at normal weather. The observation of the base
year holds the weather of that year, so that a projection from it is off by ``(1 + m_y)/(1 + m_b)``.
No result is corrected by it; samples vary by it, all cases of a year alike. The numbers ``weather``
of the response take its place there, so that all that rests on PM2.5 has the same weather, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array, Index
from lantian.ensemble.streams import OF_WEATHER, OPEN, PAGE, stream
from lantian.indicators.tables import ResponseRow, WeatherRow
from lantian.parameters.changes import Amount
from lantian.parameters.distributions import Distribution, deviate, quantiles
from lantian.parameters.space import CONSTANTS, Taken
from lantian.study.model import Study

YEARS = 3
"""Years of the mean that evens the weather out."""
LEAST = 0.5
"""Least factor of a year [1]: far beyond what is drawn, it keeps a mean positive."""


PM25, PARAMETER = "pm25", "weather"
"""Indicator whose response has numbers for the weather of a year, and the name of these there."""


@dataclass(frozen=True)
class Weather:
    """Effects of years on one indicator, as factors on what is projected.

    Attributes
    ----------
    year
        Factor of the year that is projected, dims (year, sample).
    normal
        The same at normal weather: only the base year's own is taken out, dims (sample,).
    three
        The same of the mean of three years, dims (year, sample).
    """

    year: Array
    normal: Array
    three: Array


def weather(
    study: Study,
    indicator: str,
    years: Sequence[int],
    samples: slice,
    seed: int | None = None,
) -> Weather | None:
    """Return the weather of some samples.

    Parameters
    ----------
    study
        The scenario put together; its tables have the spread, and the effects of known years.
    indicator
        Whose annual mean.
    years
        Calendar years, from the base year on.
    samples
        Which samples.
    seed
        That of the scenario by default.

    Returns
    -------
    Weather or None
        None where no spread is known. The same for all cases, whatever is drawn besides.
    """
    rows = [row for row in study.weather if row.indicator == indicator]
    spread = next((row for row in rows if row.parameter == "spread"), None)
    if spread is None:
        return None
    known = {row.year: row for row in rows if row.parameter == "effect"}
    base = study.scenario.base_year
    wanted = [base, *(y + k for y in years for k in range(YEARS))]
    seed = study.scenario.uncertainty.seed if seed is None else seed
    # A calendar year has the same level whichever others are asked for.
    first, *levels = _levels(seed, samples, max(wanted) - base + 2)
    width = _drawn(spread, first)
    effect = np.array(
        [
            1.0 + (_drawn(known[y], own) if y in known else width * deviate(own))
            for y, own in ((y, levels[y - base]) for y in wanted)
        ]
    ).clip(min=LEAST)
    later = effect[1:].reshape(len(years), YEARS, -1)
    at_base = np.array([y == base for y in years])[:, None]
    year = np.where(at_base, 1.0, later[:, 0] / effect[0])
    three = later.cumsum(axis=1)[:, -1] / YEARS / effect[0]
    return Weather(year, 1.0 / effect[0], three)


@dataclass(frozen=True)
class YearEffects:
    """Numbers of the response that hold the weather of the years after the base year.

    Attributes
    ----------
    study
        Whose numbers.
    slots
        Of these, dims (year,).
    years
        Calendar years, in the same order.
    """

    study: Study
    slots: Index
    years: tuple[int, ...]

    def drawn(self, seed: int, own: slice) -> Array:
        """Return them in some samples [1], dims (year, sample)."""
        found = weather(self.study, PM25, self.years, own, seed)
        assert found is not None  # there is a spread
        return found.year - 1.0


def weather_slots(study: Study) -> dict[int, int]:
    """Return the slots of numbers that stand for the weather of a year, with their years.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    dict
        Empty where no spread of the weather is known: these numbers then vary by their ranges.
    """
    if not any((row.indicator, row.parameter) == (PM25, "spread") for row in study.weather):
        return {}
    found = {}
    for slot in range(len(CONSTANTS), len(study.space)):
        row = study.space.number_of(slot).given
        if isinstance(row, ResponseRow) and row.parameter == PARAMETER and row.year is not None:
            found[slot] = row.year
    return found


def year_effects(study: Study) -> YearEffects | None:
    """Return the numbers that hold the weather of later years; None where there are none.

    Parameters
    ----------
    study
        The scenario put together.
    """
    later = {s: y for s, y in weather_slots(study).items() if y > study.scenario.base_year}
    if not later:
        return None
    return YearEffects(study, np.array([*later], dtype=np.int64), tuple(later.values()))


def is_in_numbers(study: Study, indicator: str) -> bool:
    """Tell whether values of an indicator have the weather in them, by the numbers they rest on."""
    return indicator == PM25 and year_effects(study) is not None


def _drawn(row: WeatherRow, level: Array) -> Array:
    """Return quantiles of a line of the table [1]."""
    share = row.to("")
    number = Taken(row, "weather", Amount(share, *row.range("")))
    found: Array = quantiles([Distribution("normal")], [number])(level[None])[0]
    return found


def _levels(seed: int, own: slice, n: int) -> Array:
    """Return probabilities of some samples, from a stream that nothing else draws from."""
    first, last = own.start // PAGE, (own.stop - 1) // PAGE
    pages = [stream(seed, page, OF_WEATHER).random((n, PAGE)) for page in range(first, last + 1)]
    start = own.start - first * PAGE
    return np.maximum(np.concatenate(pages, axis=1)[:, start : start + own.stop - own.start], OPEN)
