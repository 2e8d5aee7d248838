"""What stands beside the least cost for the plan's result."""

from typing import Any

from lantian.cli.terminal.text import CASE_NAMES, few_names
from lantian.language import Label, say
from lantian.results.matched import lost_by_match
from lantian.vocabulary import OF_TARGET, Language


def match_lines(summary: dict[str, Any], language: Language, label: Label) -> list[str]:
    """Return what the plan meets and the cheapest mix for its result would miss, if anything.

    Parameters
    ----------
    summary
        As in ``summary.json``.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    lost = lost_by_match(summary["targets"])
    if not lost:
        return []
    return [
        say(
            "{name} misses what the plan meets: {targets}",
            language,
            name=say(CASE_NAMES["match_plan"], language),
            targets=few_names([OF_TARGET + name for name in lost], label),
        )
    ]
