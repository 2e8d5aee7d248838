"""Areas of a region: where the sources act."""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array


@dataclass(frozen=True)
class Areas:
    """The area axis: townships, or whatever the planner divides the region into.

    Measures are taken to act evenly over the areas of a source: what a source emits, and what its
    measures cost, falls on an area by its share, in every year and case.

    Attributes
    ----------
    names
        Ids along the axis.
    share
        Share of each source's activity [1], dims (area, source); sums to 1 over the areas.
    assumed
        Sources of which a share rests on an assumed number, ascending.
    """

    names: tuple[str, ...]
    share: Array
    assumed: tuple[int, ...] = ()

    def split(self, by_source: Array) -> Array:
        """Return what falls on each area of each source.

        Parameters
        ----------
        by_source
            Anything that adds up over areas, dims (source, ...).

        Returns
        -------
        Array
            In the same unit, dims (area, source, ...).
        """
        return np.asarray(np.einsum("as,s...->as...", self.share, by_source))

    def inside(self, names: tuple[str, ...]) -> Array:
        """Return the share of each source in some areas together [1], dims (source,)."""
        return np.asarray(self.share[[name in names for name in self.names]].sum(axis=0))
