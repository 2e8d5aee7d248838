"""All charts of a run, with the captions a report writer pastes."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path

from lantian.report import style
from lantian.report.captions import Entry, write_captions, write_drawn
from lantian.report.chart import Chart, Page, all_charts
from lantian.report.frames import Asked, NoData, RunTables
from lantian.report.layout import LAYOUTS, PAGE, Layout, LayoutName
from lantian.report.lettering import PITCH, unprintable, wrap
from lantian.report.origin import Origin, origin_of
from lantian.report.paper import Paper
from lantian.report.raster import draw_png
from lantian.report.vector import draw_svg
from lantian.report.words import Text, Words
from lantian.results.frame import Frame
from lantian.vocabulary import Language


def _draw_pdf(paper: Paper) -> bytes:
    """Return a PDF; what that takes is loaded when one is asked for."""
    from lantian.report.document import draw_pdf

    return draw_pdf(paper)


_FORMATS: dict[str, Callable[[Paper], bytes]] = {
    "png": lambda paper: draw_png(paper, style.DPI),
    "svg": lambda paper: draw_svg(paper).encode("utf-8"),
    "pdf": _draw_pdf,
}
_PROCESSES = 2  # with more, starting them takes longer than what they save


@dataclass(frozen=True)
class Job:
    """One figure in one language on one kind of sheet: its rows are ready."""

    chart: Chart
    stem: str
    drawn: Frame
    words: Words
    origin: Origin
    layout: Layout = PAGE
    place: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_stem(self) -> str:
        """Return the name of its files, without the kind."""
        return f"{self.stem}{self.layout.suffix()}.{self.words.language}"

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
        return self.chart.facts(self.drawn, self.words)

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
    """What was written, its texts in gallery order, and why the rest was not drawn.

    ``unprintable`` are signs that no font has: boxes stand for them.
    """

    files: list[Path]
    entries: list[Entry]
    notes: list[tuple[str, Text]]
    unprintable: list[str]


def draw_gallery(
    run: Path | RunTables,
    out: Path,
    languages: Sequence[Language] = ("zh", "en"),
    formats: Sequence[str] = ("png", "svg"),
    workers: int | None = None,
    only: Sequence[str] | None = None,
    layouts: Sequence[LayoutName] = ("page",),
) -> Gallery:
    """Draw every chart that a run has the tables for and write ``captions.md``.

    Parameters
    ----------
    run
        Run folder with ``tables/`` and ``summary.json``, or its tables, or those of runs side by
        side.
    out
        Folder the files go to; made when missing.
    languages, formats, layouts
        What to draw; formats are ``png``, ``svg`` and ``pdf``.
    workers
        Processes to draw with; as many as help when not given.
    only
        Ids of the charts to draw; all when not given.

    Returns
    -------
    Gallery
        Files written, captions last; texts; why charts were skipped; signs that no font has.
    """
    out.mkdir(parents=True, exist_ok=True)
    with _collector_off():
        tables = run if isinstance(run, RunTables) else RunTables(run)
        jobs, notes = collect(tables, languages, layouts, only)
        boxes = _draw_all(jobs, out, formats, _workers() if workers is None else workers)
        first = [job for job in jobs if job.layout.name == layouts[0]]
        entries = [job.entry() for job in first]
        drawn = write_drawn({job.stem: job.drawn for job in first}, tables.labels(), out)
    captions = out / "captions.md"
    captions.write_text(write_captions(entries, notes, languages), encoding="utf-8")
    files = [*_paths(jobs, out, formats), *drawn, captions]
    return Gallery(files, entries, notes, sorted(boxes))


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


def _draw_all(jobs: Sequence[Job], out: Path, formats: Sequence[str], workers: int) -> set[str]:
    """Draw all jobs, in turn by this process and by forks that inherit its tables.

    Returns the signs that no font has.
    """
    shares = [jobs[n::workers] for n in range(workers)]
    helped = [(_begin(share, out, formats), share) for share in shares[1:] if share]
    boxes = _draw_jobs(shares[0], out, formats)
    for helper, share in helped:
        told = helper.end() if helper else None
        # None: no memory or right to fork, or an error to show
        boxes |= _draw_jobs(share, out, formats) if told is None else told
    return boxes


@dataclass(frozen=True)
class _Helper:
    """A fork that draws, and where it tells the signs that no font has."""

    process: multiprocessing.process.BaseProcess
    told: Connection

    def end(self) -> set[str] | None:
        """Wait for its end; return what it told, None if it failed."""
        boxes: set[str] | None = None
        with suppress(EOFError):
            boxes = self.told.recv()
        self.process.join()
        return boxes


def _begin(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> _Helper | None:
    """Begin to draw in a fork; nothing where there can be none."""
    context = multiprocessing.get_context("fork")
    told, tell = context.Pipe(duplex=False)
    process = context.Process(target=_draw_quietly, args=(jobs, out, formats, tell))
    with suppress(OSError), tell:
        process.start()
        return _Helper(process, told)
    return None


_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux, the one system where charts are drawn in forks."""


def _draw_quietly(jobs: Sequence[Job], out: Path, formats: Sequence[str], tell: Connection) -> None:
    """Draw, and leave it to the process that asked for it to say what went wrong.

    Where that is killed, nobody needs the pictures: they would come into a folder in removal.
    """
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    asked = multiprocessing.parent_process()
    if asked is None or asked.pid != os.getppid():
        raise SystemExit(1)  # it was killed before this one could ask to die with it
    try:
        tell.send(_draw_jobs(jobs, out, formats))
    except Exception:
        raise SystemExit(1) from None


def _draw_jobs(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> set[str]:
    """Draw jobs one after another; return the signs that no font has."""
    boxes: set[str] = set()
    for job in jobs:
        paper = draw_paper(job)
        boxes.update(*(unprintable(label.text) for label in paper.labels))
        for path, kind in zip(_paths([job], out, formats), formats, strict=True):
            path.write_bytes(_FORMATS[kind](paper))
    return boxes


def _paths(jobs: Sequence[Job], out: Path, formats: Sequence[str]) -> list[Path]:
    return [out / f"{job.file_stem}.{kind}" for job in jobs for kind in formats]


def collect(
    tables: RunTables,
    languages: Sequence[Language],
    layouts: Sequence[LayoutName] = ("page",),
    only: Sequence[str] | None = None,
) -> tuple[list[Job], list[tuple[str, Text]]]:
    """Return what is to be drawn, and which charts a run lacks the tables for.

    Parameters
    ----------
    tables
        The run.
    languages, layouts
        What to draw.
    only
        Ids of the charts to draw; all when not given.

    Returns
    -------
    list of Job
        In gallery order; the languages of one figure come one after another.
    list of tuple
        Id of a chart and why it is not drawn.
    """
    labels, origin = tables.labels(), origin_of(tables)
    readers = [(Words(code, labels), tables.place(code)) for code in languages]
    colours = style.sector_colours(style.sector_order(tables.sectors()))
    jobs: list[Job] = []
    notes: list[tuple[str, Text]] = []
    for chart in all_charts(tables.drawn):
        if only is not None and chart.id not in only:
            continue
        try:
            parts = chart.parts(chart.frame(Asked(tables, chart.reads)))
        except NoData as missing:
            notes.append((chart.id, missing.why))
            continue
        jobs += [
            Job(chart, stem, drawn, words, origin, LAYOUTS[layout], place, colours)
            for stem, drawn in parts
            for layout in layouts
            for words, place in readers
        ]
    return jobs, notes


def draw_paper(job: Job) -> Paper:
    """Return the finished chart of a job on paper."""
    layout = job.layout
    title, *below = job.heading()
    paper = Paper(layout.width, layout.tallest, layout.enlarged, title, job.entry().alt)
    page = Page(paper, layout, job.words, job.colours)
    page.top = page.write(title, page.top, layout.title)
    for line in below:
        page.top = page.write(line, page.top + _GAP, style.SMALL, style.GREY)
    page.top += _UNDER_TITLE
    foot = job.origin.lines(job.drawn, job.words)
    room = (page.right - page.left) * style.POINTS / style.TINY
    tall = sum(_lines(line, room) for line in foot) * style.TINY * PITCH / style.POINTS
    page.bottom = layout.tallest - tall - _FOOT
    end = job.chart.draw(page, job.drawn)
    if not layout.fixed:
        paper.height = end + tall + _FOOT
    y = paper.height - tall - _FOOT + _GAP
    for line in foot:
        y = page.write(line, y, style.TINY, style.GREY) + _BETWEEN
    return paper


def _lines(text: str, room: float) -> int:
    return wrap(text, room).count("\n") + 1


_GAP, _UNDER_TITLE, _FOOT, _BETWEEN = 0.06, 0.1, 0.16, 0.013  # inch
