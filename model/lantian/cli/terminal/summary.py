"""The answer of a run on one screen: verdict, cost, mix, how sure, what to do next."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from lantian.cli.terminal.matched import match_lines
from lantian.cli.terminal.mix import cost_table, mix_lines, mix_table, tier_lines
from lantian.cli.terminal.notes import left_out, of_target, others
from lantian.cli.terminal.reached import level_lines, targets_table
from lantian.cli.terminal.rests_on import basis_lines, seen_lines
from lantian.cli.terminal.text import filled, paragraph
from lantian.cli.terminal.verdict import (
    beside_lines,
    best_line,
    next_lines,
    owner_lines,
    sample_lines,
    verdict_lines,
)
from lantian.language import Label, Message, say
from lantian.vocabulary import Language


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
    _print(_verdict(told, *this), out)
    out.print(cost_table(summary, language))
    _print(paragraph([*tier_lines(summary, language), *match_lines(*this)], language), out)
    if summary["mix"]:
        out.print(mix_table(*this))
    beside = paragraph([*mix_lines(*this), *level_lines(*this)], language)
    _print([*beside, *_rest(*this)], out)
    apart = [row["target"] for row in summary["out_of_reach"]]
    for note in others(told, apart):
        out.print(note.text(language, label), soft_wrap=True)
    _print(left_out(told, language), out)


def _print(paragraphs: Sequence[str], out: Console) -> None:
    """Print paragraphs, filled to the width of the terminal."""
    for text in paragraphs:
        out.print("\n".join(filled(text, out.width)))


def _verdict(
    told: Sequence[Message], summary: dict[str, Any], language: Language, label: Label
) -> list[str]:
    """Return what the targets say, a paragraph a subject."""
    beside = beside_lines(summary, language, label)
    lines = paragraph(beside, language) if len(beside) > 1 else beside
    lines += paragraph(verdict_lines(summary, language, label), language)
    for row in summary["out_of_reach"]:
        why = of_target(told, row["target"], language, label)
        lines += paragraph([best_line(row, language, label), *why], language)
    return lines + owner_lines(summary, language, label)


def _rest(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return how sure the answer is, and what to do next."""
    this = summary, language, label
    return [
        *paragraph([*sample_lines(*this), *basis_lines(*this), *seen_lines(*this)], language),
        *paragraph(next_lines(*this), language),
    ]
