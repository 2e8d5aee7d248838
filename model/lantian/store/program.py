"""The linear program that was solved as text, and a table of what its symbols stand for.

The text is what the solver had: scaled, with the limits as they were relaxed and without the
coefficients that a solver drops, so that any solver gives the same optimum. Scales are powers of
two and numbers are written in full: reading the text loses nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.system import Array, Index, System
from lantian.names import (
    AVOIDED,
    GroupName,
    IdName,
    MoveName,
    Name,
    StateName,
    undated,
)
from lantian.optimise.problem.families import DOCUMENTATION
from lantian.optimise.solve.solved import Solved
from lantian.results.contract import SYMBOLS
from lantian.results.frame import Frame, make_frame

LONGEST = 60
"""Signs of a name that a symbol ends with; readers of LP text take a hundred in all."""
COLUMNS = {
    "uptake": "Activity moved [activity unit]; unknown costs are held fixed",
    "share": "Share of every needed reduction that is asked for [1]",
    "excess": "What the limit of a target is missed by [target unit]",
    "units": "Number of whole units",
}
"""What each kind of column says."""
COST = "Annual cost of all moves of known cost, and the price of excess; of all years discounted"
TIES = "Uptake of a measure = number of its units * size of a unit [activity unit]"


@dataclass(frozen=True)
class _Symbol:
    """A column or a row of the text.

    Attributes
    ----------
    texts
        How it is called there: a row with two limits is two rows of the text, one without is none.
    family, name, says
        What kind it is of, what it is about, and the kind in words.
    low, high
        Its limits [scaled].
    scale
        Original units in a scaled one.
    """

    texts: tuple[str, ...]
    family: str
    name: Name
    says: str
    low: float
    high: float
    scale: float


def write_program(solved: Solved, system: System, path: Path) -> None:
    """Write a program as ``<path>.lp`` and its symbols as ``<path>.names.csv``.

    Parameters
    ----------
    solved
        The program, with its limits as they were solved.
    system
        What it is about.
    path
        A suffix of its own is replaced; so are old files.
    """
    columns, rows = [*_columns(solved)], [*_rows(solved)]
    text = "\n".join(_lines(solved, columns, rows))
    path.with_suffix(".lp").write_text(text + "\n", encoding="ascii")
    table = _name_table(solved, [*columns, *rows], system)
    table.write(path.with_suffix(f".{SYMBOLS.name}.csv"))


def _columns(solved: Solved) -> Iterator[_Symbol]:
    """Yield the columns in the order of the program."""
    program, uptake = solved.program, solved.problem.variables.names
    named: list[tuple[str, int, Name]] = [
        *(("uptake", m, uptake[m]) for m in program.moves.tolist()),
        ("share", 0, IdName("share")),
        *(("excess", t, IdName(name)) for t, name in enumerate(solved.problem.target_ids)),
        *(("units", k, name) for k, name in enumerate(solved.counters)),
    ]
    scale = program.column_scale.copy()
    scale[program.excess] = program.excess_unit
    numbers = (values.tolist() for values in (program.lower, program.upper, scale))
    for (kind, k, name), *limits in zip(named, *numbers, strict=True):
        yield _Symbol((_symbol(kind, k, name),), kind, name, COLUMNS[kind], *limits)


def _rows(solved: Solved) -> Iterator[_Symbol]:
    """Yield the rows in the order of the program."""
    program, first = solved.program, 0
    named: list[tuple[str, int, Name, str]] = []
    for family, rows in solved.problem.families.items():
        kept = program.rows[(program.rows >= first) & (program.rows < first + len(rows))] - first
        named += [(family, r, rows.names[r], DOCUMENTATION[family]) for r in kept.tolist()]
        first += len(rows)
    named += [("ties", k, name, TIES) for k, name in enumerate(solved.counters)]
    numbers = (v.tolist() for v in (program.row_lower, program.row_upper, program.row_scale))
    for (family, r, name, says), low, high, scale in zip(named, *numbers, strict=True):
        texts = _sides(_symbol(family, r, name), low, high)
        yield _Symbol(texts, family, name, says, low, high, scale)


def _symbol(kind: str, position: int, name: Name) -> str:
    """Return a symbol that every reader of LP text takes: letters, digits and underscores."""
    words = re.findall(r"[A-Za-z0-9]+", f"{kind} {position} {name.text()}")
    return "_".join(words)[:LONGEST]


def _sides(symbol: str, low: float, high: float) -> tuple[str, ...]:
    """Return the names of a row in the text, one per limit."""
    if low == high or not (isfinite(low) and isfinite(high)):
        return (symbol,) if isfinite(low) or isfinite(high) else ()
    return f"{symbol}_low", f"{symbol}_high"


def _lines(solved: Solved, columns: list[_Symbol], rows: list[_Symbol]) -> Iterator[str]:
    """Yield the lines of the text: one term in each, as some readers take short lines only."""
    program, matrix = solved.program, solved.program.matrix
    names, start = [column.texts[0] for column in columns], matrix.starts()
    # A column that nothing mentions is mentioned in the cost: some readers want to know it first.
    mentioned = np.bincount(matrix.column, minlength=len(names)) > 0
    paid = np.flatnonzero((program.cost != 0) | ~mentioned)
    yield from ("\\ Scaled; see the table of names.", "minimize", "cost:")
    yield from _terms(paid, program.cost[paid], names)
    yield "subject to"
    for r, row in enumerate(rows):
        own = slice(start[r], start[r + 1])
        terms = [*_terms(matrix.column[own], matrix.value[own], names)]
        for text, limit in zip(row.texts, _limits(row), strict=True):
            yield from (f"{text}:", *(terms or [f"+0.0 {names[program.share]}"]), limit)
    yield "bounds"
    yield from (_bound(column) for column in columns)
    if solved.counters:
        yield from ("general", *names[len(names) - len(solved.counters) :])
    yield "end"


def _terms(column: Index, value: Array, names: list[str]) -> Iterator[str]:
    for k, number in zip(column.tolist(), value.tolist(), strict=True):
        yield f"{'-' if number < 0 else '+'}{abs(number)!r} {names[k]}"


def _limits(row: _Symbol) -> list[str]:
    """Return the right-hand sides of a row, lower before upper."""
    if row.low == row.high:
        return [f"= {row.low!r}"]
    return [
        f"{sign} {limit!r}"
        for sign, limit in ((">=", row.low), ("<=", row.high))
        if isfinite(limit)
    ]


def _bound(column: _Symbol) -> str:
    """Return the bounds of a column; a lower one is always finite."""
    text = column.texts[0]
    if column.low == column.high:
        return f"{text} = {column.low!r}"
    if isfinite(column.high):
        return f"{column.low!r} <= {text} <= {column.high!r}"
    return f"{text} >= {column.low!r}"


def _name_table(solved: Solved, symbols: Iterable[_Symbol], system: System) -> Frame:
    """Return what each symbol of the text stands for, the cost first."""
    unit = dict(zip(system.sources.id, system.sources.unit, strict=True))
    unit |= dict(zip(solved.problem.target_ids, solved.problem.unit, strict=True))
    blank: dict[str, Any] = dict.fromkeys(SYMBOLS.names)
    rows = [
        blank
        | {"symbol": "cost", "family": "cost", "scale": solved.program.cost_scale, "says": COST}
    ]
    for symbol in symbols:
        limits = {"low": symbol.low * symbol.scale, "high": symbol.high * symbol.scale}
        same = {
            "family": symbol.family,
            "name": symbol.name.text(),
            **_parts(symbol.name, unit),
            **{end: limit for end, limit in limits.items() if isfinite(limit)},
            "scale": symbol.scale,
            "says": symbol.says,
        }
        rows += [blank | same | {"symbol": text} for text in symbol.texts]
    return make_frame(SYMBOLS, rows)


def _parts(name: Name, unit: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a name that have columns of their own, and the unit where they tell."""
    match undated(name):
        case MoveName(measure, origin, target):
            return {
                "measure": measure,
                "source": origin.source,
                "from": origin.text(),
                "to": AVOIDED if target is None else target.text(),
                "unit": unit[origin.source],
            }
        case GroupName(source=source) | StateName(source=source):
            return {"unit": unit[source]}
        case IdName(id):
            return {"unit": unit.get(id, "")}
        case _:
            return {}
