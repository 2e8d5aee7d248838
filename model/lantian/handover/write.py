"""A run folder -> its report in the kinds and the language asked for."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from lantian.handover.content import brief, build
from lantian.handover.native import add_charts, natives
from lantian.handover.page import SHEETS, write_page
from lantian.handover.pdf import write_pdf
from lantian.handover.told import Told
from lantian.handover.word import write_word
from lantian.report.captions import Entry
from lantian.report.frames import RunTables
from lantian.report.gallery import collect, draw_gallery, draw_paper
from lantian.report.layout import LayoutName
from lantian.report.paper import Paper
from lantian.report.words import Words
from lantian.results.contract import tables_of
from lantian.store.workbook import write_workbook
from lantian.vocabulary import Language

PICTURES: Mapping[str, tuple[str, tuple[LayoutName, ...]] | None] = {
    "html": ("svg", SHEETS),
    "docx": ("png", ("page",)),
    "pdf": None,
}
"""Kind of report -> the pictures it holds and their sheets; a PDF draws its own."""
WORKBOOK = "xlsx"
KINDS = (*PICTURES, WORKBOOK)
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
    asked = [kind for kind in kinds if kind in PICTURES and not short]
    with TemporaryDirectory() as folder:
        charts = Path(folder)
        entries, papers = _draw(tables, charts, asked, language, only)
        told = Told(tables, words, entries)
        report = brief(told) if short else build(told)
        written = {kind: out / f"{NAMES[short]}.{language}.{kind}" for kind in kinds}
        for kind, path in written.items():
            match kind:
                case "html":
                    write_page(report, charts, language, path)
                case "docx":
                    write_word(report, charts, language, path)
                case "pdf":
                    write_pdf(report, papers, language, path)
                case _:
                    _write_workbook(tables, words, language, path)
    return list(written.values())


def _draw(
    tables: RunTables,
    charts: Path,
    kinds: Sequence[str],
    language: Language,
    only: Sequence[str] | None,
) -> tuple[list[Entry], dict[str, Paper]]:
    """Draw the charts that some kinds of report hold: the texts beside them, and on paper."""
    if not kinds:
        return [], {}
    for kind in kinds:
        files = PICTURES[kind]
        if files is not None:
            form, sheets = files
            draw_gallery(tables, charts, (language,), formats=(form,), only=only, layouts=sheets)
    jobs, _ = collect(tables, (language,), only=only)
    papers = {job.stem: draw_paper(job) for job in jobs} if "pdf" in kinds else {}
    return [job.entry() for job in jobs], papers


def _write_workbook(tables: RunTables, words: Words, language: Language, path: Path) -> None:
    """Write every table of a run that a reader looks at; display names of ids need no sheet."""
    names = (t.name for t in tables_of("run") if t.name != "labels")
    frames = (tables.table(name) for name in names if tables.has(name))
    charts = natives(tables, words)
    more = partial(add_charts, charts=charts, language=language)
    write_workbook(frames, words.name, language, path, more)
