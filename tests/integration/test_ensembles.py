"""Samples of many scenarios: the same bytes here and on a cluster, whatever dies on the way."""

import os
import shutil
import signal
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import zarr
from distributed import LocalCluster

from integration.test_killed_runs import start, wait_for
from integration.workbench import Answer, call
from lantian.ensemble.sampled import sample
from lantian.ensemble.streams import PAGE
from lantian.results.frame import ENCODING
from lantian.store import ensembles, workers
from lantian.study.load import load
from lantian.study.solve import solve

SIZES = {"small": 40, "large": 3 * PAGE + 5}
LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))  # of a file: a page of 40 is smaller
"""


@pytest.fixture(scope="module")
def scenarios(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("ensembles") / "project"
    shutil.copytree(starter, folder)
    found = []
    for name, samples in SIZES.items():
        path = folder / "scenarios" / f"{name}.yaml"
        path.write_text(f"extends: my-district.yaml\nname: {name}\nsamples: {samples}\n")
        found.append(str(path))
    return found


@pytest.fixture(scope="module")
def here(scenarios: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this process alone makes."""
    out = tmp_path_factory.mktemp("here") / "out"
    answer = ensemble(*scenarios, out=out)
    assert answer.code == 0, answer.err
    return out


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and two workers, each a process."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as found:
        yield found


def ensemble(*arguments: str, out: Path) -> Answer:
    return call("ensemble", *arguments, "--quiet", "--out", str(out))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def array(folder: Path, path: str) -> Any:
    return np.asarray(zarr.open_group(str(folder / ensembles.SAMPLES), mode="r")[path])


def test_the_store_has_what_a_run_samples(scenarios: list[str], here: Path) -> None:
    study = load(Path(scenarios[0]))
    own = sample(study, solve(study).cases)
    for name in ("value", "limit", "base", "total", "cost"):
        found = array(here, f"small/{name}")
        np.testing.assert_array_equal(found[..., own.kept], getattr(own.outcomes, name))
    told = dict(zarr.open_group(str(here / ensembles.SAMPLES), mode="r")["small"].attrs)
    assert told["cases"] == list(own.cases)
    text = (here / ensembles.ANSWERS).read_text(encoding=ENCODING).splitlines()
    assert len(text) == 1 + 2 * len(own.cases) * len(study.targets)
    met = float(own.met[own.case("plan"), 0].mean())
    row = next(line for line in text if line.startswith("small,") and ",plan," in line)
    assert float(row.split(",")[5]) == met


def test_the_same_bytes_in_processes_and_on_a_cluster(
    scenarios: list[str], here: Path, cluster: LocalCluster, tmp_path: Path
) -> None:
    address = cluster.scheduler_address
    for n, flags in enumerate((("--jobs", "2"), ("--scheduler", address))):
        answer = ensemble(*scenarios, *flags, out=tmp_path / str(n))
        assert answer.code == 0, answer.err
        assert files(tmp_path / str(n)) == files(here)


def test_a_killed_worker_loses_nothing(
    scenarios: list[str], here: Path, cluster: LocalCluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start("ensemble", *scenarios, "--quiet", "--scheduler", cluster.scheduler_address,
                    "--out", str(out))  # fmt: skip
    wait_for(f"{ensembles.SAMPLES}/large/done/c/*", out, process)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert files(out) == files(here)


def test_what_was_finished_before_a_kill_is_not_made_again(
    scenarios: list[str], here: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start("ensemble", *scenarios, "--quiet", "--out", str(out))
    wait_for(f"{ensembles.SAMPLES}/large/done/c/0", out, process)
    process.kill()
    process.communicate()
    taken = ensemble(*scenarios, out=out)
    assert taken.code == 2
    assert "--resume" in taken.err
    done = sorted(out.rglob("done/c/*"))
    before = {path: path.stat().st_mtime_ns for path in done}
    assert 2 <= len(before) < 5  # the mark of the small one, and some of four of the large one
    answer = ensemble(*scenarios, "--resume", out=out)
    assert answer.code == 0, answer.err
    assert files(out) == files(here)
    assert {path: path.stat().st_mtime_ns for path in done} == before


def test_a_full_disk_keeps_what_is_finished(
    scenarios: list[str], here: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start("ensemble", *scenarios, "--quiet", "--out", str(out), code=LIMITED)
    _, told = process.communicate()
    assert process.returncode == 2, told
    assert b"cannot be written" in told
    assert b"--resume" in told
    assert (array(out, "small/value") == array(here, "small/value")).all()
    assert ensemble(*scenarios, "--resume", out=out).code == 0
    assert files(out) == files(here)


def test_other_inputs_are_not_gone_on_with(scenarios: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    path = tmp_path / "scenarios" / "small.yaml"
    shutil.copytree(Path(scenarios[0]).parents[1], tmp_path, dirs_exist_ok=True)
    assert ensemble(str(path), out=out).code == 0
    path.write_text(path.read_text() + "uncertainty: {seed: 7}\n")
    answer = ensemble(str(path), "--resume", out=out)
    assert answer.code == 2
    assert "other inputs" in answer.err
    assert ensemble(str(path), "--overwrite", out=out).code == 0
    told = dict(zarr.open_group(str(out / ensembles.SAMPLES), mode="r")["small"].attrs)
    assert told["seed"] == 7


GRID = """extends: my-district.yaml
name: worlds
samples: 40
grid:
  factories: [{table: inventory, times: 1.1}, {table: inventory, times: 0.9}]
  removal:
    - {table: measures, where: {parameter: efficiency}, times: 0.9}
    - {table: measures, where: {parameter: efficiency}, times: 1}
"""
ALONE = """extends: my-district.yaml
name: alone
samples: 40
set:
  - {table: inventory, times: 0.9}
  - {table: measures, where: {parameter: efficiency}, times: 0.9}
"""


def test_every_combination_of_a_grid_is_sampled_as_a_scenario_of_its_own(
    scenarios: list[str], tmp_path: Path
) -> None:
    shutil.copytree(Path(scenarios[0]).parents[1], tmp_path, dirs_exist_ok=True)
    path, alone = (tmp_path / "scenarios" / f"{name}.yaml" for name in ("worlds", "alone"))
    path.write_text(GRID)
    alone.write_text(ALONE)
    out = tmp_path / "out"
    answer = ensemble(str(path), str(alone), "--jobs", "2", out=out)
    assert answer.code == 0, answer.err
    group = zarr.open_group(str(out / ensembles.SAMPLES), mode="r")
    combinations = [f"worlds.factories-{a}.removal-{b}" for a in (1, 2) for b in (1, 2)]
    assert sorted(group.group_keys()) == sorted(["alone", "worlds", *combinations])
    for name in ("value", "limit", "base", "total", "cost", "uptake"):
        own = array(out, f"worlds.factories-2.removal-1/{name}")
        np.testing.assert_array_equal(own, array(out, f"alone/{name}"))
    other = array(out, "worlds.factories-1.removal-1/total")
    assert (other != array(out, "alone/total")).any()
    before = files(out)
    assert ensemble(str(path), str(alone), "--resume", out=out).code == 0
    assert files(out) == before
    path.write_text(GRID.replace("times: 0.9", "times: 0.8"))
    assert "other inputs" in ensemble(str(path), "--resume", out=out).err


def test_what_a_world_of_a_grid_cannot_set_is_told_where_the_grid_says_it(
    scenarios: list[str], tmp_path: Path
) -> None:
    shutil.copytree(Path(scenarios[0]).parents[1], tmp_path, dirs_exist_ok=True)
    path = tmp_path / "scenarios" / "worlds.yaml"
    path.write_text(GRID.replace("efficiency}, times: 1}", "efficient}, times: 1}"))
    answer = ensemble(str(path), out=tmp_path / "out")
    assert answer.code == 2
    assert "worlds.factories-1.removal-2 has no samples" in answer.err
    assert "worlds.yaml:8:" in answer.err


def test_too_few_samples_for_the_ranges_are_told(
    scenarios: list[str], here: Path, tmp_path: Path
) -> None:
    own = tmp_path / "run"
    answer = call("run", scenarios[0], "--no-charts", "--out", str(own))
    assert answer.code in (0, 3), answer.err
    (ranges,) = own.rglob("ranges.csv")
    every = pd.read_csv(ranges, encoding=ENCODING)
    told = every[every["what"] == "target"]
    assert not told["settled"].all()
    count = f"{(~told['settled']).sum()} of {len(told)} ranges need more"
    assert count in " ".join(answer.out.split())
    store = pd.read_csv(here / ensembles.ANSWERS, encoding=ENCODING)
    settled = store.groupby("scenario")["settled"].mean()
    assert settled["small"] < settled["large"]
    shutil.copytree(here, tmp_path / "out")
    said = ensemble(*scenarios, "--resume", out=tmp_path / "out").out
    assert f"{(~store['settled']).sum()} of {len(store)} ranges need more samples" in said


def test_a_faulty_scenario_leaves_the_others(scenarios: list[str], tmp_path: Path) -> None:
    shutil.copytree(Path(scenarios[0]).parents[1], tmp_path, dirs_exist_ok=True)
    good, bad = (tmp_path / "scenarios" / f"{name}.yaml" for name in ("small", "bad"))
    bad.write_text("extends: my-district.yaml\nname: bad\nfinished: {inventory: gone.csv}\n")
    answer = ensemble(str(bad), str(good), out=tmp_path / "out")
    assert answer.code == 2
    assert "bad has no samples" in answer.err
    assert "gone.csv" in answer.err
    assert array(tmp_path / "out", "small/done").all()


def test_what_cannot_be_begun_is_told_before_anything_is_written(
    scenarios: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    twice = ensemble(scenarios[0], scenarios[0], out=out)
    assert (twice.code, "'small'" in twice.err) == (2, True)
    none = tmp_path / "none.yaml"
    none.write_text(f"extends: {os.path.relpath(scenarios[0], tmp_path)}\nname: n\nsamples: 0\n")
    answer = ensemble(str(none), out=out)
    assert (answer.code, "asks for none" in answer.err) == (2, True)
    monkeypatch.setattr(ensembles, "MOST_SCENARIOS", 1)
    many = ensemble(*scenarios, out=out)
    assert (many.code, "at most 1" in many.err) == (2, True)
    assert not out.exists()
    out.mkdir()
    (out / "mine.txt").write_text("kept")
    foreign = ensemble(scenarios[0], "--overwrite", out=out)
    assert foreign.code == 2
    assert (out / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:{port}"])
def test_a_scheduler_that_does_not_answer(
    address: str, scenarios: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 1.0)
    with socket.socket() as silent:  # takes the call and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        began = time.monotonic()
        given = address.format(port=port)
        answer = ensemble(*scenarios, "--scheduler", given, out=tmp_path / "out")
    assert answer.code == 2
    assert given in answer.err
    assert time.monotonic() - began < 15.0


class Nobody(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def test_nobody_is_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LOST", 0.2)
    monkeypatch.setattr(workers, "LOOK", 0.05)
    lost = workers.Workers(Nobody(), lambda: 0)
    with pytest.raises(workers.UnreachableError):
        lost.each(str, deque([1, 2]), lambda part, done: None)


def test_few_parts_wait_in_memory() -> None:
    given: list[Future[str]] = []

    class Slow(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            given.append(Future())
            if len(given) == workers.AHEAD * 3:
                for future in given:
                    future.set_result("done")
            elif len(given) > workers.AHEAD * 3:
                given[-1].set_result("done")
            return given[-1]

    taken: list[int] = []
    parts = deque(range(20))
    workers.Workers(Slow(), lambda: 3).each(str, parts, lambda part, done: taken.append(part))
    assert sorted(taken) == list(range(20))
