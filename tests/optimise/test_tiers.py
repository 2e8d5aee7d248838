"""Targets that cannot all be met: what is left out, and that nothing is for which there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import System
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.problem.planner_limits import PlannerLimits
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.question import Question, answer_question, block
from lantian.optimise.procedure.repeated import Solver, pattern_of
from lantian.optimise.procedure.tiers import TierAnswer, answer_tiers
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

COSTS = (2.0, 4.0, 1.0, 5.0, 0.5)
"""yuan/a per t: NOx 20 and 40 yuan for 10 t each, VOC 10 and 50, PM2.5 5 for its 10 t."""
POLLUTANT = (0, 0, 1, 1, 2)


def five_sources() -> System:
    """Each emits 10 t of one pollutant, all of which its measure takes away."""
    factor = [[float(p == k) for k in range(3)] for p in POLLUTANT]
    return small_system(
        activity=[10.0, 0.0] * 5,
        factor=[row for own in factor for row in (own, [0.0] * 3)],
        moves=[(g, 2 * g, 2 * g + 1, cost) for g, cost in enumerate(COSTS)],
        reach=[1.0] * 5,
        source=[s for s in range(5) for _ in range(2)],
    )


def in_order(targets: Targets, order: Sequence[int]) -> Targets:
    own = list(order)
    return replace(
        targets,
        ids=tuple(targets.ids[t] for t in own),
        weight=targets.weight[own],
        constant=targets.constant[own],
        limit=targets.limit[own],
    )


def tiers(system: System, targets: Targets, budget: float) -> TierAnswer:
    question = Question(limits=PlannerLimits(budget=budget))
    none = np.zeros((len(system.moves), 1))

    def ask(rows: Mapping[int, Targets]) -> dict[int, LeastCostResult]:
        return answer_question(question, system, rows, none)

    (found,) = answer_tiers(ask, {0: targets}, {0: [0] * len(targets)})
    return found


def repeated(system: System, targets: Targets, budget: float) -> tuple[list[bool], float]:
    """The same by what answers many sets of numbers in turn."""
    question = Question(limits=PlannerLimits(budget=budget))
    problem = block(question, system, 0, targets, np.zeros(len(system.moves)))
    asked = np.ones(len(targets), np.bool_)
    solver = Solver(pattern_of([problem], np.zeros(len(targets), np.int64), asked))
    answer = solver.answer(problem)
    return answer.reached.tolist(), answer.cost


@pytest.mark.parametrize(
    ("order", "met"),
    [((0, 1, 2), {"NOx-total", "PM2.5-total"}), ((1, 0, 2), {"VOC-total", "PM2.5-total"})],
)
def test_a_budget_buys_what_it_pays_for(order: Sequence[int], met: set[str]) -> None:
    """65 yuan pay for either of the two at 60 and for PM2.5 at 5.

    The smallest excess is neither: 5, 10 and 20 yuan for what is cheapest, and 30 of the 40 that
    the rest of NOx costs.
    """
    system = five_sources()
    targets = in_order(total_targets(system, [0.0, 0.0, 0.0]), order)
    found = tiers(system, targets, 65.0)
    reached = {targets.ids[t] for t in np.flatnonzero(found.reached[0])}
    assert reached == met
    assert found.cost(0) == pytest.approx(65.0)
    assert repeated(system, targets, 65.0) == (found.reached[0].tolist(), pytest.approx(65.0))


def test_what_cannot_be_had_for_itself_takes_no_room() -> None:
    """NOx below nothing is beyond all; the other two cost 65 yuan together."""
    system = five_sources()
    found = tiers(system, total_targets(system, [-1.0, 0.0, 0.0]), 70.0)
    assert found.reached[0].tolist() == [False, True, True]
    assert found.cost(0) == pytest.approx(65.0)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_none_is_left_out_that_the_others_leave_room_for(seed: int, share: float) -> None:
    system = random_system(seed, n_pollutants=3)
    targets = total_targets(system, reachable_limits(system, 0.9))
    enough = max(tiers(system, targets, np.inf).cost(0), 1.0)
    budget = share * enough
    found = tiers(system, targets, budget)
    for t in np.flatnonzero(~found.reached[0]):
        more = found.reached[0].copy()
        more[t] = True
        with_one = tiers(system, replace(targets, enforced=more), budget)
        assert (with_one.reached[0] != more).any()
    assert repeated(system, targets, budget)[0] == found.reached[0].tolist()
