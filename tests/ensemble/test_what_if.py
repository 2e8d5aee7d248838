"""What the README says under "What if" does what it says, and money adds up."""

import re
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import REPOSITORY, Project, copy_project
from lantian.core.system import Array
from lantian.ensemble.outcomes import ask, outcomes
from lantian.ensemble.variants import evaluate_variants
from lantian.errors import InputError
from lantian.results.contract import BASELINES, COSTS
from lantian.results.tables.registry import Run
from lantian.study.climate import grid_emission
from lantian.study.load import load
from lantian.study.model import Results, Study
from lantian.study.solve import solve
from lantian.vocabulary import POLLUTANTS

CO2 = POLLUTANTS.index("CO2")
PRICE = {2018: 60.0, 2020: 200.0}


def example() -> str:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    found = re.search(r"## What if\n.*?```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("what-if"))


def written(project: Project, name: str, text: str) -> Path:
    path = project.root / "scenarios" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def asked(project: Project) -> Study:
    return load(written(project, "what-if", example() + "samples: 0\n"))


@pytest.fixture(scope="module")
def solved(asked: Study) -> Results:
    return solve(asked, curves=False)


def paid(study: Study, results: Results, case: str, column: str) -> float:
    rows = Run(study, results).table(COSTS).records("case", "year", "known", column)
    own = [r for r in rows if r["case"] == case and r["year"] == 2020 and r["known"]]
    return float(sum(row[column] for row in own))


@pytest.mark.parametrize("case", ["plan", "least_cost"])
def test_co2_is_paid_for_by_what_is_emitted(asked: Study, solved: Results, case: str) -> None:
    """Of measures whose cost is known; that of the one that has none is taken off by hand."""
    system, last = asked.system, len(asked.system.years) - 1
    own, before = solved.cases[case], solved.cases["baseline"]
    more = (own.emission - before.emission)[:, CO2, last].sum()
    grid = grid_emission(asked, own, last)
    assert grid is not None
    unknown = np.isnan(system.moves.unit_cost)
    assert system.moves.charge is not None
    left_out = (system.moves.charge[:, last] * own.uptake[:, last])[unknown].sum()
    told = paid(asked, solved, case, "carbon")
    assert told == pytest.approx(PRICE[2020] * (more + grid.sum()) - left_out, rel=1e-9)
    assert told != 0.0


def test_the_price_lies_on_a_straight_line_between_its_years(asked: Study) -> None:
    assert asked.carbon is not None
    price = asked.carbon.price(asked.space.central())[:, 0]
    at = dict(zip(asked.system.years, price.tolist(), strict=True))
    assert at[2019] == pytest.approx(130.0)
    assert {y: at[y] for y in PRICE} == PRICE
    assert not any(p for y, p in at.items() if y < 2018)


def test_columns_of_numbers_pay_what_tables_tell(asked: Study, solved: Results) -> None:
    cost = outcomes(ask(asked, ("baseline", "plan")), asked.space.central()).cost
    assert cost[1, 0] == pytest.approx(paid(asked, solved, "plan", "cost_yuan"), rel=1e-9)


def test_the_mix_is_cheapest_with_what_co2_costs(asked: Study, solved: Results) -> None:
    """The optimum counts the same money as the table: a plan for the same result costs no less."""
    answer = solved.optimum[max(solved.optimum)]
    assert answer.cost == pytest.approx(paid(asked, solved, "least_cost", "cost_yuan"), rel=1e-9)


def test_a_world_without_the_plan_is_held_to_the_plan(asked: Study, solved: Results) -> None:
    frame = Run(asked, solved).find(BASELINES)
    assert frame is not None
    rows = {(r["baseline"], r["outcome"]): r for r in frame.records()}
    own = solved.cases["baseline"].emission[:, POLLUTANTS.index("VOC"), -1].sum()
    row = rows["no-growth", "VOC"]
    assert row["value"] < own, "fewer cars"
    assert row["taken_off"] == row["value"] - row["plan"]


def value_of(study: Study, case: str, pollutant: str) -> Array:
    found = evaluate_variants(study)
    assert found is not None
    return found.outcomes.total[found.cases.index(case), POLLUTANTS.index(pollutant)]


def test_futures_are_evaluated_without_baselines(asked: Study) -> None:
    cars, earlier = value_of(asked, "baseline", "NOx")
    own = asked.baseline[:, POLLUTANTS.index("NOx"), -1].sum()
    assert cars > own > earlier


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("economics: {carbon_price: 60 yuan}", "yuan/t"),
        ("economics: {carbon_price: -1 yuan/t}", "negative"),
        ("economics: {carbon_price: {}}", "at least"),
        ("economics: {carbon_price: 5 EUR/t}", "rate"),
        ("baselines: {b: [{level: scrap-old-trucks, to: 40 %}]}", "a baseline has no commitments"),
        ("baselines: {b: [{driver: car-stok, growth: 1 %}]}", "car-stock"),
    ],
)
def test_what_cannot_be_asked_is_told(project: Project, key: str, said: str) -> None:
    path = written(project, "wrong", f"extends: tongzhou-2020.yaml\nname: wrong\n{key}\n")
    with pytest.raises(InputError) as error:
        load(path)
    assert said in str(error.value)
    assert "wrong.yaml:3" in str(error.value)
