"""Published least-cost problems as systems of sources and moves."""

import numpy as np
import pytest

from lantian.core.system import NOWHERE, System
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.least_cost import least_cost
from optimise.conftest import small_system


def nori_and_leets() -> tuple[System, Targets]:
    """Six methods, each used by a fraction from 0 to 1: one unit of activity that can be avoided.

    Hillier & Lieberman, Introduction to Operations Research, section 3.4 (controlling air
    pollution); solution as in the LINGO output of public lecture slides.
    """
    reduction = np.array(
        [[12, 9, 25, 20, 17, 13], [35, 42, 18, 31, 56, 49], [37, 53, 28, 24, 29, 20]], float
    )
    cost = [8.0, 10.0, 7.0, 6.0, 11.0, 9.0]
    system = small_system(
        activity=[1.0] * 6,
        factor=reduction.T.tolist(),
        moves=[(k, k, NOWHERE, cost[k]) for k in range(6)],
        reach=[1.0] * 6,
    )
    weight = np.broadcast_to(np.eye(3)[:, None, :], (3, 6, 3)).copy()
    limit = reduction.sum(axis=1) - np.array([60.0, 150.0, 125.0])
    return system, Targets(
        ("particulates", "sulphur", "hydrocarbons"), weight, np.zeros(3), limit, ("Mlb",) * 3
    )


def test_nori_and_leets() -> None:
    system, targets = nori_and_leets()
    result = least_cost(system, 0, targets, currency="M$")
    assert result.cost == pytest.approx(32.15463, rel=1e-6)
    np.testing.assert_allclose(
        result.uptake, [1, 0.6226975, 0.3434794, 1, 0.04757282, 1], atol=1e-6
    )
    prices = [t.shadow_price for t in result.targets]
    assert prices == pytest.approx([0.111047, 0.1268171, 0.06932564], rel=1e-5)
    # Reach and activity say the same here ("at most all of it"): the price may stand on either.
    bound = -result.duals["reach"] + result.duals["states"]
    assert bound == pytest.approx([0.336211, 0, 0, 1.816085, 0, 0.04416164], rel=1e-5, abs=1e-9)
