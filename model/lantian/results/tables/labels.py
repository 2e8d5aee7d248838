"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from lantian.errors import Problems
from lantian.indicators import registered
from lantian.parameters import Row, locate, read_table
from lantian.results.contract import LABELS
from lantian.results.frame import Data, Frame, make_frame
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study
from lantian.vocabulary import OF_COMMITMENT, OF_TARGET

Kind = Literal["", "target", "commitment", "measure", "source", "sector", "area"]


class LabelRow(Row):
    """A line of ``labels.csv``; with a kind it names that alone, not a target of the same id."""

    unique = ("key",)
    id: str = Field(min_length=1)
    en: str
    zh: str
    kind: Kind = ""

    @property
    def key(self) -> str:
        """What it is found by: the id, with its kind before it if a scenario chose the id."""
        return f"{APART[self.kind]}{self.id}" if self.kind in APART else self.id


APART = {"target": OF_TARGET, "commitment": OF_COMMITMENT}
"""Kinds whose ids are a scenario's own, and what their keys begin with."""


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
    return {row.key: row for row in rows}


@builds(LABELS)
def labels(run: Run) -> Data:
    """Display names of every id of the project."""
    return _rows(run.study)


def label_table(study: Study) -> Frame:
    """Return the display names of every id, for a folder that is no run."""
    return make_frame(LABELS, _rows(study))


def study_labels(study: Study) -> dict[str, LabelRow]:
    """Return the display names of a study by their keys, the scenario's own before the project's.

    A target that has the id of a sector, source, measure or area does not take over its name; one
    that has the id of an indicator which it is not about is called after its own.
    """
    project, scenario = read_labels(study.read.root), study.scenario
    own = {key: LabelRow(id=key, en=t.en, zh=t.zh) for key, t in scenario.labels.items()}
    for kind, items in ((OF_TARGET, scenario.targets), (OF_COMMITMENT, scenario.commitments)):
        for item in items:
            key = kind + item.id
            if item.label is not None:
                own[key] = LabelRow(id=key, en=item.label.en, zh=item.label.zh)
    taken, indicators = _named_otherwise(study), {indicator.id for indicator in registered()}
    for target in scenario.targets:
        key = OF_TARGET + target.id
        if key in own or key in project:
            continue
        if target.id in taken:
            own[key] = LabelRow(id=key, en=target.id, zh=target.id)
        elif target.id in indicators and target.id != target.indicator_id:
            own[key] = _named(target.indicator_id, project).model_copy(update={"id": key})
    named = project | own
    return _of_own_controls(study, named) | named


def _of_own_controls(study: Study, named: Mapping[str, LabelRow]) -> dict[str, LabelRow]:
    """Return the names of a bureau's own controls: of a measure at a source each."""
    own, found = set(study.catalogue.own_controls), {}
    for row in study.catalogue.applies:
        if row.control in own:
            what, where = _named(row.measure, named), _named(row.source, named)
            found[row.control] = LabelRow(
                id=row.control, en=f"{what.en} ({where.en})", zh=f"{what.zh}（{where.zh}）"
            )
    return found


def _named(key: str, known: Mapping[str, LabelRow]) -> LabelRow:
    """Return the display names of a key, itself where it has none."""
    return known.get(key) or LabelRow(id=key, en=key, zh=key)


def _named_otherwise(study: Study) -> set[str]:
    """Return the ids of what is no target and no commitment."""
    system, areas = study.system, () if study.areas is None else study.areas.names
    return {*system.sources.id, *system.sources.sector, *system.measures, *areas}


def _rows(study: Study) -> Data:
    found = sorted(study_labels(study).items())
    return {
        "id": [key for key, _ in found],
        "en": [row.en for _, row in found],
        "zh": [row.zh for _, row in found],
    }
