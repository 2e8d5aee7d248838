"""A finished inventory with measures of the catalogue: the example of the tables, and faults."""

import re
from pathlib import Path

import pytest

import lantian as lt
from integration.workbench import REPOSITORY, Answer, Finished, call

NAMES = ("inventory.csv", "measures.csv", "growth.csv", "catalogue.csv", "three-sources.yaml")


def written(folder: Path) -> Path:
    """Write the worked example of inputs/README.md beside a copy of the catalogue."""
    text = (REPOSITORY / "inputs" / "README.md").read_text(encoding="utf-8")
    section = text.split("A worked example:")[1].split("\n`transfer`")[0]
    blocks = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    (folder / "scenarios").mkdir()
    (folder / "inputs").symlink_to(REPOSITORY / "inputs")
    for name, block in zip(NAMES, blocks, strict=True):
        (folder / "scenarios" / name).write_text(block, encoding="utf-8")
    return folder / "scenarios" / NAMES[-1]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("example")
    scenario = written(folder)
    out = str(folder / "runs")
    answer = call("run", str(scenario), "--no-charts", "--out", out, at=folder)
    assert answer.code == 0, answer.err
    return Finished(answer, folder / "runs" / "three-sources")


def test_the_example_is_what_it_says(example: Finished) -> None:
    nox = 28 * 116 / 108 + 10 * 1.16
    six = 0.2 / (0.848 * 0.55)
    mix = example.table("mix")
    mix = mix[(mix["case"] == "least_cost") & (mix["year"] == 2028)]
    cost = mix.groupby("measure")["cost"].sum()
    assert cost["burners"] == pytest.approx(0.3 * nox * 8000)
    assert cost["denitrification"] == pytest.approx((0.7 * nox - 24) * 25_000)
    assert cost["construction-six-100"] == pytest.approx(six * 2e6 * 0.78 * 100 / 95.7)
    assert mix.set_index("measure").loc["construction-six-100", "share"] == pytest.approx(six)
    costs = example.table("costs")
    costs = costs[(costs["case"] == "least_cost") & (costs["year"] == 2028)]
    assert costs["cost_yuan"].sum() == pytest.approx(cost.sum())


def test_the_example_tells_what_it_filled_and_left_out(example: Finished) -> None:
    told = example.answer.out + example.answer.err
    assert "has no row of 2025, 2027, 2028 for 1 series" in told
    assert "and follow the growth table after the last one: boiler-1 NOx." in told
    assert "and which are not offered: construction-dust-enforcement" in told


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("sit,construction-site,2,km2*month,", "'sit' is not a source of the inventory."),
        ("site,building-site,2,km2*month,", "'building-site' is not a source of the catalogue."),
        ("site,construction-site,2,t,", "'t' is not a unit of the same kind as 'm2*month'."),
        ("industry/*,coal-boiler,9,kt,", "an activity is that of one source"),
        ("industry/*,coal-boiler,3,kg/t,SO2", "source 'boiler-1' emits no SO2."),
        ("site,construction-site,0,km2*month,", "catalogue.csv:2:3  value"),
    ],
)
def test_faults_of_the_mapping(tmp_path: Path, row: str, said: str) -> None:
    scenario = written(tmp_path)
    head = "source,catalogue_source,value,unit,pollutant\n"
    (scenario.parent / "catalogue.csv").write_text(f"{head}{row}\n", encoding="utf-8")
    answer: Answer = call("check", str(scenario), at=tmp_path)
    assert answer.code == 2
    assert said in answer.err
    assert "catalogue.csv:2" in answer.err


def test_a_measure_of_ones_own_is_not_called_like_one_of_ours(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    path = scenario.parent / "measures.csv"
    text = path.read_text(encoding="utf-8").replace("burners", "construction-six-100")
    path.write_text(text, encoding="utf-8")
    answer = call("check", str(scenario), at=tmp_path)
    assert "the catalogue has a measure 'construction-six-100' too." in answer.err


def test_tonnes_become_activity_by_an_emission_factor(tmp_path: Path) -> None:
    """100 t at 50 t/(km2*month) are the 2 km2*month that the example states."""
    scenario = written(tmp_path)
    before = lt.load(scenario).system
    (scenario.parent / "catalogue.csv").write_text(
        "source,catalogue_source,value,unit,pollutant\nsite,construction-site,50,t/(km2*month),PM10\n",
        encoding="utf-8",
    )
    after = lt.load(scenario).system
    assert after.moves.unit_cost.tolist() == pytest.approx(before.moves.unit_cost.tolist())
