"""Avoided deaths from tables: ages add up, ranges hold the centre, mistakes are told at once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.core.risk import gemm_risk
from lantian.errors import Place, Problems
from lantian.indicators.available import GivenTables
from lantian.indicators.health import FunctionRow, Health, MortalityRow, read_health
from lantian.inventory.region import DatedRow
from lantian.parameters import QuantityTable, Space
from support.build import row

YEARS = (2017, 2018)
GEMM = {"theta": (0.143, "1"), "alpha": (1.6, "ug/m3"), "mu": (15.5, "ug/m3"),
        "nu": (36.8, "ug/m3"), "counterfactual": (2.4, "ug/m3")}  # fmt: skip


def functions() -> list[FunctionRow]:
    gemm = [
        row(FunctionRow, v, unit, function="gemm", cause="ncd-lri", parameter=name)
        for name, (v, unit) in GEMM.items()
    ]
    gbd = [
        row(FunctionRow, v, function="gbd", cause="ihd", parameter="risk", exposure=at)
        for at, v in ((10.0, 1.17), (50.0, 1.74), (100.0, 1.98))
    ]
    fusion = [
        row(FunctionRow, 0.008, "m3/ug", function="fusion", cause="ncd-lri", parameter="slope"),
        row(FunctionRow, 60, "ug/m3", function="fusion", cause="ncd-lri", parameter="turn"),
    ]
    return [*gemm, *gbd, *fusion]


def mortality(shares: Sequence[float] = (0.3, 0.7)) -> list[MortalityRow]:
    return [
        row(MortalityRow, 0.0073, "1/a", parameter="rate", cause="all"),
        row(MortalityRow, 0.0068, "1/a", parameter="rate", cause="ncd-lri"),
        row(MortalityRow, 0.0013, "1/a", parameter="rate", cause="ihd"),
        *(row(MortalityRow, s, parameter="age-share", age=str(k)) for k, s in enumerate(shares)),
        *(row(MortalityRow, 9, "a", parameter="life-left", age=str(k)) for k in range(len(shares))),
    ]


def read(
    problems: Problems,
    given_functions: list[FunctionRow] | None = None,
    given_mortality: list[MortalityRow] | None = None,
) -> Health | None:
    people = [row(DatedRow, 1e6, "person", parameter="population", year=2017)]
    space = Space()
    tables: dict[str, QuantityTable[Any]] = {
        name: QuantityTable(f"{name}.csv", rows, problems, space)
        for name, rows in (
            ("health_functions", given_functions or functions()),
            ("mortality", given_mortality or mortality()),
            ("region", people),
        )
    }
    return read_health(GivenTables(tables), YEARS, space, problems, Place("s.yaml", 1))


def healthy(**given_rows: Any) -> Health:
    problems = Problems()
    found = read(problems, **given_rows)
    assert not problems.found
    assert found is not None
    return found


def test_avoided_deaths_by_hand() -> None:
    before, after = np.array([60.0, 60.0]), np.array([60.0, 50.0])
    found = healthy().avoided("gemm", "ncd-lri", before, after)[:, :, 0]
    risk = gemm_risk([60, 50], *(v for v, _ in GEMM.values()))
    expected = 6800 * (1 / risk[1] - 1 / risk[0])
    assert found.sum(axis=0) == pytest.approx([0.0, expected])
    assert found[:, 1] == pytest.approx([0.3 * expected, 0.7 * expected])


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8))
def test_ages_add_up_to_all_ages(parts: list[float]) -> None:
    shares = [p / sum(parts) for p in parts]
    before, after = np.array([70.0, 55.0]), np.array([40.0, 50.0])
    by_age = healthy(given_mortality=mortality(shares)).avoided("gbd", "ihd", before, after)
    whole = healthy(given_mortality=mortality([1.0])).avoided("gbd", "ihd", before, after)
    assert by_age.sum(axis=0) == pytest.approx(whole[0])


def test_a_curve_is_silent_where_it_is_not_known() -> None:
    before, after = np.array([61.0, 59.0]), np.array([50.0, 50.0])
    found = healthy().avoided("fusion", "ncd-lri", before, after)[0, :, 0]
    assert np.isnan(found).tolist() == [True, False]


def test_the_curve_of_an_age_goes_before_that_of_all() -> None:
    own = [
        row(FunctionRow, 1.0, function="gbd", cause="ihd", age="1", parameter="risk", exposure=10),
        row(FunctionRow, 1.0, function="gbd", cause="ihd", age="1", parameter="risk", exposure=99),
    ]
    health = healthy(given_functions=[*functions(), *own])
    found = health.avoided("gbd", "ihd", np.array([60.0, 60]), np.array([50.0, 50]))[:, 0, 0]
    assert found[0] > 0
    assert found[1] == 0


def test_every_mistake_is_told_at_once() -> None:
    problems = Problems()
    wrong = [
        *functions()[1:],
        row(FunctionRow, 0.9, function="gbd", cause="ihd", parameter="risk", exposure=30),
        row(FunctionRow, 1.2, function="gbd", cause="ihd", parameter="risk"),
    ]
    deaths = [*mortality((0.3, 0.5)), row(MortalityRow, -1, "1/a", parameter="crude")]
    assert read(problems, wrong, deaths) is None
    told = " ".join(problem.text() for problem in problems.found)
    for part in (
        "no row for parameter 'theta'",
        "a relative risk below 1",
        "a risk needs its exposure",
        "the shares of 'age-share' add up to 80.0%, not to 100 %.",
        "cannot be negative",
    ):
        assert part in told


def test_what_is_missing_is_told_where_it_is_asked_for() -> None:
    problems = Problems()
    assert read_health(GivenTables({}), YEARS, Space(), problems, Place("s.yaml", 3)) is None
    assert "s.yaml:3" in problems.found[0].text()
    assert "health_functions.csv, mortality.csv, region.csv" in problems.found[0].text()
