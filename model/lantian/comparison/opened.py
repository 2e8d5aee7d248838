"""A finished run, opened: its tables, arrays and texts, each read when it is first asked for."""

from collections import Counter
from collections.abc import Iterator, KeysView, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lantian.comparison.altered import suspected
from lantian.errors import InputError, Place, Problem, closest, nearest
from lantian.language import Message, message
from lantian.report.frames import NoData, Row, RunTables
from lantian.results.contract import Table, tables_of
from lantian.results.contract import table as declaration
from lantian.scenario.reader import find_root
from lantian.store.run import ARRAYS, damaged_outputs, read_manifest
from lantian.store.tags import tags_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

RUNS = "runs"
"""Folder of a project that runs are written into."""
MOST = 12
"""Runs that are named where the one that is asked for is not there."""


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a run folder by name, each read when it is asked for.

    Parameters
    ----------
    folder
        Of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tables"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.csv"

    def __iter__(self) -> Iterator[str]:
        """Names of the tables that the run holds, as they are declared."""
        return (t.name for t in tables_of("run") if self._path(t.name).exists())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(t.name == name and self._path(t.name).exists() for t in tables_of("run"))

    def __getitem__(self, name: str) -> "pd.DataFrame":
        """Return a table as its declaration says.

        Raises
        ------
        KeyError
            If the run has no such table; the nearest is named.
        """
        from lantian.results.frame import read_frame

        if name not in self:
            near = closest(name, self).text()
            raise KeyError(f"{self._folder.parent} has no table {name!r}. {near}".strip())
        return read_frame(declaration(name), self._path(name))

    def __repr__(self) -> str:
        return f"<{len(self)} tables of {self._folder.parent}: {', '.join(self)}>"


class Run:
    """A finished run.

    Parameters
    ----------
    folder
        ``runs/<name>``, or the name alone.

    Raises
    ------
    InputError
        If the folder is no run.

    Attributes
    ----------
    folder
        Where it is.
    label
        How it is called beside others; its name, unless another of them has the same.
    manifest
        What stands in ``manifest.json``.
    tags
        Words of a user on it.
    tables
        Its tables, a mapping from names to DataFrames; ``run[name]`` is ``run.tables[name]``.
    charted
        The same, read as charts read them.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = run_folder(Path(folder))
        manifest = read_manifest(self.folder)
        if manifest is None:
            raise InputError([_no_run(self.folder)])
        self.manifest = manifest
        self.label = self.name
        self.tags = tags_of(self.folder, manifest)
        self.tables = Tables(self.folder)
        self.charted = RunTables(self.folder)

    def __repr__(self) -> str:
        return f"<Run {self.name} {self.manifest['content_id']}: {len(self.tables)} tables>"

    def __iter__(self) -> Iterator[str]:
        """Names of the tables that the run holds."""
        return iter(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def keys(self) -> KeysView[str]:
        """Return the names of the tables that the run holds."""
        return self.tables.keys()

    def __getitem__(self, name: str) -> "pd.DataFrame":
        """Return a table as its declaration says.

        Raises
        ------
        KeyError
            If the run has no such table.
        """
        return self.tables[name]

    @cached_property
    def written_otherwise(self) -> tuple[str, ...]:
        """Tables that another build of the program wrote in another form, or did not write.

        What a run wrote is told from what was damaged since by the digests in its manifest.
        """
        wrote = self.manifest.get("outputs_sha256", {})
        whole = wrote and not self._damaged_texts()
        return tuple(t.name for t in tables_of("run") if whole and not self._agrees(t))

    def _damaged_texts(self) -> list[Path]:
        """Return tables and summary that are not as they were written; no array is read here."""
        return damaged_outputs(self.folder, self.manifest, without=(ARRAYS,))

    def _agrees(self, declared: Table) -> bool:
        if (
            declared.absent is None
            and not (self.folder / "tables" / f"{declared.name}.csv").exists()
        ):
            return False
        try:
            self.charted.rows(declared.name)
        except NoData as missing:
            return not missing.damaged
        return True

    @property
    def build(self) -> dict[str, str]:
        """Which build of the program made the run, as far as it says."""
        made = (str(self.manifest[key]) for key in ("version", "started"))
        return dict(zip(("version", "day"), (part.split("T")[0] for part in made), strict=True))

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table, none where the run has no such table.

        Raises
        ------
        InputError
            If the file is not what a run writes.
        """
        try:
            return self.charted.rows(name)
        except NoData as missing:
            if missing.damaged and name not in self.written_otherwise:
                raise InputError([damaged(self.folder / "tables" / f"{name}.csv")]) from missing
            return []

    def check(self) -> None:
        """Read all that a run holds.

        Raises
        ------
        InputError
            With every file that is missing or not what a run writes.
        """
        problems = [damaged(path) for path in self._damaged_texts()]
        if problems:
            raise InputError(problems)
        try:
            _ = self.summary
        except InputError as error:
            problems += error.problems
        for declared in tables_of("run"):
            if declared.name in self.written_otherwise:
                continue
            try:
                self._read(declared)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)

    def _read(self, declared: Table) -> None:
        path = self.folder / "tables" / f"{declared.name}.csv"
        if declared.absent is None and not path.is_file():
            raise InputError([damaged(path)])
        self.rows(declared.name)

    @property
    def name(self) -> str:
        """Name of the scenario, and of the folder."""
        return str(self.manifest["name"])

    @property
    def with_id(self) -> str:
        """Name and content id."""
        return f"{self.name} {self.manifest['content_id']}"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What stands in ``summary.json``.

        Raises
        ------
        InputError
            If the file is not what a run writes.
        """
        try:
            found = self.charted.summary()
            judged = all(target["computed"] in (True, False) for target in found["targets"])
            whole = judged and found.keys() >= SUMMARISED
        except (ValueError, TypeError, KeyError, AttributeError, OSError):
            whole = False
        if not whole:
            path = self.folder / "summary.json"
            kept = self.manifest.get("outputs_sha256", {}).get(path.name)
            same = kept and path not in self._damaged_texts()
            raise InputError([_of_another_build(path, self.build) if same else damaged(path)])
        return found

    @cached_property
    def arrays(self) -> "xr.Dataset":
        """Emissions, activity and uptake as labelled arrays."""
        from lantian.results.dataset import read_dataset

        return read_dataset(self.folder / "results.nc")


SUMMARISED = {"targets", "cost", "out_of_reach", "mix", "tiers", "years", "base_year", "warnings"}
"""What every summary tells."""


def damaged(path: Path) -> Problem:
    """Return that a file of a run is missing, or not what was written, as far as that is told."""
    why = message("this file is missing.")
    if path.is_file():
        how = suspected(path) or message("at least one sign in it was changed since.")
        why = message("this file is not what a run writes: {how}", how=how)
    fix = message("Run the scenario again; what a run wrote is not edited.")
    return Problem(Place(str(path)), why, fix=fix)


def _of_another_build(path: Path, build: dict[str, str]) -> Problem:
    return Problem(
        Place(str(path)),
        message("another build of Lantian ({version}, run of {day}) wrote this file.", **build),
        fix=message("Run its scenario again with this one, or read its tables as they are."),
    )


def _no_run(folder: Path) -> Problem:
    if not folder.exists():
        return Problem(Place(str(folder)), message("there is no such folder."), fix=_meant(folder))
    return Problem(
        Place(str(folder)),
        message("this folder is no run: it has no manifest.json that can be read."),
        fix=message("Name a folder that 'lantian run' wrote, such as runs/my-plan."),
    )


def _meant(folder: Path) -> Message:
    """Return which run may be meant by a folder that there is not, or which runs there are."""
    beside = [] if len(folder.parts) == 1 else [folder.parent]
    found = {
        path.parent.name: path.parent
        for place in (*reversed(_folders_of_runs()), *beside)
        for path in sorted(place.glob("*/manifest.json"))
    }
    if near := nearest(folder.name, found):
        return message("Did you mean '{near}'?", near=found[near])
    if found:
        return message("Runs are: {names}.", names=", ".join([*found][:MOST]))
    return message("Name a folder that 'lantian run' wrote, such as runs/my-plan.")


def _folders_of_runs() -> list[Path]:
    """Return where runs are that are called by name: here, and in the project around."""
    here = Path(RUNS)
    around = find_root(Path.cwd() / RUNS) / RUNS
    return [here] if around == here.absolute() else [here, around]


def run_folder(named: Path) -> Path:
    """Return the folder of a run that is called by its path, or by its name alone.

    Parameters
    ----------
    named
        As a user names it.

    Returns
    -------
    Path
        As named, unless that is no run and there is one of the name among the project's.
    """
    if len(named.parts) != 1 or read_manifest(named) is not None:
        return named
    found = [place / named for place in _folders_of_runs()]
    return next((folder for folder in found if folder.is_dir()), named)


def _twice(folder: Path) -> Problem:
    return Problem(
        Place(str(folder)),
        message("this run is named twice."),
        fix=message("Name each run once; the first is what the others are held against."),
    )


def open_run(folder: Path | str) -> Run:
    """Open a finished run; nothing is read before it is asked for.

    Parameters
    ----------
    folder
        ``runs/<name>``, or the name alone.

    Returns
    -------
    Run
        Tables as DataFrames by name, arrays, summary and manifest.

    Raises
    ------
    InputError
        If the folder is no run.

    Examples
    --------
    >>> import lantian as lt
    >>> run = lt.open_run("runs/my-district")
    >>> run["targets"].query("case == 'plan'")[["target", "met"]]
                target    met
    1          nox-cut  False
    7          voc-cut  False
    13  outer-pm25-cut   True
    >>> run.arrays["emission"].dims
    ('case', 'source', 'pollutant', 'year')
    """
    return Run(folder)


def open_runs(folders: Sequence[Path]) -> list[Run]:
    """Open several runs, each under a label of its own.

    Parameters
    ----------
    folders
        Their folders.

    Returns
    -------
    list of Run
        Those of equal name go by their content id, or by their folder if that is equal too.

    Raises
    ------
    InputError
        With every folder that is no run, or named twice.
    """
    folders = [run_folder(folder) for folder in folders]
    problems = [_no_run(folder) for folder in folders if read_manifest(folder) is None]
    where = [folder.resolve() for folder in folders]
    problems += [_twice(f) for i, f in enumerate(folders) if f.resolve() in where[:i]]
    if problems:
        raise InputError(problems)
    runs = [Run(folder) for folder in folders]
    named = [f"{run.name} {run.folder.resolve().name}" for run in runs]
    for labels in ([run.with_id for run in runs], named, [str(run.folder) for run in runs]):
        often = Counter(run.label for run in runs)
        for run, label in zip(runs, labels, strict=True):
            run.label = label if often[run.label] > 1 else run.label
    return runs
