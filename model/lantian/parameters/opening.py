"""The one way to open what a user brings: a file of sane size that is there to be read."""

import os
import re
import stat
from pathlib import Path

from lantian.errors import Place, Problems, closest, problem_of
from lantian.language import is_plain, message

MEGABYTE = 1_000_000
LARGEST_TABLE = 64 * MEGABYTE
"""Size [byte] of a table, packed or not; half a million rows of ours."""
SHOWN = 60
"""Signs of a faulty value that a message repeats."""
LARGEST_TEXT = 1 * MEGABYTE
"""Size [byte] of a scenario; ours have 0.1 MB at most."""


INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Signs that nobody sees: soft hyphens, joiners, marks of direction and of byte order."""
UNREAD = "\ud800"
"""In the place of a cell whose fault was told: half of a pair of signs, which no file can hold."""
BLANKS = re.compile(r"[\s\u00a0\u3000]+")


def plain_text(cell: str) -> str:
    """Return a cell without what nobody sees in it: invisible signs, odd and doubled blanks.

    Parameters
    ----------
    cell
        As it stands in the file.

    Returns
    -------
    str
        Texts that look alike are alike.
    """
    if cell.isascii() and cell.isprintable():
        return cell
    return BLANKS.sub(" ", INVISIBLE.sub("", cell)).strip()


def check_signs(cell: str, place: Place, problems: Problems) -> None:
    """Note a sign in a cell that no text of a table holds: a terminal would obey it.

    Parameters
    ----------
    cell
        As :func:`plain_text` gives it; :data:`UNREAD` has been told.
    place
        Where it stands.
    problems
        Receives the fault.
    """
    if cell != UNREAD and not cell.isprintable() and not all(map(is_plain, cell)):
        problems.add(
            place,
            message("{value} holds a control sign.", value=repeated(cell)),
            fix=message("Type the cell anew."),
        )


def repeated(value: object) -> str:
    """Return a faulty value as a message repeats it: not at any length."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def exists(path: Path) -> bool:
    """Tell whether there is something at a path, readable or not.

    Parameters
    ----------
    path
        Path of a file.

    Returns
    -------
    bool
        True as well for a link that leads nowhere and for a folder that may not be entered: they
        are faults to be told, not files that may be left out.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def check_there(path: Path, named: str, place: Place, problems: Problems) -> bool:
    """Note a file that is named and is not there, with the nearest that is.

    Parameters
    ----------
    path
        Of the file.
    named
        As it is written.
    place
        Where.
    problems
        Receives the fault.

    Returns
    -------
    bool
        Whether there is something.
    """
    if exists(path):
        return True
    folder = path.parent
    try:
        others = [other.name for other in sorted(folder.iterdir()) if other.is_file()]
    except OSError:
        others = []
    found = message("there is no file '{file}'.", file=named)
    problems.add(place, found, fix=closest(path.name, others))
    return False


def read_file(path: Path, shown: str, most: int, problems: Problems) -> bytes | None:
    """Return what is in a file.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.
    most
        Size that is read at most [byte].
    problems
        Receives what is wrong: no file, a folder or a device, no right, too large, a faulty disk.

    Returns
    -------
    bytes or None
        None if a problem was noted.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for ever, a device never end
            problems.add(Place(shown), message("this is a folder or a device, not a file."))
            return None
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        problems.found.append(problem_of(error, shown))
        return None
    if len(content) > most:
        problems.add(
            Place(shown),
            message("the file is too large: more than {most} MB.", most=most // MEGABYTE),
        )
        return None
    return content


def real(path: Path) -> Path:
    """Return a path without links; one that leads in a circle stays as it is."""
    return Path(os.path.realpath(path))
