"""A report as a Word document: native headings, numbered captions, tables, alternative texts."""

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lantian.handover.blocks import Block, Grid, Listing, Paragraph, Picture, Report, Section
from lantian.handover.page import CONTENTS
from lantian.handover.widths import column_widths, shown
from lantian.language import Text
from lantian.report.style import POINTS
from lantian.vocabulary import Language

FONTS = {"latin": "Calibri", "chinese": "SimSun"}
LABELS = {"figure": Text("Figure ", "图"), "table": Text("Table ", "表")}
LABEL_OF = {Grid: LABELS["table"], Picture: LABELS["figure"]}
SHOWN = Text("Shown in {captions}.", "见{captions}。")
CONTENTS_FIELD = ' TOC \\o "1-1" \\h \\z \\u '
WIDTH, WIDE = 6.5, 7.3
"""Room between the margins [inch], and that of a page to decide from, which is one sheet."""
SMALL = {"Normal": 9, "Title": 16, "Subtitle": 9, "Heading 1": 11, "Caption": 8.5, "Cell": 7.5}
"""Sizes of the letters of such a page [point]."""
NEAR = 2
"""Room between its paragraphs [point]."""
PICTURE = 6.3
"""Width of a picture, which is that of the sheet it is drawn for [inch]."""
TALLEST = 8.3
"""Most height of a picture, which leaves room for its caption on the page [inch]."""
SHEET = (8.27, 11.69)
"""A4 [inch]."""
CELL, LETTERS = "Cell", 8.5
"""Style of the text in tables, and the size of its letters [point]."""
WIDER = 1.15
"""How much wider letters can be where the fonts that are named are not at hand [1]."""
BAND, RULE, SOFT = "F3F5F7", "D0D7DE", "57606A"
"""Colours of the heads of tables, of the lines between their rows, and of what is said beside."""
LANGUAGES: dict[Language, str] = {"en": "en-GB", "zh": "zh-CN"}
"""By which Word spells, breaks lines and chooses the forms of signs."""


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

    one_sheet = len(report.sections) == 1
    _Writer(Document(), charts, language, dense=one_sheet).write(report, path)


@dataclass(frozen=True)
class _Caption:
    """A caption that the text refers to: what it is called, and the bookmark around that."""

    label: Text
    number: int

    @property
    def bookmark(self) -> str:
        return f"_Ref{self.label.en.strip().lower()}{self.number}"

    def said(self, language: Language) -> str:
        return f"{self.label.say(language)}{self.number}"


def _set_sheet(document: Any, width: float) -> None:
    """Set A4 with the same margins on all sides."""
    from docx.shared import Inches

    page, margin = document.sections[0], Inches((SHEET[0] - width) / 2)
    page.page_width, page.page_height = map(Inches, SHEET)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = margin


def _set_fonts(document: Any) -> None:
    """Give every style a Chinese font beside the Latin one; Word asks for it apart."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    cells = document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = document.styles["Normal"]
    cells.font.size = Pt(LETTERS)
    cells.paragraph_format.space_after = Pt(0)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Caption", "List Bullet", CELL):
        style = document.styles[name]
        style.font.name = FONTS["latin"]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS["chinese"])
    captions, below = document.styles["Caption"].font, document.styles["Subtitle"]
    captions.bold, captions.color.rgb = False, RGBColor(0x40, 0x40, 0x40)
    below.font.italic, below.font.color.rgb = False, RGBColor.from_string(SOFT)
    below.font.size = Pt(10)
    for spacing in below.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)  # letters stand apart there, Chinese signs too far


def _set_dense(document: Any) -> None:
    """Make letters and the room between paragraphs small: all of it fits one sheet."""
    from docx.shared import Pt

    for name, size in SMALL.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.space_before = Pt(NEAR)
        style.paragraph_format.space_after = Pt(0 if name == CELL else NEAR)
    document.styles[CELL].paragraph_format.space_before = Pt(0)


def _set_language(document: Any) -> None:
    """Say which language the text is in; without it Chinese signs take forms of other countries."""
    from docx.oxml.ns import qn

    for told in document.styles.element.iter(qn("w:lang")):
        told.set(qn("w:val"), LANGUAGES["en"])
        told.set(qn("w:eastAsia"), LANGUAGES["zh"])


class _Writer:
    """Writes blocks into a document; captions are counted here as Word counts them."""

    def __init__(self, document: Any, charts: Path, language: Language, dense: bool) -> None:
        self.document, self.charts, self.language = document, charts, language
        self.dense = dense
        self.width = WIDE if dense else WIDTH
        self.counts: Counter[Text] = Counter()
        self.bookmarks = count(1)

    def write(self, report: Report, path: Path) -> None:
        """Write title, contents and sections."""
        document = self.document
        _set_sheet(document, self.width)
        _set_fonts(document)
        if self.dense:
            _set_dense(document)
        _set_language(document)
        document.core_properties.title = report.title
        document.core_properties.author = "Lantian"
        document.core_properties.language = LANGUAGES[self.language]
        document.add_heading(report.title, level=0)
        document.add_paragraph(report.below, style="Subtitle")
        if len(report.sections) > 1:
            self._contents(report.sections)
        for section in report.sections:
            self._section(section)
        document.save(str(path))

    def _contents(self, sections: Sequence[Section]) -> None:
        """Write a table of contents; Word fills in the pages when it is asked to update it."""
        self.document.add_paragraph(CONTENTS.say(self.language)).runs[0].bold = True
        for n, section in enumerate(sections):
            line = self.document.add_paragraph()
            line.paragraph_format.space_after = 0
            if n == 0:
                _mark(line._p, "begin")
                _instruct(line._p, CONTENTS_FIELD)
                _mark(line._p, "separate")
            _link(line._p, section.title, f"_Toc{section.id}")
            if n == len(sections) - 1:
                _mark(line._p, "end")

    def _section(self, section: Section) -> None:
        heading = self.document.add_heading(section.title, level=1)
        with _bookmarked(heading._p, f"_Toc{section.id}", next(self.bookmarks), whole=True):
            pass
        self._refer(section.blocks)
        for block in section.blocks:
            self._add(block)

    def _refer(self, blocks: Sequence[Block]) -> None:
        """Say which tables and figures follow, as references that go along with their numbers."""
        ahead, captions = self.counts.copy(), []
        for block in blocks:
            label = LABEL_OF.get(type(block))
            if label is not None:
                ahead[label] += 1
                captions.append(_Caption(label, ahead[label]))
        if not captions or self.dense:
            return
        before, after = SHOWN.say(self.language).split("{captions}")
        line = self.document.add_paragraph(before)
        line.paragraph_format.keep_with_next = True
        for n, caption in enumerate(captions):
            if n:
                line.add_run("、" if self.language == "zh" else ", ")
            code = f"REF {caption.bookmark} \\h"
            _field(line, code, caption.said(self.language))
        line.add_run(after)

    def _add(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.document.add_paragraph().add_run(block.text).bold = block.leading
            case Listing():
                for item in block.items:
                    self.document.add_paragraph(item, style="List Bullet")
            case Grid():
                self._caption(LABELS["table"], block.caption, keep=True)
                _table(self.document, block, self.width, SMALL[CELL] if self.dense else LETTERS)
            case Picture():
                self._picture(block)

    def _picture(self, picture: Picture) -> None:
        from docx.shared import Inches

        drawn = self.charts / f"{picture.stem}.{self.language}.png"
        shape = self.document.add_picture(str(drawn), width=Inches(PICTURE))
        if shape.height > Inches(TALLEST):
            shape.width, shape.height = (
                round(side * Inches(TALLEST) / shape.height) for side in (shape.width, shape.height)
            )
        properties = shape._inline.docPr
        properties.set("descr", picture.alt)
        properties.set("title", picture.title)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._caption(LABELS["figure"], f"{picture.title} {picture.caption}")

    def _caption(self, label: Text, text: str, keep: bool = False) -> None:
        """Add a caption whose number Word counts by itself, so that it can be referred to."""
        self.counts[label] += 1
        caption = _Caption(label, self.counts[label])
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.keep_together = True
        said = label.say(self.language)
        with _bookmarked(paragraph._p, caption.bookmark, next(self.bookmarks)):
            paragraph.add_run(said)
            _field(paragraph, f"SEQ {said.strip()} \\* ARABIC", str(caption.number))
        paragraph.add_run(f". {text}" if said.endswith(" ") else f" {text}")


def _table(document: Any, grid: Grid, width: float, letters: float) -> None:
    """Add a table; its cells are written as XML: looked up one by one they take long."""
    from docx.shared import Inches

    rows = [tuple(map(shown, row)) for row in (grid.heads, *grid.rows)]
    table = document.add_table(rows=0, cols=len(grid.heads))
    table.autofit = False
    widths = [Inches(own) for own in column_widths(grid, width, letters * WIDER / POINTS)]
    for column, own in zip(table.columns, widths, strict=True):
        column.width = own
    _rule(table)
    twips = [own.twips for own in widths]
    for n, row in enumerate(rows):
        kept = n < len(rows) - 1 and (n <= 1 or n >= len(rows) - 2 or len(rows) <= WHOLE)
        table._tbl.append(_row(row, twips, grid.numeric, head=n == 0, kept=kept))
    document.add_paragraph()


WHOLE = 14
"""Rows, its head counted, up to which a table is not parted over two pages."""


def _rule(table: Any) -> None:
    """Draw thin lines below the rows of a table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in {"val": "single", "sz": "4", "space": "0", "color": RULE}.items():
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)  # an order that Word insists on


def _row(
    cells: Sequence[str], widths: Sequence[int], numeric: Set[int], head: bool, kept: bool
) -> Any:
    """Return a row of a table; the head is repeated on each page, and no row goes over two.

    One that is kept stands on the page of the row below it.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    again = "<w:tblHeader/>" if head else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{BAND}"/>' if head else ""
    bold = "<w:rPr><w:b/></w:rPr>" if head else ""
    with_next = "<w:keepNext/>" if kept else ""
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{CELL}"/>{with_next}{RIGHT if at in numeric else ""}</w:pPr>'
        f'<w:r>{bold}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for at, (text, width) in enumerate(zip(cells, widths, strict=True))
    ]
    made = f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{again}</w:trPr>{''.join(parts)}</w:tr>"
    return parse_xml(made)


RIGHT = '<w:jc w:val="right"/>'
"""Numbers stand below each other by their last figures."""


@contextmanager
def _bookmarked(paragraph: Any, name: str, number: int, whole: bool = False) -> Iterator[None]:
    """Put a bookmark around what is added to a paragraph, or around all that it holds."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    if whole:
        paragraph.insert(1, start)  # after the properties of the paragraph
    else:
        paragraph.append(start)
    yield
    paragraph.append(end)


def _field(paragraph: Any, code: str, said: str) -> None:
    """Add a field and what it says until Word counts anew."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(_run(said))
    paragraph._p.append(field)


def _run(text: str) -> Any:
    from docx.oxml import OxmlElement

    run, said = OxmlElement("w:r"), OxmlElement("w:t")
    said.text = text
    run.append(said)
    return run


def _mark(paragraph: Any, kind: str) -> None:
    """Add the beginning, the middle or the end of a field that goes over several paragraphs."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run, mark = OxmlElement("w:r"), OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
    paragraph.append(run)


def _instruct(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run, told = OxmlElement("w:r"), OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = code
    run.append(told)
    paragraph.append(run)


def _link(paragraph: Any, text: str, bookmark: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.append(_run(text))
    paragraph.append(link)
