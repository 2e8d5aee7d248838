"""Studies of the project, and columns of their numbers drawn from anywhere in the ranges."""

from functools import cache
from pathlib import Path

import numpy as np

from lantian.core.system import Array
from lantian.parameters.space import CONSTANTS
from lantian.study.load import load
from lantian.study.model import Study

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLANS = ("tongzhou-2020", "tongzhou-2021", "mentougou-2020", "shijiazhuang-2019", "xincheng-2024")


@cache
def study_of(plan: str) -> Study:
    """Return a plan of the project, put together once for all tests, which leave it as it is."""
    return load(SCENARIOS / f"{plan}.yaml")


def drawn(study: Study, columns: int, seed: int) -> Array:
    """Return columns in which every number lies anywhere between its ends, dims (slot, column)."""
    low, high = study.space.ends()
    share = np.random.default_rng(seed).random((len(low), columns))
    theta = low + (high - low) * share
    theta[: len(CONSTANTS)] = low[: len(CONSTANTS)]
    return theta
