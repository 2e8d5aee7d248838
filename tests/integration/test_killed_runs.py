"""A run that is stopped half-way leaves nothing under its name."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, Finished, call
from lantian.store import run as store
from lantian.store.run import list_runs

KOHN = "scenarios/published/kohn-cement.yaml"
SLOW = """
import time
from lantian.store import run
from lantian.cli import main

def wait(*arguments):
    time.sleep(60)

run.write_dataset = wait  # called when the tables are written and results.nc is not
main()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def kill_while_writing(out: Path, *options: str) -> None:
    """Start a run, wait until its draft holds tables, and kill it for good."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "run", KOHN, "--no-charts", "--out", str(out), *options],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30
        while not list(out.glob(".*/tables/labels.csv")):
            assert process.poll() is None, "the run ended by itself"
            assert time.monotonic() < deadline, "the run never wrote its tables"
            time.sleep(0.02)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_a_killed_run_leaves_nothing_under_its_name(tmp_path: Path) -> None:
    kill_while_writing(tmp_path)
    assert names(tmp_path) == []
    assert list_runs(tmp_path) == []
    again = call("run", KOHN, "--no-charts", "--out", str(tmp_path))
    assert again.code == 0
    assert names(tmp_path) == ["kohn-cement"]
    assert [run["name"] for run in list_runs(tmp_path)] == ["kohn-cement"]


def test_a_killed_replacement_leaves_the_old_run(tmp_path: Path) -> None:
    call("run", KOHN, "--no-charts", "--out", str(tmp_path))
    before = Finished(call("runs", "--in", str(tmp_path)), tmp_path / "kohn-cement").manifest
    kill_while_writing(tmp_path, "--overwrite")
    assert list_runs(tmp_path) == [before]
    assert (tmp_path / "kohn-cement" / "results.nc").exists()


@pytest.mark.parametrize("stop", [RuntimeError("out of ink"), KeyboardInterrupt()])
def test_a_failure_while_finishing_removes_the_draft(
    stop: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The linear program is written by the finish hook, into the draft."""
    seen: list[str] = []

    def fail(solved: object, system: object, path: Path) -> None:
        seen.extend(entry.name for entry in path.parent.iterdir())
        raise stop

    monkeypatch.setattr("lantian.store.program.write_program", fail)
    arguments = ("run", KOHN, "--no-charts", "--save-lp", "--out", str(tmp_path / "runs"))
    if isinstance(stop, KeyboardInterrupt):
        assert call(*arguments).code == 130
    else:
        with pytest.raises(RuntimeError, match="out of ink"):
            call(*arguments)
    assert {"manifest.json", "summary.json", "results.nc", "tables"} <= set(seen)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_replacement_that_cannot_be_moved_leaves_the_old_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("run", KOHN, "--no-charts", "--out", str(tmp_path))
    before = list_runs(tmp_path)
    replace = os.replace

    def refuse(old: Path, new: Path) -> None:
        """Let the old run be set aside and put back, and refuse the new one its place."""
        if Path(new) == tmp_path / "kohn-cement" and Path(old).name != "run":
            raise OSError("the disk is full")
        replace(old, new)

    monkeypatch.setattr(store.os, "replace", refuse)
    with pytest.raises(OSError, match="the disk is full"):
        call("run", KOHN, "--no-charts", "--overwrite", "--out", str(tmp_path))
    assert list_runs(tmp_path) == before
    assert names(tmp_path) == ["kohn-cement"]
