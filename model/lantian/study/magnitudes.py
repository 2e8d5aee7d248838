"""Numbers that no place on earth has: a solver would not take them, or answer wrongly."""

import numpy as np

from lantian.core.system import System
from lantian.errors import Place, Problems
from lantian.language import message
from lantian.measures.catalogue import Catalogue

COSTLIEST = 1e14
"""Cost [currency/a] of a measure in full use: about what the world earns in a year."""
DIRTIEST = 1e12
"""Emission [t/a] of one source: more than the world emits of anything."""


def check_magnitudes(system: System, catalogue: Catalogue, problems: Problems) -> None:
    """Note costs and emissions that are beyond what there can be.

    Parameters
    ----------
    system
        At central values.
    catalogue
        Tells where a cost stands.
    problems
        Receives every fault found.
    """
    _check_costs(system, catalogue, problems)
    _check_emissions(system, problems)


def _check_costs(system: System, catalogue: Catalogue, problems: Problems) -> None:
    moves = system.moves
    activity = np.zeros(len(system.sources))
    np.maximum.at(activity, system.states.source, np.nanmax(system.baseline, axis=1, initial=0.0))
    source = system.groups.source[moves.group]
    full = np.abs(moves.unit_cost) * np.maximum(activity[source], 1.0)
    for group in np.unique(moves.group[full > COSTLIEST]):
        measure = system.measures[system.groups.measure[group]]
        rows = [row for row in catalogue.costs.rows if row.measure == measure]
        problems.add(
            rows[0].place if rows else Place("costs"),
            message(
                "'{measure}' costs {cost:.2g} a year on '{source}'.",
                measure=measure,
                cost=float(full[moves.group == group].max()),
                source=system.sources.id[system.groups.source[group]],
            ),
            message("Plausible: {low} to {high}.", low="0", high=f"{COSTLIEST:g}"),
        )


def _check_emissions(system: System, problems: Problems) -> None:
    emission = np.abs(system.baseline[:, None] * system.factor)
    for s in np.unique(system.states.source[(emission > DIRTIEST).any(axis=(1, 2))]):
        problems.add(
            Place(f"source {system.sources.id[s]}"),
            message("it emits more than {most:g} t a year.", most=DIRTIEST),
        )
