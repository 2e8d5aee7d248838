"""The way through the years under random sets of numbers: fans of indicators and of emissions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.ensemble.draws import Draws
from lantian.ensemble.evaluate import BLOCK, blocks
from lantian.ensemble.outcomes import Inquiry, ask, projections
from lantian.ensemble.weather import is_in_numbers, weather
from lantian.indicators.available import fit_all
from lantian.indicators.contract import Declared, Fitted, Subject
from lantian.study.model import CaseResult, Study
from lantian.vocabulary import POLLUTANTS, Case, Reading

MOST = BLOCK
"""Samples that a fan is drawn from at most: its ends are seen on paper, not read as numbers."""
CASES: tuple[Case, ...] = ("baseline", "plan")
"""Cases that have all years."""

Key = tuple[str, Case | Reading, int]
"""Pollutant or indicator, case, calendar year."""
Seen = Collection[tuple[str, int]]
"""Indicators and calendar years of observations."""


@dataclass(frozen=True)
class _Wanted:
    """Whose values are told: of ``fans`` all, of ``seen`` those of the plan."""

    fans: Collection[str]
    seen: Seen

    def has(self, name: str, case: Case | Reading, year: int) -> bool:
        return name in self.fans or ((name, year) in self.seen and case in CASES)


@dataclass(frozen=True)
class _Block:
    """Values of some samples, dims (sample,), and which of these contradict each other."""

    value: Mapping[Key, Array]
    impossible: Array


def courses(
    study: Study,
    solved: Mapping[Case, CaseResult],
    fans: Sequence[str],
    seen: Seen,
    draws: Draws,
) -> dict[Key, Array]:
    """Return emission totals and indicators year by year under random sets of numbers.

    Parameters
    ----------
    study
        The scenario put together.
    solved
        Mixes, which are told in the years that they were solved for.
    fans
        Ids of indicators that are told of the region as a whole in all years and cases.
    seen
        Those that are told in some years only, without the plan and under it: of observations.
    draws
        Random sets of numbers of the study, of which the first :data:`MOST` are used.

    Returns
    -------
    dict
        Values [t/a, or unit of the indicator] with the weather of each year, dims (sample,); sets
        that contradict each other are left out.
    """
    years = study.compiled.structure.years
    cases = CASES if len(study.commitments) else CASES[:1]
    inquiry = ask(study, cases, years=years, solved=solved)
    told = {(case, years[y]) for case, own in solved.items() for y in own.years}
    draws, wanted = replace(draws, samples=min(draws.samples, MOST)), _Wanted(fans, seen)
    names = dict.fromkeys([*fans, *(name for name, _ in seen)])
    declared = {name: study.indicators[name].declared for name in names}
    thetas = (draws.theta(own) for own in blocks(draws.samples))
    found = [_of_block(inquiry, declared, wanted, theta) for theta in thetas]
    possible = ~np.concatenate([block.impossible for block in found])
    luck = {name: _luck(study, name, years, draws.samples) for name in names}
    every = {}
    for key in (k for k in found[0].value if k[1] in cases or k[1:] in told):
        values = np.concatenate([block.value[key] for block in found])
        own = luck.get(key[0])
        every[key] = (values if own is None else values * own[years.index(key[2])])[possible]
    return every


def _of_block(
    inquiry: Inquiry, declared: Mapping[str, Declared], wanted: _Wanted, theta: Array
) -> _Block:
    _, projected, _ = projections(inquiry, theta)
    fitted = fit_all(declared, theta, projected["baseline"])
    samples = theta.shape[1]
    impossible = np.zeros(samples, dtype=bool)
    for own in fitted.values():
        impossible |= own.impossible
    every = {
        (name, case, year): np.broadcast_to(value, samples)
        for case in projected
        for name, year, value in _values(fitted, case, projected[case], wanted)
    }
    return _Block(every, impossible)


def _values(
    fitted: Mapping[str, Fitted], case: Case | Reading, projection: Projection, wanted: _Wanted
) -> Iterator[tuple[str, int, Array]]:
    """Yield name, year and values of everything that is told of a case."""
    total = ordered_sum(projection.emission)
    for y, year in enumerate(projection.years):
        for p, pollutant in enumerate(POLLUTANTS):
            yield pollutant, year, total[p, y]
        for name, own in fitted.items():
            if wanted.has(name, case, year):
                value: Array = own.value(projection.at(year), Subject())[0]
                yield name, year, value


def _luck(study: Study, indicator: str, years: Sequence[int], samples: int) -> Array | None:
    if is_in_numbers(study, indicator):
        return None
    own = weather(study, indicator, years, slice(0, samples))
    return None if own is None else own.year
