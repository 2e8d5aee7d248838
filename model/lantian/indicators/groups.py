"""Emissions added up over the source groups of the PM2.5 response."""

from dataclasses import dataclass

import numpy as np

from lantian.core.system import Array, Index, Sources, sum_by
from lantian.inventory.contract import pollutant_index
from lantian.vocabulary import GROUPS, Pollutant

PRECURSORS: tuple[Pollutant, ...] = ("PM2.5", "SO2", "NOx", "VOC", "NH3")
"""Order of the pollutant axis of a response: primary particles, then the gases that form them."""
COLUMNS = pollutant_index(PRECURSORS)
"""Positions of the precursors on the pollutant axis of the inventory."""


@dataclass(frozen=True)
class Grouping:
    """Which source is in which group.

    Attributes
    ----------
    group
        Position in :data:`~lantian.vocabulary.GROUPS` of each source [source].
    order
        Sources sorted by group [source].
    """

    group: Index
    order: Index

    def add(self, values: Array) -> Array:
        """Return the sums of each group.

        Parameters
        ----------
        values
            Anything that adds up, dims (source, ...).

        Returns
        -------
        Array
            Dims (group, ...).
        """
        return sum_by(values[self.order], self.group[self.order], len(GROUPS))


def grouping(sources: Sources) -> Grouping:
    """Return which source is in which group."""
    group = np.array([GROUPS.index(g) for g in sources.group], dtype=np.int64)
    return Grouping(group, np.argsort(group, kind="stable"))
