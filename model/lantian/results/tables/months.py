"""Emissions of the last year by month, in every case."""

import numpy as np

from lantian.core.system import NOWHERE, Array, sum_by
from lantian.inventory.months import MONTHS
from lantian.results.contract import EMISSIONS_BY_MONTH
from lantian.results.frame import Data
from lantian.results.tables.axes import crossed, stacked
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult, Study

MONTHLY = "t/month"
"""Unit of what is emitted in a month."""


@builds(EMISSIONS_BY_MONTH)
def emissions_by_month(run: Run) -> Data:
    """Months of the last year of each case by sector; they add up to the year."""
    study = run.study
    if not study.shapes.known:
        return []
    parts = []
    for name, case in run.results.cases.items():
        if not case.years:
            continue
        emitted = by_month(study, name, case, case.years[-1])
        sectors = tuple(dict.fromkeys(study.system.sources.sector))
        axes = {"sector": sectors, "pollutant": study.system.pollutants}
        labels = crossed({**axes, "month": range(1, MONTHS + 1)})
        year = study.system.years[case.years[-1]]
        parts.append({**labels, "case": name, "year": year, "value": emitted.ravel()})
    return {**stacked(parts), "unit": MONTHLY}


def by_month(study: Study, name: str, case: CaseResult, year: int) -> Array:
    """Return what a case emits in each month of a year.

    What a measure moves is spread over the months by its dates, its season and the shape of its
    source's year; a measure of a mix has no dates, and the season that the plan gives it.

    Parameters
    ----------
    study
        Shapes of the year, and when commitments act.
    name, case
        The case; the dates of the commitments hold in the plan alone.
    year
        Position of the year.

    Returns
    -------
    Array
        [t/month], dims (sector, pollutant, month).
    """
    system, moves = study.system, study.system.moves
    sectors = {sector: i for i, sector in enumerate(dict.fromkeys(system.sources.sector))}
    of_source = np.array([sectors[sector] for sector in system.sources.sector])
    yearly = study.baseline[:, :, year]
    total = sum_by(yearly[..., None] * study.shapes.shares[:, None], of_source, len(sectors))
    used = np.flatnonzero(case.uptake[:, year])
    spread = _spread(study, name, year)[moves.group[used]]
    moved, origin, target = case.uptake[used, year], moves.origin[used], moves.target[used]
    lost = moved[:, None] * system.factor[origin, :, year]
    gained = np.where(
        (target != NOWHERE)[:, None],
        (moved * moves.conversion[used])[:, None] * system.factor[target, :, year],
        0.0,
    )
    for amount, state in ((-lost, origin), (gained, target)):
        own = of_source[system.states.source[state]]
        total += sum_by(amount[..., None] * spread[:, None], own, len(sectors))
    return total


def _spread(study: Study, name: str, year: int) -> Array:
    """Return the share of each month in what each group moves in a year, dims (group, month)."""
    system = study.system
    shares = study.shapes.shares[system.groups.source]
    if system.seasonal is not None:
        for group, spread in system.seasonal.spread.items():
            shares[group] = spread[0]
    if name != "plan":
        return shares
    for group, time in study.times.items():
        if time.by_month[year].any():
            shares[group] = time.by_month[year]
    return shares
