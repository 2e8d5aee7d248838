"""How often each measure is in the optimum of a random set of inputs."""

import numpy as np

from lantian.report import style
from lantian.report.axes import BELOW, base_line, names_left, numbers_below, rules_across, side_line
from lantian.report.bars import casing
from lantian.report.chart import MORE, Chart, Page, declare, fit_names, share
from lantian.report.frames import Asked, pick, rows_of
from lantian.report.keys import Dot, Stroke, Swatch, draw_key
from lantian.report.words import Text, Words, chance_text
from lantian.results.contract import MEASURE
from lantian.results.frame import Frame, make_frame

_ROW = 0.19
_SHOWN = 40
_LEAST = 0.02  # part of the optima from which a measure is shown
_BAR = "#3f7fb0"
_WHISKER = 0.9
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ENDS = Text("95 % range of the frequency", "频率的95 %范围")
_OFTEN = Text("part of the optima that have it", "入选频率")
_CENTRAL = Text("part it takes at central values of what it can act on", "中值下占可作用量的比例")

DRAWN = declare(
    "measures-chosen",
    Text("How often each measure is chosen", "各措施入选频率"),
    ("measure",),
    MEASURE,
    share("frequency", "part of the optima that have it", "入选频率"),
    share("frequency_low", "lower end of its 95 % interval", "入选频率下限"),
    share("frequency_high", "upper end of its 95 % interval", "入选频率上限"),
    share("central", "share at central values", "中值下的份额"),
)


def frame(asked: Asked) -> Frame:
    """Return the measures that are chosen in more than a few optima, the surest first."""
    rows = [row for row in asked.rows("chosen") if row.frequency >= _LEAST]
    rows = pick(rows, Text("no measure is chosen", "没有入选的措施"))
    return make_frame(DRAWN, [{name: getattr(row, name) for name in DRAWN.names} for row in rows])


def draw(page: Page, drawn: Frame) -> float:
    """Draw one bar per measure, how far samples settle it, and where it stands centrally."""
    rows, words = rows_of(drawn), page.words
    often = Swatch(words.say(_OFTEN), _BAR)
    ends = Stroke(words.say(_ENDS), style.INK, _WHISKER)
    page.top = draw_key(page, [often, ends, _dot(words.say(_CENTRAL))], page.top) + 0.06
    least = fit_names(page, (words.name(row.measure) for row in rows), style.SMALL, 0.46).height
    below = page.below(len(rows), least, BELOW)
    shown = rows[: min(page.most_rows(least, below), _SHOWN)]
    names = fit_names(page, (words.name(row.measure) for row in shown), style.SMALL, 0.46)
    tall = page.rows(len(shown), max(_ROW, names.height), names.height, below)
    panel = page.panel(
        names.room, page.top, page.right - names.room - 0.15, tall * len(shown), (0.0, 1.0),
        (len(shown) - 0.5, -0.5),
    )  # fmt: skip
    y = np.arange(len(shown))
    rules_across(panel, _TICKS)
    panel.boxes(0.0, y - 0.33, np.array([row.frequency for row in shown]), 0.66, [_BAR])
    low = [row.frequency_low for row in shown]
    high = [row.frequency_high for row in shown]
    casing(panel, low, y, high)
    panel.strokes(low, y, high, y, style.INK, _WHISKER)
    central = np.array([min(row.central, 1.0) for row in shown])
    used, mark = central > 0.0, _dot("")
    panel.dots(central[used], y[used], mark.form, mark.size, mark.fill, mark.edge)
    side_line(panel, 0.0)
    names_left(panel, y, names)
    base_line(panel)
    end = numbers_below(panel, _TICKS, [f"{tick:.0%}" for tick in _TICKS])
    return page.write_rest(MORE, len(rows) - len(shown), end)


def _dot(name: str) -> Dot:
    return Dot(name, "D", 4, style.WHITE, style.INK)


def facts(drawn: Frame, words: Words) -> dict[str, str]:
    """Return how many measures are shown, and which are nearly always chosen."""
    rows = rows_of(drawn)
    first = (f"{words.name(row.measure)} {chance_text(row.frequency)}" for row in rows[:5])
    return {"n": str(len(rows)), "first": words.phrases(first)}


CHART = Chart(
    id="measures-chosen",
    rank=44,
    reads=("chosen",),
    title=Text("How often the cheapest mix has each measure", "各措施进入最低成本组合的频率"),
    caption=Text(
        "One optimum per random set of inputs: the part of them that has each measure (at least "
        "2%), with the 95 % range that so many sets leave open. Diamonds: the part a measure "
        "takes at central values of what it can act on. Most often: {first}.",
        "每组随机输入数据各求一次最优：各措施入选的比例（至少2%），细线为由样本数决定的95%范围。"
        "菱形：中值下该措施占其可作用量的比例。入选最多的是：{first}。",
    ),
    alt=Text(
        "Bars of {n} measures by how often they are chosen. Most often: {first}.",
        "{n}项措施入选频率的条形图。入选最多的是：{first}。",
    ),
    drawn=DRAWN,
    frame=frame,
    draw=draw,
    facts=facts,
)
