"""Factors brought to totals that are known, for any column of the parameter vector.

A sector's emission of a pollutant is brought to its total by one factor per year on all that its
sources emit of it, so that shares of sources, and of what measures take, stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantian.core.harmonise import harmonise
from lantian.core.ordered import ordered_sum
from lantian.core.system import Array, Index
from lantian.errors import Place
from lantian.inventory.totals import Reference
from lantian.vocabulary import POLLUTANTS, Harmonising


@dataclass(frozen=True, kw_only=True)
class Harmonised:
    """Sources that are brought to a total together.

    Attributes
    ----------
    pollutant
        Position on the pollutant axis.
    sectors, sources
        Positions of the sectors, and of their sources.
    total
        What is known of them [t/a].
    less
        Parts of ``total`` that other groups are brought to [t/a].
    base
        Position of the year of the total.
    method, until
        How the correction goes on: see :func:`~lantian.core.harmonise.harmonise`.
    place
        Where it is asked for.
    """

    pollutant: int
    sectors: Index
    sources: Index
    total: Reference
    less: tuple[Reference, ...]
    base: int
    method: Harmonising
    until: int | None
    place: Place

    @property
    def needs_path(self) -> bool:
        """Whether the correction depends on more than the year of the total."""
        return not self.method.endswith("ratio")

    def known(self, theta: Array) -> Array:
        """Return what the sources are brought to [t/a], dims (sample,)."""
        rest = self.total(theta)
        for other in self.less:
            rest = rest - other(theta)
        return rest

    def own(self, emission: Array) -> Array:
        """Return what the sources emit [t/a], dims (year, sample), of all that emit."""
        return ordered_sum(emission[self.sources, self.pollutant])

    def scale(self, years: Sequence[int], path: Array, theta: Array) -> Array:
        """Return the factor on the emission of every year [1], dims (year, sample).

        Parameters
        ----------
        years
            Calendar years of the model.
        path
            What the sources emit [t/a], dims (year, sample); without :attr:`needs_path` that of
            the year of the total in every year.
        theta
            Values of all slots, dims (slot, sample).
        """
        path, known = np.broadcast_arrays(path, self.known(theta))
        brought = harmonise(
            years, path, known[self.base], years[self.base], self.method, self.until
        )
        return np.divide(brought, path, out=np.ones_like(brought), where=path > 0.0)


def wanted_of(groups: Sequence[Harmonised], years: int) -> NDArray[np.bool_]:
    """Return the emissions that scales are found from, dims (pollutant, year)."""
    wanted = np.zeros((len(POLLUTANTS), years), dtype=bool)
    for group in groups:
        wanted[group.pollutant, slice(None) if group.needs_path else group.base] = True
    return wanted
