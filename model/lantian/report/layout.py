"""The sheets a chart is put on: a page of a report, a column of a paper, a slide of 16 by 9."""

from dataclasses import dataclass
from typing import Literal

LayoutName = Literal["page", "column", "slide"]


@dataclass(frozen=True)
class Layout:
    """A sheet; letters are as large on all of them before a slide is enlarged.

    Attributes
    ----------
    name
        How it is asked for.
    width
        Of the sheet [inch].
    tallest
        Most height [inch].
    fixed
        Whether a sheet is always as tall as that.
    enlarged
        How many times larger than this it is shown.
    title
        Size of the title [point].
    """

    name: LayoutName
    width: float
    tallest: float
    fixed: bool = False
    enlarged: float = 1.0
    title: float = 11.0

    def suffix(self) -> str:
        """Return what file names of this layout bear; that of a page is understood."""
        return "" if self.name == "page" else f".{self.name}"


PAGE = Layout("page", 6.3, 9.4)
"""The text width and height of an A4 report, 16 by 24 cm."""

COLUMN = Layout("column", 3.35, 9.4, title=9.5)
"""A column of a paper with two, 8.5 cm."""

SLIDE = Layout("slide", 20 / 3, 3.75, fixed=True, enlarged=2.0)
"""A slide of 13 1/3 by 7 1/2 inch: letters of 7 points are 14 there."""

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (PAGE, COLUMN, SLIDE)}
