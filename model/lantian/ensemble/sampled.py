"""A study and its solved mixes under random sets of numbers: how likely, how far, how settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Index
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.evaluate import BLOCK, blocks
from lantian.ensemble.outcomes import Inquiry, Outcomes, ask, joined, of_block
from lantian.ensemble.weather import PM25, Weather, is_in_numbers, weather
from lantian.study.model import CaseResult, Study
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Case, Reading

SURE = 1.96
"""Standard normal deviate of a 95 % interval."""
RANGE = (0.025, 0.975)
"""Probabilities of the ends of a 95 % range."""
SETTLED = 0.15
"""Largest error of a percentile, as a share of the 95 % range, that is called settled."""


@dataclass(frozen=True, kw_only=True)
class Sampled:
    """Outcomes of all samples whose numbers do not contradict each other.

    Attributes
    ----------
    study, draws
        What was asked about, and under which numbers.
    cases
        As in ``outcomes``: the baseline, the plan and its readings, the solved mixes.
    outcomes
        Values with the weather of each year.
    weather
        Of the targets it matters to, by position.
    kept
        Positions of the samples.
    """

    study: Study
    draws: Draws
    cases: tuple[Case | Reading, ...]
    outcomes: Outcomes
    weather: Mapping[int, Weather]
    kept: Index

    @property
    def impossible(self) -> int:
        """How many samples were left out: their numbers contradict each other."""
        return self.draws.samples - len(self.kept)

    @cached_property
    def met(self) -> NDArray[np.bool_]:
        """Whether each target is met, dims (case, target, sample)."""
        side = np.array([target.bound.side for target in self.study.targets])[:, None]
        return met(self.outcomes.limit * side, self.outcomes.value * side)

    def parts_of_limit(self, case: int, target: int) -> tuple[float, float]:
        """Return the 95 % range of a value in parts of its limit [1]: limits vary as bases do.

        Not a number where a limit is nothing.

        Parameters
        ----------
        case, target
            Their positions.
        """
        value, limit = self.outcomes.value[case, target], self.outcomes.limit[case, target]
        if not limit.all():
            return np.nan, np.nan
        low, high = np.quantile(value / limit, RANGE).tolist()
        return low, high

    def case(self, name: Case | Reading) -> int:
        """Return the position of a case."""
        return self.cases.index(name)

    def at_normal_weather(self, target: int) -> NDArray[np.bool_]:
        """Return whether a target would be met at normal weather, dims (case, sample)."""
        own = self.weather[target]
        return self._met(target, own.normal / own.year[0])

    def over_three_years(self, target: int) -> NDArray[np.bool_]:
        """Return whether the mean of three such years would meet it, dims (case, sample)."""
        own = self.weather[target]
        return self._met(target, own.three[0] / own.year[0])

    def luck(self, target: int) -> Array | None:
        """Return the weather of a target's year as a factor on PM2.5 [1], dims (sample,)."""
        if target in self.weather:
            return np.asarray(self.weather[target].year[0])
        if self.draws.weather is None:
            return None
        year = self.study.targets[target].target.year
        own = weather(self.study, PM25, (year,), slice(0, self.draws.samples))
        return None if own is None else np.asarray(own.year[0][self.kept])

    def _met(self, target: int, factor: Array) -> NDArray[np.bool_]:
        side = self.study.targets[target].bound.side
        value = self.outcomes.value[:, target] * factor
        return met(self.outcomes.limit[:, target] * side, value * side)


def met(limit: Array, value: Array) -> NDArray[np.bool_]:
    """Tell whether values keep their limits, rounding aside.

    Parameters
    ----------
    limit, value
        In the same unit, of one shape; with the sign of a limit from above.

    Returns
    -------
    numpy.ndarray
        False where one is not computed.
    """
    return np.asarray(value <= limit + ROUNDING * np.maximum(np.abs(limit), np.abs(value)))


def sample(
    study: Study,
    cases: Mapping[Case, CaseResult],
    *,
    samples: int | None = None,
    width: int = BLOCK,
) -> Sampled:
    """Evaluate the cases of a study under random sets of numbers.

    Parameters
    ----------
    study
        The scenario put together.
    cases
        Solved mixes: each holds the shares that it takes at central values.
    samples
        How many; as the scenario says by default.
    width
        Samples that are evaluated at a time.

    Returns
    -------
    Sampled
        The same bytes whatever the width.
    """
    solved = {n: c for n, c in cases.items() if n not in ("baseline", "plan")}
    inquiry, draws = ask(study, solved=solved), draws_of(study, samples)

    # Threads would share one interpreter and wait for each other: processes are of an ensemble.
    found = [of_block(inquiry, draws.theta(own)) for own in blocks(draws.samples, width)]
    return _finished(inquiry, draws, joined(found))


def _finished(inquiry: Inquiry, draws: Draws, found: Outcomes) -> Sampled:
    """Return samples with their weather, without those whose numbers contradict each other."""
    kept = np.flatnonzero(~found.impossible)
    own, effects = under_weather(inquiry.study, found, slice(0, draws.samples))
    parts = {n: getattr(own, n)[..., kept] for n in Outcomes.__dataclass_fields__}
    return Sampled(
        study=inquiry.study,
        draws=draws,
        cases=inquiry.cases,
        outcomes=Outcomes(**parts),
        weather={
            t: Weather(e.year[:, kept], e.normal[kept], e.three[:, kept])
            for t, e in effects.items()
        },
        kept=kept,
    )


def under_weather(
    study: Study, found: Outcomes, samples: slice
) -> tuple[Outcomes, dict[int, Weather]]:
    """Return outcomes of some samples under the weather of each.

    Parameters
    ----------
    study
        What was asked about.
    found
        Outcomes; those of PM2.5 have the weather of the year by the numbers they rest on.
    samples
        Which samples of the study they are.

    Returns
    -------
    Outcomes
        With other values of targets.
    dict
        Weather of the targets it matters to, by position.
    """
    value, effects = found.value.copy(), {}
    for t, target in enumerate(study.targets):
        if not target.computed:
            continue
        own = weather(study, target.target.indicator_id, (target.target.year,), samples)
        if own is None:
            continue
        effects[t] = own
        if not is_in_numbers(study, target.target.indicator_id):
            value[:, t] *= own.year[0]
    return replace(found, value=value), effects


class Erring:
    """What has an error of sampling, as a share of the range that is told."""

    error: float

    @property
    def settled(self) -> bool:
        """Whether there are samples enough for what is told."""
        return self.error <= SETTLED


@dataclass(frozen=True)
class Band(Erring):
    """Percentiles of some values.

    Attributes
    ----------
    lines
        The percentiles [unit of the values], ascending.
    error
        Largest error of one of them, half of a 95 % interval, as a share of the range from the
        first to the last; infinite where there are too few samples to tell.
    """

    lines: tuple[float, ...]
    error: float


def band_of(values: Array, levels: Sequence[float]) -> Band:
    """Return percentiles of some values.

    Parameters
    ----------
    values
        dims (sample,), at least one.
    levels
        Their probabilities [1], ascending.

    Returns
    -------
    Band
        The error of a percentile is what the order statistics around it leave open. There are too
        few samples where an end would be the least or the largest of them.
    """
    ordered = np.sort(values)
    lines = tuple(_at(ordered, p) for p in levels)
    width = lines[-1] - lines[0]
    if width == 0.0:
        return Band(lines, 0.0)
    fewest = 1.0 / min(levels[0], 1.0 - levels[-1])
    if len(ordered) < fewest:
        return Band(lines, np.inf)
    return Band(lines, max(_error(ordered, p) for p in levels) / width)


@dataclass(frozen=True)
class Spreading(Erring):
    """How an outcome is spread over the samples [its unit].

    Attributes
    ----------
    mean, median, low, high
        ``low`` and ``high`` are the ends of the 95 % range.
    error
        Largest error of the three percentiles, half of a 95 % interval, as a share of the range.
    """

    mean: float
    median: float
    low: float
    high: float
    error: float


def spread_of(values: Array) -> Spreading:
    """Return how some values are spread.

    Parameters
    ----------
    values
        dims (sample,).

    Returns
    -------
    Spreading
        The error of a percentile is what the order statistics around it leave open; it is
        infinite where there are too few samples to tell.
    """
    band = band_of(values, (RANGE[0], 0.5, RANGE[1]))
    low, median, high = band.lines
    mean = float(np.add.reduce(values) / len(values))
    return Spreading(mean, median, low, high, band.error)


def _at(ordered: Array, share: float) -> float:
    """Return a percentile: the line between the two order statistics around it."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def _error(ordered: Array, share: float) -> float:
    """Return half of the 95 % interval of a percentile."""
    n = len(ordered)
    off = SURE * np.sqrt(share * (1.0 - share) / n)
    return (_at(ordered, min(share + off, 1.0)) - _at(ordered, max(share - off, 0.0))) / 2.0


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a probability that was counted, after Wilson (1927).

    Parameters
    ----------
    share
        Part of the samples [1].
    n
        How many samples there are.

    Returns
    -------
    tuple of float
        Both ends [1].
    """
    k = SURE**2 / n
    middle = (share + k / 2.0) / (1.0 + k)
    half = SURE / (1.0 + k) * np.sqrt(share * (1.0 - share) / n + k / (4.0 * n))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))
