"""``lantian runs pack``: all that a run was made from in one file that tells if it is whole."""

import json
import shutil
import zipfile
from html import unescape
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from integration.workbench import call
from lantian.handover.certifiable import NOT_CERTIFIABLE
from lantian.handover.pack import citation

RUN = "runs/my-district"
OWN = "def add(model, data):\n    pass\n"


@pytest.fixture(scope="module")
def project(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter with a run of it, packed."""
    root = tmp_path_factory.mktemp("packs") / "mine"
    shutil.copytree(starter, root, ignore=shutil.ignore_patterns("runs"))
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code == 0
    answer = call("runs", "pack", RUN, at=root)
    assert (answer.code, answer.err) == (0, "")
    return root


def test_a_pack_is_run_again_where_it_is_unpacked(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(project / "my-district.zip") as packed:
        packed.extractall(tmp_path)
    manifest = json.loads((tmp_path / RUN / "manifest.json").read_text(encoding="utf-8"))
    again = call("run", f"{RUN}/scenario.yaml", "--no-charts", "--out", "again", at=tmp_path)
    assert again.code == 0, again.err
    made = json.loads((tmp_path / "again/my-district/manifest.json").read_text(encoding="utf-8"))
    assert made["content_id"] == manifest["content_id"]


def test_metadata_are_an_ro_crate_that_names_every_file(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(project / "my-district.zip") as packed:
        names = {n for n in packed.namelist() if not n.endswith("/")}
        packed.extractall(tmp_path)
    crate = ROCrate(str(tmp_path))
    files = {entity.id for entity in crate.get_entities() if entity.type == "File"}
    assert files == names - {"ro-crate-metadata.json"}
    action = crate.root_dataset["mentions"]
    assert action["instrument"]["name"] == "Lantian"
    assert {e.id for e in action["result"]} == {n for n in names if n.startswith("runs/")}


def test_a_pack_tells_what_was_done_to_it(project: Path, tmp_path: Path) -> None:
    sound = call("runs", "verify", "my-district.zip", at=project)
    assert (sound.code, sound.out.strip()) == (0, "my-district.zip: as it was packed.")
    with zipfile.ZipFile(project / "my-district.zip") as packed:
        files = {n: packed.read(n) for n in packed.namelist() if not n.endswith("/")}
    table = f"{RUN}/tables/targets.csv"
    spoiled = {
        table: files | {table: files[table].replace(b"nox-cut", b"nox-cat")},
        f"{RUN}/summary.json": {n: d for n, d in files.items() if n != f"{RUN}/summary.json"},
        "more.txt": files | {"more.txt": b"more"},
    }
    for name, contents in spoiled.items():
        path = tmp_path / "spoiled.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for own, data in contents.items():
                packed.writestr(own, data)
        answer = call("runs", "verify", str(path))
        assert (answer.code, answer.out) == (5, f"{name}: not as it was packed.\n")


def test_what_is_no_pack_is_told(project: Path, tmp_path: Path) -> None:
    (tmp_path / "words.zip").write_text("no zip", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    for name in ("words.zip", "empty.zip", "none.zip"):
        answer = call("runs", "verify", str(tmp_path / name))
        assert answer.code == 2
        assert "this is no zip that 'lantian runs pack' wrote" in answer.err


def test_a_run_that_was_edited_is_not_packed(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "mine"
    shutil.copytree(project, root)
    path = root / RUN / "scenario.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    answer = call("runs", "pack", RUN, "--out", "edited.zip", at=root)
    assert answer.code == 2
    assert "it has changed since the run was made" in answer.err
    assert not (root / "edited.zip").exists()


def test_constraints_of_ones_own_are_marked(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "mine"
    shutil.copytree(project, root)
    (root / "scenarios" / "own.py").write_text(OWN, encoding="utf-8")
    scenario = root / "scenarios" / "own.yaml"
    scenario.write_text(
        "extends: my-district.yaml\nname: own\noptimise: {interface: pyomo, constraints: own.py}\n",
        encoding="utf-8",
    )
    assert call("run", "scenarios/own.yaml", "--no-charts", at=root).code == 0
    answer = call("runs", "pack", "runs/own", at=root)
    assert answer.code == 0, answer.err
    assert NOT_CERTIFIABLE in answer.out
    with zipfile.ZipFile(root / "own.zip") as packed:
        assert "scenarios/own.py" in packed.namelist()
        assert NOT_CERTIFIABLE in packed.read("CITATION.txt").decode("utf-8")
    assert call("runs", "verify", "own.zip", at=root).code == 0
    report = root / "page"
    assert call("brief", "runs/own", "--out", str(report), at=root).code == 0
    page = unescape((report / "brief.en.html").read_text(encoding="utf-8"))
    assert NOT_CERTIFIABLE in page


def test_a_run_is_cited_with_the_sources_of_its_numbers(tongzhou) -> None:
    text = citation(tongzhou.folder, tongzhou.manifest)
    assert tongzhou.manifest["content_id"] in text
    sources = tongzhou.table("references")
    assert len(text.splitlines()) == len(sources) + 4
