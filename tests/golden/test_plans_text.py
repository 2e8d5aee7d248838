"""What ``lantian plans`` prints, word by word; renewed by ``--update-golden``."""

import csv
import io
import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from integration.workbench import REPOSITORY, call

TEXTS = Path(__file__).parent / "plans"
PLANS = sorted(path.name for path in (REPOSITORY / "inputs" / "plans").iterdir())
WIDE = 100

COMMANDS = {
    "list-en.txt": ("plans",),
    "list-zh.txt": ("--lang", "zh", "plans"),
    "list-en.md": ("plans", "--format", "md"),
    "targets-tongzhou-2021-en.txt": ("plans", "tongzhou-2021", "--targets"),
    "targets-tongzhou-2021-zh.txt": ("--lang", "zh", "plans", "tongzhou-2021", "--targets"),
    "targets-shijiazhuang-2019-zh.md": (
        "--lang",
        "zh",
        "plans",
        "shijiazhuang-2019",
        "--targets",
        "--format",
        "md",
    ),
    "targets-xincheng-2024.csv": ("plans", "xincheng-2024", "--targets", "--format", "csv"),
    "clauses-tongzhou-2021-en.txt": ("plans", "tongzhou-2021", "--clauses"),
    "clauses-xincheng-2024-zh.md": (
        "--lang",
        "zh",
        "plans",
        "xincheng-2024",
        "--clauses",
        "--format",
        "md",
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_text_is_that_of_the_golden_file(name: str, update_golden: bool) -> None:
    answer = call(*COMMANDS[name])
    assert (answer.code, answer.err) == (0, "")
    text = "".join(line.rstrip() + "\n" for line in answer.out.splitlines())
    if update_golden:
        TEXTS.mkdir(exist_ok=True)
        (TEXTS / name).write_text(text, encoding="utf-8")
    assert text == (TEXTS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("what", ["--clauses", "--targets"])
@pytest.mark.parametrize("plan", PLANS)
def test_tables_fit_100_columns(plan: str, what: str, language: str) -> None:
    answer = call("--lang", language, "plans", plan, what)
    assert answer.code == 0
    assert max(cell_len(line) for line in answer.out.splitlines()) <= WIDE


@pytest.mark.parametrize("plan", PLANS)
def test_every_clause_is_printed_with_its_fate(plan: str) -> None:
    with (REPOSITORY / "inputs/plans" / plan / "clauses.csv").open(encoding="utf-8") as stream:
        rows = [row["row_id"] for row in csv.DictReader(stream)]
    records = json.loads(call("plans", plan, "--clauses", "--format", "json").out)
    assert [record["row"] for record in records] == rows
    assert all(record["fate"] for record in records)
    lines = call("plans", plan, "--clauses", "--format", "md").out.splitlines()[2:]
    assert [line.split(" | ")[0].strip("| ") for line in lines] == [row[-3:] for row in rows]
    assert all(line.split(" | ")[-1].strip("| ") for line in lines)


def test_csv_holds_the_levels_as_the_scenario_has_them() -> None:
    out = call("plans", "xincheng-2024", "--targets", "--format", "csv").out
    rows = {row["target"]: row for row in csv.DictReader(io.StringIO(out))}
    days = rows["good-days"]
    assert (days["at_least"], days["at_most"], days["computed"]) == ("253 day", "", "True")
    assert rows["pm25-mean"]["at_most"] == "44.5 ug/m3"


LEDGER = (
    "row_id,clause_no,part,document_line,sector,modelable,bindingness,gist_en,gist_zh,quantity,"
    "fate,commitments,reason\n"
    "plan-1,1,,1,vehicles,yes,binding,Cut of NOx,氮氧化物下降,,modelled,retrofit,\n"
)
SAME_IDS = ("diesel-trucks", "scrap-old-trucks", "industry", "outer-townships")
"""A source, a measure, a sector and an area: ids of targets, too."""


@pytest.mark.parametrize("sound", [True, False])
def test_names_are_those_of_a_run_and_never_of_another_kind(tmp_path: Path, sound: bool) -> None:
    """Neither while nothing was run yet, nor while the tables still have problems."""
    assert call("init", "district", at=tmp_path).code == 0
    root = tmp_path / "district"
    path = root / "scenarios" / "my-district.yaml"
    ledger = root / "inputs" / "plans" / "plan" / "clauses.csv"
    ledger.parent.mkdir(parents=True)
    ledger.write_text(LEDGER, encoding="utf-8")
    text = path.read_text(encoding="utf-8").partition("targets:")[0]
    form = "indicator: emission, pollutant: NOx, reduce_by: 5 %, relative_to: 2024, year: 2024"
    targets = [
        f"  - {{id: {name}, clause: [plan-1], {form}, bindingness: binding}}" for name in SAME_IDS
    ]
    lines = [text, "plan: plan", "targets:", *targets, "commitments:"]
    lines.append(
        "  - {id: retrofit, measure: retrofit-old-trucks, clause: [plan-1], level: 5 %,"
        " of: available, from: 2024, bindingness: binding, credit: printed}"
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not sound:
        (root / "scenarios" / "measures.csv").write_text("measure\n", encoding="utf-8")
    assert call("check", str(path), at=root).code == (0 if sound else 2)
    shown = call("plans", "plan", "--targets", "--format", "md", at=root).out.splitlines()[2:]
    assert [line.split(" | ")[0].strip("| ") for line in shown] == list(SAME_IDS)
    fate = call("plans", "plan", "--clauses", "--format", "md", at=root).out.splitlines()[-1]
    own = "Retrofit old trucks: 5 %" if sound else "retrofit: 5 %"
    told = [own, *(f"target {name}: cut by 5 %" for name in SAME_IDS)]
    assert fate.split(" | ")[-1].strip("| ") == "; ".join(told)


def test_clauses_and_targets_need_a_plan() -> None:
    answer = call("plans", "--targets")
    assert answer.code == 2
    assert "Name a plan to see its clauses or targets." in answer.err


def test_targets_of_a_plan_without_a_scenario(tmp_path: Path) -> None:
    folder = tmp_path / "inputs" / "plans" / "alone"
    folder.mkdir(parents=True)
    answer = call("plans", "alone", "--targets", at=tmp_path)
    assert answer.code == 2
    assert "No scenario in scenarios/ encodes plan 'alone'." in answer.err
