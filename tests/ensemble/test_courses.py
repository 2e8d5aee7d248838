"""Fans through the years are the same samples as those of the target years."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lantian.ensemble.courses import courses
from lantian.ensemble.draws import draws_of
from lantian.ensemble.sampled import sample
from lantian.study.load import load
from lantian.study.model import Study
from lantian.study.solve import solve
from lantian.vocabulary import POLLUTANTS


@pytest.fixture(scope="module")
def small(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    own = tmp_path_factory.mktemp("fans") / "own"
    shutil.copytree(starter, own)
    path = own / "scenarios" / "my-district.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "samples: 60\n", encoding="utf-8")
    return load(path)


def test_the_last_year_of_a_fan_is_that_of_the_samples(small: Study) -> None:
    cases = solve(small).cases
    mixes = {name: own for name, own in cases.items() if name not in ("baseline", "plan")}
    sampled = sample(small, cases)
    found = courses(small, mixes, (), (), sampled.draws)
    last = small.system.years[-1]
    told = {case for _, case, _ in found}
    assert {"baseline", "least_cost"} <= told
    for case in told:
        for p, name in enumerate(POLLUTANTS):
            if (name, case, last) in found:
                own = sampled.outcomes.total[sampled.case(case), p]
                np.testing.assert_allclose(found[name, case, last], own, rtol=1e-12)


def test_mixes_are_told_in_the_years_of_their_targets_only(small: Study) -> None:
    cases = solve(small).cases
    found = courses(small, {"least_cost": cases["least_cost"]}, (), (), draws_of(small))
    years = {small.system.years[y] for y in cases["least_cost"].years}
    assert {year for _, case, year in found if case == "least_cost"} == years
    assert {year for _, case, year in found if case == "baseline"} == set(small.system.years)
