"""A report as a Word document: native headings, numbered captions, tables, alternative texts."""

from pathlib import Path
from typing import Any

from lantian.handover.blocks import Block, Grid, Listing, Paragraph, Picture, Report
from lantian.handover.widths import column_widths, shown
from lantian.language import Text
from lantian.vocabulary import Language

FONTS = {"latin": "Calibri", "chinese": "SimSun"}
LABELS = {"figure": Text("Figure ", "图"), "table": Text("Table ", "表")}
WIDTH = 6.1
"""Room between the margins [inch]."""
TABLE_STYLE, CELL = "Light List", "Cell"


def write_word(report: Report, charts: Path, language: Language, path: Path) -> None:
    """Write a report as a Word document.

    Parameters
    ----------
    report
        Content.
    charts
        Folder with its pictures as PNG.
    language
        Language of the reader.
    path
        File to write.
    """
    from docx import Document

    document = Document()
    _set_fonts(document)
    document.core_properties.title = report.title
    document.core_properties.author = "Lantian"
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.below, style="Subtitle")
    for section in report.sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            _add(document, block, charts, language)
    document.save(str(path))


def _set_fonts(document: Any) -> None:
    """Give every style a Chinese font beside the Latin one; Word asks for it apart."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    cells = document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = document.styles["Normal"]
    cells.font.size = Pt(8.5)
    cells.paragraph_format.space_after = Pt(0)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Caption", "List Bullet", CELL):
        style = document.styles[name]
        style.font.name = FONTS["latin"]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["chinese"])
    captions = document.styles["Caption"].font
    captions.bold, captions.color.rgb = False, RGBColor(0x40, 0x40, 0x40)


def _add(document: Any, block: Block, charts: Path, language: Language) -> None:
    match block:
        case Paragraph():
            document.add_paragraph().add_run(block.text).bold = block.leading
        case Listing():
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case Grid():
            _caption(document, LABELS["table"].say(language), block.caption, keep=True)
            _table(document, block)
        case Picture():
            _picture(document, block, charts, language)


def _table(document: Any, grid: Grid) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=1, cols=len(grid.heads), style=TABLE_STYLE)
    for cell, head in zip(table.rows[0].cells, grid.heads, strict=True):
        cell.text = head
        cell.paragraphs[0].style = CELL
    _repeat_on_each_page(table.rows[0])
    for row in grid.rows:
        for at, (cell, value) in enumerate(zip(table.add_row().cells, row, strict=True)):
            cell.text = shown(value)
            cell.paragraphs[0].style = CELL
            if at in grid.numeric:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set_widths(table, column_widths(grid, WIDTH))
    document.add_paragraph()


def _set_widths(table: Any, widths: list[float]) -> None:
    """Set the widths of the columns [inch]; Word reads those of cells, others those of columns."""
    from docx.shared import Inches

    table.autofit = False
    for column, own in zip(table.columns, widths, strict=True):
        column.width = Inches(own)
        for cell in column.cells:
            cell.width = Inches(own)


def _repeat_on_each_page(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _picture(document: Any, picture: Picture, charts: Path, language: Language) -> None:
    from docx.shared import Inches

    drawn = charts / f"{picture.stem}.{language}.png"
    shape = document.add_picture(str(drawn), width=Inches(WIDTH))
    properties = shape._inline.docPr
    properties.set("descr", picture.alt)
    properties.set("title", picture.title)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _caption(document, LABELS["figure"].say(language), f"{picture.title} {picture.caption}")


def _caption(document: Any, label: str, text: str, keep: bool = False) -> None:
    """Add a caption whose number Word counts by itself, so that it can be referred to."""
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.add_run(label)
    _field(paragraph, f"SEQ {label.strip()} \\* ARABIC")
    paragraph.add_run(f". {text}" if label.endswith(" ") else f" {text}")


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)
