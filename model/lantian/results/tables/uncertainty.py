"""How sure the answers are: probabilities, ranges, variance, what to measure first, quality."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.ensemble.failure import Restriction
from lantian.ensemble.quality import quality
from lantian.ensemble.sampled import RANGE, Sampled, band_of, spread_of, wilson
from lantian.ensemble.swings import COST
from lantian.ensemble.variance import WEATHER, Cause, Variance
from lantian.names import NumberName
from lantian.results.basis import number_of
from lantian.results.contract import (
    COURSES,
    DISTRIBUTIONS,
    FAILURES,
    MEASURE_FIRST,
    PER_YEAR,
    PROBABILITIES,
    QUALITY,
    RANGES,
    VARIANCE,
)
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.vocabulary import BASES, POLLUTANTS

SHOWN = (0.025, 0.5, 0.975)
"""Percentiles of a distribution that are told."""
FAN = {"low": RANGE[0], "lower": 0.25, "median": 0.5, "upper": 0.75, "high": RANGE[1]}
"""Columns of the lines of a fan, and their probabilities: 95 % and 50 % range, and the middle."""


@builds(PROBABILITIES)
def probabilities(run: Run) -> Data | None:
    """Probability of each target under each case, with the weather and without."""
    found = run.sampled
    if found is None:
        return None
    return [
        _probability(found, t, c) | {"target": target.target.id, "year": target.target.year}
        for t, target in enumerate(run.study.targets)
        if target.computed
        for c, case in enumerate(found.cases)
        if run.has_year(case, target.year)
    ]


def _probability(found: Sampled, t: int, c: int) -> dict[str, Any]:
    own = found.met[c, t]
    share = float(own.mean())
    low, high = wilson(share, len(own))
    least, most = found.parts_of_limit(c, t)
    told = {
        "case": found.cases[c],
        "probability": share,
        "low": low,
        "high": high,
        "part_low": least,
        "part_high": most,
    }
    if t not in found.weather:
        return told | dict.fromkeys(("normal_weather", "three_years", "lucky", "unlucky"))
    normal, three = (f(t)[c] for f in (found.at_normal_weather, found.over_three_years))
    return told | {
        "normal_weather": float(normal.mean()),
        "three_years": float(three.mean()),
        "lucky": float((own & ~normal).mean()),
        "unlucky": float((normal & ~own).mean()),
    }


@builds(RANGES)
def ranges(run: Run) -> Data | None:
    """Spread of targets, totals and cost over the samples."""
    found = run.sampled
    if found is None:
        return None
    return [
        {"case": case, **row}
        for c, case in enumerate(found.cases)
        for row in _ranges(run, found, c)
        if run.has_year(case, run.study.system.years.index(row["year"]))
    ]


def _ranges(run: Run, found: Sampled, c: int) -> Iterator[dict[str, Any]]:
    study, got = run.study, found.outcomes
    last = study.system.years[-1]
    for t, target in enumerate(study.targets):
        if target.computed:
            name, year = target.target.id, target.target.year
            yield {"what": "target", **_spread(name, year, got.value[c, t], target.unit)}
    for p, pollutant in enumerate(POLLUTANTS):
        if got.total[c, p].any():
            yield {"what": "emission", **_spread(pollutant, last, got.total[c, p], PER_YEAR)}
    yield {"what": "cost", **_spread(COST, last, got.cost[c], f"{study.money.currency}/a")}


def _spread(name: str, year: int, values: Any, unit: str) -> dict[str, Any]:
    own = spread_of(values)
    return {
        "outcome": name,
        "year": year,
        "mean": own.mean,
        "median": own.median,
        "low": own.low,
        "high": own.high,
        "unit": unit,
        "error": own.error,
        "settled": own.settled,
    }


@builds(COURSES)
def fans(run: Run) -> Data | None:
    """Fans of emission totals and of the indicators that targets are about."""
    if run.courses is None:
        return None
    units = dict.fromkeys(POLLUTANTS, PER_YEAR) | run.regional(run.judged)
    bands = {
        key: band_of(values, [*FAN.values()])
        for key, values in run.courses.items()
        if key[0] in units
    }
    return [
        {
            "outcome": name,
            "case": case,
            "year": year,
            **dict(zip(FAN, band.lines, strict=True)),
            "unit": units[name],
            "error": band.error,
            "settled": band.settled,
        }
        for (name, case, year), band in bands.items()
        if any(band.lines)
    ]


@builds(DISTRIBUTIONS)
def distributions(run: Run) -> Data | None:
    """Distribution of every number that varies."""
    found = run.sampled
    if found is None:
        return None
    draws, q = found.draws, found.draws.quantiles
    levels = np.broadcast_to(SHOWN, (len(q), len(SHOWN)))
    low, median, high = q(levels).T.tolist()
    columns = zip(draws.slots.tolist(), q.given, draws.cause, q.means().tolist(), strict=True)
    return [
        _named(run, slot)
        | {
            "distribution": own.family,
            "cause": cause,
            "mean": mean,
            "low": low[k],
            "median": median[k],
            "high": high[k],
        }
        for k, (slot, own, cause, mean) in enumerate(columns)
    ]


def _named(run: Run, slot: int) -> dict[str, Any]:
    row = number_of(run.study, slot)
    name = NumberName(row["keys"]).text() if row["keys"] else ""
    return {"input": name, **{k: row[k] for k in ("part", "value", "unit", "place")}}


@builds(VARIANCE)
def variance(run: Run) -> Data | None:
    """Share of the variance of each target by cause and by basis."""
    if run.sampled is None or not run.study.scenario.uncertainty.swings:
        return None
    return [row for own in run.variances for row in _variance(run, own)]


def _variance(run: Run, own: Variance) -> Iterator[dict[str, Any]]:
    at = {"target": run.study.targets[own.target].target.id, "noise": own.noise}
    for basis, share in zip(BASES, own.bases, strict=True):
        told = {"what": "basis", "input": "", "basis": basis, "numbers": None, "place": ""}
        yield {**at, **told, "rank": None, "share": share, "screened": None}
    for rank, cause in enumerate(own.causes, start=1):
        yield {**at, **_cause(run, cause), "rank": rank, "share": cause.share}


def _cause(run: Run, cause: Cause) -> dict[str, Any]:
    if cause.driver == WEATHER:
        told = {"what": "weather", "input": "", "basis": "", "numbers": None, "place": ""}
        return told | {"screened": None}
    return {"what": "input", "screened": cause.screened, **_driver(run, cause.driver)}


def _driver(run: Run, driver: int) -> dict[str, Any]:
    """Return the first number that a driver moves, and how many there are."""
    assert run.sampled is not None  # or there would be no driver
    draws = run.sampled.draws
    slots = draws.slots[draws.driver == driver].tolist()
    row = number_of(run.study, slots[0])
    return {
        "input": NumberName(row["keys"]).text() if row["keys"] else "",
        "basis": row["basis"],
        "numbers": len(slots),
        "place": row["place"],
    }


@builds(MEASURE_FIRST)
def measure_first(run: Run) -> Data | None:
    """Inputs worth measuring first, and what each would do to the verdicts."""
    if run.sampled is None or not run.study.scenario.uncertainty.swings:
        return None
    return [
        {
            "rank": rank,
            **_driver(run, own.driver),
            "target": run.study.targets[own.target].target.id,
            "share": own.share,
            "probability": own.probability,
            "if_low": own.if_low,
            "if_high": own.if_high,
            "off": max(half_of(own.if_low, own.low_n), half_of(own.if_high, own.high_n)),
        }
        for rank, verdicts in enumerate(run.first, start=1)
        for own in verdicts
    ]


@builds(FAILURES)
def failures(run: Run) -> Data | None:
    """Where the plan misses each target that it may meet or miss."""
    if run.sampled is None or not run.study.scenario.uncertainty.swings:
        return None
    return [
        {
            "target": run.study.targets[box.target].target.id,
            "rank": rank,
            **_side(run, side),
            "side": "above" if side.above else "below",
            "coverage": box.coverage,
            "coverage_off": half_of(box.coverage, box.misses),
            "density": box.density,
            "density_off": half_of(box.density, box.inside),
        }
        for box in run.boxes
        for rank, side in enumerate(box.restrictions, start=1)
    ]


def half_of(share: float, n: int) -> float:
    """Return half of the 95 % interval of a part of some samples [1]; 0.5 of none."""
    low, high = wilson(share, n) if n else (0.0, 1.0)
    return (high - low) / 2.0


def _side(run: Run, side: Restriction) -> dict[str, Any]:
    """Return what a side of a box is about, and its bound in the unit of the number."""
    if side.driver == WEATHER:
        return {"what": "weather", "input": "", "bound": side.bound, "unit": "1", "place": ""}
    name = _driver(run, side.driver)
    bound, unit = bound_of(run, side)
    own = {k: name[k] for k in ("input", "place")}
    return {"what": "input", **own, "bound": bound, "unit": unit}


def bound_of(run: Run, side: Restriction) -> tuple[float, str]:
    """Return the bound of a side as a value of the first number of its cause, with its unit.

    Parameters
    ----------
    run
        Study and results.
    side
        Not about the weather.

    Returns
    -------
    tuple
        Value and unit.
    """
    assert run.sampled is not None  # or there would be no box
    draws = run.sampled.draws
    first = int(np.flatnonzero(draws.driver == side.driver)[0])
    level = np.full((len(draws.slots), 1), side.bound)
    number = run.study.space.number_of(int(draws.slots[first]))
    return float(draws.quantiles(level)[first, 0]), number.given.unit


@builds(QUALITY)
def qualities(run: Run) -> Data | None:
    """Quality of the inventory by sector and pollutant."""
    if run.without_plan is None:
        return None
    return [
        {
            "sector": own.sector,
            "pollutant": own.pollutant,
            "base": own.first,
            "last": own.last,
            "unit": PER_YEAR,
            "sampled": own.sampled,
            "propagated": own.propagated,
            "of_trend": own.of_trend,
            "grade": own.grade,
            "key_level": own.key_level,
            "key_trend": own.key_trend,
            "error": own.error,
            "settled": own.settled,
        }
        for own in quality(run.study, run.without_plan)
    ]
