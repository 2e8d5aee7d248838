"""Problems as the user sees them."""

import pickle

import pytest

from lantian.errors import InputError, Place, Problem, Problems, closest
from lantian.language import message

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
