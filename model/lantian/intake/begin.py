"""A new region, its first scenario and its list of numbers, or nothing of them."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lantian.intake.region import NewRegion, Scale, new_region
from lantian.intake.todo import write_todo
from lantian.language import Message

PARTS = ("inputs", "scenarios")
"""Folders of a project that a region is made from and written into."""


@dataclass(frozen=True)
class Begun:
    """What was written.

    Attributes
    ----------
    region
        The new region; its paths are relative to the project.
    files
        All that was written, the list of numbers last.
    remarks
        What the first scenario warns of.
    """

    region: NewRegion
    files: tuple[Path, ...]
    remarks: tuple[Message, ...]


def begin_region(
    root: Path, name: str, model: str, base_year: int | None, scale: Scale | None
) -> Begun:
    """Make a region in a copy of the project, and put it into the project when it runs.

    Parameters
    ----------
    root, name, model, base_year, scale
        As :func:`lantian.intake.region.new_region`.

    Returns
    -------
    Begun
        Nothing of the project is overwritten.

    Raises
    ------
    InputError
        If the region cannot be made or would not run as it stands; nothing is written then.
    """
    with TemporaryDirectory() as folder:
        draft = Path(folder).resolve()
        for part in [part for part in PARTS if (root / part).is_dir()]:
            shutil.copytree(root / part, draft / part)
        made = new_region(draft, name, model, base_year, scale)
        todo, remarks = write_todo(made.scenario)
        files = tuple(path.relative_to(draft) for path in (*made.files, todo))
        for path in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(draft / path, root / path)
        made = made.at(draft)
    return Begun(made, files, tuple(remarks))
