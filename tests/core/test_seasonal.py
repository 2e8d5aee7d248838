"""Measures that act in some months: a month table by hand, and months that make up the year."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.core.commitments import apply_commitments
from lantian.core.projection import Projection
from lantian.core.seasonal import Monthly, Shifts, seasonal_groups
from lantian.core.system import NOWHERE, System, emission_by_source, shifts_of
from lantian.inventory.months import MONTHS, in_season
from lantian.optimise.problem.branches import Branches
from lantian.optimise.problem.coefficients import Targets
from lantian.optimise.procedure.least_cost import least_cost
from lantian.optimise.procedure.question import NO_QUESTION, answer_question
from lantian.results.tables.months import by_month as month_table
from lantian.study.model import CaseResult
from lantian.vocabulary import POLLUTANTS
from support.build import build, close, plan, shift
from support.columns import study_of
from support.random_plans import Case, cases

NOX = POLLUTANTS.index("NOx")
LAST = 2
EVEN = np.full(MONTHS, 1 / MONTHS)
Array = np.ndarray[Any, Any]


def with_seasons(system: System, shares: Array, spread: dict[int, Array]) -> System:
    """The system with groups that act in other months than their sources emit in."""
    each = {group: own[None] for group, own in spread.items()}
    own = seasonal_groups(system.moves, system.states, shares, each)
    return replace(system, seasonal=own)


def projected(system: System, activity: Array, moved: Array) -> Projection:
    emission = emission_by_source(system, activity)
    shifts = Shifts(lambda: shifts_of(system, moved))
    return Projection(system.years, emission[..., None], activity[..., None], shifts)


def by_month(case: Projection, shares: Array, pollutant: int = NOX) -> Array:
    """Of the last year [t], dims (source, month)."""
    each = [
        case.within(shares[:, m], np.eye(MONTHS)[m], pollutant)[:, LAST, 0] for m in range(MONTHS)
    ]
    return np.array(each).T


def test_a_month_table_by_hand() -> None:
    """1200 t, even over the year; a tenth is moved away, all of it from June to September."""
    system = build(
        {"plant / coal": 1200.0, "firm / any": 240.0},
        {"plant / coal": 1.0, "firm / any": 1.0},
        [close("stagger", "plant"), close("dated", "firm")],
    )
    shares = np.tile(EVEN, (2, 1))
    shares[1] = in_season("11-2") / 4  # the firm works in winter alone
    stagger = [system.measures[m] for m in system.groups.measure].index("stagger")
    system = with_seasons(system, shares, {stagger: in_season("6-9") / 4, 1 - stagger: shares[1]})
    assert list(system.seasonal.spread) == [stagger]  # type: ignore[union-attr]
    found = plan(system, {"stagger": 0.1, "dated": 0.5})
    table = by_month(projected(system, found.activity, found.moved), shares)
    # 120 t less, 30 t in each of four months; the firm halves where it works
    assert table[0] == pytest.approx([100.0] * 5 + [70.0] * 4 + [100.0] * 3)
    assert table[1] == pytest.approx([30.0, 30.0, *[0.0] * 8, 30.0, 30.0])
    assert table.sum() == pytest.approx(1080.0 + 120.0)


def by_the_moves(system: System, shares: Array, moved: Array) -> Array:
    """Month table of the last year move by move [t], dims (source, month)."""
    moves, seasonal = system.moves, system.seasonal
    assert seasonal is not None
    source, factor = system.states.source, system.factor[:, NOX, LAST]
    table = np.zeros(shares.shape)
    for s, own in enumerate(source.tolist()):
        table[own] += system.baseline[s, LAST] * factor[s] * shares[own]
    for m in range(len(moves)):
        o, t = int(moves.origin[m]), int(moves.target[m])
        spread = seasonal.spread.get(int(moves.group[m]), [None])[0]
        amount = moved[m, LAST]
        table[source[o]] -= amount * factor[o] * (shares[source[o]] if spread is None else spread)
        if t != NOWHERE:
            gained = amount * moves.conversion[m] * factor[t]
            table[source[t]] += gained * (shares[source[t]] if spread is None else spread)
    return table


@st.composite
def shapes(draw: st.DrawFn) -> Array:
    weight = np.array([draw(st.sampled_from([0.0, 1.0, 3.0])) for _ in range(MONTHS)])
    return weight / weight.sum() if weight.any() else EVEN


@settings(max_examples=30)
@given(case=cases(most=5), data=st.data())
def test_months_make_up_the_year_and_rows_are_what_they_say(
    case: Case, data: st.DataObject
) -> None:
    system = case.system
    shares = np.array([data.draw(shapes()) for _ in system.sources.id])
    chosen = data.draw(st.sets(st.integers(0, len(system.groups) - 1))) if system.groups else set()
    system = with_seasons(system, shares, {g: data.draw(shapes()) for g in sorted(chosen)})
    found = apply_commitments(system, case.commitments)
    table = by_month(projected(system, found.activity, found.moved), shares)
    size = max(float(np.abs(emission_by_source(system, system.baseline)).max()), 1.0)
    np.testing.assert_allclose(
        table, by_the_moves(system, shares, found.moved), atol=1e-9 * size, rtol=0.0
    )
    year = emission_by_source(system, found.activity)[:, NOX, LAST]
    np.testing.assert_allclose(table.sum(axis=1), year, atol=1e-9 * size, rtol=0.0)
    # What the program is told of the season is what the projection says.
    months = in_season(data.draw(st.sampled_from(["6-9", "11-3", "4"])))
    answer = least_cost(system, LAST, of_season(system, shares, months))
    assert answer.reprojection_gap <= 1e-9


def of_season(system: System, shares: Array, months: Array) -> Targets:
    """NOx of some months, to be cut as far as it goes."""
    yearly = np.zeros((len(system.sources), len(POLLUTANTS)))
    yearly[:, NOX] = 1.0
    return Targets(
        ("season",),
        (yearly * (shares @ months)[:, None])[None],
        np.zeros(1),
        np.zeros(1),
        ("t/a",),
        monthly=(Monthly(months, yearly),),
    )


def test_a_mix_for_a_season_takes_what_acts_in_it() -> None:
    """Summer is bought with the measure that acts in summer, though the other is cheaper a year."""
    system = build(
        {"truck / old": 100.0, "truck / new": 0.0, "plant / coal": 100.0},
        {"truck / old": 1.0, "truck / new": 0.5, "plant / coal": 1.0},
        [shift("renew", "truck", "old", "new", cost=1.0), close("rest", "plant", cost=1.5)],
    )
    shares = np.tile(EVEN, (2, 1))
    names = [system.measures[m] for m in system.groups.measure]
    summer = in_season("6-9")
    system = with_seasons(system, shares, {names.index("rest"): summer / 4})
    asked = of_season(system, shares, summer)
    start = 200.0 * 4 / 12
    answer = least_cost(system, LAST, replace(asked, limit=np.array([start - 10.0])))
    taken = dict(zip(names, answer.uptake.tolist(), strict=True))
    # a unit of rest takes 1 t of summer for 1.5, a unit of renew 0.5 * 4/12 t for 1
    assert taken == pytest.approx({"rest": 10.0, "renew": 0.0})


def test_every_month_of_a_target_counts_what_acts_in_it() -> None:
    """Two months as rows of one target: the measure of the summer takes nothing from January."""
    system = build(
        {"truck / old": 120.0, "truck / new": 0.0, "plant / coal": 120.0},
        {"truck / old": 1.0, "truck / new": 0.5, "plant / coal": 1.0},
        [shift("renew", "truck", "old", "new", cost=1.0), close("rest", "plant", cost=1.0)],
    )
    names = [system.measures[m] for m in system.groups.measure]
    shares = np.tile(EVEN, (2, 1))
    system = with_seasons(system, shares, {names.index("rest"): in_season("6-9") / 4})
    each = [of_season(system, shares, np.eye(MONTHS)[m]) for m in (0, 6)]
    rows = Branches(
        ("month",) * 2,
        (0, 0),
        np.concatenate([own.weight for own in each]),
        np.full(2, -np.inf),
        np.array([18.0, 15.0]),
        (),
        np.zeros((2, 0)),
        monthly=(*each[0].monthly, *each[1].monthly),
    )
    none = replace(each[0], limit=np.array([1e9]), branches=rows)
    start = np.zeros((len(system.moves), len(system.years)))
    answer = answer_question(NO_QUESTION, system, {LAST: none}, start)[LAST]
    taken = dict(zip(names, answer.uptake.tolist(), strict=True))
    # 20 t a month: January falls by a 24th of each renewed truck, July by that and a fourth of rest
    assert taken == pytest.approx({"renew": 48.0, "rest": 12.0}, rel=1e-6)


def test_what_begins_in_october_is_in_the_last_months_of_its_first_year() -> None:
    """Half of 1200 t from October 2020 on: 150 t less in 2020, all of it in three months."""
    system = build({"plant / coal": 1200.0}, {"plant / coal": 1.0}, [close("stop", "plant")])
    shares, first = np.tile(EVEN, (1, 1)), np.tile(EVEN, (len(system.years), 1))
    first[LAST] = in_season("10-12") / 3
    dated = seasonal_groups(system.moves, system.states, shares, {0: first})
    found = plan(system, {"stop": 0.125})
    shifts = Shifts(lambda: shifts_of(system, found.moved, dated))
    emission = emission_by_source(system, found.activity)
    case = Projection(system.years, emission[..., None], found.activity[..., None], shifts)
    table = by_month(case, shares)[0]
    assert table == pytest.approx([100.0] * 9 + [50.0] * 3)
    together = case.by_month(np.array([0]), shares, NOX)
    np.testing.assert_allclose(together[:, LAST, 0], table)
    before = case.at(system.years[LAST - 1])  # the year before has the months of its source
    assert before.by_month(np.array([0]), shares, NOX)[:, 0, 0] == pytest.approx([87.5] * 12)


@pytest.mark.parametrize("season", ["11-3", "6-9", "4"])
@pytest.mark.parametrize("name", ["plan", "match_plan"])
def test_a_plan_of_a_district_has_the_season_of_its_month_table(name: str, season: str) -> None:
    """With the dates of its commitments, which the same measures in a mix do not have."""
    study = study_of("tongzhou-2020")
    system, done, last = study.system, study.applied, len(study.system.years) - 1
    case = CaseResult(
        tuple(range(last + 1)),
        done.moved,
        done.activity,
        emission_by_source(system, done.activity),
        dated=name == "plan",
    )
    months = in_season(season)
    table = month_table(study, name, case, last)[:, NOX] @ months
    share = study.shapes.shares @ months
    found = study.projection(case).within(share, months, NOX)[:, last, 0]
    assert found.sum() == pytest.approx(table.sum(), rel=1e-9)
    # The season of the plan's measures is not that of their sources.
    assert system.seasonal is not None
    assert system.seasonal.spread


def test_dates_within_a_year_change_its_seasons_and_not_the_year() -> None:
    """Shijiazhuang has commitments by October: winter is cleaner at its end, and summer dirtier."""
    study = study_of("shijiazhuang-2019")
    done, last = study.applied, len(study.system.years) - 1
    emission = emission_by_source(study.system, done.activity)
    cases = [
        study.projected(emission, done.activity, done.moved, dated=dated) for dated in (True, False)
    ]
    each = [
        np.array([
            case.within(study.shapes.shares[:, m], np.eye(MONTHS)[m], NOX)[:, last, 0].sum()
            for m in range(MONTHS)
        ])
        for case in cases
    ]  # fmt: skip
    np.testing.assert_allclose(each[0].sum(), each[1].sum(), rtol=1e-9)
    assert each[0][-1] < each[1][-1]
    assert each[0][0] > each[1][0]
