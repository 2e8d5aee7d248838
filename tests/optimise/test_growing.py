"""A live program that grows: the largest of several costs, by hand."""

import numpy as np
import pytest

from lantian.optimise.problem.coefficients import build_least_cost
from lantian.optimise.problem.program import pack
from lantian.optimise.solve.growing import Growing
from lantian.optimise.status import InfeasibleError
from optimise.conftest import small_system, total_targets


def test_a_column_that_is_no_less_than_the_cost_becomes_it() -> None:
    """6 t to cut: 4 t at 10 and 2 t at 30 make 100; a second row is a cost of 25 per t of both."""
    system = small_system(
        [10.0, 10.0], [[1.0], [1.0]], [(0, 0, -1, 10.0), (1, 1, -1, 30.0)], [0.4, 0.5]
    )
    problem = build_least_cost(system, 0, total_targets(system, [14.0]))
    session = Growing(pack(problem))
    n, unit = len(session.program.cost), session.program.cost_scale
    column = session.add_column(0.01)
    assert (column, session.added) == (n, 0)
    assert session.at_least(column) == pytest.approx(0.01)
    session.add_row(np.append(session.program.cost[:n], -1.0))
    assert session.at_least(column) == pytest.approx(0.01)  # without a limit it says nothing
    session.limit_added(np.array([0.0]))
    assert session.at_least(column) * unit == pytest.approx(100.0)
    scale = session.program.column_scale[:2]
    session.add_row(np.r_[25.0 * scale / unit, np.zeros(n - 2), -1.0])
    assert session.added == 2
    session.limit_added(np.array([0.0, 0.0]))
    assert session.at_least(column) * unit == pytest.approx(150.0)
    session.limit_added(np.array([np.inf, 0.0]))
    assert session.at_least(column) * unit == pytest.approx(150.0)
    session.limit_added(np.array([0.0, np.inf]))
    session.hold(column, 100.0 / unit + 1e-6)
    assert session.at_least(1) * scale[1] == pytest.approx(2.0, abs=1e-4)
    session.hold(column, 99.0 / unit)
    with pytest.raises(InfeasibleError):
        session.at_least(column)


def test_a_column_may_have_no_bound_below() -> None:
    system = small_system([10.0], [[1.0]], [(0, 0, -1, -2.0)], [1.0])
    session = Growing(pack(build_least_cost(system, 0, total_targets(system, [np.inf]))))
    column = session.add_column(-np.inf)
    session.add_row(np.append(session.program.cost[:-1], -1.0))
    session.limit_added(np.array([0.0]))
    # 10 units that earn 2 each
    assert session.at_least(column) * session.program.cost_scale == pytest.approx(-20.0)
