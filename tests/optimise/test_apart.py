"""Targets out of reach, each for itself: the best, its margin, and where it becomes dear."""

from collections.abc import Mapping

import numpy as np
import pytest

from lantian.optimise.analyses.apart import STEEP, Apart, answer_apart, knee_of
from lantian.optimise.analyses.frontier import Bend, Kink, bend_of
from lantian.optimise.problem.coefficients import Targets, build_least_cost
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.procedure.tiers import Ask, answer_tiers
from optimise.conftest import small_system, total_targets

SYSTEM = small_system(
    [100.0, 10.0, 10.0],
    [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
    [(0, 0, -1, 1.0), (1, 1, -1, 200.0), (2, 2, -1, 5.0)],
    [0.8, 0.5, 1.0],
)
"""110 t of NOx: 80 t can go at 1 per t, then 5 t at 200; 10 t of VOC at 5 per t."""


def ask_with(margin: float) -> Ask:
    def ask(rows: Mapping[int, Targets]) -> dict[int, LeastCostResult]:
        return {y: least_cost(SYSTEM, y, own, margin=margin) for y, own in rows.items()}

    return ask


def bend(year: int, targets: Targets, target: int) -> Bend:
    return bend_of(build_least_cost(SYSTEM, year, targets), target, STEEP)


def apart(margin: float, to_the_last: Ask | None = None) -> Apart:
    targets = {0: total_targets(SYSTEM, [20.0, 4.0])}
    tiers = answer_tiers(ask_with(0.0), targets, {0: [0, 0]})
    assert tiers[0].reached[0].tolist() == [False, True]
    (found,) = answer_apart(ask_with(margin), targets, tiers[:1], bend, to_the_last)
    assert (found.year, found.target, found.tier) == (0, 0, tiers[0].tier)
    return found


def test_the_best_and_the_bend_before_it_by_hand() -> None:
    # On top of 30 yuan for VOC: 80 t for 80 yuan, 5 t for 1000; 1080 / 85 = 12.7 per t.
    found = apart(0.0)
    assert found.best == pytest.approx(25.0)
    assert found.answer.cost == pytest.approx(30.0 + 1080.0)
    assert found.margin == 0.0
    assert found.knee is not None
    assert (found.knee.value, found.knee.cost) == pytest.approx((30.0, 110.0))
    assert found.knee.mean == pytest.approx(1080.0 / 85.0)


def test_a_margin_leaves_the_last_of_what_is_possible() -> None:
    # A tenth of the 85 t: 76.5 t at 1 per t.
    found = apart(0.1)
    assert (found.margin, found.best) == (0.1, pytest.approx(25.0))
    assert found.answer.cost == pytest.approx(30.0 + 76.5)


def test_where_years_hang_together_the_best_is_what_is_left_to_the_last() -> None:
    found = apart(0.1, ask_with(0.0))
    assert found.best == pytest.approx(25.0)
    assert found.answer.cost == pytest.approx(30.0 + 76.5)
    assert found.knee is None


def test_a_point_has_no_knee() -> None:
    def kink(value: float, cost: float) -> Kink:
        return Kink(value, cost, np.array([value]), np.zeros(0))

    one, other = kink(5.0, 1.0), kink(4.0, 3.0)
    assert knee_of(Bend(one, one, one, 0.0)) is None
    assert knee_of(Bend(other, one, one, 0.0)) is None
    found = knee_of(Bend(one, other, other, 2.0))
    assert found is not None
    assert (found.value, found.cost, found.mean) == (4.0, 3.0, 2.0)
