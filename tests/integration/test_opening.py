"""Whatever stands where a file should: it is told with its place, never a traceback, never a wait.

Each case puts something in the place of one file of a small project.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from integration.workbench import BAD, call
from lantian.parameters import opening, workbook

TABLE, SCENARIO = "good-inventory.csv", "good.yaml"
PARENT = "scenarios/good.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The good scenario of the bad ones, with its tables."""
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (tmp_path / "inputs").mkdir()
    for path in BAD.glob("good*"):
        shutil.copy(path, scenarios)
    return tmp_path


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """A reader that waits for a pipe is stopped."""
    signal.alarm(60)
    yield
    signal.alarm(0)


def told(project: Path, scenario: str = SCENARIO) -> str:
    answer = call("check", f"scenarios/{scenario}", at=project)
    assert (answer.code, answer.out) == (2, "")
    *problems, closing = answer.err.splitlines()
    assert closing.endswith("nothing was written.")
    return "\n".join(problems)


def a_folder(path: Path) -> str:
    path.mkdir()
    return "this is a folder or a device, not a file."


def a_device(path: Path) -> str:
    path.symlink_to("/dev/zero")
    return "this is a folder or a device, not a file."


def a_pipe(path: Path) -> str:
    os.mkfifo(path)
    return "this is a folder or a device, not a file."


def a_link_in_a_circle(path: Path) -> str:
    path.symlink_to(path.name)
    return "cannot be read: Too many levels of symbolic links."


def a_link_to_nothing(path: Path) -> str:
    path.symlink_to("nothing")
    return "cannot be read: No such file or directory."


def a_huge_file(path: Path) -> str:
    with path.open("wb") as stream:
        stream.truncate(opening.LARGEST_TABLE + 1)
    return "the file is too large: more than "


def bytes_that_are_no_text(path: Path) -> str:
    path.write_bytes(bytes(range(256)))
    return "the file is not UTF-8."


@pytest.mark.parametrize("file", [TABLE, "good-measures.csv", SCENARIO])
@pytest.mark.parametrize(
    "there",
    [
        a_folder,
        a_device,
        a_pipe,
        a_link_in_a_circle,
        a_link_to_nothing,
        a_huge_file,
        bytes_that_are_no_text,
    ],
)
def test_what_is_no_readable_file(file: str, there: Callable[[Path], str], project: Path) -> None:
    path = project / "scenarios" / file
    path.unlink()
    said = there(path)
    assert f"scenarios/{file}\n  {said}" in told(project)


@pytest.mark.skipif(os.geteuid() == 0, reason="the right to read everything")
def test_a_file_without_the_right_to_read_it(project: Path) -> None:
    (project / "scenarios" / TABLE).chmod(0)
    assert f"scenarios/{TABLE}\n  cannot be opened: Permission denied." in told(project)


@pytest.mark.parametrize("errno_", [13, 5, 40, 23])
def test_whatever_the_system_refuses(
    errno_: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, open_ = OSError(errno_, os.strerror(errno_)), Path.open

    def refuse(path: Path, *how: str, **more: object) -> object:
        if path.name == TABLE:
            raise refused
        return open_(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    assert f"scenarios/{TABLE}\n  cannot be " in told(project)
    assert os.strerror(errno_) in told(project)


# --- tables as text ------------------------------------------------------------------------------

GOOD = (BAD / TABLE).read_text(encoding="utf-8").splitlines()


def with_cell(column: str, text: str) -> str:
    """Return the table with one cell of its first row set."""
    header, first, *rest = GOOD
    names = header.split(",")
    cells = first.split(",")
    cells[names.index(column)] = text
    return "\n".join([header, ",".join(cells), *rest]) + "\n"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (with_cell("source", "a\0b"), ":2:1", r"'a\x00b' holds a control sign."),
        (with_cell("source", "a\x1b[31mb"), ":2:1", r"'a\x1b[31mb' holds a control sign."),
        (with_cell("source", "x" * 40_000), ":2:1", "a cell of 40000 signs."),
        (with_cell("source", '"' + "x" * 200_000 + '"'), ":2", "the table cannot be read"),
        (with_cell("source", '"x'), ":2", "the table cannot be read from here on: unexpected end"),
        (with_cell("source", '"x"y'), ":2", "the table cannot be read from here on: ',' expected"),
        (with_cell("value", "9" * 5000), ":2:4", "is not a finite number."),
        (with_cell("value", "1e16"), ":2:4", "1e+16 is beyond 1e+15."),
        (with_cell("value", "1e999"), ":2:4", "'1e999' is not a finite number."),
        (with_cell("value", "1,000"), ":2", "A text that holds a comma needs quotes."),
        (with_cell("value", '"1,000"'), ":2:4", "'1,000' is not a number."),
    ],
)
def test_cells_that_are_no_cells(text: str, place: str, said: str, project: Path) -> None:
    (project / "scenarios" / TABLE).write_text(text, encoding="utf-8")
    problems = told(project)
    assert f"scenarios/{TABLE}{place}" in problems
    assert said in problems
    assert max(map(len, problems.splitlines())) < 300


def test_signs_that_nobody_sees_are_folded(project: Path) -> None:
    source = GOOD[1].split(",")[0]
    odd = f"\ufeff{source[:2]}\u200b{source[2:]}\u00a0"
    (project / "scenarios" / TABLE).write_text(with_cell("source", odd), encoding="utf-8")
    answer = call("check", PARENT, at=project)
    assert (answer.code, answer.err) == (0, "")


# --- workbooks -----------------------------------------------------------------------------------


def book_of(
    cells: list[list[object]], change: Callable[[Workbook], None] = lambda _: None
) -> bytes:
    book = Workbook()
    for row in cells:
        book.active.append(row)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows() -> list[list[object]]:
    def typed(cell: str) -> object:
        try:
            return float(cell)
        except ValueError:
            return cell or None

    return [[typed(cell) for cell in line.split(",")] for line in GOOD]


def with_book(project: Path, content: bytes, suffix: str = ".xlsx") -> None:
    (project / "scenarios" / f"book{suffix}").write_bytes(content)
    text = f"extends: good.yaml\nfinished: {{inventory: book{suffix}}}\n"
    (project / "scenarios" / "book.yaml").write_text(text)


@pytest.mark.parametrize("suffix", [".xlsx", ".XLSX", ".xlsm", ".Xlsm"])
def test_suffixes_are_read_in_any_case(suffix: str, project: Path) -> None:
    with_book(project, book_of(rows()), suffix)
    answer = call("check", "scenarios/book.yaml", at=project)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize("suffix", [".xls", ".XLS"])
def test_old_workbooks_are_told_what_to_become(suffix: str, project: Path) -> None:
    with_book(project, b"\xd0\xcf\x11\xe0", suffix)
    assert "the format of Excel before 2007. Open it in Excel and save it as .xlsx." in told(
        project, "book.yaml"
    )


@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.9, 0.99])
def test_a_workbook_that_is_cut(part: float, project: Path) -> None:
    whole = book_of(rows())
    with_book(project, whole[: int(part * len(whole))])
    assert "not an Excel workbook, or it is damaged." in told(project, "book.yaml")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"", b"<a", b"\0\1\2", b"<a/>"])
def test_a_workbook_with_a_spoilt_part(name: str, content: bytes, project: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of(rows()))) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    with_book(project, stream.getvalue())
    assert "scenarios/book.xlsx" in told(project, "book.yaml")


def test_a_workbook_that_unpacks_to_more_than_memory(project: Path) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book,
        book.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(workbook.LARGEST_BOOK // 1_000_000 + 1):
            part.write(b" " * 1_000_000)
    with_book(project, stream.getvalue())
    assert "unpacked, the workbook has" in told(project, "book.yaml")


@pytest.mark.parametrize("column", range(len(GOOD[0].split(","))))
def test_a_formula_without_a_result_is_an_error_at_the_cell(column: int, project: Path) -> None:
    cells = rows()
    cells[1][column] = "=1+1"
    with_book(project, book_of(cells))
    letter = "ABCDEFGHIJ"[column]
    assert told(project, "book.yaml") == (
        f"scenarios/book.xlsx:2:{column + 1}  {letter}2\n"
        "  a formula whose result is not stored in the file."
        " Open the file in Excel, save it, and try again; or type the number."
    )


@pytest.mark.parametrize("shown", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_errors_of_excel_are_told_at_the_cell(shown: str, project: Path) -> None:
    cells = rows()
    cells[1][3] = shown
    with_book(project, book_of(cells))
    assert f"scenarios/book.xlsx:2:4  D2\n  the cell shows the error {shown}." in told(
        project, "book.yaml"
    )


def hide_line(book: Workbook) -> None:
    book.active.row_dimensions[3].hidden = True


def add_sheet(book: Workbook) -> None:
    book.create_sheet("2025").append(["x"])


def hide_first(book: Workbook) -> None:
    """Another sheet stands before ours, and nobody sees it."""
    book.create_sheet("old", 0).sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            hide_line,
            "scenarios/book.xlsx:3\n  1 hidden or filtered lines are read like all others.",
        ),
        (add_sheet, "scenarios/book.xlsx\n  only the sheet 'Sheet' is read, not: 2025."),
        (hide_first, "scenarios/book.xlsx\n  only the sheet 'Sheet' is read, not: old."),
    ],
)
def test_what_a_reader_of_the_book_does_not_see_is_told(
    change: Callable[[Workbook], None], said: str, project: Path
) -> None:
    with_book(project, book_of(rows(), change))
    answer = call("check", "scenarios/book.yaml", at=project)
    assert (answer.code, answer.err) == (0, "")
    assert said in answer.out
    run = call("run", "scenarios/book.yaml", "--no-charts", at=project)
    assert said in run.out
    name = json.loads((project / "runs" / "good" / "manifest.json").read_text())["warnings"]
    assert said.replace("\n  ", ": ") in name


# --- scenarios -----------------------------------------------------------------------------------

LAUGHS = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "aliases make more than 100000 parts of this."),
        ("a: &a [*a]\n", "nested more than 30 levels deep, or inside itself."),
        ("a: " + "[" * 5000 + "]" * 5000, "exceeded maximum nesting depth."),
        ("a: " + "[" * 50 + "]" * 50, "nested more than 30 levels deep"),
        (f"base_year: {'9' * 5000}\n", "a number of 5000 signs."),
        (f"base_year: 0.{'9' * 5000}\n", "a number of 5002 signs."),
        ("base_year: !!int two\n", "'two' is not a number."),
        ('title: {en: "\\e[31m", zh: x}\n', r"'\x1b[31m' holds a control sign."),
        ('finished: {inventory: "a\\0b.csv"}\n', r"'a\x00b.csv' holds a control sign."),
        ("? [a, b]\n: 1\n", "a key is a word."),
        ("1: 2\n", "a key is a word."),
        ("name: " + "x" * 300, "has more than 80 signs."),
        ("name: con\n", "'con' is reserved; choose another name."),
        ("name: scenarios\n", "'scenarios' is reserved; choose another name."),
        ("name: ../up\n", "does not have the form"),
    ],
)
def test_scenarios_that_nobody_wrote_by_hand(text: str, said: str, project: Path) -> None:
    (project / "scenarios" / "odd.yaml").write_text(f"extends: good.yaml\n{text}", encoding="utf-8")
    problems = told(project, "odd.yaml")
    assert said in problems
    assert "scenarios/odd.yaml" in problems


@pytest.mark.parametrize("key", ["region", "plan"])
@pytest.mark.parametrize("name", ["..", "../..", "../../inputs", "/tmp", ".", "a/../b", "C:\\x"])
def test_regions_and_plans_stay_in_their_folder(key: str, name: str, project: Path) -> None:
    for folder in ("regions", "plans"):
        (project / "inputs" / folder).mkdir()
    text = f"extends: good.yaml\n{key}: '{name}'\n"
    if key == "region":
        text += "finished: null\n"
    (project / "scenarios" / "out.yaml").write_text(text, encoding="utf-8")
    assert f"there is no {key} '{name}'." in told(project, "out.yaml")


# --- what is printed -----------------------------------------------------------------------------

START = "from lantian.cli import main; main()"


def start(*arguments: str, at: Path, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=at,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "utf-8"])
def test_output_in_any_encoding(encoding: str, project: Path) -> None:
    arguments = ("--lang", "zh", "run", PARENT, "--no-charts")
    process = start(*arguments, at=project, PYTHONIOENCODING=encoding)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    marks = {"gbk": "√", "utf-8": "✓", "cp1252": "?"}
    assert marks[encoding] in out.decode(encoding)


def test_a_reader_who_has_enough(project: Path) -> None:
    with start("run", PARENT, "--no-charts", at=project) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141
    assert (project / "runs" / "good" / "manifest.json").exists()


MARKS = ["[old]", "[/red]", ":smile:", "=1+1", "<script>alert(1)</script>", "$x$", "@x", "-x"]


@pytest.mark.parametrize("mark", MARKS)
def test_names_with_signs_that_mean_something_elsewhere(mark: str, project: Path) -> None:
    """They are shown as they are, and are live nowhere: no markup, no formula, no HTML."""
    labels = f'id,en,zh\ntrucks,"{mark}","{mark}"\ngood,x,y\n'
    (project / "inputs" / "labels.csv").write_text(labels, encoding="utf-8")
    path = project / PARENT
    text = path.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    path.write_text(text.replace(title, f"title: {{en: '{mark}', zh: '{mark}'}}"), encoding="utf-8")
    answer = call("run", PARENT, at=project)
    assert (answer.code, answer.err) == (0, "")
    assert mark in answer.out
    run = project / "runs" / "good"
    for table in run.rglob("*.csv"):
        for line in table.read_text(encoding="utf-8-sig").splitlines():
            cells = line.split(",")
            assert not [c for c in cells if c.startswith(("=", "@", "-x", "+")) and c != "-x"], line
    assert "<script>" not in (run / "charts" / "captions.md").read_text(encoding="utf-8")
