"""Results -> labelled arrays that open anywhere NetCDF does."""

from typing import TYPE_CHECKING

import numpy as np

from lantian.core.system import state_names
from lantian.results import Prepared, Results

if TYPE_CHECKING:
    import xarray as xr

CONVENTIONS = "CF-1.11"


def build_dataset(prepared: Prepared, results: Results, history: str) -> "xr.Dataset":
    """Return system and projection of a run as one Dataset.

    Dimensions are flat: case, year, source, state, move, pollutant; sector, unit and technology
    are coordinates along them. Years that a case does not have are NaN.
    """
    import xarray as xr

    system, cases = prepared.system, list(results.cases.values())
    stacked = {
        "emission": np.stack([c.emission for c in cases]),
        "activity": np.stack([_blank(c.activity, c.years) for c in cases]),
        "uptake": np.stack([_blank(c.uptake, c.years) for c in cases]),
    }
    data = {
        "emission": (
            ("case", "source", "pollutant", "year"),
            stacked["emission"],
            {"units": "t year-1", "long_name": "emission"},
        ),
        "activity": (
            ("case", "state", "year"),
            stacked["activity"],
            {"units": "see state_unit", "long_name": "activity in each state"},
        ),
        "uptake": (
            ("case", "move", "year"),
            stacked["uptake"],
            {"units": "see state_unit of the from-state", "long_name": "activity moved"},
        ),
        "emission_factor": (
            ("state", "pollutant", "year"),
            system.factor,
            {"units": "t per activity unit", "long_name": "emission factor after controls"},
        ),
        "unit_cost": (
            ("move",),
            system.moves.unit_cost,
            {
                "units": f"{prepared.money.currency} per activity unit and year",
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
    return xr.Dataset(
        data,
        _coordinates(prepared, results),
        {
            "Conventions": CONVENTIONS,
            "title": prepared.scenario.title.en,
            "history": history,
            "source": "Lantian",
            "institution": "",
        },
    )


def _coordinates(prepared: Prepared, results: Results) -> dict[str, object]:
    system = prepared.system
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
