"""Scenario files: faults are told with file, line, column and the closest name."""

from pathlib import Path

import pytest

from lantian.scenario.reader import _known_keys, find_root
from support.scenarios import HEAD, commitment, read_text, sound, target, text_of


def told(folder: Path, text: str) -> list[str]:
    return [p.text() for p in read_text(folder, text)[1].found]


def test_a_sound_scenario_is_read_with_the_places_of_its_parts(tmp_path: Path) -> None:
    read = sound(tmp_path, text_of([commitment("a", "m"), commitment("b", "n", "12 firm")]))
    assert [c.id for c in read.scenario.commitments] == ["a", "b"]
    assert str(read.place("commitments", 1, "id")) == "case.yaml:9:6  commitments[1].id"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD.replace("base_year", "base_yaer"),
            ["case.yaml:4:1  base_yaer\n  unknown key 'base_yaer'."],
        ),
        (
            HEAD.replace("2017", "'2017'"),
            ["case.yaml:4:1  base_year\n  '2017' is not a whole number."],
        ),
        (HEAD.replace("8 %", "8"), ["case.yaml:6:31  economics.discount_rate\n  8 has no unit;"]),
        (
            HEAD + "optimise: {flor: plan}\n",
            ["case.yaml:7:12  optimise.flor\n  unknown key 'flor'."],
        ),
        (
            text_of([commitment("a", "m", bindingness="firm")]),
            ["case.yaml:8:75  commitments[0].bindingness\n  'firm' is not one of 'binding'"],
        ),
        (
            text_of([commitment("a", "m"), commitment("a", "n")]),
            ["case.yaml:9:6  commitments[1].id\n  id 'a' twice."],
        ),
        (
            text_of([], [target("t", at_most="5 t/a", year="2031")]),
            [
                "case.yaml:8:65  targets[0].year\n  2031 is not a year of the run."
                " Expected one of 2018, 2019."
            ],
        ),
    ],
)
def test_faults_are_told_at_their_place(tmp_path: Path, text: str, said: list[str]) -> None:
    found = told(tmp_path, text)
    for wanted in said:
        assert any(wanted in one for one in found), found


def test_a_misspelt_key_is_told_with_the_closest(tmp_path: Path) -> None:
    found = told(tmp_path, HEAD.replace("last_year", "last_yaer"))
    assert any("Did you mean 'last_year'?" in one for one in found)
    assert any("this is missing. Fill it in." in one and "last_year" in one for one in found)


@pytest.mark.parametrize("part", ["economics", "optimise", "alert", "health", "air"])
def test_a_key_that_stands_beside_its_part_is_sent_into_it(tmp_path: Path, part: str) -> None:
    """Each key of a part, one step too far out."""
    inner = [key for key in _known_keys((part,)) if key not in _known_keys(())]
    assert inner
    lines = [line for line in HEAD.splitlines() if not line.startswith(f"{part}:")]
    text = "\n".join([*lines, f"{part}: {{}}", *(f"{key}: x" for key in inner)]) + "\n"
    found = [one for one in told(tmp_path, text) if "unknown key" in one]
    assert len(found) == len(inner)
    assert all(f"It goes into '{part}', within its braces." in one for one in found)


def test_the_reason_of_an_index_that_is_only_listed_goes_into_its_braces(tmp_path: Path) -> None:
    line = target("t", indicator="{other: x, unit: '1'}", pollutant="", reason="why")
    found = [one for one in told(tmp_path, text_of([], [line])) if "unknown key" in one]
    assert len(found) == 1
    assert "It goes into 'indicator', within its braces." in found[0]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = text_of([commitment("a", "m", "130 %"), commitment("b", "n", by="2012")])
    assert [t.split("  ")[0].split(":")[1] for t in told(tmp_path, text)] == ["8", "9"]


def test_a_project_is_the_nearest_folder_with_inputs(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "scenarios" / "deep").mkdir(parents=True)
    assert find_root(tmp_path / "scenarios" / "deep" / "a.yaml") == tmp_path.resolve()


def test_what_only_the_whole_can_show_is_told_beside_the_faults_of_items(tmp_path: Path) -> None:
    """A faulty target is left out, so that faults of the rest are told with it."""
    text = text_of([], [target("t", at_most="much")]).replace("2019\n", "2015\n", 1)
    found = told(tmp_path, text)
    assert any("'much' is not a number" in one for one in found), found
    assert any("last_year 2015 is before base_year 2017" in one for one in found), found


def test_a_fault_of_one_year_is_told_at_the_year(tmp_path: Path) -> None:
    text = text_of([commitment("a", "m", "50 %", schedule="{2018: 10 %, 2019: 5 apples}")])
    (found,) = told(tmp_path, text)
    assert found.startswith("case.yaml:8:"), found
    assert "commitments[0].schedule[2019]" in found


def test_a_schedule_that_ends_off_its_level_is_asked(tmp_path: Path) -> None:
    (found,) = told(tmp_path, text_of([commitment("a", "m", "50 %", schedule="{2019: 40 %}")]))
    assert "the last step of the schedule is not the level 50 %" in found
    assert "say in 'note' why it is 40 %" in found


@pytest.mark.parametrize(
    ("price", "asked"),
    [("50 yuan/t", False), ("5e6 yuan/t", True), ("{2018: 5e6 yuan/t}", True)],
)
def test_a_price_of_carbon_that_nobody_pays_is_asked(
    tmp_path: Path, price: str, asked: bool
) -> None:
    text = HEAD.replace("8 %", f"8 %, carbon_price: {price}")
    read, problems = read_text(tmp_path, text)
    assert read is not None
    assert [p.place.line for p in problems.warnings] == [6] * asked


def test_only_currencies_that_are_known_here_are_held_against_their_worth(tmp_path: Path) -> None:
    text = HEAD.replace("8 %", "8 %, rates: {USD: 7e4 yuan, SEK: 7e4 yuan}")
    _, problems = read_text(tmp_path, text)
    assert ["rates.USD" in p.text() for p in problems.warnings] == [True]


OTHER = commitment("b", "n")


@pytest.mark.parametrize(
    ("level", "keys", "others", "said"),
    [
        ("0.99 %", {}, [], ["level\n  0.99 % is less than one in a hundred. Did you mean 99 %?"]),
        ("1 %", {}, [], []),
        ("0 %", {}, [], []),
        ("0.5 firm", {}, [], []),
        ("0.5 %", {}, [OTHER], []),
        (
            "0.7 %",
            {"schedule": "{2018: 0.5 %, 2019: 0.7 %}"},
            [OTHER],
            ["schedule[2019]\n  0.7 % is less than one in a hundred. Did you mean 70 %?"],
        ),
        (
            "50 %",
            {"low": "0.9 %", "high": "60 %"},
            [],
            ["low\n  low 0.9 is 1/56 times its number, 50. Check the unit."],
        ),
        ("50 %", {"low": "1 %", "high": "60 %"}, [], []),
    ],
)
def test_levels_that_are_hardly_meant_are_asked(
    tmp_path: Path, level: str, keys: dict[str, str], others: list[str], said: list[str]
) -> None:
    _, problems = read_text(tmp_path, text_of([commitment("a", "m", level, **keys), *others]))
    assert [p.text().split("commitments[0].")[1] for p in problems.warnings] == said
    assert not problems.found


@pytest.mark.parametrize(
    ("price", "asked"),
    [("1 yuan/t", False), ("0.99 yuan/t", True), ("2e4 yuan/t", False), ("20001 yuan/t", True)],
)
def test_prices_at_the_ends_of_what_is_known(tmp_path: Path, price: str, asked: bool) -> None:
    _, problems = read_text(tmp_path, HEAD.replace("8 %", f"8 %, carbon_price: {price}"))
    assert ["is not plausible" in p.text() for p in problems.warnings] == [True] * asked


@pytest.mark.parametrize(
    ("key", "value"),
    [("rates", "{USD: 7}"), ("rates", "7"), ("carbon_price", "7"), ("inflation", "90 %")],
)
def test_money_that_cannot_be_hides_no_other_fault(tmp_path: Path, key: str, value: str) -> None:
    head = HEAD.replace("8 %", f"8 %, {key}: {value}, currency: EUR").replace("2019", "2015")
    found = told(tmp_path, head)
    assert any(f"economics.{key}" in one for one in found), found
    assert any("last_year 2015 is before base_year 2017" in one for one in found), found


def test_a_year_beyond_all_numbers_is_told_at_its_place(tmp_path: Path) -> None:
    year = "9" * 25
    (found,) = told(tmp_path, text_of([commitment("a", "m", schedule=f"{{{year}: 5 %}}")]))
    assert f"commitments[0].schedule[{year}]" in found


def test_an_amount_that_is_no_money_is_held_against_no_market(tmp_path: Path) -> None:
    head = HEAD.replace("8 %", "8 %, carbon_price: 5e9 km")
    assert not read_text(tmp_path, head)[1].warnings
