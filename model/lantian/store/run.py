"""The run folder: written beside its place and moved there when complete."""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lantian
from lantian.errors import Problems
from lantian.inventory.layers import find_layers
from lantian.optimise.solve.highs import Options
from lantian.results.contract import RESIDUAL_OF
from lantian.results.dataset import write_dataset
from lantian.results.summary import summarise
from lantian.results.tables.registry import Run, all_tables
from lantian.study.model import Results, Study

LIBRARIES = ("numpy", "pandas", "xarray", "highspy", "pyomo", "pydantic", "pint", "matplotlib")


class RunExistsError(Exception):
    """A run of that name exists and was not asked to be overwritten."""


def write_run(
    study: Study,
    results: Results,
    folder: Path,
    *,
    command: str,
    started: datetime,
    overwrite: bool = False,
    finish: Any = None,
) -> dict[str, Any]:
    """Write a run.

    Parameters
    ----------
    study
        The scenario put together.
    results
        What was found out about it.
    folder
        ``runs/<name>``; appears only when everything is in it.
    command
        Command line, for the manifest.
    started
        When the work began.
    overwrite
        Whether an existing run may be replaced.
    finish
        Called with the unfinished folder before it is moved, e.g. to draw charts into it.

    Returns
    -------
    dict
        The summary, as in ``summary.json``.

    Raises
    ------
    RunExistsError
        If the folder exists and ``overwrite`` is not set.
    """
    if folder.exists() and not overwrite:
        raise RunExistsError(str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-{os.getpid()}-", dir=folder.parent))
    try:
        summary = _fill(draft, study, results, command, started)
        if finish is not None:
            finish(draft)
        draft.chmod(0o755)
        _replace(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return summary


def _sweep(folder: Path) -> None:
    """Remove drafts that a killed process left behind."""
    for draft in folder.parent.glob(f".{folder.name}-*-*"):
        owner = draft.name.removeprefix(f".{folder.name}-").partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            shutil.rmtree(draft, ignore_errors=True)


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # there is no harmless signal to ask with
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


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
    write_dataset(study, results, _history(manifest), draft / "results.nc")
    (draft / "scenario.yaml").write_text(scenario, encoding="utf-8")
    for name, path in _finished_tables(study).values():
        shutil.copyfile(path, draft / name)
    for name, text in _origins(study).items():
        (draft / name).write_text(text, encoding="utf-8")
    summary = summarise(run, tables)
    _write_json(draft / "summary.json", summary)
    _write_json(draft / "manifest.json", manifest)
    return summary


def _history(manifest: dict[str, Any]) -> str:
    """Return what made the arrays: nothing that two runs of the same inputs would differ in."""
    return (
        f"lantian {manifest['version']}: run of scenario {manifest['name']},"
        f" content id {manifest['content_id']}"
    )


def _write_json(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def _replace(draft: Path, folder: Path) -> None:
    """Move a complete draft into place; an old run is set aside until the new one stands."""
    if not folder.exists():
        os.replace(draft, folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-{os.getpid()}-old-", dir=folder.parent))
    os.replace(folder, old / "run")
    try:
        os.replace(draft, folder)
    except OSError:
        os.replace(old / "run", folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
    import io

    from ruamel.yaml import YAML

    data = dict(study.read.document.data)
    if study.scenario.finished is not None:
        data["finished"] = {key: name for key, (name, _) in _finished_tables(study).items()}
    if study.origin is not None:
        data["starts_from"] = {**data["starts_from"], "scenario": _origin_name(step)}
    yaml = YAML()
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


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
    inputs = {name: _digest(path) for name, path in _input_files(study)}
    inputs |= {name: _digest_of(text) for name, text in _origins(study).items()}
    digest = _digest_of(scenario)
    content = json.dumps([lantian.__version__, digest, inputs], sort_keys=True)
    solved = [*results.optimum.values(), *results.match.values()]
    return {
        "name": study.scenario.name,
        "version": lantian.__version__,
        "content_id": hashlib.sha256(content.encode()).hexdigest()[:16],
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
        "scenario_sha256": digest,
        "inputs_sha256": inputs,
        "warnings": [w.text() for w in study.warnings],
    }


def _input_files(study: Study) -> Iterable[tuple[str, Path]]:
    """Return the files that decide the result, in sorted order.

    A region's are named relative to the project, those of a finished inventory as their copies.
    """
    read = study.read
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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def list_runs(folder: Path) -> list[dict[str, Any]]:
    """Return the manifests of all complete runs in a folder, oldest first."""
    found = []
    for path in folder.glob("*/manifest.json"):
        if not path.parent.name.startswith("."):
            with suppress(json.JSONDecodeError):
                found.append(json.loads(path.read_text(encoding="utf-8")))
    return sorted(found, key=lambda m: str(m["started"]))


def command_line() -> str:
    """Return the command as it was typed, without the path of the program."""
    return " ".join(["lantian", *sys.argv[1:]])
