"""Results -> labelled arrays that open anywhere NetCDF does."""

from typing import TYPE_CHECKING

import numpy as np

from lantian.core.system import state_names
from lantian.study.model import Results, Study

if TYPE_CHECKING:
    import xarray as xr

CONVENTIONS = "CF-1.11"

Variable = tuple[tuple[str, ...], np.ndarray, dict[str, str]]
"""Dimensions, values and attributes of a variable."""


def build_dataset(study: Study, results: Results, history: str) -> "xr.Dataset":
    """Return system and projection of a run as one Dataset.

    Dimensions are flat: case, year, source, state, move, pollutant; sector, unit and technology
    are coordinates along them. Years that a case does not have are NaN.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Holds the cases.
    history
        What made the data, for the attribute of that name.

    Returns
    -------
    xarray.Dataset
        Emission [t/a], activity and uptake [source unit] by case; factors [t/source unit], unit
        costs and the ends of the moves.
    """
    import xarray as xr

    return xr.Dataset(
        {**_of_cases(results), **_of_system(study)},
        _coordinates(study, results),
        {
            "Conventions": CONVENTIONS,
            "title": study.scenario.title.en,
            "history": history,
            "source": "Lantian",
            "institution": "",
        },
    )


def _of_cases(results: Results) -> dict[str, Variable]:
    """Return what differs by case: emission, activity and uptake."""
    cases = list(results.cases.values())
    return {
        "emission": (
            ("case", "source", "pollutant", "year"),
            np.stack([c.emission for c in cases]),
            {"units": "t year-1", "long_name": "emission"},
        ),
        "activity": (
            ("case", "state", "year"),
            np.stack([_blank(c.activity, c.years) for c in cases]),
            {"units": "see state_unit", "long_name": "activity in each state"},
        ),
        "uptake": (
            ("case", "move", "year"),
            np.stack([_blank(c.uptake, c.years) for c in cases]),
            {"units": "see state_unit of the from-state", "long_name": "activity moved"},
        ),
    }


def _of_system(study: Study) -> dict[str, Variable]:
    """Return what all cases share: factors, and the moves with their costs."""
    system = study.system
    return {
        "emission_factor": (
            ("state", "pollutant", "year"),
            system.factor,
            {"units": "t per activity unit", "long_name": "emission factor after controls"},
        ),
        "unit_cost": (
            ("move",),
            system.moves.unit_cost,
            {
                "units": f"{study.money.currency} per activity unit and year",
                "long_name": "annual cost of moving one unit",
            },
        ),
        "move_from": (("move",), system.moves.origin, {"long_name": "position of the from-state"}),
        "move_to": (
            ("move",),
            system.moves.target,
            {"long_name": "position of the to-state, -1 where activity is avoided"},
        ),
        "move_conversion": (
            ("move",),
            system.moves.conversion,
            {"units": "to-unit per from-unit", "long_name": "conversion"},
        ),
    }


def _coordinates(study: Study, results: Results) -> dict[str, object]:
    system = study.system
    source = system.states.source
    measure = system.groups.measure[system.moves.group]
    return {
        "case": list(results.cases),
        "year": ("year", list(system.years), {"long_name": "calendar year"}),
        "pollutant": list(system.pollutants),
        "source": list(system.sources.id),
        "sector": ("source", list(system.sources.sector)),
        "unit": ("source", list(system.sources.unit)),
        "state": state_names(system),
        "state_source": ("state", [system.sources.id[s] for s in source]),
        "state_unit": ("state", [system.sources.unit[s] for s in source]),
        "technology": ("state", list(system.states.technology)),
        "measure": ("move", [system.measures[m] for m in measure]),
    }


def _blank(values: np.ndarray, years: tuple[int, ...]) -> np.ndarray:
    result = np.full(values.shape, np.nan)
    result[:, list(years)] = values[:, list(years)]
    return result
