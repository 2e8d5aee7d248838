"""How every chart looks: one colour and order per sector, case, basis and standard.

Colours were chosen, and are tested, to differ with all kinds of colour vision; those that touch in
a stack differ in lightness too, so a grey print stays readable.
"""

from collections.abc import Iterable, Sequence

MARGIN = 0.12
"""Free edge of a figure [inch]."""

DPI = 300
"""Resolution of PNG files [pixel/inch]."""

LINE = 1.03
"""Height of one line of text [em]."""

POINTS = 72.0
"""Points per inch."""

NORMAL, SMALL, TINY = 8.0, 7.0, 6.2
"""Font sizes [point]; titles have those of their sheet."""

WHITE, INK, GREY, RULE, MISSED, MET = (
    "#ffffff",
    "#1d1d1f",
    "#6b6b6b",
    "#e4e4e4",
    "#b3261e",
    "#22663a",
)

SECTOR_COLOURS: dict[str, str] = {
    "on-road": "#1768a8",
    "non-road": "#80d2fa",
    "dust": "#652805",
    "voc": "#e4a758",
    "coal-gas": "#634f5b",
    "industry": "#b194c7",
    "heavy-industry": "#301a6d",
    "catering": "#d56a77",
    "ammonia": "#d0e397",
    "open-burning": "#747d16",
}
"""In the order of every stack."""

SPARE_COLOURS = (
    "#386816", "#9dc1a5", "#8f597c", "#f6c74b", "#0f4876", "#707dbf", "#4a274c", "#94eff4",
)  # fmt: skip
"""For further sectors, once the colours above are taken."""

OTHER_COLOUR = "#d4d4d4"
"""Of the sectors that are left when all colours are taken."""

CASE_COLOURS: dict[str, str] = {
    "baseline": "#8798a0",
    "plan": "#202d5b",
    "plan_strict": "#202d5b",
    "match_plan": "#427631",
    "least_cost": "#fab05d",
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
    "0": "#3f252e",
    "I": "#744811",
    "II": "#b86a29",
    "III": "#d4a94a",
    "IV": "#d9e4ba",
    "V": "#88c0e2",
    "VI": "#378fca",
    "battery": "#126f61",
}
"""Brown for the old, blue for the new, green for electric."""

COMPONENT_COLOURS: dict[str, str] = {
    "regional": "#cce0f3",
    "city": "#9fb8d8",
    "mobile": "#2394bb",
    "dust": "#e7c77f",
    "industry": "#7d397b",
    "living": "#c49a6a",
    "coal": "#343244",
    "other": "#757929",
}
"""What an annual mean is made of; no sector has these colours, for none is the same."""

KEY_POLLUTANTS = ("NOx", "VOC", "PM2.5", "TSP")
"""The pollutants a plan's targets speak of, in the order of panels."""


def sector_order(sectors: Iterable[str]) -> list[str]:
    """Return sectors in the order of every chart, unknown ones last and by name."""
    found = set(sectors)
    known = [sector for sector in SECTOR_COLOURS if sector in found]
    return known + sorted(found - set(known))


def sector_colours(sectors: Sequence[str]) -> dict[str, str]:
    """Return a colour for each sector, as many as there are; the last share grey beyond that.

    Parameters
    ----------
    sectors
        In the order of stacks; those of Lantian keep their own colours.

    Returns
    -------
    dict
        Sector -> colour; no two are the same but for :data:`OTHER_COLOUR`.
    """
    free = [c for s, c in SECTOR_COLOURS.items() if s not in sectors] + list(SPARE_COLOURS)
    unknown = [sector for sector in sectors if sector not in SECTOR_COLOURS]
    given = {s: c for s, c in SECTOR_COLOURS.items() if s in sectors}
    given |= dict(zip(unknown, free, strict=False))
    return {sector: given.get(sector, OTHER_COLOUR) for sector in sectors}


def tint(colour: str, opacity: float) -> str:
    """Return what a colour looks like on white at an opacity."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - opacity * (255 - part)):02x}" for part in parts)


def ink_on(colour: str) -> str:
    """Return white or ink, whichever is readable on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return INK if _LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue > _BRIGHT else WHITE


_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_BRIGHT = 140.0
