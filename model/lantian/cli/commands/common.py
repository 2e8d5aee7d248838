"""What several commands need: options, progress, loading, telling."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from lantian.cli.choices import ToldError
from lantian.language import Message, message, say

if TYPE_CHECKING:
    from lantian.report import Gallery
    from lantian.study.model import Results, Study


OUT_OF_REACH, TARGET_MISSED, CHANGED = 3, 4, 5
"""Exit codes: no mix reaches a target, the plan misses one, something is not as it was."""
MOST_JOBS = 1000
"""Processes that can be asked for at a time."""
STAGE_WIDTH = 44
"""Columns of the terminal for the name of a stage; a Chinese sign takes two."""


class _GivenPath(click.Path):
    """A file or folder that has a name: what is written stands beside it under others."""

    def convert(
        self, value: Any, parameter: click.Parameter | None, context: click.Context | None
    ) -> Path:
        """Return a path as it is typed; of ``.`` and ``..`` what they stand for.

        Parameters
        ----------
        value
            What was typed, or the default.
        parameter, context
            Of the call.

        Returns
        -------
        Path
            With a name.

        Raises
        ------
        ToldError
            Of a blank and of the root of a disk.
        """
        typed = Path(value)
        path = typed if typed.name not in ("", "..") else typed.resolve()
        if not str(value) or not path.name:
            told = message("'{path}' is no name of a file or a folder.", path=value)
            raise ToldError(told, context, parameter)
        return path


ScenarioPath = _GivenPath()
FolderPath = _GivenPath()


PARTS = {
    "reading the scenario": 0.05,
    "building the inventory": 0.06,
    "putting sources and measures together": 0.04,
    "projecting baseline and plan": 0.01,
    "finding the least-cost mix": 0.06,
    "comparing ways of choosing": 0.03,
    "attributing the reductions": 0.15,
    "drawing the charts": 0.2,
    "writing the run folder": 0.4,
}
"""Part of the time of a run [1] that each stage takes, as measured in one of Tongzhou's plan."""
SOON = 1.0
"""Time [s] below which it is not told how long a command goes on."""


class Progress:
    """Tells each stage with its time, on a terminal, and about how long the rest will take.

    Parameters
    ----------
    language
        Language of the reader.
    quiet
        Whether nothing is told.
    runs
        How many runs there are, each of all stages.
    without
        Stages that these do not have.
    parts
        Part of the time that each stage takes beside the others; those of a run by default.
    """

    def __init__(
        self,
        language: Any,
        quiet: bool,
        runs: int = 1,
        without: Collection[str] = (),
        parts: Mapping[str, float] | None = None,
    ) -> None:
        self.language, self.quiet, self.parts = language, quiet, parts or PARTS
        self.all = runs * sum(part for name, part in self.parts.items() if name not in without)
        self.often: dict[str, int] = {}
        self.done, self.begun = 0.0, perf_counter()

    def several(self, what: str, times: int) -> None:
        """Note that a stage comes several times, which share its part of the time."""
        self.often[what] = times

    @contextmanager
    def stage(self, what: Message) -> Iterator[None]:
        """Tell that a stage runs, and when it is over how long it took."""
        start = perf_counter()
        yield
        took = perf_counter() - start
        self.done += self.parts.get(what.template, 0.0) / self.often.get(what.template, 1)
        if not self.quiet:
            from rich.cells import set_cell_size

            text = set_cell_size(what.text(self.language), STAGE_WIDTH)
            click.echo(f"{text}{took:7.2f} s{self._rest(perf_counter())}", err=True)

    def _rest(self, now: float) -> str:
        """Return about how long what is left will take, blank where that is nothing to wait for."""
        left = (now - self.begun) * (self.all / self.done - 1.0) if self.done else 0.0
        if left < SOON:
            return ""
        return "  " + say("about {n} s left", self.language, n=f"{left:.0f}")


def loud_progress(
    language: Any, parts: Mapping[str, float], without: Collection[str] = ()
) -> Progress:
    """Return what tells of a long command on a terminal, and elsewhere nothing."""
    return Progress(language, not sys.stderr.isatty(), without=without, parts=parts)


def load_all(paths: tuple[Path, ...], progress: Progress) -> list[Study]:
    """Prepare every scenario before anything is written; all problems of all of them at once."""
    from lantian.errors import InputError
    from lantian.study.load import load

    done, problems, warnings = [], [], []
    for path in paths:
        try:
            done.append(load(path, progress.stage))
        except InputError as error:
            problems += error.problems
            warnings += error.warnings
    if problems:
        raise InputError(problems, warnings)
    return done


def shown(path: Path) -> str:
    """Return a path as a reader follows it: from here, where it lies below."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def tell_kept(language: Any) -> Callable[[Path], None]:
    """Return what tells of a file that a user had made or changed, and that was not replaced."""

    def tell(path: Path) -> None:
        told = "{path} is kept: it was not as it had been written."
        click.echo(say(told, language, path=shown(path)), err=True)

    return tell


def draw(folder: Path, progress: Progress) -> Gallery:
    """Draw the charts of a run into its folder."""
    from lantian.report.gallery import draw_gallery

    with progress.stage(message("drawing the charts")):
        return draw_gallery(folder, folder / "charts")


def tell_charts(drawn: Gallery, folder: Path, language: Any) -> None:
    """Tell where the charts are, and which signs of them no font here has."""
    n = len(drawn.files)
    click.echo(say("Charts: {n} files in {folder}", language, n=n, folder=shown(folder)))
    if drawn.unprintable:
        signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in drawn.unprintable)
        text = "No font here has these signs; a box stands for each in the charts: {signs}"
        click.echo(say(text, language, signs=signs))


def write_lp(study: Study, results: Results, folder: Path) -> None:
    """Write each linear program that was solved as text."""
    from lantian.store.program import write_program
    from lantian.study.model import solved_programs

    for years, solved in solved_programs(study, results).items():
        write_program(solved, study.system, folder / f"least-cost-{years}")


def warning_lines(study: Study, language: Any) -> list[str]:
    """Return the warnings of a study, those of one kind together."""
    from lantian.errors import Problem
    from lantian.store.labels import labels_of

    others = [w for w in study.warnings if not isinstance(w, Problem)]
    known = labels_of(study, language)
    return [*(m.text(language, known) for m in others), *remark_lines(study, language)]


def remark_lines(study: Study, language: Any) -> list[str]:
    """Return the warnings of a study that are about a place in a file."""
    from lantian.errors import Problem, told

    return told([w for w in study.warnings if isinstance(w, Problem)], language)


def run_notes(study: Study, results: Results) -> list[Message]:
    """Return what a reader must know of the inventory and of the mixes, each once."""
    from lantian.study.model import notes

    own = [w for w in study.warnings if isinstance(w, Message)]
    return list({note.text(): note for note in (*own, *notes(study, results))}.values())


def project_root(language: Any) -> Path:
    """Return the project around the working folder, or say what is missing."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "inputs").is_dir():
            return folder
    raise click.ClickException(
        say("There is no inputs/ folder here. Try: lantian init my-district", language)
    )
