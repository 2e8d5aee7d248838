"""What a reader must know of inventory and mixes: in full where it answers, else counted."""

from collections.abc import Mapping, Sequence

from lantian.inventory.region import COUNTED_LATER, NO_TABLE
from lantian.language import Label, Listed, Message, say
from lantian.optimise.procedure.statement import EVERY_MEASURE, HOLDS, SIGN_OPEN, UNPRICED
from lantian.study.given import NOT_COVERED
from lantian.vocabulary import Language

COUNTED: Mapping[str, str] = {
    UNPRICED: "unpriced measures {n}",
    SIGN_OPEN: "of open sign {n}",
    NOT_COVERED: "sources {n}",
    COUNTED_LATER: "sources {n}",
    NO_TABLE: "sectors {n}",
}
"""Notes that only list what no mix or no total holds -> how the screen counts it."""


def of_target(told: Sequence[Message], target: str, language: Language, label: Label) -> list[str]:
    """Return why a target is out of reach, where that is more than that all is too little.

    Parameters
    ----------
    told
        Notes of a run.
    target
        Its id.
    language
        Language of the reader.
    label
        Gives the display name of an id.
    """
    own = [note for note in told if note.values.get("target") == Listed([target])]
    return [
        Message("Held by: {limits}", note.values).text(language, label)
        if note.template == HOLDS
        else note.text(language, label)
        for note in own
        if note.template != EVERY_MEASURE
    ]


def others(told: Sequence[Message], apart: Sequence[str]) -> list[Message]:
    """Return notes that are told in full and by themselves.

    Parameters
    ----------
    told
        Notes of a run.
    apart
        Targets whose own notes are told with them.
    """
    with_targets = [Listed([target]) for target in apart]
    return [
        note
        for note in told
        if note.template not in COUNTED and note.values.get("target") not in with_targets
    ]


def left_out(told: Sequence[Message], language: Language) -> list[str]:
    """Return how much no mix and no total holds, and where it is named.

    Parameters
    ----------
    told
        Notes of a run.
    language
        Language of the reader.
    """
    counts = dict.fromkeys(COUNTED.values(), 0)
    for note in told:
        if note.template in COUNTED:
            counts[COUNTED[note.template]] += _listed(note)
    parts = Listed(say(what, language, n=n) for what, n in counts.items() if n)
    return [say("Left out (tables/problems.csv): {parts}", language, parts=parts)] if parts else []


def _listed(note: Message) -> int:
    """Return how many names a note lists."""
    return sum(len(set(value)) for value in note.values.values() if isinstance(value, Listed))
