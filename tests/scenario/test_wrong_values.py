"""Every part of a shipped scenario replaced by what cannot be: told at its line, never taken."""

import copy
import random
from collections.abc import Iterator
from functools import cache
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
OPTIONAL = {
    "plan",
    "transfer",
    "source",
    "in_step",
    "health",
    "state",
    "by",
    "season",
    "profile",
}
"""Keys that may be left blank, as if they were not there."""
NEEDED = {("alert", "actions", "", "source")}
"""Those that may not, although others of their name may."""
IDS = {
    *("id", "measure", "clause", "sources", "sectors", "region", "plan", "inventory", "measures"),
    *("transfer", "receptor", "source", "scenario", "recounted", "note", "en", "zh", "areas"),
    *("protected", "reason", "drop", "profile", "technologies", "controls", "without", "driver"),
}
"""Names: a text that names nothing is told when it is looked up."""


def parts(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    if isinstance(data, dict | list) and data:
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(inner, (*path, key))
    else:
        yield path


def at(data: Any, path: Path_) -> Any:
    return at(data[path[0]], path[1:]) if path else data


def replaced(data: Any, path: Path_, value: Any) -> Any:
    if not path:
        return value
    own = copy.copy(data)
    own[path[0]] = replaced(data[path[0]], path[1:], value)
    return own


@cache
def document_of(path: Path) -> Document:
    return read_document(path, REPOSITORY, Problems())


@cache
def chosen() -> dict[tuple[str, ...], tuple[Path, Path_]]:
    """Return one part of each kind and the scenario it is in, the same at every run."""
    kinds: dict[tuple[str, ...], list[tuple[Path, Path_]]] = {}
    for scenario in PLANS:
        for path in parts(document_of(scenario).data):
            kinds.setdefault(kind_of(path), []).append((scenario, path))
    draw = random.Random(0)
    return {kind: draw.choice(paths) for kind, paths in kinds.items()}


def kind_of(path: Path_) -> tuple[str, ...]:
    return tuple("" if isinstance(part, int) else str(part) for part in path)


def may_be(path: Path_, value: Any, given: Any) -> bool:
    """Tell whether a value can stand in the place of what is given, as far as its type goes."""
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    if value is None:
        return key in OPTIONAL and kind_of(path) not in NEEDED
    if isinstance(value, str):
        return key in IDS and (bool(value) or key == "note")
    return isinstance(value, bool) and isinstance(given, bool)


def is_told(data: Any, path: Path_) -> bool:
    """Tell whether it is the unit of a target whose limit has one."""
    target = at(data, path[:2]) if kind_of(path) == ("targets", "", "unit") else {}
    return "at_most" in target or "at_least" in target


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_value_of_a_wrong_kind_is_told_at_its_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_of(path)
    for part in (part for scenario, part in chosen().values() if scenario == path):
        given = at(document.data, part)
        for value in (v for v in NASTY if repr(v) != repr(given)):
            data = replaced(document.data, part, value)
            spoilt = Document(data, document.places, document.file)
            monkeypatch.setattr(reader, "read_document", lambda *_, spoilt=spoilt: spoilt)
            problems = Problems()
            reader.read_scenario(path, problems)
            assert all(p.place.line for p in problems.found), (part, value)
            own = [p for p in problems.found if p.place.path == problems.found[0].place.path]
            assert len(own) <= 1, (part, value, own)
            may = may_be(part, value, given) or (value is None and is_told(document.data, part))
            assert bool(problems.found) != may, (part, value, problems.found)
