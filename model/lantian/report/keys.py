"""Keys: what the colours, marks and lines of a chart stand for, in as many rows as it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from lantian.report import style
from lantian.report.chart import Page
from lantian.report.lettering import width, wrap
from lantian.report.paper import Dash, Panel

ROW = 0.17
"""Height of a row of a key [inch]."""

_ROOM, _GAP = 1.55, 1.3  # em: of what stands before a name, and between two entries
_BOX = 0.1  # inch
_FRAME = "#8a8a8a"
_WIDTH = 1.2  # of a line in a key [em]


class Entry(Protocol):
    """Something with a name that can be drawn in front of it."""

    @property
    def name(self) -> str:
        """Return what it stands for."""

    def draw(self, panel: Panel, x: float, y: float) -> None:
        """Draw it around a point [inch]."""


@dataclass(frozen=True)
class Swatch:
    """A colour; a hatched one for what is there but not known."""

    name: str
    colour: str
    hatched: bool = False

    def draw(self, panel: Panel, x: float, y: float) -> None:
        """Draw a box around a point [inch]."""
        corner = x - _BOX / 2, y - _BOX / 2, _BOX, _BOX
        if self.hatched:
            panel.hatch(*corner, self.colour, 2.4)
        else:
            panel.boxes(*corner, [self.colour], _FRAME)


@dataclass(frozen=True)
class Dot:
    """A mark as :meth:`Panel.dots` draws it."""

    name: str
    form: str
    size: float
    fill: str | None
    edge: str | None = None
    line: float = 0.5

    def draw(self, panel: Panel, x: float, y: float) -> None:
        """Draw one at a point [inch]."""
        panel.dots(x, y, self.form, self.size, self.fill, self.edge, self.line)


@dataclass(frozen=True)
class Stroke:
    """A line."""

    name: str
    colour: str
    line: float
    dash: Dash = ()
    upright: bool = False

    def draw(self, panel: Panel, x: float, y: float) -> None:
        """Draw a piece of it through a point [inch]."""
        half = _WIDTH / 2 * style.SMALL / style.POINTS
        dx, dy = (0.0, half) if self.upright else (half, 0.0)
        panel.line((x - dx, x + dx), (y - dy, y + dy), self.colour, self.line, self.dash)


def swatches(entries: Mapping[str, str]) -> list[Swatch]:
    """Return one entry for each name and its colour."""
    return [Swatch(name, colour) for name, colour in entries.items()]


def draw_key(
    page: Page,
    entries: Iterable[Entry],
    top: float,
    left: float | None = None,
    right: float | None = None,
) -> float:
    """Draw a key in rows.

    Parameters
    ----------
    page
        Where to draw.
    entries
        In the order of reading.
    top
        Where it begins [inch].
    left, right
        Edges of the rows; those of the sheet when not given [inch].

    Returns
    -------
    float
        Where it ends [inch].
    """
    left = page.left if left is None else left
    right = page.right if right is None else right
    em = style.SMALL / style.POINTS
    panel = page.panel(0, 0, page.width, 1.0, (0, page.width), (1.0, 0))
    x, y = left, top + ROW / 2
    for entry in entries:
        name = wrap(entry.name, (right - left) / em - _ROOM)
        wide = (_ROOM + max(map(width, name.split("\n")))) * em
        if x > left and x + wide > right:
            x, y = left, y + ROW
        for number, line in enumerate(name.split("\n")):
            y += ROW if number else 0.0
            panel.label(line, x + _ROOM * em, y, style.SMALL)
        entry.draw(panel, x + _ROOM / 2 * em - em / 4, y - name.count("\n") * ROW)
        x += wide + _GAP * em
    return y + ROW / 2
