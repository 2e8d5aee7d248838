"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from pathlib import Path

from lantian.results.tables.labels import read_labels
from lantian.vocabulary import Language

AT_SOURCE = {"en": "{0} ({1})", "zh": "{0}（{1}）"}
STATE = {"en": (": ", ", "), "zh": ("：", "、")}
"""After the source of a state, and between its technology and controls."""


def label(name: str, root: Path, language: Language) -> str:
    """Return the display name of an id, or the id itself if it has none.

    Of ids put together (``measure @ source``, ``source / technology / control``) each is named.

    Parameters
    ----------
    name
        An id, or ids put together.
    root
        Project whose ``inputs`` hold the display names.
    language
        Language of the reader.

    Returns
    -------
    str
        Name to show.
    """
    if " @ " in name:
        return AT_SOURCE[language].format(
            *(label(part, root, language) for part in name.split(" @ "))
        )
    rows = read_labels(root)
    first, *others = (
        str(getattr(rows[part], language)) if part in rows else part for part in name.split(" / ")
    )
    after, between = STATE[language]
    return first + after + between.join(others) if others else first
