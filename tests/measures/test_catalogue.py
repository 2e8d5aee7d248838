"""Costs of a unit by hand, and contradictions between the catalogue's tables."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lantian.errors import Place, Problems
from lantian.measures.catalogue import (
    Catalogue,
    check_catalogue,
    find_measure,
    read_catalogue,
)
from lantian.measures.contract import AppliesRow, ControlRow, CostRow, MeasureRow, ReachRow
from lantian.measures.costs import UnitCost, declare_costs
from lantian.parameters import Space
from lantian.vocabulary import POLLUTANTS
from support.build import (
    Lines,
    catalogue_of,
    close,
    comply,
    controls,
    equip,
    money_of,
    row,
    shift,
)

RATE, PRICES = 0.08, {2014: 90.0, 2018: 99.0}


def cost(item: str, value: float, unit: str, **more: object) -> CostRow:
    return row(CostRow, value, unit, measure="renew", item=item, **more)


def renew(*costs: CostRow) -> tuple[Catalogue, Problems]:
    lines = shift("renew", "truck", "old", "new")
    problems = Problems()
    return catalogue_of([replace(lines, costs=costs)], (), problems), problems


def cost_of(
    catalogue: Catalogue, measure: str, source: str, unit: str, rate: float = RATE
) -> UnitCost | None:
    """Unit cost of one measure on one source, None where it is unknown."""
    space = catalogue.costs.space
    money = money_of(space, rate, PRICES)
    numbers = declare_costs(catalogue.costs, [(measure, source)], [unit], money)
    parts = numbers(space.central())[:, 0, 0]
    return None if np.isnan(parts).all() else UnitCost(*parts.tolist())


def unit_cost(*costs: CostRow) -> UnitCost | None:
    catalogue, problems = renew(*costs)
    found = cost_of(catalogue, "renew", "truck", "vehicle")
    problems.stop_if_any()
    return found


def told(problems: Problems) -> list[str]:
    return [p.text().split("\n  ")[1] for p in problems.found]


def checked(lines: list[Lines], efficiency: list[ControlRow] | None = None) -> list[str]:
    problems = Problems()
    check_catalogue(catalogue_of(lines, efficiency or (), problems), problems)
    return told(problems)


def test_capital_is_paid_over_its_life() -> None:
    # CRF(8 %, 10 a) = 0.08 * 1.08^10 / (1.08^10 - 1) = 0.14902949
    # 10,000 * 0.14902949 + 300 + 50 - 120 = 1720.2949 yuan a year
    found = unit_cost(
        cost("capital", 1.0, "万元/vehicle"),
        cost("life", 10.0, "a"),
        cost("fixed", 300.0, "yuan/vehicle/a"),
        cost("variable", 50.0, "yuan/vehicle/a"),
        cost("savings", 120.0, "yuan/vehicle/a"),
    )
    assert found is not None
    assert found.capital == pytest.approx(1490.2949, abs=1e-4)
    assert found.total == pytest.approx(1720.2949, abs=1e-4)


def test_a_subsidy_is_reported_and_is_no_cost() -> None:
    found = unit_cost(
        cost("variable", 50.0, "yuan/vehicle/a"),
        cost("capital", 8000.0, "yuan/vehicle", transfer="yes"),
    )
    assert found is not None
    assert (found.total, found.transfer) == (50.0, 8000.0)


def test_a_subsidy_alone_leaves_the_cost_unknown() -> None:
    assert unit_cost(cost("capital", 8000.0, "yuan/vehicle", transfer="yes")) is None


def test_costs_of_another_year_follow_the_price_index() -> None:
    # 90 yuan of 2014 at an index of 90 are 99 yuan of 2018.
    found = unit_cost(cost("fixed", 90.0, "yuan/vehicle/a", currency_year=2014))
    assert found is not None
    assert found.total == pytest.approx(99.0)


def test_a_row_of_the_source_goes_before_that_of_the_measure() -> None:
    found = unit_cost(
        cost("fixed", 10.0, "yuan/vehicle/a"),
        cost("variable", 5.0, "yuan/vehicle/a"),
        cost("fixed", 30.0, "yuan/vehicle/a", source="truck"),
        cost("variable", 99.0, "yuan/shop/a", source="shop"),
    )
    assert found == UnitCost(0.0, 30.0, 5.0, 0.0, 0.0)


def test_a_subsidy_of_the_source_does_not_hide_the_cost_of_the_measure() -> None:
    # 1000 / 10 a at no interest is 100 a year, whatever the subsidy is.
    catalogue, _ = renew(
        cost("capital", 1000.0, "yuan/vehicle"),
        cost("life", 10.0, "a"),
        cost("capital", 400.0, "yuan/vehicle", source="truck", transfer="yes"),
    )
    found = cost_of(catalogue, "renew", "truck", "vehicle", rate=0.0)
    assert found == UnitCost(100.0, 0.0, 0.0, 0.0, 400.0)


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ((cost("capital", 1.0, "yuan/vehicle"),), "capital without a 'life' row."),
        (
            (cost("fixed", 1.0, "yuan/vehicle"),),
            "'yuan/vehicle' is not a unit of the same kind as 'yuan/vehicle/a'.",
        ),
        (
            (cost("fixed", 1.0, "yuan/vehicle/a", currency_year=1999),),
            "the price index has no year 1999.",
        ),
        (
            (cost("capital", 1.0, "yuan/shop"), cost("life", 9.0, "a")),
            "'yuan/shop' is not a unit of the same kind as 'yuan/vehicle'.",
        ),
    ],
)
def test_costs_that_do_not_add_up_are_told(costs: tuple[CostRow, ...], said: str) -> None:
    catalogue, problems = renew(*costs)
    cost_of(catalogue, "renew", "truck", "vehicle")
    assert told(problems) == [said]


def test_what_a_control_leaves_is_efficiency_times_rule_effectiveness() -> None:
    catalogue = catalogue_of([], controls({"f": {"NOx": 0.9, "VOC": -0.1}}, ruled=0.5))
    left = catalogue.declare_controls(["f"]).kept(catalogue.controls.space.central())[0, :, 0]
    kept = dict(zip(POLLUTANTS, left.tolist(), strict=True))
    # NOx 1 - 0.9 * 0.5; VOC rises by 0.1 * 0.5; all else is untouched
    assert kept == dict.fromkeys(POLLUTANTS, 1.0) | {"NOx": 0.55, "VOC": 1.05}


def test_a_control_without_rule_effectiveness_is_a_problem() -> None:
    problems = Problems()
    rows = [r for r in controls({"f": 0.9}) if r.parameter == "efficiency"]
    catalogue_of([], rows, problems).declare_controls(["f"])
    assert told(problems)[0].startswith(
        "no row for control 'f', pollutant '', parameter 'rule_effectiveness'."
    )


def test_a_sound_catalogue_has_no_problems() -> None:
    lines = [
        shift("renew", "truck", "old", "new"),
        equip("fit", "shop", "f"),
        close("end", "firm"),
        comply("upkeep", "shop", "g", "f"),
    ]
    assert checked(lines, controls({"f": 0.5, "g": 0.9})) == []


def test_a_measure_twice_is_a_problem_at_both_lines() -> None:
    lines = close("end", "firm")
    again = Lines(lines.measure, (), (), ())
    assert checked([lines, again]) == ["measure 'end' twice."] * 2


def test_a_known_cost_needs_a_row_and_an_unknown_one_has_none() -> None:
    free = replace(close("end", "firm"), costs=())
    priced = close("stop", "shop")
    unknown = replace(priced, measure=priced.measure.model_copy(update={"cost": "unknown"}))
    assert checked([free, unknown]) == [
        "'end' has no cost row. A measure without a cost is never free: write 'unknown'.",
        "'stop' is said to be of unknown cost.",
    ]


def test_names_of_other_tables_must_be_in_the_catalogue() -> None:
    lines = close("end", "firm")
    stray = (row(ReachRow, 0.5, measure="ned", parameter="reach"),)
    assert checked([replace(lines, reach=(*lines.reach, *stray))]) == [
        "'ned' is not in the measure catalogue. Did you mean 'end'?"
    ]


def arc(name: str, **keys: str) -> Lines:
    lines = close(name, "firm")
    return replace(lines, applies=(AppliesRow(measure=name, source="firm", **keys),))


def kind(lines: Lines, name: str) -> Lines:
    return replace(lines, measure=lines.measure.model_copy(update={"kind": name}))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            kind(arc("fit", to_technology="x"), "control"),
            "a measure of kind 'control' needs 'control'.",
        ),
        (
            kind(arc("fit", control="filtr"), "control"),
            "'filtr' is not a control. Did you mean 'filter'?",
        ),
        (
            kind(arc("swap", control="filter"), "shift"),
            "a measure of kind 'shift' needs 'to_technology'.",
        ),
        (arc("end", to_technology="rail"), "activity goes to 'avoided' or needs 'to_source'."),
        (
            replace(close("end", "firm"), applies=()),
            "'end' applies to nothing. Add rows to applies.csv.",
        ),
        (close("end", "firm", reach=None), "'end' has no reach on source 'firm'."),
    ],
)
def test_arcs_that_do_not_fit_the_kind_are_told(lines: Lines, said: str) -> None:
    assert checked([lines], controls({"filter": 0.5})) == [said]


@pytest.mark.parametrize("value", [-0.1, 1.5])
def test_a_reach_is_a_share(value: float) -> None:
    assert checked([close("end", "firm", reach=value)]) == [
        f"reach {value:g} is not between 0 and 1. Write a percentage with the unit %."
    ]


def test_a_removal_of_more_than_all_is_a_problem() -> None:
    # 95 with the unit 1 in the place of %: the factor would become -94 times itself.
    found = checked([equip("fit", "shop", "f")], controls({"f": 95.0}))
    assert found == ["efficiency 95 is above 1. Write a percentage with the unit %."]


def test_rule_effectiveness_is_a_share() -> None:
    found = checked([equip("fit", "shop", "f")], controls({"f": 0.5}, ruled=80.0))
    assert found == [
        "rule_effectiveness 80 is not between 0 and 1. Write a percentage with the unit %."
    ]


def test_a_source_without_its_own_cost_row_is_of_unknown_cost_and_not_free() -> None:
    lines = close("end", "firm plant")
    catalogue = catalogue_of([replace(lines, costs=lines.costs[:1])])
    assert cost_of(catalogue, "end", "firm", "firm") is not None
    assert cost_of(catalogue, "end", "plant", "firm") is None


def test_find_measure_tells_the_closest_name() -> None:
    problems = Problems()
    known = [close("close-firms", "firm").measure]
    assert find_measure("close-firms", known, Place("a"), problems) is known[0]
    assert find_measure("close-firm", known, Place("a", 3, 4), problems) is None
    assert [p.text() for p in problems.found] == [
        "a:3:4\n  'close-firm' is not in the measure catalogue. Did you mean 'close-firms'?"
    ]


def test_reading_the_repositorys_catalogue_gives_every_measure_arcs_and_reach() -> None:
    root = Path(__file__).parents[2]
    problems = Problems()
    catalogue = read_catalogue(root / "inputs", root, problems, Space())
    assert told(problems) == []
    named = {a.measure for a in catalogue.applies}
    assert {m.measure for m in catalogue.measures} == named
    assert isinstance(catalogue.measures[0], MeasureRow)
