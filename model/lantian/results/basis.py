"""What a run's numbers rest on: measured, published, derived or assumed."""

from typing import Any

import numpy as np

from lantian.core.system import NOWHERE, Array
from lantian.ensemble.firmness import Firmness, Ranks, firmness
from lantian.ensemble.swings import Swings
from lantian.ensemble.uses import uses
from lantian.parameters.changes import SCENARIO
from lantian.parameters.space import Given
from lantian.results.contract import PER_YEAR
from lantian.results.frame import Cells, Data
from lantian.results.tables.axes import crossed, stacked
from lantian.study.model import Results, Study, reduction_by_move
from lantian.vocabulary import BASES, POLLUTANTS

PRINTED = "published"
"""Basis of a level that a plan prints; every other level is the analyst's."""


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
    system, ranks = study.system, firmness(study.compiled, study.space)
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


def _move_basis(study: Study, ranks: Firmness, is_plan: bool) -> Ranks:
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


def assumptions(study: Study, found: Swings | None) -> list[dict[str, Any]]:
    """Return every number that is used, those first that move the targets most.

    Parameters
    ----------
    study
        The scenario put together.
    found
        Its swings; None where they were not asked for.

    Returns
    -------
    list of dict
        Rows of :data:`~lantian.results.contract.ASSUMPTIONS`, with the ``keys`` of the number in
        the place of ``input``.
    """
    if found is None:
        return [number_of(study, slot) | NO_OUTCOME for slot in uses(study).every.tolist()]
    most = found.leading
    order = np.lexsort([-found.swing[most, np.arange(len(most))], most == found.cost])
    return [
        number_of(study, int(found.slot[k])) | _outcome(found, k, int(most[k]))
        for k in order.tolist()
    ]


ENDS = ("at_low", "at_high", "limit_at_low", "limit_at_high")
NOT_TOLD = (None, "", "no")
"""Keys of a number that its name leaves out: those that say nothing, and that it is no transfer."""
NO_OUTCOME = {**dict.fromkeys(("outcome", "outcome_unit"), ""), **dict.fromkeys((*ENDS, "swing"))}
"""What stands in the row of a number that moves nothing."""


def number_of(study: Study, slot: int) -> dict[str, Any]:
    """Return a number as tables tell it.

    Parameters
    ----------
    study
        The scenario put together.
    slot
        Position in the parameter vector.

    Returns
    -------
    dict
        Value, range, basis, source and place, with the ``keys`` that name it.
    """
    number = study.space.number_of(slot)
    return {
        "part": number.owner,
        "keys": tuple(str(key) for key in number.given.key() if key not in NOT_TOLD),
        "value": number.amount.value,
        "unit": number.given.unit,
        "low": number.amount.low,
        "high": number.amount.high,
        "basis": number.given.basis,
        "source_key": number.given.source_key,
        "place": _place(number.given),
    }


def _place(number: Given) -> str:
    """Return file and line of a number of a table, and which key of the scenario holds it.

    A scenario may be run from anywhere, so its file and line are not told.
    """
    place = number.place
    return place.path if number.source_key == SCENARIO else f"{place.file}:{place.line}"


def _outcome(found: Swings, k: int, outcome: int) -> dict[str, Any]:
    """Return what one number does to the outcome that it moves most; blank if it moves none."""
    swing = float(found.swing[outcome, k])
    if not swing:
        return NO_OUTCOME
    is_target = outcome < len(found.limit)
    limits = found.limit[outcome, :, k].tolist() if is_target else [None, None]
    ends = [*found.value[outcome, :, k].tolist(), *limits]
    return {
        "outcome": found.outcome[outcome],
        **dict(zip(ENDS, ends, strict=True)),
        "outcome_unit": found.unit[outcome],
        "swing": swing,
    }
