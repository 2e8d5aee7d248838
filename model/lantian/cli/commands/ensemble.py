"""The command ``ensemble``: samples of many scenarios, here or on a cluster, in one store."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

import lantian
from lantian.cli.choices import Whole
from lantian.cli.commands.common import MOST_JOBS, FolderPath, ScenarioPath, shown
from lantian.cli.groups import language_of
from lantian.language import say

if TYPE_CHECKING:
    from lantian.errors import Problems
    from lantian.scenario.reader import ReadScenario
    from lantian.store.ensembles import Answer, Task
    from lantian.store.workers import Workers

FAULTY = 2
"""Exit code where some scenarios could not be sampled."""


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=ScenarioPath)
@click.option("--out", type=FolderPath, help="Folder (default: runs/ensemble of the project).")
@click.option("--overwrite", is_flag=True, help="Replace an ensemble that is there.")
@click.option("--resume", is_flag=True, help="Go on with one that is there: only what is missing.")
@click.option(
    "--jobs",
    type=Whole(1, MOST_JOBS),
    default=1,
    show_default=True,
    help="Processes of this machine.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Scheduler of a Dask cluster whose workers compute instead: tcp://host:8786.",
)
@click.option("--quiet", is_flag=True, help="No progress lines.")
@click.pass_context
def ensemble(
    context: click.Context,
    scenarios: tuple[Path, ...],
    out: Path | None,
    overwrite: bool,
    resume: bool,
    jobs: int,
    scheduler: str | None,
    quiet: bool,
) -> int:
    """Draw the samples of many scenarios and keep every outcome of each in a Zarr store.

    Of a scenario with a grid every combination is one more, named after both.

    Results are the same bytes for any number of workers. What is finished stays, whatever stops
    the rest: --resume goes on. Workers of a cluster need this version and the same folders.
    """
    language = language_of(context)
    _require_libraries(scheduler, language)
    members, root = _read_all(scenarios, language)
    folder = out or root / "runs" / "ensemble"
    work = _Work(members, folder, language, quiet or not sys.stderr.isatty())
    with ExitStack() as stack:
        _claim(folder, overwrite, resume, language, stack)
        workers = _workers(scheduler, jobs, language, stack)
        work.begin(overwrite)
        work.go(workers, scheduler)
        return work.told()


def _require_libraries(scheduler: str | None, language: Any) -> None:
    """Refuse where the libraries are not installed, and say how to get them."""
    from importlib.util import find_spec

    for name in ("zarr", "distributed") if scheduler else ("zarr",):
        if find_spec(name) is None:
            told = "This needs the library {name}: pip install 'lantian[distributed]'."
            raise click.ClickException(say(told, language, name=name))


@dataclass(frozen=True)
class _Member:
    """A scenario of the ensemble, or a combination of its grid, and what it is called there."""

    path: str
    world: str
    name: str


def _read_all(paths: tuple[Path, ...], language: Any) -> tuple[list[_Member], Path]:
    """Read every scenario; their faults, and those of the whole, before anything is computed.

    Returns what the ensemble is of, and the project of the first.
    """
    from lantian.errors import InputError, Problems
    from lantian.language import message
    from lantian.scenario.reader import read_scenario

    _require_few(len(paths), language)
    problems = Problems()
    read = [own for path in paths if (own := read_scenario(path, problems)) is not None]
    for own in read:
        if not own.scenario.samples:
            place = own.place("samples")
            problems.add(place, message("an ensemble needs samples, and this asks for none"))
    members = [member for own in read for member in _members(own, problems)]
    if problems.found:
        raise InputError(problems.found)
    _require_few(len(members), language)
    _require_names(members, language)
    return members, read[0].root


def _members(read: ReadScenario, problems: Problems) -> Iterator[_Member]:
    """Yield a scenario as it is, and every combination of its grid."""
    from lantian.scenario.changes import in_world, worlds_of_grid

    path = str(read.path.absolute())
    yield _Member(path, "", read.scenario.name)
    if read.scenario.grid:
        for world in worlds_of_grid(read, problems):
            yield _Member(path, world.name, in_world(read, world).scenario.name)


def _require_few(n: int, language: Any) -> None:
    from lantian.store.ensembles import MOST_SCENARIOS

    if n > MOST_SCENARIOS:
        told = "{n} scenarios; an ensemble has at most {most}."
        raise click.ClickException(say(told, language, n=n, most=MOST_SCENARIOS))


def _require_names(members: list[_Member], language: Any) -> None:
    seen: set[str] = set()
    for name in (member.name for member in members):
        if name in seen:
            told = "Two of the scenarios are named '{name}'; an ensemble tells them apart by it."
            raise click.ClickException(say(told, language, name=name))
        seen.add(name)


def _claim(folder: Path, overwrite: bool, resume: bool, language: Any, stack: ExitStack) -> None:
    """Take the right to write the folder until the stack is unwound."""
    from lantian.store.draft import BusyError, Claim, TakenError
    from lantian.store.ensembles import is_ensemble

    try:
        stack.enter_context(
            Claim(folder, lambda there: (overwrite or resume) and is_ensemble(there))
        )
    except BusyError as busy:
        told = "The ensemble {folder} is being written by another process. {holder}"
        text = say(told, language, folder=shown(folder), holder=str(busy)).strip()
        raise click.ClickException(text) from None
    except TakenError:
        told = (
            "The ensemble {folder} exists. Use --resume to go on with it, --overwrite to replace"
            " it, or --out for another place."
            if is_ensemble(folder)
            else "{folder} is not an ensemble of Lantian and stays as it is. Use --out for another"
            " place."
        )
        raise click.ClickException(say(told, language, folder=shown(folder))) from None


def _workers(scheduler: str | None, jobs: int, language: Any, stack: ExitStack) -> Workers:
    """Return who computes until the stack is unwound."""
    from lantian.store.workers import PATIENCE, UnreachableError, cluster, local

    try:
        return stack.enter_context(local(jobs) if scheduler is None else cluster(scheduler))
    except UnreachableError as error:
        told = "The scheduler {address} cannot be used after {time:g} s: {why}."
        why = next(iter(str(error).splitlines()), "").rstrip(".")
        text = say(told, language, address=scheduler, time=PATIENCE, why=say(why, language))
        raise click.ClickException(text) from None


class _Work:
    """What is left to do of an ensemble, and what has come of the rest."""

    def __init__(self, members: list[_Member], folder: Path, language: Any, quiet: bool) -> None:
        from lantian.store.ensembles import Ensemble

        self.names = {(own.path, own.world): own.name for own in members}
        self.ensemble = Ensemble(folder)
        self.language, self.quiet = language, quiet
        self.token = uuid4().hex
        self.parts: deque[Task] = deque()
        self.left: dict[str, int] = {}
        self.faulty: dict[str, list[str]] = {}

    def begin(self, overwrite: bool) -> None:
        """List what is left of every scenario."""
        if overwrite and self.ensemble.folder.exists():
            self.ensemble.remove()
        for (path, world), name in self.names.items():
            self._list(path, world, name)

    def _list(self, path: str, world: str, name: str) -> None:
        from lantian.store.ensembles import Task

        if self.ensemble.known(name) is None:
            own = [Task(path, self.token, world=world)]
        else:
            solved = self.ensemble.solved(name)
            own = [Task(path, self.token, n, solved, world) for n in self.ensemble.missing(name)]
            # Of one that is complete only is asked whether it still is what it was made from.
            own = own or [Task(path, self.token, None, None, world)]
        self.parts += own
        self.left[name] = len(own)

    def go(self, workers: Workers, scheduler: str | None) -> None:
        """Have everything done that is left."""
        from lantian.store.ensembles import answer
        from lantian.store.workers import UnreachableError

        try:
            workers.each(answer, self.parts, self.take)
        except (UnreachableError, CancelledError, BrokenProcessPool):
            told = (
                "A process that computed was stopped."
                if scheduler is None
                else "The scheduler {address} or all of its workers are gone."
            )
            raise self._stopped(say(told, self.language, address=scheduler)) from None
        except OSError as error:
            told = "{folder} cannot be written: {why}."
            why = say(error.strerror or type(error).__name__, self.language)
            folder = shown(self.ensemble.folder)
            raise self._stopped(say(told, self.language, folder=folder, why=why)) from None

    def _stopped(self, why: str) -> click.ClickException:
        rest = say("What is finished stays; --resume makes what is missing.", self.language)
        return click.ClickException(f"{why} {rest}")

    def take(self, task: Task, done: Future[Answer]) -> None:
        """Write what has come of a part, or note why nothing has."""
        name = self.names[task.path, task.world]
        error = done.exception()
        if error is not None:
            self._note(name, error)
            return
        own = done.result()
        self._compare(name, own)
        if own.page is not None:
            if self.ensemble.known(name) is None:
                self.ensemble.begin(own)
                self.left[name] = len(self.ensemble.missing(name))
                self.parts.extendleft(reversed(self._others(task, own)))
            self.ensemble.write(name, own.page)
        self.left[name] -= 1
        if not self.left[name]:
            self._tell(name)

    def _others(self, task: Task, own: Answer) -> list[Task]:
        """Return the other pages of a scenario that has begun: next, while it is at hand."""
        pages = self.ensemble.missing(str(own.about["scenario"]))
        return [replace(task, number=n, solved=own.solved) for n in pages if n != task.number]

    def _note(self, name: str, error: BaseException) -> None:
        """Note why a scenario has no samples; raise what is no fault of the scenario."""
        from lantian.errors import InputError, told
        from lantian.optimise.status import NoSolutionError
        from lantian.store.workers import killed

        if isinstance(error, InputError):
            self.faulty[name] = told(error.problems, self.language)
        elif isinstance(error, NoSolutionError):
            self.faulty[name] = [error.message.text(self.language)]
        elif killed(error):
            why = "It ended every worker that took it; more memory may help."
            self.faulty[name] = [say(why, self.language)]
        else:
            raise error

    def _compare(self, name: str, own: Answer) -> None:
        """Refuse what was made by another version, or from other inputs than what is there."""
        if own.about["version"] != lantian.__version__:
            told = "A worker has version {theirs} of Lantian, and this is {ours}."
            versions = {"theirs": own.about["version"], "ours": lantian.__version__}
            raise self._stopped(say(told, self.language, **versions))
        known = self.ensemble.known(name)
        if known is not None and known["content"] != own.content:
            why = (
                "'{name}' was made from other inputs than there are now. Use --overwrite, or --out"
                " for another place."
            )
            raise click.ClickException(say(why, self.language, name=name))

    def _tell_unsettled(self, settled: Any) -> None:
        """Tell how many ranges there are too few samples for."""
        few = len(settled) - int(settled.sum())
        if few:
            told = "{few} of {all} ranges need more samples (column settled of {file})."
            file = "ensemble.csv"
            click.echo(say(told, self.language, few=few, all=len(settled), file=file))

    def _tell(self, name: str) -> None:
        if not self.quiet:
            n = sum(1 for left in self.left.values() if not left)
            click.echo(f"{name} ({n}/{len(self.names)})", err=True)

    def told(self) -> int:
        """Write and show what the samples say; return the exit code."""
        from lantian.cli.answers import ensemble_table
        from lantian.cli.terminal import console
        from lantian.store.ensembles import ANSWERS

        complete = [n for n in self.names.values() if not self.left[n] and n not in self.faulty]
        found, folder = self.ensemble.answers(complete), self.ensemble.folder
        found.write(folder / ANSWERS)
        if complete:
            console().print(ensemble_table(found, self.language))
            self._tell_unsettled(found["settled"])
        told = "Ensemble of {n} scenarios: {folder}"
        click.echo(say(told, self.language, n=len(complete), folder=shown(folder)))
        for name, texts in self.faulty.items():
            click.echo(say("{name} has no samples:", self.language, name=name), err=True)
            for text in texts:
                click.echo(text, err=True)
        return FAULTY if self.faulty else 0
