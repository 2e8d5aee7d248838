"""What can be wrong with a sheet of paper that a reader would see."""

from collections.abc import Iterator
from itertools import combinations

from lantian.report.layout import Layout
from lantian.report.lettering import unprintable
from lantian.report.paper import Label, Paper

TOUCH = 0.004
"""By how much the boxes of two texts may overlap [inch]: less than a third of a point."""


def faults_of(paper: Paper, layout: Layout) -> Iterator[str]:
    """Yield texts that overlap, leave the paper or are cut off, and marks beyond its edges."""
    if paper.height > layout.tallest + 1e-9:
        yield f"{paper.height:.2f} inch tall"
    for label in paper.labels:
        left, top, right, bottom = label.box
        if left < 0 or top < 0 or right > paper.width or bottom > paper.height:
            yield f"{label.text!r} leaves the paper"
        for sign in unprintable(label.text):
            yield f"no font has {sign!r} of {label.text!r}"
        if "…" in label.text:
            yield f"{label.text!r} is cut off"
    for one, other in combinations(paper.labels, 2):
        if overlap(one, other):
            yield f"{one.text!r} overlaps {other.text!r}"
    for shape in paper.shapes:
        (left, top), (right, bottom) = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
        if left < 0 or top < 0 or right > paper.width or bottom > paper.height:
            yield f"a shape leaves the paper at {left:.2f}, {top:.2f}, {right:.2f}, {bottom:.2f}"


def overlap(one: Label, other: Label) -> bool:
    left, top, right, bottom = one.box
    a, b, c, d = other.box
    across = min(right, c) - max(left, a)
    down = min(bottom, d) - max(top, b)
    return across > TOUCH and down > TOUCH
