"""What a chart is: one frame function, one drawing function and its texts in both languages."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pandas as pd

from lantian.report import style
from lantian.report.frames import RunTables
from lantian.report.paper import Panel, Paper
from lantian.report.words import Text, Words


@dataclass(frozen=True)
class Page:
    """A sheet of paper and the words of its reader."""

    paper: Paper
    words: Words
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> float:
        """Return the width of the sheet [inch]."""
        return self.paper.width

    @property
    def height(self) -> float:
        """Return the height of the sheet [inch]."""
        return self.paper.height

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


def _no_facts(frame: pd.DataFrame, words: Words) -> dict[str, str]:
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
    title, caption, alt
        Templates; the values in braces come from ``facts``.
    frame
        Run tables to the tidy table the chart shows; raises ``NoData`` when a run lacks it.
    draw
        Puts that table on a page.
    height
        Height of the sheet [inch], from the table.
    facts
        Values for the templates, from the table.
    split
        Column whose values each get a figure of their own.
    """

    id: str
    rank: int
    title: Text
    caption: Text
    alt: Text
    frame: Callable[[RunTables], pd.DataFrame]
    draw: Callable[[Page, pd.DataFrame], None]
    height: Callable[[pd.DataFrame], float]
    facts: Callable[[pd.DataFrame, Words], dict[str, str]] = field(default=_no_facts)
    split: str | None = None

    def parts(self, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
        """Return the figures of this chart: file stem and rows."""
        if self.split is None:
            return [(self.id, frame)]
        groups = frame.groupby(self.split, sort=False, observed=True)
        return [(f"{self.id}-{_slug(str(value))}", rows) for value, rows in groups]


def _slug(name: str) -> str:
    return name.lower().replace(".", "")


@cache
def all_charts() -> tuple[Chart, ...]:
    """Return every chart of the ``charts`` folder in gallery order.

    Raises
    ------
    ValueError
        If two files declare the same chart id.
    """
    package = import_module("lantian.report.charts")
    names = sorted(module.name for module in iter_modules([str(Path(package.__path__[0]))]))
    return _in_order([import_module(f"{package.__name__}.{name}").CHART for name in names])


def _in_order(charts: list[Chart]) -> tuple[Chart, ...]:
    ids = [chart.id for chart in charts]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"chart id declared twice: {', '.join(twice)}")
    return tuple(sorted(charts, key=lambda chart: (chart.rank, chart.id)))
