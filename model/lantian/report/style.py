"""How every chart looks: one colour and order per sector, case, basis and standard.

Neighbours in a stack differ in lightness, so a grey print stays readable.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, fontManager, get_font

WIDTH = 6.3
"""Width of every figure [inch]: the text width of an A4 report."""

HEAD = 0.44
"""Room for the title [inch]."""

SUBTITLE = 0.2
"""Further room where there is a second line [inch]."""

FOOT = 0.3
"""Room for the source line [inch]."""

MARGIN = 0.12
"""Free edge of a figure [inch]."""

DPI = 180
"""Resolution of PNG files [pixel/inch]."""

POINTS = 72.0
"""Points per inch."""

TITLE, NORMAL, SMALL, TINY = 11.0, 8.0, 7.0, 6.2
"""Font sizes [point]."""

INK, GREY, PALE, RULE, MISSED, MET = (
    "#1d1d1f",
    "#6b6b6b",
    "#d9d9d9",
    "#e4e4e4",
    "#b3261e",
    "#22663a",
)

SECTOR_COLOURS: dict[str, str] = {
    "on-road": "#17406d",
    "non-road": "#7db0d6",
    "dust": "#8a5a2b",
    "voc": "#efc24f",
    "coal-gas": "#4a4a4a",
    "industry": "#c79ab4",
    "heavy-industry": "#8b78b0",
    "catering": "#a63d2f",
    "ammonia": "#b5d49a",
    "open-burning": "#3f7a4b",
}

CASE_COLOURS: dict[str, str] = {
    "baseline": "#9a9a9a",
    "plan": "#17406d",
    "plan_strict": "#17406d",
    "least_cost": "#e08b2c",
    "match_plan": "#6b8f3a",
}

CASE_MARKERS: dict[str, str] = {
    "baseline": "o",
    "plan": "s",
    "plan_strict": "s",
    "least_cost": "D",
    "match_plan": "^",
}

BASIS_COLOURS: dict[str, str] = {
    "measured": "#123b5d",
    "published": "#3f7fb0",
    "derived": "#a9cbe3",
    "assumed": "#eceff1",
}

STANDARD_COLOURS: dict[str, str] = {
    "0": "#3b2416",
    "I": "#6b4223",
    "II": "#9c6a35",
    "III": "#cf9f5c",
    "IV": "#ead7a8",
    "V": "#a7c6de",
    "VI": "#4f86b3",
    "battery": "#2f6b45",
}
"""Brown for the old, blue for the new, green for electric."""

COMPONENT_COLOURS: dict[str, str] = {
    "regional": "#dcdcdc",
    "mobile": SECTOR_COLOURS["on-road"],
    "dust": SECTOR_COLOURS["dust"],
    "industry": SECTOR_COLOURS["industry"],
    "living": SECTOR_COLOURS["voc"],
    "coal": SECTOR_COLOURS["coal-gas"],
    "other": SECTOR_COLOURS["ammonia"],
}

KEY_POLLUTANTS = ("NOx", "VOC", "PM2.5", "TSP")
"""The pollutants a plan's targets speak of, in the order of panels."""

_SPARE = ("#5b6f8f", "#d8b9a0", "#75804a", "#c9c6e0", "#7a4b6a", "#a8c9c2")
_FALLBACK_FAMILY = "DejaVu Sans"


def sector_order(sectors: set[str]) -> list[str]:
    """Return sectors in the order of every chart, unknown ones last and by name."""
    known = [sector for sector in SECTOR_COLOURS if sector in sectors]
    return known + sorted(sectors - set(known))


def sector_colours(sectors: list[str]) -> dict[str, str]:
    """Return the colour of each sector; unknown ones take spare colours in turn."""
    spare = [sector for sector in sectors if sector not in SECTOR_COLOURS]
    own = {sector: _SPARE[i % len(_SPARE)] for i, sector in enumerate(spare)}
    return {sector: SECTOR_COLOURS.get(sector) or own[sector] for sector in sectors}


@cache
def _chinese_font() -> str:
    """Register the Chinese font that is installed with Lantian and return its path."""
    from pylopdf_fonts_zh_cn import sans_path  # slow to find, wanted only when drawing

    path = str(sans_path())
    fontManager.addfont(path)
    return path


def families(signs: Iterable[str]) -> list[str]:
    """Return the fonts some signs need: the Chinese one, and a second only if it lacks a sign.

    A second family makes every text slower to lay out, whether it is used or not.
    """
    path = _chinese_font()
    font = get_font(path)
    lacks = any(not font.get_char_index(ord(sign)) for sign in set(signs))
    return [FontProperties(fname=path).get_name(), *([_FALLBACK_FAMILY] if lacks else [])]


def context(signs: Iterable[str] = "") -> AbstractContextManager[None]:
    """Return a context in which figures have this style; global settings stay as they are.

    Parameters
    ----------
    signs
        The signs that names from a run may put on a chart.

    Returns
    -------
    context manager
        To be entered around all drawing.
    """
    settings: dict[str, Any] = {
        "font.family": families(signs),
        "text.parse_math": False,  # a name may hold a dollar sign
        "text.hinting": "no_hinting",
        "font.size": NORMAL,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.6,
        "axes.labelsize": SMALL,
        "axes.unicode_minus": True,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 2.0,
        "ytick.major.size": 2.0,
        "xtick.major.width": 0.5,
        "ytick.major.width": 0.5,
        "svg.fonttype": "path",
        "svg.hashsalt": "lantian",
        "path.simplify": True,
    }
    return matplotlib.rc_context(settings)  # type: ignore[arg-type]


def bare(axes: Axes, *keep: str) -> None:
    """Remove the frame of axes but for the sides named.

    Parameters
    ----------
    axes
        Where to draw.
    keep
        Sides that stay: ``left``, ``bottom``, ``right``, ``top``.
    """
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)


def ink_on(colour: str) -> str:
    """Return white or ink, whichever is readable on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return INK if _LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue > _BRIGHT else "#ffffff"


_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_BRIGHT = 140.0
