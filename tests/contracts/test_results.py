"""The terminal knows tables by their declarations only; charts are held to theirs as they read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from integration.workbench import Finished
from lantian.report.frames import RunTables
from lantian.results.contract import TABLES

PACKAGE = Path(__file__).parents[2] / "model" / "lantian"
BY_NAME = ("groupby", "sort_values", "set_index", "drop_duplicates", "pivot", "pivot_table", "drop")
"""Methods of a DataFrame whose texts are names of columns."""
NOT_COLUMNS = ("kind", "aggfunc")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def method(node: ast.AST) -> str:
    """Return the name of the method that is called; nothing for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr
    return ""


def texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that stand in an expression, not those inside of calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from texts(item)


def is_lookup(node: ast.expr) -> bool:
    """Tell whether something is no frame: constants, named in capitals, or the run's summary."""
    if method(node) == "summary":
        return True
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.isupper()


def asked(part: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name of every column that a module or function names."""
    for node in ast.walk(part):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            if not is_lookup(node.value):
                yield from ((node.lineno, name) for name in texts(node.slice))
        elif method(node) in BY_NAME:
            assert isinstance(node, ast.Call)
            for value in (
                *node.args,
                *(k.value for k in node.keywords if k.arg not in NOT_COLUMNS),
            ):
                yield from ((node.lineno, name) for name in texts(value))


def made(part: ast.AST) -> set[str]:
    """Return the columns that a module or function makes, and the keys of its own dicts."""
    found: set[str] = set()
    for node in ast.walk(part):
        if isinstance(node, ast.Call):
            found |= {k.arg for k in node.keywords if k.arg is not None}
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found |= set(texts(node.slice))
        elif isinstance(node, ast.Dict):
            found |= {t for part in (*node.keys, *node.values) if part for t in texts(part)}
    return found


@pytest.mark.parametrize(
    ("module", "function", "table"),
    [
        ("answers", "curve_points", "frontier"),
        ("terminal/records", "inventory_tables", "inventory"),
    ],
)
def test_terminal_asks_for_declared_columns(module: str, function: str, table: str) -> None:
    """What else the terminal shows stands in the summary, which is made from frames."""
    path = PACKAGE / "cli" / f"{module}.py"
    found = [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    ]
    known = {*TABLES[table].names, *made(found[0])}
    named = list(asked(found[0]))
    assert {name for _, name in named} & set(TABLES[table].names)
    assert not [f"{path.name}:{line}: {name}" for line, name in named if name not in known]


def test_a_row_has_the_declared_columns_only(tongzhou: Finished) -> None:
    row = RunTables(tongzhou.folder).rows("emissions")[0]
    assert row._fields == TABLES["emissions"].names
    with pytest.raises(AttributeError):
        row.vale  # noqa: B018 - asking is the test


def test_an_undeclared_table_is_no_missing_table(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no table 'emission' is declared"):
        RunTables(tmp_path).table("emission")
