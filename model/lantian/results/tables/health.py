"""Avoided deaths by several functions, benefit beside cost, and what it does for the climate."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from lantian.core.system import Array
from lantian.indicators.contract import CENTRAL, Subject
from lantian.indicators.health import WHOLE, Health
from lantian.results.contract import BENEFITS, CO_CONTROL, COSTS, CREDITS, HEALTH, PER_YEAR
from lantian.results.frame import Data
from lantian.results.tables.registry import Run, builds
from lantian.study.climate import grid_emission
from lantian.study.model import CaseResult
from lantian.vocabulary import POLLUTANTS, Case

BASELINE: Case = "baseline"
CO2 = POLLUTANTS.index("CO2")
LEAST = 1e-4
"""Part of all that a case moves [1] from which on a change of CO2 is one."""


@builds(HEALTH)
def health(run: Run) -> Data | None:
    """Deaths that each case avoids beside the baseline of the same year, by function and age."""
    if run.study.health is None:
        return None
    return list(_health(run, run.study.health))


def _health(run: Run, health: Health) -> Iterator[dict[str, Any]]:
    years = run.study.system.years
    for name, case in _cases(run):
        before, after = _pm25(run, run.results.cases[BASELINE]), _pm25(run, case)
        for function, cause in health.series:
            avoided = health.avoided(function, cause, before, after)
            for a, age in enumerate(health.ages):
                for y in case.years:
                    yield {
                        "case": name,
                        "year": years[y],
                        "function": function,
                        "cause": cause,
                        "age": age,
                        "pm25_baseline": float(before[y]),
                        "pm25": float(after[y]),
                        **_ends("avoided", avoided[a, y]),
                        **_ends("life_years", avoided[a, y] * health.life_left[a]),
                    }


def _cases(run: Run) -> Iterator[tuple[Case, CaseResult]]:
    for name, case in run.results.cases.items():
        if name != BASELINE:
            yield name, case


def _pm25(run: Run, case: CaseResult) -> Array:
    """Return the district's PM2.5 at central values [ug/m3], dims (year,)."""
    fitted = run.study.indicators["pm25"].fitted
    return fitted.value(run.study.projection(case), Subject())[:, CENTRAL]


def _ends(name: str, values: Array) -> dict[str, float | None]:
    """Return a number and the ends of its range; None where the function does not tell."""
    if np.isnan(values[CENTRAL]):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    ends = {f"{name}_low": float(np.nanmin(values)), f"{name}_high": float(np.nanmax(values))}
    return {name: float(values[CENTRAL]), **ends}


@builds(BENEFITS)
def benefits(run: Run) -> Data | None:
    """Deaths, their value if one is given, cost and CO2 of each case, function by function."""
    if run.study.health is None:
        return None
    return list(_benefits(run, run.study.health))


def _benefits(run: Run, health: Health) -> Iterator[dict[str, Any]]:
    years, currency = run.study.system.years, run.study.money.currency
    cost, value = _costs(run), _value_of_life(run)
    for name, case in _cases(run):
        before, after = _pm25(run, run.results.cases[BASELINE]), _pm25(run, case)
        climate = {y: _climate(run, case, y) for y in case.years}
        for function in dict.fromkeys(f for f, _ in health.series):
            scope, causes = _scope(health, function)
            parts = sum(health.avoided(function, cause, before, after) for cause in causes)
            avoided, left = np.asarray(parts), health.life_left[:, None]
            for y in case.years:
                deaths = avoided[:, y].sum(axis=0)
                spent = cost.get((name, years[y]), 0.0)
                worth = _worth(deaths, value)
                yield {
                    "case": name,
                    "year": years[y],
                    "function": function,
                    "scope": scope,
                    **_ends("avoided", deaths),
                    **_ends("life_years", (avoided * left)[:, y].sum(axis=0)),
                    **worth,
                    "cost": spent,
                    "net": None if worth["benefit"] is None else worth["benefit"] - spent,
                    **climate[y],
                    "unit": f"{currency}/a",
                }


def _scope(health: Health, function: str) -> tuple[str, list[str]]:
    """Return what a function counts: all non-accidental deaths as one, else the sum of causes."""
    causes = [cause for f, cause in health.series if f == function]
    return ("whole", [WHOLE]) if WHOLE in causes else ("causes", causes)


def _costs(run: Run) -> dict[tuple[str, int], float]:
    """Return the annual cost of each case and year, of measures whose cost is known."""
    found: dict[tuple[str, int], list[float]] = {}
    for row in run.table(COSTS).records("case", "year", "cost_yuan"):
        if row["cost_yuan"] is not None:
            found.setdefault((row["case"], row["year"]), []).append(row["cost_yuan"])
    return {key: math.fsum(costs) for key, costs in found.items()}


def _value_of_life(run: Run) -> Array | None:
    """Return the value of a life: central, low, high [currency]; None where it is left out."""
    asked = run.study.scenario.health
    if asked is None or asked.value_of_life is None or asked.low is None or asked.high is None:
        return None
    currency = run.study.money.currency
    return np.array([q.to(currency) for q in (asked.value_of_life, asked.low, asked.high)])


def _worth(deaths: Array, value: Array | None) -> dict[str, float | None]:
    worth = np.full(3, np.nan) if value is None else deaths * value
    return _ends("benefit", worth)


def _climate(run: Run, case: CaseResult, y: int) -> dict[str, float | None]:
    """Return what a case emits less than the baseline: here, and for its electricity [t/a]."""
    here = run.results.cases[BASELINE].emission[:, CO2, y] - case.emission[:, CO2, y]
    grid = grid_emission(run.study, case, y)
    return {
        "co2_here": math.fsum(here.tolist()),
        "co2_grid": None if grid is None else 0.0 - math.fsum(grid.tolist()),
    }


@builds(CO_CONTROL)
def co_control(run: Run) -> Data | None:
    """What each measure does for the air and for the climate in the last year."""
    if run.study.grid is None:
        return None
    return list(_co_control(run))


def _co_control(run: Run) -> Iterator[dict[str, Any]]:
    system, last = run.study.system, len(run.study.system.years) - 1
    cut: dict[tuple[Case, str], dict[str, float]] = {}
    for row in run.table(CREDITS).records("case", "measure", "pollutant", "credit"):
        cut.setdefault((row["case"], row["measure"]), {})[row["pollutant"]] = row["credit"]
    power_of = {
        case: grid_emission(run.study, run.results.cases[case], last)
        for case in dict.fromkeys(case for case, _ in cut)
    }
    for (case, measure), cuts in cut.items():
        grid = power_of[case]
        power = 0.0 if grid is None else 0.0 - float(grid[system.measures.index(measure)])
        here = cuts.get("CO2", 0.0)
        yield {
            "case": case,
            "measure": measure,
            "year": system.years[last],
            **{column: cuts.get(p, 0.0) for column, p in AIR.items()},
            "co2_here": here,
            "co2_grid": power,
            "co2": here + power,
            "unit": PER_YEAR,
            "kind": _kind(cuts, here + power),
        }


AIR = {"so2": "SO2", "nox": "NOx", "voc": "VOC", "pm25": "PM2.5"}
"""Columns of what is cut of the air's pollutants."""


def _kind(cuts: dict[str, float], co2: float) -> str:
    """Return whether a measure that cleans the air also saves CO2, costs some, or neither."""
    air = sum(cuts.get(p, 0.0) for p in AIR.values())
    if abs(co2) <= LEAST * abs(air):
        return "neutral"
    return "gain" if co2 > 0 else "conflict"
