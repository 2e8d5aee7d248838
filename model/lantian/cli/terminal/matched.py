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
    asked = {t["id"] for t in summary["targets"] if t["max_feasible"] is not None}
    parts = {
        NOT_ASKED: [name for name in lost if name not in asked],
        OF_NO_PRICE: [name for name in lost if name in asked],
    }
    return [
        say(
            why,
            language,
            name=say(CASE_NAMES["match_plan"], language),
            targets=few_names([OF_TARGET + name for name in own], label),
        )
        for why, own in parts.items()
        if own
    ]


NOT_ASKED = "{name} loses what is judged after the solve: {targets}"
OF_NO_PRICE = "{name} loses what only measures of no known cost reach: {targets}"
"""Why a mix for the plan's result misses what the plan meets."""
