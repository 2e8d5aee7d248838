"""What several commands need: options, progress, loading, telling."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from lantian.language import Message, say

if TYPE_CHECKING:
    from lantian.report import Gallery
    from lantian.study.model import Results, Study


OUT_OF_REACH, TARGET_MISSED, CHANGED = 3, 4, 5
"""Exit codes: no mix reaches a target, the plan misses one, something is not as it was."""
STAGE_WIDTH = 44
"""Columns of the terminal for the name of a stage; a Chinese sign takes two."""

ScenarioPath = click.Path(path_type=Path)
FolderPath = click.Path(path_type=Path)


class Progress:
    """Tells each stage with its time, on a terminal."""

    def __init__(self, language: Any, quiet: bool) -> None:
        self.language = language
        self.quiet = quiet

    @contextmanager
    def stage(self, what: Message) -> Iterator[None]:
        """Tell that a stage runs, and when it is over how long it took."""
        start = perf_counter()
        yield
        took = perf_counter() - start
        if not self.quiet:
            from rich.cells import set_cell_size

            text = set_cell_size(what.text(self.language), STAGE_WIDTH)
            click.echo(f"{text}{took:7.2f} s", err=True)


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


def draw(folder: Path, progress: Progress) -> Gallery:
    """Draw the charts of a run into its folder."""
    from lantian.language import message
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
    from lantian.errors import Problem, told
    from lantian.store.labels import labels_of

    located = [w for w in study.warnings if isinstance(w, Problem)]
    others = [w for w in study.warnings if not isinstance(w, Problem)]
    known = labels_of(study, language)
    return [*(m.text(language, known) for m in others), *told(located, language)]


def tell(study: Study, results: Results, language: Any, show: Callable[[str], object]) -> None:
    """Show the warnings and what a reader must know about the least-cost mixes."""
    for text in dict.fromkeys(warning_lines(study, language)):
        show(text)
    tell_notes(study, results, language, show)


def tell_notes(
    study: Study, results: Results, language: Any, show: Callable[[str], object]
) -> None:
    """Show what a reader must know about the least-cost mixes."""
    from lantian.store.labels import labels_of
    from lantian.study.model import notes

    known = labels_of(study, language)
    texts = [m.text(language, known) for m in notes(study, results)]
    for text in dict.fromkeys(texts):  # the years of a pathway have some in common
        show(text)


def project_root(language: Any) -> Path:
    """Return the project around the working folder, or say what is missing."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "inputs").is_dir():
            return folder
    raise click.ClickException(
        say("There is no inputs/ folder here. Try: lantian init my-district", language)
    )
