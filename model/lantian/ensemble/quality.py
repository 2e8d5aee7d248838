"""How good an inventory is, sector by sector: by samples, and by error propagation beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import Sum
from lantian.core.system import Array, Index
from lantian.ensemble.draws import Draws
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.outcomes import ask
from lantian.ensemble.propagation import grade, half_range, key_categories, propagate
from lantian.ensemble.sampled import RANGE, Erring, band_of
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS

ENOUGH = 512
"""Samples from which half-widths are taken: a tenth of a width does not change a grade."""


@dataclass(frozen=True)
class Quality(Erring):
    """Emission of a sector and how well it is known; ``sector`` is empty for all together.

    Attributes
    ----------
    first, last
        Baseline of the base year and of the last year, at central values [t/a].
    sampled, propagated
        Half of the 95 % range in the last year, by samples and by error propagation, as a share
        of the emission [1].
    of_trend
        The same of the change between both years, as a share of the base year [1].
    grade
        A to E.
    key_level, key_trend
        Whether it is a key category for the level, or for the trend.
    error
        Of the ends of the sampled range, as :class:`~lantian.ensemble.sampled.Band` has it.
    """

    sector: str
    pollutant: str
    first: float
    last: float
    sampled: float
    propagated: float
    of_trend: float
    grade: str
    key_level: bool
    key_trend: bool
    error: float


@dataclass(frozen=True)
class WithoutPlan:
    """What sources do and emit without the plan, in random sets of numbers.

    Attributes
    ----------
    years
        Calendar years.
    emission
        [t/a], dims (source, pollutant, year, sample).
    activity
        [source unit], dims (source, year, sample).
    """

    years: tuple[int, ...]
    emission: Array
    activity: Array


@dataclass(frozen=True)
class _Sources:
    """Baseline of base year and last year by source.

    ``central`` has dims (source, pollutant, 2), ``emission`` (source, pollutant, 2, sample) and
    ``activity`` (source, 2, sample).
    """

    central: Array
    emission: Array
    activity: Array


def quality(study: Study, drawn: WithoutPlan) -> list[Quality]:
    """Return how good the inventory is, by sector and pollutant.

    Parameters
    ----------
    study
        The scenario put together.
    drawn
        Its sources in random sets of numbers, base year and last year among the years.

    Returns
    -------
    list of Quality
        Sectors that emit, behind them the total of each pollutant.
    """
    sources = _sources(study, drawn)
    sector = np.array(study.system.sources.sector)
    found: list[Quality] = []
    for p, pollutant in enumerate(POLLUTANTS):
        if sources.central[:, p].any():
            found += _of_pollutant(sources, sector, p, pollutant)
    return found


def without_plan(study: Study, draws: Draws, years: Sequence[int]) -> WithoutPlan:
    """Return what sources do and emit without the plan under random sets of numbers.

    Parameters
    ----------
    study
        The scenario put together.
    draws
        Its random sets of numbers, of which the first ones are used.
    years
        Calendar years, ascending.

    Returns
    -------
    WithoutPlan
        In these years.
    """
    evaluator = ask(study, ("baseline",), POLLUTANTS, years=tuple(years)).evaluator
    own = np.searchsorted(evaluator.years, [study.system.years.index(year) for year in years])
    by_source = Sum(study.system.states.source, len(study.system.sources))
    emission, activity = [], []
    for block in blocks(min(ENOUGH, draws.samples)):
        baseline = evaluator.baseline(evaluator.values(draws.theta(block)))
        emission.append(baseline.emission[:, :, own])
        activity.append(by_source(baseline.activity[:, own]))
    return WithoutPlan(
        tuple(years), np.concatenate(emission, axis=-1), np.concatenate(activity, axis=-1)
    )


def _sources(study: Study, drawn: WithoutPlan) -> _Sources:
    years = (study.scenario.base_year, study.system.years[-1])
    at = [drawn.years.index(year) for year in years]
    return _Sources(
        study.baseline[:, :, [study.system.years.index(year) for year in years]],
        drawn.emission[:, :, at],
        drawn.activity[:, at],
    )


def _of_pollutant(sources: _Sources, sector: Index, p: int, pollutant: str) -> Iterator[Quality]:
    """Yield the sectors of one pollutant, then its total."""
    central = sources.central[:, p]
    total = (float(central[:, 0].sum()), float(central[:, 1].sum()))
    if not all(total):
        return
    names = [s for s in dict.fromkeys(sector.tolist()) if central[sector == s].any()]
    level = np.array([central[sector == s, 1].sum() for s in names])
    trend = np.array([central[sector == s].dot([-1.0, 1.0]).sum() for s in names])
    change = np.abs(trend / total[0] - level / total[1] * (total[1] - total[0]) / total[0])
    keys = zip(key_categories(level), key_categories(change), strict=True)
    for name, (is_level, is_trend) in zip(names, keys, strict=True):
        yield _quality(sources, sector == name, p, (name, pollutant), (is_level, is_trend))
    yield _quality(sources, np.ones(len(sector), dtype=bool), p, ("", pollutant), (False, False))


def _quality(
    sources: _Sources, own: Index, p: int, names: tuple[str, str], keys: tuple[bool, bool]
) -> Quality:
    """Return the quality of some sources together."""
    first, last = sources.central[own, p].sum(axis=0).tolist()
    emission = sources.emission[own, p]
    together = emission[:, 1].sum(axis=0)
    sampled = half_range(together[None], np.array([last]), RANGE)[0]
    propagated = propagate(
        sources.central[own, p, 0],
        sources.central[own, p, 1],
        _half(sources.activity[own, 1]),
        _half(_factor(emission[:, 1], sources.activity[own, 1])),
        (first or np.nan, last or np.nan),
    )
    return Quality(
        *names,
        first,
        last,
        float(sampled),
        propagated.total,
        propagated.of_trend,
        grade(float(sampled)),
        bool(keys[0]),
        bool(keys[1]),
        band_of(together, RANGE).error,
    )


def _factor(emission: Array, activity: Array) -> Array:
    """Return what a unit of activity emits, dims (source, sample)."""
    return np.divide(emission, activity, out=np.zeros_like(emission), where=activity > 0.0)


def _half(values: Array) -> Array:
    """Return half of the 95 % range of each source as a share of its mean."""
    return half_range(values, values.mean(axis=1), RANGE)
