"""Mixes that hold by limits that are tightened, where years or units hang together.

The limits that are asked of the optimiser are tightened until the mix meets them in so many of the
samples. It finds a mix that holds; with other measures one that varies less might hold for less.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.bench import Bench, Uptakes
from lantian.ensemble.draws import Draws
from lantian.optimise.problem.coefficients import Targets
from lantian.study.model import Study
from lantian.study.problems import ask

TURNS = 12
"""Times that limits are tightened before the nearest mix is taken as it is."""
CLOSE = 1e-3
"""By how much of its limit [1] the percentile of a binding target may be off."""
LOOSEST = 0.5
"""Part of a limit [1] by which it may be loosened at most in search of a low probability."""

Worst = Callable[[Array], Array]
"""Excesses of a target over the samples -> the one that must not be positive."""


@dataclass(frozen=True)
class Tightened:
    """Finds mixes by tightening limits.

    Attributes
    ----------
    study, rows
        What is asked for.
    bench
        Tries mixes; its targets are those that are asked for, year by year.
    draws
        Samples of the search.
    worst
        Part of the samples [1] that is looked at where no probability is asked for.
    """

    study: Study
    rows: Mapping[int, Targets]
    bench: Bench
    draws: Draws
    worst: float

    def mix(self, asked: float | None) -> tuple[Uptakes, bool]:
        """Return a mix that holds with a probability, and whether limits could be kept so far."""
        demand = _mean_of_worst(self.worst) if asked is None else _percentile(asked)
        at = self._positions()
        size = np.array([abs(self.rows[y].limit[k]) for y, k in at])
        tightened, reached = np.zeros(len(at)), True
        answers = ask(self.study)(self.rows)
        for _ in range(TURNS):
            tried = self.bench.tried([{y: a.uptake for y, a in answers.items()}], self.draws)
            own = tried.excess[0][:, tried.possible]
            over = np.array([float(demand(excess)) for excess in own])
            binding = np.array([answers[y].targets[k].binding for y, k in at])
            if ((over < CLOSE * size) & ((over > -CLOSE * size) | ~binding)).all():
                break
            tightened = np.maximum(tightened + over, -LOOSEST * size)
            answers = ask(self.study)(self._tighter(at, tightened))
            reached = all(answers[y].targets[k].met for y, k in at)
            if not reached:
                break
        return {y: a.uptake for y, a in answers.items()}, reached

    def _positions(self) -> list[tuple[int, int]]:
        """Return year and row of everything that is asked for."""
        return [
            (y, k)
            for y, rows in self.rows.items()
            for k in range(len(rows))
            if rows.enforced is None or rows.enforced[k]
        ]

    def _tighter(self, at: Sequence[tuple[int, int]], by: Array) -> dict[int, Targets]:
        limit = {y: rows.limit.copy() for y, rows in self.rows.items()}
        for (y, k), own in zip(at, by.tolist(), strict=True):
            limit[y][k] -= own
        return {y: replace(rows, limit=limit[y]) for y, rows in self.rows.items()}


def _percentile(probability: float) -> Worst:
    def demand(excess: Array) -> Array:
        return np.asarray(np.quantile(excess, probability, method="higher"))

    return demand


def _mean_of_worst(part: float) -> Worst:
    """Return the mean of the worst part (conditional value at risk)."""

    def demand(excess: Array) -> Array:
        ordered = np.sort(excess)[::-1]
        return np.asarray(ordered[: max(int(part * len(ordered)), 1)].mean())

    return demand
