"""The way through the years under random sets of numbers: fans of indicators and of emissions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.projection import Projection
from lantian.core.system import Array
from lantian.ensemble.draws import Draws
from lantian.ensemble.evaluate import blocks
from lantian.ensemble.outcomes import Inquiry, ask, projections
from lantian.ensemble.weather import is_in_numbers, weather
from lantian.indicators.available import fit_all
from lantian.indicators.contract import Declared, Fitted, Subject
from lantian.study.model import CaseResult, Study
from lantian.vocabulary import POLLUTANTS, Case, Reading

MOST = 256
"""Samples that a fan is drawn from at most: its ends are seen on paper, not read as numbers."""
LEVELS = (0.025, 0.25, 0.5, 0.75, 0.975)
"""Probabilities of the lines of a fan: ends of the 95 % and of the 50 % range, and the middle."""
CASES: tuple[Case, ...] = ("baseline", "plan")
"""Cases that have all years."""

Key = tuple[str, Case | Reading, int]
"""Pollutant or indicator, case, calendar year."""


@dataclass(frozen=True)
class _Block:
    """Values of some samples, dims (sample,), and which of these contradict each other."""

    value: Mapping[Key, Array]
    impossible: Array


def courses(
    study: Study, solved: Mapping[Case, CaseResult], indicators: Sequence[str], draws: Draws
) -> dict[Key, Array]:
    """Return the lines of the fans of emission totals and of indicators.

    Parameters
    ----------
    study
        The scenario put together.
    solved
        Mixes, which are told in the years that they were solved for.
    indicators
        Ids of those that are told of the region as a whole.
    draws
        Random sets of numbers of the study, of which the first :data:`MOST` are used.

    Returns
    -------
    dict
        Values at :data:`LEVELS` [t/a, or unit of the indicator], with the weather of each year.
    """
    years = study.compiled.structure.years
    cases = CASES if len(study.commitments) else CASES[:1]
    inquiry = ask(study, cases, years=years, solved=solved)
    told = {(case, years[y]) for case, own in solved.items() for y in own.years}
    draws = replace(draws, samples=min(draws.samples, MOST))
    declared = {name: study.indicators[name].declared for name in indicators}
    found = [_of_block(inquiry, declared, draws.theta(own)) for own in blocks(draws.samples)]
    possible = ~np.concatenate([block.impossible for block in found])
    luck = {name: _luck(study, name, years, draws.samples) for name in indicators}
    lines = {}
    for key in (k for k in found[0].value if k[1] in cases or k[1:] in told):
        values = np.concatenate([block.value[key] for block in found])
        own = luck.get(key[0])
        values = values if own is None else values * own[years.index(key[2])]
        lines[key] = np.quantile(values[possible], LEVELS)
    return lines


def _of_block(inquiry: Inquiry, declared: Mapping[str, Declared], theta: Array) -> _Block:
    _, projected, _ = projections(inquiry, theta)
    fitted = fit_all(declared, theta, projected["baseline"])
    samples = theta.shape[1]
    impossible = np.zeros(samples, dtype=bool)
    for own in fitted.values():
        impossible |= own.impossible
    every = {
        (name, case, year): np.broadcast_to(value, samples)
        for case in projected
        for name, year, value in _values(fitted, projected[case])
    }
    return _Block(every, impossible)


def _values(
    fitted: Mapping[str, Fitted], projection: Projection
) -> Iterator[tuple[str, int, Array]]:
    """Yield name, year and values of everything that is told of a case."""
    total = ordered_sum(projection.emission)
    for y, year in enumerate(projection.years):
        for p, pollutant in enumerate(POLLUTANTS):
            yield pollutant, year, total[p, y]
        for name, own in fitted.items():
            value: Array = own.value(projection.at(year), Subject())[0]
            yield name, year, value


def _luck(study: Study, indicator: str, years: Sequence[int], samples: int) -> Array | None:
    if is_in_numbers(study, indicator):
        return None
    own = weather(study, indicator, years, slice(0, samples))
    return None if own is None else own.year
