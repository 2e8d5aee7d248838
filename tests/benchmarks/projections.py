"""Emissions of all states: our kernel, and the merge and groupby that people write."""

import numpy as np
import pandas as pd

from lantian.core.system import Array, System, emission_by_source, shift_activity


def kernel(system: System, uptake: Array) -> Array:
    """Return emissions by source, pollutant and year."""
    return emission_by_source(system, shift_activity(system.moves, system.baseline, uptake))


def frames(system: System, uptake: Array) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return activity and factors as tidy tables."""
    activity = shift_activity(system.moves, system.baseline, uptake)
    states, _, years = system.factor.shape
    state, year = np.indices((states, years)).reshape(2, -1)
    table = pd.DataFrame(
        {
            "state": state,
            "source": system.states.source[state],
            "year": year,
            "activity": activity.ravel(),
        }
    )
    state, pollutant, year = np.indices(system.factor.shape).reshape(3, -1)
    factors = pd.DataFrame(
        {"state": state, "pollutant": pollutant, "year": year, "factor": system.factor.ravel()}
    )
    return table, factors


def merged(activity: pd.DataFrame, factors: pd.DataFrame) -> pd.Series:
    """Return the same emissions from tables."""
    both = activity.merge(factors, on=["state", "year"])
    both["emission"] = both["activity"] * both["factor"]
    return both.groupby(["source", "pollutant", "year"])["emission"].sum()
