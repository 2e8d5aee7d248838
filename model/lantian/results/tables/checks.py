"""What results are held against: observations, independent estimates, warnings."""

import math
from collections.abc import Iterable, Iterator

import numpy as np

from lantian.core.system import Array
from lantian.ensemble.sampled import RANGE, band_of
from lantian.errors import one_line
from lantian.indicators.available import Available
from lantian.indicators.contract import CENTRAL, HIGH, TOTAL, Owners
from lantian.indicators.tables import TopdownRow
from lantian.language import Spoken, message
from lantian.names import state_name
from lantian.results.contract import (
    HINDCAST,
    NOT_COVERED,
    OBSERVED,
    OWNERS,
    PER_YEAR,
    PROBLEMS,
    TOPDOWN,
)
from lantian.results.frame import Data
from lantian.results.tables.labels import study_labels
from lantian.results.tables.registry import Run, builds
from lantian.study.model import Study, notes
from lantian.vocabulary import LANGUAGES, Language, without_kind


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
            "state": row.state,
            "basis": row.basis,
            "source_key": row.source_key,
        }
        for row in run.study.observed
    ]


@builds(HINDCAST)
def hindcast(run: Run) -> Data:
    """Observed values of the years of the run beside those of the model under the plan."""
    study = run.study
    case = run.results.cases.get("plan", run.results.cases["baseline"])
    projection = study.projection(case)
    rows: list[dict[str, object]] = []
    for own in study.indicators.values():
        parts = own.fitted.parts(projection)
        if parts is not None and not parts.receptor:
            total = parts.value[parts.component.index(TOTAL)]
            rows += _beside(run, own, total)
    return rows


def _beside(run: Run, own: Available, total: Array) -> Iterator[dict[str, object]]:
    """Yield the observations of an indicator beside its totals, dims (year, sample)."""
    study = run.study
    years, unit = study.system.years, own.indicator.unit
    for row in study.observed:
        if row.indicator != own.indicator.id or row.year not in years:
            continue
        model = np.broadcast_to(total[years.index(row.year)], (HIGH + 1,))
        seen = own.declared.in_common(row, unit)
        low, high = (float(end(model)) for end in (np.min, np.max))
        ranged = bool(len(own.declared.ranged))
        yield {
            "indicator": row.indicator,
            "year": row.year,
            "observed": seen,
            "value": float(model[CENTRAL]),
            "low": low if ranged else math.nan,
            "high": high if ranged else math.nan,
            "error": float(model[CENTRAL]) - seen,
            "inside": low <= seen <= high,
            **_among_samples(run, row.indicator, row.year, seen),
            "fitted": row.year == study.scenario.base_year or own.declared.reproduces(row.year),
            "unit": unit,
            "basis": row.basis,
            "source_key": row.source_key,
        }


def _among_samples(run: Run, indicator: str, year: int, seen: float) -> dict[str, float | None]:
    """Return the 95 % range of an indicator in the samples, and which part lies below a value."""
    names = ("sampled_low", "sampled_high", "below")
    if run.courses is None:
        return dict.fromkeys(names)
    # Before the plan begins there is the baseline only.
    values = run.courses.get((indicator, "plan", year))
    if values is None:
        values = run.courses[indicator, "baseline", year]
    lines = band_of(values, RANGE).lines
    # Of samples that are just as large half count: a share of days has steps.
    below = float((values < seen).mean() + 0.5 * (values == seen).mean())
    return dict(zip(names, (*lines, below), strict=True))


@builds(OWNERS)
def owners(run: Run) -> Data:
    """Who makes the means, in both readings of what the rest of the city does."""
    study, cases = run.study, run.results.cases
    last = len(study.system.years) - 1
    rows: list[dict[str, object]] = []
    for own in study.indicators.values():
        before = own.fitted.owners(study.projection(cases["baseline"]))
        for name, case in cases.items():
            if last in case.years:
                after = own.fitted.owners(study.projection(case))
                told = enumerate(zip(before, after, strict=True))
                rows += [_owned(study, own, name, *both, stated=not n) for n, both in told]
    return rows


def _owned(
    study: Study, own: Available, case: str, before: Owners, after: Owners, *, stated: bool
) -> dict[str, object]:
    """Return how a mean moves from the base year to the last one, and who moves it."""
    base = study.system.years.index(study.scenario.base_year)
    first, *parts = _in_year(before, base)
    total, *moved = _in_year(after, -1)
    change = dict(zip(("own", "city", "outside"), np.subtract(moved, parts).tolist(), strict=True))
    return {
        "indicator": own.indicator.id,
        "case": case,
        "year": study.system.years[-1],
        "in_step": after.in_step,
        "stated": stated,
        "base": first,
        "total": total,
        **change,
        "unit": own.indicator.unit,
    }


def _in_year(read: Owners, y: int) -> list[float]:
    """Return a mean and its three parts in a year, at central values."""
    parts = (read.total, read.own, read.city, read.outside)
    return [float(part[y, CENTRAL]) for part in parts]


@builds(TOPDOWN)
def topdown(run: Run) -> Data:
    """The inventory against independent estimates of its years; a projection is none."""
    study = run.study
    drawn = run.without_plan
    return [
        _estimate(
            study, row, None if drawn is None else drawn.emission[:, :, drawn.years.index(row.year)]
        )
        for row in run.estimated
    ]


def _estimate(study: Study, row: TopdownRow, drawn: Array | None) -> dict[str, object]:
    """Return a comparison; ``drawn``: emission of the year, dims (source, pollutant, sample)."""
    system = study.system
    chosen = [s for s, sector in enumerate(system.sources.sector) if row.holds(sector)]
    p, y = system.pollutants.index(row.pollutant), system.years.index(row.year)
    ours, theirs = float(study.baseline[chosen, p, y].sum()), row.to(PER_YEAR)
    low, high = row.range(PER_YEAR)
    own = (ours, ours)
    if drawn is not None:
        own_low, own_high = np.quantile(drawn[chosen, p].sum(axis=0), _ENDS)
        own = (min(float(own_low), ours), max(float(own_high), ours))
    return {
        "sector": row.sector or "all",
        "without": row.without or None,
        "pollutant": row.pollutant,
        "year": row.year,
        "inventory": ours,
        "own_low": None if drawn is None else own[0],
        "own_high": None if drawn is None else own[1],
        "topdown": theirs,
        "low": low,
        "high": high,
        "ratio": ours / theirs if theirs else math.nan,
        "stands": stands(ours, own, (low, high)),
        "unit": PER_YEAR,
        "basis": row.basis,
        "source_key": row.source_key,
        "note": row.note,
    }


_ENDS = (0.025, 0.975)
"""Quantiles of the inventory's own range."""


def stands(value: float, own: tuple[float, float], given: tuple[float, float]) -> str:
    """Return how a value stands to the range of an independent estimate, in either direction.

    Parameters
    ----------
    value, own
        Of the inventory, and its own range.
    given
        Range of the estimate.

    Returns
    -------
    str
        ``inside`` the range; ``overlapping``: outside, but its own range reaches it; ``apart``.
    """
    if given[0] <= value <= given[1]:
        return "inside"
    meets = own[0] <= given[1] and own[1] >= given[0]
    return "overlapping" if meets else "apart"


@builds(NOT_COVERED)
def not_covered(run: Run) -> Data:
    """What the inventory leaves out."""
    return [
        {
            "missing": row.missing,
            "pollutants": row.pollutants,
            "counted_in": row.counted_in or None,
            "counted_as": row.counted_as or None,
            "reason_en": row.reason_en,
            "reason_zh": row.reason_zh,
        }
        for row in run.study.not_covered
    ]


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
    names = study_labels(run.study)

    def label(name: str) -> str:
        row = names.get(name) or names.get(without_kind(name))
        return without_kind(name) if row is None else str(getattr(row, language))

    return [one_line(spoken, language, label) for spoken in said]
