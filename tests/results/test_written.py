"""What a user made or changed in a folder of ours outlives whatever is written there again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.workbench import Project, call
from lantian.store.draft import Claim, filled_beside
from lantian.store.written import carry_over, made_by_user, note_written

NAMES = ("a.csv", "b.docx", "charts/c.svg")


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def texts(folder: Path) -> set[str]:
    return {
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


contents = st.dictionaries(st.sampled_from(NAMES), st.sampled_from("pqrs"), max_size=3)
EDITS = "vwxyz"
edits = st.dictionaries(st.sampled_from((*NAMES, "note.txt")), st.sampled_from(EDITS), max_size=4)


@given(rounds=st.lists(st.tuples(contents, edits), min_size=1, max_size=4))
def test_no_edit_is_lost_however_often_a_folder_is_filled(
    rounds: list[tuple[dict[str, str], dict[str, str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out, told = tmp_path_factory.mktemp("filled") / "out", []
    for written, own in rounds:
        edited = {text for text in texts(out) if text in EDITS}
        with filled_beside(out, told.append) as draft:
            fill(draft, written)
        assert edited | set(written.values()) <= texts(out)
        fill(out, own)
    assert all(path.is_file() for path in told)


def test_what_was_not_touched_is_replaced_without_a_word(tmp_path: Path) -> None:
    told: list[Path] = []
    for text in ("old", "new"):
        with filled_beside(tmp_path / "out", told.append) as draft:
            fill(draft, {"a.csv": text})
    assert (told, texts(tmp_path / "out")) == ([], {"new"})


def test_a_folder_that_is_replaced_hands_on_what_a_user_made(tmp_path: Path) -> None:
    for text in ("old", "new"):
        with Claim(tmp_path / "run", lambda _: True) as claim, claim.draft() as draft:
            fill(draft, {"summary.json": text, "tables/t.csv": text, "charts/x.svg": text})
        if text == "old":
            fill(tmp_path / "run", {"mynote.txt": "note", "tables/t.csv": "edited"})
            fill(tmp_path / "run" / "report", {"report.docx": "r", "brief.docx": "s"})
            note_written(tmp_path / "run" / "report")
            fill(tmp_path / "run" / "report", {"report.docx": "edited report"})
    run = tmp_path / "run"
    assert sorted(p.relative_to(run).as_posix() for p in claim.kept) == [
        "mynote.txt", "report/report.docx", "tables/t.kept-1.csv"
    ]  # fmt: skip
    assert texts(run) == {"new", "note", "edited", "edited report"}
    assert sorted(made_by_user(run)) == ["mynote.txt", "report/report.docx", "tables/t.kept-1.csv"]


def test_without_a_record_nothing_is_known_to_be_a_users(tmp_path: Path) -> None:
    fill(tmp_path / "old", {"a.csv": "x"})
    assert carry_over(tmp_path / "old", tmp_path / "new") == []


def test_a_run_a_report_and_a_zip_lose_nothing(starter_run: Project) -> None:
    """The commands themselves, on a file of each that a user changed."""
    root, run = starter_run.root, starter_run.root / "runs" / "my-district"
    (run / "mynote.txt").write_text("mine", encoding="utf-8")
    out = root / "out"
    assert call("report", str(run), "--format", "xlsx", "--out", str(out), at=root).code == 0
    (out / "report.en.xlsx").write_text("mine too", encoding="utf-8")
    answer = call("report", str(run), "--format", "xlsx", "--out", str(out), at=root)
    assert "report.en.kept-1.xlsx is kept" in answer.err
    assert (out / "report.en.kept-1.xlsx").read_text(encoding="utf-8") == "mine too"
    (root / "my.zip").write_text("no zip", encoding="utf-8")
    packed = call("runs", "pack", str(run), "--out", "my.zip", at=root)
    assert (packed.code, "my.kept-1.zip is kept" in packed.err) == (0, True)
    assert (root / "my.kept-1.zip").read_text(encoding="utf-8") == "no zip"
    assert call("runs", "pack", str(run), "--out", "my.zip", at=root).err == ""
    again = call("run", "scenarios/my-district.yaml", "--no-charts", "--overwrite", at=root)
    assert "mynote.txt is kept" in again.err
    assert (run / "mynote.txt").read_text(encoding="utf-8") == "mine"


@pytest.fixture
def starter_run(tmp_path: Path) -> Project:
    assert call("init", str(tmp_path / "p")).code == 0
    project = Project(tmp_path / "p")
    answer = call("run", "scenarios/my-district.yaml", "--no-charts", at=project.root)
    assert answer.code in (0, 3)
    return project
