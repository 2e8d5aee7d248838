"""Distributions of numbers, by what their rows say: a central value with a range, and its basis.

All are given by their quantiles, so that any way of sampling can use them and none is clipped.
``low`` and ``high`` are the ends of the central interval that :data:`COVERAGE` gives for the basis
of the number, or of the bounded families their ends. The central value is the *mean*, so that sums
and products of independent numbers have the mean that an ordinary run computes; the median or mode
follows from it. A range that is too lopsided for its family is taken as ``power``, which can have
any mean, unless the family was asked for: then the mean is the nearest that the ends allow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lantian.language import Message, message
from lantian.parameters import units
from lantian.parameters.changes import Amount
from lantian.parameters.space import Given, Taken
from lantian.tolerances import ROUNDING
from lantian.vocabulary import Basis

Array = NDArray[np.float64]
Index = NDArray[np.int64]

Family = Literal[
    "lognormal",
    "normal",
    "triangular",
    "beta",
    "power",
    "uniform",
    "fixed",
    "discrete",
    "empirical",
]
FAMILIES: Final[tuple[Family, ...]] = get_args(Family)
LISTING: Final = ("discrete", "empirical")
"""Families that are told by values of their own and not by the range."""

COVERAGE: Final[dict[Basis, float]] = {
    "measured": 0.95,
    "published": 0.95,
    "derived": 0.95,
    "assumed": 0.90,
}
"""Probability that a number lies within its stated range. Ranges of judgement are too narrow more
often than not, so that those of assumed numbers are read as 90 %: a choice, not a measurement."""

BOUNDED_UNITS: Final = ("degC", "K")
"""Units whose numbers have no natural zero to be positive against."""
DATES: Final = ("sold_from", "oldest", "since")
"""Parameters that pick rows and vintages: nothing of theirs may lie outside the range."""
WEIGHT: Final = 6.0
"""Sum of the two shapes of a beta distribution, as PERT has it."""
WIDEST: Final = 1e4
"""Largest ratio of the ends of a lognormal number that did not ask to be one."""
LARGEST: Final = 700.0
"""Exponent beyond which a mean would overflow."""
NEAREST: Final = 0.02
"""Nearest that the mean of a beta distribution comes to an end, as a share of the range [1]."""
HALF: Final = 0.5
HALVINGS: Final = 60
"""Of a range in search of a median: more would not move a number of 53 bits."""
FEWEST: Final = 2
"""Values of a family that is told by values."""


@dataclass(frozen=True)
class Distribution:
    """A family, with its values where these tell it.

    Attributes
    ----------
    family
        One of :data:`FAMILIES`.
    values, weights
        Of ``discrete`` and ``empirical``, ascending [unit of the number]; weights add up to 1.
    """

    family: Family
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def needs_range(self) -> bool:
        """Whether it says nothing of a number that has no range."""
        return self.family != "fixed" and not self.values


LOPSIDED: Final = Distribution("power")
MISSED: Final = 1e-6
"""By how much of its range [1] a mean may miss the central value."""


def read_distribution(text: str) -> Distribution:
    """Read a distribution as a table or a scenario writes it.

    Parameters
    ----------
    text
        A family; ``discrete 10:0.3 20:0.7`` and ``empirical 8 9 12`` name their values.

    Returns
    -------
    Distribution
        Of the range of its number, or of the values named.

    Raises
    ------
    ValueError
        If there is no such family, or its values are not as it needs them.
    """
    name, *words = text.split() or [""]
    family = next((known for known in FAMILIES if known == name), None)
    if family is None:
        raise ValueError(_unknown(name))
    if family not in LISTING:
        if words:
            raise ValueError(message("{family} takes its range from low and high", family=family))
        return Distribution(family)
    values, weights = _listed(family, words)
    order = np.argsort(values, kind="stable")
    return Distribution(
        family, tuple(values[order].tolist()), tuple((weights[order] / weights.sum()).tolist())
    )


def _unknown(name: str) -> Message:
    """Return what there is in the place of a family that there is not, the one meant first."""
    plain = re.sub("[^a-z]", "", name.lower())
    if plain in FAMILIES:
        return message("'{name}' is no distribution; it is written '{near}'", name=name, near=plain)
    return message("'{name}' is no distribution: {known}", name=name, known=", ".join(FAMILIES))


def _finite(text: str) -> float:
    """Return the number that a word is."""
    try:
        number = float(text)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise ValueError(message("'{text}' is not a finite number", text=text))
    return number


def _listed(family: Family, words: Sequence[str]) -> tuple[Array, Array]:
    """Return the values that a family is told by, and their weights."""
    example = "discrete 10:0.3 20:0.7" if family == "discrete" else "empirical 8 9 12"
    asks = message("{family} names two values or more: '{example}'", family=family, example=example)
    pairs = [word.split(":") for word in words]
    size = 2 if family == "discrete" else 1
    if len(pairs) < FEWEST or any(len(pair) != size for pair in pairs):
        raise ValueError(asks)
    numbers = np.array([[_finite(part) for part in pair] for pair in pairs])
    weights = numbers[:, 1] if family == "discrete" else np.ones(len(numbers))
    if (weights <= 0.0).any():
        raise ValueError(message("each probability of a discrete number is above 0"))
    if family == "discrete" and abs(weights.sum() - 1.0) > 1e-6:
        raise ValueError(message("the probabilities of a discrete number add up to 1"))
    return numbers[:, 0], weights


def default_distributions(numbers: Sequence[Taken]) -> list[Distribution]:
    """Return the distributions of numbers that name none.

    Parameters
    ----------
    numbers
        Their units, ranges and keys are looked at.

    Returns
    -------
    list of Distribution
        ``power`` where the one of :func:`family_of` cannot have the central value as its mean.
    """
    first = [Distribution(family_of(number)) for number in numbers]
    mean = quantiles(first, numbers).means()
    value = np.array([n.amount.value for n in numbers])
    size = np.array([n.amount.high - n.amount.low for n in numbers])
    off = np.abs(mean - value) > MISSED * size
    return [LOPSIDED if o else own for own, o in zip(first, off.tolist(), strict=True)]


def family_of(number: Taken) -> Family:
    """Return the family of a number, as far as its kind tells.

    Parameters
    ----------
    number
        Its unit, its range and its keys are looked at.

    Returns
    -------
    Family
        ``fixed`` without a range; ``triangular`` for shares, dates and numbers whose range begins
        at zero; ``normal`` where the range holds zero or the unit has no natural zero;
        ``lognormal`` for all others: factors, activities, prices.
    """
    given, (value, low, high) = number.given, number.amount
    if low == high:
        return "fixed"
    if _is_share(given, number.amount) or _is_date(given) or low == 0.0 or high == 0.0:
        return "triangular"
    if 0.0 < low * WIDEST < high:
        return "triangular"
    if low < 0.0 or given.unit in BOUNDED_UNITS or value <= 0.0:
        return "normal"
    return "lognormal"


def _is_share(given: Given, amount: Amount) -> bool:
    """Tell whether all of the range is a share of something."""
    if not units.is_like(given.unit, ""):
        return False
    return amount.low >= 0.0 and units.convert(amount.high, given.unit, "") <= 1.0 + ROUNDING


def _is_date(given: Given) -> bool:
    return given.unit == "a" or any(key in DATES for key in given.key())


def check_distribution(own: Distribution, number: Taken) -> None:
    """Hold a distribution that was asked for against the number.

    Parameters
    ----------
    own
        As it is written.
    number
        Value and range.

    Raises
    ------
    ValueError
        If the range, or the number, cannot have it.
    """
    _, low, high = number.amount
    if own.family == "lognormal" and low <= 0.0:
        raise ValueError(
            message("a lognormal number is above 0, its low is {low:g}", low=low),
        )
    if own.family in LISTING and _is_date(number.given):
        outside = [v for v in own.values if not low <= v <= high]
        if outside:
            raise ValueError(
                message(
                    "{value:g} is outside the range {low:g} to {high:g}, which the model is built"
                    " for",
                    value=outside[0],
                    low=low,
                    high=high,
                )
            )
    if own.family in ("normal", "lognormal") and _is_share(number.given, number.amount):
        raise ValueError(message("a share is beta, triangular or uniform: others leave 0 to 100 %"))
    if own.family in LISTING and low >= 0.0 and own.values[0] < 0.0:
        raise ValueError(message("{value:g} is below 0, the number is not", value=own.values[0]))
    if own.family in LISTING and _is_share(number.given, number.amount):
        most = units.convert(1.0, "", number.given.unit)
        if own.values[-1] > most * (1.0 + ROUNDING):
            raise ValueError(
                message(
                    "{value:g} is more than all of it: the number is a share from 0 to {most:g}",
                    value=own.values[-1],
                    most=most,
                )
            )


@dataclass(frozen=True)
class Quantiles:
    """Quantile functions of many numbers, sorted by family.

    Attributes
    ----------
    families
        Positions of the numbers of each family.
    given
        Distribution of each number.
    low, value, high
        Ends and central values [unit of each], dims (number, 1).
    middle
        Median of normal and lognormal numbers, mode of triangular ones [unit of each], dims
        (number, 1).
    reach
        Standard normal deviate of the upper end [1], dims (number, 1).
    """

    families: dict[Family, Index]
    given: tuple[Distribution, ...]
    low: Array
    value: Array
    high: Array
    reach: Array
    middle: Array

    def __len__(self) -> int:
        return len(self.given)

    def __call__(self, level: Array) -> Array:
        """Return the quantiles of all numbers.

        Parameters
        ----------
        level
            Probability that a number is no larger, strictly between 0 and 1, dims (number, sample).

        Returns
        -------
        Array
            [unit of each], of the same shape.
        """
        found = np.empty(level.shape)
        for family, own in self.families.items():
            found[own] = _QUANTILES[family](self, own, level[own])
        return found

    def means(self) -> Array:
        """Return the mean of each number, dims (number,) [unit of each]."""
        found = np.empty(len(self))
        for family, own in self.families.items():
            found[own] = _MEANS[family](self, own)
        return found


def quantiles(given: Sequence[Distribution], numbers: Sequence[Taken]) -> Quantiles:
    """Return the quantile functions of some numbers.

    Parameters
    ----------
    given
        Distribution of each.
    numbers
        Value, range and basis of each.

    Returns
    -------
    Quantiles
        In their order.
    """
    amounts = np.array([n.amount for n in numbers]).reshape(-1, 3)
    value, low, high = (amounts[:, [i]] for i in range(3))
    names = np.array([own.family for own in given])
    families = {f: own for f in FAMILIES if len(own := np.flatnonzero(names == f))}
    cover = np.array([COVERAGE[n.given.basis] for n in numbers])
    reach = deviate((1.0 + cover) / 2.0)[:, None]
    middle = value.copy()
    for family, own in families.items():
        if family in _MIDDLES:
            wanted = _MIDDLES[family](low[own], value[own], high[own], reach[own])
            middle[own] = np.clip(wanted, low[own], high[own])
    return Quantiles(families, tuple(given), low, value, high, reach, middle)


def _median_of_normal(low: Array, mean: Array, high: Array, reach: Array) -> Array:
    k = 1.0 / (reach * np.sqrt(2.0 * np.pi))
    return np.asarray((mean - k * (low + high)) / (1.0 - 2.0 * k))


def _median_of_lognormal(low: Array, mean: Array, high: Array, reach: Array) -> Array:
    """Halve the range until the mean fits: it grows with the median."""
    below, above = np.log(low), np.log(high)
    for _ in range(HALVINGS):
        half = (below + above) / 2.0
        short = _lognormal_mean(low, np.exp(half), high, reach) < mean
        below, above = np.where(short, half, below), np.where(short, above, half)
    return np.exp((below + above) / 2.0)


def _mode_of_triangular(low: Array, mean: Array, high: Array, reach: Array) -> Array:
    return np.asarray(3.0 * mean - low - high)


_MIDDLES = {
    "normal": _median_of_normal,
    "lognormal": _median_of_lognormal,
    "triangular": _mode_of_triangular,
}


def deviate(level: Array) -> Array:
    """Return the standard normal deviate of some probabilities."""
    from scipy.special import ndtri

    return np.asarray(ndtri(level))


def _normal(q: Quantiles, own: Index, level: Array) -> Array:
    """Two halves of normal distributions that meet at the median."""
    z = deviate(level) / q.reach[own]
    below, above = q.middle[own] - q.low[own], q.high[own] - q.middle[own]
    return np.asarray(q.middle[own] + z * np.where(z < 0.0, below, above))


def _lognormal(q: Quantiles, own: Index, level: Array) -> Array:
    z = deviate(level) / q.reach[own]
    below, above = np.log(q.middle[own] / q.low[own]), np.log(q.high[own] / q.middle[own])
    return np.asarray(q.middle[own] * np.exp(z * np.where(z < 0.0, below, above)))


def _triangular(q: Quantiles, own: Index, level: Array) -> Array:
    low, mode, high = q.low[own], q.middle[own], q.high[own]
    width = high - low
    rising = level * width < mode - low
    up = low + np.sqrt(level * width * (mode - low))
    down = high - np.sqrt((1.0 - level) * width * (high - mode))
    return np.asarray(np.where(rising, up, down))


def _beta(q: Quantiles, own: Index, level: Array) -> Array:
    """Beta distribution with the weight of PERT; any mean between the ends is possible."""
    from scipy.special import betaincinv

    low, width, place = q.low[own], q.high[own] - q.low[own], _place(q, own)
    shapes = (WEIGHT * part for part in (place, 1.0 - place))
    return np.asarray(low + width * betaincinv(*shapes, level))


def _power(q: Quantiles, own: Index, level: Array) -> Array:
    """Beta distribution one shape of which is 1: it falls, or rises, from end to end."""
    low, width, place = q.low[own], q.high[own] - q.low[own], _place(q, own)
    falls = place < HALF
    other = np.where(falls, place / (1.0 - place), (1.0 - place) / place)
    share = np.where(falls, 1.0 - level, level) ** other
    return np.asarray(low + width * np.where(falls, 1.0 - share, share))


def _place(q: Quantiles, own: Index) -> Array:
    """Return where between the ends the mean lies [1]; never quite at one of them."""
    place = (q.value[own] - q.low[own]) / (q.high[own] - q.low[own])
    return np.asarray(np.clip(place, NEAREST, 1.0 - NEAREST))


def _mean_of_power(q: Quantiles, own: Index) -> Array:
    return np.asarray((q.low[own] + (q.high[own] - q.low[own]) * _place(q, own))[:, 0])


def _uniform(q: Quantiles, own: Index, level: Array) -> Array:
    return np.asarray(q.low[own] + (q.high[own] - q.low[own]) * level)


def _fixed(q: Quantiles, own: Index, level: Array) -> Array:
    return np.broadcast_to(q.value[own], level.shape)


def _discrete(q: Quantiles, own: Index, level: Array) -> Array:
    found = np.empty(level.shape)
    for row, k in enumerate(own.tolist()):
        values = np.array(q.given[k].values)
        step = np.cumsum(q.given[k].weights)
        found[row] = values[np.minimum(np.searchsorted(step, level[row]), len(values) - 1)]
    return found


_QUANTILES = {
    "lognormal": _lognormal,
    "normal": _normal,
    "triangular": _triangular,
    "beta": _beta,
    "power": _power,
    "uniform": _uniform,
    "fixed": _fixed,
    "discrete": _discrete,
    "empirical": _discrete,
}


def _mean_of_normal(q: Quantiles, own: Index) -> Array:
    below, above = q.middle[own] - q.low[own], q.high[own] - q.middle[own]
    shift = (above - below) / (q.reach[own] * np.sqrt(2.0 * np.pi))
    return np.asarray((q.middle[own] + shift)[:, 0])


def _mean_of_lognormal(q: Quantiles, own: Index) -> Array:
    return _lognormal_mean(q.low[own], q.middle[own], q.high[own], q.reach[own])[:, 0]


def _lognormal_mean(low: Array, median: Array, high: Array, reach: Array) -> Array:
    from scipy.special import ndtr

    below, above = np.log(median / low) / reach, np.log(high / median) / reach
    halves = (
        np.exp(np.minimum(s * s / 2.0, LARGEST)) * ndtr(t)
        for s, t in ((below, -below), (above, above))
    )
    return np.asarray(median * sum(halves))


def _mean_of_triangular(q: Quantiles, own: Index) -> Array:
    return np.asarray((q.low + q.middle + q.high)[own, 0] / 3.0)


def _mean_of_uniform(q: Quantiles, own: Index) -> Array:
    return np.asarray((q.low + q.high)[own, 0] / 2.0)


def _mean_of_fixed(q: Quantiles, own: Index) -> Array:
    return np.asarray(q.value[own, 0])


def _mean_of_discrete(q: Quantiles, own: Index) -> Array:
    return np.array([np.dot(q.given[k].values, q.given[k].weights) for k in own.tolist()])


_MEANS = {
    "lognormal": _mean_of_lognormal,
    "normal": _mean_of_normal,
    "triangular": _mean_of_triangular,
    "beta": _mean_of_power,
    "power": _mean_of_power,
    "uniform": _mean_of_uniform,
    "fixed": _mean_of_fixed,
    "discrete": _mean_of_discrete,
    "empirical": _mean_of_discrete,
}
