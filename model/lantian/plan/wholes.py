"""Targets that are shares of one whole: what they ask for together must be part of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lantian.errors import Problems
from lantian.indicators.activity_share import QuotientFitted
from lantian.indicators.contract import CENTRAL, Sense
from lantian.language import message
from lantian.plan.targets import ResolvedTarget
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import HAIR

Parts = frozenset[tuple[int, float]]
"""States that count, and what a unit of each counts."""


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
        _check_least(_apart(own, "at_least"), read, problems)
        _check_most(_apart(own, "at_most"), read, problems)


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


def _apart(shares: Sequence[_Share], sense: Sense) -> list[_Share]:
    """Return targets of a sense whose parts have nothing in common, the earlier ones first."""
    kept: list[_Share] = []
    taken: Parts = frozenset()
    for own in shares:
        if own.target.bound.sense == sense and not own.part & taken:
            kept.append(own)
            taken |= own.part
    return kept


def _check_least(shares: Sequence[_Share], read: ReadScenario, problems: Problems) -> None:
    if _total(shares) > 1.0 + HAIR:
        problems.add(
            read.place("targets", shares[-1].at),
            message(
                "shares of one whole that come to at least {total:.3g} %: {names}.",
                total=100.0 * _total(shares),
                names=_names(shares),
            ),
            fix=message("They are parts of the same, and make 100 % at most."),
        )


def _check_most(shares: Sequence[_Share], read: ReadScenario, problems: Problems) -> None:
    covers = shares and frozenset().union(*(own.part for own in shares)) == shares[0].whole
    if covers and _total(shares) < 1.0 - HAIR:
        problems.add(
            read.place("targets", shares[-1].at),
            message(
                "shares that are all of one whole come to at most {total:.3g} %: {names}.",
                total=100.0 * _total(shares),
                names=_names(shares),
            ),
            fix=message("What may not be one of them must be another: they make 100 %."),
        )


def _total(shares: Sequence[_Share]) -> float:
    return sum(own.target.limit for own in shares)


def _names(shares: Sequence[_Share]) -> str:
    return ", ".join(own.target.target.id for own in shares)
