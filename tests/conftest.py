"""What all tests share: the flag of golden files, and one run of Tongzhou for many tests."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from integration.workbench import Finished, Project, call, copy_project


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
def run_plan(home: Project, tongzhou: Finished) -> Callable[[str], Finished]:
    """Runs the plan of a name, once, without charts."""

    @cache
    def run(plan: str) -> Finished:
        if plan == "tongzhou-2020":
            return tongzhou
        answer = call("run", f"scenarios/{plan}.yaml", "--no-charts", "--save-lp", at=home.root)
        return Finished(answer, home.root / "runs" / plan)

    return run


@pytest.fixture(scope="session")
def tongzhou(home: Project) -> Finished:
    """The plan of Tongzhou, run once, with its linear program and without charts."""
    answer = call("run", "scenarios/tongzhou-2020.yaml", "--no-charts", "--save-lp", at=home.root)
    return Finished(answer, home.root / "runs" / "tongzhou-2020")


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


# Speed is measured in benchmarks: a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
