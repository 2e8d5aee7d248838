"""Indicators from the scenario file to the run: one that is added, and those that are listed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Finished, Project, call, copy_project
from lantian.indicators import registered
from lantian.indicators.contract import CENTRAL
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.solve import solve
from lantian.vocabulary import GROUPS
from support.columns import projected, study_of

DRIVERS = "inputs/regions/beijing/tongzhou/drivers.csv"
GDP = {2015: 59.5e9, 2017: 75.8e9, 2018: 83.0e9, 2019: 105.9e9, 2020: 110.3e9}
"""Made up: no product of the district is in the tables."""
INTENSITY = """extends: tongzhou-2020.yaml
samples: 32
uncertainty: {swings: false}
name: intensity
targets:
  - id: co2-per-gdp
    clause: [tongzhou-2020-001]
    indicator: co2-intensity
    reduce_by: 40 %
    relative_to: 2015
    year: 2020
    bindingness: binding
"""
LISTED = """extends: tongzhou-2020.yaml
samples: 32
uncertainty: {swings: false}
name: listed
targets:
  - id: own-index
    clause: [tongzhou-2020-001]
    indicator: {other: my-index, unit: "1", value: 6.85}
    year: 2020
    bindingness: binding
"""


def project(folder: Path, text: str) -> tuple[Project, Path]:
    own = copy_project(folder)
    path = own.root / "scenarios" / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return own, path


def run(own: Project, path: Path) -> Finished:
    answer = call("run", str(path), "--no-charts", "--out", str(own.root / "runs"), at=own.root)
    assert answer.code in (0, 3), answer.err
    return Finished(answer, next((own.root / "runs").iterdir()))


@pytest.fixture(scope="module")
def with_gdp(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    own, path = project(tmp_path_factory.mktemp("gdp"), INTENSITY)
    rows = [
        ["gdp", str(year), f"{v:g}", "yuan", f"{0.9 * v:g}", f"{1.1 * v:g}", "assumed",
         "assumption", "made up"]
        for year, v in GDP.items()
    ]  # fmt: skip
    own.write(DRIVERS, [*own.lines(DRIVERS), *rows])
    return own, path


@pytest.fixture(scope="module")
def intensity(with_gdp: tuple[Project, Path]) -> Finished:
    return run(*with_gdp)


def co2(finished: Finished, case: str, year: int) -> float:
    table = finished.table("emissions")
    chosen = (table["pollutant"] == "CO2") & (table["case"] == case) & (table["year"] == year)
    return float(table.loc[chosen, "value"].sum())


def test_an_added_indicator_is_a_target_like_any_other(intensity: Finished) -> None:
    (found,) = (t for t in intensity.summary["targets"] if t["id"] == "co2-per-gdp")
    then, now = (co2(intensity, "baseline", y) / (GDP[y] / 1e4) for y in (2015, 2020))
    assert found["unit"] == "t/wan_yuan"
    assert found["base_value"] == pytest.approx(then)
    assert found["limit"] == pytest.approx(0.6 * then)
    assert found["value"]["baseline"] == pytest.approx(now)
    assert found["value"]["plan"] == pytest.approx(co2(intensity, "plan", 2020) / (GDP[2020] / 1e4))
    assert found["shadow_price_unit"] == "yuan/a/(t/wan_yuan)"
    assert found["max_feasible"] < found["value"]["baseline"]


def test_an_added_indicator_stands_in_the_tables_with_its_range(intensity: Finished) -> None:
    table = intensity.table("indicators")
    rows = table[(table["indicator"] == "co2-intensity") & (table["case"] == "baseline")]
    assert rows["year"].tolist() == sorted(GDP)
    last = rows.iloc[-1]
    assert last["value"] == pytest.approx(co2(intensity, "baseline", 2020) / (GDP[2020] / 1e4))
    assert last["low"] == pytest.approx(last["value"] / 1.1)
    assert last["high"] == pytest.approx(last["value"] / 0.9)


def test_an_added_indicator_has_a_cost_curve(
    with_gdp: tuple[Project, Path], tmp_path: Path
) -> None:
    own, path = with_gdp
    asked = ("--target", "co2-intensity", "--out", str(tmp_path), "--no-charts", "--points", "4")
    answer = call("frontier", str(path), *asked, at=own.root)
    assert answer.code == 0, answer.err


def test_a_curve_of_nothing_known_is_answered_with_the_nearest(
    with_gdp: tuple[Project, Path],
) -> None:
    own, path = with_gdp
    answer = call("frontier", str(path), "--target", "co2-intensty", at=own.root)
    assert answer.code == 2
    assert "'co2-intensty' is no target, pollutant or indicator here." in answer.err
    assert answer.err.rstrip().endswith("Did you mean 'co2-intensity'?")


def test_numbers_of_a_response_may_be_set(tmp_path: Path) -> None:
    # half the effect of a tonne: the district's own part halves, the outside makes up for it
    text = (
        "extends: tongzhou-2020.yaml\nname: weak\nset:\n  - {response: ground-slope, times: 0.5}\n"
    )
    weak, plain = parts(load(project(tmp_path, text)[1])), parts(study_of("tongzhou-2020"))
    assert weak["total"] == pytest.approx(67.0 * 0.948)  # 67 at 273 K, at the actual state
    own = sum(plain[group] for group in GROUPS)
    assert own > 1.0
    assert [weak[g] for g in GROUPS] == pytest.approx([0.5 * plain[g] for g in GROUPS])
    assert weak["city"] == pytest.approx(plain["city"])
    assert weak["regional"] == pytest.approx(plain["regional"] + 0.5 * own)


def parts(study: Study) -> dict[str, float]:
    """The parts of the PM2.5 mean in the base year."""
    case = study.projection(projected(study, "baseline")).at(2017)
    found = study.indicators["pm25"].fitted.parts(case)
    assert found is not None
    return dict(zip(found.component, found.value[:, 0, CENTRAL].tolist(), strict=True))


def test_a_region_without_gdp_is_asked_for_it(tmp_path: Path) -> None:
    own, path = project(tmp_path, INTENSITY)
    answer = call("check", str(path), at=own.root)
    assert answer.code == 2
    assert answer.err.splitlines()[:2] == [
        "scenarios/own.yaml:8:5  targets[0].indicator",
        "  'co2-intensity' asks for GDP. Add rows of the driver 'gdp' to drivers.csv of the region,"
        " in yuan.",
    ]


def test_an_indicator_that_is_not_computed_may_be_listed_by_anyone(tmp_path: Path) -> None:
    found = run(*project(tmp_path, LISTED))
    (own,) = (t for t in found.summary["targets"] if t["id"] == "own-index")
    assert (own["indicator"], own["computed"], own["limit"]) == ("my-index", False, None)
    assert set(own["value"].values()) == {None}
    table = found.table("targets")
    assert set(table.loc[table["target"] == "own-index", "indicator"]) == {"my-index"}


def test_what_a_plan_prints_of_it_is_shown(tmp_path: Path) -> None:
    own, path = project(tmp_path, LISTED)
    path.rename(path.with_name("aaa.yaml"))  # the first scenario of its plan
    (own.root / "scenarios" / "tongzhou-2020.yaml").rename(own.root / "scenarios" / "parent.yaml")
    own.edit("scenarios/aaa.yaml", "extends: tongzhou-2020.yaml", "extends: parent.yaml")
    command = ("plans", "tongzhou-2020", "--targets", "--format")
    (row,) = (
        r for r in json.loads(call(*command, "json", at=own.root).out) if r["target"] == "own-index"
    )
    assert (row["indicator"], row["printed"], row["computed"]) == ("my-index", "6.85 1", False)
    text = call(*command, "md", at=own.root).out
    assert "| own-index | my-index | 6.85 |  | 2020 | binding | not computed |" in text


def test_editors_know_every_indicator() -> None:
    schema = json.loads(call("schema").out)
    forms = schema["$defs"]["Target"]["properties"]["indicator"]["oneOf"]
    names = [name for form in forms for name in form.get("enum", ())]
    assert names == [indicator.id for indicator in registered()]
    assert {"co2-intensity", "emission", "good-days", "pm25", "township-rule"} <= set(names)
    assert {form.get("$ref") for form in forms} == {None, "#/$defs/Other"}
    assert schema["$defs"]["Other"]["required"] == ["other", "unit"]


COUNTED = """extends: tongzhou-2020.yaml
samples: 0
name: counted
targets:
  - id: electric-buses
    clause: [tongzhou-2020-001]
    indicator: activity-share
    activity: {sources: ["bus-*"], technologies: [battery]}
    at_least: 70 %
    year: 2020
    bindingness: binding
  - id: few-diesel-buses
    clause: [tongzhou-2020-001]
    indicator: activity
    activity: {sources: ["bus-*"], technologies: ["diesel*"]}
    reduce_by: 60 %
    relative_to: 2017
    unit: 辆
    year: 2020
    bindingness: binding
"""


def test_targets_on_activity_are_limits_of_the_mix(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What the run tells is what the states hold, and the cheapest mix keeps both limits."""
    _, path = project(tmp_path_factory.mktemp("counted"), COUNTED)
    study = load(path)
    results = solve(study, curves=False)
    case, states = study.projection(results.cases["least_cost"]).at(2020), study.system.states
    own = np.array([study.system.sources.id[s].startswith("bus-") for s in states.source])
    battery = np.array([t == "battery" for t in states.technology])
    diesel = np.array([t.startswith("diesel") for t in states.technology])
    held = case.activity[:, 0, CENTRAL]
    by_id = {t.target.id: t for t in results.targets}
    share, count = by_id["electric-buses"], by_id["few-diesel-buses"]
    assert share.judge(case)[0] == pytest.approx(held[own & battery].sum() / held[own].sum())
    assert count.judge(case)[0] == pytest.approx(held[own & diesel].sum())
    assert share.judge(case)[0] == pytest.approx(0.7)
    assert count.judge(case)[0] <= count.limit * (1 + 1e-9)
    assert share.judge(study.projection(results.cases["baseline"]))[0] < 0.5


TIGHTER = """extends: tongzhou-2021.yaml
samples: 0
name: tighter
targets:
  - {id: township-group-1, at_most: 97 %}
  - {id: township-group-3, at_most: 98.35 %}
  - {id: township-improves, at_most: 97.7 %}
"""


SURFACE = """term,value,unit,low,high,basis,source_key,note
1,60,ug/m3,48,72,assumed,assumption,made up
n,60,ug/m3,48,72,assumed,assumption,made up
v,90,ug/m3,72,108,assumed,assumption,made up
nn,-45,ug/m3,-54,-36,assumed,assumption,made up
nv,0,ug/m3,0,0,assumed,assumption,made up
vv,0,ug/m3,0,0,assumed,assumption,made up
"""
ON_SURFACE = """extends: tongzhou-2021.yaml
samples: 0
uncertainty: {swings: false}
name: on-surface
"""


def test_a_run_with_an_isopleth_shows_plan_and_mix_on_it(tmp_path: Path) -> None:
    own, path = project(tmp_path, ON_SURFACE)
    surface = own.root / "inputs" / "regions" / "beijing" / "tongzhou" / "isopleth.csv"
    surface.write_text(SURFACE, encoding="utf-8")
    table = (found := run(own, path)).table("isopleth")
    cases = table[table["case"].notna()].set_index("case")
    assert {"baseline", "plan", "least_cost"} <= set(cases.index)
    level = found.table("indicators")
    level = level[(level["indicator"] == "o3-8h-p90") & (level["year"] == 2021)].set_index("case")
    emission = found.table("emissions").groupby(["case", "pollutant", "year"])["value"].sum()
    path_of_2021 = {
        row.value / (60 + 60 * row.nox + 90 * row.voc - 45 * row.nox**2)
        for row in table.itertuples()
    }
    # One level of ozone at the emissions of the base year, wherever a row lies on the surface.
    assert max(path_of_2021) == pytest.approx(min(path_of_2021))
    for case, row in cases.iterrows():
        assert row["value"] == pytest.approx(level.loc[case, "value"])
        for column, pollutant in (("nox", "NOx"), ("voc", "VOC")):
            now = emission[case, pollutant, 2021]
            assert row[column] == pytest.approx(now / emission["baseline", pollutant, 2020])
    asked = ("--charts", "isopleth,townships", "--format", "png")
    answer = call("report", str(found.folder), *asked, at=own.root)
    assert answer.code == 0, answer.err


def test_the_cheapest_mix_keeps_the_rule_of_every_township(tmp_path: Path) -> None:
    """The plan keeps it as printed; asked for more, each unit has a choice in the mix."""
    study = load(project(tmp_path, TIGHTER)[1])
    results = solve(study, curves=False)
    plan, mix = (study.projection(results.cases[c]) for c in ("plan", "least_cost"))
    rule = {t.target.id: t for t in results.targets if t.target.indicator_id == "township-rule"}
    assert len(rule) == 5
    for own in rule.values():
        value, _, limit = own.judge(mix)
        assert value <= limit * (1 + 1e-9)
    asked = [rule[name] for name in ("township-group-1", "township-group-3", "township-improves")]
    assert all(own.judge(plan)[0] > own.limit for own in asked)


SEASONAL = """extends: tongzhou-2021.yaml
name: seasonal
targets:
  - id: winter-pm25
    clause: [tongzhou-2021-002]
    indicator: pm25
    season: 11-3
    reduce_by: 0.2 %
    relative_to: baseline
    year: 2021
    bindingness: binding
  - id: summer-ozone
    clause: [tongzhou-2021-002]
    indicator: o3-8h-p90
    season: 6-9
    at_most: 230 ug/m3
    year: 2021
    bindingness: best_effort
  - id: april-dust
    clause: [tongzhou-2021-056]
    indicator: dustfall-worst-month
    season: "4"
    reduce_by: 0.5 %
    relative_to: baseline
    year: 2021
    bindingness: binding
  - id: winter-nox
    clause: [tongzhou-2021-055]
    indicator: emission
    pollutant: NOx
    season: 11-3
    reduce_by: 0.1 %
    relative_to: baseline
    year: 2021
    bindingness: binding
"""


def test_targets_of_months_are_limits_of_the_mix(tmp_path: Path) -> None:
    study = load(project(tmp_path, SEASONAL)[1])
    results = solve(study, curves=False)
    mix = study.projection(results.cases["least_cost"])
    own = {t.target.id: t for t in results.targets if t.target.season is not None}
    assert len(own) == 4
    for name in ("winter-pm25", "april-dust", "winter-nox"):
        assert own[name].rows
        value, base, limit = own[name].judge(mix)
        assert value <= limit * (1 + 1e-9)
        assert limit < base
    assert not own["summer-ozone"].rows
    assert own["summer-ozone"].judge(mix)[0] > 174  # the level of the year


def test_a_season_that_is_none_is_told_at_its_line(tmp_path: Path) -> None:
    own, path = project(tmp_path, SEASONAL.replace("season: 6-9", "season: 6-13"))
    answer = call("check", str(path), at=own.root)
    assert answer.code == 2
    line = SEASONAL.splitlines().index("    season: 6-9") + 1
    assert f"own.yaml:{line}" in answer.err
    assert "'6-13' is no season" in answer.err


WITHOUT_STORMS = """extends: xincheng-2024.yaml
samples: 0
name: without-storms
targets:
  - id: good-days
    sand_dust: without
"""
DAYS = "inputs/regions/china/daily.csv"


def test_days_of_sand_dust_are_those_that_the_table_marks(tmp_path: Path) -> None:
    own, path = project(tmp_path, WITHOUT_STORMS)
    answer = call("check", str(path), at=own.root)
    assert answer.code == 2
    line = WITHOUT_STORMS.splitlines().index("    sand_dust: without") + 1
    assert f"own.yaml:{line}" in answer.err
    assert "Write yes in the column sand_dust of daily.csv" in answer.err
    header, *days = own.lines(DAYS)
    dusty = [float(day[header.index("pm10")] or 0) > 250 for day in days]
    marks = [[*day, "yes" if storm else ""] for day, storm in zip(days, dusty, strict=True)]
    own.write(DAYS, [[*header, "sand_dust"], *marks])
    study = load(path)
    (good,) = (t for t in study.targets if t.target.id == "good-days")
    assert good.fitted is not None
    whole = study.projection(projected(study, "baseline"))
    kept, left = (
        good.fitted.value(whole, replace(good.target.subject, sand_dust=how))[-1, 0]
        for how in ("with", "without")
    )
    # None of these days is good: without them a larger share of the year is.
    valid = 1 - sum(dusty) / len(days)
    assert left == pytest.approx(kept / valid, rel=0.03)
    assert left > kept
    told = good.fitted.told(whole, good.target.subject, 2024)
    assert told is not None
    assert "sand-dust left out" in told.text()
