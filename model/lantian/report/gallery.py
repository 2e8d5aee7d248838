"""All charts of a run, with the captions a report writer pastes."""

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from lantian.report import style
from lantian.report.chart import Chart, Page, all_charts
from lantian.report.frames import NoData, RunTables
from lantian.report.lettering import width
from lantian.report.paper import Paper
from lantian.report.raster import draw_png
from lantian.report.vector import draw_svg
from lantian.report.words import Text, Words
from lantian.vocabulary import Language

_FORMATS: dict[str, Callable[[Paper], bytes]] = {
    "png": lambda paper: draw_png(paper, style.DPI),
    "svg": lambda paper: draw_svg(paper).encode("utf-8"),
}
_PROCESSES = 2  # with more, starting them takes longer than what they save
_CAPTIONS = {
    "heading": Text("Charts: captions and alternative texts", "图件：图题说明与替代文本"),
    "caption": Text("Caption", "图注"),
    "alt": Text("Alternative text", "替代文本"),
    "skipped": Text("Not drawn", "未绘制"),
}
_FIGURE = Text("Figure {n}. {title}", "图{n} {title}")


@dataclass(frozen=True)
class Entry:
    """The texts of one figure in one language, for whoever places it in a report."""

    stem: str
    language: Language
    title: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Job:
    """One figure in one language: its texts are filled, its rows are ready."""

    chart: Chart
    stem: str
    rows: pd.DataFrame
    words: Words
    source: str
    place: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)

    def heading(self) -> list[str]:
        """Return the title, with the region it is of, and the line below it if any."""
        title, *below = self.text(self.chart.title).split("\n")
        if not self.place:
            return [title, *below]
        if self.words.language == "zh":
            return [f"{self.place}{title}", *below]
        lowered = title[:1].lower() if title[1:2].islower() else title[:1]
        return [f"{self.place}: {lowered}{title[1:]}", *below]

    @cached_property
    def facts(self) -> dict[str, str]:
        """Return the values of the chart's rows that its texts hold."""
        return self.chart.facts(self.rows, self.words)

    def text(self, template: Text) -> str:
        """Return a text of the chart with the values of its rows."""
        return self.words.say(template, **self.facts)

    def entry(self) -> Entry:
        """Return the texts that go beside the figure."""
        title = self.heading()[0]
        caption, alt = self.text(self.chart.caption), self.text(self.chart.alt)
        return Entry(self.stem, self.words.language, title, caption, alt)


@dataclass(frozen=True)
class Gallery:
    """What was written, its texts in gallery order, and why the rest was not drawn."""

    files: list[Path]
    entries: list[Entry]
    notes: list[tuple[str, Text]]


def draw_charts(
    run: Path,
    out: Path,
    languages: Sequence[Language] = ("zh", "en"),
    formats: Sequence[str] = ("png", "svg"),
) -> list[Path]:
    """Draw every chart a run has the tables for and write ``captions.md``.

    Parameters
    ----------
    run
        Run folder with ``tables/`` and ``summary.json``.
    out
        Folder the files go to; made when missing.
    languages, formats
        What to draw; formats are ``png`` and ``svg``.

    Returns
    -------
    list of Path
        The files written, captions last.
    """
    return draw_gallery(run, out, languages, formats).files


def draw_gallery(
    run: Path,
    out: Path,
    languages: Sequence[Language] = ("zh", "en"),
    formats: Sequence[str] = ("png", "svg"),
    workers: int | None = None,
    only: Sequence[str] | None = None,
) -> Gallery:
    """Draw as :func:`draw_charts` does and also say which charts were skipped and why.

    Parameters
    ----------
    run, out, languages, formats
        As for :func:`draw_charts`.
    workers
        Processes to draw with; as many as help when not given.
    only
        Ids of the charts to draw; all when not given.

    Returns
    -------
    Gallery
        Files written, texts, and reasons.
    """
    out.mkdir(parents=True, exist_ok=True)
    with _collector_off():
        jobs, notes = _collect(RunTables(run), languages, only)
        _draw_all(jobs, out, formats, _workers() if workers is None else workers)
        entries = [job.entry() for job in jobs]
    captions = out / "captions.md"
    captions.write_text(_captions(entries, notes, languages), encoding="utf-8")
    return Gallery([*_paths(jobs, out, formats), captions], entries, notes)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep the collector from walking again and again through all that a run has loaded."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _workers() -> int:
    """Return how many processes help: one where a fork is not safe or there is one core."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _PROCESSES)


def _draw_all(jobs: Sequence[Job], out: Path, formats: Sequence[str], workers: int) -> None:
    """Draw all jobs, in turn by this process and by forks that inherit its tables."""
    shares = [jobs[n::workers] for n in range(workers)]
    helped = [(_begin(share, out, formats), share) for share in shares[1:] if share]
    _draw_jobs(shares[0], out, formats)
    for helper, share in helped:
        if helper:
            helper.join()
        if helper is None or helper.exitcode:  # no memory or right to fork, or an error to show
            _draw_jobs(share, out, formats)


def _begin(
    jobs: Sequence[Job], out: Path, formats: Sequence[str]
) -> multiprocessing.process.BaseProcess | None:
    """Begin to draw in a fork; nothing where there can be none."""
    process = multiprocessing.get_context("fork").Process(
        target=_draw_quietly, args=(jobs, out, formats)
    )
    with suppress(OSError):
        process.start()
        return process
    return None


def _draw_quietly(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> None:
    """Draw, and leave it to the process that asked for it to say what went wrong."""
    try:
        _draw_jobs(jobs, out, formats)
    except Exception:
        raise SystemExit(1) from None


def _draw_jobs(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> None:
    for job in jobs:
        paper = draw_paper(job)
        for path, kind in zip(_paths([job], out, formats), formats, strict=True):
            path.write_bytes(_FORMATS[kind](paper))


def _paths(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> list[Path]:
    return [out / f"{job.stem}.{job.words.language}.{kind}" for job in jobs for kind in formats]


def _collect(
    tables: RunTables, languages: Iterable[Language], only: Sequence[str] | None = None
) -> tuple[list[Job], list[tuple[str, Text]]]:
    labels = tables.labels()
    readers = [
        (Words(code, labels), tables.source_line(code), tables.place(code)) for code in languages
    ]
    colours = style.sector_colours(style.sector_order(tables.sectors()))
    jobs: list[Job] = []
    notes: list[tuple[str, Text]] = []
    for chart in all_charts():
        if only is not None and chart.id not in only:
            continue
        try:
            parts = chart.parts(chart.frame(tables))
        except NoData as missing:
            notes.append((chart.id, missing.why))
            continue
        jobs += [
            Job(chart, stem, rows.reset_index(drop=True), words, source, place, colours)
            for stem, rows in parts
            for words, source, place in readers
        ]
    return jobs, notes


def draw_paper(job: Job) -> Paper:
    """Return the finished chart of a job on paper."""
    height = job.chart.height(job.rows)
    paper = Paper(style.WIDTH, height)
    left, room = style.MARGIN, (style.WIDTH - 2 * style.MARGIN) * style.POINTS
    title, *below = job.heading()
    size = min(style.TITLE, room / max(width(title), 1.0))
    paper.write(title, left, style.MARGIN, size, level="top")
    for line in below:
        paper.write(line, left, style.MARGIN + 0.24, style.SMALL, style.GREY, level="top")
    paper.write(job.source, left, height - 0.08, style.TINY, style.GREY, level="bottom")
    job.chart.draw(Page(paper, job.words, job.colours), job.rows)
    return paper


def _captions(
    entries: Sequence[Entry], notes: Sequence[tuple[str, Text]], languages: Sequence[Language]
) -> str:
    blocks = []
    for language in languages:
        blocks.append(f"# {_CAPTIONS['heading'].say(language)}")
        own = [entry for entry in entries if entry.language == language]
        blocks += [_caption(number, entry) for number, entry in enumerate(own, 1)]
        if notes:
            listed = [f"- `{chart}`: {why.say(language)}" for chart, why in notes]
            blocks.append("\n".join([f"## {_CAPTIONS['skipped'].say(language)}", "", *listed]))
    return "\n\n".join(blocks) + "\n"


def _caption(number: int, entry: Entry) -> str:
    heading = _FIGURE.say(entry.language, n=str(number), title=entry.title)
    caption, alt = (_CAPTIONS[part].say(entry.language) for part in ("caption", "alt"))
    colon = "：" if entry.language == "zh" else ": "
    return (
        f"## {heading}\n\n`{entry.stem}.{entry.language}`\n\n"
        f"**{caption}**{colon}{entry.caption}\n\n**{alt}**{colon}{entry.alt}"
    )
