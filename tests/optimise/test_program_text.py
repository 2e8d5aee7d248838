"""The text of ``--save-lp`` is what was solved: other solvers read it and find the same cost."""

import re
from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np
import pandas as pd
import pytest
from pyscipopt import SCIP_PARAMSETTING, Model

from integration.workbench import PLANS, Finished, call
from lantian.optimise.problem.coefficients import Targets, build_least_cost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.procedure.pathway import Coupling, least_cost_pathway
from lantian.optimise.procedure.whole import WholeGroups, count_units, least_cost_whole
from lantian.optimise.solve.solved import Solved
from lantian.store.program import write_program
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

SAME = 1e-9
"""Relative difference of cost [1] that is left between solvers."""


def names(path: Path) -> pd.DataFrame:
    table = path.with_name(f"{path.stem}.names.csv")
    return pd.read_csv(table, encoding="utf-8-sig", keep_default_na=False, index_col="symbol")


def by_highs(path: Path) -> float:
    """HiGHS as it comes."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)).name == "kOk"
    solver.run()
    assert solver.modelStatusToString(solver.getModelStatus()) == "Optimal"
    return solver.getInfo().objective_function_value


def by_scip(path: Path) -> float:
    """SCIP and its simplex code SoPlex, to the tolerances that we ask of HiGHS.

    Its presolve and propagation round limits to 1e-9 of themselves, which steep prices magnify.
    """
    model = Model()
    model.hideOutput()
    model.readProblem(str(path))
    model.setPresolve(SCIP_PARAMSETTING.OFF)
    for name in ("propagating/maxrounds", "propagating/maxroundsroot"):
        model.setParam(name, 0)
    for name in ("numerics/feastol", "numerics/dualfeastol"):
        model.setParam(name, 1e-9)
    model.optimize()
    assert model.getStatus() == "optimal"
    return model.getObjVal()


def check(path: Path, cost: float) -> None:
    scale = float(names(path).loc["cost", "scale"])
    for solve in (by_highs, by_scip):
        assert solve(path) * scale == pytest.approx(cost, rel=SAME), solve.__name__


@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_is_solved_again(plan: str, run_plan: Callable[[str], Finished]) -> None:
    run = run_plan(plan)
    solves = run.table("solves").query("case == 'least_cost'")
    assert len(solves) == len(list(run.folder.glob("*.lp")))
    for row in solves.to_dict("records"):
        check(run.folder / f"least-cost-{row['year']}.lp", row["cost"] + row["penalty"])
        assert row["cost"] + row["penalty"] - row["proven_bound"] <= 1e-9 * abs(row["cost"])
        assert 0 <= row["proof_gap"] < 1e-9


def written(solved: Solved, system: object, folder: Path) -> Path:
    path = folder / "program.lp"
    write_program(solved, system, path)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("share", [0.8, 1.5])
def test_random_problems_within_reach_and_beyond(seed: int, share: float, tmp_path: Path) -> None:
    system = random_system(seed, unknown=0.1)
    targets = total_targets(system, reachable_limits(system, share))
    answer = least_cost(system, 0, targets, margin=0.05)
    assert (answer.diagnosis is not None) == (share > 1)
    check(written(answer.solved, system, tmp_path), answer.cost)


@pytest.mark.parametrize("seed", range(3))
def test_soft_targets(seed: int, tmp_path: Path) -> None:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.9))
    soft = Targets(
        targets.ids, targets.weight, targets.constant, targets.limit, targets.unit,
        np.full(len(targets), 2e4),
    )  # fmt: skip
    answer = least_cost(system, 0, soft)
    assert answer.penalty > 0
    check(written(answer.solved, system, tmp_path), answer.cost + answer.penalty)


def test_whole_units(tmp_path: Path) -> None:
    system = random_system(2)
    problem = build_least_cost(system, 0, total_targets(system, reachable_limits(system, 0.6)))
    whole = WholeGroups(np.array([0, 1, 3]), np.full(3, np.nan), np.full(3, 0.07))
    answer = least_cost_whole(problem, count_units(whole, system, 0))
    path = written(answer.solved, system, tmp_path)
    check(path, answer.whole.cost)
    table = names(path)
    assert len(table.query("family == 'units'")) == len(table.query("family == 'ties'")) == 3
    assert "general" in path.read_text(encoding="ascii")


def years_of(system: object, target: Targets, foresight: str) -> dict[int, LeastCostResult]:
    nothing = total_targets(system, [])  # type: ignore[arg-type]
    targets = {0: nothing, 1: nothing, 2: target}
    coupling = Coupling(0.3, foresight, 0.08, np.full(2, 10.0))  # type: ignore[arg-type]
    return least_cost_pathway(
        system,  # type: ignore[arg-type]
        range(3),
        targets,
        coupling=coupling,
        block=lambda y: build_least_cost(system, y, targets[y]),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("foresight", ["perfect", "myopic"])
def test_years_of_a_pathway(foresight: str, tmp_path: Path) -> None:
    system = small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )
    three = {
        "years": (2020, 2021, 2022),
        "baseline": np.repeat(system.baseline, 3, axis=1),
        "factor": np.repeat(system.factor, 3, axis=2),
        "recent": np.zeros((4, 3, 3)),
    }
    system = type(system)(**{**vars(system), **three})
    answers = years_of(system, total_targets(system, [330.0]), foresight)
    programs = {id(a.solved): a for a in answers.values()}
    assert len(programs) == (1 if foresight == "perfect" else 3)
    for answer in programs.values():
        path = written(answer.solved, system, tmp_path)
        check(path, answer.proof.cost)
        kinds = set(names(path)["family"])
        assert "build-up" in kinds
    if foresight == "perfect":
        table = names(path).query("family == 'uptake'")
        assert sorted({name[-6:] for name in table["name"]}) == ["[2020]", "[2021]", "[2022]"]


def test_every_symbol_of_the_text_is_explained(tmp_path: Path) -> None:
    # 15 t of 18 t; half of 9 units of activity can be moved, at 4 yuan.
    system = small_system([9.0, 0.0], [[2.0], [1.0]], [(0, 0, 1, 4.0)], [0.5], source=[0, 0])
    answer = least_cost(system, 0, total_targets(system, [15.0]))
    path = written(answer.solved, system, tmp_path)
    text, table = path.read_text(encoding="ascii"), names(path)
    rows = set(re.findall(r"^(\w+):$", text, re.MULTILINE))
    columns = set(re.findall(r"^[+-]\S+ (\w+)$", text, re.MULTILINE))
    assert set(table.index) == rows | columns
    move = table.query("family == 'uptake'").iloc[0]
    assert move[["measure", "source", "from", "to", "unit"]].tolist() == [
        "measure-0", "source-0", "source-0 / state-0", "source-0 / state-1", "unit",
    ]  # fmt: skip
    reach = table.query("family == 'reach'").iloc[0]
    assert (reach["low"], reach["high"], reach["unit"]) == ("", "4.5", "unit")
    assert reach["name"] == "measure-0 @ source-0"
    assert table.loc["targets_0_NOx_total", "unit"] == "t"


def test_a_row_with_two_limits_has_two_symbols(tmp_path: Path) -> None:
    from dataclasses import replace

    from lantian.optimise.procedure.least_cost import answer_problem

    system = small_system([9.0, 0.0], [[2.0], [1.0]], [(0, 0, 1, 4.0)], [0.5], source=[0, 0])
    blocks = build_least_cost(system, 0, total_targets(system, [15.0]))
    reach = replace(blocks.reach, lower=np.array([1.0]))
    answer = answer_problem(replace(blocks, reach=reach))
    path = written(answer.solved, system, tmp_path)
    both = names(path).query("family == 'reach'")
    assert [symbol.rpartition("_")[2] for symbol in both.index] == ["low", "high"]
    assert (both[["low", "high"]].astype(float) == [1.0, 4.5]).all(axis=None)
    check(path, 12.0)


def test_optimise_writes_the_same_text_as_run(
    tmp_path: Path, run_plan: Callable[[str], Finished]
) -> None:
    run = run_plan("tongzhou-2020")
    call("optimise", "scenarios/tongzhou-2020.yaml", "--save-lp", str(tmp_path))
    for path in run.folder.glob("least-cost-*"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
