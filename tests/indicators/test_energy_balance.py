"""Power drawn is power supplied: by hand, for any activity, and what contradicts itself is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.case import BASE_YEAR, SOURCES, STATES, YEARS, context, row
from lantian.core.projection import Projection
from lantian.indicators import find
from lantian.indicators.available import GivenTables
from lantian.indicators.contract import Context, Declared, Subject
from lantian.indicators.energy_balance import OTHER, OWN_PLANTS, EnergyUseRow
from lantian.indicators.tables import GridRow
from lantian.inventory.region import DriverRow
from lantian.vocabulary import POLLUTANTS

INDICATOR = find("bought-power")
BALANCE = INDICATOR.id
BASE = YEARS.index(BASE_YEAR)


def asked(consumption: float = 1e6, source: str = "car") -> Context:
    """Battery cars and lorries draw 2,000 and 60,000 kWh, a tonne in the kiln supplies 500."""

    def use(parameter: str, value: float, unit: str, **keys: str) -> EnergyUseRow:
        made: EnergyUseRow = row(EnergyUseRow, value, unit, parameter=parameter, **keys)
        return made

    return context(
        {
            "energy_use": [
                use("consumption", consumption, "kWh"),
                use("draws", 2000.0, "kWh/vehicle", source=source, technology="batter*"),
                use("draws", 60000.0, "kWh/vehicle", source="truck", technology="battery"),
                use("supplies", 500.0, "kWh/t", source="kiln"),
            ],
            "drivers": [
                row(DriverRow, 1.0, "1", driver="power-use", year=2015),
                row(DriverRow, 1.5, "1", driver="power-use", year=2020),
            ],
        }
    )


def declared(at: Context) -> Declared:
    own = INDICATOR.declare(at)
    assert own is not None
    assert not at.problems.found
    return own


def held(amount: np.ndarray) -> Projection:
    """The same activity of the states in every year."""
    activity = np.repeat(amount[:, None, None], len(YEARS), axis=1)
    return Projection(YEARS, np.zeros((len(SOURCES), len(POLLUTANTS), len(YEARS), 1)), activity)


def test_power_bought_by_hand() -> None:
    # base: cars draw 10 * 2000, lorries 2 * 60000 = 140,000 of 1,000,000; all else 860,000.
    # the kiln supplies 400 * 500 = 200,000: 800,000 are bought. Ten more battery cars: 820,000
    at = asked()
    amounts = np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0])
    fitted = declared(at).fit(at.space.central(), held(amounts))
    assert fitted.value(held(amounts), Subject())[BASE, 0] == pytest.approx(8e5)
    more = amounts + np.array([0.0, 10.0, 0.0, 0.0, 0.0, 0.0])
    assert fitted.value(held(more), Subject())[BASE, 0] == pytest.approx(8.2e5)


@given(st.lists(st.floats(0.0, 1e4), min_size=len(STATES), max_size=len(STATES)))
def test_power_drawn_is_power_supplied(amounts: list[float]) -> None:
    at = asked(1e9)
    base = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    fitted = declared(at).fit(at.space.central(), base)
    case = held(np.array(amounts))
    parts = fitted.parts(case)
    assert parts is not None
    of = dict(zip(parts.component, parts.value[..., 0], strict=True))
    drawn = of[OTHER] + of["on-road"]
    assert of["total"] - of[OWN_PLANTS] == pytest.approx(drawn, rel=1e-9)
    assert of["total"] == pytest.approx(fitted.value(case, Subject())[:, 0])
    rows = fitted.rows(Subject(), BASE_YEAR)
    assert rows is not None
    assert rows[0].activity is not None
    linear = rows[0].activity[:, 0] @ np.array(amounts) + rows[0].constant[0]
    assert linear == pytest.approx(of["total"][BASE], rel=1e-9, abs=1e-3)


def test_a_consumption_below_what_is_listed_is_told() -> None:
    at = asked(1e5)
    base = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    declared(at).check(at.space.central(), base, at.problems)
    assert [p for p in at.problems.found if "140,000" in p.text()]


def test_an_unknown_source_is_told() -> None:
    at = asked(source="cart")
    INDICATOR.declare(at)
    assert any("'cart' is not a source" in p.text() for p in at.problems.found)


def of_gas(*rows: EnergyUseRow) -> Context:
    """A tonne in the kiln draws 100 m3, a lorry that is not electric supplies 5 (of biogas)."""
    listed = [
        row(EnergyUseRow, 100.0, "m3/t", parameter="draws", source="kiln", carrier="gas"),
        row(EnergyUseRow, 7.0, "kWh/t", parameter="draws", source="kiln", carrier="power"),
        *rows,
    ]
    levels = [
        row(DriverRow, 1.0, "1", driver="gas-use", year=2015),
        row(DriverRow, 1.5, "1", driver="gas-use", year=2020),
    ]
    return context({"energy_use": listed, "drivers": levels})


@pytest.mark.parametrize(("consumption", "bought"), [(None, 4e4), (1e5, 1e5)])
def test_gas_is_counted_by_its_own_rows(consumption: float | None, bought: float) -> None:
    """400 t draw 40,000 m3; with a consumption of 100,000 all else draws the rest."""
    whole = [] if consumption is None else [
        row(EnergyUseRow, consumption, "m3", parameter="consumption", carrier="gas")
    ]  # fmt: skip
    at = of_gas(*whole)
    own = find("bought-gas").declare(at)
    assert own is not None
    case = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    fitted = own.fit(at.space.central(), case)
    assert fitted.value(case, Subject())[BASE, 0] == pytest.approx(bought)
    less = held(np.array([0.0, 10.0, 300.0, 0.0, 0.0, 2.0]))
    assert fitted.value(less, Subject())[BASE, 0] == pytest.approx(bought - 1e4)
    assert find("bought-oil").declare(at) is None


def test_co2_of_bought_power_follows_the_grid_by_year() -> None:
    tables = asked().tables
    assert isinstance(tables, GivenTables)
    before = {name: table.rows for name, table in tables.tables.items()}
    grid = [row(GridRow, 0.8, "kg/kWh", year=YEARS[0]), row(GridRow, 0.4, "kg/kWh", year=YEARS[-1])]
    at = context({**before, "grid_factors": grid})
    declared_ = find("bought-power-co2").declare(at)
    assert declared_ is not None
    case = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    power = declared(at).fit(at.space.central(), case)
    carbon = declared_.fit(at.space.central(), case)
    ratio = carbon.value(case, Subject())[:, 0] / power.value(case, Subject())[:, 0]
    assert ratio[0] == pytest.approx(0.8e-3)
    assert ratio[-1] == pytest.approx(0.4e-3)
    assert (np.diff(ratio) < 0).all()
    (limit,) = carbon.rows(Subject(), BASE_YEAR) or ()
    assert limit.activity is not None
    linear = limit.activity[:, 0] @ case.activity[:, BASE, 0] + limit.constant[0]
    assert linear == pytest.approx(carbon.value(case, Subject())[BASE, 0])


SHARE = find("power-in-final-energy")


def final(*more: EnergyUseRow, without: str = "") -> Context:
    """Cars and lorries draw power as above, the kiln coal of 20 GJ/t and no more supplies power."""
    given = asked().tables
    assert isinstance(given, GivenTables)
    rows = [r for r in given.tables["energy_use"].rows if getattr(r, "parameter", "") != "supplies"]
    rows += [
        row(EnergyUseRow, 0.2, "t/t", parameter="draws", source="kiln", carrier="coal"),
        row(EnergyUseRow, 1.0, "GJ/vehicle", parameter="draws", source="car", carrier="heat"),
        *more,
    ]
    if without != "content":
        rows.append(row(EnergyUseRow, 20.0, "GJ/t", parameter="content", carrier="coal"))
    return context({"energy_use": rows, "drivers": list(given.tables["drivers"].rows)})


def test_power_in_final_energy_by_hand() -> None:
    # power 1e6 kWh = 3,600 GJ; coal 400 t * 0.2 * 20 = 1,600 GJ; heat of 10 cars 10 GJ
    at = final()
    own = SHARE.declare(at)
    assert own is not None
    amounts = np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0])
    fitted = own.fit(at.space.central(), held(amounts))
    assert fitted.value(held(amounts), Subject())[BASE, 0] == pytest.approx(3600 / 5210)
    # ten more battery cars: 20,000 kWh = 72 GJ and heat of 10 GJ
    more = amounts + np.array([0.0, 10.0, 0.0, 0.0, 0.0, 0.0])
    assert fitted.value(held(more), Subject())[BASE, 0] == pytest.approx(3672 / 5292)


def test_what_plants_draw_is_no_final_use() -> None:
    """The kiln supplies heat: its coal is in the heat."""
    supplied = row(EnergyUseRow, 3.0, "GJ/t", parameter="supplies", source="kiln", carrier="heat")
    at = final(supplied)
    own = SHARE.declare(at)
    assert own is not None
    amounts = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    share = own.fit(at.space.central(), amounts).value(amounts, Subject())
    assert share[BASE, 0] == pytest.approx(3600 / 3610)


def test_a_carrier_of_unknown_content_makes_no_share() -> None:
    assert SHARE.declare(final(without="content")) is None


def primary() -> Context:
    """As above; the second lorries supply power of the wind, a kWh counts 10 MJ, 0.4 not fossil."""
    return final(
        row(EnergyUseRow, 4000.0, "kWh/vehicle", parameter="supplies", source="truck"),
        row(EnergyUseRow, 10.0, "MJ/kWh", parameter="primary"),
        row(EnergyUseRow, 0.4, "1", parameter="non-fossil"),
    )


def test_shares_of_all_energy_by_hand() -> None:
    # 1e6 kWh are drawn, of which 2 lorries supply 8,000 and 992,000 are bought: 10,000 GJ in all.
    # coal 1,600 GJ as above, heat 10 GJ; not fossil 0.4 * 9,920 + 80 = 4,048 GJ
    amounts = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0]))
    for name, part in (("coal-in-energy", 1600.0), ("non-fossil-in-energy", 4048.0)):
        at = primary()
        own = find(name).declare(at)
        assert own is not None
        share = own.fit(at.space.central(), amounts).value(amounts, Subject())
        assert share[BASE, 0] == pytest.approx(part / 11610.0)


def test_without_what_power_counts_for_there_is_no_share_of_all_energy() -> None:
    assert find("coal-in-energy").declare(final()) is None


@pytest.mark.parametrize("name", [SHARE.id, "coal-in-energy", "non-fossil-in-energy"])
@given(
    amounts=st.lists(st.floats(0.0, 1e4), min_size=len(STATES), max_size=len(STATES)),
    limit=st.floats(0.05, 0.95),
)
def test_the_row_of_a_share_holds_where_the_share_does(
    name: str, amounts: list[float], limit: float
) -> None:
    at = primary()
    own = find(name).declare(at)
    assert own is not None
    base, case = held(np.array([0.0, 10.0, 400.0, 0.0, 0.0, 2.0])), held(np.array(amounts))
    fitted = own.fit(at.space.central(), base)
    share = fitted.value(case, Subject())[BASE, 0]
    (limited,) = fitted.rows_within(Subject(), BASE_YEAR, np.array([limit])) or ()
    assert limited.activity is not None
    told = limited.activity[:, 0] @ np.array(amounts) + limited.constant[0]
    if abs(share - limit) > 1e-9:
        assert (told > limit) == (share > limit)
