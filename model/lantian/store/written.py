"""What a folder of ours held when it was written: what else is in it, a user made.

A folder that is filled keeps a record of its files, hidden beside them. A file that the record
does not name, or that holds something else now, is a user's: it is never written over.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

RECORD = ".written.json"
"""SHA-256 of each file of a folder and of those below it, by name."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def note_written(folder: Path, names: Iterator[str] | None = None) -> None:
    """Record what a folder holds.

    Parameters
    ----------
    folder
        The folder.
    names
        The files that were written now, relative to it; all by default. What is recorded of
        others stays.
    """
    known = _record(folder)
    for name in _files(folder) if names is None else names:
        known[name] = digest(folder / name)
    text = json.dumps(dict(sorted(known.items())), ensure_ascii=False, indent=1)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8")


def made_by_user(folder: Path) -> list[str]:
    """Return the files of a folder that are not as they were written, relative to it.

    Parameters
    ----------
    folder
        A folder with a record; without one nothing is known, and nothing is a user's.

    Returns
    -------
    list of str
        In order; links count as files.
    """
    if not (folder / RECORD).is_file():
        return []
    known: dict[str, str] = {}
    for path in sorted(folder.rglob(RECORD), key=lambda p: len(p.parts)):
        start = path.parent.relative_to(folder)
        known |= {(start / name).as_posix(): told for name, told in _record(path.parent).items()}
    return [n for n in _files(folder) if not _is_as_written(folder / n, known.get(n))]


def carry_over(old: Path, new: Path) -> list[Path]:
    """Copy what a user made in a folder into the one that will take its place.

    Parameters
    ----------
    old
        The folder as it stands.
    new
        A folder that is not yet in use; a file of it is never replaced.

    Returns
    -------
    list of Path
        Places in ``new``.
    """
    kept = []
    for name in made_by_user(old):
        if not _is_same_file(old / name, new / name):
            target = free(new / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old / name, target, follow_symlinks=False)
            kept.append(target)
    return kept


def free(path: Path) -> Path:
    """Return a path, or the first of ``name.kept-1``, ``name.kept-2`` ... that is not taken."""
    number, found = 0, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
    return found


def set_aside(path: Path) -> Path:
    """Give a file another name, and return it."""
    aside = free(path)
    os.rename(path, aside)
    return aside


def move_into(draft: Path, folder: Path) -> list[Path]:
    """Move the files of a draft into a folder that exists; others there stay.

    Parameters
    ----------
    draft
        Folder that was filled.
    folder
        Files of the same names are replaced where they are as they were written, and set aside
        otherwise.

    Returns
    -------
    list of Path
        What was set aside.
    """
    known, kept, names = _record(folder), [], list(_files(draft))
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        ours = _is_as_written(target, known.get(name)) or _is_same_file(draft / name, target)
        if os.path.lexists(target) and not ours:
            kept.append(set_aside(target))
        os.replace(draft / name, target)
    note_written(folder, iter(names))
    return kept


def _is_same_file(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _is_as_written(path: Path, told: str | None) -> bool:
    return told is not None and path.is_file() and not path.is_symlink() and digest(path) == told


def _files(folder: Path) -> Iterator[str]:
    """Yield the files below a folder but its records, relative to it, in order."""
    for path in sorted(folder.rglob("*")):
        if (path.is_symlink() or not path.is_dir()) and path.name != RECORD:
            yield path.relative_to(folder).as_posix()


def _record(folder: Path) -> dict[str, str]:
    """Return what a folder is recorded to hold; nothing where that cannot be read."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
