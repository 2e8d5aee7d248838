"""Numbers of a region against each other: jumps between years, and amounts per head."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from lantian.errors import Problems
from lantian.language import message
from lantian.parameters import OwnRow, QuantityRow, QuantityTable, units
from lantian.parameters.series import YEAR, by_series

ASKED_BACK = 25.0
"""Factor between two rows of a series above which it is asked whether that is so."""
IMPOSSIBLE = 300.0
"""Factor above which it is taken for a slip: of 1000, beside a change of three."""
STEADY = 5.0
"""The same of what changes slowly, such as a stock of vehicles: none of the regions that come along
grows by more than a third from row to row."""
APART = 5.0
"""Factor from the rows on both sides, above or below both, to be asked back: those that come along
are at most 2.5 times apart."""
COSTS = 40.0
"""Factor between a cost and the nearest of its item and unit above which it is asked back."""
SOURCES = 100.0
"""The same between what a source emits and what the nearest of all sources does."""
FEWEST_ALIKE = 3
"""Others of a kind that there must be for one to be odd."""
PRICES = (3.0, 30.0)
"""The same of prices: no market of years side by side is known to do that."""
TYPED_SHARES = 0.02
"""How far shares that were typed with two digits may miss 1."""
BETWEEN_MONTHS = 12.0
"""Difference [degC] from both months beside it that no monthly mean is known to have."""
PER_HEAD = {
    "vehicle": 2.0,
    "household": 1.0,
    "person": 1.5,
    "machine": 0.5,
    "outlet": 0.1,
    "shop": 0.1,
    "firm": 0.1,
    "head": 200.0,
    "t": 1000.0,
    "vehicle*km": 1e5,
}
"""Amount of a year per inhabitant [unit/person] that no place is known to reach, by judgement."""


def check_jumps(
    table: QuantityTable[Any], asked_back: float = ASKED_BACK, impossible: float = IMPOSSIBLE
) -> None:
    """Note rows of a series that differ from the row before by more than years explain.

    Parameters
    ----------
    table
        Rows with a year make series; its problems receives the faults and the doubts.
    asked_back, impossible
        Factor between two rows above which it is asked whether that is so, or taken for a slip.
    """
    for series in by_series(table.rows).values():
        dated = [row for row in series if getattr(row, YEAR, None) is not None and row.value]
        steady = any(row.sort[1] in row.steady for row in dated)
        bounds = (min(asked_back, STEADY) if steady else asked_back, impossible)
        _check_series(dated, bounds, table.problems)


def _check_series(dated: Sequence[Any], bounds: tuple[float, float], problems: Problems) -> None:
    """Note what differs much from the row before, and else from the rows on both sides."""
    told = [_check_jump(before, after, bounds, problems) for before, after in pairwise(dated)]
    for i, (before, own, after) in enumerate(zip(dated, dated[1:], dated[2:], strict=False)):
        if not any(told[i : i + 2]):
            _doubt_between(before, own, after, problems)


def doubt_odd(rows: Iterable[tuple[str, Any]], times: float, problems: Problems) -> None:
    """Warn of numbers of a kind that are far beyond all others of it, above or below.

    Parameters
    ----------
    rows
        Kind of each number, such as its pollutant, and its line, with value and unit.
    times
        How many times beyond the largest, or below the smallest, of the others.
    problems
        Receives the doubts.
    """
    kinds: dict[tuple[str, str], list[tuple[float, Any]]] = {}
    first: dict[tuple[str, str], str] = {}
    for kind, row in rows:
        if row.value and units.is_known(row.unit):
            if (kind, row.unit) not in first:
                like = (u for k, u in kinds if k == kind and units.is_like(row.unit, u))
                first[kind, row.unit] = next(like, row.unit)
            unit = first[kind, row.unit]
            value = abs(units.convert(row.value, row.unit, unit))
            kinds.setdefault((kind, unit), []).append((value, row))
    for alike in kinds.values():
        _doubt_ends(sorted(alike, key=lambda one: one[0]), times, problems)


def _doubt_ends(alike: Sequence[tuple[float, Any]], times: float, problems: Problems) -> None:
    """Warn of the largest and the smallest of some numbers, where they are far from the next."""
    if len(alike) <= FEWEST_ALIKE:
        return
    for (value, row), (other, beside) in ((alike[0], alike[1]), (alike[-1], alike[-2])):
        apart = max(value / other, other / value)
        if apart > times:
            problems.warn(
                row.place.cell("value"),
                message(
                    "{value} {unit} is {times} times more or less than in line {line}, the nearest"
                    " of its kind.",
                    value=f"{row.value:g}",
                    unit=row.unit,
                    times=f"{apart:.0f}",
                    line=beside.place.line,
                ),
                fix=message("Check the unit."),
            )


def doubt_jumps(series: Sequence[OwnRow], problems: Problems) -> None:
    """Warn of rows of a table beside a scenario that differ much from the row before.

    A single plant may open or close: nothing is refused.

    Parameters
    ----------
    series
        Rows of one series with value and unit, ascending by year.
    problems
        Receives the doubts.
    """
    dated: list[Any] = [row for row in series if getattr(row, "value", 0.0)]
    _check_series(dated, (ASKED_BACK, math.inf), problems)


def _times(own: Any, other: Any) -> float:
    """Return how many times another number one is; 0 where the two cannot be compared."""
    try:
        return float(max(units.convert(own.value, own.unit, other.unit) / other.value, 0.0))
    except units.UnitError:
        return 0.0


def _doubt_between(before: Any, own: Any, after: Any, problems: Problems) -> None:
    """Warn of a number that is far above both beside it, or far below."""
    low, high = sorted((_times(own, before), _times(own, after)))
    apart = 1.0 / high if 0.0 < low <= high < 1.0 else low
    if apart > APART:
        problems.warn(
            own.place.cell("value"),
            message(
                "{value} {unit} is {times} times more or less than in lines {before} and {after},"
                " the years on both sides.",
                value=f"{own.value:g}",
                unit=own.unit,
                times=f"{apart:.0f}",
                before=before.place.line,
                after=after.place.line,
            ),
            fix=message("Check the number and its unit."),
        )


def _check_jump(
    before: QuantityRow, after: QuantityRow, bounds: tuple[float, float], problems: Problems
) -> bool:
    """Note two rows that are too far apart, and tell whether they are."""
    try:
        ratio = abs(units.convert(after.value, after.unit, before.unit) / before.value)
    except units.UnitError:
        return True  # told where the number is taken
    times = max(ratio, 1.0 / ratio)
    if times <= bounds[0]:
        return False
    tell = problems.add if times >= bounds[1] else problems.warn
    tell(
        after.place.cell("value"),
        message(
            "{value} {unit} is {times} times more or less than in line {line}.",
            value=f"{after.value:g}",
            unit=after.unit,
            times=f"{times:.0f}",
            line=before.place.line,
        ),
        fix=message("Check the unit; where it is true, add a row of a year in between."),
    )
    return True


def check_parts(rows: Sequence[QuantityRow], problems: Problems) -> None:
    """Note shares of one whole that were typed and are far from making it up.

    Parameters
    ----------
    rows
        Shares [1]; none: nothing is checked.
    problems
        Receives the doubt, at the first of them.
    """
    total = sum(row.to("") for row in rows)
    if rows and abs(total - 1.0) > TYPED_SHARES:
        problems.warn(
            rows[0].place.cell("value"),
            message("the shares of one whole add up to {total:.3g}.", total=total),
            fix=message("They are scaled to 1: check that none is missing or slipped."),
        )


def check_months(rows: Iterable[Any], problems: Problems) -> None:
    """Note temperatures of a month that are far from those of the months beside it.

    Parameters
    ----------
    rows
        Mean temperatures with their ``month`` [1 to 12].
    problems
        Receives the doubts.
    """
    by_month = {row.month: row for row in rows}
    for month, row in by_month.items():
        beside = [by_month[m] for m in (month % 12 + 1, (month - 2) % 12 + 1) if m in by_month]
        far = [abs(row.to("degC") - other.to("degC")) for other in beside]
        if far and min(far) > BETWEEN_MONTHS:
            problems.warn(
                row.place.cell("value"),
                message(
                    "month {month} is {degrees} degrees from the months beside it.",
                    month=month,
                    degrees=f"{min(far):.0f}",
                ),
                fix=message("Check the sign and the unit."),
            )


def check_per_head(
    rows: Iterable[QuantityRow], people: Sequence[QuantityRow], problems: Problems
) -> None:
    """Note amounts that are too many for the people of a region.

    Parameters
    ----------
    rows
        Activity and stocks of sources.
    people
        Inhabitants of the region, a row per year; nothing is checked without.
    problems
        Receives the faults.
    """
    most = max((row.to("person") for row in people), default=0.0)
    for row in rows if most else ():
        for unit, limit in PER_HEAD.items():
            if units.is_like(row.unit, unit) and row.to(unit) > limit * most:
                problems.add(
                    row.place.cell("value"),
                    message(
                        "{value} {unit} are {each} per inhabitant of the region.",
                        value=f"{row.value:g}",
                        unit=row.unit,
                        each=f"{row.to(unit) / most:.3g}",
                    ),
                    fix=message("Check the unit."),
                )
