"""Targets that are shares of one whole: what they ask for together must be part of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from lantian.errors import Problems
from lantian.indicators.activity_share import QuotientFitted
from lantian.indicators.contract import CENTRAL
from lantian.language import message
from lantian.plan.targets import ResolvedTarget
from lantian.scenario.reader import ReadScenario
from lantian.tolerances import HAIR

Numbered = tuple[int, ResolvedTarget]
"""A target and its position in the scenario."""
Parts = frozenset[tuple[int, float]]
"""States that count, and what a unit of each counts."""


def check_wholes(targets: Iterable[Numbered], read: ReadScenario, problems: Problems) -> None:
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
    by_whole: dict[tuple[int, Parts], list[Numbered]] = defaultdict(list)
    for i, target in targets:
        found = _parts(target)
        if found is not None:
            by_whole[target.year, found[1]].append((i, target))
    for (_, whole), own in by_whole.items():
        _check_least(_apart([t for t in own if t[1].bound.sense == "at_least"]), read, problems)
        _check_most(
            _apart([t for t in own if t[1].bound.sense == "at_most"]), whole, read, problems
        )


def _parts(target: ResolvedTarget) -> tuple[Parts, Parts] | None:
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
    return (part, whole) if part <= whole else None


def _apart(targets: Sequence[Numbered]) -> list[Numbered]:
    """Return targets whose parts have nothing in common, the earlier ones first."""
    kept: list[Numbered] = []
    taken: Parts = frozenset()
    for i, target in targets:
        found = _parts(target)
        if found is not None and not found[0] & taken:
            kept.append((i, target))
            taken |= found[0]
    return kept


def _check_least(own: Sequence[Numbered], read: ReadScenario, problems: Problems) -> None:
    total = sum(target.limit for _, target in own)
    if total > 1.0 + HAIR:
        problems.add(
            read.place("targets", own[-1][0]),
            message(
                "shares of one whole that come to at least {total:.3g} %: {names}.",
                total=100.0 * total,
                names=", ".join(target.target.id for _, target in own),
            ),
            fix=message("They are parts of the same, and make 100 % at most."),
        )


def _check_most(
    own: Sequence[Numbered], whole: Parts, read: ReadScenario, problems: Problems
) -> None:
    parts = [found[0] for _, target in own if (found := _parts(target)) is not None]
    total = sum(target.limit for _, target in own)
    if parts and frozenset().union(*parts) == whole and total < 1.0 - HAIR:
        problems.add(
            read.place("targets", own[-1][0]),
            message(
                "shares that are all of one whole come to at most {total:.3g} %: {names}.",
                total=100.0 * total,
                names=", ".join(target.target.id for _, target in own),
            ),
            fix=message("What may not be one of them must be another: they make 100 %."),
        )
