"""Mixes that hold when numbers differ: at a probability, or in the worst tenth.

A mix that just meets its targets at central values meets them about half the time. Here each target
is asked for in many samples at once, by rows of one linear program: its limit is kept in the mean
of the worst part of the samples (conditional value at risk). How large that part must be for the
target to hold with a probability is found by projecting the mix exactly: in the samples of the
search to mend what straight lines leave out, in others to see how often it really holds, at last
in so many that this is known to half a per cent. What is told is found in as many samples that had
no part in any of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.bench import Bench, Tried, Uptakes
from lantian.ensemble.draws import Draws, draws_of
from lantian.ensemble.sampled import RANGE, Band, band_of
from lantian.ensemble.sampled_limits import SampledLimits, Truth, sampled_limits
from lantian.ensemble.tightened import Tightened
from lantian.ensemble.worlds import Worlds
from lantian.language import message
from lantian.optimise.problem.planner_limits import known_cost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.status import NoSolutionError
from lantian.parameters.distributions import deviate
from lantian.study.model import Study
from lantian.study.problems import ask, reached_targets, solve_tiers
from lantian.study.stages import Stage, silent

CURVE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Probabilities at which the price of robustness is told."""
WORST = 0.1
"""Part of the samples whose mean must keep the limit in the second kind of robust mix [1]."""
CHECKS = 4
"""Samples that check a mix while it is far off, for each one of the search."""
ROUNDS = 3
"""Times that mixes are projected and mended by these."""
CALIBRATED = 10_000
"""Samples that mixes are mended by at last, and as many others by which they are told: how often a
target holds is then known to 0.5 % (one standard error at 50 %)."""
MENDED = 2
"""Times that they are."""
HALVINGS = 4
"""Halvings of the way from a demand within reach to one out of reach."""
LEAST = 1e-3
"""Probability [1] from which a target counts as one that holds never, or always."""
PARTS = (0.002, 1.0)
"""Smallest and largest part of the samples that is looked at [1]."""
BINDING = 0.05
"""By how much a target may hold more often than asked [1] and still be taken for one that binds."""


@dataclass(frozen=True)
class RobustMix:
    """A mix that holds.

    Attributes
    ----------
    asked
        Probability that was asked for [1]; None: the mean of the worst tenth.
    within_reach
        Whether it can be had; if not, this is the mix that comes nearest.
    cost
        At central values [currency/a].
    checked
        Probability of each target on fresh samples [1], by id.
    jointly
        That of all of them together [1].
    costs
        Ends and middle of the 95 % range of the cost on fresh samples [currency/a].
    samples
        How many fresh samples there are.
    uptake
        By year position.
    """

    asked: float | None
    within_reach: bool
    cost: float
    checked: Mapping[str, float]
    jointly: float
    costs: Band
    samples: int
    uptake: Uptakes


@dataclass(frozen=True)
class Demand:
    """What is asked of a mix.

    Attributes
    ----------
    asked
        As in :class:`RobustMix`.
    aim
        Standard normal deviate that stands for how far each target is to keep from its limit, dims
        (target,): that of the probability, until samples say otherwise.
    """

    asked: float | None
    aim: Array

    def parts(self, share: float, base: Array) -> Array:
        """Return the worst part of the samples [1] for a share of what is asked, dims (target,).

        Parameters
        ----------
        share
            Of the way [1] from what can be had.
        base
            That, as ``aim``.
        """
        if self.asked is None:
            return np.full(len(self.aim), 1.0 - share * (1.0 - WORST))
        return np.array([worst_part(own) for own in self._toward(share, base).tolist()])

    def spare(self, share: float, base: Array) -> Array:
        """Return by how many standard deviations the mean of all samples may exceed the limit [1].

        Where most samples lie below their mean, a limit holds in half of them before the mean
        keeps it. Parameters as in :meth:`parts`; dims (target,).
        """
        return np.maximum(-self._toward(share, base), 0.0)

    def _toward(self, share: float, base: Array) -> Array:
        return base + share * (self.aim - base)

    def mended(self, held: Array) -> "Demand":
        """Return a demand that makes up for how often targets held.

        Parameters
        ----------
        held
            In other samples [1], dims (target,).
        """
        if self.asked is None:
            return self
        ends = np.array([self.asked, *held]).clip(LEAST, 1.0 - LEAST)
        off = deviate(ends[:1]) - deviate(ends[1:])
        # A target that holds far more often than asked is not what decides the mix.
        binds = held < self.asked + BINDING
        return replace(self, aim=np.where(binds, self.aim + off, self.aim))


def worst_part(aim: float) -> float:
    """Return the worst part of normal samples whose mean lies as far out as a deviate [1].

    Parameters
    ----------
    aim
        Standard normal deviate; at most 0: all samples.
    """
    low, high = PARTS[0], 1.0
    for _ in range(40):
        part = 0.5 * (low + high)
        z = float(deviate(np.array([1.0 - part]))[0])
        mean = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) / part
        low, high = (part, high) if mean > aim else (low, part)
    return max(low, PARTS[0])


def rounds_of(study: Study, asked: Sequence[float]) -> int:
    """Return how many times it is looked for mixes: in rounds for all, or for each by itself."""
    return 1 + (ROUNDS + MENDED if _is_alone(study) else len(asked))


def _is_alone(study: Study) -> bool:
    """Tell whether the years are solved by themselves and no measure comes in whole units."""
    return study.question.coupling is None and study.question.whole is None


SEARCHING = message("looking for mixes that hold")
TESTING = message("testing them in other samples")
"""Stages of the work."""


def robust_mixes(
    study: Study, samples: int, asked: Sequence[float] = CURVE, stage: Stage = silent
) -> list[RobustMix]:
    """Return the cheapest mixes that hold with given probabilities, and in the worst tenth.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        Sets of numbers of the search; many more check what it finds.
    asked
        Probabilities, of each target by itself.
    stage
        Is told of each stage of the work.

    Returns
    -------
    list of RobustMix
        As asked, behind them the one whose worst tenth keeps the limits in the mean. Only targets
        that the least-cost mix reaches at central values are asked for.
    """
    search = Search(study, samples, stage)
    if not search.targets:
        return []
    n = len(search.targets)
    demands = [Demand(p, np.repeat(deviate(np.array([p])), n)) for p in asked]
    demands.append(Demand(None, np.zeros(n)))
    found = search.mixes(demands) if _is_alone(study) else search.tightened(demands)
    found = search.best(demands, found)
    with stage(TESTING):
        return search.checked(demands, found)


Found = tuple[Uptakes, bool]
"""A mix, and whether it is what was asked for."""


class Search:
    """Looks for mixes of a study that hold in random sets of numbers.

    Parameters
    ----------
    study
        The scenario put together.
    samples
        Of the search.
    stage
        Is told of each stage of the work.
    """

    def __init__(self, study: Study, samples: int, stage: Stage = silent) -> None:
        self.study, self.stage = study, stage
        self.rows = reached_targets(study, solve_tiers(study))
        ids = [t.target.id for t in study.targets]
        self.asked = {
            y: np.ones(len(rows), np.bool_) if rows.enforced is None else rows.enforced
            for y, rows in self.rows.items()
        }
        self.positions = {
            y: [ids.index(name) for name, own in zip(rows.ids, self.asked[y], strict=True) if own]
            for y, rows in self.rows.items()
        }
        self.targets = [t for own in self.positions.values() for t in own]
        self.bench = Bench(study, self.targets)
        self.draws = draws_of(study, samples)
        self.others = [
            *[self._fresh(1, CHECKS * samples)] * ROUNDS,
            *[self._fresh(2, CALIBRATED)] * MENDED,
        ]

    def _fresh(self, n: int, samples: int) -> Draws:
        return replace(self.draws, seed=self.draws.seed + n, samples=samples)

    @cached_property
    def answers(self) -> Mapping[int, LeastCostResult]:
        """The cheapest mixes at central values, with the choices that they make."""
        return ask(self.study)(self.rows)

    @cached_property
    def limits(self) -> dict[int, SampledLimits]:
        """Rows of all samples of the search, by year position."""
        every = {y: np.ones((len(self.asked[y]), self.draws.samples)) for y in self.positions}
        for y, own in self.positions.items():
            every[y][self.asked[y]] = [self.bench.weather(t, self.draws) for t in own] or 1.0
        # Choices between rows of a target stay as they are at central values.
        extra = {y: answer.solved.problem.extra for y, answer in self.answers.items()}
        return sampled_limits(Worlds(self.study), self.draws, self.asked, every, extra)

    def mixes(self, demands: Sequence[Demand]) -> list[Found]:
        """Return the mix of each demand."""
        with self.stage(SEARCHING):
            limits = [self.limits] * len(demands)
            begun = {y: answer.uptake for y, answer in self.answers.items()}
            possible = self.bench.tried([begun], self.draws).possible
            found = self._mixes(demands, limits, possible)
        for others in self.others:
            with self.stage(SEARCHING):
                mixes = [mix for mix, _ in found]
                tried = self.bench.tried(mixes, self.draws)
                limits = [
                    self._corrected(own, mix, tried.excess[i])
                    for i, (own, mix) in enumerate(zip(limits, mixes, strict=True))
                ]
                held = _held(self.bench.tried(mixes, others))
                demands = [
                    demand.mended(own) if within else demand
                    for demand, own, (_, within) in zip(demands, held, found, strict=True)
                ]
                found = self._mixes(demands, limits, possible)
        return found

    def _mixes(
        self, demands: Sequence[Demand], limits: Sequence[Mapping[int, SampledLimits]], at: Truth
    ) -> list[Found]:
        """Return the mix of each demand; what is more than one out of reach is out of reach."""
        found: list[Found] = []
        had = np.zeros(len(self.targets))
        for demand, own in zip(demands, limits, strict=True):
            if demand.asked is not None and found and not found[-1][1]:
                found.append(found[-1])
                continue
            found.append(self._mix(demand, own, at, had))
            if found[-1][1]:
                had = demand.aim
        return found

    def _corrected(
        self, limits: dict[int, SampledLimits], mix: Uptakes, excess: Array
    ) -> dict[int, SampledLimits]:
        """Return rows that agree with the projection of a mix; ``excess`` under the weather."""
        found = {}
        for y, own in limits.items():
            at = [self.targets.index(t) for t in self.positions[y]]
            weather = np.array([self.bench.weather(t, self.draws) for t in self.positions[y]])
            found[y] = own.corrected(mix[y], excess[at] / weather)
        return found

    def _mix(
        self, demand: Demand, limits: Mapping[int, SampledLimits], possible: Truth, had: Array
    ) -> Found:
        """Return the cheapest mix for a demand, or the one nearest to it from one that was had."""
        mix, within = {y: a.uptake for y, a in self.answers.items()}, True
        for y, own in limits.items():
            at = [self.targets.index(t) for t in self.positions[y]]

            spread = own.spread(mix[y], possible)

            def asked(
                share: float,
                own: SampledLimits = own,
                at: list[int] = at,
                spread: Array = spread,
            ) -> Array:
                spare = demand.spare(share, had)[at] * spread
                return own.in_the_worst(demand.parts(share, had)[at], possible, spare)

            mix[y], reached = _nearest(asked, mix[y])
            within &= reached
        return mix, within

    def best(self, demands: Sequence[Demand], found: Sequence[Found]) -> list[Found]:
        """Return for each probability the cheapest of all mixes at hand that holds with it.

        The least-cost mix is one of them: it often holds by more than chance. Where none holds,
        the mix whose targets are least short of what is asked is the nearest.
        """
        with self.stage(SEARCHING):
            mixes: list[Uptakes] = [{y: answer.uptake for y, answer in self.answers.items()}]
            mixes += {id(mix): mix for mix, _ in found}.values()
            held = _held(self.bench.tried(mixes, self.others[-1])).min(axis=1)
        price = np.array([self.cost(mix) for mix in mixes])
        told: list[Found] = []
        for demand, own in zip(demands, found, strict=True):
            if demand.asked is None:
                told.append(own)
                continue
            off = 2.0 * np.sqrt(demand.asked * (1.0 - demand.asked) / self.others[-1].samples)
            holds = held >= demand.asked - off
            rank = np.lexsort((price, -np.where(holds, demand.asked, held)))
            told.append((mixes[rank[0]], bool(holds[rank[0]])))
        return told

    def tightened(self, demands: Sequence[Demand]) -> list[Found]:
        """Return the mix of each demand by limits that are tightened."""
        by = Tightened(self.study, self.rows, self.bench, self.draws, WORST)
        return [self._tightened(by, demand) for demand in demands]

    def _tightened(self, by: Tightened, demand: Demand) -> Found:
        with self.stage(SEARCHING):
            return by.mix(demand.asked)

    def checked(self, demands: Sequence[Demand], found: Sequence[Found]) -> list[RobustMix]:
        """Return mixes with how often they hold in samples that had no part in the search."""
        tried = self.bench.tried([mix for mix, _ in found], self._fresh(3, CALIBRATED))
        names = [self.study.targets[t].target.id for t in self.targets]
        inside = tried.excess[:, :, tried.possible] <= 0.0
        samples, told = int(tried.possible.sum()), []
        for i, (demand, (mix, within)) in enumerate(zip(demands, found, strict=True)):
            told.append(
                RobustMix(
                    demand.asked,
                    within,
                    self.cost(mix),
                    dict(zip(names, inside[i].mean(axis=1).tolist(), strict=True)),
                    float(inside[i].all(axis=0).mean()),
                    band_of(tried.cost[i][tried.possible], (RANGE[0], 0.5, RANGE[1])),
                    samples,
                    mix,
                )
            )
        return told

    def cost(self, mix: Uptakes) -> float:
        """Return the known cost of a mix in its last year at central values [currency/a]."""
        last = max(mix)
        return float(known_cost(self.study.system, last) @ mix[last])


def _held(tried: Tried) -> Array:
    """Return how often each target holds [1], dims (mix, target)."""
    return np.asarray((tried.excess[:, :, tried.possible] <= 0.0).mean(axis=2))


def _nearest(mix: Callable[[float], Array], otherwise: Array) -> tuple[Array, bool]:
    """Return the mix for all that is asked, or for the largest share within reach; whether all."""
    try:
        return mix(1.0), True
    except NoSolutionError:
        pass
    best, within, out = otherwise, 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (out + within)
        try:
            best, within = mix(middle), middle
        except NoSolutionError:
            out = middle
    return best, False
