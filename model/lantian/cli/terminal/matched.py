"""What stands beside the least cost for the plan's result."""

from typing import Any

from lantian.cli.terminal.text import CASE_NAMES
from lantian.language import Label, say
from lantian.results.matched import match_note
from lantian.vocabulary import Language


def match_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the cheapest mix for the plan's result is asked for, and what it would miss.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    if "match_plan" not in summary["cost"]["by_case"]:
        return []
    note = match_note(summary["targets"], label).text(language)
    name = say(CASE_NAMES["match_plan"], language)
    return [say("{name}: {text}", language, name=name, text=note)]
