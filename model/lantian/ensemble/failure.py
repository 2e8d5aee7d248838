"""The plan fails when ...: the box of inputs that explains most misses of a target.

Patient rule induction (PRIM; Friedman and Fisher 1999; Bryant and Lempert 2010): from all samples a
twentieth is peeled off again and again, from that side of that input which leaves the box densest
in misses. Of all boxes on the way the one is kept that balances coverage and density best. It is
found on every other sample and told as it does on the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.ensemble.sampled import Sampled
from lantian.ensemble.variance import WEATHER, Variance, driver_levels

PEELED = 0.05
"""Part of a box that is taken off at a time [1]."""
SMALLEST = 20
"""Samples of a box below which no more is peeled off."""
OPEN = (0.03, 0.97)
"""Probabilities of a miss between which there is something to explain."""
MOST = 3
"""Restrictions of a box: more make no sentence."""
WORTH = 0.01
"""By how much [1] a restriction must better the balance to be kept."""

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Restriction:
    """A side of a box.

    Attributes
    ----------
    driver
        Position of the cause; :data:`~lantian.ensemble.variance.WEATHER`.
    above
        Whether the box lies above the bound.
    bound
        Level of the driver [1]; of the weather, the factor on the annual mean.
    """

    driver: int
    above: bool
    bound: float


@dataclass(frozen=True)
class Box:
    """Where a target is missed.

    Attributes
    ----------
    target
        Its position.
    restrictions
        The most telling first.
    coverage, density
        Part of all misses that lie inside, and part of what lies inside that are misses [1], on
        samples that were not used to find the box.
    misses, inside
        Such samples that are misses, and that lie inside.
    """

    target: int
    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    misses: int
    inside: int


def failure_boxes(sampled: Sampled, found: Sequence[Variance]) -> list[Box]:
    """Return where the plan misses each target that it may meet or miss.

    Parameters
    ----------
    sampled
        Outcomes.
    found
        Leading causes of each target.

    Returns
    -------
    list of Box
        None for targets that are all but sure to be met or missed.
    """
    case = sampled.cases.index("plan") if "plan" in sampled.cases else 0
    boxes = []
    for own in found:
        missed = ~sampled.met[case, own.target]
        if OPEN[0] < missed.mean() < OPEN[1]:
            box = _box(sampled, own, missed)
            if box is not None:
                boxes.append(box)
    return boxes


def _box(sampled: Sampled, own: Variance, missed: Truth) -> Box | None:
    named = [c.driver for c in own.causes if c.share > own.noise]
    if not named:
        return None
    level = _levels(sampled, named, own.target)
    sides = find_box(level[:, ::2], missed[::2])
    inside = inside_of(sides, level[:, 1::2])
    told, counts = told_by(inside, missed[1::2]), (int(missed[1::2].sum()), int(inside.sum()))
    restrictions = tuple(replace(side, driver=named[side.driver]) for side in sides)
    return Box(own.target, restrictions, *told, *counts) if sides else None


def _levels(sampled: Sampled, named: Sequence[int], target: int) -> Array:
    """Return the levels of some causes, dims (cause, sample)."""
    drivers = [d for d in named if d != WEATHER]
    level = dict(zip(drivers, driver_levels(sampled, drivers), strict=True))
    if WEATHER in named:
        luck = sampled.luck(target)
        assert luck is not None  # it is a cause of this target
        level[WEATHER] = luck
    return np.array([level[d] for d in named])


def find_box(inputs: Array, missed: Truth) -> tuple[Restriction, ...]:
    """Return the sides of the box that balances coverage and density of misses best.

    Parameters
    ----------
    inputs
        dims (input, sample).
    missed
        dims (sample,).

    Returns
    -------
    tuple of Restriction
        At most :data:`MOST`, by position of the input; empty if no box beats all samples.
    """
    sides: dict[tuple[int, bool], float] = {}
    inside = np.ones(len(missed), dtype=bool)
    best, kept = _balance(inside, missed), sides
    while inside.sum() > SMALLEST:
        side, bound, left = _peel(inputs, missed, inside)
        if left.sum() in (0, inside.sum()):
            break
        sides = {**sides, side: bound}
        inside = left
        if _balance(inside, missed) > best:
            best, kept = _balance(inside, missed), sides
    return _simplest(inputs, missed, [Restriction(i, up, b) for (i, up), b in kept.items()])


def _peel(inputs: Array, missed: Truth, inside: Truth) -> tuple[tuple[int, bool], float, Truth]:
    """Return the side that leaves the densest box, its bound, and what it leaves."""
    within = inputs[:, inside]
    bound = np.quantile(within, (PEELED, 1.0 - PEELED), axis=1).T[:, :, None]
    left = np.stack([within > bound[:, 0], within < bound[:, 1]], axis=1)
    count = left.sum(axis=2)
    misses = (left & missed[inside]).sum(axis=2)
    dense = np.where(count > 0, misses / np.maximum(count, 1), -1.0)
    i, side = np.unravel_index(dense.argmax(), dense.shape)
    kept = np.zeros_like(inside)
    kept[np.flatnonzero(inside)[left[i, side]]] = True
    return (int(i), bool(side == 0)), float(bound[i, side, 0]), kept


def _simplest(
    inputs: Array, missed: Truth, sides: Sequence[Restriction]
) -> tuple[Restriction, ...]:
    """Return the sides one after the other that better the balance most, as long as they do."""
    chosen: tuple[Restriction, ...] = ()
    balance = _balance(np.ones(len(missed), dtype=bool), missed)
    left = list(sides)
    while left and len(chosen) < MOST:
        tried = [_balance(inside_of((*chosen, side), inputs), missed) for side in left]
        first = int(np.argmax(tried))
        if tried[first] < balance + WORTH:
            break
        balance = tried[first]
        chosen = (*chosen, left.pop(first))
    return chosen


def inside_of(sides: Sequence[Restriction], inputs: Array) -> Truth:
    """Return which samples lie in a box.

    Parameters
    ----------
    sides
        By position of the input.
    inputs
        dims (input, sample).

    Returns
    -------
    numpy.ndarray
        Truth values, dims (sample,).
    """
    inside = np.ones(inputs.shape[1], dtype=bool)
    for side in sides:
        own = inputs[side.driver]
        inside &= (own > side.bound) if side.above else (own < side.bound)
    return inside


def told_by(inside: Truth, missed: Truth) -> tuple[float, float]:
    """Return coverage and density of a box [1]; 0 where there is nothing to cover or inside."""
    both = float((inside & missed).sum())
    return both / max(float(missed.sum()), 1.0), both / max(float(inside.sum()), 1.0)


def _balance(inside: Truth, missed: Truth) -> float:
    """Return the harmonic mean of coverage and density [1]."""
    coverage, density = told_by(inside, missed)
    return 2.0 * coverage * density / (coverage + density) if coverage + density else 0.0
