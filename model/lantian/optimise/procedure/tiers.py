"""Targets by how much they bind: each tier on top of the ones before, what is out of reach apart.

1. The targets of a tier are asked for, those that earlier tiers reach stay firm.
2. What turns out to be out of reach is left out; :mod:`lantian.optimise.analyses.apart` answers it.
   Of targets that are out of reach only together none is left out that the others leave room for:
   they are tried in the order of the scenario.
3. The cheapest mix for all that is reached so far is the tier's answer; what it costs more than the
   one before is the tier's own cost. A target out of reach pulls no cost into it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.vocabulary import HEADLINE, TIERS, Tier

Ask = Callable[[Mapping[int, Targets]], dict[int, LeastCostResult]]
"""Gives the cheapest mix of every year for some rows, by year position."""
Chosen = Mapping[int, NDArray[np.bool_]]
"""Targets that are chosen in each year, dims (target,), by year position."""


@dataclass(frozen=True)
class TierAnswer:
    """A tier on top of the ones before it.

    Attributes
    ----------
    asked
        Its own targets.
    reached
        All targets that are met so far, and those whose excess is paid for.
    answers
        The cheapest mix for these, by year position.
    """

    tier: Tier
    asked: Chosen
    reached: Chosen
    answers: Mapping[int, LeastCostResult]

    def out_of_reach(self, year: int) -> NDArray[np.bool_]:
        """Return its own targets that are not met, dims (target,)."""
        return self.asked[year] & ~self.reached[year]

    def cost(self, year: int) -> float:
        """Return the cost of the mix of a year [currency/a]."""
        return self.answers[year].cost


def headline(tiers: Sequence[TierAnswer]) -> TierAnswer:
    """Return the answer up to the last tier of the headline."""
    return [t for t in tiers if t.tier in HEADLINE][-1]


def answer_tiers(
    ask: Ask, targets: Mapping[int, Targets], tier_of: Mapping[int, Sequence[int]]
) -> tuple[TierAnswer, ...]:
    """Ask for the targets tier by tier.

    Parameters
    ----------
    ask
        Solves for some rows.
    targets
        All rows by year position; those that are not enforced are never asked for.
    tier_of
        Position in :data:`TIERS` of each of them.

    Returns
    -------
    tuple of TierAnswer
        ``binding`` first, whether it has targets or not.
    """
    reached = {y: np.zeros(len(rows), np.bool_) for y, rows in targets.items()}
    found: list[TierAnswer] = []
    for k, tier in enumerate(TIERS):
        asked = {
            y: _enforced(rows) & (np.asarray(tier_of[y], np.int64) == k)
            for y, rows in targets.items()
        }
        further = any(rows.branches and k in rows.branches.tier for rows in targets.values())
        if found and not further and not any(own.any() for own in asked.values()):
            continue
        reached, answers = _with_tier(ask, _up_to(targets, k), reached, asked)
        found.append(TierAnswer(tier, asked, reached, answers))
    return tuple(found)


def _up_to(targets: Mapping[int, Targets], tier: int) -> dict[int, Targets]:
    """Return the rows with those of the further rows that are asked for in a tier."""
    return {
        y: rows if rows.branches is None else replace(rows, branches=rows.branches.up_to(tier))
        for y, rows in targets.items()
    }


def _with_tier(
    ask: Ask, targets: Mapping[int, Targets], reached: Chosen, asked: Chosen
) -> tuple[dict[int, NDArray[np.bool_]], dict[int, LeastCostResult]]:
    """Return what is reached with a further tier, and the cheapest mix for it."""
    wanted = {y: reached[y] | asked[y] for y in targets}
    answers = ask(rows_of(targets, wanted, reached))
    now = {y: wanted[y] & (_met(answers[y]) | _soft(rows)) for y, rows in targets.items()}
    if all((now[y] == wanted[y]).all() for y in targets):
        return now, answers
    now = _with_room(ask, targets, now, _doubtful(wanted, now, answers))
    # What was relaxed must not cost anything: solve again without it.
    return now, ask(rows_of(targets, now, None))


def _doubtful(
    wanted: Chosen, now: Chosen, answers: Mapping[int, LeastCostResult]
) -> list[tuple[int, int]]:
    """Return year and position of the targets that were missed together, and not for themselves.

    A single one that is missed beside all others has been tried.
    """
    missed = [(y, t) for y in wanted for t in np.flatnonzero(wanted[y] & ~now[y]).tolist()]
    return [(y, t) for y, t in missed if not answers[y].is_beyond(t)] if len(missed) > 1 else []


def _with_room(
    ask: Ask, targets: Mapping[int, Targets], now: Chosen, doubtful: Sequence[tuple[int, int]]
) -> dict[int, NDArray[np.bool_]]:
    """Return what is reached with those of some further targets that the others leave room for."""
    found = dict(now)
    for y, t in doubtful:
        trial = {z: own.copy() for z, own in found.items()}
        trial[y][t] = True
        if _met(ask(rows_of(targets, trial, found))[y])[t]:
            found = trial
    return found


def rows_of(
    targets: Mapping[int, Targets], wanted: Chosen, firm: Chosen | None
) -> dict[int, Targets]:
    """Return rows of which some are asked for, and some of these stay as they are.

    Parameters
    ----------
    targets
        All rows by year position.
    wanted
        Targets that are asked for.
    firm
        Targets that are never relaxed; none if None.

    Returns
    -------
    dict
        By year position.
    """
    return {
        y: replace(rows, enforced=wanted[y], firm=None if firm is None else firm[y])
        for y, rows in targets.items()
    }


def _met(answer: LeastCostResult) -> NDArray[np.bool_]:
    return np.array([target.met for target in answer.targets], np.bool_)


def _soft(rows: Targets) -> NDArray[np.bool_]:
    """Return the targets whose excess has a price: paying it is an answer."""
    return np.zeros(len(rows), np.bool_) if rows.price is None else np.isfinite(rows.price)


def _enforced(rows: Targets) -> NDArray[np.bool_]:
    return np.ones(len(rows), np.bool_) if rows.enforced is None else rows.enforced
