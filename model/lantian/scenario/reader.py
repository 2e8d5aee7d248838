"""A scenario file -> a checked :class:`Scenario`, or all problems with their places."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lantian.errors import Place, Problems, closest, nearest
from lantian.language import NOTHING, Message, message
from lantian.parameters.opening import real
from lantian.parameters.reader import fault_fix, fault_message
from lantian.scenario.model import Commitment, Scenario, Target
from lantian.scenario.nodes import Document, Path_, copy_places, read_document
from lantian.scenario.plausible import doubt_numbers
from lantian.vocabulary import YUAN


@dataclass(frozen=True)
class ReadScenario:
    """A scenario with the places of its parts and the folders it belongs to.

    ``left_out`` has the ids of commitments and targets that were too faulty to read; the problems
    are noted, and the rest of the scenario can still be checked. ``dropped`` are the ids that it
    drops, each with the place where it says so.
    """

    scenario: Scenario
    document: Document
    path: Path
    root: Path
    left_out: frozenset[str] = frozenset()
    dropped: Mapping[str, Place] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return where a part of the scenario stands in its file."""
        return self.document.place(path)

    def has_own(self, name: str, file: str) -> bool:
        """Tell whether this file, or one that is named, writes of a commitment or target.

        Parameters
        ----------
        name
            Its id.
        file
            The other file, as places name it.
        """
        return any(
            item.id == name and self.place(part, i).file in (file, self.document.file)
            for part in ITEMS
            for i, item in enumerate(getattr(self.scenario, part))
        )

    def without(self, ids: Collection[str]) -> "ReadScenario":
        """Return the scenario without some commitments and targets, and without its ``drop``.

        Parameters
        ----------
        ids
            Of what is left out.

        Returns
        -------
        ReadScenario
            What is left keeps its places, and its document can be read again.
        """
        dropped: set[Path_] = {("drop",)}
        kept: dict[str, Any] = {"drop": ()}
        lists: dict[str, Sequence[Commitment | Target]] = {
            "commitments": self.scenario.commitments,
            "targets": self.scenario.targets,
        }
        for name, items in lists.items():
            dropped |= {(name, i) for i, item in enumerate(items) if item.id in ids}
            kept[name] = tuple(item for item in items if item.id not in ids)
        places: dict[Path_, Place] = {}
        data = _without(self.document.data, (), (), dropped, self.document, places)
        return replace(
            self,
            scenario=self.scenario.model_copy(update=kept),
            document=Document(data, places, self.document.file),
            dropped={n: self.place("drop", i) for i, n in enumerate(self.scenario.drop)},
        )


def find_root(path: Path) -> Path:
    """Return the project a scenario belongs to: the nearest folder above it with ``inputs``."""
    parents = [*real(path.parent).parents, *real(path).parents]
    for folder in (real(path.parent), *parents):
        if (folder / "inputs").is_dir():
            return folder
    return real(path.parent)


def read_scenario(path: Path, problems: Problems) -> ReadScenario | None:
    """Read and check a scenario file; None when it cannot be used at all.

    Parameters
    ----------
    path
        The scenario file.
    problems
        Receives every fault found, each at its line.

    Returns
    -------
    ReadScenario or None
        Without what is faulty by itself; the ids of commitments and targets among that are in
        ``left_out``.
    """
    root = find_root(path)
    before = len(problems.found)
    document = read_document(path, root, problems)
    if len(problems.found) > before and not document.data:
        return None
    try:
        scenario, left_out = Scenario.model_validate(document.data), frozenset[str]()
    except ValidationError as error:
        faults = _faults(error, document.data)
        _note_all(faults, document, problems)
        sound = _sound_part(document, faults)
        if sound is None:
            if document.data.keys().isdisjoint(("region", "finished")):
                told = message("a scenario needs either a region or a finished inventory")
                problems.add(document.place(()), message("{text}.", text=told))
            return None
        document, left_out = sound
        try:
            scenario = Scenario.model_validate(document.data)
        except ValidationError as rest:
            known = {path for path, _ in faults if not any(isinstance(p, int) for p in path)}
            left = [one for one in _faults(rest, document.data) if one[0] not in known]
            _note_all(left, document, problems)
            return None
    _check_unique(scenario, document, problems)
    _check_schedules(scenario, document, problems)
    doubt_numbers(scenario, document, problems)
    return ReadScenario(scenario, document, path, root, left_out)


ITEMS = ("commitments", "targets")
"""Lists of a scenario whose items stand on their own."""
SETTINGS = "optimise"
"""Part of a scenario whose keys stand on their own, and the items of its lists."""
ENTRIES = ("set", "futures", "grid", "baselines", "labels", "harmonise")
"""Lists and names of a scenario of which an entry stands on its own and nothing refers to it."""
ALONE = {
    *(("title",), ("name",), ("plan",), ("credit",), ("samples",), ("uncertainty",)),
    *(("health",), ("robust",), ("economics", "carbon_price"), ("economics", "inflation")),
}
"""Further parts that stand on their own: of the rest nothing becomes wrong without them."""


def _some_rates(data: dict[str, Any]) -> dict[str, str]:
    """Return a rate for each currency that a scenario gives one."""
    economics = data["economics"]
    named = economics["rates"] if isinstance(economics["rates"], dict) else {}
    return {name: f"1 {economics.get('currency', YUAN)}" for name in named}


STOOD_IN: dict[Path_, Callable[[dict[str, Any]], Any]] = {
    ("name",): lambda _: "unnamed",
    ("title",): lambda _: {"en": "-", "zh": "-"},
    ("economics", "discount_rate"): lambda _: "5 %",
    ("economics", "rates"): _some_rates,
}
"""What stands in for parts without which there is no scenario, while the rest is checked."""
GOES_WITH = {"pathway": "total_budget", "interface": "constraints"}
"""Settings without which another makes no sense."""


def _sound_part(
    document: Document, faults: Sequence[tuple[Path_, Any]]
) -> tuple[Document, frozenset[str]] | None:
    """Return a scenario without its faulty items, settings and unknown keys, and the ids left out.

    None when something else is wrong, without which the rest makes no sense.
    """
    parts = [_own_part(path, fault, document.data) for path, fault in faults]
    dropped = {part for part in parts if part is not None}
    if None in parts:
        return None
    dropped |= {(SETTINGS, GOES_WITH[p[1]]) for p in dropped if len(p) == 2 and p[1] in GOES_WITH}
    places: dict[Path_, Place] = {}
    data = _without(document.data, (), (), dropped, document, places)
    for path in dropped & STOOD_IN.keys():
        whole = data if len(path) == 1 else data[path[0]]
        whole[path[-1]] = STOOD_IN[path](document.data)
    items = [document.data[p[0]][p[1]] for p in dropped if p[0] in ITEMS and len(p) == 2]
    ids = {str(item["id"]) for item in items if isinstance(item, dict) and "id" in item}
    return Document(data, places, document.file), frozenset(ids)


def _own_part(path: Path_, fault: Any, data: Any) -> Path_ | None:
    """Return the least part around a fault that can be left out; None if there is none."""
    if len(path) > 1 and path[0] in ITEMS:
        return path[:2]
    if len(path) > 1 and path[0] == SETTINGS:
        inside_list = len(path) > 2 and isinstance(data[SETTINGS][path[1]], list)
        return path[:3] if inside_list else path[:2]
    if path[:1] in ALONE:
        return path[:1]
    if path[:2] in STOOD_IN or (len(path) > 1 and path[0] in ENTRIES) or path[:2] in ALONE:
        return path[:2]
    return path if len(path) == 1 and fault["type"] == "extra_forbidden" else None


def _without(
    value: Any,
    old: Path_,
    new: Path_,
    dropped: set[Path_],
    document: Document,
    places: dict[Path_, Place],
) -> Any:
    """Return a part without what is dropped, and note the places of what is left."""
    n = len(old)
    if not any(path[:n] == old for path in dropped):
        copy_places(document.places, old, new, places)
        return value
    places[new] = document.place(old)
    if isinstance(value, dict):
        kept = [(key, key) for key in value if (*old, key) not in dropped]
    else:
        left = [i for i in range(len(value)) if (*old, i) not in dropped]
        kept = list(enumerate(left))
    parts = {
        place: _without(value[key], (*old, key), (*new, place), dropped, document, places)
        for place, key in kept
    }
    return parts if isinstance(value, dict) else list(parts.values())


def _note_all(faults: Sequence[tuple[Path_, Any]], document: Document, problems: Problems) -> None:
    """Note faults; what is none of several things that may stand somewhere is one fault."""
    faults = _joined(faults)
    values = {path for path, fault in faults if fault["type"] not in WORDS}
    words = {path: fault for path, fault in faults if fault["type"] in WORDS and path in values}
    inside = {path[:n] for path, _ in faults for n in range(len(path))}
    for path, fault in faults:
        if fault["type"] == "too_short" and path in inside:
            continue  # it has items, and these are told
        if path not in words:
            _note(path, fault, document, problems)
        elif fault is not words[path]:
            listed = words[path]["ctx"]["expected"]
            problems.add(
                document.place(path),
                fault_message(fault),
                message("A word may stand here too: {words}.", words=listed),
            )


def _joined(faults: Sequence[tuple[Path_, Any]]) -> list[tuple[Path_, Any]]:
    """Return faults, those of a value that is none of the words of several lists as one."""
    joined: dict[tuple[Path_, int], tuple[Path_, Any]] = {}
    for n, (path, fault) in enumerate(faults):
        of_words = fault["type"] in WORDS
        at = (path, -1 if of_words else n)
        if at in joined:
            before = joined[at][1]["ctx"]["expected"]
            context = {"expected": f"{before}, {fault['ctx']['expected']}"}
            fault = {**fault, "ctx": context}
        joined[at] = (path, fault)
    return list(joined.values())


WORDS = ("literal_error",)
"""What pydantic calls a value that is none of the words of a list."""


def _note(path: Path_, fault: Any, document: Document, problems: Problems) -> None:
    if fault["type"] == "extra_forbidden":
        known = _known_keys(path[:-1])
        fix = _inner_part(path, document)
        if fix is NOTHING:
            fix = closest(str(path[-1]), known)
        problems.add(
            document.place(path),
            message("unknown key '{key}'.", key=path[-1]),
            message("Expected one of: {keys}.", keys=", ".join(known)),
            fix,
        )
        return
    near = _meant(path, document) if fault["type"] == "missing" else ""
    fix = message("Did you mean id '{near}'?", near=near) if near else fault_fix(fault)
    problems.add(document.place(path), fault_message(fault), fix=fix)


def _inner_part(path: Path_, document: Document) -> Message:
    """Return the part beside an unknown key that has such a key: it stands one step too far out."""
    beside: Any = document.data
    for step in path[:-1]:
        beside = beside[step]
    for part in beside:
        if path[-1] in _known_keys((*path[:-1], part)):
            return message("It goes into '{part}', within its braces.", part=part)
    return NOTHING


def _meant(path: Path_, document: Document) -> str:
    """Return the id of the parent's item that an item which lacks keys was meant to change."""
    part, i = path[:1], path[1] if len(path) > 1 else ""
    if part[0] not in ITEMS or not isinstance(i, int):
        return ""
    file, items = document.place(path[:2]).file, document.data[part[0]]
    inherited = [
        str(item["id"])
        for n, item in enumerate(items)
        if isinstance(item, dict) and "id" in item and document.place((*part, n)).file != file
    ]
    if _goes_on(items[i], path[:2], document):
        return ""
    return nearest(str(items[i].get("id", "")), inherited)


def _goes_on(item: Iterable[str], path: Path_, document: Document) -> bool:
    """Tell whether an item changes one of the parent's: some of its keys stand in another file."""
    file = document.place(path).file
    return any(document.place((*path, key)).file != file for key in item)


def _faults(error: ValidationError, data: Any) -> list[tuple[Path_, Any]]:
    """Return faults with the paths they stand at in the file."""
    found = []
    for fault in error.errors():
        key = getattr(fault.get("ctx", {}).get("error"), "key", "")
        location = fault["loc"]
        if location[-1:] == (KEY,):  # the fault of a key, which stands where its value does
            kind = "invalid_key" if fault["type"] == "string_type" else fault["type"]
            location, fault = location[:-1], {**fault, "type": kind}
        path = _real_path(location, data)
        found.append(((*path, key) if key else path, fault))
    return found


KEY = "[key]"
"""Ends pydantic's path of a key."""


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
    """Return the keys that may stand at a path."""
    forms: list[Any] = [Scenario]
    for part in path:
        forms = [inner for form in forms for inner in _inside(form, part)] or forms
    models = [form for form in forms if isinstance(form, type) and issubclass(form, BaseModel)]
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _inside(form: Any, part: str | int) -> list[Any]:
    """Return what a key or position of something of a form may be, models out of their unions."""
    if isinstance(form, type) and issubclass(form, BaseModel):
        fields = {field.alias or name: field for name, field in form.model_fields.items()}
        return _options(fields[str(part)].annotation) if part in fields else []
    inner = get_args(form)
    if get_origin(form) is dict:
        return _options(inner[1])
    return _options(inner[0]) if get_origin(form) is tuple and isinstance(part, int) else []


def _options(form: Any) -> list[Any]:
    """Return the members of a union, without what is annotated to them."""
    if get_origin(form) is Annotated:
        return _options(get_args(form)[0])
    if get_origin(form) in (Union, UnionType):
        return [option for member in get_args(form) for option in _options(member)]
    return [form]


def _check_schedules(scenario: Scenario, document: Document, problems: Problems) -> None:
    """Note schedules that end off their level."""
    for i, commitment in enumerate(scenario.commitments):
        if commitment.ends_off_level:
            problems.add(
                document.place(("commitments", i, "schedule")),
                message(
                    "the last step of the schedule is not the level {level}.",
                    level=commitment.level,
                ),
                fix=message(
                    "Write its last step as the level, or say in 'note' why it is {step}.",
                    step=commitment.last_step,
                ),
            )


def _check_unique(scenario: Scenario, document: Document, problems: Problems) -> None:
    for part, items in (
        (("commitments",), scenario.commitments),
        (("targets",), scenario.targets),
        (("optimise", "resources"), scenario.optimise.resources),
    ):
        names = [item.id for item in items]
        for i, name in enumerate(names):
            if name in names[:i]:
                problems.add(document.place((*part, i, "id")), message("id '{id}' twice.", id=name))
    for i, target in enumerate(scenario.targets):
        _check_years(i, target, scenario, document, problems)


def _check_years(
    i: int, target: Target, scenario: Scenario, document: Document, problems: Problems
) -> None:
    later = [year for year in scenario.years if year > scenario.base_year]
    years = later or [scenario.base_year]
    if target.year not in years:
        problems.add(
            document.place(("targets", i, "year")),
            message("{year} is not a year of the run.", year=target.year),
            message("Expected one of {years}.", years=", ".join(map(str, years))),
        )
