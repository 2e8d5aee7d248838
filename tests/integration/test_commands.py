"""Every command as a user calls it: what it prints, what it writes, its exit code."""

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.workbench import REPOSITORY, UNSAMPLED, Answer, Finished, Project, call
from lantian.cli.commands import common
from lantian.language import message

DONE, WRONG_INPUT, OUT_OF_REACH, TARGET_MISSED, CHANGED = 0, 2, 3, 4, 5
KOHN = "scenarios/published/kohn-cement.yaml"


def in_a_process(*arguments: str, at: Path = REPOSITORY) -> Answer:
    """Run the installed program in a process of its own; its streams are pipes."""
    done = subprocess.run(
        [sys.executable, "-c", "from lantian.cli import main; main()", *arguments],
        cwd=at,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def records(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def kohn(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    out = tmp_path_factory.mktemp("kohn")
    return Finished(call("run", KOHN, "--out", str(out)), out / "kohn-cement")


CHOICES = (
    ("report", "x", "--format", "xls"),
    ("standards", "--format", "xls"),
    ("alert", "x", "--format", "xls"),
    ("standards", "--show", "xls"),
)


@pytest.mark.parametrize("words", CHOICES)
def test_choices_that_there_are_not_are_told_in_ones_language(
    words: tuple[str, ...],
) -> None:
    chinese = call("--lang", "zh", *words)
    assert chinese.code == WRONG_INPUT
    assert f"'xls' 不是 {words[-2]} 的可选值；可选：'" in chinese.err
    assert "is not" not in chinese.err
    english = call(*words)
    assert f"'xls' is no choice for {words[-2]}; choose from '" in english.err


# --- run -----------------------------------------------------------------------------------------


def test_run_of_a_plan_with_a_wish_out_of_reach(tongzhou: Finished) -> None:
    """What a plan only wishes for is told, and is no failure of the run."""
    assert tongzhou.answer.code == DONE
    (missed,) = tongzhou.summary["out_of_reach"]
    assert (missed["target"], missed["tier"]) == ("transport-voc", "best_effort")
    assert "Out of reach: VOC, on-road transport (limit " in tongzhou.answer.out
    assert "Run folder: runs/tongzhou-2020" in tongzhou.answer.out
    assert {path.name for path in tongzhou.folder.glob("[!.]*")} == {
        "manifest.json",
        "results.nc",
        "scenario.yaml",
        "summary.json",
        "tables",
        "least-cost-2020.lp",
        "least-cost-2020.names.csv",
    }


def test_run_is_quiet_in_a_pipe(tongzhou: Finished, kohn: Finished) -> None:
    assert tongzhou.answer.err == kohn.answer.err == ""


def test_run_in_a_process_is_quiet_in_a_pipe(tmp_path: Path) -> None:
    answer = in_a_process("run", KOHN, "--no-charts", "--out", str(tmp_path / "runs"))
    assert (answer.code, answer.err) == (DONE, "")
    assert "\x1b" not in answer.out
    manifest = json.loads((tmp_path / "runs/kohn-cement/manifest.json").read_text())
    assert manifest["command"].startswith(f"lantian run {KOHN} --no-charts --out ../")
    assert str(tmp_path) not in manifest["command"].split()


def test_run_tells_its_stages_on_a_terminal(tmp_path: Path) -> None:
    answer = call("run", KOHN, "--no-charts", "--out", str(tmp_path), terminal=True)
    stages = answer.err.splitlines()
    assert stages[0].startswith("reading the scenario")
    assert stages[-1].startswith("writing the run folder")
    assert all(stage.endswith((" s", " s left")) for stage in stages)


@pytest.mark.parametrize(
    ("runs", "without", "told"),
    [(1, (), "25 s"), (3, (), "97 s"), (1, ("drawing the charts",), "18 s")],
)
def test_time_left_is_what_such_stages_take_as_a_rule(
    runs: int, without: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 1 the stages before the last but one take 0.3: 10.8 s, so that the rest takes 25.2 s."""
    clock = iter([0.0, 10.8, 10.8])
    monkeypatch.setattr(common, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(common, "PARTS", {"a": 0.3, "drawing the charts": 0.2, "b": 0.5})
    progress = common.Progress("en", quiet=True, runs=runs, without=without)
    with progress.stage(message("a")):
        pass
    assert progress._rest(10.8) == f"  about {told} left"


def test_run_draws_its_charts(kohn: Finished) -> None:
    assert kohn.answer.code == DONE
    assert (kohn.folder / "charts" / "captions.md").exists()
    assert "Charts: " in kohn.answer.out


def test_an_existing_run_is_not_overwritten(kohn: Finished) -> None:
    before = (kohn.folder / "manifest.json").read_bytes()
    answer = call("run", KOHN, "--no-charts", "--out", str(kohn.folder.parent))
    assert (answer.code, answer.out) == (WRONG_INPUT, "")
    assert "exists. Use --overwrite to replace it" in answer.err
    assert (kohn.folder / "manifest.json").read_bytes() == before
    assert (kohn.folder / "charts").exists()


def test_an_existing_run_is_replaced_as_a_whole_when_asked(tmp_path: Path) -> None:
    first = call("run", KOHN, "--no-charts", "--save-lp", "--out", str(tmp_path))
    assert (tmp_path / "kohn-cement" / "least-cost-2000.lp").exists()
    again = call("run", KOHN, "--no-charts", "--overwrite", "--out", str(tmp_path))
    assert first.code == again.code == DONE
    assert not (tmp_path / "kohn-cement" / "least-cost-2000.lp").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["kohn-cement"]


def test_a_taken_name_stops_all_scenarios_before_any_runs(kohn: Finished) -> None:
    out = kohn.folder.parent
    answer = call(
        "run", "scenarios/published/nori-leets.yaml", KOHN, "--no-charts", "--out", str(out)
    )
    assert answer.code == WRONG_INPUT
    assert [path.name for path in out.iterdir()] == ["kohn-cement"]


def test_two_scenarios_of_one_name(tmp_path: Path) -> None:
    answer = call("run", KOHN, KOHN, "--no-charts", "--out", str(tmp_path / "runs"))
    assert answer.code == WRONG_INPUT
    assert "Two of the scenarios are named 'kohn-cement'" in answer.err
    assert not (tmp_path / "runs").exists()


def test_strict_tells_a_missed_target(home: Project) -> None:
    """With targets that all measures together reach, and the plan as written does not."""
    wanted = {"transport-voc": 1, "dustfall-cut": 1, "nox-total": 54}
    cuts = "".join(f"  - id: {name}\n    reduce_by: {cut} %\n" for name, cut in wanted.items())
    (home.root / "scenarios" / "missed.yaml").write_text(
        f"extends: tongzhou-2020.yaml\nname: missed\n{UNSAMPLED}targets:\n{cuts}"
    )
    answer = call("run", "scenarios/missed.yaml", "--no-charts", "--strict", at=home.root)
    run = Finished(answer, home.root / "runs" / "missed")
    assert answer.code == TARGET_MISSED
    met = {t["id"]: t["met"] for t in run.summary["targets"]}
    assert (met["nox-total"]["plan"], met["nox-total"]["least_cost"]) == (False, True)
    assert met["dustfall-cut"]["plan"]


@pytest.fixture
def too_much(tmp_path: Path) -> Path:
    """The case of the cement works, asked for more than all its measures remove."""
    text = (REPOSITORY / KOHN).read_text(encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(
        text.replace("4200000 lb", "4900000 lb").replace(
            "kohn-cement/", f"{REPOSITORY}/scenarios/published/kohn-cement/"
        ),
        encoding="utf-8",
    )
    return tmp_path


def test_out_of_reach_goes_before_strict(too_much: Path) -> None:
    """Exit code 3 belongs to a complete run that says what is out of reach."""
    answer = call("run", "scenario.yaml", "--strict", "--no-charts", "--out", "runs", at=too_much)
    assert answer.code == OUT_OF_REACH
    assert "Out of reach: " in answer.out
    assert "Run folder: runs/kohn-cement" in answer.out
    assert (too_much / "runs" / "kohn-cement" / "manifest.json").exists()


# --- look before you run -------------------------------------------------------------------------


def test_check_computes_and_writes_nothing(home: Project) -> None:
    before = sorted(home.root.rglob("*"))
    answer = call("check", "scenarios/tongzhou-2020.yaml", at=home.root)
    assert (answer.code, answer.err) == (DONE, "")
    assert answer.out.startswith("tongzhou-2020: no problems. ")
    assert sorted(home.root.rglob("*")) == before


def test_optimise_shows_targets_and_reasons(too_much: Path) -> None:
    answer = call("optimise", "scenario.yaml", "--save-lp", "lp", at=too_much)
    assert answer.code == OUT_OF_REACH
    assert "best alone" in answer.out
    assert "Out of reach: cement-dust" in " ".join(answer.out.split())
    assert (too_much / "lp" / "least-cost-2000.lp").read_text().rstrip().endswith("end")


def test_optimise_of_a_case_within_reach() -> None:
    answer = call("optimise", KOHN)
    assert answer.code == DONE
    lines = answer.out.splitlines()
    cost = next(line for line in lines if line.startswith("least cost"))
    assert cost.split()[2:4] == ["0.41", "0"]
    # 0.41 M$/a by two precipitators; the last tonne by the larger one
    (last,) = [line for line in lines if line.startswith("All 1 targets are within reach")]
    assert "Cement dust 294 USD/a per t/a (Larger" in last
    assert [line.split()[3] for line in lines if "electrostatic precipitator  " in line]
    assert max(map(len, lines)) <= 100


def test_inventory_of_a_region(home: Project, tongzhou: Finished) -> None:
    answer = call("inventory", "tongzhou", "--format", "csv", at=home.root)
    assert answer.code == DONE
    told = sum(
        float(r["value"])
        for r in records(answer.out)
        if (r["pollutant"], r["year"]) == ("NOx", "2015")
    )
    target = next(t for t in tongzhou.summary["targets"] if t["id"] == "nox-total")
    assert told == pytest.approx(target["base_value"], rel=1e-9)


def test_inventory_of_a_scenario_as_tables() -> None:
    answer = call("inventory", KOHN)
    assert answer.code == DONE
    assert "Emissions in 2000" in answer.out
    assert "2,268" in answer.out


@pytest.mark.parametrize("region", ["tongzhuo", "nowhere"])
def test_inventory_of_an_unknown_region(region: str, home: Project) -> None:
    answer = call("inventory", region, at=home.root)
    assert (answer.code, answer.out) == (WRONG_INPUT, "")
    assert f"No scenario in scenarios/ is about region '{region}'." in answer.err


def test_measures(home: Project) -> None:
    rows = records(call("measures", "--format", "csv", at=home.root).out)
    listed = records((home.root / "inputs/measures/catalogue.csv").read_text(encoding="utf-8"))
    assert [r["measure"] for r in rows] == [r["measure"] for r in listed]
    assert json.loads(call("measures", "--format", "json", at=home.root).out) == rows
    assert rows[0]["measure"] in call("measures", at=home.root).out


def test_plans(home: Project) -> None:
    rows = records(call("plans", "--format", "csv", at=home.root).out)
    ledger = records(
        (home.root / "inputs/plans/tongzhou-2020/clauses.csv").read_text(encoding="utf-8")
    )
    row = next(r for r in rows if r["plan"] == "tongzhou-2020")
    assert int(row["clauses"]) == len(ledger)
    assert int(row["modelled"]) == sum(r["fate"] == "modelled" for r in ledger)


def test_plans_with_clauses_in_both_languages(home: Project) -> None:
    arguments = ("plans", "tongzhou-2020", "--clauses", "--format", "json")
    english = json.loads(call(*arguments, at=home.root).out)
    chinese = json.loads(call("--lang", "zh", *arguments, at=home.root).out)
    assert len(english) == len(chinese)
    assert english[2]["gist"] != chinese[2]["gist"]
    assert all(clause["fate"] for clause in english)


def test_plans_of_an_unknown_plan(home: Project) -> None:
    answer = call("plans", "tongzhou-2030", at=home.root)
    assert answer.code == WRONG_INPUT
    assert "No plan 'tongzhou-2030' in inputs/plans. Did you mean 'tongzhou-2020'?" in answer.err


def test_runs_lists_complete_runs_only(kohn: Finished) -> None:
    folder = kohn.folder.parent
    answer = call("runs", "--in", str(folder))
    assert answer.code == DONE
    assert kohn.manifest["content_id"] in answer.out
    assert len(answer.out.strip().splitlines()) == 2


def test_runs_tells_what_has_changed_since(starter: Path, tmp_path: Path) -> None:
    root = shutil.copytree(starter, tmp_path / "mine", ignore=shutil.ignore_patterns("runs"))
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code == DONE
    answer = call("runs", "--verify", at=root)
    assert answer.code == DONE
    assert "my-district: as it was made." in answer.out
    own = root / "runs" / "my-district" / "scenario.yaml"
    own.write_text(own.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    table = root / "runs" / "my-district" / "inventory.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    answer = call("runs", "--verify", at=root)
    assert answer.code == CHANGED
    assert "my-district: changed since: scenario.yaml; inventory.csv" in answer.out
    assert "my-district" not in call("runs", "--where", "met > 99", at=root).out


def test_runs_of_a_project_without_any(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    answer = call("runs", at=tmp_path)
    assert (answer.code, answer.out.strip()) == (DONE, "")


def test_commands_outside_a_project(tmp_path: Path) -> None:
    for command in ("measures", "plans", "runs"):
        answer = call(command, at=tmp_path)
        assert (answer.code, answer.out) == (WRONG_INPUT, "")
        assert "There is no inputs/ folder here." in answer.err


def test_report_draws_from_a_run_folder(kohn: Finished, tmp_path: Path) -> None:
    out = tmp_path / "charts"
    answer = call("report", str(kohn.folder), "--out", str(out), "--format", "png")
    assert answer.code == DONE
    drawn = {path.suffix for path in out.rglob("[!.]*") if path.is_file()}
    assert drawn == {".png", ".md", ".csv"}


def test_report_of_something_else(tmp_path: Path) -> None:
    answer = call("report", str(tmp_path))
    assert answer.code == WRONG_INPUT
    assert "this folder is no run: it has no manifest.json that can be read." in answer.err


def test_init_does_not_touch_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    answer = call("init", str(tmp_path))
    assert answer.code == WRONG_INPUT
    assert "is not empty" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_schema_is_json() -> None:
    schema = json.loads(call("schema").out)
    assert schema["title"] == "Scenario"
    assert "from" in schema["$defs"]["Commitment"]["properties"]


# --- the program itself --------------------------------------------------------------------------


def test_unknown_command_names_the_closest() -> None:
    answer = call("optimize", KOHN)
    assert answer.code == WRONG_INPUT
    assert "No such command 'optimize'. Did you mean 'optimise'?" in answer.err


@pytest.mark.parametrize("arguments", [("run",), ("run", "--nonsense", KOHN), ("report",)])
def test_wrong_call_shows_the_usage(arguments: tuple[str, ...]) -> None:
    answer = call(*arguments)
    assert answer.code == WRONG_INPUT
    assert answer.err.startswith("Usage: ")


def test_help_names_every_command() -> None:
    from lantian.cli import COMMANDS

    answer = in_a_process("--help")
    assert answer.code == DONE
    assert all(f"  {name}" in answer.out for name in COMMANDS)


@pytest.fixture
def chinese_by_default(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANTIAN_LANG", "zh")
    return None


@pytest.mark.usefixtures("chinese_by_default")
def test_language_of_the_environment_gives_way_to_the_option() -> None:
    chinese, english = call("--help").out, call("--lang=en", "--help").out
    assert "Commands" not in chinese
    assert "Commands" in english


def test_summary_in_chinese(tmp_path: Path) -> None:
    answer = call("--lang", "zh", "run", KOHN, "--no-charts", "--out", str(tmp_path))
    assert answer.code == DONE
    assert "水泥" in answer.out
    for word in ("Targets", "baseline", "Cost of", "Run folder"):
        assert word not in answer.out


@pytest.mark.parametrize("given", [(), ("--lang", "zh")])
def test_without_a_command_the_help_is_shown(given: tuple[str, ...], tmp_path: Path) -> None:
    answer = call(*given, at=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("用法：lantian" if given else "Usage: lantian")
    assert "frontier" in answer.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("run",), "错误：缺少“SCENARIOS”。"),
        (("run", "--overwrit"), "错误：没有选项“--overwrit”。 是否想写“--overwrite”？"),
        (("frontie",), "错误：没有命令“frontie”。 是否想写“frontier”？"),
    ],
)
def test_a_wrong_call_is_explained_in_chinese(
    given: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    answer = call("--lang", "zh", *given, at=tmp_path)
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == told


def test_a_run_for_scripts_is_a_line_of_json(starter: Path, tmp_path: Path) -> None:
    arguments = ("scenarios/my-district.yaml", "--no-charts", "--json", "--out", str(tmp_path))
    answer = call("run", *arguments, at=starter)
    (line,) = answer.out.splitlines()
    assert json.loads(line)["name"] == "my-district"
    assert Path(json.loads(line)["folder"]).name == "my-district"


@pytest.mark.parametrize("name", ["scrap-old-trucks", "Scrap old trucks", "淘汰老旧货车"])
def test_a_measure_is_explained_by_any_of_its_names(name: str, starter: Path) -> None:
    answer = call("optimise", "scenarios/my-district.yaml", "--explain", name, at=starter)
    assert answer.code == 0, answer.err
    assert "Scrap old trucks" in answer.out.splitlines()[0]
    assert "Targets tier by tier" not in answer.out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_measure_is_explained_by_its_commitment(lang: str, starter: Path) -> None:
    asked = ("--lang", lang, "optimise", "scenarios/my-district.yaml", "--explain")
    by_id = call(*asked, "scrap-old-trucks", at=starter)
    assert call(*asked, "trucks-scrapped", at=starter).out == by_id.out
    near = call(*asked, "trucks-scraped", at=starter)
    assert near.code == WRONG_INPUT
    assert "trucks-scrapped" in near.err


def test_long_commands_tell_the_time_left(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lantian.cli.commands.common.SOON", 0.0)
    scenario = "scenarios/my-district.yaml"
    frontier = ("frontier", scenario, "--target", "nox-cut", "--against", "voc-cut", "--no-charts")
    robust = ("robust", scenario, "--samples", "40", "--probability", "50")
    for command, stage in ((frontier, "tracing the curve"), (robust, "looking for mixes")):
        assert stage not in call(*command, at=starter).err
        told = call(*command, at=starter, terminal=True).err.splitlines()
        stages = [line for line in told if line.startswith(stage)]
        assert len(stages) > 1
        assert all("s left" in line for line in stages[:-1])
        assert "s left" not in told[-1] or "about 0 s" in told[-1]
