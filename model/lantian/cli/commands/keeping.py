"""``lantian runs tag``, ``rerun`` and ``remove``: what is done with runs that there are."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.commands.common import CHANGED, FolderPath, loud_progress, shown
from lantian.cli.groups import language_of
from lantian.language import LIST_MARK, message, say

if TYPE_CHECKING:
    from lantian.comparison.again import Again


@click.command()
@click.argument("folder", type=FolderPath, metavar="RUN")
@click.argument("tags", nargs=-1, metavar="[TAG]...")
@click.option("--drop", multiple=True, metavar="TAG", help="A tag to take off; as often as needed.")
@click.pass_context
def tag(context: click.Context, folder: Path, tags: tuple[str, ...], drop: tuple[str, ...]) -> int:
    """Put words of yours on a RUN, take them off, or show them; results and ids stay.

    'lantian runs --tag TAG' lists the runs that have one.
    """
    from lantian.comparison.opened import open_run
    from lantian.store.tags import write_tags

    language = language_of(context)
    run = open_run(folder)
    _require_there(run.tags, drop, run.name, language)
    left = {*run.tags, *tags} - {*drop}
    if tags or drop:
        write_tags(run.folder, run.manifest, left)
    told = LIST_MARK[language].join(sorted(left)) or say("none", language)
    click.echo(say("{name}: tags: {tags}", language, name=run.folder.name, tags=told))
    return 0


def _require_there(tags: tuple[str, ...], drop: tuple[str, ...], name: str, language: Any) -> None:
    lacking = [word for word in drop if word not in tags]
    if lacking:
        told = "{name} has no tag '{tag}'."
        raise click.ClickException(say(told, language, name=name, tag=lacking[0]))


@click.command()
@click.argument("folders", nargs=-1, required=True, type=FolderPath, metavar="RUN...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--everything", is_flag=True, help="Also files that the run did not write so.")
@click.pass_context
def remove(context: click.Context, folders: tuple[Path, ...], yes: bool, everything: bool) -> int:
    """Remove runs: folders that 'lantian run' wrote, and nothing else.

    A run that holds files of yours stays, and they are named; all are looked at first.
    """
    from lantian.comparison.opened import open_runs
    from lantian.store.removal import can_be_removed, not_of_the_run

    language = language_of(context)
    runs = open_runs(list(folders))
    for run in runs:
        if not can_be_removed(run.folder):
            told = "{folder} is not a run of Lantian and stays as it is."
            raise click.ClickException(say(told, language, folder=shown(run.folder)))
    kept = {run.folder: [] if everything else not_of_the_run(run.folder) for run in runs}
    for folder, names in kept.items():
        if names:
            told = (
                "{folder} holds what the run did not write so: {files}. Move it away, or give"
                " --everything. Nothing was removed."
            )
            named = LIST_MARK[language].join(names[:MOST_NAMED])
            raise click.ClickException(say(told, language, folder=shown(folder), files=named))
    _ask(list(kept), yes, language)
    for folder in kept:
        _remove(folder, language)
    return 0


MOST_NAMED = 10
"""Files that are named before a removal is refused."""


def _ask(folders: list[Path], yes: bool, language: Any) -> None:
    """Have a removal confirmed; where nobody can be asked, it is to be said beforehand."""
    if yes:
        return
    named = LIST_MARK[language].join(shown(folder) for folder in folders)
    if not sys.stdin.isatty():
        told = "Nobody can be asked here: give --yes to remove {folders}."
        raise click.ClickException(say(told, language, folders=named))
    if not click.confirm(say("Remove {folders}?", language, folders=named)):
        raise click.Abort


def _remove(folder: Path, language: Any) -> None:
    from lantian.store.draft import BusyError
    from lantian.store.removal import remove_run

    try:
        remove_run(folder)
    except BusyError:
        told = "{name}: another process is writing it; nothing was done."
        raise click.ClickException(say(told, language, name=folder.name)) from None
    click.echo(say("Removed: {folder}", language, folder=shown(folder)))


PARTS = {
    "reading the scenario": 0.1,
    "building the inventory": 0.1,
    "putting sources and measures together": 0.1,
    "projecting baseline and plan": 0.05,
    "finding the least-cost mix": 0.15,
    "writing the run folder": 0.5,
}
"""Part of the time of a run made again that each stage takes, about."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=FolderPath, metavar="RUN...")
@click.option("--out", type=FolderPath, help="Keep the new runs in this folder (default: not).")
@click.pass_context
def rerun(context: click.Context, paths: tuple[Path, ...], out: Path | None) -> int:
    """Make each RUN again from its own scenario and tell which numbers differ; exit 5 if any.

    RUN is a folder, or a zip of 'lantian runs pack', whose inputs are those of the time. Inputs
    that a folder has no copy of are the project's as they are now; what changed of them is told.
    """
    language = language_of(context)
    different = [not _made_again(path, out, language) for path in paths]
    return CHANGED if any(different) else 0


def _made_again(path: Path, out: Path | None, language: Any) -> bool:
    """Make one run again and tell what came of it; return whether all is as it was."""
    from lantian.comparison.again import make_again
    from lantian.comparison.opened import open_run
    from lantian.scenario.reader import find_root

    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        folder = _unpacked(path, place / "packed", language) if path.is_file() else path
        if folder is None:
            return False
        run = open_run(folder).folder.resolve()
        root = find_root(run / "scenario.yaml")
        progress = loud_progress(language, PARTS)
        done = make_again(run, root, out or place / "again", progress.stage)
        for line in _told(path.name, done, language):
            click.echo(line)
        if out is not None:
            click.echo(say("Run folder: {folder}", language, folder=shown(done.folder)))
        return done.same and not done.inputs


def _unpacked(path: Path, place: Path, language: Any) -> Path | None:
    """Return the run in a zip; None, and what is wrong is told, where it is not as packed."""
    from lantian.handover.pack import faults_of_pack, unpack_run

    faults = faults_of_pack(path)
    for name in faults:
        click.echo(say("{name}: not as it was packed.", language, name=name))
    return None if faults else unpack_run(path, place)


def _told(name: str, done: Again, language: Any) -> list[str]:
    """Return what came of a run that was made again, a line each."""
    listed = LIST_MARK[language].join
    told = []
    if done.inputs:
        files = listed(done.inputs[:MOST_NAMED])
        text = say("{name}: changed since: {files}", language, name=name, files=files)
        told.append(text + _others(len(done.inputs), language))
    if done.versions:
        pairs = listed(f"{what} {then or '-'} → {now}" for what, then, now in done.versions)
        told.append(say("{name}: other versions: {versions}", language, name=name, versions=pairs))
    if done.same:
        text = "{name}: made again, all {n} files hold the same."
        return [*told, say(text, language, name=name, n=done.files)]
    text = "{name}: made again, {m} of {n} files differ:"
    told.append(say(text, language, name=name, m=len(done.differing), n=done.files))
    rows = [*done.differing.items()]
    told += [f"  {file}: {how.text(language)}" for file, how in rows[:MOST_NAMED]]
    return [*told, "  " + _others(len(rows), language)] if len(rows) > MOST_NAMED else told


def _others(n: int, language: Any) -> str:
    """Return how many more there are than are named, blank if none."""
    if n <= MOST_NAMED:
        return ""
    return message(" and {n} more", n=n - MOST_NAMED).text(language)
