"""Display names of ids, in both languages (``inputs/labels.csv``)."""

from collections import Counter
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

    A target that has the id of something else (a sector, a source, a measure, an area, the key of
    a number) does not take over its name; one that has the id of an indicator is called after its
    own indicator. A commitment without a name is called after its measure.
    """
    project, scenario = read_labels(study.read.root), study.scenario
    own = {key: LabelRow(id=key, en=t.en, zh=t.zh) for key, t in scenario.labels.items()}
    for kind, items in ((OF_TARGET, scenario.targets), (OF_COMMITMENT, scenario.commitments)):
        for item in items:
            key = kind + item.id
            if item.label is not None:
                own[key] = LabelRow(id=key, en=item.label.en, zh=item.label.zh)
    named = {**project, **own}
    own |= _of_targets(study, named)
    own |= _of_commitments(study, named)
    named = project | own
    return _of_own_controls(study, named) | named


def _of_targets(study: Study, named: Mapping[str, LabelRow]) -> dict[str, LabelRow]:
    """Return the names of targets whose ids are those of something else."""
    taken, indicators = _named_otherwise(study), {indicator.id for indicator in registered()}
    found = {}
    for target in study.scenario.targets:
        key = OF_TARGET + target.id
        if key in named:
            continue
        if target.id in indicators:
            found[key] = _named(target.indicator_id, named).model_copy(update={"id": key})
        elif target.id in taken:
            found[key] = LabelRow(id=key, en=target.id, zh=target.id)
    return found


def _of_commitments(study: Study, named: Mapping[str, LabelRow]) -> dict[str, LabelRow]:
    """Return the names of commitments that have none: of the measure, and the id of one of many."""
    places = {*study.system.sources.id, *study.system.sources.sector, *_areas(study)}
    lacking = [
        c
        for c in study.scenario.commitments
        if OF_COMMITMENT + c.id not in named and (c.id not in named or c.id in places)
    ]
    often = Counter(c.measure for c in lacking)
    found = {}
    for one in lacking:
        key, row = OF_COMMITMENT + one.id, _named(one.measure, named)
        en, zh = row.en, row.zh
        if often[one.measure] > 1:
            en, zh = f"{en} ({one.id})", f"{zh}（{one.id}）"
        found[key] = LabelRow(id=key, en=en, zh=zh)
    return found


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
    """Return the ids of what is no target and no commitment, keys of numbers among them."""
    system = study.system
    keys = {str(key) for row in study.space.rows.values() for key in row.key()}
    return {*system.sources.id, *system.sources.sector, *system.measures, *_areas(study), *keys}


def _areas(study: Study) -> tuple[str, ...]:
    return () if study.areas is None else study.areas.names


def _rows(study: Study) -> Data:
    found = sorted(study_labels(study).items())
    return {
        "id": [key for key, _ in found],
        "en": [row.en for _, row in found],
        "zh": [row.zh for _, row in found],
    }
