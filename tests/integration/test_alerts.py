"""``lantian alert`` from the scenario file to the list, with the constructed case std-g8."""

import json
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from integration.workbench import Answer, call
from lantian.results.frame import ENCODING

DAILY = {
    ("sites", "PM10"): 5.0,
    ("trucks", "NOx"): 1.5,
    ("trucks", "PM10"): 1.0,
    ("plant", "NOx"): 2.0,
    ("home", "NOx"): 4.0,
    ("home", "PM10"): 6.0,
    ("others", "NOx"): 1.5,
    ("others", "PM10"): 8.0,
}
"""Tonnes of a day: 9 of NOx, 20 of particles."""
SCENARIO = """name: alert
title: {en: Alert, zh: 预警}
finished: {inventory: inventory.csv, measures: measures.csv}
base_year: 2019
last_year: 2019
economics: {price_year: 2019, discount_rate: 0 %}
alert:
  month: 1
  protected: [home]
  actions:
    - {source: sites, cost: 5 万元/d, action: {en: stop earthwork, zh: 停止土石方}}
    - {source: trucks, cost: 6 万元/d, low: 2 万元/d, high: 20 万元/d}
    - {source: plant, cost: 6 万元/d}
"""


def project(folder: Path, scenario: str = SCENARIO) -> Path:
    rows = [f"{source},{pollutant},{365 * t},t" for (source, pollutant), t in DAILY.items()]
    (folder / "inventory.csv").write_text("\n".join(["source,pollutant,value,unit", *rows, ""]))
    (folder / "measures.csv").write_text(
        "measure,source,pollutant,reduction,unit,cost_per_year,cost_unit\n"
        "filter,plant,NOx,50,%,1000,yuan\n"
    )
    path = folder / "alert.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path


def alert(folder: Path, *options: str, scenario: str = SCENARIO, lang: str = "en") -> Answer:
    return call("--lang", lang, "alert", str(project(folder, scenario)), *options)


def test_an_action_on_nothing_is_told(tmp_path: Path) -> None:
    answer = alert(
        tmp_path, scenario=SCENARIO.replace("source: sites,", "source: sites, part: 0 %,")
    )
    assert answer.code == 2
    assert "actions[0].part" in answer.err
    assert "0 % of a source does nothing" in answer.err


def test_a_list_of_exempt_firms_alone_is_told(tmp_path: Path) -> None:
    answer = alert(tmp_path, scenario=SCENARIO.replace("cost:", "grade: A, cost:"))
    assert answer.code == 2
    assert "no action can be ordered" in answer.err


def test_list_of_the_given_case(tmp_path: Path) -> None:
    answer = alert(tmp_path, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    rows = pd.DataFrame(json.loads(answer.out))
    assert rows["cost"].sum() == pytest.approx(28.9e4)
    share = rows.pivot(index="action", columns="level", values="share").fillna(0.0)
    assert share.loc["sites", ["yellow", "orange", "red"]].tolist() == pytest.approx([0.4, 0.72, 1])
    assert share.loc["trucks", ["yellow", "orange", "red"]].tolist() == pytest.approx([0, 0.4, 1])
    assert share.loc["plant", ["yellow", "orange", "red"]].tolist() == pytest.approx(
        [0.45, 0.6, 0.6]
    )
    assert "home" not in set(rows["source"])
    assert set(rows[rows["share"] == 1.0]["order"]) == {"stop"}


def test_one_level_is_the_cheapest_by_itself(tmp_path: Path) -> None:
    text = SCENARIO.replace("month: 1", "month: 1\n  level: orange")
    rows = json.loads(alert(tmp_path, "--format", "json", scenario=text).out)
    assert sum(row["cost"] for row in rows) == pytest.approx(9.4e4)


def test_out_of_reach_is_told_with_the_rest_and_ends_with_3(tmp_path: Path) -> None:
    text = SCENARIO.replace("month: 1", "month: 1\n  cut_of: {PM10: {red: 31 %}}")
    out = tmp_path / "lists"
    answer = alert(tmp_path, "--out", str(out), scenario=text)
    assert answer.code == 3
    assert "0.2 t/d are lacking to 31% of 20 t/d" in answer.out
    assert "protected sources emit 6 t/d" in answer.out
    totals = pd.read_csv(out / "alert_totals.csv", encoding=ENCODING)
    red = totals.set_index(["level", "pollutant"]).loc[("red", "PM10")]
    assert red["short"] == pytest.approx(0.2)
    assert set(red["binding"].split()) == {"sites", "trucks"}
    parts = red["cut"] + red["protected"] + red["unlisted"] + red["beyond_reach"]
    assert parts == pytest.approx(red["total"])


def test_the_list_is_in_chinese_for_a_chinese_reader(tmp_path: Path) -> None:
    answer = alert(tmp_path, lang="zh")
    assert "停止土石方" in answer.out
    assert not {"yellow", "share", "lacking", "stop", "million"} & set(answer.out.split())


def test_parts_of_a_source_by_grade(tmp_path: Path) -> None:
    text = SCENARIO.replace(
        "    - {source: plant, cost: 6 万元/d}",
        "    - {id: best, source: plant, part: 40 %, cost: 1 万元/d, grade: A}\n"
        "    - {id: good, source: plant, part: 30 %, cost: 1 万元/d, grade: B}\n"
        "    - {id: poor, source: plant, part: 30 %, cost: 3 万元/d, grade: C}",
    )
    rows = pd.DataFrame(json.loads(alert(tmp_path, "--format", "json", scenario=text).out))
    share = rows.pivot(index="level", columns="action", values="share").fillna(0.0)
    assert "best" not in share
    assert (share["good"] <= share["poor"] + 1e-9).all()


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = SCENARIO.replace("[home]", "[hom, plant]").replace(
        "cost: 5 万元/d", "cost: 5 万元/a/t"
    ).replace("source: trucks", "source: truck").replace(
        "month: 1", "month: 1\n  year: 2031"
    )  # fmt: skip
    answer = alert(tmp_path, scenario=text)
    assert answer.code == 2
    for told in (
        "'hom' is not a source. Did you mean 'home'?",
        "source 'plant' is protected, and an action is on it.",
        "'truck' is not a source. Did you mean 'trucks'?",
        "Write the cost of a day: 8 万元/d.",
        "2031 is not a year of the scenario. Expected one of 2019.",
        "5 problems",
    ):
        assert told in answer.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("month: 1", "month: 13", "13 is above 12."),
        ("cost: 5 万元/d", "cost: -5 万元/d", "is negative"),
        ("month: 1", "month: 1\n  cut: 130 %", "is not between 0 % and 100 %"),
        ("low: 2", "low: 12", "fails: widen the range or mend the cost"),
        ("source: plant", "source: sites", "several actions are called 'sites'."),
        ("source: plant", "id: x, source: sites, part: 1 %", "take 101% of it."),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    answer = alert(tmp_path, scenario=SCENARIO.replace(old, new))
    assert answer.code == 2
    assert told in answer.err
    assert "alert.yaml:" in answer.err


def test_a_scenario_without_an_alert_is_told_how_to_get_one(tmp_path: Path) -> None:
    answer = alert(tmp_path, scenario=SCENARIO[: SCENARIO.index("alert:\n  month")])
    assert answer.code == 2
    assert "the scenario has no part 'alert'." in answer.err


TARGETS = """targets:
  - {id: red-cut, clause: [own], indicator: alert-cut, alert_level: red,
     at_least: 30 %, year: 2019, bindingness: approx}
"""


def test_a_target_on_an_alert_is_what_its_lists_reach(tmp_path: Path) -> None:
    path = project(tmp_path, SCENARIO.replace("alert:\n  month", f"{TARGETS}alert:\n  month"))
    answer = call("run", str(path), "--no-charts", "--out", str(tmp_path / "runs"))
    assert (answer.code, answer.err) == (0, "")
    table = pd.read_csv(tmp_path / "runs/alert/tables/targets.csv", encoding=ENCODING)
    found = table.set_index("case").loc["baseline"]
    # of particles sites and trucks are 6 of 20 t, of NOx trucks and plant 3.5 of 9
    assert (found["value"], bool(found["met"])) == (pytest.approx(0.3), True)


def test_a_target_on_an_alert_needs_the_alert_and_its_level(tmp_path: Path) -> None:
    without = SCENARIO[: SCENARIO.index("alert:\n  month")] + TARGETS
    assert (
        "'alert-cut' asks for a part 'alert'" in call("check", str(project(tmp_path, without))).err
    )
    text = SCENARIO.replace("alert:\n  month: 1", f"{TARGETS}alert:\n  month: 1\n  level: yellow")
    assert "'red' is not a alert_level here" in call("check", str(project(tmp_path, text))).err
    text = SCENARIO.replace("alert:\n  month", f"{TARGETS}alert:\n  month")
    told = call("check", str(project(tmp_path, text.replace(" alert_level: red,", "")))).err
    assert "a target of 'alert-cut' needs 'alert_level'" in told


def test_what_is_in_no_list_is_told_in_every_format(tmp_path: Path) -> None:
    text = SCENARIO.replace(
        "    - {source: plant, cost: 6 万元/d}",
        "    - {id: best, source: plant, part: 60 %, cost: 1 万元/d, grade: A}\n"
        "    - {id: idle, source: plant, part: 10 %, reach: 0 %, cost: 1 万元/d}\n"
        "    - {id: late, source: others, reach: {yellow: 50 %, orange: 20 %, red: 40 %},"
        " cost: 1 万元/d}",
    )
    answer = alert(tmp_path, "--format", "json", scenario=text)
    rows = pd.DataFrame(json.loads(answer.out))
    assert not {"best", "idle"} & set(rows["action"])
    assert rows.loc[rows["action"] == "late", "share"].iloc[0] == pytest.approx(0.2)
    assert [line.partition(":")[2].strip() for line in answer.err.splitlines()] == [
        "best", "idle", "late",
    ]  # fmt: skip
    shown = alert(tmp_path, scenario=text, lang="zh")
    assert "A级企业豁免，不列入清单：best" in shown.out


def test_the_list_is_filed_as_a_workbook_in_words(tmp_path: Path) -> None:
    alert(tmp_path, "--out", str(tmp_path / "lists"), lang="zh")
    book = load_workbook(tmp_path / "lists" / "alert.xlsx")
    rows = list(book["应急减排清单"].values)
    assert rows[0][:3] == ("预警级别", "措施名称", "排放源")
    column = rows[0].index("中文措施内容")
    assert {row[column] for row in rows[1:]} >= {"停止土石方"}
    assert {row[-1] for row in rows[1:]} == {"元/日"}
