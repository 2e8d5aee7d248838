"""A finished inventory of three sources: what a scenario asks of it is done, or refused."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lantian as lt
from integration.workbench import call, copy_project
from lantian.errors import InputError
from lantian.study.model import Results, Study, notes

SCENARIO = """name: mini
title: {{en: Mini, zh: 小}}
finished: {{inventory: inventory.csv, measures: measures.csv, growth: growth.csv}}
base_year: 2024
last_year: {last}
economics: {{price_year: 2024, discount_rate: 5 %}}
samples: 0
uncertainty: {{swings: false}}
"""
TARGET = {
    "id": "nox",
    "indicator": "emission",
    "pollutant": "NOx",
    "reduce_by": "30 %",
    "relative_to": "2024",
    "bindingness": "binding",
}
COMMITMENT = (
    "  - {{id: k1, clause: [c2], measure: m1, level: 50 %, of: available, from: {first},"
    " {more}bindingness: binding, credit: printed}}\n"
)
MEASURES = """measure,source,pollutant,reduction,unit,reach,cost_per_year,cost_unit
m1,a,NOx,50,%,80 %,{m1},yuan
m2,b,NOx,90,%,100 %,{m2},yuan
m3,c,{dust},50,%,100 %,,
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the inventory with a scenario; return its path."""

    def to(
        more: str = "",
        last: int = 2024,
        target: Mapping[str, str] = TARGET,
        commitment: str = "",
        costs: tuple[str, str] = ("40000", "108000"),
        dust: str = "PM10",
    ) -> Path:
        folder = tmp_path / "scenarios"
        folder.mkdir(exist_ok=True)
        (tmp_path / "inputs").mkdir(exist_ok=True)
        (folder / "inventory.csv").write_text(
            f"source,pollutant,value,unit\na,NOx,100,t\nb,NOx,60,t\nc,{dust},50,t\n"
        )
        (folder / "measures.csv").write_text(MEASURES.format(m1=costs[0], m2=costs[1], dust=dust))
        (folder / "growth.csv").write_text("source,year,value\na,2024,100\na,2028,120\n")
        own = ", ".join(f"{key}: {value}" for key, value in target.items() if value)
        text = SCENARIO.format(last=last)
        text += f"targets:\n  - {{clause: [c1], year: {last}, {own}}}\ncommitments:\n"
        text += COMMITMENT.format(first=min(2025, last), more=commitment) + more
        (folder / "mini.yaml").write_text(text, encoding="utf-8")
        return folder / "mini.yaml"

    return to


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        lt.load(path)
    return str(error.value)


def change(**given: Any) -> str:
    inner = {k: v for k, v in given.items() if k not in ("table", "to", "plus", "times", "growth")}
    rest = {k: v for k, v in given.items() if k not in inner}
    where = ", ".join(f"{k}: {v}" for k, v in inner.items())
    return f"{{where: {{{where}}}, " + ", ".join(f"{k}: {v}" for k, v in rest.items()) + "}"


REACH = {"table": "measures", "measure": "m1", "parameter": "reach"}
EFFICIENCY = {"table": "measures", "control": "m1 on a", "parameter": "efficiency"}
RULE = {"table": "measures", "control": "m1 on a", "parameter": "rule_effectiveness"}


@pytest.mark.parametrize("way", [{"to": "120 %"}, {"plus": "70 %"}, {"times": "3"}])
@pytest.mark.parametrize("number", [REACH, EFFICIENCY, RULE])
@pytest.mark.parametrize("key", ["set:\n  - {}\n", "futures:\n  w:\n    - {}\n"])
def test_no_change_makes_a_share_more_than_all(
    key: str, number: dict[str, str], way: dict[str, str], write: Write
) -> None:
    said = refused(write(key.format(change(**number, **way))))
    assert "is not between 0 % and 100 %" in said
    assert "mini.yaml:1" in said


@pytest.mark.parametrize("number", [REACH, EFFICIENCY])
def test_a_share_may_be_changed_up_to_all(number: dict[str, str], write: Write) -> None:
    whole = {**number, "to": "100 %"}
    for text in (change(**number, times=1.25), change(**whole)):
        study = lt.load(write(f"set:\n  - {text}\n"))
        assert (study.space.central() == 1.0).any()


@pytest.mark.parametrize("way", [{"times": 1.1}, {"to": "50 %"}, {"plus": "1 %"}])
@pytest.mark.parametrize("where", [{"measure": "m1"}, {"control": "m1 on a"}])
def test_a_change_is_about_one_kind_of_numbers(
    where: dict[str, str], way: dict[str, Any], write: Write
) -> None:
    said = refused(write(f"set:\n  - {change(table='measures', **where, **way)}\n"))
    assert "different kinds" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{table: inventory, where: {source: a}, growth: 10 %}", "has no years"),
        ("{level: k1, growth: 10 %}", "has no years"),
        ("{table: measures, where: {measure: m1, item: variable}, growth: 5 %}", "has no years"),
        ("{table: growth, where: {source: a}, growth: 5 %}", ""),
    ],
)
def test_what_is_let_grow_grows_or_is_refused(given: str, said: str, write: Write) -> None:
    text = f"set:\n  - {given}\n"
    if said:
        assert said in refused(write(text, last=2028))
        return
    plain, grown = (lt.load(write(more, last=2028)).baseline for more in ("", text))
    assert grown[0, :, -1].sum() == pytest.approx(plain[0, :, -1].sum() * 1.05**4)


def solved(path: Path) -> tuple[Study, Results, str]:
    study = lt.load(path)
    results = lt.solve(study)
    return study, results, " ".join(m.text("en") for m in notes(study, results))


@pytest.mark.parametrize(
    ("last", "optimise", "word"),
    [
        (2024, "{pathway: {ramp: 0 %}}", "ramp"),
        (2028, "{pathway: {ramp: 5 %}}", "ramp"),
        (2028, "{pathway: {ramp: 5 %, foresight: myopic}}", "ramp"),
        (2028, "{pathway: {}, total_budget: 5 万元}", "budget"),
        (2028, "{pathway: {}, total_budget: 0 万元}", "budget"),
    ],
)
def test_the_best_of_a_pathway_is_one_that_it_can_take(
    last: int, optimise: str, word: str, write: Write
) -> None:
    text = f"optimise:\n  {{relaxation_margin: 0 %, {optimise[1:]}\n".replace("\n  {", " {")
    _, results, said = solved(write(text, last=last))
    (apart,) = results.apart
    nearest = apart.answer.targets[apart.target].value
    assert apart.best == pytest.approx(nearest)
    assert word in said
    assert f"{apart.best:.6g} t/a" in said


def test_measures_without_a_price_are_said_to_act(write: Write) -> None:
    _, _, said = solved(write(costs=("", "")))
    assert "no measure of known cost acts on it" in said
    assert "m1; m2" in said


@pytest.mark.parametrize("limit", [{"at_least": "200 t/a"}, {"rise_by": "10 %"}])
def test_no_target_asks_for_more_of_what_harms(limit: dict[str, str], write: Write) -> None:
    blank = {"reduce_by": ""} | ({"relative_to": ""} if "at_least" in limit else {})
    assert "is better" in refused(write(target={**TARGET, **blank, **limit}))


@pytest.mark.parametrize(
    ("optimise", "key"),
    [
        ("whole: [{measure: m3, unit: all-or-nothing}]", "whole[0].measure"),
        ("requires: [{measure: m1, needs: m3}]", "requires[0].needs"),
        ("bounds: [{measure: m3, at_least: 10 %}]", "bounds[0].at_least"),
    ],
)
def test_limits_on_what_is_never_chosen_are_refused(optimise: str, key: str, write: Write) -> None:
    said = refused(write(f"optimise: {{{optimise}}}\n"))
    assert "is never chosen" in said
    assert key in said


SCHEDULE = "schedule: {{2025: 10 %, 2027: {last}}}, "


def test_a_schedule_ends_at_its_level_and_keeps_its_steps(write: Write) -> None:
    off = refused(write(last=2028, commitment=SCHEDULE.format(last="30 %")))
    assert "the last step of the schedule is not the level 50 %" in off
    on = SCHEDULE.format(last="50 %")
    said = refused(write("set: [{level: k1, to: 80 %}]\n", last=2028, commitment=on))
    assert "all of whose steps would be one" in said
    study = lt.load(write("set: [{level: k1, years: [2027], to: 40 %}]\n", 2028, commitment=on))
    assert study.all_commitments.level[0].tolist() == pytest.approx([0, 0.1, 0.1, 0.4, 0.4])


@pytest.mark.parametrize(
    "worlds",
    [
        "futures: {'': [{level: k1, to: 10 %}]}",
        "futures: {' ': [{level: k1, to: 10 %}]}",
        "futures: {plan: [{level: k1, to: 10 %}]}",
        "baselines: {'': [{table: growth, growth: 1 %}]}",
        "grid: {'': [{level: k1, to: 10 %}, {level: k1, to: 80 %}]}",
        "futures: {w: [{level: k1, to: 10 %}]}\nbaselines: {w: [{table: growth, growth: 1 %}]}",
        "futures: {x 1: [{level: k1, to: 10 %}]}\n"
        "grid: {x: [{level: k1, to: 10 %}, {level: k1, to: 80 %}]}",
    ],
)
def test_worlds_have_names_of_their_own(worlds: str, write: Write) -> None:
    said = refused(write(worlds + "\n", last=2028))
    assert "name" in said or "called" in said


def test_what_is_dropped_is_not_written_beside(write: Write) -> None:
    own = write().with_name("own.yaml")
    own.write_text("extends: mini.yaml\nname: own\ntargets:\n  - {id: nox, reduce_by: 40 %}\n")
    assert lt.load(own).targets
    with own.open("a") as stream:
        stream.write("drop: [nox]\n")
    assert "is dropped, and written here as well" in refused(own)


def test_a_measure_that_costs_nothing_saves_nothing(write: Write) -> None:
    path = write(costs=("0", "108000"))
    said = call("run", "scenarios/mini.yaml", "--no-charts", at=path.parents[1]).out
    assert "pay for themselves" not in said
    assert [line for line in said.splitlines() if line.startswith("m1 ")]


def test_a_frontier_is_between_two_things(write: Write) -> None:
    at = write().parents[1]
    for other in ("nox", "NOx"):
        said = call("frontier", "scenarios/mini.yaml", "--target", "nox", "--against", other, at=at)
        assert said.code != 0
        assert "are the same" in said.err


def test_one_value_is_not_that_of_several_things(write: Write) -> None:
    said = refused(write("set:\n  - {table: inventory, where: {pollutant: NOx}, to: 5 t}\n"))
    assert "gives one value to numbers that differ in their source: a, b" in said
    one = "set:\n  - {table: inventory, where: {source: a, pollutant: NOx}, to: 5 t}\n"
    assert lt.load(write(one)).baseline[0, :, 0].max() == pytest.approx(5.0)
    every = "set:\n  - {table: inventory, where: {pollutant: NOx}, times: 0.5}\n"
    assert lt.load(write(every)).baseline[0, :, 0].max() == pytest.approx(50.0)


@pytest.mark.parametrize("year", [2024, 2025])
def test_a_rate_a_year_needs_years(year: int, write: Write) -> None:
    target = {**TARGET, "reduce_by": "5 %/a", "relative_to": str(year)}
    said = refused(write(target=target, last=2025) if year == 2025 else write(target=target))
    assert f"{year} is not after {year}" in said


def test_a_price_of_carbon_that_changes_no_cost_is_told(write: Write) -> None:
    path, rate = write(), "discount_rate: 5 %"
    text = path.read_text(encoding="utf-8").replace(rate, f"{rate}, carbon_price: 90 yuan/t")
    path.write_text(text, encoding="utf-8")
    told = call("check", "scenarios/mini.yaml", at=path.parents[1])
    assert "mini.yaml:6" in told.out
    assert "the price has no effect" in told.out


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--target", "nox", "--target", "NOx"], 2, "Option '--target' is given twice"),
        (["--target", "nox", "--points", "5", "--points", "6"], 2, "Option '--points' is given"),
        (["--target", "CO2"], 2, "There is nothing of 'CO2' here"),
        (["--target", "PM10"], 2, "No measure that can be chosen changes 'PM10': it is 50 t/a"),
        (["--target", "NOx"], 0, "Other targets of the scenario are not held: dust"),
        (["--target", "NOx", "--hold"], 0, "kinks"),
        (["--target", "NOx", "--against", "dust"], 0, "kinks"),
    ],
)
def test_a_frontier_tells_what_it_does_not_do(
    options: list[str], code: int, said: str, write: Write
) -> None:
    dust = "  - {clause: [c1], year: 2024, id: dust, indicator: emission, pollutant: PM10,"
    path = write()
    text = path.read_text(encoding="utf-8")
    more = f"{dust} at_most: 60 t/a, bindingness: binding}}\ncommitments:"
    path.write_text(text.replace("commitments:", more), encoding="utf-8")
    at = path.parents[1]
    told = call("frontier", "scenarios/mini.yaml", "--no-charts", *options, at=at)
    assert told.code == code, told.err
    assert said in told.out + told.err
    assert ("not held" in told.out) == (said.startswith("Other"))


@pytest.mark.parametrize(("low", "fault"), [("-10", True), ("0", False), ("90", False)])
def test_an_emission_has_no_end_below_0(low: str, fault: bool, write: Write) -> None:
    path = write()
    rows = f"source,pollutant,value,unit,low,high\na,NOx,100,t,{low},110\nb,NOx,60,t,50,70\n"
    path.with_name("inventory.csv").write_text(rows + "c,PM10,50,t,40,60\n")
    if fault:
        assert "an emission cannot be -10" in refused(path)
    else:
        assert lt.load(path)


def test_an_alert_tells_what_the_inventory_has_none_of(write: Write) -> None:
    alert = "alert: {month: 1, %sactions: [{source: a, cost: 1 万元/d}]}\n"
    assert "Write 'particles: PM2.5'" in refused(write(alert % "", dust="PM2.5"))
    path = write(alert % "particles: PM2.5, ", dust="PM2.5")
    said = call("alert", "scenarios/mini.yaml", at=path.parents[1]).out
    assert "NOT COMPLETE: the inventory has no SO2" in said


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of a plan, in a project of its own."""
    project = copy_project(tmp_path_factory.mktemp("worlds"))
    return project.root / "scenarios" / "template-2026-2030.yaml"


LOADED = {"table": "hauls", "where": {"parameter": "loaded-share"}, "to": "0 %"}
NO_STEEL = {"activity": "steel", "to": "0 t"}


def test_what_the_ledger_has_is_dropped_with_an_empty_plan(template: Path) -> None:
    own = template.with_name("dropped.yaml")
    head = "extends: tongzhou-2020.yaml\nname: dropped\ndrop: [scrap-old-trucks]\n"
    own.write_text(head)
    said = refused(own)
    assert "dropped.yaml:3:8  drop[0]" in said
    assert "write 'plan:' with nothing behind it" in said
    own.write_text(f"{head}plan:\n")
    assert "scrap-old-trucks" not in {c.id for c in lt.load(own).scenario.commitments}


@pytest.mark.parametrize("name", [1, None, "", 2.5])
def test_a_world_without_a_name_is_told(name: Any, write: Write) -> None:
    world = {"table": "inventory", "where": {"source": "a"}, "times": 1.1}
    with pytest.raises(InputError, match="a world needs a name"):
        lt.variants(lt.load(write()), {name: world})


def test_a_folder_is_no_book(write: Write) -> None:
    told = call("import", ".", at=write().parent)
    assert (told.code, "is a folder" in told.err) == (2, True)


def test_worlds_in_which_something_is_no_number_are_told(template: Path) -> None:
    study = lt.load(template)
    for world in (LOADED, NO_STEEL):
        with pytest.raises(InputError, match=r"variants\['w'\]\[0\]\n  in 'w' these are not"):
            lt.variants(study, {"w": world})
    own = template.with_name("own.yaml")
    head = f"extends: {template.name}\nname: own\nsamples: 0\n"
    own.write_text(head + "futures: {nosteel: [{activity: steel, to: 0 t}]}\n")
    told = call("check", f"scenarios/{own.name}", at=template.parents[1])
    assert (told.code, "own.yaml:4:" in told.err) == (2, True)
    own.write_text(head + "set: [{table: hauls, where: {parameter: loaded-share}, to: 0 %}]\n")
    assert "own.yaml:4:7  set[0]" in refused(own)


def test_a_world_may_have_dates_beyond_their_ranges(template: Path) -> None:
    earlier = {"table": "standard_dates", "where": {"standard": "III"}, "plus": "-2 a"}
    path = template.with_name("tongzhou-2020.yaml")
    found = lt.variants(lt.load(path), {"w": earlier}, ("baseline",))
    own = path.with_name("earlier.yaml")
    own.write_text(
        f"extends: {path.name}\nname: earlier\n"
        "set: [{table: standard_dates, where: {standard: III}, plus: -2 a}]\n"
    )
    study = lt.load(own)
    last = study.baseline[:, :, -1].sum(axis=0)
    nox = found.query("outcome == 'NOx' and what == 'emission'")["value"]
    assert isinstance(nox, pd.Series)
    at = study.system.pollutants.index("NOx")
    assert nox.iloc[0] == pytest.approx(last[at], rel=1e-9)
