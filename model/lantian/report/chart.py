"""What a chart is: what it reads, the table it draws, how it draws it, its texts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from lantian.report import style
from lantian.report.frames import Asked
from lantian.report.layout import Layout
from lantian.report.lettering import PITCH, pieces, width, wrap
from lantian.report.paper import Panel, Paper
from lantian.report.words import Text, Words
from lantian.results.contract import Column, Place, Table
from lantian.results.frame import Frame


@dataclass
class Page:
    """A sheet of paper, the words of its reader, and the room that is left on it.

    Attributes
    ----------
    paper, layout
        The sheet and what kind of sheet it is.
    words
        Language of the reader.
    colours
        Sector -> colour, the same in every chart of a run.
    top, bottom
        Where a chart may begin and must end [inch].
    """

    paper: Paper
    layout: Layout
    words: Words
    colours: Mapping[str, str] = field(default_factory=dict)
    top: float = style.MARGIN
    bottom: float = float("inf")

    @property
    def width(self) -> float:
        """Return the width of the sheet [inch]."""
        return self.paper.width

    @property
    def left(self) -> float:
        """Return the left edge of what may be drawn on [inch]."""
        return style.MARGIN

    @property
    def right(self) -> float:
        """Return the right edge of what may be drawn on [inch]."""
        return self.width - style.MARGIN

    def tints(self, sectors: Iterable[str]) -> dict[str, str]:
        """Return the colour of each sector, the same in every chart of a run."""
        names = list(sectors)
        return {**style.sector_colours(names), **{s: self.colours[s] for s in names
                                                 if s in self.colours}}  # fmt: skip

    def panel(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        across: tuple[float, float] = (0.0, 1.0),
        up: tuple[float, float] = (0.0, 1.0),
    ) -> Panel:
        """Return a plot area on this sheet.

        Parameters
        ----------
        left, top
            Upper left corner, from that of the sheet [inch].
        width, height
            Size [inch].
        across
            Values at the left and right edge.
        up
            Values at the bottom and top edge.

        Returns
        -------
        Panel
            Where to draw.
        """
        return Panel(self.paper, left, top, width, height, across, up)

    def write_rest(self, text: Text, hidden: int, top: float) -> float:
        """Write how many lines had no room, if any; return where that ends [inch].

        Parameters
        ----------
        text
            Says so; the number stands for ``{n}``.
        hidden
            How many.
        top
            Where the drawing ends [inch].
        """
        if hidden <= 0:
            return top
        return self.write(self.words.say(text, n=str(hidden)), top + 0.05, style.TINY, style.GREY)

    def write(
        self,
        text: str,
        top: float,
        size: float = style.SMALL,
        colour: str = style.INK,
        left: float | None = None,
        right: float | None = None,
    ) -> float:
        """Write a text in as many lines as it takes between two edges.

        Parameters
        ----------
        text
            Lines that end with a line end begin anew.
        top
            Where it begins [inch].
        size, colour
            Of the letters.
        left, right
            The edges; those of the sheet when not given [inch].

        Returns
        -------
        float
            Where it ends [inch].
        """
        left = self.left if left is None else left
        right = self.right if right is None else right
        em = size / style.POINTS
        lines = [wrap(line, (right - left) / em) for line in text.split("\n")]
        said = "\n".join(lines)
        self.paper.write(said, left, top, size, colour, level="top")
        return top + em * (PITCH * said.count("\n") + style.LINE)

    def lines(self, text: str, size: float = style.SMALL) -> int:
        """Return how many lines a text takes across the sheet."""
        room = (self.right - self.left) * style.POINTS / size
        return wrap(text, room).count("\n") + 1 if text else 0

    def rows(self, count: int, usual: float, least: float, below: float) -> float:
        """Return the height of a row: as usual, or what fills a slide [inch].

        Parameters
        ----------
        count
            Number of rows.
        usual, least
            Height of a row where there is room, and what its texts need [inch].
        below
            Room that is wanted below all of them [inch].

        Returns
        -------
        float
            At least ``least``.
        """
        free = (self.bottom - self.top - below) / max(count, 1)
        most = usual * _STRETCH if self.layout.fixed else usual
        return max(least, min(most, free))

    def most_rows(self, height: float, below: float) -> int:
        """Return how many rows of a height there is room for, leaving some below [inch]."""
        return max(int((self.bottom - self.top - below + _HAIR) / height), 1)

    def below(self, count: int, height: float, below: float) -> float:
        """Return the room below rows [inch]: more where a line says how many are left out.

        Parameters
        ----------
        count
            Number of rows.
        height
            Least height of one [inch].
        below
            Room that is wanted below all of them [inch].
        """
        return below if count <= self.most_rows(height, below) else below + _REST


MORE = Text("{n} more are in the table.", "另有{n}项见数据表。")
"""Of lines that have no room."""
_REST = 0.15  # of the line that says so [inch]
_STRETCH = 1.6  # how much taller than usual a row becomes to fill a slide
_HAIR = 1e-9


@dataclass(frozen=True)
class Names:
    """Names of rows as they are set left of a plot area.

    Attributes
    ----------
    texts
        In lines.
    room
        What they take with the margin left and the gap right of them [inch].
    height
        Of the tallest [inch].
    """

    texts: list[str]
    room: float
    height: float


def fit_names(
    page: Page, names: Iterable[str], size: float = style.SMALL, share: float = 0.46
) -> Names:
    """Return names in lines that leave room for what they name.

    Parameters
    ----------
    page
        Where they will stand.
    names
        One for each row.
    size
        Of the letters [point].
    share
        Most part of the sheet's width that they take.

    Returns
    -------
    Names
        No name is cut off.
    """
    em = size / style.POINTS
    names = list(names)
    most = (page.width * share - _NAME_PAD) / em
    long = (name for name in names if width(name) > most)
    words = (width(piece.rstrip()) for name in long for piece in pieces(name))
    most = max([most, *(word for word in words if word <= most * _GIVES)])
    texts = [wrap(name, most) for name in names]
    widest = max((width(line) for text in texts for line in text.split("\n")), default=0.0)
    lines = max((text.count("\n") + 1 for text in texts), default=1)
    return Names(texts, widest * em + _NAME_PAD, (lines * PITCH + _NAME_AIR) * em)


_GIVES = 1.5  # how much wider names become so that no word of theirs is parted
_NAME_PAD = style.MARGIN + 0.07  # inch: the margin and the gap to the axis
_NAME_AIR = 0.35  # em between the names of two rows


def _no_facts(frame: Frame, words: Words) -> dict[str, str]:
    """Return nothing: the texts of the chart hold no values."""
    return {}


@dataclass(frozen=True)
class Chart:
    """One chart of the gallery.

    Attributes
    ----------
    id
        Name of the files it writes; unique.
    rank
        Its place in the gallery.
    reads
        Names of the declared tables it may ask for.
    title, caption, alt
        Templates; the values in braces come from ``facts``.
    drawn
        Declaration of the table that it draws, written beside the picture.
    frame
        Tables of a run to that table; raises ``NoData`` when a run lacks it.
    draw
        Puts that table on a page, for its reader, and returns where the drawing ends [inch].
    facts
        Values for the templates, from that table and in the words of the reader: name in braces ->
        text.
    split
        Column whose values each get a figure of their own.
    place
        Whose tables it draws: those of a run, or of runs side by side.
    """

    id: str
    rank: int
    reads: tuple[str, ...]
    title: Text
    caption: Text
    alt: Text
    drawn: Table
    frame: Callable[[Asked], Frame]
    draw: Callable[[Page, Frame], float]
    facts: Callable[[Frame, Words], dict[str, str]] = field(default=_no_facts)
    split: str | None = None
    place: Place = "run"

    def parts(self, frame: Frame) -> list[tuple[str, Frame]]:
        """Return the figures of this chart: file stem and rows."""
        if self.split is None:
            return [(self.id, frame)]
        cells = frame[self.split]
        values = dict.fromkeys(cells.tolist())
        return [(f"{self.id}-{_slug(str(value))}", frame.at(cells == value)) for value in values]


def _slug(name: str) -> str:
    return name.lower().replace(".", "").replace("_", "-")


def declare(name: str, means: Text, key: tuple[str, ...], *columns: Column) -> Table:
    """Return the declaration of what a chart draws.

    Parameters
    ----------
    name
        Id of the chart.
    means
        What the table holds.
    key
        Columns that tell its rows apart.
    columns
        In the order in which they are written.

    Returns
    -------
    Table
        Not one of the tables of a run.
    """
    return Table(name=name, title=means, means=means, key=key, columns=columns)


def amount(name: str, en: str, zh: str, unit_in: str = "unit", blank: Text | None = None) -> Column:
    """Return the declaration of a number whose unit stands in another column.

    Parameters
    ----------
    name
        Of the column.
    en, zh
        What a cell says.
    unit_in
        Column with the unit.
    blank
        When a cell is blank; None: never.

    Returns
    -------
    Column
        For :func:`declare`.
    """
    return Column(name=name, kind="number", means=Text(en, zh), unit_in=unit_in, blank=blank)


def share(name: str, en: str, zh: str, blank: Text | None = None) -> Column:
    """Return the declaration of a share of a whole; the rest as for :func:`amount`."""
    return Column(name=name, kind="number", means=Text(en, zh), unit="1", blank=blank)


def count(name: str, en: str, zh: str, blank: Text | None = None) -> Column:
    """Return the declaration of a number of things; the rest as for :func:`amount`."""
    return Column(name=name, kind="whole", means=Text(en, zh), unit="1", blank=blank)


def truth(name: str, en: str, zh: str, blank: Text | None = None) -> Column:
    """Return the declaration of a yes or no; the rest as for :func:`amount`."""
    return Column(name=name, kind="truth", means=Text(en, zh), blank=blank)


def word(name: str, en: str, zh: str, words: tuple[str, ...], blank: Text | None = None) -> Column:
    """Return the declaration of a word of a closed list; the rest as for :func:`amount`."""
    return Column(name=name, kind="text", means=Text(en, zh), words=words, blank=blank)


@cache
def all_charts(place: Place = "run") -> tuple[Chart, ...]:
    """Return the charts of the ``charts`` folder in gallery order.

    Parameters
    ----------
    place
        Those of a run, or of runs side by side.

    Returns
    -------
    tuple of Chart
        By rank.

    Raises
    ------
    ValueError
        If two files declare the same chart id.
    """
    package = import_module("lantian.report.charts")
    names = sorted(module.name for module in iter_modules([str(Path(package.__path__[0]))]))
    every = _in_order([import_module(f"{package.__name__}.{name}").CHART for name in names])
    return tuple(chart for chart in every if chart.place == place)


def _in_order(charts: list[Chart]) -> tuple[Chart, ...]:
    ids = [chart.id for chart in charts]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"chart id declared twice: {', '.join(twice)}")
    return tuple(sorted(charts, key=lambda chart: (chart.rank, chart.id)))
