"""One optimum per sample: what the cheapest mix costs, and how often it has each measure."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from lantian.core.commitments import group_uptake
from lantian.core.system import Array, System
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.sampled import Erring, band_of
from lantian.ensemble.worlds import World, Worlds, world
from lantian.optimise.procedure.repeated import Pattern, Solver, pattern_of
from lantian.optimise.procedure.tiers import headline
from lantian.optimise.solve.parallel import processors
from lantian.optimise.status import NoSolutionError
from lantian.study.model import Study
from lantian.study.problems import solve_tiers

USED = 1e-6
"""Share of what a measure can act on [1] from which on it is chosen."""
WIDTH = 50
"""Samples whose problems are put together at a time."""


@dataclass(frozen=True)
class Chosen(Erring):
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
    error
        Of its percentiles, as :class:`~lantian.ensemble.sampled.Band` has it.
    """

    measure: str
    frequency: float
    median: float
    low: float
    high: float
    central: float
    error: float


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
    unsolved
        Samples that are left out: their numbers contradict the limits of the planner.
    """

    cost: Array
    all_met: float
    chosen: tuple[Chosen, ...]
    unsolved: int = 0

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """Ends of the 80 % range of the least cost, and its median between them [currency/a]."""
        low, middle, high = np.quantile(self.cost, (0.1, 0.5, 0.9)).tolist()
        return low, middle, high


@dataclass(frozen=True)
class _Found:
    """The optimum of one sample; ``taken`` has dims (measure,)."""

    cost: float
    all_met: bool
    taken: Array


def optima(study: Study, samples: int, workers: int | None = None, width: int = WIDTH) -> Optima:
    """Return one optimum per sample: how often each measure is chosen, and what the best costs.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        How many.
    workers
        Threads; as many as there are processors by default.
    width
        Samples whose problems are put together at a time.

    Returns
    -------
    Optima
        The same bytes whatever the workers and the width. Under the weather of each; samples
        whose numbers contradict each other count as others do.
    """
    draws, central = draws_of(study, samples), _thorough(study)
    finder, parts = _Finder(study, draws), list(blocks(samples, width))
    with ThreadPoolExecutor(workers or processors()) as pool:
        every = [own for part in pool.map(finder.of_block, parts) for own in part]
    found = [own for own in every if own is not None]
    taken = np.array([own.taken for own in found]).reshape(len(found), len(study.system.measures))
    chosen = [
        _chosen(name, taken[:, m], float(central.taken[m]))
        for m, name in enumerate(study.system.measures)
        if (taken[:, m] > USED).any()
    ]
    return Optima(
        np.array([own.cost for own in found]),
        float(np.mean([own.all_met for own in found])) if found else float("nan"),
        tuple(sorted(chosen, key=lambda c: (-c.frequency, c.measure))),
        samples - len(found),
    )


class _Finder:
    """Finds the optima of blocks of samples, in any order and from several threads."""

    def __init__(self, study: Study, draws: Draws) -> None:
        self.study, self.draws, self.worlds = study, draws, Worlds(study)
        question = study.question
        alone = question.coupling is None and question.whole is None
        simple = all(rows.branches is None for rows in self.worlds.rows.values())
        # Years that hang together, whole units and choices are asked in full, sample by sample.
        self.patterns: Mapping[int, Pattern] | None = self._patterns() if alone and simple else None

    def of_block(self, own: slice) -> list[_Found | None]:
        """Return the optima of some samples; none for one without any mix."""
        theta = self.draws.theta(own)
        return list(self._one_by_one(theta) if self.patterns is None else self._quickly(theta))

    def _patterns(self) -> dict[int, Pattern]:
        ends = list(self.worlds.of_block(self.study.space.support()))
        found = {}
        for year, rows in self.worlds.rows.items():
            assert rows.enforced is not None  # the headline
            tier = np.array(self.worlds.tiers[year], dtype=np.int64)
            found[year] = pattern_of([w.problems[year] for w in ends], tier, rows.enforced)
        return found

    def _quickly(self, theta: Array) -> Iterator[_Found | None]:
        assert self.patterns is not None
        solvers = {year: Solver(pattern) for year, pattern in self.patterns.items()}
        for own in self.worlds.of_block(theta):
            try:
                yield self._of_world(own, solvers)
            except NoSolutionError:
                yield None

    def _of_world(self, own: World, solvers: Mapping[int, Solver]) -> _Found:
        answers = {y: solvers[y].answer(problem) for y, problem in own.problems.items()}
        last = max(answers)
        met = [(a.reached == self.worlds.rows[y].enforced).all() for y, a in answers.items()]
        taken = _by_measure(own.system, own.at[last], answers[last].uptake)
        return _Found(answers[last].cost, all(met), taken)

    def _one_by_one(self, theta: Array) -> Iterator[_Found | None]:
        for k in range(theta.shape[1]):
            try:
                yield _thorough(world(self.study, theta[:, [k]]))
            except NoSolutionError:
                yield None


def _thorough(study: Study) -> _Found:
    """Return the optimum of a study as an ordinary run finds it."""
    tiers = solve_tiers(study)
    own = headline(tiers)
    last = max(own.answers)
    met = [
        not t.out_of_reach(year).any() for t in tiers[: tiers.index(own) + 1] for year in t.asked
    ]
    answer = own.answers[last]
    return _Found(answer.cost, all(met), _by_measure(study.system, last, answer.uptake))


def _by_measure(system: System, year: int, uptake: Array) -> Array:
    """Return the largest share that each measure takes of what it can act on, dims (measure,)."""
    _, share = group_uptake(system, year, uptake)
    found = np.zeros(len(system.measures))
    np.maximum.at(found, system.groups.measure, share)
    return found


def _chosen(name: str, taken: Array, central: float) -> Chosen:
    used = taken[taken > USED]
    band = band_of(used, (0.1, 0.5, 0.9))
    low, median, high = band.lines
    return Chosen(name, len(used) / len(taken), median, low, high, central, band.error)
