"""Out of reach: the limits are relaxed to what is possible, less a margin of it."""

import numpy as np
import pytest

from lantian.core.system import System
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.procedure.statement import explain
from optimise.conftest import random_system, small_system, total_targets

SEEDS = range(6)


def dear_part() -> System:
    """100 units at 1 t: 90 for 1 yuan each, the last 10 for 1000 yuan each; 20 t are asked for
    with 40 t that nothing moves."""
    return small_system(
        activity=[90, 0, 10, 0, 40],
        factor=[[1.0], [0.0], [1.0], [0.0], [1.0]],
        moves=[(0, 0, 1, 1.0), (1, 2, 3, 1000.0)],
        reach=[1.0, 1.0],
        source=[0, 0, 1, 1, 2],
    )


def dear_last_part(margin: float) -> LeastCostResult:
    system = dear_part()
    return least_cost(system, 0, total_targets(system, [20.0]), margin=margin)


def test_the_last_part_is_not_bought() -> None:
    # Possible: 40 t, of 140 t. The gap is 20 t; 5 % of the possible 100 t are 5 t more. What is
    # left, 95 t, takes all the cheap units and half of the dear ones: 90 + 5 * 1000 yuan.
    result = dear_last_part(0.05)
    diagnosis = result.diagnosis
    assert diagnosis is not None
    assert result.exit_code == 3
    assert result.targets[0].max_feasible == pytest.approx(40)
    assert diagnosis.gap == pytest.approx([20])
    assert diagnosis.excess == pytest.approx([25])
    assert diagnosis.margin == 0.05
    assert result.cost == pytest.approx(90 + 5 * 1000)
    assert result.targets[0].shadow_price == pytest.approx(1000)
    assert not result.targets[0].met
    assert diagnosis.binding[0]


def test_without_a_margin_everything_is_bought() -> None:
    result = dear_last_part(0.0)
    assert result.cost == pytest.approx(90 + 10 * 1000)
    assert result.diagnosis.excess == pytest.approx(result.diagnosis.gap)


def test_at_ten_percent_only_the_cheap_part_is() -> None:
    assert dear_last_part(0.1).cost == pytest.approx(90)


@pytest.mark.parametrize(("language", "said"), [("en", "5% of what is possible"), ("zh", "5%")])
def test_the_margin_is_said(language: str, said: str) -> None:
    told = [m.text(language) for m in explain(dear_last_part(0.05), dear_part())]
    assert any(said in text and "25" in text for text in told)
    assert not any("5%" in m.text(language) for m in explain(dear_last_part(0.0), dear_part()))


@pytest.mark.parametrize("seed", SEEDS)
def test_more_margin_never_costs_more(seed: int) -> None:
    system = random_system(seed)
    limits = total_targets(system, [0.0, 0.0])
    costs = [least_cost(system, 0, limits, margin=m).cost for m in (0.0, 0.02, 0.05, 0.2)]
    assert np.diff(costs).max() <= 1e-9 * max(map(abs, costs))
