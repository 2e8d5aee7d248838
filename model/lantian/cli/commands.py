"""The commands of ``lantian``; each imports what it needs when it is called."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from lantian.cli.groups import ToldGroup
from lantian.cli.packs import pack, verify_pack
from lantian.language import LIST_MARK, Message, say
from lantian.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from lantian.plan.ledger import LedgerRow
    from lantian.report import Gallery
    from lantian.results.frame import Frame
    from lantian.scenario.model import Scenario
    from lantian.store.draft import Claim
    from lantian.study.alerts import AlertAnswer
    from lantian.study.model import Results, Study

OUT_OF_REACH = 3
TARGET_MISSED = 4
CHANGED = 5
STAGE_WIDTH = 44
"""Columns of the terminal for the name of a stage; a Chinese sign takes two."""

WHOLE_PLANS = (0.01, 0.05, 0.10)
"""Excess over the least cost [1] within which whole plans are told."""

ScenarioPath = click.Path(path_type=Path)
FolderPath = click.Path(path_type=Path)


def _language(context: click.Context) -> Any:
    return context.obj["lang"]


class Progress:
    """Tells each stage with its time, on a terminal."""

    def __init__(self, language: Any, quiet: bool) -> None:
        self.language = language
        self.quiet = quiet

    @contextmanager
    def stage(self, what: Message) -> Iterator[None]:
        """Tell that a stage runs, and when it is over how long it took."""
        start = perf_counter()
        yield
        took = perf_counter() - start
        if not self.quiet:
            from rich.cells import set_cell_size

            text = set_cell_size(what.text(self.language), STAGE_WIDTH)
            click.echo(f"{text}{took:7.2f} s", err=True)


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=ScenarioPath)
@click.option("--out", type=FolderPath, help="Folder for runs (default: runs/ of the project).")
@click.option("--overwrite", is_flag=True, help="Replace a run of the same name.")
@click.option(
    "--resume",
    is_flag=True,
    help="Leave runs as they are that were made from the same scenario and inputs.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Runs at a time, each in a process of its own.",
)
@click.option("--no-charts", is_flag=True, help="Write the run, draw nothing.")
@click.option("--save-lp", is_flag=True, help="Write the linear program as text into the run.")
@click.option("--strict", is_flag=True, help="Exit 4 if the plan as written misses a target.")
@click.option("--quiet", is_flag=True, help="No progress lines.")
@click.option("--json", "as_json", is_flag=True, help="Print summaries as lines of JSON instead.")
@click.pass_context
def run(
    context: click.Context,
    scenarios: tuple[Path, ...],
    out: Path | None,
    overwrite: bool,
    resume: bool,
    jobs: int,
    no_charts: bool,
    save_lp: bool,
    strict: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Project plans, find the least-cost mix, write run folders and charts.

    Exit codes: 0 done; 2 the input has problems; 3 a binding or approximate target is out of
    reach of every mix; 4 with --strict, the plan as written misses a target.
    """
    language = _language(context)
    progress = Progress(language, quiet or not sys.stderr.isatty())
    studies = _load_all(scenarios, progress)
    folders = [(out or p.read.root / "runs") / p.scenario.name for p in studies]
    _require_different(folders, language)
    if resume:
        left = _unfinished(studies, folders, language)
        studies, folders = [studies[i] for i in left], [folders[i] for i in left]
        scenarios = tuple(scenarios[i] for i in left)
    if jobs > 1 and len(studies) > 1:
        with ExitStack() as stack:
            _claims(folders, overwrite, language, stack)  # what cannot be had is told beforehand
        flags = {"--overwrite": overwrite, "--no-charts": no_charts, "--save-lp": save_lp,
                 "--strict": strict}  # fmt: skip
        options = ["--quiet", *(name for name, on in flags.items() if on)]
        return _run_together(scenarios, folders, options, jobs, language)
    with ExitStack() as stack:
        claims = _claims(folders, overwrite, language, stack)
        codes = [
            _run_one(study, claim, not no_charts, save_lp, strict, progress, language, as_json)
            for study, claim in zip(studies, claims, strict=True)
        ]
    return max(codes, default=0)


def _unfinished(studies: list[Study], folders: list[Path], language: Any) -> list[int]:
    """Return the positions of the studies that have no run yet; tell the others."""
    from lantian.store.run import made_from

    done = [made_from(study, folder) for study, folder in zip(studies, folders, strict=True)]
    for folder, own in zip(folders, done, strict=True):
        if own:
            told = "The run {folder} is finished and stays as it is."
            click.echo(say(told, language, folder=_shown(folder)))
    return [i for i, own in enumerate(done) if not own]


def _run_together(
    scenarios: Sequence[Path], folders: list[Path], options: list[str], jobs: int, language: Any
) -> int:
    """Make runs in processes of their own and show what they say, in order."""
    from lantian.cli.jobs import run_each
    from lantian.cli.terminal import console

    commands = [
        ["--lang", language, "run", str(path), "--out", str(folder.parent), *options]
        for path, folder in zip(scenarios, folders, strict=True)
    ]
    codes = []
    for folder, done in zip(folders, run_each(commands, jobs, console().width), strict=True):
        click.echo(done.stdout, nl=False)
        click.echo(done.stderr, nl=False, err=True)
        if done.returncode < 0:
            told = "{folder}: the process was stopped (signal {n}). --resume makes what is missing."
            n = -done.returncode
            click.echo(say(told, language, folder=_shown(folder), n=n), err=True)
        codes.append(done.returncode if done.returncode >= 0 else 1)
    return 1 if 1 in codes else max(codes)


def _require_different(folders: list[Path], language: Any) -> None:
    """Refuse scenarios of one name."""
    twice = [folder for i, folder in enumerate(folders) if folder in folders[:i]]
    if twice:
        told = "Two of the scenarios are named '{name}'; a name is a run's folder."
        raise click.ClickException(say(told, language, name=twice[0].name))


def _claims(folders: list[Path], overwrite: bool, language: Any, stack: ExitStack) -> list[Claim]:
    """Return the right to write each run; stop before any is computed if one cannot be had."""
    from lantian.store.draft import BusyError, TakenError
    from lantian.store.run import claim_run, is_run

    claims = []
    for folder in folders:
        try:
            claims.append(stack.enter_context(claim_run(folder, overwrite)))
        except BusyError as busy:
            raise click.ClickException(_busy(folder, str(busy), language)) from None
        except TakenError:
            told = (
                "The run {folder} exists. Use --overwrite to replace it, or --out for another"
                " place."
                if is_run(folder)
                else "{folder} is not a run of Lantian and stays as it is. Use --out for another"
                " place, or give the scenario another name."
            )
            raise click.ClickException(say(told, language, folder=_shown(folder))) from None
    return claims


def _busy(folder: Path, holder: str, language: Any) -> str:
    """Return that another process writes a run, and which, as far as known."""
    told = say(
        "The run {folder} is being written by another process. Wait for it, or use --out for"
        " another place.",
        language,
        folder=_shown(folder),
    )
    if not holder:
        return told
    who = say("(Machine, process, since: {holder})", language, holder=holder)
    return f"{told} {who}"


def _load_all(paths: tuple[Path, ...], progress: Progress) -> list[Study]:
    """Prepare every scenario before anything is written; all problems of all of them at once."""
    from lantian.errors import InputError
    from lantian.study.load import load

    done, problems, warnings = [], [], []
    for path in paths:
        try:
            done.append(load(path, progress.stage))
        except InputError as error:
            problems += error.problems
            warnings += error.warnings
    if problems:
        raise InputError(problems, warnings)
    return done


def _run_one(
    study: Study,
    claim: Claim,
    charts: bool,
    save_lp: bool,
    strict: bool,
    progress: Progress,
    language: Any,
    as_json: bool,
) -> int:
    from lantian.language import message
    from lantian.store.run import command_line, write_run
    from lantian.study.solve import solve

    started = datetime.now(UTC)
    results = solve(study, progress.stage)
    drawn: list[Gallery] = []

    def finish(draft: Path) -> None:
        if save_lp:
            _write_lp(study, results, draft)
        if charts:
            drawn.append(_draw(draft, progress))

    with progress.stage(message("writing the run folder")):
        summary = write_run(
            study, results, claim, command=command_line(), started=started, finish=finish
        )
    if as_json:
        told = {"folder": _shown(claim.folder), **summary}
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    else:
        _show_run(study, results, summary, claim.folder, drawn, language)
    return _exit_code(summary, results, strict)


def _show_run(
    study: Study,
    results: Results,
    summary: dict[str, Any],
    folder: Path,
    drawn: list[Gallery],
    language: Any,
) -> None:
    """Show what a run found, where it lies, and what a reader must know of it."""
    from lantian.cli.terminal import console, print_summary
    from lantian.store.labels import labels_of

    print_summary(summary, language, labels_of(study, language), console())
    click.echo(say("Run folder: {folder}", language, folder=_shown(folder)))
    for gallery in drawn:
        _tell_charts(gallery, folder / "charts", language)
    _show_health(study, results, language)
    _tell(study, results, language, click.echo)


def _show_health(study: Study, results: Results, language: Any) -> None:
    """Show avoided deaths and CO2, where the scenario asks for them."""
    from lantian.cli.health import benefit_lines
    from lantian.cli.terminal import console
    from lantian.results.contract import BENEFITS
    from lantian.results.tables.registry import Run
    from lantian.store.labels import labels_of

    frame = Run(study, results).find(BENEFITS)
    if frame is None:
        return
    name, out = labels_of(study, language), console()
    for line in benefit_lines(frame.records(), language, name):
        out.print(line)


def _shown(path: Path) -> str:
    shown = os.path.relpath(path)
    return str(path) if shown.startswith("..") else shown


def _draw(folder: Path, progress: Progress) -> Gallery:
    from lantian.language import message
    from lantian.report.gallery import draw_gallery

    with progress.stage(message("drawing the charts")):
        return draw_gallery(folder, folder / "charts")


def _tell_charts(drawn: Gallery, folder: Path, language: Any) -> None:
    """Tell where the charts are, and which signs of them no font here has."""
    n = len(drawn.files)
    click.echo(say("Charts: {n} files in {folder}", language, n=n, folder=_shown(folder)))
    if drawn.unprintable:
        signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in drawn.unprintable)
        text = "No font here has these signs; a box stands for each in the charts: {signs}"
        click.echo(say(text, language, signs=signs))


def _write_lp(study: Study, results: Results, folder: Path) -> None:
    from lantian.store.program import write_program
    from lantian.study.model import solved_programs

    for years, solved in solved_programs(study, results).items():
        write_program(solved, study.system, folder / f"least-cost-{years}")


def _warnings(study: Study, language: Any) -> list[str]:
    """Return the warnings of a study, those of one kind together."""
    from lantian.errors import Problem, told
    from lantian.store.labels import labels_of

    located = [w for w in study.warnings if isinstance(w, Problem)]
    others = [w for w in study.warnings if not isinstance(w, Problem)]
    known = labels_of(study, language)
    return [*(m.text(language, known) for m in others), *told(located, language)]


def _tell(study: Study, results: Results, language: Any, show: Callable[[str], object]) -> None:
    """Show the warnings and what a reader must know about the least-cost mixes."""
    from lantian.store.labels import labels_of
    from lantian.study.model import notes

    known = labels_of(study, language)
    texts = [*_warnings(study, language), *(m.text(language, known) for m in notes(study, results))]
    for text in dict.fromkeys(texts):  # the years of a pathway have some in common
        show(text)


def _exit_code(summary: dict[str, Any], results: Results, strict: bool) -> int:
    if results.out_of_reach:
        return OUT_OF_REACH
    missed = [t["id"] for t in summary["targets"] if t["met"].get("plan") is False]
    return TARGET_MISSED if strict and missed else 0


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=ScenarioPath)
@click.option("--costs", is_flag=True, help="Our costs per tonne outside what others published.")
@click.pass_context
def check(context: click.Context, scenarios: tuple[Path, ...], costs: bool) -> int:
    """Read scenarios and their tables and show every problem; compute and write nothing."""
    from lantian.store.labels import labels_of
    from lantian.study.names import rows_unused
    from lantian.study.questions import cost_warnings

    language = _language(context)
    for study in _load_all(scenarios, Progress(language, quiet=True)):
        system = study.system
        click.echo(
            say(
                "{name}: no problems. {sources} sources, {measures} measures, {commitments}"
                " commitments, {targets} targets.",
                language,
                name=study.scenario.name,
                sources=len(system.sources),
                measures=len(system.measures),
                commitments=len(study.scenario.commitments),
                targets=len(study.targets),
            )
        )
        for text in _warnings(study, language):
            click.echo(f"  {text}")
        name = labels_of(study, language)
        for warning in (*cost_warnings(study, costs), *rows_unused(study.space)):
            click.echo(f"  {warning.text(language, name)}")
    return 0


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option("--save-lp", type=FolderPath, help="Folder for the linear program as text.")
@click.option("--explain", metavar="MEASURE", help="Why a measure is in the mix, or out.")
@click.option(
    "--ranges", is_flag=True, help="Between which limits and costs the mix stays as it is."
)
@click.option(
    "--alternatives",
    is_flag=True,
    help="How much uptakes can differ, and whole plans, at a cost a few per cent above the least.",
)
@click.option("--compare", is_flag=True, help="What other ways of choosing cost.")
@click.pass_context
def optimise(
    context: click.Context,
    scenario: Path,
    save_lp: Path | None,
    explain: str | None,
    ranges: bool,
    alternatives: bool,
    compare: bool,
) -> int:
    """Only the least-cost part: what is feasible, what is cheapest, what the targets cost."""
    from lantian.cli.terminal import console, optimum_table, proof_line, tiers_table, whole_table
    from lantian.results.contract import TIERS_TABLE
    from lantian.results.tables.registry import Run
    from lantian.store.labels import labels_of
    from lantian.study.solve import solve

    language = _language(context)
    study = _load_all((scenario,), Progress(language, quiet=True))[0]
    results = solve(study)
    out, name = console(), labels_of(study, language)
    if explain:  # an answer without what was not asked
        measure = _measure_named(study, explain)
        _answer(study, measure, ranges, alternatives, language, out)
        return OUT_OF_REACH if results.out_of_reach else 0
    rows = Run(study, results).table(TIERS_TABLE).records(*TIERS_TABLE.names)
    out.print(tiers_table(rows, study.money.currency, language, name))
    for year, answer in results.optimum.items():
        shown = study.system.years[year], language, name
        out.print(optimum_table(answer, study.system, *shown))
        if answer.whole is not None:
            out.print(whole_table(answer.whole, study.system, *shown))
    for line in dict.fromkeys(proof_line(a, language) for a in results.optimum.values()):
        out.print(line)
    _tell(study, results, language, out.print)
    if compare:
        _show_ways(study, results, language, out)
    if ranges or alternatives:
        _answer(study, None, ranges, alternatives, language, out)
    if save_lp is not None:
        save_lp.mkdir(parents=True, exist_ok=True)
        _write_lp(study, results, save_lp)
    return OUT_OF_REACH if results.out_of_reach else 0


def _measure_named(study: Study, given: str) -> str:
    """Return the id of a measure that is called by its id, or by a name as it is printed."""
    from lantian.store.labels import labels_of

    for language in LANGUAGES:
        name = labels_of(study, language)
        for measure in study.system.measures:
            if given.strip().casefold() in (measure.casefold(), name(measure).casefold()):
                return measure
    return given


def _curve_folder(study: Study, name: str) -> Path:
    """Return a folder in the scenario's run, or beside where it would be if there is none.

    Signs of an id that have no place in the name of a folder are written as in web addresses.
    """
    name = re.sub(r"[^\w.-]+", lambda found: quote(found[0], safe=""), name)
    run = study.read.root / "runs" / study.scenario.name
    return run / name if (run / "manifest.json").exists() else run.with_name(f"{run.name}-{name}")


def _show_ways(study: Study, results: Results, language: Any, out: Any) -> None:
    from lantian.cli.answers import ways_table
    from lantian.store.labels import labels_of
    from lantian.study.questions import rankings

    for year, compared in results.compared.items():
        every = (*compared, *rankings(study, year))
        out.print(
            ways_table(
                every,
                results.optimum[year],
                study.system.years[year],
                study.money.currency,
                language,
                labels_of(study, language),
            )
        )


def _answer(
    study: Study,
    measure: str | None,
    ranges: bool,
    alternatives: bool,
    language: Any,
    out: Any,
) -> None:
    """Answer what was asked about the mix of the last year with targets."""
    from lantian.cli import answers
    from lantian.core.system import eligible_activity
    from lantian.store.labels import labels_of
    from lantian.study.questions import (
        explain_choice,
        mix_ranges,
        near_optimal,
        require_mixes,
        solved_problem,
        whole_alternatives,
    )

    name = labels_of(study, language)
    system, currency = study.system, study.money.currency
    if measure is not None:
        _require_measure(study, measure, language)
    year = require_mixes(study)
    problem, answer = solved_problem(study, year)
    eligible = eligible_activity(system)[:, year].tolist()
    if measure is not None:
        for found in explain_choice(study, problem, answer, year, measure):
            for line in answers.explanation_lines(found, answer, system, currency, language, name):
                out.print(line, soft_wrap=True)
    if ranges:
        costs, limits = mix_ranges(problem, answer)
        out.print(answers.limits_table(limits, answer, language, name))
        out.print(answers.costs_table(costs, system, currency, language, name))
    if alternatives:
        spans = near_optimal(problem, answer)
        out.print(answers.alternatives_table(spans, system, eligible, language, name))
        out.print(
            say(
                "{n} of {all} uptakes are the same in all of these mixes.",
                language,
                n=answers.settled_count(spans, eligible),
                all=len(eligible),
            )
        )
        for allowance in WHOLE_PLANS:
            plans = whole_alternatives(study, problem, answer, allowance)
            out.print(answers.plans_table(plans, system, currency, language, name))
            if plans.must.any():
                out.print(answers.must_line(plans, system, language, name))


def _require_measure(study: Study, measure: str, language: Any) -> None:
    from lantian.errors import closest

    known = study.system.measures
    if measure not in known:
        hint = closest(measure, known)
        text = say("'{measure}' is not a measure that acts here.", language, measure=measure)
        raise click.ClickException(f"{text} {hint.text(language)}".strip())


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option(
    "--target",
    required=True,
    metavar="ID",
    help="Id of a target, a pollutant, an indicator or a receptor.",
)
@click.option("--against", metavar="ID", help="A second one: a curve for each of some levels.")
@click.option("--hold", is_flag=True, help="Hold the scenario's other targets at their limits.")
@click.option(
    "--points",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    help="Mixes solved per curve before a guaranteed 1 % will do.",
)
@click.option(
    "--levels",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Levels of the second target.",
)
@click.option(
    "--out",
    type=FolderPath,
    help="Folder for table and chart (default: in the scenario's run folder).",
)
@click.option("--no-charts", is_flag=True, help="Write the table, draw nothing.")
@click.pass_context
def frontier(
    context: click.Context,
    scenario: Path,
    target: str,
    against: str | None,
    hold: bool,
    points: int,
    levels: int,
    out: Path | None,
    no_charts: bool,
) -> int:
    """The least cost of every level of a target, or of two: table and chart."""
    from lantian.cli.answers import curve_points
    from lantian.cli.terminal import console, records_table
    from lantian.errors import closest
    from lantian.report.gallery import draw_gallery
    from lantian.store.curves import write_curve
    from lantian.store.draft import filled_beside
    from lantian.study.questions import NoAxisError, cost_surface

    language = _language(context)
    study = _load_all((scenario,), Progress(language, quiet=True))[0]
    try:
        surface = cost_surface(study, target, against, hold, points, levels)
    except NoAxisError as error:
        text = say(
            "'{name}' is no target, pollutant or indicator here. Expected: {names}.",
            language,
            name=error.name,
            names=", ".join(error.known),
        )
        hint = closest(error.name, error.known)
        raise click.ClickException(f"{text} {hint.text(language)}".strip()) from None
    parts = ["frontier", target, *([against] if against else []), *(["held"] if hold else [])]
    name = re.sub(r"[^\w.-]+", "-", "-".join(parts).lower())  # an id may hold any sign
    folder = out or _curve_folder(study, name)
    with filled_beside(folder) as draft:
        table = write_curve(study, surface, draft)
        if not no_charts:
            draw_gallery(draft, draft / "charts", only=["cost-frontier"])
    console().print(records_table(curve_points(table.pandas(), language), language))
    exact = all(part.frontier.precision == "exact" for part in surface.slices)
    click.echo(
        say(
            "{n} kinks; every kink is found."
            if exact
            else "{n} points; the true cost lies at most 1 % below the lines between them.",
            language,
            n=sum(len(part.frontier.kinks) for part in surface.slices),
        )
    )
    click.echo(say("Table and chart: {folder}", language, folder=_shown(folder)))
    return 0


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "md"]), default="table"
)
@click.option("--out", type=FolderPath, help="Folder for both tables as CSV and in one workbook.")
@click.pass_context
def alert(context: click.Context, scenario: Path, form: str, out: Path | None) -> int:
    """The cheapest nested lists of daily stops and cuts for the levels of an alert.

    Exit codes: 0 done; 2 the input has problems; 3 a level cannot be reached: by how much, and
    where the rest is, is told.
    """
    from lantian.cli.alerts import left_out
    from lantian.cli.terminal import format_records
    from lantian.results.tables.alerts import alert_frames
    from lantian.store.draft import filled_beside
    from lantian.store.labels import labels_of
    from lantian.store.workbook import write_workbook
    from lantian.study.alerts import answer_alert

    language = _language(context)
    study = _load_all((scenario,), Progress(language, quiet=True))[0]
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
        with filled_beside(out) as draft:
            for frame in (orders, totals):
                frame.write(draft / f"{frame.table.name}.csv")
            write_workbook((orders, totals), name, language, draft / f"{orders.table.name}.xlsx")
        click.echo(say("Tables: {folder}", language, folder=_shown(out)), err=form != "table")
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


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option(
    "--samples",
    type=click.IntRange(min=40),
    default=250,
    show_default=True,
    help="Random sets of inputs of the search; four times as many check it.",
)
@click.option(
    "--probability",
    type=click.FloatRange(min=1, max=99.9),
    multiple=True,
    help="Per cent with which each target is to hold (default: 50 to 99).",
)
@click.option(
    "--optima",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Find the optimum of so many sets: how often each measure is chosen.",
)
@click.pass_context
def robust(
    context: click.Context,
    scenario: Path,
    samples: int,
    probability: tuple[float, ...],
    optima: int,
) -> int:
    """Mixes that hold when inputs differ: what being sure costs, what is always chosen."""
    from lantian.cli.answers import chosen_table, regrets_table, robust_table
    from lantian.cli.terminal import console
    from lantian.ensemble import optima as optimal
    from lantian.ensemble import regret as regretted
    from lantian.ensemble import robust as answers
    from lantian.store.labels import label

    language = _language(context)
    study = _load_all((scenario,), Progress(language, quiet=True))[0]
    out = console()

    def name(key: str) -> str:
        return label(key, study.read.root, language)

    if not any(t.weight is not None for t in study.targets):
        raise click.ClickException(
            say("There is no target that a mix could be found for.", language)
        )
    asked = [p / 100.0 for p in sorted(probability)] or answers.CURVE
    found = answers.robust_mixes(study, samples, asked)
    out.print(robust_table(found, study.money.currency, language, name))
    if study.scenario.futures:
        regret = regretted.regrets(study)
        out.print(regrets_table(regret, [*study.scenario.futures], study.money.currency, language))
    if optima:
        told = optimal.optima(study, optima)
        out.print(chosen_table(told, study.money.currency, language, name))
    return 0


def _project(language: Any) -> Path:
    """Return the project around the working folder, or say what is missing."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "inputs").is_dir():
            return folder
    raise click.ClickException(
        say("There is no inputs/ folder here. Try: lantian init my-district", language)
    )


@click.command()
@click.argument("region")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table")
@click.option("--months", is_flag=True, help="The base year by month.")
@click.pass_context
def inventory(context: click.Context, region: str, form: str, months: bool) -> int:
    """Show the emissions of a REGION (or of a scenario file) by sector, without any plan."""
    from lantian.cli.terminal import console, inventory_tables, months_table
    from lantian.results.tables.emissions import baseline_emissions, monthly_emissions
    from lantian.store.labels import label

    language = _language(context)
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
            return _load_all((path,), Progress(language, quiet=True))[0]
        except InputError:
            told = "{file} has problems and is passed over."
            click.echo(say(told, language, file=_shown(path)), err=True)
    return _load_all((paths[-1],), Progress(language, quiet=True))[0]


def _scenarios_of(region: str, language: Any) -> list[Path]:
    """Return the scenarios of the project that are about a region."""
    root = _project(language)
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
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@click.pass_context
def measures(context: click.Context, form: str) -> int:
    """Show the measure catalogue: kind, sources, and whether the cost is known."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import Problems
    from lantian.measures.catalogue import read_catalogue
    from lantian.parameters import Space
    from lantian.store.labels import label

    language = _language(context)
    root = _project(language)
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


def _named(ids: str, root: Path, language: Any) -> str:
    """Return the display names of ids that stand with spaces between them."""
    from lantian.store.labels import label

    return LIST_MARK[language].join(label(name, root, language) for name in ids.split())


@click.command()
@click.option(
    "--show", type=click.Choice(["limits", "breakpoints", "rules"]), default="limits",
    help="What is shown of them.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
@click.pass_context
def standards(context: click.Context, show: str, form: str) -> int:
    """Show the air-quality standards side by side: limits, break points of the index, rules."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import Problems
    from lantian.standards.overview import lines_of
    from lantian.standards.tables import read_standards

    language = _language(context)
    root = _project(language)
    problems = Problems()
    found = read_standards(root / "inputs", root, problems)
    problems.stop_if_any()
    if not found:
        raise click.ClickException(say("There are no tables in inputs/standards.", language))
    rows = lines_of(show, list(found.values()))
    if form == "table":
        console().print(records_table(rows, language))
    else:
        click.echo(format_records(rows, form, language), nl=False)
    return 0


@click.command()
@click.argument("plan", required=False)
@click.option("--clauses", is_flag=True, help="Every clause of PLAN and what became of it.")
@click.option("--targets", is_flag=True, help="What PLAN promises, computed or not.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "md"]), default="table"
)
@click.pass_context
def plans(context: click.Context, plan: str | None, clauses: bool, targets: bool, form: str) -> int:
    """List the plans with counts per class, or the clauses or targets of one PLAN."""
    from lantian.cli.terminal import console, format_records, records_table
    from lantian.errors import closest
    from lantian.plan.overview import count_classes

    language = _language(context)
    root = _project(language)
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


def _clauses_of(plan: str, root: Path, language: Any, is_data: bool) -> list[dict[str, Any]]:
    from lantian.plan.overview import clause_lines, clause_records
    from lantian.store.labels import label

    ledger = _ledgers([plan], root)[plan]
    if is_data:
        return clause_records(ledger, language)
    return clause_lines(
        ledger, _scenario_of_plan(plan, root), language, lambda name: label(name, root, language)
    )


def _targets_of(plan: str, root: Path, language: Any, is_data: bool) -> list[dict[str, Any]]:
    from lantian.plan.overview import target_lines, target_records
    from lantian.store.labels import label

    scenario = _scenario_of_plan(plan, root)
    if scenario is None:
        raise click.ClickException(
            say("No scenario in scenarios/ encodes plan '{plan}'.", language, plan=plan)
        )
    if is_data:
        return target_records(scenario)
    return target_lines(scenario, language, lambda name: label(name, root, language))


def _scenario_of_plan(plan: str, root: Path) -> Scenario | None:
    """Return the scenario named as the plan, or else the first one that encodes it."""
    from lantian.errors import Problems
    from lantian.scenario.nodes import read_document
    from lantian.scenario.reader import read_scenario

    found = [
        path
        for path in sorted((root / "scenarios").glob("*.yaml"))
        if read_document(path, root, Problems()).data.get("plan") == plan
    ]
    if not found:
        return None
    problems = Problems()
    read = read_scenario(next((p for p in found if p.stem == plan), found[0]), problems)
    problems.stop_if_any()
    return None if read is None else read.scenario


@click.group(cls=ToldGroup, invoke_without_command=True)
@click.option("--in", "folder", type=FolderPath, help="Folder of runs (default: runs/).")
@click.option(
    "--repair",
    is_flag=True,
    help="Put back runs that were set aside and remove what stopped processes left.",
)
@click.option(
    "--verify", is_flag=True, help="Tell which inputs of each run have changed since; exit 5."
)
@click.option("--where", default="", metavar="EXPRESSION", help="Only runs for which it holds.")
@click.option("--sort", default="", metavar="COLUMN", help="Order; -COLUMN: largest first.")
@click.pass_context
def runs(
    context: click.Context,
    folder: Path | None,
    repair: bool,
    verify: bool,
    where: str,
    sort: str,
) -> int:
    """List the runs in a folder: what they are, what they met, what they cost."""
    if context.invoked_subcommand is not None:
        return 0
    from lantian.cli.terminal import console, records_table
    from lantian.comparison.opened import open_runs
    from lantian.comparison.overview import chosen
    from lantian.store.draft import leftovers
    from lantian.store.run import incomplete_runs, list_runs

    language = _language(context)
    of_project = folder is None
    folder = folder or _project(language) / "runs"
    if of_project and not folder.exists():
        return 0
    if not folder.is_dir():
        raise click.ClickException(
            say("There is no folder {folder}.", language, folder=_shown(folder))
        )
    if repair:
        _repair(folder, language)
    listed = chosen(open_runs([folder / m["name"] for m in list_runs(folder)]), where, sort)
    rows = [
        {
            "run": run.name,
            "id": run.manifest["content_id"],
            "started": run.manifest["started"],
            "version": run.manifest["version"],
        }
        for run in listed
    ]
    console().print(records_table(rows, language))
    changed = [_verified(run.folder, language) for run in listed] if verify else []
    for path, parts in incomplete_runs(folder).items():
        told = say("{folder} is incomplete: no {parts}.", language, folder=_shown(path),
                   parts=", ".join(parts))  # fmt: skip
        click.echo(told)
    if not repair and leftovers(folder):
        told = "Runs in work, or stopped half-way: {names}. What was stopped: --repair."
        names = ", ".join(path.name for path in leftovers(folder))
        click.echo(say(told, language, names=names))
    return CHANGED if any(changed) else 0


runs.add_command(pack)
runs.add_command(verify_pack, "verify")


def _verified(run: Path, language: Any) -> bool:
    """Tell what has changed since a run was made, and return whether anything has."""
    from lantian.store.run import changed_since

    changed = changed_since(run, _project(language))
    told = "{name}: changed since: {files}" if changed else "{name}: as it was made."
    click.echo(say(told, language, name=run.name, files=LIST_MARK[language].join(changed)))
    return bool(changed)


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


def _kinds(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Return formats as they are asked for: one option each, or commas between them."""
    choice = click.Choice(FORMATS)
    names = [name.strip() for text in given for name in text.split(",")]
    return tuple(dict.fromkeys(choice.convert(name, option, context) for name in names))


FORMATS = ("html", "docx", "pdf", "xlsx", "png", "svg")
DRAWN = ("png", "svg", "pdf")
"""Formats of charts; a PDF is one of charts only where charts are named and no report is."""


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
    return _report(context, folder, out, kinds, pictures, drawn, brief)


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
    from lantian.handover.write import USUAL, WRITERS

    wrong = [kind for kind in formats if kind not in WRITERS]
    if wrong:
        told = "The page to decide from is html, docx or pdf, not {kind}."
        raise click.ClickException(say(told, _language(context), kind=wrong[0]))
    return _report(context, folder, out, formats or USUAL[True], (), None, short=True)


def _report(
    context: click.Context,
    folder: Path,
    out: Path | None,
    kinds: Sequence[str],
    pictures: Sequence[str],
    drawn: list[str] | None,
    short: bool,
) -> int:
    """Draw charts of a run and write its report, whichever is asked for."""
    from lantian.cli.compare import refuse_inside
    from lantian.comparison.opened import open_run
    from lantian.handover.write import write_report
    from lantian.store.draft import filled_beside

    language = _language(context)
    run = open_run(folder)  # whatever is no run is told
    run.check()
    refuse_inside(out, [run], language)
    _require_charts(drawn, language)
    if pictures:
        _draw_again(folder, out or folder / "charts", pictures, drawn, language)
    if kinds:
        place = out or folder / "report"
        with filled_beside(place) as draft:
            write_report(folder, draft, kinds, language, short, drawn)
        click.echo(say("Report: {folder}", language, folder=_shown(place)))
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

    with filled_beside(charts) as draft:
        drawn = draw_gallery(folder, draft, formats=formats, only=ids)
    _tell_charts(drawn, charts, language)


@click.command()
@click.argument("folder", type=FolderPath)
@click.option("--full", is_flag=True, help="All plans and tables that come with Lantian instead.")
@click.pass_context
def init(context: click.Context, folder: Path, full: bool) -> int:
    """Write a small working example into FOLDER: a finished inventory as CSV and as Excel."""
    from lantian.store.starter import copy_library, write_starter

    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(say("{folder} is not empty.", _language(context), folder=folder))
    first = folder / "scenarios" / ("tongzhou-2020.yaml" if full else "my-district.yaml")
    for path in copy_library(folder) if full else write_starter(folder):
        click.echo(f"  {_shown(path)}")
    click.echo(say("Try: lantian run {path}", _language(context), path=_shown(first)))
    return 0


@click.command()
def schema() -> int:
    """Print the JSON Schema of scenarios, so that editors can check and complete them."""
    from lantian.scenario.model import Scenario

    json.dump(Scenario.model_json_schema(by_alias=True), sys.stdout, indent=1, ensure_ascii=False)
    click.echo()
    return 0


__all__ = [
    "alert",
    "brief",
    "check",
    "frontier",
    "init",
    "inventory",
    "measures",
    "optimise",
    "plans",
    "report",
    "run",
    "runs",
    "schema",
]
