"""Books one cell or heading apart: what each is taken for, or told as, at its cell."""

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from intake.test_import import measures_of, take, tonnes
from integration.workbench import Answer
from lantian.intake.words import NO_UNITS, Units, units_said

Rows = list[list[object]]

TITLE: list[object] = ["2022年（单位：吨）"]
INVENTORY: Rows = [
    TITLE,
    ["行业", "排放源", "SO2", "PM2.5"],
    ["a", "锅炉", 9, 8],
    ["b", "锅炉", 1, 1],
    ["b", "窑", 1, None],
]
HEAD: list[object] = ["措施", "适用排放源", "污染物", "去除率（%）", "可实施比例", "年成本（万元）"]


def write(path: Path, *sheets: Rows) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for i, rows in enumerate(sheets):
        sheet = book.create_sheet(f"s{i}")
        for row in rows:
            sheet.append(row)
    book.save(path)


def taken(tmp_path: Path, *sheets: Rows) -> Answer:
    write(tmp_path / "b.xlsx", *sheets)
    return take(tmp_path, "b.xlsx")


def heading(text: str, at: int = 3) -> list[object]:
    """The headings of measures with another one in a column."""
    return [*HEAD[:at], text, *HEAD[at + 1 :]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [HEAD, ["改造", "锅炉", "SO2", 50, "35 %", 20]],
            "b.xlsx:2:2  s1!B2\n  several sources of the inventory are called '锅炉'."
            " Expected one of a/锅炉, b/锅炉.",
        ),
        (
            [HEAD, ["改造", "窑", "PM2.5", 50, "35 %", 20]],
            "b.xlsx:2:4  s1!D2\n  source '窑' emits no PM2.5.",
        ),
        (
            [HEAD, ["改造", "窑", None, 50, "35 %", 20]],
            "b.xlsx:2:4  s1!D2\n  nothing says the pollutant of this number.",
        ),
        (
            [heading("减排量（万元）"), ["改造", "窑", "SO2", 50, "35 %", 20]],
            "b.xlsx:2:4  s1!D2\n  '万元' is neither a share nor an amount.",
        ),
        (
            [heading("减排量"), ["改造", "窑", "SO2", 500, "35 %", 20]],
            "this is a share or an amount. Write the unit of the amount into the heading.",
        ),
    ],
)
def test_measures_that_fit_nothing_are_told_at_their_cell(
    rows: Rows, said: str, tmp_path: Path
) -> None:
    answer = taken(tmp_path, INVENTORY, rows)
    assert answer.code == 2
    assert said in answer.err
    assert not (tmp_path / "scenarios").exists()


def test_a_measure_without_a_reduction_is_told_and_left_out(tmp_path: Path) -> None:
    rows: Rows = [["改造", "窑", "SO2", None, "35 %", 20], ["换", "窑", "SO2", 50, "35 %", 7]]
    answer = taken(tmp_path, INVENTORY, [HEAD, *rows])
    assert "s1!D2\n  measure '改造' has no reduction and is left out." in answer.out
    assert [row["measure"] for row in measures_of(tmp_path)] == ["换"]


def test_a_reduction_in_tonnes_is_an_amount(tmp_path: Path) -> None:
    rows: Rows = [heading("减排量（千克）"), ["改造", "窑", "SO2", 500, "35 %", 20]]
    assert taken(tmp_path, INVENTORY, rows).code == 0
    (row,) = measures_of(tmp_path)
    assert (row["reduction"], row["unit"]) == ("0.5", "t")


def test_a_measure_of_which_nothing_says_the_reach_has_none(tmp_path: Path) -> None:
    rows: Rows = [[*HEAD[:4], HEAD[5]], ["改造", "窑", "SO2", 50, 20]]
    assert taken(tmp_path, INVENTORY, rows).code == 0
    (row,) = measures_of(tmp_path)
    assert not row.get("reach")
    assert row["cost_per_year"] == "20"


def test_pollutants_in_headings_of_measures(tmp_path: Path) -> None:
    """A cost per tonne that names a pollutant is one; an investment is not read as one."""
    head: list[object] = [
        *("措施", "适用排放源", "SO2去除率（%）", "PM2.5去除率（%）"),
        *("SO2治理成本（元/吨）", "SO2治理投资（万元）"),
    ]
    rows: Rows = [head, ["改造", "a/锅炉", 50, 40, 800, 5], ["换", "窑", 30, None, 700, 5]]
    answer = taken(tmp_path, INVENTORY, rows)
    assert answer.code == 0, answer.err
    assert "column 'SO2治理投资（万元）' is not read" in answer.out
    found = [(r["pollutant"], r["reduction"], r["cost_per_tonne"]) for r in measures_of(tmp_path)]
    assert found == [("SO2", "50", "800"), ("PM2.5", "40", ""), ("SO2", "30", "700")]


LONG: list[object] = ["排放源", "污染物", "排放量", "单位", "年份"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [LONG, ["窑", "SO2", 9, "万元", 2022]],
            "b.xlsx:2:3  s0!C2\n  '万元' is no unit of an emission.",
        ),
        (
            [LONG, ["窑", "SO2", 9, "公里", 2022]],
            "b.xlsx:2:4  s0!D2\n  '公里' is no unit of an emission.",
        ),
        (
            [LONG, ["窑", "SO2", 9, "吨", None]],
            "nothing says the year of the emissions. Write year:",
        ),
    ],
)
def test_emissions_that_are_none_are_told_at_their_cell(
    rows: Rows, said: str, tmp_path: Path
) -> None:
    answer = taken(tmp_path, rows)
    assert answer.code == 2
    assert said in answer.err


def test_a_column_of_totals_is_told_and_left_out(tmp_path: Path) -> None:
    answer = taken(tmp_path, [TITLE, ["排放源", "SO2", "NOx", "合计"], ["锅炉", 9, 8, 17]])
    assert "s0!D2\n  column '合计' is not read." in answer.out
    assert tonnes(tmp_path) == {("锅炉", "SO2"): 9, ("锅炉", "NOx"): 8}


def test_a_total_without_a_number_is_a_total(tmp_path: Path) -> None:
    rows: Rows = [["锅炉", 9], ["窑", 3], ["合计", None], ["砖", 4]]
    answer = taken(tmp_path, [TITLE, ["排放源", "SO2"], *rows])
    assert "'合计' is a total and is left out" in answer.out
    assert "is not the sum" not in answer.out
    assert tonnes(tmp_path) == {("锅炉", "SO2"): 9, ("窑", "SO2"): 3, ("砖", "SO2"): 4}


def test_sectors_are_the_sources_of_a_book_that_has_no_others(tmp_path: Path) -> None:
    assert taken(tmp_path, [TITLE, ["行业", "SO2"], ["锅炉", 9], ["窑", 3]]).code == 0
    assert tonnes(tmp_path) == {("锅炉", "SO2"): 9, ("窑", "SO2"): 3}


@pytest.mark.parametrize(("word", "pollutant"), [("烟粉尘", "TSP"), ("硫氧化物", "SO2")])
def test_a_word_of_more_than_one_meaning_is_told(word: str, pollutant: str, tmp_path: Path) -> None:
    answer = taken(tmp_path, [TITLE, ["排放源", "NOx", word], ["锅炉", 9, 4]])
    assert f"s0!C2\n  '{word}' is taken for {pollutant} (a guess)." in answer.out
    assert tonnes(tmp_path) == {("锅炉", "NOx"): 9, ("锅炉", pollutant): 4}


def test_add_up_adds_nothing_where_nothing_is_twice(tmp_path: Path) -> None:
    taken(tmp_path, [TITLE, ["排放源", "SO2"], ["锅炉", 9], ["窑", 3]])
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("add_up: false", "add_up: true")
    mapping.write_text(text, encoding="utf-8")
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 0
    assert "rows were added" not in answer.out
    assert tonnes(tmp_path) == {("锅炉", "SO2"): 9, ("窑", "SO2"): 3}


def test_a_unit_that_the_mapping_names_is_one_of_an_emission(tmp_path: Path) -> None:
    taken(tmp_path, [TITLE, ["排放源", "SO2"], ["锅炉", 9]])
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("unit: t", "unit: mg/m3")
    mapping.write_text(text, encoding="utf-8")
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "b.xlsx.import.yaml:" in answer.err
    assert "'mg/m3' is no unit of an emission, a share or a cost." in answer.err


def test_hidden_lines_are_read_and_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (TITLE, ["排放源", "SO2"], ["锅炉", 9], ["窑", 3]):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    book.save(tmp_path / "b.xlsx")
    answer = take(tmp_path, "b.xlsx")
    assert "1 hidden or filtered lines are read like all others" in answer.out
    assert tonnes(tmp_path) == {("锅炉", "SO2"): 9, ("窑", "SO2"): 3}


def test_a_book_with_a_damaged_sheet_is_told_as_that(tmp_path: Path) -> None:
    write(tmp_path / "whole.xlsx", [TITLE, ["排放源", "SO2"], ["锅炉", 9]])
    with (
        ZipFile(tmp_path / "whole.xlsx") as whole,
        ZipFile(tmp_path / "b.xlsx", "w") as damaged,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            damaged.writestr(name, content[:200] if "sheet1.xml" in name else content)
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "the file is not an Excel workbook, or it is damaged" in answer.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("排放源,SO2\n".encode() + b"\xff\xff\xff", "the file is neither UTF-8 nor GBK"),
        (b'source,SO2 (t)\nkiln,"' + b"9" * 140_000, "b.csv:2\n  the table cannot be read from"),
    ],
)
def test_text_that_is_no_table_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(content)
    answer = take(tmp_path, "b.csv")
    assert answer.code == 2
    assert said in answer.err


def test_sums_are_not_looked_for_in_very_many_lines(tmp_path: Path) -> None:
    """A source that happens to be the sum of two others above it is one of 3,001."""
    lines = ["source,SO2 (t) 2022,NOx (t) 2022", "a,1.5,2.25", "b,3,4.125", "c,4.5,6.375"]
    lines += [f"s{i},{i}.125,{i + 7}" for i in range(100, 3098)]
    (tmp_path / "b.csv").write_text("\n".join(lines), encoding="utf-8")
    assert take(tmp_path, "b.csv").code == 0
    assert tonnes(tmp_path)["c", "SO2"] == 4.5
    (tmp_path / "few.csv").write_text("\n".join(lines[:9]), encoding="utf-8")
    answer = take(tmp_path, "few.csv", name="few")
    assert "'c' is the sum of other lines and is left out" in answer.out


@pytest.mark.parametrize(
    ("line", "units"),
    [
        ("单位：吨（下同）", Units("t")),
        ("单位：万吨（VOCs为吨）", Units("万吨", (("VOC", "t"),))),
        ("单位：吨（VOCs除外）", NO_UNITS),
        ("单位：吨（VOCs为个）", NO_UNITS),
        ("单位：吨（千克）", NO_UNITS),
        ("单位：个", NO_UNITS),
    ],
)
def test_units_of_a_title_are_taken_only_where_all_of_it_is_clear(line: str, units: Units) -> None:
    assert units_said(line) == units


ODD_CELLS = {
    "A": (True, -3, 2.5, "nan", date(2024, 1, 1)),
    "B": (True, "没有", -3),
    "C": (True, "臭氧", 3),
    "D": (True, 150, -5, "很多", "150 %", "nan"),
    "E": (True, "0 %", "-35 %", "350 %", "很多", 35),
    "F": (True, 0, -20, "很多"),
}
"""What is hardly meant in a column of a sheet of measures."""


@pytest.mark.parametrize(("column", "cell"), [(c, v) for c, own in ODD_CELLS.items() for v in own])
def test_an_odd_cell_of_a_measure_is_told_in_its_cell(
    column: str, cell: object, tmp_path: Path
) -> None:
    sound: list[object] = ["改造", "窑", "SO2", 50, "35 %", 20]
    (tmp_path / "sound").mkdir()
    (tmp_path / "odd").mkdir()
    at = ord(column) - ord("A")
    place = f"b.xlsx:2:{at + 1}  s1!{column}2\n"
    assert place not in taken(tmp_path / "sound", INVENTORY, [HEAD, sound]).out
    sound[at] = cell
    answer = taken(tmp_path / "odd", INVENTORY, [HEAD, sound])
    assert (answer.out + answer.err).count(place) == 1
