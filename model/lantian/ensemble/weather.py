"""The weather of a year as a random variable: what a plan does is one thing, luck another.

An annual mean is ``C (1 + m)`` with ``C`` its value at normal weather. The observation of the base
year holds the weather of that year, so that a projection from it is off by ``(1 + m_y)/(1 + m_b)``.
No result is corrected by it; samples vary by it, all cases of a year alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.draws import OF_WEATHER, OPEN, PAGE, stream
from lantian.indicators.tables import WeatherRow
from lantian.parameters.changes import Amount
from lantian.parameters.distributions import Distribution, deviate, quantiles
from lantian.parameters.space import Taken
from lantian.study.model import Study

YEARS = 3
"""Years of the mean that evens the weather out."""
LEAST = 0.5
"""Least factor of a year [1]: far beyond what is drawn, it keeps a mean positive."""


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
        Calendar years.
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
    levels = _levels(seed, samples, len(wanted) + 1)
    width = _drawn(spread, levels[-1])
    effect = np.array(
        [
            1.0 + (_drawn(known[y], own) if y in known else width * deviate(own))
            for y, own in zip(wanted, levels, strict=False)
        ]
    ).clip(min=LEAST)
    later = effect[1:].reshape(len(years), YEARS, -1)
    at_base = np.array([y == base for y in years])[:, None]
    year = np.where(at_base, 1.0, later[:, 0] / effect[0])
    three = later.cumsum(axis=1)[:, -1] / YEARS / effect[0]
    return Weather(year, 1.0 / effect[0], three)


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
