"""Mixes projected exactly under random sets of numbers; what does not depend on them once."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lantian.core.system import Array
from lantian.ensemble.draws import Draws
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.outcomes import ask as inquire
from lantian.ensemble.outcomes import joined, of_block
from lantian.ensemble.sampled import met
from lantian.ensemble.weather import is_in_numbers, weather
from lantian.plan.targets import ResolvedTarget
from lantian.study.model import CaseResult, Study, make_case
from lantian.vocabulary import Case

THREADS = 2
"""Threads that project samples: more than two wait for each other."""

Uptakes = Mapping[int, Array]
"""A mix: uptake of each move [activity unit], dims (move,), by year position."""


@dataclass(frozen=True)
class Tried:
    """What mixes come to in some samples.

    Attributes
    ----------
    excess
        Of each target over its limit under the weather of the year, never rounding alone [unit of
        the target], dims (mix, target, sample).
    cost
        In the last year [currency/a], dims (mix, sample).
    possible
        Samples whose numbers do not contradict each other, dims (sample,).
    """

    excess: Array
    cost: Array
    possible: NDArray[np.bool_]


@dataclass(frozen=True)
class Bench:
    """Tries mixes of a study.

    Attributes
    ----------
    study
        The scenario put together.
    targets
        Positions of the targets that are looked at.
    """

    study: Study
    targets: Sequence[int]
    _weather: dict[tuple[int, int], Array] = field(default_factory=dict, repr=False)

    def tried(self, mixes: Sequence[Uptakes], draws: Draws) -> Tried:
        """Return what mixes come to in all samples of some draws.

        Parameters
        ----------
        mixes
            Held as the shares that they take at central values.
        draws
            The samples.
        """
        solved = {f"mix {i}": case_of(self.study, own) for i, own in enumerate(mixes)}
        # The names of the mixes are nothing but keys here.
        cases = cast("Mapping[Case, CaseResult]", solved)
        judged = [self.study.targets[t] for t in self.targets]
        inquiry = inquire(self.study, ("baseline",), (), solved=cases, targets=judged)
        first, *rest = blocks(draws.samples)
        begun = of_block(inquiry, draws.theta(first))  # what is found once is found before threads
        with ThreadPoolExecutor(THREADS) as pool:
            others = list(pool.map(lambda own: of_block(inquiry, draws.theta(own)), rest))
        found = joined([begun, *others])
        at = [inquiry.cases.index(cast("Case", name)) for name in solved]
        return Tried(
            np.stack(
                [self._excess(t, found.value[at, k], found.limit[at, k], draws)
                 for k, t in enumerate(self.targets)],
                axis=1,
            ) if self.targets else np.zeros((len(mixes), 0, draws.samples)),
            found.cost[at],
            ~found.impossible,
        )  # fmt: skip

    def _excess(self, t: int, value: Array, limit: Array, draws: Draws) -> Array:
        target = self.study.targets[t]
        value, side = value * self.weather(t, draws), target.bound.side
        over = -target.bound.room(value, limit)
        return np.asarray(np.where(met(limit * side, value * side), np.minimum(over, 0.0), over))

    def weather(self, t: int, draws: Draws) -> Array:
        """Return the factor of the weather on what is projected [1], dims (sample,)."""
        key = (t, draws.seed)
        if key not in self._weather:
            self._weather[key] = _weather_of(self.study, self.study.targets[t], draws)
        return self._weather[key]


def _weather_of(study: Study, target: ResolvedTarget, draws: Draws) -> Array:
    if is_in_numbers(study, target.target.indicator_id):
        return np.ones(draws.samples)
    every = slice(0, draws.samples)
    own = weather(study, target.target.indicator_id, (target.target.year,), every, draws.seed)
    return np.ones(draws.samples) if own is None else own.year[0]


def case_of(study: Study, mix: Uptakes) -> CaseResult:
    """Return a mix as a case.

    Parameters
    ----------
    study
        Whose system it is about.
    mix
        Uptake by year position.
    """
    system = study.system
    uptake = np.zeros((len(system.moves), len(system.years)))
    for year, own in mix.items():
        uptake[:, year] = own
    return make_case(system, uptake, tuple(mix))
