"""What charts that hold runs against each other have in common: runs in their order, with marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lantian.report import style
from lantian.report.chart import count
from lantian.report.frames import Asked
from lantian.report.keys import Dot
from lantian.report.words import Text
from lantian.results.contract import UNIT

MOST = 6
"""Runs that have a mark of their own."""

MORE = Text("{n} more runs are in the tables.", "其余{n}个运行结果见数据表。")

RUN = replace(UNIT, name="run", means=Text("run", "运行结果"), words=())
PLACE = count(
    "place", "place of the run; 0 is the one others are held against", "次序，0为对照基准"
)

_MARKS = (
    ("o", "#6b6b6b"), ("s", "#202d5b"), ("D", "#fab05d"), ("^", "#427631"), ("o", "#8f597c"),
    ("s", "#80d2fa"),
)  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """The runs of a comparison, the first being what others are held against."""

    names: Sequence[str]

    @property
    def first(self) -> str:
        """Return the run that others are held against."""
        return self.names[0]

    def place(self, run: str) -> int:
        """Return the place of a run."""
        return self.names.index(run)


def runs_of(asked: Asked) -> Beside:
    """Return the runs of a comparison; the chart reads ``compared_runs``."""
    return Beside([row.run for row in asked.rows("compared_runs")])


def mark(place: int, name: str) -> Dot:
    """Return the mark of a run by its place; that of the first is hollow."""
    form, colour = _MARKS[place]
    size = 6.5 if place == 0 else 5.5
    if place == 0:
        return Dot(name, form, size, style.WHITE, colour, 1.2)
    return Dot(name, form, size, colour, style.WHITE, 0.5)


def colour_of(place: int) -> str:
    """Return the colour of a run by its place."""
    return _MARKS[place][1]
