"""How deep packages of controls go: as deep as what is committed and offered, and no deeper.

Controls that can stand on one another make a package for every choice of them, twice as many with
each. Where that becomes more than can be solved, what is committed stays, and what is only offered
is left out with a word; nothing is dropped in silence.
"""

from collections.abc import Collection, Mapping, Sequence
from math import prod

from lantian.errors import Problems
from lantian.language import message
from lantian.measures.contract import AppliesRow

MOST_PACKAGES = 512
"""Packages of one source and technology: nine controls that stand on one another."""


def within_depth(
    rows: Mapping[str, Sequence[AppliesRow]], committed: Collection[str], problems: Problems
) -> dict[str, list[AppliesRow]]:
    """Return the arcs of each source without those for which there is no room.

    Parameters
    ----------
    rows
        Lines of the applies-table by source, in the order of the catalogue.
    committed
        Ids of measures that a plan commits, which are never left out.
    problems
        Receives what is left out as a warning, and commitments that are too many as a fault.

    Returns
    -------
    dict
        By source, in the same order.

    Raises
    ------
    InputError
        If a plan commits too many.
    """
    told = len(problems.found)
    kept = {name: _of_source(name, own, committed, problems) for name, own in rows.items()}
    problems.stop_if_any(beyond=told)  # all packages of too many measures fit into no memory
    return kept


def _of_source(
    source: str, rows: Sequence[AppliesRow], committed: Collection[str], problems: Problems
) -> list[AppliesRow]:
    if packages(rows) <= MOST_PACKAGES:
        return list(rows)
    kept = [row for row in rows if not row.control or row.measure in committed]
    if packages(kept) > MOST_PACKAGES:
        _refuse(source, [row for row in kept if row.control], problems)
        return []
    left_out: dict[str, AppliesRow] = {}
    for row in (row for row in rows if row not in kept):
        if packages([*kept, row]) <= MOST_PACKAGES:
            kept.append(row)
        else:
            left_out.setdefault(row.measure, row)
    problems.warn(
        next(iter(left_out.values())).place,
        message(
            "too many measures stand on one another on source '{source}'; not offered there:"
            " {names}.",
            source=source,
            names=", ".join(left_out),
        ),
        fix=message("Give those that exclude each other a common group, or split the source."),
    )
    return [row for row in rows if row in kept]


def _refuse(source: str, rows: Sequence[AppliesRow], problems: Problems) -> None:
    names = dict.fromkeys(row.measure for row in rows)
    problems.add(
        rows[0].place,
        message(
            "the plan puts {n} measures on source '{source}' that stand on one another: {names}.",
            n=len(names),
            source=source,
            names=", ".join(names),
        ),
        fix=message("Give those that exclude each other a common group, or split the source."),
    )


def packages(rows: Sequence[AppliesRow]) -> int:
    """Return how many packages of controls the arcs of a source can make, at most.

    Parameters
    ----------
    rows
        Lines of the applies-table of one source.

    Returns
    -------
    int
        A choice of one control, or none, from each family: those of a common group, and those that
        replace one another.
    """
    return prod(1 + len(family) for family in _families(rows))


def _families(rows: Sequence[AppliesRow]) -> list[set[str]]:
    """Return the controls that exclude or replace one another, each in one set."""
    families: list[set[str]] = []
    for row in (row for row in rows if row.control):
        ties = {row.control, *([row.replaces] if row.replaces else [])}
        if row.group:
            ties |= {r.control for r in rows if r.control and r.group == row.group}
        touching = [family for family in families if family & ties]
        families = [f for f in families if f not in touching] + [ties.union(*touching)]
    return families
