"""The commands ``run`` and ``check``."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from lantian.cli.choices import Whole
from lantian.cli.commands.common import (
    MOST_JOBS,
    OUT_OF_REACH,
    TARGET_MISSED,
    FolderPath,
    Progress,
    ScenarioPath,
    draw,
    load_all,
    remark_lines,
    run_notes,
    shown,
    tell_charts,
    tell_kept,
    warning_lines,
    write_lp,
)
from lantian.cli.groups import language_of
from lantian.language import begun, say

if TYPE_CHECKING:
    from lantian.report import Gallery
    from lantian.store.draft import Claim
    from lantian.study.model import Results, Study


SHOWN: dict[tuple[bool, bool], Literal["all", "folder", "json"]] = {
    (False, False): "all",
    (False, True): "folder",
    (True, False): "json",
    (True, True): "json",
}
"""Whether JSON and whether quiet is asked for -> what a run prints."""
FEW_REMARKS = 5
"""Remarks on the inputs that a screen has room for; of more it tells where they stand."""


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
    type=Whole(1, MOST_JOBS),
    default=1,
    show_default=True,
    help="Runs at a time, each in a process of its own.",
)
@click.option("--no-charts", is_flag=True, help="Write the run, draw nothing.")
@click.option("--save-lp", is_flag=True, help="Write the linear program as text into the run.")
@click.option("--strict", is_flag=True, help="Exit 4 if the plan as written misses a target.")
@click.option("--quiet", is_flag=True, help="Print the folder of each run and nothing else.")
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
    """Project plans, find the least-cost mix, write run folders and charts."""
    from lantian.ensemble.variants import check_worlds

    language = language_of(context)
    silent = quiet or not sys.stderr.isatty()
    without = ("drawing the charts",) if no_charts else ()
    progress = Progress(language, silent, len(scenarios), without)
    studies = load_all(scenarios, progress)
    for study in studies:
        check_worlds(study)
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
                 "--strict": strict, "--quiet": quiet, "--json": as_json}  # fmt: skip
        options = [*(name for name, on in flags.items() if on)]
        return _run_together(scenarios, folders, options, jobs, language)
    show = SHOWN[as_json, quiet]
    with ExitStack() as stack:
        claims = _claims(folders, overwrite, language, stack)
        codes = [
            _run_one(
                study,
                claim,
                not no_charts,
                save_lp=save_lp,
                strict=strict,
                progress=progress,
                language=language,
                show=show,
            )
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
            click.echo(say(told, language, folder=shown(folder)))
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
            click.echo(say(told, language, folder=shown(folder), n=n), err=True)
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
            raise click.ClickException(say(told, language, folder=shown(folder))) from None
    return claims


def _busy(folder: Path, holder: str, language: Any) -> str:
    """Return that another process writes a run, and which, as far as known."""
    told = say(
        "The run {folder} is being written by another process. Wait for it, or use --out for"
        " another place.",
        language,
        folder=shown(folder),
    )
    if not holder:
        return told
    who = say("(Machine, process, since: {holder})", language, holder=holder)
    return f"{told} {who}"


def _run_one(
    study: Study,
    claim: Claim,
    charts: bool,
    *,
    save_lp: bool,
    strict: bool,
    progress: Progress,
    language: Any,
    show: Literal["all", "folder", "json"],
) -> int:
    from lantian.language import message
    from lantian.store.run import command_line, write_run
    from lantian.study.solve import solve

    started = datetime.now(UTC)
    results = solve(study, progress.stage)
    drawn: list[Gallery] = []

    def finish(draft: Path) -> None:
        if save_lp:
            write_lp(study, results, draft)
        if charts:
            drawn.append(draw(draft, progress))

    with progress.stage(message("writing the run folder")):
        summary = write_run(
            study, results, claim, command=command_line(), started=started, finish=finish
        )
    for path in claim.kept:
        tell_kept(language)(path)
    if show == "json":
        told = {"folder": shown(claim.folder), **summary}
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    elif show == "folder":
        click.echo(shown(claim.folder))
    else:
        _show_run(study, results, summary, claim.folder, drawn, language)
    return _exit_code(summary, results, strict)


WORLDS = {
    "In other worlds ({names}): tables/variants.csv": False,
    "Without the plan ({names}): tables/baselines.csv": True,
}
"""Where answers in further worlds stand -> whether these are worlds without the plan."""


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
    from lantian.cli.terminal.text import few_names
    from lantian.store.labels import labels_of

    told = run_notes(study, results)
    print_summary(summary, told, language, labels_of(study, language), console())
    click.echo(say("Run folder: {folder}", language, folder=shown(folder)))
    for where, without in WORLDS.items():
        worlds = [v.name for v in study.variants if v.without_plan == without]
        if worlds:
            click.echo(say(where, language, names=few_names(worlds, repr)))
    for gallery in drawn:
        tell_charts(gallery, folder / "charts", language)
    _show_health(study, results, language)
    remarks = remark_lines(study, language)
    for text in remarks if len(remarks) <= FEW_REMARKS else ():
        click.echo(text)
    if remarks:
        where = say("Remarks on the inputs ({n}): tables/problems.csv", language, n=len(remarks))
        click.echo(where)


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
    from lantian.ensemble.variants import check_worlds
    from lantian.store.labels import labels_of
    from lantian.study.names import rows_unused
    from lantian.study.questions import cost_warnings

    language = language_of(context)
    for study in load_all(scenarios, Progress(language, quiet=True)):
        check_worlds(study)
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
        for text in warning_lines(study, language):
            click.echo(f"  {begun(text)}")
        name = labels_of(study, language)
        for warning in (*cost_warnings(study, costs), *rows_unused(study.space)):
            click.echo(f"  {begun(warning.text(language, name))}")
    return 0
