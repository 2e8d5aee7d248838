"""Exact swings: what the outcomes are with one number at an end of its range, all others central.

Nothing is linearised: each end is a column of its own, projected in full. Numbers that only costs
are made of need no projection, as what the plan moves does not depend on them.
"""

from dataclasses import dataclass

import numpy as np

from lantian.core.ordered import ordered_sum
from lantian.core.system import Array, Index, charged, paid_units, unit_cost
from lantian.ensemble.evaluate import BLOCK, blocks
from lantian.ensemble.outcomes import Inquiry, ask, of_block
from lantian.ensemble.uses import Uses, uses
from lantian.parameters.watch import Slots
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS, Case

COST = "cost"
"""Id of the outcome that is no target and no total."""
LOW, HIGH = ENDS = (0, 1)
"""Positions on the axis of ends."""


@dataclass(frozen=True, kw_only=True)
class Swings:
    """Outcomes of the plan (of the baseline, where there is none) at the ends of every number.

    Attributes
    ----------
    outcome
        Id of each outcome: targets that are computed, or the pollutants if there are none; last
        of all the cost.
    unit
        Of each outcome.
    slot
        Every number that is used, ascending, dims (number,).
    value
        Dims (outcome, end, number) [unit of the outcome].
    limit
        Limits of the targets, dims (target, end, number); those of cuts move with their base.
    swing
        Half the difference between the ends, as a share of the limit (which may move along) or,
        for a total and the cost, of the central value [1], dims (outcome, number).
    """

    outcome: tuple[str, ...]
    unit: tuple[str, ...]
    slot: Index
    value: Array
    limit: Array
    swing: Array

    @property
    def cost(self) -> int:
        """Position of the cost among the outcomes."""
        return len(self.outcome) - 1

    @property
    def leading(self) -> Index:
        """What each number moves most, and the cost if it moves nothing else, dims (number,)."""
        others = self.swing[: self.cost]
        return np.where(others.max(axis=0) > 0.0, others.argmax(axis=0), self.cost)


def swings(study: Study, width: int = BLOCK) -> Swings:
    """Return the swing of every number that a study uses.

    Parameters
    ----------
    study
        The scenario put together.
    width
        Columns that are evaluated at a time.

    Returns
    -------
    Swings
        0 for numbers without a range.
    """
    case: Case = "plan" if len(study.commitments) else "baseline"
    judged = np.flatnonzero([t.computed for t in study.targets])
    totals = () if len(judged) else POLLUTANTS
    inquiry = ask(study, (case,), totals)
    used = inquiry.evaluator.uses
    slots = uses(study).every
    central, ends = study.space.central(), np.concatenate(study.space.ends(), axis=1)
    varies = ends[slots, LOW] != ends[slots, HIGH]
    moving = _by_use(np.flatnonzero(varies & ~np.isin(slots, used.cost)), slots, used)
    paying = np.flatnonzero(varies & np.isin(slots, used.cost))
    middle = of_block(inquiry, central)
    value = np.empty((len(judged) + len(totals) + 1, len(ENDS), len(slots)))
    value[:] = _stacked(judged, middle.value, middle.total, middle.cost)[:, None]
    limit = np.broadcast_to(
        np.concatenate([middle.limit[0, judged], middle.total[0], middle.cost])[:, None],
        value.shape,
    ).copy()
    for end in ENDS:
        for own in (moving[block] for block in blocks(len(moving), width)):
            moved = slots[own]
            found = of_block(
                inquiry, _moved(central, moved, ends[:, end]), _mask(moved, len(central))
            )
            value[:, end, own] = _stacked(judged, found.value, found.total, found.cost)
            limit[: len(judged), end, own] = found.limit[0, judged]
        value[-1, end, paying] = _costs(inquiry, central, slots[paying], ends[:, end])
    return Swings(
        outcome=(*(study.targets[t].target.id for t in judged), *totals, COST),
        unit=(
            *(study.targets[t].unit for t in judged),
            *("t/a" for _ in totals),
            f"{study.money.currency}/a",
        ),
        slot=slots,
        limit=limit[: len(judged)],
        value=value,
        swing=_swing(value, limit),
    )


def _by_use(positions: Index, slots: Index, used: Uses) -> Index:
    """Return positions sorted so that those used for the same parts stand together."""
    parts = (*used.system, used.levels, used.indicators)
    return positions[np.lexsort([part[slots[positions]] for part in parts])]


def _mask(slots: Index, n: int) -> Slots:
    mask = np.zeros(n, dtype=bool)
    mask[slots] = True
    return mask


def _stacked(judged: Index, value: Array, total: Array, cost: Array) -> Array:
    """Return the outcomes of the one case behind one another, dims (outcome, column)."""
    return np.concatenate([value[0, judged], total[0], cost])


def _swing(value: Array, limit: Array) -> Array:
    """Return half the difference of both ends as shares of their limits; 0 where that is 0."""
    share = np.divide(value, np.abs(limit), out=np.zeros_like(value), where=limit != 0.0)
    return np.asarray(np.abs(share[:, HIGH] - share[:, LOW]) / 2.0)


def _moved(central: Array, slots: Index, end: Array) -> Array:
    """Return a column for each slot, with that one at an end, dims (slot, column)."""
    theta = np.repeat(central, len(slots), axis=1)
    theta[slots, np.arange(len(slots))] = end[slots]
    return theta


def _costs(inquiry: Inquiry, central: Array, slots: Index, end: Array) -> Array:
    """Return the cost of what is moved at central values [currency/a], for each slot at an end."""
    study = inquiry.study
    if not len(slots) or "baseline" in inquiry.cases:
        return np.zeros(len(slots))
    system = study.system
    moves, moved = system.moves, study.applied.moved[:, -1]
    uptake = paid_units(moves.group, len(system.groups), moves.share, moved)
    paid = unit_cost(study.compiled.costs(_moved(central, slots, end)))
    paid[inquiry.unknown_cost] = 0.0
    carbon = charged(system, moved, len(system.years) - 1)
    carbon[inquiry.unknown_cost] = 0.0
    return ordered_sum(paid * uptake[:, None] + carbon[:, None])
