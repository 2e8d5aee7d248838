"""The scaled program: unscaled it is the problem, and its scales are what they should be."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import LeastCost, Rows, build_least_cost
from lantian.optimise.problem.program import (
    BOX,
    SMALL_NEED,
    Matrix,
    Program,
    fits,
    frame_of,
    needed_reduction,
    pack,
    power_of_two,
    row_of,
    with_moves,
)
from lantian.optimise.solve.highs import Session, balanced
from optimise.conftest import random_system, reachable_limits, small_system, total_targets


def dense(row: Array, column: Array, value: Array, shape: tuple[int, int]) -> Array:
    found = np.zeros(shape)
    np.add.at(found, (row, column), value)
    return found


def of_rows(rows: Rows, columns: int) -> Array:
    return dense(rows.row, rows.column, rows.value, (len(rows), columns))


def of_matrix(matrix: Matrix) -> Array:
    return dense(matrix.row, matrix.column, matrix.value, matrix.shape)


def problem_of(seed: int, share: float = 0.5) -> LeastCost:
    system = random_system(seed)
    limits = reachable_limits(system, share)
    targets = total_targets(system, [limits[0], np.inf])
    price = np.array([np.inf, 7.0])
    return build_least_cost(system, 0, replace(targets, price=price))


def unscaled(program: Program) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Matrix, cost, bounds of the columns and limits of the rows in the units of the problem."""
    rows, columns = program.row_scale, program.column_scale
    return (
        of_matrix(program.matrix) * rows[:, None] / columns,
        program.cost * program.cost_scale / columns,
        program.lower * columns,
        program.upper * columns,
        program.row_lower * rows,
        program.row_upper * rows,
    )


def expected_matrix(problem: LeastCost, program: Program) -> Array:
    n, n_targets = len(problem.variables), len(problem.targets)
    families = [of_rows(rows, n) for rows in problem.families.values()]
    more = [np.zeros((len(own), 1 + n_targets)) for own in families]
    need = np.maximum(-problem.targets.upper, 0.0)
    more[-1] = np.column_stack([need, -np.diag(program.excess_unit)])
    stacked = np.vstack([np.hstack(pair) for pair in zip(families, more, strict=True)])
    kept = np.r_[program.moves, np.arange(n, n + 1 + n_targets)]
    return stacked[np.ix_(program.rows, kept)]


@pytest.mark.parametrize("seed", range(3))
def test_unscaled_it_is_the_problem(seed: int) -> None:
    problem = problem_of(seed)
    program, variables = pack(problem), problem.variables
    n, n_targets = len(program.moves), len(problem.targets)
    matrix, cost, lower, upper, row_lower, row_upper = unscaled(program)
    np.testing.assert_allclose(matrix, expected_matrix(problem, program), rtol=1e-12)
    # Soft targets pay for their excess; the share of the needed reductions is free.
    assert cost[:n] == pytest.approx(variables.cost[program.moves], rel=1e-12)
    assert cost[n:] == pytest.approx([0.0, 0.0, 7.0 * program.excess_unit[1]])
    assert lower.tolist() == [*variables.lower[program.moves], 1.0, *[0.0] * n_targets]
    capacity = variables.capacity[program.moves]
    boxed = np.minimum(variables.upper[program.moves], BOX * capacity)
    assert upper.tolist() == [*boxed, 1.0, 0.0, np.inf]
    low, high = (
        np.concatenate([getattr(rows, end) for rows in problem.families.values()])[program.rows]
        for end in ("lower", "upper")
    )
    high[program.target] = np.maximum(high[program.target], 0.0)
    assert row_lower == pytest.approx(low, rel=1e-12)
    assert row_upper == pytest.approx(high, rel=1e-12)
    assert (program.share, program.excess.tolist()) == (n, [n + 1, n + 2])
    assert program.target.tolist() == [len(program.rows) - 2, len(program.rows) - 1]
    assert program.hard.tolist() == [True, False]


@pytest.mark.parametrize("seed", range(3))
def test_scales_are_powers_of_two_that_bring_all_near_one(seed: int) -> None:
    program = pack(problem_of(seed))
    for scale in (program.column_scale, program.row_scale, [program.cost_scale]):
        assert (np.frexp(scale)[0] == 0.5).all()
    size = np.abs(of_matrix(program.matrix))
    largest = size.max(axis=1)[size.any(axis=1)]
    assert (largest >= 0.5).all()
    assert (largest < 1.0).all()
    costs = np.abs(program.cost[program.cost != 0])
    assert 0.5 <= np.exp(np.log(costs).mean()) < 1.0
    capacity = problem_of(seed).variables.capacity[program.moves]
    n = len(program.moves)
    assert (capacity < program.column_scale[:n]).all()
    assert (capacity >= program.column_scale[:n] / 2).all()
    assert (program.column_scale[n:] == 1.0).all()


def test_a_firm_target_is_asked_for_in_full_and_a_watched_one_needs_nothing() -> None:
    system = small_system([10.0], [[1.0, 2.0]], [(0, 0, -1, 3.0)], [1.0])
    targets = total_targets(system, [4.0, 30.0])
    problem = build_least_cost(system, 0, targets)
    assert needed_reduction(problem).tolist() == [6.0, 0.0]
    # what it needs, or a thousandth of the larger of value and limit
    assert pack(problem).excess_unit == pytest.approx([6.0, 30.0 * SMALL_NEED])
    firm = replace(problem, firm=np.array([True, False]))
    assert needed_reduction(firm).tolist() == [0.0, 0.0]
    found = unscaled(pack(firm))
    assert found[5][-2:].tolist() == [-6.0, 10.0]
    assert found[0][-2].tolist() == [-1.0, 0.0, -10.0 * SMALL_NEED, 0.0]
    watched = build_least_cost(system, 0, total_targets(system, [np.inf, np.nan]))
    assert needed_reduction(watched).tolist() == [0.0, 0.0]
    assert pack(watched).excess_unit == pytest.approx([10.0 * SMALL_NEED, 20.0 * SMALL_NEED])
    nothing = small_system([10.0], [[0.0]], [(0, 0, -1, 3.0)], [1.0])
    of_nothing = build_least_cost(nothing, 0, total_targets(nothing, [np.inf]))
    assert pack(of_nothing).excess_unit.tolist() == [SMALL_NEED]
    # what rounding leaves above a limit is no need
    met = build_least_cost(system, 0, total_targets(system, [10.0 - 1e-13, 20.0]))
    assert needed_reduction(met).tolist() == [0.0, 0.0]


def test_one_frame_holds_problems_of_one_structure() -> None:
    """The second problem has a move that the first has not, and other numbers."""
    moves = [(0, 0, -1, 10.0), (1, 1, -1, 30.0)]
    one, other = (
        build_least_cost(system, 0, total_targets(system, [14.0]))
        for system in (
            small_system([10.0, 10.0], [[1.0], [1.0]], moves, [0.4, 0.0]),
            small_system([99.0, 10.0], [[2.0], [1.0]], moves, [0.4, 0.5]),
        )
    )
    frame = frame_of([one, other])
    assert frame.live.tolist() == [True, True]
    assert frame_of([one]).live.tolist() == [True, False]
    assert [fits(p, frame) for p in (one, other)] == [True, True]
    assert [fits(p, frame_of([one])) for p in (one, other)] == [True, False]
    first, second = pack(one, frame), pack(other, frame)
    for a, b in ((first.rows, second.rows), (first.column_scale, second.column_scale)):
        assert a.tolist() == b.tolist()
    assert first.row_scale.tolist() == second.row_scale.tolist()
    assert first.cost_scale == second.cost_scale == frame.cost_scale
    # the largest capacity of both, 39.6, lies below 64; the cost of the first is its own
    assert frame.column_scale.tolist() == [64.0, 8.0, 1.0, 1.0]
    # states, reach, and the target of the first, whose first unit weighs 1 t and not 2
    assert frame.row_scale.tolist() == [128.0, 16.0, 128.0, 16.0, 128.0]
    for problem, program in ((one, first), (other, second)):
        matrix, cost, *_ = unscaled(program)
        np.testing.assert_allclose(matrix, expected_matrix(problem, program), rtol=1e-12)
        assert cost[:2].tolist() == pytest.approx([10.0, 30.0])


def test_parts_that_do_not_see_one_another_are_a_program_of_their_own() -> None:
    problem = problem_of(1)
    program = pack(problem)
    system = random_system(1)
    source = system.states.source[system.moves.origin][program.moves]
    kept = source != 1
    part = with_moves(program, kept)
    whole, n = of_matrix(program.matrix), len(program.moves)
    columns = np.r_[np.flatnonzero(kept), np.arange(n, n + 3)]
    rows = np.flatnonzero(np.isin(program.rows, part.rows))
    assert np.array_equal(of_matrix(part.matrix), whole[np.ix_(rows, columns)])
    gone = np.setdiff1d(np.arange(len(whole)), rows)
    assert not whole[np.ix_(gone, columns)].any()
    assert of_matrix(part.matrix).any(axis=1).all()
    for name in ("cost", "lower", "upper", "column_scale"):
        assert getattr(part, name).tolist() == getattr(program, name)[columns].tolist()
    for name in ("row_lower", "row_upper", "row_scale", "rows"):
        assert getattr(part, name).tolist() == getattr(program, name)[rows].tolist()
    assert part.moves.tolist() == program.moves[kept].tolist()
    assert part.share == kept.sum()
    assert part.excess.tolist() == [part.share + 1, part.share + 2]
    assert part.rows[part.target].tolist() == program.rows[program.target].tolist()


def test_rows_of_the_problem_are_found_in_the_program() -> None:
    """The second state holds nothing and has no move: its rows are left out."""
    system = small_system([10.0, 0.0], [[1.0]] * 2, [(0, 0, -1, 1.0), (1, 1, -1, 1.0)], [1.0, 1.0])
    problem = build_least_cost(system, 0, total_targets(system, [4.0]))
    program = pack(problem)
    assert program.rows.tolist() == [0, 2, 4]
    found = {f: [row_of(problem, program, f, r) for r in range(len(rows))]
             for f, rows in problem.families.items()}  # fmt: skip
    assert found == {"states": [0, None], "reach": [1, None], "targets": [2]}


def test_powers_of_two_lie_just_above() -> None:
    values = np.array([0.0, -3.0, np.nan, np.inf, 1.0, 0.75, 3.0, 4.0])
    assert power_of_two(values).tolist() == [1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 4.0, 8.0]


def test_products_of_a_sparse_matrix_by_hand() -> None:
    """[[1, -2], [0, 0], [0, 3]]"""
    matrix = Matrix(np.array([0, 0, 2]), np.array([0, 1, 1]), np.array([1.0, -2.0, 3.0]), (3, 2))
    assert matrix.times(np.array([10.0, 1.0])).tolist() == [8.0, 0.0, 3.0]
    assert [own.tolist() for own in matrix.sums(np.array([10.0, 1.0]))] == [
        [8.0, 0.0, 3.0],
        [12.0, 0.0, 3.0],
    ]
    assert [own.tolist() for own in matrix.transposed_sums(np.array([1.0, 9.0, 1.0]))] == [
        [1.0, 1.0],
        [1.0, 5.0],
    ]
    assert [matrix.of_row(r).tolist() for r in range(3)] == [[1.0, -2.0], [0.0, 0.0], [0.0, 3.0]]
    assert matrix.starts().tolist() == [0, 2, 2, 3]
    assert [own.tolist() for own in matrix.filled] == [[0, 2], [0, 2]]
    empty = Matrix(np.zeros(0, int), np.zeros(0, int), np.zeros(0), (2, 1))
    assert [own.tolist() for own in empty.sums(np.ones(1))] == [[0.0, 0.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="sorted"):
        replace(matrix, row=np.array([0, 2, 0])).starts()


def test_costs_are_balanced_by_the_largest() -> None:
    assert balanced(np.array([1.0, -4.0])).tolist() == [0.25, -1.0]
    assert balanced(np.zeros(2)).tolist() == [0.0, 0.0]


def test_one_of_two_moves_alone() -> None:
    """Fewer moves than columns beside them."""
    system = small_system(
        [10.0, 10.0], [[1.0, 2.0]] * 2, [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [0.4, 0.5]
    )
    program = pack(build_least_cost(system, 0, total_targets(system, [18.0, 39.0])))
    part = with_moves(program, np.array([False, True]))
    assert part.moves.tolist() == [1]
    assert len(part.cost) == 4
    assert (part.share, part.excess.tolist()) == (1, [2, 3])
    # 2 t of NOx and 1 t of VOC, by 2 units of the second at 30
    assert Session(part).solve().objective * part.cost_scale == pytest.approx(60.0)
