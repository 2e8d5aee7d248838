"""Every part of a shipped scenario replaced by what cannot be: told at its line, never taken."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.workbench import REPOSITORY
from lantian.errors import Problems
from lantian.scenario import reader
from lantian.scenario.nodes import Document, Path_, read_document

PLANS = sorted((REPOSITORY / "scenarios").rglob("*.yaml"))
NASTY: tuple[Any, ...] = (
    None, "", True, -1, 1e30, float("nan"), [], {}, ["a"], {"a": 1}, "5 parsec", "25 %%",
)  # fmt: skip
EACH = 1
"""Parts of each kind that are tried in a scenario."""
OPTIONAL = {"plan", "transfer", "source"}
"""Keys that may be left blank, as if they were not there."""
IDS = {
    *("id", "measure", "clause", "sources", "sectors", "region", "plan", "inventory", "measures"),
    *("transfer", "receptor", "source", "scenario", "recounted", "note", "en", "zh", "areas"),
}
"""Names: a text that names nothing is told when it is looked up."""


def parts(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    if isinstance(data, dict | list) and data:
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(inner, (*path, key))
    else:
        yield path


def replaced(data: Any, path: Path_, value: Any) -> Any:
    if not path:
        return value
    own = copy.copy(data)
    own[path[0]] = replaced(data[path[0]], path[1:], value)
    return own


def chosen(data: Any) -> list[Path_]:
    """Return some parts of each kind, the same at every run."""
    kinds: dict[tuple[str, ...], list[Path_]] = {}
    for path in parts(data):
        kind = tuple("" if isinstance(part, int) else str(part) for part in path)
        kinds.setdefault(kind, []).append(path)
    draw = random.Random(0)
    return [p for paths in kinds.values() for p in draw.sample(paths, min(EACH, len(paths)))]


def may_be(path: Path_, value: Any) -> bool:
    """Tell whether a value can stand at a path as far as its type goes."""
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    if value is None:
        return key in OPTIONAL
    if isinstance(value, str):
        return key in IDS and (bool(value) or key == "note")
    return False


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_value_of_a_wrong_kind_is_told_at_its_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_document(path, REPOSITORY, Problems())
    for part in chosen(document.data):
        for value in NASTY:
            data = replaced(document.data, part, value)
            spoilt = Document(data, document.places, document.file)
            monkeypatch.setattr(reader, "read_document", lambda *_, spoilt=spoilt: spoilt)
            problems = Problems()
            reader.read_scenario(path, problems)
            assert all(p.place.line for p in problems.found), (part, value)
            assert bool(problems.found) != may_be(part, value), (part, value, problems.found)
