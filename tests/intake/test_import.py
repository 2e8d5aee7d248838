"""``lantian import``: what comes out is what the book holds, and all that was left out is told."""

import csv
import re
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from intake.bureau import Bureau, write
from integration.workbench import Answer, call

BOOK = "2024年清单.xlsx"
MAPPING = f"{BOOK}.import.yaml"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def tonnes(folder: Path, name: str = "mine") -> dict[tuple[str, str], float]:
    rows = read(folder / "scenarios" / name / "inventory.csv")
    assert {row["unit"] for row in rows} == {"t"}
    return {(row["source"], row["pollutant"]): float(row["value"]) for row in rows}


def take(folder: Path, book: str, *options: str, name: str = "mine") -> Answer:
    return call("import", book, "--yes", "--name", name, *options, at=folder)


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return write(tmp_path / BOOK, n=24)


# --- a bureau's workbook -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return write(tmp_path_factory.mktemp("bureau") / BOOK)


@pytest.mark.parametrize(
    ("cuts", "said"),
    [
        (("NOx 2 %", "NOx 3 %"), "NOx is given twice"),
        (("CO 2 %",), "the book has no CO"),
        (("NOx 2 %", "氮氧化物 5 %", "CO 2 %"), "the book has no CO"),
    ],
)
def test_cuts_that_the_book_cannot_answer_are_told_at_once(
    cuts: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "book.csv").write_text("source,NOx (t/a) 2020\nkiln,3\n", encoding="utf-8")
    options = [word for cut in cuts for word in ("--cut", cut)]
    answer = call("import", "book.csv", "--yes", *options, at=tmp_path)
    assert answer.code == 2
    assert said in answer.err
    assert not (tmp_path / "scenarios").exists()


@pytest.mark.parametrize(("n", "said"), [(2000, "no table of emissions"), (20000, "20001 columns")])
def test_a_table_of_many_columns_does_not_hang(n: int, said: str, tmp_path: Path) -> None:
    head = ",".join(f"NOx{i}" for i in range(n))
    text = f"排放源,{head}\nkiln,{','.join('1' * n)}\n"
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")
    began = time.perf_counter()
    answer = call("import", "book.csv", at=tmp_path)
    assert said in answer.err
    assert time.perf_counter() - began < 30


def test_steps_of_the_readme_lead_from_a_workbook_to_a_least_cost(whole: Bureau) -> None:
    """The commands of the README, one after the other, with the 120 sources of the book."""
    folder = whole.path.parent
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^lantian (.*(?:2024|my-city).*)$", readme, re.MULTILINE)
    commands = [[word.strip('"') for word in re.findall(r'"[^"]+"|\S+', line)] for line in told]
    assert [command[0] for command in commands] == ["import", "import", "check", "run"]
    look, apply, check, run = (call(*command, at=folder) for command in commands)
    assert (look.code, look.err) == (0, "")
    assert "大气污染物排放量 二氧化硫" in look.out
    assert (apply.code, apply.err) == (0, "")
    assert tonnes(folder, "my-city") == pytest.approx(whole.tonnes, rel=1e-9)
    assert len({source for source, _ in whole.tonnes}) == 120
    assert check.out.startswith("my-city: no problems.")
    assert run.code == 0, run.out + run.err
    met = (folder / "runs" / "my-city" / "summary.json").read_text(encoding="utf-8")
    assert '"least_cost": true' in met
    measures = read(folder / "runs" / "my-city" / "tables" / "measures.csv")
    assert {"低氮燃烧", "SCR脱硝", "货车更新"} <= {row["measure"] for row in measures}


def test_totals_sections_and_notes_are_told_and_left_out(bureau: Bureau) -> None:
    folder = bureau.path.parent
    answer = take(folder, BOOK)
    assert tonnes(folder) == pytest.approx(bureau.tonnes, rel=1e-9)
    for what in ("is a total and is left out", "notes begin here", "column 'NOx占比' is not read"):
        assert what in answer.out
    assert "not the sum" not in answer.out


def test_each_number_says_its_cell(bureau: Bureau) -> None:
    folder = bureau.path.parent
    take(folder, BOOK)
    sheet = load_workbook(bureau.path)["2024年清单"]
    for row in read(folder / "scenarios" / "mine" / "inventory.csv"):
        cell = sheet[row["note"].rpartition("!")[2]].value
        shown = float(str(cell).replace(",", ""))
        factor = 1e4 if row["pollutant"] == "CO2" else 1.0
        assert float(row["value"]) == pytest.approx(shown * factor)


def test_first_call_only_proposes_and_later_calls_ask_nothing(bureau: Bureau) -> None:
    folder = bureau.path.parent
    first = call("import", BOOK, at=folder)
    assert "call the same command again" in first.out
    assert {path.name for path in folder.iterdir()} == {BOOK, MAPPING}
    before = (folder / MAPPING).read_text(encoding="utf-8")
    second = call("import", BOOK, "--name", "mine", at=folder)
    assert second.code == 0
    assert tonnes(folder) == pytest.approx(bureau.tonnes, rel=1e-9)
    assert (folder / MAPPING).read_text(encoding="utf-8") == before


def test_edited_mapping_is_obeyed(bureau: Bureau) -> None:
    folder = bureau.path.parent
    call("import", BOOK, at=folder)
    text = (folder / MAPPING).read_text(encoding="utf-8")
    text = text.replace("unit: 万吨", "unit: kt").replace("year: 2024", "year: 2023")
    text = re.sub(r"leave_out: \[\]", "leave_out: [电厂1]", text, count=1)
    text = text[: text.index("measures:")]
    (folder / MAPPING).write_text(text, encoding="utf-8")
    call("import", BOOK, "--name", "mine", at=folder)
    found = tonnes(folder)
    assert not [source for source, _ in found if source == "电厂1"]
    assert {row["year"] for row in read(folder / "scenarios/mine/inventory.csv")} == {"2023"}
    co2 = [key for key in found if key[1] == "CO2"]
    assert [found[key] for key in co2] == pytest.approx([bureau.tonnes[k] / 10 for k in co2])


def test_edited_scenario_is_kept_and_the_tables_are_new(bureau: Bureau) -> None:
    folder = bureau.path.parent
    take(folder, BOOK)
    scenario = folder / "scenarios" / "mine.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    book = load_workbook(bureau.path)
    book["2024年清单"]["D5"] = 12345.5
    book.save(bureau.path)
    answer = take(folder, BOOK)
    assert "kept as it is: scenarios/mine.yaml" in answer.out
    assert scenario.read_text(encoding="utf-8").endswith("# mine\n")
    assert tonnes(folder)["电厂2", "SO2"] == 12345.5
    assert "is not the sum of the lines that it closes" in answer.out


# --- what is wrong is told at its cell, all at once --------------------------------------------


def spoil(bureau: Bureau, cells: dict[str, object], sheet: str = "2024年清单") -> Answer:
    """Call the import with a mapping made before, after some cells were changed."""
    folder = bureau.path.parent
    call("import", BOOK, at=folder)
    book = load_workbook(bureau.path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(bureau.path)
    answer = take(folder, BOOK)
    if answer.code:
        assert answer.code == 2
        assert not (folder / "scenarios").exists()
    return answer


WRONG = {
    "text": ("少量", "is not a number"),
    "below": ("<0.1", "is not a number"),
    "decimal comma": ("12,5", "is not a number"),
    "percent": ("12%", "A share is no emission"),
    "negative": (-3, "an emission below zero"),
    "formula": ("=1+1", "a formula whose result is not stored"),
    "infinite": ("1e400", "is not a finite number"),
    "huge": (1e30, "is not a finite number"),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("cell", ["D6", "K9"])
def test_cells_that_are_no_emission_stop_it(kind: str, cell: str, bureau: Bureau) -> None:
    value, said = WRONG[kind]
    answer = spoil(bureau, {cell: value})
    assert answer.code == 2
    line, column = cell[1:], ord(cell[0]) - ord("A") + 1
    assert f"{BOOK}:{line}:{column}" in answer.err
    assert said in answer.err


def test_all_problems_are_told_at_once(bureau: Bureau) -> None:
    answer = spoil(bureau, {"D6": "x", "E7": -1, "F8": "y%"})
    for cell in ("D6", "E7", "F8"):
        assert f"2024年清单!{cell}" in answer.err
    assert "3 problems" in answer.err


def test_heading_that_moved_stops_it(bureau: Bureau) -> None:
    answer = spoil(bureau, {"D3": "氮氧化物", "E3": "二氧化硫"})
    assert "2024年清单!D3" in answer.err
    assert "2024年清单!E3" in answer.err
    assert "The mapping expects" in answer.err


def test_same_source_twice_is_a_problem_unless_they_are_to_be_added(bureau: Bureau) -> None:
    answer = spoil(bureau, {"C5": "电厂1"})
    assert "source '电厂1' has" in answer.err
    folder = bureau.path.parent
    path = folder / MAPPING
    text = path.read_text(encoding="utf-8").replace("add_up: false", "add_up: true")
    path.write_text(text, encoding="utf-8")
    assert take(folder, BOOK).code == 0
    wanted = [bureau.tonnes.get((f"电厂{i}", "NOx"), 0.0) for i in (1, 2)]
    assert tonnes(folder)["电厂1", "NOx"] == pytest.approx(sum(wanted))


def test_line_that_is_the_sum_of_others_is_told(bureau: Bureau) -> None:
    """A subtotal under another name than a total's: 固定源 = what stands right above it."""
    book = load_workbook(bureau.path)
    sheet = book["2024年清单"]
    subtotal = next(n for n in range(4, 40) if sheet.cell(n, 2).value == "小计")
    sheet.cell(subtotal, 2).value = "固定源"
    book.save(bureau.path)
    answer = take(bureau.path.parent, BOOK)
    assert "'固定源' is the sum of other lines and is left out" in answer.out
    assert tonnes(bureau.path.parent) == pytest.approx(bureau.tonnes, rel=1e-9)


MEASURES = {
    "source": ("C3", "没有的源", "is not a source of the inventory"),
    "name": ("B3", None, "a measure has no name"),
    "pollutant": ("D3", "臭氧", "is no pollutant that is known here"),
    "cost": ("G3", "若干", "is not a number"),
    "reach": ("F3", "若干", "is not a number"),
    "reduction": ("E3", "若干", "is not a number"),
}


@pytest.mark.parametrize("kind", MEASURES)
def test_faults_of_measures_are_located(kind: str, bureau: Bureau) -> None:
    cell, value, said = MEASURES[kind]
    answer = spoil(bureau, {cell: value}, sheet="减排措施")
    assert answer.code == 2
    assert said in answer.err
    assert "减排措施" in answer.err


def test_mapping_with_an_unknown_key_or_letter_is_refused_at_its_line(bureau: Bureau) -> None:
    folder = bureau.path.parent
    call("import", BOOK, at=folder)
    text = (folder / MAPPING).read_text(encoding="utf-8")
    (folder / MAPPING).write_text(text.replace("add_up:", "addup:"), encoding="utf-8")
    answer = take(folder, BOOK)
    assert answer.code == 2
    assert re.search(rf"{re.escape(MAPPING)}:4:1", answer.err)


# --- other layouts -----------------------------------------------------------------------------


Cells = list[list[object]]


def make(path: Path, rows: Cells, merge: tuple[str, ...] = ()) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merged_cells.add(cells)  # merge_cells would make an object of each cell
    book.save(path)


LAYOUTS: dict[str, tuple[Cells, tuple[str, ...], dict[tuple[str, str], float]]] = {
    "long": (
        [
            ["排放源", "污染物", "排放量", "单位", "年份"],
            ["电厂", "SO2", "1,200", "吨", 2022],
            ["电厂", "NOx", 2, "万吨/年", 2022],
            ["锅炉", "氨", 500, "千克", 2022],
            ["锅炉", "PM2.5", 3, "吨/年", 2021],
        ],
        (),
        {("电厂", "SO2"): 1200, ("电厂", "NOx"): 2e4, ("锅炉", "NH3"): 0.5},
    ),
    "levels": (
        [
            ["一级分类", "二级分类", "三级分类", "SO2（吨/年）", "NOx(kg/d)"],
            ["工业", "锅炉", "燃煤", 10, 100],
            [None, None, "燃气", "—", 200],
            ["", "水泥", "", 30, 300],
            ["2022年生活", "散煤", "", 40, "无"],
        ],
        (),
        {
            ("锅炉/燃煤", "SO2"): 10,
            ("锅炉/燃煤", "NOx"): 36.5,
            ("锅炉/燃气", "NOx"): 73,
            ("水泥", "SO2"): 30,
            ("水泥", "NOx"): 109.5,
            ("散煤", "SO2"): 40,
        },
    ),
    "years": (
        [
            ["2022年清单", None, None, None, None],
            ["source", "SO2 (t)", None, "NOx (kt)", None],
            [None, 2020, 2022, 2020, 2022],
            ["plant", 1, 2, 3, 4],
        ],
        ("A1:E1", "B2:C2", "D2:E2", "A2:A3"),
        {("plant", "SO2"): 2, ("plant", "NOx"): 4000},
    ),
    "sections": (
        [
            ["污染源", "SO2", "NOx"],
            ["2022年", "吨", "吨"],
            ["一、燃烧源", None, None],
            ["电厂", 1, 2],
            ["锅炉", 3, 4],
            ["二、移动源", None, None],
            ["货车", "", 6],
        ],
        (),
        {
            ("电厂", "SO2"): 1,
            ("电厂", "NOx"): 2,
            ("锅炉", "SO2"): 3,
            ("锅炉", "NOx"): 4,
            ("货车", "NOx"): 6,
        },
    ),
    "areas": (
        [
            ["2022年", None, None],
            ["区县", "污染源", "VOCs(t/a)"],
            ["东区", "汽修", 5],
            ["西区", "汽修", 7],
            ["西区", "印刷", 9],
        ],
        (),
        {("东区/汽修", "VOC"): 5, ("西区/汽修", "VOC"): 7, ("印刷", "VOC"): 9},
    ),
}


FILES = ("2022.XLSX", "2022.xlsm", "2022.csv", "2022-gbk.csv")
READABLE = [
    (kind, name)
    for kind, (_, merge, _) in LAYOUTS.items()
    for name in FILES
    if not (merge and name.endswith("csv"))  # text has no merged cells
]


@pytest.mark.parametrize(("kind", "name"), READABLE)
def test_layouts_are_read(kind: str, name: str, tmp_path: Path) -> None:
    rows, merge, wanted = LAYOUTS[kind]
    if name.endswith("csv"):
        text = "\n".join(",".join("" if c is None else f'"{c}"' for c in row) for row in rows)
        (tmp_path / name).write_text(text, encoding="gbk" if "gbk" in name else "utf-8")
    else:
        make(tmp_path / name, rows, merge)
    answer = take(tmp_path, name)
    assert answer.code == 0, answer.err
    assert tonnes(tmp_path) == pytest.approx(wanted)
    assert ("read as Chinese text in GBK" in answer.out) == (name == "2022-gbk.csv")
    assert call("check", "scenarios/mine.yaml", at=tmp_path).code == 0


def test_number_that_several_lines_share_is_not_counted_for_each(tmp_path: Path) -> None:
    rows: Cells = [["2022年", None], ["污染源", "SO2(t)"], ["电厂", 9], ["锅炉", None]]
    make(tmp_path / "b.xlsx", rows, ("B3:B4",))
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "b.xlsx:3:2" in answer.err
    assert "one number for the lines 3 to 4" in answer.err


@pytest.mark.parametrize("unit", ["", "ton", "mg/m3"])
def test_unit_that_nothing_says_is_not_guessed(unit: str, tmp_path: Path) -> None:
    rows: Cells = [["2022年", None], ["污染源", f"SO2({unit})" if unit else "SO2"], ["电厂", 9]]
    make(tmp_path / "b.xlsx", rows)
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "nothing says the unit of" in answer.err
    assert "b.xlsx.import.yaml:" in answer.err


def test_ton_in_a_column_of_units_is_ambiguous(tmp_path: Path) -> None:
    rows: Cells = [
        ["source", "pollutant", "emission", "unit", "year"],
        ["a", "SO2", 1, "ton", 2020],
    ]
    make(tmp_path / "b.xlsx", rows)
    answer = take(tmp_path, "b.xlsx")
    assert "b.xlsx:2:4" in answer.err
    assert "short_ton" in answer.err


def test_pollutant_that_nothing_says_is_not_guessed(tmp_path: Path) -> None:
    make(tmp_path / "b.xlsx", [["2022年", None], ["污染源", "排放量(吨)"], ["电厂", 9]])
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "nothing says the pollutant of '排放量(吨)'" in answer.err


def test_merged_range_of_the_whole_sheet_is_no_burden(tmp_path: Path) -> None:
    rows: Cells = [["2022年", None], ["污染源", "SO2(t)"], ["电厂", 9]]
    make(tmp_path / "b.xlsx", rows, ("A1:XFD1", "C2:XFD1048576"))
    assert take(tmp_path, "b.xlsx").code == 0
    assert tonnes(tmp_path) == {("电厂", "SO2"): 9}


CELL = st.one_of(
    st.sampled_from(
        ["合计", "单位：吨", "SO2", "注：x", "一、源", "-", "2020", "12%", "1,234", "ton", ""]
    ),
    st.text(max_size=6),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-5, 5),
)


@settings(max_examples=40)
@given(
    kind=st.sampled_from(sorted(LAYOUTS)),
    changes=st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 5)), CELL, max_size=5),
)
def test_no_table_whatsoever_ends_in_a_traceback(
    kind: str, changes: dict[tuple[int, int], object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is read, with totals that can be checked, or refused with located problems."""
    folder = tmp_path_factory.mktemp("fuzz")
    rows = [list(row) + [None] * 3 for row in LAYOUTS[kind][0]] + [[None] * 8 for _ in range(4)]
    for (line, column), value in changes.items():
        rows[line][column] = value
    with (folder / "b.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["" if c is None else c for c in row] for row in rows])
    answer = take(folder, "b.csv")
    assert answer.code in (0, 2)
    assert (folder / "scenarios").exists() == (answer.code == 0)
    if answer.code == 0:
        assert all(value >= 0 for value in tonnes(folder).values())


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x7f", "\x9b"])
@pytest.mark.parametrize("spot", [(2, 0), (2, 1), (3, 0), (3, 1), (0, 0)])
def test_sign_that_a_terminal_obeys_is_told_at_its_cell(
    sign: str, spot: tuple[int, int], tmp_path: Path
) -> None:
    rows = [["2022年", ""], ["", ""], ["污染源", "SO2(t)"], ["电厂", "9"]]
    line, column = spot
    rows[line][column] += sign
    with (tmp_path / "b.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    answer = call("import", "b.csv", at=tmp_path)
    assert answer.code == 2
    assert f"b.csv:{line + 1}:{column + 1}" in answer.err
    assert "holds a control sign" in answer.err
    assert sign not in answer.err + answer.out


def test_sheets_are_those_of_the_mapping_once_there_is_one(bureau: Bureau) -> None:
    folder = bureau.path.parent
    call("import", BOOK, at=folder)
    answer = call("import", BOOK, "--sheet", "封面", at=folder)
    assert answer.code == 2
    assert "says which sheets are read" in answer.err


def test_cut_of_a_scenario_that_is_there_is_told_to_do_nothing(bureau: Bureau) -> None:
    folder = bureau.path.parent
    take(folder, BOOK)
    assert "--cut has changed nothing" in take(folder, BOOK, "--cut", "NOx 5 %").out


def test_year_that_nothing_says_is_not_guessed(tmp_path: Path) -> None:
    make(tmp_path / "b.xlsx", [["污染源", "SO2(t)"], ["电厂", 9]])
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "nothing says the year" in answer.err


def test_old_books_and_other_files_are_named(tmp_path: Path) -> None:
    for name, said in (("b.XLS", "save it as .xlsx"), ("b.pdf", "files of this kind are not read")):
        (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
        answer = take(tmp_path, name)
        assert answer.code == 2
        assert said in answer.err


def test_damaged_book_and_book_without_a_table_are_problems(tmp_path: Path) -> None:
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 and no more")
    make(tmp_path / "empty.xlsx", [["only", "words"], ["and", "more"]])
    assert "damaged" in take(tmp_path, "cut.xlsx").err
    assert "no table of emissions was found" in take(tmp_path, "empty.xlsx").err
    assert not (tmp_path / "empty.xlsx.import.yaml").exists()


def test_sheet_is_chosen_by_name(bureau: Bureau) -> None:
    folder = bureau.path.parent
    answer = call("import", BOOK, "--sheet", "2024年清", at=folder)
    assert answer.code == 2
    assert "Did you mean '2024年清单'?" in answer.err
    assert call("import", BOOK, "--sheet", "2024年清单", at=folder).code == 0
    assert "减排措施" not in (folder / MAPPING).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["NOx", "NOx 20", "NOx 120 %", "O3 20 %", "NOx 5 t"])
def test_cut_that_cannot_be_read_is_refused(text: str, bureau: Bureau) -> None:
    answer = take(bureau.path.parent, BOOK, "--cut", text)
    assert answer.code == 2
    assert "NOx 20 %" in answer.err


# --- named formats -----------------------------------------------------------------------------

WEBDAB = """\
# WebDab output on a day
# Emission category: NFR14/NFR19
# Format: ISO2;YEAR;SECTOR;POLLUTANT;UNIT;NUMBER/FLAG
XX;2019;1A1a;NOx;Gg;10
XX;2020;1A1a;NOx;Gg;9.5
XX;2020;1A1b;NOx;Gg;NE
XX;2020;1A1a;PCB;Gg;0.0003
YY;2020;1A1a;NOx;Gg;1
"""
FF10 = """\
#FORMAT=FF10_NONPOINT
#COUNTRY=US
#YEAR=2017
#VALUE_UNITS=TON
country_cd,region_cd,tribal_code,scc,emis_type,poll,ann_value,calc_year
"US","01001",,"2102002000",,"NOX",10,
"US","01001",,"2102002000","X","EXH__NOX",5,
"US","01001",,"2102002000",,"100414",0.1,
"US","01001",,"2102002000",,"PM25-PRI",1,
"""


def test_emep_webdab(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text(WEBDAB, encoding="utf-8")
    answer = take(tmp_path, "e.txt")
    assert "the format emep-webdab" in answer.out
    assert "1 cells with 'NE'" in answer.out
    assert "1 numbers are of 'PCB', a pollutant not known here" in answer.out
    assert tonnes(tmp_path) == {("XX/1A1a", "NOx"): 9500, ("YY/1A1a", "NOx"): 1000}


def test_only_one_country_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "e.txt").write_text(WEBDAB, encoding="utf-8")
    call("import", "e.txt", at=tmp_path)
    mapping = tmp_path / "e.txt.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("only: {}", "only: {A: YY}")
    mapping.write_text(text, encoding="utf-8")
    take(tmp_path, "e.txt")
    assert tonnes(tmp_path) == {("1A1a", "NOx"): 1000}


def test_smoke_ff10_is_in_short_tons(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(FF10, encoding="utf-8")
    answer = take(tmp_path, "f.csv")
    assert "the format smoke-ff10" in answer.out
    found = tonnes(tmp_path)
    assert found["2102002000", "NOx"] == pytest.approx(15 * 0.90718474)
    assert found["2102002000", "PM2.5"] == pytest.approx(0.90718474)


def test_everything_is_also_said_in_chinese(bureau: Bureau) -> None:
    folder = bureau.path.parent
    answer = call("--lang", "zh", "import", BOOK, "--yes", at=folder)
    assert "是合计" in answer.out
    assert "left out" not in answer.out


# --- what a fresh eye stumbled over --------------------------------------------------------------


TITLES = {
    "（单位：万吨（VOCs为吨））": {"SO2": 2e4, "VOC": 3.0},
    "（单位：吨，SO2为万吨）": {"SO2": 2e4, "VOC": 3.0},
    "单位：万吨；VOCs：kg": {"SO2": 2e4, "VOC": 0.003},
    "单位：吨 填报人：王": {"SO2": 2.0, "VOC": 3.0},
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_gives_single_pollutants_their_units(title: str, tmp_path: Path) -> None:
    rows: Cells = [[f"2022年清单{title}"], ["污染源", "SO2", "VOCs"], ["电厂", 2, 3]]
    make(tmp_path / "b.xlsx", rows)
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 0, answer.err
    assert tonnes(tmp_path) == pytest.approx({("电厂", p): v for p, v in TITLES[title].items()})


@pytest.mark.parametrize(
    "title", ["单位：万吨（其余为吨）", "单位：吨、VOCs按万吨或千克", "单位：详见说明"]
)
def test_a_title_that_is_not_understood_is_told_and_nothing_proposed(
    title: str, tmp_path: Path
) -> None:
    make(tmp_path / "b.xlsx", [["2022年", title], ["污染源", "SO2", "VOCs"], ["电厂", 2, 3]])
    first = call("import", "b.xlsx", at=tmp_path)
    assert "To be answered before it is read:" in first.out
    assert f"The sheet says: '{title}'" in first.out
    assert not re.search(r"unit: (t|kt|kg|万吨|吨)\b", first.out)
    assert take(tmp_path, "b.xlsx").code == 2


def test_first_call_lists_what_the_book_does_not_say(tmp_path: Path) -> None:
    make(tmp_path / "b.xlsx", [["污染源", "排放量"], ["电厂", 9]])
    asked = call("import", "b.xlsx", at=tmp_path).out.partition("To be answered")[2]
    for what in ("the unit of '排放量'", "the pollutant of '排放量'", "the year"):
        assert f"nothing says {what}" in asked


@pytest.mark.parametrize(
    ("total", "told"), [("1.58", False), ("1.575", False), ("1.57", False), ("1.6", False),
                        ("1.59", True), ("1.475", True)]
)  # fmt: skip
def test_a_total_may_differ_by_what_its_last_digit_rounds(
    total: str, told: bool, tmp_path: Path
) -> None:
    lines = ["2022年清单", "排放源,SO2（吨）,NOx（吨）", "a,1.25,7", "b,0.325,8"]
    lines.append(f"合计,{total},15")
    (tmp_path / "b.csv").write_text("\n".join(lines), encoding="utf-8")
    answer = take(tmp_path, "b.csv")
    assert answer.code == 0, answer.err
    said = f"SO2 {total} t here, 1.575 t in the lines."
    assert (said in answer.out) == told
    assert ("is not the sum" in answer.out) == told


def with_measures(tmp_path: Path, *rows: list[object]) -> Answer:
    """Import a book of one source and a sheet of measures."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2022年（单位：吨）"], ["排放源", "SO2", "PM2.5"], ["锅炉", 9, 8], ["窑", 1, 1]):
        sheet.append(row)
    other = book.create_sheet("措施")
    for row in (["措施", "适用排放源", "污染物", "去除率", "可实施比例", "年成本（万元）"], *rows):
        other.append(row)
    book.save(tmp_path / "b.xlsx")
    return take(tmp_path, "b.xlsx")


def test_further_lines_of_a_measure_are_those_of_the_measure_above(tmp_path: Path) -> None:
    answer = with_measures(
        tmp_path,
        ["改造", "锅炉", "SO2", "50 %", "35 %", 20],
        [None, None, "PM2.5", "40 %", None, None],
        ["停用", "窑", "SO2", "90 %", "100 %", 3],
    )
    assert answer.code == 0, answer.err
    found = read(tmp_path / "scenarios" / "mine" / "measures.csv")
    second = {**found[0], "pollutant": "PM2.5", "reduction": "40", "note": found[1]["note"]}
    assert found[1] == second
    assert len(found) == 3
    assert "goes on with the measure of line 2" in answer.out


@pytest.mark.parametrize("blank", [None, "-", "不详"])
@pytest.mark.parametrize("column", [3, 4])
@pytest.mark.parametrize("first", [True, False])
def test_what_a_measure_has_once_is_read_from_any_of_its_lines(
    blank: str | None, column: int, first: bool, tmp_path: Path
) -> None:
    """One cost and one reach per measure of several pollutants: the run takes what is written."""
    reach_and_cost: list[object] = ["35 %", 20]
    other = [blank if column == i else cell for i, cell in enumerate(reach_and_cost, start=3)]
    both = [["SO2", "50 %", *reach_and_cost], ["PM2.5", "40 %", *other]]
    rows = [["改造", "锅炉", *cells] for cells in (both if first else both[::-1])]
    answer = with_measures(tmp_path, *rows)
    assert answer.code == 0, answer.err
    found = measures_of(tmp_path)
    for name in ("reach", "cost_per_year", "cost_unit"):
        assert found[0][name] == found[1][name] != ""
    assert f"of line {2 if first else 3} is taken" in answer.out
    checked = call("check", "scenarios/mine.yaml", at=tmp_path)
    assert checked.code == 0, checked.err


@pytest.mark.parametrize(
    ("cells", "cell", "said"),
    [
        (["PM2.5", "40 %", "35 %", 30], "F3", "has 30 here and 20 in line 2"),
        (["PM2.5", "40 %", "36 %", 20], "E3", "has 36 % here and 35 % in line 2"),
        (["SO2", "40 %", "35 %", 20], "D3", "takes SO2 from '锅炉' in line 2 already"),
        (["PM2.5", "40 %", "35.0%", 20.0], "", ""),
    ],
)
def test_lines_of_a_measure_that_differ_are_told_at_their_cells(
    cells: list[object], cell: str, said: str, tmp_path: Path
) -> None:
    answer = with_measures(
        tmp_path, ["改造", "锅炉", "SO2", "50 %", "35 %", 20], ["改造", "锅炉", *cells]
    )
    assert answer.code == (2 if said else 0)
    assert said in answer.err
    assert cell in answer.err
    assert (tmp_path / "scenarios").exists() == (not said)


def test_one_answer_in_the_mapping_says_that_a_column_is_of_shares_of_one(tmp_path: Path) -> None:
    rows = [["改造", "锅炉", "SO2", 0.5, 0.35, 20], ["停用", "窑", "SO2", "90 %", 1, 3]]
    assert "write unit: '1' beside it" in with_measures(tmp_path, *rows).err
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8")
    for heading in ("去除率", "可实施比例"):
        text = text.replace(f"heading: {heading}", f"heading: {heading}, unit: '1'")
    mapping.write_text(text, encoding="utf-8")
    assert take(tmp_path, "b.xlsx").code == 0
    found = [(row["reduction"], row["unit"], row["reach"]) for row in measures_of(tmp_path)]
    assert found == [("50", "%", "35 %"), ("90", "%", "100 %")]
    mapping.write_text(text.replace("unit: '1'", "unit: 1"), encoding="utf-8")  # no text in YAML
    assert take(tmp_path, "b.xlsx").code == 0
    for above in (50, 1.1):
        rows[0][3] = above
        said = f"{above} under '去除率' is no share of one"
        assert said in with_measures(tmp_path, *rows).err


def test_text_with_no_name_beside_it_does_not_vanish(tmp_path: Path) -> None:
    answer = with_measures(tmp_path, [None, None, "PM2.5", "40 %"], ["a", "窑", "SO2", "9 %"])
    assert answer.code == 2
    assert "b.xlsx:2:4" in answer.err
    assert "no source beside it" in answer.err


CELLS_OF_MEASURES = {
    "share of one": ({3: 0.8}, "write 80 % into the cell"),
    "share without %": ({3: 80}, "write 80 % into the cell"),
    "reach of one": ({4: 0.35}, "write 35 % into the cell"),
    "cost in words": ({5: "若干"}, "leave it empty"),
    "pollutant": ({2: "甲醛"}, "'甲醛' is no pollutant"),
}


@pytest.mark.parametrize("kind", CELLS_OF_MEASURES)
def test_cells_of_measures_say_what_they_may_mean(kind: str, tmp_path: Path) -> None:
    cells, said = CELLS_OF_MEASURES[kind]
    row = ["改造", "锅炉", "SO2", "50 %", "35 %", 20]
    answer = with_measures(tmp_path, [cells.get(i, cell) for i, cell in enumerate(row)])
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize("word", ["不详", "未知", "-", "?", "N/A", "unknown"])
def test_a_cost_that_nobody_knows_is_told_and_is_not_0(word: str, tmp_path: Path) -> None:
    answer = with_measures(tmp_path, ["改造", "锅炉", "SO2", "50 %", "35 %", word])
    assert answer.code == 0, answer.err
    assert f"'{word}' is read as a cost that is not known" in answer.out
    (row,) = read(tmp_path / "scenarios" / "mine" / "measures.csv")
    assert not row.get("cost_per_year")


def test_pollutants_that_are_not_ours_are_named(tmp_path: Path) -> None:
    lines = ["排放源,污染物,排放量（吨）,年份", "a,SO2,3,2022", "a,甲醛,2,2022", "b,甲醛,2,2022"]
    (tmp_path / "b.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "2 numbers are of '甲醛'" in take(tmp_path, "b.csv").out


# --- numbers that could mean two things ----------------------------------------------------------


@pytest.mark.parametrize("sign", ["¹", "²", "⁾", "①", "½", "₂"])
def test_a_mark_of_a_note_is_no_digit(sign: str, tmp_path: Path) -> None:
    make(
        tmp_path / "b.xlsx",
        [["2022年（单位：吨）"], ["排放源", "SO2", "NOx"], ["a", f"30{sign}", 2]],
    )
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "is not a number" in answer.err
    assert re.search(r"b\.xlsx:3:\d", answer.err)


def test_a_raised_digit_in_the_format_of_a_cell_is_no_digit(tmp_path: Path) -> None:
    make(tmp_path / "b.xlsx", [["2022年（单位：吨）"], ["排放源", "SO2", "NOx"], ["a", "30", 2]])
    share_raised(tmp_path / "b.xlsx", "30", "1")
    assert "'30¹' is not a number" in take(tmp_path, "b.xlsx").err


MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def share_raised(path: Path, text: str, raised: str) -> None:
    """Give a text cell a raised digit, as Excel stores it: among the texts that cells share."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    own, cell = f'"inlineStr"><is><t>{text}</t></is>', '"s"><v>0</v>'
    run = f'<r><rPr><vertAlign val="superscript"/></rPr><t>{raised}</t></r>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/sharedStrings.xml"] = f"<sst {space}><si><r><t>{text}</t></r>{run}</si></sst>"
    kind = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{MAIN}"/></Types>'
    for name, old, new in (
        ("xl/worksheets/sheet1.xml", own, cell),
        ("[Content_Types].xml", "</Types>", kind),
    ):
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


AGREEING = {"万吨": ("万吨", 1e4), "吨": ("t", 1.0), "千吨": ("kt", 1e3), "公斤": ("kg", 1e-3)}


@pytest.mark.parametrize("title", AGREEING)
@pytest.mark.parametrize("own", AGREEING)
@pytest.mark.parametrize("form", ["2022年清单（单位：{}）", "2022年排放量（{}）"])
def test_a_title_and_headings_that_contradict_each_other_are_asked(
    title: str, own: str, form: str, tmp_path: Path
) -> None:
    unit, factor = AGREEING[own]
    headings = ["排放源", f"SO2（{own}）", f"NOx（{unit}）"]
    make(tmp_path / "b.xlsx", [[form.format(title)], headings, ["a", 3, 2]])
    answer = take(tmp_path, "b.xlsx")
    if title == own:
        assert answer.code == 0, answer.err
        assert tonnes(tmp_path) == pytest.approx(
            {("a", "SO2"): 3 * factor, ("a", "NOx"): 2 * factor}
        )
        return
    assert answer.code == 2
    assert "and the title give different units" in answer.err
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("unit: ''", f"unit: {title}")
    mapping.write_text(text, encoding="utf-8")
    assert take(tmp_path, "b.xlsx").code == 0
    assert tonnes(tmp_path)["a", "SO2"] == pytest.approx(3 * AGREEING[title][1])


def test_a_heading_with_a_unit_of_its_own_among_others_is_told(tmp_path: Path) -> None:
    rows: Cells = [["2022年（单位：吨）"], ["排放源", "SO2", "CO2（万吨）"], ["a", 3, 2]]
    make(tmp_path / "b.xlsx", rows)
    answer = take(tmp_path, "b.xlsx")
    assert "is in '万吨' by its heading, in 't' by the title" in answer.out
    assert tonnes(tmp_path) == pytest.approx({("a", "SO2"): 3, ("a", "CO2"): 2e4})


def test_an_amount_of_goods_gives_no_unit_to_emissions(tmp_path: Path) -> None:
    rows: Cells = [["2022年"], ["企业", "产能（万吨）", "SO2", "NOx"], ["a", 50, 3, 2]]
    make(tmp_path / "b.xlsx", rows)
    assert "nothing says the unit of 'SO2'" in take(tmp_path, "b.xlsx").err


PARTS = ["其中：国三", "其中:国三", "其中 国三", "（其中）国三", "—其中：国三",
         "of which: China III", "Of which trucks", "thereof buses", "包括：国三"]  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_the_line_above_is_never_added(name: str, tmp_path: Path) -> None:
    rows: Cells = [["2022年（单位：吨）"], ["排放源", "SO2", "NOx"]]
    make(tmp_path / "b.xlsx", [*rows, ["柴油货车", 30, 20], [name, 10, 8], ["客车", 3, 2]])
    answer = take(tmp_path, "b.xlsx")
    assert answer.code == 2
    assert "is a part of the row above" in answer.err
    assert "b.xlsx:4" in answer.err
    mapping = tmp_path / "b.xlsx.import.yaml"
    proposed = mapping.read_text(encoding="utf-8")
    mapping.write_text(proposed.replace("leave_out: []", f"leave_out: ['{name}']"))
    assert take(tmp_path, "b.xlsx").code == 0
    assert {source for source, _ in tonnes(tmp_path)} == {"柴油货车", "客车"}
    decided = proposed.replace("leave_out: []", "leave_out: [柴油货车]")
    mapping.write_text(decided.replace("keep: []", f"keep: ['{name}']"))
    assert take(tmp_path, "b.xlsx").code == 0
    assert len(tonnes(tmp_path)) == 4
    assert call("check", "scenarios/mine.yaml", at=tmp_path).code == 0


def test_a_total_that_the_mapping_keeps_is_kept_by_a_run(tmp_path: Path) -> None:
    rows: Cells = [
        ["2022年（单位：吨）"],
        ["排放源", "SO2", "NOx"],
        ["a", 3, 2],
        ["其他合计", 1, 1],
    ]
    make(tmp_path / "b.xlsx", rows)
    call("import", "b.xlsx", at=tmp_path)
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8").replace("keep: []", "keep: [其他合计]")
    mapping.write_text(text, encoding="utf-8")
    assert take(tmp_path, "b.xlsx").code == 0
    assert call("check", "scenarios/mine.yaml", at=tmp_path).code == 0


PERCENT = ("去除率（%）", "可实施比例（%）")


@pytest.mark.parametrize("value", [0.6, 0.05, 1, "0.8", "60", 60, "0.6%", "1 %"])
@pytest.mark.parametrize("column", PERCENT)
def test_a_number_up_to_1_in_a_column_in_percent_is_asked(
    column: str, value: object, tmp_path: Path
) -> None:
    cells = dict.fromkeys(PERCENT, 80) | {column: value}
    answer = of_costs(tmp_path, "年成本（万元）", [("改造", "SO2", *cells.values(), 20)])
    doubtful = value == "0.8" or (not isinstance(value, str) and float(str(value)) <= 1)
    assert answer.code == (2 if doubtful else 0), answer.err
    assert ("may be" in answer.err) == doubtful


def of_costs(tmp_path: Path, cost: str, rows: list[tuple[object, ...]]) -> Answer:
    """Import a book of one source and measures with one column of costs; reaches are in %."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2022年（单位：吨）"], ["排放源", "SO2", "PM2.5"], ["锅炉", 9, 8]):
        sheet.append(row)
    other = book.create_sheet("措施")
    other.append(["措施", "适用排放源", "污染物", *PERCENT, cost])
    for name, *cells in rows:
        other.append([name, "锅炉", *cells])
    book.save(tmp_path / "b.xlsx")
    return take(tmp_path, "b.xlsx")


def measures_of(folder: Path) -> list[dict[str, str]]:
    return read(folder / "scenarios" / "mine" / "measures.csv")


@pytest.mark.parametrize("reach", [25, 40, 100])
def test_the_cost_of_a_year_is_what_is_paid_at_the_reach(reach: int, tmp_path: Path) -> None:
    answer = of_costs(tmp_path, "年成本（万元）", [("改造", "SO2", 50, reach, 31_000)])
    assert answer.code == 0, answer.err
    assert "is taken for what is paid a year at the reach" in answer.out
    (row,) = measures_of(tmp_path)
    assert float(row["cost_per_year"]) * reach / 100 == pytest.approx(31_000)
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8")
    assert "cost_of: programme" in text
    mapping.write_text(text.replace("cost_of: programme", "cost_of: whole source"))
    take(tmp_path, "b.xlsx")
    assert float(measures_of(tmp_path)[0]["cost_per_year"]) == 31_000
    mapping.write_text(text.replace("cost_of: programme", "cost_of: ''"))
    assert "Write cost_of: programme" in take(tmp_path, "b.xlsx").err


@pytest.mark.parametrize(
    "heading", ["单位成本（元/吨）", "每吨减排成本（万元/吨）", "成本（元/t）"]
)
def test_the_cost_of_a_tonne_is_read(heading: str, tmp_path: Path) -> None:
    answer = of_costs(tmp_path, heading, [("改造", "SO2", 50, 40, 800)])
    assert answer.code == 0, answer.err
    (row,) = measures_of(tmp_path)
    assert float(row["cost_per_tonne"]) == 800
    assert row["cost_unit"] == heading.split("（")[1].rstrip("）")
    assert call("check", "scenarios/mine.yaml", at=tmp_path).code == 0


def test_the_cost_of_a_tonne_is_of_one_pollutant(tmp_path: Path) -> None:
    rows = [("改造", pollutant, 50, 40, 800) for pollutant in ("SO2", "PM2.5")]
    assert "of which one is it" in of_costs(tmp_path, "单位成本（元/吨）", rows).err
    mapping = tmp_path / "b.xlsx.import.yaml"
    text = mapping.read_text(encoding="utf-8")
    answered = text.replace(
        "heading: 单位成本（元/吨）", "heading: 单位成本（元/吨）, pollutant: SO2"
    )
    mapping.write_text(answered, encoding="utf-8")
    assert take(tmp_path, "b.xlsx").code == 0
    assert [row["cost_per_tonne"] for row in measures_of(tmp_path)] == ["800", ""]


@pytest.mark.parametrize("heading", ["投资（万元）", "年运行费（万元）", "备注"])
def test_measures_without_a_cost_are_told(heading: str, tmp_path: Path) -> None:
    answer = of_costs(tmp_path, heading, [("改造", "SO2", 50, 40, 800)])
    assert answer.code == 0, answer.err
    assert "no column of costs is read" in answer.out
    assert "1 measure has no cost, and is never part of a cheapest mix: 改造" in answer.out
