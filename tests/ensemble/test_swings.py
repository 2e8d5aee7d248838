"""Exact swings: each end is a column of its own, whatever is left out of the work."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import Array, Index
from lantian.ensemble.outcomes import ask, outcomes
from lantian.ensemble.swings import COST, ENDS, swings
from lantian.ensemble.uses import uses
from lantian.results.basis import assumptions
from lantian.study.model import Study
from lantian.vocabulary import POLLUTANTS
from support.columns import study_of, swings_of

EACH = 6
"""Of the numbers of a plan, every so many are projected in full."""


def columns(study: Study, slots: Index, end: int) -> Array:
    """Return a full column for each slot, with that one at an end."""
    theta = np.repeat(study.space.central(), len(slots), axis=1)
    theta[slots, np.arange(len(slots))] = study.space.ends()[end][slots, 0]
    return theta


@pytest.mark.parametrize(("plan", "first"), [("xincheng-2024", 0), ("shijiazhuang-2019", 3)])
def test_every_end_is_what_a_full_projection_of_all_numbers_gives(plan: str, first: int) -> None:
    study, found = study_of(plan), swings_of(plan)
    judged = [t.computed for t in study.targets]
    inquiry = ask(study, ("plan",), ())
    tried = np.union1d(
        np.arange(first, len(found.slot), EACH), found.swing.argmax(axis=1)
    )  # of every table, and what moves each outcome most
    for end in ENDS:
        full = outcomes(inquiry, columns(study, found.slot[tried], end))
        value, limit = found.value[:, end, tried], found.limit[:, end, tried]
        np.testing.assert_array_equal(value[: found.cost], full.value[0, judged])
        np.testing.assert_array_equal(limit, full.limit[0, judged])
        np.testing.assert_allclose(value[found.cost], full.cost[0], rtol=1e-12)


def test_numbers_of_costs_move_the_cost_and_nothing_else() -> None:
    study, found = study_of("tongzhou-2020"), swings_of("tongzhou-2020")
    costs = np.isin(found.slot, uses(study).cost)
    assert 100 < costs.sum() < costs.size
    assert not found.swing[: found.cost, costs].any()
    assert found.swing[found.cost, costs].max() > 0.05


def test_a_swing_by_hand() -> None:
    """Half of what both ends differ by, of the limit 7,149 t that the same trucks do not move."""
    study, found = study_of("tongzhou-2020"), swings_of("tongzhou-2020")
    key = ("heavy-truck-transit", "stock", "", 2017)
    k = next(k for k, s in enumerate(found.slot) if study.space.number_of(s).given.key() == key)
    t = found.outcome.index("nox-total")
    low, high = found.value[t, :, k]
    limit = found.limit[t, :, k]
    assert limit[0] == limit[1] == pytest.approx(7149.3303, rel=1e-7)
    assert found.swing[t, k] == pytest.approx((high - low) / limit[0] / 2, rel=1e-12)
    assert found.outcome[found.leading[k]] == "nox-total"


def test_a_cut_moves_with_its_base() -> None:
    """All of home coal's VOC is in the base year: the value stays, the limit does not."""
    found = swings_of("mentougou-2020")
    t = found.outcome.index("voc-total")
    moved = (found.value[t, 0] == found.value[t, 1]) & (found.limit[t, 0] != found.limit[t, 1])
    assert moved.any()
    assert (found.swing[t, moved] > 0).all()


def test_without_targets_totals_are_told() -> None:
    study = replace(study_of("xincheng-2024"), targets=[])
    found = swings(study)
    assert found.outcome == (*POLLUTANTS, COST)
    # A total is as far from its central value on either side as half of its swing says.
    total = outcomes(ask(study, ("plan",)), study.space.central()).total[0]
    nox = POLLUTANTS.index("NOx")
    k = found.swing[nox].argmax()
    low, high = found.value[nox, :, k]
    assert found.swing[nox, k] == pytest.approx(abs(high - low) / total[nox, 0] / 2, rel=1e-12)
    assert found.outcome[found.leading[k]] in POLLUTANTS


def test_rows_are_sorted_and_complete() -> None:
    study = study_of("tongzhou-2020")
    rows = assumptions(study, swings_of("tongzhou-2020"))
    assert len(rows) == len(uses(study).every)
    swing = [row["swing"] for row in rows if row["outcome"] not in ("", COST)]
    assert swing == sorted(swing, reverse=True)
    assert len(swing) > 1000
    parts = {row["part"] for row in rows}
    assert {"on-road", "measures", "indicators", "scenario", "drivers"} <= parts
    nothing_asked = assumptions(study, None)
    assert {row["outcome"] for row in nothing_asked} == {""}
    assert len(nothing_asked) == len(rows)
