"""Futures and grids: each variant is what a scenario of its own would give."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Finished, Project, call, copy_project
from lantian.ensemble.outcomes import Outcomes, ask, cases_of, outcomes
from lantian.ensemble.variants import Evaluated, evaluate_variants
from lantian.parameters.space import CONSTANTS
from lantian.study.load import load
from lantian.study.model import Study

HEAD = "extends: tongzhou-2020.yaml\nname: {name}\n"
MIDWAY = """targets:
  - id: nox-2019
    clause: [tongzhou-2020-001]
    indicator: emission
    pollutant: NOx
    reduce_by: 20 %
    relative_to: 2017
    year: 2019
    bindingness: binding
"""
"""A target of a year in which dates of commitments matter."""
FUTURES = {
    "more-cars": "{driver: car-stock, growth: 2 %}",
    "china-iii-earlier": "{table: standard_dates, where: {standard: III}, plus: -2 a}",
    "dear-power": "{price: electricity, times: 1.3}",
    "clean-trucks": "{table: vehicle_base_factors, where: {fuel: diesel, standard: V}, times: 0.5}",
    "dusty": "{factor: construction-site, times: 1.2}",
    "fewer-firms": "{activity: general-manufacturing, times: 0.8}",
    "old-trucks": "{fleet: heavy-truck, where: {parameter: mean-life}, plus: 2 a}",
    "far": "{reach: old-vehicle-scrappage-incentive, to: 50 %}",
    "wet": "{control: wet-sweeping, where: {pollutant: TSP}, times: 0.9}",
    "dear": "{cost: industrial-voc-abatement, where: {item: capital}, times: 1.5}",
    "own-air": "{response: ground-slope, times: 0.9}",
    "slow": "{table: traffic, where: {parameter: speed}, times: 0.8}",
    "scrap-less": "{level: scrap-old-trucks, to: 40 %}",
    "scrap-later": "{level: scrap-old-trucks, from: 2019, by: 2020}",
    "cheap-money": "{economics: discount_rate, to: 4 %}",
}
Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_project(tmp_path_factory.mktemp("variants"))


@pytest.fixture(scope="module")
def write(project: Project) -> Write:
    """Write a scenario that extends the plan of Tongzhou; return its path."""

    def to(name: str, text: str) -> Path:
        path = project.root / "scenarios" / f"{name}.yaml"
        path.write_text(HEAD.format(name=name) + MIDWAY + text, encoding="utf-8")
        return path

    return to


def central(study: Study) -> Outcomes:
    return outcomes(ask(study, cases_of(study)), study.space.central())


@pytest.fixture(scope="module")
def futures(write: Write) -> tuple[Study, Evaluated, Outcomes]:
    text = "".join(f"  {name}:\n    - {change}\n" for name, change in FUTURES.items())
    study = load(write("futures", f"futures:\n{text}"))
    found = evaluate_variants(study)
    assert found is not None
    assert [v.name for v in found.variants] == list(FUTURES)
    return study, found, central(study)


@pytest.mark.parametrize("name", FUTURES)
def test_a_future_is_what_a_scenario_with_the_same_set_gives(
    name: str, futures: tuple[Study, Evaluated, Outcomes], write: Write
) -> None:
    alone = central(load(write(f"only-{name}", f"set:\n  - {FUTURES[name]}\n")))
    _, found, before = futures
    at = list(FUTURES).index(name)
    moved = False
    for part in ("value", "limit", "total", "cost"):
        own, old = getattr(found.outcomes, part)[..., at], getattr(before, part)[..., 0]
        np.testing.assert_allclose(own, getattr(alone, part)[..., 0], rtol=1e-12, err_msg=part)
        moved = moved or not np.allclose(own, old, rtol=1e-9, atol=0.0, equal_nan=True)
    assert moved, "a change that changes nothing proves nothing"


def test_a_grid_is_every_combination(write: Write) -> None:
    grid = """grid:
  cars: [{driver: car-stock, growth: 1 %}, {driver: car-stock, growth: 3 %}]
  trucks:
    - {level: scrap-old-trucks, to: 40 %}
    - [{level: scrap-old-trucks, to: 80 %}, {level: scrap-old-trucks, from: 2018, by: 2018}]
    - {level: scrap-old-trucks, from: 2020, by: 2020}
"""
    study = load(write("grid", grid))
    found = evaluate_variants(study)
    assert found is not None
    names = [f"cars {c}, trucks {t}" for c in (1, 2) for t in (1, 2, 3)]
    assert [v.name for v in found.variants] == names
    same = """set:
  - {driver: car-stock, growth: 3 %}
  - {level: scrap-old-trucks, to: 80 %}
  - {level: scrap-old-trucks, by: 2018}
"""
    one = central(load(write("grid-2-2", same)))
    np.testing.assert_allclose(found.outcomes.value[..., 4], one.value[..., 0], rtol=1e-12)
    midway = [t.target.id for t in study.targets].index("nox-2019")
    early, late = found.outcomes.value[found.cases.index("plan"), midway, [1, 2]]
    assert early < late


def test_changes_act_one_on_the_other(write: Write) -> None:
    """A future acts on what the scenario itself has set; later changes on earlier ones."""
    text = """set:
  - {driver: car-stock, times: 1.1}
futures:
  more:
    - {driver: car-stock, years: [2019, 2020], times: 1.2}
    - {driver: car-stock, years: [2020], times: 1.3}
"""
    space = load(write("chain", text)).space
    own, variant = space.central()[:, 0], space.variants()[:, 0]
    factor = {2018: 1.0, 2019: 1.2, 2020: 1.2 * 1.3}
    seen = set()
    for slot, number in enumerate(space.given, len(CONSTANTS)):
        if number.key()[0] == "car-stock" and (year := number.key()[1]) in factor:
            seen.add(year)
            assert own[slot] == pytest.approx(1.1 * number.value, rel=1e-14)
            assert variant[slot] == pytest.approx(1.1 * factor[year] * number.value, rel=1e-14)
    assert seen == set(factor)


def test_ranges_follow_and_a_share_stays_one(write: Write) -> None:
    space = load(write("ranges", "set:\n  - {level: scrap-old-trucks, times: 1.5}\n")).space
    keys = [number.key() for number in space.given]
    taken = space.number_of(len(CONSTANTS) + keys.index(("level", "scrap-old-trucks")))
    # 60 % (30 to 80) times 1.5 is 90 % (45 to 120): no share is above 100 %.
    assert taken.amount == pytest.approx((90.0, 45.0, 100.0))


def test_the_run_has_a_row_per_variant_case_and_target(
    district: Finished, starter: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    shutil.copytree(starter, own, ignore=shutil.ignore_patterns("runs"))
    path = own / "scenarios" / "my-district.yaml"
    futures = "\nfutures:\n  more: [{table: inventory, times: 1.1}]\n"
    told = f"{path.read_text(encoding='utf-8')}{futures}uncertainty: {{swings: false}}\n"
    path.write_text(told, encoding="utf-8")
    answer = call("run", str(path), "--no-charts", at=own)
    assert answer.code in (0, 3), answer.err
    run = Finished(answer, own / "runs" / "my-district")
    rows, computed = run.table("variants"), run.table("targets").dropna(subset=["met"])
    cases = ["baseline", "plan", "plan_strict", "plan_printed"]
    asked = rows[rows["what"] == "target"]
    assert len(asked) == len(cases) * computed["target"].nunique()
    assert asked["met"].notna().all()
    assert set(rows["what"]) == {"target", "emission", "cost"}
    paid = rows[rows["what"] == "cost"].set_index("case")["value"]
    assert paid["baseline"] == 0.0 < paid["plan"]
    assert run.table("assumptions")["swing"].isna().all()
    assert district.table("assumptions")["swing"].notna().any()


def test_a_run_without_variants_has_no_table_of_them(district: Finished) -> None:
    assert (district.folder / "tables" / "targets.csv").exists()
    assert not (district.folder / "tables" / "variants.csv").exists()
