"""Robust mixes: they hold as often as asked, on samples that had no part in the search."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import call
from lantian.ensemble.regret import regrets
from lantian.ensemble.robust import robust_mixes
from lantian.ensemble.worlds import world
from lantian.study.load import load
from lantian.study.model import Study
from support.columns import by_the_ordinary_way


@pytest.fixture(scope="module")
def small(starter: Path) -> Study:
    return load(starter / "scenarios" / "my-district.yaml")


def test_a_mix_holds_as_often_as_asked_and_costs_more_the_surer_it_is(small: Study) -> None:
    found = robust_mixes(small, 1600, (0.5, 0.7, 0.9))
    costs = [own.cost for own in found if own.within_reach and own.asked is not None]
    assert len(costs) >= 2
    assert costs == sorted(costs)
    for own in found:
        if own.within_reach and own.asked is not None:
            assert min(own.checked.values()) == pytest.approx(own.asked, abs=0.05)
            assert own.jointly <= min(own.checked.values()) + 1e-12


def test_a_world_is_the_study_with_other_numbers(small: Study) -> None:
    same = world(small, small.space.central())
    for name, own in by_the_ordinary_way(same).items():
        np.testing.assert_array_equal(own, by_the_ordinary_way(small)[name])
    np.testing.assert_array_equal([t.limit for t in same.targets], [t.limit for t in small.targets])


FUTURES = """
futures:
  as-it-is: [{table: inventory, times: 1}]
  more: [{table: inventory, times: 1.1}]
"""


def test_the_mix_of_a_future_is_not_regretted_there(starter: Path, tmp_path: Path) -> None:
    import shutil

    own = tmp_path / "own"
    shutil.copytree(starter, own)
    path = own / "scenarios" / "my-district.yaml"
    path.write_text(path.read_text(encoding="utf-8") + FUTURES, encoding="utf-8")
    study = load(path)
    found = {regret.future: regret for regret in regrets(study)}
    for v, name in enumerate(("as-it-is", "more")):
        assert found[name].regret[v] == 0.0
        assert found[name].excess[v] == 0.0
    answer = call("robust", str(path), "--samples", "60", "--probability", "60", at=own)
    assert answer.code == 0
    assert "60%" in answer.out
    assert "as-it-is" in answer.out


def test_the_seed_changes_the_samples_and_nothing_else(small: Study) -> None:
    told = small.scenario.uncertainty.model_copy(update={"seed": 2})
    scenario = small.scenario.model_copy(update={"uncertainty": told})
    other = replace(small, read=replace(small.read, scenario=scenario))
    (one, _), (two, _) = (robust_mixes(s, 200, (0.7,)) for s in (small, other))
    assert one.cost != two.cost
    assert one.cost == pytest.approx(two.cost, rel=0.2)
