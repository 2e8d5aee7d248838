"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from functools import cache
from pathlib import Path

from lantian.errors import Problems
from lantian.parameters import Row, locate, read_table
from lantian.vocabulary import Language


class LabelRow(Row):
    """A line of ``labels.csv``."""

    id: str
    en: str
    zh: str


@cache
def read_labels(root: Path) -> dict[str, LabelRow]:
    """Return the names of all ids; empty where a project has no label table.

    Raises
    ------
    InputError
        If the table is faulty or names an id twice.
    """
    problems = Problems()
    rows = read_table(locate(root / "inputs", "labels"), LabelRow, problems, root, optional=True)
    problems.stop_if_any()
    return {row.id: row for row in rows}


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
