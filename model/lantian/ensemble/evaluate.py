"""Cases of a study for any number of columns of its parameter vector.

A column is a full set of numbers: the central values, a variant with other levels or prices, a
sample. Structure is found once; a block of columns is array arithmetic. Every sum runs in the order
of its terms whatever the number of columns, so that a column has the same bytes in any block.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.commitments import Commitments, rounds_of
from lantian.core.projection import (
    Contraction,
    PlanNumbers,
    Projection,
    apply_plan,
    baseline_activity,
    contraction,
    emission,
)
from lantian.core.system import Array, Index, Values
from lantian.inventory.contract import Window
from lantian.parameters import Numbers
from lantian.plan.commitments import counts_in
from lantian.study.model import Study
from lantian.vocabulary import Case, Reading

BLOCK = 128
"""Columns evaluated at a time: large enough for arrays to pay, small enough to stay in the cache
and under 300 MB."""

OUTSIDE = 1e-9
"""Activity [share of its source's] that may fall outside the states of a structure as rounding."""


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """What it takes to evaluate a study for many columns.

    Attributes
    ----------
    study
        Put together once, at central values.
    years
        Positions of the years in which the baseline is wanted, ascending.
    plan_years
        Those of them in which the plan is wanted, as positions in ``years``.
    """

    study: Study
    years: Index
    plan_years: Index

    @cached_property
    def commitments(self) -> Commitments:
        """Every commitment of the scenario, whether it is credited or not."""
        return self.study.all_commitments

    @cached_property
    def window(self) -> Window:
        """Years of the baseline, and the first years of what counts as new."""
        start = self.study.system.start
        return Window(self.years, np.unique(np.r_[start, self.commitments.since]))

    @cached_property
    def adds(self) -> Contraction:
        """How states add up to sources."""
        return contraction(self.study.compiled.structure)

    @cached_property
    def plan(self) -> PlanNumbers:
        """The commitments as they are applied."""
        since = self.window.since
        return PlanNumbers(
            rounds_of(self.study.system, self.commitments),
            self.commitments.group,
            np.searchsorted(since, self.commitments.since),
            int(np.searchsorted(since, self.study.system.start)),
        )

    @cached_property
    def levels(self) -> Numbers:
        """Level of each commitment, dims (commitment, plan year)."""
        return self.study.levels[:, self.years[self.plan_years]]

    def counts(self, case: Case | Reading) -> NDArray[np.bool_]:
        """Return which commitments count in a reading of the plan, dims (commitment,)."""
        return counts_in(self.commitments, self.study.scenario, case)

    def baseline(self, values: Values) -> Projection:
        """Return the baseline in :attr:`years`.

        Parameters
        ----------
        values
            Numbers of the system in these years.

        Returns
        -------
        Projection
            Without any commitment.
        """
        structure = self.study.compiled.structure
        activity = baseline_activity(structure, values)
        return Projection(
            self._labels(self.years),
            emission(structure, self.adds, values, activity),
            activity,
        )

    def case(
        self, theta: Array, values: Values, baseline: Projection, case: Case | Reading
    ) -> Projection:
        """Return a reading of the plan in :attr:`plan_years`.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        values
            Numbers of the system in :attr:`years`.
        baseline
            In the same years.
        case
            ``plan`` or another reading of it.

        Returns
        -------
        Projection
            With the commitments that count in that reading.
        """
        own = self.plan_values(values)
        level = self.levels(theta) * self.counts(case)[:, None, None]
        before = baseline.activity[:, self.plan_years]
        found = apply_plan(self.study.compiled.structure, own, self.plan, level, before)
        activity = found.activity.reshape(before.shape)
        return Projection(
            self._labels(self.years[self.plan_years]),
            emission(self.study.compiled.structure, self.adds, own, activity),
            activity,
        )

    def plan_values(self, values: Values) -> Values:
        """Return the numbers of the years of the plan."""
        factor = values.factor
        if factor.shape[2] > 1:
            factor = factor[:, :, self.plan_years]
        return Values(
            values.activity[:, self.plan_years],
            factor,
            values.recent[:, :, self.plan_years],
            values.kept,
            values.reach,
            values.conversion,
            values.cost,
        )

    def _labels(self, years: Index) -> tuple[int, ...]:
        return tuple(self.study.system.years[y] for y in years)


def blocks(columns: int, width: int = BLOCK) -> Iterator[slice]:
    """Yield slices of at most ``width`` columns.

    Parameters
    ----------
    columns
        How many there are.
    width
        Most columns of a slice.

    Yields
    ------
    slice
        In order, together all columns.
    """
    for first in range(0, columns, width):
        yield slice(first, min(first + width, columns))


def evaluator(study: Study, years: Sequence[int], plan_years: Sequence[int]) -> Evaluator:
    """Return what evaluates a study in some years.

    Parameters
    ----------
    study
        Put together once.
    years
        Calendar years of the baseline.
    plan_years
        Calendar years of the plan; those before the first year of the plan are left out.

    Returns
    -------
    Evaluator
        Ready for any block of columns.
    """
    every = study.system.years
    later = {y for y in plan_years if every.index(y) >= study.system.start}
    wanted = sorted({*years, *later})
    return Evaluator(
        study=study,
        years=np.array([every.index(y) for y in wanted], dtype=np.int64),
        plan_years=np.array([i for i, y in enumerate(wanted) if y in later], dtype=np.int64),
    )
