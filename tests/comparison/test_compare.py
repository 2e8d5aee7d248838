"""``lantian compare``: what differs, in what went in and in what came out, and how it adds up."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import lantian as lt
from integration.workbench import Project, call
from lantian.cli.commands.compare import _pooled
from lantian.comparison.opened import open_runs
from lantian.comparison.outcomes import PAID, Use, parts_of_cost
from lantian.comparison.side_by_side import Comparison
from lantian.comparison.sides import same
from lantian.language import Language
from lantian.report.chart import Chart, all_charts
from lantian.report.frames import Asked, rows_of
from lantian.report.gallery import collect, draw_paper
from lantian.results.contract import TABLES, tables_of
from lantian.results.frame import read_frame
from lantian.vocabulary import LANGUAGES
from report.faults import faults_of


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


def test_costs_lead_from_one_run_to_the_other(
    project: Path, tables: dict[str, pd.DataFrame]
) -> None:
    bridges = tables["compared_cost_bridges"]
    costs = tables["compared_costs"].set_index(["case", "year"])
    same_cost = set(PAID) - set(bridges["case"])
    assert len(same_cost) < len(PAID)
    assert not costs.loc[[*same_cost], "difference"].any()
    for (case, year), way in bridges.groupby(["case", "year"]):
        first, *steps, last = way.sort_values("order").to_dict("records")
        ends = costs.loc[(case, year)]
        assert first["value"] == pytest.approx(ends["reference_value"], rel=1e-9)
        assert last["value"] == pytest.approx(ends["value"], rel=1e-9)
        assert first["value"] + sum(s["value"] for s in steps) == pytest.approx(last["value"])
        for step in steps:
            assert step["by_amount"] + step["by_price"] == pytest.approx(step["value"], abs=1e-3)
        assert any(abs(step["by_amount"]) > 1.0 for step in steps)
    answer = call("compare", "runs/my-district", "runs/changed", at=project)
    assert "Net cost, run to run" in answer.out


numbers = st.floats(0.1, 1e4)


@given(st.tuples(numbers, numbers), st.tuples(numbers, numbers))
def test_parts_of_a_cost_add_up_and_know_no_order(one: Use, other: Use) -> None:
    """From 10 at 2 to 30 at 3 a piece: 20 * 2.5 = 50 by amount, 1 * 20 = 20 by unit cost."""
    assert parts_of_cost((10.0, 20.0), (30.0, 90.0)) == pytest.approx((50.0, 20.0))
    there, back = parts_of_cost(one, other), parts_of_cost(other, one)
    assert sum(there) == pytest.approx(other[1] - one[1], abs=1e-6)
    assert there == pytest.approx([-part for part in back], abs=1e-6)
    assert parts_of_cost((0.0, 0.0), other) == (other[1], 0.0)


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
    assert re.search(r"NOx +changed +", answer.out.split("Plan emissions, run to run")[1])


@pytest.fixture(scope="module")
def weaker(project: Path) -> Path:
    """A run that extends the starter: another limit, another level, one target less."""
    text = (
        "extends: my-district.yaml\nname: weaker\n"
        "targets: [{id: nox-cut, reduce_by: 30 %}]\ndrop: [voc-cut]\n"
        "set: [{level: trucks-scrapped, to: 10 %}]\n"
    )
    (project / "scenarios" / "weaker.yaml").write_text(text, encoding="utf-8")
    assert call("run", "scenarios/weaker.yaml", "--no-charts", at=project).code in (0, 3)
    return project / "runs" / "weaker"


def test_runs_are_called_by_their_names(project: Path, weaker: Path) -> None:
    by_name = call("compare", "changed", "weaker", "--json", at=project)
    by_folder = call("compare", "runs/changed", str(weaker), "--json", at=project)
    assert by_name.code == 0, by_name.err
    assert by_name.out == by_folder.out
    for command in (("report", "--charts", ""), ("brief",)):
        told = call(command[0], "weaker", *command[1:], "--out", "named", at=project)
        assert told.code == 0, told.err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("chagned", "Did you mean 'runs/changed'?"),
        ("runs/chagned", "Did you mean 'runs/changed'?"),
        ("qqqq", "Runs are: "),
    ],
)
def test_a_run_that_there_is_not_is_told_with_the_nearest(
    project: Path, name: str, told: str
) -> None:
    for command in (("compare", "changed"), ("report",), ("brief",), ("runs", "pack")):
        answer = call(*command, name, at=project)
        assert answer.code == 2
        assert told in answer.err


def test_the_screen_tells_both_limits_and_what_is_counted_over_other_targets(
    project: Path, weaker: Path
) -> None:
    answer = call("compare", "my-district", "weaker", at=project)
    assert re.search(r"NOx, all sources +Plan +4,230 -> 4,508 ", answer.out)
    assert "only in my-district" in answer.out
    assert "different targets" in answer.out
    assert "title" not in answer.out
    assert "different targets" not in call("compare", "my-district", "changed", at=project).out


@pytest.mark.parametrize("turns", [True, False])
def test_whether_verdicts_turn_is_told(project: Path, weaker: Path, turns: bool) -> None:
    found = lt.compare(
        project / "runs" / "changed", weaker if turns else project / "runs/my-district"
    )
    assert found["targets"]["flipped"].any() == turns
    answer = call("compare", "changed", "weaker" if turns else "my-district", at=project)
    assert ("No verdict turns." in answer.out) != turns
    assert ("Verdicts that turn:" in answer.out) == turns


def test_what_differs_most_comes_first(project: Path, weaker: Path) -> None:
    found = lt.compare(project / "runs" / "my-district", weaker)
    targets = found["targets"]
    for _, group in targets[~targets["case"].str.startswith("plan_")].groupby(
        ["flipped"], sort=False
    ):
        moved = (group["difference"] / group["reference_limit"]).abs().dropna()
        assert moved.is_monotonic_decreasing
    assert targets["flipped"].is_monotonic_decreasing
    for name, column in (
        ("totals", "change"),
        ("costs", "difference"),
        ("mixes", "cost_difference"),
    ):
        assert found[name][column].abs().dropna().is_monotonic_decreasing
    ends = found["bridges"].query("step in ['reference', 'run']")
    gaps = ends.groupby("pollutant", sort=False)["value"].agg(
        lambda v: abs(v.iloc[1] / v.iloc[0] - 1)
    )
    assert gaps.is_monotonic_decreasing


def test_a_bridge_has_no_step_of_nothing(project: Path, weaker: Path) -> None:
    ways = lt.compare(project / "runs" / "my-district", weaker)["bridges"]
    assert "NOx" in set(ways["pollutant"])
    for _, way in ways.groupby("pollutant"):
        whole = way["value"].iloc[0]
        assert (way["value"].abs() > 1e-9 * whole).all()
        assert len(way) > 2


def test_a_way_that_is_shown_adds_up_though_its_small_steps_are_one() -> None:
    values = [100.0, -20.0, 0.05, -0.03, 0.04, 80.06]
    steps = ["reference", *["measure"] * 4, "run"]
    way = [
        {"step": s, "measure": str(i), "value": v}
        for i, (s, v) in enumerate(zip(steps, values, strict=True))
    ]
    shown = _pooled(way)
    assert [row["step"] for row in shown] == ["reference", "measure", "other", "run"]
    assert shown[2]["steps"] == 3
    assert sum(row["value"] for row in shown[:-1]) == pytest.approx(shown[-1]["value"])


def test_a_title_that_is_inherited_tells_the_name(weaker: Path) -> None:
    titles = lt.open_run(weaker).summary["title"]
    assert all("weaker" in title for title in titles.values())
    assert titles.keys() == {"en", "zh"}


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
    totals = answer.out.split("Totals compared")[1].split("Net costs")[0]
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
    assert not re.search("[0-9a-f]{64}", text)
    run = next(c for c in TABLES["compared_costs"].columns if c.name == "run")
    assert f">{run.means.say(language)}</th>" not in text
    call("--lang", language, "brief", "changed", "--out", str(out), at=project)
    brief = (out / f"brief.{language}.html").read_text(encoding="utf-8")
    assert "<nav" in text
    assert "<nav" not in brief


@pytest.mark.parametrize("language", ["en", "zh"])
def test_workbook_has_a_sheet_for_each_table_and_heads_that_stay(
    project: Path, tmp_path: Path, language: Language
) -> None:
    folders = ("runs/my-district", "runs/changed")
    out = tmp_path / "both"
    call("--lang", language, "compare", *folders, "--out", str(out), at=project)
    book = load_workbook(out / "comparison.xlsx")
    titles = {t.title.say(language) for t in tables_of("comparison")}
    charts, *others = book.worksheets
    assert {sheet.title for sheet in others} == titles
    assert len(charts._charts) > 2
    for sheet in others:
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


def test_tables_of_a_run_are_a_mapping(project: Path) -> None:
    run = lt.open_run(project / "runs" / "changed")
    tables = run.tables
    assert isinstance(tables, Mapping)
    assert list(tables) == list(tables.keys()) == list(run) == list(run.keys())
    assert len(tables) == len(list(tables)) == len([*tables.items()])
    assert "targets" in tables
    assert "targets" in run
    assert "targts" not in tables
    assert tables.get("targts") is None
    pd.testing.assert_frame_equal(tables["targets"], run["targets"])
    assert "targets" in repr(tables)
    with pytest.raises(KeyError, match="Did you mean 'targets'"):
        tables["targts"]


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


def compared(project: Path, *more: Path) -> Comparison:
    return lt.compare(project / "runs" / "my-district", project / "runs" / "changed", *more)


def copies(project: Path, tmp_path: Path, count: int) -> list[Path]:
    folders = [tmp_path / f"copy-{n}" for n in range(count)]
    for folder in folders:
        shutil.copytree(project / "runs" / "changed", folder)
    return folders


@pytest.mark.parametrize("more", [0, 1, 7])
def test_charts_of_a_comparison_have_no_fault(project: Path, tmp_path: Path, more: int) -> None:
    tables = compared(project, *copies(project, tmp_path, more)).charted
    jobs, notes = collect(tables, ("zh", "en"), ("page", "column", "slide"))
    drawn = {job.chart.id for job in jobs} | {name for name, _ in notes}
    assert drawn == {chart.id for chart in all_charts("comparison")}
    assert [name for name, _ in notes] == (
        ["compared-bridges", "compared-cost-bridges"] if more else []
    )
    faults = [f"{j.file_stem}: {f}" for j in jobs for f in faults_of(draw_paper(j), j.layout)]
    assert faults == []


@pytest.mark.parametrize("chart", all_charts("comparison"), ids=lambda chart: chart.id)
def test_a_chart_of_a_comparison_draws_what_it_declares(chart: Chart, project: Path) -> None:
    frame = chart.frame(Asked(compared(project).charted, chart.reads))
    assert set(chart.reads) <= set(TABLES)
    assert list(frame.columns) == list(chart.drawn.names)
    for part in ("title", "caption", "alt"):
        en, zh = (re.findall(r"{(\w+)}", getattr(getattr(chart, part), lang)) for lang in LANGUAGES)
        assert set(en) == set(zh)


def test_charts_show_the_numbers_of_the_tables(project: Path) -> None:
    both = compared(project)
    (way,) = (c for c in all_charts("comparison") if c.id == "compared-bridges")
    steps = rows_of(way.frame(Asked(both.charted, way.reads)))
    nox = [row.value for row in steps if row.pollutant == "NOx"]
    assert sum(nox[:-1]) == pytest.approx(nox[-1], rel=1e-9)
    (points,) = (c for c in all_charts("comparison") if c.id == "compared-targets")
    shown = {(r.target, r.case, r.run): r.value
             for r in rows_of(points.frame(Asked(both.charted, points.reads)))}  # fmt: skip
    for run in both.runs:
        own = run["targets"].set_index(["target", "case"])["value"]
        for (target, case, name), value in shown.items():
            if name == run.label:
                assert value == own[target, case]


def test_a_comparison_is_drawn_on_axes_and_a_run_is_told_to_be_one(project: Path) -> None:
    ax = lt.charts.compared_targets(compared(project), part="plan")
    assert ax.patches
    with pytest.raises(lt.InputError, match="runs side by side"):
        lt.charts.compared_targets(project / "runs" / "changed")
    with pytest.raises(lt.InputError, match="one run"):
        lt.charts.waterfall(compared(project))


def test_charts_are_written_and_stand_in_the_page(project: Path, tmp_path: Path) -> None:
    call("compare", "runs/my-district", "runs/changed", "--out", str(tmp_path / "o"), at=project)
    names = {path.name for path in (tmp_path / "o" / "charts").iterdir()}
    assert {"compared-costs.en.png", "compared-targets-plan.zh.svg", "captions.md"} <= names
    text = (tmp_path / "o" / "comparison.html").read_text(encoding="utf-8")
    assert text.count("data:image/svg+xml") == sum(name.endswith(".en.svg") for name in names)


def test_a_run_without_targets_is_told_compared_and_reported(starter: Path, tmp_path: Path) -> None:
    root = shutil.copytree(starter, tmp_path / "own", ignore=shutil.ignore_patterns("runs"))
    text = (root / "scenarios" / "my-district.yaml").read_text(encoding="utf-8")
    bare = re.sub(r"(?ms)^targets:.*?(?=^[a-z])", "", text).replace("my-district", "bare", 1)
    (root / "scenarios" / "bare.yaml").write_text(bare, encoding="utf-8")
    for name in ("bare", "my-district"):
        told = call("run", f"scenarios/{name}.yaml", "--no-charts", "--overwrite", at=root)
        assert told.code == 0, told.err
        assert ("no targets" in told.out) == (name == "bare")
    beside = call("compare", "runs/bare", "runs/my-district", at=root)
    assert beside.code == 0, beside.err
    assert "only in my-district" in beside.out
    assert "as before" not in beside.out
    kinds = ("--format", "html,docx,xlsx,pdf", "--charts", "")
    assert call("report", "runs/bare", *kinds, "--out", "out", at=root).code == 0
    assert call("brief", "runs/bare", "--format", "html,pdf", "--out", "brief", at=root).code == 0
    assert len(list((root / "out").glob("[!.]*"))) == 4
