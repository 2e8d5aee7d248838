"""What a study comes to: targets, totals and cost of its cases, for any number of columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lantian.core.ordered import ordered_sum, ordered_total
from lantian.core.projection import Contraction, Projection, contraction
from lantian.core.system import (
    NOWHERE,
    Array,
    Index,
    Values,
    cost_shares,
    paid_units,
    unit_cost,
)
from lantian.ensemble.evaluate import BLOCK, Evaluator, Wanted, blocks, keep_freed_memory
from lantian.ensemble.mix import Mix, mix_of
from lantian.indicators.available import fit_all
from lantian.indicators.contract import Declared, Fitted
from lantian.parameters.watch import Slots
from lantian.plan.targets import ResolvedTarget, base_values, judge_targets
from lantian.study.carbon import CO2
from lantian.study.model import CaseResult, Study
from lantian.vocabulary import POLLUTANTS, Case, Reading


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """Outcomes of some columns, the sample axis last.

    Attributes
    ----------
    value, limit, base
        Of each target under each case [unit of the target], dims (case, target, sample); NaN where
        one is not computed. ``base`` is what a cut is relative to, NaN for a level.
    total
        Emission of the last year [t/a], dims (case, pollutant, sample).
    cost
        Net annual cost in the last year of the measures whose cost is known [currency/a], dims
        (case, sample).
    impossible
        Columns whose numbers contradict each other, dims (sample,).
    """

    value: Array
    limit: Array
    base: Array
    total: Array
    cost: Array
    impossible: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """What is asked of columns of a study.

    Attributes
    ----------
    evaluator
        Projects the years and pollutants that it takes.
    cases
        The baseline and readings of the plan.
    totals
        Positions of the pollutants whose totals are told.
    targets
        Those that are judged.
    mixes
        Solved cases among them, as shares.
    """

    evaluator: Evaluator
    cases: tuple[Case | Reading, ...]
    totals: Index
    targets: Sequence[ResolvedTarget]
    mixes: Mapping[Case | Reading, Mix] = field(default_factory=dict)

    @property
    def study(self) -> Study:
        """What is asked about."""
        return self.evaluator.study

    @cached_property
    def declared(self) -> Mapping[str, Declared]:
        """Indicators that targets are about."""
        return _declared(self.study, self.targets)

    @cached_property
    def mixed_adds(self) -> Mapping[Case | Reading, Contraction]:
        """How the states add up that a solved case can leave anything in."""
        structure, found = self.evaluator.structure, {}
        for case, mix in self.mixes.items():
            held = np.zeros(len(structure.states), dtype=bool)
            held[structure.base] = True
            used = np.concatenate([np.zeros(0, dtype=np.int64), *mix.steps])
            held[mix.target[used][mix.target[used] != NOWHERE]] = True
            found[case] = contraction(structure, np.arange(len(held)), held)
        return found

    @cached_property
    def unknown_cost(self) -> Index:
        """Groups whose cost is not known."""
        return self.study.compiled.costs.unknown


def cases_of(study: Study) -> tuple[Case | Reading, ...]:
    """Return the cases that need no optimiser, in the order of tables.

    Parameters
    ----------
    study
        The scenario put together.

    Returns
    -------
    tuple
        Baseline, plan and the readings of the plan that differ from it.
    """
    if not len(study.commitments):
        return ("baseline",)
    return ("baseline", "plan", *study.readings)


def ask(
    study: Study,
    cases: Sequence[Case | Reading] | None = None,
    totals: Sequence[str] = POLLUTANTS,
    years: Sequence[int] = (),
    solved: Mapping[Case, CaseResult] | None = None,
    targets: Sequence[ResolvedTarget] | None = None,
) -> Inquiry:
    """Return what is asked of columns of a study.

    Parameters
    ----------
    study
        The scenario put together.
    cases
        The baseline and readings of the plan; all that differ by default.
    totals
        Pollutants whose totals in the last year are told.
    years
        Calendar years in which all cases and pollutants are projected, whoever asks for them.
    solved
        Mixes that are told as well, behind the other cases; their shares are held.
    targets
        Those that are judged; all by default.

    Returns
    -------
    Inquiry
        Ready for any block of columns.
    """
    every, last = study.compiled.structure.years, len(study.compiled.structure.years) - 1
    chosen = np.array([POLLUTANTS.index(p) for p in totals], dtype=np.int64)
    judged = study.targets if targets is None else targets
    wanted = _wanted(study, judged)
    wanted[chosen, last] = True
    wanted[CO2, last] |= study.carbon is not None
    wanted[:, [every.index(y) for y in years]] = True
    start = study.compiled.structure.start
    plan = {t.year for t in judged if t.computed} | {every.index(y) for y in years} | {last}
    used = np.flatnonzero(wanted.any(axis=0) | np.isin(np.arange(len(every)), [*plan]))
    evaluator = Evaluator(
        study=study,
        years=used,
        plan_years=np.flatnonzero(np.isin(used, [*plan]) & (used >= start)),
        wanted=wanted[:, used],
    )
    told = tuple(cases or cases_of(study))
    solved = {} if solved is None else solved
    at = used[evaluator.plan_years]
    return Inquiry(
        evaluator=evaluator,
        cases=(*told, *solved),
        totals=chosen,
        targets=judged,
        mixes={name: mix_of(study.system, case, at) for name, case in solved.items()},
    )


def _declared(study: Study, targets: Sequence[ResolvedTarget]) -> dict[str, Declared]:
    names = dict.fromkeys(t.target.indicator_id for t in targets if t.computed)
    return {name: study.indicators[name].declared for name in names}


def _wanted(study: Study, targets: Sequence[ResolvedTarget]) -> Wanted:
    """Return which pollutants targets rest on in which years of the model."""
    years, declared = study.compiled.structure.years, _declared(study, targets)
    wanted = np.zeros((len(POLLUTANTS), len(years)), dtype=bool)
    for target in (t for t in targets if t.computed):
        own = declared[target.target.indicator_id].pollutants(target.target.subject)
        named = {target.target.year, study.scenario.base_year, target.base_year} - {None}
        at = np.ix_(
            [POLLUTANTS.index(p) for p in own], [years.index(y) for y in named if y in years]
        )
        wanted[at] = True
    return wanted


def outcomes(inquiry: Inquiry, theta: Array, width: int = BLOCK) -> Outcomes:
    """Return what columns come to.

    Parameters
    ----------
    inquiry
        What is asked.
    theta
        Values of all slots, dims (slot, sample).
    width
        Columns that are evaluated at a time.

    Returns
    -------
    Outcomes
        The same bytes whatever the width.
    """
    return joined([of_block(inquiry, theta[:, own]) for own in blocks(theta.shape[1], width)])


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Return outcomes of columns behind one another."""
    names = Outcomes.__dataclass_fields__
    return Outcomes(
        **{n: np.concatenate([getattr(part, n) for part in parts], axis=-1) for n in names}
    )


def of_block(inquiry: Inquiry, theta: Array, vary: Slots | None = None) -> Outcomes:
    """Return what the columns of one block come to.

    Parameters
    ----------
    inquiry
        What is asked.
    theta
        Values of all slots, dims (slot, sample).
    vary
        Slots in which the columns differ, where these are few: what does not depend on them is
        computed once. All by default.

    Returns
    -------
    Outcomes
        Of as many columns.
    """
    targets = inquiry.targets
    values, projected, moved = projections(inquiry, theta, vary)
    baseline = projected["baseline"]
    fitted = fit_all(inquiry.declared, theta, baseline)
    base = base_values(targets, fitted, baseline, theta)
    judged = [judge_targets(targets, fitted, base, projected[c]) for c in inquiry.cases]

    def wide(arrays: Sequence[Array]) -> Array:
        shape = (*arrays[0].shape[:-1], theta.shape[1])
        return np.stack([np.broadcast_to(array, shape) for array in arrays])

    return Outcomes(
        value=wide([j.value for j in judged]),
        limit=wide([j.limit for j in judged]),
        base=wide([j.base for j in judged]),
        total=wide([_total(inquiry, projected[c]) for c in inquiry.cases]),
        cost=wide(
            [
                _cost(inquiry, values, moved[c][:, -1])
                + _carbon_cost(inquiry, theta, baseline, projected[c], moved[c][:, -1])
                if c in moved
                else np.zeros(1)
                for c in inquiry.cases
            ]
        ),
        impossible=_impossible(fitted, theta.shape[1]),
    )


def projections(
    inquiry: Inquiry, theta: Array, vary: Slots | None = None
) -> tuple[Values, dict[Case | Reading, Projection], dict[Case | Reading, Array]]:
    """Return all cases in the columns of one block.

    Parameters
    ----------
    inquiry, theta, vary
        As for :func:`of_block`.

    Returns
    -------
    Values
        Numbers of the years.
    dict
        Projection of each case, the baseline among them.
    dict
        What each of the others moves [unit of the from-source], dims (move, plan year, sample).
    """
    keep_freed_memory()
    evaluator = inquiry.evaluator
    values = evaluator.values(theta, vary)
    baseline = evaluator.baseline(values)
    projected: dict[Case | Reading, Projection] = {"baseline": baseline}
    moved: dict[Case | Reading, Array] = {}
    if inquiry.cases != ("baseline",):
        own = evaluator.plan_values(values)
        before = evaluator.plan_base(own, baseline)
        for case in inquiry.cases:
            if case in inquiry.mixes:
                projected[case], moved[case] = _mixed(inquiry, case, own, baseline)
            elif case != "baseline":
                projected[case], moved[case] = evaluator.case(theta, own, before, case, vary)
    return values, projected, moved


def _mixed(
    inquiry: Inquiry, case: Case | Reading, values: Values, baseline: Projection
) -> tuple[Projection, Array]:
    """Return a solved case in the years of the plan, and what it moves."""
    evaluator = inquiry.evaluator
    before = baseline.activity[:, evaluator.plan_years]
    activity, moved = inquiry.mixes[case].activity(values, before)
    adds, seasonal = inquiry.mixed_adds[case], evaluator.structure.seasonal
    return evaluator.projection(adds, values, activity, moved, seasonal), moved


def _total(inquiry: Inquiry, case: Projection) -> Array:
    """Return the emission of the last year [t/a], dims (pollutant, sample)."""
    return ordered_sum(case.emission[:, inquiry.totals, -1])


def _cost(inquiry: Inquiry, values: Values, moved: Array) -> Array:
    """Return the cost of what is moved [currency/a], as far as it is known, dims (sample,)."""
    structure = inquiry.evaluator.structure
    price = unit_cost(values.cost)
    price[inquiry.unknown_cost] = 0.0
    share = cost_shares(structure, values.kept) if len(structure.charged) else np.ones((1, 1))
    paid = price * paid_units(structure.arcs.group, len(structure.families), share, moved)
    return ordered_total(paid)


def _carbon_cost(
    inquiry: Inquiry, theta: Array, before: Projection, after: Projection, moved: Array
) -> Array:
    """Return what the change of CO2 costs in the last year [currency/a], dims (sample,).

    The grid's part is at central amounts of energy, and so is what measures of unknown cost change,
    which is in no sum.
    """
    study = inquiry.study
    if study.carbon is None:
        return np.zeros(1)
    more = ordered_sum(after.emission[:, CO2, -1]) - ordered_sum(before.emission[:, CO2, -1])
    moves, elsewhere = study.system.moves, study.carbon.elsewhere[:, -1]
    grid = ordered_total(elsewhere[moves.group, None] * moved)
    unknown = np.flatnonzero(np.isin(moves.group, inquiry.unknown_cost))
    every = np.arange(len(study.system.years))
    left_out = study.carbon.more(study.system, every)[unknown, -1:] * moved[unknown]
    counted = more + grid - ordered_total(left_out)
    return np.asarray(study.carbon.price(theta)[-1] * counted)


def _impossible(fitted: Mapping[str, Fitted], samples: int) -> NDArray[np.bool_]:
    found = np.zeros(samples, dtype=bool)
    for own in fitted.values():
        found |= own.impossible
    return found
