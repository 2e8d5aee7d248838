"""The commands ``report`` and ``brief``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from lantian.cli.choices import Choice
from lantian.cli.commands.common import FolderPath, shown, tell_charts, tell_kept
from lantian.cli.groups import language_of
from lantian.language import say

FORMATS = ("html", "docx", "pdf", "xlsx", "png", "svg")
DRAWN = ("png", "svg", "pdf")
"""Formats of charts; a PDF is one of charts only where charts are named and no report is."""


def _kinds(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Return formats as they are asked for: one option each, or commas between them."""
    choice = Choice(FORMATS)
    names = [name.strip() for text in given for name in text.split(",")]
    return tuple(dict.fromkeys(choice.convert(name, option, context) for name in names))


@click.command()
@click.argument("folder", type=FolderPath, metavar="RUN")
@click.option("--out", type=FolderPath, help="Folder for it (default: in the RUN folder).")
@click.option(
    "--format",
    "formats",
    multiple=True,
    callback=_kinds,
    metavar="FORMAT,...",
    help="Report: html, docx, pdf, xlsx; charts: png, svg, with --charts pdf (default: html, docx,"
    " xlsx).",
)
@click.option("--charts", "ids", help="Only these charts: ids with commas between them.")
@click.option("--brief", is_flag=True, help="Only the page to decide from (default: html).")
@click.pass_context
def report(
    context: click.Context,
    folder: Path,
    out: Path | None,
    formats: tuple[str, ...],
    ids: str | None,
    brief: bool,
) -> int:
    """Write the report of a RUN folder, or draw its charts, from its tables alone."""
    from lantian.handover.write import USUAL

    drawn = None if ids is None else [name.strip() for name in ids.split(",") if name.strip()]
    chosen = formats or (("png", "svg") if drawn else USUAL[brief])
    only_charts = bool(drawn) and set(chosen) <= set(DRAWN)
    pictures = [kind for kind in chosen if kind in ("png", "svg") or only_charts]
    kinds = [kind for kind in chosen if kind not in pictures]
    return _report(context, folder, out, kinds=kinds, pictures=pictures, drawn=drawn, short=brief)


@click.command()
@click.argument("folder", type=FolderPath, metavar="RUN")
@click.option("--out", type=FolderPath, help="Folder for it (default: in the RUN folder).")
@click.option(
    "--format",
    "formats",
    multiple=True,
    callback=_kinds,
    metavar="FORMAT,...",
    help="html, docx, pdf (default: html).",
)
@click.pass_context
def brief(context: click.Context, folder: Path, out: Path | None, formats: tuple[str, ...]) -> int:
    """Write the page to decide from: what was asked, the answer, the mix, what it rests on."""
    from lantian.handover.write import PICTURES, USUAL

    wrong = [kind for kind in formats if kind not in PICTURES]
    if wrong:
        told = "The page to decide from is html, docx or pdf, not {kind}."
        raise click.ClickException(say(told, language_of(context), kind=wrong[0]))
    return _report(
        context, folder, out, kinds=formats or USUAL[True], pictures=(), drawn=None, short=True
    )


def _report(
    context: click.Context,
    folder: Path,
    out: Path | None,
    *,
    kinds: Sequence[str],
    pictures: Sequence[str],
    drawn: list[str] | None,
    short: bool,
) -> int:
    """Draw charts of a run and write its report, whichever is asked for."""
    from lantian.cli.commands.compare import refuse_inside
    from lantian.comparison.opened import open_run
    from lantian.comparison.overview import other_builds
    from lantian.handover.write import write_report
    from lantian.store.draft import filled_beside

    language = language_of(context)
    run = open_run(folder)  # whatever is no run is told
    folder = run.folder
    run.check()
    for told in other_builds([run]):
        click.echo(told.text(language), err=True)
    refuse_inside(out, [run], language)
    _require_charts(drawn, language)
    if pictures:
        _draw_again(folder, out or folder / "charts", pictures, drawn, language)
    if kinds:
        place = out or folder / "report"
        with filled_beside(place, tell_kept(language)) as draft:
            write_report(folder, draft, kinds, language, short, drawn)
        click.echo(say("Report: {folder}", language, folder=shown(place)))
    return 0


def _require_charts(ids: list[str] | None, language: Any) -> None:
    """Refuse ids of charts that there are not, with the nearest.

    Raises
    ------
    click.ClickException
        Of the first one that is not known.
    """
    from lantian.errors import closest
    from lantian.report.chart import all_charts

    known = [chart.id for chart in all_charts()] if ids else []
    for name in ids or ():
        if name not in known:
            text = say("There is no chart '{name}'.", language, name=name)
            hint = closest(name, known).text(language)
            raise click.ClickException(f"{text} {hint}".strip())


def _draw_again(
    folder: Path, charts: Path, formats: Sequence[str], ids: list[str] | None, language: Any
) -> None:
    """Draw charts of a run, all or some of them."""
    from lantian.report.gallery import draw_gallery
    from lantian.store.draft import filled_beside

    with filled_beside(charts, tell_kept(language)) as draft:
        drawn = draw_gallery(folder, draft, formats=formats, only=ids)
    tell_charts(drawn, charts, language)
