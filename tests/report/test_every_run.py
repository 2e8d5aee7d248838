"""On every run of the suite no text of a chart overlaps, is cut off or leaves the paper."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from integration.workbench import REPOSITORY, Finished, call
from lantian.report import lettering
from lantian.report.chart import all_charts
from lantian.report.frames import RunTables
from lantian.report.gallery import Job, collect, draw_paper
from lantian.report.layout import COLUMN, LAYOUTS
from lantian.report.paper import Paper
from report.conftest import targets
from report.faults import faults_of, lines_left_out

PLANS = ("tongzhou-2020", "mentougou-2020", "shijiazhuang-2019", "tongzhou-2021", "xincheng-2024")
PUBLISHED = sorted(path.stem for path in (REPOSITORY / "scenarios" / "published").glob("*.yaml"))


def faults(run: Path) -> list[str]:
    jobs, _ = collect(RunTables(run), ("zh", "en"), ("page", "column", "slide"))
    assert jobs
    drawn = {(job.stem, job.words.language, job.layout.name): draw_paper(job) for job in jobs}
    found = []
    for job in jobs:
        paper = drawn[job.stem, job.words.language, job.layout.name]
        told = [*faults_of(paper, job.layout)]
        whole = drawn[job.stem, job.words.language, "page"]
        told += [f"{n!r} is left out" for n in lines_left_out(paper, whole, names_of(job))]
        found += [f"{job.file_stem}: {fault}" for fault in told]
    return found


def names_of(job: Job) -> set[str]:
    """Return the names of the things that a chart is of, as its reader sees them."""
    ids = [c.name for c in job.drawn.table.columns if c.kind == "id" and c.labels != "case"]
    if job.chart.id == "uptake":  # beside its numbers, which a column has no room for
        ids.remove("pollutant")
    return {job.words.name(str(i)) for name in ids for i in job.drawn.cells(name) if i}


def test_a_word_is_never_parted(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parted: list[str] = []

    def fitting(piece: str, room: float) -> Iterator[str]:
        found = [*whole(piece, room)]
        parted.extend([piece] if len(found) > 1 and piece.strip().isalpha() else [])
        return iter(found)

    whole = lettering._fitting
    monkeypatch.setattr(lettering, "_fitting", fitting)
    jobs, _ = collect(RunTables(run_folder), ("en",), ("page", "column", "slide"))
    for job in jobs:
        draw_paper(job)
    assert parted == []


def test_made_up_run_has_every_chart(run_folder: Path) -> None:
    jobs, notes = collect(RunTables(run_folder), ("en",))
    assert notes == []
    assert {job.chart.id for job in jobs} == {chart.id for chart in all_charts()}
    assert faults(run_folder) == []


@pytest.mark.parametrize("plan", PLANS)
def test_plans(plan: str, run_plan: Callable[[str], Finished]) -> None:
    assert faults(run_plan(plan).folder) == []


def test_published_cases(tmp_path: Path) -> None:
    paths = [f"scenarios/published/{name}.yaml" for name in PUBLISHED]
    answer = call("run", *paths, "--no-charts", "--out", str(tmp_path))
    assert answer.code == 0, answer.err
    found = {name: faults(tmp_path / name) for name in PUBLISHED}
    assert not [fault for each in found.values() for fault in each]


def test_many_sectors_and_years(some_tables: Callable[..., Path]) -> None:
    names = [f"Sector of a long name, number {n}" for n in range(20)]
    rows = [
        (case, "x", "x", f"s-{n}", f"s-{n}", pollutant, year, 1000.0 + 37 * n + year % 7, "t/a")
        for case in ("baseline", "plan", "least_cost")
        for n in range(len(names))
        for pollutant in ("NOx", "VOC", "PM2.5", "TSP")
        for year in range(2020, 2051)
    ]
    columns = [
        "case",
        "region",
        "unit_area",
        "sector",
        "source",
        "pollutant",
        "year",
        "value",
        "unit",
    ]
    labels = [(f"s-{n}", name, f"名称很长的行业第{n}号") for n, name in enumerate(names)]
    run = some_tables(
        emissions=pd.DataFrame(rows, columns=columns),
        labels=pd.DataFrame(labels, columns=["id", "en", "zh"]),
    )
    (run / "summary.json").write_text('{"base_year": 2020}', encoding="utf-8")
    assert faults(run) == []


@pytest.mark.parametrize("times", [1e3, 1e5])
def test_targets_of_any_size_fit(times: float, some_tables: Callable[..., Path]) -> None:
    table = targets()
    sizes = ["base_value", "limit", "value", "margin"]
    table[sizes] = table[sizes] * times
    assert faults(some_tables("labels", targets=table)) == []


def test_faults_are_found() -> None:
    paper = Paper(COLUMN.width, 2.0)
    paper.write("one", 1.0, 1.0, 8)
    paper.write("two", 1.1, 1.02, 8)
    paper.write("beyond the edge", 3.0, 1.5, 8)
    paper.write("cut off…", 0.2, 0.5, 8)
    paper.path([(0.5, 0.5), (0.5, 3.0)], (1, 2), None, "#000000", 1.0)
    found = list(faults_of(paper, COLUMN))
    assert [text.split()[-1] for text in found[:3]] == ["paper", "off", "'Two'"]
    assert "a shape leaves the paper" in found[3]
    assert list(faults_of(Paper(LAYOUTS["slide"].width, 9.9), LAYOUTS["slide"]))
