"""Everything the benchmarks measure runs and agrees; no time is looked at."""

import numpy as np
import pytest

from benchmarks import programs, projections, sweeps
from benchmarks.systems import large_problem, large_system
from lantian.optimise.frontier import cost_frontier
from lantian.optimise.program import pack

MOVES = 960


def test_every_interface_gives_the_same_cost() -> None:
    problem = large_problem(MOVES)
    program = pack(problem)
    ours = programs.lantian(problem)
    assert programs.bare(program) == pytest.approx(ours, rel=1e-9)
    assert programs.bare_default(program) == pytest.approx(ours, rel=1e-9)
    assert programs.pyomo(problem) == pytest.approx(ours, rel=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_linopy_gives_the_same_cost() -> None:
    pytest.importorskip("linopy", reason="optional extra 'bench'")
    problem = large_problem(MOVES)
    assert programs.linopy(problem) == pytest.approx(programs.lantian(problem), rel=1e-9)


def test_grid_lies_on_the_curve() -> None:
    problem = large_problem(MOVES)
    exact = cost_frontier(problem, 0, solves=10_000, until=sweeps.UNTIL)
    limits = sweeps.limits_of(exact)
    found = sweeps.grid(pack(sweeps.opened(problem)), limits)
    assert found == pytest.approx([exact.cost(v + exact.base) for v in limits], rel=1e-8)
    rough = sweeps.curve(problem)
    told = np.array([rough.cost(v + exact.base) for v in limits])
    assert (told - found <= 0.01 * np.maximum(told - told[0], 0.11 * np.ptp(told)) + 1e-3).all()


def test_tables_give_the_same_emissions() -> None:
    system = large_system(MOVES, years=3)
    uptake = np.zeros((len(system.moves), 3))
    ours = projections.kernel(system, uptake)
    theirs = projections.merged(*projections.frames(system, uptake))
    np.testing.assert_allclose(theirs.to_numpy(), ours.ravel(), rtol=1e-12)


def test_systems_are_the_same_every_time() -> None:
    one, other = large_problem(MOVES), large_problem(MOVES)
    np.testing.assert_array_equal(one.variables.cost, other.variables.cost)
    assert one.variables.names == other.variables.names
