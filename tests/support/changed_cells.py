"""Cells of the project's tables changed one at a time: who tells, and what is silent.

``python -m support.changed_cells 400 SEED`` in the folder of the tests draws changes from all
tables that a plan reads and counts them by what the door makes of them; silent ones are listed.
"""

import csv
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from integration.workbench import copy_project
from lantian.errors import InputError, Problem
from lantian.parameters import QuantityRow, reader
from lantian.parameters.opening import read_file
from lantian.parameters.rows import naming
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.names import rows_unused
from support.tables import model_of

SCENARIO = "scenarios/tongzhou-2020.yaml"
NUMBERS = ("value", "low", "high")
FREE = ("note", "citation", "url", "accessed_via", "gist_en", "gist_zh", "en", "zh", "quantity")
"""Columns of text for readers."""
MAY_BE_BLANK = ("season", "instead_of", "pm25", "pm10", "so2", "no2", "co", "o3")
"""Columns in which a blank says something of its own: all year, scrapped, not measured."""
LOCATED, ELSEWHERE, SILENT, HARMLESS, TRACEBACK = (
    "told at its line",
    "told elsewhere",
    "silent",
    "without effect",
    "traceback",
)


@dataclass(frozen=True)
class Change:
    """One cell, or one number with its range, that says something else."""

    path: Path
    line: int
    kind: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line} {self.kind}: {self.cells}"


NOT_OURS = ("clauses.csv", "labels.csv", "sources.csv")
"""Tables of texts, in which nothing but ids has a meaning."""


def tables(root: Path) -> list[Path]:
    """Return the tables that are read when the scenario is."""
    read: list[Path] = []

    def noted(path: Path, *rest: Any) -> bytes | None:
        read.append(path)
        return read_file(path, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "read_file", noted)
        load(root / SCENARIO)
    return sorted({path for path in read if path.name not in NOT_OURS})


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def changes(path: Path, line: int, cells: dict[str, str]) -> Iterator[Change]:
    """Yield a line with one cell changed in each way that is a slip or makes no sense."""
    if cells.get("value"):
        try:
            number = {n: float(cells[n]) for n in NUMBERS if cells.get(n)}
        except ValueError:
            number = {}
        for times in slips(path, cells) if number.get("value") else ():
            own = {n: repr(v * times) for n, v in number.items()}
            ends = sorted(own[n] for n in ("low", "high") if n in own) if times < 0 else []
            swapped = {"low": own["high"], "high": own["low"]} if len(ends) == 2 else {}
            yield Change(path, line, f"number x {times:g}", own | swapped)
    for column, text in cells.items():
        if column in (*NUMBERS, *FREE) or not text:
            continue
        if column not in MAY_BE_BLANK:
            yield Change(path, line, "blank", {column: ""})
        if column == "unit":
            yield Change(path, line, "unit", {column: "kg*mile"})
        elif column.endswith("year") and text.isdigit():
            yield Change(path, line, "year", {column: "9999"})
        else:
            yield Change(path, line, "word", {column: f"{text}x"})


def slips(path: Path, cells: dict[str, str]) -> tuple[float, ...]:
    """Return what a number can be multiplied by by mistake; of some both signs make sense."""
    model = model_of(path)
    if not issubclass(model, QuantityRow):
        return (1000.0, 0.001)
    bands = model.bands(cells[model.told_by] if model.told_by else "")
    signed = any(band.low < 0 for band in bands)
    return (1000.0, 0.001) if signed else (1000.0, 0.001, -1.0)


def drawn(root: Path, n: int, seed: int) -> list[Change]:
    """Return changes drawn at random: a table first, so that small ones count as large ones."""
    dice = random.Random(seed)
    found = []
    files = {path: lines_of(path) for path in tables(root)}
    while len(found) < n:
        path = dice.choice(list(files))
        if not files[path]:
            continue
        at = dice.randrange(len(files[path]))
        every = list(changes(path, at + 2, files[path][at]))
        found += [dice.choice(every)] if every else []
    return found


def fingerprint(study: Study) -> tuple[Any, ...]:
    """Return all that results are made from."""
    system = study.system
    arrays = (system.baseline, system.factor, system.moves.unit_cost, system.groups.reach)
    limits = [(repr(t.target), repr(t.limit), repr(t.base_value)) for t in study.targets]
    tables_beside = (study.topdown, study.observed, study.weather, tuple(study.ledger))
    return (
        *(np.asarray(a).tobytes() for a in (study.space.central(), *study.space.ends(), *arrays)),
        tuple(limits),
        repr(tables_beside),
    )


@dataclass(frozen=True)
class Before:
    """What the door says of the tables as they are."""

    warnings: frozenset[str]
    made_of: tuple[Any, ...]


def before(root: Path) -> Before:
    study = load(root / SCENARIO)
    return Before(frozenset(said(study)), fingerprint(study))


def said(study: Study) -> list[str]:
    told = [*study.warnings, *rows_unused(study.space)]
    return [one.text() for one in told]


def outcome(change: Change, root: Path, known: Before) -> str:
    """Return what the door makes of a change; the table is put back."""
    content = change.path.read_bytes()
    rows = lines_of(change.path)
    rows[change.line - 2] |= change.cells
    with change.path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    try:
        return _judged(load(root / SCENARIO), change, root, known)
    except InputError as error:
        return _where([*error.problems, *error.warnings], change, root)
    except Exception:  # whatever a user would see as a traceback
        return TRACEBACK
    finally:
        change.path.write_bytes(content)


def _judged(study: Study, change: Change, root: Path, known: Before) -> str:
    new = [
        w for w in (*study.warnings, *rows_unused(study.space)) if w.text() not in known.warnings
    ]
    if new:
        return _where([w for w in new if isinstance(w, Problem)], change, root)
    names = change.kind == "word" and change.cells.keys() & naming(model_of(change.path)).keys()
    return HARMLESS if fingerprint(study) == known.made_of and not names else SILENT


def _where(problems: list[Problem], change: Change, root: Path) -> str:
    file = change.path.relative_to(root).as_posix()
    own = [p.place.line for p in problems if p.place.file == file]
    return LOCATED if change.line in own else ELSEWHERE


def outcomes(root: Path, n: int, seed: int) -> Iterator[tuple[Change, str]]:
    """Yield changes of a copy of the project and what the door makes of each."""
    known = before(root)
    for change in drawn(root, n, seed):
        yield change, outcome(change, root, known)


def main(n: int, seed: int = 1) -> None:
    """Count what becomes of some changes and list those of which nobody tells."""
    with tempfile.TemporaryDirectory() as folder:
        by_kind = Counter[tuple[str, str]]()
        for change, found in outcomes(copy_project(Path(folder)).root, n, seed):
            by_kind[change.kind, found] += 1
            if found in (SILENT, TRACEBACK, HARMLESS):
                print(found, change)
        for (kind, found), times in sorted(by_kind.items()):
            print(f"{kind:16} {found:18} {times}")


if __name__ == "__main__":
    main(int(sys.argv[1]), *map(int, sys.argv[2:]))
