"""Numbers and units as a reader sees them."""

import pytest

from lantian.report.words import Text, Words, figures, like


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        (12345, "en", "12.3 k"),
        (12345, "zh", "1.23万"),
        (3.2e8, "zh", "3.2亿"),
        (-4500, "zh", "−4,500"),
        (0.01234, "en", "0.0123"),
        (0, "en", "0"),
        (1000, "en", "1 k"),
    ],
)
def test_numbers_are_short(value: float, language: str, said: str) -> None:
    assert Words(language, {}).compact(value) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tops", "unit", "language", "size", "said"),
    [
        ([49_000, 8_000], "t/a", "zh", 1, "吨/年"),
        ([320_000, 92_000, 42_000], "t/a", "zh", 1e4, "万吨/年"),
        ([320_000, 92_000, 42_000], "t/a", "en", 1e3, "kt/a"),
        ([390_000, 2_900], "vehicle", "zh", 1e4, "万辆"),
        ([390_000, 900], "vehicle", "zh", 1, "辆"),
        ([390_000, 2_900], "vehicle", "en", 1e3, "thousand vehicles"),
        ([2.9e9], "t/a", "en", 1e6, "Mt/a"),
    ],
)
def test_one_unit_for_all_numbers_of_a_chart(
    tops: list[float], unit: str, language: str, size: float, said: str
) -> None:
    scale = Words(language, {}).scale(tops, unit)  # type: ignore[arg-type]
    assert (scale.size, scale.unit) == (size, said)
    assert scale.say(tops[0]) == figures(tops[0] / size)


def test_sums_of_money_are_in_ten_thousands_or_millions_and_never_lost() -> None:
    zh = Words("zh", {}).scale([9.28e8, 3e3], "yuan/a", money=True)
    en = Words("en", {}).scale([9.28e8, 3e3], "yuan/a", money=True)
    assert (zh.short(928_360_115), zh.unit) == ("92,836", "万元/年")
    assert (en.short(928_360_115), en.unit) == ("928", "million yuan/a")
    assert en.short(3_000) == "<0.01"
    assert en.short(-54_600) == "−0.05"
    assert Words("en", {}).scale([5e6], "USD/a", money=True).unit == "million USD/a"


def test_a_value_has_the_decimals_of_its_limit() -> None:
    assert [like(v, 55) for v in (53, 53.96, 100)] == ["53.0", "54.0", "100.0"]
    assert like(94.4, 139) == "94"
    assert like(-1.5, 0) == "−1.5"
    assert figures(float("nan")) == "–"


def test_names_with_years_and_lists_follow_the_language() -> None:
    en, zh = Words("en", {"x": Text("Ex", "某")}), Words("zh", {"x": Text("Ex", "某")})
    assert (en.in_year("Plan", 2020), zh.in_year("方案", 2020)) == ("Plan 2020", "2020年方案")
    assert (en.name("x"), zh.name("x"), en.name("no-label")) == ("Ex", "某", "no label")
    assert (en.join([]), zh.join(["a", "b"])) == ("none", "a、b")
    assert en.letters(["plan", "inventory"]) == "I = Inventory  P = Plan"
