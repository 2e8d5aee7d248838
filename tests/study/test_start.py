"""Scenarios that start from the end of another: what is left, and what is said if it cannot be."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from integration.workbench import Project, call, copy_project
from lantian.core.commitments import apply_commitments
from lantian.core.system import Array
from lantian.errors import InputError
from lantian.inventory.contract import every_year
from lantian.parameters.space import CONSTANTS
from lantian.plan.commitments import read_as
from lantian.study.load import load
from lantian.study.model import Results, Study
from lantian.study.solve import solve
from lantian.vocabulary import READINGS

MENTOUGOU = "inputs/regions/beijing/mentougou"
HEAD = """name: {name}
title: {{en: Next, zh: 续}}
region: mentougou
base_year: {year}
last_year: 2020
reference_years: [{before}]
economics: {{price_year: 2018, discount_rate: 8 %}}
starts_from: {{scenario: {origin}, case: {case}, year: {year}}}
"""
"""Mentougou burns coal in every year, so that its response can be calibrated in each."""
BARE = """extends: mentougou-2020.yaml
name: bare
plan: null
targets: []
commitments: []
"""
ONLY = """extends: bare.yaml
name: only
commitments:
  - id: scrap
    measure: {measure}
    clause: [a]
    level: {level}
    of: {of}
    from: 2018
    by: 2020
    bindingness: binding
    credit: printed
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, with air of Mentougou observed in every year."""
    project = copy_project(tmp_path_factory.mktemp("start"))
    lines = project.lines(f"{MENTOUGOU}/air.csv")
    year = lines[0].index("year")
    lines = [row for row in lines if row[year] not in ("2018", "2019", "2020")]
    seen = [row for row in lines[1:] if row[year] == "2017" and row[0] in ("pm25", "dustfall")]
    more = [[*row[:year], y, *row[year + 1 :]] for row in seen for y in ("2018", "2019", "2020")]
    project.write(f"{MENTOUGOU}/air.csv", [*lines, *more])
    return project


@pytest.fixture
def write(project: Project) -> Callable[..., Path]:
    """Write a scenario of the project, and return its file."""

    def scenario(name: str, text: str) -> Path:
        path = project.root / "scenarios" / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return scenario


def next_of(
    name: str, origin: str, year: int, *, case: str = "baseline", before: int = 2017
) -> str:
    return HEAD.format(name=name, origin=origin, case=case, year=year, before=before)


State = tuple[str, str, tuple[str, ...]]


def by_state(study: Study, amount: Array) -> dict[State, Array]:
    sources, states = study.system.sources, study.system.states
    names = [sources.id[s] for s in states.source]
    return dict(
        zip(zip(names, states.technology, states.controls, strict=True), amount, strict=True)
    )


def same(here: dict[State, Array], there: dict[State, Array], last: int) -> None:
    """Hold the last axis of every state against that of another study, from its end on.

    What is rounding of a source's activity is nothing, and does not go on.
    """
    for name in here.keys() | there.keys():
        own = here.get(name, np.zeros(1))[..., -last:]
        other = there.get(name, np.zeros(1))[..., -last:]
        scale = max(np.abs(v).max() for n, v in there.items() if n[0] == name[0])
        np.testing.assert_allclose(own - other, 0.0, atol=1e-12 * scale + 1e-9, err_msg=str(name))


# --- without a plan a start in between changes nothing -------------------------------------------


def test_a_baseline_goes_on_as_if_nothing_had_stopped(write: Callable[..., Path]) -> None:
    """Stocks, years of sale, turnover, new heaters, later rows: state by state, new units too."""
    path = write("from-2018", next_of("from-2018", "mentougou-2020.yaml", 2018))
    later, whole = load(path), load(path.with_name("mentougou-2020.yaml"))
    assert later.system.years == (2017, 2018, 2019, 2020)
    same(by_state(later, later.system.baseline), by_state(whole, whole.system.baseline), 4)
    new_here, new_there = later.system.recent[:, 2], whole.system.recent[:, 3]
    same(by_state(later, new_here), by_state(whole, new_there), 2)
    np.testing.assert_allclose(later.baseline, whole.baseline[:, :, 1:], rtol=1e-12, atol=1e-12)


def test_starts_can_follow_one_another(write: Callable[..., Path]) -> None:
    write("from-2018", next_of("from-2018", "mentougou-2020.yaml", 2018))
    path = write("from-2019", next_of("from-2019", "from-2018.yaml", 2019, before=2018))
    later, whole = load(path), load(path.with_name("mentougou-2020.yaml"))
    same(by_state(later, later.system.baseline), by_state(whole, whole.system.baseline), 3)
    assert later.origin is not None
    assert later.origin.origin is not None


# --- what a case leaves --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def solved(project: Project) -> Callable[[str], tuple[Study, Results]]:
    """Loads and solves a plan, once."""

    @cache
    def study_and_results(plan: str) -> tuple[Study, Results]:
        study = load(project.root / "scenarios" / f"{plan}.yaml")
        return study, solve(study, curves=False)

    return study_and_results


def _end_of(study: Study, case: str) -> Array:
    """Activity at the pace at which a reading of the plan ends."""
    reading = next((name for name in READINGS if name == case), "plan_year_end")
    own = read_as(study.all_commitments, study.scenario, reading).at_year_end()
    return apply_commitments(study.system, own).activity


@pytest.mark.parametrize("case", ["plan", "plan_strict", "plan_printed", "least_cost"])
def test_a_scenario_begins_with_the_states_of_a_case(
    case: str, write: Callable[..., Path], solved: Callable[[str], tuple[Study, Results]]
) -> None:
    text = next_of("after", "mentougou-2020.yaml", 2020, case=case)
    if case == "least_cost":  # it has 2020 alone, and in Mentougou nothing that could be calibrated
        text = text.replace("reference_years: [2017]\n", "").replace("mentougou", "tongzhou")
    plan = "tongzhou-2020" if case == "least_cost" else "mentougou-2020"
    after, (whole, found) = load(write("after", text)), solved(plan)
    left = found.cases["least_cost"].activity if case == "least_cost" else _end_of(whole, case)
    here, there = by_state(after, after.system.baseline), by_state(whole, left)
    anew = ("bare-farmland", "ritual-paper", "official-car", "car")
    same(*({n: v for n, v in of.items() if n[0] not in anew} for of in (here, there)), last=1)
    assert any(len(controls) > 1 for _, _, controls in (n for n, v in here.items() if v[-1] > 0))


def test_totals_are_assumed_numbers_with_the_range_of_the_baseline(
    write: Callable[..., Path],
) -> None:
    after = load(write("after", next_of("after", "mentougou-2020.yaml", 2020, case="plan")))
    numbers = {n.key(): n for n in after.space.given if n.key()[0] == "starts_from"}
    assert after.origin is not None
    activity = after.origin.applied.activity[:, -1]
    cars = [s for s, name in enumerate(by_state(after.origin, activity)) if name[0] == "car"]
    car = numbers["starts_from", "car", "2020"]
    assert car.value == pytest.approx(activity[cars].sum())
    assert car.unit == "vehicle"
    assert car.low < 0.85 * car.value < 1.15 * car.value < car.high
    assert car.basis == "assumed"
    assert str(car.place) == "scenarios/after.yaml:8:1  starts_from"


def test_a_start_holds_for_samples_too(write: Callable[..., Path]) -> None:
    """Any numbers inside their ranges; a column has the same bytes alone and beside others."""
    after = load(write("after", next_of("after", "mentougou-2020.yaml", 2019, case="plan")))
    low, high = after.space.ends()
    theta = low + (high - low) * np.random.default_rng(7).random((len(low), 5))
    theta[: len(CONSTANTS)] = after.space.central()[: len(CONSTANTS)]
    window = every_year(len(after.system.years))
    together = after.compiled.values(theta, window)
    assert np.isfinite(together.activity).all()
    assert (together.activity >= 0).all()
    for k in range(5):
        alone = after.compiled.values(theta[:, k : k + 1], window)
        assert alone.activity[..., 0].tobytes() == together.activity[..., k].tobytes()
        assert alone.recent[..., 0].tobytes() == together.recent[..., k].tobytes()


def vehicles(study: Study, source: str, fuel: str) -> dict[int, float]:
    """Vehicles of the base year by year of sale."""
    (model,) = [
        m
        for sector, m in zip(study.sectors, study.compiled.models, strict=True)
        if sector.id == "on-road"
    ]
    at = study.system.years.index(study.scenario.base_year)
    sold = model.sold(study.space.central(), at)
    assert sold is not None
    found: dict[int, float] = {}
    for kind, year, amount in zip(sold.kind, sold.year, sold.amount, strict=True):
        if kind[0] == source and kind[1].startswith(fuel):
            found[int(year)] = found.get(int(year), 0.0) + float(amount)
    return found


def after_only(
    write: Callable[..., Path], measure: str, level: str, of: str, case: str = "plan"
) -> Study:
    """A scenario that starts from the end of a plan with one commitment."""
    write("bare", BARE)
    write("only", ONLY.format(measure=measure, level=level, of=of))
    return load(write("after", next_of("after", "only.yaml", 2020, case=case)))


def test_what_replaces_the_stock_is_sold_in_the_years_of_the_plan(
    write: Callable[..., Path],
) -> None:
    """A third of 60 % in each year; the rest of the stock keeps its years of sale."""
    measure = "zev-stock-permitted-light-trucks"
    plan = after_only(write, measure, "60 %", "available")
    none = after_only(write, measure, "60 %", "available", case="baseline")
    source = "light-truck-permit"
    before, left = (vehicles(s, source, "diesel") for s in (none, plan))
    moved = sum(before.values()) - sum(left.values())
    assert moved == pytest.approx(0.6 * sum(before.values()), rel=1e-9)
    for year, amount in before.items():
        assert left[year] == pytest.approx(0.4 * amount)
    electric = vehicles(plan, source, "battery")
    grown = {y: n - vehicles(none, source, "battery").get(y, 0.0) for y, n in electric.items()}
    total = sum(grown.values())
    assert {y for y, n in grown.items() if n > 1e-9} == {2018, 2019, 2020}
    assert [grown[y] / total for y in (2018, 2019, 2020)] == pytest.approx([1 / 3] * 3, rel=0.1)


def test_what_is_bought_instead_is_as_new_as_what_it_replaces(write: Callable[..., Path]) -> None:
    measure = "zev-new-postal"
    plan = after_only(write, measure, "100 %", "new")
    none = after_only(write, measure, "100 %", "new", case="baseline")
    for year in range(2010, 2021):
        petrol, electric = (
            [vehicles(s, "postal-van", fuel).get(year, 0.0) for s in (none, plan)]
            for fuel in ("gasoline", "battery")
        )
        assert sum(x[1] for x in (petrol, electric)) == pytest.approx(petrol[0] + electric[0])
        if year < 2018:
            assert petrol[1] == pytest.approx(petrol[0])
        else:
            assert petrol[1] < 0.7 * petrol[0]


# --- what is said --------------------------------------------------------------------------------


def told(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        load(path)
    return [p.text() for p in error.value.problems]


WRONG = {
    "no file": (
        ("mentougou-2020.yaml", "mentougou.yaml"),
        "scenarios/wrong.yaml:8:15  starts_from.scenario\n  there is no file 'mentougou.yaml'."
        " Did you mean 'mentougou-2020.yaml'?",
    ),
    "itself": (
        ("mentougou-2020.yaml", "wrong.yaml"),
        "scenarios/wrong.yaml:8:15  starts_from.scenario\n  'wrong.yaml' starts from itself.",
    ),
    "another place": (
        ("mentougou-2020.yaml", "tongzhou-2020.yaml"),
        "scenarios/wrong.yaml:8:15  starts_from.scenario\n  'tongzhou-2020.yaml' is about "
        "'tongzhou', which is not 'mentougou' or what that extends.",
    ),
    "no region there": (
        ("mentougou-2020.yaml", "published/kohn-cement.yaml"),
        "scenarios/wrong.yaml:8:15  starts_from.scenario\n"
        "  'published/kohn-cement.yaml' is not about a region.",
    ),
    "another year": (
        (", year: 2018", ", year: 2019"),
        "scenarios/wrong.yaml:8:62  starts_from.year\n  2019 is not the base_year, 2018.",
    ),
    "a year that is not there": (
        ("reference_years: [2017]", "reference_years: [2016]"),
        "scenarios/wrong.yaml:8:15  starts_from.scenario\n  'mentougou-2020.yaml' has no year "
        "2016. Expected one of 2015, 2017, 2018, 2019, 2020.",
    ),
    "a case without that year": (
        ("case: baseline", "case: least_cost"),
        "scenarios/wrong.yaml:8:46  starts_from.case\n  'least_cost' was not found for 2018. Only "
        "years with a target that is computed are optimised.",
    ),
    "an unknown source": (
        (", year: 2018}", ", year: 2018, recounted: [cars]}"),
        "scenarios/wrong.yaml:8:86  starts_from.recounted[0]\n"
        "  'cars' is not a source. Did you mean 'car'?",
    ),
    "no region here": (
        ("region: mentougou", "finished: {inventory: a.csv, measures: b.csv}"),
        "scenarios/wrong.yaml:8:1  starts_from\n  starts_from goes with a region.",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_is_told_at_its_place(
    kind: str, write: Callable[..., Path], project: Project
) -> None:
    (old, new), expected = WRONG[kind]
    text = next_of("wrong", "mentougou-2020.yaml", 2018)
    assert text.count(old) >= 1
    published = project.root / "scenarios" / "published"
    if not published.exists():
        source = Path(__file__).parents[2] / "scenarios" / "published"
        published.symlink_to(source)
    assert told(write("wrong", text.replace(old, new))) == [expected]


def test_a_source_that_is_counted_anew_needs_its_rows(write: Callable[..., Path]) -> None:
    text = next_of("anew", "mentougou-2020.yaml", 2018)
    text = text.replace("year: 2018}", "year: 2018, recounted: [car, pig]}")
    assert told(write("anew", text)) == [
        f"{MENTOUGOU}/activity/ammonia.csv:2:4  year\n"
        "  no row of the year 2018 for 'pig / intensive'. Add the row; write 0 if there is none.",
        f"{MENTOUGOU}/fleet.csv:3\n  the rows of source 'car', parameter 'stock' end in 2017, and"
        " the run goes on: the last_year of the scenario is later. Add rows of the later years, or"
        " give the scenario an earlier last_year.",
    ]


def test_problems_of_the_origin_are_told_in_its_own_file(
    write: Callable[..., Path], project: Project
) -> None:
    write("bad", "extends: mentougou-2020.yaml\nname: bad\nlast_yaer: 2020\n")
    found = told(write("after", next_of("after", "bad.yaml", 2018)))
    assert [text.splitlines()[0] for text in found] == ["scenarios/bad.yaml:3:1  last_yaer"]


# --- the run -------------------------------------------------------------------------------------


def test_a_run_keeps_what_it_starts_from(write: Callable[..., Path], project: Project) -> None:
    write("from-2018", next_of("from-2018", "mentougou-2020.yaml", 2018))
    write("from-2019", next_of("from-2019", "from-2018.yaml", 2019, before=2018))
    once = call("run", "scenarios/from-2019.yaml", "--no-charts", at=project.root)
    assert (once.code, once.err) == (0, "")
    run = project.root / "runs" / "from-2019"
    again = call(
        "run", str(run / "scenario.yaml"), "--no-charts", "--out", "again", at=project.root
    )
    assert again.code == 0
    copy = project.root / "again" / "from-2019"
    for name in ("scenario.yaml", "starts-from-1.yaml", "starts-from-2.yaml"):
        assert (copy / name).read_bytes() == (run / name).read_bytes()
    for path in sorted((run / "tables").iterdir()):
        if path.stem != "assumptions":
            assert (copy / "tables" / path.name).read_bytes() == path.read_bytes(), path.name
