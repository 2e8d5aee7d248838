"""Excel workbooks -> lines of text cells, with what a reader of the sheet does not see told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any
from xml.etree import ElementTree
from zipfile import ZipFile

from lantian.errors import Place, Problems
from lantian.language import message
from lantian.parameters.opening import LARGEST_TABLE, MEGABYTE, UNREAD

SUFFIXES = (".xlsx", ".xlsm")
"""Workbooks that are read, in small letters."""
OLD = ".xls"
"""Workbooks of the time before 2007, which are not."""
LARGEST_BOOK = 4 * LARGEST_TABLE
"""Size [byte] of all that a workbook holds, unpacked."""
VISIBLE = "visible"

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Line = tuple[int, list[str]]
"""Number of a line and its cells."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name, the file inside the workbook, and whether it is seen."""

    name: str
    part: str
    state: str


@dataclass
class Marks:
    """What the text of a sheet's cells does not show.

    Attributes
    ----------
    unsaved
        Cells with a formula whose result was not stored.
    hidden
        Lines that are hidden, by hand or by a filter.
    merged
        Ranges of cells that are one.
    """

    unsaved: set[str] = field(default_factory=set)
    hidden: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def read_workbook(content: bytes, shown: str, problems: Problems) -> list[Line] | None:
    """Return the lines of the first sheet that is seen; the others are told.

    Parameters
    ----------
    content
        Of the file.
    shown
        Its name in messages.
    problems
        Receives what is wrong with the book and its cells.

    Returns
    -------
    list or None
        Lines that are not blank, :data:`UNREAD` in cells that are faulty; None if the workbook is
        damaged.
    """
    sheets = list_sheets(content, shown, problems)
    if sheets is None:
        return None
    chosen = next((s for s in sheets if s.state == VISIBLE), sheets[0])
    layout = read_layout(content, chosen, shown, problems)
    if layout is None:
        return None
    _tell(chosen, sheets, layout, shown, problems)
    return layout.lines


@dataclass(frozen=True)
class Layout:
    """A sheet as it is laid out.

    Attributes
    ----------
    lines
        Those that are not blank, :data:`UNREAD` in cells that are faulty.
    merged
        Ranges of cells that are one, as Excel writes them: ``B3:B7``.
    hidden
        Lines that are hidden, by hand or by a filter.
    """

    lines: list[Line]
    merged: list[str]
    hidden: list[int]


def list_sheets(content: bytes, shown: str, problems: Problems) -> list[Sheet] | None:
    """Return the sheets of a workbook in the order of their tabs.

    Parameters
    ----------
    content
        Of the file.
    shown
        Its name in messages.
    problems
        Receives what is wrong with the book.

    Returns
    -------
    list or None
        None if the workbook is damaged or too large.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size <= LARGEST_BOOK:
                return _sheets(archive)
    except Exception:  # openpyxl, zipfile and zlib raise whatever a damaged file leads them to
        _note_damage(shown, problems)
        return None
    problems.add(
        Place(shown),
        message(
            "unpacked, the workbook has {size} MB; at most {most} are read.",
            size=size // MEGABYTE,
            most=LARGEST_BOOK // MEGABYTE,
        ),
    )
    return None


def read_layout(content: bytes, sheet: Sheet, shown: str, problems: Problems) -> Layout | None:
    """Return the lines of a sheet and what their text does not show.

    Parameters
    ----------
    content
        Of the file; :func:`list_sheets` has found nothing wrong with it.
    sheet
        One of its sheets.
    shown
        Its name in messages.
    problems
        Receives what is wrong with the cells.

    Returns
    -------
    Layout or None
        None if the workbook is damaged.
    """
    try:
        with ZipFile(BytesIO(content)) as archive, archive.open(sheet.part) as stream:
            marks = _marks(stream)
        lines = list(_lines(content, sheet.name, marks, shown, problems))
    except Exception:  # as in list_sheets
        _note_damage(shown, problems)
        return None
    return Layout(lines, marks.merged, marks.hidden)


def _note_damage(shown: str, problems: Problems) -> None:
    problems.add(
        Place(shown),
        message("the file is not an Excel workbook, or it is damaged."),
        fix=message("Open it in Excel and save it again as .xlsx."),
    )


def _sheets(archive: ZipFile) -> list[Sheet]:
    """Return the sheets in the order of their tabs."""
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        parts = {r.get("Id"): r.get("Target", "") for r in ElementTree.parse(stream).getroot()}
    with archive.open("xl/workbook.xml") as stream:
        listed = ElementTree.parse(stream).getroot().iter(f"{_MAIN}sheet")
    found = [
        Sheet(s.get("name", ""), _part(parts[s.get(_RELATION)]), s.get("state", VISIBLE))
        for s in listed
    ]
    if not found:
        raise ValueError("a workbook has at least one sheet")
    return found


def _part(target: str) -> str:
    """Return the name inside the archive of what a relation of the workbook leads to."""
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _marks(stream: IO[bytes]) -> Marks:
    found = Marks()
    for _, element in ElementTree.iterparse(stream):
        if element.tag == f"{_MAIN}c":
            if _is_unsaved(element):
                found.unsaved.add(element.get("r", ""))
        elif element.tag == f"{_MAIN}row":
            if element.get("hidden") in ("1", "true"):
                found.hidden.append(int(element.get("r", "0")))
            element.clear()
        elif element.tag == f"{_MAIN}mergeCell":
            found.merged.append(element.get("ref", ""))
    return found


def _is_unsaved(cell: ElementTree.Element) -> bool:
    """Tell whether a cell has a formula and no result; an empty text is one."""
    result = cell.findtext(f"{_MAIN}v")
    return cell.find(f"{_MAIN}f") is not None and not result and cell.get("t") != "str"


def _lines(
    content: bytes, sheet: str, marks: Marks, shown: str, problems: Problems
) -> Iterator[Line]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True, rich_text=True)
    found = book[sheet]
    found.reset_dimensions()  # what a file says of its size is not to be trusted
    for line, cells in enumerate(found.iter_rows(), start=1):
        texts = [_text(cell, marks, shown, problems) for cell in cells]
        if any(texts):
            yield line, texts
    book.close()


def _text(cell: Any, marks: Marks, shown: str, problems: Problems) -> str:
    """Return a cell as its reader sees it: 0.35 formatted as a percentage is '35 %'."""
    if cell.value is None and not marks.unsaved:
        return ""
    place = getattr(cell, "coordinate", "")
    if place in marks.unsaved:
        problems.add(
            Place(shown, cell.row, cell.column, place),
            message("a formula whose result is not stored in the file."),
            fix=message("Open the file in Excel, save it, and try again; or type the number."),
        )
        return UNREAD
    if cell.value is None:
        return ""
    if cell.data_type == "e":
        problems.add(
            Place(shown, cell.row, cell.column, place),
            message("the cell shows the error {value}.", value=cell.value),
        )
        return UNREAD
    is_number = isinstance(cell.value, float | int) and not isinstance(cell.value, bool)
    if is_number and "%" in str(cell.number_format):
        return f"{cell.value * 100:.12g} %"
    return cell.value if type(cell.value) is str else _with_raised(cell.value)


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits, and how they are written where they are raised: 3000¹ has a note and is not 30001."""


def _with_raised(value: Any) -> str:
    """Return a value as text; digits that the format of a text raises are raised digits."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not isinstance(value, CellRichText):
        return str(value)
    return "".join(
        part.text.translate(RAISED)
        if isinstance(part, TextBlock) and part.font.vertAlign == "superscript"
        else str(part)
        for part in value
    )


def _tell(
    chosen: Sheet, sheets: list[Sheet], layout: Layout, shown: str, problems: Problems
) -> None:
    """Note sheets that are not read, and lines that are read although nobody sees them."""
    others = [s for s in sheets if s is not chosen]
    if others:
        problems.warn(
            Place(shown),
            message(
                "only the sheet '{name}' is read, not: {others}.",
                name=chosen.name,
                others=", ".join(s.name for s in others),
            ),
        )
    if layout.hidden:
        problems.warn(
            Place(shown, layout.hidden[0]),
            message("{n} hidden or filtered lines are read like all others.", n=len(layout.hidden)),
        )
