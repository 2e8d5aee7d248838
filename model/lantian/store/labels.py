"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from functools import cache
from pathlib import Path

from lantian.errors import Problems
from lantian.tables import Row, locate, read_table
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


def label(name: str, root: Path, language: Language) -> str:
    """Return the display name of an id, or the id itself if it has none."""
    row = read_labels(root).get(name)
    return name if row is None else str(getattr(row, language))
