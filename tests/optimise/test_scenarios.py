"""Every scenario of the project: both back ends, the order of rows, and tighter targets."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lantian.optimise.problem.coefficients import LeastCost, Rows
from lantian.optimise.procedure.answer import LeastCostResult
from lantian.optimise.procedure.least_cost import answer_problem
from lantian.plan.targets import as_rows
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.problems import least_cost_problem, target_years
from lantian.tolerances import ACCEPTED

ROOT = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.yaml"))


@cache
def study(name: str) -> Study:
    return load(ROOT / name)


@cache
def problem(name: str) -> LeastCost:
    known = study(name)
    year = target_years(known)[-1]
    return least_cost_problem(known, year, as_rows(known.targets, year))


@cache
def answer(name: str, interface: str = "highs") -> LeastCostResult:
    margin = study(name).question.margin
    return answer_problem(problem(name), margin=margin, interface=interface)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_both_back_ends_agree(name: str) -> None:
    arrays, model = answer(name), answer(name, "pyomo")
    assert model.cost == pytest.approx(arrays.cost, rel=1e-9)
    capacity = np.maximum(problem(name).variables.capacity, 1e-9)
    np.testing.assert_allclose(model.uptake / capacity, arrays.uptake / capacity, atol=1e-6)
    for a, b in zip(arrays.targets, model.targets, strict=True):
        assert (b.max_feasible, b.value) == pytest.approx((a.max_feasible, a.value), rel=1e-8)
        assert (b.met, b.binding) == (a.met, a.binding)
        # Next to a kink the price is that of one side or the other.
        assert b.price_looser == pytest.approx(a.price_looser, rel=1e-5, abs=1e-6)
        assert b.price_tighter == pytest.approx(a.price_tighter, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_every_solve_is_proven_optimal(name: str) -> None:
    for interface in ("highs", "pyomo"):
        found = answer(name, interface)
        assert found.solves > 0
        assert found.worst.largest < ACCEPTED


def reordered(rows: Rows, columns: np.ndarray, seed: int) -> Rows:
    order = np.random.default_rng(seed).permutation(len(rows))
    place = np.argsort(order)
    row, column = place[rows.row], columns[rows.column]
    sort = np.lexsort((column, row))
    return Rows(
        rows.names.chosen(order),
        row[sort],
        column[sort],
        rows.value[sort],
        rows.lower[order],
        rows.upper[order],
    )


@pytest.mark.parametrize("name", NAMES)
def test_order_of_rows_and_columns_changes_nothing(name: str) -> None:
    first = problem(name)
    v = first.variables
    order = np.random.default_rng(1).permutation(len(v))
    place = np.argsort(order)
    other = replace(
        first,
        variables=replace(
            v,
            names=v.names.chosen(order),
            cost=v.cost[order],
            lower=v.lower[order],
            upper=v.upper[order],
            fixed=v.fixed[order],
            capacity=v.capacity[order],
        ),
        states=reordered(first.states, place, 2),
        reach=reordered(first.reach, place, 3),
        targets=replace(first.targets, column=place[first.targets.column]),
        extra={f: reordered(rows, place, 5) for f, rows in first.extra.items()},
    )
    a = answer(name)
    b = answer_problem(other, margin=study(name).question.margin)
    assert b.cost == pytest.approx(a.cost, rel=1e-8)
    capacity = np.maximum(v.capacity, 1e-9)
    np.testing.assert_allclose(b.uptake / capacity[order], (a.uptake / capacity)[order], atol=1e-5)
    for s, t in zip(a.targets, b.targets, strict=True):
        assert t.price_looser == pytest.approx(s.price_looser, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_tightening_never_lowers_cost(name: str) -> None:
    first = problem(name)
    best = np.array([t.max_feasible for t in answer(name).targets])
    costs = []
    for share in (0.0, 0.3, 0.6, 0.9):
        limit = first.base - share * np.minimum(answer(name).joint_share, 1.0) * np.maximum(
            first.base - np.maximum(best, first.limit), 0.0
        )
        tighter = replace(first, targets=replace(first.targets, upper=limit - first.base))
        found = answer_problem(tighter)
        assert found.diagnosis is None
        costs.append(found.cost)
    assert np.diff(costs).min() >= -1e-8 * max(map(abs, costs))


@pytest.mark.parametrize("name", NAMES)
def test_money_in_other_units_changes_nothing(name: str) -> None:
    first = problem(name)
    costly = replace(first, variables=replace(first.variables, cost=first.variables.cost * 1e4))
    margin = study(name).question.margin
    a, b = answer(name), answer_problem(costly, margin=margin)
    assert b.cost / 1e4 == pytest.approx(a.cost, rel=1e-8)
    capacity = np.maximum(first.variables.capacity, 1e-9)
    np.testing.assert_allclose(b.uptake / capacity, a.uptake / capacity, atol=1e-5)
