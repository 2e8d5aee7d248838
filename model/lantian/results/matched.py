"""What the cheapest mix for the plan's result leaves out: it is asked of some targets only."""

from collections.abc import Mapping, Sequence
from typing import Any

from lantian.language import Label, Listed, Message, message
from lantian.vocabulary import OF_TARGET


def lost_by_match(targets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the targets that the plan meets and the cheapest mix for its result misses.

    That mix is asked for the targets of the linear program, and for what measures of known cost
    bring of them: shares of alert days, days and ranks are judged after it is found.

    Parameters
    ----------
    targets
        As in ``summary.json``.

    Returns
    -------
    list of str
        Their ids.
    """
    return [
        target["id"]
        for target in targets
        if target["met"].get("plan") and target["met"].get("match_plan") is False
    ]


def match_note(targets: Sequence[Mapping[str, Any]], label: Label) -> Message:
    """Return what stands beside the cost of the plan's result wherever it is told.

    Parameters
    ----------
    targets
        As in ``summary.json``.
    label
        Gives the display name of an id.

    Returns
    -------
    Message
        Of one sentence without a stop.
    """
    lost = [label(OF_TARGET + name) for name in lost_by_match(targets)]
    asked = message(
        "asked of it are the targets of the optimiser, as far as measures of known cost bring them"
    )
    if not lost:
        return asked
    return message(
        "{asked}; it would miss, though the plan meets: {names}", asked=asked, names=Listed(lost)
    )
