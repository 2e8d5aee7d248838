"""Paper to PDF: shapes and text stay what they are, and the letters come with it.

A PDF takes TrueType outlines (type 42); the Chinese font has others. So a small TrueType font is
made of the outlines of the letters that are there, with the kerning that they were set with.
"""

import io
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import NamedTuple

import matplotlib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

from lantian.report import style
from lantian.report.lettering import Face, Run
from lantian.report.paper import CLOSE, CURVE, MOVE, TO, Label, Paper, Shape

_UNITS = 1000  # of an em
_FINE = 1.0  # units by which a curve may differ from the font's
_QUADRATIC = 3  # code of the points of a quadratic curve, which some fonts have
_TRUETYPE = 42
_MADE = 3_600_000_000  # seconds from 1904: when a font was made, the same for all
_SETTINGS = {"pdf.fonttype": _TRUETYPE, "pdf.compression": 6}


def draw_pdf(paper: Paper) -> bytes:
    """Return the sheet as a PDF file.

    Parameters
    ----------
    paper
        What to draw.

    Returns
    -------
    bytes
        The file; the same for the same marks.
    """
    size = paper.width * paper.enlarged, paper.height * paper.enlarged
    figure = Figure(figsize=size, facecolor=style.WHITE)
    to_figure = (
        Affine2D().scale(paper.enlarged, -paper.enlarged).translate(0, size[1])
        + figure.dpi_scale_trans
    )
    for shape in paper.shapes:
        figure.add_artist(_patch(shape, to_figure, paper.enlarged))
    with TemporaryDirectory() as folder, matplotlib.rc_context(_SETTINGS):  # type: ignore[arg-type]
        fonts = _fonts(paper.labels, File(folder))
        for label in paper.labels:
            for run in label.line.runs:
                _write(figure, label, run, fonts[run.face], to_figure, paper.enlarged)
        return _saved(figure, paper)


def _saved(figure: Figure, paper: Paper) -> bytes:
    told = {"Title": paper.title, "Subject": paper.description}
    untold = dict.fromkeys(("CreationDate", "Creator", "Producer"))
    with io.BytesIO() as stream:
        figure.savefig(stream, format="pdf", metadata={**told, **untold})
        return stream.getvalue()


def _patch(shape: Shape, to_figure: Transform, enlarged: float) -> PathPatch:
    line = shape.line if shape.edge else 0.0
    return PathPatch(
        Path(shape.vertices, shape.codes),
        facecolor=shape.fill or "none",
        edgecolor=shape.edge if line else "none",
        linewidth=line * enlarged,
        linestyle=(0, tuple(n / (line or 1.0) for n in shape.dash)) if shape.dash else "solid",
        capstyle="butt",
        alpha=shape.alpha,
        transform=to_figure,
    )


def _write(
    figure: Figure, label: Label, run: Run, font: File, to_figure: Transform, enlarged: float
) -> None:
    em = label.size / style.POINTS
    along, down = run.starts[0] * em, run.drop * em
    right, below = (down, -along) if label.turned else (along, down)
    figure.text(
        label.x + right,
        label.y + below,
        run.text,
        transform=to_figure,
        color=label.colour,
        rotation=90 if label.turned else 0,
        rotation_mode="anchor",
        ha="left",
        va="baseline",
        fontproperties=FontProperties(fname=font, size=label.size * run.size * enlarged),
        parse_math=False,
    )


def _fonts(labels: Iterable[Label], folder: File) -> dict[Face, File]:
    """Write a font for the signs of each face that labels use."""
    signs: dict[Face, set[str]] = {}
    pairs: dict[Face, set[str]] = {}
    for run in (run for label in labels for run in label.line.runs):
        signs.setdefault(run.face, set()).update(run.text)
        pairs.setdefault(run.face, set()).update(a + b for a, b in pairwise(run.text))
    paths = {}
    for face, own in signs.items():
        paths[face] = folder / f"{face.family.replace(' ', '')}.ttf"
        make_font(face, sorted(own), sorted(pairs[face]), paths[face])
    return paths


def make_font(face: Face, signs: list[str], pairs: list[str], path: File) -> None:
    """Write a TrueType font of some signs and of the kerning between pairs of them.

    Parameters
    ----------
    face
        Font that has the signs.
    signs, pairs
        The signs, and pairs of them that stand beside each other.
    path
        File to write.
    """
    names = {sign: f"u{ord(sign):05X}" for sign in signs}
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(sign): name for sign, name in names.items()})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph()}
                      | {names[sign]: _outline(face, sign) for sign in signs})  # fmt: skip
    bearings = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {".notdef": (_UNITS, 0)}
        | {
            names[sign]: (
                round(face.glyph(sign).advance * _UNITS),
                getattr(bearings[names[sign]], "xMin", 0),
            )
            for sign in signs
        }
    )
    builder.setupHorizontalHeader(ascent=_UNITS, descent=-_UNITS // 4)
    builder.setupNameTable({"familyName": face.family, "styleName": "Regular",
                            "psName": face.family.replace(" ", "")})  # fmt: skip
    builder.setupOS2()
    builder.setupPost()
    kerns = [(pair, round(face.kern(pair) * _UNITS)) for pair in pairs]
    rules = [f"pos {names[p[0]]} {names[p[1]]} {units};" for p, units in kerns if units]
    if rules:
        builder.addOpenTypeFeatures("feature kern {\n" + "\n".join(rules) + "\n} kern;")
    builder.font.recalcTimestamp = False  # the same font for the same letters
    builder.font["head"].created = builder.font["head"].modified = _MADE
    builder.save(path)


def _outline(face: Face, sign: str) -> object:
    """Return the TrueType outline of a sign."""
    glyph, pen = face.glyph(sign), TTGlyphPen(None)
    target = Cu2QuPen(pen, _FINE, reverse_direction=CURVE in glyph.codes)
    vertices, codes = (glyph.vertices * _UNITS).tolist(), glyph.codes.tolist()
    n = 0
    while n < len(codes):
        step = _STEPS[codes[n]]
        points = [tuple(point) for point in vertices[n : n + step.points]]
        getattr(target, step.name)(*points[: step.told])
        n += step.points
    return pen.glyph()


class _Step(NamedTuple):
    """A step of an outline: how many points it has, how a pen draws it, how many points of it."""

    points: int
    name: str
    told: int


_STEPS = {
    MOVE: _Step(1, "moveTo", 1),
    TO: _Step(1, "lineTo", 1),
    _QUADRATIC: _Step(2, "qCurveTo", 2),
    CURVE: _Step(3, "curveTo", 3),
    CLOSE: _Step(1, "closePath", 0),
}
