"""Which causes the spread of a target comes from, and which to measure first.

Exact swings screen all numbers: with both ends known exactly, each number's effect on the margin
is a line with one bend, and the variance of that over the samples ranks the causes. Only the
leading ones are given an index, estimated from the samples that there are (RBD-FAST): an index of
every number would be noise. Permuted samples tell how large an index chance alone makes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import Sum
from lantian.core.system import Array, Index, emission_by_source
from lantian.ensemble.draws import Draws
from lantian.ensemble.sampled import Sampled
from lantian.ensemble.streams import PAGE
from lantian.ensemble.swings import HIGH, LOW, Swings
from lantian.tolerances import ROUNDING
from lantian.vocabulary import BASES

LEADING = 30
"""Causes that are given an index."""
FIRST = 10
"""Causes that are named as worth measuring first."""
HARMONICS = 10
"""Of RBD-FAST, its usual number."""
THIRD = 1.0 / 3.0
PERMUTED = 20
"""Permutations that tell the noise of an index."""
NOISE = 2.0
"""Standard deviations above the mean of permuted samples below which an index is noise."""
FEWEST = 100
"""Samples below which no index is estimated."""


@dataclass(frozen=True)
class Cause:
    """What one driver does to the margin of a target.

    Attributes
    ----------
    driver
        Its position; of the weather, -1.
    share
        Part of the variance that knowing it alone would take away [1].
    screened
        The same by exact swings, as a part of the sum over all causes [1]; NaN for the weather.
    """

    driver: int
    share: float
    screened: float


@dataclass(frozen=True)
class Variance:
    """Where the variance of the margin of one target comes from.

    Attributes
    ----------
    target
        Its position.
    causes
        The leading ones, the largest first.
    bases
        Part of the variance by basis of the numbers [1], in the order of ``BASES``.
    noise
        Index that chance alone makes [1].
    """

    target: int
    causes: tuple[Cause, ...]
    bases: tuple[float, ...]
    noise: float


WEATHER = -1
"""In the place of a driver: the weather of the years."""


def variances(sampled: Sampled, swings: Swings) -> list[Variance]:
    """Return where the variance of each target of the plan comes from.

    Parameters
    ----------
    sampled
        Outcomes; margins are those of the plan, or of the baseline where there is none.
    swings
        Of the same study.

    Returns
    -------
    list of Variance
        Targets whose margin varies; none where there are too few samples.
    """
    if len(sampled.kept) < FEWEST:
        return []
    judged = [t for t, target in enumerate(sampled.study.targets) if target.computed]
    screen = _screen(sampled, swings, len(judged))
    case = sampled.cases.index("plan") if "plan" in sampled.cases else 0
    found = []
    for k, t in enumerate(judged):
        margin = sampled.outcomes.limit[case, t] - sampled.outcomes.value[case, t]
        if np.ptp(margin) > 0.0:
            found.append(_variance(sampled, screen, k, t, margin))
    return found


@dataclass(frozen=True)
class _Screen:
    """Exact one-at-a-time effects over the first samples.

    ``by_driver`` has dims (target, driver), variances; ``by_basis`` (target, basis, sample).
    """

    by_driver: Array
    by_basis: Array


def _screen(sampled: Sampled, swings: Swings, targets: int) -> _Screen:
    draws = sampled.draws
    kept = sampled.kept[sampled.kept < PAGE]
    below, above = _off_centre(draws, min(PAGE, draws.samples))
    at = np.searchsorted(swings.slot, draws.slots)
    basis = np.array(
        [
            BASES.index(sampled.study.space.number_of(slot).given.basis)
            for slot in draws.slots.tolist()
        ]
    )
    variance, lines = np.zeros((targets, draws.drivers)), []
    for t in range(targets):
        margin = swings.limit[t] - swings.value[t]
        middle = _central_margin(sampled, t)
        low, high = (margin[end, at] - middle for end in (LOW, HIGH))
        size = ROUNDING * (np.abs(swings.limit[t]).max() + np.abs(swings.value[t]).max())
        moving = np.flatnonzero(np.maximum(np.abs(low), np.abs(high)) > size)  # few of them do
        effect = low[moving, None] * below[moving] + high[moving, None] * above[moving]
        variance[t] = Sum(draws.driver[moving], draws.drivers)(effect).var(axis=1)
        lines.append(Sum(basis[moving], len(BASES))(effect)[:, kept])
    return _Screen(variance, np.array(lines).reshape(targets, len(BASES), len(kept)))


def _central_margin(sampled: Sampled, k: int) -> float:
    """Return the margin of the k-th computed target at central values, as swings have it."""
    study = sampled.study
    target = [t for t in study.targets if t.computed][k]
    planned = len(study.commitments) > 0
    emission, activity = study.baseline, study.system.baseline
    moved = np.zeros((len(study.system.moves), len(study.system.years)))
    if planned:
        activity, moved = study.applied.activity, study.applied.moved
        emission = emission_by_source(study.system, activity)
    case = study.projected(emission, activity, moved, dated=planned)
    value, _, limit = target.judge(case)
    return limit - value


def _off_centre(draws: Draws, samples: int) -> tuple[Array, Array]:
    """Return how far numbers are from their centre towards either end [1], dims (number, sample).

    Beyond an end the line goes on.
    """
    number = draws.varying(slice(0, samples))
    centre = draws.central[draws.slots]
    off = number - centre
    parts = []
    for end, side in ((draws.quantiles.low, np.minimum), (draws.quantiles.high, np.maximum)):
        way = end - centre
        parts.append(np.divide(side(off, 0.0), way, out=np.zeros_like(off), where=way != 0.0))
    return parts[0], parts[1]


def _variance(sampled: Sampled, screen: _Screen, k: int, t: int, margin: Array) -> Variance:
    """Return the variance of the margin of one target by cause and by basis."""
    every = screen.by_driver[k]
    leading = np.argsort(-every, kind="stable")[:LEADING]
    leading = leading[every[leading] > 0.0]
    level = driver_levels(sampled, leading)
    named = leading.tolist()
    luck, noise = sampled.luck(t), noise_of(margin)
    if luck is not None and (t in sampled.weather or first_order(luck[None], margin)[0] > noise):
        named.append(WEATHER)
        level = np.concatenate([level, luck[None]])
    total = every.sum()
    index = first_order(level, margin)
    screened = [every[d] / total if d != WEATHER else np.nan for d in named]
    causes = [Cause(*own) for own in zip(named, index.tolist(), screened, strict=True)]
    kept = screen.by_basis.shape[2]
    bases = first_order(screen.by_basis[k], margin[:kept])
    return Variance(
        t,
        tuple(sorted(causes, key=lambda c: -c.share)),
        tuple(bases.tolist()),
        noise,
    )


def driver_levels(sampled: Sampled, drivers: Sequence[int] | Index) -> Array:
    """Return the levels of some drivers in the samples that are kept, dims (driver, sample).

    Parameters
    ----------
    sampled
        Whose samples.
    drivers
        Positions.
    """
    draws, own = sampled.draws, np.asarray(drivers, dtype=np.int64)
    pages = [
        draws.levels(slice(first, min(first + PAGE, draws.samples)))[own]
        for first in range(0, draws.samples, PAGE)
    ]
    return np.concatenate(pages, axis=1)[:, sampled.kept]


def first_order(inputs: Array, output: Array) -> Array:
    """Return first-order indices from samples that there are, by RBD-FAST.

    Sorted by an input, there and back, the outputs are a signal; what an input explains lies in
    its lowest frequencies (Plischke 2010), less the bias of Tissot and Prieur (2012). SALib has the
    same, but takes longer to import than all samples take.

    Parameters
    ----------
    inputs
        dims (input, sample).
    output
        dims (sample,).

    Returns
    -------
    Array
        Bias taken out, between 0 and 1 [1], dims (input,); 0 for an input that does not vary.
    """
    varies = np.ptp(inputs, axis=1) > 0.0
    order = np.argsort(inputs, axis=1, kind="stable")
    there_and_back = np.concatenate([order[:, ::2], order[:, 1::2][:, ::-1]], axis=1)
    power = np.abs(np.fft.rfft(output[there_and_back] - output.mean(), axis=1)[:, 1:]) ** 2
    if len(output) % 2 == 0:
        power[:, -1] /= 2.0  # the highest frequency has no mirror image
    raw = power[:, :HARMONICS].sum(axis=1) / power.sum(axis=1)
    bias = 2.0 * HARMONICS / len(output)
    found = raw - bias / (1.0 - bias) * (1.0 - raw)
    return np.asarray(np.where(varies, found, 0.0).clip(0.0, 1.0))


def noise_of(output: Array) -> float:
    """Return the index that an input without any effect may have by chance [1]."""
    rng = np.random.default_rng(len(output))
    index = first_order(rng.random((PERMUTED, len(output))), output)
    return float(index.mean() + NOISE * index.std())


@dataclass(frozen=True)
class Verdict:
    """What knowing one cause would do to a target.

    Attributes
    ----------
    driver
        Position of the cause; :data:`WEATHER`.
    target
        Position of the target.
    share
        Part of its variance [1].
    probability, if_low, if_high
        Of meeting it [1]: now, and where the cause is in the lowest and highest third.
    low_n, high_n
        Samples in these thirds.
    """

    driver: int
    target: int
    share: float
    probability: float
    if_low: float
    if_high: float
    low_n: int
    high_n: int


def measure_first(sampled: Sampled, found: Sequence[Variance]) -> list[list[Verdict]]:
    """Return the causes that are worth measuring first, with what each does to every target.

    Parameters
    ----------
    sampled
        Outcomes.
    found
        As :func:`variances` gives it.

    Returns
    -------
    list of list
        By cause, those first that leave most verdicts less open: share of variance times how open
        each verdict is. The weather cannot be measured beforehand and is left out.
    """
    case = sampled.cases.index("plan") if "plan" in sampled.cases else 0
    chance = sampled.met[case].mean(axis=1)
    worth: dict[int, float] = {}
    for own in found:
        p = float(chance[own.target])
        for cause in own.causes:
            if cause.driver != WEATHER and cause.share > own.noise:
                gain = cause.share * p * (1.0 - p)
                worth[cause.driver] = worth.get(cause.driver, 0.0) + gain
    first = sorted(worth, key=lambda d: -worth[d])[:FIRST]
    return [_verdicts(sampled, found, driver, case) for driver in first if worth[driver] > 0.0]


def _verdicts(sampled: Sampled, found: Sequence[Variance], driver: int, case: int) -> list[Verdict]:
    level = driver_levels(sampled, [driver])[0]
    verdicts = []
    for own in found:
        cause = next((c for c in own.causes if c.driver == driver), None)
        if cause is not None and cause.share > own.noise:
            met = sampled.met[case, own.target]
            low, high = met[level < THIRD], met[level > 1.0 - THIRD]
            now, if_low, if_high = (float(m.mean()) for m in (met, low, high))
            verdicts.append(
                Verdict(driver, own.target, cause.share, now, if_low, if_high, len(low), len(high))
            )
    return verdicts
