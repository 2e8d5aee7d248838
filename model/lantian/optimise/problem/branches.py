"""Targets that one upper limit on emissions does not say: several rows, and choices between them.

A row may hold from below, have a limit of its own, and 0/1 variables that stand for an OR in the
wording of a plan. All rows of a target must hold.
"""

from dataclasses import dataclass, replace

import numpy as np

from lantian.core.seasonal import Monthly
from lantian.core.system import Array


@dataclass(frozen=True)
class Branches:
    """Rows ``lower <= sum(weight * emission) + choice . z <= upper`` with ``z`` 0 or 1.

    Attributes
    ----------
    target
        Id of the target of each row.
    tier
        Tier of each row: it is asked for from that one on.
    weight
        [unit of the target per t], dims (row, source, pollutant).
    lower, upper
        Limits less what no emission moves [unit of the target], dims (row,); one of the two is
        infinite.
    binaries
        Names of the 0/1 variables.
    choice
        Their coefficients [unit of the target], dims (row, binary).
    activity
        [unit of the target per source unit], dims (row, state); None if no state counts by itself.
    monthly
        What an emission counts in a row about some months, by row; empty if no row is.
    """

    target: tuple[str, ...]
    tier: tuple[int, ...]
    weight: Array
    lower: Array
    upper: Array
    binaries: tuple[str, ...]
    choice: Array
    activity: Array | None = None
    monthly: tuple[Monthly | None, ...] = ()

    def __len__(self) -> int:
        return len(self.target)

    def up_to(self, tier: int) -> "Branches | None":
        """Return the rows that are asked for in a tier; None if there are none."""
        kept = np.flatnonzero(np.asarray(self.tier) <= tier)
        if not len(kept):
            return None
        return replace(
            self,
            target=tuple(self.target[k] for k in kept),
            tier=tuple(self.tier[k] for k in kept),
            weight=self.weight[kept],
            lower=self.lower[kept],
            upper=self.upper[kept],
            choice=self.choice[kept],
            activity=None if self.activity is None else self.activity[kept],
            monthly=tuple(self.monthly[k] for k in kept) if self.monthly else (),
        )
