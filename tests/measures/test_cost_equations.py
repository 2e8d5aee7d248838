"""Cost equations of the US EPA's Control Strategy Tool as rows of the cost table.

The numbers are those of tests/published/test_finance.py.
"""

import pytest

from lantian.core import finance
from lantian.errors import Problems
from lantian.measures.contract import CostRow
from lantian.measures.costs import CostTables, Scales, declare_costs
from lantian.parameters import ONE, QuantityTable, Space
from lantian.parameters.space import Numbers, constant
from support.build import money_of, row

RATE, LIFE, TONNES = 0.07, 15.0, 1000.0
SIZE = "150 MW"


def annual(
    *costs: CostRow, size: str = SIZE, whole: bool = True, unit: str = "source"
) -> tuple[float, list[str]]:
    """Return the cost of full use [USD/a], and what is told."""
    problems, space = Problems(), Space()
    table = QuantityTable("costs.csv", costs, problems, space)
    money = money_of(space, RATE)
    removed = Numbers(constant(ONE).slot, constant(ONE).factor * TONNES)
    scales = Scales({"boiler": size} if size else {}, {}, {("scr", "boiler"): (removed,)}, whole)
    numbers = declare_costs(CostTables(table), [("scr", "boiler")], [unit], money, scales)
    parts = numbers(space.central())[:, 0, 0]
    return float(parts[0] + parts[1] + parts[2]), [p.found.text() for p in problems.found]


def cost(item: str, value: float, unit: str, **more: object) -> CostRow:
    return row(CostRow, value, unit, measure="scr", item=item, **more)


def test_default_equation_is_a_cost_per_tonne() -> None:
    found, told = annual(cost("per-tonne", 200.0, "yuan/t", pollutant="NOx"))
    known = finance.control_cost_default(TONNES, 200, 6, RATE, LIFE)
    assert (found, told) == (pytest.approx(known.annual), [])


def test_type_1_equation_grows_with_the_size() -> None:
    known = finance.control_cost_type1(
        TONNES,
        150,
        15.8,
        fixed=0.24,
        variable=0.73,
        capacity_factor=0.65,
        scale=(100, 0.681),
        rate=RATE,
        years=LIFE,
    )
    grows = {"at_size": "1 MW", "exponent": 1.0}
    found, told = annual(
        cost("capital", 15.8 * 100**0.681 * 1000, "yuan/source", **grows),
        cost("fixed", 0.24 * 1000, "yuan/source/a", **grows),
        cost("variable", 0.73 * 0.65 * 8760, "yuan/source/a", **grows),
        cost("life", LIFE, "a"),
    )
    assert (found, told) == (pytest.approx(known.annual), [])


def test_type_2_equation_is_a_power_of_the_size() -> None:
    megawatt = 150 / finance.MMBTU_PER_HOUR_PER_MW
    known = finance.control_cost_type2(
        TONNES, 150, capital=(110487.6, 0.423), annual=(3440.9, 0.7337), rate=RATE, years=LIFE
    )
    found, told = annual(
        cost("variable", 3440.9, "yuan/source/a", at_size="1 MW", exponent=0.7337),
        size=f"{megawatt!r} MW",
    )
    assert (found, told) == (pytest.approx(known.annual), [])


def test_per_unit_of_activity_a_larger_plant_is_cheaper() -> None:
    # four times the size: 4 ** 0.5 times the cost as a whole, half the cost per tonne of coal
    found, told = annual(
        cost("variable", 10.0, "yuan/t/a", at_size="20 MW", exponent=0.5),
        size="80000 kW",
        whole=False,
        unit="t",
    )
    assert (found, told) == (pytest.approx(5.0), [])


def test_a_size_that_is_missing_or_of_another_kind_is_told() -> None:
    by_size = cost("variable", 10.0, "yuan/source/a", at_size="20 MW", exponent=0.5)
    assert annual(by_size, size="")[1] == [
        "the cost depends on a size, and source 'boiler' has none."
    ]
    assert annual(by_size, size="3 km2")[1] == ["'km2' is not a unit of the same kind as 'MW'."]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"item": "capital", "at_size": "1 MW"}, "at_size and exponent go together"),
        ({"item": "capital", "at_size": "0 MW", "exponent": 1.0}, "a size of 0 MW is not positive"),
        ({"item": "per-tonne"}, "a cost per tonne names its pollutant"),
        ({"item": "fixed", "pollutant": "NOx"}, "a cost per tonne names its pollutant"),
    ],
)
def test_rows_that_cannot_be(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        row(CostRow, 1.0, "yuan/t", measure="scr", **more)
