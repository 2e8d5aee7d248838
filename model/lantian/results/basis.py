"""What a run's numbers rest on: measured, published, derived or assumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lantian.core.system import NOWHERE, Array
from lantian.indicators.targets import pollutant_weights
from lantian.inventory.contract import ActivityRow, SectorBlock, Use
from lantian.parameters import QuantityRow
from lantian.results.contract import PER_YEAR
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import crossed, stacked
from lantian.study.model import Results, Study, reduction_by_move
from lantian.vocabulary import BASES, POLLUTANTS

FIRMEST = 0
"""Position of the firmest basis."""
PRINTED = "published"
"""Basis of a level that a plan prints; every other level is the analyst's."""


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


def basis_shares(study: Study, results: Results) -> Data:
    """Return emissions and reductions by basis.

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
    Mapping
        Columns of :data:`~lantian.results.contract.BASIS_SHARES`.
    """
    system, ranks = study.system, state_basis(study)
    parts = []
    for name, case in results.cases.items():
        for y in case.years:
            by_state = system.factor[:, :, y] * case.activity[:, y, None]
            activity = np.broadcast_to(ranks.activity[:, None], by_state.shape)
            judged = {
                "emission": (by_state, ranks.emission),
                "activity": (by_state, activity),
                "factor": (by_state, ranks.factor),
            }
            if name != "baseline" and y >= system.start:
                cut = reduction_by_move(system, case.uptake, y)
                judged["reduction"] = (cut, _move_basis(study, ranks, name == "plan"))
            at = {"case": name, "year": system.years[y]}
            parts += [{"what": what, **at, **_shares(*of)} for what, of in judged.items()]
    return stacked(parts) | {"unit": PER_YEAR}


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


def _shares(values: Array, ranks: np.ndarray) -> dict[str, Cells]:
    """Return amount and share of every basis, of pollutants of which there is any."""
    total = values.sum(axis=0)
    amount = np.stack([np.where(ranks == b, values, 0.0).sum(axis=0) for b in range(len(BASES))])
    some = np.flatnonzero(total > 0)
    labels = crossed({"basis": BASES, "pollutant": [POLLUTANTS[p] for p in some]})
    amount = amount[:, some]
    return {**labels, "value": amount.ravel(), "share": (amount / total[some]).ravel()}


def assumptions(study: Study) -> list[dict[str, Any]]:
    """Return the assumed inputs, those first that may move the targets most.

    ``swing`` is half the relative width of a number's range times the share of a baseline emission
    that is proportional to it: that of the last year, for the activity of a reference year that
    of its own. ``weight`` is how much the pollutant matters to the targets. The order is that of
    their product.

    Parameters
    ----------
    study
        The scenario put together; its rows carry the basis of every number.

    Returns
    -------
    list of dict
        Rows of :data:`~lantian.results.contract.ASSUMPTIONS`.
    """
    weights = pollutant_weights(study.targets, study.baseline)
    if not weights.any():
        weights = np.ones(len(POLLUTANTS))
    rows, total = [], study.baseline.sum(axis=0)
    for sector, block in study.blocks:
        emission = block.activity[:, None, :] * block.emission_factor
        rows += [
            {"sector": sector.id, **_assumption(row, uses, emission[:, :, y], total[:, y], weights)}
            for row, uses in _by_row(block.uses)
            for y in [_year_of(row, study)]
            if row.basis == "assumed" and row.value
        ]
    return sorted(rows, key=lambda row: (-row["swing"] * row["weight"], row["place"]))


def _assumption(
    row: QuantityRow, uses: list[Use], emission: Array, total: Array, weights: Array
) -> dict[str, Any]:
    """Return one assumed row, with the pollutant on which it bears most."""
    amount = _resting_on(uses, emission)
    share = np.divide(amount, total, out=np.zeros_like(amount), where=total > 0)
    width = (row.high - row.low) / (2 * abs(row.value))
    p = int(np.argmax(share * weights))
    return {
        "input": _keys(row),
        "value": row.value,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "pollutant": POLLUTANTS[p],
        "share": float(share[p]),
        "swing": float(width * share[p]),
        "weight": float(weights[p]),
        "place": str(row.place),
    }


def _year_of(row: QuantityRow, study: Study) -> int:
    """Return the position of the year a row is judged in: its own reference year, or the last."""
    own_year = getattr(row, "year", None)
    if own_year in study.scenario.reference_years:
        return study.system.years.index(own_year)
    return len(study.system.years) - 1


def _resting_on(uses: list[Use], emission: Array) -> Array:
    """Return the baseline emission that rests on a row [t/a], dims (pollutant,)."""
    amount = np.zeros(len(POLLUTANTS))
    for use in uses:
        columns = [POLLUTANTS.index(p) for p in use.pollutants]
        amount[columns] += emission[list(use.states)].sum(axis=0)[columns]
    return amount


def _by_row(uses: tuple[Use, ...]) -> Iterable[tuple[QuantityRow, list[Use]]]:
    found: dict[int, tuple[QuantityRow, list[Use]]] = {}
    for use in uses:
        found.setdefault(id(use.row), (use.row, []))[1].append(use)
    return found.values()


def _keys(row: QuantityRow) -> str:
    return " / ".join(str(k) for k in row.key() if k not in ("", None))
