"""The mix to regret least: best in one named future, judged in all others."""

from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.bench import case_of
from lantian.ensemble.mix import Mix, mix_of
from lantian.ensemble.outcomes import ask as inquire
from lantian.ensemble.outcomes import joined, of_block
from lantian.ensemble.worlds import world
from lantian.optimise.procedure.tiers import headline
from lantian.study.model import Study
from lantian.study.problems import reached_targets, solve_tiers
from lantian.vocabulary import Case, Reading

CLOSE = 1e-3
"""Excess over a limit [1, of the limit] that is none."""


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
        case = case_of(own, {y: answer.uptake for y, answer in answers.items()})
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
