"""Studies of the project, and columns of their numbers drawn from anywhere in the ranges."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lantian.core.commitments import apply_commitments
from lantian.core.system import Array, sum_by
from lantian.ensemble.outcomes import cases_of
from lantian.ensemble.swings import Swings, swings
from lantian.parameters.space import CONSTANTS
from lantian.plan.commitments import credited, read_as
from lantian.study.load import load
from lantian.study.model import CaseResult, Study, make_case

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLANS = ("tongzhou-2020", "tongzhou-2021", "mentougou-2020", "shijiazhuang-2019", "xincheng-2024")


@cache
def study_of(plan: str) -> Study:
    """Return a plan of the project, put together once for all tests, which leave it as it is."""
    return load(SCENARIOS / f"{plan}.yaml")


@cache
def swings_of(plan: str) -> Swings:
    """Return the swings of a plan of the project, once for all tests."""
    return swings(study_of(plan))


def drawn(study: Study, columns: int, seed: int) -> Array:
    """Return columns in which every number lies anywhere between its ends, dims (slot, column)."""
    low, high = study.space.ends()
    share = np.random.default_rng(seed).random((len(low), columns))
    theta = low + (high - low) * share
    theta[: len(CONSTANTS)] = low[: len(CONSTANTS)]
    return theta


def projected(study: Study, case: str) -> CaseResult:
    """Return a case as an ordinary run projects it."""
    system, every = study.system, tuple(range(len(study.system.years)))
    if case == "baseline":
        return make_case(system, np.zeros((len(system.moves), len(every))), every)
    commitments = (
        credited(study.all_commitments, study.scenario)
        if case == "plan"
        else read_as(study.all_commitments, study.scenario, case)  # type: ignore[arg-type]
    )
    moved = apply_commitments(system, commitments).moved
    return make_case(system, moved, every, dated=case != "plan_year_end")


def by_the_ordinary_way(study: Study) -> dict[str, Array]:
    """Return targets, totals and cost of all cases of a study, from its system.

    ``value``, ``base`` and ``limit`` have dims (case, target), ``total`` (case, pollutant), and
    ``cost`` (case,).
    """
    groups, moves = study.system.groups, study.system.moves
    price = np.full(len(groups), np.nan)
    price[moves.group] = moves.unit_cost
    found: dict[str, list[Any]] = {n: [] for n in ("value", "base", "limit", "total", "cost")}
    for case in cases_of(study):
        own = projected(study, case)
        judged = [target.judge(study.projection(own)) for target in study.targets]
        for name, row in zip(("value", "base", "limit"), np.array(judged).T, strict=True):
            found[name].append(row)
        found["total"].append(own.emission[:, :, -1].sum(axis=0))
        uptake = sum_by(own.uptake[:, -1], moves.group, len(groups))
        found["cost"].append(np.nansum(price * uptake))
    return {name: np.array(rows) for name, rows in found.items()}
