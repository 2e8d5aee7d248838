"""A chart on a page of a PDF: shapes and text stay what they are, sharp at every size."""

from collections.abc import Iterator, Mapping
from typing import Any

from lantian.report import style
from lantian.report.lettering import Face, Run
from lantian.report.paper import CLOSE, CURVE, MOVE, Label, Paper, Shape

_CONTROLS = 3
"""Points of a cubic curve."""
_NON_ZERO = 1
"""ReportLab's number of the rule by which the other formats fill a path."""


def sheet(paper: Paper, scale: float, fonts: Mapping[Face, str]) -> Any:
    """Return a chart as ReportLab lays it out.

    Parameters
    ----------
    paper
        The chart.
    scale
        Its size on the page over that of its sheet [1].
    fonts
        Names under which ReportLab knows the fonts of its letters.

    Returns
    -------
    reportlab.platypus.Flowable
        As wide and tall as the sheet at that scale.
    """
    from reportlab.platypus import Flowable

    class Sheet(Flowable):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.width = scale * paper.width * style.POINTS
            self.height = scale * paper.height * style.POINTS

        def draw(self) -> None:
            """Draw it from its lower left corner."""
            self.canv.scale(scale, scale)
            draw_paper(self.canv, paper, fonts)

    return Sheet()


def draw_paper(canvas: Any, paper: Paper, fonts: Mapping[Face, str]) -> None:
    """Draw a sheet from the origin of a canvas; a PDF counts upwards, in points.

    Parameters
    ----------
    canvas
        ReportLab's.
    paper
        What is drawn.
    fonts
        Names of the fonts of its letters.
    """
    tall = paper.height * style.POINTS
    for shape in paper.shapes:
        canvas.saveState()
        _shape(canvas, shape, tall)
        canvas.restoreState()
    for label in paper.labels:
        _label(canvas, label, fonts, tall)


def _shape(canvas: Any, shape: Shape, tall: float) -> None:
    stroke = bool(shape.edge and shape.line)
    if shape.fill:
        canvas.setFillColor(shape.fill)
    if stroke:
        canvas.setStrokeColor(shape.edge)
        canvas.setLineWidth(shape.line)
    if shape.dash:
        canvas.setDash(list(shape.dash))
    if shape.alpha < 1:
        canvas.setFillAlpha(shape.alpha)
        canvas.setStrokeAlpha(shape.alpha)
    path = canvas.beginPath()
    for step, points in _steps(shape, tall):
        getattr(path, step)(*points)
    canvas.drawPath(path, stroke=stroke, fill=bool(shape.fill), fillMode=_NON_ZERO)


def _steps(shape: Shape, tall: float) -> Iterator[tuple[str, list[float]]]:
    """Yield the steps of a path and their coordinates; the points of a curve go together."""
    held: list[float] = []
    points = (shape.vertices * style.POINTS).tolist()
    for (x, y), code in zip(points, shape.codes.tolist(), strict=True):
        if code == CLOSE:
            yield "close", []
        elif code == CURVE:
            held += [x, tall - y]
            if len(held) == 2 * _CONTROLS:
                yield "curveTo", held
                held = []
        else:
            yield ("moveTo" if code == MOVE else "lineTo"), [x, tall - y]


def _label(canvas: Any, label: Label, fonts: Mapping[Face, str], tall: float) -> None:
    canvas.saveState()
    canvas.translate(label.x * style.POINTS, tall - label.y * style.POINTS)
    if label.turned:
        canvas.rotate(90)
    canvas.setFillColor(label.colour)
    for run in label.line.runs:
        _run(canvas, run, fonts[run.face], label.size)
    canvas.restoreState()


def _run(canvas: Any, run: Run, font: str, size: float) -> None:
    """Write signs of one font; what kerning takes from their width is shared among them."""
    plain = sum(run.face.glyph(sign).advance for sign in run.text) * run.size
    text = canvas.beginText(run.starts[0] * size, -run.drop * size)
    text.setFont(font, size * run.size)
    text.setCharSpace((run.width - plain) * size / len(run.text))
    text.textOut(run.text)
    canvas.drawText(text)
