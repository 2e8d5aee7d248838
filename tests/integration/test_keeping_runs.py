"""``lantian runs tag``, ``rerun``, ``remove``; what ``--verify`` tells of edited files."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.workbench import UNSAMPLED, call
from lantian.results.frame import ENCODING

NAME = "my-district"


@pytest.fixture(scope="module")
def made(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a run, tests copy it."""
    root = tmp_path_factory.mktemp("kept") / "mine"
    shutil.copytree(starter, root, ignore=shutil.ignore_patterns("runs"))
    with (root / "scenarios" / f"{NAME}.yaml").open("a", encoding="utf-8") as stream:
        stream.write(UNSAMPLED)
    answer = call("run", f"scenarios/{NAME}.yaml", "--no-charts", at=root)
    assert answer.code == 0, answer.err
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    return Path(shutil.copytree(made, tmp_path / "mine"))


def cells(path: Path) -> list[list[str]]:
    return [line.split(",") for line in path.read_text(encoding=ENCODING).splitlines()]


def write(path: Path, rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows) + "\n"
    path.write_text(text, encoding=ENCODING)


def test_tags_are_listed_filtered_and_taken_off(project: Path) -> None:
    assert call("runs", "tag", NAME, "submitted", "送审稿", at=project).code == 0
    for asked in (("--tag", "送审稿"), ("--where", "'submitted' in tags"), ("--sort", "tags")):
        assert "submitted; 送审稿" in call("runs", *asked, at=project).out
    for asked in (("--tag", "submit"), ("--where", "'submit' in tags")):
        assert NAME not in call("runs", *asked, at=project).out
    answer = call("runs", "tag", NAME, "--drop", "submitted", at=project)
    assert answer.out == f"{NAME}: tags: 送审稿\n"
    assert "has no tag 'submitted'" in call("runs", "tag", NAME, "--drop", "submitted",
                                            at=project).err  # fmt: skip


def test_a_tag_changes_nothing_that_is_verified(project: Path) -> None:
    before = (project / "runs" / NAME / "manifest.json").read_bytes()
    call("runs", "tag", NAME, "final", at=project)
    answer = call("runs", "--verify", at=project)
    assert (answer.code, "as it was made" in answer.out) == (0, True)
    assert (project / "runs" / NAME / "manifest.json").read_bytes() == before
    assert call("runs", "pack", NAME, at=project).code == 0
    assert call("runs", "verify", f"{NAME}.zip", at=project).code == 0


def test_tags_are_those_of_the_run_they_were_put_on(project: Path) -> None:
    call("runs", "tag", NAME, "final", at=project)
    again = ("run", f"scenarios/{NAME}.yaml", "--no-charts", "--overwrite")
    assert call(*again, at=project).code == 0
    assert "final" in call("runs", at=project).out
    (project / "runs" / NAME / "tags.json").write_text(
        json.dumps({"content_id": "of another", "tags": ["final"]}), encoding="utf-8"
    )
    assert "final" not in call("runs", at=project).out


@pytest.mark.parametrize("word", ["", " a", "a,b", "a;b", "a\nb", "a\x1bb", "x" * 61])
def test_what_is_no_tag_is_refused(project: Path, word: str) -> None:
    answer = call("runs", "tag", NAME, word, at=project)
    assert answer.code == 2
    assert "is no tag" in answer.err
    assert not (project / "runs" / NAME / "tags.json").exists()


def test_a_run_made_again_is_the_same(project: Path) -> None:
    answer = call("runs", "rerun", NAME, at=project)
    assert answer.code == 0, answer.err
    assert "files hold the same" in answer.out
    assert [path.name for path in (project / "runs").iterdir()] == [NAME]


def other_number(run: Path) -> str:
    table = run / "tables" / "targets.csv"
    rows = cells(table)
    column = rows[0].index("limit")
    was, rows[3][column] = rows[3][column], "7.25"
    write(table, rows)
    return (
        f"tables/targets.csv: 1 of {len(rows[0]) * (len(rows) - 1)} cells differ|"
        f"4:{column + 1} limit: 7.25 here, {was} in the run made again"
    )


def one_row_less(run: Path) -> str:
    table = run / "tables" / "targets.csv"
    rows = cells(table)
    write(table, rows[:4] + rows[5:])
    return f"{len(rows) - 2} rows, and {len(rows) - 1} in the run made again|is line 5"


def other_summary(run: Path) -> str:
    path = run / "summary.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["base_year"] += 1
    path.write_text(json.dumps(data), encoding="utf-8")
    return f"base_year: {data['base_year']} here, {data['base_year'] - 1} in the run made again"


def without_arrays(run: Path) -> str:
    (run / "results.nc").unlink()
    return "results.nc: only one of the two has it"


def cut_arrays(run: Path) -> str:
    path = run / "results.nc"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return "results.nc: it cannot be read"


@pytest.mark.parametrize(
    "damage", [other_number, one_row_less, other_summary, without_arrays, cut_arrays]
)
def test_a_run_made_again_tells_what_was_edited(
    project: Path, damage: Callable[[Path], str]
) -> None:
    told = damage(project / "runs" / NAME)
    answer = call("runs", "rerun", NAME, at=project)
    assert answer.code == 5, answer.err
    assert f"{NAME}: made again, 1 of " in answer.out
    for part in told.split("|"):
        assert part in answer.out


def test_a_zip_is_made_again_from_the_inputs_of_its_time(project: Path, tmp_path: Path) -> None:
    assert call("runs", "pack", NAME, at=project).code == 0
    path = next((project / "runs" / NAME).glob("inventory.*"))
    path.unlink()  # the project's run is spoiled, the zip is not
    answer = call("runs", "rerun", f"{NAME}.zip", "--out", str(tmp_path / "again"), at=project)
    assert answer.code == 0, answer.err + answer.out
    assert (tmp_path / "again" / NAME / "manifest.json").exists()
    bad = project / "bad.zip"
    bad.write_bytes(b"no zip")
    assert call("runs", "rerun", "bad.zip", at=project).code == 2


def other_emission(run: Path) -> str:
    table = run / "tables" / "emissions.csv"
    rows = cells(table)
    rows[5][rows[0].index("value")] = "1.5"
    write(table, rows)
    return "tables/emissions.csv: line 6, value: 1.5 here, "


def other_activity(run: Path) -> str:
    table = run / "tables" / "activity.csv"
    rows = cells(table)
    rows[2][rows[0].index("value")] = "1.5"
    write(table, rows)
    return "tables/activity.csv: line 3, value: 1.5 here, "


def one_more_column(run: Path) -> str:
    table = run / "tables" / "costs.csv"
    write(table, [[*row, "x"] for row in cells(table)])
    return "tables/costs.csv: columns too many: x; columns missing: none"


def one_row_twice(run: Path) -> str:
    table = run / "tables" / "targets.csv"
    rows = cells(table)
    write(table, [*rows, rows[2]])
    return f"tables/targets.csv: line {len(rows) + 1} says again what line 3 is about"


def one_cell_less(run: Path) -> str:
    table = run / "tables" / "costs.csv"
    rows = cells(table)
    write(table, [*rows[:2], rows[2][:-1], *rows[3:]])
    return f"line 3 has {len(rows[0]) - 1} cells, and the header {len(rows[0])}"


def cut_summary(run: Path) -> str:
    path = run / "summary.json"
    path.write_bytes(path.read_bytes()[:-20])
    return "summary.json: it cannot be read"


@pytest.mark.parametrize(
    "damage",
    [other_emission, other_activity, one_more_column, one_row_twice, one_cell_less, cut_summary],
)
def test_verify_tells_what_was_edited_where_the_run_can(
    project: Path, damage: Callable[[Path], str]
) -> None:
    told = damage(project / "runs" / NAME)
    answer = call("runs", "--verify", at=project)
    assert answer.code == 5
    assert told in answer.out
    assert f"lantian runs rerun runs/{NAME}" in answer.out


def test_every_number_of_a_sound_run_agrees_with_its_arrays(project: Path) -> None:
    from lantian.comparison.altered import suspected

    tables = sorted((project / "runs" / NAME / "tables").glob("*.csv"))
    assert len(tables) > 20
    assert [path.name for path in tables if suspected(path) is not None] == []


def test_a_removal_is_asked_for(project: Path) -> None:
    run = project / "runs" / NAME
    answer = call("runs", "remove", NAME, at=project)
    assert (answer.code, run.exists()) == (2, True)
    assert "give --yes" in answer.err
    call("runs", "tag", NAME, "old", at=project)  # a tag keeps no run
    answer = call("runs", "remove", NAME, "--yes", at=project)
    assert (answer.code, answer.out) == (0, f"Removed: runs/{NAME}\n")
    assert not [*(project / "runs").iterdir()]


def test_a_removal_takes_nothing_of_a_user(project: Path) -> None:
    run = project / "runs" / NAME
    (run / "note.docx").write_text("mine", encoding="utf-8")
    answer = call("runs", "remove", NAME, "--yes", at=project)
    assert answer.code == 2
    assert "note.docx" in answer.err
    assert (run / "manifest.json").exists()
    assert call("runs", "remove", NAME, "--yes", "--everything", at=project).code == 0
    assert not run.exists()


def test_only_runs_are_removed(project: Path, tmp_path: Path) -> None:
    run = project / "runs" / NAME
    (project / "runs" / "link").symlink_to(run)
    for name in (".", "inputs", "scenarios", "runs", "runs/link", "runs/none"):
        (project / "inputs").mkdir(exist_ok=True)
        assert call("runs", "remove", name, "--yes", "--everything", at=project).code == 2
    shutil.copy(run / "manifest.json", project / "scenarios")
    answer = call("runs", "remove", "scenarios", "--yes", "--everything", at=project)
    assert answer.code == 2
    assert "is not a run of Lantian" in answer.err
    assert (run / "manifest.json").exists()
    assert (project / "scenarios" / f"{NAME}.yaml").exists()


def test_a_run_without_a_record_is_not_known_to_be_ours(project: Path) -> None:
    run = project / "runs" / NAME
    (run / ".written.json").unlink()
    answer = call("runs", "remove", NAME, "--yes", at=project)
    assert (answer.code, run.exists()) == (2, True)
