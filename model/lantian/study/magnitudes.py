"""Numbers that no place on earth has, or not this one: beyond a solver, or beyond estimates."""

from collections.abc import Iterable, Sequence

import numpy as np

from lantian.core.commitments import Commitments, Mode
from lantian.core.system import Array, System, sum_by
from lantian.errors import Place, Problems
from lantian.indicators.tables import TopdownRow
from lantian.language import Listed, message
from lantian.measures.catalogue import Catalogue
from lantian.measures.contract import MeasureRow
from lantian.scenario.reader import ReadScenario

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


SEVERAL = 3.0
"""How many times all that there is an amount may ask for before it is told."""


def doubt_amounts(
    system: System, commitments: Commitments, read: ReadScenario, problems: Problems
) -> None:
    """Warn of commitments whose amount is several times what their sources have in all.

    Parameters
    ----------
    system
        At central values.
    commitments
        As the plan has them, at central values.
    read
        Tells where a level stands.
    problems
        Receives the doubts.
    """
    for i in np.unique(commitments.commitment[commitments.mode == Mode.AMOUNT]):
        own = commitments.where(commitments.commitment == i)
        most = own.level.max(axis=1)
        if not (np.isfinite(most) & (most > 0.0)).all():
            continue
        there = np.array([_in_all(system, int(group)) for group in own.group])
        share = float((there / most).sum())
        if 0.0 < share * SEVERAL < 1.0:
            _tell_amount(int(i), 1.0 / share, system, own, read, problems)


def _in_all(system: System, group: int) -> float:
    """Return what the source of a group has at most in a year [source unit]."""
    own = system.states.source == system.groups.source[group]
    return float(np.nansum(system.baseline[own], axis=0).max())


def _tell_amount(
    i: int,
    ratio: float,
    system: System,
    own: Commitments,
    read: ReadScenario,
    problems: Problems,
) -> None:
    level = read.scenario.commitments[i].level
    problems.warn(
        read.place("commitments", i, "level"),
        message(
            "{level} is {ratio:.3g} times what there is: {there:.3g} {unit} in {sources}.",
            level=level,
            ratio=ratio,
            there=level.value / ratio,
            unit=message(level.unit),
            sources=Listed(system.sources.id[system.groups.source[g]] for g in own.group),
        ),
        fix=message("Check the number and its unit."),
    )


CHEAPEST, DEAREST = 20.0, 1e8
"""Cost [yuan/t] of a tonne of what a measure removes most of, beyond which it is asked back: those
that come along cost 370 to 50 million."""
ODD = 300.0
"""Factor from what a tonne costs with most measures of a bureau's table above which it is told."""
FEWEST = 3
"""Measures that a table must have for most of them to be known."""
PAID_AT = ("value", "cost_per_year", "cost_per_tonne")
"""Columns in which a cost may stand."""


def doubt_costs(
    system: System, catalogue: Catalogue, currency: str, worth: float, problems: Problems
) -> None:
    """Warn of measures whose tonne costs what none does, or not what it does with the others.

    Parameters
    ----------
    system
        At central values.
    catalogue
        Tells where a cost stands, and which measures are a bureau's own.
    currency
        Of all costs.
    worth
        Of one unit of it [yuan]; 0 where nobody knows.
    problems
        Receives the doubts.
    """
    each = _cost_of_a_tonne(system)
    own = np.isin(_measures_of_groups(system), [row.measure for row in _own(catalogue)])
    known = np.isfinite(each) & (each > 0.0)
    usual = np.median(each[known & own]) if (known & own).sum() >= FEWEST else 0.0
    odd = own & (usual > 0.0) & ((each > ODD * usual) | (each * ODD < usual))
    outside = (worth > 0.0) & ((each * worth > DEAREST) | (own & (each * worth < CHEAPEST)))
    told: set[str] = set()
    for group in np.flatnonzero(known & (odd | outside)):
        measure = system.measures[system.groups.measure[group]]
        if measure not in told:
            cost = f"{each[group]:,.3g} {currency}"
            _tell_cost(measure, system, int(group), cost, catalogue, problems)
        told.add(measure)


def _own(catalogue: Catalogue) -> list[MeasureRow]:
    """Return the measures of a bureau's own table: its lines tell reductions beside costs."""
    return [row for row in catalogue.measures if "reduction" in row.place.header]


def _measures_of_groups(system: System) -> list[str]:
    return [system.measures[m] for m in system.groups.measure]


def _cost_of_a_tonne(system: System) -> Array:
    """Return what a tonne of what each group removes most of costs [currency/t], dims (group,).

    Of air pollutants, CO2 where it removes nothing else; NaN where that or the cost is not known.
    """
    moves, last, n = system.moves, len(system.years) - 1, len(system.groups)
    factor = np.append(system.factor[:, :, last], np.zeros((1, len(system.pollutants))), axis=0)
    cut = factor[moves.origin] - moves.conversion[:, None] * factor[moves.target]
    there = np.append(system.baseline[:, last], 0.0)[moves.origin]
    amount = np.where(sum_by(there, moves.group, n)[moves.group] > 0.0, there, 1.0)
    removed = np.abs(sum_by(amount[:, None] * cut, moves.group, n))
    air = [name != "CO2" for name in system.pollutants]
    most = removed[:, air].max(axis=1, initial=0.0)
    tonnes = np.where(most > 0.0, most, removed.max(axis=1, initial=0.0))
    cost = np.abs(sum_by(amount * moves.unit_cost, moves.group, n))
    found: Array = np.divide(cost, tonnes, out=np.full(n, np.nan), where=tonnes > 0.0)
    return found


def _tell_cost(
    measure: str,
    system: System,
    group: int,
    cost: str,
    catalogue: Catalogue,
    problems: Problems,
) -> None:
    source = system.sources.id[system.groups.source[group]]
    rows = [row for row in catalogue.costs.rows if row.measure == measure]
    rows = [row for row in rows if row.source in ("", source)] or rows
    place = rows[0].place if rows else Place("costs")
    column = next((name for name in PAID_AT if name in place.header), "value")
    problems.warn(
        place.cell(column),
        message(
            "'{measure}' costs {cost} for each tonne that it takes from '{source}'.",
            measure=measure,
            cost=cost,
            source=source,
        ),
        fix=message("Check the unit."),
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
