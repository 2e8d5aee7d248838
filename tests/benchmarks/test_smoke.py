"""Everything the benchmarks measure runs and agrees; no time is looked at."""

import numpy as np
import pytest

from benchmarks import ensembles, programs, projections, sweeps
from benchmarks.systems import large_problem, large_system, targets_of
from lantian.ensemble.evaluate import BLOCK
from lantian.ensemble.swings import ENDS, swings
from lantian.optimise.analyses.frontier import cost_frontier
from lantian.optimise.problem.program import pack
from lantian.results.what_if import variants

MOVES = 960


def test_every_interface_gives_the_same_cost() -> None:
    problem = large_problem(MOVES)
    program = pack(problem)
    ours = programs.lantian(problem)
    system = large_system(MOVES)
    assert programs.from_system(system, targets_of(system)) == ours
    assert programs.bare(program) == pytest.approx(ours, rel=1e-9)
    assert programs.bare_default(program) == pytest.approx(ours, rel=1e-9)
    assert programs.pyomo(problem) == pytest.approx(ours, rel=1e-9)


def test_grid_lies_on_the_curve() -> None:
    problem = large_problem(MOVES)
    limits = sweeps.limits_of(problem)
    exact = cost_frontier(problem, 0, solves=10_000, end=float(limits[-1]))
    rough = sweeps.curve(problem, limits)
    assert rough.solves < sweeps.LEVELS / 2
    # The end is only possible but for rounding.
    limits = limits[:-1]
    found = np.array(sweeps.grid(problem, limits))
    np.testing.assert_allclose(found, [exact.cost(v) for v in limits], rtol=1e-8)
    excess = np.array([rough.cost(v) for v in limits]) - found
    rise = exact.kinks[-1].cost - exact.kinks[0].cost
    allowed = 0.01 * np.maximum(found - exact.kinks[0].cost, 0.1 * rise)
    assert (excess <= allowed).all()
    assert (excess >= -1e-8 * found.max()).all()


def test_tables_give_the_same_emissions() -> None:
    system = large_system(MOVES, years=3)
    uptake = np.zeros((len(system.moves), 3))
    ours = projections.kernel(system, uptake)
    theirs = projections.merged(*projections.frames(system, uptake))
    np.testing.assert_allclose(theirs.to_numpy(), ours.ravel(), rtol=1e-12)


def test_systems_are_the_same_every_time() -> None:
    one, other = large_problem(MOVES), large_problem(MOVES)
    np.testing.assert_array_equal(one.variables.cost, other.variables.cost)
    assert one.variables.names.keys == other.variables.names.keys


def test_sets_and_variants_of_a_plan_are_the_same_columns() -> None:
    study = ensembles.study()
    few = ensembles.sets(ensembles.target_years(study), BLOCK + 2)
    theta = ensembles.drawn(study, 2, 1)
    whole = ensembles.variants(ensembles.every_year(study), theta)
    assert few.shape == (len(study.targets), BLOCK + 2)
    np.testing.assert_array_equal(few[:, BLOCK:], whole.value[1])


def test_worlds_one_by_one_are_those_at_once() -> None:
    study = ensembles.study()
    name = study.scenario.commitments[0].id
    worlds = {str(n): {"level": name, "to": f"{0.1 * n} %"} for n in range(2)}
    rows = variants(study, worlds)
    last = [float(rows[rows["variant"] == world]["value"].iloc[-1]) for world in worlds]
    assert ensembles.one_by_one(study, 2) == last


def test_every_number_has_two_ends() -> None:
    found = swings(ensembles.study())
    assert found.value.shape[1:] == (len(ENDS), len(found.slot))
    assert np.isfinite(found.swing).all()
