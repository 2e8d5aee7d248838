"""Tests that are collected once and asked again and again, each time in a fork of this process.

A fork takes the changed function from the changed file and runs the tests at once. Where a change
is outside of any function (a constant, a default, a class), the fork forgets all modules of the
copy and starts pytest anew.
"""

import gc
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

QUIET = ("-q", "-x", "-s", "--assert=plain", "--hypothesis-profile=first", "-n", "0")
WAIT = 0.01
"""Between two looks at whether the tests have ended [s]."""


def function_of(nodeid: str) -> str:
    """Return the function of a test, whatever its parameters."""
    return nodeid.partition("[")[0]


class Warm:
    """A plugin of pytest that collects tests and then, instead of running them, does some work."""

    def __init__(self, copy: Path, work: Callable[["Warm"], None]) -> None:
        self.copy, self.work = copy, work
        self.items: dict[str, list[pytest.Item]] = defaultdict(list)
        self.functions: dict[Path, list[FunctionType]] = defaultdict(list)
        self.failed = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work, and tell pytest that all tests were run."""
        for item in session.items:
            for name in {item.nodeid, function_of(item.nodeid)}:
                self.items[name].append(item)
        for own in gc.get_objects():
            if isinstance(own, FunctionType):
                self.functions[Path(own.__code__.co_filename)].append(own)
        gc.freeze()
        self.work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed |= report.failed

    def notices(self, tests: Sequence[str], patience: float, path: Path, before: str) -> bool:
        """Tell whether some of the tests fails, cannot start, or does not end.

        Parameters
        ----------
        tests
            Functions or single cases, in the order in which they are asked.
        patience
            How long they may take [s].
        path, before
            File of the copy that was changed, and its text before.
        """
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 1
            try:
                os.setsid()
                for stream in (1, 2):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
                code = self._asked(tests, path, before)
            finally:
                os._exit(code)
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return status != 0
            time.sleep(WAIT)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return True

    def _asked(self, tests: Sequence[str], path: Path, before: str) -> int:
        """Return 0 if all tests pass with what the file holds now."""
        if not _taken(self.functions[path], path, before):
            self._forget()
            return int(pytest.main([*QUIET, "-p", "no:cacheprovider", *tests]))
        chosen = [item for test in tests for item in self.items[test]]
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0

    def _forget(self) -> None:
        """Let every module of the copy be imported anew."""
        for name, module in list(sys.modules.items()):
            if str(self.copy) in (getattr(module, "__file__", None) or ""):
                del sys.modules[name]


def _taken(functions: Sequence[FunctionType], path: Path, before: str) -> bool:
    """Give functions the code of their changed file; False if more than functions has changed."""
    codes = (compile(text, str(path), "exec") for text in (before, path.read_text("utf-8")))
    pairs = list(_changed(*codes))
    if any(old is None for old, _ in pairs):
        return False
    for old, new in pairs:
        own = [f for f in functions if f.__code__ == old]
        if not own or any(len(f.__code__.co_freevars) != len(new.co_freevars) for f in own):
            return False
        for function in own:
            function.__code__ = new
    return True


def _changed(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType | None, CodeType]]:
    """Yield the outermost functions that differ, before and after; None for what is none."""
    if old == new:
        return
    if old.co_flags & CO_NEWLOCALS:
        yield old, new
        return
    inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new)]
    rest = [
        code.replace(co_consts=tuple(c for c in code.co_consts if not isinstance(c, CodeType)))
        for code in (old, new)
    ]
    if len(inner[0]) != len(inner[1]) or rest[0] != rest[1]:
        yield None, new
        return
    for pair in zip(*inner, strict=True):
        yield from _changed(*pair)


def collected(copy: Path, folders: Sequence[str], work: Callable[[Warm], None]) -> None:
    """Collect the tests of some folders of the copy, and do some work with them.

    Parameters
    ----------
    copy
        Of the project; nothing of the package may have been imported.
    folders
        Under ``tests``.
    work
        Called once.
    """
    own: Any = Warm(copy, work)
    os.chdir(copy)
    sys.path[:0] = [str(copy / "model"), str(copy / "tests")]
    asked = [f"tests/{folder}" for folder in folders]
    pytest.main([*QUIET, "-p", "no:cacheprovider", *asked], plugins=[own])
