"""Keys and words of a scenario misspelt, values spoilt, one by one: told at a line, or harmless.

``LANTIAN_SCENARIOS=2000 pytest tests/integration/test_changed_scenarios.py`` tries more of them.
"""

import copy
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from integration.workbench import call
from lantian.errors import InputError
from lantian.scenario.nodes import Path_
from lantian.study.load import load
from lantian.study.model import Study
from support.changed_cells import said

INVENTORY = """\
source,sector,area,pollutant,value,unit,year
kiln,industry,north,NOx,1000,t,2024
kiln,industry,north,VOC,100,t,2024
mill,industry,south,NOx,400,t,2024
paint,solvents,south,VOC,700,t,2024
ferry,ships,north,NOx,300,t,2024
ferry,ships,north,SO2,40,t,2024
kiln,industry,north,NOx,1200,t,2020
kiln,industry,north,VOC,110,t,2020
mill,industry,south,NOx,500,t,2020
paint,solvents,south,VOC,800,t,2020
ferry,ships,north,NOx,350,t,2020
ferry,ships,north,SO2,50,t,2020
kiln,industry,north,CO2,30000,t,2024
kiln,industry,north,CO2,33000,t,2020
"""
MEASURES = """\
measure,source,pollutant,reduction,unit,reach,cost_per_year,cost_unit,group
scr,kiln,NOx,60,%,90 %,900000,yuan,
sncr,kiln,NOx,40,%,90 %,300000,yuan,
water,paint,VOC,60,%,80 %,500000,yuan,
hood,kiln,VOC,30,%,80 %,100000,yuan,
engine,ferry,NOx,30,%,50 %,400000,yuan,
sulphur,ferry,SO2,80,%,100 %,100000,yuan,
burner,mill,NOx,30,%,100 %,200000,yuan,
sncr,kiln,CO2,5,%,90 %,300000,yuan,
"""
SCENARIO = """\
name: case
title: {en: Case, zh: 案例}
labels: {kiln: {en: Lime kilns, zh: 石灰窑}}
finished: {inventory: inventory.csv, measures: measures.csv}
base_year: 2024
last_year: 2027
reference_years: [2020]
economics:
  {price_year: 2024, discount_rate: 5 %, inflation: 2 %, currency: yuan, rates: {USD: 7.1 yuan},
   carbon_price: {2024: 60 yuan/t, 2026: 100 yuan/t}}
credit: {parametric: true, enabling: true}
commitments:
  - {id: c1, measure: scr, clause: [a], level: 40 %, of: available, from: 2025, by: 2026,
     bindingness: binding, credit: printed, sources: [kiln], schedule: {2025: 20 %, 2026: 40 %}}
  - {id: c2, measure: water, clause: [b], level: 30 %, of: available, from: 2025, by: 2027,
     bindingness: approx, credit: parametric, low: 20 %, high: 40 %}
targets:
  - {id: nox, clause: [a], indicator: emission, pollutant: NOx, reduce_by: 10 %,
     relative_to: 2020, year: 2027, bindingness: binding, label: {en: NOx cut, zh: 减排}}
  - {id: voc, clause: [a], indicator: emission, pollutant: VOC, sectors: [solvents],
     areas: [south], at_most: 600 t/a, year: 2026, bindingness: approx}
  - {id: so2, clause: [a], indicator: emission, pollutant: SO2, sources: [ferry],
     reduce_by: 10 %, relative_to: baseline, year: 2027, bindingness: best_effort,
     price: 5 万元/t}
optimise:
  floor: plan
  watch: [conditional]
  relaxation_margin: 5 %
  budget: 3000000 yuan/a
  total_budget: 9000000 yuan
  bounds: [{measure: burner, source: mill, at_least: 10 %, at_most: 90 %}]
  exclusive: [[scr, sncr]]
  requires: [{measure: engine, needs: sulphur, ratio: 100 %}]
  resources:
    - {id: crews, at_most: 10 a, uses: [{measure: scr, source: kiln, amount: 5 a},
       {measure: burner, amount: 3 a}]}
  equity: {sectors: 90 %, areas: 90 %}
  guard: {voc_to_nox: 1 %}
  pathway: {ramp: 100 %, foresight: perfect}
set:
  - {economics: discount_rate, to: 6 %}
futures:
  dear: [{table: measures, where: {measure: scr, item: variable}, times: 2}]
  dirty: [{table: inventory, where: {source: kiln, pollutant: NOx}, years: [2024], times: 1.1}]
  late: [{level: c2, by: 2026}]
grid:
  level: [{level: c2, to: 20 %}, {level: c2, to: 40 %}]
baselines:
  more: [{table: inventory, where: {source: ferry}, times: 1.2}]
samples: 64
uncertainty:
  method: monte-carlo
  distributions: [{table: inventory, where: {source: kiln}, distribution: uniform}]
  groups: {kilns: [{table: inventory, where: {source: kiln}}],
           ferries: [{table: inventory, where: {source: ferry}}]}
  correlations: [{between: [kilns, ferries], matrix: [[1, 0.5], [0.5, 1]]}]
robust: {samples: 40, probabilities: [50 %, 90 %], optima: 20}
"""
SHORT = "finished: {inventory: inventory.csv, measures: measures.csv}\n"
OWN = ("id", "clause", "name", "note", "en", "zh")
"""Keys with words that mean nothing beyond themselves."""
WORLDS = ("futures", "grid", "baselines")
"""Parts whose keys are names of one's own."""
NASTY: tuple[Any, ...] = (None, "", "=1+1", "[old]", "\u202e", "a" * 200, -1, 1e300, [], {}, True)


def parts(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    if path:
        yield path
    if isinstance(data, dict | list):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(inner, (*path, key))


def holder(data: Any, path: Path_) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def spelt(data: Any, path: Path_) -> Iterator[tuple[Any, bool]]:
    """Yield the data with a key or a word misspelt, and whether somebody has to be told."""
    key, value = path[-1], holder(data, path)[path[-1]]
    if isinstance(key, str):
        other = copy.deepcopy(data)
        own = holder(other, path)
        items = [(f"{k}x" if k == key else k, v) for k, v in own.items()]
        own.clear()
        own.update(items)
        yield other, not (len(path) == 2 and path[0] in WORLDS)
    if isinstance(value, str):
        other = copy.deepcopy(data)
        holder(other, path)[key] = f"{value}x"
        named = next(part for part in reversed(path) if isinstance(part, str))
        yield other, named not in OWN


def spoilt(data: Any, path: Path_) -> Iterator[tuple[Any, bool]]:
    for value in NASTY:
        other = copy.deepcopy(data)
        holder(other, path)[path[-1]] = value
        yield other, False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("spelt")
    (made / "inventory.csv").write_text(INVENTORY, "utf-8")
    (made / "measures.csv").write_text(MEASURES, "utf-8")
    (made / "case.yaml").write_text(SCENARIO, "utf-8")
    return made


def told(path: Path) -> Study | list[str]:
    """Return the study, or what is wrong, with the line of each before it."""
    try:
        return load(path)
    except InputError as error:
        return [f"{p.place.line}: {p.text()}" for p in error.problems]


def drawn(n: int) -> list[tuple[Path_, Any, bool]]:
    data = YAML(typ="safe", pure=True).load(SCENARIO)
    every = list(parts(data))
    words = [(path, *own) for path in every for own in spelt(data, path)]
    values = [(path, *own) for path in every for own in spoilt(data, path)]
    dice = random.Random(n)
    return [*dice.sample(words, min(n, len(words))), *dice.sample(values, min(n, len(values)))]


def test_misspelt_words_and_spoilt_values_are_told_at_a_line(folder: Path) -> None:
    whole = load(folder / "case.yaml")
    assert not [text for text in said(whole) if "case.yaml" in text]
    known, path = set(said(whole)), folder / "other.yaml"
    for changed, data, must in drawn(int(os.environ.get("LANTIAN_SCENARIOS", "16"))):
        with path.open("w", encoding="utf-8") as stream:
            YAML().dump(data, stream)
        found = told(path)
        new = found if isinstance(found, list) else set(said(found)) - known
        assert not [text for text in new if text.startswith("0: ")], changed
        assert new or not must, changed


@pytest.mark.parametrize(
    ("child", "place", "said_of"),
    [
        ("labels: {kilm: {en: a, zh: b}}", "3:10  labels.kilm", "Did you mean 'kiln'?"),
        ("futures: {plan: [{level: c1, to: 10 %}]}", "3:18  futures.plan[0]", "is what a case"),
        ("futures: {' ': [{level: c1, to: 10 %}]}", "3:17", "a world needs a name"),
        ("futures: {more: [{level: c1, to: 10 %}]}", "more", "two worlds are called"),
        ("targets: [{id: noxx, year: 2026}]", "3:11", "Did you mean id 'nox'?"),
        ("targets: [{id: zzz, year: 2026}]", "3:11", "this is missing. Fill it in."),
        ("finished: {inventory: invntory.csv}", "3:12", "Did you mean 'inventory.csv'?"),
        ("finished: {totals: total.csv}", "3:12", "there is no file 'total.csv'"),
        ("extends: cse.yaml", "2:1", "Did you mean 'case.yaml'?"),
        ("optimise: {interface: pyomo, constraints: a.py}", "3:30", "there is no file 'a.py'"),
        ("set: [{table: measures, where: {measure: ''}, times: 2}]", "3:7", "has '' as its"),
        ("drop: [c3]\ncommitments: [{id: c3}]", "4:15", "this is missing"),
        ("set: [{cost: scr, times: 2}]", "3:7", "where: {measure: scr, item: variable}'"),
        ("set: [{reach: scr, times: 0.5}]", "3:7", "where: {measure: scr, parameter: reach}'"),
        ("set: [{control: scr on kiln, times: 0.5}]", "3:7", "where: {control: scr on kiln,"),
        ("targets: [{id: nox, reduce_by: , at_most: 900 t/a}]", "3:11", "write 'relative_to:'"),
        ("targets: [{id: nox, clause: none}]", "3:21", "says in 'note' why it is asked"),
        ("targets: [{id: nox, clause: []}]", "3:21", "says in 'note' why it is asked"),
        ("commitments: [{id: c1, clause: none}]", "3:24", "says in 'note' why it is asked"),
    ],
)
def test_what_leads_nowhere_is_told_with_the_nearest(
    child: str, place: str, said_of: str, folder: Path
) -> None:
    head = "" if child.startswith("extends") else "extends: case.yaml\n"
    (folder / "child.yaml").write_text(f"{head}name: child\n{child}\n", "utf-8")
    answer = call("check", "child.yaml", at=folder)
    assert said_of in answer.out + answer.err
    assert f"child.yaml:{place}" in answer.out + answer.err or place == "more"


@pytest.mark.parametrize("key", ["level", "measure", "clause", "from", "bindingness", "credit"])
def test_a_key_taken_from_what_is_inherited_is_missing_and_its_id_is_right(
    key: str, folder: Path
) -> None:
    child = f"extends: case.yaml\nname: child\ncommitments:\n  - id: c1\n    {key}:\n"
    (folder / "child.yaml").write_text(child, "utf-8")
    answer = call("check", "child.yaml", at=folder)
    assert f"commitments[0].{key}\n  this is missing. Fill it in." in answer.out + answer.err
    assert "Did you mean id" not in answer.out + answer.err


def test_a_target_of_no_clause_says_why_it_is_asked(folder: Path) -> None:
    child = "targets: [{id: nox, clause: none, note: asked by the council}]\nsamples: 0\n"
    (folder / "child.yaml").write_text(f"extends: case.yaml\nname: child\n{child}", "utf-8")
    study = load(folder / "child.yaml")
    assert [target.target.clause for target in study.targets] == [(), ("a",), ("a",)]


def test_nothing_follows_from_a_commitment_that_cannot_be_read(folder: Path) -> None:
    child = "extends: case.yaml\nname: child\ncommitments: [{id: c2, level: 300 %}]\ndrop: [c2]\n"
    (folder / "child.yaml").write_text(child, "utf-8")
    answer = call("check", "child.yaml", at=folder)
    assert "1 problem; nothing was written." in answer.err


@pytest.mark.parametrize("pollutant", ["VOC", "NOx"])
def test_a_guard_of_what_nobody_emits_is_told(pollutant: str, tmp_path: Path) -> None:
    other = {"VOC": "NOx", "NOx": "VOC"}[pollutant]
    (tmp_path / "inventory.csv").write_text(
        f"source,pollutant,value,unit\nkiln,{other},1,t\n", "utf-8"
    )
    (tmp_path / "measures.csv").write_text(
        f"measure,source,pollutant,reduction,unit,cost_per_year,cost_unit\n"
        f"scr,kiln,{other},60,%,900000,yuan\n",
        "utf-8",
    )
    (tmp_path / "case.yaml").write_text(
        "name: case\ntitle: {en: a, zh: b}\n" + SHORT + "base_year: 2024\nlast_year: 2024\n"
        "economics: {price_year: 2024, discount_rate: 5 %}\n"
        "optimise: {guard: {voc_to_nox: 80 %}}\n",
        "utf-8",
    )
    answer = call("check", "case.yaml", at=tmp_path)
    assert answer.err.startswith("case.yaml:7:12  optimise.guard\n")
    assert f"has no {pollutant}" in answer.err


def test_groups_of_numbers_without_a_range_are_told_and_no_traceback(folder: Path) -> None:
    groups = "{a: [{table: measures, where: {measure: scr}}], b: [{table: measures,"
    groups += " where: {measure: hood}}]}"
    (folder / "child.yaml").write_text(
        f"extends: case.yaml\nname: child\nuncertainty:\n  swings: false\n  groups: {groups}\n"
        "  correlations: [{between: [a, b], matrix: [[1, 0.5], [0.5, 1]]}]\nrobust:\n",
        "utf-8",
    )
    answer = call("run", "child.yaml", "--no-charts", "--out", "runs", at=folder)
    assert answer.code == 0
    assert "child.yaml:5:12  uncertainty.groups.a" in answer.out
    assert "has a range" in answer.out


@pytest.mark.parametrize(
    "key",
    [
        *("ramp: 100 %", "ratio: 100 %", "amount: 5 a", "amount: 3 a", "voc_to_nox: 1 %"),
        "price: 5 万元/t",
    ],
)
def test_a_number_that_says_nothing_at_0_is_asked_back(key: str, folder: Path) -> None:
    name, _, given = key.partition(": ")
    none = f"{name}: 0 {given.partition(' ')[2]}"
    (folder / "none.yaml").write_text(SCENARIO.replace(key, none, 1), "utf-8")
    line = SCENARIO[: SCENARIO.index(key)].count("\n") + 1
    told_of = [w for w in said(load(folder / "none.yaml")) if "nothing at all" in w]
    assert [w.startswith(f"none.yaml:{line}:") for w in told_of] == [True]


def test_a_budget_that_is_too_small_in_every_year_is_told_once(folder: Path) -> None:
    small = SCENARIO.replace("budget: 3000000 yuan/a", "budget: 1000 yuan/a", 1)
    (folder / "small.yaml").write_text(small, "utf-8")
    (said_once,) = told(folder / "small.yaml")
    assert "optimise.budget" in said_once
