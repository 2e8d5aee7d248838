"""Words of a user on a run: beside what it wrote, in no digest and no content id."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lantian.errors import InputError, Place, Problem, writing
from lantian.language import is_plain, message

FILE = "tags.json"
LONGEST = 60
"""Signs of a tag."""


def tags_of(run: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags of a run, in order; none where the file is no longer of this run.

    Parameters
    ----------
    run, manifest
        Its folder, and what stands in ``manifest.json``. A run that took the place of another
        under its name does not inherit what was said of that one.
    """
    try:
        found = json.loads((run / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    if not isinstance(found, dict) or found.get("content_id") != manifest["content_id"]:
        return ()
    tags = found.get("tags")
    return tuple(sorted({str(tag) for tag in tags})) if isinstance(tags, list) else ()


def write_tags(run: Path, manifest: Mapping[str, Any], tags: set[str]) -> None:
    """Write the tags of a run, or take the file away where there are none.

    Parameters
    ----------
    run, manifest
        Its folder, and what stands in ``manifest.json``.
    tags
        All that it has from now on.

    Raises
    ------
    InputError
        If one of them is no tag, or the folder cannot be written.
    """
    wrong = sorted(tag for tag in tags if not _is_tag(tag))
    if wrong:
        raise InputError([_no_tag(run, tag) for tag in wrong])
    path = run / FILE
    data = {"content_id": manifest["content_id"], "tags": sorted(tags)}
    draft = run / f".{FILE}.draft"
    with writing(path):
        if not tags:
            path.unlink(missing_ok=True)
            return
        draft.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(draft, path)


def _is_tag(text: str) -> bool:
    """Whether a text can stand in a list on one line of a screen."""
    plain = all(map(is_plain, text)) and not {",", ";", "\n"} & {*text}
    return plain and 0 < len(text) <= LONGEST and text == text.strip()


def _no_tag(run: Path, tag: str) -> Problem:
    return Problem(
        Place(str(run / FILE)),
        message("'{tag}' is no tag.", tag=tag[:LONGEST]),
        message("Expected 1 to {n} signs without commas, semicolons and line ends.", n=LONGEST),
    )
