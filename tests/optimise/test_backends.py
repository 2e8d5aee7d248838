"""Pyomo and arrays into HiGHS read the same blocks and give the same answers."""

from dataclasses import replace

import numpy as np
import pytest

from lantian.names import of_ids
from lantian.optimise.problem.coefficients import LeastCost, build_least_cost, make_rows
from lantian.optimise.problem.program import pack
from lantian.optimise.solve import formulation, highs
from lantian.optimise.solve.check import excludes_all, residuals
from lantian.optimise.status import InfeasibleError, NumericalError, TimeLimitError, UnboundedError
from optimise.conftest import random_system, reachable_limits, small_system, total_targets
from support.models import solve_model


def problem(seed: int, share: float = 0.8) -> LeastCost:
    system = random_system(seed, unknown=0.1)
    return build_least_cost(system, 0, total_targets(system, reachable_limits(system, share)))


@pytest.mark.parametrize("seed", range(6))
def test_same_optimum_and_prices(seed: int) -> None:
    blocks = problem(seed)
    direct = highs.solve(blocks)
    pyomo = solve_model(formulation.build_model(blocks), blocks)
    assert pyomo.objective == pytest.approx(direct.objective, rel=1e-9)
    size = max(abs(direct.duals["targets"]).max(), 1e-12)
    np.testing.assert_allclose(
        pyomo.duals["targets"], direct.duals["targets"], rtol=1e-6, atol=1e-9 * size
    )
    # Paths through package states may differ; what happens to the states may not.
    for name in ("reach", "targets"):
        rows = blocks.families[name]
        a, b = rows.times(pyomo.uptake), rows.times(direct.uptake)
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6 * abs(b).max())


def test_same_uptake_and_reduced_costs_where_unique() -> None:
    system = small_system(
        activity=[100, 0, 50, 0],
        factor=[[2.0], [0.5], [4.0], [1.0]],
        moves=[(0, 0, 1, 300.0), (1, 2, 3, 900.0)],
        reach=[0.6, 1.0],
        source=[0, 0, 1, 1],
    )
    blocks = build_least_cost(system, 0, total_targets(system, [280.0]))
    direct = highs.solve(blocks)
    pyomo = solve_model(formulation.build_model(blocks), blocks)
    np.testing.assert_allclose(pyomo.uptake, direct.uptake, rtol=1e-9)
    np.testing.assert_allclose(pyomo.reduced_cost, direct.reduced_cost, atol=1e-9)
    for name in blocks.families:
        np.testing.assert_allclose(pyomo.duals[name], direct.duals[name], rtol=1e-6, atol=1e-9)


def test_pyomo_says_when_there_is_no_solution() -> None:
    system = small_system([9.0, 0.0], [[2.0], [1.0]], [(0, 0, 1, 4.0)], [0.5])
    blocks = build_least_cost(system, 0, total_targets(system, [1.0]))
    with pytest.raises(InfeasibleError):
        solve_model(formulation.build_model(blocks), blocks)
    with pytest.raises(InfeasibleError):
        highs.solve(blocks)


@pytest.mark.parametrize("seed", range(6))
def test_a_warm_start_gives_the_cold_answer(seed: int) -> None:
    program = pack(problem(seed))
    session = highs.Session(program)
    session.solve()
    upper = program.row_upper.copy()
    upper[program.target] *= 0.99
    session.set_rows(program.row_lower, upper)
    warm = session.solve()
    session.forget()
    assert session.solve().objective == pytest.approx(warm.objective, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_presolve_changes_nothing(seed: int) -> None:
    blocks = problem(seed)
    with_presolve = highs.solve(blocks, highs.Options(presolve=True))
    assert with_presolve.objective == pytest.approx(highs.solve(blocks).objective, rel=1e-9)


def test_the_check_sees_wrong_answers() -> None:
    program = pack(problem(1))
    vertex = highs.Session(program).solve()
    system = (program.cost, (program.lower, program.upper), program.matrix)
    limits = (program.row_lower, program.row_upper)
    assert residuals(*system, limits, vertex.x, vertex.price).largest < 1e-12
    lazy = residuals(*system, limits, np.where(program.upper > 0, 0.0, vertex.x), vertex.price)
    assert lazy.primal > 1e-3
    assert residuals(*system, limits, vertex.x, -vertex.price).dual > 1e-3
    assert residuals(*system, limits, vertex.x, 0 * vertex.price).largest > 1e-3
    dear = residuals(*system, limits, 0.5 * (vertex.x + program.upper), vertex.price)
    assert dear.complementarity > 1e-3
    assert dear.gap > 1e-3


def test_a_wrong_answer_is_solved_again_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    session = highs.Session(pack(problem(2)))
    honest, calls = highs.residuals, []

    def suspicious(*args: object) -> object:
        calls.append(1)
        found = honest(*args)  # type: ignore[arg-type]
        return replace(found, gap=1.0) if len(calls) == 1 else found

    monkeypatch.setattr(highs, "residuals", suspicious)
    vertex = session.solve()
    assert vertex.restarted
    assert session.restarts == 1
    assert vertex.residuals.largest < 1e-9


def test_an_answer_that_stays_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    session = highs.Session(pack(problem(2)))
    honest = highs.residuals
    monkeypatch.setattr(highs, "residuals", lambda *a: replace(honest(*a), gap=np.nan))
    with pytest.raises(NumericalError, match="could not be verified"):
        session.solve()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("Infeasible", InfeasibleError),
        ("Unbounded", UnboundedError),
        ("Time limit reached", TimeLimitError),
        ("Solve error", NumericalError),
    ],
)
def test_each_end_has_its_own_error(status: str, error: type[Exception]) -> None:
    assert type(highs.failure(status, highs.Options())) is error


def test_unbounded_is_told_apart() -> None:
    program = pack(problem(0))
    session = highs.Session(program)
    session.set_columns(program.lower, np.full_like(program.upper, np.inf))
    session.set_rows(
        np.full_like(program.row_lower, -np.inf), np.full_like(program.row_upper, np.inf)
    )
    session.set_cost(-np.ones_like(program.cost))
    with pytest.raises(UnboundedError, match="without limit"):
        session.solve()


def test_scaled_coefficients_stay_within_a_few_orders_of_magnitude() -> None:
    program = pack(problem(3))
    moved = program.matrix.column < len(program.moves)
    largest = np.zeros(program.matrix.shape[0])
    np.maximum.at(largest, program.matrix.row[moved], abs(program.matrix.value[moved]))
    assert largest.max() <= 1
    assert np.frexp(program.column_scale)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(6))
def test_out_of_reach_is_proven_without_a_second_solve(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every road of the solver ends: what is proven needs no other."""
    blocks = problem(seed)
    program = pack(blocks)
    session = highs.Session(program)
    best = blocks.base - 2.0 * np.abs(blocks.base)
    upper = program.row_upper.copy()
    upper[program.target] = best / program.row_scale[program.target]
    shut = program.upper.copy()
    shut[program.excess] = 0.0
    session.set_columns(program.lower, shut)
    session.set_rows(program.row_lower, upper)

    def no_other_road() -> highs.Vertex:
        raise NumericalError("Solve error")

    monkeypatch.setattr(session, "_second_attempt", no_other_road)
    with pytest.raises(InfeasibleError):
        session.solve()


@pytest.mark.parametrize("seed", range(20))
def test_prices_prove_nothing_about_a_feasible_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    program = pack(problem(seed % 6))
    matrix, x = program.matrix, rng.normal(size=len(program.cost))
    inside, width = matrix.times(x), rng.random((2, len(program.row_lower)))
    bounds = (np.where(rng.random(len(x)) < 0.3, -np.inf, x), x + (rng.random(len(x)) < 0.5))
    limits = (inside - width[0], np.where(rng.random(len(inside)) < 0.3, np.inf, inside))
    price = rng.normal(size=(50, len(inside))) * (rng.random((50, len(inside))) < 0.1)
    assert not any(excludes_all(bounds, matrix, limits, own) for own in price)
    # The same prices exclude everything once what they add up to is asked to be more than it is.
    for own in price:
        least = float(own @ inside)
        paid, _ = matrix.transposed_sums(own)
        ends = (np.where(paid > 0, x, -np.inf), np.where(paid < 0, x, np.inf))
        low = np.where(own > 0, -np.inf, inside + 1.0)
        high = np.where(own > 0, inside - 1.0, np.inf)
        assert least == 0.0 or excludes_all(ends, matrix, (low, high), own)


def test_the_readable_model_holds_every_bound_and_limit() -> None:
    """A row without a limit is no constraint, one without a term holds or does not."""
    system = small_system(
        [10.0, 10.0], [[1.0, 1.0]] * 2, [(0, 0, -1, 10.0), (1, 1, -1, np.nan)], [0.4, 0.5]
    )
    targets = replace(total_targets(system, [14.0, 12.0]), price=np.array([np.inf, 7.0]))
    row, column = np.array([2, 3]), np.array([0, 1])
    rows = make_rows(
        of_ids(["open", "empty", "both", "least"]),
        row,
        column,
        np.array([2.0, 3.0]),
        np.array([-np.inf, -1.0, 1.0, 2.0]),
        np.array([np.inf, 1.0, 5.0, np.inf]),
    )
    committed = np.array([0.0, 1.5])
    problem = build_least_cost(system, 0, targets, committed=committed, extra={"user": rows})
    model = formulation.build_model(problem)
    first, second = model.uptake.values()
    assert (first.lb, first.ub, second.lb, second.ub) == (0.0, None, 1.5, 1.5)
    first.value, second.value = 3.0, 1.5
    assert "open" not in model.user
    own = [model.user[name] for name in ("both", "least")]
    assert [(c.lb, c.body(), c.ub) for c in own] == [(1.0, 6.0, 5.0), (2.0, 4.5, None)]
    assert list(model.excess) == ["VOC-total"]
    model.excess["VOC-total"].value = 2.5
    assert model.excess["VOC-total"].lb == 0.0
    # 10 of uptake and 7 of excess; 8 t of VOC must go, 4.5 do, 2.5 are let
    assert model.cost() == pytest.approx(30.0 + 17.5)
    assert [(c.body(), c.ub) for c in model.targets.values()] == [(-4.5, -6.0), (-7.0, -8.0)]
    impossible = replace(rows, lower=np.array([-np.inf, 0.5, 1.0, 2.0]))
    for own, holds in ((rows, True), (impossible, False)):
        empty = formulation.build_model(replace(problem, extra={"user": own})).user["empty"]
        assert (empty.body() <= empty.ub) == holds
