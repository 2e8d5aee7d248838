"""A scenario file -> a checked :class:`Scenario`, or all problems with their places."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from lantian.errors import Place, Problems, closest
from lantian.language import message
from lantian.scenario.model import Scenario, Target
from lantian.scenario.nodes import Document, Path_, read_document
from lantian.tables.reader import fault_message


@dataclass(frozen=True)
class ReadScenario:
    """A scenario with the places of its parts and the folders it belongs to."""

    scenario: Scenario
    document: Document
    path: Path
    root: Path

    def place(self, *path: str | int) -> Place:
        """Return where a part of the scenario stands in its file."""
        return self.document.place(path)


def find_root(path: Path) -> Path:
    """Return the project a scenario belongs to: the nearest folder above it with ``inputs``."""
    for folder in path.resolve().parents:
        if (folder / "inputs").is_dir():
            return folder
    return path.resolve().parent


def read_scenario(path: Path, problems: Problems) -> ReadScenario | None:
    """Read and check a scenario file; None when it cannot be used at all."""
    root = find_root(path)
    before = len(problems.found)
    document = read_document(path, root, problems)
    if len(problems.found) > before:
        return None
    try:
        scenario = Scenario.model_validate(document.data)
    except ValidationError as error:
        for fault in error.errors():
            _note(fault, document, problems)
        return None
    _check_unique(scenario, document, problems)
    return ReadScenario(scenario, document, path, root)


def _note(fault: Any, document: Document, problems: Problems) -> None:
    path = _real_path(fault["loc"], document.data)
    fix = closest("", ())
    if fault["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        fix = closest(str(path[-1]), known)
        problems.add(
            document.place(path),
            message("unknown key '{key}'.", key=path[-1]),
            message("Expected one of: {keys}.", keys=", ".join(known)),
            fix,
        )
        return
    problems.add(document.place(path), fault_message(fault), fix=fix)


def _real_path(location: tuple[str | int, ...], data: Any) -> Path_:
    """Drop the parts of pydantic's path that are not in the file (names of union members)."""
    path: list[str | int] = []
    for part in location:
        if isinstance(data, dict) and part not in data and str(part).isdigit():
            part = int(part)
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if inside:
            data = data[part]
            path.append(part)
        elif part == location[-1] and isinstance(data, dict):
            path.append(part)
    return tuple(path)


def _known_keys(path: Path_) -> list[str]:
    model: type[BaseModel] = Scenario
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            options = [annotation, *getattr(annotation, "__args__", ())]
            model = next(
                (o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), model
            )
    return [field.alias or name for name, field in model.model_fields.items()]


def _check_unique(scenario: Scenario, document: Document, problems: Problems) -> None:
    for part, items in (("commitments", scenario.commitments), ("targets", scenario.targets)):
        names = [item.id for item in items]
        for i, name in enumerate(names):
            if name in names[:i]:
                problems.add(document.place((part, i, "id")), message("id '{id}' twice.", id=name))
    for i, target in enumerate(scenario.targets):
        _check_years(i, target, scenario, document, problems)


def _check_years(
    i: int, target: Target, scenario: Scenario, document: Document, problems: Problems
) -> None:
    years = scenario.years
    if target.year not in years:
        problems.add(
            document.place(("targets", i, "year")),
            message("{year} is not a year of the run.", year=target.year),
            message("Expected one of {years}.", years=", ".join(map(str, years))),
        )
    if isinstance(target.relative_to, int) and target.computed and target.relative_to not in years:
        problems.add(
            document.place(("targets", i, "relative_to")),
            message("the run has no inventory of {year}.", year=target.relative_to),
            fix=message("Add it to reference_years and to the region's activity tables."),
        )
