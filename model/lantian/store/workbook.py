"""Declared tables -> one Excel workbook, a sheet each, headed in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from lantian.language import Label, message, say
from lantian.names import NumberName, input_name
from lantian.results.contract import Column
from lantian.results.frame import Frame, no_formula
from lantian.vocabulary import OF_TARGET, Language

LONGEST_TITLE = 31
"""Signs that Excel takes for the name of a sheet."""
WIDEST, NARROWEST = 60, 9
"""Width of a column [signs]."""
FORMATS = ((1000.0, "#,##0"), (10.0, "#,##0.0"), (0.1, "0.000"), (0.0, "0.00E+00"))
"""Largest value of a column from which on -> number format; three to five digits are shown."""
TRUTHS: Mapping[Any, Mapping[Language, str]] = {
    True: {"en": "yes", "zh": "是"},
    False: {"en": "no", "zh": "否"},
}


def write_workbook(
    frames: Iterable[Frame],
    label: Label,
    language: Language,
    path: Path,
    more: Callable[[Any], None] | None = None,
) -> None:
    """Write tables as an Excel workbook: names for ids, numbers as numbers, heads that stay.

    Parameters
    ----------
    frames
        One for each sheet.
    label
        Gives the display names of ids.
    language
        Language of the reader.
    path
        File to write.
    more
        Adds what else the workbook holds.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for frame in frames:
        sheet = book.create_sheet(frame.table.title.say(language)[:LONGEST_TITLE])
        _fill(sheet, frame, label, language)
    if more is not None:
        more(book)
    book.save(path)


def _fill(sheet: Any, frame: Frame, label: Label, language: Language) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, name in enumerate(frame.columns, 1):
        column = frame.table.column(name)
        cells = [cell_of(column, cell, label, language) for cell in frame.cells(name)]
        for row, cell in enumerate((_head(column, language), *cells), 1):
            sheet.cell(row, number, no_formula(cell))
        top = sheet.cell(1, number)
        top.font, top.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _width(cells, language)
        if column.kind == "number":
            _format(sheet, number, frame.columns[name])
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    set_for_print(sheet)
    sheet.auto_filter.ref = sheet.dimensions


def set_for_print(sheet: Any) -> None:
    """Set a sheet for A4 across, no column on a page of its own.

    Parameters
    ----------
    sheet
        Of openpyxl.
    """
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def _head(column: Column, language: Language) -> str:
    """Return what a column holds and in what unit, where that is the same for all rows."""
    means = column.means.say(language)
    unit = "" if column.unit in ("", "1") else message(column.unit).text(language)
    return f"{means} [{unit}]" if unit else means


def cell_of(column: Column, cell: Any, label: Label, language: Language) -> Any:
    """Return a cell as a reader sees it: names for ids, None where it is blank.

    Parameters
    ----------
    column
        Declaration.
    cell
        As a frame holds it.
    label
        Gives the display names of ids.
    language
        Language of the reader.
    """
    if cell is None or cell == "":
        return None
    return _KINDS.get(column.kind, _as_it_is)(column, cell, label, language)


def _named(column: Column, cell: str, label: Label, language: Language) -> str:
    parts = cell.split(column.separator) if column.separator else [cell]
    kind = OF_TARGET if column.name == "target" else ""
    return " + ".join(label(kind + part) for part in parts)


def _said(column: Column, cell: str, label: Label, language: Language) -> str:
    if column.name.endswith("unit") and cell == "1":
        return say("ratio", language)
    if column.name == "input":
        return NumberName.of_plain(cell).text(language, label)
    if column.name == "what" and not column.words:
        taker, name = input_name(cell, language, label)
        return say("{part}: {name}", language, part=taker, name=name) if taker else name
    known = column.words or column.name.endswith("unit")
    return message(cell).text(language) if known else cell


def _truth(column: Column, cell: Any, label: Label, language: Language) -> str:
    return TRUTHS[bool(cell)][language]


def _as_it_is(column: Column, cell: Any, label: Label, language: Language) -> Any:
    return cell


_KINDS: Mapping[str, Callable[[Column, Any, Label, Language], Any]] = {
    "id": _named,
    "text": _said,
    "truth": _truth,
}


def _width(cells: list[Any], language: Language) -> float:
    """Return how wide a column is so that most cells are seen; a Chinese sign takes two."""
    signs = max((len(str(cell)) for cell in cells if isinstance(cell, str)), default=0)
    return min(WIDEST, max(NARROWEST, signs * (2 if language == "zh" else 1) + 1))


def _format(sheet: Any, number: int, values: Any) -> None:
    largest = max((abs(v) for v in values.tolist() if v == v), default=0.0)
    shown = next(form for least, form in FORMATS if largest >= least)
    for (cell,) in sheet.iter_rows(min_row=2, min_col=number, max_col=number):
        cell.number_format = shown
