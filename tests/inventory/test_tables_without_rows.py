"""Tables of a region without rows, and tables that no sector of it reads."""

import shutil
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, Project
from lantian.errors import Problems
from lantian.inventory.region import Region, read_region
from lantian.parameters import Space
from lantian.study.given import tables_beside

CITY = REPOSITORY / "inputs" / "regions" / "north-city"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project whose one region has catering and nothing else."""
    for name in ("factors", "sectors", "sources.csv"):
        own, there = REPOSITORY / "inputs" / name, tmp_path / "inputs" / name
        (shutil.copytree if own.is_dir() else shutil.copy)(own, there)
    region = tmp_path / "inputs" / "regions" / "small"
    (region / "activity").mkdir(parents=True)
    for name in ("activity/catering.csv", "drivers.csv"):
        shutil.copy(CITY / name, region / name)
    exhaust = next((REPOSITORY / "inputs" / "regions").rglob("catering-exhaust.csv"))
    shutil.copy(exhaust, region)
    (region / "region.csv").write_text(header("region.csv"), "utf-8")
    return Project(tmp_path)


def header(name: str) -> str:
    return (CITY / name).read_text("utf-8-sig").splitlines()[0] + "\n"


def read(project: Project) -> tuple[Region, list[str]]:
    problems = Problems()
    inputs = project.root / "inputs"
    found = read_region(
        inputs,
        "small",
        (2025, 2026),
        base_year=2025,
        root=project.root,
        problems=problems,
        space=Space(),
        others=tables_beside(),
    )
    problems.stop_if_any()
    return found, [warning.text() for warning in problems.warnings]


@pytest.mark.parametrize("name", ["fleet.csv", "activity/freight.csv", "activity/energy.csv"])
def test_a_table_without_rows_asks_for_no_others(name: str, project: Project) -> None:
    region, _ = read(project)
    (project.root / "inputs/regions/small" / name).write_text(header(name), "utf-8")
    again, _ = read(project)
    absent = next(w.text() for w in again.warnings if "emit nothing" in w.text())
    assert absent == next(w.text() for w in region.warnings if "emit nothing" in w.text())
    assert "on-road" in absent


@pytest.mark.parametrize(("name", "main"), [("traffic", "fleet"), ("hauls", "activity/freight")])
def test_a_table_that_no_sector_reads_is_told(name: str, main: str, project: Project) -> None:
    assert not [text for text in read(project)[1] if "nothing is read" in text]
    shutil.copy(CITY / f"{name}.csv", project.root / "inputs/regions/small")
    (told,) = [text for text in read(project)[1] if "nothing is read" in text]
    assert told == (
        f"inputs/regions/small/{name}.csv\n"
        f"  nothing is read from it: the region has no rows in '{main}'."
    )


def test_problems_without_a_line_are_all_named() -> None:
    from lantian.errors import Place, told
    from lantian.language import message

    problems = Problems()
    for name in ("a", "b", "c", "d", "e"):
        problems.add(Place("drivers.csv"), message("no driver '{name}'.", name=name))
    assert len(told(problems.found)) == 5
