"""The answer of a run on one screen."""

from typing import Any

from rich.console import Console
from rich.text import Text

from lantian.cli.terminal.mix import cost_table, mix_lines, mix_table
from lantian.cli.terminal.reached import is_missed, levels_table, reach_lines, targets_table
from lantian.cli.terminal.rests_on import basis_lines
from lantian.cli.terminal.verdict import beside_lines, next_lines, sample_lines, verdict_lines
from lantian.language import Label, say
from lantian.vocabulary import Language


def print_summary(summary: dict[str, Any], language: Language, label: Label, out: Console) -> None:
    """Print targets, cost, leading measures and what the run rests on."""
    out.print(Text(f"\n{summary['title'][language]}", "bold"))
    if summary["targets"]:
        out.print(targets_table(summary, language, label))
    else:
        out.print(say("The scenario has no targets: no mix is looked for.", language))
    for line in (
        *beside_lines(summary, language, label),
        *verdict_lines(summary, language, label),
        *sample_lines(summary, language, label),
    ):
        out.print(line)
    out.print(cost_table(summary, language))
    if summary["mix"]:
        out.print(mix_table(summary, language, label))
    for line in mix_lines(summary, language, label):
        out.print(line)
    if any(is_missed(level) for level in summary["levels"]):
        out.print(levels_table(summary, language, label))
    for line in reach_lines(summary, language, label):
        out.print(line)
    for line in (*basis_lines(summary, language, label), *next_lines(summary, language, label)):
        out.print(line)
