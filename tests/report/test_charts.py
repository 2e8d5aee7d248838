"""Charts are drawn from the tables alone, in both languages, and their numbers are the tables'."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from lantian.report import draw_charts, draw_gallery, gallery, lettering, marks, style
from lantian.report.chart import Chart, Page, _in_order, all_charts
from lantian.report.charts import sector_table, targets_at_a_glance, waterfall
from lantian.report.frames import NoData, RunTables
from lantian.report.lettering import wrap
from lantian.report.paper import BOX, Paper
from lantian.report.words import Text, Words, figures, like

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = {chart.id: chart for chart in all_charts()}
ELSEWHERE = {"cost-frontier", "ways-of-choosing"}
"""Charts of tables that the made-up run lacks; the optimiser's tests have them."""
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def drawn(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All charts, drawn in this process so that warnings are seen (they are errors here)."""
    out = tmp_path_factory.mktemp("charts")
    result = draw_gallery(run_folder, out, workers=1)
    assert {chart for chart, _ in result.notes} <= ELSEWHERE
    return out


@pytest.fixture(scope="module")
def tables(run_folder: Path) -> RunTables:
    return RunTables(run_folder)


def stems(tables: RunTables) -> list[str]:
    charts = [chart for chart in all_charts() if chart.id not in ELSEWHERE]
    return [stem for chart in charts for stem, _ in chart.parts(chart.frame(tables))]


def test_every_chart_is_written_in_both_languages_and_formats(
    drawn: Path, tables: RunTables
) -> None:
    expected = {
        f"{s}.{lang}.{kind}"
        for s in stems(tables)
        for lang in ("zh", "en")
        for kind in ("png", "svg")
    }
    assert {path.name for path in drawn.iterdir()} == expected | {"captions.md"}
    assert len(CHARTS) >= 10


def test_pictures_are_not_blank(drawn: Path) -> None:
    for path in drawn.glob("*.png"):
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("L"))
        assert picture.width == round(style.WIDTH * style.DPI)
        assert (pixels < 250).mean() > 0.01, path.name


def test_nothing_is_cut_off_at_the_edges(drawn: Path) -> None:
    for path in drawn.glob("*.png"):
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("L"))
        edge = np.concatenate([pixels[:, :4].ravel(), pixels[:, -4:].ravel(), pixels[:4].ravel()])
        assert edge.min() > 250, path.name


def test_svg_holds_text_as_text_and_no_date(drawn: Path) -> None:
    for path in drawn.glob("*.svg"):
        root = ElementTree.parse(path).getroot()
        texts = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
        assert len(texts) > 10, path.name
        assert any("Lantian 0.1.0" in text for text in texts)
        assert "date" not in path.read_text(encoding="utf-8").lower()


def test_a_sign_without_a_glyph_is_an_error_in_these_tests(run_folder: Path) -> None:
    chart = replace(CHARTS["waterfall"], title=Text("\U000f1234", "\U000f1234"))
    frame = chart.parts(chart.frame(RunTables(run_folder)))[0][1]
    job = gallery.Job(chart, "x", frame, Words("en", {}), "")
    with pytest.warns(UserWarning, match="Glyph"):
        gallery.draw_paper(job)


def test_drawing_twice_and_in_processes_gives_the_same_files(
    drawn: Path, run_folder: Path, tmp_path: Path
) -> None:
    paths = draw_charts(run_folder, tmp_path)
    assert len(paths) == len(list(drawn.iterdir()))
    for path in paths:
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_processes_gives_the_same_bytes(
    drawn: Path, run_folder: Path, tmp_path: Path, workers: int
) -> None:
    for path in draw_gallery(run_folder, tmp_path, workers=workers).files:
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_an_error_in_another_process_is_told(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(paper: Paper) -> bytes:
        if any("unknown" in label.text for label in paper.labels):
            raise ValueError("no such sign")
        return b""

    monkeypatch.setitem(gallery._FORMATS, "png", stumble)
    chart = CHARTS["waterfall"]
    jobs = [
        gallery.Job(replace(chart, title=Text(title, title)), title, rows, words_of("en"), "")
        for title in ("known", "unknown")
        for _, rows in chart.parts(chart.frame(RunTables(run_folder)))[:1]
    ]
    with pytest.raises(ValueError, match="no such sign"):
        gallery._draw_all(jobs, tmp_path, ["png"], 2)


def test_captions_and_alternative_texts_exist_in_both_languages(
    drawn: Path, tables: RunTables
) -> None:
    text = (drawn / "captions.md").read_text(encoding="utf-8")
    for stem in stems(tables):
        for language, caption, alt in (
            ("en", "Caption", "Alternative text"),
            ("zh", "图注", "替代文本"),
        ):
            block = text.split(f"`{stem}.{language}`")[1].split("\n## ")[0]
            for name in (caption, alt):
                said = re.search(rf"\*\*{name}\*\*\W+(.+)", block)
                assert said is not None
                assert len(said[1]) > 20
    assert not re.search(r"\{\w+\}", text)
    assert "nan" not in text


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.id)
def test_templates_of_both_languages_use_the_same_values(chart: Chart) -> None:
    for text in (chart.caption, chart.alt, chart.title):
        assert text.en
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
    for text in (chart.alt, chart.title):
        fields = [set(re.findall(r"\{(\w+)\}", template)) for template in text]
        assert fields[0] == fields[1]


def test_emission_bars_are_the_table_summed_over_sources_and_units(tables: RunTables) -> None:
    frame = CHARTS["emissions-by-sector"].frame(tables)
    rows = tables.table("emissions")
    for pollutant in style.KEY_POLLUTANTS:
        shown = frame[(frame["pollutant"] == pollutant) & (frame["case"] == "plan")]["value"].sum()
        whole = rows[(rows["pollutant"] == pollutant) & (rows["case"] == "plan")]["value"].sum()
        assert shown == pytest.approx(whole, rel=TOLERANCE)


def test_waterfall_goes_from_base_to_final(tables: RunTables) -> None:
    frame = CHARTS["waterfall"].frame(tables)
    assert set(frame["pollutant"]) == {"NOx", "VOC", "PM2.5"}
    for _, bars in frame.groupby("pollutant"):
        steps = bars[~bars["step"].isin(["base", "final"])]
        base, final = (
            float(bars.loc[bars["step"] == s, "value"].iloc[0]) for s in ("base", "final")
        )
        assert base + steps["value"].sum() == pytest.approx(final, rel=TOLERANCE)
        assert steps["start"].iloc[0] == pytest.approx(base)
        assert steps["end"].iloc[-1] == pytest.approx(final, rel=TOLERANCE)
        assert (bars["step"] == "measure").sum() == 10
        sizes = bars.loc[bars["step"] == "measure", "value"].abs()
        assert sizes.is_monotonic_decreasing


def test_pooled_bar_is_the_sum_of_the_rest(tables: RunTables) -> None:
    bars = CHARTS["waterfall"].frame(tables)
    bars = bars[bars["pollutant"] == "NOx"]
    rows = tables.table("bridge")
    rest = rows[
        (rows["pollutant"] == "NOx")
        & (rows["step"] == "measure")
        & ~rows["measure"].isin(bars["measure"])
    ]
    pooled = bars[bars["step"] == "other"].iloc[0]
    assert pooled["value"] == pytest.approx(rest["value"].sum(), rel=TOLERANCE)
    assert pooled["count"] == len(rest)


def test_targets_stand_relative_to_their_limit_and_uncomputed_ones_come_last(
    tables: RunTables,
) -> None:
    frame = CHARTS["targets-at-a-glance"].frame(tables)
    plan = frame[frame["case"] == "plan"].set_index("target")
    assert plan["position"]["pm25-2020"] == pytest.approx(100 * 54.1 / 55)
    assert plan["base_position"]["pm25-2020"] == pytest.approx(100 * 66 / 55)
    assert bool(plan["reached"]["pm25-2020"]) is True
    assert bool(plan["reached"]["voc-2020"]) is False
    assert list(plan.index[-2:]) == ["heavy-days-2020", "township-2020"]
    assert plan["empty"].sum() == 2


def test_uptake_keeps_every_measure_and_shows_those_that_differ(tables: RunTables) -> None:
    frame = CHARTS["uptake"].frame(tables)
    rows = tables.table("measures")
    assert len(frame) == rows["measure"].nunique()
    last = rows[(rows["year"] == 2020) & (rows["case"] == "plan")].set_index("measure")["level"]
    np.testing.assert_allclose(frame["plan"], last.reindex(frame["measure"]))
    assert (frame.loc[frame["shown"], "apart"] > 0).all()


def test_cost_curve_steps_lie_end_to_end(tables: RunTables) -> None:
    frame = CHARTS["marginal-cost"].frame(tables)
    for pollutant, steps in frame.groupby("pollutant"):
        rows = tables.table("macc")
        whole = rows.loc[rows["pollutant"] == pollutant, "reduction"].sum()
        ends = (steps["left"] + steps["reduction"]).to_numpy()
        np.testing.assert_allclose(steps["left"].to_numpy()[1:], ends[:-1])
        assert ends[-1] == pytest.approx(whole, rel=TOLERANCE)


def test_fleet_counts_every_truck_once(tables: RunTables) -> None:
    frame = CHARTS["fleet-by-standard"].frame(tables)
    rows = tables.table("activity")
    trucks = rows[rows["source"].str.contains("truck") & (rows["case"] == "plan")]["value"].sum()
    shown = frame[(frame["group"] == "truck") & (frame["case"] == "plan")]["value"].sum()
    assert shown == pytest.approx(trucks, rel=TOLERANCE)
    assert set(frame["group"]) == {"truck", "bus", "car", "service"}


def test_shares_of_sectors_add_up(tables: RunTables) -> None:
    frame = CHARTS["sector-table"].frame(tables)
    assert set(frame["year"]) == {2017}
    np.testing.assert_allclose(frame.groupby("pollutant")["share"].sum(), 1)


def test_contributions_to_pm25_are_the_tables_and_observations_and_limit_are_there(
    tables: RunTables,
) -> None:
    frame = CHARTS["pm25-by-contribution"].frame(tables)
    model = frame[frame["what"] == "model"]
    parts = model[model["component"] != "total"].groupby(["case", "year"])["value"].sum()
    total = model[model["component"] == "total"].set_index(["case", "year"])["value"]
    np.testing.assert_allclose(parts, total.reindex(parts.index))
    assert list(frame.loc[frame["what"] == "observed", "value"]) == [92.5, 83.0, 66.0, 55.0]
    assert list(frame.loc[frame["what"] == "limit", "value"]) == [55]


def test_costs_leave_out_what_is_unknown_and_count_it(tables: RunTables) -> None:
    frame = CHARTS["cost-by-sector"].frame(tables)
    rows = tables.table("costs")
    plan = rows[(rows["case"] == "plan") & (rows["year"] == 2020)]
    shown = frame[frame["case"] == "plan"]
    assert shown["cost_yuan"].sum() == pytest.approx(plan["cost_yuan"].sum(), rel=TOLERANCE)
    assert shown["unknown"].sum() == 3


def test_basis_shares_are_the_tables(tables: RunTables) -> None:
    frame = CHARTS["basis-of-numbers"].frame(tables)
    assert len(frame) == len(tables.table("basis"))
    np.testing.assert_allclose(frame.groupby(["what", "pollutant"])["share"].sum(), 1)


def test_a_run_without_tables_skips_the_charts_and_says_why(
    some_tables: Callable[..., Path], tmp_path: Path
) -> None:
    result = draw_gallery(some_tables("emissions"), tmp_path / "out", ["en"], ["png"], workers=1)
    names = {path.name for path in result.files}
    assert names == {"emissions-by-sector.en.png", "sector-table.en.png", "captions.md"}
    skipped = dict(result.notes)
    assert set(skipped) == set(CHARTS) - {"emissions-by-sector", "sector-table"}
    assert "bridge.csv" in skipped["waterfall"].en
    assert "`waterfall`" in (tmp_path / "out" / "captions.md").read_text(encoding="utf-8")


def test_a_finished_inventory_is_drawn(some_tables: Callable[..., Path], tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [("baseline", "x", "x", "inventory", "kiln 三", "NOx", 2020, 120.0, "t/a"),
         ("baseline", "x", "x", "inventory", "kiln 三", "SO2", 2020, 7.0, "t/a"),
         ("plan", "x", "x", "inventory", "kiln 三", "NOx", 2025, 80.0, "t/a"),
         ("baseline", "x", "x", "inventory", "kiln 三", "NOx", 2025, 110.0, "t/a")],
        columns=["case", "region", "unit_area", "sector", "source", "pollutant", "year", "value",
                 "unit"],
    )  # fmt: skip
    result = draw_gallery(some_tables(emissions=rows), tmp_path / "out", workers=1)
    assert len(result.files) == 2 * 2 * 2 + 1


def test_only_baseline_and_no_response_is_no_error(
    some_tables: Callable[..., Path], tables: RunTables, tmp_path: Path
) -> None:
    keep = {name: tables.table(name) for name in ("indicators", "measures", "costs", "activity")}
    cut = {name: rows[rows["case"] == "baseline"] for name, rows in keep.items()}
    cut["indicators"] = cut["indicators"][cut["indicators"]["indicator"] != "pm25"]
    run = some_tables("labels", **cut)
    result = draw_gallery(run, tmp_path / "out", ["zh"], ["png"], workers=1)
    assert {p.name for p in result.files} == {"fleet-by-standard.zh.png", "captions.md"}


def test_an_empty_table_is_as_none(some_tables: Callable[..., Path]) -> None:
    run = some_tables(macc=pd.DataFrame())
    with pytest.raises(NoData):
        RunTables(run).table("macc")


def test_a_chart_id_declared_twice_raises() -> None:
    chart = CHARTS["waterfall"]
    with pytest.raises(ValueError, match="declared twice: waterfall"):
        _in_order([chart, replace(chart, rank=99)])


def test_neighbours_in_a_stack_differ_in_grey() -> None:
    for colours in (style.SECTOR_COLOURS, style.BASIS_COLOURS, style.COMPONENT_COLOURS):
        grey = [grey_of(colour) for colour in colours.values()]
        assert np.abs(np.diff(grey)).min() > 20


def grey_of(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        (12345, "en", "12.3 k"),
        (12345, "zh", "1.23万"),
        (3.2e8, "zh", "3.2亿"),
        (-4500, "zh", "−4,500"),
        (0.01234, "en", "0.0123"),
        (0, "en", "0"),
        (1000, "en", "1 k"),
    ],
)
def test_numbers_are_short(value: float, language: str, said: str) -> None:
    assert Words(language, {}).compact(value) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tops", "unit", "language", "size", "said"),
    [
        ([49_000, 8_000], "t/a", "zh", 1, "吨/年"),
        ([320_000, 92_000, 42_000], "t/a", "zh", 1e4, "万吨/年"),
        ([320_000, 92_000, 42_000], "t/a", "en", 1e3, "kt/a"),
        ([390_000, 2_900], "vehicle", "zh", 1e4, "万辆"),
        ([390_000, 900], "vehicle", "zh", 1, "辆"),
        ([390_000, 2_900], "vehicle", "en", 1e3, "thousand vehicles"),
        ([2.9e9], "t/a", "en", 1e6, "Mt/a"),
    ],
)
def test_one_unit_for_all_numbers_of_a_chart(
    tops: list[float], unit: str, language: str, size: float, said: str
) -> None:
    scale = Words(language, {}).scale(tops, unit)  # type: ignore[arg-type]
    assert (scale.size, scale.unit) == (size, said)
    assert scale.say(tops[0]) == figures(tops[0] / size)


def test_sums_of_money_are_in_ten_thousands_or_millions_and_never_lost() -> None:
    zh = Words("zh", {}).scale([9.28e8, 3e3], "yuan/a", money=True)
    en = Words("en", {}).scale([9.28e8, 3e3], "yuan/a", money=True)
    assert (zh.short(928_360_115), zh.unit) == ("92,836", "万元/年")
    assert (en.short(928_360_115), en.unit) == ("928", "million yuan/a")
    assert en.short(3_000) == "<0.01"
    assert en.short(-54_600) == "−0.05"
    assert Words("en", {}).scale([5e6], "USD/a", money=True).unit == "million USD/a"


def test_a_value_has_the_decimals_of_its_limit() -> None:
    assert [like(v, 55) for v in (53, 53.96, 100)] == ["53.0", "54.0", "100.0"]
    assert like(94.4, 139) == "94"
    assert like(-1.5, 0) == "−1.5"


def test_a_long_name_is_broken_between_words_and_signs() -> None:
    assert wrap("Zero-emission share of new buses", 7.5, 2) == "Zero-emission\nshare of new…"
    assert wrap("国三及以下柴油货车提前淘汰", 7, 2) == "国三及以下柴油\n货车提前淘汰"
    assert wrap("4.5吨以下邮政、轻型环卫车", 6, 3) == "4.5吨以下邮\n政、轻型环卫\n车"
    assert figures(float("nan")) == "–"
    assert wrap("溶剂使用与油品储运（VOCs）", 10, 2) == "溶剂使用与油品储运\n（VOCs）"


def test_other_cases_do_not_repeat_the_baseline_up_to_the_base_year(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    rows = tables.table("emissions")
    again = rows[(rows["case"] == "baseline") & (rows["year"] <= 2017)].assign(case="plan")
    run = RunTables(some_tables("bridge", emissions=pd.concat([rows, again])))
    frame = CHARTS["emissions-by-sector"].frame(run)
    assert set(frame.loc[frame["case"] == "plan", "year"]) == {2018, 2019, 2020}


def test_uptake_over_several_sources_is_weighted_by_what_it_can_be_applied_to(
    some_tables: Callable[..., Path],
) -> None:
    rows = [  # 100 cars, plan moves 50; 300 vans, plan moves 30, least cost 300; nothing for taxis
        ("plan", "car", 50, 0.5, 0.9), ("least_cost", "car", 0, 0.0, 0.9),
        ("plan", "van", 30, 0.1, 1.0), ("least_cost", "van", 300, 1.0, 1.0),
        ("plan", "taxi", 0, 0.0, 1.0), ("least_cost", "taxi", 0, 0.0, 1.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["case", "source", "uptake", "level", "reach"])
    table = table.assign(measure="m", sector="on-road", year=2020, uptake_unit="vehicle")
    shown = CHARTS["uptake"].frame(RunTables(some_tables(measures=table))).iloc[0]
    assert shown["plan"] == pytest.approx((50 + 30) / (100 + 300))
    assert shown["least_cost"] == pytest.approx(300 / (100 + 300))
    assert shown["reach"] == pytest.approx((0.9 * 100 + 1.0 * 300) / (100 + 300))


def test_steps_of_one_measure_share_a_number(some_tables: Callable[..., Path]) -> None:
    rows = [("NOx", 0, "a", 5.0, 10.0), ("NOx", 1, "b", 3.0, 20.0), ("NOx", 2, "a", 2.0, 30.0)]
    table = pd.DataFrame(rows, columns=["pollutant", "order", "measure", "reduction", "unit_cost"])
    run = RunTables(some_tables(macc=table.assign(unit="yuan/t", method="integrated")))
    assert list(CHARTS["marginal-cost"].frame(run)["number"]) == [1, 2, 1]


def test_basis_shows_activity_and_factor_beside_emission_when_the_run_has_them(
    some_tables: Callable[..., Path], tables: RunTables, tmp_path: Path
) -> None:
    rows = tables.table("basis")
    more = [rows[rows["what"] == "emission"].assign(what=what) for what in ("activity", "factor")]
    run = some_tables("emissions", "bridge", basis=pd.concat([rows, *more]))
    frame = CHARTS["basis-of-numbers"].frame(RunTables(run))
    assert list(dict.fromkeys(frame["what"])) == ["activity", "factor", "emission"]
    assert set(frame["year"]) == {2017}
    assert draw_gallery(run, tmp_path / "out", ["zh"], ["png"], workers=1).files


def test_a_second_font_is_used_only_for_signs_the_first_lacks() -> None:
    chinese, spare = lettering.faces()
    assert [run.face for run in lettering.set_line("通州区 NOx µg/m³ ≤ ✓ × −").runs] == [chinese]
    runs = lettering.set_line("PM₂.₅").runs
    assert [(run.text, run.face) for run in runs] == [
        ("PM", chinese), ("₂", spare), (".", chinese), ("₅", spare)
    ]  # fmt: skip


def test_letters_are_kerned_and_a_line_is_as_wide_as_its_signs() -> None:
    face = lettering.faces()[0]
    assert face.kern("To") < -0.05
    assert lettering.width("To") == pytest.approx(0.599 + 0.606 + face.kern("To"), abs=2e-3)
    assert lettering.width("国三12") == pytest.approx(2 + 2 * 0.555)
    assert lettering.set_line("国三12").width == lettering.width("国三12")


def test_a_name_with_a_sign_the_chinese_font_lacks_is_drawn(
    some_tables: Callable[..., Path], tables: RunTables, tmp_path: Path
) -> None:
    names = pd.DataFrame(
        [("voc", "Solvents (C₂–C₁₂)", "溶剂（C₂–C₁₂）")], columns=["id", "en", "zh"]
    )
    run = some_tables("emissions", labels=names)
    assert draw_gallery(run, tmp_path / "out", workers=1).files


def words_of(language: str, **labels: Text) -> Words:
    return Words(language, labels)  # type: ignore[arg-type]


def test_titles_name_the_region_when_the_run_has_one(
    some_tables: Callable[..., Path], tmp_path: Path
) -> None:
    names = pd.DataFrame([("tongzhou", "Tongzhou", "通州区"), ("t-2021", "Plan 2021", "2021年计划"),
                          ("t", "Township", "某镇")], columns=["id", "en", "zh"])  # fmt: skip
    run = some_tables("emissions", labels=names)
    for region, name, title in (
        ("tongzhou", "x", "通州区2017年各行业排放贡献"),
        ("t-2021", "t-2021", "某镇2017年各行业排放贡献"),  # the id is the plan's too
        (None, "x", "2017年各行业排放贡献"),
    ):
        summary = {"region": region, "name": name, "base_year": 2017}
        (run / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
        result = draw_gallery(run, tmp_path / "out", ["zh", "en"], [], workers=1)
        assert result.entries[0].title == title
    assert result.entries[1].title == "Which sector emits what, 2017"


def test_english_title_after_a_region_keeps_names_of_pollutants() -> None:
    chart = replace(CHARTS["waterfall"], title=Text("NOx here", "x"), facts=lambda r, w: {})
    rows = pd.DataFrame()
    job = gallery.Job(chart, "x", rows, words_of("en"), "", "Tongzhou")
    assert job.heading() == ["Tongzhou: NOx here"]
    job = replace(job, chart=replace(chart, title=Text("What it is\nbelow", "x")))
    assert job.heading() == ["Tongzhou: what it is", "below"]


def test_colours_of_unknown_sectors_are_those_of_the_run_in_every_chart() -> None:
    colours = style.sector_colours(["dust", "energy", "transport"])
    page = Page(Paper(6, 4), words_of("en"), colours)
    assert page.tints(["transport"])["transport"] != page.tints(["energy"])["energy"]
    assert page.tints(["dust"])["dust"] == style.SECTOR_COLOURS["dust"]
    assert len(set(style.SECTOR_COLOURS.values())) == len(style.SECTOR_COLOURS)


def test_a_run_without_a_plan_says_nothing_about_one(
    some_tables: Callable[..., Path], tables: RunTables, tmp_path: Path
) -> None:
    keep = {
        name: tables.table(name)[tables.table(name)["case"] != "plan"]
        for name in ("emissions", "targets", "measures", "costs")
    }
    keep["costs"] = keep["costs"][keep["costs"]["case"] == "least_cost"].assign(unit="USD/a")
    run = some_tables("labels", **keep)
    result = draw_gallery(run, tmp_path / "out", ["en", "zh"], ["png"], workers=1)
    drawn = {entry.stem: entry for entry in result.entries if entry.language == "en"}
    assert {"targets-at-a-glance", "uptake", "cost-by-sector"} <= set(drawn)
    for stem in ("targets-at-a-glance", "uptake", "cost-by-sector"):
        said = drawn[stem].title + drawn[stem].caption + drawn[stem].alt
        assert "plan" not in said.lower(), said
    assert "USD" in drawn["cost-by-sector"].caption
    assert "yuan" not in drawn["cost-by-sector"].caption
    frame = CHARTS["uptake"].frame(RunTables(run))
    np.testing.assert_allclose(frame["apart"], frame["least_cost"])


def test_base_year_has_no_mark_where_it_is_the_year_of_the_target() -> None:
    rows = pd.DataFrame({"base_position": [120.0, 130.0], "base_year": [2015, 2020],
                         "year": [2020, 2020], "case": ["baseline", "baseline"]})  # fmt: skip
    assert list(targets_at_a_glance._with_base(rows)) == [True, False]


def test_strict_reading_has_a_mark_a_column_and_a_verdict(tables: RunTables) -> None:
    rows = CHARTS["targets-at-a-glance"].frame(tables)
    strict = rows[rows["case"] == "plan_strict"].set_index("target")["position"]
    assert strict["nox-2020"] == pytest.approx(100 * 9500 / 9240)
    paper = Paper(style.WIDTH, 5)
    targets_at_a_glance.draw(Page(paper, words_of("en")), rows)
    frames = [s for s in paper.shapes if s.edge == style.CASE_COLOURS["plan"] and not s.fill]
    assert len(frames) == 2  # the marks, and that of the key
    assert len(frames[0].codes) == strict.notna().sum() * len(BOX)
    heads = [label.text for label in paper.labels if label.size == style.TINY]
    assert [text for text in heads if text.isalpha()][-6:] == [
        "Baseline",
        "Plan",
        "Binding",
        "only",
        "Least",
        "cost",
    ]
    assert "9,500" in heads


def test_strict_reading_is_told_in_words_only_where_its_verdicts_differ(tables: RunTables) -> None:
    chart = CHARTS["targets-at-a-glance"]
    rows = chart.frame(tables)
    said = chart.facts(rows, words_of("en"))["verdicts"]
    assert "Plan meets: nox 2020, pm25 2020, dustfall 2020;" in said
    assert "Binding only meets: dustfall 2020; misses: nox 2020," in said
    plan = rows[rows["case"] == "plan"].set_index("target")["reached"]
    same = rows.assign(
        reached=rows["reached"].where(rows["case"] != "plan_strict", rows["target"].map(plan))
    )
    assert "Binding only" not in chart.facts(same, words_of("en"))["verdicts"]


def test_lines_without_values_stand_closer(tables: RunTables) -> None:
    places, total = targets_at_a_glance._places(CHARTS["targets-at-a-glance"].frame(tables))
    gaps = np.diff(list(places.values()))
    assert gaps[0] == 1
    assert gaps[-1] == pytest.approx(targets_at_a_glance._EMPTY_ROW)
    assert total == pytest.approx(5 + 2 * targets_at_a_glance._EMPTY_ROW)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_panels_and_key_do_not_touch(count: int) -> None:
    places = marks.grid(count)
    wide, tall = places.panel
    for left, top in places.corners:
        assert left + wide < style.WIDTH
        assert top + tall + style.FOOT < places.height
        beside = places.key[0] >= left + wide or places.key[1] >= top + tall
        assert beside or places.key[0] + 1 < left
    assert places.key[0] + 0.8 < style.WIDTH


def test_waterfall_prints_the_same_decimals_for_all_bars(tables: RunTables) -> None:
    rows = CHARTS["waterfall"].frame(tables)
    nox = rows[rows["pollutant"] == "NOx"]
    assert waterfall._digits(nox) == 0
    small = nox.assign(value=nox["value"] / 100)
    assert waterfall._digits(small) == 1
    assert waterfall._signed(-0.04, 1) == "0"
    assert waterfall._signed(204.4, 0) == "+204"
    said = CHARTS["waterfall"].facts(nox, words_of("en"))
    base = float(nox.loc[nox["step"] == "base", "value"].iloc[0])
    assert said["base"] == f"{base:,.0f}"


def test_cells_of_the_sector_table_print_the_values_of_the_table(tables: RunTables) -> None:
    rows = CHARTS["sector-table"].frame(tables)
    scales = sector_table._scales(rows, words_of("zh"))
    assert scales["NOx"].unit == "吨/年"
    assert (scales["CO2"].size, scales["CO2"].unit) == (1e4, "万吨/年")
    total = float(rows.loc[rows["pollutant"] == "CO2", "value"].sum())
    assert scales["CO2"].say(total) == figures(total / 1e4)


def test_ends_of_the_cost_curve_in_the_caption_are_steps_one_can_see(
    some_tables: Callable[..., Path],
) -> None:
    rows = [("NOx", 0, "a", 500.0, 1e4), ("NOx", 1, "b", 500.0, 2e5), ("NOx", 2, "c", 1e-6, 9e9)]
    table = pd.DataFrame(rows, columns=["pollutant", "order", "measure", "reduction", "unit_cost"])
    run = RunTables(some_tables(macc=table.assign(unit="yuan/t", method="integrated")))
    said = CHARTS["marginal-cost"].facts(CHARTS["marginal-cost"].frame(run), words_of("zh"))
    assert (said["low"], said["high"], said["unit"]) == ("1", "20", "万元/吨")
    assert said["all"] == "3"


def test_reading_the_terminal_module_does_not_load_the_drawing_library() -> None:
    code = "import sys, lantian.cli.terminal; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
