"""How many slips in the code the tests would notice: a random sample of mutants of Cosmic Ray.

``python tests/mutation/measure.py --sample 400 --seed 1 --at FOLDER`` copies the project into a
folder, runs the tests once to see which of them run which line, then changes one spot of the code
at a time and runs the tests of that line, the quickest first. It tells the share of changes that
some test notices, with the interval of Wilson in which that of all changes lies, and each change
that none does. What is done stays in the folder: the same call goes on, ``--minutes`` ends one.

A spot of the code is drawn, then one of the changes that can be made there. Left out are changes
that nobody makes by a slip and that end in a ``TypeError`` for most values (``<<`` or ``is`` in
the place of ``*`` or ``<``), annotations, which no run looks at, and decorators, whose loss is seen
at once (``dataclass``) or in no value (``cache``).
"""

import argparse
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData
from scipy.stats import binomtest
from warm import Warm, collected

ROOT = Path(__file__).parents[2]
PARTS = ("core", "optimise", "parameters")
"""Packages that are changed: the arithmetic, the optimiser, the tables."""
TESTS = (
    *("core", "parameters", "optimise", "published", "measures", "plan", "scenario"),
    *("indicators", "inventory", "ensemble", "study", "results", "intake"),
)
"""Folders of tests that are asked whether they notice."""
LAST = "tests/golden/test_summaries.py::test_numbers_are_those_of_the_golden_file[tongzhou-2020]"
"""A whole run held against all its numbers: asked of what the tests of a line let pass."""
LEFT_OUT = ("core/NoOp", "core/RemoveDecorator")
ALIKE = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"},
    {"RShift", "LShift", "BitOr", "BitAnd", "BitXor"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
    {"Delete", "Not"},
    {"Delete", "USub"},
)
"""Operators of which one may stand in the place of another by a slip."""
LONGEST = 20.0
"""Seconds that the tests of one change took, at most, when they were recorded."""
PATIENCE = 5.0
"""How many times as long they may take before a change counts as noticed."""
START = 30.0
"""Seconds for importing everything on a busy machine."""
KILLED, SURVIVED = "killed", "survived"


@dataclass(frozen=True)
class Mutant:
    """One change: which operator, at which of the spots that it finds in a file, in which line."""

    file: str
    operator: str
    occurrence: int
    line: int


def mutants(root: Path, parts: Sequence[str]) -> list[list[Mutant]]:
    """Return the changes that could be made at each spot, in the order of the files."""
    operators = dict(_operators())
    found = []
    for part in parts:
        for path in sorted((root / "model" / "lantian" / part).rglob("*.py")):
            spots: dict[tuple[int, int], list[Mutant]] = defaultdict(list)
            occurrence = Counter[str]()
            for node in ast_nodes(get_ast(path.read_text(encoding="utf-8"))):
                for name, operator in operators.items():
                    for start, _ in operator.mutation_positions(node):
                        if not _is_declared(node):
                            file, n = path.relative_to(root).as_posix(), occurrence[name]
                            spots[start].append(Mutant(file, name, n, start[0]))
                        occurrence[name] += 1
            found += list(spots.values())
    return found


def _operators() -> Iterator[tuple[str, Any]]:
    """Yield the operators of Cosmic Ray that are used, by name."""
    for name in operator_names():
        _, *pair = name.split("_")
        slip = len(pair) < 2 or any(alike.issuperset(pair) for alike in ALIKE)
        if name not in LEFT_OUT and slip:
            with suppress(TypeError):  # those that need names of variables
                yield name, get_operator(name)()


def _is_declared(node: Any) -> bool:
    """Tell whether a node stands in an annotation, or in the arguments of a decorator."""
    child, parent = node, node.parent
    while parent is not None:
        before = parent.children[parent.children.index(child) - 1]
        if parent.type in ("annassign", "tfpdef") and before == ":":
            return True
        if parent.type == "decorator" or (parent.type == "funcdef" and before == "->"):
            return True
        if parent.type == "param" and child.type == "tfpdef":
            return child is not node and _is_behind_name(child, node)
        child, parent = parent, parent.parent
    return False


def _is_behind_name(parameter: Any, node: Any) -> bool:
    return bool(node.start_pos > parameter.children[0].end_pos)


# --- which tests run which line ------------------------------------------------------------------


def copied(folder: Path) -> Path:
    """Return the copy of the project in a folder, made anew where there is none."""
    copy = folder / "copy"
    if not copy.exists():
        ignored = shutil.ignore_patterns(".*", "__pycache__", "runs", "reports", "*.egg-info")
        shutil.copytree(ROOT, copy, ignore=ignored)
    return copy


def environment(copy: Path, **more: str) -> dict[str, str]:
    """Return the environment in which a copy tests itself."""
    return {**os.environ, "PYTHONPATH": f"{copy / 'model'}{os.pathsep}{copy / 'tests'}", **more}


def record(copy: Path, folder: Path, part: str) -> None:
    """Run a folder of tests once and keep what it runs."""
    target = folder / part
    if target.with_suffix(".json").exists():
        return
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "mutation.recorder"]
    subprocess.run(
        [*command, "-p", "no:cacheprovider", f"tests/{part}"],
        cwd=copy,
        env=environment(copy, LANTIAN_RECORD=str(target)),
        check=True,
    )


@dataclass
class Record:
    """Tests by the file and line that they run, and how long each takes [s]."""

    lines: dict[tuple[str, int], set[str]]
    files: dict[str, set[str]]
    seconds: dict[str, float]

    @classmethod
    def read(cls, copy: Path, folder: Path, parts: Sequence[str]) -> "Record":
        """Read what was recorded of some folders of tests."""
        found = cls(defaultdict(set), defaultdict(set), {})
        for part in parts:
            found.seconds |= json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
            data = CoverageData(str(folder / f"{part}.lines"))
            data.read()
            for name in data.measured_files():
                file = Path(name).relative_to(copy).as_posix()
                for line, tests in data.contexts_by_lineno(name).items():
                    found.lines[file, line] |= {test for test in tests if test}
                    found.files[file] |= found.lines[file, line]
        return found

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a line, the quickest first.

        A line that runs where a module is imported or a fixture made is that of no test: all that
        run any line of the file are asked.
        """
        asked = self.lines[mutant.file, mutant.line] or self.files[mutant.file]
        found, total = [], 0.0
        for test in sorted(asked, key=lambda test: (self.seconds[test], test)):
            total += self.seconds[test]
            if found and total > LONGEST:
                break
            found.append(test)
        return found

    def patience(self, tests: Sequence[str]) -> float:
        """Return how long some tests may take [s]."""
        return START + PATIENCE * sum(self.seconds.get(test, LONGEST) for test in tests)


# --- changes, one by one -------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What became of a change: noticed or not, by how many tests asked, and what it was."""

    file: str
    operator: str
    occurrence: int
    line: int
    outcome: str
    tests: int
    change: str


def tried(mutant: Mutant, stamp: float, recorded: Record, warm: Warm) -> Result:
    """Make a change, run the tests of its line, and take it back."""
    path = warm.copy / mutant.file
    before = path.read_text(encoding="utf-8")
    after = mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence)
    tests = recorded.tests_of(mutant)
    try:
        path.write_text(after, encoding="utf-8")
        os.utime(path, (stamp, stamp))  # or the compiled module of another change would be taken
        noticed = any(
            warm.notices(asked, recorded.patience(asked), path, before)
            for asked in (tests, [LAST])
            if asked
        )
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, (stamp + 1, stamp + 1))
    outcome = KILLED if noticed else SURVIVED
    return Result(**asdict(mutant), outcome=outcome, tests=len(tests), change=_shown(before, after))


def _shown(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    return "\n".join(list(lines)[3:])


def told(results: Sequence[Result], of: int) -> str:
    """Return the score of each part and of all, with the interval, and what was not noticed."""
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for part in (result.file.split("/")[2], "all"):
            parts[part][result.outcome] += 1
    text = [f"{len(results)} of {of} spots drawn at random"]
    for part, found in sorted(parts.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        n = found.total()
        ends = binomtest(found[KILLED], n).proportion_ci(0.95, method="wilson")
        text.append(
            f"{part}: {found[KILLED]} of {n} noticed, {found[KILLED] / n:.1%}"
            f" (95 %: {ends.low:.1%} to {ends.high:.1%})"
        )
    missed = [r for r in results if r.outcome == SURVIVED]
    text += [f"\n{r.file}:{r.line} {r.operator} ({r.tests} tests)\n{r.change}" for r in missed]
    return "\n".join(text)


def main() -> None:
    """Record, draw, change, tell."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--at", type=Path, required=True, help="Folder of the copy and the record")
    options.add_argument("--minutes", type=float, default=float("inf"))
    options.add_argument("--parts", nargs="+", default=PARTS)
    options.add_argument("--tests", nargs="+", default=TESTS)
    given = options.parse_args()
    folder, ends = given.at.resolve(), time.monotonic() + 60.0 * given.minutes
    folder.mkdir(parents=True, exist_ok=True)
    copy = copied(folder)
    for part in given.tests:
        if time.monotonic() < ends:
            record(copy, folder, part)
    every = mutants(copy, given.parts)
    chance = random.Random(given.seed)
    drawn = [chance.choice(spot) for spot in chance.sample(every, given.sample)]
    kept = folder / f"results-{given.seed}.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    results = [Result(**json.loads(line)) for line in lines]

    def work(warm: Warm) -> None:
        recorded = Record.read(copy, folder, given.tests)
        path = copy / drawn[0].file
        tests, text = recorded.tests_of(drawn[0]), path.read_text(encoding="utf-8")
        if warm.notices(tests, recorded.patience(tests), path, text):
            raise SystemExit("The tests fail on unchanged code: nothing can be told from that.")
        with kept.open("a", encoding="utf-8") as stream:
            for i, mutant in enumerate(drawn[len(results) :], start=len(results)):
                if time.monotonic() > ends:
                    break
                results.append(tried(mutant, 2e9 + 10 * i, recorded, warm))
                print(json.dumps(asdict(results[-1])), file=stream, flush=True)

    if time.monotonic() < ends and len(results) < len(drawn):
        collected(copy, (*given.tests, Path(LAST).parent.name), work)
    print(told(results, len(every)))


if __name__ == "__main__":
    main()
