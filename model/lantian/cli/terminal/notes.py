"""What a reader must know of inventory and mixes: in full where it answers, else counted."""

from collections.abc import Mapping, Sequence

from lantian.inventory.region import COUNTED_LATER, NO_TABLE
from lantian.language import Label, Listed, Message, say
from lantian.names import TargetName
from lantian.optimise.procedure.statement import (
    BEYOND,
    HOLDS,
    SIGN_OPEN,
    STAYS,
    UNMATCHED,
    UNMATCHED_HOLDS,
    UNPRICED,
)
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

BRIEFLY: Mapping[str, str] = {
    STAYS: (
        "No measure moves {outside:.3g} {unit} (air: from outside), {own:.3g} follow them;"
        " {needed:.0%} of these would have to go, {possible:.0%} can"
    ),
    BEYOND["budget"]: "The budget ends there",
    BEYOND["pace"]: "More cannot be built until then at the ramp of the pathway",
    BEYOND["limits"]: "More is kept by limits of the optimise part",
    BEYOND["targets"]: "More is kept by the other targets",
    BEYOND["measures"]: "",
    HOLDS: "Held by: {limits}",
    UNMATCHED: "",
    UNMATCHED_HOLDS: "",
}
"""Notes on a target -> what is left to say beside its limit and the best that can be done."""


def of_target(
    told: Sequence[Message], target: str, language: Language, label: Label, brief: bool = False
) -> list[str]:
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
    brief
        Only what binds, as several targets are told.
    """
    own = [note for note in told if note.values.get("target") == Listed([TargetName(target)])]
    said = [
        (BRIEFLY.get(note.template, note.template), note.values)
        for note in own
        if not brief or note.template in BRIEFLY
    ]
    return [Message(text, values).text(language, label) for text, values in said if text]


def others(told: Sequence[Message], apart: Sequence[str]) -> list[Message]:
    """Return notes that are told in full and by themselves.

    Parameters
    ----------
    told
        Notes of a run.
    apart
        Targets whose own notes are told with them.
    """
    with_targets = [Listed([TargetName(target)]) for target in apart]
    full = [
        note
        for note in told
        if note.template not in {*COUNTED, UNMATCHED, UNMATCHED_HOLDS}
        and note.values.get("target") not in with_targets
    ]
    return full + _unmatched(told)


def _unmatched(told: Sequence[Message]) -> list[Message]:
    """Return that no mix reaches what the plan reaches: in full of one target, else counted."""
    notes = [note for note in told if note.template == UNMATCHED]
    if len(notes) < 2:
        return notes
    text = (
        "Under the limits of the optimise part no mix reaches what the plan reaches for {n} "
        "targets: tables/problems.csv"
    )
    return [Message(text, {"n": len(notes)})]


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
