"""The bound of an optimum holds in exact arithmetic and lies within rounding of its cost."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.core.system import Array
from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.problem.program import Program, pack
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.solve.highs import Session
from lantian.optimise.solve.proof import Proof, prove, safe_bound
from optimise.conftest import random_system, reachable_limits, small_system, total_targets

SEEDS = range(6)


@cache
def random_program(seed: int, price: float | None = None) -> Program:
    system = random_system(seed)
    targets = total_targets(system, reachable_limits(system, 0.8))
    soft = None if price is None else np.full(len(targets), price)
    return pack(build_least_cost(system, 0, replace(targets, price=soft)))


def exact_bound(program: Program, price: Array) -> Fraction:
    """The dual function of the program in fractions; columns are bounded, prices have one sign."""
    reduced = [Fraction(c) for c in program.cost.tolist()]
    matrix = program.matrix
    for r, j, a in zip(
        matrix.row.tolist(), matrix.column.tolist(), matrix.value.tolist(), strict=True
    ):
        reduced[j] -= Fraction(a) * Fraction(float(price[r]))
    total = sum(
        (
            min(d * Fraction(low), d * Fraction(high))
            for d, low, high in zip(
                reduced, program.lower.tolist(), program.upper.tolist(), strict=True
            )
        ),
        Fraction(0),
    )
    for y, low, high in zip(
        price.tolist(), program.row_lower.tolist(), program.row_upper.tolist(), strict=True
    ):
        if y:
            total += Fraction(y) * Fraction(low if y > 0 else high)
    return total


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_holds_in_exact_arithmetic(seed: int) -> None:
    program = random_program(seed)
    vertex = Session(program).solve()
    price = np.where(np.isfinite(program.row_upper), vertex.price, np.maximum(vertex.price, 0.0))
    price = np.where(np.isfinite(program.row_lower), price, np.minimum(price, 0.0))
    exact = exact_bound(program, price)
    bound = safe_bound(program, vertex.price)
    assert Fraction(bound) <= exact
    assert float(exact - Fraction(bound)) <= 1e-11 * abs(vertex.objective)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_is_within_rounding_of_the_cost(seed: int) -> None:
    program = random_program(seed)
    vertex = Session(program).solve()
    proof = prove(program, vertex.x, vertex.price)
    assert 0 <= proof.gap < 1e-11
    assert proof.cost == pytest.approx(vertex.objective * program.cost_scale, rel=1e-15)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 5),
    st.integers(0, 10**6),
    st.floats(0.0, 10.0),
    st.sampled_from([None, 1e3, 1e5, 1e7]),
)
def test_no_prices_give_a_bound_above_the_optimum(
    seed: int, noise: int, size: float, soft: float | None
) -> None:
    program = random_program(seed, soft)
    best = Session(program).solve()
    shift = np.random.default_rng(noise).normal(0.0, size, len(best.price))
    wrong = best.price * (1 + shift) + shift
    assert safe_bound(program, wrong) <= best.objective + 1e-9 * abs(best.objective)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("price", [1e3, 1e5, 1e7])
def test_the_excess_of_soft_targets_is_bounded(seed: int, price: float) -> None:
    program = random_program(seed, price)
    assert np.isinf(program.upper[program.excess]).all()
    vertex = Session(program).solve()
    proof = prove(program, vertex.x, vertex.price)
    assert 0 <= proof.gap < 1e-9


def test_a_bound_by_hand() -> None:
    # 10 units at 2 t, clean at 1 t for 5 yuan: 4 t less cost 20 yuan; a price of 4 yuan/t bounds
    # them by 16 yuan, a price of 6 yuan/t by 24 less the 10 that all ten units would earn at it.
    system = small_system([10.0, 0.0], [[2.0], [1.0]], [(0, 0, 1, 5.0)], [1.0], source=[0, 0])
    answer = least_cost(system, 0, total_targets(system, [16.0]))
    assert answer.proof.cost == pytest.approx(20.0)
    assert answer.proof.bound == pytest.approx(20.0)
    program = answer.solved.program
    unit = program.row_scale[program.target[0]] / program.cost_scale
    for price, bound in ((4.0, 16.0), (6.0, 14.0)):
        prices = np.zeros(len(program.row_lower))
        prices[program.target] = -price * unit
        # Columns may be boxed a little above what reach lets them be: 12.5 in place of 10 units.
        boxed = bound if price < 5 else 24.0 - 12.5
        assert safe_bound(program, prices) * program.cost_scale == pytest.approx(boxed)


def test_what_nothing_bounds_has_no_bound() -> None:
    program = random_program(0)
    boundless = replace(program, cost=-program.cost, upper=np.full_like(program.upper, np.inf))
    assert safe_bound(boundless, np.zeros(len(program.row_lower))) == -np.inf


def test_nothing_costs_nothing() -> None:
    assert Proof(0.0, 0.0, 0.0).gap == 0.0


@pytest.mark.parametrize("soft", [None, 1e5])
def test_prices_of_sides_without_a_limit_are_worth_nothing(soft: float | None) -> None:
    program = random_program(0, soft)
    best = Session(program).solve().price
    below, above = np.isneginf(program.row_lower), np.isposinf(program.row_upper)
    assert below.any()
    assert above.any()
    held = safe_bound(program, np.where(below, np.minimum(best, 0.0), np.maximum(best, 0.0)))
    wrong = np.where(below & (best >= 0.0), 0.5, np.where(above & (best <= 0.0), -0.5, best))
    assert safe_bound(program, wrong) == held


def test_a_bound_of_a_soft_target_by_hand() -> None:
    """10 t, of which 6 are too many: each costs 3 to cut and 2 to exceed, 12 in all."""
    system = small_system([10.0], [[1.0]], [(0, 0, -1, 3.0)], [1.0])
    targets = replace(total_targets(system, [4.0]), price=np.array([2.0]))
    program = pack(build_least_cost(system, 0, targets))
    row = program.target[0]

    def bound(price: float) -> float:
        prices = np.zeros(len(program.row_lower))
        prices[row] = -price * program.row_scale[row] / program.cost_scale
        return safe_bound(program, prices) * program.cost_scale

    # A price of 2 proves 12, one of 1 proves 6. At 2.5 the excess earns 0.5, of 6 t at most.
    assert [bound(p) for p in (0.0, 1.0, 2.0, 2.5)] == pytest.approx([0.0, 6.0, 12.0, 12.0])
    assert Proof(12.0, 11.0, 4.0).gap == 0.25
