"""YAML text -> plain data that remembers where each part stands; duplicate keys are problems."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lantian.errors import Place, Problems, nearest
from lantian.language import NOTHING, Message, is_plain, message
from lantian.parameters.opening import (
    INVISIBLE,
    LARGEST_TEXT,
    check_there,
    exists,
    read_file,
    real,
)
from lantian.scenario.yaml_text import composed, wide_sign

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """Data of a scenario file (its parents merged in) and the place of every part.

    ``places`` is keyed by the path of keys and positions from the top.
    """

    data: dict[str, Any]
    places: dict[Path_, Place]
    file: str

    def place(self, path: Path_) -> Place:
        """Return where a part stands; for a missing part, where its parent stands.

        The path told is that in the file, whatever was merged or left out since.
        """
        for n in range(len(path), -1, -1):
            if path[:n] in self.places:
                found = self.places[path[:n]]
                told = f"{found.path}.{path_text(path[n:])}" if path[n:] else found.path
                return Place(
                    found.file, found.line, found.column, told.replace(".[", "[").lstrip(".")
                )
        return Place(self.file, path=path_text(path))


def path_text(path: Path_) -> str:
    """Return a path as users read it: ``commitments[7].measure``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".")


def parse_yaml(text: str, file: str, problems: Problems) -> Document:
    """Parse one file; syntax errors and duplicate keys become problems.

    Parameters
    ----------
    text
        Text of the file.
    file
        Its name in messages.
    problems
        Receives every fault found.

    Returns
    -------
    Document
        Empty if the text is no YAML or no mapping.
    """
    from yaml import MarkedYAMLError
    from yaml.reader import ReaderError

    try:
        node = composed(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if _tell_wide(text, spot[0], file, problems):
            return Document({}, {}, file)
        what = _what_is_wrong(text, error)
        problems.add(Place(file, *spot), message("not YAML: {what}.", what=what))
        return Document({}, {}, file)
    except ReaderError as error:
        read = text.encode()[: error.position].decode(errors="ignore")
        before = read.split("\n")
        problems.add(
            Place(file, len(before), len(before[-1]) + 1),
            message("not YAML: {what}.", what=message("a character that cannot be shown")),
        )
        return Document({}, {}, file)
    reader = _NodeReader(file, problems)
    try:
        data = reader.read(node, ()) if node is not None else {}
    except _UnreadableError as error:
        problems.add(error.place, error.found)
        return Document({}, reader.places, file)
    if not isinstance(data, dict):
        if not _tell_wide(text, text.count("\n") + 1, file, problems):
            problems.add(Place(file, 1, 1), message("a scenario is a mapping of keys to values."))
        data = {}
    return Document(data, reader.places, file)


def _tell_wide(text: str, last: int, file: str, problems: Problems) -> bool:
    """Note a sign that is typed in the place of one of YAML, if that is what is wrong."""
    found = wide_sign(text, last)
    if found is None:
        return False
    line, column, sign, meant = found
    shown = {" ": f"U+{ord(sign):04X}"}.get(meant, sign)
    problems.add(
        Place(file, line, column),
        message("not YAML: '{sign}' is no sign of it.", sign=shown),
        fix=message("Type a blank.") if meant == " " else message("Type '{sign}'.", sign=meant),
    )
    return True


def _what_is_wrong(text: str, error: Any) -> Message:
    """Return the parser's words; where they leave a reader guessing, ours."""
    mark = error.problem_mark
    lines = text.split("\n")[mark.line :] if mark else []
    if lines and lines[0][mark.column :].startswith("\t"):
        return message("a tab stands where only blanks may indent")
    if error.problem == "second occurrence":
        return message("an anchor is given twice")
    return message(str(error.problem or error).replace("'}'", "a closing brace"))


DEEPEST = 30
"""Levels of a scenario; ours have seven."""
MOST_PARTS = 100_000
"""Parts of a scenario with every alias written out; ours have five thousand."""
MOST_DIGITS = 40
"""Signs of a number."""


class _UnreadableError(Exception):
    """A part of a document that nobody wrote by hand."""

    def __init__(self, place: Place, found: Message) -> None:
        self.place, self.found = place, found
        super().__init__(found.text())


@dataclass
class _NodeReader:
    """Turns nodes into plain data and notes the place of each part."""

    file: str
    problems: Problems
    places: dict[Path_, Place] = field(default_factory=dict)

    def read(self, node: Any, path: Path_) -> Any:
        """Return the data of a node and of all below it."""
        self.places[path] = self._place(node, path)
        if len(path) > DEEPEST:
            deep = message("nested more than {n} levels deep, or inside itself.", n=DEEPEST)
            raise _UnreadableError(self.places[path], deep)
        if len(self.places) > MOST_PARTS:
            many = message("aliases make more than {n} parts of this.", n=MOST_PARTS)
            raise _UnreadableError(self.places[path], many)
        if node.id == "mapping":
            return self._mapping(node, path)
        if node.id == "sequence":
            return [self.read(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._scalar(node, path)

    def _place(self, node: Any, path: Path_) -> Place:
        mark = node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1, path_text(path))

    def _mapping(self, node: Any, path: Path_) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self.problems.add(self._place(key_node, path), message("a key is a word."))
                continue
            key = self._scalar(key_node, path)
            here = (*path, key)
            if key in result:
                self.problems.add(
                    self._place(key_node, here), message("key '{key}' twice.", key=key)
                )
                continue  # the rest was written with the first
            result[key] = self.read(value_node, here)
            self.places[here] = self._place(key_node, here)
        return result

    def _scalar(self, node: Any, path: Path_) -> Any:
        """Return a word or number."""
        text = INVISIBLE.sub("", node.value)
        place = self._place(node, path)
        if not all(c in "\n\t" or is_plain(c) for c in text):
            shown = repr(text[:MOST_DIGITS])
            raise _UnreadableError(place, message("{value} holds a control sign.", value=shown))
        kind = node.tag.rsplit(":", 1)[-1]
        if kind in ("int", "float") and len(text) > MOST_DIGITS:
            raise _UnreadableError(place, message("a number of {n} signs.", n=len(text)))
        try:
            return _value(kind, text)
        except ValueError as error:  # a tag that says otherwise than the text
            found = message("{value} is not a number.", value=repr(text))
            raise _UnreadableError(place, found) from error


def _value(kind: str, text: str) -> Any:
    """Return a scalar of YAML as its kind says."""
    if kind == "int":
        digits = text.replace("_", "")
        return int(digits, 0 if digits.lstrip("+-")[1:2] in ("x", "o", "b") else 10)
    if kind == "float":
        return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
    if kind == "bool":
        return text.lower() == "true"
    return None if kind == "null" else text


def read_document(path: Path, root: Path, problems: Problems) -> Document:
    """Read a scenario file and merge it into the parents it names with ``extends``.

    Mappings are merged key by key; lists whose items have an ``id`` are merged by it; all else
    is replaced, so that an empty list takes everything away, and inside a part of the scenario a
    key without a value takes away that key. A title that is inherited tells the name beside it.

    Parameters
    ----------
    path
        The scenario file.
    root
        Places are told relative to this folder.
    problems
        Receives every fault found, those of the parents as well.

    Returns
    -------
    Document
        The merged data; each part keeps its place in the file it comes from.
    """
    return _read_with_parents(path, root, problems, ())


def _scenarios(path: Path, root: Path) -> list[Path]:
    """Return the scenario files beside a path and in the project's own folder of them."""
    folders = dict.fromkeys((root / "scenarios", path.parent))
    return [found for folder in folders for found in sorted(folder.glob("*.yaml"))]


def _read_text(path: Path, root: Path, file: str, problems: Problems) -> str | None:
    from lantian.parameters import shown_path

    if not exists(path):
        why = message("No such file or directory")
        others = {p.stem: p for p in _scenarios(path, root)}
        near = others.get(nearest(path.stem, others))
        fix = message("Did you mean '{near}'?", near=shown_path(near, root)) if near else NOTHING
        problems.add(Place(file), message("cannot be read: {why}.", why=why), fix=fix)
        return None
    content = read_file(path, file, LARGEST_TEXT, problems)
    try:
        return None if content is None else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.add(Place(file), message("the file is not UTF-8."))
        return None


def _read_with_parents(
    path: Path, root: Path, problems: Problems, children: tuple[Path, ...]
) -> Document:
    from lantian.parameters import shown_path

    file = shown_path(path, root)
    text = _read_text(path, root, file, problems)
    if text is None:
        return Document({}, {}, file)
    own = parse_yaml(text, file, problems)
    parent = own.data.pop("extends", None)
    if parent is None:
        return own
    parent_path = path.parent / str(parent)
    if real(parent_path) in map(real, (*children, path)):
        problems.add(own.place(("extends",)), message("'{file}' extends itself.", file=parent))
        return Document({}, own.places, file)
    if not check_there(parent_path, str(parent), own.place(("extends",)), problems):
        return Document({}, own.places, file)
    before = len(problems.found)
    base = _read_with_parents(parent_path, root, problems, (*children, path))
    if len(problems.found) > before and not base.data:
        return base
    places: dict[Path_, Place] = {(): own.place(())}
    data = _merge((base.data, base.places), (own.data, own.places), (), (), (), places)
    if "title" not in own.data and "name" in own.data:
        data["title"] = _told_apart(data.get("title"), own.data["name"])
    return Document(data, places, file)


NAMED = {"en": "{title} ({name})", "zh": "{title}（{name}）"}
"""Language -> the title of a scenario that has that of its parent."""


def _told_apart(title: Any, name: Any) -> Any:
    """Return a title that is inherited with the name of the scenario, so that runs differ in it."""
    if not isinstance(title, dict):
        return title
    return {
        language: NAMED[language].format(title=text, name=name) if language in NAMED else text
        for language, text in title.items()
    }


_Located = tuple[Any, dict[Path_, Place]]


def _merge(
    base: _Located,
    own: _Located,
    base_path: Path_,
    own_path: Path_,
    path: Path_,
    places: dict[Path_, Place],
) -> Any:
    old, new = base[0], own[0]
    if isinstance(old, dict) and isinstance(new, dict):
        return _merge_mapping(base, own, base_path, own_path, path, places)
    if _has_ids(old) and _has_ids(new):
        return _merge_lists(base, own, base_path, own_path, path, places)
    copy_places(own[1], own_path, path, places)
    return new


def _merge_mapping(
    base: _Located,
    own: _Located,
    base_path: Path_,
    own_path: Path_,
    path: Path_,
    places: dict[Path_, Place],
) -> dict[Any, Any]:
    old, new = base[0], own[0]
    places[path] = own[1].get(own_path, Place("?"))
    result = {}
    for key in (*old, *(k for k in new if k not in old)):
        if key not in new:
            copy_places(base[1], (*base_path, key), (*path, key), places)
            result[key] = old[key]
        elif key not in old:
            copy_places(own[1], (*own_path, key), (*path, key), places)
            result[key] = new[key]
        elif path and new[key] is None:
            continue  # `reduce_by:` with nothing behind it takes away what is inherited
        else:
            result[key] = _merge(
                (old[key], base[1]),
                (new[key], own[1]),
                (*base_path, key),
                (*own_path, key),
                (*path, key),
                places,
            )
    return result


def _merge_lists(
    base: _Located,
    own: _Located,
    base_path: Path_,
    own_path: Path_,
    path: Path_,
    places: dict[Path_, Place],
) -> list[Any]:
    places[path] = own[1].get(own_path, Place("?"))
    old = {item["id"]: i for i, item in enumerate(base[0])}
    new = {item["id"]: i for i, item in enumerate(own[0])}
    result: list[Any] = []
    for name in (*old, *(n for n in new if n not in old)):
        here = (*path, len(result))
        if name not in new:
            copy_places(base[1], (*base_path, old[name]), here, places)
            result.append(base[0][old[name]])
        elif name not in old:
            copy_places(own[1], (*own_path, new[name]), here, places)
            result.append(own[0][new[name]])
        else:
            result.append(
                _merge(
                    (base[0][old[name]], base[1]),
                    (own[0][new[name]], own[1]),
                    (*base_path, old[name]),
                    (*own_path, new[name]),
                    here,
                    places,
                )
            )
    return result


def _has_ids(items: Any) -> bool:
    """Tell whether a list can be merged by ids; one with an id twice is left for the checks."""
    if not isinstance(items, list) or not items:
        return False
    if not all(isinstance(item, dict) and "id" in item for item in items):
        return False
    ids = [str(item["id"]) for item in items]
    return len(set(ids)) == len(ids)


def copy_places(
    given: dict[Path_, Place], start: Path_, path: Path_, places: dict[Path_, Place]
) -> None:
    """Note the places of the part at ``start`` as those of the part at ``path``.

    Parameters
    ----------
    given
        Places of a document.
    start, path
        Path of the part there, and in the new document.
    places
        Places of the new document; added to in place.
    """
    n = len(start)
    for known, place in given.items():
        if known[:n] == start:
            places[path + known[n:]] = place
