"""What goes beside the pictures: captions, alternative texts, and the numbers they show."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lantian.report.words import Text
from lantian.results.frame import ENCODING, Frame, no_formula
from lantian.vocabulary import LANGUAGES, Language

_CAPTIONS = {
    "heading": Text("Charts: captions and alternative texts", "图件：图题说明与替代文本"),
    "caption": Text("Caption", "图注"),
    "alt": Text("Alternative text", "替代文本"),
    "numbers": Text("Numbers", "数据"),
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


def write_captions(
    entries: Sequence[Entry], notes: Sequence[tuple[str, Text]], languages: Sequence[Language]
) -> str:
    """Return the texts of all figures as Markdown, and which charts were not drawn and why.

    Parameters
    ----------
    entries
        In gallery order.
    notes
        Ids of charts and reasons.
    languages
        In the order of their parts.

    Returns
    -------
    str
        Figures are numbered in each language.
    """
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
    say = {part: text.say(entry.language) for part, text in _CAPTIONS.items()}
    heading = _FIGURE.say(entry.language, n=str(number), title=entry.title)
    colon = "：" if entry.language == "zh" else ": "
    return (
        f"## {_safe(heading)}\n\n`{entry.stem}.{entry.language}`\n\n"
        f"**{say['caption']}**{colon}{_safe(entry.caption)}\n\n**{say['alt']}**{colon}{_safe(entry.alt)}\n\n"
        f"**{say['numbers']}**{colon}`{entry.stem}.csv`"
    )


def _safe(text: str) -> str:
    """Return a text whose names hold no live HTML and no links, wherever Markdown is shown."""
    return escape(text, quote=False).replace("[", "\\[").replace("]", "\\]")


def write_drawn(figures: Mapping[str, Frame], labels: Mapping[str, Text], out: Path) -> list[Path]:
    """Write the numbers of each figure beside it, ids with their names in both languages.

    Parameters
    ----------
    figures
        File stem -> what is drawn.
    labels
        Display names of ids.
    out
        Folder of the figures.

    Returns
    -------
    list of Path
        The files written.
    """
    paths = []
    for stem, frame in figures.items():
        paths.append(out / f"{stem}.csv")
        columns = _named(frame, labels)
        with paths[-1].open("w", encoding=ENCODING, newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(map(no_formula, row) for row in zip(*columns.values(), strict=True))
    return paths


def _named(frame: Frame, labels: Mapping[str, Text]) -> dict[str, list[object]]:
    """Return the columns of a frame, after ids with names those names."""
    columns: dict[str, list[object]] = {}
    for name in frame.columns:
        cells = frame.cells(name)
        columns[name] = cells
        if frame.table.column(name).kind == "id" and any(cell in labels for cell in cells):
            for language in LANGUAGES:
                columns[f"{name}_{language}"] = [
                    labels[cell].say(language) if cell in labels else "" for cell in cells
                ]
    return columns
