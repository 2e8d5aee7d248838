"""Several runs at a time, and again after some are done."""

import os
import signal
from pathlib import Path

from integration.test_killed_runs import start, visible, wait_for
from integration.workbench import call


def paths() -> list[str]:
    folder = Path(__file__).parents[2] / "scenarios" / "published"
    return [f"scenarios/published/{path.name}" for path in sorted(folder.glob("*.yaml"))[:3]]


def names() -> list[str]:
    return [Path(path).stem for path in paths()]


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def test_runs_made_together_are_those_made_one_by_one(tmp_path: Path) -> None:
    together, single = tmp_path / "together", tmp_path / "single"
    flags = ("--no-charts", "--quiet", "--out")
    one = call("run", *paths(), *flags, str(single))
    two = call("run", *paths(), "--jobs", "3", *flags, str(together))
    assert two.code == one.code
    for name in names():
        assert tables(together / name) == tables(single / name)
    # Quiet runs say where they are and nothing else, in the order of the scenarios.
    assert one.out.splitlines() == [str(single / name) for name in names()]
    assert two.out.splitlines() == [str(together / name) for name in names()]


def test_what_was_finished_before_a_kill_is_not_made_again(tmp_path: Path) -> None:
    first, *others = names()
    arguments = ("run", *paths(), "--no-charts", "--quiet", "--out", str(tmp_path))
    process = start(*arguments, start_new_session=True)
    wait_for(f"{first}/manifest.json", tmp_path, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = {name: (tmp_path / name / "manifest.json").stat() for name in visible(tmp_path)}
    assert first in done
    answer = call(*arguments, "--resume", "--jobs", "2")
    assert answer.code == 0, answer.err
    assert visible(tmp_path) == sorted(names())
    for name, before in done.items():
        after = (tmp_path / name / "manifest.json").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert others[-1] not in done or len(done) == len(names())


def test_a_run_of_other_inputs_is_not_taken_for_finished(tmp_path: Path) -> None:
    out = tmp_path / "runs"
    flags = ("--no-charts", "--quiet", "--out", str(out))
    assert call("run", paths()[0], *flags).code == 0
    assert call("run", paths()[0], *flags, "--resume").code == 0
    manifest = out / names()[0] / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"content_id": "', '"content_id": "0'))
    answer = call("run", paths()[0], *flags, "--resume")
    assert answer.code != 0
    assert "--overwrite" in answer.err
