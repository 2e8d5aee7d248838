"""``lantian compare``: what differs, in what went in and in what came out, and how it adds up."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import lantian as lt
from integration.workbench import Project, call
from lantian.comparison.opened import open_runs
from lantian.comparison.sides import same
from lantian.language import Language
from lantian.results.contract import tables_of
from lantian.results.frame import read_frame


@pytest.fixture(scope="module")
def project(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter, run as it stands, and once more with one cell changed."""
    root = tmp_path_factory.mktemp("compare") / "mine"
    shutil.copytree(starter, root, ignore=shutil.ignore_patterns("runs"))
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code == 0
    mine = Project(root)
    mine.edit("scenarios/my-district.yaml", "name: my-district", "name: changed")
    line, lines = next(
        (i, mine.lines("scenarios/inventory.csv"))
        for i, cells in enumerate(mine.lines("scenarios/inventory.csv"))
        if "NOx" in cells
    )
    at = lines[0].index("value")
    lines[line][at] = str(1.25 * float(lines[line][at]))
    mine.write("scenarios/inventory.csv", lines)
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code in (0, 3)
    return root


@pytest.fixture(scope="module")
def tables(project: Path) -> dict[str, pd.DataFrame]:
    answer = call("compare", "runs/my-district", "runs/changed", "--out", "both", at=project)
    assert (answer.code, answer.err) == (0, "")
    written = {t.name: t for t in tables_of("comparison")}
    return {name: read_frame(t, project / "both" / f"{name}.csv") for name, t in written.items()}


def test_the_one_number_that_differs_is_named_with_its_cell(
    tables: dict[str, pd.DataFrame],
) -> None:
    found = tables["differences"]
    values = found[found["kind"] == "value"]
    assert values["change"].tolist() == [pytest.approx(0.25)]
    assert values["place"].iloc[0].split(":")[0].endswith("inventory.csv")
    assert set(found["kind"]) == {"scenario", "value", "file"}


def test_bridges_lead_from_one_result_to_the_other(tables: dict[str, pd.DataFrame]) -> None:
    bridges = tables["compared_bridges"]
    assert "NOx" in set(bridges["pollutant"])
    for _, way in bridges.groupby("pollutant"):
        values = way.sort_values("order")["value"].to_numpy()
        assert values[:-1].sum() == pytest.approx(values[-1], rel=1e-9)


def test_totals_are_those_of_the_runs(project: Path, tables: dict[str, pd.DataFrame]) -> None:
    totals = tables["compared_totals"].set_index(["pollutant", "case", "year"])
    for column, name in (("reference_value", "my-district"), ("value", "changed")):
        own = lt.open_run(project / "runs" / name)["emissions"]
        expected = own.groupby(["pollutant", "case", "year"])["value"].sum()
        assert np.allclose(totals[column].reindex(expected.index), expected, rtol=1e-12)


def test_a_run_beside_itself_differs_in_nothing(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "runs" / "changed", tmp_path / "again")
    answer = call("compare", "runs/changed", str(tmp_path / "again"), "--json", at=project)
    found = json.loads(answer.out)
    assert found["differences"] == []
    assert found["compared_mixes"] == []
    assert not any(row["flipped"] or row["difference"] for row in found["compared_targets"])
    assert not any(row["difference"] for row in found["compared_totals"])


def test_runs_of_equal_name_have_labels_of_their_own(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "runs" / "changed", tmp_path / "again")
    folders = [project / "runs" / "changed", tmp_path / "again", project / "runs" / "my-district"]
    labels = [run.label for run in open_runs(folders)]
    assert len(set(labels)) == len(labels)
    assert labels[2] == "my-district"


def test_many_runs_are_filtered_and_sorted(project: Path) -> None:
    folders = ("runs/my-district", "runs/changed")
    answer = call("compare", *folders, "--sort", "-least_cost", "--json", at=project)
    costs = [row["least_cost"] for row in json.loads(answer.out)["compared_runs"]]
    assert costs == sorted(costs, reverse=True)
    answer = call("compare", *folders, "--where", "run == 'changed'", "--json", at=project)
    assert [row["run"] for row in json.loads(answer.out)["compared_runs"]] == ["changed"]


def test_the_screen_shows_every_case_under_the_names_of_the_runs(project: Path) -> None:
    answer = call("compare", "runs/my-district", "runs/changed", at=project)
    targets = answer.out.split("Targets compared")[1].split("Totals compared")[0]
    assert {"Plan", "Least cost"} <= set(re.findall(r"Plan|Least cost", targets))
    assert "my-district" in targets
    assert "changed" in targets
    assert re.search(r"NOx +changed +", answer.out.split("From one run")[1])


def test_differences_too_small_to_show_are_counted(project: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(project / "runs" / "changed", again)
    path = again / "tables" / "emissions.csv"
    own = pd.read_csv(path, encoding="utf-8-sig")
    own["value"] *= 1.0001
    own.to_csv(path, index=False, encoding="utf-8-sig")
    manifest = json.loads((again / "manifest.json").read_text(encoding="utf-8"))
    del manifest["outputs_sha256"]  # as runs of older versions have it
    (again / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    answer = call("compare", "runs/changed", str(again), at=project)
    totals = answer.out.split("Totals compared")[1].split("Costs compared")[0]
    assert "differ by less than 0.1 %" in totals
    assert "No difference" not in totals


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_comparison_is_a_page(project: Path, tmp_path: Path, language: Language) -> None:
    out = tmp_path / "both"
    folders = ("runs/my-district", "runs/changed")
    call("--lang", language, "compare", *folders, "--out", str(out), at=project)
    text = (out / "comparison.html").read_text(encoding="utf-8")
    for title in (t.title.say(language) for t in tables_of("comparison")):
        assert text.count(f">{title}</h2>") == 1
    assert "http" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_workbook_has_a_sheet_for_each_table_and_heads_that_stay(
    project: Path, tmp_path: Path, language: Language
) -> None:
    folders = ("runs/my-district", "runs/changed")
    out = tmp_path / "both"
    call("--lang", language, "compare", *folders, "--out", str(out), at=project)
    book = load_workbook(out / "comparison.xlsx")
    titles = {t.title.say(language) for t in tables_of("comparison")}
    assert set(book.sheetnames) == titles
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(cell.value for cell in sheet[1])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("runs/none",), "there is no such folder"),
        (("scenarios",), "no manifest.json"),
        (("runs/changed", "runs/changed"), "named twice"),
        (("runs/changed", "--where", "mett > 3"), "Columns are: run, "),
        (("runs/changed", "--sort", "price"), "Columns are: run, "),
    ],
)
def test_what_cannot_be_compared_is_told(
    project: Path, arguments: tuple[str, ...], told: str
) -> None:
    answer = call("compare", *arguments, at=project)
    assert answer.code == 2
    assert told in answer.err
    assert "Traceback" not in answer.err


def test_all_folders_that_are_no_runs_are_told_at_once(project: Path) -> None:
    answer = call("compare", "scenarios", "runs/none", at=project)
    assert "scenarios\n" in answer.err
    assert "runs/none" in answer.err


def test_an_opened_run_gives_every_table_and_array(project: Path) -> None:
    run = lt.open_run(project / "runs" / "changed")
    assert {"emissions", "targets"} <= set(run)
    assert all(len(run[name].columns) for name in run)
    assert run.arrays["emission"].dims == ("case", "source", "pollutant", "year")
    assert repr(run).startswith("<Run changed ")
    assert len(repr(run)) < 80
    with pytest.raises(LookupError):
        run["nothing"]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
        (float("inf"), 1.0, False),
        ("a", "a", True),
        ("a", None, False),
    ],
)
def test_cells_agree_within_rounding(one: object, other: object, agree: bool) -> None:
    assert same(one, other) is agree
