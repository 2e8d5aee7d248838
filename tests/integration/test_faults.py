"""Small inputs that once went wrong: each is one of a kind, and says what is right now."""

from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from integration.workbench import Answer, Project, call
from lantian.vocabulary import POLLUTANTS

SCENARIO = """\
name: case
title: {{en: Case, zh: 案例}}
finished: {{inventory: {inventory}, measures: measures.csv}}
base_year: 2024
last_year: {last}
economics: {{price_year: 2024, discount_rate: {rate}}}
targets:
  - {{id: cut, clause: [x], indicator: emission, pollutant: NOx, reduce_by: {cut},
     relative_to: 2024, year: {last}, bindingness: binding}}
"""
INVENTORY = "source,pollutant,value,unit"
MEASURES = "measure,source,pollutant,reduction,unit,cost_per_year,cost_unit"
SCR = "scr,kiln,NOx,50,%,100000,yuan"


@dataclass(frozen=True)
class Case:
    """A finished inventory of one kiln, unless it says otherwise."""

    inventory: tuple[str, ...] = ("kiln,NOx,100,t",)
    measures: tuple[str, ...] = (SCR,)
    rate: str = "5 %"
    cut: str = "20 %"
    last: int = 2024
    extra: str = ""
    head: str = INVENTORY
    file: str = "inventory.csv"
    more: dict[str, str] = field(default_factory=dict)

    def run(self, folder: Path, command: str = "run") -> Answer:
        text = SCENARIO.format(inventory=self.file, last=self.last, rate=self.rate, cut=self.cut)
        (folder / "scenario.yaml").write_text(text + self.extra, encoding="utf-8")
        rows = {
            "inventory.csv": (self.head, *self.inventory),
            "measures.csv": (MEASURES, *self.measures),
        }
        for name, lines in rows.items():
            (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        options = ["--no-charts", "--out", "runs"] if command == "run" else []
        return call(command, "scenario.yaml", *options, at=folder)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("5 t", "5 t is not a share"),
        ("-100 %", "is not between 0 % and 30 %"),
        ("800 %", "is not between 0 % and 30 %"),
        ("25 %%", "'%%' is not a known unit"),
        ("0.05", "0.05 has no unit; write for instance '30 %'"),
        ("[5 %]", "is not a number with its unit"),
    ],
)
def test_a_discount_rate_that_is_none_is_told_at_its_place(
    rate: str, said: str, tmp_path: Path
) -> None:
    answer = Case(rate=rate).run(tmp_path)
    assert answer.code == 2
    assert answer.err.startswith("scenario.yaml:6:")
    assert "economics.discount_rate" in answer.err.splitlines()[0]
    assert said in answer.err


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        ("-20 %", "-20 % is negative"),
        ("-5 t", "-5 t is negative"),
        ("500 t", "500 t is more than there is to be cut"),
        ("2.5 万吨", "is more than there is to be cut"),
    ],
)
def test_a_cut_that_cannot_be_is_told(cut: str, said: str, tmp_path: Path) -> None:
    answer = Case(cut=cut).run(tmp_path)
    assert (answer.code, answer.err.split(":")[:2]) == (2, ["scenario.yaml", "8"])
    assert said in answer.err


def test_yearly_amounts_are_read_as_people_write_them(tmp_path: Path) -> None:
    inventory = (
        "kiln,NOx,100,吨",
        "ferry,NOx,50,t/yr",
        "bus,NOx,200,kg/d",
        "tram,NOx,0.01,万吨/年",
        "mill,NOx,1000,千克/年",
        "pit,NOx,1,g/s",
    )
    kiln = "scr,kiln,氮氧化物,50,%,60,万元/年"
    answer = Case(inventory, (kiln,), cut="40 t/yr").run(tmp_path)
    assert answer.code == 0
    total = 100 + 50 + 73 + 100 + 1 + 31.536
    assert f"{total:.3g} (2024)" in answer.out
    assert "0.48" in answer.out.split("least cost")[-1]  # 40 of 50 t for 0.6 million yuan a year


@pytest.mark.parametrize("unit", ["ton", "tons", "ton/yr", "MT"])
def test_a_unit_of_two_meanings_is_refused(unit: str, tmp_path: Path) -> None:
    answer = Case((f"kiln,NOx,100,{unit}",)).run(tmp_path)
    assert answer.code == 2
    assert "has several meanings: write t for 1000 kg, short_ton for 2000 lb" in answer.err


@pytest.mark.parametrize(
    ("shares", "asked"),
    [((0.6, 0.5), True), ((1.0, 0.02), True), ((0.6, 50.0), False), ((60.0, 50.0), False)],
)
def test_fractions_with_the_unit_percent_are_asked_back(
    shares: tuple[float, float], asked: bool, tmp_path: Path
) -> None:
    lines = [f"m{i},kiln,NOx,{share},%,1000,yuan" for i, share in enumerate(shares)]
    answer = Case(measures=tuple(lines)).run(tmp_path, "check")
    assert answer.code == 0
    assert ("measures.csv:2" in answer.out and "above 1" in answer.out) == asked


def test_a_blank_key_is_told_in_its_cell_and_nothing_follows_from_it(tmp_path: Path) -> None:
    answer = Case(measures=(SCR, ",kiln,NOx,10,%,20000,yuan")).run(tmp_path)
    assert answer.err.splitlines()[:2] == [
        "measures.csv:3:1  measure",
        "  this is missing. Fill it in.",
    ]


@pytest.mark.parametrize(("other", "line"), [("Kiln", 3), ("ｋｉｌｎ", 3), ("KILN", 3)])
def test_names_that_look_alike_are_no_two_sources(other: str, line: int, tmp_path: Path) -> None:
    answer = Case(("kiln,NOx,100,t", f"{other},SO2,5,t")).run(tmp_path)
    assert answer.code == 2
    assert f"inventory.csv:{line}" in answer.err
    assert "in case or width alone" in answer.err


def test_the_reasons_why_a_target_is_out_of_reach_are_no_other_targets(tmp_path: Path) -> None:
    answer = Case(
        ("ferry,NOx,300,t", "ferry,SO2,40,t"), ("low-sulphur,ferry,SO2,80,%,100000,yuan",)
    ).run(tmp_path)
    assert answer.code == 3
    assert "beside those that bind more" not in answer.out


def test_five_shares_on_one_source_multiply(tmp_path: Path) -> None:
    lines = [f"m{i},kiln,NOx,20,%,{10000 * i},yuan" for i in range(1, 6)]
    commitments = "commitments:\n" + "".join(
        f"  - {{id: c{i}, measure: m{i}, clause: [x], level: 100 %, of: available, from: 2024,"
        " by: 2024, bindingness: binding, credit: printed}\n"
        for i in range(1, 6)
    )
    answer = Case(("kiln,NOx,800,t",), tuple(lines), extra=commitments).run(tmp_path)
    assert answer.code == 0
    assert f"{800 * 0.8**5:.3g}" in answer.out
    assert "0.15" in answer.out


def test_suffixes_are_read_in_capitals_and_old_workbooks_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (INVENTORY, "kiln,NOx,100,t"):
        book.active.append([int(c) if c.isdigit() else c for c in line.split(",")])
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "BOOK.XLSX")
    assert Case(file="BOOK.XLSX").run(tmp_path).code == 0
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    answer = Case(file="old.xls").run(tmp_path)
    assert answer.code == 2
    assert "before 2007" in answer.err


@pytest.mark.parametrize("column", range(1, 8))
def test_a_formula_without_a_result_is_an_error_in_any_column(column: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(MEASURES.split(","))
    book.active.append(["scr", "kiln", "NOx", 50, "%", 100000, "yuan"])
    book.active.cell(2, column).value = "=1+1"
    book.save(tmp_path / "measures.xlsx")
    Case().run(tmp_path, "check")
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(text.replace("measures.csv", "measures.xlsx"), "utf-8")
    answer = call("check", "scenario.yaml", at=tmp_path)
    assert answer.code == 2
    assert f"measures.xlsx:2:{column}" in answer.err
    assert "a formula whose result is not stored" in answer.err


def test_a_wide_table_is_refused_and_no_number_of_it_used(tmp_path: Path) -> None:
    answer = Case(("锅炉,100,50", "合计,100,50"), head="排放源,NOx,SO2").run(tmp_path)
    assert answer.code == 2
    assert answer.err.startswith("inventory.csv:1:2\n  columns by pollutant (NOx, SO2)")
    assert "'lantian import inventory.csv'" in answer.err
    assert "1 problem; nothing was written." in answer.err


CHILD = "extends: scenario.yaml\nname: child\n"


@pytest.mark.parametrize(
    ("child", "place", "said"),
    [
        ("targets: [{id: cut, at_most: 50 t/a}]", "child.yaml:3", "at_most, reduce_by"),
        ("base_year: 2030", "scenario.yaml:5:1  last_year", "is before base_year 2030"),
        ("reference_years: [2030]", "child.yaml:3:1  reference_years", "must not lie after"),
        ("air: {in_step: true}", "child.yaml:3:1  air", "goes with a region"),
        ("air: {in_step: 1}", "child.yaml:3:7  air.in_step", "neither true nor false"),
        (
            "set: [{economics: discount_rate, years: [1990], to: 3 %}]",
            "child.yaml:3:7  set[0]",
            "has no number of 1990",
        ),
    ],
)
def test_what_a_child_gets_wrong_is_told_at_its_key(
    child: str, place: str, said: str, tmp_path: Path
) -> None:
    Case().run(tmp_path, "check")
    (tmp_path / "child.yaml").write_text(f"{CHILD}{child}\n", encoding="utf-8")
    answer = call("check", "child.yaml", at=tmp_path)
    assert answer.code == 2
    assert answer.err.startswith(place)
    assert said in answer.err


def test_a_key_with_nothing_behind_it_takes_away_what_is_inherited(tmp_path: Path) -> None:
    Case().run(tmp_path, "check")
    text = CHILD + "targets: [{id: cut, at_most: 50 t/a, reduce_by: , relative_to: }]\n"
    (tmp_path / "child.yaml").write_text(text, encoding="utf-8")
    assert call("run", "child.yaml", "--no-charts", "--out", "runs", at=tmp_path).code == 0
    targets = pd.read_csv(tmp_path / "runs" / "child" / "tables" / "targets.csv")
    assert set(targets["limit"]) == {50.0}
    (tmp_path / "child.yaml").write_text(f"{CHILD}last_year:\n", encoding="utf-8")
    assert "last_year" in call("check", "child.yaml", at=tmp_path).err  # nothing goes at the top


@pytest.mark.parametrize(
    "faulty",
    ["[", "- a", "region: [x]", "extends: none.yaml", "region: tongzhou\nname: BAD", "1: 2", ""],
)
def test_a_faulty_scenario_does_not_stop_the_inventory_of_a_region(
    faulty: str, home: Project
) -> None:
    path = home.root / "scenarios" / "a-first.yaml"
    path.write_text(faulty, encoding="utf-8")
    answer = call("inventory", "mentougou" if "BAD" not in faulty else "tongzhou", at=home.root)
    path.unlink()
    assert answer.code == 0
    assert answer.err == (
        "scenarios/a-first.yaml has problems and is passed over.\n" if "BAD" in faulty else ""
    )


def test_all_plans_that_a_word_may_mean_are_told(home: Project) -> None:
    answer = call("plans", "tongzhou", at=home.root)
    assert answer.code == 2
    assert "Did you mean one of tongzhou-2020, tongzhou-2021?" in answer.err


def test_shipped_scenarios_have_no_warning_of_their_own(home: Project) -> None:
    for name in ("xincheng-2024", "shijiazhuang-2019"):
        answer = call("check", f"scenarios/{name}.yaml", at=home.root)
        assert answer.code == 0
        assert "schedule" not in answer.out
        assert "nothing uses" not in answer.out


def read(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / "runs" / "case" / "tables" / f"{table}.csv")


def test_without_a_plan_the_bridge_leads_over_the_inventory_to_the_least_cost(
    tmp_path: Path,
) -> None:
    rows = ("kiln,NOx,100,t,2024", "kiln,NOx,70,t,2030")
    case = Case(rows, cut="60 %", last=2030, head=INVENTORY + ",year")
    assert case.run(tmp_path).code == 0
    bridge = read(tmp_path, "bridge").set_index("step")
    assert set(bridge["case"]) == {"least_cost"}
    assert bridge["value"].to_dict() == pytest.approx(
        {"base": 100, "growth": 0, "inventory": -30, "measure": -30, "final": 40}
    )


def test_without_targets_the_bridge_ends_at_the_baseline(tmp_path: Path) -> None:
    rows = ("kiln,NOx,100,t,2024", "kiln,NOx,70,t,2030")
    Case(rows, last=2030, head=INVENTORY + ",year").run(tmp_path, "check")
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8").partition("targets:")[0]
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
    assert call("run", "scenario.yaml", "--no-charts", "--out", "runs", at=tmp_path).code == 0
    bridge = read(tmp_path, "bridge").set_index("step")
    assert set(bridge["case"]) == {"baseline"}
    assert bridge["value"]["final"] == pytest.approx(70)
    assert "measure" not in bridge.index


@pytest.mark.parametrize("pollutant", [p for p in POLLUTANTS if p != "CO2"])
def test_curve_and_bridge_are_told_of_any_pollutant_with_a_target(
    pollutant: str, tmp_path: Path
) -> None:
    scr = SCR.replace("NOx", pollutant)
    case = Case((f"kiln,{pollutant},100,t",), (scr,))
    case.run(tmp_path, "check")
    text = (tmp_path / "scenario.yaml").read_text(encoding="utf-8")
    own = text.replace("pollutant: NOx", f"pollutant: {pollutant}")
    (tmp_path / "scenario.yaml").write_text(own, encoding="utf-8")
    assert call("run", "scenario.yaml", "--no-charts", "--out", "runs", at=tmp_path).code == 0
    assert set(read(tmp_path, "macc")["pollutant"]) == {pollutant}
    assert set(read(tmp_path, "bridge")["pollutant"]) == {pollutant}


def test_variables_of_the_iamc_are_no_parts_of_one_another(tmp_path: Path) -> None:
    rows = ("a,Energy|Supply,NOx,100,t", "b,Energy,NOx,50,t", "kiln,Energy/Supply,NOx,1000,t")
    head = "source,sector,pollutant,value,unit"
    assert Case(rows, head=head).run(tmp_path).code == 0
    found = read(tmp_path, "iamc")
    own = found[found["scenario"] == "case baseline"].set_index("variable")
    assert own["2024"].to_dict() == pytest.approx(
        {"Emissions|NOx": 1.15, "Emissions|NOx|Energy/Supply": 1.1, "Emissions|NOx|Energy": 0.05}
    )
    assert set(own["unit"]) == {"kt NOx/yr"}


def test_signs_that_no_font_has_are_told_in_one_line(tmp_path: Path) -> None:
    head = "source,sector,pollutant,value,unit"
    Case(("kiln,𠮷野厂한,NOx,100,t",), head=head).run(tmp_path)
    drawn = call("report", "runs/case", "--format", "svg", at=tmp_path)
    assert (drawn.code, drawn.err) == (0, "")
    told = [line for line in drawn.out.splitlines() if "U+" in line]
    assert len(told) == 1
    assert told[0].endswith(": 한 (U+D55C) 𠮷 (U+20BB7)")


@pytest.mark.parametrize(("year", "series"), [(2031, 2), (2040, 3)])
def test_a_run_beyond_the_data_is_told_once_per_series(
    year: int, series: int, home: Project
) -> None:
    path = home.root / "scenarios" / f"far-{year}.yaml"
    text = f"extends: tongzhou-2020.yaml\nname: far-{year}\nlast_year: {year}\n"
    path.write_text(text, encoding="utf-8")
    answer = call("check", f"scenarios/far-{year}.yaml", at=home.root)
    path.unlink()
    assert answer.code == 2
    assert answer.err.count("last_year of the scenario is later") == series
    assert answer.err.splitlines()[-1] == f"{series} problems; nothing was written."


LISTED = (
    "commitments:\n  - {{id: c, measure: scr, clause: [x], level: 50 %, of: available, from: 2025,"
)
LISTED += " by: 2026, bindingness: binding, credit: printed, {more}}}\n"


EVERY, CUTS = "table: inventory", "table: measures, where: {parameter: efficiency}"
SPREAD = "uncertainty: {{distributions: [{{{}, distribution: {}}}]}}\n"
GROUPED = "uncertainty: {{groups: {{a: [{{{}}}], b: [{{{}}}]}}}}\n"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (LISTED.format(more="sources: []"), "at least 1 must be given"),
        (LISTED.format(more="schedule: {2030: 50 %}"), "a step of 2030 in a schedule from 2025"),
        (LISTED.format(more="profile: none"), "there is no profile 'none'.\n"),
        ("labels: hello\n", "keys with values belong here, not 'hello'"),
        ("optimise: {whole: [{measure: scr, unit: 1 kiln}]}\n", "A word may stand here too: 'all-"),
        ("robust: {probabilities: []}\n", "at least 1 must be given"),
        ("robust: {probabilities: [110 %]}\n", "110 % is not between 0 % and 100 %"),
        ("alternatives: {within: [0 %]}\n", "an allowance lies above 0"),
        (SPREAD.format(EVERY, "''"), "'' is no distribution: "),
        (SPREAD.format(EVERY, "'discrete 9:-0.3 8:1.3'"), "each probability of a discrete number"),
        (SPREAD.format(CUTS, "'discrete 1.5:0.5 2:0.5'"), "2 is more than all of it"),
        (GROUPED.format(EVERY, EVERY), "of these numbers are in the group 'a' too"),
    ],
)
def test_one_word_on_one_mistake_of_a_scenario(extra: str, said: str, tmp_path: Path) -> None:
    answer = Case(last=2026, extra=extra).run(tmp_path, "check")
    assert (answer.code, answer.err.split(":")[0]) == (2, "scenario.yaml")
    assert said in answer.err
    assert "1 problem; nothing was written." in answer.err


def test_no_target_is_of_a_year_in_which_nothing_can_act(tmp_path: Path) -> None:
    Case(last=2026).run(tmp_path, "check")
    (tmp_path / "child.yaml").write_text(f"{CHILD}targets: [{{id: cut, year: 2024}}]\n", "utf-8")
    answer = call("check", "child.yaml", at=tmp_path)
    assert (answer.code, "Expected one of 2025, 2026." in answer.err) == (2, True)


def test_a_finished_inventory_has_known_totals_beside_it(tmp_path: Path) -> None:
    Case().run(tmp_path, "check")
    text = (tmp_path / "scenario.yaml").read_text("utf-8")
    text = text.replace("measures.csv}", "measures.csv, totals: totals.csv}")
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    (tmp_path / "totals.csv").write_text(
        "pollutant,year,value,unit,low,high,basis,source_key\nNOx,2020,150,t/a,120,180,assumed,x\n"
    )
    assert call("check", "scenario.yaml", at=tmp_path).code == 0


def test_a_price_that_is_set_below_nothing_is_told(tmp_path: Path) -> None:
    Case().run(tmp_path, "check")
    change = "set: [{table: inventory, where: {source: kiln}, plus: -500 t}]"
    (tmp_path / "child.yaml").write_text(f"{CHILD}{change}\n", "utf-8")
    answer = call("check", "child.yaml", at=tmp_path)
    assert (answer.code, "-400 cannot be negative" in answer.err) == (2, True)
