"""Where rounding, limits or the solver leave nothing: what is done then, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lantian.core.system import System
from lantian.names import of_ids
from lantian.optimise.problem.coefficients import LeastCost, build_least_cost
from lantian.optimise.problem.contradictions import (
    mandatory_cost,
    require_budget,
    require_consistent,
    require_total_budget,
)
from lantian.optimise.problem.planner_limits import (
    Bound,
    PlannerLimits,
    Resource,
    planner_rows,
)
from lantian.optimise.problem.program import pack
from lantian.optimise.procedure.least_cost import answer_problem, least_cost, reprojection_gap
from lantian.optimise.procedure.relaxation import with_margin
from lantian.optimise.procedure.repeated import Cheapest, Solver, pattern_of
from lantian.optimise.procedure.ties import _name_weights, cheapest_mix
from lantian.optimise.solve import formulation, highs
from lantian.optimise.solve.highs import Options, Session
from lantian.optimise.solve.live import Live
from lantian.optimise.status import InfeasibleError, NumericalError, infeasible
from optimise.conftest import small_system, total_targets


def two_filters(reach: tuple[float, float] = (0.4, 0.5)) -> System:
    """Two sources of 10 t: 4 t can go at 10 per t, 5 t at 30."""
    return small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], list(reach)
    )


def problem_of(limit: float, system: System | None = None, **more: Any) -> LeastCost:
    system = two_filters() if system is None else system
    return build_least_cost(system, 0, total_targets(system, [limit]), **more)


def failing(session: Session, *calls: int) -> None:
    """Let some of the next solves of a session, counted from 0, find nothing."""
    honest: Callable[..., Any] = session.solve
    made: list[int] = []

    def solve(*args: Any, **more: Any) -> Any:
        made.append(1)
        if len(made) - 1 in calls:
            raise infeasible()
        return honest(*args, **more)

    session.solve = solve  # type: ignore[method-assign]


@pytest.mark.parametrize("call", [1, 2])
def test_where_rounding_empties_the_set_of_optima_the_first_one_is_taken(call: int) -> None:
    problem = problem_of(18.0, small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 10.0)], [0.4, 0.5]
    ))  # fmt: skip
    program = pack(problem)
    live = Live(problem, program, Session(program))
    assert cheapest_mix(live)[2]
    other = Live(problem, program, Session(program))
    failing(other.session, call)
    mix, _, several = cheapest_mix(other)
    assert not several
    assert mix.objective == pytest.approx(20.0)
    assert other.session.lower is program.lower
    assert other.session.row_upper is program.row_upper


def answered(asked: list[LeastCost], last: LeastCost, *fails: int) -> Cheapest:
    """The answer to the last problem of a pattern; the first solve is by ``solve_once``."""
    n = len(last.targets)
    solver = Solver(pattern_of(asked, np.zeros(n, np.int64), np.ones(n, np.bool_)))
    failing(solver._session, *fails)
    return solver.answer(last)


def test_a_problem_with_more_columns_than_the_pattern_has_its_own_program() -> None:
    closed = problem_of(17.0, two_filters((0.4, 0.0)))
    found = answered([closed], problem_of(14.0))
    assert found.uptake == pytest.approx([4.0, 2.0])
    assert found.cost == pytest.approx(100.0)
    assert found.reached.tolist() == [True]
    assert answered([closed], closed).uptake == pytest.approx([3.0, 0.0])


def test_at_the_very_edge_a_target_is_asked_for_a_little_less() -> None:
    system = small_system(
        [10.0, 10.0], [[1.0, 0.0], [0.0, 1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [0.4, 0.5]
    )
    problem = build_least_cost(system, 0, total_targets(system, [5.0, 8.0]))
    # One try of all, two solves for what can be met, and the third for the cheapest mix.
    plain, edged = answered([problem], problem), answered([problem], problem, 2)
    assert plain.reached.tolist() == edged.reached.tolist() == [False, True]
    assert plain.uptake == pytest.approx([0.0, 2.0], abs=1e-12)
    assert edged.uptake == pytest.approx([0.0, 2.0], rel=1e-7, abs=1e-6)
    assert edged.uptake[1] < plain.uptake[1]


def test_the_part_that_is_not_bought_is_one_of_what_is_possible() -> None:
    problem = problem_of(8.0)
    program = pack(problem)
    unit = program.excess_unit
    assert unit.tolist() == [12.0]
    gap = np.array([3.0]) / unit
    assert with_margin(problem, program, gap, 0.1) * unit == pytest.approx([3.0 + 0.9])
    assert with_margin(problem, program, np.zeros(1), 0.1).tolist() == [0.0]
    # nothing is possible: nothing is left
    assert with_margin(problem, program, np.array([13.0]) / unit, 0.1) * unit == pytest.approx(
        [13.0]
    )


def test_bounds_that_cross_are_refused_by_name() -> None:
    system = two_filters()
    groups = replace(system.groups, new_only=np.array([True, False]))
    recent = np.full((2, 1, 1), 5.0)
    system = replace(system, groups=groups, recent=recent)
    floor = np.array([2.0, 0.0])  # 0.4 of 5 new units are 2
    require_consistent(system, problem_of(14.0, system, floor=floor))
    with pytest.raises(InfeasibleError, match="contradict each other: measure-0"):
        require_consistent(system, problem_of(14.0, system, floor=floor + 0.1))


def test_what_must_be_done_is_paid_for_at_its_cheapest() -> None:
    """A floor of 1 and 2; at least 3.5 of both, of which the cheaper could do 2.5 more."""
    system = two_filters()
    bound = Bound("ab", np.array([0, 1]), 3.5, np.inf, False)

    def least(budget: float, *bounds: Bound, floor: tuple[float, float] = (1.0, 2.0)) -> LeastCost:
        rows = planner_rows(PlannerLimits(budget=budget, bounds=bounds), system, 0)
        return problem_of(20.0, extra=rows, floor=np.array(floor))

    assert mandatory_cost(least(np.inf)) == pytest.approx(70.0)
    assert mandatory_cost(least(np.inf, bound)) == pytest.approx(70.0 + 0.5 * 10.0)
    assert mandatory_cost(least(np.inf, bound, bound)) == pytest.approx(75.0)
    assert mandatory_cost(least(np.inf, bound, floor=(2.0, 2.0))) == pytest.approx(80.0)
    require_budget(least(75.0, bound), "yuan")
    with pytest.raises(InfeasibleError, match="below the cost") as told:
        require_budget(least(74.9, bound), "yuan")
    assert told.value.family == "budget"
    blocks = [least(np.inf, bound), least(np.inf)]
    require_total_budget(blocks, 145.0, "yuan")
    require_total_budget(blocks, np.inf, "yuan")
    with pytest.raises(InfeasibleError, match="below the cost") as told:
        require_total_budget(blocks, 144.9, "yuan")
    assert told.value.family == "total-budget"


def test_limits_that_are_not_in_the_way_are_not_blamed() -> None:
    """B must take 5 t for 150, A may not: the budget and the bound are; of gas there is enough."""
    system = two_filters()
    limits = PlannerLimits(
        budget=100.0,
        bounds=(Bound("b", np.array([1]), 0.5, np.inf, True),),
        resources=(Resource("gas", 1e6, np.array([0, 1]), np.ones(2)),),
    )
    problem = problem_of(20.0, extra=planner_rows(limits, system, 0))
    with pytest.raises(InfeasibleError) as told:
        answer_problem(problem)
    assert told.value.message.text().endswith(
        "it would without: budget (budget); bounds (measure-1 @ source-1)."
    )
    assert told.value.family == "budget"


def test_the_projection_is_held_against_what_is_claimed() -> None:
    system = two_filters()
    targets = total_targets(system, [14.0], constant=5.0)
    uptake = np.array([4.0, 2.0])
    assert reprojection_gap(system, 0, targets, uptake, np.array([19.0])) == 0.0
    # of 25 t without the mix
    assert reprojection_gap(system, 0, targets, uptake, np.array([21.0])) == pytest.approx(2 / 25)
    assert reprojection_gap(system, 0, targets, -uptake, np.array([30.0])) == pytest.approx(1 / 31)
    none = total_targets(system, [])
    assert reprojection_gap(system, 0, none, uptake, np.zeros(0)) == 0.0


def test_an_answer_that_breaks_a_hard_limit_is_refused() -> None:
    problem = problem_of(14.0)
    program = pack(problem)
    live = Live(problem, program, Session(program))
    assert live.limits().tolist() == [14.0]
    live.require_kept(np.array([14.0]))
    live.require_kept(14.0 + live.tolerance())
    with pytest.raises(NumericalError, match=r"residual 1\.0e-06"):
        live.require_kept(np.array([14.0 + 1e-6]))
    soft = replace(program, hard=np.array([False]))
    Live(problem, soft, live.session).require_kept(np.array([99.0]))


def test_one_row_and_all_of_them_are_the_same_to_both_ways_to_the_solver() -> None:
    problem = problem_of(14.0)
    program = pack(problem)
    row = int(program.target[0])
    for session in (
        Session(program),
        formulation.ModelSession(program, Options(), problem),
    ):
        first = session.solve().objective * program.cost_scale
        # 3 t less than the limit, at which the row stands at nothing: all that there is.
        session.set_row(row, -np.inf, -3.0 / program.row_scale[row])
        second = session.solve().objective * program.cost_scale
        assert (first, second) == pytest.approx((100.0, 190.0))
        assert program.row_upper[row] == 0.0


def test_what_the_solver_refuses_is_not_passed_over() -> None:
    highs.require_good(SimpleNamespace(name="kOk"))
    highs.require_good(SimpleNamespace(name="kWarning"))
    with pytest.raises(RuntimeError, match="refused"):
        highs.require_good(SimpleNamespace(name="kError"))
    solver = SimpleNamespace(
        passModel=lambda *_: SimpleNamespace(name="kOk"), getNumCol=lambda: 1, getNumRow=lambda: 5
    )
    with pytest.raises(RuntimeError, match="holds 1 columns, expected 4"):
        highs.pass_program(solver, pack(problem_of(14.0)))


def test_the_mix_for_what_is_possible_at_the_very_edge() -> None:
    answer = least_cost(two_filters(), 0, total_targets(two_filters(), [11.0]))
    assert answer.diagnosis is None
    assert answer.uptake == pytest.approx([4.0, 5.0])


def test_the_share_that_can_be_had_at_once_is_told_up_to_a_hundred_times() -> None:
    """9 t can go."""
    shares = [
        least_cost(two_filters(), 0, total_targets(two_filters(), [20.0 - need])).joint_share
        for need in (0.0, 0.01, 0.5, 12.0)
    ]
    assert shares == pytest.approx([np.inf, 100.0, 18.0, 0.75])
    none = least_cost(two_filters(), 0, total_targets(two_filters(), []))
    assert none.joint_share == np.inf


def test_limits_that_hold_a_target_are_told_with_what_more_of_them_would_bring() -> None:
    """5 t and 4 t can go; with the second forbidden, that it is worth its 5 t as well."""
    system = two_filters()
    answer = least_cost(system, 0, total_targets(system, [8.0]))
    assert answer.diagnosis is not None
    assert [(b.family, b.name.text(), b.gain, b.worth) for b in answer.diagnosis.binding[0]] == [
        ("reach", "measure-1 @ source-1", pytest.approx(1.0), pytest.approx(5.0)),
        ("reach", "measure-0 @ source-0", pytest.approx(1.0), pytest.approx(4.0)),
    ]
    forbidden = PlannerLimits(bounds=(Bound("b", np.array([1]), 0.0, 0.0, True),))
    held = least_cost(
        system, 0, total_targets(system, [8.0]), extra=planner_rows(forbidden, system, 0)
    ).diagnosis
    assert held is not None
    assert [(b.family, b.gain, b.worth) for b in held.binding[0]] == [
        ("bounds", pytest.approx(1.0), pytest.approx(5.0)),
        ("reach", pytest.approx(1.0), pytest.approx(4.0)),
    ]
    assert held.held_by(0) == held.binding[0]
    assert held.held_by(1) == ()


def test_what_holds_targets_together_counts_in_shares_of_what_is_needed() -> None:
    """10 units can be rid of NOx or of VOC, 6 t of each are needed: one more is a twelfth."""
    system = small_system(
        [10.0, 0.0, 0.0],
        [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]],
        [(0, 0, 1, 1.0), (1, 0, 2, 1.0)],
        [1.0, 1.0],
        [0, 0, 0],
    )
    found = least_cost(system, 0, total_targets(system, [4.0, 4.0])).diagnosis
    assert found is not None
    (limit,) = found.binding[None]
    assert (limit.family, limit.gain, limit.worth) == (
        "states",
        pytest.approx(1 / 12),
        pytest.approx(10 / 12),
    )
    assert found.held_by(0) == (limit,)


def test_at_most_ten_limits_are_told_of_a_target() -> None:
    n = 12
    system = small_system(
        [10.0] * n, [[1.0]] * n, [(g, g, -1, 1.0) for g in range(n)], [0.9] * 11 + [1e-9]
    )
    found = least_cost(system, 0, total_targets(system, [1.0])).diagnosis
    assert found is not None
    # of equal worth those that come first by name
    assert [b.name.text() for b in found.binding[0]] == sorted(
        f"measure-{g} @ source-{g}" for g in range(11)
    )[:10]


def test_moves_that_change_with_a_limit_are_told_largest_first_and_equal_ones_by_name() -> None:
    """A chain to the last state: half of what one t less takes is the second step's."""
    system = small_system(
        [10.0, 0.0, 0.0],
        [[4.0], [3.0], [0.0]],
        [(1, 0, 1, 1.0), (0, 1, 2, 1.0)],
        [1.0, 1.0],
        [0, 0, 0],
    )
    system = replace(system, states=replace(system.states, technology=("a", "a", "b")))
    (target,) = least_cost(system, 0, total_targets(system, [20.0])).targets
    assert target.marginal == (1, 0)
    assert target.shadow_price == pytest.approx(0.5)
    even = replace(system, factor=np.array([[4.0], [2.0], [0.0]])[:, :, None])
    (target,) = least_cost(even, 0, total_targets(even, [20.0])).targets
    assert target.marginal == (1, 0)


@pytest.mark.parametrize(
    ("limit", "value", "tighter", "looser", "binds"),
    [
        (14.0, 14.0, 30.0, 30.0, True),
        (16.0, 16.0, 30.0, 10.0, True),  # all of the first, none of the second
        (11.0, 11.0, np.inf, 30.0, True),  # all that there is
        (20.0, 20.0, 10.0, 0.0, True),
        (25.0, 20.0, 0.0, 0.0, False),
    ],
)
def test_every_field_of_a_target_by_hand(
    limit: float, value: float, tighter: float, looser: float, binds: bool
) -> None:
    (found,) = least_cost(two_filters(), 0, total_targets(two_filters(), [limit])).targets
    assert (found.id, found.unit, found.price_unit) == ("NOx-total", "t", "yuan/a/(t)")
    assert (found.baseline, found.limit, found.max_feasible) == (20.0, limit, pytest.approx(11.0))
    assert (found.value, found.slack) == pytest.approx((value, limit - value), abs=1e-9)
    assert (found.met, found.binding) == (True, binds)
    assert (found.price_tighter, found.price_looser) == pytest.approx((tighter, looser))
    assert found.shadow_price == pytest.approx(looser if np.isinf(tighter) else tighter)
    assert (found.excess_price, found.excess, found.excess_cost) == (np.inf, 0.0, 0.0)


def test_what_is_only_watched_costs_no_excess() -> None:
    targets = replace(total_targets(two_filters(), [14.0]), price=np.array([5.0]))
    paid = least_cost(two_filters(), 0, targets)
    assert (paid.targets[0].excess_price, paid.targets[0].met) == (5.0, False)
    assert paid.targets[0].excess == pytest.approx(6.0)
    assert paid.penalty == paid.targets[0].excess_cost == pytest.approx(30.0)
    watched = least_cost(two_filters(), 0, replace(targets, enforced=np.array([False])))
    assert (watched.targets[0].excess_price, watched.targets[0].met) == (np.inf, False)
    assert (watched.targets[0].excess, watched.penalty) == (pytest.approx(6.0), 0.0)
    assert (watched.exit_code, watched.is_beyond(0), watched.held_by(0)) == (0, False, ())
    beyond = least_cost(two_filters(), 0, total_targets(two_filters(), [8.0]))
    assert (beyond.exit_code, beyond.is_beyond(0), beyond.is_beyond(1)) == (3, True, False)


def test_what_a_soft_target_is_missed_by_takes_no_room_from_a_hard_one() -> None:
    """10 units can be rid of NOx or of VOC: 8 t of NOx must, 4 t of VOC at 0.5 each; PM stays."""
    system = small_system(
        [10.0, 0.0, 0.0, 10.0],
        [[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
        [(0, 0, 1, 1.0), (1, 0, 2, 1.0)],
        [1.0, 1.0],
        [0, 0, 0, 1],
    )
    targets = replace(total_targets(system, [2.0, 6.0, 5.0]), price=np.array([np.inf, 0.5, np.inf]))
    problem = build_least_cost(system, 0, targets)
    found = answered([problem], problem)
    assert found.reached.tolist() == [True, True, False]
    assert found.uptake == pytest.approx([8.0, 0.0])
    assert found.cost == pytest.approx(8.0)


def test_names_weigh_between_one_and_two_whatever_stands_beside_them() -> None:
    weights = _name_weights(of_ids(["b", "a", "b"]))
    # the checksums of "a" and "b" in CRC-32, of 2 ** 32
    assert weights.tolist() == [
        1 + 0x71BEEFF9 / 2**32,
        1 + 0xE8B7BE43 / 2**32,
        1 + 0x71BEEFF9 / 2**32,
    ]
