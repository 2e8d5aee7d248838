"""The answer of the optimiser on one screen, and its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lantian.cli.terminal.mix import measures_beside, mix_lines
from lantian.cli.terminal.reached import beside, dated_names, easy_lines, targets_shown
from lantian.cli.terminal.rests_on import basis_lines, seen_lines
from lantian.cli.terminal.summary import print_costs, print_notes
from lantian.cli.terminal.text import (
    dense_table,
    mark,
    money_scale,
    number,
    paragraph,
    print_filled,
)
from lantian.cli.terminal.verdict import apart_lines, next_lines
from lantian.core.system import System
from lantian.language import Label, Listed, Message, message, say
from lantian.names import group_name
from lantian.optimise.status import MILLION
from lantian.vocabulary import OF_TARGET, Language

ROOM = 13
"""Lines that the screen has for targets and measures together."""


@dataclass(frozen=True)
class Beside:
    """What is known of the mixes and stands in no summary.

    Attributes
    ----------
    marginal
        Target -> the measure whose use changes with its limit.
    proofs
        What is proven, as :func:`proof_line` says it.
    budgeted
        Whether mixes keep a budget.
    """

    marginal: Mapping[str, str]
    proofs: Sequence[str]
    budgeted: bool


def print_optimum(
    summary: dict[str, Any],
    known: Beside,
    told: Sequence[Message],
    language: Language,
    label: Label,
    out: Console,
) -> None:
    """Print what mixes reach and cost, the recommended one, how sure that is and what is next.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    known
        What is known of the mixes beside it.
    told
        What a reader must know of the inventory and of the mixes.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    out
        Where it is printed.
    """
    this = summary, language, label
    out.print(Text(summary["title"][language], "bold"))
    asked = _asked(summary)
    if not asked:
        out.print(say("The scenario has no targets: no mix is looked for.", language))
        print_notes(summary, told, language, label, out)
        return
    out.print(bounds_table(*this, known.budgeted))
    reached = [*easy_lines(*this), _reach_line(*this)]
    verdict = [*reached, *_price_lines(asked, known.marginal, *this[1:])]
    print_filled(paragraph(verdict, language), out)
    print_filled(apart_lines(summary, told, language, label), out)
    shown = measures_beside(len(targets_shown(summary)), ROOM)
    print_costs(*this, out, shown)
    sure = [*known.proofs, *basis_lines(*this), *seen_lines(*this)]
    more = [*next_lines(*this), say("lantian run writes the tables named here", language)]
    for lines in (mix_lines(*this, shown), sure, more):
        print_filled(paragraph(lines, language), out)
    print_notes(summary, told, language, label, out)


def _asked(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the targets that are asked of the mix."""
    return [t for t in summary["targets"] if t["max_feasible"] is not None]


def bounds_table(
    summary: dict[str, Any], language: Language, label: Label, budgeted: bool
) -> Table:
    """Return what the mix reaches of each target asked of it, and what a mix for it alone reaches.

    One row per target [its unit]; ``budgeted``: a mix for one alone keeps a budget too.
    """
    best_alone = "best alone within the budget" if budgeted else "best alone"
    heads = ("limit", "baseline", "least cost", best_alone)
    table = dense_table([say("Targets", language)], [say(name, language) for name in heads])
    asked = [t for t in _asked(summary) if t in targets_shown(summary)]
    for target, name in zip(asked, dated_names(asked, language, label), strict=True):
        values = [
            _cell(target["value"][case], target["limit"], target["met"][case])
            if case in target["value"]
            else Text("-")
            for case in ("baseline", "least_cost")
        ]
        best = _cell(target["max_feasible"], target["limit"], target["feasible"])
        table.add_row(name, number(target["limit"]), *values, best)
    return table


def _cell(value: float, limit: float, met: bool) -> Text:
    return Text.assemble(f"{number(value) if met else beside(value, limit)} ", mark(met))


def _reach_line(summary: dict[str, Any], language: Language, label: Label) -> str:
    """Return how many of the targets that are asked of the mix some mix reaches."""
    asked = [t["id"] for t in _asked(summary)]
    apart = {row["target"] for row in summary["out_of_reach"]}
    if not apart:
        return say("All {all} targets are within reach", language, all=len(asked))
    return say(
        "Within reach: {met} of {all} targets; not: {names}",
        language,
        met=len(asked) - len(apart),
        all=len(asked),
        names=Listed(label(OF_TARGET + name) for name in asked if name in apart),
    )


def _price_lines(
    asked: Sequence[dict[str, Any]],
    marginal: Mapping[str, str],
    language: Language,
    label: Label,
) -> list[str]:
    """Return what one unit more of each limit that binds costs, and by which measure."""
    names = [
        say(
            "{target} {cost} per {unit} ({measure})",
            language,
            target=label(OF_TARGET + target["id"]),
            cost=_price(target, language),
            unit=message("unit" if target["unit"] in ("", "1") else target["unit"]),
            measure=label(marginal[target["id"]]),
        )
        for target in asked
        if target["id"] in marginal
    ]
    return [say("One unit more costs: {names}", language, names=Listed(names))] if names else []


def _price(target: dict[str, Any], language: Language) -> str:
    """Return what one unit of a target's limit costs a year."""
    currency = target["shadow_price_unit"].split("/")[0]
    scale = money_scale([target["shadow_price"]], f"{currency}/a", language)
    return f"{number(target['shadow_price'] / scale.size)} {scale.unit}"


def proof_line(answer: Any, language: Language) -> str:
    """Return what no mix within the limits costs less than, rounding included.

    Parameters
    ----------
    answer
        Of the optimiser, for one year or for all years of a pathway.
    language
        Language of the reader.

    Returns
    -------
    str
        The bound in millions, in Chinese in 万 or 亿, and its distance to the cost.
    """
    proof = answer.proof
    values = {"bound": proof.bound / MILLION, "gap": proof.gap}
    if proof.of_all_years:
        return say(
            "Proven: within these limits no mix costs less than {bound:.10g} million {unit} in all"
            " years together, discounted; that is {gap:.0e} below the one found.",
            language,
            unit=message(answer.currency),
            **values,
        )
    return say(
        "Proven: within these limits no mix costs less than {bound:.10g} million {unit}; that is"
        " {gap:.0e} below the one found.",
        language,
        unit=message(f"{answer.currency}/a"),
        **values,
    )


def whole_table(whole: Any, system: System, year: int, language: Language, label: Label) -> Table:
    """Return the numbers of units taken, for measures that come in whole units.

    Parameters
    ----------
    whole
        The mix in whole units.
    system
        What it is about, for names and units.
    year
        Calendar year.
    language
        In which the table is said.
    label
        Gives the display name of an id.

    Returns
    -------
    Table
        One row per measure and source that comes whole.
    """
    title = say("Whole units in {year}", language, year=year)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("measure", "number", "size of a unit", "unit"):
        right = name in ("number", "size of a unit")
        table.add_column(say(name, language), justify="right" if right else "left", overflow="fold")
    for units in whole.units:
        name = group_name(system, units.group).text(language, label)
        unit = system.sources.unit[system.groups.source[units.group]]
        table.add_row(name, str(units.number), number(units.size, 4), say(unit, language))
    return table
