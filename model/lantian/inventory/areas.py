"""The table of areas: which part of each source's activity is where."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from lantian.core.areas import Areas
from lantian.core.system import Sources
from lantian.errors import Problems, closest
from lantian.language import message
from lantian.parameters import Names, QuantityRow
from lantian.parameters.units import UnitError

TYPED = 5e-3
"""How far the shares of a source may miss 1 in all: a dozen of them typed with one decimal."""


class AreaRow(QuantityRow):
    """A line of ``areas.csv``: the share of a source's activity in an area [%].

    A blank ``source`` stands for all sources without rows of their own.
    """

    area: str = Field(min_length=1)
    source: Annotated[str, Names("source")] = ""


def area_shares(rows: Sequence[AreaRow], sources: Sources, problems: Problems) -> Areas | None:
    """Return the share of every source in every area; None without rows.

    What is typed may miss 100 % by rounding and is scaled to it.

    Parameters
    ----------
    rows
        Lines of the table of areas.
    sources
        Source axis of the system.
    problems
        Receives unknown sources, impossible shares, sums that are not 100 %, and sources that
        have no share at all.

    Returns
    -------
    Areas or None
        Shares [1], dims (area, source).
    """
    if not rows:
        return None
    names = tuple(dict.fromkeys(row.area for row in rows))
    typed = _typed(rows, names, problems)
    for row in rows:
        if row.source and row.source not in sources.id:
            problems.add(
                row.place,
                message("'{name}' is not a source.", name=row.source),
                fix=closest(row.source, sources.id),
            )
    _check_sums(rows, typed, problems)
    share = np.zeros((len(names), len(sources)))
    for s, source in enumerate(sources.id):
        own = typed.get(source, typed.get(""))
        if own is None:
            problems.add(
                rows[0].place,
                message("source '{source}' has no share in any area.", source=source),
                fix=message("Add its rows, or rows with a blank source for all others."),
            )
        elif own.sum() > 0:
            share[:, s] = own / own.sum()
    return Areas(names, share)


def _typed(
    rows: Sequence[AreaRow], names: tuple[str, ...], problems: Problems
) -> dict[str, np.ndarray]:
    """Return the shares as they are written [1], dims (area,), by source."""
    found: dict[str, np.ndarray] = {}
    for row in rows:
        own = found.setdefault(row.source, np.zeros(len(names)))
        try:
            share = row.to("1")
        except UnitError as error:
            problems.add(row.place, message("{text}.", text=error.args[0]))
            share = float("nan")
        if share < 0:
            problems.add(row.place, message("a share cannot be negative."))
        own[names.index(row.area)] += share
    return found


def _check_sums(rows: Sequence[AreaRow], typed: dict[str, np.ndarray], problems: Problems) -> None:
    for source, shares in typed.items():
        total = float(shares.sum())
        if np.isnan(total) or abs(total - 1.0) <= TYPED:
            continue
        first = next(row for row in rows if row.source == source)
        problems.add(
            first.place,
            message(
                "the shares of source '{source}' add up to {total:.1%}, not to 100 %.",
                source=source,
                total=total,
            )
            if source
            else message(
                "the shares of all other sources add up to {total:.1%}, not to 100 %.", total=total
            ),
        )
