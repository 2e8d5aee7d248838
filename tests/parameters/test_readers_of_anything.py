"""Any text and any bytes given to the readers of YAML, CSV and Excel: read, or told at a place."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantian.errors import Problems
from lantian.intake.sheets import open_book
from lantian.inventory.finished import FinishedRow
from lantian.measures.own import OwnMeasureRow
from lantian.parameters.opening import UNREAD
from lantian.parameters.reader import read_table
from lantian.parameters.rows import Row
from lantian.scenario.nodes import parse_yaml
from lantian.scenario.reader import read_scenario

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

HEAD = "source,pollutant,value,unit,year,basis"
CELLS = st.one_of(
    st.sampled_from(
        [
            *("kiln", "NOx", "氮氧化物", "5", "-1", "t", "吨/年", "%%", "ton", "2024", "", '"'),
            *("\ufffd", "\0", "\uffff", "\u200b"),
        ]
    ),
    st.text(max_size=6),
    st.floats().map(repr),
)
WORDS = st.one_of(
    st.sampled_from(
        ["name", "finished", "targets", "5 %", "[", "{", "- id: x", "&a", "*a", "!!int"]
    ),
    st.text(max_size=8),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


def located(problems: Problems) -> bool:
    """Tell whether every problem has a file and words of ours."""
    return all(p.place.file and p.text() for p in (*problems.found, *problems.warnings))


def read(path: Path, row: type[Row] = FinishedRow) -> tuple[int, Problems]:
    problems = Problems()
    return len(read_table(path, row, problems, path.parent)), problems


@FEW
@given(st.lists(st.lists(CELLS, max_size=8).map(",".join), max_size=6))
def test_any_lines_of_a_csv_are_rows_or_problems(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "inventory.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8", errors="replace", newline="")
    rows, problems = read(path)
    assert located(problems)
    assert rows or problems.found or not any(line.strip(", \t\n\r\x0b\x0c") for line in lines)


@FEW
@given(st.binary(max_size=200), st.sampled_from([".csv", ".xlsx", ".xlsm", ".xls"]))
def test_any_bytes_are_rows_or_problems(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"measures{suffix}"
    path.write_bytes(content)
    rows, problems = read(path, OwnMeasureRow)
    assert located(problems)
    assert problems.found or not rows


@FEW
@given(
    st.lists(
        st.lists(st.none() | st.floats() | st.booleans() | st.dates() | CELLS, max_size=6),
        max_size=4,
    )
)
def test_any_cells_of_a_workbook_are_rows_or_problems(
    tmp_path: Path, lines: list[list[Any]]
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEAD.split(","))
    for line in lines:
        try:
            book.active.append(line)
        except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
            continue  # what a workbook cannot hold
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "inventory.xlsx"
    path.write_bytes(content.getvalue())
    _, problems = read(path)
    assert located(problems)


ODD = ["\ufffd", "\0", "\uffff", "\ud7ff", "a\ufffd", "\ufffd\ufffd"]
"""Signs that stand for what could not be read, or for nothing at all."""


@pytest.mark.parametrize("sign", ODD)
@pytest.mark.parametrize("at", range(7))
def test_no_cell_makes_its_line_vanish(tmp_path: Path, sign: str, at: int) -> None:
    """In tables and in books of others alike: the line is read, or its cell is told."""
    cells = ["kiln", "NOx", "5", "t", "2024", "assumed", "n"]
    cells[at] = sign
    path = tmp_path / "inventory.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[*HEAD.split(","), "note"], cells])
    rows, problems = read(path)
    assert rows == 1 or f"inventory.csv:2:{at + 1}" in problems.found[0].text()
    told = Problems()
    (grid,) = open_book(path, path.name, told)
    assert ascii(grid.cell(2, at + 1)) == ascii(UNREAD if told.found else sign)
    assert ("\0" in sign) == any(f"inventory.csv:2:{at + 1}" in p.text() for p in told.found)


@FEW
@given(st.integers(0, 4000), st.integers(1, 200))
def test_a_workbook_with_a_piece_cut_out_is_read_or_told(
    tmp_path: Path, at: int, length: int
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (HEAD, "kiln,NOx,5,t,2024,assumed"):
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    whole = content.getvalue()
    path = tmp_path / "inventory.xlsx"
    path.write_bytes(whole[: at % len(whole)] + whole[at % len(whole) + length :])
    rows, problems = read(path)
    assert located(problems)
    assert rows == 1 or problems.found


@FEW
@given(st.lists(st.lists(WORDS, max_size=4).map(": ".join), max_size=6).map("\n".join))
def test_any_text_is_a_document_or_problems(text: str) -> None:
    problems = Problems()
    parse_yaml(text, "scenario.yaml", problems)
    assert located(problems)


@FEW
@given(VALUES)
def test_any_values_are_no_scenario_and_told(tmp_path: Path, value: Any) -> None:
    from ruamel.yaml import YAML

    path = tmp_path / "scenario.yaml"
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        YAML(typ="safe", pure=True).dump(value, stream)
    problems = Problems()
    assert read_scenario(path, problems) is None
    assert problems.found
    assert located(problems)
