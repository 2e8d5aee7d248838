"""Problems as the user sees them."""

import errno
import os
import pickle
from pathlib import Path

import pytest

from lantian.errors import (
    FEW,
    InputError,
    Place,
    Problem,
    Problems,
    closest,
    nearest,
    one_line,
    problem_of,
    told,
)
from lantian.inventory.finished import FinishedRow
from lantian.language import NOTHING, message
from lantian.parameters.reader import read_table
from lantian.vocabulary import OTHER_POLLUTANTS, POLLUTANTS, WRITTEN_AS, pollutant_meant

HERE = Place("plan.yaml", 12, 5, "commitments[3].level")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (HERE, "plan.yaml:12:5  commitments[3].level"),
        (Place("a.csv", 7, 2), "a.csv:7:2"),
        (Place("a.csv", 7), "a.csv:7"),
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", path="x.y"), "a.csv  x.y"),
    ],
)
def test_a_place_reads_as_file_line_column_and_path(place: Place, text: str) -> None:
    assert str(place) == text


def test_a_problem_says_what_was_found_what_was_expected_and_how_to_mend_it() -> None:
    problem = Problem(
        HERE,
        message("'{name}' is not a source.", name="shp"),
        message("Expected: {names}.", names="shop"),
        closest("shp", ["shop"]),
    )
    assert problem.text() == (
        "plan.yaml:12:5  commitments[3].level\n"
        "  'shp' is not a source. Expected: shop. Did you mean 'shop'?"
    )


def test_a_problem_is_said_in_chinese_without_gaps_between_sentences() -> None:
    said = Problem(
        HERE, message("'{name}' is not a source.", name="shp"), fix=closest("shp", ["shop"])
    ).text("zh")
    sentence = said.split("\n  ")[1]
    assert "shp" in sentence
    assert "shop" in sentence
    assert "is not" not in sentence
    assert "Did you" not in sentence
    assert " " not in sentence.replace("'shp'", "").replace("'shop'", "").strip()


def test_problems_are_told_all_at_once_in_the_order_of_lines_and_each_once() -> None:
    problems = Problems()
    for line, text in ((10, "c."), (2, "b."), (2, "a."), (10, "c.")):
        problems.add(Place("t.csv", line), message(text))
    with pytest.raises(InputError) as raised:
        problems.stop_if_any()
    assert str(raised.value) == "t.csv:2\n  a.\nt.csv:2\n  b.\nt.csv:10\n  c."


def test_no_problem_does_not_stop() -> None:
    problems = Problems()
    problems.stop_if_any()
    problems.add(HERE, message("a."))
    problems.stop_if_any(beyond=1)
    with pytest.raises(InputError):
        problems.stop_if_any()


def test_an_input_error_survives_a_process_boundary() -> None:
    error = InputError([Problem(HERE, message("'{a}' is bad.", a="x"))])
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert again.problems == error.problems


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("heavy-trck", ["heavy-truck", "light-truck"], "Did you mean 'heavy-truck'?"),
        ("zzz", ["heavy-truck"], ""),
        ("anything", [], ""),
    ],
)
def test_the_closest_word_is_offered_if_any_is_near(word: str, known: list[str], said: str) -> None:
    assert closest(word, known).text() == said


def at_lines(*lines: int, said: str = "'{name}' is odd.") -> list[Problem]:
    return [Problem(Place("t.csv", n), message(said, name=f"row{n}")) for n in lines]


def test_many_problems_of_one_kind_in_a_file_are_told_together() -> None:
    problems = [*at_lines(*range(2, 10)), *at_lines(3, said="'{name}' is even.")]
    assert told(problems) == [
        "t.csv:2\n  'row2' is odd.\n  7 more of this kind, in lines 3, 4, 5, 6, 7, 8, 9.",
        "t.csv:3\n  'row3' is even.",
    ]


def test_few_problems_of_a_kind_are_told_one_by_one() -> None:
    assert len(told(at_lines(*range(FEW)))) == FEW


def test_no_more_lines_are_listed_than_anybody_reads() -> None:
    (text,) = told(at_lines(*range(1, 200)), "zh")
    assert "198" in text
    assert text.endswith("20, 21, ... 行。")


def test_problems_without_lines_are_counted() -> None:
    (text,) = told([Problem(Place("t.csv", 0, n), message("odd.")) for n in range(9)])
    assert text == "t.csv\n  odd.\n  8 more of this kind."


def test_control_signs_are_spelt_out() -> None:
    problem = Problem(Place("a\x1b[2J.csv"), message("'{name}'", name="x\u202ey\0"))
    assert problem.text() == "a\\x1b[2J.csv\n  'x\\u202ey\\x00'"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "cannot be written: No space left on device."),
        (errno.EACCES, "cannot be opened: Permission denied."),
        (errno.EIO, "cannot be read: Input/output error."),
    ],
)
def test_what_the_system_refuses_is_a_problem(number: int, said: str) -> None:
    error = OSError(number, os.strerror(number), "x.csv")
    assert problem_of(error).text() == f"x.csv\n  {said}"
    assert problem_of(OSError(number, os.strerror(number))).text() == f"-\n  {said}"


def test_warnings_stop_nothing_and_go_along_with_what_does() -> None:
    problems = Problems()
    problems.warn(Place("other.csv", 2), message("odd."))
    problems.warn(HERE, message("odd, and wrong."))
    problems.stop_if_any()
    problems.add(HERE, message("wrong."))
    with pytest.raises(InputError) as raised:
        problems.stop_if_any()
    assert [p.found.text() for p in raised.value.warnings] == ["odd."]
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.problems, again.warnings) == (raised.value.problems, raised.value.warnings)
    assert one_line(raised.value.warnings[0]) == "other.csv:2: odd."


@pytest.mark.parametrize("other", OTHER_POLLUTANTS)
def test_no_hint_leads_from_one_pollutant_to_another(other: str, tmp_path: Path) -> None:
    path = tmp_path / "inventory.csv"
    path.write_text(f"source,pollutant,value,unit\nkiln,{other},5,t\n", encoding="utf-8")
    problems = Problems()
    assert read_table(path, FinishedRow, problems, tmp_path) == []
    assert [p.place.path for p in problems.found] == ["pollutant"]
    assert problems.found[0].fix == NOTHING


@pytest.mark.parametrize("written", [*WRITTEN_AS, *map(str.upper, WRITTEN_AS), " ＳＯ２ ", "CO₂"])
def test_pollutants_are_read_as_people_write_them(written: str) -> None:
    assert pollutant_meant(written) in POLLUTANTS


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("GAS-BOILER", ["gas-heater", "gas-boiler"], "gas-boiler"),
        ("gas_boiler", ["gas-heater", "gas-boiler"], "gas-boiler"),
        ("ｂｕｓ", ["bus", "bush"], "bus"),
        ("OC", ["VOC"], ""),
        ("??", ["%"], ""),
    ],
)
def test_the_nearest_word_is_first_the_one_in_other_letters(
    word: str, known: list[str], near: str
) -> None:
    assert nearest(word, known) == near
