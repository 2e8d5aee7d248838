"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from pathlib import Path

from lantian.results.tables.labels import read_labels
from lantian.vocabulary import Language


def label(name: str, root: Path, language: Language) -> str:
    """Return the display name of an id, or the id itself if it has none.

    Parameters
    ----------
    name
        An id.
    root
        Project whose ``inputs`` hold the display names.
    language
        Language of the reader.

    Returns
    -------
    str
        Name to show.
    """
    row = read_labels(root).get(name)
    return name if row is None else str(getattr(row, language))
