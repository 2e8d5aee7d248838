"""Least-cost problems of many samples: what does not depend on a sample is found once a block."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.projection import Projection
from lantian.core.system import Array, Index, System, emission_by_source, system_of
from lantian.ensemble.outcomes import Inquiry, ask
from lantian.indicators.available import fit_all
from lantian.indicators.contract import Fitted, Row
from lantian.inventory.contract import Window
from lantian.optimise.problem.coefficients import LeastCost, Targets
from lantian.optimise.procedure.question import blocks_of
from lantian.plan.targets import (
    ResolvedTarget,
    base_values,
    judge_targets,
    rows_of,
    simple_row,
    stacked_activity,
)
from lantian.study.carbon import with_charge
from lantian.study.model import Study
from lantian.study.problems import targets_by_year, tiers_by_year
from lantian.vocabulary import HEADLINE


@dataclass(frozen=True)
class World:
    """One sample.

    Attributes
    ----------
    system
        In the years of the targets and the first one of measures only.
    problems
        Least-cost problem by year position of the study.
    at
        Position of each of these years in the system.
    """

    system: System
    problems: Mapping[int, LeastCost]
    at: Mapping[int, int]


@dataclass(frozen=True)
class Worlds:
    """Makes the least-cost problems of samples.

    Attributes
    ----------
    study
        Whose targets are asked for.
    """

    study: Study

    @cached_property
    def rows(self) -> dict[int, Targets]:
        """Targets at central values of which the headline is asked for, by year position."""
        headline = {y: np.asarray(t) < len(HEADLINE) for y, t in self.tiers.items()}
        return {
            y: replace(rows, enforced=headline[y] & _enforced(rows))
            for y, rows in targets_by_year(self.study).items()
        }

    @cached_property
    def tiers(self) -> dict[int, list[int]]:
        """Tier of each target, by year position."""
        return tiers_by_year(self.study)

    @cached_property
    def window(self) -> Window:
        """Years of the targets, and the first one of measures."""
        years = np.unique([self.study.compiled.structure.start, *self.rows])
        return Window(years, years)

    @cached_property
    def _inquiry(self) -> Inquiry:
        return ask(self.study, ("baseline",), ())

    @cached_property
    def positions(self) -> dict[int, Index]:
        """Position in the study of each target of :attr:`rows`, by year position."""
        ids = [t.target.id for t in self.study.targets]
        return {y: np.array([ids.index(i) for i in own.ids]) for y, own in self.rows.items()}

    def of_block(self, theta: Array) -> Iterator[World]:
        """Yield the problems of some columns of the parameter vector, in their order.

        Parameters
        ----------
        theta
            Values of all slots, dims (slot, sample).

        Yields
        ------
        World
            As if the study had been put together with these numbers.
        """
        structure, years = self.study.compiled.structure, self.window.years
        values = self.study.compiled.values(theta, self.window)
        targets, committed = self._targets(theta), self._committed(theta)
        at = {y: int(np.searchsorted(years, y)) for y in self.rows}
        for k in range(theta.shape[1]):
            system = system_of(structure, values, k, years)
            system = with_charge(system, self.study.carbon, theta[:, [k]], years)
            yield World(
                system,
                {
                    y: blocks_of(
                        self.study.question, system, at[y], targets[y].of(k), committed[y][:, k]
                    )
                    for y in self.rows
                },
                at,
            )

    def _targets(self, theta: Array) -> "dict[int, _Sampled]":
        """Return the rows of the targets in all samples, by year position."""
        inquiry, targets = self._inquiry, self.study.targets
        values = inquiry.evaluator.values(theta)
        baseline = inquiry.evaluator.baseline(values)
        fitted = fit_all(inquiry.declared, theta, baseline)
        base = base_values(targets, fitted, baseline, theta)
        limit = judge_targets(targets, fitted, base, baseline).limit
        found = {}
        for y, ids in self.positions.items():
            rows = [_row(targets[t], fitted, limit[t]) for t in ids.tolist()]
            found[y] = _Sampled(self.rows[y], rows, limit[ids])
        return found

    def _committed(self, theta: Array) -> dict[int, Array]:
        """Return what the plan moves, where the optimiser is asked to keep it, by year position.

        dims (move, sample).
        """
        question, samples = self.study.question, theta.shape[1]
        if not (question.hold or question.floor):
            none = np.zeros((len(self.study.system.moves), samples))
            return dict.fromkeys(self.rows, none)
        evaluator = self._inquiry.evaluator
        values = evaluator.values(theta)
        own = evaluator.plan_values(values)
        before = evaluator.plan_base(own, evaluator.baseline(values))
        _, moved = evaluator.case(theta, own, before, "plan")
        years = evaluator.years[evaluator.plan_years]
        return {y: moved[:, int(np.searchsorted(years, y))] for y in self.rows}


def world(study: Study, theta: Array) -> Study:
    """Return a study with other numbers, on the same states and moves.

    Parameters
    ----------
    study
        The scenario put together at central values.
    theta
        Values of all slots, dims (slot, 1).

    Returns
    -------
    Study
        Its system, commitments and targets are those of these numbers; limits of the planner stay.
    """
    system = with_charge(study.compiled.system(theta), study.carbon, theta)
    baseline = emission_by_source(system, system.baseline)
    before = Projection(system.years, baseline[..., None], system.baseline[..., None])
    declared = {name: own.declared for name, own in study.indicators.items()}
    fitted = fit_all(declared, theta, before)
    base = base_values(study.targets, fitted, before, theta)
    level = study.levels(theta)[..., 0]
    counted = np.isin(study.all_commitments.commitment, study.commitments.commitment)
    targets = []
    for target, own_base in zip(study.targets, base, strict=True):
        own = fitted.get(target.target.indicator_id) if target.computed else None
        if own is None:
            targets.append(target)
            continue
        anew = replace(target, fitted=own, base=own_base)
        _, base_value, limit = anew.judge(before)
        rows = rows_of(target.target, own, np.array([limit]))
        targets.append(replace(anew, rows=rows, base_value=base_value, limit=limit))
    return replace(
        study,
        system=system,
        baseline=baseline,
        commitments=replace(study.commitments, level=level[counted]),
        all_commitments=replace(study.all_commitments, level=level),
        targets=targets,
    )


@dataclass(frozen=True)
class _Sampled:
    """Rows of the targets of a year in many samples; ``limit`` has dims (target, sample)."""

    central: Targets
    rows: Sequence[Row]
    limit: Array

    def of(self, k: int) -> Targets:
        """Return those of one sample."""
        return replace(
            self.central,
            weight=np.array([_at(row.weight, k) for row in self.rows]),
            constant=np.array([_at(row.constant, k) for row in self.rows]),
            limit=self.limit[:, k],
            activity=stacked_activity(
                [None if row.activity is None else _at(row.activity, k) for row in self.rows]
            ),
            monthly=tuple(
                None if row.monthly is None else row.monthly.of_sample(k) for row in self.rows
            ),
        )


def _enforced(rows: Targets) -> NDArray[np.bool_]:
    return np.ones(len(rows), np.bool_) if rows.enforced is None else rows.enforced


def _row(target: ResolvedTarget, fitted: Mapping[str, Fitted], limit: Array) -> Row:
    row = simple_row(rows_of(target.target, fitted[target.target.indicator_id], limit))
    assert row is not None  # a target has the same kind of rows whatever the numbers
    return row


def _at(values: Array, k: int) -> Array:
    """Return one sample of what may be the same in all."""
    return np.asarray(values[..., min(k, values.shape[-1] - 1)])
