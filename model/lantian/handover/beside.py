"""Tables of a comparison -> the content of a page: what went in, what came out, how it adds up."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lantian.handover.blocks import Block, Grid, Listing, Paragraph, Picture, Report, Section
from lantian.language import Message, Text
from lantian.report.captions import Entry
from lantian.report.words import figures
from lantian.results.frame import Frame
from lantian.store.workbook import cell_of
from lantian.vocabulary import Language

MOST = 300
"""Rows of a table on the page; CSV and workbook hold all."""
BLANK = "–"
_DIGEST = re.compile(r"^([0-9a-f]{12})[0-9a-f]{52}$")
"""SHA-256 of a file, of which the page tells the first signs."""


def comparison_report(
    frames: Mapping[str, Frame],
    runs: Sequence[str],
    cautions: Iterable[Message],
    label: Callable[[str], str],
    language: Language,
    charts: Iterable[Entry] = (),
) -> Report:
    """Return the content of a page that holds runs against the first of them.

    Parameters
    ----------
    frames
        Tables of the comparison by name, in the order in which they are told.
    runs
        How the runs are called; the first is the reference.
    cautions
        What should be known first.
    label
        Gives the display names of ids.
    language
        Language of the reader.
    charts
        Texts of the pictures that are drawn; each goes above the table that it shows.

    Returns
    -------
    Report
        A section for each table that has rows.
    """
    first, *others = runs
    title = Text("{others} beside {first}", "{others}与{first}对照")
    below = Text("The first value of a pair is that of {first}.", "成对数值中第一个为{first}。")
    told = [said.text(language) for said in cautions]
    drawn = list(charts)
    sections = [
        Section(
            name,
            frame.table.title.say(language),
            [*_pictures(frame, drawn), *_blocks(frame, label, language)],
        )
        for name, frame in frames.items()
        if len(frame)
    ]
    if told:
        heading = Text("Before comparing", "对照前须知").say(language)
        sections.insert(0, Section("cautions", heading, [Listing(tuple(told))]))
    return Report(
        title.say(language, first=first, others=", ".join(others)),
        below.say(language, first=first),
        tuple(sections),
    )


def _pictures(frame: Frame, charts: Iterable[Entry]) -> list[Block]:
    """Return the pictures of the charts that are named as a table is."""
    name = frame.table.name.replace("_", "-")
    own = [entry for entry in charts if entry.stem == name or entry.stem.startswith(f"{name}-")]
    return [Picture(entry.stem, entry.title, entry.caption, entry.alt) for entry in own]


def _blocks(frame: Frame, label: Callable[[str], str], language: Language) -> list[Block]:
    names = [name for name in frame.columns if _is_shown(frame, name)]
    columns = [_column(frame, name, label, language) for name in names]
    rows = tuple(zip(*(cells[:MOST] for cells in columns), strict=True))
    heads = tuple(frame.table.column(name).means.say(language) for name in names)
    numeric = frozenset(i for i, c in enumerate(columns) if all(isinstance(v, float) for v in c))
    means = frame.table.means.say(language)
    left = Text("{n} more rows are in the tables.", "其余 {n} 行见数据表。")
    rest = [Paragraph(left.say(language, n=str(len(frame) - MOST)))] if len(frame) > MOST else []
    return [Grid(means, heads, rows, numeric), *rest]


def _is_shown(frame: Frame, name: str) -> bool:
    """Tell whether a column says anything.

    Which run it is goes without saying where it is one, and which version made them where all are
    of one.
    """
    cells = frame.cells(name)
    is_one = len(set(cells)) == 1
    if is_one and (name == "version" or (name == "run" and frame.table.key != ("run",))):
        return False
    return any(_is_told(cell) for cell in cells)


def _is_told(cell: Any) -> bool:
    return cell is not None and cell != ""


def _column(
    frame: Frame, name: str, label: Callable[[str], str], language: Language
) -> list[str | float]:
    declared = frame.table.column(name)
    cells = (cell_of(declared, cell, label, language) for cell in frame.cells(name))
    if declared.kind != "number":
        return [BLANK if cell is None else _DIGEST.sub(r"\1…", str(cell)) for cell in cells]
    values = [None if cell is None else float(cell) for cell in cells]
    if None in values:  # a column that is not numbers throughout is told as text
        return [BLANK if value is None else figures(value) for value in values]
    return [value for value in values if value is not None]
