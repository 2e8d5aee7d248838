"""Ways from one run to another: steps that add up, as bars from end to end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lantian.report import style
from lantian.report.axes import BELOW, amounts_below, base_line, names_left
from lantian.report.chart import Page, fit_names
from lantian.report.frames import Row
from lantian.report.steps import Bar, digits_of, draw_bars, limits_of_bars, placed, signed
from lantian.report.words import Scale, Text, Words

ENDS = ("reference", "run")
"""Steps of a way that are its ends."""

_SHOWN = 12  # steps with a bar of their own
_ROW, _LEAST = 0.235, 0.15
_RIGHT = 0.62  # for the numbers [inch]
_OTHER = Text("Other steps ({n})", "其他步骤（{n}项）")
_FROM_END, _ELSE, _RISE = style.CASE_COLOURS["plan"], "#6fa8d0", style.MISSED
_CUT = Text("axis does not begin at 0", "横轴不从0开始")


@dataclass(frozen=True)
class Way:
    """What a way is drawn with.

    Attributes
    ----------
    rows
        Its steps in their order, from end to end.
    scale
        Unit of their values.
    axis
        Title of the axis.
    names
        Steps that are no measure -> what they are called.
    """

    rows: Sequence[Row]
    scale: Scale
    axis: str
    names: Mapping[str, Text]

    def name(self, row: Row, words: Words) -> str:
        """Return what a step is called."""
        if row.step == "measure":
            return words.name(row.measure)
        return words.say(self.names[row.step])

    def value(self, row: Row) -> float:
        """Return the value of a step in the unit that is shown."""
        return float(row.value / self.scale.size)

    @property
    def steps(self) -> list[Row]:
        """Return the steps between the ends, the largest first."""
        inner = (row for row in self.rows if row.step not in ENDS)
        return sorted(inner, key=lambda row: -abs(row.value))

    @property
    def digits(self) -> int:
        """Return how many decimals the steps need."""
        return digits_of([self.value(row) for row in self.steps])


def _bars(way: Way, words: Words, most: int) -> list[Bar]:
    """Return the bars: the largest steps in their order, the rest pooled before the end."""
    rows, ranked = way.rows, way.steps
    kept = {row.order for row in (ranked if len(ranked) <= most + 1 else ranked[:most])}
    rest = [row for row in ranked if row.order not in kept]
    parts = [(ENDS[0], str(rows[0].reference), way.value(rows[0]))]
    parts += [(r.step, way.name(r, words), way.value(r)) for r in rows if r.order in kept]
    if rest:
        pooled = words.say(_OTHER, n=str(len(rest)))
        parts.append(("other", pooled, sum(way.value(row) for row in rest)))
    return placed([*parts, (ENDS[1], str(rows[-1].run), way.value(rows[-1]))], ENDS)


def draw_way(page: Page, way: Way) -> float:
    """Draw horizontal bars from top to bottom, each beginning where the last one ended.

    Parameters
    ----------
    page
        Where to draw.
    way
        What leads from one run to the other.

    Returns
    -------
    float
        Where the drawing ends [inch].
    """
    words = page.words
    tall = fit_names(page, (bar.name for bar in _bars(way, words, _SHOWN))).height
    room = page.most_rows(max(_LEAST, tall), BELOW) - len(ENDS) - 1
    bars = _bars(way, words, max(min(_SHOWN, room), 1))
    names = fit_names(page, (bar.name for bar in bars))
    row_height = page.rows(len(bars), _ROW, max(_LEAST, names.height), BELOW)
    floor, top = limits_of_bars(bars)
    panel = page.panel(
        names.room, page.top, page.right - names.room - _RIGHT, row_height * len(bars),
        (floor, top), (len(bars) - 0.5, -0.5),
    )  # fmt: skip
    names_left(panel, range(len(bars)), names)
    colours = [_FROM_END if b.whole else _RISE if b.value > 0 else _ELSE for b in bars]
    draw_bars(panel, bars, floor, colours, way.digits)
    base_line(panel)
    axis = f"{way.axis}  ({words.say(_CUT)})" if floor > 0 else way.axis
    return amounts_below(panel, Scale(1.0, ""), axis)


def facts_of(rows: Sequence[Row], words: Words, made: Callable[..., Way]) -> dict[str, str]:
    """Return both ends and the largest steps.

    Parameters
    ----------
    rows
        Steps of a way.
    words
        Of the reader.
    made
        Makes the way of them.
    """
    way = made(rows, words)
    said = [f"{way.name(r, words)} {signed(way.value(r), way.digits)}" for r in way.steps[:3]]
    ends = (f"{way.value(row):,.{way.digits}f}" for row in (rows[0], rows[-1]))
    return {
        "first": rows[0].reference,
        "other": rows[0].run,
        **dict(zip(("from", "to"), (end.replace("-", "−") for end in ends), strict=True)),
        "n": str(len(way.steps)),
        "largest": words.phrases(said),
    }
