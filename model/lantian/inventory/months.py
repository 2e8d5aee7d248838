"""Months of a year: the shape of each source's year, from ``monthly_profiles.csv``.

A profile gives every month its share of the year; ``source_profiles.csv`` says which profiles a
source follows, and with which part of it. A year stays what it is: the shares of a source add up
to 1, so the months of anything yearly add up to the year.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeVar

import numpy as np
from pydantic import AfterValidator, Field

from lantian.core.system import Array, Index, Sources
from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.parameters import SHARE, Names, QuantityRow, QuantityTable, declared

Q = TypeVar("Q", bound=QuantityRow)

COMMON_YEAR = 2019
"""A year without a leap day."""
MONTHS = 12
"""Months of a year [1]."""
PROFILES, FOLLOWED = TABLES = ("monthly_profiles", "source_profiles")
"""Names of the tables."""
TYPED = 5e-3
"""How far twelve typed shares may miss 1 in all."""

SEASONS: tuple[tuple[int, ...], ...] = ((12, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10, 11))
"""Months of each season: winter, spring, summer, autumn."""
OF_MONTH: Index = np.array(
    [next(s for s, own in enumerate(SEASONS) if month in own) for month in range(1, 13)]
)
"""Season of each month."""

Month = Annotated[int, Field(ge=1, le=MONTHS)]


class ProfileRow(QuantityRow):
    """A line of ``monthly_profiles.csv``: the share of the year [%] that is in a month."""

    plausible = declared({"": SHARE})
    profile: str = Field(min_length=1)
    month: Month


class FollowedRow(QuantityRow):
    """A line of ``source_profiles.csv``: the part of a source [%] that follows a profile.

    A blank ``source`` stands for all sources of the sector without rows of their own, a blank
    ``sector`` for all sectors without any.
    """

    plausible = declared({"": SHARE})
    sector: Annotated[str, Names("sector")] = ""
    source: Annotated[str, Names("source")] = ""
    profile: str = Field(min_length=1)


class Tables(Protocol):
    """Where the tables are found."""

    def has(self, name: str) -> bool:
        """Tell whether there is a table of that name."""

    def read(self, name: str, row: type[Q]) -> QuantityTable[Q]:
        """Return a table that is there; its faults are noted."""


_SEASON = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")


def months_of_season(written: str) -> tuple[int, ...]:
    """Return the months of a season [1 to 12]: ``6-9``, or over the turn of the year ``11-3``.

    Parameters
    ----------
    written
        First and last month, or one; blank for the whole year.

    Returns
    -------
    tuple of int
        In the order in which they come.

    Raises
    ------
    ValueError
        If it is no season.
    """
    if not written:
        return tuple(range(1, MONTHS + 1))
    found = _SEASON.fullmatch(written.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not (1 <= first <= MONTHS and 1 <= last <= MONTHS):
        raise ValueError(
            message(
                "'{given}' is no season; write its first and last month: 6-9, or 11-3",
                given=written,
            )
        )
    length = (last - first) % MONTHS + 1
    return tuple((first - 1 + i) % MONTHS + 1 for i in range(length))


def _is_season(written: str) -> str:
    months_of_season(written)
    return written.strip()


Season = Annotated[str, AfterValidator(_is_season)]
"""First and last month of a season; blank for the whole year."""


def in_season(written: str) -> Array:
    """Return 1 for the months of a season and 0 for the others, dims (month,).

    Parameters
    ----------
    written
        As :data:`Season`.
    """
    own = np.zeros(MONTHS)
    own[np.array(months_of_season(written)) - 1] = 1.0
    return own


@dataclass(frozen=True)
class Profiles:
    """The tables of months of a region, as they were read."""

    shape: QuantityTable[ProfileRow]
    followed: QuantityTable[FollowedRow]


@dataclass(frozen=True)
class YearShapes:
    """Shapes of the year.

    Attributes
    ----------
    shares
        Share of every source's year that is in each month [1], dims (source, month).
    profiles
        The same of each profile, dims (month,).
    known
        Whether tables say so; else every day is alike.
    """

    shares: Array
    profiles: Mapping[str, Array]
    known: bool = True


@dataclass(frozen=True)
class YearParts:
    """Parts of a year, each some of its months.

    Attributes
    ----------
    shares
        Part of every source's year that is in each [1], dims (part, source).
    months
        1 for the months that are, dims (part, month).
    """

    shares: Array
    months: Array


def parts_of(shapes: YearShapes, months: Array) -> YearParts:
    """Return parts of the year of the sources.

    Parameters
    ----------
    shapes
        Months of the sources.
    months
        1 for the months of each part, dims (part, month).
    """
    return YearParts(months @ shapes.shares.T, months)


ANY_YEAR = YearShapes(np.zeros((0, MONTHS)), {}, known=False)
"""Of no source."""


def monthly_shares(profiles: Profiles, sources: Sources, problems: Problems) -> YearShapes:
    """Return what part of the year is in each month.

    What is typed may miss 100 % by rounding and is scaled to it.

    Parameters
    ----------
    profiles
        Tables of a region.
    sources
        Source axis of the system.
    problems
        Receives months that are missing, negative shares, sums that are not 100 %, and names that
        are no source, sector or profile.
    """
    shape = _shapes(profiles.shape, problems)
    _check_names(profiles.followed.rows, shape, sources, problems)
    parts = _by_owner(profiles.followed)
    for owner, (rows, typed) in parts.items():
        if not profiles.followed.lacks_lines_of(sector=owner[0], source=owner[1]):
            _check_sum(rows, typed, owner[1] or owner[0] or "*", problems)
    found = even_shares(len(sources))
    for s, (sector, source) in enumerate(zip(sources.sector, sources.id, strict=True)):
        own = _own_part(parts, sector, source)
        if own is None and profiles.followed.lacks_lines_of(sector=sector, source=source):
            continue  # which is told of the line
        if own is None:
            problems.add(
                Place(profiles.followed.file),
                message("source '{source}' follows no profile.", source=source),
                fix=message("Add its row, or a row with blank sector and source for all others."),
            )
            continue
        found[s] = _mixed(*own, shape)
    return YearShapes(found, shape)


def read_shapes(tables: Tables, sources: Sources, problems: Problems) -> YearShapes:
    """Return the shapes of the year; every day is alike where a region does not say.

    Parameters
    ----------
    tables
        Of a region.
    sources
        Source axis of the system.
    problems
        Receives every fault found, as :func:`monthly_shares`.
    """
    if not (tables.has(PROFILES) and tables.has(FOLLOWED)):
        return YearShapes(even_shares(len(sources)), {}, known=False)
    profiles = Profiles(tables.read(PROFILES, ProfileRow), tables.read(FOLLOWED, FollowedRow))
    return monthly_shares(profiles, sources, problems)


def even_shares(sources: int) -> Array:
    """Return the share of each month [1] where every day is alike, dims (source, month)."""
    days = np.array([monthrange(COMMON_YEAR, month)[1] for month in range(1, MONTHS + 1)])
    return np.tile(days / days.sum(), (sources, 1))


def daily(yearly: Array, shares: Array, days: int) -> Array:
    """Return what a month has in a day [unit of the year per day].

    Parameters
    ----------
    yearly
        Of a year, dims (source, ...).
    shares
        Share of the year that is in the month [1], dims (source,).
    days
        Of the month.

    Returns
    -------
    Array
        Dims (source, ...).
    """
    return np.asarray(yearly * shares.reshape(-1, *(1,) * (yearly.ndim - 1)) / days)


def _shapes(table: QuantityTable[ProfileRow], problems: Problems) -> dict[str, Array]:
    """Return the shares of each profile [1], dims (month,), as they are used."""
    found = {}
    for name in dict.fromkeys(row.profile for row in table.rows):
        rows = table.select(profile=name)
        typed, shares = _typed(table, rows), np.zeros(MONTHS)
        shares[[row.month - 1 for row in rows]] = typed
        missing = sorted(set(range(1, MONTHS + 1)) - {row.month for row in rows})
        if table.lacks_lines_of(profile=name):
            pass  # which is told of these
        elif missing:
            problems.add(
                rows[0].place.cell("month"),
                message(
                    "profile '{name}' has no row for {months}.",
                    name=name,
                    months=", ".join(map(str, missing)),
                ),
                message("Expected the twelve months 1 to 12."),
            )
        else:
            _check_sum(rows, typed, name, problems)
        found[name] = shares / shares.sum() if shares.sum() > 0 else shares
    return found


def _check_sum(
    rows: Sequence[ProfileRow | FollowedRow], typed: Array, name: str, problems: Problems
) -> None:
    """Note shares below nothing, and shares that together are not all."""
    for row, share in zip(rows, typed.tolist(), strict=True):
        if share < 0:
            problems.add(row.place.cell("value"), message("a share cannot be negative."))
    total = float(typed.sum())
    if abs(total - 1.0) > TYPED:
        problems.add(
            rows[0].place.cell("value"),
            message(
                "the shares of '{name}' add up to {total:.1%}, not to 100 %.",
                name=name,
                total=total,
            ),
            fix=message("Mend one of its rows; scaling all would hide which one is wrong."),
        )


Part = tuple[list[FollowedRow], Array]
"""Rows of a source, or of many, and what they say [1], dims (row,)."""


def _typed(table: QuantityTable[Q], rows: Sequence[Q]) -> Array:
    """Return what rows say [1], dims (row,); NaN where the unit does not fit, which is noted."""
    return np.array([table.in_unit(row, "") for row in rows])


def _by_owner(table: QuantityTable[FollowedRow]) -> dict[tuple[str, str], Part]:
    owners = dict.fromkeys((row.sector, row.source) for row in table.rows)
    rows = {owner: table.select(sector=owner[0], source=owner[1]) for owner in owners}
    return {owner: (own, _typed(table, own)) for owner, own in rows.items()}


def _own_part(parts: dict[tuple[str, str], Part], sector: str, source: str) -> Part | None:
    """Return the rows of a source, else those of its sector, else those of all others."""
    owners = ((sector, source), ("", source), (sector, ""), ("", ""))
    return next((parts[owner] for owner in owners if owner in parts), None)


def _mixed(rows: Sequence[FollowedRow], typed: Array, shape: dict[str, Array]) -> Array:
    """Return the shares of the months of a source that follows one or more profiles."""
    shapes = [shape.get(row.profile, np.full(MONTHS, np.nan)) for row in rows]
    return np.asarray((typed / typed.sum()) @ np.array(shapes))


def _check_names(
    rows: Sequence[FollowedRow], shape: dict[str, Array], sources: Sources, problems: Problems
) -> None:
    """Note profiles, and where a region has the sector, sources that do not exist."""
    for row in rows:
        if row.profile not in shape:
            problems.add(
                row.place.cell("profile"),
                message("there is no profile '{name}'.", name=row.profile),
                message("Expected one of {names}.", names=", ".join(shape)),
                closest(row.profile, shape),
            )
        known = [s for s, k in zip(sources.id, sources.sector, strict=True) if k == row.sector]
        if row.source and known and row.source not in known:
            problems.add(
                row.place.cell("source"),
                message("'{name}' is not a source.", name=row.source),
                fix=closest(row.source, known),
            )
