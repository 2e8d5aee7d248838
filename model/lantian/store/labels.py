"""Display names of ids, in both languages (``inputs/labels.csv``, and the scenario's own)."""

from collections.abc import Mapping
from pathlib import Path

from lantian.language import Label
from lantian.results.tables.labels import LabelRow, read_labels, study_labels
from lantian.study.model import Study
from lantian.vocabulary import OF_COMMITMENT, OF_TARGET, Language, without_kind


def label(name: str, root: Path, language: Language) -> str:
    """Return the display name of an id, or the id itself if it has none.

    Parameters
    ----------
    name
        An id; that of a target or commitment with its kind before it.
    root
        Project whose ``inputs`` hold the display names.
    language
        Language of the reader.

    Returns
    -------
    str
        Name to show.
    """
    return _found(read_labels(root), name, language)


def label_of_kind(name: str, root: Path, language: Language) -> str:
    """Return the display name of an id; of a target or commitment only one that is of its kind.

    Parameters
    ----------
    name
        An id; that of a target or commitment with its kind before it.
    root
        Project whose ``inputs`` hold the display names.
    language
        Language of the reader.

    Returns
    -------
    str
        Name to show; the id where what else has it may have the name.
    """
    bare, known = without_kind(name), read_labels(root)
    return _found(known, name, language) if name == bare or name in known else bare


def labels_of(study: Study, language: Language) -> Label:
    """Return what gives the display names in a study: the scenario's own before the project's."""
    known = study_labels(study)
    return lambda name: _found(known, name, language)


def _found(known: Mapping[str, LabelRow], name: str, language: Language) -> str:
    bare = without_kind(name)
    keys = (name, bare, OF_TARGET + bare, OF_COMMITMENT + bare)
    row = next((known[key] for key in keys if key in known), None)
    return bare if row is None else str(getattr(row, language))
