"""A sheet of paper [inch] with shapes and lines of text on it, and plot areas on that.

A chart is put on paper once and then written as PNG, SVG or PDF from the same marks. The sheet
knows where every line of text stands, so a test can tell whether two touch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from lantian.language import begun
from lantian.report import lettering, style
from lantian.report.lettering import Codes, Floats, Line

Side = Literal["left", "middle", "right"]
Level = Literal["base", "top", "middle", "bottom"]
Dash = tuple[float, ...]

MOVE, TO, CURVE, CLOSE = 1, 2, 4, 79
"""Codes of a path's points: begin, straight line, cubic curve, back to the beginning."""

BOX = (MOVE, TO, TO, TO, CLOSE)
"""Codes of the four corners of a rectangle and the first one again."""

_HALO = 0.8  # opacity of the white behind a text
_HATCH = 0.5  # width of the lines of a hatch [point]
_CIRCLE = 0.5522847498  # handle of a cubic curve that is a quarter of a circle of radius 1


@dataclass(frozen=True, slots=True)
class Shape:
    """A path [inch], y downwards from the top, filled, drawn along its edge or both.

    Attributes
    ----------
    vertices, codes
        Points of the path and what each is.
    fill, edge
        Colours, or none.
    line
        Width of the edge [point].
    dash
        Lengths of strokes and gaps [point]; none for an unbroken line.
    alpha
        Opacity.
    """

    vertices: Floats
    codes: Codes
    fill: str | None = None
    edge: str | None = None
    line: float = 0.0
    dash: Dash = ()
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text [inch]: where its base begins; a turned one runs upwards."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    turned: bool = False

    @property
    def line(self) -> Line:
        """Return the line as it is set."""
        return lettering.set_line(self.text)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom [inch]."""
        em = self.size / style.POINTS
        long, up, down = (n * em for n in (self.line.width, lettering.ASCENT, lettering.DESCENT))
        if self.turned:
            return self.x - up, self.y - long, self.x + down, self.y
        return self.x, self.y - up, self.x + long, self.y + down


@dataclass
class Paper:
    """What is drawn: a later shape lies on an earlier one, all text lies on top.

    Attributes
    ----------
    width, height
        Size of the sheet [inch].
    enlarged
        How many times larger than this the sheet is shown.
    title, description
        What it is called and what a reader would see, for whoever cannot.
    shapes, labels
        Paths and lines of text.
    """

    width: float
    height: float
    enlarged: float = 1.0
    title: str = ""
    description: str = ""
    shapes: list[Shape] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def write(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: str = style.INK,
        side: Side = "left",
        level: Level = "base",
        *,
        turned: bool = False,
        halo: bool = False,
    ) -> None:
        """Write a text of one or more lines, with a capital at its beginning.

        Parameters
        ----------
        text
            Lines end with a line end.
        x, y
            Where it stands [inch].
        size
            Size of the letters [point].
        colour
            Of the letters.
        side, level
            Which side and level of the text ``x`` and ``y`` are.
        turned
            Whether it runs upwards; ``side`` is then along the text.
        halo
            Whether what lies behind it is dimmed.
        """
        em = size / style.POINTS
        lines = begun(text).split("\n")
        tall = lettering.PITCH * (len(lines) - 1)
        down = em * _to_first_base(level, tall)
        for number, line in enumerate(lines):
            back = em * _BACK[side] * lettering.set_line(line).width
            below = down + em * lettering.PITCH * number
            at = (x + below, y + back) if turned else (x - back, y + below)
            self.labels.append(Label(line, *at, size, colour, turned))
            if halo:
                x0, y0, x1, y1 = self.labels[-1].box
                corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
                self.path(corners, BOX, style.WHITE, alpha=_HALO)

    def path(
        self,
        vertices: ArrayLike,
        codes: ArrayLike,
        fill: str | None = None,
        edge: str | None = None,
        line: float = 0.0,
        dash: Dash = (),
        alpha: float = 1.0,
    ) -> None:
        """Draw a path [inch]; the rest as for :class:`Shape`.

        Parameters
        ----------
        vertices, codes
            Points of the path and what each is.
        fill, edge
            Colours, or none.
        line
            Width of the edge [point].
        dash
            Lengths of strokes and gaps [point].
        alpha
            Opacity.
        """
        points, kinds = np.asarray(vertices, np.float64), np.asarray(codes, np.uint8)
        if len(kinds):
            self.shapes.append(Shape(points, kinds, fill, edge, line, dash, alpha))


_BACK: dict[Side, float] = {"left": 0.0, "middle": 0.5, "right": 1.0}


def _to_first_base(level: Level, tall: float) -> float:
    """Return how far below ``y`` the first base is [em], from first to last being ``tall``."""
    if level == "top":
        return lettering.ASCENT
    if level == "bottom":
        return -lettering.DESCENT - tall
    if level == "middle":
        return (lettering.CAPITAL - tall) / 2
    return 0.0


@dataclass(frozen=True)
class Panel:
    """A plot area on paper: values across and down it.

    Attributes
    ----------
    paper
        What it lies on.
    left, top, width, height
        Its place and size [inch].
    across
        Values at the left and right edge.
    up
        Values at the bottom and top edge.
    """

    paper: Paper
    left: float
    top: float
    width: float
    height: float
    across: tuple[float, float] = (0.0, 1.0)
    up: tuple[float, float] = (0.0, 1.0)

    @property
    def right(self) -> float:
        """Return the right edge [inch]."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the bottom edge [inch]."""
        return self.top + self.height

    def x(self, values: ArrayLike) -> Floats:
        """Return where values lie from the left edge of the paper [inch]."""
        low, high = self.across
        wide = (high - low) or 1.0  # an axis of a single value
        return self.left + (np.asarray(values, np.float64) - low) / wide * self.width

    def y(self, values: ArrayLike) -> Floats:
        """Return where values lie from the top of the paper [inch]."""
        low, high = self.up
        wide = (high - low) or 1.0
        return self.bottom - (np.asarray(values, np.float64) - low) / wide * self.height

    def boxes(
        self,
        left: ArrayLike,
        bottom: ArrayLike,
        width: ArrayLike,
        height: ArrayLike,
        fills: Sequence[str | None],
        edge: str | Sequence[str] = "#ffffff",
        line: float = 0.4,
    ) -> None:
        """Draw rectangles, those of one colour as one shape.

        Parameters
        ----------
        left, bottom, width, height
            Corner and size of each [values].
        fills
            Colour of each, or one for all; none for an empty one.
        edge, line
            Colour and width [point] of the edges.
        """
        parts = (np.asarray(part, np.float64).ravel() for part in (left, bottom, width, height))
        x, y, wide, tall = np.broadcast_arrays(*parts)
        corners = np.stack([x, x + wide, y, y + tall], axis=-1)
        fills = [fills[0]] * len(corners) if len(fills) == 1 else list(fills)
        edges = [edge] * len(corners) if isinstance(edge, str) else list(edge)
        looks = list(zip(fills, edges, strict=True))
        for look in dict.fromkeys(looks):
            same = [n for n, own in enumerate(looks) if own == look]
            self._boxes(corners[same], *look, line)

    def _boxes(self, corners: Floats, fill: str | None, edge: str, line: float) -> None:
        left, right = self.x(corners[:, 0]), self.x(corners[:, 1])
        low, high = self.y(corners[:, 2]), self.y(corners[:, 3])
        xs = np.stack([left, right, right, left, left], axis=-1)
        ys = np.stack([low, low, high, high, low], axis=-1)
        codes = np.tile(BOX, len(corners))
        self.paper.path(np.stack([xs.ravel(), ys.ravel()], axis=-1), codes, fill, edge, line)

    def hatch(
        self,
        left: ArrayLike,
        bottom: ArrayLike,
        width: ArrayLike,
        height: ArrayLike,
        colour: str,
        gap: float = 3.0,
    ) -> None:
        """Draw rectangles with slanted lines and an edge, for what is there but not known.

        Parameters
        ----------
        left, bottom, width, height
            Corner and size of each [values].
        colour
            Of lines and edge.
        gap
            Between the lines [point].
        """
        parts = (np.asarray(part, np.float64).ravel() for part in (left, bottom, width, height))
        step = gap / style.POINTS
        for x, y, wide, tall in zip(*np.broadcast_arrays(*parts), strict=True):
            x0, x1 = np.sort(self.x((x, x + wide)))
            y0, y1 = np.sort(self.y((y, y + tall)))
            starts = np.arange(x0 - (y1 - y0) + step / 2, x1, step)
            begin, end = np.maximum(starts, x0), np.minimum(starts + (y1 - y0), x1)
            lines = np.stack([begin, y1 - (begin - starts), end, y1 - (end - starts)], axis=-1)
            points = lines.reshape(-1, 2)
            self.paper.path(points, _open(len(starts), 2), None, colour, _HATCH)
        self.boxes(left, bottom, width, height, [None], colour, _HATCH)

    def line(self, x: ArrayLike, y: ArrayLike, colour: str, line: float, dash: Dash = ()) -> None:
        """Draw a line through points.

        Parameters
        ----------
        x, y
            The points [values].
        colour, line
            Colour and width [point].
        dash
            Lengths of strokes and gaps [point].
        """
        points = np.stack([self.x(x), self.y(y)], axis=-1)
        self.paper.path(points, _open(1, len(points)), None, colour, line, dash)

    def strokes(
        self,
        x0: ArrayLike,
        y0: ArrayLike,
        x1: ArrayLike,
        y1: ArrayLike,
        colour: str,
        line: float,
        dash: Dash = (),
    ) -> None:
        """Draw straight lines from (x0, y0) to (x1, y1) as one shape.

        Parameters
        ----------
        x0, y0, x1, y1
            Ends of each [values].
        colour, line
            Colour and width [point].
        dash
            Lengths of strokes and gaps [point].
        """
        ends = (np.atleast_1d(part) for part in (self.x(x0), self.y(y0), self.x(x1), self.y(y1)))
        points = np.stack(np.broadcast_arrays(*ends), axis=-1).reshape(-1, 2)
        self.paper.path(points, _open(len(points) // 2, 2), None, colour, line, dash)

    def area(self, x: ArrayLike, y: ArrayLike, fill: str, alpha: float = 1.0) -> None:
        """Fill the area within points.

        Parameters
        ----------
        x, y
            The points [values].
        fill, alpha
            Colour and opacity.
        """
        points = np.stack([self.x(x), self.y(y)], axis=-1)
        codes = np.append(_open(1, len(points)), CLOSE)
        self.paper.path(np.vstack([points, points[:1]]), codes, fill, alpha=alpha)

    def dots(
        self,
        x: ArrayLike,
        y: ArrayLike,
        form: str,
        size: float,
        fill: str | None,
        edge: str | None = None,
        line: float = 0.5,
    ) -> None:
        """Draw one mark at each point.

        Parameters
        ----------
        x, y
            The points [values]; those that are not numbers are left out.
        form
            ``o`` circle, ``s`` square, ``D`` diamond, ``^`` triangle, ``|`` or ``_`` stroke.
        size
            Width [point].
        fill, edge
            Colours, or none.
        line
            Width of the edge [point].
        """
        spots = np.stack(np.broadcast_arrays(*np.atleast_1d(self.x(x), self.y(y))), axis=-1)
        spots = spots[np.isfinite(spots).all(axis=1)]
        outline, codes = _FORMS[form]
        points = spots[:, None, :] + outline * size / 2 / style.POINTS
        self.paper.path(
            points.reshape(-1, 2), np.tile(codes, len(spots)), fill, edge, line if edge else 0.0
        )

    def label(
        self,
        text: str,
        x: float,
        y: float,
        size: float = style.NORMAL,
        colour: str = style.INK,
        side: Side = "left",
        level: Level = "middle",
        *,
        shift: tuple[float, float] = (0.0, 0.0),
        halo: bool = False,
    ) -> None:
        """Write a text at a point.

        Parameters
        ----------
        text
            One or more lines.
        x, y
            The point [values].
        size, colour
            Of the letters.
        side, level
            Which side and level of the text is at the point.
        shift
            Then to the right and down by this much [point].
        halo
            Whether what lies behind it is dimmed.
        """
        right, down = shift
        self.paper.write(
            text,
            float(self.x(x)) + right / style.POINTS,
            float(self.y(y)) + down / style.POINTS,
            size,
            colour,
            side,
            level,
            halo=halo,
        )


def _open(count: int, length: int) -> Codes:
    """Return the codes of ``count`` open lines of ``length`` points."""
    one = np.full(length, TO, np.uint8)
    one[:1] = MOVE
    return np.tile(one, count)


def _polygon(*corners: tuple[float, float]) -> tuple[Floats, Codes]:
    codes = np.array([MOVE, *[TO] * (len(corners) - 1), CLOSE], np.uint8)
    return np.array([*corners, corners[0]], np.float64), codes


def _circle() -> tuple[Floats, Codes]:
    quarter = np.array([[1, _CIRCLE], [_CIRCLE, 1], [0, 1]], np.float64)
    turn = np.array([[0, 1], [-1, 0]], np.float64)
    points = [np.array([[1.0, 0.0]])]
    for _ in range(4):
        points.append(quarter)
        quarter = quarter @ turn
    codes = np.array([MOVE, *[CURVE] * 12, CLOSE], np.uint8)
    return np.vstack([*points, points[0]]), codes


_FORMS: dict[str, tuple[Floats, Codes]] = {
    "o": _circle(),
    "s": _polygon((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "D": _polygon((0, -(2**0.5)), (2**0.5, 0), (0, 2**0.5), (-(2**0.5), 0)),
    "^": _polygon((0, -1), (1, 1), (-1, 1)),
    "|": (np.array([[0.0, -1.0], [0.0, 1.0]]), _open(1, 2)),
    "_": (np.array([[-1.0, 0.0], [1.0, 0.0]]), _open(1, 2)),
}
"""Marks of half-width 1, y downwards."""
