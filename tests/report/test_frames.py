"""Charts draw the tables of a run alone, and their numbers are the tables'."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lantian.report import style
from lantian.report.chart import Chart, Page, all_charts
from lantian.report.charts import activity_flow, marginal_cost, targets_at_a_glance, waterfall
from lantian.report.columns import slots, years_shown
from lantian.report.frames import Asked, NoData, RunTables, rows_of
from lantian.report.gallery import collect, draw_gallery
from lantian.report.layout import PAGE
from lantian.report.paper import Paper
from lantian.report.steps import digits_of, signed
from lantian.report.words import Text, Words
from lantian.results.contract import TABLES
from lantian.results.frame import Frame
from lantian.vocabulary import POLLUTANTS

CHARTS = {chart.id: chart for chart in all_charts()}
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def tables(run_folder: Path) -> RunTables:
    return RunTables(run_folder)


def frame_of(name: str, tables: RunTables) -> Frame:
    return CHARTS[name].frame(Asked(tables, CHARTS[name].reads))


def drawn(name: str, tables: RunTables) -> pd.DataFrame:
    return frame_of(name, tables).pandas()


def read(name: str, tables: RunTables) -> pd.DataFrame:
    return tables.table(name).pandas()


def words_of(language: str, **labels: Text) -> Words:
    return Words(language, labels)  # type: ignore[arg-type]


def page_of(paper: Paper) -> Page:
    return Page(paper, PAGE, words_of("en"), bottom=PAGE.tallest)


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.id)
def test_a_chart_reads_declared_tables_and_draws_a_declared_one(
    chart: Chart, tables: RunTables
) -> None:
    assert set(chart.reads) <= set(TABLES)
    frame = chart.frame(Asked(tables, chart.reads))
    assert frame.table is chart.drawn
    assert len(frame) > 0
    assert list(frame.columns) == list(chart.drawn.names)
    for column in chart.drawn.columns:
        assert column.means.en
        assert column.means.zh


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.id)
def test_a_chart_asks_for_all_that_it_declares(
    chart: Chart, tables: RunTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = set()
    rows = Asked.rows

    def noted(self: Asked, name: str) -> list[Any]:
        named.add(name)
        return rows(self, name)

    monkeypatch.setattr(Asked, "rows", noted)
    chart.frame(Asked(tables, chart.reads))
    assert named == set(chart.reads)


def test_causes_of_the_most_open_targets_above_the_noise(tables: RunTables) -> None:
    found = drawn("variance-by-input", tables)
    chance = read("probabilities", tables).query("case == 'plan'").set_index("target")
    openness = (chance["probability"] - 0.5).abs()
    shown = found["target"].drop_duplicates().tolist()
    assert len(shown) == 4
    assert openness[shown].tolist() == sorted(openness)[:4]
    assert (found["share"] > found["noise"]).all()
    for _, own in found.groupby("target"):
        assert own["share"].is_monotonic_decreasing
        assert own["rank"].tolist() == [*range(1, len(own) + 1)]
    assert not found["what"].eq("basis").any()


def test_a_chart_asks_only_for_what_it_declares(tables: RunTables) -> None:
    asked = Asked(tables, ("emissions",))
    assert asked.rows("emissions")
    with pytest.raises(LookupError, match=r"does not declare that it reads targets\.csv"):
        asked.some("targets")


def test_tables_are_read_as_they_are_declared(tables: RunTables) -> None:
    targets = tables.table("targets")
    assert targets.table is TABLES["targets"]
    rows = rows_of(targets)
    assert [type(getattr(rows[0], n)) for n in ("target", "year", "limit", "met")] == [
        str, int, float, bool
    ]  # fmt: skip
    empty = next(row for row in rows if row.target == "heavy-days-2020")
    assert empty.met is None
    assert np.isnan(empty.limit)
    assert empty.receptor == ""


def test_an_empty_table_is_as_none(some_tables: Callable[..., Path]) -> None:
    run = some_tables(macc=pd.DataFrame())
    with pytest.raises(NoData):
        RunTables(run).table("macc")


def test_emission_bars_are_the_table_summed_over_sources_and_units(tables: RunTables) -> None:
    frame, rows = drawn("emissions-by-sector", tables), read("emissions", tables)
    for pollutant in style.KEY_POLLUTANTS:
        shown = frame[(frame["pollutant"] == pollutant) & (frame["case"] == "plan")]["value"].sum()
        whole = rows[(rows["pollutant"] == pollutant) & (rows["case"] == "plan")]["value"].sum()
        assert shown == pytest.approx(whole, rel=TOLERANCE)


def test_years_up_to_the_base_year_are_inventory_and_no_plan(tables: RunTables) -> None:
    frame = drawn("emissions-by-sector", tables)
    assert set(frame.loc[frame["case"] == "inventory", "year"]) == {2015, 2017}
    assert set(frame.loc[frame["case"] == "baseline", "year"]) == {2018, 2019, 2020}
    assert set(frame.loc[frame["case"] == "plan", "year"]) == {2018, 2019, 2020}


def test_plan_is_shown_where_the_base_year_is_the_last(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    rows = read("emissions", tables)
    run = some_tables(emissions=rows[rows["year"] == 2020])
    (run / "summary.json").write_text(json.dumps({"base_year": 2020}), encoding="utf-8")
    frame = drawn("emissions-by-sector", RunTables(run))
    assert set(frame["case"]) == {"baseline", "plan", "least_cost"}


def total_target(tables: RunTables, limit: float) -> pd.DataFrame:
    """Return a target on all NOx, its values the totals of the made-up emissions."""
    rows = read("emissions", tables)
    totals = rows[rows["pollutant"] == "NOx"].groupby(["case", "year"])["value"].sum()
    return pd.DataFrame(
        [("all-nox", "emission", "NOx", case, 2020, 2015, totals[("baseline", 2015)], limit,
          totals[case, 2020], "t/a", bool(totals[case, 2020] <= limit))
         for case in ("baseline", "plan", "least_cost")],
        columns=["target", "indicator", "pollutant", "case", "year", "base_year", "base_value",
                 "limit", "value", "unit", "met"],
    )  # fmt: skip


def test_limits_are_those_on_the_whole_emission_alone(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    whole = total_target(tables, 7000.0)
    part = whole.assign(target="road-nox", value=whole["value"] / 2, limit=3000.0)
    run = RunTables(some_tables("emissions", targets=pd.concat([part, whole])))
    frame = drawn("emissions-by-sector", run)
    nox = frame[frame["pollutant"] == "NOx"]
    assert set(nox.loc[nox["year"] == 2020, "limit"]) == {7000.0}
    assert nox.loc[nox["year"] < 2020, "limit"].isna().all()
    assert frame.loc[frame["pollutant"] == "VOC", "limit"].isna().all()


def test_waterfall_goes_from_base_to_final(tables: RunTables) -> None:
    frame = frame_of("waterfall", tables)
    for _, part in CHARTS["waterfall"].parts(frame):
        rows = rows_of(part)
        bars = waterfall._bars(rows, words_of("en"), 10)
        changes = [bar.value for bar in bars if not bar.whole]
        assert bars[0].value + sum(changes) == pytest.approx(bars[-1].value, rel=TOLERANCE)
        assert bars[1].start == pytest.approx(bars[0].end)
        assert bars[-2].end == pytest.approx(bars[-1].end, rel=TOLERANCE)
        sizes = [abs(bar.value) for bar in bars if bar.step == "measure"]
        assert len(sizes) == 10
        assert sizes == sorted(sizes, reverse=True)


def test_pooled_bar_is_the_sum_of_the_rest(tables: RunTables) -> None:
    rows = [row for row in rows_of(frame_of("waterfall", tables)) if row.pollutant == "NOx"]
    sizes = sorted((abs(row.value) for row in rows if row.step == "measure"), reverse=True)
    bars = waterfall._bars(rows, words_of("en"), 4)
    pooled = next(bar for bar in bars if bar.step == "other")
    assert pooled.value == pytest.approx(-sum(sizes[4:]), rel=TOLERANCE)
    assert pooled.name == f"Other measures ({len(sizes) - 4})"


def test_waterfall_begins_at_the_base_year_of_the_target_and_tells_the_limit(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    rows = read("emissions", tables)
    nox = rows[(rows["pollutant"] == "NOx") & (rows["case"] == "baseline")]
    whole = nox.groupby("year")["value"].sum()
    bridge = read("bridge", tables)
    base = (bridge["pollutant"] == "NOx") & (bridge["step"] == "base")
    bridge.loc[base, "value"] = whole[2017]
    run = RunTables(
        some_tables("emissions", targets=total_target(tables, 7000.0), bridge=bridge)
    )  # fmt: skip
    frame = drawn("waterfall", run).set_index(["pollutant", "step"])
    assert frame.loc[("NOx", "start"), "value"].item() == pytest.approx(whole[2015])
    assert frame.loc[("NOx", "past"), "value"].item() == pytest.approx(whole[2017] - whole[2015])
    assert set(frame.loc["NOx", "limit"]) == {7000.0}
    assert "start" not in frame.loc["VOC"].index
    part = CHARTS["waterfall"].parts(frame_of("waterfall", run))[0][1]
    said = CHARTS["waterfall"].facts(part, words_of("en"))
    assert said["years"] == "2015–2020"
    assert "The limit of 7,000 for 2020 (dashed) is" in said["limit"]


def test_waterfall_prints_the_same_decimals_for_all_bars() -> None:
    assert digits_of([-286.4, -0.2]) == 0
    assert digits_of([-2.864, -0.2]) == 1
    assert digits_of([-0.3]) == 2
    assert signed(-0.04, 1) == "0"
    assert signed(204.4, 0) == "+204"


def test_targets_are_all_there_with_their_ranges(tables: RunTables) -> None:
    frame = drawn("targets-at-a-glance", tables)
    plan = frame[frame["case"] == "plan"].set_index("target")
    assert plan["value"]["pm25-2020"] == pytest.approx(54.1)
    assert plan["base_value"]["pm25-2020"] == pytest.approx(66)
    assert bool(plan["met"]["pm25-2020"]) is True
    assert bool(plan["met"]["voc-2020"]) is False
    assert plan["low"]["pm25-2020"] < plan["high"]["pm25-2020"]
    assert plan["low"].drop("pm25-2020").isna().all()


def test_targets_that_are_not_computed_are_told_below(tables: RunTables) -> None:
    paper = Paper(PAGE.width, PAGE.tallest)
    targets_at_a_glance.draw(page_of(paper), frame_of("targets-at-a-glance", tables))
    texts = [label.text for label in paper.labels]
    assert "Not computed: heavy days 2020; township 2020." in texts
    assert "heavy days 2020" not in texts


def test_axis_of_targets_has_a_least_span(tables: RunTables) -> None:
    rows = [r for r in rows_of(frame_of("targets-at-a-glance", tables)) if r.target == "nox-2020"]
    near = [row._replace(value=9240.0, base_value=float("nan")) for row in rows]
    low, high = targets_at_a_glance._limits(near)
    assert high - low >= targets_at_a_glance._SPAN
    assert low < 1 < high


def test_one_target_far_off_does_not_crowd_the_others(tables: RunTables) -> None:
    rows = [r for r in rows_of(frame_of("targets-at-a-glance", tables)) if r.value and r.limit]
    names, words = {row.target: f"<{row.target}>" for row in rows}, words_of("en")
    assert targets_at_a_glance._far(rows, names, words) == []
    far = [rows[0]._replace(value=20.0 * rows[0].limit), *rows[1:]]
    low, high = targets_at_a_glance._limits(far)
    most = targets_at_a_glance._MOST
    assert targets_at_a_glance._limits(rows)[1] < most < high
    assert high - most == pytest.approx(targets_at_a_glance._EDGE * (most - low), rel=0.2)
    (said,) = targets_at_a_glance._far(far, names, words)
    assert said.endswith(f"axis: <{far[0].target}>.")


def test_a_lower_bound_is_told_as_one(some_tables: Callable[..., Path], tables: RunTables) -> None:
    rows = read("targets", tables)
    rising = rows["target"] == "nox-2020"
    rows.loc[rising, "margin"] = (rows["value"] - rows["limit"])[rising]
    run = RunTables(some_tables(targets=rows))
    frame = frame_of("targets-at-a-glance", run)
    senses = frame.pandas().set_index("target")["sense"].to_dict()
    assert (senses["nox-2020"], senses["voc-2020"]) == ("at_least", "at_most")
    paper = Paper(PAGE.width, PAGE.tallest)
    targets_at_a_glance.draw(page_of(paper), frame)
    assert [text.text for text in paper.labels if "at least" in text.text] == [
        "2015: 13,200  at least: 9,240 t/a"
    ]
    said = CHARTS["targets-at-a-glance"].facts(frame, words_of("en"))["least"]
    assert "met right of it" in said


def test_targets_of_one_name_are_told_apart(tables: RunTables) -> None:
    rows = rows_of(frame_of("targets-at-a-glance", tables))[:8]
    labels = {row.target: Text("Cut", "减排") for row in rows}
    names = targets_at_a_glance._names(rows, words_of("en", **labels))
    assert len(set(names.values())) == len(names)


def test_base_year_has_no_mark_where_it_is_the_year_of_the_target(tables: RunTables) -> None:
    row = rows_of(frame_of("targets-at-a-glance", tables))[0]
    assert targets_at_a_glance._has_base(row)
    assert not targets_at_a_glance._has_base(row._replace(base_year=row.year))
    assert not targets_at_a_glance._has_base(row._replace(base_year=None))


def test_strict_reading_has_hollow_marks_a_column_and_a_verdict(tables: RunTables) -> None:
    paper = Paper(PAGE.width, PAGE.tallest)
    targets_at_a_glance.draw(page_of(paper), frame_of("targets-at-a-glance", tables))
    navy = [s for s in paper.shapes if s.edge == style.CASE_COLOURS["plan"] and not s.fill]
    frames = [s for s in navy if len(s.vertices) > 2 and s.line == 1.0]
    assert len(frames) == 5 + 1  # one per computed target, and that of the key
    texts = [label.text for label in paper.labels]
    assert {"9,500", "Binding", "only"} <= set(texts)


def test_strict_reading_is_told_in_words_only_where_its_verdicts_differ(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    chart = CHARTS["targets-at-a-glance"]
    said = chart.facts(frame_of(chart.id, tables), words_of("en"))["verdicts"]
    assert " Plan: 3 of 5 met; missed: voc 2020; transport 2020." in said
    assert "Binding only: 1 of 5 met;" in said
    rows = read("targets", tables)
    met = rows[rows["case"] == "plan"].set_index("target")["met"]
    strict = rows["case"] == "plan_strict"
    same = rows.assign(met=rows["met"].where(~strict, rows["target"].map(met)))
    run = RunTables(some_tables(targets=same))
    said = chart.facts(frame_of(chart.id, run), words_of("en"))["verdicts"]
    assert "Binding only" not in said


def test_uptake_shows_what_matters_with_cut_and_cost(tables: RunTables) -> None:
    frame, rows = drawn("uptake", tables), read("measures", tables)
    last = rows[(rows["year"] == 2020) & (rows["case"] == "plan")].set_index("measure")
    np.testing.assert_allclose(frame["plan"], last["level"].reindex(frame["measure"]))
    np.testing.assert_allclose(frame["plan_cost"], last["cost_yuan"].reindex(frame["measure"]))
    hidden = rows["measure"].nunique() - frame["measure"].nunique()
    assert set(frame["others"]) == {hidden}
    credits_ = read("credits", tables).set_index(["case", "measure", "pollutant"])["credit"]
    first = frame.iloc[0]
    key = ("plan", first["measure"], first["pollutant"])
    assert first["plan_cut"] == pytest.approx(credits_[key])
    assert (frame["weight"] >= 0.01).all()


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
    shown = drawn("uptake", RunTables(some_tables(measures=table))).iloc[0]
    assert shown["plan"] == pytest.approx((50 + 30) / (100 + 300))
    assert shown["least_cost"] == pytest.approx(300 / (100 + 300))
    assert shown["reach"] == pytest.approx((0.9 * 100 + 1.0 * 300) / (100 + 300))


def test_a_cut_stands_in_the_row_of_its_measure_that_costs_most(
    some_tables: Callable[..., Path],
) -> None:
    """A measure on firms and on tonnes of paint: the plan pays for firms, least cost for paint."""
    rows = [
        ("plan", "firm", 5, 0.5, 90.0), ("least_cost", "firm", 0, 0.0, 0.0),
        ("plan", "t", 20, 0.2, 10.0), ("least_cost", "t", 10, 0.1, 5.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["case", "uptake_unit", "uptake", "level", "cost_yuan"])
    table = table.assign(measure="m", source=table["uptake_unit"], sector="voc", year=2020, reach=1)
    cuts = pd.DataFrame([("plan", 40.0), ("least_cost", 8.0)], columns=["case", "credit"]).assign(
        measure="m", pollutant="VOC", year=2020, unit="t/a", alone=1.0, last_in=1.0, error=0.0
    )
    run = RunTables(some_tables("targets", measures=table, credits=cuts))
    shown = drawn("uptake", run).set_index("uptake_unit")
    assert shown["plan_cut"].dropna().to_dict() == {"firm": 40.0}
    assert shown["least_cost_cut"].dropna().to_dict() == {"t": 8.0}


def test_one_number_of_measures_in_caption_and_below_the_chart(tables: RunTables) -> None:
    frame = frame_of("uptake", tables)
    facts = CHARTS["uptake"].facts(frame, words_of("en"))
    paper = Paper(PAGE.width, PAGE.tallest)
    CHARTS["uptake"].draw(page_of(paper), frame)
    below = " ".join(" ".join(label.text for label in paper.labels).split())
    assert f"of the {facts['n']} measures that bring at least" in below
    assert f"{facts['others']} more bring less or none" in below


def test_merged_cost_curve_keeps_reduction_and_cost(tables: RunTables) -> None:
    frame, rows = drawn("marginal-cost", tables), read("macc", tables)
    for pollutant, steps in frame.groupby("pollutant"):
        own = rows[rows["pollutant"] == pollutant]
        assert steps["reduction"].sum() == pytest.approx(own["reduction"].sum(), rel=TOLERANCE)
        paid = (steps["reduction"] * steps["unit_cost"]).sum()
        assert paid == pytest.approx((own["reduction"] * own["unit_cost"]).sum(), rel=TOLERANCE)
        ends = (steps["left"] + steps["reduction"]).to_numpy()
        np.testing.assert_allclose(steps["left"].to_numpy()[1:], ends[:-1])
        assert steps["merged"].sum() == len(own)


def steps_of(*cells: tuple[str, float, float]) -> list[Any]:
    return [marginal_cost._Step(r, c, c, ((name, r),)) for name, r, c in cells]


def test_neighbours_are_merged_where_the_curve_changes_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marginal_cost, "_STEPS", 2)
    steps = steps_of(("a", 10.0, 100.0), ("b", 1.0, 110.0), ("c", 10.0, 900.0))
    merged = marginal_cost._merged(steps)
    assert [step.count for step in merged] == [2, 1]
    assert merged[0].cost == pytest.approx((10 * 100 + 1 * 110) / 11)
    assert merged[0].measure == "a"
    assert merged[0].dearest == 110.0


def test_knee_is_where_the_curve_turns_up() -> None:
    steps = steps_of(("a", 40.0, 10.0), ("b", 40.0, 20.0), ("c", 10.0, 500.0), ("d", 10.0, 900.0))
    assert marginal_cost._knee(steps) == 80.0


def test_limit_on_the_cost_curve_is_what_the_baseline_lacks(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    run = RunTables(
        some_tables("emissions", "macc", "measures", targets=total_target(tables, 7000.0))
    )
    frame = drawn("marginal-cost", run)
    nox = frame[frame["pollutant"] == "NOx"].iloc[0]
    rows = read("emissions", tables)
    totals = rows[(rows["pollutant"] == "NOx") & (rows["year"] == 2020)].groupby("case")["value"]
    assert nox["limit"] == pytest.approx(totals.sum()["baseline"] - 7000.0)
    assert nox["plan"] == pytest.approx(totals.sum()["baseline"] - totals.sum()["plan"])
    assert frame.loc[frame["pollutant"] == "VOC", "limit"].isna().all()


def test_fleet_counts_every_truck_once(tables: RunTables) -> None:
    frame, rows = drawn("fleet-by-standard", tables), read("activity", tables)
    trucks = rows[rows["source"].str.contains("truck") & (rows["case"] == "plan")]["value"].sum()
    shown = frame[(frame["group"] == "truck") & (frame["case"] == "plan")]["value"].sum()
    assert shown == pytest.approx(trucks, rel=TOLERANCE)
    assert set(frame["group"]) == {"truck", "bus", "car", "service"}


def test_shares_of_sectors_add_up(tables: RunTables) -> None:
    frame = drawn("sector-table", tables)
    assert set(frame["year"]) == {2017}
    np.testing.assert_allclose(frame.groupby("pollutant")["share"].sum(), 1)
    np.testing.assert_allclose(frame["share"] * frame["total"], frame["value"])


def test_contributions_to_pm25_are_the_tables_and_the_limit_stands_in_its_year(
    tables: RunTables,
) -> None:
    frame = drawn("pm25-by-contribution", tables)
    model = frame[frame["what"] == "model"]
    parts = model[model["component"] != "total"].groupby(["case", "year"])["value"].sum()
    total = model[model["component"] == "total"].set_index(["case", "year"])["value"]
    np.testing.assert_allclose(parts, total.reindex(parts.index))
    seen = frame[frame["what"] == "observed"].set_index("year")["value"]
    assert seen.to_dict() == {2015: 92.5, 2017: 66.0, 2018: 55.0}
    limits = frame[frame["what"] == "limit"]
    assert list(zip(limits["year"], limits["value"], strict=True)) == [(2020, 55.0)]


def test_costs_leave_out_what_is_unknown_and_count_it(tables: RunTables) -> None:
    frame, rows = drawn("cost-by-sector", tables), read("costs", tables)
    plan = rows[(rows["case"] == "plan") & (rows["year"] == 2020)]
    shown = frame[frame["case"] == "plan"]
    assert shown["cost"].sum() == pytest.approx(plan["cost_yuan"].sum(), rel=TOLERANCE)
    assert shown["unpriced"].sum() == 3
    assert shown["priced"].sum() == plan["measure"].nunique() - 3


def test_what_has_no_price_is_hatched_and_counted_beside_the_bar(tables: RunTables) -> None:
    paper = Paper(PAGE.width, PAGE.tallest)
    CHARTS["cost-by-sector"].draw(page_of(paper), frame_of("cost-by-sector", tables))
    assert any(label.text.endswith("+ 3 unpriced") for label in paper.labels)
    assert any(shape.fill is None and shape.edge for shape in paper.shapes)


def test_ways_of_choosing_tell_cost_excess_and_targets_met(tables: RunTables) -> None:
    frame = drawn("ways-of-choosing", tables).set_index("rule")
    assert frame["met"].to_dict() == {
        "plan": 3, "ranked_in_turn": 4, "largest_reduction": 1, "least_cost": 5, "maximum": 5
    }  # fmt: skip
    said = CHARTS["ways-of-choosing"].facts(frame_of("ways-of-choosing", tables), words_of("en"))
    assert "Plan as written: 578 of 950 million yuan/a" in said["lost"]


@pytest.mark.parametrize(("cost", "apart"), [(347e6, True), (372e6, False)])
def test_the_two_least_costs_of_the_plans_result_have_two_names(
    cost: float, apart: bool, some_tables: Callable[..., Path], tables: RunTables
) -> None:
    """What measures of unknown cost reach is in one of them: the picture says in which."""
    rows = read("comparators", tables)
    plan = rows[rows["rule"] == "plan"]
    more = plan.assign(rule="match_plan", cost=cost, least_cost_for_same=cost, excess=0.0)
    run = RunTables(some_tables(comparators=pd.concat([rows, more])))
    paper = Paper(PAGE.width, PAGE.tallest)
    CHARTS["ways-of-choosing"].draw(page_of(paper), frame_of("ways-of-choosing", run))
    texts = " ".join(" ".join(label.text for label in paper.labels).split())
    assert ("without what measures of unknown cost" in texts) is apart
    said = CHARTS["ways-of-choosing"].facts(frame_of("ways-of-choosing", run), words_of("en"))
    assert bool(said["matched"]) is apart


def test_basis_shares_are_the_tables(tables: RunTables) -> None:
    frame = drawn("basis-of-numbers", tables)
    assert len(frame) == len(read("basis", tables))
    np.testing.assert_allclose(frame.groupby(["what", "pollutant"])["share"].sum(), 1)


def test_basis_shows_activity_and_factor_beside_emission_when_the_run_has_them(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    rows = read("basis", tables)
    more = [rows[rows["what"] == "emission"].assign(what=what) for what in ("activity", "factor")]
    run = some_tables("emissions", basis=pd.concat([rows, *more]))
    (run / "summary.json").write_text(json.dumps({"base_year": 2017}), encoding="utf-8")
    frame = drawn("basis-of-numbers", RunTables(run))
    assert list(dict.fromkeys(frame["what"])) == ["activity", "factor", "emission"]
    assert set(frame["year"]) == {2017}


def test_parts_of_measures_in_a_cut_add_up(tables: RunTables) -> None:
    frame = drawn("measure-effects", tables)
    np.testing.assert_allclose(frame.groupby("pollutant")["share"].sum(), 1)
    assert set(frame["case"]) == {"plan"}


def test_cost_per_tonne_is_cost_over_cut_of_measures_with_a_price(tables: RunTables) -> None:
    frame, costs = drawn("cost-per-tonne", tables), read("costs", tables)
    np.testing.assert_allclose(frame["per_tonne"] * frame["cut"], frame["cost"])
    unpriced = set(costs.loc[~costs["known"], "measure"])
    assert not unpriced & set(frame["measure"])
    assert set(frame["per_tonne_unit"]) == {"yuan/t"}


def test_trajectory_has_every_year_with_observations_and_limits(tables: RunTables) -> None:
    frame = drawn("trajectory", tables)
    mean = frame[frame["item"] == "pm25"]
    assert set(mean.loc[mean["what"] == "observed", "year"]) == {2015, 2016, 2017, 2018}
    assert list(mean.loc[mean["what"] == "limit", "value"]) == [55.0]
    rows = read("emissions", tables)
    nox = rows[(rows["pollutant"] == "NOx") & (rows["case"] == "plan") & (rows["year"] == 2019)]
    shown = frame.set_index(["item", "case", "year"])["value"]
    assert shown["NOx", "plan", 2019] == pytest.approx(nox["value"].sum(), rel=TOLERANCE)


def test_trajectory_shows_what_targets_limit_and_the_stricter_first(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    """Whatever a run computes, a slide has room for six panels."""
    means, targets = read("indicators", tables), read("targets", tables)
    dust = means[means["indicator"] == "dustfall"]
    more = [dust.assign(indicator=f"index-{n}") for n in range(9)]
    aims = targets[targets["indicator"] == "dustfall"]
    wishes = [aims.assign(target=f"wish-{n}", indicator=f"index-{n}") for n in (7, 5, 3)]
    wishes[0] = wishes[0].assign(bindingness="approx")
    wishes[1:] = [own.assign(bindingness="best_effort") for own in wishes[1:]]
    run = some_tables(
        "emissions",
        indicators=pd.concat([means, *more]),
        targets=pd.concat([targets, *wishes]),
    )
    items = list(dict.fromkeys(drawn("trajectory", RunTables(run))["item"]))
    assert items[2:] == ["pm25", "dustfall", "index-7", "index-3"]
    assert set(items[:2]) <= set(POLLUTANTS)


def test_clauses_are_counted_by_field_and_fate(tables: RunTables) -> None:
    frame = drawn("clause-ledger", tables).set_index(["field", "fate"])["clauses"]
    assert frame["vehicles", "modelled"] == 17
    assert frame["target", "listed-target"] == 6
    assert frame.sum() == len(read("clauses", tables))


def test_commitments_tell_what_falls_short(tables: RunTables) -> None:
    said = CHARTS["commitments"].facts(frame_of("commitments", tables), words_of("en"))
    assert said["n"] == "13"
    assert said["short"] == "1"
    assert said["names"] == "do zev new sanitation"
    frame = drawn("commitments", tables)
    assert frame["reached"].isna().sum() == 3  # there was nothing to act on


def test_areas_add_up_to_the_table(tables: RunTables) -> None:
    frame, rows = drawn("areas", tables), read("area_emissions", tables)
    for pollutant in ("NOx", "VOC", "PM2.5"):
        shown = frame[(frame["pollutant"] == pollutant) & (frame["case"] == "plan")]["value"].sum()
        whole = rows[(rows["pollutant"] == pollutant) & (rows["case"] == "plan")]["value"].sum()
        assert shown == pytest.approx(whole, rel=TOLERANCE)
    assert frame["area"].iloc[0] == "yongshun"


def test_prices_are_compared_by_one_per_cent_of_each_limit(tables: RunTables) -> None:
    frame = drawn("shadow-prices", tables).set_index("target")
    assert frame["one_percent"]["voc-2020"] == pytest.approx(0.01 * 10290 * 65000)
    said = CHARTS["shadow-prices"].facts(frame_of("shadow-prices", tables), words_of("en"))
    assert (said["n"], said["binding"], said["relaxed"]) == ("3", "2", "voc 2020")
    assert "voc 2020 65,000 yuan/t" in said["prices"]
    assert "pm25 2020 120 million yuan/(µg/m³)" in said["prices"]


def test_transfers_are_the_tables(tables: RunTables) -> None:
    frame, rows = drawn("transfers", tables), read("costs", tables)
    plan = rows[(rows["case"] == "plan") & (rows["year"] == 2020)]["transfer"].sum()
    shown = frame.loc[frame["case"] == "plan", "transfer"].sum()
    assert shown == pytest.approx(plan, rel=TOLERANCE)


def test_costs_by_effect_are_costs_over_what_is_better(tables: RunTables) -> None:
    shown = drawn("cost-per-effect", tables).set_index(["target", "case"])
    targets = read("targets", tables).set_index(["target", "case"])["value"]
    costs = read("costs", tables)
    own = costs[(costs["case"] == "plan") & (costs["year"] == 2020) & costs["known"]]
    row = shown.loc[("nox-2020", "plan")]
    assert row["cost"] == pytest.approx(own["cost_yuan"].sum(), rel=TOLERANCE)
    better = targets["nox-2020", "baseline"] - targets["nox-2020", "plan"]
    assert row["effect"] == pytest.approx(better, rel=TOLERANCE)
    assert row["per_unit"] == pytest.approx(row["cost"] / better, rel=TOLERANCE)
    assert row["per_unit_unit"] == "yuan/t"


def test_benefits_stand_beside_the_net_cost_with_their_ranges(tables: RunTables) -> None:
    shown = drawn("benefit-and-cost", tables).set_index(["group", "item", "case"])
    table = read("benefits", tables).set_index(["case", "function"])
    assert shown.loc[("money", "cost", "plan"), "value"] == table.loc[("plan", "gemm"), "cost"]
    assert ("money", "gbd benefit", "plan") not in shown.index
    deaths = shown.loc[("deaths", "fusion", "least_cost")]
    ends = table.loc[("least_cost", "fusion"), ["avoided", "avoided_low", "avoided_high"]]
    assert [deaths["value"], deaths["low"], deaths["high"]] == ends.tolist()


def test_an_estimate_of_nought_is_not_compared(tables: RunTables) -> None:
    frame = drawn("topdown-check", tables)
    assert list(frame["pollutant"]) == ["NOx", "PM2.5", "SO2"]
    said = CHARTS["topdown-check"].facts(frame_of("topdown-check", tables), words_of("en"))
    assert (said["n"], said["within"]) == ("3", "2")


def test_a_finished_inventory_is_drawn(some_tables: Callable[..., Path], tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [("baseline", "x", "x", "inventory", "kiln 三", "NOx", 2020, 120.0, "t/a"),
         ("baseline", "x", "x", "inventory", "kiln 三", "SO2", 2020, 7.0, "t/a"),
         ("plan", "x", "x", "inventory", "kiln 三", "NOx", 2025, 80.0, "t/a"),
         ("baseline", "x", "x", "inventory", "kiln 三", "NOx", 2025, 110.0, "t/a")],
        columns=["case", "region", "unit_area", "sector", "source", "pollutant", "year", "value",
                 "unit"],
    )  # fmt: skip
    result = draw_gallery(some_tables(emissions=rows), tmp_path / "out", formats=["svg"], workers=1)
    assert len([path for path in result.files if path.suffix == ".svg"]) == 3 * 2


def test_a_run_without_key_pollutants_shows_its_own(some_tables: Callable[..., Path]) -> None:
    rows = pd.DataFrame(
        [("baseline", "x", "cows", "cow", "NH3", 2011, 39.8, "t/a"),
         ("least_cost", "x", "cows", "cow", "NH3", 2011, 31.7, "t/a")],
        columns=["case", "region", "sector", "source", "pollutant", "year", "value", "unit"],
    )  # fmt: skip
    frame = drawn("emissions-by-sector", RunTables(some_tables(emissions=rows)))
    assert list(frame["value"]) == [39.8, 31.7]


def test_a_run_without_a_plan_says_nothing_about_one(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    keep = {}
    for name in ("emissions", "targets", "measures", "costs", "credits", "indicators", "macc"):
        rows = read(name, tables)
        keep[name] = rows[~rows["case"].isin(["plan", "plan_strict"])] if "case" in rows else rows
    keep["costs"] = keep["costs"][keep["costs"]["case"] == "least_cost"].assign(unit="USD/a")
    run = RunTables(some_tables("labels", **keep))
    jobs, _ = collect(run, ["en"])
    texts = {job.stem: job.entry() for job in jobs}
    assert {"targets-at-a-glance", "uptake", "cost-by-sector", "trajectory"} <= set(texts)
    for stem, entry in texts.items():
        said = f"{entry.title} {entry.caption} {entry.alt}"
        assert "plan" not in said.lower().replace("plant", ""), (stem, said)
    assert "USD" in texts["cost-by-sector"].caption
    assert "yuan" not in texts["cost-by-sector"].caption


def test_only_baseline_and_no_response_is_no_error(
    some_tables: Callable[..., Path], tables: RunTables
) -> None:
    keep = {name: read(name, tables) for name in ("indicators", "measures", "costs", "activity")}
    cut = {name: rows[rows["case"] == "baseline"] for name, rows in keep.items()}
    cut["indicators"] = cut["indicators"][cut["indicators"]["indicator"] != "pm25"]
    run = some_tables("labels", "vehicles", **cut)
    (run / "summary.json").write_text(json.dumps({"base_year": 2017}), encoding="utf-8")
    assert {job.stem for job in collect(RunTables(run), ["zh"])[0]} == {
        "fleet-by-standard",
        "trajectory",
    }


def test_flows_add_up_to_what_each_state_holds(tables: RunTables) -> None:
    """What leaves and stays is the baseline, what comes and stays is the plan, state by state."""
    frame, rows = drawn("activity-flow", tables), read("activity", tables)
    year, case = frame["year"][0], frame["case"][0]
    assert case == "plan"
    rows = rows[rows["year"] == year]
    for source, own in frame.groupby("source"):
        held = rows[rows["source"] == source]
        for end, of in (("from", "baseline"), ("to", "plan")):
            here = own[own[f"{end}_technology"] != "no-state"]
            found = here.groupby(f"{end}_technology")["value"].sum()
            known = held[held["case"] == of].set_index("technology")["value"]
            told = [state for state in found.index if state != "other-states"]
            assert found[told].to_dict() == pytest.approx(known[told].to_dict(), rel=1e-3)
            assert found.sum() == pytest.approx(known.sum(), rel=1e-3)
    assert frame["source"].nunique() > 1


def test_names_beside_flows_stand_apart() -> None:
    placed = activity_flow._apart([0.1, 0.12, 0.9], [0.1, 0.2, 0.1], 0.0, 1.0)
    assert placed == pytest.approx([0.1, 0.25, 0.9])
    assert activity_flow._apart([0.95, 0.97], [0.1, 0.2], 0.0, 1.0) == pytest.approx([0.75, 0.9])


def test_columns_stand_to_the_scale_of_time_and_many_years_are_thinned_out() -> None:
    pairs = [(2015, "inventory"), (2017, "inventory"), (2020, "baseline"), (2020, "plan")]
    here = slots(pairs, 3.0)
    assert here.places[1] - here.places[0] == pytest.approx(2.0)
    assert here.places[:2] == pytest.approx([2015, 2017])
    assert sum(here.places[2:]) / 2 == pytest.approx(2020)
    many = [(year, case) for year in range(2020, 2051) for case in ("baseline", "plan")]
    shown = years_shown([(2019, "inventory"), *many], 2.0)
    assert {2019, 2050} <= set(shown)
    assert len(shown) < 15
    assert years_shown(pairs, 3.0) == [2015, 2017, 2020]


def test_colours_of_unknown_sectors_are_those_of_the_run_in_every_chart() -> None:
    colours = style.sector_colours(["dust", "energy", "transport"])
    page = Page(Paper(6, 4), PAGE, words_of("en"), colours)
    assert page.tints(["transport"])["transport"] != page.tints(["energy"])["energy"]
    assert page.tints(["dust"])["dust"] == style.SECTOR_COLOURS["dust"]
