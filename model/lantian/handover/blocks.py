"""What a report is made of, whatever it is written as."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text.

    Attributes
    ----------
    text
        What it says.
    leading
        Whether it is one of those that a reader should see first.
    """

    text: str
    leading: bool = False


@dataclass(frozen=True)
class Listing:
    """Points one under the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes
    ----------
    caption
        What it shows.
    heads
        Of its columns.
    rows
        Cells, a number where a column can be sorted by it.
    numeric
        Positions of the columns that hold numbers.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    numeric: frozenset[int]


@dataclass(frozen=True)
class Picture:
    """A chart.

    Attributes
    ----------
    stem
        Name of its files, without language and kind.
    title, caption, alt
        Texts that go with it; the last is for readers who do not see it.
    """

    stem: str
    title: str
    caption: str
    alt: str


Block = Paragraph | Listing | Grid | Picture


@dataclass(frozen=True)
class Section:
    """A part of a report under a heading.

    Attributes
    ----------
    id
        Name for links.
    title
        Heading.
    blocks
        What stands under it; a section without any is left out.
    """

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes
    ----------
    title
        Of the plan.
    below
        Line under it: region, years, what it was made from.
    sections
        In the order of reading.
    """

    title: str
    below: str
    sections: tuple[Section, ...]
