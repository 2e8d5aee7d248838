"""Budgets and resources beside what all measures cost and take: what is far off is asked.

Trucks: 60 at 10 yuan, so 600 yuan in each of two years; they take 2 of the resource each, 120.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lantian.core.system import System
from lantian.errors import Problems
from lantian.optimise.problem.planner_limits import PlannerLimits, Resource
from lantian.plan.doubts import doubt_question
from support.build import build, shift
from support.scenarios import HEAD, sound

SYSTEM = build(
    {"truck / old": 60.0, "truck / new": 0.0, "shop / old": 5.0, "shop / new": 0.0},
    dict.fromkeys(("truck / old", "truck / new", "shop / old", "shop / new"), 1.0),
    [shift("m", "truck", "old", "new"), shift("n", "shop", "old", "new", cost=None)],
)
SETTINGS = """optimise:
  budget: 1 yuan/a
  total_budget: 1 yuan
  pathway: {}
  resources:
    - id: r
      at_most: 1 t
      uses: [{measure: m, amount: 1 t/vehicle}, {measure: n, source: shop, amount: 1 t/shop}]
"""


def told(folder: Path, limits: PlannerLimits, total: float | None = None) -> dict[str, str]:
    """Return what is asked, by the key at which it is."""
    read, problems = sound(folder, HEAD + SETTINGS), Problems()
    coupling = None if total is None else SimpleNamespace(budget=total)
    question: Any = SimpleNamespace(limits=limits, coupling=coupling)
    system: System = SYSTEM
    doubt_question(read, system, question, problems)
    texts = [p.text().split("optimise.", 1)[1].split("\n  ") for p in problems.warnings]
    return {key: text.removesuffix(" Check the unit.") for key, text in texts}


NOTHING = "it limits nothing: all measures together come to 1/{} of it."
LITTLE = "it leaves next to nothing: all measures together come to {} times as much."


@pytest.mark.parametrize(
    ("key", "limit", "said"),
    [
        ("budget", np.inf, ""),
        ("budget", 600.0 * 30, ""),
        ("budget", 600.0 * 30.1, NOTHING.format(30)),
        ("budget", 3.0, ""),
        ("budget", 2.9, LITTLE.format(207)),
        ("budget", 0.0, ""),
        ("total_budget", 1200.0 * 30, ""),
        ("total_budget", 1200.0 * 30.1, NOTHING.format(30)),
        ("total_budget", 6.0, ""),
        ("total_budget", 5.9, LITTLE.format(203)),
    ],
)
def test_a_budget_is_held_against_what_all_measures_cost(
    tmp_path: Path, key: str, limit: float, said: str
) -> None:
    budget, total = (limit, None) if key == "budget" else (np.inf, limit)
    found = told(tmp_path, PlannerLimits(budget=budget), total)
    assert found == ({key: said} if said else {})


@pytest.mark.parametrize(
    ("available", "shop", "said"),
    [
        (120.0 * 30, 0.0, {}),
        (120.0 * 30.1, 0.0, {"resources[0].at_most": NOTHING.format(30)}),
        (0.6, 0.0, {}),
        (
            *(0.59, 0.0),
            {"resources[0].uses[0].amount": "in full use it takes 200 times all there is."},
        ),
        (0.6, 0.001, {"resources[0].at_most": LITTLE.format(200)}),  # 120.005 all together
        (0.59, 0.1, {"resources[0].uses[0].amount": "in full use it takes 200 times"}),
        (100.0, 0.02, {}),  # five shops take a thousandth
        (
            *(100.0, 0.019),
            {"resources[0].uses[1].amount": "in full use it takes 0.00095 times all there is."},
        ),
        (100.0, 4000.0, {"resources[0].at_most": LITTLE.format(201)}),  # 200 times, and trucks
        (
            *(100.0, 4001.0),
            {"resources[0].uses[1].amount": "in full use it takes 200 times all there is."},
        ),
        (1e9, 0.02, {"resources[0].at_most": "it limits nothing: all measures"}),
        (0.0, 0.02, {}),
    ],
)
def test_a_resource_is_held_against_what_is_taken_of_it(
    tmp_path: Path, available: float, shop: float, said: dict[str, str]
) -> None:
    groups = np.arange(2)
    resource = Resource("r", available, groups, np.array([2.0, shop]))
    found = told(tmp_path, PlannerLimits(resources=(resource,)))
    assert found.keys() == said.keys()
    assert all(found[key].startswith(text) for key, text in said.items())
