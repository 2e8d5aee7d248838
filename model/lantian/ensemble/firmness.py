"""How firm states are: the weakest basis among the numbers that their arrays rest on.

Nobody lists which number goes where. All numbers of one basis are nudged together and what changes
rests on at least one of them. Each is nudged by a share of its own, so that shares which are scaled
to add up to 1 do not hide their numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array, Structure, Values
from lantian.inventory.contract import every_year
from lantian.measures.compile import Compiled
from lantian.parameters import Space
from lantian.parameters.space import CONSTANTS
from lantian.vocabulary import BASES

NUDGE = 1e-8
"""Smallest relative change of a number [1]; the largest is twice that."""
GOLDEN = (5.0**0.5 - 1.0) / 2.0
"""Fractional parts of its multiples are spread evenly and never repeat."""

Ranks = NDArray[np.int64]
"""Positions in ``BASES``, the firmest first."""


@dataclass(frozen=True)
class Firmness:
    """Weakest basis of each state's activity, factor and both, as positions in ``BASES``.

    ``activity`` has dims (state,), ``factor`` and ``emission`` (state, pollutant). A state that
    rests on nothing but constants is as firm as can be.
    """

    activity: Ranks
    factor: Ranks
    emission: Ranks


def firmness(compiled: Compiled, space: Space) -> Firmness:
    """Return what each state rests on, its controls included.

    Parameters
    ----------
    compiled
        The system as structure and numbers.
    space
        Holds the numbers with their basis.

    Returns
    -------
    Firmness
        A state that only measures lead to has the activity of its source and technology.
    """
    structure = compiled.structure
    values = compiled.values(_nudged(space), every_year(len(structure.years)))
    activity = _activity(structure, values)
    of_kind = np.zeros(structure.emits.shape, dtype=np.int64)
    for own in values.factors:
        of_kind[own.kinds, own.pollutants] = _weakest(own.value, axis=2)
    kind = of_kind[structure.kind]
    package = _weakest(values.kept)[structure.package]
    factor = np.maximum(kind, package)
    return Firmness(activity, factor, np.maximum(activity[:, None], factor))


def _nudged(space: Space) -> Array:
    """Return the central values, and a column per basis with its numbers nudged."""
    central = space.central()
    nudge = np.zeros((len(central), len(BASES)))
    for i, number in enumerate(space.given):
        share = NUDGE * (1.0 + (i + 1) * GOLDEN % 1.0)
        nudge[len(CONSTANTS) + i, BASES.index(number.basis)] = share
    return np.concatenate([central, central * (1.0 + nudge)], axis=1)


def _weakest(values: Array, axis: int | None = None) -> Ranks:
    """Return the weakest basis whose nudge changes an array, whose last axis is its columns."""
    changed = values[..., 1:] != values[..., :1]
    if axis is not None:
        changed = changed.any(axis=axis)
    ranks = np.where(changed, np.arange(len(BASES)), 0)
    return np.asarray(ranks.max(axis=-1), dtype=np.int64)


def _activity(structure: Structure, values: Values) -> Ranks:
    """Return the rank of each state's activity: the weakest of its source and technology."""
    own = _weakest(values.activity, axis=1)
    of_kind = np.zeros(int(structure.kind.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(of_kind, structure.kind[structure.base], own)
    return of_kind[structure.kind]
