"""A run appears complete or not at all, whatever stops the process that writes it.

``--kills N`` kills at so many moments instead of fifteen.
"""

import fcntl
import json
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, call
from lantian.report import gallery
from lantian.store import draft as drafts
from lantian.store.draft import Claim, TakenError, exchange, hidden, put_in_order
from lantian.store.run import claim_run, incomplete_runs, list_runs

KOHN = "scenarios/published/kohn-cement.yaml"
NAME = "kohn-cement"
RUN = ("run", KOHN, "--no-charts", "--out")
FOREIGN = "elsewhere"
"""A machine that is not this one."""


def start(*arguments: str, code: str = "", **options: object) -> subprocess.Popen[bytes]:
    script = f"{code}\nfrom lantian.cli import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


SLOW = """
import time
from lantian.store import run
run.write_dataset = lambda *a: time.sleep(60)  # called when tables are written, results.nc not
"""


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def wait_for(pattern: str, out: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not list(out.glob(pattern)):
        assert process.poll() is None, "the run ended by itself"
        assert time.monotonic() < deadline, f"{pattern} never came"
        time.sleep(0.02)


def stop_while_writing(out: Path, kind: signal.Signals, *options: str) -> int:
    """Start a run, wait until its draft holds tables, and send a signal; return its exit code."""
    process = start(*RUN, str(out), *options, code=SLOW)
    try:
        wait_for(".*/tables/labels.csv", out, process)
    finally:
        os.kill(process.pid, kind)
        process.communicate()
    return process.returncode


def is_complete(folder: Path, charts: bool = False) -> bool:
    """Tell whether a run has every file that its manifest and contract promise."""
    parts = ["manifest.json", "summary.json", "scenario.yaml", "results.nc", "inventory.csv"]
    parts += ["tables/problems.csv", *(["charts/captions.md"] if charts else [])]
    return all((folder / part).stat().st_size > 0 for part in parts)


# --- stopped at a moment of our choice -----------------------------------------------------------


def test_a_killed_run_leaves_nothing_under_its_name(tmp_path: Path) -> None:
    assert stop_while_writing(tmp_path, signal.SIGKILL) == -signal.SIGKILL
    assert visible(tmp_path) == []
    assert list_runs(tmp_path) == {}
    again = call(*RUN, str(tmp_path))
    assert again.code == 0
    assert everything(tmp_path) == [NAME]


def test_a_killed_replacement_leaves_the_old_run(tmp_path: Path) -> None:
    call(*RUN, str(tmp_path))
    before = list_runs(tmp_path)
    stop_while_writing(tmp_path, signal.SIGKILL, "--overwrite")
    assert list_runs(tmp_path) == before
    assert is_complete(tmp_path / NAME)


def test_a_run_that_the_system_ends_clears_its_draft_away(tmp_path: Path) -> None:
    assert stop_while_writing(tmp_path, signal.SIGTERM) == 143
    assert everything(tmp_path) == []


def test_killed_between_setting_aside_and_moving_in(tmp_path: Path) -> None:
    """Where folders cannot change places, the old one waits aside, and comes back."""
    call(*RUN, str(tmp_path))
    before = list_runs(tmp_path)
    code = """
import os
from lantian.store import draft
draft.exchange = lambda one, other: False
rename = os.rename
def stop(old, new):
    rename(old, new)
    if str(new).endswith(draft.ASIDE):
        os.kill(os.getpid(), 9)
draft.os.rename = stop
"""
    process = start(*RUN, str(tmp_path), "--overwrite", code=code)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert visible(tmp_path) == []
    listed = call("runs", "--in", str(tmp_path))
    assert f"stopped half-way: {NAME}" in listed.out
    repaired = call("runs", "--in", str(tmp_path), "--repair")
    assert f"{NAME}: the run that was set aside is back; 1 drafts were removed." in repaired.out
    assert list_runs(tmp_path) == before
    assert everything(tmp_path) == [NAME]


def test_the_next_run_puts_back_what_was_set_aside(tmp_path: Path) -> None:
    call(*RUN, str(tmp_path))
    before = list_runs(tmp_path)
    os.rename(tmp_path / NAME, hidden(tmp_path / NAME, drafts.ASIDE))
    refused = call(*RUN, str(tmp_path))
    assert (refused.code, "exists" in refused.err) == (2, True)
    assert list_runs(tmp_path) == before


def test_an_aside_beside_its_successor_is_removed_and_never_restored_half(tmp_path: Path) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    (aside := hidden(folder, drafts.ASIDE)).mkdir()
    (aside / "old").write_text("old")
    assert put_in_order(folder) == [aside]
    assert everything(tmp_path) == [NAME]


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
    arguments = (*RUN, str(tmp_path / "runs"), "--save-lp")
    if isinstance(stop, KeyboardInterrupt):
        assert call(*arguments).code == 130
    else:
        with pytest.raises(RuntimeError, match="out of ink"):
            call(*arguments)
    assert {"manifest.json", "summary.json", "results.nc", "tables"} <= set(seen)
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.usefixtures("few_charts")
def test_charts_are_in_the_draft_before_the_run_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    drawn = gallery.draw_gallery

    def draw(run: Path, out: Path, *more: object) -> gallery.Gallery:
        seen.append(visible(tmp_path))
        return drawn(run, out)

    monkeypatch.setattr(gallery, "draw_gallery", draw)
    answer = call("run", KOHN, "--out", str(tmp_path))
    assert seen == [[]]
    assert is_complete(tmp_path / NAME, charts=True)
    assert drafts.DRAFT not in answer.out
    captions = (tmp_path / NAME / "charts" / "captions.md").read_text(encoding="utf-8")
    assert drafts.DRAFT not in captions


def test_a_replacement_that_cannot_be_moved_leaves_the_old_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(*RUN, str(tmp_path))
    before = list_runs(tmp_path)
    rename = os.rename

    def refuse(old: Path, new: Path) -> None:
        """Let the old run be set aside and put back, and refuse the new one its place."""
        if Path(new) == tmp_path / NAME and drafts.DRAFT in Path(old).name:
            raise OSError(28, "No space left on device", str(new))
        rename(old, new)

    monkeypatch.setattr(drafts, "exchange", lambda one, other: False)
    monkeypatch.setattr(drafts.os, "rename", refuse)
    answer = call(*RUN, str(tmp_path), "--overwrite")
    assert answer.code == 2
    assert "cannot be written: No space left on device." in answer.err
    assert list_runs(tmp_path) == before
    assert everything(tmp_path) == [NAME]


# --- stopped at random ---------------------------------------------------------------------------


@pytest.fixture
def few_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two charts of the run are enough to be killed in."""
    few = gallery.all_charts()[:2]
    monkeypatch.setattr(gallery, "all_charts", lambda place="run": few)


@pytest.mark.usefixtures("few_charts")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_kills_at_random_moments(tmp_path: Path, kills: int) -> None:
    """Whenever it is killed, the old run stands or the new one, charts and all."""
    assert started_run(tmp_path)[0] == 0
    whole = started_run(tmp_path)[1]
    rng, effective = random.Random(9), 0
    for _ in range(kills):
        code, _ = started_run(tmp_path, after=whole * rng.uniform(0.3, 1.0))
        effective += code == -signal.SIGKILL
        assert visible(tmp_path) == [NAME]
        assert is_complete(tmp_path / NAME, charts=True)
        assert len(list_runs(tmp_path)) == 1
    assert effective > kills / 3
    call("runs", "--in", str(tmp_path), "--repair")
    assert everything(tmp_path) == [NAME]


def started_run(out: Path, after: float = 60.0) -> tuple[int, float]:
    """Run in a child that has all libraries; kill it after some time; return code and time."""
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os._exit(call("run", KOHN, "--out", str(out), "--overwrite").code)
        os._exit(1)
    while time.monotonic() - begin < after:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), time.monotonic() - begin
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), after


def test_who_draws_for_a_killed_run_ends_with_it(tmp_path: Path) -> None:
    code = """
import os, time
from lantian.report import gallery
gallery._workers = lambda: 2
def wait(jobs, out, formats):
    (out / f"drawing-{os.getpid()}").touch()
    time.sleep(60)
gallery._draw_jobs = wait
"""
    process = start("run", KOHN, "--out", str(tmp_path), code=code)
    wait_for(".*/charts/drawing-*", tmp_path, process)
    process.kill()
    process.communicate(timeout=30)  # would wait for all that hold its output
    assert process.returncode == -signal.SIGKILL


# --- two at once ---------------------------------------------------------------------------------


def test_the_second_of_two_runs_of_a_name_is_refused(tmp_path: Path) -> None:
    first = start(*RUN, str(tmp_path), code=SLOW)
    try:
        wait_for(".*/tables/labels.csv", tmp_path, first)
        second = call(*RUN, str(tmp_path), "--overwrite")
        assert second.code == 2
        assert "is being written by another process" in second.err
        assert f", {first.pid}, " in second.err
        repaired = call("runs", "--in", str(tmp_path), "--repair")
        assert f"{NAME}: another process is writing it; nothing was done." in repaired.out
        assert list(tmp_path.glob(".*/tables/labels.csv"))
    finally:
        first.kill()
        first.communicate()


def test_a_run_spares_the_draft_of_a_name_that_begins_with_its_own(tmp_path: Path) -> None:
    longer = tmp_path / f"{NAME}-4194000"
    with Claim(longer, lambda _: False) as claim, claim.draft() as draft:
        (draft / "kept").write_text("kept")
        assert call(*RUN, str(tmp_path)).code == 0
        assert (draft / "kept").exists()
    assert (longer / "kept").exists()


def test_a_process_does_not_write_one_name_twice(tmp_path: Path) -> None:
    with claim_run(tmp_path / NAME, False):
        answer = call(*RUN, str(tmp_path))
    assert (answer.code, "is being written" in answer.err) == (2, True)


def test_a_lock_outlives_no_process(tmp_path: Path) -> None:
    lock = hidden(tmp_path / NAME, drafts.LOCK)
    lock.write_text("not what a lock holds")
    with claim_run(tmp_path / NAME, False):
        assert json.loads(lock.read_text())["process"] == os.getpid()
    assert not lock.exists()


def test_a_lock_that_was_taken_away_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder unlinks the file between our opening and our locking it."""
    path, lock, calls = tmp_path / "x.lock", fcntl.lockf, []

    def late(stream: object, how: int) -> None:
        if not calls:
            path.unlink()
        calls.append(how)
        lock(stream, how)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "lockf", late)
    held = drafts._locked(path)
    assert held is not None
    assert len(calls) == 2
    assert os.path.samestat(os.fstat(held.fileno()), path.stat())
    held.close()


def test_a_disk_without_locks_keeps_every_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = hidden(tmp_path / NAME, f"{drafts.DRAFT}{drafts._machine()}-0")
    other.mkdir()

    def refuse(stream: object, how: int) -> None:
        raise OSError(drafts.errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    assert call(*RUN, str(tmp_path)).code == 0
    assert everything(tmp_path) == [other.name, NAME]


def test_another_machine_that_is_faster_wins(tmp_path: Path) -> None:
    """Without a common lock the one that comes second finds the place taken."""

    def write() -> None:
        with claim_run(tmp_path / NAME, False) as claim, claim.draft():
            (tmp_path / NAME).mkdir()
            (tmp_path / NAME / "theirs").write_text("theirs")

    with pytest.raises(TakenError):
        write()
    assert everything(tmp_path) == [NAME]
    assert everything(tmp_path / NAME) == ["theirs"]


@pytest.mark.parametrize(("age", "kept"), [(3600.0, True), (2 * drafts.ABANDONED, False)])
def test_a_draft_of_another_machine_is_spared_until_it_is_old(
    age: float, kept: bool, tmp_path: Path
) -> None:
    draft = hidden(tmp_path / NAME, f"{drafts.DRAFT}{FOREIGN}-0")
    draft.mkdir()
    then = time.time() - age
    os.utime(draft, (then, then))
    call("runs", "--in", str(tmp_path), "--repair")
    assert draft.exists() is kept


def test_threads_do_not_touch_signals(tmp_path: Path) -> None:
    """The program can be called from a thread, where no signal can be met."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(call("runs", "--in", str(tmp_path)).code))
    thread.start()
    thread.join()
    assert codes == [0]


# --- what may be replaced ------------------------------------------------------------------------


def a_folder_of_mine(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")


def a_run_of_another_name(folder: Path) -> None:
    folder.mkdir()
    manifest = {"name": "other", "content_id": "1", "started": "2026", "version": "1"}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def a_file(folder: Path) -> None:
    folder.write_text("mine")


def a_link(folder: Path) -> None:
    target = folder.with_name("elsewhere")
    call(*RUN, str(folder.parent))
    os.rename(folder, target)
    folder.symlink_to(target)


def a_manifest_of_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "manifest.json").write_text("[]")


@pytest.mark.parametrize(
    "there", [a_folder_of_mine, a_run_of_another_name, a_file, a_link, a_manifest_of_nothing]
)
def test_overwrite_replaces_nothing_but_a_run_of_that_name(
    there: Callable[[Path], None], tmp_path: Path
) -> None:
    there(tmp_path / NAME)
    before = everything(tmp_path)
    answer = call(*RUN, str(tmp_path), "--overwrite")
    assert answer.code == 2
    assert "is not a run of Lantian and stays as it is" in answer.err
    assert everything(tmp_path) == before


def test_a_run_cannot_take_the_place_of_the_inputs(tmp_path: Path) -> None:
    call("init", str(tmp_path / "mine"))
    root = tmp_path / "mine"
    path = root / "scenarios" / "my-district.yaml"
    path.write_text(path.read_text().replace("name: my-district\n", "name: inputs\n"))
    answer = call("run", str(path), "--out", ".", "--overwrite", at=root)
    assert answer.code == 2
    assert "'inputs' is reserved; choose another name." in answer.err
    assert (root / "inputs" / "labels.csv").exists()


# --- the disk ------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """Files cannot grow beyond 20 kB: as with a full disk, writing fails at some point."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    process = start("run", KOHN, "--out", str(tmp_path), preexec_fn=small)
    _, err = process.communicate()
    assert process.returncode == 2, err.decode()
    assert b"cannot be written: File too large.\n" in err
    assert b"Traceback" not in err
    assert everything(tmp_path) == []


@pytest.mark.parametrize("out", ["a-file", "a-file/below"])
def test_a_place_that_is_no_folder_is_told_before_anything_is_computed(
    out: str, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("mine")
    answer = call(*RUN, str(tmp_path / out))
    assert answer.code == 2
    assert "a-file" in answer.err
    assert (tmp_path / "a-file").read_text() == "mine"


def test_new_folders_have_the_rights_of_the_user(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert call(*RUN, str(tmp_path)).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / NAME / "manifest.json").stat().st_mode) == 0o640


def test_folders_change_places(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    changed = exchange(tmp_path / "one", tmp_path / "two")
    assert changed is (sys.platform == "linux")
    assert everything(tmp_path / "one") == (["two"] if changed else ["one"])


# --- listing -------------------------------------------------------------------------------------


def test_incomplete_runs_are_told(tmp_path: Path) -> None:
    call(*RUN, str(tmp_path))
    (tmp_path / NAME / "results.nc").unlink()
    (tmp_path / "curve" / "tables").mkdir(parents=True)
    assert incomplete_runs(tmp_path) == {tmp_path / NAME: ["results.nc"]}
    assert f"{NAME} is incomplete: no results.nc." in call("runs", "--in", str(tmp_path)).out


def test_a_folder_of_runs_that_is_not_there(tmp_path: Path) -> None:
    answer = call("runs", "--in", str(tmp_path / "none"))
    assert (answer.code, "There is no folder" in answer.err) == (2, True)
