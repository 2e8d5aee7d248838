"""The ``optimise`` part of a scenario file, from YAML to the answer, and what it refuses."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from integration.workbench import REPOSITORY, Answer, Finished, call
from lantian.errors import InputError
from lantian.optimise.problem.planner_limits import PlannerLimits
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.solve.highs import Session
from lantian.optimise.status import (
    NoSolutionError,
    infeasible,
    numerical_trouble,
    time_limit,
    unbounded,
)
from lantian.results.summary import summarise
from lantian.results.tables.registry import Run
from lantian.study.load import load
from lantian.study.model import notes
from lantian.study.solve import solve

GOOD = Path(__file__).parents[1] / "integration" / "bad"
LONGER = "base_year: 2020\nlast_year: 2023\ntargets:\n  - id: nox-cut\n    year: 2023\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in GOOD.glob("good*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "tried.yaml"
    path.write_text("extends: good.yaml\nname: tried\n" + text, encoding="utf-8")
    return path


def answers(folder: Path, text: str) -> list[LeastCostResult]:
    return list(solve(load(write(folder, text))).optimum.values())


def faults(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as error:
        load(write(folder, text))
    return str(error.value)


def told(folder: Path, text: str, *more: str) -> Answer:
    return call(*more, "optimise", str(write(folder, text)))


# 3,980 t of NOx; 25 % are 995 t. Scrapping: 60 % of 3,200 t on half of it, 960 t, 98,958 yuan/t;
# retrofit: 896 t at 66,964 yuan/t, of the same old trucks; burners: 340 t at 35,000 yuan/t.
def test_the_plain_question(folder: Path) -> None:
    (result,) = answers(folder, "")
    assert result.diagnosis is None
    assert result.cost > 0


def test_a_soft_target(folder: Path) -> None:
    text = "targets:\n  - id: nox-cut\n    price: 5 万元/t\n"
    (result,) = answers(folder, text)
    # Only the burners are cheaper than 50,000 yuan/t.
    (target,) = result.targets
    assert not target.met
    assert target.shadow_price == pytest.approx(50_000)
    assert result.penalty == pytest.approx(50_000 * (target.value - target.limit))


READING = "targets:\n  - {{id: nox-cut, number: reading{more}}}\n"


def test_a_number_that_is_read_from_words_drives_no_headline(folder: Path) -> None:
    (plain,) = answers(folder, "")
    results = solve(load(write(folder, READING.format(more=""))))
    (headline,), last = results.optimum.values(), results.tiers[-1]
    assert headline.cost == 0.0
    assert (results.tiers[0].tier, last.tier) == ("binding", "best_effort")
    (on_top,) = last.answers.values()
    assert on_top.cost == pytest.approx(plain.cost)
    (asked,) = answers(folder, READING.format(more=", headline: true"))
    assert asked.cost == pytest.approx(plain.cost)


def test_a_reading_is_only_judged_where_binding_targets_alone_are_asked_for(folder: Path) -> None:
    text = READING.format(more="") + "optimise: {reading: strict}\n"
    results = solve(load(write(folder, text)))
    assert all(answer.cost == 0.0 for tier in results.tiers for answer in tier.answers.values())
    printed = "targets:\n  - {id: nox-cut, headline: true}\n"
    assert "'headline' goes with 'number: reading'" in faults(folder, printed)


def test_a_budget_and_the_margin(folder: Path) -> None:
    (plain,) = answers(folder, "")
    study = load(write(folder, "optimise: {budget: 1000 万元/a, relaxation_margin: 5 %}"))
    results = solve(study)
    (apart,) = results.apart
    # It is the budget that ends what can be done: all of it is spent, whatever the margin.
    assert plain.cost > 1e7 == pytest.approx(apart.answer.cost)
    assert apart.margin == 0.0
    # 10 million buy 285.7 t by burners at 35,000 yuan/t.
    assert apart.best == pytest.approx(3980 - 1e7 / 35_000)
    assert results.optimum[apart.year].cost == 0.0
    told = [m.text() for m in notes(study, results)]
    assert any(
        "'nox-cut' is out of reach of the budget: it pays for 3694.29 t/a" in m for m in told
    )
    assert not any("at once" in m or "every measure" in m for m in told)
    # What measures can do holds nothing back where money does, and the screen says no number twice.
    assert not any("What holds" in m for m in told)
    shown = call("optimise", str(folder / "tried.yaml")).out
    assert "at best 3,694 for 10 million" in shown.replace("\n", " ")
    assert "The budget ends there" in shown.replace("\n", " ")


def test_the_mix_of_a_target_before_the_last_year_tells_its_tonnes(folder: Path) -> None:
    """The burners remove 340 t; what scrapping and filters take of the same trucks adds up."""
    later = "last_year: 2023\ntargets:\n  - id: nox-cut\n    year: 2021\n"
    study = load(write(folder, later))
    results = solve(study)
    summary = summarise(Run(study, results, sampling=False))
    assert {row["year"] for row in summary["mix"]} == {2021}
    tonnes = {row["measure"]: row["credit"]["NOx"] for row in summary["mix"]}
    assert tonnes["burners"] == pytest.approx(340)
    assert sum(tonnes.values()) == pytest.approx(995)


def test_bounds_and_prerequisites(folder: Path) -> None:
    (result,) = answers(
        folder,
        (
            "optimise:\n  bounds: [{measure: scrap-trucks, at_least: 10 %}]\n"
            "  exclusive: [[scrap-trucks, retrofit-trucks]]\n"
            "  requires: [{measure: burners, needs: scrap-trucks, ratio: 200 %}]\n"
        ),
    )
    known = load(folder / "tried.yaml")
    share = {
        known.system.measures[m]: float(u)
        for m, u in zip(
            known.system.groups.measure[known.system.moves.group], result.uptake, strict=True
        )
    }
    unit = known.system.baseline[:, -1].max()
    assert share["scrap-trucks"] >= 0.1 * unit * (1 - 1e-9)


def test_the_strict_reading_asks_for_binding_targets_only(folder: Path) -> None:
    text = "targets:\n  - id: nox-cut\n    bindingness: encouraged\noptimise: {reading: strict}\n"
    (result,) = answers(folder, text)
    assert not result.uptake.any()
    assert not result.targets[0].met
    assert np.isfinite(result.targets[0].limit)


@pytest.mark.parametrize("more", ["", "  budget: 1 亿元/a\n", "  pathway: {ramp: 20 %}\n"])
def test_the_interface_is_really_chosen(
    folder: Path, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lantian.optimise.solve.formulation import ModelSession

    calls = []
    honest = ModelSession._run
    monkeypatch.setattr(ModelSession, "_run", lambda self: (calls.append(1), honest(self))[1])
    arrays = answers(folder, LONGER + "optimise:\n  interface: highs\n" + more)
    assert not calls
    model = answers(folder, LONGER + "optimise:\n  interface: pyomo\n" + more)
    assert calls
    for a, b in zip(arrays, model, strict=True):
        assert b.cost == pytest.approx(a.cost, rel=1e-9)
        np.testing.assert_allclose(b.uptake, a.uptake, atol=1e-7)


def test_a_pathway_has_every_year(folder: Path) -> None:
    path = write(folder, LONGER + "optimise:\n  pathway: {ramp: 20 %}\n")
    results = solve(load(path))
    assert list(results.optimum) == [1, 2, 3]
    assert results.cases["least_cost"].years == (1, 2, 3)
    assert np.isfinite(results.cases["least_cost"].emission[:, :, 1:]).all()
    run = call(
        "run", str(path), "--out", str(folder / "runs"), "--quiet", "--save-lp", "--no-charts"
    )
    assert run.code == 0
    assert (folder / "runs" / "tried" / "least-cost-2021-2023.lp").is_file()
    names = pd.read_csv(folder / "runs" / "tried" / "least-cost-2021-2023.names.csv")
    uptake = names[names["family"] == "uptake"]
    assert uptake["name"].str.endswith(("[2021]", "[2022]", "[2023]")).all()
    assert uptake["unit"].notna().all()
    assert names.loc[names["family"] == "reach", "unit"].notna().all()


def test_the_manifest_has_all_residuals(folder: Path) -> None:
    call("run", str(write(folder, "")), "--out", str(folder / "runs"), "--quiet", "--no-charts")
    solver = json.loads((folder / "runs" / "tried" / "manifest.json").read_text())["solver"]
    assert set(solver["residuals"]) == {"primal", "dual", "complementarity", "gap"}
    assert solver["largest_residual"] < 1e-8
    assert solver["solves"] > 3
    assert solver["options"]["tolerance"] == 1e-9


PLAN = """commitments:
  - {id: scrap, measure: scrap-trucks, clause: [second], level: 50 %, of: available, from: 2020,
     by: 2020, bindingness: binding, credit: printed}
"""


def test_the_match_of_the_plan_keeps_the_planners_own_limits(folder: Path) -> None:
    # The plan: half of the trucks, 3,200 t, at 60 %, 960 t: 3,020 t for 95 million. As cheap as
    # possible: burners, 340 t for 11.9 million, and 620 t by retrofits at 66,964 yuan/t.
    free = next(iter(solve(load(write(folder, PLAN))).match.values()))
    assert free.diagnosis is None
    assert free.cost == pytest.approx(11.9e6 + 620 * 15e7 / 2240, rel=1e-6)
    # Of at most 30 million 18.1 are left for retrofits: 270.3 t.
    path = write(folder, PLAN + "optimise: {budget: 3000 万元/a}\n")
    results = solve(load(path))
    held = next(iter(results.match.values()))
    assert held.cost == pytest.approx(3e7)
    assert held.targets[0].limit == pytest.approx(3020)
    assert held.targets[0].value == pytest.approx(3980 - 340 - 18.1e6 / (15e7 / 2240))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "no mix reaches what the plan reaches for 'nox-cut' in 2020, 3020 t/a; the nearest"),
        ("zh", "没有任何组合能使“nox-cut”达到方案自身的结果3020 吨/年"),
    ],
)
def test_a_plan_that_the_limits_put_out_of_reach_is_said(
    folder: Path, language: str, said: str
) -> None:
    # The target itself, 10 %, is within reach of the budget.
    text = "targets:\n  - {id: nox-cut, reduce_by: 10 %}\n" + PLAN
    path = write(folder, text + "optimise: {budget: 3000 万元/a}\n")
    out = ("--out", str(folder / "runs"), "--no-charts", "--overwrite")
    answer = call("--lang", language, "run", str(path), *out)
    assert answer.code == 0
    assert said in answer.out
    run = Finished(answer, folder / "runs" / "tried")
    assert any("no mix reaches" in w for w in run.table("problems")["warning"])
    assert run.summary["solver"]["match_plan"]["out_of_reach"] == ["nox-cut"]


def test_soft_targets_and_whole_units_reach_the_run(folder: Path) -> None:
    text = (
        "targets:\n  - {id: nox-cut, price: 5 万元/t}\n"
        "optimise: {whole: [{measure: burners, unit: all-or-nothing}]}\n"
    )
    answer = call("run", str(write(folder, text)), "--out", str(folder / "runs"), "--no-charts")
    run = Finished(answer, folder / "runs" / "tried")
    # Burners: 340 t for 11.9 million; 655 t are lacking, at 50,000 yuan/t.
    assert "Soft target 'nox-cut' is exceeded by 655 t/a" in answer.out
    solver = run.summary["solver"]["least_cost"]
    assert solver["penalty"] == pytest.approx(655 * 5e4)
    assert solver["excess"]["nox-cut"]["value"] == pytest.approx(655)
    assert solver["whole"]["gap"] == pytest.approx(0, abs=1e-9)
    price = run.table("prices").iloc[0]
    assert (price["excess"], price["excess_price"], price["excess_cost"]) == pytest.approx(
        (655, 5e4, 655 * 5e4)
    )
    solve_row = run.table("solves").iloc[0]
    assert solve_row["linear_bound"] == pytest.approx(11.9e6 + 655 * 5e4)
    assert solve_row["penalty"] == pytest.approx(655 * 5e4)
    assert solve_row["dual_residual"] < 1e-8
    units = run.table("whole_units").iloc[0]
    assert (units["measure"], units["number"]) == ("burners", 1)
    assert run.manifest["solver"]["largest_gap_of_whole_units"] == pytest.approx(0, abs=1e-9)
    said = call("--lang", "zh", "optimise", str(folder / "tried.yaml")).out
    assert "软目标“nox-cut”超出655 吨/年" in said
    assert "2020年的整数单位" in said


def test_whole_measures(folder: Path) -> None:
    (result,) = answers(folder, "optimise: {whole: [{measure: burners, unit: all-or-nothing}]}")
    assert result.whole is not None
    assert result.whole.gap >= 0
    assert result.whole.units[0].number in (0, 1)
    said = told(folder, "optimise: {whole: [{measure: burners, unit: all-or-nothing}]}")
    assert "In whole units" in said.out


def test_whole_measures_on_a_pathway(folder: Path) -> None:
    text = (
        LONGER + "optimise:\n  whole: [{measure: burners, unit: all-or-nothing}]\n"
        "  pathway: {ramp: 100 %}\n"
    )
    for result in answers(folder, text):
        assert result.whole.units[0].number in (0, 1)
    said = told(folder, text, "--lang", "zh").out
    assert said.count("按整数单位，各年合计并贴现") == 1
    assert "2022年的整数单位" in said


USER_FILE = """import pyomo.environ as pyo

def add(model, data):
    moves = data.moves("burners")
    assert data.year == 2020 and data.cost(moves[0]) > 0
    model.few = pyo.Constraint(expr=sum(model.uptake[m] for m in moves) <= {most})
"""


def test_user_constraints(folder: Path) -> None:
    (free,) = answers(folder, "")
    most = 0.5 * free.uptake[-1]
    assert most > 0
    (folder / "user.py").write_text(USER_FILE.format(most=most))
    (result,) = answers(folder, "optimise: {interface: pyomo, constraints: user.py}")
    assert result.uptake[-1] <= most * (1 + 1e-9)
    assert result.cost > free.cost
    assert result.duals["user"] < 0


def test_check_looks_at_own_constraints_and_does_not_run_them(folder: Path) -> None:
    (folder / "user.py").write_text("import pathlib\npathlib.Path('ran').touch()\nadd = print\n")
    path = write(folder, "optimise: {interface: pyomo, constraints: user.py}")
    answer = call("check", str(path), at=folder)
    assert (answer.code, answer.err) == (0, "")
    assert "user.py adds limits of your own to the least-cost problem" in answer.out
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nothing_of_that_name as add", "user.py:1\n  the file cannot be run"),
        ("def add(model, data)", "user.py:1:21\n  the file cannot be run: SyntaxError"),
        ("import sys\nsys.exit(0)\nadd = 1", "user.py:2\n  the file cannot be run: SystemExit: 0"),
        ("def add(model, data):\n    raise SystemExit", "user.py:2\n  add(model, data) failed"),
        ("x = 1", "no function 'add(model, data)'"),
        ("def add(model, data):\n    1 / 0", "ZeroDivisionError"),
        (
            "import pyomo.environ as pyo\ndef add(model, data):\n"
            "    v = model.uptake[data.moves('burners')[0]]\n"
            "    model.bent = pyo.Constraint(expr=v * v <= 1)",
            "linear in the uptake",
        ),
        (
            "import pyomo.environ as pyo\ndef add(model, data):\n"
            "    v = model.uptake[data.moves('burners')[0]]\n"
            "    model.odd = pyo.Constraint(expr=float('nan') * v <= 1)",
            "no number, or beyond 1e+15",
        ),
        (
            "import pyomo.environ as pyo\ndef add(model, data):\n"
            "    v = model.uptake[data.moves('burners')[0]]\n"
            "    model.odd = pyo.Constraint(expr=1e50 * v <= 1)",
            "no number, or beyond 1e+15",
        ),
        (
            "def add(model, data):\n    model.uptake[data.moves('burners')[0]].fix(0)",
            "fixed values of the uptake are not read",
        ),
        (
            "import pyomo.environ as pyo\ndef add(model, data):\n    model.z = pyo.Var()\n"
            "    model.few = pyo.Constraint(expr=model.z <= 1)",
            "linear in the uptake",
        ),
    ],
)
def test_user_constraints_that_fail_are_told(folder: Path, code: str, said: str) -> None:
    (folder / "user.py").write_text(code)
    answer = told(folder, "optimise: {interface: pyomo, constraints: user.py}")
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("budget: 3 t/a", "'t/a' is not a unit of the same kind as 'yuan/a'"),
        ("budget: -3 元/a", "-3 元/a is negative"),
        ("bounds: [{measure: scrap-truck, at_most: 5 %}]", "Did you mean 'scrap-trucks'?"),
        ("bounds: [{measure: burners}]", "needs at_least, at_most or both"),
        ("bounds: [{measure: burners, at_least: 50 %, at_most: 20 %}]", "is above at_most"),
        ("bounds: [{measure: burners, at_least: 90 %}]", "more than its reach, 0.85"),
        ("bounds: [{measure: burners, source: trucks, at_most: 9 %}]", "does not apply to source"),
        ("bounds: [{measure: burners, at_last: 9 %}]", "Did you mean 'at_least'?"),
        (
            "bounds: [{measure: burners, at_least: 50 %}, {measure: burners, at_most: 20 %}]",
            "contradict each other",
        ),
        ("exclusive: [[burners]]", "exclusive[0]"),
        ("exclusive: [[burners, scrap-trucks]]", "no source in common"),
        ("exclusive: [[burners, burners]]", "cannot exclude itself"),
        ("requires: [{measure: burners, needs: burners}]", "cannot need itself"),
        ("requires: [{measure: burners, needs: burner}]", "Did you mean 'burners'?"),
        ("equity: {sectors: 40 %}", "one of them bears at least 50.0%"),
        ("equity: {areas: 40 %}", "the inventory has no areas"),
        ("equity: {}", "equity needs sectors, areas or both"),
        ("equity: {sectors: 140 %}", "not between 0 % and 100 %"),
        ("guard: {voc_to_nox: 3 t}", "3 t is not a share"),
        ("relaxation_margin: 5", "has no unit"),
        ("constraints: user.py", "need 'interface: pyomo'"),
        ("{interface: pyomo, constraints: user.py}", "there is no file 'user.py'"),
        ("total_budget: 3 亿元", "goes with a pathway"),
        ("whole: [{measure: burners, unit: 1 firm}]", "not a unit of the same kind"),
        ("pathway: {ramp: 40 %, foresight: blind}", "foresight"),
    ],
)
def test_what_cannot_be_is_told(folder: Path, text: str, said: str) -> None:
    block = text if text.startswith("{") else f"\n  {text}"
    assert said in faults(folder, f"optimise: {block}\n")


def test_a_price_in_the_wrong_unit_is_told(folder: Path) -> None:
    assert "'元/kWh' is not" in faults(folder, "targets:\n  - id: nox-cut\n    price: 5 元/kWh\n")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "The budget of 1 yuan/a is below the cost"),
        (("--lang", "zh"), "预算1元/年低于"),
    ],
)
def test_limits_that_leave_nothing_end_with_2(
    folder: Path, more: tuple[str, ...], said: str
) -> None:
    text = "optimise:\n  budget: 1 元/a\n  bounds: [{measure: burners, at_least: 20 %}]\n"
    answer = told(folder, text, *more)
    assert answer.code == 2
    assert said in answer.err


def test_limits_that_only_a_solve_sees_through_have_their_place(folder: Path) -> None:
    # 45 % and 39 % of the trucks; of the reaches of 50 and 40 % that is 0.9 + 0.975 > 1.
    text = (
        "optimise:\n  exclusive: [[scrap-trucks, retrofit-trucks]]\n  bounds:\n"
        "    - {measure: scrap-trucks, at_least: 45 %}\n"
        "    - {measure: retrofit-trucks, at_least: 39 %}\n"
    )
    answer = told(folder, text)
    assert answer.code == 2
    assert "tried.yaml:5:3  optimise.bounds" in answer.err
    assert "it would without: bounds (scrap-trucks @ trucks" in answer.err


@pytest.mark.parametrize(
    ("error", "code", "english", "chinese"),
    [
        (infeasible(), 2, "No mix of measures satisfies all limits", "没有"),
        (unbounded(), 2, "The cost can fall without limit", "成本可无限"),
        (time_limit(600.0), 1, "stopped at its time limit of 600.0 s", "时限"),
        (numerical_trouble("Unknown", 0.1), 1, "could not be verified", "未能通过核验"),
    ],
)
def test_each_end_of_a_solve_is_told_apart(
    folder: Path,
    error: NoSolutionError,
    code: int,
    english: str,
    chinese: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Session, "solve", stopped)
    for language, said in (("en", english), ("zh", chinese)):
        answer = told(folder, "", "--lang", language)
        assert answer.code == code
        assert said in answer.err


def test_a_measure_without_a_cost_cannot_be_asked_for(folder: Path) -> None:
    table = (folder / "good-measures.csv").read_text(encoding="utf-8")
    (folder / "measures.csv").write_text(table.replace("1400,万元", ","), encoding="utf-8")
    text = "finished: {measures: measures.csv}\n"
    assert "the cost of 'burners' is unknown, so it is never chosen" in faults(
        folder, text + "optimise: {bounds: [{measure: burners, at_least: 50 %}]}\n"
    )
    said = told(folder, text)
    assert said.code == 0
    assert "unpriced measures 1" in said.out


def test_a_plain_scenario_asks_for_nothing_else(folder: Path) -> None:
    question = load(write(folder, "")).question
    assert question.limits == PlannerLimits()
    assert question.coupling is None
    assert question.whole is None
    assert question.margin == 0.05


def test_a_prerequisite_counted_in_several_units_is_told(tmp_path: Path) -> None:
    (tmp_path / "inputs").symlink_to(REPOSITORY / "inputs")
    for path in (REPOSITORY / "scenarios").glob("tongzhou-2020.yaml"):
        shutil.copy(path, tmp_path)
    text = "extends: tongzhou-2020.yaml\nname: tried\noptimise: {requires: [{measure: %s}]}\n"
    (tmp_path / "tried.yaml").write_text(
        text % "zev-new-bus, needs: low-voc-materials", encoding="utf-8"
    )
    with pytest.raises(InputError, match="counted in different units"):
        load(tmp_path / "tried.yaml")
