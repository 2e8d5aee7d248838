"""Lists of daily stops and cuts: the published case, and what holds for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lantian.core.system import Array
from lantian.optimise.analyses.alerts import AlertProblem, _check, cheapest_lists
from lantian.optimise.status import NumericalError

LEVELS = np.array([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]])
DAILY = np.array([[0.0, 1.5, 2.0, 4.0], [5.0, 1.0, 0.0, 6.0]])
"""NOx and PM [t/d] of sites, trucks, plant, home heating: the constructed case std-g8."""
COST = np.array([5.0, 6.0, 6.0, 0.0])
TOTAL = np.array([9.0, 20.0])
PROTECTED = np.tile([1.0, 1.0, 1.0, 0.0], (3, 1))


def case(demand: Array = LEVELS) -> AlertProblem:
    return AlertProblem(DAILY, COST, PROTECTED[: len(demand)], TOTAL, demand)


def test_three_nested_levels_of_the_given_case() -> None:
    found = cheapest_lists(case())
    assert found.cost.sum() == pytest.approx(28.9, abs=1e-6)
    assert found.share[:, :3] == pytest.approx(
        np.array([[0.4, 0, 0.45], [0.72, 0.4, 0.6], [1, 1, 0.6]]), abs=1e-6
    )
    assert not found.share[:, 3].any()
    assert found.reached


@pytest.mark.parametrize(
    ("level", "cost", "share"),
    [(0, 4.7, [0.4, 0, 0.45]), (1, 9.4, [0.8, 0, 0.9]), (2, 14.6, [1, 1, 0.6])],
)
def test_each_level_of_the_given_case_alone(level: int, cost: float, share: list[float]) -> None:
    found = cheapest_lists(case(LEVELS[[level]]))
    assert found.cost == pytest.approx([cost], abs=1e-6)
    assert found.share[0, :3] == pytest.approx(share, abs=1e-6)


def test_what_is_lacking_is_told() -> None:
    found = cheapest_lists(case(np.array([[0.1, 0.1], [0.2, 0.2], [0.3, 0.31]])))
    assert found.short == pytest.approx(np.array([[0, 0], [0, 0], [0, 0.2]]), abs=1e-9)
    assert found.share[2, :2] == pytest.approx([1, 1], abs=1e-6)
    assert not found.reached


def test_better_graded_actions_are_not_cut_before_worse_ones() -> None:
    daily, total = np.array([[4.0, 4.0]]), np.array([20.0])
    demand = np.array([[0.3]])
    free = AlertProblem(daily, np.array([1.0, 3.0]), np.ones((1, 2)), total, demand)
    assert cheapest_lists(free).share[0] == pytest.approx([1, 0.5])
    ordered = AlertProblem(
        daily, np.array([1.0, 3.0]), np.ones((1, 2)), total, demand, before=((0, 1),)
    )
    assert cheapest_lists(ordered).share[0] == pytest.approx([0.75, 0.75])


def test_no_action_at_all_reaches_nothing() -> None:
    nothing = AlertProblem(np.zeros((2, 0)), np.zeros(0), np.zeros((3, 0)), TOTAL, LEVELS)
    found = cheapest_lists(nothing)
    assert found.short == pytest.approx(LEVELS * TOTAL)
    assert not found.cost.any()


@st.composite
def problems(draw: st.DrawFn) -> AlertProblem:
    n = draw(st.integers(1, 6))
    amount = st.floats(0, 50, allow_subnormal=False).map(lambda x: round(x, 3))
    daily = draw(arrays(float, (2, n), elements=amount))
    rest = draw(arrays(float, 2, elements=amount))
    return AlertProblem(
        daily,
        draw(arrays(float, n, elements=amount)),
        draw(arrays(float, (3, n), elements=st.sampled_from([0.0, 0.3, 0.5, 1.0]))),
        daily.sum(axis=1) + rest,
        LEVELS,
    )


@given(problems())
def test_lists_are_nested_within_reach_and_cut_what_can_be_cut(problem: AlertProblem) -> None:
    found = cheapest_lists(problem)
    assert (np.diff(found.share, axis=0) >= 0).all()
    assert (found.share <= problem.reach + 1e-9).all()
    assert (found.cut + found.short >= problem.wanted - 1e-6).all()
    assert found.short == pytest.approx(np.maximum(problem.wanted - problem.most, 0), abs=1e-6)


@given(problems())
def test_nested_lists_cost_no_less_than_levels_alone(problem: AlertProblem) -> None:
    alone = [
        AlertProblem(
            problem.daily, problem.cost, problem.usable[[k]], problem.total, problem.demand[[k]]
        )
        for k in range(3)
    ]
    least = sum(float(cheapest_lists(p).cost.sum()) for p in alone)
    assert cheapest_lists(problem).cost.sum() >= least - 1e-6 * (1 + least)


def test_an_answer_that_does_not_hold_is_refused() -> None:
    problem = case()
    found = cheapest_lists(problem)
    rounded = 1e-9 * TOTAL
    _check(problem, found.share + 1e-9, found.cut - rounded, found.short)
    for share, cut in (
        (found.share, found.cut - 1e3 * rounded),
        (problem.usable + 1e-6, found.cut),
    ):
        with pytest.raises(NumericalError, match=r"residual 1\.0e-06"):
            _check(problem, share, cut, found.short)


def test_what_actions_reach_and_what_is_asked_by_hand() -> None:
    """Two levels: the second may order less of the first action than the first."""
    reach = np.array([[0.5, 0.2], [0.4, 1.0]])
    problem = AlertProblem(
        np.array([[10.0, 20.0], [0.0, 5.0]]),
        np.array([7.0, 1.0]),
        reach,
        np.array([40.0, 0.0]),
        np.array([[0.1, 0.5], [0.5, 0.5]]),
    )
    assert problem.usable.tolist() == [[0.4, 0.2], [0.4, 1.0]]
    assert problem.most.tolist() == [[8.0, 1.0], [24.0, 5.0]]
    assert problem.wanted.tolist() == [[4.0, 0.0], [20.0, 0.0]]
    found = cheapest_lists(problem)
    # 4 t/d by a fifth of the second action; then all of it, which makes the 20
    assert found.share == pytest.approx(np.array([[0.0, 0.2], [0.0, 1.0]]))
    assert found.cut == pytest.approx(np.array([[4.0, 1.0], [20.0, 5.0]]))
    assert found.cost == pytest.approx([0.2, 1.0])
    assert found.reached
