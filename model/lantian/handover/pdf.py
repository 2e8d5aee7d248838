"""A report as a PDF: contents, bookmarks, tables that go over pages, fonts within."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from lantian.handover.blocks import Block, Grid, Listing, Paragraph, Picture, Report
from lantian.handover.page import CONTENTS, HTML_LANGUAGES
from lantian.handover.sheet import sheet
from lantian.handover.widths import column_widths, shown
from lantian.language import Text
from lantian.report import style
from lantian.report.document import make_font
from lantian.report.lettering import Face, by_face
from lantian.report.paper import Paper
from lantian.vocabulary import Language

SIZE, LEADING, SMALL = 9.5, 13.0, 8.0
"""Size of letters, distance of lines, letters of tables and captions [point]."""
HEADINGS = {"Title": 17.0, "Heading1": 13.0}
MARGIN = 48.0
"""Of an A4 page [point]."""
ABOVE = 50.0
"""Room for the heading above a picture [point]."""
INK, SOFT, BAND, RULE = "#1b1f24", "#57606a", "#f3f5f7", "#d0d7de"
NEVER_FIRST = "，；：？！》’”％"
"""Marks that begin no line of Chinese and that ReportLab does not know as such."""
PAGE = Text("Page {n}", "第 {n} 页")


def write_pdf(report: Report, papers: Mapping[str, Paper], language: Language, path: Path) -> None:
    """Write a report as a PDF.

    Parameters
    ----------
    report
        Content.
    papers
        Its charts on paper, by the stem of their pictures.
    language
        Language of the reader.
    path
        File to write.
    """
    written = _written(report, papers, language)
    _let_marks_hang()
    with TemporaryDirectory() as folder:
        _Writer(report, papers, language, _registered(written, language, Path(folder))).save(path)


def _let_marks_hang() -> None:
    """Have ReportLab set a mark that would begin a line at the end of the one before.

    It does so with those of Japanese, which are constants of two of its modules.
    """
    from reportlab.lib import textsplit
    from reportlab.platypus import paragraph

    for module in (textsplit, paragraph):
        if NEVER_FIRST not in module.ALL_CANNOT_START:
            module.ALL_CANNOT_START += NEVER_FIRST


def _written(
    report: Report, papers: Mapping[str, Paper], language: Language
) -> Iterator[tuple[Face, str]]:
    """Yield all that is written, by the fonts that it is written in."""
    for text in (*_texts(report), CONTENTS.say(language), PAGE.say(language), "0123456789 .•"):
        yield from by_face(text)
    for paper in papers.values():
        for label in paper.labels:
            yield from ((run.face, run.text) for run in label.line.runs)


def _registered(
    written: Iterable[tuple[Face, str]], language: Language, folder: Path
) -> dict[Face, str]:
    """Return the names of fonts that have just the signs of a report; a PDF takes no others."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    signs: dict[Face, set[str]] = {}
    for face, part in written:
        signs.setdefault(face, set()).update(part)
    names = {}
    for face, own in signs.items():
        names[face] = f"{face.family.replace(' ', '')}-{language}"
        file = folder / f"{names[face]}.ttf"
        make_font(face, sorted(own), [], file)
        registerFont(TTFont(names[face], str(file)))
    return names


def _texts(report: Report) -> Iterator[str]:
    yield from (report.title, report.below)
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from _texts_of(block)


def _texts_of(block: Block) -> Iterable[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Listing():
            return block.items
        case Picture():
            return [block.title, block.caption]
        case Grid():
            cells = (shown(cell) for row in block.rows for cell in row)
            return [block.caption, *block.heads, *cells]


class _Writer:
    """Lays a report out on pages."""

    def __init__(
        self,
        report: Report,
        papers: Mapping[str, Paper],
        language: Language,
        fonts: dict[Face, str],
    ) -> None:
        self.report, self.papers, self.language, self.fonts = report, papers, language, fonts
        self.main = next(iter(fonts.values()))
        self.styles = self._styles()

    def save(self, path: Path) -> None:
        """Lay out twice, so that the contents know their pages."""
        from reportlab.lib.pagesizes import A4
        from reportlab.platypus import BaseDocTemplate, Frame, KeepInFrame, PageTemplate

        writer = self

        class Book(BaseDocTemplate):  # type: ignore[misc]
            def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - a name of ReportLab's
                """Note a heading for the contents and as a bookmark."""
                key = getattr(flowable, "section", None)
                if key is not None:
                    title = flowable.getPlainText()
                    self.canv.bookmarkPage(key)
                    self.canv.addOutlineEntry(title, key, 0)
                    self.notify("TOCEntry", (0, writer.marked(title), self.page, key))

        book = Book(
            str(path),
            pagesize=A4,
            title=self.report.title,
            author="Lantian",
            lang=HTML_LANGUAGES[self.language],
            invariant=1,  # the same run gives the same bytes
        )
        self.room = A4[0] - 2 * MARGIN
        self.tall = A4[1] - 2 * MARGIN - LEADING
        whole = A4[1] - 2 * MARGIN
        frame = Frame(MARGIN, MARGIN, self.room, whole, 0, 0, 0, 0)
        book.addPageTemplates(PageTemplate(frames=[frame], onPage=self._foot))
        story = list(self._story())
        if len(self.report.sections) == 1:  # the page to decide from is one, whatever it says
            story = [KeepInFrame(self.room, whole, story, mode="shrink")]
        book.multiBuild(story)

    def _foot(self, canvas: Any, book: Any) -> None:
        canvas.setFont(self.main, SMALL)
        canvas.setFillColor(SOFT)
        canvas.drawCentredString(
            book.pagesize[0] / 2, MARGIN / 2, PAGE.say(self.language, n=str(book.page))
        )

    def _styles(self) -> dict[str, Any]:
        from reportlab.lib.styles import ParagraphStyle

        plain = ParagraphStyle(
            "Plain", fontName=self.main, fontSize=SIZE, leading=LEADING, textColor=INK,
            spaceAfter=6, wordWrap="CJK" if self.language == "zh" else None,
        )  # fmt: skip
        styles = {"Plain": plain}
        for name, size in HEADINGS.items():
            styles[name] = ParagraphStyle(
                name, plain, fontSize=size, leading=1.25 * size, spaceBefore=size, keepWithNext=1
            )
        further: dict[str, dict[str, Any]] = {
            "Leading": {"fontSize": SIZE + 1.5, "leading": LEADING + 2},
            "Soft": {"textColor": SOFT},
            "Small": {"fontSize": SMALL, "leading": 1.3 * SMALL, "spaceAfter": 0},
            "Number": {"fontSize": SMALL, "leading": 1.3 * SMALL, "spaceAfter": 0, "alignment": 2},
            "Caption": {"fontSize": SMALL, "leading": 1.3 * SMALL, "textColor": SOFT},
            "Head": {"keepWithNext": 1, "spaceBefore": 8},
        }
        return styles | {name: ParagraphStyle(name, plain, **own) for name, own in further.items()}

    def marked(self, text: str) -> str:
        """Return a text with signs that the main font lacks set in another."""
        parts = [(self.fonts[face], escape(part)) for face, part in by_face(text)]
        return "".join(
            part if font == self.main else f'<font name="{font}">{part}</font>'
            for font, part in parts
        )

    def _set(self, text: str, style: str) -> Any:
        from reportlab.platypus import Paragraph as Set

        return Set(self.marked(text), self.styles[style])

    def _story(self) -> Iterator[Any]:
        from reportlab.platypus.tableofcontents import TableOfContents

        yield self._set(self.report.title, "Title")
        yield self._set(self.report.below, "Soft")
        if len(self.report.sections) > 1:
            yield self._set(CONTENTS.say(self.language), "Head")
            yield TableOfContents(levelStyles=[self.styles["Plain"]], dotsMinLevel=-1)
        for section in self.report.sections:
            heading = self._set(section.title, "Heading1")
            heading.section = section.id
            yield heading
            for block in section.blocks:
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Any]:
        match block:
            case Paragraph():
                yield self._set(block.text, "Leading" if block.leading else "Plain")
            case Listing():
                yield from (self._set(f"• {item}", "Plain") for item in block.items)
            case Grid():
                yield self._set(block.caption, "Head")
                yield self._table(block)
            case Picture():
                yield from self._picture(block)

    def _table(self, grid: Grid) -> Any:
        from reportlab.platypus import Table, TableStyle

        rows = [
            [
                self._set(shown(cell), "Number" if at in grid.numeric else "Small")
                for at, cell in enumerate(row)
            ]
            for row in (grid.heads, *grid.rows)
        ]
        rules = [
            ("BACKGROUND", (0, 0), (-1, 0), BAND),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            *((f"{side}PADDING", (0, 0), (-1, -1), 3) for side in ("LEFT", "RIGHT")),
            *((f"{side}PADDING", (0, 0), (-1, -1), 1.5) for side in ("TOP", "BOTTOM")),
        ]
        return Table(
            rows,
            colWidths=column_widths(grid, self.room, SMALL),
            repeatRows=1,
            style=TableStyle(rules),
            spaceAfter=8,
        )

    def _picture(self, picture: Picture) -> Iterator[Any]:
        paper = self.papers[picture.stem]
        caption = self._set(f"{picture.title} {picture.caption}", "Caption")
        free = self.tall - caption.wrap(self.room, self.tall)[1] - ABOVE
        across, up = (style.POINTS * side for side in (paper.width, paper.height))
        drawn = sheet(paper, min(self.room / across, free / up), self.fonts)
        drawn.keepWithNext = True  # neither its heading nor its caption is left behind
        yield from (drawn, caption)
