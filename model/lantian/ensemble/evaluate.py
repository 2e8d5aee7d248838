"""Cases of a study for any number of columns of its parameter vector.

A column is a full set of numbers: the central values, a variant with other levels or prices, a
sample. Structure is found once; a block of columns is array arithmetic. Every sum runs in the order
of its terms whatever the number of columns, so that a column has the same bytes in any block.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.commitments import Commitments, rounds_of
from lantian.core.projection import (
    Contraction,
    PlanNumbers,
    Projection,
    at_level,
    baseline_activity,
    contraction,
    emission,
    plan_columns,
)
from lantian.core.rounds import Columns, apply_rounds
from lantian.core.system import Array, Index, Structure, Values
from lantian.inventory.contract import Window
from lantian.parameters import Numbers
from lantian.plan.commitments import counts_in
from lantian.study.model import Study
from lantian.vocabulary import Case, Reading

BLOCK = 128
"""Columns evaluated at a time: large enough for arrays to pay, small enough to stay in the cache
and under 300 MB."""

Wanted = NDArray[np.bool_]
"""Which pollutants are wanted in which years, dims (pollutant, year)."""


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
    wanted
        Pollutants that are wanted in each of ``years``.
    """

    study: Study
    years: Index
    plan_years: Index
    wanted: Wanted

    @property
    def structure(self) -> Structure:
        """States, moves and groups."""
        return self.study.compiled.structure

    @property
    def commitments(self) -> Commitments:
        """Every commitment of the scenario, whether it is credited or not."""
        return self.study.all_commitments

    @cached_property
    def window(self) -> Window:
        """Years of the baseline, and the first years of what counts as new."""
        start = self.structure.start
        return Window(self.years, np.unique(np.r_[start, self.commitments.since]))

    @cached_property
    def adds(self) -> Contraction:
        """How states add up to sources."""
        return contraction(self.structure)

    @cached_property
    def plan(self) -> PlanNumbers:
        """The commitments as they are applied."""
        since = self.window.since
        return PlanNumbers(
            rounds_of(self.study.system, self.commitments),
            self.commitments.group,
            np.searchsorted(since, self.commitments.since),
            int(np.searchsorted(since, self.structure.start)),
        )

    @cached_property
    def levels(self) -> Numbers:
        """Level of each commitment, dims (commitment, plan year)."""
        return self.study.levels[:, self.years[self.plan_years]]

    def counts(self, case: Case | Reading) -> NDArray[np.bool_]:
        """Return which commitments count in a reading of the plan, dims (commitment,)."""
        return counts_in(self.commitments, self.study.scenario, case)

    def values(self, theta: Array) -> Values:
        """Return the numbers of the system in :attr:`years`.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Returns
        -------
        Values
            Of as many samples.
        """
        return self.study.compiled.values(theta, self.window)

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
        activity = baseline_activity(self.structure, values)
        # What stands here no move would find; there is nothing unless a range was left.
        assert not values.activity[self.structure.idle].any(), "activity outside the structure"
        emitted = emission(self.structure, self.adds, values, activity, self.wanted)
        return Projection(self._labels(self.years), emitted, activity)

    def plan_values(self, values: Values) -> Values:
        """Return the numbers of the years of the plan."""
        factor = values.factor
        return replace(
            values,
            activity=values.activity[:, self.plan_years],
            factor=factor[:, :, self.plan_years] if factor.shape[2] > 1 else factor,
            recent=values.recent[:, :, self.plan_years],
        )

    def plan_base(self, values: Values, baseline: Projection) -> Columns:
        """Return what commitments act on, whatever their levels.

        Parameters
        ----------
        values
            Numbers of the years of the plan.
        baseline
            In :attr:`years`.

        Returns
        -------
        Columns
            Shared by all readings of the plan.
        """
        before = baseline.activity[:, self.plan_years]
        return plan_columns(self.structure, values, self.plan, before)

    def case(
        self, theta: Array, values: Values, columns: Columns, case: Case | Reading
    ) -> tuple[Projection, Array]:
        """Return a reading of the plan in :attr:`plan_years`, and what it moves.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        values
            Numbers of the years of the plan.
        columns
            As :meth:`plan_base` gives them.
        case
            ``plan`` or another reading of it.

        Returns
        -------
        Projection
            With the commitments that count in that reading.
        Array
            [unit of the from-source], dims (move, plan year, sample).
        """
        level = self.levels(theta) * self.counts(case)[:, None, None]
        found = apply_rounds(self.plan.rounds, at_level(columns, level))
        activity, moved = (a.reshape(-1, *level.shape[1:]) for a in (found.activity, found.moved))
        wanted = self.wanted[:, self.plan_years]
        emitted = emission(self.structure, self.adds, values, activity, wanted)
        return Projection(self._labels(self.years[self.plan_years]), emitted, activity), moved

    def _labels(self, years: Index) -> tuple[int, ...]:
        return tuple(self.structure.years[y] for y in years)


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
