"""Units: the sums that plans and inventories need, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.parameters.units import (
    UnitError,
    convert,
    factor,
    is_known,
    parse_quantity,
    unknown,
)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (30.0, "%", "", 0.3),
        (50.0, "ppm", "", 5e-5),
        (1.0, "万元", "yuan", 1e4),
        (1.0, "亿元", "万元", 1e4),
        (1.0, "万吨", "t", 1e4),
        (1.0, "kt", "t", 1e3),
        (2.0, "万户", "household", 2e4),
        (15.0, "亩", "m2", 1e4),
        (1.0, "ha", "m2", 1e4),
        (906.0, "km2", "m2", 9.06e8),
        (10.0, "蒸吨", "MW", 7.0),
        (1.0, "g/km", "t/km", 1e-6),
        (1.0, "万m3", "m3", 1e4),
        (12.0, "month", "a", 1.0),
        (365.0, "day", "a", 1.0),
        (1.0, "a", "h", 8760.0),
        (1.0, "MWh", "kWh", 1e3),
        (1.0, "short_ton", "lb", 2000.0),
        (5.0, "t/(km2*month)", "g/(m2*month)", 5.0),
        (5.0, "吨/平方千米·月", "t/(km2*month)", 5.0),
        (5.0, "吨／（平方公里·月）", "t/(km2*month)", 5.0),
        (6.0, "吨/平方千米·30天", "t/(km2*month)", 6.0 * 365.0 / 360.0),
        (6.0, "t/(km2·30d)", "t/(km2*month)", 6.0 * 365.0 / 360.0),
        (6.0, "万吨·公里/年", "万吨公里/a", 6.0),
        (300.0, "克/千瓦·时", "g/kWh", 300.0),
        (120.0, "套", "set", 120.0),
        (1.0, "万元/万辆/a", "yuan/(vehicle)/a", 1.0),
        (1.0, "kW*h", "kWh", 1.0),
        (1.0, "吨/年", "t/a", 1.0),
        (1.0, "公斤", "kg", 1.0),
        (1.0, "平方米", "m2", 1.0),
        (1.0, "公里", "km", 1.0),
        (365.0, "kg/yr", "kg/d", 1.0),
        (1.0, "万元/年", "yuan/a", 1e4),
        (1.0, "\N{MICRO SIGN}g/m3", "ug/m3", 1.0),
        (1.0, "\N{GREEK SMALL LETTER MU}g/m³", "ug/m3", 1.0),
        (1.0, "lb/gal", "g/l", 453.59237 / 3.785411784),
    ],
)
def test_conversions(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


def test_money_and_things_of_different_kinds_do_not_mix() -> None:
    for unit, to in (
        ("yuan", "USD"),
        ("vehicle", "machine"),
        ("firm", "shop"),
        ("t", "m3"),
        ("%", "t"),
        ("household", "person"),
    ):
        with pytest.raises(UnitError) as refused:
            factor(unit, to)
        assert str(refused.value) == f"'{unit}' is not a unit of the same kind as '{to}'"


@pytest.mark.parametrize("unit", ["tonn", "µµ", "kg/", "100 t/ )", "两", "%%", "% / %"])
def test_unknown_units(unit: str) -> None:
    assert not is_known(unit)
    with pytest.raises(UnitError, match="is not a known unit"):
        factor(unit, "t")


@given(
    st.floats(1e-6, 1e6),
    st.sampled_from([("t", "kg"), ("万元", "yuan"), ("亩", "ha"), ("t/a", "kg/day"), ("%", "ppm")]),
)
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    one, other = pair
    assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 %", (30.0, "%")),
        ("30%", (30.0, "%")),
        ("55 ug/m3", (55.0, "ug/m3")),
        ("120 firm", (120.0, "firm")),
        (" 1_000 t/a ", (1000.0, "t/a")),
        ("-3.5 %", (-3.5, "%")),
        ("2 t / a", (2.0, "t / a")),
        ("3 万户", (3.0, "万户")),
    ],
)
def test_a_number_and_its_unit_are_read(text: str, expected: tuple[float, str]) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize("sign", ["円", "圆", "圓"])
@pytest.mark.parametrize("form", ["{}", "万{}", "亿{}", "万{}/a", "{}/t"])
def test_a_sign_that_looks_like_that_of_a_unit_leads_to_it(form: str, sign: str) -> None:
    with pytest.raises(UnitError, match=f"Did you mean '{form.format('元').partition('/')[0]}'"):
        parse_quantity(f"5 {form.format(sign)}")


@pytest.mark.parametrize("unit", ["t", "kg", "km", "kWh", "吨", "元", "a"])
def test_a_letter_typed_twice_leads_to_the_unit_and_never_to_one_that_is_twofold(unit: str) -> None:
    for i in range(len(unit)):
        typed = f"{unit[: i + 1]}{unit[i:]}"
        if not is_known(typed):
            with pytest.raises(UnitError, match=f"Did you mean '{unit}'"):
                parse_quantity(f"5 {typed}")
    with pytest.raises(UnitError) as refused:
        parse_quantity("5 mtt")
    assert "Did you mean 'mt'" not in str(refused.value.args[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30", "'30' has no unit"),
        ("1e16 t", "'1e16 t' is beyond 1e+15"),
        ("-1e16 t", "'-1e16 t' is beyond 1e+15"),
        ("thirty %", "'thirty %' is not a number and a unit"),
        ("55ug/m3", "'55ug/m3' is not a number and a unit"),
        ("30% firm", "'30% firm' is not a number and a unit"),
        ("", "'' is not a number and a unit"),
        (
            "5 parsec",
            "'parsec' is not a known unit; units are listed in inputs/README.md, section 3",
        ),
    ],
)
def test_what_is_no_quantity_is_refused(text: str, said: str) -> None:
    with pytest.raises(UnitError) as refused:
        parse_quantity(text)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("unit", "to", "expected"),
    [
        ("亿千瓦时", "kWh", 1e8),
        ("亿吨", "t", 1e8),
        ("百吨", "t", 1e2),
        ("百万吨", "t", 1e6),
        ("百万千瓦", "kW", 1e6),
        ("千万元", "yuan", 1e7),
        ("百万辆", "vehicle", 1e6),
        ("万亿元", "yuan", 1e12),
        ("亿元/年", "yuan/a", 1e8),
        ("十万平方米", "m2", 1e5),
    ],
)
def test_units_are_counted_as_people_write_them(unit: str, to: str, expected: float) -> None:
    assert factor(unit, to) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("word", ["亿", "万", "百万"])
def test_a_number_without_its_unit_is_told_so(word: str) -> None:
    with pytest.raises(UnitError, match="is a number and no unit"):
        parse_quantity(f"3 {word}")


@pytest.mark.parametrize("unit", ["亿千瓦日时", "万蒸顿", "百立方"])
def test_no_hint_counts_otherwise_than_what_was_written(unit: str) -> None:
    assert not is_known(unit)
    assert "Did you mean" not in unknown(unit).text()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("0.423万吨/年", 4230.0, "t/a"), ("12户", 12.0, "household"), ("３万吨", 3e4, "t")],
)
def test_no_blank_is_needed_before_a_chinese_unit(text: str, value: float, unit: str) -> None:
    number, own = parse_quantity(text)
    assert convert(number, own, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("unit", "to", "said"),
    [
        ("t", "t/a", True),
        ("kt", "t/a", True),
        ("m3", "t/a", False),
        ("t/a", "t", False),
        ("%", "1/a", True),
        ("t", "ug/m3", False),
        ("day", "1", False),
        ("day", "", False),
        ("", "t/a", False),
    ],
)
def test_an_amount_where_one_a_year_is_meant_is_told_as_that(
    unit: str, to: str, said: bool
) -> None:
    with pytest.raises(UnitError) as caught:
        factor(unit, to)
    assert (f"write '{unit}/a'" in str(caught.value)) == said
