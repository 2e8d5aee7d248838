"""Numbers as people write them: read where there is one meaning, told how to write otherwise."""

from pathlib import Path

import pytest

from lantian.errors import Problems
from lantian.parameters import QuantityRow, read_table, units


class AmountRow(QuantityRow):
    """A number by source and year."""

    source: str
    year: int


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("３０％", (30.0, "%")),
        ("３０ ％", (30.0, "%")),
        ("1_000 t", (1000.0, "t")),
        ("5 ｔ", (5.0, "t")),
    ],
)
def test_signs_of_double_width_are_read(text: str, found: tuple[float, str]) -> None:
    assert units.parse_quantity(text) == found


@pytest.mark.parametrize(
    ("text", "meant"), [("1,000 t", "1000 t"), ("12,345,678.5 yuan", "12345678.5 yuan")]
)
def test_commas_in_a_number_are_told(text: str, meant: str) -> None:
    with pytest.raises(units.UnitError) as error:
        units.parse_quantity(text)
    assert f"write '{meant}'" in str(error.value.args[0])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('"40,000"', "'40,000' is not a number. Write 40000."),
        ("４０", "Write 40."),
        ("1_00", "'1_00' is not a number."),
        ("forty", "'forty' is not a number."),
    ],
)
@pytest.mark.parametrize("column", ["year", "value"])
def test_no_cell_is_read_as_another_number(
    column: str, cell: str, said: str, tmp_path: Path
) -> None:
    cells = {"source": "truck", "year": "2017", "value": "5"} | {column: cell}
    head = "source,year,value,unit,low,high,basis,source_key,note"
    line = f"{cells['source']},{cells['year']},{cells['value']},t,4,6,published,key,"
    (tmp_path / "t.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    problems = Problems()
    read_table(tmp_path / "t.csv", AmountRow, problems, tmp_path)
    (told,) = [problem.text() for problem in problems.found]
    at = 2 if column == "year" else 3
    assert told.startswith(f"t.csv:2:{at}  {column}\n")
    assert said.replace("number", "whole number" if column == "year" else "number") in told or (
        said in told
    )
