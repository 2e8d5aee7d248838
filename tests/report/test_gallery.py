"""What is written: pictures in every format and sheet, captions, and the numbers beside them."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from lantian.report import draw_gallery, gallery, style
from lantian.report.chart import Chart, _in_order, all_charts
from lantian.report.frames import Asked, RunTables
from lantian.report.layout import COLUMN, PAGE, SLIDE
from lantian.report.origin import origin_of
from lantian.report.paper import Paper
from lantian.report.words import Text, Words

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {chart.id: chart for chart in all_charts()}
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def drawn(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All charts, drawn in this process so that warnings are seen (they are errors here)."""
    out = tmp_path_factory.mktemp("charts")
    result = draw_gallery(run_folder, out, workers=1)
    assert result.notes == []
    return out


@pytest.fixture(scope="module")
def tables(run_folder: Path) -> RunTables:
    return RunTables(run_folder)


def stems(tables: RunTables) -> list[str]:
    return [
        stem
        for chart in all_charts()
        for stem, _ in chart.parts(chart.frame(Asked(tables, chart.reads)))
    ]


def job_of(tables: RunTables, chart: Chart, **changed: Any) -> gallery.Job:
    stem, frame = chart.parts(chart.frame(Asked(tables, chart.reads)))[0]
    job = gallery.Job(chart, stem, frame, Words("en", tables.labels()), origin_of(tables))
    return replace(job, **changed)


def test_every_chart_is_written_in_both_languages_and_formats(
    drawn: Path, tables: RunTables
) -> None:
    kinds = [f".{language}.{kind}" for language in LANGUAGES for kind in ("png", "svg")]
    expected = {f"{stem}{kind}" for stem in stems(tables) for kind in [*kinds, ".csv"]}
    assert {path.name for path in drawn.iterdir()} == expected | {"captions.md"}
    assert len(CHARTS) >= 20


def test_pictures_are_not_blank_and_tell_their_resolution(drawn: Path) -> None:
    for path in drawn.glob("*.png"):
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("L"))
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert pixels.shape[1] == round(PAGE.width * style.DPI)
        assert (pixels < 250).mean() > 0.005, path.name
        assert min(pixels[:, :4].min(), pixels[:, -4:].min(), pixels[:4].min()) > 250, path.name


def test_svg_holds_text_title_and_description(drawn: Path) -> None:
    written = (drawn / "captions.md").read_text(encoding="utf-8")
    captions = written.replace("\\", "")  # Markdown's own signs are escaped
    for path in drawn.glob("*.svg"):
        root = ElementTree.parse(path).getroot()
        texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
        assert len(texts) > 5, path.name
        assert any("Lantian 0.1.0" in text for text in texts)
        assert root.attrib["role"] == "img"
        title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
        assert title
        assert description
        assert description in captions
        assert "date" not in {node.tag.lower() for node in root.iter()}


def test_foot_tells_content_id_and_data_basis(drawn: Path) -> None:
    text = (drawn / "waterfall-nox.en.svg").read_text(encoding="utf-8")
    said = re.sub(r"<[^>]+>", "", text)
    assert "run tongzhou-2020 (0123456789abcdef)" in said
    assert "Data basis (NOx emission, 2017): published 50%, derived 28%, assumed 22%" in said
    said = re.sub(
        r"<[^>]+>", "", (drawn / "emissions-by-sector.zh.svg").read_text(encoding="utf-8")
    )
    assert "依据假设的排放量：NOx 22%、VOCs 24%、PM2.5 26%、TSP 30%" in said


def test_numbers_beside_a_chart_are_those_it_draws_with_names(
    drawn: Path, tables: RunTables
) -> None:
    with (drawn / "waterfall-nox.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    frame = job_of(tables, CHARTS["waterfall"]).drawn
    assert [float(line["value"]) for line in lines] == frame["value"].tolist()
    assert set(frame.table.names) | {"measure_en", "measure_zh"} == set(lines[0])
    measure = next(line for line in lines if line["measure"] == "zev-new-bus")
    assert measure["measure_zh"] == "新增更新公交车电动化"


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_processes_gives_the_same_bytes(
    drawn: Path, run_folder: Path, tmp_path: Path, workers: int
) -> None:
    paths = draw_gallery(run_folder, tmp_path, workers=workers).files
    assert len(paths) == len(list(drawn.iterdir()))
    for path in paths:
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_a_run_is_drawn_in_two_processes_where_a_fork_is_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(gallery.os, "sched_getaffinity", lambda _: range(8), raising=False)
    monkeypatch.setattr(gallery.threading, "active_count", lambda: 1)
    assert gallery._workers() == 2
    monkeypatch.setattr(gallery.threading, "active_count", lambda: 2)
    assert gallery._workers() == 1


def test_an_error_in_another_process_is_told(
    tables: RunTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(paper: Paper) -> bytes:
        if "unknown" in paper.title:
            raise ValueError("no such sign")
        return b""

    monkeypatch.setitem(gallery._FORMATS, "png", stumble)
    chart = CHARTS["waterfall"]
    jobs = [
        job_of(tables, replace(chart, title=Text(title, title))) for title in ("known", "unknown")
    ]
    with pytest.raises(ValueError, match="no such sign"):
        gallery._draw_all(jobs, tmp_path, ["png"], 2)


def test_sheets_have_their_sizes(run_folder: Path, tmp_path: Path) -> None:
    layouts = ("page", "column", "slide")
    result = draw_gallery(
        run_folder, tmp_path, ["en"], ["png", "svg"], only=["waterfall"], layouts=layouts, workers=1
    )  # fmt: skip
    names = {path.name for path in result.files}
    assert {f"waterfall-nox{s}.en.png" for s in ("", ".column", ".slide")} <= names
    assert len(result.entries) == 3  # the texts of a figure are told once
    for name, layout in (("", PAGE), (".column", COLUMN), (".slide", SLIDE)):
        with Image.open(tmp_path / f"waterfall-nox{name}.en.png") as picture:
            assert picture.width == round(layout.width * style.DPI)
            assert picture.info["dpi"][0] == pytest.approx(style.DPI / layout.enlarged, abs=0.1)
            if layout.fixed:
                assert picture.width / picture.height == pytest.approx(16 / 9, rel=1e-3)
    root = ElementTree.parse(tmp_path / "waterfall-nox.slide.en.svg").getroot()
    assert (root.attrib["width"], root.attrib["height"]) == ("960pt", "540pt")


def test_pdf_has_truetype_outlines_and_says_what_it_is(run_folder: Path, tmp_path: Path) -> None:
    for folder in ("once", "again"):
        draw_gallery(
            run_folder, tmp_path / folder, ["zh"], formats=["pdf"], workers=1, only=["trajectory"]
        )
    first, second = (tmp_path / folder / "trajectory.zh.pdf" for folder in ("once", "again"))
    data = first.read_bytes()
    assert data == second.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/CIDFontType2" in data  # TrueType, what PostScript calls type 42
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert "变化轨迹与限值".encode("utf-16-be") in data  # the title
    assert b"CreationDate" not in data


def test_captions_and_alternative_texts_exist_in_both_languages(
    drawn: Path, tables: RunTables
) -> None:
    text = (drawn / "captions.md").read_text(encoding="utf-8")
    for stem in stems(tables):
        for language, names in (
            ("en", ("Caption", "Alternative text", "Numbers")),
            ("zh", ("图注", "替代文本", "数据")),
        ):
            block = text.split(f"`{stem}.{language}`")[1].split("\n## ")[0]
            for name in names:
                said = re.search(rf"\*\*{name}\*\*\W+(.+)", block)
                assert said is not None
                assert len(said[1]) > 10
    assert not re.search(r"\{\w+\}", text)
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.id)
def test_templates_of_both_languages_use_the_same_values(chart: Chart) -> None:
    for text in (chart.caption, chart.alt, chart.title):
        assert text.en
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        fields = [set(re.findall(r"\{(\w+)\}", template)) for template in text]
        assert fields[0] == fields[1]


def test_a_chart_id_declared_twice_raises() -> None:
    chart = CHARTS["waterfall"]
    with pytest.raises(ValueError, match="declared twice: waterfall"):
        _in_order([chart, replace(chart, rank=99)])


def test_a_run_without_tables_skips_the_charts_and_says_why(
    some_tables: Callable[..., Path], tmp_path: Path
) -> None:
    result = draw_gallery(
        some_tables("emissions"), tmp_path / "out", ["en"], formats=["png"], workers=1
    )
    assert {path.name for path in result.files if path.suffix == ".png"} == {
        "emissions-by-sector.en.png", "sector-table.en.png", "trajectory.en.png"
    }  # fmt: skip
    skipped = dict(result.notes)
    assert set(skipped) == set(CHARTS) - {"emissions-by-sector", "sector-table", "trajectory"}
    assert "bridge.csv" in skipped["waterfall"].en
    assert "`waterfall`" in (tmp_path / "out" / "captions.md").read_text(encoding="utf-8")


def test_a_table_written_otherwise_is_told(some_tables: Callable[..., Path]) -> None:
    run = some_tables("emissions", "macc")
    path = run / "tables" / "macc.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("unit_cost", "price", 1), encoding="utf-8")
    notes = dict(gallery.collect(RunTables(run), ["en"])[1])
    assert "written otherwise: macc.csv: no column unit_cost" in notes["marginal-cost"].en


def test_a_name_with_a_sign_the_chinese_font_lacks_is_drawn(
    some_tables: Callable[..., Path], tmp_path: Path
) -> None:
    names = pd.DataFrame(
        [("voc", "Solvents (C₂–C₁₂)", "溶剂（C₂–C₁₂）")], columns=["id", "en", "zh"]
    )
    run = some_tables("emissions", labels=names)
    assert draw_gallery(run, tmp_path / "out", workers=1).files


def test_titles_name_the_region_when_the_run_has_one(
    some_tables: Callable[..., Path], tmp_path: Path
) -> None:
    names = pd.DataFrame([("tongzhou", "Tongzhou", "通州区"), ("t-2021", "Plan 2021", "2021年计划"),
                          ("t", "Township", "某镇")], columns=["id", "en", "zh"])  # fmt: skip
    run = some_tables("emissions", labels=names)
    for region, name, title in (
        ("tongzhou", "x", "通州区2017年各行业排放贡献"),
        ("t", "t-2021", "某镇2017年各行业排放贡献"),
        (None, "x", "2017年各行业排放贡献"),
    ):
        summary = {"region": region, "name": name, "base_year": 2017}
        (run / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
        result = draw_gallery(run, tmp_path / "out", ["zh", "en"], formats=[], workers=1)
        assert result.entries[0].title == title
    assert result.entries[1].title == "Which sector emits what, 2017"


def test_english_title_after_a_region_keeps_names_of_pollutants(tables: RunTables) -> None:
    chart = replace(CHARTS["waterfall"], title=Text("NOx here", "x"), facts=lambda r, w: {})
    job = job_of(tables, chart, place="Tongzhou")
    assert job.heading() == ["Tongzhou: NOx here"]
    job = job_of(
        tables, replace(chart, title=Text("What it is\nbelow", "x")), place="Tongzhou"
    )  # fmt: skip
    assert job.heading() == ["Tongzhou: what it is", "below"]


def test_formats_and_languages_are_chosen(run_folder: Path, tmp_path: Path) -> None:
    paths = draw_gallery(run_folder, tmp_path, ["zh"], formats=["svg"]).files
    kinds = {"".join(path.suffixes) for path in paths}
    assert kinds == {".zh.svg", ".csv", ".md"}


@pytest.mark.parametrize("module", ["lantian.cli.terminal", "lantian.report.frames"])
def test_reading_tables_does_not_load_the_drawing_library(module: str) -> None:
    code = f"import sys, {module}; print('matplotlib' in sys.modules, 'pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == "False"


def test_drawing_does_not_load_pandas() -> None:
    code = (
        "import sys, lantian.report.gallery as g; g.all_charts();"
        "print('pandas' in sys.modules, 'matplotlib.figure' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
