"""Costs of a unit by hand, and contradictions between the catalogue's tables."""

from collections.abc import Sequence
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
from lantian.measures.contract import (
    AppliesRow,
    ControlRow,
    CostCheckRow,
    CostRow,
    EnergyPriceRow,
    MeasureRow,
    ReachRow,
    ReplacementRow,
    VehiclePriceRow,
)
from lantian.measures.costs import Money, UnitCost, declare_costs
from lantian.parameters import QuantityTable, Space
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
    catalogue: Catalogue,
    measure: str,
    source: str,
    unit: str,
    rate: float = RATE,
    money: Money | None = None,
) -> UnitCost | None:
    """Unit cost of one measure on one source, None where it is unknown."""
    space = catalogue.costs.space
    counted = money_of(space, rate, PRICES) if money is None else money
    numbers = declare_costs(catalogue.cost_tables, [(measure, source)], [unit], counted)
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
            "'yuan/vehicle' has no time and 'yuan/vehicle/a' has; write 'yuan/vehicle/a' if it"
            " is meant a year.",
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


def said(lines: Lines, **more: str) -> Lines:
    """The same measure with other cells in its line of the catalogue."""
    return replace(lines, measure=lines.measure.model_copy(update=more))


def test_a_priced_measure_needs_a_row_and_an_unpriced_one_has_none() -> None:
    free = replace(close("end", "firm"), costs=())
    unpriced = said(close("stop", "shop"), cost="unpriced")
    assert checked([free, unpriced]) == [
        "'end' has no cost row. A measure without a cost is never free: write 'unpriced'.",
        "'stop' is said to be unpriced.",
    ]


def test_a_rule_has_a_cost_and_moves_nothing_of_its_own() -> None:
    kept = said(equip("keep", "shop", "f"), cost="rule")
    assert checked([kept], controls({"f": 0.5})) == []
    assert checked([said(close("end", "firm"), cost="rule")]) == [
        "the rule 'end' moves activity of its own. Write 'priced' with what that costs, or "
        "'unpriced'."
    ]
    assert checked([replace(kept, costs=())], controls({"f": 0.5})) == [
        "'keep' has no cost row. A measure without a cost is never free: write 'unpriced'."
    ]


def test_what_has_no_price_has_no_sign_either() -> None:
    bare = said(replace(close("end", "firm"), costs=()), cost="unpriced", sign_open="yes")
    assert checked([bare]) == ["'end' has no price whose sign could be open."]


# --- energy and vehicles -------------------------------------------------------------------------

ENERGY = [
    row(EnergyPriceRow, 6.0, "yuan/l", carrier="diesel", year=2017),
    row(EnergyPriceRow, 8.0, "yuan/l", carrier="diesel", year=2019),
    row(EnergyPriceRow, 0.5, "yuan/kWh", carrier="electricity", year=2018),
]
VEHICLES = [
    row(VehiclePriceRow, 100e3, "yuan/vehicle", vehicle="truck", technology="old", year=2018),
    row(VehiclePriceRow, 20.0, "万元/vehicle", vehicle="truck", technology="new", year=2018),
    row(VehiclePriceRow, 16.0, "万元/vehicle", vehicle="truck", technology="new", year=2022),
]


def bought(age: float = 0.0, unit: str = "a", **keys: str) -> ReplacementRow:
    named = {"measure": "renew", "source": "truck", "vehicle": "truck", "bought": "new", **keys}
    return row(ReplacementRow, age, unit, **named)


def priced(
    costs: Sequence[CostRow],
    replacements: Sequence[ReplacementRow] = (),
    energy: Sequence[EnergyPriceRow] = ENERGY,
    rate: float = RATE,
    price_year: int = 2018,
    year: int | None = None,
) -> tuple[UnitCost | None, list[str]]:
    """Unit cost with the prices above, and the problems met."""
    catalogue, problems = renew(*costs)
    space = catalogue.costs.space
    catalogue = replace(
        catalogue,
        energy=QuantityTable("energy_prices.csv", energy, problems, space),
        vehicles=QuantityTable("vehicle_prices.csv", VEHICLES, problems, space),
        replacements=QuantityTable("replacements.csv", replacements, problems, space),
    )
    money = money_of(space, rate, {2017: 90.0, 2018: 99.0}, price_year, year)
    return cost_of(catalogue, "renew", "truck", "vehicle", money=money), told(problems)


def test_energy_is_an_amount_times_its_price() -> None:
    # 1,000 l at 7 yuan, half-way between 6 and 8, and 4 MWh at 0.5 yuan
    found, problems = priced(
        [
            cost("energy-saved", 1.0, "m3/vehicle/a", carrier="diesel"),
            cost("energy-used", 4.0, "MWh/vehicle/a", carrier="electricity"),
            cost("savings", 300.0, "yuan/vehicle/a"),
            cost("variable", 100.0, "yuan/vehicle/a"),
        ]
    )
    assert found is not None
    assert (found.variable, found.savings, problems) == (2100.0, pytest.approx(7300.0), [])
    assert found.total == pytest.approx(-5200.0)


@pytest.mark.parametrize(("price_year", "price"), [(2010, 6.0), (2017, 6.0), (2030, 8.0)])
def test_a_price_holds_before_its_first_and_after_its_last_year(
    price_year: int, price: float
) -> None:
    saved = [cost("energy-saved", 1.0, "l/vehicle/a", carrier="diesel")]
    found, _ = priced(saved, price_year=price_year)
    assert found is not None
    assert found.savings == price


def test_what_is_bought_in_another_year_is_told_in_the_money_of_the_price_year() -> None:
    # 6 yuan of 2017 at an index of 90 are 6.6 yuan at 99; so are 200,000 yuan 220,000.
    saved = [cost("energy-saved", 1.0, "l/vehicle/a", carrier="diesel"), cost("life", 10.0, "a")]
    found, _ = priced(saved, [bought()], rate=0.0, year=2017)
    assert found is not None
    assert found.savings == pytest.approx(6.6)
    assert found.capital == pytest.approx(22_000)


def test_a_new_vehicle_costs_what_it_is_dearer_than_the_one_not_bought() -> None:
    # 200,000 - 100,000 at no interest over 10 years; in 2020 between 200,000 and 160,000
    life = [cost("life", 10.0, "a")]
    found, problems = priced(life, [bought(instead_of="old")], rate=0.0)
    assert (found, problems) == (UnitCost(10_000.0, 0.0, 0.0, 0.0, 0.0), [])
    later, _ = priced(life, [bought(instead_of="old")], rate=0.0, price_year=2020)
    assert later is not None
    assert later.capital == pytest.approx((180_000 - 100_000) / 10)


def test_a_vehicle_sold_on_has_lost_twice_its_straight_share_a_year() -> None:
    # 100,000 * (1 - 2/10)^3 = 51,200 are left after three years
    found, _ = priced([cost("life", 10.0, "a")], [bought(3.0, instead_of="old")], rate=0.0)
    assert found is not None
    assert found.capital == pytest.approx((200_000 - 51_200) / 10)


def test_what_lives_two_years_is_worth_nothing_once_used() -> None:
    found, _ = priced([cost("life", 1.5, "a")], [bought(1.0, instead_of="old")], rate=0.0)
    assert found is not None
    assert found.capital == pytest.approx(200_000 / 1.5)


def test_a_vehicle_that_is_scrapped_is_worth_nothing() -> None:
    found, _ = priced([cost("life", 10.0, "a")], [bought()], rate=0.0)
    assert found is not None
    assert found.capital == pytest.approx(20_000)


def test_costs_of_samples_are_those_of_each_alone() -> None:
    """Age, life, prices and amounts vary at once."""
    saved = [cost("energy-saved", 9.0, "l/vehicle/a", carrier="diesel"), cost("life", 10.0, "a")]
    catalogue, problems = renew(*saved)
    space = catalogue.costs.space
    catalogue = replace(
        catalogue,
        energy=QuantityTable("energy_prices.csv", ENERGY, problems, space),
        vehicles=QuantityTable("vehicle_prices.csv", VEHICLES, problems, space),
        replacements=QuantityTable("r.csv", [bought(3.0, instead_of="old")], problems, space),
    )
    money = money_of(space, RATE, PRICES)
    tables = catalogue.cost_tables
    numbers = declare_costs(tables, [("renew", "truck")], ["vehicle"], money)
    spread = np.random.default_rng(8).uniform(0.7, 1.3, (len(space), 5))
    theta = space.central() * spread
    together = numbers(theta)
    for k in range(5):
        assert (numbers(theta[:, [k]])[..., 0] == together[..., k]).all()
    assert len({float(x) for x in together[0, 0]}) == 5


@pytest.mark.parametrize(
    ("costs", "replacements", "problem"),
    [
        (
            [cost("energy-saved", 1.0, "l/vehicle/a", carrier="petrol")],
            [],
            "'petrol' has no price.",
        ),
        (
            [cost("energy-saved", 1.0, "kWh/vehicle/a", carrier="diesel")],
            [],
            "'kWh/vehicle/a' is not a unit of the same kind as 'l/vehicle/a'.",
        ),
        ([cost("life", 9.0, "a")], [bought(vehicle="bus")], "'bus, new' has no price."),
        (
            [cost("life", 9.0, "a")],
            [bought(3.0, "km", instead_of="old")],
            "'km' is not a unit of the same kind as 'a'.",
        ),
        ([], [bought()], "capital without a 'life' row."),
    ],
)
def test_prices_that_do_not_fit_are_told(
    costs: list[CostRow], replacements: list[ReplacementRow], problem: str
) -> None:
    assert priced(costs, replacements)[1] == [problem]


def test_a_price_of_another_kind_is_told_once() -> None:
    odd = [row(EnergyPriceRow, 6.0, "yuan/kWh", carrier="diesel", year=2018)]
    amounts = [
        cost("energy-saved", 1.0, "l/vehicle/a", carrier="diesel"),
        cost("energy-used", 1.0, "l/vehicle/a", carrier="diesel"),
    ]
    assert priced(amounts, energy=odd)[1] == [
        "'yuan/kWh' is not a unit of the same kind as 'yuan/l'."
    ]


def checked_with(costs: list[CostRow], *replacements: ReplacementRow) -> list[str]:
    catalogue, problems = renew(*costs)
    table = QuantityTable("replacements.csv", replacements, problems, catalogue.costs.space)
    check_catalogue(replace(catalogue, replacements=table), problems)
    return told(problems)


def test_a_purchase_is_a_cost_and_leads_where_the_measure_leads() -> None:
    assert checked_with([cost("life", 9.0, "a")], bought()) == []
    assert checked_with([cost("life", 9.0, "a")], bought(bought="newt")) == [
        "'renew' does not lead to 'newt' on 'truck'. Did you mean 'new'?"
    ]


def test_capital_is_not_counted_twice() -> None:
    assert checked_with([cost("capital", 1.0, "yuan/vehicle")], bought()) == [
        "capital of 'renew' here and in the replacements."
    ]


def test_energy_has_a_carrier_and_money_has_none() -> None:
    lone = cost("energy-used", 1.0, "l/vehicle/a")
    odd = cost("fixed", 1.0, "yuan/vehicle/a", carrier="diesel")
    fix = " Name the carrier of energy used or saved, and of nothing else."
    assert checked_with([lone, odd]) == [
        "'energy-used' and carrier ''." + fix,
        "'fixed' and carrier 'diesel'." + fix,
    ]


def test_a_published_cost_is_money_per_tonne() -> None:
    catalogue, problems = renew(cost("fixed", 1.0, "yuan/vehicle/a"))
    keys = {"measure": "renew", "pollutant": "NOx", "region": "test", "currency_year": 2018}
    rows = [row(CostCheckRow, 1.0, "yuan/kg", **keys), row(CostCheckRow, 1.0, "t/yuan", **keys)]
    check_catalogue(replace(catalogue, checks=QuantityTable("x", rows[:1], problems)), problems)
    assert told(problems) == []
    check_catalogue(replace(catalogue, checks=QuantityTable("x", rows[1:], problems)), problems)
    assert told(problems) == ["'t/yuan' is not a unit of the same kind as 'yuan/t'."]


def test_evidence_is_no_key() -> None:
    _, problems = renew(
        cost("fixed", 1.0, "yuan/vehicle/a", evidence="price"),
        cost("fixed", 2.0, "yuan/vehicle/a", evidence="judgement"),
    )
    assert told(problems) == ["the same keys as in line 0. Keep one of the two rows."]


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
