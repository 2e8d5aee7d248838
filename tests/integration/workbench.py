"""Calling the program as a user would, and spoiling copies of a project's tables."""

import csv
import io
import json
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lantian.cli import main
from lantian.results.frame import ENCODING

REPOSITORY = Path(__file__).parents[2]
BAD = Path(__file__).parent / "bad"
PLANS = sorted(
    path.stem
    for path in (REPOSITORY / "scenarios").glob("*.yaml")
    if "\nextends:" not in path.read_text(encoding="utf-8")
)
"""Scenarios of plans; a variant of another has no more in its run than that has."""
UNSAMPLED = "samples: 0\nuncertainty: {swings: false}\n"
"""Lines of a scenario whose run asks how sure it is of nothing: half of the time of a run."""
"""Scenarios and tables with one mistake each."""


@dataclass(frozen=True)
class Answer:
    """What the program answered."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A stream that says somebody is looking at it."""

    def isatty(self) -> bool:
        return True


def call(*arguments: str, at: Path = REPOSITORY, terminal: bool = False) -> Answer:
    """Run a command inside this process, with ``at`` as the working folder."""
    out, err = io.StringIO(), Terminal() if terminal else io.StringIO()
    with chdir(at), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert isinstance(stop.value.code, int)
    return Answer(stop.value.code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Finished:
    """A run that is complete."""

    answer: Answer
    folder: Path

    @cached_property
    def summary(self) -> dict[str, Any]:
        return self.read_json("summary")

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return self.read_json("manifest")

    def read_json(self, name: str) -> dict[str, Any]:
        data = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        assert isinstance(data, dict)
        return data

    def table(self, name: str) -> pd.DataFrame:
        path = self.folder / "tables" / f"{name}.csv"
        return pd.read_csv(path, encoding=ENCODING, keep_default_na=False, na_values=[""])


@dataclass(frozen=True)
class Project:
    """A copy of inputs and scenarios that a test may spoil."""

    root: Path

    def lines(self, table: str) -> list[list[str]]:
        """Return a table's cells, the header first; no cell of ours holds a line break."""
        with (self.root / table).open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    def write(self, table: str, lines: list[list[str]]) -> None:
        with (self.root / table).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)

    def find(self, table: str, **keys: str) -> int:
        """Return the line (from 1) of the first row with these cells."""
        lines = self.lines(table)
        header = lines[0]
        for i, cells in enumerate(lines[1:], start=2):
            row = dict(zip(header, cells, strict=True))
            if all(row[name] == value for name, value in keys.items()):
                return i
        raise AssertionError(f"{table} has no row {keys}")

    def set(self, table: str, column: str, text: str, **keys: str) -> tuple[int, int]:
        """Set one cell of the first row with these cells; return line and column from 1."""
        line, lines = self.find(table, **keys), self.lines(table)
        at = lines[0].index(column)
        lines[line - 1][at] = text
        self.write(table, lines)
        return line, at + 1

    def drop(self, table: str, **keys: str) -> int:
        """Take away all rows with these cells; return the line of the first."""
        line, lines = self.find(table, **keys), self.lines(table)
        header = lines[0]
        kept = [
            cells
            for cells in lines[1:]
            if any(cells[header.index(name)] != value for name, value in keys.items())
        ]
        self.write(table, [header, *kept])
        return line

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that occurs once."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def copy_project(root: Path) -> Project:
    """Copy inputs and the scenarios of the plans."""
    shutil.copytree(REPOSITORY / "inputs", root / "inputs")
    (root / "scenarios").mkdir()
    for path in (REPOSITORY / "scenarios").glob("*.yaml"):
        shutil.copy(path, root / "scenarios")
    return Project(root)
