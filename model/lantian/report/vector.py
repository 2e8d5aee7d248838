"""Paper to SVG: shapes as paths, text as text, so that it can be searched, read out and edited."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np

from lantian.report import style
from lantian.report.lettering import Run
from lantian.report.paper import CLOSE, CURVE, MOVE, TO, Label, Paper, Shape

_FAMILIES = (
    "'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', "
    "'Hiragino Sans GB', 'DejaVu Sans', sans-serif"
)
_LETTERS = {MOVE: "M", TO: "L", CURVE: "C", CLOSE: "z"}
_CONTROLS = 3  # points of a cubic curve
_DIGITS = 2  # of a coordinate [point]


def draw_svg(paper: Paper) -> str:
    """Return the sheet as an SVG file [point].

    A reader without the font sees another one in the same room: each text states its length.

    Parameters
    ----------
    paper
        What to draw.

    Returns
    -------
    str
        The file; the same for the same marks.
    """
    width, height = (_number(side * style.POINTS) for side in (paper.width, paper.height))
    sides = (paper.width, paper.height)
    shown = [_number(side * style.POINTS * paper.enlarged) for side in sides]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{shown[0]}pt" height="{shown[1]}pt" '
        f'viewBox="0 0 {width} {height}" font-family="{_FAMILIES}" role="img" '
        'aria-labelledby="title desc" xml:space="preserve">',
        f'<title id="title">{escape(paper.title)}</title>',
        f'<desc id="desc">{escape(paper.description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="{style.WHITE}"/>',
        *(_shape(shape) for shape in paper.shapes),
        *(_text(label) for label in paper.labels),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _shape(shape: Shape) -> str:
    looks = [f'fill="{shape.fill or "none"}"']
    if shape.edge and shape.line:
        looks.append(f'stroke="{shape.edge}" stroke-width="{_number(shape.line)}"')
    if shape.dash:
        looks.append(f'stroke-dasharray="{" ".join(_number(length) for length in shape.dash)}"')
    if shape.alpha < 1:
        looks.append(f'opacity="{_number(shape.alpha)}"')
    return f'<path d="{"".join(_steps(shape))}" {" ".join(looks)}/>'


def _steps(shape: Shape) -> Iterator[str]:
    """Yield the steps of a path; the points of a curve follow one letter."""
    points = np.round(shape.vertices * style.POINTS, _DIGITS).tolist()
    control = 0
    for (x, y), code in zip(points, shape.codes.tolist(), strict=True):
        if code == CLOSE:
            yield "z"
            continue
        letter = " " if code == CURVE and control else _LETTERS[code]
        control = (control + 1) % _CONTROLS if code == CURVE else 0
        yield f"{letter}{x:g} {y:g}"


def _text(label: Label) -> str:
    """Return a line of text, with a part for each font and size."""
    turn = f' transform="rotate(-90 {_at(label.x)} {_at(label.y)})"' if label.turned else ""
    parts = "".join(_part(label, run) for run in label.line.runs)
    return f'<text font-size="{_number(label.size)}" fill="{label.colour}"{turn}>{parts}</text>'


def _part(label: Label, run: Run) -> str:
    em = label.size / style.POINTS
    x, y = label.x + run.starts[0] * em, label.y + run.drop * em
    looks = f'x="{_at(x)}" y="{_at(y)}"'
    if run.size < 1:
        looks += f' font-size="{_number(label.size * run.size)}"'
    if len(run.text) > 1:
        looks += f' textLength="{_number(run.width * label.size)}" lengthAdjust="spacingAndGlyphs"'
    return f"<tspan {looks}>{escape(run.text)}</tspan>"


def _at(inch: float) -> str:
    return _number(inch * style.POINTS)


def _number(value: float) -> str:
    return f"{round(value, _DIGITS):g}"
