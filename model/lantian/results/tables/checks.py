"""What results are held against: observations, independent estimates, warnings."""

import math
from collections.abc import Iterable

from lantian.errors import one_line
from lantian.indicators.tables import TopdownRow
from lantian.language import Spoken, message
from lantian.names import state_name
from lantian.results.contract import OBSERVED, PER_YEAR, PROBLEMS, TOPDOWN
from lantian.results.frame import Data
from lantian.results.tables.labels import read_labels
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study, notes
from lantian.vocabulary import LANGUAGES, Language

EXPLAIN_BEYOND = 2.0
"""Ratio to the independent estimate beyond which the run flags an inventory total."""


@builds(OBSERVED)
def observed(run: Run) -> Data:
    """What was observed, beside the projection."""
    return [
        {
            "indicator": row.indicator,
            "year": row.year,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "unit": row.unit,
            "basis": row.basis,
            "source_key": row.source_key,
        }
        for row in run.study.observed
    ]


@builds(TOPDOWN)
def topdown(run: Run) -> Data:
    """The inventory against independent estimates of its years; a projection is none."""
    study = run.study
    known = [y for y in study.system.years if y <= study.scenario.base_year]
    return [_estimate(study, row) for row in study.topdown if row.year in known]


def _estimate(study: Study, row: TopdownRow) -> dict[str, object]:
    system = study.system
    chosen = [s for s, sector in enumerate(system.sources.sector) if row.sector in ("", sector)]
    p, y = system.pollutants.index(row.pollutant), system.years.index(row.year)
    ours, theirs = float(study.baseline[chosen, p, y].sum()), row.to(PER_YEAR)
    low, high = row.range(PER_YEAR)
    ratio = ours / theirs if theirs else math.nan
    return {
        "sector": row.sector or "all",
        "pollutant": row.pollutant,
        "year": row.year,
        "inventory": ours,
        "topdown": theirs,
        "low": low,
        "high": high,
        "ratio": ratio,
        "within_factor_two": bool(1 / EXPLAIN_BEYOND <= ratio <= EXPLAIN_BEYOND),
        "unit": PER_YEAR,
        "basis": row.basis,
        "source_key": row.source_key,
        "note": row.note,
    }


@builds(PROBLEMS)
def problems(run: Run) -> Data:
    """Warnings of the run: nothing here stopped it, all of it should be read."""
    study, results = run.study, run.results
    said: list[Spoken] = [*study.warnings, *notes(study, results)]
    said += [
        message("commitments compete for and share: {state}", state=state_name(study.system, s))
        for s in results.crowded
    ]
    told: dict[str, Spoken] = {one_line(spoken): spoken for spoken in said}
    named = {str(lang): _named(run, told.values(), lang) for lang in LANGUAGES}
    return {"warning": list(told), **named}


def _named(run: Run, said: Iterable[Spoken], language: Language) -> list[str]:
    """Return texts with display names, each in one line."""
    names = read_labels(run.study.read.root)

    def label(name: str) -> str:
        return str(getattr(names[name], language)) if name in names else name

    return [one_line(spoken, language, label) for spoken in said]
