"""Numbers that no place on earth has, or not this one: beyond a solver, or beyond estimates."""

from collections.abc import Iterable, Sequence

import numpy as np

from lantian.core.system import Array, System
from lantian.errors import Place, Problems
from lantian.indicators.tables import TopdownRow
from lantian.language import message
from lantian.measures.catalogue import Catalogue

COSTLIEST = 1e14
"""Cost [currency/a] of a measure in full use: about what the world earns in a year."""
DIRTIEST = 1e12
"""Emission [t/a] of one source: more than the world emits of anything."""

ASKED_BACK = 5.0
"""How many times an independent estimate of all a source may emit before that is asked back."""
IMPOSSIBLE = 100.0
"""How many times before it is taken for a slip of 1000, or of units."""


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
            rows[0].place.cell("value") if rows else Place("costs"),
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


def check_topdown(
    system: System,
    emission: Array,
    estimates: Iterable[TopdownRow],
    years: Sequence[int],
    problems: Problems,
) -> None:
    """Note single sources that emit many times what all are estimated to emit, and totals of none.

    Parameters
    ----------
    system
        Its sources, pollutants and years.
    emission
        Of the baseline [t/a], dims (source, pollutant, year).
    estimates
        Independent ones; those of single sectors count for their sources.
    years
        Of inventories: a projection is none.
    problems
        Receives the faults and the doubts, at the estimate.
    """
    for row in estimates:
        if row.year not in years or row.value <= 0.0:
            continue
        sectors = [row.holds(sector) for sector in system.sources.sector]
        p, y = system.pollutants.index(row.pollutant), system.years.index(row.year)
        ratio = np.where(sectors, emission[:, p, y], 0.0) / row.to("t/a")
        for s in np.flatnonzero(ratio > ASKED_BACK):
            _tell_source(system.sources.id[s], float(ratio[s]), row, problems)
        if 0.0 < ratio.sum() < 1.0 / IMPOSSIBLE:
            problems.warn(
                row.place.cell("value"),
                message(
                    "all sources together emit {share} of this estimate of {pollutant} in {year}.",
                    share=f"1/{1.0 / ratio.sum():.0f}",
                    pollutant=row.pollutant,
                    year=row.year,
                ),
                fix=message("Check the units of activity and factors."),
            )


def _tell_source(source: str, ratio: float, row: TopdownRow, problems: Problems) -> None:
    tell = problems.add if ratio >= IMPOSSIBLE else problems.warn
    tell(
        row.place.cell("value"),
        message(
            "'{source}' alone emits {ratio} times this estimate of {pollutant} in {year}.",
            source=source,
            ratio=f"{ratio:.0f}",
            pollutant=row.pollutant,
            year=row.year,
        ),
        fix=message("Check the units of its activity and factors, or the estimate."),
    )
