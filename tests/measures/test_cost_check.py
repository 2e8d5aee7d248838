"""Costs per tonne by hand, and beside published ones."""

from math import isnan

import pytest

from integration.workbench import REPOSITORY
from lantian.core.system import System
from lantian.measures.contract import CostCheckRow
from lantian.measures.cost_check import (
    CostComparison,
    beside_published,
    compare_costs,
    cost_per_tonne,
)
from lantian.parameters import Space
from lantian.study.load import load
from support.build import build, close, comply, controls, equip, money_of, row, shift

YEAR = 2
MONEY = money_of(Space(), prices={2014: 90.0, 2018: 99.0})


def two_trucks() -> System:
    """Half of 60 old and 30 older trucks can become new ones for 10 yuan each."""
    return build(
        {"truck / old": 60, "truck / older": 30, "truck / new": 10},
        {
            "truck / old": {"NOx": 3.0, "SO2": 1.0},
            "truck / older": {"NOx": 6.0, "SO2": 1.0},
            "truck / new": {"NOx": 1.0, "SO2": 1.5},
        },
        [shift("renew", "truck", "old older", "new", reach=0.5)],
    )


def test_moves_count_with_the_activity_they_start_from() -> None:
    # 45 trucks at 10 yuan; 30 x (3 - 1) + 15 x (6 - 1) = 135 t
    assert cost_per_tonne(two_trucks(), YEAR, "renew", "NOx") == pytest.approx(450 / 135)


def test_a_pollutant_that_rises_or_is_not_there_has_no_cost_per_tonne() -> None:
    assert isnan(cost_per_tonne(two_trucks(), YEAR, "renew", "SO2"))
    assert isnan(cost_per_tonne(two_trucks(), YEAR, "renew", "NH3"))


def test_nor_has_a_measure_that_does_not_act_here() -> None:
    assert isnan(cost_per_tonne(two_trucks(), YEAR, "end", "NOx"))
    assert isnan(cost_per_tonne(two_trucks(), YEAR, "renew", "NOx", "shop"))


def test_nor_has_a_measure_without_a_price() -> None:
    system = build({"firm / any": 4}, {"firm / any": 2.0}, [close("end", "firm", cost=None)])
    assert isnan(cost_per_tonne(system, YEAR, "end", "NOx"))


def test_sources_together_and_apart() -> None:
    # 10 yuan for 2 t and for 5 t: 5 and 2 yuan/t, together (4 + 1) x 10 yuan for 8 + 5 t
    system = build(
        {"firm / any": 4, "plant / any": 1},
        {"firm / any": 2.0, "plant / any": 5.0},
        [close("end", "firm plant")],
    )
    assert cost_per_tonne(system, YEAR, "end", "NOx", "firm") == pytest.approx(5.0)
    assert cost_per_tonne(system, YEAR, "end", "NOx", "plant") == pytest.approx(2.0)
    assert cost_per_tonne(system, YEAR, "end", "NOx") == pytest.approx(50 / 13)


def test_what_improves_on_another_measure_is_held_against_that() -> None:
    # No shop has f yet. From f (10 x 0.5 left) to g (10 x 0.1 left) 4 t go for 8 yuan.
    system = build(
        {"shop / any": 7},
        {"shop / any": 10.0},
        [equip("fit", "shop", "f"), comply("keep", "shop", "g", "f", cost=8.0)],
        controls({"f": 0.5, "g": 0.9}),
    )
    assert cost_per_tonne(system, YEAR, "keep", "NOx") == pytest.approx(2.0)


def published(value: float, low: float, high: float, **keys: object) -> CostCheckRow:
    named = {"measure": "renew", "pollutant": "NOx", "region": "test", "currency_year": 2014}
    found = row(CostCheckRow, value, "yuan/t", **{**named, **keys})
    return found.model_copy(update={"low": low, "high": high})


def compared(check: CostCheckRow) -> CostComparison:
    (found,) = compare_costs(two_trucks(), YEAR, [check], MONEY)
    return found


def test_the_published_cost_is_told_in_the_money_of_the_price_year() -> None:
    # 3 yuan of 2014 at an index of 90 are 3.3 yuan at 99.
    found = compared(published(3.0, 2.0, 4.0))
    assert (found.low, found.central, found.high) == pytest.approx((2.2, 3.3, 4.4))
    assert found.ours == pytest.approx(450 / 135)
    assert found.ratio == pytest.approx(450 / 135 / 3.3)
    assert found.agrees


def test_ours_below_above_or_missing_does_not_agree() -> None:
    assert not compared(published(6.0, 5.0, 7.0)).agrees
    assert not compared(published(2.0, 1.0, 3.0)).agrees
    missing = compared(published(3.0, 2.0, 4.0, pollutant="NH3"))
    assert not missing.agrees
    assert isnan(missing.ratio)


def test_no_cost_has_no_ratio_and_a_year_without_index_no_money() -> None:
    assert isnan(compared(published(0.0, -1.0, 1.0)).ratio)
    assert isnan(compared(published(3.0, 2.0, 4.0, currency_year=1999)).central)


def test_figures_of_china_are_counted_apart_from_those_of_other_prices() -> None:
    inside, above = published(3.0, 2.0, 4.0), published(6.0, 5.0, 7.0)
    foreign = published(6.0, 5.0, 7.0, region="USA")
    missing = published(3.0, 2.0, 4.0, pollutant="NH3")
    told = beside_published(map(compared, (inside, above, foreign, missing)))
    assert told is not None
    assert "1 of 2 of China, 0 of 1 of other countries" in told.text()
    assert beside_published([compared(missing)]) is None


# --- our own catalogue ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> list[CostComparison]:
    """Every published cost against the three regions that have the sources between them."""
    result: list[CostComparison] = []
    for name in ("tongzhou-2020", "shijiazhuang-2019", "mentougou-2020"):
        study = load(REPOSITORY / "scenarios" / f"{name}.yaml")
        rows = study.catalogue.checks.rows
        result += compare_costs(study.system, len(study.system.years) - 1, rows, study.money)
    return result


def test_every_published_cost_has_one_of_ours_beside_it(found: list[CostComparison]) -> None:
    rows = {c.row.key() for c in found}
    assert {c.row.key() for c in found if not isnan(c.ours)} == rows


SUBSIDIES_ONLY = {"old-vehicle-scrappage-incentive"}
"""What is published counts the money paid to owners, ours the vehicles."""
SAVES = {"fertiliser-reduction"}


def test_ours_are_within_four_times_of_chinese_ones(found: list[CostComparison]) -> None:
    for c in found:
        if c.row.region.startswith("USA") or c.row.measure in SUBSIDIES_ONLY | SAVES:
            continue
        if not isnan(c.ours):
            assert 0.25 < c.ratio < 4, (c.row.measure, c.row.pollutant, c.ratio)
