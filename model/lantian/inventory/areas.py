"""The table of areas: which part of each source's activity is where, by share or by proxy."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from lantian.core.areas import Areas
from lantian.core.system import Array, Sources
from lantian.errors import Problems, closest
from lantian.language import message
from lantian.parameters import Names, QuantityRow, units
from lantian.parameters.units import UnitError

TYPED = 5e-3
"""How far the shares of a source may miss 1 in all: a dozen of them typed with one decimal."""


class AreaRow(QuantityRow):
    """A line of ``areas.csv``: what of a source's activity is in an area.

    A share [%] of it, or an amount of what it goes with, in one unit for all areas of a source:
    land [km2], residents [person], output [t]. A blank ``source`` stands for all sources of the
    ``sector`` without rows of their own, a blank ``sector`` for all sectors without any.
    """

    area: str = Field(min_length=1)
    sector: Annotated[str, Names("sector")] = ""
    source: Annotated[str, Names("source")] = ""

    @property
    def owner(self) -> "Owner":
        """Whose rows it is one of."""
        return self.sector, self.source


Owner = tuple[str, str]
"""Sector and source that rows are about; blank for all others."""


def area_shares(rows: Sequence[AreaRow], sources: Sources, problems: Problems) -> Areas | None:
    """Return the share of every source in every area; None without rows.

    Shares that are typed may miss 100 % by rounding and are scaled to it; amounts are.

    Parameters
    ----------
    rows
        Lines of the table of areas.
    sources
        Source axis of the system.
    problems
        Receives unknown sources, impossible shares, sums that are not 100 %, units that are mixed,
        and sources that have no share at all.

    Returns
    -------
    Areas or None
        Shares [1], dims (area, source).
    """
    if not rows:
        return None
    names = tuple(dict.fromkeys(row.area for row in rows))
    for row in rows:
        if row.source and row.source not in sources.id:
            problems.add(
                row.place.cell("source"),
                message("'{name}' is not a source.", name=row.source),
                fix=closest(row.source, sources.id),
            )
    by_owner = _by_owner(rows)
    typed = {owner: _typed(own, names, problems) for owner, own in by_owner.items()}
    share, assumed = np.zeros((len(names), len(sources))), []
    for s, (source, sector) in enumerate(zip(sources.id, sources.sector, strict=True)):
        asked = ((sector, source), ("", source), (sector, ""), ("", ""))
        owner = next((owner for owner in asked if owner in typed), None)
        if owner is None:
            problems.add(
                rows[0].place.cell("source"),
                message("source '{source}' has no share in any area.", source=source),
                fix=message("Add its rows, or rows with a blank source for all others."),
            )
            continue
        if typed[owner].sum() > 0:
            share[:, s] = typed[owner] / typed[owner].sum()
        if any(row.basis == "assumed" for row in by_owner[owner]):
            assumed.append(s)
    return Areas(names, share, tuple(assumed))


def _by_owner(rows: Sequence[AreaRow]) -> dict[Owner, list[AreaRow]]:
    owners = dict.fromkeys(row.owner for row in rows)
    return {owner: [row for row in rows if row.owner == owner] for owner in owners}


def _typed(rows: Sequence[AreaRow], names: tuple[str, ...], problems: Problems) -> Array:
    """Return what the rows of an owner say, in the unit of the first, dims (area,)."""
    unit = "1" if units.is_like(rows[0].unit, "1") else rows[0].unit
    found = np.zeros(len(names))
    for row in rows:
        try:
            amount = row.to(unit)
        except UnitError as error:
            problems.add(row.place.cell("unit"), message("{text}.", text=error.args[0]))
            amount = float("nan")
        if amount < 0:
            problems.add(row.place.cell("value"), message("a share cannot be negative."))
        found[names.index(row.area)] += amount
    _check_sum(rows, float(found.sum()), unit == "1", problems)
    return found


def _check_sum(rows: Sequence[AreaRow], total: float, shares: bool, problems: Problems) -> None:
    """Note shares that are not 100 % together, and amounts that are nothing."""
    first = rows[0]
    if np.isnan(total) or (abs(total - 1.0) <= TYPED if shares else total > 0.0):
        return
    named = first.source or first.sector
    if not shares:
        told = message("the amounts of '{source}' add up to nothing.", source=named or "*")
    elif named:
        told = message(
            "the shares of source '{source}' add up to {total:.1%}, not to 100 %.",
            source=named,
            total=total,
        )
    else:
        told = message(
            "the shares of all other sources add up to {total:.1%}, not to 100 %.", total=total
        )
    problems.add(first.place.cell("value"), told)
