"""The same air judged by each standard, side by side."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from lantian.core.projection import Projection
from lantian.indicators.contract import CENTRAL, Fitted, Subject
from lantian.indicators.six import INDICATOR_OF
from lantian.parameters import units
from lantian.results.contract import BY_STANDARD
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.standards.aqi import OF_INDEX, UNIFORM
from lantian.standards.tables import Standard, unit_of
from lantian.study.model import Study
from lantian.tolerances import ROUNDING

POLLUTANT_OF = {indicator: pollutant for pollutant, indicator in INDICATOR_OF.items()}


@builds(BY_STANDARD)
def by_standard(run: Run) -> Data | None:
    """Levels, days and index of every case under every standard of the project."""
    study = run.study
    if not any(own.declared.under(s) for own in study.indicators.values() for s in _all(study)):
        return None
    cases = {name: (run.results.cases[name].years, own) for name, own in run.projected.items()}
    return [
        {"case": name, **row}
        for standard in _all(study)
        for indicator, fitted in _judged(study, standard).items()
        for name, (years, projection) in cases.items()
        for row in _rows(study, standard, indicator, fitted, projection, years)
    ]


def _all(study: Study) -> list[Standard]:
    return list(study.standards.values())


def _judged(study: Study, standard: Standard) -> dict[str, Fitted]:
    """Return the levels, and what a standard makes of them, at central values."""
    theta = study.space.central()
    before = Projection(
        study.system.years, study.baseline[..., None], study.system.baseline[..., None]
    )
    found = {}
    for name, own in study.indicators.items():
        other = own.declared.under(standard)
        if other is not None:
            found[name] = other.fit(theta, before)
        elif name in POLLUTANT_OF:
            found[name] = own.fitted
    return found


def _rows(
    study: Study,
    standard: Standard,
    indicator: str,
    fitted: Fitted,
    projection: Projection,
    years: tuple[int, ...],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one indicator under one standard and case, year by year."""
    values, unit = fitted.value(projection, Subject()), study.indicators[indicator].indicator.unit
    known = _known(study, indicator, {study.system.years[y]: values[y, CENTRAL] for y in years})
    for y in years:
        year, value = study.system.years[y], float(values[y, CENTRAL])
        limit = _limit(standard, indicator, year, unit)
        yield {
            **_rolling(standard, indicator, year, limit, known),
            "year": year,
            "standard": standard.id,
            "phase": standard.phase(year),
            "indicator": indicator,
            "value": value,
            "limit": limit,
            "met": None if limit is None else value <= limit * (1.0 + ROUNDING),
            "unit": unit,
        }


def _known(study: Study, indicator: str, of_case: Mapping[int, float]) -> dict[int, float]:
    """Return the level of every year of a case, and of others before the base year, observed."""
    own = study.indicators[indicator]
    seen = {
        row.year: own.declared.in_common(row, own.indicator.unit)
        for row in study.observed
        if row.indicator == indicator
    }
    before = {y: v for y, v in seen.items() if y < study.scenario.base_year}
    return {**before, **{year: float(value) for year, value in of_case.items()}}


def _rolling(
    standard: Standard, indicator: str, year: int, limit: float | None, known: Mapping[int, float]
) -> dict[str, Any]:
    """Return the mean of the years that a standard looks at together, blank if one is missing."""
    blank = {"rolling_years": None, "rolling": None, "rolling_met": None}
    rule = standard.rule("rolling-years", POLLUTANT_OF.get(indicator, ""), year)
    if rule is None or limit is None:
        return blank
    length = round(rule.to("a"))
    mean = sum(known.get(y, math.nan) for y in range(year - length + 1, year + 1)) / length
    if math.isnan(mean):
        return blank
    met = mean <= limit * (1.0 + ROUNDING)
    return {"rolling_years": length, "rolling": mean, "rolling_met": met}


def _limit(standard: Standard, indicator: str, year: int, unit: str) -> float | None:
    """Return the limit on the level of a pollutant, in the unit of its indicator."""
    pollutant = POLLUTANT_OF.get(indicator)
    if pollutant is None:
        return None
    limit = standard.limit(pollutant, OF_INDEX.get(pollutant, UNIFORM), year)
    return None if limit is None else limit * units.factor(unit_of(pollutant), unit)
