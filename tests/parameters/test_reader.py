"""Tables as users write them: every kind of bad cell, its message and its place."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from lantian.errors import Problems
from lantian.parameters import (
    QuantityRow,
    QuantityTable,
    Row,
    check_size,
    locate,
    read_table,
    workbook,
)
from lantian.parameters.reader import LONGEST_CELL, has_lines
from lantian.parameters.rows import FAR, CellError, doubtful_ends
from lantian.parameters.workbook import list_sheets

KEYS = "source,year,value,unit,low,high,basis,source_key,note"


class AmountRow(QuantityRow):
    """A number by source and year."""

    source: str
    year: int


class PlainRow(Row):
    """A row without a number."""

    name: str
    kind: Literal["a", "b"] = "a"


def read(tmp_path: Path, text: str | bytes, model: type[Row] = AmountRow) -> tuple[Any, list[str]]:
    path = tmp_path / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = Problems()
    rows = read_table(path, model, problems, tmp_path)
    return rows, [p.text() for p in problems.found]


def excel(tmp_path: Path, lines: Sequence[Sequence[object]]) -> tuple[Any, list[str]]:
    book = Workbook()
    for line in lines:
        book.active.append(list(line))  # type: ignore[union-attr]
    book.save(tmp_path / "t.xlsx")
    problems = Problems()
    rows = read_table(tmp_path / "t.xlsx", AmountRow, problems, tmp_path)
    return rows, [p.text() for p in problems.found]


GOOD = "truck,2017,5,t,4,6,published,key,"


def test_a_row_knows_its_numbers_and_its_line(tmp_path: Path) -> None:
    rows, told = read(tmp_path, f"{KEYS}\n{GOOD}\n")
    assert told == []
    assert (rows[0].source, rows[0].year, rows[0].value, rows[0].note) == ("truck", 2017, 5.0, "")
    assert str(rows[0].place) == "t.csv:2"
    assert rows[0].to("kg") == 5000.0
    assert rows[0].range("kg") == (4000.0, 6000.0)
    assert rows[0].key() == ("truck", 2017)


def test_a_number_may_repeat_the_percent_sign_of_its_unit(tmp_path: Path) -> None:
    rows, told = read(tmp_path, f"{KEYS}\ntruck,2017,5 %,%,4%,6,published,key,\n")
    assert told == []
    assert (rows[0].low, rows[0].value, rows[0].high) == (4.0, 5.0, 6.0)
    _, told = read(tmp_path, f"{KEYS}\ntruck,2017,5 %,t,4,6,published,key,\n")
    assert told == ["t.csv:2:3  value\n  '5 %' is not a number."]


def test_columns_may_come_in_any_order_and_optional_ones_may_be_left_out(tmp_path: Path) -> None:
    rows, told = read(
        tmp_path, "value,year,source,low,high,unit,source_key,basis\n5,2017,truck,4,6,t,k,derived\n"
    )
    assert told == []
    assert (rows[0].value, rows[0].basis) == (5.0, "derived")


def test_blank_lines_and_quoted_line_breaks_do_not_shift_the_line_numbers(tmp_path: Path) -> None:
    text = f'{KEYS}\n\n{GOOD}"a\nb"\n,,,,,,,,\n{GOOD}\n'
    rows, told = read(tmp_path, text)
    assert told == []
    assert [r.place.line for r in rows] == [3, 6]
    assert rows[0].note == "a b"


def test_a_byte_order_mark_of_excel_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    rows, told = read(tmp_path, b"\xef\xbb\xbf" + f"{KEYS}\n{GOOD}\n".encode())
    assert (len(rows), told) == (1, [])


CELLS = [
    ("truck,2017,abc,t,4,6,published,key,", "t.csv:2:3  value", "'abc' is not a number."),
    ("truck,2017,,t,4,6,published,key,", "t.csv:2:3  value", "this is missing. Fill it in."),
    (
        'truck,2017,"5,000",t,4,6,published,key,',
        "t.csv:2:3  value",
        "'5,000' is not a number. Write 5000.",
    ),
    ("truck,2017,nan,t,4,6,published,key,", "t.csv:2:3  value", "'nan' is not a finite number."),
    ("truck,2017,5,t,4,inf,published,key,", "t.csv:2:6  high", "'inf' is not a finite number."),
    ("truck,2017.5,5,t,4,6,published,key,", "t.csv:2:2  year", "'2017.5' is not a whole number."),
    ("truck,MMXVII,5,t,4,6,published,key,", "t.csv:2:2  year", "'MMXVII' is not a whole number."),
    (
        "truck,2017,5,tonn,4,6,published,key,",
        "t.csv:2:4  unit",
        "'tonn' is not a known unit. Did you mean 'tonne'? Units are listed in "
        "inputs/README.md, section 3.",
    ),
    ("truck,2017,5,,4,6,published,key,", "t.csv:2:4  unit", "this is missing. Fill it in."),
    (
        "truck,2017,5,t,4,6,guessed,key,",
        "t.csv:2:7  basis",
        "'guessed' is not one of 'measured', 'published', 'derived', 'assumed'.",
    ),
    ("truck,2017,5,t,4,6,published,,", "t.csv:2:8  source_key", "this is missing. Fill it in."),
    (
        "truck,2017,5,t,6,8,published,key,",
        "t.csv:2:5  low",
        "low 6 <= value 5 <= high 8 fails: widen the range or mend the value.",
    ),
    (
        "truck,2017,5,t,5,5,assumed,key,",
        "t.csv:2:5  low",
        "an assumed number needs a range: low and high must differ.",
    ),
    (
        "truck,2017,5,t,4,6,published,key,a,b",
        "t.csv:2:10",
        "10 cells in a table of 9 columns. A text that holds a comma needs quotes.",
    ),
    ("truck,2017,5,t,4,6,published", "t.csv:2:8  source_key", "this is missing. Fill it in."),
]


@pytest.mark.parametrize(("line", "place", "said"), CELLS)
def test_a_bad_cell_is_told_with_its_place(
    tmp_path: Path, line: str, place: str, said: str
) -> None:
    rows, told = read(tmp_path, f"{KEYS}\n{line}\n")
    assert rows == []
    assert told == [f"{place}\n  {said}"]


def test_all_bad_cells_are_told_and_the_good_rows_kept(tmp_path: Path) -> None:
    rows, told = read(
        tmp_path, f"{KEYS}\ntruck,x,y,t,4,6,published,key,\n{GOOD}\n,1,2,t,2,2,z,k,\n"
    )
    assert [r.place.line for r in rows] == [3]
    assert [t.split("\n")[0] for t in told] == [
        "t.csv:2:3  value",
        "t.csv:2:2  year",
        "t.csv:4:7  basis",
        "t.csv:4:1  source",
    ]


def test_an_assumed_zero_needs_no_range(tmp_path: Path) -> None:
    rows, told = read(tmp_path, f"{KEYS}\ntruck,2017,0,t,0,0,assumed,key,\n")
    assert (len(rows), told) == (1, [])


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "nmae",
            [
                "t.csv:1:1\n  unknown column 'nmae'. Expected: name, kind. Did you mean 'name'?",
                "t.csv:1:2\n  column 'name' is missing.",
            ],
        ),
        ("name,kind,name", ["t.csv:1:3\n  column 'name' twice."]),
        ("kind", ["t.csv:1:2\n  column 'name' is missing."]),
        *(
            (
                sign.join(("name", "kind")),
                [
                    f"t.csv:1\n  its columns are separated by {named}. Expected commas."
                    " In Excel: save as 'CSV UTF-8', or as .xlsx."
                ],
            )
            for sign, named in ((";", "semicolons"), ("\t", "tabs or blanks"), ("|", "bars"))
        ),
    ],
)
def test_a_header_that_does_not_fit_is_told(tmp_path: Path, header: str, told: list[str]) -> None:
    assert read(tmp_path, f"{header}\nx\n", PlainRow) == ([], told)


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "", PlainRow) == ([], ["t.csv:1:1\n  column 'name' is missing."])


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    rows, told = read(tmp_path, "name\n通州\n".encode("gbk"), PlainRow)
    assert rows == []
    assert told == ["t.csv\n  the file is not UTF-8. In Excel: save as 'CSV UTF-8'."]


def test_blank_cells_take_the_default(tmp_path: Path) -> None:
    rows, told = read(tmp_path, "name,kind\nx, \n", PlainRow)
    assert ([r.kind for r in rows], told) == (["a"], [])


def test_a_missing_table_is_told_unless_it_is_optional(tmp_path: Path) -> None:
    problems = Problems()
    assert read_table(tmp_path / "no.csv", PlainRow, problems, tmp_path, optional=True) == []
    assert problems.found == []
    assert read_table(tmp_path / "no.csv", PlainRow, problems, tmp_path) == []
    assert [p.text() for p in problems.found] == [
        "no.csv\n  this table is missing. Expected columns: name, kind."
    ]


def test_excel_gives_the_same_rows_as_csv(tmp_path: Path) -> None:
    from_csv, _ = read(tmp_path, f"{KEYS}\n{GOOD}\n")
    rows, told = excel(
        tmp_path, [KEYS.split(","), ["truck", 2017.0, 5, "t", 4.0, 6, "published", "key", None]]
    )
    assert told == []
    assert [r.model_dump() for r in rows] == [r.model_dump() for r in from_csv]


def test_excel_cells_are_told_with_row_and_column(tmp_path: Path) -> None:
    good = ["truck", 2017, 5, "t", 4, 6, "published", "key"]
    rows, told = excel(
        tmp_path,
        [
            KEYS.split(","),
            good,
            [None] * 9,
            [*good[:2], "#DIV/0!", *good[3:]],
            [*good[:1], datetime.date(2017, 1, 1), *good[2:]],
        ],
    )
    assert [r.place.line for r in rows] == [2]
    assert told == [
        "t.xlsx:4:3  C4\n  the cell shows the error #DIV/0!.",
        "t.xlsx:5:2  year\n  '2017-01-01 00:00:00' is not a whole number.",
    ]


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_text(KEYS)
    problems = Problems()
    assert read_table(tmp_path / "t.xlsx", AmountRow, problems, tmp_path) == []
    assert [p.text() for p in problems.found] == [
        "t.xlsx\n  the file is not an Excel workbook, or it is damaged."
        " Open it in Excel and save it again as .xlsx."
    ]


def test_of_a_workbook_the_first_sheet_that_is_seen_is_read_and_the_rest_told(
    tmp_path: Path,
) -> None:
    book = Workbook()
    for name, state in (("veiled", "hidden"), ("first", "visible"), ("second", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state  # type: ignore[assignment]
        for line in (["name", "kind"], [name, "a"], ["x", "b"]):
            sheet.append(line)
        for line_no in (2, 3) if name == "first" else ():
            sheet.row_dimensions[line_no].hidden = True
    del book["Sheet"]
    book.save(tmp_path / "t.xlsx")
    problems = Problems()
    rows = read_table(tmp_path / "t.xlsx", PlainRow, problems, tmp_path)
    assert [(row.name, row.place.line) for row in rows] == [("first", 2), ("x", 3)]
    assert [p.text() for p in problems.warnings] == [
        "t.xlsx\n  only the sheet 'first' is read, not: veiled, second.",
        "t.xlsx:2\n  2 hidden or filtered lines are read like all others.",
    ]


def test_a_workbook_is_read_up_to_its_largest_size_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = ["truck", 2017, 5, "t", 4, 6, "published", "key"]
    excel(tmp_path, [KEYS.split(","), good])
    with ZipFile(tmp_path / "t.xlsx") as archive:
        size = sum(part.file_size for part in archive.infolist())
    for most, said in ((size, []), (size - 1, ["unpacked, the workbook has 0 MB; at most 0"])):
        monkeypatch.setattr(workbook, "LARGEST_BOOK", most)
        problems = Problems()
        found = list_sheets((tmp_path / "t.xlsx").read_bytes(), "t.xlsx", problems)
        assert (found is None) == bool(said)
        assert [p.text().split("\n  ")[1][:42] for p in problems.found] == [s[:42] for s in said]


def test_a_workbook_without_a_sheet_is_damaged(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}"><sheets/></workbook>')
    problems = Problems()
    assert read_table(tmp_path / "t.xlsx", PlainRow, problems, tmp_path) == []
    assert ["it is damaged" in p.text() for p in problems.found] == [True]


def test_csv_goes_before_excel_and_is_named_if_there_is_neither(tmp_path: Path) -> None:
    assert locate(tmp_path, "t").name == "t.csv"
    (tmp_path / "t.xlsx").touch()
    assert locate(tmp_path, "t").name == "t.xlsx"
    (tmp_path / "t.csv").touch()
    assert locate(tmp_path, "t").name == "t.csv"


def table(tmp_path: Path, *lines: str) -> QuantityTable[AmountRow]:
    rows, told = read(tmp_path, "\n".join([KEYS, *lines]))
    assert told == []
    return QuantityTable("t.csv", rows, Problems())


def test_numbers_are_found_by_all_their_keys(tmp_path: Path) -> None:
    found = table(tmp_path, GOOD, GOOD.replace("2017,5", "2018,5.5"))
    assert found.value("kg", source="truck", year=2018) == 5500.0
    assert found.find(source="truck", year=2019) is None
    assert [r.year for r in found.select(source="truck")] == [2017, 2018]
    assert found.problems.found == []


def test_a_number_that_is_missing_or_in_another_kind_of_unit_is_a_problem(tmp_path: Path) -> None:
    found = table(tmp_path, GOOD)
    values = [
        found.value("t", source="car", year=2017),
        found.value("m3", source="truck", year=2017),
    ]
    assert all(v != v for v in values)  # NaN, so that nothing can be computed with it
    assert [p.text() for p in found.problems.found] == [
        "t.csv\n  no row for source 'car', year '2017'. Add the row.",
        "t.csv:2:4  unit\n  't' is not a unit of the same kind as 'm3'.",
    ]


def test_the_same_keys_twice_are_a_problem(tmp_path: Path) -> None:
    found = table(tmp_path, GOOD, GOOD)
    assert [p.text() for p in found.problems.found] == [
        "t.csv:3:1  source\n  the same keys as in line 2. Keep one of the two rows."
    ]


SOURCES = "key,citation\nknown,A book\n"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("known", []),
        ("borrowed-tongzhou", []),
        ("knwon", ["'knwon' is not in inputs/sources.csv. Did you mean 'known'?"]),
    ],
)
def test_sources_are_those_of_the_project(tmp_path: Path, key: str, said: list[str]) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "sources.csv").write_text(SOURCES, encoding="utf-8")
    _, told = read(tmp_path, f"{KEYS}\n{GOOD.replace('key', key)}\n")
    assert len(told) == len(said)
    assert all(wanted in one for wanted, one in zip(said, told, strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uniform", ""),
        ("", ""),
        ("gamma", "no distribution"),
        ("discrete 1:0.5 2:0.6", "add up to 1"),
    ],
)
def test_a_distribution_is_read_at_the_door(tmp_path: Path, text: str, said: str) -> None:
    rows, told = read(tmp_path, f"{KEYS},distribution\n{GOOD},{text}\n")
    assert [r.distribution for r in rows] == ([] if said else [text])
    assert bool(told) == bool(said)
    assert all(said in one and one.startswith("t.csv:2:10") for one in told)


@pytest.mark.parametrize(
    ("size", "said"),
    [("35 MW", ""), ("35", "has no unit"), ("0 MW", "not positive"), ("-5 MW", "not positive")],
)
def test_a_size_is_a_number_above_0_with_a_unit(size: str, said: str) -> None:
    if not said:
        return check_size(size, "at_size")
    with pytest.raises(CellError, match=said) as error:
        check_size(size, "at_size")
    assert error.value.column == "at_size"
    return None


class PollutantRow(QuantityRow):
    """A number by pollutant."""

    pollutant: Literal["NOx", "CO"]


def test_a_table_with_a_column_for_each_pollutant_is_told_how_it_becomes_one(
    tmp_path: Path,
) -> None:
    _, told = read(tmp_path, f"{KEYS},CO,nox\n", PollutantRow)
    assert told == [
        "t.csv:1:10\n  columns by pollutant (CO, nox): here each number has its own row."
        " 'lantian import t.csv' turns such a table into this form."
    ]


@pytest.mark.parametrize(("pollutant", "fix"), [("NOxx", " Did you mean 'NOx'?"), ("OC", "")])
def test_no_other_pollutant_is_taken_for_a_slip(tmp_path: Path, pollutant: str, fix: str) -> None:
    keys = KEYS.replace("source,year", "pollutant")
    _, told = read(tmp_path, f"{keys}\n{pollutant},5,t,4,6,published,key,\n", PollutantRow)
    assert told == [f"t.csv:2:1  pollutant\n  '{pollutant}' is not one of 'NOx', 'CO'.{fix}"]


@pytest.mark.parametrize("sign", ["x", "天"])
@pytest.mark.parametrize("beyond", [0, 1])
def test_a_cell_is_as_long_as_in_excel(tmp_path: Path, sign: str, beyond: int) -> None:
    rows, told = read(tmp_path, f"name\n{sign * (LONGEST_CELL + beyond)}\nb\n", PlainRow)
    assert len(rows) == 2 - beyond
    assert told == ["t.csv:2:1\n  a cell of 32768 signs."] * beyond


@pytest.mark.parametrize(
    ("name", "content", "some"),
    [
        ("t.csv", b"name,kind\n", False),
        ("t.csv", b"name,kind\n,\n\n , \n", False),
        ("t.csv", b"name,kind\nx,\n", True),
        ("t.xlsx", b"no workbook", True),
    ],
)
def test_a_table_has_lines_or_its_header_alone(
    tmp_path: Path, name: str, content: bytes, some: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert has_lines(tmp_path / name) == some


def test_a_workbook_has_lines_or_its_header_alone_and_what_is_no_file_is_told_later(
    tmp_path: Path,
) -> None:
    excel(tmp_path, [KEYS.split(",")])
    assert not has_lines(tmp_path / "t.xlsx")
    excel(tmp_path, [KEYS.split(","), ["truck"]])
    assert has_lines(tmp_path / "t.xlsx")
    assert has_lines(tmp_path)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2016, "t.csv\n  no row for source 'truck', year '2016'. Add the row."),
        (
            2019,
            "t.csv:3\n  the rows of source 'truck' end in 2018, and the run goes on: the last_year"
            " of the scenario is later. Add rows of the later years, or give the scenario an"
            " earlier last_year.",
        ),
    ],
)
def test_a_series_that_ends_early_is_told_as_that(tmp_path: Path, year: int, said: str) -> None:
    found = table(tmp_path, GOOD, GOOD.replace("2017,5", "2018,5.5"))
    found.row(source="truck", year=year)
    assert [p.text() for p in found.problems.found] == [said]


@pytest.mark.parametrize("number", [2.0, -2.0])
@pytest.mark.parametrize(
    ("times", "told"),
    [(FAR, ""), (FAR * 1.01, "50"), (1 / FAR, ""), (0.99 / FAR, "1/51"), (0.0, ""), (-9e9, "")],
)
def test_an_end_of_a_range_is_asked_back_beyond_fifty_times(
    number: float, times: float, told: str
) -> None:
    for end in ("low", "high"):
        found = list(doubtful_ends(number, **{"low": None, "high": None, end: number * times}))
        assert [name for name, _ in found] == [end] * bool(told)
        said = f"{end} {number * times:g} is {told} times its number, {number:g}."
        assert all(message.text() == said for _, message in found)


def test_nothing_is_far_from_nothing() -> None:
    assert not list(doubtful_ends(0.0, -5.0, 5.0))


def test_a_row_can_be_made_again_from_its_parts(tmp_path: Path) -> None:
    (row,), _ = read(tmp_path, f"{KEYS}\n{GOOD}\n")
    assert row.distribution == ""
    assert AmountRow.model_validate(row.model_dump()).model_dump() == row.model_dump()


def test_an_end_that_is_far_off_is_asked_at_its_cell(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{KEYS}\n{GOOD.replace(',4,', ',0.01,')}\n", encoding="utf-8")
    problems = Problems()
    assert len(read_table(tmp_path / "t.csv", AmountRow, problems, tmp_path)) == 1
    assert [p.text() for p in problems.warnings] == [
        "t.csv:2:5  low\n  low 0.01 is 1/500 times its number, 5. Check the unit."
    ]


def test_of_names_in_other_letters_the_rarer_are_told(tmp_path: Path) -> None:
    lines = ["Kiln,2017", "kiln,2018", "kiln,2019", "KILN,2020", "mill,2017"]
    path = tmp_path / "t.csv"
    path.write_text("source,year\n" + "\n".join(lines) + "\n", encoding="utf-8")
    problems = Problems()

    class Dated(Row):
        source: str
        year: int

    assert len(read_table(path, Dated, problems, tmp_path)) == len(lines)
    told = [(p.place.line, p.place.path, p.found.text()) for p in problems.found]
    wrong = "' differs from 'kiln' in line 3 in case or width alone."
    assert told == [(2, "source", f"'Kiln{wrong}"), (5, "source", f"'KILN{wrong}")]
