"""The answer of a run on one screen: verdict, cost, mix, how sure, what to do next."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from lantian.cli.terminal.matched import match_lines
from lantian.cli.terminal.mix import (
    cost_table,
    earlier_lines,
    measures_beside,
    mix_lines,
    mix_table,
    tier_lines,
)
from lantian.cli.terminal.notes import left_out, others
from lantian.cli.terminal.reached import (
    easy_lines,
    level_lines,
    targets_shown,
    targets_table,
)
from lantian.cli.terminal.rests_on import basis_lines, seen_lines
from lantian.cli.terminal.text import paragraph, print_filled
from lantian.cli.terminal.verdict import (
    apart_lines,
    beside_lines,
    next_lines,
    owner_lines,
    sample_lines,
    verdict_lines,
)
from lantian.language import Label, Message, begun, say
from lantian.vocabulary import Language

ROOM = 11
"""Lines that the screen has for targets and measures together."""


def print_summary(
    summary: dict[str, Any],
    told: Sequence[Message],
    language: Language,
    label: Label,
    out: Console,
) -> None:
    """Print the answer of a run.

    Parameters
    ----------
    summary
        As in ``summary.json``.
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
    if summary["targets"]:
        out.print(targets_table(*this))
    else:
        out.print(say("The scenario has no targets: no mix is looked for.", language))
    print_filled(_verdict(told, *this), out)
    shown = measures_beside(len(targets_shown(summary)), ROOM)
    print_costs(*this, out, shown)
    beside = [*mix_lines(*this, shown), *level_lines(*this)]
    print_filled(_rest(beside, *this), out)
    print_notes(summary, told, language, label, out)


def print_costs(
    summary: dict[str, Any], language: Language, label: Label, out: Console, shown: int
) -> None:
    """Print what the plan and the mixes cost, by tier too, and the recommended mix.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    out
        Where it is printed.
    shown
        Measures of the mix that there is room for.
    """
    this = summary, language, label
    if set(summary["cost"]["by_case"]) - {"baseline"}:
        out.print(cost_table(summary, language))
    beside = [
        *tier_lines(summary, language),
        *earlier_lines(summary, language),
        *match_lines(*this),
    ]
    print_filled(paragraph(beside, language), out)
    if summary["mix"]:
        out.print(mix_table(*this, shown))


def print_notes(
    summary: dict[str, Any],
    told: Sequence[Message],
    language: Language,
    label: Label,
    out: Console,
) -> None:
    """Print what a reader must know that stands beside no target; lists are counted.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    told
        Notes of a run.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    out
        Where it is printed.
    """
    apart = [row["target"] for row in summary["out_of_reach"]]
    for note in others(told, apart):
        out.print(begun(note.text(language, label)), soft_wrap=True)
    print_filled(left_out(told, language), out)


def _verdict(
    told: Sequence[Message], summary: dict[str, Any], language: Language, label: Label
) -> list[str]:
    """Return what the targets say, a paragraph a subject."""
    beside = beside_lines(summary, targets_shown(summary), language, label)
    beside = [*easy_lines(summary, language, label), *beside]
    lines = paragraph(beside, language) if len(beside) > 1 else beside
    lines += paragraph(verdict_lines(summary, language, label), language)
    lines += apart_lines(summary, told, language, label)
    return lines + owner_lines(summary, language, label)


def _rest(
    beside: Sequence[str], summary: dict[str, Any], language: Language, label: Label
) -> list[str]:
    """Return what goes with the mix, how sure the answer is, and what to do next."""
    this = summary, language, label
    sure = [*sample_lines(*this), *basis_lines(*this), *seen_lines(*this)]
    return [
        *paragraph([*beside, *sure], language),
        *paragraph(next_lines(*this), language),
    ]
