"""Every number by which the door refuses, doubts or fills in stands once more in a list to look up.

``docs/bounds.csv`` is made of the declarations: ``pytest tests/parameters --update-golden``, by
which new ones join it.
"""

import ast
import csv
import importlib
import inspect
import io
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import lantian
from integration.workbench import REPOSITORY
from lantian.parameters.rows import Band, Row
from lantian.scenario.model import Quantity, Usual
from lantian.scenario.model.base import Strict

LIST = REPOSITORY / "docs" / "bounds.csv"
DOOR = (
    "parameters",
    "scenario",
    "intake",
    "inventory",
    "plan",
    "measures",
    "indicators",
    "standards",
)
"""Packages that read what people write."""
ENDS = {
    **{"ge": ("", 0), "le": ("", 1), "gt": ("beyond", 0), "lt": ("beyond", 1)},
    **{"min_length": ("length", 0), "max_length": ("length", 1)},
}
"""What pydantic calls the ends of a number, and of the length of a text or list."""
NOT_BLANK = ("min_length", 1)
"""What is said of nearly all texts and lists, and not listed."""


class Bound(NamedTuple):
    """A line of the list: where a number may lie, or what it is where nobody says."""

    declared_by: str
    name: str
    kind: str
    unit: str
    low: float | str
    high: float | str
    value: float | str


def modules() -> list[Any]:
    """Return all modules of the packages that read what people write."""
    found = pkgutil.walk_packages(lantian.__path__, "lantian.")
    return [importlib.import_module(n) for n in sorted(m.name for m in found) if is_of_the_door(n)]


def is_of_the_door(module: str) -> bool:
    return module.split(".")[0] == "lantian" and module.split(".")[1] in DOOR


def models(base: type[BaseModel]) -> Iterator[type[Any]]:
    for model in base.__subclasses__():
        if is_of_the_door(model.__module__):
            yield model
        yield from models(model)


def bands(model: type[Row]) -> Iterator[Bound]:
    for kind, own in vars(model).get("plausible", {}).items():
        for band in own:
            yield Bound(model.__name__, model.told_by, kind, band.unit, band.low, band.high, "")


def columns(model: type[BaseModel]) -> Iterator[Bound]:
    """Yield the ends of the columns of a table or the keys of a scenario, and what a blank is."""
    for name, field in model.model_fields.items():
        said: dict[tuple[str, int], Any] = {}
        for kind, end, number in ends(field.annotation, field.metadata):
            said[kind, end] = number
        for kind in {kind for kind, _ in said}:
            low, high = (said.get((kind, end), "") for end in (0, 1))
            yield Bound(model.__name__, name, kind, "", low, high, "")
        default = field.get_default(call_default_factory=True)  # type: ignore[call-arg]
        for kind, number in parts(default):
            yield Bound(model.__name__, name, f"blank {kind}".strip(), "", "", "", number)


def ends(annotation: Any, metadata: Iterable[Any]) -> Iterator[tuple[str, int, Any]]:
    """Yield what an annotation says of its numbers, texts and lists, at any depth."""
    for one in metadata:
        if isinstance(one, Usual):
            kind = f"usual {one.unit}".strip()
            yield from ((kind, 0, one.low), (kind, 1, one.high))
        elif isinstance(one, FieldInfo):
            yield from ends(one.annotation, one.metadata)
        for name, (kind, end) in ENDS.items():
            if hasattr(one, name) and (name, getattr(one, name)) != NOT_BLANK:
                yield kind, end, getattr(one, name)
    inner = get_args(annotation)
    yield from chain.from_iterable(ends(one, getattr(one, "__metadata__", ())) for one in inner)


def is_number(value: object) -> bool:
    """Tell whether something is a number, with a unit or without, or yes or no."""
    return isinstance(value, int | float | Quantity)


def constants(module: Any) -> Iterator[Bound]:
    """Yield the numbers that a module itself names, also in pairs and by name."""
    short = module.__name__.removeprefix("lantian.")
    for statement in ast.parse(inspect.getsource(module)).body:
        for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
            if isinstance(target, ast.Name) and target.id.isupper():
                for kind, number in parts(getattr(module, target.id)):
                    yield Bound(short, target.id, kind, "", "", "", number)


def parts(value: object) -> Iterator[tuple[str, Any]]:
    if is_number(value):
        yield "", value
    elif isinstance(value, tuple) and not isinstance(value, Band):
        yield from ((str(i), one) for i, one in enumerate(value) if is_number(one))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if is_number(one):
                yield str(key), one


def bounds() -> list[Bound]:
    every = modules()
    rows = set(models(Row))
    asked = rows | set(models(Strict))
    found = chain(*map(bands, rows), *map(columns, asked), *map(constants, every))
    return sorted(set(found), key=lambda one: tuple(map(str, one)))


def test_each_bound_that_is_listed_is_as_it_is_listed(update_golden: bool) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(Bound._fields)
    table.writerows(bounds())
    if update_golden:
        LIST.write_text(text.getvalue(), encoding="utf-8")
    listed, declared = LIST.read_text(encoding="utf-8"), set(text.getvalue().splitlines())
    assert [line for line in listed.splitlines() if line not in declared] == []


def test_nothing_that_was_read_changes_and_no_key_is_overlooked() -> None:
    """But for numbers and dates, which are read from one text and have no keys of their own."""
    modules()
    read = set(models(BaseModel))
    assert {model.__name__ for model in read if not model.model_config.get("frozen")} == set()
    loose = {model for model in read if model.model_config.get("extra") != "forbid"}
    assert {model.__name__ for model in loose} == {"Quantity", "Date"}
