"""No column, no source and no contradiction of a book goes by without a word."""

import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.test_books import TITLE, Rows, taken
from intake.test_import import take, tonnes
from lantian.intake.rows import shown
from lantian.intake.words import is_unclear, pollutant_of
from lantian.vocabulary import Pollutant

# --- columns -----------------------------------------------------------------------------------

FINE = [f"PM{dash}2{dot}5" for dash in ("", " ", "-") for dot in ".·．。,"] + ["PM₂.₅", "pm25"]
COARSE = ["PM10", "PM₁₀", "PM 10", "PM-10", "ＰＭ１０"]
FORMS = [
    "{}",
    "颗粒物{}",
    "颗粒物({})",
    "颗粒物（{}）",
    "{}颗粒物",
    "一次{}",
    "{}（一次）",
    "烟粉尘({})",
]


@pytest.mark.parametrize(("names", "pollutant"), [(FINE, "PM2.5"), (COARSE, "PM10")])
@pytest.mark.parametrize("form", FORMS)
def test_particles_of_a_size_are_read_however_they_are_written(
    form: str, names: list[str], pollutant: Pollutant
) -> None:
    for name in names:
        found = pollutant_of(form.format(name))
        assert found is not None, form.format(name)
        assert found.pollutant == pollutant


@pytest.mark.parametrize(
    "text", ["颗粒物、PM2.5", "PM2.5和PM10", "PM2.5/PM10", "颗粒物与PM10", "TSP PM2.5"]
)
def test_a_heading_of_several_pollutants_is_none_of_them(text: str) -> None:
    assert pollutant_of(text) is None
    assert not is_unclear(text)


UNCLEAR = ["PM", "ＰＭ", "粉尘", "工业粉尘", "烟尘", "Dust", "PM (t)", "Particulate matter"]


@pytest.mark.parametrize("beside", [[], ["NOx"]])
@pytest.mark.parametrize("word", UNCLEAR)
def test_particles_of_no_size_are_asked(word: str, beside: list[object], tmp_path: Path) -> None:
    rows: Rows = [TITLE, ["排放源", word, *beside], ["锅炉", 9, 5], ["窑", 4, 3]]
    answer = taken(tmp_path, rows)
    assert answer.code == 2
    assert f"nothing says the pollutant of '{word}'" in answer.err
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8")
    answered = text.replace(f"heading: {word}", f"heading: {word}, pollutant: PM10")
    mapping.write_text(answered, encoding="utf-8")
    assert take(tmp_path, "b.xlsx").code == 0
    assert tonnes(tmp_path)["锅炉", "PM10"] == 9


UNREAD = [
    "黑烟",
    "汞及其化合物",
    "PM2.5和PM10",
    "NOx占比（%）",
    "下限",
    "年份说明",
    "所在区县2",
    "",
]


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("heading", UNREAD)
def test_a_column_of_numbers_that_is_not_read_is_listed(
    heading: str, merged: bool, tmp_path: Path
) -> None:
    above: list[object] = ["排放源", "排放量", "排放量", "排放量" if heading else None]
    head: list[object] = ["排放源", "NOx", "SO2", heading or None]
    rows: Rows = [TITLE, *([above] if merged else []), head, ["锅炉", 9, 5, 1], ["窑", 4, 3, 2]]
    answer = taken(tmp_path, rows)
    assert answer.code == 0, answer.err
    if heading:
        name = f"排放量 {heading}" if merged else heading
        assert f"column '{name}' is not read." in answer.out
    else:
        assert "a column of numbers without a heading is not read." in answer.out
    assert {pollutant for _, pollutant in tonnes(tmp_path)} == {"NOx", "SO2"}


@pytest.mark.parametrize("blank", [None, "-", "/", "无"])
def test_a_source_without_a_number_is_told(blank: object, tmp_path: Path) -> None:
    rows: Rows = [
        TITLE,
        ["排放源", "NOx", "SO2", "黑烟"],
        ["锅炉", 9, 5, 1],
        ["窑", blank, blank, 3],
    ]
    answer = taken(tmp_path, rows)
    said = "source '窑' has no number in the columns that are read, and is left out."
    assert f"b.xlsx:4  s0\n  {said}" in answer.out
    rows[3][1] = 0
    (tmp_path / "b.xlsx.import.yaml").unlink()
    assert said not in taken(tmp_path, rows).out


# --- totals ------------------------------------------------------------------------------------

HEAD: list[object] = ["行业", "排放源", "NOx", "VOCs"]


def sections(
    blocks: list[list[tuple[float | None, float | None]]], zero: bool
) -> tuple[Rows, list[tuple[int, int, int]]]:
    """Rows of sections with their sums, and where each subtotal and its lines stand."""
    rows: Rows = [TITLE, HEAD]
    closing = []
    whole = [0.0, 0.0]
    for i, block in enumerate(blocks):
        start = len(rows) + 1
        rows += [[f"行业{i}", f"源{i}-{j}", *values] for j, values in enumerate(block)]
        sums = [sum(values[p] or 0.0 for values in block) for p in (0, 1)]
        rows.append(["小计", None, *(s if s or zero else None for s in sums)])
        closing.append((start, len(rows) - 1, len(rows)))
        whole = [a + b for a, b in zip(whole, sums, strict=True)]
    rows.append(["合计", None, *whole])
    return rows, closing


amounts = st.one_of(st.none(), st.integers(1, 9000).map(float))
blocks = st.lists(st.lists(st.tuples(amounts, amounts), max_size=4), min_size=1, max_size=4)


@settings(max_examples=25)
@given(blocks=blocks, zero=st.booleans())
def test_sums_that_are_right_are_not_doubted(
    tmp_path_factory: pytest.TempPathFactory,
    blocks: list[list[tuple[float | None, float | None]]],
    zero: bool,
) -> None:
    """Also where a section has no number in a column, or no line at all."""
    if not any(value for block in blocks for pair in block for value in pair):
        return
    rows, _ = sections(blocks, zero)
    answer = taken(tmp_path_factory.mktemp("sums"), rows)
    assert answer.code == 0, answer.err
    assert "is not the sum" not in answer.out


BLOCKS: list[list[tuple[float | None, float | None]]] = [
    [(410.0, 20.0), (120.0, None), (300.0, 35.0)],
    [(None, None), (None, 7.0)],
    [(90.0, 11.0), (80.0, 300.0)],
]
FILLED = [(i, j, p) for i, b in enumerate(BLOCKS) for j, v in enumerate(b) for p in (0, 1) if v[p]]


@pytest.mark.parametrize("times", [1000.0, 1e-3])
@pytest.mark.parametrize("cell", FILLED)
def test_a_slip_that_totals_contradict_stops_the_import(
    cell: tuple[int, int, int], times: float, tmp_path: Path
) -> None:
    """Each number of a section where it decides the sum, a thousand times more or less."""
    i, j, p = cell
    others = sum(v[p] or 0.0 for k, v in enumerate(BLOCKS[i]) if k != j)
    value = BLOCKS[i][j][p] or 0.0
    is_far = abs(math.log10((value * times + others) / (value + others))) > 1
    rows, closing = sections(BLOCKS, zero=True)
    line = rows[closing[i][0] - 1 + j]
    line[2 + p] = value * times
    answer = taken(tmp_path, rows)
    assert "'小计' is not the sum of the lines that it closes" in answer.out + answer.err
    assert (answer.code == 2) == is_far
    if is_far:
        assert f"b.xlsx:{closing[i][2]}" in answer.err
        mapping = tmp_path / "b.xlsx.import.yaml"
        text = mapping.read_text(encoding="utf-8")
        kept = text.replace("leave_out: []", "leave_out: [小计, 合计]")
        mapping.write_text(kept, encoding="utf-8")
        assert take(tmp_path, "b.xlsx").code == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(4122920.4, "4,122,920"), (26920.0, "26,920"), (1.575, "1.575"), (1e9, "1,000,000,000")],
)
def test_amounts_are_shown_without_powers_of_ten(value: float, text: str) -> None:
    assert shown(value) == text


def test_no_amount_is_shown_as_a_power(tmp_path: Path) -> None:
    for value in itertools.accumulate([7.3] * 15, lambda a, b: a * b):
        assert "e" not in shown(value)
