"""``lantian report``: one content as a page, a document and a workbook, each complete in itself."""

import math
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Paragraph

from integration.workbench import Finished, call
from lantian.handover.blocks import Grid
from lantian.handover.content import SECTIONS, gathered
from lantian.handover.native import ON_A_PAGE, PER_ROW
from lantian.handover.page import _parted
from lantian.handover.widths import column_widths
from lantian.handover.word import WHOLE
from lantian.language import Language
from lantian.report.lettering import width
from lantian.report.words import figures

EMU = 360_000
"""Of a drawing, in a centimetre."""


class Page(HTMLParser):
    """What a page holds, as far as a reader or a machine relies on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.heads: list[dict[str, str | None]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        if tag in ("img", "script", "link", "iframe", "source"):
            kinds = ("src", "href", "srcset")
            self.loads += [str(given[key]) for key in kinds if given.get(key)]
        if tag == "img":
            self.pictures.append(given)
        if tag == "th":
            self.heads.append(given)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def reports(
    tongzhou: Finished, district: Finished, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The whole report of a real plan in English, the page to decide from of one in Chinese."""
    out = tmp_path_factory.mktemp("reports")
    assert call("report", str(tongzhou.folder), "--out", str(out / "en")).code == 0
    small = ("report", str(district.folder), "--brief", "--format", "html,docx,xlsx")
    assert call("--lang", "zh", *small, "--out", str(out / "zh")).code == 0
    return {"en": out / "en", "zh": out / "zh"}


@pytest.fixture(scope="module")
def page(reports: dict[str, Path]) -> Page:
    return Page((reports["en"] / "report.en.html").read_text(encoding="utf-8"))


def test_every_kind_is_written(reports: dict[str, Path]) -> None:
    assert {p.name for p in reports["en"].glob("[!.]*")} == {
        "report.en.html", "report.en.docx", "report.en.xlsx"
    }  # fmt: skip
    assert {p.suffix for p in reports["zh"].glob("[!.]*")} == {".html", ".docx", ".xlsx"}


def test_page_needs_nothing_else(page: Page) -> None:
    assert page.pictures
    assert all(link.startswith("data:image/svg+xml;base64,") for link in page.loads)
    assert len(page.loads) == 2 * len(page.pictures)  # for a screen and for a phone
    inner = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    outer = {link for link in page.links if not link.startswith("#")}  # followed when asked for
    assert any("doi.org" in link for link in outer)
    assert all(link.startswith(("http://", "https://")) for link in outer)
    assert len(set(page.ids)) == len(page.ids)


def test_pictures_have_words_for_who_does_not_see_them(page: Page) -> None:
    assert all(str(picture["alt"]).strip() for picture in page.pictures)
    assert all(head.get("scope") == "col" for head in page.heads)


def test_every_section_has_something_to_say_of_a_real_plan(page: Page) -> None:
    on_request = {"robust"}  # where the scenario has a part of that name
    assert {name for name, _, _ in SECTIONS} - on_request <= set(page.ids)


def test_numbers_are_those_of_the_run(page: Page, tongzhou: Finished) -> None:
    text = " ".join(page.text)
    for target in tongzhou.summary["targets"]:
        if target["computed"]:
            scale = 100 if target["unit"] == "1" and target["limit"] <= 1 else 1
            assert figures(scale * target["value"]["plan"]) in text
            assert figures(scale * target["limit"]) in text
    cost = tongzhou.summary["cost"]["by_case"]
    assert f"{figures(cost['least_cost'] / 1e6)} million yuan/a" in text


def test_document_has_native_parts(reports: dict[str, Path]) -> None:
    document: Any = Document(str(reports["en"] / "report.en.docx"))
    heads = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    assert len(heads) >= len(SECTIONS)
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(document.inline_shapes) + len(document.tables)
    assert all("SEQ" in p._p.xml for p in captions)
    assert all(shape._inline.docPr.get("descr") for shape in document.inline_shapes)
    assert all("tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    spoken = re.findall(r'<w:lang [^>]*w:eastAsia="([^"]+)"', document.styles.element.xml)
    assert set(spoken) == {"zh-CN"}


def test_no_table_of_a_document_leaves_its_head_or_last_row_alone_on_a_page(
    reports: dict[str, Path],
) -> None:
    document: Any = Document(str(reports["en"] / "report.en.docx"))
    for table in document.tables:
        *rows, last = (["keepNext" in p._p.xml for p in row.cells[0].paragraphs]
                       for row in table.rows)  # fmt: skip
        assert not any(last)
        kept = [all(row) for row in rows]
        assert all(kept if len(rows) < WHOLE else [*kept[:2], kept[-1]])
        assert len(rows) < WHOLE or not all(kept)


def test_no_chart_of_a_workbook_is_printed_on_two_pages(reports: dict[str, Path]) -> None:
    sheet: Any = load_workbook(reports["en"] / "report.en.xlsx").worksheets[0]
    ends = [0, *sorted(mark.id for mark in sheet.row_breaks.brk)]
    assert len(ends) > 1
    anchors = [chart.anchor for chart in sheet._charts]
    places = sorted((a._from.row, a.ext.height / EMU / PER_ROW) for a in anchors)
    assert len({a._from.col for a in anchors}) == 1
    for end in ends[1:]:
        assert end + 1 in {top for top, _ in places}  # the next chart begins there
    for begin, end in zip(ends, [*ends[1:], 10**6], strict=True):
        last, tall = max(place for place in places if begin <= place[0] < end)
        assert (last + tall - begin) * PER_ROW <= ON_A_PAGE


def test_references_of_a_document_lead_to_its_captions(reports: dict[str, Path]) -> None:
    document: Any = Document(str(reports["en"] / "report.en.docx"))
    body = document.element.body.xml
    marks = re.findall(r'bookmarkStart [^>]*w:name="([^"]+)"', body)
    assert len(set(marks)) == len(marks)
    asked = re.findall(r'instr="REF (\S+) ', body) + re.findall(r'w:anchor="([^"]+)"', body)
    assert set(asked) == set(marks)
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    for kind in ("Table", "Figure"):
        own = [text for text in captions if text.startswith(f"{kind} .")]
        numbers = re.findall(rf"SEQ {kind} [^>]*>\s*<w:r>\s*<w:t>(\d+)</w:t>", body)
        assert numbers == [str(n + 1) for n in range(len(own))]
    assert round(document.sections[0].page_width.inches, 2) == 8.27


def test_charts_of_a_workbook_are_linked_to_the_numbers_of_the_run(
    reports: dict[str, Path], tongzhou: Finished
) -> None:
    sheet: Any = load_workbook(reports["en"] / "report.en.xlsx").worksheets[0]
    assert sheet.title == "Charts"
    linked = [s.val.numRef.f for chart in sheet._charts for s in chart.series]
    assert linked
    for place in linked:
        first, last = re.findall(r"\$([A-Z]+)\$(\d+)", place)
        assert any(sheet[f"{first[0]}{n}"].value is not None
                   for n in range(int(first[1]), int(last[1]) + 1))  # fmt: skip
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=4)]
    nox = next(t for t in tongzhou.summary["targets"] if t["id"] == "nox-total")
    at = next(n for n, row in enumerate(rows) if str(row[0]).endswith("[per cent of the limit]"))
    plan = rows[at + 1].index("Plan")
    assert rows[at + 2][plan] == pytest.approx(100 * nox["value"]["plan"] / nox["limit"])


def test_workbook_holds_the_tables_under_names_a_reader_knows(reports: dict[str, Path]) -> None:
    book = load_workbook(reports["zh"] / "brief.zh.xlsx")
    assert {"目标", "排放量"} <= set(book.sheetnames)
    sheet = book["目标"]
    assert sheet.freeze_panes == "A2"
    assert not re.search("[a-z]{4}", str(sheet["A2"].value))
    cases = {cell.value for cell in book["排放量"]["A"][1:]}
    assert cases >= {"基准情景", "方案", "最低成本"}
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.orientation) == (1, "landscape")


def test_the_page_to_decide_from_is_one_section(reports: dict[str, Path]) -> None:
    page = Page((reports["zh"] / "brief.zh.html").read_text(encoding="utf-8"))
    assert [name for name, _, _ in SECTIONS if name in page.ids] == ["decision"]
    assert not page.pictures


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_no_run_or_no_chart_is_told(
    tongzhou: Finished, tmp_path: Path, language: Language
) -> None:
    answer = call("--lang", language, "report", str(tmp_path))
    assert answer.code == 2
    assert "manifest.json" in answer.err
    answer = call("--lang", language, "report", str(tongzhou.folder), "--charts", "waterfal")
    assert answer.code == 2
    assert "waterfall" in answer.err


def test_some_charts_alone(tongzhou: Finished, tmp_path: Path) -> None:
    out = tmp_path / "charts"
    arguments = ("--charts", "shadow-prices", "--format", "svg", "--out", str(out))
    assert call("report", str(tongzhou.folder), *arguments).code == 0
    assert {p.name for p in out.glob("[!.]*")} == {
        "shadow-prices.en.svg", "shadow-prices.zh.svg", "shadow-prices.csv", "captions.md"
    }  # fmt: skip


def test_a_name_that_looks_like_html_stays_a_name(starter: Path, tmp_path: Path) -> None:
    root = shutil.copytree(starter, tmp_path / "mine", ignore=shutil.ignore_patterns("runs"))
    scenario = root / "scenarios" / "my-district.yaml"
    text = scenario.read_text(encoding="utf-8")
    evil = re.sub("(?m)^  en: .*$", "  en: '<script>alert(1)</script>'", text, count=1)
    assert evil != text
    scenario.write_text(evil, encoding="utf-8")
    assert call("run", "scenarios/my-district.yaml", "--no-charts", at=root).code == 0
    assert call("report", "runs/my-district", "--brief", "--format", "html", at=root).code == 0
    found = (root / "runs/my-district/report/brief.en.html").read_text(encoding="utf-8")
    assert "<script>alert" not in found
    assert "&lt;script&gt;alert(1)" in found


def test_pdf_holds_its_fonts_and_the_page_to_decide_from_is_one(
    tongzhou: Finished, district: Finished, tmp_path: Path
) -> None:
    """Read as text by what reads the PDF format itself: no viewer is at hand everywhere."""
    for language, run in (("zh", tongzhou), ("en", district)):
        out = tmp_path / language
        arguments = ("brief", str(run.folder), "--format", "pdf", "--out", str(out))
        assert call("--lang", language, *arguments).code == 0
        (path,) = out.glob("[!.]*")
        data = path.read_bytes()
        assert path.name == f"brief.{language}.pdf"
        assert data.count(b"/Type /Page\n") == 1
        assert b"/FontFile2" in data


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_page_to_decide_from_fits_one_sheet(
    language: str, tongzhou: Finished, tmp_path: Path
) -> None:
    """Lines are counted from widths of letters: no Word is at hand everywhere."""
    arguments = ("brief", str(tongzhou.folder), "--format", "docx", "--out", str(tmp_path))
    assert call("--lang", language, *arguments).code == 0
    document: Any = Document(str(tmp_path / f"brief.{language}.docx"))
    sheet = document.sections[0]
    room = sheet.page_width.pt - sheet.left_margin.pt - sheet.right_margin.pt
    tall = sheet.page_height.pt - sheet.top_margin.pt - sheet.bottom_margin.pt
    used = 0.0
    for own in document.paragraphs:
        size = (own.style.font.size or document.styles["Normal"].font.size).pt
        used += 1.25 * size * max(1, math.ceil(width(own.text) * size / room)) + 4
    for table in document.tables:
        for row in table.rows:
            cells = [(cell.text, cell.width.pt) for cell in row.cells]
            size = document.styles["Cell"].font.size.pt
            used += 1.25 * size * max(math.ceil(width(text) * size / w) for text, w in cells)
    assert used < tall


@pytest.mark.parametrize("room", range(40, 120, 7))
def test_no_line_of_a_chinese_pdf_begins_with_a_mark(
    district: Finished, tmp_path: Path, room: int
) -> None:
    write_nothing = ("brief", str(district.folder), "--format", "pdf", "--out", str(tmp_path))
    assert call("--lang", "zh", *write_nothing).code == 0
    registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("zh", fontName="STSong-Light", fontSize=10, wordWrap="CJK")
    fonts = "<font size='10'>目</font>标：甲，乙；丙：丁，戊；己"
    for text in ("目标：氮氧化物，限值；方案。最低成本、其他", fonts):
        paragraph = Paragraph(text * 3, style)
        paragraph.wrap(room, 1e4)
        lines = [_text_of(line) for line in paragraph.blPara.lines]
        assert len(lines) > 2
        assert [line for line in lines if line[:1] in tuple("，；：。、")] == []


def _text_of(line: Any) -> str:
    """Return a line that ReportLab broke, of one font or of several."""
    return "".join(line[1]) if isinstance(line, tuple) else "".join(w.text for w in line.words)


def test_charts_of_a_pdf_are_shapes_and_text_and_come_out_the_same(
    district: Finished, tmp_path: Path
) -> None:
    made = []
    for name in ("once", "again"):
        arguments = (
            "--format",
            "pdf",
            "--charts",
            "uptake,waterfall",
            "--out",
            str(tmp_path / name),
        )
        assert call("report", str(district.folder), "--format", "html", *arguments).code == 0
        made.append((tmp_path / name / "report.en.pdf").read_bytes())
    assert made[0] == made[1]
    assert b"/Subtype /Image" not in made[0]
    assert len(made[0]) < 300_000


def test_that_a_number_has_no_source_is_said_in_the_readers_language(
    district: Finished, tmp_path: Path
) -> None:
    arguments = ("report", str(district.folder), "--format", "html", "--charts", "uptake")
    assert call("--lang", "zh", *arguments, "--out", str(tmp_path)).code == 0
    page = (tmp_path / "report.zh.html").read_text(encoding="utf-8")
    assert "无公开出处：虚构数值" in page
    assert "No published source" not in page


@pytest.mark.parametrize(
    "cell", ["inputs/regions/china/fleet.csv:12", "<b>a/long/path/of/tags</b>", "plain words only"]
)
def test_a_cell_that_may_be_broken_says_the_same(cell: str) -> None:
    parted = str(_parted(cell))
    assert unescape(parted.replace("<wbr>", "")) == cell
    assert "<" not in parted.replace("<wbr>", "")
    assert ("<wbr>" in parted) == ("/" in cell)


def test_remarks_that_begin_alike_are_one() -> None:
    texts = ["share: a", "other", "share: b: c"]
    assert gathered(texts, "en") == ("Share: a; b: c", "Other")
    assert gathered(["共用：甲", "共用：乙"], "zh") == ("共用：甲；乙",)


def test_what_may_not_be_broken_has_its_room() -> None:
    heads = ("target", "limit", "value")
    rows = (
        (
            "A target with a name of many words, of which none is long",
            "≤\u00a07,149",
            "6,789\u00a0✓\u00a072%",
        ),
    )
    widths = column_widths(Grid("", heads, rows, frozenset()), 40.0, 1.0)
    assert sum(widths) == pytest.approx(40.0)
    assert widths[1] > width("≤\u00a07,149")
    assert widths[2] > width("6,789\u00a0✓\u00a072%")
    assert widths[0] < width(rows[0][0])


def test_kinds_are_those_asked_for(district: Finished, tmp_path: Path) -> None:
    """A page to decide from alone writes no document and no workbook, unless they are wanted."""
    wanted = {
        (): {"report.en.html", "report.en.docx", "report.en.xlsx"},
        ("--brief",): {"brief.en.html"},
        ("--format", "docx, pdf", "--charts", ""): {"report.en.docx", "report.en.pdf"},
    }
    for i, (options, names) in enumerate(wanted.items()):
        out = tmp_path / str(i)
        assert call("report", str(district.folder), *options, "--out", str(out)).code == 0
        assert {path.name for path in out.glob("[!.]*")} == names


@pytest.mark.parametrize(("charts", "titles"), [("uptake", 1), ("", 0)])
def test_a_page_has_the_charts_that_are_named(
    charts: str, titles: int, district: Finished, tmp_path: Path
) -> None:
    options = ("--format", "html", "--charts", charts, "--out", str(tmp_path / "out"))
    assert call("report", str(district.folder), *options).code == 0
    page = Page((tmp_path / "out" / "report.en.html").read_text(encoding="utf-8"))
    assert len(page.pictures) == titles


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", "--format", "html,dox"), "docx"),
        (("brief", "--format", "xlsx"), "html, docx or pdf"),
        (("report", "--format", "html", "--charts", "uptak"), "uptake"),
    ],
)
def test_formats_that_there_are_not_are_told(
    arguments: tuple[str, ...], told: str, district: Finished
) -> None:
    command, *options = arguments
    answer = call(command, str(district.folder), *options)
    assert answer.code == 2
    assert told in answer.err
