"""Letters as outlines: how wide a text is, where its signs stand and where it may break.

All measures are in em, so a text is set once for every size, language and file format. FreeType
gives outlines, widths and kerning; nothing is hinted, so that a text is equally wide everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

ASCENT, DESCENT = 0.8, 0.23
"""How far the letters of a line reach above and below its base [em]."""

CAPITAL = 0.7
"""Height of capitals, figures and most Chinese signs about the middle of which a line is [em]."""

PITCH = 1.18
"""From the base of one line to that of the next [em]."""

_SMALL, _DROP = 0.72, 0.16  # of an index below the line [em]
_EM = 1000.0  # size at which glyphs are read [pixel]
_SUBPIXELS = 64.0  # FreeType's positions
_FIXED = 65536.0  # FreeType's unhinted widths
_MISSING = 0  # index of the glyph that stands for a missing one
_LAST_NARROW = 0x2E7F
_OPENING = "（“‘《【"
_CLINGING = "，、。）；："
_NARROW_ABROAD = "“”‘’·…"
"""Signs that a Chinese font sets as wide as its others; among Latin letters they are narrow."""


@dataclass(frozen=True)
class Glyph:
    """Outline of one sign [em], y upwards, and the room it takes [em]."""

    vertices: Floats
    codes: Codes
    advance: float


class Face:
    """One font file, its glyphs read when first wanted.

    Parameters
    ----------
    path
        TrueType or OpenType file.
    """

    def __init__(self, path: Path) -> None:
        self._font = FT2Font(BytesIO(path.read_bytes()))  # a fork would share an open file
        self._font.set_size(_EM, 72)
        self.family = self._font.family_name
        self._glyphs: dict[str, Glyph] = {}
        self._kerns: dict[str, float] = {}

    def has(self, sign: str) -> bool:
        """Return whether the font has a glyph for a sign."""
        return self._font.get_char_index(ord(sign)) != _MISSING

    def glyph(self, sign: str) -> Glyph:
        """Return the outline of a sign."""
        found = self._glyphs.get(sign)
        if found is None:
            index = self._font.get_char_index(ord(sign))
            loaded = self._font.load_glyph(index, LoadFlags.NO_HINTING)
            vertices, codes = self._font.get_path()
            advance = loaded.linearHoriAdvance / _FIXED / _EM
            found = Glyph(vertices / _EM, codes.astype(np.uint8), advance)
            self._glyphs[sign] = found
        return found

    def kern(self, pair: str) -> float:
        """Return by how much the second of two signs moves towards the first [em]; often 0."""
        found = self._kerns.get(pair)
        if found is None:
            latin = pair.isascii() and not pair.isdigit() and " " not in pair
            found = self._kerns[pair] = self._measured_kern(pair) if latin else 0.0
        return found

    def _measured_kern(self, pair: str) -> float:
        starts = self._font.set_text(pair, 0.0, flags=LoadFlags.NO_HINTING)
        if len(starts) != len(pair):  # a ligature: its parts stand as they are
            return 0.0
        return float(starts[1, 0] - starts[0, 0]) / _SUBPIXELS / _EM - self.glyph(pair[0]).advance


@cache
def faces() -> tuple[Face, Face]:
    """Return the Chinese font that is installed with Lantian and one for signs it lacks."""
    from pylopdf_fonts_zh_cn import sans_path

    spare = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return Face(Path(sans_path())), Face(spare)


@dataclass(frozen=True)
class Run:
    """Signs of one font and size in a line [em].

    Attributes
    ----------
    text, face
        The signs and their font.
    starts
        Where each sign begins.
    width
        How wide they are together.
    size, drop
        Their size and how far they stand below the base of the line.
    """

    text: str
    face: Face
    starts: tuple[float, ...]
    width: float
    size: float = 1.0
    drop: float = 0.0


@dataclass(frozen=True)
class Line:
    """One line of text as it is set [em]."""

    runs: tuple[Run, ...]
    width: float

    @cached_property
    def outline(self) -> tuple[Floats, Codes]:
        """Return the outlines of all signs, from the left end of the base, y upwards."""
        vertices: list[Floats] = [np.empty((0, 2))]
        codes: list[Codes] = [np.empty(0, np.uint8)]
        for run in self.runs:
            for sign, start in zip(run.text, run.starts, strict=True):
                glyph = run.face.glyph(sign)
                if len(glyph.codes):
                    vertices.append(glyph.vertices * run.size + np.array([start, -run.drop]))
                    codes.append(glyph.codes)
        return np.concatenate(vertices), np.concatenate(codes)


@cache
def set_line(text: str) -> Line:
    """Return a line of text with every sign in its place.

    Parameters
    ----------
    text
        One line.

    Returns
    -------
    Line
        A sign that no font has is shown as an empty box; see :func:`unprintable`.
    """
    runs: list[Run] = []
    end = 0.0
    for face, part, size in _parts(text):
        starts, end = _spread(face, part, size, end)
        runs.append(Run(part, face, starts, end - starts[0], size, _DROP if size < 1 else 0.0))
    return Line(tuple(runs), end)


def _spread(face: Face, text: str, size: float, start: float) -> tuple[tuple[float, ...], float]:
    """Return where each sign begins and where the last one ends [em]."""
    starts: list[float] = []
    x, before = start, ""
    for sign in text:
        if before:
            x += face.kern(before + sign) * size
        starts.append(x)
        x += face.glyph(sign).advance * size
        before = sign
    return tuple(starts), x


def _parts(text: str) -> Iterator[tuple[Face, str, float]]:
    """Yield the parts of a text that have one font and size, and that size."""
    for part, size in _sizes(text):
        for face, signs in by_face(part):
            yield face, signs, size


def _sizes(text: str) -> Iterator[tuple[str, float]]:
    """Yield parts of a text and their sizes: indices of formulas are small."""
    end = 0
    for formula in _FORMULA.finditer(text):
        for begin, stop in (formula.span(n) for n in range(1, _FORMULA.groups + 1)):
            if begin >= 0:
                yield text[end:begin], 1.0
                yield text[begin:stop], _SMALL
                end = stop
    yield text[end:], 1.0


_FORMULA = re.compile(
    r"(?<![A-Za-z0-9])(?:PM(2\.5|10)|(?:NO|SO)(x|2)|(?:NH|O)(3)|CO(2)|CH(4)|N(2)O)(?![A-Za-z0-9])"
)
"""Names in which an index stands below the line."""


def by_face(text: str) -> Iterator[tuple[Face, str]]:
    """Yield the parts of a text that one font has."""
    part, face = "", faces()[0]
    western = text.isascii() or not any(ord(sign) > _LAST_NARROW for sign in text)
    for sign in text:
        its = faces()[1] if western and sign in _NARROW_ABROAD else _face_of(sign)
        if part and its is not face:
            yield face, part
            part = ""
        part, face = part + sign, its
    if part:
        yield face, part


@cache
def _face_of(sign: str) -> Face:
    for face in faces():
        if face.has(sign):
            return face
    return faces()[0]


def unprintable(text: str) -> list[str]:
    """Return the signs of a text that no font has, each once: they are drawn as empty boxes.

    Parameters
    ----------
    text
        One line.
    """
    return [sign for sign in dict.fromkeys(text) if not _face_of(sign).has(sign)]


@cache
def width(text: str) -> float:
    """Return the width of a line [em]."""
    end = 0.0
    for face, part, size in _parts(text):
        _, end = _spread(face, part, size, end)
    return end


def wrap(text: str, room: float) -> str:
    """Break a text into lines, between words and between Chinese signs; nothing is cut off.

    Parameters
    ----------
    text
        One line.
    room
        Width of a line [em]; a word that is wider is broken too.

    Returns
    -------
    str
        The lines, joined by line ends.
    """
    if width(text) <= room:
        return text
    done: list[str] = []
    line, long = "", 0.0
    for piece in (part for whole in pieces(text) for part in _fitting(whole, room)):
        if line and long + width(piece.rstrip()) > room:
            done.append(line.rstrip())
            line, long = "", 0.0
        line, long = line + piece, long + width(piece)
    return "\n".join([*done, line.rstrip()])


def _fitting(piece: str, room: float) -> Iterator[str]:
    """Yield a piece, or parts of it where it is wider than a line."""
    if width(piece.rstrip()) <= room:
        yield piece
        return
    part = ""
    for sign in piece:
        if part and sign != " " and width(part + sign) > room:
            yield part
            part = ""
        part += sign
    yield part


def pieces(text: str) -> list[str]:
    """Return what may not be broken: a Latin word with its space, or one Chinese sign.

    Parameters
    ----------
    text
        One line.

    Returns
    -------
    list of str
        Together they are the text.
    """
    found: list[str] = []
    for sign in text:
        wide = ord(sign) > _LAST_NARROW
        clings = sign in _CLINGING or (not wide and found and not found[-1].endswith(" "))
        if found and found[-1][-1] in _OPENING:
            found[-1] += sign
            continue
        if found and clings and (not wide or sign in _CLINGING):
            latin = ord(found[-1][-1]) <= _LAST_NARROW
            if wide or latin:
                found[-1] += sign
                continue
        found.append(sign)
    return found
