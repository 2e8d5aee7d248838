"""Of all mixes the one to regret least: found by hand, and by another solver on random systems."""

import numpy as np
import pytest
from scipy.optimize import linprog

from lantian.core.system import Array
from lantian.ensemble.regret import Stakes, least_regretted
from lantian.ensemble.sampled_limits import SampledLimits
from lantian.optimise.problem.coefficients import LeastCost, build_least_cost
from optimise.conftest import random_system, small_system, total_targets


def stakes(problem: LeastCost, gain: Array, room: Array, price: Array, best: Array) -> Stakes:
    """Stakes of one target; gain has dims (move, future), room and best (future,)."""
    every = np.arange(len(problem.variables))
    size = np.full(1, np.abs(room).max())
    limits = SampledLimits(problem, every, gain[None], room[None], size)
    return Stakes(limits, np.ones((1, len(best)), dtype=bool), price, -best)


def unasked(seed: int | None = None) -> LeastCost:
    """Blocks without a target: what is asked for stands in the stakes."""
    if seed is not None:
        system = random_system(seed)
    else:
        system = small_system(
            activity=[60.0, 60.0, 0.0],
            factor=[[1.0], [1.0], [0.0]],
            moves=[(0, 0, 2, 1.0), (1, 1, 2, 1.0)],
            reach=[1.0, 1.0],
            source=[0, 1, 0],
        )
    return build_least_cost(system, 0, total_targets(system, [1e9] * len(system.pollutants)))


def test_of_two_measures_each_cheap_in_one_future_both_are_taken_in_part() -> None:
    """50 t are to be cut: with prices 1 and 3, or 4 and 1, 20 t and 30 t are regretted by 60."""
    price = np.array([[1.0, 4.0], [3.0, 1.0]])
    own = stakes(unasked(), -np.ones((2, 2)), np.full(2, -50.0), price, np.full(2, 50.0))
    uptake = least_regretted(own)
    np.testing.assert_allclose(uptake, [20.0, 30.0], rtol=1e-4)
    assert (uptake @ price - 50.0).max() == pytest.approx(60.0, rel=1e-4)


def test_what_no_mix_can_keep_in_all_futures_is_missed_as_little_as_can_be() -> None:
    price = np.ones((2, 2))
    own = stakes(unasked(), -np.ones((2, 2)), np.array([-50.0, -150.0]), price, np.zeros(2))
    np.testing.assert_allclose(least_regretted(own), [60.0, 60.0], rtol=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_no_other_mix_is_regretted_less(seed: int) -> None:
    """The same as a dense program of another solver, on random systems and prices."""
    problem, rng, futures = unasked(seed), np.random.default_rng(seed), 3
    n = len(problem.variables)
    gain = -rng.random((n, futures))
    most = problem.variables.capacity @ -gain
    room, price = -0.1 * most, rng.random((n, futures)) * 100.0
    best = rng.random(futures) * 10.0
    uptake = least_regretted(stakes(problem, gain, room, price, best))
    regret = float((uptake @ price - best).max())
    assert (uptake @ gain <= room + 1e-5 * np.abs(room).max()).all()
    matrix, upper = [], []
    for name, rows in problem.families.items():
        dense = np.zeros((len(rows), n))
        np.add.at(dense, (rows.row, rows.column), rows.value)
        if name != "targets":
            matrix += [dense, -dense]
            upper += [rows.upper, -rows.lower]
    a, b = np.concatenate(matrix), np.concatenate(upper)
    finite = np.isfinite(b)
    wide = np.hstack([np.vstack([a[finite], gain.T, price.T]), np.zeros((finite.sum() + 6, 1))])
    wide[-futures:, -1] = -1.0
    bounds = [*zip(problem.variables.lower, problem.variables.upper, strict=True), (None, None)]
    cost = np.r_[np.zeros(n), 1.0]
    found = linprog(cost, wide, np.r_[b[finite], room, best], bounds=bounds)
    if found.status == 0:
        assert regret == pytest.approx(found.fun, rel=1e-4, abs=1e-4 * np.abs(price).max())
