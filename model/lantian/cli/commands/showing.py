"""The commands that show what there is: ``inventory``, ``measures``, ``standards``, ``plans``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.choices import Choice
from lantian.cli.commands.common import Progress, load_all, project_root, shown
from lantian.cli.groups import language_of
from lantian.language import LIST_MARK, say

if TYPE_CHECKING:
    from lantian.plan.ledger import LedgerRow
    from lantian.scenario.model import Scenario
    from lantian.study.model import Study
    from lantian.vocabulary import Language


@click.command()
@click.argument("region")
@click.option("--format", "form", type=Choice(["table", "csv"]), default="table")
@click.option("--months", is_flag=True, help="The base year by month.")
@click.pass_context
def inventory(context: click.Context, region: str, form: str, months: bool) -> int:
    """Show the emissions of a REGION (or of a scenario file) by sector, without any plan."""
    from lantian.cli.terminal import console, inventory_tables, months_table
    from lantian.results.tables.emissions import baseline_emissions, monthly_emissions
    from lantian.store.labels import label

    language = language_of(context)
    paths = [Path(region)] if region.endswith(".yaml") else _scenarios_of(region, language)
    study = _first_sound(paths, language)
    root = study.read.root
    frame = monthly_emissions(study) if months else baseline_emissions(study)
    if frame is None:
        told = "The region has no monthly profiles: every day of the year is taken as alike."
        raise click.ClickException(say(told, language))
    if form == "csv":
        click.echo(frame.text(), nl=False)
        return 0
    out = console()
    if months:
        out.print(months_table(frame.pandas(), language))
        return 0
    for table in inventory_tables(
        frame.pandas(), language, lambda name: label(name, root, language)
    ):
        out.print(table)
    return 0


def _first_sound(paths: Sequence[Path], language: Any) -> Study:
    """Return the study of the first scenario without problems; tell which were passed over."""
    from lantian.errors import InputError

    for path in paths[:-1]:
        try:
            return load_all((path,), Progress(language, quiet=True))[0]
        except InputError:
            told = "{file} has problems and is passed over."
            click.echo(say(told, language, file=shown(path)), err=True)
    return load_all((paths[-1],), Progress(language, quiet=True))[0]


def _scenarios_of(region: str, language: Any) -> list[Path]:
    """Return the scenarios of the project that are about a region."""
    root = project_root(language)
    found = [
        path
        for path in sorted((root / "scenarios").glob("*.yaml"))
        if _is_about(_region_of(path, root), region)
    ]
    if not found:
        raise click.ClickException(
            say("No scenario in scenarios/ is about region '{region}'.", language, region=region)
        )
    return found


def _is_about(asked: str, region: str) -> bool:
    return f"/{asked}".endswith(f"/{region}") or f"/{region}".endswith(f"/{asked}")


def _region_of(path: Path, root: Path) -> str:
    """Return what a scenario calls its region; a blank if it has none or cannot be read."""
    from lantian.errors import InputError, Problems
    from lantian.scenario.nodes import read_document

    try:
        region = read_document(path, root, Problems()).data.get("region")
    except InputError:
        return ""
    return region if isinstance(region, str) else ""


@click.command()
@click.option("--format", "form", type=Choice(["table", "csv", "json"]), default="table")
@click.pass_context
def measures(context: click.Context, form: str) -> int:
    """Show the measure catalogue: kind, sources, and whether the cost is known."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import Problems
    from lantian.measures.catalogue import read_catalogue
    from lantian.parameters import Space
    from lantian.store.labels import label

    language = language_of(context)
    root = project_root(language)
    if not (root / "inputs" / "measures").is_dir():
        raise click.ClickException(
            say(
                "There is no catalogue inputs/measures here: each scenario names its own measures.",
                language,
            )
        )
    problems = Problems()
    catalogue = read_catalogue(root / "inputs", root, problems, Space())
    problems.stop_if_any()
    rows = [
        {
            "measure": m.measure,
            "name": label(m.measure, root, language),
            "kind": m.kind,
            "acts on": m.acts_on,
            "sources": " ".join(
                sorted({r.source for r in catalogue.applies if r.measure == m.measure})
            ),
            "cost": m.cost,
        }
        for m in catalogue.measures
    ]
    if form == "table":
        for row in rows:
            row["sources"] = _named(row["sources"], root, language)
        console().print(records_table(rows, language))
    else:
        click.echo(format_records(rows, form, language), nl=False)
    return 0


def _of_standards(row: dict[str, Any], root: Path, language: Any) -> dict[str, Any]:
    """Return a line of the standards with names in place of its ids."""
    from lantian.indicators import registered
    from lantian.report.words import BASIS_NAMES
    from lantian.standards.overview import AVERAGED
    from lantian.store.labels import label

    indicators = {indicator.id for indicator in registered()}
    names: dict[str, Callable[[Any], Any]] = {
        "averaging": lambda cell: AVERAGED[cell],
        "of": lambda cell: label(cell, root, language) if cell in indicators else cell,
        "basis": lambda cell: getattr(BASIS_NAMES[cell], language),
    }
    return {key: names[key](cell) if key in names else cell for key, cell in row.items()}


def _named(ids: str, root: Path, language: Any) -> str:
    """Return the display names of ids that stand with spaces between them."""
    from lantian.store.labels import label

    return LIST_MARK[language].join(label(name, root, language) for name in ids.split())


@click.command()
@click.option(
    "--show", type=Choice(["limits", "breakpoints", "rules"]), default="limits",
    help="What is shown of them.",
)  # fmt: skip
@click.option("--format", "form", type=Choice(["table", "csv", "json"]), default="table")
@click.pass_context
def standards(context: click.Context, show: str, form: str) -> int:
    """Show the air-quality standards side by side: limits, break points of the index, rules."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import Problems
    from lantian.standards.overview import lines_of
    from lantian.standards.tables import read_standards

    language = language_of(context)
    root = project_root(language)
    problems = Problems()
    found = read_standards(root / "inputs", root, problems)
    problems.stop_if_any()
    if not found:
        raise click.ClickException(say("There are no tables in inputs/standards.", language))
    rows = lines_of(show, list(found.values()))
    if form == "table":
        shown = [_of_standards(row, root, language) for row in rows]
        console().print(records_table(shown, language))
        click.echo(say("- : not in the tables in inputs/standards", language))
    else:
        click.echo(format_records(rows, form, language), nl=False)
    return 0


@click.command()
@click.argument("plan", required=False)
@click.option("--clauses", is_flag=True, help="Every clause of PLAN and what became of it.")
@click.option("--targets", is_flag=True, help="What PLAN promises, computed or not.")
@click.option("--format", "form", type=Choice(["table", "csv", "json", "md"]), default="table")
@click.pass_context
def plans(context: click.Context, plan: str | None, clauses: bool, targets: bool, form: str) -> int:
    """List the plans with counts per class, or the clauses or targets of one PLAN."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import closest
    from lantian.plan.overview import count_classes

    language = language_of(context)
    root = project_root(language)
    known = _plans_of(root)
    if not known:
        click.echo(say("There are no plans in inputs/plans.", language))
        return 0
    if plan is not None and plan not in known:
        told = say("No plan '{plan}' in inputs/plans.", language, plan=plan)
        raise click.ClickException(f"{told} {closest(plan, known).text(language)}".rstrip())
    if (clauses or targets) and plan is None:
        raise click.ClickException(say("Name a plan to see its clauses or targets.", language))
    is_data = form in ("csv", "json")
    if plan is not None and targets:
        rows = _targets_of(plan, root, language, is_data)
    elif plan is not None and clauses:
        rows = _clauses_of(plan, root, language, is_data)
    else:
        ledgers = _ledgers([plan] if plan else known, root)
        rows = [count_classes(name, ledger) for name, ledger in ledgers.items()]
    if form == "table":
        console().print(records_table(rows, language))
    else:
        click.echo(format_records(rows, form, language), nl=False)
    return 0


def _plans_of(root: Path) -> list[str]:
    """Return the folders of inputs/plans; a project may have none."""
    folder = root / "inputs" / "plans"
    return sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []


def _ledgers(names: list[str], root: Path) -> dict[str, list[LedgerRow]]:
    from lantian.errors import Problems
    from lantian.plan.ledger import read_ledger

    problems = Problems()
    ledgers = {
        name: read_ledger(root / "inputs" / "plans" / name / "clauses.csv", root, problems)
        for name in names
    }
    problems.stop_if_any()
    return ledgers


def _clauses_of(plan: str, root: Path, language: Language, is_data: bool) -> list[dict[str, Any]]:
    from lantian.plan.overview import clause_lines, clause_records

    ledger = _ledgers([plan], root)[plan]
    if is_data:
        return clause_records(ledger, language)
    scenario, label = _scenario_of_plan(plan, root, language)
    return clause_lines(ledger, scenario, language, label)


def _targets_of(plan: str, root: Path, language: Language, is_data: bool) -> list[dict[str, Any]]:
    from lantian.plan.overview import target_lines, target_records

    scenario, label = _scenario_of_plan(plan, root, language)
    if scenario is None:
        raise click.ClickException(
            say("No scenario in scenarios/ encodes plan '{plan}'.", language, plan=plan)
        )
    if is_data:
        return target_records(scenario)
    return target_lines(scenario, language, label)


def _scenario_of_plan(
    plan: str, root: Path, language: Language
) -> tuple[Scenario | None, Callable[[str], str]]:
    """Return the scenario named as the plan, or else the first one that encodes it, and its names.

    Names are those of a run. While the tables have problems nobody knows what else has the id of a
    target, which is then called by a name of its own or by its id.
    """
    from lantian.errors import InputError, Problems
    from lantian.scenario.nodes import read_document
    from lantian.scenario.reader import read_scenario
    from lantian.store.labels import label, label_of_kind, labels_of
    from lantian.study.load import load

    found = [
        path
        for path in sorted((root / "scenarios").glob("*.yaml"))
        if read_document(path, root, Problems()).data.get("plan") == plan
    ]
    if not found:
        return None, lambda name: label(name, root, language)
    path = next((p for p in found if p.stem == plan), found[0])
    try:
        study = load(path)
    except InputError:
        problems = Problems()
        read = read_scenario(path, problems)
        problems.stop_if_any()
        scenario = None if read is None else read.scenario
        return scenario, lambda name: label_of_kind(name, root, language)
    return study.scenario, labels_of(study, language)
