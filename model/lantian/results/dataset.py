"""Results -> labelled arrays that open anywhere NetCDF does, by the CF conventions."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lantian.core.system import Array
from lantian.names import state_names
from lantian.results.contract import INDEXES, MONEY, VARIABLES, Variable
from lantian.results.tables.axes import as_cells
from lantian.study.model import CaseResult, Results, Study

if TYPE_CHECKING:
    import h5netcdf
    import xarray as xr

CONVENTIONS = "CF-1.11"
INSTITUTION = "not stated: made by a user of Lantian, open software for clean-air planning"
OWN_UNIT = "lantian_units"
"""Attribute with the unit of numbers for whose unit UDUNITS has no word."""
PACKED_FROM = 1000
"""Cells from which a variable is compressed."""


def write_dataset(study: Study, results: Results, history: str, path: Path) -> None:
    """Write system and projection of a run as one NetCDF file.

    Dimensions are flat: case, year, source, state, move, pollutant; names of their items, sector,
    unit and technology are labels along them. Years that a case does not have are missing. Equal
    arguments give equal bytes.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Holds the cases.
    history
        What made the data, for the attribute of that name.
    path
        File to write.
    """
    import h5netcdf

    values = variables(study, results)
    with h5netcdf.File(path, "w") as file:
        file.attrs["Conventions"] = CONVENTIONS
        file.attrs["title"] = study.scenario.title.en
        file.attrs["history"] = history
        file.attrs["source"] = "Lantian"
        file.attrs["institution"] = INSTITUTION
        file.dimensions = _sizes(values)
        for name, declared in VARIABLES.items():
            _write(file, declared, values[name], study.money.currency)


def _sizes(values: Mapping[str, Any]) -> dict[str, int]:
    """Return the length of every dimension; arrays that do not agree on one are refused."""
    sizes: dict[str, int] = {}
    for name, declared in VARIABLES.items():
        for dimension, size in zip(declared.dims, np.shape(values[name]), strict=True):
            if sizes.setdefault(dimension, size) != size:
                raise ValueError(f"{name}: {size} along {dimension}, not {sizes[dimension]}")
    return sizes


def _write(file: "h5netcdf.File", declared: Variable, values: Any, currency: str) -> None:
    """Write one variable with the attributes of its declaration."""
    import h5py

    text = declared.kind == "text"
    packing = (
        {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        if not text and values.size > PACKED_FROM
        else {}
    )
    made = file.create_variable(
        declared.name,
        declared.dims,
        dtype=h5py.string_dtype() if text else values.dtype,
        data=values,
        fillvalue=np.nan if declared.kind == "number" else None,
        **packing,
    )
    for name, attribute in attributes(declared, currency).items():
        made.attrs[name] = attribute


def attributes(declared: Variable, currency: str) -> dict[str, str]:
    """Return the attributes of a variable.

    Parameters
    ----------
    declared
        Declaration.
    currency
        Of the scenario.

    Returns
    -------
    dict
        Unit, long name and the labels along its dimensions.
    """
    labels = [
        v.name for v in VARIABLES.values() if v.role == "label" and v.dims[0] in declared.dims
    ]
    found = {
        "units": declared.unit,
        OWN_UNIT: declared.own_unit.replace(MONEY, currency),
        "long_name": declared.means.en,
        "coordinates": " ".join(labels) if declared.role == "data" else "",
    }
    return {name: text for name, text in found.items() if text}


def variables(study: Study, results: Results) -> dict[str, Any]:
    """Return the values of every variable by name.

    Parameters
    ----------
    study
        The scenario put together.
    results
        Holds the cases.

    Returns
    -------
    dict
        Arrays and lists of texts, with the dimensions of their declarations.
    """
    system, cases = study.system, list(results.cases.values())
    return {
        "emission": np.stack([_of_years(c.emission, c) for c in cases]),
        "activity": np.stack([_of_years(c.activity, c) for c in cases]),
        "uptake": np.stack([_of_years(c.uptake, c) for c in cases]),
        "emission_factor": system.factor,
        "unit_cost": system.moves.unit_cost,
        "move_from": system.moves.origin,
        "move_to": system.moves.target,
        "move_conversion": system.moves.conversion,
        "year": np.array(system.years, np.int64),
        **{name: as_cells(labels) for name, labels in _labels(study, results).items()},
    }


def _labels(study: Study, results: Results) -> dict[str, Any]:
    """Return the texts along each dimension."""
    system = study.system
    source = system.states.source
    return {
        "case_id": list(results.cases),
        "pollutant_id": system.pollutants,
        "source_id": system.sources.id,
        "sector": system.sources.sector,
        "unit": system.sources.unit,
        "state_id": state_names(system).keys,
        "state_source": [system.sources.id[s] for s in source],
        "state_unit": [system.sources.unit[s] for s in source],
        "technology": system.states.technology,
        "measure": [system.measures[m] for m in system.groups.measure[system.moves.group]],
    }


def _of_years(values: Array, case: CaseResult) -> Array:
    """Return values of the years that a case has; the others are missing."""
    result = np.full(values.shape, np.nan)
    result[..., list(case.years)] = values[..., list(case.years)]
    return result


def read_dataset(path: Path) -> "xr.Dataset":
    """Return the arrays of a run, to be selected by case, source, state, pollutant and year.

    Parameters
    ----------
    path
        ``results.nc`` of a run.

    Returns
    -------
    xarray.Dataset
        In memory; along each dimension the names of its items are the index.
    """
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as data:
        return data.load().set_index(INDEXES)
