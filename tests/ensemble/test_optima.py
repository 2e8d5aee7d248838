"""One optimum per sample: as the whole procedure finds it, whatever the workers and the width."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lantian.ensemble.draws import draws_of
from lantian.ensemble.optima import Optima, optima
from lantian.ensemble.worlds import Worlds, world
from lantian.optimise.problem.program import pack
from lantian.optimise.procedure.repeated import Solver, pattern_of
from lantian.optimise.procedure.tiers import headline
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.problems import least_cost_problem, reached_targets, solve_tiers
from support.columns import study_of


@pytest.fixture(scope="module")
def small(starter: Path) -> Study:
    return load(starter / "scenarios" / "my-district.yaml")


def test_optima_differ_with_the_numbers(small: Study) -> None:
    found = optima(small, 12)
    assert len(found.cost) == 12
    assert np.ptp(found.cost) > 0.0
    assert found.chosen[0].frequency >= found.chosen[-1].frequency
    assert all(0.0 < own.frequency <= 1.0 for own in found.chosen)
    assert all(own.low <= own.median <= own.high for own in found.chosen)
    # Of fewer than ten optima that have a measure the least and the largest share are the ends.
    few = [own for own in found.chosen if own.frequency * 12 < 9.5 and own.low < own.high]
    assert few
    assert not any(own.settled for own in few)


@pytest.mark.parametrize(("workers", "width"), [(1, 1), (2, 7), (4, 1000)])
def test_neither_workers_nor_width_change_a_byte(small: Study, workers: int, width: int) -> None:
    def told(found: Optima) -> tuple[bytes, Any]:
        return found.cost.tobytes(), found.chosen

    assert told(optima(small, 30, workers, width)) == told(optima(small, 30, 1, 30))


@pytest.mark.parametrize("plan", ["tongzhou-2020", "mentougou-2020"])
def test_a_sample_is_solved_as_a_study_with_its_numbers_is(plan: str) -> None:
    study = study_of(plan)
    worlds = Worlds(study)
    ends = list(worlds.of_block(study.space.support()))
    theta = draws_of(study, 3).theta(slice(0, 3))
    for k, own in enumerate(worlds.of_block(theta)):
        anew = world(study, theta[:, [k]])
        tiers = solve_tiers(anew)
        expected = headline(tiers)
        for year, problem in own.problems.items():
            rows = worlds.rows[year]
            assert rows.enforced is not None
            tier = np.array(worlds.tiers[year])
            pattern = pattern_of([w.problems[year] for w in ends], tier, rows.enforced)
            found = Solver(pattern).answer(problem)
            np.testing.assert_array_equal(found.reached, expected.reached[year])
            size = np.abs(problem.variables.cost) @ expected.answers[year].uptake
            assert abs(found.cost - expected.cost(year)) <= 1e-9 * size


def test_problems_of_a_block_are_those_of_studies_put_together_with_its_numbers(
    small: Study,
) -> None:
    theta = draws_of(small, 3).theta(slice(0, 3))
    for k, own in enumerate(Worlds(small).of_block(theta)):
        anew = world(small, theta[:, [k]])
        for year, problem in own.problems.items():
            rows = reached_targets(anew, solve_tiers(anew))[year]
            asked = replace(rows, enforced=Worlds(small).rows[year].enforced)
            one, two = pack(problem), pack(least_cost_problem(anew, year, asked))
            for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
                np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=1e-12)
            np.testing.assert_allclose(one.matrix.value, two.matrix.value, rtol=1e-12)


def test_targets_out_of_reach_are_left_out_by_tiers(small: Study) -> None:
    """Of two targets of which one cannot be met the other is still met as cheaply as can be."""
    worlds = Worlds(small)
    (own, *_) = worlds.of_block(small.space.central())
    (year, problem), *_ = own.problems.items()
    rows = worlds.rows[year]
    assert rows.enforced is not None
    upper = problem.targets.upper.copy()
    impossible = int(np.flatnonzero(rows.enforced)[0])
    upper[impossible] = -10.0 * abs(problem.base[impossible])
    hard = replace(problem, targets=replace(problem.targets, upper=upper))
    tier = np.array(worlds.tiers[year])
    found = Solver(pattern_of([hard], tier, rows.enforced)).answer(hard)
    assert not found.reached[impossible]
    eased = upper.copy()
    eased[impossible] = np.inf
    easy = replace(problem, targets=replace(problem.targets, upper=eased))
    others = rows.enforced & (np.arange(len(upper)) != impossible)
    alone = Solver(pattern_of([easy], tier, others)).answer(easy)
    np.testing.assert_array_equal(found.reached, alone.reached)
    assert found.cost == pytest.approx(alone.cost, rel=1e-9)
