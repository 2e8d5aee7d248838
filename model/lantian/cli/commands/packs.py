"""``lantian runs pack`` and ``lantian runs verify``: a run as one file to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lantian.cli.commands.common import CHANGED, FolderPath, tell_kept
from lantian.cli.groups import language_of
from lantian.language import say


@click.command()
@click.argument("folder", type=FolderPath, metavar="RUN")
@click.option("--out", type=FolderPath, help="File (default: RUN's name .zip).")
@click.pass_context
def pack(context: click.Context, folder: Path, out: Path | None) -> int:
    """Write a RUN as one zip: inputs, scenario, results, how to cite it, RO-Crate metadata.

    What has changed since the run was made is told, and nothing is written.
    """
    from lantian.comparison.opened import open_run
    from lantian.handover.certifiable import NOT_CERTIFIABLE, is_certifiable
    from lantian.handover.pack import pack_run
    from lantian.scenario.reader import find_root

    language = language_of(context)
    run = open_run(folder)
    run.check()
    _require_library(language)
    place, path = run.folder.resolve(), out or Path(f"{run.name}.zip")
    kept = pack_run(place, find_root(place / "scenario.yaml"), path)
    if kept is not None:
        tell_kept(language)(kept)
    click.echo(say("Packed: {path}", language, path=path))
    if not is_certifiable(run.manifest):
        click.echo(say(NOT_CERTIFIABLE, language))
    return 0


def _require_library(language: Any) -> None:
    """Refuse where the library for RO-Crates is not installed, and say how to get it."""
    from importlib.util import find_spec

    if find_spec("rocrate") is None:
        told = "This needs the library rocrate: pip install 'lantian[pack]'."
        raise click.ClickException(say(told, language))


@click.command("verify")
@click.argument("path", type=FolderPath, metavar="ZIP")
@click.pass_context
def verify_pack(context: click.Context, path: Path) -> int:
    """Tell whether a ZIP that was handed on is as it was packed; exit 5 if not."""
    from lantian.handover.pack import faults_of_pack

    language = language_of(context)
    faults = faults_of_pack(path)
    for name in faults:
        click.echo(say("{name}: not as it was packed.", language, name=name))
    if not faults:
        click.echo(say("{name}: as it was packed.", language, name=path.name))
    return CHANGED if faults else 0
