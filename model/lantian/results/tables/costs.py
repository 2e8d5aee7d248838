"""Costs of the measures in use."""

from typing import Any

import numpy as np

from lantian.core.system import Array, System, charged, paid_units, rounding_of
from lantian.results.contract import COSTS
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import as_cells, stacked
from lantian.results.tables.registry import Run, builds
from lantian.study.model import CaseResult

PARTS = ("capital", "fixed", "variable", "savings", "transfer")
"""Of an annual cost; a transfer stands beside it."""


@builds(COSTS)
def costs(run: Run) -> Data:
    """Annual cost of each measure by case, in its parts; only what is in use has a row."""
    study, cases = run.study, run.results.cases
    system, currency = study.system, study.money.currency
    unit_cost = _unit_costs(run)
    parts = [
        _of_year(run, uptake[:, y], unit_cost, charged(system, case.uptake[:, y], y))
        | {"case": name, "year": system.years[y]}
        for name, case in cases.items()
        for uptake in [_uptake(system, case)]
        for y in case.years
        if uptake[:, y].any()
    ]
    units = {"unit": f"{currency}/a", "transfer_unit": currency}
    return stacked(parts) | units if parts else []


def _uptake(system: System, case: CaseResult) -> Array:
    """Return what each group is paid for [unit of the source]; rounding counts as nothing."""
    moves = system.moves
    uptake = paid_units(moves.group, len(system.groups), moves.share[:, None], case.uptake)
    least = rounding_of(system, system.baseline)[system.groups.source]
    return np.where(np.abs(uptake) > least, uptake, 0.0)


def _unit_costs(run: Run) -> dict[str, Array]:
    """Return the cost parts and their total by group [currency/a per activity unit]."""
    known = run.results.unit_costs
    return {
        name: np.array([np.nan if c is None else getattr(c, part) for c in known], np.float64)
        for name, part in (("cost_yuan", "total"), *((part, part) for part in PARTS))
    }


def _of_year(
    run: Run, uptake: Array, unit_cost: dict[str, Array], carbon: Array
) -> dict[str, Cells | Any]:
    """Return the rows of one case and year, one per group in use."""
    system, groups = run.study.system, run.study.system.groups
    used = np.flatnonzero(uptake)
    source = groups.source[used]
    return {
        "measure": as_cells(system.measures)[groups.measure[used]],
        "sector": as_cells(system.sources.sector)[source],
        "source": as_cells(system.sources.id)[source],
        **{name: cost[used] * uptake[used] for name, cost in unit_cost.items()},
        "cost_yuan": unit_cost["cost_yuan"][used] * uptake[used] + carbon[used],
        "carbon": carbon[used],
        "known": np.array([run.results.unit_costs[g] is not None for g in used], bool),
    }
