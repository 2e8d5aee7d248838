"""A run to hand on: one zip with inputs, scenario and results, described as an RO-Crate."""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from lantian.errors import InputError, Place, Problem, writing
from lantian.handover.certifiable import NOT_CERTIFIABLE, is_certifiable
from lantian.language import message
from lantian.report.frames import RunTables
from lantian.store.run import changed_since, content_id, read_manifest
from lantian.store.written import RECORD, set_aside

METADATA = "ro-crate-metadata.json"
CITATION = "CITATION.txt"
RUNS = "runs"
"""Folder of the zip that holds the run, as in a project: it can be run again where it lies."""
NAMED = ("inputs/labels.csv", "inputs/sources.csv")
"""What gives ids names and sources titles: nothing is computed from it, and a finished inventory,
whose run has its own tables, is read beside it all the same."""
FORMATS = {".csv": "text/csv", ".json": "application/json", ".yaml": "application/yaml",
           ".nc": "application/netcdf", ".txt": "text/plain"}  # fmt: skip


def pack_run(run: Path, root: Path, out: Path) -> Path | None:
    """Write a run and all that it was made from as a zip.

    Parameters
    ----------
    run
        Run folder.
    root
        Project whose inputs it was made from.
    out
        File to write.

    Returns
    -------
    Path or None
        Where a file of that name that is no such zip has been kept.

    Raises
    ------
    InputError
        If the run is not as it was made, or inputs have changed or gone since.
    """
    changed = changed_since(run, root)
    if changed:
        raise InputError([_changed(run, name) for name in changed])
    manifest = read_manifest(run) or {}
    files = {f"{RUNS}/{run.name}/{path.relative_to(run).as_posix()}": path
             for path in sorted(run.rglob("*"))
             if path.is_file() and path.name != RECORD}  # fmt: skip
    files |= {name: root / name for name in manifest["inputs_sha256"] if not (run / name).is_file()}
    files |= {name: root / name for name in NAMED if (root / name).is_file()}
    with TemporaryDirectory() as folder:
        told = Path(folder) / CITATION
        told.write_text(citation(run, manifest), encoding="utf-8")
        draft = out.with_name(f".{out.name}.draft")
        with writing(out):
            draft.touch()
        try:
            _write(files | {CITATION: told}, manifest, draft)
            kept = set_aside(out) if out.is_file() and not _is_sound(out) else None
            os.replace(draft, out)
        finally:
            draft.unlink(missing_ok=True)
    return kept


def _is_sound(path: Path) -> bool:
    try:
        return not faults_of_pack(path)
    except InputError:
        return False


def _changed(run: Path, name: str) -> Problem:
    return Problem(
        Place(str(run / name)),
        message("it has changed since the run was made."),
        fix=message("Run the scenario again; what a run wrote is not edited."),
    )


def citation(run: Path, manifest: Mapping[str, Any]) -> str:
    """Return how to cite a run: the program, the run, and the sources of the numbers it used.

    Parameters
    ----------
    run, manifest
        Its folder, and what stands in ``manifest.json``.

    Returns
    -------
    str
        A line each, the sources of most numbers first.
    """
    tables = RunTables(run)
    sources = tables.rows("references") if tables.has("references") else []
    head = (
        f"Lantian {manifest['version']}, run '{manifest['name']}', content id"
        f" {manifest['content_id']}, {manifest['started'][:10]}."
    )
    own = [] if is_certifiable(manifest) else [NOT_CERTIFIABLE]
    listed = [f"{row.citation or row.source_key} {row.url or ''}".strip() for row in sources]
    return "\n".join([head, *own, "", "Sources of the numbers used:", "", *listed, ""])


def _write(files: Mapping[str, Path], manifest: Mapping[str, Any], out: Path) -> None:
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.softwareapplication import SoftwareApplication
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.name = f"Run {manifest['name']}"
    crate.description = f"Run of Lantian, content id {manifest['content_id']}"
    crate.root_dataset["datePublished"] = manifest["finished"]
    crate.root_dataset["identifier"] = manifest["content_id"]
    crate.root_dataset["certifiable"] = is_certifiable(manifest)
    program = crate.add(
        SoftwareApplication(
            crate, "#lantian", {"name": "Lantian", "softwareVersion": manifest["version"]}
        )
    )
    entities = {
        name: crate.add_file(str(path), name, properties=_described(name, path))
        for name, path in files.items()
    }
    results = [e for name, e in entities.items() if name.startswith(f"{RUNS}/")]
    action = crate.add(
        ContextEntity(
            crate,
            f"#{manifest['content_id']}",
            {
                "@type": "CreateAction",
                "name": manifest["command"],
                "startTime": manifest["started"],
                "endTime": manifest["finished"],
            },
        )
    )
    action["instrument"] = program
    action["object"] = [e for e in entities.values() if e not in results]
    action["result"] = results
    crate.root_dataset["mentions"] = action
    crate.write_zip(str(out))


def _described(name: str, path: Path) -> dict[str, Any]:
    suffix = PurePosixPath(name).suffix
    described = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "contentSize": str(path.stat().st_size),
    }
    return described | ({"encodingFormat": FORMATS[suffix]} if suffix in FORMATS else {})


def faults_of_pack(path: Path) -> list[str]:
    """Return what of a zip is not as it was packed; nothing else than the zip is asked.

    Parameters
    ----------
    path
        As :func:`pack_run` writes it.

    Returns
    -------
    list of str
        Names of files that are missing, added or changed; none if it is sound.

    Raises
    ------
    InputError
        If the file is no such zip.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            described = _hashes(json.loads(packed.read(METADATA)))
            found = {n: packed.read(n) for n in packed.namelist() if not n.endswith("/")}
        found.pop(METADATA)
        digests = {n: hashlib.sha256(data).hexdigest() for n, data in found.items()}
        wrong = [n for n in {*described, *digests} if described.get(n) != digests.get(n)]
        return sorted({*wrong, *_disagreeing(found, digests)})
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise InputError(
            [
                Problem(
                    Place(str(path)),
                    message("this is no zip that 'lantian runs pack' wrote."),
                    fix=message("Name a file that it wrote, such as my-plan.zip."),
                )
            ]
        ) from error


def unpack_run(path: Path, place: Path) -> Path:
    """Unpack a zip that is as it was packed.

    Parameters
    ----------
    path
        For which :func:`faults_of_pack` finds none.
    place
        Folder that inputs and run are laid into, as in a project.

    Returns
    -------
    Path
        Folder of the run.
    """
    with zipfile.ZipFile(path) as packed:
        packed.extractall(place)
        (at,) = (n for n in packed.namelist() if PurePosixPath(n).name == "manifest.json")
    return (place / at).parent


def _hashes(metadata: Any) -> dict[str, str]:
    """Return the hash of each file that the metadata describe."""
    return {e["@id"]: e["sha256"] for e in metadata["@graph"] if "sha256" in e}


def _disagreeing(found: Mapping[str, bytes], digests: Mapping[str, str]) -> list[str]:
    """Return the files that a manifest in the zip says to be others."""
    (at,) = (name for name in found if PurePosixPath(name).name == "manifest.json")
    manifest, folder = json.loads(found[at]), PurePosixPath(at).parent
    wrong = [
        name
        for name, digest in manifest["inputs_sha256"].items()
        if digests.get(str(folder / name), digests.get(name)) != digest
    ]
    scenario, inputs = manifest["scenario_sha256"], manifest["inputs_sha256"]
    if digests.get(str(folder / "scenario.yaml")) != scenario:
        wrong.append(str(folder / "scenario.yaml"))
    own = content_id(manifest["version"], scenario, inputs)
    return wrong if own == manifest["content_id"] else [*wrong, at]
