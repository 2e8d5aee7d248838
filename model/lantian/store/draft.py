"""Folders that appear complete or not at all, whatever stops the process that writes them.

A folder is filled under a hidden name beside its place and moved there in one step; one that it
replaces changes places with it. Who writes a name holds a lock on it, which the system takes back
when the process ends, in whichever way: whatever a dead process left can so be told from what is
being written, also from another machine that shares the disk.
"""

import ctypes
import errno
import json
import os
import platform
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from lantian.errors import writing
from lantian.store.written import carry_over, move_into, note_written

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"
"""Suffix of the hidden file that is locked while a folder is written."""
DRAFT = ".draft-"
"""Between the name of a folder and what tells its drafts apart: machine and a random word."""
ASIDE = ".aside"
"""Suffix of the hidden folder that an old one waits in until the new one stands."""
ABANDONED = 24 * 3600
"""Age [s] from which a draft of another machine, which no lock tells of, is taken for dead."""

_EXCHANGE = 2
_HERE = -100
"""RENAME_EXCHANGE and AT_FDCWD of Linux."""
_TAKEN = (errno.EACCES, errno.EAGAIN)
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
_claimed: set[Path] = set()
"""Folders that this process itself is writing: its own lock does not stop it."""


class TakenError(Exception):
    """A folder is there already and is not to be replaced."""


class BusyError(Exception):
    """Another process is writing a folder; its argument tells which, as far as known."""


def hidden(folder: Path, suffix: str) -> Path:
    """Return the hidden sibling of a folder with a suffix."""
    return folder.with_name(f".{folder.name}{suffix}")


@dataclass
class Claim:
    """The right to write a folder, held by one process at a time; a context manager.

    Attributes
    ----------
    folder
        What is written.
    may_replace
        Says of an existing folder whether it may be replaced.
    kept
        What a user had made in the folder that was replaced, where it stands now.
    """

    folder: Path
    may_replace: Callable[[Path], bool]
    kept: list[Path] = field(default_factory=list, init=False)
    _lock: IO[str] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        """Take the lock, and put in order what dead processes left.

        Raises
        ------
        BusyError
            If another process holds it.
        TakenError
            If the folder exists and may not be replaced.
        """
        with writing(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        key = self.folder.absolute()
        if key in _claimed:
            raise BusyError("")
        with writing(self.folder):
            self._lock = _locked(hidden(self.folder, LOCK))
        _claimed.add(key)
        try:
            if self._lock is not None:  # without a lock a draft may be somebody's
                put_in_order(self.folder)
            self._check()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self._release()

    def _check(self) -> None:
        if os.path.lexists(self.folder) and not self.may_replace(self.folder):
            raise TakenError(str(self.folder))

    def _release(self) -> None:
        _claimed.discard(self.folder.absolute())
        if self._lock is not None:
            with suppress(OSError):
                hidden(self.folder, LOCK).unlink()
            self._lock.close()
            self._lock = None

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Yield a new folder to fill; it takes its place when the block ends well.

        Yields
        ------
        Path
            Removed if the block raises.

        Raises
        ------
        TakenError
            If something that may not be replaced has come to the place in the meantime.
        """
        draft = _new_draft(self.folder)
        try:
            with _named(self.folder):
                yield draft
                note_written(draft)
                self._check()
                own = carry_over(self.folder, draft)
                self._publish(draft)
                self.kept = [self.folder / path.relative_to(draft) for path in own]
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise

    def _publish(self, draft: Path) -> None:
        if not os.path.lexists(self.folder):
            self._place(draft)
        elif exchange(draft, self.folder):
            shutil.rmtree(draft, ignore_errors=True)
        else:
            self._replace(draft)

    def _place(self, draft: Path) -> None:
        try:
            os.rename(draft, self.folder)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise TakenError(str(self.folder)) from error
            raise

    def _replace(self, draft: Path) -> None:
        """Set the old folder aside and move the new one in, where they cannot change places."""
        aside = hidden(self.folder, ASIDE)
        os.rename(self.folder, aside)
        try:
            os.rename(draft, self.folder)
        except BaseException:
            os.rename(aside, self.folder)
            raise
        _remove(aside, self.folder)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; return False where the system cannot.

    Parameters
    ----------
    one, other
        Folders on one disk.

    Returns
    -------
    bool
        Whether they have changed places.
    """
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def _new_draft(folder: Path) -> Path:
    """Make a folder that no other process uses, with the rights that new folders have here."""
    while True:
        draft = hidden(folder, f"{DRAFT}{_machine()}-{secrets.token_hex(4)}")
        with suppress(FileExistsError):
            draft.mkdir()
            return draft


def _machine() -> str:
    """Return the name of this machine as part of a file name."""
    return "".join(c for c in platform.node() if c.isalnum()) or "unnamed"


def put_in_order(folder: Path) -> list[Path]:
    """Restore a folder that was set aside and remove its dead drafts; the lock is held.

    Parameters
    ----------
    folder
        The folder that a dead process was writing.

    Returns
    -------
    list of Path
        What was moved or removed.
    """
    found = []
    aside = hidden(folder, ASIDE)
    if os.path.lexists(aside):
        found.append(aside)
        if os.path.lexists(folder):
            _remove(aside, folder)
        else:
            os.rename(aside, folder)
    for draft in drafts(folder):
        if _is_dead(draft, folder):
            found.append(draft)
            shutil.rmtree(draft, ignore_errors=True)
    return found


def drafts(folder: Path) -> list[Path]:
    """Return the drafts of a folder that there are."""
    start = hidden(folder, DRAFT).name
    return sorted(path for path in folder.parent.iterdir() if path.name.startswith(start))


def _is_dead(draft: Path, folder: Path) -> bool:
    """Tell whether nobody writes a draft, when its lock is ours.

    A disk may be shared without its locks: a draft of another machine must be old as well.
    """
    if draft.name.startswith(hidden(folder, f"{DRAFT}{_machine()}-").name):
        return True
    newest = max((p.lstat().st_mtime for p in (draft, *draft.rglob("*"))), default=0.0)
    return time.time() - newest > ABANDONED


def _remove(aside: Path, folder: Path) -> None:
    """Remove a folder that is set aside; half removed, it must never be restored."""
    dead = hidden(folder, f"{DRAFT}{_machine()}-{secrets.token_hex(4)}")
    os.rename(aside, dead)
    shutil.rmtree(dead, ignore_errors=True)


def _locked(path: Path) -> IO[str] | None:
    """Return a locked file that tells who holds it; None where the disk keeps no locks.

    Raises
    ------
    BusyError
        If another process holds the lock.
    """
    while True:
        stream = path.open("a+", encoding="utf-8")
        try:
            _lock(stream)
            # Between opening and locking, the holder may have taken the file away.
            if path.exists() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                _sign(stream)
                return stream
        except OSError as error:
            holder = _signature(stream) if error.errno in _TAKEN else ""
            stream.close()
            if error.errno in _TAKEN:
                raise BusyError(holder) from None
            if error.errno in _NO_LOCKS:
                path.unlink(missing_ok=True)
                return None
            raise
        stream.close()


if sys.platform == "win32":

    def _lock(stream: IO[str]) -> None:
        stream.seek(1 << 30)  # beyond the text, which others may then read
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:

    def _lock(stream: IO[str]) -> None:
        fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sign(stream: IO[str]) -> None:
    """Write who holds the lock, for those who are refused."""
    stream.seek(0)
    stream.truncate()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    json.dump({"machine": platform.node(), "process": os.getpid(), "since": since}, stream)
    stream.flush()


def _signature(stream: IO[str]) -> str:
    """Return who holds a lock, blank if that cannot be read."""
    try:
        stream.seek(0)
        held = json.load(stream)
        return f"{held['machine']}, {held['process']}, {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextmanager
def _named(folder: Path) -> Iterator[None]:
    """Let an error of the disk tell of the folder, and not of its draft or of nothing."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(folder), None
        raise


@contextmanager
def filled_beside(folder: Path, tell_kept: Callable[[Path], object]) -> Iterator[Path]:
    """Yield an empty folder; what is put into it appears in ``folder`` when the block ends well.

    Parameters
    ----------
    folder
        Made if missing. Files of the same names are replaced one by one where they are as they
        were written; others stay.
    tell_kept
        Called with the new name of each file that a user had made or changed.

    Yields
    ------
    Path
        Removed if the block raises.
    """
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and not folder.is_dir():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
        draft = _new_draft(folder)
    kept = []
    try:
        with _named(folder):
            yield draft
            if os.path.lexists(folder):
                kept = move_into(draft, folder)
            else:
                note_written(draft)
                os.rename(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for path in kept:
        tell_kept(path)


def leftovers(parent: Path) -> list[Path]:
    """Return the folders of which locks, drafts or asides stand in a folder, in order.

    Parameters
    ----------
    parent
        Folder of runs.

    Returns
    -------
    list of Path
        Each may be in work, or have been left by a dead process.
    """
    found = set()
    for path in parent.iterdir():
        name = path.name
        for mark in (LOCK, ASIDE):
            if name.startswith(".") and name.endswith(mark):
                found.add(parent / name[1:].removesuffix(mark))
        if name.startswith(".") and DRAFT in name:
            found.add(parent / name[1:].rpartition(DRAFT)[0])
    return sorted(found)


def remove(claim: Claim) -> None:
    """Remove a folder whose claim is held: it is gone in one step, or there as it was.

    Parameters
    ----------
    claim
        Taken, so that nobody is writing the folder.
    """
    with _named(claim.folder):
        _remove(claim.folder, claim.folder)
