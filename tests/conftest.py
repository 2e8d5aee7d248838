"""What all tests share: the flag of golden files, and one run of Tongzhou for many tests."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from integration.workbench import Answer, Finished, Project, call, copy_project

LONGEST_WAIT = 300.0
"""For a plan that another worker runs [s]; a busy machine takes a tenth."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the many programs that tests start share compiled modules, outside of the tree."""
    os.environ.pop("COLUMNS", None)  # pytest's own workers are 80 wide
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "lantian-pyc"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Write the golden files anew from what the program does now.",
    )
    parser.addoption("--kills", type=int, default=15, help="Moments at which a run is killed.")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills"))


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project's inputs and scenarios; tests read it and add runs, no more."""
    return copy_project(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def run_plan(home: Project, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Finished]:
    """Runs the plan of a name, once, with its linear program and without charts.

    What one worker has run the others copy.
    """
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "plans"
    shared.mkdir(exist_ok=True)

    @cache
    def run(plan: str) -> Finished:
        told = shared / f"{plan}.json"
        give_up = time.monotonic() + LONGEST_WAIT
        while not told.exists():
            assert time.monotonic() < give_up, f"no other worker ends its run of {plan}"
            if not _claimed(shared / plan):
                time.sleep(0.1)
                continue
            try:
                if not told.exists():  # while this worker was claiming
                    _run_for_all(plan, home, told)
            finally:
                (shared / plan).rmdir()
        found = json.loads(told.read_text(encoding="utf-8"))
        folder, there = home.root / "runs" / plan, Path(found["folder"])
        if there != folder:
            shutil.copytree(there, folder)
        return Finished(Answer(**found["answer"]), folder)

    return run


def _claimed(mark: Path) -> bool:
    """Tell whether this worker is the one to go on."""
    try:
        mark.mkdir()
    except FileExistsError:
        return False
    return True


def _run_for_all(plan: str, home: Project, told: Path) -> None:
    """Run a plan and tell the other workers where."""
    answer = call("run", f"scenarios/{plan}.yaml", "--no-charts", "--save-lp", at=home.root)
    found = {"answer": asdict(answer), "folder": str(home.root / "runs" / plan)}
    part = told.with_suffix(".part")
    part.write_text(json.dumps(found), encoding="utf-8")
    part.replace(told)


@pytest.fixture(scope="session")
def tongzhou(run_plan: Callable[[str], Finished]) -> Finished:
    """The plan of Tongzhou, run once, with its linear program and without charts."""
    return run_plan("tongzhou-2020")


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example that ``lantian init`` writes."""
    folder = tmp_path_factory.mktemp("starter") / "mine"
    assert call("init", str(folder)).code == 0
    return folder


@pytest.fixture(scope="session")
def district(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The example, run once without charts: small, where a test asks for no plan of a city."""
    out = tmp_path_factory.mktemp("district")
    scenario = "scenarios/my-district.yaml"
    answer = call("run", scenario, "--no-charts", "--out", str(out), at=starter)
    return Finished(answer, out / "my-district")


# Speed is measured in benchmarks: a busy machine must not fail a test. The examples are the same
# each time, so that a failure belongs to the change before it; --hypothesis-profile=search looks
# for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
# Whether anything fails, not how little it takes.
FIRST = (Phase.explicit, Phase.reuse, Phase.generate)
settings.register_profile("first", deadline=None, derandomize=True, phases=FIRST)
settings.load_profile("same")
