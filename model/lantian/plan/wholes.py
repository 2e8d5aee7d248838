"""Targets that are shares of one whole: what they ask for together must be part of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lantian.errors import Problems
from lantian.indicators.activity_share import QuotientFitted
from lantian.indicators.contract import CENTRAL
from lantian.language import NOTHING, Message, message
from lantian.plan.targets import ResolvedTarget
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import HAIR

Parts = frozenset[tuple[int, float]]
"""States that count, and what a unit of each counts."""
NO_POINT = 2
"""Status of a linear program that nothing can satisfy, as SciPy tells it."""


@dataclass(frozen=True)
class _Share:
    """A target that is a share of a whole.

    Attributes
    ----------
    at
        Position of the target in the scenario.
    target
        What it asks for.
    part, whole
        What its share is, and of what.
    """

    at: int
    target: ResolvedTarget
    part: Parts
    whole: Parts


def check_wholes(
    targets: Iterable[tuple[int, ResolvedTarget]], read: ReadScenario, problems: Problems
) -> None:
    """Note shares of one whole that ask for more than it, or leave some of it no place.

    Parameters
    ----------
    targets
        Resolved, with their positions in the scenario.
    read
        The scenario.
    problems
        Receives faults, at the last target that takes part in one.
    """
    by_whole: dict[tuple[int, Parts], list[_Share]] = defaultdict(list)
    for i, target in targets:
        found = _share(i, target)
        if found is not None:
            by_whole[target.year, found.whole].append(found)
    for own in by_whole.values():
        _check_together(own, read, problems)


def _share(at: int, target: ResolvedTarget) -> _Share | None:
    """Return part and whole of a share of states; None of anything else."""
    if not isinstance(target.fitted, QuotientFitted) or target.unit != "1":
        return None
    quotient = target.fitted.quotients[target.target.subject]
    sides = (quotient.part, quotient.whole)
    if any(side.given.any() or (side.weight < 0.0).any() for side in sides):
        return None
    part, whole = (
        frozenset(zip(side.states.tolist(), side.weight[:, CENTRAL].tolist(), strict=True))
        for side in sides
    )
    return _Share(at, target, part, whole) if part <= whole else None


def _check_together(shares: Sequence[_Share], read: ReadScenario, problems: Problems) -> None:
    """Note the fewest shares that no whole can be made of."""
    if len(shares) < 2 or _can_be(shares):
        return
    kept = list(shares)
    for own in shares:
        rest = [other for other in kept if other is not own]
        if not _can_be(rest):
            kept = rest
    if len(kept) > 1:  # more than all of it by itself is told where no measure leads there
        problems.add(read.place("targets", kept[-1].at), *_told(kept))


def _can_be(shares: Sequence[_Share]) -> bool:
    """Tell whether some division of the whole keeps all shares."""
    from scipy.optimize import linprog  # here: most scenarios ask for no shares

    if not shares:
        return True
    kinds = {tuple(state in own.part for own in shares) for state in shares[0].whole}
    held = np.array(sorted(kinds), dtype=float).T
    side = np.array([own.target.bound.side for own in shares])
    limit = np.array([own.target.limit for own in shares])
    found = linprog(
        np.zeros(held.shape[1]),
        A_ub=side[:, None] * held,
        b_ub=side * limit + HAIR,
        A_eq=np.ones((1, held.shape[1])),
        b_eq=[1.0],
    )
    return bool(found.status != NO_POINT)


def _told(kept: Sequence[_Share]) -> tuple[Message, Message, Message]:
    """Return what is wrong with shares that cannot be, nothing expected, and how to mend it."""
    senses = {own.target.bound.sense for own in kept}
    if senses == {"at_least"}:
        found = message(
            "shares of one whole that come to at least {total:.3g} %: {names}.",
            total=100.0 * _total(kept),
            names=_names(kept),
        )
        return found, NOTHING, message("They are parts of the same, and make 100 % at most.")
    if senses == {"at_most"}:
        found = message(
            "shares that are all of one whole come to at most {total:.3g} %: {names}.",
            total=100.0 * _total(kept),
            names=_names(kept),
        )
        fix = message("What may not be one of them must be another: they make 100 %.")
        return found, NOTHING, fix
    return (
        message("shares of one whole that cannot all be: {names}.", names=_names(kept)),
        NOTHING,
        message("One of them asks for more than another leaves."),
    )


def _total(shares: Sequence[_Share]) -> float:
    return sum(own.target.limit for own in shares)


def _names(shares: Sequence[_Share]) -> str:
    return ", ".join(own.target.target.id for own in shares)
