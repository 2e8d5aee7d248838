"""A run folder -> its report in the kinds and the language asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lantian.handover.blocks import Report
from lantian.handover.content import brief, build
from lantian.handover.native import add_charts, natives
from lantian.handover.page import write_page
from lantian.handover.pdf import write_pdf
from lantian.handover.told import Told
from lantian.handover.word import write_word
from lantian.report.captions import Entry
from lantian.report.frames import RunTables
from lantian.report.gallery import draw_gallery
from lantian.report.words import Words
from lantian.results.contract import tables_of
from lantian.store.workbook import write_workbook
from lantian.vocabulary import Language

Writer = Callable[[Report, Path, Language, Path], None]
WRITERS: Mapping[str, tuple[str, Writer]] = {
    "html": ("svg", write_page),
    "docx": ("png", write_word),
    "pdf": ("png", write_pdf),
}
"""Kind of report -> kind of picture it holds, and who writes it."""
WORKBOOK = "xlsx"
KINDS = (*WRITERS, WORKBOOK)
USUAL = {False: ("html", "docx", WORKBOOK), True: ("html",)}
"""Kinds that are written of a whole report, and of the page to decide from."""
NAMES = {False: "report", True: "brief"}


def write_report(
    run: Path,
    out: Path,
    kinds: Sequence[str],
    language: Language,
    short: bool = False,
    only: Sequence[str] | None = None,
) -> list[Path]:
    """Write the report of a run.

    Parameters
    ----------
    run
        Run folder.
    out
        Folder that the files go to.
    kinds
        Of :data:`KINDS`.
    language
        Language of the reader.
    short
        Whether only the decision page is wanted.
    only
        Ids of the charts that are in it; all by default.

    Returns
    -------
    list of Path
        The files written.
    """
    tables = RunTables(run)
    words = Words(language, tables.labels())
    asked = [kind for kind in kinds if kind in WRITERS]
    with TemporaryDirectory() as drawn:
        charts = Path(drawn)
        pictures = [] if short or not asked else _draw(run, charts, asked, language, only)
        told = Told(tables, words, pictures)
        report = brief(told) if short else build(told)
        written = [out / f"{NAMES[short]}.{language}.{kind}" for kind in kinds]
        for path, kind in zip(written, kinds, strict=True):
            if kind == WORKBOOK:
                _write_workbook(tables, words, language, path)
            else:
                WRITERS[kind][1](report, charts, language, path)
    return written


def _draw(
    run: Path, charts: Path, kinds: Sequence[str], language: Language, only: Sequence[str] | None
) -> list[Entry]:
    formats = sorted({WRITERS[kind][0] for kind in kinds})
    return draw_gallery(run, charts, (language,), formats, only=only).entries


def _write_workbook(tables: RunTables, words: Words, language: Language, path: Path) -> None:
    """Write every table of a run that a reader looks at; display names of ids need no sheet."""
    names = (t.name for t in tables_of("run") if t.name != "labels")
    frames = (tables.table(name) for name in names if tables.has(name))
    charts = natives(tables, words)
    more = partial(add_charts, charts=charts, language=language)
    write_workbook(frames, words.name, language, path, more)
