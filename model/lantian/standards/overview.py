"""Standards side by side, as lines that a terminal or a table shows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lantian.standards.tables import BreakpointRow, LimitRow, RuleRow, Standard, unit_of
from lantian.vocabulary import Basis, weakest

Line = dict[str, Any]
AVERAGED: Mapping[str, str] = {
    "year": "mean of the year",
    "day": "mean of the day",
    "8h": "largest 8 hours of the day",
    "1h": "mean of an hour",
}
"""What averaging times are called."""


def lines_of(what: str, standards: Sequence[Standard]) -> list[Line]:
    """Return the lines of one kind.

    Parameters
    ----------
    what
        ``limits``, ``breakpoints`` or ``rules``.
    standards
        To be shown side by side.

    Returns
    -------
    list of dict
        One per limit, sub-index or rule, with a column per standard and phase; ``-`` where a
        standard says nothing.
    """
    return _SHOWN[what](standards)


def _limits(standards: Sequence[Standard]) -> list[Line]:
    rows = [row for standard in standards for row in standard.limits]
    columns = dict.fromkeys((_column(row), row.first_year) for row in rows)

    def keys(row: LimitRow) -> Line:
        own = {"pollutant": row.pollutant, "averaging": row.averaging, "class": row.grade}
        return {**own, "unit": unit_of(row.pollutant)}

    values = {(_key(keys(r)), _column(r)): f"{r.to(unit_of(r.pollutant)):g}" for r in rows}
    return _side_by_side([keys(r) for r in rows], [name for name, _ in columns], values)


def _column(row: LimitRow) -> str:
    return f"{row.standard} {row.first_year}-"


def _breakpoints(standards: Sequence[Standard]) -> list[Line]:
    rows = [row for standard in standards for row in standard.breakpoints]

    def keys(row: BreakpointRow) -> Line:
        own = {"pollutant": row.pollutant, "averaging": row.averaging}
        return {**own, "sub-index": row.sub_index, "unit": unit_of(row.pollutant)}

    values = {(_key(keys(r)), r.standard): f"{r.to(unit_of(r.pollutant)):g}" for r in rows}
    return _side_by_side([keys(r) for r in rows], [s.id for s in standards], values)


def _rules(standards: Sequence[Standard]) -> list[Line]:
    rows = [row for standard in standards for row in standard.rules]

    def keys(row: RuleRow) -> Line:
        return {"rule": row.rule, "of": row.of, "from": str(row.first_year), "unit": row.unit}

    values = {(_key(keys(r)), r.standard): f"{r.value:g}" for r in rows}
    lines = _side_by_side([keys(r) for r in rows], [s.id for s in standards], values)
    bases: dict[tuple[Any, ...], list[Basis]] = {}
    for row in rows:
        bases.setdefault(_key(keys(row)), []).append(row.basis)
    return [
        {**line, "basis": weakest(own)} for line, own in zip(lines, bases.values(), strict=True)
    ]


def _key(keys: Line) -> tuple[Any, ...]:
    return tuple(keys.values())


def _side_by_side(
    lines: Sequence[Line], columns: Sequence[str], values: Mapping[tuple[Any, Any], str]
) -> list[Line]:
    distinct = {_key(line): line for line in lines}
    return [
        {**line, **{name: values.get((key, name), "-") for name in columns}}
        for key, line in distinct.items()
    ]


_SHOWN: dict[str, Callable[[Sequence[Standard]], list[Line]]] = {
    "limits": _limits,
    "breakpoints": _breakpoints,
    "rules": _rules,
}
