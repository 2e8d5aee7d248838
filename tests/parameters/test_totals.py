"""Totals among the rows of a table: words for them are faults, matching sums are warnings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.errors import Place, Problems
from lantian.parameters.totals import SIGNS, WORDS, Summand, check_totals, is_part, is_total


def checked(*rows: tuple[str, float], note: str = "") -> tuple[list[int], list[int]]:
    """Return the lines that are faults and those that are warned of."""
    problems = Problems()
    check_totals(
        [
            Summand((name, "industry"), "NOx", value, note, Place("t.csv", line))
            for line, (name, value) in enumerate(rows, start=2)
        ],
        problems,
    )
    return [p.place.line for p in problems.found], [p.place.line for p in problems.warnings]


@pytest.mark.parametrize(
    "name",
    [
        "合计",
        "总 计",
        "小计",
        "합계",
        "SUM",
        "Total",
        "sub-total",
        "Grand total",
        "工业小计",
        "合计（吨）",
        "TOTAL_NOX",
        "Ｔotal",
        "industry-total",
        "Total [t]",
        "合计：",
    ],
)
def test_words_for_totals(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize(
    "name", ["小计算机厂", "totalizer", "kiln", "summer-road", "", "2024", "assumption", "计合"]
)
def test_other_names(name: str) -> None:
    assert not is_total(name)


@given(st.sampled_from([*sorted(WORDS), *SIGNS]), st.sampled_from(["", " ", "(t)", "：", "_"]))
def test_every_word_is_known_however_it_is_set(word: str, after: str) -> None:
    assert is_total(word.upper() + after)


def test_a_name_is_a_fault_and_a_note_keeps_the_row() -> None:
    rows = [("coke-plant", 420.0), ("ferry", 180.0), ("合计", 600.0)]
    assert checked(*rows) == ([4], [])
    assert checked(*rows, note="a firm of that name, not a total") == ([], [])
    assert checked(*rows, note="厂名，非合计") == ([], [])


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ([420.0, 180.0, 600.0], [4]),
        ([600.0, 420.0, 180.0], [2]),  # the sum comes first
        ([1.0, 2.5, 3.5, 10.0, 20.0, 30.0, 33.5], [4, 7, 8]),  # two blocks, and all of it
        ([420.0, 180.0, 600.1], []),
        ([5.0, 5.0], []),  # two alike are no sum
        ([0.0, 5.0, 0.0, 5.0], []),
    ],
)
def test_sums_are_warned_of(values: list[float], lines: list[int]) -> None:
    assert checked(*((f"s{i}", value) for i, value in enumerate(values))) == ([], lines)


@given(st.lists(st.floats(0.1, 1e6), min_size=2, max_size=20), st.data())
def test_the_sum_of_all_others_is_found_wherever_it_stands(
    values: list[float], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(values)))
    rows = [(f"s{i}", value) for i, value in enumerate(values)]
    rows.insert(at, ("everything", sum(values)))
    assert at + 2 in checked(*rows)[1]


OPENINGS = ("其中", "Of which", "of_which", "thereof", "davon")


@given(
    st.sampled_from(OPENINGS),
    st.sampled_from(["：", ":", " ", "-"]),
    st.sampled_from(["", "(", "—"]),
)
def test_a_part_of_the_row_above_is_a_fault_and_a_note_keeps_it(
    opening: str, between: str, before: str
) -> None:
    name = f"{before}{opening}{between}柴油车"
    assert is_part(f"移动源/{name}")
    rows = [("货车", 600.0), (name, 420.0)]
    assert checked(*rows) == ([3], [])
    assert checked(*rows, note="非其中项") == ([], [])


@pytest.mark.parametrize("name", ["柴油车", "of-whichever", "中其", "", "includings", "包括机械厂"])
def test_other_names_are_no_parts(name: str) -> None:
    assert not is_part(name)
