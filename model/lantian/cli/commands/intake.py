"""Commands that take in what others have: ``lantian import``, ``lantian region new``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.choices import Choice, Whole
from lantian.cli.commands.common import FolderPath
from lantian.cli.groups import ToldGroup, language_of
from lantian.language import Label, Listed, begun, say
from lantian.vocabulary import CALENDAR

if TYPE_CHECKING:
    from lantian.intake.book import Imported, Proposed
    from lantian.intake.project import Cut
    from lantian.intake.region import NewRegion


@click.command("import")
@click.argument("book", type=FolderPath)
@click.option("--sheet", "sheets", multiple=True, help="Sheet to look at; may be repeated.")
@click.option("--yes", is_flag=True, help="Apply the mapping that is proposed at once.")
@click.option(
    "--out",
    type=FolderPath,
    help="Folder of the project (default: this one).",
)
@click.option("--name", help="Name of the scenario (default: that of the book).")
@click.option("--cut", "cuts", multiple=True, help="A target of the plan, as 'NOx 20 %'.")
@click.pass_context
def import_book(
    context: click.Context,
    book: Path,
    sheets: tuple[str, ...],
    yes: bool,
    out: Path | None,
    name: str | None,
    cuts: tuple[str, ...],
) -> int:
    """Turn a workbook or CSV of somebody else into a finished inventory and a first scenario.

    The first call proposes how the book is read, shows it and keeps it beside the book as
    BOOK.import.yaml; look at it, edit it, call again. Later calls apply it without asking.
    """
    from lantian.intake import book as intake
    from lantian.intake.mapping import mapping_path
    from lantian.intake.project import no_name, slug

    language = language_of(context)
    if book.is_dir():
        told = "{path} is a folder, and no workbook or CSV."
        raise click.ClickException(say(told, language, path=click.format_filename(book)))
    if name is not None and (told_why := no_name(name)):
        raise click.ClickException(told_why.text(language))
    wanted = [_cut(text, language) for text in cuts]
    mapping = mapping_path(book)
    if mapping.exists() and sheets:
        told = "{path} says which sheets are read. Edit it, or delete it and call again."
        path = click.format_filename(mapping)
        raise click.ClickException(say(told, language, path=path))
    if not mapping.exists():
        proposed = intake.propose_mapping(book, sheets)
        _show_mapping(proposed, language)
        if not yes:
            told = "Look it over, mend what is wrong, and call the same command again."
            click.echo(say(told, language))
            return 0
    done = intake.import_book(book, out or Path(), name or slug(book.name), wanted)
    _show_import(done, language)
    if wanted and done.written.scenario not in done.written.files:
        click.echo(say("The scenario was there: --cut has changed nothing.", language))
    return 0


def _cut(text: str, language: Any) -> Cut:
    """Return a target from the words of the command line."""
    from lantian.intake.project import Cut
    from lantian.intake.words import pollutant_of
    from lantian.parameters.units import UnitError, convert, parse_quantity

    word, _, share = text.strip().partition(" ")
    named = pollutant_of(word)
    try:
        value, unit = parse_quantity(share)
        fits = named is not None and 0 < convert(value, unit, "") < 1
    except UnitError:
        fits = False
    if named is None or not fits:
        told = "'{text}' is not a pollutant and a cut, such as 'NOx 20 %'."
        raise click.ClickException(say(told, language, text=text))
    return Cut(named.pollutant, share.strip())


def _show_mapping(proposed: Proposed, language: Any) -> None:
    from lantian.errors import told

    click.echo(proposed.text)
    if proposed.guesses:
        click.echo(say("Guessed, and not read:", language))
        for text in told(proposed.guesses, language):
            click.echo(text)
    if proposed.asked:
        click.echo(say("To be answered before it is read:", language))
        for text in told(proposed.asked, language):
            click.echo(text)
    click.echo(
        say(
            "How the book is read stands in {path}.",
            language,
            path=click.format_filename(proposed.path),
        )
    )


def _show_import(done: Imported, language: Any) -> None:
    """Tell the totals, to be held against those of the book, and what was left out."""
    from lantian.errors import told
    from lantian.intake.rows import shown
    from lantian.vocabulary import POLLUTANTS

    for text in told(done.notes, language):
        click.echo(text)
    totals = {p: [r.value for r in done.rows if r.pollutant == p] for p in POLLUTANTS}
    for pollutant, values in totals.items():
        if values:
            line, total = "{pollutant}: {total} t from {n} sources", shown(sum(values))
            click.echo(say(line, language, pollutant=pollutant, total=total, n=len(values)))
    n = len({row.source for row in done.rows})
    told_of = "{n} sources, {m} measures."
    click.echo(say(told_of, language, n=n, m=done.measures))
    for path in done.written.files:
        click.echo(say("written: {path}", language, path=click.format_filename(path)))
    for path in done.written.kept:
        click.echo(say("kept as it is: {path}", language, path=click.format_filename(path)))
    click.echo(
        say("Try: lantian run {path}", language, path=click.format_filename(done.written.scenario))
    )


def _tell_borrowed(made: NewRegion, model: str, language: Any, named: Label) -> None:
    """Tell first what is no number of this place and looks like one."""
    if made.observed:
        moved = made.observed.items()
        levels = Listed(f"{named(name)} {old} -> {new}" for name, (old, new) in moved)
        told = (
            "Levels of the air that were observed in {model} stand as those of {name}, moved to its"
            " years: {levels}. Write your own into {path}, or take the lines out."
        )
        path = f"inputs/regions/{made.name}/air.csv"
        click.echo(
            say(told, language, model=named(model), name=made.name, levels=levels, path=path)
        )
    if made.unscaled:
        names = Listed(map(named, made.unscaled))
        click.echo(say("Not scaled, as it is of the surroundings: {names}.", language, names=names))


@click.group(cls=ToldGroup)
def region() -> None:
    """Begin a region with the numbers of another."""


@region.command("new")
@click.argument("name")
@click.option("--from", "model", default="tongzhou", help="Region whose numbers stand in.")
@click.option(
    "--base-year", type=Whole(*CALENDAR), help="Base year (default: that of the other region)."
)
@click.option(
    "--scale",
    type=Choice(["population", "area", "gdp", "table"]),
    help="What amounts are scaled by.",
)
@click.option(
    "--to", help="The new region's own: '800000 person', or a table of source and factor."
)
@click.pass_context
def new(
    context: click.Context,
    name: str,
    model: str,
    base_year: int | None,
    scale: str | None,
    to: str | None,
) -> int:
    """Write the folder of a region that begins as another.

    Every number is marked as borrowed until it is replaced. The thirty that move emissions most
    are written into a list beside the scenario, with the line of the table to replace each in.
    """
    from lantian.intake.begin import begin_region
    from lantian.intake.region import Scale
    from lantian.store.labels import label

    language = language_of(context)
    if (scale is None) != (to is None):
        raise click.UsageError(
            say(
                "--scale and --to go together, as in: --scale population --to '800000 person'.",
                language,
            )
        )
    wanted = None if scale is None or to is None else Scale(scale, to)
    fresh = begin_region(Path(), name, model, base_year, wanted)
    made = fresh.region

    def named(key: str) -> str:
        return label(key, Path(), language)

    _tell_borrowed(made, model, language, named)
    for path in fresh.files:
        click.echo(say("written: {path}", language, path=click.format_filename(path)))
    if made.market:
        sold = made.market.items()
        listed = Listed(f"{named(source)} {year}" for source, year in sold)
        told_market = say(
            "after the last year that is told, sales are those of the country"
            " (inputs/vehicle_market.csv): {names}.",
            language,
            names=listed,
        )
        click.echo(begun(told_market))
    for said in fresh.remarks:
        click.echo(begun(said.text(language, named)))
    click.echo(say("Try: lantian run {path}", language, path=click.format_filename(made.scenario)))
    return 0
