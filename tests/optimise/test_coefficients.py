"""The blocks of a least-cost problem, entry by entry."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.seasonal import Monthly, SeasonalGroups, Shift
from lantian.core.system import NOWHERE, System
from lantian.optimise.problem.branches import Branches
from lantian.optimise.problem.coefficients import (
    Rows,
    Targets,
    build_least_cost,
    follower_shares,
    price_unit,
    target_values,
)
from optimise.conftest import small_system, total_targets


def dense(rows: Rows, columns: int) -> list[list[float]]:
    found = np.zeros((len(rows), columns))
    np.add.at(found, (rows.row, rows.column), rows.value)
    return found.tolist()


def three_moves() -> System:
    """Two sources; lorries (2 t) become new (0.5 t) or go to the railway (20 t of freight each)."""
    return small_system(
        activity=[10.0, 4.0, 100.0],
        factor=[[2.0, 1.0], [0.5, 1.0], [0.01, 0.0]],
        moves=[(0, 0, 1, 5.0), (1, 0, 2, 7.0), (2, 1, NOWHERE, np.nan)],
        reach=[0.5, 0.25, 1.0],
        source=[0, 0, 1],
        conversion=[1.0, 20.0, 1.0],
    )


def test_every_entry_by_hand() -> None:
    found = build_least_cost(three_moves(), 0, total_targets(three_moves(), [20.0, np.nan], 3.0))
    # States that something leaves: what is there, less what leaves, and what arrives.
    assert dense(found.states, 3) == [[-1.0, -1.0, 0.0], [1.0, 0.0, -1.0]]
    assert found.states.lower.tolist() == [-10.0, -4.0]
    assert np.isposinf(found.states.upper).all()
    assert dense(found.reach, 3) == np.eye(3).tolist()
    assert found.reach.upper.tolist() == [5.0, 2.5, 4.0]
    assert np.isneginf(found.reach.lower).all()
    # NOx: 0.5 - 2, 20 x 0.01 - 2, -0.5; VOC: 0, -1, -1
    assert dense(found.targets, 3) == [pytest.approx([-1.5, -1.8, -0.5]), [0.0, -1.0, -1.0]]
    assert found.base.tolist() == [3.0 + 20.0 + 2.0 + 1.0, 3.0 + 10.0 + 4.0]
    assert found.targets.upper.tolist() == [-6.0, np.inf]
    assert found.limit.tolist() == [20.0, np.inf]
    assert np.isposinf(found.price).all()
    assert not found.firm.any()
    assert found.variables.cost.tolist() == [5.0, 7.0, 0.0]
    assert found.variables.fixed.tolist() == [False, False, True]
    assert found.variables.lower.tolist() == [0.0, 0.0, 0.0]
    assert found.variables.upper.tolist() == [np.inf, np.inf, 0.0]
    assert found.variables.capacity.tolist() == [5.0, 2.5, 4.0]
    assert list(found.families) == ["states", "reach", "targets"]


def test_what_is_committed_held_closed_and_only_watched() -> None:
    system = three_moves()
    targets = replace(total_targets(system, [20.0, 9.0]), enforced=np.array([False, True]))
    found = build_least_cost(
        system,
        0,
        targets,
        committed=np.array([9.0, 9.0, 1.5]),
        floor=np.array([2.0, 0.5, 9.0]),
        closed=np.array([1]),
    )
    # A move of unknown cost is held as committed; what is not offered stays at its floor.
    assert found.variables.lower.tolist() == [2.0, 0.5, 1.5]
    assert found.variables.upper.tolist() == [np.inf, 0.5, 1.5]
    assert found.targets.upper.tolist() == [np.inf, 9.0 - 14.0]
    assert found.limit.tolist() == [20.0, 9.0]
    below = build_least_cost(system, 0, targets, floor=np.array([0.0, -1.0, 0.0]), closed=[1])  # type: ignore[arg-type]
    assert below.variables.upper[1] == 0.0


def test_moves_from_what_holds_nothing_carry_nothing() -> None:
    """State 1 is filled by a move; state 2 by nothing; a group without reach moves nothing."""
    system = small_system(
        activity=[10.0, 0.0, 0.0, 0.0],
        factor=[[1.0]] * 4,
        moves=[(0, 0, 1, 1.0), (1, 1, 3, 1.0), (2, 2, 3, 1.0), (3, 0, 3, 1.0)],
        reach=[0.5, 1.0, 1.0, 0.0],
        source=[0] * 4,
    )
    # The second group acts on what the first brings: all of the technology counts as eligible.
    system = replace(system, states=replace(system.states, technology=("a", "a", "b", "c")))
    found = build_least_cost(system, 0, total_targets(system, [9.0]))
    assert found.variables.upper.tolist() == [np.inf, np.inf, 0.0, 0.0]
    closed = build_least_cost(system, 0, total_targets(system, [9.0]), closed=np.array([0]))
    assert closed.variables.upper.tolist() == [0.0, np.inf, 0.0, 0.0]


def test_rivals_for_the_new_units_of_a_state_share_them() -> None:
    system = small_system(
        activity=[10.0, 0.0, 0.0, 6.0],
        factor=[[1.0]] * 4,
        moves=[(0, 0, 1, 1.0), (1, 0, 2, 1.0), (2, 3, 2, 1.0), (3, 0, 2, 1.0)],
        reach=[0.5, 1.0, 0.75, 1.0],
        source=[0] * 4,
    )
    groups = replace(system.groups, new_only=np.array([True, True, True, False]))
    recent = np.zeros((4, 1, 1))
    recent[[0, 3], 0, 0] = 4.0, 2.0
    system = replace(system, groups=groups, recent=recent)
    found = build_least_cost(system, 0, total_targets(system, [9.0]))
    assert found.variables.upper.tolist() == [2.0, 4.0, 1.5, np.inf]
    assert found.variables.capacity.tolist() == [2.0, 4.0, 1.5, 10.0]
    rivals = found.extra["new-units"]
    assert dense(rivals, 4) == [[1.0, 1.0, 0.0, 0.0]]
    assert (rivals.lower.tolist(), rivals.upper.tolist()) == ([-np.inf], [4.0])
    alone = replace(system, groups=replace(groups, new_only=np.array([True, False, True, False])))
    assert "new-units" not in build_least_cost(alone, 0, total_targets(system, [9.0])).extra


def road(eligible: float = 10.0) -> System:
    """Lorries, and the dust of their road, which is a technology that is named after them."""
    system = small_system(
        [eligible, 100.0, 50.0],
        [[2.0], [0.05], [0.1]],
        [(0, 0, -1, 30.0), (1, 1, -1, 0.0), (2, 2, -1, 1.0)],
        [0.5, 1.0, 1.0],
    )
    states = replace(system.states, technology=("any", "source-0", "source-0"))
    groups = replace(system.groups, measure=np.array([0, 0, 1]))
    return replace(system, states=states, groups=groups)


def test_what_follows_ends_by_the_share_that_its_leader_ends() -> None:
    system = road()
    assert system.followers.move.tolist() == [1, 2]
    assert system.followers.group.tolist() == [0, -1]
    assert follower_shares(system, 0).tolist() == [10.0, 0.0]
    rows = build_least_cost(system, 0, total_targets(system, [9.0])).extra["follows"]
    # the dust of 100 ends by 10 for each lorry; without a leader nothing ends
    assert dense(rows, 3) == [[-10.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert (rows.lower.tolist(), rows.upper.tolist()) == ([0.0, 0.0], [0.0, 0.0])
    assert follower_shares(road(0.0), 0).tolist() == [0.0, 0.0]


def test_the_activity_of_states_counts_beside_emissions() -> None:
    system = three_moves()
    targets = replace(total_targets(system, [20.0]), activity=np.array([[0.0, 3.0, 0.1]]))
    found = build_least_cost(system, 0, targets)
    # each new lorry counts 3, each unit of freight 0.1
    assert dense(found.targets, 3) == [pytest.approx([3.0 - 1.5, 2.0 - 1.8, -3.5])]
    assert found.base == pytest.approx([23.0 + 12.0 + 10.0])
    values = target_values(
        targets, np.array([[22.0, 14.0], [1.0, 0.0]]), np.array([10.0, 4.0, 100.0])
    )
    assert values == pytest.approx([45.0])
    unseen = replace(targets, weight=np.zeros_like(targets.weight))
    assert dense(build_least_cost(system, 0, unseen).targets, 3) == [
        pytest.approx([3.0, 2.0, -3.0])
    ]


def seasonal_targets(system: System) -> tuple[Targets, Monthly]:
    """NOx of the first of two months, a quarter of each source's year."""
    yearly = np.zeros((2, 2))
    yearly[:, 0] = 1.0
    monthly = Monthly(np.array([1.0, 0.0]), yearly)
    weight = 0.25 * yearly[None]
    return Targets(
        ("m",), weight, np.zeros(1), np.full(1, 4.0), ("t",), monthly=(monthly,)
    ), monthly


def test_what_acts_in_some_months_counts_there_by_its_own_part() -> None:
    system = three_moves()
    targets, _ = seasonal_targets(system)
    by_year = [pytest.approx([-1.5 / 4, -1.8 / 4, -0.5 / 4])]
    assert dense(build_least_cost(system, 0, targets).targets, 3) == by_year
    # the first group does all its work in the first month
    seasonal = replace(system, seasonal=SeasonalGroups({0: np.array([[1.0, 0.0]])}, ()))
    found = build_least_cost(seasonal, 0, targets)
    assert dense(found.targets, 3) == [pytest.approx([-1.5, -1.8 / 4, -0.5 / 4])]
    # of a shift of 2 t of NOx, half more than the source's part lies in the first month
    shift = Shift(np.array([0]), np.array([[[0.5, -0.5]]]), np.array([[[[2.0]], [[9.0]]]]))
    emission = np.array([[22.0, 14.0], [1.0, 0.0]])
    plain = target_values(targets, emission, np.zeros(3))
    assert plain == pytest.approx([23.0 / 4])
    assert target_values(targets, emission, np.zeros(3), [shift]) == pytest.approx([23.0 / 4 + 1.0])


def test_further_rows_of_a_target_have_limits_beside_what_is_there() -> None:
    system = three_moves()
    weight = total_targets(system, [1.0, 1.0]).weight
    branches = Branches(
        target=("a", "a"),
        weight=weight,
        activity=np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        lower=np.array([-np.inf, 5.0]),
        upper=np.array([30.0, np.inf]),
        binaries=("one",),
        choice=np.array([[-3.0], [2.0]]),
        tier=(0, 0),
    )
    targets = replace(total_targets(system, [20.0]), branches=branches)
    found = build_least_cost(system, 0, targets).branches
    assert found is not None
    assert found.rows.names.keys == ("a-1", "a-2")
    assert dense(found.rows, 3) == [pytest.approx([-1.5, -1.8, -0.5]), [1.0, -1.0, -2.0]]
    assert found.rows.lower.tolist() == [-np.inf, 5.0 - 18.0]
    assert found.rows.upper.tolist() == [30.0 - 23.0, np.inf]
    assert found.binaries == ("one",)
    later = replace(branches, tier=(1, 0), monthly=(None, None))
    assert later.up_to(-1) is None
    first = later.up_to(0)
    assert first is not None
    assert (first.target, first.tier, first.monthly) == (("a",), (0,), (None,))
    assert first.activity is not None
    for own, of_all in ((first.weight, weight), (first.activity, branches.activity)):
        assert own.tolist() == of_all[1:].tolist()  # type: ignore[index]
    assert [first.lower.tolist(), first.upper.tolist()] == [[5.0], [np.inf]]
    assert first.choice.tolist() == [[2.0]]
    assert len(later.up_to(1) or ()) == 2


def test_one_target_of_several_is_as_it_was() -> None:
    system = three_moves()
    _, monthly = seasonal_targets(system)
    targets = replace(
        total_targets(system, [20.0, 9.0]),
        price=np.array([1.0, 2.0]),
        activity=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        monthly=(None, monthly),
    )
    one = targets.one(1)
    assert (one.ids, one.limit.tolist(), one.unit) == (("VOC-total",), [9.0], ("t",))
    assert one.weight.tolist() == targets.weight[1:].tolist()
    assert one.price is not None
    assert one.activity is not None
    assert (one.price.tolist(), one.activity.tolist()) == ([2.0], [[0.0, 1.0, 0.0]])
    assert one.monthly == (monthly,)
    plain = total_targets(system, [20.0, 9.0]).one(0)
    assert (plain.price, plain.activity, plain.monthly) == (None, None, ())


def test_arrays_of_another_shape_are_refused() -> None:
    system = three_moves()
    targets = total_targets(system, [20.0])
    with pytest.raises(ValueError, match=r"floor has shape \(2,\), expected \(3,\)"):
        build_least_cost(system, 0, targets, floor=np.zeros(2))
    with pytest.raises(ValueError, match=r"shape \(1, 2, 1\), expected \(1, 2, 2\)"):
        build_least_cost(system, 0, replace(targets, weight=targets.weight[..., :1]))


def test_the_unit_of_a_price() -> None:
    assert price_unit("yuan", "t/a") == "yuan/t"
    assert price_unit("yuan", "ug/m3") == "yuan/a/(ug/m3)"


def test_rows_times_an_uptake() -> None:
    rows = build_least_cost(three_moves(), 0, total_targets(three_moves(), [20.0])).states
    assert rows.times(np.array([1.0, 2.0, 0.5])).tolist() == [-3.0, 0.5]
