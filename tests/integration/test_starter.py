"""``lantian init``: the example runs as it stands, from CSV and from Excel alike."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from integration.workbench import Finished, call

NAMES = ["region", "unit_area", "scenario", "place"]
"""Columns that name the run, or the file a number came from."""
SCENARIOS = ("my-district", "my-district-excel")


@pytest.fixture(scope="module")
def runs(starter: Path) -> dict[str, Finished]:
    answer = call(
        "run", *(f"scenarios/{name}.yaml" for name in SCENARIOS), "--no-charts", at=starter
    )
    return {name: Finished(answer, starter / "runs" / name) for name in SCENARIOS}


def test_example_has_both_kinds_of_tables_and_says_how_to_run(tmp_path: Path) -> None:
    answer = call("init", "mine", at=tmp_path)
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "Try: lantian run mine/scenarios/my-district.yaml"
    written = {
        path.relative_to(tmp_path / "mine").as_posix()
        for path in (tmp_path / "mine").rglob("*")
        if path.is_file()
    }
    assert written == {
        "README.md",
        "inputs/labels.csv",
        "inputs/sources.csv",
        *(f"scenarios/{name}.yaml" for name in SCENARIOS),
        *(
            f"scenarios/{table}.{kind}"
            for table in ("inventory", "measures")
            for kind in ("csv", "xlsx")
        ),
    }
    assert {line.strip() for line in answer.out.splitlines()[:-1]} == {
        f"mine/{name}" for name in written
    }


def test_example_runs_as_it_stands(runs: dict[str, Finished]) -> None:
    answer = runs["my-district"].answer
    assert (answer.code, answer.err) == (0, "")
    for run in runs.values():
        met = {t["id"]: t["met"]["least_cost"] for t in run.summary["targets"]}
        assert met == {"nox-cut": True, "voc-cut": True, "outer-pm25-cut": True}


def test_example_shows_the_plan_as_written_beside_the_cheapest_mix(
    runs: dict[str, Finished],
) -> None:
    """30 % of the trucks scrapped (60 % of their NOx), half of the homes with coal heated clean."""
    run = runs["my-district"]
    emissions = run.table("emissions").set_index(["case", "source", "pollutant"])["value"]
    assert emissions["plan", "diesel-trucks", "NOx"] == pytest.approx(3200 * (1 - 0.3 * 0.6))
    before = emissions["baseline", "home-coal", "PM2.5"]
    assert emissions["plan", "home-coal", "PM2.5"] == pytest.approx(before * (1 - 0.5 * 0.98))
    # 30 % of 190 and half of 48 million yuan a year
    assert run.summary["cost"]["by_case"]["plan"] == pytest.approx(81e6)
    cost = ["plan", "as", "written", "81", "0", "81", "none"]
    assert cost in [line.split() for line in run.answer.out.splitlines()]


def test_csv_and_excel_give_identical_numbers(runs: dict[str, Finished]) -> None:
    ours, theirs = (runs[name] for name in SCENARIOS)
    tables = sorted(path.stem for path in (ours.folder / "tables").iterdir())
    assert tables == sorted(path.stem for path in (theirs.folder / "tables").iterdir())
    for name in tables:
        own, other = (
            run.table(name).drop(columns=NAMES, errors="ignore") for run in (ours, theirs)
        )
        pd.testing.assert_frame_equal(own, other, check_exact=True, obj=name)


def test_names_are_those_of_the_example(runs: dict[str, Finished], starter: Path) -> None:
    labels = pd.read_csv(starter / "inputs" / "labels.csv")
    measures = runs["my-district"].table("measures")
    targets = {t["id"] for t in runs["my-district"].summary["targets"]}
    wanted = {*measures["measure"], *measures["source"], *measures["sector"], *targets}
    wanted |= set(runs["my-district"].table("area_emissions")["area"])
    assert wanted <= set(labels["id"])
    assert not labels[["id", "en", "zh"]].isna().any().any()


@pytest.mark.parametrize("name", SCENARIOS)
def test_run_folder_of_the_example_runs_again_on_its_own(
    name: str, runs: dict[str, Finished], tmp_path: Path
) -> None:
    """The tables stand beside the scenario in the run folder, which may be taken anywhere."""
    shutil.copytree(runs[name].folder, tmp_path / "sent")
    answer = call("run", "sent/scenario.yaml", "--no-charts", "--out", "runs", at=tmp_path)
    again = Finished(answer, tmp_path / "runs" / name)
    assert again.manifest["content_id"] == runs[name].manifest["content_id"]
    assert again.summary["cost"] == runs[name].summary["cost"]
