"""The commands ``init`` and ``schema``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lantian.cli.commands.common import FolderPath, shown
from lantian.cli.groups import language_of
from lantian.language import say

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("folder", type=FolderPath)
@click.option("--full", is_flag=True, help="All plans and tables that come with Lantian instead.")
@click.pass_context
def init(context: click.Context, folder: Path, full: bool) -> int:
    """Write a small working example into FOLDER: a finished inventory as CSV and as Excel."""
    from lantian.errors import writing
    from lantian.store.starter import copy_library, write_starter

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.ClickException(
            say("{folder} is not empty.", language_of(context), folder=folder)
        )
    first = folder / "scenarios" / ("tongzhou-2020.yaml" if full else "my-district.yaml")
    for path in copy_library(folder) if full else write_starter(folder):
        click.echo(f"  {shown(path)}")
    click.echo(say("Try: lantian run {path}", language_of(context), path=shown(first)))
    return 0


@click.command()
def schema() -> int:
    """Print the JSON Schema of scenarios, so that editors can check and complete them."""
    from lantian.scenario.model import Scenario

    json.dump(Scenario.model_json_schema(by_alias=True), sys.stdout, indent=1, ensure_ascii=False)
    click.echo()
    return 0
