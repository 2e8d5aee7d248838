"""A book or a text file of somebody else -> grids of text, whatever their suffix and encoding."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lantian.errors import Place, Problem, Problems, closest
from lantian.language import message
from lantian.parameters import workbook
from lantian.parameters.opening import LARGEST_TABLE, UNREAD, check_signs, plain_text, read_file
from lantian.parameters.workbook import VISIBLE, Line, list_sheets, read_layout

CHINESE = "gb18030"
"""Encoding of Chinese text that is not Unicode; GBK and GB2312 are parts of it."""
SEPARATORS = ",;\t|"
MOST_COLUMNS = 16_384
"""Columns that a sheet of Excel can have."""
SAMPLE = 200
"""Lines by which the separator is judged."""
TEXT = (".csv", ".txt", ".tsv", ".dat")


@dataclass(frozen=True)
class Span:
    """Cells that are one: first and last line and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet as text.

    Attributes
    ----------
    file
        Name of the book in messages.
    sheet
        Name of the sheet; blank for a text file.
    lines
        Cells by line, from 1; lines that are blank are missing. Every cell of a merged range has
        the text of the first.
    spans
        Merged ranges.
    """

    file: str
    sheet: str
    lines: dict[int, list[str]]
    spans: tuple[Span, ...] = ()
    width: int = field(default=0)

    def cell(self, line: int, column: int) -> str:
        """Return a cell's text, blank beyond the edge; columns from 1."""
        cells = self.lines.get(line, [])
        return cells[column - 1] if column <= len(cells) else ""

    def refused(self, problems: Problems) -> set[tuple[int, int]]:
        """Return the cells, line and column, of which a problem was told."""
        spots = ((p.place, p.place.line, p.place.column) for p in problems.found)
        return {
            (line, column) for place, line, column in spots if place == self.place(line, column)
        }

    def without_refused(self) -> "Grid":
        """Return the sheet with blanks in the place of cells that could not be read."""
        lines = {
            at: ["" if cell == UNREAD else cell for cell in cells]
            for at, cells in self.lines.items()
        }
        return replace(self, lines=lines)

    def place(self, line: int, column: int = 0) -> Place:
        """Return a place as a reader of the sheet finds it: ``清单!B7``."""
        spot = f"{letters(column)}{line}" if column else ""
        path = f"{self.sheet}!{spot}" if self.sheet and spot else self.sheet or spot
        return Place(self.file, line, column, path)

    def tall(self, line: int, column: int) -> Span | None:
        """Return the merged range of several lines that a cell is in."""
        return self._tall.get((line, column))

    @cached_property
    def _tall(self) -> dict[tuple[int, int], Span]:
        """Merged ranges of several lines, by each of their cells that the sheet has."""
        tall = [span for span in self.spans if span.bottom > span.top]
        return {cell: span for span in tall for cell in _cells_of(span, self.lines, self.width)}


def letters(column: int) -> str:
    """Return the letters of a column, as in Excel: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_of(text: str) -> int:
    """Return the position of a column from its letters: A is 1."""
    position = 0
    for sign in text.upper():
        position = position * 26 + ord(sign) - ord("A") + 1
    return position


def open_book(path: Path, shown: str, problems: Problems, only: Sequence[str] = ()) -> list[Grid]:
    """Return the sheets of a book that are seen, or the one sheet of a text file.

    Parameters
    ----------
    path
        ``.xlsx`` or ``.xlsm`` in any case, or comma, semicolon or tab separated text.
    shown
        Its name in messages.
    problems
        Receives what cannot be read, and in its warnings what had to be guessed.
    only
        Names of the sheets wanted, seen or not; all that are seen if empty.

    Returns
    -------
    list of Grid
        In the order of the tabs.
    """
    suffix = path.suffix.lower()
    content = read_file(path, shown, LARGEST_TABLE, problems)
    if content is None:
        return []
    if suffix == workbook.OLD:
        problems.add(
            Place(shown),
            message("this is the format of Excel before 2007."),
            fix=message("Open it in Excel and save it as .xlsx."),
        )
        return []
    if suffix in workbook.SUFFIXES:
        return _grids_of_book(content, shown, problems, only)
    if suffix not in TEXT:
        problems.add(
            Place(shown),
            message("files of this kind are not read."),
            message("Expected one of {names}.", names=", ".join((*workbook.SUFFIXES, *TEXT))),
        )
        return []
    text = _decoded(content, shown, problems)
    if text is None:
        return []
    grid = _grid_of_text(text, shown, problems)
    if grid.width > MOST_COLUMNS:
        problems.add(Place(shown), message("a table of {n} columns.", n=grid.width),
                     message("Expected {n} at most.", n=MOST_COLUMNS))  # fmt: skip
        return []
    return [grid]


def _grids_of_book(
    content: bytes, shown: str, problems: Problems, only: Sequence[str]
) -> list[Grid]:
    sheets = list_sheets(content, shown, problems) or []
    names = [sheet.name for sheet in sheets]
    for wanted in only:
        if wanted not in names:
            problems.add(
                Place(shown),
                message("there is no sheet '{name}'.", name=wanted),
                message("Expected one of {names}.", names=", ".join(names)),
                closest(wanted, names),
            )
    grids = []
    for sheet in sheets:
        if sheet.name in only or (not only and sheet.state == VISIBLE):
            told = Problems()
            layout = read_layout(content, sheet, shown, told)
            here = Grid(shown, sheet.name, {})
            problems.found += [_on_sheet(problem, here) for problem in told.found]
            if layout is not None:
                grids.append(_grid(shown, sheet.name, layout.lines, layout.merged, problems))
                _tell_hidden(grids[-1], layout.hidden, problems)
    return grids


def _on_sheet(problem: Problem, grid: Grid) -> Problem:
    """Return a problem of a cell with the name of its sheet."""
    place = problem.place
    return replace(problem, place=grid.place(place.line, place.column)) if place.line else problem


def _tell_hidden(grid: Grid, hidden: Sequence[int], problems: Problems) -> None:
    if hidden:
        problems.warn(
            grid.place(hidden[0]),
            message("{n} hidden or filtered lines are read like all others.", n=len(hidden)),
        )


def _grid(
    file: str, sheet: str, lines: Sequence[Line], merged: Sequence[str], problems: Problems
) -> Grid:
    cells = {line: [plain_text(text) for text in texts] for line, texts in lines}
    spans = tuple(_span(ref) for ref in merged if re.fullmatch(r"[A-Z]+\d+:[A-Z]+\d+", ref))
    width = max(map(len, cells.values()), default=0)
    for span in spans:
        _fill(cells, span, width)
    grid = Grid(file, sheet, cells, spans, width)
    for line, texts in cells.items():
        for column, text in enumerate(texts, start=1):
            told = len(problems.found)
            check_signs(text, grid.place(line, column), problems)
            if len(problems.found) > told:
                texts[column - 1] = UNREAD
    return grid


def _span(reference: str) -> Span:
    first, last = (re.fullmatch(r"([A-Z]+)(\d+)", end) for end in reference.split(":"))
    assert first is not None  # the caller has matched the whole
    assert last is not None
    return Span(int(first[2]), column_of(first[1]), int(last[2]), column_of(last[1]))


def _fill(cells: dict[int, list[str]], span: Span, width: int) -> None:
    """Write the text of the first cell of a merged range into all of it, in place."""
    first = cells.get(span.top, [])
    text = first[span.left - 1] if span.left <= len(first) else ""
    if not text:
        return
    for line, column in _cells_of(span, cells, width):
        row = cells[line]
        row += [""] * (column - len(row))
        row[column - 1] = text


def _cells_of(span: Span, lines: Mapping[int, list[str]], width: int) -> Iterator[tuple[int, int]]:
    """Yield the cells of a range that lie in lines and columns of a sheet."""
    right = min(span.right, width)
    inside = (
        range(span.top, span.bottom + 1) if span.bottom - span.top < len(lines) else sorted(lines)
    )
    for line in inside:
        if line in lines and span.top <= line <= span.bottom:
            yield from ((line, column) for column in range(span.left, right + 1))


def _decoded(content: bytes, shown: str, problems: Problems) -> str | None:
    """Return the text of a file; its encoding is told where it had to be guessed."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if marked else ["utf-8-sig", CHINESE]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == CHINESE:
            problems.warn(
                Place(shown),
                message("the file is not UTF-8; it was read as Chinese text in GBK (a guess)."),
                fix=message("If names look wrong, save it in Excel as 'CSV UTF-8'."),
            )
        return text
    problems.add(
        Place(shown),
        message("the file is neither UTF-8 nor GBK."),
        fix=message("In Excel: save as 'CSV UTF-8'."),
    )
    return None


def _grid_of_text(text: str, shown: str, problems: Problems) -> Grid:
    separator = _separator(text)
    if separator != ",":
        problems.warn(
            Place(shown),
            message("columns are separated by {sign} (a guess).", sign=repr(separator)),
        )
    return _grid(shown, "", list(_lines(text, separator, shown, problems)), (), problems)


def _separator(text: str) -> str:
    """Return the sign that cuts most lines into the same number of cells, the more the better."""
    sample = [line for line in text.splitlines()[:SAMPLE] if line and not line.startswith("#")]
    return max(SEPARATORS, key=lambda sign: _evenness(sample, sign))


def _evenness(lines: Sequence[str], sign: str) -> int:
    """Return how many cuts there are in the lines that have the commonest number of them."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=sign))
    except csv.Error:  # a cell beyond any limit: not the sign between columns
        return 0
    width, n = max(widths.items(), key=lambda pair: (pair[0] - 1) * pair[1], default=(1, 0))
    return (width - 1) * n


def _lines(text: str, separator: str, shown: str, problems: Problems) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(
            Place(shown, start),
            message("the table cannot be read from here on: {why}.", why=message(str(error))),
            fix=message("Check the quotes: each opening one needs a closing one."),
        )
