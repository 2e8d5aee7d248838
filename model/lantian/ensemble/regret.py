"""Mixes to regret: the best one of each named future, and of all mixes the one to regret least.

The mix to regret least is found by one linear program over all mixes: first the largest excess over
the limits of all futures is made as small as it can be, then the largest regret, then what the mix
costs in all futures together. Measures that follow on each other are linear to first order; what is
left is found by projecting the mix exactly, and put into the program.

A mix keeps the shares that it takes of what is there. Where one future has less for a measure to
act on than its reach allows, such a mix can lie outside the limits of the optimum of that future by
a trifle, so that its regret there can be just below nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.system import Array, Index
from lantian.ensemble.bench import Uptakes, case_of
from lantian.ensemble.mix import Mix, mix_of
from lantian.ensemble.outcomes import Outcomes, joined, of_block
from lantian.ensemble.outcomes import ask as inquire
from lantian.ensemble.sampled_limits import SampledLimits, Truth, ratio_of, sampled_limits
from lantian.ensemble.worlds import World, Worlds, world
from lantian.optimise.problem.program import pack
from lantian.optimise.procedure.tiers import TierAnswer, headline
from lantian.optimise.solve.growing import Growing
from lantian.optimise.solve.highs import unscaled_uptake
from lantian.study.model import Study
from lantian.study.problems import ask, reached_targets, solve_tiers
from lantian.tolerances import DROPPED, WHOLE
from lantian.vocabulary import Case, Reading

CLOSE = 1e-3
"""Excess over a limit [1, of the limit] that is none."""
ROUNDS = 4
"""Times that the mix is projected and mended."""
LOOSE = WHOLE
"""By how much [1, of limits or of costs] one aim may give way to the next: rounding."""


@dataclass(frozen=True)
class Regret:
    """What a mix comes to in all futures.

    Attributes
    ----------
    future
        In which it is best; None: of all mixes the one to regret least.
    cost
        In each future [currency/a], dims (future,).
    excess
        Largest excess over a limit in each future, as a share of the limit [1]; 0 where all that
        is within reach there is met.
    regret
        What it costs more than the mix that is best there [currency/a].
    """

    future: str | None
    cost: Array
    excess: Array
    regret: Array


def regrets(study: Study) -> list[Regret]:
    """Return the mixes of all futures and the one to regret least, judged in every future.

    Parameters
    ----------
    study
        The scenario put together, with named futures.

    Returns
    -------
    list of Regret
        In order of the largest excess over all futures, then of the largest regret; empty without
        futures. The one to regret least is not among them where years or units hang together, or
        where no future has a target within reach.
    """
    if not study.scenario.futures:
        return []
    futures = _Futures(study)
    given = [futures.outcome(own, futures.mix_of(own)) for own in range(len(futures.names))]
    best = np.array([found.cost[1, v] for v, found in enumerate(given)])
    told = [
        futures.regret(name, found, best) for name, found in zip(futures.names, given, strict=True)
    ]
    least = _least(futures, best)
    if least is not None:
        told.append(futures.regret(None, futures.projected(least), best))
    return sorted(told, key=lambda r: (r.excess.max(), r.regret.max()))


class _Futures:
    """The named futures of a study as worlds of their own, with their optima.

    Parameters
    ----------
    study
        The scenario put together.
    """

    def __init__(self, study: Study) -> None:
        self.study, self.names = study, [*study.scenario.futures]
        self.samples = len(self.names)
        self.values = study.space.variants()[:, : self.samples]
        self.worlds = [world(study, self.values[:, [v]]) for v in range(self.samples)]
        self.tiers = [solve_tiers(own) for own in self.worlds]
        self.blank = inquire(study, ("baseline",), (), solved={})
        self.blocks = Worlds(study)

    def theta(self, own: slice) -> Array:
        """Return the numbers of some futures, dims (slot, future)."""
        return self.values[:, own]

    @property
    def years(self) -> Index:
        """Positions of the years that mixes are told in."""
        return self.blank.evaluator.years[self.blank.evaluator.plan_years]

    def mix_of(self, v: int) -> Mix:
        """Return the mix that is best in a future, as shares of what is there."""
        own, answers = self.worlds[v], headline(self.tiers[v]).answers
        case = case_of(own, {y: answer.uptake for y, answer in answers.items()})
        return mix_of(own.system, case, self.years)

    def outcome(self, v: int, mix: Mix) -> Outcomes:
        """Return what a mix comes to in all futures; the mix is the second case."""
        mixes: dict[Case | Reading, Mix] = {"least_cost": mix}
        asked = replace(self.blank, cases=("baseline", "least_cost"), mixes=mixes)
        return joined([of_block(asked, self.values[:, [v]]) for v in range(self.samples)])

    def projected(self, mix: Uptakes) -> Outcomes:
        """Return what a mix that is known at central values comes to in all futures."""
        case = case_of(self.study, mix)
        return self.outcome(0, mix_of(self.study.system, case, self.years))

    def over(self, found: Outcomes) -> Array:
        """Return by how much limits are exceeded [unit of the target], dims (target, future)."""
        bounds = [t.bound for t in self.study.targets]
        every = zip(bounds, found.value[1], found.limit[1], strict=True)
        return np.array([-bound.room(value, limit) for bound, value, limit in every])

    def regret(self, future: str | None, found: Outcomes, best: Array) -> Regret:
        """Return what is told of a mix."""
        over = np.where(self.reached, self.over(found) / np.abs(found.limit[1]), 0.0)
        excess = np.nan_to_num(over, nan=0.0).clip(min=0.0).max(axis=0)
        excess[excess < CLOSE] = 0.0
        return Regret(future, found.cost[1], excess, found.cost[1] - best)

    @property
    def reached(self) -> Truth:
        """Which targets the headline of each future meets, dims (target, future)."""
        every = zip(self.worlds, self.tiers, strict=True)
        return np.array([_reached_in(own, tiers) for own, tiers in every]).T


def _reached_in(study: Study, tiers: Sequence[TierAnswer]) -> list[bool]:
    """Return which targets the headline of a study meets, by their position."""
    own, rows = headline(tiers), reached_targets(study, tiers)
    names = {
        name
        for y, found in rows.items()
        for name, is_met in zip(found.ids, own.reached[y].tolist(), strict=True)
        if is_met
    }
    return [t.target.id in names for t in study.targets]


# --- of all mixes the one to regret least --------------------------------------------------------


@dataclass(frozen=True)
class Stakes:
    """What mixes of one year have at stake.

    Attributes
    ----------
    limits
        Of the targets in every future.
    held
        Whether a target is within reach in a future, dims (target, future).
    price
        Cost in each future of what is moved at central values [currency/a per unit], dims (move,
        future).
    start
        Regret in each future without any move [currency/a], dims (future,).
    """

    limits: SampledLimits
    held: Truth
    price: Array
    start: Array

    def mended(self, uptake: Array, excess: Array, regret: Array | None) -> "Stakes":
        """Return stakes by which a mix has the excess and regret that were found by projection.

        Parameters
        ----------
        uptake
            Of the mix, dims (move,).
        excess
            Over the limits, dims (target, future).
        regret
            dims (future,); None in years whose cost is not told.
        """
        start = self.start if regret is None else regret - uptake @ self.price
        return replace(self, limits=self.limits.corrected(uptake, excess), start=start)


def least_regretted(stakes: Stakes) -> Array:
    """Return the uptake of the mix to regret least [activity unit], dims (move,).

    Parameters
    ----------
    stakes
        Of one year.

    Raises
    ------
    NoSolutionError
        If the solver fails: there is always a mix, whatever it exceeds.
    """
    limits = stakes.limits
    session = Growing(pack(limits.problem))
    excess, regret = session.add_column(0.0), session.add_column(-np.inf)
    unit = float(np.abs(stakes.start).max()) or 1.0
    room = np.array([*_keep(session, stakes, excess), *_bear(session, stakes, regret, unit)])
    session.limit_added(room)
    for aim in (excess, regret):
        reached = session.at_least(aim)
        session.hold(aim, reached + LOOSE)
    session.set_cost(_moved(session, stakes.price.mean(axis=1) / unit))
    return unscaled_uptake(limits.problem, session.program, session.solve().x)


def _keep(session: Growing, stakes: Stakes, excess: int) -> Iterator[float]:
    """Add that no limit of any future is exceeded by more than a share; yield each row's limit."""
    limits = stakes.limits
    for t, v in np.argwhere(stakes.held).tolist():
        gain = np.zeros(len(limits.problem.variables))
        gain[limits.column] = limits.gain[t, :, v] / limits.size[t]
        row = _moved(session, gain)
        row[excess] = -1.0
        session.add_row(row)
        yield float(limits.room[t, v] / limits.size[t])


def _bear(session: Growing, stakes: Stakes, regret: int, unit: float) -> Iterator[float]:
    """Add that the regret of no future is larger than a column; yield each row's limit."""
    for price, start in zip(stakes.price.T, stakes.start.tolist(), strict=True):
        row = _moved(session, price / unit)
        row[regret] = -1.0
        session.add_row(row)
        yield -start / unit


def _moved(session: Growing, weight: Array) -> Array:
    """Return weights of moves [per unit] as those of the scaled columns."""
    program = session.program
    n = len(program.moves)
    own = np.zeros(len(program.cost))
    own[:n] = weight[program.moves] * program.column_scale[:n]
    own[np.abs(own) <= DROPPED * np.abs(own).max(initial=0.0)] = 0.0
    return own


def _least(futures: _Futures, best: Array) -> Uptakes | None:
    """Return the mix to regret least at central values; None where it cannot be asked for."""
    question = futures.study.question
    if question.coupling is not None or question.whole is not None:
        return None
    positions = _positions(futures)
    stakes = _stakes(futures, best, positions)
    if not stakes:
        return None
    last, mix = max(stakes), {}
    for turn in range(ROUNDS):
        mix = {y: least_regretted(own) for y, own in stakes.items()}
        if turn < ROUNDS - 1:
            found = futures.projected(mix)
            over, regret = futures.over(found), found.cost[1] - best
            stakes = {
                y: own.mended(mix[y], over[positions[y]], regret if y == last else None)
                for y, own in stakes.items()
            }
    return mix


def _positions(futures: _Futures) -> dict[int, Index]:
    """Return the targets that some future has within reach, by year position."""
    some = np.asarray(futures.reached.any(axis=1))
    found = {
        y: np.array([t for t in own.tolist() if some[t]], dtype=np.int64)
        for y, own in futures.blocks.positions.items()
    }
    return {y: own for y, own in found.items() if len(own)}


def _stakes(futures: _Futures, best: Array, positions: Mapping[int, Index]) -> dict[int, Stakes]:
    """Return what is at stake in each year, to first order around central values."""
    worlds = futures.blocks
    asked = {y: np.isin(worlds.positions[y], own) for y, own in positions.items()}
    calm = {y: np.ones((len(own), futures.samples)) for y, own in asked.items()}
    central = ask(futures.study)(reached_targets(futures.study, solve_tiers(futures.study)))
    # Choices between rows of a target stay as they are at central values.
    extra = {y: central[y].solved.problem.extra for y in positions}
    limits = sampled_limits(worlds, futures, asked, calm, extra)
    price = _prices(worlds, futures)
    answers = [headline(tiers).answers for tiers in futures.tiers]
    spent = {y: np.array([own[y].cost for own in answers]) for y in positions}
    spent[max(positions)] = best
    return {
        y: Stakes(limits[y], futures.reached[own], price[y], -spent[y])
        for y, own in positions.items()
    }


def _prices(worlds: Worlds, futures: _Futures) -> dict[int, Array]:
    """Return what the central uptake of moves costs in each future, by year position."""
    (central,) = worlds.of_block(worlds.study.space.central())
    every = list(worlds.of_block(futures.values))

    def price(own: World, y: int) -> Array:
        there = ratio_of(central.system, own.system, own.at[y])
        return np.asarray(own.problems[y].variables.cost * there)

    return {y: np.array([price(own, y) for own in every]).T for y in worlds.rows}
