"""What can be wrong with a sheet of paper that a reader would see."""

import re
from collections.abc import Collection, Iterator
from itertools import combinations

from lantian.report.layout import Layout
from lantian.report.lettering import PITCH, unprintable
from lantian.report.paper import Label, Paper
from lantian.report.style import POINTS

TOUCH = 0.004
"""By how much the boxes of two texts may overlap [inch]: less than a third of a point."""


def faults_of(paper: Paper, layout: Layout) -> Iterator[str]:
    """Yield texts that overlap, leave the paper or are cut off, and marks beyond its edges."""
    if paper.height > layout.tallest + 1e-9:
        yield f"{paper.height:.2f} inch tall"
    before: Label | None = None
    for label in paper.labels:
        left, top, right, bottom = label.box
        if left < 0 or top < 0 or right > paper.width or bottom > paper.height:
            yield f"{label.text!r} leaves the paper"
        for sign in unprintable(label.text):
            yield f"no font has {sign!r} of {label.text!r}"
        if (before is None or not _goes_on(before, label)) and LOWER.match(label.text):
            yield f"{label.text!r} begins small"
        before = label
        if "…" in label.text:
            yield f"{label.text!r} is cut off"
    for one, other in combinations(paper.labels, 2):
        if overlap(one, other):
            yield f"{one.text!r} overlaps {other.text!r}"
    for shape in paper.shapes:
        (left, top), (right, bottom) = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
        if left < 0 or top < 0 or right > paper.width or bottom > paper.height:
            yield f"a shape leaves the paper at {left:.2f}, {top:.2f}, {right:.2f}, {bottom:.2f}"


LEFT_OUT = re.compile("more|[Oo]ther|[Ss]hown|另有|其他|其余")
"""What a sheet says that has no room for all."""
LOWER = re.compile(r"^[a-z]+(?=[ ,:;]|$)")


def lines_left_out(paper: Paper, whole: Paper, names: Collection[str]) -> list[str]:
    """Return names that the whole sheet has and the other one has not, if it does not say so."""
    has, should_have = (_letters(sheet) for sheet in (paper, whole))
    lost = [n for n in map(_solid, names) if n in should_have and n not in has]
    return lost if lost and not any(LEFT_OUT.search(own.text) for own in paper.labels) else []


def _letters(paper: Paper) -> str:
    """Return all texts of a sheet: a name may stand in several lines."""
    return "".join(_solid(label.text) for label in paper.labels)


def _solid(text: str) -> str:
    return "".join(text.split())


def _goes_on(before: Label, label: Label) -> bool:
    """Tell whether a label is a further line of the text before it."""
    along = (label.x - before.x) if label.turned else (label.y - before.y)
    return label.size == before.size and 0 < along <= 1.3 * PITCH * label.size / POINTS


def overlap(one: Label, other: Label) -> bool:
    left, top, right, bottom = one.box
    a, b, c, d = other.box
    across = min(right, c) - max(left, a)
    down = min(bottom, d) - max(top, b)
    return across > TOUCH and down > TOUCH
