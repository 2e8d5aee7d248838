"""Random sets of numbers: the same ones whatever is asked for at a time, and by how many workers.

Each cause has one *driver*, a probability that is drawn; all numbers of one cause are quantiles at
its level. Drivers are drawn in pages of fixed size, each from a stream of its own, so that any
slice of the samples has the same bytes.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from lantian.core.system import Array, Index
from lantian.ensemble.streams import OF_NUMBERS, OPEN, PAGE, stream
from lantian.ensemble.uses import uses
from lantian.ensemble.weather import YearEffects, weather_slots, year_effects
from lantian.parameters.changes import SCENARIO
from lantian.parameters.distributions import (
    Distribution,
    Quantiles,
    default_distributions,
    deviate,
    quantiles,
)
from lantian.parameters.rows import QuantityRow
from lantian.parameters.series import series_key
from lantian.parameters.space import Given
from lantian.scenario.model import Sampling
from lantian.study.model import Study

BEYOND = 1.0 - 2.0**-53
"""Largest level."""


@dataclass(frozen=True)
class Mixing:
    """Drivers that are correlated: their deviates are ``root @ independent deviates``."""

    drivers: Index
    root: Array


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Sets of numbers of a study.

    Attributes
    ----------
    samples
        How many there are.
    method, seed
        How they are drawn.
    central
        Central values of all slots, dims (slot, 1).
    slots
        Numbers that vary, ascending, dims (number,).
    quantiles
        Of these.
    driver
        Which driver each of them follows, dims (number,).
    drivers
        How many drivers there are.
    cause
        Name of the group of each number, empty where it has none.
    mixing
        Which drivers are correlated.
    weather
        Numbers that stand for the weather of a year: drawn as such, and not from their ranges.
    """

    samples: int
    method: Sampling
    seed: int
    central: Array = field(repr=False)
    slots: Index = field(repr=False)
    quantiles: Quantiles = field(repr=False)
    driver: Index = field(repr=False)
    drivers: int
    cause: tuple[str, ...] = field(repr=False)
    mixing: tuple[Mixing, ...] = ()
    weather: YearEffects | None = None

    def levels(self, own: slice) -> Array:
        """Return the drivers of some samples [1], dims (driver, sample)."""
        first, last = own.start // PAGE, (own.stop - 1) // PAGE
        pages = [self._page(page) for page in range(first, last + 1)]
        start = own.start - first * PAGE
        joined = pages[0] if len(pages) == 1 else np.concatenate(pages, axis=1)
        return joined[:, start : start + own.stop - own.start]

    def theta(self, own: slice) -> Array:
        """Return some sets of numbers.

        Parameters
        ----------
        own
            Which samples.

        Returns
        -------
        Array
            Values of all slots, dims (slot, sample).
        """
        theta = np.repeat(self.central, own.stop - own.start, axis=1)
        theta[self.slots] = self.varying(own)
        if self.weather is not None:
            theta[self.weather.slots] = self.weather.drawn(self.seed, own)
        return theta

    def varying(self, own: slice) -> Array:
        """Return the numbers that vary in some samples, dims (number, sample)."""
        return self.quantiles(self.levels(own)[self.driver])

    def _page(self, page: int) -> Array:
        size = min(PAGE, self.samples - page * PAGE)
        mixed = tuple((m.drivers.tobytes(), m.root.tobytes()) for m in self.mixing)
        return _page(self.method, self.seed, page, size, self.drivers, mixed)


@lru_cache(maxsize=2)
def _page(
    method: Sampling,
    seed: int,
    page: int,
    size: int,
    drivers: int,
    mixed: tuple[tuple[bytes, bytes], ...],
) -> Array:
    """Return all drivers of a page, dims (driver, sample), read only."""
    level = np.clip(_levels(method, seed, page, size, drivers), OPEN, BEYOND)
    for at, of in mixed:
        own = np.frombuffer(at, dtype=np.int64)
        root = np.frombuffer(of, dtype=np.float64).reshape(len(own), len(own))
        level[own] = _correlated(root, level[own])
    level.flags.writeable = False
    return level


def _levels(method: Sampling, seed: int, page: int, size: int, drivers: int) -> Array:
    if method == "monte-carlo" or not drivers:
        return stream(seed, page, OF_NUMBERS).random((drivers, size))
    from scipy.stats import qmc

    if method == "latin-hypercube":
        rng = stream(seed, page, OF_NUMBERS)
        return np.ascontiguousarray(qmc.LatinHypercube(drivers, rng=rng).random(size).T)
    points = qmc.Sobol(drivers, scramble=True, rng=stream(seed, 0, OF_NUMBERS))
    if page:
        points.fast_forward(page * PAGE)
    return np.ascontiguousarray(points.random(size).T)


def _correlated(root: Array, level: Array) -> Array:
    from scipy.special import ndtr

    z = deviate(level)
    mixed = (root[:, :, None] * z).cumsum(axis=1)[:, -1]  # in order, whatever the width
    return np.asarray(np.clip(ndtr(mixed), OPEN, BEYOND))


def draws_of(study: Study, samples: int | None = None) -> Draws:
    """Return the random sets of numbers of a study.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        How many; as the scenario says by default.

    Returns
    -------
    Draws
        Of the numbers that are used and have a range.
    """
    told = study.scenario.uncertainty
    slots, given = _varying(study)
    numbers = [study.space.number_of(slot) for slot in slots.tolist()]
    cause = tuple(study.spread.group.get(slot, "") for slot in slots.tolist())
    driver, names = _drivers(slots, [n.given for n in numbers], cause)
    return Draws(
        samples=study.scenario.samples if samples is None else samples,
        method=told.method,
        seed=told.seed,
        central=study.space.central(),
        slots=slots,
        quantiles=quantiles(given, numbers),
        driver=driver,
        drivers=len(names),
        cause=cause,
        mixing=tuple(_mixings(study, names)),
        weather=year_effects(study),
    )


def _varying(study: Study) -> tuple[Index, list[Distribution]]:
    """Return the numbers that are used and vary, with their distributions."""
    slots = uses(study).every.tolist()
    numbers = [study.space.number_of(slot) for slot in slots]
    ranged = [s for s, n in zip(slots, numbers, strict=True) if n.amount.low != n.amount.high]
    default = default_distributions([study.space.number_of(slot) for slot in ranged])
    found = dict(zip(ranged, default, strict=True))
    found |= {slot: own for slot, own in study.spread.distribution.items() if slot in set(slots)}
    weather = set(weather_slots(study))  # has a stream of its own
    varying = sorted(s for s, own in found.items() if own.family != "fixed" and s not in weather)
    return np.array(varying, dtype=np.int64), [found[slot] for slot in varying]


def _drivers(
    slots: Index, numbers: Sequence[Given], cause: Sequence[str]
) -> tuple[Index, dict[Hashable, int]]:
    """Return the driver of each number, and the positions of all drivers by what they stand for."""
    names: dict[Hashable, int] = {}
    found = [
        names.setdefault(_cause(slot, number, name), len(names))
        for slot, number, name in zip(slots.tolist(), numbers, cause, strict=True)
    ]
    return np.array(found, dtype=np.int64), names


def _cause(slot: int, number: Given, group: str) -> Hashable:
    """Return what a number shares with others that vary with it.

    The rows of a series have one cause: whoever over-estimates a fleet does so every year.
    """
    if group:
        return ("group", group)
    if isinstance(number, QuantityRow) and getattr(number, "year", None) is not None:
        return (type(number), series_key(number))
    if number.source_key == SCENARIO:
        return (SCENARIO, number.key()[:2])
    return slot


def _mixings(study: Study, names: dict[Hashable, int]) -> list[Mixing]:
    """Return the correlations of the drivers of groups; of groups that nothing uses, none."""
    found = []
    for asked in study.spread.correlations:
        at = [names.get(("group", name), -1) for name in asked.between]
        kept = [i for i, driver in enumerate(at) if driver >= 0]
        if not kept:
            continue
        matrix = np.array(asked.matrix)[np.ix_(kept, kept)]
        value, vector = np.linalg.eigh(matrix)
        root = vector * np.sqrt(np.maximum(value, 0.0))
        found.append(Mixing(np.array([at[i] for i in kept], dtype=np.int64), root))
    return found
