"""Mixes that hold when numbers differ: at a probability, in the worst tenth, in every future.

A mix that just meets its targets at central values meets them about half the time. Here the limits
that are asked of the optimiser are tightened until the mix, held as shares, meets them in so many
of the samples; each sample is projected exactly, nothing is linearised. Whether it holds is then
told on samples that had no part in the search. Tightening finds a mix that holds; with other
measures one that varies less might hold for less money.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.projection import Projection
from lantian.core.system import Array, eligible_activity, emission_by_source, sum_by
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.mix import Mix, mix_of
from lantian.ensemble.outcomes import ask as inquire
from lantian.ensemble.outcomes import joined, of_block
from lantian.ensemble.sampled import met
from lantian.ensemble.weather import weather
from lantian.indicators.available import fit_all
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.tiers import headline
from lantian.plan.targets import ResolvedTarget, base_values
from lantian.study.model import CaseResult, Study, make_case
from lantian.study.problems import ask, reached_targets, solve_tiers
from lantian.vocabulary import Case, Reading

CURVE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Probabilities at which the price of robustness is told."""
WORST = 0.1
"""Part of the samples whose mean must keep the limit in the second kind of robust mix [1]."""
ROUNDS = 12
"""Times that limits are tightened before the nearest mix is taken as it is."""
CLOSE = 1e-3
"""By how much of its limit [1] the percentile of a binding target may be off."""
LOOSEST = 0.5
"""Part of a limit [1] by which it may be loosened at most in search of a low probability."""
USED = 1e-6
"""Share of what a measure can act on [1] from which on it is chosen."""

Demand = Callable[[Array], Array]
"""Margins of a target over the samples -> the one that must not be negative."""


@dataclass(frozen=True)
class RobustMix:
    """A mix that holds.

    Attributes
    ----------
    asked
        Probability that was asked for [1]; None: the mean of the worst tenth.
    within_reach
        Whether the optimiser could keep the tightened limits.
    cost
        At central values [currency/a].
    checked
        Probability of each target on fresh samples [1], by id.
    jointly
        That of all of them together [1].
    """

    asked: float | None
    within_reach: bool
    cost: float
    checked: Mapping[str, float]
    jointly: float


@dataclass(frozen=True)
class Chosen:
    """How often a measure is in the optimum.

    Attributes
    ----------
    measure
        Its id.
    frequency
        Part of the optima that have it [1].
    median, low, high
        Share of what it can act on that is taken, in the optima that have it; 80 % range.
    central
        The same at central values.
    """

    measure: str
    frequency: float
    median: float
    low: float
    high: float
    central: float


@dataclass(frozen=True)
class Optima:
    """One optimum per sample.

    Attributes
    ----------
    cost
        Least cost in each sample [currency/a], dims (sample,).
    all_met
        Part of the samples in which every target of the headline is within reach [1].
    chosen
        Measures, those first that are chosen most often.
    """

    cost: Array
    all_met: float
    chosen: tuple[Chosen, ...]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """Ends of the 80 % range of the least cost, and its median between them [currency/a]."""
        low, middle, high = np.quantile(self.cost, (0.1, 0.5, 0.9)).tolist()
        return low, middle, high


class _Bench:
    """Evaluates mixes of a study on samples; what does not depend on the mix is found once."""

    def __init__(self, study: Study, rows: Mapping[int, Targets], samples: int) -> None:
        self.study, self.rows = study, rows
        self.search = draws_of(study, samples)
        self.fresh = replace(self.search, seed=self.search.seed + 1, samples=4 * samples)
        self.years = tuple(rows)

    def margins(self, answers: Mapping[int, LeastCostResult], draws: Draws) -> dict[int, Array]:
        """Return the margin of every target in every sample, by its position."""
        solved: dict[Case, CaseResult] = {"least_cost": _case_of(self.study, answers)}
        inquiry = inquire(self.study, ("baseline",), (), solved=solved)
        found = joined([of_block(inquiry, draws.theta(own)) for own in blocks(draws.samples)])
        case, kept = inquiry.cases.index("least_cost"), ~found.impossible
        margins = {}
        for t, target in enumerate(self.study.targets):
            if target.computed and target.year in self.years:
                value = found.value[case, t] * _weather_of(self.study, target, draws)
                limit, side = found.limit[case, t], target.bound.side
                own = met(limit * side, value * side)
                margin = target.bound.room(value, limit)
                margins[t] = np.where(own, np.maximum(margin, 0.0), margin)[kept]
        return margins


def _weather_of(study: Study, target: ResolvedTarget, draws: Draws) -> Array:
    """Return the factor of the weather in each sample [1], dims (sample,)."""
    every = slice(0, draws.samples)
    own = weather(study, target.target.indicator_id, (target.target.year,), every, draws.seed)
    return np.ones(draws.samples) if own is None else own.year[0]


def robust_mixes(study: Study, samples: int, asked: Sequence[float] = CURVE) -> list[RobustMix]:
    """Return the cheapest mixes that hold with given probabilities, and in the worst tenth.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        Sets of numbers of the search; four times as many check what it finds.
    asked
        Probabilities, of each target by itself.

    Returns
    -------
    list of RobustMix
        As asked, behind them the one whose worst tenth keeps the limits in the mean. Only targets
        that the least-cost mix reaches at central values are asked for.
    """
    rows = reached_targets(study, solve_tiers(study))
    bench = _Bench(study, rows, samples)
    found = [_robust(bench, _percentile(p), p) for p in asked]
    return [*found, _robust(bench, _worst, None)]


def _percentile(probability: float) -> Demand:
    def demand(margin: Array) -> Array:
        return np.asarray(np.quantile(margin, 1.0 - probability, method="lower"))

    return demand


def _worst(margin: Array) -> Array:
    """Return the mean of the worst tenth (conditional value at risk)."""
    ordered = np.sort(margin)
    return np.asarray(ordered[: max(int(WORST * len(ordered)), 1)].mean())


def _robust(bench: _Bench, demand: Demand, asked: float | None) -> RobustMix:
    """Tighten limits until what is demanded of the margins is not negative."""
    study, at = bench.study, _positions(bench)
    tightened = {t: 0.0 for _, _, t in at}
    answers = ask(study)(bench.rows)
    for _ in range(ROUNDS):
        margins = bench.margins(answers, bench.search)
        short = {t: float(demand(margins[t])) for t in tightened}
        binding = {t: answers[y].targets[k].binding for y, k, t in at}
        size = {t: abs(bench.rows[y].limit[k]) for y, k, t in at}
        if all(
            short[t] > -CLOSE * size[t] and (short[t] < CLOSE * size[t] or not binding[t])
            for t in tightened
        ):
            break
        for t, own in tightened.items():
            tightened[t] = max(own - short[t], -LOOSEST * size[t])
        asked_rows = {y: _tighter(rows, y, at, tightened) for y, rows in bench.rows.items()}
        answers = ask(study)(asked_rows)
        if not all(answers[y].targets[k].met for y, k, _ in at):
            break
    return _checked(bench, answers, [t for _, _, t in at], asked)


def _positions(bench: _Bench) -> list[tuple[int, int, int]]:
    """Return year, row and position among the targets of everything that is asked for."""
    ids = [t.target.id for t in bench.study.targets]
    return [
        (y, k, ids.index(name))
        for y, rows in bench.rows.items()
        for k, name in enumerate(rows.ids)
        if rows.enforced is None or rows.enforced[k]
    ]


def _tighter(
    rows: Targets, year: int, at: Sequence[tuple[int, int, int]], by: Mapping[int, float]
) -> Targets:
    limit = rows.limit.copy()
    for y, k, t in at:
        if y == year:
            limit[k] -= by[t]
    return replace(rows, limit=limit)


def _checked(
    bench: _Bench, answers: Mapping[int, LeastCostResult], at: Sequence[int], asked: float | None
) -> RobustMix:
    margins = bench.margins(answers, bench.fresh)
    inside = np.array([margins[t] >= 0.0 for t in at])
    names = [bench.study.targets[t].target.id for t in at]
    last = max(answers)
    return RobustMix(
        asked,
        all(t.met for answer in answers.values() for t in answer.targets if t.id in names),
        answers[last].cost,
        dict(zip(names, inside.mean(axis=1).tolist(), strict=True)),
        float(inside.all(axis=0).mean()),
    )


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
    system = study.compiled.system(theta)
    baseline = emission_by_source(system, system.baseline)
    before = Projection(system.years, baseline[..., None], system.baseline[..., None])
    declared = {name: own.declared for name, own in study.indicators.items()}
    fitted = fit_all(declared, theta, before)
    base = base_values(study.targets, fitted, before)
    level = study.levels(theta)[..., 0]
    counted = np.isin(study.all_commitments.commitment, study.commitments.commitment)
    targets = []
    for target, own_base in zip(study.targets, base, strict=True):
        own = fitted.get(target.target.indicator_id) if target.computed else None
        if own is None:
            targets.append(target)
            continue
        rows = own.rows(target.target.subject, target.target.year)
        anew = replace(
            target, fitted=own, rows=None if rows is None else tuple(rows), base=own_base
        )
        _, base_value, limit = anew.judge(before)
        targets.append(replace(anew, base_value=base_value, limit=limit))
    return replace(
        study,
        system=system,
        baseline=baseline,
        commitments=replace(study.commitments, level=level[counted]),
        all_commitments=replace(study.all_commitments, level=level),
        targets=targets,
    )


def optima(study: Study, samples: int) -> Optima:
    """Return one optimum per sample: how often each measure is chosen, and what the best costs.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        How many.

    Returns
    -------
    Optima
        At the weather of the base year; samples whose numbers contradict each other count as
        others do.
    """
    draws = draws_of(study, samples)
    found = [_optimum(world(study, draws.theta(slice(s, s + 1)))) for s in range(samples)]
    central = _optimum(study)
    taken = np.array([own[2] for own in found])
    chosen = [
        _chosen(name, taken[:, m], float(central[2][m]))
        for m, name in enumerate(study.system.measures)
        if (taken[:, m] > USED).any()
    ]
    return Optima(
        np.array([own[0] for own in found]),
        float(np.mean([own[1] for own in found])),
        tuple(sorted(chosen, key=lambda c: (-c.frequency, c.measure))),
    )


def _chosen(name: str, taken: Array, central: float) -> Chosen:
    used = taken[taken > USED]
    low, median, high = np.quantile(used, (0.1, 0.5, 0.9)).tolist()
    return Chosen(name, len(used) / len(taken), median, low, high, central)


def _optimum(study: Study) -> tuple[float, bool, Array]:
    """Return least cost, whether all of the headline is met, and shares by measure."""
    tiers = solve_tiers(study)
    own = headline(tiers)
    last = max(own.answers)
    answer, system = own.answers[last], study.system
    groups = system.groups
    amount = sum_by(answer.uptake[:, None], system.moves.group, len(groups))[:, 0]
    there = eligible_activity(system)[:, last]
    share = np.divide(amount, there, out=np.zeros_like(amount), where=there > 0.0)
    by_measure = np.zeros(len(system.measures))
    np.maximum.at(by_measure, groups.measure, share)
    all_met = all(not t.out_of_reach(last).any() for t in tiers[: tiers.index(own) + 1])
    return answer.cost, all_met, by_measure


@dataclass(frozen=True)
class Regret:
    """What a mix that is best in one future comes to in all others.

    Attributes
    ----------
    future
        In which it is best.
    cost
        In each future [currency/a], dims (future,).
    excess
        Largest excess over a limit in each future, as a share of the limit [1]; 0 where all that
        is within reach there is met.
    regret
        What it costs more than the mix that is best there [currency/a].
    """

    future: str
    cost: Array
    excess: Array
    regret: Array


def regrets(study: Study) -> list[Regret]:
    """Return the mixes of all futures, judged in every future; the one to regret least first.

    Parameters
    ----------
    study
        The scenario put together, with named futures.

    Returns
    -------
    list of Regret
        In order of the largest excess over all futures, then of the largest regret; empty without
        futures.
    """
    names = [*study.scenario.futures]
    theta = study.space.variants()[:, : len(names)]
    worlds = [world(study, theta[:, [v]]) for v in range(len(names))]
    blank = inquire(study, ("baseline",), (), solved={})
    found = []
    for own in worlds:
        tiers = solve_tiers(own)
        answers = headline(tiers).answers
        case = _case_of(own, answers)
        at = blank.evaluator.years[blank.evaluator.plan_years]
        mixes: dict[Case | Reading, Mix] = {"least_cost": mix_of(own.system, case, at)}
        asked = replace(blank, cases=("baseline", "least_cost"), mixes=mixes)
        found.append(joined([of_block(asked, theta[:, [v]]) for v in range(len(names))]))
    best = np.array([found[v].cost[1, v] for v in range(len(names))])
    reached = [_reached_in(own) for own in worlds]
    told = []
    for v, name in enumerate(names):
        value, limit = found[v].value[1], found[v].limit[1]
        over = np.where(np.array(reached).T, (value - limit) / np.abs(limit), 0.0)
        excess = np.nan_to_num(over, nan=0.0).clip(min=0.0).max(axis=0)
        excess[excess < CLOSE] = 0.0
        told.append(Regret(name, found[v].cost[1], excess, found[v].cost[1] - best))
    return sorted(told, key=lambda r: (r.excess.max(), r.regret.max()))


def _case_of(study: Study, answers: Mapping[int, LeastCostResult]) -> CaseResult:
    system = study.system
    uptake = np.zeros((len(system.moves), len(system.years)))
    for year, answer in answers.items():
        uptake[:, year] = answer.uptake
    return make_case(system, uptake, tuple(answers))


def _reached_in(study: Study) -> list[bool]:
    """Return which targets the headline of a study meets, by their position."""
    own = headline(solve_tiers(study))
    rows = reached_targets(study, solve_tiers(study))
    names = {
        name
        for y, found in rows.items()
        for name, is_met in zip(found.ids, own.reached[y].tolist(), strict=True)
        if is_met
    }
    return [t.target.id in names for t in study.targets]
