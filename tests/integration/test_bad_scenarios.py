"""One small wrong input per kind of mistake; what the program says stands beside it.

``bad/<kind>.yaml`` is a scenario; ``bad/inventory-<kind>.*``, ``bad/measures-<kind>.*`` and
``bad/transfer-<kind>.*`` take the place of one table of ``bad/good.yaml``. ``bad/<kind>.expected``
holds every line that is printed but the last; ``...`` in it stands for anything.
"""

import re
import shutil
from pathlib import Path

import pytest

from integration.workbench import BAD, Project, call, copy_project

KINDS = sorted(path.stem for path in BAD.glob("*.expected"))
TABLE = re.compile(r"(inventory|measures|transfer)-.*\.(csv|xlsx)")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("bad"))
    scenarios = project.root / "scenarios"
    for path in BAD.iterdir():
        shutil.copy(path, scenarios)
        if table := TABLE.fullmatch(path.name):
            text = f"extends: good.yaml\nfinished:\n  {table[1]}: {path.name}\n"
            (scenarios / f"{path.stem}.yaml").write_text(text)
    return project


def pattern(expected: str) -> str:
    return ".*".join(re.escape(part) for part in expected.split("..."))


def said(answer_err: str) -> tuple[str, str]:
    """Split what was printed into the problems and the closing line."""
    lines = answer_err.splitlines(keepends=True)
    return "".join(lines[:-1]), lines[-1].strip()


def places(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("  ")]


def test_the_scenario_that_the_others_extend_is_good(project: Project) -> None:
    answer = call("check", "scenarios/good.yaml", at=project.root)
    assert (answer.code, answer.err) == (0, "")


def test_every_wrong_input_has_its_expected_answer() -> None:
    inputs = {p.stem for p in BAD.iterdir() if p.suffix != ".expected"}
    assert inputs - set(KINDS) == {
        "good",
        "good-inventory",
        "good-measures",
        "good-transfer",
        "good-areas",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_mistake_is_told_with_its_place(kind: str, project: Project) -> None:
    answer = call("check", f"scenarios/{kind}.yaml", at=project.root)
    problems, closing = said(answer.err)
    expected = (BAD / f"{kind}.expected").read_text(encoding="utf-8")
    assert re.fullmatch(pattern(expected), problems, re.DOTALL), problems
    n = len(places(problems)) + sum(map(int, re.findall(r"^  (\d+) more of this", problems, re.M)))
    assert closing == f"{n} problem{'s' if n > 1 else ''}; nothing was written."
    assert (answer.code, answer.out) == (2, "")


@pytest.mark.parametrize("kind", ["unknown-key", "unknown-measure", "measures-above-100"])
def test_a_run_of_it_writes_nothing(kind: str, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    answer = call("run", f"scenarios/{kind}.yaml", "--out", str(out), at=project.root)
    assert (answer.code, answer.out, out.exists()) == (2, "", False)


def test_problems_of_all_scenarios_are_told_at_once(project: Project, tmp_path: Path) -> None:
    """A good scenario among them is not run either."""
    kinds = ("unknown-measure", "good", "unknown-key", "inventory-nan")
    out = tmp_path / "runs"
    answer = call(
        "run", *(f"scenarios/{kind}.yaml" for kind in kinds), "--out", str(out), at=project.root
    )
    told = places(said(answer.err)[0])
    assert [place.split("  ")[0] for place in told] == [
        "scenarios/inventory-nan.csv:2:4",
        "scenarios/inventory-nan.csv:3:4",
        "scenarios/unknown-key.yaml:4:5",
        "scenarios/unknown-measure.yaml:4:5",
    ]
    assert (answer.code, answer.out, out.exists()) == (2, "", False)
    assert said(answer.err)[1] == "4 problems; nothing was written."


def test_a_scenario_that_is_not_there(project: Project) -> None:
    answer = call("check", "scenarios/nowhere.yaml", at=project.root)
    assert answer.code == 2
    assert answer.err == (
        "scenarios/nowhere.yaml\n  cannot be read: No such file or directory.\n"
        "1 problem; nothing was written.\n"
    )


@pytest.mark.parametrize("asked", ["scenarios/tongzou-2020.yaml", "tongzhou-2020.yaml"])
def test_a_misspelt_scenario_is_named_with_the_nearest(asked: str, project: Project) -> None:
    answer = call("check", asked, at=project.root)
    assert "Did you mean 'scenarios/tongzhou-2020.yaml'?" in answer.err


def test_debug_shows_where_in_the_program(project: Project) -> None:
    from lantian.errors import InputError

    with pytest.raises(InputError, match="unknown key 'reduce'"):
        call("--debug", "check", "scenarios/unknown-key.yaml", at=project.root)


def test_problems_are_told_in_chinese(project: Project) -> None:
    answer = call("--lang", "zh", "check", "scenarios/unknown-measure.yaml", at=project.root)
    place, text, closing = answer.err.splitlines()
    assert re.match(r"scenarios/unknown-measure\.yaml:4:5  commitments\[\d+\]\.measure", place)
    assert "high-emitter-low-emission-zone" in text
    assert not re.search(r"\b(not|Did|mean)\b", text)
    assert "problem" not in closing
