"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from functools import cache
from pathlib import Path

from pydantic import Field

from lantian.errors import Problems
from lantian.parameters import Row, locate, read_table
from lantian.results.contract import LABELS
from lantian.results.frame import Data, Frame, make_frame
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study


class LabelRow(Row):
    """A line of ``labels.csv``."""

    id: str = Field(min_length=1)
    en: str
    zh: str


@cache
def read_labels(root: Path) -> dict[str, LabelRow]:
    """Return the names of all ids; empty where a project has no label table.

    Raises
    ------
    InputError
        If the table is faulty.
    """
    problems = Problems()
    rows = read_table(locate(root / "inputs", "labels"), LabelRow, problems, root, optional=True)
    problems.stop_if_any()
    return {row.id: row for row in rows}


@builds(LABELS)
def labels(run: Run) -> Data:
    """Display names of every id of the project."""
    return _rows(run.study)


def label_table(study: Study) -> Frame:
    """Return the display names of every id, for a folder that is no run."""
    return make_frame(LABELS, _rows(study))


def _rows(study: Study) -> Data:
    found = sorted(read_labels(study.read.root).values(), key=lambda row: row.id)
    return {name: [getattr(row, name) for row in found] for name in LABELS.names}
