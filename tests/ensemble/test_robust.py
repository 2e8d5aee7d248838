"""Robust mixes: they hold as often as asked, on samples that had no part in the search."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from integration.workbench import call
from lantian.ensemble.regret import regrets
from lantian.ensemble.robust import Demand, Search, robust_mixes, worst_part
from lantian.ensemble.worlds import world
from lantian.handover.blocks import Grid, Paragraph
from lantian.handover.content import build
from lantian.handover.told import Told
from lantian.report.frames import RunTables
from lantian.report.words import Words
from lantian.study.load import load
from lantian.study.model import Study
from support.columns import by_the_ordinary_way


@pytest.fixture(scope="module")
def small(starter: Path) -> Study:
    return load(starter / "scenarios" / "my-district.yaml")


def test_a_mix_holds_as_often_as_asked_and_costs_more_the_surer_it_is(small: Study) -> None:
    found = robust_mixes(small, 1000, (0.5, 0.7, 0.9))
    costs = [own.cost for own in found if own.within_reach and own.asked is not None]
    assert len(costs) >= 2
    assert costs == sorted(costs)
    for own in found:
        if own.within_reach and own.asked is not None:
            # Of 10,000 samples each, those that mend and those that check differ by 0.7 %.
            assert min(own.checked.values()) == pytest.approx(own.asked, abs=0.01)
            assert own.jointly <= min(own.checked.values()) + 1e-12


def test_a_world_is_the_study_with_other_numbers(small: Study) -> None:
    same = world(small, small.space.central())
    for name, own in by_the_ordinary_way(same).items():
        np.testing.assert_array_equal(own, by_the_ordinary_way(small)[name])
    np.testing.assert_array_equal([t.limit for t in same.targets], [t.limit for t in small.targets])


def test_the_worst_part_of_normal_samples_lies_as_far_out_as_asked() -> None:
    sample = np.sort(np.random.default_rng(1).normal(size=200_000))[::-1]
    for aim in (0.3, 1.0, 2.0):
        part = worst_part(aim)
        assert sample[: int(part * len(sample))].mean() == pytest.approx(aim, abs=0.02)
    assert worst_part(-1.0) == pytest.approx(1.0)


def test_the_mean_of_the_worst_samples_keeps_the_limit_and_no_cheaper_mix_does(
    small: Study,
) -> None:
    search = Search(small, 200)
    (limits,) = search.limits.values()
    possible = np.ones(200, dtype=bool)
    part = np.full(len(limits.size), 0.1)
    price = limits.problem.variables.cost
    dear = limits.in_the_worst(part, possible)
    worst = np.sort(limits.excess(dear), axis=1)[:, -20:].mean(axis=1)
    assert (worst <= 2e-4 * limits.size).all()
    assert (worst > -1e-3 * limits.size).any()
    cheap = limits.in_the_worst(np.ones(len(limits.size)), possible)
    assert price @ cheap < price @ dear


def test_rows_of_samples_agree_with_the_projection_of_the_mix(small: Study) -> None:
    search = Search(small, 40)
    begun = {y: answer.uptake for y, answer in search.answers.items()}
    tried = search.bench.tried([begun], search.draws)
    for y, own in search.limits.items():
        at = [search.targets.index(t) for t in search.positions[y]]
        weather = np.array([search.bench.weather(t, search.draws) for t in search.positions[y]])
        off = own.excess(begun[y]) - tried.excess[0, at] / weather
        assert np.abs(off).max() < 0.02 * own.size.max()
        mended = own.corrected(begun[y], tried.excess[0, at] / weather)
        np.testing.assert_allclose(
            mended.excess(begun[y]), tried.excess[0, at] / weather, atol=1e-9 * own.size.max()
        )


def test_what_is_out_of_reach_is_said_and_the_nearest_mix_told(small: Study) -> None:
    (sure, _) = robust_mixes(small, 100, (0.9999,))
    (modest, _) = robust_mixes(small, 100, (0.3,))
    assert modest.within_reach
    assert sure.cost >= modest.cost


def test_no_mix_is_dearer_than_another_that_holds_as_often(small: Study) -> None:
    """The least-cost mix, which holds about half the time, is a candidate as well."""
    search = Search(small, 100)
    begun = {y: answer.uptake for y, answer in search.answers.items()}
    held = search.bench.tried([begun], search.others[-1])
    often = float((held.excess[0][:, held.possible] <= 0.0).mean(axis=1).min())
    price = np.nan_to_num(small.system.moves.unit_cost, nan=0.0) @ begun[max(begun)]
    found = robust_mixes(small, 100, (often - 0.1, often))
    assert [own.within_reach for own in found[:2]] == [True, True]
    assert found[0].cost < found[1].cost <= price * (1.0 + 1e-9)


def test_where_most_samples_lie_below_their_mean_the_mean_may_exceed_the_limit() -> None:
    half = Demand(0.5, np.array([0.0]))
    held = half.mended(np.array([0.53]))  # that the mean keeps the limit holds too often
    assert held.aim[0] < 0.0
    assert held.spare(1.0, np.zeros(1)) == pytest.approx(-held.aim)
    assert held.spare(0.0, np.zeros(1)) == 0.0
    assert held.parts(1.0, np.zeros(1)) == pytest.approx(1.0)
    assert half.mended(np.array([0.4])).spare(1.0, np.zeros(1)) == 0.0


def test_a_mix_costs_what_the_optimiser_says_where_emissions_have_a_price(small: Study) -> None:
    """The cost in the samples counts them too: that at central values must not be another."""
    moves, years = small.system.moves, len(small.system.years)
    charge = 0.5 * np.abs(np.nan_to_num(moves.unit_cost))[:, None] * np.ones(years)
    system = replace(small.system, moves=replace(moves, charge=charge))
    search = Search(replace(small, system=system), 20)
    mix = {y: answer.uptake for y, answer in search.answers.items()}
    last = search.answers[max(mix)]
    assert search.cost(mix) == pytest.approx(last.cost, rel=1e-9)
    assert np.nan_to_num(moves.unit_cost) @ last.uptake < 0.9 * last.cost


FUTURES = """
futures:
  as-it-is: [{table: inventory, times: 1}]
  more: [{table: inventory, times: 1.1}]
"""


def test_the_mix_of_a_future_is_not_regretted_there(starter: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(starter, own)
    path = own / "scenarios" / "my-district.yaml"
    path.write_text(path.read_text(encoding="utf-8") + FUTURES, encoding="utf-8")
    study = load(path)
    every = regrets(study)
    found = {regret.future: regret for regret in every}
    for v, name in enumerate(("as-it-is", "more")):
        assert found[name].regret[v] == 0.0
        assert found[name].excess[v] == 0.0
    assert every[0].future is None  # of all mixes there is none to be regretted less
    assert every[0].regret.max() < every[1].regret.max() or every[1].excess.max() > 0.0
    answer = call("robust", str(path), "--samples", "60", "--probability", "60", at=own)
    assert answer.code == 0
    assert "60%" in answer.out
    assert "as-it-is" in answer.out


def test_a_run_that_asks_for_robust_mixes_keeps_them(starter: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(starter, own)
    path = own / "scenarios" / "my-district.yaml"
    asked = "robust: {samples: 60, probabilities: [60 %], optima: 20}\n"
    asked += "alternatives: {within: [5 %]}\n"
    path.write_text(path.read_text(encoding="utf-8") + FUTURES + asked, encoding="utf-8")
    ran = call("run", str(path), "--no-charts", at=own)
    assert ran.code in (0, 3)
    assert "In other worlds ('as-it-is'; 'more'): tables/variants.csv" in ran.out
    tables = RunTables(own / "runs" / "my-district")
    rows = [row for row in tables.table("robust").pandas().itertuples() if pd.isna(row.target)]
    assert [row.asked for row in rows][:1] == [0.6]
    assert len(rows) == 2
    assert {row.best_in for row in tables.table("regrets").pandas().fillna("").itertuples()} == {
        "",
        "as-it-is",
        "more",
    }
    section = {s.id: s for s in build(Told(tables, Words("en", tables.labels()), [])).sections}
    grids = [block for block in section["robust"].blocks if isinstance(block, Grid)]
    assert [len(own.rows) for own in grids] == [2, 3]
    said = [block.text for block in section["robust"].blocks if isinstance(block, Paragraph)]
    assert any("random sets of inputs" in text for text in said)
    (optima,) = tables.table("optima").pandas().itertuples()
    assert optima.samples + optima.without == 20
    assert len(tables.table("chosen").pandas())
    assert len(tables.table("robust_mixes").pandas())
    _alternatives_are_whole_plans(tables)


def _alternatives_are_whole_plans(tables: RunTables) -> None:
    plans = tables.table("alternatives").pandas().set_index("plan")
    taken = tables.table("alternative_measures").pandas()
    assert set(plans["within"]) == {0.05}
    assert list(plans.index) == [*range(len(plans))]
    assert len(plans) >= 2
    mix = tables.table("mix").pandas()
    known = mix[(mix["case"] == "least_cost") & mix["best_for"].isna()]["cost"].sum()
    assert plans["cost"][0] == pytest.approx(known, rel=1e-6)
    assert (plans["more"] <= 0.05 * plans["cost"][0] * (1 + 1e-6)).all()
    every, used = taken[taken["plan"] == 0], taken[taken["share"] > 0]
    must = set(every.loc[every["role"] == "must", "measure"])
    for plan, own in used.groupby("plan"):
        assert must <= set(own["measure"])
        assert "never" not in set(own["role"])
        without = set(str(plans["without"].fillna("")[plan]).split())
        assert not without & set(own["measure"])
        assert without <= set(used.loc[used["plan"] == 0, "measure"])


def test_the_seed_changes_the_samples_and_nothing_else(small: Study) -> None:
    told = small.scenario.uncertainty.model_copy(update={"seed": 2})
    scenario = small.scenario.model_copy(update={"uncertainty": told})
    other = replace(small, read=replace(small.read, scenario=scenario))
    (one, _), (two, _) = (robust_mixes(s, 200, (0.7,)) for s in (small, other))
    assert one.cost != two.cost
    assert one.cost == pytest.approx(two.cost, rel=0.2)
