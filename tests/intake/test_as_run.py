"""What a run refuses is told by the import at the cell of the book; what follows from it is not."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake.test_books import TITLE, Rows, write
from lantian.errors import InputError
from lantian.intake.book import import_book, propose_mapping
from lantian.parameters.opening import UNREAD

INVENTORY: Rows = [
    TITLE,
    ["行业", "排放源", "SO2", "NOx"],
    ["工业", "锅炉", 900, 800],
    ["工业", "窑", 500, 300],
    ["小计", None, 1400, 1100],
]
HEAD: list[object] = [
    *("措施", "适用排放源", "污染物", "去除率（%）", "可实施比例（%）", "年成本（万元）"),
]
MEASURES: Rows = [
    HEAD,
    ["改造", "锅炉", "SO2", 50, 35, 20],
    ["改造", "锅炉", "NOx", 40, 35, 20],
    ["换", "窑", "SO2", 60, 80, 7],
    ["关", "窑", "NOx", 100, 100, 9],
]
BAD = ["#REF!", "=1+1", "九成", "<5", "12¹", -7, 0, 100.5, 170, 1e6, 1e30, "3%%", "1,2,3"]
"""Numbers that cannot be, or are none, in one place or another."""


def book(tmp_path: Path, cells: dict[str, object], *sheets: Rows) -> InputError | None:
    """Import the book after some cells (``s1!D2``) were changed; return what was refused."""
    path = tmp_path / "b.xlsx"
    write(path, *(sheets or (INVENTORY, MEASURES)))
    made = load_workbook(path)
    for spot, value in cells.items():
        sheet, _, cell = spot.partition("!")
        made[sheet][cell] = value
    made.save(path)
    try:
        propose_mapping(path, ())
        import_book(path, tmp_path, "mine", [])
    except InputError as error:
        assert not (tmp_path / "scenarios").exists()
        said = "".join(p.text() for p in (*error.problems, *error.warnings))
        assert UNREAD not in said
        return error
    return None


def places(error: InputError | None) -> list[str]:
    """The cells of what was refused, in order."""
    assert error is not None
    return [problem.place.path for problem in error.problems]


REMOVALS = [f"s1!D{n}" for n in range(2, 6)]
REACHES = ["s1!E4", "s1!E5"]
COSTS = ["s1!F4", "s1!F5"]


@pytest.mark.parametrize("value", BAD)
def test_no_bad_number_of_a_measure_is_left_to_the_run(value: object, tmp_path: Path) -> None:
    """Each cell is told at its place, and all at once."""
    is_cost = isinstance(value, int | float) and abs(value) < 1e15
    wrong = [*REMOVALS, *REACHES, *([] if is_cost else COSTS)]
    error = book(tmp_path, dict.fromkeys(wrong, value))
    # Of a measure that lowers nothing in any of its lines one cell is told.
    lowers_nothing = is_cost and value in (0, -7)
    assert set(wrong) - {*(REMOVALS[:2] if lowers_nothing else ())} <= set(places(error))


@pytest.mark.parametrize("value", [v for v in BAD if v not in (0, 100.5, 170, 1e6)])
@pytest.mark.parametrize("cell", ["s0!C3", "s0!D4", "s1!D2", "s1!E3", "s1!F4"])
def test_one_bad_cell_is_one_problem(value: object, cell: str, tmp_path: Path) -> None:
    """Neither totals nor measures nor the other lines of a measure are blamed for it."""
    if value == -7 and cell.startswith("s1"):
        return  # a pollutant may rise beside another, and a measure may pay for itself
    error = book(tmp_path, {cell: value})
    assert places(error) == [cell]
    assert error is not None
    said = "".join(warning.text() for warning in error.warnings)
    assert "is not the sum" not in said
    assert "no cost" not in said


def test_cells_that_cannot_be_read_hide_nothing_else(tmp_path: Path) -> None:
    wrong: dict[str, object] = {
        **{"s0!C3": "#REF!", "s0!D4": "=1+1", "s0!C4": "少量"},
        **{"s1!B4": "没有的源", "s1!D5": 170, "s1!F2": "若干"},
    }
    assert set(places(book(tmp_path, wrong))) == set(wrong)


@pytest.mark.parametrize("cell", ["s0!B3", "s0!A3", "s1!B2", "s1!A2", "s1!C2"])
def test_a_name_that_cannot_be_read_is_one_problem(cell: str, tmp_path: Path) -> None:
    assert places(book(tmp_path, {cell: "#NAME?"})) == [cell]


def test_what_is_right_is_read(tmp_path: Path) -> None:
    assert book(tmp_path, {}) is None


def test_amounts_beyond_what_a_source_emits_are_told_at_their_cell(tmp_path: Path) -> None:
    head = [*HEAD[:3], "减排量（吨）", *HEAD[4:]]
    error = book(tmp_path, {}, INVENTORY, [head, ["换", "窑", "SO2", 501, 80, 7]])
    assert all(place.startswith("s1!") for place in places(error))


@pytest.mark.parametrize("heading", ["年成本（万元）", "单位成本（元/吨）"])
def test_a_cost_below_0_is_told_at_its_cell(heading: str, tmp_path: Path) -> None:
    head = [*HEAD[:5], heading]
    rows: Rows = [head, ["改造", "锅炉", "SO2", 50, 35, 20], ["换", "窑", "SO2", 60, 80, -7]]
    assert [place for place, said in doubts(tmp_path, rows) if "earns more" in said] == ["s1!F3"]


@pytest.mark.parametrize(("little", "is_odd"), [("0.4%", True), ("0.9%", True), ("2%", False)])
@pytest.mark.parametrize("others", [[40], [60, 80], [30, 90, 50]])
def test_a_removal_far_below_the_others_is_told(
    little: str, is_odd: bool, others: list[int], tmp_path: Path
) -> None:
    """Also where it is one of two."""
    rows: Rows = [HEAD, *([f"m{n}", "锅炉", "SO2", n, 50, 7] for n in others)]
    rows.append(["少", "窑", "SO2", little, 50, 7])
    told = [place for place, said in doubts(tmp_path, rows) if "one in a hundred" in said]
    assert told == ([f"s1!D{len(rows)}"] if is_odd else [])


def doubts(tmp_path: Path, measures: Rows) -> list[tuple[str, str]]:
    """Cells and texts of what is told of a book that is read."""
    path = tmp_path / "b.xlsx"
    write(path, INVENTORY, measures)
    propose_mapping(path, ())
    notes = import_book(path, tmp_path, "mine", []).notes
    return [(note.place.path, note.found.text()) for note in notes]
