"""What the modules may import, open and print; read from their text, not by running them."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "model" / "lantian"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("vocabulary", "tolerances", "language", "errors"),
    ("parameters", "core"),
    ("names", "standards"),
    ("inventory", "measures"),
    ("indicators",),
    ("scenario",),
    ("optimise",),
    ("plan",),
    ("study",),
    ("ensemble",),
    ("results",),
    ("store",),
    ("intake",),
    ("report",),
    ("comparison", "handover"),
    ("cli",),
    ("__main__", "equations"),
)
"""Lowest first. A module imports from lower layers, from its own package, and within a layer
only along SIDEWAYS."""

SIDEWAYS = {
    ("language", "vocabulary"),
    ("errors", "vocabulary"),
    ("errors", "language"),
    ("measures", "inventory"),  # a catalogue is compiled against the states that sectors declare
}
SMALLEST_QUANTITY = 1e-5
"""Below it a number of the source text is a tolerance."""
UNLAYERED = ("starter_files", "translations")
"""Folders that hold no modules."""

HEAVY = (
    "numpy",
    "pandas",
    "xarray",
    "pyomo",
    "matplotlib",
    "scipy",
    "highspy",
    "pydantic",
    "pint",
    "rich",
    "openpyxl",
    "ruamel",
    "yaml",
)
PRINTERS = ("cli", "cli.commands", "cli.terminal")
"""Modules, and packages with all of theirs but the whole of ``cli``."""
TREES = sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(module: str) -> str:
    """Return the package or module right below ``lantian``."""
    return module.split(".")[0]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything a module imports, lazily or for types too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def own_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and part of what a module imports from ``lantian``."""
    for line, name in imported(path):
        if name.startswith("lantian."):
            yield line, part_of(name.removeprefix("lantian."))


def modules_of(*parts: str) -> list[Path]:
    return [path for path in TREES if part_of(module_name(path)) in parts]


def layer(part: str) -> int:
    return next(i for i, parts in enumerate(LAYERS) if part in parts)


def test_every_part_has_a_layer() -> None:
    parts = {part_of(module_name(path)) for path in TREES} - {""} - set(UNLAYERED)
    assert parts == {part for parts in LAYERS for part in parts}


@pytest.mark.parametrize("path", TREES, ids=module_name)
def test_imports_go_downwards(path: Path) -> None:
    here = part_of(module_name(path))
    if not here:
        return
    for line, there in own_imports(path):
        if there == here or there.startswith("__"):
            continue
        allowed = layer(there) < layer(here) or (here, there) in SIDEWAYS
        assert allowed, f"{path}:{line}: {here} imports {there}"


def test_sideways_imports_are_still_needed() -> None:
    found = {
        (part_of(module_name(path)), there) for path in TREES for _, there in own_imports(path)
    }
    assert found >= SIDEWAYS


def test_core_opens_no_file_and_knows_no_format() -> None:
    for path in modules_of("core"):
        names = {name for _, name in imported(path)}
        roots = {name.split(".")[0] for name in names}
        assert roots <= {
            "lantian",
            "numpy",
            "scipy",  # sums over many columns, imported where they are taken
            "collections",
            "dataclasses",
            "enum",
            "functools",
            "itertools",
            "math",
            "typing",
            "warnings",
        }, path
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called.split(".")[-1] not in {
                    "open",
                    "read_text",
                    "write_text",
                    "loadtxt",
                    "savetxt",
                    "load",
                    "save",
                    "fromfile",
                    "tofile",
                    "print",
                }, f"{path}:{node.lineno}: {called}"


def test_optimise_reads_no_scenario_and_no_table() -> None:
    for path in modules_of("optimise"):
        for line, name in imported(path):
            assert not name.startswith(
                (
                    "ruamel",
                    "yaml",
                    "pydantic",
                    "lantian.scenario",
                    "lantian.parameters",
                    "lantian.plan",
                )
            ), f"{path}:{line}"


def test_report_computes_nothing() -> None:
    """It draws from the tables of a run: no sector, measure, plan or optimiser is at hand."""
    allowed = (
        "lantian.report",
        "lantian.vocabulary",
        "lantian.language",
        "lantian.store",
        "lantian.results.contract",
        "lantian.results.frame",
    )
    for path in modules_of("report"):
        for line, name in imported(path):
            assert not name.startswith("lantian") or name.startswith(allowed), f"{path}:{line}"


def test_tolerances_stand_in_one_place() -> None:
    parts = ("core", "names", "optimise", "plan", "results", "scenario", "store", "study", "cli")
    for path in modules_of(*parts):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                small = 0 < abs(node.value) < SMALLEST_QUANTITY
                assert not small, f"{path}:{node.lineno}: {node.value} belongs in tolerances.py"


def test_pyplot_is_never_imported() -> None:
    for path in TREES:
        for line, name in imported(path):
            assert "pyplot" not in name, f"{path}:{line}"


def test_only_the_command_line_prints() -> None:
    for path in TREES:
        module = module_name(path)
        if module in PRINTERS or module.rpartition(".")[0] in PRINTERS[1:]:
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            assert called != "print", f"{path}:{node.lineno}"
            assert called.split(".")[-1] not in {"echo", "secho"}, f"{path}:{node.lineno}"
            assert not called.endswith((".print", "stdout.write", "stderr.write")), (
                f"{path}:{node.lineno}"
            )


def test_only_the_command_line_exits() -> None:
    for path in TREES:
        if module_name(path) == "cli":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in {"sys.exit", "exit", "quit", "os._exit"}, (
                    f"{path}:{node.lineno}"
                )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["--lang", "zh", "--help"]], ids=" ".join
)
def test_help_is_told_without_heavy_libraries(arguments: list[str]) -> None:
    script = (
        "import contextlib, io, json, sys\n"
        "from lantian.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main({arguments!r})\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert not set(json.loads(done.stdout)) & set(HEAVY)


def test_modules_that_the_documents_name_are_there() -> None:
    project = PACKAGE.parents[1]
    named = re.compile(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`")
    parts = {part for layer in LAYERS for part in layer}
    missing = [
        f"{path.name}: {found}"
        for path in (*project.glob("docs/*.md"), project / "README.md")
        for found in named.findall(path.read_text(encoding="utf-8"))
        if found.split("/")[0] in parts and not (PACKAGE / found).exists()
    ]
    assert missing == []


MOST_BY_POSITION = 7
"""Arguments that a call can give without their names: as many as a figure's text has."""


@pytest.mark.parametrize("path", TREES, ids=module_name)
def test_many_arguments_are_given_by_name(path: Path) -> None:
    """A command's are: click gives them so."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            given = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg != "self"]
            assert len(given) <= MOST_BY_POSITION, f"{path}:{node.lineno}: {node.name}"
