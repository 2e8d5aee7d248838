"""All charts of a run, with the captions a report writer pastes."""

import ctypes
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from html import escape
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lantian.report import style
from lantian.report.chart import Chart, Page, all_charts
from lantian.report.frames import NoData, RunTables
from lantian.report.words import Text, Words, width
from lantian.vocabulary import Language

_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
_PNG_COMPRESSION = 3  # of 9; higher takes longer and saves 2 per cent
_MOST_WORKERS = 4
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

    def text(self, template: Text) -> str:
        """Return a text of the chart with the values of its rows."""
        return self.words.say(template, **self.chart.facts(self.rows, self.words))

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
        What to draw; formats are those of matplotlib.

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
    jobs, notes = _collect(RunTables(run), languages, only)
    with style.context(_signs(jobs)):
        files = _draw_all(jobs, out, formats, _workers() if workers is None else workers)
    captions = out / "captions.md"
    entries = [job.entry() for job in jobs]
    captions.write_text(_captions(entries, notes, languages), encoding="utf-8")
    return Gallery([*files, captions], entries, notes)


def _signs(jobs: Sequence[Job]) -> set[str]:
    """Return every sign that a run's own names can bring into a chart."""
    texts = {text for job in jobs for text in (job.source, job.place)}
    for words in {id(job.words): job.words for job in jobs}.values():
        texts.update(name for label in words.labels.items() for name in (label[0], *label[1]))
    for job in jobs:
        for column in job.rows.select_dtypes(exclude="number"):
            texts.update(str(value) for value in job.rows[column].unique())
    return {sign for text in texts for sign in text if sign.isprintable()}


def _workers() -> int:
    """Return how many processes help: one where a fork is not safe or there is one core."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


def _draw_all(jobs: Sequence[Job], out: Path, formats: Sequence[str], workers: int) -> list[Path]:
    """Draw all jobs, in forked processes that inherit font and style, or else one by one."""
    draw = partial(_draw, out=out, formats=formats)
    if workers > 1 and len(jobs) > 1:
        fork = get_context("fork")
        try:
            with ProcessPoolExecutor(
                workers, mp_context=fork, initializer=_begin, initargs=(os.getpid(),)
            ) as pool:
                return [path for paths in pool.map(draw, jobs) for path in paths]
        except (BrokenProcessPool, OSError):  # no memory or no right to fork: the slow way works
            pass
    return [path for job in jobs for path in draw(job)]


_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux."""


def _begin(parent: int) -> None:
    """Make a worker ready: it ends when its parent is killed, and would else wait for ever."""
    gc.disable()
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before
        os.kill(os.getpid(), signal.SIGKILL)


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


def _draw(job: Job, out: Path, formats: Sequence[str]) -> list[Path]:
    figure = build_figure(job)
    paths = [out / f"{job.stem}.{job.words.language}.{kind}" for kind in formats]
    for path, kind in zip(paths, formats, strict=True):
        if kind == "png":
            _write_png(figure, path)
        else:
            figure.savefig(path, format=kind, metadata=_METADATA.get(kind))
    return paths


def _write_png(figure: Figure, path: Path) -> None:
    """Write a PNG without transparency, a third faster than ``savefig``."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    seen = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    pixels = Image.frombuffer("RGBA", canvas.get_width_height(), seen, "raw", "RGBA", 0, 1)
    pixels.convert("RGB").save(path, compress_level=_PNG_COMPRESSION, dpi=(style.DPI, style.DPI))


def build_figure(job: Job) -> Figure:
    """Return the finished figure of a job."""
    height = job.chart.height(job.rows)
    figure = Figure(figsize=(style.WIDTH, height), dpi=style.DPI, facecolor="#ffffff")
    left = style.MARGIN / style.WIDTH
    title = job.heading()
    room = (style.WIDTH - 2 * style.MARGIN) * style.POINTS
    size = min(style.TITLE, room / max(width(title[0]), 1.0))
    figure.text(left, 1 - style.MARGIN / height, title[0], size=size, va="top")
    for line in title[1:]:
        y = 1 - (style.MARGIN + 0.24) / height
        figure.text(left, y, line, size=style.SMALL, color=style.GREY, va="top")
    figure.text(left, 0.08 / height, job.source, size=style.TINY, color=style.GREY, va="bottom")
    job.chart.draw(Page(figure, job.words, style.WIDTH, height, job.colours), job.rows)
    return figure


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
        f"## {_safe(heading)}\n\n`{entry.stem}.{entry.language}`\n\n"
        f"**{caption}**{colon}{_safe(entry.caption)}\n\n**{alt}**{colon}{_safe(entry.alt)}"
    )


def _safe(text: str) -> str:
    """Return a text whose names hold no live HTML and no links, wherever Markdown is shown."""
    return escape(text, quote=False).replace("[", "\\[").replace("]", "\\]")
