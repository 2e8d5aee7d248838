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

from lantian.core.system import Array
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.outcomes import ask as inquire
from lantian.ensemble.outcomes import joined, of_block
from lantian.ensemble.sampled import met
from lantian.ensemble.weather import weather
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.plan.targets import ResolvedTarget
from lantian.study.model import CaseResult, Study, make_case
from lantian.study.problems import ask, reached_targets, solve_tiers
from lantian.vocabulary import Case

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


class _Bench:
    """Evaluates mixes of a study on samples; what does not depend on the mix is found once."""

    def __init__(self, study: Study, rows: Mapping[int, Targets], samples: int) -> None:
        self.study, self.rows = study, rows
        self.search = draws_of(study, samples)
        self.fresh = replace(self.search, seed=self.search.seed + 1, samples=4 * samples)
        self.years = tuple(rows)

    def margins(self, answers: Mapping[int, LeastCostResult], draws: Draws) -> dict[int, Array]:
        """Return the margin of every target in every sample, by its position."""
        solved: dict[Case, CaseResult] = {"least_cost": case_of(self.study, answers)}
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


def case_of(study: Study, answers: Mapping[int, LeastCostResult]) -> CaseResult:
    """Return answers of the optimiser as a case.

    Parameters
    ----------
    study
        Whose system they are about.
    answers
        By year position.
    """
    system = study.system
    uptake = np.zeros((len(system.moves), len(system.years)))
    for year, answer in answers.items():
        uptake[:, year] = answer.uptake
    return make_case(system, uptake, tuple(answers))
