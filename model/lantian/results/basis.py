"""What a run's numbers rest on: measured, published, derived or assumed."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lantian.core.system import NOWHERE, Array
from lantian.indicators.targets import pollutant_weights
from lantian.inventory.contract import ActivityRow, SectorBlock, Use
from lantian.parameters import QuantityRow
from lantian.study.model import Results, Study, reduction_by_move
from lantian.vocabulary import BASES, POLLUTANTS

FIRMEST = 0
"""Position of the firmest basis."""
PRINTED = "published"
"""Basis of a level that a plan prints; every other level is the analyst's."""
ASSUMPTION_COLUMNS = (
    "sector",
    "input",
    "value",
    "unit",
    "low",
    "high",
    "pollutant",
    "share",
    "swing",
    "weight",
    "place",
)


@dataclass(frozen=True)
class StateBasis:
    """Weakest basis of each state's activity, factor and both, as positions in ``BASES``.

    ``activity`` has dims (state,), ``factor`` and ``emission`` (state, pollutant).
    """

    activity: np.ndarray
    factor: np.ndarray
    emission: np.ndarray


def state_basis(study: Study) -> StateBasis:
    """Return what each state of the system rests on, its controls included."""
    activity: dict[tuple[str, str], int] = {}
    factor: dict[tuple[str, str], np.ndarray] = {}
    for _, block in study.blocks:
        _add_block(block, activity, factor)
    controls = _control_basis(study)
    system = study.system
    rank_a = np.zeros(len(system.states), dtype=int)
    rank_f = np.zeros((len(system.states), len(POLLUTANTS)), dtype=int)
    for i, (source, technology, package) in enumerate(
        zip(system.states.source, system.states.technology, system.states.controls, strict=True)
    ):
        key = (system.sources.id[source], technology)
        rank_a[i] = activity.get(key, FIRMEST)
        own = factor.get(key, np.zeros(len(POLLUTANTS), dtype=int))
        rank_f[i] = np.maximum.reduce([own, *(controls[c] for c in package)])
    return StateBasis(rank_a, rank_f, np.maximum(rank_a[:, None], rank_f))


def _add_block(
    block: SectorBlock,
    activity: dict[tuple[str, str], int],
    factor: dict[tuple[str, str], np.ndarray],
) -> None:
    for use in block.uses:
        rank = BASES.index(use.row.basis)
        columns = [POLLUTANTS.index(p) for p in use.pollutants]
        for s in use.states:
            key = (block.source[s], block.technology[s])
            if isinstance(use.row, ActivityRow):
                activity[key] = max(rank, activity.get(key, FIRMEST))
            else:
                ranks = factor.setdefault(key, np.zeros(len(POLLUTANTS), dtype=int))
                ranks[columns] = np.maximum(ranks[columns], rank)


def _control_basis(study: Study) -> dict[str, np.ndarray]:
    result: dict[str, np.ndarray] = {}
    for row in study.catalogue.controls.rows:
        ranks = result.setdefault(row.control, np.zeros(len(POLLUTANTS), dtype=int))
        chosen = slice(None) if not row.pollutant else POLLUTANTS.index(row.pollutant)
        ranks[chosen] = np.maximum(ranks[chosen], BASES.index(row.basis))
    return result


def basis_table(study: Study, results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return shares by basis, and the assumed inputs by how much rests on them.

    ``what`` is ``emission`` (as firm as the weaker of activity and factor), ``activity`` or
    ``factor`` (that one alone), or ``reduction`` (as firm as the weakest of both states and the
    plan's level).

    Parameters
    ----------
    study
        The scenario put together; its rows carry the basis of every number.
    results
        Cases with their activity and uptake.

    Returns
    -------
    DataFrame
        One row per pollutant, what, case, year and basis, with value [t/a] and share [1].
    DataFrame
        As :func:`assumptions_table`.
    """
    system, ranks = study.system, state_basis(study)
    rows = []
    for name, case in results.cases.items():
        for y in case.years:
            by_state = system.factor[:, :, y] * case.activity[:, y, None]
            at = (name, system.years[y])
            rows += _shares("emission", at, by_state, ranks.emission)
            rows += _shares(
                "activity", at, by_state, np.broadcast_to(ranks.activity[:, None], by_state.shape)
            )
            rows += _shares("factor", at, by_state, ranks.factor)
            if name != "baseline" and y >= system.start:
                rows += _shares(
                    "reduction",
                    at,
                    reduction_by_move(system, case.uptake, y),
                    _move_basis(study, ranks, name == "plan"),
                )
    table = pd.DataFrame(
        rows, columns=["pollutant", "what", "case", "year", "basis", "value", "share", "unit"]
    )
    return table, assumptions_table(study)


def _move_basis(study: Study, ranks: StateBasis, is_plan: bool) -> np.ndarray:
    moves = study.system.moves
    basis = ranks.emission[moves.origin]
    inside = moves.target != NOWHERE
    basis[inside] = np.maximum(basis[inside], ranks.emission[moves.target[inside]])
    if is_plan:
        level = np.zeros(len(study.system.groups), dtype=int)
        for g, c in zip(study.commitments.group, study.commitments.commitment, strict=True):
            printed = study.scenario.commitments[c].credit == "printed"
            level[g] = BASES.index(PRINTED if printed else "assumed")
        basis = np.maximum(basis, level[moves.group][:, None])
    return basis


def _shares(
    what: str, at: tuple[str, int], values: Array, ranks: np.ndarray
) -> list[tuple[object, ...]]:
    total = values.sum(axis=0)
    rows: list[tuple[object, ...]] = []
    for b, basis in enumerate(BASES):
        amount = np.where(ranks == b, values, 0.0).sum(axis=0)
        rows += [
            (pollutant, what, *at, basis, amount[p], amount[p] / total[p], "t/a")
            for p, pollutant in enumerate(POLLUTANTS)
            if total[p] > 0
        ]
    return rows


def assumptions_table(study: Study) -> pd.DataFrame:
    """Return the assumed inputs, those first that may move the targets most.

    ``swing`` is half the relative width of a number's range times the share of a baseline emission
    that is proportional to it: that of the last year, for the activity of a reference year that
    of its own. ``weight`` is how much the pollutant matters to the targets. The order is that of
    their product.
    """
    weights = pollutant_weights(study.targets, study.baseline)
    if not weights.any():
        weights = np.ones(len(POLLUTANTS))
    rows = [
        _assumption(study, sector.id, block, row, uses, weights)
        for sector, block in study.blocks
        for row, uses in _by_row(block.uses)
        if row.basis == "assumed" and row.value
    ]
    table = pd.DataFrame(rows, columns=list(ASSUMPTION_COLUMNS))
    order = (-table["swing"] * table["weight"]).to_numpy(dtype=float)
    return table.iloc[np.lexsort((table["place"].to_numpy(str), order))].reset_index(drop=True)


def _assumption(
    study: Study,
    sector: str,
    block: SectorBlock,
    row: QuantityRow,
    uses: list[Use],
    weights: Array,
) -> tuple[object, ...]:
    """Return the columns of one assumed row, for the pollutant on which it bears most."""
    y = _year_of(row, study)
    amount, total = _resting_on(uses, block, y), study.baseline[:, :, y].sum(axis=0)
    share = np.divide(amount, total, out=np.zeros_like(amount), where=total > 0)
    width = (row.high - row.low) / (2 * abs(row.value))
    p = int(np.argmax(share * weights))
    return (
        sector,
        _keys(row),
        row.value,
        row.unit,
        row.low,
        row.high,
        POLLUTANTS[p],
        share[p],
        width * share[p],
        weights[p],
        str(row.place),
    )


def _year_of(row: QuantityRow, study: Study) -> int:
    """Return the position of the year a row is judged in: its own reference year, or the last."""
    own_year = getattr(row, "year", None)
    if own_year in study.scenario.reference_years:
        return study.system.years.index(own_year)
    return len(study.system.years) - 1


def _resting_on(uses: list[Use], block: SectorBlock, year: int) -> Array:
    """Return the baseline emission that rests on a row [t/a], dims (pollutant,)."""
    emission = block.activity[:, None, year] * block.emission_factor[:, :, year]
    amount = np.zeros(len(POLLUTANTS))
    for use in uses:
        columns = [POLLUTANTS.index(p) for p in use.pollutants]
        amount[columns] += emission[np.ix_(use.states, columns)].sum(axis=0)
    return amount


def _by_row(uses: tuple[Use, ...]) -> Iterable[tuple[QuantityRow, list[Use]]]:
    found: dict[int, tuple[QuantityRow, list[Use]]] = {}
    for use in uses:
        found.setdefault(id(use.row), (use.row, []))[1].append(use)
    return found.values()


def _keys(row: QuantityRow) -> str:
    return " / ".join(str(k) for k in row.key() if k not in ("", None))
