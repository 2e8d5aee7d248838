"""The command ``runs``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lantian.cli.commands.common import CHANGED, FolderPath, project_root, shown
from lantian.cli.commands.keeping import remove, rerun, tag
from lantian.cli.commands.packs import pack, verify_pack
from lantian.cli.groups import ToldGroup, language_of
from lantian.language import LIST_MARK, say


@click.group(cls=ToldGroup, invoke_without_command=True)
@click.option("--in", "folder", type=FolderPath, help="Folder of runs (default: runs/).")
@click.option(
    "--repair",
    is_flag=True,
    help="Put back runs that were set aside and remove what stopped processes left.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Tell what of each run and its inputs changed or is gone; exit 5.",
)
@click.option("--tag", "tagged", multiple=True, metavar="TAG", help="Only runs that have it.")
@click.option("--where", default="", metavar="EXPRESSION", help="Only runs for which it holds.")
@click.option("--sort", default="", metavar="COLUMN", help="Order; -COLUMN: largest first.")
@click.pass_context
def runs(
    context: click.Context,
    folder: Path | None,
    repair: bool,
    verify: bool,
    tagged: tuple[str, ...],
    where: str,
    sort: str,
) -> int:
    """List the runs in a folder: what they are, what they met, what they cost."""
    if context.invoked_subcommand is not None:
        return 0
    from lantian.cli.terminal import console, records_table
    from lantian.comparison.opened import open_runs
    from lantian.comparison.overview import chosen, sorted_by
    from lantian.store.draft import leftovers
    from lantian.store.run import incomplete_runs, list_runs, unreadable_runs

    language = language_of(context)
    of_project = folder is None
    folder = folder or project_root(language) / "runs"
    if of_project and not folder.exists():
        return 0
    if not folder.is_dir():
        raise click.ClickException(
            say("There is no folder {folder}.", language, folder=shown(folder))
        )
    if repair:
        _repair(folder, language)
    every = open_runs(list(list_runs(folder)))
    listed = chosen([run for run in every if {*tagged} <= {*run.tags}], where, sort)
    has_tags = any(run.tags for run in listed)
    rows = [
        {
            "run": run.folder.name,
            "id": run.manifest["content_id"],
            "started": run.manifest["started"],
            "version": run.manifest["version"],
            **({"tags": LIST_MARK[language].join(run.tags)} if has_tags else {}),
            **{column: _cell(v, language) for column, v in sorted_by(run, sort).items()},
        }
        for run in listed
    ]
    console().print(records_table(rows, language))
    changed = [_verified(run.folder, language) for run in listed] if verify else []
    unreadable, incomplete = unreadable_runs(folder), incomplete_runs(folder)
    for path in unreadable:
        told = "{folder} is not listed: its manifest.json is not what a run writes."
        click.echo(say(told, language, folder=shown(path)))
    for path, parts in incomplete.items():
        told = say("{folder} is incomplete: no {parts}.", language, folder=shown(path),
                   parts=", ".join(parts))  # fmt: skip
        click.echo(told)
    if not repair and leftovers(folder):
        told = "Runs in work, or stopped half-way: {names}. What was stopped: --repair."
        names = ", ".join(path.name for path in leftovers(folder))
        click.echo(say(told, language, names=names))
    damaged = any(changed) or (verify and bool(unreadable or incomplete))
    return CHANGED if damaged else 0


for command in (pack, tag, rerun, remove):
    runs.add_command(command)
runs.add_command(verify_pack, "verify")


def _cell(value: Any, language: Any) -> str:
    """Return a cell of the column that runs are sorted by."""
    from lantian.cli.terminal import number

    value = LIST_MARK[language].join(value) if isinstance(value, tuple) else value
    return number(None if value != value else value) if isinstance(value, float) else str(value)


def _verified(run: Path, language: Any) -> bool:
    """Tell what has changed or gone since a run was made, and return whether anything has."""
    from lantian.store.run import changed_since

    root = project_root(language)
    found = changed_since(run, root)
    gone = [name for name in found if not any((at / name).exists() for at in (run, root))]
    changed = [name for name in found if name not in gone]
    for told, names in (("{name}: changed since: {files}", changed), (GONE, gone)):
        if names:
            click.echo(say(told, language, name=run.name, files=LIST_MARK[language].join(names)))
    if changed:
        _tell_how(run, changed, language)
    if not found:
        click.echo(say("{name}: as it was made.", language, name=run.name))
    return bool(found)


def _tell_how(run: Path, changed: list[str], language: Any) -> None:
    """Tell what is wrong with files of a run, as far as it tells, and what would tell the rest."""
    from lantian.comparison.altered import suspected

    for name in changed:
        how = suspected(run / name) if (run / name).is_file() else None
        if how is not None:
            click.echo(f"  {name}: {how.text(language)}")
    if any((run / name).is_file() for name in changed):
        click.echo(say("  Which numbers: lantian runs rerun {run}", language, run=shown(run)))


GONE = "{name}: missing: {files}"


def _repair(folder: Path, language: Any) -> None:
    """Put in order what stopped processes left, and say what was done."""
    from lantian.store.run import repair

    for done in repair(folder):
        if done.busy:
            told = "{name}: another process is writing it; nothing was done."
        elif done.restored:
            told = "{name}: the run that was set aside is back; {removed} drafts were removed."
        else:
            told = "{name}: {removed} drafts were removed."
        click.echo(say(told, language, name=done.run.name, removed=done.removed))
