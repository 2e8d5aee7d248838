"""Cases of a study for any number of columns of its parameter vector.

A column is a full set of numbers: the central values, a variant with other levels or prices, a
sample. Structure is found once; a block of columns is array arithmetic. Every sum runs in the order
of its terms whatever the number of columns, so that a column has the same bytes in any block.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.commitments import Commitments, rounds_of
from lantian.core.projection import (
    Contraction,
    PlanBase,
    PlanNumbers,
    Projection,
    at_level,
    baseline_activity,
    contraction,
    emission,
    plan_base,
)
from lantian.core.rounds import apply_rounds
from lantian.core.seasonal import Layer, SeasonalGroups, Shifts
from lantian.core.system import Array, Index, Structure, Values
from lantian.ensemble.uses import Uses, uses
from lantian.inventory.contract import Window
from lantian.parameters import Numbers
from lantian.parameters.watch import Slots
from lantian.plan.commitments import counts_in
from lantian.study.model import Study
from lantian.vocabulary import Case, Reading

BLOCK = 250
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
    def base_adds(self) -> Contraction:
        """How the states of the inventory add up to sources."""
        return contraction(self.structure, self.structure.base)

    @cached_property
    def plan_adds(self) -> Contraction:
        """How all states add up, as far as there can be any activity in them under the plan."""
        structure = self.structure
        held = np.zeros(len(structure.states), dtype=bool)
        held[structure.base] = True
        for one in self.plan.rounds.rounds:
            held[one.target] = True
        return contraction(structure, np.arange(len(held)), held)

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

    def progress(self, case: Case | Reading) -> Array:
        """Return the part of each level that is moved [1], dims (commitment, plan year)."""
        own = self.commitments
        part = own.pace if case == "plan_year_end" else own.progress
        return part[:, self.years[self.plan_years]]

    @cached_property
    def uses(self) -> Uses:
        """What each slot is used for in these years."""
        return uses(self.study, self.window)

    def values(self, theta: Array, vary: Slots | None = None) -> Values:
        """Return the numbers of the system in :attr:`years`.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        vary
            Slots in which the columns differ; all by default.

        Returns
        -------
        Values
            Of as many samples; parts that no slot which varies is used for have one.
        """
        compiled = self.study.compiled
        if vary is None:
            return compiled.values(theta, self.window)
        columns = self.uses.system.map(lambda read: differing(theta, read, vary))
        return compiled.values_of(columns, self.window)

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
        # What stands here no move would find; there is nothing unless a range was left.
        assert not values.activity[self.structure.idle].any(), "activity outside the structure"
        emitted = emission(self.base_adds, values, values.activity, self.wanted)
        activity = baseline_activity(self.structure, values)
        return Projection(self._labels(self.years), emitted, activity)

    def plan_values(self, values: Values) -> Values:
        """Return the numbers of the years of the plan."""
        years = self.plan_years
        return replace(
            values,
            activity=values.activity[:, years],
            factors=tuple(
                replace(own, value=own.value[:, :, years]) if own.value.shape[2] > 1 else own
                for own in values.factors
            ),
            recent=values.recent[:, :, years],
        )

    def plan_base(self, values: Values, baseline: Projection) -> PlanBase:
        """Return what commitments act on, whatever their levels.

        Parameters
        ----------
        values
            Numbers of the years of the plan.
        baseline
            In :attr:`years`.

        Returns
        -------
        PlanBase
            Shared by all readings of the plan.
        """
        before = baseline.activity[:, self.plan_years]
        return plan_base(self.structure, values, self.plan, before)

    def case(
        self,
        theta: Array,
        values: Values,
        base: PlanBase,
        case: Case | Reading,
        vary: Slots | None = None,
    ) -> tuple[Projection, Array]:
        """Return a reading of the plan in :attr:`plan_years`, and what it moves.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).
        values
            Numbers of the years of the plan.
        base
            As :meth:`plan_base` gives it.
        case
            ``plan`` or another reading of it.
        vary
            As in :meth:`values`.

        Returns
        -------
        Projection
            With the commitments that count in that reading.
        Array
            [unit of the from-source], dims (move, plan year, sample).
        """
        own = theta if vary is None else differing(theta, self.uses.levels, vary)
        level = self.levels(own) * self.counts(case)[:, None, None]
        found = apply_rounds(self.plan.rounds, at_level(base, level, self.progress(case)))
        years = len(self.plan_years)
        activity, moved = (a.reshape(len(a), years, -1) for a in (found.activity, found.moved))
        groups = self.structure.seasonal if case == "plan_year_end" else self.study.dated
        return self.projection(self.plan_adds, values, activity, moved, groups), moved

    def projection(
        self,
        adds: Contraction,
        values: Values,
        activity: Array,
        moved: Array,
        seasonal: SeasonalGroups | None,
    ) -> Projection:
        """Return a case in :attr:`plan_years`, with the months of what moves.

        Parameters
        ----------
        adds
            How all states add up.
        values
            Numbers of the years of the plan.
        activity, moved
            [source unit], dims (state, plan year, sample) and (move, plan year, sample).
        seasonal
            Groups that act in other months than their sources emit in; None where none does.
        """
        wanted, structure = self.wanted[:, self.plan_years], self.structure
        labels = self._labels(self.years[self.plan_years])
        emitted = emission(adds, values, activity, wanted)
        if seasonal is None:
            return Projection(labels, emitted, activity)
        shifts = Shifts(
            lambda: seasonal.shifts(
                structure.arcs,
                values.conversion,
                moved,
                lambda layer, change: emission(self._adds_of(layer), values, change, wanted),
                self.years[self.plan_years],
            )
        )
        return Projection(labels, emitted, activity, shifts)

    def _adds_of(self, layer: Layer) -> Contraction:
        """Return how the states of a layer add up to its sources, found once."""
        key = layer.states.tobytes(), layer.sources.tobytes()
        found = self._of_layers.get(key)
        if found is None:
            found = contraction(self.structure, layer.states, sources=layer.sources)
            self._of_layers[key] = found
        return found

    @cached_property
    def _of_layers(self) -> dict[tuple[bytes, bytes], Contraction]:
        return {}

    def _labels(self, years: Index) -> tuple[int, ...]:
        return tuple(self.structure.years[y] for y in years)


@cache
def keep_freed_memory() -> None:
    """Let the C library keep the memory of a block for the next one.

    It gives the memory of large arrays back to the system as soon as they are freed, and a quarter
    of the time of a block goes into asking for it again. How large "large" is, glibc learns from
    what it frees: one array just below its ceiling of 32 MB is enough. Elsewhere this does nothing.
    """
    np.empty(2**25 - 2**16, dtype=np.uint8)


def differing(theta: Array, read: Slots, vary: Slots | None) -> Array:
    """Return the columns that differ for whoever reads some slots: all, or the first one.

    Parameters
    ----------
    theta
        Values of all slots, dims (slot, sample).
    read
        Slots that are read.
    vary
        Slots in which the columns differ; all if None.

    Returns
    -------
    Array
        dims (slot, sample or 1).
    """
    return theta if vary is None or (read & vary).any() else theta[:, :1]


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
