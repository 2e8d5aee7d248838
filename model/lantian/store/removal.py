"""Removing runs: only what a run wrote goes without being asked for twice."""

from pathlib import Path

from lantian.store import tags
from lantian.store.draft import Claim, remove
from lantian.store.run import OF_RUNS, read_manifest
from lantian.store.written import RECORD, made_by_user


def can_be_removed(folder: Path) -> bool:
    """Tell whether a folder is a run that a removal may take: its manifest and its parts say so.

    Parameters
    ----------
    folder
        Of any name; a link is none, and neither is a folder that only holds such a manifest.
    """
    is_own = not folder.is_symlink() and read_manifest(folder) is not None
    return is_own and any((folder / part).exists() for part in OF_RUNS[1:])


def not_of_the_run(folder: Path) -> list[str]:
    """Return the files in a run's folder that it did not write, or that were changed since.

    Parameters
    ----------
    folder
        Of a run. Without its record nothing is known to be the run's own.
    """
    if not (folder / RECORD).is_file():
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return [name for name in made_by_user(folder) if name != tags.FILE]


def remove_run(folder: Path) -> None:
    """Remove the folder of a run.

    Parameters
    ----------
    folder
        For which :func:`can_be_removed` holds.

    Raises
    ------
    BusyError
        If another process is writing it.
    """
    with Claim(folder, can_be_removed) as claim:
        remove(claim)
