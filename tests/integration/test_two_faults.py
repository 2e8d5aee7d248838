"""Two faults in different places are both told at once: none hides behind another.

Each fault is told by itself, at its line; of every pair both lines must be told. What a scenario
says of sources and measures is held against tables that are sound (:attr:`Fault.of_tables`).
``LANTIAN_PAIRS=1000 pytest tests/integration/test_two_faults.py`` tries all.
"""

import csv
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from integration.test_changed_scenarios import INVENTORY, MEASURES, SCENARIO
from integration.workbench import copy_project
from lantian.errors import InputError
from lantian.study.load import load
from support.changed_cells import SCENARIO as PLAN
from support.changed_cells import lines_of, tables

GROWTH = """\
source,year,value,unit
kiln,2020,100,t
kiln,2027,110,t
mill,2020,100,t
mill,2027,100,t
"""
TOTALS = """\
pollutant,year,value,unit,low,high,source_key,basis
NOx,2022,1900,t/a,1800,2000,yearbook,published
VOC,2022,850,t/a,800,900,yearbook,published
"""
SOURCES = """\
key,citation,url,accessed_via,note
yearbook,A yearbook,,,
assumption,No source is given,,,
"""
FILES = {
    "inventory.csv": INVENTORY,
    "measures.csv": MEASURES,
    "growth.csv": GROWTH,
    "totals.csv": TOTALS,
    "inputs/sources.csv": SOURCES,
    "case.yaml": SCENARIO.replace(
        "measures: measures.csv}", "measures: measures.csv, growth: growth.csv, totals: totals.csv}"
    ),
}


@dataclass(frozen=True)
class Fault:
    """A text of a file that is replaced by another, and is told at its line.

    ``of_tables``: it is one only against what the tables hold.
    """

    file: str
    old: str
    new: str
    of_tables: bool = False

    @property
    def line(self) -> int:
        before, _, _ = FILES[self.file].partition(self.old)
        return before.count("\n") + 1

    def hides(self, other: "Fault") -> bool:
        """Tell whether another fault cannot be seen beside this one."""
        same_target = (self.new, other.new) == ("sectors: [solvent]", "at_most: 600 m3")
        return same_target or (other.of_tables and self.file.endswith(".csv"))

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.line

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.new}"


FAULTS = [
    Fault("inventory.csv", "kiln,industry,north,NOx,1000,t", "kiln,industry,north,NOx,many,t"),
    Fault("inventory.csv", "mill,industry,south,NOx,400,t,", "mill,industry,south,NOx,400,ton,"),
    Fault("inventory.csv", "paint,solvents,south,VOC,700,t", "paint,solvents,south,VOC,-700,t"),
    Fault("inventory.csv", "ferry,ships,north,SO2,50", "合计,ships,north,SO2,50"),
    Fault("inventory.csv", "ferry,ships,north,NOx,300,t,", "ferry,ships,north,NOx,300,m3,"),
    Fault("measures.csv", "scr,kiln,NOx,60", "scr,kilm,NOx,60"),
    Fault("measures.csv", "30,%,100 %,200000,yuan", "30,%,1000 %,200000,yuan"),
    Fault("measures.csv", "400000,yuan", "400000,qqq"),
    Fault("measures.csv", "hood,kiln,VOC,30", "hood,kiln,VOC,130"),
    Fault("measures.csv", "sulphur,ferry,SO2,80,%", "sulphur,ferry,SO2,eighty,%"),
    Fault("growth.csv", "kiln,2027,110,t", "kilm,2027,110,t"),
    Fault("growth.csv", "mill,2020,100,t", "mill,2020,100,parsec"),
    Fault("totals.csv", "VOC,2022,850,t/a", "VOC,2022,lots,t/a"),
    Fault("totals.csv", "NOx,2022,1900,t/a", "NOx,2022,1900,parsec"),
    Fault("case.yaml", "rates: {USD: 7.1 yuan}", "rates: {USD: 7.1 t}"),
    Fault("case.yaml", "measure: scr, clause", "measure: scrr, clause", True),
    Fault("case.yaml", "level: 30 %", "level: 300 %"),
    Fault("case.yaml", "reduce_by: 10 %,\n", "reduce_by: 10 parsec,\n"),
    Fault("case.yaml", "at_most: 600 t/a", "at_most: 600 m3", True),
    Fault("case.yaml", "price: 5 万元/t", "price: 5 parsec"),
    Fault("case.yaml", "budget: 3000000 yuan/a", "budget: 3000000 t", True),
    Fault("case.yaml", "measure: burner, source: mill,", "measure: burnr, source: mill,", True),
    Fault("case.yaml", "needs: sulphur", "needs: sulfur", True),
    Fault("case.yaml", "voc_to_nox: 1 %", "voc_to_nox: x"),
    Fault("case.yaml", "to: 6 %}", "to: 6 t}"),
    Fault("case.yaml", "measure: scr, item:", "measure: scrr, item:", True),
    Fault("case.yaml", "samples: 64", "samples: -64"),
    Fault("case.yaml", "distribution: uniform", "distribution: unifrm"),
    Fault("case.yaml", "credit: {parametric: true", "credit: {parametric: 3"),
    Fault("case.yaml", "sectors: [solvents]", "sectors: [solvent]", True),
    Fault("case.yaml", "ramp: 100 %", "ramp: 100 t"),
]  # fmt: skip


def told(folder: Path, *faults: Fault) -> set[tuple[str, int]]:
    """Return the lines at which a problem is told."""
    for file, text in FILES.items():
        for fault in faults:
            if fault.file == file:
                assert fault.old in text, fault
                text = text.replace(fault.old, fault.new, 1)
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    try:
        load(folder / "case.yaml")
    except InputError as error:
        return {(p.place.file, p.place.line) for p in error.problems}
    return set()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_by_itself_is_told_at_its_line(fault: Fault, tmp_path: Path) -> None:
    assert not told(tmp_path)
    assert fault.place in told(tmp_path, fault)


def test_of_two_faults_both_are_told(tmp_path: Path) -> None:
    pairs = list(combinations(FAULTS, 2))
    chosen = random.Random(9).sample(
        pairs, min(int(os.environ.get("LANTIAN_PAIRS", "40")), len(pairs))
    )
    for pair in chosen:
        found = told(tmp_path, *pair)
        for one, other in (pair, pair[::-1]):
            assert one.place in found or other.hides(one), (str(one), str(other))


@dataclass(frozen=True)
class Spoilt:
    """A line of a table of a region with a cell that cannot be."""

    path: Path
    line: int
    column: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line} {self.column}"


def spoilt_tables(root: Path) -> list[Spoilt]:
    """Return a cell of each table that a plan reads: of the first line, or of one further down."""
    found = []
    for path in tables(root):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = next(csv.reader(stream))
        for column in [name for name in ("basis", "unit") if name in head][:1]:
            n = len(lines_of(path))
            found += [Spoilt(path, at, column) for at in sorted({2, 2 + n // 2}) if n >= at - 1]
    return found


def told_of(root: Path, spoilt: Sequence[Spoilt]) -> list[tuple[Path, int]]:
    """Return where problems are told when some cells hold what they cannot; tables are put back."""
    before = {one.path: one.path.read_bytes() for one in spoilt}
    for one in spoilt:
        rows = lines_of(one.path)
        rows[one.line - 2][one.column] = "=qqq"
        with one.path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.DictWriter(stream, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
    try:
        load(root / PLAN)
    except InputError as error:
        return [(root / p.place.file, p.place.line) for p in error.problems]
    finally:
        for path, content in before.items():
            path.write_bytes(content)
    return []


def test_of_two_faults_in_tables_of_a_region_both_are_told_and_nothing_else(tmp_path: Path) -> None:
    root = copy_project(tmp_path).root
    pairs = list(combinations(spoilt_tables(root), 2))
    n = int(os.environ.get("LANTIAN_PAIRS", "6"))
    for pair in random.Random(n).sample(pairs, min(n, len(pairs))):
        told = told_of(root, pair)
        assert sorted(told) == sorted((one.path, one.line) for one in pair), [*map(str, pair)]
