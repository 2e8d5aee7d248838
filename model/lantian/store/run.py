"""The run folder: written beside its place and moved there when complete."""

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lantian
from lantian.errors import Problems, one_line
from lantian.inventory.layers import find_layers
from lantian.optimise.problem.user_constraints import UserFile
from lantian.optimise.solve.highs import Options
from lantian.results.contract import RESIDUAL_OF
from lantian.results.dataset import write_dataset
from lantian.results.summary import summarise
from lantian.results.tables.registry import Run, all_tables
from lantian.scenario.yaml_text import written
from lantian.store.draft import BusyError, Claim, drafts, leftovers
from lantian.store.written import digest
from lantian.study.model import Results, Study

LISTED = {"name", "content_id", "started", "version"}
"""What a manifest has, as texts, by which its run is known and listed."""
LIBRARIES = ("numpy", "pandas", "xarray", "highspy", "pyomo", "pydantic", "pint", "matplotlib")


def claim_run(folder: Path, overwrite: bool) -> Claim:
    """Return the right to write a run, to be taken with ``with``.

    Parameters
    ----------
    folder
        ``runs/<name>``.
    overwrite
        Whether a run of that name may be replaced; nothing but a run ever is.

    Returns
    -------
    Claim
        Refuses what is taken, and what another process is writing.
    """
    return Claim(folder, lambda there: overwrite and is_run(there))


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a run that Lantian wrote under its name: its manifest says so."""
    found = None if folder.is_symlink() else read_manifest(folder)
    return found is not None and found["name"] == folder.name


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a run; None where there is none that can be read."""
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    complete = isinstance(found, dict) and found.keys() >= LISTED
    if not complete or not all(isinstance(found[key], str) for key in LISTED):
        return None
    lists = [found.get(key, {}) for key in DIGESTS]
    return found if all(isinstance(own, dict) for own in lists) else None


ARRAYS = "results.nc"
DIGESTS = ("inputs_sha256", "outputs_sha256")
"""Parts of a manifest that say what files hold."""


def damaged_outputs(
    folder: Path, manifest: Mapping[str, Any], without: Collection[str] = ()
) -> list[Path]:
    """Return the files that a run wrote and that are gone or hold something else now.

    Parameters
    ----------
    folder
        Run folder.
    manifest
        Its manifest; runs of older versions do not say what their files held.
    without
        Names of files that are not read.
    """
    digests = manifest.get("outputs_sha256", {})
    paths = {folder / name: told for name, told in digests.items() if name not in without}
    return [p for p, told in paths.items() if not p.is_file() or digest(p) != told]


def write_run(
    study: Study,
    results: Results,
    claim: Claim,
    *,
    command: str,
    started: datetime,
    finish: Callable[[Path], object] | None = None,
) -> dict[str, Any]:
    """Write a run.

    Parameters
    ----------
    study
        The scenario put together.
    results
        What was found out about it.
    claim
        The right to write the folder, taken; the folder appears only when everything is in it.
    command
        Command line, for the manifest.
    started
        When the work began.
    finish
        Called with the unfinished folder before it is moved, e.g. to draw charts into it.

    Returns
    -------
    dict
        The summary, as in ``summary.json``.

    Raises
    ------
    TakenError
        If something else has come to its place in the meantime.
    """
    with claim.draft() as draft:
        summary = _fill(draft, study, results, command, started)
        if finish is not None:
            finish(draft)
    return summary


def _fill(
    draft: Path, study: Study, results: Results, command: str, started: datetime
) -> dict[str, Any]:
    run = Run(study, results)
    tables = all_tables(run)
    (draft / "tables").mkdir()
    for name, table in tables.items():
        table.write(draft / "tables" / f"{name}.csv")
    scenario = scenario_text(study)
    manifest = _manifest(study, results, scenario, command, started)
    write_dataset(study, results, _history(manifest), draft / ARRAYS)
    (draft / "scenario.yaml").write_text(scenario, encoding="utf-8")
    for name, path in _finished_tables(study).values():
        shutil.copyfile(path, draft / name)
    for name, text in _origins(study).items():
        (draft / name).write_text(text, encoding="utf-8")
    summary = summarise(run)
    _write_json(draft / "summary.json", summary)
    manifest["outputs_sha256"] = _outputs(draft)
    _write_json(draft / "manifest.json", manifest)
    return summary


def _outputs(draft: Path) -> dict[str, str]:
    """Return SHA-256 of the tables, the arrays and the summary, by name in the run folder."""
    paths = [draft / "summary.json", draft / ARRAYS, *sorted((draft / "tables").glob("*.csv"))]
    return {path.relative_to(draft).as_posix(): digest(path) for path in paths}


def _history(manifest: dict[str, Any]) -> str:
    """Return what made the arrays: nothing that two runs of the same inputs would differ in."""
    return (
        f"lantian {manifest['version']}: run of scenario {manifest['name']},"
        f" content id {manifest['content_id']}"
    )


def _write_json(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def scenario_text(study: Study, step: int = 1) -> str:
    """Return the resolved scenario as YAML: complete, and re-runnable from the run folder.

    Parameters
    ----------
    study
        The study.
    step
        How many steps away the scenario is that this one starts from, if any.

    Returns
    -------
    str
        With the names of the run's own copies of other files.
    """
    data = dict(study.read.document.data)
    if study.scenario.finished is not None:
        data["finished"] = {key: name for key, (name, _) in _finished_tables(study).items()}
    if study.origin is not None:
        data["starts_from"] = {**data["starts_from"], "scenario": _origin_name(step)}
    return written(data)


def _origin_name(step: int) -> str:
    return f"starts-from-{step}.yaml"


def _origins(study: Study) -> dict[str, str]:
    """Return the scenarios that a study starts from, in any number of steps, by file name."""
    found: dict[str, str] = {}
    while study.origin is not None:
        study, step = study.origin, len(found) + 1
        found[_origin_name(step)] = scenario_text(study, step + 1)
    return found


def _finished_tables(study: Study) -> dict[str, tuple[str, Path]]:
    """Return the tables of a finished inventory: the name of the run's own copy, and the path."""
    finished = study.scenario.finished
    if finished is None:
        return {}
    folder = study.read.path.parent
    paths = {key: folder / name for key, name in finished.model_dump(exclude_none=True).items()}
    return {key: (f"{key}{path.suffix}", path) for key, path in paths.items()}


def _manifest(
    study: Study, results: Results, scenario: str, command: str, started: datetime
) -> dict[str, Any]:
    inputs = inputs_of(study)
    own = digest_of(scenario)
    solved = [*results.optimum.values(), *results.match.values()]
    return {
        "name": study.scenario.name,
        "version": lantian.__version__,
        "content_id": content_id(lantian.__version__, own, inputs),
        "command": command,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in LIBRARIES},
        "solver": {
            "name": "HiGHS",
            "version": version("highspy"),
            "status": "optimal" if solved else "not needed",
            "interface": study.question.interface,
            "options": asdict(Options()),
            "solves": sum(r.solves for r in solved),
            "cold_restarts": sum(r.restarts for r in solved),
            "largest_residual": max((r.worst.largest for r in solved), default=0.0),
            "residuals": {
                name: max((getattr(r.worst, name) for r in solved), default=0.0)
                for name in RESIDUAL_OF
            },
            "largest_gap_of_whole_units": max(
                (r.whole.gap for r in solved if r.whole is not None), default=None
            ),
            "largest_reprojection_gap": max((r.reprojection_gap for r in solved), default=0.0),
        },
        "seed": None,
        "scenario_sha256": own,
        "inputs_sha256": inputs,
        "warnings": [one_line(w) for w in study.warnings],
    }


def inputs_of(study: Study) -> dict[str, str]:
    """Return the SHA-256 of every file that decides the result, by its name."""
    files = {name: digest(path) for name, path in _input_files(study)}
    return files | {name: digest_of(text) for name, text in _origins(study).items()}


def content_id(program: str, scenario: str, inputs: Mapping[str, str]) -> str:
    """Return the code of what a run was made from: equal inputs, equal code.

    Parameters
    ----------
    program
        Version of the program.
    scenario
        SHA-256 of the scenario.
    inputs
        SHA-256 of every file that was read, by its name.
    """
    content = json.dumps([program, scenario, inputs], sort_keys=True)
    return digest_of(content)[:16]


def made_from(study: Study, folder: Path) -> bool:
    """Tell whether a folder is the complete run of a study, by this version of the program.

    Parameters
    ----------
    study
        The scenario as it stands, put together.
    folder
        Of its run.
    """
    manifest = read_manifest(folder) if is_run(folder) else None
    if manifest is None or any(not (folder / part).exists() for part in PARTS):
        return False
    inputs = inputs_of(study)
    own = content_id(lantian.__version__, digest_of(scenario_text(study)), inputs)
    return own == str(manifest["content_id"])


def changed_since(run: Path, root: Path) -> list[str]:
    """Return which of its parts and inputs a run no longer agrees with.

    Parameters
    ----------
    run
        Run folder.
    root
        Project whose inputs it was made from.

    Returns
    -------
    list of str
        Names: ``scenario.yaml`` and ``manifest.json`` of the run where they were edited, the
        run's own copies of tables, what it wrote, parts that every run has, and inputs of the
        project that have changed or gone since.
    """
    manifest = read_manifest(run) or {}
    scenario, inputs = str(manifest.get("scenario_sha256")), manifest.get("inputs_sha256", {})
    own = run / "scenario.yaml"
    changed = [] if own.is_file() and digest(own) == scenario else [own.name]
    if manifest.get("content_id") != content_id(str(manifest.get("version")), scenario, inputs):
        changed.append("manifest.json")
    changed += [p.relative_to(run).as_posix() for p in damaged_outputs(run, manifest)]
    for name, told in inputs.items():
        path = next((p for p in (run / name, root / name) if p.is_file()), None)
        if path is None or digest(path) != told:
            changed.append(name)
    lacking = [part for part in PARTS if not (run / part).exists()]
    return list(dict.fromkeys([*changed, *lacking]))


def _input_files(study: Study) -> Iterable[tuple[str, Path]]:
    """Return the files that decide the result, in sorted order.

    A region's are named relative to the project, those of a finished inventory as their copies.
    """
    read = study.read
    if isinstance(study.question.user_constraints, UserFile):
        yield study.question.user_constraints.shown, study.question.user_constraints.path
    if study.scenario.finished is not None:
        yield from _finished_tables(study).values()
        return
    inputs = read.root / "inputs"
    chosen = [inputs / name for name in ("measures", "factors", "sectors")]
    chosen.append(inputs / "plans" / str(study.scenario.plan))
    paths = {p for folder in chosen for p in folder.rglob("*")} | set(inputs.glob("*"))
    paths |= set(find_layers(inputs, str(study.scenario.region), read.root, Problems()).files())
    found = {os.path.relpath(p, read.root): p for p in paths if p.suffix in (".csv", ".xlsx")}
    found |= {} if study.origin is None else dict(_input_files(study.origin))
    yield from sorted(found.items())


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def list_runs(folder: Path) -> dict[Path, dict[str, Any]]:
    """Return the manifests of all complete runs in a folder by their folders, oldest first."""
    found = {path: read_manifest(path) for path in _visible(folder)}
    runs = {path: manifest for path, manifest in found.items() if manifest is not None}
    return dict(sorted(runs.items(), key=lambda own: str(own[1]["started"])))


def _visible(folder: Path) -> list[Path]:
    """Return the folders in a folder that are not hidden."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


PARTS = ("manifest.json", "summary.json", "scenario.yaml", ARRAYS, "tables")
"""What every run has."""
OF_RUNS = ("manifest.json", "scenario.yaml", ARRAYS)
"""What nothing but a run has; a cost curve has tables and a summary as well."""


def incomplete_runs(folder: Path) -> dict[Path, list[str]]:
    """Return the runs in a folder that lack parts, with what they lack.

    Parameters
    ----------
    folder
        Folder of runs.

    Returns
    -------
    dict
        Only folders that have what nothing but a run has.
    """
    runs = [p for p in _visible(folder) if any((p / part).exists() for part in OF_RUNS)]
    lacking = {p: [part for part in PARTS if not (p / part).exists()] for p in runs}
    return {path: parts for path, parts in lacking.items() if parts}


def unreadable_runs(folder: Path) -> list[Path]:
    """Return the folders in a folder whose manifest is there and is none that a run writes.

    Parameters
    ----------
    folder
        Folder of runs.

    Returns
    -------
    list of Path
        Only folders that have what nothing but a run has beside it.
    """
    runs = [p for p in _visible(folder) if (p / "manifest.json").exists()]
    beside = [p for p in runs if any((p / part).exists() for part in OF_RUNS[1:])]
    return [path for path in beside if read_manifest(path) is None]


@dataclass(frozen=True)
class Repaired:
    """What was found of a run that a process had not finished.

    Attributes
    ----------
    run
        Where it belongs.
    restored
        Whether the old run was put back into its place.
    removed
        Number of drafts that were removed.
    busy
        Whether another process is writing it: nothing was done.
    """

    run: Path
    restored: bool = False
    removed: int = 0
    busy: bool = False


def repair(folder: Path) -> list[Repaired]:
    """Put back runs that were set aside and remove the drafts of dead processes.

    Parameters
    ----------
    folder
        Folder of runs.

    Returns
    -------
    list of Repaired
        One per run of which anything was left.
    """
    return [_repaired(run) for run in leftovers(folder)]


def _repaired(run: Path) -> Repaired:
    was_there, drafted = run.exists(), len(drafts(run))
    try:
        with Claim(run, lambda _: True):  # taking it puts it in order
            pass
    except BusyError:
        return Repaired(run, busy=True)
    restored = run.exists() and not was_there
    return Repaired(run, restored=restored, removed=drafted - len(drafts(run)))


def command_line() -> str:
    """Return the command as it was typed; of paths from the root, what leads there from here."""
    return " ".join(["lantian", *map(_relative, sys.argv[1:])])


def _relative(word: str) -> str:
    option, mark, path = word.rpartition("=")
    if not os.path.isabs(path):
        return word
    try:
        return f"{option}{mark}{os.path.relpath(path)}"
    except ValueError:  # another drive of Windows
        return f"{option}{mark}{Path(path).name}"
