"""The commands ``optimise``, ``frontier`` and ``robust``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from lantian.cli.choices import PerCent, Whole
from lantian.cli.commands.common import (
    OUT_OF_REACH,
    FolderPath,
    Progress,
    ScenarioPath,
    load_all,
    loud_progress,
    remark_lines,
    run_notes,
    shown,
    tell_kept,
    write_lp,
)
from lantian.cli.groups import language_of
from lantian.language import message, say
from lantian.scenario.sizes import MOST_SAMPLES, MOST_SEARCHED
from lantian.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from lantian.optimise.analyses.frontier import Frontier
    from lantian.study.model import Results, Study


MOST_SOLVED = 10_000
"""Points of a curve, and curves beside one another, that can be asked for."""
READING = {
    "reading the scenario": 0.2,
    "building the inventory": 0.3,
    "putting sources and measures together": 0.2,
}
"""Seconds that each stage takes of Tongzhou's plan before anything is sought, as measured."""
DRAWING = ("drawing the charts",)
FRONTIER = {**READING, "tracing the curve": 3.0, DRAWING[0]: 1.0}
ROBUST = {
    **READING,
    "looking for mixes that hold": 30.0,
    "testing them in other samples": 5.0,
    "finding the optima": 10.0,
}
"""Stage of the commands -> seconds that it takes beside the others."""


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option("--save-lp", type=FolderPath, help="Folder for the linear program as text.")
@click.option(
    "--explain",
    metavar="MEASURE",
    help="Why a measure, by id or name or a commitment to it, is in the mix, or out.",
)
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
    from lantian.cli.terminal import console
    from lantian.errors import writing
    from lantian.study.solve import solve

    language = language_of(context)
    study = load_all((scenario,), Progress(language, quiet=True))[0]
    if save_lp is not None:
        with writing(save_lp):
            save_lp.mkdir(parents=True, exist_ok=True)
    results = solve(study, curves=False)
    out = console()
    if explain:  # an answer without what was not asked
        measure = _measure_named(study, explain)
        _answer(study, measure, ranges, alternatives, language, out)
        return OUT_OF_REACH if results.out_of_reach else 0
    _show_optimum(study, results, language, out)
    if compare:
        _show_ways(study, results, language, out)
    if ranges or alternatives:
        _answer(study, None, ranges, alternatives, language, out)
    if save_lp is not None:
        write_lp(study, results, save_lp)
    return OUT_OF_REACH if results.out_of_reach else 0


def _show_optimum(study: Study, results: Results, language: Any, out: Any) -> None:
    """Show the mix on one screen, and below it what comes in whole units."""
    from lantian.cli.terminal import Beside, print_optimum, proof_line, whole_table
    from lantian.results.summary import summarise
    from lantian.results.tables.registry import Run
    from lantian.store.labels import labels_of

    system, name = study.system, labels_of(study, language)
    marginal = {
        target.id: system.measures[system.groups.measure[system.moves.group[target.marginal[0]]]]
        for answer in results.optimum.values()
        for target in answer.targets
        if target.binding and target.marginal
    }
    proofs = dict.fromkeys(proof_line(a, language) for a in results.optimum.values())
    summary = summarise(Run(study, results, sampling=False))
    told = run_notes(study, results)
    question = study.scenario.optimise
    known = Beside(marginal, [*proofs], bool(question.budget or question.total_budget))
    print_optimum(summary, known, told, language, name, out)
    for text in remark_lines(study, language):
        out.print(text)
    for year, answer in results.optimum.items():
        if answer.whole is not None:
            out.print(whole_table(answer.whole, system, system.years[year], language, name))


def _measure_named(study: Study, given: str) -> str:
    """Return the id of the measure that is meant by what a user calls it, as given if none is."""
    return _called(study).get(given.strip().casefold(), given)


def _called(study: Study) -> dict[str, str]:
    """Return what measures may be called: by id, by name, and by commitments to one of them.

    Names and commitments are as they are printed, in any language; a measure's own id comes first.
    """
    from lantian.store.labels import labels_of
    from lantian.vocabulary import OF_COMMITMENT

    names = [labels_of(study, language) for language in LANGUAGES]
    acting = set(study.system.measures)
    told: dict[str, str] = {}
    for commitment in study.scenario.commitments:
        if commitment.measure in acting:
            called = [commitment.id, *(name(OF_COMMITMENT + commitment.id) for name in names)]
            told |= dict.fromkeys(called, commitment.measure)
    told |= {name(measure): measure for measure in acting for name in names}
    told |= {measure: measure for measure in acting}
    return {name.casefold(): measure for name, measure in told.items()}


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
    from lantian.scenario.model.sampling import OtherPlans
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
        told = study.scenario.alternatives or OtherPlans()
        for plans in whole_alternatives(study, problem, answer, told.asked):
            out.print(answers.plans_table(plans, system, currency, language, name))
            if plans.must.any():
                out.print(answers.must_line(plans, system, language, name))


def _require_measure(study: Study, measure: str, language: Any) -> None:
    from lantian.errors import closest

    known = study.system.measures
    if measure not in known:
        hint = closest(measure, [*known, *_called(study)])
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
    type=Whole(1, MOST_SOLVED),
    default=60,
    show_default=True,
    help="Mixes solved per curve before a guaranteed 1 % will do.",
)
@click.option(
    "--levels",
    type=Whole(2, MOST_SOLVED),
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
    from lantian.report.gallery import draw_gallery
    from lantian.store.curves import write_curve
    from lantian.store.draft import filled_beside
    from lantian.study.questions import cost_surface, not_held

    language = language_of(context)
    progress = loud_progress(language, FRONTIER, DRAWING if no_charts else ())
    progress.several("tracing the curve", levels if against else 1)
    study = load_all((scenario,), progress)[0]
    with _wrong_axes_told(target, against, language):
        surface = cost_surface(study, target, against, hold, points, levels, progress.stage)
    if not any(part.frontier.can_change for part in surface.slices):
        raise click.ClickException(_unchanged(target, surface.slices[0].frontier, language))
    parts = ["frontier", target, *([against] if against else []), *(["held"] if hold else [])]
    name = re.sub(r"[^\w.-]+", "-", "-".join(parts).lower())  # an id may hold any sign
    folder = out or _curve_folder(study, name)
    with filled_beside(folder, tell_kept(language)) as draft:
        table = write_curve(study, surface, draft)
        if not no_charts:
            with progress.stage(message("drawing the charts")):
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
    if others := [] if hold else not_held(study, surface.axes, surface.year):
        told = "Other targets of the scenario are not held: {names}. With --hold they are."
        click.echo(say(told, language, names=", ".join(others)))
    click.echo(say("Table and chart: {folder}", language, folder=shown(folder)))
    return 0


def _unchanged(target: str, frontier: Frontier, language: Any) -> str:
    """Return that there is nothing of a target, or nothing that any measure could do about it."""
    given = {"target": target, "value": f"{frontier.base:.6g}", "unit": frontier.unit}
    if not frontier.base:
        return say("There is nothing of '{target}' here: it is {value} {unit}.", language, **given)
    return say(
        "No measure that can be chosen changes '{target}': it is {value} {unit}.", language, **given
    )


@contextmanager
def _wrong_axes_told(target: str, against: str | None, language: Any) -> Iterator[None]:
    """Tell of axes that there are not, and of one that stands against itself."""
    from lantian.errors import closest
    from lantian.study.questions import NoAxisError, SameAxesError

    try:
        yield
    except NoAxisError as error:
        text = say(
            "'{name}' is no target, pollutant or indicator here. Expected: {names}.",
            language,
            name=error.name,
            names=", ".join(error.known),
        )
        hint = closest(error.name, error.known)
        raise click.ClickException(f"{text} {hint.text(language)}".strip()) from None
    except SameAxesError:
        text = say(
            "'{first}' and '{second}' are the same: a curve needs two that differ.",
            language,
            first=target,
            second=against,
        )
        raise click.ClickException(text) from None


@click.command()
@click.argument("scenario", type=ScenarioPath)
@click.option(
    "--samples",
    type=Whole(40, MOST_SEARCHED),
    default=250,
    show_default=True,
    help="Random sets of inputs of the search; 10 000 others check it.",
)
@click.option(
    "--probability",
    type=PerCent(1, 99.9),
    multiple=True,
    help="Per cent with which each target is to hold (default: 50 to 99).",
)
@click.option(
    "--optima",
    type=Whole(0, MOST_SAMPLES),
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
    from lantian.store.labels import labels_of

    language = language_of(context)
    progress = loud_progress(language, ROBUST, () if optima else ("finding the optima",))
    study = load_all((scenario,), progress)[0]
    out, name = console(), labels_of(study, language)
    if not any(t.weight is not None for t in study.targets):
        raise click.ClickException(
            say("There is no target that a mix could be found for.", language)
        )
    asked = [p / 100.0 for p in sorted(probability)] or answers.CURVE
    progress.several(answers.SEARCHING.template, answers.rounds_of(study, asked))
    found = answers.robust_mixes(study, samples, asked, progress.stage)
    out.print(robust_table(found, study.money.currency, language, name))
    question = study.scenario.optimise
    if (question.budget or question.total_budget) and not all(own.within_reach for own in found):
        out.print(say("All of these keep the budget: more money may bring them nearer.", language))
    if study.scenario.futures:
        with progress.stage(message("finding the mix that is least regretted")):
            regret = regretted.regrets(study)
        out.print(regrets_table(regret, [*study.scenario.futures], study.money.currency, language))
    if optima:
        with progress.stage(message("finding the optima")):
            told = optimal.optima(study, optima)
        out.print(chosen_table(told, study.money.currency, language, name))
    return 0
