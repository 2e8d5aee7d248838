"""The command ``alert``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.choices import Choice
from lantian.cli.commands.common import (
    OUT_OF_REACH,
    FolderPath,
    Progress,
    ScenarioPath,
    load_all,
    shown,
    tell_kept,
)
from lantian.cli.groups import language_of
from lantian.language import say

if TYPE_CHECKING:
    from lantian.results.frame import Frame
    from lantian.study.alerts import AlertAnswer
    from lantian.study.model import Study


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option("--format", "form", type=Choice(["table", "csv", "json", "md"]), default="table")
@click.option("--out", type=FolderPath, help="Folder for both tables as CSV and in one workbook.")
@click.pass_context
def alert(context: click.Context, scenario: Path, form: str, out: Path | None) -> int:
    """The cheapest nested lists of daily stops and cuts for the levels of an alert.

    Of a level that cannot be reached is told by how much, and where the rest is.
    """
    from lantian.cli.alerts import left_out
    from lantian.cli.terminal import format_records
    from lantian.results.tables.alerts import alert_frames
    from lantian.store.draft import filled_beside
    from lantian.store.labels import labels_of
    from lantian.store.workbook import write_workbook
    from lantian.study.alerts import answer_alert

    language = language_of(context)
    study = load_all((scenario,), Progress(language, quiet=True))[0]
    answer = answer_alert(study)
    orders, totals = alert_frames(study, answer)
    name = labels_of(study, language)
    if form == "table":
        _show_alert(study, answer, orders, totals, language)
    else:
        click.echo(format_records(orders.records(), form, language), nl=False)
    for line in left_out(answer, language, name):
        click.echo(line, err=form != "table")
    if out is not None:
        with filled_beside(out, tell_kept(language)) as draft:
            for frame in (orders, totals):
                frame.write(draft / f"{frame.table.name}.csv")
            write_workbook((orders, totals), name, language, draft / f"{orders.table.name}.xlsx")
        click.echo(say("Tables: {folder}", language, folder=shown(out)), err=form != "table")
    return 0 if answer.lists.reached else OUT_OF_REACH


def _show_alert(
    study: Study, answer: AlertAnswer, orders: Frame, totals: Frame, language: Any
) -> None:
    from lantian.cli import alerts
    from lantian.cli.terminal import console
    from lantian.store.labels import labels_of

    out = console()
    name = labels_of(study, language)
    for level, heading in alerts.headings(study, answer, language):
        out.print(heading)
        out.print(alerts.order_table(orders, level, language, name))
        out.print(alerts.totals_table(totals, level, language, name))
        for line in alerts.reasons(totals, level, language, name):
            out.print(line, soft_wrap=True)
        out.print()
    for line in alerts.remarks(answer, language):
        out.print(line, soft_wrap=True)
