"""Runs whose files were cut, changed or taken away: told by file, never a traceback."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from integration.workbench import call


@pytest.fixture(scope="module")
def whole(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the starter."""
    root = tmp_path_factory.mktemp("damaged") / "mine"
    shutil.copytree(starter, root, ignore=shutil.ignore_patterns("runs"))
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code == 0
    return root / "runs" / "my-district"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 2 * path.stat().st_size // 3])


def other_bytes(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def other_json(path: Path) -> None:
    path.write_text("[]", encoding="utf-8")


def empty_targets(path: Path) -> None:
    path.write_text('{"targets": [{}]}', encoding="utf-8")


def doubled(path: Path) -> None:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *lines, *lines, ""]), encoding="utf-8")


def head_only(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def other_digit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    at = max(i for i, sign in enumerate(text) if sign in "12345678")
    path.write_text(f"{text[:at]}9{text[at + 1 :]}", encoding="utf-8")


DAMAGES: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("summary.json", Path.unlink),
    ("summary.json", cut),
    ("summary.json", other_bytes),
    ("summary.json", other_json),
    ("summary.json", empty_targets),
    ("tables/targets.csv", Path.unlink),
    ("tables/targets.csv", cut),
    ("tables/costs.csv", other_bytes),
    ("tables/mix.csv", cut),
    ("tables/emissions.csv", Path.unlink),
    ("tables/targets.csv", doubled),
    ("tables/costs.csv", head_only),
    ("tables/mix.csv", other_digit),
    ("summary.json", other_digit),
)


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_a_damaged_file_is_named(
    whole: Path, tmp_path: Path, name: str, damage: Callable[[Path], object]
) -> None:
    bad = shutil.copytree(whole, tmp_path / "bad")
    damage(bad / name)
    out = str(tmp_path / "out")
    for command in (
        ("compare", str(whole), str(bad)),
        ("report", str(bad), "--format", "xlsx", "--out", out),
    ):
        answer = call(*command)
        assert answer.code == 2
        assert name.rpartition("/")[2] in answer.err
        assert ("is missing" if damage is Path.unlink else "is not what a run writes") in answer.err
    assert not Path(out).exists()


@pytest.mark.parametrize("key", ["inputs_sha256", "outputs_sha256", "name", "version"])
def test_a_manifest_that_no_run_writes_is_none(whole: Path, tmp_path: Path, key: str) -> None:
    bad = shutil.copytree(whole, tmp_path / "bad")
    manifest = json.loads((bad / "manifest.json").read_text(encoding="utf-8"))
    manifest[key] = "x" if key.endswith("sha256") else []
    (bad / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for command in (("compare", str(whole), str(bad)), ("report", str(bad))):
        answer = call(*command)
        assert answer.code == 2
        assert "has no manifest.json that can be read" in answer.err
    answer = call("runs", "--in", str(tmp_path), "--verify")
    assert answer.code == 5
    assert "bad is not listed: its manifest.json is not what a run writes" in answer.out


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        ("results.nc", cut, "changed since: results.nc"),
        ("results.nc", Path.unlink, "missing: results.nc"),
        ("summary.json", Path.unlink, "missing: summary.json"),
        ("tables/mix.csv", other_digit, "changed since: tables/mix.csv"),
        ("scenario.yaml", Path.unlink, "missing: scenario.yaml"),
        ("manifest.json", Path.unlink, "is incomplete: no manifest.json"),
        ("manifest.json", cut, "is not listed"),
    ],
)
def test_verify_tells_what_is_damaged_from_what_is_gone(
    whole: Path, tmp_path: Path, name: str, damage: Callable[[Path], object], told: str
) -> None:
    bad = shutil.copytree(whole, tmp_path / "my-district")
    damage(bad / name)
    answer = call("runs", "--in", str(tmp_path), "--verify", at=whole.parents[1])
    assert answer.code == 5
    assert told in answer.out
    assert "as it was made" not in answer.out


def test_columns_that_no_run_writes_are_named(whole: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(whole, tmp_path / "bad")
    table = bad / "tables" / "mix.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join(f"{line},remark" for line in lines), encoding="utf-8-sig")
    answer = call("compare", str(whole), str(bad))
    assert answer.code == 2
    assert "columns too many: remark; columns missing: none" in " ".join(answer.err.split())


def written_by(folder: Path, name: str, text: str | None) -> None:
    """Make a run one of a build that wrote a file otherwise, or not at all."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if text is None:
        (folder / name).unlink()
        del manifest["outputs_sha256"][name]
    else:
        (folder / name).write_text(text, encoding="utf-8")
        manifest["outputs_sha256"][name] = sha256(text.encode()).hexdigest()
    manifest |= {"version": "0.0.9", "started": "2026-01-02T03:04:05+00:00"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("written", ["other columns", None])
def test_a_run_of_another_build_is_compared_as_far_as_it_can_be(
    whole: Path, tmp_path: Path, written: str | None
) -> None:
    old = shutil.copytree(whole, tmp_path / "old")
    table = old / "tables" / "costs.csv"
    text = table.read_text(encoding="utf-8-sig").replace("case,", "variant,", 1)
    written_by(old, "tables/costs.csv", text if written else None)
    told = call("compare", str(whole), str(old))
    assert told.code == 0, told.err
    for part in ("another build of Lantian (0.0.9, 2026-01-02)", "costs", "Targets compared"):
        assert part in told.out
    out = tmp_path / "out"
    report = call("report", str(old), "--format", "html", "--charts", "", "--out", str(out))
    assert report.code == 0, report.err
    assert "costs" in report.err
    assert (out / "report.en.html").exists()


def test_a_summary_of_another_build_is_told_from_a_damaged_one(whole: Path, tmp_path: Path) -> None:
    old = shutil.copytree(whole, tmp_path / "old")
    written_by(old, "summary.json", '{"targets": []}')
    for command in (("compare", str(whole), str(old)), ("report", str(old))):
        answer = call(*command)
        assert answer.code == 2
        assert "another build of Lantian (0.0.9, run of 2026-01-02)" in answer.err
        assert "is not what a run writes" not in answer.err


def test_a_damaged_scenario_is_named(whole: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(whole, tmp_path / "bad")
    (bad / "scenario.yaml").write_text("a: [b", encoding="utf-8")
    answer = call("compare", str(whole), str(bad))
    assert answer.code == 2
    assert "scenario.yaml" in answer.err


def test_nothing_is_written_into_a_run(whole: Path) -> None:
    before = sorted(whole.rglob("*"))
    for place in (whole, whole / "tables"):
        answer = call("report", str(whole), "--brief", "--out", str(place))
        assert answer.code == 2
        assert "belongs to a run" in answer.err
    assert sorted(whole.rglob("*")) == before


def test_an_imported_scenario_stays_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("source,NOx (t/a) 2020\nkiln,3\n", encoding="utf-8")
    answer = call("import", "book.csv", "--yes", "--name", "../evil", at=tmp_path)
    assert answer.code == 2
    assert "is no name for a scenario" in answer.err
    assert not (tmp_path.parent / "evil").exists()


WRITERS: tuple[tuple[str, ...], ...] = (
    ("report", "my-district", "--format", "html", "--charts", "", "--out"),
    ("brief", "my-district", "--out"),
    ("compare", "my-district", "other-folder", "--out"),
    ("runs", "pack", "my-district", "--out"),
    ("run", "scenarios/my-district.yaml", "--no-charts", "--out"),
    ("frontier", "scenarios/my-district.yaml", "--target", "nox-cut", "--no-charts", "--out"),
    ("optimise", "scenarios/my-district.yaml", "--save-lp"),
    ("init",),
)


@pytest.fixture(scope="module")
def two(whole: Path) -> Path:
    """The project, with a second folder of the same run."""
    shutil.copytree(whole, whole.with_name("other-folder"), dirs_exist_ok=True)
    return whole.parent.parent


@pytest.mark.parametrize("command", WRITERS, ids=lambda command: command[0])
def test_a_place_that_cannot_be_written_is_told_as_that(
    two: Path, command: tuple[str, ...]
) -> None:
    (two / "a-file").write_text("mine", encoding="utf-8")
    places = ["a-file/x"] if command[:2] == ("runs", "pack") else ["a-file", "a-file/x"]
    for place in places:
        answer = call(*command, place, at=two)
        assert answer.code == 2, answer.err
        assert "cannot be written" in answer.err
        assert "cannot be read" not in answer.err
    assert (two / "a-file").read_text(encoding="utf-8") == "mine"


def test_runs_are_listed_by_their_folders(two: Path) -> None:
    answer = call("runs", at=two)
    assert answer.code == 0, answer.err
    assert [line.split()[0] for line in answer.out.splitlines()[1:]] == [
        "my-district",
        "other-folder",
    ]
