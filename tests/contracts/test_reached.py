"""Nothing public is there for tests alone: each function is used here or offered to users."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import lantian

PACKAGE = Path(__file__).parents[2] / "model" / "lantian"
OFFERED = {"finance"}
"""Modules whose functions are offered as they are: ``lantian.finance``."""
MODULES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.stem not in OFFERED]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def mentioned() -> Counter[str]:
    """Count every name that the program mentions: as a name, an attribute or an import."""
    found: Counter[str] = Counter()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Name):
                found[node.id] += 1
            elif isinstance(node, ast.Attribute):
                found[node.attr] += 1
    return found


def public(path: Path) -> list[str]:
    """Return the public functions of a module that nothing has registered by a decorator."""
    return [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not node.decorator_list
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_public_function_is_reached(path: Path) -> None:
    offered = {*lantian.__all__, *lantian.equations.__all__}
    assert [name for name in public(path) if not mentioned()[name] and name not in offered] == []
