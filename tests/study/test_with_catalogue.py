"""A finished inventory with measures of the catalogue: the example of the tables, and faults."""

import re
from pathlib import Path

import pytest

import lantian as lt
from integration.workbench import REPOSITORY, Answer, Finished, call
from lantian.core.system import emission_by_source
from lantian.vocabulary import POLLUTANTS

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
    waits = 0.3  # part of the ground; the suppressant takes more off it for its price
    six = (0.2 - waits * 0.8373 * 0.5) / (0.525 * 0.55)
    mix = example.table("mix")
    mix = mix[(mix["case"] == "least_cost") & (mix["year"] == 2028)]
    cost = mix.groupby("measure")["cost"].sum()
    assert cost["burners"] == pytest.approx(0.3 * nox * 8000)
    assert cost["denitrification"] == pytest.approx((0.7 * nox - 24) * 25_000)
    assert cost["construction-six-100"] == pytest.approx(six * 2e6 * 0.78 * 100 / 95.7)
    suppressant = waits * 2e6 * 0.88 * 100 / 81.3
    assert cost["construction-ground-suppressant"] == pytest.approx(suppressant)
    share = mix.set_index("measure")["share"]
    assert share["construction-six-100"] == pytest.approx(six)
    assert share["construction-ground-suppressant"] == pytest.approx(waits)
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


def committed(
    folder: Path, level: str, pollutant: str = "NOx", sources: str = "[boiler-1]"
) -> Path:
    scenario = written(folder)
    with scenario.open("a", encoding="utf-8") as stream:
        stream.write(
            "commitments:\n  - {id: less, clause: [task], measure: burners, bindingness: binding,\n"
            f"     level: {level}, pollutant: {pollutant}, sources: {sources}, from: 2028,"
            " by: 2028, credit: printed}\n"
        )
    return scenario


def test_a_commitment_in_tonnes_removes_them(tmp_path: Path) -> None:
    study = lt.load(committed(tmp_path, "4500 kg"))
    before, after = study.baseline, emission_by_source(study.system, study.applied.activity)
    cut = (before - after)[:, POLLUTANTS.index("NOx"), -1]
    found = dict(zip(study.system.sources.id, cut.tolist(), strict=True))
    assert found == pytest.approx({"boiler-1": 4.5, "boiler-2": 0.0, "site": 0.0})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("4 t", "SO2"), "'burners' removes no SO2 from source 'boiler-1'."),
        (("4 t", "NOx", "[boiler-1, boiler-2]"), "tonnes are those of one source"),
        (("4 MW",), "'MW' is not a unit of the same kind as 't'"),
        (("4 %",), "'%' is not a unit of the same kind as 't'"),
    ],
)
def test_commitments_in_tonnes_that_cannot_be(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    answer = call("check", str(committed(tmp_path, *options)), at=tmp_path)
    assert answer.code == 2
    assert said in answer.err
