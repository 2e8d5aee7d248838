"""Examples in the docstrings of what is offered run as they stand, beside a starter project."""

import doctest
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot

import lantian
from integration.workbench import call
from lantian.handover import figures

WITH_EXAMPLES = {
    "lantian": lantian,
    **{
        name: offered
        for name in lantian.__all__
        if not isinstance(offered := getattr(lantian, name), str)
        and ">>>" in (offered.__doc__ or "")
    },
    "charts": figures.draw_chart,
}
STRICT = """extends: my-district.yaml
name: my-district-strict
targets: [{id: nox-cut, reduce_by: 30 %}]
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the starter project and two runs of it."""
    root = tmp_path_factory.mktemp("examples")
    call("init", "my-district", at=root)
    scenarios = root / "my-district" / "scenarios"
    (scenarios / "strict.yaml").write_text(STRICT, encoding="utf-8")
    paths = [f"my-district/scenarios/{name}.yaml" for name in ("my-district", "strict")]
    answer = call("run", *paths, "--no-charts", "--out", "runs", at=root)
    assert answer.code == 0, answer.err
    return root


@pytest.fixture(autouse=True)
def _without_a_screen() -> Iterator[None]:
    before = mpl.get_backend()
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")
    pyplot.switch_backend(before)


def test_there_are_examples() -> None:
    expected = {"lantian", "load", "solve", "tables", "open_run", "compare", "variants", "charts"}
    assert expected <= set(WITH_EXAMPLES)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_example_runs(name: str, beside: Path) -> None:
    found = doctest.DocTestFinder(recurse=False).find(
        WITH_EXAMPLES[name], name, globs={}, module=False
    )
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    told: list[str] = []
    with chdir(beside):
        for example in found:
            runner.run(example, out=told.append)
    assert runner.tries
    assert not runner.failures, "".join(told)


def test_a_chart_lies_on_the_axes_that_are_given(beside: Path) -> None:
    figure, axes = pyplot.subplots(1, 2)
    run = lantian.open_run(beside / "runs" / "my-district")
    assert lantian.charts.waterfall(run, ax=axes[1], part="NOx") is axes[1]
    assert len(axes[1].patches) > 20
    assert not axes[0].patches
    figure.canvas.draw()


def test_tables_without_a_run_folder_are_those_of_one(beside: Path) -> None:
    study = lantian.load(beside / "my-district" / "scenarios" / "my-district.yaml")
    made = lantian.tables(study, lantian.solve(study))
    written = lantian.open_run(beside / "runs" / "my-district").tables
    assert set(written) <= set(made)
    for name in written:
        pd.testing.assert_frame_equal(made[name], written[name], check_exact=True)
    for name in set(made) - set(written):
        assert made[name].empty
        assert len(made[name].columns) > 0
    with pytest.raises(KeyError, match="Did you mean 'mix'"):
        made["mixes"]


def test_what_is_shown_of_a_study_is_read_by_people(beside: Path) -> None:
    study = lantian.load(beside / "my-district" / "scenarios" / "my-district.yaml")
    results = lantian.solve(study)
    shown = [study, results, results.cases["plan"], lantian.tables(study, results)]
    assert all(len(repr(it)) < 1200 and "array(" not in repr(it) for it in shown)
    with pytest.raises(lantian.InputError) as stopped:
        lantian.variants(study, {"world": {"level": "truck-scrapped", "to": "30 %"}})
    problem = stopped.value.problems[0]
    assert repr(problem) == f"<Problem: {problem.text()}>"
    assert repr(problem.found) == f"<Message: {problem.found.text()}>"


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda run: lantian.charts.waterfall(run, part="NOy"), "waterfall-nox"),
        (lambda run: lantian.charts.alert(run), "no chart"),
        (lambda run: lantian.charts.fleet_by_standard(run), "fleet"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_told(draw, said: str, beside: Path) -> None:
    with pytest.raises((lantian.InputError, AttributeError), match=said):
        draw(beside / "runs" / "my-district")


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"level": "truck-scrapped", "to": "30 %"}, "trucks-scrapped"),
        ({"levl": "trucks-scrapped", "to": "30 %"}, "level"),
        ({"level": "trucks-scrapped"}, "needs one of"),
        ({"level": "trucks-scrapped", "to": "3 t"}, "unit|convert"),
    ],
)
def test_a_world_that_cannot_be_is_told(wish: dict[str, str], said: str, beside: Path) -> None:
    study = lantian.load(beside / "my-district" / "scenarios" / "my-district.yaml")
    with pytest.raises(lantian.InputError, match=said):
        lantian.variants(study, {"world": wish})
