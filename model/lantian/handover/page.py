"""A report as one page of HTML: no network, no other file; it sorts, prints and reads aloud."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from lantian.handover.blocks import Grid, Listing, Paragraph, Picture, Report
from lantian.language import Text
from lantian.report.layout import LAYOUTS, LayoutName
from lantian.report.words import figures
from lantian.vocabulary import Language

if TYPE_CHECKING:
    from markupsafe import Markup

HTML_LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
SKIP = Text("Skip to the answer", "跳到结论")
CONTENTS = Text("Contents", "目录")
ADDRESS = re.compile(r"(https?://[^\s\]）]+)")
LONGEST = 12
"""Signs of a word that is never broken."""
PARTS = re.compile(r"(?<=[/_.:])(?=[^\s/])|(?<=[a-z0-9])(?=-[a-z])")
"""Where a path, a key or an id may go on in the next line."""
SHEETS: tuple[LayoutName, LayoutName] = ("page", "column")
"""Layouts of a picture: on a screen and on paper, and on a phone."""


def write_page(report: Report, charts: Path, language: Language, path: Path) -> None:
    """Write a report as HTML with everything in it.

    Parameters
    ----------
    report
        Content.
    charts
        Folder with its pictures as SVG, each on all of :data:`SHEETS`.
    language
        Language of the reader.
    path
        File to write.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def image(picture: Picture, sheet: LayoutName) -> str:
        name = f"{picture.stem}{LAYOUTS[sheet].suffix()}.{language}.svg"
        drawn = (charts / name).read_bytes()
        return f"data:image/svg+xml;base64,{b64encode(drawn).decode('ascii')}"

    places = Environment(
        loader=PackageLoader("lantian.handover", "."), autoescape=True, undefined=StrictUndefined
    )
    kinds = {"paragraph": Paragraph, "listing": Listing, "grid": Grid}
    places.tests |= {
        name: lambda block, kind=kind: isinstance(block, kind) for name, kind in kinds.items()
    }
    places.filters |= {"image": image, "figures": figures, "linked": _linked, "parted": _parted}
    text = places.get_template("page.html.jinja").render(
        report=report,
        lang=HTML_LANGUAGES[language],
        skip=SKIP.say(language),
        contents=CONTENTS.say(language),
        sheets=SHEETS,
    )
    path.write_text(text, encoding="utf-8")


def _linked(text: str) -> Markup:
    """Return a text whose addresses can be followed; nothing is loaded before that."""
    from markupsafe import Markup

    parts = ADDRESS.split(text)  # addresses stand at the odd places
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if n % 2 else part
        for n, part in enumerate(parts)
    )


def _parted(cell: str) -> str | Markup:
    """Return a cell in which what has no blanks for long may be broken; its text stays the same."""
    from markupsafe import Markup, escape

    if max(map(len, cell.split()), default=0) <= LONGEST:
        return cell
    return Markup("<wbr>").join(escape(part) for part in PARTS.split(cell))
